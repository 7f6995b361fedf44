/* SPDX-License-Identifier: BSD-2-Clause */
/* Message authentication codes: the octets that living daemons accepted and sent, where
 * they stand, and what is no code. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "mode6/auth.h"
#include "mode6/auth_key.h"
#include "mode6/packet.h"
#include "support/hex.h"

enum { KEY_MD5 = 1, KEY_SHA1, KEY_SHA256, KEY_CMAC, KEY_SHA512 = 9, KEY_DES = 10 };

/* The keys that the vectors were made with, and one whose digest has eight octets. */
static const char key_file[] =
    "1 MD5 secretmd5\n"
    "2 SHA1 0123456789abcdef0123456789abcdef01234567\n"
    "3 SHA256 secretsha256\n"
    "4 AES128CMAC 000102030405060708090a0b0c0d0e0f\n"
    "9 SHA512 secretsha512\n"
    "10 DES-EDE3 000102030405060708090a0b0c0d0e0f1011121314151617\n";

static int
load_keys(void **state)
{
	struct m6_keys *keys;

	if (m6_keys_parse(key_file, sizeof(key_file) - 1, NULL, NULL, &keys) != 0)
		return -1;
	*state = keys;
	return 0;
}

static int
drop_keys(void **state)
{
	m6_keys_free(*state);
	return 0;
}

static const struct m6_key *
key_of(void **state, uint32_t id)
{
	const struct m6_key *key = m6_keys_find(*state, id);

	assert_non_null(key);
	assert_int_equal(m6_key_id(key), id);
	return key;
}

/* What is sent for a request without a code. */
#define CONFIGURE "1608000100000000000000142020202020202073657476617220706c203d2031"
#define WRITEVAR  "16030001000000000000000c72777661723d616263646566"

static void
requests_carry_the_codes_that_daemons_accepted(void **state)
{
	static const struct {
		uint32_t id;
		const char *request, *code;
	} rows[] = {
		{ KEY_MD5, CONFIGURE, "00000001c4e215fb7211feaf3caaa82febcde84b" },
		{ KEY_SHA1, CONFIGURE,
		    "00000002aa0be2c7fcaf181e775428ddc36203fdab62e264" },
		{ KEY_SHA256, CONFIGURE,
		    "00000003537cc99a4bfc8c7b400ddb74e4cb8fa5d319f72a" },
		{ KEY_CMAC, CONFIGURE, "00000004deb1c593db3435052d829246d4433b85" },
		{ KEY_SHA512, CONFIGURE,
		    "000000097ddcf5bb404365388e9778a8a2a022708eb197af" },
		{ KEY_MD5, WRITEVAR, "00000001c7ac808f7862aba4bcf90c3dcbc892d7" },
	};
	static const enum m6_mac_align aligns[] = { M6_MAC_ALIGN_4, M6_MAC_ALIGN_8 };

	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		uint8_t datagram[M6_DATAGRAM_MAX], code[M6_MAC_MAX];
		size_t body = hex_bytes(rows[i / 2].request, datagram, sizeof(datagram));
		size_t code_len = hex_bytes(rows[i / 2].code, code, sizeof(code));
		size_t len = body;

		assert_int_equal(m6_mac_append(key_of(state, rows[i / 2].id),
				     aligns[i % 2], datagram, sizeof(datagram), &len),
		    0);
		assert_int_equal(len, body + code_len);
		assert_memory_equal(datagram + body, code, code_len);
	}
}

/* Sent by ntp.org 4.2.8p15 and NTPsec 1.2.2 to the requests above. */
static const char config_reply[] = "d6880001000000000000001243"
				   "6f6e66696720537563636565646564"
				   "0d0a0000"
				   "000000011507cadd169e6913596b5df5ce75208e";
static const char error_reply[] = "d6c300010500000000000000"
				  "000000013694559ed7bed67778b7ab55c4e82175";

