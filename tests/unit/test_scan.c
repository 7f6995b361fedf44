/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers from text: every row is {text, result, value}. */
#include "support/check.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/scan.h"

/* 64 and 65 digits. */
#define ZEROS_60 "000000000000000000000000000000000000000000000000000000000000"

/* A copy without anything behind it, so that a read beyond the length is found. */
static char *
exact(const char *text, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	return copy;
}

#define CHECK_ROWS(rows, type, scan) \
	for (size_t i = 0; i < COUNT(rows); i++) { \
		type value = 77; \
		size_t len = strlen((rows)[i].text); \
		char *text = exact((rows)[i].text, len); \
		int rc = scan; \
		if (rc != (rows)[i].rc || \
		    value != ((rows)[i].rc == 0 ? (rows)[i].value : 77)) \
			fail_msg("%s: result %d", (rows)[i].text, rc); \
		free(text); \
	}

static void
u64_takes_digits_only(void **state)
{
	static const struct {
		const char *text;
		int rc;
		uint64_t value;
	} rows[] = {
		{ "", ERR_SYNTAX, 0 },
		{ "0", 0, 0 },
		{ "007", 0, 7 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", ERR_RANGE, 0 },
		{ "18446744073709551620", ERR_RANGE, 0 },
		{ "99999999999999999999999999999999", ERR_RANGE, 0 },
		{ "99999999999999999999999999999999x", ERR_SYNTAX, 0 },
		{ "+1", ERR_SYNTAX, 0 },
		{ "-1", ERR_SYNTAX, 0 },
		{ " 1", ERR_SYNTAX, 0 },
		{ "1 ", ERR_SYNTAX, 0 },
		{ "1.0", ERR_SYNTAX, 0 },
		{ "1a", ERR_SYNTAX, 0 },
		{ "0x1", ERR_SYNTAX, 0 },
		{ "\xb2", ERR_SYNTAX, 0 },
		{ ZEROS_60 "1234", 0, 1234 },
		{ ZEROS_60 "12345", ERR_TOOBIG, 0 },
	};

	(void)state;
	CHECK_ROWS(rows, uint64_t, scan_u64(text, len, &value))
}

static void
u32_ends_at_its_limit(void **state)
{
	static const struct {
		const char *text;
		int rc;
		uint32_t value;
	} rows[] = {
		{ "", ERR_SYNTAX, 0 },
		{ "4294967294", 0, UINT32_MAX - 1 },
		{ "4294967295", 0, UINT32_MAX },
		{ "4294967296", ERR_RANGE, 0 },
		{ "18446744073709551616", ERR_RANGE, 0 },
		{ "18446744073709551617", ERR_RANGE, 0 },
		{ "12,3", ERR_SYNTAX, 0 },
	};

	(void)state;
	CHECK_ROWS(rows, uint32_t, scan_u32(text, len, &value))
}

static void
i64_takes_a_sign(void **state)
{
	static const struct {
		const char *text;
		int rc;
		int64_t value;
	} rows[] = {
		{ "", ERR_SYNTAX, 0 },
		{ "+", ERR_SYNTAX, 0 },
		{ "-", ERR_SYNTAX, 0 },
		{ "--1", ERR_SYNTAX, 0 },
		{ "+-1", ERR_SYNTAX, 0 },
		{ "- 1", ERR_SYNTAX, 0 },
		{ "1-", ERR_SYNTAX, 0 },
		{ "0", 0, 0 },
		{ "-0", 0, 0 },
		{ "+5", 0, 5 },
		{ "-5", 0, -5 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "9223372036854775808", ERR_RANGE, 0 },
		{ "-9223372036854775808", 0, INT64_MIN },
		{ "-9223372036854775809", ERR_RANGE, 0 },
		{ "-" ZEROS_60 "123", 0, -123 },
		{ "-" ZEROS_60 "1234", ERR_TOOBIG, 0 },
	};

	(void)state;
	CHECK_ROWS(rows, int64_t, scan_i64(text, len, &value))
}

static void
i32_ends_at_its_limits(void **state)
{
	static const struct {
		const char *text;
		int rc;
		int32_t value;
	} rows[] = {
		{ "", ERR_SYNTAX, 0 },
		{ "-", ERR_SYNTAX, 0 },
		{ "2147483647", 0, INT32_MAX },
		{ "2147483648", ERR_RANGE, 0 },
		{ "-2147483648", 0, INT32_MIN },
		{ "-2147483649", ERR_RANGE, 0 },
		{ "-20", 0, -20 },
		{ "-20;", ERR_SYNTAX, 0 },
	};

	(void)state;
	CHECK_ROWS(rows, int32_t, scan_i32(text, len, &value))
}

static void
hex32_has_no_prefix(void **state)
{
	static const struct {
		const char *text;
		int rc;
		uint32_t value;
	} rows[] = {
		{ "", ERR_SYNTAX, 0 },
		{ "0", 0, 0 },
		{ "eeab5fc6", 0, 0xeeab5fc6 },
		{ "EEAB5FC6", 0, 0xeeab5fc6 },
		{ "ffffffff", 0, UINT32_MAX },
		{ "0ffffffff", 0, UINT32_MAX },
		{ "100000000", ERR_RANGE, 0 },
		{ "0x1f", ERR_SYNTAX, 0 },
		{ "1g", ERR_SYNTAX, 0 },
		{ "@", ERR_SYNTAX, 0 },
		{ "`", ERR_SYNTAX, 0 },
		{ "-1", ERR_SYNTAX, 0 },
	};

	(void)state;
	CHECK_ROWS(rows, uint32_t, scan_hex32(text, len, &value))
}

static void
hexany_reads_both_forms(void **state)
{
	static const struct {
		const char *text;
		int rc;
		uint64_t value;
	} rows[] = {
		{ "", ERR_SYNTAX, 0 },
		{ "0x", ERR_SYNTAX, 0 },
		{ "0x0", 0, 0 },
		{ "0", 0, 0 },
		{ "31", 0, 31 },
		{ "0x1f", 0, 31 },
		{ "0X1F", 0, 31 },
		{ "1f", ERR_SYNTAX, 0 },
		{ "0x0x1", ERR_SYNTAX, 0 },
		{ "00x1", ERR_SYNTAX, 0 },
		{ "-0x1", ERR_SYNTAX, 0 },
		{ "0xffffffffffffffff", 0, UINT64_MAX },
		{ "0x10000000000000000", ERR_RANGE, 0 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", ERR_RANGE, 0 },
		{ "0x" ZEROS_60 "ff", 0, 0xff },
		{ "0x" ZEROS_60 "fff", ERR_TOOBIG, 0 },
	};

	(void)state;
	CHECK_ROWS(rows, uint64_t, scan_hexany(text, len, &value))
}

struct decimal_row {
	const char *text;
	unsigned scale;
	int rc;
	int64_t value;
};

static void
check_decimals(const struct decimal_row *rows, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; i++) {
		int64_t value = 77;
		size_t len = strlen(rows[i].text);
		char *text = exact(rows[i].text, len);
		int rc = scan_decimal(text, len, rows[i].scale, &value);
		if (rc != rows[i].rc || value != (rc == 0 ? rows[i].value : 77))
			fail_msg("%s at %u: result %d, value %lld", rows[i].text,
			    rows[i].scale, rc, (long long)value);
		free(text);
	}
}

static void
decimals_are_exact(void **state)
{
	static const struct decimal_row rows[] = {
		{ "0", 0, 0, 0 },
		{ "-0.000", 6, 0, 0 },
		{ "0.069854", 6, 0, 69854 },
		{ "0.1", 12, 0, 100000000000 },
		{ "-12.345", 3, 0, -12345 },
		{ "+12.345", 6, 0, 12345000 },
		{ ".5", 1, 0, 5 },
		{ "-.25", 2, 0, -25 },
		{ "15937.500000", 6, 0, 15937500000 },
		{ "00012", 0, 0, 12 },
		{ "100", 0, 0, 100 },
		{ "0.00100", 3, 0, 1 },
	};

	(void)state;
	check_decimals(rows, COUNT(rows));
}

static void
excess_digits_round_half_away_from_zero(void **state)
{
	static const struct decimal_row rows[] = {
		{ "0.4", 0, 0, 0 },
		{ "0.49999999999999999999", 0, 0, 0 },
		{ "0.5", 0, 0, 1 },
		{ "-0.4", 0, 0, 0 },
		{ "-0.5", 0, 0, -1 },
		{ "1.5", 0, 0, 2 },
		{ "2.5", 0, 0, 3 },
		{ "-2.5", 0, 0, -3 },
		{ "9.99", 1, 0, 100 },
		{ "0.05", 0, 0, 0 },
		{ "0.0000005", 6, 0, 1 },
		{ "0.00000049", 6, 0, 0 },
		{ "0.0000000005", 6, 0, 0 },
	};

	(void)state;
	check_decimals(rows, COUNT(rows));
}

static void
exponents_are_bounded(void **state)
{
	static const struct decimal_row rows[] = {
		{ "1e0", 0, 0, 1 },
		{ "1e-06", 9, 0, 1000 },
		{ "1E+3", 0, 0, 1000 },
		{ "-1.5e-3", 6, 0, -1500 },
		{ "0.0015e3", 1, 0, 15 },
		{ "5e-1", 0, 0, 1 },
		{ "5e-2", 0, 0, 0 },
		{ "1e18", 0, 0, 1000000000000000000 },
		{ "1e19", 0, ERR_RANGE, 0 },
		{ "1e20", 0, ERR_RANGE, 0 },
		{ "1e6", 12, 0, 1000000000000000000 },
		{ "1e7", 12, ERR_RANGE, 0 },
		{ "1e99999999999999999999999", 0, ERR_RANGE, 0 },
		{ "-1e99999999999999999999999", 0, ERR_RANGE, 0 },
		{ "1e-99999999999999999999999", 12, 0, 0 },
		{ "0e99999999999999999999999", 12, 0, 0 },
		{ "0.000e2147483648", 12, 0, 0 },
		{ "0.0000000000000000000000000000000000000001e40", 0, 0, 1 },
		{ "10000000000000000000000000000000000000000e-40", 0, 0, 1 },
		{ "1e1000", 0, ERR_RANGE, 0 },
		{ "1e-1000", 0, 0, 0 },
	};

	(void)state;
	check_decimals(rows, COUNT(rows));
}

static void
decimals_end_at_their_limit(void **state)
{
	static const struct decimal_row rows[] = {
		{ "999999999999999999", 0, 0, 999999999999999999 },
		{ "1000000000000000000", 0, 0, 1000000000000000000 },
		{ "-1000000000000000000", 0, 0, -1000000000000000000 },
		{ "1000000000000000001", 0, ERR_RANGE, 0 },
		{ "-1000000000000000001", 0, ERR_RANGE, 0 },
		{ "999999999999999999.5", 0, 0, 1000000000000000000 },
		{ "1000000000000000000.5", 0, ERR_RANGE, 0 },
		{ "9999999999999999999", 0, ERR_RANGE, 0 },
		{ "18446744073709551616", 0, ERR_RANGE, 0 },
		{ "18446744073709551617", 0, ERR_RANGE, 0 },
		{ "1000000000", 9, 0, 1000000000000000000 },
		{ "1000000000.000000001", 9, ERR_RANGE, 0 },
		{ "1000000", 12, 0, 1000000000000000000 },
		{ ZEROS_60 "0001", 0, 0, 1 },
		{ ZEROS_60 "00001", 0, ERR_TOOBIG, 0 },
	};

	(void)state;
	check_decimals(rows, COUNT(rows));
}

static void
what_is_no_decimal_is_refused(void **state)
{
	static const struct decimal_row rows[] = {
		{ "", 3, ERR_SYNTAX, 0 },
		{ "+", 3, ERR_SYNTAX, 0 },
		{ "-", 3, ERR_SYNTAX, 0 },
		{ ".", 3, ERR_SYNTAX, 0 },
		{ "-.", 3, ERR_SYNTAX, 0 },
		{ "5.", 3, ERR_SYNTAX, 0 },
		{ "0.", 3, ERR_SYNTAX, 0 },
		{ "1..2", 3, ERR_SYNTAX, 0 },
		{ "1.2.3", 3, ERR_SYNTAX, 0 },
		{ "1,2", 3, ERR_SYNTAX, 0 },
		{ "e5", 3, ERR_SYNTAX, 0 },
		{ ".e5", 3, ERR_SYNTAX, 0 },
		{ "1e", 3, ERR_SYNTAX, 0 },
		{ "1e+", 3, ERR_SYNTAX, 0 },
		{ "1e-", 3, ERR_SYNTAX, 0 },
		{ "1e--1", 3, ERR_SYNTAX, 0 },
		{ "1e1.5", 3, ERR_SYNTAX, 0 },
		{ "1e5x", 3, ERR_SYNTAX, 0 },
		{ "1e99999999999999999999x", 3, ERR_SYNTAX, 0 },
		{ "--1", 3, ERR_SYNTAX, 0 },
		{ "1-", 3, ERR_SYNTAX, 0 },
		{ " 1", 3, ERR_SYNTAX, 0 },
		{ "1 ", 3, ERR_SYNTAX, 0 },
		{ "1\n", 3, ERR_SYNTAX, 0 },
		{ "nan", 3, ERR_SYNTAX, 0 },
		{ "inf", 3, ERR_SYNTAX, 0 },
		{ "-inf", 3, ERR_SYNTAX, 0 },
		{ "0x10", 3, ERR_SYNTAX, 0 },
		{ "0x1p3", 3, ERR_SYNTAX, 0 },
		{ "0.Pa\xab\xee", 3, ERR_SYNTAX, 0 },
		{ "0\xc6_\xab\xee", 3, ERR_SYNTAX, 0 },
		{ "99999999999999999999999x", 3, ERR_SYNTAX, 0 },
	};

	(void)state;
	check_decimals(rows, COUNT(rows));
}

static void
a_zero_byte_is_no_digit(void **state)
{
	uint64_t u = 77;
	int64_t d = 77;

	(void)state;
	assert_int_equal(scan_u64("1\0", 2, &u), ERR_SYNTAX);
	assert_int_equal(scan_decimal("1\0", 2, 0, &d), ERR_SYNTAX);
	assert_int_equal(scan_decimal("1\0e1", 4, 0, &d), ERR_SYNTAX);
	assert_int_equal(u, 77);
	assert_int_equal(d, 77);
}

/* Every number with three decimals survives the way out and in again. */
static void
every_thousandth_is_exact(void **state)
{
	(void)state;
	for (int n = -20000; n <= 20000; n++) {
		char text[32];
		int64_t value = 0;
		int len = snprintf(text, sizeof(text), "%s%d.%03d", n < 0 ? "-" : "",
		    abs(n) / 1000, abs(n) % 1000);
		assert_int_equal(scan_decimal(text, (size_t)len, 3, &value), 0);
		assert_int_equal(value, n);
		assert_int_equal(scan_decimal(text, (size_t)len, 6, &value), 0);
		assert_int_equal(value, n * INT64_C(1000));
	}
}

static void
the_locale_changes_nothing(void **state)
{
	static const char *const names[] = { "de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "" };
	int64_t value = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		setlocale(LC_ALL, names[i]);
		assert_int_equal(scan_decimal("1.5", 3, 1, &value), 0);
		assert_int_equal(value, 15);
		assert_int_equal(scan_decimal("1,5", 3, 1, &value), ERR_SYNTAX);
	}
	setlocale(LC_ALL, "C");
}

static void
blanks_are_trimmed_at_both_ends(void **state)
{
	static const struct {
		const char *text;
		size_t start, len;
	} rows[] = {
		{ "", 0, 0 },
		{ "a", 0, 1 },
		{ " \t\r\na b\r\n \t", 4, 3 },
		{ "a ", 0, 1 },
		{ " a", 1, 1 },
		{ "\va\f", 0, 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len = strlen(rows[i].text);
		const char *trimmed = scan_trim(rows[i].text, &len);
		assert_int_equal(len, rows[i].len);
		assert_ptr_equal(trimmed, rows[i].text + rows[i].start);
	}
	size_t len = 3;
	scan_trim(" \r\n", &len);
	assert_int_equal(len, 0);
}

static void
words_are_compared_whole(void **state)
{
	(void)state;
	assert_true(scan_is("offset", 6, "offset"));
	assert_true(scan_is("offset,", 6, "offset"));
	assert_true(scan_is(NULL, 0, ""));
	assert_false(scan_is("offset", 5, "offset"));
	assert_false(scan_is("offset", 6, "offse"));
	assert_false(scan_is("Offset", 6, "offset"));
	assert_false(scan_is("offset\0", 7, "offset"));
	assert_false(scan_is("", 0, "a"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u64_takes_digits_only),
		cmocka_unit_test(u32_ends_at_its_limit),
		cmocka_unit_test(i64_takes_a_sign),
		cmocka_unit_test(i32_ends_at_its_limits),
		cmocka_unit_test(hex32_has_no_prefix),
		cmocka_unit_test(hexany_reads_both_forms),
		cmocka_unit_test(decimals_are_exact),
		cmocka_unit_test(excess_digits_round_half_away_from_zero),
		cmocka_unit_test(exponents_are_bounded),
		cmocka_unit_test(decimals_end_at_their_limit),
		cmocka_unit_test(what_is_no_decimal_is_refused),
		cmocka_unit_test(a_zero_byte_is_no_digit),
		cmocka_unit_test(every_thousandth_is_exact),
		cmocka_unit_test(the_locale_changes_nothing),
		cmocka_unit_test(blanks_are_trimmed_at_both_ends),
		cmocka_unit_test(words_are_compared_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
