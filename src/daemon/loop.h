/* SPDX-License-Identifier: BSD-2-Clause */
/* libuv nested in Net-SNMP's loop: the agent's select() waits for the backend descriptor
 * of libuv and for a timer set to its next deadline. */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct loop;

/* A loop on its own, for --dump. NULL when the system refuses. */
struct loop *loop_new(void);
/* Joins it to the agent's loop; once, after init_agent(). 0, ERR_IO or ERR_FULL. */
int loop_nest(struct loop *l);
/* Closes what is still open. NULL allowed. False: a look-up is still under way in a
 * thread and keeps its loop. */
bool loop_free(struct loop *l);

uv_loop_t *loop_uv(struct loop *l);

/* One round has two halves: what is due in libuv; then the agent, which waits for either
 * at most `max_wait_ns`. What libuv's callbacks and the agent's want done is looked after
 * between the halves, or it would lie there for as long as the agent waits; a handle that
 * is started there needs another first half. */
void loop_turn(struct loop *l);
void loop_wait(struct loop *l, int64_t max_wait_ns);

#endif
