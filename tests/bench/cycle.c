/* SPDX-License-Identifier: BSD-2-Clause */
/* How long the agent's client takes to ask a daemon for everything, and how many
 *datagrams it sends for that; beside a command that asks the same daemon, in turn.
 *
 *	cycle ADDRESS PORT CYCLES RUNS COMMAND ARGUMENT...
 *
 * The first cycle, which learns what the daemon knows, is told by itself. COMMAND runs
 * before each of the first RUNS of the CYCLES after it. Prints a JSON object. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scan.h"
#include "client/link.h"

enum { CYCLES_MAX = 1000, FIRST_MAX_S = 120 };

/* A refresh begins at once only when the one before is a second ago. */
#define APART_NS (NS_PER_S + 50 * NS_PER_MS)

struct bench {
	uv_loop_t loop;
	struct link *link;
	bool has_ended;
	int64_t refreshed_ns;
	int64_t took_ns[CYCLES_MAX], command_ns[CYCLES_MAX];
	int64_t spent_ns; /* processor time of the cycles */
	uint64_t datagrams[CYCLES_MAX];
};

static void
fail(const char *what)
{
	fprintf(stderr, "cycle: %s\n", what);
	exit(1);
}

static void
on_change(void *ctx, const struct snapshot *before, const struct snapshot *after)
{
	struct bench *b = ctx;

	(void)before;
	b->has_ended = after->state != TARGET_UNKNOWN;
	if (b->has_ended && after->state != TARGET_UP)
		fail("the daemon does not answer");
}

static void
on_timeout(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

/* Runs the loop until the cycle has ended, or time is up. */
static void
run_until(struct bench *b, int64_t max_ns)
{
	uv_timer_t timer;
	bool is_over = false;

	b->has_ended = false;
	uv_timer_init(&b->loop, &timer);
	timer.data = &is_over;
	/* A command may have run since the loop looked at the clock; and a timer that is
	 * due at once is no reason for libuv not to wait: hence once more, soon. */
	uv_update_time(&b->loop);
	uv_timer_start(&timer, on_timeout, (uint64_t)(max_ns / NS_PER_MS) + 1, 10);
	while (!b->has_ended && !is_over)
		uv_run(&b->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&b->loop, UV_RUN_NOWAIT);
}

static struct target_stats
stats_of(const struct bench *b)
{
	struct target_stats stats;

	link_stats(b->link, &stats);
	return stats;
}

static int64_t
spent_ns(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * NS_PER_S +
	    (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * NS_PER_US;
}

static void
run_cycle(struct bench *b, size_t i)
{
	uint64_t sent = stats_of(b).requests;
	int64_t wait_ns = b->refreshed_ns + APART_NS - clock_monotonic_ns();
	int64_t before_ns;

	if (wait_ns > 0)
		run_until(b, wait_ns);
	before_ns = spent_ns();
	b->refreshed_ns = clock_monotonic_ns();
	link_refresh(b->link);
	run_until(b, FIRST_MAX_S * NS_PER_S);
	if (!b->has_ended)
		fail("a cycle did not end");
	b->took_ns[i] = clock_monotonic_ns() - b->refreshed_ns;
	b->spent_ns += spent_ns() - before_ns;
	b->datagrams[i] = stats_of(b).requests - sent;
}

static void
run_command(struct bench *b, size_t i, char **argv)
{
	int64_t begun_ns = clock_monotonic_ns();
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		int nowhere = open("/dev/null", O_RDWR);

		dup2(nowhere, STDIN_FILENO);
		dup2(nowhere, STDOUT_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 0)
		fail("the command failed");
	b->command_ns[i] = clock_monotonic_ns() - begun_ns;
}

static int
compare(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static double
in_ms(int64_t ns)
{
	return (double)ns / NS_PER_MS;
}

static void
report_commands(struct bench *b, size_t cycles, size_t runs)
{
	if (runs == 0)
		return;
	qsort(b->command_ns, runs, sizeof(b->command_ns[0]), compare);
	printf(", \"command_best_ms\": %.3f, \"command_median_ms\": %.3f, "
	       "\"ratio_best\": %.2f, \"ratio_median\": %.2f",
	    in_ms(b->command_ns[0]), in_ms(b->command_ns[runs / 2]),
	    (double)b->command_ns[0] / (double)b->took_ns[0],
	    (double)b->command_ns[runs / 2] / (double)b->took_ns[cycles / 2]);
}

static void
report(struct bench *b, size_t cycles, size_t runs, int64_t first_ns, uint64_t first_sent)
{
	uint64_t sent = 0, most = 0;

	for (size_t i = 0; i < cycles; i++) {
		sent += b->datagrams[i];
		if (b->datagrams[i] > most)
			most = b->datagrams[i];
	}
	qsort(b->took_ns, cycles, sizeof(b->took_ns[0]), compare);
	printf("{\"associations\": %zu, \"cycles\": %zu, \"first_ms\": %.3f, "
	       "\"first_datagrams\": %" PRIu64
	       ", \"best_ms\": %.3f, \"median_ms\": %.3f, "
	       "\"longest_ms\": %.3f, \"cpu_ms\": %.3f, \"datagrams\": %.2f, "
	       "\"most_datagrams\": %" PRIu64 ", \"retransmits\": %" PRIu64,
	    link_snapshot(b->link)->n_peers, cycles, in_ms(first_ns), first_sent,
	    in_ms(b->took_ns[0]), in_ms(b->took_ns[cycles / 2]),
	    in_ms(b->took_ns[cycles - 1]), in_ms(b->spent_ns) / (double)cycles,
	    (double)sent / (double)cycles, most, stats_of(b).retransmits);
	report_commands(b, cycles, runs);
	printf("}\n");
}

static void
run(struct bench *b, const struct target *target, size_t cycles, size_t runs, char **argv)
{
	const struct logger log = { log_to_stderr, NULL };
	int64_t begun_ns = clock_monotonic_ns(), first_ns;
	uint64_t first_sent;

	uv_loop_init(&b->loop);
	b->link = link_new(&b->loop, target, &log, on_change, b);
	if (!b->link)
		fail("no link");
	run_until(b, FIRST_MAX_S * NS_PER_S);
	if (!b->has_ended)
		fail("no answer");
	first_ns = clock_monotonic_ns() - begun_ns;
	first_sent = stats_of(b).requests;
	for (size_t i = 0; i < cycles; i++) {
		if (i < runs)
			run_command(b, i, argv);
		run_cycle(b, i);
	}
	report(b, cycles, runs, first_ns, first_sent);
}

int
main(int argc, char **argv)
{
	static struct bench b;
	struct target target;
	uint32_t port, cycles, runs;

	if (argc < 5 || strlen(argv[1]) > TARGET_HOST_MAX ||
	    scan_u32(argv[2], strlen(argv[2]), &port) != 0 || port > UINT16_MAX ||
	    scan_u32(argv[3], strlen(argv[3]), &cycles) != 0 || cycles == 0 ||
	    cycles > CYCLES_MAX || scan_u32(argv[4], strlen(argv[4]), &runs) != 0 ||
	    runs > cycles || (runs > 0 && argc == 5)) {
		fputs("usage: cycle ADDRESS PORT CYCLES RUNS COMMAND...\n", stderr);
		return 2;
	}
	target_init(&target);
	strcpy(target.name, "bench");
	strcpy(target.host, argv[1]);
	target.port = (uint16_t)port;
	target.interval_s = TARGET_INTERVAL_MAX_S;
	run(&b, &target, cycles, runs, argv + 5);
	return 0;
}
