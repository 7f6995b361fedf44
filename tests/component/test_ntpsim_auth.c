/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon and authentication codes: which of a request's it takes, and which
 * it puts behind answers. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "mode6/packet.h"
#include "sim/sim_fixture.h"

enum { FIRST_ID = 20007 }; /* of the fixture's seed */

static const enum sim_dialect all[] = { SIM_NTPORG, SIM_NTPSEC, SIM_NTPSEC_125 };
static const uint32_t good_keys[] = { 1, 2, 3, 4, 9 };

static void
start(struct sim_fixture *f, enum sim_dialect dialect, size_t n_assocs)
{
	sim_start(f, dialect, n_assocs);
	sim_give_keys(f);
}

/* Lengths of the only datagram, by dialect. */
static void
assert_lengths(const struct sim_fixture *f, size_t dialect, const size_t *lens)
{
	assert_int_equal(f->out.n, 1);
	if (f->out.items[0].len != lens[dialect])
		fail_msg("dialect %zu: %zu octets, not %zu", dialect, f->out.items[0].len,
		    lens[dialect]);
}

static void
every_type_of_key_is_known_and_answered_with(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(all) * COUNT(good_keys); i++) {
		uint32_t key = good_keys[i / COUNT(all)];
		size_t digest_len = key == 1 || key == 4 ? 16 : 20;
		struct sim_fixture f;

		start(&f, all[i % COUNT(all)], 1);
		sim_ask_signed(&f, key, M6_OP_READVAR, 0, "leap,tc");
		sim_assert_data(&f, "leap=0, tc=6\r\n");
		sim_assert_signed(&f, 0, key);
		assert_int_equal(f.out.items[0].len, 32 + 4 + digest_len);
		sim_stop(&f);
	}
}

static void
every_fragment_is_signed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct sim_fixture f;

		start(&f, all[i], 300);
		sim_ask_signed(&f, 3, M6_OP_READSTAT, 0, "");
		assert_int_equal(f.out.n, 3);
		assert_int_equal(f.out.items[0].len, 504);
		for (size_t j = 0; j < f.out.n; j++)
			sim_assert_signed(&f, j, 3);
		sim_ask_signed(&f, 1, M6_OP_READVAR, FIRST_ID, "");
		assert_true(f.out.n > 1);
		for (size_t j = 0; j < f.out.n; j++)
			sim_assert_signed(&f, j, 1);
		sim_stop(&f);
	}
}

/* ntp.org: the digest is replaced by a key of zero. NTPsec: as if there was no code. */
static void
a_wrong_digest_is_answered_by_dialect(void **state)
{
	static const size_t lens[] = { 28, 20, 20 }, error_lens[] = { 16, 12, 12 };
	static const uint8_t zeros[8];

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct sim_fixture f;

		start(&f, all[i], 1);
		sim_ask_wrongly(&f, 1, M6_OP_READVAR, 0, "leap");
		assert_int_equal(sim_packet(&f, 0).head.count, 8);
		assert_lengths(&f, i, lens);
		if (all[i] == SIM_NTPORG)
			assert_memory_equal(f.out.items[0].bytes + 20, zeros, 8);
		sim_ask_wrongly(&f, 1, M6_OP_READVAR, 0, "nosuch");
		assert_lengths(&f, i, error_lens);
		if (all[i] == SIM_NTPORG)
			assert_memory_equal(f.out.items[0].bytes + 12, zeros, 4);
		sim_stop(&f);
	}
}

/* ntp.org still makes room for a code. */
static void
a_strange_key_is_answered_without_code(void **state)
{
	static const size_t lens[] = { 24, 20, 20 }, error_lens[] = { 12, 12, 12 };

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct sim_fixture f;

		start(&f, all[i], 1);
		sim_ask_signed(&f, 5, M6_OP_READVAR, 0, "leap");
		assert_lengths(&f, i, lens);
		sim_ask_signed(&f, 5, M6_OP_READVAR, 0, "nosuch");
		assert_lengths(&f, i, error_lens);
		sim_order(&f, "trust 5");
		sim_order(&f, "untrust 1");
		sim_ask_signed(&f, 1, M6_OP_READVAR, 0, "leap");
		assert_lengths(&f, i, lens);
		sim_ask_signed(&f, 5, M6_OP_READVAR, 0, "leap");
		sim_assert_signed(&f, 0, 5);
		sim_stop(&f);
	}
}

