/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the peer and clock variables, and what an association is called. */
#include "model/peer.h"

#include "base/text.h"

/* Kinds of daemons that know a variable. */
enum {
	ANY = NTP_KIND_ANY,
	OLD = NTP_KIND_OLD,
	SINCE428 = NTP_KIND_428,
	SINCE426 = NTP_KIND_426 | NTP_KIND_428,
	ORG = OLD | SINCE426,
	SECS = NTP_KIND_SEC122 | NTP_KIND_SEC,
	NEW = SINCE426 | SECS,
	STAT = SINCE428 | SECS,
	OLDSECS = OLD | SECS,
};

#define PEER(kind, name, member, group, kinds_of) \
	NTP_ROW_##kind(ntp_peer, name, member, NTP_GROUP_##group, .kinds = (kinds_of))
#define ALIAS(var, kind, name, member, group, kinds_of) \
	NTP_ROW_##kind(ntp_peer, name, member, NTP_GROUP_##group, \
	    .alias = NTP_PEER_##var + 1, .kinds = (kinds_of))
#define CLOCK(kind, name, member, kinds_of) \
	NTP_ROW_##kind(ntp_clock, name, member, NTP_GROUP_STATE, .kinds = (kinds_of))

static const struct ntp_var peer_rows[] = {
	[NTP_PEER_SRCADR] = PEER(ADDR, "srcadr", srcadr, STATE, ANY),
	[NTP_PEER_SRCPORT] = PEER(U16, "srcport", srcport, STATE, ANY),
	[NTP_PEER_SRCHOST] = PEER(LABEL, "srchost", srchost, STATE, NEW),
	[NTP_PEER_DSTADR] = PEER(ADDR, "dstadr", dstadr, STATE, ANY),
	[NTP_PEER_LEAP] = PEER(LEAP, "leap", leap, STATE, ANY),
	[NTP_PEER_STRATUM] = PEER(U8, "stratum", stratum, STATE, ANY),
	[NTP_PEER_PRECISION] = PEER(I8, "precision", precision, STATE, ANY),
	[NTP_PEER_ROOTDELAY] = PEER(MS, "rootdelay", rootdelay_ns, STATE, ANY),
	[NTP_PEER_ROOTDISP] = PEER(MS, "rootdisp", rootdisp_ns, STATE, NEW),
	[NTP_PEER_REFID] = PEER(LABEL, "refid", refid, STATE, ANY),
	[NTP_PEER_REACH] = PEER(REACH, "reach", reach, STATE, ANY),
	[NTP_PEER_HMODE] = PEER(MODE, "hmode", hmode, STATE, ANY),
	[NTP_PEER_PMODE] = PEER(MODE, "pmode", pmode, STATE, ANY),
	[NTP_PEER_HPOLL] = PEER(U8, "hpoll", hpoll, STATE, ANY),
	[NTP_PEER_PPOLL] = PEER(U8, "ppoll", ppoll, STATE, ANY),
	[NTP_PEER_FLASH] = PEER(U32, "flash", flash, STATE, ANY),
	[NTP_PEER_OFFSET] = PEER(MS, "offset", offset_ns, STATE, ANY),
	[NTP_PEER_DELAY] = PEER(MS, "delay", delay_ns, STATE, ANY),
	[NTP_PEER_DISPERSION] = PEER(MS, "dispersion", dispersion_ns, STATE, ANY),
	[NTP_PEER_JITTER] = PEER(MS, "jitter", jitter_ns, STATE, ANY),
	[NTP_PEER_REFTIME] = PEER(STAMP, "reftime", reftime, STATE, ANY),
	[NTP_PEER_REC] = PEER(STAMP, "rec", rec, STATE, ANY),
	[NTP_PEER_XMT] = PEER(STAMP, "xmt", xmt, STATE, OLDSECS),
	[NTP_PEER_UNREACH] = PEER(U64, "unreach", unreach, STATE, ANY),
	[NTP_PEER_TIMER] = PEER(I64, "timer", timer_s, STATE, ANY),
	[NTP_PEER_TIMEREC] = PEER(U64, "timerec", timerec_s, STATE, NEW),
	[NTP_PEER_TIMEREACH] = PEER(U64, "timereach", timereach_s, STATE, NEW),
	[NTP_PEER_HEADWAY] = PEER(I64, "headway", headway_s, STATE, NEW),
	[NTP_PEER_CANDIDATE] = PEER(U8, "candidate", candidate, STATE, NEW),
	[NTP_PEER_NTSCOOKIES] = PEER(I32, "ntscookies", ntscookies, STATE, SECS),
	[NTP_PEER_RECEIVED] = PEER(U64, "received", received, COUNTERS, ANY),
	[NTP_PEER_SENT] = PEER(U64, "sent", sent, COUNTERS, ANY),
	[NTP_PEER_BADAUTH] = PEER(U64, "badauth", badauth, COUNTERS, NEW),
	[NTP_PEER_BOGUSORG] = PEER(U64, "bogusorg", bogusorg, COUNTERS, NEW),
	[NTP_PEER_OLDPKT] = PEER(U64, "oldpkt", oldpkt, COUNTERS, NEW),
	[NTP_PEER_SELDISP] = PEER(U64, "seldisp", seldisp, COUNTERS, NEW),
	[NTP_PEER_SELBROKEN] = PEER(U64, "selbroken", selbroken, COUNTERS, NEW),
	[NTP_PEER_DSTPORT] = PEER(U16, "dstport", dstport, SLOW, ANY),
	/* Who knows all of it can forge an answer (CVE-2015-8139). */
	[NTP_PEER_ORG] = NTP_ROW_STAMP(ntp_peer, "org", org, NTP_GROUP_SLOW,
	    .kinds = (ORG), .is_coarse = true),
	[NTP_PEER_KEYID] = PEER(U32, "keyid", keyid, SLOW, ANY),
	[NTP_PEER_TTL] = PEER(I32, "ttl", ttl, SLOW, ORG),
	[NTP_PEER_MODE] = PEER(U32, "mode", refclock_mode, SLOW, SECS),
	[NTP_PEER_BIAS] = PEER(MS, "bias", bias_ns, SLOW, STAT),
	[NTP_PEER_XLEAVE] = PEER(MS, "xleave", xleave_ns, SLOW, SINCE426),
	[NTP_PEER_CONFIG] = PEER(U8, "config", config, SLOW, ANY),
	[NTP_PEER_AUTHENABLE] = PEER(U8, "authenable", authenable, SLOW, ANY),
	[NTP_PEER_AUTHENTIC] = PEER(U8, "authentic", authentic, SLOW, ANY),
	[NTP_PEER_IN] = PEER(MILLI, "in", rate_in_milli, SLOW, SINCE428),
	[NTP_PEER_OUT] = PEER(MILLI, "out", rate_out_milli, SLOW, SINCE428),
	[NTP_PEER_FLAGS] = PEER(U32, "flags", autokey_flags, AUTOKEY, ORG),
	[NTP_PEER_HOST] = PEER(LABEL, "host", autokey_host, AUTOKEY, SINCE426),
	[NTP_PEER_SIGNATURE] = PEER(WORD, "signature", autokey_signature, AUTOKEY, ORG),
	[NTP_PEER_IDENT] = PEER(LABEL, "ident", autokey_ident, AUTOKEY, SINCE426),
	[NTP_PEER_INITSEQUENCE] =
	    PEER(I32, "initsequence", autokey_initsequence, AUTOKEY, ORG),
	[NTP_PEER_INITKEY] = PEER(U32, "initkey", autokey_initkey, AUTOKEY, ORG),
	[NTP_PEER_TIMESTAMP] = PEER(DATE, "timestamp", autokey_timestamp_s, AUTOKEY, ORG),
	[NTP_PEER_FILTDELAY] = PEER(FILTER, "filtdelay", filtdelay, FILTERS, ANY),
	[NTP_PEER_FILTOFFSET] = PEER(FILTER, "filtoffset", filtoffset, FILTERS, ANY),
	[NTP_PEER_FILTDISP] = PEER(FILTER, "filtdisp", filtdisp, FILTERS, ANY),

	/* Other names of rows above. */
	ALIAS(ROOTDISP, MS, "rootdispersion", rootdisp_ns, STATE, OLD),
	ALIAS(HOST, LABEL, "hostname", autokey_host, AUTOKEY, OLD),
	ALIAS(IDENT, LABEL, "identity", autokey_ident, AUTOKEY, OLD),
};

