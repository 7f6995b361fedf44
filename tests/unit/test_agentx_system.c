/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxSystemTable: each object with a value, absent and malformed. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "model/status.h"
#include "snmp/agentx_groups.h"
#include "support/cells.h"
#include "support/mib_text.h"
#include "support/snapshot_fixture.h"

#define NEW "version=\"ntpd 4.2.8p15@1.3728-o\""
#define OLD "version=\"ntpd 4.2.0a@1.1190-r Thu Apr 20 12:26:43 EDT 2006 (1)\""

static const struct cell_case cases[] = {
	{ "ntpAgentxSysStatusWord", "leap=0", "50698", NULL, 0xc60a },
	{ "ntpAgentxSysStatusLeap", "leap=0", "3", NULL, 0xc60a },
	{ "ntpAgentxSysSource", NEW, "6", NULL, 0xc60a },
	{ "ntpAgentxSysEventCount", "leap=0", "10", NULL, 0x06a4 },
	{ "ntpAgentxSysEvent", NEW, "6", NULL, 0xc606 },
	{ "ntpAgentxSysLeap", "leap=1", "1", "leap=4", 0 },
	{ "ntpAgentxSysStratum", "stratum=114", "114", "stratum=256", 0 },
	{ "ntpAgentxSysPrecisionLog2", "precision=-121", "-121", "precision=-129", 0 },
	{ "ntpAgentxSysRootDelayUs", "rootdelay=-128.0126", "-128013", "rootdelay=x", 0 },
	{ "ntpAgentxSysRootDelayNs", "rootdelay=-0.000135", "-135", "rootdelay=x", 0 },
	{ "ntpAgentxSysRootDispUs", "rootdisp=142.0126", "142013", "rootdisp=1s", 0 },
	{ "ntpAgentxSysRootDispNs", "rootdisp=0.000149", "149", "rootdisp=-", 0 },
	{ "ntpAgentxSysRootDistUs", "rootdelay=0.133, rootdisp=21.081", "21148",
	    "rootdelay=x, rootdisp=21.081", 0 },
	{ "ntpAgentxSysRefId", "refid=b156", "\"b156\"", NULL, 0 },
	{ "ntpAgentxSysRefIdKind", "refid=INIT", "2", NULL, 0 },
	{ "ntpAgentxSysRefIdPeer", "refid=192.0.2.7", "\"192.0.2.7\"", NULL, 0 },
	{ "ntpAgentxSysRefTime", "reftime=0xeeab5fb9.46790122",
	    "0x07ea0b1500091d022b0000", "reftime=0xeeab5fb9", 0 },
	{ "ntpAgentxSysClock", "clock=0xeeab5fc6.218d7b1d", "0x07ea0b1500092a012b0000",
	    "clock=0", 0 },
	{ "ntpAgentxSysUpdateAgeSeconds",
	    "reftime=0xeeab5fb9.46790122, clock=0xeeab5fc6.218d7b1d", "12",
	    "reftime=0xeeab5fb9.46790122, clock=0", 0 },
	{ "ntpAgentxSysPeer", "peer=163", "163", "peer=65536", 0 },
	{ "ntpAgentxSysPeerAddress", "peeradr=192.0.2.1:123", "\"192.0.2.1:123\"",
	    "peeradr=x", 0 },
	{ "ntpAgentxSysPeerMode", "peermode=3", "3", "peermode=8", 0 },
	{ "ntpAgentxSysTimeConstantLog2", "tc=184", "184", "tc=256", 0 },
	{ "ntpAgentxSysMinTimeConstantLog2", "mintc=191", "191", "mintc=256", 0 },
	{ "ntpAgentxSysOffsetUs", "offset=-198.0126", "-198013", "offset=x", 0 },
	{ "ntpAgentxSysOffsetNs", "offset=-0.000205", "-205", "offset=x", 0 },
	{ "ntpAgentxSysFrequencyPpb", "frequency=-212.0126", "-212013", "frequency=x",
	    0 },
	{ "ntpAgentxSysJitterUs", "sys_jitter=219.0126", "219013", "sys_jitter=1s", 0 },
	{ "ntpAgentxSysJitterNs", "sys_jitter=0.000226", "226", "sys_jitter=-", 0 },
	{ "ntpAgentxSysClockJitterUs", "clk_jitter=233.0126", "233013", "clk_jitter=1s",
	    0 },
	{ "ntpAgentxSysClockJitterNs", "clk_jitter=0.000240", "240", "clk_jitter=-", 0 },
	{ "ntpAgentxSysWanderPpb", "clk_wander=247.0126", "247013", "clk_wander=many",
	    0 },
	{ "ntpAgentxSysWanderLimitPpb", "clk_wander_threshold=254.0126", "254013",
	    "clk_wander_threshold=many", 0 },
	{ "ntpAgentxSysState", "state=4", "4", "state=x", 0 },
	{ "ntpAgentxSysTaiSeconds", "tai=37", "37", "tai=x", 0 },
	{ "ntpAgentxSysLeapSecond", "leapsec=202707010000", "0x07eb0701000000002b0000",
	    "leapsec=202706310000", 0 },
	{ "ntpAgentxSysLeapExpiry", "expire=202707010000", "0x07eb0701000000002b0000",
	    "expire=202706310000", 0 },
	{ "ntpAgentxSysLeapExpiryDays", "clock=0xeeab5fc6.218d7b1d, expire=203001010000",
	    "1136", "clock=0xeeab5fc6.218d7b1d, expire=x", 0 },
	{ "ntpAgentxSysSmearIntervalSeconds", "leapsmearinterval=282", "282",
	    "leapsmearinterval=4294967296", 0 },
	{ "ntpAgentxSysSmearOffsetUs", "leapsmearoffset=-289.0126", "-289013",
	    "leapsmearoffset=x", 0 },
	{ "ntpAgentxSysSmearOffsetNs", "leapsmearoffset=-0.000296", "-296",
	    "leapsmearoffset=x", 0 },
	{ "ntpAgentxSysVersion", "version=\"a 303\"", "\"a 303\"", NULL, 0 },
	{ "ntpAgentxSysProcessor", "processor=\"a 310\"", "\"a 310\"", NULL, 0 },
	{ "ntpAgentxSysSystem", "system=\"a 317\"", "\"a 317\"", NULL, 0 },
	{ "ntpAgentxSysRelease", "release=\"a 324\"", "\"a 324\"", NULL, 0 },
	{ "ntpAgentxSysUpTime", "ss_uptime=331", "33100", "ss_uptime=-1", 0 },
	{ "ntpAgentxSysBroadcastDelayUs", "bcastdelay=-338.0126", "-338013",
	    "bcastdelay=x", 0 },
	{ "ntpAgentxSysAuthDelayUs", "authdelay=-345.0126", "-345013", "authdelay=x", 0 },
	{ "ntpAgentxSysAuthDelayNs", "authdelay=-0.000352", "-352", "authdelay=x", 0 },
	{ "ntpAgentxSysFuzzNs", "fuzz=-0.000359", "-359", "fuzz=x", 0 },
	{ "ntpAgentxSysTickNs", "tick=-0.000366", "-366", "tick=x", 0 },
	{ "ntpAgentxSysLockClock", "lockclock=117", "117", "lockclock=256", 0 },
	{ "ntpAgentxSysSetTime", "settimeofday=b380", "\"b380\"", NULL, 0 },
	{ "ntpAgentxSysDaemonVersion", "daemon_version=\"a 387\"", "\"a 387\"", NULL, 0 },
};

