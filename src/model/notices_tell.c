/* SPDX-License-Identifier: BSD-2-Clause */
/* From what was seen to what is told: when it is due, a row for each kind. */
#include "base/clock.h"
#include "base/mem.h"
#include "model/notices_impl.h"

/* One call of ntp_notices_tell(). */
struct teller {
	struct ntp_notices *n;
	const struct ntp_notice_settings *settings;
	int64_t now_ns;
	size_t room;
	ntp_notice_fn *fn;
	void *ctx;
	int64_t next_ns;
};

/* A problem and its end. */
struct pair_row {
	enum ntp_topic topic;
	enum ntp_notice_kind problem, end;
	int64_t patience_ns;
	/* What else it tells; NULL nothing. */
	void (*fill)(const struct teller *t, const struct peer_watch *w,
	    struct ntp_notice *out);
};

struct edge_row {
	enum ntp_topic topic; /* NTP_TOPIC_COUNT: always told, and never held down */
	enum ntp_notice_kind kind;
	void (*fill)(const struct teller *t, const struct peer_watch *w,
	    struct ntp_notice *out);
};

/* --- what they tell ----------------------------------------------------------------- */

static void
fill_reach(const struct teller *t, const struct peer_watch *w, struct ntp_notice *out)
{
	(void)t;
	out->reach_is = w->now.reach;
}

static void
fill_offset(const struct teller *t, const struct peer_watch *w, struct ntp_notice *out)
{
	const struct ntp_notice_settings *s = t->settings;
	uint32_t inside_us = s->offset_inside_us < s->offset_outside_us
	    ? s->offset_inside_us
	    : s->offset_outside_us;

	(void)w;
	out->offset_ns = t->n->last->system->offset_ns;
	out->limit_ns = NS_PER_US *
	    (out->kind == NTP_NOTICE_OFFSET_OUTSIDE ? s->offset_outside_us : inside_us);
}

static void
fill_sources(const struct teller *t, const struct peer_watch *w, struct ntp_notice *out)
{
	(void)w;
	out->sources_min = t->settings->sources_min;
}

static void
fill_system_peer(const struct teller *t, const struct peer_watch *w,
    struct ntp_notice *out)
{
	(void)w;
	out->former = t->n->former;
	out->peer = t->n->peer;
}

static void
fill_leap(const struct teller *t, const struct peer_watch *w, struct ntp_notice *out)
{
	(void)w;
	out->was = t->n->leap_was;
	out->is = t->n->leap_is;
}

static void
fill_requested(const struct teller *t, const struct peer_watch *w, struct ntp_notice *out)
{
	(void)t;
	(void)w;
	out->cause = NTP_CAUSE_REQUESTED;
}

static void
fill_state(const struct teller *t, const struct peer_watch *w, struct ntp_notice *out)
{
	(void)t;
	out->was = w->told.selection;
	out->is = w->now.selection;
	out->reach_was = w->told.reach;
	out->reach_is = w->now.reach;
	out->flash_was = w->told.flash;
	out->flash_is = w->now.flash;
	out->event = w->now.event;
}

static void
fill_type(const struct teller *t, const struct peer_watch *w, struct ntp_notice *out)
{
	(void)t;
	out->was = w->told_type;
	out->is = w->now.type;
}

static const struct pair_row system_pairs[SYSTEM_CONDITIONS] = {
	[WATCH_DAEMON] = { NTP_TOPIC_DAEMON, NTP_NOTICE_DAEMON_UNREACHABLE,
	    NTP_NOTICE_DAEMON_REACHABLE, NTP_NOTICES_DAEMON_PATIENCE_NS, NULL },
	[WATCH_SYNC] = { NTP_TOPIC_SYNC, NTP_NOTICE_SYNC_LOST, NTP_NOTICE_SYNC_RESTORED,
	    NTP_NOTICES_PATIENCE_NS, NULL },
	[WATCH_OFFSET] = { NTP_TOPIC_OFFSET, NTP_NOTICE_OFFSET_OUTSIDE,
	    NTP_NOTICE_OFFSET_INSIDE, NTP_NOTICES_PATIENCE_NS, fill_offset },
	[WATCH_SOURCES] = { NTP_TOPIC_SOURCES, NTP_NOTICE_SOURCES_FEW,
	    NTP_NOTICE_SOURCES_ENOUGH, NTP_NOTICES_PATIENCE_NS, fill_sources },
};

