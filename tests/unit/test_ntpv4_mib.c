/* SPDX-License-Identifier: BSD-2-Clause */
/* Each object of NTPv4-MIB: what it is read from, and when it is absent. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "snmp/ntpv4_mib.h"
#include "support/mib_walk.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"

enum { WALL_2026_S = 1795219782, LINE_MAX = 1024 };

static const struct mib_agent agent = { .notifications = 3 };

/* The printed value of `instance` ("ntpEntStatusStratum.0"); NULL when it is absent. */
static const char *
value_of(const struct mib_listing *all, const char *instance)
{
	size_t len = strlen(instance);

	for (size_t i = 0; i < all->n; i++) {
		const char *label = strchr(all->items[i].line, ' ') + 1;

		if (strncmp(label, instance, len) == 0 &&
		    strncmp(label + len, " = ", 3) == 0)
			return strstr(label, ": ") + 2;
	}
	return NULL;
}

static void
check_value(const struct snapshot *s, const char *instance, const char *expected)
{
	const struct mib_view view = { s, &agent, NULL };
	struct mib_listing all = mib_listing_of(&ntpv4_mib, &view);
	const char *got = value_of(&all, instance);

	if (expected && got)
		assert_string_equal(got, expected);
	else if (expected || got)
		fail_msg("%s: expected %s, got %s", instance,
		    expected ? expected : "nothing", got ? got : "nothing");
	mib_check_walk(&ntpv4_mib, &view, &all);
	mib_listing_free(&all);
}

static struct snapshot *
new_up(size_t n_peers)
{
	struct snapshot *s = snapshot_new(TARGET_UP, n_peers);

	assert_non_null(s);
	s->taken_wall_ns = WALL_2026_S * NS_PER_S;
	s->has_peers = true;
	return s;
}

struct system_case {
	const char *said, *instance, *value;
};

