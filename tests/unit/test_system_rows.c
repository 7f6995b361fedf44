/* SPDX-License-Identifier: BSD-2-Clause */
/* Each row of the system variables: what it takes, what it refuses, where it goes. */
#include "support/check.h"

#include "model/system.h"

#include <string.h>

#include "support/rows.h"

/* Every good value differs, so that a row that points at another field shows. */
/* clang-format off */
static const struct row_case cases[] = {
	{ "leap", "1", "4" }, { "stratum", "5", "256" }, { "precision", "-23", "-129" },
	{ "rootdelay", "0.040", "0.040s" }, { "rootdisp", "10.920", "" },
	{ "refid", "244.149.184.189", NULL },
	{ "reftime", "0xeeab5fb9.46790122", "0xeeab5fb9" },
	{ "clock", "0xeeab5fc6.218d7b1d", "0" }, { "peer", "45113", "65536" },
	{ "tc", "4", "-4" }, { "mintc", "3", "3.0" }, { "offset", "-0.000021", "nan" },
	{ "frequency", "-7.250", "1e9" }, { "sys_jitter", "0.016261", "0x1" },
	{ "clk_jitter", "0.006", "." }, { "clk_wander", "0.000119", "many" },
	{ "tai", "37", "4294967296" }, { "leapsec", "202707010000", "202706310000" },
	{ "expire", "2028-06-28T00:00Z", "2028-06-28" },
	{ "rootdist", "19.019", "19.x" }, { "state", "21", "256" },
	{ "ss_uptime", "1001", "-1" }, { "ss_reset", "156", "1.5" },
	{ "ss_received", "112", "" }, { "ss_badformat", "11", "11 " },
	{ "ss_badauth", "12", "x" }, { "ss_declined", "13", "18446744073709551616" },
	{ "ss_thisver", "2027", "18446744073709551616" }, { "ss_oldver", "2028", "-1" },
	{ "ss_restricted", "2029", "1.5" }, { "ss_limited", "2030", "x" },
	{ "ss_kodsent", "2031", "0xg" }, { "ss_processed", "2032", "" },
	{ "ss_received_r", "2112", "+1" }, { "ss_badformat_r", "21", "1e3" },
	{ "ss_badauth_r", "22", "0x" },
	{ "ss_declined_r", "18446744073709551615", "0xg" },
	{ "ss_thisver_r", "2037", "x" }, { "ss_oldver_r", "2038", "0xg" },
	{ "ss_restricted_r", "2039", "" }, { "ss_limited_r", "2040", "1 2" },
	{ "ss_kodsent_r", "2041", "18446744073709551616" },
	{ "ss_processed_r", "2042", "-1" }, { "iostats_reset", "157", "\"157\"" },
	{ "io_sent", "138", "," }, { "io_received", "2045", "0xg" },
	{ "io_dropped", "2046", "" }, { "io_ignored", "2047", "1 2" },
	{ "io_sendfailed", "2048", "18446744073709551616" },
	{ "io_wakeups", "2049", "-1" }, { "version", "ntpd 4.2.8p15@1.3728-o", NULL },
	{ "processor", "x86_64", NULL }, { "system", "Linux", NULL },
	{ "release", "6.18.44", NULL }, { "daemon_version", "text 54", NULL },
	{ "settimeofday", "label 55", NULL }, { "ss_reset_r", "2056", "-1" },
	{ "ss_lamport", "2057", "1.5" }, { "ss_tsrounding", "2058", "x" },
	{ "ss_ver1", "2059", "0xg" }, { "ss_ver1_r", "2060", "" },
	{ "ss_ver1client", "2061", "1 2" },
	{ "ss_ver1client_r", "2062", "18446744073709551616" },
	{ "ss_ver1zero", "2063", "-1" }, { "ss_ver1zero_r", "2064", "1.5" },
	{ "ss_ver1symm", "2065", "x" }, { "ss_ver1symm_r", "2066", "0xg" },
	{ "ss_numctlreq", "2067", "" },
	{ "total_rbuf", "2069", "18446744073709551616" }, { "free_rbuf", "2070", "-1" },
	{ "used_rbuf", "2071", "1.5" }, { "rbuf_lowater", "2072", "x" },
	{ "io_goodwakeups", "2073", "0xg" }, { "io_pkt_reads", "2074", "" },
	{ "io_ref_reads", "2075", "1 2" },
	{ "timerstats_reset", "2076", "18446744073709551616" },
	{ "timer_overruns", "2077", "-1" }, { "timer_xmts", "2078", "1.5" },
	{ "peeradr", "[fd00::79]:123", "10.0.0.1" }, { "peermode", "5", "8" },
	{ "bcastdelay", "81.081", "81.x" }, { "fuzz", "82.082", "82.x" },
	{ "tick", "83.083", "83.x" }, { "clk_wander_threshold", "-84.25", "84e9" },
	{ "lockclock", "86", "256" }, { "leapsmearinterval", "0x826", "4294967296" },
	{ "leapsmearoffset", "87.087", "87.x" }, { "koffset", "88.088", "88.x" },
	{ "kfreq", "-89.25", "89e9" }, { "kmaxerr", "90.090", "90.x" },
	{ "kesterr", "91.091", "91.x" }, { "kstflags", "pll nano", "pll nanos" },
	{ "ktimeconst", "2093.000", "2093.5" }, { "kprecis", "94.094", "94.x" },
	{ "kfreqtol", "-95.25", "95e9" }, { "kppsfreq", "-96.25", "96e9" },
	{ "kppsstab", "-97.25", "97e9" }, { "kppsjitter", "98.098", "98.x" },
	{ "kppscalibdur", "2099.000", "2099.5" },
	{ "kppscalibs", "2100.000", "2100.5" },
	{ "kppscaliberrs", "2101.000", "2101.5" },
	{ "kppsjitexc", "2102.000", "2102.5" }, { "kppsstbexc", "2103.000", "2103.5" },
	{ "mru_enabled", "0x838", "4294967296" }, { "mru_depth", "2105", "-1" },
	{ "mru_deepest", "2106", "1.5" }, { "mru_mindepth", "2107", "x" },
	{ "mru_maxdepth", "2108", "0xg" }, { "mru_maxage", "-2109", "2147483648" },
	{ "mru_mem", "2110", "1 2" }, { "mru_maxmem", "2111", "18446744073709551616" },
	{ "mru_minage", "-2112", "2147483648" }, { "mru_hashslots", "2113", "1.5" },
	{ "mru_exists", "2114", "x" }, { "mru_new", "2115", "0xg" },
	{ "mru_recycleold", "2116", "" }, { "mru_recyclefull", "2117", "1 2" },
	{ "mru_none", "2118", "18446744073709551616" },
	{ "mru_oldest_age", "2119", "-1" }, { "authdelay", "120.120", "120.x" },
	{ "authreset", "2121", "x" }, { "authkeys", "2122", "0xg" },
	{ "authfreek", "2123", "" }, { "authklookups", "2124", "1 2" },
	{ "authknotfound", "2125", "18446744073709551616" },
	{ "authencrypts", "2126", "-1" }, { "authdecrypts", "2127", "1.5" },
	{ "authkuncached", "2128", "x" }, { "authkexpired", "2129", "0xg" },
	{ "authdigestencrypts", "2130", "" }, { "authcmacencrypts", "2131", "1 2" },
	{ "authdigestdecrypts", "2132", "18446744073709551616" },
	{ "authdigestfails", "2133", "-1" }, { "authcmacdecrypts", "2134", "1.5" },
	{ "authcmacfails", "2135", "x" }, { "nts_client_send", "2136", "0xg" },
	{ "nts_client_recv_good", "2137", "" },
	{ "nts_client_recv_bad", "2138", "1 2" },
	{ "nts_server_send", "2139", "18446744073709551616" },
	{ "nts_server_recv_good", "2140", "-1" },
	{ "nts_server_recv_bad", "2141", "1.5" }, { "nts_cookie_make", "2142", "x" },
	{ "nts_cookie_decode_old", "2143", "0xg" },
	{ "nts_cookie_decode_old2", "2144", "" },
	{ "nts_cookie_decode_older", "2145", "1 2" },
	{ "nts_cookie_decode_too_old", "2146", "18446744073709551616" },
	{ "nts_cookie_decode_error", "2147", "-1" },
	{ "nts_ke_serves_good", "2148", "1.5" }, { "nts_ke_serves_bad", "2149", "x" },
	{ "nts_ke_probes_good", "2150", "0xg" }, { "nts_ke_probes_bad", "2151", "" },
	{ "nts_cookie_not_server", "2152", "1 2" },
	{ "nts_cookie_decode_total", "2153", "18446744073709551616" },
	{ "nts_cookie_decode_current", "2154", "-1" },
	{ "nts_ke_serves_nossl", "2155", "1.5" },
	{ "nts_ke_serves_good_wall", "156.125", "1:156" },
	{ "nts_ke_serves_good_cpu", "157.125", "1:157" },
	{ "nts_ke_serves_nossl_wall", "158.125", "1:158" },
	{ "nts_ke_serves_nossl_cpu", "159.125", "1:159" },
	{ "nts_ke_serves_bad_wall", "160.125", "1:160" },
	{ "nts_ke_serves_bad_cpu", "161.125", "1:161" },
	{ "nts_client_send_r", "2162", "1.5" },
	{ "nts_client_recv_good_r", "2163", "x" },
	{ "nts_client_recv_bad_r", "2164", "0xg" }, { "nts_server_send_r", "2165", "" },
	{ "nts_server_recv_good_r", "2166", "1 2" },
	{ "nts_server_recv_bad_r", "2167", "18446744073709551616" },
	{ "nts_cookie_make_r", "2168", "-1" },
	{ "nts_cookie_decode_old_r", "2169", "1.5" },
	{ "nts_cookie_decode_old2_r", "2170", "x" },
	{ "nts_cookie_decode_older_r", "2171", "0xg" },
	{ "nts_cookie_decode_too_old_r", "2172", "" },
	{ "nts_cookie_decode_error_r", "2173", "1 2" },
	{ "nts_ke_serves_good_r", "2174", "18446744073709551616" },
	{ "nts_ke_serves_bad_r", "2175", "-1" },
	{ "nts_ke_probes_good_r", "2176", "1.5" },
	{ "nts_ke_probes_bad_r", "2177", "x" },
	{ "nts_cookie_not_server_r", "2178", "0xg" },
	{ "nts_cookie_decode_total_r", "2179", "" },
	{ "nts_cookie_decode_current_r", "2180", "1 2" },
	{ "nts_ke_serves_nossl_r", "2181", "18446744073709551616" },
	{ "nts_ke_serves_good_wall_r", "182.125", "1:182" },
	{ "nts_ke_serves_good_cpu_r", "183.125", "1:183" },
	{ "nts_ke_serves_nossl_wall_r", "184.125", "1:184" },
	{ "nts_ke_serves_nossl_cpu_r", "185.125", "1:185" },
	{ "nts_ke_serves_bad_wall_r", "186.125", "1:186" },
	{ "nts_ke_serves_bad_cpu_r", "187.125", "1:187" },
	{ "mssntp_serves", "2188", "18446744073709551616" },
	{ "mssntp_serves_no", "2189", "-1" }, { "mssntp_serves_err", "2190", "1.5" },
	{ "mssntp_serves_good", "2191", "x" }, { "mssntp_serves_bad", "2192", "0xg" },
	{ "mssntp_serves_good_wall", "193.125", "1:193" },
	{ "mssntp_serves_good_slowest", "194.125", "1:194" },
	{ "mssntp_serves_bad_wall", "195.125", "1:195" },
	{ "mssntp_serves_bad_slowest", "196.125", "1:196" },
	{ "mssntp_serves_r", "2197", "1.5" }, { "mssntp_serves_no_r", "2198", "x" },
	{ "mssntp_serves_err_r", "2199", "0xg" },
	{ "mssntp_serves_good_r", "2200", "" },
	{ "mssntp_serves_bad_r", "2201", "1 2" },
	{ "mssntp_serves_good_wall_r", "202.125", "1:202" },
	{ "mssntp_serves_good_slowest_r", "203.125", "1:203" },
	{ "mssntp_serves_bad_wall_r", "204.125", "1:204" },
	{ "mssntp_serves_bad_slowest_r", "205.125", "1:205" },
	{ "flags", "0x89e", "4294967296" }, { "host", "label 207", NULL },
	{ "ident", "label 208", NULL }, { "digest", "word 209", NULL },
	{ "signature", "word 210", NULL },
	{ "update", "3330720211", "2026-13-01T00:00Z" },
	{ "hostkey", "3330720212", "2026-13-01T00:00Z" },
	{ "leapseconds", "3330720213", "2026-13-01T00:00Z" },
	{ "cert", "subject issuer 0x7", "subject" },
	{ "rootdispersion", "215.215", "215.x" }, { "poll", "17", "256" },
	{ "jitter", "217.217", "217.x" }, { "noise", "218.218", "218.x" },
	{ "stability", "-219.25", "219e9" }, { "hostname", "label 220", NULL },
	{ "refresh", "3330720221", "2026-13-01T00:00Z" },
	{ "nts_cookie_decode", "2250", "1 2" }, { "until", "202711210011", NULL },
};
/* clang-format on */

