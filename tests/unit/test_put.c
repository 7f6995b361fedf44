/* SPDX-License-Identifier: BSD-2-Clause */
/* What getters write: borrowed where it can be, cut where it must be. */
#include "support/check.h"

#include <string.h>

#include "snmp/put.h"

static void
octets_are_borrowed(void **state)
{
	static const char octets[] = "a\0b";
	struct mib_value value;

	(void)state;
	assert_true(mib_put_octets(&value, octets, 3));
	assert_ptr_equal(value.octets, octets);
	assert_int_equal(value.n_octets, 3);
}

static void
bits_are_counted_from_the_left(void **state)
{
	static const struct {
		uint32_t bits;
		size_t n;
		const char *octets;
	} rows[] = {
		{ 0, 1, "\0" },
		{ 0x03, 1, "\xc0" },
		{ 0x80, 1, "\x01" },
		{ 0x100, 1, "\0" },
		{ 0x8001, 2, "\x80\x01" },
		{ 0x2041, 2, "\x82\x04" },
	};
	struct mib_value value;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(mib_put_bits(&value, rows[i].bits, rows[i].n));
		assert_int_equal(value.n_octets, rows[i].n);
		assert_memory_equal(value.octets, rows[i].octets, rows[i].n);
	}
}

static void
text_is_borrowed_up_to_255_octets(void **state)
{
	char text[MIB_TEXT_MAX + 1];
	struct mib_value value;

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_true(mib_put_text(&value, text, MIB_TEXT_MAX));
	assert_ptr_equal(value.octets, text);
	assert_int_equal(value.n_octets, MIB_TEXT_MAX);

	assert_true(mib_put_text(&value, text, MIB_TEXT_MAX + 1));
	assert_ptr_equal(value.octets, value.scratch);
	assert_int_equal(value.n_octets, MIB_TEXT_MAX);
	assert_memory_equal(value.octets, text, MIB_TEXT_MAX);
}

static void
text_is_cut_between_characters(void **state)
{
	char text[MIB_TEXT_MAX + 1];
	struct mib_value value;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + MIB_TEXT_MAX - 1, "\xc3\xa9", 2);
	assert_true(mib_put_text(&value, text, MIB_TEXT_MAX + 1));
	assert_int_equal(value.n_octets, MIB_TEXT_MAX - 1);
}

static void
milliseconds_are_text_with_and_without_unit(void **state)
{
	static const struct {
		int64_t ns;
		const char *plain, *unit;
	} rows[] = {
		{ 0, "0.000", "0.000 ms" },
		{ -32000, "-0.032", "-0.032 ms" },
		{ 13128, "0.013128", "0.013128 ms" },
		{ 1000000000000000, "1000000000.000", "1000000000.000 ms" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mib_value value;

		assert_true(mib_put_ms(&value, rows[i].ns));
		assert_int_equal(value.n_octets, strlen(rows[i].plain));
		assert_memory_equal(value.octets, rows[i].plain, value.n_octets);
		assert_true(mib_put_ms_unit(&value, rows[i].ns));
		assert_int_equal(value.n_octets, strlen(rows[i].unit));
		assert_memory_equal(value.octets, rows[i].unit, value.n_octets);
	}
}

static void
counts_wrap_at_two_to_the_32(void **state)
{
	struct mib_value value;

	(void)state;
	assert_true(mib_put_counter32(&value, UINT32_MAX));
	assert_int_equal(value.u32, UINT32_MAX);
	assert_true(mib_put_counter32(&value, (UINT64_C(1) << 32) + 7));
	assert_int_equal(value.u32, 7);
}

static void
dates_are_in_utc(void **state)
{
	static const struct {
		int64_t unix_ns;
		const char *octets;
	} rows[] = {
		{ 0, "\x07\xb2\x01\x01\x00\x00\x00\x00+\0\0" },
		/* 2026-11-26 01:02:03.99 */
		{ INT64_C(1795654923990000000), "\x07\xea\x0b\x1a\x01\x02\x03\x09+\0\0" },
		/* 2036-02-07 06:28:16, an era of NTP begins */
		{ INT64_C(2085978496000000000), "\x07\xf4\x02\x07\x06\x1c\x10\x00+\0\0" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mib_value value;

		assert_true(mib_put_date(&value, rows[i].unix_ns));
		assert_int_equal(value.n_octets, 11);
		assert_memory_equal(value.octets, rows[i].octets, 11);
	}
	assert_false(mib_put_date(&(struct mib_value){ .n_octets = 0 }, -1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(octets_are_borrowed),
		cmocka_unit_test(bits_are_counted_from_the_left),
		cmocka_unit_test(text_is_borrowed_up_to_255_octets),
		cmocka_unit_test(text_is_cut_between_characters),
		cmocka_unit_test(milliseconds_are_text_with_and_without_unit),
		cmocka_unit_test(counts_wrap_at_two_to_the_32),
		cmocka_unit_test(dates_are_in_utc),
	};

	return cmocka_run_group_tests_name("put", tests, NULL, NULL);
}
