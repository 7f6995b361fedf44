/* SPDX-License-Identifier: BSD-2-Clause */
/* A mode-6 variable is a row: name, parser, field. One walker for all tables. */
#ifndef MODEL_VARS_H
#define MODEL_VARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/ntp_time.h"

/* A set of rows of a table: i is in it when row i is. As `seen` of an object, the rows
 * that were read. */
enum { NTP_ROWS_MAX = 256, NTP_SEEN_WORD = 64 };
struct ntp_seen {
	uint64_t words[NTP_ROWS_MAX / NTP_SEEN_WORD];
};

static inline bool
ntp_seen_has(const struct ntp_seen *s, size_t i)
{
	return (s->words[i / NTP_SEEN_WORD] >> i % NTP_SEEN_WORD & 1) != 0;
}

static inline void
ntp_seen_add(struct ntp_seen *s, size_t i)
{
	s->words[i / NTP_SEEN_WORD] |= UINT64_C(1) << i % NTP_SEEN_WORD;
}

static inline void
ntp_seen_drop(struct ntp_seen *s, size_t i)
{
	s->words[i / NTP_SEEN_WORD] &= ~(UINT64_C(1) << i % NTP_SEEN_WORD);
}

static inline bool
ntp_seen_any(const struct ntp_seen *s)
{
	uint64_t all = 0;

	for (size_t i = 0; i < NTP_ROWS_MAX / NTP_SEEN_WORD; i++)
		all |= s->words[i];
	return all != 0;
}

/* The rows from `from` up to, not including, `to`. */
static inline struct ntp_seen
ntp_seen_between(size_t from, size_t to)
{
	struct ntp_seen s = { { 0 } };

	for (size_t i = 0; i < NTP_ROWS_MAX / NTP_SEEN_WORD; i++) {
		size_t first = i * NTP_SEEN_WORD;
		size_t low = from > first ? from - first : 0;
		size_t high = to > first ? to - first : 0;

		if (low >= NTP_SEEN_WORD || high <= low)
			continue;
		s.words[i] = UINT64_MAX << low;
		if (high < NTP_SEEN_WORD)
			s.words[i] &= ~(UINT64_MAX << high);
	}
	return s;
}

static inline struct ntp_seen
ntp_seen_of(size_t i)
{
	struct ntp_seen s = { { 0 } };

	ntp_seen_add(&s, i);
	return s;
}

/* What is in either, in both, in `a` alone. */
static inline struct ntp_seen
ntp_seen_or(struct ntp_seen a, struct ntp_seen b)
{
	for (size_t i = 0; i < NTP_ROWS_MAX / NTP_SEEN_WORD; i++)
		a.words[i] |= b.words[i];
	return a;
}

static inline struct ntp_seen
ntp_seen_and(struct ntp_seen a, struct ntp_seen b)
{
	for (size_t i = 0; i < NTP_ROWS_MAX / NTP_SEEN_WORD; i++)
		a.words[i] &= b.words[i];
	return a;
}

static inline struct ntp_seen
ntp_seen_minus(struct ntp_seen a, struct ntp_seen b)
{
	for (size_t i = 0; i < NTP_ROWS_MAX / NTP_SEEN_WORD; i++)
		a.words[i] &= ~b.words[i];
	return a;
}

/* Text of a variable, cut and made valid UTF-8 at VARS_TEXT_MAX. */
enum { VARS_TEXT_MAX = 256 };
struct ntp_text {
	uint16_t len;
	char bytes[VARS_TEXT_MAX];
};
enum { VARS_LABEL_MAX = 64 };
/* Short text: reference ids, zone names. */
struct ntp_label {
	uint8_t len;
	char bytes[VARS_LABEL_MAX];
};
/* What a reference clock sent last: a daemon keeps no more. */
enum { VARS_LINE_MAX = 127 };
struct ntp_line {
	uint8_t len;
	char bytes[VARS_LINE_MAX];
};
/* Names of algorithms and the like. */
enum { VARS_WORD_MAX = 31 };
struct ntp_word {
	uint8_t len;
	char bytes[VARS_WORD_MAX];
};

/* The samples of a clock filter, newest first, in microseconds. */
enum { NTP_FILTER_SAMPLES = 8 };
struct ntp_filter {
	int32_t us[NTP_FILTER_SAMPLES];
};

