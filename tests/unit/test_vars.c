/* SPDX-License-Identifier: BSD-2-Clause */
/* The walker over rows, and each parser by a table. */
#include "support/check.h"

#include "model/vars.h"

#include <string.h>

#include "base/addr.h"
#include "support/rows.h"

struct thing {
	uint32_t alpha;
	int8_t beta;
	struct ntp_seen seen;
	struct ntp_label gamma;
	int64_t delta;
};

static const struct ntp_var thing_rows[] = {
	NTP_ROW_U32(thing, "alpha", alpha, NTP_GROUP_STATE),
	NTP_ROW_I8(thing, "beta", beta, NTP_GROUP_COUNTERS),
	NTP_ROW_LABEL(thing, "gamma", gamma, NTP_GROUP_IDENTITY),
	NTP_ROW_MS(thing, "delta", delta, NTP_GROUP_STATE),
};

static const struct ntp_var_table things = {
	.what = "thing",
	.rows = thing_rows,
	.n_rows = COUNT(thing_rows),
	.seen_offset = offsetof(struct thing, seen),
};

enum { ALPHA, BETA, GAMMA, DELTA };

static enum ntp_apply_result
apply(struct thing *t, const char *name, const char *value)
{
	return ntp_vars_apply(&things, t, name, strlen(name), value,
	    value ? strlen(value) : 0);
}

static void
table_of_things_holds_together(void **state)
{
	static const struct row_case cases[] = {
		{ "alpha", "0xff", "ff" },
		{ "beta", "-128", "-129" },
		{ "gamma", "text", NULL },
		{ "delta", "1e-06", "1e" },
	};

	(void)state;
	rows_check_layout(&things, sizeof(struct thing));
	rows_check_cases(&things, sizeof(struct thing), cases, COUNT(cases));
	rows_check_garbage(&things, sizeof(struct thing));
}

/* On both sides of each edge between words. */
static void
sets_hold_any_row(void **state)
{
	static const unsigned rows[] = { 0, 1, 63, 64, 127, 128, NTP_ROWS_MAX - 1 };
	struct ntp_seen none = { { 0 } }, all = rows_set(rows, COUNT(rows));

	(void)state;
	assert_false(ntp_seen_any(&none));
	assert_int_equal(rows_count(all), COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ntp_seen one = ntp_seen_of(rows[i]), set = all;

		assert_true(ntp_seen_any(&one) && ntp_seen_has(&one, rows[i]));
		assert_true(ntp_seen_has(&all, rows[i]));
		assert_true(rows_equal(ntp_seen_and(all, one), one));
		assert_true(rows_equal(ntp_seen_or(all, one), all));
		ntp_seen_drop(&set, rows[i]);
		assert_false(ntp_seen_has(&set, rows[i]));
		assert_true(rows_equal(ntp_seen_minus(all, one), set));
		ntp_seen_add(&set, rows[i]);
		assert_true(rows_equal(set, all));
	}
}

