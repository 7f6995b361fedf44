/* SPDX-License-Identifier: BSD-2-Clause */
/* What a cycle found that calls for a closer look for a while. Only what is new counts:
 * trouble that lasts must not make us ask faster for ever. */
#include "client/poller_impl.h"
#include "mode6/status.h"
#include "model/assoc.h"
#include "model/diff.h"
#include "model/status.h"

/* --- associations in focus ---------------------------------------------------------- */

bool
poller_is_in_focus(const struct poller *p, uint16_t id)
{
	const struct poller_quick *q = &p->quick;

	for (size_t i = 0; i < q->n_focus; i++)
		if (q->focus[i].id == id)
			return q->focus[i].until_ns > p->started_ns;
	return false;
}

static int64_t
alert_end(const struct poller *p)
{
	return p->started_ns + POLLER_ALERT_INTERVALS * p->interval_ns;
}

/* Of too many, the one that changed longest ago makes room. */
static void
put_in_focus(struct poller *p, uint16_t id)
{
	struct poller_quick *q = &p->quick;
	size_t place = 0;

	for (size_t i = 0; i < q->n_focus; i++) {
		if (q->focus[i].id == id) {
			q->focus[i].until_ns = alert_end(p);
			return;
		}
		if (q->focus[i].until_ns < q->focus[place].until_ns)
			place = i;
	}
	if (q->n_focus < POLLER_FOCUS_MAX)
		place = q->n_focus++;
	q->focus[place] = (struct poller_focus){ id, alert_end(p) };
}

/* --- what is new -------------------------------------------------------------------- */

/* It answers, but did not answer the last poll. */
static bool
has_missed(const struct ntp_peer *peer)
{
	return peer && peer->is_configured && ntp_peer_has(peer, NTP_PEER_REACH) &&
	    peer->reach != 0 && (peer->reach & 1) == 0;
}

/* What is new in a cycle: of anything, and of what makes us look more often. */
struct news {
	bool is_any, is_alarming;
};

static void
compare_peer(struct poller *p, const struct ntp_peer *before, const struct ntp_peer *peer,
    struct news *out)
{
	bool has_changed = before && before->status != peer->status;

	out->is_any = out->is_any || !before || has_changed;
	if (!has_changed && (!has_missed(peer) || has_missed(before)))
		return;
	out->is_alarming = true;
	put_in_focus(p, peer->id);
}

static bool
system_changed(const struct snapshot *before, const struct snapshot *after)
{
	const struct ntp_system *was = before->system, *is = after->system;

	return was->status != is->status || was->peer != is->peer ||
	    snapshot_is_synchronised(before) != snapshot_is_synchronised(after);
}

bool
poller_note_news(struct poller *p, const struct snapshot *s)
{
	struct news news = { .is_any = p->was_restarted,
		.is_alarming = p->was_restarted };
	size_t n_kept = 0;

	for (size_t i = 0; i < s->n_peers; i++) {
		const struct ntp_peer *peer = &s->peers[i];
		const struct ntp_peer *before =
		    p->last ? snapshot_peer(p->last, peer->id) : NULL;

		n_kept += before != NULL;
		compare_peer(p, before, peer, &news);
	}
	if (p->last) {
		news.is_any = news.is_any || n_kept != p->last->n_peers;
		if (system_changed(p->last, s))
			news = (struct news){ true, true };
	}
	if (news.is_alarming)
		p->quick.alert_until_ns = alert_end(p);
	return news.is_any;
}

/* --- clocks ------------------------------------------------------------------------- */

bool
poller_clock_has_news(const struct ntp_system *s, const struct ntp_peer *before,
    const struct ntp_peer *after)
{
	enum ntp_assoc_event event;

	if (before->is_reachable != after->is_reachable ||
	    before->selection != after->selection)
		return true;
	return ntp_assoc_event(after, s, &event) && event == NTP_ASSOC_EVENT_CLOCK &&
	    ntp_status_events(before->status, after->status,
		ntp_status_parts(after->status).event) > 0;
}

bool
poller_clock_is_watched(const struct poller *p, const struct ntp_peer *before)
{
	const struct ntp_clock *clock = &before->clock;

	return poller_is_in_focus(p, before->id) ||
	    (clock->has_status && m6_clock_status(clock->status).event != 0);
}
