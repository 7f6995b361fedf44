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
	NTP_SYS_ROOTDIST,
	NTP_SYS_STATE,
	NTP_SYS_SS_UPTIME,
	NTP_SYS_SS_RESET,
	NTP_SYS_SS_RECEIVED,
	NTP_SYS_SS_BADFORMAT,
	NTP_SYS_SS_BADAUTH,
	NTP_SYS_SS_DECLINED,
	NTP_SYS_SS_THISVER,
	NTP_SYS_SS_OLDVER,
	NTP_SYS_SS_RESTRICTED,
	NTP_SYS_SS_LIMITED,
	NTP_SYS_SS_KODSENT,
	NTP_SYS_SS_PROCESSED,
	NTP_SYS_SS_LAMPORT,
	NTP_SYS_SS_TSROUNDING,
	NTP_SYS_SS_RECEIVED_R,
	NTP_SYS_SS_BADFORMAT_R,
	NTP_SYS_SS_BADAUTH_R,
	NTP_SYS_SS_DECLINED_R,
	NTP_SYS_SS_THISVER_R,
	NTP_SYS_SS_OLDVER_R,
	NTP_SYS_SS_RESTRICTED_R,
	NTP_SYS_SS_LIMITED_R,
	NTP_SYS_SS_KODSENT_R,
	NTP_SYS_SS_PROCESSED_R,
	NTP_SYS_IOSTATS_RESET,
	NTP_SYS_IO_SENT,
	NTP_SYS_IO_RECEIVED,
	NTP_SYS_IO_DROPPED,
	NTP_SYS_IO_IGNORED,
	NTP_SYS_IO_SENDFAILED,
	NTP_SYS_IO_WAKEUPS,
	NTP_SYS_VERSION,
	NTP_SYS_PROCESSOR,
	NTP_SYS_SYSTEM,
	NTP_SYS_RELEASE,
	NTP_SYS_DAEMON_VERSION,
	NTP_SYS_SETTIMEOFDAY,
	NTP_SYS_SS_RESET_R,
	NTP_SYS_SS_VER1,
	NTP_SYS_SS_VER1_R,
	NTP_SYS_SS_VER1CLIENT,
	NTP_SYS_SS_VER1CLIENT_R,
	NTP_SYS_SS_VER1ZERO,
	NTP_SYS_SS_VER1ZERO_R,
	NTP_SYS_SS_VER1SYMM,
	NTP_SYS_SS_VER1SYMM_R,
	NTP_SYS_SS_NUMCTLREQ,
	NTP_SYS_TOTAL_RBUF,
	NTP_SYS_FREE_RBUF,
	NTP_SYS_USED_RBUF,
	NTP_SYS_RBUF_LOWATER,
	NTP_SYS_IO_GOODWAKEUPS,
	NTP_SYS_IO_PKT_READS,
	NTP_SYS_IO_REF_READS,
	NTP_SYS_TIMERSTATS_RESET,
	NTP_SYS_TIMER_OVERRUNS,
	NTP_SYS_TIMER_XMTS,
	NTP_SYS_PEERADR,
	NTP_SYS_PEERMODE,
	NTP_SYS_BCASTDELAY,
	NTP_SYS_FUZZ,
	NTP_SYS_TICK,
	NTP_SYS_CLK_WANDER_THRESHOLD,
	NTP_SYS_LOCKCLOCK,
	NTP_SYS_LEAPSMEARINTERVAL,
	NTP_SYS_LEAPSMEAROFFSET,
	NTP_SYS_KOFFSET,
	NTP_SYS_KFREQ,
	NTP_SYS_KMAXERR,
	NTP_SYS_KESTERR,
	NTP_SYS_KSTFLAGS,
	NTP_SYS_KTIMECONST,
	NTP_SYS_KPRECIS,
	NTP_SYS_KFREQTOL,
	NTP_SYS_KPPSFREQ,
	NTP_SYS_KPPSSTAB,
	NTP_SYS_KPPSJITTER,
	NTP_SYS_KPPSCALIBDUR,
	NTP_SYS_KPPSCALIBS,
	NTP_SYS_KPPSCALIBERRS,
	NTP_SYS_KPPSJITEXC,
	NTP_SYS_KPPSSTBEXC,
	NTP_SYS_MRU_ENABLED,
	NTP_SYS_MRU_DEPTH,
	NTP_SYS_MRU_DEEPEST,
	NTP_SYS_MRU_MINDEPTH,
	NTP_SYS_MRU_MAXDEPTH,
	NTP_SYS_MRU_MAXAGE,
	NTP_SYS_MRU_MEM,
	NTP_SYS_MRU_MAXMEM,
	NTP_SYS_MRU_MINAGE,
	NTP_SYS_MRU_HASHSLOTS,
	NTP_SYS_MRU_EXISTS,
	NTP_SYS_MRU_NEW,
	NTP_SYS_MRU_RECYCLEOLD,
	NTP_SYS_MRU_RECYCLEFULL,
	NTP_SYS_MRU_NONE,
	NTP_SYS_MRU_OLDEST_AGE,
	NTP_SYS_AUTHDELAY,
	NTP_SYS_AUTHRESET,
	NTP_SYS_AUTHKEYS,
	NTP_SYS_AUTHFREEK,
	NTP_SYS_AUTHKLOOKUPS,
	NTP_SYS_AUTHKNOTFOUND,
	NTP_SYS_AUTHENCRYPTS,
	NTP_SYS_AUTHDECRYPTS,
	NTP_SYS_AUTHKUNCACHED,
	NTP_SYS_AUTHKEXPIRED,
	NTP_SYS_AUTHDIGESTENCRYPTS,
	NTP_SYS_AUTHCMACENCRYPTS,
	NTP_SYS_AUTHDIGESTDECRYPTS,
	NTP_SYS_AUTHDIGESTFAILS,
	NTP_SYS_AUTHCMACDECRYPTS,
	NTP_SYS_AUTHCMACFAILS,
	NTP_SYS_NTS_CLIENT_SEND,
	NTP_SYS_NTS_CLIENT_RECV_GOOD,
	NTP_SYS_NTS_CLIENT_RECV_BAD,
	NTP_SYS_NTS_SERVER_SEND,
	NTP_SYS_NTS_SERVER_RECV_GOOD,
	NTP_SYS_NTS_SERVER_RECV_BAD,
	NTP_SYS_NTS_COOKIE_MAKE,
	NTP_SYS_NTS_COOKIE_DECODE_OLD,
	NTP_SYS_NTS_COOKIE_DECODE_OLD2,
	NTP_SYS_NTS_COOKIE_DECODE_OLDER,
	NTP_SYS_NTS_COOKIE_DECODE_TOO_OLD,
	NTP_SYS_NTS_COOKIE_DECODE_ERROR,
	NTP_SYS_NTS_KE_SERVES_GOOD,
	NTP_SYS_NTS_KE_SERVES_BAD,
	NTP_SYS_NTS_KE_PROBES_GOOD,
	NTP_SYS_NTS_KE_PROBES_BAD,
	NTP_SYS_NTS_COOKIE_NOT_SERVER,
	NTP_SYS_NTS_COOKIE_DECODE_TOTAL,
	NTP_SYS_NTS_COOKIE_DECODE_CURRENT,
	NTP_SYS_NTS_KE_SERVES_NOSSL,
	NTP_SYS_NTS_KE_SERVES_GOOD_WALL,
	NTP_SYS_NTS_KE_SERVES_GOOD_CPU,
	NTP_SYS_NTS_KE_SERVES_NOSSL_WALL,
	NTP_SYS_NTS_KE_SERVES_NOSSL_CPU,
	NTP_SYS_NTS_KE_SERVES_BAD_WALL,
	NTP_SYS_NTS_KE_SERVES_BAD_CPU,
	NTP_SYS_NTS_CLIENT_SEND_R,
	NTP_SYS_NTS_CLIENT_RECV_GOOD_R,
	NTP_SYS_NTS_CLIENT_RECV_BAD_R,
	NTP_SYS_NTS_SERVER_SEND_R,
	NTP_SYS_NTS_SERVER_RECV_GOOD_R,
	NTP_SYS_NTS_SERVER_RECV_BAD_R,
	NTP_SYS_NTS_COOKIE_MAKE_R,
	NTP_SYS_NTS_COOKIE_DECODE_OLD_R,
	NTP_SYS_NTS_COOKIE_DECODE_OLD2_R,
	NTP_SYS_NTS_COOKIE_DECODE_OLDER_R,
	NTP_SYS_NTS_COOKIE_DECODE_TOO_OLD_R,
	NTP_SYS_NTS_COOKIE_DECODE_ERROR_R,
	NTP_SYS_NTS_KE_SERVES_GOOD_R,
	NTP_SYS_NTS_KE_SERVES_BAD_R,
	NTP_SYS_NTS_KE_PROBES_GOOD_R,
	NTP_SYS_NTS_KE_PROBES_BAD_R,
	NTP_SYS_NTS_COOKIE_NOT_SERVER_R,
	NTP_SYS_NTS_COOKIE_DECODE_TOTAL_R,
	NTP_SYS_NTS_COOKIE_DECODE_CURRENT_R,
	NTP_SYS_NTS_KE_SERVES_NOSSL_R,
	NTP_SYS_NTS_KE_SERVES_GOOD_WALL_R,
	NTP_SYS_NTS_KE_SERVES_GOOD_CPU_R,
	NTP_SYS_NTS_KE_SERVES_NOSSL_WALL_R,
	NTP_SYS_NTS_KE_SERVES_NOSSL_CPU_R,
	NTP_SYS_NTS_KE_SERVES_BAD_WALL_R,
	NTP_SYS_NTS_KE_SERVES_BAD_CPU_R,
	NTP_SYS_MSSNTP_SERVES,
	NTP_SYS_MSSNTP_SERVES_NO,
	NTP_SYS_MSSNTP_SERVES_ERR,
	NTP_SYS_MSSNTP_SERVES_GOOD,
	NTP_SYS_MSSNTP_SERVES_BAD,
	NTP_SYS_MSSNTP_SERVES_GOOD_WALL,
	NTP_SYS_MSSNTP_SERVES_GOOD_SLOWEST,
	NTP_SYS_MSSNTP_SERVES_BAD_WALL,
	NTP_SYS_MSSNTP_SERVES_BAD_SLOWEST,
	NTP_SYS_MSSNTP_SERVES_R,
	NTP_SYS_MSSNTP_SERVES_NO_R,
	NTP_SYS_MSSNTP_SERVES_ERR_R,
	NTP_SYS_MSSNTP_SERVES_GOOD_R,
	NTP_SYS_MSSNTP_SERVES_BAD_R,
	NTP_SYS_MSSNTP_SERVES_GOOD_WALL_R,
	NTP_SYS_MSSNTP_SERVES_GOOD_SLOWEST_R,
	NTP_SYS_MSSNTP_SERVES_BAD_WALL_R,
	NTP_SYS_MSSNTP_SERVES_BAD_SLOWEST_R,
	NTP_SYS_FLAGS,
	NTP_SYS_HOST,
	NTP_SYS_IDENT,
	NTP_SYS_DIGEST,
	NTP_SYS_SIGNATURE,
	NTP_SYS_UPDATE,
	NTP_SYS_HOSTKEY,
	NTP_SYS_LEAPSECONDS,
	NTP_SYS_CERT,
	NTP_SYS_VAR_COUNT
};

