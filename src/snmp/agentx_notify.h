/* SPDX-License-Identifier: BSD-2-Clause */
/* The notifications of NTP-AGENTX-MIB as rows: which objects each one carries, and what
 * of a notice each object tells. Knows nothing of Net-SNMP. */
#ifndef SNMP_AGENTX_NOTIFY_H
#define SNMP_AGENTX_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

#include "model/notice.h"
#include "snmp/engine.h"
#include "snmp/notify.h"
#include "snmp/put.h"

/* The objects that are accessible for notifications only; the numbers are their last
 * arcs. */
enum agentx_event_object {
	AGENTX_EVENT_TARGET = 1,
	AGENTX_EVENT_TIME,
	AGENTX_EVENT_MESSAGE,
	AGENTX_EVENT_CAUSE,
	AGENTX_EVENT_CHANGES,
	AGENTX_EVENT_PEER_NAME,
	AGENTX_EVENT_PEER_ADDRESS,
	AGENTX_EVENT_ASSOCIATION,
	AGENTX_EVENT_OLD_SELECTION,
	AGENTX_EVENT_NEW_SELECTION,
	AGENTX_EVENT_OLD_REACH,
	AGENTX_EVENT_NEW_REACH,
	AGENTX_EVENT_OLD_FLASH,
	AGENTX_EVENT_NEW_FLASH,
	AGENTX_EVENT_PEER_EVENT,
	AGENTX_EVENT_OLD_TYPE,
	AGENTX_EVENT_NEW_TYPE,
	AGENTX_EVENT_AUTH,
	AGENTX_EVENT_OLD_MODE,
	AGENTX_EVENT_NEW_MODE,
	AGENTX_EVENT_FORMER_NAME,
	AGENTX_EVENT_FORMER_ASSOCIATION,
	AGENTX_EVENT_OFFSET,
	AGENTX_EVENT_LIMIT,
	AGENTX_EVENT_USABLE_SOURCES,
	AGENTX_EVENT_SOURCES_MIN,
	AGENTX_EVENT_OLD_STATE,
	AGENTX_EVENT_NEW_STATE,
	AGENTX_EVENT_OLD_CLOCK_EVENT,
	AGENTX_EVENT_NEW_CLOCK_EVENT,
	AGENTX_EVENT_LEAP,
	AGENTX_EVENT_LOST,
	AGENTX_EVENT_END
};

/* What the values are from. */
struct agentx_event {
	const char *target;
	const struct ntp_notice *notice;
	char message[MIB_TEXT_MAX + 1];
};
struct agentx_event_row {
	const char *label; /* exactly as in the MIB module */
	enum mib_syntax syntax;
	void (*put)(const struct agentx_event *event, struct mib_value *out);
};
/* By object; row 0 is empty. */
extern const struct agentx_event_row agentx_event_rows[AGENTX_EVENT_END];

struct agentx_notify_row {
	const char *label;
	uint8_t objects[SESSION_VARBINDS_MAX]; /* in order; 0 ends */
};
/* By enum ntp_notice_kind; row 0 is empty. */
extern const struct agentx_notify_row agentx_notify_rows[NTP_NOTICE_END];

/* Hands the notification that tells of `notice` to the port: exactly its objects, in
 * order. `target` is "" for a notice about the agent itself. Nothing is asked about
 * switches. 0, or what the port returned. */
int agentx_notify(const struct notify_port *port, const char *target, const char *context,
    const struct ntp_notice *notice);

/* The notice in words: "TARGET: what happened (how often) (how it became known)". Cuts at
 * a character's edge, always terminates, returns the length. */
size_t agentx_notice_text(const char *target, const struct ntp_notice *notice, char *out,
    size_t cap);

#endif
