/* SPDX-License-Identifier: BSD-2-Clause */
/* One NTP daemon as the configuration names it. */
#ifndef MODEL_TARGET_H
#define MODEL_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/write.h"

enum {
	TARGET_NAME_MAX = 32,
	TARGET_HOST_MAX = 255,
	TARGET_PORT_DEFAULT = 123,
	TARGET_CONTEXT_MAX = 32, /* VACM of Net-SNMP takes no more */
	TARGET_INTERVAL_DEFAULT_S = 15,
	TARGET_INTERVAL_MIN_S = 1,
	TARGET_INTERVAL_MAX_S = 3600,
	TARGET_STALE_DEFAULT = 3, /* intervals without an answer until values go */
	TARGET_STALE_MAX = 100,
	TARGET_VERSION_DEFAULT = 2, /* in requests: what every ntpq sends */
	TARGET_KEY_MAX = 65535,
	TARGET_ERROR_MAX = 96,
	TARGETS_MAX = 10000,
};

/* Whether the daemon tells of events by itself; numbers of the module. */
enum target_push {
	TARGET_PUSH_OFF = 1,
	TARGET_PUSH_WAITING,    /* to be asked for, or asked for */
	TARGET_PUSH_SUBSCRIBED, /* it does */
	TARGET_PUSH_REFUSED,    /* it does not */
};

enum target_family { TARGET_ANY, TARGET_IPV4_ONLY, TARGET_IPV6_ONLY };

struct target {
	char name[TARGET_NAME_MAX + 1];
	char host[TARGET_HOST_MAX + 1]; /* name or address */
	uint16_t port;
	enum target_family family;
	char context[TARGET_CONTEXT_MAX + 1]; /* SNMP context; "" the default one */
	uint32_t interval_s;
	uint32_t stale_after; /* intervals */
	uint8_t version;      /* NTP version in requests, 1..4 */
	enum target_write write;
	uint32_t control_key; /* id of the key to sign with; 0 none */
	bool wants_push;      /* the daemon is to tell of events by itself */
};

/* What is counted and known of the conversation with a target's daemon. */
struct target_stats {
	uint64_t requests; /* datagrams sent, retransmissions included */
	uint64_t retransmits;
	uint64_t replies;  /* datagrams believed */
	uint64_t ignored;  /* datagrams that matched no request or were malformed */
	uint64_t timeouts; /* requests given up */
	uint64_t bad_macs; /* answers to signed requests, not believed for their MAC */
	uint64_t cycles, failed_cycles;
	uint64_t quick_cycles; /* between these, that ended well */
	uint64_t restarts;     /* of the daemon that were noticed, and moves to another */
	int64_t srtt_ns;       /* 0 before the first measurement */
	int64_t last_success_ns; /* of a cycle, monotonic; 0 never */
	int64_t last_success_wall_ns;
	int64_t restarted_wall_ns; /* when the last of these was noticed; 0 none was */
	int64_t synced_ns, unsynced_ns; /* time in either condition, as far as known */
	bool is_rate_limited; /* the daemon answers bursts only in part: we pace */
	enum target_push push;
	uint64_t
	    push_messages; /* of the daemon, taken for hints that something happened */
	uint64_t push_ignored;             /* fragments of others */
	char last_error[TARGET_ERROR_MAX]; /* of the last failed cycle; "" none failed */
};

/* A target with every default; it has no name and no host yet. */
void target_init(struct target *t);
bool target_equal(const struct target *a, const struct target *b);

#endif
