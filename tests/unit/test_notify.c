/* SPDX-License-Identifier: BSD-2-Clause */
/* The notifications: their rows against the module's text, their values and messages. */
#include "support/check.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "snmp/notify.h"
#include "snmp/ntpv4_mib.h"
#include "support/mib_text.h"
#include "support/notify_sink.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"
#include "support/toy_module.h"

enum { WALL_2026_S = 1795219782 };

/* --- the module's text -------------------------------------------------------------- */

static void
rows_are_the_notifications_of_the_module(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(notify_rows); i++) {
		const struct notify_row *row = &notify_rows[i];
		size_t n_objects = 0;

		while (n_objects < NOTIFY_OBJECTS_MAX && row->objects[n_objects])
			n_objects++;
		assert_int_equal(row->which, i + 1);
		mib_text_check_notification("ntpEntNotifications", row->which, row->label,
		    row->objects, n_objects);
	}
	for (const struct tree *node = mib_text_named("ntpEntNotifications")->child_list;
	     node; node = node->next_peer)
		n++;
	assert_int_equal(n, COUNT(notify_rows));
}

/* "entNotifModeChange" enables "ntpEntNotifModeChange". */
static void
bits_have_the_numbers_of_the_notifications(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct enum_list *e = mib_text_named("ntpEntNotifBits")->enums; e;
	     e = e->next) {
		if (e->value == 0)
			continue;
		assert_in_range(e->value, 1, COUNT(notify_rows));
		assert_string_equal(e->label + strlen("e"),
		    notify_rows[e->value - 1].label + strlen("ntpE"));
		n++;
	}
	assert_int_equal(n, COUNT(notify_rows));
}

static void
message_is_accessible_for_notifications_only(void **state)
{
	static const mib_subid message[] = { 1, 3, 6, 1, 2, 1, 197, 1, 5, 1, 0 };
	struct snapshot *s = snapshot_new(TARGET_UP, 0);
	struct mib_control control = { 0 };
	struct mib_agent agent = { .control = &control };
	struct mib_view view = { s, &agent, NULL };
	struct mib_value value;

	(void)state;
	assert_int_equal(mib_text_named("ntpEntNotifMessage")->access, MIB_ACCESS_NOTIFY);
	assert_int_equal(mib_get(&ntpv4_mib, &view, message, COUNT(message), &value),
	    MIB_NO_OBJECT);
	assert_int_equal(mib_get(&ntpv4_mib, &view, message, COUNT(message) - 1, &value),
	    MIB_NO_OBJECT);
	snapshot_unref(s);
}

/* --- what is sent ------------------------------------------------------------------- */

static struct notifier
notifier_to(struct notify_sink *sink)
{
	struct notify_port port = notify_sink_port(sink);
	struct notifier n;

	assert_int_equal(notifier_init(&n, &ntpv4_mib, &port), 0);
	return n;
}

static const char one_server[] =
    "leap=1, stratum=3, peer=10, ss_uptime=500, clock=0xeeab5fc6.218d7b1d";
static const char unread[] = "stratum=3";
static const char no_server[] =
    "leap=3, stratum=16, peer=0, ss_uptime=500, clock=0xeeab5fc6.218d7b1d";

/* Associations: 10 by name, 11 by address, 12 was not read. */
static struct snapshot *
picture(const char *system)
{
	struct snapshot *s = snapshot_new(TARGET_UP, 3);

	assert_non_null(s);
	s->taken_wall_ns = WALL_2026_S * NS_PER_S;
	s->has_peers = true;
	fixture_system(s, system);
	fixture_peer(&s->peers[0], 10, 0x961a,
	    "srcadr=192.0.2.1, srchost=\"ns1.example\"");
	fixture_peer(&s->peers[1], 11, 0x9414, "srcadr=192.0.2.2");
	fixture_peer(&s->peers[2], 12, 0x8011, "");
	return s;
}

