/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon's variables that can be written, by WRITEVAR. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "mode6/packet.h"
#include "sim/sim_fixture.h"
#include "support/hex.h"

enum { FIRST_ID = 20007 }; /* of the fixture's seed */

static const enum sim_dialect writing[] = { SIM_NTPORG, SIM_NTPSEC };

static void
start(struct sim_fixture *f, enum sim_dialect dialect, size_t n_assocs)
{
	sim_start(f, dialect, n_assocs);
	sim_give_keys(f);
	sim_order(f, "rw rwvar=first");
	sim_order(f, "rw-default rwdef=second");
	sim_order(f, "setvar plain=third");
	sim_order(f, "setvar site=fourth,default");
}

static void
write_signed(struct sim_fixture *f, const char *data)
{
	sim_ask_signed(f, 1, M6_OP_WRITEVAR, 0, data);
}

/* The last answer is a signed error, or (code -1) success. */
static void
assert_result(const struct sim_fixture *f, const char *what, int code)
{
	struct m6_header head = sim_packet(f, 0).head;

	if (head.is_error != (code >= 0) || (code >= 0 && head.status != code << 8))
		fail_msg("%s: status %04x, error %d", what, head.status, head.is_error);
	assert_int_equal(f->out.n, 1);
	assert_int_equal(head.count, 0);
	assert_int_equal(f->out.items[0].len, code >= 0 ? 32 : 36);
	sim_assert_signed(f, 0, 1);
}

/* What the daemon says of a variable without being asked by mode 6. */
static void
assert_var(struct sim_fixture *f, const char *name, const char *expected)
{
	char order[64];

	snprintf(order, sizeof(order), "var %s", name);
	sim_order(f, order);
	assert_string_equal(f->answer, expected);
}

static void
answers_are_those_recorded(void **state)
{
	static const char *const replies[] = {
		"d683000106150000000000000000000000000001",
		"d683000100150000000000000000000100000001",
	};
	static const char request[] = "16030001000000000000000c"
				      "72777661723d616263646566"
				      "00000001c7ac808f7862aba4bcf90c3dcbc892d7";
	static const char unknown[] = "d6c300010500000000000000"
				      "000000013694559ed7bed67778b7ab55c4e82175";

	(void)state;
	for (size_t i = 0; i < COUNT(writing); i++) {
		uint8_t bytes[64], expected[64];
		size_t len = hex_bytes(request, bytes, sizeof(bytes));
		struct sim_fixture f;

		start(&f, writing[i], 0);
		sim_send(&f, bytes, len);
		assert_result(&f, "captured", -1);
		/* The status word depends on the daemon; here it is unsynchronised. */
		assert_int_equal(hex_bytes(replies[i], expected, sizeof(expected)), 20);
		expected[4] |= 0xc0;
		assert_memory_equal(f.out.items[0].bytes, expected, 20);
		assert_string_equal(sim_value(&f, 0, "rwvar"), "abcdef");
		f.sequence = 0;
		write_signed(&f, "nosuch=1");
		len = hex_bytes(unknown, expected, sizeof(expected));
		assert_int_equal(f.out.items[0].len, len);
		assert_memory_equal(f.out.items[0].bytes, expected, len);
		sim_stop(&f);
	}
}

