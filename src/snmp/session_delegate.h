/* SPDX-License-Identifier: BSD-2-Clause */
/* The delegated requests that wait for an answer. At a disconnect Net-SNMP forgets what a
 * SET was asked with while the request itself lives on; so all of them have to end before
 * the library takes the session down. */
#ifndef SNMP_SESSION_DELEGATE_H
#define SNMP_SESSION_DELEGATE_H

#include <stdbool.h>

struct session_ticket;

/* All requests under way; all zero is none. */
struct session_tickets {
	struct session_ticket *first;
	bool is_closed; /* no new ones: all are being failed, or the session ends */
};

/* NULL: out of memory, or not now. See session_delegate(). */
struct session_ticket *session_tickets_add(struct session_tickets *tickets,
    void *delegated_cache, void (*lost)(void *ctx), void *ctx);
/* See session_complete(). */
void *session_tickets_take(struct session_ticket *ticket);
/* Answers all with genErr; lets the library deliver that, and hand to us what it has
 * taken in before (`agentx_session`, a netsnmp_session or NULL, is not read from
 * meanwhile), of which nothing is delegated; then calls each `lost`. */
void session_tickets_fail(struct session_tickets *tickets, void *agentx_session);
/* The same if there are any, and none is taken from now on: the library serves requests
 * while it waits for the master to confirm the end of the session, and nobody would be
 * there to answer them later. */
void session_tickets_close(struct session_tickets *tickets, void *agentx_session);

#endif
