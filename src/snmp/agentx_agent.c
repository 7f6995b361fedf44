/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxAgent: the agent itself. */
#include "snmp/agentx_agent.h"

#include <string.h>

#include "base/clock.h"
#include "snmp/agentx_groups.h"
#include "snmp/put.h"

static const mib_subid agent_root[] = { AGENTX_OBJECTS, 1 };

#define NS_PER_TICK (10 * NS_PER_MS)

/* A view that was made without an agent shows none. */
static const struct agentx_agent *
agent_of(const struct mib_cell *cell)
{
	return cell->view->agent->identity;
}

static bool
get_version(const struct mib_cell *cell, struct mib_value *out)
{
	const struct agentx_agent *a = agent_of(cell);

	return a && mib_put_octets(out, a->version, strlen(a->version));
}

static bool
get_started(const struct mib_cell *cell, struct mib_value *out)
{
	return agent_of(cell) && mib_put_date(out, agent_of(cell)->started_wall_ns);
}

static bool
get_uptime(const struct mib_cell *cell, struct mib_value *out)
{
	const struct agentx_agent *a = agent_of(cell);

	if (!a)
		return false;
	out->u32 = (uint32_t)((a->now_ns - a->started_ns) / NS_PER_TICK);
	return true;
}

static bool
get_targets(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = (uint32_t)fleet_count(cell->view->fleet, FLEET_TARGETS);
	return true;
}

static bool
get_targets_up(const struct mib_cell *cell, struct mib_value *out)
{
	const struct fleet *f = cell->view->fleet;
	size_t n = fleet_count(f, FLEET_TARGETS), nth;

	out->u32 = 0;
	for (size_t i = 0; i < n; i++)
		out->u32 +=
		    fleet_at(f, FLEET_TARGETS, i, &nth)->snapshot->state == TARGET_UP;
	return true;
}

static bool
put_count(const struct mib_cell *cell, struct mib_value *out, size_t offset)
{
	const struct agentx_agent *a = agent_of(cell);

	if (!a)
		return false;
	memcpy(&out->u64, (const char *)&a->queue + offset, sizeof(out->u64));
	return true;
}

static bool
get_queued(const struct mib_cell *cell, struct mib_value *out)
{
	return put_count(cell, out, offsetof(struct session_queue_stats, queued));
}

static bool
get_sent(const struct mib_cell *cell, struct mib_value *out)
{
	return put_count(cell, out, offsetof(struct session_queue_stats, sent));
}

static bool
get_dropped(const struct mib_cell *cell, struct mib_value *out)
{
	return put_count(cell, out, offsetof(struct session_queue_stats, dropped));
}

static bool
get_resent(const struct mib_cell *cell, struct mib_value *out)
{
	return put_count(cell, out, offsetof(struct session_queue_stats, resent));
}

static bool
get_waiting(const struct mib_cell *cell, struct mib_value *out)
{
	const struct agentx_agent *a = agent_of(cell);

	if (!a)
		return false;
	out->u32 = a->queue.waiting + a->queue.unacknowledged;
	return true;
}

/* clang-format off */
static const struct mib_object agent_objects[] = {
	MIB_OWN(1, "ntpAgentxAgentVersion",               MIB_OCTETS,    get_version,    NULL, "agent"),
	MIB_OWN(2, "ntpAgentxAgentStarted",               MIB_OCTETS,    get_started,    NULL, "agent"),
	MIB_OWN(3, "ntpAgentxAgentUptime",                MIB_TIMETICKS, get_uptime,     NULL, "agent"),
	MIB_OWN(4, "ntpAgentxAgentTargets",               MIB_UNSIGNED,  get_targets,    NULL, "configuration"),
	MIB_OWN(5, "ntpAgentxAgentTargetsUp",             MIB_UNSIGNED,  get_targets_up, NULL, "agent"),
	MIB_OWN(6, "ntpAgentxAgentNotificationsQueued",   MIB_COUNTER64, get_queued,     NULL, "agent"),
	MIB_OWN(7, "ntpAgentxAgentNotificationsSent",     MIB_COUNTER64, get_sent,       NULL, "agent"),
	MIB_OWN(8, "ntpAgentxAgentNotificationsDropped",  MIB_COUNTER64, get_dropped,    NULL, "agent"),
	MIB_OWN(9, "ntpAgentxAgentNotificationsRepeated", MIB_COUNTER64, get_resent,     NULL, "agent"),
	MIB_OWN(10, "ntpAgentxAgentNotificationsWaiting", MIB_UNSIGNED,  get_waiting,    NULL, "agent"),
};
/* clang-format on */

const struct mib_group agentx_agent_group = { "ntpAgentxAgent", agent_root,
	AGENTX_COUNT(agent_root), agent_objects, AGENTX_COUNT(agent_objects), NULL };
