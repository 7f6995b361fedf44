/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of counters: each object with a value, absent and malformed. */
#include "support/check.h"

#include "snmp/agentx_groups.h"
#include "support/cells.h"

static const struct cell_case packet_cases[] = {
	{ "ntpAgentxPktReceived", "ss_reset=9, ss_received=394", "394",
	    "ss_reset=9, ss_received=x", 0 },
	{ "ntpAgentxPktThisVersion", "ss_reset=9, ss_thisver=401", "401",
	    "ss_reset=9, ss_thisver=x", 0 },
	{ "ntpAgentxPktOldVersion", "ss_reset=9, ss_oldver=408", "408",
	    "ss_reset=9, ss_oldver=x", 0 },
	{ "ntpAgentxPktBadFormat", "ss_reset=9, ss_badformat=415", "415",
	    "ss_reset=9, ss_badformat=x", 0 },
	{ "ntpAgentxPktBadAuth", "ss_reset=9, ss_badauth=422", "422",
	    "ss_reset=9, ss_badauth=x", 0 },
	{ "ntpAgentxPktDeclined", "ss_reset=9, ss_declined=429", "429",
	    "ss_reset=9, ss_declined=x", 0 },
	{ "ntpAgentxPktRestricted", "ss_reset=9, ss_restricted=436", "436",
	    "ss_reset=9, ss_restricted=x", 0 },
	{ "ntpAgentxPktLimited", "ss_reset=9, ss_limited=443", "443",
	    "ss_reset=9, ss_limited=x", 0 },
	{ "ntpAgentxPktKodSent", "ss_reset=9, ss_kodsent=450", "450",
	    "ss_reset=9, ss_kodsent=x", 0 },
	{ "ntpAgentxPktProcessed", "ss_reset=9, ss_processed=457", "457",
	    "ss_reset=9, ss_processed=x", 0 },
	{ "ntpAgentxPktLamport", "ss_reset=9, ss_lamport=464", "464",
	    "ss_reset=9, ss_lamport=x", 0 },
	{ "ntpAgentxPktTsRounding", "ss_reset=9, ss_tsrounding=471", "471",
	    "ss_reset=9, ss_tsrounding=x", 0 },
	{ "ntpAgentxPktVersion1", "ss_ver1_r=4780000000478", "4780000000478",
	    "ss_ver1_r=1.5", 0 },
	{ "ntpAgentxPktVersion1Client", "ss_ver1client_r=4850000000485", "4850000000485",
	    "ss_ver1client_r=1.5", 0 },
	{ "ntpAgentxPktVersion1Zero", "ss_ver1zero_r=4920000000492", "4920000000492",
	    "ss_ver1zero_r=1.5", 0 },
	{ "ntpAgentxPktVersion1Symmetric", "ss_ver1symm_r=4990000000499", "4990000000499",
	    "ss_ver1symm_r=1.5", 0 },
	{ "ntpAgentxPktControl", "ss_numctlreq=5060000000506", "5060000000506",
	    "ss_numctlreq=1.5", 0 },
	{ "ntpAgentxPktResetSeconds", "ss_reset=506", "506", "ss_reset=-1", 0 },
	{ "ntpAgentxPktTotalSeconds", "ss_reset_r=513", "513", "ss_reset_r=-1", 0 },
};

static void
packet_objects_show_their_variables(void **state)
{
	(void)state;
	cells_check_cases(&agentx_packet_table, packet_cases, COUNT(packet_cases));
}

