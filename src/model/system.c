/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the system variables. */
#include "model/system.h"

#include <string.h>

#include "base/scan.h"

/* Kinds of daemons that know a variable. */
enum {
	ANY = NTP_KIND_ANY,
	OLD = NTP_KIND_OLD,
	SEC122 = NTP_KIND_SEC122,
	SEC123 = NTP_KIND_SEC,
	SINCE428 = NTP_KIND_428,
	SINCE426 = NTP_KIND_426 | NTP_KIND_428,
	ORG = OLD | SINCE426,
	SECS = SEC122 | SEC123,
	NEW = SINCE426 | SECS,
	STAT = SINCE428 | SECS,
	DROPPED = SINCE428 | SEC122, /* and no longer, or wrong, in NTPsec since 1.2.3 */
};

#define ROW(kind, name, member, group, ...) \
	NTP_ROW_##kind(ntp_system, name, member, NTP_GROUP_##group, .kinds = __VA_ARGS__)
#define ALIAS(var, kind, name, member, group, ...) \
	NTP_ROW_##kind(ntp_system, name, member, NTP_GROUP_##group, \
	    .alias = NTP_SYS_##var + 1, .kinds = __VA_ARGS__)

static const struct ntp_var rows[] = {
	[NTP_SYS_LEAP] = ROW(LEAP, "leap", leap, STATE, ANY),
	[NTP_SYS_STRATUM] = ROW(U8, "stratum", stratum, STATE, ANY),
	[NTP_SYS_PRECISION] = ROW(I8, "precision", precision, STATE, ANY),
	[NTP_SYS_ROOTDELAY] = ROW(MS, "rootdelay", rootdelay_ns, STATE, ANY),
	[NTP_SYS_ROOTDISP] = ROW(MS, "rootdisp", rootdisp_ns, STATE, NEW),
	[NTP_SYS_REFID] = ROW(LABEL, "refid", refid, STATE, ANY),
	[NTP_SYS_REFTIME] = ROW(STAMP, "reftime", reftime, STATE, ANY),
	[NTP_SYS_CLOCK] = ROW(STAMP, "clock", clock, STATE, ANY),
	[NTP_SYS_PEER] = ROW(U16, "peer", peer, STATE, ANY),
	[NTP_SYS_TC] = ROW(U8, "tc", tc, STATE, NEW),
	[NTP_SYS_MINTC] = ROW(U8, "mintc", mintc, STATE, NEW),
	[NTP_SYS_OFFSET] = ROW(MS, "offset", offset_ns, STATE, ANY),
	[NTP_SYS_FREQUENCY] = ROW(PPM, "frequency", frequency, STATE, ANY),
	[NTP_SYS_SYS_JITTER] = ROW(MS, "sys_jitter", sys_jitter_ns, STATE, NEW),
	[NTP_SYS_CLK_JITTER] = ROW(MS, "clk_jitter", clk_jitter_ns, STATE, NEW),
	[NTP_SYS_CLK_WANDER] = ROW(PPM, "clk_wander", clk_wander, STATE, NEW),
	[NTP_SYS_TAI] = ROW(U32, "tai", tai, STATE, ANY),
	[NTP_SYS_LEAPSEC] = ROW(CALENDAR, "leapsec", leapsec_s, STATE, NEW),
	[NTP_SYS_EXPIRE] = ROW(CALENDAR, "expire", expire_s, STATE, NEW),
	[NTP_SYS_ROOTDIST] = ROW(MS, "rootdist", rootdist_ns, STATE, SECS),
	[NTP_SYS_STATE] = ROW(U8, "state", discipline, STATE, OLD),
	[NTP_SYS_SS_UPTIME] = ROW(U64, "ss_uptime", ss_uptime_s, COUNTERS, STAT),
	[NTP_SYS_SS_RESET] = ROW(U64, "ss_reset", ss_reset_s, COUNTERS, STAT),
	[NTP_SYS_SS_RECEIVED] = ROW(U64, "ss_received", ss_received, COUNTERS, STAT),
	[NTP_SYS_SS_BADFORMAT] = ROW(U64, "ss_badformat", ss_badformat, COUNTERS, STAT),
	[NTP_SYS_SS_BADAUTH] = ROW(U64, "ss_badauth", ss_badauth, COUNTERS, STAT),
	[NTP_SYS_SS_DECLINED] = ROW(U64, "ss_declined", ss_declined, COUNTERS, STAT),
	[NTP_SYS_SS_THISVER] = ROW(U64, "ss_thisver", ss_thisver, COUNTERS, STAT),
	[NTP_SYS_SS_OLDVER] = ROW(U64, "ss_oldver", ss_oldver, COUNTERS, STAT),
	[NTP_SYS_SS_RESTRICTED] =
	    ROW(U64, "ss_restricted", ss_restricted, COUNTERS, STAT),
	[NTP_SYS_SS_LIMITED] = ROW(U64, "ss_limited", ss_limited, COUNTERS, STAT),
	[NTP_SYS_SS_KODSENT] = ROW(U64, "ss_kodsent", ss_kodsent, COUNTERS, STAT),
	[NTP_SYS_SS_PROCESSED] = ROW(U64, "ss_processed", ss_processed, COUNTERS, STAT),
	[NTP_SYS_SS_LAMPORT] = ROW(U64, "ss_lamport", ss_lamport, COUNTERS, SINCE428),
	[NTP_SYS_SS_TSROUNDING] =
	    ROW(U64, "ss_tsrounding", ss_tsrounding, COUNTERS, SINCE428),
	[NTP_SYS_SS_RECEIVED_R] =
	    ROW(U64, "ss_received_r", ss_received_r, COUNTERS, SECS),
	[NTP_SYS_SS_BADFORMAT_R] =
	    ROW(U64, "ss_badformat_r", ss_badformat_r, COUNTERS, SECS),
	[NTP_SYS_SS_BADAUTH_R] = ROW(U64, "ss_badauth_r", ss_badauth_r, COUNTERS, SECS),
	[NTP_SYS_SS_DECLINED_R] =
	    ROW(U64, "ss_declined_r", ss_declined_r, COUNTERS, SECS),
	[NTP_SYS_SS_THISVER_R] = ROW(U64, "ss_thisver_r", ss_thisver_r, COUNTERS, SECS),
	[NTP_SYS_SS_OLDVER_R] = ROW(U64, "ss_oldver_r", ss_oldver_r, COUNTERS, SECS),
	[NTP_SYS_SS_RESTRICTED_R] =
	    ROW(U64, "ss_restricted_r", ss_restricted_r, COUNTERS, SECS),
	[NTP_SYS_SS_LIMITED_R] = ROW(U64, "ss_limited_r", ss_limited_r, COUNTERS, SECS),
	[NTP_SYS_SS_KODSENT_R] = ROW(U64, "ss_kodsent_r", ss_kodsent_r, COUNTERS, SECS),
	[NTP_SYS_SS_PROCESSED_R] =
	    ROW(U64, "ss_processed_r", ss_processed_r, COUNTERS, SECS),
	[NTP_SYS_IOSTATS_RESET] =
	    ROW(U64, "iostats_reset", iostats_reset_s, COUNTERS, STAT),
	[NTP_SYS_IO_SENT] = ROW(U64, "io_sent", io_sent, COUNTERS, STAT),
	[NTP_SYS_IO_RECEIVED] = ROW(U64, "io_received", io_received, COUNTERS, STAT),
	[NTP_SYS_IO_DROPPED] = ROW(U64, "io_dropped", io_dropped, COUNTERS, STAT),
	[NTP_SYS_IO_IGNORED] = ROW(U64, "io_ignored", io_ignored, COUNTERS, STAT),
	[NTP_SYS_IO_SENDFAILED] =
	    ROW(U64, "io_sendfailed", io_sendfailed, COUNTERS, STAT),
	[NTP_SYS_IO_WAKEUPS] = ROW(U64, "io_wakeups", io_wakeups, COUNTERS, STAT),
	[NTP_SYS_VERSION] = ROW(TEXT, "version", version, IDENTITY, ANY),
	[NTP_SYS_PROCESSOR] = ROW(TEXT, "processor", processor, IDENTITY, ANY),
	[NTP_SYS_SYSTEM] = ROW(TEXT, "system", system, IDENTITY, ANY),
	[NTP_SYS_RELEASE] = ROW(TEXT, "release", release, IDENTITY, SEC123),
	[NTP_SYS_DAEMON_VERSION] =
	    ROW(TEXT, "daemon_version", daemon_version, IDENTITY, ANY),
	[NTP_SYS_SETTIMEOFDAY] = ROW(LABEL, "settimeofday", settimeofday, IDENTITY, ANY),
	[NTP_SYS_SS_RESET_R] = ROW(U64, "ss_reset_r", ss_reset_r_s, SLOW, SECS),
	[NTP_SYS_SS_VER1] = ROW(U64, "ss_ver1", ss_ver1, SLOW, SECS),
	[NTP_SYS_SS_VER1_R] = ROW(U64, "ss_ver1_r", ss_ver1_r, SLOW, SECS),
	[NTP_SYS_SS_VER1CLIENT] = ROW(U64, "ss_ver1client", ss_ver1client, SLOW, SECS),
	[NTP_SYS_SS_VER1CLIENT_R] =
	    ROW(U64, "ss_ver1client_r", ss_ver1client_r, SLOW, SECS),
	[NTP_SYS_SS_VER1ZERO] = ROW(U64, "ss_ver1zero", ss_ver1zero, SLOW, SECS),
	[NTP_SYS_SS_VER1ZERO_R] = ROW(U64, "ss_ver1zero_r", ss_ver1zero_r, SLOW, SECS),
	[NTP_SYS_SS_VER1SYMM] = ROW(U64, "ss_ver1symm", ss_ver1symm, SLOW, SECS),
	[NTP_SYS_SS_VER1SYMM_R] = ROW(U64, "ss_ver1symm_r", ss_ver1symm_r, SLOW, SECS),
	[NTP_SYS_SS_NUMCTLREQ] = ROW(U64, "ss_numctlreq", ss_numctlreq, SLOW, SECS),
	[NTP_SYS_TOTAL_RBUF] = ROW(U64, "total_rbuf", total_rbuf, SLOW, STAT),
	[NTP_SYS_FREE_RBUF] = ROW(U64, "free_rbuf", free_rbuf, SLOW, STAT),
	[NTP_SYS_USED_RBUF] = ROW(U64, "used_rbuf", used_rbuf, SLOW, SINCE428),
	[NTP_SYS_RBUF_LOWATER] = ROW(U64, "rbuf_lowater", rbuf_lowater, SLOW, DROPPED),
	[NTP_SYS_IO_GOODWAKEUPS] =
	    ROW(U64, "io_goodwakeups", io_goodwakeups, SLOW, DROPPED),
	[NTP_SYS_IO_PKT_READS] = ROW(U64, "io_pkt_reads", io_pkt_reads, SLOW, SEC123),
	[NTP_SYS_IO_REF_READS] = ROW(U64, "io_ref_reads", io_ref_reads, SLOW, SEC123),
	[NTP_SYS_TIMERSTATS_RESET] =
	    ROW(U64, "timerstats_reset", timerstats_reset_s, SLOW, STAT),
	[NTP_SYS_TIMER_OVERRUNS] = ROW(U64, "timer_overruns", timer_overruns, SLOW, STAT),
	[NTP_SYS_TIMER_XMTS] = ROW(U64, "timer_xmts", timer_xmts, SLOW, STAT),
	[NTP_SYS_PEERADR] = ROW(SOCKET, "peeradr", peeradr, SLOW, STAT),
	[NTP_SYS_PEERMODE] = ROW(MODE, "peermode", peermode, SLOW, STAT),
	[NTP_SYS_BCASTDELAY] = ROW(MS, "bcastdelay", bcastdelay_ns, SLOW, SINCE428),
	[NTP_SYS_FUZZ] = ROW(MS, "fuzz", fuzz_ns, SLOW, DROPPED),
	[NTP_SYS_TICK] = ROW(MS, "tick", tick_ns, SLOW, SEC122),
	[NTP_SYS_CLK_WANDER_THRESHOLD] =
	    ROW(PPM, "clk_wander_threshold", clk_wander_threshold, SLOW, DROPPED),
	[NTP_SYS_LOCKCLOCK] = ROW(U8, "lockclock", lockclock, SLOW, SECS),
	[NTP_SYS_LEAPSMEARINTERVAL] =
	    ROW(U32, "leapsmearinterval", leapsmearinterval_s, SLOW, STAT),
	[NTP_SYS_LEAPSMEAROFFSET] =
	    ROW(MS, "leapsmearoffset", leapsmearoffset_ns, SLOW, STAT),
	[NTP_SYS_KOFFSET] = ROW(MS, "koffset", koffset_ns, KERNEL, STAT),
	[NTP_SYS_KFREQ] = ROW(PPM, "kfreq", kfreq, KERNEL, STAT),
	[NTP_SYS_KMAXERR] = ROW(MS, "kmaxerr", kmaxerr_ns, KERNEL, STAT),
	[NTP_SYS_KESTERR] = ROW(MS, "kesterr", kesterr_ns, KERNEL, STAT),
	[NTP_SYS_KSTFLAGS] = ROW(KSTATUS, "kstflags", kstflags, KERNEL, STAT),
	[NTP_SYS_KTIMECONST] = ROW(WHOLE, "ktimeconst", ktimeconst, KERNEL, STAT),
	[NTP_SYS_KPRECIS] = ROW(MS, "kprecis", kprecis_ns, KERNEL, STAT),
	[NTP_SYS_KFREQTOL] = ROW(PPM, "kfreqtol", kfreqtol, KERNEL, STAT),
	[NTP_SYS_KPPSFREQ] = ROW(PPM, "kppsfreq", kppsfreq, KERNEL, STAT),
	[NTP_SYS_KPPSSTAB] = ROW(PPM, "kppsstab", kppsstab, KERNEL, STAT),
	[NTP_SYS_KPPSJITTER] = ROW(MS, "kppsjitter", kppsjitter_ns, KERNEL, STAT),
	[NTP_SYS_KPPSCALIBDUR] = ROW(WHOLE, "kppscalibdur", kppscalibdur_s, KERNEL, STAT),
	[NTP_SYS_KPPSCALIBS] = ROW(WHOLE, "kppscalibs", kppscalibs, KERNEL, STAT),
	[NTP_SYS_KPPSCALIBERRS] =
	    ROW(WHOLE, "kppscaliberrs", kppscaliberrs, KERNEL, STAT),
	[NTP_SYS_KPPSJITEXC] = ROW(WHOLE, "kppsjitexc", kppsjitexc, KERNEL, STAT),
	[NTP_SYS_KPPSSTBEXC] = ROW(WHOLE, "kppsstbexc", kppsstbexc, KERNEL, STAT),
	[NTP_SYS_MRU_ENABLED] = ROW(U32, "mru_enabled", mru_enabled, MRU, STAT),
	[NTP_SYS_MRU_DEPTH] = ROW(U64, "mru_depth", mru_depth, MRU, STAT),
	[NTP_SYS_MRU_DEEPEST] = ROW(U64, "mru_deepest", mru_deepest, MRU, STAT),
	[NTP_SYS_MRU_MINDEPTH] = ROW(U64, "mru_mindepth", mru_mindepth, MRU, STAT),
	[NTP_SYS_MRU_MAXDEPTH] = ROW(U64, "mru_maxdepth", mru_maxdepth, MRU, STAT),
	[NTP_SYS_MRU_MAXAGE] = ROW(I32, "mru_maxage", mru_maxage_s, MRU, STAT),
	[NTP_SYS_MRU_MEM] = ROW(U64, "mru_mem", mru_mem_kb, MRU, STAT),
	[NTP_SYS_MRU_MAXMEM] = ROW(U64, "mru_maxmem", mru_maxmem_kb, MRU, STAT),
	[NTP_SYS_MRU_MINAGE] = ROW(I32, "mru_minage", mru_minage_s, MRU, SECS),
	[NTP_SYS_MRU_HASHSLOTS] = ROW(U64, "mru_hashslots", mru_hashslots, MRU, SECS),
	[NTP_SYS_MRU_EXISTS] = ROW(U64, "mru_exists", mru_exists, MRU, SECS),
	[NTP_SYS_MRU_NEW] = ROW(U64, "mru_new", mru_new, MRU, SECS),
	[NTP_SYS_MRU_RECYCLEOLD] = ROW(U64, "mru_recycleold", mru_recycleold, MRU, SECS),
	[NTP_SYS_MRU_RECYCLEFULL] =
	    ROW(U64, "mru_recyclefull", mru_recyclefull, MRU, SECS),
	[NTP_SYS_MRU_NONE] = ROW(U64, "mru_none", mru_none, MRU, SECS),
	[NTP_SYS_MRU_OLDEST_AGE] =
	    ROW(U64, "mru_oldest_age", mru_oldest_age_s, MRU, SECS),
	[NTP_SYS_AUTHDELAY] = ROW(MS, "authdelay", authdelay_ns, AUTH, STAT),
	[NTP_SYS_AUTHRESET] = ROW(U64, "authreset", authreset_s, AUTH, STAT),
	[NTP_SYS_AUTHKEYS] = ROW(U64, "authkeys", authkeys, AUTH, STAT),
	[NTP_SYS_AUTHFREEK] = ROW(U64, "authfreek", authfreek, AUTH, STAT),
	[NTP_SYS_AUTHKLOOKUPS] = ROW(U64, "authklookups", authklookups, AUTH, STAT),
	[NTP_SYS_AUTHKNOTFOUND] = ROW(U64, "authknotfound", authknotfound, AUTH, STAT),
	[NTP_SYS_AUTHENCRYPTS] = ROW(U64, "authencrypts", authencrypts, AUTH, STAT),
	[NTP_SYS_AUTHDECRYPTS] = ROW(U64, "authdecrypts", authdecrypts, AUTH, STAT),
	[NTP_SYS_AUTHKUNCACHED] =
	    ROW(U64, "authkuncached", authkuncached, AUTH, SINCE428),
	[NTP_SYS_AUTHKEXPIRED] = ROW(U64, "authkexpired", authkexpired, AUTH, SINCE428),
	[NTP_SYS_AUTHDIGESTENCRYPTS] =
	    ROW(U64, "authdigestencrypts", authdigestencrypts, AUTH, SECS),
	[NTP_SYS_AUTHCMACENCRYPTS] =
	    ROW(U64, "authcmacencrypts", authcmacencrypts, AUTH, SECS),
	[NTP_SYS_AUTHDIGESTDECRYPTS] =
	    ROW(U64, "authdigestdecrypts", authdigestdecrypts, AUTH, SECS),
	[NTP_SYS_AUTHDIGESTFAILS] =
	    ROW(U64, "authdigestfails", authdigestfails, AUTH, SECS),
	[NTP_SYS_AUTHCMACDECRYPTS] =
	    ROW(U64, "authcmacdecrypts", authcmacdecrypts, AUTH, SECS),
	[NTP_SYS_AUTHCMACFAILS] = ROW(U64, "authcmacfails", authcmacfails, AUTH, SECS),
	[NTP_SYS_NTS_CLIENT_SEND] =
	    ROW(U64, "nts_client_send", nts.client_send, NTS, SECS),
	[NTP_SYS_NTS_CLIENT_RECV_GOOD] =
	    ROW(U64, "nts_client_recv_good", nts.client_recv_good, NTS, SECS),
	[NTP_SYS_NTS_CLIENT_RECV_BAD] =
	    ROW(U64, "nts_client_recv_bad", nts.client_recv_bad, NTS, SECS),
	[NTP_SYS_NTS_SERVER_SEND] =
	    ROW(U64, "nts_server_send", nts.server_send, NTS, SECS),
	[NTP_SYS_NTS_SERVER_RECV_GOOD] =
	    ROW(U64, "nts_server_recv_good", nts.server_recv_good, NTS, SECS),
	[NTP_SYS_NTS_SERVER_RECV_BAD] =
	    ROW(U64, "nts_server_recv_bad", nts.server_recv_bad, NTS, SECS),
	[NTP_SYS_NTS_COOKIE_MAKE] =
	    ROW(U64, "nts_cookie_make", nts.cookie_make, NTS, SECS),
	[NTP_SYS_NTS_COOKIE_DECODE_OLD] =
	    ROW(U64, "nts_cookie_decode_old", nts.cookie_decode_old, NTS, SECS),
	[NTP_SYS_NTS_COOKIE_DECODE_OLD2] =
	    ROW(U64, "nts_cookie_decode_old2", nts.cookie_decode_old2, NTS, SECS),
	[NTP_SYS_NTS_COOKIE_DECODE_OLDER] =
	    ROW(U64, "nts_cookie_decode_older", nts.cookie_decode_older, NTS, SECS),
	[NTP_SYS_NTS_COOKIE_DECODE_TOO_OLD] =
	    ROW(U64, "nts_cookie_decode_too_old", nts.cookie_decode_too_old, NTS, SECS),
	[NTP_SYS_NTS_COOKIE_DECODE_ERROR] =
	    ROW(U64, "nts_cookie_decode_error", nts.cookie_decode_error, NTS, SECS),
	[NTP_SYS_NTS_KE_SERVES_GOOD] =
	    ROW(U64, "nts_ke_serves_good", nts.ke_serves_good, NTS, SECS),
	[NTP_SYS_NTS_KE_SERVES_BAD] =
	    ROW(U64, "nts_ke_serves_bad", nts.ke_serves_bad, NTS, SECS),
	[NTP_SYS_NTS_KE_PROBES_GOOD] =
	    ROW(U64, "nts_ke_probes_good", nts.ke_probes_good, NTS, SECS),
	[NTP_SYS_NTS_KE_PROBES_BAD] =
	    ROW(U64, "nts_ke_probes_bad", nts.ke_probes_bad, NTS, SECS),
	[NTP_SYS_NTS_COOKIE_NOT_SERVER] =
	    ROW(U64, "nts_cookie_not_server", nts.cookie_not_server, NTS, SEC123),
	[NTP_SYS_NTS_COOKIE_DECODE_TOTAL] =
	    ROW(U64, "nts_cookie_decode_total", nts.cookie_decode_total, NTS, SEC123),
	[NTP_SYS_NTS_COOKIE_DECODE_CURRENT] =
	    ROW(U64, "nts_cookie_decode_current", nts.cookie_decode_current, NTS, SEC123),
	[NTP_SYS_NTS_KE_SERVES_NOSSL] =
	    ROW(U64, "nts_ke_serves_nossl", nts.ke_serves_nossl, NTS, SEC123),
	[NTP_SYS_NTS_KE_SERVES_GOOD_WALL] =
	    ROW(S, "nts_ke_serves_good_wall", nts.ke_serves_good_wall_ns, NTS, SEC123),
	[NTP_SYS_NTS_KE_SERVES_GOOD_CPU] =
	    ROW(S, "nts_ke_serves_good_cpu", nts.ke_serves_good_cpu_ns, NTS, SEC123),
	[NTP_SYS_NTS_KE_SERVES_NOSSL_WALL] =
	    ROW(S, "nts_ke_serves_nossl_wall", nts.ke_serves_nossl_wall_ns, NTS, SEC123),
	[NTP_SYS_NTS_KE_SERVES_NOSSL_CPU] =
	    ROW(S, "nts_ke_serves_nossl_cpu", nts.ke_serves_nossl_cpu_ns, NTS, SEC123),
	[NTP_SYS_NTS_KE_SERVES_BAD_WALL] =
	    ROW(S, "nts_ke_serves_bad_wall", nts.ke_serves_bad_wall_ns, NTS, SEC123),
	[NTP_SYS_NTS_KE_SERVES_BAD_CPU] =
	    ROW(S, "nts_ke_serves_bad_cpu", nts.ke_serves_bad_cpu_ns, NTS, SEC123),
	[NTP_SYS_NTS_CLIENT_SEND_R] =
	    ROW(U64, "nts_client_send_r", nts_recent.client_send, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_CLIENT_RECV_GOOD_R] = ROW(U64, "nts_client_recv_good_r",
	    nts_recent.client_recv_good, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_CLIENT_RECV_BAD_R] = ROW(U64, "nts_client_recv_bad_r",
	    nts_recent.client_recv_bad, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_SERVER_SEND_R] =
	    ROW(U64, "nts_server_send_r", nts_recent.server_send, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_SERVER_RECV_GOOD_R] = ROW(U64, "nts_server_recv_good_r",
	    nts_recent.server_recv_good, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_SERVER_RECV_BAD_R] = ROW(U64, "nts_server_recv_bad_r",
	    nts_recent.server_recv_bad, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_COOKIE_MAKE_R] =
	    ROW(U64, "nts_cookie_make_r", nts_recent.cookie_make, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_COOKIE_DECODE_OLD_R] = ROW(U64, "nts_cookie_decode_old_r",
	    nts_recent.cookie_decode_old, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_COOKIE_DECODE_OLD2_R] = ROW(U64, "nts_cookie_decode_old2_r",
	    nts_recent.cookie_decode_old2, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_COOKIE_DECODE_OLDER_R] = ROW(U64, "nts_cookie_decode_older_r",
	    nts_recent.cookie_decode_older, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_COOKIE_DECODE_TOO_OLD_R] = ROW(U64, "nts_cookie_decode_too_old_r",
	    nts_recent.cookie_decode_too_old, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_COOKIE_DECODE_ERROR_R] = ROW(U64, "nts_cookie_decode_error_r",
	    nts_recent.cookie_decode_error, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_SERVES_GOOD_R] = ROW(U64, "nts_ke_serves_good_r",
	    nts_recent.ke_serves_good, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_SERVES_BAD_R] =
	    ROW(U64, "nts_ke_serves_bad_r", nts_recent.ke_serves_bad, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_PROBES_GOOD_R] = ROW(U64, "nts_ke_probes_good_r",
	    nts_recent.ke_probes_good, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_PROBES_BAD_R] =
	    ROW(U64, "nts_ke_probes_bad_r", nts_recent.ke_probes_bad, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_COOKIE_NOT_SERVER_R] = ROW(U64, "nts_cookie_not_server_r",
	    nts_recent.cookie_not_server, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_COOKIE_DECODE_TOTAL_R] = ROW(U64, "nts_cookie_decode_total_r",
	    nts_recent.cookie_decode_total, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_COOKIE_DECODE_CURRENT_R] = ROW(U64, "nts_cookie_decode_current_r",
	    nts_recent.cookie_decode_current, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_SERVES_NOSSL_R] = ROW(U64, "nts_ke_serves_nossl_r",
	    nts_recent.ke_serves_nossl, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_SERVES_GOOD_WALL_R] = ROW(S, "nts_ke_serves_good_wall_r",
	    nts_recent.ke_serves_good_wall_ns, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_SERVES_GOOD_CPU_R] = ROW(S, "nts_ke_serves_good_cpu_r",
	    nts_recent.ke_serves_good_cpu_ns, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_SERVES_NOSSL_WALL_R] = ROW(S, "nts_ke_serves_nossl_wall_r",
	    nts_recent.ke_serves_nossl_wall_ns, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_SERVES_NOSSL_CPU_R] = ROW(S, "nts_ke_serves_nossl_cpu_r",
	    nts_recent.ke_serves_nossl_cpu_ns, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_SERVES_BAD_WALL_R] = ROW(S, "nts_ke_serves_bad_wall_r",
	    nts_recent.ke_serves_bad_wall_ns, NTS_RECENT, SEC123),
	[NTP_SYS_NTS_KE_SERVES_BAD_CPU_R] = ROW(S, "nts_ke_serves_bad_cpu_r",
	    nts_recent.ke_serves_bad_cpu_ns, NTS_RECENT, SEC123),
	[NTP_SYS_MSSNTP_SERVES] = ROW(U64, "mssntp_serves", mssntp.serves, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_NO] =
	    ROW(U64, "mssntp_serves_no", mssntp.serves_no, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_ERR] =
	    ROW(U64, "mssntp_serves_err", mssntp.serves_err, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_GOOD] =
	    ROW(U64, "mssntp_serves_good", mssntp.serves_good, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_BAD] =
	    ROW(U64, "mssntp_serves_bad", mssntp.serves_bad, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_GOOD_WALL] =
	    ROW(S, "mssntp_serves_good_wall", mssntp.serves_good_wall_ns, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_GOOD_SLOWEST] = ROW(S, "mssntp_serves_good_slowest",
	    mssntp.serves_good_slowest_ns, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_BAD_WALL] =
	    ROW(S, "mssntp_serves_bad_wall", mssntp.serves_bad_wall_ns, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_BAD_SLOWEST] = ROW(S, "mssntp_serves_bad_slowest",
	    mssntp.serves_bad_slowest_ns, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_R] =
	    ROW(U64, "mssntp_serves_r", mssntp_recent.serves, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_NO_R] =
	    ROW(U64, "mssntp_serves_no_r", mssntp_recent.serves_no, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_ERR_R] =
	    ROW(U64, "mssntp_serves_err_r", mssntp_recent.serves_err, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_GOOD_R] =
	    ROW(U64, "mssntp_serves_good_r", mssntp_recent.serves_good, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_BAD_R] =
	    ROW(U64, "mssntp_serves_bad_r", mssntp_recent.serves_bad, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_GOOD_WALL_R] = ROW(S, "mssntp_serves_good_wall_r",
	    mssntp_recent.serves_good_wall_ns, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_GOOD_SLOWEST_R] = ROW(S, "mssntp_serves_good_slowest_r",
	    mssntp_recent.serves_good_slowest_ns, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_BAD_WALL_R] = ROW(S, "mssntp_serves_bad_wall_r",
	    mssntp_recent.serves_bad_wall_ns, MSSNTP, SECS),
	[NTP_SYS_MSSNTP_SERVES_BAD_SLOWEST_R] = ROW(S, "mssntp_serves_bad_slowest_r",
	    mssntp_recent.serves_bad_slowest_ns, MSSNTP, SECS),
	[NTP_SYS_FLAGS] = ROW(U32, "flags", autokey_flags, AUTOKEY, ORG),
	[NTP_SYS_HOST] = ROW(LABEL, "host", autokey_host, AUTOKEY, SINCE426),
	[NTP_SYS_IDENT] = ROW(LABEL, "ident", autokey_ident, AUTOKEY, SINCE426),
	[NTP_SYS_DIGEST] = ROW(WORD, "digest", autokey_digest, AUTOKEY, SINCE426),
	[NTP_SYS_SIGNATURE] = ROW(WORD, "signature", autokey_signature, AUTOKEY, ORG),
	[NTP_SYS_UPDATE] = ROW(DATE, "update", autokey_update_s, AUTOKEY, SINCE426),
	[NTP_SYS_HOSTKEY] = ROW(DATE, "hostkey", autokey_hostkey_s, AUTOKEY, OLD),
	[NTP_SYS_LEAPSECONDS] =
	    ROW(DATE, "leapseconds", autokey_leapseconds_s, AUTOKEY, OLD),
	[NTP_SYS_CERT] = ROW(CERT, "cert", autokey_certs, AUTOKEY, ORG, .is_list = true),

	/* Other names of rows above. */
	ALIAS(ROOTDISP, MS, "rootdispersion", rootdisp_ns, STATE, OLD),
	ALIAS(TC, U8, "poll", tc, STATE, OLD),
	ALIAS(SYS_JITTER, MS, "jitter", sys_jitter_ns, STATE, OLD),
	ALIAS(CLK_JITTER, MS, "noise", clk_jitter_ns, STATE, OLD),
	ALIAS(CLK_WANDER, PPM, "stability", clk_wander, STATE, OLD),
	ALIAS(HOST, LABEL, "hostname", autokey_host, AUTOKEY, OLD),
	ALIAS(UPDATE, DATE, "refresh", autokey_update_s, AUTOKEY, OLD),
	ALIAS(NTS_COOKIE_DECODE_CURRENT, U64, "nts_cookie_decode",
	    nts.cookie_decode_current, NTS, SEC122),
	ALIAS(CERT, UNTIL, "until", autokey_certs, AUTOKEY, SINCE426, .is_list = true),
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

_Static_assert((int)ROWS > (int)NTP_SYS_VAR_COUNT, "a row per variable");
_Static_assert((int)ROWS <= (int)NTP_ROWS_MAX, "a place in sets per row");
_Static_assert(sizeof(struct ntp_system) <= UINT16_MAX, "offsets fit");

const struct ntp_var_table ntp_system_vars = {
	.what = "system",
	.rows = rows,
	.n_rows = ROWS,
	.seen_offset = offsetof(struct ntp_system, seen),
};

bool
ntp_system_has(const struct ntp_system *s, enum ntp_system_var var)
{
	return ntp_seen_has(&s->seen, var);
}

static bool
starts_with(const struct ntp_text *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text->len >= len && memcmp(text->bytes, prefix, len) == 0;
}

enum ntp_family
ntp_system_family(const struct ntp_system *s)
{
	static const char ntporg[] = "ntpd ";
	const size_t at = sizeof(ntporg) - 1;

	if (!ntp_system_has(s, NTP_SYS_VERSION))
		return NTP_FAMILY_UNKNOWN;
	if (starts_with(&s->version, "ntpd ntpsec-"))
		return NTP_FAMILY_NTPSEC;
	if (!starts_with(&s->version, ntporg) || s->version.len == at)
		return NTP_FAMILY_UNKNOWN;
	if (s->version.bytes[at] < '0' || s->version.bytes[at] > '9')
		return NTP_FAMILY_UNKNOWN;
	return NTP_FAMILY_NTPORG;
}

/* Where the numbers of a version begin. */
enum { SEC_NUMBERS = 12, ORG_NUMBERS = 5 };

/* Numbers of a version behind `at`: "1.2.2" is 1002002. 0 when there are none. *end_out
 * is where they end. */
static uint32_t
read_version(const struct ntp_text *text, size_t at, size_t *end_out)
{
	enum { PARTS = 3, PART_MAX = 999 };
	uint32_t version = 0;

	for (int part = 0; part < PARTS; part++) {
		uint32_t number = 0;

		if (part > 0 && at < text->len && text->bytes[at] == '.')
			at++;
		while (at < text->len && text->bytes[at] >= '0' &&
		    text->bytes[at] <= '9' && number <= PART_MAX)
			number = number * 10 + (uint32_t)(text->bytes[at++] - '0');
		if (number > PART_MAX)
			number = PART_MAX;
		version = version * (PART_MAX + 1) + number;
	}
	*end_out = at;
	return version;
}

/* Kinds by the first version that is one. Between releases it may be either. */
static const struct {
	enum ntp_family family;
	uint32_t from;
	unsigned kinds;
} kinds_by_version[] = {
	{ NTP_FAMILY_NTPSEC, 1002003, NTP_KIND_SEC },
	{ NTP_FAMILY_NTPSEC, 0, NTP_KIND_SEC122 },
	{ NTP_FAMILY_NTPORG, 4002008, NTP_KIND_428 },
	{ NTP_FAMILY_NTPORG, 4002007, NTP_KIND_426 | NTP_KIND_428 },
	{ NTP_FAMILY_NTPORG, 4002006, NTP_KIND_426 },
	{ NTP_FAMILY_NTPORG, 4002005, NTP_KIND_OLD | NTP_KIND_426 },
	{ NTP_FAMILY_NTPORG, 0, NTP_KIND_OLD },
};

unsigned
ntp_system_kinds(const struct ntp_system *s)
{
	enum { LAST_OF_SEC122 = 1002002 };
	enum ntp_family family = ntp_system_family(s);
	size_t end, i = 0;
	uint32_t version;

	if (family == NTP_FAMILY_UNKNOWN)
		return NTP_KIND_ANY;
	version = read_version(&s->version,
	    family == NTP_FAMILY_NTPSEC ? SEC_NUMBERS : ORG_NUMBERS, &end);
	if (version == LAST_OF_SEC122 && end < s->version.len &&
	    s->version.bytes[end] == '+')
		return NTP_KIND_SEC122 | NTP_KIND_SEC;
	while (kinds_by_version[i].family != family || version < kinds_by_version[i].from)
		i++;
	return kinds_by_version[i].kinds;
}

bool
ntp_system_is_before(const struct ntp_system *s, uint32_t version)
{
	size_t end;

	return ntp_system_family(s) == NTP_FAMILY_NTPORG &&
	    read_version(&s->version, ORG_NUMBERS, &end) < version;
}

bool
ntp_system_patch(const struct ntp_system *s, uint32_t *out)
{
	const struct ntp_text *text = &s->version;
	size_t at, end;

	if (ntp_system_family(s) != NTP_FAMILY_NTPORG)
		return false;
	(void)read_version(text, ORG_NUMBERS, &at);
	if (at >= text->len || text->bytes[at] != 'p')
		return false;
	at++;
	for (end = at;
	     end < text->len && text->bytes[end] >= '0' && text->bytes[end] <= '9';)
		end++;
	return scan_u32(text->bytes + at, end - at, out) == 0;
}

/* NTPsec up to 1.2.2 prints microseconds of the kernel as if they were nanoseconds. */
static void
correct_kernel(struct ntp_system *s, unsigned kinds)
{
	static const enum ntp_system_var vars[] = { NTP_SYS_KMAXERR, NTP_SYS_KESTERR,
		NTP_SYS_KPRECIS };
	int64_t *const values[] = { &s->kmaxerr_ns, &s->kesterr_ns, &s->kprecis_ns };
	const int64_t factor = 1000;

	if ((kinds & NTP_KIND_SEC122) == 0)
		return;
	for (size_t i = 0; i < sizeof(vars) / sizeof(vars[0]); i++) {
		if (kinds != NTP_KIND_SEC122)
			ntp_seen_drop(&s->seen, vars[i]);
		else if (ntp_system_has(s, vars[i]))
			*values[i] *= factor;
	}
}

/* NTPsec since 1.2.3 prints the logarithm. */
static void
correct_calibration(struct ntp_system *s, unsigned kinds)
{
	enum { SHIFT_MAX = 30 };

	if ((kinds & NTP_KIND_SEC) == 0 || !ntp_system_has(s, NTP_SYS_KPPSCALIBDUR))
		return;
	if (kinds == NTP_KIND_SEC && s->kppscalibdur_s == 0)
		return; /* no PPS */
	if (kinds == NTP_KIND_SEC && s->kppscalibdur_s > 0 &&
	    s->kppscalibdur_s <= SHIFT_MAX)
		s->kppscalibdur_s = 1 << s->kppscalibdur_s;
	else
		ntp_seen_drop(&s->seen, NTP_SYS_KPPSCALIBDUR);
}

void
ntp_system_correct(struct ntp_system *s, unsigned kinds)
{
	correct_kernel(s, kinds);
	correct_calibration(s, kinds);
}
