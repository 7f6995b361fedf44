/* SPDX-License-Identifier: BSD-2-Clause */
/* What keeps a daemon's state from reaching a manager: step by step, with cause and fix.
 */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "probe/check_ask.h"
#include "query/command.h"
#include "query/query.h"

/* --- the command's words ------------------------------------------------------------ */

static int
take_word(struct query *q, struct check_options *o, const char *word)
{
	const struct {
		const char *prefix;
		const char **out;
	} rows[] = {
		{ "agentx=", &o->agentx },
		{ "snmp=", &o->snmp },
		{ "community=", &o->community },
	};

	if (strcmp(word, "agent=no") == 0) {
		o->wants_no_agent = true;
		return 0;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].prefix);

		if (strncmp(word, rows[i].prefix, len) != 0 || word[len] == '\0')
			continue;
		*rows[i].out = word + len;
		return 0;
	}
	if (strchr(word, '='))
		return query_error(q, ERR_SYNTAX,
		    "check: '%s' is none of agentx=PATH, snmp=ADDRESS, community=NAME, "
		    "agent=no",
		    word);
	if (o->host)
		return query_error(q, ERR_SYNTAX, "check: '%s': there is a host already",
		    word);
	o->host = word;
	return 0;
}

static const struct check_caller caller = {
	.program = "ntp-query",
	.family_word = "-4 and -6 choose",
	.key_word = "-k FILE, keyid",
	.socket_word = "agentx=PATH here, -x PATH for ntp-agentxd",
	.snmp_word = "snmp=ADDRESS community=NAME",
	.tried = "; tried was the one who runs this, not the user of ntp-agentxd",
	.user_word = "run this as the user of ntp-agentxd",
};

static struct check_options
options_of(const struct query *q)
{
	bool is_typed = q->keys.typed != NULL;

	return (struct check_options){
		.caller = &caller,
		.family = q->family,
		.version = q->version,
		.silence_ns = q->timeout_ms * NS_PER_MS,
		.wants_interrupt = q->is_interactive,
		.key_file = is_typed ? NULL : q->keys.path,
		.keys = q->keys.typed,
		.key_id = q->keys.id,
	};
}

/* The words borrow from `w`. The host is the current one unless another was named. */
static int
take_words(struct query *q, const struct value *rest, struct words *w,
    struct check_options *out)
{
	char line[WORDS_LINE_MAX + 1];
	const char *problem;
	int err = 0;

	*out = options_of(q);
	text_format(line, sizeof(line), "%.*s", (int)rest->len,
	    rest->is_set ? rest->text : "");
	if (words_split(line, w, &problem) != 0)
		return query_error(q, ERR_SYNTAX, "check: %s", problem);
	for (size_t i = 0; i < w->n && err == 0; i++)
		err = take_word(q, out, w->items[i]);
	if (!out->host)
		out->host = q->host;
	return err;
}

/* --- the report --------------------------------------------------------------------- */

static void
print_line(void *ctx, const char *text)
{
	struct query *q = ctx;

	out_line(&q->out, "%s", text);
}

static void
put_or_null(struct out *o, const char *key, const char *text)
{
	if (*text != '\0')
		out_string_z(o, key, text);
	else
		out_null(o, key);
}

static void
print_json(struct out *o, enum check_id id, const struct check_step *step)
{
	out_open(o, NULL, '{');
	out_string_z(o, "step", check_step_name(id));
	out_string_z(o, "result", check_result_name(step->result));
	out_string_z(o, "finding", step->finding);
	put_or_null(o, "cause", step->cause);
	put_or_null(o, "fix", step->fix);
	out_close(o, '}');
}

/* Steps from..to; how many of them failed. */
static unsigned
report(struct query *q, const struct check_facts *f, enum check_id from, enum check_id to)
{
	struct check_step steps[CHECK_STEPS];
	unsigned n_failed = 0;

	check_judge(f, steps);
	for (int id = (int)from; id <= (int)to; id++) {
		if (q->out.is_json)
			print_json(&q->out, (enum check_id)id, &steps[id]);
		else
			check_show((enum check_id)id, &steps[id], print_line, q);
		n_failed += steps[id].result == CHECK_FAILED;
	}
	(void)out_flush(&q->out);
	return n_failed;
}

static int
run_check(struct query *q, const struct command *c, const struct value *values)
{
	struct check_options options;
	struct check_facts f;
	struct words w;
	unsigned n_failed;
	int err = take_words(q, &values[0], &w, &options);

	(void)c;
	if (err != 0)
		return err;
	check_ask_nothing(&options, &f);
	if (q->out.is_json) {
		out_string_z(&q->out, "checked", f.host);
		out_open(&q->out, "steps", '[');
	}
	check_ask_daemon(&options, &f);
	n_failed = report(q, &f, CHECK_NAME, CHECK_WRITE);
	check_ask_agent(&options, &f);
	n_failed += report(q, &f, CHECK_SOCKET, CHECK_VIEW);
	if (q->out.is_json)
		out_close(&q->out, ']');
	if (f.view_err == ERR_CANCELLED)
		return query_error(q, ERR_CANCELLED, "interrupted");
	if (n_failed == 0)
		return 0;
	return query_error(q, check_is_unreached(&f) ? ERR_TIMEOUT : ERR_PROTOCOL,
	    "%s: %u of %d steps failed", f.host, n_failed, CHECK_STEPS);
}

static const struct command rows[] = {
	{
	    .name = "check",
	    .alias = "",
	    .args = { { .kind = ARG_REST,
		.name = "host word=value ...",
		.is_optional = true } },
	    .help = "what is in the way from a daemon to SNMP",
	    .usage = "Goes the way from a name to a daemon, its key, the AgentX socket "
		     "and snmpd, "
		     "and says what is wrong and what to do. Words: agentx=PATH, "
		     "snmp=ADDRESS, "
		     "community=NAME, agent=no.",
	    .run = run_check,
	},
};

const struct command_group command_check = { rows, sizeof(rows) / sizeof(rows[0]) };
