/* SPDX-License-Identifier: BSD-2-Clause */
/* The program as a process: where it left its number, how much it may open. */
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

/* Raises the limit of open files, as far as is allowed, to what so many targets need: a
 * socket each. Logs what is wrong when that is not enough; whoever finds none left then
 * says so, too. */
void process_allow_targets(size_t n_targets, const struct logger *log);

#endif
