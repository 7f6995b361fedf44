/* SPDX-License-Identifier: BSD-2-Clause */
/* What a manager may set about a target, and what of it is accepted. */
#include "snmp/control.h"

#include <string.h>

void
mib_control_init(struct mib_control *c)
{
	*c = (struct mib_control){ .heartbeat_s = MIB_HEARTBEAT_DEFAULT_S };
	for (int which = MIB_NOTIF_MODE_CHANGE; which < MIB_NOTIF_HEARTBEAT; which++)
		c->notif_bits[which / 8] |= (uint8_t)(0x80 >> which % 8);
}

bool
mib_control_enables(const struct mib_control *c, enum mib_notif which)
{
	return (c->notif_bits[which / 8] & (0x80 >> which % 8)) != 0;
}

enum mib_set_error
mib_control_set_bits(struct mib_control *c, const uint8_t *octets, size_t n_octets)
{
	static const uint8_t meaningful[MIB_NOTIF_OCTETS] = { 0x7f, 0x80 };
	uint8_t bits[MIB_NOTIF_OCTETS] = { 0 };

	if (n_octets > MIB_NOTIF_OCTETS)
		return MIB_SET_WRONG_LENGTH;
	for (size_t i = 0; i < n_octets; i++) {
		if ((octets[i] & ~meaningful[i]) != 0)
			return MIB_SET_WRONG_VALUE;
		bits[i] = octets[i];
	}
	memcpy(c->notif_bits, bits, sizeof(bits));
	return MIB_SET_OK;
}
