/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters added up over resets. */
#include "support/check.h"

#include "model/totals.h"

#include <stdio.h>
#include <string.h>

static void
readings_add_up_over_resets(void **state)
{
	/* One counter read again and again. */
	static const struct {
		uint64_t value, age_s, uptime_s, total;
		const char *why;
	} readings[] = {
		{ 100, 50, 1000, 100, "the first reading is the total" },
		{ 110, 65, 1015, 110, "growing" },
		{ 110, 65, 1015, 110, "read twice in a second" },
		{ 110, 80, 1030, 110, "idle" },
		{ 4, 5, 1045, 114, "smaller value and age: reset" },
		{ 9, 20, 1060, 119, "growing again" },
		{ 30, 10, 1075, 149, "larger value, smaller age: reset" },
		{ 35, 25, 1090, 154, "growing again" },
		{ 20, 40, 1105, 174, "smaller value, age as it should be: reset" },
		{ 60, 50, 4705, 234, "age grew, but by far less than time: reset" },
		{ 61, 65, 4725, 235, "some seconds between two answers are no reset" },
		{ 0, 0, 4800, 235, "reset this very second" },
		{ 0, 15, 4815, 235, "nothing since" },
		{ 7, 30, 4830, 242, "and on" },
	};
	struct ntp_total t = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(readings); i++) {
		uint64_t total = ntp_total_add(&t, readings[i].value, readings[i].age_s,
		    readings[i].uptime_s);

		if (total != readings[i].total)
			print_error("%s\n", readings[i].why);
		assert_int_equal(total, readings[i].total);
	}
}

static void
without_uptime_value_and_age_alone_tell(void **state)
{
	struct ntp_total t = { 0 };

	(void)state;
	assert_int_equal(ntp_total_add(&t, 100, 50, 0), 100);
	assert_int_equal(ntp_total_add(&t, 120, 60, 0), 120);
	assert_int_equal(ntp_total_add(&t, 130, 59, 0), 250);
	assert_int_equal(ntp_total_add(&t, 10, 70, 0), 260);
	/* An uptime that comes and goes leads to no false reset. */
	assert_int_equal(ntp_total_add(&t, 20, 80, 90000), 270);
	assert_int_equal(ntp_total_add(&t, 30, 90, 0), 280);
	assert_int_equal(ntp_total_add(&t, 40, 100, 90100), 290);
	assert_int_equal(ntp_total_add(&t, 50, 115, 90115), 300);
}

static void
totals_wrap_at_64_bits(void **state)
{
	struct ntp_total t = { 0 };

	(void)state;
	assert_int_equal(ntp_total_add(&t, UINT64_MAX, 10, 0), UINT64_MAX);
	assert_int_equal(ntp_total_add(&t, 3, 1, 0), 2);
	assert_int_equal(ntp_total_add(&t, 5, 3, 0), 4);
	assert_int_equal(ntp_total_add(&t, 5, UINT64_MAX, UINT64_MAX), 4);
	assert_int_equal(ntp_total_add(&t, 6, UINT64_MAX, UINT64_MAX), 5);
}

static void
set(struct ntp_system *s, const char *name, const char *value)
{
	assert_int_equal(
	    ntp_vars_apply(&ntp_system_vars, s, name, strlen(name), value, strlen(value)),
	    NTP_APPLY_OK);
}

/* Variables in pairs of name and value, NULL behind the last. */
static struct ntp_system
system_of(const char *const *words)
{
	struct ntp_system s = { 0 };

	for (; *words; words += 2)
		set(&s, words[0], words[1]);
	return s;
}

#define SYSTEM(...) system_of((const char *const[]){ __VA_ARGS__, NULL })

static void
ntporg_counters_are_accumulated(void **state)
{
	struct ntp_totals t = { 0 };
	struct ntp_total_values v;
	struct ntp_system s = SYSTEM("ss_uptime", "4000", "ss_reset", "3590",
	    "ss_received", "112", "ss_badformat", "1", "ss_badauth", "2", "ss_declined",
	    "4", "io_sent", "138", "iostats_reset", "4000");

	(void)state;
	ntp_totals_update(&t, &s, &v);
	assert_true(v.has_in_packets && v.has_out_packets && v.has_protocol_errors);
	assert_int_equal(v.in_packets, 112);
	assert_int_equal(v.out_packets, 138);
	assert_int_equal(v.protocol_errors, 7);

	/* The hourly reset zeroes ss_*, not io_*. */
	s = SYSTEM("ss_uptime", "4015", "ss_reset", "5", "ss_received", "3",
	    "ss_badformat", "1", "ss_badauth", "0", "ss_declined", "0", "io_sent", "140",
	    "iostats_reset", "4015");
	ntp_totals_update(&t, &s, &v);
	assert_int_equal(v.in_packets, 115);
	assert_int_equal(v.out_packets, 140);
	assert_int_equal(v.protocol_errors, 8);

	/* "reset io" does that. */
	s = SYSTEM("ss_uptime", "4030", "ss_reset", "20", "ss_received", "4",
	    "ss_badformat", "1", "ss_badauth", "0", "ss_declined", "0", "io_sent", "1",
	    "iostats_reset", "2");
	ntp_totals_update(&t, &s, &v);
	assert_int_equal(v.in_packets, 116);
	assert_int_equal(v.out_packets, 141);
	assert_int_equal(v.protocol_errors, 8);
}