static const struct cell_case io_cases[] = {
	{ "ntpAgentxIoReceived", "io_received=5130000000513", "5130000000513",
	    "io_received=1.5", 0 },
	{ "ntpAgentxIoDropped", "io_dropped=5200000000520", "5200000000520",
	    "io_dropped=1.5", 0 },
	{ "ntpAgentxIoIgnored", "io_ignored=5270000000527", "5270000000527",
	    "io_ignored=1.5", 0 },
	{ "ntpAgentxIoSent", "io_sent=5340000000534", "5340000000534", "io_sent=1.5", 0 },
	{ "ntpAgentxIoSendFailed", "io_sendfailed=5410000000541", "5410000000541",
	    "io_sendfailed=1.5", 0 },
	{ "ntpAgentxIoWakeups", "io_wakeups=5480000000548", "5480000000548",
	    "io_wakeups=1.5", 0 },
	{ "ntpAgentxIoGoodWakeups", "io_goodwakeups=5550000000555", "5550000000555",
	    "io_goodwakeups=1.5", 0 },
	{ "ntpAgentxIoPacketReads", "io_pkt_reads=5620000000562", "5620000000562",
	    "io_pkt_reads=1.5", 0 },
	{ "ntpAgentxIoClockReads", "io_ref_reads=5690000000569", "5690000000569",
	    "io_ref_reads=1.5", 0 },
	{ "ntpAgentxIoBuffers", "total_rbuf=576", "576", "total_rbuf=-1", 0 },
	{ "ntpAgentxIoBuffersFree", "free_rbuf=583", "583", "free_rbuf=-1", 0 },
	{ "ntpAgentxIoBuffersUsed", "used_rbuf=590", "590", "used_rbuf=-1", 0 },
	{ "ntpAgentxIoBufferAdditions", "rbuf_lowater=5970000000597", "5970000000597",
	    "rbuf_lowater=1.5", 0 },
	{ "ntpAgentxIoResetSeconds", "iostats_reset=604", "604", "iostats_reset=-1", 0 },
};

static void
io_objects_show_their_variables(void **state)
{
	(void)state;
	cells_check_cases(&agentx_io_table, io_cases, COUNT(io_cases));
}

static const struct cell_case monitor_cases[] = {
	{ "ntpAgentxMruEnabled", "mru_enabled=611", "611", "mru_enabled=4294967296", 0 },
	{ "ntpAgentxMruDepth", "mru_depth=618", "618", "mru_depth=-1", 0 },
	{ "ntpAgentxMruDeepest", "mru_deepest=625", "625", "mru_deepest=-1", 0 },
	{ "ntpAgentxMruMinDepth", "mru_mindepth=632", "632", "mru_mindepth=-1", 0 },
	{ "ntpAgentxMruMaxDepth", "mru_maxdepth=639", "639", "mru_maxdepth=-1", 0 },
	{ "ntpAgentxMruMaxAgeSeconds", "mru_maxage=-646", "-646", "mru_maxage=2147483648",
	    0 },
	{ "ntpAgentxMruMinAgeSeconds", "mru_minage=-653", "-653", "mru_minage=2147483648",
	    0 },
	{ "ntpAgentxMruOldestSeconds", "mru_oldest_age=660", "660", "mru_oldest_age=-1",
	    0 },
	{ "ntpAgentxMruMemoryKb", "mru_mem=667", "667", "mru_mem=-1", 0 },
	{ "ntpAgentxMruMaxMemoryKb", "mru_maxmem=674", "674", "mru_maxmem=-1", 0 },
	{ "ntpAgentxMruHashSlots", "mru_hashslots=681", "681", "mru_hashslots=-1", 0 },
	{ "ntpAgentxMruExists", "mru_exists=6880000000688", "6880000000688",
	    "mru_exists=1.5", 0 },
	{ "ntpAgentxMruNew", "mru_new=6950000000695", "6950000000695", "mru_new=1.5", 0 },
	{ "ntpAgentxMruRecycleOld", "mru_recycleold=7020000000702", "7020000000702",
	    "mru_recycleold=1.5", 0 },
	{ "ntpAgentxMruRecycleFull", "mru_recyclefull=7090000000709", "7090000000709",
	    "mru_recyclefull=1.5", 0 },
	{ "ntpAgentxMruNone", "mru_none=7160000000716", "7160000000716", "mru_none=1.5",
	    0 },
};

static void
monitor_objects_show_their_variables(void **state)
{
	(void)state;
	cells_check_cases(&agentx_monitor_table, monitor_cases, COUNT(monitor_cases));
}

