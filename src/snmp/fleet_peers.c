/* SPDX-License-Identifier: BSD-2-Clause */
/* Of one target's peers: which of them a table is about, and which one a reference id
 * names. */
#include <stdlib.h>

#include "base/mem.h"
#include "snmp/fleet_impl.h"

size_t
fleet_target_n_peers(const struct fleet_target *t)
{
	return t->snapshot->state == TARGET_UP ? t->snapshot->n_peers : 0;
}

/* --- picks -------------------------------------------------------------------------- */

typedef bool wanted_fn(const struct ntp_peer *p);

static bool
is_clock(const struct ntp_peer *p)
{
	return ntp_peer_is_refclock(p, NULL) || p->clock.has_status ||
	    ntp_seen_any(&p->clock.seen);
}

static bool
has_samples(const struct ntp_peer *p)
{
	return ntp_peer_has(p, NTP_PEER_FILTDELAY) ||
	    ntp_peer_has(p, NTP_PEER_FILTOFFSET) || ntp_peer_has(p, NTP_PEER_FILTDISP);
}

static bool
has_autokey(const struct ntp_peer *p)
{
	static const enum ntp_peer_var vars[] = { NTP_PEER_FLAGS, NTP_PEER_HOST,
		NTP_PEER_IDENT, NTP_PEER_SIGNATURE, NTP_PEER_INITSEQUENCE,
		NTP_PEER_INITKEY, NTP_PEER_TIMESTAMP };
	bool has = false;

	for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++)
		has = has || ntp_peer_has(p, vars[i]);
	return has;
}

static bool
pick(const struct fleet_target *t, wanted_fn *is_wanted, struct fleet_picks *out)
{
	size_t n_peers = fleet_target_n_peers(t), n = 0;

	for (size_t i = 0; i < n_peers; i++)
		n += is_wanted(&t->snapshot->peers[i]);
	out->peers = mem_calloc(n, sizeof(out->peers[0]));
	if (!out->peers)
		return false;
	for (size_t i = 0; i < n_peers; i++)
		if (is_wanted(&t->snapshot->peers[i]))
			out->peers[out->n++] = (uint32_t)i;
	return true;
}

/* --- reference ids ------------------------------------------------------------------ */

static bool
number_of(const struct ntp_peer *p, uint32_t *out)
{
	const uint8_t *octets = p->srcadr.bytes;

	if (!ntp_peer_has(p, NTP_PEER_SRCADR) || ntp_peer_is_refclock(p, NULL) ||
	    addr_is_unspecified(&p->srcadr))
		return false;
	if (p->srcadr.family == ADDR_IPV6) {
		if (!p->has_address_hash)
			return false;
		octets = p->address_hash;
	}
	*out = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
	    (uint32_t)octets[2] << 8 | octets[3];
	return p->srcadr.family != ADDR_NONE;
}

static int
compare_refids(const void *a, const void *b)
{
	const struct fleet_refid *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->peer < y->peer ? -1 : x->peer > y->peer;
}

static bool
add_refids(struct fleet_target *t)
{
	size_t n = fleet_target_n_peers(t);

	t->refids = mem_calloc(n, sizeof(t->refids[0]));
	if (!t->refids)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct fleet_refid *last = &t->refids[t->n_refids];

		if (!number_of(&t->snapshot->peers[i], &last->number))
			continue;
		last->peer = (uint32_t)i;
		t->n_refids++;
	}
	qsort(t->refids, t->n_refids, sizeof(t->refids[0]), compare_refids);
	return true;
}

const struct ntp_peer *
fleet_target_refid(const struct fleet_target *t, uint32_t number)
{
	size_t low = 0, high = t->n_refids;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (t->refids[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == t->n_refids || t->refids[low].number != number)
		return NULL;
	return &t->snapshot->peers[t->refids[low].peer];
}

bool
fleet_sort_peers(struct fleet_target *t)
{
	return pick(t, is_clock, &t->clocks) && pick(t, has_samples, &t->filters) &&
	    pick(t, has_autokey, &t->autokeys) && add_refids(t);
}

void
fleet_drop_peers(struct fleet_target *t)
{
	mem_free(t->clocks.peers);
	mem_free(t->filters.peers);
	mem_free(t->autokeys.peers);
	mem_free(t->refids);
}
