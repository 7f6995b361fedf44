/* SPDX-License-Identifier: BSD-2-Clause */
/* What the simulated daemon does with requests, by dialect. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "mode6/packet.h"
#include "mode6/varlist.h"
#include "sim/sim_fixture.h"
#include "sim/sim_vars.h"

enum { FIRST_ID = 20007 }; /* of the fixture's seed */

static const enum sim_dialect both[] = { SIM_NTPORG, SIM_NTPSEC };
static const enum sim_dialect all[] = { SIM_NTPORG, SIM_NTPSEC, SIM_NTPSEC_125 };

static void
what_is_no_request_is_dropped(void **state)
{
	static const struct {
		const char *why;
		uint8_t bytes[13];
		size_t len;
	} rows[] = {
		{ "runt", { 0x16, 1 }, 11 },
		{ "empty", { 0 }, 0 },
		{ "response bit", { 0x16, 0x81 }, 12 },
		{ "error bit", { 0x16, 0x41 }, 12 },
		{ "more bit", { 0x16, 0x21 }, 12 },
		{ "offset", { 0x16, 1, 0, 1, 0, 0, 0, 0, 0, 4 }, 12 },
		{ "version 0", { 0x06, 1 }, 12 },
		{ "version 5", { 0x2e, 1 }, 12 },
		{ "mode 3", { 0x13, 1 }, 12 },
	};
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		sim_send(&f, rows[i].bytes, rows[i].len);
		if (f.out.n != 0)
			fail_msg("%s: answered", rows[i].why);
	}
	sim_stop(&f);
}

static void
versions_and_sequences_are_echoed(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	for (uint8_t version = 1; version <= 4; version++) {
		uint8_t bytes[12] = { (uint8_t)(version << 3 | 6), 1, 0xab, version };

		sim_send(&f, bytes, sizeof(bytes));
		assert_int_equal(f.out.n, 1);
		assert_int_equal(sim_packet(&f, 0).head.version, version);
		assert_int_equal(sim_packet(&f, 0).head.sequence, 0xab00 + version);
	}
	sim_stop(&f);
}

static void
wrong_lengths_are_bad_format(void **state)
{
	static const uint8_t odd[14] = { 0x16, 2 };
	static const uint8_t too_much[12] = { 0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4 };
	uint8_t longer[12 + 472] = { 0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0xd8 };
	struct sim_fixture f;

	(void)state;
	memset(longer + 12, ',', 472);
	for (size_t i = 0; i < COUNT(both); i++) {
		sim_start(&f, both[i], 1);
		sim_send(&f, odd, sizeof(odd));
		sim_assert_error(&f, M6_ERROR_BADFMT);
		sim_send(&f, too_much, sizeof(too_much));
		sim_assert_error(&f, M6_ERROR_BADFMT);
		sim_send(&f, longer, sizeof(longer));
		if (both[i] == SIM_NTPSEC)
			sim_assert_error(&f, M6_ERROR_BADFMT);
		else
			assert_false(sim_packet(&f, 0).head.is_error);
		sim_stop(&f);
	}
}

static void
opcodes_without_a_key_are_refused_by_dialect(void **state)
{
	static const struct {
		uint8_t op;
		int code[3];
	} rows[] = {
		{ 0, { -1, -1, -1 } },
		{ 1, { -1, -1, -1 } },
		{ 2, { -1, -1, -1 } },
		{ 3, { 1, 1, 3 } },
		{ 5, { 1, 1, 3 } },
		{ 6, { 1, 3, 3 } },
		{ 7, { 3, 3, 3 } },
		{ 8, { 1, 1, 1 } },
		{ 9, { 1, 3, 3 } },
		{ 11, { 1, 1, 1 } },
		{ 12, { -1, -1, -1 } },
		{ 13, { 3, 3, 3 } },
		{ 30, { 3, 3, 3 } },
		{ 31, { 1, 3, 3 } },
	};
	struct sim_fixture f;

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		sim_start(&f, all[i], 1);
		for (size_t j = 0; j < COUNT(rows); j++) {
			sim_ask(&f, rows[j].op, 0, "");
			if (rows[j].code[i] >= 0)
				sim_assert_error(&f, (enum m6_error)rows[j].code[i]);
			else
				assert_false(sim_packet(&f, 0).head.is_error);
		}
		sim_stop(&f);
	}
}

