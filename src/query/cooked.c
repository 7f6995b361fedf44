/* SPDX-License-Identifier: BSD-2-Clause */
/* One row for each variable whose value has a meaning of its own. */
#include "query/cooked.h"

#include <string.h>

#include "base/scan.h"
#include "base/text.h"
#include "query/cooked_forms.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum {
	SYSTEM = 1 << COOKED_SYSTEM,
	PEER = 1 << COOKED_PEER,
	CLOCK = 1 << COOKED_CLOCK,
	ANY = SYSTEM | PEER | CLOCK,
};

/* --- the rows ----------------------------------------------------------------------- */

/* A code is a number that has words. */
enum shape { NUMBER, CODE, WORDS, TEXT, BLOCK };

static const struct row {
	const char *name;
	unsigned of;
	enum shape shape;
	cook_fn *cook;
} rows[] = {
	/* clang-format off */
	{ "leap",              ANY,          CODE,   cook_leap },
	{ "stratum",           ANY,          NUMBER, cook_integer },
	{ "precision",         SYSTEM | PEER, NUMBER, cook_integer },
	{ "rootdelay",         SYSTEM | PEER, NUMBER, cook_decimal },
	{ "rootdisp",          SYSTEM | PEER, NUMBER, cook_decimal },
	{ "rootdispersion",    SYSTEM | PEER, NUMBER, cook_decimal },
	{ "rootdist",          SYSTEM,       NUMBER, cook_decimal },
	{ "refid",             ANY,          WORDS,  cook_refid },
	{ "reftime",           SYSTEM | PEER, WORDS, cook_stamp },
	{ "clock",             SYSTEM,       WORDS,  cook_stamp },
	{ "rec",               PEER,         WORDS,  cook_stamp },
	{ "org",               PEER,         WORDS,  cook_stamp },
	{ "xmt",               PEER,         WORDS,  cook_stamp },
	{ "peer",              SYSTEM,       NUMBER, cook_integer },
	{ "tc",                SYSTEM,       NUMBER, cook_integer },
	{ "mintc",             SYSTEM,       NUMBER, cook_integer },
	{ "poll",              SYSTEM | CLOCK, NUMBER, cook_integer },
	{ "state",             SYSTEM,       CODE,   cook_state },
	{ "offset",            SYSTEM | PEER, NUMBER, cook_decimal },
	{ "frequency",         SYSTEM,       NUMBER, cook_decimal },
	{ "sys_jitter",        SYSTEM,       NUMBER, cook_decimal },
	{ "clk_jitter",        SYSTEM,       NUMBER, cook_decimal },
	{ "clk_wander",        SYSTEM,       NUMBER, cook_decimal },
	{ "jitter",            SYSTEM | PEER, NUMBER, cook_decimal },
	{ "noise",             SYSTEM,       NUMBER, cook_decimal },
	{ "stability",         SYSTEM,       NUMBER, cook_decimal },
	{ "tai",               SYSTEM,       NUMBER, cook_integer },
	{ "leapsec",           SYSTEM,       WORDS,  cook_calendar },
	{ "expire",            SYSTEM,       WORDS,  cook_calendar },
	{ "leapsmearinterval", SYSTEM,       NUMBER, cook_integer },
	{ "leapsmearoffset",   SYSTEM,       NUMBER, cook_decimal },
	{ "peeradr",           SYSTEM,       TEXT,   cook_socket },
	{ "peermode",          SYSTEM,       CODE,   cook_mode },
	{ "flags",             ANY,          WORDS,  cook_flags },
	{ "cert",              SYSTEM,       WORDS,  cook_cert },
	{ "until",             SYSTEM,       WORDS,  cook_calendar },
	{ "update",            SYSTEM,       WORDS,  cook_calendar },
	{ "hostkey",           SYSTEM,       WORDS,  cook_calendar },
	{ "refresh",           SYSTEM,       WORDS,  cook_calendar },
	{ "leapseconds",       SYSTEM,       WORDS,  cook_calendar },
	{ "timestamp",         PEER,         WORDS,  cook_calendar },
	{ "srcadr",            PEER,         TEXT,   cook_address },
	{ "dstadr",            PEER,         TEXT,   cook_address },
	{ "srcport",           PEER,         NUMBER, cook_integer },
	{ "dstport",           PEER,         NUMBER, cook_integer },
	{ "hmode",             PEER,         CODE,   cook_mode },
	{ "pmode",             PEER,         CODE,   cook_mode },
	{ "hpoll",             PEER,         NUMBER, cook_integer },
	{ "ppoll",             PEER,         NUMBER, cook_integer },
	{ "reach",             PEER,         WORDS,  cook_reach },
	{ "unreach",           PEER,         NUMBER, cook_integer },
	{ "timer",             PEER,         NUMBER, cook_integer },
	{ "delay",             PEER,         NUMBER, cook_decimal },
	{ "dispersion",        PEER,         NUMBER, cook_decimal },
	{ "keyid",             PEER,         TEXT,   cook_integer },
	{ "flash",             PEER,         WORDS,  cook_flash },
	{ "headway",           PEER,         NUMBER, cook_integer },
	{ "xleave",            PEER,         NUMBER, cook_decimal },
	{ "bias",              PEER,         NUMBER, cook_decimal },
	{ "ttl",               PEER,         NUMBER, cook_integer },
	{ "ntscookies",        PEER,         CODE,   cook_cookies },
	{ "received",          PEER,         NUMBER, cook_integer },
	{ "sent",              PEER,         NUMBER, cook_integer },
	{ "badauth",           PEER,         NUMBER, cook_integer },
	{ "bogusorg",          PEER,         NUMBER, cook_integer },
	{ "oldpkt",            PEER,         NUMBER, cook_integer },
	{ "seldisp",           PEER,         NUMBER, cook_integer },
	{ "selbroken",         PEER,         NUMBER, cook_integer },
	{ "candidate",         PEER,         CODE,   cook_selection },
	{ "config",            PEER,         CODE,   cook_config },
	{ "authenable",        PEER,         CODE,   cook_authenable },
	{ "authentic",         PEER,         CODE,   cook_authentic },
	{ "timerec",           PEER,         NUMBER, cook_integer },
	{ "timereach",         PEER,         NUMBER, cook_integer },
	{ "in",                PEER,         NUMBER, cook_decimal },
	{ "out",               PEER,         NUMBER, cook_decimal },
	{ "mode",              PEER,         NUMBER, cook_integer },
	{ "initsequence",      PEER,         NUMBER, cook_integer },
	{ "initkey",           PEER,         TEXT,   cook_integer },
	{ "valid",             PEER,         WORDS,  cook_valid },
	{ "filtdelay",         PEER,         BLOCK,  cook_filter },
	{ "filtoffset",        PEER,         BLOCK,  cook_filter },
	{ "filtdisp",          PEER,         BLOCK,  cook_filter },
	{ "type",              CLOCK,        NUMBER, cook_integer },
	{ "noreply",           CLOCK,        NUMBER, cook_integer },
	{ "badformat",         CLOCK,        NUMBER, cook_integer },
	{ "baddata",           CLOCK,        NUMBER, cook_integer },
	{ "fudgetime1",        CLOCK,        NUMBER, cook_decimal },
	{ "fudgetime2",        CLOCK,        NUMBER, cook_decimal },
	{ "minjitter",         CLOCK,        NUMBER, cook_decimal },
	{ "bcastdelay",        SYSTEM,       NUMBER, cook_decimal },
	{ "fuzz",              SYSTEM,       NUMBER, cook_decimal },
	{ "tick",              SYSTEM,       NUMBER, cook_decimal },
	{ "clk_wander_threshold", SYSTEM,    NUMBER, cook_decimal },
	{ "lockclock",         SYSTEM,       NUMBER, cook_integer },
	{ "iostats_reset",     SYSTEM,       NUMBER, cook_integer },
	{ "timerstats_reset",  SYSTEM,       NUMBER, cook_integer },
	{ "total_rbuf",        SYSTEM,       NUMBER, cook_integer },
	{ "free_rbuf",         SYSTEM,       NUMBER, cook_integer },
	{ "used_rbuf",         SYSTEM,       NUMBER, cook_integer },
	{ "rbuf_lowater",      SYSTEM,       NUMBER, cook_integer },
	{ "authdelay",         SYSTEM,       NUMBER, cook_decimal },
	{ "kstflags",          SYSTEM,       WORDS,  cook_kernel },
	{ "mru_enabled",       SYSTEM,       WORDS,  cook_monitor },
	{ "koffset",           SYSTEM,       NUMBER, cook_decimal },
	{ "kfreq*",            SYSTEM,       NUMBER, cook_decimal },
	{ "kmaxerr",           SYSTEM,       NUMBER, cook_decimal },
	{ "kesterr",           SYSTEM,       NUMBER, cook_decimal },
	{ "kprecis",           SYSTEM,       NUMBER, cook_decimal },
	{ "ktimeconst",        SYSTEM,       NUMBER, cook_decimal },
	{ "kpps*",             SYSTEM,       NUMBER, cook_decimal },
	/* All that begin so, but for those above. */
	{ "ss_*",              SYSTEM,       NUMBER, cook_integer },
	{ "io_*",              SYSTEM,       NUMBER, cook_integer },
	{ "timer_*",           SYSTEM,       NUMBER, cook_integer },
	{ "mru_*",             SYSTEM,       NUMBER, cook_integer },
	{ "auth*",             SYSTEM,       NUMBER, cook_integer },
	{ "nts_*",             SYSTEM,       NUMBER, cook_decimal },
	/* clang-format on */
};

