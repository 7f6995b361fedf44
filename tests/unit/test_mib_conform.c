/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of NTPv4-MIB against the module's text, read by Net-SNMP's own parser. */
#include "support/check.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/ntpv4_mib.h"
#include "support/mib_walk.h"
#include "support/snapshot_fixture.h"

enum { PATH_LEN_MAX = 4096 };

/* Two types of the parser for each syntax: INTEGER and Integer32 are one on the wire, as
 * are OCTET STRING and BITS. */
static const int parsed_types[MIB_SYNTAX_COUNT][2] = {
	[MIB_INTEGER] = { TYPE_INTEGER, TYPE_INTEGER32 },
	[MIB_UNSIGNED] = { TYPE_UNSIGNED32, TYPE_GAUGE },
	[MIB_COUNTER32] = { TYPE_COUNTER, TYPE_COUNTER },
	[MIB_COUNTER64] = { TYPE_COUNTER64, TYPE_COUNTER64 },
	[MIB_TIMETICKS] = { TYPE_TIMETICKS, TYPE_TIMETICKS },
	[MIB_OCTETS] = { TYPE_OCTETSTR, TYPE_BITSTRING },
	[MIB_OBJECT_ID] = { TYPE_OBJID, TYPE_OBJID },
};

/* The node at exactly that place; NULL when the module has none. */
static struct tree *
node_at(const mib_subid *ids, size_t len)
{
	struct tree *node = get_tree_head();

	for (size_t i = 0; i < len && node; i++) {
		if (i > 0)
			node = node->child_list;
		while (node && node->subid != ids[i])
			node = node->next_peer;
	}
	return node;
}

static struct tree *
node_of(const struct mib_group *g, const struct mib_object *o)
{
	mib_subid name[MIB_OID_MAX];

	memcpy(name, g->root, g->root_len * sizeof(name[0]));
	name[g->root_len] = o->subid;
	return node_at(name, g->root_len + 1);
}

static void
module_root_is_where_the_text_says(void **state)
{
	struct tree *root = node_at(ntpv4_mib.root, ntpv4_mib.root_len);

	(void)state;
	assert_non_null(root);
	assert_string_equal(root->label, "ntpSnmpMIB");
	assert_int_equal(root->type, TYPE_MODID);
}

static void
rows_agree_with_the_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ntpv4_mib.n_groups; i++) {
		const struct mib_group *g = &ntpv4_mib.groups[i];

		for (size_t k = 0; k < g->n_objects; k++) {
			const struct mib_object *o = &g->objects[k];
			struct tree *node = node_of(g, o);

			assert_non_null(node);
			assert_string_equal(node->label, o->label);
			assert_true(node->type == parsed_types[o->syntax][0] ||
			    node->type == parsed_types[o->syntax][1]);
			assert_int_equal(node->access,
			    o->write ? MIB_ACCESS_READWRITE : MIB_ACCESS_READONLY);
			assert_int_equal(g->rows != NULL, node->parent->indexes != NULL);
		}
	}
}

/* The one index of both tables. */
static void
tables_are_indexed_by_association(void **state)
{
	size_t n_tables = 0;

	(void)state;
	for (size_t i = 0; i < ntpv4_mib.n_groups; i++) {
		const struct mib_group *g = &ntpv4_mib.groups[i];
		struct tree *entry = node_at(g->root, g->root_len);

		assert_non_null(entry);
		if (!g->rows) {
			assert_string_equal(entry->label, g->name);
			continue;
		}
		assert_string_equal(entry->parent->label, g->name);
		assert_string_equal(entry->indexes->ilabel, "ntpAssocId");
		assert_null(entry->indexes->next);
		n_tables++;
	}
	assert_int_equal(n_tables, 2);
}

static size_t
rows_named(const char *label)
{
	size_t n = 0;

	for (size_t i = 0; i < ntpv4_mib.n_groups; i++)
		for (size_t k = 0; k < ntpv4_mib.groups[i].n_objects; k++)
			n += strcmp(ntpv4_mib.groups[i].objects[k].label, label) == 0;
	return n;
}

static size_t
excuses_named(const char *label)
{
	size_t n = 0;

	for (size_t i = 0; ntpv4_unserved[i].label; i++)
		n += strcmp(ntpv4_unserved[i].label, label) == 0;
	return n;
}

static bool
has_value(const struct tree *node)
{
	return node->access == MIB_ACCESS_READONLY ||
	    node->access == MIB_ACCESS_READWRITE || node->access == MIB_ACCESS_CREATE ||
	    node->access == MIB_ACCESS_NOTIFY;
}

/* Counts the objects with values at and below `node`, each of which has one home. */
static size_t
check_homes(const struct tree *node)
{
	size_t n = 0;

	if (has_value(node)) {
		if (rows_named(node->label) + excuses_named(node->label) != 1)
			fail_msg("%s: %zu rows, %zu reasons", node->label,
			    rows_named(node->label), excuses_named(node->label));
		n++;
	}
	for (const struct tree *child = node->child_list; child; child = child->next_peer)
		n += check_homes(child);
	return n;
}

