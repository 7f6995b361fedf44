/* SPDX-License-Identifier: BSD-2-Clause */
/* One subscription: asked for, renewed, lost, and ended; and which messages are taken for
 * hints. */
#include "support/check.h"

#include "support/push_bench.h"

/* --- asking ------------------------------------------------------------------------- */

static void
nothing_is_asked_before_it_may_be(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup_idle(&p);
	push_assert_state(&p, TARGET_PUSH_OFF, SUBSCRIBER_NO_REASON);
	subscriber_start(p.s, p.now_ns);
	assert_int_equal(push_sent_within(&p, 3600 * NS_PER_S), 0);
	subscriber_renew(p.s, p.now_ns);
	subscriber_leave(p.s);
	subscriber_allow(p.s, true, p.key);
	push_assert_state(&p, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
	assert_int_equal(p.n_changed, 1);
	assert_int_equal(push_sent_within(&p, 3600 * NS_PER_S), 0);
	subscriber_start(p.s, p.now_ns);
	push_turn(&p);
	push_assert_asked(&p, M6_OP_SETTRAP);
	assert_int_equal(p.b.n_sent, 1);
	push_teardown(&p);
	push_setup_idle(&p);
	subscriber_allow(p.s, false, p.key);
	subscriber_start(p.s, p.now_ns);
	assert_int_equal(push_sent_within(&p, 3600 * NS_PER_S), 0);
	push_assert_state(&p, TARGET_PUSH_OFF, SUBSCRIBER_NO_REASON);
	push_teardown(&p);
	subscriber_free(NULL);
}

static void
subscription_is_renewed(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_subscribe(&p);
	assert_int_equal(p.n_changed, 2);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(push_sent_within(&p, SUBSCRIBER_RENEW_NS - 1), 0);
		p.now_ns++;
		push_turn(&p);
		push_assert_asked(&p, M6_OP_SETTRAP);
		push_say_yes(&p);
	}
	assert_int_equal(p.n_changed, 2);
	/* A good cycle more is no reason to ask. */
	subscriber_start(p.s, p.now_ns);
	assert_int_equal(push_sent_within(&p, NS_PER_S), 0);
	push_teardown(&p);
}

static void
without_a_key_nothing_is_asked(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup_idle(&p);
	subscriber_allow(p.s, true, NULL);
	subscriber_start(p.s, p.now_ns);
	push_assert_state(&p, TARGET_PUSH_REFUSED, SUBSCRIBER_NO_KEY);
	assert_int_equal(push_sent_within(&p, 7200 * NS_PER_S), 0);
	subscriber_allow(p.s, true, p.key);
	push_subscribe(&p);
	push_teardown(&p);
}

/* --- what happens ------------------------------------------------------------------- */

