/* SPDX-License-Identifier: BSD-2-Clause */
/* A link on a real loop, and the fake daemon behind a real loopback socket. */
#ifndef SUPPORT_LINK_BENCH_H
#define SUPPORT_LINK_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "client/link.h"
#include "support/fake_daemon.h"

/* The fake daemon behind a socket. */
struct link_server {
	struct fake_daemon d;
	uv_poll_t poll;
	int fd;
	uint16_t port;
	bool takes_all; /* that wait, before anybody else has a turn; else one */
};

struct link_bench {
	uv_loop_t loop;
	struct link_server server;
	struct link *link;
	struct logger log;
	unsigned n_lines;
	char line[LOG_LINE_MAX];
	unsigned calls;
	enum target_state before, after;
	bool frees;
};

/* A bench whose daemon listens on 127.0.0.1, at a port of its own. */
struct link_bench *link_bench_start(void);
/* The loop must end by itself: nothing of the link is left in it. */
void link_bench_stop(struct link_bench *b);

/* A socket at that address of this machine; port 0 is any. */
int link_bench_bind(const char *text, uint16_t *port);
/* The daemon listens there, and no more. */
void link_bench_serve_at(struct link_bench *b, const char *address, uint16_t port);
void link_bench_serve(struct link_bench *b, uint16_t port);
void link_bench_unserve(struct link_bench *b);

/* A target polled each second at the daemon's port, and a link to it. */
struct target link_bench_target(const struct link_bench *b, const char *host);
void link_bench_link(struct link_bench *b, const char *host);
store_change_fn link_bench_on_change; /* ctx is the bench */

/* Runs the loop until the link calls for the n-th time. */
void link_bench_run(struct link_bench *b, unsigned n);

#endif
