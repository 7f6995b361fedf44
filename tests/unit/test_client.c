/* SPDX-License-Identifier: BSD-2-Clause */
/* One client against hand-made datagrams: what is sent, what is believed, who is told. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "client/client.h"
#include "support/client_bench.h"

static void
request_on_the_wire_is_what_every_daemon_reads(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 4711, "leap,stratum");
	assert_int_equal(b.n_sent, 0);
	assert_int_equal(m6_client_deadline(b.client), 0);
	m6_client_tick(b.client, 5);
	assert_int_equal(b.n_sent, 1);
	assert_int_equal(b.sent[0].version, 2);
	assert_int_equal(b.sent[0].op, M6_OP_READVAR);
	assert_int_equal(b.sent[0].assoc, 4711);
	assert_int_equal(b.sent[0].sequence, 0x1234);
	assert_int_equal(b.sent[0].status, 0);
	assert_int_equal(b.sent[0].offset, 0);
	assert_false(b.sent[0].is_response || b.sent[0].is_error || b.sent[0].has_more);
	assert_string_equal(b.data[0], "leap,stratum");
	m6_client_free(b.client);
}

static void
matching_answer_is_believed(void **state)
{
	struct client_bench b;
	struct m6_client_stats stats;

	(void)state;
	bench_setup(&b);
	uint64_t id = bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 1000);
	struct m6_header head = bench_answer_head(&b, 0);
	bench_feed(&b, &head, "leap=0", 5000);
	assert_int_equal(b.calls, 1);
	assert_true(b.last_id == id);
	assert_int_equal(b.last.err, 0);
	assert_int_equal(b.last.status, 0x0615);
	assert_string_equal(b.payload, "leap=0");
	assert_int_equal(b.last.now_ns, 5000);
	assert_int_equal(b.last.first_sent_ns, 1000);
	m6_client_stats(b.client, &stats);
	assert_int_equal(stats.srtt_ns, 4000);
	assert_int_equal(stats.replies, 1);
	assert_true(m6_client_deadline(b.client) == CLOCK_NEVER);
	m6_client_free(b.client);
}

enum field { F_NONE, F_SEQUENCE, F_OP, F_ASSOC, F_VERSION, F_REQUEST };

static void
answer_that_differs_anywhere_is_ignored(void **state)
{
	(void)state;
	for (int field = F_SEQUENCE; field <= F_REQUEST; field++) {
		struct client_bench b;
		struct m6_client_stats stats;

		bench_setup(&b);
		(void)bench_ask(&b, 9, "leap");
		m6_client_tick(b.client, 0);
		struct m6_header head = bench_answer_head(&b, 0);
		switch ((enum field)field) {
		case F_NONE:
			break;
		case F_SEQUENCE:
			head.sequence++;
			break;
		case F_OP:
			head.op = M6_OP_READCLOCK;
			break;
		case F_ASSOC:
			head.assoc = 0;
			break;
		case F_VERSION:
			head.version = 4;
			break;
		case F_REQUEST:
			head.is_response = false;
			break;
		}
		bench_feed(&b, &head, "leap=0", 1);
		head.is_error = head.is_response;
		bench_feed(&b, &head, "", 1);
		assert_int_equal(b.calls, 0);
		m6_client_stats(b.client, &stats);
		assert_int_equal(stats.ignored, 2);
		assert_int_equal(stats.replies, 0);
		m6_client_free(b.client);
	}
}

static void
bytes_that_are_no_mode_6_are_ignored(void **state)
{
	struct client_bench b;
	static const uint8_t junk[64] = { 0x24, 1, 2, 3 };

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	for (size_t len = 0; len <= sizeof(junk); len++)
		m6_client_input(b.client, junk, len, 1);
	assert_int_equal(b.calls, 0);
	m6_client_free(b.client);
}

static void
error_reply_carries_the_daemons_code(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "nosuch");
	m6_client_tick(b.client, 0);
	struct m6_header head = bench_answer_head(&b, 0);
	head.is_error = true;
	head.status = M6_ERROR_UNKNOWNVAR << 8;
	head.offset = 1403;
	bench_feed(&b, &head, "", 1);
	assert_int_equal(b.calls, 1);
	assert_int_equal(b.last.err, ERR_DAEMON);
	assert_int_equal(b.last.daemon_error, M6_ERROR_UNKNOWNVAR);
	m6_client_free(b.client);
}

static void
answer_to_an_earlier_transmission_is_not_believed(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	m6_client_tick(b.client, 2 * NS_PER_S);
	assert_int_equal(b.n_sent, 2);
	assert_int_not_equal(b.sent[0].sequence, b.sent[1].sequence);
	struct m6_header head = bench_answer_head(&b, 0);
	bench_feed(&b, &head, "leap=0", 2 * NS_PER_S);
	assert_int_equal(b.calls, 0);
	head = bench_answer_head(&b, 1);
	bench_feed(&b, &head, "leap=1", 2 * NS_PER_S);
	assert_string_equal(b.payload, "leap=1");
	m6_client_free(b.client);
}

static void
refusal_ends_all_requests_at_once(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < 20; i++)
		(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	m6_client_input_error(b.client, ERR_IO, 1);
	assert_int_equal(b.calls, 0);
	m6_client_input_error(b.client, ERR_REFUSED, 1);
	assert_int_equal(b.calls, 20);
	assert_int_equal(b.last.err, ERR_REFUSED);
	/* One that comes late concerns nobody. */
	(void)bench_ask(&b, 0, "leap");
	m6_client_input_error(b.client, ERR_REFUSED, 2);
	assert_int_equal(b.calls, 20);
	m6_client_free(b.client);
}

