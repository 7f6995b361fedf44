/* SPDX-License-Identifier: BSD-2-Clause */
/* What managers want to be told of a daemon that is watched, and how much at a time. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "model/assoc.h"
#include "support/mem_watch.h"
#include "support/notice_bench.h"
#include "support/snapshot_fixture.h"

static const struct step well = { 100, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0,
	0 };
static const struct step ill = { 200, BY_A, { A(0x961a, 255), B(0x8023, 0) }, "", 0, 0,
	0 };
static const struct step well_again = { 210, BY_A, { A(0x961a, 255), B(0x9434, 1) }, "",
	0, 0, 0 };

static void
show(struct notice_bench *b, const struct step *step)
{
	notice_see(b, notice_picture(step), step);
}

static void
what_is_switched_off_is_not_told(void **state)
{
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	b.settings.topics = 0;
	show(&b, &well);
	assert_string_equal(notice_tell(&b, 100, ROOM), "");
	show(&b, &ill);
	assert_string_equal(notice_tell(&b, 200, ROOM), "");
	/* The problem still stands when somebody wants to know; what happened does not.
	 */
	b.settings.topics = NTP_NOTICE_ALL_TOPICS;
	ntp_notices_reconsider(b.notices);
	assert_string_equal(notice_tell(&b, 201, ROOM), "unreachable 11 0>0;");
	/* Whoever switches it off hears of no end either. */
	b.settings.topics = NTP_NOTICE_ALL_TOPICS & ~(1U << NTP_TOPIC_REACH);
	show(&b, &well_again);
	assert_string_equal(notice_tell(&b, 300, ROOM), "changed 11 0>4;");
	b.settings.topics = NTP_NOTICE_ALL_TOPICS;
	ntp_notices_reconsider(b.notices);
	assert_string_equal(notice_tell(&b, 301, ROOM), "");
	notice_bench_close(&b);
}

static void
without_a_hold_down_everything_is_told(void **state)
{
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	b.settings.hold_s = 0;
	show(&b, &well);
	for (int i = 0; i < 5; i++) {
		show(&b, &ill);
		assert_string_equal(notice_tell(&b, 200 + i, ROOM),
		    "unreachable 11 0>0;changed 11 4>0;");
		show(&b, &well_again);
		assert_string_equal(notice_tell(&b, 200 + i, ROOM),
		    "reachable 11 0>0;changed 11 0>4;");
	}
	notice_bench_close(&b);
}

static void
a_hold_that_is_shortened_ends_sooner(void **state)
{
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	b.settings.hold_s = NTP_NOTICE_HOLD_MAX_S;
	show(&b, &well);
	(void)notice_tell(&b, 100, ROOM);
	show(&b, &ill);
	(void)notice_tell(&b, 200, ROOM);
	show(&b, &well_again);
	assert_string_equal(notice_tell(&b, 210, ROOM), "");
	b.settings.hold_s = 10;
	ntp_notices_reconsider(b.notices);
	assert_string_equal(notice_tell(&b, 220, ROOM), "");
	assert_string_equal(notice_tell(&b, 230, ROOM),
	    "reachable 11 0>0;changed 11 0>4;");
	notice_bench_close(&b);
}

static void
problems_end_with_their_target(void **state)
{
	const struct step bad = { 200, OFFSET(70), { A(0x961a, 255), B(0x8023, 0) }, "",
		0, 0, 0 };
	const struct step down = { 220, NULL, { { 0 } }, "", TARGET_SILENT, 0, 0 };
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	show(&b, &well);
	show(&b, &bad);
	/* What was not told needs no end. */
	assert_string_equal(notice_end(&b, 201, ROOM), "");
	assert_string_equal(notice_tell(&b, 202, ROOM),
	    "outside 0>0;unreachable 11 0>0;changed 11 4>0;");
	show(&b, &down);
	assert_string_equal(notice_tell(&b, 220, ROOM), "down 1>3;");
	b.settings.topics &= ~(1U << NTP_TOPIC_OFFSET);
	assert_string_equal(notice_end(&b, 230, 1), "up 3>3 gone;");
	assert_int_equal(b.last.wall_ns, (WALL_2026_S + 230) * NS_PER_S);
	assert_string_equal(notice_end(&b, 230, ROOM), "reachable 11 0>0 gone;");
	assert_string_equal(notice_end(&b, 230, ROOM), "");
	notice_bench_close(&b);
}

