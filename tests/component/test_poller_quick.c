/* SPDX-License-Identifier: BSD-2-Clause */
/* Quick cycles between the full ones: what they read and carry on, and what becomes of
 * them when something goes wrong. */
#include "support/check.h"

#include <string.h>

#include "client/poller.h"
#include "support/poller_bench.h"

enum { LIST_AND_SYSTEM = 2, OTHER_STATUS = 0x9514, INTERVAL_S = 15 };

/* --- what is read and carried ------------------------------------------------------- */

static void
assert_same_text(const struct ntp_raw *a, const struct ntp_raw *b)
{
	assert_int_equal(ntp_raw_count(a), ntp_raw_count(b));
	for (size_t i = 0; i < ntp_raw_count(a); i++) {
		struct ntp_raw_item left = ntp_raw_at(a, i), right = ntp_raw_at(b, i);

		assert_int_equal(
		    ntp_raw_compare(left.name, left.name_len, right.name, right.name_len),
		    0);
	}
}

static void
only_the_hinted_association_is_read(void **state)
{
	struct poller_bench *b = bench_start_steady(30, 1);
	struct snapshot *before = snapshot_ref(b->snapshot);

	(void)state;
	b->d.assocs[7].reach = 5;
	b->d.assocs[8].reach = 5;
	assert_int_equal(bench_hinted_cycle(b, 107), LIST_AND_SYSTEM + 1);
	assert_int_equal(b->snapshot->n_peers, 30);
	assert_int_equal(bench_peer(b, 107)->reach, 5);
	assert_int_equal(bench_peer(b, 108)->reach, 3);
	for (size_t i = 0; i < 30; i++) {
		const struct ntp_peer *was = &before->peers[i];
		const struct ntp_peer *is = &b->snapshot->peers[i];

		if (is->id != 107)
			assert_memory_equal(was, is, sizeof(*was));
		assert_memory_equal(&was->seen, &is->seen, sizeof(was->seen));
		assert_int_equal(was->groups, is->groups);
		assert_same_text(was->raw, is->raw);
	}
	assert_memory_equal(&before->system->seen, &b->snapshot->system->seen,
	    sizeof(before->system->seen));
	assert_int_equal(before->system->groups, b->snapshot->system->groups);
	assert_same_text(before->system->raw, b->snapshot->system->raw);
	snapshot_unref(before);
	bench_stop(b);
}

static void
snapshot_tells_when_everything_was_read(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);
	int64_t full_ns = b->snapshot->taken_ns;

	(void)state;
	assert_true(b->snapshot->read_ns == full_ns);
	bench_run_s(b, 5);
	int64_t now_ns = b->d.now_ns, wall_ns = b->d.wall_ns;
	bench_hinted_cycle(b, 0);
	assert_true(b->snapshot->taken_ns == now_ns);
	assert_true(b->snapshot->taken_wall_ns == wall_ns);
	assert_true(b->snapshot->read_ns == full_ns);
	bench_good_cycle(b);
	assert_true(b->snapshot->read_ns == full_ns + BENCH_INTERVAL_NS);
	bench_stop(b);
}

/* One changes, one is new, one is gone; the hint is about nothing of that. */
static void
changes_in_the_list_are_followed(void **state)
{
	struct poller_bench *b = bench_start_steady(20, 0);

	(void)state;
	b->d.assocs[3].status = OTHER_STATUS;
	b->d.assocs[3].reach = 7;
	b->d.assocs[4].id = 900;
	assert_int_equal(bench_hinted_cycle(b, 0), LIST_AND_SYSTEM + 2);
	assert_int_equal(b->snapshot->n_peers, 20);
	assert_int_equal(bench_peer(b, 103)->selection, 5);
	assert_int_equal(bench_peer(b, 103)->reach, 7);
	assert_true(ntp_peer_has(bench_peer(b, 103), NTP_PEER_XLEAVE));
	assert_true(ntp_peer_has(bench_peer(b, 900), NTP_PEER_OFFSET));
	assert_false(ntp_peer_has(bench_peer(b, 900), NTP_PEER_XLEAVE));
	assert_null(snapshot_peer(b->snapshot, 104));
	bench_good_cycle(b);
	assert_true(ntp_peer_has(bench_peer(b, 900), NTP_PEER_XLEAVE));
	bench_stop(b);
}

