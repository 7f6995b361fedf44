/* SPDX-License-Identifier: BSD-2-Clause */
/* A running agent without a master, and a manager that asks it by the library's own
 * callback transport. */
#include "support/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static char directory[] = "/tmp/agent_bench.XXXXXX";

int
agent_bench_start(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	setenv("SNMPCONFPATH", directory, 1);
	setenv("SNMP_PERSISTENT_DIR", directory, 1);
	setenv("MIBS", "", 1);
	netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE,
	    1);
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