static void
permission_is_decided_before_the_association(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_ask(&f, M6_OP_WRITEVAR, 9, "leap=1");
	sim_assert_error(&f, M6_ERROR_PERMISSION);
	sim_ask(&f, M6_OP_READVAR, 9, "nosuch");
	sim_assert_error(&f, M6_ERROR_BADASSOC);
	sim_ask(&f, M6_OP_READSTAT, 9, "");
	sim_assert_error(&f, M6_ERROR_BADASSOC);
	sim_ask(&f, M6_OP_UNSPEC, 9, "");
	sim_assert_error(&f, M6_ERROR_BADASSOC);
	sim_ask(&f, M6_OP_READCLOCK, 0, "");
	sim_assert_error(&f, M6_ERROR_BADASSOC);
	sim_stop(&f);
}

static void
unspec_answers_the_status_word_alone(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_ask(&f, M6_OP_UNSPEC, 0, "");
	sim_assert_data(&f, "");
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0615);
	sim_ask(&f, M6_OP_UNSPEC, FIRST_ID, "");
	assert_int_equal(sim_packet(&f, 0).head.status, 0x961a);
	assert_int_equal(sim_packet(&f, 0).head.assoc, FIRST_ID);
	sim_stop(&f);
}

static void
a_fragment_holds_117_associations_newest_first(void **state)
{
	static const struct {
		size_t n, datagrams;
	} rows[] = {
		{ 0, 1 },
		{ 1, 1 },
		{ 117, 1 },
		{ 118, 2 },
		{ 234, 2 },
		{ 235, 3 },
		{ SIM_ASSOCS_MAX, 86 },
	};
	struct sim_fixture f;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t len;

		sim_start(&f, SIM_NTPORG, rows[i].n);
		sim_ask(&f, M6_OP_READSTAT, 0, "");
		sim_joined(&f, &len);
		assert_int_equal(f.out.n, rows[i].datagrams);
		assert_int_equal(len, rows[i].n * 4);
		for (size_t j = 0; j < rows[i].n; j++)
			assert_int_equal(m6_assoc_at(f.text, j).id,
			    FIRST_ID + rows[i].n - 1 - j);
		sim_stop(&f);
	}
}

static void
requests_are_read_as_the_daemons_read_them(void **state)
{
	static const char in_order[] = "leap=0, stratum=2\r\n";
	static const struct {
		const char *request, *answer;
	} rows[] = {
		{ "leap,stratum", in_order },
		{ "stratum,leap", in_order },
		{ "stratum,leap,leap,stratum", in_order },
		{ "leap, stratum", in_order },
		{ " leap,\r\nstratum", in_order },
		{ "leap,stratum,", in_order },
		{ ",leap,,stratum", in_order },
		{ "leap=3,stratum=9", in_order },
		{ "leap ", NULL },
		{ "leap ,stratum", NULL },
		{ "Leap", NULL },
		{ "lea", NULL },
		{ "leap,nosuch", NULL },
		{ "nosuch,leap", NULL },
		{ "tai", "" },
		{ "tai,leapsec,expire", "" },
	};
	struct sim_fixture f;

	(void)state;
	for (size_t i = 0; i < COUNT(both) * COUNT(rows); i++) {
		const char *answer = rows[i / 2].answer;

		sim_start(&f, both[i % 2], 1);
		sim_ask(&f, M6_OP_READVAR, 0, rows[i / 2].request);
		if (answer)
			sim_assert_data(&f, answer);
		else
			sim_assert_error(&f, M6_ERROR_UNKNOWNVAR);
		sim_stop(&f);
	}
}

static void
octets_of_zero_belong_to_a_name(void **state)
{
	static const uint8_t bytes[20] = { 0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 'l',
		'e', 'a', 'p', 0 };
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_send(&f, bytes, sizeof(bytes));
	sim_assert_error(&f, M6_ERROR_UNKNOWNVAR);
	sim_stop(&f);
}

static void
blanks_commas_and_overlong_values_give_the_default_list(void **state)
{
	char overlong[160], expected[4096];
	const char *requests[] = { " ", ",", " , ,", overlong };
	struct sim_fixture f;

	(void)state;
	memset(overlong, 'x', sizeof(overlong));
	memcpy(overlong, "leap=", 5);
	overlong[5 + 128] = '\0';
	sim_start(&f, SIM_NTPSEC, 1);
	sim_ask(&f, M6_OP_READVAR, 0, "");
	strcpy(expected, sim_joined(&f, NULL));
	assert_true(strlen(expected) > 300);
	for (size_t i = 0; i < COUNT(requests); i++) {
		sim_ask(&f, M6_OP_READVAR, 0, requests[i]);
		sim_assert_data(&f, expected);
	}
	overlong[5 + 127] = '\0';
	sim_ask(&f, M6_OP_READVAR, 0, overlong);
	sim_assert_data(&f, "leap=0\r\n");
	sim_stop(&f);
}