/* Another server under a number that was used before. */
static void
other_life_under_the_same_number_is_read_anew(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);

	(void)state;
	b->d.assocs[1].status = 0x8011;
	b->d.assocs[1].is_six = true;
	bench_hinted_cycle(b, 0);
	assert_true(ntp_peer_has(bench_peer(b, 101), NTP_PEER_OFFSET));
	assert_false(ntp_peer_has(bench_peer(b, 101), NTP_PEER_XLEAVE));
	bench_stop(b);
}

/* Whatever changes, a quick cycle is short; what it has no room for it shows with the
 * fresh word. */
static void
quick_cycle_is_bounded(void **state)
{
	struct poller_bench *b = bench_start_steady(1000, 0);
	size_t n_read = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		b->d.assocs[i].status = OTHER_STATUS;
		b->d.assocs[i].reach = 7;
	}
	for (uint16_t id = 1000; id < 1100; id++)
		poller_hint(b->poller, id);
	assert_int_equal(bench_quick_cycle(b), LIST_AND_SYSTEM + POLLER_QUICK_MAX);
	for (size_t i = 0; i < 1000; i++) {
		const struct ntp_peer *p = &b->snapshot->peers[i];

		assert_int_equal(p->status, OTHER_STATUS);
		assert_int_equal(p->selection, 5);
		assert_true(ntp_peer_has(p, NTP_PEER_XLEAVE));
		n_read += p->reach == 7;
	}
	assert_int_equal(n_read, POLLER_QUICK_MAX);
	for (uint16_t id = 1000; id < 1000 + POLLER_HINTS_MAX; id++)
		assert_int_equal(bench_peer(b, id)->reach, 7);
	/* Again and again. */
	for (unsigned k = 0; k < 6; k++) {
		for (size_t i = 0; i < 1000; i++)
			b->d.assocs[i].status ^= 0x10;
		assert_in_range(bench_hinted_cycle(b, 0), LIST_AND_SYSTEM + 1,
		    LIST_AND_SYSTEM + POLLER_QUICK_MAX);
	}
	bench_stop(b);
}

/* Of too many that changed lately, the ones that did so last are looked at. */
static void
last_changes_are_followed(void **state)
{
	struct poller_bench *b = bench_start_steady(POLLER_FOCUS_MAX + 10, 0);

	(void)state;
	for (size_t i = 0; i < POLLER_FOCUS_MAX; i++)
		b->d.assocs[i].status ^= 0x10;
	bench_hinted_cycle(b, 0);
	for (size_t i = POLLER_FOCUS_MAX; i < POLLER_FOCUS_MAX + 3; i++) {
		b->d.assocs[i].status ^= 0x10;
		bench_hinted_cycle(b, 0);
	}
	for (size_t i = 0; i < POLLER_FOCUS_MAX + 10; i++)
		b->d.assocs[i].reach = 7;
	bench_hinted_cycle(b, 0);
	for (size_t i = 0; i < POLLER_FOCUS_MAX + 10; i++)
		assert_int_equal(bench_peer(b, b->d.assocs[i].id)->reach == 7,
		    i >= 3 && i < POLLER_FOCUS_MAX + 3);
	bench_stop(b);
}

/* Counts requests that ask for something of a slow group. */
static bool
count_slow(struct fake_daemon *d, const struct m6_packet *request)
{
	unsigned *n = d->script;

	*n += fake_asks_for(request, "kmaxerr") || fake_asks_for(request, "xleave");
	return false;
}

static void
slow_groups_wait_for_their_turn(void **state)
{
	struct poller_bench *b = bench_start_steady(POLLER_SLOW_CYCLES, 0);
	unsigned n = 0;

	(void)state;
	for (int i = 0; i < POLLER_SLOW_CYCLES; i++) {
		b->d.answer = count_slow;
		b->d.script = &n;
		bench_hinted_cycle(b, (uint16_t)(100 + i));
		b->d.answer = NULL;
		bench_good_cycle(b);
	}
	assert_int_equal(n, 0);
	bench_stop(b);
}

