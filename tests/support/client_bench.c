/* SPDX-License-Identifier: BSD-2-Clause */
/* Noting what a client sends and says, and feeding it. */
#include "support/check.h"

#include "support/client_bench.h"

#include <string.h>

int
bench_send(void *ctx, const void *bytes, size_t len)
{
	struct client_bench *b = ctx;
	struct m6_packet packet;

	assert_int_equal(m6_packet_decode(bytes, len, &packet), 0);
	assert_int_equal(len % 4, 0);
	assert_true(b->n_sent < BENCH_SENT_MAX);
	b->sent[b->n_sent] = packet.head;
	assert_true(len <= M6_DATAGRAM_MAX);
	memcpy(b->bytes[b->n_sent], bytes, len);
	b->lens[b->n_sent] = len;
	memcpy(b->data[b->n_sent], packet.data, packet.head.count);
	b->data[b->n_sent][packet.head.count] = 0;
	b->n_sent++;
	return b->send_result;
}

static uint32_t
count_up(void *ctx)
{
	struct client_bench *b = ctx;

	return b->random++;
}

void
bench_setup(struct client_bench *b)
{
	struct m6_port port = { .send = bench_send, .ctx = b };

	memset(b, 0, sizeof(*b));
	b->random = 0x1234;
	b->client = m6_client_new(M6_VERSION_DEFAULT, &port, count_up, b);
	assert_non_null(b->client);
}

void
bench_on_reply(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct client_bench *b = ctx;

	b->calls++;
	b->last_id = id;
	b->last = *reply;
	if (reply->err == 0) {
		assert_true(reply->len < sizeof(b->payload));
		if (reply->len > 0)
			memcpy(b->payload, reply->payload, reply->len);
		b->payload[reply->len] = 0;
	}
	if (b->cancels != 0)
		m6_client_cancel(b->client, b->cancels);
	if (b->submits) {
		b->submits = false;
		(void)bench_ask(b, 77, "again");
	}
	if (b->frees) {
		m6_client_free(b->client);
		b->client = NULL;
	}
}

uint64_t
bench_ask(struct client_bench *b, uint16_t assoc, const char *data)
{
	struct m6_request request = {
		.op = M6_OP_READVAR,
		.assoc = assoc,
		.data = data,
		.len = strlen(data),
	};
	uint64_t id = 0;

	assert_int_equal(m6_client_submit(b->client, &request, bench_on_reply, b, &id),
	    0);
	assert_true(id != 0);
	return id;
}

struct m6_header
bench_answer_head(const struct client_bench *b, size_t i)
{
	struct m6_header head = b->sent[i];

	head.is_response = true;
	head.status = 0x0615;
	return head;
}

void
bench_feed(struct client_bench *b, const struct m6_header *head, const char *data,
    int64_t now_ns)
{
	uint8_t bytes[M6_DATAGRAM_MAX];
	size_t len;

	assert_int_equal(
	    m6_packet_encode(head, data, strlen(data), bytes, sizeof(bytes), &len), 0);
	m6_client_input(b->client, bytes, len, now_ns);
}

void
bench_feed_signed(struct client_bench *b, const struct m6_header *head, const char *data,
    const struct m6_key *key, int64_t now_ns)
{
	enum m6_mac_align align = head->is_error ? M6_MAC_ALIGN_4 : M6_MAC_ALIGN_8;
	uint8_t bytes[M6_DATAGRAM_MAX];
	size_t len;

	assert_int_equal(
	    m6_packet_encode(head, data, strlen(data), bytes, sizeof(bytes), &len), 0);
	assert_int_equal(m6_mac_append(key, align, bytes, sizeof(bytes), &len), 0);
	m6_client_input(b->client, bytes, len, now_ns);
}

struct m6_keys *
bench_keys(void)
{
	static const char text[] = "1 MD5 secretmd5\n"
				   "2 SHA1 0123456789abcdef0123456789abcdef01234567\n"
				   "3 SHA256 secretsha256\n"
				   "4 AES128CMAC 000102030405060708090a0b0c0d0e0f\n";
	struct m6_keys *keys = NULL;

	assert_int_equal(m6_keys_parse(text, sizeof(text) - 1, NULL, NULL, &keys), 0);
	assert_int_equal(m6_keys_count(keys), 4);
	return keys;
}
