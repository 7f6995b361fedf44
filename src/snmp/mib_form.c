/* SPDX-License-Identifier: BSD-2-Clause */
/* Conversions of fields. */
#include "snmp/mib_form.h"

#include "base/clock.h"
#include "snmp/put.h"

enum { UNITS_PER_PPB = 1000 /* of 10^-12 */, TICKS_PER_S = 100 };

static int64_t
divide(int64_t value, int64_t by)
{
	int64_t half = value < 0 ? -(by / 2) : by / 2;

	return (value + half) / by;
}

static bool
put_i32(int64_t value, struct mib_value *out)
{
	if (value > INT32_MAX)
		value = INT32_MAX;
	if (value < -INT32_MAX)
		value = -INT32_MAX;
	out->i32 = (int32_t)value;
	return true;
}

static bool
put_gauge(uint64_t value, struct mib_value *out)
{
	out->u32 = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
	return true;
}

static bool
put_positive(int64_t value, struct mib_value *out)
{
	return value >= 0 && put_gauge((uint64_t)value, out);
}

static bool
put_us(const void *field, struct mib_value *out)
{
	return put_i32(divide(*(const int64_t *)field, NS_PER_US), out);
}

static bool
put_usu(const void *field, struct mib_value *out)
{
	return put_positive(divide(*(const int64_t *)field, NS_PER_US), out);
}

static bool
put_ns(const void *field, struct mib_value *out)
{
	return put_i32(*(const int64_t *)field, out);
}

static bool
put_nsu(const void *field, struct mib_value *out)
{
	return put_positive(*(const int64_t *)field, out);
}

static bool
put_ppb(const void *field, struct mib_value *out)
{
	return put_i32(divide(*(const int64_t *)field, UNITS_PER_PPB), out);
}

static bool
put_ppbu(const void *field, struct mib_value *out)
{
	return put_positive(divide(*(const int64_t *)field, UNITS_PER_PPB), out);
}

static bool
put_u8(const void *field, struct mib_value *out)
{
	return put_gauge(*(const uint8_t *)field, out);
}

static bool
put_u16(const void *field, struct mib_value *out)
{
	return put_gauge(*(const uint16_t *)field, out);
}

static bool
put_u32(const void *field, struct mib_value *out)
{
	return put_gauge(*(const uint32_t *)field, out);
}

static bool
put_i8(const void *field, struct mib_value *out)
{
	return put_i32(*(const int8_t *)field, out);
}

static bool
put_i32_field(const void *field, struct mib_value *out)
{
	return put_i32(*(const int32_t *)field, out);
}

static bool
put_u64(const void *field, struct mib_value *out)
{
	return put_gauge(*(const uint64_t *)field, out);
}

static bool
put_counter(const void *field, struct mib_value *out)
{
	out->u64 = *(const uint64_t *)field;
	return true;
}

static bool
put_ticks(const void *field, struct mib_value *out)
{
	out->u32 = (uint32_t)(*(const uint64_t *)field * TICKS_PER_S);
	return true;
}

static bool
put_spent(const void *field, struct mib_value *out)
{
	int64_t ns = *(const int64_t *)field;

	out->u64 = (uint64_t)divide(ns, NS_PER_US);
	return ns >= 0;
}

static bool
put_wholeu(const void *field, struct mib_value *out)
{
	return put_positive(*(const int32_t *)field, out);
}

static bool
put_tally(const void *field, struct mib_value *out)
{
	int32_t count = *(const int32_t *)field;

	out->u64 = (uint64_t)count;
	return count >= 0;
}

static bool
put_nonzero(const void *field, struct mib_value *out)
{
	return *(const uint32_t *)field != 0 && put_u32(field, out);
}

static bool
put_enum(const void *field, struct mib_value *out)
{
	return put_i32(*(const uint8_t *)field, out);
}

static bool
put_text(const void *field, struct mib_value *out)
{
	const struct ntp_text *text = field;

	return mib_put_text(out, text->bytes, text->len);
}

static bool
put_label(const void *field, struct mib_value *out)
{
	const struct ntp_label *label = field;

	return mib_put_text(out, label->bytes, label->len);
}

static bool
put_word(const void *field, struct mib_value *out)
{
	const struct ntp_word *word = field;

	return mib_put_text(out, word->bytes, word->len);
}