/* Told of a server that is not there any more after a restart. */
static void
lose_a_server(struct notice_bench *b)
{
	const struct step without = { 215, BY_A, { A(0x961a, 255) }, "", 0, 0, 1 };

	show(b, &well);
	(void)notice_tell(b, 100, ROOM);
	show(b, &ill);
	(void)notice_tell(b, 200, ROOM);
	show(b, &without);
	assert_string_equal(notice_tell(b, 215, ROOM), "restarted 0>0;");
}

static void
problems_of_those_that_went_end_with_the_target(void **state)
{
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	lose_a_server(&b);
	assert_string_equal(notice_end(&b, 230, ROOM), "reachable 11 0>0 gone;");
	assert_int_equal(b.last.wall_ns, (WALL_2026_S + 230) * NS_PER_S);
	assert_string_equal(b.last.peer.name, "192.0.2.2");
	assert_string_equal(notice_end(&b, 230, ROOM), "");
	notice_bench_close(&b);
}

static void
nobody_hears_of_those_that_went_when_it_is_switched_off(void **state)
{
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	lose_a_server(&b);
	b.settings.topics = NTP_NOTICE_ALL_TOPICS & ~(1U << NTP_TOPIC_REACH);
	ntp_notices_reconsider(b.notices);
	assert_string_equal(notice_tell(&b, 900, ROOM), "");
	b.settings.topics = NTP_NOTICE_ALL_TOPICS;
	ntp_notices_reconsider(b.notices);
	assert_string_equal(notice_tell(&b, 1800, ROOM), "");
	notice_bench_close(&b);
}

/* The last value that was known goes with the end. */
static void
problems_of_the_system_end_with_what_was_known(void **state)
{
	const struct step bad = { 200, OFFSET(70), { A(0x961a, 255) }, "", 0, 0, 0 };
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	show(&b, &well);
	show(&b, &bad);
	assert_non_null(strstr(notice_tell(&b, 200, ROOM), "outside 0>0;"));
	assert_non_null(strstr(notice_end(&b, 230, ROOM), "inside 0>0 gone;"));
	notice_bench_close(&b);
	ntp_notices_free(NULL);
}

static void
limits_are_those_of_the_manager(void **state)
{
	const struct step offset = { 200, OFFSET(3), { A(0x961a, 255) }, "", 0, 0, 0 };
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	show(&b, &well);
	b.settings.offset_outside_us = 2000;
	b.settings.offset_inside_us = 9000; /* no gap, then */
	b.settings.sources_min = 2;
	show(&b, &offset);
	assert_string_equal(notice_tell(&b, 200, ROOM), "outside 0>0;few 2>1;");
	assert_int_equal(b.last.sources_min, 2);
	b.settings.offset_outside_us = 0;
	b.settings.sources_min = 0;
	show(&b, &offset);
	assert_string_equal(notice_tell(&b, 300, ROOM), "inside 0>0;enough 1>1;");
	notice_bench_close(&b);
}

static void
a_test_is_told_in_any_state(void **state)
{
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	b.settings.topics = 0;
	for (int i = 0; i < 3; i++) {
		ntp_notices_test(b.notices, WALL_2026_S * NS_PER_S);
		assert_string_equal(notice_tell(&b, 100, ROOM), "test 0>0 requested;");
		assert_true(b.last.wall_ns == WALL_2026_S * NS_PER_S);
	}
	notice_bench_close(&b);
}

static void
values_and_times_are_those_of_the_change(void **state)
{
	const struct step outside = { 200, OFFSET(-75.5),
		{ A(0x961a, 255), B(0x1023, 2) }, "", 0, 0, 0 };
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	b.settings.topics = 1U << NTP_TOPIC_OFFSET;
	show(&b, &well);
	show(&b, &outside);
	(void)notice_tell(&b, 250, ROOM);
	assert_int_equal(b.last.kind, NTP_NOTICE_OFFSET_OUTSIDE);
	assert_true(b.last.offset_ns == -75500000 && b.last.limit_ns == 50000000);
	assert_true(b.last.wall_ns == (WALL_2026_S + INT64_C(200)) * NS_PER_S);
	b.settings.topics = 1U << NTP_TOPIC_PEER;
	show(&b, &well);
	(void)notice_tell(&b, 260, ROOM);
	show(&b, &outside);
	(void)notice_tell(&b, 400, ROOM);
	assert_int_equal(b.last.kind, NTP_NOTICE_PEER_CHANGED);
	assert_string_equal(b.last.peer.name, "192.0.2.2");
	assert_int_equal(b.last.peer.address.family, ADDR_IPV4);
	assert_int_equal(b.last.reach_was, 255);
	assert_int_equal(b.last.reach_is, 2);
	assert_int_equal(b.last.flash_was, 0);
	assert_int_equal(b.last.flash_is, 0);
	assert_int_equal(b.last.event, NTP_ASSOC_EVENT_UNREACHABLE);
	notice_bench_close(&b);
}

