/* SPDX-License-Identifier: BSD-2-Clause */
/* A running agent without a master, and a manager that asks it by the library's own
 * callback transport. */
#include "support/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snmp/session.h"
#include "support/agent_bench.h"

/* Where the agent's own end of the callback transport is (agent/snmp_vars.c). */
extern int callback_master_num;

static netsnmp_session *manager;
static long last_transaction;

netsnmp_pdu *
agent_request(int command, const char *context)
{
	netsnmp_pdu *pdu = snmp_pdu_create(command);

	assert_non_null(pdu);
	pdu->version = SNMP_VERSION_2c;
	pdu->community = (u_char *)strdup("test");
	pdu->community_len = 4;
	pdu->contextName = context ? strdup(context) : NULL;
	pdu->contextNameLen = context ? strlen(context) : 0;
	pdu->flags |= UCD_MSG_FLAG_ALWAYS_IN_VIEW;
	pdu->transid = ++last_transaction;
	pdu->sessid = 1;
	return pdu;
}

netsnmp_pdu *
agent_ask(netsnmp_pdu *request)
{
	netsnmp_pdu *answer = NULL;

	assert_int_equal(snmp_synch_response(manager, request, &answer), STAT_SUCCESS);
	assert_non_null(answer);
	return answer;
}

static int
take_answer(int operation, netsnmp_session *session, int id, netsnmp_pdu *answer,
    void *ctx)
{
	(void)session;
	(void)id;
	assert_int_equal(operation, NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE);
	*(netsnmp_pdu **)ctx = snmp_clone_pdu(answer);
	return 1;
}

netsnmp_pdu *
agent_ask_turning(netsnmp_pdu *request, void (*turn)(void *ctx), void *ctx)
{
	netsnmp_pdu *answer = NULL;

	assert_int_not_equal(snmp_async_send(manager, request, take_answer, &answer), 0);
	for (int i = 0; i < 1000 && !answer; i++) {
		agent_check_and_process(0);
		turn(ctx);
	}
	assert_non_null(answer);
	return answer;
}

static char directory[] = "/tmp/agent_bench.XXXXXX";

static int
prepare(void)
{
	if (!mkdtemp(directory))
		return -1;
	setenv("SNMPCONFPATH", directory, 1);
	setenv("SNMP_PERSISTENT_DIR", directory, 1);
	setenv("MIBS", "", 1);
	netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE,
	    1);
	return 0;
}

int
agent_bench_start_session(void **state)
{
	static const struct logger quiet;
	char address[sizeof(directory) + sizeof("unix:/agent")];
	struct session_config config = {
		.name = "agent_bench",
		.master = address,
		.reconnect_s = 1,
		.log = &quiet,
	};
	struct session *session;

	if (prepare() != 0)
		return -1;
	snprintf(address, sizeof(address), "unix:%s/agent", directory);
	session = session_new(&config);
	if (!session || session_start(session) != 0)
		return -1;
	manager = netsnmp_callback_open(callback_master_num, NULL, NULL, NULL);
	*state = session;
	return manager ? 0 : -1;
}

int
agent_bench_stop_session(void **state)
{
	session_free(*state);
	shutdown_agent();
	return agent_bench_remove(directory);
}

int
agent_bench_start(void **state)
{
	(void)state;
	if (prepare() != 0)
		return -1;
	if (init_agent("agent_bench") != 0)
		return -1;
	init_snmp("agent_bench");
	manager = netsnmp_callback_open(callback_master_num, NULL, NULL, NULL);
	return manager ? 0 : -1;
}

static int
remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(path);
}

int
agent_bench_remove(const char *path)
{
	return nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int
agent_bench_stop(void **state)
{
	(void)state;
	snmp_shutdown("agent_bench");
	shutdown_agent();
	return agent_bench_remove(directory);
}
