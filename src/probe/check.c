/* SPDX-License-Identifier: BSD-2-Clause */
/* From facts to steps: finding the row, filling in its texts. */
#include "probe/check.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "mode6/status.h"
#include "model/ntp_time.h"

static const char *const step_names[] = { "name", "time service", "mode 6", "daemon",
	"synchronised", "key", "signature", "writing", "AgentX socket", "snmpd", "agent",
	"view" };

_Static_assert(sizeof(step_names) / sizeof(step_names[0]) == CHECK_STEPS,
    "each step has a name");

const char *
check_step_name(enum check_id id)
{
	return step_names[id];
}

const char *
check_result_name(enum check_result result)
{
	static const char *const names[] = { "ok", "warning", "failed", "skipped" };

	return names[result];
}

/* --- words for facts ---------------------------------------------------------------- */

enum word_kind {
	WORD_TEXT,
	WORD_BYTE,
	WORD_PORT,
	WORD_NUMBER,
	WORD_COUNT, /* of 64 bits */
	WORD_TRIP,  /* nanoseconds, in milliseconds */
	WORD_LEAP,
	WORD_ANSWER, /* the time service's */
	WORD_ERROR,  /* enum err */
	WORD_CODE,   /* enum m6_error */
	WORD_STATE,  /* of a target */
	WORD_ERRNO,
	WORD_CALLER, /* of struct check_caller */
};

#define FACT(field)   offsetof(struct check_facts, field)
#define CALLER(field) offsetof(struct check_caller, field)

static const struct word {
	const char *name;
	enum word_kind kind;
	size_t offset;
} words[] = {
	/* clang-format off */
	{ "host",             WORD_TEXT,   FACT(host) },
	{ "port",             WORD_PORT,   FACT(port) },
	{ "reason",           WORD_TEXT,   FACT(name_reason) },
	{ "addresses",        WORD_TEXT,   FACT(addresses) },
	{ "address",          WORD_TEXT,   FACT(address) },
	{ "time_trip",        WORD_TRIP,   FACT(time_trip_ns) },
	{ "time_leap",        WORD_LEAP,   FACT(time.leap) },
	{ "time_stratum",     WORD_BYTE,   FACT(time.stratum) },
	{ "time_refid",       WORD_ANSWER, FACT(time) },
	{ "strange",          WORD_NUMBER, FACT(n_strange) },
	{ "control_trip",     WORD_TRIP,   FACT(control_trip_ns) },
	{ "control_code",     WORD_CODE,   FACT(control_code) },
	{ "control_error",    WORD_ERROR,  FACT(control_err) },
	{ "again",            WORD_COUNT,  FACT(n_again) },
	{ "system_code",      WORD_CODE,   FACT(system_code) },
	{ "system_error",     WORD_ERROR,  FACT(system_err) },
	{ "version",          WORD_TEXT,   FACT(version) },
	{ "stratum",          WORD_BYTE,   FACT(stratum) },
	{ "associations",     WORD_NUMBER, FACT(n_assocs) },
	{ "reachable",        WORD_NUMBER, FACT(n_reachable) },
	{ "usable",           WORD_NUMBER, FACT(n_usable) },
	{ "peer",             WORD_TEXT,   FACT(peer) },
	{ "key",              WORD_NUMBER, FACT(key_id) },
	{ "keys",             WORD_NUMBER, FACT(n_keys) },
	{ "key_file",         WORD_TEXT,   FACT(key_file) },
	{ "key_problem",      WORD_TEXT,   FACT(key_problem) },
	{ "key_type",         WORD_TEXT,   FACT(key_type) },
	{ "writevar_code",    WORD_CODE,   FACT(writevar.daemon_error) },
	{ "writevar_error",   WORD_ERROR,  FACT(writevar.err) },
	{ "configure_code",   WORD_CODE,   FACT(configure.daemon_error) },
	{ "configure_error",  WORD_ERROR,  FACT(configure.err) },
	{ "configure_text",   WORD_TEXT,   FACT(configure.text) },
	{ "socket",           WORD_TEXT,   FACT(socket_path) },
	{ "socket_what",      WORD_TEXT,   FACT(socket_what) },
	{ "socket_errno",     WORD_ERRNO,  FACT(socket_errno) },
	{ "directory",        WORD_TEXT,   FACT(socket_directory) },
	{ "user",             WORD_TEXT,   FACT(user) },
	{ "snmp_address",     WORD_TEXT,   FACT(snmp_address) },
	{ "snmp_reason",      WORD_TEXT,   FACT(snmp_reason) },
	{ "snmp_trip",        WORD_TRIP,   FACT(snmp_trip_ns) },
	{ "snmp_descr",       WORD_TEXT,   FACT(snmp_descr) },
	{ "who",              WORD_TEXT,   FACT(snmp_who) },
	{ "listed",           WORD_NUMBER, FACT(n_listed) },
	{ "agent",            WORD_TEXT,   FACT(agent_descr) },
	{ "enterprise",       WORD_TEXT,   FACT(enterprise) },
	{ "targets",          WORD_NUMBER, FACT(n_targets) },
	{ "target",           WORD_TEXT,   FACT(target) },
	{ "target_state",     WORD_STATE,  FACT(target_state) },
	{ "target_error",     WORD_TEXT,   FACT(target_error) },
	{ "family_word",      WORD_CALLER, CALLER(family_word) },
	{ "key_word",         WORD_CALLER, CALLER(key_word) },
	{ "socket_word",      WORD_CALLER, CALLER(socket_word) },
	{ "snmp_word",        WORD_CALLER, CALLER(snmp_word) },
	{ "tried",            WORD_CALLER, CALLER(tried) },
	{ "user_word",        WORD_CALLER, CALLER(user_word) },
	/* clang-format on */
};

