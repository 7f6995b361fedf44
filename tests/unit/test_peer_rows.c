/* SPDX-License-Identifier: BSD-2-Clause */
/* Each row of the peer and clock variables: what it takes, what it refuses, where it
 * goes. */
#include "support/check.h"

#include "model/peer.h"

#include <string.h>

#include "support/rows.h"

/* Every good value differs, so that a row that points at another field shows. */
/* clang-format off */
static const struct row_case peer_cases[] = {
	{ "srcadr", "10.99.0.1", "10.99.0.256" }, { "srcport", "123", "65536" },
	{ "srchost", "ntp.example.org", NULL },
	{ "dstadr", "fd00:99::2", "fd00:99:::2" }, { "leap", "2", "5" },
	{ "stratum", "4", "-1" }, { "precision", "-20", "200" },
	{ "rootdelay", "0.031", "0,031" }, { "rootdisp", "10.788", "10.788.0" },
	{ "refid", "GPS", NULL }, { "reach", "0xfe", "0x1fe" }, { "hmode", "3", "8" },
	{ "pmode", "7", "9" }, { "hpoll", "6", "256" }, { "ppoll", "99", "x" },
	{ "flash", "0x1600", "0x160000000" }, { "offset", "-0.003584", "O -0.00" },
	{ "delay", "0.066882", "" }, { "dispersion", "15937.500000", "1e20" },
	{ "jitter", "0.012444", "inf" },
	{ "reftime", "0xeeab5fc6.000007ee", "0xeeab5fc6" },
	{ "rec", "0xeeab5fc6.000007ef", "0xeeab5fc6" },
	{ "xmt", "0xeeab5fc6.000007f0", "0xeeab5fc6" }, { "unreach", "2033", "-1" },
	{ "timer", "-2034", "1.5" }, { "timerec", "2035", "-1" },
	{ "timereach", "2036", "-1" }, { "headway", "-2037", "1.5" },
	{ "candidate", "39", "256" }, { "ntscookies", "-2039", "2147483648" },
	{ "received", "101", "-101" }, { "sent", "102", "1 2" },
	{ "badauth", "103", "0y103" }, { "bogusorg", "104", "104," },
	{ "oldpkt", "2044", "-1" }, { "seldisp", "2045", "-1" },
	{ "selbroken", "2046", "-1" }, { "dstport", "2047", "65536" },
	{ "org", "0xeeab5fc6.00000800", "0xeeab5fc6" },
	{ "keyid", "0x801", "4294967296" }, { "ttl", "-2050", "2147483648" },
	{ "mode", "0x803", "4294967296" }, { "bias", "52.052", "52.x" },
	{ "xleave", "53.053", "53.x" }, { "config", "55", "256" },
	{ "authenable", "56", "256" }, { "authentic", "57", "256" },
	{ "in", "57.125", "1,5" }, { "out", "58.125", "1,5" },
	{ "flags", "0x80b", "4294967296" }, { "host", "label 60", NULL },
	{ "signature", "word 61", NULL }, { "ident", "label 62", NULL },
	{ "initsequence", "-2063", "2147483648" }, { "initkey", "0x810", "4294967296" },
	{ "timestamp", "3330720065", "x" },
	{ "filtdelay", "0.66 0.11 -0.11 0.13 0.16 0.12 0.13 16000.00", "O 0.11 -0.11 0.13 0.16 0.12 0.13 16000.00" },
	{ "filtoffset", "0.67 0.11 -0.11 0.13 0.16 0.12 0.13 16000.00", "O 0.11 -0.11 0.13 0.16 0.12 0.13 16000.00" },
	{ "filtdisp", "0.68 0.11 -0.11 0.13 0.16 0.12 0.13 16000.00", "O 0.11 -0.11 0.13 0.16 0.12 0.13 16000.00" },
	{ "rootdispersion", "1.500", "x" }, { "hostname", "old 1", NULL },
	{ "identity", "old 2", NULL },
};

