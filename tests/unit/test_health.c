/* SPDX-License-Identifier: BSD-2-Clause */
/* The level of health and its reasons. */
#include "support/check.h"

#include <string.h>

#include "base/clock.h"
#include "model/health.h"
#include "support/snapshot_fixture.h"

/* 2026-11-26 01:00:00 UTC. */
#define NOW_NS INT64_C(1795654800000000000)

#define GOOD_SYSTEM \
	"leap=0, stratum=2, precision=-24, rootdelay=1.0, rootdisp=2.0, " \
	"clock=0xeeb1ec90.00000000, peer=1, tc=6, ss_uptime=100000"
#define FRESH ", reftime=0xeeb1ec80.00000000"

/* A snapshot with three associations whose selections are given. */
static struct snapshot *
up(const char *system, uint8_t a, uint8_t b, uint8_t c)
{
	const uint8_t selections[] = { a, b, c };
	struct snapshot *s = snapshot_new(TARGET_UP, 3);

	assert_non_null(s);
	s->has_peers = true;
	s->taken_wall_ns = NOW_NS;
	fixture_system(s, system);
	for (size_t i = 0; i < 3; i++)
		fixture_peer(&s->peers[i], (uint16_t)(i + 1),
		    (uint16_t)(0x9000 | selections[i] << 8), "srcadr=192.0.2.1");
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(s->peers[i].selection, selections[i]);
	return s;
}

static const struct {
	const char *system;
	uint8_t selections[3];
	enum health_level level;
	const char *reason;
} rows[] = {
	{ GOOD_SYSTEM FRESH ", offset=0.1", { 6, 4, 4 }, HEALTH_OK, "" },
	{ GOOD_SYSTEM FRESH ", offset=-49.999", { 6, 4, 3 }, HEALTH_OK, "" },
	{ GOOD_SYSTEM FRESH ", offset=-50.0", { 6, 4, 4 }, HEALTH_WARNING,
	    "offset -50.000 ms" },
	{ GOOD_SYSTEM FRESH ", offset=500.0", { 6, 4, 4 }, HEALTH_CRITICAL,
	    "offset 500.000 ms" },
	{ GOOD_SYSTEM FRESH, { 6, 1, 0 }, HEALTH_WARNING,
	    "1 usable source of 3; 1 falseticker" },
	{ GOOD_SYSTEM FRESH, { 6, 5, 1 }, HEALTH_WARNING, "1 falseticker" },
	{ GOOD_SYSTEM FRESH ", offset=600", { 6, 1, 1 }, HEALTH_CRITICAL,
	    "offset 600.000 ms; 1 usable source of 3; 2 falsetickers" },
	/* Eight polls of 64 s: 512 s are good. */
	{ GOOD_SYSTEM ", reftime=0xeeb1ea90.00000000", { 6, 4, 4 }, HEALTH_OK, "" },
	{ GOOD_SYSTEM ", reftime=0xeeb1ea8f.00000000", { 6, 4, 4 }, HEALTH_WARNING,
	    "last clock update 513 s ago" },
	{ GOOD_SYSTEM ", reftime=0xeeb1de7f.00000000", { 6, 4, 4 }, HEALTH_CRITICAL,
	    "last clock update 3601 s ago" },
	{ GOOD_SYSTEM ", reftime=0x00000000.00000000", { 6, 4, 4 }, HEALTH_OK, "" },
	{ GOOD_SYSTEM FRESH ", expire=202611250000", { 6, 4, 4 }, HEALTH_WARNING,
	    "leap second file expired" },
	{ GOOD_SYSTEM FRESH ", expire=202612280000", { 6, 4, 4 }, HEALTH_OK, "" },
	{ "leap=3, stratum=16, peer=0, ss_uptime=100000", { 0, 0, 0 }, HEALTH_CRITICAL,
	    "not synchronized" },
	{ "leap=3, stratum=16, peer=0, ss_uptime=1019", { 0, 0, 0 }, HEALTH_WARNING,
	    "not synchronized (started a short time ago)" },
	{ "leap=3, stratum=16, peer=0", { 0, 0, 0 }, HEALTH_CRITICAL,
	    "not synchronized" },
};

static void
conditions_and_their_levels(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct snapshot *s = up(rows[i].system, rows[i].selections[0],
		    rows[i].selections[1], rows[i].selections[2]);
		struct health h;

		health_of(s, &h);
		if (h.level != rows[i].level || strcmp(h.reason, rows[i].reason) != 0)
			fail_msg("row %zu: level %d, \"%s\"", i, h.level, h.reason);
		assert_int_equal(h.reason_len, strlen(h.reason));
		snapshot_unref(s);
	}
}

static void
usable_sources_are_the_survivors(void **state)
{
	struct snapshot *s = up(GOOD_SYSTEM FRESH, 6, 4, 3);
	struct health h;

	(void)state;
	health_of(s, &h);
	assert_int_equal(h.usable_sources, 2);
	snapshot_unref(s);
}

static void
daemon_that_does_not_answer(void **state)
{
	static const struct {
		enum target_state state;
		enum health_level level;
	} states[] = {
		{ TARGET_UNKNOWN, HEALTH_UNKNOWN },
		{ TARGET_REFUSED, HEALTH_CRITICAL },
		{ TARGET_SILENT, HEALTH_CRITICAL },
		{ TARGET_BADANSWERS, HEALTH_CRITICAL },
		{ TARGET_UNRESOLVED, HEALTH_CRITICAL },
		{ TARGET_DENIED, HEALTH_CRITICAL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(states); i++) {
		struct snapshot *s = snapshot_new(states[i].state, 0);
		struct health h;

		health_of(s, &h);
		assert_int_equal(h.level, states[i].level);
		assert_true(h.reason_len > 0);
		assert_int_equal(h.usable_sources, 0);
		snapshot_unref(s);
	}
}

static void
age_of_the_clock_wants_both_times(void **state)
{
	static const struct {
		const char *system;
		bool is_there;
		uint64_t age_s;
	} ages[] = {
		{ "clock=0xeeb1ec90.00000000, reftime=0xeeb1ec80.80000000", true, 15 },
		{ "clock=0xeeb1ec90.00000000, reftime=0xeeb1ec91.00000000", false, 0 },
		{ "clock=0xeeb1ec90.00000000", false, 0 },
		{ "reftime=0xeeb1ec80.00000000", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ages); i++) {
		struct snapshot *s = up(ages[i].system, 0, 0, 0);
		uint64_t age_s = 0;

		assert_int_equal(health_clock_age(s, &age_s), ages[i].is_there);
		assert_int_equal(age_s, ages[i].age_s);
		snapshot_unref(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_and_their_levels),
		cmocka_unit_test(usable_sources_are_the_survivors),
		cmocka_unit_test(daemon_that_does_not_answer),
		cmocka_unit_test(age_of_the_clock_wants_both_times),
	};

	return cmocka_run_group_tests_name("health", tests, NULL, NULL);
}
