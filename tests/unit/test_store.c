/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a picture is served, and who is told. */
#include "support/check.h"

#include "base/clock.h"
#include "client/store.h"

#define STALE_NS (45 * NS_PER_S)

struct watcher {
	struct store *store;
	unsigned calls;
	enum target_state before, after;
	bool publishes_again;
};

static void
on_change(void *ctx, const struct snapshot *before, const struct snapshot *after)
{
	struct watcher *w = ctx;

	w->calls++;
	w->before = before->state;
	w->after = after->state;
	if (w->publishes_again) {
		w->publishes_again = false;
		store_publish(w->store, snapshot_new(TARGET_UP, 2), 7);
		/* Both pictures outlive what happened in between. */
		assert_int_equal(before->state, TARGET_UNKNOWN);
		assert_int_equal(after->n_peers, 1);
	}
}

static struct store *
make(struct watcher *w)
{
	*w = (struct watcher){ 0 };
	w->store = store_new(STALE_NS, on_change, w);
	assert_non_null(w->store);
	return w->store;
}

static void
new_store_is_empty_and_unknown(void **state)
{
	struct watcher w;
	struct store *s = make(&w);

	(void)state;
	assert_int_equal(store_current(s)->state, TARGET_UNKNOWN);
	assert_int_equal(store_current(s)->n_peers, 0);
	assert_true(store_deadline(s) == CLOCK_NEVER);
	store_tick(s, INT64_MAX - 1, 0);
	assert_int_equal(w.calls, 0);
	store_free(s);
	store_free(NULL);
}

static void
published_snapshot_is_current_and_announced(void **state)
{
	struct watcher w;
	struct store *s = make(&w);
	struct snapshot *fresh = snapshot_new(TARGET_UP, 3);

	(void)state;
	store_publish(s, fresh, 100);
	assert_ptr_equal(store_current(s), fresh);
	assert_int_equal(w.calls, 1);
	assert_int_equal(w.before, TARGET_UNKNOWN);
	assert_int_equal(w.after, TARGET_UP);
	assert_true(store_deadline(s) == 100 + STALE_NS);
	store_free(s);
}

static void
values_go_when_stale_and_not_before(void **state)
{
	struct watcher w;
	struct store *s = make(&w);

	(void)state;
	store_publish(s, snapshot_new(TARGET_UP, 3), 100);
	store_tick(s, 100 + STALE_NS - 1, 1);
	assert_int_equal(store_current(s)->state, TARGET_UP);
	store_tick(s, 100 + STALE_NS, 5);
	assert_int_equal(store_current(s)->state, TARGET_SILENT);
	assert_int_equal(store_current(s)->n_peers, 0);
	assert_int_equal(store_current(s)->taken_wall_ns, 5);
	assert_int_equal(w.calls, 2);
	assert_true(store_deadline(s) == CLOCK_NEVER);
	store_free(s);
}