/* Behind a request for "leap", where both alignments agree. */
static void
trailers_that_are_no_code_are_judged_by_length(void **state)
{
	static const struct {
		size_t trailer;
		uint8_t fill;
		size_t lens[COUNT(all)];
	} rows[] = {
		{ 0, 0, { 20, 20, 20 } },
		{ 4, 0, { 28, 20, 20 } },  /* key 0 */
		{ 8, 0, { 28, 20, 20 } },  /* key 0 */
		{ 4, 9, { 24, 20, 20 } },  /* unknown key */
		{ 24, 9, { 24, 20, 20 } }, /* the longest code */
		{ 28, 9, { 20, 20, 20 } },
		{ 400, 0, { 20, 20, 20 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows) * COUNT(all); i++) {
		uint8_t bytes[SIM_REQUEST_CAP] = { 0x16, M6_OP_READVAR, 0, 1, 0, 0, 0, 0,
			0, 0, 0, 4, 'l', 'e', 'a', 'p' };
		size_t row = i / COUNT(all), dialect = i % COUNT(all);
		struct sim_fixture f;

		start(&f, all[dialect], 1);
		memset(bytes + 16, rows[row].fill, rows[row].trailer);
		sim_send(&f, bytes, 16 + rows[row].trailer);
		sim_assert_data(&f, "leap=0\r\n");
		assert_lengths(&f, dialect, rows[row].lens);
		sim_stop(&f);
	}
}

/* Rounded up from 12 octets and the data, 4 and 8 agree for 1 to 4 data octets modulo 8;
 * and what is behind the data is signed as well, whatever it is. */
static void
a_code_in_the_wrong_place_is_none(void **state)
{
	static const char *const data[] = { "leap,", "leap,,", "leap,,,", "leap,,,,",
		"leap,,,,,", "leap,,,,,,", "leap,,,,,,,", "leap,,,,,,,," };

	(void)state;
	for (size_t i = 0; i < COUNT(all) * COUNT(data); i++) {
		size_t dialect = i % COUNT(all), count = strlen(data[i / COUNT(all)]);
		bool is_same = count % 8 >= 1 && count % 8 <= 4;
		struct sim_fixture f;

		start(&f, all[dialect], 1);
		sim_ask_signed(&f, 1, M6_OP_READSTAT, 0, data[i / COUNT(all)]);
		sim_assert_signed(&f, 0, 1);
		f.align = f.align == M6_MAC_ALIGN_4 ? M6_MAC_ALIGN_8 : M6_MAC_ALIGN_4;
		sim_ask_signed(&f, 1, M6_OP_READSTAT, 0, data[i / COUNT(all)]);
		assert_int_equal(m6_mac_verify(m6_keys_find(f.keys, 1),
				     f.out.items[0].bytes,
				     f.out.items[0].len) == M6_MAC_VALID,
		    is_same);
		sim_stop(&f);
	}
}

static void
only_the_control_key_may_write(void **state)
{
	static const uint8_t ops[] = { M6_OP_WRITEVAR, M6_OP_WRITECLOCK, M6_OP_CONFIGURE,
		M6_OP_READ_ORDLIST };

	(void)state;
	for (size_t i = 0; i < COUNT(ops) * COUNT(all); i++) {
		enum sim_dialect dialect = all[i % COUNT(all)];
		uint8_t op = ops[i / COUNT(all)];
		bool is_gone = dialect == SIM_NTPSEC_125 &&
		    (op == M6_OP_WRITEVAR || op == M6_OP_WRITECLOCK);
		unsigned status = is_gone ? 0x0300 : 0x0100;
		struct sim_fixture f;

		start(&f, dialect, 1);
		sim_ask(&f, op, 0, "leap=x");
		sim_assert_error(&f, is_gone ? M6_ERROR_BADOP : M6_ERROR_PERMISSION);
		/* Trusted, but not the control key: the error itself is signed. */
		sim_ask_signed(&f, 2, op, 0, "leap=x");
		assert_int_equal(sim_packet(&f, 0).head.status, status);
		assert_int_equal(f.out.items[0].len, 12 + 24);
		sim_assert_signed(&f, 0, 2);
		sim_order(&f, "controlkey 0");
		sim_ask_signed(&f, 1, op, 0, "leap=x");
		assert_int_equal(sim_packet(&f, 0).head.status, status);
		assert_int_equal(f.out.items[0].len, 12 + 20);
		sim_assert_signed(&f, 0, 1);
		sim_stop(&f);
	}
}

static void
a_malformed_request_is_not_judged(void **state)
{
	uint8_t bytes[SIM_REQUEST_CAP] = { 0x16, M6_OP_READVAR, 0, 1 };
	size_t len = M6_HEADER_LEN;
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPORG, 1);
	assert_int_equal(m6_mac_append(m6_keys_find(f.keys, 1), M6_MAC_ALIGN_8, bytes,
			     sizeof(bytes), &len),
	    0);
	sim_send(&f, bytes, len + 2);
	sim_assert_error(&f, M6_ERROR_BADFMT);
	bytes[11] = (uint8_t)(len - M6_HEADER_LEN + 1);
	sim_send(&f, bytes, len);
	sim_assert_error(&f, M6_ERROR_BADFMT);
	sim_stop(&f);
}

