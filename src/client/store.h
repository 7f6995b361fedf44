/* SPDX-License-Identifier: BSD-2-Clause */
/* The current snapshot of one target, the rule of how long it may be served, and those
 * who want to know when it changes. No I/O, no clock of its own. */
#ifndef CLIENT_STORE_H
#define CLIENT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/snapshot.h"

struct store;

/* Called after the current snapshot was replaced; `before` and `after` are borrowed and
 * never NULL. Called last: it may do anything but free the store. */
typedef void store_change_fn(void *ctx, const struct snapshot *before,
    const struct snapshot *after);

/* Starts with an empty snapshot in state TARGET_UNKNOWN. `stale_after_ns` is how long a
 * snapshot is served without a newer one. NULL when memory is out. */
struct store *store_new(int64_t stale_after_ns, store_change_fn *fn, void *ctx);
void store_free(struct store *s); /* NULL allowed */
void store_set_stale_after(struct store *s, int64_t stale_after_ns);

/* The current snapshot, never NULL. Borrowed: take a reference to keep it. */
struct snapshot *store_current(const struct store *s);

/* Makes `fresh` current and takes over the caller's reference. */
void store_publish(struct store *s, struct snapshot *fresh, int64_t now_ns);

/* A cycle failed as a whole. TARGET_REFUSED withdraws the values at once: a closed port
 * is proof that no daemon runs. Every other state lets them stand until they are stale,
 * and is what is shown from then on. 0 or ERR_NOMEM. */
int store_fail(struct store *s, enum target_state state, int64_t now_ns, int64_t wall_ns);

/* The daemon answered a request at `heard_ns` (0: none did), though the cycle is not
 * over: a slow one, or one to a daemon that limits our rate, must not cost the values of
 * the last. They stand as if they had come then, but never more than STORE_KEEP_FACTOR
 * times as long as without; once a cycle failed, only their own age counts. */
enum { STORE_KEEP_FACTOR = 10 };
void store_keep(struct store *s, int64_t heard_ns);

/* When store_tick() wants to be called next, CLOCK_NEVER when nothing can go stale. */
int64_t store_deadline(const struct store *s);
/* Withdraws values that are older than allowed. */
void store_tick(struct store *s, int64_t now_ns, int64_t wall_ns);

#endif
