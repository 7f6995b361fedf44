/* SPDX-License-Identifier: BSD-2-Clause */
/* When there are quick cycles, and how many: hints, and changes that make us look more
 * often for a while. */
#include "support/check.h"

#include <string.h>

#include "client/poller.h"
#include "support/poller_bench.h"

enum { LIST_AND_SYSTEM = 2, OTHER_STATUS = 0x9514, INTERVAL_S = 15 };

/* --- hints -------------------------------------------------------------------------- */

static void
hint_is_followed_at_once(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);

	(void)state;
	bench_run_s(b, 4);
	assert_true(poller_deadline(b->poller) > b->d.now_ns);
	size_t n = b->d.n_requests;
	poller_hint(b->poller, 101);
	assert_int_equal(b->d.n_requests, n);
	assert_true(poller_deadline(b->poller) <= b->d.now_ns);
	int64_t now_ns = b->d.now_ns;
	bench_quick_cycle(b);
	assert_true(b->snapshot->taken_ns == now_ns);
	bench_stop(b);
}

/* Hints without end and without truth, through an hour, at an interval of a minute. */
static unsigned
flood(struct poller_bench *b, int64_t seconds)
{
	unsigned before = b->quick_cycles;

	for (int64_t i = 0; i < 20 * seconds; i++) {
		poller_hint(b->poller, (uint16_t)i);
		fake_run(&b->d, NS_PER_S / 20);
	}
	return b->quick_cycles - before;
}

static void
forged_hints_cost_a_cycle_per_interval(void **state)
{
	struct poller_bench *b = bench_start_slow(40, 0);

	(void)state;
	bench_run_s(b, 10);
	unsigned cycles = b->cycles;
	size_t requests = b->d.n_requests;
	/* Waits of 1, 2, 4, 8, 16 and 32 seconds, and of a minute from then on. */
	unsigned quick = flood(b, 3600);
	assert_int_equal(quick, 1 + 6 + (3600 - 63) / 60);
	assert_int_equal(b->cycles - cycles, 60);
	assert_true(b->d.n_requests - requests <=
	    60 * (40 + 4) + quick * (LIST_AND_SYSTEM + POLLER_HINTS_MAX));
	bench_stop(b);
}

static void
change_state(struct poller_bench *b)
{
	b->d.assocs[2].status = OTHER_STATUS;
}

static void
remove_one(struct poller_bench *b)
{
	b->d.n_assocs--;
}

static void
add_one(struct poller_bench *b)
{
	b->d.assocs[b->d.n_assocs++] = (struct fake_assoc){ .id = 9, .status = 0x8011 };
}

static void
change_system(struct poller_bench *b)
{
	b->d.status = 0x0628;
}

static void
miss_reach(struct poller_bench *b)
{
	b->d.assocs[1].reach = 6;
}

static void
hint_that_was_true_makes_the_next_one_fast(void **state)
{
	void (*const changes[])(struct poller_bench * b) = { change_state, remove_one,
		add_one, change_system };

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct poller_bench *b = bench_start_slow(4, 0);

		bench_run_s(b, 70);
		flood(b, 20);
		/* The next one can come at 31 s only; by then it is true. */
		changes[i](b);
		assert_int_equal(flood(b, 10), 0);
		bench_run_s(b, 2);
		unsigned quick = b->quick_cycles;
		poller_hint(b->poller, 0);
		bench_run_s(b, 1);
		assert_int_equal(b->quick_cycles, quick + 1);
		bench_stop(b);
	}
}

static void
hint_during_a_cycle_is_followed_after_it(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);

	(void)state;
	b->d.delay_ns = NS_PER_S / 10;
	/* A full one. */
	fake_run(&b->d, poller_deadline(b->poller) - b->d.now_ns + NS_PER_MS);
	assert_true(poller_deadline(b->poller) == CLOCK_NEVER);
	poller_hint(b->poller, 101);
	bench_good_cycle(b);
	int64_t now_ns = b->d.now_ns;
	/* And a quick one. */
	fake_run(&b->d, NS_PER_MS);
	poller_hint(b->poller, 102);
	bench_quick_cycle(b);
	assert_true(b->snapshot->taken_ns == now_ns);
	bench_quick_cycle(b);
	assert_true(b->snapshot->taken_ns == now_ns + POLLER_HINT_GAP_NS);
	assert_int_equal(b->quick_cycles, 2);
	bench_stop(b);
}

