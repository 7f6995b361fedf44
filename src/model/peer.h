/* SPDX-License-Identifier: BSD-2-Clause */
/* What a daemon says of one association: its peer variables, typed. */
#ifndef MODEL_PEER_H
#define MODEL_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/raw.h"
#include "model/vars.h"

/* One enumerator per row of ntp_peer_vars, in its order; the number in `seen`. */
enum ntp_peer_var {
	NTP_PEER_SRCADR,
	NTP_PEER_SRCPORT,
	NTP_PEER_SRCHOST,
	NTP_PEER_DSTADR,
	NTP_PEER_LEAP,
	NTP_PEER_STRATUM,
	NTP_PEER_PRECISION,
	NTP_PEER_ROOTDELAY,
	NTP_PEER_ROOTDISP,
	NTP_PEER_REFID,
	NTP_PEER_REACH,
	NTP_PEER_HMODE,
	NTP_PEER_PMODE,
	NTP_PEER_HPOLL,
	NTP_PEER_PPOLL,
	NTP_PEER_FLASH,
	NTP_PEER_OFFSET,
	NTP_PEER_DELAY,
	NTP_PEER_DISPERSION,
	NTP_PEER_JITTER,
	NTP_PEER_RECEIVED,
	NTP_PEER_SENT,
	NTP_PEER_BADAUTH,
	NTP_PEER_BOGUSORG,
	NTP_PEER_DSTPORT,
	NTP_PEER_REFTIME,
	NTP_PEER_ORG,
	NTP_PEER_REC,
	NTP_PEER_XMT,
	NTP_PEER_UNREACH,
	NTP_PEER_XLEAVE,
	NTP_PEER_BIAS,
	NTP_PEER_HEADWAY,
	NTP_PEER_KEYID,
	NTP_PEER_TTL,
	NTP_PEER_MODE,
	NTP_PEER_TIMER,
	NTP_PEER_TIMEREC,
	NTP_PEER_TIMEREACH,
	NTP_PEER_OLDPKT,
	NTP_PEER_SELDISP,
	NTP_PEER_SELBROKEN,
	NTP_PEER_CANDIDATE,
	NTP_PEER_NTSCOOKIES,
	NTP_PEER_IN,
	NTP_PEER_OUT,
	NTP_PEER_FILTDELAY,
	NTP_PEER_FILTOFFSET,
	NTP_PEER_FILTDISP,
	NTP_PEER_FLAGS,
	NTP_PEER_HOST,
	NTP_PEER_IDENT,
	NTP_PEER_SIGNATURE,
	NTP_PEER_INITSEQUENCE,
	NTP_PEER_INITKEY,
	NTP_PEER_TIMESTAMP,
	NTP_PEER_VAR_COUNT
};

/* Variables of a reference clock (READCLOCK); numbers in ntp_clock.seen. */
enum ntp_clock_var {
	NTP_CLOCK_NAME,
	NTP_CLOCK_DEVICE,
	NTP_CLOCK_TYPE,
	NTP_CLOCK_TIMECODE,
	NTP_CLOCK_POLL,
	NTP_CLOCK_NOREPLY,
	NTP_CLOCK_BADFORMAT,
	NTP_CLOCK_BADDATA,
	NTP_CLOCK_FUDGETIME1,
	NTP_CLOCK_FUDGETIME2,
	NTP_CLOCK_STRATUM,
	NTP_CLOCK_REFID,
	NTP_CLOCK_FLAGS,
	NTP_CLOCK_MINJITTER,
	NTP_CLOCK_VAR_COUNT
};

struct ntp_clock {
	struct ntp_seen seen; /* enum ntp_clock_var */
	uint16_t status;      /* clock status word of the last answer */
	bool has_status;
	struct ntp_label name, device;
	uint8_t type;
	struct ntp_line timecode;
	uint64_t poll, noreply, badformat, baddata;
	int64_t fudgetime1_ns, fudgetime2_ns, minjitter_ns;
	uint8_t stratum;
	struct ntp_word refid;
	uint32_t flags;
};

struct ntp_peer {
	struct ntp_seen seen; /* enum ntp_peer_var */
	uint16_t id;          /* association id, 1..65535 */

	/* From the peer status word. */
	uint16_t status;
	bool is_configured, is_authenable, is_authentic, is_reachable, is_broadcast;
	uint8_t selection; /* 0..7 */

	struct addr srcadr, dstadr;
	uint16_t srcport;
	struct ntp_label srchost; /* configured name; NTPsec: also "LOCAL(0)" */
	struct ntp_label refid;
	uint8_t leap, stratum, hmode, pmode, hpoll, ppoll;
	int8_t precision;
	uint32_t reach, flash;
	int64_t rootdelay_ns, rootdisp_ns, offset_ns, delay_ns, dispersion_ns, jitter_ns;
	uint64_t received, sent, badauth, bogusorg;
	uint16_t dstport;
	struct ntp_stamp reftime, org, rec, xmt;
	uint64_t unreach;
	int64_t headway_s;
	uint32_t keyid, refclock_mode, autokey_flags, autokey_initkey;
	int64_t xleave_ns, bias_ns, timer_s, rate_in_milli, rate_out_milli,
	    autokey_timestamp_s;
	int32_t ttl, ntscookies, autokey_initsequence;
	uint64_t timerec_s, timereach_s, oldpkt, seldisp, selbroken;
	uint8_t candidate;
	struct ntp_filter filtdelay, filtoffset, filtdisp;
	struct ntp_label autokey_host, autokey_ident;
	struct ntp_word autokey_signature;

	/* What stands for an IPv6 srcadr in the reference ids of others (mode6/auth.h).
	 */
	uint8_t address_hash[4];
	bool has_address_hash;

	struct ntp_clock clock; /* of a reference clock; all absent otherwise */

	uint32_t groups; /* that were asked for, as in struct ntp_system */

	/* All that was asked for and answered, as text, the clock's too; the snapshot's.
	 * NULL: nothing. */
	struct ntp_raw *raw;
};

extern const struct ntp_var_table ntp_peer_vars;
extern const struct ntp_var_table ntp_clock_vars;

bool ntp_peer_has(const struct ntp_peer *p, enum ntp_peer_var var);
bool ntp_clock_has(const struct ntp_clock *c, enum ntp_clock_var var);

/* A reference clock, by its address 127.127.t.u; *type_out, when not NULL, is t. */
bool ntp_peer_is_refclock(const struct ntp_peer *p, uint8_t *type_out);

/* What an operator calls this association: the configured host name, else the clock's
 * name, else its description, else the address. Copies valid UTF-8 to out[0..cap) and
 * returns the length; 0 when nothing is known. */
size_t ntp_peer_name(const struct ntp_peer *p, char *out, size_t cap);

#endif
