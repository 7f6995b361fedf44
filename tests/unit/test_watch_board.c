/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is not there any more is told below the billboard that is shown live. */
#include "support/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "query/watch.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"

enum { WALL_2026_S = 1795219782, CANDIDATE = 0x9414, FIRST = 10, TEXT_MAX = 16384 };

struct bench {
	struct query q;
	struct watch_board board;
	FILE *stream;
	char *text;
	size_t len;
	int64_t now_ns;
};

static void
begin_on(struct bench *b, FILE *stream, bool is_json)
{
	assert_non_null(stream);
	b->stream = stream;
	b->now_ns = WALL_2026_S * NS_PER_S;
	query_init(&b->q, stream, stderr, is_json);
	assert_int_equal(query_set_host(&b->q, "ntp.example"), 0);
}

static void
begin(struct bench *b, bool is_json)
{
	memset(b, 0, sizeof(*b));
	begin_on(b, open_memstream(&b->text, &b->len), is_json);
}

/* A reading with associations 10 to 9 + n. */
static void
show(struct bench *b, size_t n)
{
	struct watch_round r = { .picture = snapshot_new(TARGET_UP, n) };

	assert_non_null(r.picture);
	fixture_system(r.picture, "leap=0, stratum=3, peer=10, offset=0.5");
	r.picture->has_peers = true;
	for (size_t i = 0; i < n; i++) {
		char words[64];

		text_format(words, sizeof(words), "srcadr=192.0.2.%zu, hmode=3", i + 1);
		fixture_peer(&r.picture->peers[i], (uint16_t)(FIRST + i), CANDIDATE,
		    words);
	}
	assert_int_equal(watch_board_show(&b->board, &b->q, &r, b->now_ns), 0);
	watch_round_clear(&r);
	fflush(b->stream);
	b->now_ns += 5 * NS_PER_S;
}

static void
end(struct bench *b)
{
	watch_board_clear(&b->board);
	query_free(&b->q);
	fclose(b->stream);
	free(b->text);
}

static void
who_is_gone_is_told_once(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, false);
	show(&b, 3);
	assert_null(strstr(b.text, "gone"));
	show(&b, 1);
	assert_non_null(strstr(b.text, "-\ngone: 192.0.2.2 (11), 192.0.2.3 (12)\n"));
	size_t before = b.len;
	show(&b, 1);
	assert_null(strstr(b.text + before, "gone"));
	end(&b);
}

/* As many names as a line may have, and the number of the others. */
static void
many_that_are_gone_are_counted(void **state)
{
	enum { N = 201 };
	size_t n_named = 0;
	const char *gone, *last;
	struct bench b;

	(void)state;
	begin(&b, false);
	show(&b, N);
	show(&b, 1);
	gone = strstr(b.text, "\ngone: ");
	assert_non_null(gone);
	for (const char *at = gone; (at = strstr(at, "192.0.2.")); at++)
		n_named++;
	assert_true(n_named > 10 && n_named < N - 1);
	last = strrchr(gone, ',');
	assert_non_null(last);
	assert_int_equal(strtoul(last + strlen(", and "), NULL, 10), N - 1 - n_named);
	assert_non_null(strstr(last, " more\n"));
	end(&b);
}

static void
json_has_their_numbers(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, true);
	show(&b, 3);
	assert_non_null(strstr(b.text, "\"gone\": []}\n"));
	show(&b, 1);
	assert_non_null(strstr(b.text, "\"gone\": [11, 12]}\n"));
	end(&b);
}

/* A whole screen, which comes in pieces. */
static const char *
drawn(int master)
{
	static const char end[] = "\x1b[J\x1b[?7h";
	static char text[TEXT_MAX];
	size_t used = 0;

	text[0] = '\0';
	while (!strstr(text, end)) {
		ssize_t n = read(master, text + used, sizeof(text) - 1 - used);

		assert_true(n > 0);
		used += (size_t)n;
		text[used] = '\0';
	}
	return text;
}

/* The last line is for them, and for rows that had no room. */
static void
a_screen_has_a_line_for_them(void **state)
{
	static const struct winsize low = { .ws_row = 5, .ws_col = 120 };
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	const char *text;
	struct bench b;

	(void)state;
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		skip();
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &low), 0);
	setenv("TERM", "xterm", 1);
	memset(&b, 0, sizeof(b));
	begin_on(&b, fdopen(slave, "w"), false);
	show(&b, 5);
	text = drawn(master);
	assert_non_null(strstr(text, "4 more\x1b[K"));
	assert_null(strstr(text, "gone"));
	show(&b, 3);
	text = drawn(master);
	assert_non_null(strstr(text, "2 more; gone: 192.0.2.4 (13), 192.0.2.5 (14)"));
	show(&b, 1);
	text = drawn(master);
	assert_null(strstr(text, " more"));
	assert_non_null(strstr(text, "gone: 192.0.2.2 (11), 192.0.2.3 (12)"));
	end(&b);
	close(master);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_gone_is_told_once),
		cmocka_unit_test(many_that_are_gone_are_counted),
		cmocka_unit_test(json_has_their_numbers),
		cmocka_unit_test(a_screen_has_a_line_for_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
