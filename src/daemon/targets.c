/* SPDX-License-Identifier: BSD-2-Clause */
/* The targets of the running program. */
#include "daemon/targets.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "daemon/targets_impl.h"
#include "snmp/ntpv4_mib.h"
#include "snmp/persist.h"

/* A context appears with its values rather than empty, unless the daemon lets us wait. */
#define REGISTER_AFTER_NS (2 * NS_PER_S)

/* Registrations that come or go in one turn of the loop, so that polls are not late: the
 * master answers each. And how long to wait for a SET that one of them takes part in. */
enum { REGISTER_MAX = 16 };
#define REGISTER_RETRY_NS (20 * NS_PER_MS)

/* When too many notifications wait for the master agent already, and when it is still to
 * be told that some were lost. */
#define NO_ROOM_RETRY_NS (200 * NS_PER_MS)
#define LOST_RETRY_NS    NS_PER_S

struct targets *
targets_new(uv_loop_t *uv, const struct logger *log)
{
	struct targets *ts = mem_calloc(1, sizeof(*ts));

	if (ts == NULL)
		return NULL;
	ts->uv = uv;
	ts->log = log;
	if (whole_init(ts))
		return ts;
	mem_free(ts);
	return NULL;
}

int
targets_notify(struct targets *ts, const struct notify_port *port)
{
	ts->watch = watch_new(port, ts->log);
	return ts->watch == NULL ? ERR_NOMEM : 0;
}

static void
view_of(void *ctx, struct mib_view *out)
{
	const struct member *m = ctx;

	out->snapshot = m->link == NULL ? m->last : link_snapshot(m->link);
	out->agent = &m->agent;
}

static void
on_control_set(void *ctx)
{
	struct member *m = ctx;

	persist_changed(m->agent.control);
	member_wake(m);
}

void
member_wake(struct member *m)
{
	if (m->link == NULL)
		return;
	m->owner->due_ns[m->index] = 0;
	m->owner->beat_ns = 0;
}

void
member_count(struct member *m, enum target_state state)
{
	size_t *n_in_state = m->owner->n_in_state;

	n_in_state[m->state]--;
	n_in_state[state]++;
	m->state = state;
}

void
member_changed(void *ctx, const struct snapshot *before, const struct snapshot *after)
{
	struct member *m = ctx;
	struct watch_moment at = { .now_ns = clock_monotonic_ns(),
		.wall_ns = clock_wall_ns() };
	struct target_stats stats;

	(void)after;
	link_stats(m->link, &stats);
	at.restarts = stats.restarts;
	watched_change(&m->watched, before, link_snapshot(m->link), &at);
	member_count(m, link_snapshot(m->link)->state);
	member_wake(m);
	if (!m->is_registered)
		m->owner->register_ns = 0;
	whole_changed(m);
	/* What a transaction was told must not keep an old snapshot for ever. */
	if (m->handler != NULL)
		mib_handler_expire(m->handler, clock_monotonic_ns());
	if (m->owner->whole.handler != NULL)
		mib_handler_expire(m->owner->whole.handler, clock_monotonic_ns());
}

void
targets_detach(struct targets *ts)
{
	if (ts == NULL)
		return;
	for (size_t i = 0; i < ts->n_members; i++)
		mib_handler_detach(ts->members[i]->handler);
	for (struct member *m = ts->leaving; m != NULL; m = m->next)
		mib_handler_detach(m->handler);
	mib_handler_detach(ts->whole.handler);
}

