/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the command watch share: a host is read again and again, and shown as
 * a billboard with what changed, or as events. */
#ifndef QUERY_WATCH_H
#define QUERY_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/diff.h"
#include "query/peers.h"
#include "query/query.h"
#include "query/table.h"

enum { WATCH_TIME_MAX = 32 };

/* --- one reading -------------------------------------------------------------------- */

struct watch_round {
	/* NULL: the reading was interrupted, or memory was out. In another state than
	 * TARGET_UP it has nothing but that. */
	struct snapshot *picture;
	int err; /* why it is not TARGET_UP; q->error says it in words */
	bool has_clock;
	struct ntp_stamp clock; /* the host's own */
};

/* Reads the system, then the associations, and looks up names. Nothing is said. The
 * caller gives *out to watch_round_clear(). */
void watch_read(struct query *q, struct watch_round *out);
void watch_round_clear(struct watch_round *r);

/* "2026-11-26T08:00:00Z" of a moment of the wall clock. */
void watch_time(int64_t wall_ns, char out[WATCH_TIME_MAX]);
/* What the association with that id is called; "-" without one. */
void watch_name(const struct query *q, const struct snapshot *s, uint16_t id,
    char out[PEERS_NAME_MAX]);

/* --- the billboard ------------------------------------------------------------------ */

/* Zeroed at first. Fields are private. */
struct watch_board {
	struct table *table;      /* of the last reading with an answer; NULL none yet */
	struct snapshot *picture; /* that reading */
	bool is_silent;           /* and there was one without since */
	int64_t heard_ns;         /* wall clock, of the last answer */
	int64_t shown_ns;         /* wall clock */
	char *gone;               /* who was not there any more */
	bool is_drawn;            /* a screen has it */
};

/* Takes a reading in and shows it. 0 or ERR_NOMEM. */
int watch_board_show(struct watch_board *b, struct query *q, const struct watch_round *r,
    int64_t wall_ns);
/* Draws what is there once more, on a screen that has become another one. */
void watch_board_again(struct watch_board *b, struct query *q);
void watch_board_clear(struct watch_board *b);

/* --- events ------------------------------------------------------------------------- */

/* Zeroed at first. Fields are private. */
struct watch_events {
	struct snapshot *last; /* the last reading with an answer; NULL none yet */
	struct ntp_changes *changes;
	bool is_silent;
	int64_t heard_ns; /* wall clock, of the last answer */
};

/* Compares a reading with the one before, and prints a line for each event. 0 or
 * ERR_NOMEM. */
int watch_events_show(struct watch_events *e, struct query *q,
    const struct watch_round *r, int64_t wall_ns);
void watch_events_clear(struct watch_events *e);

#endif
