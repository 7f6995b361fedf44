/* SPDX-License-Identifier: BSD-2-Clause */
/* Words of a statement, and the statements, a row each. */
#include "sim/sim_statement.h"

#include <string.h>

#include "base/addr.h"
#include "base/scan.h"
#include "base/text.h"
#include "sim/sim_event.h"
#include "sim/sim_ops.h"
#include "sim/sim_vars.h"

enum { STATUS_CONFIGURED = 0x8000, STATUS_AUTHENABLE = 0x4000, WORD_MAX = 512 };

/* A word or, in quotes, several; or one of the characters that stand for themselves. */
struct word {
	const char *place; /* where it begins, for error messages */
	const char *text;
	size_t len;
};

typedef const char *statement_fn(struct sim *s, struct sim_reply *reply,
    struct sim_line *line);

static bool
is_between(char c)
{
	return (unsigned char)c <= ' ';
}

/* The next word; false at the line's end or a comment, the place of which is *word then.
 * After '=' a value follows, in which no character is special. */
static bool
next_word(struct sim_line *line, bool is_value, struct word *word)
{
	const char *stop = is_value ? "\"" : "\"{}(),;|=";

	while (line->at < line->end && is_between(*line->at))
		line->at++;
	if (line->at < line->end && *line->at == '#')
		line->at = line->end;
	word->place = word->text = line->at;
	word->len = 0;
	if (line->at == line->end)
		return false;
	if (*line->at == '"') {
		/* Without a second quote it is closed at the line's end. */
		const char *end =
		    memchr(line->at + 1, '"', (size_t)(line->end - line->at) - 1);

		word->text = line->at + 1;
		word->len = (size_t)((end ? end : line->end) - word->text);
		line->at = end ? end + 1 : line->end;
		return true;
	}
	do
		line->at++;
	while (line->at < line->end && !is_between(*line->at) &&
	    !strchr(stop, *line->at) && !strchr(stop, *word->text));
	word->len = (size_t)(line->at - word->text);
	return true;
}

static bool
word_is(const struct word *word, const char *text)
{
	return scan_is(word->text, word->len, text);
}

/* NULL at the end of the statement, else the place of what is too much. */
static const char *
expect_end(struct sim_line *line)
{
	struct word word;

	return next_word(line, false, &word) ? word.place : NULL;
}

static const char *
expect_number(struct sim_line *line, uint32_t *out)
{
	struct word word;

	if (!next_word(line, false, &word) || scan_u32(word.text, word.len, out) != 0)
		return word.place;
	return NULL;
}

/* setvar NAME = VALUE [default]: redefines what was there, and it is no longer writable.
 * A variable of the daemon's own keeps hiding one of the same name. */
static const char *
do_setvar(struct sim *s, struct sim_reply *reply, struct sim_line *line)
{
	struct word name, equals, value, rest = { .len = 0 };
	char own_name[WORD_MAX];
	enum sim_kind_id kind;
	const char *wrong;

	(void)reply;
	if (!next_word(line, false, &name) || strchr("{}(),;|=", *name.text))
		return name.place;
	if (!next_word(line, false, &equals) || !word_is(&equals, "="))
		return equals.place;
	if (!next_word(line, true, &value))
		return value.place;
	kind = next_word(line, false, &rest) ? SIM_SETVAR_DEFAULT : SIM_SETVAR;
	if (kind == SIM_SETVAR_DEFAULT && !word_is(&rest, "default"))
		return rest.place;
	wrong = expect_end(line);
	if (wrong || sim_row_find(SIM_SYSTEM, s->options.dialect, name.text, name.len))
		return wrong;
	text_format(own_name, sizeof(own_name), "%.*s", (int)name.len, name.text);
	(void)sim_store(s, own_name, value.text, value.len, kind);
	return NULL;
}

static struct sim_assoc *
find_by_address(struct sim *s, const struct addr *wanted)
{
	for (size_t i = 0; i < s->n_assocs; i++) {
		struct sim_scope at = { s, &s->assocs[i], SIM_PEER };
		struct sim_text text;
		struct addr addr;

		if (sim_value_by_name(&at, "srcadr", &text) &&
		    addr_parse(text.bytes, text.len, &addr) == 0 &&
		    addr_equal(&addr, wanted))
			return &s->assocs[i];
	}
	return NULL;
}

