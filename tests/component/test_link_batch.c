/* SPDX-License-Identifier: BSD-2-Clause */
/* Several datagrams for one system call: what a socket makes of them, and what a link
 * reads when much waits for it, of whatever kind. */
#include "support/check.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "client/link.h"
#include "client/transport.h"
#include "support/link_bench.h"

enum { MANY = 200 };

/* --- the socket --------------------------------------------------------------------- */

/* A socket to that port of this machine. */
static struct transport *
open_to(struct link_bench *b, uint16_t port, transport_ready_fn *fn, void *ctx)
{
	struct transport *t = NULL;
	struct addr to;

	assert_int_equal(addr_parse("127.0.0.1", 9, &to), 0);
	to.port = port;
	assert_int_equal(transport_open(&b->loop, &to, fn, ctx, &t), 0);
	return t;
}

/* The next datagram for the server, whose sender it answers to from now on. */
static size_t
server_takes(const struct link_bench *b)
{
	struct sockaddr_storage own = { 0 };
	socklen_t own_len = sizeof(own);
	char bytes[64];
	ssize_t n = recvfrom(b->server.fd, bytes, sizeof(bytes), 0,
	    (struct sockaddr *)&own, &own_len);

	assert_true(n >= 0);
	assert_int_equal(connect(b->server.fd, (struct sockaddr *)&own, own_len), 0);
	return (size_t)n;
}

static void
server_says(const struct link_bench *b, const char *text, size_t len)
{
	assert_int_equal(send(b->server.fd, text, len, 0), len);
}

static void
put_in(struct transport_batch *batch, const char *text)
{
	batch->lens[batch->n] = strlen(text);
	memcpy(batch->bytes[batch->n++], text, strlen(text));
}

static void
batches_arrive_whole_and_in_order(void **state)
{
	struct link_bench *b = link_bench_start();
	static struct transport_batch batch;
	struct transport *t = open_to(b, b->server.port, NULL, NULL);

	(void)state;
	assert_int_equal(transport_receive_batch(t, &batch), 0);
	put_in(&batch, "one");
	put_in(&batch, "");
	put_in(&batch, "three");
	assert_int_equal(transport_send_batch(t, &batch), 0);
	assert_int_equal(batch.n, 0);
	assert_int_equal(server_takes(b), 3);
	assert_int_equal(server_takes(b), 0);
	assert_int_equal(server_takes(b), 5);
	for (size_t i = 0; i < TRANSPORT_BATCH_MAX + 2; i++)
		server_says(b, "answer", i % 6 + 1);
	assert_int_equal(transport_receive_batch(t, &batch), 1);
	assert_int_equal(batch.n, TRANSPORT_BATCH_MAX);
	for (size_t i = 0; i < batch.n; i++)
		assert_int_equal(batch.lens[i], i % 6 + 1);
	assert_int_equal(transport_receive_batch(t, &batch), 1);
	assert_int_equal(batch.n, 2);
	assert_memory_equal(batch.bytes[1], "answ", 4);
	assert_int_equal(transport_receive_batch(t, &batch), 0);
	assert_int_equal(batch.n, 0);
	transport_close(t);
	link_bench_stop(b);
}

static void
what_is_too_long_is_cut(void **state)
{
	struct link_bench *b = link_bench_start();
	struct transport *t = open_to(b, b->server.port, NULL, NULL);
	static struct transport_batch batch;
	static const char much[2 * M6_DATAGRAM_MAX];

	(void)state;
	assert_int_equal(transport_send(t, "x", 1), 0);
	assert_int_equal(server_takes(b), 1);
	server_says(b, much, sizeof(much));
	server_says(b, "next", 4);
	assert_int_equal(transport_receive_batch(t, &batch), 1);
	assert_int_equal(batch.n, 2);
	assert_int_equal(batch.lens[0], M6_DATAGRAM_MAX);
	assert_int_equal(batch.lens[1], 4);
	assert_memory_equal(batch.bytes[1], "next", 4);
	transport_close(t);
	link_bench_stop(b);
}

