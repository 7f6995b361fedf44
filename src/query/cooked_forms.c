/* SPDX-License-Identifier: BSD-2-Clause */
/* The forms a value can have, each by itself. */
#include "query/cooked_forms.h"

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

bool
cook_as_is(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	(void)c;
	text_format(out, cap, "%.*s", (int)len, text);
	return true;
}

bool
cook_integer(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint64_t number;
	int64_t signed_number;

	cook_as_is(c, text, len, out, cap);
	return scan_hexany(text, len, &number) == 0 ||
	    scan_i64(text, len, &signed_number) == 0;
}

bool
cook_decimal(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	int64_t number;

	cook_as_is(c, text, len, out, cap);
	return scan_decimal(text, len, 9, &number) == 0;
}

/* Two bits, as they stand in a packet. */
bool
cook_leap(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint8_t leap;

	if (!ntp_parse_leap(text, len, &leap)) {
		cook_as_is(c, text, len, out, cap);
		return false;
	}
	text_format(out, cap, "%u%u %s", leap >> 1U, leap & 1U, m6_leap_text(leap));
	return true;
}

/* The last eight polls, the newest one rightmost. */
bool
cook_reach(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint32_t reach;

	if (!ntp_parse_reach(text, len, &reach)) {
		cook_as_is(c, text, len, out, cap);
		return false;
	}
	text_format(out, cap, "%03o", reach);
	return true;
}

bool
cook_mode(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	static const char *const modes[] = { "unspec", "sym_active", "sym_passive",
		"client", "server", "broadcast", "control", "private" };
	uint8_t mode;

	if (!ntp_parse_mode(text, len, &mode)) {
		cook_as_is(c, text, len, out, cap);
		return false;
	}
	text_format(out, cap, "%u %s", mode, modes[mode]);
	return true;
}

bool
cook_address(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct addr a;

	cook_as_is(c, text, len, out, cap);
	return addr_parse(text, len, &a) == 0;
}

