/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a subagent takes from its start until one of its objects has a value.
 *
 *	started PEER COMMUNITY OID COMMAND ARGUMENT...
 *
 * Runs COMMAND, asks for the object without a pause until it is there, prints the
 * milliseconds, and ends COMMAND. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/manager.h"

enum { TIMEOUT_US = 2 * 1000 * 1000 };

#define GIVE_UP_NS (20 * NS_PER_S)

static bool
has_value(void *session, const oid *name, size_t name_len)
{
	netsnmp_pdu *request = snmp_pdu_create(SNMP_MSG_GET), *response = NULL;
	bool has = false;

	snmp_add_null_var(request, name, name_len);
	if (snmp_sess_synch_response(session, request, &response) == STAT_SUCCESS)
		has = response->errstat == SNMP_ERR_NOERROR && response->variables &&
		    response->variables->type != SNMP_NOSUCHINSTANCE &&
		    response->variables->type != SNMP_NOSUCHOBJECT;
	if (response)
		snmp_free_pdu(response);
	return has;
}

int
main(int argc, char **argv)
{
	oid name[MAX_OID_LEN];
	size_t name_len = MAX_OID_LEN;
	int64_t begun_ns, took_ns;
	void *session;
	bool is_there = false;
	pid_t pid;

	if (argc < 5) {
		fputs("usage: started PEER COMMUNITY OID COMMAND...\n", stderr);
		return 2;
	}
	setenv("MIBS", "", 1);
	init_snmp("started");
	session = manager_open(argv[1], argv[2], TIMEOUT_US, 0);
	if (session == NULL || read_objid(argv[3], name, &name_len) == 0)
		return 2;
	begun_ns = clock_monotonic_ns();
	pid = fork();
	if (pid == 0) {
		execvp(argv[4], argv + 4);
		_exit(127);
	}
	if (pid < 0)
		return 1;
	do {
		is_there = has_value(session, name, name_len);
		took_ns = clock_monotonic_ns() - begun_ns;
	} while (!is_there && took_ns < GIVE_UP_NS);
	printf("%.3f\n", (double)took_ns / NS_PER_MS);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	snmp_sess_close(session);
	return is_there ? 0 : 1;
}
