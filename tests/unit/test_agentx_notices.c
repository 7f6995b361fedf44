/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxNotifyTable: what is shown, set, refused and undone. */
#include "support/check.h"

#include <string.h>

#include "snmp/agentx_agent.h"
#include "snmp/agentx_groups.h"
#include "snmp/agentx_mib.h"
#include "snmp/mib_index.h"
#include "support/mib_text.h"

static const struct snapshot nothing = { .refs = 1 };

enum { SWITCHES = 1, OUTSIDE, INSIDE, SOURCES, HOLD, TEST, RAISED, FOLDED };

struct bench {
	struct mib_control control;
	struct agentx_agent about;
	struct mib_agent agent;
	struct fleet *fleet;
	struct mib_view view;
	unsigned n_sets, n_tests;
	char target[TARGET_NAME_MAX + 1]; /* of the last call */
};

static void
on_set(void *ctx, const char *target)
{
	struct bench *b = ctx;

	b->n_sets++;
	strcpy(b->target, target);
}

static void
on_test(void *ctx, const char *target)
{
	struct bench *b = ctx;

	b->n_tests++;
	strcpy(b->target, target);
}

static void
set_up(struct bench *b, bool has_control)
{
	struct target about = { .name = "gps" };
	struct snapshot *s = snapshot_new(TARGET_UP, 0);
	const struct fleet_source from = {
		.target = &about,
		.snapshot = s,
		.control = has_control ? &b->control : NULL,
		.notices = { .raised = UINT64_C(1) << 40, .folded = 12 },
	};
	struct fleet_target *t = fleet_target_new(&from);

	*b = (struct bench){
		.about = { .control_set = on_set, .test = on_test, .ctx = b },
		.agent = { .identity = &b->about },
		.fleet = fleet_new(&t, 1),
	};
	assert_non_null(b->fleet);
	mib_control_init(&b->control);
	b->view = (struct mib_view){ &nothing, &b->agent, b->fleet };
	fleet_target_unref(t);
	snapshot_unref(s);
}

static void
tear_down(struct bench *b)
{
	fleet_unref(b->fleet);
}

static size_t
name_of(mib_subid column, mib_subid out[MIB_OID_MAX])
{
	size_t len = agentx_notify_table.root_len;

	memcpy(out, agentx_notify_table.root, len * sizeof(out[0]));
	out[len++] = column;
	return mib_index_put_text(out, len, "gps", 3);
}

static enum mib_result
get(const struct bench *b, mib_subid column, struct mib_value *out)
{
	mib_subid name[MIB_OID_MAX];
	size_t len = name_of(column, name);

	return mib_get(&agentx_mib, &b->view, name, len, out);
}

static uint32_t
number(const struct bench *b, mib_subid column)
{
	struct mib_value value;

	assert_int_equal(get(b, column, &value), MIB_FOUND);
	return value.u32;
}

/* As the phases of a SET have it: checked, then set. */
static enum mib_set_error
set(const struct bench *b, mib_subid column, const struct mib_value *value)
{
	mib_subid name[MIB_OID_MAX];
	size_t len = name_of(column, name);
	struct mib_instance instance;
	enum mib_set_error error;

	assert_true(mib_instance_of(&agentx_mib, name, len, &instance));
	if (!instance.object->write)
		return MIB_SET_NOT_WRITABLE;
	error = instance.object->write->check(value);
	if (error == MIB_SET_OK)
		assert_true(mib_set(&agentx_mib, &b->view, name, len, value));
	return error;
}

static enum mib_set_error
set_number(const struct bench *b, mib_subid column, uint32_t to)
{
	struct mib_value value = { .syntax = MIB_UNSIGNED, .u32 = to };

	return set(b, column, &value);
}

static enum mib_set_error
set_octets(const struct bench *b, const char *octets, size_t n)
{
	struct mib_value value = { .syntax = MIB_OCTETS, .octets = octets };

	value.n_octets = n;
	return set(b, SWITCHES, &value);
}

