/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxHealthTable: whether each target is all right, in one number and in words. */
#include "base/clock.h"
#include "snmp/agentx_groups.h"
#include "snmp/put.h"

static const mib_subid health_root[] = { AGENTX_OBJECTS, 3, 1, 1 };

static const struct snapshot *
snapshot_of(const struct mib_cell *cell)
{
	return agentx_target(cell)->snapshot;
}

static bool
get_level(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = (int32_t)agentx_target(cell)->health.level;
	return true;
}

static bool
get_reason(const struct mib_cell *cell, struct mib_value *out)
{
	const struct health *h = &agentx_target(cell)->health;

	return mib_put_octets(out, h->reason, h->reason_len);
}

/* The numbers of RFC 5907. */
static bool
get_mode(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = (int32_t)snapshot_mode(snapshot_of(cell));
	return true;
}

static bool
knows_peers(const struct mib_cell *cell)
{
	return snapshot_of(cell)->state == TARGET_UP && snapshot_of(cell)->has_peers;
}

static bool
get_usable(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = agentx_target(cell)->health.usable_sources;
	return knows_peers(cell);
}

static bool
get_configured(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = (uint32_t)snapshot_configured_count(snapshot_of(cell));
	return knows_peers(cell);
}

static bool
get_reachable(const struct mib_cell *cell, struct mib_value *out)
{
	const struct snapshot *s = snapshot_of(cell);

	out->u32 = 0;
	for (size_t i = 0; i < s->n_peers; i++)
		out->u32 += s->peers[i].is_reachable;
	return knows_peers(cell);
}

static bool
get_clock_age(const struct mib_cell *cell, struct mib_value *out)
{
	uint64_t age_s;

	if (snapshot_of(cell)->state != TARGET_UP ||
	    !health_clock_age(snapshot_of(cell), &age_s))
		return false;
	out->u32 = age_s > UINT32_MAX ? UINT32_MAX : (uint32_t)age_s;
	return true;
}

static bool
put_seconds(struct mib_value *out, int64_t ns)
{
	out->u64 = (uint64_t)(ns / NS_PER_S);
	return true;
}

static bool
get_synced(const struct mib_cell *cell, struct mib_value *out)
{
	return put_seconds(out, agentx_target(cell)->stats.synced_ns);
}

static bool
get_unsynced(const struct mib_cell *cell, struct mib_value *out)
{
	return put_seconds(out, agentx_target(cell)->stats.unsynced_ns);
}

/* clang-format off */
static const struct mib_object health_objects[] = {
	MIB_OWN(1, "ntpAgentxHealthLevel",             MIB_INTEGER,   get_level,      NULL, "all below"),
	MIB_OWN(2, "ntpAgentxHealthReason",            MIB_OCTETS,    get_reason,     NULL, "all below"),
	MIB_OWN(3, "ntpAgentxHealthMode",              MIB_INTEGER,   get_mode,       NULL, "leap, stratum, peer and its srcadr"),
	MIB_OWN(4, "ntpAgentxHealthUsableSources",     MIB_UNSIGNED,  get_usable,     NULL, "selection in the peers' status words"),
	MIB_OWN(5, "ntpAgentxHealthConfiguredSources", MIB_UNSIGNED,  get_configured, NULL, "config bit in the peers' status words"),
	MIB_OWN(6, "ntpAgentxHealthReachableSources",  MIB_UNSIGNED,  get_reachable,  NULL, "reach bit in the peers' status words"),
	MIB_OWN(7, "ntpAgentxHealthClockAgeSeconds",   MIB_UNSIGNED,  get_clock_age,  NULL, "clock - reftime"),
	MIB_OWN(8, "ntpAgentxHealthSyncSeconds",       MIB_COUNTER64, get_synced,     NULL, "time in modes that are synchronised"),
	MIB_OWN(9, "ntpAgentxHealthUnsyncSeconds",     MIB_COUNTER64, get_unsynced,   NULL, "time in the other modes"),
};
/* clang-format on */

const struct mib_group agentx_health_table =
    AGENTX_TARGET_TABLE("ntpAgentxHealthTable", health);