/* Certificates of Autokey, in the order they were sent; more are left out. */
enum { NTP_CERTS_MAX = 8 };
struct ntp_cert {
	struct ntp_label subject, issuer;
	uint32_t flags;
	int64_t until_s; /* Unix seconds; 0 not sent, as by daemons of 2005 */
	int64_t made_s;  /* its file stamp, sent by those alone */
};
struct ntp_certs {
	uint32_t n;
	struct ntp_cert items[NTP_CERTS_MAX];
};

/* Parses text[0..len) into the field; false leaves it untouched: malformed is absent. */
typedef bool ntp_parse_fn(const char *text, size_t len, void *field);

/* Which request a variable belongs to. Those from NTP_GROUP_WHOLE on are known as a whole
 * or not at all, as the daemon was built: their first row tells. */
enum ntp_var_group {
	NTP_GROUP_STATE,    /* changes all the time: every cycle */
	NTP_GROUP_COUNTERS, /* counters and ages: every cycle */
	NTP_GROUP_IDENTITY, /* who the daemon is: after a restart, and rarely */
	NTP_GROUP_SLOW,     /* the others: rarely, each group in its turn */
	NTP_GROUP_KERNEL,
	NTP_GROUP_WHOLE = NTP_GROUP_KERNEL,
	NTP_GROUP_MRU,
	NTP_GROUP_AUTH,
	NTP_GROUP_NTS,
	NTP_GROUP_NTS_RECENT,
	NTP_GROUP_MSSNTP,
	NTP_GROUP_AUTOKEY,
	NTP_GROUP_FILTERS,
	NTP_GROUP_COUNT
};

/* Kinds of daemons, by what they know. */
enum ntp_kind {
	NTP_KIND_OLD = 1,    /* ntp.org up to 4.2.4 */
	NTP_KIND_426 = 2,    /* 4.2.6 */
	NTP_KIND_428 = 4,    /* since 4.2.8 */
	NTP_KIND_SEC122 = 8, /* NTPsec up to 1.2.2 */
	NTP_KIND_SEC = 16,   /* since 1.2.3 */
	NTP_KIND_ANY = 31,
};

struct ntp_var {
	const char *name; /* as on the wire */
	uint8_t name_len; /* without the terminator */
	ntp_parse_fn *parse;
	uint16_t offset; /* of the field */
	uint16_t size;
	enum ntp_var_group group;
	uint8_t kinds;  /* daemons that may know it; 0 any */
	bool is_list;   /* may come again: each value is one more */
	bool is_coarse; /* its text is not kept beside the value */
	uint16_t alias; /* another name of row alias - 1, for the same field; 0 none */
};

/* A table and what it describes. `seen_offset` is where the struct keeps the set of the
 * rows that were read. */
struct ntp_var_table {
	const char *what; /* "system", "peer", "clock" */
	const struct ntp_var *rows;
	size_t n_rows; /* at most NTP_ROWS_MAX */
	size_t seen_offset;
};

enum ntp_apply_result {
	NTP_APPLY_OK,
	NTP_APPLY_UNKNOWN,   /* no such row: a name nobody asked for */
	NTP_APPLY_MALFORMED, /* the value does not parse: the field stays absent */
	NTP_APPLY_REPEATED,  /* had a value already: the first one stays */
};

/* Hands one variable to its row. Never fails otherwise; never writes outside the field.
 * A NULL value is an empty one. */
enum ntp_apply_result ntp_vars_apply(const struct ntp_var_table *table, void *object,
    const char *name, size_t name_len, const char *value, size_t value_len);

/* The same for a variable whose row is known. */
enum ntp_apply_result ntp_vars_apply_row(const struct ntp_var_table *table, size_t row,
    void *object, const char *value, size_t value_len);

/* Whether row `row` of `object` was read. */
bool ntp_vars_has(const struct ntp_var_table *table, const void *object, size_t row);

/* Row number of `name`, or -1. */
int ntp_vars_find(const struct ntp_var_table *table, const char *name, size_t name_len);
/* The same, looking from row `from` on first: daemons answer in an order of their own,
 * which is that of the rows for the most part. */
int ntp_vars_find_near(const struct ntp_var_table *table, size_t from, const char *name,
    size_t name_len);

/* Copies the fields and presence bits of groups (bit i is group i) from `from` to `to`:
 * what a cycle did not ask for is carried over from the one before. */
void ntp_vars_carry(const struct ntp_var_table *table, uint32_t groups, const void *from,
    void *to);

