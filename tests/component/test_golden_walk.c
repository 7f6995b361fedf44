/* SPDX-License-Identifier: BSD-2-Clause */
/* NTPv4-MIB of recorded daemons, line by line, and of any daemon by its properties. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "snmp/ntpv4_mib.h"
#include "support/mib_walk.h"
#include "support/snapshot_fixture.h"

enum { PATH_LEN_MAX = 4096 };

/* 2026-11-21, when the recordings were made. */
static const int64_t recorded_ns = 1795219782 * NS_PER_S;

static const char *const recordings[] = {
	"ntpd-4.2.8p15-client",
	"ntpd-4.2.8p15-server",
	"ntpsec-1.2.2-client",
	"ntpsec-1.2.2-server",
};

static FILE *
open_golden(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char path[PATH_LEN_MAX];

	snprintf(path, sizeof(path), "%s/tests/golden/%s.walk", srcdir ? srcdir : ".",
	    name);
	return fopen(path, "r");
}

/* The next line that is not a comment, without its end; false at the end of the file. */
static bool
read_line(FILE *in, char *out, size_t cap)
{
	do {
		if (!fgets(out, (int)cap, in))
			return false;
		out[strcspn(out, "\n")] = '\0';
	} while (out[0] == '#' || out[0] == '\0');
	return true;
}

static void
check_against_golden(const char *name, const struct mib_listing *all)
{
	FILE *golden = open_golden(name);
	char line[PATH_LEN_MAX];

	assert_non_null(golden);
	for (size_t i = 0; i < all->n; i++) {
		assert_true(read_line(golden, line, sizeof(line)));
		assert_string_equal(all->items[i].line, line);
	}
	assert_false(read_line(golden, line, sizeof(line)));
	fclose(golden);
}

static void
recorded_daemons_are_served_as_written_down(void **state)
{
	struct mib_control control = { .heartbeat_s = 60, .notif_bits = { 0x7f, 0x00 } };
	const struct mib_agent agent = { .notifications = 7, .control = &control };

	(void)state;
	for (size_t i = 0; i < COUNT(recordings); i++) {
		char path[PATH_LEN_MAX];
		struct snapshot *s;
		struct mib_view view;
		struct mib_listing all;
		uint32_t seed = 123;

		snprintf(path, sizeof(path), "tests/recordings/%s.txt", recordings[i]);
		s = fixture_from_recording(path, recorded_ns);
		view = (struct mib_view){ s, &agent, NULL };
		all = mib_listing_of(&ntpv4_mib, &view);
		check_against_golden(recordings[i], &all);
		mib_check_walk(&ntpv4_mib, &view, &all);
		mib_check_names(&ntpv4_mib, &view, &all, &seed, 5000);
		mib_listing_free(&all);
		snapshot_unref(s);
	}
}

static void
silent_targets_show_mode_and_notifications_only(void **state)
{
	static const struct {
		enum target_state state;
		const char *mode;
	} rows[] = {
		{ TARGET_UNKNOWN, "99" },
		{ TARGET_REFUSED, "1" },
		{ TARGET_SILENT, "99" },
		{ TARGET_BADANSWERS, "99" },
		{ TARGET_UNRESOLVED, "99" },
		{ TARGET_DENIED, "99" },
	};
	const struct mib_agent agent = { .notifications = UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct snapshot *s = snapshot_new(rows[i].state, 0);
		const struct mib_view view = { s, &agent, NULL };
		struct mib_listing all = mib_listing_of(&ntpv4_mib, &view);
		char mode[PATH_LEN_MAX];

		snprintf(mode, sizeof(mode),
		    ".1.3.6.1.2.1.197.1.2.1.0 "
		    "ntpEntStatusCurrentMode.0 = INTEGER: %s",
		    rows[i].mode);
		assert_int_equal(all.n, 2);
		assert_string_equal(all.items[0].line, mode);
		assert_string_equal(all.items[1].line,
		    ".1.3.6.1.2.1.197.1.2.16.0 "
		    "ntpEntStatusNotifications.0 = Counter32: 4294967295");
		mib_check_walk(&ntpv4_mib, &view, &all);
		mib_listing_free(&all);
		snapshot_unref(s);
	}
}