static void
rows_are_found_by_their_whole_name(void **state)
{
	static const struct {
		const char *name;
		int row;
	} cases[] = {
		{ "alpha", ALPHA },
		{ "beta", BETA },
		{ "gamma", GAMMA },
		{ "delta", DELTA },
		{ "alph", -1 },
		{ "alphab", -1 },
		{ "Alpha", -1 },
		{ "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    ntp_vars_find(&things, cases[i].name, strlen(cases[i].name)),
		    cases[i].row);
	assert_int_equal(ntp_vars_find(&things, "alphabet", 5), ALPHA);
}

static void
sets_of_rows_are_what_they_say(void **state)
{
	static const size_t bounds[] = { 0, 1, 63, 64, 65, 127, 128, 200, 255, 256 };

	(void)state;
	for (size_t a = 0; a < COUNT(bounds); a++)
		for (size_t b = 0; b < COUNT(bounds); b++) {
			struct ntp_seen s = ntp_seen_between(bounds[a], bounds[b]);

			for (size_t i = 0; i < NTP_ROWS_MAX; i++)
				assert_int_equal(ntp_seen_has(&s, i),
				    i >= bounds[a] && i < bounds[b]);
		}
}

/* Wherever the search begins. */
static void
rows_are_found_from_anywhere(void **state)
{
	(void)state;
	for (size_t from = 0; from <= things.n_rows; from++) {
		for (size_t row = 0; row < things.n_rows; row++) {
			const struct ntp_var *var = &things.rows[row];

			assert_int_equal(
			    ntp_vars_find_near(&things, from, var->name, var->name_len),
			    row);
		}
		assert_int_equal(ntp_vars_find_near(&things, from, "omega", 5), -1);
		assert_int_equal(ntp_vars_find_near(&things, from, "", 0), -1);
	}
}

static void
first_good_value_stays(void **state)
{
	struct thing t = { 0 };

	(void)state;
	assert_int_equal(apply(&t, "beta", "many"), NTP_APPLY_MALFORMED);
	assert_false(ntp_seen_any(&t.seen));
	assert_int_equal(apply(&t, "beta", "-5"), NTP_APPLY_OK);
	assert_int_equal(apply(&t, "beta", "6"), NTP_APPLY_REPEATED);
	assert_int_equal(apply(&t, "beta", "many"), NTP_APPLY_REPEATED);
	assert_int_equal(t.beta, -5);
	assert_true(rows_equal(t.seen, ROWS(BETA)));
	assert_int_equal(apply(&t, "omega", "6"), NTP_APPLY_UNKNOWN);
}

static void
bare_name_is_an_empty_text_and_no_number(void **state)
{
	struct thing t = { 0 };

	(void)state;
	assert_int_equal(apply(&t, "gamma", NULL), NTP_APPLY_OK);
	assert_int_equal(apply(&t, "alpha", NULL), NTP_APPLY_MALFORMED);
	assert_int_equal(apply(&t, "delta", ""), NTP_APPLY_MALFORMED);
	assert_true(rows_equal(t.seen, ROWS(GAMMA)));
	assert_int_equal(t.gamma.len, 0);
}

/* The words of an older daemon. */
static void
another_name_fills_the_same_field(void **state)
{
	static const struct ntp_var rows[] = {
		NTP_ROW_U32(thing, "alpha", alpha, NTP_GROUP_STATE),
		NTP_ROW_U32(thing, "first", alpha, NTP_GROUP_STATE, .alias = 1),
	};
	static const struct ntp_var_table table = {
		.what = "thing",
		.rows = rows,
		.n_rows = COUNT(rows),
		.seen_offset = offsetof(struct thing, seen),
	};
	static const struct row_case cases[] = { { "alpha", "1", "x" },
		{ "first", "2", "x" } };
	struct thing t = { 0 }, copy = { 0 };

	(void)state;
	rows_check_layout(&table, sizeof(struct thing));
	rows_check_cases(&table, sizeof(struct thing), cases, COUNT(cases));
	rows_check_garbage(&table, sizeof(struct thing));
	assert_int_equal(ntp_vars_apply(&table, &t, "first", 5, "7", 1), NTP_APPLY_OK);
	assert_int_equal(ntp_vars_apply(&table, &t, "alpha", 5, "8", 1),
	    NTP_APPLY_REPEATED);
	assert_int_equal(t.alpha, 7);
	assert_true(rows_equal(t.seen, ROWS(0)));
	ntp_vars_carry(&table, UINT32_C(1) << NTP_GROUP_STATE, &t, &copy);
	assert_int_equal(copy.alpha, 7);
	assert_true(rows_equal(copy.seen, ROWS(0)));
}

static void
carrying_takes_one_group_with_its_absences(void **state)
{
	struct thing old = { 0 }, now = { 0 };

	(void)state;
	apply(&old, "alpha", "1");
	apply(&old, "beta", "2");
	apply(&old, "gamma", "old");
	apply(&now, "alpha", "10");
	apply(&now, "beta", "20");
	apply(&now, "delta", "30");

	ntp_vars_carry(&things, UINT32_C(1) << NTP_GROUP_IDENTITY, &old, &now);
	assert_true(rows_equal(now.seen, ROWS(ALPHA, BETA, GAMMA, DELTA)));
	assert_int_equal(now.gamma.len, 3);
	assert_memory_equal(now.gamma.bytes, "old", 3);
	assert_int_equal(now.alpha, 10);
	assert_int_equal(now.beta, 20);

	ntp_vars_carry(&things, UINT32_C(1) << NTP_GROUP_STATE, &old, &now);
	assert_true(rows_equal(now.seen, ROWS(ALPHA, BETA, GAMMA)));
	assert_int_equal(now.alpha, 1);
	assert_int_equal(now.beta, 20);

	ntp_vars_carry(&things, UINT32_C(1) << NTP_GROUP_COUNTERS, &now, &now);
	assert_int_equal(now.beta, 20);
}

/* A field of any integer type between guards. */
struct guarded {
	uint8_t before[8];
	union {
		uint8_t u8;
		int8_t i8;
		uint16_t u16;
		uint32_t u32;
		int32_t i32;
		uint64_t u64;
		int64_t i64;
		uint8_t bytes[8];
	} field;
	uint8_t after[8];
};

/* Octets of `g` that differ from the filling, outside the first `size` of its field. */
static size_t
spilt(const struct guarded *g, size_t size)
{
	const uint8_t *at = (const uint8_t *)g;
	size_t from = offsetof(struct guarded, field), n = 0;

	for (size_t i = 0; i < sizeof(*g); i++)
		n += at[i] != 0x5a && (i < from || i >= from + size);
	return n;
}

static int64_t
value_of(const struct guarded *g, size_t size, bool is_signed)
{
	switch (size) {
	case 1:
		return is_signed ? g->field.i8 : g->field.u8;
	case 2:
		return g->field.u16;
	case 4:
		return is_signed ? g->field.i32 : (int64_t)g->field.u32;
	default:
		return g->field.i64;
	}
}

static const struct {
	ntp_parse_fn *parse;
	size_t size;
	bool is_signed;
	const char *text;
	bool is_ok;
	int64_t value;
} numbers[] = {
	{ ntp_parse_leap, 1, false, "0", true, 0 },
	{ ntp_parse_leap, 1, false, "3", true, 3 },
	{ ntp_parse_leap, 1, false, "4", false, 0 },
	{ ntp_parse_leap, 1, false, "7", false, 0 },
	{ ntp_parse_leap, 1, false, "-1", false, 0 },
	{ ntp_parse_leap, 1, false, "00", true, 0 },
	{ ntp_parse_leap, 1, false, "", false, 0 },
	{ ntp_parse_mode, 1, false, "0", true, 0 },
	{ ntp_parse_mode, 1, false, "7", true, 7 },
	{ ntp_parse_mode, 1, false, "8", false, 0 },
	{ ntp_parse_mode, 1, false, "x", false, 0 },
	{ ntp_parse_reach, 4, false, "0xff", true, 255 },
	{ ntp_parse_reach, 4, false, "0x0", true, 0 },
	{ ntp_parse_reach, 4, false, "255", true, 255 },
	{ ntp_parse_reach, 4, false, "0x100", false, 0 },
	{ ntp_parse_reach, 4, false, "ff", false, 0 },
	{ ntp_parse_u8, 1, false, "255", true, 255 },
	{ ntp_parse_u8, 1, false, "99", true, 99 },
	{ ntp_parse_u8, 1, false, "256", false, 0 },
	{ ntp_parse_u8, 1, false, "-1", false, 0 },
	{ ntp_parse_u8, 1, false, "1.0", false, 0 },
	{ ntp_parse_u8, 1, false, "4294967296", false, 0 },
	{ ntp_parse_i8, 1, true, "-23", true, -23 },
	{ ntp_parse_i8, 1, true, "-128", true, -128 },
	{ ntp_parse_i8, 1, true, "127", true, 127 },
	{ ntp_parse_i8, 1, true, "128", false, 0 },
	{ ntp_parse_i8, 1, true, "-129", false, 0 },
	{ ntp_parse_i8, 1, true, "--1", false, 0 },
	{ ntp_parse_u16, 2, false, "65535", true, 65535 },
	{ ntp_parse_u16, 2, false, "65536", false, 0 },
	{ ntp_parse_u16, 2, false, "0x10", false, 0 },
	{ ntp_parse_u32, 4, false, "4294967295", true, 4294967295 },
	{ ntp_parse_u32, 4, false, "0xffffffff", true, 4294967295 },
	{ ntp_parse_u32, 4, false, "4294967296", false, 0 },
	{ ntp_parse_u32, 4, false, "0x100000000", false, 0 },
	{ ntp_parse_u32, 4, false, "0x", false, 0 },
	{ ntp_parse_i32, 4, true, "-2147483648", true, INT32_MIN },
	{ ntp_parse_i32, 4, true, "2147483648", false, 0 },
	{ ntp_parse_u64, 8, false, "9223372036854775807", true, INT64_MAX },
	{ ntp_parse_u64, 8, false, "18446744073709551615", true, -1 },
	{ ntp_parse_u64, 8, false, "0xffffffffffffffff", true, -1 },
	{ ntp_parse_u64, 8, false, "18446744073709551616", false, 0 },
	{ ntp_parse_u64, 8, false, "-1", false, 0 },
	{ ntp_parse_ms, 8, true, "-0.032", true, -32000 },
	{ ntp_parse_ms, 8, true, "-0.000", true, 0 },
	{ ntp_parse_ms, 8, true, "1e-06", true, 1 },
	{ ntp_parse_ms, 8, true, "1e12", false, 0 },
	{ ntp_parse_ms, 8, true, "O 0.00", false, 0 },
	{ ntp_parse_ppm, 8, true, "-7.250", true, -7250000 },
	{ ntp_parse_ppm, 8, true, "0.000001", true, 1 },
	{ ntp_parse_ppm, 8, true, "1000000", true, INT64_C(1000000000000) },
	{ ntp_parse_ppm, 8, true, "1000000.000001", false, 0 },
	{ ntp_parse_ppm, 8, true, "-1000000.000001", false, 0 },
	{ ntp_parse_ppm, 8, true, "", false, 0 },
	{ ntp_parse_whole, 4, true, "7", true, 7 },
	{ ntp_parse_whole, 4, true, "7.000", true, 7 },
	{ ntp_parse_whole, 4, true, "-2147483648.0", true, INT32_MIN },
	{ ntp_parse_whole, 4, true, "2147483648", false, 0 },
	{ ntp_parse_whole, 4, true, "7.500", false, 0 },
	{ ntp_parse_whole, 4, true, "7.", false, 0 },
	{ ntp_parse_i64, 8, true, "-28", true, -28 },
	{ ntp_parse_i64, 8, true, "61", true, 61 },
	{ ntp_parse_i64, 8, true, "18446744073709551588", true, -28 },
	{ ntp_parse_i64, 8, true, "18446744073709551616", false, 0 },
	{ ntp_parse_i64, 8, true, "0x1", false, 0 },
	{ ntp_parse_s, 8, true, "0.123", true, 123000000 },
	{ ntp_parse_s, 8, true, "12.000000001", true, INT64_C(12000000001) },
	{ ntp_parse_s, 8, true, "1s", false, 0 },
	{ ntp_parse_milli, 8, true, "1.375", true, 1375 },
	{ ntp_parse_milli, 8, true, "-0.001", true, -1 },
	{ ntp_parse_milli, 8, true, "", false, 0 },
	{ ntp_parse_date, 8, true, "202707010000", true, 1814400000 },
	{ ntp_parse_date, 8, true, "2027-07-01T00:00Z", true, 1814400000 },
	{ ntp_parse_date, 8, true, "3330720000", true, 1121731200 },
	{ ntp_parse_date, 8, true, "0", true, 0 },
	{ ntp_parse_date, 8, true, "4294967296", false, 0 },
	{ ntp_parse_date, 8, true, "2027", true, 2027 - INT64_C(2208988800) },
	{ ntp_parse_kstatus, 4, false, "pll unsync", true, 0x41 },
	{ ntp_parse_kstatus, 4, false, "65", true, 0x41 },
	{ ntp_parse_kstatus, 4, false, "", true, 0 },
	{ ntp_parse_kstatus, 4, false, "src=B mode=fll nano", true, 0xe000 },
	{ ntp_parse_kstatus, 4, false, "pll unsynced", false, 0 },
	{ ntp_parse_kstatus, 4, false, "pll,unsync", false, 0 },
	{ ntp_parse_calendar, 8, true, "202707010000", true, 1814400000 },
	{ ntp_parse_calendar, 8, true, "1970-01-01T00:00Z", true, 0 },
	{ ntp_parse_calendar, 8, true, "202702290000", false, 0 },
};

static void
numbers_parse_in_their_range_and_write_their_size(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct guarded g;

		memset(&g, 0x5a, sizeof(g));
		assert_int_equal(
		    numbers[i].parse(numbers[i].text, strlen(numbers[i].text), &g.field),
		    numbers[i].is_ok);
		assert_int_equal(spilt(&g, numbers[i].is_ok ? numbers[i].size : 0), 0);
		if (numbers[i].is_ok)
			assert_int_equal(
			    value_of(&g, numbers[i].size, numbers[i].is_signed),
			    numbers[i].value);
	}
}

