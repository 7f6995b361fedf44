/* SPDX-License-Identifier: BSD-2-Clause */
/* When a daemon's list of associations was asked for: each cycle of a poller begins with
 * that, so the longest time between two says whether one was late. */
#ifndef SIM_GAPS_H
#define SIM_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is asked again within this time is a repetition, not another cycle. */
#define SIM_GAPS_SAME_NS (INT64_C(250) * 1000000)

struct sim_gaps {
	int64_t from_ns;      /* since when is measured */
	int64_t last_ns;      /* the last beginning, also before that; INT64_MIN none */
	uint64_t cycles;      /* that began since then */
	uint64_t repetitions; /* since then */
	int64_t least_ns, most_ns; /* between two beginnings, the second since then */
};

/* The same of several daemons. Start with all zeros. */
struct sim_gaps_total {
	size_t daemons;
	uint64_t cycles_min, repetitions;
	int64_t least_ns, most_ns, idle_ns; /* idle: since the last beginning */
	size_t most_at, idle_at;            /* which daemon that was */
};

/* Forgets all; a daemon that was never asked counts as idle from now on. */
void sim_gaps_start(struct sim_gaps *g, int64_t now_ns);
/* Measures anew; the first gap goes back to the last beginning before. */
void sim_gaps_reset(struct sim_gaps *g, int64_t now_ns);
/* A datagram came in. */
void sim_gaps_saw(struct sim_gaps *g, const void *bytes, size_t len, int64_t now_ns);

void sim_gaps_add(struct sim_gaps_total *total, const struct sim_gaps *g, size_t number,
    int64_t now_ns);
/* " daemons=N cycles=FEWEST repeated=ALL least_ms=N most_ms=N most_at=NUMBER
 * idle_ms=N idle_at=NUMBER"; what there was no gap for is "-". */
void sim_gaps_format(const struct sim_gaps_total *total, char *out, size_t cap);

#endif
