/* SPDX-License-Identifier: BSD-2-Clause */
/* Every form a value can have, in words; what is not what it should be ends in '?'. */
#include "support/check.h"

#include <string.h>

#include "base/clock.h"
#include "query/cooked.h"
#include "query/cooked_bits.h"

/* 2026-11-20. */
#define NOW_NS (1795132800 * NS_PER_S)

struct value_row {
	enum cooked_of of;
	enum m6_era era;
	const char *name, *value, *expected;
};

#define SYS   COOKED_SYSTEM
#define PEER  COOKED_PEER
#define CLOCK COOKED_CLOCK
#define OLD   M6_ERA_OLD
#define NEW   M6_ERA_NEW

static const struct value_row values[] = {
	/* clang-format off */
	{ SYS,  NEW, "leap", "0", "00 leap_none" },
	{ SYS,  NEW, "leap", "1", "01 leap_add_sec" },
	{ SYS,  NEW, "leap", "2", "10 leap_del_sec" },
	{ SYS,  NEW, "leap", "3", "11 leap_alarm" },
	{ SYS,  NEW, "leap", "4", "4?" },
	{ SYS,  NEW, "leap", "", "" },
	{ PEER, NEW, "stratum", "16", "16" },
	{ PEER, NEW, "stratum", "16x", "16x?" },
	{ PEER, NEW, "precision", "-20", "-20" },
	{ PEER, NEW, "keyid", "0x1ffff", "0x1ffff" },
	{ PEER, NEW, "offset", "-0.032", "-0.032" },
	{ PEER, NEW, "offset", "1e-06", "1e-06" },
	{ PEER, NEW, "offset", "nan", "nan?" },
	{ PEER, NEW, "offset", "\x1b[2J", "\x1b[2J?" },
	{ PEER, NEW, "reach", "0xff", "377" },
	{ PEER, NEW, "reach", "0x1", "001" },
	{ PEER, NEW, "reach", "0x100", "0x100?" },
	{ PEER, NEW, "hmode", "3", "3 client" },
	{ PEER, NEW, "pmode", "9", "9?" },
	{ PEER, NEW, "srcadr", "2001:db8::1", "2001:db8::1" },
	{ PEER, NEW, "srcadr", "nowhere", "nowhere?" },
	{ SYS,  NEW, "peeradr", "192.0.2.1:123", "192.0.2.1:123" },
	{ SYS,  NEW, "reftime", "0xeeab6148.80000000", "eeab6148.80000000 2026-11-21T00:16:08.500Z" },
	{ SYS,  NEW, "reftime", "0x00000000.00000000", "00000000.00000000 never" },
	{ SYS,  NEW, "reftime", "0xeeab6148", "0xeeab6148?" },
	{ SYS,  NEW, "leapsec", "202707010000", "2027-07-01T00:00:00Z" },
	{ SYS,  NEW, "expire", "2030-01-01T00:00Z", "2030-01-01T00:00:00Z" },
	{ SYS,  NEW, "expire", "1970-01-01T00:00Z", "unknown" },
	{ SYS,  NEW, "expire", "soon", "soon?" },
	{ SYS,  NEW, "until", "202711210011", "2027-11-21T00:11:00Z" },
	{ SYS,  OLD, "leapseconds", "3345062400", "2006-01-01T00:00:00Z" },
	{ PEER, NEW, "refid", "GPS", ".GPS." },
	{ PEER, NEW, "refid", "192.0.2.1", "192.0.2.1" },
	{ PEER, NEW, "refid", "INIT", ".INIT. nothing received yet" },
	{ PEER, NEW, "refid", "RATE", ".RATE. the server says we ask too often" },
	{ PEER, NEW, "refid", "127.127.20.1", "127.127.20.1 reference clock 20 unit 1" },
	{ PEER, NEW, "refid", "254.64.0.0", "254.64.0.0 leap smear 1000.000 ms" },
	{ PEER, NEW, "refid", "0.0.0.0", "0.0.0.0" },
	{ PEER, NEW, "refid", "", "-" },
	{ PEER, NEW, "flash", "0x0", "00 ok" },
	{ PEER, NEW, "flash", "0x1620", "1620 pkt_stratum peer_stratum peer_dist peer_unreach" },
	{ PEER, NEW, "flash", "0x1ff", "1ff pkt_dup pkt_bogus pkt_unsync pkt_denied pkt_auth pkt_stratum pkt_header pkt_autokey pkt_crypto" },
	{ PEER, NEW, "flash", "0x2800", "2800 peer_loop pkt_late" },
	{ PEER, NEW, "flash", "0x4001", "4001 pkt_dup 0x4000?" },
	{ PEER, OLD, "flash", "0x1064", "1064 pkt_proto pkt_synch pkt_dist peer_unfit" },
	{ PEER, OLD, "flash", "0x2000", "2000 0x2000?" },
	{ PEER, NEW, "flash", "ok", "ok?" },
	{ SYS,  NEW, "flags", "0x80001", "0x80001 nid 8 enab" },
	{ SYS,  NEW, "flags", "0x30", "0x30 priv iff" },
	{ SYS,  OLD, "flags", "0x30", "0x30 pc iff" },
	{ PEER, NEW, "flags", "0x87f01", "0x87f01 nid 8 enab cert vrfy prov cook auto sign leap" },
	{ PEER, OLD, "flags", "0x900", "0x900 valid agree" },
	{ PEER, NEW, "flags", "0x8000", "0x8000 0x8000?" },
	{ CLOCK, NEW, "flags", "5", "5 flag1 flag3" },
	{ CLOCK, NEW, "flags", "16", "16 0x10?" },
	{ SYS,  NEW, "cert", "alice bob 0x5", "subject alice issuer bob 0x5 trusted valid" },
	{ SYS,  OLD, "cert", "alice bob 0x3 3345062400", "subject alice issuer bob 0x3 signed trusted made 2006-01-01T00:00:00Z" },
	{ SYS,  NEW, "cert", "alice bob 0x10", "subject alice issuer bob 0x10 0x10?" },
	{ SYS,  NEW, "cert", "alice", "alice?" },
	{ PEER, NEW, "filtdelay", " 0.13 10.11 0.11", "     0.13    10.11     0.11" },
	{ PEER, NEW, "filtdelay", " 0.13 0.Pa\xab", "     0.13    0.Pa\xab?" },
	{ CLOCK, NEW, "fudgetime1", "x", "x?" },
	{ CLOCK, NEW, "timecode", "?GPS x", "?GPS x" },
	{ CLOCK, NEW, "refid", "76.83.69.67", "76.83.69.67 .LSEC." },
	{ CLOCK, NEW, "refid", "71.80.83.0", "71.80.83.0 .GPS." },
	{ CLOCK, NEW, "refid", "127.127.1.0", "127.127.1.0 reference clock 1 unit 0" },
	{ CLOCK, NEW, "refid", "0.0.0.0", "0.0.0.0" },
	{ PEER, NEW, "refid", "76.83.69.67", "76.83.69.67" },
	{ PEER, NEW, "candidate", "6", "6 sel_sys.peer" },
	{ PEER, NEW, "candidate", "8", "8?" },
	{ PEER, NEW, "ntscookies", "-1", "-1 no NTS" },
	{ PEER, NEW, "ntscookies", "8", "8" },
	{ PEER, NEW, "ntscookies", "x", "x?" },
	{ PEER, NEW, "config", "1", "1 configured" },
	{ PEER, NEW, "config", "0", "0 ephemeral" },
	{ PEER, NEW, "authenable", "1", "1 without a key" },
	{ PEER, NEW, "authentic", "1", "1 authentic" },
	{ PEER, NEW, "authentic", "2", "2?" },
	{ PEER, OLD, "valid", "3345062400:3376598400", "2006-01-01T00:00:00Z to 2007-01-01T00:00:00Z" },
	{ PEER, OLD, "valid", "3345062400", "3345062400?" },
	{ PEER, OLD, "valid", "x:3345062400", "x:3345062400?" },
	{ PEER, NEW, "initkey", "0xffff1234", "0xffff1234" },
	{ PEER, NEW, "initsequence", "x", "x?" },
	{ PEER, NEW, "timestamp", "202711210011", "2027-11-21T00:11:00Z" },
	{ SYS,  OLD, "state", "4", "4 synchronised" },
	{ SYS,  OLD, "state", "6", "6?" },
	{ SYS,  OLD, "hostkey", "3345062400", "2006-01-01T00:00:00Z" },
	{ SYS,  OLD, "refresh", "3345062400", "2006-01-01T00:00:00Z" },
	{ SYS,  NEW, "update", "202711210011", "2027-11-21T00:11:00Z" },
	{ SYS,  NEW, "peermode", "6", "6 control" },
	{ SYS,  NEW, "kstflags", "pll unsync", "pll unsync" },
	{ SYS,  NEW, "kstflags", "pll mode=fll src=B", "pll mode=fll src=B" },
	{ SYS,  NEW, "kstflags", "pll moon", "pll moon?" },
	{ SYS,  NEW, "kstflags", "8257", "0x2041 pll unsync nano" },
	{ SYS,  NEW, "kstflags", "0", "0x0" },
	{ SYS,  NEW, "kstflags", "65537", "0x10001 pll 0x10000?" },
	{ SYS,  NEW, "koffset", "-1e-06", "-1e-06" },
	{ SYS,  NEW, "ktimeconst", "7.000", "7.000" },
	{ SYS,  NEW, "kppsjitter", "none", "none?" },
	{ SYS,  NEW, "mru_enabled", "0x3", "0x3 configuration restrictions" },
	{ SYS,  NEW, "mru_enabled", "1", "0x1 configuration" },
	{ SYS,  NEW, "mru_enabled", "0x0", "0x0 nobody" },
	{ SYS,  NEW, "mru_enabled", "all", "all?" },
	{ SYS,  NEW, "mru_enabled", "0x100000000", "0x100000000?" },
	{ SYS,  NEW, "mru_enabled", "0x6", "0x6 restrictions 0x4?" },
	{ SYS,  NEW, "mru_depth", "many", "many?" },
	{ SYS,  NEW, "ss_received", "12", "12" },
	{ SYS,  NEW, "ss_received", "12x", "12x?" },
	{ SYS,  NEW, "ss_", "x", "x" },
	{ SYS,  NEW, "io_sent", "x", "x?" },
	{ SYS,  NEW, "authdelay", "0.5", "0.5" },
	{ SYS,  NEW, "authkeys", "0.5", "0.5?" },
	{ SYS,  NEW, "nts_ke_serves_good_wall", "0.125", "0.125" },
	{ SYS,  NEW, "nts_cookie_make", "x", "x?" },
	{ SYS,  NEW, "cert", "alice bob 0x80", "subject alice issuer bob 0x80 error" },
	{ SYS,  NEW, "cert", "alice bob 0xf", "subject alice issuer bob 0xf trusted signed valid private" },
	{ SYS,  OLD, "cert", "alice bob 0x7", "subject alice issuer bob 0x7 signed trusted private" },
	{ SYS,  NEW, "flags", "0x41ffff", "0x41ffff nid 65 enab tai priv iff gq mv cert vrfy prov cook auto sign leap 0x800c?" },
	/* The same name elsewhere has no such meaning, or none at all. */
	{ PEER, NEW, "ss_received", "x", "x" },
	{ CLOCK, NEW, "kstflags", "moon", "moon" },
	{ SYS,  NEW, "reach", "0xff", "0xff" },
	{ SYS,  NEW, "site", "a, b", "a, b" },
	{ PEER, NEW, "", "x", "x" },
	/* clang-format on */
};

