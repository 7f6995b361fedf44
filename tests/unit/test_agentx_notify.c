/* SPDX-License-Identifier: BSD-2-Clause */
/* The notifications of NTP-AGENTX-MIB: their rows against the module's text, what is sent
 * of each kind. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/assoc.h"
#include "model/snapshot.h"
#include "snmp/agentx_mib.h"
#include "snmp/agentx_notify.h"
#include "support/mib_text.h"
#include "support/notify_sink.h"

/* 2026-11-21 00:09:42.9 UTC */
#define WALL_NS (1795219782 * NS_PER_S + 900 * NS_PER_MS)

/* --- the module's text -------------------------------------------------------------- */

static size_t
labels_of(const struct agentx_notify_row *row, const char *out[SESSION_VARBINDS_MAX])
{
	size_t n = 0;

	while (n < SESSION_VARBINDS_MAX && row->objects[n] != 0) {
		out[n] = agentx_event_rows[row->objects[n]].label;
		n++;
	}
	return n;
}

static void
rows_are_the_notifications_of_the_module(void **state)
{
	const char *labels[SESSION_VARBINDS_MAX];
	size_t n = 0;

	(void)state;
	for (int kind = NTP_NOTICE_PEER_CHANGED; kind < NTP_NOTICE_END; kind++) {
		const struct agentx_notify_row *row = &agentx_notify_rows[kind];

		mib_text_check_notification("ntpAgentxNotifications", (mib_subid)kind,
		    row->label, labels, labels_of(row, labels));
	}
	for (const struct tree *node =
		 mib_text_named("ntpAgentxNotifications")->child_list;
	     node; node = node->next_peer)
		n++;
	assert_int_equal(n, NTP_NOTICE_END - 1);
}

static bool
has_type(const struct tree *node, enum mib_syntax syntax)
{
	switch (syntax) {
	case MIB_INTEGER:
		return node->type == TYPE_INTEGER || node->type == TYPE_INTEGER32;
	case MIB_UNSIGNED:
		return node->type == TYPE_UNSIGNED32 || node->type == TYPE_GAUGE;
	case MIB_OCTETS:
		return node->type == TYPE_OCTETSTR;
	case MIB_COUNTER32:
	case MIB_COUNTER64:
	case MIB_TIMETICKS:
	case MIB_OBJECT_ID:
	case MIB_SYNTAX_COUNT:
		break;
	}
	return false;
}

static void
objects_are_those_of_the_module(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 1; i < AGENTX_EVENT_END; i++) {
		const struct agentx_event_row *row = &agentx_event_rows[i];
		const struct tree *node = mib_text_named(row->label);

		assert_int_equal(node->subid, i);
		assert_string_equal(node->parent->label, "ntpAgentxEvent");
		assert_int_equal(node->access, MIB_ACCESS_NOTIFY);
		if (!has_type(node, row->syntax))
			fail_msg("%s has another type in the text", row->label);
	}
	for (const struct tree *node = mib_text_named("ntpAgentxEvent")->child_list; node;
	     node = node->next_peer)
		n++;
	assert_int_equal(n, AGENTX_EVENT_END - 1);
}

static bool
sends(const struct agentx_notify_row *row, enum agentx_event_object object)
{
	for (size_t i = 0; i < SESSION_VARBINDS_MAX && row->objects[i] != 0; i++)
		if (row->objects[i] == object)
			return true;
	return false;
}

/* An object that nothing sends would promise what cannot be had. */
static void
every_object_is_sent_by_some_notification(void **state)
{
	(void)state;
	for (int object = AGENTX_EVENT_TARGET; object < AGENTX_EVENT_END; object++) {
		bool is_sent = false;

		for (int kind = NTP_NOTICE_PEER_CHANGED; kind < NTP_NOTICE_END; kind++)
			is_sent |= sends(&agentx_notify_rows[kind],
			    (enum agentx_event_object)object);
		if (!is_sent)
			fail_msg("nothing sends %s", agentx_event_rows[object].label);
	}
}

