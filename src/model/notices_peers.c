/* SPDX-License-Identifier: BSD-2-Clause */
/* Watches the associations of one daemon, and keeps what was told of those that went. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "model/assoc.h"
#include "model/notices_impl.h"
#include "model/status.h"

/* About the association rather than its last packet; the same bits since 4.2.4. */
#define FLASH_OF_ASSOCIATION UINT32_C(0x3e00)
enum { FLASH_AUTH = 0x10, STATUS_EVENT = 0xf, EVENT_REACHABLE = 4, EVENT_BAD_AUTH = 12 };

/* --- one association ---------------------------------------------------------------- */

/* Not a source itself: it makes others, or only sends. */
static bool
is_source(const struct ntp_peer *p)
{
	switch (ntp_assoc_type(p)) {
	case NTP_ASSOC_TYPE_UNKNOWN:
	case NTP_ASSOC_TYPE_BROADCAST_SERVER:
	case NTP_ASSOC_TYPE_MULTICAST_SERVER:
	case NTP_ASSOC_TYPE_MANYCAST_CLIENT:
	case NTP_ASSOC_TYPE_POOL:
	case NTP_ASSOC_TYPE_COUNT:
		return false;
	case NTP_ASSOC_TYPE_LOCAL:
	case NTP_ASSOC_TYPE_UNICAST:
	case NTP_ASSOC_TYPE_SYMMETRIC_ACTIVE:
	case NTP_ASSOC_TYPE_SYMMETRIC_PASSIVE:
	case NTP_ASSOC_TYPE_BROADCAST_CLIENT:
	case NTP_ASSOC_TYPE_MULTICAST_CLIENT:
		return true;
	}
	return false;
}

static void
see_reach(struct peer_watch *w, const struct ntp_peer *p, const struct moment *at)
{
	struct condition *c = &w->conditions[WATCH_REACH];
	bool was_well = c->state == CONDITION_WELL;

	if (!is_source(p))
		return;
	condition_see(c, !p->is_reachable, 0, at);
	if (was_well && p->is_reachable &&
	    ntp_status_events(w->status, p->status, EVENT_REACHABLE) > 0)
		condition_miss(c, 0, at);
}

/* A keyed association that nobody answers is not authentic either: a failure needs a
 * packet that was not. */
static bool
has_bad_packets(const struct peer_watch *w, const struct ntp_peer *p, bool is_old)
{
	if (ntp_peer_has(p, NTP_PEER_FLASH) && (p->flash & FLASH_AUTH) != 0)
		return true;
	if (w->has_badauth && ntp_peer_has(p, NTP_PEER_BADAUTH) &&
	    p->badauth > w->badauth)
		return true;
	return w->id != 0 && !is_old &&
	    ntp_status_events(w->status, p->status, EVENT_BAD_AUTH) > 0;
}

static void
see_auth(struct peer_watch *w, const struct ntp_peer *p, const struct ntp_system *s,
    const struct moment *at)
{
	struct condition *c = &w->conditions[WATCH_AUTH];
	int32_t auth = (int32_t)ntp_assoc_auth(p);

	/* Without a key, nothing fails any more. */
	if (!p->is_authenable && !c->is_told)
		return;
	if (p->is_authentic || !p->is_authenable)
		condition_see(c, false, auth, at);
	else if (has_bad_packets(w, p, ntp_status_is_old(s)))
		condition_see(c, true, auth, at);
}

static bool
count_clock(const struct ntp_clock *c, uint64_t *polls, uint64_t *faults)
{
	*polls = c->poll;
	*faults = c->noreply + c->badformat + c->baddata;
	return ntp_clock_has(c, NTP_CLOCK_POLL) && ntp_clock_has(c, NTP_CLOCK_NOREPLY);
}

