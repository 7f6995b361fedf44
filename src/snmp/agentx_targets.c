/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxTargetTable: the NTP daemons that are asked. */
#include <string.h>

#include "base/clock.h"
#include "snmp/agentx_agent.h"
#include "snmp/agentx_groups.h"
#include "snmp/put.h"

static const mib_subid target_root[] = { AGENTX_OBJECTS, 2, 1, 1 };

static bool
get_host(const struct mib_cell *cell, struct mib_value *out)
{
	const char *host = agentx_target(cell)->about.host;

	return mib_put_octets(out, host, strlen(host));
}

static bool
get_port(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = agentx_target(cell)->about.port;
	return true;
}

static bool
get_context(const struct mib_cell *cell, struct mib_value *out)
{
	const char *context = agentx_target(cell)->about.context;

	return mib_put_octets(out, context, strlen(context));
}

/* The module's numbers begin at one. */
static bool
get_state(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = (int32_t)agentx_target(cell)->snapshot->state + 1;
	return true;
}

static bool
get_writing(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = (int32_t)agentx_target(cell)->about.write + 1;
	return true;
}

static bool
get_kind(const struct mib_cell *cell, struct mib_value *out)
{
	const struct snapshot *s = agentx_target(cell)->snapshot;

	out->i32 = (int32_t)ntp_system_family(s->system) + 1;
	return s->state == TARGET_UP;
}

static bool
get_interval(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = agentx_target(cell)->about.interval_s;
	return true;
}

/* --- the conversation --------------------------------------------------------------- */

static const struct target_stats *
stats_of(const struct mib_cell *cell)
{
	return &agentx_target(cell)->stats;
}

static bool
get_age(const struct mib_cell *cell, struct mib_value *out)
{
	const struct snapshot *s = agentx_target(cell)->snapshot;
	const struct agentx_agent *a = cell->view->agent->identity;

	if (!a || s->state != TARGET_UP || a->now_ns < s->read_ns)
		return false;
	out->u32 = (uint32_t)((a->now_ns - s->read_ns) / (10 * NS_PER_MS));
	return true;
}

static bool
get_last_success(const struct mib_cell *cell, struct mib_value *out)
{
	int64_t wall_ns = stats_of(cell)->last_success_wall_ns;

	return wall_ns > 0 && mib_put_date(out, wall_ns);
}

static bool
get_round_trip(const struct mib_cell *cell, struct mib_value *out)
{
	int64_t us = (stats_of(cell)->srtt_ns + NS_PER_US / 2) / NS_PER_US;

	out->u32 = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
	return stats_of(cell)->srtt_ns > 0;
}

/* What the counters count, by their column. */
static const struct {
	uint32_t column;
	size_t offset;
} counted[] = {
	{ 13, offsetof(struct target_stats, requests) },
	{ 14, offsetof(struct target_stats, retransmits) },
	{ 15, offsetof(struct target_stats, replies) },
	{ 16, offsetof(struct target_stats, ignored) },
	{ 17, offsetof(struct target_stats, timeouts) },
	{ 18, offsetof(struct target_stats, bad_macs) },
	{ 19, offsetof(struct target_stats, cycles) },
	{ 20, offsetof(struct target_stats, failed_cycles) },
	{ 21, offsetof(struct target_stats, restarts) },
	{ 26, offsetof(struct target_stats, push_messages) },
	{ 27, offsetof(struct target_stats, quick_cycles) },
};

static bool
get_counted(const struct mib_cell *cell, struct mib_value *out)
{
	for (size_t i = 0; i < AGENTX_COUNT(counted); i++) {
		if (counted[i].column != cell->object->subid)
			continue;
		memcpy(&out->u64, (const char *)stats_of(cell) + counted[i].offset,
		    sizeof(out->u64));
		return true;
	}
	return false;
}

static bool
get_restarted(const struct mib_cell *cell, struct mib_value *out)
{
	int64_t wall_ns = stats_of(cell)->restarted_wall_ns;

	return wall_ns > 0 && mib_put_date(out, wall_ns);
}

enum { TRUTH_TRUE = 1, TRUTH_FALSE = 2 };

static bool
get_rate_limited(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = stats_of(cell)->is_rate_limited ? TRUTH_TRUE : TRUTH_FALSE;
	return true;
}

static bool
get_error(const struct mib_cell *cell, struct mib_value *out)
{
	const char *error = stats_of(cell)->last_error;

	return mib_put_octets(out, error, strlen(error));
}

static bool
get_push(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = (int32_t)stats_of(cell)->push;
	return out->i32 != 0;
}

/* --- refresh-now -------------------------------------------------------------------- */

