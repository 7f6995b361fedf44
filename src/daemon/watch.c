/* SPDX-License-Identifier: BSD-2-Clause */
/* From a new snapshot to notifications: compare, ask whether it is wanted, send, count.
 */
#include "daemon/watch.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "snmp/ntpv4_mib.h"

struct watch {
	struct notifier notifier;
	const struct logger *log;
	struct ntp_changes changes; /* of the target at hand; too large for the stack */
};

struct watch *
watch_new(const struct notify_port *port, const struct logger *log)
{
	struct watch *w = mem_calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->log = log;
	if (notifier_init(&w->notifier, &ntpv4_mib, port) != 0) {
		mem_free(w);
		return NULL;
	}
	return w;
}

void
watch_free(struct watch *w)
{
	mem_free(w);
}

void
watched_init(struct watched *w, struct watch *watch, const struct target *target,
    struct mib_agent *agent)
{
	*w = (struct watched){ .watch = watch, .target = target, .agent = agent };
}

void
watched_clear(struct watched *w)
{
	ntp_past_clear(&w->past);
}

static struct notify_source
source_of(const struct watched *w, const struct snapshot *s)
{
	return (struct notify_source){
		.target = w->target->name,
		.context = w->target->context,
		.view = { .snapshot = s, .agent = w->agent },
	};
}

static void
count(struct watched *w, int err)
{
	if (err == 0)
		w->agent->notifications++;
	else
		log_line(w->watch->log, LOG_LEVEL_ERROR,
		    "target %s: a notification could not be sent: %s", w->target->name,
		    err_text(err));
}

void
watched_change(struct watched *w, const struct snapshot *before, struct snapshot *after)
{
	struct notify_source from = source_of(w, after);
	struct ntp_changes *changes;

	if (w->watch == NULL)
		return;
	changes = &w->watch->changes;
	ntp_past_compare(&w->past, before, after, changes);
	for (size_t i = 0; i < changes->n; i++)
		if (mib_control_enables(w->agent->control,
			notify_of_change(changes->items[i].kind)))
			count(w,
			    notify_change(&w->watch->notifier, &from,
				&changes->items[i]));
	if (changes->n_left_out > 0)
		log_line(w->watch->log, LOG_LEVEL_WARNING,
		    "target %s: %zu changes at once are too many to notify of",
		    w->target->name, changes->n + changes->n_left_out);
	ntp_past_learn(&w->past, after);
}

int64_t
watched_beat(struct watched *w, struct snapshot *current, int64_t now_ns)
{
	const struct mib_control *control = w->agent->control;
	struct notify_source from = source_of(w, current);
	bool is_alive = current->state == TARGET_UP;

	if (w->watch == NULL)
		return CLOCK_NEVER;
	if (heartbeat_take(&w->beat, control, is_alive, now_ns))
		count(w, notify_heartbeat(&w->watch->notifier, &from));
	return heartbeat_deadline(&w->beat, control, is_alive, now_ns);
}
