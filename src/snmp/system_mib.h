/* SPDX-License-Identifier: BSD-2-Clause */
/* The system group (RFC 3418) for --master, where no snmpd serves it. */
#ifndef SNMP_SYSTEM_MIB_H
#define SNMP_SYSTEM_MIB_H

#include "snmp/engine.h"

enum { SYSTEM_TEXT_MAX = 255 };

/* What mib_agent.identity points to when this module is served. */
struct system_identity {
	char descr[SYSTEM_TEXT_MAX + 1];
	char name[SYSTEM_TEXT_MAX + 1];
	int64_t started_ns; /* monotonic */
};

extern const struct mib_module system_mib;

#endif
