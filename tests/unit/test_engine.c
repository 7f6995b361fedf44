/* SPDX-License-Identifier: BSD-2-Clause */
/* The engine, on modules made for the purpose. */
#include "support/check.h"

#include <string.h>

#include "snmp/engine.h"
#include "support/mib_walk.h"

#define TOY_ROOT 1, 3, 9

/* What the toy modules show, handed in as the agent's identity. */
struct toy {
	size_t n_zones, n_people;
	bool has_seven;
	size_t *index_calls;
	struct note *note; /* what was written last */
};

struct note {
	const void *row;
	uint32_t value;
	unsigned n;
};

static const struct toy *
toy_of(const struct mib_view *view)
{
	return view->agent->identity;
}

static bool
get_one(const struct mib_cell *cell, struct mib_value *out)
{
	assert_null(cell->row);
	out->i32 = -1;
	return true;
}

static bool
get_absent(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	(void)out;
	return false;
}

static bool
get_seven(const struct mib_cell *cell, struct mib_value *out)
{
	out->u64 = UINT64_C(1) << 40;
	return toy_of(cell->view)->has_seven;
}

static const struct mib_object scalars[] = {
	{ 1, "toyOne", MIB_INTEGER, get_one, NULL, NULL },
	{ 3, "toyAbsent", MIB_UNSIGNED, get_absent, NULL, NULL },
	{ 7, "toySeven", MIB_COUNTER64, get_seven, NULL, NULL },
};

/* A table of zones: index is a number and a name of its own length. */
static const struct zone {
	uint32_t number;
	const char *name;
	bool has_size;
} zones[] = {
	{ 0, "", true },
	{ 4, "b", false },
	{ 4, "z", true },
	{ 4, "aa", false }, /* the length counts first */
	{ 4, "ab", true },
	{ 9, "", false },
	{ UINT32_MAX, "last", true },
};

static size_t
count_zones(const struct mib_view *view)
{
	return toy_of(view)->n_zones;
}

static const void *
zone_at(const struct mib_view *view, size_t i, size_t *nth)
{
	(void)nth;
	assert_true(i < toy_of(view)->n_zones);
	return &zones[i];
}

static size_t
zone_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	size_t len = strlen(zones[i].name);

	assert_true(i < toy_of(view)->n_zones);
	out[0] = zones[i].number;
	out[1] = len;
	for (size_t k = 0; k < len; k++)
		out[2 + k] = (unsigned char)zones[i].name[k];
	return 2 + len;
}

static const struct mib_rows zone_rows = { count_zones, zone_at, zone_index };

static bool
get_zone_name(const struct mib_cell *cell, struct mib_value *out)
{
	const struct zone *z = cell->row;

	out->octets = z->name;
	out->n_octets = strlen(z->name);
	return true;
}

static bool
get_zone_size(const struct mib_cell *cell, struct mib_value *out)
{
	const struct zone *z = cell->row;

	out->u32 = z->number / 2;
	return z->has_size;
}

static enum mib_set_error
check_zone_size(const struct mib_value *value)
{
	return value->u32 > 100 ? MIB_SET_WRONG_VALUE : MIB_SET_OK;
}

static void
set_zone_size(const struct mib_cell *cell, const struct mib_value *value)
{
	struct note *note = toy_of(cell->view)->note;

	*note = (struct note){ cell->row, value->u32, note->n + 1 };
}

static const struct mib_writer zone_size = { check_zone_size, set_zone_size, NULL };

static const struct mib_object zone_objects[] = {
	{ 2, "zoneName", MIB_OCTETS, get_zone_name, NULL, NULL },
	{ 4, "zoneSize", MIB_UNSIGNED, get_zone_size, &zone_size, NULL },
	{ 5, "zoneNever", MIB_UNSIGNED, get_absent, NULL, NULL },
	{ 8, "zoneAgain", MIB_OCTETS, get_zone_name, NULL, NULL },
};

