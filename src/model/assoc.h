/* SPDX-License-Identifier: BSD-2-Clause */
/* What the status word, modes and reference id of an association mean. */
#ifndef MODEL_ASSOC_H
#define MODEL_ASSOC_H

#include "model/peer.h"
#include "model/system.h"

/* Events, by the codes of today; behind them those that only daemons before 4.2.5 have.
 */
enum ntp_assoc_event {
	NTP_ASSOC_EVENT_UNSPECIFIED,
	NTP_ASSOC_EVENT_MOBILIZE,
	NTP_ASSOC_EVENT_DEMOBILIZE,
	NTP_ASSOC_EVENT_UNREACHABLE,
	NTP_ASSOC_EVENT_REACHABLE,
	NTP_ASSOC_EVENT_RESTART,
	NTP_ASSOC_EVENT_NO_REPLY,
	NTP_ASSOC_EVENT_RATE_EXCEEDED,
	NTP_ASSOC_EVENT_ACCESS_DENIED,
	NTP_ASSOC_EVENT_LEAP_ARMED,
	NTP_ASSOC_EVENT_SYSTEM_PEER,
	NTP_ASSOC_EVENT_CLOCK,
	NTP_ASSOC_EVENT_BAD_AUTH,
	NTP_ASSOC_EVENT_POPCORN,
	NTP_ASSOC_EVENT_INTERLEAVE_MODE,
	NTP_ASSOC_EVENT_INTERLEAVE_ERROR,
	NTP_ASSOC_EVENT_ADDRESS_ERROR, /* old */
	NTP_ASSOC_EVENT_COUNT
};
/* The last event in the status word of `p`, of a daemon with those system variables.
 * False when the code is unknown, or the daemon's version was not read. */
bool ntp_assoc_event(const struct ntp_peer *p, const struct ntp_system *s,
    enum ntp_assoc_event *out);

/* What is wrong with the reference clock of `p` now: the exception in its status word,
 * 0..6, 0 none. Daemons before 4.2.5 have the present state in the upper octet, above the
 * last event. False when there is no such word, or the daemon's version was not read. */
bool ntp_assoc_clock_state(const struct ntp_peer *p, const struct ntp_system *s,
    uint8_t *out);

/* Authentication, in the words of ntpq. */
enum ntp_assoc_auth {
	NTP_ASSOC_AUTH_NONE = 1, /* no key */
	NTP_ASSOC_AUTH_OK,
	NTP_ASSOC_AUTH_BAD,
	NTP_ASSOC_AUTH_YES, /* has a key, and nobody it would hear an answer from */
};
enum ntp_assoc_auth ntp_assoc_auth(const struct ntp_peer *p);

/* What kind of association it is: the column t of ntpq, and multicast apart from
 * broadcast. */
enum ntp_assoc_type {
	NTP_ASSOC_TYPE_UNKNOWN,
	NTP_ASSOC_TYPE_LOCAL, /* a reference clock */
	NTP_ASSOC_TYPE_UNICAST,
	NTP_ASSOC_TYPE_SYMMETRIC_ACTIVE,
	NTP_ASSOC_TYPE_SYMMETRIC_PASSIVE,
	NTP_ASSOC_TYPE_BROADCAST_SERVER,
	NTP_ASSOC_TYPE_MULTICAST_SERVER,
	NTP_ASSOC_TYPE_BROADCAST_CLIENT,
	NTP_ASSOC_TYPE_MULTICAST_CLIENT,
	NTP_ASSOC_TYPE_MANYCAST_CLIENT,
	NTP_ASSOC_TYPE_POOL,
	NTP_ASSOC_TYPE_COUNT
};
enum ntp_assoc_type ntp_assoc_type(const struct ntp_peer *p);

/* What a reference id is, as far as itself and the stratum beside it tell. */
enum ntp_refid_kind {
	NTP_REFID_NONE = 1,
	NTP_REFID_KISS_CODE,     /* why there is no reference: "INIT", "RATE" */
	NTP_REFID_CLOCK,         /* text: a clock or signal, "GPS" */
	NTP_REFID_ADDRESS,       /* IPv4 address, or hash of an IPv6 one */
	NTP_REFID_ADDRESS_HASH,  /* hash of an IPv6 address that is known */
	NTP_REFID_CLOCK_ADDRESS, /* 127.127.t.u */
	NTP_REFID_LEAP_SMEAR     /* 254.x.y.z */
};
struct ntp_refid {
	enum ntp_refid_kind kind; /* never NTP_REFID_ADDRESS_HASH */
	uint32_t number; /* of the address: its octets, the first one uppermost */
};
/* Of somebody who is synchronised, at a stratum of 1 to 15, or not. */
void ntp_refid_read(const struct ntp_label *refid, bool is_synced, struct ntp_refid *out);
/* Of an association; false when the daemon gave none. */
bool ntp_assoc_refid(const struct ntp_peer *p, struct ntp_refid *out);

/* The offset in a reference id 254.x.y.z: 24 bits, two's complement, of which 22 stand
 * behind the point, in seconds. */
int64_t ntp_refid_smear_ns(uint32_t number);

#endif
