/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the instance a name means: by binary search in groups, objects and rows. */
#include "snmp/engine.h"

#include <string.h>

int
mib_oid_compare(const mib_subid *a, size_t a_len, const mib_subid *b, size_t b_len)
{
	size_t n = a_len < b_len ? a_len : b_len;

	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return (a_len > b_len) - (a_len < b_len);
}

/* A name seen from some place in the tree: what is left behind a prefix. */
struct tail {
	const mib_subid *ids;
	size_t len;
};

static bool
group_holds(const struct mib_group *g, const struct tail *name)
{
	return name->len >= g->root_len &&
	    mib_oid_compare(name->ids, g->root_len, g->root, g->root_len) == 0;
}

/* Number of groups whose root is not behind `name`; only the last of them can hold it,
 * since no root lies below another. */
static size_t
groups_up_to(const struct mib_module *m, const struct tail *name)
{
	size_t low = 0, high = m->n_groups;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct mib_group *g = m->groups[mid];

		if (mib_oid_compare(g->root, g->root_len, name->ids, name->len) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The first object with a number of at least `subid`; n_objects when there is none. */
static size_t
object_from(const struct mib_group *g, mib_subid subid)
{
	size_t low = 0, high = g->n_objects;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (g->objects[mid].subid < subid)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static size_t
row_count(const struct mib_group *g, const struct mib_view *view)
{
	return g->rows ? g->rows->count(view) : 1;
}

/* Scalars are a table of one row with the index 0. */
static size_t
row_index(const struct mib_group *g, const struct mib_view *view, size_t row,
    mib_subid *out)
{
	if (g->rows)
		return g->rows->index(view, row, out);
	out[0] = 0;
	return 1;
}

/* The first row whose index is behind `index`, or at it when `inclusive`. */
static size_t
row_from(const struct mib_group *g, const struct mib_view *view, const struct tail *index,
    bool inclusive)
{
	mib_subid ids[MIB_INDEX_MAX];
	size_t low = 0, high = row_count(g, view);

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		size_t len = row_index(g, view, mid, ids);
		int order = mib_oid_compare(ids, len, index->ids, index->len);

		if (order < 0 || (order == 0 && !inclusive))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct mib_cell
cell_at(const struct mib_group *g, const struct mib_view *view, size_t row)
{
	struct mib_cell cell = { .view = view };

	if (g->rows)
		cell.row = g->rows->at(view, row, &cell.nth);
	return cell;
}

static bool
read_cell(const struct mib_group *g, const struct mib_object *o,
    const struct mib_view *view, size_t row, struct mib_value *out)
{
	struct mib_cell cell = cell_at(g, view, row);

	cell.object = o;
	out->syntax = o->syntax;
	out->octets = NULL;
	out->n_octets = 0;
	return o->get(&cell, out);
}

/* The row with exactly that index. */
static bool
find_row(const struct mib_instance *f, const struct mib_view *view, size_t *row_out)
{
	const struct tail index = { f->index, f->index_len };
	mib_subid ids[MIB_INDEX_MAX];
	size_t row = row_from(f->group, view, &index, true), len;

	if (row == row_count(f->group, view))
		return false;
	len = row_index(f->group, view, row, ids);
	if (mib_oid_compare(ids, len, index.ids, index.len) != 0)
		return false;
	*row_out = row;
	return true;
}

bool
mib_instance_of(const struct mib_module *m, const mib_subid *name, size_t name_len,
    struct mib_instance *out)
{
	struct tail whole = { name, name_len };
	size_t behind = groups_up_to(m, &whole), at;
	const struct mib_group *g;

	if (behind == 0)
		return false;
	g = m->groups[behind - 1];
	if (name_len == g->root_len || !group_holds(g, &whole))
		return false;
	at = object_from(g, name[g->root_len]);
	if (at == g->n_objects || g->objects[at].subid != name[g->root_len])
		return false;
	out->group = g;
	out->object = &g->objects[at];
	out->index = name + g->root_len + 1;
	out->index_len = name_len - g->root_len - 1;
	return true;
}

enum mib_result
mib_get(const struct mib_module *module, const struct mib_view *view,
    const mib_subid *name, size_t name_len, struct mib_value *out)
{
	struct mib_instance f;
	size_t row;

	if (!mib_instance_of(module, name, name_len, &f))
		return MIB_NO_OBJECT;
	if (!find_row(&f, view, &row))
		return MIB_NO_INSTANCE;
	return read_cell(f.group, f.object, view, row, out) ? MIB_FOUND : MIB_NO_INSTANCE;
}

bool
mib_is_writable(const struct mib_module *module)
{
	for (size_t i = 0; i < module->n_groups; i++)
		for (size_t k = 0; k < module->groups[i]->n_objects; k++)
			if (module->groups[i]->objects[k].write)
				return true;
	return false;
}

bool
mib_set(const struct mib_module *module, const struct mib_view *view,
    const mib_subid *name, size_t name_len, const struct mib_value *value)
{
	struct mib_instance f;
	struct mib_value before;
	struct mib_cell cell;
	size_t row;

	if (!mib_instance_of(module, name, name_len, &f) || !f.object->write)
		return false;
	if (!find_row(&f, view, &row) ||
	    !read_cell(f.group, f.object, view, row, &before))
		return false;
	cell = cell_at(f.group, view, row);
	cell.object = f.object;
	f.object->write->apply(&cell, value);
	return true;
}

/* Where a search stands: everything before it is ruled out. */
struct place {
	size_t group, object, row;
};

static struct place
place_behind(const struct mib_module *m, const struct mib_view *view,
    const struct tail *name, bool inclusive)
{
	struct place p = { groups_up_to(m, name), 0, 0 };
	const struct mib_group *g;
	struct tail index;

	if (p.group == 0 || !group_holds(m->groups[p.group - 1], name))
		return p;
	g = m->groups[--p.group];
	if (name->len == g->root_len)
		return p;
	p.object = object_from(g, name->ids[g->root_len]);
	if (p.object == g->n_objects ||
	    g->objects[p.object].subid != name->ids[g->root_len])
		return p;
	index.ids = name->ids + g->root_len + 1;
	index.len = name->len - g->root_len - 1;
	p.row = row_from(g, view, &index, inclusive);
	return p;
}

static void
write_name(const struct mib_group *g, const struct mib_view *view, const struct place *p,
    struct mib_oid *out)
{
	memcpy(out->ids, g->root, g->root_len * sizeof(g->root[0]));
	out->ids[g->root_len] = g->objects[p->object].subid;
	out->len =
	    g->root_len + 1 + row_index(g, view, p->row, out->ids + g->root_len + 1);
}

/* Moves on to the first cell of this group that has a value. */
static bool
settle(const struct mib_group *g, const struct mib_view *view, struct place *p,
    struct mib_value *out)
{
	size_t n_rows = row_count(g, view);

	if (n_rows == 0)
		return false;
	for (; p->object < g->n_objects; p->object++, p->row = 0)
		for (; p->row < n_rows; p->row++)
			if (read_cell(g, &g->objects[p->object], view, p->row, out))
				return true;
	return false;
}

enum mib_result
mib_next(const struct mib_module *module, const struct mib_view *view,
    const mib_subid *name, size_t name_len, bool inclusive, struct mib_oid *found,
    struct mib_value *out)
{
	struct tail start = { name, name_len };
	struct place p = place_behind(module, view, &start, inclusive);

	for (; p.group < module->n_groups; p.group++, p.object = 0, p.row = 0) {
		const struct mib_group *g = module->groups[p.group];

		if (!settle(g, view, &p, out))
			continue;
		write_name(g, view, &p, found);
		return MIB_FOUND;
	}
	return MIB_END;
}
