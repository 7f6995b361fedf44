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
	TARGETS_MAX = 10000,
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
	uint32_t control_key; /* id of the key to write with; 0 none */
};

/* A target with every default; it has no name and no host yet. */
void target_init(struct target *t);
bool target_equal(const struct target *a, const struct target *b);

#endif