static void
values_have_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		const struct value_row *r = &values[i];
		struct cooked c = { .of = r->of,
			.era = r->era,
			.tests = r->era == OLD ? COOKED_TESTS_424 : COOKED_TESTS_NEW,
			.now_ns = NOW_NS };
		char out[COOKED_MAX];
		size_t n = cooked_value(&c, r->name, strlen(r->name), r->value,
		    strlen(r->value), out, NULL);

		assert_string_equal(out, r->expected);
		assert_int_equal(n, strlen(r->expected));
	}
}

/* The calendar has years of as many digits as an int holds. */
static void
dates_have_an_end(void **state)
{
	char out[40];

	(void)state;
	cooked_date(1795219782, out, sizeof(out));
	assert_string_equal(out, "2026-11-21T00:09:42Z");
	cooked_date(-1, out, sizeof(out));
	assert_string_equal(out, "1969-12-31T23:59:59Z");
	cooked_date(INT64_MAX, out, sizeof(out));
	assert_string_equal(out, "?");
}

static void
a_synchronised_one_has_no_kiss_code(void **state)
{
	struct cooked c = { .of = COOKED_PEER, .era = M6_ERA_NEW, .is_synced = true };
	char out[COOKED_MAX];

	(void)state;
	cooked_value(&c, "refid", 5, "DNS", 3, out, NULL);
	assert_string_equal(out, ".DNS.");
}

