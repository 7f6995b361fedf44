/* SPDX-License-Identifier: BSD-2-Clause */
/* What the process may do: less than it was started with, and never more again. */
#ifndef DAEMON_PRIVILEGE_H
#define DAEMON_PRIVILEGE_H

#include <sys/types.h>

#include "base/log.h"

/* The number of `user`, given by name or number; ours for NULL, or when there is none
 * such. */
uid_t privilege_user(const char *user);

/* Lets no core be written and no other process of the same user look into this one. To be
 * called before anything secret is read; privilege_drop() does so again, because the
 * kernel forgets it when the user changes. Nothing in builds with sanitizers, whose leak
 * detector is such a process. */
void privilege_hide(void);

/* Becomes `user` and `group`, given by name or number; NULL keeps what is (a user alone
 * brings its own groups, a group is the only one). Gives up every capability, for good;
 * only who stays root keeps the one to open files of others. No program that is executed
 * later can have more. To be called while there is one thread. Tries afterwards whether
 * any of it can be had back. 0, or ERR_NOTFOUND or ERR_IO (logged), after which the
 * process is not to go on. */
int privilege_drop(const char *user, const char *group, const struct logger *log);

#endif
