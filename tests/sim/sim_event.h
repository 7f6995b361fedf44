/* SPDX-License-Identifier: BSD-2-Clause */
/* Events: counted in a status word, told to the receivers of traps. */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include "sim/sim_reply.h"
#include "sim/sim_state.h"

enum {
	SIM_EVENT_MOBILIZE = 1,
	SIM_EVENT_DEMOBILIZE = 2,
	SIM_EVENT_UNREACHABLE = 3,
	SIM_EVENT_REACHABLE = 4,
	SIM_EVENT_CLOCK = 11,
	SIM_EVENT_MAX = 15
};

/* Something happened to an association, or (NULL) to the system: code 0..15. After
 * fifteen of the same code in a row nothing happens any more. With receivers there, the
 * message takes the place of the answer that was in the making: what follows goes to them
 * too, and whoever asked hears nothing. */
void sim_event(struct sim *s, struct sim_reply *reply, struct sim_assoc *assoc,
    unsigned code);
/* The same when nobody asked for anything. */
void sim_event_alone(struct sim *s, struct sim_assoc *assoc, unsigned code);

#endif
