/* SPDX-License-Identifier: BSD-2-Clause */
/* The only place that reads a clock. Everything else is told the time. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_US 1000LL
#define NS_PER_MS 1000000LL
#define NS_PER_S  1000000000LL

/* Time that never appears as a deadline: "no deadline". */
#define CLOCK_NEVER INT64_MAX

/* Nanoseconds since an arbitrary start; never goes back. */
int64_t clock_monotonic_ns(void);
/* Nanoseconds since 1970-01-01 UTC; may jump. */
int64_t clock_wall_ns(void);

#endif