/* Even when values were left behind in it. */
static void
values_of_a_target_that_is_not_up_are_not_shown(void **state)
{
	const struct mib_agent agent = { 0 };

	(void)state;
	for (int st = TARGET_UNKNOWN; st <= TARGET_DENIED; st++) {
		struct snapshot *s =
		    fixture_from_recording("tests/recordings/ntpsec-1.2.2-client.txt", 0);
		const struct mib_view view = { s, &agent, NULL };
		struct mib_listing all;

		if (st != TARGET_UP)
			s->state = (enum target_state)st;
		s->totals.has_in_packets = true;
		s->totals.has_out_packets = true;
		s->totals.has_protocol_errors = true;
		all = mib_listing_of(&ntpv4_mib, &view);
		if (st == TARGET_UP)
			assert_true(all.n > 40);
		else
			assert_int_equal(all.n, 2);
		mib_listing_free(&all);
		snapshot_unref(s);
	}
}

static void
daemon_that_said_nothing_shows_no_values(void **state)
{
	const struct mib_agent agent = { 0 };
	struct snapshot *s = snapshot_new(TARGET_UP, 3);
	const struct mib_view view = { s, &agent, NULL };
	struct mib_listing all;

	(void)state;
	for (uint16_t i = 0; i < 3; i++)
		s->peers[i].id = (uint16_t)(i + 1);
	all = mib_listing_of(&ntpv4_mib, &view);
	assert_int_equal(all.n, 2);
	mib_check_walk(&ntpv4_mib, &view, &all);
	mib_listing_free(&all);
	snapshot_unref(s);
}

static void
any_snapshot_is_walked_like_a_linear_scan(void **state)
{
	static const uint32_t seeds[] = { 1, 5907, 0xdeadbeef, 197 };

	(void)state;
	for (size_t i = 0; i < COUNT(seeds); i++) {
		uint32_t seed = seeds[i];

		for (size_t round = 0; round < 60; round++) {
			struct snapshot *s = fixture_random(&seed);
			const struct mib_agent agent = { .notifications =
							     mib_random(&seed) };
			const struct mib_view view = { s, &agent, NULL };
			struct mib_listing all = mib_listing_of(&ntpv4_mib, &view);

			mib_check_walk(&ntpv4_mib, &view, &all);
			mib_check_names(&ntpv4_mib, &view, &all, &seed, 200);
			mib_listing_free(&all);
			snapshot_unref(s);
		}
	}
}

/* `test_golden_walk NAME` prints the walk of one recording, to be checked by eye. */
static int
print_walk(const char *name)
{
	const struct mib_agent agent = { .notifications = 7 };
	char path[PATH_LEN_MAX];
	struct snapshot *s;
	struct mib_view view;
	struct mib_listing all;

	snprintf(path, sizeof(path), "tests/recordings/%s.txt", name);
	s = fixture_from_recording(path, recorded_ns);
	view = (struct mib_view){ s, &agent, NULL };
	all = mib_listing_of(&ntpv4_mib, &view);
	for (size_t i = 0; i < all.n; i++)
		puts(all.items[i].line);
	mib_listing_free(&all);
	snapshot_unref(s);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_daemons_are_served_as_written_down),
		cmocka_unit_test(silent_targets_show_mode_and_notifications_only),
		cmocka_unit_test(values_of_a_target_that_is_not_up_are_not_shown),
		cmocka_unit_test(daemon_that_said_nothing_shows_no_values),
		cmocka_unit_test(any_snapshot_is_walked_like_a_linear_scan),
	};

	if (argc == 2)
		return print_walk(argv[1]);
	return cmocka_run_group_tests_name("golden walk", tests, NULL, NULL);
}
