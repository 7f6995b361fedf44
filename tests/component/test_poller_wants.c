/* SPDX-License-Identifier: BSD-2-Clause */
/* Names somebody asked for besides those of the tables. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "client/poller.h"
#include "support/poller_bench.h"

static void
want(struct poller_bench *b, uint16_t assoc, const char *name)
{
	poller_want(b->poller, assoc, name, strlen(name));
}

static const struct ntp_raw *
raw_of(const struct poller_bench *b, uint16_t assoc)
{
	const struct ntp_peer *p = snapshot_peer(b->snapshot, assoc);

	if (assoc == 0)
		return b->snapshot->system->raw;
	return p ? p->raw : NULL;
}

static bool
has(const struct poller_bench *b, uint16_t assoc, const char *name)
{
	struct ntp_raw_item item;

	return ntp_raw_find(raw_of(b, assoc), name, strlen(name), &item);
}

/* Counts requests that begin with a name of no table. */
static bool
count_wants(struct fake_daemon *d, const struct m6_packet *request)
{
	static const struct ntp_var_table *const tables[] = { &ntp_system_vars,
		&ntp_peer_vars, &ntp_clock_vars };
	const char *name = (const char *)request->data;
	size_t len = 0, table = request->head.assoc == 0 ? 0 : 1;
	unsigned *n = d->script;

	while (len < request->head.count && name[len] != ',')
		len++;
	if (request->head.op == M6_OP_READCLOCK)
		table = 2;
	*n += len > 0 && ntp_vars_find(tables[table], name, len) < 0;
	return false;
}

/* Runs a cycle and returns how many requests it sent for wants. */
static unsigned
wants_asked(struct poller_bench *b)
{
	unsigned n = 0;

	b->d.answer = count_wants;
	b->d.script = &n;
	bench_good_cycle(b);
	b->d.answer = NULL;
	return n;
}

static void
nothing_wanted_costs_nothing(void **state)
{
	struct poller_bench *b = bench_start(4, 1);

	(void)state;
	bench_good_cycle(b);
	want(b, 0, "savedconfig");
	assert_int_equal(wants_asked(b), 1);
	assert_true(has(b, 0, "savedconfig"));
	bench_stop(b);
}

static void
wants_of_every_object_are_answered_each_cycle(void **state)
{
	struct poller_bench *b = bench_start(4, 1);

	(void)state;
	want(b, 0, "sys_var_list");
	want(b, 102, "user.var-1");
	want(b, 100, "clock.gps_position");
	bench_good_cycle(b);
	for (int i = 0; i < 5; i++) {
		assert_true(has(b, 0, "sys_var_list"));
		assert_true(has(b, 102, "user.var-1"));
		assert_true(has(b, 100, "clock.gps_position"));
		assert_false(has(b, 103, "user.var-1"));
		bench_good_cycle(b);
	}
	bench_stop(b);
}

/* Alone at first, then all of one object in one request. */
static void
known_wants_of_an_object_go_together(void **state)
{
	struct poller_bench *b = bench_start(4, 0);

	(void)state;
	bench_good_cycle(b);
	want(b, 0, "one");
	want(b, 0, "two");
	want(b, 0, "three");
	want(b, 101, "one");
	want(b, 101, "two");
	assert_int_equal(wants_asked(b), 5);
	assert_int_equal(wants_asked(b), 2);
	assert_true(has(b, 0, "one") && has(b, 0, "two") && has(b, 0, "three"));
	assert_true(has(b, 101, "one") && has(b, 101, "two"));
	bench_stop(b);
}

/* More than one request can carry. */
static void
wants_of_an_object_are_spread_over_requests(void **state)
{
	struct poller_bench *b = bench_start(1, 0);
	char name[80];

	(void)state;
	bench_good_cycle(b);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "%060d", i);
		want(b, 0, name);
	}
	assert_int_equal(wants_asked(b), 20);
	assert_int_equal(wants_asked(b), 3);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "%060d", i);
		assert_true(has(b, 0, name));
	}
	bench_stop(b);
}

