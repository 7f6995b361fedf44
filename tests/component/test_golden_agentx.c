/* SPDX-License-Identifier: BSD-2-Clause */
/* NTP-AGENTX-MIB of recorded daemons, line by line. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "snmp/agentx_mib.h"
#include "support/fleet_fixture.h"
#include "support/mib_walk.h"
#include "support/snapshot_fixture.h"

enum { PATH_LEN_MAX = 4096, LINE_LEN_MAX = 8192 };

/* 2026-11-21, when the recordings were made. */
static const int64_t recorded_ns = 1795219782 * NS_PER_S;

static const char *const recordings[] = {
	"ntpd-4.2.8p15-client",
	"ntpd-4.2.8p15-server",
	"ntpsec-1.2.2-client",
	"ntpsec-1.2.2-server",
};

static const struct mib_agent agent;
static const struct snapshot nothing = { .refs = 1 };

/* The fleet of one recorded daemon, called "r". */
static struct fleet *
fleet_of(const char *recording)
{
	char path[PATH_LEN_MAX];
	struct snapshot *s;
	struct fleet_target *t;
	struct fleet *f;

	snprintf(path, sizeof(path), "tests/recordings/%s.txt", recording);
	s = fixture_from_recording(path, recorded_ns);
	t = fixture_fleet_target("r", s, NULL, 0);
	f = fleet_new(&t, 1);
	assert_non_null(f);
	fleet_target_unref(t);
	snapshot_unref(s);
	return f;
}

/* A line as it is written down: the name without the module's root, which is a matter of
 * configuration. */
static const char *
shown(const char *line)
{
	const char *blank = strchr(line, ' ');

	return blank ? blank + 1 : line;
}

static void
check_against_golden(const char *name, const struct mib_listing *all)
{
	const char *srcdir = getenv("srcdir");
	char path[PATH_LEN_MAX], line[LINE_LEN_MAX];
	FILE *golden;

	snprintf(path, sizeof(path), "%s/tests/golden/%s.agentx", srcdir ? srcdir : ".",
	    name);
	golden = fopen(path, "r");
	assert_non_null(golden);
	for (size_t i = 0; i < all->n; i++) {
		assert_non_null(fgets(line, sizeof(line), golden));
		line[strcspn(line, "\n")] = '\0';
		assert_string_equal(shown(all->items[i].line), line);
	}
	assert_null(fgets(line, sizeof(line), golden));
	fclose(golden);
}

static void
recorded_daemons_are_served_as_written_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(recordings); i++) {
		struct fleet *f = fleet_of(recordings[i]);
		const struct mib_view view = { &nothing, &agent, f };
		struct mib_listing all = mib_listing_of(&agentx_mib, &view);
		uint32_t seed = 456;

		check_against_golden(recordings[i], &all);
		mib_check_walk(&agentx_mib, &view, &all);
		mib_check_names(&agentx_mib, &view, &all, &seed, 2000);
		mib_listing_free(&all);
		fleet_unref(f);
	}
}

/* `test_golden_agentx NAME` prints the walk of one recording, to be checked by eye. */
static int
print_walk(const char *name)
{
	struct fleet *f = fleet_of(name);
	const struct mib_view view = { &nothing, &agent, f };
	struct mib_listing all = mib_listing_of(&agentx_mib, &view);

	for (size_t i = 0; i < all.n; i++)
		puts(shown(all.items[i].line));
	mib_listing_free(&all);
	fleet_unref(f);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_daemons_are_served_as_written_down),
	};

	if (argc > 1)
		return print_walk(argv[1]);
	return cmocka_run_group_tests_name("golden walks of NTP-AGENTX-MIB", tests, NULL,
	    NULL);
}
