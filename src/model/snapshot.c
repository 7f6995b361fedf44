/* SPDX-License-Identifier: BSD-2-Clause */
/* Making, sharing and asking pictures of daemons. */
#include "model/snapshot.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

enum {
	LEAP_ADD = 1,
	LEAP_DELETE = 2,
	LEAP_ALARM = 3,
	STRATUM_UNSYNCHRONISED = 16,
	REFCLOCK_LOCAL = 1, /* 127.127.1.u: the undisciplined local clock */
};

const char *
target_state_text(enum target_state state)
{
	switch (state) {
	case TARGET_UNKNOWN:
		break;
	case TARGET_UP:
		return "up";
	case TARGET_REFUSED:
		return "refused";
	case TARGET_SILENT:
		return "silent";
	case TARGET_BADANSWERS:
		return "bad answers";
	case TARGET_UNRESOLVED:
		return "unresolved";
	case TARGET_DENIED:
		return "denied";
	}
	return "unknown";
}

/* Most pictures without values are never looked at: they share this one. */
static const struct ntp_system no_system;

struct snapshot *
snapshot_new(enum target_state state, size_t n_peers)
{
	struct snapshot *s;

	if (n_peers > SNAPSHOT_PEERS_MAX)
		return NULL;
	s = mem_calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->peers = mem_calloc(n_peers, sizeof(*s->peers));
	if (!s->peers) {
		mem_free(s);
		return NULL;
	}
	s->refs = 1;
	s->state = state;
	s->system = &no_system;
	s->n_peers = n_peers;
	return s;
}

void
snapshot_give_system(struct snapshot *s, struct ntp_system *system)
{
	s->own_system = system;
	s->system = system;
}

struct snapshot *
snapshot_ref(struct snapshot *s)
{
	s->refs++;
	return s;
}

struct snapshot *
snapshot_unref(struct snapshot *s)
{
	if (!s || --s->refs > 0)
		return NULL;
	for (size_t i = 0; i < s->n_peers; i++)
		ntp_raw_unref(s->peers[i].raw);
	if (s->own_system)
		ntp_raw_unref(s->own_system->raw);
	mem_free(s->own_system);
	mem_free(s->peers);
	mem_free(s);
	return NULL;
}

static int
compare_ids(const void *a, const void *b)
{
	const struct ntp_peer *left = a, *right = b;

	return (left->id > right->id) - (left->id < right->id);
}

/* Closes the gaps that entries without an id of their own leave. */
static void
drop_repeated(struct snapshot *s)
{
	uint8_t known[(UINT16_MAX + 1) / 8] = { 1 }; /* a bit per id; 0 is nobody's */
	size_t kept = 0;

	for (size_t i = 0; i < s->n_peers; i++) {
		uint16_t id = s->peers[i].id;
		uint8_t bit = (uint8_t)(1u << (id % 8));

		if (known[id / 8] & bit) {
			ntp_raw_unref(s->peers[i].raw);
			continue;
		}
		known[id / 8] |= bit;
		if (kept != i)
			s->peers[kept] = s->peers[i];
		kept++;
	}
	s->n_peers = kept;
}

void
snapshot_sort_peers(struct snapshot *s)
{
	/* Before sorting, which forgets who came first. */
	drop_repeated(s);
	if (s->n_peers > 1)
		qsort(s->peers, s->n_peers, sizeof(*s->peers), compare_ids);
}

size_t
snapshot_peer_from(const struct snapshot *s, uint32_t id)
{
	return ntp_peers_from(s->peers, s->n_peers, id);
}

const struct ntp_peer *
snapshot_peer(const struct snapshot *s, uint16_t id)
{
	size_t i = snapshot_peer_from(s, id);

	return i < s->n_peers && s->peers[i].id == id ? &s->peers[i] : NULL;
}

const struct ntp_peer *
snapshot_system_peer(const struct snapshot *s)
{
	const struct ntp_peer *p;

	if (!ntp_system_has(s->system, NTP_SYS_PEER) || s->system->peer == 0)
		return NULL;
	p = snapshot_peer(s, s->system->peer);
	return p && ntp_seen_any(&p->seen) ? p : NULL;
}

size_t
snapshot_configured_count(const struct snapshot *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->n_peers; i++)
		count += s->peers[i].is_configured;
	return count;
}

static bool
follows_nobody(const struct ntp_system *s)
{
	return s->leap == LEAP_ALARM || s->stratum == 0 ||
	    s->stratum >= STRATUM_UNSYNCHRONISED || s->peer == 0;
}

static enum ntp_mode
mode_by_peer(const struct ntp_peer *p)
{
	uint8_t type;

	if (!p || !ntp_peer_has(p, NTP_PEER_SRCADR))
		return NTP_MODE_UNKNOWN;
	if (!ntp_peer_is_refclock(p, &type))
		return NTP_MODE_SYNC_TO_REMOTE;
	if (type == REFCLOCK_LOCAL)
		return NTP_MODE_SYNC_TO_LOCAL;
	return NTP_MODE_SYNC_TO_REFCLOCK;
}

enum ntp_mode
snapshot_mode(const struct snapshot *s)
{
	const struct ntp_system *sys = s->system;

	if (s->state == TARGET_REFUSED)
		return NTP_MODE_NOT_RUNNING;
	if (s->state != TARGET_UP || !ntp_system_has(sys, NTP_SYS_LEAP) ||
	    !ntp_system_has(sys, NTP_SYS_STRATUM) || !ntp_system_has(sys, NTP_SYS_PEER))
		return NTP_MODE_UNKNOWN;
	if (!follows_nobody(sys))
		return mode_by_peer(snapshot_system_peer(s));
	if (s->has_peers && snapshot_configured_count(s) == 0)
		return NTP_MODE_NONE_CONFIGURED;
	return NTP_MODE_NOT_SYNCHRONIZED;
}

bool
snapshot_is_synchronised(const struct snapshot *s)
{
	enum ntp_mode mode = snapshot_mode(s);

	return mode == NTP_MODE_SYNC_TO_LOCAL || mode == NTP_MODE_SYNC_TO_REFCLOCK ||
	    mode == NTP_MODE_SYNC_TO_REMOTE;
}

/* What the daemon's clock shows; false when it was not read. */
static bool
daemon_clock_ns(const struct snapshot *s, int64_t *out)
{
	const struct ntp_system *sys = s->system;

	if (!ntp_system_has(sys, NTP_SYS_CLOCK) || ntp_stamp_is_zero(&sys->clock))
		return false;
	*out = ntp_stamp_to_unix_ns(&sys->clock, s->taken_wall_ns);
	return true;
}

bool
snapshot_leap(const struct snapshot *s, struct ntp_leap *out)
{
	const struct ntp_system *sys = s->system;
	int64_t now_ns, now_s;

	if (!ntp_system_has(sys, NTP_SYS_LEAP))
		return false;
	if (sys->leap != LEAP_ADD && sys->leap != LEAP_DELETE) {
		*out = (struct ntp_leap){ 0 };
		return true;
	}
	if (!daemon_clock_ns(s, &now_ns))
		return false;
	now_s = now_ns / NS_PER_S - (now_ns % NS_PER_S < 0);
	out->direction = sys->leap == LEAP_ADD ? 1 : -1;
	if (ntp_system_has(sys, NTP_SYS_LEAPSEC) && sys->leapsec_s > now_s)
		out->unix_s = sys->leapsec_s;
	else
		out->unix_s = ntp_next_month(now_s);
	return true;
}