/* By what came of the polls since the counters were read before. */
static void
see_clock_counts(struct peer_watch *w, const struct ntp_peer *p, uint64_t polls,
    uint64_t faults, uint8_t state, const struct moment *at)
{
	struct condition *c = &w->conditions[WATCH_CLOCK];
	uint64_t asked = polls - w->clock_polls, failed = faults - w->clock_faults;
	bool is_ill;

	if (!w->has_clock) {
		if (p->is_reachable)
			condition_see(c, false, 0, at);
		return;
	}
	if (polls <= w->clock_polls || faults < w->clock_faults)
		return;
	is_ill = failed >= asked - asked / 2;
	condition_see(c, is_ill, is_ill ? state : 0, at);
}

/* What failed since the poll that was counted last is weighed together with the next. */
static bool
is_between_polls(const struct peer_watch *w, uint64_t polls, uint64_t faults)
{
	return w->has_clock && polls == w->clock_polls && faults >= w->clock_faults;
}

/* NTPsec 1.2.2 goes on showing the last exception in the status word when all is well
 * again: it decides only where there are no counters. */
static void
see_clock(struct peer_watch *w, const struct ntp_peer *p, const struct ntp_system *s,
    const struct moment *at)
{
	uint64_t polls, faults;
	uint8_t state = 0;
	bool has_state = ntp_assoc_clock_state(p, s, &state);

	if (!has_state)
		state = 0;
	if (count_clock(&p->clock, &polls, &faults)) {
		if (is_between_polls(w, polls, faults))
			return;
		see_clock_counts(w, p, polls, faults, state, at);
		w->has_clock = true;
		w->clock_polls = polls;
		w->clock_faults = faults;
	} else if (has_state) {
		condition_see(&w->conditions[WATCH_CLOCK], state != 0, state, at);
	}
}

static void
read_state(const struct ntp_peer *p, const struct ntp_system *s, struct peer_state *out)
{
	enum ntp_assoc_event event;
	enum ntp_assoc_type type = ntp_assoc_type(p);

	out->selection = p->selection;
	out->is_reachable = p->is_reachable;
	if (type != NTP_ASSOC_TYPE_UNKNOWN)
		out->type = (uint8_t)type;
	out->event = ntp_assoc_event(p, s, &event) ? (int32_t)event : NTP_NOTICE_UNKNOWN;
	if (ntp_peer_has(p, NTP_PEER_REACH))
		out->reach = (int32_t)p->reach;
	if (ntp_peer_has(p, NTP_PEER_FLASH))
		out->flash = (int32_t)(p->flash & INT16_MAX);
}

static bool
flash_differs(int32_t before, int32_t after)
{
	return before != NTP_NOTICE_UNKNOWN &&
	    ((uint32_t)(before ^ after) & FLASH_OF_ASSOCIATION) != 0;
}

static void
see_change(struct peer_watch *w, const struct ntp_peer *p,
    const struct peer_state *before, const struct moment *at)
{
	struct edge *e = &w->edges[WATCH_PEER];
	bool is_moved = before->selection != w->now.selection ||
	    before->is_reachable != w->now.is_reachable;
	bool is_seen = is_moved || flash_differs(before->flash, w->now.flash);

	if (is_moved) {
		w->history.transitions++;
		w->history.changed_wall_ns = at->wall_ns;
	}
	if (!w->is_settled ||
	    (!is_seen &&
		ntp_status_events(w->status, p->status, p->status & STATUS_EVENT) == 0))
		return;
	if (e->changes == 0)
		w->told = *before;
	e->is_counted = !is_seen;
	edge_see(e, 1, at->wall_ns);
}

/* After a restart all of them change several times until they are in use. */
static void
settle(struct peer_watch *w, const struct ntp_peer *p, const struct moment *at)
{
	if (w->first_ns == 0)
		w->first_ns = at->ns;
	w->is_settled = w->is_settled || (p->is_reachable && p->selection != 0) ||
	    at->ns - w->first_ns >= NTP_NOTICES_PATIENCE_NS;
}

