/* SPDX-License-Identifier: BSD-2-Clause */
/* The UDP sockets of simulated daemons: requests in, answers and pushed messages out. */
#ifndef SIM_UDP_H
#define SIM_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/addr.h"
#include "sim/sim_many.h"

/* The daemons' time: that of their start, going on with the monotonic clock. */
struct sim_clock {
	int64_t start_ns, monotonic_ns;
};
int64_t sim_clock_now(const struct sim_clock *clock);

struct sim_udp; /* opaque */

/* `loop` gets UDP and timer handles that are nobody else's; it, `many` and `clock` are
 * borrowed. NULL: memory is out. */
struct sim_udp *sim_udp_new(uv_loop_t *loop, struct sim_many *many,
    const struct sim_clock *clock);
/* After sim_udp_close() and a run of the loop. NULL allowed. */
void sim_udp_free(struct sim_udp *u);

/* Opens the sockets. A single daemon answers on each of the `n` addresses; many daemons
 * have one each, from the only address given on, all on the same port. 0, or an error
 * after saying on stderr what failed. */
int sim_udp_open(struct sim_udp *u, const struct addr *listen, size_t n);
/* Closes all. */
void sim_udp_close(struct sim_udp *u);

/* After a command: closes the sockets of daemons that went down, opens those of daemons
 * that came back, and sends what daemons pushed. 0, or an error, said on stderr, when a
 * socket could not be had. */
int sim_udp_follow(struct sim_udp *u);

size_t sim_udp_count(const struct sim_udp *u);
/* The address of a socket as bound. */
const struct addr *sim_udp_address(const struct sim_udp *u, size_t i);

#endif