static const struct edge_row system_events[SYSTEM_EDGES] = {
	[WATCH_TEST] = { NTP_TOPIC_COUNT, NTP_NOTICE_TEST, fill_requested },
	[WATCH_RESTART] = { NTP_TOPIC_RESTART, NTP_NOTICE_DAEMON_RESTARTED, NULL },
	[WATCH_STEP] = { NTP_TOPIC_STEP, NTP_NOTICE_CLOCK_STEPPED, NULL },
	[WATCH_SYSTEM_PEER] = { NTP_TOPIC_SYSTEM_PEER, NTP_NOTICE_SYSTEM_PEER_CHANGED,
	    fill_system_peer },
	[WATCH_LEAP] = { NTP_TOPIC_LEAP, NTP_NOTICE_LEAP_ANNOUNCED, fill_leap },
};

static const struct pair_row peer_pairs[PEER_CONDITIONS] = {
	[WATCH_REACH] = { NTP_TOPIC_REACH, NTP_NOTICE_PEER_UNREACHABLE,
	    NTP_NOTICE_PEER_REACHABLE, NTP_NOTICES_PATIENCE_NS, fill_reach },
	[WATCH_AUTH] = { NTP_TOPIC_AUTH, NTP_NOTICE_AUTH_FAILED, NTP_NOTICE_AUTH_RESTORED,
	    NTP_NOTICES_PATIENCE_NS, NULL },
	[WATCH_CLOCK] = { NTP_TOPIC_CLOCK, NTP_NOTICE_CLOCK_FAULT, NTP_NOTICE_CLOCK_CLEAR,
	    NTP_NOTICES_PATIENCE_NS, NULL },
};

static const struct edge_row peer_events[PEER_EDGES] = {
	[WATCH_PEER] = { NTP_TOPIC_PEER, NTP_NOTICE_PEER_CHANGED, fill_state },
	[WATCH_TYPE] = { NTP_TOPIC_TYPE, NTP_NOTICE_TYPE_CHANGED, fill_type },
};

/* --- when --------------------------------------------------------------------------- */

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
problem_due(const struct condition *c, int64_t patience_ns)
{
	if (c->is_missed)
		return c->held_ns;
	if (c->state != CONDITION_ILL)
		return CLOCK_NEVER;
	return c->was_well ? c->held_ns : later(c->held_ns, c->since.ns + patience_ns);
}

static int64_t
condition_due(const struct condition *c, int64_t patience_ns)
{
	if (!c->is_told)
		return problem_due(c, patience_ns);
	return c->state == CONDITION_WELL ? c->held_ns : CLOCK_NEVER;
}

static void
come_back(struct teller *t, int64_t due_ns)
{
	if (due_ns < t->next_ns)
		t->next_ns = later(due_ns, t->now_ns);
}

static bool
is_due(struct teller *t, int64_t due_ns)
{
	if (due_ns <= t->now_ns && t->room > 0)
		return true;
	come_back(t, due_ns);
	return false;
}

static int64_t
held_until(const struct teller *t)
{
	return t->now_ns + t->settings->hold_s * NS_PER_S;
}

/* A hold that was shortened meanwhile. */
static void
let_go(const struct teller *t, int64_t *held_ns)
{
	if (*held_ns > held_until(t))
		*held_ns = held_until(t);
}

static bool
is_wanted(const struct teller *t, enum ntp_topic topic)
{
	return topic == NTP_TOPIC_COUNT || (t->settings->topics >> topic & 1) != 0;
}

static void
hand_out(struct teller *t, const struct ntp_notice *notice)
{
	t->room--;
	t->n->counts.raised++;
	t->n->counts.folded += notice->count - 1;
	t->fn(t->ctx, notice);
}