static void
defaults_and_counts_are_shown(void **state)
{
	struct bench b;
	struct mib_value value;

	(void)state;
	set_up(&b, true);
	assert_int_equal(get(&b, SWITCHES, &value), MIB_FOUND);
	assert_int_equal(value.n_octets, 2);
	assert_memory_equal(value.octets, "\xff\xf8", 2);
	assert_int_equal(number(&b, OUTSIDE), 50000);
	assert_int_equal(number(&b, INSIDE), 40000);
	assert_int_equal(number(&b, SOURCES), 1);
	assert_int_equal(number(&b, HOLD), 60);
	assert_int_equal(number(&b, TEST), 1);
	assert_int_equal(get(&b, RAISED, &value), MIB_FOUND);
	assert_int_equal(value.u64, UINT64_C(1) << 40);
	assert_int_equal(get(&b, FOLDED, &value), MIB_FOUND);
	assert_int_equal(value.u64, 12);
	tear_down(&b);
}

static void
target_without_control_shows_nothing(void **state)
{
	struct bench b;
	struct mib_value value;

	(void)state;
	set_up(&b, false);
	for (mib_subid column = SWITCHES; column <= FOLDED; column++)
		assert_int_equal(get(&b, column, &value), MIB_NO_INSTANCE);
	tear_down(&b);
}

/* Also through a view that was made before. */
static void
what_is_set_is_there_at_once(void **state)
{
	struct bench b;
	struct mib_value value;

	(void)state;
	set_up(&b, true);
	assert_int_equal(set_octets(&b, "\x80\x08", 2), MIB_SET_OK);
	assert_int_equal(b.control.notices.topics, 0x1001);
	assert_int_equal(get(&b, SWITCHES, &value), MIB_FOUND);
	assert_memory_equal(value.octets, "\x80\x08", 2);
	assert_int_equal(set_number(&b, OUTSIDE, UINT32_MAX), MIB_SET_OK);
	assert_int_equal(set_number(&b, INSIDE, 17), MIB_SET_OK);
	assert_int_equal(set_number(&b, SOURCES, 65535), MIB_SET_OK);
	assert_int_equal(set_number(&b, HOLD, 3600), MIB_SET_OK);
	assert_int_equal(b.control.notices.offset_outside_us, UINT32_MAX);
	assert_int_equal(b.control.notices.offset_inside_us, 17);
	assert_int_equal(b.control.notices.sources_min, 65535);
	assert_int_equal(b.control.notices.hold_s, 3600);
	assert_int_equal(number(&b, OUTSIDE), UINT32_MAX);
	assert_int_equal(number(&b, HOLD), 3600);
	assert_int_equal(b.n_sets, 5);
	assert_string_equal(b.target, "gps");
	assert_int_equal(b.n_tests, 0);
	assert_int_equal(b.control.heartbeat_s, MIB_HEARTBEAT_DEFAULT_S);
	tear_down(&b);
}

static void
what_is_out_of_range_is_refused(void **state)
{
	struct bench b;
	struct mib_control before;
	struct mib_value three = { .syntax = MIB_INTEGER, .i32 = 3 };

	(void)state;
	set_up(&b, true);
	before = b.control;
	assert_int_equal(set_octets(&b, "\x00\x01", 2), MIB_SET_WRONG_VALUE);
	assert_int_equal(set_octets(&b, "\x00\x00\x00", 3), MIB_SET_WRONG_LENGTH);
	assert_int_equal(set_number(&b, SOURCES, 65536), MIB_SET_WRONG_VALUE);
	assert_int_equal(set_number(&b, HOLD, 3601), MIB_SET_WRONG_VALUE);
	assert_int_equal(set(&b, TEST, &three), MIB_SET_WRONG_VALUE);
	assert_int_equal(set_number(&b, RAISED, 0), MIB_SET_NOT_WRITABLE);
	assert_int_equal(set_number(&b, FOLDED, 0), MIB_SET_NOT_WRITABLE);
	assert_memory_equal(&b.control.notices, &before.notices, sizeof(before.notices));
	assert_int_equal(b.n_sets, 0);
	assert_int_equal(b.n_tests, 0);
	tear_down(&b);
}

