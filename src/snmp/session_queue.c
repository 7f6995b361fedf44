/* SPDX-License-Identifier: BSD-2-Clause */
/* The queue of notifications: order, window, rate. */
#include "snmp/session_queue.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

struct session_queue_item {
	struct session_queue_item *next;
	void *payload;
	bool is_under_way;
	uint32_t sends, refusals;
};

struct session_queue {
	struct session_queue_limits limits;
	void (*release)(void *payload);
	struct session_queue_item *first, **end;
	struct session_queue_counts counts;
	/* When the bucket will be full again: each item moves it by one interval, and it
	 * may run ahead of the clock by the burst. */
	int64_t full_at_ns;
};

struct session_queue *
session_queue_new(const struct session_queue_limits *limits,
    void (*release)(void *payload))
{
	struct session_queue *q = mem_calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->limits = *limits;
	q->release = release;
	q->end = &q->first;
	q->full_at_ns = INT64_MIN;
	return q;
}

static void
remove_at(struct session_queue *q, struct session_queue_item **link)
{
	struct session_queue_item *item = *link;

	*link = item->next;
	if (q->end == &item->next)
		q->end = link;
	if (item->is_under_way)
		q->counts.under_way--;
	else
		q->counts.waiting--;
	q->release(item->payload);
	mem_free(item);
}

void
session_queue_free(struct session_queue *q)
{
	if (q == NULL)
		return;
	while (q->first != NULL)
		remove_at(q, &q->first);
	mem_free(q);
}

static struct session_queue_item **
oldest_waiting(struct session_queue *q)
{
	struct session_queue_item **link = &q->first;

	while (*link != NULL && (*link)->is_under_way)
		link = &(*link)->next;
	return link;
}

int
session_queue_push(struct session_queue *q, void *payload)
{
	struct session_queue_item *item = mem_calloc(1, sizeof(*item));

	if (item == NULL)
		return ERR_NOMEM;
	item->payload = payload;
	*q->end = item;
	q->end = &item->next;
	q->counts.queued++;
	q->counts.waiting++;
	if (q->counts.waiting + q->counts.under_way > q->limits.max) {
		remove_at(q, oldest_waiting(q));
		q->counts.dropped++;
	}
	return 0;
}

static int64_t
interval_ns(const struct session_queue *q)
{
	return NS_PER_S / q->limits.rate_per_s;
}

static int64_t
rate_wait(const struct session_queue *q, int64_t now_ns)
{
	int64_t ahead_ns;

	if (q->limits.rate_per_s == 0 || q->full_at_ns <= now_ns)
		return 0;
	ahead_ns = q->full_at_ns - now_ns;
	ahead_ns -= interval_ns(q) * (q->limits.burst - 1);
	return ahead_ns > 0 ? ahead_ns : 0;
}

static void
take_token(struct session_queue *q, int64_t now_ns)
{
	if (q->limits.rate_per_s == 0)
		return;
	if (q->full_at_ns < now_ns)
		q->full_at_ns = now_ns;
	q->full_at_ns += interval_ns(q);
}

int64_t
session_queue_wait(const struct session_queue *q, int64_t now_ns)
{
	if (q->counts.waiting == 0 || q->counts.under_way >= q->limits.window)
		return CLOCK_NEVER;
	return rate_wait(q, now_ns);
}

struct session_queue_item *
session_queue_send(struct session_queue *q, int64_t now_ns)
{
	struct session_queue_item *item = *oldest_waiting(q);

	if (item == NULL || session_queue_wait(q, now_ns) != 0)
		return NULL;
	take_token(q, now_ns);
	item->is_under_way = true;
	q->counts.waiting--;
	q->counts.under_way++;
	if (item->sends++ > 0)
		q->counts.resent++;
	return item;
}

void *
session_queue_payload(const struct session_queue_item *item)
{
	return item->payload;
}

static struct session_queue_item **
link_of(struct session_queue *q, const struct session_queue_item *item)
{
	struct session_queue_item **link = &q->first;

	while (*link != item)
		link = &(*link)->next;
	return link;
}

static void
wait_again(struct session_queue *q, struct session_queue_item *item)
{
	item->is_under_way = false;
	q->counts.under_way--;
	q->counts.waiting++;
}

void
session_queue_acknowledged(struct session_queue *q, struct session_queue_item *item)
{
	remove_at(q, link_of(q, item));
	q->counts.acknowledged++;
}

void
session_queue_refused(struct session_queue *q, struct session_queue_item *item)
{
	if (++item->refusals < SESSION_REFUSALS_MAX) {
		wait_again(q, item);
		return;
	}
	remove_at(q, link_of(q, item));
	q->counts.dropped++;
}

void
session_queue_unanswered(struct session_queue *q, struct session_queue_item *item)
{
	wait_again(q, item);
}

void
session_queue_not_sent(struct session_queue *q, struct session_queue_item *item)
{
	if (--item->sends > 0)
		q->counts.resent--;
	wait_again(q, item);
}

void
session_queue_lost(struct session_queue *q)
{
	for (struct session_queue_item *item = q->first; item != NULL; item = item->next)
		if (item->is_under_way)
			wait_again(q, item);
}

void
session_queue_counts(const struct session_queue *q, struct session_queue_counts *out)
{
	*out = q->counts;
}