/* Peers by id; 0: none. */
static const struct {
	const char *system;
	enum ntp_change_kind kind;
	int32_t from, to;
	uint16_t former, peer;
	uint32_t n_added, n_removed;
	const char *sent;
} changes[] = {
	{ one_server, NTP_CHANGE_MODE, 2, 6, 0, 0, 0, 0,
	    "ctx: ntpEntNotifications.1: ntpEntStatusCurrentMode.0=6;" },
	{ unread, NTP_CHANGE_MODE, 6, 99, 0, 0, 0, 0,
	    "ctx: ntpEntNotifications.1: ntpEntStatusCurrentMode.0=99;" },
	{ one_server, NTP_CHANGE_STRATUM, 16, 3, 0, 0, 0, 0,
	    "ctx: ntpEntNotifications.2: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntStatusStratum.0=3; "
	    "ntpEntNotifMessage.0=gps1: stratum changed from 16 to 3;" },
	{ no_server, NTP_CHANGE_STRATUM, 3, 16, 0, 0, 0, 0,
	    "ctx: ntpEntNotifications.2: ntpEntStatusDateTime.0=; "
	    "ntpEntStatusStratum.0=16; "
	    "ntpEntNotifMessage.0=gps1: stratum changed from 3 to 16;" },
	{ unread, NTP_CHANGE_STRATUM, 4, 3, 0, 0, 0, 0,
	    "ctx: ntpEntNotifications.2: ntpEntStatusDateTime.0=; "
	    "ntpEntStatusStratum.0=3; "
	    "ntpEntNotifMessage.0=gps1: stratum changed from 4 to 3;" },
	{ one_server, NTP_CHANGE_SYSPEER, 11, 10, 11, 10, 0, 0,
	    "ctx: ntpEntNotifications.3: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntStatusActiveRefSourceId.0=10; "
	    "ntpEntNotifMessage.0=gps1: system peer changed from 192.0.2.2 (11) to "
	    "ns1.example (10);" },
	{ no_server, NTP_CHANGE_SYSPEER, 12, 0, 12, 0, 0, 0,
	    "ctx: ntpEntNotifications.3: ntpEntStatusDateTime.0=; "
	    "ntpEntStatusActiveRefSourceId.0=0; "
	    "ntpEntNotifMessage.0=gps1: system peer changed from association 12 to "
	    "none;" },
	{ one_server, NTP_CHANGE_SYSPEER, 10, 10, 10, 10, 0, 0,
	    "ctx: ntpEntNotifications.3: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntStatusActiveRefSourceId.0=10; "
	    "ntpEntNotifMessage.0=gps1: system peer ns1.example (10) was lost and "
	    "selected again;" },
	{ one_server, NTP_CHANGE_ADDED, 0, 0, 0, 11, 0, 0,
	    "ctx: ntpEntNotifications.4: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpAssocName.11=192.0.2.2; "
	    "ntpEntNotifMessage.0=gps1: association added: 192.0.2.2 (11);" },
	{ one_server, NTP_CHANGE_ADDED, 0, 0, 0, 12, 0, 0,
	    "ctx: ntpEntNotifications.4: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpAssocName.12=; "
	    "ntpEntNotifMessage.0=gps1: association added: association 12;" },
	{ one_server, NTP_CHANGE_REMOVED, 0, 0, 11, 0, 0, 0,
	    "ctx: ntpEntNotifications.5: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpAssocName.11=192.0.2.2; "
	    "ntpEntNotifMessage.0=gps1: association removed: 192.0.2.2 (11);" },
	{ one_server, NTP_CHANGE_CONFIG, 0, 0, 0, 11, 1, 0,
	    "ctx: ntpEntNotifications.6: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntNotifMessage.0=gps1: configured associations changed: "
	    "1 added: 192.0.2.2 (11); 0 removed;" },
	{ one_server, NTP_CHANGE_CONFIG, 0, 0, 10, 11, 1, 3,
	    "ctx: ntpEntNotifications.6: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntNotifMessage.0=gps1: configured associations changed: "
	    "1 added: 192.0.2.2 (11); 3 removed: ns1.example (10) and others;" },
	{ one_server, NTP_CHANGE_CONFIG, 0, 0, 0, 0, 2000, 0,
	    "ctx: ntpEntNotifications.6: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntNotifMessage.0=gps1: configured associations changed: "
	    "2000 added; 0 removed;" },
	{ one_server, NTP_CHANGE_LEAP, 0, 1, 0, 0, 0, 0,
	    "ctx: ntpEntNotifications.7: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntNotifMessage.0=gps1: leap second announced: a second will be "
	    "inserted at the end of 2026-11-30 UTC;" },
	{ one_server, NTP_CHANGE_LEAP, 0, -1, 0, 0, 0, 0,
	    "ctx: ntpEntNotifications.7: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntNotifMessage.0=gps1: leap second announced: a second will be left "
	    "out at the end of 2026-11-30 UTC;" },
	{ one_server, NTP_CHANGE_LEAP, 0, 0, 0, 0, 0, 0,
	    "ctx: ntpEntNotifications.7: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntNotifMessage.0=gps1: a leap second was announced, and withdrawn "
	    "again;" },
};

/* An association that was removed is not in the picture the other values are from. */
static void
changes_are_sent_with_their_objects_in_order(void **state)
{
	struct mib_control control = { 0 };
	struct mib_agent agent = { .control = &control };
	struct snapshot *before = picture(one_server);
	struct notify_sink sink;
	struct notifier n = notifier_to(&sink);

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct snapshot *after = picture(changes[i].system);
		struct notify_source from = { "gps1", "ctx", { after, &agent, NULL } };
		struct ntp_change change = {
			.kind = changes[i].kind,
			.from = changes[i].from,
			.to = changes[i].to,
			.former = snapshot_peer(before, changes[i].former),
			.peer = snapshot_peer(after, changes[i].peer),
			.n_added = changes[i].n_added,
			.n_removed = changes[i].n_removed,
		};

		if (changes[i].kind == NTP_CHANGE_REMOVED)
			after->n_peers = 1;
		assert_int_equal(notify_change(&n, &from, &change), 0);
		assert_string_equal(sink.text, changes[i].sent);
		assert_int_equal(sink.calls, i + 1);
		snapshot_unref(after);
	}
	snapshot_unref(before);
}

