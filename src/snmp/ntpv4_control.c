/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpEntControl: the two objects of NTPv4-MIB that a manager may write. */
#include "snmp/ntpv4_control.h"

#include <string.h>

#include "snmp/mib_form.h"
#include "snmp/put.h"

static struct mib_control *
control_of(const struct mib_cell *cell)
{
	return cell->view->agent->control;
}

static bool
get_heartbeat_interval(const struct mib_cell *cell, struct mib_value *out)
{
	const struct mib_control *c = control_of(cell);

	if (!c)
		return false;
	out->u32 = c->heartbeat_s;
	return true;
}

static enum mib_set_error
check_heartbeat_interval(const struct mib_value *value)
{
	(void)value;
	return MIB_SET_OK;
}

static void
apply_heartbeat_interval(const struct mib_cell *cell, const struct mib_value *value)
{
	control_of(cell)->heartbeat_s = value->u32;
}

/* Copied: what is set meanwhile must not change a value already given. */
static bool
get_notif_bits(const struct mib_cell *cell, struct mib_value *out)
{
	const struct mib_control *c = control_of(cell);

	if (!c)
		return false;
	memcpy(out->scratch, c->notif_bits, sizeof(c->notif_bits));
	return mib_put_octets(out, out->scratch, sizeof(c->notif_bits));
}

static enum mib_set_error
check_notif_bits(const struct mib_value *value)
{
	struct mib_control scratch;

	return mib_control_set_bits(&scratch, value->octets, value->n_octets);
}

static void
apply_notif_bits(const struct mib_cell *cell, const struct mib_value *value)
{
	mib_control_set_bits(control_of(cell), value->octets, value->n_octets);
}

static const struct mib_writer heartbeat_interval = {
	check_heartbeat_interval,
	apply_heartbeat_interval,
	NULL,
};
static const struct mib_writer notif_bits = { check_notif_bits, apply_notif_bits, NULL };

const struct mib_object ntpv4_control_objects[NTPV4_CONTROL_COUNT] = {
	MIB_OWN(1, "ntpEntHeartbeatInterval", MIB_UNSIGNED, get_heartbeat_interval,
	    &heartbeat_interval, "agent"),
	MIB_OWN(2, "ntpEntNotifBits", MIB_OCTETS, get_notif_bits, &notif_bits, "agent"),
};