static void
problem_and_end_carry_the_same_objects(void **state)
{
	static const enum ntp_notice_kind pairs[][2] = {
		{ NTP_NOTICE_PEER_UNREACHABLE, NTP_NOTICE_PEER_REACHABLE },
		{ NTP_NOTICE_AUTH_FAILED, NTP_NOTICE_AUTH_RESTORED },
		{ NTP_NOTICE_SYNC_LOST, NTP_NOTICE_SYNC_RESTORED },
		{ NTP_NOTICE_OFFSET_OUTSIDE, NTP_NOTICE_OFFSET_INSIDE },
		{ NTP_NOTICE_SOURCES_FEW, NTP_NOTICE_SOURCES_ENOUGH },
		{ NTP_NOTICE_DAEMON_UNREACHABLE, NTP_NOTICE_DAEMON_REACHABLE },
		{ NTP_NOTICE_CLOCK_FAULT, NTP_NOTICE_CLOCK_CLEAR },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++)
		assert_memory_equal(agentx_notify_rows[pairs[i][0]].objects,
		    agentx_notify_rows[pairs[i][1]].objects, SESSION_VARBINDS_MAX);
}

static void
check_values(const char *label, const struct mib_text_value *expected, size_t n)
{
	static const mib_subid root[] = { ENTERPRISE_OID_ARCS, 1, 1, 13 };
	mib_subid name[COUNT(root) + 1];

	memcpy(name, root, sizeof(root));
	name[COUNT(root)] = mib_text_named(label)->subid;
	mib_text_check_enumeration(name, COUNT(name), expected, n);
}

static void
enumerations_are_those_of_the_code(void **state)
{
	static const struct mib_text_value causes[] = {
		{ "observed", NTP_CAUSE_OBSERVED },
		{ "counted", NTP_CAUSE_COUNTED },
		{ "standing", NTP_CAUSE_STANDING },
		{ "gone", NTP_CAUSE_GONE },
		{ "requested", NTP_CAUSE_REQUESTED },
	};
	static const struct mib_text_value states[] = {
		{ "unknown", TARGET_UNKNOWN + 1 },
		{ "up", TARGET_UP + 1 },
		{ "refused", TARGET_REFUSED + 1 },
		{ "silent", TARGET_SILENT + 1 },
		{ "badAnswers", TARGET_BADANSWERS + 1 },
		{ "unresolved", TARGET_UNRESOLVED + 1 },
		{ "denied", TARGET_DENIED + 1 },
	};
	static const struct mib_text_value auths[] = {
		{ "none", NTP_ASSOC_AUTH_NONE },
		{ "ok", NTP_ASSOC_AUTH_OK },
		{ "bad", NTP_ASSOC_AUTH_BAD },
		{ "yes", NTP_ASSOC_AUTH_YES },
	};

	(void)state;
	check_values("ntpAgentxEventCause", causes, COUNT(causes));
	check_values("ntpAgentxEventOldState", states, COUNT(states));
	check_values("ntpAgentxEventNewState", states, COUNT(states));
	check_values("ntpAgentxEventAuth", auths, COUNT(auths));
}

/* --- what is sent ------------------------------------------------------------------- */

#define SERVER \
	{ \
		.id = 4711, .name = "ns1.example", .address = { \
			.family = ADDR_IPV4, \
			.bytes = { 192, 0, 2, 1 } \
		} \
	}
#define CLOCK \
	{ \
		.id = 12, .name = "NMEA(0)", .address = { \
			.family = ADDR_IPV4, \
			.bytes = { 127, 127, 20, 0 } \
		} \
	}