static void
unknown_want_disturbs_nothing_and_is_given_up(void **state)
{
	struct poller_bench *b = bench_start(3, 1);

	(void)state;
	b->d.unknown[b->d.n_unknown++] = "nosuch";
	want(b, 0, "good");
	want(b, 102, "good");
	bench_good_cycle(b);
	want(b, 0, "nosuch");
	want(b, 102, "nosuch");
	for (int i = 0; i < POLLER_WANT_CYCLES; i++) {
		assert_int_equal(wants_asked(b), 2 + 2);
		assert_true(has(b, 0, "good") && has(b, 102, "good"));
		assert_false(has(b, 0, "nosuch") || has(b, 102, "nosuch"));
		assert_true(ntp_peer_has(&b->snapshot->peers[2], NTP_PEER_SENT));
	}
	assert_int_equal(wants_asked(b), 2);
	bench_stop(b);
}

static void
want_of_a_vanished_association_is_given_up(void **state)
{
	struct poller_bench *b = bench_start(3, 1);

	(void)state;
	bench_good_cycle(b);
	want(b, 999, "good");        /* in no list: not even asked */
	want(b, 102, "clock.extra"); /* no clock */
	for (int i = 0; i < POLLER_WANT_CYCLES; i++)
		assert_int_equal(wants_asked(b), 1);
	assert_int_equal(wants_asked(b), 0);
	/* Comes back too late. */
	b->d.assocs[1].id = 999;
	bench_good_cycle(b);
	assert_false(has(b, 999, "good"));
	bench_stop(b);
}

/* Given up is only what failed three times in a row. */
static void
want_survives_two_bad_cycles(void **state)
{
	struct poller_bench *b = bench_start(2, 0);

	(void)state;
	want(b, 101, "good");
	for (int round = 0; round < 3; round++) {
		bench_good_cycle(b);
		assert_true(has(b, 101, "good"));
		b->d.assocs[1].id = 555;
		bench_good_cycle(b);
		bench_good_cycle(b);
		b->d.assocs[1].id = 101;
	}
	bench_good_cycle(b);
	assert_true(has(b, 101, "good"));
	bench_stop(b);
}

/* The names of one request are asked one by one again as soon as it is refused. */
static void
want_that_becomes_unknown_does_not_take_others_along(void **state)
{
	struct poller_bench *b = bench_start(1, 0);

	(void)state;
	want(b, 0, "one");
	want(b, 0, "two");
	want(b, 0, "three");
	bench_good_cycle(b);
	b->d.unknown[b->d.n_unknown++] = "two";
	for (int i = 0; i < 5; i++) {
		bench_good_cycle(b);
		assert_true(has(b, 0, "one") && has(b, 0, "three"));
		assert_false(has(b, 0, "two"));
	}
	bench_stop(b);
}

static void
names_that_need_no_want_are_ignored(void **state)
{
	struct poller_bench *b = bench_start(2, 1);
	char longest[M6_DATAGRAM_MAX];

	(void)state;
	bench_good_cycle(b);
	memset(longest, 'n', sizeof(longest));
	want(b, 0, "leap");
	want(b, 0, "version");
	want(b, 101, "srcadr");
	want(b, 100, "clock.name");
	want(b, 0, "");
	want(b, 100, "clock.");
	want(b, 0, "a b");
	want(b, 0, "a,b");
	want(b, 0, "a=1");
	want(b, 0, "a\r\n");
	poller_want(b->poller, 0, "a\0b", 3);
	poller_want(b->poller, 0, longest, 65);
	poller_want(b->poller, 0, longest, sizeof(longest));
	assert_int_equal(wants_asked(b), 0);
	poller_want(b->poller, 0, longest, 64);
	/* Of another object these are no names of the table. */
	want(b, 0, "srcadr");
	want(b, 101, "tc");
	want(b, 101, "version");
	assert_int_equal(wants_asked(b), 4);
	bench_stop(b);
}