/* The parsers of the rows, each with a field of the type in its name or behind it. Ppm
 * become an int64_t of 10^-12 units and are at most 10^6. */
bool ntp_parse_leap(const char *text, size_t len, void *field);  /* 0..3, uint8_t */
bool ntp_parse_mode(const char *text, size_t len, void *field);  /* 0..7, uint8_t */
bool ntp_parse_reach(const char *text, size_t len, void *field); /* 0..0xff, uint32_t */
bool ntp_parse_u8(const char *text, size_t len, void *field);
bool ntp_parse_i8(const char *text, size_t len, void *field);
bool ntp_parse_u16(const char *text, size_t len, void *field);
bool ntp_parse_u32(const char *text, size_t len, void *field); /* also 0x… */
bool ntp_parse_i32(const char *text, size_t len, void *field);
/* int32_t, also with zeros behind a point */
bool ntp_parse_whole(const char *text, size_t len, void *field);
bool ntp_parse_u64(const char *text, size_t len, void *field); /* also 0x… */
/* int64_t; daemons print some negative numbers as unsigned ones of 64 bits */
bool ntp_parse_i64(const char *text, size_t len, void *field);
bool ntp_parse_ms(const char *text, size_t len, void *field);    /* ms → int64_t ns */
bool ntp_parse_s(const char *text, size_t len, void *field);     /* s → int64_t ns */
bool ntp_parse_milli(const char *text, size_t len, void *field); /* int64_t 10^-3 */
bool ntp_parse_ppm(const char *text, size_t len, void *field);   /* ppm, 10^-12 */
bool ntp_parse_stamp(const char *text, size_t len, void *field); /* struct ntp_stamp */
bool ntp_parse_calendar(const char *text, size_t len, void *field); /* int64_t Unix s */
bool ntp_parse_addr(const char *text, size_t len, void *field);     /* struct addr */
bool ntp_parse_text(const char *text, size_t len, void *field);     /* struct ntp_text */
bool ntp_parse_label(const char *text, size_t len, void *field);    /* struct ntp_label */
bool ntp_parse_line(const char *text, size_t len, void *field);     /* struct ntp_line */
bool ntp_parse_word(const char *text, size_t len, void *field);     /* struct ntp_word */

/* An address with its port: "192.0.2.1:123", "[2001:db8::1]:123"; struct addr. */
bool ntp_parse_socket(const char *text, size_t len, void *field);
/* A date as above, or in seconds of NTP; int64_t Unix seconds. */
bool ntp_parse_date(const char *text, size_t len, void *field);
/* The kernel's status, a number or words ("pll unsync"); uint32_t, bits as in timex.h. */
/* The word for a bit of the kernel's status; NULL where there is none. */
const char *ntp_kernel_word(unsigned bit);
bool ntp_parse_kstatus(const char *text, size_t len, void *field);
/* Eight milliseconds with two decimals; anything else is none: NTPsec 1.2.2 sends
 * whatever was in its memory. struct ntp_filter. */
bool ntp_parse_filter(const char *text, size_t len, void *field);
/* "subject issuer 0xflags", with a file stamp behind it in 2005: one more certificate;
 * and the date it is valid until, which is of none when the certificate was malformed or
 * one too many. struct ntp_certs. */
bool ntp_parse_cert(const char *text, size_t len, void *field);
bool ntp_parse_until(const char *text, size_t len, void *field);

/* Row macros: the compiler refuses a parser whose field has another type. Behind the
 * group other fields of the row may follow. */
#define NTP_TYPED(type, member, ctype, fn) \
	_Generic(&((struct type *)0)->member, ctype * : (fn))
#define NTP_ROW(type, var, field, ctype, fn, ...) \
	{ \
		.name = (var), .name_len = (uint8_t)(sizeof(var) - 1), \
		.parse = NTP_TYPED(type, field, ctype, fn), \
		.offset = (uint16_t)offsetof(struct type, field), \
		.size = (uint16_t)sizeof(((struct type *)0)->field), \
		.group = __VA_ARGS__ \
	}

/* Rows by type, each with the one parser that writes it. */
#define NTP_ROW_LEAP(type, name, member, ...) \
	NTP_ROW(type, name, member, uint8_t, ntp_parse_leap, __VA_ARGS__)
#define NTP_ROW_MODE(type, name, member, ...) \
	NTP_ROW(type, name, member, uint8_t, ntp_parse_mode, __VA_ARGS__)
