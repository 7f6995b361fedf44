/* SPDX-License-Identifier: BSD-2-Clause */
/* Does the daemon limit our rate, and how fast may it be asked then? NTPsec's daemon
 * keeps a score of each client, one for a datagram, that decays, and is silent above a
 * limit: so we keep the same score of what we send. What is lost while it is low is lost
 * on the way. Pure arithmetic: time comes as an argument. */
#ifndef CLIENT_PACE_H
#define CLIENT_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

enum {
	PACE_UNIT = 1000, /* of the score: a datagram is worth so much */
	/* NTPsec's default is 20; others behind our address may use a part of it. */
	PACE_LIMIT = 18 * PACE_UNIT,
	/* As high as a limiter of that default lets nobody come. */
	PACE_LIMIT_MAX = 20 * PACE_UNIT,
	/* A datagram in two seconds in the long run: below it nobody limits us. */
	PACE_LIMIT_MIN = 10 * PACE_UNIT,
	PACE_BACK = 2 * PACE_UNIT, /* so far below what was lost we go back */
	/* A loss at the lowest ceiling weighs as much as so many answers there; so many
	 * more losses end the suspicion: it is not our rate. */
	PACE_LOW_LOSS = 4,
	PACE_LOW_MAX = 12,
	/* And twice as many each time it turns out so again, up to so many times. */
	PACE_ACQUITTED_MAX = 5,
	PACE_PROBES_DOUBLED = 2,
};

/* The score decays to the e-th part in that time. */
#define PACE_DECAY_NS (20 * NS_PER_S)
/* The longest time between two tests while above the ceiling: as long as the daemon may
 * just have been away, when longer than the retransmission timer, and once it is certain.
 */
#define PACE_TEST_NS         (2 * NS_PER_S)
#define PACE_TEST_CERTAIN_NS (10 * NS_PER_S)
/* After a loss the ceiling is not raised for that long, and twice and four times. */
#define PACE_PROBE_NS (20 * NS_PER_S)
/* The suspicion ends so long after the last loss. */
#define PACE_KEEP_NS (120 * NS_PER_S)
/* Who answered at a score is taken to do so for that long. */
#define PACE_PROOF_NS (600 * NS_PER_S)

/* Zeroed: nothing was sent yet, nothing is suspected. */
struct pace {
	int64_t sent_ns;     /* the last datagram */
	int64_t answered_ns; /* when `answered` was reached last */
	int64_t lost_ns;     /* while suspected: the last loss */
	int64_t probe_ns;    /* the ceiling may be raised from then on; */
	uint32_t score;      /* at sent_ns */
	uint32_t answered;   /* the highest score with which something was answered */
	uint32_t limit;      /* while suspected: what the daemon seems to allow; else 0 */
	uint32_t ceiling;    /* while suspected: what we allow ourselves */
	unsigned n_probes_lost; /* up to PACE_PROBES_DOUBLED */
	unsigned n_low;         /* losses at the lowest ceiling, weighed */
	unsigned n_acquitted;   /* how often it was not our rate, up to the maximum */
	bool is_doubted;        /* something was answered since it is suspected */
	bool is_certain;        /* and something was lost after that */
};

/* A datagram is sent. The score with it, for pace_answered() and pace_lost(). */
uint32_t pace_sent(struct pace *p, int64_t now_ns);
/* What was sent with that score was answered. */
void pace_answered(struct pace *p, uint32_t score, int64_t now_ns);
/* Is it more than the daemon has answered lately, and enough to be limited for? */
bool pace_is_news(const struct pace *p, uint32_t score, int64_t now_ns);
/* It met silence, though the daemon is alive; `is_in_a_row`: like all for some time. */
void pace_lost(struct pace *p, uint32_t score, bool is_in_a_row, int64_t now_ns);
/* Ends a suspicion that is old enough. */
void pace_tick(struct pace *p, int64_t now_ns);
/* Nothing is suspected any more. */
void pace_clear(struct pace *p);

bool pace_is_on(const struct pace *p);
/* While something is suspected: when the next datagram may leave, 0 for at once;
 * timeout_ns is the retransmission timer. */
int64_t pace_next_ns(const struct pace *p, int64_t timeout_ns);
/* The pause between datagrams in the long run; 0 none. */
int64_t pace_gap_ns(const struct pace *p);

#endif