static void
wanted_text_stays(void **state)
{
	struct poller_bench *b = bench_start_steady(2, 1);
	struct ntp_raw_item item;

	(void)state;
	poller_want(b->poller, 0, "bogus", 5);
	poller_want(b->poller, 100, "other", 5);
	poller_want(b->poller, 100, "clock.third", 11);
	bench_good_cycle(b);
	b->d.assocs[0].status = OTHER_STATUS;
	/* The association, and its clock. */
	assert_int_equal(bench_hinted_cycle(b, 0), LIST_AND_SYSTEM + 2);
	assert_true(ntp_raw_find(b->snapshot->system->raw, "bogus", 5, &item));
	assert_true(ntp_raw_find(bench_peer(b, 100)->raw, "other", 5, &item));
	assert_true(ntp_raw_find(bench_peer(b, 100)->raw, "clock.third", 11, &item));
	assert_true(ntp_raw_find(bench_peer(b, 100)->raw, "clock.device", 12, &item));
	bench_stop(b);
}

/* What goes wrong with one association takes nothing away. */
static void
silent_association_keeps_its_values(void **state)
{
	struct poller_bench *b = bench_start_slow(3, 1);

	(void)state;
	b->d.assocs[0].is_mute = true;
	b->d.assocs[1].is_gone = true;
	poller_hint(b->poller, 100);
	poller_hint(b->poller, 101);
	bench_quick_cycle(b);
	assert_true(ntp_peer_has(bench_peer(b, 100), NTP_PEER_OFFSET));
	assert_true(ntp_clock_has(&bench_peer(b, 100)->clock, NTP_CLOCK_DEVICE));
	assert_null(snapshot_peer(b->snapshot, 101));
	bench_stop(b);
}

static bool
refuse_peers(struct fake_daemon *d, const struct m6_packet *request)
{
	if (request->head.op != M6_OP_READVAR || request->head.assoc == 0)
		return false;
	fake_send_error(d, request, M6_ERROR_UNKNOWNVAR);
	return true;
}

/* Finding out names is for full cycles. */
static void
names_are_not_learned(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);

	(void)state;
	b->d.answer = refuse_peers;
	assert_int_equal(bench_hinted_cycle(b, 101), LIST_AND_SYSTEM + 1);
	assert_true(ntp_peer_has(bench_peer(b, 101), NTP_PEER_OFFSET));
	b->d.answer = NULL;
	bench_run_s(b, 1);
	b->d.assocs[1].reach = 7;
	assert_int_equal(bench_hinted_cycle(b, 101), LIST_AND_SYSTEM + 1);
	assert_int_equal(bench_peer(b, 101)->reach, 7);
	bench_stop(b);
}

static void
names_are_not_learned_anew_before_the_full_cycle(void **state)
{
	struct poller_bench *b = bench_start(3, 0);

	(void)state;
	b->d.unknown[b->d.n_unknown++] = "flash";
	for (int i = 0; i < POLLER_RELEARN_CYCLES; i++)
		bench_good_cycle(b);
	size_t refused = b->d.n_refused_names;
	bench_hinted_cycle(b, 101);
	assert_int_equal(b->d.n_refused_names, refused);
	bench_good_cycle(b);
	assert_true(b->d.n_refused_names > refused);
	bench_stop(b);
}

/* Without what it needs, a quick cycle is a full one. */
static void
first_association_makes_it_a_full_cycle(void **state)
{
	struct poller_bench *b = bench_start_steady(0, 0);

	(void)state;
	fake_set_assocs(&b->d, 1, 0);
	poller_hint(b->poller, 100);
	bench_run_s(b, 1);
	assert_int_equal(b->quick_cycles, 0);
	assert_int_equal(b->cycles, 3);
	assert_true(ntp_peer_has(bench_peer(b, 100), NTP_PEER_XLEAVE));
	bench_stop(b);
}

/* --- when the daemon does not answer as it should ----------------------------------- */

