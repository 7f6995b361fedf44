/* SPDX-License-Identifier: BSD-2-Clause */
/* Snapshots for tests. */
#include "support/snapshot_fixture.h"

#include <stdio.h>
#include <string.h>

#include "mode6/status.h"
#include "mode6/varlist.h"
#include "support/check.h"
#include "support/mib_walk.h"
#include "support/recording.h"
#include "support/system_of.h"

static void
apply(const struct ntp_var_table *table, void *object, const void *text, size_t len)
{
	struct m6_varlist list = m6_varlist_start(text, len);
	struct m6_var v;

	while (m6_varlist_next(&list, &v)) {
		int row = ntp_vars_find(table, v.name, v.name_len);

		if (!v.value)
			continue;
		/* NTPsec 1.2.2 prints filters as they lie in its memory. */
		if (ntp_vars_apply(table, object, v.name, v.name_len, v.value,
			v.value_len) == NTP_APPLY_MALFORMED)
			assert_int_equal(table->rows[row].group, NTP_GROUP_FILTERS);
	}
}

void
fixture_system(struct snapshot *s, const char *text)
{
	apply(&ntp_system_vars, system_of(s), text, strlen(text));
}

static void
set_status(struct ntp_peer *p, uint16_t id, uint16_t word)
{
	struct m6_peer_status status = m6_peer_status(word);

	p->id = id;
	p->status = word;
	p->is_configured = status.is_configured;
	p->is_authenable = status.is_authenable;
	p->is_authentic = status.is_authentic;
	p->is_reachable = status.is_reachable;
	p->is_broadcast = status.is_broadcast;
	p->selection = status.selection;
}

void
fixture_peer(struct ntp_peer *p, uint16_t id, uint16_t status, const char *text)
{
	set_status(p, id, status);
	apply(&ntp_peer_vars, p, text, strlen(text));
}

void
fixture_clock(struct ntp_peer *p, const char *text)
{
	apply(&ntp_clock_vars, &p->clock, text, strlen(text));
}

enum { HEAD_BITS = 1, BIT_ERROR = 0x40 };

/* Every answer to that opcode and association that is not an error. */
static void
apply_exchanges(const struct recording *rec, unsigned op, unsigned assoc,
    const struct ntp_var_table *table, void *object)
{
	for (size_t i = 0; i < rec->n_exchanges; i++) {
		const struct recorded_exchange *ex = &rec->exchanges[i];

		if (ex->op == op && ex->assoc == assoc &&
		    !(ex->datagrams[0].head[HEAD_BITS] & BIT_ERROR))
			apply(table, object, ex->data, ex->data_len);
	}
}

struct snapshot *
fixture_from_recording(const char *path, int64_t wall_ns)
{
	enum { READSTAT = 1, READVAR = 2, READCLOCK = 4 };
	struct recording *rec = recording_load(path);
	struct ntp_totals totals = { 0 };
	const struct recorded_exchange *stat;
	struct snapshot *s;

	assert_non_null(rec);
	stat = recording_find(rec, READSTAT, 0, "");
	assert_non_null(stat);
	s = snapshot_new(TARGET_UP, (size_t)m6_assoc_count(stat->data_len));
	assert_non_null(s);
	s->taken_wall_ns = wall_ns;
	s->has_peers = true;
	apply_exchanges(rec, READVAR, 0, &ntp_system_vars, system_of(s));
	ntp_system_correct(system_of(s), ntp_system_kinds(system_of(s)));
	ntp_totals_update(&totals, s->system, &s->totals);
	for (size_t i = 0; i < s->n_peers; i++) {
		struct ntp_peer *p = &s->peers[i];
		struct m6_assoc assoc = m6_assoc_at(stat->data, i);

		set_status(p, assoc.id, assoc.status);
		apply_exchanges(rec, READVAR, p->id, &ntp_peer_vars, p);
		ntp_peer_correct(p, ntp_system_kinds(s->system));
		apply_exchanges(rec, READCLOCK, p->id, &ntp_clock_vars, &p->clock);
	}
	snapshot_sort_peers(s);
	recording_free(rec);
	return s;
}