static void
name_watched(const struct teller *t, const struct peer_watch *w, struct ntp_notice *out)
{
	if (w)
		notices_name_peer(snapshot_peer(t->n->last, w->id), w->id, &out->peer);
}

/* --- pairs -------------------------------------------------------------------------- */

static enum ntp_notice_cause
cause_of(const struct condition *c)
{
	if (c->is_told)
		return c->flips > 0 ? NTP_CAUSE_OBSERVED
				    : (enum ntp_notice_cause)c->told_cause;
	if (c->is_missed)
		return NTP_CAUSE_COUNTED;
	return c->was_well ? NTP_CAUSE_OBSERVED : NTP_CAUSE_STANDING;
}

static struct ntp_notice
pair_notice(const struct condition *c, const struct pair_row *row)
{
	return (struct ntp_notice){
		.kind = c->is_told ? row->end : row->problem,
		.cause = cause_of(c),
		.wall_ns = c->since.wall_ns,
		.count = c->flips > 0 ? c->flips : 1,
		.was = c->was,
		.is = c->is,
		.reach_is = NTP_NOTICE_UNKNOWN,
	};
}

static void
note_told(const struct teller *t, struct condition *c, const struct ntp_notice *notice)
{
	c->told_cause = (uint8_t)notice->cause;
	c->is_told = !c->is_told;
	c->is_missed = false;
	c->flips = 0;
	c->was = c->is;
	c->held_ns = held_until(t);
}

static void
tell_pair(struct teller *t, struct condition *c, const struct pair_row *row,
    const struct peer_watch *w)
{
	struct ntp_notice notice;

	if (!is_wanted(t, row->topic)) {
		c->is_told = false;
		c->is_missed = false;
		c->flips = 0;
		return;
	}
	let_go(t, &c->held_ns);
	if (!is_due(t, condition_due(c, row->patience_ns)))
		return;
	notice = pair_notice(c, row);
	name_watched(t, w, &notice);
	if (row->fill)
		row->fill(t, w, &notice);
	note_told(t, c, &notice);
	come_back(t, condition_due(c, row->patience_ns));
	hand_out(t, &notice);
}

/* --- edges -------------------------------------------------------------------------- */

static void
tell_edge(struct teller *t, struct edge *e, const struct edge_row *row,
    const struct peer_watch *w)
{
	struct ntp_notice notice = {
		.kind = row->kind,
		.cause = e->is_counted ? NTP_CAUSE_COUNTED : NTP_CAUSE_OBSERVED,
		.wall_ns = e->wall_ns,
		.count = e->changes,
	};

	if (!is_wanted(t, row->topic))
		e->changes = 0;
	let_go(t, &e->held_ns);
	if (e->changes == 0 || !is_due(t, e->held_ns))
		return;
	name_watched(t, w, &notice);
	if (row->fill)
		row->fill(t, w, &notice);
	e->changes = 0;
	if (row->topic != NTP_TOPIC_COUNT)
		e->held_ns = held_until(t);
	hand_out(t, &notice);
}

/* --- everything --------------------------------------------------------------------- */

static void
tell_system(struct teller *t)
{
	struct ntp_notices *n = t->n;

	tell_pair(t, &n->conditions[WATCH_DAEMON], &system_pairs[WATCH_DAEMON], NULL);
	tell_edge(t, &n->edges[WATCH_TEST], &system_events[WATCH_TEST], NULL);
	if (!n->is_up || !n->last)
		return;
	for (size_t i = WATCH_RESTART; i < SYSTEM_EDGES; i++)
		tell_edge(t, &n->edges[i], &system_events[i], NULL);
	for (size_t i = WATCH_SYNC; i < SYSTEM_CONDITIONS; i++)
		tell_pair(t, &n->conditions[i], &system_pairs[i], NULL);
}

