/* SPDX-License-Identifier: BSD-2-Clause */
/* When a daemon is taken for one that limits our rate, and how fast it is asked then. */
#include "support/check.h"

#include <stdbool.h>
#include <stddef.h>

#include "client/pace.h"

/* A daemon in one variable, and the clock. */
struct limiter {
	struct pace pace, theirs; /* the same arithmetic on either side */
	uint32_t limit;           /* UINT32_MAX: none */
	int64_t now_ns;
	unsigned in_a_row; /* lost */
	unsigned n_sent, n_lost;
};

static void
setup(struct limiter *l, uint32_t limit)
{
	*l = (struct limiter){ .limit = limit, .now_ns = NS_PER_S };
}

/* One datagram now; whether it was answered. `arrives`: as far as the network goes. */
static bool
send_one(struct limiter *l, bool arrives)
{
	uint32_t score = pace_sent(&l->pace, l->now_ns);
	bool is_answered = arrives && pace_sent(&l->theirs, l->now_ns) <= l->limit;

	l->n_sent++;
	if (is_answered) {
		l->in_a_row = 0;
		pace_answered(&l->pace, score, l->now_ns);
	} else {
		l->n_lost++;
		l->in_a_row++;
		pace_lost(&l->pace, score, l->in_a_row >= 3, l->now_ns);
	}
	return is_answered;
}

/* Waits as long as it has to be, and not without need. */
static void
wait_turn(struct limiter *l, int64_t timeout_ns)
{
	int64_t next_ns = pace_is_on(&l->pace) ? pace_next_ns(&l->pace, timeout_ns) : 0;

	l->now_ns += NS_PER_MS;
	if (next_ns > l->now_ns)
		l->now_ns = next_ns;
}

static void
send_many(struct limiter *l, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		wait_turn(l, NS_PER_S);
		(void)send_one(l, true);
	}
}

static void
score_counts_datagrams_and_decays(void **state)
{
	struct pace p = { 0 };

	(void)state;
	for (uint32_t i = 1; i <= 20; i++)
		assert_int_equal(pace_sent(&p, 0), i * PACE_UNIT);
	/* The e-th part of 20 in 20 s, the square of that in 40 s, and the new one. */
	assert_in_range(pace_sent(&p, PACE_DECAY_NS), 8340, 8370);
	p.score = 20 * PACE_UNIT;
	assert_in_range(pace_sent(&p, 3 * PACE_DECAY_NS), 3690, 3720);
	/* One each 1100 ms in the long run comes near to 18.7. */
	for (int i = 0; i < 200; i++)
		(void)pace_sent(&p, p.sent_ns + 1100 * NS_PER_MS);
	assert_in_range(p.score, 18600, 18800);
	assert_int_equal(pace_sent(&p, p.sent_ns + 3600 * NS_PER_S), PACE_UNIT);
	/* A clock that stands, and no end of datagrams. */
	p.score = UINT32_MAX / 2;
	assert_int_equal(pace_sent(&p, p.sent_ns), UINT32_MAX / 2);
}

static void
little_is_never_limited(void **state)
{
	struct limiter l;

	(void)state;
	setup(&l, 0);
	for (uint32_t i = 0; i < PACE_LIMIT_MIN / PACE_UNIT; i++)
		(void)send_one(&l, true);
	assert_false(pace_is_on(&l.pace));
	(void)send_one(&l, true);
	assert_true(pace_is_on(&l.pace));
}

static void
losses_must_come_in_a_row(void **state)
{
	struct limiter l;

	(void)state;
	setup(&l, UINT32_MAX);
	for (unsigned i = 0; i < 300; i++) {
		(void)send_one(&l, i % 3 == 0);
		assert_false(pace_is_on(&l.pace));
	}
	/* Somewhat more than was answered was never tried; then it is news. */
	while (!pace_is_on(&l.pace))
		(void)send_one(&l, false);
	assert_in_range(l.n_sent, 360, 380);
}

/* What was answered ten minutes ago says nothing: it may be another daemon by now. */
static void
proof_grows_old(void **state)
{
	struct limiter l;

	(void)state;
	for (int is_old = 0; is_old < 2; is_old++) {
		setup(&l, UINT32_MAX);
		send_many(&l, 60);
		l.now_ns += PACE_PROOF_NS + (is_old ? 1 : -10 * NS_PER_MS);
		for (unsigned i = 0; i < 30; i++)
			(void)send_one(&l, false);
		assert_int_equal(pace_is_on(&l.pace), is_old != 0);
	}
}

