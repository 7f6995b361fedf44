/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of a module against its text. */
#include "support/mib_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/agentx_mib.h"
#include "snmp/ntpv4_mib.h"
#include "support/check.h"

enum { DIRS_MAX = 4096 };

/* The directories come from MIBDIRS_TEST, or are found from $srcdir and $top_builddir. */
int
mib_text_set_up(void **state)
{
	const char *srcdir = getenv("srcdir"), *builddir = getenv("top_builddir");
	const char *dirs = getenv("MIBDIRS_TEST");
	char found[DIRS_MAX];

	(void)state;
	if (!srcdir)
		srcdir = ".";
	snprintf(found, sizeof(found), "%s/tests/mibs:%s/mibs:%s/mibs", srcdir, srcdir,
	    builddir ? builddir : ".");
	setenv("MIBDIRS", dirs ? dirs : found, 1);
	setenv("MIBS", "", 1);
	netsnmp_init_mib();
	return netsnmp_read_module(ntpv4_mib.name) && netsnmp_read_module(agentx_mib.name)
	    ? 0
	    : -1;
}

int
mib_text_tear_down(void **state)
{
	(void)state;
	shutdown_mib();
	return 0;
}

struct tree *
mib_text_node(const mib_subid *ids, size_t len)
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

struct tree *
mib_text_named(const char *label)
{
	struct tree *node = find_tree_node(label, -1);

	if (!node)
		fail_msg("the text has no %s", label);
	return node;
}

/* --- rows --------------------------------------------------------------------------- */

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

static struct tree *
node_of(const struct mib_group *g, const struct mib_object *o)
{
	mib_subid name[MIB_OID_MAX];

	memcpy(name, g->root, g->root_len * sizeof(name[0]));
	name[g->root_len] = o->subid;
	return mib_text_node(name, g->root_len + 1);
}

static void
check_row(const struct mib_group *g, const struct mib_object *o)
{
	struct tree *node = node_of(g, o);

	if (!node)
		fail_msg("%s is not in the text", o->label);
	assert_string_equal(node->label, o->label);
	if (node->type != parsed_types[o->syntax][0] &&
	    node->type != parsed_types[o->syntax][1])
		fail_msg("%s has another type in the text", o->label);
	if (node->access != (o->write ? MIB_ACCESS_READWRITE : MIB_ACCESS_READONLY))
		fail_msg("%s has another access in the text", o->label);
	assert_int_equal(g->rows != NULL, node->parent->indexes != NULL);
}

void
mib_text_check_rows(const struct mib_module *module)
{
	for (size_t i = 0; i < module->n_groups; i++) {
		const struct mib_group *g = module->groups[i];
		struct tree *entry = mib_text_node(g->root, g->root_len);

		assert_non_null(entry);
		assert_string_equal(g->rows ? entry->parent->label : entry->label,
		    g->name);
		for (size_t k = 0; k < g->n_objects; k++)
			check_row(g, &g->objects[k]);
	}
}

void
mib_text_check_index(const struct mib_group *group, const char *const *labels, size_t n)
{
	struct tree *entry = mib_text_node(group->root, group->root_len);
	const struct index_list *part;
	size_t i = 0;

	assert_non_null(entry);
	for (part = entry->indexes; part; part = part->next, i++) {
		assert_true(i < n);
		assert_string_equal(part->ilabel, labels[i]);
		assert_false(part->isimplied);
	}
	assert_int_equal(i, n);
}

void
mib_text_check_notification(const char *parent, mib_subid subid, const char *label,
    const char *const *labels, size_t n)
{
	const struct tree *node = mib_text_named(label);
	const struct varbind_list *wanted = node->varbinds;

	assert_int_equal(node->type, TYPE_NOTIFTYPE);
	assert_int_equal(node->subid, subid);
	assert_string_equal(node->parent->label, parent);
	for (size_t i = 0; i < n; i++, wanted = wanted->next) {
		if (!wanted)
			fail_msg("%s: %s is one too many", label, labels[i]);
		assert_string_equal(labels[i], wanted->vblabel);
	}
	if (wanted)
		fail_msg("%s lacks %s", label, wanted->vblabel);
}

/* --- homes -------------------------------------------------------------------------- */

static size_t
rows_named(const struct mib_module *module, const char *label)
{
	size_t n = 0;

	for (size_t i = 0; i < module->n_groups; i++)
		for (size_t k = 0; k < module->groups[i]->n_objects; k++)
			n += strcmp(module->groups[i]->objects[k].label, label) == 0;
	return n;
}

static bool
has_value(const struct tree *node)
{
	return node->access == MIB_ACCESS_READONLY ||
	    node->access == MIB_ACCESS_READWRITE || node->access == MIB_ACCESS_CREATE ||
	    node->access == MIB_ACCESS_NOTIFY;
}

static size_t
check_homes(const struct mib_module *module, const struct tree *node,
    size_t (*excuses)(const char *label))
{
	size_t n = 0;

	if (has_value(node)) {
		size_t n_rows = rows_named(module, node->label);
		size_t n_excuses = excuses(node->label);

		if (n_rows + n_excuses != 1)
			fail_msg("%s: %zu rows, %zu reasons", node->label, n_rows,
			    n_excuses);
		n++;
	}
	for (const struct tree *child = node->child_list; child; child = child->next_peer)
		n += check_homes(module, child, excuses);
	return n;
}

size_t
mib_text_check_homes(const struct mib_module *module,
    size_t (*excuses)(const char *label))
{
	return check_homes(module, mib_text_node(module->root, module->root_len),
	    excuses);
}

/* --- values ------------------------------------------------------------------------- */

void
mib_text_check_enumeration(const mib_subid *name, size_t len,
    const struct mib_text_value *expected, size_t n)
{
	struct tree *node = mib_text_node(name, len);
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

size_t
mib_text_check_values(const struct mib_module *module, const struct mib_view *view)
{
	struct mib_oid at = { { 0 }, 0 }, found;
	struct mib_instance instance;
	struct mib_value value;
	size_t n = 0;

	while (
	    mib_next(module, view, at.ids, at.len, false, &found, &value) == MIB_FOUND) {
		struct tree *node;

		assert_true(mib_instance_of(module, found.ids, found.len, &instance));
		node = node_of(instance.group, instance.object);
		assert_non_null(node);
		if (!fits(node, &value))
			fail_msg("%s is not what its syntax allows", node->label);
		at = found;
		n++;
	}
	return n;
}
