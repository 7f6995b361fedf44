/* SPDX-License-Identifier: BSD-2-Clause */
/* Parsers of values that are made of several. */
#include <string.h>

#include "base/scan.h"
#include "base/text.h"
#include "model/vars.h"

/* Seconds from 1900 to 1970. */
#define NTP_TO_UNIX_S INT64_C(2208988800)

/* The next word of a text, up to a blank; *text moves behind it. False at the end. */
static bool
next_word(const char **text, size_t *len, const char **word_out, size_t *word_len_out)
{
	size_t n = 0;

	while (*len > 0 && **text == ' ') {
		(*text)++;
		(*len)--;
	}
	while (n < *len && (*text)[n] != ' ')
		n++;
	*word_out = *text;
	*word_len_out = n;
	*text += n;
	*len -= n;
	return n > 0;
}

bool
ntp_parse_socket(const char *text, size_t len, void *field)
{
	struct addr addr;
	uint32_t port;
	size_t at = len;

	while (at > 0 && text[at - 1] != ':')
		at--;
	if (at == 0 || scan_u32(text + at, len - at, &port) != 0 || port > UINT16_MAX)
		return false;
	len = at - 1;
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (addr_parse(text, len, &addr) != 0)
		return false;
	addr.port = (uint16_t)port;
	*(struct addr *)field = addr;
	return true;
}

bool
ntp_parse_date(const char *text, size_t len, void *field)
{
	uint32_t seconds;

	if (ntp_calendar_parse(text, len, field) == 0)
		return true;
	if (scan_u32(text, len, &seconds) != 0)
		return false;
	/* Only daemons of era 0 write dates so. */
	*(int64_t *)field = seconds == 0 ? 0 : (int64_t)seconds - NTP_TO_UNIX_S;
	return true;
}

/* --- the kernel's status ------------------------------------------------------------ */

/* In the order of their bits. */
static const char *const kernel_words[] = { "pll", "ppsfreq", "ppstime", "fll", "ins",
	"del", "unsync", "freqhold", "ppssignal", "ppsjitter", "ppswander", "ppserror",
	"clockerr", "nano", "mode=fll", "src=B" };

const char *
ntp_kernel_word(unsigned bit)
{
	return bit < sizeof(kernel_words) / sizeof(kernel_words[0]) ? kernel_words[bit]
								    : NULL;
}

static bool
kernel_bit(const char *word, size_t len, uint32_t *flags)
{
	for (size_t i = 0; i < sizeof(kernel_words) / sizeof(kernel_words[0]); i++) {
		if (!scan_is(word, len, kernel_words[i]))
			continue;
		*flags |= UINT32_C(1) << i;
		return true;
	}
	return false;
}

bool
ntp_parse_kstatus(const char *text, size_t len, void *field)
{
	const char *word;
	uint32_t flags = 0;
	size_t n;

	if (scan_u32(text, len, &flags) != 0)
		while (next_word(&text, &len, &word, &n))
			if (!kernel_bit(word, n, &flags))
				return false;
	*(uint32_t *)field = flags;
	return true;
}

/* --- the clock filter --------------------------------------------------------------- */

/* A number with exactly two decimals, as microseconds. */
static bool
parse_sample(const char *text, size_t len, int32_t *out)
{
	enum { TAIL = 3 };
	int64_t value;

	if (len <= TAIL || text[len - TAIL] != '.' || text[0] == '+' ||
	    scan_decimal(text, len, 3, &value) != 0)
		return false;
	if (value < INT32_MIN || value > INT32_MAX)
		return false;
	*out = (int32_t)value;
	return true;
}

bool
ntp_parse_filter(const char *text, size_t len, void *field)
{
	struct ntp_filter filter;
	const char *word;
	size_t n, count = 0;

	while (next_word(&text, &len, &word, &n)) {
		if (count == NTP_FILTER_SAMPLES ||
		    !parse_sample(word, n, &filter.us[count]))
			return false;
		count++;
	}
	if (count != NTP_FILTER_SAMPLES)
		return false;
	memcpy(field, &filter, sizeof(filter));
	return true;
}

/* --- certificates ------------------------------------------------------------------- */

bool
ntp_parse_cert(const char *text, size_t len, void *field)
{
	enum { SUBJECT, ISSUER, FLAGS, MADE, WORDS };
	struct ntp_certs *certs = field;
	struct ntp_cert cert = { .flags = 0 };
	const char *words[WORDS] = { NULL };
	size_t lens[WORDS] = { 0 }, n = 0;

	while (n < WORDS && next_word(&text, &len, &words[n], &lens[n]))
		n++;
	if (n < MADE || scan_trim(text, &len) != text || len > 0 ||
	    !ntp_parse_u32(words[FLAGS], lens[FLAGS], &cert.flags) ||
	    (n > MADE && !ntp_parse_date(words[MADE], lens[MADE], &cert.made_s)))
		return false;
	(void)ntp_parse_label(words[SUBJECT], lens[SUBJECT], &cert.subject);
	(void)ntp_parse_label(words[ISSUER], lens[ISSUER], &cert.issuer);
	if (certs->n < NTP_CERTS_MAX)
		certs->items[certs->n++] = cert;
	return true;
}

bool
ntp_parse_until(const char *text, size_t len, void *field)
{
	struct ntp_certs *certs = field;

	/* A second date is of a certificate that was left out. */
	return certs->n > 0 && certs->n <= NTP_CERTS_MAX &&
	    certs->items[certs->n - 1].until_s == 0 &&
	    ntp_parse_date(text, len, &certs->items[certs->n - 1].until_s);
}
