/* SPDX-License-Identifier: BSD-2-Clause */
/* Clean, bounded text. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

struct clean_row {
	const char *text;
	size_t cap;
	const char *expected;
};

typedef size_t clean_fn(const char *text, size_t len, char *out, size_t cap);

static void
check_rows(const struct clean_row *rows, size_t n_rows, clean_fn *clean)
{
	for (size_t i = 0; i < n_rows; i++) {
		char out[64];
		memset(out, 'x', sizeof(out));
		size_t len = clean(rows[i].text, strlen(rows[i].text), out, rows[i].cap);
		assert_string_equal(out, rows[i].expected);
		assert_int_equal(len, strlen(rows[i].expected));
		assert_true(len < rows[i].cap);
	}
}

static void
well_formed_utf8_passes(void **state)
{
	static const struct clean_row rows[] = {
		{ "", 64, "" },
		{ " ~", 64, " ~" },
		{ "\xc2\xa0\xc3\xbc\xdf\xbf", 64, "\xc2\xa0\xc3\xbc\xdf\xbf" },
		{ "\xe0\xa0\x80\xe2\x82\xac", 64, "\xe0\xa0\x80\xe2\x82\xac" },
		{ "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd", 64,
		    "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd" },
		{ "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 64,
		    "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
	};

	(void)state;
	check_rows(rows, COUNT(rows), text_utf8);
}

static void
offending_bytes_become_question_marks(void **state)
{
	static const struct clean_row rows[] = {
		{ "a\tb\r\nc\x1f\x7f", 64, "a?b??c??" },      /* controls, DEL */
		{ "\xc2\x80\xc2\x9f", 64, "????" },           /* C1 */
		{ "\xc0\xaf\xc1\xbf", 64, "????" },           /* overlong, two bytes */
		{ "\xe0\x80\xaf\xe0\x9f\xbf", 64, "??????" }, /* overlong, three */
		{ "\xf0\x80\x80\xaf\xf0\x8f\xbf\xbf", 64, "????????" },
		{ "\xed\xa0\x80\xed\xbf\xbf", 64, "??????" }, /* surrogates */
		{ "\xf4\x90\x80\x80", 64, "????" },           /* above U+10FFFF */
		{ "\xf5\x80\x80\x80\xff\xfe", 64, "??????" },
		{ "\x80\xbf", 64, "??" }, /* stray continuation */
		{ "\xc3", 64, "?" },      /* cut */
		{ "\xe2\x82", 64, "??" },
		{ "\xf0\x9f\x98", 64, "???" },
		/* cut, then going on */
		{ "\xc3_\xe2\x82_\xf0\x9f\x98_", 64, "?_??_???_" },
		{ "\xe2\x82\xc3\xbc", 64, "??\xc3\xbc" },
		{ "0\xc6_\xab\xee 0.07", 64, "0?_?? 0.07" },
	};

	(void)state;
	check_rows(rows, COUNT(rows), text_utf8);
}

static void
utf8_is_cut_between_characters(void **state)
{
	static const struct clean_row rows[] = {
		{ "abc", 1, "" },
		{ "abc", 3, "ab" },
		{ "abc", 4, "abc" },
		{ "a\xc3\xbc", 3, "a" },
		{ "a\xc3\xbc", 4, "a\xc3\xbc" },
		{ "\xe2\x82\xac", 3, "" },
		{ "\xe2\x82\xac", 4, "\xe2\x82\xac" },
		{ "\xf0\x9f\x98\x80", 4, "" },
		{ "\xf0\x9f\x98\x80z", 5, "\xf0\x9f\x98\x80" },
		{ "\x01\x02", 2, "?" },
	};

	(void)state;
	check_rows(rows, COUNT(rows), text_utf8);
}

static void
a_zero_byte_becomes_a_question_mark(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(text_utf8("a\0b", 3, out, sizeof(out)), 3);
	assert_string_equal(out, "a?b");
	assert_int_equal(text_ascii("a\0b", 3, out, sizeof(out)), 3);
	assert_string_equal(out, "a?b");
	assert_int_equal(text_utf8(NULL, 0, out, sizeof(out)), 0);
	assert_string_equal(out, "");
}

/* An independent decoder: the code point of a well-formed sequence of exactly `len`
 * bytes, or 0. */
static uint32_t
code_point(const uint8_t *s, size_t len)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	static const uint8_t lead_mask[] = { 0, 0x80, 0xe0, 0xf0, 0xf8 };

	if ((s[0] & lead_mask[len]) != lead[len])
		return 0;
	uint32_t point = s[0] & (uint8_t)~lead_mask[len];
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (s[i] & 0x3f);
	}
	if (point < lowest[len] || point > 0x10ffff ||
	    (point >= 0xd800 && point < 0xe000))
		return 0;
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ? 0 : point;
}