static void
history_is_kept(void **state)
{
	struct ntp_history h;
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	show(&b, &well);
	show(&b, &ill);
	show(&b, &well_again);
	assert_true(ntp_notices_history(b.notices, 11, &h));
	assert_int_equal(h.transitions, 2);
	assert_true(
	    h.reachable_ns == 100 * NS_PER_S && h.unreachable_ns == 10 * NS_PER_S);
	assert_true(h.changed_wall_ns == (WALL_2026_S + INT64_C(210)) * NS_PER_S);
	assert_true(ntp_notices_history(b.notices, 10, &h));
	assert_true(h.transitions == 0 && h.changed_wall_ns == 0);
	assert_false(ntp_notices_history(b.notices, 12, &h));
	notice_bench_close(&b);
}

/* --- many --------------------------------------------------------------------------- */

enum { MANY = 500, FIRST_ID = 1000, TURN = 10 };

/* Whose problem was told, and not its end. */
struct crowd {
	bool is_open[MANY];
	unsigned told[MANY];
};

static void
count_crowd(void *ctx, const struct ntp_notice *notice)
{
	struct crowd *crowd = ctx;
	size_t i = notice->peer.id;

	assert_true(i >= FIRST_ID && i < FIRST_ID + MANY);
	i -= FIRST_ID;
	if (notice->kind == NTP_NOTICE_PEER_CHANGED)
		return;
	assert_int_equal(notice->kind,
	    crowd->is_open[i] ? NTP_NOTICE_PEER_REACHABLE : NTP_NOTICE_PEER_UNREACHABLE);
	crowd->is_open[i] = !crowd->is_open[i];
	crowd->told[i]++;
}

static struct snapshot *
crowd_at(int at_s, bool is_reachable)
{
	struct snapshot *s = snapshot_new(TARGET_UP, MANY);

	assert_non_null(s);
	s->has_peers = true;
	s->taken_ns = at_s * NS_PER_S;
	fixture_system(s, V "leap=0");
	for (size_t i = 0; i < MANY; i++) {
		char text[64];

		text_format(text, sizeof(text), "srcadr=192.0.%u.%u, hmode=3",
		    (unsigned)(i / 250), (unsigned)(i % 250 + 1));
		fixture_peer(&s->peers[i], (uint16_t)(FIRST_ID + i),
		    is_reachable ? 0x9014 : 0x8023, text);
	}
	return s;
}

/* Ten a second are told while all of them go on and off each second. */
static void
a_crowd_takes_turns(void **state)
{
	struct notice_bench b;
	struct crowd crowd = { { false }, { 0 } };
	struct step step = { .at_s = 100 };
	unsigned least = UINT32_MAX, most = 0;

	(void)state;
	notice_bench_open(&b);
	b.settings = (struct ntp_notice_settings){ 1U << NTP_TOPIC_REACH, 0, 0, 0, 5 };
	for (; step.at_s < 400; step.at_s++) {
		notice_see(&b, crowd_at(step.at_s, step.at_s % 2 == 0), &step);
		(void)ntp_notices_tell(b.notices, &b.settings, step.at_s * NS_PER_S, TURN,
		    count_crowd, &crowd);
	}
	for (size_t i = 0; i < MANY; i++) {
		least = crowd.told[i] < least ? crowd.told[i] : least;
		most = crowd.told[i] > most ? crowd.told[i] : most;
	}
	assert_true(least > 0 && most - least <= 3);
	/* When it is over, each problem ends. */
	notice_see(&b, crowd_at(step.at_s, true), &step);
	step.at_s += 100;
	while (ntp_notices_tell(b.notices, &b.settings, step.at_s * NS_PER_S, TURN,
		   count_crowd, &crowd) != CLOCK_NEVER)
		step.at_s++;
	for (size_t i = 0; i < MANY; i++)
		assert_false(crowd.is_open[i]);
	notice_bench_close(&b);
}

