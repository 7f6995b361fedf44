/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables below ntpAgentxCounters. */
#include "snmp/agentx_groups.h"

static const mib_subid packet_root[] = { AGENTX_OBJECTS, 6, 1, 1 };
static const mib_subid io_root[] = { AGENTX_OBJECTS, 6, 2, 1 };
static const mib_subid monitor_root[] = { AGENTX_OBJECTS, 6, 3, 1 };
static const mib_subid auth_root[] = { AGENTX_OBJECTS, 6, 4, 1 };
static const mib_subid kernel_root[] = { AGENTX_OBJECTS, 6, 5, 1 };
static const mib_subid timer_root[] = { AGENTX_OBJECTS, 6, 6, 1 };
static const mib_subid nts_root[] = { AGENTX_OBJECTS, 6, 7, 1 };
static const mib_subid mssntp_root[] = { AGENTX_OBJECTS, 6, 8, 1 };

_Static_assert((int)NTP_TOTAL_RECEIVED == 0 && (int)NTP_TOTAL_TSROUNDING == 11,
    "the first twelve columns are kinds of totals");

static bool
get_total(const struct mib_cell *cell, struct mib_value *out)
{
	const struct snapshot *s = agentx_snapshot(cell);
	uint32_t kind = cell->object->subid - 1;

	return s && ntp_total_get(&s->totals, (enum ntp_total_kind)kind, &out->u64);
}

static const struct mib_object packet_objects[] = {
	MIB_OWN(1, "ntpAgentxPktReceived", MIB_COUNTER64, get_total, NULL,
	    "ss_received, added up"),
	MIB_OWN(2, "ntpAgentxPktThisVersion", MIB_COUNTER64, get_total, NULL,
	    "ss_thisver, added up"),
	MIB_OWN(3, "ntpAgentxPktOldVersion", MIB_COUNTER64, get_total, NULL,
	    "ss_oldver, added up"),
	MIB_OWN(4, "ntpAgentxPktBadFormat", MIB_COUNTER64, get_total, NULL,
	    "ss_badformat, added up"),
	MIB_OWN(5, "ntpAgentxPktBadAuth", MIB_COUNTER64, get_total, NULL,
	    "ss_badauth, added up"),
	MIB_OWN(6, "ntpAgentxPktDeclined", MIB_COUNTER64, get_total, NULL,
	    "ss_declined, added up"),
	MIB_OWN(7, "ntpAgentxPktRestricted", MIB_COUNTER64, get_total, NULL,
	    "ss_restricted, added up"),
	MIB_OWN(8, "ntpAgentxPktLimited", MIB_COUNTER64, get_total, NULL,
	    "ss_limited, added up"),
	MIB_OWN(9, "ntpAgentxPktKodSent", MIB_COUNTER64, get_total, NULL,
	    "ss_kodsent, added up"),
	MIB_OWN(10, "ntpAgentxPktProcessed", MIB_COUNTER64, get_total, NULL,
	    "ss_processed, added up"),
	MIB_OWN(11, "ntpAgentxPktLamport", MIB_COUNTER64, get_total, NULL,
	    "ss_lamport, added up"),
	MIB_OWN(12, "ntpAgentxPktTsRounding", MIB_COUNTER64, get_total, NULL,
	    "ss_tsrounding, added up"),
	AGENTX_SYSTEM_VAR(13, "ntpAgentxPktVersion1", counter, SS_VER1_R),
	AGENTX_SYSTEM_VAR(14, "ntpAgentxPktVersion1Client", counter, SS_VER1CLIENT_R),
	AGENTX_SYSTEM_VAR(15, "ntpAgentxPktVersion1Zero", counter, SS_VER1ZERO_R),
	AGENTX_SYSTEM_VAR(16, "ntpAgentxPktVersion1Symmetric", counter, SS_VER1SYMM_R),
	AGENTX_SYSTEM_VAR(17, "ntpAgentxPktControl", counter, SS_NUMCTLREQ),
	AGENTX_SYSTEM_VAR(18, "ntpAgentxPktResetSeconds", gauge, SS_RESET),
	AGENTX_SYSTEM_VAR(19, "ntpAgentxPktTotalSeconds", gauge, SS_RESET_R),
};

