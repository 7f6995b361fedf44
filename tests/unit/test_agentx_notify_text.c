/* SPDX-License-Identifier: BSD-2-Clause */
/* The messages of notifications beyond what test_agentx_notify.c has of each kind. */
#include "support/check.h"

#include <string.h>

#include "base/text.h"
#include "model/assoc.h"
#include "model/snapshot.h"
#include "snmp/agentx_notify.h"
#include "snmp/notify_text.h"

/* By its name alone. */
#define SERVER \
	{ \
		.id = 4711, .name = "ns1.example" \
	}

static const struct {
	struct ntp_notice notice;
	const char *text;
} messages[] = {
	{ { .kind = NTP_NOTICE_PEER_UNREACHABLE,
	      .cause = NTP_CAUSE_COUNTED,
	      .count = 1,
	      .peer = { .id = 4 },
	      .reach_is = 255 },
	    "a: association 4 was unreachable (reach 377) (between two polls)" },
	{ { .kind = NTP_NOTICE_PEER_UNREACHABLE,
	      .cause = NTP_CAUSE_STANDING,
	      .count = 1,
	      .peer = { .id = 4 },
	      .reach_is = NTP_NOTICE_UNKNOWN },
	    "a: association 4 is unreachable (so since the first look)" },
	{ { .kind = NTP_NOTICE_PEER_UNREACHABLE,
	      .cause = NTP_CAUSE_OBSERVED,
	      .count = 5,
	      .peer = { .id = 4 },
	      .reach_is = 0 },
	    "a: association 4 is unreachable (reach 0) (5 changes)" },
	{ { .kind = NTP_NOTICE_PEER_REACHABLE,
	      .cause = NTP_CAUSE_GONE,
	      .count = 1,
	      .peer = { .id = 4 },
	      .reach_is = 0 },
	    "a: association 4 is no longer unreachable (association removed)" },
	{ { .kind = NTP_NOTICE_DAEMON_REACHABLE, .cause = NTP_CAUSE_GONE, .count = 1 },
	    "a: the daemon is no longer watched (target removed)" },
	{ { .kind = NTP_NOTICE_SYNC_RESTORED, .cause = NTP_CAUSE_GONE, .count = 1 },
	    "a: synchronization is no longer watched (target removed)" },
	{ { .kind = NTP_NOTICE_AUTH_RESTORED,
	      .cause = NTP_CAUSE_GONE,
	      .count = 2,
	      .peer = { .id = 4 },
	      .is = NTP_ASSOC_AUTH_BAD },
	    "a: authentication of association 4 no longer fails (2 changes) "
	    "(association removed)" },
	{ { .kind = NTP_NOTICE_PEER_CHANGED,
	      .cause = NTP_CAUSE_COUNTED,
	      .count = 2,
	      .peer = { .id = 4 },
	      .was = 4,
	      .is = 4,
	      .reach_was = 255,
	      .reach_is = 255,
	      .event = NTP_NOTICE_UNKNOWN },
	    "a: association 4 changed, and is candidate as before (2 changes) "
	    "(between two polls)" },
	{ { .kind = NTP_NOTICE_PEER_CHANGED,
	      .cause = NTP_CAUSE_OBSERVED,
	      .count = 1,
	      .peer = { .id = 4 },
	      .was = 0,
	      .is = 7,
	      .reach_was = NTP_NOTICE_UNKNOWN,
	      .reach_is = 1,
	      .flash_is = NTP_NOTICE_UNKNOWN,
	      .event = NTP_ASSOC_EVENT_SYSTEM_PEER },
	    "a: association 4 changed from rejected to system peer with PPS, reach to 1, "
	    "last event: became system peer" },
	{ { .kind = NTP_NOTICE_PEER_CHANGED,
	      .cause = NTP_CAUSE_OBSERVED,
	      .count = 1,
	      .peer = { .id = 4 },
	      .was = 8,
	      .is = -1,
	      .event = NTP_ASSOC_EVENT_COUNT },
	    "a: association 4 changed from unknown to unknown, last event: unknown" },
	{ { .kind = NTP_NOTICE_SYSTEM_PEER_CHANGED,
	      .cause = NTP_CAUSE_COUNTED,
	      .count = 1,
	      .peer = SERVER,
	      .former = SERVER },
	    "a: system peer ns1.example (4711) was lost and selected again "
	    "(between two polls)" },
	{ { .kind = NTP_NOTICE_LEAP_ANNOUNCED,
	      .cause = NTP_CAUSE_COUNTED,
	      .count = 1,
	      .is = 0 },
	    "a: a leap second was announced, and withdrawn again (between two polls)" },
	{ { .kind = NTP_NOTICE_TEST, .cause = NTP_CAUSE_REQUESTED, .count = 1 },
	    "a: this is a test" },
};

