/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon's time service: mode 3 is answered, with no time worth having. */
#ifndef SIM_TIME_H
#define SIM_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"

enum { SIM_KISS_LEN = 4 };

enum sim_time_manner {
	SIM_TIME_ON,
	SIM_TIME_OFF,     /* "restrict ... noserve" */
	SIM_TIME_KISS,    /* stratum 0 and a code */
	SIM_TIME_STRANGE, /* answers that repeat the wrong time */
};

struct sim_time {
	enum sim_time_manner manner;
	char kiss[SIM_KISS_LEN + 1];
	/* "restrict ... noquery": requests of mode 6 that are still answered. */
	bool is_noquery;
	uint32_t n_left;
};

struct sim;
struct sim_command;

/* Whether these octets are a request of the time service; answered, if so. */
bool sim_time_request(struct sim *s, const void *bytes, size_t len,
    struct sim_replies *out);
/* Whether a control message is looked at; counts it. */
bool sim_time_lets_query(struct sim_time *t);

/* Commands, for sim_control.c. */
const struct sim_command_row *sim_time_commands(size_t *n_out);

#endif