static void
reset_hidden_in_a_long_silence_is_noticed(void **state)
{
	struct ntp_totals t = { 0 };
	struct ntp_total_values v;
	struct ntp_system s =
	    SYSTEM("ss_uptime", "4000", "ss_reset", "100", "ss_received", "10");

	(void)state;
	ntp_totals_update(&t, &s, &v);
	assert_int_equal(v.in_packets, 10);
	s = SYSTEM("ss_uptime", "8000", "ss_reset", "500", "ss_received", "50");
	ntp_totals_update(&t, &s, &v);
	assert_int_equal(v.in_packets, 60);
}

static void
ntpsec_totals_are_taken_as_they_are(void **state)
{
	struct ntp_totals t = { 0 };
	struct ntp_total_values v;
	struct ntp_system s = SYSTEM("ss_reset", "56", "ss_received", "83",
	    "ss_badformat", "0", "ss_badauth", "0", "ss_declined", "0", "ss_received_r",
	    "1083", "ss_badformat_r", "10", "ss_badauth_r", "20", "ss_declined_r", "30",
	    "io_sent", "98", "iostats_reset", "3656");

	(void)state;
	ntp_totals_update(&t, &s, &v);
	assert_int_equal(v.in_packets, 1083);
	assert_int_equal(v.out_packets, 98);
	assert_int_equal(v.protocol_errors, 60);
	s = SYSTEM("ss_reset", "1", "ss_received", "2", "ss_received_r", "1085");
	ntp_totals_update(&t, &s, &v);
	assert_int_equal(v.in_packets, 1085);
	assert_false(v.has_out_packets);
	assert_false(v.has_protocol_errors);
}

static void
running_total_that_was_not_read_is_not_replaced(void **state)
{
	static const char *const other[] = { "ss_received_r", "ss_badformat_r",
		"ss_badauth_r", "ss_declined_r" };
	struct ntp_total_values v;

	(void)state;
	for (size_t i = 0; i < COUNT(other); i++) {
		struct ntp_totals t = { 0 };
		struct ntp_system s = SYSTEM(other[i], "1000");

		ntp_totals_update(&t, &s, &v);
		assert_int_equal(v.has_in_packets, i == 0);
		s = SYSTEM("ss_reset", "56", "ss_received", "83", "ss_badformat", "0",
		    "ss_badauth", "0", "ss_declined", "0", "io_sent", "1",
		    "iostats_reset", "1");
		ntp_totals_update(&t, &s, &v);
		assert_false(v.has_in_packets);
		assert_false(v.has_protocol_errors);
		assert_true(v.has_out_packets);
	}
}

static void
ntpsec_is_known_before_its_totals_are(void **state)
{
	struct ntp_totals t = { 0 };
	struct ntp_total_values v;
	struct ntp_system s =
	    SYSTEM("version", "ntpd ntpsec-1.2.2", "ss_reset", "56", "ss_received", "83");

	(void)state;
	ntp_totals_update(&t, &s, &v);
	assert_false(v.has_in_packets);
	/* The version is asked for rarely. */
	s = SYSTEM("ss_reset", "71", "ss_received", "84");
	ntp_totals_update(&t, &s, &v);
	assert_false(v.has_in_packets);
}