/* Also when the dialect has no such rows: see poller_wants.c for the reasons. */
static void
names_that_are_withheld_are_never_asked_for(void **state)
{
	static const char *const names[] = { "filtdelay", "filtoffset", "filtdisp",
		"org" };
	struct poller_bench *b = bench_start(2, 0);
	size_t steady;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		b->d.unknown[b->d.n_unknown++] = names[i];
	(void)bench_all_turns(b);
	steady = bench_all_turns(b);
	for (size_t i = 0; i < COUNT(names); i++)
		want(b, 101, names[i]);
	assert_int_equal(bench_all_turns(b), steady);
	b->d.n_unknown = 0;
	assert_int_equal(bench_all_turns(b), steady);
	assert_false(has(b, 101, "org"));
	/* Of the system they would be somebody's own. */
	want(b, 0, "org");
	assert_int_equal(bench_all_turns(b), steady + POLLER_SLOW_CYCLES);
	assert_true(has(b, 0, "org"));
	bench_stop(b);
}

/* Each GET of a name is a new wish for it; when there are no more of them it goes. */
static void
want_lasts_as_long_as_somebody_asks(void **state)
{
	struct poller_bench *b = bench_start(1, 0);
	const int cycles = (int)(POLLER_WANT_KEEP_NS / BENCH_INTERVAL_NS);

	(void)state;
	want(b, 0, "kept");
	want(b, 0, "left");
	for (int i = 0; i < cycles; i++) {
		bench_good_cycle(b);
		assert_true(has(b, 0, "kept") && has(b, 0, "left"));
		if (i == cycles / 2)
			want(b, 0, "kept");
	}
	for (int i = 0; i < cycles / 2; i++) {
		bench_good_cycle(b);
		assert_true(has(b, 0, "kept"));
		assert_int_equal(has(b, 0, "left"), i == 0);
	}
	for (int i = 0; i < 3; i++)
		bench_good_cycle(b);
	assert_false(has(b, 0, "kept"));
	want(b, 0, "left");
	bench_good_cycle(b);
	assert_true(has(b, 0, "left"));
	bench_stop(b);
}

/* Time in which nobody could be asked is no time nobody asked in. */
static void
want_of_a_silent_daemon_is_kept_while_it_is_asked_for(void **state)
{
	struct poller_bench *b = bench_start(1, 0);

	(void)state;
	want(b, 0, "kept");
	want(b, 0, "left");
	bench_good_cycle(b);
	b->d.is_silent = true;
	for (int64_t end_ns = b->d.now_ns + POLLER_WANT_KEEP_NS; b->d.now_ns < end_ns;)
		bench_cycle(b);
	want(b, 0, "kept");
	b->d.is_silent = false;
	bench_good_cycle(b);
	assert_true(has(b, 0, "kept"));
	assert_false(has(b, 0, "left"));
	bench_stop(b);
}

static void
oldest_want_makes_room(void **state)
{
	struct poller_bench *b = bench_start(1, 0);
	char name[16];

	(void)state;
	for (int i = 0; i < POLLER_WANTS_MAX; i++) {
		snprintf(name, sizeof(name), "w%d", i);
		want(b, 0, name);
		want(b, 0, name);
	}
	want(b, 0, "w0");
	want(b, 100, "w1");
	bench_good_cycle(b);
	assert_true(has(b, 0, "w0"));
	assert_false(has(b, 0, "w1"));
	assert_true(has(b, 0, "w2"));
	assert_true(has(b, 0, "w63"));
	assert_true(has(b, 100, "w1"));
	bench_stop(b);
}

static bool
answer_oddly(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char text[] = "other=1, good=\"a, b\", good=2, leap=3\r\n";

	if (!fake_asks_for(request, "good"))
		return false;
	fake_send_answer(d, request, 0x0615, text, strlen(text));
	return true;
}