/* Integers of any size by their place. */
#define FIELD(member) \
	offsetof(struct ntp_system, member), sizeof(((struct ntp_system *)0)->member)
/* clang-format off */
static const struct {
	const char *name;
	size_t offset, size;
	int64_t value;
} fields[] = {
	{ "rootdist", FIELD(rootdist_ns), INT64_C(19019000) },
	{ "state", FIELD(discipline), 21 },
	{ "ss_thisver", FIELD(ss_thisver), 2027 },
	{ "ss_oldver", FIELD(ss_oldver), 2028 },
	{ "ss_restricted", FIELD(ss_restricted), 2029 },
	{ "ss_limited", FIELD(ss_limited), 2030 },
	{ "ss_kodsent", FIELD(ss_kodsent), 2031 },
	{ "ss_processed", FIELD(ss_processed), 2032 },
	{ "ss_thisver_r", FIELD(ss_thisver_r), 2037 },
	{ "ss_oldver_r", FIELD(ss_oldver_r), 2038 },
	{ "ss_restricted_r", FIELD(ss_restricted_r), 2039 },
	{ "ss_limited_r", FIELD(ss_limited_r), 2040 },
	{ "ss_kodsent_r", FIELD(ss_kodsent_r), 2041 },
	{ "ss_processed_r", FIELD(ss_processed_r), 2042 },
	{ "io_received", FIELD(io_received), 2045 },
	{ "io_dropped", FIELD(io_dropped), 2046 },
	{ "io_ignored", FIELD(io_ignored), 2047 },
	{ "io_sendfailed", FIELD(io_sendfailed), 2048 },
	{ "io_wakeups", FIELD(io_wakeups), 2049 },
	{ "ss_reset_r", FIELD(ss_reset_r_s), 2056 },
	{ "ss_lamport", FIELD(ss_lamport), 2057 },
	{ "ss_tsrounding", FIELD(ss_tsrounding), 2058 },
	{ "ss_ver1", FIELD(ss_ver1), 2059 },
	{ "ss_ver1_r", FIELD(ss_ver1_r), 2060 },
	{ "ss_ver1client", FIELD(ss_ver1client), 2061 },
	{ "ss_ver1client_r", FIELD(ss_ver1client_r), 2062 },
	{ "ss_ver1zero", FIELD(ss_ver1zero), 2063 },
	{ "ss_ver1zero_r", FIELD(ss_ver1zero_r), 2064 },
	{ "ss_ver1symm", FIELD(ss_ver1symm), 2065 },
	{ "ss_ver1symm_r", FIELD(ss_ver1symm_r), 2066 },
	{ "ss_numctlreq", FIELD(ss_numctlreq), 2067 },
	{ "total_rbuf", FIELD(total_rbuf), 2069 },
	{ "free_rbuf", FIELD(free_rbuf), 2070 },
	{ "used_rbuf", FIELD(used_rbuf), 2071 },
	{ "rbuf_lowater", FIELD(rbuf_lowater), 2072 },
	{ "io_goodwakeups", FIELD(io_goodwakeups), 2073 },
	{ "io_pkt_reads", FIELD(io_pkt_reads), 2074 },
	{ "io_ref_reads", FIELD(io_ref_reads), 2075 },
	{ "timerstats_reset", FIELD(timerstats_reset_s), 2076 },
	{ "timer_overruns", FIELD(timer_overruns), 2077 },
	{ "timer_xmts", FIELD(timer_xmts), 2078 },
	{ "peermode", FIELD(peermode), 5 },
	{ "bcastdelay", FIELD(bcastdelay_ns), INT64_C(81081000) },
	{ "fuzz", FIELD(fuzz_ns), INT64_C(82082000) },
	{ "tick", FIELD(tick_ns), INT64_C(83083000) },
	{ "clk_wander_threshold", FIELD(clk_wander_threshold), INT64_C(-84250000) },
	{ "lockclock", FIELD(lockclock), 86 },
	{ "leapsmearinterval", FIELD(leapsmearinterval_s), 2086 },
	{ "leapsmearoffset", FIELD(leapsmearoffset_ns), INT64_C(87087000) },
	{ "koffset", FIELD(koffset_ns), INT64_C(88088000) },
	{ "kfreq", FIELD(kfreq), INT64_C(-89250000) },
	{ "kmaxerr", FIELD(kmaxerr_ns), INT64_C(90090000) },
	{ "kesterr", FIELD(kesterr_ns), INT64_C(91091000) },
	{ "kstflags", FIELD(kstflags), 0x2001 },
	{ "ktimeconst", FIELD(ktimeconst), 2093 },
	{ "kprecis", FIELD(kprecis_ns), INT64_C(94094000) },
	{ "kfreqtol", FIELD(kfreqtol), INT64_C(-95250000) },
	{ "kppsfreq", FIELD(kppsfreq), INT64_C(-96250000) },
	{ "kppsstab", FIELD(kppsstab), INT64_C(-97250000) },
	{ "kppsjitter", FIELD(kppsjitter_ns), INT64_C(98098000) },
	{ "kppscalibdur", FIELD(kppscalibdur_s), 2099 },
	{ "kppscalibs", FIELD(kppscalibs), 2100 },
	{ "kppscaliberrs", FIELD(kppscaliberrs), 2101 },
	{ "kppsjitexc", FIELD(kppsjitexc), 2102 },
	{ "kppsstbexc", FIELD(kppsstbexc), 2103 },
	{ "mru_enabled", FIELD(mru_enabled), 2104 },
	{ "mru_depth", FIELD(mru_depth), 2105 },
	{ "mru_deepest", FIELD(mru_deepest), 2106 },
	{ "mru_mindepth", FIELD(mru_mindepth), 2107 },
	{ "mru_maxdepth", FIELD(mru_maxdepth), 2108 },
	{ "mru_maxage", FIELD(mru_maxage_s), -2109 },
	{ "mru_mem", FIELD(mru_mem_kb), 2110 },
	{ "mru_maxmem", FIELD(mru_maxmem_kb), 2111 },
	{ "mru_minage", FIELD(mru_minage_s), -2112 },
	{ "mru_hashslots", FIELD(mru_hashslots), 2113 },
	{ "mru_exists", FIELD(mru_exists), 2114 },
	{ "mru_new", FIELD(mru_new), 2115 },
	{ "mru_recycleold", FIELD(mru_recycleold), 2116 },
	{ "mru_recyclefull", FIELD(mru_recyclefull), 2117 },
	{ "mru_none", FIELD(mru_none), 2118 },
	{ "mru_oldest_age", FIELD(mru_oldest_age_s), 2119 },
	{ "authdelay", FIELD(authdelay_ns), INT64_C(120120000) },
	{ "authreset", FIELD(authreset_s), 2121 },
	{ "authkeys", FIELD(authkeys), 2122 },
	{ "authfreek", FIELD(authfreek), 2123 },
	{ "authklookups", FIELD(authklookups), 2124 },
	{ "authknotfound", FIELD(authknotfound), 2125 },
	{ "authencrypts", FIELD(authencrypts), 2126 },
	{ "authdecrypts", FIELD(authdecrypts), 2127 },
	{ "authkuncached", FIELD(authkuncached), 2128 },
	{ "authkexpired", FIELD(authkexpired), 2129 },
	{ "authdigestencrypts", FIELD(authdigestencrypts), 2130 },
	{ "authcmacencrypts", FIELD(authcmacencrypts), 2131 },
	{ "authdigestdecrypts", FIELD(authdigestdecrypts), 2132 },
	{ "authdigestfails", FIELD(authdigestfails), 2133 },
	{ "authcmacdecrypts", FIELD(authcmacdecrypts), 2134 },
	{ "authcmacfails", FIELD(authcmacfails), 2135 },
	{ "nts_client_send", FIELD(nts.client_send), 2136 },
	{ "nts_client_recv_good", FIELD(nts.client_recv_good), 2137 },
	{ "nts_client_recv_bad", FIELD(nts.client_recv_bad), 2138 },
	{ "nts_server_send", FIELD(nts.server_send), 2139 },
	{ "nts_server_recv_good", FIELD(nts.server_recv_good), 2140 },
	{ "nts_server_recv_bad", FIELD(nts.server_recv_bad), 2141 },
	{ "nts_cookie_make", FIELD(nts.cookie_make), 2142 },
	{ "nts_cookie_decode_old", FIELD(nts.cookie_decode_old), 2143 },
	{ "nts_cookie_decode_old2", FIELD(nts.cookie_decode_old2), 2144 },
	{ "nts_cookie_decode_older", FIELD(nts.cookie_decode_older), 2145 },
	{ "nts_cookie_decode_too_old", FIELD(nts.cookie_decode_too_old), 2146 },
	{ "nts_cookie_decode_error", FIELD(nts.cookie_decode_error), 2147 },
	{ "nts_ke_serves_good", FIELD(nts.ke_serves_good), 2148 },
	{ "nts_ke_serves_bad", FIELD(nts.ke_serves_bad), 2149 },
	{ "nts_ke_probes_good", FIELD(nts.ke_probes_good), 2150 },
	{ "nts_ke_probes_bad", FIELD(nts.ke_probes_bad), 2151 },
	{ "nts_cookie_not_server", FIELD(nts.cookie_not_server), 2152 },
	{ "nts_cookie_decode_total", FIELD(nts.cookie_decode_total), 2153 },
	{ "nts_cookie_decode_current", FIELD(nts.cookie_decode_current), 2154 },
	{ "nts_ke_serves_nossl", FIELD(nts.ke_serves_nossl), 2155 },
	{ "nts_ke_serves_good_wall", FIELD(nts.ke_serves_good_wall_ns), INT64_C(156125000000) },
	{ "nts_ke_serves_good_cpu", FIELD(nts.ke_serves_good_cpu_ns), INT64_C(157125000000) },
	{ "nts_ke_serves_nossl_wall", FIELD(nts.ke_serves_nossl_wall_ns), INT64_C(158125000000) },
	{ "nts_ke_serves_nossl_cpu", FIELD(nts.ke_serves_nossl_cpu_ns), INT64_C(159125000000) },
	{ "nts_ke_serves_bad_wall", FIELD(nts.ke_serves_bad_wall_ns), INT64_C(160125000000) },
	{ "nts_ke_serves_bad_cpu", FIELD(nts.ke_serves_bad_cpu_ns), INT64_C(161125000000) },
	{ "nts_client_send_r", FIELD(nts_recent.client_send), 2162 },
	{ "nts_client_recv_good_r", FIELD(nts_recent.client_recv_good), 2163 },
	{ "nts_client_recv_bad_r", FIELD(nts_recent.client_recv_bad), 2164 },
	{ "nts_server_send_r", FIELD(nts_recent.server_send), 2165 },
	{ "nts_server_recv_good_r", FIELD(nts_recent.server_recv_good), 2166 },
	{ "nts_server_recv_bad_r", FIELD(nts_recent.server_recv_bad), 2167 },
	{ "nts_cookie_make_r", FIELD(nts_recent.cookie_make), 2168 },
	{ "nts_cookie_decode_old_r", FIELD(nts_recent.cookie_decode_old), 2169 },
	{ "nts_cookie_decode_old2_r", FIELD(nts_recent.cookie_decode_old2), 2170 },
	{ "nts_cookie_decode_older_r", FIELD(nts_recent.cookie_decode_older), 2171 },
	{ "nts_cookie_decode_too_old_r", FIELD(nts_recent.cookie_decode_too_old), 2172 },
	{ "nts_cookie_decode_error_r", FIELD(nts_recent.cookie_decode_error), 2173 },
	{ "nts_ke_serves_good_r", FIELD(nts_recent.ke_serves_good), 2174 },
	{ "nts_ke_serves_bad_r", FIELD(nts_recent.ke_serves_bad), 2175 },
	{ "nts_ke_probes_good_r", FIELD(nts_recent.ke_probes_good), 2176 },
	{ "nts_ke_probes_bad_r", FIELD(nts_recent.ke_probes_bad), 2177 },
	{ "nts_cookie_not_server_r", FIELD(nts_recent.cookie_not_server), 2178 },
	{ "nts_cookie_decode_total_r", FIELD(nts_recent.cookie_decode_total), 2179 },
	{ "nts_cookie_decode_current_r", FIELD(nts_recent.cookie_decode_current), 2180 },
	{ "nts_ke_serves_nossl_r", FIELD(nts_recent.ke_serves_nossl), 2181 },
	{ "nts_ke_serves_good_wall_r", FIELD(nts_recent.ke_serves_good_wall_ns), INT64_C(182125000000) },
	{ "nts_ke_serves_good_cpu_r", FIELD(nts_recent.ke_serves_good_cpu_ns), INT64_C(183125000000) },
	{ "nts_ke_serves_nossl_wall_r", FIELD(nts_recent.ke_serves_nossl_wall_ns), INT64_C(184125000000) },
	{ "nts_ke_serves_nossl_cpu_r", FIELD(nts_recent.ke_serves_nossl_cpu_ns), INT64_C(185125000000) },
	{ "nts_ke_serves_bad_wall_r", FIELD(nts_recent.ke_serves_bad_wall_ns), INT64_C(186125000000) },
	{ "nts_ke_serves_bad_cpu_r", FIELD(nts_recent.ke_serves_bad_cpu_ns), INT64_C(187125000000) },
	{ "mssntp_serves", FIELD(mssntp.serves), 2188 },
	{ "mssntp_serves_no", FIELD(mssntp.serves_no), 2189 },
	{ "mssntp_serves_err", FIELD(mssntp.serves_err), 2190 },
	{ "mssntp_serves_good", FIELD(mssntp.serves_good), 2191 },
	{ "mssntp_serves_bad", FIELD(mssntp.serves_bad), 2192 },
	{ "mssntp_serves_good_wall", FIELD(mssntp.serves_good_wall_ns), INT64_C(193125000000) },
	{ "mssntp_serves_good_slowest", FIELD(mssntp.serves_good_slowest_ns), INT64_C(194125000000) },
	{ "mssntp_serves_bad_wall", FIELD(mssntp.serves_bad_wall_ns), INT64_C(195125000000) },
	{ "mssntp_serves_bad_slowest", FIELD(mssntp.serves_bad_slowest_ns), INT64_C(196125000000) },
	{ "mssntp_serves_r", FIELD(mssntp_recent.serves), 2197 },
	{ "mssntp_serves_no_r", FIELD(mssntp_recent.serves_no), 2198 },
	{ "mssntp_serves_err_r", FIELD(mssntp_recent.serves_err), 2199 },
	{ "mssntp_serves_good_r", FIELD(mssntp_recent.serves_good), 2200 },
	{ "mssntp_serves_bad_r", FIELD(mssntp_recent.serves_bad), 2201 },
	{ "mssntp_serves_good_wall_r", FIELD(mssntp_recent.serves_good_wall_ns), INT64_C(202125000000) },
	{ "mssntp_serves_good_slowest_r", FIELD(mssntp_recent.serves_good_slowest_ns), INT64_C(203125000000) },
	{ "mssntp_serves_bad_wall_r", FIELD(mssntp_recent.serves_bad_wall_ns), INT64_C(204125000000) },
	{ "mssntp_serves_bad_slowest_r", FIELD(mssntp_recent.serves_bad_slowest_ns), INT64_C(205125000000) },
	{ "flags", FIELD(autokey_flags), 2206 },
	{ "update", FIELD(autokey_update_s), INT64_C(1121731411) },
	{ "hostkey", FIELD(autokey_hostkey_s), INT64_C(1121731412) },
	{ "leapseconds", FIELD(autokey_leapseconds_s), INT64_C(1121731413) },
};
/* clang-format on */

