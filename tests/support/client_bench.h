/* SPDX-License-Identifier: BSD-2-Clause */
/* A client whose port notes what leaves, and answers made by hand. */
#ifndef SUPPORT_CLIENT_BENCH_H
#define SUPPORT_CLIENT_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/client.h"
#include "mode6/packet.h"

enum { BENCH_SENT_MAX = 256 };

/* What left, and what came back to the owners of requests. */
struct client_bench {
	struct m6_client *client;
	int send_result;
	uint32_t random;
	size_t n_sent;
	struct m6_header sent[BENCH_SENT_MAX];
	char data[BENCH_SENT_MAX][M6_REQUEST_MAX + 1];
	uint8_t bytes[BENCH_SENT_MAX][M6_DATAGRAM_MAX]; /* as they left */
	size_t lens[BENCH_SENT_MAX];
	unsigned calls;
	uint64_t last_id;
	struct m6_reply last;
	char payload[2048];
	/* What the next callback does. */
	uint64_t cancels;
	bool submits, frees;
};

void bench_setup(struct client_bench *b);

/* Submits a request to read `data` of an association; its id. */
uint64_t bench_ask(struct client_bench *b, uint16_t assoc, const char *data);
m6_reply_fn bench_on_reply; /* ctx is the bench */

/* The head of an answer to the datagram that was sent as number `i`, in one piece. */
struct m6_header bench_answer_head(const struct client_bench *b, size_t i);
/* An answer arrives. */
void bench_feed(struct client_bench *b, const struct m6_header *head, const char *data,
    int64_t now_ns);

/* The same, signed. */
void bench_feed_signed(struct client_bench *b, const struct m6_header *head,
    const char *data, const struct m6_key *key, int64_t now_ns);

/* Keys 1 (MD5), 2 (SHA1), 3 (SHA256) and 4 (AES-128-CMAC). */
struct m6_keys *bench_keys(void);

/* For a client made by the test itself. */
int bench_send(void *ctx, const void *bytes, size_t len);

#endif