/* Verifies a copy that ends where the datagram ends. */
static enum m6_mac_verdict
verify(const struct m6_key *key, const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	enum m6_mac_verdict verdict = m6_mac_verify(key, copy, len);
	free(copy);
	return verdict;
}

static void
recorded_replies_are_valid(void **state)
{
	static const char *const replies[] = { config_reply, error_reply };

	for (size_t i = 0; i < COUNT(replies); i++) {
		uint8_t bytes[M6_DATAGRAM_MAX];
		size_t len = hex_bytes(replies[i], bytes, sizeof(bytes));
		assert_int_equal(verify(key_of(state, KEY_MD5), bytes, len),
		    M6_MAC_VALID);
		assert_int_equal(verify(key_of(state, KEY_CMAC), bytes, len),
		    M6_MAC_INVALID);
	}
}

enum { ERROR_REPLY = 0xc3, REPLY = 0x83, COUNT_TRIED = 24 };

/* A datagram with `count` octets of data, none in an error reply, and nothing behind. */
static size_t
put_body(uint8_t second, unsigned count, uint8_t *out)
{
	uint8_t head[M6_HEADER_LEN] = { 0x16, second, 0, 7, [11] = (uint8_t)count };

	memcpy(out, head, sizeof(head));
	memset(out + sizeof(head), 'd', count);
	return sizeof(head) + count;
}

static size_t
up_to(size_t len, size_t unit)
{
	while (len % unit != 0)
		len++;
	return len;
}

static const uint32_t key_ids[] = { KEY_MD5, KEY_SHA1, KEY_SHA256, KEY_CMAC, KEY_SHA512,
	KEY_DES };

/* Octets of digest. */
static size_t
digest_len(uint32_t id)
{
	if (id == KEY_DES)
		return 8;
	return id == KEY_MD5 || id == KEY_CMAC ? 16 : 20;
}

static void
codes_stand_at_multiples_behind_zeros(void **state)
{
	static const uint8_t zeros[8];

	for (unsigned i = 0; i < 2 * COUNT(key_ids) * COUNT_TRIED; i++) {
		enum m6_mac_align align = i % 2 ? M6_MAC_ALIGN_8 : M6_MAC_ALIGN_4;
		uint32_t id = key_ids[i / 2 % COUNT(key_ids)];
		uint8_t datagram[128];
		memset(datagram, 0xff, sizeof(datagram));
		size_t body = put_body(REPLY, i / 2 / COUNT(key_ids), datagram);
		size_t at = up_to(body, align);
		size_t len = body;

		assert_int_equal(m6_mac_append(key_of(state, id), align, datagram,
				     sizeof(datagram), &len),
		    0);
		assert_int_equal(len, at + 4 + digest_len(id));
		assert_memory_equal(datagram + body, zeros, at - body);
		assert_memory_equal(datagram + at, zeros, 3);
		assert_int_equal(datagram[at + 3], id);
		assert_int_equal(datagram[len], 0xff);
		assert_int_equal(verify(key_of(state, id), datagram, len), M6_MAC_VALID);
	}
}

/* The counts that need no knowledge of the daemon, as auth.h says. */
static void
alignments_agree_for_half_of_all_counts(void **state)
{
	(void)state;
	for (unsigned count = 0; count < COUNT_TRIED; count++) {
		uint8_t datagram[64];
		size_t at4 = up_to(put_body(REPLY, count, datagram), 4);
		bool agree = at4 == up_to(at4, 8);
		assert_int_equal(agree, count % 8 >= 1 && count % 8 <= 4);
		assert_in_range(m6_mac_filler(count), 0, 7);
		assert_int_equal((count + m6_mac_filler(count)) % 8, 4);
	}
}

