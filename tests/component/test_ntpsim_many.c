/* SPDX-License-Identifier: BSD-2-Clause */
/* Many simulated daemons, commands for some of them, and how they were polled. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "mode6/packet.h"
#include "sim/sim_fixture.h"
#include "sim/sim_many.h"

enum { DAEMONS = 4, ASSOCS = 3, FIRST_ID = 20007 };

#define MS (SIM_SECOND / 1000)

/* The daemons, and a fixture to ask one of them. */
struct crowd {
	struct sim_many many;
	struct sim_fixture f;
};

static void
crowd_start(struct crowd *c)
{
	struct sim_options options = { .dialect = SIM_NTPORG, .seed = 7 };

	memset(c, 0, sizeof(*c));
	c->f.now = SIM_START;
	assert_int_equal(sim_many_init(&c->many, DAEMONS, &options, SIM_START), 0);
	for (size_t i = 0; i < DAEMONS; i++)
		assert_int_equal(sim_load_synthetic(c->many.items[i], ASSOCS), 0);
}

static void
crowd_stop(struct crowd *c)
{
	sim_replies_free(&c->f.out);
	sim_many_fini(&c->many);
}

static const char *
order(struct crowd *c, const char *line)
{
	sim_many_control(&c->many, line, c->f.now, c->f.answer, sizeof(c->f.answer));
	return c->f.answer;
}

static struct sim_fixture *
ask_of(struct crowd *c, size_t i)
{
	c->f.sim = c->many.items[i];
	return &c->f;
}

static void
poll_at(struct crowd *c, size_t i, int64_t ms)
{
	c->f.now = SIM_START + ms * MS;
	sim_ask(ask_of(c, i), M6_OP_READSTAT, 0, "");
}

static void
a_command_reaches_whom_it_is_for(void **state)
{
	struct crowd c;

	(void)state;
	crowd_start(&c);
	assert_string_equal(order(&c, "set 0 site all"), "ok");
	assert_string_equal(order(&c, "at 1 set 0 site one"), "ok");
	assert_string_equal(order(&c, "at 2-3 set 0 site some of them"), "ok");
	assert_string_equal(sim_value(ask_of(&c, 0), 0, "site"), "all");
	assert_string_equal(sim_value(ask_of(&c, 1), 0, "site"), "one");
	assert_string_equal(sim_value(ask_of(&c, 2), 0, "site"), "some of them");
	assert_string_equal(sim_value(ask_of(&c, 3), 0, "site"), "some of them");
	assert_string_equal(order(&c, "at 1 list"),
	    "ok 20010:9414 20009:9414 20008:961a");
	assert_string_equal(order(&c, "list"), "ok");
	crowd_stop(&c);
}

static void
wrong_addresses_and_failures_are_said(void **state)
{
	static const char *const lines[] = { "at", "at 4 list", "at 3-4 list",
		"at 2-1 list", "at -1 list", "at 1- list", "at x list", "at 1", "" };
	struct crowd c;

	(void)state;
	crowd_start(&c);
	for (size_t i = 0; i < COUNT(lines); i++) {
		fprintf(stderr, "'%s'\n", lines[i]);
		assert_memory_equal(order(&c, lines[i]), "error ", 6);
	}
	/* The third has it, and the command ends there. */
	order(&c, "at 2 add 5 8011");
	assert_string_equal(order(&c, "add 5 8011"),
	    "error daemon 2: an association has a number of its own");
	assert_string_equal(order(&c, "at 1 remove 5"), "ok");
	assert_string_equal(order(&c, "at 3 remove 5"), "error no such association");
	crowd_stop(&c);
}

