/* SPDX-License-Identifier: BSD-2-Clause */
/* Indexes to and from sub-identifiers. */
#include "support/check.h"

#include <string.h>

#include "snmp/mib_index.h"

static void
parts_are_put_behind_each_other(void **state)
{
	static const mib_subid expected[] = { 2, 'a', 0xff, 4294967295, 0 };
	mib_subid ids[MIB_INDEX_MAX];
	size_t len = 0;

	(void)state;
	len = mib_index_put_text(ids, len, "a\xff", 2);
	len = mib_index_put_number(ids, len, 4294967295);
	len = mib_index_put_text(ids, len, "", 0);
	assert_int_equal(len, COUNT(expected));
	assert_memory_equal(ids, expected, sizeof(expected));
}

static void
what_was_put_is_taken(void **state)
{
	mib_subid ids[MIB_INDEX_MAX];
	size_t len = mib_index_put_text(ids, 0, "name", 4), text_len;
	struct mib_index_reader r = { ids, mib_index_put_number(ids, len, 7) };
	char text[8];
	uint32_t number;

	(void)state;
	assert_true(mib_index_take_text(&r, 1, text, sizeof(text), &text_len));
	assert_int_equal(text_len, 4);
	assert_memory_equal(text, "name", 4);
	assert_true(mib_index_take_number(&r, 7, &number));
	assert_int_equal(number, 7);
	assert_int_equal(r.left, 0);
	assert_false(mib_index_take_number(&r, 7, &number));
	assert_false(mib_index_take_text(&r, 0, text, sizeof(text), &text_len));
}

static void
wrong_texts_are_refused(void **state)
{
	static const struct {
		mib_subid ids[6];
		size_t len;
	} rows[] = {
		{ { 0 }, 1 },                          /* too short */
		{ { 5, 'a', 'a', 'a', 'a', 'a' }, 6 }, /* too long for its place */
		{ { 3, 'a', 'b' }, 3 },                /* cut short */
		{ { 4294967295, 'a' }, 2 }, { { 2, 'a', 256 }, 3 }, /* no octet */
	};
	char text[4];
	size_t text_len;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mib_index_reader r = { rows[i].ids, rows[i].len };

		if (mib_index_take_text(&r, 1, text, sizeof(text), &text_len))
			fail_msg("row %zu was taken", i);
		assert_int_equal(r.left, rows[i].len);
	}
}

static void
number_over_its_bound_is_refused(void **state)
{
	static const mib_subid ids[] = { 65536 };
	struct mib_index_reader r = { ids, 1 };
	uint32_t number;

	(void)state;
	assert_false(mib_index_take_number(&r, 65535, &number));
	assert_true(mib_index_take_number(&r, 65536, &number));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_put_behind_each_other),
		cmocka_unit_test(what_was_put_is_taken),
		cmocka_unit_test(wrong_texts_are_refused),
		cmocka_unit_test(number_over_its_bound_is_refused),
	};

	return cmocka_run_group_tests_name("indexes", tests, NULL, NULL);
}
