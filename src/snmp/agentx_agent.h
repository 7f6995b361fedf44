/* SPDX-License-Identifier: BSD-2-Clause */
/* What NTP-AGENTX-MIB shows of the agent itself, and lets managers do with it: the
 * `identity` of the views of that module. */
#ifndef SNMP_AGENTX_AGENT_H
#define SNMP_AGENTX_AGENT_H

#include <stdint.h>

#include "snmp/session.h"

struct agentx_agent {
	const char *version;
	int64_t started_ns; /* monotonic */
	int64_t started_wall_ns;
	int64_t now_ns;                   /* of the view */
	struct session_queue_stats queue; /* of notifications */
	/* Asks a target's daemon now, not at the next beat. */
	void (*refresh)(void *ctx, const char *target);
	/* What a manager wants to be told of a target was set, or set back. NULL: nobody
	 * need know. */
	void (*control_set)(void *ctx, const char *target);
	/* A test notification about the target is wanted. NULL: there are none. */
	void (*test)(void *ctx, const char *target);
	void *ctx;
};

#endif
