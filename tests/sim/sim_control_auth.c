/* SPDX-License-Identifier: BSD-2-Clause */
/* Control commands about keys, writes and traps, a row each. */
#include <string.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "sim/sim_addr.h"
#include "sim/sim_command.h"
#include "sim/sim_event.h"
#include "sim/sim_vars.h"

static const char no_such_key[] = "a key is a number of 1..65535";

static const char *
do_keys(struct sim *s, struct sim_command *cmd)
{
	int rc;

	cmd->at += strspn(cmd->at, " ");
	rc = sim_load_keys(s, cmd->at);
	if (rc == ERR_NOMEM)
		return sim_no_memory;
	return rc == 0 ? NULL : "the key file cannot be read";
}

/* Numbers separated by commas or blanks. */
static const char *
trust_all(struct sim *s, struct sim_command *cmd, bool is_trusted)
{
	static const char between[] = ", ";
	size_t len;

	for (cmd->at += strspn(cmd->at, between); *cmd->at != '\0';
	     cmd->at += len + strspn(cmd->at + len, between)) {
		uint32_t id = 0;

		len = strcspn(cmd->at, between);
		if (scan_u32(cmd->at, len, &id) != 0 ||
		    !sim_auth_trust(&s->auth, id, is_trusted))
			return no_such_key;
	}
	return NULL;
}

static const char *
do_trust(struct sim *s, struct sim_command *cmd)
{
	return trust_all(s, cmd, true);
}

static const char *
do_untrust(struct sim *s, struct sim_command *cmd)
{
	return trust_all(s, cmd, false);
}

static const char *
do_controlkey(struct sim *s, struct sim_command *cmd)
{
	const char *word;
	size_t len;
	uint32_t id;

	if (!sim_next_word(cmd, &word, &len) || scan_u32(word, len, &id) != 0 ||
	    id > M6_KEY_ID_MAX)
		return "a control key is a number of 0..65535";
	s->auth.control_key = id;
	return NULL;
}

/* Makes a variable that is not the daemon's own. */
static const char *
define(struct sim *s, enum sim_kind_id kind, const char *name, size_t name_len,
    const char *text)
{
	char plain[SIM_TEXT_MAX], own_name[M6_REQUEST_MAX];
	size_t len;

	if (name_len == 0 || name_len >= sizeof(own_name))
		return "a variable needs a name";
	if (sim_row_find(SIM_SYSTEM, s->options.dialect, name, name_len))
		return "that is a variable of the daemon itself";
	if (!sim_unescape(text, strlen(text), plain, sizeof(plain), &len))
		return "the value is too long or has a broken escape";
	memcpy(own_name, name, name_len);
	own_name[name_len] = '\0';
	if (sim_values_define(&s->system, own_name, plain, len, kind) != 0)
		return sim_no_memory;
	return NULL;
}

static const char *
do_uservar(struct sim *s, struct sim_command *cmd)
{
	enum sim_kind_id kind;
	const char *word, *name;
	size_t len;

	if (!sim_next_word(cmd, &word, &len) || !sim_kind_parse(word, len, &kind))
		return "the kinds are rw, rw-default, setvar and setvar-default";
	sim_next_word(cmd, &name, &len);
	return define(s, kind, name, len, cmd->at + (*cmd->at == ' ' ? 1 : 0));
}

/* NAME=VALUE, as in an option. */
static const char *
define_assigned(struct sim *s, struct sim_command *cmd, enum sim_kind_id kind)
{
	const char *equals;

	cmd->at += strspn(cmd->at, " ");
	equals = strchr(cmd->at, '=');
	if (!equals)
		return "a variable is given as NAME=VALUE";
	return define(s, kind, cmd->at, (size_t)(equals - cmd->at), equals + 1);
}

static const char *
do_rw(struct sim *s, struct sim_command *cmd)
{
	return define_assigned(s, cmd, SIM_RW);
}

static const char *
do_rw_default(struct sim *s, struct sim_command *cmd)
{
	return define_assigned(s, cmd, SIM_RW_DEFAULT);
}

/* NAME=VALUE[,default] */
static const char *
do_setvar(struct sim *s, struct sim_command *cmd)
{
	static const char mark[] = ",default";
	char line[SIM_LINE_MAX];
	struct sim_command cut = { line, cmd->answer, cmd->cap };
	size_t len = text_format(line, sizeof(line), "%s", cmd->at);
	size_t mark_len = sizeof(mark) - 1;

	if (len < mark_len || strcmp(line + len - mark_len, mark) != 0)
		return define_assigned(s, &cut, SIM_SETVAR);
	line[len - mark_len] = '\0';
	return define_assigned(s, &cut, SIM_SETVAR_DEFAULT);
}

/* A kind and a text in which \xHH stands for what is not printable. */
static void
answer_value(struct sim_command *cmd, const char *kind, const char *text, size_t len)
{
	size_t at = text_format(cmd->answer, cmd->cap, " %s ", kind);

	for (size_t i = 0; i < len && at + 5 < cmd->cap; i++) {
		if (text[i] >= ' ' && text[i] <= '~' && text[i] != '\\')
			cmd->answer[at++] = text[i];
		else
			at += text_format(cmd->answer + at, cmd->cap - at, "\\x%02x",
			    (unsigned)(unsigned char)text[i]);
	}
	cmd->answer[at] = '\0';
}

