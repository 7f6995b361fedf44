/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets ntp.org's asynchronous messages: SETTRAP's table with its faults. */
#ifndef SIM_TRAP_H
#define SIM_TRAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

enum { SIM_TRAPS_MAX = 3 };

struct sim_trap {
	struct addr to;
	int64_t set_ns;
	uint16_t sequence; /* of the next message */
	uint8_t version;
	bool is_used;
	bool is_static; /* "trap" of the configuration */
};

/* Start with all zeros. */
struct sim_traps {
	struct sim_trap items[SIM_TRAPS_MAX];
};

/* Adds a receiver, or refreshes it. A new one throws out every other that is not static
 * and has not expired; the daemon's comparison is the wrong way round. False when there
 * is no room. */
bool sim_trap_set(struct sim_traps *traps, const struct addr *to, uint8_t version,
    bool is_static, int64_t now_ns);
/* False when there is none, or it is static and `may_static` is not given. */
bool sim_trap_unset(struct sim_traps *traps, const struct addr *to, bool may_static);
bool sim_traps_any(const struct sim_traps *traps);
/* What is left after a restart of the daemon. */
void sim_traps_restart(struct sim_traps *traps);

#endif
