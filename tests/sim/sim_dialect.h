/* SPDX-License-Identifier: BSD-2-Clause */
/* What the simulated dialects differ in, a row each. What differs by variable is in
 * sim_tables.c, by opcode in sim.c. */
#ifndef SIM_DIALECT_H
#define SIM_DIALECT_H

#include <stdbool.h>
#include <stdint.h>

#include "mode6/auth.h"
#include "mode6/packet.h"
#include "sim/sim.h"

struct sim_traits {
	const char *name;    /* on the command line */
	const char *version; /* the variable */
	uint16_t status; /* system status word of a synchronised daemon, without leap */
	bool is_ntpsec;
	bool is_readstat_garbled;   /* of an association: a wrong choice of variables */
	bool names_token;           /* what was unexpected in a configuration */
	bool forgets_system_events; /* when they are read with a valid code */
	enum m6_mac_align align;    /* where a request's code is looked for */
	/* What WRITEVAR says to a name without '=', and to a leap that is no number. */
	int missing_value, leap_no_number; /* enum m6_error */
};

const struct sim_traits *sim_traits(enum sim_dialect dialect);

#endif
