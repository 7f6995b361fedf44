/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding a key, and signing with it. */
#include "query/keys.h"

#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "client/keyfile.h"
#include "mode6/packet.h"
#include "query/query.h"
#include "query/terminal.h"

enum { ID_TEXT_MAX = 16, LINE_MAX_LEN = M6_KEYS_LINE_MAX };

static const char default_type[] = "MD5";

void
keys_free(struct query_keys *k)
{
	m6_keys_free(k->file);
	m6_keys_free(k->typed);
	k->file = k->typed = NULL;
}

static void
forget_typed(struct query_keys *k)
{
	m6_keys_free(k->typed);
	k->typed = NULL;
}

void
keys_set_id(struct query_keys *k, uint32_t id)
{
	if (k->id != id)
		forget_typed(k);
	k->id = id;
}

const char *
keys_type(const struct query_keys *k)
{
	return k->type[0] != '\0' ? k->type : default_type;
}

static void
on_problem(void *ctx, unsigned line, const char *what)
{
	(void)line;
	text_format(ctx, M6_KEYS_PROBLEM_MAX, "%s", what);
}

/* One line of a key file. 0 and the key it holds; ERR_SYNTAX and a reason. */
static int
make_key(uint32_t id, const char *type, const char *secret,
    char problem[M6_KEYS_PROBLEM_MAX], struct m6_keys **out)
{
	char line[LINE_MAX_LEN];
	size_t len =
	    text_format(line, sizeof(line), "%u %s %s\n", (unsigned)id, type, secret);
	int err;

	text_format(problem, M6_KEYS_PROBLEM_MAX, "no key");
	err = m6_keys_parse(line, len, on_problem, problem, out);
	m6_cleanse(line, sizeof(line));
	if (err != 0)
		text_format(problem, M6_KEYS_PROBLEM_MAX, "%s", err_text(err));
	if (err == 0 && m6_keys_count(*out) == 0) {
		m6_keys_free(*out);
		err = ERR_SYNTAX;
	}
	return err;
}

int
keys_set_type(struct query_keys *k, const char *type, char problem[M6_KEYS_PROBLEM_MAX])
{
	/* In hexadecimal digits: every digest and AES-128 take a secret of 16 octets. */
	static const char sample[] = "000102030405060708090a0b0c0d0e0f";
	struct m6_keys *keys;
	size_t len = strlen(type);

	if (len == 0 || len > KEYS_TYPE_MAX || strcspn(type, " \t#") != len) {
		text_format(problem, M6_KEYS_PROBLEM_MAX, "no type of a key");
		return ERR_NOTFOUND;
	}
	if (make_key(1, type, sample, problem, &keys) != 0)
		return ERR_NOTFOUND;
	m6_keys_free(keys);
	forget_typed(k);
	text_format(k->type, sizeof(k->type), "%s", type);
	return 0;
}

/* --- asking for it ------------------------------------------------------------------ */

static int
ask_failed(struct query *q, int err, const char *what)
{
	if (err == ERR_NOTFOUND)
		return query_error(q, ERR_IO,
		    "no %s, and no terminal to ask for it: see -k and keyid", what);
	return query_error(q, err, "no %s: %s", what,
	    err == ERR_TOOBIG ? "the line is too long" : "interrupted");
}

static int
ask_id(struct query *q)
{
	char text[ID_TEXT_MAX];
	uint32_t id;
	int err = terminal_ask("Keyid: ", true, text, sizeof(text));

	if (err != 0)
		return ask_failed(q, err, "key id");
	if (scan_u32(text, strlen(text), &id) != 0 || id == 0 || id > M6_KEY_ID_MAX)
		return query_error(q, ERR_SYNTAX, "'%s' is no key id: expected 1 to %d",
		    text, M6_KEY_ID_MAX);
	keys_set_id(&q->keys, id);
	return 0;
}

static int
take_secret(struct query *q, const char *secret)
{
	char problem[M6_KEYS_PROBLEM_MAX];
	struct m6_keys *typed;
	int err;

	/* In a key file it would end there. */
	if (strcspn(secret, " \t#") != strlen(secret))
		return query_error(q, ERR_SYNTAX,
		    "a secret with a blank or '#' cannot be in a daemon's key file");
	err = make_key(q->keys.id, keys_type(&q->keys), secret, problem, &typed);
	if (err != 0)
		return query_error(q, err, "the secret is of no use: %s", problem);
	forget_typed(&q->keys);
	q->keys.typed = typed;
	return 0;
}