/* All rows but those that are other names of one. */
static void
apply_all(struct ntp_system *s)
{
	for (size_t i = 0; i < NTP_SYS_VAR_COUNT; i++)
		rows_apply_good(&ntp_system_vars, s, &cases[i], 1);
}

static void
rows_lie_apart(void **state)
{
	(void)state;
	rows_check_layout(&ntp_system_vars, sizeof(struct ntp_system));
	assert_string_equal(ntp_system_vars.what, "system");
	assert_true(ntp_system_vars.n_rows > NTP_SYS_VAR_COUNT);
}

static void
each_row_takes_good_values_only(void **state)
{
	(void)state;
	rows_check_cases(&ntp_system_vars, sizeof(struct ntp_system), cases,
	    COUNT(cases));
}

static void
garbage_stays_in_its_field(void **state)
{
	(void)state;
	rows_check_garbage(&ntp_system_vars, sizeof(struct ntp_system));
}

static void
assert_text(const struct ntp_text *text, const char *expected)
{
	assert_int_equal(text->len, strlen(expected));
	assert_memory_equal(text->bytes, expected, text->len);
}

static void
assert_label(const struct ntp_label *label, const char *expected)
{
	assert_int_equal(label->len, strlen(expected));
	assert_memory_equal(label->bytes, expected, label->len);
}