void
targets_free(struct targets *ts)
{
	if (ts == NULL)
		return;
	for (size_t i = 0; i < ts->n_members; i++) {
		mib_handler_discard(ts->members[i]->handler);
		member_stop(ts->members[i]);
		member_free(ts->members[i]);
	}
	for (struct member *m = ts->leaving, *next; m != NULL; m = next) {
		next = m->next;
		mib_handler_discard(m->handler);
		member_free(m);
	}
	mib_handler_discard(ts->whole.handler);
	whole_clear(ts);
	watch_free(ts->watch);
	mem_free(ts->members);
	mem_free(ts->by_name);
	mem_free(ts->due_ns);
	mem_free(ts);
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When the member's context is to be registered. */
static int64_t
register_at(const struct member *m)
{
	if (m->is_registered)
		return CLOCK_NEVER;
	return m->state == TARGET_UNKNOWN ? m->started_ns + REGISTER_AFTER_NS : 0;
}

static void
register_member(struct member *m)
{
	struct view_port port = { .view = view_of, .ctx = m, .changed = on_control_set };

	m->handler = mib_handler_register(&ntpv4_mib, link_target(m->link)->context,
	    &port, m->owner->log);
	m->is_registered = true;
}

/* Lets at most *budget contexts go. Returns when there is more to do. */
static int64_t
unregister_leaving(struct targets *ts, size_t *budget, int64_t now_ns)
{
	while (ts->leaving != NULL) {
		struct member *m = ts->leaving;

		if (mib_handler_is_setting(m->handler))
			return now_ns + REGISTER_RETRY_NS;
		if (*budget == 0)
			return now_ns;
		*budget -= m->handler != NULL;
		mib_handler_unregister(m->handler);
		ts->leaving = m->next;
		member_free(m);
	}
	return CLOCK_NEVER;
}

/* The same with those to come. */
static int64_t
register_due(struct targets *ts, size_t *budget, int64_t now_ns)
{
	int64_t next_ns = CLOCK_NEVER;

	for (size_t i = 0; i < ts->n_members; i++) {
		int64_t at_ns = register_at(ts->members[i]);

		if (at_ns <= now_ns && *budget == 0)
			return now_ns;
		if (at_ns <= now_ns) {
			register_member(ts->members[i]);
			--*budget;
		} else {
			next_ns = earlier(next_ns, at_ns);
		}
	}
	return next_ns;
}

void
targets_register(struct targets *ts, int64_t now_ns)
{
	size_t budget = REGISTER_MAX;

	if (now_ns < ts->register_ns)
		return;
	/* Those that come may want the same contexts. */
	ts->register_ns = unregister_leaving(ts, &budget, now_ns);
	if (ts->leaving == NULL)
		ts->register_ns = register_due(ts, &budget, now_ns);
}

/* How long until then. */
static int64_t
until(int64_t at_ns, int64_t now_ns)
{
	if (at_ns == CLOCK_NEVER)
		return CLOCK_NEVER;
	return at_ns > now_ns ? at_ns - now_ns : 0;
}

int64_t
targets_register_wait(const struct targets *ts, int64_t now_ns)
{
	return until(ts->register_ns, now_ns);
}

size_t
targets_room(const struct targets *ts)
{
	return ts->whole.session == NULL ? 0 : session_notify_room(ts->whole.session);
}

/* What is due for one target, with room for so many notifications. */
static int64_t
beat(struct member *m, size_t *room, int64_t now_ns)
{
	int64_t beat_ns = watched_beat(&m->watched, link_snapshot(m->link), now_ns);
	size_t room_before = *room;
	int64_t tell_ns = watched_tell(&m->watched, room, now_ns);

	/* They are counted in its rows. */
	if (*room != room_before)
		whole_changed(m);
	return earlier(beat_ns, tell_ns);
}

/* Losses are told once it is over. */
static int64_t
tell_lost(struct targets *ts, int64_t now_ns)
{
	struct session_queue_stats queue;

	if (ts->whole.session == NULL)
		return CLOCK_NEVER;
	session_queue_stats(ts->whole.session, &queue);
	if (queue.dropped == ts->n_lost)
		return CLOCK_NEVER;
	if (session_state(ts->whole.session) != SESSION_UP ||
	    queue.waiting > SESSION_WINDOW)
		return now_ns + LOST_RETRY_NS;
	watch_tell_lost(ts->watch, queue.dropped - ts->n_lost, clock_wall_ns());
	ts->n_lost = queue.dropped;
	return CLOCK_NEVER;
}

/* Targets take turns, so that none has all the room. Whose beat is not due costs no more
 * than a look at its time: with many targets some change in each turn of the loop. */
static int64_t
beat_all(struct targets *ts, int64_t now_ns)
{
	size_t room = targets_room(ts);
	size_t at = ts->turn < ts->n_members ? ts->turn : 0;
	int64_t next_ns = CLOCK_NEVER;

	for (size_t i = 0; i < ts->n_members; i++) {
		bool has_room = room > 0;

		if (ts->due_ns[at] <= now_ns)
			ts->due_ns[at] = beat(ts->members[at], &room, now_ns);
		next_ns = earlier(next_ns, ts->due_ns[at]);
		at = at + 1 < ts->n_members ? at + 1 : 0;
		if (has_room && room == 0)
			ts->turn = at;
	}
	if (room == 0 && next_ns < now_ns + NO_ROOM_RETRY_NS)
		return now_ns + NO_ROOM_RETRY_NS;
	return next_ns;
}

int64_t
targets_beat(struct targets *ts, int64_t now_ns)
{
	if (now_ns >= ts->beat_ns) {
		int64_t next_ns = beat_all(ts, now_ns);

		/* What is sent now may have pushed others out. */
		ts->beat_ns = earlier(next_ns, tell_lost(ts, now_ns));
	}
	return until(ts->beat_ns, now_ns);
}

bool
targets_are_setting(const struct targets *ts)
{
	for (size_t i = 0; i < ts->n_members; i++)
		if (mib_handler_is_setting(ts->members[i]->handler))
			return true;
	for (const struct member *m = ts->leaving; m != NULL; m = m->next)
		if (mib_handler_is_setting(m->handler))
			return true;
	return mib_handler_is_setting(ts->whole.handler);
}

size_t
targets_count(const struct targets *ts)
{
	return ts->n_members;
}

size_t
targets_up(const struct targets *ts)
{
	return ts->n_in_state[TARGET_UP];
}

bool
targets_all_known(const struct targets *ts)
{
	return ts->n_in_state[TARGET_UNKNOWN] == 0;
}

const struct target *
targets_at(const struct targets *ts, size_t i)
{
	return link_target(ts->members[i]->link);
}

void
targets_view(const struct targets *ts, size_t i, struct mib_view *out)
{
	view_of(ts->members[i], out);
}
