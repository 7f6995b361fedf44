/* SPDX-License-Identifier: BSD-2-Clause */
/* Pollers that have a phase: where their full cycles begin, and how many targets share
 * the interval. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "client/phase.h"
#include "client/poller.h"
#include "support/poller_bench.h"

enum { INTERVAL_S = 15 };
#define PHASE_NS (4 * NS_PER_S)

/* The fake daemon's clock, less a whole number of intervals, is what `at_ns` counts. */
static int64_t
now_of(const struct poller_bench *b)
{
	return b->d.now_ns % BENCH_INTERVAL_NS;
}

/* A poller whose first cycle is a second before its beat. */
static struct poller_bench *
start(void)
{
	struct poller_bench *b = bench_start(3, 0);

	b->d.now_ns += BENCH_INTERVAL_NS - now_of(b);
	poller_set_pace(b->poller, b->d.now_ns + 3 * NS_PER_S, PHASE_NS);
	return b;
}

static void
first_cycle_is_when_it_is_told_and_the_third_on_the_beat(void **state)
{
	struct poller_bench *b = start();
	int64_t from_ns = b->d.now_ns;

	(void)state;
	bench_good_cycle(b);
	assert_int_equal(b->snapshot->taken_ns - from_ns, 3 * NS_PER_S);
	bench_good_cycle(b);
	assert_int_equal(b->snapshot->taken_ns - from_ns, 11 * NS_PER_S);
	for (int i = 1; i < 10; i++) {
		bench_good_cycle(b);
		assert_int_equal(b->snapshot->taken_ns - from_ns,
		    i * BENCH_INTERVAL_NS + PHASE_NS);
	}
	bench_stop(b);
}

static void
dead_daemon_keeps_the_beat(void **state)
{
	struct poller_bench *b = start();

	(void)state;
	bench_good_cycle(b);
	bench_good_cycle(b);
	b->d.is_silent = true;
	for (int i = 0; i < 5; i++) {
		bench_cycle(b);
		assert_int_equal(b->failures, i + 1);
		assert_int_equal(poller_deadline(b->poller) % BENCH_INTERVAL_NS,
		    PHASE_NS);
	}
	bench_stop(b);
}

/* A manager wants it now: after that, values are never older than they would have been.
 */
static void
hurried_cycle_comes_back_to_the_beat(void **state)
{
	struct poller_bench *b = start();

	(void)state;
	bench_good_cycle(b);
	bench_good_cycle(b);
	bench_good_cycle(b);
	for (int64_t after_s = 1; after_s < INTERVAL_S; after_s++) {
		int64_t before_ns;

		bench_run_s(b, after_s);
		before_ns = b->snapshot->taken_ns;
		poller_hurry(b->poller);
		for (int i = 0; i < 3; i++) {
			bench_good_cycle(b);
			assert_true(
			    b->snapshot->taken_ns - before_ns <= BENCH_INTERVAL_NS);
			before_ns = b->snapshot->taken_ns;
		}
		assert_int_equal(before_ns % BENCH_INTERVAL_NS, PHASE_NS);
	}
	bench_stop(b);
}

static void
quick_cycles_leave_the_beat_alone(void **state)
{
	struct poller_bench *b = start();

	(void)state;
	bench_good_cycle(b);
	bench_good_cycle(b);
	bench_good_cycle(b);
	bench_run_s(b, 6);
	bench_hinted_cycle(b, 101);
	b->d.assocs[0].status = 0x9514;
	for (int i = 0; i < 5; i++) {
		bench_good_cycle(b);
		assert_int_equal(b->snapshot->taken_ns % BENCH_INTERVAL_NS, PHASE_NS);
	}
	/* One that was hinted, and three in each of the intervals after the change. */
	assert_int_equal(b->quick_cycles, 1 + 3 * POLLER_ALERT_INTERVALS);
	bench_stop(b);
}

/* --- many --------------------------------------------------------------------------- */

enum { TARGETS = 1000, RUN_S = 10 * INTERVAL_S, SETTLED_S = 2 * INTERVAL_S };

struct crowd {
	struct fake_daemon d; /* only for its random numbers */
	struct poller *pollers[TARGETS];
	struct m6_client *clients[TARGETS];
	int64_t began_ns[TARGETS]; /* the last cycle of each */
	int64_t now_ns;
	unsigned in_a_ms, most_in_a_ms; /* cycles that began, once settled */
	int64_t longest_ns;             /* from one to the next, whenever */
};

static int
send_nowhere(void *ctx, const void *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
	return ERR_REFUSED;
}

static void
on_cycle(void *ctx, const struct poller_result *result)
{
	(void)ctx;
	assert_null(result->snapshot);
}

static void
crowd_tick(struct crowd *c, size_t i)
{
	int64_t due_ns = poller_deadline(c->pollers[i]);

	if (due_ns <= c->now_ns) {
		if (c->began_ns[i] != 0 && c->now_ns - c->began_ns[i] > c->longest_ns)
			c->longest_ns = c->now_ns - c->began_ns[i];
		c->began_ns[i] = c->now_ns;
		c->in_a_ms++;
	}
	poller_tick(c->pollers[i], c->now_ns, 0);
	m6_client_tick(c->clients[i], c->now_ns);
	if (due_ns <= c->now_ns)
		m6_client_input_error(c->clients[i], ERR_REFUSED, c->now_ns);
}

/* Also when nobody answers: dead daemons are asked on their beat, too. */
static void
thousand_targets_never_poll_together(void **state)
{
	static struct crowd c;
	struct m6_port port = { .send = send_nowhere };

	(void)state;
	bench_memory.until_failure = -1;
	bench_memory.outstanding = 0;
	c.now_ns = 1234567 * NS_PER_MS;
	for (size_t i = 0; i < TARGETS; i++) {
		c.clients[i] = m6_client_new(2, &port, fake_random, &c.d);
		c.pollers[i] = poller_new(c.clients[i], BENCH_INTERVAL_NS, on_cycle, &c);
		poller_set_pace(c.pollers[i], c.now_ns + (int64_t)i * NS_PER_MS,
		    phase_of(i, BENCH_INTERVAL_NS));
	}
	for (int64_t ms = 0; ms < RUN_S * 1000; ms++) {
		c.in_a_ms = 0;
		for (size_t i = 0; i < TARGETS; i++)
			crowd_tick(&c, i);
		if (ms > SETTLED_S * 1000 && c.in_a_ms > c.most_in_a_ms)
			c.most_in_a_ms = c.in_a_ms;
		/* At the start one after the other. */
		assert_in_range(c.in_a_ms, 0, ms < 1000 ? 1 : 5);
		c.now_ns += NS_PER_MS;
	}
	assert_int_equal(c.most_in_a_ms, 1);
	/* Ticks come once a millisecond. */
	assert_in_range(c.longest_ns, BENCH_INTERVAL_NS, BENCH_INTERVAL_NS + NS_PER_MS);
	for (size_t i = 0; i < TARGETS; i++) {
		poller_free(c.pollers[i]);
		m6_client_free(c.clients[i]);
	}
	assert_int_equal(bench_memory.outstanding, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    first_cycle_is_when_it_is_told_and_the_third_on_the_beat),
		cmocka_unit_test(dead_daemon_keeps_the_beat),
		cmocka_unit_test(hurried_cycle_comes_back_to_the_beat),
		cmocka_unit_test(quick_cycles_leave_the_beat_alone),
		cmocka_unit_test(thousand_targets_never_poll_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