static void
each_object_shows_its_variable(void **state)
{
	(void)state;
	cells_check_cases(&agentx_system_table, cases, COUNT(cases));
}

/* --- status words ------------------------------------------------------------------- */

static void
events_and_sources_depend_on_the_version(void **state)
{
	static const struct {
		const char *text;
		uint16_t status;
		const char *source, *event;
	} words[] = {
		{ NEW, 0xc606, "6", "6" },
		{ NEW, 0x061f, "6", "15" },
		{ NEW, 0x0a14, NULL, "4" },
		{ NEW, 0x2114, NULL, "4" },
		{ "version=\"ntpd ntpsec-1.2.2\"", 0xc006, "0", "6" },
		{ "version=\"ntpd 4.2.5p113\"", 0x0614, "6", "4" },
		{ "version=\"ntpd 4.3.0\"", 0x0614, "6", "4" },
		{ "version=\"ntpd 5\"", 0x0614, "6", "4" },
		{ "version=\"ntpd\"", 0x0614, "6", "4" },
		{ OLD, 0x06a4, "6", "18" },
		{ OLD, 0x2601, "6", "6" },
		{ OLD, 0x0100, "1", "0" },
		{ OLD, 0x0612, "6", "16" },
		{ OLD, 0x0613, "6", "17" },
		{ OLD, 0x0615, "6", "12" },
		{ OLD, 0x0616, "6", "19" },
		{ OLD, 0x0617, "6", "20" },
		{ OLD, 0x0618, "6", NULL },
		{ "version=\"ntpd 4.2.4p8\"", 0x0611, "6", "6" },
		{ "version=\"ntpd 4.1.99\"", 0x0611, "6", "6" },
		{ "leap=0", 0x0611, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		struct snapshot *s = cells_system(words[i].status, words[i].text);

		cells_check(s, "ntpAgentxSysSource", words[i].source);
		cells_check(s, "ntpAgentxSysEvent", words[i].event);
		snapshot_unref(s);
	}
}

static void
check_labels(mib_subid column, const struct mib_text_value *expected, size_t n)
{
	const struct mib_group *g = &agentx_system_table;
	mib_subid name[MIB_OID_MAX];

	memcpy(name, g->root, g->root_len * sizeof(name[0]));
	name[g->root_len] = column;
	mib_text_check_enumeration(name, g->root_len + 1, expected, n);
}

static void
enumerations_are_those_of_the_code(void **state)
{
	static const struct mib_text_value sources[] = {
		{ "unspecified", NTP_SOURCE_UNSPECIFIED },
		{ "pps", NTP_SOURCE_PPS },
		{ "lfRadio", NTP_SOURCE_LF_RADIO },
		{ "hfRadio", NTP_SOURCE_HF_RADIO },
		{ "uhfRadio", NTP_SOURCE_UHF_RADIO },
		{ "local", NTP_SOURCE_LOCAL },
		{ "ntp", NTP_SOURCE_NTP },
		{ "other", NTP_SOURCE_OTHER },
		{ "wristwatch", NTP_SOURCE_WRISTWATCH },
		{ "telephone", NTP_SOURCE_TELEPHONE },
	};
	static const struct mib_text_value events[] = {
		{ "unspecified", NTP_EVENT_UNSPECIFIED },
		{ "frequencyNotSet", NTP_EVENT_FREQUENCY_NOT_SET },
		{ "frequencySet", NTP_EVENT_FREQUENCY_SET },
		{ "spike", NTP_EVENT_SPIKE },
		{ "frequencyMode", NTP_EVENT_FREQUENCY_MODE },
		{ "clockSync", NTP_EVENT_CLOCK_SYNC },
		{ "restart", NTP_EVENT_RESTART },
		{ "panic", NTP_EVENT_PANIC },
		{ "noSystemPeer", NTP_EVENT_NO_SYSTEM_PEER },
		{ "leapArmed", NTP_EVENT_LEAP_ARMED },
		{ "leapDisarmed", NTP_EVENT_LEAP_DISARMED },
		{ "leap", NTP_EVENT_LEAP },
		{ "clockStep", NTP_EVENT_CLOCK_STEP },
		{ "kernel", NTP_EVENT_KERNEL },
		{ "tai", NTP_EVENT_TAI },
		{ "staleLeapseconds", NTP_EVENT_STALE_LEAPSECONDS },
		{ "fault", NTP_EVENT_FAULT },
		{ "sourceChange", NTP_EVENT_SOURCE_CHANGE },
		{ "peerChange", NTP_EVENT_PEER_CHANGE },
		{ "badDate", NTP_EVENT_BAD_DATE },
		{ "clockException", NTP_EVENT_CLOCK_EXCEPTION },
	};
	static const struct mib_text_value leaps[] = { { "none", 0 }, { "add", 1 },
		{ "delete", 2 }, { "alarm", 3 } };

	(void)state;
	assert_int_equal(COUNT(sources), NTP_SOURCE_COUNT);
	assert_int_equal(COUNT(events), NTP_EVENT_COUNT);
	check_labels(2, leaps, COUNT(leaps));
	check_labels(3, sources, COUNT(sources));
	check_labels(5, events, COUNT(events));
	check_labels(6, leaps, COUNT(leaps));
}

/* --- times -------------------------------------------------------------------------- */

static void
check_times(const char *text, const char *label, const char *expected)
{
	struct snapshot *s = cells_system(0, text);

	cells_check(s, label, expected);
	snapshot_unref(s);
}

static void
age_of_the_last_update_is_what_the_daemon_says(void **state)
{
	static const char label[] = "ntpAgentxSysUpdateAgeSeconds";

	(void)state;
	check_times("reftime=0xeeab5fb9.46790122, clock=0xeeab5fc6.218d7b1d", label,
	    "12");
	check_times("reftime=0xeeab5fb9.46790122, clock=0xeeab5fc6.46790122", label,
	    "13");
	/* Over the end of an era. */
	check_times("reftime=0xfffffffe.00000000, clock=0x00000003.00000000", label, "5");
	check_times("reftime=0xeeab5fc6.00000000, clock=0xeeab5fb9.00000000", label,
	    NULL);
	check_times("reftime=0x00000000.00000000, clock=0xeeab5fb9.0", label, NULL);
	check_times("reftime=0xeeab5fb9.46790122", label, NULL);
	check_times("clock=0xeeab5fb9.46790122", label, NULL);
}

static void
time_that_never_was_is_absent(void **state)
{
	(void)state;
	check_times("reftime=0x00000000.00000000", "ntpAgentxSysRefTime", NULL);
	check_times("clock=0x00000000.00000000", "ntpAgentxSysClock", NULL);
	check_times("leapsec=1970-01-01T00:00Z", "ntpAgentxSysLeapSecond", NULL);
	check_times("expire=1970-01-01T00:00Z", "ntpAgentxSysLeapExpiry", NULL);
}

static void
days_to_expiry_are_whole_ones(void **state)
{
	static const char label[] = "ntpAgentxSysLeapExpiryDays";
	static const char clock[] = "clock=0xeeab5fc6.218d7b1d"; /* 00:09:42 */
	static const struct {
		const char *expire, *expected;
	} days[] = {
		{ "202611220010", "1" },
		{ "202611220009", "0" },
		{ "202611210009", "-1" },
		{ "202611200009", "-2" },
		{ "203001010000", "1136" },
		{ "1970-01-01T00:00Z", NULL },
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < COUNT(days); i++) {
		snprintf(text, sizeof(text), "%s, expire=%s", clock, days[i].expire);
		check_times(text, label, days[i].expected);
	}
	check_times("expire=203001010000", label, NULL);
	check_times("expire=203001010000, clock=0x00000000.00000000", label, NULL);
}

/* --- others ------------------------------------------------------------------------- */

static void
tai_of_zero_is_unknown(void **state)
{
	(void)state;
	check_times("tai=0", "ntpAgentxSysTaiSeconds", NULL);
}

static void
distance_needs_both_of_its_parts(void **state)
{
	static const char label[] = "ntpAgentxSysRootDistUs";

	(void)state;
	check_times("rootdelay=0.133", label, NULL);
	check_times("rootdisp=21.081", label, NULL);
	check_times("rootdelay=-50.000, rootdisp=1.000", label, NULL);
	check_times("rootdelay=0.001, rootdisp=0.000", label, "1");
	check_times("rootdelay=1, rootdisp=1, rootdist=20.1835", label, "20184");
	check_times("rootdist=-0.183", label, NULL);
}

static void
old_names_mean_the_same(void **state)
{
	static const struct {
		const char *old, *label, *expected;
	} names[] = {
		{ "rootdispersion=1.5", "ntpAgentxSysRootDispUs", "1500" },
		{ "poll=6", "ntpAgentxSysTimeConstantLog2", "6" },
		{ "jitter=0.016261", "ntpAgentxSysJitterNs", "16261" },
		{ "noise=0.006", "ntpAgentxSysClockJitterUs", "6" },
		{ "stability=0.119", "ntpAgentxSysWanderPpb", "119" },
		{ "hostname=\"a\"", "ntpAgentxAutokeyHost", "\"a\"" },
		{ "refresh=4004208569", "ntpAgentxAutokeyUpdate",
		    "0x07ea0b1500091d002b0000" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		check_times(names[i].old, names[i].label, names[i].expected);
}

static void
state_of_an_unknown_number_is_absent(void **state)
{
	(void)state;
	check_times("state=5", "ntpAgentxSysState", "5");
	check_times("state=6", "ntpAgentxSysState", NULL);
}

static void
recorded_daemon_shows_its_values(void **state)
{
	struct snapshot *s = fixture_from_recording(
	    "tests/recordings/ntpd-4.2.8p15-client.txt", CELLS_WALL_NS);

	(void)state;
	cells_check(s, "ntpAgentxSysStratum", "5");
	cells_check(s, "ntpAgentxSysRootDistUs", "10940");
	cells_check(s, "ntpAgentxSysJitterNs", "16261");
	cells_check(s, "ntpAgentxSysPeer", "45113");
	cells_check(s, "ntpAgentxSysRelease", NULL);
	snapshot_unref(s);
}

/* A picture may carry values of one before it. */
static void
age_of_a_target_is_that_of_its_oldest_values(void **state)
{
	struct snapshot *s = cells_system(0, "");

	(void)state;
	s->taken_ns = CELLS_NOW_NS - 1000000000;
	s->read_ns = CELLS_NOW_NS - 12000000000;
	cells_check(s, "ntpAgentxTargetAge", "1200");
	s->state = TARGET_SILENT;
	cells_check(s, "ntpAgentxTargetAge", NULL);
	snapshot_unref(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_object_shows_its_variable),
		cmocka_unit_test(events_and_sources_depend_on_the_version),
		cmocka_unit_test(enumerations_are_those_of_the_code),
		cmocka_unit_test(age_of_the_last_update_is_what_the_daemon_says),
		cmocka_unit_test(age_of_a_target_is_that_of_its_oldest_values),
		cmocka_unit_test(time_that_never_was_is_absent),
		cmocka_unit_test(days_to_expiry_are_whole_ones),
		cmocka_unit_test(tai_of_zero_is_unknown),
		cmocka_unit_test(distance_needs_both_of_its_parts),
		cmocka_unit_test(old_names_mean_the_same),
		cmocka_unit_test(state_of_an_unknown_number_is_absent),
		cmocka_unit_test(recorded_daemon_shows_its_values),
	};

	return cmocka_run_group_tests_name("system", tests, mib_text_set_up,
	    mib_text_tear_down);
}
