/* SPDX-License-Identifier: BSD-2-Clause */
/* How a SET of something that only an NTP daemon can change leaves this layer. */
#ifndef SNMP_WRITE_PORT_H
#define SNMP_WRITE_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "model/write.h"

enum write_kind { WRITE_VARIABLE, WRITE_COMMAND };

/* One write. */
struct write_order {
	const char *target; /* its name */
	enum write_kind kind;
	uint16_t assoc; /* of a variable; 0: the system */
	char name[NTP_WRITE_NAME_MAX];
	size_t name_len;
	const char *value; /* or the command */
	size_t value_len;
};

/* All writes of one SET. */
struct write_job;

enum write_step {
	WRITE_STEP_READ,  /* what is there now, to be able to restore it */
	WRITE_STEP_APPLY, /* write and read back, all or nothing but for UNDO */
	WRITE_STEP_UNDO,  /* restore what APPLY changed */
};

/* Whoever talks to the daemons. `ctx` is for the first three. */
struct write_port {
	/* NTP_WRITE_DONE when the write would be tried; else why it is refused. */
	enum ntp_write_result (*check)(void *ctx, const struct write_order *order);
	/* A write ended like that before it began: to be seen in its row. */
	void (*note)(void *ctx, const struct write_order *order,
	    enum ntp_write_result result);
	/* Copies the orders. NULL: too many for one SET, or out of memory. */
	struct write_job *(*begin)(void *ctx, const struct write_order *orders, size_t n);
	/* Does one step. `done` is called once, later, never from inside: it may run the
	 * next step or end the job. 0, or ERR_NOMEM when nothing was begun. */
	int (*run)(struct write_job *job, enum write_step step, void (*done)(void *ctx),
	    void *done_ctx);
	/* How order `i` stands after a step. READ: NTP_WRITE_NONE is good; APPLY: DONE
	 * and UNCHANGED are; UNDO: NONE and RESTORED are. */
	enum ntp_write_result (*result)(const struct write_job *job, size_t i);
	/* Gives up a step under way, without a call; what was applied stands. */
	void (*end)(struct write_job *job);
	void *ctx;
};

#endif
