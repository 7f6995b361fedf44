/* SPDX-License-Identifier: BSD-2-Clause */
/* The allocator: zeroed, overflow checked, never NULL for nothing. */
#include "support/check.h"

#include <string.h>

#include "base/mem.h"

/* Too much for any machine, in numbers the compiler does not see through. */
static volatile size_t half = SIZE_MAX / 2 + 1;

static void
calloc_gives_zeroed_objects(void **state)
{
	(void)state;
	uint32_t *numbers = mem_calloc(100, sizeof(*numbers));
	assert_non_null(numbers);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(numbers[i], 0);
	mem_free(numbers);
}

static void
nothing_is_still_a_pointer(void **state)
{
	(void)state;
	void *a = mem_calloc(0, 8);
	void *b = mem_calloc(8, 0);
	void *c = mem_resize(NULL, 0, 8);
	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	assert_ptr_not_equal(a, b);
	c = mem_resize(c, 0, 8);
	assert_non_null(c);
	mem_free(a);
	mem_free(b);
	mem_free(c);
}

static void
overflowing_products_give_null(void **state)
{
	(void)state;
	assert_null(mem_calloc(half, 2));
	assert_null(mem_calloc(2, half));
	assert_null(mem_resize(NULL, half, 2));
	assert_null(mem_resize(NULL, 3, half));
	assert_null(mem_strndup("", half * 2 - 1));
}

static void
resize_keeps_what_was_there(void **state)
{
	(void)state;
	char *text = mem_resize(NULL, 4, 1);
	assert_non_null(text);
	memcpy(text, "abc", 4);
	char *more = mem_resize(text, 4096, 1);
	assert_non_null(more);
	assert_string_equal(more, "abc");
	assert_null(mem_resize(more, half, 2));
	assert_string_equal(more, "abc");
	mem_free(more);
}

static void
copies_are_terminated(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *expected;
	} rows[] = {
		{ "abcdef", 3, "abc" },
		{ "abcdef", 6, "abcdef" },
		{ "abcdef", 0, "" },
		{ NULL, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *copy = mem_strndup(rows[i].text, rows[i].len);
		assert_non_null(copy);
		assert_string_equal(copy, rows[i].expected);
		mem_free(copy);
	}
	char *copy = mem_strdup("whole");
	assert_string_equal(copy, "whole");
	mem_free(copy);
}

static void
bytes_behind_a_zero_are_copied_too(void **state)
{
	(void)state;
	char *copy = mem_strndup("a\0b", 3);
	assert_memory_equal(copy, "a\0b", 4);
	mem_free(copy);
}

static void
null_may_be_freed(void **state)
{
	(void)state;
	mem_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calloc_gives_zeroed_objects),
		cmocka_unit_test(nothing_is_still_a_pointer),
		cmocka_unit_test(overflowing_products_give_null),
		cmocka_unit_test(resize_keeps_what_was_there),
		cmocka_unit_test(copies_are_terminated),
		cmocka_unit_test(bytes_behind_a_zero_are_copied_too),
		cmocka_unit_test(null_may_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
