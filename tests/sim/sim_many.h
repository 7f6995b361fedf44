/* SPDX-License-Identifier: BSD-2-Clause */
/* Several simulated daemons, and commands for one, some or all of them. */
#ifndef SIM_MANY_H
#define SIM_MANY_H

#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"

enum { SIM_DAEMONS_MAX = 10000 };

struct sim_many {
	struct sim **items;
	size_t n;
};

/* `n` daemons without associations: the first as of sim_new(), the others with the seeds
 * and numbers that follow, so that what is invented differs. 0 or ERR_NOMEM. */
int sim_many_init(struct sim_many *many, size_t n, const struct sim_options *options,
    int64_t now_ns);
void sim_many_fini(struct sim_many *many);

/* Runs a command on every daemon, or as "at FIRST[-LAST] COMMAND" on those, counted from
 * 0. The answer is that of the daemon when it is one, else "ok", or "error daemon N: ..."
 * of the first that failed, where the command ended. Two commands are about all of them
 * together:
 *
 *	gaps [reset]	how they were polled, see sim_gaps.h, before that is forgotten
 *	stats		how many requests they got, by opcode
 */
void sim_many_control(struct sim_many *many, const char *line, int64_t now_ns,
    char *answer, size_t cap);

#endif
