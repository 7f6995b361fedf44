/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxVarTable: any variable of any association of any target, by name. */
#include <string.h>

#include "base/text.h"
#include "snmp/agentx_groups.h"
#include "snmp/agentx_mib.h"
#include "snmp/mib_index.h"
#include "snmp/put.h"

static const mib_subid var_root[] = { AGENTX_OBJECTS, 10, 1, 1 };
enum { COLUMN_VALUE = 3 };

static size_t
count_vars(const struct mib_view *view)
{
	return fleet_count(view->fleet, FLEET_VARS);
}

static const void *
var_at(const struct mib_view *view, size_t i, size_t *nth)
{
	return fleet_at(view->fleet, FLEET_VARS, i, nth);
}

static size_t
var_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t nth, len;
	const struct fleet_target *t = fleet_at(view->fleet, FLEET_VARS, i, &nth);
	struct fleet_var var = fleet_target_var(t, nth);

	len = agentx_index_of_target(t, out);
	len = mib_index_put_number(out, len, var.assoc);
	return mib_index_put_text(out, len, var.name, var.name_len);
}

static const struct mib_rows var_rows = { count_vars, var_at, var_index };

static struct fleet_var
var_of(const struct mib_cell *cell)
{
	return fleet_target_var(agentx_target(cell), cell->nth);
}

/* Text goes out as it is. What is none is made text first, and cut: no daemon means it.
 */
static bool
get_value(const struct mib_cell *cell, struct mib_value *out)
{
	struct fleet_var var = var_of(cell);

	if (text_is_utf8(var.value, var.value_len))
		return mib_put_octets(out, var.value, var.value_len);
	return mib_put_octets(out, out->scratch,
	    text_utf8(var.value, var.value_len, out->scratch, MIB_TEXT_MAX + 1));
}

enum access { READ_ONLY = 1, READ_WRITE = 2 };

static bool
is_writable(const struct fleet_target *t, const struct fleet_var *var)
{
	return t->about.write != TARGET_WRITE_OFF && t->has_key && var->assoc == 0 &&
	    !ntp_write_is_builtin(var->name, var->name_len);
}

static bool
get_access(const struct mib_cell *cell, struct mib_value *out)
{
	struct fleet_var var = var_of(cell);

	out->i32 = is_writable(agentx_target(cell), &var) ? READ_WRITE : READ_ONLY;
	return true;
}

static bool
take_index(const mib_subid *index, size_t len, struct agentx_variable *out)
{
	struct mib_index_reader r = { index, len };
	size_t target_len = 0;
	uint32_t assoc = 0;

	if (!mib_index_take_text(&r, 1, out->target, TARGET_NAME_MAX, &target_len) ||
	    !mib_index_take_number(&r, UINT16_MAX, &assoc) ||
	    !mib_index_take_text(&r, 1, out->name, sizeof(out->name), &out->name_len) ||
	    r.left > 0)
		return false;
	out->target[target_len] = '\0';
	out->assoc = (uint16_t)assoc;
	return true;
}

bool
agentx_variable_of(const mib_subid *name, size_t name_len, struct agentx_variable *out)
{
	size_t root_len = AGENTX_COUNT(var_root);

	return name_len > root_len + 1 &&
	    mib_oid_compare(name, root_len, var_root, root_len) == 0 &&
	    name[root_len] == COLUMN_VALUE &&
	    take_index(name + root_len + 1, name_len - root_len - 1, out);
}

/* Lengths that no daemon takes are wrong lengths, characters that the protocol does not
 * carry are wrong values (RFC 3416, 4.2.5). */
static enum mib_set_error
check_value(const struct mib_value *value)
{
	if (value->n_octets > NTP_WRITE_VALUE_MAX)
		return MIB_SET_WRONG_LENGTH;
	return ntp_write_carries_value(value->octets, value->n_octets)
	    ? MIB_SET_OK
	    : MIB_SET_WRONG_VALUE;
}

/* The index is decoded into characters that stand in it one by one: the name they make
 * has to live as long as the order. */
static enum mib_set_error
order_value(const struct mib_view *view, const mib_subid *index, size_t index_len,
    const struct mib_value *value, struct write_order *out)
{
	struct agentx_variable var;
	const struct fleet_target *t;

	if (!take_index(index, index_len, &var))
		return MIB_SET_NO_CREATION;
	t = fleet_find(view->fleet, var.target, strlen(var.target));
	if (!t)
		return MIB_SET_NO_CREATION;
	*out = (struct write_order){
		.target = t->about.name,
		.kind = WRITE_VARIABLE,
		.assoc = var.assoc,
		.value = value->octets,
		.value_len = value->n_octets,
		.name_len = var.name_len,
	};
	memcpy(out->name, var.name, var.name_len);
	return MIB_SET_OK;
}

static const struct mib_writer value_writer = { check_value, NULL, order_value };

static const struct mib_object var_objects[] = {
	MIB_OWN(COLUMN_VALUE, "ntpAgentxVarValue", MIB_OCTETS, get_value, &value_writer,
	    "the variable of that name"),
	MIB_OWN(4, "ntpAgentxVarAccess", MIB_INTEGER, get_access, NULL,
	    "configuration and name"),
};

const struct mib_group agentx_var_table = AGENTX_TABLE("ntpAgentxVarTable", var);