static const struct system_case system_cases[] = {
	{ "version=\"ntpd 4.2.8p15@1.3728-o\"", "ntpEntSoftwareName.0", "\"ntpd\"" },
	{ "version=\"ntpd\"", "ntpEntSoftwareName.0", "\"ntpd\"" },
	{ "version=\"\"", "ntpEntSoftwareName.0", NULL },
	{ "leap=0", "ntpEntSoftwareName.0", NULL },
	{ "version=\"ntpd 4.2.8p15@1\"", "ntpEntSoftwareVersion.0",
	    "\"ntpd 4.2.8p15@1\"" },
	{ "version=\"\"", "ntpEntSoftwareVersion.0", "\"\"" },
	{ "leap=0", "ntpEntSoftwareVersion.0", NULL },
	{ "version=\"ntpd ntpsec-1.2.2\"", "ntpEntSoftwareVendor.0", "\"NTPsec\"" },
	{ "version=\"ntpd 4.2.8p15@1.3728-o\"", "ntpEntSoftwareVendor.0",
	    "\"Network Time Foundation\"" },
	{ "version=\"sundial 1.0\"", "ntpEntSoftwareVendor.0", NULL },
	{ "leap=0", "ntpEntSoftwareVendor.0", NULL },

	{ "system=\"Linux/6.1\", processor=\"x86_64\"", "ntpEntSystemType.0",
	    "\"Linux/6.1 / x86_64\"" },
	{ "system=\"Linux\", release=\"6.1\", processor=\"x86_64\"", "ntpEntSystemType.0",
	    "\"Linux 6.1 / x86_64\"" },
	{ "system=\"Linux\", release=\"6.1\"", "ntpEntSystemType.0", "\"Linux 6.1\"" },
	{ "system=\"Linux/6.1\"", "ntpEntSystemType.0", "\"Linux/6.1\"" },
	{ "processor=\"x86_64\", release=\"6.1\"", "ntpEntSystemType.0", NULL },

	{ "precision=0", "ntpEntTimeResolution.0", "1" },
	{ "precision=-23", "ntpEntTimeResolution.0", "8388608" },
	{ "precision=-31", "ntpEntTimeResolution.0", "2147483648" },
	{ "precision=-32", "ntpEntTimeResolution.0", NULL },
	{ "precision=1", "ntpEntTimeResolution.0", NULL },
	{ "leap=0", "ntpEntTimeResolution.0", NULL },
	{ "precision=-32", "ntpEntTimePrecision.0", "-32" },
	{ "precision=1", "ntpEntTimePrecision.0", "1" },
	{ "leap=0", "ntpEntTimePrecision.0", NULL },

	{ "rootdelay=0.040, rootdisp=21.128", "ntpEntTimeDistance.0", "\"21.148 ms\"" },
	{ "rootdelay=0, rootdisp=10", "ntpEntTimeDistance.0", "\"10.000 ms\"" },
	{ "rootdelay=0.001, rootdisp=0.001", "ntpEntTimeDistance.0", "\"0.002 ms\"" },
	{ "rootdelay=0.000999, rootdisp=0.001", "ntpEntTimeDistance.0", "\"0.001 ms\"" },
	{ "rootdelay=-0.003, rootdisp=0", "ntpEntTimeDistance.0", "\"-0.001 ms\"" },
	{ "rootdelay=-0.004, rootdisp=0", "ntpEntTimeDistance.0", "\"-0.002 ms\"" },
	{ "rootdelay=0.000001, rootdisp=0.0004999", "ntpEntTimeDistance.0",
	    "\"0.001 ms\"" },
	{ "rootdelay=0.040", "ntpEntTimeDistance.0", NULL },
	{ "rootdisp=21.128", "ntpEntTimeDistance.0", NULL },

	{ "stratum=0", "ntpEntStatusStratum.0", "16" },
	{ "stratum=1", "ntpEntStatusStratum.0", "1" },
	{ "stratum=16", "ntpEntStatusStratum.0", "16" },
	{ "stratum=17", "ntpEntStatusStratum.0", "16" },
	{ "stratum=255", "ntpEntStatusStratum.0", "16" },
	{ "leap=0", "ntpEntStatusStratum.0", NULL },
	{ "peer=0", "ntpEntStatusActiveRefSourceId.0", "0" },
	{ "peer=65535", "ntpEntStatusActiveRefSourceId.0", "65535" },
	{ "leap=0", "ntpEntStatusActiveRefSourceId.0", NULL },
	{ "peer=0", "ntpEntStatusActiveRefSourceName.0", NULL },
	{ "peer=77", "ntpEntStatusActiveRefSourceName.0", NULL },
	{ "peer=77, offset=1.0", "ntpEntStatusActiveOffset.0", NULL },
	{ "rootdisp=6.927", "ntpEntStatusDispersion.0", "\"6.927\"" },
	{ "rootdisp=0.1234567", "ntpEntStatusDispersion.0", "\"0.123457\"" },
	{ "leap=0", "ntpEntStatusDispersion.0", NULL },
	{ "ss_uptime=12", "ntpEntStatusEntityUptime.0", "1200" },
	{ "ss_uptime=42949673", "ntpEntStatusEntityUptime.0", "4" },
	{ "ss_reset=12", "ntpEntStatusEntityUptime.0", NULL },

	{ "leap=3, stratum=16, peer=0, clock=0xeeab5fc6.218d7b1d",
	    "ntpEntStatusDateTime.0", "\"\"" },
	{ "leap=0, peer=0, clock=0xeeab5fc6.218d7b1d", "ntpEntStatusDateTime.0", NULL },
	{ "stratum=3, peer=0, clock=0xeeab5fc6.218d7b1d", "ntpEntStatusDateTime.0",
	    NULL },

	{ "leap=0", "ntpEntStatusLeapSecDirection.0", "0" },
	{ "leap=0", "ntpEntStatusLeapSecond.0", "0x00000000000000000000000000000000" },
	{ "leap=3", "ntpEntStatusLeapSecDirection.0", "0" },
	{ "leap=1", "ntpEntStatusLeapSecDirection.0", NULL },
	{ "leap=1", "ntpEntStatusLeapSecond.0", NULL },
	{ "stratum=1", "ntpEntStatusLeapSecDirection.0", NULL },
	{ "leap=1, clock=0xeeab5fc6.00000000", "ntpEntStatusLeapSecDirection.0", "1" },
	{ "leap=2, clock=0xeeab5fc6.00000000", "ntpEntStatusLeapSecDirection.0", "-1" },
	{ "leap=1, clock=0xeeab5fc6.00000000, leapsec=202707010000",
	    "ntpEntStatusLeapSecond.0", "0x00000000efd00a800000000000000000" },
	{ "leap=1, clock=0xeeab5fc6.00000000", "ntpEntStatusLeapSecond.0",
	    "0x00000000eeb88c800000000000000000" }, /* the end of November */

	{ "leap=0", "ntpEntStatusNotifications.0", "3" },
};

