/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares two pictures of one daemon. */
#include "model/diff.h"

#include <string.h>

#include "base/clock.h"

enum {
	STATUS_COUNT_SHIFT = 4,
	STATUS_COUNT_MASK = 0xf,
	STATUS_EVENT_MASK = 0xf,
	KEPT_FREE = 2, /* for what is told after the associations: configuration, leap */
	SYSTEM_EVENT_NO_SYS_PEER = 8,
	SYSTEM_EVENT_LEAP_ARMED = 9,
	SYSTEM_EVENT_LEAP_DISARMED = 10,
	PEER_EVENT_SYS_PEER = 10,
	STRATUM_NONE = 16,
	/* How much less than time an uptime, in whole seconds, may grow: rounding, and an
	 * answer that came a little late. */
	UPTIME_SLACK_S = 2,
	/* The same when associations speak against a restart: the daemon may have been
	 * stopped for a while, too. */
	UPTIME_SLACK_SHARED_S = 10,
	UPTIME_SLACK_SHARED_PART = 16,
};

static const enum ntp_system_var told[] = { NTP_SYS_LEAP, NTP_SYS_STRATUM, NTP_SYS_PEER };

unsigned
ntp_status_events(uint16_t before, uint16_t after, uint8_t code)
{
	unsigned was = before >> STATUS_COUNT_SHIFT & STATUS_COUNT_MASK;
	unsigned is = after >> STATUS_COUNT_SHIFT & STATUS_COUNT_MASK;

	if ((after & STATUS_EVENT_MASK) != code)
		return 0;
	if ((before & STATUS_EVENT_MASK) != code)
		return is > 0 ? is : 1;
	return is >= was ? is - was : is;
}

static bool
knows_name(const struct ntp_peer *p)
{
	return ntp_peer_has(p, NTP_PEER_SRCHOST) && p->srchost.len > 0;
}

/* A daemon that still looks up a name shows the address as unspecified. */
static bool
knows_address(const struct ntp_peer *p)
{
	return ntp_peer_has(p, NTP_PEER_SRCADR) && !addr_is_unspecified(&p->srcadr);
}

static bool
same_name(const struct ntp_peer *a, const struct ntp_peer *b)
{
	return knows_name(a) && knows_name(b) && a->srchost.len == b->srchost.len &&
	    memcmp(a->srchost.bytes, b->srchost.bytes, a->srchost.len) == 0;
}

static bool
same_server(const struct ntp_peer *a, const struct ntp_peer *b)
{
	return same_name(a, b) ||
	    (knows_address(a) && knows_address(b) && addr_equal(&a->srcadr, &b->srcadr));
}

bool
ntp_diff_same_peer(const struct ntp_peer *before, const struct ntp_peer *after)
{
	if (before->id != after->id)
		return false;
	return same_server(before, after) || !knows_address(before) ||
	    !knows_address(after);
}

/* --- restarts ----------------------------------------------------------------------- */

static bool
shares_an_association(const struct snapshot *before, const struct snapshot *after)
{
	for (size_t i = 0; i < before->n_peers; i++) {
		const struct ntp_peer *p = snapshot_peer(after, before->peers[i].id);

		if (p && ntp_diff_same_peer(&before->peers[i], p))
			return true;
	}
	return false;
}

static bool
version_changed(const struct ntp_system *before, const struct ntp_system *after)
{
	if (!ntp_system_has(before, NTP_SYS_VERSION) ||
	    !ntp_system_has(after, NTP_SYS_VERSION))
		return false;
	return before->version.len != after->version.len ||
	    memcmp(before->version.bytes, after->version.bytes, after->version.len) != 0;
}

static bool
knows_uptime(const struct snapshot *s)
{
	return ntp_system_has(s->system, NTP_SYS_SS_UPTIME);
}

