/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxClockTable: the reference clocks of all targets. */
#include "model/status.h"
#include "snmp/agentx_groups.h"
#include "snmp/mib_index.h"
#include "snmp/put.h"

static const mib_subid clock_root[] = { AGENTX_OBJECTS, 9, 1, 1 };

static const struct ntp_peer *
peer_at(const struct fleet_target *t, size_t nth)
{
	return &t->snapshot->peers[t->clocks.peers[nth]];
}

static size_t
count_clocks(const struct mib_view *view)
{
	return fleet_count(view->fleet, FLEET_CLOCKS);
}

static const void *
clock_at(const struct mib_view *view, size_t i, size_t *nth)
{
	return fleet_at(view->fleet, FLEET_CLOCKS, i, nth);
}

static size_t
clock_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t nth;
	const struct fleet_target *t = fleet_at(view->fleet, FLEET_CLOCKS, i, &nth);

	return agentx_index_of_peer(t, peer_at(t, nth), out);
}

static const struct mib_rows clock_rows = { count_clocks, clock_at, clock_index };

static const struct ntp_peer *
peer_of(const struct mib_cell *cell)
{
	return peer_at(agentx_target(cell), cell->nth);
}

static bool
get_var(const struct mib_cell *cell, struct mib_value *out)
{
	return mib_form_get(cell->object->source, &peer_of(cell)->clock, out);
}

static bool
get_name(const struct mib_cell *cell, struct mib_value *out)
{
	return mib_put_peer_name(out, peer_of(cell));
}

/* 127.127.t.u */
static bool
get_type(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = peer_of(cell);
	uint8_t type = p->clock.type;

	if (!ntp_peer_is_refclock(p, &type) && !ntp_clock_has(&p->clock, NTP_CLOCK_TYPE))
		return false;
	out->u32 = type;
	return true;
}

static bool
get_unit(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_peer *p = peer_of(cell);

	if (!ntp_peer_is_refclock(p, NULL))
		return false;
	out->u32 = p->srcadr.bytes[3];
	return true;
}

/* --- status word -------------------------------------------------------------------- */

/* The daemon's system variables, when there is a status word and their version tells how
 * to read it; NULL otherwise. */
static const struct ntp_system *
system_of_status(const struct mib_cell *cell)
{
	const struct ntp_system *s = agentx_target(cell)->snapshot->system;

	if (!peer_of(cell)->clock.has_status || !ntp_system_has(s, NTP_SYS_VERSION))
		return NULL;
	return s;
}

static bool
get_status_word(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_clock *clock = &peer_of(cell)->clock;

	out->u32 = clock->status;
	return clock->has_status;
}

enum { CLOCK_EVENTS = 7 };

/* Old daemons have it in the lower octet, with the present state above it. */
static bool
get_event(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = system_of_status(cell);
	uint16_t word = peer_of(cell)->clock.status;

	if (!s)
		return false;
	out->i32 = ntp_status_is_old(s) ? word & 0xff : ntp_status_parts(word).event;
	return out->i32 < CLOCK_EVENTS;
}

static bool
get_event_count(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = system_of_status(cell);

	if (!s || ntp_status_is_old(s))
		return false;
	out->u32 = ntp_status_parts(peer_of(cell)->clock.status).event_count;
	return true;
}

#define CLOCK_VAR(subid, label, form, var) \
	MIB_VAR(subid, label, form, get_var, ntp_clock_vars, NTP_CLOCK_##var)

static const struct mib_object clock_objects[] = {
	MIB_OWN(1, "ntpAgentxClockName", MIB_OCTETS, get_name, NULL,
	    "srchost, name, device or srcadr"),
	MIB_OWN(2, "ntpAgentxClockTypeNumber", MIB_UNSIGNED, get_type, NULL,
	    "srcadr, third octet, or type"),
	MIB_OWN(3, "ntpAgentxClockUnit", MIB_UNSIGNED, get_unit, NULL,
	    "srcadr, fourth octet"),
	CLOCK_VAR(4, "ntpAgentxClockDriver", label, NAME),
	CLOCK_VAR(5, "ntpAgentxClockDevice", label, DEVICE),
	CLOCK_VAR(6, "ntpAgentxClockTimeCode", line, TIMECODE),
	CLOCK_VAR(7, "ntpAgentxClockPolls", counter, POLL),
	CLOCK_VAR(8, "ntpAgentxClockNoReply", counter, NOREPLY),
	CLOCK_VAR(9, "ntpAgentxClockBadFormat", counter, BADFORMAT),
	CLOCK_VAR(10, "ntpAgentxClockBadData", counter, BADDATA),
	CLOCK_VAR(11, "ntpAgentxClockFudgeTime1Us", us, FUDGETIME1),
	CLOCK_VAR(12, "ntpAgentxClockFudgeTime2Us", us, FUDGETIME2),
	CLOCK_VAR(13, "ntpAgentxClockFudgeStratum", u8, STRATUM),
	CLOCK_VAR(14, "ntpAgentxClockFudgeRefId", word, REFID),
	CLOCK_VAR(15, "ntpAgentxClockFlags", switches, FLAGS),
	CLOCK_VAR(16, "ntpAgentxClockFlagsRaw", u32, FLAGS),
	CLOCK_VAR(17, "ntpAgentxClockMinJitterUs", usu, MINJITTER),
	MIB_OWN(18, "ntpAgentxClockStatusWord", MIB_UNSIGNED, get_status_word, NULL,
	    "clock status word"),
	MIB_OWN(19, "ntpAgentxClockEvent", MIB_INTEGER, get_event, NULL,
	    "clock status word, event"),
	MIB_OWN(20, "ntpAgentxClockEventCount", MIB_UNSIGNED, get_event_count, NULL,
	    "clock status word, count"),
};

const struct mib_group agentx_clock_table = AGENTX_TABLE("ntpAgentxClockTable", clock);
