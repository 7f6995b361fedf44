/* SPDX-License-Identifier: BSD-2-Clause */
/* Control messages: every field in its place, every lie refused. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "mode6/packet.h"
#include "support/recording.h"

/* Decodes a copy that ends where the datagram ends. */
static int
decode(const uint8_t *bytes, size_t len, struct m6_packet *out, uint8_t **copy_out)
{
	*copy_out = malloc(len > 0 ? len : 1);
	assert_non_null(*copy_out);
	memcpy(*copy_out, bytes, len);
	return m6_packet_decode(*copy_out, len, out);
}

static int
decode_result(const uint8_t *bytes, size_t len)
{
	static const uint8_t mark[1];
	struct m6_packet packet = { .data = mark };
	uint8_t *copy;

	int rc = decode(bytes, len, &packet, &copy);
	if (rc != 0)
		assert_ptr_equal(packet.data, mark);
	free(copy);
	return rc;
}

static void
every_field_is_decoded(void **state)
{
	static const uint8_t bytes[] = { 0xd6, 0xa2, 0x12, 0x34, 0x96, 0x1a, 0xb0, 0x39,
		0x01, 0xd4, 0x00, 0x05, 't', 'c', '=', '1', '0', 0xee, 0x55, 0x04 };
	struct m6_packet packet;
	uint8_t *copy;

	(void)state;
	assert_int_equal(decode(bytes, sizeof(bytes), &packet, &copy), 0);
	assert_int_equal(packet.head.leap, 3);
	assert_int_equal(packet.head.version, 2);
	assert_int_equal(packet.head.op, M6_OP_READVAR);
	assert_true(packet.head.is_response);
	assert_false(packet.head.is_error);
	assert_true(packet.head.has_more);
	assert_int_equal(packet.head.sequence, 0x1234);
	assert_int_equal(packet.head.status, 0x961a);
	assert_int_equal(packet.head.assoc, 0xb039);
	assert_int_equal(packet.head.offset, 0x01d4);
	assert_int_equal(packet.head.count, 5);
	assert_memory_equal(packet.data, "tc=10", 5);
	assert_int_equal(packet.trailer_len, 3);
	assert_ptr_equal(packet.trailer, packet.data + 5);
	free(copy);
}

static void
every_flag_stands_for_itself(void **state)
{
	(void)state;
	for (unsigned second = 0; second <= 0xff; second++) {
		uint8_t bytes[M6_HEADER_LEN] = { 0x16, (uint8_t)second };
		struct m6_packet packet;
		assert_int_equal(m6_packet_decode(bytes, sizeof(bytes), &packet), 0);
		assert_int_equal(packet.head.is_response, (second & 0x80) != 0);
		assert_int_equal(packet.head.is_error, (second & 0x40) != 0);
		assert_int_equal(packet.head.has_more, (second & 0x20) != 0);
		assert_int_equal(packet.head.op, second & 0x1f);
	}
}

static void
only_mode_six_and_known_versions_pass(void **state)
{
	(void)state;
	for (unsigned first = 0; first <= 0xff; first++) {
		uint8_t bytes[M6_HEADER_LEN] = { (uint8_t)first, 0x82 };
		unsigned version = first >> 3 & 7, mode = first & 7;
		bool is_good = mode == 6 && version >= 1 && version <= 4;
		assert_int_equal(decode_result(bytes, sizeof(bytes)),
		    is_good ? 0 : ERR_PROTOCOL);
	}
}

static void
short_datagrams_are_truncated(void **state)
{
	uint8_t bytes[M6_HEADER_LEN + 10] = { 0x16, 0x82, [11] = 10 };

	(void)state;
	for (size_t len = 0; len < sizeof(bytes); len++)
		assert_int_equal(decode_result(bytes, len), ERR_TRUNCATED);
	assert_int_equal(decode_result(bytes, sizeof(bytes)), 0);
}

static void
the_count_ends_at_its_limit(void **state)
{
	static const struct {
		unsigned count;
		int rc;
	} rows[] = {
		{ 0, 0 },
		{ M6_DATA_MAX, 0 },
		{ M6_COUNT_MAX, 0 },
		{ M6_COUNT_MAX + 1, ERR_TOOBIG },
		{ 0xffff, ERR_TOOBIG },
	};
	uint8_t bytes[M6_HEADER_LEN + M6_COUNT_MAX + 1] = { 0x16, 0x82 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		bytes[10] = (uint8_t)(rows[i].count >> 8);
		bytes[11] = (uint8_t)rows[i].count;
		assert_int_equal(decode_result(bytes, sizeof(bytes)), rows[i].rc);
	}
}

