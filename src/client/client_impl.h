/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the client share: its state, and what ends or repeats a request. */
#ifndef CLIENT_CLIENT_IMPL_H
#define CLIENT_CLIENT_IMPL_H

#include "client/client.h"
#include "client/pace.h"
#include "client/pending.h"
#include "client/rtt.h"

struct m6_client {
	struct m6_port port;
	rand_fn *random;
	void *random_ctx;
	uint8_t version;

	struct m6_pending *sent[M6_WINDOW_HASTY_MAX + M6_URGENT_MAX];
	size_t n_sent;                 /* urgent ones included, */
	size_t n_urgent;               /* which have no place in the window */
	struct m6_pending_list urgent; /* before all others, oldest first */
	struct m6_pending_list again; /* timed out: before the fresh ones, oldest first */
	struct m6_pending_list fresh;
	struct m6_pending_list done;
	uint64_t last_id;
	int64_t give_up_ns; /* no request is to be given up earlier */

	struct rtt rtt;
	unsigned window;
	unsigned window_max;
	bool is_hasty;             /* nothing was lost yet; see m6_client_hurry() */
	unsigned n_answered;       /* since the window changed */
	unsigned n_silent_flights; /* since the last answer */
	uint64_t next_serial;
	uint64_t flight_serial; /* a loss before it belongs to a flight counted already */
	struct pace pace;
	uint64_t n_junk; /* datagrams that were no answer of the daemon at all */

	m6_async_fn *async_fn; /* NULL: nobody wants such messages */
	void *async_ctx;

	struct m6_client_stats stats;
	bool *is_gone; /* set by m6_client_free() for the loop that runs callbacks */
};

/* Takes the request at `i` out of the window. */
struct m6_pending *m6_client_take(struct m6_client *c, size_t i);
/* Ends a request that was taken; its owner is told by m6_client_run(). */
void m6_client_finish(struct m6_client *c, struct m6_pending *r, int err);
/* Ends every request. */
void m6_client_finish_all(struct m6_client *c, int err);
/* Queues a request that was taken for its next transmission, or ends it. */
void m6_client_retry(struct m6_client *c, struct m6_pending *r);
/* Tells owners and sends what may be sent: the last thing an entry does. */
void m6_client_run(struct m6_client *c, int64_t now_ns);

#endif
