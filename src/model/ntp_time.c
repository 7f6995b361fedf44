/* SPDX-License-Identifier: BSD-2-Clause */
/* NTP's times as exact integers: eras, civil dates, milliseconds. */
#include "model/ntp_time.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"

#define ERA_S             ((int64_t)1 << 32)
#define UNIX_IN_NTP_S     INT64_C(2208988800) /* 1970 in seconds of 1900 */
#define DAY_S             INT64_C(86400)
#define DAYS_TO_1970      INT64_C(719528) /* since the first day of year 0 */
#define DAYS_IN_400_YEARS INT64_C(146097)
#define MS_LIMIT_NS       INT64_C(1000000000000000)

enum { MS_SCALE = 6, MS_DECIMALS = 3, MONTHS = 12 };

/* Rounds towards minus infinity; `b` is positive. */
static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int
ntp_stamp_parse(const char *text, size_t len, struct ntp_stamp *out)
{
	struct ntp_stamp stamp;

	if (len != sizeof("0x00000000.00000000") - 1)
		return ERR_SYNTAX;
	if (!scan_is(text, 2, "0x") || text[10] != '.')
		return ERR_SYNTAX;
	if (scan_hex32(text + 2, 8, &stamp.seconds) != 0 ||
	    scan_hex32(text + 11, 8, &stamp.fraction) != 0)
		return ERR_SYNTAX;
	*out = stamp;
	return 0;
}

bool
ntp_stamp_is_zero(const struct ntp_stamp *s)
{
	return s->seconds == 0 && s->fraction == 0;
}

/* Seconds since 1900 of the instance of `s` nearest to near_ns. */
static int64_t
nearest_instance(const struct ntp_stamp *s, int64_t near_ns)
{
	int64_t near_s = floor_div(near_ns, NS_PER_S) + UNIX_IN_NTP_S;
	int64_t instance = floor_div(near_s, ERA_S) * ERA_S + (int64_t)s->seconds;

	if (instance - near_s >= ERA_S / 2)
		return instance - ERA_S;
	if (instance - near_s < -(ERA_S / 2))
		return instance + ERA_S;
	return instance;
}

int64_t
ntp_stamp_to_unix_ns(const struct ntp_stamp *s, int64_t near_ns)
{
	int64_t unix_s = nearest_instance(s, near_ns) - UNIX_IN_NTP_S;
	uint64_t half = UINT64_C(1) << 31;
	int64_t ns = (int64_t)((s->fraction * (uint64_t)NS_PER_S + half) >> 32);

	if (unix_s >= INT64_MAX / NS_PER_S)
		return INT64_MAX;
	if (unix_s <= INT64_MIN / NS_PER_S)
		return INT64_MIN;
	return unix_s * NS_PER_S + ns;
}

static void
encode_date(int64_t ntp_s, uint32_t fraction, uint8_t out[NTP_DATE_LEN])
{
	struct buf b = buf_writer(out, NTP_DATE_LEN);
	int64_t era = floor_div(ntp_s, ERA_S);

	buf_put_u32(&b, (uint32_t)era);
	buf_put_u32(&b, (uint32_t)(ntp_s - era * ERA_S));
	buf_put_u32(&b, fraction);
	buf_put_u32(&b, 0); /* a timestamp has no finer fraction */
}

void
ntp_date_encode(const struct ntp_stamp *s, int64_t near_ns, uint8_t out[NTP_DATE_LEN])
{
	encode_date(nearest_instance(s, near_ns), s->fraction, out);
}

void
ntp_date_encode_unix(int64_t unix_s, uint8_t out[NTP_DATE_LEN])
{
	if (unix_s > INT64_MAX - UNIX_IN_NTP_S)
		unix_s = INT64_MAX - UNIX_IN_NTP_S;
	encode_date(unix_s + UNIX_IN_NTP_S, 0, out);
}

int
ntp_ms_parse(const char *text, size_t len, int64_t *ns_out)
{
	int64_t ns;
	int err = scan_decimal(text, len, MS_SCALE, &ns);

	if (err != 0)
		return err;
	if (ns > MS_LIMIT_NS || ns < -MS_LIMIT_NS)
		return ERR_RANGE;
	*ns_out = ns;
	return 0;
}

size_t
ntp_ms_format(int64_t ns, char *out, size_t cap)
{
	return text_decimal(ns, MS_SCALE, MS_DECIMALS, out, cap);
}

size_t
ntp_ms_format_unit(int64_t ns, char *out, size_t cap)
{
	size_t len = ntp_ms_format(ns, out, cap);

	return len + text_format(out + len, cap - len, " ms");
}