/* The number of events, whoever's key it was; but only for a valid code. */
static void
reading_with_a_code_forgets_events(void **state)
{
	static const uint16_t system[] = { 0x0605, 0x0005, 0x0615 };
	static const uint16_t before[] = { 0x0615, 0x0015, 0x0615 };

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		uint16_t peer = all[i] == SIM_NTPORG ? 0x961a : 0xb61a;
		struct sim_fixture f;

		start(&f, all[i], 1);
		sim_ask(&f, M6_OP_READVAR, 0, "leap");
		sim_ask_wrongly(&f, 1, M6_OP_READVAR, 0, "leap");
		sim_ask_signed(&f, 5, M6_OP_READVAR, FIRST_ID, "leap");
		sim_ask_signed(&f, 1, M6_OP_READSTAT, 0, "");
		assert_int_equal(sim_packet(&f, 0).head.status, before[i]);
		sim_ask_signed(&f, 2, M6_OP_READVAR, 0, "leap");
		assert_int_equal(sim_packet(&f, 0).head.status, before[i]);
		sim_ask_signed(&f, 2, M6_OP_READVAR, 0, "leap");
		assert_int_equal(sim_packet(&f, 0).head.status, system[i]);
		sim_ask_signed(&f, 2, M6_OP_READVAR, FIRST_ID, "nosuch");
		sim_ask(&f, M6_OP_READVAR, FIRST_ID, "leap");
		assert_int_equal(sim_packet(&f, 0).head.status, peer & 0xff0f);
		sim_order(&f,
		    all[i] == SIM_NTPORG ? "status 20007 961a" : "status 20007 b61a");
		sim_ask_signed(&f, 2, M6_OP_READSTAT, FIRST_ID, "");
		assert_int_equal(sim_packet(&f, 0).head.status, peer);
		sim_ask(&f, M6_OP_UNSPEC, FIRST_ID, "");
		assert_int_equal(sim_packet(&f, 0).head.status, peer & 0xff0f);
		sim_stop(&f);
	}
}

/* A copy of the key's number right behind the data, then what earlier answers left. */
static void
ntpsec_pads_with_the_number_of_the_key(void **state)
{
	static const uint8_t twice[] = { 0, 0, 0, 2, 0, 0, 0, 2 };
	static const uint8_t residue[] = { 0, 0, 0, 2, 'l', 'p', 'h', 0, 0, 0, 2 };
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPSEC, 1);
	sim_order(&f, "set 0 stratum alpha");
	sim_ask_signed(&f, 2, M6_OP_UNSPEC, 0, "");
	assert_int_equal(f.out.items[0].len, 16 + 24);
	assert_memory_equal(f.out.items[0].bytes + 12, twice, sizeof(twice));
	sim_assert_signed(&f, 0, 2);
	sim_ask(&f, M6_OP_READVAR, 0, "stratum"); /* "stratum=alpha" */
	sim_order(&f, "set 0 tc ");
	sim_ask_signed(&f, 2, M6_OP_READVAR, 0, "tc"); /* "tc=" and a line's end */
	assert_int_equal(sim_packet(&f, 0).head.count, 5);
	assert_int_equal(f.out.items[0].len, 24 + 24);
	assert_memory_equal(f.out.items[0].bytes + 17, residue, sizeof(residue));
	sim_assert_signed(&f, 0, 2);
	sim_stop(&f);
}

static void
keys_are_given_by_commands(void **state)
{
	static const char *const wrong[] = { "keys", "keys /nonexistent", "trust 0",
		"trust x", "trust 65536", "untrust 0", "controlkey", "controlkey -1",
		"controlkey 65536" };
	char path[] = "/tmp/ntpsim-XXXXXX", order[64] = "keys ";
	int fd = mkstemp(path);
	struct sim_fixture f;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "7 MD5 seven\n", 12), 12);
	close(fd);
	start(&f, SIM_NTPORG, 1);
	for (size_t i = 0; i < COUNT(wrong); i++)
		sim_order_fails(&f, wrong[i]);
	sim_ask_signed(&f, 1, M6_OP_READVAR, 0, "leap");
	sim_assert_signed(&f, 0, 1);
	strncat(order, path, sizeof(order) - 6);
	sim_order(&f, order);
	unlink(path);
	sim_ask_signed(&f, 1, M6_OP_READVAR, 0, "leap");
	assert_int_equal(f.out.items[0].len, 24);
	assert_int_equal(sim_load_keys(f.sim, path), ERR_IO);
	sim_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_of_key_is_known_and_answered_with),
		cmocka_unit_test(every_fragment_is_signed),
		cmocka_unit_test(a_wrong_digest_is_answered_by_dialect),
		cmocka_unit_test(a_strange_key_is_answered_without_code),
		cmocka_unit_test(trailers_that_are_no_code_are_judged_by_length),
		cmocka_unit_test(a_code_in_the_wrong_place_is_none),
		cmocka_unit_test(only_the_control_key_may_write),
		cmocka_unit_test(a_malformed_request_is_not_judged),
		cmocka_unit_test(reading_with_a_code_forgets_events),
		cmocka_unit_test(ntpsec_pads_with_the_number_of_the_key),
		cmocka_unit_test(keys_are_given_by_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