/* A name that ends in '*' stands for all that begin so. */
static bool
is_named(const struct row *row, const char *name, size_t len)
{
	size_t n = strlen(row->name);

	if (row->name[n - 1] != '*')
		return scan_is(name, len, row->name);
	return len >= n && memcmp(name, row->name, n - 1) == 0;
}

static const struct row *
find(const struct cooked *c, const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if ((rows[i].of & 1U << c->of) != 0 && is_named(&rows[i], name, len))
			return &rows[i];
	return NULL;
}

size_t
cooked_value(const struct cooked *c, const char *name, size_t name_len, const char *value,
    size_t len, char out[COOKED_MAX], bool *is_block_out)
{
	const struct row *row = find(c, name, name_len);
	bool is_good = (row ? row->cook : cook_as_is)(c, value, len, out, COOKED_MAX - 1);
	size_t n = strlen(out);

	/* An empty value is a value the daemon does not have: nothing is wrong with it.
	 */
	if (!is_good && len > 0)
		n += text_format(out + n, COOKED_MAX - n, "?");
	if (is_block_out)
		*is_block_out = row && row->shape == BLOCK;
	return n;
}

bool
cooked_has_words(const struct cooked *c, const char *name, size_t name_len)
{
	const struct row *row = find(c, name, name_len);

	return row && (row->shape == WORDS || row->shape == CODE);
}

