/* SPDX-License-Identifier: BSD-2-Clause */
/* Timestamps, eras, calendar texts and milliseconds. */
#include "support/check.h"

#include "model/ntp_time.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"

#define UNIX_IN_NTP  INT64_C(2208988800)
#define IN_2026      INT64_C(1795219782)
#define ERA_1_BEGINS INT64_C(2085978496) /* 2036-02-07 06:28:16 */

static void
stamps_parse_or_are_refused(void **state)
{
	static const struct {
		const char *text;
		int rc;
		uint32_t seconds, fraction;
	} cases[] = {
		{ "0xeeab5fc6.218d7b1d", 0, 0xeeab5fc6, 0x218d7b1d },
		{ "0x00000000.00000000", 0, 0, 0 },
		{ "0xffffffff.ffffffff", 0, UINT32_MAX, UINT32_MAX },
		{ "0x00000001.80000000", 0, 1, 0x80000000 },
		{ "", ERR_SYNTAX, 0, 0 },
		{ "0x", ERR_SYNTAX, 0, 0 },
		{ "0", ERR_SYNTAX, 0, 0 },
		{ "eeab5fc6.218d7b1d", ERR_SYNTAX, 0, 0 },
		{ "0xeeab5fc6", ERR_SYNTAX, 0, 0 },
		{ "0xeeab5fc6.218d7b1", ERR_SYNTAX, 0, 0 },
		{ "0xeeab5fc6.218d7b1d0", ERR_SYNTAX, 0, 0 },
		{ "0xeeab5fc6 218d7b1d", ERR_SYNTAX, 0, 0 },
		{ "0xeeab5fg6.218d7b1d", ERR_SYNTAX, 0, 0 },
		{ "0xeeab5fc6.-18d7b1d", ERR_SYNTAX, 0, 0 },
		{ "0x+eab5fc6.218d7b1d", ERR_SYNTAX, 0, 0 },
		{ " 0xeab5fc6.218d7b1d", ERR_SYNTAX, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ntp_stamp s = { 7, 8 };

		assert_int_equal(
		    ntp_stamp_parse(cases[i].text, strlen(cases[i].text), &s),
		    cases[i].rc);
		assert_int_equal(s.seconds, cases[i].rc ? 7 : cases[i].seconds);
		assert_int_equal(s.fraction, cases[i].rc ? 8 : cases[i].fraction);
	}
}

static void
only_a_stamp_of_zeros_is_never(void **state)
{
	(void)state;
	assert_true(ntp_stamp_is_zero(&(struct ntp_stamp){ 0, 0 }));
	assert_false(ntp_stamp_is_zero(&(struct ntp_stamp){ 1, 0 }));
	assert_false(ntp_stamp_is_zero(&(struct ntp_stamp){ 0, 1 }));
}

static void
stamp_is_read_in_the_era_of_the_local_clock(void **state)
{
	static const struct {
		struct ntp_stamp stamp;
		int64_t near_s, unix_s, ns;
	} cases[] = {
		{ { 0xeeab5fc6, 0 }, IN_2026, IN_2026, 0 },
		{ { 0xeeab5fc6, 0x218d7b1d }, IN_2026 + 5, IN_2026, 131065077 },
		{ { 0xeeab5fc6, 0x80000000 }, IN_2026, IN_2026, 500000000 },
		/* Over the wrap of 2036, from both sides. */
		{ { 0, 0x80000000 }, ERA_1_BEGINS - 1, ERA_1_BEGINS, 500000000 },
		{ { 5, 0 }, IN_2026, ERA_1_BEGINS + 5, 0 },
		{ { UINT32_MAX, 0 }, ERA_1_BEGINS, ERA_1_BEGINS - 1, 0 },
		{ { UINT32_MAX, 0 }, ERA_1_BEGINS + 100000, ERA_1_BEGINS - 1, 0 },
		{ { 100, 0 }, ERA_1_BEGINS + 90, ERA_1_BEGINS + 100, 0 },
		/* A clock at 1970 sees 1950, and 2036 as 1900. */
		{ { 1577923200, 0 }, 0, 1577923200 - UNIX_IN_NTP, 0 },
		{ { 0, 0 }, -UNIX_IN_NTP, -UNIX_IN_NTP, 0 },
		/* Before 1900: era -1. */
		{ { UINT32_MAX, 0 }, -UNIX_IN_NTP, -UNIX_IN_NTP - 1, 0 },
		{ { 0, 1u << 31 }, -UNIX_IN_NTP - 10, -UNIX_IN_NTP, 500000000 },
		/* A fraction that rounds up to a whole second. */
		{ { 0xeeab5fc6, UINT32_MAX }, IN_2026, IN_2026 + 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    ntp_stamp_to_unix_ns(&cases[i].stamp, cases[i].near_s * NS_PER_S),
		    cases[i].unix_s * NS_PER_S + cases[i].ns);
}

static void
instance_is_never_further_than_half_an_era(void **state)
{
	int64_t half_ns = (INT64_C(1) << 31) * NS_PER_S;

	(void)state;
	for (int64_t near = -4000000000; near < 7000000000; near += 123456789) {
		for (uint64_t sec = 0; sec <= UINT32_MAX; sec += 98765432) {
			struct ntp_stamp s = { (uint32_t)sec, 0 };
			int64_t ns = ntp_stamp_to_unix_ns(&s, near * NS_PER_S);
			int64_t away = ns - near * NS_PER_S;

			assert_true(away >= -half_ns && away <= half_ns);
			assert_int_equal((uint32_t)(ns / NS_PER_S + UNIX_IN_NTP), sec);
		}
	}
}

static void
nanoseconds_stop_at_the_ends_of_their_type(void **state)
{
	/* 2262 and 1677, where 64 bits of nanoseconds end. */
	struct ntp_stamp after = { 2842426244u + 1000, 0 };
	struct ntp_stamp before = { 1575551355u - 1000, 0 };

	(void)state;
	assert_int_equal(ntp_stamp_to_unix_ns(&after, INT64_MAX), INT64_MAX);
	assert_int_equal(ntp_stamp_to_unix_ns(&before, INT64_MIN), INT64_MIN);
	after.seconds -= 2000;
	before.seconds += 2000;
	assert_int_equal(ntp_stamp_to_unix_ns(&after, INT64_MAX),
	    (INT64_MAX / NS_PER_S - 1000) * NS_PER_S);
	assert_int_equal(ntp_stamp_to_unix_ns(&before, INT64_MIN),
	    (INT64_MIN / NS_PER_S + 999) * NS_PER_S);
}

static void
dates_carry_era_seconds_and_fraction(void **state)
{
	static const struct {
		struct ntp_stamp stamp;
		int64_t near_s;
		uint8_t date[NTP_DATE_LEN];
	} cases[] = {
		{ { 0xeeab5fc6, 0x218d7b1d }, IN_2026,
		    { 0, 0, 0, 0, 0xee, 0xab, 0x5f, 0xc6, 0x21, 0x8d, 0x7b, 0x1d } },
		{ { 1, 2 }, ERA_1_BEGINS, { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2 } },
		{ { 0xfffffffe, 0 }, -UNIX_IN_NTP,
		    { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t date[NTP_DATE_LEN];

		memset(date, 0xee, sizeof(date));
		ntp_date_encode(&cases[i].stamp, cases[i].near_s * NS_PER_S, date);
		assert_memory_equal(date, cases[i].date, sizeof(date));
	}
}

static void
dates_of_unix_seconds_need_no_era_to_guess(void **state)
{
	static const struct {
		int64_t unix_s;
		uint8_t date[NTP_DATE_LEN];
	} cases[] = {
		{ 0, { 0, 0, 0, 0, 0x83, 0xaa, 0x7e, 0x80 } },
		{ ERA_1_BEGINS - 1, { 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff } },
		{ ERA_1_BEGINS, { 0, 0, 0, 1 } },
		{ -UNIX_IN_NTP, { 0 } },
		{ -UNIX_IN_NTP - 1, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
		{ -UNIX_IN_NTP - (INT64_C(1) << 32), { 0xff, 0xff, 0xff, 0xff } },
		{ INT64_MAX, { 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
		{ INT64_MIN, { 0x80, 0, 0, 0, 0x83, 0xaa, 0x7e, 0x80 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t date[NTP_DATE_LEN];

		memset(date, 0xee, sizeof(date));
		ntp_date_encode_unix(cases[i].unix_s, date);
		assert_memory_equal(date, cases[i].date, sizeof(date));
	}
}

static void
milliseconds_become_exact_nanoseconds(void **state)
{
	static const struct {
		const char *text;
		int rc;
		int64_t ns;
	} cases[] = {
		{ "-0.032", 0, -32000 },
		{ "15937.500000", 0, INT64_C(15937500000) },
		{ "16000.00", 0, INT64_C(16000000000) },
		{ "0.000", 0, 0 },
		{ "-0.000", 0, 0 },
		{ "+1.5", 0, 1500000 },
		{ "1e-06", 0, 1 },
		{ "1e3", 0, 1000000000 },
		{ "0", 0, 0 },
		{ "7", 0, 7000000 },
		{ "0.1", 0, 100000 },
		{ "0.3", 0, 300000 },
		{ "0.0000005", 0, 1 },
		{ "-0.0000005", 0, -1 },
		{ "0.0000004999999", 0, 0 },
		{ "1000000000", 0, INT64_C(1000000000000000) },
		{ "-1000000000", 0, INT64_C(-1000000000000000) },
		{ "1000000000.000001", ERR_RANGE, 0 },
		{ "-1000000000.000001", ERR_RANGE, 0 },
		{ "1e300", ERR_RANGE, 0 },
		{ "", ERR_SYNTAX, 0 },
		{ "-", ERR_SYNTAX, 0 },
		{ ".", ERR_SYNTAX, 0 },
		{ "nan", ERR_SYNTAX, 0 },
		{ "inf", ERR_SYNTAX, 0 },
		{ "0x10", ERR_SYNTAX, 0 },
		{ "1.2.3", ERR_SYNTAX, 0 },
		{ "1,5", ERR_SYNTAX, 0 },
		{ " 1", ERR_SYNTAX, 0 },
		{ "1 ", ERR_SYNTAX, 0 },
		{ "1 ms", ERR_SYNTAX, 0 },
		{ "00000000000000000000000000000000000000000000000000000000000000001",
		    ERR_TOOBIG, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ns = 77;

		assert_int_equal(ntp_ms_parse(cases[i].text, strlen(cases[i].text), &ns),
		    cases[i].rc);
		assert_int_equal(ns, cases[i].rc ? 77 : cases[i].ns);
	}
}

static void
nanoseconds_print_as_milliseconds(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0.000" },
		{ -32000, "-0.032" },
		{ 13128, "0.013128" },
		{ 13120, "0.01312" },
		{ 1, "0.000001" },
		{ -1, "-0.000001" },
		{ INT64_C(15937500000), "15937.500" },
		{ INT64_C(-1000000000000000), "-1000000000.000" },
	};
	char out[64], with_unit[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t len = strlen(cases[i].text);

		assert_int_equal(ntp_ms_format(cases[i].ns, out, sizeof(out)), len);
		assert_string_equal(out, cases[i].text);
		assert_int_equal(
		    ntp_ms_format_unit(cases[i].ns, with_unit, sizeof(with_unit)),
		    len + 3);
		assert_memory_equal(with_unit, out, len);
		assert_string_equal(with_unit + len, " ms");
	}
}

static void
text_with_unit_is_cut_at_the_buffers_end(void **state)
{
	static const char whole[] = "-0.032 ms";

	(void)state;
	for (size_t cap = 1; cap <= sizeof(whole); cap++) {
		char out[sizeof(whole) + 1];
		size_t len;

		memset(out, '#', sizeof(out));
		len = ntp_ms_format_unit(-32000, out, cap);
		assert_int_equal(len, cap - 1);
		assert_memory_equal(out, whole, len);
		assert_int_equal(out[len], 0);
		assert_int_equal(out[cap], '#');
	}
}

static void
printed_milliseconds_read_back_the_same(void **state)
{
	uint64_t seed = 5907;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[64];
		int64_t ns, again;
		size_t len;

		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		ns = (int64_t)(seed >> 14) % INT64_C(1000000000000000);
		if (i & 1)
			ns = -ns;
		len = ntp_ms_format(ns, text, sizeof(text));
		assert_int_equal(ntp_ms_parse(text, len, &again), 0);
		assert_int_equal(again, ns);
	}
}

static void
calendar_texts_parse_or_are_refused(void **state)
{
	static const struct {
		const char *text;
		int rc;
		int64_t unix_s;
	} cases[] = {
		{ "202707010000", 0, 1814400000 },
		{ "2027-07-01T00:00Z", 0, 1814400000 },
		{ "1970-01-01T00:00Z", 0, 0 },
		{ "197001010000", 0, 0 },
		{ "197001010001", 0, 60 },
		{ "196912312359", 0, -60 },
		{ "190001010000", 0, -UNIX_IN_NTP },
		{ "200002290000", 0, 951782400 },
		{ "2024-02-29T23:59Z", 0, 1709251140 },
		{ "203602070628", 0, ERA_1_BEGINS - 16 },
		{ "999912312359", 0, INT64_C(253402300740) },
		{ "190002290000", ERR_RANGE, 0 },
		{ "210002290000", ERR_RANGE, 0 },
		{ "2023-02-29T00:00Z", ERR_RANGE, 0 },
		{ "202704310000", ERR_RANGE, 0 },
		{ "202700010000", ERR_RANGE, 0 },
		{ "202713010000", ERR_RANGE, 0 },
		{ "202701000000", ERR_RANGE, 0 },
		{ "202701320000", ERR_RANGE, 0 },
		{ "202701012400", ERR_RANGE, 0 },
		{ "2027-01-01T00:60Z", ERR_RANGE, 0 },
		{ "", ERR_SYNTAX, 0 },
		{ "0", ERR_SYNTAX, 0 },
		{ "20270701000", ERR_SYNTAX, 0 },
		{ "2027070100000", ERR_SYNTAX, 0 },
		{ "2027-07-01T00:00", ERR_SYNTAX, 0 },
		{ "2027-07-01 00:00Z", ERR_SYNTAX, 0 },
		{ "2027-07-01T00:00Zx", ERR_SYNTAX, 0 },
		{ "2027-07-01T0a:00Z", ERR_SYNTAX, 0 },
		{ "2027-+7-01T00:00Z", ERR_SYNTAX, 0 },
		{ "-20270701000", ERR_SYNTAX, 0 },
		{ "####-##-##T##:##Z", ERR_SYNTAX, 0 },
		{ "############", ERR_SYNTAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t unix_s = 77;

		assert_int_equal(
		    ntp_calendar_parse(cases[i].text, strlen(cases[i].text), &unix_s),
		    cases[i].rc);
		assert_int_equal(unix_s, cases[i].rc ? 77 : cases[i].unix_s);
	}
}

/* The C library as the second opinion, for each day of four centuries. */
static void
civil_dates_agree_with_the_c_library(void **state)
{
	(void)state;
	for (int64_t day = -25567; day < 84000; day++) {
		time_t at = (time_t)(day * 86400 + 45240);
		struct tm tm;
		char text[32];
		int64_t unix_s = 0;
		size_t len;

		assert_non_null(gmtime_r(&at, &tm));
		len = strftime(text, sizeof(text), "%Y%m%d%H%M", &tm);
		assert_int_equal(ntp_calendar_parse(text, len, &unix_s), 0);
		assert_int_equal(unix_s, at);
		tm.tm_mon++;
		tm.tm_mday = 1;
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		assert_int_equal(ntp_next_month(at), timegm(&tm));
	}
}

static void
next_month_begins_with_its_first_second(void **state)
{
	static const struct {
		int64_t unix_s, next;
	} cases[] = {
		{ 0, 2678400 },
		{ -1, 0 },
		{ 2678399, 2678400 },
		{ 2678400, 5097600 },
		{ IN_2026, 1796083200 },
		{ 1796083200, 1798761600 },
		{ 1798761599, 1798761600 },
		{ INT64_MAX, INT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(ntp_next_month(cases[i].unix_s), cases[i].next);
	/* Far from here there is nothing to compare with, but order. */
	assert_true(ntp_next_month(INT64_MIN) > INT64_MIN);
	assert_true(ntp_next_month(INT64_MIN) < INT64_MIN + 32 * INT64_C(86400));
	assert_true(ntp_next_month(INT64_MAX - 33 * INT64_C(86400)) >
	    INT64_MAX - 33 * INT64_C(86400));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_parse_or_are_refused),
		cmocka_unit_test(only_a_stamp_of_zeros_is_never),
		cmocka_unit_test(stamp_is_read_in_the_era_of_the_local_clock),
		cmocka_unit_test(instance_is_never_further_than_half_an_era),
		cmocka_unit_test(nanoseconds_stop_at_the_ends_of_their_type),
		cmocka_unit_test(dates_carry_era_seconds_and_fraction),
		cmocka_unit_test(dates_of_unix_seconds_need_no_era_to_guess),
		cmocka_unit_test(milliseconds_become_exact_nanoseconds),
		cmocka_unit_test(nanoseconds_print_as_milliseconds),
		cmocka_unit_test(text_with_unit_is_cut_at_the_buffers_end),
		cmocka_unit_test(printed_milliseconds_read_back_the_same),
		cmocka_unit_test(calendar_texts_parse_or_are_refused),
		cmocka_unit_test(civil_dates_agree_with_the_c_library),
		cmocka_unit_test(next_month_begins_with_its_first_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