static void
an_error_reply_has_no_data_whatever_it_counts(void **state)
{
	/* Offset 468 left from an earlier answer, and a count to match. */
	uint8_t bytes[] = { 0x16, 0xc4, 0, 8, 0x04, 0, 0x45, 0x69, 0x01, 0xd4, 0xff, 0xff,
		0, 0, 0, 1 };
	struct m6_packet packet;

	(void)state;
	assert_int_equal(m6_packet_decode(bytes, sizeof(bytes), &packet), 0);
	assert_true(packet.head.is_error);
	assert_int_equal(packet.head.count, 0);
	assert_int_equal(packet.head.offset, 468);
	assert_int_equal(packet.trailer_len, 4);
	assert_ptr_equal(packet.trailer, bytes + M6_HEADER_LEN);
	assert_int_equal(m6_packet_error_code(&packet.head), M6_ERROR_BADASSOC);
	/* The error bit of a request means nothing and saves nobody from the limit. */
	bytes[1] = 0x44;
	assert_int_equal(decode_result(bytes, sizeof(bytes)), ERR_TOOBIG);
}

static void
a_request_is_encoded_and_padded(void **state)
{
	static const struct {
		const char *data;
		size_t len;
	} rows[] = {
		{ "", 12 },
		{ "a", 16 },
		{ "abcd", 16 },
		{ "abcde", 20 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct m6_header head = { .version = 2,
			.op = M6_OP_READVAR,
			.sequence = 0x102,
			.assoc = 0x304,
			.count = 999 };
		size_t data_len = strlen(rows[i].data), len = 0;
		uint8_t out[32];
		memset(out, 0xee, sizeof(out));
		assert_int_equal(m6_packet_encode(&head, rows[i].data, data_len, out,
				     sizeof(out), &len),
		    0);
		assert_int_equal(len, rows[i].len);
		uint8_t expected[32] = { 0x16, 0x02, 1, 2, 0, 0, 3, 4, 0, 0, 0,
			(uint8_t)data_len };
		memcpy(expected + M6_HEADER_LEN, rows[i].data, data_len);
		assert_memory_equal(out, expected, len);
		assert_int_equal(out[len], 0xee);
	}
}

static void
encoding_needs_room_for_the_padding_too(void **state)
{
	struct m6_header head = { .version = 2, .op = M6_OP_READVAR };
	uint8_t out[M6_DATAGRAM_MAX];
	size_t len = 77;

	(void)state;
	for (size_t cap = 0; cap < 16; cap++)
		assert_int_equal(m6_packet_encode(&head, "a", 1, out, cap, &len),
		    ERR_FULL);
	assert_int_equal(len, 77);
	assert_int_equal(m6_packet_encode(&head, "a", 1, out, 16, &len), 0);
}

static void
encoding_ends_at_the_largest_count(void **state)
{
	static const uint8_t data[M6_COUNT_MAX + 1];
	struct m6_header head = { .version = 2, .op = M6_OP_READVAR };
	uint8_t out[M6_DATAGRAM_MAX];
	size_t len = 77;

	(void)state;
	assert_int_equal(
	    m6_packet_encode(&head, data, M6_COUNT_MAX + 1, out, sizeof(out), &len),
	    ERR_TOOBIG);
	assert_int_equal(m6_packet_encode(&head, data, SIZE_MAX, out, sizeof(out), &len),
	    ERR_TOOBIG);
	assert_int_equal(len, 77);
	assert_int_equal(
	    m6_packet_encode(&head, data, M6_COUNT_MAX, out, sizeof(out), &len), 0);
	assert_int_equal(len, M6_HEADER_LEN + M6_COUNT_MAX);
}

static void
what_is_encoded_is_decoded(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 8; bits++) {
		struct m6_header head = { .leap = (uint8_t)(bits & 3),
			.version = (uint8_t)(1 + (bits & 3)),
			.op = (uint8_t)(31 - bits),
			.is_response = (bits & 1) != 0,
			.has_more = (bits & 2) != 0,
			.is_error = (bits & 5) == 4,
			.sequence = (uint16_t)(0xffff - bits),
			.status = (uint16_t)(0x1234 << bits),
			.assoc = 0x8001,
			.offset = 0x7ffe };
		struct m6_packet packet;
		uint8_t out[64];
		size_t len;
		assert_int_equal(
		    m6_packet_encode(&head, "abcde", 5, out, sizeof(out), &len), 0);
		assert_int_equal(m6_packet_decode(out, len, &packet), 0);
		assert_int_equal(packet.head.leap, head.leap);
		assert_int_equal(packet.head.version, head.version);
		assert_int_equal(packet.head.op, head.op);
		assert_int_equal(packet.head.is_response, head.is_response);
		assert_int_equal(packet.head.has_more, head.has_more);
		assert_int_equal(packet.head.is_error, head.is_error);
		assert_int_equal(packet.head.sequence, head.sequence);
		assert_int_equal(packet.head.status, head.status);
		assert_int_equal(packet.head.assoc, head.assoc);
		assert_int_equal(packet.head.offset, head.offset);
		assert_int_equal(packet.head.count, 5);
		assert_memory_equal(packet.data, "abcde", 5);
	}
}

