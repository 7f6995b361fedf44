/* SPDX-License-Identifier: BSD-2-Clause */
/* Status words, modes and reference ids of associations. */
#include "model/assoc.h"

#include <string.h>

#include "base/clock.h"
#include "base/scan.h"
#include "model/status.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { STRATUM_NONE = 16, MODE_ACTIVE = 1, MODE_PASSIVE, MODE_CLIENT };
enum { MODE_BROADCAST = 5, MODE_BROADCAST_CLIENT };

bool
ntp_assoc_event(const struct ntp_peer *p, const struct ntp_system *s,
    enum ntp_assoc_event *out)
{
	static const enum ntp_assoc_event old[] = {
		NTP_ASSOC_EVENT_UNSPECIFIED,
		NTP_ASSOC_EVENT_ADDRESS_ERROR,
		NTP_ASSOC_EVENT_BAD_AUTH,
		NTP_ASSOC_EVENT_UNREACHABLE,
		NTP_ASSOC_EVENT_REACHABLE,
		NTP_ASSOC_EVENT_CLOCK,
	};
	uint8_t code = ntp_status_parts(p->status).event;

	if (!ntp_system_has(s, NTP_SYS_VERSION))
		return false;
	if (!ntp_status_is_old(s)) {
		*out = (enum ntp_assoc_event)code;
		return true;
	}
	if (code >= COUNT_OF(old))
		return false;
	*out = old[code];
	return true;
}

bool
ntp_assoc_clock_state(const struct ntp_peer *p, const struct ntp_system *s, uint8_t *out)
{
	enum { CLOCK_STATES = 7 };
	uint16_t word = p->clock.status;

	if (!p->clock.has_status || !ntp_system_has(s, NTP_SYS_VERSION))
		return false;
	*out = ntp_status_is_old(s) ? (uint8_t)(word >> 8) : ntp_status_parts(word).event;
	return *out < CLOCK_STATES;
}

enum ntp_assoc_auth
ntp_assoc_auth(const struct ntp_peer *p)
{
	if (!p->is_authenable)
		return NTP_ASSOC_AUTH_NONE;
	if (p->is_broadcast)
		return NTP_ASSOC_AUTH_YES;
	return p->is_authentic ? NTP_ASSOC_AUTH_OK : NTP_ASSOC_AUTH_BAD;
}

static bool
is_multicast(const struct addr *a)
{
	if (a->family == ADDR_IPV4)
		return a->bytes[0] >> 4 == 0xe;
	return a->family == ADDR_IPV6 && a->bytes[0] == 0xff;
}

static bool
has_refid(const struct ntp_peer *p, const char *text)
{
	return ntp_peer_has(p, NTP_PEER_REFID) &&
	    scan_is(p->refid.bytes, p->refid.len, text);
}

/* Of a prototype NTPsec says the refid only. */
static enum ntp_assoc_type
client_type(const struct ntp_peer *p)
{
	if (!ntp_peer_has(p, NTP_PEER_SRCADR))
		return NTP_ASSOC_TYPE_UNKNOWN;
	if (addr_is_unspecified(&p->srcadr) || has_refid(p, "POOL"))
		return NTP_ASSOC_TYPE_POOL;
	return is_multicast(&p->srcadr) ? NTP_ASSOC_TYPE_MANYCAST_CLIENT
					: NTP_ASSOC_TYPE_UNICAST;
}

static enum ntp_assoc_type
server_type(const struct ntp_peer *p)
{
	if (!ntp_peer_has(p, NTP_PEER_SRCADR))
		return NTP_ASSOC_TYPE_UNKNOWN;
	return is_multicast(&p->srcadr) ? NTP_ASSOC_TYPE_MULTICAST_SERVER
					: NTP_ASSOC_TYPE_BROADCAST_SERVER;
}

static bool
is_to_multicast(const struct ntp_peer *p)
{
	return ntp_peer_has(p, NTP_PEER_DSTADR) && is_multicast(&p->dstadr);
}

/* Without modes, as ntpq did in 2005: by the local address alone, of which 0.0.0.0 to
 * 0.0.0.31 tell nothing. */