static bool
uptime_lags(const struct snapshot *before, const struct snapshot *after, bool has_shared)
{
	int64_t elapsed_s = (after->taken_ns - before->taken_ns) / NS_PER_S;
	uint64_t grown_s = after->system->ss_uptime_s - before->system->ss_uptime_s;
	int64_t slack_s = UPTIME_SLACK_S;

	if (has_shared)
		slack_s = UPTIME_SLACK_SHARED_S + elapsed_s / UPTIME_SLACK_SHARED_PART;
	return elapsed_s > slack_s && grown_s < (uint64_t)(elapsed_s - slack_s);
}

bool
ntp_diff_restarted(const struct snapshot *before, const struct snapshot *after)
{
	bool has_shared = shares_an_association(before, after);

	if (version_changed(before->system, after->system))
		return true;
	if (knows_uptime(before) && knows_uptime(after))
		return after->system->ss_uptime_s < before->system->ss_uptime_s ||
		    uptime_lags(before, after, has_shared);
	return before->n_peers > 0 && after->n_peers > 0 && !has_shared;
}

/* --- changes ------------------------------------------------------------------------ */

static void
append(struct ntp_changes *out, const struct ntp_change *change)
{
	if (out->n == NTP_CHANGES_MAX)
		out->n_left_out++;
	else
		out->items[out->n++] = *change;
}

void
ntp_diff_mode(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out)
{
	struct ntp_change change = {
		.kind = NTP_CHANGE_MODE,
		.from = (int32_t)snapshot_mode(before),
		.to = (int32_t)snapshot_mode(after),
	};

	if (before->state != TARGET_UNKNOWN && change.from != change.to)
		append(out, &change);
}

static int32_t
served_stratum(const struct ntp_system *s)
{
	return s->stratum == 0 || s->stratum > STRATUM_NONE ? STRATUM_NONE : s->stratum;
}

static void
diff_stratum(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out)
{
	struct ntp_change change = {
		.kind = NTP_CHANGE_STRATUM,
		.from = served_stratum(before->system),
		.to = served_stratum(after->system),
	};

	if (ntp_system_has(before->system, NTP_SYS_STRATUM) &&
	    ntp_system_has(after->system, NTP_SYS_STRATUM) && change.from != change.to)
		append(out, &change);
}

/* The same association twice: was it lost in between? Choosing it again is an event of
 * the association, having none an event of the system. */
static bool
was_lost(const struct snapshot *before, const struct snapshot *after,
    const struct ntp_change *change)
{
	if (!change->former || !change->peer)
		return false;
	if (!ntp_diff_same_peer(change->former, change->peer))
		return true;
	if (ntp_status_events(change->former->status, change->peer->status,
		PEER_EVENT_SYS_PEER) > 0)
		return true;
	return before->system->has_status && after->system->has_status &&
	    ntp_status_events(before->system->status, after->system->status,
		SYSTEM_EVENT_NO_SYS_PEER) > 0;
}

static void
diff_system_peer(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out)
{
	struct ntp_change change = {
		.kind = NTP_CHANGE_SYSPEER,
		.from = before->system->peer,
		.to = after->system->peer,
		.former = snapshot_peer(before, before->system->peer),
		.peer = snapshot_peer(after, after->system->peer),
	};

	if (!ntp_system_has(before->system, NTP_SYS_PEER) ||
	    !ntp_system_has(after->system, NTP_SYS_PEER))
		return;
	if (change.from != change.to || was_lost(before, after, &change))
		append(out, &change);
}

/* A walk over the associations of two pictures, by id. Each step yields one that came,
 * one that went, or one that stayed (both). An id that went to another association is two
 * steps. */
struct walk {
	const struct snapshot *before, *after;
	size_t i, k;
	const struct ntp_peer *former, *peer;
};

