/* SPDX-License-Identifier: BSD-2-Clause */
/* The control commands, a row each. */
#include <string.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "sim/sim.h"
#include "sim/sim_command.h"
#include "sim/sim_event.h"
#include "sim/sim_mru.h"
#include "sim/sim_vars.h"

enum {
	ID_STEP_AT_RESTART = 4096,
	STATUS_REACHABLE = 0x1000,
	STATUS_SELECTION = 0x0700,
	STATUS_CANDIDATE = 0x0400,
};

const char sim_no_memory[] = "out of memory";

bool
sim_next_word(struct sim_command *cmd, const char **word, size_t *len)
{
	cmd->at += strspn(cmd->at, " ");
	*word = cmd->at;
	*len = strcspn(cmd->at, " ");
	cmd->at += *len;
	return *len > 0;
}

static const char *
next_number(struct sim_command *cmd, bool is_hex, uint32_t *out)
{
	const char *word;
	size_t len;

	if (!sim_next_word(cmd, &word, &len) ||
	    (is_hex ? scan_hex32(word, len, out) : scan_u32(word, len, out)) != 0 ||
	    *out > UINT16_MAX)
		return is_hex ? "a status word is four hexadecimal digits"
			      : "an association is a number of 0..65535";
	return NULL;
}

/* What a value belongs to: 0 is the system. */
static const char *
next_owner(struct sim *s, struct sim_command *cmd, enum sim_class class,
    struct sim_scope *at_out, struct sim_values **values_out)
{
	uint32_t id;
	const char *wrong = next_number(cmd, false, &id);
	struct sim_assoc *assoc = wrong ? NULL : sim_assoc_find(s, id);

	if (wrong)
		return wrong;
	if ((id != 0 || class == SIM_CLOCK) && !assoc)
		return "no such association";
	at_out->sim = s;
	at_out->assoc = assoc;
	at_out->class = assoc ? class : SIM_SYSTEM;
	if (!assoc)
		*values_out = &s->system;
	else
		*values_out = class == SIM_CLOCK ? &assoc->clock_vars : &assoc->vars;
	return NULL;
}

bool
sim_unescape(const char *text, size_t len, char *out, size_t cap, size_t *len_out)
{
	const char *end = text + len;
	size_t n = 0;

	while (text < end && n < cap) {
		uint32_t octet;

		if (*text != '\\') {
			out[n++] = *text++;
		} else if (end - text >= 4 && text[1] == 'x' &&
		    scan_hex32(text + 2, 2, &octet) == 0) {
			out[n++] = (char)(octet & 0xff);
			text += 4;
		} else if (end - text >= 2 && strchr("rn\\", text[1])) {
			out[n++] = text[1] == 'r' ? '\r' : text[1] == 'n' ? '\n' : '\\';
			text += 2;
		} else {
			return false;
		}
	}
	*len_out = n;
	return text == end;
}