bool
cook_socket(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct addr a;

	cook_as_is(c, text, len, out, cap);
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
bool
cook_stamp(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct ntp_stamp stamp;
	char date[40];
	int64_t ns, s;

	if (ntp_stamp_parse(text, len, &stamp) != 0) {
		cook_as_is(c, text, len, out, cap);
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

bool
cook_calendar(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	int64_t unix_s;

	if (!ntp_parse_date(text, len, &unix_s)) {
		cook_as_is(c, text, len, out, cap);
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

enum { REFID_LETTERS = 4 };

/* NTPsec writes the letters of a clock's reference id as an address: "76.83.69.67". */
static bool
letters_of_address(const char *text, size_t len, char out[REFID_LETTERS + 1])
{
	struct addr a;
	size_t n = REFID_LETTERS;

	if (addr_parse(text, len, &a) != 0 || a.family != ADDR_IPV4)
		return false;
	while (n > 1 && a.bytes[n - 1] == 0)
		n--;
	for (size_t i = 0; i < n; i++)
		if (a.bytes[i] <= ' ' || a.bytes[i] >= 0x7f)
			return false;
	memcpy(out, a.bytes, n);
	out[n] = '\0';
	return true;
}

/* What stands in place of a source's address, and what it stands for. */
bool
cook_refid(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct ntp_label label;
	struct ntp_refid refid;
	char offset[40], letters[REFID_LETTERS + 1];

	(void)ntp_parse_label(text, len, &label); /* any text is one */
	size_t n = cooked_refid(text, len, out, cap);
	if (c->of == COOKED_CLOCK && letters_of_address(text, len, letters)) {
		text_format(out + n, cap - n, " .%s.", letters);
		return true;
	}
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

bool
cook_flash(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint64_t bits;

	if (scan_hexany(text, len, &bits) != 0 || bits > UINT32_MAX) {
		cook_as_is(c, text, len, out, cap);
		return false;
	}
	return cooked_flash(c->tests, (uint32_t)bits, out, cap);
}

/* Of Autokey, or what was fudged of a clock. */
bool
cook_flags(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint64_t bits;

	if (scan_hexany(text, len, &bits) != 0 || bits > UINT32_MAX) {
		cook_as_is(c, text, len, out, cap);
		return false;
	}
	if (c->of == COOKED_CLOCK)
		return cooked_fudge((uint32_t)bits, out, cap);
	return cooked_autokey(c->era, (uint32_t)bits, out, cap);
}

/* "subject issuer 0xflags" and perhaps a file stamp. */
bool
cook_cert(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	struct ntp_certs certs = { .n = 0 };
	char flags[80], made[40];

	if (!ntp_parse_cert(text, len, &certs) || certs.n != 1) {
		cook_as_is(c, text, len, out, cap);
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
bool
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

/* --- codes with words --------------------------------------------------------------- */

/* A number and the word for it. */
static bool
code(const char *const *words, size_t n_words, const char *text, size_t len, char *out,
    size_t cap)
{
	uint32_t number;

	if (scan_u32(text, len, &number) != 0 || number >= n_words) {
		text_format(out, cap, "%.*s", (int)len, text);
		return false;
	}
	text_format(out, cap, "%u %s", number, words[number]);
	return true;
}

bool
cook_config(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	static const char *const words[] = { "ephemeral", "configured" };

	(void)c;
	return code(words, COUNT_OF(words), text, len, out, cap);
}

/* The other way round than the bit of the status word. */
bool
cook_authenable(const struct cooked *c, const char *text, size_t len, char *out,
    size_t cap)
{
	static const char *const words[] = { "with a key", "without a key" };

	(void)c;
	return code(words, COUNT_OF(words), text, len, out, cap);
}

bool
cook_authentic(const struct cooked *c, const char *text, size_t len, char *out,
    size_t cap)
{
	static const char *const words[] = { "not authentic", "authentic" };

	(void)c;
	return code(words, COUNT_OF(words), text, len, out, cap);
}

bool
cook_selection(const struct cooked *c, const char *text, size_t len, char *out,
    size_t cap)
{
	uint8_t selection;

	if (!ntp_parse_mode(text, len, &selection)) {
		cook_as_is(c, text, len, out, cap);
		return false;
	}
	text_format(out, cap, "%u sel_%s", selection, m6_selection_text(selection));
	return true;
}

/* Of the clock discipline; daemons up to 4.2.4. */
bool
cook_state(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	static const char *const words[] = { "never set", "frequency set", "time set",
		"frequency mode", "synchronised", "spike" };

	(void)c;
	return code(words, COUNT_OF(words), text, len, out, cap);
}

bool
cook_cookies(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	bool is_good = cook_integer(c, text, len, out, cap);

	if (scan_is(text, len, "-1"))
		text_format(out, cap, "-1 no NTS");
	return is_good;
}

bool
cook_monitor(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint64_t bits;

	if (scan_hexany(text, len, &bits) != 0 || bits > UINT32_MAX) {
		cook_as_is(c, text, len, out, cap);
		return false;
	}
	return cooked_monitor((uint32_t)bits, out, cap);
}

/* Words, or a number of NTPsec since 1.2.3. */
bool
cook_kernel(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	uint32_t bits;

	if (scan_u32(text, len, &bits) == 0)
		return cooked_kernel(bits, out, cap);
	cook_as_is(c, text, len, out, cap);
	return ntp_parse_kstatus(text, len, &bits);
}

/* When a key is valid: "first:last", of 2005. */
bool
cook_valid(const struct cooked *c, const char *text, size_t len, char *out, size_t cap)
{
	const char *colon = memchr(text, ':', len);
	int64_t first_s, last_s;
	size_t n;

	if (!colon || !ntp_parse_date(text, (size_t)(colon - text), &first_s) ||
	    !ntp_parse_date(colon + 1, len - (size_t)(colon - text) - 1, &last_s)) {
		cook_as_is(c, text, len, out, cap);
		return false;
	}
	n = cooked_date(first_s, out, cap);
	n += text_format(out + n, cap - n, " to ");
	cooked_date(last_s, out + n, cap - n);
	return true;
}