static const struct cell_case auth_cases[] = {
	{ "ntpAgentxAuthKeys", "authkeys=723", "723", "authkeys=-1", 0 },
	{ "ntpAgentxAuthKeysFree", "authfreek=730", "730", "authfreek=-1", 0 },
	{ "ntpAgentxAuthLookups", "authklookups=7370000000737", "7370000000737",
	    "authklookups=1.5", 0 },
	{ "ntpAgentxAuthNotFound", "authknotfound=7440000000744", "7440000000744",
	    "authknotfound=1.5", 0 },
	{ "ntpAgentxAuthUncached", "authkuncached=7510000000751", "7510000000751",
	    "authkuncached=1.5", 0 },
	{ "ntpAgentxAuthExpired", "authkexpired=7580000000758", "7580000000758",
	    "authkexpired=1.5", 0 },
	{ "ntpAgentxAuthEncrypts", "authencrypts=7650000000765", "7650000000765",
	    "authencrypts=1.5", 0 },
	{ "ntpAgentxAuthDecrypts", "authdecrypts=7720000000772", "7720000000772",
	    "authdecrypts=1.5", 0 },
	{ "ntpAgentxAuthDigestEncrypts", "authdigestencrypts=7790000000779",
	    "7790000000779", "authdigestencrypts=1.5", 0 },
	{ "ntpAgentxAuthDigestDecrypts", "authdigestdecrypts=7860000000786",
	    "7860000000786", "authdigestdecrypts=1.5", 0 },
	{ "ntpAgentxAuthDigestFails", "authdigestfails=7930000000793", "7930000000793",
	    "authdigestfails=1.5", 0 },
	{ "ntpAgentxAuthCmacEncrypts", "authcmacencrypts=8000000000800", "8000000000800",
	    "authcmacencrypts=1.5", 0 },
	{ "ntpAgentxAuthCmacDecrypts", "authcmacdecrypts=8070000000807", "8070000000807",
	    "authcmacdecrypts=1.5", 0 },
	{ "ntpAgentxAuthCmacFails", "authcmacfails=8140000000814", "8140000000814",
	    "authcmacfails=1.5", 0 },
	{ "ntpAgentxAuthResetSeconds", "authreset=821", "821", "authreset=-1", 0 },
};

static void
auth_objects_show_their_variables(void **state)
{
	(void)state;
	cells_check_cases(&agentx_auth_table, auth_cases, COUNT(auth_cases));
}

static const struct cell_case kernel_cases[] = {
	{ "ntpAgentxKernOffsetUs", "koffset=-828.0126", "-828013", "koffset=x", 0 },
	{ "ntpAgentxKernOffsetNs", "koffset=-0.000835", "-835", "koffset=x", 0 },
	{ "ntpAgentxKernFrequencyPpb", "kfreq=-842.0126", "-842013", "kfreq=x", 0 },
	{ "ntpAgentxKernMaxErrorUs", "kmaxerr=849.0126", "849013", "kmaxerr=1s", 0 },
	{ "ntpAgentxKernEstErrorUs", "kesterr=856.0126", "856013", "kesterr=1s", 0 },
	{ "ntpAgentxKernStatus", "kstflags=\"pll unsync\"", "0x8200",
	    "kstflags=\"no such word\"", 0 },
	{ "ntpAgentxKernTimeConstant", "ktimeconst=870.000", "870", "ktimeconst=870.5",
	    0 },
	{ "ntpAgentxKernPrecisionNs", "kprecis=0.000877", "877", "kprecis=-", 0 },
	{ "ntpAgentxKernTolerancePpb", "kfreqtol=884.0126", "884013", "kfreqtol=many",
	    0 },
	{ "ntpAgentxKernPpsFrequencyPpb", "kppsfreq=-891.0126", "-891013", "kppsfreq=x",
	    0 },
	{ "ntpAgentxKernPpsWanderPpb", "kppsstab=898.0126", "898013", "kppsstab=many",
	    0 },
	{ "ntpAgentxKernPpsJitterUs", "kppsjitter=905.0126", "905013", "kppsjitter=1s",
	    0 },
	{ "ntpAgentxKernPpsJitterNs", "kppsjitter=0.000912", "912", "kppsjitter=-", 0 },
	{ "ntpAgentxKernPpsCalibSeconds", "kppscalibdur=919.000", "919",
	    "kppscalibdur=-1", 0 },
	{ "ntpAgentxKernPpsCalibs", "kppscalibs=926", "926", "kppscalibs=-1", 0 },
	{ "ntpAgentxKernPpsCalibErrors", "kppscaliberrs=933", "933", "kppscaliberrs=-1",
	    0 },
	{ "ntpAgentxKernPpsJitterExceeded", "kppsjitexc=940", "940", "kppsjitexc=-1", 0 },
	{ "ntpAgentxKernPpsWanderExceeded", "kppsstbexc=947", "947", "kppsstbexc=-1", 0 },
};

static void
kernel_objects_show_their_variables(void **state)
{
	(void)state;
	cells_check_cases(&agentx_kernel_table, kernel_cases, COUNT(kernel_cases));
}

