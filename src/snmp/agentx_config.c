/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxConfigTable: configure commands to daemons where that is allowed. */
#include <string.h>

#include "snmp/agentx_groups.h"
#include "snmp/mib_index.h"
#include "snmp/put.h"

static const mib_subid config_root[] = { AGENTX_OBJECTS, 11, 1, 1 };

static size_t
count_configs(const struct mib_view *view)
{
	return fleet_count(view->fleet, FLEET_COMMANDS);
}

static const void *
config_at(const struct mib_view *view, size_t i, size_t *nth)
{
	return fleet_at(view->fleet, FLEET_COMMANDS, i, nth);
}

static size_t
config_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t nth;

	return agentx_index_of_target(fleet_at(view->fleet, FLEET_COMMANDS, i, &nth),
	    out);
}

static const struct mib_rows config_rows = { count_configs, config_at, config_index };

/* Never what was set: a command may hold a secret. */
static bool
get_command(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	return mib_put_octets(out, "", 0);
}

static bool
get_result(const struct mib_cell *cell, struct mib_value *out)
{
	return agentx_put_result(out, &agentx_target(cell)->command);
}

static bool
get_detail(const struct mib_cell *cell, struct mib_value *out)
{
	return agentx_put_detail(out, &agentx_target(cell)->command);
}

static bool
get_time(const struct mib_cell *cell, struct mib_value *out)
{
	return agentx_put_time(out, &agentx_target(cell)->command);
}

static enum mib_set_error
check_command(const struct mib_value *value)
{
	if (value->n_octets == 0 || value->n_octets > NTP_WRITE_COMMAND_MAX)
		return MIB_SET_WRONG_LENGTH;
	return ntp_write_carries_command(value->octets, value->n_octets)
	    ? MIB_SET_OK
	    : MIB_SET_WRONG_VALUE;
}

static enum mib_set_error
order_command(const struct mib_view *view, const mib_subid *index, size_t index_len,
    const struct mib_value *value, struct write_order *out)
{
	struct mib_index_reader r = { index, index_len };
	char name[TARGET_NAME_MAX];
	size_t name_len = 0;
	const struct fleet_target *t = NULL;

	if (mib_index_take_text(&r, 1, name, sizeof(name), &name_len) && r.left == 0)
		t = fleet_find(view->fleet, name, name_len);
	if (!t || t->about.write != TARGET_WRITE_CONFIGURE)
		return MIB_SET_NO_CREATION;
	*out = (struct write_order){
		.target = t->about.name,
		.kind = WRITE_COMMAND,
		.value = value->octets,
		.value_len = value->n_octets,
	};
	return MIB_SET_OK;
}

static const struct mib_writer command_writer = { check_command, NULL, order_command };

static const struct mib_object config_objects[] = {
	MIB_OWN(1, "ntpAgentxConfigCommand", MIB_OCTETS, get_command, &command_writer,
	    "write only"),
	MIB_OWN(2, "ntpAgentxConfigResult", MIB_INTEGER, get_result, NULL, "agent"),
	MIB_OWN(3, "ntpAgentxConfigDetail", MIB_OCTETS, get_detail, NULL,
	    "the daemon's answer, or agent"),
	MIB_OWN(4, "ntpAgentxConfigTime", MIB_OCTETS, get_time, NULL, "agent"),
};

const struct mib_group agentx_config_table = AGENTX_TABLE("ntpAgentxConfigTable", config);