static void
a_long_value_is_cut_and_still_marked(void **state)
{
	struct cooked c = { .of = COOKED_PEER, .era = M6_ERA_NEW };
	char value[2 * COOKED_MAX], out[COOKED_MAX];

	(void)state;
	memset(value, '7', sizeof(value));
	assert_int_equal(cooked_value(&c, "offset", 6, value, sizeof(value), out, NULL),
	    COOKED_MAX - 1);
	assert_int_equal(out[COOKED_MAX - 2], '?');
	memset(value, ' ', sizeof(value));
	cooked_value(&c, "filtdisp", 8, value, sizeof(value), out, NULL);
	assert_string_equal(out, "?");
}

static void
forms_are_told(void **state)
{
	struct cooked c = { .of = COOKED_PEER, .era = M6_ERA_NEW };
	char out[COOKED_MAX];
	bool is_block;

	(void)state;
	cooked_value(&c, "filtdisp", 8, "1", 1, out, &is_block);
	assert_true(is_block);
	cooked_value(&c, "offset", 6, "1", 1, out, &is_block);
	assert_false(is_block);
	assert_true(cooked_has_words(&c, "flash", 5));
	assert_false(cooked_has_words(&c, "offset", 6));
	assert_false(cooked_has_words(&c, "flas", 4));
	assert_true(cooked_is_number(&c, "offset", 6));
	assert_true(cooked_is_number(&c, "hmode", 5));
	assert_false(cooked_is_number(&c, "reach", 5));
	assert_false(cooked_is_number(&c, "srchost", 7));
}

