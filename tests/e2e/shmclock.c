/* SPDX-License-Identifier: BSD-2-Clause */
/* shmclock: a reference clock in shared memory, for "refclock shm unit N" of an ntpd: the
 * machine's time once a second, in the first unit that nobody uses. Says "ready N". One
 * that is stopped (SIGSTOP) is a clock that says nothing; SIGTERM ends it, and the
 * segment with it. It never touches a clock. */
#include <signal.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>

#include "base/clock.h"

enum {
	KEY = 0x4e545030, /* of unit 0; others follow */
	FIRST_UNIT = 16,  /* below are those of real receivers */
	LAST_UNIT = 255,
	ACCESS = 0600,
	MODE_COUNTED =
	    1, /* a sample is whole when the count is the same before and after */
	PRECISION_LOG2S = -20,
};

/* As drivers and receivers have agreed on it; times in seconds, and the rest of them. */
struct sample {
	int mode;
	int count;
	time_t clock_s;
	int clock_us;
	time_t received_s;
	int received_us;
	int leap;
	int precision;
	int n_samples;
	int is_valid;
	unsigned clock_ns;
	unsigned received_ns;
	int reserved[8];
};

/* Makes a segment of our own. Returns its unit, or -1. */
static int
make_segment(int *id_out)
{
	for (int unit = FIRST_UNIT; unit <= LAST_UNIT; unit++) {
		*id_out = shmget(KEY + unit, sizeof(struct sample),
		    IPC_CREAT | IPC_EXCL | ACCESS);
		if (*id_out >= 0)
			return unit;
	}
	return -1;
}

static void
tell_time(volatile struct sample *s, int64_t now_ns)
{
	s->is_valid = 0;
	s->count = s->count + 1;
	s->clock_s = s->received_s = (time_t)(now_ns / NS_PER_S);
	s->clock_ns = s->received_ns = (unsigned)(now_ns % NS_PER_S);
	s->clock_us = s->received_us = (int)(now_ns % NS_PER_S / NS_PER_US);
	s->count = s->count + 1;
	s->is_valid = 1;
}

/* Until it is told to end. */
static void
run(volatile struct sample *s, const sigset_t *ends)
{
	const struct timespec second = { .tv_sec = 1 };

	s->mode = MODE_COUNTED;
	s->precision = PRECISION_LOG2S;
	do
		tell_time(s, clock_wall_ns());
	while (sigtimedwait(ends, NULL, &second) < 0);
}

int
main(void)
{
	sigset_t ends;
	int id, unit;
	void *segment;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	unit = make_segment(&id);
	if (unit < 0) {
		perror("shmclock");
		return 1;
	}
	segment = shmat(id, NULL, 0);
	if (segment != (void *)-1) {
		printf("ready %d\n", unit);
		fflush(stdout);
		run(segment, &ends);
	}
	shmctl(id, IPC_RMID, NULL);
	return segment == (void *)-1;
}
