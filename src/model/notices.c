/* SPDX-License-Identifier: BSD-2-Clause */
/* Watches one daemon: conditions and events of the system. */
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "model/health.h"
#include "model/notices_impl.h"
#include "model/status.h"

enum { EVENT_STEP = 12, EVENT_STEP_OLD = 5, EVENT_NO_SYSTEM_PEER = 8 };

struct ntp_notices *
ntp_notices_new(void)
{
	struct ntp_notices *n = mem_calloc(1, sizeof(*n));

	if (n)
		n->due_ns = CLOCK_NEVER;
	return n;
}

void
ntp_notices_free(struct ntp_notices *n)
{
	if (!n)
		return;
	snapshot_unref(n->last);
	mem_free(n->peers);
	mem_free(n->orphans);
	mem_free(n);
}

void
ntp_notices_counts(const struct ntp_notices *n, struct ntp_notice_counts *out)
{
	*out = n->counts;
}

/* --- conditions and edges ----------------------------------------------------------- */

void
condition_see(struct condition *c, bool is_ill, int32_t value, const struct moment *at)
{
	uint8_t state = is_ill ? CONDITION_ILL : CONDITION_WELL;
	bool is_first = c->state == CONDITION_UNKNOWN;

	if (c->state != state) {
		if (!c->is_told)
			c->was = is_first ? value : c->is;
		c->flips += !is_first;
		c->state = state;
		c->since = *at;
	}
	c->is = value;
	/* The way there is no change. */
	if (!is_ill && !c->was_well && !c->is_told)
		c->flips = 0;
	c->was_well |= !is_ill;
}

/* What flutters while it is held down is counted, like changes that are seen. */
void
condition_miss(struct condition *c, int32_t value, const struct moment *at)
{
	c->flips += 2;
	c->is = value;
	if (c->is_told || at->ns < c->held_ns)
		return;
	c->is_missed = true;
	c->since = *at;
}

void
condition_restart(struct condition *c)
{
	c->state = CONDITION_UNKNOWN;
	c->was_well = false;
	c->is_missed = false;
}

void
edge_see(struct edge *e, uint32_t changes, int64_t wall_ns)
{
	if (changes == 0)
		return;
	e->changes += changes;
	e->wall_ns = wall_ns;
}

/* --- the system --------------------------------------------------------------------- */

void
notices_name_peer(const struct ntp_peer *p, uint16_t id, struct ntp_notice_peer *out)
{
	*out = (struct ntp_notice_peer){ .id = id };
	if (!p)
		return;
	ntp_peer_name(p, out->name, sizeof(out->name));
	if (ntp_peer_has(p, NTP_PEER_SRCADR))
		out->address = p->srcadr;
}

/* New events with one of the two codes, by the daemon's version. */
static unsigned
count_events(const struct ntp_notices *n, const struct snapshot *s, uint8_t code,
    uint8_t old_code)
{
	const struct ntp_system *before = n->last ? n->last->system : NULL;

	if (!before || !before->has_status || !s->system->has_status ||
	    !ntp_system_has(s->system, NTP_SYS_VERSION))
		return 0;
	if (ntp_status_is_old(s->system))
		code = old_code;
	return code == 0 ? 0 : ntp_status_events(before->status, s->system->status, code);
}

static void
see_sync(struct ntp_notices *n, const struct snapshot *s, const struct moment *at)
{
	struct condition *c = &n->conditions[WATCH_SYNC];
	enum ntp_mode mode = snapshot_mode(s);
	bool is_synced = snapshot_is_synchronised(s);
	bool was_well = c->state == CONDITION_WELL;

	if (mode == NTP_MODE_UNKNOWN)
		return;
	condition_see(c, !is_synced, (int32_t)mode, at);
	if (was_well && is_synced && count_events(n, s, EVENT_NO_SYSTEM_PEER, 0) > 0)
		condition_miss(c, (int32_t)mode, at);
}

static void
see_offset(struct ntp_notices *n, const struct snapshot *s,
    const struct ntp_notice_settings *settings, const struct moment *at)
{
	struct condition *c = &n->conditions[WATCH_OFFSET];
	int64_t outside_ns = settings->offset_outside_us * NS_PER_US;
	int64_t inside_ns = settings->offset_inside_us * NS_PER_US;
	int64_t magnitude_ns = s->system->offset_ns;
	bool is_outside = c->state == CONDITION_ILL;

	if (!ntp_system_has(s->system, NTP_SYS_OFFSET) || !snapshot_is_synchronised(s))
		return;
	if (magnitude_ns < 0)
		magnitude_ns = -magnitude_ns;
	if (outside_ns != 0 && magnitude_ns >= outside_ns)
		is_outside = true;
	else if (magnitude_ns <= inside_ns || inside_ns >= outside_ns)
		is_outside = false;
	condition_see(c, is_outside, 0, at);
}

