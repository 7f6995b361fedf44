/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened to a daemon or to one of its associations, in a form that outlives the
 * pictures it was seen in: what a notification of NTP-AGENTX-MIB tells. */
#ifndef MODEL_NOTICE_H
#define MODEL_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

/* The numbers are the last arcs of the notifications. */
enum ntp_notice_kind {
	NTP_NOTICE_PEER_CHANGED = 1,
	NTP_NOTICE_PEER_UNREACHABLE,
	NTP_NOTICE_PEER_REACHABLE,
	NTP_NOTICE_AUTH_FAILED,
	NTP_NOTICE_AUTH_RESTORED,
	NTP_NOTICE_TYPE_CHANGED,
	NTP_NOTICE_SYNC_LOST,
	NTP_NOTICE_SYNC_RESTORED,
	NTP_NOTICE_SYSTEM_PEER_CHANGED,
	NTP_NOTICE_CLOCK_STEPPED,
	NTP_NOTICE_OFFSET_OUTSIDE,
	NTP_NOTICE_OFFSET_INSIDE,
	NTP_NOTICE_SOURCES_FEW,
	NTP_NOTICE_SOURCES_ENOUGH,
	NTP_NOTICE_DAEMON_UNREACHABLE,
	NTP_NOTICE_DAEMON_REACHABLE,
	NTP_NOTICE_DAEMON_RESTARTED,
	NTP_NOTICE_CLOCK_FAULT,
	NTP_NOTICE_CLOCK_CLEAR,
	NTP_NOTICE_LEAP_ANNOUNCED,
	NTP_NOTICE_TEST,
	NTP_NOTICE_LOST,
	NTP_NOTICE_END
};

/* What can be switched on and off: a problem together with its end. The numbers are those
 * of the bits. */
enum ntp_topic {
	NTP_TOPIC_PEER,
	NTP_TOPIC_REACH,
	NTP_TOPIC_AUTH,
	NTP_TOPIC_TYPE,
	NTP_TOPIC_SYNC,
	NTP_TOPIC_SYSTEM_PEER,
	NTP_TOPIC_STEP,
	NTP_TOPIC_OFFSET,
	NTP_TOPIC_SOURCES,
	NTP_TOPIC_DAEMON,
	NTP_TOPIC_RESTART,
	NTP_TOPIC_CLOCK,
	NTP_TOPIC_LEAP,
	NTP_TOPIC_COUNT
};

/* How it became known. The numbers are those of the object ntpAgentxEventCause. */
enum ntp_notice_cause {
	NTP_CAUSE_OBSERVED = 1, /* two readings in a row differ */
	NTP_CAUSE_COUNTED,      /* it happened between two readings, which count events */
	NTP_CAUSE_STANDING,     /* it has been so ever since the daemon was first read */
	NTP_CAUSE_GONE,         /* a problem ended with its association, or the target */
	NTP_CAUSE_REQUESTED,    /* a manager wanted it */
};

enum { NTP_NOTICE_NAME_MAX = 95, NTP_NOTICE_UNKNOWN = -1 };

/* An association as it was when it was last seen. */
struct ntp_notice_peer {
	uint16_t id;                        /* 0: none */
	char name[NTP_NOTICE_NAME_MAX + 1]; /* as ntp_peer_name() has it; may be "" */
	struct addr address; /* unspecified (family of zeroed memory) when unknown */
};

struct ntp_notice {
	enum ntp_notice_kind kind;
	enum ntp_notice_cause cause;
	int64_t wall_ns; /* when the agent saw it, or what is told of it last */
	uint32_t count;  /* changes it stands for, at least 1 */

	/* Of PEER_*, AUTH_*, TYPE_*, CLOCK_FAULT and CLOCK_CLEAR: whom it is about; of
	 * SYSTEM_PEER_CHANGED the new one, `former` the one before. */
	struct ntp_notice_peer peer, former;

	/* Before and now. PEER_CHANGED: selection, 0..7. TYPE_CHANGED: enum
	 * ntp_assoc_type. AUTH_*: enum ntp_assoc_auth. SYNC_*: enum ntp_mode. DAEMON_
	 * UNREACHABLE, _REACHABLE: enum target_state. CLOCK_*: exception, 0..6.
	 * LEAP_ANNOUNCED: leap indicators, 0..2. SOURCES_*: usable sources. */
	int32_t was, is;
	/* PEER_CHANGED; of PEER_UNREACHABLE and _REACHABLE only the reach register that
	 * is. NTP_NOTICE_UNKNOWN when it was never read. */
	int32_t reach_was, reach_is, flash_was, flash_is;
	int32_t event; /* PEER_CHANGED: enum ntp_assoc_event, or NTP_NOTICE_UNKNOWN */
	int64_t offset_ns, limit_ns; /* OFFSET_* */
	uint32_t sources_min;        /* SOURCES_* */
	uint64_t lost;               /* LOST: notifications */
};

/* What a manager wants to be told of a target, and how. */
struct ntp_notice_settings {
	uint32_t topics;            /* bit i is enum ntp_topic i */
	uint32_t offset_outside_us; /* from this magnitude on it is outside; 0: never */
	uint32_t offset_inside_us;  /* up to this one it is inside again */
	uint32_t sources_min;       /* fewer usable ones are too few; 0: never */
	uint32_t hold_s; /* after one of a kind about the same, none for so long */
};

#define NTP_NOTICE_ALL_TOPICS ((UINT32_C(1) << NTP_TOPIC_COUNT) - 1)
enum {
	NTP_NOTICE_OUTSIDE_DEFAULT_US = 50000,
	NTP_NOTICE_INSIDE_DEFAULT_US = 40000,
	NTP_NOTICE_SOURCES_DEFAULT = 1,
	NTP_NOTICE_SOURCES_MAX = 65535,
	NTP_NOTICE_HOLD_DEFAULT_S = 60,
	NTP_NOTICE_HOLD_MAX_S = 3600,
};

/* What became of them since the agent knows the target. */
struct ntp_notice_counts {
	uint64_t raised; /* handed out */
	uint64_t folded; /* changes that others stand for */
};

#endif
