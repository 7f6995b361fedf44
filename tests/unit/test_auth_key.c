/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests and CMACs: published vectors, every name, every refusal. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include "base/err.h"
#include "mode6/auth_key.h"
#include "support/hex.h"
#include "support/mem_watch.h"

/* A key whose secret is text[0..len). */
static int
new_key(const char *type, const void *secret, size_t len, char what[M6_KEYS_PROBLEM_MAX],
    struct m6_key **out)
{
	what[0] = '\0';
	return auth_key_new(7, type, strlen(type), secret, len, what, out);
}

static void
digests_go_by_many_names(void **state)
{
	/* Secret "a", octets "bc": the published digest of "abc", its first 20 octets. */
	static const struct {
		const char *type, *shown, *digest;
	} rows[] = {
		{ "MD5", "MD5", "900150983cd24fb0d6963f7d28e17f72" },
		{ "md5", "MD5", "900150983cd24fb0d6963f7d28e17f72" },
		{ "M", "MD5", "900150983cd24fb0d6963f7d28e17f72" },
		{ "m", "MD5", "900150983cd24fb0d6963f7d28e17f72" },
		{ "Mumble", "MD5", "900150983cd24fb0d6963f7d28e17f72" },
		{ "SHA1", "SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "sha1", "SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "SHA-1", "SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "SHA", "SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "SHA224", "SHA224", "23097d223405d8228642a477bda255b32aadbce4" },
		{ "SHA-224", "SHA224", "23097d223405d8228642a477bda255b32aadbce4" },
		{ "SHA256", "SHA256", "ba7816bf8f01cfea414140de5dae2223b00361a3" },
		{ "sha-256", "SHA256", "ba7816bf8f01cfea414140de5dae2223b00361a3" },
		{ "SHA2-256", "SHA256", "ba7816bf8f01cfea414140de5dae2223b00361a3" },
		{ "RSA-SHA256", "SHA256", "ba7816bf8f01cfea414140de5dae2223b00361a3" },
		{ "SHA384", "SHA384", "cb00753f45a35e8bb5a03d699ac65007272c32ab" },
		{ "SHA-384", "SHA384", "cb00753f45a35e8bb5a03d699ac65007272c32ab" },
		{ "SHA512", "SHA512", "ddaf35a193617abacc417349ae20413112e6fa4e" },
		{ "SHA-512", "SHA512", "ddaf35a193617abacc417349ae20413112e6fa4e" },
		{ "SHA512-256", "SHA512-256",
		    "53048e2681941ef99b2e29b76b4c7dabe4c2d0c6" },
		{ "SHA3-256", "SHA3-256", "3a985da74fe225b2045c172d6bd390bd855f086e" },
		{ "RIPEMD160", "RIPEMD160", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc" },
		{ "rmd160", "RIPEMD160", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char what[M6_KEYS_PROBLEM_MAX];
		uint8_t expected[M6_DIGEST_MAX], digest[M6_DIGEST_MAX];
		size_t len = hex_bytes(rows[i].digest, expected, sizeof(expected));
		struct m6_key *key;

		assert_int_equal(new_key(rows[i].type, "a", 1, what, &key), 0);
		/* Others in this process look for their own errors there. */
		assert_int_equal(ERR_peek_error(), 0);
		assert_int_equal(m6_key_id(key), 7);
		assert_string_equal(m6_key_type(key), rows[i].shown);
		assert_int_equal(auth_key_digest_len(key), len);
		assert_int_equal(auth_key_digest(key, "bc", 2, digest), 0);
		assert_memory_equal(digest, expected, len);
		auth_key_free(key);
	}
}

#define KEY_128 "2b7e151628aed2a6abf7158809cf4f3c"
#define KEY_192 "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
#define KEY_256 "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"

/* RFC 4493 section 4, and for the longer keys NIST SP 800-38B appendix D. */
static void
cmacs_are_the_published_ones(void **state)
{
	static const char message[] = "6bc1bee22e409f96e93d7e117393172a"
				      "ae2d8a571e03ac9c9eb76fac45af8e51"
				      "30c81c46a35ce411e5fbc1191a0a52ef"
				      "f69f2445df4f9b17ad2b417be66c3710";
	static const struct {
		const char *type, *secret;
		size_t len;
		const char *digest;
	} rows[] = {
		{ "AES128CMAC", KEY_128, 0, "bb1d6929e95937287fa37d129b756746" },
		{ "AES-128", KEY_128, 16, "070a16b46b4d4144f79bdd9dd04a287c" },
		{ "aes-128-cmac", KEY_128, 40, "dfa66747de9ae63030ca32611497c827" },
		{ "AES", KEY_128, 64, "51f0bebf7e3b9d92fc49741779363cfe" },
		{ "AES-192", KEY_192, 0, "d17ddf46adaacde531cac483de7a9367" },
		{ "AES-192", KEY_192, 64, "a1d5df0eed790f794d77589659f39a11" },
		{ "AES-256", KEY_256, 0, "028962f61b7bf89efc6b551f4667d983" },
		{ "aes-256", KEY_256, 16, "28a7023f452e8f82bd4bf28d8c37c35c" },
		{ "AES-256", KEY_256, 40, "aaf3d8f1de5640c232f5b169b9c911e6" },
		{ "AES-256", KEY_256, 64, "e1992190549f6ed5696a2c056c315410" },
	};
	uint8_t bytes[64];

	(void)state;
	hex_bytes(message, bytes, sizeof(bytes));
	for (size_t i = 0; i < COUNT(rows); i++) {
		char what[M6_KEYS_PROBLEM_MAX];
		uint8_t secret[AUTH_SECRET_MAX], expected[16], digest[M6_DIGEST_MAX];
		size_t len = hex_bytes(rows[i].secret, secret, sizeof(secret));
		struct m6_key *key;

		hex_bytes(rows[i].digest, expected, sizeof(expected));
		assert_int_equal(new_key(rows[i].type, secret, len, what, &key), 0);
		assert_int_equal(auth_key_digest_len(key), 16);
		assert_int_equal(auth_key_digest(key, bytes, rows[i].len, digest), 0);
		assert_memory_equal(digest, expected, sizeof(expected));
		auth_key_free(key);
	}
}

/* What NTPsec takes: a name that with "-CBC" behind it is a cipher of OpenSSL. */
static void
ciphers_take_secrets_of_their_own_length(void **state)
{
	static const struct {
		const char *type, *shown;
		size_t secret_len, digest_len;
	} rows[] = {
		{ "AES", "AES-128-CMAC", 16, 16 },
		{ "AES128CMAC", "AES-128-CMAC", 16, 16 },
		{ "aes128cmac", "AES-128-CMAC", 16, 16 },
		{ "AES-128", "AES-128-CMAC", 16, 16 },
		{ "AES-128-CMAC", "AES-128-CMAC", 16, 16 },
		{ "AES-192", "AES-192-CMAC", 24, 16 },
		{ "AES-256", "AES-256-CMAC", 32, 16 },
		{ "CAMELLIA-128", "CAMELLIA-128-CMAC", 16, 16 },
		{ "camellia-192", "CAMELLIA-192-CMAC", 24, 16 },
		{ "CAMELLIA-256", "CAMELLIA-256-CMAC", 32, 16 },
		{ "ARIA-128", "ARIA-128-CMAC", 16, 16 },
		{ "ARIA-192", "ARIA-192-CMAC", 24, 16 },
		{ "ARIA-256", "ARIA-256-CMAC", 32, 16 },
		{ "SM4", "SM4-CMAC", 16, 16 },
		{ "DES-EDE", "DES-EDE-CMAC", 16, 8 },
		{ "DES-EDE3", "DES-EDE3-CMAC", 24, 8 },
	};
	static const uint8_t secret[AUTH_SECRET_MAX] = { 's', 'e', 'c', 'r', 'e', 't' };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t len = 1; len <= AUTH_SECRET_MAX; len++) {
			char what[M6_KEYS_PROBLEM_MAX],
			    expected[M6_KEYS_PROBLEM_MAX] = "";
			struct m6_key *key = NULL;
			int rc = new_key(rows[i].type, secret, len, what, &key);
			if (len == rows[i].secret_len) {
				assert_int_equal(rc, 0);
				assert_string_equal(m6_key_type(key), rows[i].shown);
				assert_int_equal(auth_key_digest_len(key),
				    rows[i].digest_len);
			} else {
				assert_int_equal(rc, ERR_RANGE);
				snprintf(expected, sizeof(expected),
				    "%s takes a secret of %zu octets, this one has %zu",
				    rows[i].shown, rows[i].secret_len, len);
			}
			assert_string_equal(what, expected);
			auth_key_free(key);
		}
	}
}

