/* SPDX-License-Identifier: BSD-2-Clause */
/* A link whose daemon pushes, on a real loop and over real sockets. */
#include "support/check.h"

#include <string.h>

#include "mode6/auth.h"
#include "support/client_bench.h"
#include "support/link_bench.h"

/* A daemon's side of it. */
struct receivers {
	const struct m6_key *key;
	uint8_t error;  /* what it answers SETTRAP with; 0 nothing wrong */
	unsigned loses; /* so many requests */
	bool is_set, is_unsigned;
};

struct push_link {
	struct link_bench *b;
	struct m6_keys *keys;
	struct receivers r;
	unsigned n_told;
};

static void
answer_empty(struct fake_daemon *d, const struct m6_packet *request, uint16_t status)
{
	const struct receivers *r = d->script;

	fake_send_empty(d, request, status, r->is_unsigned ? NULL : r->key);
}

static bool
answer(struct fake_daemon *d, const struct m6_packet *request)
{
	struct receivers *r = d->script;
	uint8_t op = request->head.op;

	if (op != M6_OP_SETTRAP && op != M6_OP_UNSETTRAP)
		return false;
	assert_int_equal(request->head.count, 0);
	if (r->loses > 0) {
		r->loses--;
		return true;
	}
	if (m6_mac_verify(r->key, d->last_bytes, d->last_len) != M6_MAC_VALID) {
		fake_send_error(d, request, M6_ERROR_PERMISSION);
		return true;
	}
	if (r->error != 0) {
		fake_send_error(d, request, r->error);
		answer_empty(d, request, (uint16_t)(r->error << 8));
		return true;
	}
	r->is_set = op == M6_OP_SETTRAP;
	answer_empty(d, request, 0);
	return true;
}

/* What the daemon has to say goes out behind its next answer: the link polls. */
static void
queue_message(struct push_link *p, uint16_t sequence)
{
	struct m6_header head = {
		.version = M6_VERSION_DEFAULT,
		.op = M6_OP_ASYNCMSG,
		.is_response = true,
		.sequence = sequence,
		.assoc = 100,
	};

	fake_send_fragment(&p->b->server.d, &head, "srcadr=10.0.0.1", 15, 0);
}

static void
on_record(void *ctx)
{
	((struct push_link *)ctx)->n_told++;
}

static void
setup(struct push_link *p, uint32_t interval_s)
{
	struct target t;

	memset(p, 0, sizeof(*p));
	p->b = link_bench_start();
	p->keys = bench_keys();
	p->r.key = m6_keys_find(p->keys, 1);
	p->b->server.d.answer = answer;
	p->b->server.d.script = &p->r;
	t = link_bench_target(p->b, "127.0.0.1");
	t.wants_push = true;
	t.control_key = 1;
	t.interval_s = interval_s;
	p->b->link = link_new(&p->b->loop, &t, &p->b->log, link_bench_on_change, p->b);
	assert_non_null(p->b->link);
	link_on_record(p->b->link, on_record, p);
}

/* The daemon outlives the link, and hears its last word. */
static void
teardown(struct push_link *p)
{
	link_free(p->b->link);
	p->b->link = NULL;
	for (int i = 0; i < 20; i++)
		uv_run(&p->b->loop, UV_RUN_NOWAIT);
	link_bench_stop(p->b);
	m6_keys_free(p->keys);
}

static struct target_stats
stats_of(const struct push_link *p)
{
	struct target_stats stats;

	link_stats(p->b->link, &stats);
	return stats;
}

