/* SPDX-License-Identifier: BSD-2-Clause */
/* Cycles against the fake daemon in which something goes wrong: errors, silence,
 * nonsense, lack of memory, and ends at any moment. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "client/poller.h"
#include "client/store.h"
#include "support/poller_bench.h"

static bool
answer_error(struct fake_daemon *d, const struct m6_packet *request)
{
	fake_send_error(d, request, *(const uint8_t *)d->script);
	return true;
}

static void
daemon_errors_are_denial_or_nonsense(void **state)
{
	static const struct {
		uint8_t code;
		enum target_state expected;
	} rows[] = {
		{ M6_ERROR_PERMISSION, TARGET_DENIED },
		{ M6_ERROR_RESTRICT, TARGET_DENIED },
		{ M6_ERROR_BADOP, TARGET_BADANSWERS },
		{ M6_ERROR_BADFMT, TARGET_BADANSWERS },
		{ M6_ERROR_UNKNOWNVAR, TARGET_BADANSWERS },
		{ 99, TARGET_BADANSWERS },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct poller_bench *b = bench_start(2, 0);
		uint8_t code = rows[i].code;

		b->d.answer = answer_error;
		b->d.script = &code;
		bench_cycle(b);
		assert_null(b->last.snapshot);
		assert_int_equal(b->last.state, rows[i].expected);
		assert_int_equal(b->last.daemon_error, code);
		/* And it heals. */
		b->d.answer = NULL;
		bench_good_cycle(b);
		assert_int_equal(b->snapshot->n_peers, 2);
		bench_stop(b);
	}
}

static void
silence_and_refusal_fail_the_cycle_and_it_heals(void **state)
{
	struct poller_bench *b = bench_start(2, 0);
	int64_t begin_ns = b->d.now_ns;

	(void)state;
	b->d.is_silent = true;
	bench_cycle(b);
	assert_int_equal(b->last.state, TARGET_SILENT);
	assert_int_equal(b->last.err, ERR_TIMEOUT);
	assert_true(b->d.now_ns - begin_ns < 15 * NS_PER_S);
	b->d.is_refused = true;
	bench_cycle(b);
	assert_int_equal(b->last.state, TARGET_REFUSED);
	b->d.is_refused = b->d.is_silent = false;
	bench_good_cycle(b);
	bench_stop(b);
}

static bool
answer_odd_list(struct fake_daemon *d, const struct m6_packet *request)
{
	if (request->head.op != M6_OP_READSTAT)
		return false;
	fake_send_answer(d, request, 0, "12345", 5);
	return true;
}

static bool
answer_garbage(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char garbage[] =
	    "\xff\xfe,,,===, \"\r\n, =5, leap, stratum=\"9, \x01\x02=\x03";

	if (request->head.op != M6_OP_READVAR)
		return false;
	fake_send_answer(d, request, 0xffff, garbage, sizeof(garbage));
	return true;
}

static void
answers_without_sense_are_bad_answers(void **state)
{
	static fake_answer_fn *const answers[] = { answer_odd_list, answer_garbage };

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct poller_bench *b = bench_start(2, 0);

		b->d.answer = answers[i];
		bench_cycle(b);
		assert_int_equal(b->last.state, TARGET_BADANSWERS);
		bench_stop(b);
	}
}

/* Garbage for associations costs their values, not the cycle. */
static bool
answer_garbage_for_peers(struct fake_daemon *d, const struct m6_packet *request)
{
	return request->head.assoc != 0 && answer_garbage(d, request);
}

static void
garbage_of_associations_is_absence(void **state)
{
	struct poller_bench *b = bench_start(3, 0);

	(void)state;
	b->d.answer = answer_garbage_for_peers;
	bench_good_cycle(b);
	assert_int_equal(b->snapshot->n_peers, 3);
	ntp_seen_drop(&b->snapshot->peers[0].seen, NTP_PEER_LEAP);
	assert_false(ntp_seen_any(&b->snapshot->peers[0].seen));
	bench_stop(b);
}

