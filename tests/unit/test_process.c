/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the program leaves its number: written as a whole, and removed if it is ours. How
 * its start went is heard by another process. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "daemon/process.h"

enum { OTHERWISE = 9 };

static char directory[] = "/tmp/test_process.XXXXXX";
static char path[sizeof(directory) + 16];
static char said[LOG_LINE_MAX];

static void
note_line(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	assert_int_equal(level, LOG_LEVEL_ERROR);
	snprintf(said, sizeof(said), "%s", line);
}

static const struct logger logger = { note_line, NULL };

static void
put_file(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static bool
is_there(void)
{
	return access(path, F_OK) == 0;
}

static void
a_number_is_left_and_taken_away(void **state)
{
	char text[32] = "", expected[32];
	FILE *f;

	(void)state;
	put_file("123456\n");
	assert_int_equal(process_write_pid(path, &logger), 0);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	snprintf(expected, sizeof(expected), "%ld\n", (long)getpid());
	assert_string_equal(text, expected);
	process_remove_pid(path);
	assert_false(is_there());
	process_remove_pid(path);
}

static void
the_number_of_others_stays(void **state)
{
	static const char *const texts[] = { "1\n", "", "\n", "x\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		put_file(texts[i]);
		process_remove_pid(path);
		assert_true(is_there());
	}
	unlink(path);
}

static void
what_cannot_be_written_is_said(void **state)
{
	char expected[128];

	(void)state;
	assert_int_equal(process_write_pid("/nonexistent/pid", &logger), ERR_IO);
	assert_string_equal(said,
	    "cannot write /nonexistent/pid.new: No such file or directory");
	/* Nor can a directory be replaced. */
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(process_write_pid(path, &logger), ERR_IO);
	snprintf(expected, sizeof(expected), "cannot write %s: Is a directory", path);
	assert_string_equal(said, expected);
	assert_int_equal(rmdir(path), 0);
}

/* What `tell` makes of it in another process. */
static int
heard(void (*tell)(struct process_start *))
{
	struct process_start s;
	pid_t child;

	assert_int_equal(process_start_begin(&s, &logger), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		tell(&s);
		_exit(0);
	}
	return process_start_wait(&s, OTHERWISE);
}

static void
say_five(struct process_start *s)
{
	process_start_tell(s, 5);
	process_start_tell(s, 6);
}

static void
say_well(struct process_start *s)
{
	process_start_tell(s, 0);
}

static void
say_nothing(struct process_start *s)
{
	(void)s;
}

static void
how_a_start_went_is_told(void **state)
{
	struct process_start alone = { .hears_fd = -1, .tells_fd = -1 };

	(void)state;
	assert_int_equal(heard(say_five), 5);
	assert_int_equal(heard(say_well), 0);
	assert_int_equal(heard(say_nothing), OTHERWISE);
	process_start_tell(&alone, 5);
}

static int
start(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/pid", directory);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_left_and_taken_away),
		cmocka_unit_test(the_number_of_others_stays),
		cmocka_unit_test(what_cannot_be_written_is_said),
		cmocka_unit_test(how_a_start_went_is_told),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