static void
other_names_are_unknown(void **state)
{
	static const char *const types[] = {
		"",
		"none",
		"NULL", /* a digest of OpenSSL, of no octets */
		"undef",
		"AES-128-CBC",
		"AES-128-GCM",
		"AES128",
		"CHACHA20",
		"HMAC-SHA1",
		"sha1:md5",
		"sha256 ",
		"\x80\xff\n",
		"%s%n",
		"a-name-that-is-longer-than-any-digest-or-cipher-has-ever-had",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		char what[M6_KEYS_PROBLEM_MAX];
		struct m6_key *key = NULL;
		assert_int_equal(new_key(types[i], "0123456789abcdef", 16, what, &key),
		    ERR_NOTFOUND);
		assert_null(key);
		assert_string_equal(what, "");
	}
}

static void
longer_secrets_are_refused(void **state)
{
	static const uint8_t secret[AUTH_SECRET_MAX + 1];
	char what[M6_KEYS_PROBLEM_MAX];
	struct m6_key *key = NULL;

	(void)state;
	assert_int_equal(new_key("SHA1", secret, AUTH_SECRET_MAX, what, &key), 0);
	auth_key_free(key);
	assert_int_equal(new_key("SHA1", secret, sizeof(secret), what, &key), ERR_TOOBIG);
}

