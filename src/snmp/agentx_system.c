/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxSystemTable: what daemons say of themselves. */
#include "base/clock.h"
#include "model/status.h"
#include "snmp/agentx_groups.h"
#include "snmp/put.h"

static const mib_subid system_root[] = { AGENTX_OBJECTS, 4, 1, 1 };

enum { S_PER_DAY = 86400 };

/* The system variables, when all of them were read; NULL otherwise. */
static const struct ntp_system *
system_with(const struct mib_cell *cell, const enum ntp_system_var *vars, size_t n)
{
	const struct snapshot *s = agentx_snapshot(cell);

	for (size_t i = 0; s && i < n; i++)
		if (!ntp_system_has(s->system, vars[i]))
			return NULL;
	return s ? s->system : NULL;
}

#define SYSTEM_WITH(cell, ...) \
	system_with((cell), (const enum ntp_system_var[]){ __VA_ARGS__ }, \
	    AGENTX_COUNT(((const enum ntp_system_var[]){ __VA_ARGS__ })))

/* --- status word -------------------------------------------------------------------- */

/* NULL when there is none. */
static const struct ntp_system *
system_with_status(const struct mib_cell *cell)
{
	const struct snapshot *s = agentx_snapshot(cell);

	return s && s->system->has_status ? s->system : NULL;
}

static bool
get_status_word(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = system_with_status(cell);

	if (s)
		out->u32 = s->status;
	return s != NULL;
}

static bool
get_status_leap(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = system_with_status(cell);

	if (s)
		out->i32 = ntp_status_parts(s->status).leap;
	return s != NULL;
}

static bool
get_source(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = system_with_status(cell);
	enum ntp_source source;

	if (!s || !ntp_status_source(s, &source))
		return false;
	out->i32 = (int32_t)source;
	return true;
}

static bool
get_event_count(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = system_with_status(cell);

	if (s)
		out->u32 = ntp_status_parts(s->status).event_count;
	return s != NULL;
}

static bool
get_event(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = system_with_status(cell);
	enum ntp_event event;

	if (!s || !ntp_status_event(s, &event))
		return false;
	out->i32 = (int32_t)event;
	return true;
}

/* --- times -------------------------------------------------------------------------- */

static bool
get_reftime(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = SYSTEM_WITH(cell, NTP_SYS_REFTIME);

	return s && agentx_put_stamp(out, agentx_snapshot(cell), &s->reftime);
}

static bool
get_clock(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = SYSTEM_WITH(cell, NTP_SYS_CLOCK);

	return s && agentx_put_stamp(out, agentx_snapshot(cell), &s->clock);
}

/* Eras do not matter: one number of seconds is less than half an era behind the other,
 * or else not behind it. */