static void
what_lacks_a_source_is_absent(void **state)
{
	/* Left out one at a time. */
	static const struct {
		const char *name;
		bool has_in, has_out, has_errors;
	} cases[] = {
		{ "ss_reset", false, true, false },
		{ "ss_received", false, true, true },
		{ "ss_badformat", true, true, false },
		{ "ss_badauth", true, true, false },
		{ "ss_declined", true, true, false },
		{ "io_sent", true, false, true },
		{ "iostats_reset", true, false, true },
		{ "ss_uptime", true, true, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ntp_totals t = { 0 };
		struct ntp_total_values v;
		struct ntp_system s = { 0 };

		for (size_t j = 0; j < COUNT(cases); j++)
			if (i != j)
				set(&s, cases[j].name, "5");
		memset(&v, 0x5a, sizeof(v));
		ntp_totals_update(&t, &s, &v);
		assert_int_equal(v.has_in_packets, cases[i].has_in);
		assert_int_equal(v.has_out_packets, cases[i].has_out);
		assert_int_equal(v.has_protocol_errors, cases[i].has_errors);
		assert_int_equal(v.in_packets, cases[i].has_in ? 5 : 0);
		assert_int_equal(v.out_packets, cases[i].has_out ? 5 : 0);
		assert_int_equal(v.protocol_errors, cases[i].has_errors ? 15 : 0);
	}
}

static void
cycle_that_lacked_a_counter_is_bridged(void **state)
{
	struct ntp_totals t = { 0 };
	struct ntp_total_values v;
	struct ntp_system s =
	    SYSTEM("ss_uptime", "100", "ss_reset", "90", "ss_received", "10");

	(void)state;
	ntp_totals_update(&t, &s, &v);
	s = SYSTEM("ss_uptime", "115");
	ntp_totals_update(&t, &s, &v);
	assert_false(v.has_in_packets);
	s = SYSTEM("ss_uptime", "130", "ss_reset", "120", "ss_received", "13");
	ntp_totals_update(&t, &s, &v);
	assert_true(v.has_in_packets);
	assert_int_equal(v.in_packets, 13);
}

/* Names of the counters by kind, and whether NTPsec has a running total beside it. */
static const struct {
	const char *name;
	bool has_running;
} kinds[NTP_TOTAL_COUNT] = {
	[NTP_TOTAL_RECEIVED] = { "ss_received", true },
	[NTP_TOTAL_THISVER] = { "ss_thisver", true },
	[NTP_TOTAL_OLDVER] = { "ss_oldver", true },
	[NTP_TOTAL_BADFORMAT] = { "ss_badformat", true },
	[NTP_TOTAL_BADAUTH] = { "ss_badauth", true },
	[NTP_TOTAL_DECLINED] = { "ss_declined", true },
	[NTP_TOTAL_RESTRICTED] = { "ss_restricted", true },
	[NTP_TOTAL_LIMITED] = { "ss_limited", true },
	[NTP_TOTAL_KODSENT] = { "ss_kodsent", true },
	[NTP_TOTAL_PROCESSED] = { "ss_processed", true },
	[NTP_TOTAL_LAMPORT] = { "ss_lamport", false },
	[NTP_TOTAL_TSROUNDING] = { "ss_tsrounding", false },
	[NTP_TOTAL_SENT] = { "io_sent", false },
};

static struct ntp_total_values
update(struct ntp_totals *t, const char *name, const char *value, const char *age)
{
	struct ntp_system s = SYSTEM("ss_reset", age, "iostats_reset", age, name, value);
	struct ntp_total_values v;

	ntp_totals_update(t, &s, &v);
	return v;
}

static void
each_kind_is_added_up_by_itself(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NTP_TOTAL_COUNT; i++) {
		struct ntp_totals t = { 0 };
		struct ntp_total_values v;
		uint64_t count = 0;

		v = update(&t, kinds[i].name, "40", "100");
		assert_int_equal(v.seen, UINT32_C(1) << i);
		v = update(&t, kinds[i].name, "7", "15");
		for (unsigned k = 0; k < NTP_TOTAL_COUNT; k++)
			assert_int_equal(ntp_total_get(&v, k, &count), k == i);
		assert_true(ntp_total_get(&v, i, &count));
		assert_int_equal(count, 47);
	}
}

static void
each_running_total_is_taken_as_it_is(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NTP_TOTAL_COUNT; i++) {
		struct ntp_totals t = { 0 };
		struct ntp_total_values v;
		uint64_t count = 0;
		char name[32];

		if (!kinds[i].has_running)
			continue;
		snprintf(name, sizeof(name), "%s_r", kinds[i].name);
		v = update(&t, name, "1040", "100");
		assert_int_equal(v.seen, UINT32_C(1) << i);
		assert_true(ntp_total_get(&v, i, &count));
		assert_int_equal(count, 1040);
		v = update(&t, kinds[i].name, "41", "115");
		assert_false(ntp_total_get(&v, i, &count));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(readings_add_up_over_resets),
		cmocka_unit_test(without_uptime_value_and_age_alone_tell),
		cmocka_unit_test(totals_wrap_at_64_bits),
		cmocka_unit_test(ntporg_counters_are_accumulated),
		cmocka_unit_test(reset_hidden_in_a_long_silence_is_noticed),
		cmocka_unit_test(ntpsec_totals_are_taken_as_they_are),
		cmocka_unit_test(running_total_that_was_not_read_is_not_replaced),
		cmocka_unit_test(ntpsec_is_known_before_its_totals_are),
		cmocka_unit_test(what_lacks_a_source_is_absent),
		cmocka_unit_test(each_kind_is_added_up_by_itself),
		cmocka_unit_test(each_running_total_is_taken_as_it_is),
		cmocka_unit_test(cycle_that_lacked_a_counter_is_bridged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