/* Counters of Network Time Security, of NTPsec. */
struct ntp_nts {
	uint64_t client_send, client_recv_good, client_recv_bad;
	uint64_t server_send, server_recv_good, server_recv_bad;
	uint64_t cookie_make, cookie_not_server;
	/* Total and current: since 1.2.3; old: made with the key before, and so on. */
	uint64_t cookie_decode_total, cookie_decode_current, cookie_decode_old;
	uint64_t cookie_decode_old2, cookie_decode_older, cookie_decode_too_old;
	uint64_t cookie_decode_error;
	uint64_t ke_serves_good, ke_serves_nossl, ke_serves_bad;
	uint64_t ke_probes_good, ke_probes_bad;
	int64_t ke_serves_good_wall_ns, ke_serves_good_cpu_ns;
	int64_t ke_serves_nossl_wall_ns, ke_serves_nossl_cpu_ns;
	int64_t ke_serves_bad_wall_ns, ke_serves_bad_cpu_ns;
};

/* Counters of signing for Windows domains, of NTPsec built for it. */
struct ntp_mssntp {
	uint64_t serves, serves_no, serves_err, serves_good, serves_bad;
	int64_t serves_good_wall_ns, serves_good_slowest_ns;
	int64_t serves_bad_wall_ns, serves_bad_slowest_ns;
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
	int64_t rootdist_ns;           /* NTPsec */
	int64_t frequency, clk_wander; /* 10^-12 (ppm with six decimals) */
	struct ntp_label refid;
	struct ntp_stamp reftime, clock;
	uint16_t peer; /* association id of the system peer; 0 none */
	uint32_t tai;
	int64_t leapsec_s, expire_s; /* Unix seconds; 0 unknown */
	uint8_t discipline;          /* its state, 0..5; ntp.org of 2005 */
	uint32_t leapsmearinterval_s;
	int64_t leapsmearoffset_ns;
	struct addr peeradr; /* of the system peer, with port; unspecified: none */
	uint8_t peermode;    /* its mode; 0 none */

