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
#include "mode6/auth.h"

enum {
	M6_TRIES = 4, /* transmissions of a request before it is given up */
	/* The same when something is answered meanwhile, or the daemon may limit our
	 * rate; but not when what comes is not to be believed. */
	M6_TRIES_ALIVE = 10,
	M6_WINDOW_START = 8, /* unanswered requests at one time */
	M6_WINDOW_LOSSY = 4, /* no less as long as there are answers between losses */
	M6_WINDOW_MIN = 1,
	M6_WINDOW_MAX = 32,
	M6_WINDOW_HASTY_MAX = 128,     /* the same for m6_client_hurry() */
	M6_URGENT_MAX = 8,             /* unanswered urgent requests besides */
	M6_QUEUE_MAX = 8192,           /* requests that wait for the window */
	M6_ANSWER_DATAGRAMS_MAX = 192, /* per transmission, repetitions included */
};

/* Silence is taken for rate limiting when there was an answer so short a time ago. */
#define M6_ALIVE_NS (60 * NS_PER_S)

/* Who answered so short a time ago is asked again after this, or the measured timeout, at
 * the latest: what is lost is lost by chance. */
#define M6_LIVELY_NS         (10 * NS_PER_S)
#define M6_TIMEOUT_LIVELY_NS NS_PER_S

struct m6_client;

/* The way out. `send` passes one datagram on: 0, ERR_REFUSED when the system reports that
 * nobody listens there, or any other error, which counts as a lost datagram. `post`, NULL
 * for none, is called instead for what is repeated anyway until it is answered: it may
 * keep it (copied) for a moment, to pass on several together. ERR_REFUSED may be of any
 * that were kept; what becomes of them later is for m6_client_input_error() to say. */
struct m6_port {
	int (*send)(void *ctx, const void *bytes, size_t len);
	int (*post)(void *ctx, const void *bytes, size_t len);
	void *ctx;
};

/* A request. Fields left zero: unsigned, repeated until it is answered or given up. */
struct m6_request {
	uint8_t op; /* enum m6_op */
	uint16_t assoc;
	const void *data;
	size_t len; /* at most M6_REQUEST_MAX */
	/* To sign with, borrowed until the request ends; NULL: unsigned. Of the answers
	 * only those signed with it are believed; see also struct m6_reply. */
	const struct m6_key *key;
	enum m6_mac_align align; /* 0: M6_MAC_ALIGN_8 */
	/* Repeating it could do harm: there is one transmission. When nothing comes of
	 * it, that says nothing of the way to the daemon. */
	bool is_once;
	/* Before all that are queued, whatever the window and the pause between requests,
	 * up to M6_URGENT_MAX at one time. */
	bool is_urgent;
	/* Ends with ERR_TIMEOUT at that time if it did not before, sent or not; until
	 * then silence is answered by repeating it, however often. 0: after so many
	 * tries. */
	int64_t give_up_ns;
};

struct m6_reply {
	/* 0; ERR_DAEMON; ERR_REFUSED; ERR_NOMEM; after all transmissions: ERR_TIMEOUT
	 * when nothing came, ERR_TRUNCATED when fragments were missing, ERR_PROTOCOL,
	 * ERR_CONFLICT or ERR_TOOBIG when what came was not to be believed. */
	int err;
	uint8_t daemon_error; /* with ERR_DAEMON: enum m6_error */
	/* With 0 and ERR_DAEMON. M6_MAC_NONE for an unsigned request. For a signed one
	 * M6_MAC_VALID; only an error may also come as M6_MAC_NONE or M6_MAC_NAK, because
	 * daemons that do not take the key answer so: anybody could have sent it. */
	enum m6_mac_verdict mac;
	uint16_t status;        /* with 0 and ERR_DAEMON: the status word */
	const uint8_t *payload; /* with 0; borrowed until the callback returns */
	size_t len;
	int64_t first_sent_ns; /* the first transmission; 0 when there was none */
	int64_t now_ns;
};

/* The end of a request. It may submit, cancel, or free the client; not feed it. */
typedef void m6_reply_fn(void *ctx, uint64_t id, const struct m6_reply *reply);

/* A fragment of a message that nobody asked for just now: those who subscribed (SETTRAP)
 * are sent one for each event. It carries no code, ever, so the client cannot know
 * whether the daemon sent it, nor whether it was sent before: no more than a hint to ask.
 * It is not put together with others, and what it says of the event is not handed on. */
struct m6_async {
	uint16_t assoc;    /* 0: the system */
	uint16_t status;   /* of that, when it was sent */
	uint16_t sequence; /* of the message: the receiver's own, one more each time */
	bool is_first;     /* fragment of the message: at offset 0 */
	int64_t now_ns;
};

/* May submit and cancel requests; neither feed the client nor free it. */
typedef void m6_async_fn(void *ctx, const struct m6_async *message);

struct m6_client_stats {
	uint64_t requests; /* datagrams sent, retransmissions included */
	uint64_t retransmits;
	uint64_t replies;     /* datagrams believed */
	uint64_t ignored;     /* datagrams that matched no request or were malformed */
	uint64_t async;       /* fragments of messages that were handed on */
	uint64_t bad_answers; /* answers whose fragments contradicted each other */
	uint64_t bad_macs;    /* answers to signed requests, not believed for their MAC */
	uint64_t timeouts;    /* requests given up */
	int64_t srtt_ns;      /* 0 before the first measurement */
	int64_t last_reply_ns; /* 0 never */
	int64_t gap_ns;        /* pause between requests in the long run; 0 none */
	unsigned window;
	bool is_rate_limited; /* the daemon answers bursts only in part: we pace */
};

/* `version` goes into every request and is demanded of every answer. `random` draws
 * sequence numbers and jitter. NULL when memory is out. */
struct m6_client *m6_client_new(uint8_t version, const struct m6_port *port,
    rand_fn *random, void *random_ctx);
/* For who asks much once and wants it soon: until something is lost the window grows by
 * one with each answer, not with each window of them, and up to M6_WINDOW_HASTY_MAX. */
void m6_client_hurry(struct m6_client *c);
/* Drops every request without a call. NULL allowed; allowed in a callback. */
void m6_client_free(struct m6_client *c);

/* Puts a request (copied) into the queue; the next m6_client_tick() or the end of the
 * running callback sends it when its turn comes. 0 and *id_out (never 0; NULL allowed),
 * ERR_TOOBIG, ERR_BUSY over M6_QUEUE_MAX, or ERR_NOMEM. */
int m6_client_submit(struct m6_client *c, const struct m6_request *request,
    m6_reply_fn *fn, void *ctx, uint64_t *id_out);
/* Calls `fn` by the next m6_client_tick(), or after the running callback, with a reply of
 * nothing: for what has to begin from there. 0 and *id_out as above, or ERR_NOMEM. */
int m6_client_call(struct m6_client *c, m6_reply_fn *fn, void *ctx, uint64_t *id_out);
/* Sends a request now and once, whatever waits and whatever the pace: nobody waits for
 * its answer, which will be ignored. 0, ERR_TOOBIG, ERR_NOMEM, or what the port said. */
int m6_client_tell(struct m6_client *c, const struct m6_request *request);
/* Drops a request or a call without calling. An id that is not there (any more) is
 * ignored. */
void m6_client_cancel(struct m6_client *c, uint64_t id);

/* From now on `fn` is called for each fragment of an asynchronous message; NULL, as at
 * first: they are ignored. */
void m6_client_on_async(struct m6_client *c, m6_async_fn *fn, void *ctx);

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