static bool
walk_on(struct walk *w)
{
	const struct ntp_peer *former =
	    w->i < w->before->n_peers ? &w->before->peers[w->i] : NULL;
	const struct ntp_peer *peer =
	    w->k < w->after->n_peers ? &w->after->peers[w->k] : NULL;

	w->former = NULL;
	w->peer = NULL;
	if (!former && !peer)
		return false;
	if (former && (!peer || former->id <= peer->id)) {
		w->former = former;
		w->i++;
	}
	if (peer &&
	    (!former || peer->id < former->id || ntp_diff_same_peer(former, peer))) {
		w->peer = peer;
		w->k++;
	}
	return true;
}

static void
diff_associations(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out)
{
	struct walk w = { .before = before, .after = after };

	if (!before->has_peers || !after->has_peers)
		return;
	while (walk_on(&w)) {
		struct ntp_change change = { .peer = w.peer, .former = w.former };

		change.kind = w.peer ? NTP_CHANGE_ADDED : NTP_CHANGE_REMOVED;
		if (w.peer && w.former)
			continue;
		if (out->n < NTP_CHANGES_MAX - KEPT_FREE)
			append(out, &change);
		else
			out->n_left_out++;
	}
}

/* No leap second before and none after: was there one in between? */
static bool
was_announced(const struct snapshot *before, const struct snapshot *after)
{
	uint16_t from = before->system->status, to = after->system->status;

	return before->system->has_status && after->system->has_status &&
	    (ntp_status_events(from, to, SYSTEM_EVENT_LEAP_ARMED) > 0 ||
		ntp_status_events(from, to, SYSTEM_EVENT_LEAP_DISARMED) > 0);
}

/* The indicator alone: a date needs a clock, which an answer may lack. */
static bool
leap_direction(const struct snapshot *s, int32_t *out)
{
	*out = s->system->leap == 1 ? 1 : s->system->leap == 2 ? -1 : 0;
	return ntp_system_has(s->system, NTP_SYS_LEAP);
}

static void
diff_leap(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out)
{
	struct ntp_change change = { .kind = NTP_CHANGE_LEAP };

	if (!leap_direction(before, &change.from) || !leap_direction(after, &change.to))
		return;
	if ((change.to != 0 && change.to != change.from) ||
	    (change.to == 0 && change.from == 0 && was_announced(before, after)))
		append(out, &change);
}

void
ntp_diff_state(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out)
{
	if (ntp_diff_restarted(before, after))
		return;
	diff_stratum(before, after, out);
	diff_system_peer(before, after, out);
	diff_associations(before, after, out);
	diff_leap(before, after, out);
}

/* --- configuration ------------------------------------------------------------------ */

static void
came(struct ntp_change *change, const struct ntp_peer *p)
{
	if (change->n_added++ == 0)
		change->peer = p;
}

static void
went(struct ntp_change *change, const struct ntp_peer *p)
{
	if (change->n_removed++ == 0)
		change->former = p;
}

static void
compare_config_by_id(const struct snapshot *before, const struct snapshot *after,
    struct ntp_change *change)
{
	struct walk w = { .before = before, .after = after };

	while (walk_on(&w)) {
		bool was = w.former && w.former->is_configured;
		bool is = w.peer && w.peer->is_configured;

		if (is && !was)
			came(change, w.peer);
		if (was && !is)
			went(change, w.former);
	}
}

static bool
has_server(const struct snapshot *s, const struct ntp_peer *wanted)
{
	for (size_t i = 0; i < s->n_peers; i++)
		if (s->peers[i].is_configured && same_server(&s->peers[i], wanted))
			return true;
	return false;
}

static bool
is_nameable(const struct ntp_peer *p)
{
	return knows_name(p) || knows_address(p);
}

static void
compare_config_by_server(const struct snapshot *before, const struct snapshot *after,
    struct ntp_change *change)
{
	for (size_t i = 0; i < after->n_peers; i++)
		if (after->peers[i].is_configured &&
		    !has_server(before, &after->peers[i]))
			came(change, &after->peers[i]);
	for (size_t i = 0; i < before->n_peers; i++)
		if (before->peers[i].is_configured && is_nameable(&before->peers[i]) &&
		    !has_server(after, &before->peers[i]))
			went(change, &before->peers[i]);
}