/* A long table of one number, which counts how often it is asked for an index. */
static size_t
count_people(const struct mib_view *view)
{
	return toy_of(view)->n_people;
}

static const void *
person_at(const struct mib_view *view, size_t i, size_t *nth)
{
	(void)i;
	(void)nth;
	return view;
}

static size_t
person_index(const struct mib_view *view, size_t i, mib_subid *out)
{
	if (toy_of(view)->index_calls)
		++*toy_of(view)->index_calls;
	out[0] = 3 * i + 1;
	return 1;
}

static const struct mib_rows person_rows = { count_people, person_at, person_index };

static bool
get_person(const struct mib_cell *cell, struct mib_value *out)
{
	assert_ptr_equal(cell->row, cell->view);
	out->i32 = 5;
	return true;
}

static const struct mib_object person_objects[] = {
	{ 1, "personAge", MIB_INTEGER, get_person, NULL, NULL },
	{ 2, "personRank", MIB_INTEGER, get_person, NULL, NULL },
};

static const mib_subid toy_root[] = { TOY_ROOT };
static const mib_subid first_root[] = { TOY_ROOT, 1 };
static const mib_subid zone_root[] = { TOY_ROOT, 2, 1 };
static const mib_subid person_root[] = { TOY_ROOT, 2, 7 };
static const mib_subid last_root[] = { TOY_ROOT, 5 };

static const struct mib_group *const groups[] = {
	&(const struct mib_group){ "first", first_root, COUNT(first_root), scalars,
	    COUNT(scalars), NULL },
	&(const struct mib_group){ "zones", zone_root, COUNT(zone_root), zone_objects,
	    COUNT(zone_objects), &zone_rows },
	&(const struct mib_group){ "people", person_root, COUNT(person_root),
	    person_objects, COUNT(person_objects), &person_rows },
	&(const struct mib_group){ "last", last_root, COUNT(last_root), scalars,
	    COUNT(scalars), NULL },
};

static const struct mib_module toy_module = { "TOY-MIB", toy_root, COUNT(toy_root),
	groups, COUNT(groups) };

struct fixture {
	struct snapshot *snapshot;
	struct toy toy;
	struct mib_agent agent;
	struct mib_view view;
};

static void
set_up(struct fixture *f, size_t n_zones, size_t n_people, bool has_seven)
{
	memset(f, 0, sizeof(*f));
	f->snapshot = snapshot_new(TARGET_UNKNOWN, 0);
	assert_non_null(f->snapshot);
	f->toy = (struct toy){ n_zones, n_people, has_seven, NULL, NULL };
	f->agent.identity = &f->toy;
	f->view = (struct mib_view){ f->snapshot, &f->agent, NULL };
}

static void
tear_down(struct fixture *f)
{
	snapshot_unref(f->snapshot);
}