static void
see_type(struct peer_watch *w, const struct peer_state *before, const struct moment *at)
{
	if (before->type == NTP_ASSOC_TYPE_UNKNOWN || before->type == w->now.type)
		return;
	if (w->edges[WATCH_TYPE].changes == 0)
		w->told_type = before->type;
	edge_see(&w->edges[WATCH_TYPE], 1, at->wall_ns);
}

static void
see_time(struct peer_watch *w, int64_t elapsed_ns)
{
	if (w->now.is_reachable)
		w->history.reachable_ns += elapsed_ns;
	else
		w->history.unreachable_ns += elapsed_ns;
}

static void
see_peer(struct peer_watch *w, const struct ntp_peer *p, const struct ntp_system *s,
    const struct moment *at)
{
	struct peer_state before = w->now;
	bool is_known = w->id != 0;

	read_state(p, s, &w->now);
	see_reach(w, p, at);
	see_auth(w, p, s, at);
	see_clock(w, p, s, at);
	if (is_known) {
		see_change(w, p, &before, at);
		see_type(w, &before, at);
	}
	settle(w, p, at);
	w->id = p->id;
	w->status = p->status;
	w->has_badauth = ntp_peer_has(p, NTP_PEER_BADAUTH);
	w->badauth = p->badauth;
}

/* --- those that went ---------------------------------------------------------------- */

static size_t
count_told(const struct ntp_notices *n)
{
	size_t told = 0;

	for (size_t i = 0; i < n->n_peers; i++)
		for (size_t k = 0; k < PEER_CONDITIONS; k++)
			told += n->peers[i].conditions[k].is_told;
	return told;
}

static void
orphan(struct ntp_notices *n, const struct peer_watch *w, int64_t until_ns,
    const struct moment *at)
{
	for (size_t k = 0; k < PEER_CONDITIONS; k++) {
		struct orphan *o = &n->orphans[n->n_orphans];

		if (!w->conditions[k].is_told)
			continue;
		*o = (struct orphan){
			.what = (enum peer_condition)k,
			.condition = w->conditions[k],
			.until_ns = until_ns,
			.wall_ns = at->wall_ns,
		};
		notices_name_peer(snapshot_peer(n->last, w->id), w->id, &o->who);
		condition_restart(&o->condition);
		n->n_orphans++;
	}
}

static bool
has_address(const struct ntp_notice_peer *who, const struct addr *address)
{
	return who->address.family != ADDR_NONE && !addr_is_unspecified(address) &&
	    addr_equal(&who->address, address);
}

static bool
is_anybodys(const struct snapshot *s, const struct ntp_notice_peer *who)
{
	for (size_t i = 0; i < s->n_peers; i++)
		if (ntp_peer_has(&s->peers[i], NTP_PEER_SRCADR) &&
		    has_address(who, &s->peers[i].srcadr))
			return true;
	return false;
}

/* By address, or by name when nobody has the address now: several servers may have one
 * name. Servers that are still looked up share no more than having no address. */
static bool
is_same(const struct snapshot *s, const struct ntp_notice_peer *who,
    const struct ntp_notice_peer *other)
{
	if (has_address(who, &other->address))
		return true;
	return who->name[0] != '\0' && strcmp(who->name, other->name) == 0 &&
	    !is_anybodys(s, who);
}

/* Is the problem one that this association can have, and get rid of? Of one that is no
 * source, or has no key or clock, nobody would ever tell the end. */
static bool
can_have(const struct ntp_peer *p, enum peer_condition what)
{
	switch (what) {
	case WATCH_REACH:
		return is_source(p);
	case WATCH_AUTH:
		return p->is_authenable;
	case WATCH_CLOCK:
		return ntp_peer_is_refclock(p, NULL);
	}
	return false;
}

