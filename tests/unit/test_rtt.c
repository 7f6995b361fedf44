/* SPDX-License-Identifier: BSD-2-Clause */
/* The waiting time. */
#include "support/check.h"

#include "client/rtt.h"

static void
nothing_measured_waits_a_second(void **state)
{
	struct rtt r = { 0 };

	(void)state;
	assert_int_equal(rtt_timeout_ns(&r, 0), NS_PER_S);
}

/* RFC 6298 2.2: SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR. */
static void
first_sample_sets_both_estimates(void **state)
{
	struct rtt r = { 0 };

	(void)state;
	rtt_sample(&r, 5 * NS_PER_S, 5 * NS_PER_S + 400 * NS_PER_MS);
	assert_int_equal(r.srtt_ns, 400 * NS_PER_MS);
	assert_int_equal(r.rttvar_ns, 200 * NS_PER_MS);
	assert_int_equal(rtt_timeout_ns(&r, 0), 1200 * NS_PER_MS);
}

/* RFC 6298 2.3 with 1/8 and 1/4, the deviation first. */
static void
second_sample_is_smoothed(void **state)
{
	struct rtt r = { 0 };

	(void)state;
	rtt_sample(&r, 0, 400 * NS_PER_MS);
	rtt_sample(&r, 0, 800 * NS_PER_MS);
	assert_int_equal(r.rttvar_ns, 250 * NS_PER_MS);
	assert_int_equal(r.srtt_ns, 450 * NS_PER_MS);
	assert_int_equal(rtt_timeout_ns(&r, 0), 1450 * NS_PER_MS);
}

static void
fast_and_slow_paths_stay_within_floor_and_ceiling(void **state)
{
	struct rtt fast = { 0 }, slow = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		rtt_sample(&fast, 0, 50 * NS_PER_US);
		rtt_sample(&slow, 0, 3600 * NS_PER_S);
	}
	assert_int_equal(rtt_timeout_ns(&fast, 0), RTT_TIMEOUT_MIN_NS);
	assert_int_equal(rtt_timeout_ns(&slow, 0), RTT_TIMEOUT_MAX_NS);
}

/* Zero would mean that there is none. */
static void
estimate_never_falls_to_zero(void **state)
{
	(void)state;
	for (int64_t first_ns = 0; first_ns < 1000; first_ns++) {
		struct rtt r = { 0 };

		rtt_sample(&r, 0, first_ns);
		for (int i = 0; i < 100; i++) {
			rtt_sample(&r, 5, 5);
			assert_true(r.srtt_ns > 0);
		}
	}
}

static void
backoff_doubles_up_to_the_ceiling_and_a_sample_ends_it(void **state)
{
	static const int64_t expected_ms[] = { 1000, 2000, 4000, 5000, 5000, 5000 };
	struct rtt r = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(expected_ms); i++) {
		assert_int_equal(rtt_timeout_ns(&r, 0), expected_ms[i] * NS_PER_MS);
		rtt_backoff(&r);
	}
	for (int i = 0; i < 100000; i++)
		rtt_backoff(&r);
	assert_int_equal(rtt_timeout_ns(&r, 0), RTT_TIMEOUT_MAX_NS);
	rtt_sample(&r, 0, NS_PER_MS);
	assert_int_equal(rtt_timeout_ns(&r, 0), RTT_TIMEOUT_MIN_NS);
}

static void
jitter_adds_at_most_a_tenth(void **state)
{
	struct rtt r = { 0 };
	int64_t longest_ns = 0;

	(void)state;
	for (uint32_t random = 0; random < 4000000000u; random += 39999001u) {
		int64_t timeout_ns = rtt_timeout_ns(&r, random);

		assert_in_range(timeout_ns, NS_PER_S, NS_PER_S + NS_PER_S / 10);
		if (timeout_ns > longest_ns)
			longest_ns = timeout_ns;
	}
	assert_true(longest_ns > NS_PER_S + NS_PER_S / 20);
}

static void
negative_times_are_no_samples_and_zero_is_the_shortest(void **state)
{
	struct rtt r = { 0 };

	(void)state;
	rtt_sample(&r, 10, 5);
	assert_int_equal(r.srtt_ns, 0);
	rtt_sample(&r, 10, 10);
	assert_int_equal(r.srtt_ns, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_measured_waits_a_second),
		cmocka_unit_test(first_sample_sets_both_estimates),
		cmocka_unit_test(second_sample_is_smoothed),
		cmocka_unit_test(fast_and_slow_paths_stay_within_floor_and_ceiling),
		cmocka_unit_test(estimate_never_falls_to_zero),
		cmocka_unit_test(backoff_doubles_up_to_the_ceiling_and_a_sample_ends_it),
		cmocka_unit_test(jitter_adds_at_most_a_tenth),
		cmocka_unit_test(negative_times_are_no_samples_and_zero_is_the_shortest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
