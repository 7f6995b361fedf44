/* SPDX-License-Identifier: BSD-2-Clause */
/* Message authentication codes: the octets that living daemons accepted and sent, where
 * they stand, and what is no code. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "mode6/auth.h"
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_carry_the_codes_that_daemons_accepted),
		cmocka_unit_test(recorded_replies_are_valid),
	};

	return cmocka_run_group_tests(tests, load_keys, drop_keys);
}
