/* SPDX-License-Identifier: BSD-2-Clause */
/* Key files: lines of words, and the keys they make. */
#include "mode6/auth.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/auth_key.h"

enum {
	LITERAL_MAX = 20,              /* longer secrets are hexadecimal */
	HEX_MAX = 2 * AUTH_SECRET_MAX, /* digits beyond are not looked at */
	GROWTH = 16,
};

struct m6_keys {
	struct m6_key **list;
	size_t count, cap;
};

/* What is known while a line is read. */
struct reader {
	m6_keys_problem_fn *problem;
	void *ctx;
	struct m6_keys *keys;
	unsigned line;
	uint32_t id;
};

/* A word of a line; text is NULL when there is none. */
struct word {
	const char *text;
	size_t len;
};

static void
tell(const struct reader *r, const char *what)
{
	if (r->problem)
		r->problem(r->ctx, r->line, what);
}

static void
tell_of_key(const struct reader *r, const char *what)
{
	char text[M6_KEYS_PROBLEM_MAX];

	text_format(text, sizeof(text), "key %u: %s", (unsigned)r->id, what);
	tell(r, text);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next word of *line, stepped over. A '#' ends it and the line, also within a word:
 * the daemons read secrets so. */
static struct word
next_word(struct word *line)
{
	struct word word = { NULL, 0 };

	while (line->len > 0 && is_blank(*line->text)) {
		line->text++;
		line->len--;
	}
	while (word.len < line->len && !is_blank(line->text[word.len]) &&
	    line->text[word.len] != '#')
		word.len++;
	if (word.len == 0)
		return word;
	word.text = line->text;
	line->text += word.len;
	line->len -= word.len;
	return word;
}

/* A long secret from its digits; as with the daemons an odd one at the end is dropped,
 * but has to be a digit. */
static bool
decode_hex(const struct word *word, uint8_t secret[AUTH_SECRET_MAX], size_t *len_out)
{
	size_t n_digits = word->len < HEX_MAX ? word->len : HEX_MAX;
	uint32_t digit = 0;
	uint32_t before = 0;

	for (size_t i = 0; i < n_digits; i++) {
		before = digit;
		if (scan_hex32(word->text + i, 1, &digit) != 0)
			return false;
		if (i % 2 == 1)
			secret[i / 2] = (uint8_t)(before << 4 | digit);
	}
	*len_out = n_digits / 2;
	return true;
}

static bool
decode_secret(const struct word *word, uint8_t secret[AUTH_SECRET_MAX], size_t *len_out)
{
	if (word->len > LITERAL_MAX)
		return decode_hex(word, secret, len_out);
	memcpy(secret, word->text, word->len);
	*len_out = word->len;
	return true;
}

static struct m6_key **
find_slot(const struct m6_keys *keys, uint32_t id)
{
	for (size_t i = 0; i < keys->count; i++) {
		if (m6_key_id(keys->list[i]) == id)
			return &keys->list[i];
	}
	return NULL;
}

/* Takes `key` on success. The list holds pointers, so that growing leaves no copies of
 * secrets behind. */
static int
append(struct m6_keys *keys, struct m6_key *key)
{
	if (keys->count == M6_KEYS_MAX)
		return ERR_TOOBIG;
	if (keys->count == keys->cap) {
		size_t cap = keys->cap + keys->cap / 2 + GROWTH;
		void *list = mem_resize(keys->list, cap, sizeof(struct m6_key *));
		if (!list)
			return ERR_NOMEM;
		keys->list = list;
		keys->cap = cap;
	}
	keys->list[keys->count++] = key;
	return 0;
}

static int
add(const struct reader *r, struct m6_key *key)
{
	struct m6_key **slot = find_slot(r->keys, r->id);

	if (!slot) {
		int rc = append(r->keys, key);
		if (rc != 0)
			auth_key_free(key);
		return rc;
	}
	tell_of_key(r,
	    "twice; this one is taken, as by NTPsec, but ntp.org takes the first");
	auth_key_free(*slot);
	*slot = key;
	return 0;
}

/* Makes the key of a line and adds it; what OpenSSL does not like is told. */
static int
make_key(const struct reader *r, const struct word *type, const uint8_t *secret,
    size_t secret_len)
{
	char what[M6_KEYS_PROBLEM_MAX];
	struct m6_key *key;

	int rc =
	    auth_key_new(r->id, type->text, type->len, secret, secret_len, what, &key);
	if (rc == 0)
		return add(r, key);
	if (rc == ERR_NOMEM)
		return rc;
	/* Not the word itself: where a type is missing it is the secret. */
	if (rc == ERR_NOTFOUND)
		tell_of_key(r,
		    "unknown type; known are MD5, SHA1, SHA256, AES128CMAC, and "
		    "OpenSSL's");
	else
		tell_of_key(r, what);
	return 0;
}

/* The words behind the number; what follows the secret (ntp.org: addresses that may use
 * the key) is the daemon's business. */
static int
read_key(const struct reader *r, struct word line, bool has_cr)
{
	uint8_t secret[AUTH_SECRET_MAX];
	size_t len;

	struct word type = next_word(&line);
	if (!type.text) {
		tell_of_key(r, "no type and no secret");
		return 0;
	}
	struct word word = next_word(&line);
	if (!word.text) {
		tell_of_key(r, "no secret");
		return 0;
	}
	if (has_cr && line.len == 0)
		tell_of_key(r,
		    "left out the CR at the end, which daemons add to the secret");
	int rc = 0;
	if (decode_secret(&word, secret, &len))
		rc = make_key(r, &type, secret, len);
	else
		tell_of_key(r, "a secret of over 20 characters has to be hexadecimal");
	m6_cleanse(secret, sizeof(secret));
	return rc;
}

static int
read_line(struct reader *r, struct word line)
{
	bool has_cr = line.len > 0 && line.text[line.len - 1] == '\r';

	if (memchr(line.text, '\0', line.len)) {
		tell(r, "a NUL octet");
		return 0;
	}
	if (line.len >= M6_KEYS_LINE_MAX) {
		tell(r, "over 511 octets, of which daemons make two lines");
		return 0;
	}
	if (has_cr)
		line.len--;
	struct word id = next_word(&line);
	if (!id.text)
		return 0;
	if (scan_u32(id.text, id.len, &r->id) != 0 || r->id == 0 ||
	    r->id > M6_KEY_ID_MAX) {
		tell(r, "does not begin with a key's number, 1 to 65535");
		return 0;
	}
	return read_key(r, line, has_cr);
}

static int
read_lines(struct reader *r, const char *text, size_t len)
{
	int rc = 0;

	while (rc == 0 && len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;
		r->line++;
		rc = read_line(r, (struct word){ text, n });
		n += end != NULL;
		text += n;
		len -= n;
	}
	return rc;
}

int
m6_keys_parse(const char *text, size_t len, m6_keys_problem_fn *problem, void *ctx,
    struct m6_keys **out)
{
	if (len > M6_KEYS_TEXT_MAX)
		return ERR_TOOBIG;
	struct m6_keys *keys = mem_calloc(1, sizeof(*keys));
	if (!keys)
		return ERR_NOMEM;
	struct reader r = { .problem = problem, .ctx = ctx, .keys = keys };
	int rc = read_lines(&r, text, len);
	if (rc != 0) {
		m6_keys_free(keys);
		return rc;
	}
	*out = keys;
	return 0;
}

void
m6_keys_free(struct m6_keys *keys)
{
	if (!keys)
		return;
	for (size_t i = 0; i < keys->count; i++)
		auth_key_free(keys->list[i]);
	mem_free(keys->list);
	mem_free(keys);
}

size_t
m6_keys_count(const struct m6_keys *keys)
{
	return keys ? keys->count : 0;
}

const struct m6_key *
m6_keys_find(const struct m6_keys *keys, uint32_t id)
{
	struct m6_key **slot = keys ? find_slot(keys, id) : NULL;

	return slot ? *slot : NULL;
}

const struct m6_key *
m6_keys_only(const struct m6_keys *keys)
{
	return keys && keys->count == 1 ? keys->list[0] : NULL;
}
