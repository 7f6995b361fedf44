/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon's CONFIGURE: what it says and what it does. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "mode6/packet.h"
#include "sim/sim_fixture.h"
#include "support/hex.h"

enum { FIRST_ID = 20007, N_DIALECTS = 3 }; /* of the fixture's seed */

static const enum sim_dialect all[N_DIALECTS] = { SIM_NTPORG, SIM_NTPSEC,
	SIM_NTPSEC_125 };

static const char done[] = "Config Succeeded\r\n";

static void
start(struct sim_fixture *f, enum sim_dialect dialect, size_t n_assocs)
{
	sim_start(f, dialect, n_assocs);
	sim_give_keys(f);
	sim_order(f, "rw rwvar=first");
}

static void
configure(struct sim_fixture *f, const char *text)
{
	sim_ask_signed(f, 1, M6_OP_CONFIGURE, 0, text);
}

static void
assert_answer(struct sim_fixture *f, const char *request, const char *expected)
{
	if (strcmp(sim_joined(f, NULL), expected) != 0)
		fail_msg("%s: %s", request, f->text);
	assert_int_equal(sim_packet(f, 0).head.status, 0);
	sim_assert_signed(f, 0, 1);
}

static void
assert_told(struct sim_fixture *f, const char *order, const char *expected)
{
	sim_order(f, order);
	assert_string_equal(f->answer, expected);
}

static void
answers_are_those_recorded(void **state)
{
	static const char data[] = "1608000100000000000000142020202020202073"
				   "657476617220706c203d2031";
	static const char *const codes[] = {
		"00000001c4e215fb7211feaf3caaa82febcde84b",
		"00000002aa0be2c7fcaf181e775428ddc36203fdab62e264",
		"00000003537cc99a4bfc8c7b400ddb74e4cb8fa5d319f72a",
		"00000004deb1c593db3435052d829246d4433b85",
		"000000097ddcf5bb404365388e9778a8a2a022708eb197af",
	};
	static const char *const order[] = { "controlkey 1", "controlkey 2",
		"controlkey 3", "controlkey 4", "controlkey 9" };
	static const char reply[] = "d68800010000000000000012"
				    "436f6e66696720537563636565646564" /* Config Su... */
				    "0d0a0000000000011507cadd169e6913596b5df5ce75208e";

	(void)state;
	for (size_t i = 0; i < COUNT(codes) * COUNT(all); i++) {
		uint8_t bytes[64], expected[64];
		size_t len = hex_bytes(data, bytes, sizeof(bytes)), expected_len;
		struct sim_fixture f;

		start(&f, all[i % COUNT(all)], 0);
		sim_order(&f, order[i / COUNT(all)]);
		len += hex_bytes(codes[i / COUNT(all)], bytes + len, sizeof(bytes) - len);
		sim_send(&f, bytes, len);
		sim_assert_data(&f, done);
		assert_told(&f, "var pl", "ok setvar 1");
		if (i / COUNT(all) == 0) {
			expected_len = hex_bytes(reply, expected, sizeof(expected));
			assert_int_equal(f.out.items[0].len, expected_len);
			assert_memory_equal(f.out.items[0].bytes, expected, expected_len);
		}
		sim_stop(&f);
	}
}

/* "column N syntax error", and what it was by ntp.org. */
#define WRONG(column, what) \
	{ \
		"column " column " syntax error, unexpected " what "\r\n", \
		    "column " column " syntax error\r\n" \
	}
#define RIGHT \
	{ \
		done, done \
	}