static bool
die_after_list(struct fake_daemon *d, const struct m6_packet *request)
{
	if (request->head.assoc == 0)
		return false;
	if (d->script)
		d->is_refused = true;
	d->is_silent = true;
	return true;
}

static void
daemon_that_dies_in_the_middle_fails_the_cycle(void **state)
{
	struct poller_bench *b = bench_start(200, 0);
	int64_t begin_ns;

	(void)state;
	bench_good_cycle(b);
	b->d.answer = die_after_list;
	begin_ns = b->d.now_ns + BENCH_INTERVAL_NS;
	bench_cycle(b);
	assert_int_equal(b->last.state, TARGET_SILENT);
	assert_true(b->d.now_ns - begin_ns < 60 * NS_PER_S);
	bench_stop(b);

	b = bench_start(200, 0);
	b->d.answer = die_after_list;
	b->d.script = b;
	bench_cycle(b);
	assert_int_equal(b->last.state, TARGET_REFUSED);
	bench_stop(b);
}

static void
rate_limited_daemon_is_read_completely(void **state)
{
	struct poller_bench *b = bench_start(40, 0);

	(void)state;
	b->d.is_limited = true;
	for (int i = 0; i < 3; i++) {
		bench_good_cycle(b);
		for (size_t j = 0; j < 40; j++)
			assert_true(ntp_seen_any(&b->snapshot->peers[j].seen));
	}
	bench_stop(b);
}

/* --- memory, and ends at any moment ------------------------------------------------- */

/* The n-th allocation fails, for every n: the cycle fails or not, the picture from before
 * stays, the next cycle is good, and nothing leaks. */
static void
lack_of_memory_fails_a_cycle_and_no_more(void **state)
{
	unsigned n_failed = 0;

	(void)state;
	for (long n = 0; n < 120; n++) {
		struct poller_bench *b = bench_start(8, 2);
		struct snapshot *before;

		b->d.unknown[b->d.n_unknown++] = "flash";
		bench_good_cycle(b);
		poller_forget(b->poller);
		before = b->snapshot;
		bench_memory.until_failure = n;
		bench_cycle(b);
		bench_memory.until_failure = -1;
		if (!b->last.snapshot) {
			n_failed++;
			assert_int_equal(b->last.state, TARGET_UNKNOWN);
			assert_int_equal(b->last.err, ERR_NOMEM);
			assert_ptr_equal(b->snapshot, before);
		}
		bench_good_cycle(b);
		assert_int_equal(b->snapshot->n_peers, 8);
		bench_stop(b);
	}
	assert_true(n_failed > 10);
}

static void
making_a_poller_without_memory_leaks_nothing(void **state)
{
	(void)state;
	bench_memory.outstanding = 0;
	bench_memory.until_failure = 0;
	assert_null(poller_new(NULL, BENCH_INTERVAL_NS, bench_on_cycle, NULL));
	bench_memory.until_failure = -1;
	assert_int_equal(bench_memory.outstanding, 0);
	poller_free(NULL);
}

/* Stopped after every possible number of microseconds of the first cycle, which learns
 * names, reads associations and clocks. */
static void
poller_may_be_freed_in_every_phase(void **state)
{
	(void)state;
	for (int64_t at_us = 0; at_us < 60000; at_us += 500) {
		struct poller_bench *b = bench_start(20, 3);

		b->d.unknown[b->d.n_unknown++] = "flash";
		b->d.unknown[b->d.n_unknown++] = "name";
		b->d.loss_percent = 3;
		fake_run(&b->d, at_us * NS_PER_US);
		bench_stop(b);
	}
}

/* Looks into the bench as a link does after each wake-up. */
static void
serve(struct poller_bench *b, struct store *s, unsigned *n_published)
{
	struct m6_client_stats stats;

	if (b->cycles - b->failures > *n_published) {
		*n_published = b->cycles - b->failures;
		store_publish(s, snapshot_ref(b->snapshot), b->last.now_ns);
	}
	m6_client_stats(b->d.client, &stats);
	store_keep(s, stats.last_reply_ns);
	store_tick(s, b->d.now_ns, b->d.wall_ns);
}