static void
messages_say_how_often_and_why(void **state)
{
	char text[MIB_TEXT_MAX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++) {
		assert_int_equal(
		    agentx_notice_text("a", &messages[i].notice, text, sizeof(text)),
		    strlen(messages[i].text));
		assert_string_equal(text, messages[i].text);
	}
}

static void
fill_name(struct ntp_notice_peer *p, const char *character)
{
	size_t len = strlen(character), at = 0;

	p->id = UINT16_MAX;
	for (; at + len <= NTP_NOTICE_NAME_MAX; at += len)
		memcpy(p->name + at, character, len);
	p->name[at] = '\0';
}

static void
longest_names_are_cut_between_characters(void **state)
{
	struct ntp_notice n = {
		.kind = NTP_NOTICE_SYSTEM_PEER_CHANGED,
		.cause = NTP_CAUSE_COUNTED,
		.count = UINT32_MAX,
	};
	char text[MIB_TEXT_MAX + 1];
	size_t len;

	(void)state;
	fill_name(&n.former, "n");
	fill_name(&n.peer, "\xe2\x82\xac");
	for (size_t cap = 180; cap <= sizeof(text); cap++) {
		len =
		    agentx_notice_text("target-of-thirty-two-characters.", &n, text, cap);
		assert_in_range(len, cap - 3, cap - 1);
		assert_true(text_is_utf8(text, len));
		assert_null(strchr(text, '?'));
	}
}

/* Whatever a model says: no message without words, and none that is too long. */
static void
any_numbers_make_a_message(void **state)
{
	static const int32_t numbers[] = { INT32_MIN, -1, 0, 1, 7, 8, 99, INT32_MAX };
	char text[MIB_TEXT_MAX + 1];

	(void)state;
	for (int kind = NTP_NOTICE_PEER_CHANGED; kind < NTP_NOTICE_END; kind++) {
		for (size_t i = 0; i < COUNT(numbers); i++) {
			struct ntp_notice n = {
				.kind = (enum ntp_notice_kind)kind,
				.cause = (enum ntp_notice_cause)(i % 6),
				.was = numbers[i],
				.is = numbers[COUNT(numbers) - 1 - i],
				.event = numbers[i],
				.offset_ns = INT64_MIN / 2,
				.limit_ns = INT64_MAX / 2,
			};

			assert_in_range(agentx_notice_text("a", &n, text, sizeof(text)),
			    10, MIB_TEXT_MAX);
		}
	}
}

static void
modes_have_words(void **state)
{
	static const struct {
		enum ntp_mode mode;
		const char *word;
	} rows[] = {
		{ NTP_MODE_UNKNOWN, "unknown" },
		{ NTP_MODE_NOT_RUNNING, "not running" },
		{ NTP_MODE_NOT_SYNCHRONIZED, "not synchronized" },
		{ NTP_MODE_NONE_CONFIGURED, "not synchronized, nothing configured" },
		{ NTP_MODE_SYNC_TO_LOCAL, "synchronized to the local clock" },
		{ NTP_MODE_SYNC_TO_REFCLOCK, "synchronized to a reference clock" },
		{ NTP_MODE_SYNC_TO_REMOTE, "synchronized to a remote server" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(notify_mode_text((int32_t)rows[i].mode),
		    rows[i].word);
	assert_string_equal(notify_mode_text(4711), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_say_how_often_and_why),
		cmocka_unit_test(modes_have_words),
		cmocka_unit_test(longest_names_are_cut_between_characters),
		cmocka_unit_test(any_numbers_make_a_message),
	};

	return cmocka_run_group_tests_name("messages of notices", tests, NULL, NULL);
}
