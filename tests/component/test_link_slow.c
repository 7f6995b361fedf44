/* SPDX-License-Identifier: BSD-2-Clause */
/* Links to daemons that answer slowly: how long the old values stand meanwhile. The names
 * of this program have the addresses it gives them. */
#include "support/check.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "client/link.h"
#include "support/late_resolver.h"
#include "support/link_bench.h"

enum { ASSOCS = 1000 };

/* Three milliseconds for each association, of which there are many. */
static bool
answer_slowly(struct fake_daemon *d, const struct m6_packet *request)
{
	const struct timespec pause = { .tv_nsec = 3 * NS_PER_MS };

	(void)d;
	if (request->head.assoc != 0)
		(void)nanosleep(&pause, NULL);
	return false;
}

/* A link whose values live for two seconds, up, to a daemon of so many associations that
 * the next cycle takes three. */
static struct link_bench *
start(const char *host)
{
	struct link_bench *b = link_bench_start();
	struct target t = link_bench_target(b, host);

	late_found[0] = "127.0.0.1";
	late_found[1] = "127.0.0.2";
	fake_set_assocs(&b->server.d, ASSOCS, 0);
	t.stale_after = 2;
	b->link = link_new(&b->loop, &t, &b->log, link_bench_on_change, b);
	assert_non_null(b->link);
	link_bench_run(b, 1);
	assert_int_equal(b->after, TARGET_UP);
	b->server.d.answer = answer_slowly;
	return b;
}

static void
slow_cycle_leaves_the_old_values(void **state)
{
	int64_t begin_ns = clock_monotonic_ns();
	struct link_bench *b = start("127.0.0.1");
	struct target_stats stats;

	(void)state;
	link_bench_run(b, 2);
	assert_int_equal(b->before, TARGET_UP);
	assert_int_equal(b->after, TARGET_UP);
	assert_true(clock_monotonic_ns() - begin_ns > 3 * NS_PER_S);
	link_stats(b->link, &stats);
	assert_int_equal(stats.cycles, 2);
	link_free(b->link);
	link_bench_stop(b);
}

/* The daemon is gone from the address it had, and another one answers at the next: the
 * values of the first do not stand for as long as that takes. */
static void
answers_of_another_address_do_not_keep_the_values(void **state)
{
	struct link_bench *b = start("two.example");
	uint16_t port = b->server.port;

	(void)state;
	link_bench_unserve(b);
	link_bench_serve_at(b, "127.0.0.2", port);
	link_bench_run(b, 2);
	assert_int_equal(b->after, TARGET_SILENT);
	link_bench_run(b, 3);
	assert_int_equal(b->after, TARGET_UP);
	link_free(b->link);
	link_bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_cycle_leaves_the_old_values),
		cmocka_unit_test(answers_of_another_address_do_not_keep_the_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
