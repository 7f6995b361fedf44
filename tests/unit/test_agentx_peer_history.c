/* SPDX-License-Identifier: BSD-2-Clause */
/* What associations have been through, in ntpAgentxPeerTable. */
#include "support/check.h"

#include <string.h>

#include "base/clock.h"
#include "snmp/agentx_groups.h"
#include "snmp/agentx_mib.h"
#include "snmp/mib_index.h"
#include "support/notice_bench.h"

enum { LAST_CHANGE = 74, TRANSITIONS, REACHABLE_SECONDS, UNREACHABLE_SECONDS };

static const struct step steps[] = {
	{ 100, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0, 0 },
	{ 160, BY_A, { A(0x961a, 255), B(0x8023, 0) }, "", 0, 0, 0 },
	{ 170, BY_A, { A(0x961a, 255), B(0x9034, 1) }, "", 0, 0, 0 },
};

/* A target that lived through these steps; watched, or not. */
static struct fleet *
fleet_after(struct notice_bench *b, bool is_watched)
{
	struct target about = { .name = "gps" };
	struct fleet_source from = { .target = &about };
	struct fleet_target *t;
	struct fleet *f;

	notice_bench_open(b);
	for (size_t i = 0; i < COUNT(steps); i++)
		notice_see(b, notice_picture(&steps[i]), &steps[i]);
	from.snapshot = b->current;
	from.watcher = is_watched ? b->notices : NULL;
	t = fleet_target_new(&from);
	assert_non_null(t);
	f = fleet_new(&t, 1);
	assert_non_null(f);
	fleet_target_unref(t);
	return f;
}

static enum mib_result
get(const struct fleet *f, mib_subid column, uint16_t id, struct mib_value *out)
{
	static const struct snapshot nothing = { .refs = 1 };
	static const struct mib_agent agent = { 0 };
	const struct mib_view view = { &nothing, &agent, f };
	size_t len = agentx_peer_table.root_len;
	mib_subid name[MIB_OID_MAX];

	memcpy(name, agentx_peer_table.root, len * sizeof(name[0]));
	name[len++] = column;
	len = mib_index_put_text(name, len, "gps", 3);
	len = mib_index_put_number(name, len, id);
	return mib_get(&agentx_mib, &view, name, len, out);
}

static void
check_number(const struct fleet *f, mib_subid column, uint16_t id, uint64_t expected)
{
	struct mib_value value;

	assert_int_equal(get(f, column, id, &value), MIB_FOUND);
	assert_int_equal(value.syntax, MIB_COUNTER64);
	assert_int_equal(value.u64, expected);
}

static void
history_is_that_of_the_watcher(void **state)
{
	struct notice_bench b;
	struct fleet *f = fleet_after(&b, true);
	struct mib_value value;

	(void)state;
	check_number(f, TRANSITIONS, 11, 2);
	check_number(f, REACHABLE_SECONDS, 11, 60);
	check_number(f, UNREACHABLE_SECONDS, 11, 10);
	assert_int_equal(get(f, LAST_CHANGE, 11, &value), MIB_FOUND);
	assert_in_range(value.n_octets, 8, 11);
	check_number(f, TRANSITIONS, 10, 0);
	check_number(f, REACHABLE_SECONDS, 10, 70);
	check_number(f, UNREACHABLE_SECONDS, 10, 0);
	assert_int_equal(get(f, LAST_CHANGE, 10, &value), MIB_NO_INSTANCE);
	fleet_unref(f);
	notice_bench_close(&b);
}

static void
nobody_watched_has_no_history(void **state)
{
	struct notice_bench b;
	struct fleet *f = fleet_after(&b, false);
	struct mib_value value;

	(void)state;
	for (mib_subid i = LAST_CHANGE; i <= UNREACHABLE_SECONDS; i++)
		assert_int_equal(get(f, i, 11, &value), MIB_NO_INSTANCE);
	fleet_unref(f);
	notice_bench_close(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(history_is_that_of_the_watcher),
		cmocka_unit_test(nobody_watched_has_no_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
