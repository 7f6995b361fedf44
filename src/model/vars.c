/* SPDX-License-Identifier: BSD-2-Clause */
/* The walker over tables of variables, and the parsers their rows name. */
#include "model/vars.h"

#include <string.h>

#include "base/scan.h"
#include "base/text.h"

/* 10^6 ppm in 10^-12: a clock that stands still, or runs twice as fast. */
#define PPM_LIMIT INT64_C(1000000000000)

static const struct ntp_seen *
seen_in(const struct ntp_var_table *table, const void *object)
{
	return (const void *)((const char *)object + table->seen_offset);
}

static struct ntp_seen *
seen_of(const struct ntp_var_table *table, void *object)
{
	return (void *)((char *)object + table->seen_offset);
}

bool
ntp_vars_has(const struct ntp_var_table *table, const void *object, size_t row)
{
	return ntp_seen_has(seen_in(table, object), row);
}

static bool
is_name_of(const struct ntp_var *row, const char *name, size_t name_len)
{
	return row->name_len == name_len && name_len > 0 && row->name[0] == name[0] &&
	    memcmp(row->name, name, name_len) == 0;
}

/* One of rows[from..to), or -1. */
static int
find_between(const struct ntp_var_table *table, size_t from, size_t to, const char *name,
    size_t name_len)
{
	for (size_t i = from; i < to; i++)
		if (is_name_of(&table->rows[i], name, name_len))
			return (int)i;
	return -1;
}

int
ntp_vars_find(const struct ntp_var_table *table, const char *name, size_t name_len)
{
	return find_between(table, 0, table->n_rows, name, name_len);
}

int
ntp_vars_find_near(const struct ntp_var_table *table, size_t from, const char *name,
    size_t name_len)
{
	int row;

	if (from < table->n_rows && is_name_of(&table->rows[from], name, name_len))
		return (int)from;
	row = find_between(table, from, table->n_rows, name, name_len);
	return row >= 0 ? row : find_between(table, 0, from, name, name_len);
}

enum ntp_apply_result
ntp_vars_apply(const struct ntp_var_table *table, void *object, const char *name,
    size_t name_len, const char *value, size_t value_len)
{
	int row = ntp_vars_find(table, name, name_len);

	if (row < 0)
		return NTP_APPLY_UNKNOWN;
	return ntp_vars_apply_row(table, (size_t)row, object, value, value_len);
}

enum ntp_apply_result
ntp_vars_apply_row(const struct ntp_var_table *table, size_t row, void *object,
    const char *value, size_t value_len)
{
	const struct ntp_var *var = &table->rows[row];
	size_t number = var->alias != 0 ? var->alias - 1u : row;
	struct ntp_seen *seen = seen_of(table, object);

	if (!var->is_list && ntp_seen_has(seen, number))
		return NTP_APPLY_REPEATED;
	/* ntp.org up to 4.2.8p10 prints an empty value as the bare name. */
	if (!value) {
		value = "";
		value_len = 0;
	}
	if (!var->parse(value, value_len, (char *)object + var->offset))
		return NTP_APPLY_MALFORMED;
	ntp_seen_add(seen, number);
	return NTP_APPLY_OK;
}

void
ntp_vars_carry(const struct ntp_var_table *table, uint32_t groups, const void *from,
    void *to)
{
	const struct ntp_seen *old = seen_in(table, from);
	struct ntp_seen *seen = seen_of(table, to);

	if (from == to || groups == 0)
		return;
	for (size_t i = 0; i < table->n_rows; i++) {
		const struct ntp_var *var = &table->rows[i];

		if ((groups >> var->group & 1) == 0 || var->alias != 0)
			continue;
		memcpy((char *)to + var->offset, (const char *)from + var->offset,
		    var->size);
		if (ntp_seen_has(old, i))
			ntp_seen_add(seen, i);
		else
			ntp_seen_drop(seen, i);
	}
}

/* An unsigned decimal of at most `max`. */
static bool
parse_unsigned(const char *text, size_t len, uint32_t max, uint32_t *out)
{
	uint32_t value;

	if (scan_u32(text, len, &value) != 0 || value > max)
		return false;
	*out = value;
	return true;
}

bool
ntp_parse_u8(const char *text, size_t len, void *field)
{
	uint32_t value;

	if (!parse_unsigned(text, len, UINT8_MAX, &value))
		return false;
	*(uint8_t *)field = (uint8_t)value;
	return true;
}

bool
ntp_parse_leap(const char *text, size_t len, void *field)
{
	uint32_t value;

	if (!parse_unsigned(text, len, 3, &value))
		return false;
	*(uint8_t *)field = (uint8_t)value;
	return true;
}

bool
ntp_parse_mode(const char *text, size_t len, void *field)
{
	uint32_t value;

	if (!parse_unsigned(text, len, 7, &value))
		return false;
	*(uint8_t *)field = (uint8_t)value;
	return true;
}

