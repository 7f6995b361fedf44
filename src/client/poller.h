/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads one daemon again and again: each cycle asks for the association list, the system
 * variables, every association and, rarely, every reference clock and what changes
 * slowly, and ends with a new snapshot or with the reason why there is none. No I/O and
 * no clock of its own.
 *
 * Between these full cycles, which keep their beat, there are quick ones: after a hint,
 * and for a while after something changed. A quick cycle asks for the association list
 * and the state of the system, and then reads few associations only: those that were
 * hinted, whose status word is another one, that are new, or that changed lately. The
 * rest of its snapshot is carried over, with fresh status words. Each association in the
 * snapshot is as it was at the beginning of the last full cycle, or newer. */
#ifndef CLIENT_POLLER_H
#define CLIENT_POLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/client.h"
#include "model/snapshot.h"

enum {
	POLLER_ACTIVE_MAX = 64, /* associations being read at one time */
	/* Who the daemon is, and its clocks, are read every so many cycles, */
	POLLER_RARE_CYCLES = 20,
	/* so are, each in its turn, the groups of variables that change slowly, */
	POLLER_SLOW_CYCLES = 20,
	/* and in between so many clocks that told nothing so far. */
	POLLER_CLOCK_RETRIES = 2,
	/* Filters that are asked for in requests of their own, because the daemon writes
	 * anything into them, are no more than so many in a cycle. */
	POLLER_FILTER_TURNS = 1,
	/* Which names the daemon knows is found out anew every so many: one wrong answer,
	 * or a restart nobody noticed, does not hide a value for ever. */
	POLLER_RELEARN_CYCLES = 240,
	POLLER_WANTS_MAX = 64, /* names besides the tables */
	/* A name without an answer is given up after so many cycles. */
	POLLER_WANT_CYCLES = 3,
	POLLER_QUICK_MAX = 64, /* associations read in a quick cycle, */
	POLLER_HINTS_MAX = 16, /* of which so many for hints */
	POLLER_FOCUS_MAX = 64, /* remembered as having changed lately */
	/* After a change there is a quick cycle each quarter of the interval, if that is
	 * a second at least, for so many intervals. */
	POLLER_ALERT_INTERVALS = 4,
};

/* A daemon was restarted when its uptime went back, or grew less than time did by more
 * than this and a sixteenth of the time (it may have been stopped for a while). */
#define POLLER_UPTIME_SLACK_S 10

/* From one quick cycle for a hint to the next; doubled up to the interval by each that
 * found nothing new. */
#define POLLER_HINT_GAP_NS NS_PER_S

/* A name nobody asks for any more is read so long. */
#define POLLER_WANT_KEEP_NS (3600 * NS_PER_S)

struct poller;

/* How a cycle ended. */
struct poller_result {
	/* The new picture, the callee's reference; NULL when the cycle failed. */
	struct snapshot *snapshot;
	/* When it failed: TARGET_REFUSED, TARGET_SILENT, TARGET_BADANSWERS or
	 * TARGET_DENIED; TARGET_UNKNOWN when it was for lack of memory, which says
	 * nothing about the daemon. */
	enum target_state state;
	int err;              /* when it failed: why */
	uint8_t daemon_error; /* with ERR_DAEMON: enum m6_error */
	bool was_restarted;   /* the daemon, since the cycle before */
	/* A quick cycle that ended well. Those that fail say nothing and leave all to the
	 * next full one; but a closed port is proof and comes as of a full cycle. */
	bool is_quick;
	int64_t now_ns, wall_ns;
};

/* Called last at the end of each cycle of which there is something to say; it may do
 * anything but free the poller. */
typedef void poller_done_fn(void *ctx, const struct poller_result *result);

/* `client` is borrowed. The first cycle is due at once, each further one an interval
 * after the one before. NULL when memory is out. */
struct poller *poller_new(struct m6_client *client, int64_t interval_ns,
    poller_done_fn *fn, void *ctx);
/* The first cycle is due at first_ns, and later ones at phase_ns of each interval
 * instead: see client/phase.h. To be called before any. */
void poller_set_pace(struct poller *p, int64_t first_ns, int64_t phase_ns);
/* Stops whatever is under way; `client` must still exist. NULL allowed. */
void poller_free(struct poller *p);

/* Starts a cycle when one is due and none is running; what it asks is in the client's
 * queue afterwards. A quick cycle is given up when a full one is due. */
void poller_tick(struct poller *p, int64_t now_ns, int64_t wall_ns);
/* When poller_tick() wants to be called; CLOCK_NEVER while a full cycle is running. */
int64_t poller_deadline(const struct poller *p);

/* Somebody says that something happened to an association, or to the system: 0. Whether
 * that is true or not, nothing is asked here; poller_deadline() may be earlier
 * afterwards. Associations the daemon does not list, and those over POLLER_HINTS_MAX,
 * cost a look at the list. Without what a quick cycle needs, a full one takes its place;
 * there is neither while the client paces its requests, nor after a full cycle failed.
 * Hints are forgotten by the next cycle that begins. */
void poller_hint(struct poller *p, uint16_t assoc);

/* Somebody asks for a variable that is in no table; association 0 is the system, and
 * "clock.x" the variable x of the association's clock. From the next cycle on it is read
 * with the others and is in the text of its object, until the daemon did not know it
 * (or its association) for POLLER_WANT_CYCLES cycles, or nobody wanted it for
 * POLLER_WANT_KEEP_NS: to be called each time somebody asks, found or not. Names of the
 * tables, such that no request can carry, and a few that must not be read this way are
 * ignored. Of more than POLLER_WANTS_MAX the one that was wanted longest ago makes room.
 * Never asks by itself. */
void poller_want(struct poller *p, uint16_t assoc, const char *name, size_t name_len);

/* The next cycle is due at once, or by that time. */
void poller_hurry(struct poller *p);
void poller_hurry_by(struct poller *p, int64_t at_ns);
/* Gives up the running cycle and forgets all that was learned: another daemon is to be
 * read from now on. */
void poller_forget(struct poller *p);

#endif
