/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-made number parsers: no locale, no errno, no floating point. */
#include "base/scan.h"

#include <string.h>

#include "base/err.h"

/* The largest magnitude of scan_decimal, in units, and its digits. */
static const uint64_t decimal_max = UINT64_C(1000000000000000000);
enum { DECIMAL_DIGITS_MAX = 19 };

/* Beyond any combination of SCAN_NUMBER_MAX digits, scale and DECIMAL_DIGITS_MAX: a
 * larger exponent changes nothing any more. */
enum { EXPONENT_MAX = 1000 };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The value of a digit in bases up to 16, or 16. */
static unsigned
digit_value(char c)
{
	if (is_digit(c))
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

/* Syntax is judged to the last character before range is. */
static int
scan_digits(const char *text, size_t len, unsigned base, uint64_t max, uint64_t *out)
{
	uint64_t limit = max / base, value = 0;
	bool is_over = false;

	if (len > SCAN_NUMBER_MAX)
		return ERR_TOOBIG;
	if (len == 0)
		return ERR_SYNTAX;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = digit_value(text[i]);
		if (digit >= base)
			return ERR_SYNTAX;
		if (value > limit || max - value * base < digit)
			is_over = true;
		else
			value = value * base + digit;
	}
	if (is_over)
		return ERR_RANGE;
	*out = value;
	return 0;
}

int
scan_u64(const char *text, size_t len, uint64_t *out)
{
	return scan_digits(text, len, 10, UINT64_MAX, out);
}

int
scan_u32(const char *text, size_t len, uint32_t *out)
{
	uint64_t value;
	int rc = scan_digits(text, len, 10, UINT32_MAX, &value);

	if (rc == 0)
		*out = (uint32_t)value;
	return rc;
}

/* A sign at *text, stepped over; true when it is a minus. */
static bool
skip_sign(const char **text, size_t *len)
{
	if (*len == 0 || (**text != '-' && **text != '+'))
		return false;
	(*len)--;
	return *(*text)++ == '-';
}

/* The limits differ by one for the two signs; `max` is that of the positive one. */
static int
scan_signed(const char *text, size_t len, uint64_t max, int64_t *out)
{
	uint64_t value;

	if (len > SCAN_NUMBER_MAX)
		return ERR_TOOBIG;
	bool is_negative = skip_sign(&text, &len);
	int rc = scan_digits(text, len, 10, is_negative ? max + 1 : max, &value);
	if (rc != 0)
		return rc;
	if (is_negative && value > 0)
		*out = -(int64_t)(value - 1) - 1;
	else
		*out = (int64_t)value;
	return 0;
}

int
scan_i64(const char *text, size_t len, int64_t *out)
{
	return scan_signed(text, len, INT64_MAX, out);
}

int
scan_i32(const char *text, size_t len, int32_t *out)
{
	int64_t value;
	int rc = scan_signed(text, len, INT32_MAX, &value);

	if (rc == 0)
		*out = (int32_t)value;
	return rc;
}

int
scan_hex32(const char *text, size_t len, uint32_t *out)
{
	uint64_t value;
	int rc = scan_digits(text, len, 16, UINT32_MAX, &value);

	if (rc == 0)
		*out = (uint32_t)value;
	return rc;
}

int
scan_hexany(const char *text, size_t len, uint64_t *out)
{
	if (len > SCAN_NUMBER_MAX)
		return ERR_TOOBIG;
	if (len >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return scan_digits(text + 2, len - 2, 16, UINT64_MAX, out);
	return scan_u64(text, len, out);
}

/* A decimal taken apart: 0.d1d2d3... times 10^point. */
struct decimal {
	char digits[SCAN_NUMBER_MAX]; /* without leading zeros */
	int n_digits;
	int point;
	bool is_negative;
};

static void
add_digit(struct decimal *d, char digit, bool is_fraction)
{
	if (d->n_digits == 0 && digit == '0') {
		if (is_fraction)
			d->point--;
		return;
	}
	d->digits[d->n_digits++] = digit;
	if (!is_fraction)
		d->point++;
}

/* The digits at *text, stepped over; how many there were. */
static size_t
take_digits(const char **text, size_t *len, bool is_fraction, struct decimal *d)
{
	size_t n = 0;

	while (n < *len && is_digit((*text)[n]))
		add_digit(d, (*text)[n++], is_fraction);
	*text += n;
	*len -= n;
	return n;
}

/* The exponent behind the 'e', to the end of the text. */
static int
take_exponent(const char *text, size_t len, struct decimal *d)
{
	bool is_negative = skip_sign(&text, &len);
	uint64_t value = 0;
	int rc = scan_digits(text, len, 10, EXPONENT_MAX, &value);

	if (rc == ERR_RANGE)
		value = EXPONENT_MAX;
	else if (rc != 0)
		return rc;
	d->point += is_negative ? -(int)value : (int)value;
	return 0;
}

static int
take_apart(const char *text, size_t len, struct decimal *d)
{
	if (len > SCAN_NUMBER_MAX)
		return ERR_TOOBIG;
	d->is_negative = skip_sign(&text, &len);
	size_t n_whole = take_digits(&text, &len, false, d);
	if (len > 0 && *text == '.') {
		text++;
		len--;
		if (take_digits(&text, &len, true, d) == 0)
			return ERR_SYNTAX;
	} else if (n_whole == 0) {
		return ERR_SYNTAX;
	}
	if (len == 0)
		return 0;
	if (*text != 'e' && *text != 'E')
		return ERR_SYNTAX;
	return take_exponent(text + 1, len - 1, d);
}

int
scan_decimal(const char *text, size_t len, unsigned scale, int64_t *out)
{
	struct decimal d = { .n_digits = 0 };
	uint64_t value = 0;

	int rc = take_apart(text, len, &d);
	if (rc != 0)
		return rc;
	int n_kept = d.point + (int)scale;
	if (d.n_digits > 0 && n_kept > DECIMAL_DIGITS_MAX)
		return ERR_RANGE;
	for (int i = 0; d.n_digits > 0 && i < n_kept; i++)
		value = value * 10 + (i < d.n_digits ? digit_value(d.digits[i]) : 0);
	if (n_kept >= 0 && n_kept < d.n_digits && d.digits[n_kept] >= '5')
		value++;
	if (value > decimal_max)
		return ERR_RANGE;
	*out = d.is_negative ? -(int64_t)value : (int64_t)value;
	return 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

const char *
scan_trim(const char *text, size_t *len)
{
	while (*len > 0 && is_blank(text[*len - 1]))
		(*len)--;
	while (*len > 0 && is_blank(*text)) {
		text++;
		(*len)--;
	}
	return text;
}

bool
scan_is(const char *text, size_t len, const char *word)
{
	if (len != strlen(word))
		return false;
	return len == 0 || memcmp(text, word, len) == 0;
}