static bool
get_update_age(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = SYSTEM_WITH(cell, NTP_SYS_REFTIME, NTP_SYS_CLOCK);

	if (!s || ntp_stamp_is_zero(&s->reftime) || ntp_stamp_is_zero(&s->clock))
		return false;
	out->u32 = s->clock.seconds - s->reftime.seconds;
	if (s->clock.fraction < s->reftime.fraction)
		out->u32--;
	return out->u32 <= INT32_MAX;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool
get_expiry_days(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = SYSTEM_WITH(cell, NTP_SYS_EXPIRE, NTP_SYS_CLOCK);
	int64_t now_ns, days;

	if (!s || s->expire_s <= 0 || ntp_stamp_is_zero(&s->clock))
		return false;
	now_ns = ntp_stamp_to_unix_ns(&s->clock, agentx_snapshot(cell)->taken_wall_ns);
	days = floor_div(s->expire_s - floor_div(now_ns, NS_PER_S), S_PER_DAY);
	out->i32 = (int32_t)days;
	return days >= -INT32_MAX && days <= INT32_MAX;
}

/* --- others ------------------------------------------------------------------------- */

static bool
put_us(struct mib_value *out, int64_t us)
{
	out->u32 = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
	return us >= 0;
}

/* Summed as half nanoseconds, so that halving the delay loses nothing. */
static bool
get_rootdist(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = SYSTEM_WITH(cell, NTP_SYS_ROOTDIST);
	const int64_t half_us = NS_PER_US / 2, whole_us = 2 * NS_PER_US;

	if (s)
		return put_us(out, floor_div(s->rootdist_ns + half_us, NS_PER_US));
	s = SYSTEM_WITH(cell, NTP_SYS_ROOTDELAY, NTP_SYS_ROOTDISP);
	return s &&
	    put_us(out,
		floor_div(2 * s->rootdisp_ns + s->rootdelay_ns + NS_PER_US, whole_us));
}

enum { STATE_LAST = 5 };

static bool
get_state(const struct mib_cell *cell, struct mib_value *out)
{
	const struct ntp_system *s = SYSTEM_WITH(cell, NTP_SYS_STATE);

	if (s)
		out->i32 = s->discipline;
	return s && s->discipline <= STATE_LAST;
}

/* --- the reference id of the system itself ------------------------------------------ */

static bool
take_refid(const struct mib_cell *cell, struct ntp_refid *out)
{
	const struct snapshot *s = agentx_snapshot(cell);

	if (!s || !ntp_system_has(s->system, NTP_SYS_REFID))
		return false;
	ntp_refid_read(&s->system->refid, snapshot_is_synchronised(s), out);
	return true;
}

static bool
get_refid_kind(const struct mib_cell *cell, struct mib_value *out)
{
	struct ntp_refid refid;

	return take_refid(cell, &refid) &&
	    agentx_put_refid_kind(out, agentx_target(cell), &refid);
}

static bool
get_refid_peer(const struct mib_cell *cell, struct mib_value *out)
{
	struct ntp_refid refid;

	return take_refid(cell, &refid) &&
	    agentx_put_refid_peer(out, agentx_target(cell), &refid);
}

static const struct mib_object system_objects[] = {
	MIB_OWN(1, "ntpAgentxSysStatusWord", MIB_UNSIGNED, get_status_word, NULL,
	    "status word"),
	MIB_OWN(2, "ntpAgentxSysStatusLeap", MIB_INTEGER, get_status_leap, NULL,
	    "status word, leap"),
	MIB_OWN(3, "ntpAgentxSysSource", MIB_INTEGER, get_source, NULL,
	    "status word, source"),
	MIB_OWN(4, "ntpAgentxSysEventCount", MIB_UNSIGNED, get_event_count, NULL,
	    "status word, count"),
	MIB_OWN(5, "ntpAgentxSysEvent", MIB_INTEGER, get_event, NULL,
	    "status word, event"),
	AGENTX_SYSTEM_VAR(6, "ntpAgentxSysLeap", leap, LEAP),
	AGENTX_SYSTEM_VAR(7, "ntpAgentxSysStratum", u8, STRATUM),
	AGENTX_SYSTEM_VAR(8, "ntpAgentxSysPrecisionLog2", i8, PRECISION),
	AGENTX_SYSTEM_VAR(9, "ntpAgentxSysRootDelayUs", us, ROOTDELAY),
	AGENTX_SYSTEM_VAR(10, "ntpAgentxSysRootDelayNs", ns, ROOTDELAY),
	AGENTX_SYSTEM_VAR(11, "ntpAgentxSysRootDispUs", usu, ROOTDISP),
	AGENTX_SYSTEM_VAR(12, "ntpAgentxSysRootDispNs", nsu, ROOTDISP),
	MIB_OWN(13, "ntpAgentxSysRootDistUs", MIB_UNSIGNED, get_rootdist, NULL,
	    "rootdist, or rootdelay / 2 + rootdisp"),
	AGENTX_SYSTEM_VAR(14, "ntpAgentxSysRefId", label, REFID),
	MIB_OWN(15, "ntpAgentxSysRefTime", MIB_OCTETS, get_reftime, NULL, "reftime"),
	MIB_OWN(16, "ntpAgentxSysClock", MIB_OCTETS, get_clock, NULL, "clock"),
	MIB_OWN(17, "ntpAgentxSysUpdateAgeSeconds", MIB_UNSIGNED, get_update_age, NULL,
	    "clock - reftime"),
	AGENTX_SYSTEM_VAR(18, "ntpAgentxSysPeer", u16, PEER),
	AGENTX_SYSTEM_VAR(19, "ntpAgentxSysPeerAddress", socket, PEERADR),
	AGENTX_SYSTEM_VAR(20, "ntpAgentxSysPeerMode", mode, PEERMODE),
	AGENTX_SYSTEM_VAR(21, "ntpAgentxSysTimeConstantLog2", u8, TC),
	AGENTX_SYSTEM_VAR(22, "ntpAgentxSysMinTimeConstantLog2", u8, MINTC),
	AGENTX_SYSTEM_VAR(23, "ntpAgentxSysOffsetUs", us, OFFSET),
	AGENTX_SYSTEM_VAR(24, "ntpAgentxSysOffsetNs", ns, OFFSET),
	AGENTX_SYSTEM_VAR(25, "ntpAgentxSysFrequencyPpb", ppb, FREQUENCY),
	AGENTX_SYSTEM_VAR(26, "ntpAgentxSysJitterUs", usu, SYS_JITTER),
	AGENTX_SYSTEM_VAR(27, "ntpAgentxSysJitterNs", nsu, SYS_JITTER),
	AGENTX_SYSTEM_VAR(28, "ntpAgentxSysClockJitterUs", usu, CLK_JITTER),
	AGENTX_SYSTEM_VAR(29, "ntpAgentxSysClockJitterNs", nsu, CLK_JITTER),
	AGENTX_SYSTEM_VAR(30, "ntpAgentxSysWanderPpb", ppbu, CLK_WANDER),
	AGENTX_SYSTEM_VAR(31, "ntpAgentxSysWanderLimitPpb", ppbu, CLK_WANDER_THRESHOLD),
	MIB_OWN(32, "ntpAgentxSysState", MIB_INTEGER, get_state, NULL, "state"),
	AGENTX_SYSTEM_VAR(33, "ntpAgentxSysTaiSeconds", nonzero, TAI),
	AGENTX_SYSTEM_VAR(34, "ntpAgentxSysLeapSecond", day, LEAPSEC),
	AGENTX_SYSTEM_VAR(35, "ntpAgentxSysLeapExpiry", day, EXPIRE),
	MIB_OWN(36, "ntpAgentxSysLeapExpiryDays", MIB_INTEGER, get_expiry_days, NULL,
	    "expire - clock"),
	AGENTX_SYSTEM_VAR(37, "ntpAgentxSysSmearIntervalSeconds", u32, LEAPSMEARINTERVAL),
	AGENTX_SYSTEM_VAR(38, "ntpAgentxSysSmearOffsetUs", us, LEAPSMEAROFFSET),
	AGENTX_SYSTEM_VAR(39, "ntpAgentxSysSmearOffsetNs", ns, LEAPSMEAROFFSET),
	AGENTX_SYSTEM_VAR(40, "ntpAgentxSysVersion", text, VERSION),
	AGENTX_SYSTEM_VAR(41, "ntpAgentxSysProcessor", text, PROCESSOR),
	AGENTX_SYSTEM_VAR(42, "ntpAgentxSysSystem", text, SYSTEM),
	AGENTX_SYSTEM_VAR(43, "ntpAgentxSysRelease", text, RELEASE),
	AGENTX_SYSTEM_VAR(44, "ntpAgentxSysUpTime", ticks, SS_UPTIME),
	AGENTX_SYSTEM_VAR(45, "ntpAgentxSysBroadcastDelayUs", us, BCASTDELAY),
	AGENTX_SYSTEM_VAR(46, "ntpAgentxSysAuthDelayUs", us, AUTHDELAY),
	AGENTX_SYSTEM_VAR(47, "ntpAgentxSysAuthDelayNs", ns, AUTHDELAY),
	AGENTX_SYSTEM_VAR(48, "ntpAgentxSysFuzzNs", ns, FUZZ),
	AGENTX_SYSTEM_VAR(49, "ntpAgentxSysTickNs", ns, TICK),
	AGENTX_SYSTEM_VAR(50, "ntpAgentxSysLockClock", u8, LOCKCLOCK),
	AGENTX_SYSTEM_VAR(51, "ntpAgentxSysSetTime", label, SETTIMEOFDAY),
	AGENTX_SYSTEM_VAR(52, "ntpAgentxSysDaemonVersion", text, DAEMON_VERSION),
	MIB_OWN(53, "ntpAgentxSysRefIdKind", MIB_INTEGER, get_refid_kind, NULL,
	    "refid, stratum"),
	MIB_OWN(54, "ntpAgentxSysRefIdPeer", MIB_OCTETS, get_refid_peer, NULL,
	    "refid, and srcadr of the associations"),
};

const struct mib_group agentx_system_table =
    AGENTX_TARGET_TABLE("ntpAgentxSystemTable", system);
