/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon's commands. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "mode6/packet.h"
#include "sim/sim_fixture.h"

enum { FIRST_ID = 20007 }; /* of the fixture's seed */

static void
set_and_unset_change_one_variable(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 2);
	sim_order(&f, "set 0 stratum 5");
	assert_string_equal(sim_value(&f, 0, "stratum"), "5");
	sim_order(&f, "set 20007 srchost \"a host\"");
	assert_string_equal(sim_value(&f, FIRST_ID, "srchost"), "\"a host\"");
	assert_string_equal(sim_value(&f, FIRST_ID + 1, "srchost"), "");
	sim_order(&f, "set 20007 refid \\x01\\\\\\r\\xff");
	assert_string_equal(sim_value(&f, FIRST_ID, "refid"), "\x01\\\r\xff");
	sim_order(&f, "set 0 tai");
	assert_string_equal(sim_value(&f, 0, "tai"), "");
	assert_string_equal(f.text, "tai=");
	sim_order(&f, "unset 20007 srcport");
	assert_string_equal(sim_value(&f, FIRST_ID, "srcport"), "");
	assert_int_equal(sim_packet(&f, 0).head.count, 0);
	sim_stop(&f);
}

static void
user_variables_are_listed_and_can_be_asked_for(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 0);
	sim_order(&f, "set 0 site lab, one");
	assert_string_equal(sim_value(&f, 0, "site"), "lab, one");
	sim_ask(&f, M6_OP_READVAR, 0, "");
	assert_non_null(strstr(sim_joined(&f, NULL), "site=lab, one\r\n"));
	sim_order(&f, "unset 0 site");
	sim_ask(&f, M6_OP_READVAR, 0, "site");
	sim_assert_error(&f, M6_ERROR_UNKNOWNVAR);
	sim_order_fails(&f, "unset 0 site");
	sim_order_fails(&f, "set 20007 site x");
	sim_stop(&f);
}

static void
leap_bits_follow_the_variable(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_order(&f, "set 0 leap 1");
	sim_ask(&f, M6_OP_READVAR, 0, "leap");
	assert_int_equal(sim_packet(&f, 0).head.leap, 1);
	assert_int_equal(sim_packet(&f, 0).head.status, 0x4615);
	sim_ask(&f, M6_OP_READVAR, 0, "nosuch");
	assert_int_equal(sim_packet(&f, 0).head.leap, 1);
	sim_stop(&f);
}

static void
associations_come_and_go(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPSEC, 1);
	sim_order(&f, "add 77 b41a srcadr=10.0.0.1 stratum=3 filtdelay=x\\xffy");
	sim_order(&f, "list");
	assert_string_equal(f.answer, "ok 77:b41a 20007:b61a");
	assert_string_equal(sim_value(&f, 77, "srcadr"), "10.0.0.1");
	assert_string_equal(sim_value(&f, 77, "filtdelay"), "x\xffy");
	assert_string_equal(sim_value(&f, 77, "candidate"), "4");
	sim_order(&f, "status 77 8011");
	sim_ask(&f, M6_OP_READVAR, 77, "reach");
	assert_int_equal(sim_packet(&f, 0).head.status, 0x8011);
	sim_assert_data(&f, "reach=0x0\r\n");
	sim_order(&f, "status 0 0628");
	sim_ask(&f, M6_OP_UNSPEC, 0, "");
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0628);
	sim_order(&f, "remove 20007");
	sim_ask(&f, M6_OP_READVAR, FIRST_ID, "");
	sim_assert_error(&f, M6_ERROR_BADASSOC);
	assert_string_equal(sim_value(&f, 77, "stratum"), "3");
	sim_stop(&f);
}

static void
the_system_peer_follows_status_words(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 4);
	assert_string_equal(sim_value(&f, 0, "peer"), "20007");
	sim_order(&f, "status 20008 961a"); /* the newest of two comes first */
	assert_string_equal(sim_value(&f, 0, "peer"), "20008");
	sim_order(&f, "status 20008 9414");
	sim_order(&f, "reach off 0 1");
	assert_string_equal(sim_value(&f, 0, "peer"), "0");
	assert_int_equal(sim_packet(&f, 0).head.leap, 3);
	sim_order(&f, "add 77 961a");
	assert_string_equal(sim_value(&f, 0, "peer"), "77");
	sim_order(&f, "remove 77");
	assert_string_equal(sim_value(&f, 0, "peer"), "0");
	sim_stop(&f);
}

static void
numbers_that_are_gone_find_nothing(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 3);
	sim_order(&f, "remove 20008");
	sim_ask(&f, M6_OP_READVAR, FIRST_ID + 1, "");
	sim_assert_error(&f, M6_ERROR_BADASSOC);
	sim_order(&f, "restart");
	for (unsigned id = FIRST_ID; id < FIRST_ID + 3; id++) {
		sim_ask(&f, M6_OP_READVAR, id, "");
		sim_assert_error(&f, M6_ERROR_BADASSOC);
	}
	sim_order(&f, "list");
	assert_string_equal(f.answer, "ok 24106:9414 24105:961a");
	assert_string_equal(sim_value(&f, 24105, "srcadr"), "198.18.0.1");
	sim_stop(&f);
}

