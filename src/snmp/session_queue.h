/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded queue whose items stay until the receiver acknowledged them: a window limits
 * how many are under way, a token bucket how fast they go. Knows nothing of Net-SNMP and
 * reads no clock. */
#ifndef SNMP_SESSION_QUEUE_H
#define SNMP_SESSION_QUEUE_H

#include <stdint.h>

enum { SESSION_REFUSALS_MAX = 3 }; /* then an item is given up */

struct session_queue_limits {
	uint32_t max;        /* items in all, at least 1 */
	uint32_t window;     /* of these under way, at least 1 */
	uint32_t rate_per_s; /* 0: no limit */
	uint32_t burst;      /* at least 1 when there is a rate */
};

struct session_queue_counts {
	uint64_t queued, acknowledged, dropped, resent;
	uint32_t waiting, under_way;
};

struct session_queue;
struct session_queue_item;

/* `release` frees a payload. NULL: out of memory. */
struct session_queue *session_queue_new(const struct session_queue_limits *limits,
    void (*release)(void *payload));
/* Releases what is left. NULL allowed. */
void session_queue_free(struct session_queue *q);

/* Takes `payload` to the end of the queue. When it is full, the oldest item that is not
 * under way is dropped, or this one when all are. 0, or ERR_NOMEM: not taken. */
int session_queue_push(struct session_queue *q, void *payload);

/* The next item that may go now; it is under way from here on and stays valid until one
 * of the functions below ends that. NULL: none may. */
struct session_queue_item *session_queue_send(struct session_queue *q, int64_t now_ns);
void *session_queue_payload(const struct session_queue_item *item); /* borrowed */

/* How an item's way ends: it arrived; the receiver would not have it (it is sent again,
 * up to SESSION_REFUSALS_MAX times); there was no answer at all; it never left. */
void session_queue_acknowledged(struct session_queue *q, struct session_queue_item *item);
void session_queue_refused(struct session_queue *q, struct session_queue_item *item);
void session_queue_unanswered(struct session_queue *q, struct session_queue_item *item);
void session_queue_not_sent(struct session_queue *q, struct session_queue_item *item);
/* The connection is gone: everything under way waits again, in order. */
void session_queue_lost(struct session_queue *q);

/* Nanoseconds until the rate allows the next item: 0 at once, CLOCK_NEVER when nothing
 * waits or the window is full. */
int64_t session_queue_wait(const struct session_queue *q, int64_t now_ns);
void session_queue_counts(const struct session_queue *q,
    struct session_queue_counts *out);

#endif
