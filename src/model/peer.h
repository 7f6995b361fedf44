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
	NTP_PEER_REFTIME,
	NTP_PEER_REC,
	NTP_PEER_XMT,
	NTP_PEER_UNREACH,
	NTP_PEER_TIMER,
	NTP_PEER_TIMEREC,
	NTP_PEER_TIMEREACH,
	NTP_PEER_HEADWAY,
	NTP_PEER_CANDIDATE,
	NTP_PEER_NTSCOOKIES,
	NTP_PEER_RECEIVED,
	NTP_PEER_SENT,
	NTP_PEER_BADAUTH,
	NTP_PEER_BOGUSORG,
	NTP_PEER_OLDPKT,
	NTP_PEER_SELDISP,
	NTP_PEER_SELBROKEN,
	NTP_PEER_DSTPORT,
	NTP_PEER_ORG,
	NTP_PEER_KEYID,
	NTP_PEER_TTL,
	NTP_PEER_MODE,
	NTP_PEER_BIAS,
	NTP_PEER_XLEAVE,
	NTP_PEER_CONFIG,
	NTP_PEER_AUTHENABLE,
	NTP_PEER_AUTHENTIC,
	NTP_PEER_IN,
	NTP_PEER_OUT,
	NTP_PEER_FLAGS,
	NTP_PEER_HOST,
	NTP_PEER_SIGNATURE,
	NTP_PEER_IDENT,
	NTP_PEER_INITSEQUENCE,
	NTP_PEER_INITKEY,
	NTP_PEER_TIMESTAMP,
	NTP_PEER_FILTDELAY,
	NTP_PEER_FILTOFFSET,
	NTP_PEER_FILTDISP,
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

	uint8_t type; /* number of the driver; NTPsec sends its name */
	struct ntp_label name, device;
	struct ntp_line timecode; /* what the receiver sent last */
	uint64_t poll, noreply, badformat, baddata;
	int64_t fudgetime1_ns, fudgetime2_ns, minjitter_ns;
	uint8_t stratum;       /* as configured, like the next two */
	struct ntp_word refid; /* NTPsec prints text as an address from stratum 2 on */
	uint32_t flags;        /* bits 0..3 are flag1..flag4 */
};

struct ntp_peer {
	struct ntp_seen seen; /* enum ntp_peer_var */
	uint16_t id;          /* association id, 1..65535 */

	/* From the peer status word. */
	uint16_t status;
	bool is_configured, is_authenable, is_authentic, is_reachable, is_broadcast;
	uint8_t selection; /* 0..7 */

	struct addr srcadr, dstadr;
	uint16_t srcport, dstport;
	struct ntp_label srchost; /* configured name; NTPsec: also "LOCAL(0)" */
	struct ntp_label refid;
	uint8_t leap, stratum, hmode, pmode, hpoll, ppoll;
	int8_t precision;
	uint8_t candidate; /* the selection, 0..7, once more */
	uint32_t reach, flash;
	int64_t rootdelay_ns, rootdisp_ns, offset_ns, delay_ns, dispersion_ns, jitter_ns;
	struct ntp_stamp reftime, rec, xmt, org;
	uint64_t unreach;                /* polls without an answer */
	int64_t timer_s;                 /* to the next poll; may have passed */
	uint64_t timerec_s, timereach_s; /* since a packet; since it was reachable */
	int64_t headway_s;               /* of the rate control; may be negative */
	int32_t ntscookies;              /* left; -1 without NTS; NTPsec */
	uint64_t received, sent, badauth, bogusorg, oldpkt, seldisp, selbroken;

	uint32_t keyid;         /* 0 none; of Autokey it changes */
	int32_t ttl;            /* hops; of a reference clock its mode; ntp.org */
	uint32_t refclock_mode; /* NTPsec */
	int64_t bias_ns, xleave_ns;
	uint8_t config;     /* 0: preemptible */
	uint8_t authenable; /* as sent, the wrong way round: 1 is without a key */
	uint8_t authentic;  /* the last packet was */
	int64_t rate_in_milli, rate_out_milli; /* data rates; no counters of packets */

	/* Eight samples each; NTPsec 1.2.2 rarely sends them so that they can be read. */
	struct ntp_filter filtdelay, filtoffset, filtdisp;

	/* Autokey, of ntp.org. */
	uint32_t autokey_flags, autokey_initkey;
	int32_t autokey_initsequence;
	int64_t autokey_timestamp_s; /* Unix seconds; 0 unknown */
	struct ntp_label autokey_host, autokey_ident;
	struct ntp_word autokey_signature;

	/* What stands for an IPv6 srcadr in the reference ids of others
	 * (mode6/auth.h). */
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

/* The place of the first of peers[0..n), which ascend by id, with at least that id; n
 * when there is none. */
size_t ntp_peers_from(const struct ntp_peer *peers, size_t n, uint32_t id);

/* Puts values right that daemons of these kinds (enum ntp_kind) are known to print
 * wrongly; what cannot be put right is absent. For values just read, once. */
void ntp_peer_correct(struct ntp_peer *p, unsigned kinds);

/* A reference clock, by its address 127.127.t.u; *type_out, when not NULL, is t. */
bool ntp_peer_is_refclock(const struct ntp_peer *p, uint8_t *type_out);

/* What an operator calls this association: the configured host name, else the clock's
 * name, else its description, else the address. Copies valid UTF-8 to out[0..cap) and
 * returns the length; 0 when nothing is known. */
size_t ntp_peer_name(const struct ntp_peer *p, char *out, size_t cap);

#endif