static void
every_pair_and_triple_of_bytes_is_judged_right(void **state)
{
	(void)state;
	for (uint32_t n = 0x800000; n <= 0xffffff; n++) {
		uint8_t bytes[3] = { (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
		/* All of the first two bytes, the edges of the third. */
		if ((bytes[2] & 0x3f) > 1 && (bytes[2] & 0x3f) < 0x3e)
			continue;
		char out[8];
		size_t len = text_utf8((const char *)bytes, 3, out, sizeof(out));
		assert_int_equal(len, 3);
		if (code_point(bytes, 3) != 0)
			assert_memory_equal(out, bytes, 3);
		else if (code_point(bytes, 2) != 0)
			assert_memory_equal(out, bytes, 2);
		else
			assert_int_equal(out[0], '?');
	}
}

static void
ascii_is_printable_ascii(void **state)
{
	static const struct clean_row rows[] = {
		{ "", 64, "" },
		{ " !~", 64, " !~" },
		{ "\x1f\x7f\xff\x80", 64, "????" },
		{ "a\xc3\xbc", 64, "a??" },
		{ "abcdef", 4, "abc" },
		{ "abc", 1, "" },
	};

	(void)state;
	check_rows(rows, COUNT(rows), text_ascii);
}

static void
format_is_cut_and_terminated(void **state)
{
	char out[5];

	(void)state;
	assert_int_equal(text_format(out, sizeof(out), "%d", 123), 3);
	assert_string_equal(out, "123");
	assert_int_equal(text_format(out, sizeof(out), "%s", "1234"), 4);
	assert_string_equal(out, "1234");
	assert_int_equal(text_format(out, sizeof(out), "%s", "12345"), 4);
	assert_string_equal(out, "1234");
	assert_int_equal(text_format(out, 1, "%s", "12345"), 0);
	assert_string_equal(out, "");
	assert_int_equal(text_format(out, sizeof(out), "%s", ""), 0);
	assert_string_equal(out, "");
}

static void
decimals_lose_only_needless_zeros(void **state)
{
	static const struct {
		int64_t value;
		unsigned scale, min;
		const char *expected;
	} rows[] = {
		{ -32000, 6, 3, "-0.032" },
		{ 0, 6, 3, "0.000" },
		{ 0, 0, 0, "0" },
		{ 0, 6, 0, "0" },
		{ 1, 6, 3, "0.000001" },
		{ -1, 6, 3, "-0.000001" },
		{ 1500000, 6, 3, "1.500" },
		{ 1500100, 6, 3, "1.5001" },
		{ 1500000, 6, 6, "1.500000" },
		{ 1500000, 6, 0, "1.5" },
		{ 2000000, 6, 0, "2" },
		{ 20, 0, 0, "20" },
		{ -7, 0, 0, "-7" },
		{ INT64_MAX, 0, 0, "9223372036854775807" },
		{ INT64_MIN, 0, 0, "-9223372036854775808" },
		{ INT64_MIN, 18, 0, "-9.223372036854775808" },
		{ INT64_MAX, 19, 3, "0.9223372036854775807" },
		{ 1000000000000000000, 12, 3, "1000000.000" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[64];
		size_t len = text_decimal(rows[i].value, rows[i].scale, rows[i].min, out,
		    sizeof(out));
		assert_string_equal(out, rows[i].expected);
		assert_int_equal(len, strlen(out));
	}
}

static void
a_decimal_is_cut_to_its_space(void **state)
{
	char out[4];

	(void)state;
	assert_int_equal(text_decimal(123456, 3, 3, out, sizeof(out)), 3);
	assert_string_equal(out, "123");
}

static void
clean_text_is_told_from_other(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		bool is_clean;
	} rows[] = {
		{ "", 0, true },
		{ "plain, with \"quotes\"", 20, true },
		{ "h\xc3\xa9", 3, true },
		{ "h\xc3\xa9", 2, false },
		{ "\xff", 1, false },
		{ "a\tb", 3, false },
		{ "a\0", 2, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (text_is_utf8(rows[i].text, rows[i].len) != rows[i].is_clean)
			fail_msg("row %zu", i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed_utf8_passes),
		cmocka_unit_test(offending_bytes_become_question_marks),
		cmocka_unit_test(utf8_is_cut_between_characters),
		cmocka_unit_test(a_zero_byte_becomes_a_question_mark),
		cmocka_unit_test(every_pair_and_triple_of_bytes_is_judged_right),
		cmocka_unit_test(ascii_is_printable_ascii),
		cmocka_unit_test(format_is_cut_and_terminated),
		cmocka_unit_test(decimals_lose_only_needless_zeros),
		cmocka_unit_test(a_decimal_is_cut_to_its_space),
		cmocka_unit_test(clean_text_is_told_from_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
