/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that go before others, requests that end at a time, and mere calls. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "client/client.h"
#include "support/client_bench.h"

#define MS NS_PER_MS

static uint64_t
submit(struct client_bench *b, const struct m6_request *request)
{
	uint64_t id = 0;

	assert_int_equal(m6_client_submit(b->client, request, bench_on_reply, b, &id), 0);
	return id;
}

static struct m6_client_stats
stats_of(const struct client_bench *b)
{
	struct m6_client_stats stats;

	m6_client_stats(b->client, &stats);
	return stats;
}

/* --- urgent ------------------------------------------------------------------------- */

static void
ask_urgent(struct client_bench *b, const char *data, int64_t give_up_ns)
{
	const struct m6_request request = {
		.op = M6_OP_READVAR,
		.data = data,
		.len = strlen(data),
		.is_urgent = true,
		.give_up_ns = give_up_ns,
	};

	(void)submit(b, &request);
}

static void
urgent_overtakes_the_queue_and_a_full_window(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < 20; i++)
		(void)bench_ask(&b, 0, "slow");
	m6_client_tick(b.client, 0);
	assert_int_equal(b.n_sent, M6_WINDOW_START);
	ask_urgent(&b, "fast", 0);
	assert_int_equal(m6_client_deadline(b.client), 0);
	m6_client_tick(b.client, 1);
	assert_int_equal(b.n_sent, M6_WINDOW_START + 1);
	assert_string_equal(b.data[M6_WINDOW_START], "fast");
	/* It has no place in the window: its end lets nobody in. */
	struct m6_header head = bench_answer_head(&b, M6_WINDOW_START);
	bench_feed(&b, &head, "fast=1", 2);
	assert_int_equal(b.calls, 1);
	assert_int_equal(b.n_sent, M6_WINDOW_START + 1);
	m6_client_free(b.client);
}

static void
urgent_requests_are_bounded_and_keep_their_order(void **state)
{
	struct client_bench b;
	char text[2] = "a";

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < M6_URGENT_MAX + 3; i++, text[0]++)
		ask_urgent(&b, text, 0);
	m6_client_tick(b.client, 0);
	assert_int_equal(b.n_sent, M6_URGENT_MAX);
	assert_true(m6_client_deadline(b.client) > 0);
	for (size_t i = 0; i < 3; i++) {
		struct m6_header head = bench_answer_head(&b, i);

		bench_feed(&b, &head, "x=1", 1);
		assert_int_equal(b.n_sent, M6_URGENT_MAX + i + 1);
	}
	for (size_t i = 0; i < b.n_sent; i++)
		assert_int_equal(b.data[i][0], 'a' + (int)i);
	(void)bench_ask(&b, 0, "z");
	m6_client_tick(b.client, 1);
	assert_string_equal(b.data[b.n_sent - 1], "z");
	m6_client_free(b.client);
}

/* The pause is held by the others, also after an urgent request, which counts too. */
static void
urgent_does_not_wait_for_the_pause_between_requests(void **state)
{
	struct client_bench b;
	int64_t now_ns = 0;

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < 17; i++) {
		(void)bench_ask(&b, 0, "leap");
		m6_client_tick(b.client, 0);
		struct m6_header head = bench_answer_head(&b, b.n_sent - 1);
		bench_feed(&b, &head, "leap=0", 1);
	}
	for (int i = 0; i < 10; i++)
		(void)bench_ask(&b, 0, "slow");
	while (stats_of(&b).gap_ns == 0) {
		m6_client_tick(b.client, now_ns);
		now_ns += 10 * MS;
	}
	size_t n_sent = b.n_sent;
	now_ns = m6_client_deadline(b.client);
	m6_client_tick(b.client, now_ns - 1);
	assert_int_equal(b.n_sent, n_sent);
	ask_urgent(&b, "fast", 0);
	m6_client_tick(b.client, now_ns - 1);
	assert_int_equal(b.n_sent, n_sent + 1);
	assert_string_equal(b.data[n_sent], "fast");
	m6_client_tick(b.client, now_ns);
	assert_int_equal(b.n_sent, n_sent + 1);
	m6_client_tick(b.client, now_ns + 10 * NS_PER_S);
	assert_true(b.n_sent > n_sent + 1);
	m6_client_free(b.client);
}

/* --- up to a time ------------------------------------------------------------------- */

