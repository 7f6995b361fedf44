/* SPDX-License-Identifier: BSD-2-Clause */
/* What a module shows, by plain enumeration, and checks of the engine against it. */
#include "support/mib_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snmp/print.h"
#include "support/check.h"

static char *
print(const struct mib_module *module, const struct mib_oid *name,
    const struct mib_value *value)
{
	char line[MIB_LINE_MAX];
	char *copy;

	mib_print(module, name, value, line, sizeof(line));
	copy = strdup(line);
	assert_non_null(copy);
	return copy;
}

static void
add(struct mib_listing *l, const struct mib_oid *name, char *line)
{
	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		l->items = realloc(l->items, l->room * sizeof(*l->items));
		assert_non_null(l->items);
	}
	l->items[l->n].name = *name;
	l->items[l->n++].line = line;
}

static void
list_cell(struct mib_listing *l, const struct mib_module *module,
    const struct mib_group *g, const struct mib_object *o, const struct mib_view *view,
    size_t row)
{
	struct mib_cell cell = { .view = view, .object = o };
	struct mib_value value;
	struct mib_oid name;

	memset(&value, 0xa5, sizeof(value));
	value.syntax = o->syntax;
	if (g->rows)
		cell.row = g->rows->at(view, row, &cell.nth);
	if (!o->get(&cell, &value))
		return;
	memcpy(name.ids, g->root, g->root_len * sizeof(name.ids[0]));
	name.len = g->root_len;
	name.ids[name.len++] = o->subid;
	if (g->rows)
		name.len += g->rows->index(view, row, name.ids + name.len);
	else
		name.ids[name.len++] = 0;
	add(l, &name, print(module, &name, &value));
}

struct mib_listing
mib_listing_of(const struct mib_module *module, const struct mib_view *view)
{
	struct mib_listing l = { NULL, 0, 0 };

	for (size_t i = 0; i < module->n_groups; i++) {
		const struct mib_group *g = module->groups[i];
		size_t n_rows = g->rows ? g->rows->count(view) : 1;

		for (size_t o = 0; o < g->n_objects; o++)
			for (size_t row = 0; row < n_rows; row++)
				list_cell(&l, module, g, &g->objects[o], view, row);
	}
	return l;
}

void
mib_listing_free(struct mib_listing *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->items[i].line);
	free(l->items);
	*l = (struct mib_listing){ NULL, 0, 0 };
}

static int
order(const struct mib_oid *a, const struct mib_oid *b)
{
	return mib_oid_compare(a->ids, a->len, b->ids, b->len);
}

static void
check_value(const struct mib_module *module, const struct mib_listed *expected,
    const struct mib_value *value)
{
	char *line = print(module, &expected->name, value);

	assert_string_equal(line, expected->line);
	free(line);
}

/* NULL: the end is expected. */
static void
check_next(const struct mib_module *module, const struct mib_view *view,
    const struct mib_oid *from, bool inclusive, const struct mib_listed *expected)
{
	struct mib_oid found;
	struct mib_value value;
	enum mib_result got;

	memset(&value, 0x5a, sizeof(value));
	got = mib_next(module, view, from->ids, from->len, inclusive, &found, &value);
	assert_int_equal(got, expected ? MIB_FOUND : MIB_END);
	if (!expected)
		return;
	assert_int_equal(order(&found, &expected->name), 0);
	check_value(module, expected, &value);
}

static void
check_get(const struct mib_module *module, const struct mib_view *view,
    const struct mib_oid *name, const struct mib_listed *expected)
{
	struct mib_value value;
	enum mib_result got;

	memset(&value, 0x5a, sizeof(value));
	got = mib_get(module, view, name->ids, name->len, &value);
	if (!expected) {
		assert_true(got == MIB_NO_OBJECT || got == MIB_NO_INSTANCE);
		return;
	}
	assert_int_equal(got, MIB_FOUND);
	check_value(module, expected, &value);
}

void
mib_check_walk(const struct mib_module *module, const struct mib_view *view,
    const struct mib_listing *expected)
{
	struct mib_oid from = { { 0 }, 0 };

	for (size_t i = 0; i < expected->n; i++) {
		const struct mib_listed *item = &expected->items[i];

		assert_true(order(&from, &item->name) < 0);
		check_next(module, view, &from, false, item);
		check_next(module, view, &item->name, true, item);
		check_get(module, view, &item->name, item);
		from = item->name;
	}
	check_next(module, view, &from, false, NULL);
}