static const struct row_case clock_cases[] = {
	{ "name", "LOCAL", NULL }, { "device", "Undisciplined local clock", NULL },
	{ "type", "13", "256" }, { "timecode", "line 13", NULL },
	{ "poll", "2014", "-1" }, { "noreply", "2015", "-1" },
	{ "badformat", "2016", "-1" }, { "baddata", "2017", "-1" },
	{ "fudgetime1", "18.018", "18.x" }, { "fudgetime2", "19.019", "19.x" },
	{ "stratum", "21", "256" }, { "refid", "word 21", NULL },
	{ "flags", "0x7e6", "4294967296" }, { "minjitter", "23.023", "23.x" },
};

/* Integers of any size by their place. */
#define PEER(member) offsetof(struct ntp_peer, member), sizeof(((struct ntp_peer *)0)->member)
#define CLOCK(member) PEER(clock.member)
static const struct {
	const char *name;
	size_t offset, size;
	int64_t value;
} fields[] = {
	{ "unreach", PEER(unreach), 2033 },
	{ "timer", PEER(timer_s), -2034 },
	{ "timerec", PEER(timerec_s), 2035 },
	{ "timereach", PEER(timereach_s), 2036 },
	{ "headway", PEER(headway_s), -2037 },
	{ "candidate", PEER(candidate), 39 },
	{ "ntscookies", PEER(ntscookies), -2039 },
	{ "oldpkt", PEER(oldpkt), 2044 },
	{ "seldisp", PEER(seldisp), 2045 },
	{ "selbroken", PEER(selbroken), 2046 },
	{ "dstport", PEER(dstport), 2047 },
	{ "keyid", PEER(keyid), 2049 },
	{ "ttl", PEER(ttl), -2050 },
	{ "mode", PEER(refclock_mode), 2051 },
	{ "bias", PEER(bias_ns), INT64_C(52052000) },
	{ "xleave", PEER(xleave_ns), INT64_C(53053000) },
	{ "config", PEER(config), 55 },
	{ "authenable", PEER(authenable), 56 },
	{ "authentic", PEER(authentic), 57 },
	{ "in", PEER(rate_in_milli), 57125 },
	{ "out", PEER(rate_out_milli), 58125 },
	{ "flags", PEER(autokey_flags), 2059 },
	{ "initsequence", PEER(autokey_initsequence), -2063 },
	{ "initkey", PEER(autokey_initkey), 2064 },
	{ "timestamp", PEER(autokey_timestamp_s), INT64_C(1121731265) },
	{ "clock.type", CLOCK(type), 13 },
	{ "clock.poll", CLOCK(poll), 2014 },
	{ "clock.noreply", CLOCK(noreply), 2015 },
	{ "clock.badformat", CLOCK(badformat), 2016 },
	{ "clock.baddata", CLOCK(baddata), 2017 },
	{ "clock.fudgetime1", CLOCK(fudgetime1_ns), INT64_C(18018000) },
	{ "clock.fudgetime2", CLOCK(fudgetime2_ns), INT64_C(19019000) },
	{ "clock.stratum", CLOCK(stratum), 21 },
	{ "clock.flags", CLOCK(flags), 2022 },
	{ "clock.minjitter", CLOCK(minjitter_ns), INT64_C(23023000) },
};
/* clang-format on */

/* All rows but those that are other names of one. */
static void
apply_all(struct ntp_peer *p)
{
	rows_apply_good(&ntp_peer_vars, p, peer_cases, NTP_PEER_VAR_COUNT);
	rows_apply_good(&ntp_clock_vars, &p->clock, clock_cases, COUNT(clock_cases));
}

static void
rows_lie_apart(void **state)
{
	(void)state;
	rows_check_layout(&ntp_peer_vars, sizeof(struct ntp_peer));
	rows_check_layout(&ntp_clock_vars, sizeof(struct ntp_clock));
	assert_string_equal(ntp_peer_vars.what, "peer");
	assert_string_equal(ntp_clock_vars.what, "clock");
	assert_true(ntp_peer_vars.n_rows > NTP_PEER_VAR_COUNT);
	assert_int_equal(ntp_clock_vars.n_rows, NTP_CLOCK_VAR_COUNT);
}