static const struct ntp_var clock_rows[] = {
	[NTP_CLOCK_NAME] = CLOCK(LABEL, "name", name, SECS),
	[NTP_CLOCK_DEVICE] = CLOCK(LABEL, "device", device, ANY),
	[NTP_CLOCK_TYPE] = CLOCK(U8, "type", type, ORG),
	[NTP_CLOCK_TIMECODE] = CLOCK(LINE, "timecode", timecode, ANY),
	[NTP_CLOCK_POLL] = CLOCK(U64, "poll", poll, ANY),
	[NTP_CLOCK_NOREPLY] = CLOCK(U64, "noreply", noreply, ANY),
	[NTP_CLOCK_BADFORMAT] = CLOCK(U64, "badformat", badformat, ANY),
	[NTP_CLOCK_BADDATA] = CLOCK(U64, "baddata", baddata, ANY),
	[NTP_CLOCK_FUDGETIME1] = CLOCK(MS, "fudgetime1", fudgetime1_ns, ANY),
	[NTP_CLOCK_FUDGETIME2] = CLOCK(MS, "fudgetime2", fudgetime2_ns, ANY),
	[NTP_CLOCK_STRATUM] = CLOCK(U8, "stratum", stratum, ANY),
	[NTP_CLOCK_REFID] = CLOCK(WORD, "refid", refid, ANY),
	[NTP_CLOCK_FLAGS] = CLOCK(U32, "flags", flags, ANY),
	[NTP_CLOCK_MINJITTER] = CLOCK(MS, "minjitter", minjitter_ns, SINCE428),
};

