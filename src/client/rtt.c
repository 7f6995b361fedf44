/* SPDX-License-Identifier: BSD-2-Clause */
/* The arithmetic of RFC 6298 in nanoseconds. */
#include "client/rtt.h"

void
rtt_sample(struct rtt *r, int64_t sent_ns, int64_t now_ns)
{
	int64_t sample_ns = now_ns - sent_ns;
	int64_t error_ns;

	if (sample_ns < 0)
		return;
	/* Zero means "none yet", so the shortest round trip is one. */
	if (sample_ns == 0)
		sample_ns = 1;
	r->backoff = 0;
	if (r->srtt_ns == 0) {
		r->srtt_ns = sample_ns;
		r->rttvar_ns = sample_ns / 2;
		return;
	}
	error_ns = sample_ns - r->srtt_ns;
	r->rttvar_ns += ((error_ns < 0 ? -error_ns : error_ns) - r->rttvar_ns) / 4;
	/* An eighth of the way to a shortest of one never ends at zero. */
	r->srtt_ns += error_ns / 8;
}

void
rtt_backoff(struct rtt *r)
{
	if (rtt_timeout_ns(r, 0) < RTT_TIMEOUT_MAX_NS)
		r->backoff++;
}

static int64_t
base_timeout_ns(const struct rtt *r)
{
	int64_t timeout_ns = r->srtt_ns + 4 * r->rttvar_ns;

	if (r->srtt_ns == 0)
		return RTT_TIMEOUT_START_NS;
	if (r->srtt_ns > RTT_TIMEOUT_MAX_NS || timeout_ns > RTT_TIMEOUT_MAX_NS)
		return RTT_TIMEOUT_MAX_NS;
	return timeout_ns < RTT_TIMEOUT_MIN_NS ? RTT_TIMEOUT_MIN_NS : timeout_ns;
}

int64_t
rtt_timeout_ns(const struct rtt *r, uint32_t random)
{
	int64_t timeout_ns = base_timeout_ns(r);

	for (unsigned i = 0; i < r->backoff && timeout_ns < RTT_TIMEOUT_MAX_NS; i++)
		timeout_ns *= 2;
	if (timeout_ns > RTT_TIMEOUT_MAX_NS)
		timeout_ns = RTT_TIMEOUT_MAX_NS;
	return timeout_ns +
	    (int64_t)(random % (uint64_t)(timeout_ns / RTT_JITTER_DIVISOR + 1));
}