static void
each_row_fills_the_field_of_its_name(void **state)
{
	struct ntp_system s = { 0 };

	(void)state;
	apply_all(&s);
	assert_int_equal(s.leap, 1);
	assert_int_equal(s.stratum, 5);
	assert_int_equal(s.precision, -23);
	assert_int_equal(s.rootdelay_ns, 40000);
	assert_int_equal(s.rootdisp_ns, 10920000);
	assert_label(&s.refid, "244.149.184.189");
	assert_int_equal(s.reftime.seconds, 0xeeab5fb9);
	assert_int_equal(s.clock.fraction, 0x218d7b1d);
	assert_int_equal(s.peer, 45113);
	assert_int_equal(s.tc, 4);
	assert_int_equal(s.mintc, 3);
	assert_int_equal(s.offset_ns, -21);
	assert_int_equal(s.frequency, -7250000);
	assert_int_equal(s.sys_jitter_ns, 16261);
	assert_int_equal(s.clk_jitter_ns, 6000);
	assert_int_equal(s.clk_wander, 119);
	assert_int_equal(s.tai, 37);
	assert_int_equal(s.leapsec_s, 1814400000);
	assert_int_equal(s.expire_s, 1845763200);
	assert_int_equal(s.ss_uptime_s, 1001);
	assert_int_equal(s.ss_reset_s, 156);
	assert_int_equal(s.ss_received, 112);
	assert_int_equal(s.ss_badformat, 11);
	assert_int_equal(s.ss_badauth, 12);
	assert_int_equal(s.ss_declined, 13);
	assert_int_equal(s.ss_received_r, 2112);
	assert_int_equal(s.ss_badformat_r, 21);
	assert_int_equal(s.ss_badauth_r, 22);
	assert_int_equal(s.ss_declined_r, UINT64_MAX);
	assert_int_equal(s.iostats_reset_s, 157);
	assert_int_equal(s.io_sent, 138);
	assert_text(&s.version, "ntpd 4.2.8p15@1.3728-o");
	assert_text(&s.processor, "x86_64");
	assert_text(&s.system, "Linux");
	assert_text(&s.release, "6.18.44");
}

