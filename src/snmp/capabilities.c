/* SPDX-License-Identifier: BSD-2-Clause */
/* Says in the master agent's sysORTable what is served. */
#include "snmp/capabilities.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/agent/sysORTable.h>

void
capabilities_register(void)
{
	oid ntpv4[] = { ENTERPRISE_OID_ARCS, 3, 1 };
	oid agentx[] = { ENTERPRISE_OID_ARCS, 3, 2 };

	REGISTER_SYSOR_ENTRY(ntpv4, "NTPv4-MIB (RFC 5907) by " PACKAGE_STRING);
	REGISTER_SYSOR_ENTRY(agentx, "NTP-AGENTX-MIB by " PACKAGE_STRING);
}