static void
compare_config_by_number(size_t before, size_t after, struct ntp_change *change)
{
	change->n_added = after > before ? (uint32_t)(after - before) : 0;
	change->n_removed = before > after ? (uint32_t)(before - after) : 0;
}

void
ntp_diff_config(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out)
{
	struct ntp_change change = { .kind = NTP_CHANGE_CONFIG };
	size_t was = snapshot_configured_count(before);
	size_t is = snapshot_configured_count(after);

	if (!before->has_peers || !after->has_peers)
		return;
	if (!ntp_diff_restarted(before, after))
		compare_config_by_id(before, after, &change);
	else if (was > NTP_CONFIG_COMPARED_MAX || is > NTP_CONFIG_COMPARED_MAX)
		compare_config_by_number(was, is, &change);
	else
		compare_config_by_server(before, after, &change);
	if (change.n_added > 0 || change.n_removed > 0)
		append(out, &change);
}

/* --- the past ----------------------------------------------------------------------- */

static bool
lacks(const struct snapshot *before, const struct snapshot *after)
{
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (ntp_system_has(before->system, told[i]) &&
		    !ntp_system_has(after->system, told[i]))
			return true;
	return before->has_peers && !after->has_peers;
}

/* Does `after` tell as much as the past, so that nothing is lost by going on from it? */
static bool
can_follow(const struct snapshot *past, const struct snapshot *after)
{
	return !lacks(past, after) || ntp_diff_restarted(past, after);
}

static bool
is_nameable_throughout(const struct snapshot *s)
{
	for (size_t i = 0; i < s->n_peers; i++)
		if (s->peers[i].is_configured && !is_nameable(&s->peers[i]))
			return false;
	return true;
}

/* In its first seconds a daemon may not have looked up every name of its configuration.
 */
static bool
is_starting(const struct snapshot *s)
{
	return knows_uptime(s) && s->system->ss_uptime_s < NTP_SETTLED_AFTER_S;
}

/* Does `after` show the whole configuration, and enough of it to compare it? */
static bool
is_settled(const struct snapshot *past, const struct snapshot *after)
{
	if (!after->has_peers || is_starting(after))
		return false;
	return !ntp_diff_restarted(past, after) || is_nameable_throughout(after);
}

bool
ntp_past_skips(const struct snapshot *before, const struct snapshot *after)
{
	return after->is_torn && !before->is_torn;
}

void
ntp_past_compare(const struct ntp_past *past, const struct snapshot *before,
    const struct snapshot *after, struct ntp_changes *out)
{
	out->n = 0;
	out->n_left_out = 0;
	/* Those between were skipped. */
	ntp_diff_mode(past->seen ? past->seen : before, after, out);
	if (after->state != TARGET_UP || !past->state || !can_follow(past->state, after))
		return;
	ntp_diff_state(past->state, after, out);
	if (!is_starting(past->config) && is_settled(past->config, after))
		ntp_diff_config(past->config, after, out);
}

static void
replace(struct snapshot **held, struct snapshot *fresh)
{
	snapshot_ref(fresh);
	snapshot_unref(*held);
	*held = fresh;
}

void
ntp_past_learn(struct ntp_past *past, struct snapshot *after)
{
	replace(&past->seen, after);
	if (after->state != TARGET_UP || (past->state && !can_follow(past->state, after)))
		return;
	replace(&past->state, after);
	if (!past->config || !ntp_diff_restarted(past->config, after) ||
	    is_settled(past->config, after))
		replace(&past->config, after);
}

void
ntp_past_clear(struct ntp_past *past)
{
	past->seen = snapshot_unref(past->seen);
	past->state = snapshot_unref(past->state);
	past->config = snapshot_unref(past->config);
}
