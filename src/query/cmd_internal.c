/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands about the program itself. */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "query/command.h"
#include "query/query.h"

/* --- help --------------------------------------------------------------------------- */

static void
help_all(struct query *q)
{
	query_say(q, "Commands; \"help COMMAND\" says more. Unique beginnings suffice.");
	for (size_t i = 0; i < command_count(); i++) {
		const struct command *c = command_at(i);

		query_say(q, "  %-16s  %-7s  %s", c->name, c->alias, c->help);
	}
	query_say(q, "\"> FILE\" behind a command sends what it prints to a file.");
}

static int
run_help(struct query *q, const struct command *c, const struct value *values)
{
	const struct command *about;
	char text[480];
	int err;

	(void)c;
	if (!values[0].is_set) {
		help_all(q);
		return 0;
	}
	err = command_find(values[0].text, &about, text, sizeof(text));
	if (err == ERR_CONFLICT)
		return query_error(q, err, "'%s' can be: %s", values[0].text, text);
	if (err != 0)
		return query_error(q, ERR_SYNTAX, "'%s': no such command",
		    values[0].text);
	command_synopsis(about, text, sizeof(text));
	query_say(q, "usage: %s", text);
	if (about->alias[0] != '\0')
		query_say(q, "also: %s", about->alias);
	query_say(q, "%s", about->usage[0] != '\0' ? about->usage : about->help);
	return 0;
}

/* --- the list of variables ---------------------------------------------------------- */

static struct query_var *
find_var(struct query *q, const char *name, size_t len)
{
	for (size_t i = 0; i < q->n_vars; i++)
		if (scan_is(name, len, q->vars[i].name))
			return &q->vars[i];
	return NULL;
}

static bool
is_name(const char *name, size_t len)
{
	char text[M6_NAME_MAX + 1], list[M6_NAME_MAX + 1];
	size_t used = 0;

	if (len == 0 || len > M6_NAME_MAX)
		return false;
	text_format(text, sizeof(text), "%.*s", (int)len, name);
	return m6_varlist_append(text, list, sizeof(list), &used) == 0;
}

/* One "name" or "name=value". */
static int
add_var(struct query *q, const char *item, size_t len)
{
	const char *equals = memchr(item, '=', len);
	size_t name_len = equals ? (size_t)(equals - item) : len;
	const char *name = scan_trim(item, &name_len);
	struct query_var *var = find_var(q, name, name_len);
	char *value = NULL;

	if (!is_name(name, name_len))
		return query_error(q, ERR_SYNTAX, "'%.*s' is no name of a variable",
		    (int)name_len, name);
	if (!var && q->n_vars == QUERY_VARS_MAX)
		return query_error(q, ERR_TOOBIG, "no more than %d variables",
		    QUERY_VARS_MAX);
	if (equals) {
		size_t value_len = (size_t)(item + len - equals - 1);
		const char *text = scan_trim(equals + 1, &value_len);

		value = mem_strndup(text, value_len);
		if (!value)
			return query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	}
	if (!var) {
		var = &q->vars[q->n_vars++];
		text_format(var->name, sizeof(var->name), "%.*s", (int)name_len, name);
	} else {
		mem_free(var->value);
	}
	var->value = value;
	return 0;
}

static int
drop_var(struct query *q, const char *item, size_t len)
{
	const char *name = scan_trim(item, &len);
	struct query_var *var = find_var(q, name, len);

	if (!var)
		return query_error(q, ERR_SYNTAX, "'%.*s' is not in the list", (int)len,
		    name);
	mem_free(var->value);
	q->n_vars--;
	memmove(var, var + 1, (size_t)(q->vars + q->n_vars - var) * sizeof(*var));
	return 0;
}

enum { ADD, REMOVE };

static int
run_change_vars(struct query *q, const struct command *c, const struct value *values)
{
	const char *at = values[0].text, *end = at + values[0].len;
	int err = 0;

	while (err == 0 && at <= end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma ? comma : end;

		err = c->variant == ADD ? add_var(q, at, (size_t)(stop - at))
					: drop_var(q, at, (size_t)(stop - at));
		at = stop + 1;
	}
	return err;
}

static int
run_clear_vars(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	(void)values;
	while (q->n_vars > 0)
		mem_free(q->vars[--q->n_vars].value);
	return 0;
}

static int
run_show_vars(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	(void)values;
	if (q->n_vars == 0)
		query_say(q, "the list is empty");
	for (size_t i = 0; i < q->n_vars; i++)
		query_say(q, "%s%s%s", q->vars[i].name, q->vars[i].value ? " = " : "",
		    q->vars[i].value ? q->vars[i].value : "");
	return 0;
}

/* --- settings ----------------------------------------------------------------------- */

enum { COOKED, RAW };

static int
run_form(struct query *q, const struct command *c, const struct value *values)
{
	(void)values;
	q->is_raw = c->variant == RAW;
	query_say(q, "output is %s", q->is_raw ? "raw" : "cooked");
	return 0;
}

static int
run_debug(struct query *q, const struct command *c, const struct value *values)
{
	enum { MORE, LESS, OFF };
	const char *word = values[0].text;
	size_t i;
	uint32_t level;
	static const char *const words[] = { "more", "less", "off" };

	(void)c;
	for (i = 0; values[0].is_set && i < 3 && strcmp(words[i], word) != 0;)
		i++;
	if (values[0].is_set && i == MORE && q->debug < QUERY_DEBUG_MAX)
		q->debug++;
	else if (values[0].is_set && i == LESS && q->debug > 0)
		q->debug--;
	else if (values[0].is_set && i == OFF)
		q->debug = 0;
	else if (values[0].is_set && i > OFF) {
		if (scan_u32(word, values[0].len, &level) != 0 || level > QUERY_DEBUG_MAX)
			return query_error(q, ERR_SYNTAX,
			    "debug: '%s' is none of more, less, off, 0 to %d", word,
			    QUERY_DEBUG_MAX);
		q->debug = level;
	}
	query_say(q, "debug level is %u", q->debug);
	return 0;
}

