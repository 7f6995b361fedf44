/* SPDX-License-Identifier: BSD-2-Clause */
/* From a new snapshot to notifications: compare, ask whether it is wanted, send, count.
 */
#include "daemon/watch.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "snmp/agentx_notify.h"
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

int
watched_init(struct watched *w, struct watch *watch, const struct target *target,
    struct mib_agent *agent)
{
	*w = (struct watched){ .watch = watch, .target = target, .agent = agent };
	w->notices = ntp_notices_new();
	return w->notices == NULL ? ERR_NOMEM : 0;
}

void
watched_clear(struct watched *w)
{
	ntp_past_clear(&w->past);
	ntp_notices_free(w->notices);
	w->notices = NULL;
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
complain(const struct watch *w, const char *target, int err)
{
	if (err != 0)
		log_line(w->log, LOG_LEVEL_ERROR,
		    "target %s: a notification could not be sent: %s", target,
		    err_text(err));
}

static void
count(struct watched *w, int err)
{
	if (err == 0)
		w->agent->notifications++;
	complain(w->watch, w->target->name, err);
}

static void
send_changes(struct watched *w, struct snapshot *after, const struct ntp_changes *changes)
{
	struct notify_source from = source_of(w, after);

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
}

void
watched_change(struct watched *w, const struct snapshot *before, struct snapshot *after,
    const struct watch_moment *at)
{
	struct ntp_sight sight = { .picture = after,
		.restarts = at->restarts,
		.now_ns = at->now_ns,
		.wall_ns = at->wall_ns };
	int err;

	if (w->watch == NULL || ntp_past_skips(before, after))
		return;
	sight.changes = &w->watch->changes;
	ntp_past_compare(&w->past, before, after, &w->watch->changes);
	err = ntp_notices_see(w->notices, &sight, &w->agent->control->notices);
	if (err != 0) {
		log_line(w->watch->log, LOG_LEVEL_ERROR,
		    "target %s: changes of this poll are found with the next one: %s",
		    w->target->name, err_text(err));
		return;
	}
	send_changes(w, after, &w->watch->changes);
	ntp_past_learn(&w->past, after);
}

static void
send_notice(void *ctx, const struct ntp_notice *notice)
{
	const struct watched *w = ctx;

	complain(w->watch, w->target->name,
	    agentx_notify(&w->watch->notifier.port, w->target->name, w->target->context,
		notice));
}

int64_t
watched_tell(struct watched *w, size_t *room, int64_t now_ns)
{
	struct ntp_notice_counts before, after;
	int64_t next_ns;

	if (w->watch == NULL)
		return CLOCK_NEVER;
	ntp_notices_counts(w->notices, &before);
	next_ns = ntp_notices_tell(w->notices, &w->agent->control->notices, now_ns, *room,
	    send_notice, w);
	ntp_notices_counts(w->notices, &after);
	*room -= (size_t)(after.raised - before.raised);
	return next_ns;
}

void
watched_end(struct watched *w, size_t room, int64_t wall_ns)
{
	if (w->watch != NULL)
		ntp_notices_end(w->notices, &w->agent->control->notices, wall_ns, room,
		    send_notice, w);
}

void
watched_test(struct watched *w, int64_t wall_ns)
{
	ntp_notices_test(w->notices, wall_ns);
}

void
watched_reconsider(struct watched *w)
{
	ntp_notices_reconsider(w->notices);
}

void
watched_counts(const struct watched *w, struct ntp_notice_counts *out)
{
	ntp_notices_counts(w->notices, out);
}

void
watch_tell_lost(struct watch *w, uint64_t lost, int64_t wall_ns)
{
	struct ntp_notice notice = { .kind = NTP_NOTICE_LOST,
		.cause = NTP_CAUSE_OBSERVED,
		.wall_ns = wall_ns,
		.count = 1,
		.lost = lost };

	complain(w, "(all)", agentx_notify(&w->notifier.port, "", "", &notice));
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
