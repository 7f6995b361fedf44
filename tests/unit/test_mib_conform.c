/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of NTPv4-MIB against the module's text, read by Net-SNMP's own parser. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/ntpv4_mib.h"
#include "support/mib_text.h"
#include "support/snapshot_fixture.h"

enum { PATH_LEN_MAX = 4096 };

static void
module_root_is_where_the_text_says(void **state)
{
	struct tree *root = mib_text_node(ntpv4_mib.root, ntpv4_mib.root_len);

	(void)state;
	assert_non_null(root);
	assert_string_equal(root->label, "ntpSnmpMIB");
	assert_int_equal(root->type, TYPE_MODID);
}

static void
rows_agree_with_the_text(void **state)
{
	(void)state;
	mib_text_check_rows(&ntpv4_mib);
}

/* The one index of both tables. */
static void
tables_are_indexed_by_association(void **state)
{
	const char *const labels[] = { "ntpAssocId" };
	size_t n_tables = 0;

	(void)state;
	for (size_t i = 0; i < ntpv4_mib.n_groups; i++) {
		if (!ntpv4_mib.groups[i]->rows)
			continue;
		mib_text_check_index(ntpv4_mib.groups[i], labels, COUNT(labels));
		n_tables++;
	}
	assert_int_equal(n_tables, 2);
}

static size_t
excuses_named(const char *label)
{
	size_t n = 0;

	for (size_t i = 0; ntpv4_unserved[i].label; i++)
		n += strcmp(ntpv4_unserved[i].label, label) == 0;
	return n;
}

static void
every_object_has_a_row_or_a_reason(void **state)
{
	size_t n_homes = 0, n_objects;

	(void)state;
	n_objects = mib_text_check_homes(&ntpv4_mib, excuses_named);
	for (size_t i = 0; i < ntpv4_mib.n_groups; i++)
		n_homes += ntpv4_mib.groups[i]->n_objects;
	for (size_t i = 0; ntpv4_unserved[i].label; i++)
		n_homes++;
	assert_int_equal(n_objects, 40);
	assert_int_equal(n_homes, n_objects);
}

/* The reasons in the code and the statement for programs name the same objects. */
static void
capabilities_leave_out_what_has_a_reason(void **state)
{
	const char *srcdir = getenv("srcdir");
	char path[PATH_LEN_MAX], text[PATH_LEN_MAX], variation[128];
	size_t n = 0, n_stated = 0;
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/mibs/NTP-AGENTX-CAPABILITIES-MIB.txt.in",
	    srcdir ? srcdir : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	assert_true(feof(f));
	fclose(f);
	for (const char *at = text; (at = strstr(at, "not-implemented")) != NULL; at++)
		n_stated++;
	for (size_t i = 0; ntpv4_unserved[i].label; i++) {
		if (strcmp(ntpv4_unserved[i].label, "ntpEntNotifMessage") == 0)
			continue;
		snprintf(variation, sizeof(variation),
		    "VARIATION   %s\n    ACCESS      not-implemented\n",
		    ntpv4_unserved[i].label);
		if (!strstr(text, variation))
			fail_msg("%s is not left out there", ntpv4_unserved[i].label);
		n++;
	}
	assert_int_equal(n, n_stated);
}

static void
enumerations_are_those_of_the_code(void **state)
{
	static const mib_subid mode_name[] = { 1, 3, 6, 1, 2, 1, 197, 1, 2, 1 };
	static const struct mib_text_value modes[] = {
		{ "notRunning", NTP_MODE_NOT_RUNNING },
		{ "notSynchronized", NTP_MODE_NOT_SYNCHRONIZED },
		{ "noneConfigured", NTP_MODE_NONE_CONFIGURED },
		{ "syncToLocal", NTP_MODE_SYNC_TO_LOCAL },
		{ "syncToRefclock", NTP_MODE_SYNC_TO_REFCLOCK },
		{ "syncToRemoteServer", NTP_MODE_SYNC_TO_REMOTE },
		{ "unknown", NTP_MODE_UNKNOWN },
	};
	static const mib_subid type_name[] = { 1, 3, 6, 1, 2, 1, 197, 1, 3, 1, 1, 4 };
	static const struct mib_text_value types[] = {
		{ "ipv4", 1 },
		{ "ipv6", 2 },
		{ "ipv4z", 3 },
		{ "ipv6z", 4 },
	};
	static const mib_subid bits_name[] = { 1, 3, 6, 1, 2, 1, 197, 1, 4, 2 };
	static const struct mib_text_value bits[] = {
		{ "notUsed", 0 },
		{ "entNotifModeChange", MIB_NOTIF_MODE_CHANGE },
		{ "entNotifStratumChange", MIB_NOTIF_STRATUM_CHANGE },
		{ "entNotifSyspeerChanged", MIB_NOTIF_SYSPEER_CHANGED },
		{ "entNotifAddAssociation", MIB_NOTIF_ADD_ASSOCIATION },
		{ "entNotifRemoveAssociation", MIB_NOTIF_REMOVE_ASSOCIATION },
		{ "entNotifConfigChanged", MIB_NOTIF_CONFIG_CHANGED },
		{ "entNotifLeapSecondAnnounced", MIB_NOTIF_LEAP_SECOND_ANNOUNCED },
		{ "entNotifHeartbeat", MIB_NOTIF_HEARTBEAT },
	};

	(void)state;
	mib_text_check_enumeration(mode_name, COUNT(mode_name), modes, COUNT(modes));
	mib_text_check_enumeration(type_name, COUNT(type_name), types, COUNT(types));
	mib_text_check_enumeration(bits_name, COUNT(bits_name), bits, COUNT(bits));
}

static void
any_value_is_what_its_syntax_allows(void **state)
{
	const struct mib_agent agent = { 0 };
	uint32_t seed = 2010;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		struct snapshot *s = fixture_random(&seed);

		n += mib_text_check_values(&ntpv4_mib,
		    &(struct mib_view){ s, &agent, NULL });
		snapshot_unref(s);
	}
	assert_true(n > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(module_root_is_where_the_text_says),
		cmocka_unit_test(rows_agree_with_the_text),
		cmocka_unit_test(tables_are_indexed_by_association),
		cmocka_unit_test(every_object_has_a_row_or_a_reason),
		cmocka_unit_test(capabilities_leave_out_what_has_a_reason),
		cmocka_unit_test(enumerations_are_those_of_the_code),
		cmocka_unit_test(any_value_is_what_its_syntax_allows),
	};

	return cmocka_run_group_tests_name("MIB conformance", tests, mib_text_set_up,
	    mib_text_tear_down);
}