static void
system_objects_follow_what_the_daemon_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(system_cases); i++) {
		struct snapshot *s = new_up(0);

		fixture_system(s, system_cases[i].said);
		check_value(s, system_cases[i].instance, system_cases[i].value);
		snapshot_unref(s);
	}
}

/* Association 9 of a daemon that follows association 8. */
struct peer_case {
	const char *said, *instance, *value;
};

static const struct peer_case peer_cases[] = {
	{ "srcadr=192.0.2.1, srchost=ntp.example.net", "ntpAssocName.9",
	    "\"ntp.example.net\"" },
	{ "srcadr=192.0.2.1", "ntpAssocName.9", "\"192.0.2.1\"" },
	{ "stratum=2", "ntpAssocName.9", NULL },

	{ "srcadr=127.127.20.3, refid=GPS", "ntpAssocRefId.9", "\"127.127.20.3\"" },
	{ "srcadr=192.0.2.1, refid=GPS", "ntpAssocRefId.9", "\"GPS\"" },
	{ "srcadr=192.0.2.1, refid=\"G\xc3\xa9\"", "ntpAssocRefId.9", "\"G??\"" },
	{ "refid=192.0.2.7", "ntpAssocRefId.9", "\"192.0.2.7\"" },
	{ "srcadr=192.0.2.1", "ntpAssocRefId.9", NULL },

	{ "srcadr=192.0.2.1", "ntpAssocAddressType.9", "1" },
	{ "srcadr=192.0.2.1", "ntpAssocAddress.9", "0xc0000201" },
	{ "srcadr=0.0.0.0", "ntpAssocAddressType.9", "1" },
	{ "srcadr=0.0.0.0", "ntpAssocAddress.9", "0x00000000" },
	{ "srcadr=2001:db8::1", "ntpAssocAddressType.9", "2" },
	{ "srcadr=2001:db8::1", "ntpAssocAddress.9",
	    "0x20010db8000000000000000000000001" },
	{ "srcadr=fe80::1%66051", "ntpAssocAddressType.9", "4" },
	{ "srcadr=fe80::1%66051", "ntpAssocAddress.9",
	    "0xfe80000000000000000000000000000100010203" },
	{ "stratum=2", "ntpAssocAddressType.9", NULL },
	{ "stratum=2", "ntpAssocAddress.9", NULL },

	{ "offset=-0.032", "ntpAssocOffset.9", "\"-0.032 ms\"" },
	{ "offset=15937.5", "ntpAssocOffset.9", "\"15937.500 ms\"" },
	{ "offset=0.013128", "ntpAssocOffset.9", "\"0.013128 ms\"" },
	{ "stratum=2", "ntpAssocOffset.9", NULL },
	{ "srcadr=192.0.2.1, stratum=0", "ntpAssocStratum.9", "16" },
	{ "srcadr=127.127.20.3, stratum=0", "ntpAssocStratum.9", NULL },
	{ "srcadr=127.127.1.0, stratum=10", "ntpAssocStratum.9", "10" },
	{ "stratum=0", "ntpAssocStratum.9", "16" },
	{ "stratum=1", "ntpAssocStratum.9", "1" },
	{ "stratum=17", "ntpAssocStratum.9", "16" },
	{ "offset=0", "ntpAssocStratum.9", NULL },
	{ "jitter=0.4311", "ntpAssocStatusJitter.9", "\"0.4311\"" },
	{ "stratum=1", "ntpAssocStatusJitter.9", NULL },
	{ "delay=1.5", "ntpAssocStatusDelay.9", "\"1.500\"" },
	{ "stratum=1", "ntpAssocStatusDelay.9", NULL },
	{ "rootdisp=10.223, dispersion=0.232", "ntpAssocStatusDispersion.9",
	    "\"10.223\"" },
	{ "dispersion=0.232", "ntpAssocStatusDispersion.9", NULL },

	{ "received=12", "ntpAssocStatInPkts.9", "12" },
	{ "received=4294967297", "ntpAssocStatInPkts.9", "1" },
	{ "sent=12", "ntpAssocStatInPkts.9", NULL },
	{ "sent=4294967295", "ntpAssocStatOutPkts.9", "4294967295" },
	{ "received=12", "ntpAssocStatOutPkts.9", NULL },
	{ "badauth=4, bogusorg=3", "ntpAssocStatProtocolError.9", "7" },
	{ "badauth=4294967295, bogusorg=2", "ntpAssocStatProtocolError.9", "1" },
	{ "badauth=4", "ntpAssocStatProtocolError.9", NULL },
	{ "bogusorg=4", "ntpAssocStatProtocolError.9", NULL },

	{ "stratum=2", "ntpEntStatusActiveRefSourceId.0", "8" },
	{ "stratum=2", "ntpEntStatusActiveRefSourceName.0", "\"192.0.2.99\"" },
	{ "stratum=2, offset=9", "ntpEntStatusActiveOffset.0", "\"-0.032 ms\"" },
};