/* The objects after the name and message, which all have. */
static const struct {
	struct ntp_notice notice;
	const char *message, *others;
} sent[] = {
	{ { .kind = NTP_NOTICE_PEER_CHANGED,
	      .peer = SERVER,
	      .was = 6,
	      .is = 1,
	      .reach_was = 255,
	      .reach_is = 254,
	      .flash_was = 0,
	      .flash_is = 0x400,
	      .event = NTP_ASSOC_EVENT_REACHABLE },
	    "ns1.example (4711) changed from system peer to falseticker, reach from 377 "
	    "to 376, flash 400, last event: reachable",
	    " ntpAgentxEventPeerName.0=ns1.example; "
	    "ntpAgentxEventPeerAddress.0=192.0.2.1;"
	    " ntpAgentxEventAssociation.0=4711; ntpAgentxEventOldSelection.0=6;"
	    " ntpAgentxEventNewSelection.0=1; ntpAgentxEventOldReach.0=255;"
	    " ntpAgentxEventNewReach.0=254; ntpAgentxEventOldFlash.0=0;"
	    " ntpAgentxEventNewFlash.0=1024; ntpAgentxEventPeerEvent.0=4;" },
	{ { .kind = NTP_NOTICE_PEER_UNREACHABLE, .peer = SERVER, .reach_is = 0 },
	    "ns1.example (4711) is unreachable (reach 0)",
	    " ntpAgentxEventPeerName.0=ns1.example; "
	    "ntpAgentxEventPeerAddress.0=192.0.2.1;"
	    " ntpAgentxEventAssociation.0=4711; ntpAgentxEventNewReach.0=0;" },
	{ { .kind = NTP_NOTICE_PEER_REACHABLE, .peer = SERVER, .reach_is = 1 },
	    "ns1.example (4711) is reachable again (reach 1)",
	    " ntpAgentxEventPeerName.0=ns1.example; "
	    "ntpAgentxEventPeerAddress.0=192.0.2.1;"
	    " ntpAgentxEventAssociation.0=4711; ntpAgentxEventNewReach.0=1;" },
	{ { .kind = NTP_NOTICE_AUTH_FAILED,
	      .peer = SERVER,
	      .was = NTP_ASSOC_AUTH_OK,
	      .is = NTP_ASSOC_AUTH_BAD },
	    "authentication of ns1.example (4711) failed (auth bad)",
	    " ntpAgentxEventPeerName.0=ns1.example; "
	    "ntpAgentxEventPeerAddress.0=192.0.2.1;"
	    " ntpAgentxEventAssociation.0=4711; ntpAgentxEventAuth.0=3;" },
	{ { .kind = NTP_NOTICE_AUTH_RESTORED,
	      .peer = SERVER,
	      .was = NTP_ASSOC_AUTH_BAD,
	      .is = NTP_ASSOC_AUTH_OK },
	    "authentication of ns1.example (4711) no longer fails (auth ok)",
	    " ntpAgentxEventPeerName.0=ns1.example; "
	    "ntpAgentxEventPeerAddress.0=192.0.2.1;"
	    " ntpAgentxEventAssociation.0=4711; ntpAgentxEventAuth.0=2;" },
	{ { .kind = NTP_NOTICE_TYPE_CHANGED,
	      .peer = SERVER,
	      .was = NTP_ASSOC_TYPE_BROADCAST_CLIENT,
	      .is = NTP_ASSOC_TYPE_UNKNOWN },
	    "ns1.example (4711) changed its type from broadcast client to unknown",
	    " ntpAgentxEventPeerName.0=ns1.example; "
	    "ntpAgentxEventPeerAddress.0=192.0.2.1;"
	    " ntpAgentxEventAssociation.0=4711; ntpAgentxEventOldType.0=7;"
	    " ntpAgentxEventNewType.0=0;" },
	{ { .kind = NTP_NOTICE_SYNC_LOST,
	      .was = NTP_MODE_SYNC_TO_REMOTE,
	      .is = NTP_MODE_NOT_SYNCHRONIZED },
	    "synchronization lost: not synchronized, was synchronized to a remote server",
	    " ntpAgentxEventOldMode.0=6; ntpAgentxEventNewMode.0=2;" },
	{ { .kind = NTP_NOTICE_SYNC_RESTORED,
	      .was = NTP_MODE_NOT_SYNCHRONIZED,
	      .is = NTP_MODE_SYNC_TO_REFCLOCK },
	    "synchronization restored: synchronized to a reference clock, was not "
	    "synchronized",
	    " ntpAgentxEventOldMode.0=2; ntpAgentxEventNewMode.0=5;" },
	{ { .kind = NTP_NOTICE_SYSTEM_PEER_CHANGED, .peer = SERVER, .former = CLOCK },
	    "system peer changed from NMEA(0) (12) to ns1.example (4711)",
	    " ntpAgentxEventPeerName.0=ns1.example; "
	    "ntpAgentxEventPeerAddress.0=192.0.2.1;"
	    " ntpAgentxEventAssociation.0=4711; ntpAgentxEventFormerName.0=NMEA(0);"
	    " ntpAgentxEventFormerAssociation.0=12;" },
	{ { .kind = NTP_NOTICE_SYSTEM_PEER_CHANGED, .former = { .id = 9 } },
	    "system peer changed from association 9 to none",
	    " ntpAgentxEventPeerName.0=; ntpAgentxEventPeerAddress.0=;"
	    " ntpAgentxEventAssociation.0=0; ntpAgentxEventFormerName.0=;"
	    " ntpAgentxEventFormerAssociation.0=9;" },
	{ { .kind = NTP_NOTICE_CLOCK_STEPPED }, "the clock was stepped", "" },
	{ { .kind = NTP_NOTICE_OFFSET_OUTSIDE,
	      .offset_ns = -61200500,
	      .limit_ns = 50 * NS_PER_MS },
	    "offset -61.2005 ms is outside its limits (limit 50.000 ms)",
	    " ntpAgentxEventOffsetUs.0=-61201; ntpAgentxEventLimitUs.0=50000;" },
	{ { .kind = NTP_NOTICE_OFFSET_INSIDE,
	      .offset_ns = 12300499,
	      .limit_ns = 40 * NS_PER_MS },
	    "offset 12.300499 ms is inside its limits again (limit 40.000 ms)",
	    " ntpAgentxEventOffsetUs.0=12300; ntpAgentxEventLimitUs.0=40000;" },
	{ { .kind = NTP_NOTICE_SOURCES_FEW, .was = 3, .is = 1, .sources_min = 2 },
	    "too few usable sources: 1 of at least 2",
	    " ntpAgentxEventUsableSources.0=1; ntpAgentxEventSourcesMin.0=2;" },
	{ { .kind = NTP_NOTICE_SOURCES_ENOUGH, .was = 1, .is = 2, .sources_min = 2 },
	    "enough usable sources again: 2 of at least 2",
	    " ntpAgentxEventUsableSources.0=2; ntpAgentxEventSourcesMin.0=2;" },
	{ { .kind = NTP_NOTICE_DAEMON_UNREACHABLE,
	      .was = TARGET_UP,
	      .is = TARGET_SILENT },
	    "the daemon does not answer: silent",
	    " ntpAgentxEventOldState.0=2; ntpAgentxEventNewState.0=4;" },
	{ { .kind = NTP_NOTICE_DAEMON_REACHABLE, .was = TARGET_REFUSED, .is = TARGET_UP },
	    "the daemon answers again, was: refused",
	    " ntpAgentxEventOldState.0=3; ntpAgentxEventNewState.0=2;" },
	{ { .kind = NTP_NOTICE_DAEMON_RESTARTED }, "the daemon was restarted", "" },
	{ { .kind = NTP_NOTICE_CLOCK_FAULT, .peer = CLOCK, .was = 0, .is = 4 },
	    "reference clock NMEA(0) (12) has a fault: bad signal",
	    " ntpAgentxEventPeerName.0=NMEA(0); ntpAgentxEventPeerAddress.0=127.127.20.0;"
	    " ntpAgentxEventAssociation.0=12; ntpAgentxEventOldClockEvent.0=0;"
	    " ntpAgentxEventNewClockEvent.0=4;" },
	{ { .kind = NTP_NOTICE_CLOCK_CLEAR, .peer = CLOCK, .was = 4, .is = 0 },
	    "reference clock NMEA(0) (12) no longer has a fault: it was bad signal",
	    " ntpAgentxEventPeerName.0=NMEA(0); ntpAgentxEventPeerAddress.0=127.127.20.0;"
	    " ntpAgentxEventAssociation.0=12; ntpAgentxEventOldClockEvent.0=4;"
	    " ntpAgentxEventNewClockEvent.0=0;" },
	{ { .kind = NTP_NOTICE_CLOCK_FAULT, .peer = CLOCK },
	    "reference clock NMEA(0) (12) has a fault",
	    " ntpAgentxEventPeerName.0=NMEA(0); ntpAgentxEventPeerAddress.0=127.127.20.0;"
	    " ntpAgentxEventAssociation.0=12; ntpAgentxEventOldClockEvent.0=0;"
	    " ntpAgentxEventNewClockEvent.0=0;" },
	{ { .kind = NTP_NOTICE_CLOCK_CLEAR, .peer = CLOCK },
	    "reference clock NMEA(0) (12) no longer has a fault",
	    " ntpAgentxEventPeerName.0=NMEA(0); ntpAgentxEventPeerAddress.0=127.127.20.0;"
	    " ntpAgentxEventAssociation.0=12; ntpAgentxEventOldClockEvent.0=0;"
	    " ntpAgentxEventNewClockEvent.0=0;" },
	{ { .kind = NTP_NOTICE_LEAP_ANNOUNCED, .is = 1 },
	    "leap second announced: a second will be inserted",
	    " ntpAgentxEventLeap.0=1;" },
	{ { .kind = NTP_NOTICE_LEAP_ANNOUNCED, .is = 2 },
	    "leap second announced: a second will be left out",
	    " ntpAgentxEventLeap.0=2;" },
	{ { .kind = NTP_NOTICE_TEST }, "this is a test", "" },
	{ { .kind = NTP_NOTICE_LOST, .lost = 17 },
	    "17 notifications were lost before the master agent took them",
	    " ntpAgentxEventLost.0=17;" },
};

