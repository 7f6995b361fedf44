/* SPDX-License-Identifier: BSD-2-Clause */
/* Watches one daemon from picture to picture and finds what is worth telling: problems
 * and their ends, in pairs, and changes. What goes on and off is told once for each time
 * it is held down; nothing that happened between two pictures is missed as far as the
 * daemon counted it. No clock of its own. */
#ifndef MODEL_NOTICES_H
#define MODEL_NOTICES_H

#include <stddef.h>
#include <stdint.h>

#include "model/diff.h"
#include "model/notice.h"
#include "model/snapshot.h"

/* Whoever was never well since we look, or since the daemon was started, may still be on
 * the way: so long it is no problem. As in model/health.h. */
#define NTP_NOTICES_PATIENCE_NS (1020 * NS_PER_S)
/* The same for a daemon that never answered. */
#define NTP_NOTICES_DAEMON_PATIENCE_NS (60 * NS_PER_S)
/* After a restart of the daemon, a problem waits so long for its server to be there
 * again, under another association id. */
#define NTP_NOTICES_ORPHAN_NS (60 * NS_PER_S)

struct ntp_notices;

/* Nothing was seen yet. NULL when memory is out. */
struct ntp_notices *ntp_notices_new(void);
void ntp_notices_free(struct ntp_notices *n); /* NULL allowed */

/* What is there to see; all borrowed. */
struct ntp_sight {
	struct snapshot *picture;          /* the current one, in any state */
	const struct ntp_changes *changes; /* since the one before */
	uint64_t restarts;                 /* of the daemon, as counted so far */
	int64_t now_ns, wall_ns;
};
/* Takes note of a new picture; keeps a reference to it. What is found at the first look
 * is no change. 0, or ERR_NOMEM: then it is as if nobody had looked. */
int ntp_notices_see(struct ntp_notices *n, const struct ntp_sight *sight,
    const struct ntp_notice_settings *settings);
/* A manager wants a notice that means nothing. */
void ntp_notices_test(struct ntp_notices *n, int64_t wall_ns);
/* The settings are other ones now. */
void ntp_notices_reconsider(struct ntp_notices *n);

/* Hands out what is due by `now_ns`, at most `room` notices; associations take turns when
 * there is no room for all. What is not wanted is forgotten. Returns when to call again:
 * CLOCK_NEVER when nothing is held back, now_ns when there was no room. */
typedef void ntp_notice_fn(void *ctx, const struct ntp_notice *notice);
int64_t ntp_notices_tell(struct ntp_notices *n,
    const struct ntp_notice_settings *settings, int64_t now_ns, size_t room,
    ntp_notice_fn *fn, void *ctx);

/* The daemon is no longer watched: hands out the ends of the problems that were told, at
 * most `room`. To be freed next. */
void ntp_notices_end(struct ntp_notices *n, const struct ntp_notice_settings *settings,
    int64_t wall_ns, size_t room, ntp_notice_fn *fn, void *ctx);

void ntp_notices_counts(const struct ntp_notices *n, struct ntp_notice_counts *out);

/* What an association has been through while it was watched. */
struct ntp_history {
	int64_t changed_wall_ns;              /* its last transition; 0 none so far */
	uint64_t transitions;                 /* of its selection or of being reachable */
	int64_t reachable_ns, unreachable_ns; /* time in either condition */
};
/* False: it is not watched. */
bool ntp_notices_history(const struct ntp_notices *n, uint16_t assoc,
    struct ntp_history *out);

#endif