static void
names_compare_by_value_then_length(void **state)
{
	static const struct {
		mib_subid a[3], b[3];
		size_t a_len, b_len;
		int order;
	} rows[] = {
		{ { 0 }, { 0 }, 0, 0, 0 },
		{ { 0 }, { 0 }, 0, 1, -1 },
		{ { 1, 2 }, { 1, 2 }, 2, 2, 0 },
		{ { 1, 2 }, { 1, 2, 0 }, 2, 3, -1 },
		{ { 1, 3 }, { 1, 2, 9 }, 2, 3, 1 },
		{ { (mib_subid)-1 }, { 1 }, 1, 1, 1 }, /* not by subtraction */
		{ { 0 }, { (mib_subid)-1 }, 1, 1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(
		    mib_oid_compare(rows[i].a, rows[i].a_len, rows[i].b, rows[i].b_len),
		    rows[i].order);
		assert_int_equal(
		    mib_oid_compare(rows[i].b, rows[i].b_len, rows[i].a, rows[i].a_len),
		    -rows[i].order);
	}
}

static void
get_tells_objects_from_instances(void **state)
{
	static const struct {
		mib_subid name[10];
		size_t len;
		enum mib_result result;
	} rows[] = {
		{ { 0 }, 0, MIB_NO_OBJECT },
		{ { 1 }, 1, MIB_NO_OBJECT },
		{ { TOY_ROOT }, 3, MIB_NO_OBJECT },
		{ { TOY_ROOT, 0, 1, 0 }, 6, MIB_NO_OBJECT },
		{ { TOY_ROOT, 1 }, 4, MIB_NO_OBJECT },
		{ { TOY_ROOT, 1, 1 }, 5, MIB_NO_INSTANCE },
		{ { TOY_ROOT, 1, 1, 0 }, 6, MIB_FOUND },
		{ { TOY_ROOT, 1, 1, 1 }, 6, MIB_NO_INSTANCE },
		{ { TOY_ROOT, 1, 1, 0, 0 }, 7, MIB_NO_INSTANCE },
		{ { TOY_ROOT, 1, 2, 0 }, 6, MIB_NO_OBJECT },
		{ { TOY_ROOT, 1, 3, 0 }, 6, MIB_NO_INSTANCE }, /* known, absent */
		{ { TOY_ROOT, 1, 8, 0 }, 6, MIB_NO_OBJECT },
		{ { TOY_ROOT, 1, (mib_subid)1 + UINT32_MAX + 1, 0 }, 6, MIB_NO_OBJECT },
		{ { TOY_ROOT, 2, 1, 2, 4, 1, 'z' }, 9, MIB_FOUND },
		{ { TOY_ROOT, 2, 1, 2, 4, 1, 'y' }, 9, MIB_NO_INSTANCE },
		{ { TOY_ROOT, 2, 1, 2, 4, 1 }, 8, MIB_NO_INSTANCE },
		{ { TOY_ROOT, 2, 1, 4, 4, 1, 'b' }, 9, MIB_NO_INSTANCE }, /* a hole */
		{ { TOY_ROOT, 2, 1, 3, 4, 1, 'b' }, 9, MIB_NO_OBJECT },
		{ { TOY_ROOT, 2, 2, 2, 4, 1, 'b' }, 9, MIB_NO_OBJECT },
		{ { TOY_ROOT, 2, 7, 1, 4 }, 7, MIB_FOUND },
		{ { TOY_ROOT, 2, 7, 1, 5 }, 7, MIB_NO_INSTANCE },
		{ { TOY_ROOT, 9 }, 4, MIB_NO_OBJECT },
		{ { 2 }, 1, MIB_NO_OBJECT },
	};
	struct fixture f;
	struct mib_value value;

	(void)state;
	set_up(&f, COUNT(zones), 5, true);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
		    mib_get(&toy_module, &f.view, rows[i].name, rows[i].len, &value),
		    rows[i].result);
	tear_down(&f);
}

static void
values_carry_the_syntax_of_their_row(void **state)
{
	static const mib_subid seven[] = { TOY_ROOT, 1, 7, 0 };
	static const mib_subid name[] = { TOY_ROOT, 2, 1, 2, 4, 1, 'z' };
	struct fixture f;
	struct mib_value value;

	(void)state;
	set_up(&f, COUNT(zones), 0, true);
	assert_int_equal(mib_get(&toy_module, &f.view, seven, COUNT(seven), &value),
	    MIB_FOUND);
	assert_int_equal(value.syntax, MIB_COUNTER64);
	assert_true(value.u64 == UINT64_C(1) << 40);
	assert_int_equal(mib_get(&toy_module, &f.view, name, COUNT(name), &value),
	    MIB_FOUND);
	assert_int_equal(value.syntax, MIB_OCTETS);
	assert_int_equal(value.n_octets, 1);
	assert_memory_equal(value.octets, "z", 1);
	tear_down(&f);
}