static void
each_kind_is_sent_with_its_objects_in_order(void **state)
{
	bool is_seen[NTP_NOTICE_END] = { true };
	struct notify_sink sink;
	struct notify_port port = notify_sink_port(&sink);
	char expected[4096];

	(void)state;
	for (size_t i = 0; i < COUNT(sent); i++) {
		struct ntp_notice n = sent[i].notice;

		n.cause = NTP_CAUSE_OBSERVED;
		n.wall_ns = WALL_NS;
		n.count = 1;
		assert_int_equal(agentx_notify(&port, "real", "ctx", &n), 0);
		snprintf(expected, sizeof(expected),
		    "ctx: ntpAgentxNotifications.%d: ntpAgentxEventTarget.0=real;"
		    " ntpAgentxEventTime.0=2026-11-21 00:09:42.9;"
		    " ntpAgentxEventMessage.0=real: %s; ntpAgentxEventCause.0=1;"
		    " ntpAgentxEventCount.0=1;%s",
		    (int)n.kind, sent[i].message, sent[i].others);
		assert_string_equal(sink.text, expected);
		assert_int_equal(sink.calls, i + 1);
		is_seen[n.kind] = true;
	}
	for (size_t i = 0; i < NTP_NOTICE_END; i++)
		assert_true(is_seen[i]);
}

