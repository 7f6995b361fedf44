/* SPDX-License-Identifier: BSD-2-Clause */
/* Registrations on their way to the master: each one an AgentX Register or Unregister
 * whose response is awaited, several at a time, in order. The library's own way waits for
 * each response with the whole process, and a master that is slow with one of a thousand
 * contexts would hold up every poll. */
#ifndef SNMP_SESSION_REGISTRAR_H
#define SNMP_SESSION_REGISTRAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"

enum {
	SESSION_REGISTRAR_WINDOW = 32, /* unanswered at a time */
	SESSION_REGISTRAR_AGAIN_S = 10 /* after a refusal */
};

struct session_registrar;

/* `log` is borrowed. NULL: out of memory. */
struct session_registrar *session_registrar_new(const struct logger *log);
/* After the library was shut down, which still calls back for what was under way. NULL
 * allowed. */
void session_registrar_free(struct session_registrar *r);

/* The AgentX session (netsnmp_session) to send with. NULL: there is none now, and what
 * was to be sent is forgotten: the library asks for everything again with the next one.
 */
void session_registrar_connect(struct session_registrar *r, void *agentx_session);

/* What the library asks for, a struct register_parameters of its callbacks, to be
 * registered or to be removed; copied. A removal takes back what waits to be sent, for
 * the first time or after a refusal. 0; ERR_NOMEM, then it is logged, and the master goes
 * without. */
int session_registrar_push(struct session_registrar *r, const void *parameters,
    bool is_removal);

/* Sends what may go now. Returns the nanoseconds until there may be more, or
 * CLOCK_NEVER. What the master refuses is asked for again after
 * SESSION_REGISTRAR_AGAIN_S: another agent may have it that is about to end. */
int64_t session_registrar_pump(struct session_registrar *r, int64_t now_ns);

#endif
