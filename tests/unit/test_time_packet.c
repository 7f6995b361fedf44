/* SPDX-License-Identifier: BSD-2-Clause */
/* Time requests as they go out, and what is believed of what comes. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "probe/time_packet.h"
#include "support/hex.h"

static const uint64_t cookie = UINT64_C(0x0123456789abcdef);

/* Leap none, version 4, mode 4; stratum 2; reference 192.0.2.7. */
static const char answer_hex[] = "240206e7"
				 "00000a00"
				 "00000b00"
				 "c0000207"
				 "eeab5fb946790122"
				 "0123456789abcdef"
				 "eeab5fc600000000"
				 "eeab5fc600000001";

static size_t
make_answer(uint8_t out[TIME_PACKET_MAX])
{
	return hex_bytes(answer_hex, out, TIME_PACKET_MAX);
}

static void
a_request_says_nothing_but_its_cookie(void **state)
{
	uint8_t bytes[TIME_PACKET_LEN];

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	time_packet_encode(cookie, bytes);
	assert_int_equal(bytes[0], 0x23);
	for (size_t i = 1; i < 40; i++)
		assert_int_equal(bytes[i], 0);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(bytes[40 + i], cookie >> (56 - 8 * i) & 0xff);
}

static void
an_answer_is_read(void **state)
{
	uint8_t bytes[TIME_PACKET_MAX];
	struct time_answer a;
	char text[TIME_REFID_TEXT_MAX];
	size_t len = make_answer(bytes);

	(void)state;
	assert_int_equal(len, TIME_PACKET_LEN);
	assert_int_equal(time_packet_decode(bytes, len, cookie, &a), 0);
	assert_int_equal(a.leap, 0);
	assert_int_equal(a.version, 4);
	assert_int_equal(a.stratum, 2);
	assert_int_equal(a.kiss, TIME_KISS_NONE);
	time_refid_text(&a, text, sizeof(text));
	assert_string_equal(text, "192.0.2.7");
	/* What stands behind the packet is not looked at. */
	assert_int_equal(time_packet_decode(bytes, sizeof(bytes), cookie, &a), 0);
}

static void
what_is_no_answer_to_us_is_not_believed(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
		int expected;
	} rows[] = {
		{ 0, 0x23, ERR_PROTOCOL }, /* a client's */
		{ 0, 0x25, ERR_PROTOCOL }, /* broadcast */
		{ 0, 0x26, ERR_PROTOCOL }, /* a control message */
		{ 0, 0x04, ERR_PROTOCOL }, /* version 0 */
		{ 24, 0x81, ERR_CONFLICT },
		{ 31, 0xee, ERR_CONFLICT },
		{ 0, 0x1c, 0 }, /* version 3 */
		{ 32, 0x00, 0 },
	};
	struct time_answer a = { .stratum = 77 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t bytes[TIME_PACKET_MAX];
		size_t len = make_answer(bytes);

		bytes[rows[i].at] = rows[i].value;
		assert_int_equal(time_packet_decode(bytes, len, cookie, &a),
		    rows[i].expected);
		assert_int_equal(a.stratum, rows[i].expected == 0 ? 2 : 77);
		if (rows[i].expected == 0)
			a.stratum = 77;
	}
	for (size_t len = 0; len < TIME_PACKET_LEN; len++) {
		uint8_t bytes[TIME_PACKET_MAX];

		make_answer(bytes);
		assert_int_equal(time_packet_decode(bytes, len, cookie, &a),
		    ERR_TRUNCATED);
	}
}

static void
kiss_codes_are_told_apart(void **state)
{
	static const struct {
		uint8_t stratum;
		const char *refid;
		enum time_kiss kiss;
		const char *text;
	} rows[] = {
		{ 0, "RATE", TIME_KISS_RATE, ".RATE." },
		{ 0, "DENY", TIME_KISS_DENY, ".DENY." },
		{ 0, "RSTR", TIME_KISS_DENY, ".RSTR." },
		{ 0, "INIT", TIME_KISS_UNSYNCED, ".INIT." },
		{ 0, "\0\0\0\0", TIME_KISS_UNSYNCED, ".." },
		{ 0, "\x1b[0m", TIME_KISS_UNSYNCED, ".?[0m." },
		{ 1, "RATE", TIME_KISS_NONE, ".RATE." }, /* a clock of that name */
		{ 1, "GPS\0", TIME_KISS_NONE, ".GPS." },
		{ 15, "RATE", TIME_KISS_NONE, "82.65.84.69" },
		{ 16, "\377\377\377\377", TIME_KISS_NONE, "255.255.255.255" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t bytes[TIME_PACKET_MAX];
		size_t len = make_answer(bytes);
		char text[TIME_REFID_TEXT_MAX];
		struct time_answer a;

		bytes[1] = rows[i].stratum;
		memcpy(bytes + 12, rows[i].refid, 4);
		assert_int_equal(time_packet_decode(bytes, len, cookie, &a), 0);
		assert_int_equal(a.kiss, rows[i].kiss);
		time_refid_text(&a, text, sizeof(text));
		assert_string_equal(text, rows[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_says_nothing_but_its_cookie),
		cmocka_unit_test(an_answer_is_read),
		cmocka_unit_test(what_is_no_answer_to_us_is_not_believed),
		cmocka_unit_test(kiss_codes_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