static void
notice_about_the_agent_has_no_target(void **state)
{
	struct ntp_notice n = {
		.kind = NTP_NOTICE_LOST,
		.cause = NTP_CAUSE_OBSERVED,
		.wall_ns = WALL_NS,
		.count = 1,
		.lost = 1,
	};
	struct notify_sink sink;
	struct notify_port port = notify_sink_port(&sink);

	(void)state;
	assert_int_equal(agentx_notify(&port, "", "", &n), 0);
	assert_string_equal(sink.text,
	    ": ntpAgentxNotifications.22: ntpAgentxEventTarget.0=;"
	    " ntpAgentxEventTime.0=2026-11-21 00:09:42.9;"
	    " ntpAgentxEventMessage.0=1 notification was lost before the master agent"
	    " took it; ntpAgentxEventCause.0=1; ntpAgentxEventCount.0=1;"
	    " ntpAgentxEventLost.0=1;");
}

static void
what_no_type_holds_is_the_nearest_value(void **state)
{
	struct ntp_notice n = {
		.kind = NTP_NOTICE_OFFSET_OUTSIDE,
		.wall_ns = WALL_NS,
		.count = 1,
		.offset_ns = -INT64_C(3000) * NS_PER_S,
		.limit_ns = INT64_C(4294967295) * NS_PER_US,
	};
	struct notify_sink sink;
	struct notify_port port = notify_sink_port(&sink);

	(void)state;
	assert_int_equal(agentx_notify(&port, "a", "", &n), 0);
	assert_non_null(strstr(sink.text, "OffsetUs.0=-2147483648;"));
	assert_non_null(strstr(sink.text, "LimitUs.0=4294967295;"));
	n.offset_ns = -n.offset_ns;
	assert_int_equal(agentx_notify(&port, "a", "", &n), 0);
	assert_non_null(strstr(sink.text, "OffsetUs.0=2147483647;"));
	n = (struct ntp_notice){ .kind = NTP_NOTICE_LOST, .lost = UINT64_MAX };
	assert_int_equal(agentx_notify(&port, "", "", &n), 0);
	assert_non_null(strstr(sink.text, "Lost.0=4294967295;"));
}

