/* SPDX-License-Identifier: BSD-2-Clause */
/* A subscription that the daemon refuses, does not answer, or answers wrong. */
#include "support/check.h"

#include "base/err.h"
#include "support/push_bench.h"

/* More than a request waits for its answer. */
#define PATIENCE_NS (30 * NS_PER_S)

enum answer { VALID, NONE };

static void
refusals_are_told_apart(void **state)
{
	static const struct {
		uint8_t code;
		enum answer sign;
		enum subscriber_reason reason;
	} rows[] = {
		{ M6_ERROR_BADOP, NONE, SUBSCRIBER_UNSUPPORTED },
		{ M6_ERROR_BADOP, VALID, SUBSCRIBER_UNSUPPORTED },
		{ M6_ERROR_PERMISSION, NONE, SUBSCRIBER_KEY_REFUSED },
		{ M6_ERROR_PERMISSION, VALID, SUBSCRIBER_NOT_PERMITTED },
		{ M6_ERROR_BADFMT, VALID, SUBSCRIBER_ERROR },
		{ M6_ERROR_UNSPEC, NONE, SUBSCRIBER_ERROR },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct push_bench p;

		push_setup(&p);
		push_turn(&p);
		push_say_no(&p, rows[i].code, rows[i].sign == VALID ? p.key : NULL);
		push_assert_state(&p, TARGET_PUSH_REFUSED, rows[i].reason);
		if (rows[i].reason == SUBSCRIBER_ERROR)
			assert_int_equal(push_state_of(&p).daemon_error, rows[i].code);
		push_message(&p, 1, 0, true);
		assert_int_equal(p.n_hints, 0);
		push_teardown(&p);
	}
}

/* The empty answer behind an error looks like a success but for its status word. */
static void
empty_answer_of_a_refusal_is_no_success(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_turn(&p);
	push_answer_with(&p, M6_ERROR_PERMISSION << 8, false, "", p.key);
	push_assert_state(&p, TARGET_PUSH_REFUSED, SUBSCRIBER_NOT_PERMITTED);
	push_answer_with(&p, M6_ERROR_PERMISSION << 8, true, "", p.key);
	push_assert_state(&p, TARGET_PUSH_REFUSED, SUBSCRIBER_NOT_PERMITTED);
	p.now_ns += SUBSCRIBER_RETRY_MIN_NS;
	push_turn(&p);
	push_answer_with(&p, 0, false, "what is this", p.key);
	push_assert_state(&p, TARGET_PUSH_REFUSED, SUBSCRIBER_ERROR);
	push_teardown(&p);
}

static void
refusal_is_tried_ever_more_rarely(void **state)
{
	static const int64_t waits_s[] = { 60, 120, 240, 480, 960, 1920, 3600, 3600 };
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_turn(&p);
	for (size_t i = 0; i < COUNT(waits_s); i++) {
		push_say_no(&p, M6_ERROR_PERMISSION, NULL);
		assert_int_equal(push_sent_within(&p, waits_s[i] * NS_PER_S - 1), 0);
		p.now_ns++;
		push_turn(&p);
		push_assert_asked(&p, M6_OP_SETTRAP);
	}
	/* It is said once, and forgotten with the first yes. */
	assert_int_equal(p.n_changed, 2);
	push_say_yes(&p);
	assert_int_equal(p.n_changed, 3);
	p.now_ns += SUBSCRIBER_RENEW_NS;
	push_turn(&p);
	push_say_no(&p, M6_ERROR_PERMISSION, NULL);
	assert_int_equal(push_sent_within(&p, 60 * NS_PER_S - 1), 0);
	assert_int_equal(push_sent_within(&p, 1), 1);
	push_teardown(&p);
}