static void
full_cycle_answers_the_hints_before_it(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);

	(void)state;
	bench_hinted_cycle(b, 0);
	poller_hint(b->poller, 101);
	poller_hurry(b->poller);
	bench_good_cycle(b);
	bench_run_s(b, 5);
	assert_int_equal(b->quick_cycles, 1);
	bench_stop(b);
}

/* --- alert -------------------------------------------------------------------------- */

static void
change_makes_it_faster_for_a_while(void **state)
{
	static const struct {
		void (*make)(struct poller_bench *b);
		size_t n_focus;
	} changes[] = { { miss_reach, 1 }, { change_state, 1 }, { change_system, 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct poller_bench *b = bench_start_steady(10, 0);
		int64_t began_ns;

		changes[i].make(b);
		bench_good_cycle(b);
		began_ns = b->snapshot->taken_ns;
		assert_int_equal(bench_quick_cycle(b),
		    LIST_AND_SYSTEM + changes[i].n_focus);
		assert_true(b->snapshot->taken_ns == began_ns + BENCH_INTERVAL_NS / 4);
		/* Three between two full ones; that it goes on is no change. */
		bench_run_s(b, 20 * INTERVAL_S);
		assert_int_equal(b->quick_cycles, 3 * POLLER_ALERT_INTERVALS);
		/* The full ones keep their beat. */
		assert_int_equal(b->cycles, 3 + 20);
		bench_stop(b);
	}
}

static void
each_change_prolongs_it(void **state)
{
	struct poller_bench *b = bench_start_steady(10, 0);

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		b->d.assocs[i].status = OTHER_STATUS;
		bench_good_cycle(b);
	}
	assert_int_equal(b->quick_cycles, 3 * 9);
	/* Those that quick cycles saw change in the last four intervals, and no others.
	 */
	assert_int_equal(bench_quick_cycle(b), LIST_AND_SYSTEM + 3);
	bench_stop(b);
}

static void
trouble_that_lasts_is_nothing_new(void **state)
{
	struct poller_bench *b = bench_start(10, 0);

	(void)state;
	/* Its leap says that it is not synchronised, and nobody answers it. */
	for (size_t i = 0; i < 10; i++) {
		b->d.assocs[i].reach = 0;
		b->d.assocs[i].status = 0x8013;
	}
	bench_good_cycle(b);
	bench_run_s(b, 100 * INTERVAL_S);
	assert_int_equal(b->quick_cycles, 0);
	bench_stop(b);
}

static void
short_interval_has_no_alert(void **state)
{
	struct poller_bench *b = bench_start(3, 0);

	(void)state;
	bench_set_interval(b, 3 * NS_PER_S);
	bench_good_cycle(b);
	b->d.assocs[0].status = OTHER_STATUS;
	bench_run_s(b, 60);
	assert_int_equal(b->quick_cycles, 0);
	bench_hinted_cycle(b, 0);
	bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hint_is_followed_at_once),
		cmocka_unit_test(forged_hints_cost_a_cycle_per_interval),
		cmocka_unit_test(hint_that_was_true_makes_the_next_one_fast),
		cmocka_unit_test(hint_during_a_cycle_is_followed_after_it),
		cmocka_unit_test(full_cycle_answers_the_hints_before_it),
		cmocka_unit_test(change_makes_it_faster_for_a_while),
		cmocka_unit_test(each_change_prolongs_it),
		cmocka_unit_test(trouble_that_lasts_is_nothing_new),
		cmocka_unit_test(short_interval_has_no_alert),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
