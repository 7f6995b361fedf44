/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon's faults about writes and codes. */
#include "support/check.h"

#include <string.h>

#include "mode6/packet.h"
#include "sim/sim_fixture.h"

static const enum sim_dialect all[] = { SIM_NTPORG, SIM_NTPSEC };

static void
start(struct sim_fixture *f, enum sim_dialect dialect, const char *order)
{
	sim_start(f, dialect, 1);
	sim_give_keys(f);
	sim_order(f, "rw rwvar=first");
	sim_order(f, order);
}

static void
write_text(struct sim_fixture *f, const char *text)
{
	sim_ask_signed(f, 1, M6_OP_WRITEVAR, 0, text);
}

static void
configure(struct sim_fixture *f, const char *text)
{
	sim_ask_signed(f, 1, M6_OP_CONFIGURE, 0, text);
}

static void
assert_told(struct sim_fixture *f, const char *order, const char *expected)
{
	sim_order(f, order);
	assert_string_equal(f->answer, expected);
}

static void
assert_success(struct sim_fixture *f)
{
	assert_int_equal(f->out.n, 1);
	assert_false(sim_packet(f, 0).head.is_error);
	sim_assert_signed(f, 0, 1);
}

static void
each_fault_of_a_write_does_its_part(void **state)
{
	static const struct {
		const char *order;
		bool is_answered;
		const char *rwvar, *site, *writes;
	} rows[] = {
		{ "fault off", true, "ok rw new", "ok setvar x",
		    "ok writevar=1 configure=1" },
		{ "fault write-drop", false, "ok rw first", NULL,
		    "ok writevar=0 configure=0" },
		{ "fault write-mute", false, "ok rw new", "ok setvar x",
		    "ok writevar=1 configure=1" },
		{ "fault write-lie", true, "ok rw first", NULL,
		    "ok writevar=0 configure=0" },
		{ "fault write-other=else", true, "ok rw else", "ok setvar else",
		    "ok writevar=1 configure=1" },
		{ "fault write-other=", true, "ok rw ", "ok setvar ",
		    "ok writevar=1 configure=1" },
		{ "fault write-mute;write-other=else", false, "ok rw else",
		    "ok setvar else", "ok writevar=1 configure=1" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows) * COUNT(all); i++) {
		size_t row = i / COUNT(all);
		struct sim_fixture f;

		start(&f, all[i % COUNT(all)], rows[row].order);
		write_text(&f, "rwvar=new");
		assert_int_equal(f.out.n, rows[row].is_answered ? 1 : 0);
		configure(&f, "setvar site = x");
		assert_int_equal(f.out.n, rows[row].is_answered ? 1 : 0);
		if (rows[row].is_answered)
			assert_success(&f);
		assert_told(&f, "var rwvar", rows[row].rwvar);
		if (rows[row].site)
			assert_told(&f, "var site", rows[row].site);
		else
			sim_order_fails(&f, "var site");
		assert_told(&f, "writes", rows[row].writes);
		/* Reading goes on, errors are told. */
		sim_ask_signed(&f, 2, M6_OP_READVAR, 0, "leap");
		sim_assert_data(&f, "leap=0\r\n");
		sim_ask_signed(&f, 2, M6_OP_WRITEVAR, 0, "rwvar=x");
		assert_int_equal(sim_packet(&f, 0).head.status, 0x0100);
		sim_stop(&f);
	}
}

static void
a_lie_changes_no_associations_and_keys(void **state)
{
	static const char *const statements[] = { "server 198.18.7.7",
		"unpeer 198.18.0.1", "controlkey 2", "trustedkey 5" };
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPORG, "fault write-lie");
	for (size_t i = 0; i < COUNT(statements); i++) {
		configure(&f, statements[i]);
		sim_assert_data(&f, "Config Succeeded\r\n");
	}
	assert_told(&f, "list", "ok 20007:961a");
	sim_ask_signed(&f, 5, M6_OP_READVAR, 0, "leap");
	assert_int_equal(f.out.items[0].len, 24);
	sim_stop(&f);
}

static void
only_writes_are_counted(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPORG, "fault write-mute,first=1");
	sim_ask(&f, M6_OP_READVAR, 0, "leap");
	sim_ask(&f, M6_OP_READVAR, 0, "leap");
	write_text(&f, "rwvar=one");
	assert_int_equal(f.out.n, 0);
	write_text(&f, "rwvar=two");
	assert_success(&f);
	sim_order(&f, "fault write-drop,every=2");
	write_text(&f, "rwvar=three");
	assert_success(&f);
	write_text(&f, "rwvar=four");
	assert_int_equal(f.out.n, 0);
	assert_told(&f, "var rwvar", "ok rw three");
	sim_stop(&f);
}