static void
heartbeat_says_the_mode_and_the_interval(void **state)
{
	struct mib_control control = { .heartbeat_s = 30 };
	struct mib_agent agent = { .control = &control };
	struct snapshot *s = picture(one_server);
	struct notify_source from = { "gps1", "", { s, &agent, NULL } };
	struct notify_sink sink;
	struct notifier n = notifier_to(&sink);

	(void)state;
	assert_int_equal(notify_heartbeat(&n, &from), 0);
	assert_string_equal(sink.text,
	    ": ntpEntNotifications.8: ntpEntStatusDateTime.0=0xeeab5fc6; "
	    "ntpEntStatusCurrentMode.0=6; ntpEntHeartbeatInterval.0=30; "
	    "ntpEntNotifMessage.0=gps1: alive, synchronized to a remote server;");
	snapshot_unref(s);
}

static void
every_kind_of_change_has_its_notification(void **state)
{
	bool is_used[MIB_NOTIF_END] = { [MIB_NOTIF_HEARTBEAT] = true };

	(void)state;
	for (int kind = 0; kind < NTP_CHANGE_KINDS; kind++) {
		enum mib_notif which = notify_of_change((enum ntp_change_kind)kind);

		assert_in_range(which, MIB_NOTIF_MODE_CHANGE, MIB_NOTIF_END - 1);
		assert_false(is_used[which]);
		is_used[which] = true;
	}
	for (int which = MIB_NOTIF_MODE_CHANGE; which < MIB_NOTIF_END; which++)
		assert_true(is_used[which]);
}

static void
number_without_a_value_is_not_made_up(void **state)
{
	struct mib_agent agent = { 0 };
	struct snapshot *s = picture(one_server);
	struct notify_source from = { "gps1", "", { s, &agent, NULL } };
	struct ntp_change change = { .kind = NTP_CHANGE_STRATUM, .from = 2, .to = 3 };
	struct notify_sink sink;
	struct notifier n = notifier_to(&sink);

	(void)state;
	system_of(s)->seen = (struct ntp_seen){ { 0 } };
	assert_int_equal(notify_change(&n, &from, &change), ERR_NOTFOUND);
	assert_int_equal(sink.calls, 0);
	snapshot_unref(s);
}

static void
failure_of_the_port_is_reported(void **state)
{
	struct mib_agent agent = { 0 };
	struct snapshot *s = picture(one_server);
	struct notify_source from = { "gps1", "", { s, &agent, NULL } };
	struct ntp_change change = { .kind = NTP_CHANGE_STRATUM, .from = 2, .to = 3 };
	struct notify_sink sink;
	struct notifier n = notifier_to(&sink);

	(void)state;
	sink.err = ERR_NOMEM;
	assert_int_equal(notify_change(&n, &from, &change), ERR_NOMEM);
	snapshot_unref(s);
}

static void
module_without_the_objects_is_refused(void **state)
{
	struct notify_sink sink;
	struct notify_port port = notify_sink_port(&sink);
	struct notifier n;

	(void)state;
	assert_int_equal(notifier_init(&n, &toy_module, &port), ERR_NOTFOUND);
}

static void
longest_names_are_cut_to_what_the_object_may_hold(void **state)
{
	struct mib_agent agent = { 0 };
	struct snapshot *s = picture(one_server);
	struct ntp_peer *p = &s->peers[0];
	struct notify_source from = { "target-of-thirty-two-characters.", "",
		{ s, &agent, NULL } };
	struct ntp_change change = {
		.kind = NTP_CHANGE_CONFIG,
		.n_added = UINT32_MAX,
		.n_removed = UINT32_MAX,
		.peer = p,
		.former = p,
	};
	struct notify_sink sink;
	struct notifier n = notifier_to(&sink);
	const char *message;

	(void)state;
	p->srchost.len = VARS_LABEL_MAX;
	memset(p->srchost.bytes, 'n', VARS_LABEL_MAX);
	assert_int_equal(notify_change(&n, &from, &change), 0);
	message = strstr(sink.text, "ntpEntNotifMessage.0=");
	assert_non_null(message);
	assert_in_range(strlen(message) - strlen("ntpEntNotifMessage.0=;"), 200, 255);
	snapshot_unref(s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_the_notifications_of_the_module),
		cmocka_unit_test(bits_have_the_numbers_of_the_notifications),
		cmocka_unit_test(message_is_accessible_for_notifications_only),
		cmocka_unit_test(changes_are_sent_with_their_objects_in_order),
		cmocka_unit_test(heartbeat_says_the_mode_and_the_interval),
		cmocka_unit_test(every_kind_of_change_has_its_notification),
		cmocka_unit_test(number_without_a_value_is_not_made_up),
		cmocka_unit_test(failure_of_the_port_is_reported),
		cmocka_unit_test(module_without_the_objects_is_refused),
		cmocka_unit_test(longest_names_are_cut_to_what_the_object_may_hold),
	};

	return cmocka_run_group_tests_name("notifications", tests, mib_text_set_up,
	    mib_text_tear_down);
}