static const struct {
	const char *request;
	int codes[COUNT(writing)];
	const char *rwvar;
} results[] = {
	{ "rwvar=new", { -1, -1 }, "new" },
	{ "rwvar=new   ", { -1, -1 }, "new" },
	{ "rwvar= \tnew\r\n", { -1, -1 }, "new" },
	{ "rwvar=two words", { -1, -1 }, "two words" },
	{ "rwvar=a=b", { -1, -1 }, "a=b" },
	{ "rwvar=\"quoted\"", { -1, -1 }, "\"quoted\"" },
	{ "rwvar=", { -1, -1 }, "" },
	{ " ,rwvar=new,", { -1, -1 }, "new" },
	{ "rwvar=1,rwvar=2", { -1, -1 }, "2" },
	{ "", { -1, -1 }, "first" },
	{ " , ,", { -1, -1 }, "first" },
	{ "rwvar", { 2, 5 }, "first" },
	{ "rwvar =new", { 5, 5 }, "first" },
	{ "RWVAR=new", { 5, 5 }, "first" },
	{ "rwva=new", { 5, 5 }, "first" },
	{ "nosuch=1", { 5, 5 }, "first" },
	{ "nosuch", { 5, 5 }, "first" },
	{ "plain=new", { 1, 1 }, "first" },
	{ "site=new", { 1, 1 }, "first" },
	{ "stratum=1", { 1, 1 }, "first" },
	{ "stratum", { 1, 1 }, "first" },
	{ "daemon_version=x", { 1, 1 }, "first" },
	{ "settimeofday=x", { 1, 1 }, "first" },
	{ "leap=0", { 0, 0 }, "first" },
	{ "leap=3", { 0, 0 }, "first" },
	{ "leap=4", { 6, 6 }, "first" },
	{ "leap=9", { 6, 6 }, "first" },
	{ "leap=-1", { 6, 6 }, "first" },
	{ "leap=abc", { 2, 0 }, "first" },
	{ "leap=", { 2, 2 }, "first" },
	{ "leap", { 2, 5 }, "first" },
	/* What came before the error stays. */
	{ "rwvar=new,nosuch=1", { 5, 5 }, "new" },
	{ "rwvar=new,leap=1,rwvar=newer", { 0, 0 }, "new" },
	{ "stratum=1,rwvar=new", { 1, 1 }, "first" },
	/* The comma inside the quotes splits. */
	{ "rwvar=\"a,b\"", { 5, 5 }, "\"a" },
};

static void
each_request_ends_as_in_the_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(results) * COUNT(writing); i++) {
		size_t row = i / COUNT(writing), dialect = i % COUNT(writing);
		struct sim_fixture f;

		start(&f, writing[dialect], 1);
		write_signed(&f, results[row].request);
		assert_result(&f, results[row].request, results[row].codes[dialect]);
		sim_ask(&f, M6_OP_READVAR, 0, "rwvar");
		assert_memory_equal(sim_joined(&f, NULL), "rwvar=", 6);
		f.text[strlen(f.text) - 2] = '\0';
		if (strcmp(f.text + 6, results[row].rwvar) != 0)
			fail_msg("%s: %s", results[row].request, f.text);
		assert_string_equal(sim_value(&f, 0, "leap"), "0");
		sim_stop(&f);
	}
}

static void
a_long_value_is_called_written_and_is_not(void **state)
{
	char request[256];

	(void)state;
	for (size_t i = 0; i < COUNT(writing); i++) {
		struct sim_fixture f;

		start(&f, writing[i], 1);
		snprintf(request, sizeof(request), "rwvar=%0127d", 7);
		write_signed(&f, request);
		assert_result(&f, "127 octets", -1);
		assert_string_equal(sim_value(&f, 0, "rwvar"), request + 6);
		snprintf(request, sizeof(request), "rwdef=x,rwvar=%0128d,rwdef=y", 8);
		write_signed(&f, request);
		assert_result(&f, "128 octets", -1);
		assert_int_equal(strlen(sim_value(&f, 0, "rwvar")), 127);
		assert_string_equal(sim_value(&f, 0, "rwdef"), "x");
		/* Nor does the name matter then. */
		snprintf(request, sizeof(request), "nosuch=%0128d", 8);
		write_signed(&f, request);
		assert_result(&f, "unknown name", -1);
		sim_order(&f, "writes");
		assert_string_equal(f.answer, "ok writevar=2 configure=0");
		sim_stop(&f);
	}
}