/* What a failure does to values that are not stale yet, and what shows after that. */
static void
failures_let_values_stand_except_refusal(void **state)
{
	static const struct {
		enum target_state failure;
		enum target_state at_once, when_stale;
	} rows[] = {
		{ TARGET_REFUSED, TARGET_REFUSED, TARGET_REFUSED },
		{ TARGET_SILENT, TARGET_UP, TARGET_SILENT },
		{ TARGET_BADANSWERS, TARGET_UP, TARGET_BADANSWERS },
		{ TARGET_DENIED, TARGET_UP, TARGET_DENIED },
		{ TARGET_UNRESOLVED, TARGET_UP, TARGET_UNRESOLVED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct watcher w;
		struct store *s = make(&w);

		store_publish(s, snapshot_new(TARGET_UP, 1), 0);
		assert_int_equal(store_fail(s, rows[i].failure, 10, 0), 0);
		assert_int_equal(store_current(s)->state, rows[i].at_once);
		store_tick(s, STALE_NS, 0);
		assert_int_equal(store_current(s)->state, rows[i].when_stale);
		store_free(s);
	}
}

static void
failure_when_stale_withdraws(void **state)
{
	struct watcher w;
	struct store *s = make(&w);

	(void)state;
	store_publish(s, snapshot_new(TARGET_UP, 1), 0);
	assert_int_equal(store_fail(s, TARGET_DENIED, STALE_NS, 0), 0);
	assert_int_equal(store_current(s)->state, TARGET_DENIED);
	store_free(s);
}

static void
failure_state_follows_the_last_failure_and_is_told_once(void **state)
{
	struct watcher w;
	struct store *s = make(&w);

	(void)state;
	store_fail(s, TARGET_SILENT, 1, 0);
	assert_int_equal(store_current(s)->state, TARGET_SILENT);
	store_fail(s, TARGET_SILENT, 2, 0);
	assert_int_equal(w.calls, 1);
	store_fail(s, TARGET_REFUSED, 3, 0);
	assert_int_equal(store_current(s)->state, TARGET_REFUSED);
	assert_int_equal(w.calls, 2);
	store_publish(s, snapshot_new(TARGET_UP, 1), 4);
	assert_int_equal(store_current(s)->state, TARGET_UP);
	/* A new picture wipes the failure from before. */
	store_tick(s, 4 + STALE_NS, 0);
	assert_int_equal(store_current(s)->state, TARGET_SILENT);
	store_free(s);
}

static void
new_age_limit_holds_at_once(void **state)
{
	struct watcher w;
	struct store *s = make(&w);

	(void)state;
	store_publish(s, snapshot_new(TARGET_UP, 1), 0);
	store_set_stale_after(s, 10);
	assert_true(store_deadline(s) == 10);
	store_tick(s, 10, 0);
	assert_int_equal(store_current(s)->state, TARGET_SILENT);
	store_free(s);
}

static void
reference_outlives_the_replacement(void **state)
{
	struct watcher w;
	struct store *s = make(&w);
	struct snapshot *kept;

	(void)state;
	store_publish(s, snapshot_new(TARGET_UP, 4), 0);
	kept = snapshot_ref(store_current(s));
	store_fail(s, TARGET_REFUSED, 1, 0);
	store_free(s);
	assert_int_equal(kept->n_peers, 4);
	snapshot_unref(kept);
}

static void
callback_may_publish(void **state)
{
	struct watcher w;
	struct store *s = make(&w);

	(void)state;
	w.publishes_again = true;
	store_publish(s, snapshot_new(TARGET_UP, 1), 0);
	assert_int_equal(w.calls, 2);
	assert_int_equal(store_current(s)->n_peers, 2);
	store_free(s);
}

static void
nobody_needs_to_be_told(void **state)
{
	struct store *s = store_new(STALE_NS, NULL, NULL);

	(void)state;
	store_publish(s, snapshot_new(TARGET_UP, 0), 0);
	assert_int_equal(store_current(s)->state, TARGET_UP);
	store_free(s);
}

static void
values_stand_while_the_daemon_answers(void **state)
{
	struct watcher w;
	struct store *s = make(&w);

	(void)state;
	store_publish(s, snapshot_new(TARGET_UP, 1), 0);
	store_keep(s, STALE_NS - 1);
	assert_true(store_deadline(s) == 2 * STALE_NS - 1);
	store_tick(s, 2 * STALE_NS - 2, 0);
	assert_int_equal(store_current(s)->state, TARGET_UP);
	store_tick(s, 2 * STALE_NS - 1, 0);
	assert_int_equal(store_current(s)->state, TARGET_SILENT);
	store_free(s);
}

static void
what_was_heard_before_the_values_came_changes_nothing(void **state)
{
	struct watcher w;
	struct store *s = make(&w);

	(void)state;
	store_publish(s, snapshot_new(TARGET_UP, 1), 100);
	store_keep(s, 50);
	assert_true(store_deadline(s) == 100 + STALE_NS);
	store_keep(s, 200);
	store_keep(s, 0);
	assert_true(store_deadline(s) == 100 + STALE_NS);
	store_free(s);
}

static void
answers_alone_keep_values_for_a_limited_time(void **state)
{
	struct watcher w;
	struct store *s = make(&w);
	int64_t now_ns = 0;

	(void)state;
	store_publish(s, snapshot_new(TARGET_UP, 1), 0);
	while (store_current(s)->state == TARGET_UP && now_ns < 100 * STALE_NS) {
		now_ns += STALE_NS / 5;
		store_keep(s, now_ns);
		store_tick(s, now_ns, 0);
	}
	assert_true(now_ns == STORE_KEEP_FACTOR * STALE_NS);
	assert_int_equal(store_current(s)->state, TARGET_SILENT);
	store_free(s);
}

static void
failure_ends_what_answers_gained(void **state)
{
	struct watcher w;
	struct store *s = make(&w);

	(void)state;
	store_publish(s, snapshot_new(TARGET_UP, 1), 0);
	store_keep(s, 20);
	store_fail(s, TARGET_DENIED, 30, 0);
	store_keep(s, 40);
	assert_true(store_deadline(s) == STALE_NS);
	store_publish(s, snapshot_new(TARGET_UP, 1), 50);
	store_keep(s, STALE_NS + 40);
	store_tick(s, STALE_NS + 50, 0);
	assert_int_equal(store_current(s)->state, TARGET_UP);
	store_fail(s, TARGET_BADANSWERS, STALE_NS + 60, 0);
	assert_int_equal(store_current(s)->state, TARGET_BADANSWERS);
	store_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_store_is_empty_and_unknown),
		cmocka_unit_test(published_snapshot_is_current_and_announced),
		cmocka_unit_test(values_go_when_stale_and_not_before),
		cmocka_unit_test(failures_let_values_stand_except_refusal),
		cmocka_unit_test(failure_when_stale_withdraws),
		cmocka_unit_test(failure_state_follows_the_last_failure_and_is_told_once),
		cmocka_unit_test(new_age_limit_holds_at_once),
		cmocka_unit_test(reference_outlives_the_replacement),
		cmocka_unit_test(callback_may_publish),
		cmocka_unit_test(nobody_needs_to_be_told),
		cmocka_unit_test(values_stand_while_the_daemon_answers),
		cmocka_unit_test(what_was_heard_before_the_values_came_changes_nothing),
		cmocka_unit_test(answers_alone_keep_values_for_a_limited_time),
		cmocka_unit_test(failure_ends_what_answers_gained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
