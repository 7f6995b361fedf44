/* SPDX-License-Identifier: BSD-2-Clause */
/* The notification queue: order, window, rate, room, and what happens to items whose way
 * ends in each of the possible manners. */
#include "support/check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "snmp/session_queue.h"

enum { ITEMS_MAX = 64 };

/* Payloads are numbers; the array says how often each was released. */
static unsigned released[ITEMS_MAX];
static int numbers[ITEMS_MAX];

static void
release(void *payload)
{
	released[*(int *)payload]++;
}

static int
reset(void **state)
{
	(void)state;
	memset(released, 0, sizeof(released));
	for (int i = 0; i < ITEMS_MAX; i++)
		numbers[i] = i;
	return 0;
}

static struct session_queue *
queue_of(uint32_t max, uint32_t window, uint32_t rate, uint32_t burst)
{
	const struct session_queue_limits limits = { .max = max,
		.window = window,
		.rate_per_s = rate,
		.burst = burst };
	struct session_queue *q = session_queue_new(&limits, release);

	assert_non_null(q);
	return q;
}

static void
push(struct session_queue *q, int from, int count)
{
	for (int i = from; i < from + count; i++)
		assert_int_equal(session_queue_push(q, &numbers[i]), 0);
}

static struct session_queue_item *
send(struct session_queue *q, int64_t now_ns, int number)
{
	struct session_queue_item *item = session_queue_send(q, now_ns);

	assert_non_null(item);
	assert_int_equal(*(int *)session_queue_payload(item), number);
	return item;
}

static void
assert_counts(const struct session_queue *q, struct session_queue_counts expected)
{
	struct session_queue_counts counts;

	session_queue_counts(q, &counts);
	assert_int_equal(counts.queued, expected.queued);
	assert_int_equal(counts.acknowledged, expected.acknowledged);
	assert_int_equal(counts.dropped, expected.dropped);
	assert_int_equal(counts.resent, expected.resent);
	assert_int_equal(counts.waiting, expected.waiting);
	assert_int_equal(counts.under_way, expected.under_way);
}

static void
items_go_in_order(void **state)
{
	struct session_queue *q = queue_of(10, 10, 0, 0);

	(void)state;
	push(q, 0, 5);
	for (int i = 0; i < 5; i++)
		session_queue_acknowledged(q, send(q, 0, i));
	assert_null(session_queue_send(q, 0));
	assert_counts(q, (struct session_queue_counts){ .queued = 5, .acknowledged = 5 });
	for (int i = 0; i < 5; i++)
		assert_int_equal(released[i], 1);
	session_queue_free(q);
}

static void
the_window_limits_what_is_under_way(void **state)
{
	struct session_queue *q = queue_of(10, 2, 0, 0);
	struct session_queue_item *first, *second;

	(void)state;
	push(q, 0, 4);
	first = send(q, 0, 0);
	second = send(q, 0, 1);
	assert_null(session_queue_send(q, 0));
	assert_true(session_queue_wait(q, 0) == CLOCK_NEVER);
	session_queue_acknowledged(q, second);
	assert_int_equal(session_queue_wait(q, 0), 0);
	second = send(q, 0, 2);
	assert_null(session_queue_send(q, 0));
	session_queue_acknowledged(q, first);
	session_queue_acknowledged(q, send(q, 0, 3));
	session_queue_acknowledged(q, second);
	assert_counts(q, (struct session_queue_counts){ .queued = 4, .acknowledged = 4 });
	session_queue_free(q);
}

/* After an acknowledgement in the middle and at the end, new items still come last. */
static void
items_leave_from_any_place(void **state)
{
	struct session_queue *q = queue_of(10, 10, 0, 0);
	struct session_queue_item *items[3];

	(void)state;
	push(q, 0, 3);
	for (int i = 0; i < 3; i++)
		items[i] = send(q, 0, i);
	session_queue_acknowledged(q, items[2]);
	session_queue_acknowledged(q, items[1]);
	push(q, 3, 2);
	session_queue_acknowledged(q, items[0]);
	session_queue_acknowledged(q, send(q, 0, 3));
	session_queue_acknowledged(q, send(q, 0, 4));
	push(q, 5, 1);
	session_queue_acknowledged(q, send(q, 0, 5));
	assert_counts(q, (struct session_queue_counts){ .queued = 6, .acknowledged = 6 });
	session_queue_free(q);
}