static void
only_what_was_wanted_is_taken(void **state)
{
	struct poller_bench *b = bench_start(1, 0);
	struct ntp_raw_item item;

	(void)state;
	b->d.answer = answer_oddly;
	want(b, 0, "good");
	bench_good_cycle(b);
	assert_true(ntp_raw_find(raw_of(b, 0), "good", 4, &item));
	assert_int_equal(item.value_len, 4);
	assert_memory_equal(item.value, "a, b", 4);
	assert_false(has(b, 0, "other"));
	assert_int_equal(b->snapshot->system->leap, 3);
	bench_stop(b);
}

/* --- trouble ------------------------------------------------------------------------ */

static bool
ignore_wants(struct fake_daemon *d, const struct m6_packet *request)
{
	if (!fake_asks_for(request, "good"))
		return false;
	if (d->script)
		d->is_silent = true;
	return true;
}

static void
want_without_an_answer_costs_no_cycle(void **state)
{
	struct poller_bench *b = bench_start(2, 0);

	(void)state;
	bench_good_cycle(b);
	b->d.answer = ignore_wants;
	want(b, 101, "good");
	want(b, 101, "fine");
	for (int i = 0; i < POLLER_WANT_CYCLES; i++) {
		bench_good_cycle(b);
		assert_false(has(b, 101, "good"));
		assert_true(has(b, 101, "fine"));
	}
	b->d.answer = NULL;
	bench_good_cycle(b);
	assert_false(has(b, 101, "good"));
	bench_stop(b);
}

/* Many wants of a daemon that dies before them cost one wait. */
static void
daemon_that_dies_before_the_wants_has_answered(void **state)
{
	struct poller_bench *b = bench_start(2, 0);
	char name[16];
	int64_t begin_ns;

	(void)state;
	bench_good_cycle(b);
	b->d.answer = ignore_wants;
	b->d.script = b;
	want(b, 0, "good");
	for (int i = 1; i < POLLER_WANTS_MAX; i++) {
		snprintf(name, sizeof(name), "w%d", i);
		want(b, 0, name);
	}
	begin_ns = b->d.now_ns + BENCH_INTERVAL_NS;
	bench_good_cycle(b);
	assert_true(b->d.now_ns - begin_ns < 60 * NS_PER_S);
	bench_cycle(b);
	assert_int_equal(b->last.state, TARGET_SILENT);
	b->d.is_silent = false;
	b->d.answer = NULL;
	bench_good_cycle(b);
	assert_true(has(b, 0, "good") && has(b, 0, "w63"));
	bench_stop(b);
}

static bool
refuse_wants(struct fake_daemon *d, const struct m6_packet *request)
{
	d->is_refused = fake_asks_for(request, "good");
	return d->is_refused;
}

static void
refused_port_at_the_wants_costs_no_cycle(void **state)
{
	struct poller_bench *b = bench_start(2, 0);

	(void)state;
	bench_good_cycle(b);
	want(b, 0, "fine");
	want(b, 0, "good");
	b->d.answer = refuse_wants;
	bench_cycle(b);
	b->d.is_refused = false;
	b->d.answer = NULL;
	bench_cycle(b);
	bench_good_cycle(b);
	assert_true(has(b, 0, "good") && has(b, 0, "fine"));
	bench_stop(b);
}

static void
wants_stay_when_the_daemon_was_restarted(void **state)
{
	struct poller_bench *b = bench_start(3, 0);

	(void)state;
	want(b, 0, "good");
	want(b, 101, "good");
	want(b, 101, "fine");
	bench_good_cycle(b);
	fake_restart(&b->d);
	b->d.assocs[1].id = 888;
	b->d.unknown[b->d.n_unknown++] = "fine";
	bench_good_cycle(b);
	assert_true(b->last.was_restarted);
	assert_true(has(b, 0, "good"));
	poller_forget(b->poller);
	poller_hurry(b->poller);
	bench_good_cycle(b);
	assert_true(has(b, 0, "good"));
	bench_stop(b);
}

