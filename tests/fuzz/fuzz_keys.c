/* SPDX-License-Identifier: BSD-2-Clause */
/* A key file: with every key that was read a datagram is signed and believed, and no
 * longer once a bit of it is another one. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mode6/auth.h"
#include "mode6/packet.h"

enum { CHECKED_MAX = 4, DATA = 20 };

struct problems {
	unsigned n;
	unsigned line;
};

static void
on_problem(void *ctx, unsigned line, const char *what)
{
	struct problems *p = ctx;

	FUZZ_REQUIRE(line >= 1 && line >= p->line);
	FUZZ_REQUIRE(strlen(what) < M6_KEYS_PROBLEM_MAX);
	FUZZ_REQUIRE(text_is_utf8(what, strlen(what)));
	p->n++;
	p->line = line;
}

static void
check_key(const struct m6_key *key, enum m6_mac_align align)
{
	const struct m6_header head = { .version = 2,
		.op = M6_OP_READVAR,
		.is_response = true };
	uint8_t datagram[M6_DATAGRAM_MAX];
	const uint8_t data[DATA] = "offset=0.000";
	size_t len, signed_len;

	FUZZ_REQUIRE(m6_key_type(key) != NULL && m6_key_id(key) <= M6_KEY_ID_MAX);
	FUZZ_REQUIRE(m6_packet_encode(&head, data, sizeof(data), datagram,
			 sizeof(datagram), &len) == 0);
	signed_len = len;
	FUZZ_REQUIRE(
	    m6_mac_append(key, align, datagram, sizeof(datagram), &signed_len) == 0);
	FUZZ_REQUIRE(m6_mac_verify(key, datagram, signed_len) == M6_MAC_VALID);
	datagram[M6_HEADER_LEN] ^= 1;
	FUZZ_REQUIRE(m6_mac_verify(key, datagram, signed_len) != M6_MAC_VALID);
}

/* The first keys, by the numbers that lines begin with. */
static void
check_keys(const struct m6_keys *keys, const uint8_t *bytes, size_t len)
{
	uint32_t id = 0;
	unsigned n = 0;
	bool is_number = true;

	for (size_t i = 0; i < len && n < CHECKED_MAX; i++) {
		bool is_digit = bytes[i] >= '0' && bytes[i] <= '9';

		if (is_number && is_digit && id <= M6_KEY_ID_MAX)
			id = id * 10 + (uint32_t)(bytes[i] - '0');
		else if (is_number && id > 0 && m6_keys_find(keys, id)) {
			check_key(m6_keys_find(keys, id), M6_MAC_ALIGN_8);
			check_key(m6_keys_find(keys, id), M6_MAC_ALIGN_4);
			n++;
		}
		if (!is_digit)
			is_number = false;
		if (bytes[i] == '\n') {
			is_number = true;
			id = 0;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct problems problems = { 0, 0 };
	struct m6_keys *keys = NULL;
	int err = m6_keys_parse((const char *)bytes, len, on_problem, &problems, &keys);

	if (err != 0) {
		FUZZ_REQUIRE(keys == NULL);
		return 0;
	}
	FUZZ_REQUIRE(m6_keys_count(keys) <= M6_KEYS_MAX);
	FUZZ_REQUIRE((m6_keys_only(keys) != NULL) == (m6_keys_count(keys) == 1));
	check_keys(keys, bytes, len);
	m6_keys_free(keys);
	return 0;
}
