/* SPDX-License-Identifier: BSD-2-Clause */
/* How much is read while datagrams are lost or late, and how soon all is back after that:
 * ten seeds of each, on a clock of its own. */
#include "support/check.h"

#include "support/poller_bench.h"

enum { SEEDS = 10, ASSOCS = 10, FAULT_S = 30 };

#define INTERVAL_NS (2 * NS_PER_S)
/* A cycle that begins after the fault takes that long, and what was sent last may wait
 * for its timer. */
#define ALLOWANCE_NS (500 * NS_PER_MS)
#define MOMENT_NS    (20 * NS_PER_MS)

struct score {
	unsigned whole, failed; /* cycles during the fault */
	int64_t back_ns;        /* after it */
};

static bool
is_whole(const struct poller_bench *b, int64_t since_ns)
{
	const struct snapshot *s = b->snapshot;

	if (s->taken_ns < since_ns || s->n_peers != ASSOCS)
		return false;
	for (size_t i = 0; i < s->n_peers; i++)
		if (!ntp_peer_has(&s->peers[i], NTP_PEER_STRATUM))
			return false;
	return true;
}

static struct poller_bench *
start(unsigned seed, int64_t interval_ns)
{
	struct poller_bench *b = bench_start(ASSOCS, 1);

	b->d.random += seed * UINT64_C(0x9E3779B97F4A7C15);
	bench_set_interval(b, interval_ns);
	for (int i = 0; i < 5; i++)
		bench_good_cycle(b);
	return b;
}

static void
endure(struct poller_bench *b, struct score *score)
{
	unsigned failures = b->failures;
	int64_t until_ns = b->d.now_ns + FAULT_S * NS_PER_S, taken_ns = b->d.now_ns;

	while (b->d.now_ns < until_ns) {
		fake_run(&b->d, MOMENT_NS);
		if (!is_whole(b, taken_ns))
			continue;
		score->whole++;
		taken_ns = b->snapshot->taken_ns + 1;
	}
	score->failed += b->failures - failures;
}

static void
come_back(struct poller_bench *b, struct score *score)
{
	int64_t since_ns = b->d.now_ns;

	while (!is_whole(b, since_ns)) {
		assert_true(b->d.now_ns - since_ns < 120 * NS_PER_S);
		fake_run(&b->d, MOMENT_NS);
	}
	if (b->d.now_ns - since_ns > score->back_ns)
		score->back_ns = b->d.now_ns - since_ns;
}

/* Of the datagrams either way, so of the exchanges 51 %; and those of two fragments need
 * three datagrams. */
static void
heavy_loss_is_over_within_two_intervals(void **state)
{
	struct score score = { 0 };

	(void)state;
	for (unsigned seed = 1; seed <= SEEDS; seed++) {
		struct poller_bench *b = start(seed, INTERVAL_NS);
		struct m6_client_stats stats;

		b->d.loss_percent = 30;
		endure(b, &score);
		m6_client_stats(b->d.client, &stats);
		assert_false(stats.is_rate_limited);
		b->d.loss_percent = 0;
		come_back(b, &score);
		bench_stop(b);
	}
	assert_in_range(score.back_ns, 1, 2 * INTERVAL_NS + ALLOWANCE_NS);
	/* Before the losses were counted as such: 7 of 150. */
	assert_true(score.whole >= 40);
	assert_true(score.failed <= 4);
}

/* The daemon, or the way to it, needs as long as the interval for each answer. */
static void
delay_is_over_within_two_intervals(void **state)
{
	static const int64_t intervals_ns[] = { NS_PER_S, 2 * NS_PER_S };

	(void)state;
	for (size_t i = 0; i < COUNT(intervals_ns); i++) {
		struct score score = { 0 };

		for (unsigned seed = 1; seed <= SEEDS; seed++) {
			struct poller_bench *b = start(seed, intervals_ns[i]);
			int64_t delay_ns = b->d.delay_ns;

			b->d.delay_ns = 2 * NS_PER_S;
			endure(b, &score);
			b->d.delay_ns = delay_ns;
			come_back(b, &score);
			bench_stop(b);
		}
		assert_in_range(score.back_ns, 1, 2 * intervals_ns[i] + ALLOWANCE_NS);
		assert_int_equal(score.failed, 0);
		assert_true(score.whole >= 2 * SEEDS);
	}
}

/* A limiter answers 0.97 requests a second in the long run, and twenty more at first. */
static void
limiter_is_asked_for_nearly_all_that_it_gives(void **state)
{
	struct poller_bench *b = start(1, 15 * NS_PER_S);
	struct m6_client_stats before, after;

	(void)state;
	fake_set_assocs(&b->d, 40, 0);
	b->d.is_limited = true;
	bench_run_s(b, 60);
	m6_client_stats(b->d.client, &before);
	bench_run_s(b, 600);
	m6_client_stats(b->d.client, &after);
	assert_true(after.is_rate_limited);
	/* Answers of one fragment and more. */
	assert_true(after.requests - before.requests >= 520);
	assert_true(after.retransmits - before.retransmits <= 40);
	assert_int_equal(after.timeouts, before.timeouts);
	bench_stop(b);
}

/* Nothing of that costs a dead daemon a datagram more than four in a cycle. */
static void
dead_daemon_is_asked_rarely(void **state)
{
	struct poller_bench *b = start(1, INTERVAL_NS);
	size_t n_requests;

	(void)state;
	b->d.is_silent = true;
	bench_run_s(b, 60);
	n_requests = b->d.n_requests;
	bench_run_s(b, 600);
	/* Once in five seconds at the most, and the beat of the interval between. */
	assert_in_range(b->d.n_requests - n_requests, 60, 120);
	bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heavy_loss_is_over_within_two_intervals),
		cmocka_unit_test(delay_is_over_within_two_intervals),
		cmocka_unit_test(limiter_is_asked_for_nearly_all_that_it_gives),
		cmocka_unit_test(dead_daemon_is_asked_rarely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
