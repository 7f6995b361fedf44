/* SPDX-License-Identifier: BSD-2-Clause */
/* The set of targets of ntp-agentxd as configurations come and go: who stays is not
 * disturbed, and what is counted of all of them is right. One fake daemon is all of them.
 */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "client/link_impl.h"
#include "client/phase.h"
#include "client/poller_impl.h"
#include "daemon/targets_impl.h"
#include "snmp/persist.h"
#include "snmp/pins.h"
#include "support/link_bench.h"

enum { TARGETS = 40, REFUSED_PORT = 1 };

struct crowd {
	struct link_bench *b;
	struct targets *ts;
	struct target wanted[TARGETS];
	size_t n_wanted;
};

static void
want(struct crowd *c, const char *name)
{
	struct target *t = &c->wanted[c->n_wanted++];

	*t = link_bench_target(c->b, "127.0.0.1");
	t->interval_s = 1;
	snprintf(t->name, sizeof(t->name), "%s", name);
	snprintf(t->context, sizeof(t->context), "%s", name);
}

static void
apply(struct crowd *c)
{
	assert_int_equal(
	    targets_apply(c->ts, c->wanted, c->n_wanted, clock_monotonic_ns()), 0);
	assert_int_equal(targets_count(c->ts), c->n_wanted);
}

static void
want_many(struct crowd *c)
{
	char name[TARGET_NAME_MAX + 1];

	for (size_t i = 0; i < TARGETS; i++) {
		snprintf(name, sizeof(name), "t%zu", i);
		want(c, name);
	}
}

static void
on_turn(uv_timer_t *timer)
{
	(void)timer;
}

/* Turns of the loop until so many targets are up and none is unknown. */
static void
run_until_up(struct crowd *c, size_t n_up)
{
	int64_t until_ns = clock_monotonic_ns() + 10 * NS_PER_S;
	uv_timer_t timer;

	uv_timer_init(&c->b->loop, &timer);
	uv_timer_start(&timer, on_turn, 10, 10);
	while (targets_up(c->ts) != n_up || !targets_all_known(c->ts)) {
		assert_true(clock_monotonic_ns() < until_ns);
		uv_run(&c->b->loop, UV_RUN_ONCE);
		(void)targets_beat(c->ts, clock_monotonic_ns());
	}
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&c->b->loop, UV_RUN_NOWAIT);
}

static void
setup(struct crowd *c)
{
	memset(c, 0, sizeof(*c));
	c->b = link_bench_start();
	c->ts = targets_new(&c->b->loop, &c->b->log);
	assert_non_null(c->ts);
	want_many(c);
	apply(c);
}

static void
teardown(struct crowd *c)
{
	targets_free(c->ts);
	link_bench_stop(c->b);
	persist_free();
}

/* --- who stays ---------------------------------------------------------------------- */

/* All that a target would lose if it were started anew. */
struct mark {
	struct member *member;
	struct link *link;
	struct transport *socket;
	struct snapshot *snapshot;
	struct mib_control *control;
	struct ntp_notices *notices;
	size_t place;
	int64_t due_ns, started_ns;
	uint64_t cycle;
	bool has_kinds;
};

static struct mark
mark_of(const struct crowd *c, const char *name)
{
	struct member *m = targets_find(c->ts, name);
	const struct poller *p;

	assert_non_null(m);
	assert_string_equal(link_target(m->link)->name, name);
	p = m->link->poller;
	return (struct mark){ m, m->link, m->link->transport, link_snapshot(m->link),
		m->agent.control, m->watched.notices, m->place, p->due_ns, m->started_ns,
		p->cycle, p->has_kinds };
}

static void
mark_all(const struct crowd *c, struct mark *out)
{
	for (size_t i = 0; i < c->n_wanted; i++)
		out[i] = mark_of(c, c->wanted[i].name);
}

