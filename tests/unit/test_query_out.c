/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing from the network reaches a terminal but printable text; JSON stays JSON. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "query/out.h"

struct bench {
	struct out o;
	char *text, *errors;
	size_t len, errors_len;
};

static void
begin(struct bench *b, bool is_json)
{
	FILE *stream = open_memstream(&b->text, &b->len);
	FILE *errors = open_memstream(&b->errors, &b->errors_len);

	assert_non_null(stream);
	assert_non_null(errors);
	out_init(&b->o, stream, errors, is_json);
}

static void
expect(struct bench *b, const char *text)
{
	fclose(b->o.stream);
	fclose(b->o.errors);
	assert_string_equal(b->text, text);
	free(b->text);
	free(b->errors);
}

static void
bytes_are_escaped(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *expected;
	} rows[] = {
		{ "plain \\x1b", 10, "plain \\x1b" },
		{ "\x1b[2J\x07", 5, "\\x1b[2J\\x07" },
		{ "a\tb\r\nc", 6, "a\\x09b\\x0d\\x0ac" },
		{ "h\xc3\xa9", 3, "h\xc3\xa9" },
		{ "h\xc3", 2, "h\\xc3" },
		{ "\xc2\x9b"
		  "31m",
		    5, "\\xc2\\x9b31m" }, /* C1: CSI */
		{ "\xff\xfe\0z", 4, "\\xff\\xfe\\x00z" },
		{ "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" },
		{ "\x7f", 1, "\\x7f" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[64];

		assert_int_equal(out_escape(rows[i].text, rows[i].len, out, sizeof(out)),
		    strlen(rows[i].expected));
		assert_string_equal(out, rows[i].expected);
	}
}

static void
escapes_are_not_cut(void **state)
{
	char out[6];

	(void)state;
	assert_int_equal(out_escape("ab\x1b", 3, out, sizeof(out)), 2);
	assert_string_equal(out, "ab");
	assert_int_equal(out_escape("a\x1b", 2, out, sizeof(out)), 5);
	assert_int_equal(out_escape("abcd\xc3\xa9", 6, out, sizeof(out)), 4);
}

static void
lines_are_harmless(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, false);
	out_line(&b.o, "%s|%d", "a\x1b]0;x\x07\nb\r", 7);
	out_line(&b.o, "%s", "");
	out_text(&b.o, "one\r\ntwo\x9b\n\nthree", 16);
	expect(&b, "a\\x1b]0;x\\x07\nb\\x0d|7\n\none\ntwo\\x9b\n\nthree\n");
}

static void
long_lines_are_cut(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, false);
	out_line(&b.o, "%*s", OUT_LINE_MAX + 100, "x");
	fflush(b.o.stream);
	assert_int_equal(b.len, OUT_LINE_MAX);
	assert_string_equal(b.text + b.len - 2, " \n");
	out_line(&b.o, "next");
	fflush(b.o.stream);
	assert_string_equal(b.text + OUT_LINE_MAX, "next\n");
	fclose(b.o.stream);
	fclose(b.o.errors);
	free(b.text);
	free(b.errors);
}

static void
errors_go_elsewhere(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, false);
	out_error(&b.o, "%s: %s", "host", "no\x1b");
	fflush(b.o.errors);
	assert_string_equal(b.errors, "ntp-query: host: no\\x1b\n");
	expect(&b, "");
}

static void
json_is_written_as_it_comes(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, true);
	out_open(&b.o, NULL, '{');
	out_string_z(&b.o, "a", "q\"b\\ \x1b\n\xc3\xa9\xff");
	out_open(&b.o, "list", '[');
	out_number(&b.o, NULL, INT64_MIN);
	out_bool(&b.o, NULL, true);
	out_null(&b.o, NULL);
	out_open(&b.o, NULL, '{');
	out_close(&b.o, '}');
	out_close(&b.o, ']');
	out_decimal(&b.o, "n", "-0.032", 6);
	out_decimal(&b.o, "s", "0x1f", 4);
	out_member(&b.o, "k\"", 2, "", 0);
	out_close(&b.o, '}');
	out_number(&b.o, NULL, 1);
	expect(&b,
	    "{\"a\": \"q\\\"b\\\\ \\u001b\\u000a\xc3\xa9\\ufffd\", \"list\": "
	    "[-9223372036854775808, true, null, {}], \"n\": -0.032, \"s\": "
	    "\"0x1f\", \"k\\\"\": \"\"}\n1\n");
}

static void
numbers_are_those_of_json(void **state)
{
	static const char *const good[] = { "0", "-0", "7", "10", "-12.50", "0.000",
		"1e3", "1e-06", "-1.5E+12" };
	static const char *const bad[] = { "", "-", "+1", "01", "1.", ".5", "1e", "1e+",
		"1e+x", "e5", "1e5.0", "0x1", " 1", "1 ", "--1", "1.2.3", "nan" };

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(out_is_number(good[i], strlen(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(out_is_number(bad[i], strlen(bad[i])));
}

static void
a_full_disk_is_noticed(void **state)
{
	struct out o;
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	if (!full)
		skip();
	out_init(&o, full, stderr, false);
	out_line(&o, "lost");
	assert_false(out_flush(&o));
	assert_true(out_flush(&o)); /* said once */
	assert_true(o.has_failed);
	fclose(full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_escaped),
		cmocka_unit_test(escapes_are_not_cut),
		cmocka_unit_test(lines_are_harmless),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(errors_go_elsewhere),
		cmocka_unit_test(json_is_written_as_it_comes),
		cmocka_unit_test(numbers_are_those_of_json),
		cmocka_unit_test(a_full_disk_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