static void
what_does_not_fit_is_refused(void **state)
{
	for (unsigned i = 0; i < 2 * 8; i++) {
		enum m6_mac_align align = i % 2 ? M6_MAC_ALIGN_8 : M6_MAC_ALIGN_4;
		uint8_t body[M6_HEADER_LEN + 8];
		size_t body_len = put_body(REPLY, i / 2, body);
		size_t need = up_to(body_len, align) + 4 + 16;
		for (size_t cap = body_len; cap <= need; cap++) {
			uint8_t *datagram = malloc(cap);
			size_t len = body_len;
			assert_non_null(datagram);
			memcpy(datagram, body, body_len);
			assert_int_equal(m6_mac_append(key_of(state, KEY_MD5), align,
					     datagram, cap, &len),
			    cap == need ? 0 : ERR_FULL);
			assert_int_equal(len, cap == need ? need : body_len);
			assert_memory_equal(datagram, body, body_len);
			free(datagram);
		}
	}
}

/* A reply as NTPsec makes it: what is between data and code is residue. */
static size_t
put_with_residue(void **state, uint32_t id, unsigned count, size_t align, uint8_t *out,
    size_t cap)
{
	size_t body = put_body(REPLY, count, out);
	size_t len = up_to(body, align);

	for (size_t i = body; i < len; i++)
		out[i] = (uint8_t)(0xaf + i);
	/* NTPsec's copy of the key id right behind the data. */
	if (len - body >= 4)
		memcpy(out + body, (const uint8_t[]){ 0, 0, 0, (uint8_t)id }, 4);
	assert_int_equal(m6_mac_append(key_of(state, id), M6_MAC_ALIGN_4, out, cap, &len),
	    0);
	return len;
}

static void
residue_in_the_padding_is_covered(void **state)
{
	for (unsigned i = 0; i < 2 * COUNT_TRIED; i++) {
		uint8_t bytes[128];
		size_t len = put_with_residue(state, KEY_SHA256, i / 2, i % 2 ? 8 : 4,
		    bytes, sizeof(bytes));
		assert_int_equal(verify(key_of(state, KEY_SHA256), bytes, len),
		    M6_MAC_VALID);
		size_t at = len - 24;
		if (at == M6_HEADER_LEN + i / 2)
			continue;
		bytes[at - 1] ^= 1;
		assert_int_equal(verify(key_of(state, KEY_SHA256), bytes, len),
		    M6_MAC_INVALID);
	}
}