static enum ntp_assoc_type
type_by_local_address(const struct ntp_peer *p)
{
	static const uint8_t nothing[3], loopback[4] = { 127, 0, 0, 1 };
	const uint8_t *local = p->dstadr.bytes;

	if (!ntp_peer_has(p, NTP_PEER_DSTADR))
		return NTP_ASSOC_TYPE_UNKNOWN;
	if (is_multicast(&p->dstadr))
		return NTP_ASSOC_TYPE_MULTICAST_CLIENT;
	if (p->dstadr.family != ADDR_IPV4)
		return NTP_ASSOC_TYPE_UNICAST;
	if (local[3] == 255)
		return NTP_ASSOC_TYPE_BROADCAST_CLIENT;
	if (memcmp(local, loopback, sizeof(loopback)) == 0)
		return NTP_ASSOC_TYPE_LOCAL;
	if (memcmp(local, nothing, sizeof(nothing)) == 0 && local[3] < 32)
		return NTP_ASSOC_TYPE_UNKNOWN;
	return NTP_ASSOC_TYPE_UNICAST;
}

enum ntp_assoc_type
ntp_assoc_type(const struct ntp_peer *p)
{
	if (ntp_peer_is_refclock(p, NULL))
		return NTP_ASSOC_TYPE_LOCAL;
	if (!ntp_peer_has(p, NTP_PEER_HMODE))
		return type_by_local_address(p);
	switch (p->hmode) {
	case MODE_ACTIVE:
		return NTP_ASSOC_TYPE_SYMMETRIC_ACTIVE;
	case MODE_PASSIVE:
		return NTP_ASSOC_TYPE_SYMMETRIC_PASSIVE;
	case MODE_CLIENT:
		return client_type(p);
	case MODE_BROADCAST:
		return server_type(p);
	case MODE_BROADCAST_CLIENT:
		return is_to_multicast(p) ? NTP_ASSOC_TYPE_MULTICAST_CLIENT
					  : NTP_ASSOC_TYPE_BROADCAST_CLIENT;
	default:
		return NTP_ASSOC_TYPE_UNKNOWN;
	}
}

/* --- reference ids ------------------------------------------------------------------ */

/* Those of the IANA registry, and what daemons of either family have besides. */
static const char *const kiss_codes[] = { "ACST", "AUTH", "AUTO", "BCST", "CRYP", "DENY",
	"DNS", "DOWN", "DROP", "GONE", "INIT", "LOOP", "MCST", "NKEY", "NTS", "NTSN",
	"POOL", "RATE", "RMOT", "RSTR", "STEP", "TIME", "XFAC" };

static bool
is_kiss_code(const struct ntp_label *refid)
{
	for (size_t i = 0; i < COUNT_OF(kiss_codes); i++)
		if (scan_is(refid->bytes, refid->len, kiss_codes[i]))
			return true;
	return false;
}

/* Who is synchronised has no reason to say why it is not. */
static enum ntp_refid_kind
kind_of_text(const struct ntp_label *refid, bool is_synced)
{
	return !is_synced && is_kiss_code(refid) ? NTP_REFID_KISS_CODE : NTP_REFID_CLOCK;
}

enum { CLOCK_NET = 0x7f7f, SMEAR_NET = 0xfe };

static enum ntp_refid_kind
kind_of_number(uint32_t number)
{
	if (number == 0)
		return NTP_REFID_NONE;
	if (number >> 16 == CLOCK_NET)
		return NTP_REFID_CLOCK_ADDRESS;
	return number >> 24 == SMEAR_NET ? NTP_REFID_LEAP_SMEAR : NTP_REFID_ADDRESS;
}

void
ntp_refid_read(const struct ntp_label *refid, bool is_synced, struct ntp_refid *out)
{
	struct addr a;

	*out = (struct ntp_refid){ NTP_REFID_NONE, 0 };
	if (refid->len == 0)
		return;
	if (addr_parse(refid->bytes, refid->len, &a) != 0 || a.family != ADDR_IPV4) {
		out->kind = kind_of_text(refid, is_synced);
		return;
	}
	out->number = (uint32_t)a.bytes[0] << 24 | (uint32_t)a.bytes[1] << 16 |
	    (uint32_t)a.bytes[2] << 8 | a.bytes[3];
	out->kind = kind_of_number(out->number);
}

bool
ntp_assoc_refid(const struct ntp_peer *p, struct ntp_refid *out)
{
	bool is_synced = ntp_peer_has(p, NTP_PEER_STRATUM) && p->stratum > 0 &&
	    p->stratum < STRATUM_NONE;

	if (!ntp_peer_has(p, NTP_PEER_REFID))
		return false;
	ntp_refid_read(&p->refid, is_synced, out);
	return true;
}

int64_t
ntp_refid_smear_ns(uint32_t number)
{
	const int64_t sign = 1 << 23, fraction = 1 << 22;
	int64_t units = number & (2 * sign - 1);

	if (units >= sign)
		units -= 2 * sign;
	return units * NS_PER_S / fraction;
}
