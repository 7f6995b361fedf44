/* SPDX-License-Identifier: BSD-2-Clause */
/* The two clocks of the program. */
#include "base/clock.h"

#include <time.h>

static int64_t
read_clock(clockid_t clock)
{
	struct timespec now = { 0 };

	/* It fails only for clocks a system does not have; POSIX demands these two. */
	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t
clock_monotonic_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t
clock_wall_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}
