/* SPDX-License-Identifier: BSD-2-Clause */
/* A subscriber whose client notes what leaves, and a daemon made by hand. */
#ifndef SUPPORT_PUSH_BENCH_H
#define SUPPORT_PUSH_BENCH_H

#include "client/subscriber.h"
#include "support/client_bench.h"

struct push_bench {
	struct client_bench b;
	struct m6_keys *keys;
	const struct m6_key *key;
	struct subscriber *s;
	int64_t now_ns;
	unsigned n_changed, n_hints;
	uint16_t hint;
};

/* One that nothing was said to yet; it has key 1. */
void push_setup_idle(struct push_bench *p);
/* One that may ask, and whose daemon answers. */
void push_setup(struct push_bench *p);
void push_teardown(struct push_bench *p); /* p->s may be NULL */

struct subscriber_state push_state_of(const struct push_bench *p);
void push_assert_state(const struct push_bench *p, enum target_push state,
    enum subscriber_reason reason);

/* What is due at p->now_ns. */
void push_turn(struct push_bench *p);
/* How many datagrams are sent within that time, from now on. */
size_t push_sent_within(struct push_bench *p, int64_t duration_ns);
/* The last datagram is an empty request of that kind, signed with p->key (MD5) as daemons
 * of ntp.org want it. */
void push_assert_asked(struct push_bench *p, uint8_t op);

/* An answer to the last request; `key` NULL: unsigned. */
void push_answer_with(struct push_bench *p, uint16_t status, bool is_error,
    const char *data, const struct m6_key *key);
void push_say_yes(struct push_bench *p);
/* As the daemon does: two datagrams. */
void push_say_no(struct push_bench *p, uint8_t code, const struct m6_key *key);
/* Is asked, and says yes. */
void push_subscribe(struct push_bench *p);
/* A fragment of a message arrives. */
void push_message(struct push_bench *p, uint16_t sequence, uint16_t assoc, bool is_first);

#endif
