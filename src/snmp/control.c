/* SPDX-License-Identifier: BSD-2-Clause */
/* What a manager may set about a target, and what of it is accepted. */
#include "snmp/control.h"

#include <string.h>

void
mib_control_init(struct mib_control *c)
{
	*c = (struct mib_control){
		.heartbeat_s = MIB_HEARTBEAT_DEFAULT_S,
		.notices = {
			.topics = NTP_NOTICE_ALL_TOPICS,
			.offset_outside_us = NTP_NOTICE_OUTSIDE_DEFAULT_US,
			.offset_inside_us = NTP_NOTICE_INSIDE_DEFAULT_US,
			.sources_min = NTP_NOTICE_SOURCES_DEFAULT,
			.hold_s = NTP_NOTICE_HOLD_DEFAULT_S,
		},
	};
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

_Static_assert(NTP_TOPIC_COUNT <= 8 * MIB_TOPIC_OCTETS, "every topic has a bit");

/* Bit 0 is the highest of the first octet. */
enum mib_set_error
mib_control_set_topics(struct mib_control *c, const uint8_t *octets, size_t n_octets)
{
	uint32_t topics = 0;

	if (n_octets > MIB_TOPIC_OCTETS)
		return MIB_SET_WRONG_LENGTH;
	for (unsigned i = 0; i < 8 * n_octets; i++)
		if ((octets[i / 8] & (0x80 >> i % 8)) != 0)
			topics |= UINT32_C(1) << i;
	if ((topics & ~NTP_NOTICE_ALL_TOPICS) != 0)
		return MIB_SET_WRONG_VALUE;
	c->notices.topics = topics;
	return MIB_SET_OK;
}

void
mib_control_topics(const struct mib_control *c, uint8_t octets[MIB_TOPIC_OCTETS])
{
	memset(octets, 0, MIB_TOPIC_OCTETS);
	for (unsigned i = 0; i < NTP_TOPIC_COUNT; i++)
		if ((c->notices.topics >> i & 1) != 0)
			octets[i / 8] |= (uint8_t)(0x80 >> i % 8);
}