static void
the_oldest_waiting_one_makes_room(void **state)
{
	struct session_queue *q = queue_of(3, 1, 0, 0);
	struct session_queue_item *item;

	(void)state;
	push(q, 0, 3);
	item = send(q, 0, 0);
	push(q, 3, 2);
	assert_int_equal(released[1], 1);
	assert_int_equal(released[2], 1);
	assert_counts(q,
	    (struct session_queue_counts){ .queued = 5,
		.dropped = 2,
		.waiting = 2,
		.under_way = 1 });
	session_queue_acknowledged(q, item);
	session_queue_acknowledged(q, send(q, 0, 3));
	session_queue_acknowledged(q, send(q, 0, 4));
	session_queue_free(q);
}

static void
with_all_under_way_the_new_one_is_dropped(void **state)
{
	struct session_queue *q = queue_of(2, 2, 0, 0);

	(void)state;
	push(q, 0, 2);
	send(q, 0, 0);
	send(q, 0, 1);
	push(q, 2, 1);
	assert_int_equal(released[2], 1);
	assert_counts(q,
	    (struct session_queue_counts){ .queued = 3, .dropped = 1, .under_way = 2 });
	session_queue_free(q);
}

static void
a_lost_connection_sends_again_in_order(void **state)
{
	struct session_queue *q = queue_of(10, 3, 0, 0);
	struct session_queue_item *second;

	(void)state;
	push(q, 0, 5);
	send(q, 0, 0);
	second = send(q, 0, 1);
	send(q, 0, 2);
	session_queue_acknowledged(q, second);
	session_queue_lost(q);
	assert_counts(q,
	    (struct session_queue_counts){ .queued = 5,
		.acknowledged = 1,
		.waiting = 4 });
	session_queue_acknowledged(q, send(q, 0, 0));
	session_queue_acknowledged(q, send(q, 0, 2));
	session_queue_acknowledged(q, send(q, 0, 3));
	session_queue_acknowledged(q, send(q, 0, 4));
	assert_counts(q,
	    (struct session_queue_counts){ .queued = 5, .acknowledged = 5, .resent = 2 });
	session_queue_free(q);
}

static void
a_refused_item_is_given_up_after_some_attempts(void **state)
{
	struct session_queue *q = queue_of(10, 10, 0, 0);

	(void)state;
	push(q, 0, 2);
	for (int i = 0; i < SESSION_REFUSALS_MAX; i++) {
		assert_int_equal(released[0], 0);
		session_queue_refused(q, send(q, 0, 0));
	}
	assert_int_equal(released[0], 1);
	session_queue_acknowledged(q, send(q, 0, 1));
	assert_counts(q,
	    (struct session_queue_counts){ .queued = 2,
		.acknowledged = 1,
		.dropped = 1,
		.resent = SESSION_REFUSALS_MAX - 1 });
	session_queue_free(q);
}

static void
what_never_left_is_no_repetition(void **state)
{
	struct session_queue *q = queue_of(10, 10, 0, 0);

	(void)state;
	push(q, 0, 1);
	session_queue_not_sent(q, send(q, 0, 0));
	session_queue_not_sent(q, send(q, 0, 0));
	assert_counts(q, (struct session_queue_counts){ .queued = 1, .waiting = 1 });
	session_queue_unanswered(q, send(q, 0, 0));
	session_queue_not_sent(q, send(q, 0, 0));
	session_queue_acknowledged(q, send(q, 0, 0));
	assert_counts(q,
	    (struct session_queue_counts){ .queued = 1, .acknowledged = 1, .resent = 1 });
	session_queue_free(q);
}

/* Sends and acknowledges all that may go at `now_ns`; how many that is. */
static int
send_all(struct session_queue *q, int64_t now_ns)
{
	struct session_queue_item *item;
	int n = 0;

	while ((item = session_queue_send(q, now_ns)) != NULL) {
		session_queue_acknowledged(q, item);
		n++;
	}
	return n;
}