static void
associations_and_clocks_cannot_be_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(writing); i++) {
		struct sim_fixture f;

		start(&f, writing[i], 1);
		sim_ask_signed(&f, 1, M6_OP_WRITEVAR, FIRST_ID, "rwvar=new");
		assert_result(&f, "association", M6_ERROR_PERMISSION);
		sim_ask_signed(&f, 1, M6_OP_WRITEVAR, 9, "rwvar=new");
		assert_result(&f, "no association", M6_ERROR_PERMISSION);
		sim_ask_signed(&f, 1, M6_OP_WRITECLOCK, 0, "");
		assert_result(&f, "clock", M6_ERROR_PERMISSION);
		assert_string_equal(sim_value(&f, 0, "rwvar"), "first");
		sim_stop(&f);
	}
}

static void
newer_ntpsec_has_no_writevar(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPSEC_125, 1);
	write_signed(&f, "rwvar=new");
	assert_result(&f, "writevar", M6_ERROR_BADOP);
	sim_ask_signed(&f, 1, M6_OP_WRITECLOCK, 0, "");
	assert_result(&f, "writeclock", M6_ERROR_BADOP);
	assert_string_equal(sim_value(&f, 0, "rwvar"), "first");
	sim_stop(&f);
}

static void
a_success_answers_the_status_word(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPORG, 1);
	write_signed(&f, "rwvar=new");
	assert_result(&f, "first", -1);
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0615);
	write_signed(&f, "rwvar=newer");
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0615);
	sim_stop(&f);
}

static void
only_listed_kinds_are_in_the_default_list(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(writing); i++) {
		struct sim_fixture f;

		start(&f, writing[i], 1);
		sim_ask(&f, M6_OP_READVAR, 0, "");
		assert_non_null(strstr(sim_joined(&f, NULL), "rwdef=second, site=fou"));
		assert_null(strstr(f.text, "rwvar="));
		assert_null(strstr(f.text, "plain="));
		assert_string_equal(sim_value(&f, 0, "plain"), "third");
		sim_stop(&f);
	}
}

static void
the_control_socket_tells_what_is_there(void **state)
{
	static const char *const wrong[] = { "uservar", "uservar none x y", "uservar rw",
		"uservar rw leap 1", "uservar rw x \\x", "rw", "rw x", "rw =x",
		"rw-default x", "setvar", "setvar x", "setvar stratum=1", "var",
		"var nosuch" };
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPSEC, 1);
	for (size_t i = 0; i < COUNT(wrong); i++)
		sim_order_fails(&f, wrong[i]);
	assert_var(&f, "rwvar", "ok rw first");
	assert_var(&f, "rwdef", "ok rw-default second");
	assert_var(&f, "plain", "ok setvar third");
	assert_var(&f, "site", "ok setvar-default fourth");
	assert_var(&f, "stratum", "ok builtin 2");
	assert_var(&f, "tai", "ok builtin ");
	write_signed(&f, "rwvar=one,rwdef=\xe4\\");
	assert_var(&f, "rwdef", "ok rw-default \\xe4\\x5c");
	sim_order(&f, "writes");
	assert_string_equal(f.answer, "ok writevar=2 configure=0");
	/* "set" changes the text behind everybody's back, and nothing else. */
	sim_order(&f, "set 0 rwvar by hand");
	assert_var(&f, "rwvar", "ok rw by hand");
	write_signed(&f, "rwvar=two");
	assert_var(&f, "rwvar", "ok rw two");
	sim_order(&f, "uservar setvar rwvar three, or more");
	assert_var(&f, "rwvar", "ok setvar three, or more");
	write_signed(&f, "rwvar=four");
	assert_result(&f, "setvar", M6_ERROR_PERMISSION);
	sim_order(&f, "uservar rw rwvar ");
	write_signed(&f, "rwvar=four");
	assert_var(&f, "rwvar", "ok rw four");
	sim_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_those_recorded),
		cmocka_unit_test(each_request_ends_as_in_the_field),
		cmocka_unit_test(a_long_value_is_called_written_and_is_not),
		cmocka_unit_test(associations_and_clocks_cannot_be_written),
		cmocka_unit_test(newer_ntpsec_has_no_writevar),
		cmocka_unit_test(a_success_answers_the_status_word),
		cmocka_unit_test(only_listed_kinds_are_in_the_default_list),
		cmocka_unit_test(the_control_socket_tells_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