static void
what_is_invented_differs(void **state)
{
	static const char *const offsets[] = { "0.021249", "0.021286", "0.021323" };
	static const char *const refids[] = { "198.18.0.1", "198.18.0.4", "198.18.0.7" };
	struct crowd c;

	(void)state;
	crowd_start(&c);
	for (unsigned i = 0; i < COUNT(offsets); i++) {
		char id[16];

		snprintf(id, sizeof(id), "%u", FIRST_ID + i);
		assert_string_equal(sim_value(ask_of(&c, i), 0, "peer"), id);
		assert_string_equal(sim_value(ask_of(&c, i), 0, "offset"), offsets[i]);
		assert_string_equal(sim_value(ask_of(&c, i), 0, "refid"), refids[i]);
	}
	assert_string_equal(sim_value(ask_of(&c, 0), FIRST_ID + 2, "delay"), "0.139");
	assert_string_equal(sim_value(ask_of(&c, 1), FIRST_ID + 2, "delay"), "0.141");
	crowd_stop(&c);
}

static void
gaps_between_polls_are_measured(void **state)
{
	struct crowd c;

	(void)state;
	crowd_start(&c);
	poll_at(&c, 0, 100);
	assert_string_equal(order(&c, "at 0 gaps"),
	    "ok daemons=1 cycles=1 repeated=0 least_ms=- most_ms=- most_at=-"
	    " idle_ms=0 idle_at=0");
	poll_at(&c, 1, 150);
	poll_at(&c, 0, 1100);
	poll_at(&c, 1, 1350);
	poll_at(&c, 0, 2090);
	c.f.now = SIM_START + 2500 * MS;
	assert_string_equal(order(&c, "at 0 gaps"),
	    "ok daemons=1 cycles=3 repeated=0 least_ms=990 most_ms=1000 most_at=0"
	    " idle_ms=410 idle_at=0");
	assert_string_equal(order(&c, "at 0-1 gaps"),
	    "ok daemons=2 cycles=2 repeated=0 least_ms=990 most_ms=1200 most_at=1"
	    " idle_ms=1150 idle_at=1");
	/* One that was never asked: since the beginning. */
	assert_string_equal(order(&c, "gaps"),
	    "ok daemons=4 cycles=0 repeated=0 least_ms=990 most_ms=1200 most_at=1"
	    " idle_ms=2500 idle_at=2");
	assert_string_equal(order(&c, "gaps nonsense"), "error gaps are shown, or reset");
	crowd_stop(&c);
}

static void
after_a_reset_the_first_gap_is_whole(void **state)
{
	struct crowd c;

	(void)state;
	crowd_start(&c);
	poll_at(&c, 0, 0);
	poll_at(&c, 0, 5000);
	c.f.now = SIM_START + 5900 * MS;
	assert_string_equal(order(&c, "at 0-1 gaps reset"),
	    "ok daemons=2 cycles=0 repeated=0 least_ms=5000 most_ms=5000 most_at=0"
	    " idle_ms=5900 idle_at=1");
	c.f.now = SIM_START + 6200 * MS;
	assert_string_equal(order(&c, "at 0 gaps"),
	    "ok daemons=1 cycles=0 repeated=0 least_ms=- most_ms=- most_at=-"
	    " idle_ms=1200 idle_at=0");
	assert_string_equal(order(&c, "at 1 gaps"),
	    "ok daemons=1 cycles=0 repeated=0 least_ms=- most_ms=- most_at=-"
	    " idle_ms=300 idle_at=1");
	poll_at(&c, 0, 6300);
	assert_string_equal(order(&c, "at 0 gaps"),
	    "ok daemons=1 cycles=1 repeated=0 least_ms=1300 most_ms=1300 most_at=0"
	    " idle_ms=0 idle_at=0");
	crowd_stop(&c);
}