static void
reads_are_repeated_until_they_are_given_up(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	/* A round trip is known, and losses have doubled the timer. */
	(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	struct m6_header head = bench_answer_head(&b, 0);
	bench_feed(&b, &head, "leap=0", 1 * MS);
	(void)bench_ask(&b, 0, "lost");
	m6_client_tick(b.client, 2 * MS);
	m6_client_tick(b.client, 250 * MS);
	assert_int_equal(b.n_sent, 3);
	ask_urgent(&b, "site", 1300 * MS);
	for (int64_t now_ns = 250 * MS; b.calls < 2; now_ns += MS)
		m6_client_tick(b.client, now_ns);
	assert_int_equal(b.last.err, ERR_TIMEOUT);
	assert_int_equal(b.last.now_ns, 1300 * MS);
	size_t n = 0;
	for (size_t i = 0; i < b.n_sent; i++)
		n += strcmp(b.data[i], "site") == 0;
	assert_in_range(n, 5, 6);
	m6_client_free(b.client);
}

static void
requests_in_any_queue_are_given_up_in_time(void **state)
{
	struct client_bench b;
	struct m6_request request = { .op = M6_OP_READVAR, .give_up_ns = 50 * MS };

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < M6_WINDOW_START; i++)
		(void)bench_ask(&b, 0, "a");
	m6_client_tick(b.client, 0);
	(void)submit(&b, &request); /* never sent: the window is full */
	request.give_up_ns = 60 * MS;
	(void)submit(&b, &request);
	for (int i = 0; i < M6_URGENT_MAX + 2; i++)
		ask_urgent(&b, "b", 70 * MS);
	m6_client_tick(b.client, 1);
	assert_int_equal(m6_client_deadline(b.client), 50 * MS);
	m6_client_tick(b.client, 50 * MS);
	assert_int_equal(b.calls, 1);
	assert_int_equal(b.last.err, ERR_TIMEOUT);
	assert_int_equal(b.last.first_sent_ns, 0);
	assert_int_equal(m6_client_deadline(b.client), 60 * MS);
	m6_client_tick(b.client, 60 * MS);
	assert_int_equal(b.calls, 2);
	assert_int_equal(m6_client_deadline(b.client), 70 * MS);
	m6_client_tick(b.client, 70 * MS);
	assert_int_equal(b.calls, 2 + M6_URGENT_MAX + 2);
	assert_true(m6_client_deadline(b.client) > 70 * MS);
	assert_int_equal(stats_of(&b).window, M6_WINDOW_START);
	m6_client_free(b.client);
}

/* What drives the number of transmissions up must not be what comes in. */
static void
nonsense_does_not_make_us_repeat_without_end(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	ask_urgent(&b, "site", 10 * NS_PER_S);
	m6_client_tick(b.client, 0);
	for (int i = 0; b.calls == 0; i++) {
		struct m6_header head = bench_answer_head(&b, b.n_sent - 1);

		assert_true(i < 20);
		head.has_more = true;
		bench_feed(&b, &head, "0123", 1);
		bench_feed(&b, &head, "other", 1);
	}
	assert_int_equal(b.n_sent, M6_TRIES);
	assert_int_equal(b.last.err, ERR_CONFLICT);
	m6_client_free(b.client);
}

static void
refusal_ends_urgent_requests_too(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < M6_URGENT_MAX + 2; i++)
		ask_urgent(&b, "a", 100 * MS);
	m6_client_tick(b.client, 0);
	m6_client_input_error(b.client, ERR_REFUSED, 1);
	assert_int_equal(b.calls, M6_URGENT_MAX + 2);
	assert_int_equal(b.last.err, ERR_REFUSED);
	m6_client_free(b.client);
}

/* Those that the next tick would have sent, too. */
static void
refusal_ends_what_was_not_sent_yet(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "a");
	m6_client_tick(b.client, 0);
	ask_urgent(&b, "b", 100 * MS);
	m6_client_input_error(b.client, ERR_REFUSED, 1);
	assert_int_equal(b.n_sent, 1);
	assert_int_equal(b.calls, 2);
	assert_int_equal(b.last.err, ERR_REFUSED);
	m6_client_free(b.client);
}

static void
urgent_requests_can_be_cancelled_wherever_they_are(void **state)
{
	struct client_bench b;
	uint64_t ids[M6_URGENT_MAX + 2];
	const struct m6_request request = { .op = M6_OP_READVAR, .is_urgent = true };

	(void)state;
	bench_setup(&b);
	for (size_t i = 0; i < COUNT(ids); i++)
		ids[i] = submit(&b, &request);
	m6_client_tick(b.client, 0);
	m6_client_cancel(b.client, ids[M6_URGENT_MAX]); /* waits */
	m6_client_cancel(b.client, ids[0]);             /* under way: makes room */
	m6_client_tick(b.client, 0);
	assert_int_equal(b.n_sent, M6_URGENT_MAX + 1);
	m6_client_input_error(b.client, ERR_REFUSED, 1);
	assert_int_equal(b.calls, M6_URGENT_MAX);
	m6_client_free(b.client);
}

/* --- calls -------------------------------------------------------------------------- */