enum { N_WORDS = sizeof(words) / sizeof(words[0]) };

static const char *
state_text(unsigned state)
{
	static const char *const texts[] = { "?", "unknown", "up", "refused", "silent",
		"bad answers", "unresolved", "denied" };

	return texts[state < sizeof(texts) / sizeof(texts[0]) ? state : 0];
}

static size_t
put_number(const struct word *w, const void *at, char *out, size_t cap)
{
	uint64_t count = 0;
	unsigned number = 0;
	uint16_t port = 0;

	if (w->kind == WORD_BYTE)
		number = *(const uint8_t *)at;
	else if (w->kind == WORD_PORT)
		number = *(const uint16_t *)memcpy(&port, at, sizeof(port));
	else if (w->kind == WORD_NUMBER)
		memcpy(&number, at, sizeof(number));
	else
		memcpy(&count, at, sizeof(count));
	count += number;
	return text_format(out, cap, "%llu", (unsigned long long)count);
}

static size_t
put_word(const struct check_facts *f, const struct word *w, char *out, size_t cap)
{
	bool is_caller = w->kind == WORD_CALLER;
	const void *at =
	    (const char *)(is_caller ? (const void *)f->caller : f) + w->offset;
	const char *text;
	int number;
	int64_t ns;

	switch (w->kind) {
	case WORD_TEXT:
		return text_format(out, cap, "%s", (const char *)at);
	case WORD_BYTE:
	case WORD_PORT:
	case WORD_NUMBER:
	case WORD_COUNT:
		return put_number(w, at, out, cap);
	case WORD_TRIP:
		memcpy(&ns, at, sizeof(ns));
		return text_decimal(ns / NS_PER_US, 3, 1, out, cap);
	case WORD_LEAP:
		return text_format(out, cap, "%s", m6_leap_text(*(const uint8_t *)at));
	case WORD_ANSWER:
		return time_refid_text(at, out, cap);
	case WORD_CODE:
		return text_format(out, cap, "%s", m6_error_text(*(const uint8_t *)at));
	case WORD_ERROR:
		memcpy(&number, at, sizeof(number));
		return text_format(out, cap, "%s", err_text(number));
	case WORD_STATE:
		memcpy(&number, at, sizeof(number));
		return text_format(out, cap, "%s", state_text((unsigned)number));
	case WORD_ERRNO:
		memcpy(&number, at, sizeof(number));
		return text_format(out, cap, "%s", strerror(number));
	case WORD_CALLER:
		memcpy(&text, at, sizeof(text));
		return text_format(out, cap, "%s", text);
	}
	return 0;
}

static const struct word *
find_word(const char *name, size_t len)
{
	for (size_t i = 0; i < N_WORDS; i++)
		if (scan_is(name, len, words[i].name))
			return &words[i];
	return NULL;
}

bool
check_expand(const struct check_facts *f, const char *text, char *out, size_t cap)
{
	size_t used = 0;

	out[0] = '\0';
	while (*text != '\0') {
		size_t len = strcspn(text, "{"), name_len = strcspn(text, "}");
		const struct word *w;

		used += text_format(out + used, cap - used, "%.*s", (int)len, text);
		text += len;
		if (*text == '\0')
			break;
		name_len -= len + 1;
		w = find_word(text + 1, name_len);
		if (!w)
			return false;
		used += put_word(f, w, out + used, cap - used);
		text += name_len + 2;
	}
	return true;
}

/* --- steps -------------------------------------------------------------------------- */

