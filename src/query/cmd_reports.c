/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports about the daemon: what each asks for. A daemon shows of them what it has. */
#include "query/command.h"
#include "query/report.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* clang-format off */
static const struct report_row system_rows[] = {
	{ "peeradr",    "system peer",          REPORT_NONE },
	{ "peermode",   "system peer's mode",   REPORT_NONE },
	{ "leap",       "leap indicator",       REPORT_NONE },
	{ "stratum",    "stratum",              REPORT_NONE },
	{ "precision",  "precision",            REPORT_LOG2_S },
	{ "rootdelay",  "root delay",           REPORT_MS },
	{ "rootdisp",   "root dispersion",      REPORT_MS },
	{ "rootdist",   "root distance",        REPORT_MS },
	{ "refid",      "reference id",         REPORT_NONE },
	{ "reftime",    "reference time",       REPORT_NONE },
	{ "sys_jitter", "system jitter",        REPORT_MS },
	{ "clk_jitter", "clock jitter",         REPORT_MS },
	{ "clk_wander", "clock wander",         REPORT_PPM },
	{ "authdelay",  "authentication delay", REPORT_MS },
	{ "bcastdelay", "broadcast delay",      REPORT_MS },
};

static const struct report_row kernel_rows[] = {
	{ "koffset",       "offset of the loop",      REPORT_MS },
	{ "kfreq",         "frequency",               REPORT_PPM },
	{ "kmaxerr",       "maximum error",           REPORT_KERNEL_MS },
	{ "kesterr",       "estimated error",         REPORT_KERNEL_MS },
	{ "kstflags",      "kernel status",           REPORT_NONE },
	{ "ktimeconst",    "time constant",           REPORT_NONE },
	{ "kprecis",       "precision",               REPORT_KERNEL_MS },
	{ "kfreqtol",      "frequency tolerance",     REPORT_PPM },
	{ "kppsfreq",      "PPS frequency",           REPORT_PPM },
	{ "kppsstab",      "PPS stability",           REPORT_PPM },
	{ "kppsjitter",    "PPS jitter",              REPORT_MS },
	{ "kppscalibdur",  "PPS calibration time",    REPORT_CALIBRATION },
	{ "kppscalibs",    "PPS calibrations",        REPORT_NONE },
	{ "kppscaliberrs", "PPS calibration errors",  REPORT_NONE },
	{ "kppsjitexc",    "PPS jitter exceeded",     REPORT_NONE },
	{ "kppsstbexc",    "PPS stability exceeded",  REPORT_NONE },
};

static const struct report_row counter_rows[] = {
	{ "ss_uptime",       "running for",                  REPORT_S },
	{ "ss_reset",        "counting for",                 REPORT_S },
	{ "ss_received",     "packets received",             REPORT_NONE },
	{ "ss_thisver",      "of this version",              REPORT_NONE },
	{ "ss_oldver",       "of an older version",          REPORT_NONE },
	{ "ss_badformat",    "of a bad format",              REPORT_NONE },
	{ "ss_badauth",      "failed authentication",        REPORT_NONE },
	{ "ss_declined",     "declined",                     REPORT_NONE },
	{ "ss_restricted",   "restricted",                   REPORT_NONE },
	{ "ss_limited",      "over the rate limit",          REPORT_NONE },
	{ "ss_kodsent",      "kisses of death sent",         REPORT_NONE },
	{ "ss_processed",    "processed for time",           REPORT_NONE },
	{ "ss_lamport",      "transmitted before received",  REPORT_NONE },
	{ "ss_tsrounding",   "timestamps rounded wrongly",   REPORT_NONE },
	{ "ss_numctlreq",    "control requests",             REPORT_NONE },
	{ "ss_ver1",         "of version 1",                 REPORT_NONE },
	{ "ss_ver1client",   "of version 1, clients",        REPORT_NONE },
	{ "ss_ver1zero",     "of version 1, mode 0",         REPORT_NONE },
	{ "ss_ver1symm",     "of version 1, symmetric",      REPORT_NONE },
	{ "ss_reset_r",      "all counted for",              REPORT_S },
	{ "ss_received_r",   "all received",                 REPORT_NONE },
	{ "ss_thisver_r",    "all of this version",          REPORT_NONE },
	{ "ss_oldver_r",     "all of an older version",      REPORT_NONE },
	{ "ss_badformat_r",  "all of a bad format",          REPORT_NONE },
	{ "ss_badauth_r",    "all that failed authentication", REPORT_NONE },
	{ "ss_declined_r",   "all declined",                 REPORT_NONE },
	{ "ss_restricted_r", "all restricted",               REPORT_NONE },
	{ "ss_limited_r",    "all over the rate limit",      REPORT_NONE },
	{ "ss_kodsent_r",    "all kisses of death sent",     REPORT_NONE },
	{ "ss_processed_r",  "all processed for time",       REPORT_NONE },
	{ "ss_ver1_r",       "all of version 1",             REPORT_NONE },
	{ "ss_ver1client_r", "all of version 1, clients",    REPORT_NONE },
	{ "ss_ver1zero_r",   "all of version 1, mode 0",     REPORT_NONE },
	{ "ss_ver1symm_r",   "all of version 1, symmetric",  REPORT_NONE },
};

