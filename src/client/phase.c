/* SPDX-License-Identifier: BSD-2-Clause */
/* Phases are multiples of the golden section: each new one falls into one of the largest
 * gaps that those before it left. */
#include "client/phase.h"

#include "base/clock.h"

/* (sqrt(5) - 1) / 2 as a fraction of 2^32. */
#define GOLDEN UINT32_C(2654435769)

int64_t
phase_of(size_t place, int64_t interval_ns)
{
	uint32_t fraction = (uint32_t)place * GOLDEN;
	uint64_t interval_us = (uint64_t)(interval_ns / NS_PER_US);

	return (int64_t)(interval_us * fraction >> 32) * NS_PER_US;
}

/* From `from_ns` to the first beat that is not before it. */
static int64_t
until_beat(int64_t phase_ns, int64_t interval_ns, int64_t from_ns)
{
	int64_t left_ns = (phase_ns - from_ns) % interval_ns;

	return left_ns < 0 ? left_ns + interval_ns : left_ns;
}

int64_t
phase_next(int64_t phase_ns, int64_t interval_ns, int64_t started_ns, int64_t now_ns)
{
	int64_t gap_ns = 1 + until_beat(phase_ns, interval_ns, started_ns + 1);

	/* Two longer steps to the beat rather than a short one, and then a whole one. */
	if (gap_ns < interval_ns / 2)
		gap_ns = (gap_ns + interval_ns) / 2;
	if (started_ns + gap_ns >= now_ns)
		return started_ns + gap_ns;
	return now_ns + until_beat(phase_ns, interval_ns, now_ns);
}