static void
dialects_know_their_own_variables(void **state)
{
	static const struct {
		bool is_peer;
		const char *name;
		bool org, sec;
	} rows[] = {
		{ false, "ss_uptime", true, true },
		{ false, "ss_received_r", false, true },
		{ false, "ss_reset_r", false, true },
		{ false, "rootdist", false, true },
		{ false, "ss_numctlreq", false, true },
		{ false, "ss_lamport", true, false },
		{ false, "bcastdelay", true, false },
		{ false, "iostats_reset", true, true },
		{ false, "authkexpired", true, false },
		{ false, "authcmacfails", false, true },
		{ false, "tick", false, true },
		{ false, "cert", true, false },
		{ false, "nts_client_send", false, true },
		{ false, "peeradr", true, true },
		{ false, "io_goodwakeups", true, true },
		{ false, "settimeofday", true, true },
		{ false, "srcadr", false, false },
		{ false, "release", false, false },
		{ true, "srcport", true, true },
		{ true, "received", true, true },
		{ true, "badauth", true, true },
		{ true, "bogusorg", true, true },
		{ true, "selbroken", true, true },
		{ true, "leap", true, true },
		{ true, "ntscookies", false, true },
		{ true, "xleave", true, false },
		{ true, "xmt", false, true },
		{ true, "ttl", true, false },
		{ true, "mode", false, true },
		{ true, "tai", false, false },
	};
	struct sim_fixture f;

	(void)state;
	for (size_t i = 0; i < COUNT(both) * COUNT(rows); i++) {
		bool is_known =
		    both[i % 2] == SIM_NTPORG ? rows[i / 2].org : rows[i / 2].sec;

		sim_start(&f, both[i % 2], 1);
		sim_ask(&f, M6_OP_READVAR, rows[i / 2].is_peer ? FIRST_ID : 0,
		    rows[i / 2].name);
		if (is_known == sim_packet(&f, 0).head.is_error)
			fail_msg("%s, dialect %zu", rows[i / 2].name, i % 2);
		sim_stop(&f);
	}
}

static void
lists_of_names_have_the_length_seen_in_the_field(void **state)
{
	static const size_t lens[] = { 457, 395 };
	struct sim_fixture f;

	(void)state;
	for (size_t i = 0; i < COUNT(both); i++) {
		size_t len;

		sim_start(&f, both[i], 1);
		sim_ask(&f, M6_OP_READVAR, FIRST_ID, "peer_var_list");
		sim_joined(&f, &len);
		assert_int_equal(len, lens[i]);
		sim_stop(&f);
	}
}

/* A name stands once per dialect, and both forms of ntp.org's default list agree. */
static void
tables_are_consistent(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SIM_N_CLASSES * SIM_N_DIALECTS; i++) {
		const struct sim_table *table =
		    sim_table((enum sim_class)(i / SIM_N_DIALECTS));
		enum sim_dialect dialect = (enum sim_dialect)(i % SIM_N_DIALECTS);
		size_t n_listed = 0;

		for (size_t j = 0; j < table->n_rows; j++) {
			const struct sim_row *row = &table->rows[j];

			if (row->access[dialect] == SIM_NO)
				continue;
			n_listed += row->access[dialect] == SIM_LIST;
			if (sim_row_find((enum sim_class)(i / SIM_N_DIALECTS), dialect,
				row->name, strlen(row->name)) != row)
				fail_msg("%s stands twice", row->name);
		}
		for (size_t j = 0; dialect == SIM_NTPORG && j < table->n_listed; j++) {
			const char *name = table->listed[j];
			const struct sim_row *row =
			    sim_row_find((enum sim_class)(i / SIM_N_DIALECTS), dialect,
				name, strlen(name));

			if (!row || row->access[dialect] != SIM_LIST)
				fail_msg("%s is not in the default list", name);
		}
		if (dialect == SIM_NTPORG)
			assert_int_equal(n_listed, table->n_listed);
	}
}

