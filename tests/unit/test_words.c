/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines become words; what is wrong in a line is said. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "query/words.h"

static void
lines_become_words(void **state)
{
	static const struct {
		const char *line, *joined, *file, *rest; /* rest: from the second word */
	} rows[] = {
		{ "", "", NULL, NULL },
		{ " \t\r\n", "", NULL, NULL },
		{ "# all of it", "", NULL, NULL },
		{ "peers", "peers", NULL, NULL },
		{ "  rv  0\tleap,stratum \n", "rv|0|leap,stratum", NULL,
		    "0\tleap,stratum" },
		{ "rv &1 # the first", "rv|&1", NULL, "&1" },
		{ "a b#c", "a|b#c", NULL, "b#c" },
		{ "config setvar x = \"a b\" default", "config|setvar|x|=|a b|default",
		    NULL, "setvar x = \"a b\" default" },
		{ "a 'b \"c\" \\' d", "a|b \"c\" \\|d", NULL, "'b \"c\" \\' d" },
		{ "a \"b \\\" \\\\ \\n\"", "a|b \" \\ \\n", NULL, "\"b \\\" \\\\ \\n\"" },
		{ "a x\"y z\"w ''", "a|xy zw|", NULL, "x\"y z\"w ''" },
		{ "peers > out.txt", "peers", "out.txt", NULL },
		{ "peers >out.txt # kept", "peers", "out.txt", NULL },
		{ "rv 0 >\"a file\"", "rv|0", "a file", "0" },
		{ "a '>' \"#\" b>c", "a|>|#|b>c", NULL, "'>' \"#\" b>c" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct words w;
		const char *problem;
		char joined[128] = "";

		assert_int_equal(words_split(rows[i].line, &w, &problem), 0);
		for (size_t k = 0; k < w.n; k++) {
			strcat(joined, k > 0 ? "|" : "");
			strcat(joined, w.items[k]);
		}
		assert_string_equal(joined, rows[i].joined);
		assert_int_equal(w.file != NULL, rows[i].file != NULL);
		if (rows[i].file)
			assert_string_equal(w.file, rows[i].file);
		if (!rows[i].rest)
			continue;
		assert_int_equal(w.end - w.starts[1], strlen(rows[i].rest));
		assert_memory_equal(rows[i].line + w.starts[1], rows[i].rest,
		    w.end - w.starts[1]);
	}
}

static void
wrong_lines_are_refused(void **state)
{
	static const char *const lines[] = { "a \"b", "a 'b", "a \"b\\", "a >", "a > # b",
		"a > b c", "a > b > c", "a > ''", "a >> b" };

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct words w;
		const char *problem = NULL;

		assert_int_equal(words_split(lines[i], &w, &problem), ERR_SYNTAX);
		assert_non_null(problem);
	}
}

static void
limits_hold(void **state)
{
	char line[WORDS_LINE_MAX + 2];
	struct words w;
	const char *problem;

	(void)state;
	memset(line, 'a', sizeof(line));
	line[WORDS_LINE_MAX] = '\0';
	assert_int_equal(words_split(line, &w, &problem), 0);
	assert_int_equal(strlen(w.items[0]), WORDS_LINE_MAX);
	line[WORDS_LINE_MAX] = 'a';
	line[WORDS_LINE_MAX + 1] = '\0';
	assert_int_equal(words_split(line, &w, &problem), ERR_TOOBIG);
	for (size_t i = 0; i < WORDS_LINE_MAX; i++)
		line[i] = i % 2 == 0 ? 'a' : ' ';
	line[2 * (size_t)WORDS_MAX] = '\0';
	assert_int_equal(words_split(line, &w, &problem), 0);
	assert_int_equal(w.n, WORDS_MAX);
	line[2 * (size_t)WORDS_MAX] = 'a';
	line[2 * (size_t)WORDS_MAX + 1] = '\0';
	assert_int_equal(words_split(line, &w, &problem), ERR_TOOBIG);
	/* As many words with a file behind them: all of it fits. */
	memcpy(line + 2 * (size_t)WORDS_MAX, "> f", sizeof("> f"));
	assert_int_equal(words_split(line, &w, &problem), 0);
	assert_string_equal(w.file, "f");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_become_words),
		cmocka_unit_test(wrong_lines_are_refused),
		cmocka_unit_test(limits_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
