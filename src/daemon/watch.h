/* SPDX-License-Identifier: BSD-2-Clause */
/* Watches targets for what notifications are sent about. */
#ifndef DAEMON_WATCH_H
#define DAEMON_WATCH_H

#include <stdint.h>

#include "base/log.h"
#include "model/diff.h"
#include "model/notices.h"
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
	struct ntp_notices *notices;
	struct heartbeat beat;
};

/* All borrowed. With `watch` NULL nothing is ever sent. `agent` says what is enabled and
 * counts what was sent. 0 or ERR_NOMEM. */
int watched_init(struct watched *w, struct watch *watch, const struct target *target,
    struct mib_agent *agent);
void watched_clear(struct watched *w);

/* The target's snapshot was replaced, at the time of `at`: sends what NTPv4-MIB tells of
 * it, and takes note of the rest for watched_tell(). */
struct watch_moment {
	uint64_t restarts; /* of the daemon, as counted so far */
	int64_t now_ns, wall_ns;
};
void watched_change(struct watched *w, const struct snapshot *before,
    struct snapshot *after, const struct watch_moment *at);
/* Sends what NTP-AGENTX-MIB tells by now, at most `*room` notifications, which becomes
 * less by those. Returns when to call again, if nothing changes before; now_ns when there
 * was no room. */
int64_t watched_tell(struct watched *w, size_t *room, int64_t now_ns);
/* Sends a heartbeat when one is due. Returns when to call again at the latest, if nothing
 * changes before: a setting, or `current`. */
int64_t watched_beat(struct watched *w, struct snapshot *current, int64_t now_ns);

/* The target goes, and nobody will see what becomes of it: sends the ends of the problems
 * that were told, at most `room`. */
void watched_end(struct watched *w, size_t room, int64_t wall_ns);

/* A manager wants a notification that means nothing; the settings are other ones. */
void watched_test(struct watched *w, int64_t wall_ns);
void watched_reconsider(struct watched *w);
/* What was told by watched_tell() so far. */
void watched_counts(const struct watched *w, struct ntp_notice_counts *out);

/* Tells, about no target, that so many notifications were lost. */
void watch_tell_lost(struct watch *w, uint64_t lost, int64_t wall_ns);

#endif
