/* SPDX-License-Identifier: BSD-2-Clause */
/* A running agent without a master, and a manager that asks it by the library's own
 * callback transport, the way a subagent gets requests from its AgentX session. */
#ifndef SUPPORT_AGENT_BENCH_H
#define SUPPORT_AGENT_BENCH_H

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

/* Group set-up and tear-down of a cmocka program. */
int agent_bench_start(void **state);
int agent_bench_stop(void **state);
/* The same with a session of the program's own, as master agent: *state is the session.
 */
int agent_bench_start_session(void **state);
int agent_bench_stop_session(void **state);

/* Removes a directory and what is in it. */
int agent_bench_remove(const char *path);

/* A request of its own transaction, on AgentX session 1; `context` may be NULL. */
netsnmp_pdu *agent_request(int command, const char *context);
/* The answer; the request is gone. */
netsnmp_pdu *agent_ask(netsnmp_pdu *request);
/* The same by the agent's own loop, with `turn` called in each round. */
netsnmp_pdu *agent_ask_turning(netsnmp_pdu *request, void (*turn)(void *ctx), void *ctx);

#endif