static void
expect_refusal(const char *type, size_t secret_len, const char *shown)
{
	static const uint8_t secret[AUTH_SECRET_MAX];
	char what[M6_KEYS_PROBLEM_MAX], expected[M6_KEYS_PROBLEM_MAX];
	struct m6_key *key = NULL;

	snprintf(expected, sizeof(expected),
	    "this OpenSSL refuses %s (FIPS, or a provider that is not loaded)", shown);
	assert_int_equal(new_key(type, secret, secret_len, what, &key), ERR_REFUSED);
	assert_null(key);
	assert_string_equal(what, expected);
	assert_int_equal(ERR_peek_error(), 0);
}

/* These are in a provider that nobody loaded. */
static void
what_has_no_provider_is_named(void **state)
{
	(void)state;
	expect_refusal("MD4", 5, "MD4");
	expect_refusal("md4", 5, "MD4");
	expect_refusal("DES", 8, "DES-CMAC");
	expect_refusal("BF", 16, "BF-CMAC");
	expect_refusal("CAST5", 16, "CAST5-CMAC");
}

/* As in FIPS mode without a FIPS provider: all is refused. */
static void
what_policy_forbids_is_named(void **state)
{
	static const struct {
		const char *type;
		size_t secret_len;
		const char *shown;
	} rows[] = {
		{ "MD5", 5, "MD5" },
		{ "Mumble", 5, "MD5" },
		{ "SHA1", 5, "SHA1" },
		{ "SHA-256", 5, "SHA256" },
		{ "AES128CMAC", 16, "AES-128-CMAC" },
		{ "AES-256", 32, "AES-256-CMAC" },
	};

	(void)state;
	assert_int_equal(EVP_set_default_properties(NULL, "fips=yes"), 1);
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_refusal(rows[i].type, rows[i].secret_len, rows[i].shown);
	assert_int_equal(EVP_set_default_properties(NULL, ""), 1);
}

/* Ciphers are looked up again for each code. */
static void
a_later_refusal_fails_and_no_more(void **state)
{
	char what[M6_KEYS_PROBLEM_MAX];
	uint8_t digest[M6_DIGEST_MAX];
	struct m6_key *key;

	(void)state;
	assert_int_equal(new_key("AES", "0123456789abcdef", 16, what, &key), 0);
	assert_int_equal(EVP_set_default_properties(NULL, "fips=yes"), 1);
	assert_int_equal(auth_key_digest(key, "x", 1, digest), ERR_NOMEM);
	assert_int_equal(EVP_set_default_properties(NULL, ""), 1);
	assert_int_equal(auth_key_digest(key, "x", 1, digest), 0);
	auth_key_free(key);
}

static const char secret_text[] = "Open, sesame seeds"; /* not hexadecimal */
enum { SECRET_LEN = 16 };

/* Fails the n-th allocation of one kind until none is left to fail. Returns how many
 * times that was taken for a refusal. */
