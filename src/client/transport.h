/* SPDX-License-Identifier: BSD-2-Clause */
/* One connected UDP socket to one daemon, on an event loop. The kernel chooses the source
 * port at random and passes on only what comes from the daemon's address and port. */
#ifndef CLIENT_TRANSPORT_H
#define CLIENT_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/addr.h"
#include "mode6/packet.h"

struct transport;

enum { TRANSPORT_BATCH_MAX = 32 }; /* datagrams: what a client may have under way */

/* Several datagrams, for one system call. Zeroed: none. */
struct transport_batch {
	size_t n;
	size_t lens[TRANSPORT_BATCH_MAX];
	uint8_t bytes[TRANSPORT_BATCH_MAX][M6_DATAGRAM_MAX];
};

/* Something can be received: call transport_receive() until it says there is no more, or
 * for as long as is fair; what is left is announced again. */
typedef void transport_ready_fn(void *ctx);

/* 0 and *out; ERR_NOMEM when memory or descriptors are out; ERR_IO when there is no way
 * to that address. */
int transport_open(uv_loop_t *loop, const struct addr *to, transport_ready_fn *fn,
    void *ctx, struct transport **out);
/* Lets as much wait to be received as the system allows an ordinary program; about twice
 * as much as without. */
void transport_make_room(struct transport *t);
/* No call of `fn` after this; allowed inside it. NULL allowed. */
void transport_close(struct transport *t);

/* Sends one datagram. 0; ERR_REFUSED when the system knows by now that nobody listens;
 * ERR_IO for every other failure. */
int transport_send(struct transport *t, const void *bytes, size_t len);
/* Receives one datagram, cut at `cap`. 1 and *len_out; 0 when there is none; ERR_REFUSED;
 * ERR_IO. */
int transport_receive(struct transport *t, void *out, size_t cap, size_t *len_out);

/* The same for as many as wait, up to a batch: 1 when there are some, each cut at
 * M6_DATAGRAM_MAX. After less than a whole batch there is nothing to be had for now. An
 * error behind the first of them is told by the next call. */
int transport_receive_batch(struct transport *t, struct transport_batch *out);
/* Sends all and empties the batch. 0; ERR_REFUSED as above: those behind were not sent;
 * ERR_IO when any of them was not sent, for every other failure. A refusal that the
 * system learns of in the middle may also be told by the next call, of whatever kind. */
int transport_send_batch(struct transport *t, struct transport_batch *batch);

#endif