const struct mib_group agentx_packet_table =
    AGENTX_TARGET_TABLE("ntpAgentxPacketTable", packet);

static const struct mib_object io_objects[] = {
	AGENTX_SYSTEM_VAR(1, "ntpAgentxIoReceived", counter, IO_RECEIVED),
	AGENTX_SYSTEM_VAR(2, "ntpAgentxIoDropped", counter, IO_DROPPED),
	AGENTX_SYSTEM_VAR(3, "ntpAgentxIoIgnored", counter, IO_IGNORED),
	AGENTX_SYSTEM_VAR(4, "ntpAgentxIoSent", counter, IO_SENT),
	AGENTX_SYSTEM_VAR(5, "ntpAgentxIoSendFailed", counter, IO_SENDFAILED),
	AGENTX_SYSTEM_VAR(6, "ntpAgentxIoWakeups", counter, IO_WAKEUPS),
	AGENTX_SYSTEM_VAR(7, "ntpAgentxIoGoodWakeups", counter, IO_GOODWAKEUPS),
	AGENTX_SYSTEM_VAR(8, "ntpAgentxIoPacketReads", counter, IO_PKT_READS),
	AGENTX_SYSTEM_VAR(9, "ntpAgentxIoClockReads", counter, IO_REF_READS),
	AGENTX_SYSTEM_VAR(10, "ntpAgentxIoBuffers", gauge, TOTAL_RBUF),
	AGENTX_SYSTEM_VAR(11, "ntpAgentxIoBuffersFree", gauge, FREE_RBUF),
	AGENTX_SYSTEM_VAR(12, "ntpAgentxIoBuffersUsed", gauge, USED_RBUF),
	AGENTX_SYSTEM_VAR(13, "ntpAgentxIoBufferAdditions", counter, RBUF_LOWATER),
	AGENTX_SYSTEM_VAR(14, "ntpAgentxIoResetSeconds", gauge, IOSTATS_RESET),
};

const struct mib_group agentx_io_table = AGENTX_TARGET_TABLE("ntpAgentxIoTable", io);

static const struct mib_object monitor_objects[] = {
	AGENTX_SYSTEM_VAR(1, "ntpAgentxMruEnabled", u32, MRU_ENABLED),
	AGENTX_SYSTEM_VAR(2, "ntpAgentxMruDepth", gauge, MRU_DEPTH),
	AGENTX_SYSTEM_VAR(3, "ntpAgentxMruDeepest", gauge, MRU_DEEPEST),
	AGENTX_SYSTEM_VAR(4, "ntpAgentxMruMinDepth", gauge, MRU_MINDEPTH),
	AGENTX_SYSTEM_VAR(5, "ntpAgentxMruMaxDepth", gauge, MRU_MAXDEPTH),
	AGENTX_SYSTEM_VAR(6, "ntpAgentxMruMaxAgeSeconds", i32, MRU_MAXAGE),
	AGENTX_SYSTEM_VAR(7, "ntpAgentxMruMinAgeSeconds", i32, MRU_MINAGE),
	AGENTX_SYSTEM_VAR(8, "ntpAgentxMruOldestSeconds", gauge, MRU_OLDEST_AGE),
	AGENTX_SYSTEM_VAR(9, "ntpAgentxMruMemoryKb", gauge, MRU_MEM),
	AGENTX_SYSTEM_VAR(10, "ntpAgentxMruMaxMemoryKb", gauge, MRU_MAXMEM),
	AGENTX_SYSTEM_VAR(11, "ntpAgentxMruHashSlots", gauge, MRU_HASHSLOTS),
	AGENTX_SYSTEM_VAR(12, "ntpAgentxMruExists", counter, MRU_EXISTS),
	AGENTX_SYSTEM_VAR(13, "ntpAgentxMruNew", counter, MRU_NEW),
	AGENTX_SYSTEM_VAR(14, "ntpAgentxMruRecycleOld", counter, MRU_RECYCLEOLD),
	AGENTX_SYSTEM_VAR(15, "ntpAgentxMruRecycleFull", counter, MRU_RECYCLEFULL),
	AGENTX_SYSTEM_VAR(16, "ntpAgentxMruNone", counter, MRU_NONE),
};