static void
refusal_while_sending_ends_all_requests(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	b.send_result = ERR_REFUSED;
	for (int i = 0; i < 3; i++)
		(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	assert_int_equal(b.calls, 3);
	assert_int_equal(b.last.err, ERR_REFUSED);
	m6_client_free(b.client);
}

static void
other_trouble_while_sending_is_a_loss(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	b.send_result = ERR_IO;
	(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	assert_int_equal(b.calls, 0);
	b.send_result = 0;
	m6_client_tick(b.client, 2 * NS_PER_S);
	struct m6_header head = bench_answer_head(&b, 1);
	bench_feed(&b, &head, "leap=0", 2 * NS_PER_S);
	assert_int_equal(b.calls, 1);
	m6_client_free(b.client);
}

static void
oversized_requests_and_queues_are_refused(void **state)
{
	struct client_bench b;
	char text[M6_REQUEST_MAX + 2];
	struct m6_request request = { .op = M6_OP_READVAR, .data = text };

	(void)state;
	bench_setup(&b);
	memset(text, 'a', sizeof(text));
	request.len = M6_REQUEST_MAX + 1;
	assert_int_equal(m6_client_submit(b.client, &request, bench_on_reply, &b, NULL),
	    ERR_TOOBIG);
	request.len = 4;
	for (int i = 0; i < M6_QUEUE_MAX; i++)
		assert_int_equal(
		    m6_client_submit(b.client, &request, bench_on_reply, &b, NULL), 0);
	assert_int_equal(m6_client_submit(b.client, &request, bench_on_reply, &b, NULL),
	    ERR_BUSY);
	m6_client_free(b.client);
}

static void
cancelled_request_is_never_called(void **state)
{
	struct client_bench b;
	uint64_t ids[12];

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < 12; i++)
		ids[i] = bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	m6_client_cancel(b.client, ids[0]);  /* under way */
	m6_client_cancel(b.client, ids[11]); /* the last in the queue */
	m6_client_cancel(b.client, ids[9]);
	m6_client_cancel(b.client, ids[9]);
	m6_client_cancel(b.client, 123456);
	(void)bench_ask(&b, 0, "tail");
	struct m6_header head = bench_answer_head(&b, 0);
	bench_feed(&b, &head, "leap=0", 1);
	assert_int_equal(b.calls, 0);
	m6_client_tick(b.client, 1);
	m6_client_input_error(b.client, ERR_REFUSED, 1);
	assert_int_equal(b.calls, 10);
	m6_client_free(b.client);
}

static void
callback_may_cancel_requests_that_ended_too(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "a");
	b.cancels = bench_ask(&b, 0, "b");
	m6_client_tick(b.client, 0);
	m6_client_input_error(b.client, ERR_REFUSED, 1);
	assert_int_equal(b.calls, 1);
	m6_client_free(b.client);
}