static void
see_sources(struct ntp_notices *n, const struct snapshot *s,
    const struct ntp_notice_settings *settings, const struct moment *at)
{
	uint32_t usable = health_usable_sources(s);

	if (s->has_peers)
		condition_see(&n->conditions[WATCH_SOURCES],
		    usable < settings->sources_min, (int32_t)usable, at);
}

static void
see_system_peer(struct ntp_notices *n, const struct ntp_change *change,
    const struct moment *at)
{
	/* The first one it found is on the way to being synchronised. */
	if (change->from == 0 && !n->conditions[WATCH_SYNC].was_well)
		return;
	if (n->edges[WATCH_SYSTEM_PEER].changes == 0)
		notices_name_peer(change->former, (uint16_t)change->from, &n->former);
	notices_name_peer(change->peer, (uint16_t)change->to, &n->peer);
	n->edges[WATCH_SYSTEM_PEER].is_counted = change->from == change->to;
	edge_see(&n->edges[WATCH_SYSTEM_PEER], 1, at->wall_ns);
}

/* As the protocol's leap indicator. */
static int32_t
leap_indicator(int32_t direction)
{
	return direction > 0 ? 1 : direction < 0 ? 2 : 0;
}

static void
see_leap(struct ntp_notices *n, const struct ntp_change *change, const struct moment *at)
{
	if (n->edges[WATCH_LEAP].changes == 0)
		n->leap_was = leap_indicator(change->from);
	n->leap_is = leap_indicator(change->to);
	n->edges[WATCH_LEAP].is_counted = change->from == change->to;
	edge_see(&n->edges[WATCH_LEAP], 1, at->wall_ns);
}

static void
see_changes(struct ntp_notices *n, const struct ntp_changes *changes,
    const struct moment *at)
{
	for (size_t i = 0; i < changes->n; i++) {
		const struct ntp_change *change = &changes->items[i];

		if (change->kind == NTP_CHANGE_SYSPEER)
			see_system_peer(n, change, at);
		else if (change->kind == NTP_CHANGE_LEAP)
			see_leap(n, change, at);
	}
}

/* The daemon was started anew. */
static void
see_restart(struct ntp_notices *n, uint32_t times, const struct moment *at)
{
	edge_see(&n->edges[WATCH_RESTART], times, at->wall_ns);
	for (size_t i = WATCH_SYNC; i < SYSTEM_CONDITIONS; i++)
		condition_restart(&n->conditions[i]);
	n->last = snapshot_unref(n->last);
}

static void
see_daemon(struct ntp_notices *n, const struct snapshot *s, const struct moment *at)
{
	if (s->state != TARGET_UNKNOWN)
		condition_see(&n->conditions[WATCH_DAEMON], s->state != TARGET_UP,
		    (int32_t)s->state, at);
}

static void
see_system(struct ntp_notices *n, const struct ntp_sight *sight,
    const struct ntp_notice_settings *settings, const struct moment *at)
{
	const struct snapshot *s = sight->picture;

	see_sync(n, s, at);
	see_offset(n, s, settings, at);
	see_sources(n, s, settings, at);
	edge_see(&n->edges[WATCH_STEP], count_events(n, s, EVENT_STEP, EVENT_STEP_OLD),
	    at->wall_ns);
}

int
ntp_notices_see(struct ntp_notices *n, const struct ntp_sight *sight,
    const struct ntp_notice_settings *settings)
{
	struct moment at = { sight->now_ns, sight->wall_ns };
	uint32_t restarts = n->last ? (uint32_t)(sight->restarts - n->restarts) : 0;
	int err;

	n->is_up = sight->picture->state == TARGET_UP;
	n->due_ns = INT64_MIN;
	see_daemon(n, sight->picture, &at);
	if (!n->is_up)
		n->seen_ns = 0;
	if (!n->is_up || !sight->picture->has_peers)
		return 0;
	err = notices_see_peers(n, sight->picture, restarts > 0, &at);
	if (err != 0)
		return err;
	n->restarts = sight->restarts;
	/* Whoever compared the pictures may not know of the restart. */
	if (restarts > 0)
		see_restart(n, restarts, &at);
	else
		see_changes(n, sight->changes, &at);
	see_system(n, sight, settings, &at);
	snapshot_ref(sight->picture);
	snapshot_unref(n->last);
	n->last = sight->picture;
	n->seen_ns = at.ns;
	return 0;
}

void
ntp_notices_test(struct ntp_notices *n, int64_t wall_ns)
{
	edge_see(&n->edges[WATCH_TEST], 1, wall_ns);
	n->due_ns = INT64_MIN;
}

void
ntp_notices_reconsider(struct ntp_notices *n)
{
	n->due_ns = INT64_MIN;
}