/* unpeer ADDRESS | ASSOCIATION; that there is none is no error. */
static const char *
do_unpeer(struct sim *s, struct sim_reply *reply, struct sim_line *line)
{
	struct sim_assoc *assoc = NULL;
	struct word word;
	struct addr addr;
	uint32_t id;
	const char *wrong;

	if (!next_word(line, false, &word))
		return word.place;
	if (scan_u32(word.text, word.len, &id) == 0)
		assoc = sim_assoc_find(s, id);
	else if (addr_parse(word.text, word.len, &addr) == 0)
		assoc = find_by_address(s, &addr);
	wrong = expect_end(line);
	if (!wrong && assoc && !sim_is_lying(s)) {
		sim_event(s, reply, assoc, SIM_EVENT_DEMOBILIZE);
		sim_assoc_remove(s, assoc);
		sim_assoc_reindex(s);
	}
	return wrong;
}

/* An option of an association with its value; false for an unknown one. */
static bool
take_option(const struct word *option, struct sim_line *line, uint32_t *key,
    const char **wrong)
{
	static const struct {
		const char *name;
		bool has_value;
	} rows[] = {
		{ "autokey", false },
		{ "burst", false },
		{ "iburst", false },
		{ "key", true },
		{ "maxpoll", true },
		{ "minpoll", true },
		{ "mode", true },
		{ "noselect", false },
		{ "nts", false },
		{ "preempt", false },
		{ "prefer", false },
		{ "true", false },
		{ "ttl", true },
		{ "version", true },
		{ "xleave", false },
	};
	uint32_t value = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!word_is(option, rows[i].name))
			continue;
		if (rows[i].has_value)
			*wrong = expect_number(line, &value);
		if (word_is(option, "key"))
			*key = value;
		return true;
	}
	return false;
}

static void
set_text(struct sim_values *values, const char *name, const char *text)
{
	(void)sim_values_set(values, name, text, strlen(text), 0);
}

/* A new association in front of the others; nothing when there are too many. */
static void
mobilize(struct sim *s, struct sim_reply *reply, const struct addr *addr, uint32_t key)
{
	uint16_t id = s->n_assocs > 0 ? s->assocs[0].id : 1;
	char text[ADDR_TEXT_MAX];
	struct sim_assoc *assoc;

	do
		id = sim_assoc_id_after(id, 1);
	while (sim_assoc_find(s, id));
	if (sim_assoc_prepend(s, 1, &assoc) != 0)
		return;
	assoc->id = id;
	assoc->number = id;
	assoc->status = (uint16_t)(STATUS_CONFIGURED | (key ? STATUS_AUTHENABLE : 0U));
	assoc->is_clock = addr_is_refclock(addr, NULL);
	sim_assoc_reindex(s);
	addr_format(addr, false, text, sizeof(text));
	set_text(&assoc->vars, "srcadr", text);
	text_format(text, sizeof(text), "%u", (unsigned)key);
	set_text(&assoc->vars, "keyid", text);
	sim_event(s, reply, assoc, SIM_EVENT_MOBILIZE);
}

/* server ADDRESS OPTION...; a name is looked up later, which nobody does here. */
static const char *
do_server(struct sim *s, struct sim_reply *reply, struct sim_line *line)
{
	struct word address, option;
	const char *wrong = NULL;
	struct addr addr;
	uint32_t key = 0;

	if (!next_word(line, false, &address))
		return address.place;
	if ((word_is(&address, "-4") || word_is(&address, "-6")) &&
	    !next_word(line, false, &address))
		return address.place;
	while (!wrong && next_word(line, false, &option)) {
		if (!take_option(&option, line, &key, &wrong))
			wrong = option.place;
	}
	if (!wrong && !sim_is_lying(s) &&
	    addr_parse(address.text, address.len, &addr) == 0 &&
	    !find_by_address(s, &addr))
		mobilize(s, reply, &addr, key);
	return wrong;
}

static const char *
do_controlkey(struct sim *s, struct sim_reply *reply, struct sim_line *line)
{
	uint32_t id = 0;
	const char *wrong = expect_number(line, &id);

	(void)reply;
	if (!wrong)
		wrong = expect_end(line);
	if (!wrong && !sim_is_lying(s))
		s->auth.control_key = id;
	return wrong;
}