static bool
toss(uint32_t *seed)
{
	return mib_random_below(seed, 2) != 0;
}

static uint64_t
random_u64(uint32_t *seed)
{
	uint64_t high = mib_random(seed);

	return high << 32 | mib_random(seed);
}

/* Within the range of ntp_ms_parse(). */
static int64_t
random_ns(uint32_t *seed)
{
	int64_t ns = (int64_t)(random_u64(seed) % 1000000000000001u);

	if (toss(seed))
		ns %= 10000000;
	return toss(seed) ? ns : -ns;
}

static void
random_bytes(uint32_t *seed, char *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (char)(' ' + mib_random_below(seed, 95));
}

static void
random_text(uint32_t *seed, struct ntp_text *out)
{
	out->len = (uint16_t)mib_random_below(seed, VARS_TEXT_MAX);
	random_bytes(seed, out->bytes, out->len);
}

static void
random_label(uint32_t *seed, struct ntp_label *out)
{
	out->len = (uint8_t)mib_random_below(seed, VARS_LABEL_MAX);
	random_bytes(seed, out->bytes, out->len);
}

static void
random_addr(uint32_t *seed, struct addr *out)
{
	static const struct addr clock = { ADDR_IPV4, { 127, 127, 1, 0 }, 0, 0 };

	*out = clock;
	if (mib_random_below(seed, 3) == 0)
		return;
	out->family = (enum addr_family)mib_random_below(seed, 3);
	random_bytes(seed, (char *)out->bytes, sizeof(out->bytes));
	out->scope = out->family == ADDR_IPV6 && toss(seed) ? mib_random(seed) : 0;
}

static struct ntp_seen
random_seen(uint32_t *seed, bool is_all)
{
	struct ntp_seen seen;

	for (size_t i = 0; i < COUNT(seen.words); i++)
		seen.words[i] = is_all ? UINT64_MAX : random_u64(seed);
	return seen;
}

static void
random_certs(uint32_t *seed, struct ntp_certs *out)
{
	out->n = mib_random_below(seed, NTP_CERTS_MAX + 1);
	for (uint32_t i = 0; i < out->n; i++) {
		struct ntp_cert *cert = &out->items[i];

		random_label(seed, &cert->subject);
		random_label(seed, &cert->issuer);
		cert->flags = mib_random(seed);
		cert->until_s = (int64_t)mib_random(seed);
		cert->made_s = toss(seed) ? (int64_t)mib_random(seed) : 0;
	}
}

static void
random_system(uint32_t *seed, struct snapshot *s)
{
	struct ntp_system *sys = system_of(s);

	sys->seen = random_seen(seed, toss(seed));
	sys->has_status = toss(seed);
	sys->status = (uint16_t)mib_random(seed);
	sys->leap = (uint8_t)mib_random_below(seed, 4);
	sys->stratum = (uint8_t)mib_random_below(seed, toss(seed) ? 18 : 256);
	sys->precision = (int8_t)mib_random(seed);
	sys->rootdelay_ns = random_ns(seed);
	sys->rootdisp_ns = random_ns(seed);
	sys->clock.seconds = mib_random(seed);
	sys->clock.fraction = mib_random(seed);
	sys->reftime.seconds = mib_random(seed);
	sys->leapsec_s = (int64_t)mib_random(seed);
	sys->expire_s = (int64_t)mib_random(seed);
	sys->tai = mib_random_below(seed, 3);
	sys->offset_ns = random_ns(seed);
	sys->frequency = random_ns(seed) % 1000000000000;
	random_label(seed, &sys->refid);
	random_certs(seed, &sys->autokey_certs);
	sys->ss_uptime_s = random_u64(seed);
	sys->peer = (uint16_t)mib_random_below(seed, 4);
	if (s->n_peers > 0 && toss(seed))
		sys->peer = s->peers[mib_random_below(seed, (uint32_t)s->n_peers)].id;
	random_text(seed, &sys->version);
	random_text(seed, &sys->system);
	random_text(seed, &sys->release);
	random_text(seed, &sys->processor);
	s->totals.seen = mib_random(seed);
	for (size_t i = 0; i < NTP_TOTAL_COUNT; i++)
		s->totals.counts[i] = random_u64(seed);
	s->totals.has_in_packets = toss(seed);
	s->totals.has_out_packets = toss(seed);
	s->totals.has_protocol_errors = toss(seed);
	s->totals.in_packets = random_u64(seed);
	s->totals.out_packets = random_u64(seed);
	s->totals.protocol_errors = random_u64(seed);
}