static void
a_batch_to_nobody_is_refused(void **state)
{
	struct link_bench *b = link_bench_start();
	static struct transport_batch batch;
	struct transport *t;
	uint16_t port = 0;
	int rc = 0;

	(void)state;
	close(link_bench_bind("127.0.0.1", &port));
	t = open_to(b, port, NULL, NULL);
	/* The first may be on its way before the system knows. */
	for (int i = 0; i < 2 && rc == 0; i++) {
		put_in(&batch, "one");
		put_in(&batch, "two");
		rc = transport_send_batch(t, &batch);
		if (rc == 0)
			rc = transport_receive_batch(t, &batch);
	}
	assert_int_equal(rc, ERR_REFUSED);
	assert_int_equal(batch.n, 0);
	transport_close(t);
	link_bench_stop(b);
}

/* The system sends no datagram of 70,000 octets, and does not look at them for that. */
static void
one_that_cannot_be_sent_does_not_stop_the_others(void **state)
{
	struct link_bench *b = link_bench_start();
	struct transport *t = open_to(b, b->server.port, NULL, NULL);
	static struct transport_batch batch;

	(void)state;
	put_in(&batch, "one");
	put_in(&batch, "two");
	put_in(&batch, "three");
	batch.lens[1] = 70000;
	assert_int_equal(transport_send_batch(t, &batch), ERR_IO);
	assert_int_equal(batch.n, 0);
	assert_int_equal(server_takes(b), 3);
	assert_int_equal(server_takes(b), 5);
	batch.lens[0] = 70000;
	batch.n = 1;
	assert_int_equal(transport_send_batch(t, &batch), ERR_IO);
	transport_close(t);
	link_bench_stop(b);
}

static void
count_calls(void *ctx)
{
	(*(unsigned *)ctx)++;
}

/* What came before the port was closed is not lost with it. */
static void
refusal_stands_beside_what_came_before(void **state)
{
	struct link_bench *b = link_bench_start();
	unsigned calls = 0;
	struct transport *t = open_to(b, b->server.port, count_calls, &calls);
	static struct transport_batch batch;

	(void)state;
	assert_int_equal(transport_send(t, "x", 1), 0);
	assert_int_equal(server_takes(b), 1);
	server_says(b, "one", 3);
	server_says(b, "two", 3);
	link_bench_unserve(b);
	assert_int_equal(transport_send(t, "x", 1), 0);
	assert_int_equal(transport_receive_batch(t, &batch), ERR_REFUSED);
	assert_int_equal(batch.n, 0);
	assert_int_equal(transport_receive_batch(t, &batch), 1);
	assert_int_equal(batch.n, 2);
	assert_int_equal(transport_receive_batch(t, &batch), 0);
	transport_close(t);
	link_bench_stop(b);
}

/* Who was away can come back, also when nobody asked meanwhile. */
static void
socket_is_heard_after_a_refusal(void **state)
{
	struct link_bench *b = link_bench_start();
	uint16_t port = b->server.port;
	unsigned calls = 0;
	struct transport *t = open_to(b, port, count_calls, &calls);
	static struct transport_batch batch;

	(void)state;
	link_bench_unserve(b);
	assert_int_equal(transport_send(t, "x", 1), 0);
	(void)uv_run(&b->loop, UV_RUN_NOWAIT);
	assert_int_equal(calls, 1);
	assert_int_equal(transport_receive_batch(t, &batch), ERR_REFUSED);
	(void)uv_run(&b->loop, UV_RUN_NOWAIT);
	assert_int_equal(calls, 1);
	link_bench_serve(b, port);
	assert_int_equal(transport_send(t, "x", 1), 0);
	assert_int_equal(server_takes(b), 1);
	server_says(b, "here", 4);
	(void)uv_run(&b->loop, UV_RUN_NOWAIT);
	assert_int_equal(calls, 2);
	transport_close(t);
	link_bench_stop(b);
}

