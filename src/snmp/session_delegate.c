/* SPDX-License-Identifier: BSD-2-Clause */
/* Delegated requests: registered, completed, or failed in time. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/library/large_fd_set.h>

#include "snmp/session_delegate.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/mem.h"

/* Each round carries one answer from the agent half of the library to its AgentX half;
 * the master has no more than some hundred requests under way. */
enum { DRAIN_ROUNDS_MAX = 4096 };

struct session_ticket {
	struct session_ticket *next, **link;
	netsnmp_delegated_cache *cache;
	void (*lost)(void *ctx);
	void *ctx;
};

static void
insert(struct session_ticket **link, struct session_ticket *ticket)
{
	ticket->next = *link;
	ticket->link = link;
	if (ticket->next != NULL)
		ticket->next->link = &ticket->next;
	*link = ticket;
}

static void
detach(struct session_ticket *ticket)
{
	*ticket->link = ticket->next;
	if (ticket->next != NULL)
		ticket->next->link = ticket->link;
}

struct session_ticket *
session_tickets_add(struct session_tickets *tickets, void *delegated_cache,
    void (*lost)(void *ctx), void *ctx)
{
	struct session_ticket *ticket;

	if (tickets->is_closed)
		return NULL;
	ticket = mem_calloc(1, sizeof(*ticket));
	if (ticket == NULL)
		return NULL;
	ticket->cache = delegated_cache;
	ticket->lost = lost;
	ticket->ctx = ctx;
	insert(&tickets->first, ticket);
	return ticket;
}

void *
session_tickets_take(struct session_ticket *ticket)
{
	netsnmp_delegated_cache *cache = ticket->cache;
	netsnmp_delegated_cache *live;

	detach(ticket);
	mem_free(ticket);
	/* It is being failed, and its request ended before `lost` was called. */
	if (cache == NULL)
		return NULL;
	live = netsnmp_handler_check_cache(cache);
	if (live == NULL)
		netsnmp_free_delegated_cache(cache);
	return live;
}

static void
fail_request(netsnmp_delegated_cache *cache)
{
	netsnmp_delegated_cache *live = netsnmp_handler_check_cache(cache);

	if (live != NULL)
		for (netsnmp_request_info *r = live->requests; r != NULL; r = r->next) {
			r->delegated = 0;
			netsnmp_set_request_error(live->reqinfo, r, SNMP_ERR_GENERR);
		}
	netsnmp_free_delegated_cache(cache);
}

static int
socket_of(netsnmp_session *session)
{
	void *opaque = session == NULL ? NULL : snmp_sess_pointer(session);
	netsnmp_transport *t = opaque == NULL ? NULL : snmp_sess_transport(opaque);

	return t == NULL ? -1 : t->sock;
}

/* What the library selects for, to be cleaned up by the caller; returns one more than the
 * highest descriptor. */
static int
all_sessions(netsnmp_large_fd_set *out)
{
	struct timeval timeout = { .tv_sec = 0 };
	int n_fds = 0, block = 1;

	netsnmp_large_fd_set_init(out, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(out);
	snmp_select_info2(&n_fds, out, &timeout, &block);
	return n_fds;
}

/* One round of every session but the one with `left_out`, which is being read from
 * further up the stack. False: nothing was there to do. */
static bool
pump_once(int left_out)
{
	struct timeval at_once = { .tv_sec = 0 };
	netsnmp_large_fd_set readable;
	int n_fds = all_sessions(&readable), ready;

	if (left_out >= 0)
		NETSNMP_LARGE_FD_CLR(left_out, &readable);
	ready = netsnmp_large_fd_set_select(n_fds, &readable, NULL, NULL, &at_once);
	if (ready > 0)
		snmp_read2(&readable);
	netsnmp_large_fd_set_cleanup(&readable);
	return ready > 0;
}

static void
unblock_pipe(int fd)
{
	struct stat what;

	if (fstat(fd, &what) == 0 && S_ISFIFO(what.st_mode))
		(void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* The round further up the stack holds what was readable when it began, and goes on to
 * read that: from pipes which are empty then, without end if it may wait. */
static void
unblock_pipes(void)
{
	netsnmp_large_fd_set all;
	int n_fds = all_sessions(&all);

	for (int fd = 0; fd < n_fds; fd++)
		if (NETSNMP_LARGE_FD_ISSET(fd, &all))
			unblock_pipe(fd);
	netsnmp_large_fd_set_cleanup(&all);
}

static void
deliver(netsnmp_session *agentx)
{
	int left_out = socket_of(agentx);

	unblock_pipes();
	for (int i = 0; i < DRAIN_ROUNDS_MAX; i++) {
		/* Behind a failed request others may have queued up; they are served now.
		 */
		netsnmp_check_outstanding_agent_requests();
		if (!pump_once(left_out))
			return;
	}
}

static void
announce(struct session_ticket *ticket)
{
	void (*lost)(void *ctx) = ticket->lost;
	void *ctx = ticket->ctx;

	mem_free(ticket);
	if (lost != NULL)
		lost(ctx);
}

void
session_tickets_fail(struct session_tickets *tickets, void *agentx_session)
{
	struct session_tickets failed = { .first = NULL };

	tickets->is_closed = true;
	while (tickets->first != NULL) {
		struct session_ticket *ticket = tickets->first;

		netsnmp_delegated_cache *cache = ticket->cache;

		detach(ticket);
		ticket->cache = NULL;
		fail_request(cache);
		insert(&failed.first, ticket);
	}
	deliver(agentx_session);
	tickets->is_closed = false;
	while (failed.first != NULL) {
		struct session_ticket *ticket = failed.first;

		detach(ticket);
		announce(ticket);
	}
}

void
session_tickets_close(struct session_tickets *tickets, void *agentx_session)
{
	if (tickets->first != NULL)
		session_tickets_fail(tickets, agentx_session);
	tickets->is_closed = true;
}
