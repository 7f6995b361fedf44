/* SPDX-License-Identifier: BSD-2-Clause */
/* Key files: what lines give keys, what is told of the others, and that nothing that is
 * told holds a part of a secret. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "mode6/auth.h"
#include "mode6/auth_key.h"
#include "support/mem_watch.h"

enum { TOLD_MAX = 1024 };

/* All that was told, one "line: what" after the other. */
struct told {
	char text[TOLD_MAX];
	size_t len;
	unsigned count;
};

static void
note(void *ctx, unsigned line, const char *what)
{
	struct told *told = ctx;

	assert_true(strlen(what) < M6_KEYS_PROBLEM_MAX);
	told->count++;
	int n = snprintf(told->text + told->len, TOLD_MAX - told->len, "%u: %s\n", line,
	    what);
	if (n > 0 && (size_t)n < TOLD_MAX - told->len)
		told->len += (size_t)n;
}

/* Parses a copy that ends where the text ends. */
static int
parse(const char *text, size_t len, struct told *told, struct m6_keys **out)
{
	char *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	*told = (struct told){ .len = 0 };
	int rc = m6_keys_parse(copy, len, note, told, out);
	free(copy);
	return rc;
}

static struct m6_keys *
parse_text(const char *text, struct told *told)
{
	struct m6_keys *keys = NULL;

	assert_int_equal(parse(text, strlen(text), told, &keys), 0);
	assert_non_null(keys);
	return keys;
}

/* Whether the key signs as one of that type and secret does. */
static void
assert_key(const struct m6_keys *keys, uint32_t id, const char *type, const void *secret,
    size_t secret_len)
{
	char what[M6_KEYS_PROBLEM_MAX];
	uint8_t expected[M6_DIGEST_MAX], digest[M6_DIGEST_MAX];
	const struct m6_key *key = m6_keys_find(keys, id);
	struct m6_key *same;

	assert_non_null(key);
	assert_int_equal(m6_key_id(key), id);
	assert_int_equal(
	    auth_key_new(id, type, strlen(type), secret, secret_len, what, &same), 0);
	assert_string_equal(m6_key_type(key), m6_key_type(same));
	assert_int_equal(auth_key_digest(key, "x", 1, digest), 0);
	assert_int_equal(auth_key_digest(same, "x", 1, expected), 0);
	assert_memory_equal(digest, expected, auth_key_digest_len(same));
	auth_key_free(same);
}

