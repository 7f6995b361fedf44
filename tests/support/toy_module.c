/* SPDX-License-Identifier: BSD-2-Clause */
/* A small MIB module for tests of what serves modules. */
#include "support/toy_module.h"

#include <string.h>

#include "support/check.h"

static bool
get_integer(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	out->i32 = INT32_MIN;
	return true;
}

static bool
get_unsigned(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	out->u32 = UINT32_MAX;
	return true;
}

static bool
get_counter64(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	out->u64 = UINT64_C(0x123456789abcdef0);
	return true;
}

static bool
get_octets(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	memcpy(out->scratch, "a\0b", 3);
	out->octets = out->scratch;
	out->n_octets = 3;
	return true;
}

static bool
get_empty(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	out->octets = NULL;
	out->n_octets = 0;
	return true;
}

static bool
get_object_id(const struct mib_cell *cell, struct mib_value *out)
{
	static const mib_subid id[] = { 1, 3, 6, 4294967295 };

	(void)cell;
	out->octets = id;
	out->n_octets = sizeof(id);
	return true;
}

static bool
get_absent(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	(void)out;
	return false;
}

static const struct mib_object scalars[] = {
	{ 1, "toyInteger", MIB_INTEGER, get_integer, NULL, NULL },
	{ 2, "toyUnsigned", MIB_UNSIGNED, get_unsigned, NULL, NULL },
	{ 3, "toyCounter32", MIB_COUNTER32, get_unsigned, NULL, NULL },
	{ 4, "toyCounter64", MIB_COUNTER64, get_counter64, NULL, NULL },
	{ 5, "toyTicks", MIB_TIMETICKS, get_unsigned, NULL, NULL },
	{ 6, "toyOctets", MIB_OCTETS, get_octets, NULL, NULL },
	{ 7, "toyEmpty", MIB_OCTETS, get_empty, NULL, NULL },
	{ 8, "toyObjectId", MIB_OBJECT_ID, get_object_id, NULL, NULL },
	{ 9, "toyAbsent", MIB_INTEGER, get_absent, NULL, NULL },
};

/* The table shows which moment it was read from. */
static bool
get_moment(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = (int32_t)cell->view->snapshot->taken_ns;
	return true;
}

static bool
get_notifications(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = cell->view->agent->notifications;
	return true;
}

static const struct mib_object columns[] = {
	{ 1, "toyMoment", MIB_INTEGER, get_moment, NULL, NULL },
	{ 2, "toyNotifications", MIB_UNSIGNED, get_notifications, NULL, NULL },
};

static size_t
count_rows(const struct mib_view *view)
{
	(void)view;
	return 3;
}

static const void *
row_at(const struct mib_view *view, size_t i, size_t *nth)
{
	(void)i;
	(void)nth;
	return view;
}

static size_t
index_of_row(const struct mib_view *view, size_t i, mib_subid *out)
{
	(void)view;
	out[0] = i + 1;
	return 1;
}

static const struct mib_rows rows = { count_rows, row_at, index_of_row };
static const mib_subid module_root[] = { TOY_ROOT };
static const mib_subid scalar_root[] = { TOY_ROOT, 1 };
static const mib_subid table_root[] = { TOY_ROOT, 2, 1 };
static const struct mib_group *const groups[] = {
	&(const struct mib_group){ "toyScalars", scalar_root, COUNT(scalar_root), scalars,
	    COUNT(scalars), NULL },
	&(const struct mib_group){ "toyTable", table_root, COUNT(table_root), columns,
	    COUNT(columns), &rows },
};
const struct mib_module toy_module = { "TOY-MIB", module_root, COUNT(module_root), groups,
	COUNT(groups) };

void
toy_next_moment(void *ctx, struct mib_view *out)
{
	struct toy_moments *m = ctx;

	snapshot_unref(m->current);
	m->current = snapshot_new(TARGET_UP, 0);
	assert_non_null(m->current);
	m->current->taken_ns = (int64_t)++m->n_views;
	m->agent.notifications = 100 + m->n_views;
	*out = (struct mib_view){ m->current, &m->agent, NULL };
}
