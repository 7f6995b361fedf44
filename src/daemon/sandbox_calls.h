/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls of the filter, as rows. Private to sandbox.c. */
#ifndef DAEMON_SANDBOX_CALLS_H
#define DAEMON_SANDBOX_CALLS_H

#include <seccomp.h>
#include <stddef.h>

/* A call that is allowed, and why. With arguments, only when all of them are so. */
struct sandbox_call {
	int number;
	unsigned n_args;
	struct scmp_arg_cmp args[2];
	const char *why;
};

/* A call that the C library or libuv can do without, and what it is told. */
struct sandbox_refusal {
	int number, error;
	const char *why;
};

extern const struct sandbox_call sandbox_allowed[];
extern const size_t sandbox_n_allowed;
extern const struct sandbox_refusal sandbox_refused[];
extern const size_t sandbox_n_refused;
/* Made by nobody but an intruder. */
extern const int sandbox_deadly[];
extern const size_t sandbox_n_deadly;

#endif