const struct mib_group agentx_monitor_table =
    AGENTX_TARGET_TABLE("ntpAgentxMonitorTable", monitor);

static const struct mib_object auth_objects[] = {
	AGENTX_SYSTEM_VAR(1, "ntpAgentxAuthKeys", gauge, AUTHKEYS),
	AGENTX_SYSTEM_VAR(2, "ntpAgentxAuthKeysFree", gauge, AUTHFREEK),
	AGENTX_SYSTEM_VAR(3, "ntpAgentxAuthLookups", counter, AUTHKLOOKUPS),
	AGENTX_SYSTEM_VAR(4, "ntpAgentxAuthNotFound", counter, AUTHKNOTFOUND),
	AGENTX_SYSTEM_VAR(5, "ntpAgentxAuthUncached", counter, AUTHKUNCACHED),
	AGENTX_SYSTEM_VAR(6, "ntpAgentxAuthExpired", counter, AUTHKEXPIRED),
	AGENTX_SYSTEM_VAR(7, "ntpAgentxAuthEncrypts", counter, AUTHENCRYPTS),
	AGENTX_SYSTEM_VAR(8, "ntpAgentxAuthDecrypts", counter, AUTHDECRYPTS),
	AGENTX_SYSTEM_VAR(9, "ntpAgentxAuthDigestEncrypts", counter, AUTHDIGESTENCRYPTS),
	AGENTX_SYSTEM_VAR(10, "ntpAgentxAuthDigestDecrypts", counter, AUTHDIGESTDECRYPTS),
	AGENTX_SYSTEM_VAR(11, "ntpAgentxAuthDigestFails", counter, AUTHDIGESTFAILS),
	AGENTX_SYSTEM_VAR(12, "ntpAgentxAuthCmacEncrypts", counter, AUTHCMACENCRYPTS),
	AGENTX_SYSTEM_VAR(13, "ntpAgentxAuthCmacDecrypts", counter, AUTHCMACDECRYPTS),
	AGENTX_SYSTEM_VAR(14, "ntpAgentxAuthCmacFails", counter, AUTHCMACFAILS),
	AGENTX_SYSTEM_VAR(15, "ntpAgentxAuthResetSeconds", gauge, AUTHRESET),
};

const struct mib_group agentx_auth_table =
    AGENTX_TARGET_TABLE("ntpAgentxAuthTable", auth);

