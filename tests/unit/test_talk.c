/* SPDX-License-Identifier: BSD-2-Clause */
/* Hosts as they are written, and a host that is not there. Talking is tested with
 * daemons, in tests/e2e/query_sim.sh. */
#include "support/check.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "mode6/packet.h"
#include "probe/talk.h"

static void
hosts_are_split(void **state)
{
	static const struct {
		const char *text;
		int expected;
		const char *host;
		uint16_t port;
	} rows[] = {
		{ "localhost", 0, "localhost", 123 },
		{ "localhost:1123", 0, "localhost", 1123 },
		{ "192.0.2.1", 0, "192.0.2.1", 123 },
		{ "192.0.2.1:65535", 0, "192.0.2.1", 65535 },
		{ "2001:db8::1", 0, "2001:db8::1", 123 },
		{ "[2001:db8::1]", 0, "2001:db8::1", 123 },
		{ "[2001:db8::1]:7", 0, "2001:db8::1", 7 },
		{ "fe80::1%eth0", 0, "fe80::1%eth0", 123 },
		{ "", ERR_SYNTAX, NULL, 0 },
		{ ":123", ERR_SYNTAX, NULL, 0 },
		{ "a:", ERR_SYNTAX, NULL, 0 },
		{ "a:0", ERR_SYNTAX, NULL, 0 },
		{ "a:65536", ERR_SYNTAX, NULL, 0 },
		{ "a:x", ERR_SYNTAX, NULL, 0 },
		{ "[::1", ERR_SYNTAX, NULL, 0 },
		{ "[::1]x", ERR_SYNTAX, NULL, 0 },
		{ "[]", ERR_SYNTAX, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char host[TARGET_HOST_MAX + 1];
		uint16_t port = 123;

		assert_int_equal(talk_split(rows[i].text, host, &port), rows[i].expected);
		if (rows[i].expected != 0)
			continue;
		assert_string_equal(host, rows[i].host);
		assert_int_equal(port, rows[i].port);
	}
	char host[TARGET_HOST_MAX + 1], text[TARGET_HOST_MAX + 2];
	uint16_t port;
	memset(text, 'a', sizeof(text));
	text[TARGET_HOST_MAX + 1] = '\0';
	assert_int_equal(talk_split(text, host, &port), ERR_TOOBIG);
	text[TARGET_HOST_MAX] = '\0';
	assert_int_equal(talk_split(text, host, &port), 0);
}

static void
a_port_where_nobody_listens_refuses(void **state)
{
	struct talk_options options = { .version = M6_VERSION_DEFAULT };
	struct talk_ask asks[3] = {
		{ .op = M6_OP_READSTAT },
		{ .op = M6_OP_READVAR },
		{ .op = M6_OP_READVAR, .assoc = 1 },
	};
	char reason[TALK_REASON_MAX];
	struct talk *t;

	(void)state;
	assert_int_equal(talk_open(&options, "127.0.0.1", 9, &t, reason), 0);
	talk_ask(t, asks, COUNT(asks));
	for (size_t i = 0; i < COUNT(asks); i++)
		assert_int_equal(asks[i].err, ERR_REFUSED);
	talk_forget(asks, COUNT(asks));
	/* Asked again, it waits for an end again. */
	for (size_t i = 0; i < COUNT(asks); i++)
		asks[i].err = 0;
	talk_ask(t, asks, COUNT(asks));
	for (size_t i = 0; i < COUNT(asks); i++)
		assert_int_equal(asks[i].err, ERR_REFUSED);
	assert_int_equal(talk_address(t)->port, 9);
	talk_close(t);
}

static void
a_family_that_was_not_asked_for_is_refused(void **state)
{
	struct talk_options options = { .family = TARGET_IPV6_ONLY, .version = 2 };
	char reason[TALK_REASON_MAX] = "";
	struct talk *t = NULL;

	(void)state;
	assert_int_equal(talk_open(&options, "127.0.0.1", 123, &t, reason), ERR_NOTFOUND);
	assert_null(t);
	assert_string_not_equal(reason, "");
	talk_close(NULL);
}

/* A signal each 20 ms, from a process of its own: one may come while nobody waits. */
static pid_t
begin_signals(int signum)
{
	pid_t parent = getpid(), child = fork();

	assert_true(child >= 0);
	while (child == 0) {
		usleep(20000);
		if (kill(parent, signum) != 0)
			_exit(0);
	}
	return child;
}

static void
end_signals(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void
waiting_ends_in_time_or_by_a_signal(void **state)
{
	struct talk_options options = { .version = M6_VERSION_DEFAULT };
	char reason[TALK_REASON_MAX];
	struct talk *t;
	int64_t begun_ns = clock_monotonic_ns();
	pid_t child;

	(void)state;
	assert_int_equal(talk_open(&options, "127.0.0.1", 9, &t, reason), 0);
	assert_int_equal(talk_wait(t, begun_ns + 20 * NS_PER_MS), 0);
	assert_true(clock_monotonic_ns() >= begun_ns + 20 * NS_PER_MS);
	assert_int_equal(talk_wait(t, begun_ns), 0);
	child = begin_signals(SIGWINCH);
	assert_int_equal(talk_wait(t, CLOCK_NEVER / 2), 1);
	end_signals(child);
	talk_hold_interrupt(t, true);
	child = begin_signals(SIGINT);
	assert_int_equal(talk_wait(t, CLOCK_NEVER / 2), ERR_CANCELLED);
	end_signals(child);
	/* One that comes while nobody waits is not lost. */
	raise(SIGINT);
	assert_int_equal(talk_wait(t, CLOCK_NEVER / 2), ERR_CANCELLED);
	assert_int_equal(talk_wait(t, clock_monotonic_ns() + NS_PER_MS), 0);
	talk_hold_interrupt(t, false);
	talk_close(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_split),
		cmocka_unit_test(a_port_where_nobody_listens_refuses),
		cmocka_unit_test(waiting_ends_in_time_or_by_a_signal),
		cmocka_unit_test(a_family_that_was_not_asked_for_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