static void
no_flipped_bit_stays_valid(void **state)
{
	for (unsigned i = 0; i < COUNT(key_ids) * COUNT_TRIED; i++) {
		uint32_t id = key_ids[i % COUNT(key_ids)];
		uint8_t bytes[128];
		size_t len = put_with_residue(state, id, i / COUNT(key_ids), 8, bytes,
		    sizeof(bytes));

		for (size_t bit = 0; bit < 8 * len; bit++) {
			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_not_equal(m6_mac_verify(key_of(state, id), bytes, len),
			    M6_MAC_VALID);
			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		assert_int_equal(m6_mac_verify(key_of(state, id), bytes, len),
		    M6_MAC_VALID);
	}
}

/* Another number for the same secret is another key. */
static void
the_key_id_has_to_be_ours(void **state)
{
	static const char text[] = "1 MD5 same\n2 MD5 same\n";
	struct m6_keys *keys;
	uint8_t bytes[64];
	size_t len = put_body(REPLY, 4, bytes);

	(void)state;
	assert_int_equal(m6_keys_parse(text, sizeof(text) - 1, NULL, NULL, &keys), 0);
	assert_int_equal(m6_mac_append(m6_keys_find(keys, 1), M6_MAC_ALIGN_8, bytes,
			     sizeof(bytes), &len),
	    0);
	assert_int_equal(verify(m6_keys_find(keys, 1), bytes, len), M6_MAC_VALID);
	assert_int_equal(verify(m6_keys_find(keys, 2), bytes, len), M6_MAC_INVALID);
	bytes[len - 17] = 2;
	assert_int_equal(verify(m6_keys_find(keys, 2), bytes, len), M6_MAC_VALID);
	m6_keys_free(keys);
}

/* Cut anywhere, or with something behind it: not valid; without any of it: none. */
static void
a_part_of_a_code_is_none(void **state)
{
	for (unsigned count = 0; count < COUNT_TRIED; count++) {
		uint8_t bytes[128] = { 0 };
		size_t full =
		    put_with_residue(state, KEY_SHA1, count, 8, bytes, sizeof(bytes));
		size_t at = full - 24;

		for (size_t len = 0; len <= full + 24; len++) {
			enum m6_mac_verdict verdict =
			    verify(key_of(state, KEY_SHA1), bytes, len);
			if (len < M6_HEADER_LEN + count)
				assert_int_equal(verdict, M6_MAC_INVALID);
			else if (len <= at)
				assert_int_equal(verdict, M6_MAC_NONE);
			else
				assert_int_equal(verdict,
				    len == full ? M6_MAC_VALID : M6_MAC_INVALID);
		}
	}
}

/* A code of the right key in the wrong place is read by no daemon. */
static void
a_code_elsewhere_is_invalid(void **state)
{
	static const struct {
		uint8_t second;
		unsigned count;
		size_t at;
		enum m6_mac_verdict verdict;
	} rows[] = {
		{ REPLY, 8, 20, M6_MAC_VALID },
		{ REPLY, 8, 24, M6_MAC_VALID },
		{ REPLY, 8, 28, M6_MAC_INVALID },
		{ REPLY, 8, 32, M6_MAC_INVALID },
		{ REPLY, 8, 21, M6_MAC_INVALID },
		{ REPLY, 5, 17, M6_MAC_INVALID },
		{ REPLY, 5, 20, M6_MAC_VALID },
		{ ERROR_REPLY, 0, 12, M6_MAC_VALID },
		{ ERROR_REPLY, 0, 20, M6_MAC_INVALID },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t bytes[128] = { 0 }, digest[M6_DIGEST_MAX];
		put_body(rows[i].second, rows[i].count, bytes);
		assert_int_equal(
		    auth_key_digest(key_of(state, KEY_MD5), bytes, rows[i].at, digest),
		    0);
		bytes[rows[i].at + 3] = KEY_MD5;
		memcpy(bytes + rows[i].at + 4, digest, 16);
		assert_int_equal(verify(key_of(state, KEY_MD5), bytes, rows[i].at + 20),
		    rows[i].verdict);
	}
}

/* An error reply whose count and data are a lie is judged as one without data. */
static void
an_errors_count_does_not_move_the_code(void **state)
{
	uint8_t bytes[64];
	size_t len = put_body(ERROR_REPLY, 0, bytes);

	bytes[10] = 0xff;
	bytes[11] = 4;
	assert_int_equal(m6_mac_append(key_of(state, KEY_MD5), M6_MAC_ALIGN_4, bytes,
			     sizeof(bytes), &len),
	    0);
	assert_int_equal(verify(key_of(state, KEY_MD5), bytes, len), M6_MAC_VALID);
}

/* What daemons answer to a request whose code they did not take (4.2.8p15, 1.2.2). */
static void
refusals_are_told_from_silence(void **state)
{
	static const struct {
		uint8_t second;
		unsigned count;
		size_t trailer_len; /* of octets that are `fill` */
		uint8_t fill;
		enum m6_mac_verdict verdict;
	} rows[] = {
		/* Padded to four, as without a code. */
		{ REPLY, 4, 0, 0, M6_MAC_NONE },
		{ REPLY, 0, 0, 0, M6_MAC_NONE },
		{ REPLY, 5, 3, 0xaf, M6_MAC_NONE },
		{ REPLY, 5, 3, 0, M6_MAC_NONE },
		{ REPLY, 6, 0, 0, M6_MAC_NONE },
		/* ntp.org, unknown key: padded to eight. */
		{ REPLY, 0, 4, 0, M6_MAC_NONE },
		{ REPLY, 8, 4, 0, M6_MAC_NONE },
		{ REPLY, 7, 5, 0, M6_MAC_NONE },
		{ REPLY, 8, 4, 0x55, M6_MAC_NONE },
		/* ntp.org, wrong digest: a key id of zero behind that. */
		{ REPLY, 0, 8, 0, M6_MAC_NAK },
		{ REPLY, 8, 8, 0, M6_MAC_NAK },
		{ REPLY, 7, 9, 0, M6_MAC_NAK },
		{ REPLY, 1, 7, 0, M6_MAC_NAK },
		{ REPLY, 4, 4, 0, M6_MAC_NAK },
		{ REPLY, 4, 4, 0x55, M6_MAC_INVALID },
		{ REPLY, 4, 8, 0, M6_MAC_INVALID },
		{ REPLY, 4, 20, 0, M6_MAC_INVALID },
		{ ERROR_REPLY, 0, 0, 0, M6_MAC_NONE },
		{ ERROR_REPLY, 0, 3, 0, M6_MAC_NONE },
		{ ERROR_REPLY, 0, 4, 0, M6_MAC_NAK },
		{ ERROR_REPLY, 0, 4, 1, M6_MAC_INVALID },
		{ ERROR_REPLY, 0, 20, 0, M6_MAC_INVALID },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t bytes[64];
		size_t len = put_body(rows[i].second, rows[i].count, bytes);
		memset(bytes + len, rows[i].fill, rows[i].trailer_len);
		assert_int_equal(
		    verify(key_of(state, KEY_MD5), bytes, len + rows[i].trailer_len),
		    rows[i].verdict);
	}
}

static void
what_is_no_control_message_is_invalid(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} rows[] = {
		{ 0, 0x14 },  /* mode 4 */
		{ 0, 0x3e },  /* version 7 */
		{ 10, 0xff }, /* more than there is */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t bytes[64];
		size_t len = put_body(REPLY, 4, bytes);
		bytes[rows[i].at] = rows[i].value;
		assert_int_equal(m6_mac_append(key_of(state, KEY_MD5), M6_MAC_ALIGN_8,
				     bytes, sizeof(bytes), &len),
		    0);
		assert_int_equal(verify(key_of(state, KEY_MD5), bytes, len),
		    M6_MAC_INVALID);
	}
}