static int64_t
integer_at(const struct ntp_system *s, size_t offset, size_t size)
{
	const char *at = (const char *)s + offset;
	int64_t wide;
	int32_t narrow;

	if (size == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	if (size == 1)
		return *(const uint8_t *)at;
	assert_int_equal(size, sizeof(narrow));
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

static void
each_integer_is_where_its_name_says(void **state)
{
	struct ntp_system s = { 0 };

	(void)state;
	apply_all(&s);
	for (size_t i = 0; i < COUNT(fields); i++)
		assert_int_equal(integer_at(&s, fields[i].offset, fields[i].size),
		    fields[i].value);
}

static void
texts_and_lists_are_where_their_names_say(void **state)
{
	struct ntp_system s = { 0 };
	char text[ADDR_TEXT_MAX];

	(void)state;
	apply_all(&s);
	addr_format(&s.peeradr, true, text, sizeof(text));
	assert_string_equal(text, "[fd00::79]:123");
	assert_text(&s.daemon_version, "text 54");
	assert_label(&s.settimeofday, "label 55");
	assert_label(&s.autokey_host, "label 207");
	assert_label(&s.autokey_ident, "label 208");
	assert_int_equal(s.autokey_digest.len, strlen("word 209"));
	assert_memory_equal(s.autokey_digest.bytes, "word 209", 8);
	assert_memory_equal(s.autokey_signature.bytes, "word 210", 8);
	assert_int_equal(s.autokey_certs.n, 1);
	assert_memory_equal(s.autokey_certs.items[0].issuer.bytes, "issuer", 6);
}

static void
names_of_2005_fill_the_fields_of_today(void **state)
{
	static const struct {
		const char *name, *value;
		enum ntp_system_var var;
	} names[] = {
		{ "rootdispersion", "1.500", NTP_SYS_ROOTDISP },
		{ "poll", "6", NTP_SYS_TC },
		{ "jitter", "0.250", NTP_SYS_SYS_JITTER },
		{ "noise", "0.125", NTP_SYS_CLK_JITTER },
		{ "stability", "0.010", NTP_SYS_CLK_WANDER },
		{ "hostname", "\"old.example\"", NTP_SYS_HOST },
		{ "refresh", "3330720000", NTP_SYS_UPDATE },
		{ "state", "4", NTP_SYS_STATE },
	};
	struct ntp_system s = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_int_equal(ntp_vars_apply(&ntp_system_vars, &s, names[i].name,
				     strlen(names[i].name), names[i].value,
				     strlen(names[i].value)),
		    NTP_APPLY_OK);
		assert_true(ntp_system_has(&s, names[i].var));
	}
	assert_int_equal(rows_count(s.seen), COUNT(names));
	assert_int_equal(s.rootdisp_ns, 1500000);
	assert_int_equal(s.tc, 6);
	assert_int_equal(s.clk_wander, 10000);
	assert_int_equal(s.autokey_update_s, 1121731200);
	assert_int_equal(s.discipline, 4);
}

/* Which kinds are asked is the budget of datagrams: a name more may cost one each cycle.
 */
static void
rows_are_known_by_the_kinds_that_have_them(void **state)
{
	static const struct {
		const char *name;
		unsigned kinds;
	} rows[] = {
		{ "leap", NTP_KIND_ANY },
		{ "rootdisp", NTP_KIND_ANY & ~NTP_KIND_OLD },
		{ "rootdispersion", NTP_KIND_OLD },
		{ "ss_received", NTP_KIND_428 | NTP_KIND_SEC122 | NTP_KIND_SEC },
		{ "ss_received_r", NTP_KIND_SEC122 | NTP_KIND_SEC },
		{ "release", NTP_KIND_SEC },
		{ "cert", NTP_KIND_OLD | NTP_KIND_426 | NTP_KIND_428 },
		{ "nts_cookie_decode", NTP_KIND_SEC122 },
		{ "used_rbuf", NTP_KIND_428 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int row =
		    ntp_vars_find(&ntp_system_vars, rows[i].name, strlen(rows[i].name));

		assert_int_equal(ntp_system_vars.rows[row].kinds, rows[i].kinds);
	}
	for (size_t i = 0; i < ntp_system_vars.n_rows; i++)
		assert_in_range(ntp_system_vars.rows[i].kinds, 1, NTP_KIND_ANY);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_lie_apart),
		cmocka_unit_test(each_row_takes_good_values_only),
		cmocka_unit_test(garbage_stays_in_its_field),
		cmocka_unit_test(each_row_fills_the_field_of_its_name),
		cmocka_unit_test(each_integer_is_where_its_name_says),
		cmocka_unit_test(texts_and_lists_are_where_their_names_say),
		cmocka_unit_test(names_of_2005_fill_the_fields_of_today),
		cmocka_unit_test(rows_are_known_by_the_kinds_that_have_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