static const char *
do_var(struct sim *s, struct sim_command *cmd)
{
	struct sim_scope at = { s, NULL, SIM_SYSTEM };
	const struct sim_row *row;
	const struct sim_value *value;
	struct sim_text text = { .len = 0 };
	const char *name;
	size_t len;

	sim_next_word(cmd, &name, &len);
	row = sim_row_find(SIM_SYSTEM, s->options.dialect, name, len);
	value = sim_values_find_n(&s->system, name, len);
	if (!row && !value)
		return "no such variable";
	if (row && !sim_value_get(&at, row, &text))
		text.len = 0;
	if (row)
		answer_value(cmd, "builtin", text.bytes, text.len);
	else
		answer_value(cmd, sim_kind(value->kind)->name, value->text, value->len);
	return NULL;
}

static const char *
do_nomodify(struct sim *s, struct sim_command *cmd)
{
	const char *word;
	size_t len;

	sim_next_word(cmd, &word, &len);
	if (!scan_is(word, len, "on") && !scan_is(word, len, "off"))
		return "nomodify is on or off";
	s->is_nomodify = scan_is(word, len, "on");
	return NULL;
}

static const char *
do_revive(struct sim *s, struct sim_command *cmd)
{
	(void)cmd;
	s->is_dead = false;
	return NULL;
}

static const char *
do_writes(struct sim *s, struct sim_command *cmd)
{
	text_format(cmd->answer, cmd->cap, " writevar=%llu configure=%llu",
	    (unsigned long long)s->n_written, (unsigned long long)s->n_configured);
	return NULL;
}

static const char *
next_address(const struct sim *s, struct sim_command *cmd, struct addr *out)
{
	cmd->at += strspn(cmd->at, " ");
	if (sim_traits(s->options.dialect)->is_ntpsec)
		return "this dialect has no traps";
	return sim_addr_parse(cmd->at, out) == 0 ? NULL : "an address is ADDR:PORT";
}

static const char *
do_trap(struct sim *s, struct sim_command *cmd)
{
	struct addr to;
	const char *wrong = next_address(s, cmd, &to);

	if (wrong)
		return wrong;
	return sim_trap_set(&s->traps, &to, M6_VERSION_MAX, true, s->now_ns)
	    ? NULL
	    : "there are three already";
}

static const char *
do_untrap(struct sim *s, struct sim_command *cmd)
{
	struct addr to;
	const char *wrong = next_address(s, cmd, &to);

	if (wrong)
		return wrong;
	return sim_trap_unset(&s->traps, &to, true) ? NULL : "no such trap";
}

static const char *
do_traps(struct sim *s, struct sim_command *cmd)
{
	size_t at = 0;

	for (size_t i = 0; i < SIM_TRAPS_MAX; i++) {
		char text[ADDR_TEXT_MAX];

		if (!s->traps.items[i].is_used)
			continue;
		addr_format(&s->traps.items[i].to, true, text, sizeof(text));
		at += text_format(cmd->answer + at, cmd->cap - at, " %s/%u", text,
		    (unsigned)s->traps.items[i].sequence);
	}
	return NULL;
}

static const char *
do_event(struct sim *s, struct sim_command *cmd)
{
	const char *word;
	size_t len;
	uint32_t id, code;

	if (!sim_next_word(cmd, &word, &len) || scan_u32(word, len, &id) != 0 ||
	    (id != 0 && !sim_assoc_find(s, id)))
		return "no such association";
	if (!sim_next_word(cmd, &word, &len) || scan_u32(word, len, &code) != 0 ||
	    code > SIM_EVENT_MAX)
		return "an event is a number of 0..15";
	sim_event_alone(s, id == 0 ? NULL : sim_assoc_find(s, id), code);
	return NULL;
}

const struct sim_command_row *
sim_auth_commands(size_t *n_out)
{
	/* clang-format off */
	static const struct sim_command_row rows[] = {
		{ "keys", do_keys },             /* FILE: instead of those before */
		{ "trust", do_trust },           /* ID,ID...: and those before */
		{ "untrust", do_untrust },       /* ID,ID... */
		{ "controlkey", do_controlkey }, /* ID; 0: none */
		/* KIND NAME VALUE, to the line's end; a KIND is rw, rw-default, setvar,
		 * setvar-default */
		{ "uservar", do_uservar },
		{ "rw", do_rw },                 /* NAME=VALUE */
		{ "rw-default", do_rw_default }, /* NAME=VALUE */
		{ "setvar", do_setvar },         /* NAME=VALUE[,default] */
		{ "nomodify", do_nomodify },     /* on|off: of "restrict", for all */
		{ "revive", do_revive },         /* ends what write-die did */
		{ "trap", do_trap },             /* ADDR:PORT: for good, as configured */
		{ "untrap", do_untrap },         /* ADDR:PORT: whoever set it */
		{ "traps", do_traps },           /* "ok ADDR:PORT/SEQUENCE..." */
		/* ASSOC CODE: counts it in the status word and tells the traps of it */
		{ "event", do_event },
		/* NAME: "ok KIND TEXT", with escapes; "builtin" are the daemon's own */
		{ "var", do_var },
		{ "writes", do_writes }, /* "ok writevar=ITEMS configure=STATEMENTS" */
	};
	/* clang-format on */

	*n_out = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
