/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects as lines of text, and the system group. */
#include "support/check.h"

#include <string.h>

#include "base/clock.h"
#include "snmp/ntpv4_mib.h"
#include "snmp/print.h"
#include "snmp/system_mib.h"

static const mib_subid arcs[] = { 1, 3, 6, 1, 4294967295 };

static const struct {
	mib_subid ids[14];
	size_t len;
	struct mib_value value;
	const char *line;
} rows[] = {
	{ { 1, 3, 6, 1, 2, 1, 197, 1, 2, 2, 0 }, 11, { .syntax = MIB_UNSIGNED, .u32 = 3 },
	    ".1.3.6.1.2.1.197.1.2.2.0 ntpEntStatusStratum.0 = Unsigned32: 3" },
	{ { 1, 3, 6, 1, 2, 1, 197, 1, 1, 6, 0 }, 11,
	    { .syntax = MIB_INTEGER, .i32 = -23 },
	    ".1.3.6.1.2.1.197.1.1.6.0 ntpEntTimePrecision.0 = INTEGER: -23" },
	{ { 1, 3, 6, 1, 2, 1, 197, 1, 3, 1, 1, 2, 65535 }, 13,
	    { .syntax = MIB_OCTETS, .octets = "a\"b", .n_octets = 3 },
	    ".1.3.6.1.2.1.197.1.3.1.1.2.65535 ntpAssocName.65535 = STRING: \"a\"b\"" },
	{ { 1, 3, 6, 1, 2, 1, 197, 1, 3, 1, 1, 5, 7 }, 13,
	    { .syntax = MIB_OCTETS, .octets = "\xc0\0\2\1", .n_octets = 4 },
	    ".1.3.6.1.2.1.197.1.3.1.1.5.7 ntpAssocAddress.7 = STRING: 0xc0000201" },
	{ { 1, 3, 6, 1, 2, 1, 197, 1, 2, 8, 0 }, 11,
	    { .syntax = MIB_TIMETICKS, .u32 = UINT32_MAX },
	    ".1.3.6.1.2.1.197.1.2.8.0 ntpEntStatusEntityUptime.0 = TimeTicks: "
	    "4294967295" },
	{ { 1, 3, 6, 1, 2, 1, 197, 9 }, 8, { .syntax = MIB_COUNTER64, .u64 = UINT64_MAX },
	    ".1.3.6.1.2.1.197.9 = Counter64: 18446744073709551615" },
	{ { 1, 3, 6, 1, 2, 1, 197, 9 }, 8,
	    { .syntax = MIB_OBJECT_ID, .octets = arcs, .n_octets = sizeof(arcs) },
	    ".1.3.6.1.2.1.197.9 = OID: .1.3.6.1.4294967295" },
};

static void
every_syntax_has_its_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mib_oid name = { .len = rows[i].len };
		char line[MIB_LINE_MAX];

		memcpy(name.ids, rows[i].ids, rows[i].len * sizeof(name.ids[0]));
		assert_int_equal(
		    mib_print(&ntpv4_mib, &name, &rows[i].value, line, sizeof(line)),
		    strlen(rows[i].line));
		assert_string_equal(line, rows[i].line);
	}
}

static void
line_is_cut_at_its_room(void **state)
{
	struct mib_oid name = { .len = rows[0].len };
	char line[10];

	(void)state;
	memcpy(name.ids, rows[0].ids, rows[0].len * sizeof(name.ids[0]));
	assert_int_equal(mib_print(&ntpv4_mib, &name, &rows[0].value, line, sizeof(line)),
	    9);
	assert_string_equal(line, ".1.3.6.1.");
}

static void
system_group_says_who_we_are(void **state)
{
	static const mib_subid up_time[] = { 1, 3, 6, 1, 2, 1, 1, 3, 0 };
	struct system_identity identity = { .descr = "d", .name = "n" };
	struct mib_agent agent = { .identity = &identity };
	struct snapshot *snapshot = snapshot_new(TARGET_UNKNOWN, 0);
	struct mib_view view = { snapshot, &agent, NULL };
	struct mib_oid at = { .len = 0 }, found;
	struct mib_value value;
	unsigned n = 0;

	(void)state;
	identity.started_ns = clock_monotonic_ns() - 5 * NS_PER_S;
	while (mib_next(&system_mib, &view, at.ids, at.len, false, &found, &value) ==
	    MIB_FOUND) {
		at = found;
		n++;
	}
	assert_int_equal(n, 4);
	assert_int_equal(mib_get(&system_mib, &view, up_time, COUNT(up_time), &value),
	    MIB_FOUND);
	assert_in_range(value.u32, 500, 6000);
	snapshot_unref(snapshot);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_syntax_has_its_form),
		cmocka_unit_test(line_is_cut_at_its_room),
		cmocka_unit_test(system_group_says_who_we_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