static void
many_become_unreachable_at_once(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 4);
	sim_order(&f, "reach off 1 2");
	assert_string_equal(f.answer, "ok 20008 20009");
	sim_order(&f, "list");
	assert_string_equal(f.answer, "ok 20010:9414 20009:8013 20008:8013 20007:961a");
	assert_string_equal(sim_value(&f, FIRST_ID + 1, "reach"), "0x0");
	sim_order(&f, "reach off 1 1"); /* nothing happens to it */
	sim_order(&f, "reach on 0 2");
	assert_string_equal(f.answer, "ok 20007 20008");
	sim_order(&f, "list");
	assert_string_equal(f.answer, "ok 20010:9414 20009:8013 20008:9414 20007:961a");
	sim_order_fails(&f, "reach 0 4");
	sim_order_fails(&f, "reach on 0 0");
	sim_order_fails(&f, "reach on 4 1");
	sim_order_fails(&f, "reach off 2 3");
	sim_stop(&f);
}

static void
wrong_commands_change_nothing(void **state)
{
	static const char *const lines[] = {
		"",
		"nonsense",
		"set",
		"set x leap 1",
		"set 0",
		"set 9 leap 1",
		"set 65536 a b",
		"set 0 leap \\x1",
		"set 0 leap \\q",
		"set 20007 nosuch 1",
		"unset 0",
		"add",
		"add 0 8011",
		"add 20007 8011",
		"add 5",
		"add 5 xyz",
		"add 5 8011 srcadr",
		"add 5 8011 nosuch=1",
		"remove 5",
		"remove",
		"status 5 8011",
		"status 0 12345",
		"silence",
		"silence maybe",
		"fault nosuch",
		"fault drop",
		"fault drop=101",
		"fault delay=600001",
		"fault duplicate=1",
		"fault first=x,drop=1",
		"setclock 0 poll 1",
		"setclock 20007 nosuch 1",
		"fault drop=1;drop=1;drop=1;drop=1;drop=1;drop=1;drop=1;drop=1;drop=1",
	};
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	for (size_t i = 0; i < COUNT(lines); i++)
		sim_order_fails(&f, lines[i]);
	sim_order(&f, "list");
	assert_string_equal(f.answer, "ok 20007:961a");
	assert_string_equal(sim_value(&f, 0, "leap"), "0");
	sim_stop(&f);
}

static void
a_clock_is_made_by_setclock(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 2);
	sim_ask(&f, M6_OP_READCLOCK, 0, "");
	sim_assert_error(&f, M6_ERROR_BADASSOC);
	sim_order(&f, "setclock 20008 badformat 3");
	sim_ask(&f, M6_OP_READCLOCK, 0, "badformat,noreply");
	sim_assert_data(&f, "noreply=0, badformat=3\r\n");
	sim_ask(&f, M6_OP_READCLOCK, FIRST_ID + 1, "");
	assert_memory_equal(sim_joined(&f, NULL), "device=\"Undisciplined", 21);
	sim_ask(&f, M6_OP_READCLOCK, FIRST_ID, "");
	sim_assert_error(&f, M6_ERROR_BADASSOC);
	sim_stop(&f);
}

static void
a_restart_renumbers_and_clears_the_counters(void **state)
{
	struct sim_fixture f;
	unsigned long id;
	char *end;

	(void)state;
	sim_start(&f, SIM_NTPSEC, 3);
	sim_order(&f, "set 0 ss_badauth 12");
	sim_order(&f, "set 20007 badauth 4");
	sim_order(&f, "set 20007 srcport 1123");
	f.now += 50 * SIM_SECOND;
	assert_string_equal(sim_value(&f, 0, "ss_uptime"), "50");
	sim_order(&f, "restart");
	sim_ask(&f, M6_OP_READVAR, FIRST_ID, "");
	sim_assert_error(&f, M6_ERROR_BADASSOC);
	assert_string_equal(sim_value(&f, 0, "ss_uptime"), "0");
	assert_string_equal(sim_value(&f, 0, "ss_badauth"), "0");
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0016);
	f.now += 2 * SIM_SECOND;
	assert_string_equal(sim_value(&f, 0, "ss_uptime"), "2");
	assert_string_equal(sim_value(&f, 0, "ss_received"), "5");
	id = strtoul(sim_value(&f, 0, "peer"), &end, 10);
	assert_true(*end == '\0' && id > FIRST_ID + 2);
	assert_string_equal(sim_value(&f, (unsigned)id, "badauth"), "0");
	assert_string_equal(sim_value(&f, (unsigned)id, "srcport"), "1123");
	sim_order(&f, "list");
	assert_non_null(strstr(f.answer, ":b61a"));
	sim_stop(&f);
}

