/* SPDX-License-Identifier: BSD-2-Clause */
/* A poller, its client and the fake daemon, with memory that fails on command. To be
 * linked as an object of the program: it stands in for base/mem.c. */
#ifndef SUPPORT_POLLER_BENCH_H
#define SUPPORT_POLLER_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "client/poller.h"
#include "support/fake_daemon.h"

#define BENCH_INTERVAL_NS (15 * NS_PER_S)

/* The program's allocator. */
extern struct bench_memory {
	long until_failure; /* < 0: never */
	long outstanding;   /* blocks that were not released yet */
} bench_memory;

/* The poller and the last results. */
struct poller_bench {
	struct fake_daemon d;
	struct poller *poller;
	unsigned cycles, failures, restarts; /* full ones */
	unsigned quick_cycles;
	bool is_over, is_quick_over;
	struct poller_result last;
	struct snapshot *snapshot; /* of the last good cycle */
};

/* The one bench, made anew. */
struct poller_bench *bench_start(size_t n_assocs, size_t n_clocks);
/* After some full cycles, so that nothing is new to the poller. */
struct poller_bench *bench_start_steady(size_t n_assocs, size_t n_clocks);
/* With an interval of a minute, and after one full cycle. */
struct poller_bench *bench_start_slow(size_t n_assocs, size_t n_clocks);
/* Another poller, with that interval, in the place of the first. */
void bench_set_interval(struct poller_bench *b, int64_t interval_ns);
/* Takes all down and demands that nothing leaked. */
void bench_stop(struct poller_bench *b);

poller_done_fn bench_on_cycle; /* ctx is the bench */

/* Runs to the end of the next full cycle and returns how many datagrams it took; the
 * second demands that it succeeds. */
size_t bench_cycle(struct poller_bench *b);
size_t bench_good_cycle(struct poller_bench *b);
/* The same with a quick one, which has to come before the next full one. */
size_t bench_quick_cycle(struct poller_bench *b);
/* The same after a hint. */
size_t bench_hinted_cycle(struct poller_bench *b, uint16_t assoc);
void bench_run_s(struct poller_bench *b, int64_t seconds);

/* In the last good picture, where it has to be. */
const struct ntp_peer *bench_peer(const struct poller_bench *b, uint16_t id);

/* Good cycles until every group of variables had its turn; the requests of them. */
size_t bench_all_turns(struct poller_bench *b);

#endif
