/* SPDX-License-Identifier: BSD-2-Clause */
/* Quick cycles: when one is due, and which few associations it reads. */
#include "base/clock.h"
#include "client/poller_impl.h"

/* Alert cycles of one interval. */
enum { ALERT_PARTS = 4 };
#define ALERT_WAIT_MIN_NS NS_PER_S

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void
poller_quick_reset(struct poller *p)
{
	p->quick = (struct poller_quick){
		.hint_gap_ns = least(POLLER_HINT_GAP_NS, p->interval_ns),
		.hint_after_ns = INT64_MIN,
		.alert_until_ns = INT64_MIN,
		.alert_wait_ns = p->interval_ns / ALERT_PARTS,
	};
}

/* --- hints -------------------------------------------------------------------------- */

static bool
is_among(const uint16_t *ids, size_t n, uint16_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

void
poller_hint(struct poller *p, uint16_t assoc)
{
	struct poller_quick *q = &p->quick;

	q->is_hinted = true;
	if (assoc != 0 && q->n_hints < POLLER_HINTS_MAX &&
	    !is_among(q->hints, q->n_hints, assoc))
		q->hints[q->n_hints++] = assoc;
}

void
poller_quick_take_hints(struct poller *p)
{
	struct poller_quick *q = &p->quick;

	for (size_t i = 0; i < q->n_hints; i++)
		q->asked[i] = q->hints[i];
	q->n_asked = q->n_hints;
	q->n_hints = 0;
	q->is_hinted = false;
}

/* --- when --------------------------------------------------------------------------- */

/* Is what is read every time known of the table's names? */
static bool
is_settled(const struct poller *p, enum poller_table table)
{
	const struct dialect *d = &p->lessons[table].dialect;

	return dialect_is_settled(d, dialect_select(d, POLLER_EVERY_CYCLE));
}

bool
poller_quick_can_read(const struct poller *p)
{
	return is_settled(p, TABLE_PEER);
}

bool
poller_quick_is_ready(const struct poller *p)
{
	return p->last && p->has_kinds && is_settled(p, TABLE_SYSTEM) &&
	    (p->last->n_peers == 0 || is_settled(p, TABLE_PEER));
}

/* Not as long as the daemon answers badly: it has enough to do with the full ones. */
static bool
is_allowed(const struct poller *p)
{
	struct m6_client_stats stats;

	if (p->quick.has_failed)
		return false;
	m6_client_stats(p->client, &stats);
	return !stats.is_rate_limited;
}

static int64_t
hint_due(const struct poller *p)
{
	return p->quick.is_hinted ? p->quick.hint_after_ns : CLOCK_NEVER;
}

static int64_t
alert_due(const struct poller *p)
{
	const struct poller_quick *q = &p->quick;
	int64_t due_ns = p->started_ns + q->alert_wait_ns;

	if (p->interval_ns < ALERT_PARTS * ALERT_WAIT_MIN_NS ||
	    due_ns >= q->alert_until_ns || !poller_quick_is_ready(p))
		return CLOCK_NEVER;
	return due_ns;
}

int64_t
poller_quick_due(const struct poller *p)
{
	return is_allowed(p) ? least(hint_due(p), alert_due(p)) : CLOCK_NEVER;
}

/* The wait is longer before the cycle has found anything, so that it is so, too, when
 * nothing comes of it. */
void
poller_quick_spend(struct poller *p, int64_t now_ns)
{
	struct poller_quick *q = &p->quick;

	q->is_spent = now_ns >= hint_due(p);
	if (!q->is_spent)
		return;
	q->hint_after_ns = now_ns + q->hint_gap_ns;
	q->hint_gap_ns = least(2 * q->hint_gap_ns, p->interval_ns);
}

void
poller_quick_ended(struct poller *p, bool has_news)
{
	struct poller_quick *q = &p->quick;

	q->alert_wait_ns = p->interval_ns / ALERT_PARTS;
	if (!q->is_spent || !has_news)
		return;
	q->hint_gap_ns = least(POLLER_HINT_GAP_NS, p->interval_ns);
	q->hint_after_ns = p->started_ns + q->hint_gap_ns;
}

void
poller_quick_failed(struct poller *p)
{
	struct poller_quick *q = &p->quick;

	q->alert_wait_ns = least(2 * q->alert_wait_ns, p->interval_ns);
}

/* --- what --------------------------------------------------------------------------- */

/* Why an association is read; the first reason comes first. */
enum reason { REASON_HINT, REASON_CLOCK, REASON_CHANGE, REASON_FOCUS, REASON_NONE };

struct choice {
	size_t peers[REASON_NONE][POLLER_QUICK_MAX];
	size_t n[REASON_NONE];
};

static enum reason
reason_of(const struct poller *p, const struct ntp_peer *peer)
{
	const struct ntp_peer *before = snapshot_peer(p->last, peer->id);

	if (peer->id == 0)
		return REASON_NONE;
	if (is_among(p->quick.asked, p->quick.n_asked, peer->id))
		return REASON_HINT;
	if (!before)
		return REASON_CHANGE;
	if (before->status != peer->status)
		/* The news of a clock does not wait for the next full cycle. */
		return ntp_peer_is_refclock(before, NULL) ? REASON_CLOCK : REASON_CHANGE;
	return poller_is_in_focus(p, peer->id) ? REASON_FOCUS : REASON_NONE;
}

size_t
poller_quick_choose(const struct poller *p, size_t *out)
{
	const struct snapshot *s = p->building;
	struct choice c = { .n = { 0 } };
	size_t n = 0;

	for (size_t i = 0; i < s->n_peers; i++) {
		enum reason why = reason_of(p, &s->peers[i]);

		if (why != REASON_NONE && c.n[why] < POLLER_QUICK_MAX)
			c.peers[why][c.n[why]++] = i;
	}
	for (size_t why = 0; why < REASON_NONE; why++)
		for (size_t k = 0; k < c.n[why] && n < POLLER_QUICK_MAX; k++)
			out[n++] = c.peers[why][k];
	return n;
}