	uint64_t ss_uptime_s, ss_reset_s, iostats_reset_s;
	/* Since ss_reset */
	uint64_t ss_received, ss_badformat, ss_badauth, ss_declined, ss_thisver;
	uint64_t ss_oldver, ss_restricted, ss_limited, ss_kodsent, ss_processed;
	uint64_t ss_ver1, ss_ver1client, ss_ver1zero, ss_ver1symm;
	uint64_t ss_lamport, ss_tsrounding; /* ntp.org */
	/* NTPsec: totals */
	uint64_t ss_reset_r_s; /* their age */
	uint64_t ss_received_r, ss_badformat_r, ss_badauth_r, ss_declined_r;
	uint64_t ss_thisver_r, ss_oldver_r, ss_restricted_r, ss_limited_r;
	uint64_t ss_kodsent_r, ss_processed_r;
	uint64_t ss_ver1_r, ss_ver1client_r, ss_ver1zero_r, ss_ver1symm_r;
	uint64_t ss_numctlreq; /* mode-6 requests */
	/* Since iostats_reset */
	uint64_t io_sent, io_received, io_dropped, io_ignored, io_sendfailed;
	uint64_t io_wakeups, io_goodwakeups, io_pkt_reads, io_ref_reads;
	uint64_t total_rbuf, free_rbuf, used_rbuf, rbuf_lowater; /* receive buffers */
	uint64_t timerstats_reset_s, timer_overruns, timer_xmts;
	int64_t bcastdelay_ns, fuzz_ns, tick_ns;
	int64_t clk_wander_threshold; /* 10^-12 */
	uint8_t lockclock;            /* the clock is disciplined by others */