/* Without the first one the second says nothing. */
static const struct need {
	enum check_id needed, step;
} needs[] = {
	{ CHECK_NAME, CHECK_TIME },
	{ CHECK_NAME, CHECK_CONTROL },
	{ CHECK_CONTROL, CHECK_DAEMON },
	{ CHECK_DAEMON, CHECK_SYNC },
	{ CHECK_CONTROL, CHECK_MAC },
	{ CHECK_KEY, CHECK_MAC },
	{ CHECK_MAC, CHECK_WRITE },
	{ CHECK_SNMP, CHECK_AGENT },
	{ CHECK_SNMP, CHECK_VIEW },
	{ CHECK_AGENT, CHECK_VIEW },
};

/* Where a step's fate stands; the key asks nobody. */
static const size_t fates[CHECK_STEPS] = {
	[CHECK_NAME] = FACT(name_err),
	[CHECK_TIME] = FACT(time_err),
	[CHECK_CONTROL] = FACT(control_err),
	[CHECK_DAEMON] = FACT(system_err),
	[CHECK_SYNC] = FACT(system_err),
	[CHECK_KEY] = FACT(key_file_err),
	[CHECK_MAC] = FACT(writevar.err),
	[CHECK_WRITE] = FACT(configure.err),
	[CHECK_SOCKET] = FACT(socket_err),
	[CHECK_SNMP] = FACT(snmp_err),
	[CHECK_AGENT] = FACT(list_err),
	[CHECK_VIEW] = FACT(view_err),
};

static bool
was_cut_off(const struct check_facts *f, enum check_id step)
{
	int err;

	memcpy(&err, (const char *)f + fates[step], sizeof(err));
	return err == ERR_CANCELLED;
}

/* The step that is in the way, or NULL. */
static const struct need *
missing(const struct check_step *steps, enum check_id step)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		enum check_result result = steps[needs[i].needed].result;

		if (needs[i].step == step &&
		    (result == CHECK_FAILED || result == CHECK_SKIPPED))
			return &needs[i];
	}
	return NULL;
}

static const struct check_row *
find_in(const struct check_rows *rows, const struct check_facts *f, enum check_id step)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->rows[i].step == step && rows->rows[i].holds(f))
			return &rows->rows[i];
	return NULL;
}

const struct check_row *
check_find(const struct check_facts *f, enum check_id step)
{
	const struct check_row *row = find_in(&check_daemon_rows, f, step);

	return row ? row : find_in(&check_agent_rows, f, step);
}

static void
put_text(const struct check_facts *f, const char *text, char out[CHECK_TEXT_MAX])
{
	bool is_whole = !text || check_expand(f, text, out, CHECK_TEXT_MAX);

	assert(is_whole);
	(void)is_whole;
	if (!text)
		out[0] = '\0';
}

static void
judge(const struct check_facts *f, enum check_id id, struct check_step *steps)
{
	struct check_step *step = &steps[id];
	const struct need *need = missing(steps, id);
	const struct check_row *row;

	*step = (struct check_step){ .result = CHECK_SKIPPED };
	if (was_cut_off(f, id)) {
		text_format(step->finding, CHECK_TEXT_MAX, "interrupted");
		return;
	}
	if (need) {
		text_format(step->finding, CHECK_TEXT_MAX, "needs the step \"%s\"",
		    step_names[need->needed]);
		return;
	}
	row = check_find(f, id);
	assert(row != NULL); /* the last row of each step holds always */
	step->result = row->result;
	put_text(f, row->finding, step->finding);
	put_text(f, row->cause, step->cause);
	put_text(f, row->fix, step->fix);
}

void
check_judge(const struct check_facts *f, struct check_step steps[CHECK_STEPS])
{
	for (int id = 0; id < CHECK_STEPS; id++)
		judge(f, (enum check_id)id, steps);
}

/* --- as text ------------------------------------------------------------------------ */

/* Each line of it below the one before. */
static void
show_lines(const char *what, const char *text, void (*line)(void *ctx, const char *text),
    void *ctx)
{
	char shown[CHECK_LINE_MAX];

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		text_format(shown, sizeof(shown), "           %-6s %.*s", what, (int)len,
		    text);
		line(ctx, shown);
		what = "";
		text += len + (text[len] == '\n');
	}
}

void
check_show(enum check_id id, const struct check_step *step,
    void (*line)(void *ctx, const char *text), void *ctx)
{
	char shown[CHECK_LINE_MAX];

	text_format(shown, sizeof(shown), "  %-8s %-13s %s",
	    check_result_name(step->result), check_step_name(id), step->finding);
	line(ctx, shown);
	show_lines("cause:", step->cause, line, ctx);
	show_lines("fix:", step->fix, line, ctx);
}

static bool
was_not_heard(int err)
{
	return err == ERR_REFUSED || err == ERR_TIMEOUT || err == ERR_IO;
}

bool
check_is_unreached(const struct check_facts *f)
{
	return (f->name_err != 0 && f->name_err != ERR_CANCELLED) ||
	    (was_not_heard(f->time_err) && was_not_heard(f->control_err));
}
