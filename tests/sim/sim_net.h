/* SPDX-License-Identifier: BSD-2-Clause */
/* Simulated daemons on real sockets: UDP for requests, a Unix stream for commands. */
#ifndef SIM_NET_H
#define SIM_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "sim/sim_many.h"

enum { SIM_LISTEN_MAX = 64 };

struct sim_net_options {
	struct addr
	    listen[SIM_LISTEN_MAX]; /* port 0: any; of many daemons one: the first */
	size_t n_listen;
	const char *control_path; /* NULL: no commands; a line in, a line back */
	const char *port_file;    /* NULL: none; a line with the port per `listen` */
	bool is_until_eof;        /* stop when standard input (a pipe) is closed */
	bool is_quiet;            /* say nothing on standard output */
};

/* Serves until SIGTERM or SIGINT (or the end of input). The daemons' time starts at
 * `start_ns`, the one they were made with, and follows the monotonic clock. 0, or an
 * error after saying on stderr what failed. */
int sim_net_run(struct sim_many *many, const struct sim_net_options *options,
    int64_t start_ns);

#endif