/* --- the link ----------------------------------------------------------------------- */

/* A link to a daemon of many associations that answers all that waits at once. */
static struct link_bench *
start_link(fake_answer_fn *answer)
{
	struct link_bench *b = link_bench_start();

	fake_set_assocs(&b->server.d, MANY, 0);
	b->server.takes_all = true;
	b->server.d.answer = answer;
	link_bench_link(b, "127.0.0.1");
	return b;
}

/* Before each answer: what is no answer, what is one to somebody else, and an empty
 * datagram. */
static bool
send_others_before(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char junk[] = "\xff\xff no answer";
	struct m6_header head = request->head;

	head.is_response = true;
	head.sequence ^= 0x8000;
	fake_send_bytes(d, junk, sizeof(junk), 0);
	fake_send_fragment(d, &head, "stratum=9", 9, 0);
	fake_send_bytes(d, "", 0, 0);
	return false;
}

static void
all_is_read_whatever_stands_between(void **state)
{
	struct link_bench *b = start_link(send_others_before);
	struct target_stats before, after;
	const struct snapshot *s;

	(void)state;
	link_bench_run(b, 1);
	link_stats(b->link, &before);
	link_bench_run(b, 2);
	link_stats(b->link, &after);
	s = link_snapshot(b->link);
	assert_int_equal(s->state, TARGET_UP);
	assert_int_equal(s->n_peers, MANY);
	for (size_t i = 0; i < s->n_peers; i++) {
		assert_true(ntp_peer_has(&s->peers[i], NTP_PEER_SRCADR));
		assert_int_not_equal(s->peers[i].stratum, 9);
	}
	assert_in_range(after.requests - before.requests, MANY, MANY + 4);
	assert_int_equal(after.retransmits, before.retransmits);
	/* Three for each request. */
	assert_int_equal(after.ignored - before.ignored,
	    3 * (after.requests - before.requests));
	link_free(b->link);
	link_bench_stop(b);
}

/* The daemon goes while answers of it wait, and requests go out for them. */
static void
refusal_in_the_middle_is_known_at_once(void **state)
{
	struct link_bench *b = start_link(NULL);
	int64_t begin_ns;
	size_t n_before;

	(void)state;
	link_bench_run(b, 1);
	n_before = b->server.d.n_requests;
	while (b->server.d.n_requests < n_before + MANY / 2)
		uv_run(&b->loop, UV_RUN_ONCE);
	begin_ns = clock_monotonic_ns();
	link_bench_unserve(b);
	link_bench_run(b, 2);
	assert_int_equal(b->after, TARGET_REFUSED);
	/* Silence would need several times that. */
	assert_true(clock_monotonic_ns() - begin_ns < NS_PER_S / 2);
	link_free(b->link);
	link_bench_stop(b);
}

/* What was to be sent with others goes with the link. */
static void
link_may_be_freed_in_the_middle(void **state)
{
	(void)state;
	for (size_t n = 1; n < MANY; n += 7) {
		struct link_bench *b = start_link(NULL);

		while (b->server.d.n_requests < n)
			uv_run(&b->loop, UV_RUN_ONCE);
		link_free(b->link);
		link_bench_stop(b);
		assert_int_equal(b->calls, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batches_arrive_whole_and_in_order),
		cmocka_unit_test(what_is_too_long_is_cut),
		cmocka_unit_test(a_batch_to_nobody_is_refused),
		cmocka_unit_test(one_that_cannot_be_sent_does_not_stop_the_others),
		cmocka_unit_test(refusal_stands_beside_what_came_before),
		cmocka_unit_test(socket_is_heard_after_a_refusal),
		cmocka_unit_test(all_is_read_whatever_stands_between),
		cmocka_unit_test(refusal_in_the_middle_is_known_at_once),
		cmocka_unit_test(link_may_be_freed_in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
