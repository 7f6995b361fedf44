/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of NTP-AGENTX-MIB, and what they share. Private to agentx_*.c. */
#ifndef SNMP_AGENTX_GROUPS_H
#define SNMP_AGENTX_GROUPS_H

#include "snmp/engine.h"
#include "snmp/fleet.h"
#include "snmp/mib_form.h"

/* Where the module's objects stand. */
#define AGENTX_OBJECTS ENTERPRISE_OID_ARCS, 1, 1

#define AGENTX_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A table of the module: its name, the OID of its entry, its columns and rows. */
#define AGENTX_TABLE(label, part) \
	{ \
		(label), part##_root, AGENTX_COUNT(part##_root), part##_objects, \
		    AGENTX_COUNT(part##_objects), &part##_rows \
	}

/* The rows of tables with one for each target, under its name. */
#define AGENTX_ROWS_OF_TARGETS \
	{ \
		agentx_count_targets, agentx_target_at, agentx_index_of_row \
	}
size_t agentx_count_targets(const struct mib_view *view);
const void *agentx_target_at(const struct mib_view *view, size_t i, size_t *nth);
size_t agentx_index_of_row(const struct mib_view *view, size_t i, mib_subid *out);

extern const struct mib_group agentx_agent_group;
extern const struct mib_group agentx_target_table;
extern const struct mib_group agentx_health_table;
extern const struct mib_group agentx_var_table;
extern const struct mib_group agentx_write_table;
extern const struct mib_group agentx_config_table;

/* The target of a cell, in every table. */
const struct fleet_target *agentx_target(const struct mib_cell *cell);

/* Rows of tables with the target as only index. */
size_t agentx_index_of_target(const struct fleet_target *t, mib_subid *out);

/* NtpAgentxOutcome and what belongs to it; absent before the first write. */
bool agentx_put_result(struct mib_value *out, const struct ntp_write_record *record);
bool agentx_put_detail(struct mib_value *out, const struct ntp_write_record *record);
bool agentx_put_time(struct mib_value *out, const struct ntp_write_record *record);

#endif