static void
recorded_datagrams_are_decoded(void **state)
{
	static const char *const files[] = {
		"tests/recordings/ntpd-4.2.8p15-client.txt",
		"tests/recordings/ntpd-4.2.8p15-server.txt",
		"tests/recordings/ntpsec-1.2.2-client.txt",
		"tests/recordings/ntpsec-1.2.2-server.txt",
	};
	unsigned errors = 0;

	(void)state;
	for (size_t f = 0; f < COUNT(files); f++) {
		struct recording *rec = recording_load(files[f]);
		assert_non_null(rec);
		for (size_t e = 0; e < rec->n_exchanges; e++) {
			const struct recorded_exchange *ex = &rec->exchanges[e];
			for (size_t d = 0; d < ex->n_datagrams; d++) {
				uint8_t bytes[M6_DATAGRAM_MAX];
				size_t len =
				    recording_datagram(ex, d, bytes, sizeof(bytes));
				struct m6_packet packet;
				assert_int_equal(m6_packet_decode(bytes, len, &packet),
				    0);
				assert_true(packet.head.is_response);
				assert_int_equal(packet.head.op, ex->op);
				assert_int_equal(packet.head.assoc, ex->assoc);
				assert_int_equal(packet.head.has_more,
				    d + 1 < ex->n_datagrams);
				assert_int_equal(packet.trailer_len,
				    ex->datagrams[d].pad_len);
				errors += packet.head.is_error;
			}
		}
		recording_free(rec);
	}
	assert_true(errors > 0);
}

static void
every_error_code_has_a_text(void **state)
{
	(void)state;
	assert_string_equal(m6_error_text(M6_ERROR_PERMISSION), "permission");
	assert_string_equal(m6_error_text(M6_ERROR_UNKNOWNVAR), "unknown variable");
	for (unsigned a = 0; a <= M6_ERROR_RESTRICT; a++)
		for (unsigned b = a + 1; b <= M6_ERROR_RESTRICT + 1; b++)
			assert_string_not_equal(m6_error_text((uint8_t)a),
			    m6_error_text((uint8_t)b));
	for (unsigned code = M6_ERROR_RESTRICT + 1; code <= 0xff; code++)
		assert_string_equal(m6_error_text((uint8_t)code), "unknown error");
}

static void
every_known_opcode_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(m6_op_text(M6_OP_READVAR), "readvar");
	for (unsigned op = 0; op <= 0xff; op++)
		assert_int_equal(m6_op_text((uint8_t)op) != NULL,
		    op <= M6_OP_REQ_NONCE || op == M6_OP_UNSETTRAP);
}

static void
the_error_code_is_the_high_octet(void **state)
{
	struct m6_header head = { .status = 0x05ff };

	(void)state;
	assert_int_equal(m6_packet_error_code(&head), 5);
	head.status = 0xff00;
	assert_int_equal(m6_packet_error_code(&head), 0xff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_decoded),
		cmocka_unit_test(every_flag_stands_for_itself),
		cmocka_unit_test(only_mode_six_and_known_versions_pass),
		cmocka_unit_test(short_datagrams_are_truncated),
		cmocka_unit_test(the_count_ends_at_its_limit),
		cmocka_unit_test(an_error_reply_has_no_data_whatever_it_counts),
		cmocka_unit_test(a_request_is_encoded_and_padded),
		cmocka_unit_test(encoding_needs_room_for_the_padding_too),
		cmocka_unit_test(encoding_ends_at_the_largest_count),
		cmocka_unit_test(what_is_encoded_is_decoded),
		cmocka_unit_test(recorded_datagrams_are_decoded),
		cmocka_unit_test(every_error_code_has_a_text),
		cmocka_unit_test(every_known_opcode_has_a_name),
		cmocka_unit_test(the_error_code_is_the_high_octet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
