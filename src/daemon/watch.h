/* SPDX-License-Identifier: BSD-2-Clause */
/* Watches targets for what notifications are sent about. */
#ifndef DAEMON_WATCH_H
#define DAEMON_WATCH_H

#include <stdint.h>

#include "base/log.h"
#include "model/diff.h"
#include "model/target.h"
#include "snmp/heartbeat.h"
#include "snmp/notify.h"

/* What all targets share. */
struct watch;

/* Notifications go through `port`; `log` is borrowed. NULL: out of memory. */
struct watch *watch_new(const struct notify_port *port, const struct logger *log);
void watch_free(struct watch *w); /* NULL allowed */

/* One target. Fields are private. */
struct watched {
	struct watch *watch;
	const struct target *target;
	struct mib_agent *agent;
	struct ntp_past past;
	struct heartbeat beat;
};

/* All borrowed. With `watch` NULL nothing is ever sent. `agent` says what is enabled and
 * counts what was sent. */
void watched_init(struct watched *w, struct watch *watch, const struct target *target,
    struct mib_agent *agent);
void watched_clear(struct watched *w);

/* The target's snapshot was replaced: sends what there is to tell. */
void watched_change(struct watched *w, const struct snapshot *before,
    struct snapshot *after);
/* Sends a heartbeat when one is due. Returns when to call again at the latest, if nothing
 * changes before: a setting, or `current`. */
int64_t watched_beat(struct watched *w, struct snapshot *current, int64_t now_ns);

#endif
