/* SPDX-License-Identifier: BSD-2-Clause */
/* A manager's session, for programs that measure or fetch. */
#include "support/manager.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <string.h>

void *
manager_open(char *peer, char *community, long timeout_us, int is_once)
{
	netsnmp_session want;

	snmp_sess_init(&want);
	want.version = SNMP_VERSION_2c;
	want.peername = peer;
	want.community = (u_char *)community;
	want.community_len = strlen(community);
	want.timeout = timeout_us;
	if (is_once)
		want.retries = 0;
	return snmp_sess_open(&want);
}
