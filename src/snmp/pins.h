/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps SNMP transactions on the moment they began with: the master agent splits one
 * GETBULK into many requests, and all of them are to see one snapshot. */
#ifndef SNMP_PINS_H
#define SNMP_PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "snmp/engine.h"

enum { PINS_MAX = 8 };
/* A transaction that takes longer goes on with a fresh moment. */
#define PINS_AGE_MAX_NS (2 * NS_PER_S)

/* What one transaction is told by. */
struct pin_key {
	long transaction; /* same in all requests made from one SNMP message */
	long session;     /* of the AgentX protocol; 0 without */
};

/* Zeroed: empty. Fields are private. */
struct pins {
	struct pin {
		struct pin_key key;
		int64_t since_ns;
		struct snapshot *snapshot; /* NULL: free */
		struct fleet *fleet;       /* NULL: a module about one target */
		struct mib_agent agent;
	} ring[PINS_MAX];
	size_t next;
};

/* The moment pinned for `key`, borrowed until the next change of `p`; false when there is
 * none (any more). */
bool pins_find(struct pins *p, const struct pin_key *key, int64_t now_ns,
    struct mib_view *out);
/* Pins `view` for `key`: takes references to snapshot and fleet and copies what it says
 * of the agent. Lets go of pins that are too old, and of the oldest one when PINS_MAX are
 * held. *out is the pinned view, borrowed as above. */
void pins_add(struct pins *p, const struct pin_key *key, int64_t now_ns,
    const struct mib_view *view, struct mib_view *out);
/* Lets go of pins that are too old. */
void pins_expire(struct pins *p, int64_t now_ns);
/* Lets go of everything. */
void pins_clear(struct pins *p);

#endif
