/* SPDX-License-Identifier: BSD-2-Clause */
/* A subscriber, and answers and messages made by hand. */
#include "support/check.h"

#include "support/push_bench.h"

#include <string.h>

#define START_NS (1000 * NS_PER_S)

static void
on_changed(void *ctx)
{
	((struct push_bench *)ctx)->n_changed++;
}

static void
on_hint(void *ctx, uint16_t assoc)
{
	struct push_bench *p = ctx;

	p->n_hints++;
	p->hint = assoc;
}

void
push_setup_idle(struct push_bench *p)
{
	struct subscriber_port port = { on_changed, on_hint, p };

	memset(p, 0, sizeof(*p));
	bench_setup(&p->b);
	p->keys = bench_keys();
	p->key = m6_keys_find(p->keys, 1);
	p->s = subscriber_new(p->b.client, &port);
	assert_non_null(p->s);
	p->now_ns = START_NS;
}

void
push_setup(struct push_bench *p)
{
	push_setup_idle(p);
	subscriber_allow(p->s, true, p->key);
	subscriber_start(p->s, p->now_ns);
}

void
push_teardown(struct push_bench *p)
{
	subscriber_free(p->s);
	m6_client_free(p->b.client);
	m6_keys_free(p->keys);
}

struct subscriber_state
push_state_of(const struct push_bench *p)
{
	struct subscriber_state state;

	subscriber_state(p->s, &state);
	return state;
}

void
push_assert_state(const struct push_bench *p, enum target_push state,
    enum subscriber_reason reason)
{
	assert_int_equal(push_state_of(p).state, state);
	assert_int_equal(push_state_of(p).reason, reason);
}

void
push_turn(struct push_bench *p)
{
	subscriber_tick(p->s, p->now_ns);
	m6_client_tick(p->b.client, p->now_ns);
}

size_t
push_sent_within(struct push_bench *p, int64_t duration_ns)
{
	size_t before = p->b.n_sent;
	int64_t end_ns = p->now_ns + duration_ns;

	push_turn(p);
	for (;;) {
		int64_t next_ns = subscriber_deadline(p->s);

		if (m6_client_deadline(p->b.client) < next_ns)
			next_ns = m6_client_deadline(p->b.client);
		if (next_ns > end_ns)
			break;
		if (next_ns > p->now_ns)
			p->now_ns = next_ns;
		push_turn(p);
	}
	p->now_ns = end_ns;
	return p->b.n_sent - before;
}

void
push_assert_asked(struct push_bench *p, uint8_t op)
{
	size_t i = p->b.n_sent - 1;

	assert_true(p->b.n_sent > 0);
	assert_int_equal(p->b.sent[i].op, op);
	assert_int_equal(p->b.sent[i].assoc, 0);
	assert_int_equal(p->b.sent[i].count, 0);
	assert_int_equal(p->b.lens[i], M6_HEADER_LEN + 4 + 4 + 16);
	assert_int_equal(m6_mac_verify(p->key, p->b.bytes[i], p->b.lens[i]),
	    M6_MAC_VALID);
}

void
push_answer_with(struct push_bench *p, uint16_t status, bool is_error, const char *data,
    const struct m6_key *key)
{
	struct m6_header head = bench_answer_head(&p->b, p->b.n_sent - 1);

	head.status = status;
	head.is_error = is_error;
	if (key)
		bench_feed_signed(&p->b, &head, data, key, p->now_ns);
	else
		bench_feed(&p->b, &head, data, p->now_ns);
}

void
push_say_yes(struct push_bench *p)
{
	push_answer_with(p, 0, false, "", p->key);
}

void
push_say_no(struct push_bench *p, uint8_t code, const struct m6_key *key)
{
	push_answer_with(p, (uint16_t)(code << 8), true, "", key);
	push_answer_with(p, (uint16_t)(code << 8), false, "", key);
}

void
push_subscribe(struct push_bench *p)
{
	push_turn(p);
	push_assert_asked(p, M6_OP_SETTRAP);
	push_say_yes(p);
	push_assert_state(p, TARGET_PUSH_SUBSCRIBED, SUBSCRIBER_NO_REASON);
}

void
push_message(struct push_bench *p, uint16_t sequence, uint16_t assoc, bool is_first)
{
	const struct m6_header head = {
		.version = M6_VERSION_DEFAULT,
		.op = M6_OP_ASYNCMSG,
		.is_response = true,
		.sequence = sequence,
		.assoc = assoc,
		.offset = is_first ? 0 : 468,
		.status = 0x9423,
	};

	bench_feed(&p->b, &head, "srcadr=10.0.0.1", p->now_ns);
}
