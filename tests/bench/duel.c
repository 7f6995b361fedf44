/* SPDX-License-Identifier: BSD-2-Clause */
/* Two commands in turn, several times: how long each took, and the ratio. What else the
 * machine does meanwhile slows both.
 *
 *	duel ROUNDS COMMAND ARGUMENT... -- COMMAND ARGUMENT...
 *
 * prints a JSON object with the milliseconds of either: the best and the median of the
 * rounds, processor time included. Both commands must succeed each time. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/scan.h"

enum { ROUNDS_MAX = 1000 };

struct side {
	char **argv;
	int64_t wall_us[ROUNDS_MAX], cpu_us[ROUNDS_MAX];
};

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
spent_us(const struct rusage *u)
{
	return ((int64_t)u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000 +
	    u->ru_utime.tv_usec + u->ru_stime.tv_usec;
}

static void
become(char **argv)
{
	int nowhere = open("/dev/null", O_RDWR);

	dup2(nowhere, STDIN_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	execvp(argv[0], argv);
	fprintf(stderr, "duel: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int
run(struct side *s, size_t round)
{
	int64_t begun_us = now_us();
	struct rusage usage;
	pid_t pid = fork();
	int status;

	if (pid == 0)
		become(s->argv);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return -1;
	s->wall_us[round] = now_us() - begun_us;
	s->cpu_us[round] = spent_us(&usage);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int
compare(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void
report(struct side *s, size_t n, const char *name)
{
	qsort(s->wall_us, n, sizeof(s->wall_us[0]), compare);
	qsort(s->cpu_us, n, sizeof(s->cpu_us[0]), compare);
	printf("\"%s\": {\"best_ms\": %.3f, \"median_ms\": %.3f, \"cpu_ms\": %.3f}, ",
	    name, (double)s->wall_us[0] / 1000, (double)s->wall_us[n / 2] / 1000,
	    (double)s->cpu_us[n / 2] / 1000);
}

int
main(int argc, char **argv)
{
	static struct side a, b;
	uint32_t rounds;
	int at = 2;

	while (at < argc && strcmp(argv[at], "--") != 0)
		at++;
	if (argc < 5 || at + 1 >= argc ||
	    scan_u32(argv[1], strlen(argv[1]), &rounds) != 0 || rounds == 0 ||
	    rounds > ROUNDS_MAX) {
		fputs("usage: duel ROUNDS COMMAND... -- COMMAND...\n", stderr);
		return 2;
	}
	argv[at] = NULL;
	a.argv = argv + 2;
	b.argv = argv + at + 1;
	for (size_t i = 0; i < rounds; i++) {
		if (run(&a, i) != 0 || run(&b, i) != 0) {
			fprintf(stderr, "duel: a command failed in round %zu\n", i + 1);
			return 1;
		}
	}
	printf("{");
	report(&a, rounds, "a");
	report(&b, rounds, "b");
	printf("\"ratio_best\": %.2f, \"ratio_median\": %.2f}\n",
	    (double)a.wall_us[0] / (double)b.wall_us[0],
	    (double)a.wall_us[rounds / 2] / (double)b.wall_us[rounds / 2]);
	return 0;
}
