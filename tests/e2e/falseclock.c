/* SPDX-License-Identifier: BSD-2-Clause */
/* A library to preload: the wall clock of a program is the machine's, shifted by as many
 * seconds as the file $FALSECLOCK holds as eight octets of this machine, at every moment
 * anew. The monotonic clock is left alone, as it is when a clock is stepped. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Of the dynamic linker's making: there is nobody to hand a context to its functions. */
static const volatile int64_t *shift_s;
static int (*real_clock_gettime)(clockid_t clock, struct timespec *out);

__attribute__((constructor)) static void
load(void)
{
	const char *path = getenv("FALSECLOCK");
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *map;

	*(void **)&real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
	if (fd < 0)
		return;
	map = mmap(NULL, sizeof(*shift_s), PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map != MAP_FAILED)
		shift_s = map;
}

int
clock_gettime(clockid_t clock, struct timespec *out)
{
	int result = real_clock_gettime(clock, out);

	if (result == 0 && shift_s != NULL &&
	    (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		out->tv_sec += *shift_s;
	return result;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return -1;
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return -1;
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}