enum { REFRESH_IDLE = 1, REFRESH_NOW = 2 };

static bool
get_refresh(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	out->i32 = REFRESH_IDLE;
	return true;
}

static enum mib_set_error
check_refresh(const struct mib_value *value)
{
	return value->i32 == REFRESH_IDLE || value->i32 == REFRESH_NOW
	    ? MIB_SET_OK
	    : MIB_SET_WRONG_VALUE;
}

static void
apply_refresh(const struct mib_cell *cell, const struct mib_value *value)
{
	const struct agentx_agent *a = cell->view->agent->identity;

	if (a && a->refresh && value->i32 == REFRESH_NOW)
		a->refresh(a->ctx, agentx_target(cell)->about.name);
}

static const struct mib_writer refresh_writer = { check_refresh, apply_refresh, NULL };

/* clang-format off */
static const struct mib_object target_objects[] = {
	MIB_OWN(2, "ntpAgentxTargetHost",         MIB_OCTETS,    get_host,         NULL, "configuration"),
	MIB_OWN(3, "ntpAgentxTargetPort",         MIB_UNSIGNED,  get_port,         NULL, "configuration"),
	MIB_OWN(4, "ntpAgentxTargetContext",      MIB_OCTETS,    get_context,      NULL, "configuration"),
	MIB_OWN(5, "ntpAgentxTargetState",        MIB_INTEGER,   get_state,        NULL, "agent"),
	MIB_OWN(6, "ntpAgentxTargetWriting",      MIB_INTEGER,   get_writing,      NULL, "configuration"),
	MIB_OWN(7, "ntpAgentxTargetKind",         MIB_INTEGER,   get_kind,         NULL, "version"),
	MIB_OWN(8, "ntpAgentxTargetInterval",     MIB_UNSIGNED,  get_interval,     NULL, "configuration"),
	MIB_OWN(9, "ntpAgentxTargetRefresh",      MIB_INTEGER,   get_refresh,      &refresh_writer, "write only"),
	MIB_OWN(10, "ntpAgentxTargetAge",         MIB_TIMETICKS, get_age,          NULL, "agent"),
	MIB_OWN(11, "ntpAgentxTargetLastSuccess", MIB_OCTETS,    get_last_success, NULL, "agent"),
	MIB_OWN(12, "ntpAgentxTargetRoundTripUs", MIB_UNSIGNED,  get_round_trip,   NULL, "agent"),
	MIB_OWN(13, "ntpAgentxTargetRequests",    MIB_COUNTER64, get_counted,      NULL, "agent"),
	MIB_OWN(14, "ntpAgentxTargetRetransmits", MIB_COUNTER64, get_counted,      NULL, "agent"),
	MIB_OWN(15, "ntpAgentxTargetReplies",     MIB_COUNTER64, get_counted,      NULL, "agent"),
	MIB_OWN(16, "ntpAgentxTargetIgnored",     MIB_COUNTER64, get_counted,      NULL, "agent"),
	MIB_OWN(17, "ntpAgentxTargetTimeouts",    MIB_COUNTER64, get_counted,      NULL, "agent"),
	MIB_OWN(18, "ntpAgentxTargetBadMacs",     MIB_COUNTER64, get_counted,      NULL, "agent"),
	MIB_OWN(19, "ntpAgentxTargetPolls",       MIB_COUNTER64, get_counted,      NULL, "agent"),
	MIB_OWN(20, "ntpAgentxTargetFailedPolls", MIB_COUNTER64, get_counted,      NULL, "agent"),
	MIB_OWN(21, "ntpAgentxTargetRestarts",    MIB_COUNTER64, get_counted,      NULL, "ss_uptime, version"),
	MIB_OWN(22, "ntpAgentxTargetRestarted",   MIB_OCTETS,    get_restarted,    NULL, "ss_uptime, version"),
	MIB_OWN(23, "ntpAgentxTargetRateLimited", MIB_INTEGER,   get_rate_limited, NULL, "agent"),
	MIB_OWN(24, "ntpAgentxTargetLastError",   MIB_OCTETS,    get_error,        NULL, "agent"),
	MIB_OWN(25, "ntpAgentxTargetPush",        MIB_INTEGER,   get_push,         NULL, "agent"),
	MIB_OWN(26, "ntpAgentxTargetPushMessages", MIB_COUNTER64, get_counted,     NULL, "agent"),
	MIB_OWN(27, "ntpAgentxTargetQuickPolls",  MIB_COUNTER64, get_counted,      NULL, "agent"),
};
/* clang-format on */

const struct mib_group agentx_target_table =
    AGENTX_TARGET_TABLE("ntpAgentxTargetTable", target);