static const struct report_row io_rows[] = {
	{ "iostats_reset",  "counting for",         REPORT_S },
	{ "total_rbuf",     "receive buffers",      REPORT_NONE },
	{ "free_rbuf",      "free ones",            REPORT_NONE },
	{ "used_rbuf",      "used ones",            REPORT_NONE },
	{ "io_dropped",     "packets dropped",      REPORT_NONE },
	{ "io_ignored",     "packets ignored",      REPORT_NONE },
	{ "io_received",    "packets received",     REPORT_NONE },
	{ "io_sent",        "packets sent",         REPORT_NONE },
	{ "io_sendfailed",  "packets not sent",     REPORT_NONE },
	{ "io_wakeups",     "wake-ups",             REPORT_NONE },
	{ "rbuf_lowater",   "times buffers got few", REPORT_NONE },
	{ "io_goodwakeups", "useful wake-ups",      REPORT_NONE },
	{ "io_pkt_reads",   "reads of sockets",     REPORT_NONE },
	{ "io_ref_reads",   "reads of clocks",      REPORT_NONE },
};

static const struct report_row monitor_rows[] = {
	{ "mru_enabled",     "enabled by",             REPORT_NONE },
	{ "mru_depth",       "addresses",              REPORT_NONE },
	{ "mru_deepest",     "most addresses so far",  REPORT_NONE },
	{ "mru_maxdepth",    "most addresses allowed", REPORT_NONE },
	{ "mru_mindepth",    "always kept",            REPORT_NONE },
	{ "mru_maxage",      "kept for at most",       REPORT_S },
	{ "mru_mem",         "memory",                 REPORT_KB },
	{ "mru_maxmem",      "most memory allowed",    REPORT_KB },
	{ "mru_minage",      "kept for at least",      REPORT_S },
	{ "mru_hashslots",   "hash slots in use",      REPORT_NONE },
	{ "mru_exists",      "packets of known ones",  REPORT_NONE },
	{ "mru_new",         "new entries",            REPORT_NONE },
	{ "mru_recycleold",  "old entries reused",     REPORT_NONE },
	{ "mru_recyclefull", "reused for want of room", REPORT_NONE },
	{ "mru_none",        "not entered",            REPORT_NONE },
	{ "mru_oldest_age",  "age of the oldest",      REPORT_S },
};

static const struct report_row auth_rows[] = {
	{ "authreset",          "counting for",         REPORT_S },
	{ "authkeys",           "keys",                 REPORT_NONE },
	{ "authfreek",          "room for more keys",   REPORT_NONE },
	{ "authklookups",       "keys looked up",       REPORT_NONE },
	{ "authknotfound",      "keys not found",       REPORT_NONE },
	{ "authencrypts",       "codes made",           REPORT_NONE },
	{ "authdecrypts",       "codes checked",        REPORT_NONE },
	{ "authdigestencrypts", "digests made",         REPORT_NONE },
	{ "authcmacencrypts",   "CMACs made",           REPORT_NONE },
	{ "authdigestdecrypts", "digests checked",      REPORT_NONE },
	{ "authdigestfails",    "digests wrong",        REPORT_NONE },
	{ "authcmacdecrypts",   "CMACs checked",        REPORT_NONE },
	{ "authcmacfails",      "CMACs wrong",          REPORT_NONE },
	{ "authkuncached",      "keys not cached",      REPORT_NONE },
	{ "authkexpired",       "keys expired",         REPORT_NONE },
};

static const struct report_row timer_rows[] = {
	{ "timerstats_reset", "counting for",       REPORT_S },
	{ "timer_overruns",   "overruns",           REPORT_NONE },
	{ "timer_xmts",       "polls",              REPORT_NONE },
};

