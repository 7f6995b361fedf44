/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that nobody asked for just now, and requests whose answer nobody awaits. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "mode6/auth.h"
#include "support/client_bench.h"

#define MS NS_PER_MS

struct async_bench {
	struct client_bench b;
	unsigned n_messages;
	struct m6_async last;
	bool submits;
};

static void
on_message(void *ctx, const struct m6_async *message)
{
	struct async_bench *a = ctx;

	a->n_messages++;
	a->last = *message;
	if (a->submits)
		(void)bench_ask(&a->b, message->assoc, "leap");
}

static void
setup(struct async_bench *a)
{
	memset(a, 0, sizeof(*a));
	bench_setup(&a->b);
	m6_client_on_async(a->b.client, on_message, a);
}

static void
teardown(struct async_bench *a)
{
	m6_client_free(a->b.client);
}

static struct m6_client_stats
stats_of(const struct async_bench *a)
{
	struct m6_client_stats stats;

	m6_client_stats(a->b.client, &stats);
	return stats;
}

static struct m6_header
message_head(uint16_t sequence, uint16_t assoc)
{
	return (struct m6_header){
		.version = M6_VERSION_DEFAULT,
		.op = M6_OP_ASYNCMSG,
		.is_response = true,
		.sequence = sequence,
		.assoc = assoc,
		.status = 0x9423,
	};
}

static void
message_is_handed_on(void **state)
{
	struct m6_header head = message_head(7, 300);
	struct async_bench a;

	(void)state;
	setup(&a);
	bench_feed(&a.b, &head, ", srcadr=1.2.3.4\r\n", 5 * MS);
	assert_int_equal(a.n_messages, 1);
	assert_int_equal(a.last.assoc, 300);
	assert_int_equal(a.last.status, 0x9423);
	assert_int_equal(a.last.sequence, 7);
	assert_true(a.last.is_first);
	assert_int_equal(a.last.now_ns, 5 * MS);
	/* Fragments come one by one, in whatever order. */
	head.has_more = true;
	head.offset = 468;
	bench_feed(&a.b, &head, "x", 6 * MS);
	assert_int_equal(a.n_messages, 2);
	assert_false(a.last.is_first);
	assert_int_equal(stats_of(&a).async, 2);
	assert_int_equal(stats_of(&a).ignored, 0);
	teardown(&a);
}

/* It says nothing of the way to the daemon: anybody may have sent it. */
static void
message_is_no_sign_of_life(void **state)
{
	const struct m6_header head = message_head(1, 0);
	struct async_bench a;

	(void)state;
	setup(&a);
	bench_feed(&a.b, &head, "", 5 * MS);
	assert_int_equal(a.n_messages, 1);
	assert_int_equal(stats_of(&a).last_reply_ns, 0);
	assert_int_equal(stats_of(&a).replies, 0);
	assert_int_equal(stats_of(&a).srtt_ns, 0);
	teardown(&a);
}

/* Not even with the sequence number and association of a request under way. */
static void
message_answers_no_request(void **state)
{
	struct m6_header head;
	struct async_bench a;

	(void)state;
	setup(&a);
	(void)bench_ask(&a.b, 300, "leap");
	m6_client_tick(a.b.client, 0);
	head = bench_answer_head(&a.b, 0);
	head.op = M6_OP_ASYNCMSG;
	bench_feed(&a.b, &head, "leap=3", MS);
	assert_int_equal(a.n_messages, 1);
	assert_int_equal(a.b.calls, 0);
	head = bench_answer_head(&a.b, 0);
	bench_feed(&a.b, &head, "leap=0", 2 * MS);
	assert_int_equal(a.b.calls, 1);
	assert_string_equal(a.b.payload, "leap=0");
	teardown(&a);
}

static void
nobody_has_to_listen(void **state)
{
	const struct m6_header head = message_head(1, 0);
	struct async_bench a;

	(void)state;
	setup(&a);
	m6_client_on_async(a.b.client, NULL, NULL);
	bench_feed(&a.b, &head, "leap=0", MS);
	assert_int_equal(a.n_messages, 0);
	assert_int_equal(stats_of(&a).async, 0);
	assert_int_equal(stats_of(&a).ignored, 1);
	teardown(&a);
}

static void
make_request(struct m6_header *head)
{
	head->is_response = false;
}

static void
make_error(struct m6_header *head)
{
	head->is_error = true;
}

static void
make_version(struct m6_header *head)
{
	head->version = 4;
}

static void
make_reserved(struct m6_header *head)
{
	head->op = 13;
}

static void
other_heads_are_ignored(void **state)
{
	static void (*const changes[])(struct m6_header *) = { make_request, make_error,
		make_version, make_reserved };

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct m6_header head = message_head(1, 0);
		struct async_bench a;

		setup(&a);
		changes[i](&head);
		bench_feed(&a.b, &head, "leap=0", MS);
		assert_int_equal(a.n_messages, 0);
		assert_int_equal(stats_of(&a).async, 0);
		assert_int_equal(stats_of(&a).ignored, 1);
		teardown(&a);
	}
}

/* Cut at each octet, and with each number of octets too many: of the rest of a padded
 * message up to three are padding. */