/* Undone is what the getter gave before, and whoever stores it hears of that, too. */
static void
undo_brings_the_old_values_back(void **state)
{
	struct bench b;
	struct mib_value switches, hold;

	(void)state;
	set_up(&b, true);
	assert_int_equal(get(&b, SWITCHES, &switches), MIB_FOUND);
	assert_int_equal(get(&b, HOLD, &hold), MIB_FOUND);
	assert_int_equal(set_octets(&b, "", 0), MIB_SET_OK);
	assert_int_equal(set_number(&b, HOLD, 0), MIB_SET_OK);
	assert_int_equal(b.control.notices.topics, 0);
	assert_int_equal(set(&b, SWITCHES, &switches), MIB_SET_OK);
	assert_int_equal(set(&b, HOLD, &hold), MIB_SET_OK);
	assert_int_equal(b.control.notices.topics, NTP_NOTICE_ALL_TOPICS);
	assert_int_equal(b.control.notices.hold_s, 60);
	assert_int_equal(b.n_sets, 4);
	tear_down(&b);
}

static void
test_is_sent_when_it_is_wanted(void **state)
{
	struct bench b;
	struct mib_value idle = { .syntax = MIB_INTEGER, .i32 = 1 };
	struct mib_value send = { .syntax = MIB_INTEGER, .i32 = 2 };

	(void)state;
	set_up(&b, true);
	assert_int_equal(set(&b, TEST, &idle), MIB_SET_OK);
	assert_int_equal(b.n_tests, 0);
	assert_int_equal(set(&b, TEST, &send), MIB_SET_OK);
	assert_int_equal(b.n_tests, 1);
	assert_string_equal(b.target, "gps");
	assert_int_equal(number(&b, TEST), 1);
	assert_int_equal(b.n_sets, 0);
	tear_down(&b);
}

static void
nobody_need_listen(void **state)
{
	struct bench b;
	struct mib_value send = { .syntax = MIB_INTEGER, .i32 = 2 };

	(void)state;
	set_up(&b, true);
	b.about = (struct agentx_agent){ .version = "" };
	assert_int_equal(set(&b, TEST, &send), MIB_SET_OK);
	assert_int_equal(set_number(&b, HOLD, 5), MIB_SET_OK);
	b.agent.identity = NULL;
	assert_int_equal(set(&b, TEST, &send), MIB_SET_OK);
	assert_int_equal(set_number(&b, HOLD, 6), MIB_SET_OK);
	assert_int_equal(b.control.notices.hold_s, 6);
	tear_down(&b);
}

static void
switches_are_the_topics(void **state)
{
	static const struct mib_text_value topics[] = {
		{ "peer", NTP_TOPIC_PEER },
		{ "reach", NTP_TOPIC_REACH },
		{ "auth", NTP_TOPIC_AUTH },
		{ "type", NTP_TOPIC_TYPE },
		{ "sync", NTP_TOPIC_SYNC },
		{ "systemPeer", NTP_TOPIC_SYSTEM_PEER },
		{ "step", NTP_TOPIC_STEP },
		{ "offset", NTP_TOPIC_OFFSET },
		{ "sources", NTP_TOPIC_SOURCES },
		{ "daemon", NTP_TOPIC_DAEMON },
		{ "restart", NTP_TOPIC_RESTART },
		{ "clock", NTP_TOPIC_CLOCK },
		{ "leap", NTP_TOPIC_LEAP },
	};
	mib_subid name[MIB_OID_MAX];
	size_t len = name_of(SWITCHES, name);

	(void)state;
	assert_int_equal(COUNT(topics), NTP_TOPIC_COUNT);
	mib_text_check_enumeration(name, len - 4, topics, COUNT(topics));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_and_counts_are_shown),
		cmocka_unit_test(target_without_control_shows_nothing),
		cmocka_unit_test(what_is_set_is_there_at_once),
		cmocka_unit_test(what_is_out_of_range_is_refused),
		cmocka_unit_test(undo_brings_the_old_values_back),
		cmocka_unit_test(test_is_sent_when_it_is_wanted),
		cmocka_unit_test(nobody_need_listen),
		cmocka_unit_test(switches_are_the_topics),
	};

	return cmocka_run_group_tests_name("settings of notices", tests, mib_text_set_up,
	    mib_text_tear_down);
}