static const struct {
	const char *request;
	const char *answers[2]; /* ntp.org, NTPsec */
} syntax[] = {
	{ "", RIGHT },
	{ "# a comment", RIGHT },
	{ "   setvar a = 1", RIGHT },
	{ "setvar a=1", RIGHT },
	{ "setvar\ta = \"x, y\" default # why", RIGHT },
	{ "setvar a = \"not closed", RIGHT },
	{ "unpeer 198.18.0.99", RIGHT },
	{ "server 198.18.7.7 key 2 iburst minpoll 4", RIGHT },
	{ "server -4 198.18.7.7", RIGHT },
	{ "server ntp.example.org", RIGHT },
	{ "reset allpeers sys io mem timer auth ctl", RIGHT },
	{ "disable monitor", RIGHT },
	{ "tos minsane 1 maxdist 16", RIGHT },
	{ "fudge 127.127.1.9 stratum 3", RIGHT },
	{ "restrict 10.0.0.0 mask 255.0.0.0 nomodify", RIGHT },
	{ "keys \"/etc/ntp.keys\"", RIGHT },
	{ "trustedkey 1 2 3", RIGHT },
	{ "controlkey 2", RIGHT },
	{ "nonsense", WRONG("0", "T_String") },
	{ "       nonsense", WRONG("7", "T_String") },
	{ "Setvar a = 1", WRONG("0", "T_String") },
	{ "setvar", WRONG("6", "T_EOC") },
	{ "setvar a", WRONG("8", "T_EOC") },
	{ "setvar a 1", WRONG("9", "T_String") },
	{ "setvar a =", WRONG("10", "T_EOC") },
	{ "setvar a = 1 2", WRONG("13", "T_String") },
	{ "setvar a = 1 default 2", WRONG("21", "T_String") },
	{ "setvar = 1", WRONG("7", "T_String") },
	{ "unpeer", WRONG("6", "T_EOC") },
	{ "unpeer 198.18.0.1 x", WRONG("18", "T_String") },
	{ "server", WRONG("6", "T_EOC") },
	{ "server 198.18.7.7 key", WRONG("21", "T_EOC") },
	{ "server 198.18.7.7 key x", WRONG("22", "T_String") },
	{ "server 198.18.7.7 nosuch", WRONG("18", "T_String") },
	{ "reset", WRONG("5", "T_EOC") },
	{ "reset sys everything", WRONG("10", "T_String") },
	{ "disable everything", WRONG("8", "T_String") },
	{ "controlkey x", WRONG("11", "T_String") },
	{ "trustedkey 1 x", WRONG("13", "T_String") },
	{ "tos", WRONG("3", "T_EOC") },
};

static void
syntax_is_judged_in_an_ordinary_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(syntax) * COUNT(all); i++) {
		size_t row = i / COUNT(all), dialect = i % COUNT(all);
		bool is_right = syntax[row].answers[0] == done;
		struct sim_fixture f;

		start(&f, all[dialect], 2);
		configure(&f, syntax[row].request);
		assert_answer(&f, syntax[row].request,
		    syntax[row].answers[dialect == 0 ? 0 : 1]);
		if (!is_right) {
			assert_told(&f, "writes", "ok writevar=0 configure=0");
			sim_order_fails(&f, "var a");
		}
		sim_stop(&f);
	}
}

static void
some_statements_are_one_dialects(void **state)
{
	static const struct {
		const char *request;
		bool org;
	} rows[] = {
		{ "peer 198.18.7.7", true },
		{ "broadcast 224.0.1.1", true },
		{ "crypto pw secret", true },
		{ "refclock local unit 0", false },
		{ "nts enable", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows) * COUNT(all); i++) {
		bool is_org = all[i % COUNT(all)] == SIM_NTPORG;
		struct sim_fixture f;

		start(&f, all[i % COUNT(all)], 1);
		configure(&f, rows[i / COUNT(all)].request);
		assert_int_equal(strcmp(sim_joined(&f, NULL), done) == 0,
		    is_org == rows[i / COUNT(all)].org);
		sim_stop(&f);
	}
}

