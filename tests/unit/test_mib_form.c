/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields to values: each conversion with its limits, and absent variables. */
#include "support/check.h"

#include <string.h>

#include "snmp/mib_form.h"

static void
numbers_keep_their_value_or_stop_at_the_end(void **state)
{
	static const struct {
		const struct mib_form *form;
		int64_t field;
		bool is_there;
		int64_t expected;
	} rows[] = {
		{ &mib_form_us, 0, true, 0 },
		{ &mib_form_us, 32499, true, 32 },
		{ &mib_form_us, 32500, true, 33 },
		{ &mib_form_us, -32500, true, -33 },
		{ &mib_form_us, -499, true, 0 },
		{ &mib_form_us, INT64_C(2147483647000), true, INT32_MAX },
		{ &mib_form_us, INT64_C(3000000000000), true, INT32_MAX },
		{ &mib_form_us, INT64_C(-3000000000000), true, -INT32_MAX },
		{ &mib_form_usu, 1500, true, 2 },
		{ &mib_form_usu, INT64_C(5000000000000000), true, UINT32_MAX },
		{ &mib_form_usu, -1000, false, 0 },
		{ &mib_form_ns, -13128, true, -13128 },
		{ &mib_form_ns, INT64_C(2147483648), true, INT32_MAX },
		{ &mib_form_ns, INT64_C(-2147483648), true, -INT32_MAX },
		{ &mib_form_nsu, 119, true, 119 },
		{ &mib_form_nsu, INT64_C(4294967296), true, UINT32_MAX },
		{ &mib_form_nsu, -1, false, 0 },
		{ &mib_form_ppb, INT64_C(-17123456), true, -17123 },
		{ &mib_form_ppb, INT64_C(1000000000000), true, 1000000000 },
		{ &mib_form_ppbu, 4500, true, 5 },
		{ &mib_form_ppbu, -4500, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mib_value value = { .syntax = rows[i].form->syntax };

		if (rows[i].form->put(&rows[i].field, &value) != rows[i].is_there)
			fail_msg("row %zu: there or not", i);
		if (!rows[i].is_there)
			continue;
		if (value.syntax == MIB_INTEGER)
			assert_int_equal(value.i32, rows[i].expected);
		else
			assert_true(value.u32 == (uint64_t)rows[i].expected);
	}
}

static void
small_fields_are_read_by_their_width(void **state)
{
	const uint8_t u8[] = { 200, 0xff };
	const int8_t i8[] = { -23, 0x7f };
	const uint16_t u16[] = { 65535, 1 };
	const uint32_t u32[] = { UINT32_MAX, 1 };
	const int32_t i32[] = { INT32_MIN, 1 };
	const uint32_t none[] = { 0, 1 };
	const uint32_t reach[] = { 0xb1, 1 };
	const int32_t positive[] = { 5, 1 };
	struct mib_value value;

	(void)state;
	assert_true(mib_form_u8.put(u8, &value));
	assert_int_equal(value.u32, 200);
	assert_true(mib_form_i8.put(i8, &value));
	assert_int_equal(value.i32, -23);
	assert_true(mib_form_u16.put(u16, &value));
	assert_int_equal(value.u32, 65535);
	assert_true(mib_form_u32.put(u32, &value));
	assert_true(value.u32 == UINT32_MAX);
	assert_true(mib_form_nonzero.put(u32, &value));
	assert_true(value.u32 == UINT32_MAX);
	assert_false(mib_form_nonzero.put(none, &value));
	assert_true(mib_form_i32.put(i32, &value));
	assert_int_equal(value.i32, -INT32_MAX);
	assert_true(mib_form_port.put(u16, &value));
	assert_int_equal(value.u32, 65535);
	assert_false(mib_form_port.put(none, &value));
	assert_true(mib_form_natural.put(&(const int32_t){ 8 }, &value));
	assert_int_equal(value.u32, 8);
	assert_false(mib_form_natural.put(&(const int32_t){ -1 }, &value));
	assert_true(mib_form_poll.put(u8, &value));
	assert_int_equal(value.u32, 200);
	assert_false(mib_form_poll.put(&(const uint8_t){ 99 }, &value));
	assert_true(mib_form_reach.put(reach, &value));
	assert_int_equal(value.u32, 0xb1);
	assert_true(mib_form_ones.put(reach, &value));
	assert_int_equal(value.u32, 4);
	assert_true(mib_form_ones.put(none, &value));
	assert_int_equal(value.u32, 0);
	assert_true(mib_form_mode.put(u8, &value));
	assert_int_equal(value.i32, 200);
	assert_true(mib_form_whole.put(i32, &value));
	assert_int_equal(value.i32, -INT32_MAX);
	assert_true(mib_form_wholeu.put(positive, &value));
	assert_int_equal(value.u32, 5);
	assert_false(mib_form_wholeu.put(i32, &value));
	assert_true(mib_form_tally.put(positive, &value));
	assert_int_equal(value.u64, 5);
	assert_false(mib_form_tally.put(i32, &value));
	assert_true(mib_form_leap.put(u8, &value));
	assert_int_equal(value.i32, 200);
}

static void
wide_fields_are_counters_or_stop(void **state)
{
	const uint64_t field = UINT64_C(0x123456789a);
	const int64_t spent_ns = INT64_C(12345678901234567), negative_ns = -1;
	struct mib_value value;

	(void)state;
	assert_true(mib_form_counter.put(&field, &value));
	assert_true(value.u64 == field);
	assert_true(mib_form_gauge.put(&field, &value));
	assert_true(value.u32 == UINT32_MAX);
	assert_true(mib_form_i64.put(&(const int64_t){ -5 }, &value));
	assert_int_equal(value.i32, -5);
	assert_true(mib_form_i64.put(&field, &value));
	assert_int_equal(value.i32, INT32_MAX);
	assert_true(mib_form_milli.put(&(const int64_t){ 1234 }, &value));
	assert_int_equal(value.u32, 1234);
	assert_false(mib_form_milli.put(&(const int64_t){ -1 }, &value));
	assert_true(mib_form_spent.put(&spent_ns, &value));
	assert_true(value.u64 == UINT64_C(12345678901235));
	assert_false(mib_form_spent.put(&negative_ns, &value));
	assert_true(mib_form_span.put(&spent_ns, &value));
	assert_true(value.u32 == UINT32_MAX);
	assert_true(mib_form_ticks.put(&field, &value));
	assert_int_equal(value.u32, (uint32_t)(field * 100));
}

static void
texts_and_dates_have_their_octets(void **state)
{
	const struct ntp_text text = { .len = 4, .bytes = "ntpd" };
	const struct ntp_word word = { .len = 3, .bytes = "md5" };
	const struct ntp_line line = { .len = 6, .bytes = "$GPRMC" };
	const struct ntp_label label = { .len = 3, .bytes = "GPS" };
	const int64_t day = 1795651200, unknown = 0, never = INT64_MAX;
	struct mib_value value;

	(void)state;
	assert_true(mib_form_text.put(&text, &value));
	assert_int_equal(value.n_octets, 4);
	assert_memory_equal(value.octets, "ntpd", 4);
	assert_true(mib_form_label.put(&label, &value));
	assert_memory_equal(value.octets, "GPS", value.n_octets);
	assert_true(mib_form_word.put(&word, &value));
	assert_memory_equal(value.octets, "md5", value.n_octets);
	assert_true(mib_form_line.put(&line, &value));
	assert_memory_equal(value.octets, "$GPRMC", value.n_octets);
	assert_true(mib_form_date.put(&day, &value));
	assert_int_equal(value.n_octets, 11);
	assert_true(mib_form_day.put(&day, &value));
	assert_memory_equal(value.octets, "\x07\xea\x0b\x1a", 4);
	assert_false(mib_form_day.put(&unknown, &value));
	assert_false(mib_form_day.put(&never, &value));
}

static void
sockets_are_text_with_a_port(void **state)
{
	const struct addr server = { ADDR_IPV4, { 192, 0, 2, 1 }, 0, 123 };
	const struct addr nobody = { ADDR_IPV4, { 0 }, 0, 0 };
	struct mib_value value;

	(void)state;
	assert_true(mib_form_socket.put(&server, &value));
	assert_int_equal(value.n_octets, 13);
	assert_memory_equal(value.octets, "192.0.2.1:123", 13);
	assert_false(mib_form_socket.put(&nobody, &value));
}

static void
bits_are_those_of_the_number(void **state)
{
	const uint32_t status = 0x2041, flags = 0x410023;
	struct mib_value value;

	(void)state;
	assert_true(mib_form_kstatus.put(&status, &value));
	assert_int_equal(value.n_octets, 2);
	assert_memory_equal(value.octets, "\x82\x04", 2);
	assert_true(mib_form_autokey.put(&flags, &value));
	assert_int_equal(value.n_octets, 1);
	assert_memory_equal(value.octets, "\xc4", 1);
	assert_true(mib_form_upper.put(&flags, &value));
	assert_int_equal(value.u32, 0x41);
}

static void
flags_without_a_meaning_are_left_out(void **state)
{
	const uint32_t all = UINT32_MAX, some = 0x10021;
	struct mib_value value;

	(void)state;
	assert_true(mib_form_shakes.put(&all, &value));
	assert_int_equal(value.n_octets, 2);
	assert_memory_equal(value.octets, "\xcf\xfe", 2);
	assert_true(mib_form_shakes.put(&some, &value));
	assert_memory_equal(value.octets, "\x84\x00", 2);
	assert_true(mib_form_switches.put(&all, &value));
	assert_int_equal(value.n_octets, 1);
	assert_memory_equal(value.octets, "\xf0", 1);
	assert_true(mib_form_switches.put(&some, &value));
	assert_memory_equal(value.octets, "\x80", 1);
}

static void
unspecified_addresses_are_none(void **state)
{
	static const struct addr four = { ADDR_IPV4, { 192, 0, 2, 1 }, 0, 0 };
	static const struct addr nobody[] = { { ADDR_IPV4, { 0 }, 0, 123 },
		{ ADDR_IPV6, { 0 }, 0, 0 }, { ADDR_NONE, { 1 }, 0, 0 } };
	struct mib_value value;

	(void)state;
	assert_true(mib_form_inettype.put(&four, &value));
	assert_int_equal(value.i32, 1);
	assert_true(mib_form_inet.put(&four, &value));
	assert_int_equal(value.n_octets, 4);
	assert_memory_equal(value.octets, four.bytes, 4);
	for (size_t i = 0; i < COUNT(nobody); i++) {
		assert_false(mib_form_inettype.put(&nobody[i], &value));
		assert_false(mib_form_inet.put(&nobody[i], &value));
	}
}

/* --- by way of a table -------------------------------------------------------------- */

struct thing {
	struct ntp_seen seen;
	int64_t offset_ns;
	uint16_t peer;
};

static const struct ntp_var thing_rows[] = {
	NTP_ROW_MS(thing, "offset", offset_ns, NTP_GROUP_STATE),
	NTP_ROW_U16(thing, "peer", peer, NTP_GROUP_STATE),
};
static const struct ntp_var_table things = { "thing", thing_rows, COUNT(thing_rows),
	offsetof(struct thing, seen) };

static void
absent_variable_has_no_value(void **state)
{
	const struct mib_source offset = { &mib_form_us, &things, 0, NULL };
	const struct mib_source peer = { &mib_form_u16, &things, 1, NULL };
	struct thing thing = { .peer = 7, .offset_ns = 5 };
	struct mib_value value;

	(void)state;
	assert_false(mib_form_get(&peer, &thing, &value));
	assert_int_equal(ntp_vars_apply(&things, &thing, "offset", 6, "-1.5", 4),
	    NTP_APPLY_OK);
	assert_false(mib_form_get(&peer, &thing, &value));
	assert_true(mib_form_get(&offset, &thing, &value));
	assert_int_equal(value.i32, -1500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_keep_their_value_or_stop_at_the_end),
		cmocka_unit_test(small_fields_are_read_by_their_width),
		cmocka_unit_test(wide_fields_are_counters_or_stop),
		cmocka_unit_test(texts_and_dates_have_their_octets),
		cmocka_unit_test(sockets_are_text_with_a_port),
		cmocka_unit_test(bits_are_those_of_the_number),
		cmocka_unit_test(flags_without_a_meaning_are_left_out),
		cmocka_unit_test(unspecified_addresses_are_none),
		cmocka_unit_test(absent_variable_has_no_value),
	};

	return cmocka_run_group_tests_name("forms", tests, NULL, NULL);
}
