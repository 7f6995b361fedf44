/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps one subscription at a daemon of ntp.org: it sends a message for each event to
 * those who asked for it by a signed SETTRAP. No I/O and no clock of its own.
 *
 * The messages are not signed. All that speaks for one is that it came from the daemon's
 * address and port to our socket, while there is a subscription, with the number that
 * follows: somebody who can forge the address and sees or guesses our port can forge all
 * that. So a message is a hint that it may be worth while to ask, and nothing of it is
 * believed. How often hints are followed is up to who gets them. */
#ifndef CLIENT_SUBSCRIBER_H
#define CLIENT_SUBSCRIBER_H

#include <stdbool.h>
#include <stdint.h>

#include "client/client.h"
#include "mode6/auth.h"
#include "model/target.h"

/* The daemon forgets us after an hour, or at once when there is another new receiver. */
#define SUBSCRIBER_RENEW_NS (300 * NS_PER_S)
/* After a refusal it is asked again ever more rarely; one that does not know the request
 * not before a day has passed or it was restarted. */
#define SUBSCRIBER_RETRY_MIN_NS   (60 * NS_PER_S)
#define SUBSCRIBER_RETRY_MAX_NS   (3600 * NS_PER_S)
#define SUBSCRIBER_UNSUPPORTED_NS (24 * SUBSCRIBER_RETRY_MAX_NS)

enum { SUBSCRIBER_TRIES = 4 }; /* in a row without any answer: it is a refusal */

struct subscriber;

enum subscriber_reason {
	SUBSCRIBER_NO_REASON,
	SUBSCRIBER_NO_KEY,        /* we have none */
	SUBSCRIBER_UNSUPPORTED,   /* the daemon does not know the request */
	SUBSCRIBER_KEY_REFUSED,   /* it does not know the key, or has another secret */
	SUBSCRIBER_NOT_PERMITTED, /* the key is right, but may not, or there is no room */
	SUBSCRIBER_NO_REPLY,
	SUBSCRIBER_UNSIGNED, /* answers came, none of them signed with the key */
	SUBSCRIBER_ERROR,    /* another error */
};

struct subscriber_state {
	enum target_push state;
	enum subscriber_reason reason; /* of TARGET_PUSH_REFUSED */
	uint8_t daemon_error;          /* of SUBSCRIBER_ERROR: enum m6_error */
	uint64_t n_messages;           /* taken for hints */
	uint64_t n_ignored;            /* fragments that were not */
};

/* Calls from inside of the client's: never back into the subscriber. */
struct subscriber_port {
	void (*changed)(void *ctx); /* what subscriber_state() tells, but the numbers */
	/* Something may have happened to that association; 0: to the system. */
	void (*hinted)(void *ctx, uint16_t assoc);
	void *ctx;
};

/* Wants nothing before subscriber_allow(). `client` is borrowed and outlives it; its
 * asynchronous messages are the subscriber's. NULL when memory is out. */
struct subscriber *subscriber_new(struct m6_client *client,
    const struct subscriber_port *port);
/* Leaves, too. NULL allowed. */
void subscriber_free(struct subscriber *s);

/* Whether a subscription is wanted, and the key to sign with, borrowed until the next
 * call; NULL: there is none. It may be another key than before: one that has a
 * subscription asks anew, one that was refused gets its chance. */
void subscriber_allow(struct subscriber *s, bool is_wanted, const struct m6_key *key);
/* The daemon answers: from now on it may be asked. Nothing, when that was known. */
void subscriber_start(struct subscriber *s, int64_t now_ns);
/* The daemon was restarted and knows us no more: asks at once. */
void subscriber_renew(struct subscriber *s, int64_t now_ns);
/* Our socket goes, and with it a subscription: the daemon is told so, once, unsure
 * whether that arrives. Asks no more before subscriber_start(). */
void subscriber_leave(struct subscriber *s);
/* It is another daemon from now on: nothing is known of it. After subscriber_leave(). */
void subscriber_forget(struct subscriber *s);

/* Asks when it is time; what it asks is in the client's queue afterwards. */
void subscriber_tick(struct subscriber *s, int64_t now_ns);
/* When subscriber_tick() wants to be called; CLOCK_NEVER: not for now. */
int64_t subscriber_deadline(const struct subscriber *s);

void subscriber_state(const struct subscriber *s, struct subscriber_state *out);

#endif