bool
cooked_is_number(const struct cooked *c, const char *name, size_t name_len)
{
	const struct row *row = find(c, name, name_len);

	return row && (row->shape == NUMBER || row->shape == CODE);
}

/* --- status words ------------------------------------------------------------------- */

static size_t
events(char *out, size_t cap, uint8_t count, const char *text)
{
	return text_format(out, cap, ", %u event%s, %s", count, count == 1 ? "" : "s",
	    text);
}

/* "unknown" with its number, where the table ends. */
static const char *
word_or_code(const char *text, uint8_t code, char out[16])
{
	if (strcmp(text, "unknown") != 0)
		return text;
	text_format(out, 16, "event_%u?", code);
	return out;
}

/* Up to 4.2.4 a bit of the source says that a PPS signal disciplines the clock besides.
 */
enum { OLD_PPS = 0x20 };

static size_t
system_status(const struct cooked *c, uint16_t word, char *out, size_t cap)
{
	struct m6_system_status s = m6_system_status(word);
	bool has_pps = c->era == M6_ERA_OLD && (s.source & OLD_PPS) != 0;
	const char *source;
	char number[16], event[16];
	size_t n;

	if (has_pps)
		s.source &= (uint8_t)~OLD_PPS;
	source = m6_source_text(s.source);

	if (strcmp(source, "unknown") == 0) {
		text_format(number, sizeof(number), "sync_%u?", s.source);
		source = number;
	}
	n = text_format(out, cap, "%s, %s%s", m6_leap_text(s.leap), source,
	    has_pps ? "/PPS" : "");
	return n +
	    events(out + n, cap - n, s.count,
		word_or_code(m6_system_event_text(c->era, s.event), s.event, event));
}

static size_t
peer_status(const struct cooked *c, uint16_t word, char *out, size_t cap)
{
	struct m6_peer_status s = m6_peer_status(word);
	char event[16];
	size_t n = text_format(out, cap, "%s%s%s%s%ssel_%s",
	    s.is_configured ? "conf, " : "", s.is_authenable ? "authenb, " : "",
	    s.is_authentic ? "auth, " : "", s.is_reachable ? "reach, " : "",
	    s.is_broadcast ? "bcast, " : "", m6_selection_text(s.selection));

	return n +
	    events(out + n, cap - n, s.count,
		word_or_code(m6_peer_event_text(c->era, s.event), s.event, event));
}

/* Daemons up to 4.2.4 have the present state in the upper octet. */
static size_t
clock_status(const struct cooked *c, uint16_t word, char *out, size_t cap)
{
	struct m6_clock_status s = m6_clock_status(word);
	char event[16], state[16];

	if (c->era == M6_ERA_OLD)
		return text_format(out, cap, "%s, last %s",
		    word_or_code(m6_clock_event_text((uint8_t)(word >> 8)),
			(uint8_t)(word >> 8), state),
		    word_or_code(m6_clock_event_text(s.event), s.event, event));
	return text_format(out, cap, "%u event%s, %s", s.count, s.count == 1 ? "" : "s",
	    word_or_code(m6_clock_event_text(s.event), s.event, event));
}

size_t
cooked_status(const struct cooked *c, uint16_t word, char *out, size_t cap)
{
	switch (c->of) {
	case COOKED_SYSTEM:
		return system_status(c, word, out, cap);
	case COOKED_PEER:
		return peer_status(c, word, out, cap);
	case COOKED_CLOCK:
		break;
	}
	return clock_status(c, word, out, cap);
}
