/* SPDX-License-Identifier: BSD-2-Clause */
/* Transactions keep their moment, and no moment is kept for ever. */
#include "support/check.h"

#include <string.h>

#include "snmp/pins.h"

/* A moment as the store would show it. The test's own reference is the first. */
struct moment {
	struct mib_agent agent;
	struct mib_view view;
	struct snapshot *snapshot;
};

static struct moment *
moment_new(uint32_t notifications)
{
	struct moment *m = test_calloc(1, sizeof(*m));

	m->snapshot = snapshot_new(TARGET_UP, 0);
	assert_non_null(m->snapshot);
	m->agent.notifications = notifications;
	m->view = (struct mib_view){ m->snapshot, &m->agent, NULL };
	return m;
}

static void
moment_free(struct moment *m)
{
	assert_int_equal(m->snapshot->refs, 1);
	snapshot_unref(m->snapshot);
	test_free(m);
}

static void
transaction_keeps_its_first_moment(void **state)
{
	struct pins pins = { 0 };
	const struct pin_key key = { 17, 3 };
	struct moment *first = moment_new(5);
	struct mib_view view;

	(void)state;
	assert_false(pins_find(&pins, &key, 0, &view));
	pins_add(&pins, &key, 0, &first->view, &view);
	assert_ptr_equal(view.snapshot, first->snapshot);
	first->agent.notifications = 6;

	memset(&view, 0, sizeof(view));
	assert_true(pins_find(&pins, &key, PINS_AGE_MAX_NS, &view));
	assert_ptr_equal(view.snapshot, first->snapshot);
	assert_int_equal(view.agent->notifications, 5);
	assert_int_equal(first->snapshot->refs, 2);

	pins_clear(&pins);
	assert_false(pins_find(&pins, &key, 0, &view));
	moment_free(first);
}

static void
other_transactions_and_sessions_are_told_apart(void **state)
{
	static const struct pin_key others[] = { { 17, 4 }, { 18, 3 }, { 0, 0 },
		{ -17, 3 } };
	struct pins pins = { 0 };
	const struct pin_key key = { 17, 3 };
	struct moment *m = moment_new(0);
	struct mib_view view;

	(void)state;
	pins_add(&pins, &key, 0, &m->view, &view);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(pins_find(&pins, &others[i], 0, &view));
	pins_clear(&pins);
	moment_free(m);
}

static void
ring_holds_the_newest(void **state)
{
	enum { N = 3 * PINS_MAX + 2 };
	struct pins pins = { 0 };
	struct moment *moments[N];
	struct mib_view view;

	(void)state;
	for (long i = 0; i < N; i++) {
		moments[i] = moment_new(0);
		pins_add(&pins, &(struct pin_key){ i, 1 }, i, &moments[i]->view, &view);
	}
	for (long i = 0; i < N; i++) {
		bool is_held = i >= N - PINS_MAX;

		assert_int_equal(pins_find(&pins, &(struct pin_key){ i, 1 }, N, &view),
		    is_held);
		assert_int_equal(moments[i]->snapshot->refs, is_held ? 2 : 1);
	}
	pins_clear(&pins);
	for (size_t i = 0; i < N; i++)
		moment_free(moments[i]);
}

static void
old_pin_is_not_believed(void **state)
{
	struct pins pins = { 0 };
	const struct pin_key key = { 1, 1 };
	struct moment *m = moment_new(0), *later = moment_new(0);
	struct mib_view view;

	(void)state;
	pins_add(&pins, &key, 100, &m->view, &view);
	assert_false(pins_find(&pins, &key, 101 + PINS_AGE_MAX_NS, &view));
	pins_add(&pins, &key, 101 + PINS_AGE_MAX_NS, &later->view, &view);
	assert_true(pins_find(&pins, &key, 102 + PINS_AGE_MAX_NS, &view));
	assert_ptr_equal(view.snapshot, later->snapshot);
	pins_clear(&pins);
	moment_free(m);
	moment_free(later);
}

static void
next_transaction_lets_old_snapshots_go(void **state)
{
	struct pins pins = { 0 };
	struct moment *old[3], *fresh = moment_new(0);
	struct mib_view view;

	(void)state;
	for (long i = 0; i < 3; i++) {
		old[i] = moment_new(0);
		pins_add(&pins, &(struct pin_key){ i, 1 }, 0, &old[i]->view, &view);
	}
	pins_add(&pins, &(struct pin_key){ 9, 1 }, PINS_AGE_MAX_NS + 1, &fresh->view,
	    &view);
	for (size_t i = 0; i < 3; i++)
		moment_free(old[i]);
	pins_clear(&pins);
	moment_free(fresh);
}

static void
expire_lets_go_of_what_is_too_old_only(void **state)
{
	struct pins pins = { 0 };
	struct moment *old = moment_new(0), *young = moment_new(0);
	struct mib_view view;

	(void)state;
	pins_add(&pins, &(struct pin_key){ 1, 1 }, 0, &old->view, &view);
	pins_add(&pins, &(struct pin_key){ 2, 1 }, 10, &young->view, &view);
	pins_expire(&pins, PINS_AGE_MAX_NS + 1);
	moment_free(old);
	assert_true(pins_find(&pins, &(struct pin_key){ 2, 1 }, PINS_AGE_MAX_NS, &view));
	pins_expire(&pins, PINS_AGE_MAX_NS + 11);
	moment_free(young);
}

static void
pinned_snapshot_outlives_its_store(void **state)
{
	struct pins pins = { 0 };
	const struct pin_key key = { 4, 4 };
	struct moment *m = moment_new(0);
	struct mib_view view;

	(void)state;
	pins_add(&pins, &key, 0, &m->view, &view);
	snapshot_unref(m->snapshot);
	test_free(m);
	assert_true(pins_find(&pins, &key, 1, &view));
	assert_int_equal(view.snapshot->state, TARGET_UP);
	pins_clear(&pins);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transaction_keeps_its_first_moment),
		cmocka_unit_test(other_transactions_and_sessions_are_told_apart),
		cmocka_unit_test(ring_holds_the_newest),
		cmocka_unit_test(old_pin_is_not_believed),
		cmocka_unit_test(next_transaction_lets_old_snapshots_go),
		cmocka_unit_test(expire_lets_go_of_what_is_too_old_only),
		cmocka_unit_test(pinned_snapshot_outlives_its_store),
	};

	return cmocka_run_group_tests_name("pins", tests, NULL, NULL);
}
