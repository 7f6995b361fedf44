/* SPDX-License-Identifier: BSD-2-Clause */
/* The system group (RFC 3418) for --master, where no snmpd serves it. */
#include "snmp/system_mib.h"

#include <string.h>

#include "base/clock.h"

static const struct system_identity *
identity(const struct mib_cell *cell)
{
	return cell->view->agent->identity;
}

static bool
give_text(const char *text, struct mib_value *out)
{
	out->octets = text;
	out->n_octets = strlen(text);
	return true;
}

static bool
get_descr(const struct mib_cell *cell, struct mib_value *out)
{
	return give_text(identity(cell)->descr, out);
}

static bool
get_object_id(const struct mib_cell *cell, struct mib_value *out)
{
	static const mib_subid enterprise[] = { ENTERPRISE_OID_ARCS };

	(void)cell;
	out->octets = enterprise;
	out->n_octets = sizeof(enterprise);
	return true;
}

static bool
get_up_time(const struct mib_cell *cell, struct mib_value *out)
{
	int64_t up_ns = clock_monotonic_ns() - identity(cell)->started_ns;

	out->u32 = (uint32_t)(up_ns / (10 * NS_PER_MS));
	return true;
}

static bool
get_name(const struct mib_cell *cell, struct mib_value *out)
{
	return give_text(identity(cell)->name, out);
}

static const struct mib_object objects[] = {
	{ 1, "sysDescr", MIB_OCTETS, get_descr, NULL, NULL },
	{ 2, "sysObjectID", MIB_OBJECT_ID, get_object_id, NULL, NULL },
	{ 3, "sysUpTime", MIB_TIMETICKS, get_up_time, NULL, NULL },
	{ 5, "sysName", MIB_OCTETS, get_name, NULL, NULL },
};

static const mib_subid root[] = { 1, 3, 6, 1, 2, 1, 1 };
enum { ROOT_LEN = sizeof(root) / sizeof(root[0]) };

static const struct mib_group *const groups[] = {
	&(const struct mib_group){ "system", root, ROOT_LEN, objects,
	    sizeof(objects) / sizeof(objects[0]), NULL },
};

const struct mib_module system_mib = { "SNMPv2-MIB", root, ROOT_LEN, groups,
	sizeof(groups) / sizeof(groups[0]) };
