/* SPDX-License-Identifier: BSD-2-Clause */
/* The program as a process: who it runs as, where it left its number. */
#ifndef DAEMON_PROCESS_H
#define DAEMON_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/log.h"

/* Writes our process id to `path`, replacing the file as a whole. 0, or ERR_IO (logged).
 */
int process_write_pid(const char *path, const struct logger *log);
/* Removes it, if it still names us. */
void process_remove_pid(const char *path);

/* `path`, from the root on when it is relative; in out[0..cap), if need be. NULL allowed.
 */
const char *process_anchor(const char *path, char *out, size_t cap);

/* The number of `user`, given by name or number; ours for NULL, or when there is none
 * such. */
uid_t process_user(const char *user);
/* Becomes `user` and `group`, given by name or number; NULL keeps what is (a user alone
 * brings its own groups, a group is the only one). 0, or ERR_NOTFOUND or ERR_IO (logged).
 */
int process_become(const char *user, const char *group, const struct logger *log);

/* Raises the limit of open files, as far as is allowed, to what so many targets need: a
 * socket each. Logs what is wrong when that is not enough; whoever finds none left then
 * says so, too. */
void process_allow_targets(size_t n_targets, const struct logger *log);

#endif