/* Problems less ends, by topic. */
static void
balance(void *ctx, const struct ntp_notice *notice)
{
	int *open = ctx;

	switch (notice->kind) {
	case NTP_NOTICE_PEER_UNREACHABLE:
	case NTP_NOTICE_AUTH_FAILED:
	case NTP_NOTICE_SYNC_LOST:
	case NTP_NOTICE_OFFSET_OUTSIDE:
	case NTP_NOTICE_SOURCES_FEW:
	case NTP_NOTICE_DAEMON_UNREACHABLE:
	case NTP_NOTICE_CLOCK_FAULT:
		open[notice->kind]++;
		break;
	case NTP_NOTICE_PEER_REACHABLE:
	case NTP_NOTICE_AUTH_RESTORED:
	case NTP_NOTICE_SYNC_RESTORED:
	case NTP_NOTICE_OFFSET_INSIDE:
	case NTP_NOTICE_SOURCES_ENOUGH:
	case NTP_NOTICE_DAEMON_REACHABLE:
	case NTP_NOTICE_CLOCK_CLEAR:
		assert_true(--open[notice->kind - 1] >= 0);
		break;
	case NTP_NOTICE_PEER_CHANGED:
	case NTP_NOTICE_TYPE_CHANGED:
	case NTP_NOTICE_SYSTEM_PEER_CHANGED:
	case NTP_NOTICE_CLOCK_STEPPED:
	case NTP_NOTICE_DAEMON_RESTARTED:
	case NTP_NOTICE_LEAP_ANNOUNCED:
	case NTP_NOTICE_TEST:
	case NTP_NOTICE_LOST:
	case NTP_NOTICE_END:
		break;
	}
}

static void
any_pictures_can_be_watched(void **state)
{
	int open[NTP_NOTICE_END] = { 0 };
	struct step step = { .at_s = 100 };
	struct ntp_notice_counts counts;
	uint32_t seed = 5907;
	struct notice_bench b;

	(void)state;
	notice_bench_open(&b);
	b.settings.hold_s = 7;
	for (int i = 0; i < 3000; i++) {
		step.at_s += 5;
		step.restarts += i % 17 == 0;
		notice_see(&b, fixture_random(&seed), &step);
		(void)ntp_notices_tell(b.notices, &b.settings, step.at_s * NS_PER_S,
		    (size_t)(i % 13), balance, open);
	}
	ntp_notices_counts(b.notices, &counts);
	assert_true(counts.raised > 500);
	notice_bench_close(&b);
}

static void
without_memory_nothing_is_seen(void **state)
{
	struct notice_bench b;
	int failures = 0;

	(void)state;
	notice_bench_open(&b);
	show(&b, &well);
	(void)notice_tell(&b, 100, ROOM);
	for (unsigned nth = 1;; nth++) {
		static const struct ntp_changes none;
		struct snapshot *s = notice_picture(&ill);
		struct ntp_sight sight = { s, &none, 0, 200 * NS_PER_S, 0 };
		int err;

		mem_watch_fail(nth);
		err = ntp_notices_see(b.notices, &sight, &b.settings);
		mem_watch_fail(0);
		snapshot_unref(s);
		if (err == 0)
			break;
		failures++;
		assert_string_equal(notice_tell(&b, 200, ROOM), "");
	}
	assert_int_equal(failures, 2);
	assert_string_equal(notice_tell(&b, 200, ROOM),
	    "unreachable 11 0>0;changed 11 4>0;");
	notice_bench_close(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_switched_off_is_not_told),
		cmocka_unit_test(without_a_hold_down_everything_is_told),
		cmocka_unit_test(a_hold_that_is_shortened_ends_sooner),
		cmocka_unit_test(problems_end_with_their_target),
		cmocka_unit_test(problems_of_those_that_went_end_with_the_target),
		cmocka_unit_test(nobody_hears_of_those_that_went_when_it_is_switched_off),
		cmocka_unit_test(problems_of_the_system_end_with_what_was_known),
		cmocka_unit_test(limits_are_those_of_the_manager),
		cmocka_unit_test(a_test_is_told_in_any_state),
		cmocka_unit_test(values_and_times_are_those_of_the_change),
		cmocka_unit_test(history_is_kept),
		cmocka_unit_test(a_crowd_takes_turns),
		cmocka_unit_test(any_pictures_can_be_watched),
		cmocka_unit_test(without_memory_nothing_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