static void
lines_of_words_give_keys(void **state)
{
	static const struct {
		const char *text;
		uint32_t id;
		const char *type, *secret;
		size_t secret_len;
	} rows[] = {
		{ "1 MD5 secret\n", 1, "MD5", "secret", 6 },
		{ "1 MD5 secret", 1, "MD5", "secret", 6 },
		{ "65535 SHA1 s\n", 65535, "SHA1", "s", 1 },
		{ "007 M x\n", 7, "MD5", "x", 1 },
		{ " \t1\t \tMD5 \t secret \t\n", 1, "MD5", "secret", 6 },
		{ "# keys\n\n \t\n#\n1 MD5 secret # of ours\n", 1, "MD5", "secret", 6 },
		{ "1 MD5 secret# of ours\n", 1, "MD5", "secret", 6 },
		{ "1 MD5 se#cret\n", 1, "MD5", "se", 2 },
		{ "1 MD5 \"'\\,;\n", 1, "MD5", "\"'\\,;", 5 },
		{ "1 MD5 \xc3\xa9\x01\n", 1, "MD5", "\xc3\xa9\x01", 3 },
		/* Twenty characters are the secret, twenty-one are hexadecimal. */
		{ "1 MD5 0123456789abcdef0123\n", 1, "MD5", "0123456789abcdef0123", 20 },
		{ "1 MD5 30313233343536373839A\n", 1, "MD5", "0123456789", 10 },
		{ "1 MD5 30313233343536373839aB\n", 1, "MD5", "0123456789\xab", 11 },
		{ "1 AES 000102030405060708090a0b0c0d0e0F\n", 1, "AES",
		    "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16 },
		{ "1 AES 0123456789abcdef\n", 1, "AES", "0123456789abcdef", 16 },
		/* Sixty-four digits count, and what is behind them is not looked at. */
		{ "1 MD5 "
		  "3030303030303030303030303030303030303030303030303030303030303030"
		  "3131-it does not matter\n",
		    1, "MD5", "00000000000000000000000000000000", 32 },
		/* Addresses that may use the key, of ntp.org. */
		{ "1 SHA256 secret 192.0.2.1,2001:db8::/32\n", 1, "SHA256", "secret", 6 },
		{ "1 SHA256 secret 192.0.2.1 more\r\n", 1, "SHA256", "secret", 6 },
		{ "1 SHA256 secret # more\r\n\r\n#\r\n", 1, "SHA256", "secret", 6 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct told told;
		struct m6_keys *keys = parse_text(rows[i].text, &told);
		assert_string_equal(told.text, "");
		assert_int_equal(m6_keys_count(keys), 1);
		assert_key(keys, rows[i].id, rows[i].type, rows[i].secret,
		    rows[i].secret_len);
		m6_keys_free(keys);
	}
}

#define NO_NUMBER "does not begin with a key's number, 1 to 65535"
#define UNKNOWN_TYPE \
	"unknown type; known are MD5, SHA1, SHA256, AES128CMAC, and OpenSSL's"
#define NOT_HEX    "a secret of over 20 characters has to be hexadecimal"
#define REFUSED(x) "this OpenSSL refuses " x " (FIPS, or a provider that is not loaded)"
#define TWICE      "twice; this one is taken, as by NTPsec, but ntp.org takes the first"
#define HAS_CR     "left out the CR at the end, which daemons add to the secret"

/* A line, and what is told of it. */
struct line_row {
	const char *line, *told;
};

/* Each is left out, and the lines around it are taken. */
static void
check_lines(const struct line_row *rows, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; i++) {
		char text[256], expected[256];
		struct told told;
		snprintf(text, sizeof(text), "3 MD5 before\n%s\n7 MD5 behind",
		    rows[i].line);
		struct m6_keys *keys = parse_text(text, &told);
		snprintf(expected, sizeof(expected), "2: %s\n", rows[i].told);
		assert_string_equal(told.text, expected);
		assert_null(strstr(told.text, "ZZ"));
		assert_int_equal(m6_keys_count(keys), 2);
		assert_key(keys, 3, "MD5", "before", 6);
		assert_key(keys, 7, "MD5", "behind", 6);
		assert_null(m6_keys_find(keys, 5));
		m6_keys_free(keys);
	}
}

static void
lines_that_lack_a_word_are_told(void **state)
{
	static const struct line_row rows[] = {
		{ "0 MD5 ZZZZZZ", NO_NUMBER },
		{ "65536 MD5 ZZZZZZ", NO_NUMBER },
		{ "4294967297 MD5 ZZZZZZ", NO_NUMBER },
		{ "99999999999999999999999 MD5 ZZZZZZ", NO_NUMBER },
		{ "-1 MD5 ZZZZZZ", NO_NUMBER },
		{ "+5 MD5 ZZZZZZ", NO_NUMBER },
		{ "5x MD5 ZZZZZZ", NO_NUMBER },
		{ "0x5 MD5 ZZZZZZ", NO_NUMBER },
		{ "ZZZZZZ", NO_NUMBER },
		{ "\xef\xbb\xbf"
		  "5 MD5 ZZZZZZ",
		    NO_NUMBER },
		{ "5\v MD5 ZZZZZZ", NO_NUMBER },
		{ "5", "key 5: no type and no secret" },
		{ "5 \t", "key 5: no type and no secret" },
		{ "5 # MD5 ZZZZZZ", "key 5: no type and no secret" },
		{ "5#MD5 ZZZZZZ", "key 5: no type and no secret" },
		{ "5 ZZZZZZ", "key 5: no secret" },
		{ "5 MD5 ", "key 5: no secret" },
		{ "5 MD5 #ZZZZZZ", "key 5: no secret" },
		{ "5 MD5# ZZZZZZ", "key 5: no secret" },
		{ "5 ZZZZZZ # MD5", "key 5: no secret" },
	};

	(void)state;
	check_lines(rows, COUNT(rows));
}

static void
keys_that_cannot_be_used_are_told(void **state)
{
	static const struct line_row rows[] = {
		{ "5 ZZZZZZ MD5", "key 5: " UNKNOWN_TYPE },
		{ "5 ZZZZZZ ZZZZZZ", "key 5: " UNKNOWN_TYPE },
		{ "5 ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ x",
		    "key 5: " UNKNOWN_TYPE },
		{ "5 %s ZZZZZZ", "key 5: " UNKNOWN_TYPE },
		{ "5 MD5 0123456789abcdef0123Z", "key 5: " NOT_HEX },
		{ "5 MD5 ZZZZZZZZZZZZZZZZZZZZZ", "key 5: " NOT_HEX },
		{ "5 MD5 Z0123456789abcdef01230123456789abcdef0123", "key 5: " NOT_HEX },
		{ "5 AES128CMAC ZZZZZZ",
		    "key 5: AES-128-CMAC takes a secret of 16 octets, this one has 6" },
		{ "5 AES-256 000102030405060708090a0b0c0d0e0f",
		    "key 5: AES-256-CMAC takes a secret of 32 octets, this one has 16" },
		{ "5 DES ZZZZZZZZ", "key 5: " REFUSED("DES-CMAC") },
		{ "5 MD4 ZZZZZZ", "key 5: " REFUSED("MD4") },
	};

	(void)state;
	check_lines(rows, COUNT(rows));
}

/* The daemons would sign with "secret\r". */
static void
a_cr_in_a_secret_is_left_out_and_told(void **state)
{
	struct told told;
	struct m6_keys *keys =
	    parse_text("1 MD5 secret\r\n2 MD5 sec\rret\n3 MD5 secret\r", &told);

	(void)state;
	assert_string_equal(told.text, "1: key 1: " HAS_CR "\n3: key 3: " HAS_CR "\n");
	assert_key(keys, 1, "MD5", "secret", 6);
	assert_key(keys, 2, "MD5", "sec\rret", 7);
	assert_key(keys, 3, "MD5", "secret", 6);
	m6_keys_free(keys);
}

static void
the_last_of_two_is_taken_and_told(void **state)
{
	struct told told;
	struct m6_keys *keys = parse_text("1 MD5 first\n2 MD5 other\n1 SHA1 second\n"
					  "2 NOTYPE x\n2 AES short\n1 MD5 third\n",
	    &told);

	(void)state;
	assert_int_equal(m6_keys_count(keys), 2);
	assert_key(keys, 1, "MD5", "third", 5);
	assert_key(keys, 2, "MD5", "other", 5);
	assert_string_equal(told.text,
	    "3: key 1: " TWICE "\n"
	    "4: key 2: " UNKNOWN_TYPE "\n"
	    "5: key 2: AES-128-CMAC takes a secret of 16 octets, this one has 5\n"
	    "6: key 1: " TWICE "\n");
	m6_keys_free(keys);
}

static void
nul_octets_are_told_wherever_they_are(void **state)
{
	static const char line[] = "5 MD5 secret # comment";

	(void)state;
	for (size_t i = 0; i < sizeof(line) - 1; i++) {
		char text[sizeof(line)];
		struct told told;
		struct m6_keys *keys;
		memcpy(text, line, sizeof(line));
		text[i] = '\0';
		text[sizeof(line) - 1] = '\n';
		assert_int_equal(parse(text, sizeof(text), &told, &keys), 0);
		assert_string_equal(told.text, "1: a NUL octet\n");
		assert_int_equal(m6_keys_count(keys), 0);
		m6_keys_free(keys);
	}
}

/* As a daemon's buffer of 512 octets holds them: 511, with the line's end. */
static void
lines_end_at_their_limit(void **state)
{
	(void)state;
	for (size_t len = M6_KEYS_LINE_MAX - 3; len <= M6_KEYS_LINE_MAX + 3; len++) {
		static const char start[] = "5 MD5 secret #";
		char text[M6_KEYS_LINE_MAX + 32];
		struct told told;
		memset(text, 'x', sizeof(text));
		memcpy(text, start, sizeof(start) - 1);
		memcpy(text + len, "\n6 MD5 next\n", 13);
		struct m6_keys *keys = parse_text(text, &told);
		bool is_good = len < M6_KEYS_LINE_MAX;
		assert_int_equal(m6_keys_count(keys), is_good ? 2 : 1);
		assert_key(keys, 6, "MD5", "next", 4);
		assert_string_equal(told.text,
		    is_good ? ""
			    : "1: over 511 octets, of which daemons make two lines\n");
		m6_keys_free(keys);
	}
}

static void
nothing_gives_no_keys(void **state)
{
	static const char *const texts[] = { "", "\n", "\n\n\n", "#", " ", "\r\n", "\r" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct told told;
		struct m6_keys *keys = parse_text(texts[i], &told);
		assert_int_equal(m6_keys_count(keys), 0);
		assert_null(m6_keys_find(keys, 0));
		assert_null(m6_keys_find(keys, 1));
		assert_string_equal(told.text, "");
		m6_keys_free(keys);
	}
	assert_int_equal(m6_keys_count(NULL), 0);
	assert_null(m6_keys_find(NULL, 1));
	assert_null(m6_keys_only(NULL));
	m6_keys_free(NULL);
}

/* Text with `count` keys, numbered from 1. */
static char *
many_keys(unsigned count, size_t *len_out)
{
	const size_t cap = (size_t)count * 16;
	char *text = malloc(cap);

	assert_non_null(text);
	*len_out = 0;
	for (unsigned i = 1; i <= count; i++)
		*len_out +=
		    (size_t)snprintf(text + *len_out, cap - *len_out, "%u M s%u\n", i, i);
	return text;
}

static void
there_is_a_limit_of_keys(void **state)
{
	(void)state;
	for (unsigned count = M6_KEYS_MAX; count <= M6_KEYS_MAX + 1; count++) {
		struct m6_keys *keys = NULL;
		struct told told;
		size_t len;
		char *text = many_keys(count, &len);
		int rc = parse(text, len, &told, &keys);

		free(text);
		assert_string_equal(told.text, "");
		if (count > M6_KEYS_MAX) {
			assert_int_equal(rc, ERR_TOOBIG);
			assert_null(keys);
			continue;
		}
		assert_int_equal(rc, 0);
		assert_int_equal(m6_keys_count(keys), M6_KEYS_MAX);
		assert_key(keys, 1, "MD5", "s1", 2);
		assert_key(keys, M6_KEYS_MAX, "MD5", "s4096", 5);
		m6_keys_free(keys);
	}
}

static void
there_is_a_limit_of_octets(void **state)
{
	char *text = malloc(M6_KEYS_TEXT_MAX + 1);
	struct m6_keys *keys = NULL;
	struct told told;

	(void)state;
	assert_non_null(text);
	memset(text, '\n', M6_KEYS_TEXT_MAX + 1);
	assert_int_equal(parse(text, M6_KEYS_TEXT_MAX + 1, &told, &keys), ERR_TOOBIG);
	assert_null(keys);
	assert_int_equal(parse(text, M6_KEYS_TEXT_MAX, &told, &keys), 0);
	m6_keys_free(keys);
	/* As many wrong lines as there can be. */
	memset(text, 'x', M6_KEYS_TEXT_MAX);
	for (size_t i = 1; i < M6_KEYS_TEXT_MAX; i += 2)
		text[i] = '\n';
	assert_int_equal(parse(text, M6_KEYS_TEXT_MAX, &told, &keys), 0);
	assert_int_equal(told.count, M6_KEYS_TEXT_MAX / 2);
	m6_keys_free(keys);
	free(text);
}

/* Octets without sense: all that may happen is that something is told. */
static void
garbage_is_survived(void **state)
{
	static const char alphabet[] = "0159 \t\n\r#MmDdAaEeSsHh-\0\xff%,";
	uint32_t seed = 1;

	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		char text[200];
		struct told told;
		struct m6_keys *keys = NULL;
		for (size_t j = 0; j < sizeof(text); j++) {
			seed = seed * 1664525U + 1013904223U;
			text[j] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		assert_int_equal(parse(text, i % sizeof(text), &told, &keys), 0);
		m6_keys_free(keys);
	}
}

static void
nobody_need_listen(void **state)
{
	static const char text[] = "x\n1 MD5 secret\n";
	struct m6_keys *keys;

	(void)state;
	assert_int_equal(m6_keys_parse(text, sizeof(text) - 1, NULL, NULL, &keys), 0);
	assert_int_equal(m6_keys_count(keys), 1);
	m6_keys_free(keys);
}

static void
memory_may_be_out_at_any_time(void **state)
{
	unsigned n = 0;
	size_t len;
	char *text = many_keys(60, &len);
	bool is_over = false;

	(void)state;
	while (!is_over) {
		struct m6_keys *keys = NULL;
		struct told told;
		mem_watch_fail(++n);
		int rc = parse(text, len, &told, &keys);
		is_over = !mem_watch_failed();
		mem_watch_fail(0);
		assert_int_equal(rc, is_over ? 0 : ERR_NOMEM);
		assert_int_equal(m6_keys_count(keys), is_over ? 60 : 0);
		m6_keys_free(keys);
	}
	assert_true(n > 60);
	free(text);
}

static void
no_secret_is_left_in_released_memory(void **state)
{
	/* Keys that are taken, replaced, refused, and one too many. */
	static const char text[] =
	    "1 MD5 Ali-Baba-40\n1 SHA1 Ali-Baba-40\n2 AES Ali-Baba-40\n"
	    "3 MD4 Ali-Baba-40\n4 no Ali-Baba-40\n"
	    "5 MD5 416c692d426162612d3430416c\n";
	struct told told;

	(void)state;
	mem_watch_secret("Ali-Baba-40", 11);
	m6_keys_free(parse_text(text, &told));
	for (unsigned n = 1; n < 8; n++) {
		struct m6_keys *keys = NULL;
		mem_watch_fail(n);
		parse(text, sizeof(text) - 1, &told, &keys);
		mem_watch_fail(0);
		m6_keys_free(keys);
	}
	assert_true(mem_watch_released() > 20);
	assert_int_equal(mem_watch_found(), 0);
	mem_watch_secret(NULL, 0);
}

static void
what_was_secret_is_overwritten(void **state)
{
	char text[] = "Ali-Baba-40";

	(void)state;
	m6_cleanse(text + 1, sizeof(text) - 2);
	assert_int_equal(text[0], 'A');
	for (size_t i = 1; i < sizeof(text); i++)
		assert_int_equal(text[i], 0);
	m6_cleanse(text, 0);
	assert_int_equal(text[0], 'A');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_words_give_keys),
		cmocka_unit_test(lines_that_lack_a_word_are_told),
		cmocka_unit_test(keys_that_cannot_be_used_are_told),
		cmocka_unit_test(a_cr_in_a_secret_is_left_out_and_told),
		cmocka_unit_test(the_last_of_two_is_taken_and_told),
		cmocka_unit_test(nul_octets_are_told_wherever_they_are),
		cmocka_unit_test(lines_end_at_their_limit),
		cmocka_unit_test(nothing_gives_no_keys),
		cmocka_unit_test(there_is_a_limit_of_keys),
		cmocka_unit_test(there_is_a_limit_of_octets),
		cmocka_unit_test(garbage_is_survived),
		cmocka_unit_test(nobody_need_listen),
		cmocka_unit_test(memory_may_be_out_at_any_time),
		cmocka_unit_test(no_secret_is_left_in_released_memory),
		cmocka_unit_test(what_was_secret_is_overwritten),
	};

	/* This machine's policy is not what is tested. */
	setenv("OPENSSL_CONF", "/dev/null", 1);
	mem_watch_openssl();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