static void
restarted_daemon_is_asked_at_once(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_subscribe(&p);
	push_message(&p, 900, 0, true);
	subscriber_renew(p.s, p.now_ns);
	push_assert_state(&p, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
	push_message(&p, 901, 0, true);
	assert_int_equal(p.n_hints, 1);
	push_subscribe(&p);
	/* Its numbers begin anew. */
	push_message(&p, 1, 0, true);
	assert_int_equal(p.n_hints, 2);
	/* In the middle of a request: the answer of the old life is not taken. */
	p.now_ns += SUBSCRIBER_RENEW_NS;
	push_turn(&p);
	subscriber_renew(p.s, p.now_ns);
	push_say_yes(&p);
	push_assert_state(&p, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
	push_subscribe(&p);
	push_teardown(&p);
}

static void
other_socket_is_subscribed_anew(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_subscribe(&p);
	subscriber_leave(p.s);
	push_assert_asked(&p, M6_OP_UNSETTRAP);
	push_assert_state(&p, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
	assert_int_equal(push_sent_within(&p, 3600 * NS_PER_S), 0);
	subscriber_leave(p.s);
	assert_int_equal(p.b.n_sent, 2);
	subscriber_start(p.s, p.now_ns);
	push_subscribe(&p);
	/* Another daemon is asked whatever the one before said. */
	p.now_ns += SUBSCRIBER_RENEW_NS;
	push_turn(&p);
	push_say_no(&p, M6_ERROR_BADOP, NULL);
	subscriber_leave(p.s);
	subscriber_forget(p.s);
	push_assert_state(&p, TARGET_PUSH_WAITING, SUBSCRIBER_NO_REASON);
	assert_int_equal(push_sent_within(&p, 3600 * NS_PER_S), 0);
	subscriber_start(p.s, p.now_ns);
	push_subscribe(&p);
	push_teardown(&p);
}

/* The same daemon on a new socket: its refusal stands, and the time of it. */
static void
refusal_outlives_the_socket(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_turn(&p);
	push_say_no(&p, M6_ERROR_PERMISSION, NULL);
	p.now_ns += 10 * NS_PER_S;
	subscriber_leave(p.s);
	assert_int_equal(p.b.n_sent, 1);
	subscriber_start(p.s, p.now_ns);
	push_assert_state(&p, TARGET_PUSH_REFUSED, SUBSCRIBER_KEY_REFUSED);
	assert_int_equal(push_sent_within(&p, 50 * NS_PER_S - 1), 0);
	assert_int_equal(push_sent_within(&p, 1), 1);
	push_teardown(&p);
}

static void
other_key_is_used_at_once(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_subscribe(&p);
	p.now_ns += SUBSCRIBER_RENEW_NS;
	push_turn(&p);
	/* The request under way ends: its key may go. */
	subscriber_allow(p.s, true, m6_keys_find(p.keys, 4));
	push_assert_state(&p, TARGET_PUSH_SUBSCRIBED, SUBSCRIBER_NO_REASON);
	push_say_yes(&p);
	p.key = m6_keys_find(p.keys, 4);
	push_turn(&p);
	push_assert_asked(&p, M6_OP_SETTRAP);
	push_say_no(&p, M6_ERROR_PERMISSION, NULL);
	push_assert_state(&p, TARGET_PUSH_REFUSED, SUBSCRIBER_KEY_REFUSED);
	p.key = m6_keys_find(p.keys, 1);
	subscriber_allow(p.s, true, p.key);
	push_subscribe(&p);
	push_teardown(&p);
}

static void
no_longer_wanted_is_said(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_subscribe(&p);
	subscriber_allow(p.s, false, p.key);
	push_assert_asked(&p, M6_OP_UNSETTRAP);
	push_assert_state(&p, TARGET_PUSH_OFF, SUBSCRIBER_NO_REASON);
	push_message(&p, 1, 0, true);
	assert_int_equal(p.n_hints, 0);
	assert_int_equal(push_state_of(&p).n_ignored, 0);
	assert_int_equal(push_sent_within(&p, 7200 * NS_PER_S), 0);
	/* The daemon still answers. */
	subscriber_allow(p.s, true, p.key);
	push_subscribe(&p);
	push_teardown(&p);
}

static void
end_is_said_without_waiting(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_subscribe(&p);
	subscriber_free(p.s);
	assert_int_equal(p.b.n_sent, 2);
	push_assert_asked(&p, M6_OP_UNSETTRAP);
	push_say_yes(&p);
	m6_client_tick(p.b.client, p.now_ns + 3600 * NS_PER_S);
	assert_int_equal(p.b.n_sent, 2);
	push_message(&p, 1, 0, true);
	p.s = NULL;
	push_teardown(&p);
	/* Nothing is to be said when nothing was given, also in the middle of a request.
	 */
	push_setup(&p);
	push_turn(&p);
	subscriber_free(p.s);
	push_say_yes(&p);
	assert_int_equal(p.b.n_sent, 1);
	p.s = NULL;
	push_teardown(&p);
}

/* --- messages ----------------------------------------------------------------------- */

static void
message_is_a_hint(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_subscribe(&p);
	push_message(&p, 1, 0, true);
	assert_int_equal(p.n_hints, 1);
	assert_int_equal(p.hint, 0);
	push_message(&p, 2, 300, true);
	assert_int_equal(p.n_hints, 2);
	assert_int_equal(p.hint, 300);
	/* The rest of it is neither one more nor a wrong one. */
	push_message(&p, 2, 300, false);
	push_message(&p, 2, 300, false);
	/* Some were lost, and of one the first fragment. */
	push_message(&p, 17, 301, false);
	push_message(&p, 17, 301, false);
	assert_int_equal(p.n_hints, 3);
	assert_int_equal(push_state_of(&p).n_messages, 3);
	assert_int_equal(push_state_of(&p).n_ignored, 0);
	push_teardown(&p);
}

static void
repeated_and_older_messages_are_no_hints(void **state)
{
	static const uint16_t others[] = { 5000, 4999, 1, 0, (uint16_t)(5000 - 0x7fff),
		(uint16_t)(5000 + 0x8000) };
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_subscribe(&p);
	push_message(&p, 5000, 0, true);
	for (size_t i = 0; i < COUNT(others); i++)
		push_message(&p, others[i], 0, true);
	assert_int_equal(p.n_hints, 1);
	assert_int_equal(push_state_of(&p).n_ignored, COUNT(others));
	push_message(&p, 5000 + 0x7fff, 0, true);
	assert_int_equal(p.n_hints, 2);
	/* Around the end of sixteen bits. */
	push_message(&p, 0xffff, 0, true);
	push_message(&p, 0, 0, true);
	assert_int_equal(p.n_hints, 4);
	push_message(&p, 0xffff, 0, true);
	assert_int_equal(p.n_hints, 4);
	push_teardown(&p);
}

/* One forged number does not keep out for ever what the daemon sends. */
static void
numbers_may_begin_anew_after_a_renewal(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_subscribe(&p);
	push_message(&p, 10, 0, true);
	push_message(&p, 30000, 0, true);
	push_message(&p, 11, 0, true);
	assert_int_equal(p.n_hints, 2);
	p.now_ns += SUBSCRIBER_RENEW_NS;
	push_turn(&p);
	push_message(&p, 12, 0, true);
	assert_int_equal(p.n_hints, 2);
	push_say_yes(&p);
	push_message(&p, 13, 0, true);
	push_message(&p, 13, 0, true);
	push_message(&p, 14, 0, true);
	assert_int_equal(p.n_hints, 4);
	push_teardown(&p);
}

static void
forged_messages_without_a_subscription_are_no_hints(void **state)
{
	struct push_bench p;

	(void)state;
	push_setup(&p);
	push_message(&p, 1, 0, true);
	push_turn(&p);
	push_message(&p, 2, 0, true);
	assert_int_equal(push_state_of(&p).n_ignored, 2);
	push_say_no(&p, M6_ERROR_PERMISSION, NULL);
	push_message(&p, 3, 0, true);
	assert_int_equal(push_state_of(&p).n_ignored, 3);
	assert_int_equal(p.n_hints, 0);
	assert_int_equal(push_state_of(&p).n_messages, 0);
	push_teardown(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_asked_before_it_may_be),
		cmocka_unit_test(subscription_is_renewed),
		cmocka_unit_test(without_a_key_nothing_is_asked),
		cmocka_unit_test(restarted_daemon_is_asked_at_once),
		cmocka_unit_test(other_socket_is_subscribed_anew),
		cmocka_unit_test(refusal_outlives_the_socket),
		cmocka_unit_test(other_key_is_used_at_once),
		cmocka_unit_test(no_longer_wanted_is_said),
		cmocka_unit_test(end_is_said_without_waiting),
		cmocka_unit_test(message_is_a_hint),
		cmocka_unit_test(repeated_and_older_messages_are_no_hints),
		cmocka_unit_test(numbers_may_begin_anew_after_a_renewal),
		cmocka_unit_test(forged_messages_without_a_subscription_are_no_hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