static void
each_row_takes_good_values_only(void **state)
{
	(void)state;
	rows_check_cases(&ntp_peer_vars, sizeof(struct ntp_peer), peer_cases,
	    COUNT(peer_cases));
	rows_check_cases(&ntp_clock_vars, sizeof(struct ntp_clock), clock_cases,
	    COUNT(clock_cases));
}

static void
garbage_stays_in_its_field(void **state)
{
	(void)state;
	rows_check_garbage(&ntp_peer_vars, sizeof(struct ntp_peer));
	rows_check_garbage(&ntp_clock_vars, sizeof(struct ntp_clock));
}

static void
assert_label(const struct ntp_label *label, const char *expected)
{
	assert_int_equal(label->len, strlen(expected));
	assert_memory_equal(label->bytes, expected, label->len);
}

static void
assert_addr(const struct addr *addr, const char *expected)
{
	char text[ADDR_TEXT_MAX];

	addr_format(addr, false, text, sizeof(text));
	assert_string_equal(text, expected);
}

static void
each_row_fills_the_field_of_its_name(void **state)
{
	struct ntp_peer p = { 0 };

	(void)state;
	apply_all(&p);
	assert_addr(&p.srcadr, "10.99.0.1");
	assert_int_equal(p.srcport, 123);
	assert_label(&p.srchost, "ntp.example.org");
	assert_addr(&p.dstadr, "fd00:99::2");
	assert_int_equal(p.leap, 2);
	assert_int_equal(p.stratum, 4);
	assert_int_equal(p.precision, -20);
	assert_int_equal(p.rootdelay_ns, 31000);
	assert_int_equal(p.rootdisp_ns, 10788000);
	assert_label(&p.refid, "GPS");
	assert_int_equal(p.reach, 0xfe);
	assert_int_equal(p.hmode, 3);
	assert_int_equal(p.pmode, 7);
	assert_int_equal(p.hpoll, 6);
	assert_int_equal(p.ppoll, 99);
	assert_int_equal(p.flash, 0x1600);
	assert_int_equal(p.offset_ns, -3584);
	assert_int_equal(p.delay_ns, 66882);
	assert_int_equal(p.dispersion_ns, INT64_C(15937500000));
	assert_int_equal(p.jitter_ns, 12444);
	assert_int_equal(p.received, 101);
	assert_int_equal(p.sent, 102);
	assert_int_equal(p.badauth, 103);
	assert_int_equal(p.bogusorg, 104);
	assert_label(&p.clock.name, "LOCAL");
	assert_label(&p.clock.device, "Undisciplined local clock");
}

static int64_t
integer_at(const struct ntp_peer *p, size_t offset, size_t size)
{
	const char *at = (const char *)p + offset;
	int64_t wide;
	int32_t narrow;
	uint16_t word;

	switch (size) {
	case sizeof(wide):
		memcpy(&wide, at, sizeof(wide));
		return wide;
	case sizeof(narrow):
		memcpy(&narrow, at, sizeof(narrow));
		return narrow;
	case sizeof(word):
		memcpy(&word, at, sizeof(word));
		return word;
	default:
		assert_int_equal(size, 1);
		return *(const uint8_t *)at;
	}
}

static void
each_integer_is_where_its_name_says(void **state)
{
	struct ntp_peer p = { 0 };

	(void)state;
	apply_all(&p);
	for (size_t i = 0; i < COUNT(fields); i++)
		assert_int_equal(integer_at(&p, fields[i].offset, fields[i].size),
		    fields[i].value);
}