static void
every_invented_association_has_plausible_values(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 20);
	for (unsigned i = 0; i < 20; i++) {
		bool is_dead = i % 10 == 9;

		assert_string_equal(sim_value(&f, FIRST_ID + i, "reach"),
		    is_dead ? "0x0" : "0xff");
		assert_string_equal(sim_value(&f, FIRST_ID + i, "refid"),
		    is_dead          ? "INIT"
			: i % 3 == 0 ? "GPS"
				     : "198.18.200.1");
	}
	assert_string_equal(sim_value(&f, FIRST_ID, "candidate"), "6");
	assert_string_equal(sim_value(&f, FIRST_ID, "offset"), "-0.001");
	assert_string_equal(sim_value(&f, FIRST_ID + 9, "stratum"), "16");
	assert_string_equal(sim_value(&f, 0, "peer"), "20007");
	assert_string_equal(sim_value(&f, 0, "refid"), "198.18.0.1");
	assert_string_equal(sim_value(&f, 0, "peeradr"), "198.18.0.1:123");
	assert_string_equal(sim_value(&f, FIRST_ID, "authenable"), "1");
	sim_stop(&f);
	sim_start(&f, SIM_NTPSEC, 0);
	assert_string_equal(sim_value(&f, 0, "stratum"), "16");
	assert_string_equal(sim_value(&f, 0, "leap"), "3");
	assert_string_equal(sim_value(&f, 0, "peeradr"), "0.0.0.0:0");
	assert_string_equal(sim_value(&f, 0, "version"), "\"ntpd ntpsec-1.2.2\"");
	assert_int_equal(sim_packet(&f, 0).head.leap, 3);
	assert_int_equal(sim_packet(&f, 0).head.status, 0xc015);
	sim_stop(&f);
}

static void
ntpsec_filters_start_with_leftovers(void **state)
{
	struct sim_fixture f;
	const char *text;
	size_t n_odd = 0;

	(void)state;
	sim_start(&f, SIM_NTPSEC, 1);
	f.now += 64 * SIM_SECOND; /* a time without octets of zero */
	text = sim_value(&f, FIRST_ID, "filtdelay");
	assert_memory_equal(text, "O 0.00 0", 8);
	for (size_t i = 0; text[i]; i++)
		n_odd += (uint8_t)text[i] < 0x20 || (uint8_t)text[i] > 0x7e;
	assert_true(n_odd >= 2);
	text = sim_value(&f, FIRST_ID, "filtdisp");
	assert_non_null(strchr(text, '\x04'));
	assert_string_equal(sim_value(&f, FIRST_ID, "delay"), "0.137992");
	sim_stop(&f);
	sim_start(&f, SIM_NTPORG, 1);
	assert_memory_equal(sim_value(&f, FIRST_ID, "filtdelay"), " 0.14 ", 6);
	assert_string_equal(sim_value(&f, FIRST_ID, "delay"), "0.137");
	sim_stop(&f);
}

/* The daemon wipes its buffer from twelve octets behind the data on. */
static void
ntpsec_padding_is_what_earlier_answers_left(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPSEC, 1);
	sim_ask(&f, M6_OP_READVAR, 0, ""); /* "leap=0, stratum=2, ..." */
	sim_ask(&f, M6_OP_READVAR, 0, "leap");
	sim_ask(&f, M6_OP_READVAR, 0, "precision");
	sim_assert_data(&f, "precision=-23\r\n");
	assert_int_equal(sim_packet(&f, 0).trailer_len, 1);
	assert_int_equal(sim_packet(&f, 0).trailer[0], '=');
	sim_ask(&f, M6_OP_UNSPEC, 0, "");
	sim_ask(&f, M6_OP_READVAR, 0, "precision");
	assert_int_equal(sim_packet(&f, 0).trailer[0], 0);
	sim_stop(&f);
}

static void
readstat_of_an_association_lists_variables(void **state)
{
	char expected[4096];
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_ask(&f, M6_OP_READVAR, FIRST_ID, "");
	strcpy(expected, sim_joined(&f, NULL));
	sim_ask(&f, M6_OP_READSTAT, FIRST_ID, "");
	sim_assert_data(&f, expected);
	sim_stop(&f);
	sim_start(&f, SIM_NTPSEC, 1);
	sim_ask(&f, M6_OP_READVAR, FIRST_ID, "");
	strcpy(expected, sim_joined(&f, NULL));
	sim_ask(&f, M6_OP_READSTAT, FIRST_ID, "");
	assert_string_not_equal(sim_joined(&f, NULL), expected);
	assert_int_equal(sim_packet(&f, 0).head.status, 0xb61a);
	sim_stop(&f);
}

