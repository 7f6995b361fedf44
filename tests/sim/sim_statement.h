/* SPDX-License-Identifier: BSD-2-Clause */
/* One statement of a configuration, as it comes by CONFIGURE. */
#ifndef SIM_STATEMENT_H
#define SIM_STATEMENT_H

#include "sim/sim_reply.h"
#include "sim/sim_state.h"

/* A line without its end; `at` moves through it. */
struct sim_line {
	const char *start, *at, *end;
};

/* Carries the statement out as far as it is simulated. NULL when its syntax is right
 * (whether it makes sense or not), else the place of the word that is wrong, which is the
 * line's end when one is missing. `reply` is the answer that will follow. */
const char *sim_statement_run(struct sim *s, struct sim_reply *reply,
    struct sim_line *line);

#endif
