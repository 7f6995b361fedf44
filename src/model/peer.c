/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the peer and clock variables, and what an association is called. */
#include "model/peer.h"

#include "base/text.h"

/* clang-format off */
#define PEER(kind, name, member) \
	NTP_ROW_##kind(ntp_peer, name, member, NTP_GROUP_STATE)
#define OTHER(kind, name, member, group) \
	NTP_ROW_##kind(ntp_peer, name, member, NTP_GROUP_##group)
#define CLOCK(kind, name, member) \
	NTP_ROW_##kind(ntp_clock, name, member, NTP_GROUP_STATE)

static const struct ntp_var peer_rows[] = {
	[NTP_PEER_SRCADR]     = PEER(ADDR,  "srcadr",     srcadr),
	[NTP_PEER_SRCPORT]    = PEER(U16,   "srcport",    srcport),
	[NTP_PEER_SRCHOST]    = PEER(LABEL, "srchost",    srchost),
	[NTP_PEER_DSTADR]     = PEER(ADDR,  "dstadr",     dstadr),
	[NTP_PEER_LEAP]       = PEER(LEAP,  "leap",       leap),
	[NTP_PEER_STRATUM]    = PEER(U8,    "stratum",    stratum),
	[NTP_PEER_PRECISION]  = PEER(I8,    "precision",  precision),
	[NTP_PEER_ROOTDELAY]  = PEER(MS,    "rootdelay",  rootdelay_ns),
	[NTP_PEER_ROOTDISP]   = PEER(MS,    "rootdisp",   rootdisp_ns),
	[NTP_PEER_REFID]      = PEER(LABEL, "refid",      refid),
	[NTP_PEER_REACH]      = PEER(REACH, "reach",      reach),
	[NTP_PEER_HMODE]      = PEER(MODE,  "hmode",      hmode),
	[NTP_PEER_PMODE]      = PEER(MODE,  "pmode",      pmode),
	[NTP_PEER_HPOLL]      = PEER(U8,    "hpoll",      hpoll),
	[NTP_PEER_PPOLL]      = PEER(U8,    "ppoll",      ppoll),
	[NTP_PEER_FLASH]      = PEER(U32,   "flash",      flash),
	[NTP_PEER_OFFSET]     = PEER(MS,    "offset",     offset_ns),
	[NTP_PEER_DELAY]      = PEER(MS,    "delay",      delay_ns),
	[NTP_PEER_DISPERSION] = PEER(MS,    "dispersion", dispersion_ns),
	[NTP_PEER_JITTER]     = PEER(MS,    "jitter",     jitter_ns),
	[NTP_PEER_RECEIVED]   = PEER(U64,   "received",   received),
	[NTP_PEER_SENT]       = PEER(U64,   "sent",       sent),
	[NTP_PEER_BADAUTH]    = PEER(U64,   "badauth",    badauth),
	[NTP_PEER_BOGUSORG]   = PEER(U64,   "bogusorg",   bogusorg),
	[NTP_PEER_DSTPORT] = OTHER(U16, "dstport", dstport, SLOW),
	[NTP_PEER_REFTIME] = OTHER(STAMP, "reftime", reftime, STATE),
	[NTP_PEER_ORG] = OTHER(STAMP, "org", org, STATE),
	[NTP_PEER_REC] = OTHER(STAMP, "rec", rec, STATE),
	[NTP_PEER_XMT] = OTHER(STAMP, "xmt", xmt, STATE),
	[NTP_PEER_UNREACH] = OTHER(U64, "unreach", unreach, STATE),
	[NTP_PEER_XLEAVE] = OTHER(MS, "xleave", xleave_ns, STATE),
	[NTP_PEER_BIAS] = OTHER(MS, "bias", bias_ns, SLOW),
	[NTP_PEER_HEADWAY] = OTHER(I64, "headway", headway_s, COUNTERS),
	[NTP_PEER_KEYID] = OTHER(U32, "keyid", keyid, SLOW),
	[NTP_PEER_TTL] = OTHER(I32, "ttl", ttl, SLOW),
	[NTP_PEER_MODE] = OTHER(U32, "mode", refclock_mode, SLOW),
	[NTP_PEER_TIMER] = OTHER(I64, "timer", timer_s, COUNTERS),
	[NTP_PEER_TIMEREC] = OTHER(U64, "timerec", timerec_s, COUNTERS),
	[NTP_PEER_TIMEREACH] = OTHER(U64, "timereach", timereach_s, COUNTERS),
	[NTP_PEER_OLDPKT] = OTHER(U64, "oldpkt", oldpkt, COUNTERS),
	[NTP_PEER_SELDISP] = OTHER(U64, "seldisp", seldisp, COUNTERS),
	[NTP_PEER_SELBROKEN] = OTHER(U64, "selbroken", selbroken, COUNTERS),
	[NTP_PEER_CANDIDATE] = OTHER(U8, "candidate", candidate, COUNTERS),
	[NTP_PEER_NTSCOOKIES] = OTHER(I32, "ntscookies", ntscookies, SLOW),
	[NTP_PEER_IN] = OTHER(MILLI, "in", rate_in_milli, SLOW),
	[NTP_PEER_OUT] = OTHER(MILLI, "out", rate_out_milli, SLOW),
	[NTP_PEER_FILTDELAY] = OTHER(FILTER, "filtdelay", filtdelay, FILTERS),
	[NTP_PEER_FILTOFFSET] = OTHER(FILTER, "filtoffset", filtoffset, FILTERS),
	[NTP_PEER_FILTDISP] = OTHER(FILTER, "filtdisp", filtdisp, FILTERS),
	[NTP_PEER_FLAGS] = OTHER(U32, "flags", autokey_flags, AUTOKEY),
	[NTP_PEER_HOST] = OTHER(LABEL, "host", autokey_host, AUTOKEY),
	[NTP_PEER_IDENT] = OTHER(LABEL, "ident", autokey_ident, AUTOKEY),
	[NTP_PEER_SIGNATURE] = OTHER(WORD, "signature", autokey_signature, AUTOKEY),
	[NTP_PEER_INITSEQUENCE] = OTHER(I32, "initsequence", autokey_initsequence, AUTOKEY),
	[NTP_PEER_INITKEY] = OTHER(U32, "initkey", autokey_initkey, AUTOKEY),
	[NTP_PEER_TIMESTAMP] = OTHER(DATE, "timestamp", autokey_timestamp_s, AUTOKEY),
};

