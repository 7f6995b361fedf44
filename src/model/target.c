/* SPDX-License-Identifier: BSD-2-Clause */
/* Defaults and comparison of a target. */
#include "model/target.h"

#include <string.h>

void
target_init(struct target *t)
{
	*t = (struct target){
		.port = TARGET_PORT_DEFAULT,
		.family = TARGET_ANY,
		.interval_s = TARGET_INTERVAL_DEFAULT_S,
		.stale_after = TARGET_STALE_DEFAULT,
		.version = TARGET_VERSION_DEFAULT,
	};
}

bool
target_equal(const struct target *a, const struct target *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->host, b->host) == 0 &&
	    a->port == b->port && a->family == b->family &&
	    strcmp(a->context, b->context) == 0 && a->interval_s == b->interval_s &&
	    a->stale_after == b->stale_after && a->version == b->version &&
	    a->write == b->write && a->control_key == b->control_key &&
	    a->wants_push == b->wants_push;
}