/* Zones that exist, people, whether toySeven is there: what a full walk visits. */
static const struct {
	size_t n_zones, n_people;
	bool has_seven;
	size_t instances;
} shapes[] = {
	{ COUNT(zones), 5, true, 2 + 7 + 4 + 7 + 10 + 2 },
	{ COUNT(zones), 5, false, 1 + 7 + 4 + 7 + 10 + 1 },
	{ 0, 5, true, 2 + 10 + 2 },
	{ 1, 0, false, 1 + 3 + 1 },
	{ 0, 0, false, 2 },
};

static void
walk_visits_every_instance_once_and_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		struct fixture f;
		struct mib_listing all;

		set_up(&f, shapes[i].n_zones, shapes[i].n_people, shapes[i].has_seven);
		all = mib_listing_of(&toy_module, &f.view);
		assert_int_equal(all.n, shapes[i].instances);
		mib_check_walk(&toy_module, &f.view, &all);
		mib_listing_free(&all);
		tear_down(&f);
	}
}

static void
any_name_is_answered_like_a_linear_search(void **state)
{
	uint32_t seed = 5907;

	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		struct fixture f;
		struct mib_listing all;

		set_up(&f, shapes[i].n_zones, shapes[i].n_people, shapes[i].has_seven);
		all = mib_listing_of(&toy_module, &f.view);
		mib_check_names(&toy_module, &f.view, &all, &seed, 20000);
		mib_listing_free(&all);
		tear_down(&f);
	}
}

static void
name_of_full_length_is_no_trouble(void **state)
{
	struct mib_oid name = { { TOY_ROOT, 2, 1, 2 }, MIB_OID_MAX };
	struct fixture f;
	struct mib_oid found;
	struct mib_value value;

	(void)state;
	set_up(&f, COUNT(zones), 1, true);
	assert_int_equal(mib_get(&toy_module, &f.view, name.ids, name.len, &value),
	    MIB_NO_INSTANCE);
	assert_int_equal(
	    mib_next(&toy_module, &f.view, name.ids, name.len, false, &found, &value),
	    MIB_FOUND);
	/* Behind the zone 0 "", which all those zeros follow. */
	assert_int_equal(found.len, 9);
	assert_int_equal(found.ids[6], 4);
	tear_down(&f);
}

static void
module_without_groups_is_at_its_end(void **state)
{
	static const struct mib_module nothing = { "NO-MIB", toy_root, COUNT(toy_root),
		groups, 0 };
	struct fixture f;
	struct mib_oid found;
	struct mib_value value;

	(void)state;
	set_up(&f, 0, 0, true);
	assert_int_equal(mib_next(&nothing, &f.view, toy_root, 1, true, &found, &value),
	    MIB_END);
	assert_int_equal(mib_get(&nothing, &f.view, toy_root, 3, &value), MIB_NO_OBJECT);
	tear_down(&f);
}

static size_t
log2_ceil(size_t n)
{
	size_t bits = 0;

	while (((size_t)1 << bits) < n)
		bits++;
	return bits;
}

static void
next_asks_for_few_indexes(void **state)
{
	static const size_t sizes[] = { 10, 1000, 10000 };
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		size_t calls = 0, limit = log2_ceil(sizes[i]) + 3;
		struct fixture f;

		set_up(&f, 0, sizes[i], true);
		f.toy.index_calls = &calls;
		for (size_t round = 0; round < 1000; round++) {
			mib_subid name[] = { TOY_ROOT, 2, 7, 1 + (round & 1),
				mib_random_below(&seed, (uint32_t)(3 * sizes[i] + 2)) };
			struct mib_oid found;
			struct mib_value value;

			calls = 0;
			(void)mib_next(&toy_module, &f.view, name, COUNT(name), false,
			    &found, &value);
			assert_true(calls <= limit);
			calls = 0;
			(void)mib_get(&toy_module, &f.view, name, COUNT(name), &value);
			assert_true(calls <= limit);
		}
		tear_down(&f);
	}
}