static void
others_are_where_their_names_say(void **state)
{
	struct ntp_peer p = { 0 };

	(void)state;
	apply_all(&p);
	assert_int_equal(p.reftime.fraction, 2030);
	assert_int_equal(p.rec.fraction, 2031);
	assert_int_equal(p.xmt.fraction, 2032);
	assert_int_equal(p.org.fraction, 2048);
	assert_int_equal(p.filtdelay.us[0], 660);
	assert_int_equal(p.filtoffset.us[0], 670);
	assert_int_equal(p.filtdisp.us[0], 680);
	assert_label(&p.autokey_host, "label 60");
	assert_label(&p.autokey_ident, "label 62");
	assert_memory_equal(p.autokey_signature.bytes, "word 61", 7);
	assert_memory_equal(p.clock.timecode.bytes, "line 13", 7);
	assert_memory_equal(p.clock.refid.bytes, "word 21", 7);
}

static void
names_of_2005_fill_the_fields_of_today(void **state)
{
	struct ntp_peer p = { 0 };

	(void)state;
	rows_apply_good(&ntp_peer_vars, &p, peer_cases + NTP_PEER_VAR_COUNT,
	    COUNT(peer_cases) - NTP_PEER_VAR_COUNT);
	assert_true(
	    rows_equal(p.seen, ROWS(NTP_PEER_ROOTDISP, NTP_PEER_HOST, NTP_PEER_IDENT)));
	assert_int_equal(p.rootdisp_ns, 1500000);
	assert_label(&p.autokey_host, "old 1");
	assert_label(&p.autokey_ident, "old 2");
}

/* The bias is in seconds on one side. */
static void
known_misprints_are_put_right(void **state)
{
	static const struct {
		unsigned kinds;
		bool is_there;
		int64_t bias_ns;
	} cases[] = {
		{ NTP_KIND_428, true, 5000 },
		{ NTP_KIND_SEC122, true, 5000000 },
		{ NTP_KIND_SEC, true, 5000000 },
		{ NTP_KIND_SEC122 | NTP_KIND_SEC, true, 5000000 },
		{ NTP_KIND_ANY, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ntp_peer p = { 0 };

		ntp_vars_apply(&ntp_peer_vars, &p, "bias", 4, "0.005", 5);
		ntp_peer_correct(&p, cases[i].kinds);
		assert_int_equal(ntp_peer_has(&p, NTP_PEER_BIAS), cases[i].is_there);
		if (cases[i].is_there)
			assert_int_equal(p.bias_ns, cases[i].bias_ns);
	}
}

static void
rows_are_asked_with_their_group(void **state)
{
	static const struct {
		unsigned first, last;
		enum ntp_var_group group;
	} ranges[] = {
		{ NTP_PEER_SRCADR, NTP_PEER_NTSCOOKIES, NTP_GROUP_STATE },
		{ NTP_PEER_RECEIVED, NTP_PEER_SELBROKEN, NTP_GROUP_COUNTERS },
		{ NTP_PEER_DSTPORT, NTP_PEER_OUT, NTP_GROUP_SLOW },
		{ NTP_PEER_FLAGS, NTP_PEER_TIMESTAMP, NTP_GROUP_AUTOKEY },
		{ NTP_PEER_FILTDELAY, NTP_PEER_FILTDISP, NTP_GROUP_FILTERS },
	};
	unsigned checked = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(ranges); i++)
		for (unsigned v = ranges[i].first; v <= ranges[i].last; v++, checked++)
			assert_int_equal(ntp_peer_vars.rows[v].group, ranges[i].group);
	assert_int_equal(checked, NTP_PEER_VAR_COUNT);
	for (size_t i = 0; i < ntp_peer_vars.n_rows; i++)
		assert_in_range(ntp_peer_vars.rows[i].kinds, 1, NTP_KIND_ANY);
	for (size_t i = 0; i < ntp_clock_vars.n_rows; i++)
		assert_in_range(ntp_clock_vars.rows[i].kinds, 1, NTP_KIND_ANY);
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
		cmocka_unit_test(others_are_where_their_names_say),
		cmocka_unit_test(names_of_2005_fill_the_fields_of_today),
		cmocka_unit_test(known_misprints_are_put_right),
		cmocka_unit_test(rows_are_asked_with_their_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
