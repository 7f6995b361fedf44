/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxNotifyTable: what managers want to be told of each target. Read from what is
 * set now, not from the moment the rest of a view is from. */
#include <string.h>

#include "snmp/agentx_agent.h"
#include "snmp/agentx_groups.h"
#include "snmp/put.h"

static const mib_subid notices_root[] = { AGENTX_OBJECTS, 12, 1, 1 };

/* NULL: nothing can be set, and there are no rows. */
static struct mib_control *
control_of(const struct mib_cell *cell)
{
	return agentx_target(cell)->control;
}

static void
tell(const struct mib_cell *cell)
{
	const struct agentx_agent *a = cell->view->agent->identity;

	if (a && a->control_set)
		a->control_set(a->ctx, agentx_target(cell)->about.name);
}

/* --- switches ----------------------------------------------------------------------- */

/* Copied: what is set meanwhile must not change a value already given. */
static bool
get_switches(const struct mib_cell *cell, struct mib_value *out)
{
	uint8_t octets[MIB_TOPIC_OCTETS];

	if (!control_of(cell))
		return false;
	mib_control_topics(control_of(cell), octets);
	memcpy(out->scratch, octets, sizeof(octets));
	return mib_put_octets(out, out->scratch, sizeof(octets));
}

static enum mib_set_error
check_switches(const struct mib_value *value)
{
	struct mib_control scratch;

	return mib_control_set_topics(&scratch, value->octets, value->n_octets);
}

static void
apply_switches(const struct mib_cell *cell, const struct mib_value *value)
{
	mib_control_set_topics(control_of(cell), value->octets, value->n_octets);
	tell(cell);
}

static const struct mib_writer switches_writer = { check_switches, apply_switches, NULL };

/* --- numbers ------------------------------------------------------------------------ */

/* By column. */
static const size_t numbers[] = {
	[2] = offsetof(struct ntp_notice_settings, offset_outside_us),
	[3] = offsetof(struct ntp_notice_settings, offset_inside_us),
	[4] = offsetof(struct ntp_notice_settings, sources_min),
	[5] = offsetof(struct ntp_notice_settings, hold_s),
};

static char *
number_of(const struct mib_cell *cell)
{
	return (char *)&control_of(cell)->notices + numbers[cell->object->subid];
}

static bool
get_number(const struct mib_cell *cell, struct mib_value *out)
{
	if (!control_of(cell))
		return false;
	memcpy(&out->u32, number_of(cell), sizeof(out->u32));
	return true;
}

static enum mib_set_error
check_any(const struct mib_value *value)
{
	(void)value;
	return MIB_SET_OK;
}

static enum mib_set_error
check_sources(const struct mib_value *value)
{
	return value->u32 <= NTP_NOTICE_SOURCES_MAX ? MIB_SET_OK : MIB_SET_WRONG_VALUE;
}

static enum mib_set_error
check_hold(const struct mib_value *value)
{
	return value->u32 <= NTP_NOTICE_HOLD_MAX_S ? MIB_SET_OK : MIB_SET_WRONG_VALUE;
}

static void
apply_number(const struct mib_cell *cell, const struct mib_value *value)
{
	memcpy(number_of(cell), &value->u32, sizeof(value->u32));
	tell(cell);
}

static const struct mib_writer limit_writer = { check_any, apply_number, NULL };
static const struct mib_writer sources_writer = { check_sources, apply_number, NULL };
static const struct mib_writer hold_writer = { check_hold, apply_number, NULL };

/* --- a test ------------------------------------------------------------------------- */

enum { TEST_IDLE = 1, TEST_SEND = 2 };

static bool
get_test(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = TEST_IDLE;
	return control_of(cell) != NULL;
}

static enum mib_set_error
check_test(const struct mib_value *value)
{
	return value->i32 == TEST_IDLE || value->i32 == TEST_SEND ? MIB_SET_OK
								  : MIB_SET_WRONG_VALUE;
}

/* What is undone, to TEST_IDLE, was sent all the same. */
static void
apply_test(const struct mib_cell *cell, const struct mib_value *value)
{
	const struct agentx_agent *a = cell->view->agent->identity;

	if (a && a->test && value->i32 == TEST_SEND)
		a->test(a->ctx, agentx_target(cell)->about.name);
}

static const struct mib_writer test_writer = { check_test, apply_test, NULL };

/* --- counts ------------------------------------------------------------------------- */

static bool
get_raised(const struct mib_cell *cell, struct mib_value *out)
{
	out->u64 = agentx_target(cell)->notices.raised;
	return control_of(cell) != NULL;
}

static bool
get_folded(const struct mib_cell *cell, struct mib_value *out)
{
	out->u64 = agentx_target(cell)->notices.folded;
	return control_of(cell) != NULL;
}

/* clang-format off */
static const struct mib_object notices_objects[] = {
	MIB_OWN(1, "ntpAgentxNotifySwitches",        MIB_OCTETS,    get_switches, &switches_writer, "agent"),
	MIB_OWN(2, "ntpAgentxNotifyOffsetOutsideUs", MIB_UNSIGNED,  get_number,   &limit_writer,    "agent"),
	MIB_OWN(3, "ntpAgentxNotifyOffsetInsideUs",  MIB_UNSIGNED,  get_number,   &limit_writer,    "agent"),
	MIB_OWN(4, "ntpAgentxNotifySourcesMin",      MIB_UNSIGNED,  get_number,   &sources_writer,  "agent"),
	MIB_OWN(5, "ntpAgentxNotifyHoldSeconds",     MIB_UNSIGNED,  get_number,   &hold_writer,     "agent"),
	MIB_OWN(6, "ntpAgentxNotifyTest",            MIB_INTEGER,   get_test,     &test_writer,     "write only"),
	MIB_OWN(7, "ntpAgentxNotifyRaised",          MIB_COUNTER64, get_raised,   NULL,             "agent"),
	MIB_OWN(8, "ntpAgentxNotifyFolded",          MIB_COUNTER64, get_folded,   NULL,             "agent"),
};
/* clang-format on */

const struct mib_group agentx_notify_table =
    AGENTX_TARGET_TABLE("ntpAgentxNotifyTable", notices);
