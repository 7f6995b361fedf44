/* SPDX-License-Identifier: BSD-2-Clause */
/* Cycles against the fake daemon that go well: what is asked, what comes out, and what a
 * restart changes. */
#include "support/check.h"

#include <string.h>

#include "client/poller.h"
#include "support/poller_bench.h"

static void
first_cycle_is_due_at_once_and_complete(void **state)
{
	struct poller_bench *b = bench_start(4, 1);
	int64_t begin_ns = b->d.now_ns, wall_ns = b->d.wall_ns;

	(void)state;
	assert_true(poller_deadline(b->poller) <= begin_ns);
	bench_good_cycle(b);
	const struct snapshot *s = b->snapshot;
	assert_int_equal(s->state, TARGET_UP);
	assert_true(s->taken_ns == begin_ns && s->taken_wall_ns == wall_ns);
	assert_true(s->has_peers);
	assert_int_equal(s->n_peers, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(s->peers[i].id, 100 + i);
	for (int var = 0; var < NTP_SYS_VAR_COUNT; var++)
		assert_int_equal(ntp_system_has(s->system, (enum ntp_system_var)var),
		    (ntp_system_vars.rows[var].kinds & NTP_KIND_428) != 0);
	assert_true(s->system->has_status && s->system->status == 0x0615);
	assert_int_equal(s->system->version.len, strlen(b->d.version));
	for (int var = 0; var < NTP_PEER_VAR_COUNT; var++)
		assert_int_equal(ntp_peer_has(&s->peers[2], (enum ntp_peer_var)var),
		    (ntp_peer_vars.rows[var].kinds & NTP_KIND_428) != 0);
	assert_true(s->peers[2].is_configured && s->peers[2].is_reachable);
	assert_true(ntp_clock_has(&s->peers[0].clock, NTP_CLOCK_DEVICE));
	assert_true(s->peers[0].clock.has_status);
	assert_false(ntp_seen_any(&s->peers[2].clock.seen));
	assert_true(s->totals.has_in_packets);
	bench_stop(b);
}

static void
hash_is_that_of_a_six_address(void **state)
{
	static const uint8_t hash[] = { 145, 145, 221, 252 };
	struct poller_bench *b = bench_start(3, 0);

	(void)state;
	b->d.assocs[1].is_six = true;
	bench_good_cycle(b);
	assert_false(b->snapshot->peers[0].has_address_hash);
	if (!b->snapshot->peers[1].has_address_hash)
		skip();
	assert_memory_equal(b->snapshot->peers[1].address_hash, hash, sizeof(hash));
	bench_stop(b);
}

static void
cycles_start_on_the_beat(void **state)
{
	struct poller_bench *b = bench_start(2, 0);
	int64_t begin_ns = b->d.now_ns;

	(void)state;
	bench_good_cycle(b);
	assert_true(poller_deadline(b->poller) == begin_ns + BENCH_INTERVAL_NS);
	bench_good_cycle(b);
	assert_true(b->snapshot->taken_ns == begin_ns + BENCH_INTERVAL_NS);
	fake_run(&b->d, 100 * BENCH_INTERVAL_NS);
	assert_int_equal(b->cycles, 102);
	bench_stop(b);
}

static void
slow_cycle_is_not_doubled_and_missed_beats_are_left_out(void **state)
{
	struct poller_bench *b = bench_start(3, 0);
	int64_t begin_ns = b->d.now_ns;

	(void)state;
	b->d.is_silent = true;
	fake_run(&b->d, 5 * NS_PER_S);
	assert_true(poller_deadline(b->poller) == CLOCK_NEVER);
	poller_tick(b->poller, b->d.now_ns + 100 * NS_PER_S, 0);
	assert_int_equal(b->d.n_by_op[M6_OP_READSTAT], 3);
	bench_cycle(b);
	assert_true(poller_deadline(b->poller) == begin_ns + BENCH_INTERVAL_NS);
	/* With longer waits the second one takes longer than the interval. */
	bench_cycle(b);
	assert_true(b->d.now_ns > begin_ns + 2 * BENCH_INTERVAL_NS);
	assert_true(poller_deadline(b->poller) == begin_ns + 3 * BENCH_INTERVAL_NS);
	assert_int_equal(b->failures, 2);
	bench_stop(b);
}

static void
steady_cycle_takes_at_most_four_more_than_associations(void **state)
{
	struct poller_bench *b = bench_start(50, 3);
	size_t most = 0;

	(void)state;
	bench_good_cycle(b);
	for (int i = 1; i < 60; i++) {
		size_t n = bench_good_cycle(b);

		if (i % POLLER_RARE_CYCLES != 0 && n > most)
			most = n;
	}
	assert_in_range(most, 50, 50 + 4);
	bench_stop(b);
}

/* Remembers whether any request asked for what must not be, or what came rarely. */
struct asked {
	unsigned n_filters, n_empty, n_version, n_clocks, n_authenticated;
};

static bool
note_asked(struct fake_daemon *d, const struct m6_packet *request)
{
	struct asked *a = d->script;

	for (const char *const *name =
		 (const char *const[]){ "filtdelay", "filtoffset", "filtdisp", NULL };
	     *name; name++)
		a->n_filters += fake_asks_for(request, *name);
	a->n_version += fake_asks_for(request, "version");
	a->n_empty += request->head.op != M6_OP_READSTAT && request->head.count == 0;
	a->n_clocks += request->head.op == M6_OP_READCLOCK;
	a->n_authenticated += request->trailer_len >= 4;
	return false;
}

static void
identity_and_clocks_are_read_rarely_and_carried_between(void **state)
{
	struct poller_bench *b = bench_start(5, 2);
	struct asked a = { 0 };

	(void)state;
	b->d.answer = note_asked;
	b->d.script = &a;
	for (int i = 0; i < POLLER_RARE_CYCLES; i++) {
		bench_good_cycle(b);
		assert_int_equal(a.n_version, 1);
		assert_int_equal(a.n_clocks, 2);
		assert_true(ntp_system_has(b->snapshot->system, NTP_SYS_VERSION));
		assert_true(
		    ntp_clock_has(&b->snapshot->peers[1].clock, NTP_CLOCK_DEVICE));
	}
	bench_good_cycle(b);
	assert_int_equal(a.n_version, 2);
	assert_int_equal(a.n_clocks, 4);
	assert_int_equal(a.n_filters, 5 * 3 * 2);
	assert_int_equal(a.n_empty, 0);
	assert_int_equal(a.n_authenticated, 0);
	bench_stop(b);
}

static void
new_clock_is_read_at_once(void **state)
{
	struct poller_bench *b = bench_start(3, 0);

	(void)state;
	bench_good_cycle(b);
	b->d.assocs[1].is_clock = true;
	b->d.assocs[1].id = 900;
	bench_good_cycle(b);
	assert_non_null(snapshot_peer(b->snapshot, 900));
	assert_true(
	    ntp_clock_has(&snapshot_peer(b->snapshot, 900)->clock, NTP_CLOCK_DEVICE));
	assert_null(snapshot_peer(b->snapshot, 101));
	bench_stop(b);
}

static void
unknown_names_are_learned_once_and_the_rest_is_read(void **state)
{
	static const char *const unknown[] = {
		"ss_received_r",
		"release",
		"ss_badauth_r",
		"bogusorg",
		"name",
	};

	(void)state;
	for (size_t k = 1; k <= COUNT(unknown); k++) {
		struct poller_bench *b = bench_start(30, 4);

		/* Its version does not tell what it knows. */
		b->d.version = "a daemon";
		for (size_t i = 0; i < k; i++)
			b->d.unknown[i] = unknown[i];
		b->d.n_unknown = k;
		bench_good_cycle(b);
		size_t refused = b->d.n_refused_names;
		assert_in_range(refused, 1, 9 * k);
		const struct snapshot *s = b->snapshot;
		assert_false(ntp_system_has(s->system, NTP_SYS_SS_RECEIVED_R));
		assert_true(ntp_system_has(s->system, NTP_SYS_SS_DECLINED_R));
		assert_true(ntp_system_has(s->system, NTP_SYS_STRATUM));
		for (size_t i = 0; i < 30; i++) {
			assert_true(ntp_peer_has(&s->peers[i], NTP_PEER_BADAUTH));
			assert_int_equal(ntp_peer_has(&s->peers[i], NTP_PEER_BOGUSORG),
			    k < 4);
		}
		for (size_t i = 0; i < 4; i++) {
			assert_true(ntp_clock_has(&s->peers[i].clock, NTP_CLOCK_DEVICE));
			assert_int_equal(
			    ntp_clock_has(&s->peers[i].clock, NTP_CLOCK_NAME), k < 5);
		}
		for (int i = 0; i < 25; i++)
			bench_good_cycle(b);
		assert_int_equal(b->d.n_refused_names, refused);
		bench_stop(b);
	}
}

/* The daemon was exchanged for one that knows less, and nothing else tells. */
static void
name_that_becomes_unknown_is_learned_again(void **state)
{
	struct poller_bench *b = bench_start(100, 0);

	(void)state;
	bench_good_cycle(b);
	b->d.unknown[b->d.n_unknown++] = "flash";
	b->d.unknown[b->d.n_unknown++] = "clk_wander";
	bench_good_cycle(b);
	for (size_t i = 0; i < 100; i++) {
		assert_false(ntp_peer_has(&b->snapshot->peers[i], NTP_PEER_FLASH));
		assert_true(ntp_peer_has(&b->snapshot->peers[i], NTP_PEER_SENT));
	}
	assert_false(ntp_system_has(b->snapshot->system, NTP_SYS_CLK_WANDER));
	size_t refused = b->d.n_refused_names;
	bench_good_cycle(b);
	assert_int_equal(b->d.n_refused_names, refused);
	bench_stop(b);
}

/* One association refuses the names all others know: it must not cost a cycle, nor go
 * round in circles. */
static bool
refuse_one(struct fake_daemon *d, const struct m6_packet *request)
{
	if (request->head.op != M6_OP_READVAR || request->head.assoc != 105)
		return false;
	fake_send_error(d, request, M6_ERROR_UNKNOWNVAR);
	return true;
}

static void
association_that_refuses_every_list_is_left_with_its_status(void **state)
{
	struct poller_bench *b = bench_start(10, 0);

	(void)state;
	bench_good_cycle(b);
	b->d.answer = refuse_one;
	for (int i = 0; i < 3; i++) {
		size_t n = bench_good_cycle(b);

		assert_true(n < 10 + 3 * NTP_PEER_VAR_COUNT);
		assert_int_equal(b->snapshot->n_peers, 10);
		assert_false(ntp_seen_any(&snapshot_peer(b->snapshot, 105)->seen));
		assert_int_equal(snapshot_peer(b->snapshot, 105)->status, 0x9014);
		assert_true(ntp_seen_any(&snapshot_peer(b->snapshot, 106)->seen));
	}
	bench_stop(b);
}

static void
vanished_association_is_left_out(void **state)
{
	struct poller_bench *b = bench_start(5, 0);
	int64_t taken_ns;

	(void)state;
	b->d.assocs[2].is_gone = true;
	bench_good_cycle(b);
	assert_int_equal(b->snapshot->n_peers, 4);
	assert_null(snapshot_peer(b->snapshot, 102));
	assert_true(b->snapshot->is_torn);
	taken_ns = b->snapshot->taken_ns;
	/* The list is another one by now: it is read again at once, but not for ever. */
	bench_good_cycle(b);
	assert_true(b->snapshot->is_torn);
	assert_true(b->snapshot->taken_ns - taken_ns < BENCH_INTERVAL_NS / 2);
	b->d.assocs[2].is_gone = false;
	taken_ns = b->snapshot->taken_ns;
	bench_good_cycle(b);
	assert_false(b->snapshot->is_torn);
	assert_true(b->snapshot->taken_ns - taken_ns > BENCH_INTERVAL_NS / 2);
	bench_stop(b);
}

static void
mute_association_keeps_only_its_status(void **state)
{
	struct poller_bench *b = bench_start(5, 0);

	(void)state;
	b->d.assocs[2].is_mute = true;
	bench_good_cycle(b);
	const struct ntp_peer *p = snapshot_peer(b->snapshot, 102);
	assert_non_null(p);
	assert_false(ntp_seen_any(&p->seen));
	assert_int_equal(p->status, 0x9014);
	assert_true(p->is_reachable);
	assert_true(ntp_seen_any(&snapshot_peer(b->snapshot, 103)->seen));
	bench_stop(b);
}

static void
no_association_is_a_good_answer(void **state)
{
	struct poller_bench *b = bench_start(0, 0);

	(void)state;
	bench_good_cycle(b);
	assert_int_equal(b->snapshot->n_peers, 0);
	assert_true(b->snapshot->has_peers);
	assert_int_equal(bench_good_cycle(b), 2);
	bench_stop(b);
}

static void
thousand_associations_with_loss_are_all_read(void **state)
{
	struct poller_bench *b = bench_start(1000, 0);
	size_t complete = 0;

	(void)state;
	b->d.loss_percent = 5;
	bench_good_cycle(b);
	assert_int_equal(b->snapshot->n_peers, 1000);
	for (size_t i = 0; i < 1000; i++)
		complete += ntp_peer_has(&b->snapshot->peers[i], NTP_PEER_SENT);
	assert_true(complete >= 998);
	bench_stop(b);
}

/* --- restarts ----------------------------------------------------------------------- */

static void
restart_is_noticed_and_nothing_is_carried_over(void **state)
{
	struct poller_bench *b = bench_start(5, 1);

	(void)state;
	b->d.unknown[b->d.n_unknown++] = "release";
	bench_good_cycle(b);
	bench_good_cycle(b);
	assert_false(b->last.was_restarted);
	/* Comes back with another version that knows more, and other associations. */
	fake_restart(&b->d);
	b->d.n_unknown = 0;
	b->d.version = "ntpd ntpsec-1.2.5";
	b->d.assocs[3].id = 777;
	bench_good_cycle(b);
	assert_true(b->last.was_restarted);
	assert_int_equal(b->snapshot->system->version.len, strlen("ntpd ntpsec-1.2.5"));
	assert_true(ntp_system_has(b->snapshot->system, NTP_SYS_RELEASE));
	assert_non_null(snapshot_peer(b->snapshot, 777));
	bench_good_cycle(b);
	assert_false(b->last.was_restarted);
	bench_stop(b);
}

static void
totals_start_anew_after_a_restart(void **state)
{
	static const char *const running[] = {
		"ss_received_r",
		"ss_badformat_r",
		"ss_badauth_r",
		"ss_declined_r",
	};
	struct poller_bench *b = bench_start(5, 0);

	(void)state;
	for (size_t i = 0; i < COUNT(running); i++)
		b->d.unknown[b->d.n_unknown++] = running[i];
	b->d.ss_received = 100000;
	bench_good_cycle(b);
	assert_true(b->snapshot->totals.in_packets >= 100000);
	fake_restart(&b->d);
	bench_good_cycle(b);
	assert_true(b->snapshot->totals.in_packets < 1000);
	bench_stop(b);
}

/* Up again for longer than before the restart: only the time that passed tells. */
static void
restart_soon_after_the_start_is_noticed(void **state)
{
	struct poller_bench *b = bench_start(1, 0);

	(void)state;
	b->d.started_ns = b->d.now_ns - 3 * NS_PER_S;
	bench_good_cycle(b);
	b->d.is_silent = true;
	fake_run(&b->d, 100 * NS_PER_S);
	fake_restart(&b->d);
	b->d.is_silent = false;
	fake_run(&b->d, 5 * NS_PER_S);
	bench_good_cycle(b);
	assert_int_equal(b->restarts, 1);
	bench_stop(b);
}

static void
long_silence_without_restart_is_none(void **state)
{
	struct poller_bench *b = bench_start(1, 0);

	(void)state;
	bench_good_cycle(b);
	b->d.is_silent = true;
	fake_run(&b->d, 3600 * NS_PER_S);
	b->d.is_silent = false;
	bench_good_cycle(b);
	assert_int_equal(b->restarts, 0);
	bench_stop(b);
}

static void
forgotten_daemon_is_learned_from_the_start(void **state)
{
	struct poller_bench *b = bench_start(2, 0);
	struct asked a = { 0 };

	(void)state;
	bench_good_cycle(b);
	b->d.answer = note_asked;
	b->d.script = &a;
	poller_forget(b->poller);
	poller_hurry(b->poller);
	assert_true(poller_deadline(b->poller) <= b->d.now_ns);
	bench_good_cycle(b);
	assert_int_equal(a.n_version, 1);
	assert_false(b->last.was_restarted);
	bench_stop(b);
}

/* Nothing tells that the daemon knows more than it did. */
static void
unknown_name_is_tried_again_after_a_long_time(void **state)
{
	struct poller_bench *b = bench_start(2, 0);

	(void)state;
	b->d.unknown[b->d.n_unknown++] = "processor";
	b->d.unknown[b->d.n_unknown++] = "flash";
	bench_good_cycle(b);
	b->d.n_unknown = 0;
	for (int i = 1; i < POLLER_RELEARN_CYCLES; i++)
		bench_good_cycle(b);
	assert_false(ntp_system_has(b->snapshot->system, NTP_SYS_PROCESSOR));
	assert_false(ntp_peer_has(&b->snapshot->peers[0], NTP_PEER_FLASH));
	bench_good_cycle(b);
	assert_true(ntp_system_has(b->snapshot->system, NTP_SYS_PROCESSOR));
	assert_true(ntp_peer_has(&b->snapshot->peers[0], NTP_PEER_FLASH));
	assert_int_equal(b->restarts, 0);
	bench_stop(b);
}

/* Every list of the system but the first is lost again and again. */
static bool
lose_later_lists(struct fake_daemon *d, const struct m6_packet *request)
{
	unsigned *n = d->script;

	if (request->head.op != M6_OP_READVAR || request->head.assoc != 0 ||
	    fake_asks_for(request, "ss_uptime"))
		return false;
	return (*n)++ % 4 != 3;
}

/* The uptime was read long before the last list of the system. */
static void
slow_system_is_no_restart(void **state)
{
	struct poller_bench *b = bench_start(1, 0);
	unsigned n = 0;

	(void)state;
	bench_good_cycle(b);
	bench_good_cycle(b);
	b->d.unknown[b->d.n_unknown++] = "io_sent";
	b->d.answer = lose_later_lists;
	b->d.script = &n;
	bench_good_cycle(b);
	assert_true(b->last.now_ns - b->snapshot->taken_ns > 20 * NS_PER_S);
	bench_good_cycle(b);
	assert_int_equal(b->restarts, 0);
	bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_cycle_is_due_at_once_and_complete),
		cmocka_unit_test(hash_is_that_of_a_six_address),
		cmocka_unit_test(cycles_start_on_the_beat),
		cmocka_unit_test(slow_cycle_is_not_doubled_and_missed_beats_are_left_out),
		cmocka_unit_test(steady_cycle_takes_at_most_four_more_than_associations),
		cmocka_unit_test(identity_and_clocks_are_read_rarely_and_carried_between),
		cmocka_unit_test(new_clock_is_read_at_once),
		cmocka_unit_test(unknown_names_are_learned_once_and_the_rest_is_read),
		cmocka_unit_test(name_that_becomes_unknown_is_learned_again),
		cmocka_unit_test(
		    association_that_refuses_every_list_is_left_with_its_status),
		cmocka_unit_test(vanished_association_is_left_out),
		cmocka_unit_test(mute_association_keeps_only_its_status),
		cmocka_unit_test(no_association_is_a_good_answer),
		cmocka_unit_test(thousand_associations_with_loss_are_all_read),
		cmocka_unit_test(restart_is_noticed_and_nothing_is_carried_over),
		cmocka_unit_test(totals_start_anew_after_a_restart),
		cmocka_unit_test(restart_soon_after_the_start_is_noticed),
		cmocka_unit_test(long_silence_without_restart_is_none),
		cmocka_unit_test(forgotten_daemon_is_learned_from_the_start),
		cmocka_unit_test(unknown_name_is_tried_again_after_a_long_time),
		cmocka_unit_test(slow_system_is_no_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