static void
a_daemon_dies_of_writes_until_revived(void **state)
{
	static const struct {
		const char *order;
		size_t answers;
	} rows[] = {
		{ "fault write-die=2", 0 },
		{ "fault write-die-answered=2", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sim_fixture f;

		start(&f, SIM_NTPSEC, rows[i].order);
		write_text(&f, "rwvar=one");
		assert_success(&f);
		write_text(&f, "nosuch=x"); /* is not done */
		assert_int_equal(f.out.n, 1);
		configure(&f, "setvar site = x");
		assert_int_equal(f.out.n, rows[i].answers);
		assert_told(&f, "var site", "ok setvar x");
		write_text(&f, "rwvar=two");
		assert_int_equal(f.out.n, 0);
		sim_ask(&f, M6_OP_READSTAT, 0, "");
		assert_int_equal(f.out.n, 0);
		assert_told(&f, "var rwvar", "ok rw one");
		sim_order(&f, i == 0 ? "revive" : "restart");
		write_text(&f, "rwvar=three");
		assert_success(&f);
		assert_told(&f, "var rwvar", "ok rw three");
		sim_stop(&f);
	}
}

static enum m6_mac_verdict
verdict(const struct sim_fixture *f, size_t i)
{
	return m6_mac_verify(m6_keys_find(f->keys, 1), f->out.items[i].bytes,
	    f->out.items[i].len);
}

static void
codes_are_spoilt_or_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct sim_fixture f;

		start(&f, all[i], "fault bad-mac");
		write_text(&f, "rwvar=new");
		assert_int_equal(verdict(&f, 0), M6_MAC_INVALID);
		assert_told(&f, "var rwvar", "ok rw new");
		write_text(&f, "nosuch=new");
		assert_int_equal(verdict(&f, 0), M6_MAC_INVALID);
		sim_ask(&f, M6_OP_READVAR, 0, "leap");
		sim_assert_data(&f, "leap=0\r\n");
		sim_order(&f, "fault no-mac");
		write_text(&f, "rwvar=newer");
		assert_int_equal(f.out.items[0].len, M6_HEADER_LEN);
		assert_int_equal(verdict(&f, 0), M6_MAC_NONE);
		configure(&f, "setvar a = 1");
		assert_int_equal(f.out.items[0].len, 32);
		write_text(&f, "nosuch=new");
		assert_int_equal(verdict(&f, 0), M6_MAC_VALID);
		sim_stop(&f);
	}
}

static void
a_forged_success_comes_first(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPORG, "fault forge");
	write_text(&f, "nosuch=new");
	assert_int_equal(f.out.n, 2);
	assert_false(sim_packet(&f, 0).head.is_error);
	assert_int_equal(sim_packet(&f, 0).head.sequence, f.sequence);
	assert_int_equal(verdict(&f, 0), M6_MAC_NONE);
	assert_true(sim_packet(&f, 1).head.is_error);
	assert_int_equal(verdict(&f, 1), M6_MAC_VALID);
	sim_stop(&f);
}

static void
wrong_faults_are_refused(void **state)
{
	/* Text of 64 octets. */
	static const char too_long[] =
	    "fault write-other=01234567890123456789012345678901"
	    "23456789012345678901234567890123";
	static const char *const wrong[] = { too_long, "fault write-drop=1",
		"fault write-other", "fault write-die", "fault write-die=0",
		"fault write-die=x", "fault bad-mac=1" };
	struct sim_fixture f;

	(void)state;
	start(&f, SIM_NTPORG, "fault off");
	for (size_t i = 0; i < COUNT(wrong); i++)
		sim_order_fails(&f, wrong[i]);
	sim_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_of_a_write_does_its_part),
		cmocka_unit_test(a_lie_changes_no_associations_and_keys),
		cmocka_unit_test(only_writes_are_counted),
		cmocka_unit_test(a_daemon_dies_of_writes_until_revived),
		cmocka_unit_test(codes_are_spoilt_or_left_out),
		cmocka_unit_test(a_forged_success_comes_first),
		cmocka_unit_test(wrong_faults_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