static void
rate_limited_cycle_longer_than_values_live_keeps_the_old_ones(void **state)
{
	struct poller_bench *b = bench_start(60, 0);
	struct store *s = store_new(3 * BENCH_INTERVAL_NS, NULL, NULL);
	unsigned n_published = 0;

	(void)state;
	b->d.is_limited = true;
	bench_good_cycle(b);
	serve(b, s, &n_published);
	for (int i = 0; i < 600; i++) {
		fake_run(&b->d, NS_PER_S);
		serve(b, s, &n_published);
		assert_int_equal(store_current(s)->state, TARGET_UP);
	}
	assert_true(b->last.now_ns - b->snapshot->taken_ns > 3 * BENCH_INTERVAL_NS);
	assert_true(n_published > 3);
	/* But not when it falls silent. */
	b->d.is_silent = true;
	for (int i = 0; i < 46; i++) {
		fake_run(&b->d, NS_PER_S);
		serve(b, s, &n_published);
	}
	assert_int_equal(store_current(s)->state, TARGET_SILENT);
	store_free(s);
	bench_stop(b);
}

/* What is no mode-6 answer at all, instead of the answers of the associations. */
static bool
answer_junk_for_peers(struct fake_daemon *d, const struct m6_packet *request)
{
	static const uint8_t junk[48] = { 0x24 };

	if (request->head.assoc == 0)
		return false;
	fake_send_bytes(d, junk, sizeof(junk), d->delay_ns);
	return true;
}

static void
daemon_that_turns_to_junk_in_the_middle_fails_the_cycle(void **state)
{
	struct poller_bench *b = bench_start(1000, 0);
	int64_t begin_ns;

	(void)state;
	bench_good_cycle(b);
	b->d.answer = answer_junk_for_peers;
	begin_ns = b->d.now_ns + BENCH_INTERVAL_NS;
	bench_cycle(b);
	assert_null(b->last.snapshot);
	assert_int_equal(b->last.state, TARGET_BADANSWERS);
	assert_true(b->d.now_ns - begin_ns < 60 * NS_PER_S);
	bench_stop(b);
}

/* Knows only one name of the system, and answers it with others. */
static bool
answer_other_names(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char text[] = "leap=0, stratum=2, version=\"x\"\r\n";

	if (request->head.op != M6_OP_READVAR || request->head.assoc != 0)
		return false;
	if (request->head.count == strlen("version") && fake_asks_for(request, "version"))
		fake_send_answer(d, request, 0x0615, text, strlen(text));
	else
		fake_send_error(d, request, M6_ERROR_UNKNOWNVAR);
	return true;
}

static void
daemon_that_answers_other_names_is_asked_anew(void **state)
{
	struct poller_bench *b = bench_start(1, 0);

	(void)state;
	b->d.answer = answer_other_names;
	for (int i = 0; i < 4; i++) {
		bench_cycle(b);
		assert_int_not_equal(b->last.state, TARGET_UNKNOWN);
	}
	b->d.answer = NULL;
	bench_cycle(b);
	bench_good_cycle(b);
	assert_true(ntp_system_has(b->snapshot->system, NTP_SYS_OFFSET));
	bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(daemon_errors_are_denial_or_nonsense),
		cmocka_unit_test(silence_and_refusal_fail_the_cycle_and_it_heals),
		cmocka_unit_test(answers_without_sense_are_bad_answers),
		cmocka_unit_test(garbage_of_associations_is_absence),
		cmocka_unit_test(daemon_that_dies_in_the_middle_fails_the_cycle),
		cmocka_unit_test(rate_limited_daemon_is_read_completely),
		cmocka_unit_test(lack_of_memory_fails_a_cycle_and_no_more),
		cmocka_unit_test(making_a_poller_without_memory_leaks_nothing),
		cmocka_unit_test(poller_may_be_freed_in_every_phase),
		cmocka_unit_test(
		    rate_limited_cycle_longer_than_values_live_keeps_the_old_ones),
		cmocka_unit_test(daemon_that_turns_to_junk_in_the_middle_fails_the_cycle),
		cmocka_unit_test(daemon_that_answers_other_names_is_asked_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
