/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications on their way to the master: each one an AgentX Notify whose response is
 * awaited, few at a time. Without that a burst fills the socket in both directions, and
 * this process and the master wait for each other for ever. */
#ifndef SNMP_SESSION_NOTIFY_H
#define SNMP_SESSION_NOTIFY_H

#include <stdint.h>

#include "snmp/session.h"
#include "snmp/session_queue.h"

struct session_notifier;

/* NULL: out of memory. */
struct session_notifier *session_notifier_new(const struct session_queue_limits *limits,
    const struct logger *log);
/* After the library was shut down, which still calls back for what was under way. */
void session_notifier_free(struct session_notifier *n);

/* The AgentX session (netsnmp_session) to send with; NULL: there is none now. */
void session_notifier_connect(struct session_notifier *n, void *agentx_session);
/* This process is the master itself: hand over without acknowledgement. */
void session_notifier_be_master(struct session_notifier *n);

/* See session_notify(). */
int session_notifier_push(struct session_notifier *n, const char *context,
    const struct mib_oid *trap, const struct session_varbind *varbinds,
    size_t n_varbinds);
/* Sends what may go now. Returns the nanoseconds until there may be more, or
 * CLOCK_NEVER. */
int64_t session_notifier_pump(struct session_notifier *n, int64_t now_ns);

void session_notifier_stats(const struct session_notifier *n,
    struct session_queue_stats *out);

#endif