static const struct report_row nts_rows[] = {
	{ "nts_client_send",           "requests sent",                REPORT_NONE },
	{ "nts_client_recv_good",      "good answers received",        REPORT_NONE },
	{ "nts_client_recv_bad",       "bad answers received",         REPORT_NONE },
	{ "nts_server_recv_good",      "good requests received",       REPORT_NONE },
	{ "nts_server_recv_bad",       "bad requests received",        REPORT_NONE },
	{ "nts_server_send",           "answers sent",                 REPORT_NONE },
	{ "nts_cookie_make",           "cookies made",                 REPORT_NONE },
	{ "nts_cookie_decode",         "cookies of the present key",   REPORT_NONE },
	{ "nts_cookie_decode_old",     "cookies of the key before",    REPORT_NONE },
	{ "nts_cookie_decode_old2",    "cookies of the second before", REPORT_NONE },
	{ "nts_cookie_decode_older",   "cookies of older keys",        REPORT_NONE },
	{ "nts_cookie_decode_too_old", "cookies too old",              REPORT_NONE },
	{ "nts_cookie_decode_error",   "cookies not understood",       REPORT_NONE },
	{ "nts_cookie_not_server",     "cookies but no server",        REPORT_NONE },
	{ "nts_cookie_decode_total",   "cookies decoded",              REPORT_NONE },
	{ "nts_cookie_decode_current", "cookies of the current key",   REPORT_NONE },
};

static const struct report_row ntske_rows[] = {
	{ "nts_ke_probes_good",       "keys obtained",                REPORT_NONE },
	{ "nts_ke_probes_bad",        "keys not obtained",            REPORT_NONE },
	{ "nts_ke_serves_good",       "keys given",                   REPORT_NONE },
	{ "nts_ke_serves_bad",        "keys not given",               REPORT_NONE },
	{ "nts_ke_serves_nossl",      "connections without TLS",      REPORT_NONE },
	{ "nts_ke_serves_good_wall",  "time for keys given",          REPORT_S },
	{ "nts_ke_serves_good_cpu",   "processor time for them",      REPORT_S },
	{ "nts_ke_serves_bad_wall",   "time for keys not given",      REPORT_S },
	{ "nts_ke_serves_bad_cpu",    "processor time for these",     REPORT_S },
	{ "nts_ke_serves_nossl_wall", "time for those without TLS",   REPORT_S },
	{ "nts_ke_serves_nossl_cpu",  "processor time for those",     REPORT_S },
};

static const struct report reports[] = {
#define REPORT(title, of) { title, of##_rows, COUNT_OF(of##_rows) }
	REPORT("the system", system),
	REPORT("the kernel's clock", kernel),
	REPORT("packets", counter),
	REPORT("input and output", io),
	REPORT("its clients", monitor),
	REPORT("keys", auth),
	REPORT("timers", timer),
	REPORT("NTS", nts),
	REPORT("NTS key exchange", ntske),
};
/* clang-format on */

enum { SYSTEM, KERNEL, COUNTERS, IO, MONITOR, AUTH, TIMERS, NTS, NTSKE, N_REPORTS };

_Static_assert(COUNT_OF(reports) == N_REPORTS, "a report for each variant");
_Static_assert(COUNT_OF(counter_rows) <= REPORT_ROWS_MAX, "the longest one");

static int
run_report(struct query *q, const struct command *c, const struct value *values)
{
	(void)values;
	return report_run(q, &reports[c->variant]);
}

static const struct command rows[] = {
	/* clang-format off */
	{ "sysinfo", "", NO_ARGS, "the state of the system",
	  "Prints the system peer, stratum, root delay, jitter and the like, as far as\nthe daemon has them.", run_report, SYSTEM },
	{ "kerninfo", "", NO_ARGS, "the kernel's clock discipline and PPS",
	  "Prints the state of the kernel's clock discipline and of its PPS signal.", run_report, KERNEL },
	{ "sysstats", "", NO_ARGS, "counters of packets",
	  "Prints how many packets came, and what became of them. Counters begin anew\nhourly, or when they are reset; NTPsec has besides all since its start.", run_report, COUNTERS },
	{ "iostats", "", NO_ARGS, "counters of input and output",
	  "Prints receive buffers, and packets received, sent and dropped.", run_report, IO },
	{ "monstats", "", NO_ARGS, "the list of clients: size and limits",
	  "Prints how many clients the daemon remembers, how many it may, and how long.", run_report, MONITOR },
	{ "authinfo", "", NO_ARGS, "counters of authentication",
	  "Prints how many keys there are, and how often codes were made and checked.", run_report, AUTH },
	{ "timerstats", "", NO_ARGS, "counters of timers",
	  "Prints how often the daemon's timer came too late, and its polls.", run_report, TIMERS },
	{ "ntsinfo", "", NO_ARGS, "counters of NTS",
	  "Prints packets and cookies of Network Time Security, of NTPsec.", run_report, NTS },
	{ "ntskeinfo", "", NO_ARGS, "counters of NTS key exchange",
	  "Prints how often keys were obtained and given, of NTPsec.", run_report, NTSKE },
	/* clang-format on */
};

const struct command_group command_reports = { rows, COUNT_OF(rows) };
