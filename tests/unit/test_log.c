/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines reach the listener whole or cut; floods are held back and counted. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

struct heard {
	unsigned lines;
	enum log_level level;
	char text[LOG_LINE_MAX + 1];
};

static void
hear(void *ctx, enum log_level level, const char *line)
{
	struct heard *heard = ctx;

	heard->lines++;
	heard->level = level;
	strncpy(heard->text, line, LOG_LINE_MAX);
}

static void
a_line_reaches_the_listener(void **state)
{
	struct heard heard = { 0 };
	struct logger log = { hear, &heard };

	(void)state;
	log_line(&log, LOG_LEVEL_WARNING, "%s took %d", "poll", 7);
	assert_int_equal(heard.lines, 1);
	assert_int_equal(heard.level, LOG_LEVEL_WARNING);
	assert_string_equal(heard.text, "poll took 7");
}

static void
without_a_listener_lines_are_dropped(void **state)
{
	struct heard heard = { 0 };
	struct logger deaf = { NULL, &heard };

	(void)state;
	log_line(NULL, LOG_LEVEL_ERROR, "x");
	log_line(&deaf, LOG_LEVEL_ERROR, "x");
	assert_int_equal(heard.lines, 0);
}

static void
long_lines_are_cut(void **state)
{
	char text[LOG_LINE_MAX * 2];
	struct heard heard = { 0 };
	struct logger log = { hear, &heard };

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_line(&log, LOG_LEVEL_INFO, "%s", text);
	assert_int_equal(heard.lines, 1);
	assert_int_equal(strlen(heard.text), LOG_LINE_MAX - 1);
}

static void
a_burst_passes_and_the_rest_is_counted(void **state)
{
	struct log_limit limit = { 0 };
	uint32_t held = 99;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_true(log_allow(&limit, 1000 + i, 100, 3, &held));
		assert_int_equal(held, 0);
	}
	for (int i = 0; i < 5; i++)
		assert_false(log_allow(&limit, 1003 + i, 100, 3, NULL));
	assert_false(log_allow(&limit, 1099, 100, 3, NULL));
	assert_true(log_allow(&limit, 1100, 100, 3, &held));
	assert_int_equal(held, 6);
	assert_true(log_allow(&limit, 1101, 100, 3, &held));
	assert_int_equal(held, 0);
}

static void
the_window_starts_with_the_first_message(void **state)
{
	struct log_limit limit = { 0 };

	(void)state;
	assert_true(log_allow(&limit, 50, 100, 1, NULL));
	assert_false(log_allow(&limit, 149, 100, 1, NULL));
	assert_true(log_allow(&limit, 150, 100, 1, NULL));
	assert_false(log_allow(&limit, 249, 100, 1, NULL));
}

static void
no_burst_means_silence(void **state)
{
	struct log_limit limit = { 0 };

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_false(log_allow(&limit, i * 1000, 100, 0, NULL));
	assert_int_equal(limit.suppressed, 10);
}

static void
the_count_of_held_back_does_not_wrap(void **state)
{
	struct log_limit limit = { .used = 1, .suppressed = UINT32_MAX - 1 };

	(void)state;
	assert_false(log_allow(&limit, 1, 100, 1, NULL));
	assert_false(log_allow(&limit, 2, 100, 1, NULL));
	assert_int_equal(limit.suppressed, UINT32_MAX);
}

/* What a line is on the standard error. */
static void
assert_written(enum log_level level, const char *wanted)
{
	char got[64] = "";
	int fds[2], saved = dup(STDERR_FILENO);

	assert_true(saved >= 0);
	assert_int_equal(pipe(fds), 0);
	fflush(stderr);
	assert_true(dup2(fds[1], STDERR_FILENO) >= 0);
	log_to_stderr(NULL, level, "text");
	fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	close(saved);
	close(fds[1]);
	assert_true(read(fds[0], got, sizeof(got) - 1) > 0);
	close(fds[0]);
	assert_string_equal(got, wanted);
}

static void
a_line_on_the_standard_error_begins_with_its_level(void **state)
{
	(void)state;
	assert_written(LOG_LEVEL_ERROR, "error: text\n");
	assert_written(LOG_LEVEL_WARNING, "warning: text\n");
	assert_written(LOG_LEVEL_INFO, "info: text\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_reaches_the_listener),
		cmocka_unit_test(without_a_listener_lines_are_dropped),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(a_burst_passes_and_the_rest_is_counted),
		cmocka_unit_test(the_window_starts_with_the_first_message),
		cmocka_unit_test(no_burst_means_silence),
		cmocka_unit_test(the_count_of_held_back_does_not_wrap),
		cmocka_unit_test(a_line_on_the_standard_error_begins_with_its_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
