/* SPDX-License-Identifier: BSD-2-Clause */
/* NTP's times as exact integers: timestamps, dates, milliseconds of decimal text. */
#ifndef MODEL_NTP_TIME_H
#define MODEL_NTP_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A 64-bit NTP timestamp: seconds of an era and fraction. Both zero: "never". */
struct ntp_stamp {
	uint32_t seconds, fraction;
};

enum { NTP_DATE_LEN = 16 };

/* "0xeeab5fc6.218d7b1d". 0 or ERR_SYNTAX. */
int ntp_stamp_parse(const char *text, size_t len, struct ntp_stamp *out);
bool ntp_stamp_is_zero(const struct ntp_stamp *s);

/* Nanoseconds since 1970 of the instance of `s` nearest to `near_ns` (RFC 5905 section 6:
 * an era is 2^32 s; the local clock tells which one). Stops at the ends of int64_t. */
int64_t ntp_stamp_to_unix_ns(const struct ntp_stamp *s, int64_t near_ns);

/* The 128-bit NTP date (RFC 5905 section 6): era (signed 32), seconds, 64 bits of
 * fraction, of the instance of `s` nearest to near_ns. */
void ntp_date_encode(const struct ntp_stamp *s, int64_t near_ns,
    uint8_t out[NTP_DATE_LEN]);
/* The same for a whole second of Unix time. */
void ntp_date_encode_unix(int64_t unix_s, uint8_t out[NTP_DATE_LEN]);

/* Milliseconds in decimal text ("-0.032", "15937.500000") as nanoseconds; exact. The
 * range is +-10^15 ns (eleven days); 0, ERR_SYNTAX, ERR_RANGE or ERR_TOOBIG. */
int ntp_ms_parse(const char *text, size_t len, int64_t *ns_out);
/* Nanoseconds as milliseconds with three to six decimals: "-0.032", "0.013128". */
size_t ntp_ms_format(int64_t ns, char *out, size_t cap);
/* The same with " ms" behind it. */
size_t ntp_ms_format_unit(int64_t ns, char *out, size_t cap);

/* "202707010000" (ntp.org) or "2027-07-01T00:00Z" (NTPsec) as Unix seconds. NTPsec from
 * 1.2.3 prints 1970-01-01 for "unknown": the result is then 0. 0, ERR_SYNTAX or
 * ERR_RANGE. */
int ntp_calendar_parse(const char *text, size_t len, int64_t *unix_s_out);
/* The first second of the month after the one `unix_s` lies in (UTC): when a leap second
 * announced for the end of this month has happened. */
int64_t ntp_next_month(int64_t unix_s);

#endif
