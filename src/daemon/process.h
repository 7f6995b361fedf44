/* SPDX-License-Identifier: BSD-2-Clause */
/* The program as a process: where it left its number, how its start went, how much it may
 * open. */
#ifndef DAEMON_PROCESS_H
#define DAEMON_PROCESS_H

#include <stddef.h>

#include "base/log.h"

/* Writes our process id to `path`, replacing the file as a whole. 0, or ERR_IO (logged).
 */
int process_write_pid(const char *path, const struct logger *log);
/* Removes it, if it still names us. */
void process_remove_pid(const char *path);

/* `path`, from the root on when it is relative; in out[0..cap), if need be. NULL allowed.
 */
const char *process_anchor(const char *path, char *out, size_t cap);

/* How a process says to another, which waits for that, how its start went. */
struct process_start {
	int hears_fd, tells_fd; /* both -1: nobody waits */
};

/* Before the fork. 0, or ERR_IO (logged). */
int process_start_begin(struct process_start *s, const struct logger *log);
/* In the process that waits: returns what the other one tells, or `otherwise` when it
 * ends without a word. */
int process_start_wait(struct process_start *s, int otherwise);
/* In the other one; does nothing when nobody waits. `code` is an exit status. */
void process_start_tell(struct process_start *s, int code);

/* Raises the limit of open files, as far as is allowed, to what so many targets need: a
 * socket each. Logs what is wrong when that is not enough; whoever finds none left then
 * says so, too. */
void process_allow_targets(size_t n_targets, const struct logger *log);

#endif