static void
other_lengths_are_ignored(void **state)
{
	const struct m6_header head = message_head(1, 0);
	uint8_t bytes[M6_DATAGRAM_MAX] = { 0 };
	struct async_bench a;
	size_t len;

	(void)state;
	setup(&a);
	assert_int_equal(m6_packet_encode(&head, "leap=", 5, bytes, sizeof(bytes), &len),
	    0);
	assert_int_equal(len, M6_HEADER_LEN + 8);
	for (size_t n = 0; n < len + 32; n++) {
		m6_client_input(a.b.client, bytes, n, MS);
		assert_int_equal(a.n_messages, n >= len);
		assert_int_equal(stats_of(&a).ignored, n < len ? n + 1 : n);
	}
	teardown(&a);
}

/* The daemon never signs them: what looks so is none. */
static void
signed_message_is_none(void **state)
{
	const struct m6_header head = message_head(1, 0);
	struct m6_keys *keys = bench_keys();
	struct async_bench a;

	(void)state;
	setup(&a);
	for (uint32_t id = 1; id <= 4; id++)
		bench_feed_signed(&a.b, &head, "leap=0", m6_keys_find(keys, id), MS);
	assert_int_equal(a.n_messages, 0);
	assert_int_equal(stats_of(&a).ignored, 4);
	teardown(&a);
	m6_keys_free(keys);
}

static void
listener_may_ask(void **state)
{
	const struct m6_header head = message_head(1, 300);
	struct async_bench a;

	(void)state;
	setup(&a);
	a.submits = true;
	bench_feed(&a.b, &head, "", MS);
	assert_int_equal(m6_client_deadline(a.b.client), 0);
	m6_client_tick(a.b.client, MS);
	assert_int_equal(a.b.n_sent, 1);
	assert_int_equal(a.b.sent[0].assoc, 300);
	teardown(&a);
}

/* --- requests without an answer ----------------------------------------------------- */

static void
what_is_told_leaves_at_once_and_once(void **state)
{
	struct m6_keys *keys = bench_keys();
	const struct m6_request request = {
		.op = M6_OP_UNSETTRAP,
		.key = m6_keys_find(keys, 3),
	};
	struct m6_header head;
	struct async_bench a;

	(void)state;
	setup(&a);
	/* The window is full. */
	for (uint16_t i = 0; i < M6_WINDOW_START; i++)
		(void)bench_ask(&a.b, i, "leap");
	m6_client_tick(a.b.client, 0);
	assert_int_equal(m6_client_tell(a.b.client, &request), 0);
	assert_int_equal(a.b.n_sent, M6_WINDOW_START + 1);
	assert_int_equal(a.b.sent[M6_WINDOW_START].op, M6_OP_UNSETTRAP);
	assert_int_equal(m6_mac_verify(request.key, a.b.bytes[M6_WINDOW_START],
			     a.b.lens[M6_WINDOW_START]),
	    M6_MAC_VALID);
	for (size_t i = 0; i < M6_WINDOW_START; i++)
		assert_int_not_equal(a.b.sent[i].sequence,
		    a.b.sent[M6_WINDOW_START].sequence);
	assert_int_equal(stats_of(&a).requests, M6_WINDOW_START + 1);
	head = bench_answer_head(&a.b, M6_WINDOW_START);
	bench_feed_signed(&a.b, &head, "", request.key, MS);
	assert_int_equal(stats_of(&a).ignored, 1);
	assert_int_equal(stats_of(&a).replies, 0);
	a.b.n_sent = 0;
	m6_client_tick(a.b.client, 3600 * NS_PER_S);
	for (size_t i = 0; i < a.b.n_sent; i++)
		assert_int_equal(a.b.sent[i].op, M6_OP_READVAR);
	teardown(&a);
	m6_keys_free(keys);
}

static void
what_cannot_be_told_is_said(void **state)
{
	static const char long_text[M6_REQUEST_MAX + 1];
	struct m6_request request = {
		.op = M6_OP_UNSETTRAP,
		.data = long_text,
		.len = sizeof(long_text),
	};
	struct async_bench a;

	(void)state;
	setup(&a);
	assert_int_equal(m6_client_tell(a.b.client, &request), ERR_TOOBIG);
	assert_int_equal(a.b.n_sent, 0);
	request.len = 0;
	a.b.send_result = ERR_REFUSED;
	(void)bench_ask(&a.b, 1, "leap");
	assert_int_equal(m6_client_tell(a.b.client, &request), ERR_REFUSED);
	/* The others find out for themselves. */
	assert_int_equal(a.b.calls, 0);
	teardown(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_is_handed_on),
		cmocka_unit_test(message_is_no_sign_of_life),
		cmocka_unit_test(message_answers_no_request),
		cmocka_unit_test(nobody_has_to_listen),
		cmocka_unit_test(other_heads_are_ignored),
		cmocka_unit_test(other_lengths_are_ignored),
		cmocka_unit_test(signed_message_is_none),
		cmocka_unit_test(listener_may_ask),
		cmocka_unit_test(what_is_told_leaves_at_once_and_once),
		cmocka_unit_test(what_cannot_be_told_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