bool
ntp_parse_i8(const char *text, size_t len, void *field)
{
	int32_t value;

	if (scan_i32(text, len, &value) != 0 || value < INT8_MIN || value > INT8_MAX)
		return false;
	*(int8_t *)field = (int8_t)value;
	return true;
}

bool
ntp_parse_u16(const char *text, size_t len, void *field)
{
	uint32_t value;

	if (!parse_unsigned(text, len, UINT16_MAX, &value))
		return false;
	*(uint16_t *)field = (uint16_t)value;
	return true;
}

/* Decimal or 0x…, at most `max`. */
static bool
parse_hexany(const char *text, size_t len, uint64_t max, uint64_t *out)
{
	uint64_t value;

	if (scan_hexany(text, len, &value) != 0 || value > max)
		return false;
	*out = value;
	return true;
}

bool
ntp_parse_u32(const char *text, size_t len, void *field)
{
	uint64_t value;

	if (!parse_hexany(text, len, UINT32_MAX, &value))
		return false;
	*(uint32_t *)field = (uint32_t)value;
	return true;
}

bool
ntp_parse_reach(const char *text, size_t len, void *field)
{
	uint64_t value;

	if (!parse_hexany(text, len, UINT8_MAX, &value))
		return false;
	*(uint32_t *)field = (uint32_t)value;
	return true;
}

bool
ntp_parse_i32(const char *text, size_t len, void *field)
{
	return scan_i32(text, len, field) == 0;
}

bool
ntp_parse_u64(const char *text, size_t len, void *field)
{
	return parse_hexany(text, len, UINT64_MAX, field);
}

bool
ntp_parse_i64(const char *text, size_t len, void *field)
{
	uint64_t value;

	if (scan_i64(text, len, field) == 0)
		return true;
	if (scan_u64(text, len, &value) != 0)
		return false;
	*(int64_t *)field = (int64_t)value;
	return true;
}

bool
ntp_parse_whole(const char *text, size_t len, void *field)
{
	const int64_t thousandth = 1000;
	int64_t value;

	if (scan_decimal(text, len, 3, &value) != 0 || value % thousandth != 0)
		return false;
	value /= thousandth;
	if (value < INT32_MIN || value > INT32_MAX)
		return false;
	*(int32_t *)field = (int32_t)value;
	return true;
}

bool
ntp_parse_s(const char *text, size_t len, void *field)
{
	return scan_decimal(text, len, 9, field) == 0;
}

bool
ntp_parse_milli(const char *text, size_t len, void *field)
{
	return scan_decimal(text, len, 3, field) == 0;
}

bool
ntp_parse_ms(const char *text, size_t len, void *field)
{
	return ntp_ms_parse(text, len, field) == 0;
}

bool
ntp_parse_ppm(const char *text, size_t len, void *field)
{
	int64_t value;

	if (scan_decimal(text, len, 6, &value) != 0)
		return false;
	if (value > PPM_LIMIT || value < -PPM_LIMIT)
		return false;
	*(int64_t *)field = value;
	return true;
}

bool
ntp_parse_stamp(const char *text, size_t len, void *field)
{
	return ntp_stamp_parse(text, len, field) == 0;
}

bool
ntp_parse_calendar(const char *text, size_t len, void *field)
{
	return ntp_calendar_parse(text, len, field) == 0;
}

bool
ntp_parse_addr(const char *text, size_t len, void *field)
{
	return addr_parse(text, len, field) == 0;
}

bool
ntp_parse_text(const char *text, size_t len, void *field)
{
	struct ntp_text *out = field;
	char clean[VARS_TEXT_MAX + 1];

	memset(out, 0, sizeof(*out));
	out->len = (uint16_t)text_utf8(text, len, clean, sizeof(clean));
	memcpy(out->bytes, clean, out->len);
	return true;
}

bool
ntp_parse_label(const char *text, size_t len, void *field)
{
	struct ntp_label *out = field;
	char clean[VARS_LABEL_MAX + 1];

	memset(out, 0, sizeof(*out));
	out->len = (uint8_t)text_utf8(text, len, clean, sizeof(clean));
	memcpy(out->bytes, clean, out->len);
	return true;
}

bool
ntp_parse_line(const char *text, size_t len, void *field)
{
	struct ntp_line *out = field;
	char clean[VARS_LINE_MAX + 1];

	memset(out, 0, sizeof(*out));
	out->len = (uint8_t)text_utf8(text, len, clean, sizeof(clean));
	memcpy(out->bytes, clean, out->len);
	return true;
}

bool
ntp_parse_word(const char *text, size_t len, void *field)
{
	struct ntp_word *out = field;
	char clean[VARS_WORD_MAX + 1];

	memset(out, 0, sizeof(*out));
	out->len = (uint8_t)text_utf8(text, len, clean, sizeof(clean));
	memcpy(out->bytes, clean, out->len);
	return true;
}
