/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything one target needs on an event loop: name look-up, socket, client, poller,
 * subscriber, writer, store and timer, built in order and torn down in reverse. */
#ifndef CLIENT_LINK_H
#define CLIENT_LINK_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/log.h"
#include "client/store.h"
#include "client/writer.h"
#include "model/target.h"

struct link;

/* Starts polling `target` (copied) on `loop` at once. `fn` is called from the loop each
 * time the snapshot is replaced. `log` is borrowed. Without a descriptor for the socket
 * it waits for one, and that is logged. NULL when memory is out; that was logged, too. */
struct link *link_new(uv_loop_t *loop, const struct target *target,
    const struct logger *log, store_change_fn *fn, void *ctx);

/* The first cycle begins at first_ns instead, and later ones at a moment of each interval
 * that is the place's own: see client/phase.h. To be called right after link_new(). */
void link_set_pace(struct link *l, int64_t first_ns, size_t place);

/* Stops and frees; handles close in the next rounds of the loop. No call of `fn` after
 * this. NULL allowed. */
void link_free(struct link *l);

const struct target *link_target(const struct link *l);
/* The current snapshot, never NULL; borrowed. */
struct snapshot *link_snapshot(const struct link *l);
void link_stats(const struct link *l, struct target_stats *out);
/* A variable to be read besides those of the tables, as long as it is asked for: see
 * poller_want(). */
void link_want(struct link *l, uint16_t assoc, const char *name, size_t name_len);

/* Nothing is allowed before link_allow_writes(). Lives as long as the link. */
struct writer *link_writer(struct link *l);
/* Allows what the target's configuration says, with that key; see writer_allow(). */
void link_allow_writes(struct link *l, const struct m6_key *key);
/* Has the daemon push if the target's configuration says so, asking with that key from
 * its first answer on; see subscriber_allow(). */
void link_allow_push(struct link *l, const struct m6_key *key);
/* `fn` is called from the loop after records of the writer changed, or what link_stats()
 * tells. It may free the link. */
typedef void link_record_fn(void *ctx);
void link_on_record(struct link *l, link_record_fn *fn, void *ctx);

/* The next cycle begins now, or a second after the last one that was asked for so. */
void link_refresh(struct link *l);

#endif