static void
random_peer(uint32_t *seed, struct ntp_peer *p)
{
	set_status(p, (uint16_t)mib_random(seed), (uint16_t)mib_random(seed));
	if (mib_random_below(seed, 8) != 0)
		p->seen = random_seen(seed, false);
	random_addr(seed, &p->srcadr);
	random_label(seed, &p->srchost);
	random_label(seed, &p->refid);
	if (toss(seed))
		p->refid.len = (uint8_t)snprintf(p->refid.bytes, sizeof(p->refid.bytes),
		    "%s.1.2.3", toss(seed) ? "254" : "10");
	random_addr(seed, &p->dstadr);
	p->srcport = (uint16_t)mib_random(seed);
	p->leap = (uint8_t)mib_random_below(seed, 4);
	p->hmode = (uint8_t)mib_random_below(seed, 8);
	p->pmode = (uint8_t)mib_random_below(seed, 8);
	p->hpoll = (uint8_t)mib_random(seed);
	p->ppoll = (uint8_t)mib_random_below(seed, 100);
	p->precision = (int8_t)mib_random(seed);
	p->reach = mib_random_below(seed, 256);
	p->flash = mib_random(seed);
	p->rootdelay_ns = random_ns(seed);
	p->dispersion_ns = random_ns(seed);
	p->has_address_hash = toss(seed);
	p->address_hash[0] = (uint8_t)(toss(seed) ? 254 : 10);
	p->stratum = (uint8_t)mib_random_below(seed, toss(seed) ? 18 : 256);
	p->rootdisp_ns = random_ns(seed);
	p->offset_ns = random_ns(seed);
	p->delay_ns = random_ns(seed);
	p->jitter_ns = random_ns(seed);
	p->received = random_u64(seed);
	p->sent = random_u64(seed);
	p->badauth = random_u64(seed);
	p->bogusorg = random_u64(seed);
	p->clock.seen.words[0] =
	    mib_random_below(seed, UINT32_C(1) << NTP_CLOCK_VAR_COUNT);
	random_label(seed, &p->clock.name);
	random_label(seed, &p->clock.device);
	p->timer_s = (int64_t)random_u64(seed);
	p->bias_ns = random_ns(seed);
	p->rate_in_milli = random_ns(seed);
	p->autokey_flags = mib_random(seed);
	for (size_t i = 0; i < NTP_FILTER_SAMPLES; i++)
		p->filtdisp.us[i] = (int32_t)mib_random(seed);
	p->clock.has_status = toss(seed);
	p->clock.status = (uint16_t)mib_random(seed);
}

struct snapshot *
fixture_random(uint32_t *seed)
{
	enum target_state state = mib_random_below(seed, 8) != 0
	    ? TARGET_UP
	    : (enum target_state)mib_random_below(seed, TARGET_DENIED + 1);
	bool has_peers = state == TARGET_UP && mib_random_below(seed, 8) != 0;
	struct snapshot *s =
	    snapshot_new(state, has_peers ? mib_random_below(seed, 40) : 0);

	assert_non_null(s);
	if (state != TARGET_UP)
		return s;
	s->taken_wall_ns = (int64_t)(random_u64(seed) >> 2);
	s->has_peers = has_peers;
	for (size_t i = 0; i < s->n_peers; i++)
		random_peer(seed, &s->peers[i]);
	snapshot_sort_peers(s);
	random_system(seed, s);
	return s;
}