static void
addresses_are_text(void **state)
{
	struct ntp_notice n = {
		.kind = NTP_NOTICE_PEER_REACHABLE,
		.peer = { .id = 1, .name = "x" },
	};
	struct notify_sink sink;
	struct notify_port port = notify_sink_port(&sink);

	(void)state;
	assert_int_equal(addr_parse("fe80::1%2", 9, &n.peer.address), 0);
	assert_int_equal(agentx_notify(&port, "a", "", &n), 0);
	assert_non_null(strstr(sink.text, "PeerAddress.0=fe80::1%2;"));
}

static void
failure_of_the_port_is_reported(void **state)
{
	struct ntp_notice n = { .kind = NTP_NOTICE_TEST };
	struct notify_sink sink;
	struct notify_port port = notify_sink_port(&sink);

	(void)state;
	sink.err = ERR_NOMEM;
	assert_int_equal(agentx_notify(&port, "a", "", &n), ERR_NOMEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_the_notifications_of_the_module),
		cmocka_unit_test(objects_are_those_of_the_module),
		cmocka_unit_test(every_object_is_sent_by_some_notification),
		cmocka_unit_test(problem_and_end_carry_the_same_objects),
		cmocka_unit_test(enumerations_are_those_of_the_code),
		cmocka_unit_test(each_kind_is_sent_with_its_objects_in_order),
		cmocka_unit_test(notice_about_the_agent_has_no_target),
		cmocka_unit_test(what_no_type_holds_is_the_nearest_value),
		cmocka_unit_test(addresses_are_text),
		cmocka_unit_test(failure_of_the_port_is_reported),
	};

	return cmocka_run_group_tests_name("notifications of NTP-AGENTX-MIB", tests,
	    mib_text_set_up, mib_text_tear_down);
}