/* A problem of this server was told while it had another id: it goes on. */
static void
adopt(struct ntp_notices *n, struct peer_watch *w, const struct ntp_peer *p,
    const struct snapshot *s)
{
	struct ntp_notice_peer who;
	size_t kept = 0;

	notices_name_peer(p, p->id, &who);
	for (size_t i = 0; i < n->n_orphans; i++) {
		struct orphan *o = &n->orphans[i];

		if (is_same(s, &o->who, &who) && can_have(p, o->what) &&
		    !w->conditions[o->what].is_told)
			w->conditions[o->what] = o->condition;
		else
			n->orphans[kept++] = *o;
	}
	n->n_orphans = kept;
}

/* --- all of them -------------------------------------------------------------------- */

/* Is it still the association that was watched? */
static bool
is_there(const struct ntp_notices *n, const struct peer_watch *w,
    const struct snapshot *s)
{
	const struct ntp_peer *before = snapshot_peer(n->last, w->id);
	const struct ntp_peer *now = snapshot_peer(s, w->id);

	return before && now && ntp_diff_same_peer(before, now);
}

/* Those that stay are marked by their id, those that go have none from here on. */
static void
part_with(struct ntp_notices *n, const struct snapshot *s, bool is_restarted,
    const struct moment *at)
{
	int64_t until_ns = at->ns + (is_restarted ? NTP_NOTICES_ORPHAN_NS : 0);

	for (size_t i = 0; i < n->n_peers; i++) {
		struct peer_watch *w = &n->peers[i];

		if (!is_restarted && is_there(n, w, s))
			continue;
		orphan(n, w, until_ns, at);
		w->id = 0;
	}
}

/* What an old daemon shows at the first look is not on its way to anything. */
static bool
is_young(const struct ntp_system *s)
{
	return ntp_system_has(s, NTP_SYS_SS_UPTIME) &&
	    s->ss_uptime_s < (uint64_t)(NTP_NOTICES_PATIENCE_NS / NS_PER_S);
}

static void
look_at(struct ntp_notices *n, const struct snapshot *s, struct peer_watch *fresh,
    const struct moment *at)
{
	int64_t elapsed_ns = n->seen_ns == 0 ? 0 : at->ns - n->seen_ns;
	bool is_old = !n->last && !is_young(s->system);
	size_t old = 0;

	for (size_t i = 0; i < s->n_peers; i++) {
		const struct ntp_peer *p = &s->peers[i];
		struct peer_watch *w = &fresh[i];

		while (old < n->n_peers && n->peers[old].id < p->id)
			old++;
		w->now = (struct peer_state){ .reach = NTP_NOTICE_UNKNOWN,
			.flash = NTP_NOTICE_UNKNOWN };
		if (old < n->n_peers && n->peers[old].id == p->id) {
			*w = n->peers[old];
			see_time(w, elapsed_ns);
		}
		if (n->n_orphans > 0)
			adopt(n, w, p, s);
		w->is_settled = w->is_settled || is_old;
		see_peer(w, p, s->system, at);
	}
}

int
notices_see_peers(struct ntp_notices *n, const struct snapshot *s, bool is_restarted,
    const struct moment *at)
{
	struct peer_watch *fresh = mem_calloc(s->n_peers, sizeof(*fresh));
	struct orphan *orphans;

	if (!fresh)
		return ERR_NOMEM;
	orphans =
	    mem_resize(n->orphans, n->n_orphans + count_told(n) + 1, sizeof(*orphans));
	if (!orphans) {
		mem_free(fresh);
		return ERR_NOMEM;
	}
	n->orphans = orphans;
	part_with(n, s, is_restarted, at);
	look_at(n, s, fresh, at);
	mem_free(n->peers);
	n->peers = fresh;
	n->n_peers = s->n_peers;
	return 0;
}

bool
ntp_notices_history(const struct ntp_notices *n, uint16_t assoc, struct ntp_history *out)
{
	size_t low = 0, high = n->n_peers;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (n->peers[mid].id == assoc) {
			*out = n->peers[mid].history;
			return true;
		}
		if (n->peers[mid].id < assoc)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}