static void
limiter_is_found_and_kept_near_its_limit(void **state)
{
	/* NTPsec's default, and what is left of it for us. */
	static const uint32_t limits[] = { 20 * PACE_UNIT, 17 * PACE_UNIT,
		12 * PACE_UNIT };

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++) {
		struct limiter l;
		int64_t since_ns;

		setup(&l, limits[i]);
		send_many(&l, 60);
		assert_true(pace_is_on(&l.pace) && l.pace.is_certain);
		since_ns = l.now_ns;
		l.n_sent = 0;
		l.n_lost = 0;
		while (l.now_ns - since_ns < 600 * NS_PER_S)
			send_many(&l, 1);
		/* At least seven in ten of what it would answer, and few in vain. */
		assert_true(l.n_sent - l.n_lost >= limits[i] / PACE_UNIT * 30 * 7 / 10);
		assert_true(l.n_lost * 8 < l.n_sent);
		assert_true(l.pace.is_certain);
		assert_in_range(pace_gap_ns(&l.pace), NS_PER_S, 2200 * NS_PER_MS);
	}
}

/* A daemon that was away is asked once in two seconds and believed at once. */
static void
one_answer_high_above_the_limit_clears(void **state)
{
	struct limiter l;

	(void)state;
	setup(&l, UINT32_MAX);
	for (unsigned i = 0; i < 40; i++)
		(void)send_one(&l, false);
	assert_true(pace_is_on(&l.pace));
	assert_int_equal(pace_next_ns(&l.pace, 0), l.now_ns + PACE_TEST_NS);
	assert_int_equal(pace_next_ns(&l.pace, 3 * NS_PER_S), l.now_ns + 3 * NS_PER_S);
	wait_turn(&l, 0);
	assert_true(send_one(&l, true));
	assert_false(pace_is_on(&l.pace));
}

static void
answers_raise_the_ceiling_until_nothing_is_left(void **state)
{
	struct limiter l;

	(void)state;
	setup(&l, UINT32_MAX);
	while (!pace_is_on(&l.pace))
		(void)send_one(&l, false);
	send_many(&l, 17);
	assert_false(pace_is_on(&l.pace));
	assert_in_range(l.now_ns, NS_PER_S, 1100 * NS_PER_MS);
}

/* Losses go on though hardly anything is sent: that is the way, not the daemon. */
static void
losses_at_the_lowest_pace_acquit(void **state)
{
	struct limiter l;
	int64_t since_ns;

	(void)state;
	setup(&l, UINT32_MAX);
	for (unsigned i = 0; i < 18; i++)
		(void)send_one(&l, false);
	assert_true(pace_is_on(&l.pace));
	since_ns = l.now_ns;
	for (unsigned i = 0; pace_is_on(&l.pace); i++) {
		wait_turn(&l, 0);
		(void)send_one(&l, i % 2 == 0);
	}
	assert_in_range(l.now_ns - since_ns, 10 * NS_PER_S, 40 * NS_PER_S);
	assert_int_equal(l.pace.n_acquitted, 1);
}

static void
suspicion_ends_when_nothing_was_lost_for_long(void **state)
{
	struct limiter l;

	(void)state;
	setup(&l, 20 * PACE_UNIT);
	send_many(&l, 60);
	pace_tick(&l.pace, l.pace.lost_ns + PACE_KEEP_NS - 1);
	assert_true(pace_is_on(&l.pace));
	pace_tick(&l.pace, l.pace.lost_ns + PACE_KEEP_NS);
	assert_false(pace_is_on(&l.pace));
	assert_int_equal(pace_gap_ns(&l.pace), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(score_counts_datagrams_and_decays),
		cmocka_unit_test(little_is_never_limited),
		cmocka_unit_test(losses_must_come_in_a_row),
		cmocka_unit_test(proof_grows_old),
		cmocka_unit_test(limiter_is_found_and_kept_near_its_limit),
		cmocka_unit_test(one_answer_high_above_the_limit_clears),
		cmocka_unit_test(answers_raise_the_ceiling_until_nothing_is_left),
		cmocka_unit_test(losses_at_the_lowest_pace_acquit),
		cmocka_unit_test(suspicion_ends_when_nothing_was_lost_for_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