uint32_t
mib_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

uint32_t
mib_random_below(uint32_t *seed, uint32_t limit)
{
	return mib_random(seed) % limit;
}

static mib_subid
random_subid(uint32_t *seed)
{
	switch (mib_random_below(seed, 4)) {
	case 0:
		return mib_random_below(seed, 4);
	case 1:
		return mib_random_below(seed, 70000);
	case 2:
		return UINT32_MAX - mib_random_below(seed, 2);
	default: /* more than SNMP can carry, as a hostile caller might */
		return (mib_subid)-1 - mib_random_below(seed, 2);
	}
}

/* Cuts, lengthens or changes a name. */
static void
disturb(struct mib_oid *name, uint32_t *seed)
{
	switch (mib_random_below(seed, 4)) {
	case 0:
		name->len = mib_random_below(seed, (uint32_t)name->len + 1);
		break;
	case 1:
		if (name->len < MIB_OID_MAX)
			name->ids[name->len++] = random_subid(seed);
		break;
	case 2:
		if (name->len > 0)
			name->ids[mib_random_below(seed, (uint32_t)name->len)] =
			    random_subid(seed);
		break;
	default:
		if (name->len > 0)
			name->ids[name->len - 1] += mib_random_below(seed, 3) - 1u;
		break;
	}
}

static struct mib_oid
random_name(const struct mib_module *module, const struct mib_listing *near,
    uint32_t *seed)
{
	struct mib_oid name = { { 0 }, 0 };
	uint32_t changes = mib_random_below(seed, 3);

	if (near->n > 0 && mib_random_below(seed, 8) != 0) {
		name = near->items[mib_random_below(seed, (uint32_t)near->n)].name;
	} else if (mib_random_below(seed, 4) != 0) {
		name.len = module->root_len;
		memcpy(name.ids, module->root, name.len * sizeof(name.ids[0]));
		changes += 1;
	} else {
		name.len = mib_random_below(seed, MIB_OID_MAX + 1);
		for (size_t i = 0; i < name.len; i++)
			name.ids[i] = random_subid(seed);
	}
	while (changes-- > 0)
		disturb(&name, seed);
	return name;
}

void
mib_check_names(const struct mib_module *module, const struct mib_view *view,
    const struct mib_listing *expected, uint32_t *seed, size_t rounds)
{
	for (size_t i = 0; i < rounds; i++) {
		struct mib_oid name = random_name(module, expected, seed);
		size_t at = 0, behind;

		while (at < expected->n && order(&expected->items[at].name, &name) < 0)
			at++;
		behind = at;
		if (at < expected->n && order(&expected->items[at].name, &name) == 0)
			behind++;
		check_next(module, view, &name, true,
		    at < expected->n ? &expected->items[at] : NULL);
		check_next(module, view, &name, false,
		    behind < expected->n ? &expected->items[behind] : NULL);
		check_get(module, view, &name, behind > at ? &expected->items[at] : NULL);
	}
}

static void
check_group(const struct mib_group *g)
{
	assert_non_null(g->name);
	assert_true(g->n_objects > 0);
	assert_true(g->root_len + 1 + MIB_INDEX_MAX <= MIB_OID_MAX);
	for (size_t i = 0; i < g->n_objects; i++) {
		assert_non_null(g->objects[i].label);
		assert_non_null(g->objects[i].get);
		assert_true(g->objects[i].syntax < MIB_SYNTAX_COUNT);
		if (g->objects[i].write) {
			assert_non_null(g->objects[i].write->check);
			assert_true(
			    g->objects[i].write->apply || g->objects[i].write->order);
		}
		assert_true(i == 0 || g->objects[i - 1].subid < g->objects[i].subid);
	}
}

void
mib_check_tables(const struct mib_module *module)
{
	for (size_t i = 0; i < module->n_groups; i++) {
		const struct mib_group *g = module->groups[i], *before;

		check_group(g);
		assert_true(g->root_len >= module->root_len);
		assert_int_equal(mib_oid_compare(g->root, module->root_len, module->root,
				     module->root_len),
		    0);
		if (i == 0)
			continue;
		before = module->groups[i - 1];
		assert_true(mib_oid_compare(before->root, before->root_len, g->root,
				g->root_len) < 0);
		assert_true(g->root_len < before->root_len ||
		    mib_oid_compare(before->root, before->root_len, g->root,
			before->root_len) != 0);
	}
}
