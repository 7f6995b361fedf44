/* SPDX-License-Identifier: BSD-2-Clause */
/* Is this time server all right? One level and the reasons for it, from a snapshot alone.
 */
#ifndef MODEL_HEALTH_H
#define MODEL_HEALTH_H

#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

/* The numbers are those of the object ntpAgentxHealthLevel. */
enum health_level {
	HEALTH_OK = 1,
	HEALTH_WARNING = 2,
	HEALTH_CRITICAL = 3,
	HEALTH_UNKNOWN = 4, /* nothing was heard yet */
};

/* Thresholds that monitoring tools for NTP have in common. */
#define HEALTH_OFFSET_WARNING_NS  INT64_C(50000000)  /* 50 ms */
#define HEALTH_OFFSET_CRITICAL_NS INT64_C(500000000) /* 500 ms */
enum {
	HEALTH_STARTING_S = 1020, /* a daemon that young may still be synchronising */
	HEALTH_STALE_POLLS =
	    8, /* polls without an update of the clock: the filter's depth */
	HEALTH_STALE_CRITICAL_S = 3600,
	HEALTH_SOURCES_FEW = 3, /* with so many configured, one usable is too few */
	HEALTH_REASON_MAX = 255,
};

struct health {
	enum health_level level;
	uint32_t usable_sources; /* survivors of the selection; meaningful when up */
	size_t reason_len;
	char reason[HEALTH_REASON_MAX + 1]; /* in words, the gravest first; "" when ok */
};

void health_of(const struct snapshot *s, struct health *out);
/* Survivors of the selection. */
uint32_t health_usable_sources(const struct snapshot *s);

/* Seconds between the last update of the daemon's clock and the answer that told of it.
 * False when one of the two was not read, or the clock was never updated. */
bool health_clock_age(const struct snapshot *s, uint64_t *seconds_out);

#endif