static void
callback_may_cancel_itself(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	b.cancels = bench_ask(&b, 0, "a");
	m6_client_tick(b.client, 0);
	struct m6_header head = bench_answer_head(&b, 0);
	bench_feed(&b, &head, "a=1", 1);
	assert_int_equal(b.calls, 1);
	m6_client_free(b.client);
}

static void
callback_may_submit_and_it_is_sent_after_it(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "a");
	m6_client_tick(b.client, 0);
	b.submits = true;
	struct m6_header head = bench_answer_head(&b, 0);
	bench_feed(&b, &head, "a=1", 1);
	assert_int_equal(b.n_sent, 2);
	assert_int_equal(b.sent[1].assoc, 77);
	m6_client_free(b.client);
}

/* Each submits the next one, and each fails inside the send: that must end. */
static void
submit_forever(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct client_bench *b = ctx;
	struct m6_request request = { .op = M6_OP_READVAR, .data = "a", .len = 1 };

	(void)id;
	(void)reply;
	b->calls++;
	b->n_sent = 0;
	assert_int_equal(m6_client_submit(b->client, &request, submit_forever, b, NULL),
	    0);
}

static void
callbacks_that_submit_what_fails_at_once_do_not_hang(void **state)
{
	struct client_bench b;
	struct m6_request request = { .op = M6_OP_READVAR, .data = "a", .len = 1 };

	(void)state;
	bench_setup(&b);
	b.send_result = ERR_REFUSED;
	assert_int_equal(m6_client_submit(b.client, &request, submit_forever, &b, NULL),
	    0);
	m6_client_tick(b.client, 0);
	assert_in_range(b.calls, 1, 1000);
	assert_int_equal(m6_client_deadline(b.client), 0);
	m6_client_free(b.client);
}

static void
callback_may_free_the_client_from_input(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < 20; i++)
		(void)bench_ask(&b, 0, "a");
	m6_client_tick(b.client, 0);
	b.frees = true;
	struct m6_header head = bench_answer_head(&b, 3);
	bench_feed(&b, &head, "a=1", 1);
	assert_int_equal(b.calls, 1);
	assert_null(b.client);
}

static void
callback_may_free_the_client_from_error_and_tick(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "a");
	(void)bench_ask(&b, 0, "b");
	m6_client_tick(b.client, 0);
	b.frees = true;
	m6_client_input_error(b.client, ERR_REFUSED, 1);
	assert_int_equal(b.calls, 1);
	bench_setup(&b);
	(void)bench_ask(&b, 0, "a");
	(void)bench_ask(&b, 0, "b");
	b.frees = true;
	for (int64_t now_ns = 0; b.client; now_ns += NS_PER_S)
		m6_client_tick(b.client, now_ns);
	assert_int_equal(b.calls, 1);
	m6_client_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_on_the_wire_is_what_every_daemon_reads),
		cmocka_unit_test(matching_answer_is_believed),
		cmocka_unit_test(answer_that_differs_anywhere_is_ignored),
		cmocka_unit_test(bytes_that_are_no_mode_6_are_ignored),
		cmocka_unit_test(error_reply_carries_the_daemons_code),
		cmocka_unit_test(answer_to_an_earlier_transmission_is_not_believed),
		cmocka_unit_test(refusal_ends_all_requests_at_once),
		cmocka_unit_test(refusal_while_sending_ends_all_requests),
		cmocka_unit_test(other_trouble_while_sending_is_a_loss),
		cmocka_unit_test(oversized_requests_and_queues_are_refused),
		cmocka_unit_test(cancelled_request_is_never_called),
		cmocka_unit_test(callback_may_cancel_requests_that_ended_too),
		cmocka_unit_test(callback_may_cancel_itself),
		cmocka_unit_test(callback_may_submit_and_it_is_sent_after_it),
		cmocka_unit_test(callbacks_that_submit_what_fails_at_once_do_not_hang),
		cmocka_unit_test(callback_may_free_the_client_from_input),
		cmocka_unit_test(callback_may_free_the_client_from_error_and_tick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