	/* The kernel's clock discipline. koffset is what it still has to slew. */
	int64_t koffset_ns, kmaxerr_ns, kesterr_ns, kprecis_ns, kppsjitter_ns;
	int64_t kfreq, kfreqtol, kppsfreq, kppsstab; /* 10^-12 */
	uint32_t kstflags;                           /* bits as in timex.h */
	int32_t ktimeconst, kppscalibdur_s;
	int32_t kppscalibs, kppscaliberrs, kppsjitexc, kppsstbexc;

	/* The list of clients. */
	uint32_t mru_enabled;
	int32_t mru_maxage_s, mru_minage_s;
	uint64_t mru_depth, mru_deepest, mru_mindepth, mru_maxdepth;
	uint64_t mru_mem_kb, mru_maxmem_kb, mru_hashslots, mru_exists, mru_new;
	uint64_t mru_recycleold, mru_recyclefull, mru_none, mru_oldest_age_s;

	/* Symmetric keys. */
	int64_t authdelay_ns;
	uint64_t authreset_s, authkeys, authfreek, authklookups, authknotfound;
	uint64_t authkuncached, authkexpired, authencrypts, authdecrypts;
	uint64_t authdigestencrypts, authcmacencrypts, authdigestdecrypts;
	uint64_t authdigestfails, authcmacdecrypts, authcmacfails;

	struct ntp_nts nts, nts_recent; /* since start; since the last hour began */
	struct ntp_mssntp mssntp, mssntp_recent;

	/* Autokey, of ntp.org. */
	uint32_t autokey_flags; /* the digest's number << 16, and bits */
	struct ntp_label autokey_host, autokey_ident;
	struct ntp_word autokey_digest, autokey_signature;
	/* Unix seconds; 0 unknown. The last two: of 2005. */
	int64_t autokey_update_s, autokey_hostkey_s, autokey_leapseconds_s;
	struct ntp_certs autokey_certs;

	struct ntp_text version, processor, system, release, daemon_version;
	struct ntp_label settimeofday; /* how the clock is set */

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

/* The patch level of a version of ntp.org: 15 of 4.2.8p15. False when it has none. */
bool ntp_system_patch(const struct ntp_system *s, uint32_t *out);

/* It is ntp.org's, and its version before that one, of which 4002008 is 4.2.8. */
bool ntp_system_is_before(const struct ntp_system *s, uint32_t version);

/* Puts values right that daemons of these kinds are known to print wrongly; what cannot
 * be put right is absent. For values just read, once. */
void ntp_system_correct(struct ntp_system *s, unsigned kinds);

#endif
