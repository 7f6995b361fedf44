/* SPDX-License-Identifier: BSD-2-Clause */
/* NTP-AGENTX-MIB: the module of its parts, and what they share. */
#include "snmp/agentx_mib.h"

#include <string.h>

#include "snmp/agentx_groups.h"
#include "snmp/mib_index.h"
#include "snmp/put.h"

static const mib_subid module_root[] = { ENTERPRISE_OID_ARCS, 1 };

/* The longest name: columns are four arcs below the module, and the longest index is that
 * of the variable table. */
_Static_assert(AGENTX_COUNT(module_root) + 4 + 1 + TARGET_NAME_MAX + 1 + 1 +
	    NTP_WRITE_NAME_MAX <=
	MIB_OID_MAX,
    "the enterprise's OID leaves room for every name");
_Static_assert(1 + TARGET_NAME_MAX + 1 + 1 + NTP_WRITE_NAME_MAX <= MIB_INDEX_MAX,
    "every index has room");

const struct fleet_target *
agentx_target(const struct mib_cell *cell)
{
	return cell->row;
}

size_t
agentx_index_of_target(const struct fleet_target *t, mib_subid *out)
{
	return mib_index_put_text(out, 0, t->about.name, t->name_len);
}

static size_t
count_targets(const struct mib_view *view)
{
	return fleet_count(view->fleet, FLEET_TARGETS);
}

static const void *
target_at(const struct mib_view *view, size_t i, size_t *nth)
{
	return fleet_at(view->fleet, FLEET_TARGETS, i, nth);
}

static size_t
index_of_row(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t nth;

	return agentx_index_of_target(fleet_at(view->fleet, FLEET_TARGETS, i, &nth), out);
}

const struct mib_rows agentx_rows_of_targets = { count_targets, target_at, index_of_row };

const struct snapshot *
agentx_snapshot(const struct mib_cell *cell)
{
	const struct snapshot *s = agentx_target(cell)->snapshot;

	return s->state == TARGET_UP ? s : NULL;
}

bool
agentx_get_system_var(const struct mib_cell *cell, struct mib_value *out)
{
	const struct snapshot *s = agentx_snapshot(cell);

	return s && mib_form_get(cell->object->source, s->system, out);
}

size_t
agentx_index_of_peer(const struct fleet_target *t, const struct ntp_peer *p,
    mib_subid *out)
{
	return mib_index_put_number(out, agentx_index_of_target(t, out), p->id);
}

bool
agentx_put_stamp(struct mib_value *out, const struct snapshot *s,
    const struct ntp_stamp *stamp)
{
	return !ntp_stamp_is_zero(stamp) &&
	    mib_put_date(out, ntp_stamp_to_unix_ns(stamp, s->taken_wall_ns));
}

const struct ntp_peer *
agentx_refid_source(const struct fleet_target *t, struct ntp_refid *refid)
{
	const struct ntp_peer *source;

	if (refid->kind != NTP_REFID_ADDRESS && refid->kind != NTP_REFID_LEAP_SMEAR)
		return NULL;
	source = fleet_target_refid(t, refid->number);
	if (source)
		refid->kind = source->srcadr.family == ADDR_IPV6 ? NTP_REFID_ADDRESS_HASH
								 : NTP_REFID_ADDRESS;
	return source;
}

bool
agentx_put_refid_kind(struct mib_value *out, const struct fleet_target *t,
    struct ntp_refid *refid)
{
	(void)agentx_refid_source(t, refid);
	out->i32 = (int32_t)refid->kind;
	return true;
}

bool
agentx_put_refid_peer(struct mib_value *out, const struct fleet_target *t,
    struct ntp_refid *refid)
{
	const struct ntp_peer *source = agentx_refid_source(t, refid);

	return source && mib_put_peer_name(out, source);
}

static bool
was_tried(const struct ntp_write_record *record)
{
	return record->result != NTP_WRITE_NONE;
}

bool
agentx_put_result(struct mib_value *out, const struct ntp_write_record *record)
{
	if (!was_tried(record))
		return false;
	out->i32 = (int32_t)record->result;
	return true;
}

bool
agentx_put_detail(struct mib_value *out, const struct ntp_write_record *record)
{
	return was_tried(record) &&
	    mib_put_octets(out, record->detail, record->detail_len);
}

bool
agentx_put_time(struct mib_value *out, const struct ntp_write_record *record)
{
	return was_tried(record) && mib_put_date(out, record->wall_ns);
}

/* The groups are in files of their own, and a table of tables has to copy them. */
static const struct mib_group *const parts[] = {
	&agentx_agent_group,
	&agentx_target_table,
	&agentx_health_table,
	&agentx_system_table,
	&agentx_autokey_table,
	&agentx_cert_table,
	&agentx_packet_table,
	&agentx_io_table,
	&agentx_monitor_table,
	&agentx_auth_table,
	&agentx_kernel_table,
	&agentx_timer_table,
	&agentx_nts_table,
	&agentx_mssntp_table,
	&agentx_peer_table,
	&agentx_peer_autokey_table,
	&agentx_filter_table,
	&agentx_clock_table,
	&agentx_var_table,
	&agentx_write_table,
	&agentx_config_table,
	&agentx_notify_table,
};

const struct mib_module agentx_mib = {
	.name = "NTP-AGENTX-MIB",
	.root = module_root,
	.root_len = AGENTX_COUNT(module_root),
	.groups = parts,
	.n_groups = AGENTX_COUNT(parts),
};
