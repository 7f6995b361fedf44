/* SPDX-License-Identifier: BSD-2-Clause */
/* How long to wait for an answer: the smoothed round trip of RFC 6298. */
#ifndef CLIENT_RTT_H
#define CLIENT_RTT_H

#include <stdint.h>

#include "base/clock.h"

#define RTT_TIMEOUT_START_NS NS_PER_S
#define RTT_TIMEOUT_MIN_NS   (200 * NS_PER_MS)
#define RTT_TIMEOUT_MAX_NS   (5 * NS_PER_S)
/* The random share on top: up to a tenth, so that many clients do not beat in step. */
enum { RTT_JITTER_DIVISOR = 10 };

/* Zeroed: nothing measured yet. */
struct rtt {
	int64_t srtt_ns;   /* smoothed round trip; 0 before the first sample */
	int64_t rttvar_ns; /* its mean deviation */
	unsigned backoff;  /* doublings since the last sample */
};

/* A request sent at sent_ns was answered at now_ns. Only for requests that were sent once
 * (Karn's rule). Ends the doubling. A negative time is no sample. */
void rtt_sample(struct rtt *r, int64_t sent_ns, int64_t now_ns);

/* Nothing came in time: waits twice as long from now on, until the next sample. */
void rtt_backoff(struct rtt *r);

/* The time to wait, between RTT_TIMEOUT_MIN_NS and RTT_TIMEOUT_MAX_NS, and up to a tenth
 * of it more as `random` decides. */
int64_t rtt_timeout_ns(const struct rtt *r, uint32_t random);

#endif