static void
identifiers_wrap_and_skip_zero(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 0);
	sim_order(&f, "add 65534 8011");
	sim_order(&f, "add 65535 8011");
	sim_order(&f, "restart");
	sim_order(&f, "list");
	assert_string_equal(f.answer, "ok 4097:8011 4096:8011");
	sim_stop(&f);
}

static void
totals_survive_a_reset_of_the_interval_counters(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPSEC, 0);
	for (unsigned i = 0; i < 9; i++)
		sim_ask(&f, M6_OP_UNSPEC, 0, "");
	f.now += 10 * SIM_SECOND;
	sim_order(&f, "set 0 ss_received 0");
	sim_order(&f, "set 0 ss_reset 0");
	assert_string_equal(sim_value(&f, 0, "ss_received"), "1");
	assert_string_equal(sim_value(&f, 0, "ss_received_r"), "11");
	f.now += SIM_SECOND;
	assert_string_equal(sim_value(&f, 0, "ss_reset"), "1");
	assert_string_equal(sim_value(&f, 0, "ss_uptime"), "11");
	assert_string_equal(sim_value(&f, 0, "ss_reset_r"), "11");
	sim_stop(&f);
}

static void
silence_stops_all_answers(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_order(&f, "silence on");
	sim_ask(&f, M6_OP_READSTAT, 0, "");
	assert_int_equal(f.out.n, 0);
	sim_order(&f, "silence off");
	sim_ask(&f, M6_OP_READSTAT, 0, "");
	assert_int_equal(f.out.n, 1);
	sim_stop(&f);
}

static void
stats_count_requests_by_opcode(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_order(&f, "stats");
	assert_string_equal(f.answer, "ok");
	sim_ask(&f, M6_OP_READSTAT, 0, "");
	sim_ask(&f, M6_OP_READVAR, 0, "");
	sim_ask(&f, M6_OP_READVAR, 0, "nosuch");
	sim_ask(&f, 20, 0, "");
	sim_order(&f, "stats");
	assert_string_equal(f.answer, "ok readstat=1 readvar=2 op20=1");
	sim_stop(&f);
}

static void
a_state_file_is_a_list_of_commands(void **state)
{
	char good[] = "/tmp/ntpsim-XXXXXX", bad[] = "/tmp/ntpsim-XXXXXX";
	int good_fd = mkstemp(good), bad_fd = mkstemp(bad);
	struct sim_fixture f;

	(void)state;
	assert_true(good_fd >= 0 && bad_fd >= 0);
	assert_true(dprintf(good_fd, "# a comment\n\nadd 7 961a\nset 7 stratum 9\n") > 0);
	assert_true(dprintf(bad_fd, "add 8 961a\nset 9 stratum 9\n") > 0);
	sim_start(&f, SIM_NTPORG, 0);
	assert_int_equal(sim_load_state(f.sim, good), 0);
	assert_string_equal(sim_value(&f, 7, "stratum"), "9");
	assert_int_equal(sim_load_state(f.sim, bad), ERR_SYNTAX);
	unlink(good);
	unlink(bad);
	assert_int_equal(sim_load_state(f.sim, good), ERR_IO);
	sim_stop(&f);
	close(good_fd);
	close(bad_fd);
}

static void
there_is_a_limit_of_associations(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, SIM_ASSOCS_MAX);
	sim_order_fails(&f, "add 5 8011");
	assert_int_equal(sim_load_synthetic(f.sim, 1), ERR_TOOBIG);
	sim_order(&f, "remove 20007");
	sim_order(&f, "add 5 8011");
	sim_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_and_unset_change_one_variable),
		cmocka_unit_test(user_variables_are_listed_and_can_be_asked_for),
		cmocka_unit_test(leap_bits_follow_the_variable),
		cmocka_unit_test(associations_come_and_go),
		cmocka_unit_test(the_system_peer_follows_status_words),
		cmocka_unit_test(numbers_that_are_gone_find_nothing),
		cmocka_unit_test(many_become_unreachable_at_once),
		cmocka_unit_test(wrong_commands_change_nothing),
		cmocka_unit_test(a_clock_is_made_by_setclock),
		cmocka_unit_test(a_restart_renumbers_and_clears_the_counters),
		cmocka_unit_test(identifiers_wrap_and_skip_zero),
		cmocka_unit_test(totals_survive_a_reset_of_the_interval_counters),
		cmocka_unit_test(silence_stops_all_answers),
		cmocka_unit_test(stats_count_requests_by_opcode),
		cmocka_unit_test(a_state_file_is_a_list_of_commands),
		cmocka_unit_test(there_is_a_limit_of_associations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