/* ntp.org looks at every character first; NTPsec at next to none. */
static void
odd_characters_are_refused_by_ntporg(void **state)
{
	static const char unprintable[] = "runtime configuration failed: request "
					  "contains an unprintable character\r\n";
	static const struct {
		const char *request, *others;
	} rows[] = {
		{ "setvar a = 1 ", done },
		{ "setvar a = 1\t", done },
		{ " ", done },
		{ "setvar a = 1\n", done },
		{ "setvar a = 1\r\nsetvar b = 2", done },
		{ "setvar\x01"
		  "a = 1",
		    done },
		{ "setvar a = \"\xe4\"", done },
		{ "setvar a = \xe4", "column 11 syntax error\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows) * COUNT(all); i++) {
		bool is_org = all[i % COUNT(all)] == SIM_NTPORG;
		struct sim_fixture f;

		start(&f, all[i % COUNT(all)], 1);
		configure(&f, rows[i / COUNT(all)].request);
		assert_answer(&f, rows[i / COUNT(all)].request,
		    is_org ? unprintable : rows[i / COUNT(all)].others);
		if (is_org)
			sim_order_fails(&f, "var a");
		sim_stop(&f);
	}
}

static void
a_long_text_is_refused(void **state)
{
	static const char too_long[] =
	    "runtime configuration failed: request too long\r\n";
	char text[600];

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		bool is_org = all[i] == SIM_NTPORG;
		struct sim_fixture f;

		start(&f, all[i], 1);
		snprintf(text, sizeof(text), "%468s", "setvar a = 1");
		configure(&f, text);
		assert_answer(&f, "468", done);
		/* NTPsec takes no more than 468. */
		snprintf(text, sizeof(text), "%480s", "setvar a = 1");
		configure(&f, text);
		assert_int_equal(sim_packet(&f, 0).head.is_error, !is_org);
		if (!is_org)
			assert_int_equal(sim_packet(&f, 0).head.status, 0x0200);
		sim_stop(&f);
	}
	for (size_t len = 510; len <= 511; len++) {
		uint8_t bytes[SIM_REQUEST_CAP] = { 0x16, M6_OP_CONFIGURE, 0, 1 };
		size_t end = M6_HEADER_LEN + len;
		struct sim_fixture f;

		start(&f, SIM_NTPORG, 1);
		bytes[10] = (uint8_t)(len >> 8);
		bytes[11] = (uint8_t)(len & 0xff);
		memset(bytes + M6_HEADER_LEN, '#', len);
		assert_int_equal(m6_mac_append(m6_keys_find(f.keys, 1), f.align, bytes,
				     sizeof(bytes), &end),
		    0);
		sim_send(&f, bytes, end);
		sim_assert_data(&f, len == 510 ? done : too_long);
		sim_stop(&f);
	}
}

static void
setvar_is_carried_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct sim_fixture f;

		start(&f, all[i], 1);
		configure(&f, "setvar site = \"lab, one\" default");
		assert_told(&f, "var site", "ok setvar-default lab, one");
		sim_ask(&f, M6_OP_READVAR, 0, "");
		assert_non_null(strstr(sim_joined(&f, NULL), "site=lab, one\r\n"));
		configure(&f, "setvar site = 12.5");
		assert_told(&f, "var site", "ok setvar 12.5");
		configure(&f, "setvar my-name = x=y;z");
		assert_told(&f, "var my-name", "ok setvar x=y;z");
		/* It drops the permission to write. */
		configure(&f, "setvar rwvar = again");
		assert_told(&f, "var rwvar", "ok setvar again");
		/* What is the daemon's own hides the new one. */
		configure(&f, "setvar stratum = 9");
		assert_answer(&f, "stratum", done);
		assert_string_equal(sim_value(&f, 0, "stratum"), "2");
		assert_told(&f, "writes", "ok writevar=0 configure=5");
		sim_stop(&f);
	}
}

static void
associations_are_made_and_removed(void **state)
{
	static const char *const lists[] = {
		"ok 20010:c011 20009:8011 20008:9414 20007:961a",
		"ok 20010:c011 20009:8011 20008:b414 20007:b61a",
		"ok 20010:c011 20009:8011 20008:b414 20007:b61a",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct sim_fixture f;

		start(&f, all[i], 2);
		configure(&f, "server 198.18.7.7 iburst");
		assert_answer(&f, "server", done);
		configure(&f, "server 2001:db8::7 key 2");
		configure(&f, "server 198.18.7.7"); /* is there already */
		configure(&f, "server ntp.example.org");
		assert_told(&f, "list", lists[i]);
		assert_string_equal(sim_value(&f, 20010, "srcadr"), "2001:db8::7");
		assert_string_equal(sim_value(&f, 20010, "keyid"), "2");
		assert_string_equal(sim_value(&f, 20009, "reach"), "0x0");
		configure(&f, "unpeer 198.18.7.7");
		configure(&f, "unpeer 20010");
		configure(&f, "unpeer 198.18.0.1"); /* an invented one */
		configure(&f, "unpeer 198.18.0.1");
		assert_answer(&f, "not there", done);
		assert_told(&f, "list",
		    all[i] == SIM_NTPORG ? "ok 20008:9414" : "ok 20008:b414");
		assert_string_equal(sim_value(&f, 0, "peer"), "0");
		sim_stop(&f);
	}
}

