/* SPDX-License-Identifier: BSD-2-Clause */
/* How evenly targets share the interval, and how a target comes to its phase. */
#include "support/check.h"

#include <stdlib.h>

#include "base/clock.h"
#include "client/phase.h"

#define INTERVAL_NS (15 * NS_PER_S)
enum { MANY = 10000 };

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The largest and the smallest gap, round the interval, in thousandths of an equal share.
 * Of the places first, first + step, first + 2 step, ... */
static void
gaps(size_t n, size_t first, size_t step, int64_t *least, int64_t *most)
{
	static int64_t phases[MANY];
	const int64_t share_ns = INTERVAL_NS / (int64_t)n;

	*least = INTERVAL_NS;
	*most = 0;
	for (size_t i = 0; i < n; i++) {
		phases[i] = phase_of(first + i * step, INTERVAL_NS);
		assert_in_range(phases[i], 0, INTERVAL_NS - 1);
	}
	qsort(phases, n, sizeof(phases[0]), compare);
	for (size_t i = 0; i < n; i++) {
		int64_t next_ns = i + 1 < n ? phases[i + 1] : phases[0] + INTERVAL_NS;
		int64_t gap = 1000 * (next_ns - phases[i]) / share_ns;

		*least = gap < *least ? gap : *least;
		*most = gap > *most ? gap : *most;
	}
}

static void
any_number_of_targets_is_spread_evenly(void **state)
{
	int64_t least, most;

	(void)state;
	for (size_t n = 2; n <= 1100; n++) {
		gaps(n, 0, 1, &least, &most);
		assert_in_range(least, 380, 1000);
		assert_in_range(most, 1000, 2100);
	}
	gaps(MANY, 0, 1, &least, &most);
	assert_in_range(least, 380, 1000);
	assert_in_range(most, 1000, 2100);
}

/* The configuration may have a pattern: every second target with another interval. */
static void
each_part_of_them_is_spread_evenly(void **state)
{
	int64_t least, most;

	(void)state;
	for (size_t step = 2; step <= 10; step++)
		for (size_t first = 0; first < step; first++) {
			gaps(1000, first, step, &least, &most);
			assert_in_range(most, 1000, 6000);
		}
}

static void
phase_is_a_share_of_any_interval(void **state)
{
	(void)state;
	assert_int_equal(phase_of(0, INTERVAL_NS), 0);
	for (size_t place = 0; place < MANY; place++) {
		int64_t of_hour_ns = phase_of(place, 3600 * NS_PER_S);

		assert_in_range(of_hour_ns, 0, 3600 * NS_PER_S - 1);
		/* To the microsecond. */
		assert_in_range(of_hour_ns / 3600 - phase_of(place, NS_PER_S) + NS_PER_US,
		    0, 2 * NS_PER_US);
	}
}

/* A beat is at 4 of each 15 seconds. */
static void
next_cycle_is_on_the_beat_or_on_the_way_to_it(void **state)
{
	static const struct {
		int64_t started_s, ended_s, due_s;
	} rows[] = {
		{ 4, 4, 19 },    /* on the beat */
		{ 5, 5, 19 },    /* a little late */
		{ 11, 11, 19 },  /* late, but not too near the next */
		{ 3, 3, 11 },    /* a second before the beat: half of 1 + 15 */
		{ 1, 1, 10 },    /* three before it */
		{ 18, 18, 26 },  /* any time */
		{ 4, 19, 19 },   /* it took all the interval */
		{ 4, 20, 34 },   /* and more: that beat has passed */
		{ 4, 120, 124 }, /* and much more */
		{ 3, 20, 34 }, { -11, -11, 4 }, /* the clock may count from anywhere */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(phase_next(4 * NS_PER_S, INTERVAL_NS,
				     rows[i].started_s * NS_PER_S,
				     rows[i].ended_s * NS_PER_S),
		    rows[i].due_s * NS_PER_S);
}

/* Whenever it begins: at most one step off the beat, and none too short or too long. */
static void
beat_is_reached_in_two_steps(void **state)
{
	const int64_t phase_ns = phase_of(7, INTERVAL_NS);

	(void)state;
	for (int64_t start_ns = 0; start_ns < 2 * INTERVAL_NS; start_ns += NS_PER_MS) {
		int64_t at_ns = start_ns;

		for (int i = 0; i < 4; i++) {
			int64_t next_ns = phase_next(phase_ns, INTERVAL_NS, at_ns, at_ns);

			assert_in_range(next_ns - at_ns, INTERVAL_NS / 2, INTERVAL_NS);
			at_ns = next_ns;
			if (i >= 1)
				assert_int_equal((at_ns - phase_ns) % INTERVAL_NS, 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_targets_is_spread_evenly),
		cmocka_unit_test(each_part_of_them_is_spread_evenly),
		cmocka_unit_test(phase_is_a_share_of_any_interval),
		cmocka_unit_test(next_cycle_is_on_the_beat_or_on_the_way_to_it),
		cmocka_unit_test(beat_is_reached_in_two_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