static const struct cell_case timer_cases[] = {
	{ "ntpAgentxTimerOverruns", "timer_overruns=9540000000954", "9540000000954",
	    "timer_overruns=1.5", 0 },
	{ "ntpAgentxTimerTransmits", "timer_xmts=9610000000961", "9610000000961",
	    "timer_xmts=1.5", 0 },
	{ "ntpAgentxTimerResetSeconds", "timerstats_reset=968", "968",
	    "timerstats_reset=-1", 0 },
};

static void
timer_objects_show_their_variables(void **state)
{
	(void)state;
	cells_check_cases(&agentx_timer_table, timer_cases, COUNT(timer_cases));
}

static const struct cell_case nts_cases[] = {
	{ "ntpAgentxNtsClientSent", "nts_client_send=9750000000975", "9750000000975",
	    "nts_client_send=1.5", 0 },
	{ "ntpAgentxNtsClientGood", "nts_client_recv_good=9820000000982", "9820000000982",
	    "nts_client_recv_good=1.5", 0 },
	{ "ntpAgentxNtsClientBad", "nts_client_recv_bad=9890000000989", "9890000000989",
	    "nts_client_recv_bad=1.5", 0 },
	{ "ntpAgentxNtsServerSent", "nts_server_send=9960000000996", "9960000000996",
	    "nts_server_send=1.5", 0 },
	{ "ntpAgentxNtsServerGood", "nts_server_recv_good=10030000001003",
	    "10030000001003", "nts_server_recv_good=1.5", 0 },
	{ "ntpAgentxNtsServerBad", "nts_server_recv_bad=10100000001010", "10100000001010",
	    "nts_server_recv_bad=1.5", 0 },
	{ "ntpAgentxNtsCookiesMade", "nts_cookie_make=10170000001017", "10170000001017",
	    "nts_cookie_make=1.5", 0 },
	{ "ntpAgentxNtsCookiesNotServer", "nts_cookie_not_server=10240000001024",
	    "10240000001024", "nts_cookie_not_server=1.5", 0 },
	{ "ntpAgentxNtsCookiesDecoded", "nts_cookie_decode_total=10310000001031",
	    "10310000001031", "nts_cookie_decode_total=1.5", 0 },
	{ "ntpAgentxNtsCookiesCurrent", "nts_cookie_decode_current=10380000001038",
	    "10380000001038", "nts_cookie_decode_current=1.5", 0 },
	{ "ntpAgentxNtsCookiesOld", "nts_cookie_decode_old=10450000001045",
	    "10450000001045", "nts_cookie_decode_old=1.5", 0 },
	{ "ntpAgentxNtsCookiesOld2", "nts_cookie_decode_old2=10520000001052",
	    "10520000001052", "nts_cookie_decode_old2=1.5", 0 },
	{ "ntpAgentxNtsCookiesOlder", "nts_cookie_decode_older=10590000001059",
	    "10590000001059", "nts_cookie_decode_older=1.5", 0 },
	{ "ntpAgentxNtsCookiesTooOld", "nts_cookie_decode_too_old=10660000001066",
	    "10660000001066", "nts_cookie_decode_too_old=1.5", 0 },
	{ "ntpAgentxNtsCookiesBad", "nts_cookie_decode_error=10730000001073",
	    "10730000001073", "nts_cookie_decode_error=1.5", 0 },
	{ "ntpAgentxNtsKeServesGood", "nts_ke_serves_good=10800000001080",
	    "10800000001080", "nts_ke_serves_good=1.5", 0 },
	{ "ntpAgentxNtsKeServesNoTls", "nts_ke_serves_nossl=10870000001087",
	    "10870000001087", "nts_ke_serves_nossl=1.5", 0 },
	{ "ntpAgentxNtsKeServesBad", "nts_ke_serves_bad=10940000001094", "10940000001094",
	    "nts_ke_serves_bad=1.5", 0 },
	{ "ntpAgentxNtsKeProbesGood", "nts_ke_probes_good=11010000001101",
	    "11010000001101", "nts_ke_probes_good=1.5", 0 },
	{ "ntpAgentxNtsKeProbesBad", "nts_ke_probes_bad=11080000001108", "11080000001108",
	    "nts_ke_probes_bad=1.5", 0 },
	{ "ntpAgentxNtsKeServesGoodWallUs", "nts_ke_serves_good_wall=1115.0126",
	    "1115012600", "nts_ke_serves_good_wall=x", 0 },
	{ "ntpAgentxNtsKeServesGoodCpuUs", "nts_ke_serves_good_cpu=1122.0126",
	    "1122012600", "nts_ke_serves_good_cpu=x", 0 },
	{ "ntpAgentxNtsKeServesNoTlsWallUs", "nts_ke_serves_nossl_wall=1129.0126",
	    "1129012600", "nts_ke_serves_nossl_wall=x", 0 },
	{ "ntpAgentxNtsKeServesNoTlsCpuUs", "nts_ke_serves_nossl_cpu=1136.0126",
	    "1136012600", "nts_ke_serves_nossl_cpu=x", 0 },
	{ "ntpAgentxNtsKeServesBadWallUs", "nts_ke_serves_bad_wall=1143.0126",
	    "1143012600", "nts_ke_serves_bad_wall=x", 0 },
	{ "ntpAgentxNtsKeServesBadCpuUs", "nts_ke_serves_bad_cpu=1150.0126", "1150012600",
	    "nts_ke_serves_bad_cpu=x", 0 },
};