static void
nothing_quick_while_the_daemon_limits_our_rate(void **state)
{
	struct poller_bench *b = bench_start_steady(30, 0);
	struct m6_client_stats stats;

	(void)state;
	b->d.is_limited = true;
	bench_cycle(b);
	m6_client_stats(b->d.client, &stats);
	assert_true(stats.is_rate_limited);
	b->d.assocs[0].status = OTHER_STATUS;
	poller_hint(b->poller, 0);
	for (unsigned i = 0; i < 5; i++) {
		bench_cycle(b);
		poller_hint(b->poller, 0);
	}
	assert_int_equal(b->quick_cycles, 0);
	assert_true(poller_deadline(b->poller) > b->d.now_ns);
	bench_stop(b);
}

static void
failed_quick_cycle_changes_nothing(void **state)
{
	struct poller_bench *b = bench_start_slow(5, 0);
	int64_t due_ns = poller_deadline(b->poller);
	const struct snapshot *before = b->snapshot;

	(void)state;
	bench_run_s(b, 5);
	b->d.is_silent = true;
	poller_hint(b->poller, 101);
	bench_run_s(b, 30);
	assert_true(b->d.n_by_op[M6_OP_READSTAT] > 1);
	assert_int_equal(b->failures, 0);
	assert_int_equal(b->quick_cycles, 0);
	assert_ptr_equal(b->snapshot, before);
	assert_true(poller_deadline(b->poller) == due_ns);
	b->d.is_silent = false;
	bench_good_cycle(b);
	assert_true(b->snapshot->taken_ns == due_ns);
	/* It was not learned anew. */
	assert_int_equal(bench_hinted_cycle(b, 101), LIST_AND_SYSTEM + 1);
	bench_stop(b);
}

/* A daemon of which nothing is known is asked in more than one list. */
static bool
lose_counters(struct fake_daemon *d, const struct m6_packet *request)
{
	(void)d;
	return request->head.op == M6_OP_READVAR && request->head.assoc == 0 &&
	    !fake_asks_for(request, "leap");
}

static void
quick_cycle_is_whole_or_fails(void **state)
{
	struct poller_bench *b = bench_start(2, 0);

	(void)state;
	b->d.version = "who knows";
	bench_set_interval(b, 60 * NS_PER_S);
	bench_good_cycle(b);
	b->d.answer = lose_counters;
	poller_hint(b->poller, 0);
	bench_run_s(b, 50);
	assert_int_equal(b->quick_cycles + b->failures, 0);
	b->d.answer = NULL;
	assert_true(bench_hinted_cycle(b, 0) > LIST_AND_SYSTEM);
	bench_stop(b);
}

static void
failed_alert_cycles_become_rarer(void **state)
{
	struct poller_bench *b = bench_start_slow(5, 0);
	size_t n;

	(void)state;
	b->d.assocs[0].status = OTHER_STATUS;
	bench_good_cycle(b);
	n = b->d.n_by_op[M6_OP_READSTAT];
	b->d.n_unknown = 1;
	b->d.unknown[0] = "leap";
	bench_run_s(b, 59);
	/* At 15 s, and 30 s later. */
	assert_int_equal(b->d.n_by_op[M6_OP_READSTAT] - n, 2);
	assert_int_equal(b->quick_cycles + b->failures, 0);
	bench_stop(b);
}

/* The full cycle comes on its beat though a quick one still waits for an answer. */
static void
full_cycle_does_not_wait_for_a_quick_one(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);
	int64_t due_ns = poller_deadline(b->poller);

	(void)state;
	fake_run(&b->d, due_ns - NS_PER_S - b->d.now_ns);
	b->d.is_silent = true;
	poller_hint(b->poller, 0);
	fake_run(&b->d, NS_PER_S - NS_PER_MS);
	assert_true(poller_deadline(b->poller) == due_ns);
	b->d.is_silent = false;
	bench_good_cycle(b);
	assert_true(b->snapshot->taken_ns == due_ns);
	bench_stop(b);
}