#define NTP_ROW_REACH(type, name, member, ...) \
	NTP_ROW(type, name, member, uint32_t, ntp_parse_reach, __VA_ARGS__)
#define NTP_ROW_U8(type, name, member, ...) \
	NTP_ROW(type, name, member, uint8_t, ntp_parse_u8, __VA_ARGS__)
#define NTP_ROW_I8(type, name, member, ...) \
	NTP_ROW(type, name, member, int8_t, ntp_parse_i8, __VA_ARGS__)
#define NTP_ROW_U16(type, name, member, ...) \
	NTP_ROW(type, name, member, uint16_t, ntp_parse_u16, __VA_ARGS__)
#define NTP_ROW_U32(type, name, member, ...) \
	NTP_ROW(type, name, member, uint32_t, ntp_parse_u32, __VA_ARGS__)
#define NTP_ROW_I32(type, name, member, ...) \
	NTP_ROW(type, name, member, int32_t, ntp_parse_i32, __VA_ARGS__)
#define NTP_ROW_WHOLE(type, name, member, ...) \
	NTP_ROW(type, name, member, int32_t, ntp_parse_whole, __VA_ARGS__)
#define NTP_ROW_KSTATUS(type, name, member, ...) \
	NTP_ROW(type, name, member, uint32_t, ntp_parse_kstatus, __VA_ARGS__)
#define NTP_ROW_U64(type, name, member, ...) \
	NTP_ROW(type, name, member, uint64_t, ntp_parse_u64, __VA_ARGS__)
#define NTP_ROW_I64(type, name, member, ...) \
	NTP_ROW(type, name, member, int64_t, ntp_parse_i64, __VA_ARGS__)
#define NTP_ROW_MS(type, name, member, ...) \
	NTP_ROW(type, name, member, int64_t, ntp_parse_ms, __VA_ARGS__)
#define NTP_ROW_S(type, name, member, ...) \
	NTP_ROW(type, name, member, int64_t, ntp_parse_s, __VA_ARGS__)
#define NTP_ROW_PPM(type, name, member, ...) \
	NTP_ROW(type, name, member, int64_t, ntp_parse_ppm, __VA_ARGS__)
#define NTP_ROW_MILLI(type, name, member, ...) \
	NTP_ROW(type, name, member, int64_t, ntp_parse_milli, __VA_ARGS__)
#define NTP_ROW_CALENDAR(type, name, member, ...) \
	NTP_ROW(type, name, member, int64_t, ntp_parse_calendar, __VA_ARGS__)
#define NTP_ROW_DATE(type, name, member, ...) \
	NTP_ROW(type, name, member, int64_t, ntp_parse_date, __VA_ARGS__)
#define NTP_ROW_STAMP(type, name, member, ...) \
	NTP_ROW(type, name, member, struct ntp_stamp, ntp_parse_stamp, __VA_ARGS__)
#define NTP_ROW_ADDR(type, name, member, ...) \
	NTP_ROW(type, name, member, struct addr, ntp_parse_addr, __VA_ARGS__)
#define NTP_ROW_SOCKET(type, name, member, ...) \
	NTP_ROW(type, name, member, struct addr, ntp_parse_socket, __VA_ARGS__)
#define NTP_ROW_TEXT(type, name, member, ...) \
	NTP_ROW(type, name, member, struct ntp_text, ntp_parse_text, __VA_ARGS__)
#define NTP_ROW_LABEL(type, name, member, ...) \
	NTP_ROW(type, name, member, struct ntp_label, ntp_parse_label, __VA_ARGS__)
#define NTP_ROW_LINE(type, name, member, ...) \
	NTP_ROW(type, name, member, struct ntp_line, ntp_parse_line, __VA_ARGS__)
#define NTP_ROW_WORD(type, name, member, ...) \
	NTP_ROW(type, name, member, struct ntp_word, ntp_parse_word, __VA_ARGS__)
#define NTP_ROW_FILTER(type, name, member, ...) \
	NTP_ROW(type, name, member, struct ntp_filter, ntp_parse_filter, __VA_ARGS__)
#define NTP_ROW_CERT(type, name, member, ...) \
	NTP_ROW(type, name, member, struct ntp_certs, ntp_parse_cert, __VA_ARGS__)
#define NTP_ROW_UNTIL(type, name, member, ...) \
	NTP_ROW(type, name, member, struct ntp_certs, ntp_parse_until, __VA_ARGS__)

#endif
