/* SPDX-License-Identifier: BSD-2-Clause */
/* When the clocks of associations are read: at once when there is news of them, in every
 * full cycle while they are in trouble. */
#include "support/check.h"

#include "client/poller.h"
#include "support/poller_bench.h"

enum { INTERVAL_S = 15 };

/* --- clocks ------------------------------------------------------------------------- */

static size_t
clock_reads(const struct poller_bench *b)
{
	return b->d.n_by_op[M6_OP_READCLOCK];
}

static void
clock_is_read_at_once_when_there_is_news_of_it(void **state)
{
	static const struct {
		const char *version;
		uint16_t word;
		bool is_read;
	} cases[] = {
		{ "ntpd 4.2.8p15@1.3728-o", 0x901b, true },  /* an event of the clock */
		{ "ntpd 4.2.0b@1.1396-r", 0x9015, true },    /* the same of old */
		{ "ntpd 4.2.8p15@1.3728-o", 0x9015, false }, /* another event */
		{ "ntpd 4.2.8p15@1.3728-o", 0x9614, true },  /* selected */
		{ "ntpd 4.2.8p15@1.3728-o", 0x8014, true },  /* unreachable */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct poller_bench *b = bench_start(4, 2);

		b->d.version = cases[i].version;
		bench_good_cycle(b);
		bench_good_cycle(b);
		size_t n = clock_reads(b);
		b->d.assocs[1].status = cases[i].word;
		bench_hinted_cycle(b, 0);
		assert_int_equal(clock_reads(b) - n, cases[i].is_read);
		/* The same again is no news. */
		n = clock_reads(b);
		bench_run_s(b, 2);
		bench_hinted_cycle(b, 0);
		assert_int_equal(clock_reads(b) - n, 0);
		bench_stop(b);
	}
}

static void
full_cycle_reads_the_clock_at_once_too(void **state)
{
	struct poller_bench *b = bench_start_steady(4, 2);
	size_t n = clock_reads(b);

	(void)state;
	bench_good_cycle(b);
	assert_int_equal(clock_reads(b), n);
	b->d.assocs[1].status = 0x902b;
	bench_good_cycle(b);
	assert_int_equal(clock_reads(b), n + 1);
	bench_stop(b);
}

static void
clock_in_trouble_is_read_in_every_full_cycle(void **state)
{
	struct poller_bench *b = bench_start_steady(4, 2);

	(void)state;
	b->d.assocs[1].status = 0x901b;
	b->d.assocs[1].clock_status = 0x0011;
	bench_good_cycle(b);
	bench_run_s(b, (POLLER_ALERT_INTERVALS + 1) * INTERVAL_S);
	for (unsigned i = 0; i < 5; i++) {
		size_t n = clock_reads(b);

		bench_good_cycle(b);
		assert_int_equal(clock_reads(b) - n, 1);
		assert_int_equal(bench_peer(b, 101)->clock.status, 0x0011);
	}
	/* Cleared without a word: seen by the next one, which is the last. */
	b->d.assocs[1].clock_status = 0x0020;
	bench_good_cycle(b);
	assert_int_equal(bench_peer(b, 101)->clock.status, 0x0020);
	size_t n = clock_reads(b);
	bench_good_cycle(b);
	assert_int_equal(clock_reads(b), n);
	bench_stop(b);
}

static void
clock_comes_before_all_other_changes(void **state)
{
	struct poller_bench *b = bench_start_steady(200, 1);
	size_t n = clock_reads(b);

	(void)state;
	for (size_t i = 0; i < 200; i++)
		b->d.assocs[i].status = 0x901b;
	assert_int_equal(bench_hinted_cycle(b, 0), 2 + POLLER_QUICK_MAX + 1);
	assert_int_equal(clock_reads(b) - n, 1);
	bench_stop(b);
}

/* The association that told of the news did not answer. */
static void
clock_that_could_not_be_read_is_read_with_the_full_cycle(void **state)
{
	struct poller_bench *b = bench_start_slow(3, 1);
	size_t n;

	(void)state;
	bench_good_cycle(b);
	n = clock_reads(b);
	b->d.assocs[0].status = 0x901b;
	b->d.assocs[0].is_mute = true;
	bench_hinted_cycle(b, 0);
	assert_int_equal(clock_reads(b), n);
	assert_true(ntp_clock_has(&bench_peer(b, 100)->clock, NTP_CLOCK_DEVICE));
	b->d.assocs[0].is_mute = false;
	fake_run(&b->d, poller_deadline(b->poller) - b->d.now_ns - 1);
	bench_good_cycle(b);
	assert_int_equal(clock_reads(b), n + 1);
	bench_stop(b);
}

static bool
lose_clocks(struct fake_daemon *d, const struct m6_packet *request)
{
	(void)d;
	return request->head.op == M6_OP_READCLOCK;
}

static void
clock_that_does_not_answer_keeps_its_values(void **state)
{
	struct poller_bench *b = bench_start_slow(3, 1);
	struct ntp_raw_item item;

	(void)state;
	b->d.answer = lose_clocks;
	b->d.assocs[0].status = 0x901b;
	bench_hinted_cycle(b, 0);
	assert_int_equal(bench_peer(b, 100)->status, 0x901b);
	assert_true(ntp_clock_has(&bench_peer(b, 100)->clock, NTP_CLOCK_DEVICE));
	assert_true(ntp_raw_find(bench_peer(b, 100)->raw, "clock.device", 12, &item));
	bench_stop(b);
}

/* Its names are for the full cycle to find out. */
static void
first_clock_waits_for_the_full_cycle(void **state)
{
	struct poller_bench *b = bench_start_steady(3, 0);

	(void)state;
	b->d.assocs[1].is_clock = true;
	b->d.assocs[1].id = 900;
	bench_hinted_cycle(b, 0);
	assert_int_equal(clock_reads(b), 0);
	assert_false(ntp_seen_any(&bench_peer(b, 900)->clock.seen));
	bench_good_cycle(b);
	assert_true(ntp_clock_has(&bench_peer(b, 900)->clock, NTP_CLOCK_DEVICE));
	bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock_is_read_at_once_when_there_is_news_of_it),
		cmocka_unit_test(full_cycle_reads_the_clock_at_once_too),
		cmocka_unit_test(clock_in_trouble_is_read_in_every_full_cycle),
		cmocka_unit_test(clock_comes_before_all_other_changes),
		cmocka_unit_test(
		    clock_that_could_not_be_read_is_read_with_the_full_cycle),
		cmocka_unit_test(clock_that_does_not_answer_keeps_its_values),
		cmocka_unit_test(first_clock_waits_for_the_full_cycle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