static void
set_reaches_the_row_that_is_there(void **state)
{
	static const struct {
		mib_subid name[8];
		size_t len;
		const void *row; /* NULL: refused */
	} rows[] = {
		{ { TOY_ROOT, 2, 1, 4, 0, 0 }, 8, &zones[0] },
		{ { TOY_ROOT, 2, 1, 4, 4, 1 }, 8, NULL },
		{ { TOY_ROOT, 2, 1, 4, 9, 0 }, 8, NULL }, /* has no size */
		{ { TOY_ROOT, 2, 1, 2, 0, 0 }, 8, NULL }, /* read-only */
		{ { TOY_ROOT, 2, 1, 3, 0, 0 }, 8, NULL }, /* no object */
		{ { TOY_ROOT, 2, 1, 4 }, 6, NULL },       /* no index */
		{ { TOY_ROOT, 2, 1 }, 5, NULL },
		{ { TOY_ROOT, 1, 1, 0 }, 6, NULL },
	};
	struct note note = { NULL, 0, 0 };
	struct mib_value value = { .u32 = 77 };
	struct fixture f;

	(void)state;
	set_up(&f, COUNT(zones), 1, true);
	f.toy.note = &note;
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned before = note.n;
		bool is_set =
		    mib_set(&toy_module, &f.view, rows[i].name, rows[i].len, &value);

		assert_int_equal(is_set, rows[i].row != NULL);
		assert_int_equal(note.n, before + is_set);
		if (!is_set)
			continue;
		assert_ptr_equal(note.row, rows[i].row);
		assert_int_equal(note.value, 77);
	}
	tear_down(&f);
}

static void
name_tells_its_object_type(void **state)
{
	static const struct {
		mib_subid name[8];
		size_t len;
		const char *label;
	} rows[] = {
		{ { TOY_ROOT, 2, 1, 4, 99, 7 }, 8, "zoneSize" },
		{ { TOY_ROOT, 2, 1, 4 }, 6, "zoneSize" },
		{ { TOY_ROOT, 1, 3, 0 }, 6, "toyAbsent" },
		{ { TOY_ROOT, 5, 7, 0 }, 6, "toySeven" },
		{ { TOY_ROOT, 1, 2, 0 }, 6, NULL },
		{ { TOY_ROOT, 1, 8, 0 }, 6, NULL },
		{ { TOY_ROOT, 2, 1 }, 5, NULL },
		{ { TOY_ROOT, 2, 3, 1 }, 6, NULL },
		{ { TOY_ROOT, 9 }, 4, NULL },
		{ { 1 }, 1, NULL },
	};
	static const struct mib_module read_only = { "TOY-MIB", toy_root, COUNT(toy_root),
		groups, 1 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mib_instance instance;
		bool is_there =
		    mib_instance_of(&toy_module, rows[i].name, rows[i].len, &instance);

		assert_int_equal(is_there, rows[i].label != NULL);
		if (!is_there)
			continue;
		assert_string_equal(instance.object->label, rows[i].label);
		assert_int_equal(instance.index_len,
		    rows[i].len - instance.group->root_len - 1);
		assert_ptr_equal(instance.index + instance.index_len,
		    rows[i].name + rows[i].len);
	}
	assert_true(mib_is_writable(&toy_module));
	assert_false(mib_is_writable(&read_only));
}

static void
toy_tables_are_in_order(void **state)
{
	(void)state;
	mib_check_tables(&toy_module);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(toy_tables_are_in_order),
		cmocka_unit_test(names_compare_by_value_then_length),
		cmocka_unit_test(get_tells_objects_from_instances),
		cmocka_unit_test(values_carry_the_syntax_of_their_row),
		cmocka_unit_test(walk_visits_every_instance_once_and_in_order),
		cmocka_unit_test(any_name_is_answered_like_a_linear_search),
		cmocka_unit_test(name_of_full_length_is_no_trouble),
		cmocka_unit_test(module_without_groups_is_at_its_end),
		cmocka_unit_test(next_asks_for_few_indexes),
		cmocka_unit_test(set_reaches_the_row_that_is_there),
		cmocka_unit_test(name_tells_its_object_type),
	};

	return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
