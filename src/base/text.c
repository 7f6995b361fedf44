/* SPDX-License-Identifier: BSD-2-Clause */
/* Cleaning, cutting and printing of text. */
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Well-formed UTF-8 by its first byte: the length, and the range of the second byte that
 * shuts out overlong forms, surrogates, C1 controls and what is above U+10FFFF. */
static const struct {
	uint8_t first_min, first_max, len, second_min, second_max;
} utf8_forms[] = {
	{ 0x20, 0x7e, 1, 0, 0 },
	{ 0xc2, 0xc2, 2, 0xa0, 0xbf },
	{ 0xc3, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* Length of the printable character at text[0..len), len > 0; 0 when there is none. */
static size_t
utf8_length(const char *text, size_t len)
{
	uint8_t first = (uint8_t)text[0];
	size_t row = 0;

	while (row < sizeof(utf8_forms) / sizeof(utf8_forms[0]) &&
	    first > utf8_forms[row].first_max)
		row++;
	if (row == sizeof(utf8_forms) / sizeof(utf8_forms[0]) ||
	    first < utf8_forms[row].first_min || len < utf8_forms[row].len)
		return 0;
	for (size_t i = 1; i < utf8_forms[row].len; i++) {
		uint8_t byte = (uint8_t)text[i];
		uint8_t min = i == 1 ? utf8_forms[row].second_min : 0x80;
		uint8_t max = i == 1 ? utf8_forms[row].second_max : 0xbf;
		if (byte < min || byte > max)
			return 0;
	}
	return utf8_forms[row].len;
}

/* Copies characters until the next one would leave no room for the terminator. */
static size_t
copy_clean(const char *text, size_t len, char *out, size_t cap,
    size_t (*length)(const char *, size_t))
{
	size_t used = 0;

	for (size_t i = 0; i < len;) {
		size_t n = length(text + i, len - i);
		if ((n == 0 ? 1 : n) > cap - 1 - used)
			break;
		if (n == 0) {
			out[used++] = '?';
			i++;
			continue;
		}
		memcpy(out + used, text + i, n);
		used += n;
		i += n;
	}
	out[used] = '\0';
	return used;
}

size_t
text_utf8(const char *text, size_t len, char *out, size_t cap)
{
	return copy_clean(text, len, out, cap, utf8_length);
}

static bool
is_printable(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* What is most of all text is told octet by octet. */
bool
text_is_utf8(const char *text, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		n = is_printable(text[i]) ? 1 : utf8_length(text + i, len - i);
		if (n == 0)
			return false;
	}
	return true;
}

static size_t
ascii_length(const char *text, size_t len)
{
	(void)len;
	return is_printable(text[0]);
}

size_t
text_ascii(const char *text, size_t len, char *out, size_t cap)
{
	return copy_clean(text, len, out, cap, ascii_length);
}

size_t
text_format(char *out, size_t cap, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(out, cap, format, args);
	va_end(args);
	if (n < 0)
		out[0] = '\0';
	if (n <= 0)
		return 0;
	return (size_t)n < cap ? (size_t)n : cap - 1;
}

/* 10^scale; every scale up to 19 fits. */
static uint64_t
power_of_ten(unsigned scale)
{
	uint64_t power = 1;

	while (scale-- > 0)
		power *= 10;
	return power;
}

enum { DECIMAL_MAX = 24 }; /* a sign, a point, a zero and the digits of 64 bits */

/* The digits of `value` before digits[at], `least` at least; where they begin. Numbers
 * are most of what is printed, and printf is slow at them. */
static size_t
put_digits(uint64_t value, unsigned least, char digits[DECIMAL_MAX], size_t at)
{
	for (unsigned n = 0; n < least || value > 0; n++) {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	}
	return at;
}

size_t
text_decimal(int64_t value, unsigned scale, unsigned min, char *out, size_t cap)
{
	assert(scale <= 19 && min <= scale);
	uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	uint64_t whole = magnitude / power_of_ten(scale);
	uint64_t fraction = magnitude % power_of_ten(scale);
	char digits[DECIMAL_MAX];
	size_t at = sizeof(digits);

	for (; scale > min && fraction % 10 == 0; scale--)
		fraction /= 10;
	if (scale > 0) {
		at = put_digits(fraction, scale, digits, at);
		digits[--at] = '.';
	}
	at = put_digits(whole, 1, digits, at);
	if (value < 0)
		digits[--at] = '-';
	size_t len = sizeof(digits) - at;
	if (len >= cap)
		len = cap - 1;
	memcpy(out, digits + at, len);
	out[len] = '\0';
	return len;
}
