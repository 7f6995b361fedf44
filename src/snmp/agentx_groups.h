/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of NTP-AGENTX-MIB, and what they share. Private to agentx_*.c. */
#ifndef SNMP_AGENTX_GROUPS_H
#define SNMP_AGENTX_GROUPS_H

#include "model/assoc.h"
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

extern const struct mib_rows agentx_rows_of_targets;
/* The same for a table with a row for each target. */
#define AGENTX_TARGET_TABLE(label, part) \
	{ \
		(label), part##_root, AGENTX_COUNT(part##_root), part##_objects, \
		    AGENTX_COUNT(part##_objects), &agentx_rows_of_targets \
	}

extern const struct mib_group agentx_agent_group;
extern const struct mib_group agentx_target_table;
extern const struct mib_group agentx_health_table;
extern const struct mib_group agentx_system_table;
extern const struct mib_group agentx_autokey_table;
extern const struct mib_group agentx_cert_table;
extern const struct mib_group agentx_packet_table;
extern const struct mib_group agentx_io_table;
extern const struct mib_group agentx_monitor_table;
extern const struct mib_group agentx_auth_table;
extern const struct mib_group agentx_kernel_table;
extern const struct mib_group agentx_timer_table;
extern const struct mib_group agentx_nts_table;
extern const struct mib_group agentx_mssntp_table;
extern const struct mib_group agentx_peer_table;
extern const struct mib_group agentx_peer_autokey_table;
extern const struct mib_group agentx_filter_table;
extern const struct mib_group agentx_clock_table;
extern const struct mib_group agentx_var_table;
extern const struct mib_group agentx_write_table;
extern const struct mib_group agentx_config_table;
extern const struct mib_group agentx_notify_table;

/* The target of a cell, in every table. */
const struct fleet_target *agentx_target(const struct mib_cell *cell);

/* What the daemon of a cell's target last said; NULL while it is not up. */
const struct snapshot *agentx_snapshot(const struct mib_cell *cell);

/* A row that shows a system variable as it is. */
#define AGENTX_SYSTEM_VAR(subid, label, form, var) \
	MIB_VAR(subid, label, form, agentx_get_system_var, ntp_system_vars, NTP_SYS_##var)
bool agentx_get_system_var(const struct mib_cell *cell, struct mib_value *out);

/* A row that shows a variable of a peer as it is, in tables with a row for each peer or
 * some of them. */
#define AGENTX_PEER_VAR(subid, label, form, get, var) \
	MIB_VAR(subid, label, form, get, ntp_peer_vars, NTP_PEER_##var)
/* Writes the index of a peer: target and association. */
size_t agentx_index_of_peer(const struct fleet_target *t, const struct ntp_peer *p,
    mib_subid *out);

/* A timestamp as DateAndTime, in the era of the snapshot; absent when it is zero. */
bool agentx_put_stamp(struct mib_value *out, const struct snapshot *s,
    const struct ntp_stamp *stamp);

/* The association of the target that a reference id names, or NULL; its kind is more
 * exact then. */
const struct ntp_peer *agentx_refid_source(const struct fleet_target *t,
    struct ntp_refid *refid);
/* What a reference id is, and whom it names; absent when that is none of the target's. */
bool agentx_put_refid_kind(struct mib_value *out, const struct fleet_target *t,
    struct ntp_refid *refid);
bool agentx_put_refid_peer(struct mib_value *out, const struct fleet_target *t,
    struct ntp_refid *refid);

/* The index of a target. */
size_t agentx_index_of_target(const struct fleet_target *t, mib_subid *out);

/* NtpAgentxOutcome and what belongs to it; absent before the first write. */
bool agentx_put_result(struct mib_value *out, const struct ntp_write_record *record);
bool agentx_put_detail(struct mib_value *out, const struct ntp_write_record *record);
bool agentx_put_time(struct mib_value *out, const struct ntp_write_record *record);

#endif
