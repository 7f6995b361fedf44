/* SPDX-License-Identifier: BSD-2-Clause */
/* A subscriber and its client, and all that may come from the daemon's address: messages,
 * answers signed and not, anything; and what its owner tells it meanwhile. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "client/subscriber.h"
#include "support/client_bench.h"

#define START_NS (1000 * NS_PER_S)

struct push {
	struct client_bench b;
	struct m6_keys *keys;
	struct subscriber *s;
	int64_t now_ns;
	uint64_t n_hints;
};

static void
on_changed(void *ctx)
{
	(void)ctx;
}

static void
on_hint(void *ctx, uint16_t assoc)
{
	(void)assoc;
	((struct push *)ctx)->n_hints++;
}

static void
message(struct push *p, struct fuzz_input *in)
{
	const struct m6_header head = {
		.version = M6_VERSION_DEFAULT,
		.op = M6_OP_ASYNCMSG,
		.is_response = true,
		.sequence = fuzz_u8(in),
		.assoc = fuzz_u8(in),
		.status = fuzz_u16(in),
		.offset = (uint16_t)(fuzz_u8(in) % 2 * M6_DATA_MAX),
	};
	char *text = fuzz_line(in);

	if (strlen(text) > M6_DATA_MAX)
		text[M6_DATA_MAX] = '\0';
	bench_feed(&p->b, &head, text, p->now_ns);
	free(text);
}

/* To the last request, if there was one. */
static void
answer(struct push *p, struct fuzz_input *in)
{
	uint8_t how = fuzz_u8(in);
	struct m6_header head;

	if (p->b.n_sent == 0)
		return;
	head = bench_answer_head(&p->b, p->b.n_sent - 1);
	head.is_error = (how & 1) != 0;
	head.status = (uint16_t)(fuzz_u8(in) << 8);
	if ((how & 2) != 0)
		bench_feed_signed(&p->b, &head, "",
		    m6_keys_find(p->keys, 1 + (how >> 2) % 4u), p->now_ns);
	else
		bench_feed(&p->b, &head, "", p->now_ns);
}

/* Any bytes, those of a header that fits put in front if there is a request. */
static void
anything(struct push *p, struct fuzz_input *in)
{
	size_t len;
	uint8_t how = fuzz_u8(in), *bytes = fuzz_chunk(in, &len);

	if (p->b.n_sent > 0 && len >= M6_HEADER_LEN && how % 4 != 0) {
		memcpy(bytes, p->b.bytes[p->b.n_sent - 1], 4);
		bytes[1] |= 0x80;
	}
	m6_client_input(p->b.client, bytes, len, p->now_ns);
	free(bytes);
}

static void
tell(struct push *p, uint8_t what)
{
	switch (what % 6) {
	case 0:
		subscriber_allow(p->s, what % 4 != 1,
		    m6_keys_find(p->keys, 1 + what % 5u));
		break;
	case 1:
		subscriber_start(p->s, p->now_ns);
		break;
	case 2:
		subscriber_renew(p->s, p->now_ns);
		break;
	case 3:
		subscriber_leave(p->s);
		break;
	case 4:
		subscriber_leave(p->s);
		subscriber_forget(p->s);
		break;
	default:
		m6_client_input_error(p->b.client, -8, p->now_ns);
		break;
	}
}

static void
pass_time(struct push *p, struct fuzz_input *in)
{
	enum { ROUNDS = 8, ROOM = BENCH_SENT_MAX / 2 };
	int64_t end_ns = p->now_ns + fuzz_u16(in) * (NS_PER_S / 16);

	for (int i = 0; i < ROUNDS; i++) {
		int64_t next_ns = subscriber_deadline(p->s);

		if (p->b.n_sent > ROOM)
			p->b.n_sent = 0;
		if (m6_client_deadline(p->b.client) < next_ns)
			next_ns = m6_client_deadline(p->b.client);
		if (next_ns > end_ns)
			break;
		if (next_ns > p->now_ns)
			p->now_ns = next_ns;
		subscriber_tick(p->s, p->now_ns);
		m6_client_tick(p->b.client, p->now_ns);
	}
	p->now_ns = end_ns > p->now_ns ? end_ns : p->now_ns;
}

static void
step(struct push *p, struct fuzz_input *in)
{
	struct subscriber_state state;
	uint8_t what = fuzz_u8(in);

	switch (what % 8) {
	case 0:
	case 1:
		message(p, in);
		break;
	case 2:
	case 3:
		answer(p, in);
		break;
	case 4:
		anything(p, in);
		break;
	case 5:
		tell(p, fuzz_u8(in));
		break;
	default:
		pass_time(p, in);
		break;
	}
	subscriber_state(p->s, &state);
	FUZZ_REQUIRE(state.n_messages == p->n_hints);
	FUZZ_REQUIRE((state.state == TARGET_PUSH_REFUSED) ==
	    (state.reason != SUBSCRIBER_NO_REASON));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct push push;
	struct push *p = &push;
	const struct subscriber_port port = { on_changed, on_hint, p };
	struct fuzz_input in = { bytes, len };

	memset(p, 0, sizeof(*p));
	bench_setup(&p->b);
	p->keys = bench_keys();
	p->now_ns = START_NS;
	p->s = subscriber_new(p->b.client, &port);
	FUZZ_REQUIRE(p->s != NULL);
	subscriber_allow(p->s, true, m6_keys_find(p->keys, 1));
	subscriber_start(p->s, p->now_ns);
	subscriber_tick(p->s, p->now_ns);
	m6_client_tick(p->b.client, p->now_ns);
	while (in.left > 0)
		step(p, &in);
	subscriber_free(p->s);
	m6_client_free(p->b.client);
	m6_keys_free(p->keys);
	return 0;
}