static bool
put_socket(const void *field, struct mib_value *out)
{
	const struct addr *addr = field;

	return !addr_is_unspecified(addr) &&
	    mib_put_octets(out, out->scratch,
		addr_format(addr, true, out->scratch, sizeof(out->scratch)));
}

static bool
put_autokey(const void *field, struct mib_value *out)
{
	enum { NAMED = 0xf3, OCTETS = 1 };

	return mib_put_bits(out, *(const uint32_t *)field & NAMED, OCTETS);
}

static bool
put_bits16(const void *field, struct mib_value *out)
{
	return mib_put_bits(out, *(const uint32_t *)field, 2);
}

static bool
put_upper(const void *field, struct mib_value *out)
{
	return put_gauge(*(const uint32_t *)field >> 16, out);
}

/* NTPsec from 1.2.3 on says 1970 for "unknown". */
static bool
put_day(const void *field, struct mib_value *out)
{
	int64_t unix_s = *(const int64_t *)field;

	return unix_s > 0 && unix_s <= INT64_MAX / NS_PER_S &&
	    mib_put_date(out, unix_s * NS_PER_S);
}

/* NTPsec has this for a server's poll interval that it does not know. */
enum { POLL_UNKNOWN = 99 };

static bool
put_poll(const void *field, struct mib_value *out)
{
	uint8_t poll = *(const uint8_t *)field;

	return poll != POLL_UNKNOWN && put_gauge(poll, out);
}

static bool
put_port(const void *field, struct mib_value *out)
{
	uint16_t port = *(const uint16_t *)field;

	return port != 0 && put_gauge(port, out);
}

static bool
put_ones(const void *field, struct mib_value *out)
{
	uint32_t n = 0;

	for (uint32_t left = *(const uint32_t *)field; left != 0; left &= left - 1)
		n++;
	return put_gauge(n, out);
}

static bool
put_i64(const void *field, struct mib_value *out)
{
	return put_i32(*(const int64_t *)field, out);
}

static bool
put_milli(const void *field, struct mib_value *out)
{
	return put_positive(*(const int64_t *)field, out);
}

static bool
put_line(const void *field, struct mib_value *out)
{
	const struct ntp_line *line = field;

	return mib_put_text(out, line->bytes, line->len);
}

/* What the bits 2, 3 and from 15 on are for nobody says. */
static bool
put_shakes(const void *field, struct mib_value *out)
{
	return mib_put_bits(out, *(const uint32_t *)field & 0x7ff3, 2);
}

static bool
put_switches(const void *field, struct mib_value *out)
{
	return mib_put_bits(out, *(const uint32_t *)field & 0xf, 1);
}

/* 0.0.0.0 and :: are no addresses: a prototype has them, and who is not sent from. */
static bool
put_inet_type(const void *field, struct mib_value *out)
{
	return !addr_is_unspecified(field) && mib_put_inet_type(out, field);
}

static bool
put_inet(const void *field, struct mib_value *out)
{
	return !addr_is_unspecified(field) && mib_put_inet(out, field);
}

bool
mib_form_get(const struct mib_source *source, const void *object, struct mib_value *out)
{
	const struct ntp_var *var = &source->table->rows[source->var];

	return ntp_vars_has(source->table, object, source->var) &&
	    source->form->put((const char *)object + var->offset, out);
}