/* The rest of the line is numbers, at least one. */
static const char *
do_trustedkey(struct sim *s, struct sim_reply *reply, struct sim_line *line)
{
	uint32_t id = 0;
	const char *wrong = expect_number(line, &id);

	(void)reply;
	while (!wrong) {
		struct sim_line ahead = *line;

		if (!sim_is_lying(s))
			sim_auth_trust(&s->auth, id, true);
		if (!expect_end(&ahead))
			return NULL;
		wrong = expect_number(line, &id);
	}
	return wrong;
}

/* The rest of the line is words of this list, at least one. Nothing comes of them. */
static const char *
expect_words(struct sim_line *line, const char *const *words)
{
	struct word word;

	if (!next_word(line, false, &word))
		return word.place;
	do {
		size_t i = 0;

		while (words[i] && !word_is(&word, words[i]))
			i++;
		if (!words[i])
			return word.place;
	} while (next_word(line, false, &word));
	return NULL;
}

static const char *
do_reset(struct sim *s, struct sim_reply *reply, struct sim_line *line)
{
	static const char *const words[] = { "allpeers", "auth", "ctl", "io", "mem",
		"sys", "timer", NULL };

	(void)s;
	(void)reply;
	return expect_words(line, words);
}

static const char *
do_switch(struct sim *s, struct sim_reply *reply, struct sim_line *line)
{
	static const char *const words[] = { "auth", "bclient", "calibrate", "kernel",
		"monitor", "ntp", "pps", "stats", NULL };

	(void)s;
	(void)reply;
	return expect_words(line, words);
}

/* What is not simulated is taken with anything behind it. */
static const char *
do_nothing(struct sim *s, struct sim_reply *reply, struct sim_line *line)
{
	struct word word;

	(void)s;
	(void)reply;
	return next_word(line, true, &word) ? NULL : word.place;
}

/* Which dialects have a statement. */
static const struct {
	const char *word;
	bool org, sec;
	statement_fn *run;
} rows[] = {
	{ "broadcast", true, false, do_nothing },
	{ "controlkey", true, true, do_controlkey },
	{ "crypto", true, false, do_nothing },
	{ "disable", true, true, do_switch },
	{ "enable", true, true, do_switch },
	{ "fudge", true, true, do_nothing },
	{ "keys", true, true, do_nothing },
	{ "logconfig", true, true, do_nothing },
	{ "mru", true, true, do_nothing },
	{ "nts", false, true, do_nothing },
	{ "peer", true, false, do_server },
	{ "pool", true, true, do_nothing },
	{ "refclock", false, true, do_nothing },
	{ "reset", true, true, do_reset },
	{ "restrict", true, true, do_nothing },
	{ "server", true, true, do_server },
	{ "setvar", true, true, do_setvar },
	{ "tinker", true, true, do_nothing },
	{ "tos", true, true, do_nothing },
	{ "trustedkey", true, true, do_trustedkey },
	{ "unpeer", true, true, do_unpeer },
	{ "unrestrict", true, true, do_nothing },
};

/* An octet of the upper half, which NTPsec takes in quotes only. */
static const char *
find_upper(const struct sim_line *line)
{
	bool is_quoted = false;

	for (const char *at = line->at; at < line->end; at++) {
		if (*at == '"')
			is_quoted = !is_quoted;
		if (!is_quoted && (unsigned char)*at >= 0x80)
			return at;
	}
	return NULL;
}

const char *
sim_statement_run(struct sim *s, struct sim_reply *reply, struct sim_line *line)
{
	bool is_ntpsec = sim_traits(s->options.dialect)->is_ntpsec;
	struct word word;
	const char *wrong;

	wrong = find_upper(line);
	if (wrong || !next_word(line, false, &word))
		return wrong;
	wrong = word.place;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (word_is(&word, rows[i].word) &&
		    (is_ntpsec ? rows[i].sec : rows[i].org))
			wrong = rows[i].run(s, reply, line);
	}
	if (!wrong && !sim_is_lying(s))
		s->n_configured++;
	return wrong;
}
