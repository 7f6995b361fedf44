/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of NTPv4-MIB that a manager may write. */
#ifndef SNMP_NTPV4_CONTROL_H
#define SNMP_NTPV4_CONTROL_H

#include "snmp/engine.h"

enum { NTPV4_CONTROL_COUNT = 2 };

/* ntpEntControl. Present where the agent's view has a control block. */
extern const struct mib_object ntpv4_control_objects[NTPV4_CONTROL_COUNT];

#endif