static void
several_lines_are_carried_out_as_far_as_they_are_right(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPSEC, 1);
	configure(&f, "setvar a = 1\nsetvar b\n  nonsense\n\nsetvar c = 3\n");
	assert_answer(&f, "lines", "column 8 syntax errorcolumn 2 syntax error\r\n");
	assert_told(&f, "var a", "ok setvar 1");
	assert_told(&f, "var c", "ok setvar 3");
	assert_told(&f, "writes", "ok writevar=0 configure=2");
	sim_stop(&f);
}

static void
keys_can_be_changed_for_the_next_request(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPORG, 1);
	configure(&f, "controlkey 5");
	assert_answer(&f, "controlkey", done);
	configure(&f, "setvar a = 1");
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0100);
	sim_ask_signed(&f, 5, M6_OP_CONFIGURE, 0, "setvar a = 1");
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0100);
	sim_order(&f, "controlkey 1");
	configure(&f, "trustedkey 5");
	sim_order(&f, "controlkey 5");
	sim_ask_signed(&f, 5, M6_OP_CONFIGURE, 0, "setvar a = 1");
	sim_assert_data(&f, done);
	sim_stop(&f);
}

static void
nomodify_and_associations_stop_it(void **state)
{
	static const char prohibited[] =
	    "runtime configuration prohibited by restrict ... nomodify\r\n";

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct sim_fixture f;

		start(&f, all[i], 1);
		sim_ask_signed(&f, 1, M6_OP_CONFIGURE, FIRST_ID, "setvar a = 1");
		assert_int_equal(sim_packet(&f, 0).head.status, 0x0600);
		assert_int_equal(f.out.items[0].len, 32);
		sim_order(&f, "nomodify on");
		configure(&f, "setvar a = 1");
		assert_answer(&f, "nomodify", prohibited);
		sim_order_fails(&f, "var a");
		/* WRITEVAR does not ask for that. */
		sim_ask_signed(&f, 1, M6_OP_WRITEVAR, 0, "rwvar=new");
		assert_told(&f, "var rwvar",
		    all[i] == SIM_NTPSEC_125 ? "ok rw first" : "ok rw new");
		sim_order(&f, "nomodify off");
		configure(&f, "setvar a = 1");
		assert_answer(&f, "again", done);
		sim_order_fails(&f, "nomodify");
		sim_stop(&f);
	}
}

static void
saveconfig_has_nowhere_to_save(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPORG, 1);
	sim_ask_signed(&f, 1, M6_OP_SAVECONFIG, 0, "x.conf");
	assert_answer(&f, "saveconfig",
	    "saveconfig prohibited, no saveconfigdir configured\r\n");
	sim_order(&f, "nomodify on");
	sim_ask_signed(&f, 1, M6_OP_SAVECONFIG, 0, "x.conf");
	assert_answer(&f, "nomodify",
	    "saveconfig prohibited by restrict ... nomodify\r\n");
	sim_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_those_recorded),
		cmocka_unit_test(syntax_is_judged_in_an_ordinary_answer),
		cmocka_unit_test(some_statements_are_one_dialects),
		cmocka_unit_test(odd_characters_are_refused_by_ntporg),
		cmocka_unit_test(a_long_text_is_refused),
		cmocka_unit_test(setvar_is_carried_out),
		cmocka_unit_test(associations_are_made_and_removed),
		cmocka_unit_test(several_lines_are_carried_out_as_far_as_they_are_right),
		cmocka_unit_test(keys_can_be_changed_for_the_next_request),
		cmocka_unit_test(nomodify_and_associations_stop_it),
		cmocka_unit_test(saveconfig_has_nowhere_to_save),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