static const struct mib_object kernel_objects[] = {
	AGENTX_SYSTEM_VAR(1, "ntpAgentxKernOffsetUs", us, KOFFSET),
	AGENTX_SYSTEM_VAR(2, "ntpAgentxKernOffsetNs", ns, KOFFSET),
	AGENTX_SYSTEM_VAR(3, "ntpAgentxKernFrequencyPpb", ppb, KFREQ),
	AGENTX_SYSTEM_VAR(4, "ntpAgentxKernMaxErrorUs", usu, KMAXERR),
	AGENTX_SYSTEM_VAR(5, "ntpAgentxKernEstErrorUs", usu, KESTERR),
	AGENTX_SYSTEM_VAR(6, "ntpAgentxKernStatus", kstatus, KSTFLAGS),
	AGENTX_SYSTEM_VAR(7, "ntpAgentxKernTimeConstant", whole, KTIMECONST),
	AGENTX_SYSTEM_VAR(8, "ntpAgentxKernPrecisionNs", nsu, KPRECIS),
	AGENTX_SYSTEM_VAR(9, "ntpAgentxKernTolerancePpb", ppbu, KFREQTOL),
	AGENTX_SYSTEM_VAR(10, "ntpAgentxKernPpsFrequencyPpb", ppb, KPPSFREQ),
	AGENTX_SYSTEM_VAR(11, "ntpAgentxKernPpsWanderPpb", ppbu, KPPSSTAB),
	AGENTX_SYSTEM_VAR(12, "ntpAgentxKernPpsJitterUs", usu, KPPSJITTER),
	AGENTX_SYSTEM_VAR(13, "ntpAgentxKernPpsJitterNs", nsu, KPPSJITTER),
	AGENTX_SYSTEM_VAR(14, "ntpAgentxKernPpsCalibSeconds", wholeu, KPPSCALIBDUR),
	AGENTX_SYSTEM_VAR(15, "ntpAgentxKernPpsCalibs", tally, KPPSCALIBS),
	AGENTX_SYSTEM_VAR(16, "ntpAgentxKernPpsCalibErrors", tally, KPPSCALIBERRS),
	AGENTX_SYSTEM_VAR(17, "ntpAgentxKernPpsJitterExceeded", tally, KPPSJITEXC),
	AGENTX_SYSTEM_VAR(18, "ntpAgentxKernPpsWanderExceeded", tally, KPPSSTBEXC),
};

const struct mib_group agentx_kernel_table =
    AGENTX_TARGET_TABLE("ntpAgentxKernelTable", kernel);

static const struct mib_object timer_objects[] = {
	AGENTX_SYSTEM_VAR(1, "ntpAgentxTimerOverruns", counter, TIMER_OVERRUNS),
	AGENTX_SYSTEM_VAR(2, "ntpAgentxTimerTransmits", counter, TIMER_XMTS),
	AGENTX_SYSTEM_VAR(3, "ntpAgentxTimerResetSeconds", gauge, TIMERSTATS_RESET),
};

const struct mib_group agentx_timer_table =
    AGENTX_TARGET_TABLE("ntpAgentxTimerTable", timer);

