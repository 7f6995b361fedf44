/* SPDX-License-Identifier: BSD-2-Clause */
/* From a notice to the objects of its notification. */
#include "snmp/agentx_notify.h"

#include <string.h>

#include "base/clock.h"

static const mib_subid event_root[] = { ENTERPRISE_OID_ARCS, 1, 1, 13 };
static const mib_subid trap_root[] = { ENTERPRISE_OID_ARCS, 1, 0 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

_Static_assert(COUNT(event_root) + 2 <= MIB_OID_MAX, "every name has room");

/* --- objects ------------------------------------------------------------------------ */

static void
put_string(struct mib_value *out, const char *text)
{
	(void)mib_put_octets(out, text, strlen(text));
}

static void
put_target(const struct agentx_event *e, struct mib_value *out)
{
	put_string(out, e->target);
}

/* A time without a form, before 1970, is told as the one when Unix began. */
static void
put_time(const struct agentx_event *e, struct mib_value *out)
{
	if (!mib_put_date(out, e->notice->wall_ns))
		(void)mib_put_date(out, 0);
}

static void
put_message(const struct agentx_event *e, struct mib_value *out)
{
	put_string(out, e->message);
}

static void
put_cause(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = (int32_t)e->notice->cause;
}

static void
put_count(const struct agentx_event *e, struct mib_value *out)
{
	out->u32 = e->notice->count;
}

static void
put_peer_name(const struct agentx_event *e, struct mib_value *out)
{
	put_string(out, e->notice->peer.name);
}

static void
put_peer_address(const struct agentx_event *e, struct mib_value *out)
{
	const struct addr *address = &e->notice->peer.address;

	out->scratch[0] = '\0';
	if (address->family != ADDR_NONE)
		addr_format(address, false, out->scratch, sizeof(out->scratch));
	put_string(out, out->scratch);
}

static void
put_association(const struct agentx_event *e, struct mib_value *out)
{
	out->u32 = e->notice->peer.id;
}

static void
put_was(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = e->notice->was;
}

static void
put_is(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = e->notice->is;
}

static void
put_reach_was(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = e->notice->reach_was;
}

static void
put_reach_is(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = e->notice->reach_is;
}

static void
put_flash_was(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = e->notice->flash_was;
}

static void
put_flash_is(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = e->notice->flash_is;
}

static void
put_peer_event(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = e->notice->event;
}

static void
put_former_name(const struct agentx_event *e, struct mib_value *out)
{
	put_string(out, e->notice->former.name);
}

static void
put_former_association(const struct agentx_event *e, struct mib_value *out)
{
	out->u32 = e->notice->former.id;
}

/* Microseconds, rounded half away from zero as those that GET gives. */
static int64_t
to_us(int64_t ns)
{
	return (ns + (ns < 0 ? -NS_PER_US : NS_PER_US) / 2) / NS_PER_US;
}

static void
put_offset(const struct agentx_event *e, struct mib_value *out)
{
	int64_t us = to_us(e->notice->offset_ns);

	if (us > INT32_MAX)
		us = INT32_MAX;
	out->i32 = us < INT32_MIN ? INT32_MIN : (int32_t)us;
}

static void
put_limit(const struct agentx_event *e, struct mib_value *out)
{
	out->u32 = (uint32_t)to_us(e->notice->limit_ns);
}

static void
put_sources(const struct agentx_event *e, struct mib_value *out)
{
	out->u32 = (uint32_t)e->notice->is;
}

static void
put_sources_min(const struct agentx_event *e, struct mib_value *out)
{
	out->u32 = e->notice->sources_min;
}

/* The module's numbers begin at one. */
static void
put_state_was(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = e->notice->was + 1;
}

static void
put_state_is(const struct agentx_event *e, struct mib_value *out)
{
	out->i32 = e->notice->is + 1;
}

static void
put_lost(const struct agentx_event *e, struct mib_value *out)
{
	out->u32 = e->notice->lost > UINT32_MAX ? UINT32_MAX : (uint32_t)e->notice->lost;
}

/* clang-format off */
const struct agentx_event_row agentx_event_rows[AGENTX_EVENT_END] = {
	[AGENTX_EVENT_TARGET] =             { "ntpAgentxEventTarget",            MIB_OCTETS,   put_target },
	[AGENTX_EVENT_TIME] =               { "ntpAgentxEventTime",              MIB_OCTETS,   put_time },
	[AGENTX_EVENT_MESSAGE] =            { "ntpAgentxEventMessage",           MIB_OCTETS,   put_message },
	[AGENTX_EVENT_CAUSE] =              { "ntpAgentxEventCause",             MIB_INTEGER,  put_cause },
	[AGENTX_EVENT_CHANGES] =            { "ntpAgentxEventCount",             MIB_UNSIGNED, put_count },
	[AGENTX_EVENT_PEER_NAME] =          { "ntpAgentxEventPeerName",          MIB_OCTETS,   put_peer_name },
	[AGENTX_EVENT_PEER_ADDRESS] =       { "ntpAgentxEventPeerAddress",       MIB_OCTETS,   put_peer_address },
	[AGENTX_EVENT_ASSOCIATION] =        { "ntpAgentxEventAssociation",       MIB_UNSIGNED, put_association },
	[AGENTX_EVENT_OLD_SELECTION] =      { "ntpAgentxEventOldSelection",      MIB_INTEGER,  put_was },
	[AGENTX_EVENT_NEW_SELECTION] =      { "ntpAgentxEventNewSelection",      MIB_INTEGER,  put_is },
	[AGENTX_EVENT_OLD_REACH] =          { "ntpAgentxEventOldReach",          MIB_INTEGER,  put_reach_was },
	[AGENTX_EVENT_NEW_REACH] =          { "ntpAgentxEventNewReach",          MIB_INTEGER,  put_reach_is },
	[AGENTX_EVENT_OLD_FLASH] =          { "ntpAgentxEventOldFlash",          MIB_INTEGER,  put_flash_was },
	[AGENTX_EVENT_NEW_FLASH] =          { "ntpAgentxEventNewFlash",          MIB_INTEGER,  put_flash_is },
	[AGENTX_EVENT_PEER_EVENT] =         { "ntpAgentxEventPeerEvent",         MIB_INTEGER,  put_peer_event },
	[AGENTX_EVENT_OLD_TYPE] =           { "ntpAgentxEventOldType",           MIB_INTEGER,  put_was },
	[AGENTX_EVENT_NEW_TYPE] =           { "ntpAgentxEventNewType",           MIB_INTEGER,  put_is },
	[AGENTX_EVENT_AUTH] =               { "ntpAgentxEventAuth",              MIB_INTEGER,  put_is },
	[AGENTX_EVENT_OLD_MODE] =           { "ntpAgentxEventOldMode",           MIB_INTEGER,  put_was },
	[AGENTX_EVENT_NEW_MODE] =           { "ntpAgentxEventNewMode",           MIB_INTEGER,  put_is },
	[AGENTX_EVENT_FORMER_NAME] =        { "ntpAgentxEventFormerName",        MIB_OCTETS,   put_former_name },
	[AGENTX_EVENT_FORMER_ASSOCIATION] = { "ntpAgentxEventFormerAssociation", MIB_UNSIGNED, put_former_association },
	[AGENTX_EVENT_OFFSET] =             { "ntpAgentxEventOffsetUs",          MIB_INTEGER,  put_offset },
	[AGENTX_EVENT_LIMIT] =              { "ntpAgentxEventLimitUs",           MIB_UNSIGNED, put_limit },
	[AGENTX_EVENT_USABLE_SOURCES] =     { "ntpAgentxEventUsableSources",     MIB_UNSIGNED, put_sources },
	[AGENTX_EVENT_SOURCES_MIN] =        { "ntpAgentxEventSourcesMin",        MIB_UNSIGNED, put_sources_min },
	[AGENTX_EVENT_OLD_STATE] =          { "ntpAgentxEventOldState",          MIB_INTEGER,  put_state_was },
	[AGENTX_EVENT_NEW_STATE] =          { "ntpAgentxEventNewState",          MIB_INTEGER,  put_state_is },
	[AGENTX_EVENT_OLD_CLOCK_EVENT] =    { "ntpAgentxEventOldClockEvent",     MIB_INTEGER,  put_was },
	[AGENTX_EVENT_NEW_CLOCK_EVENT] =    { "ntpAgentxEventNewClockEvent",     MIB_INTEGER,  put_is },
	[AGENTX_EVENT_LEAP] =               { "ntpAgentxEventLeap",              MIB_INTEGER,  put_is },
	[AGENTX_EVENT_LOST] =               { "ntpAgentxEventLost",              MIB_UNSIGNED, put_lost },
};

/* --- notifications ------------------------------------------------------------------ */

#define ALWAYS \
	AGENTX_EVENT_TARGET, AGENTX_EVENT_TIME, AGENTX_EVENT_MESSAGE, AGENTX_EVENT_CAUSE, \
	AGENTX_EVENT_CHANGES
#define PEER     ALWAYS, AGENTX_EVENT_PEER_NAME, AGENTX_EVENT_PEER_ADDRESS, AGENTX_EVENT_ASSOCIATION
#define OLD_NEW(what) AGENTX_EVENT_OLD_##what, AGENTX_EVENT_NEW_##what

const struct agentx_notify_row agentx_notify_rows[NTP_NOTICE_END] = {
	[NTP_NOTICE_PEER_CHANGED] =        { "ntpAgentxPeerChanged", { PEER, OLD_NEW(SELECTION), OLD_NEW(REACH), OLD_NEW(FLASH), AGENTX_EVENT_PEER_EVENT } },
	[NTP_NOTICE_PEER_UNREACHABLE] =    { "ntpAgentxPeerUnreachable",   { PEER, AGENTX_EVENT_NEW_REACH } },
	[NTP_NOTICE_PEER_REACHABLE] =      { "ntpAgentxPeerReachable",     { PEER, AGENTX_EVENT_NEW_REACH } },
	[NTP_NOTICE_AUTH_FAILED] =         { "ntpAgentxPeerAuthFailed",    { PEER, AGENTX_EVENT_AUTH } },
	[NTP_NOTICE_AUTH_RESTORED] =       { "ntpAgentxPeerAuthRestored",  { PEER, AGENTX_EVENT_AUTH } },
	[NTP_NOTICE_TYPE_CHANGED] =        { "ntpAgentxPeerTypeChanged",   { PEER, OLD_NEW(TYPE) } },
	[NTP_NOTICE_SYNC_LOST] =           { "ntpAgentxSyncLost",          { ALWAYS, OLD_NEW(MODE) } },
	[NTP_NOTICE_SYNC_RESTORED] =       { "ntpAgentxSyncRestored",      { ALWAYS, OLD_NEW(MODE) } },
	[NTP_NOTICE_SYSTEM_PEER_CHANGED] = { "ntpAgentxSystemPeerChanged", { PEER, AGENTX_EVENT_FORMER_NAME, AGENTX_EVENT_FORMER_ASSOCIATION } },
	[NTP_NOTICE_CLOCK_STEPPED] =       { "ntpAgentxClockStepped",      { ALWAYS } },
	[NTP_NOTICE_OFFSET_OUTSIDE] =      { "ntpAgentxOffsetOutside",     { ALWAYS, AGENTX_EVENT_OFFSET, AGENTX_EVENT_LIMIT } },
	[NTP_NOTICE_OFFSET_INSIDE] =       { "ntpAgentxOffsetInside",      { ALWAYS, AGENTX_EVENT_OFFSET, AGENTX_EVENT_LIMIT } },
	[NTP_NOTICE_SOURCES_FEW] =         { "ntpAgentxSourcesFew",        { ALWAYS, AGENTX_EVENT_USABLE_SOURCES, AGENTX_EVENT_SOURCES_MIN } },
	[NTP_NOTICE_SOURCES_ENOUGH] =      { "ntpAgentxSourcesEnough",     { ALWAYS, AGENTX_EVENT_USABLE_SOURCES, AGENTX_EVENT_SOURCES_MIN } },
	[NTP_NOTICE_DAEMON_UNREACHABLE] =  { "ntpAgentxDaemonUnreachable", { ALWAYS, OLD_NEW(STATE) } },
	[NTP_NOTICE_DAEMON_REACHABLE] =    { "ntpAgentxDaemonReachable",   { ALWAYS, OLD_NEW(STATE) } },
	[NTP_NOTICE_DAEMON_RESTARTED] =    { "ntpAgentxDaemonRestarted",   { ALWAYS } },
	[NTP_NOTICE_CLOCK_FAULT] =         { "ntpAgentxRefclockFault",     { PEER, OLD_NEW(CLOCK_EVENT) } },
	[NTP_NOTICE_CLOCK_CLEAR] =         { "ntpAgentxRefclockClear",     { PEER, OLD_NEW(CLOCK_EVENT) } },
	[NTP_NOTICE_LEAP_ANNOUNCED] =      { "ntpAgentxLeapAnnounced",     { ALWAYS, AGENTX_EVENT_LEAP } },
	[NTP_NOTICE_TEST] =                { "ntpAgentxTest",              { ALWAYS } },
	[NTP_NOTICE_LOST] =                { "ntpAgentxNotificationsLost", { ALWAYS, AGENTX_EVENT_LOST } },
};
/* clang-format on */

static void
fill_varbind(const struct agentx_event *event, uint8_t object,
    struct session_varbind *out)
{
	const struct agentx_event_row *row = &agentx_event_rows[object];
	size_t len = COUNT(event_root);

	memcpy(out->name.ids, event_root, sizeof(event_root));
	out->name.ids[len++] = object;
	out->name.ids[len++] = 0;
	out->name.len = len;
	out->value.syntax = row->syntax;
	row->put(event, &out->value);
}

int
agentx_notify(const struct notify_port *port, const char *target, const char *context,
    const struct ntp_notice *notice)
{
	const struct agentx_notify_row *row = &agentx_notify_rows[notice->kind];
	struct session_varbind varbinds[SESSION_VARBINDS_MAX];
	struct mib_oid trap = { .len = COUNT(trap_root) + 1 };
	struct agentx_event event = { target, notice, "" };
	size_t used = 0;

	agentx_notice_text(target, notice, event.message, sizeof(event.message));
	memcpy(trap.ids, trap_root, sizeof(trap_root));
	trap.ids[COUNT(trap_root)] = (mib_subid)notice->kind;
	for (; used < SESSION_VARBINDS_MAX && row->objects[used] != 0; used++)
		fill_varbind(&event, row->objects[used], &varbinds[used]);
	return port->send(port->ctx, context, &trap, varbinds, used);
}
