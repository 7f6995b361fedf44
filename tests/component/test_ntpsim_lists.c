/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon's lists: of clients, in pieces that go on where the one before
 * ended; of interfaces and restrictions, for the control key. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mode6/packet.h"
#include "sim/sim_fixture.h"

/* Reads an item of the answer in f->text; "" when it is not there. */
static const char *
item(const struct sim_fixture *f, const char *name)
{
	static char value[200];
	char start[40];
	const char *at;

	snprintf(start, sizeof(start), "%s=", name);
	value[0] = '\0';
	for (at = strstr(f->text, start); at; at = strstr(at + 1, start))
		if (at == f->text || at[-1] == ' ' || at[-1] == '\n')
			break;
	if (at)
		snprintf(value, sizeof(value), "%.*s",
		    (int)strcspn(at + strlen(start), ",\r"), at + strlen(start));
	return value;
}

static unsigned
count_of(const struct sim_fixture *f, const char *start)
{
	unsigned n = 0;

	for (const char *at = strstr(f->text, start); at; at = strstr(at + 1, start))
		n++;
	return n;
}

/* Asks for the list with these words behind a fresh nonce. */
static void
ask_list(struct sim_fixture *f, const char *rest)
{
	char request[400];

	sim_ask(f, M6_OP_REQ_NONCE, 0, "");
	sim_joined(f, NULL);
	snprintf(request, sizeof(request), "%.30s, %s", f->text, rest);
	sim_ask(f, M6_OP_READ_MRU, 0, request);
}

static void
the_list_goes_from_the_oldest_to_the_newest(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	ask_list(&f, "frags=32");
	sim_joined(&f, NULL);
	assert_int_equal(count_of(&f, "addr."), 0);
	assert_string_not_equal(item(&f, "now"), "");
	sim_order(&f, "clients 12");
	ask_list(&f, "limit=256");
	sim_joined(&f, NULL);
	assert_string_equal(item(&f, "addr.0"), "10.0.0.0:123");
	assert_string_equal(item(&f, "addr.9"), "[fd00:aa::9]:123");
	assert_string_equal(item(&f, "addr.11"), "10.0.0.11:1035");
	assert_string_equal(item(&f, "ct.11"), "12");
	assert_string_equal(item(&f, "mv.11"), "35");
	assert_string_equal(item(&f, "rs.0"), "0xbd0");
	assert_string_equal(item(&f, "sc.0"), "");
	assert_string_not_equal(item(&f, "now"), "");
	assert_string_not_equal(item(&f, "last.newest"), "");
	sim_stop(&f);
	sim_start(&f, SIM_NTPSEC, 1);
	sim_order(&f, "clients 2");
	ask_list(&f, "limit=256");
	sim_joined(&f, NULL);
	assert_string_equal(item(&f, "sc.1"), "0.001");
	assert_string_equal(item(&f, "dr.1"), "0");
	assert_string_equal(item(&f, "rs.0"), "0x4e0");
	sim_stop(&f);
}

static void
it_is_cut_by_entries_and_by_fragments(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_order(&f, "clients 1000");
	ask_list(&f, "limit=7");
	sim_joined(&f, NULL);
	assert_int_equal(count_of(&f, "addr."), 7);
	assert_string_equal(item(&f, "now"), "");
	ask_list(&f, "frags=2");
	assert_in_range(f.out.n, 2, 3);
	ask_list(&f, "limit=257");
	sim_assert_error(&f, M6_ERROR_BADVALUE);
	ask_list(&f, "frags=129");
	sim_assert_error(&f, M6_ERROR_BADVALUE);
	ask_list(&f, "mincount=1");
	sim_assert_error(&f, M6_ERROR_BADVALUE);
	sim_stop(&f);
}

