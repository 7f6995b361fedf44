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
	NTP_PEER_VAR_COUNT
};

/* Variables of a reference clock (READCLOCK); numbers in ntp_clock.seen. */
enum ntp_clock_var { NTP_CLOCK_NAME, NTP_CLOCK_DEVICE, NTP_CLOCK_VAR_COUNT };

struct ntp_clock {
	struct ntp_seen seen; /* enum ntp_clock_var */
	struct ntp_label name, device;
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
