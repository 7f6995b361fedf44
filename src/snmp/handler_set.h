/* SPDX-License-Identifier: BSD-2-Clause */
/* The phases of a SET for one module. Included by handler.c alone: the types are
 * Net-SNMP's. */
#ifndef SNMP_HANDLER_SET_H
#define SNMP_HANDLER_SET_H

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "snmp/engine.h"

/* The type on the wire of each syntax. */
extern const u_char handler_asn_types[MIB_SYNTAX_COUNT];

/* One phase (MODE_SET_...) for the variables of `requests`: everything is checked before
 * anything changes, and undone is exactly what was done. Never waits. An error is set on
 * the request that has it. */
void handler_set(const struct mib_module *module, const struct mib_view *view,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests);

#endif
