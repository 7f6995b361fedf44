/* SPDX-License-Identifier: BSD-2-Clause */
/* One row for each variable whose value has a meaning of its own. */
#include "query/cooked.h"

#include <string.h>
#include <time.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/scan.h"
#include "base/text.h"
#include "model/assoc.h"
#include "model/ntp_time.h"
#include "query/cooked_bits.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum {
	SYSTEM = 1 << COOKED_SYSTEM,
	PEER = 1 << COOKED_PEER,
	CLOCK = 1 << COOKED_CLOCK,
	ANY = SYSTEM | PEER | CLOCK,
};

/* What a value is made of: text[0..len) to out[0..cap). False: it is not what it should
 * be. */
typedef bool cook_fn(const struct cooked *c, const char *text, size_t len, char *out,
    size_t cap);

static bool
as_is(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	(void)c;
	text_format(out, cap, "%.*s", (int)len, text);
	return true;
}

static bool
cook_integer(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint64_t number;
	int64_t signed_number;

	as_is(c, text, len, out, cap);
	return scan_hexany(text, len, &number) == 0 ||
	    scan_i64(text, len, &signed_number) == 0;
}

static bool
cook_decimal(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	int64_t number;

	as_is(c, text, len, out, cap);
	return scan_decimal(text, len, 9, &number) == 0;
}

/* Two bits, as they stand in a packet. */
static bool
cook_leap(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint8_t leap;

	if (!ntp_parse_leap(text, len, &leap)) {
		as_is(c, text, len, out, cap);
		return false;
	}
	text_format(out, cap, "%u%u %s", leap >> 1U, leap & 1U, m6_leap_text(leap));
	return true;
}

/* The last eight polls, the newest one rightmost. */
static bool
cook_reach(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint32_t reach;

	if (!ntp_parse_reach(text, len, &reach)) {
		as_is(c, text, len, out, cap);
		return false;
	}
	text_format(out, cap, "%03o", reach);
	return true;
}

static bool
cook_mode(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	static const char *const modes[] = { "unspec", "sym_active", "sym_passive",
		"client", "server", "broadcast", "control", "private" };
	uint8_t mode;

	if (!ntp_parse_mode(text, len, &mode)) {
		as_is(c, text, len, out, cap);
		return false;
	}
	text_format(out, cap, "%u %s", mode, modes[mode]);
	return true;
}

static bool
cook_address(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct addr a;

	as_is(c, text, len, out, cap);
	return addr_parse(text, len, &a) == 0;
}

static bool
cook_socket(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct addr a;

	as_is(c, text, len, out, cap);
	return ntp_parse_socket(text, len, &a);
}

