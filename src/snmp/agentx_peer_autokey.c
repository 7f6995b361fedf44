/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxPeerAutokeyTable: Autokey of the associations that use it. */
#include "snmp/agentx_groups.h"
#include "snmp/put.h"

static const mib_subid autokey_root[] = { AGENTX_OBJECTS, 7, 2, 1 };

static const struct ntp_peer *
peer_at(const struct fleet_target *t, size_t nth)
{
	return &t->snapshot->peers[t->autokeys.peers[nth]];
}

static size_t
count_autokeys(const struct mib_view *view)
{
	return fleet_count(view->fleet, FLEET_AUTOKEYS);
}

static const void *
autokey_at(const struct mib_view *view, size_t i, size_t *nth)
{
	return fleet_at(view->fleet, FLEET_AUTOKEYS, i, nth);
}

static size_t
autokey_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t nth;
	const struct fleet_target *t = fleet_at(view->fleet, FLEET_AUTOKEYS, i, &nth);

	return agentx_index_of_peer(t, peer_at(t, nth), out);
}

static const struct mib_rows autokey_rows = { count_autokeys, autokey_at, autokey_index };

static const struct ntp_peer *
peer_of(const struct mib_cell *cell)
{
	return peer_at(agentx_target(cell), cell->nth);
}

static bool
get_var(const struct mib_cell *cell, struct mib_value *out)
{
	return mib_form_get(cell->object->source, peer_of(cell), out);
}

static bool
get_name(const struct mib_cell *cell, struct mib_value *out)
{
	return mib_put_peer_name(out, peer_of(cell));
}

#define AUTOKEY_VAR(subid, label, form, var) \
	AGENTX_PEER_VAR(subid, label, form, get_var, var)

static const struct mib_object autokey_objects[] = {
	MIB_OWN(1, "ntpAgentxPeerAutokeyName", MIB_OCTETS, get_name, NULL,
	    "srchost or srcadr"),
	AUTOKEY_VAR(2, "ntpAgentxPeerAutokeyFlags", shakes, FLAGS),
	AUTOKEY_VAR(3, "ntpAgentxPeerAutokeyFlagsRaw", u32, FLAGS),
	AUTOKEY_VAR(4, "ntpAgentxPeerAutokeyHost", label, HOST),
	AUTOKEY_VAR(5, "ntpAgentxPeerAutokeyIdent", label, IDENT),
	AUTOKEY_VAR(6, "ntpAgentxPeerAutokeySignature", word, SIGNATURE),
	AUTOKEY_VAR(7, "ntpAgentxPeerAutokeyInitSequence", i32, INITSEQUENCE),
	AUTOKEY_VAR(8, "ntpAgentxPeerAutokeyInitKey", u32, INITKEY),
	AUTOKEY_VAR(9, "ntpAgentxPeerAutokeyTimestamp", date, TIMESTAMP),
};

const struct mib_group agentx_peer_autokey_table =
    AGENTX_TABLE("ntpAgentxPeerAutokeyTable", autokey);
