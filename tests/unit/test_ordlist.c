/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows are put together from items in any order, with others in between. */
#include "support/check.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "query/ordlist.h"

static const char *const fields[] = { "addr", "hits", "flags" };

static struct ordlist
read_rows(const char *text)
{
	struct ordlist l;

	assert_int_equal(ordlist_read(&l, text, strlen(text), fields, COUNT(fields)), 0);
	return l;
}

static void
assert_cell(const struct ordlist *l, size_t row, size_t field, const char *expected)
{
	const struct ordlist_cell *cell = ordlist_at(l, row, field);

	if (!expected) {
		assert_null(cell->text);
		return;
	}
	assert_non_null(cell->text);
	assert_int_equal(cell->len, strlen(expected));
	assert_memory_equal(cell->text, expected, cell->len);
}

static void
items_become_rows(void **state)
{
	struct ordlist l =
	    read_rows("flags.1=, sdk.0=21269, addr.0=127.0.0.1, hits.1=7, "
		      "flags.0=ntpport interface ignore,\r\n"
		      "\\O^.1=18446744073709502085, addr.1=::, hits.0=0\r\n");

	(void)state;
	assert_int_equal(l.n_rows, 2);
	assert_cell(&l, 0, 0, "127.0.0.1");
	assert_cell(&l, 0, 1, "0");
	assert_cell(&l, 0, 2, "ntpport interface ignore");
	assert_cell(&l, 1, 0, "::");
	assert_cell(&l, 1, 1, "7");
	assert_cell(&l, 1, 2, "");
	ordlist_free(&l);
}

static void
what_is_missing_is_absent(void **state)
{
	struct ordlist l = read_rows("addr.0=a, addr.3=b, hits.3=1");

	(void)state;
	assert_int_equal(l.n_rows, 4);
	assert_true(ordlist_has(&l, 0));
	assert_true(ordlist_has(&l, 1));
	assert_false(ordlist_has(&l, 2));
	assert_true(ordlist_has_row(&l, 0));
	assert_false(ordlist_has_row(&l, 1));
	assert_cell(&l, 0, 1, NULL);
	ordlist_free(&l);
}

static void
hostile_items_make_no_rows(void **state)
{
	static const char *const texts[] = { "", ",", "addr", "addr=", "addr.", "addr.=x",
		"addr.x=1", "addr.-1=x", "addr.0", "addr.4096=x", "addr.4294967295=x",
		"addr.4294967296=x", "addr.1.2=x", ".0=x", "add.0=x", "addrx.0=x",
		"ADDR.0=x" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct ordlist l = read_rows(texts[i]);

		assert_int_equal(l.n_rows, 0);
		assert_false(ordlist_has(&l, 0));
		ordlist_free(&l);
	}
}

static void
of_a_cell_twice_the_first_counts(void **state)
{
	struct ordlist l = read_rows("addr.0=a, addr.0=b, addr.4095=c");

	(void)state;
	assert_cell(&l, 0, 0, "a");
	assert_int_equal(l.n_rows, ORDLIST_ROWS_MAX);
	assert_cell(&l, ORDLIST_ROWS_MAX - 1, 0, "c");
	ordlist_free(&l);
}

/* As many rows as the longest answer has room for, none of them left out. */
static void
long_lists_are_read_to_their_end(void **state)
{
	enum { ROWS = 1500, TEXT_MAX = 60000 };
	char *text = mem_calloc(1, TEXT_MAX);
	size_t used = 0;

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i < ROWS; i++)
		used += text_format(text + used, TEXT_MAX - used,
		    "%sflags.%u=x, hits.%u=1, XYZ.%u=2", i > 0 ? ", " : "", i, i, i);
	struct ordlist l = read_rows(text);
	assert_int_equal(l.n_rows, ROWS);
	assert_cell(&l, ROWS - 1, 1, "1");
	ordlist_free(&l);
	mem_free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_become_rows),
		cmocka_unit_test(what_is_missing_is_absent),
		cmocka_unit_test(hostile_items_make_no_rows),
		cmocka_unit_test(of_a_cell_twice_the_first_counts),
		cmocka_unit_test(long_lists_are_read_to_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