static unsigned
fail_each_allocation(const char *type, void (*set_failing)(unsigned))
{
	unsigned n = 0, n_nomem = 0, n_refused = 0;
	bool is_over = false;

	while (!is_over) {
		char what[M6_KEYS_PROBLEM_MAX];
		uint8_t digest[M6_DIGEST_MAX];
		struct m6_key *key = NULL;

		set_failing(++n);
		int rc = new_key(type, secret_text, SECRET_LEN, what, &key);
		if (rc == 0)
			rc = auth_key_digest(key, "x", 1, digest);
		is_over = !mem_watch_failed();
		set_failing(0);
		n_nomem += rc == ERR_NOMEM;
		n_refused += rc == ERR_REFUSED;
		assert_true(rc == 0 || rc == ERR_NOMEM || rc == ERR_REFUSED);
		assert_true(rc == 0 || !is_over);
		auth_key_free(key);
	}
	assert_true(n_nomem > n_refused);
	return n_refused;
}

static void
memory_may_be_out_at_any_time(void **state)
{
	static const char *const types[] = { "MD5", "SHA256", "AES128CMAC" };

	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		assert_int_equal(fail_each_allocation(types[i], mem_watch_fail), 0);
		/* OpenSSL does not always say that it was memory. */
		fail_each_allocation(types[i], mem_watch_fail_openssl);
	}
}

static void
no_secret_is_left_in_released_memory(void **state)
{
	static const char *const types[] = { "MD5", "SHA512", "AES", "unknown", "MD4",
		"SM3" };

	(void)state;
	mem_watch_secret(secret_text, SECRET_LEN);
	for (size_t i = 0; i < COUNT(types); i++) {
		char what[M6_KEYS_PROBLEM_MAX];
		uint8_t digest[M6_DIGEST_MAX];
		struct m6_key *key = NULL;

		if (new_key(types[i], secret_text, SECRET_LEN, what, &key) == 0)
			assert_int_equal(auth_key_digest(key, "x", 1, digest), 0);
		auth_key_free(key);
	}
	assert_true(mem_watch_released() > COUNT(types));
	assert_int_equal(mem_watch_found(), 0);
	mem_watch_secret(NULL, 0);
}

static void
equal_octets_are_equal(void **state)
{
	static const uint8_t a[] = { 1, 2, 3 }, b[] = { 1, 2, 4 };

	(void)state;
	assert_true(auth_equal(a, a, sizeof(a)));
	assert_false(auth_equal(a, b, sizeof(a)));
	assert_true(auth_equal(a, b, 2));
}

/* Last: what is loaded stays. MD4 begins with an M, and still is no MD5. */
static void
a_loaded_provider_is_used(void **state)
{
	char what[M6_KEYS_PROBLEM_MAX];
	uint8_t expected[16], digest[M6_DIGEST_MAX];
	struct m6_key *key;

	(void)state;
	OSSL_PROVIDER *legacy = OSSL_PROVIDER_load(NULL, "legacy");
	if (!legacy)
		skip();
	hex_bytes("a448017aaf21d8525fc10ae87aa6729d", expected, sizeof(expected));
	assert_int_equal(new_key("MD4", "a", 1, what, &key), 0);
	assert_string_equal(m6_key_type(key), "MD4");
	assert_int_equal(auth_key_digest(key, "bc", 2, digest), 0);
	assert_memory_equal(digest, expected, sizeof(expected));
	auth_key_free(key);
	OSSL_PROVIDER_unload(legacy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_go_by_many_names),
		cmocka_unit_test(cmacs_are_the_published_ones),
		cmocka_unit_test(ciphers_take_secrets_of_their_own_length),
		cmocka_unit_test(other_names_are_unknown),
		cmocka_unit_test(longer_secrets_are_refused),
		cmocka_unit_test(what_has_no_provider_is_named),
		cmocka_unit_test(what_policy_forbids_is_named),
		cmocka_unit_test(a_later_refusal_fails_and_no_more),
		cmocka_unit_test(memory_may_be_out_at_any_time),
		cmocka_unit_test(no_secret_is_left_in_released_memory),
		cmocka_unit_test(equal_octets_are_equal),
		cmocka_unit_test(a_loaded_provider_is_used),
	};

	/* This machine's policy is not what is tested. */
	setenv("OPENSSL_CONF", "/dev/null", 1);
	mem_watch_openssl();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
