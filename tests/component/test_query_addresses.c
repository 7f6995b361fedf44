/* SPDX-License-Identifier: BSD-2-Clause */
/* A name with two addresses: the second one is tried where the first does not answer, but
 * nothing is done twice. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mode6/packet.h"
#include "support/late_resolver.h"
#include "support/link_bench.h"
#include "support/query_bench.h"

enum { SILENCE_MS = 500 };

static const struct query_answer answers[] = {
	{ .op = M6_OP_SAVECONFIG, .text = "Configuration saved to 'a.conf'" },
	{ 0 },
};

/* The daemon, at 127.0.0.1, by a name that has these addresses. */
static uint16_t
begin(struct query_bench *b, const char *first, const char *second)
{
	char host[QUERY_HOST_MAX];
	const char *port;

	query_bench_start(b, answers);
	late_found[0] = first;
	late_found[1] = second;
	port = strrchr(b->q.host, ':') + 1;
	snprintf(host, sizeof(host), "ntp.example:%s", port);
	uint16_t number = (uint16_t)strtoul(port, NULL, 10);
	assert_int_equal(query_set_host(&b->q, host), 0);
	return number;
}

static void
assert_address(const struct query_bench *b, const char *expected)
{
	char text[ADDR_TEXT_MAX];

	addr_format(talk_address(b->q.talk), false, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void
the_second_is_asked_where_the_first_refuses(void **state)
{
	struct query_bench b;

	(void)state;
	begin(&b, "127.0.0.2", "127.0.0.1");
	query_bench_shows(&b, "rv 0 stratum", "stratum=3");
	assert_address(&b, "127.0.0.1");
	query_bench_end_daemon(&b);
	query_bench_fails(&b, "rv 0 stratum", "ntp.example:");
	assert_address(&b, "127.0.0.1");
	query_bench_stop(&b);
}

/* It begins with the first one again. */
static void
all_refuse(void **state)
{
	struct query_bench b;

	(void)state;
	begin(&b, "127.0.0.2", "127.0.0.1");
	query_bench_end_daemon(&b);
	for (int i = 0; i < 2; i++) {
		query_bench_fails(&b, "rv 0 stratum", ": nobody listens there\n");
		assert_int_equal(b.q.code, QUERY_UNREACHED);
		assert_address(&b, "127.0.0.2");
	}
	query_bench_stop(&b);
}

/* What it was asked to do it may have done: that is asked of nobody else. */
static void
the_second_is_asked_where_the_first_is_silent(void **state)
{
	struct query_bench b;
	uint16_t port;
	int silent;

	(void)state;
	port = begin(&b, "127.0.0.2", "127.0.0.1");
	silent = link_bench_bind("127.0.0.2", &port);
	b.q.timeout_ms = SILENCE_MS;
	query_bench_fails(&b, "saveconfig a.conf", ": no answer\n");
	assert_address(&b, "127.0.0.2");
	query_bench_shows(&b, "rv 0 stratum", "stratum=3");
	assert_address(&b, "127.0.0.1");
	query_bench_shows(&b, "saveconfig a.conf", "Configuration saved");
	close(silent);
	query_bench_stop(&b);
}

/* The system refuses to send to everybody. */
static void
there_is_no_way_to_the_second(void **state)
{
	struct query_bench b;

	(void)state;
	begin(&b, "127.0.0.2", "255.255.255.255");
	b.q.timeout_ms = SILENCE_MS;
	query_bench_fails(&b, "rv 0 stratum", "ntp.example:");
	assert_int_equal(b.q.code, QUERY_UNREACHED);
	assert_address(&b, "127.0.0.2");
	query_bench_stop(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_second_is_asked_where_the_first_refuses),
		cmocka_unit_test(all_refuse),
		cmocka_unit_test(the_second_is_asked_where_the_first_is_silent),
		cmocka_unit_test(there_is_no_way_to_the_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