static void
the_rate_limits_after_a_burst(void **state)
{
	static const struct {
		int64_t at_ns;
		int sent;
		int64_t wait_ns;
	} steps[] = {
		/* 50 a second is one in 20 ms; the burst is 4. */
		{ 1000 * NS_PER_MS, 4, 20 * NS_PER_MS },
		{ 1001 * NS_PER_MS, 0, 19 * NS_PER_MS },
		{ 1019 * NS_PER_MS, 0, 1 * NS_PER_MS },
		{ 1020 * NS_PER_MS, 1, 20 * NS_PER_MS },
		{ 1060 * NS_PER_MS, 2, 20 * NS_PER_MS },
		{ 1130 * NS_PER_MS, 3, 10 * NS_PER_MS },
		{ 9000 * NS_PER_MS, 4,
		    20 * NS_PER_MS }, /* saved up: no more than a burst */
	};
	struct session_queue *q = queue_of(64, 64, 50, 4);

	(void)state;
	push(q, 0, 32);
	for (size_t i = 0; i < COUNT(steps); i++) {
		assert_int_equal(send_all(q, steps[i].at_ns), steps[i].sent);
		assert_int_equal(session_queue_wait(q, steps[i].at_ns), steps[i].wait_ns);
	}
	session_queue_free(q);
}

static void
a_steady_trickle_is_never_held_up(void **state)
{
	struct session_queue *q = queue_of(64, 64, 50, 1);

	(void)state;
	for (int i = 0; i < 20; i++) {
		push(q, i, 1);
		assert_int_equal(send_all(q, i * 20 * NS_PER_MS), 1);
	}
	session_queue_free(q);
}

static void
an_empty_queue_waits_for_nothing(void **state)
{
	struct session_queue *q = queue_of(4, 4, 50, 1);

	(void)state;
	assert_true(session_queue_wait(q, 0) == CLOCK_NEVER);
	push(q, 0, 1);
	assert_int_equal(session_queue_wait(q, 0), 0);
	send(q, 0, 0);
	assert_true(session_queue_wait(q, 0) == CLOCK_NEVER);
	session_queue_free(q);
}

static void
free_releases_what_is_left(void **state)
{
	struct session_queue *q = queue_of(10, 2, 0, 0);

	(void)state;
	push(q, 0, 4);
	send(q, 0, 0);
	session_queue_free(q);
	for (int i = 0; i < 4; i++)
		assert_int_equal(released[i], 1);
	session_queue_free(NULL);
}

/* Whatever happens in whatever order: nothing is released twice, nothing is lost, and the
 * counters add up. */
static void
random_histories_add_up(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 200; seed++) {
		struct session_queue *q = queue_of(8, 3, 0, 0);
		struct session_queue_item *way[8] = { NULL };
		struct session_queue_counts c;
		int pushed = 0;

		reset(NULL);
		srand(seed);
		while (pushed < ITEMS_MAX) {
			int slot = rand() % 3;

			switch (rand() % 5) {
			case 0:
				push(q, pushed++, 1);
				break;
			case 1:
				if (way[slot] == NULL)
					way[slot] = session_queue_send(q, 0);
				break;
			case 2:
				if (way[slot] != NULL)
					session_queue_acknowledged(q, way[slot]);
				way[slot] = NULL;
				break;
			case 3:
				if (way[slot] != NULL)
					session_queue_refused(q, way[slot]);
				way[slot] = NULL;
				break;
			case 4:
				session_queue_lost(q);
				memset(way, 0, sizeof(way));
				break;
			}
			session_queue_counts(q, &c);
			assert_int_equal(c.queued,
			    c.acknowledged + c.dropped + c.waiting + c.under_way);
			assert_true(c.waiting + c.under_way <= 8 && c.under_way <= 3);
		}
		session_queue_free(q);
		for (int i = 0; i < pushed; i++)
			assert_int_equal(released[i], 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(items_go_in_order, reset),
		cmocka_unit_test_setup(the_window_limits_what_is_under_way, reset),
		cmocka_unit_test_setup(items_leave_from_any_place, reset),
		cmocka_unit_test_setup(the_oldest_waiting_one_makes_room, reset),
		cmocka_unit_test_setup(with_all_under_way_the_new_one_is_dropped, reset),
		cmocka_unit_test_setup(a_lost_connection_sends_again_in_order, reset),
		cmocka_unit_test_setup(a_refused_item_is_given_up_after_some_attempts,
		    reset),
		cmocka_unit_test_setup(what_never_left_is_no_repetition, reset),
		cmocka_unit_test_setup(the_rate_limits_after_a_burst, reset),
		cmocka_unit_test_setup(a_steady_trickle_is_never_held_up, reset),
		cmocka_unit_test_setup(an_empty_queue_waits_for_nothing, reset),
		cmocka_unit_test_setup(free_releases_what_is_left, reset),
		cmocka_unit_test_setup(random_histories_add_up, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
