/* SPDX-License-Identifier: BSD-2-Clause */
/* The two clocks: one never goes back, the other tells the date. */
#include "support/check.h"

#include <time.h>

#include "base/clock.h"

static void
monotonic_time_never_goes_back(void **state)
{
	int64_t last = clock_monotonic_ns();

	(void)state;
	for (int i = 0; i < 10000; i++) {
		int64_t now = clock_monotonic_ns();
		assert_true(now >= last);
		last = now;
	}
}

static void
monotonic_time_counts_nanoseconds(void **state)
{
	struct timespec pause = { .tv_nsec = 20 * NS_PER_MS };

	(void)state;
	int64_t before = clock_monotonic_ns();
	nanosleep(&pause, NULL);
	assert_true(clock_monotonic_ns() - before >= 20 * NS_PER_MS);
}

static void
wall_time_is_that_of_the_system(void **state)
{
	(void)state;
	/* time() may read a coarser clock that is a tick behind. */
	int64_t before = (int64_t)time(NULL) - 1;
	int64_t now = clock_wall_ns() / NS_PER_S;
	int64_t after = (int64_t)time(NULL) + 1;
	assert_true(now >= before && now <= after);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(monotonic_time_never_goes_back),
		cmocka_unit_test(monotonic_time_counts_nanoseconds),
		cmocka_unit_test(wall_time_is_that_of_the_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
