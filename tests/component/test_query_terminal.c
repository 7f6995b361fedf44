/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and secrets that are typed on a terminal: what is taken, what is refused, and what
 * can be seen of it. */
#include "support/check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "mode6/packet.h"
#include "support/query_bench.h"

enum { SEEN_MAX = 8192, ANSWERS_MAX = 3, PATIENCE_MS = 5000 };

static const struct query_answer answers[] = {
	{ .op = M6_OP_READ_ORDLIST, .text = "name.0=\"lo\"" },
	{ 0 },
};

/* Our terminal, from the other side. */
static int master;

/* What was to be seen there; of both processes. */
struct screen {
	char text[SEEN_MAX];
};
static struct screen *screen;

/* --- who types ---------------------------------------------------------------------- */

/* Waits for each question before it answers. */
static void
type(const char *const *keys)
{
	size_t used = 0;

	while (used + 1 < SEEN_MAX) {
		ssize_t n = read(master, screen->text + used, SEEN_MAX - 1 - used);

		if (n <= 0)
			return;
		used += (size_t)n;
		if (*keys && used >= 2 && memcmp(screen->text + used - 2, ": ", 2) == 0) {
			(void)!write(master, *keys, strlen(*keys));
			keys++;
		}
	}
}

static pid_t
start_typing(const char *const *keys)
{
	pid_t child;

	memset(screen, 0, sizeof(*screen));
	child = fork();
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		type(keys);
		_exit(0);
	}
	assert_true(child > 0);
	return child;
}

static void
stop_typing(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* --- what is typed ------------------------------------------------------------------ */

#define LONG_TEXT "0123456789012345678901234567890123456789"

static const struct row {
	const char *name;
	const char *keys[ANSWERS_MAX + 1];
	const char *complaint; /* NULL: the key is the daemon's */
} rows[] = {
	{ "as it should be", { "1\r", "secret\r" }, NULL },
	{ "with lines that end otherwise", { "1\n", "secret\n" }, NULL },
	{ "what is wrong is taken back",
	    { "\x7f"
	      "29\x7f\b1\r",
		"sex\bcret\r" },
	    NULL },
	{ "the whole line is",
	    { "777\x15"
	      "1\r",
		"other\x15secret\r" },
	    NULL },
	{ "even one that was too long",
	    { "1\r", LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT "\x15secret\r" }, NULL },
	{ "other keys are nothing", { "\t1\r", "\x01sec\tret\r" }, NULL },
	{ "no id", { "0\r" }, "'0' is no key id: expected 1 to 65535\n" },
	{ "no number", { "one\r" }, "'one' is no key id: expected 1 to 65535\n" },
	{ "an id that is too long", { LONG_TEXT "\r" },
	    "no key id: the line is too long\n" },
	{ "an interrupt", { "1\x03" }, "no key id: interrupted\n" },
	{ "the end", { "1\r", "sec\x04" }, "no secret: interrupted\n" },
	{ "a secret that is too long",
	    { "1\r", LONG_TEXT LONG_TEXT LONG_TEXT LONG_TEXT "\r" },
	    "no secret: the line is too long\n" },
	{ "a blank in it", { "1\r", "se cret\r" },
	    "a secret with a blank or '#' cannot be in a daemon's key file\n" },
	{ "nothing", { "1\r", "\r" }, "the secret is of no use: " },
	{ "another secret", { "1\r", "secret2\r" }, "no answer\n" },
};

static void
keys_are_typed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct query_bench b;
		pid_t typist;
		int code;

		query_bench_start(&b, answers);
		b.q.timeout_ms = 1000;
		keys_free(&b.q.keys);
		b.q.keys.id = 0;
		typist = start_typing(rows[i].keys);
		code = query_bench_run(&b, "ifstats");
		stop_typing(typist);
		if ((code == QUERY_OK) != (rows[i].complaint == NULL) ||
		    !strstr(b.errors, rows[i].complaint ? rows[i].complaint : ""))
			fail_msg("%s: %s", rows[i].name, b.errors);
		query_bench_stop(&b);
	}
}

static void
what_is_typed_can_be_seen_or_not(void **state)
{
	static const char *const keys[] = { "29\x7f\x7f"
					    "1\r",
		"secret\r", NULL };
	static const char seen[] =
	    "Keyid: 29\b \b\b \b1\r\r\nMD5 secret of key 1: \r\r\n";
	struct query_bench b;
	pid_t typist;
	struct termios before, after;

	(void)state;
	query_bench_start(&b, answers);
	keys_free(&b.q.keys);
	b.q.keys.id = 0;
	assert_int_equal(tcgetattr(STDIN_FILENO, &before), 0);
	typist = start_typing(keys);
	query_bench_prints(&b, "passwd", "");
	/* The last of it may be under way. */
	for (int i = 0; i < PATIENCE_MS && strcmp(screen->text, seen) != 0; i++)
		usleep(1000);
	stop_typing(typist);
	assert_string_equal(screen->text, seen);
	assert_int_equal(tcgetattr(STDIN_FILENO, &after), 0);
	assert_int_equal(after.c_lflag, before.c_lflag);
	query_bench_stop(&b);
}

/* --- a terminal of our own ---------------------------------------------------------- */

/* A process of its own may have one. */
static bool
take_terminal(void)
{
	int slave;

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || setsid() < 0)
		return false;
	slave = open(ptsname(master), O_RDWR);
	return slave >= 0 && ioctl(slave, TIOCSCTTY, 0) == 0 &&
	    dup2(slave, STDIN_FILENO) == STDIN_FILENO && close(slave) == 0;
}

static int
test_all(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_typed),
		cmocka_unit_test(what_is_typed_can_be_seen_or_not),
	};

	if (!take_terminal())
		return 77;
	screen = mmap(NULL, sizeof(*screen), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return screen == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}

int
main(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		return test_all();
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
}