static void
assert_same(const struct mark *a, const struct mark *b)
{
	assert_ptr_equal(a->member, b->member);
	assert_ptr_equal(a->link, b->link);
	assert_ptr_equal(a->socket, b->socket);
	assert_ptr_equal(a->snapshot, b->snapshot);
	assert_ptr_equal(a->control, b->control);
	assert_ptr_equal(a->notices, b->notices);
	assert_int_equal(a->place, b->place);
	assert_int_equal(a->due_ns, b->due_ns);
	assert_int_equal(a->started_ns, b->started_ns);
	assert_int_equal(a->cycle, b->cycle);
	assert_true(a->has_kinds && b->has_kinds);
}

/* One goes, one changes, two come, and the order is another one. */
static void
change(struct crowd *c)
{
	struct target last = c->wanted[c->n_wanted - 1];

	for (size_t i = c->n_wanted - 1; i > 0; i--)
		c->wanted[i] = c->wanted[i - 1];
	c->wanted[0] = last;
	c->n_wanted -= 2;
	c->wanted[7].stale_after++;
	want(c, "new");
	want(c, "newer");
}

static void
targets_that_did_not_change_are_not_disturbed(void **state)
{
	struct mark before[TARGETS], after;
	const size_t *n_requests;
	struct crowd c;
	size_t n_before;

	(void)state;
	setup(&c);
	n_requests = &c.b->server.d.n_requests;
	run_until_up(&c, TARGETS);
	change(&c);
	/* The one that changed last time does not now. */
	apply(&c);
	run_until_up(&c, TARGETS);
	mark_all(&c, before);
	n_before = *n_requests;
	targets_allow_writes(c.ts, NULL);
	targets_allow_push(c.ts, NULL);
	apply(&c);
	assert_int_equal(*n_requests, n_before);
	for (size_t i = 0; i < TARGETS; i++) {
		after = mark_of(&c, c.wanted[i].name);
		assert_same(&before[i], &after);
	}
	teardown(&c);
}

static void
only_what_changed_is_started_anew(void **state)
{
	struct mark before[TARGETS], after;
	struct crowd c;
	size_t n_same = 0, n_new = 0;
	char *places[TARGETS] = { NULL };

	(void)state;
	setup(&c);
	run_until_up(&c, TARGETS);
	mark_all(&c, before);
	change(&c);
	apply(&c);
	/* Before anybody has asked anything. */
	for (size_t i = 0; i < TARGETS; i++) {
		const struct target *t = &c.wanted[i];
		const struct member *m = targets_find(c.ts, t->name);

		assert_true(m->place < TARGETS);
		assert_null(places[m->place]);
		places[m->place] = c.wanted[i].name;
		if (i == 7 || i >= TARGETS - 2) {
			assert_int_equal(link_snapshot(m->link)->state, TARGET_UNKNOWN);
			n_new++;
			continue;
		}
		after = mark_of(&c, t->name);
		for (size_t k = 0; k < TARGETS; k++)
			if (before[k].member == after.member) {
				assert_same(&before[k], &after);
				n_same++;
			}
	}
	assert_int_equal(n_same, TARGETS - 3);
	assert_int_equal(n_new, 3);
	assert_int_equal(targets_up(c.ts), TARGETS - 3);
	assert_false(targets_all_known(c.ts));
	assert_null(targets_find(c.ts, "t37"));
	assert_null(targets_find(c.ts, ""));
	run_until_up(&c, TARGETS);
	teardown(&c);
}

/* --- phases ------------------------------------------------------------------------- */

static void
each_target_has_its_phase(void **state)
{
	struct crowd c;

	(void)state;
	setup(&c);
	for (size_t i = 0; i < TARGETS; i++) {
		const struct member *m = targets_find(c.ts, c.wanted[i].name);
		const struct poller *p = m->link->poller;

		assert_int_equal(m->place, i);
		assert_true(p->has_phase);
		assert_int_equal(p->phase_ns, phase_of(i, NS_PER_S));
		assert_int_equal(p->due_ns -
			targets_find(c.ts, "t0")->link->poller->due_ns,
		    (int64_t)i * NS_PER_MS);
	}
	teardown(&c);
}