static void
only_other_requests_for_the_list_begin_a_cycle(void **state)
{
	struct crowd c;

	(void)state;
	crowd_start(&c);
	poll_at(&c, 0, 0);
	poll_at(&c, 0, 249); /* a repetition, and what comes between begins nothing */
	c.f.now = SIM_START + 600 * MS;
	sim_ask(ask_of(&c, 0), M6_OP_READSTAT, FIRST_ID, "");
	sim_ask(ask_of(&c, 0), M6_OP_READVAR, 0, "");
	sim_ask(ask_of(&c, 0), M6_OP_UNSPEC, 0, "");
	sim_send(ask_of(&c, 0), "\x16\x01", 2);
	sim_send(ask_of(&c, 0), "\x17\x01\0\1\0\0\0\0\0\0\0\0", 12); /* mode 7 */
	sim_send(ask_of(&c, 0), "\x16\x81\0\1\0\0\0\0\0\0\0\0", 12); /* an answer */
	poll_at(&c, 0, 1000);
	assert_string_equal(order(&c, "at 0 gaps"),
	    "ok daemons=1 cycles=2 repeated=1 least_ms=1000 most_ms=1000 most_at=0"
	    " idle_ms=0 idle_at=0");
	crowd_stop(&c);
}

static void
the_silent_count_and_those_that_are_down_do_not(void **state)
{
	struct crowd c;

	(void)state;
	crowd_start(&c);
	order(&c, "at 0 silence on");
	assert_false(sim_is_down(c.many.items[0]));
	poll_at(&c, 0, 1000);
	assert_int_equal(c.f.out.n, 0);
	poll_at(&c, 0, 3000);
	assert_non_null(strstr(order(&c, "at 0 gaps"), " cycles=2 "));
	assert_non_null(strstr(c.f.answer, " most_ms=2000 "));
	order(&c, "at 1-2 down");
	assert_false(sim_is_down(c.many.items[0]));
	assert_true(sim_is_down(c.many.items[1]));
	assert_true(sim_is_down(c.many.items[2]));
	/* Its socket would be closed. */
	poll_at(&c, 1, 4000);
	assert_int_equal(c.f.out.n, 0);
	crowd_stop(&c);
}

static void
who_comes_back_was_restarted(void **state)
{
	struct crowd c;

	(void)state;
	crowd_start(&c);
	c.f.now += 100 * SIM_SECOND;
	assert_string_equal(sim_value(ask_of(&c, 1), 0, "ss_uptime"), "100");
	order(&c, "at 1 down");
	c.f.now += 20 * SIM_SECOND;
	order(&c, "up");
	assert_false(sim_is_down(c.many.items[1]));
	c.f.now += 3 * SIM_SECOND;
	assert_string_equal(sim_value(ask_of(&c, 1), 0, "ss_uptime"), "3");
	sim_ask(ask_of(&c, 1), M6_OP_READVAR, FIRST_ID + 1, "");
	sim_assert_error(&c.f, M6_ERROR_BADASSOC);
	/* The others were never away. */
	assert_string_equal(sim_value(ask_of(&c, 0), 0, "ss_uptime"), "123");
	assert_string_equal(sim_value(ask_of(&c, 0), FIRST_ID, "srcadr"), "198.18.0.1");
	crowd_stop(&c);
}

static void
requests_are_counted_together(void **state)
{
	struct crowd c;

	(void)state;
	crowd_start(&c);
	poll_at(&c, 0, 0);
	poll_at(&c, 1, 0);
	poll_at(&c, 1, 1000);
	sim_ask(ask_of(&c, 2), M6_OP_READVAR, 0, "");
	assert_string_equal(order(&c, "at 1 stats"), "ok readstat=2");
	assert_string_equal(order(&c, "at 0-1 stats"), "ok readstat=3");
	assert_string_equal(order(&c, "stats"), "ok readstat=3 readvar=1");
	crowd_stop(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_reaches_whom_it_is_for),
		cmocka_unit_test(wrong_addresses_and_failures_are_said),
		cmocka_unit_test(what_is_invented_differs),
		cmocka_unit_test(gaps_between_polls_are_measured),
		cmocka_unit_test(after_a_reset_the_first_gap_is_whole),
		cmocka_unit_test(only_other_requests_for_the_list_begin_a_cycle),
		cmocka_unit_test(the_silent_count_and_those_that_are_down_do_not),
		cmocka_unit_test(who_comes_back_was_restarted),
		cmocka_unit_test(requests_are_counted_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
