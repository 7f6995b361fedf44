/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the peer and clock variables, and what an association is called. */
#include "model/peer.h"

#include "base/text.h"

/* clang-format off */
#define PEER(kind, name, member) \
	NTP_ROW_##kind(ntp_peer, name, member, NTP_GROUP_STATE)
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
};

static const struct ntp_var clock_rows[] = {
	[NTP_CLOCK_NAME]   = CLOCK(LABEL, "name",   name),
	[NTP_CLOCK_DEVICE] = CLOCK(LABEL, "device", device),
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
