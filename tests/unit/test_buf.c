/* SPDX-License-Identifier: BSD-2-Clause */
/* The cursor: exact limits, an error that stays. */
#include "support/check.h"

#include <string.h>

#include "base/buf.h"

static const uint8_t sample[] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };

static void
numbers_are_read_big_endian(void **state)
{
	(void)state;
	struct buf b = buf_reader(sample, sizeof(sample));
	assert_int_equal(buf_get_u8(&b), 0x01);
	assert_int_equal(buf_get_u16(&b), 0x2345);
	assert_int_equal(buf_get_u32(&b), 0x6789abcd);
	assert_int_equal(buf_pos(&b), 7);
	assert_int_equal(buf_left(&b), 1);
	assert_int_equal(buf_get_u8(&b), 0xef);
	assert_int_equal(buf_left(&b), 0);
	assert_false(buf_failed(&b));
}

static void
numbers_are_written_big_endian(void **state)
{
	uint8_t out[7];

	(void)state;
	struct buf b = buf_writer(out, sizeof(out));
	buf_put_u8(&b, 0x01);
	buf_put_u16(&b, 0x2345);
	buf_put_u32(&b, 0x6789abcd);
	assert_false(buf_failed(&b));
	assert_int_equal(buf_pos(&b), sizeof(out));
	assert_memory_equal(out, sample, sizeof(out));
}

static void
reading_too_far_fails_for_good(void **state)
{
	(void)state;
	for (size_t len = 0; len < 4; len++) {
		struct buf b = buf_reader(sample, len);
		assert_int_equal(buf_get_u32(&b), 0);
		assert_true(buf_failed(&b));
		assert_int_equal(buf_get_u8(&b), 0);
		assert_null(buf_get_bytes(&b, 0));
		assert_int_equal(buf_left(&b), 0);
		assert_int_equal(buf_pos(&b), 0);
	}
}

static void
writing_too_far_fails_for_good(void **state)
{
	uint8_t out[5];

	(void)state;
	memset(out, 0xee, sizeof(out));
	struct buf b = buf_writer(out, 4);
	buf_put_u16(&b, 0x0102);
	buf_put_u32(&b, 0x03040506);
	assert_true(buf_failed(&b));
	buf_put_u8(&b, 7);
	buf_put_text(&b, "");
	assert_true(buf_failed(&b));
	assert_int_equal(buf_pos(&b), 2);
	static const uint8_t expected[] = { 1, 2, 0xee, 0xee, 0xee };
	assert_memory_equal(out, expected, sizeof(out));
}

static void
bytes_are_borrowed_up_to_the_end(void **state)
{
	(void)state;
	struct buf b = buf_reader(sample, sizeof(sample));
	assert_ptr_equal(buf_get_bytes(&b, 3), sample);
	assert_ptr_equal(buf_get_bytes(&b, 5), sample + 3);
	assert_ptr_equal(buf_get_bytes(&b, 0), sample + 8);
	assert_false(buf_failed(&b));
	assert_null(buf_get_bytes(&b, 1));
	assert_true(buf_failed(&b));
}

static void
huge_lengths_do_not_wrap(void **state)
{
	uint8_t out[2];

	(void)state;
	struct buf r = buf_reader(sample, sizeof(sample));
	buf_get_u8(&r);
	assert_null(buf_get_bytes(&r, SIZE_MAX));
	assert_true(buf_failed(&r));
	struct buf w = buf_writer(out, sizeof(out));
	buf_put_u8(&w, 1);
	buf_put_bytes(&w, sample, SIZE_MAX);
	assert_true(buf_failed(&w));
}

static void
an_empty_reader_holds_nothing(void **state)
{
	(void)state;
	struct buf b = buf_reader(NULL, 0);
	assert_non_null(buf_get_bytes(&b, 0));
	assert_false(buf_failed(&b));
	assert_int_equal(buf_get_u8(&b), 0);
	assert_true(buf_failed(&b));
}

static void
an_empty_writer_takes_nothing(void **state)
{
	(void)state;
	struct buf b = buf_writer(NULL, 0);
	buf_put_bytes(&b, NULL, 0);
	assert_false(buf_failed(&b));
	buf_put_u8(&b, 1);
	assert_true(buf_failed(&b));
}

static void
the_wrong_direction_fails(void **state)
{
	uint8_t out[4] = { 0 };

	(void)state;
	struct buf r = buf_reader(sample, sizeof(sample));
	buf_put_u8(&r, 1);
	assert_true(buf_failed(&r));
	struct buf w = buf_writer(out, sizeof(out));
	assert_int_equal(buf_get_u8(&w), 0);
	assert_true(buf_failed(&w));
}

static void
text_is_written_without_terminator(void **state)
{
	char out[4] = "xxx";

	(void)state;
	struct buf b = buf_writer(out, 3);
	buf_put_text(&b, "ab");
	assert_int_equal(buf_pos(&b), 2);
	assert_string_equal(out, "abx");
}

static void
padding_reaches_the_next_multiple(void **state)
{
	static const struct {
		size_t used, unit, expected;
	} rows[] = {
		{ 0, 4, 0 },
		{ 1, 4, 4 },
		{ 3, 4, 4 },
		{ 4, 4, 4 },
		{ 5, 4, 8 },
		{ 5, 8, 8 },
		{ 8, 8, 8 },
		{ 9, 8, 16 },
		{ 3, 1, 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t out[16];
		memset(out, 0xee, sizeof(out));
		struct buf b = buf_writer(out, sizeof(out));
		for (size_t j = 0; j < rows[i].used; j++)
			buf_put_u8(&b, 0xaa);
		buf_put_padding(&b, rows[i].unit);
		assert_false(buf_failed(&b));
		assert_int_equal(buf_pos(&b), rows[i].expected);
		for (size_t j = rows[i].used; j < rows[i].expected; j++)
			assert_int_equal(out[j], 0);
	}
}

static void
padding_without_room_fails(void **state)
{
	uint8_t out[6];

	(void)state;
	struct buf b = buf_writer(out, sizeof(out));
	buf_put_bytes(&b, sample, 5);
	buf_put_padding(&b, 4);
	assert_true(buf_failed(&b));
	assert_true(buf_pos(&b) <= sizeof(out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_read_big_endian),
		cmocka_unit_test(numbers_are_written_big_endian),
		cmocka_unit_test(reading_too_far_fails_for_good),
		cmocka_unit_test(writing_too_far_fails_for_good),
		cmocka_unit_test(bytes_are_borrowed_up_to_the_end),
		cmocka_unit_test(huge_lengths_do_not_wrap),
		cmocka_unit_test(an_empty_reader_holds_nothing),
		cmocka_unit_test(an_empty_writer_takes_nothing),
		cmocka_unit_test(the_wrong_direction_fails),
		cmocka_unit_test(text_is_written_without_terminator),
		cmocka_unit_test(padding_reaches_the_next_multiple),
		cmocka_unit_test(padding_without_room_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
