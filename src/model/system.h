/* SPDX-License-Identifier: BSD-2-Clause */
/* What an NTP daemon says of itself: its system variables, typed. */
#ifndef MODEL_SYSTEM_H
#define MODEL_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

#include "model/raw.h"
#include "model/vars.h"

/* One enumerator per row of ntp_system_vars, in its order; the number in `seen`. */
enum ntp_system_var {
	NTP_SYS_LEAP,
	NTP_SYS_STRATUM,
	NTP_SYS_PRECISION,
	NTP_SYS_ROOTDELAY,
	NTP_SYS_ROOTDISP,
	NTP_SYS_REFID,
	NTP_SYS_REFTIME,
	NTP_SYS_CLOCK,
	NTP_SYS_PEER,
	NTP_SYS_TC,
	NTP_SYS_MINTC,
	NTP_SYS_OFFSET,
	NTP_SYS_FREQUENCY,
	NTP_SYS_SYS_JITTER,
	NTP_SYS_CLK_JITTER,
	NTP_SYS_CLK_WANDER,
	NTP_SYS_TAI,
	NTP_SYS_LEAPSEC,
	NTP_SYS_EXPIRE,
	NTP_SYS_SS_UPTIME,
	NTP_SYS_SS_RESET,
	NTP_SYS_SS_RECEIVED,
	NTP_SYS_SS_BADFORMAT,
	NTP_SYS_SS_BADAUTH,
	NTP_SYS_SS_DECLINED,
	NTP_SYS_SS_RECEIVED_R,
	NTP_SYS_SS_BADFORMAT_R,
	NTP_SYS_SS_BADAUTH_R,
	NTP_SYS_SS_DECLINED_R,
	NTP_SYS_IOSTATS_RESET,
	NTP_SYS_IO_SENT,
	NTP_SYS_VERSION,
	NTP_SYS_PROCESSOR,
	NTP_SYS_SYSTEM,
	NTP_SYS_RELEASE,
	NTP_SYS_VAR_COUNT
};

struct ntp_system {
	struct ntp_seen seen; /* enum ntp_system_var */
	uint16_t status;      /* system status word of the last answer */
	bool has_status;

	uint8_t leap;      /* 0..3 */
	uint8_t stratum;   /* 0..255 as sent */
	int8_t precision;  /* log2 s */
	uint8_t tc, mintc; /* log2 s */
	int64_t rootdelay_ns, rootdisp_ns, offset_ns, sys_jitter_ns, clk_jitter_ns;
	int64_t frequency, clk_wander; /* 10^-12 (ppm with six decimals) */
	struct ntp_label refid;
	struct ntp_stamp reftime, clock;
	uint16_t peer; /* association id of the system peer; 0 none */
	uint32_t tai;
	int64_t leapsec_s, expire_s; /* Unix seconds; 0 unknown */
	uint64_t ss_uptime_s, ss_reset_s, iostats_reset_s;
	uint64_t ss_received, ss_badformat, ss_badauth, ss_declined; /* since ss_reset */
	/* NTPsec: totals */
	uint64_t ss_received_r, ss_badformat_r, ss_badauth_r, ss_declined_r;
	uint64_t io_sent; /* since iostats_reset */
	struct ntp_text version, processor, system, release;

	/* Groups that were asked for in this cycle or a former one: bit i is enum
	 * ntp_var_group i. */
	uint32_t groups;

	/* All that was asked for and answered, as text; the snapshot's. */
	struct ntp_raw *raw;
};

extern const struct ntp_var_table ntp_system_vars;

bool ntp_system_has(const struct ntp_system *s, enum ntp_system_var var);

/* Which family of daemon `version` names. */
enum ntp_family { NTP_FAMILY_UNKNOWN, NTP_FAMILY_NTPORG, NTP_FAMILY_NTPSEC };
enum ntp_family ntp_system_family(const struct ntp_system *s);
/* Which kinds (enum ntp_kind) it may be; NTP_KIND_ANY when `version` does not tell. */
unsigned ntp_system_kinds(const struct ntp_system *s);

#endif