static bool
is_leap_year(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of month 1..12. */
static int64_t
days_in_month(int64_t year, int64_t month)
{
	static const uint8_t days[MONTHS] = {
		31,
		28,
		31,
		30,
		31,
		30,
		31,
		31,
		30,
		31,
		30,
		31,
	};

	return days[month - 1] + (month == 2 && is_leap_year(year));
}

/* Days from 1970 to the first of January of `year`. */
static int64_t
days_to_year(int64_t year)
{
	int64_t before = year - 1; /* the last year whose leap day lies behind */
	int64_t leap_days = floor_div(before, 4) - floor_div(before, 100) +
	    floor_div(before, 400) + 1; /* year 0 is a leap year */

	return year * 365 + leap_days - DAYS_TO_1970;
}

/* Days from 1970 to the first day of a month. */
static int64_t
days_to_month(int64_t year, int64_t month)
{
	int64_t days = days_to_year(year);

	for (int64_t m = 1; m < month; m++)
		days += days_in_month(year, m);
	return days;
}

/* A field of a calendar text: where its digits are and what they may be. */
struct calendar_field {
	uint8_t at, len;
	uint8_t min, max; /* both 0: any */
};

enum { CAL_YEAR, CAL_MONTH, CAL_DAY, CAL_HOUR, CAL_MINUTE, CAL_FIELDS };

/* A form of calendar text: '#' stands for a digit. */
struct calendar_form {
	const char *pattern;
	struct calendar_field fields[CAL_FIELDS];
};

static const struct calendar_form calendar_forms[] = {
	{ "############",
	    { { 0, 4, 0, 0 }, { 4, 2, 1, 12 }, { 6, 2, 1, 31 }, { 8, 2, 0, 23 },
		{ 10, 2, 0, 59 } } },
	{ "####-##-##T##:##Z",
	    { { 0, 4, 0, 0 }, { 5, 2, 1, 12 }, { 8, 2, 1, 31 }, { 11, 2, 0, 23 },
		{ 14, 2, 0, 59 } } },
};

static bool
matches(const char *pattern, const char *text, size_t len)
{
	if (len != strlen(pattern))
		return false;
	for (size_t i = 0; i < len; i++) {
		bool is_digit = text[i] >= '0' && text[i] <= '9';

		if (pattern[i] == '#' ? !is_digit : text[i] != pattern[i])
			return false;
	}
	return true;
}

static const struct calendar_form *
find_form(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(calendar_forms) / sizeof(calendar_forms[0]); i++)
		if (matches(calendar_forms[i].pattern, text, len))
			return &calendar_forms[i];
	return NULL;
}

int
ntp_calendar_parse(const char *text, size_t len, int64_t *unix_s_out)
{
	const struct calendar_form *form = find_form(text, len);
	int64_t days, v[CAL_FIELDS];

	if (!form)
		return ERR_SYNTAX;
	for (size_t i = 0; i < CAL_FIELDS; i++) {
		const struct calendar_field *f = &form->fields[i];

		if (scan_i64(text + f->at, f->len, &v[i]) != 0)
			return ERR_SYNTAX;
		if (f->max != 0 && (v[i] < f->min || v[i] > f->max))
			return ERR_RANGE;
	}
	if (v[CAL_DAY] > days_in_month(v[CAL_YEAR], v[CAL_MONTH]))
		return ERR_RANGE;
	days = days_to_month(v[CAL_YEAR], v[CAL_MONTH]) + v[CAL_DAY] - 1;
	*unix_s_out = days * DAY_S + v[CAL_HOUR] * 3600 + v[CAL_MINUTE] * 60;
	return 0;
}

/* The year a day since 1970 lies in. */
static int64_t
year_of_day(int64_t day)
{
	/* The mean length of a year leads to the right one or to a neighbour. */
	int64_t year = floor_div((day + DAYS_TO_1970) * 400, DAYS_IN_400_YEARS);

	while (days_to_year(year) > day)
		year--;
	while (days_to_year(year + 1) <= day)
		year++;
	return year;
}

int64_t
ntp_next_month(int64_t unix_s)
{
	int64_t day, year, month = 1;

	if (unix_s > INT64_MAX - 32 * DAY_S)
		return INT64_MAX;
	day = floor_div(unix_s, DAY_S);
	year = year_of_day(day);
	while (month < MONTHS && days_to_month(year, month + 1) <= day)
		month++;
	if (month == MONTHS)
		return days_to_year(year + 1) * DAY_S;
	return days_to_month(year, month + 1) * DAY_S;
}
