/* SPDX-License-Identifier: BSD-2-Clause */
/* The program as a process: where it left its number, how its start went, how much it may
 * open. */
#include "daemon/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"

enum { PID_TEXT_MAX = 32 };

/* Descriptors for all but targets: the master agent, the loop, log and files, and the
 * name look-ups that are under way. */
enum { OTHER_DESCRIPTORS = 64 };

static int
complain(const struct logger *log, const char *what, const char *about)
{
	log_line(log, LOG_LEVEL_ERROR, "%s %s: %s", what, about, strerror(errno));
	return ERR_IO;
}

/* Closes it, too. */
static bool
fill(int fd, const char *text, size_t len)
{
	bool is_written = write(fd, text, len) == (ssize_t)len;

	return close(fd) == 0 && is_written;
}

int
process_write_pid(const char *path, const struct logger *log)
{
	char temporary[PATH_MAX];
	char text[PID_TEXT_MAX];
	size_t len = text_format(text, sizeof(text), "%ld\n", (long)getpid());
	int fd;

	/* Written beside and renamed, so that nobody ever reads half a number. */
	text_format(temporary, sizeof(temporary), "%s.new", path);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return complain(log, "cannot write", temporary);
	if (fill(fd, text, len) && rename(temporary, path) == 0)
		return 0;
	(void)complain(log, "cannot write", path);
	unlink(temporary);
	return ERR_IO;
}

void
process_remove_pid(const char *path)
{
	char text[PID_TEXT_MAX];
	size_t len;
	uint64_t pid;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	got = read(fd, text, sizeof(text));
	close(fd);
	len = got > 0 ? (size_t)got : 0;
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (scan_u64(text, len, &pid) == 0 && pid == (uint64_t)getpid())
		unlink(path);
}

const char *
process_anchor(const char *path, char *out, size_t cap)
{
	char here[PATH_MAX];

	if (path == NULL || path[0] == '/' || getcwd(here, sizeof(here)) == NULL)
		return path;
	text_format(out, cap, "%s/%s", here, path);
	return out;
}

int
process_start_begin(struct process_start *s, const struct logger *log)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return complain(log, "cannot make", "a pipe");
	s->hears_fd = ends[0];
	s->tells_fd = ends[1];
	return 0;
}

int
process_start_wait(struct process_start *s, int otherwise)
{
	unsigned char code;
	ssize_t n;

	/* While we held this, we would wait for ourselves. */
	close(s->tells_fd);
	do
		n = read(s->hears_fd, &code, sizeof(code));
	while (n < 0 && errno == EINTR);
	close(s->hears_fd);
	return n == (ssize_t)sizeof(code) ? code : otherwise;
}

void
process_start_tell(struct process_start *s, int code)
{
	unsigned char told = (unsigned char)code;

	if (s->tells_fd < 0)
		return;
	(void)!write(s->tells_fd, &told, sizeof(told));
	close(s->tells_fd);
	close(s->hears_fd);
	s->tells_fd = s->hears_fd = -1;
}

void
process_allow_targets(size_t n_targets, const struct logger *log)
{
	const rlim_t needed = (rlim_t)n_targets + OTHER_DESCRIPTORS;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
		return;
	limit.rlim_cur = needed < limit.rlim_max ? needed : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == needed)
		return;
	log_line(log, LOG_LEVEL_ERROR,
	    "%zu targets need %llu open files, and the limit is %llu: set LimitNOFILE= of"
	    " the systemd unit, or \"ulimit -n\", to %llu or more",
	    n_targets, (unsigned long long)needed, (unsigned long long)limit.rlim_cur,
	    (unsigned long long)needed);
}
