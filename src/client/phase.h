/* SPDX-License-Identifier: BSD-2-Clause */
/* When within its interval a target is asked, so that many targets share the time evenly
 * instead of being asked all at once. */
#ifndef CLIENT_PHASE_H
#define CLIENT_PHASE_H

#include <stddef.h>
#include <stdint.h>

/* The phase of whoever has that place among all, in 0 to interval_ns - 1. The places 0 to
 * n - 1 are spread about evenly for each n, and so are every second, every third and so
 * on of them. */
int64_t phase_of(size_t place, int64_t interval_ns);

/* When the cycle after one that began at `started_ns` is due, if beats are where the time
 * is phase_ns + k * interval_ns: not before now_ns, never later than an interval after
 * started_ns unless now_ns is, and without need not earlier than half of one after it. */
int64_t phase_next(int64_t phase_ns, int64_t interval_ns, int64_t started_ns,
    int64_t now_ns);

#endif