size_t
cooked_date(int64_t unix_s, char *out, size_t cap)
{
	time_t when = (time_t)unix_s;
	struct tm tm;

	if (!gmtime_r(&when, &tm))
		return text_format(out, cap, "?");
	return text_format(out, cap, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* The timestamp as it is, then the date: "eeab6150.f5b071f9 2026-11-20T23:43:44.959Z". */
static bool
cook_stamp(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct ntp_stamp stamp;
	char date[40];
	int64_t ns, s;

	if (ntp_stamp_parse(text, len, &stamp) != 0) {
		as_is(c, text, len, out, cap);
		return false;
	}
	if (ntp_stamp_is_zero(&stamp)) {
		text_format(out, cap, "00000000.00000000 never");
		return true;
	}
	ns = ntp_stamp_to_unix_ns(&stamp, c->now_ns);
	s = ns / NS_PER_S - (ns % NS_PER_S < 0);
	size_t n = cooked_date(s, date, sizeof(date));
	text_format(out, cap, "%08x.%08x %.*s.%03dZ", stamp.seconds, stamp.fraction,
	    (int)(n > 0 ? n - 1 : 0), date, (int)((ns - s * NS_PER_S) / NS_PER_MS));
	return true;
}

static bool
cook_calendar(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	int64_t unix_s;

	if (!ntp_parse_date(text, len, &unix_s)) {
		as_is(c, text, len, out, cap);
		return false;
	}
	if (unix_s == 0)
		text_format(out, cap, "unknown");
	else
		cooked_date(unix_s, out, cap);
	return true;
}

size_t
cooked_refid(const char *value, size_t len, char *out, size_t cap)
{
	struct addr a;

	if (len == 0)
		return text_format(out, cap, "-");
	if (addr_parse(value, len, &a) == 0)
		return addr_format(&a, false, out, cap);
	if (len <= 4)
		return text_format(out, cap, ".%.*s.", (int)len, value);
	return text_format(out, cap, "%.*s", (int)len, value);
}

/* What stands in place of a source's address, and what it stands for. */
static bool
cook_refid(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct ntp_label label;
	struct ntp_refid refid;
	char offset[40];

	if (!ntp_parse_label(text, len, &label)) {
		as_is(c, text, len, out, cap);
		return false;
	}
	size_t n = cooked_refid(text, len, out, cap);
	ntp_refid_read(&label, c->is_synced, &refid);
	switch (refid.kind) {
	case NTP_REFID_KISS_CODE:
		text_format(out + n, cap - n, " %s", cooked_kiss(text, len));
		break;
	case NTP_REFID_CLOCK_ADDRESS:
		text_format(out + n, cap - n, " reference clock %u unit %u",
		    refid.number >> 8 & 0xff, refid.number & 0xff);
		break;
	case NTP_REFID_LEAP_SMEAR:
		ntp_ms_format(ntp_refid_smear_ns(refid.number), offset, sizeof(offset));
		text_format(out + n, cap - n, " leap smear %s ms", offset);
		break;
	case NTP_REFID_NONE:
	case NTP_REFID_CLOCK:
	case NTP_REFID_ADDRESS:
	case NTP_REFID_ADDRESS_HASH:
		break;
	}
	return true;
}

static bool
cook_flash(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint64_t bits;

	if (scan_hexany(text, len, &bits) != 0 || bits > UINT32_MAX) {
		as_is(c, text, len, out, cap);
		return false;
	}
	return cooked_flash(c->era, (uint32_t)bits, out, cap);
}

/* Of Autokey, or what was fudged of a clock. */
static bool
cook_flags(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint64_t bits;

	if (scan_hexany(text, len, &bits) != 0 || bits > UINT32_MAX) {
		as_is(c, text, len, out, cap);
		return false;
	}
	if (c->of == COOKED_CLOCK)
		return cooked_fudge((uint32_t)bits, out, cap);
	return cooked_autokey(c->era, (uint32_t)bits, out, cap);
}

/* "subject issuer 0xflags" and perhaps a file stamp. */
static bool
cook_cert(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct ntp_certs certs = { .n = 0 };
	char flags[80], made[40];

	if (!ntp_parse_cert(text, len, &certs) || certs.n != 1) {
		as_is(c, text, len, out, cap);
		return false;
	}
	const struct ntp_cert *cert = &certs.items[0];
	bool is_known = cooked_cert(c->era, cert->flags, flags, sizeof(flags));
	size_t n =
	    text_format(out, cap, "subject %.*s issuer %.*s %s", (int)cert->subject.len,
		cert->subject.bytes, (int)cert->issuer.len, cert->issuer.bytes, flags);
	if (cert->made_s != 0) {
		cooked_date(cert->made_s, made, sizeof(made));
		text_format(out + n, cap - n, " made %s", made);
	}
	return is_known;
}

/* Eight columns, so that the three filters stand below each other. */
static bool
cook_filter(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	const char *end = text + len;
	bool is_good = true;
	size_t used = 0;
	int64_t number;

	(void)c;
	out[0] = '\0';
	while (text < end) {
		const char *word = text;

		while (text < end && *text != ' ')
			text++;
		if (text > word) {
			is_good = is_good &&
			    scan_decimal(word, (size_t)(text - word), 6, &number) == 0;
			used += text_format(out + used, cap - used, " %8.*s",
			    (int)(text - word), word);
		} else {
			text++;
		}
	}
	return is_good && used > 0;
}

/* --- the rows ----------------------------------------------------------------------- */

enum shape { NUMBER, WORDS, TEXT, BLOCK };

static const struct row {
	const char *name;
	unsigned of;
	enum shape shape;
	cook_fn *cook;
} rows[] = {
	/* clang-format off */
	{ "leap",              ANY,          WORDS,  cook_leap },
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
	{ "state",             SYSTEM,       NUMBER, cook_integer },
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
	{ "peermode",          SYSTEM,       WORDS,  cook_mode },
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
	{ "hmode",             PEER,         WORDS,  cook_mode },
	{ "pmode",             PEER,         WORDS,  cook_mode },
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
	{ "ntscookies",        PEER,         NUMBER, cook_integer },
	{ "received",          PEER,         NUMBER, cook_integer },
	{ "sent",              PEER,         NUMBER, cook_integer },
	{ "badauth",           PEER,         NUMBER, cook_integer },
	{ "bogusorg",          PEER,         NUMBER, cook_integer },
	{ "oldpkt",            PEER,         NUMBER, cook_integer },
	{ "seldisp",           PEER,         NUMBER, cook_integer },
	{ "selbroken",         PEER,         NUMBER, cook_integer },
	{ "candidate",         PEER,         NUMBER, cook_integer },
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
	/* clang-format on */
};

static const struct row *
find(const struct cooked *c, const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if ((rows[i].of & 1U << c->of) != 0 && scan_is(name, len, rows[i].name))
			return &rows[i];
	return NULL;
}

size_t
cooked_value(const struct cooked *c, const char *name, size_t name_len, const char *value,
    size_t len, char out[COOKED_MAX], bool *is_block_out)
{
	const struct row *row = find(c, name, name_len);
	bool is_good = (row ? row->cook : as_is)(c, value, len, out, COOKED_MAX - 1);
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

	return row && row->shape == WORDS;
}

bool
cooked_is_number(const struct cooked *c, const char *name, size_t name_len)
{
	const struct row *row = find(c, name, name_len);

	return row &&
	    (row->shape == NUMBER || row->cook == cook_leap || row->cook == cook_mode);
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

static size_t
system_status(const struct cooked *c, uint16_t word, char *out, size_t cap)
{
	struct m6_system_status s = m6_system_status(word);
	const char *source = m6_source_text(s.source);
	char number[16], event[16];
	size_t n;

	if (strcmp(source, "unknown") == 0) {
		text_format(number, sizeof(number), "sync_%u?", s.source);
		source = number;
	}
	n = text_format(out, cap, "%s, %s", m6_leap_text(s.leap), source);
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