static void
on_patience_over(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

/* Runs the loop until the push state is that one. */
static void
run_until(struct push_link *p, enum target_push wanted)
{
	bool is_over = false;
	uv_timer_t timer;

	uv_timer_init(&p->b->loop, &timer);
	timer.data = &is_over;
	uv_update_time(&p->b->loop);
	uv_timer_start(&timer, on_patience_over, 8000, 0);
	while (!is_over && stats_of(p).push != wanted)
		uv_run(&p->b->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&p->b->loop, UV_RUN_NOWAIT);
	assert_false(is_over);
}

static void
daemon_is_asked_after_its_first_answer(void **state)
{
	struct push_link p;
	const size_t *asked;

	(void)state;
	setup(&p, 1);
	asked = p.b->server.d.n_by_op;
	assert_int_equal(stats_of(&p).push, TARGET_PUSH_OFF);
	link_bench_run(p.b, 2);
	assert_int_equal(asked[M6_OP_SETTRAP], 0);
	link_allow_push(p.b->link, p.r.key);
	assert_int_equal(stats_of(&p).push, TARGET_PUSH_WAITING);
	p.n_told = 0;
	run_until(&p, TARGET_PUSH_SUBSCRIBED);
	assert_true(p.r.is_set);
	assert_true(p.n_told >= 1);
	assert_non_null(strstr(p.b->line, "push: the daemon tells us of events"));
	assert_int_equal(p.b->n_lines, 2);
	link_bench_run(p.b, 4);
	assert_int_equal(asked[M6_OP_SETTRAP], 1);
	assert_int_equal(p.b->n_lines, 2);
	teardown(&p);
	assert_false(p.r.is_set);
}

static void
refusal_is_logged_once(void **state)
{
	static const struct {
		uint8_t error;
		bool has_other_key;
		const char *said;
	} rows[] = {
		{ M6_ERROR_BADOP, false, "does not know this request (NTPsec" },
		{ M6_ERROR_PERMISSION, false, "knows key 1 and refuses" },
		{ M6_ERROR_BADVALUE, false, "the daemon answers: bad value" },
		{ 0, true, "does not take key 1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct push_link p;

		setup(&p, 1);
		p.r.error = rows[i].error;
		link_allow_push(p.b->link,
		    rows[i].has_other_key ? m6_keys_find(p.keys, 2) : p.r.key);
		run_until(&p, TARGET_PUSH_REFUSED);
		assert_non_null(strstr(p.b->line, rows[i].said));
		link_bench_run(p.b, 2);
		assert_int_equal(p.b->n_lines, 2);
		assert_int_equal(p.b->server.d.n_by_op[M6_OP_SETTRAP], 1);
		teardown(&p);
		assert_int_equal(p.b->server.d.n_by_op[M6_OP_UNSETTRAP], 0);
	}
}

static void
key_that_is_not_there_is_said(void **state)
{
	struct push_link p;

	(void)state;
	setup(&p, 1);
	link_bench_run(p.b, 1);
	link_allow_push(p.b->link, NULL);
	run_until(&p, TARGET_PUSH_REFUSED);
	assert_non_null(strstr(p.b->line, "the keyfile has no key 1: polling only"));
	link_bench_run(p.b, 2);
	assert_int_equal(p.b->n_lines, 2);
	assert_int_equal(p.b->server.d.n_by_op[M6_OP_SETTRAP], 0);
	teardown(&p);
}

/* Whoever answers without the key's signature may be anybody; whoever says nothing may be
 * behind a wall. */
static void
silence_and_answers_of_anybody_are_told_apart(void **state)
{
	static const struct {
		unsigned loses;
		bool is_unsigned;
		const char *said;
	} rows[] = {
		{ 1000, false, "does not answer this request: check for a firewall" },
		{ 0, true, "not signed with key 1: check its secret" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct push_link p;

		setup(&p, 1);
		p.r.loses = rows[i].loses;
		p.r.is_unsigned = rows[i].is_unsigned;
		link_allow_push(p.b->link, p.r.key);
		run_until(&p, TARGET_PUSH_REFUSED);
		assert_non_null(strstr(p.b->line, rows[i].said));
		teardown(&p);
	}
}

/* A poll that nobody would have made for an hour. */
static void
message_has_the_daemon_asked(void **state)
{
	struct push_link p;
	int64_t begin_ns = clock_monotonic_ns();

	(void)state;
	setup(&p, 3600);
	link_allow_push(p.b->link, p.r.key);
	run_until(&p, TARGET_PUSH_SUBSCRIBED);
	assert_int_equal(stats_of(&p).cycles, 1);
	queue_message(&p, 1);
	queue_message(&p, 1);
	/* Any datagram has the bench send what is queued. */
	link_allow_push(p.b->link, p.r.key);
	link_bench_run(p.b, 2);
	assert_true(clock_monotonic_ns() - begin_ns < 60 * NS_PER_S);
	assert_int_equal(stats_of(&p).push_messages, 1);
	assert_int_equal(stats_of(&p).push_ignored, 1);
	teardown(&p);
}

/* Nothing else is due for an hour. */
static void
lost_request_is_repeated_soon(void **state)
{
	struct push_link p;

	(void)state;
	setup(&p, 3600);
	p.r.loses = 1;
	link_allow_push(p.b->link, p.r.key);
	run_until(&p, TARGET_PUSH_SUBSCRIBED);
	assert_int_equal(p.b->server.d.n_by_op[M6_OP_SETTRAP], 2);
	teardown(&p);
}

static void
restarted_daemon_is_subscribed_again(void **state)
{
	struct push_link p;

	(void)state;
	setup(&p, 1);
	link_allow_push(p.b->link, p.r.key);
	run_until(&p, TARGET_PUSH_SUBSCRIBED);
	link_bench_run(p.b, 2);
	fake_restart(&p.b->server.d);
	p.r.is_set = false;
	link_bench_run(p.b, p.b->calls + 2);
	run_until(&p, TARGET_PUSH_SUBSCRIBED);
	assert_true(p.r.is_set);
	assert_int_equal(stats_of(&p).restarts, 1);
	teardown(&p);
}

/* The socket is another one afterwards, whoever listens there. */
static void
daemon_that_was_away_is_subscribed_again(void **state)
{
	struct push_link p;
	uint16_t port;

	(void)state;
	setup(&p, 1);
	link_allow_push(p.b->link, p.r.key);
	run_until(&p, TARGET_PUSH_SUBSCRIBED);
	port = p.b->server.port;
	link_bench_unserve(p.b);
	run_until(&p, TARGET_PUSH_WAITING);
	p.r.is_set = false;
	link_bench_serve(p.b, port);
	run_until(&p, TARGET_PUSH_SUBSCRIBED);
	assert_true(p.r.is_set);
	teardown(&p);
	assert_false(p.r.is_set);
}

static void
link_may_be_freed_at_any_moment(void **state)
{
	unsigned n_set = 0;

	(void)state;
	for (int rounds = 0; rounds < 40; rounds++) {
		struct push_link p;
		bool was_set;

		setup(&p, 1);
		link_allow_push(p.b->link, p.r.key);
		for (int i = 0; i < rounds; i++)
			uv_run(&p.b->loop, UV_RUN_NOWAIT);
		was_set = stats_of(&p).push == TARGET_PUSH_SUBSCRIBED;
		n_set += was_set;
		teardown(&p);
		assert_int_equal(p.b->server.d.n_by_op[M6_OP_UNSETTRAP], was_set);
	}
	assert_in_range(n_set, 1, 39);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(daemon_is_asked_after_its_first_answer),
		cmocka_unit_test(refusal_is_logged_once),
		cmocka_unit_test(key_that_is_not_there_is_said),
		cmocka_unit_test(silence_and_answers_of_anybody_are_told_apart),
		cmocka_unit_test(message_has_the_daemon_asked),
		cmocka_unit_test(lost_request_is_repeated_soon),
		cmocka_unit_test(restarted_daemon_is_subscribed_again),
		cmocka_unit_test(daemon_that_was_away_is_subscribed_again),
		cmocka_unit_test(link_may_be_freed_at_any_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