/* clang-format off */
const struct mib_form
	mib_form_us      = { "ms -> us",        ntp_parse_ms,       MIB_INTEGER,   put_us },
	mib_form_usu     = { "ms -> us",        ntp_parse_ms,       MIB_UNSIGNED,  put_usu },
	mib_form_ns      = { "ms -> ns",        ntp_parse_ms,       MIB_INTEGER,   put_ns },
	mib_form_nsu     = { "ms -> ns",        ntp_parse_ms,       MIB_UNSIGNED,  put_nsu },
	mib_form_ppb     = { "ppm -> ppb",      ntp_parse_ppm,      MIB_INTEGER,   put_ppb },
	mib_form_ppbu    = { "ppm -> ppb",      ntp_parse_ppm,      MIB_UNSIGNED,  put_ppbu },
	mib_form_u8      = { "number",          ntp_parse_u8,       MIB_UNSIGNED,  put_u8 },
	mib_form_u16     = { "number",          ntp_parse_u16,      MIB_UNSIGNED,  put_u16 },
	mib_form_u32     = { "number",          ntp_parse_u32,      MIB_UNSIGNED,  put_u32 },
	mib_form_i8      = { "number",          ntp_parse_i8,       MIB_INTEGER,   put_i8 },
	mib_form_i32     = { "number",          ntp_parse_i32,      MIB_INTEGER,   put_i32_field },
	mib_form_gauge   = { "number",          ntp_parse_u64,      MIB_UNSIGNED,  put_u64 },
	mib_form_counter = { "count",           ntp_parse_u64,      MIB_COUNTER64, put_counter },
	mib_form_ticks   = { "s -> 0.01 s",     ntp_parse_u64,      MIB_TIMETICKS, put_ticks },
	mib_form_spent   = { "s -> us",         ntp_parse_s,        MIB_COUNTER64, put_spent },
	mib_form_span    = { "s -> us",         ntp_parse_s,        MIB_UNSIGNED,  put_usu },
	mib_form_wholeu  = { "number",          ntp_parse_whole,    MIB_UNSIGNED,  put_wholeu },
	mib_form_tally   = { "count",           ntp_parse_whole,    MIB_COUNTER64, put_tally },
	mib_form_nonzero = { "number, not 0",   ntp_parse_u32,      MIB_UNSIGNED,  put_nonzero },
	mib_form_leap    = { "number",          ntp_parse_leap,     MIB_INTEGER,   put_enum },
	mib_form_whole   = { "number",          ntp_parse_whole,    MIB_INTEGER,   put_i32_field },
	mib_form_mode    = { "number",          ntp_parse_mode,     MIB_INTEGER,   put_enum },
	mib_form_text    = { "text",            ntp_parse_text,     MIB_OCTETS,    put_text },
	mib_form_label   = { "text",            ntp_parse_label,    MIB_OCTETS,    put_label },
	mib_form_word    = { "text",            ntp_parse_word,     MIB_OCTETS,    put_word },
	mib_form_socket  = { "address:port",    ntp_parse_socket,   MIB_OCTETS,    put_socket },
	mib_form_day     = { "date",            ntp_parse_calendar, MIB_OCTETS,    put_day },
	mib_form_date    = { "date",            ntp_parse_date,     MIB_OCTETS,    put_day },
	mib_form_line    = { "text",            ntp_parse_line,     MIB_OCTETS,    put_line },
	mib_form_natural = { "number, not -1",  ntp_parse_i32,      MIB_UNSIGNED,  put_wholeu },
	mib_form_i64     = { "number",          ntp_parse_i64,      MIB_INTEGER,   put_i64 },
	mib_form_milli   = { "x 1000",          ntp_parse_milli,    MIB_UNSIGNED,  put_milli },
	mib_form_shakes  = { "bits 0 to 14",    ntp_parse_u32,      MIB_OCTETS,    put_shakes },
	mib_form_switches = { "bits 0 to 3",    ntp_parse_u32,      MIB_OCTETS,    put_switches },
	mib_form_poll    = { "number, not 99",  ntp_parse_u8,       MIB_UNSIGNED,  put_poll },
	mib_form_port    = { "number, not 0",   ntp_parse_u16,      MIB_UNSIGNED,  put_port },
	mib_form_reach   = { "number",          ntp_parse_reach,    MIB_UNSIGNED,  put_u32 },
	mib_form_ones    = { "bits set",        ntp_parse_reach,    MIB_UNSIGNED,  put_ones },
	mib_form_inettype = { "address",        ntp_parse_addr,     MIB_INTEGER,   put_inet_type },
	mib_form_inet    = { "address",         ntp_parse_addr,     MIB_OCTETS,    put_inet },
	mib_form_kstatus = { "bits",            ntp_parse_kstatus,  MIB_OCTETS,    put_bits16 },
	mib_form_autokey = { "bits 0 to 7",     ntp_parse_u32,      MIB_OCTETS,    put_autokey },
	mib_form_upper   = { "bits 16 to 31",   ntp_parse_u32,      MIB_UNSIGNED,  put_upper };
/* clang-format on */