static struct snapshot *
new_pair(const char *said)
{
	struct snapshot *s = new_up(2);

	fixture_system(s,
	    "leap=0, stratum=3, peer=8, offset=77, clock=0xeeab5fc6.218d7b1d");
	fixture_peer(&s->peers[0], 8, 0x961a, "srcadr=192.0.2.99, offset=-0.032");
	fixture_peer(&s->peers[1], 9, 0x1014, said);
	return s;
}

static void
association_objects_follow_what_the_daemon_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(peer_cases); i++) {
		struct snapshot *s = new_pair(peer_cases[i].said);

		check_value(s, peer_cases[i].instance, peer_cases[i].value);
		snapshot_unref(s);
	}
}

static void
clock_is_named_by_its_driver(void **state)
{
	struct snapshot *s = new_pair("srcadr=127.127.20.3");

	(void)state;
	fixture_clock(&s->peers[1], "name=\"NMEA\", device=\"a receiver\"");
	check_value(s, "ntpAssocName.9", "\"NMEA\"");
	snapshot_unref(s);
}

static void
date_is_of_the_era_that_is_near(void **state)
{
	struct snapshot *s = new_pair("stratum=2");

	(void)state;
	check_value(s, "ntpEntStatusDateTime.0", "0x00000000eeab5fc6218d7b1d00000000");
	system_of(s)->clock = (struct ntp_stamp){ 1, 0x80000000 };
	s->taken_wall_ns = 2085978497 * NS_PER_S; /* era 1 began a second before */
	check_value(s, "ntpEntStatusDateTime.0", "0x00000001000000018000000000000000");
	ntp_seen_drop(&system_of(s)->seen, NTP_SYS_CLOCK);
	check_value(s, "ntpEntStatusDateTime.0", NULL);
	snapshot_unref(s);
}

static void
mode_is_the_snapshots(void **state)
{
	struct snapshot *s = new_pair("stratum=2");

	(void)state;
	check_value(s, "ntpEntStatusCurrentMode.0", "6");
	system_of(s)->leap = 3;
	check_value(s, "ntpEntStatusCurrentMode.0", "2");
	s->state = TARGET_REFUSED;
	check_value(s, "ntpEntStatusCurrentMode.0", "1");
	snapshot_unref(s);
}

static void
totals_are_served_modulo_two_to_the_32(void **state)
{
	static const char *const names[] = { "ntpEntStatusInPkts.0",
		"ntpEntStatusOutPkts.0", "ntpEntStatusProtocolError.0" };
	struct snapshot *s = new_up(0);

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		check_value(s, names[i], NULL);
	s->totals = (struct ntp_total_values){
		.has_in_packets = true,
		.has_out_packets = true,
		.has_protocol_errors = true,
		.in_packets = 5,
		.out_packets = UINT32_MAX,
		.protocol_errors = UINT64_C(1) << 32,
	};
	check_value(s, names[0], "5");
	check_value(s, names[1], "4294967295");
	check_value(s, names[2], "0");
	snapshot_unref(s);
}

