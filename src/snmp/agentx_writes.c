/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxWriteTable: how the last write of each variable ended. */
#include "snmp/agentx_groups.h"
#include "snmp/mib_index.h"

static const mib_subid write_root[] = { AGENTX_OBJECTS, 10, 2, 1 };

static size_t
count_writes(const struct mib_view *view)
{
	return fleet_count(view->fleet, FLEET_RECORDS);
}

static const void *
write_at(const struct mib_view *view, size_t i, size_t *nth)
{
	return fleet_at(view->fleet, FLEET_RECORDS, i, nth);
}

static size_t
write_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t nth, len;
	const struct fleet_target *t = fleet_at(view->fleet, FLEET_RECORDS, i, &nth);
	const struct ntp_write_record *r = &t->records[nth];

	len = agentx_index_of_target(t, out);
	len = mib_index_put_number(out, len, r->assoc);
	return mib_index_put_text(out, len, r->name, r->name_len);
}

static const struct mib_rows write_rows = { count_writes, write_at, write_index };

static const struct ntp_write_record *
record_of(const struct mib_cell *cell)
{
	return &agentx_target(cell)->records[cell->nth];
}

static bool
get_result(const struct mib_cell *cell, struct mib_value *out)
{
	return agentx_put_result(out, record_of(cell));
}

static bool
get_detail(const struct mib_cell *cell, struct mib_value *out)
{
	return agentx_put_detail(out, record_of(cell));
}

static bool
get_time(const struct mib_cell *cell, struct mib_value *out)
{
	return agentx_put_time(out, record_of(cell));
}

static const struct mib_object write_objects[] = {
	MIB_OWN(1, "ntpAgentxWriteResult", MIB_INTEGER, get_result, NULL, "agent"),
	MIB_OWN(2, "ntpAgentxWriteDetail", MIB_OCTETS, get_detail, NULL, "agent"),
	MIB_OWN(3, "ntpAgentxWriteTime", MIB_OCTETS, get_time, NULL, "agent"),
};

const struct mib_group agentx_write_table = AGENTX_TABLE("ntpAgentxWriteTable", write);
