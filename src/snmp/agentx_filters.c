/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxFilterTable: the last samples of each association. */
#include "snmp/agentx_groups.h"
#include "snmp/mib_index.h"
#include "snmp/put.h"

static const mib_subid filter_root[] = { AGENTX_OBJECTS, 8, 1, 1 };

static const struct ntp_peer *
peer_at(const struct fleet_target *t, size_t nth)
{
	return &t->snapshot->peers[t->filters.peers[nth / NTP_FILTER_SAMPLES]];
}

static size_t
count_samples(const struct mib_view *view)
{
	return fleet_count(view->fleet, FLEET_FILTERS);
}

static const void *
sample_at(const struct mib_view *view, size_t i, size_t *nth)
{
	return fleet_at(view->fleet, FLEET_FILTERS, i, nth);
}

static size_t
sample_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t nth, len;
	const struct fleet_target *t = fleet_at(view->fleet, FLEET_FILTERS, i, &nth);

	len = agentx_index_of_peer(t, peer_at(t, nth), out);
	return mib_index_put_number(out, len, (uint32_t)(nth % NTP_FILTER_SAMPLES) + 1);
}

static const struct mib_rows filter_rows = { count_samples, sample_at, sample_index };

static const struct ntp_peer *
peer_of(const struct mib_cell *cell)
{
	return peer_at(agentx_target(cell), cell->nth);
}

static bool
get_name(const struct mib_cell *cell, struct mib_value *out)
{
	return mib_put_peer_name(out, peer_of(cell));
}

/* The sample of the cell's stage, of one of the three filters. */
static bool
take_sample(const struct mib_cell *cell, enum ntp_peer_var var,
    const struct ntp_filter *filter, int32_t *us_out)
{
	*us_out = filter->us[cell->nth % NTP_FILTER_SAMPLES];
	return ntp_peer_has(peer_of(cell), var);
}

static bool
get_delay(const struct mib_cell *cell, struct mib_value *out)
{
	return take_sample(cell, NTP_PEER_FILTDELAY, &peer_of(cell)->filtdelay,
	    &out->i32);
}

static bool
get_offset(const struct mib_cell *cell, struct mib_value *out)
{
	return take_sample(cell, NTP_PEER_FILTOFFSET, &peer_of(cell)->filtoffset,
	    &out->i32);
}

static bool
get_dispersion(const struct mib_cell *cell, struct mib_value *out)
{
	int32_t us;

	if (!take_sample(cell, NTP_PEER_FILTDISP, &peer_of(cell)->filtdisp, &us) ||
	    us < 0)
		return false;
	out->u32 = (uint32_t)us;
	return true;
}

static const struct mib_object filter_objects[] = {
	MIB_OWN(2, "ntpAgentxFilterName", MIB_OCTETS, get_name, NULL,
	    "srchost, name or device of its clock, or srcadr"),
	MIB_OWN(3, "ntpAgentxFilterDelayUs", MIB_INTEGER, get_delay, NULL,
	    "filtdelay: ms -> us"),
	MIB_OWN(4, "ntpAgentxFilterOffsetUs", MIB_INTEGER, get_offset, NULL,
	    "filtoffset: ms -> us"),
	MIB_OWN(5, "ntpAgentxFilterDispersionUs", MIB_UNSIGNED, get_dispersion, NULL,
	    "filtdisp: ms -> us"),
};

const struct mib_group agentx_filter_table = AGENTX_TABLE("ntpAgentxFilterTable", filter);
