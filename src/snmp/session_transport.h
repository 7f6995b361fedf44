/* SPDX-License-Identifier: BSD-2-Clause */
/* Our own "unix" transport for the AgentX client: connect() never blocks, send() not for
 * long, and repeated requests do not get through. Net-SNMP refuses a second transport of
 * the same domain, so the first one registered, ours, is the one in use. Sockets of other
 * kinds ("tcp:") keep the library's own transport. */
#ifndef SNMP_SESSION_TRANSPORT_H
#define SNMP_SESSION_TRANSPORT_H

#include <stdbool.h>

struct session_transport_config {
	bool blocks;       /* leave connect() and send() as the library has them */
	bool keep_repeats; /* pass repeated requests on */
	/* A connection could not be made; `error` is the errno. */
	void (*refused)(void *ctx, const char *path, int error);
	/* One was made, and is gone again. */
	void (*opened)(void *ctx, const char *path);
	void (*closed)(void *ctx);
	void *ctx;
};

/* Before init_agent(), once per process. 0 or ERR_NOMEM. */
int session_transport_install(const struct session_transport_config *config);
/* We end the session: no callbacks from here on, and a master that hangs up, not in the
 * middle of a frame, has thereby answered what waits for its answer. */
void session_transport_mute(void);

/* True while a connection of this transport is open. */
bool session_transport_is_open(void);
/* Why the latest connection ended: an errno, ECONNRESET when the master closed it; 0 when
 * it did not end from that side. */
int session_transport_end_error(void);

#endif
