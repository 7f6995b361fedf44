/* SPDX-License-Identifier: BSD-2-Clause */
/* NTP-AGENTX-MIB: our own module, for all targets together. Its rows are in the files
 * agentx_*.c, one for each part of the module. */
#ifndef SNMP_AGENTX_MIB_H
#define SNMP_AGENTX_MIB_H

#include "model/target.h"
#include "snmp/engine.h"

/* Read from a view's fleet. */
extern const struct mib_module agentx_mib;

/* A variable that a name in the variable table means. */
struct agentx_variable {
	char target[TARGET_NAME_MAX + 1];
	uint16_t assoc;
	char name[NTP_WRITE_NAME_MAX];
	size_t name_len;
};
/* The variable whose value the instance `name` is, whether there is one now or not; false
 * when it is the name of anything else. */
bool agentx_variable_of(const mib_subid *name, size_t name_len,
    struct agentx_variable *out);

#endif