static void
stamps_and_addresses_are_written_whole_or_not_at_all(void **state)
{
	struct ntp_stamp stamp = { 1, 2 };
	struct addr addr = { .family = ADDR_IPV4, .port = 99 }, before = addr;

	(void)state;
	assert_false(ntp_parse_stamp("0xeeab5fc6", 10, &stamp));
	assert_int_equal(stamp.seconds, 1);
	assert_true(ntp_parse_stamp("0xeeab5fc6.218d7b1d", 19, &stamp));
	assert_int_equal(stamp.seconds, 0xeeab5fc6);
	assert_int_equal(stamp.fraction, 0x218d7b1d);

	assert_false(ntp_parse_addr("fd00:99::1::", 12, &addr));
	assert_true(addr_equal(&addr, &before));
	assert_true(ntp_parse_addr("fd00:99::1", 10, &addr));
	assert_int_equal(addr.family, ADDR_IPV6);
	assert_int_equal(addr.bytes[0], 0xfd);
	assert_int_equal(addr.bytes[15], 1);
	assert_int_equal(addr.port, 0);
}

static void
texts_become_clean_and_bounded(void **state)
{
	static const struct {
		const char *in;
		size_t len;
		const char *out;
	} cases[] = {
		{ "LOCL", 4, "LOCL" },
		{ "", 0, "" },
		{ "a\x01\x7f"
		  "b\r\n",
		    6, "a??b??" },
		{ "\xff\xc3\xa9z", 4, "?\xc3\xa9z" },
		{ "a\0b", 3, "a?b" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ntp_label label;
		struct ntp_text text;
		struct ntp_line line;
		struct ntp_word word;
		size_t len = strlen(cases[i].out);

		assert_true(ntp_parse_line(cases[i].in, cases[i].len, &line));
		assert_true(ntp_parse_word(cases[i].in, cases[i].len, &word));
		assert_int_equal(line.len, len);
		assert_int_equal(word.len, len);
		assert_memory_equal(line.bytes, cases[i].out, len);
		assert_memory_equal(word.bytes, cases[i].out, len);
		memset(&label, 0x5a, sizeof(label));
		memset(&text, 0x5a, sizeof(text));
		assert_true(ntp_parse_label(cases[i].in, cases[i].len, &label));
		assert_true(ntp_parse_text(cases[i].in, cases[i].len, &text));
		assert_int_equal(label.len, len);
		assert_int_equal(text.len, len);
		assert_memory_equal(label.bytes, cases[i].out, len);
		assert_memory_equal(text.bytes, cases[i].out, len);
	}
}

static void
texts_that_are_too_long_are_cut_between_characters(void **state)
{
	struct {
		struct ntp_label label;
		uint8_t guard;
	} l = { .guard = 0x5a };
	struct {
		struct ntp_text text;
		uint8_t guard;
	} t = { .guard = 0x5a };
	struct {
		struct ntp_line line;
		uint8_t guard;
	} n = { .guard = 0x5a };
	struct {
		struct ntp_word word;
		uint8_t guard;
	} w = { .guard = 0x5a };
	char in[600];

	(void)state;
	memset(in, 'x', sizeof(in));
	assert_true(ntp_parse_label(in, VARS_LABEL_MAX, &l.label));
	assert_int_equal(l.label.len, VARS_LABEL_MAX);
	assert_true(ntp_parse_label(in, sizeof(in), &l.label));
	assert_int_equal(l.label.len, VARS_LABEL_MAX);
	assert_true(ntp_parse_text(in, sizeof(in), &t.text));
	assert_int_equal(t.text.len, VARS_TEXT_MAX);
	assert_memory_equal(t.text.bytes, in, VARS_TEXT_MAX);

	memcpy(in + VARS_LABEL_MAX - 1, "\xc3\xa9", 2);
	memcpy(in + VARS_TEXT_MAX - 1, "\xc3\xa9", 2);
	assert_true(ntp_parse_label(in, sizeof(in), &l.label));
	assert_int_equal(l.label.len, VARS_LABEL_MAX - 1);
	assert_true(ntp_parse_text(in, sizeof(in), &t.text));
	assert_int_equal(t.text.len, VARS_TEXT_MAX - 1);
	assert_true(ntp_parse_line(in, sizeof(in), &n.line));
	assert_int_equal(n.line.len, VARS_LINE_MAX);
	assert_true(ntp_parse_word(in, sizeof(in), &w.word));
	assert_int_equal(w.word.len, VARS_WORD_MAX);
	assert_int_equal(n.guard, 0x5a);
	assert_int_equal(w.guard, 0x5a);
	assert_int_equal(l.guard, 0x5a);
	assert_int_equal(t.guard, 0x5a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_of_things_holds_together),
		cmocka_unit_test(sets_hold_any_row),
		cmocka_unit_test(rows_are_found_by_their_whole_name),
		cmocka_unit_test(sets_of_rows_are_what_they_say),
		cmocka_unit_test(rows_are_found_from_anywhere),
		cmocka_unit_test(first_good_value_stays),
		cmocka_unit_test(bare_name_is_an_empty_text_and_no_number),
		cmocka_unit_test(carrying_takes_one_group_with_its_absences),
		cmocka_unit_test(numbers_parse_in_their_range_and_write_their_size),
		cmocka_unit_test(stamps_and_addresses_are_written_whole_or_not_at_all),
		cmocka_unit_test(another_name_fills_the_same_field),
		cmocka_unit_test(texts_become_clean_and_bounded),
		cmocka_unit_test(texts_that_are_too_long_are_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