/* The first is one that a daemon of 2006 showed. */
static void
address_hash_is_the_beginning_of_a_digest(void **state)
{
	static const struct {
		uint8_t address[16], hash[M6_ADDRESS_HASH_LEN];
	} rows[] = {
		{ { 0x26, 0x07, 0xf2, 0x48, [15] = 0x45 }, { 145, 145, 221, 252 } },
		{ { 0 }, { 0x4a, 0xe7, 0x13, 0x36 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t hash[M6_ADDRESS_HASH_LEN];

		if (!m6_address_hash(rows[i].address, hash))
			skip();
		assert_memory_equal(hash, rows[i].hash, sizeof(hash));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_hash_is_the_beginning_of_a_digest),
		cmocka_unit_test(requests_carry_the_codes_that_daemons_accepted),
		cmocka_unit_test(recorded_replies_are_valid),
		cmocka_unit_test(codes_stand_at_multiples_behind_zeros),
		cmocka_unit_test(alignments_agree_for_half_of_all_counts),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(residue_in_the_padding_is_covered),
		cmocka_unit_test(no_flipped_bit_stays_valid),
		cmocka_unit_test(the_key_id_has_to_be_ours),
		cmocka_unit_test(a_part_of_a_code_is_none),
		cmocka_unit_test(a_code_elsewhere_is_invalid),
		cmocka_unit_test(an_errors_count_does_not_move_the_code),
		cmocka_unit_test(refusals_are_told_from_silence),
		cmocka_unit_test(what_is_no_control_message_is_invalid),
	};

	return cmocka_run_group_tests(tests, load_keys, drop_keys);
}