static void
ref_sources_are_the_configured_ones_up_to_99(void **state)
{
	static const struct {
		size_t n_peers, n_configured;
		const char *value;
	} rows[] = {
		{ 0, 0, "0" },
		{ 3, 0, "0" },
		{ 3, 2, "2" },
		{ 99, 99, "99" },
		{ 120, 100, "99" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct snapshot *s = new_up(rows[i].n_peers);

		for (size_t k = 0; k < rows[i].n_peers; k++) {
			s->peers[k].id = (uint16_t)(k + 1);
			s->peers[k].is_configured = k < rows[i].n_configured;
		}
		check_value(s, "ntpEntStatusNumberOfRefSources.0", rows[i].value);
		s->has_peers = false;
		check_value(s, "ntpEntStatusNumberOfRefSources.0", NULL);
		snapshot_unref(s);
	}
}

static void
fill(struct ntp_text *text, char with)
{
	text->len = VARS_TEXT_MAX;
	memset(text->bytes, with, sizeof(text->bytes));
}

static void
long_text_is_cut_to_what_the_syntax_allows(void **state)
{
	static const mib_subid names[][10] = {
		{ 1, 3, 6, 1, 2, 1, 197, 1, 1, 1 },
		{ 1, 3, 6, 1, 2, 1, 197, 1, 1, 2 },
		{ 1, 3, 6, 1, 2, 1, 197, 1, 1, 4 },
	};
	struct snapshot *s = new_up(0);
	const struct mib_view view = { s, &agent, NULL };
	struct mib_value value;
	struct mib_oid found;

	(void)state;
	fixture_system(s, "version=\"a\", system=\"b\", release=\"c\", processor=\"d\"");
	fill(&system_of(s)->version, 'v');
	fill(&system_of(s)->system, 's');
	fill(&system_of(s)->release, 'r');
	fill(&system_of(s)->processor, 'p');
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_int_equal(
		    mib_next(&ntpv4_mib, &view, names[i], 10, false, &found, &value),
		    MIB_FOUND);
		assert_int_equal(found.ids[9], names[i][9]);
		assert_int_equal(value.n_octets, 255);
	}
	snapshot_unref(s);
}

static void
control_objects_are_the_targets_own(void **state)
{
	static const mib_subid interval[] = { 1, 3, 6, 1, 2, 1, 197, 1, 4, 1, 0 };
	static const mib_subid bits[] = { 1, 3, 6, 1, 2, 1, 197, 1, 4, 2, 0 };
	struct snapshot *s = new_up(0);
	struct mib_control control = { .heartbeat_s = 5, .notif_bits = { 0x12, 0x80 } };
	const struct mib_agent own = { .control = &control };
	const struct mib_view view = { s, &own, NULL }, without = { s, &agent, NULL };
	struct mib_value value, before;

	(void)state;
	assert_int_equal(mib_get(&ntpv4_mib, &view, interval, 11, &value), MIB_FOUND);
	assert_int_equal(value.u32, 5);
	value.u32 = UINT32_MAX;
	assert_true(mib_set(&ntpv4_mib, &view, interval, 11, &value));
	assert_true(control.heartbeat_s == UINT32_MAX);

	assert_int_equal(mib_get(&ntpv4_mib, &view, bits, 11, &before), MIB_FOUND);
	value.octets = "\x01";
	value.n_octets = 1;
	assert_true(mib_set(&ntpv4_mib, &view, bits, 11, &value));
	assert_memory_equal(control.notif_bits, "\x01\x00", 2);
	assert_int_equal(before.n_octets, 2);
	assert_memory_equal(before.octets, "\x12\x80", 2);
	assert_true(mib_set(&ntpv4_mib, &view, bits, 11, &before));
	assert_memory_equal(control.notif_bits, "\x12\x80", 2);

	assert_int_equal(mib_get(&ntpv4_mib, &without, interval, 11, &value),
	    MIB_NO_INSTANCE);
	assert_int_equal(mib_get(&ntpv4_mib, &without, bits, 11, &value),
	    MIB_NO_INSTANCE);
	assert_false(mib_set(&ntpv4_mib, &without, interval, 11, &value));
	snapshot_unref(s);
}

static void
tables_are_in_order(void **state)
{
	(void)state;
	mib_check_tables(&ntpv4_mib);
}

static void
what_is_not_served_has_a_reason(void **state)
{
	size_t n = 0;

	(void)state;
	for (; ntpv4_unserved[n].label; n++)
		assert_true(strlen(ntpv4_unserved[n].reason) > 10);
	assert_int_equal(n, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_in_order),
		cmocka_unit_test(system_objects_follow_what_the_daemon_said),
		cmocka_unit_test(association_objects_follow_what_the_daemon_said),
		cmocka_unit_test(clock_is_named_by_its_driver),
		cmocka_unit_test(date_is_of_the_era_that_is_near),
		cmocka_unit_test(mode_is_the_snapshots),
		cmocka_unit_test(totals_are_served_modulo_two_to_the_32),
		cmocka_unit_test(ref_sources_are_the_configured_ones_up_to_99),
		cmocka_unit_test(long_text_is_cut_to_what_the_syntax_allows),
		cmocka_unit_test(control_objects_are_the_targets_own),
		cmocka_unit_test(what_is_not_served_has_a_reason),
	};

	return cmocka_run_group_tests_name("NTPv4-MIB", tests, NULL, NULL);
}
