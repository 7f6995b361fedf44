/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon on real sockets: UDP for requests, a Unix stream for commands. */
#ifndef SIM_NET_H
#define SIM_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "sim/sim.h"

enum { SIM_LISTEN_MAX = 64 };

struct sim_net_options {
	struct addr listen[SIM_LISTEN_MAX]; /* port 0: any */
	size_t n_listen;
	const char *control_path; /* NULL: no commands; a line in, a line back */
	const char *port_file;    /* NULL: none; a line with the port per address */
	bool is_until_eof;        /* stop when standard input (a pipe) is closed */
	bool is_quiet;            /* say nothing on standard output */
};

/* Serves until SIGTERM or SIGINT (or the end of input). The daemon's time starts at
 * `start_ns`, the one it was made with, and follows the monotonic clock. 0, or an error
 * after saying on stderr what failed. */
int sim_net_run(struct sim *s, const struct sim_net_options *options, int64_t start_ns);

#endif
