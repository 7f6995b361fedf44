/* SPDX-License-Identifier: BSD-2-Clause */
/* What is read when. Each group has its turn in another cycle, and each association its
 * turns shifted by its id, so that no cycle has much more to ask than others: a slow
 * group goes into the room that the request of every cycle leaves. */
#include "client/poller_impl.h"

#define GROUP(name) (UINT32_C(1) << NTP_GROUP_##name)

/* Whose turn it is in a cycle, counted modulo POLLER_SLOW_CYCLES. */
static const uint32_t system_turns[POLLER_SLOW_CYCLES] = {
	[0] = GROUP(IDENTITY),
	[2] = GROUP(SLOW),
	[4] = GROUP(KERNEL),
	[6] = GROUP(MRU),
	[8] = GROUP(AUTH),
	[10] = GROUP(NTS),
	[12] = GROUP(NTS_RECENT),
	[14] = GROUP(MSSNTP),
	[16] = GROUP(AUTOKEY),
};

static const uint32_t peer_turns[POLLER_SLOW_CYCLES] = {
	[0] = GROUP(SLOW),
	[7] = GROUP(AUTOKEY),
	[14] = GROUP(FILTERS),
};

uint32_t
poller_groups_of_system(uint64_t cycle, uint32_t had)
{
	return POLLER_EVERY_CYCLE | system_turns[cycle % POLLER_SLOW_CYCLES] |
	    (POLLER_ALL_GROUPS & ~had);
}

uint32_t
poller_groups_of_peer(uint64_t cycle, uint16_t id, uint32_t had)
{
	return POLLER_EVERY_CYCLE | peer_turns[(cycle + id) % POLLER_SLOW_CYCLES] |
	    (POLLER_ALL_GROUPS & ~had);
}

bool
poller_trusts_filters(unsigned kinds)
{
	return (kinds & NTP_KIND_SEC122) == 0;
}
