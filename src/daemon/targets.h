/* SPDX-License-Identifier: BSD-2-Clause */
/* The targets of the running program: each one's link to its daemon and its registration
 * with the master agent. */
#ifndef DAEMON_TARGETS_H
#define DAEMON_TARGETS_H

#include <stdint.h>
#include <uv.h>

#include "base/log.h"
#include "mode6/auth.h"
#include "model/target.h"
#include "snmp/engine.h"
#include "snmp/notify.h"
#include "snmp/session.h"

struct targets;

/* Empty. `uv` and `log` are borrowed. NULL when memory is out. */
struct targets *targets_new(uv_loop_t *uv, const struct logger *log);
/* Sends notifications about targets that are applied from now on through `port`. 0 or
 * ERR_NOMEM. */
int targets_notify(struct targets *ts, const struct notify_port *port);
/* Prepares for the end of the session: to be called before it is freed. */
void targets_detach(struct targets *ts);
/* Stops every link, after the session has ended: what was registered went with it.
 * NULL allowed, also above. */
void targets_free(struct targets *ts);

/* Makes the set what wanted[0..n_wanted) says: targets that did not change go on
 * undisturbed, the others are stopped or started. 0, or ERR_NOMEM: what could be started
 * runs. */
int targets_apply(struct targets *ts, const struct target *wanted, size_t n_wanted,
    int64_t now_ns);

/* Signs writes with the keys that the targets name, from now on and instead of others;
 * after each targets_apply(). `keys` is borrowed until the next call. */
void targets_allow_writes(struct targets *ts, const struct m6_keys *keys);
/* The same for asking daemons to push. Without it none is asked: it takes the place of a
 * subscription that another program of this kind may have. */
void targets_allow_push(struct targets *ts, const struct m6_keys *keys);

/* Registers the module about all targets, in the default context; once, from the main
 * loop. */
void targets_register_whole(struct targets *ts, struct session *session);
/* Registers the contexts of targets whose first answer is there, or that had two seconds
 * to give one, and lets go of those of targets that went; some at a time. To be called
 * from the main loop, never from inside a request. */
void targets_register(struct targets *ts, int64_t now_ns);
/* How long until targets_register() has something to do, in nanoseconds. */
int64_t targets_register_wait(const struct targets *ts, int64_t now_ns);

/* Sends the notifications that are due. Returns how long until the next one may be, in
 * nanoseconds. */
int64_t targets_beat(struct targets *ts, int64_t now_ns);

/* A SET of some target is between its phases: no time to take targets away. */
bool targets_are_setting(const struct targets *ts);

/* A SET that daemons carry out is not over. */
bool targets_are_writing(const struct targets *ts);

size_t targets_count(const struct targets *ts);
/* Targets that answer now. */
size_t targets_up(const struct targets *ts);
/* False while a target was never heard of: no answer, and no failure either. */
bool targets_all_known(const struct targets *ts);

const struct target *targets_at(const struct targets *ts, size_t i);
/* The current moment of target `i`; borrowed. */
void targets_view(const struct targets *ts, size_t i, struct mib_view *out);
/* The current moment of all of them; borrowed until anything changes. */
void targets_whole(struct targets *ts, struct mib_view *out);

#endif