static void
tell_peer(struct teller *t, struct peer_watch *w)
{
	for (size_t i = 0; i < PEER_CONDITIONS; i++)
		tell_pair(t, &w->conditions[i], &peer_pairs[i], w);
	for (size_t i = 0; i < PEER_EDGES; i++)
		tell_edge(t, &w->edges[i], &peer_events[i], w);
}

/* When there is no room for all, the next call begins where this one ended. */
static void
tell_peers(struct teller *t)
{
	struct ntp_notices *n = t->n;
	size_t first = n->turn < n->n_peers ? n->turn : 0;
	bool has_room = t->room > 0;

	for (size_t i = 0; i < n->n_peers; i++) {
		size_t at = (first + i) % n->n_peers;

		tell_peer(t, &n->peers[at]);
		if (has_room && t->room == 0)
			n->turn = at;
		has_room = t->room > 0;
	}
}

/* The end of a problem that went with whatever had it. */
static void
tell_gone(struct teller *t, const struct condition *c, const struct pair_row *row,
    const struct ntp_notice_peer *who, int64_t wall_ns)
{
	struct ntp_notice notice = pair_notice(c, row);

	notice.cause = NTP_CAUSE_GONE;
	notice.wall_ns = wall_ns;
	notice.count = 1;
	notice.peer = *who;
	if (!who->id && row->fill)
		row->fill(t, NULL, &notice);
	hand_out(t, &notice);
}

static void
tell_orphans(struct teller *t)
{
	struct ntp_notices *n = t->n;
	size_t kept = 0;

	for (size_t i = 0; i < n->n_orphans; i++) {
		struct orphan *o = &n->orphans[i];

		if (!is_wanted(t, peer_pairs[o->what].topic))
			continue;
		if (is_due(t, o->until_ns))
			tell_gone(t, &o->condition, &peer_pairs[o->what], &o->who,
			    o->wall_ns);
		else
			n->orphans[kept++] = *o;
	}
	n->n_orphans = kept;
}

int64_t
ntp_notices_tell(struct ntp_notices *n, const struct ntp_notice_settings *settings,
    int64_t now_ns, size_t room, ntp_notice_fn *fn, void *ctx)
{
	struct teller t = { n, settings, now_ns, room, fn, ctx, CLOCK_NEVER };

	if (now_ns < n->due_ns)
		return n->due_ns;
	tell_system(&t);
	if (n->is_up && n->last) {
		tell_orphans(&t);
		tell_peers(&t);
	}
	n->due_ns = t.next_ns;
	return t.next_ns;
}

/* --- the end ------------------------------------------------------------------------ */

static void
end_pair(struct teller *t, struct condition *c, const struct pair_row *row,
    const struct ntp_notice_peer *who, int64_t wall_ns)
{
	if (!c->is_told || !is_wanted(t, row->topic) || t->room == 0)
		return;
	tell_gone(t, c, row, who, wall_ns);
	c->is_told = false;
}

static void
end_peer(struct teller *t, struct peer_watch *w, int64_t wall_ns)
{
	struct ntp_notice_peer who;

	notices_name_peer(snapshot_peer(t->n->last, w->id), w->id, &who);
	for (size_t k = 0; k < PEER_CONDITIONS; k++)
		end_pair(t, &w->conditions[k], &peer_pairs[k], &who, wall_ns);
}

void
ntp_notices_end(struct ntp_notices *n, const struct ntp_notice_settings *settings,
    int64_t wall_ns, size_t room, ntp_notice_fn *fn, void *ctx)
{
	static const struct ntp_notice_peer nobody;
	struct teller t = { n, settings, 0, room, fn, ctx, CLOCK_NEVER };

	for (size_t i = 0; i < SYSTEM_CONDITIONS; i++)
		end_pair(&t, &n->conditions[i], &system_pairs[i], &nobody, wall_ns);
	for (size_t i = 0; i < n->n_orphans; i++) {
		struct orphan *o = &n->orphans[i];

		end_pair(&t, &o->condition, &peer_pairs[o->what], &o->who, wall_ns);
	}
	for (size_t i = 0; i < n->n_peers; i++)
		end_peer(&t, &n->peers[i], wall_ns);
}