static const struct ntp_var clock_rows[] = {
	[NTP_CLOCK_NAME]   = CLOCK(LABEL, "name",   name),
	[NTP_CLOCK_DEVICE] = CLOCK(LABEL, "device", device),
	[NTP_CLOCK_TYPE] = CLOCK(U8, "type", type),
	[NTP_CLOCK_TIMECODE] = CLOCK(LINE, "timecode", timecode),
	[NTP_CLOCK_POLL] = CLOCK(U64, "poll", poll),
	[NTP_CLOCK_NOREPLY] = CLOCK(U64, "noreply", noreply),
	[NTP_CLOCK_BADFORMAT] = CLOCK(U64, "badformat", badformat),
	[NTP_CLOCK_BADDATA] = CLOCK(U64, "baddata", baddata),
	[NTP_CLOCK_FUDGETIME1] = CLOCK(MS, "fudgetime1", fudgetime1_ns),
	[NTP_CLOCK_FUDGETIME2] = CLOCK(MS, "fudgetime2", fudgetime2_ns),
	[NTP_CLOCK_STRATUM] = CLOCK(U8, "stratum", stratum),
	[NTP_CLOCK_REFID] = CLOCK(WORD, "refid", refid),
	[NTP_CLOCK_FLAGS] = CLOCK(U32, "flags", flags),
	[NTP_CLOCK_MINJITTER] = CLOCK(MS, "minjitter", minjitter_ns),
};
/* clang-format on */

_Static_assert(sizeof(peer_rows) / sizeof(peer_rows[0]) == NTP_PEER_VAR_COUNT,
    "a row per variable");
_Static_assert(sizeof(clock_rows) / sizeof(clock_rows[0]) == NTP_CLOCK_VAR_COUNT,
    "a row per variable");
_Static_assert((int)NTP_PEER_VAR_COUNT <= NTP_ROWS_MAX, "a place in sets per row");
_Static_assert(sizeof(struct ntp_peer) <= UINT16_MAX, "offsets fit");

const struct ntp_var_table ntp_peer_vars = {
	.what = "peer",
	.rows = peer_rows,
	.n_rows = NTP_PEER_VAR_COUNT,
	.seen_offset = offsetof(struct ntp_peer, seen),
};

const struct ntp_var_table ntp_clock_vars = {
	.what = "clock",
	.rows = clock_rows,
	.n_rows = NTP_CLOCK_VAR_COUNT,
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
