/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter of system calls (seccomp): what the program cannot ask of the kernel. */
#ifndef DAEMON_SANDBOX_H
#define DAEMON_SANDBOX_H

#include <stdbool.h>

#include "base/log.h"

/* What happens to a call that the table of sandbox_calls.c does not have. */
enum sandbox_mode {
	SANDBOX_OFF, /* it is made */
	/* It fails with ENOSYS, and no value of a program depends on it: a C library
	 * newer than the table, which tries new calls first, then takes the old ones.
	 * Calls that nothing but an intruder makes end the process. */
	SANDBOX_ON,
	SANDBOX_STRICT, /* it ends the process */
};

/* "off", "on" or "strict". NULL is the default: on, or off when the program was built
 * without libseccomp. False for other words. */
bool sandbox_mode_of(const char *word, enum sandbox_mode *out);

/* Puts the filter in force, for all threads that are and will be; nothing takes it away
 * again. In any mode but off: 0, or ERR_IO (logged) when the kernel does not do it or the
 * program was built without. */
int sandbox_enter(enum sandbox_mode mode, const struct logger *log);

#endif
