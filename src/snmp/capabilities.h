/* SPDX-License-Identifier: BSD-2-Clause */
/* Says in the master agent's sysORTable what is served. */
#ifndef SNMP_CAPABILITIES_H
#define SNMP_CAPABILITIES_H

/* Registers the statement of mibs/NTP-AGENTX-CAPABILITIES-MIB.txt with the running agent;
 * once, after init_agent(). The library repeats it at each reconnect, and it goes with
 * the session. */
void capabilities_register(void);

#endif
