/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking one NTP daemon: requests go out in a window, answers are matched and put
 * together, what is lost is sent again. No socket and no clock: bytes and time come in as
 * arguments, bytes leave through a port. */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/rand.h"

enum {
	M6_TRIES = 4,        /* transmissions of a request before it is given up */
	M6_TRIES_PACED = 10, /* the same while the daemon seems to limit our rate */
	M6_WINDOW_START = 8, /* unanswered requests at one time */
	M6_WINDOW_MIN = 1,
	M6_WINDOW_MAX = 32,
	M6_QUEUE_MAX = 8192,           /* requests that wait for the window */
	M6_ANSWER_DATAGRAMS_MAX = 192, /* per transmission, repetitions included */
};

/* The pause between requests to a daemon that answers bursts only in part. */
#define M6_GAP_MIN_NS (250 * NS_PER_MS)
#define M6_GAP_MAX_NS (2 * NS_PER_S)
/* Silence is taken for rate limiting when there was an answer so short a time ago. */
#define M6_ALIVE_NS (60 * NS_PER_S)
/* The pause is halved after so long a time without a loss. */
#define M6_RELAX_NS (20 * NS_PER_S)

struct m6_client;

/* The way out. `send` passes one datagram on: 0, ERR_REFUSED when the system reports that
 * nobody listens there, or any other error, which counts as a lost datagram. */
struct m6_port {
	int (*send)(void *ctx, const void *bytes, size_t len);
	void *ctx;
};

/* A request. Only such that may be repeated without harm. */
struct m6_request {
	uint8_t op; /* enum m6_op */
	uint16_t assoc;
	const void *data;
	size_t len; /* at most M6_REQUEST_MAX */
};

struct m6_reply {
	/* 0; ERR_DAEMON; ERR_REFUSED; ERR_NOMEM; after all transmissions: ERR_TIMEOUT
	 * when nothing came, ERR_TRUNCATED when fragments were missing, ERR_PROTOCOL,
	 * ERR_CONFLICT or ERR_TOOBIG when what came was not to be believed. */
	int err;
	uint8_t daemon_error;   /* with ERR_DAEMON: enum m6_error */
	uint16_t status;        /* with 0 and ERR_DAEMON: the status word */
	const uint8_t *payload; /* with 0; borrowed until the callback returns */
	size_t len;
	int64_t first_sent_ns; /* the first transmission; 0 when there was none */
	int64_t now_ns;
};

/* The end of a request. It may submit, cancel, or free the client; not feed it. */
typedef void m6_reply_fn(void *ctx, uint64_t id, const struct m6_reply *reply);

struct m6_client_stats {
	uint64_t requests; /* datagrams sent, retransmissions included */
	uint64_t retransmits;
	uint64_t replies;      /* datagrams believed */
	uint64_t ignored;      /* datagrams that matched no request or were malformed */
	uint64_t bad_answers;  /* answers whose fragments contradicted each other */
	uint64_t timeouts;     /* requests given up */
	int64_t srtt_ns;       /* 0 before the first measurement */
	int64_t last_reply_ns; /* 0 never */
	int64_t gap_ns;        /* pause between requests; 0 none */
	unsigned window;
	bool is_rate_limited; /* the daemon answers bursts only in part: we pace */
};

/* `version` goes into every request and is demanded of every answer. `random` draws
 * sequence numbers and jitter. NULL when memory is out. */
struct m6_client *m6_client_new(uint8_t version, const struct m6_port *port,
    rand_fn *random, void *random_ctx);
/* Drops every request without a call. NULL allowed; allowed in a callback. */
void m6_client_free(struct m6_client *c);

/* Puts a request (copied) into the queue; the next m6_client_tick() or the end of the
 * running callback sends it when its turn comes. 0 and *id_out (never 0; NULL allowed),
 * ERR_TOOBIG, ERR_BUSY over M6_QUEUE_MAX, or ERR_NOMEM. */
int m6_client_submit(struct m6_client *c, const struct m6_request *request,
    m6_reply_fn *fn, void *ctx, uint64_t *id_out);
/* Drops a request without a call. An id that is not there (any more) is ignored. */
void m6_client_cancel(struct m6_client *c, uint64_t id);

/* A datagram from the daemon's address and port. */
void m6_client_input(struct m6_client *c, const void *bytes, size_t len, int64_t now_ns);
/* An error the socket reported. ERR_REFUSED ends all requests if one was under way; every
 * other error is left to the timers. */
void m6_client_input_error(struct m6_client *c, int err, int64_t now_ns);
/* Sends what may be sent and gives up what is overdue. */
void m6_client_tick(struct m6_client *c, int64_t now_ns);
/* When m6_client_tick() wants to be called: 0 at once, CLOCK_NEVER not at all. */
int64_t m6_client_deadline(const struct m6_client *c);

/* Forgets what was learned about the way to the daemon: it is another one now. */
void m6_client_forget_path(struct m6_client *c);
void m6_client_stats(const struct m6_client *c, struct m6_client_stats *out);

#endif
