/* SPDX-License-Identifier: BSD-2-Clause */
/* Status words: every bit in its field, every code with its word. */
#include "support/check.h"

#include "mode6/status.h"

static void
system_words_are_taken_apart(void **state)
{
	static const struct {
		uint16_t word;
		struct m6_system_status expected;
	} rows[] = {
		{ 0x0000, { 0, 0, 0, 0 } },
		{ 0x0615, { 0, 6, 1, 5 } },
		{ 0xc606, { 3, 6, 0, 6 } },
		{ 0xc006, { 3, 0, 0, 6 } },
		{ 0x06a4, { 0, 6, 10, 4 } },
		{ 0xffff, { 3, 63, 15, 15 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct m6_system_status s = m6_system_status(rows[i].word);
		assert_int_equal(s.leap, rows[i].expected.leap);
		assert_int_equal(s.source, rows[i].expected.source);
		assert_int_equal(s.count, rows[i].expected.count);
		assert_int_equal(s.event, rows[i].expected.event);
	}
}

static void
peer_words_are_taken_apart(void **state)
{
	static const struct {
		uint16_t word;
		struct m6_peer_status expected;
	} rows[] = {
		{ 0x0000, { 0 } },
		{ 0x961a,
		    { .is_configured = true,
			.is_reachable = true,
			.selection = 6,
			.count = 1,
			.event = 10 } },
		{ 0x8811,
		    { .is_configured = true,
			.is_broadcast = true,
			.count = 1,
			.event = 1 } },
		{ 0xf414,
		    { .is_configured = true,
			.is_authenable = true,
			.is_authentic = true,
			.is_reachable = true,
			.selection = 4,
			.count = 1,
			.event = 4 } },
		{ 0xa011,
		    { .is_configured = true,
			.is_authentic = true,
			.count = 1,
			.event = 1 } },
		{ 0x4000, { .is_authenable = true } },
		{ 0x07ff, { .selection = 7, .count = 15, .event = 15 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct m6_peer_status s = m6_peer_status(rows[i].word);
		assert_int_equal(s.is_configured, rows[i].expected.is_configured);
		assert_int_equal(s.is_authenable, rows[i].expected.is_authenable);
		assert_int_equal(s.is_authentic, rows[i].expected.is_authentic);
		assert_int_equal(s.is_reachable, rows[i].expected.is_reachable);
		assert_int_equal(s.is_broadcast, rows[i].expected.is_broadcast);
		assert_int_equal(s.selection, rows[i].expected.selection);
		assert_int_equal(s.count, rows[i].expected.count);
		assert_int_equal(s.event, rows[i].expected.event);
	}
}

static void
every_system_word_can_be_put_together_again(void **state)
{
	(void)state;
	for (unsigned word = 0; word <= 0xffff; word++) {
		struct m6_system_status s = m6_system_status((uint16_t)word);
		struct m6_peer_status p = m6_peer_status((uint16_t)word);
		assert_int_equal((unsigned)s.leap << 14 | (unsigned)s.source << 8 |
			(unsigned)s.count << 4 | s.event,
		    word);
		assert_int_equal((unsigned)p.is_configured << 15 |
			(unsigned)p.is_authenable << 14 | (unsigned)p.is_authentic << 13 |
			(unsigned)p.is_reachable << 12 | (unsigned)p.is_broadcast << 11 |
			(unsigned)p.selection << 8 | (unsigned)p.count << 4 | p.event,
		    word);
	}
}

static void
clock_words_have_a_count_and_an_event(void **state)
{
	(void)state;
	struct m6_clock_status s = m6_clock_status(0xff52);
	assert_int_equal(s.count, 5);
	assert_int_equal(s.event, 2);
}

static const char *
system_new(uint8_t code)
{
	return m6_system_event_text(M6_ERA_NEW, code);
}

static const char *
system_old(uint8_t code)
{
	return m6_system_event_text(M6_ERA_OLD, code);
}

static const char *
peer_new(uint8_t code)
{
	return m6_peer_event_text(M6_ERA_NEW, code);
}

static const char *
peer_old(uint8_t code)
{
	return m6_peer_event_text(M6_ERA_OLD, code);
}

/* Each table: how many codes it knows, and samples from the recordings and its ends. */
static const struct {
	const char *name;
	const char *(*text)(uint8_t code);
	unsigned n_codes;
	struct {
		uint8_t code;
		const char *text;
	} samples[4];
} tables[] = {
	{ "leap", m6_leap_text, 4,
	    { { 0, "leap_none" }, { 1, "leap_add_sec" }, { 2, "leap_del_sec" },
		{ 3, "leap_alarm" } } },
	{ "source", m6_source_text, 10,
	    { { 0, "sync_unspec" }, { 1, "sync_pps" }, { 6, "sync_ntp" },
		{ 9, "sync_telephone" } } },
	{ "system events", system_new, 16,
	    { { 0, "unspecified" }, { 4, "freq_mode" }, { 8, "no_sys_peer" },
		{ 15, "stale_leapsecond_values" } } },
	{ "old system events", system_old, 8,
	    { { 0, "event_unspec" }, { 3, "event_sync_chg" },
		{ 4, "event_peer/strat_chg" }, { 7, "event_clock_excptn" } } },
	{ "peer events", peer_new, 16,
	    { { 1, "mobilize" }, { 4, "reachable" }, { 10, "sys_peer" },
		{ 15, "interleave_error" } } },
	{ "old peer events", peer_old, 6,
	    { { 1, "event_ip_err" }, { 3, "event_unreach" }, { 4, "event_reach" },
		{ 5, "event_peer_clock" } } },
	{ "clock events", m6_clock_event_text, 7,
	    { { 0, "clk_unspec" }, { 1, "clk_no_reply" }, { 4, "clk_bad_signal" },
		{ 6, "clk_bad_time" } } },
	{ "selections", m6_selection_text, 8,
	    { { 0, "reject" }, { 3, "outlier" }, { M6_SELECTION_SYSPEER, "sys.peer" },
		{ M6_SELECTION_PPSPEER, "pps.peer" } } },
};

static void
codes_have_their_words(void **state)
{
	(void)state;
	for (size_t t = 0; t < COUNT(tables); t++)
		for (size_t i = 0; i < COUNT(tables[t].samples); i++)
			assert_string_equal(tables[t].text(tables[t].samples[i].code),
			    tables[t].samples[i].text);
}

static void
words_are_unique_and_complete(void **state)
{
	(void)state;
	for (size_t t = 0; t < COUNT(tables); t++) {
		for (unsigned a = 0; a < tables[t].n_codes; a++) {
			assert_string_not_equal(tables[t].text((uint8_t)a), "unknown");
			for (unsigned b = 0; b < a; b++)
				assert_string_not_equal(tables[t].text((uint8_t)a),
				    tables[t].text((uint8_t)b));
		}
		for (unsigned code = tables[t].n_codes; code <= 0xff; code++)
			assert_string_equal(tables[t].text((uint8_t)code), "unknown");
	}
}

static void
tallies_are_those_of_the_billboard(void **state)
{
	static const char expected[] = " x.-+#*o";

	(void)state;
	for (uint8_t i = 0; i < 8; i++)
		assert_int_equal(m6_selection_tally(i), expected[i]);
	assert_int_equal(m6_selection_tally(8), '?');
	assert_int_equal(m6_selection_tally(255), '?');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(system_words_are_taken_apart),
		cmocka_unit_test(peer_words_are_taken_apart),
		cmocka_unit_test(every_system_word_can_be_put_together_again),
		cmocka_unit_test(clock_words_have_a_count_and_an_event),
		cmocka_unit_test(codes_have_their_words),
		cmocka_unit_test(words_are_unique_and_complete),
		cmocka_unit_test(tallies_are_those_of_the_billboard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