enum {
	PEER_ROWS = sizeof(peer_rows) / sizeof(peer_rows[0]),
	CLOCK_ROWS = sizeof(clock_rows) / sizeof(clock_rows[0]),
};

_Static_assert((int)PEER_ROWS > (int)NTP_PEER_VAR_COUNT, "a row per variable");
_Static_assert((int)CLOCK_ROWS == (int)NTP_CLOCK_VAR_COUNT, "a row per variable");
_Static_assert((int)PEER_ROWS <= (int)NTP_ROWS_MAX, "a place in sets per row");
_Static_assert(sizeof(struct ntp_peer) <= UINT16_MAX, "offsets fit");

const struct ntp_var_table ntp_peer_vars = {
	.what = "peer",
	.rows = peer_rows,
	.n_rows = PEER_ROWS,
	.seen_offset = offsetof(struct ntp_peer, seen),
};

const struct ntp_var_table ntp_clock_vars = {
	.what = "clock",
	.rows = clock_rows,
	.n_rows = CLOCK_ROWS,
	.seen_offset = offsetof(struct ntp_clock, seen),
};

bool
ntp_peer_has(const struct ntp_peer *p, enum ntp_peer_var var)
{
	return ntp_seen_has(&p->seen, var);
}

bool
ntp_clock_has(const struct ntp_clock *c, enum ntp_clock_var var)
{
	return ntp_seen_has(&c->seen, var);
}

/* NTPsec prints the bias in seconds, ntp.org in milliseconds. */
void
ntp_peer_correct(struct ntp_peer *p, unsigned kinds)
{
	const unsigned sec = NTP_KIND_SEC122 | NTP_KIND_SEC;
	const int64_t factor = 1000;

	if ((kinds & sec) == 0 || !ntp_peer_has(p, NTP_PEER_BIAS))
		return;
	if ((kinds & ~sec) == 0)
		p->bias_ns *= factor;
	else
		ntp_seen_drop(&p->seen, NTP_PEER_BIAS);
}

bool
ntp_peer_is_refclock(const struct ntp_peer *p, uint8_t *type_out)
{
	return ntp_peer_has(p, NTP_PEER_SRCADR) && addr_is_refclock(&p->srcadr, type_out);
}

/* The label an association is called by; NULL when only its address can be. */
static const struct ntp_label *
find_label(const struct ntp_peer *p)
{
	if (ntp_peer_has(p, NTP_PEER_SRCHOST) && p->srchost.len > 0)
		return &p->srchost;
	if (ntp_clock_has(&p->clock, NTP_CLOCK_NAME) && p->clock.name.len > 0)
		return &p->clock.name;
	if (ntp_clock_has(&p->clock, NTP_CLOCK_DEVICE) && p->clock.device.len > 0)
		return &p->clock.device;
	return NULL;
}

size_t
ntp_peer_name(const struct ntp_peer *p, char *out, size_t cap)
{
	const struct ntp_label *label = find_label(p);

	if (label)
		return text_utf8(label->bytes, label->len, out, cap);
	if (ntp_peer_has(p, NTP_PEER_SRCADR))
		return addr_format(&p->srcadr, false, out, cap);
	return text_utf8("", 0, out, cap);
}

size_t
ntp_peers_from(const struct ntp_peer *peers, size_t n, uint32_t id)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (peers[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
