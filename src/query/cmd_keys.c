/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands about the key that requests are signed with. */
#include "base/err.h"
#include "query/command.h"
#include "query/query.h"

enum { DELAY_MAX_MS = 3600000 };

static int
run_keyid(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	if (values[0].is_set)
		keys_set_id(&q->keys, values[0].number);
	if (q->keys.id == 0)
		query_say(q, "no key id is set");
	else
		query_say(q, "key id is %u", q->keys.id);
	return 0;
}

static int
run_keytype(struct query *q, const struct command *c, const struct value *values)
{
	char problem[M6_KEYS_PROBLEM_MAX];

	(void)c;
	if (values[0].is_set && keys_set_type(&q->keys, values[0].text, problem) != 0)
		return query_error(q, ERR_SYNTAX, "'%s': %s", values[0].text, problem);
	query_say(q, "secrets that are typed are of the type %s", keys_type(&q->keys));
	return 0;
}

static int
run_passwd(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	(void)values;
	return keys_ask_secret(q);
}

/* Time stamps are not in control messages any more: no daemon of today looks for one. */
static int
run_delay(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	if (values[0].is_set)
		q->delay_ms = values[0].number;
	query_say(q, "delay is %u ms; signed requests have no time to add it to",
	    q->delay_ms);
	return 0;
}

static const struct command rows[] = {
	/* clang-format off */
	{ "keyid", "", { { .kind = ARG_NUMBER, .name = "keyid", .is_optional = true, .min = 1, .max = M6_KEY_ID_MAX } }, "the key that requests are signed with",
	  "Sets the id of the key that writes, configure commands and what else a daemon\nwants signed are signed with. It has to be the daemon's control key.", run_keyid, 0 },
	{ "keytype", "", { { .kind = ARG_WORD, .name = "type", .is_optional = true } }, "the type of the secret that is typed",
	  "Sets of what type a secret is that is typed: MD5, the default, SHA1, SHA256,\nAES128CMAC, or another digest of the cryptographic library. Keys of a file\nhave their type there.", run_keytype, 0 },
	{ "passwd", "", NO_ARGS, "type the secret of the key",
	  "Asks for the secret of the key on the terminal, without showing it. Without\nthis command it is asked for when it is needed.", run_passwd, 0 },
	{ "delay", "", { { .kind = ARG_NUMBER, .name = "milliseconds", .is_optional = true, .min = 0, .max = DELAY_MAX_MS } }, "for scripts that set it",
	  "Remembers a number and has no other effect: the time stamps it was added to\nare no longer a part of signed requests.", run_delay, 0 },
	/* clang-format on */
};

const struct command_group command_keys = { rows, sizeof(rows) / sizeof(rows[0]) };