static void
call_comes_with_the_next_tick(void **state)
{
	struct client_bench b;
	uint64_t id = 0;

	(void)state;
	bench_setup(&b);
	assert_int_equal(m6_client_call(b.client, bench_on_reply, &b, &id), 0);
	assert_int_equal(b.calls, 0);
	assert_int_equal(m6_client_deadline(b.client), 0);
	m6_client_tick(b.client, 5);
	assert_int_equal(b.calls, 1);
	assert_true(b.last_id == id);
	assert_int_equal(b.last.now_ns, 5);
	assert_int_equal(b.n_sent, 0);
	/* Cancelled, it does not come; it may free the client. */
	assert_int_equal(m6_client_call(b.client, bench_on_reply, &b, &id), 0);
	m6_client_cancel(b.client, id);
	m6_client_tick(b.client, 6);
	assert_int_equal(b.calls, 1);
	assert_int_equal(m6_client_call(b.client, bench_on_reply, &b, &id), 0);
	b.frees = true;
	m6_client_tick(b.client, 7);
	assert_int_equal(b.calls, 2);
	assert_null(b.client);
}

/* --- what is sent with others --------------------------------------------------------
 */

/* Notes what may wait in the second half. */
struct post_bench {
	struct client_bench b;
	unsigned n_posted;
	int post_result;
};

static int
post(void *ctx, const void *bytes, size_t len)
{
	struct client_bench *b = ctx;
	struct post_bench *p = ctx;

	(void)bytes;
	(void)len;
	assert_ptr_equal(b, &p->b);
	p->n_posted++;
	return p->post_result;
}

static uint32_t
count(void *ctx)
{
	return ++((struct client_bench *)ctx)->random;
}

static void
start_posting(struct post_bench *p)
{
	const struct m6_port port = { .send = bench_send, .post = post, .ctx = p };

	memset(p, 0, sizeof(*p));
	p->b.client = m6_client_new(M6_VERSION_DEFAULT, &port, count, p);
	assert_non_null(p->b.client);
}

/* Of what is sent once it has to be known whether it was. */
static void
only_what_is_repeated_anyway_may_wait(void **state)
{
	static struct post_bench p;
	struct m6_keys *keys = bench_keys();
	struct m6_request request = { .op = M6_OP_READVAR };

	(void)state;
	start_posting(&p);
	(void)submit(&p.b, &request);
	m6_client_tick(p.b.client, 0);
	assert_int_equal(p.n_posted, 1);
	assert_int_equal(p.b.n_sent, 0);
	request.is_once = true;
	(void)submit(&p.b, &request);
	request.is_once = false;
	request.is_urgent = true;
	(void)submit(&p.b, &request);
	request.is_urgent = false;
	request.key = m6_keys_find(keys, 1);
	assert_non_null(request.key);
	(void)submit(&p.b, &request);
	m6_client_tick(p.b.client, 0);
	assert_int_equal(p.n_posted, 1);
	assert_int_equal(p.b.n_sent, 3);
	m6_client_free(p.b.client);
	m6_keys_free(keys);
}

static void
refusal_of_what_waited_ends_all(void **state)
{
	static struct post_bench p;

	(void)state;
	start_posting(&p);
	for (int i = 0; i < 3; i++)
		(void)bench_ask(&p.b, 0, "leap");
	p.post_result = ERR_REFUSED;
	m6_client_tick(p.b.client, 0);
	assert_int_equal(p.n_posted, 1);
	assert_int_equal(p.b.calls, 3);
	assert_int_equal(p.b.last.err, ERR_REFUSED);
	/* Another failure is a datagram that was lost. */
	p.post_result = ERR_IO;
	(void)bench_ask(&p.b, 0, "leap");
	m6_client_tick(p.b.client, 0);
	assert_int_equal(p.n_posted, 2);
	assert_int_equal(p.b.calls, 3);
	m6_client_free(p.b.client);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urgent_overtakes_the_queue_and_a_full_window),
		cmocka_unit_test(urgent_requests_are_bounded_and_keep_their_order),
		cmocka_unit_test(urgent_does_not_wait_for_the_pause_between_requests),
		cmocka_unit_test(reads_are_repeated_until_they_are_given_up),
		cmocka_unit_test(requests_in_any_queue_are_given_up_in_time),
		cmocka_unit_test(nonsense_does_not_make_us_repeat_without_end),
		cmocka_unit_test(refusal_ends_urgent_requests_too),
		cmocka_unit_test(refusal_ends_what_was_not_sent_yet),
		cmocka_unit_test(urgent_requests_can_be_cancelled_wherever_they_are),
		cmocka_unit_test(call_comes_with_the_next_tick),
		cmocka_unit_test(only_what_is_repeated_anyway_may_wait),
		cmocka_unit_test(refusal_of_what_waited_ends_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