static void
one_target_is_asked_at_once(void **state)
{
	struct crowd c;
	int64_t now_ns;

	(void)state;
	setup(&c);
	c.n_wanted = 0;
	apply(&c);
	want(&c, "alone");
	now_ns = clock_monotonic_ns();
	assert_int_equal(targets_apply(c.ts, c.wanted, 1, now_ns), 0);
	assert_true(poller_deadline(targets_find(c.ts, "alone")->link->poller) <= now_ns);
	assert_int_equal(targets_find(c.ts, "alone")->place, 0);
	teardown(&c);
}

/* --- counts ------------------------------------------------------------------------- */

static size_t
count(const struct crowd *c, enum target_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < targets_count(c->ts); i++) {
		struct mib_view view;

		targets_view(c->ts, i, &view);
		n += view.snapshot->state == state;
	}
	return n;
}

static void
assert_counted(const struct crowd *c)
{
	for (size_t s = 0; s < TARGET_STATES; s++)
		assert_int_equal(c->ts->n_in_state[s], count(c, (enum target_state)s));
}

static void
targets_are_counted_by_state(void **state)
{
	struct crowd c;

	(void)state;
	setup(&c);
	assert_counted(&c);
	for (size_t i = 0; i < 10; i++)
		c.wanted[i].port = REFUSED_PORT;
	run_until_up(&c, TARGETS);
	assert_counted(&c);
	apply(&c);
	assert_counted(&c);
	run_until_up(&c, TARGETS - 10);
	assert_int_equal(c.ts->n_in_state[TARGET_REFUSED], 10);
	assert_counted(&c);
	link_bench_unserve(c.b);
	run_until_up(&c, 0);
	assert_int_equal(c.ts->n_in_state[TARGET_REFUSED], TARGETS);
	assert_counted(&c);
	c.n_wanted = 5;
	apply(&c);
	assert_counted(&c);
	teardown(&c);
}

/* --- the moment of all -------------------------------------------------------------- */

static void
parts_come_in_the_order_of_snmp(void **state)
{
	struct mib_view view;
	struct crowd c;

	(void)state;
	setup(&c);
	targets_whole(c.ts, &view);
	assert_int_equal(fleet_count(view.fleet, FLEET_TARGETS), TARGETS);
	for (size_t i = 1; i < TARGETS; i++) {
		const char *a = link_target(c.ts->by_name[i - 1]->link)->name;
		const char *b = link_target(c.ts->by_name[i]->link)->name;
		size_t nth;

		assert_true(ntp_raw_compare(a, strlen(a), b, strlen(b)) < 0);
		assert_string_equal(
		    fleet_at(view.fleet, FLEET_TARGETS, i, &nth)->about.name, b);
	}
	teardown(&c);
}

/* Nobody asks any more: the last moment is not kept for long, since it has a snapshot of
 * its own of each target that changed. */
static void
an_old_moment_is_let_go(void **state)
{
	struct mib_view view;
	struct crowd c;

	(void)state;
	setup(&c);
	targets_whole(c.ts, &view);
	assert_non_null(view.snapshot);
	whole_changed(c.ts->members[0]);
	assert_non_null(c.ts->whole.fleet);
	c.ts->whole.made_ns -= PINS_AGE_MAX_NS + 1;
	whole_changed(c.ts->members[0]);
	assert_null(c.ts->whole.fleet);
	targets_whole(c.ts, &view);
	assert_int_equal(fleet_count(view.fleet, FLEET_TARGETS), TARGETS);
	teardown(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_that_did_not_change_are_not_disturbed),
		cmocka_unit_test(only_what_changed_is_started_anew),
		cmocka_unit_test(each_target_has_its_phase),
		cmocka_unit_test(one_target_is_asked_at_once),
		cmocka_unit_test(targets_are_counted_by_state),
		cmocka_unit_test(parts_come_in_the_order_of_snmp),
		cmocka_unit_test(an_old_moment_is_let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