static void
status_words_have_words(void **state)
{
	static const struct {
		enum cooked_of of;
		enum m6_era era;
		uint16_t word;
		const char *expected;
	} rows[] = {
		{ SYS, NEW, 0x0615, "leap_none, sync_ntp, 1 event, clock_sync" },
		{ SYS, NEW, 0xc016, "leap_alarm, sync_unspec, 1 event, restart" },
		{ SYS, NEW, 0x4ff0, "leap_add_sec, sync_15?, 15 events, unspecified" },
		{ SYS, OLD, 0x06a4,
		    "leap_none, sync_ntp, 10 events, event_peer/strat_chg" },
		{ SYS, OLD, 0x2613, "leap_none, sync_ntp/PPS, 1 event, event_sync_chg" },
		{ SYS, NEW, 0x2613, "leap_none, sync_38?, 1 event, spike_detect" },
		{ SYS, OLD, 0x0619, "leap_none, sync_ntp, 1 event, event_9?" },
		{ PEER, NEW, 0x961a, "conf, reach, sel_sys.peer, 1 event, sys_peer" },
		{ PEER, NEW, 0x8811, "conf, bcast, sel_reject, 1 event, mobilize" },
		{ PEER, NEW, 0xf414,
		    "conf, authenb, auth, reach, sel_candidate, 1 event, reachable" },
		{ PEER, OLD, 0x7614,
		    "authenb, auth, reach, sel_sys.peer, 1 event, event_reach" },
		{ PEER, OLD, 0x0008, "sel_reject, 0 events, event_8?" },
		{ CLOCK, NEW, 0x0021, "2 events, clk_no_reply" },
		{ CLOCK, NEW, 0x001f, "1 event, event_15?" },
		{ CLOCK, OLD, 0x0201, "clk_bad_format, last clk_no_reply" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cooked c = { .of = rows[i].of, .era = rows[i].era };
		char out[160];

		cooked_status(&c, rows[i].word, out, sizeof(out));
		assert_string_equal(out, rows[i].expected);
	}
}

/* Each era of the tests has a name for each of its bits, and none for others. */
static void
tests_have_the_names_of_their_era(void **state)
{
	static const struct {
		enum cooked_tests tests;
		const char *value, *expected;
	} rows[] = {
		{ COOKED_TESTS_NEW, "0x3fff",
		    "3fff pkt_dup pkt_bogus pkt_unsync pkt_denied pkt_auth pkt_stratum "
		    "pkt_header pkt_autokey pkt_crypto peer_stratum peer_dist peer_loop "
		    "peer_unreach pkt_late" },
		{ COOKED_TESTS_424, "0x3fff",
		    "3fff pkt_dup pkt_bogus pkt_proto pkt_denied pkt_auth pkt_synch "
		    "pkt_dist "
		    "pkt_autokey pkt_crypto peer_stratum peer_dist peer_loop peer_unfit "
		    "0x2000?" },
		{ COOKED_TESTS_420, "0x1fff",
		    "1fff duplicate bogus unsync denied auth server_sync stratum "
		    "root_dist "
		    "peer_dist autokey proventic public_key 0x1000?" },
		{ COOKED_TESTS_41, "0xfff",
		    "fff duplicate bogus unsync peer_dist auth server_sync stratum "
		    "root_dist "
		    "not_authentic denied autokey 0x800?" },
		{ COOKED_TESTS_41, "0", "00 ok" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cooked c = { .of = PEER, .era = OLD, .tests = rows[i].tests };
		char out[COOKED_MAX];

		cooked_value(&c, "flash", 5, rows[i].value, strlen(rows[i].value), out,
		    NULL);
		assert_string_equal(out, rows[i].expected);
	}
}

/* Every kiss code has a meaning; others have none. */
static void
kiss_codes_have_words(void **state)
{
	static const char *const codes[] = { "ACST", "AUTH", "AUTO", "BCST", "CRYP",
		"DENY", "DNS", "DOWN", "DROP", "GONE", "INIT", "LOOP", "MCST", "NKEY",
		"NTS", "NTSN", "POOL", "RATE", "RMOT", "RSTR", "STEP", "TIME", "XFAC" };

	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++)
		assert_string_not_equal(cooked_kiss(codes[i], strlen(codes[i])), "");
	assert_string_equal(cooked_kiss("GPS", 3), "");
	assert_string_equal(cooked_kiss("", 0), "");
}

/* ntp.org got one more in between. */
static void
restrictions_have_words(void **state)
{
	static const struct {
		bool has_noepeer;
		uint32_t bits;
		const char *expected;
	} rows[] = {
		{ true, 0, "" },
		{ true, 0x3d0, "nopeer limited noquery nomodify notrap" },
		{ true, 0x7fff,
		    "ignore noserve notrust version nopeer noepeer limited noquery "
		    "nomodify "
		    "notrap lptrap kod mssntp flake nomrulist" },
		{ true, 0x8001, "ignore 0x8000?" },
		{ false, 0x4e0, "limited noquery nomodify kod" },
		{ false, 0x3fff,
		    "ignore noserve notrust version nopeer limited noquery nomodify "
		    "notrap "
		    "lptrap kod mssntp flake nomrulist" },
		{ false, 0x4000, "0x4000?" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[200];

		cooked_restrictions(rows[i].has_noepeer, rows[i].bits, out, sizeof(out));
		assert_string_equal(out, rows[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_have_words),
		cmocka_unit_test(dates_have_an_end),
		cmocka_unit_test(a_synchronised_one_has_no_kiss_code),
		cmocka_unit_test(a_long_value_is_cut_and_still_marked),
		cmocka_unit_test(forms_are_told),
		cmocka_unit_test(status_words_have_words),
		cmocka_unit_test(tests_have_the_names_of_their_era),
		cmocka_unit_test(kiss_codes_have_words),
		cmocka_unit_test(restrictions_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