int
keys_ask_secret(struct query *q)
{
	char secret[KEYS_SECRET_MAX + 1], prompt[KEYS_TYPE_MAX + 40];
	int err = q->keys.id == 0 ? ask_id(q) : 0;

	if (err != 0)
		return err;
	text_format(prompt, sizeof(prompt), "%s secret of key %u: ", keys_type(&q->keys),
	    q->keys.id);
	err = terminal_ask(prompt, false, secret, sizeof(secret));
	err = err != 0 ? ask_failed(q, err, "secret") : take_secret(q, secret);
	m6_cleanse(secret, sizeof(secret));
	return err;
}

/* --- finding it --------------------------------------------------------------------- */

static void
on_log(void *ctx, enum log_level level, const char *line)
{
	struct query *q = ctx;

	if (level == LOG_LEVEL_ERROR)
		(void)query_error(q, ERR_IO, "%s", line);
	else
		out_error(&q->out, "%s", line);
}

static int
load(struct query *q)
{
	const struct logger log = { on_log, q };

	if (!q->keys.path || q->keys.file)
		return 0;
	/* What is not there is no host: whatever it is, it has been said. */
	return keyfile_load(q->keys.path, geteuid(), &log, &q->keys.file) == 0 ? 0
									       : ERR_IO;
}

/* NULL: it is not known. */
static const struct m6_key *
find(struct query_keys *k)
{
	const struct m6_key *key = m6_keys_only(k->typed);

	if (!key && k->id == 0)
		key = m6_keys_only(k->file);
	else if (!key)
		key = m6_keys_find(k->file, k->id);
	return key;
}

int
keys_need(struct query *q, const struct m6_key **out)
{
	int err = load(q);

	if (err != 0)
		return err;
	*out = find(&q->keys);
	if (!*out && q->keys.file && q->keys.id != 0)
		return query_error(q, ERR_RANGE, "%s: holds no key %u", q->keys.path,
		    q->keys.id);
	if (!*out && q->keys.file && m6_keys_count(q->keys.file) > 0) {
		err = ask_id(q);
		return err != 0 ? err : keys_need(q, out);
	}
	if (*out)
		return 0;
	err = keys_ask_secret(q);
	*out = find(&q->keys);
	return err;
}

/* --- signing ------------------------------------------------------------------------ */

/* What PERMISSION means is told by the code it carries. */
static int
denied(struct query *q, const struct talk_ask *ask)
{
	static const char *const texts[] = {
		[M6_MAC_NONE] =
		    "does not know that key or its secret, or does not trust it",
		[M6_MAC_VALID] =
		    "takes the key, but not for this: is it its control key?",
		[M6_MAC_INVALID] = "refuses the key",
		[M6_MAC_NAK] = "has that key with another secret, or of another type",
	};

	return query_error(q, ERR_DAEMON,
	    "%s: permission denied with key %u: the daemon %s", q->host,
	    (unsigned)m6_key_id(ask->key), texts[ask->mac]);
}

/* Both families look for the code at the same place, or this request has but one. */
static bool
has_other_place(const struct talk_ask *ask)
{
	size_t rest = ask->len % M6_MAC_ALIGN_8;

	return rest == 0 || rest > M6_MAC_ALIGN_4;
}

static bool
is_denied(const struct talk_ask *ask)
{
	return ask->err == ERR_DAEMON && ask->daemon_error == M6_ERROR_PERMISSION;
}

int
query_ask_signed(struct query *q, struct talk_ask *ask)
{
	int err = keys_need(q, &ask->key);

	if (err != 0)
		return err;
	ask->align = M6_MAC_ALIGN_8;
	err = query_ask(q, ask, 1);
	if (err == 0 && is_denied(ask) && ask->mac == M6_MAC_NONE &&
	    has_other_place(ask)) {
		ask->align = M6_MAC_ALIGN_4;
		err = query_ask(q, ask, 1);
	}
	if (err != 0)
		return err;
	if (is_denied(ask))
		return denied(q, ask);
	return ask->err == 0 ? 0 : query_failed(q, ask);
}