/* Values that follow another one keep what they are before that one changes. */
static int
keep_twins(const struct sim_scope *at, struct sim_values *values, const char *name)
{
	const struct sim_table *table = sim_table(at->class);

	for (size_t i = 0; i < table->n_rows; i++) {
		const struct sim_row *row = &table->rows[i];
		struct sim_text text;

		if (row->count == SIM_FIXED || !row->text ||
		    strcmp(row->text, name) != 0 ||
		    row->access[at->sim->options.dialect] == SIM_NO ||
		    sim_values_find(values, row->name) || !sim_value_get(at, row, &text))
			continue;
		int rc = sim_values_set(values, row->name, text.bytes, text.len,
		    sim_value_reading(at->sim, row->count));
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* Sets a variable from escaped text; NULL text takes its value away. */
static const char *
set_variable(const struct sim_scope *at, struct sim_values *values, const char *name,
    size_t name_len, const char *text, size_t len)
{
	const struct sim_row *row =
	    sim_row_find(at->class, at->sim->options.dialect, name, name_len);
	char plain[SIM_TEXT_MAX], own_name[M6_REQUEST_MAX];
	size_t plain_len = 0;
	uint64_t origin = row ? sim_value_reading(at->sim, row->count) : 0;

	if (name_len == 0 || name_len >= sizeof(own_name))
		return "a variable needs a name";
	if (!row && at->class != SIM_SYSTEM)
		return "the daemon does not know this variable";
	if (text && !sim_unescape(text, len, plain, sizeof(plain), &plain_len))
		return "the value is too long or has a broken escape";
	memcpy(own_name, name, name_len);
	own_name[name_len] = '\0';
	if (keep_twins(at, values, own_name) != 0 ||
	    sim_values_set(values, own_name, text ? plain : NULL, plain_len, origin) != 0)
		return sim_no_memory;
	return NULL;
}

static const char *
set_any(struct sim *s, struct sim_command *cmd, enum sim_class class)
{
	struct sim_scope at;
	struct sim_values *values;
	const char *name, *wrong = next_owner(s, cmd, class, &at, &values);
	size_t name_len;

	if (wrong)
		return wrong;
	if (!sim_next_word(cmd, &name, &name_len))
		return "a variable needs a name";
	if (*cmd->at == ' ')
		cmd->at++;
	if (class == SIM_CLOCK)
		sim_assoc_find(s, at.assoc->id)->is_clock = true;
	return set_variable(&at, values, name, name_len, cmd->at, strlen(cmd->at));
}

static const char *
do_set(struct sim *s, struct sim_command *cmd)
{
	return set_any(s, cmd, SIM_PEER);
}

static const char *
do_setclock(struct sim *s, struct sim_command *cmd)
{
	return set_any(s, cmd, SIM_CLOCK);
}

static const char *
do_unset(struct sim *s, struct sim_command *cmd)
{
	struct sim_scope at;
	struct sim_values *values;
	const char *name, *wrong = next_owner(s, cmd, SIM_PEER, &at, &values);
	size_t len;

	if (wrong)
		return wrong;
	if (!sim_next_word(cmd, &name, &len))
		return "a variable needs a name";
	if (!sim_row_find(at.class, s->options.dialect, name, len)) {
		if (!sim_values_find(values, name))
			return "no such variable";
		sim_values_remove(values, name);
		return NULL;
	}
	return set_variable(&at, values, name, len, NULL, 0);
}

static const char *
do_add(struct sim *s, struct sim_command *cmd)
{
	uint32_t id, status;
	struct sim_assoc *assoc;
	const char *word, *wrong = next_number(cmd, false, &id);
	size_t len;

	if (!wrong)
		wrong = next_number(cmd, true, &status);
	if (wrong)
		return wrong;
	if (id == 0 || sim_assoc_find(s, id))
		return "an association has a number of its own";
	if (sim_assoc_prepend(s, 1, &assoc) != 0)
		return "there are too many associations";
	assoc->id = (uint16_t)id;
	assoc->status = (uint16_t)status;
	assoc->number = id;
	sim_assoc_reindex(s);
	while (!wrong && sim_next_word(cmd, &word, &len)) {
		struct sim_scope at = { s, assoc, SIM_PEER };
		const char *equals = memchr(word, '=', len);

		wrong = equals
		    ? set_variable(&at, &assoc->vars, word, (size_t)(equals - word),
			  equals + 1, len - (size_t)(equals - word) - 1)
		    : "variables are given as NAME=VALUE";
	}
	if (wrong) {
		sim_assoc_remove(s, assoc);
		sim_assoc_reindex(s);
	}
	return wrong;
}

static const char *
do_remove(struct sim *s, struct sim_command *cmd)
{
	uint32_t id;
	const char *wrong = next_number(cmd, false, &id);

	if (wrong)
		return wrong;
	if (!sim_assoc_find(s, id))
		return "no such association";
	sim_assoc_remove(s, sim_assoc_find(s, id));
	sim_assoc_reindex(s);
	return NULL;
}

static const char *
do_status(struct sim *s, struct sim_command *cmd)
{
	uint32_t id, status;
	const char *wrong = next_number(cmd, false, &id);

	if (!wrong)
		wrong = next_number(cmd, true, &status);
	if (wrong)
		return wrong;
	if (id != 0 && !sim_assoc_find(s, id))
		return "no such association";
	if (id == 0)
		s->status = (uint16_t)status;
	else
		sim_assoc_set_status(s, sim_assoc_find(s, id), status);
	return NULL;
}

static void
switch_reach(struct sim *s, struct sim_assoc *assoc, bool is_reachable)
{
	unsigned status =
	    assoc->status & ~(unsigned)(STATUS_REACHABLE | STATUS_SELECTION);

	if (((assoc->status & STATUS_REACHABLE) != 0) == is_reachable)
		return;
	if (is_reachable)
		status |= STATUS_REACHABLE | STATUS_CANDIDATE;
	sim_assoc_set_status(s, assoc, status);
	sim_event_alone(s, assoc,
	    is_reachable ? SIM_EVENT_REACHABLE : SIM_EVENT_UNREACHABLE);
}

/* So many at once that a program of its own could not say it of each in time. Answers
 * with the numbers of the first and the last. */
static const char *
do_reach(struct sim *s, struct sim_command *cmd)
{
	const char *word, *wrong;
	size_t len;
	uint32_t first, n;
	bool is_on;

	if (!sim_next_word(cmd, &word, &len) ||
	    (!scan_is(word, len, "on") && !scan_is(word, len, "off")))
		return "being reachable is on or off";
	is_on = scan_is(word, len, "on");
	wrong = next_number(cmd, false, &first);
	if (!wrong)
		wrong = next_number(cmd, false, &n);
	if (wrong || n == 0 || first >= s->n_assocs || n > s->n_assocs - first)
		return "there are not so many associations";
	for (uint32_t i = first; i < first + n; i++)
		switch_reach(s, &s->assocs[s->n_assocs - 1 - i], is_on);
	text_format(cmd->answer, cmd->cap, " %u %u",
	    s->assocs[s->n_assocs - 1 - first].id, s->assocs[s->n_assocs - first - n].id);
	return NULL;
}

/* Forgets what was set for variables that count. */
static void
clear_counters(const struct sim *s, enum sim_class class, struct sim_values *values)
{
	for (size_t i = values->n; i-- > 0;) {
		const char *name = values->items[i].name;
		const struct sim_row *row =
		    sim_row_find(class, s->options.dialect, name, strlen(name));

		if (row && row->count != SIM_FIXED)
			sim_values_remove(values, name);
	}
}

static void
renumber(struct sim *s)
{
	uint16_t newest = s->n_assocs > 0 ? s->assocs[0].id : 1;
	uint16_t first = sim_assoc_id_after(newest, ID_STEP_AT_RESTART);

	for (size_t i = 0; i < s->n_assocs; i++)
		s->assocs[i].id = sim_assoc_id_after(first, s->n_assocs - 1 - i);
	sim_assoc_reindex(s);
}

static const char *
do_restart(struct sim *s, struct sim_command *cmd)
{
	(void)cmd;
	for (size_t i = 0; i < s->n_assocs; i++) {
		clear_counters(s, SIM_PEER, &s->assocs[i].vars);
		clear_counters(s, SIM_CLOCK, &s->assocs[i].clock_vars);
	}
	clear_counters(s, SIM_SYSTEM, &s->system);
	/* The number of the system peer is found anew. */
	sim_values_remove(&s->system, "peer");
	renumber(s);
	s->start_ns = s->now_ns;
	s->n_received = s->n_sent = 0;
	s->is_restarted = true;
	s->is_dead = false;
	sim_traps_restart(&s->traps);
	s->status = (uint16_t)((s->status & 0xff00U) | 0x16U); /* one event: restart */
	return NULL;
}

static const char *
do_down(struct sim *s, struct sim_command *cmd)
{
	(void)cmd;
	s->is_down = true;
	return NULL;
}

static const char *
do_up(struct sim *s, struct sim_command *cmd)
{
	if (!s->is_down)
		return NULL;
	s->is_down = false;
	return do_restart(s, cmd);
}

static const char *
do_silence(struct sim *s, struct sim_command *cmd)
{
	const char *word;
	size_t len;

	if (!sim_next_word(cmd, &word, &len) ||
	    (!scan_is(word, len, "on") && !scan_is(word, len, "off")))
		return "silence is on or off";
	s->is_silent = scan_is(word, len, "on");
	return NULL;
}

static const char *
do_fault(struct sim *s, struct sim_command *cmd)
{
	cmd->at += strspn(cmd->at, " ");
	if (sim_faults_parse(&s->faults, cmd->at) != 0)
		return "the faults do not parse";
	return NULL;
}

void
sim_stats_format(const uint64_t n_by_op[SIM_OPS], char *out, size_t cap)
{
	size_t at = text_format(out, cap, "%s", "");

	for (uint8_t op = 0; op < SIM_OPS; op++) {
		const char *name = m6_op_text(op);

		if (n_by_op[op] == 0 || at >= cap)
			continue;
		if (name)
			at += text_format(out + at, cap - at, " %s=%llu", name,
			    (unsigned long long)n_by_op[op]);
		else
			at += text_format(out + at, cap - at, " op%u=%llu", op,
			    (unsigned long long)n_by_op[op]);
	}
}

static const char *
do_stats(struct sim *s, struct sim_command *cmd)
{
	sim_stats_format(s->n_by_op, cmd->answer, cmd->cap);
	return NULL;
}

/* Lists the associations, newest first. */
static const char *
do_list(struct sim *s, struct sim_command *cmd)
{
	size_t at = 0;

	for (size_t i = 0; i < s->n_assocs && at + 16 < cmd->cap; i++)
		at += text_format(cmd->answer + at, cmd->cap - at, " %u:%04x",
		    s->assocs[i].id, s->assocs[i].status);
	return NULL;
}

static const struct sim_command_row *
own_commands(size_t *n_out)
{
	static const struct sim_command_row rows[] = {
		{ "set", do_set }, /* ASSOC NAME VALUE; value to the line's end */
		{ "setclock", do_setclock }, /* the same for its clock: makes it one */
		{ "unset", do_unset },       /* ASSOC NAME */
		{ "add", do_add },           /* ID STATUS NAME=VALUE... */
		{ "remove", do_remove },     /* ID */
		{ "status", do_status },     /* ASSOC HEX */
		/* on|off FIRST COUNT: so many, the oldest is 0, with the event */
		{ "reach", do_reach },
		{ "restart", do_restart },
		{ "down", do_down },       /* the port is closed */
		{ "up", do_up },           /* the end of that, as after a restart */
		{ "silence", do_silence }, /* on|off */
		{ "fault", do_fault },     /* SPEC, see sim_fault.h */
		{ "stats", do_stats },
		{ "list", do_list },
	};

	*n_out = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

static sim_command_fn *
find_command(const char *word, size_t len)
{
	enum { N_LISTS = 4 };
	size_t n[N_LISTS];
	const struct sim_command_row *lists[N_LISTS] = { own_commands(&n[0]),
		sim_auth_commands(&n[1]), sim_mru_commands(&n[2]),
		sim_time_commands(&n[3]) };

	for (size_t i = 0; i < N_LISTS; i++) {
		for (size_t j = 0; j < n[i]; j++) {
			if (scan_is(word, len, lists[i][j].word))
				return lists[i][j].run;
		}
	}
	return NULL;
}

void
sim_control(struct sim *s, const char *line, int64_t now_ns, char *answer, size_t cap)
{
	char rest[SIM_LINE_MAX] = "";
	struct sim_command cmd = { line, rest, sizeof(rest) };
	const char *word, *wrong = "no such command";
	sim_command_fn *run = NULL;
	size_t len;

	s->now_ns = now_ns;
	s->pushed.n = 0;
	if (!sim_next_word(&cmd, &word, &len))
		wrong = "empty command";
	else
		run = find_command(word, len);
	if (run)
		wrong = run(s, &cmd);
	if (wrong)
		text_format(answer, cap, "error %s", wrong);
	else
		text_format(answer, cap, "ok%s", rest);
}