static const struct mib_object nts_objects[] = {
	AGENTX_SYSTEM_VAR(1, "ntpAgentxNtsClientSent", counter, NTS_CLIENT_SEND),
	AGENTX_SYSTEM_VAR(2, "ntpAgentxNtsClientGood", counter, NTS_CLIENT_RECV_GOOD),
	AGENTX_SYSTEM_VAR(3, "ntpAgentxNtsClientBad", counter, NTS_CLIENT_RECV_BAD),
	AGENTX_SYSTEM_VAR(4, "ntpAgentxNtsServerSent", counter, NTS_SERVER_SEND),
	AGENTX_SYSTEM_VAR(5, "ntpAgentxNtsServerGood", counter, NTS_SERVER_RECV_GOOD),
	AGENTX_SYSTEM_VAR(6, "ntpAgentxNtsServerBad", counter, NTS_SERVER_RECV_BAD),
	AGENTX_SYSTEM_VAR(7, "ntpAgentxNtsCookiesMade", counter, NTS_COOKIE_MAKE),
	AGENTX_SYSTEM_VAR(8, "ntpAgentxNtsCookiesNotServer", counter,
	    NTS_COOKIE_NOT_SERVER),
	AGENTX_SYSTEM_VAR(9, "ntpAgentxNtsCookiesDecoded", counter,
	    NTS_COOKIE_DECODE_TOTAL),
	AGENTX_SYSTEM_VAR(10, "ntpAgentxNtsCookiesCurrent", counter,
	    NTS_COOKIE_DECODE_CURRENT),
	AGENTX_SYSTEM_VAR(11, "ntpAgentxNtsCookiesOld", counter, NTS_COOKIE_DECODE_OLD),
	AGENTX_SYSTEM_VAR(12, "ntpAgentxNtsCookiesOld2", counter, NTS_COOKIE_DECODE_OLD2),
	AGENTX_SYSTEM_VAR(13, "ntpAgentxNtsCookiesOlder", counter,
	    NTS_COOKIE_DECODE_OLDER),
	AGENTX_SYSTEM_VAR(14, "ntpAgentxNtsCookiesTooOld", counter,
	    NTS_COOKIE_DECODE_TOO_OLD),
	AGENTX_SYSTEM_VAR(15, "ntpAgentxNtsCookiesBad", counter, NTS_COOKIE_DECODE_ERROR),
	AGENTX_SYSTEM_VAR(16, "ntpAgentxNtsKeServesGood", counter, NTS_KE_SERVES_GOOD),
	AGENTX_SYSTEM_VAR(17, "ntpAgentxNtsKeServesNoTls", counter, NTS_KE_SERVES_NOSSL),
	AGENTX_SYSTEM_VAR(18, "ntpAgentxNtsKeServesBad", counter, NTS_KE_SERVES_BAD),
	AGENTX_SYSTEM_VAR(19, "ntpAgentxNtsKeProbesGood", counter, NTS_KE_PROBES_GOOD),
	AGENTX_SYSTEM_VAR(20, "ntpAgentxNtsKeProbesBad", counter, NTS_KE_PROBES_BAD),
	AGENTX_SYSTEM_VAR(21, "ntpAgentxNtsKeServesGoodWallUs", spent,
	    NTS_KE_SERVES_GOOD_WALL),
	AGENTX_SYSTEM_VAR(22, "ntpAgentxNtsKeServesGoodCpuUs", spent,
	    NTS_KE_SERVES_GOOD_CPU),
	AGENTX_SYSTEM_VAR(23, "ntpAgentxNtsKeServesNoTlsWallUs", spent,
	    NTS_KE_SERVES_NOSSL_WALL),
	AGENTX_SYSTEM_VAR(24, "ntpAgentxNtsKeServesNoTlsCpuUs", spent,
	    NTS_KE_SERVES_NOSSL_CPU),
	AGENTX_SYSTEM_VAR(25, "ntpAgentxNtsKeServesBadWallUs", spent,
	    NTS_KE_SERVES_BAD_WALL),
	AGENTX_SYSTEM_VAR(26, "ntpAgentxNtsKeServesBadCpuUs", spent,
	    NTS_KE_SERVES_BAD_CPU),
};

const struct mib_group agentx_nts_table = AGENTX_TARGET_TABLE("ntpAgentxNtsTable", nts);

static const struct mib_object mssntp_objects[] = {
	AGENTX_SYSTEM_VAR(1, "ntpAgentxMssntpRequests", counter, MSSNTP_SERVES),
	AGENTX_SYSTEM_VAR(2, "ntpAgentxMssntpNo", counter, MSSNTP_SERVES_NO),
	AGENTX_SYSTEM_VAR(3, "ntpAgentxMssntpErrors", counter, MSSNTP_SERVES_ERR),
	AGENTX_SYSTEM_VAR(4, "ntpAgentxMssntpGood", counter, MSSNTP_SERVES_GOOD),
	AGENTX_SYSTEM_VAR(5, "ntpAgentxMssntpBad", counter, MSSNTP_SERVES_BAD),
	AGENTX_SYSTEM_VAR(6, "ntpAgentxMssntpGoodWallUs", spent, MSSNTP_SERVES_GOOD_WALL),
	AGENTX_SYSTEM_VAR(7, "ntpAgentxMssntpGoodSlowestUs", span,
	    MSSNTP_SERVES_GOOD_SLOWEST),
	AGENTX_SYSTEM_VAR(8, "ntpAgentxMssntpBadWallUs", spent, MSSNTP_SERVES_BAD_WALL),
	AGENTX_SYSTEM_VAR(9, "ntpAgentxMssntpBadSlowestUs", span,
	    MSSNTP_SERVES_BAD_SLOWEST),
};

const struct mib_group agentx_mssntp_table =
    AGENTX_TARGET_TABLE("ntpAgentxMssntpTable", mssntp);
