/* SPDX-License-Identifier: BSD-2-Clause */
/* The AgentX session with the master agent: connects, reconnects, and keeps clear of
 * defects of Net-SNMP's AgentX client (seen in 5.9.3, none fixed upstream by 2026-08):
 * seven that have a remedy below, and its wait for the answer to Close, see
 * session_transport_mute() and session_tickets_close(). Net-SNMP keeps one session per
 * process, so there is one of these. */
#ifndef SNMP_SESSION_H
#define SNMP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "snmp/engine.h"

/* The remedies, as bits: a test leaves one out to show what it is for. */
enum session_remedy {
	SESSION_REMEDY_SHORT_SYNC = 1 << 0, /* blocking library calls: 1 s, one try */
	SESSION_REMEDY_CONNECT = 1 << 1,    /* connect() to the socket never blocks */
	SESSION_REMEDY_DEDUP = 1 << 2,      /* repeated AgentX requests are dropped */
	SESSION_REMEDY_DRAIN = 1 << 3,    /* delegated requests end before a disconnect */
	SESSION_REMEDY_WINDOW = 1 << 4,   /* at most 16 unacknowledged notifications */
	SESSION_REMEDY_ALARMS = 1 << 5,   /* no left-over reopen alarms; no pings */
	SESSION_REMEDY_REGISTER = 1 << 6, /* registrations do not wait for responses */
};

enum session_state { SESSION_DOWN, SESSION_UP };

struct session_config {
	/* Application name: configuration files, persistence. */
	const char *name;
	/* Socket of the master: path, "unix:path", "tcp:host:port"; NULL: what Net-SNMP's
	 * own configuration says. */
	const char *agentx;
	/* Not NULL: be the master agent and listen there ("udp:..."). */
	const char *master;
	uint32_t reconnect_s;     /* 1..3600 */
	unsigned omit;            /* remedies to leave out; 0 outside tests */
	const struct logger *log; /* borrowed */
	/* State changes, from the main loop, never from inside a request. May be NULL. */
	void (*on_state)(void *ctx, enum session_state state);
	void *ctx;
};

struct session;

/* First half of start-up: transport, role, init_agent(), callbacks. Configuration
 * handlers and MIB registrations come between this and session_start(). NULL: logged. */
struct session *session_new(const struct session_config *config);
/* Second half: init_snmp() reads the configuration and connects. A master that is not
 * there is no error: the session retries for ever. 0, or ERR_IO when `master` cannot
 * listen. */
int session_start(struct session *s);
/* Fails what is pending, forgets what is queued, says good-bye, snmp_shutdown(). NULL
 * allowed. */
void session_free(struct session *s);

/* To be called when the process has given up rights: warns when it could not make the
 * connection again that it has. */
void session_check_return(const struct session *s);

enum session_state session_state(const struct session *s);
uint32_t session_connects(const struct session *s); /* successful ones so far */

/* After each reading of configuration files, also one that failed: what the session was
 * told wins again over what they say to the library. The interval, 1..3600, counts from
 * the next outage on. */
void session_set_reconnect(struct session *s, uint32_t reconnect_s);

/* To be called in each round of the main loop, before agent_check_and_process(): ends the
 * library's pings, reports state changes, sends queued notifications. Returns how long
 * the loop may block at most, in nanoseconds; CLOCK_NEVER when there is nothing to wait
 * for. */
int64_t session_round(struct session *s, int64_t now_ns);

/* Delegated requests. A handler that answers later calls session_delegate() with the
 * library's delegated cache; at a disconnect it is failed with genErr in time and `lost`
 * is called. session_complete() is to be called when the answer is there, before the
 * values are set: it returns the cache to work on, or NULL when the request died; either
 * way the ticket is used up. Before `lost` is called the ticket and the cache are gone.
 * NULL: out of memory, or in the middle of a disconnect or of the session's end; the
 * cache is still the caller's, who answers at once. Pointers are
 * netsnmp_delegated_cache. */
struct session_ticket;
struct session_ticket *session_delegate(struct session *s, void *delegated_cache,
    void (*lost)(void *ctx), void *ctx);
void *session_complete(struct session_ticket *ticket);

/* A notification for the queue: kept in order until the master acknowledged it, over
 * reconnects; at most SESSION_QUEUE_MAX are kept, the oldest that waits is dropped and
 * counted then. Sent at SESSION_RATE a second after a burst of SESSION_BURST. */
enum { SESSION_QUEUE_MAX = 1000, SESSION_WINDOW = 16, SESSION_VARBINDS_MAX = 16 };
enum { SESSION_RATE = 50, SESSION_BURST = 100 };
struct session_varbind {
	struct mib_oid name;
	struct mib_value value;
};
/* Copies everything. `context` may be "". 0, ERR_NOMEM, or ERR_TOOBIG with more than
 * SESSION_VARBINDS_MAX varbinds. */
int session_notify(struct session *s, const char *context, const struct mib_oid *trap,
    const struct session_varbind *varbinds, size_t n_varbinds);
/* How many more may be queued by somebody who could as well wait: half of the queue is
 * for those who cannot. */
size_t session_notify_room(const struct session *s);
struct session_queue_stats {
	uint64_t queued;  /* accepted by session_notify() */
	uint64_t sent;    /* and acknowledged by the master */
	uint64_t dropped; /* for want of room, or refused by the master each time */
	uint64_t resent;  /* repetitions after a reconnect or a refusal */
	uint32_t waiting, unacknowledged;
};
void session_queue_stats(const struct session *s, struct session_queue_stats *out);

#endif
