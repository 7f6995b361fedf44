/* SPDX-License-Identifier: BSD-2-Clause */
/* What a manager may set about a target: NTPv4-MIB's ntpEntControl, and what it wants to
 * be told by NTP-AGENTX-MIB's notifications. */
#ifndef SNMP_CONTROL_H
#define SNMP_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/notice.h"

/* The bits of ntpEntNotifBits; each has the number of the notification it enables. */
enum mib_notif {
	MIB_NOTIF_MODE_CHANGE = 1,
	MIB_NOTIF_STRATUM_CHANGE,
	MIB_NOTIF_SYSPEER_CHANGED,
	MIB_NOTIF_ADD_ASSOCIATION,
	MIB_NOTIF_REMOVE_ASSOCIATION,
	MIB_NOTIF_CONFIG_CHANGED,
	MIB_NOTIF_LEAP_SECOND_ANNOUNCED,
	MIB_NOTIF_HEARTBEAT,
	MIB_NOTIF_END
};

enum { MIB_NOTIF_OCTETS = 2, MIB_HEARTBEAT_DEFAULT_S = 60, MIB_TOPIC_OCTETS = 2 };

struct mib_control {
	uint32_t heartbeat_s; /* 0: a single time */
	/* BITS as SNMP writes them: bit 0 is the highest of the first octet. */
	uint8_t notif_bits[MIB_NOTIF_OCTETS];
	struct ntp_notice_settings notices;
};

/* A heartbeat each minute, were it enabled; every other notification is. */
void mib_control_init(struct mib_control *c);

bool mib_control_enables(const struct mib_control *c, enum mib_notif which);

/* Why a value cannot be set, in the words of RFC 3416. */
enum mib_set_error {
	MIB_SET_OK,
	MIB_SET_WRONG_TYPE,
	MIB_SET_WRONG_LENGTH,
	MIB_SET_WRONG_VALUE,
	MIB_SET_NOT_WRITABLE, /* the object is never written */
	MIB_SET_NO_CREATION,  /* the object is, this instance is not there */
	MIB_SET_ERROR_COUNT
};

/* ntpEntNotifBits: no octet at all to two of them, what is missing is 0; bits without a
 * notification have to be 0. *c is changed only with MIB_SET_OK. */
enum mib_set_error mib_control_set_bits(struct mib_control *c, const uint8_t *octets,
    size_t n_octets);
/* The same for ntpAgentxNotifySwitches; and how SNMP writes them. */
enum mib_set_error mib_control_set_topics(struct mib_control *c, const uint8_t *octets,
    size_t n_octets);
void mib_control_topics(const struct mib_control *c, uint8_t octets[MIB_TOPIC_OCTETS]);

#endif