/* "host", "host NAME", "host -4 NAME". */
static int
run_host(struct query *q, const struct command *c, const struct value *values)
{
	const char *host = values[0].text;
	enum target_family family = q->family;
	int err;

	(void)c;
	if (values[0].is_set && (strcmp(host, "-4") == 0 || strcmp(host, "-6") == 0)) {
		family = host[1] == '4' ? TARGET_IPV4_ONLY : TARGET_IPV6_ONLY;
		host = values[1].text;
		if (!values[1].is_set)
			return query_error(q, ERR_SYNTAX,
			    "host: expected a host behind %s", values[0].text);
	} else if (values[1].is_set) {
		return query_error(q, ERR_SYNTAX, "usage: host [-4|-6] [host]");
	}
	if (values[0].is_set) {
		if (query_set_host(q, host) != 0)
			return query_error(q, ERR_SYNTAX, "'%s' is no host", host);
		q->family = family;
		err = query_connect(q);
		if (err != 0)
			return err;
	}
	query_say(q, "current host is %s", q->host);
	return 0;
}

static int
run_hostnames(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	if (values[0].is_set)
		q->wants_names = values[0].number == 0;
	query_say(q, "hosts are shown by %s", q->wants_names ? "name" : "address");
	return 0;
}

static int
run_version(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	if (values[0].is_set) {
		q->version = (uint8_t)values[0].number;
		query_disconnect(q);
	}
	query_say(q, "requests have NTP version %u", q->version);
	return 0;
}

static int
run_timeout(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	if (values[0].is_set) {
		q->timeout_ms = values[0].number;
		if (q->talk)
			talk_set_silence(q->talk, q->timeout_ms * NS_PER_MS);
	}
	if (q->timeout_ms == 0)
		query_say(q, "timeouts adapt to the host");
	else
		query_say(q, "a host is given up after %u ms of silence", q->timeout_ms);
	return 0;
}

static int
run_quit(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	(void)values;
	q->is_over = true;
	return 0;
}

static const struct command rows[] = {
	/* clang-format off */
	{ "help", "?", { { .kind = ARG_WORD, .name = "command", .is_optional = true } }, "the commands, or more about one",
	  "Lists the commands, or says what arguments one takes and what it does.", run_help, 0 },
	{ "addvars", "", { { .kind = ARG_REST, .name = "name[=value],..." } }, "put variables on the list",
	  "Puts names of variables on the list that readlist, mreadlist and clocklist\nread, and writelist writes; one that is there already gets the new value.", run_change_vars, ADD },
	{ "rmvars", "", { { .kind = ARG_REST, .name = "name,..." } }, "take variables off the list",
	  "Takes names off the list that addvars has made.", run_change_vars, REMOVE },
	{ "clearvars", "", NO_ARGS, "empty the list of variables",
	  "Takes all names off the list that addvars has made.", run_clear_vars, 0 },
	{ "showvars", "", NO_ARGS, "show the list of variables",
	  "Shows the list that addvars has made.", run_show_vars, 0 },
	{ "cooked", "", NO_ARGS, "show values in words",
	  "Values are decoded: bits by name, dates, reference ids. What should have a\nmeaning and has none ends in '?'.", run_form, COOKED },
	{ "raw", "", NO_ARGS, "show values as they came",
	  "Values are shown as the daemon sent them, octets that are no printable text\nas \\xNN.", run_form, RAW },
	{ "debug", "", { { .kind = ARG_WORD, .name = "more|less|off|level", .is_optional = true } }, "say what is sent and received",
	  "From level 1 on, each command says how many datagrams it took; from level 2\non, what each request was and how it ended.", run_debug, 0 },
	{ "host", "", { { .kind = ARG_WORD, .name = "host", .is_optional = true }, { .kind = ARG_WORD, .name = "host", .is_optional = true } }, "ask another host",
	  "Sets the host that is asked: a name or an address, with a port as in\nhost:123 or [2001:db8::1]:123. -4 or -6 before it chooses the family.", run_host, 0 },
	{ "hostnames", "", { { .kind = ARG_CHOICE, .name = "yes|no", .is_optional = true, .choices = { "yes", "no" } } }, "show hosts by name or by address",
	  "With no, associations are shown by address, as with the option -n.", run_hostnames, 0 },
	{ "ntpversion", "", { { .kind = ARG_NUMBER, .name = "version", .is_optional = true, .min = M6_VERSION_MIN, .max = M6_VERSION_MAX } }, "the NTP version in requests",
	  "Sets the NTP version that requests have, 1 to 4; 2 is what every daemon\nanswers.", run_version, 0 },
	{ "timeout", "", { { .kind = ARG_NUMBER, .name = "milliseconds", .is_optional = true, .min = 0, .max = QUERY_TIMEOUT_MAX_MS } }, "how long to wait for a silent host",
	  "Gives a host up when nothing was heard for so long. 0, the default, waits as\nlong as the round trip to the host suggests, and repeats what was lost.", run_timeout, 0 },
	{ "quit", "", NO_ARGS, "end the program", "Ends the program.", run_quit, 0 },
	{ "exit", "", NO_ARGS, "end the program", "Ends the program.", run_quit, 0 },
	/* clang-format on */
};

const struct command_group command_internal = { rows, sizeof(rows) / sizeof(rows[0]) };