static void
every_object_has_a_row_or_a_reason(void **state)
{
	size_t n_homes = 0, n_objects;

	(void)state;
	n_objects = check_homes(node_at(ntpv4_mib.root, ntpv4_mib.root_len));
	for (size_t i = 0; i < ntpv4_mib.n_groups; i++)
		n_homes += ntpv4_mib.groups[i].n_objects;
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

struct named_value {
	const char *label;
	int value;
};

static void
check_enumeration(const mib_subid *name, size_t len, const struct named_value *expected,
    size_t n)
{
	struct tree *node = node_at(name, len);
	size_t n_found = 0;

	assert_non_null(node);
	for (const struct enum_list *e = node->enums; e; e = e->next, n_found++) {
		size_t i = 0;

		while (i < n && strcmp(expected[i].label, e->label) != 0)
			i++;
		assert_true(i < n);
		assert_int_equal(e->value, expected[i].value);
	}
	assert_int_equal(n_found, n);
}

static void
enumerations_are_those_of_the_code(void **state)
{
	static const mib_subid mode_name[] = { 1, 3, 6, 1, 2, 1, 197, 1, 2, 1 };
	static const struct named_value modes[] = {
		{ "notRunning", NTP_MODE_NOT_RUNNING },
		{ "notSynchronized", NTP_MODE_NOT_SYNCHRONIZED },
		{ "noneConfigured", NTP_MODE_NONE_CONFIGURED },
		{ "syncToLocal", NTP_MODE_SYNC_TO_LOCAL },
		{ "syncToRefclock", NTP_MODE_SYNC_TO_REFCLOCK },
		{ "syncToRemoteServer", NTP_MODE_SYNC_TO_REMOTE },
		{ "unknown", NTP_MODE_UNKNOWN },
	};
	static const mib_subid type_name[] = { 1, 3, 6, 1, 2, 1, 197, 1, 3, 1, 1, 4 };
	static const struct named_value types[] = {
		{ "ipv4", 1 },
		{ "ipv6", 2 },
		{ "ipv4z", 3 },
		{ "ipv6z", 4 },
	};
	static const mib_subid bits_name[] = { 1, 3, 6, 1, 2, 1, 197, 1, 4, 2 };
	static const struct named_value bits[] = {
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
	check_enumeration(mode_name, COUNT(mode_name), modes, COUNT(modes));
	check_enumeration(type_name, COUNT(type_name), types, COUNT(types));
	check_enumeration(bits_name, COUNT(bits_name), bits, COUNT(bits));
}

static bool
is_enumerated(const struct tree *node, int32_t value)
{
	const struct enum_list *e = node->enums;

	while (e && e->value != value)
		e = e->next;
	return e != NULL;
}

/* The parser keeps bounds as int, whatever their type. */
static bool
is_in_ranges(const struct tree *node, int64_t value)
{
	const struct range_list *r = node->ranges;

	if (!r)
		return true;
	while (r && (value < r->low || value > r->high))
		r = r->next;
	return r != NULL;
}

static bool
fits(const struct tree *node, const struct mib_value *value)
{
	switch (value->syntax) {
	case MIB_INTEGER:
		return node->enums ? is_enumerated(node, value->i32)
				   : is_in_ranges(node, value->i32);
	case MIB_UNSIGNED:
		return is_in_ranges(node, value->u32);
	case MIB_OCTETS:
		return is_in_ranges(node, (int64_t)value->n_octets);
	case MIB_COUNTER32:
	case MIB_COUNTER64:
	case MIB_TIMETICKS:
	case MIB_OBJECT_ID:
	case MIB_SYNTAX_COUNT:
		break;
	}
	return true;
}

static size_t
check_all_values(const struct mib_view *view)
{
	struct mib_oid at = { { 0 }, 0 }, found;
	struct mib_value value;
	size_t n = 0;

	while (mib_next(&ntpv4_mib, view, at.ids, at.len, false, &found, &value) ==
	    MIB_FOUND) {
		/* One arc of instance in either kind of group. */
		struct tree *node = node_at(found.ids, found.len - 1);

		assert_non_null(node);
		if (!fits(node, &value))
			fail_msg("%s is not what its syntax allows", node->label);
		at = found;
		n++;
	}
	return n;
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

		n += check_all_values(&(struct mib_view){ s, &agent });
		snapshot_unref(s);
	}
	assert_true(n > 10000);
}

/* The directories come from MIBDIRS_TEST, or are found from $srcdir. */
static int
read_modules(void **state)
{
	const char *srcdir = getenv("srcdir"), *dirs = getenv("MIBDIRS_TEST");
	char found[PATH_LEN_MAX];

	(void)state;
	if (!srcdir)
		srcdir = ".";
	snprintf(found, sizeof(found), "%s/tests/mibs:%s/mibs", srcdir, srcdir);
	setenv("MIBDIRS", dirs ? dirs : found, 1);
	setenv("MIBS", "", 1);
	netsnmp_init_mib();
	return netsnmp_read_module(ntpv4_mib.name) ? 0 : -1;
}

static int
forget_modules(void **state)
{
	(void)state;
	shutdown_mib();
	return 0;
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

	return cmocka_run_group_tests_name("MIB conformance", tests, read_modules,
	    forget_modules);
}