/* While its request is under way a want is thrown out by others. */
static bool
want_more(struct fake_daemon *d, const struct m6_packet *request)
{
	char name[16];

	if (request->head.op != M6_OP_READVAR || !fake_asks_for(request, "w5"))
		return false;
	for (int i = 0; i < POLLER_WANTS_MAX; i++) {
		snprintf(name, sizeof(name), "x%d", i);
		poller_want(d->poller, 0, name, strlen(name));
	}
	return false;
}

static void
wants_may_change_at_any_moment(void **state)
{
	struct poller_bench *b = bench_start(1, 0);
	char name[16];

	(void)state;
	for (int i = 0; i < POLLER_WANTS_MAX; i++) {
		snprintf(name, sizeof(name), "w%d", i);
		want(b, 0, name);
	}
	b->d.answer = want_more;
	bench_good_cycle(b);
	bench_good_cycle(b);
	assert_false(has(b, 0, "w5"));
	for (int i = 0; i < POLLER_WANTS_MAX; i++) {
		snprintf(name, sizeof(name), "x%d", i);
		assert_true(has(b, 0, name));
	}
	bench_stop(b);
}

static void
lack_of_memory_leaks_nothing(void **state)
{
	(void)state;
	for (long n = 0; n < 60; n++) {
		struct poller_bench *b = bench_start(2, 1);

		bench_good_cycle(b);
		bench_memory.until_failure = n;
		want(b, 0, "good");
		want(b, 101, "good");
		want(b, 100, "clock.good");
		bench_cycle(b);
		bench_memory.until_failure = -1;
		want(b, 0, "good");
		bench_good_cycle(b);
		assert_true(has(b, 0, "good"));
		bench_stop(b);
	}
}

static void
poller_may_be_freed_while_it_asks_for_wants(void **state)
{
	(void)state;
	for (int64_t at_us = 0; at_us < 40000; at_us += 500) {
		struct poller_bench *b = bench_start(5, 1);

		want(b, 0, "good");
		want(b, 101, "good");
		want(b, 101, "fine");
		want(b, 100, "clock.good");
		fake_run(&b->d, at_us * NS_PER_US);
		bench_stop(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_wanted_costs_nothing),
		cmocka_unit_test(wants_of_every_object_are_answered_each_cycle),
		cmocka_unit_test(known_wants_of_an_object_go_together),
		cmocka_unit_test(wants_of_an_object_are_spread_over_requests),
		cmocka_unit_test(unknown_want_disturbs_nothing_and_is_given_up),
		cmocka_unit_test(want_of_a_vanished_association_is_given_up),
		cmocka_unit_test(want_survives_two_bad_cycles),
		cmocka_unit_test(want_that_becomes_unknown_does_not_take_others_along),
		cmocka_unit_test(names_that_need_no_want_are_ignored),
		cmocka_unit_test(names_that_are_withheld_are_never_asked_for),
		cmocka_unit_test(want_lasts_as_long_as_somebody_asks),
		cmocka_unit_test(want_of_a_silent_daemon_is_kept_while_it_is_asked_for),
		cmocka_unit_test(oldest_want_makes_room),
		cmocka_unit_test(only_what_was_wanted_is_taken),
		cmocka_unit_test(want_without_an_answer_costs_no_cycle),
		cmocka_unit_test(daemon_that_dies_before_the_wants_has_answered),
		cmocka_unit_test(refused_port_at_the_wants_costs_no_cycle),
		cmocka_unit_test(wants_stay_when_the_daemon_was_restarted),
		cmocka_unit_test(wants_may_change_at_any_moment),
		cmocka_unit_test(lack_of_memory_leaks_nothing),
		cmocka_unit_test(poller_may_be_freed_while_it_asks_for_wants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