static void
nothing_quick_after_a_failed_full_cycle(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);

	(void)state;
	b->d.is_silent = true;
	bench_cycle(b);
	assert_int_equal(b->failures, 1);
	size_t n = b->d.n_requests;
	poller_hint(b->poller, 0);
	fake_run(&b->d, poller_deadline(b->poller) - b->d.now_ns - NS_PER_MS);
	assert_int_equal(b->d.n_requests, n);
	b->d.is_silent = false;
	bench_good_cycle(b);
	bench_hinted_cycle(b, 0);
	bench_stop(b);
}

static void
closed_port_is_proof(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);
	int64_t due_ns = poller_deadline(b->poller);

	(void)state;
	b->d.is_refused = true;
	poller_hint(b->poller, 0);
	bench_run_s(b, 1);
	assert_int_equal(b->failures, 1);
	assert_int_equal(b->last.state, TARGET_REFUSED);
	assert_false(b->last.is_quick);
	assert_true(poller_deadline(b->poller) == due_ns);
	bench_stop(b);
}

static void
restart_makes_it_a_full_cycle(void **state)
{
	struct poller_bench *b = bench_start_steady(5, 0);

	(void)state;
	bench_run_s(b, 5);
	fake_restart(&b->d);
	b->d.assocs[2].id = 700;
	poller_hint(b->poller, 0);
	bench_good_cycle(b);
	assert_int_equal(b->restarts, 1);
	assert_int_equal(b->quick_cycles, 0);
	assert_true(ntp_peer_has(bench_peer(b, 700), NTP_PEER_XLEAVE));
	assert_true(b->snapshot->read_ns == b->snapshot->taken_ns);
	/* Much will change now. */
	bench_quick_cycle(b);
	bench_stop(b);
}

static void
forgotten_daemon_leaves_no_hints(void **state)
{
	struct poller_bench *b = bench_start_steady(5, 0);

	(void)state;
	b->d.assocs[2].status = OTHER_STATUS;
	bench_good_cycle(b);
	poller_hint(b->poller, 101);
	poller_forget(b->poller);
	bench_good_cycle(b);
	bench_run_s(b, 3 * INTERVAL_S);
	assert_int_equal(b->quick_cycles, 0);
	bench_stop(b);
}

/* With the n-th allocation failing, for every n: nothing leaks, nothing is published. */
static void
memory_may_run_out(void **state)
{
	struct poller_bench *b = bench_start_steady(8, 1);

	(void)state;
	for (long n = 0; n < 40; n++) {
		b->d.assocs[0].status ^= 0x600;
		poller_hint(b->poller, 103);
		bench_memory.until_failure = n;
		bench_run_s(b, 1);
		bench_memory.until_failure = -1;
		bench_good_cycle(b);
	}
	assert_int_equal(b->failures, 0);
	bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_hinted_association_is_read),
		cmocka_unit_test(snapshot_tells_when_everything_was_read),
		cmocka_unit_test(changes_in_the_list_are_followed),
		cmocka_unit_test(other_life_under_the_same_number_is_read_anew),
		cmocka_unit_test(quick_cycle_is_bounded),
		cmocka_unit_test(last_changes_are_followed),
		cmocka_unit_test(slow_groups_wait_for_their_turn),
		cmocka_unit_test(wanted_text_stays),
		cmocka_unit_test(silent_association_keeps_its_values),
		cmocka_unit_test(names_are_not_learned),
		cmocka_unit_test(names_are_not_learned_anew_before_the_full_cycle),
		cmocka_unit_test(first_association_makes_it_a_full_cycle),
		cmocka_unit_test(nothing_quick_while_the_daemon_limits_our_rate),
		cmocka_unit_test(failed_quick_cycle_changes_nothing),
		cmocka_unit_test(quick_cycle_is_whole_or_fails),
		cmocka_unit_test(failed_alert_cycles_become_rarer),
		cmocka_unit_test(full_cycle_does_not_wait_for_a_quick_one),
		cmocka_unit_test(nothing_quick_after_a_failed_full_cycle),
		cmocka_unit_test(closed_port_is_proof),
		cmocka_unit_test(restart_makes_it_a_full_cycle),
		cmocka_unit_test(forgotten_daemon_leaves_no_hints),
		cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