static void
it_goes_on_behind_an_entry_that_is_where_it_was(void **state)
{
	struct sim_fixture f;
	char last[40], rest[200];

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_order(&f, "clients 10");
	ask_list(&f, "limit=4");
	sim_joined(&f, NULL);
	snprintf(last, sizeof(last), "%s", item(&f, "last.3"));
	snprintf(rest, sizeof(rest),
	    "limit=2, addr.0=10.0.0.99:1, last.0=%s, addr.1=10.0.0.3:123, last.1=%s",
	    last, last);
	ask_list(&f, rest);
	sim_joined(&f, NULL);
	assert_string_equal(item(&f, "addr.older"), "10.0.0.3:123");
	assert_string_equal(item(&f, "last.older"), last);
	assert_string_equal(item(&f, "addr.0"), "10.0.0.4:1028");
	/* With one, the same again. */
	snprintf(rest, sizeof(rest), "limit=1, addr.0=10.0.0.3:123, last.0=%s", last);
	ask_list(&f, rest);
	sim_joined(&f, NULL);
	assert_string_equal(item(&f, "addr.0"), "10.0.0.3:123");
	snprintf(rest, sizeof(rest),
	    "limit=2, addr.0=10.0.0.3:123, last.0=0x00000001.00000000");
	ask_list(&f, rest);
	sim_assert_error(&f, M6_ERROR_UNKNOWNVAR);
	sim_stop(&f);
}

/* Who was heard again while the list is read is no more where the client left it. */
static void
churn_moves_what_was_told_last(void **state)
{
	struct sim_fixture f;
	char last[40], rest[200];

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_order(&f, "clients 5");
	sim_order(&f, "clients-churn 1 1");
	ask_list(&f, "limit=2");
	sim_joined(&f, NULL);
	snprintf(last, sizeof(last), "%s", item(&f, "last.1"));
	snprintf(rest, sizeof(rest), "limit=2, addr.0=10.0.0.1:1025, last.0=%s", last);
	ask_list(&f, rest);
	sim_assert_error(&f, M6_ERROR_UNKNOWNVAR);
	ask_list(&f, "limit=9");
	sim_joined(&f, NULL);
	assert_string_equal(item(&f, "addr.4"), "10.0.0.1:1024");
	assert_string_equal(item(&f, "ct.4"), "3");
	sim_order_fails(&f, "clients x");
	sim_order_fails(&f, "clients-churn 1");
	sim_stop(&f);
}

static void
it_is_filtered(void **state)
{
	static const struct {
		const char *rest;
		unsigned n;
	} rows[] = {
		{ "limit=256, mincount=50", 2 },
		{ "limit=256, resany=0x40", 25 },
		{ "limit=256, resall=0x840", 7 },
		{ "limit=256, maxlstint=9", 10 },
	};
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_order(&f, "clients 100");
	for (size_t i = 0; i < COUNT(rows); i++) {
		ask_list(&f, rows[i].rest);
		sim_joined(&f, NULL);
		assert_int_equal(count_of(&f, "addr."), rows[i].n);
	}
	sim_stop(&f);
}

static void
interfaces_and_restrictions_have_the_fields_of_their_dialect(void **state)
{
	static const struct {
		enum sim_dialect dialect;
		const char *request, *last;
		unsigned n_fields;
	} rows[] = {
		{ SIM_NTPORG, "ifstats", "mc.5", 12 },
		{ SIM_NTPORG, "", "tl.5", 12 },
		{ SIM_NTPSEC, "ifstats", "bcast.3", 10 },
		{ SIM_NTPSEC_125, "ifstats", "up.5", 9 },
		{ SIM_NTPSEC, "addr_restrictions", "flags.6", 4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sim_fixture f;

		sim_start(&f, rows[i].dialect, 1);
		sim_give_keys(&f);
		sim_ask(&f, M6_OP_READ_ORDLIST, 0, rows[i].request);
		sim_assert_error(&f, M6_ERROR_PERMISSION);
		sim_ask_signed(&f, 1, M6_OP_READ_ORDLIST, 0, rows[i].request);
		sim_joined(&f, NULL);
		assert_string_not_equal(item(&f, rows[i].last), "");
		/* And one that means nothing. */
		assert_int_equal(count_of(&f, ".1="), rows[i].n_fields + 1);
		sim_ask_signed(&f, 1, M6_OP_READ_ORDLIST, 0, "else");
		assert_int_equal(sim_packet(&f, 0).head.status, M6_ERROR_UNKNOWNVAR << 8);
		sim_stop(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_goes_from_the_oldest_to_the_newest),
		cmocka_unit_test(it_is_cut_by_entries_and_by_fragments),
		cmocka_unit_test(it_goes_on_behind_an_entry_that_is_where_it_was),
		cmocka_unit_test(churn_moves_what_was_told_last),
		cmocka_unit_test(it_is_filtered),
		cmocka_unit_test(
		    interfaces_and_restrictions_have_the_fields_of_their_dialect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
