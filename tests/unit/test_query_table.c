/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables that are compared with the one before: what is marked, and how that is drawn. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "query/table.h"

static const struct table_column columns[] = {
	{ .title = "", .key = "tally", .is_glued = true, .is_bare = true },
	{ .key = "id", .is_number = true },
	{ .title = "who", .key = "who" },
	{ .title = "when", .key = "when", .is_right = true, .is_restless = true },
	{ .title = "value", .key = "value", .is_right = true, .is_number = true },
};

/* Rows of "tally id who when value", blanks between. */
static struct table *
make(const char *const *rows)
{
	struct table *t = table_new(columns, COUNT(columns));

	assert_non_null(t);
	for (; *rows; rows++) {
		const char *at = *rows;

		for (size_t i = 0; i < COUNT(columns); i++) {
			size_t len = strcspn(at, " ");

			table_cell(t, at, strncmp(at, "~", len) == 0 ? 0 : len);
			at += len + (at[len] == ' ');
		}
	}
	assert_true(table_is_whole(t));
	return t;
}

static const char *const before_rows[] = { "+ 9 alpha 1 10", "- 20 beta 2 20",
	"- 21 gamma 3 30", NULL };
static const char *const after_rows[] = { "+ 9 alpha 2 11", "* 20 b 3 20",
	"- 100 delta 3 ~", NULL };

static char *
drawn(const char *const *before, const char *const *after, bool is_json,
    const struct table_screen *screen, size_t *left_out)
{
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);
	struct table *old = before ? make(before) : NULL, *t = make(after);
	struct out o;

	assert_non_null(stream);
	out_init(&o, stream, stderr, is_json);
	if (old)
		assert_true(table_compare(t, old, 1));
	if (is_json) {
		out_open(&o, NULL, '{');
		table_print(t, &o, "rows");
		out_close(&o, '}');
	} else {
		*left_out = table_draw(t, &o, screen);
	}
	fclose(stream);
	table_free(old);
	table_free(t);
	return text;
}

static void
expect(const char *const *before, const char *const *after,
    const struct table_screen *screen, size_t left_out, const char *expected)
{
	size_t n = 0;
	char *text = drawn(before, after, false, screen, &n);

	assert_string_equal(text, expected);
	assert_int_equal(n, left_out);
	free(text);
}

static void
signs_follow_what_changed(void **state)
{
	static const struct table_screen none;

	(void)state;
	expect(NULL, before_rows, &none, 0,
	    "  who   when value\n"
	    " +alpha    1    10\n"
	    " -beta     2    20\n"
	    " -gamma    3    30\n");
	expect(before_rows, after_rows, &none, 0,
	    "  who   when value\n"
	    " +alpha    2    11!\n"
	    "!*b!       3    20\n"
	    "+-delta    3     -\n");
	expect(before_rows, before_rows, &none, 0,
	    "  who   when value\n"
	    " +alpha    1    10\n"
	    " -beta     2    20\n"
	    " -gamma    3    30\n");
}

#define ON  "\x1b[7m"
#define OFF "\x1b[m"
#define END "\x1b[K\n"

static void
on_a_screen_it_stands_out(void **state)
{
	static const struct table_screen large = { 24, 80 }, narrow = { 24, 8 },
					 low = { 3, 80 }, none = { 0, 80 };

	(void)state;
	expect(before_rows, after_rows, &large, 0,
	    " who   when value" END "+alpha    2    " ON "11" OFF END ON "*" OFF ON
	    "b" OFF "        3    20" END ON "-" OFF ON "delta" OFF "    " ON "3" OFF
	    "     " ON "-" OFF END);
	expect(before_rows, before_rows, &narrow, 0,
	    " who   w" END "+alpha  " END "-beta   " END "-gamma  " END);
	expect(before_rows, before_rows, &low, 1,
	    " who   when value" END "+alpha    1    10" END "-beta     2    20" END);
	expect(before_rows, before_rows, &none, 3, "");
}

static void
characters_are_not_cut(void **state)
{
	static const char *const rows[] = { "+ 1 \xc3\xa9\xc3\xa9\xc3\xa9 1 1", NULL };
	static const struct table_screen narrow = { 24, 4 };

	(void)state;
	expect(rows, rows, &narrow, 0, " who" END "+\xc3\xa9 " END);
}

static void
json_names_what_changed(void **state)
{
	char *text = drawn(before_rows, after_rows, true, NULL, NULL);

	(void)state;
	assert_non_null(
	    strstr(text, "\"value\": 11, \"new\": false, \"changed\": [\"value\"]}"));
	assert_non_null(strstr(text,
	    "\"value\": 20, \"new\": false, \"changed\": [\"tally\", \"who\"]}"));
	assert_non_null(strstr(text, "\"value\": null, \"new\": true, \"changed\": []}"));
	free(text);
	text = drawn(NULL, after_rows, true, NULL, NULL);
	assert_null(strstr(text, "changed"));
	free(text);
}

static void
a_table_has_no_marks_beside_itself(void **state)
{
	struct table *before = make(before_rows), *t = make(after_rows);
	static const struct table_screen none;
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);
	struct out o;

	(void)state;
	assert_non_null(stream);
	out_init(&o, stream, stderr, false);
	assert_true(table_compare(t, before, 1));
	assert_true(table_compare(t, t, 1));
	table_draw(t, &o, &none);
	fclose(stream);
	assert_null(strchr(text, '!'));
	assert_null(strstr(text, "\n+"));
	free(text);
	table_free(before);
	table_free(t);
}

/* Columns that are no more on a line that is as long as it gets are left out whole. */
static void
what_is_too_wide_is_cut(void **state)
{
	enum { WIDE = 1000, N = 20, N_WHOLE = OUT_LINE_MAX / (WIDE + 1) };
	struct table_column wide[N];
	char cell[WIDE], *text = NULL, *line;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);
	struct table *t;
	struct out o;

	(void)state;
	for (size_t i = 0; i < N; i++)
		wide[i] = (struct table_column){ .title = "title", .key = "key" };
	t = table_new(wide, N);
	memset(cell, 'x', sizeof(cell));
	for (size_t i = 0; i < N; i++)
		table_cell(t, cell, sizeof(cell));
	assert_true(stream && table_is_whole(t));
	out_init(&o, stream, stderr, false);
	table_print(t, &o, "rows");
	fclose(stream);
	line = strchr(text, '\n') + 1;
	assert_int_equal(strspn(line, "="), OUT_LINE_MAX);
	line += OUT_LINE_MAX + 1;
	assert_int_equal(strlen(line), N_WHOLE * (WIDE + 1));
	assert_int_equal(strspn(line, "x "), N_WHOLE * (WIDE + 1) - 1);
	free(text);
	table_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_follow_what_changed),
		cmocka_unit_test(on_a_screen_it_stands_out),
		cmocka_unit_test(characters_are_not_cut),
		cmocka_unit_test(json_names_what_changed),
		cmocka_unit_test(a_table_has_no_marks_beside_itself),
		cmocka_unit_test(what_is_too_wide_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