static void
clocks_and_counters_run_unless_frozen(void **state)
{
	struct sim_options frozen = { .dialect = SIM_NTPORG, .is_frozen = true };
	struct sim_fixture f;
	char clock[64];

	(void)state;
	sim_start(&f, SIM_NTPSEC, 300);
	strcpy(clock, sim_value(&f, 0, "clock"));
	f.now += 100 * SIM_SECOND + SIM_SECOND / 2;
	assert_string_not_equal(sim_value(&f, 0, "clock"), clock);
	assert_memory_equal(f.text + strlen(f.text) - 8, "80000000", 8);
	assert_string_equal(sim_value(&f, 0, "ss_uptime"), "100");
	assert_string_equal(sim_value(&f, 0, "ss_reset_r"), "100");
	assert_string_equal(sim_value(&f, 0, "ss_received"), "5");
	assert_string_equal(sim_value(&f, 0, "io_sent"), "5");
	sim_ask(&f, M6_OP_READSTAT, 0, "");
	assert_string_equal(sim_value(&f, 0, "io_sent"), "9");
	assert_string_equal(sim_value(&f, FIRST_ID, "received"), "15");
	sim_stop(&f);

	memset(&f, 0, sizeof(f));
	f.sim = sim_new(&frozen, SIM_START);
	f.now = SIM_START;
	strcpy(clock, sim_value(&f, 0, "clock"));
	f.now += 100 * SIM_SECOND;
	assert_string_equal(sim_value(&f, 0, "clock"), clock);
	assert_string_equal(sim_value(&f, 0, "ss_uptime"), "0");
	assert_string_equal(sim_value(&f, 0, "ss_received"), "0");
	sim_stop(&f);
}

static void
a_nonce_serves_its_client_for_sixteen_seconds(void **state)
{
	struct sim_fixture f;
	struct addr other = sim_client;
	char request[128];
	uint8_t bytes[SIM_REQUEST_CAP];
	struct m6_header head = { .version = 2, .op = M6_OP_READ_MRU };
	size_t len;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_ask(&f, M6_OP_REQ_NONCE, 0, "");
	sim_joined(&f, &len);
	assert_int_equal(len, 32);
	assert_int_equal(sim_packet(&f, 0).head.status, 0);
	snprintf(request, sizeof(request), "%.30s, frags=32", f.text);
	sim_ask(&f, M6_OP_READ_MRU, 0, request);
	assert_non_null(strstr(sim_joined(&f, NULL), "now=0x"));
	request[30] = '\0';
	sim_ask(&f, M6_OP_READ_MRU, 0, request);
	sim_assert_error(&f, M6_ERROR_BADVALUE);
	request[30] = ',';
	assert_int_equal(
	    m6_packet_encode(&head, request, strlen(request), bytes, sizeof(bytes), &len),
	    0);
	other.port++;
	sim_request(f.sim, &other, bytes, len, f.now, &f.out);
	assert_int_equal(f.out.n, 0);
	sim_ask(&f, M6_OP_READ_MRU, 0, "frags=32");
	assert_int_equal(f.out.n, 0);
	f.now += 17 * SIM_SECOND;
	sim_ask(&f, M6_OP_READ_MRU, 0, request);
	assert_int_equal(f.out.n, 0);
	sim_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_request_is_dropped),
		cmocka_unit_test(versions_and_sequences_are_echoed),
		cmocka_unit_test(wrong_lengths_are_bad_format),
		cmocka_unit_test(opcodes_without_a_key_are_refused_by_dialect),
		cmocka_unit_test(permission_is_decided_before_the_association),
		cmocka_unit_test(unspec_answers_the_status_word_alone),
		cmocka_unit_test(a_fragment_holds_117_associations_newest_first),
		cmocka_unit_test(requests_are_read_as_the_daemons_read_them),
		cmocka_unit_test(octets_of_zero_belong_to_a_name),
		cmocka_unit_test(blanks_commas_and_overlong_values_give_the_default_list),
		cmocka_unit_test(dialects_know_their_own_variables),
		cmocka_unit_test(lists_of_names_have_the_length_seen_in_the_field),
		cmocka_unit_test(tables_are_consistent),
		cmocka_unit_test(every_invented_association_has_plausible_values),
		cmocka_unit_test(ntpsec_filters_start_with_leftovers),
		cmocka_unit_test(ntpsec_padding_is_what_earlier_answers_left),
		cmocka_unit_test(readstat_of_an_association_lists_variables),
		cmocka_unit_test(clocks_and_counters_run_unless_frozen),
		cmocka_unit_test(a_nonce_serves_its_client_for_sixteen_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