static void
nts_objects_show_their_variables(void **state)
{
	(void)state;
	cells_check_cases(&agentx_nts_table, nts_cases, COUNT(nts_cases));
}

static const struct cell_case mssntp_cases[] = {
	{ "ntpAgentxMssntpRequests", "mssntp_serves=11570000001157", "11570000001157",
	    "mssntp_serves=1.5", 0 },
	{ "ntpAgentxMssntpNo", "mssntp_serves_no=11640000001164", "11640000001164",
	    "mssntp_serves_no=1.5", 0 },
	{ "ntpAgentxMssntpErrors", "mssntp_serves_err=11710000001171", "11710000001171",
	    "mssntp_serves_err=1.5", 0 },
	{ "ntpAgentxMssntpGood", "mssntp_serves_good=11780000001178", "11780000001178",
	    "mssntp_serves_good=1.5", 0 },
	{ "ntpAgentxMssntpBad", "mssntp_serves_bad=11850000001185", "11850000001185",
	    "mssntp_serves_bad=1.5", 0 },
	{ "ntpAgentxMssntpGoodWallUs", "mssntp_serves_good_wall=1192.0126", "1192012600",
	    "mssntp_serves_good_wall=x", 0 },
	{ "ntpAgentxMssntpGoodSlowestUs", "mssntp_serves_good_slowest=1199.0126",
	    "1199012600", "mssntp_serves_good_slowest=x", 0 },
	{ "ntpAgentxMssntpBadWallUs", "mssntp_serves_bad_wall=1206.0126", "1206012600",
	    "mssntp_serves_bad_wall=x", 0 },
	{ "ntpAgentxMssntpBadSlowestUs", "mssntp_serves_bad_slowest=1213.0126",
	    "1213012600", "mssntp_serves_bad_slowest=x", 0 },
};

static void
mssntp_objects_show_their_variables(void **state)
{
	(void)state;
	cells_check_cases(&agentx_mssntp_table, mssntp_cases, COUNT(mssntp_cases));
}

/* NTPsec counts totals itself. */
static void
totals_are_those_of_the_daemon_or_added_up(void **state)
{
	static const char label[] = "ntpAgentxPktReceived";
	struct snapshot *s = cells_system(0, "ss_reset=156, ss_received=112");

	(void)state;
	cells_check(s, label, "112");
	snapshot_unref(s);
	s = cells_system(0, "ss_reset=156, ss_received=112, ss_received_r=2112");
	cells_check(s, label, "2112");
	snapshot_unref(s);
	s = cells_system(0, "ss_received=112");
	cells_check(s, label, NULL);
	snapshot_unref(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packet_objects_show_their_variables),
		cmocka_unit_test(io_objects_show_their_variables),
		cmocka_unit_test(monitor_objects_show_their_variables),
		cmocka_unit_test(auth_objects_show_their_variables),
		cmocka_unit_test(kernel_objects_show_their_variables),
		cmocka_unit_test(timer_objects_show_their_variables),
		cmocka_unit_test(nts_objects_show_their_variables),
		cmocka_unit_test(mssntp_objects_show_their_variables),
		cmocka_unit_test(totals_are_those_of_the_daemon_or_added_up),
	};

	return cmocka_run_group_tests_name("counters", tests, NULL, NULL);
}