/* Also when its address, and our socket, come and go meanwhile. */
static void
daemon_that_does_not_know_it_is_let_alone_for_a_day(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_turn(&p);
	push_say_no(&p, M6_ERROR_BADOP, NULL);
	assert_int_equal(push_sent_within(&p, SUBSCRIBER_UNSUPPORTED_NS / 2), 0);
	subscriber_leave(p.s);
	subscriber_start(p.s, p.now_ns);
	subscriber_allow(p.s, true, m6_keys_find(p.keys, 2));
	subscriber_allow(p.s, true, p.key);
	assert_int_equal(push_sent_within(&p, SUBSCRIBER_UNSUPPORTED_NS / 2 - 1), 0);
	push_assert_state(&p, TARGET_PUSH_REFUSED, SUBSCRIBER_UNSUPPORTED);
	p.now_ns++;
	push_turn(&p);
	push_assert_asked(&p, M6_OP_SETTRAP);
	/* The configuration is read again before it has answered. */
	subscriber_allow(p.s, true, p.key);
	assert_int_equal(push_sent_within(&p, 1), 1);
	push_say_no(&p, M6_ERROR_BADOP, NULL);
	subscriber_renew(p.s, p.now_ns);
	push_assert_state(&p, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
	push_subscribe(&p);
	push_teardown(&p);
}

static void
silence_is_a_refusal_in_the_end(void **state)
{
	struct m6_client_stats stats;
	struct push_bench p;

	(void)state;
	push_setup(&p);
	assert_int_equal(push_sent_within(&p, PATIENCE_NS), SUBSCRIBER_TRIES);
	push_assert_state(&p, TARGET_PUSH_REFUSED, SUBSCRIBER_NO_REPLY);
	for (size_t i = 1; i < p.b.n_sent; i++)
		assert_int_not_equal(p.b.sent[i].sequence, p.b.sent[i - 1].sequence);
	/* The way to the daemon is not to blame. */
	m6_client_stats(p.b.client, &stats);
	assert_int_equal(stats.window, M6_WINDOW_START);
	assert_int_equal(stats.gap_ns, 0);
	assert_int_equal(push_sent_within(&p, SUBSCRIBER_RETRY_MIN_NS), SUBSCRIBER_TRIES);
	push_teardown(&p);
	/* One lost datagram is none. */
	push_setup(&p);
	push_turn(&p);
	p.now_ns += 5 * NS_PER_S;
	push_turn(&p);
	push_turn(&p);
	assert_int_equal(p.b.n_sent, 2);
	push_say_yes(&p);
	push_assert_state(&p, TARGET_PUSH_SUBSCRIBED, SUBSCRIBER_NO_REASON);
	push_teardown(&p);
}

static void
answers_signed_wrong_are_not_believed(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	for (unsigned i = 0; i < SUBSCRIBER_TRIES; i++) {
		push_turn(&p);
		push_assert_asked(&p, M6_OP_SETTRAP);
		push_answer_with(&p, 0, false, "", NULL);
		push_answer_with(&p, 0, false, "", m6_keys_find(p.keys, 2));
		push_assert_state(&p, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
		p.now_ns += 10 * NS_PER_S;
		push_turn(&p);
	}
	push_assert_state(&p, TARGET_PUSH_REFUSED, SUBSCRIBER_UNSIGNED);
	push_teardown(&p);
}

/* Nobody listens there: the poller will find that out, and what has become of it. */
static void
closed_port_is_no_refusal(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	p.b.send_result = ERR_REFUSED;
	push_turn(&p);
	push_assert_state(&p, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
	p.b.send_result = 0;
	assert_int_equal(push_sent_within(&p, 59 * NS_PER_S), 0);
	p.now_ns += NS_PER_S;
	push_subscribe(&p);
	push_teardown(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_are_told_apart),
		cmocka_unit_test(empty_answer_of_a_refusal_is_no_success),
		cmocka_unit_test(refusal_is_tried_ever_more_rarely),
		cmocka_unit_test(daemon_that_does_not_know_it_is_let_alone_for_a_day),
		cmocka_unit_test(silence_is_a_refusal_in_the_end),
		cmocka_unit_test(answers_signed_wrong_are_not_believed),
		cmocka_unit_test(closed_port_is_no_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
