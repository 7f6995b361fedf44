/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks of tables of variables. */
#include "support/check.h"

#include "support/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "mode6/packet.h"
#include "mode6/varlist.h"

enum { GARBAGE_ROUNDS = 200, GARBAGE_MAX = 400, UNTOUCHED = 0xa5 };

static enum ntp_apply_result
apply(const struct ntp_var_table *table, void *object, const char *name,
    const char *value)
{
	return ntp_vars_apply(table, object, name, strlen(name), value, strlen(value));
}

struct ntp_seen
rows_set(const unsigned *rows, size_t n)
{
	struct ntp_seen set = { { 0 } };

	for (size_t i = 0; i < n; i++)
		ntp_seen_add(&set, rows[i]);
	return set;
}

bool
rows_equal(struct ntp_seen a, struct ntp_seen b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

size_t
rows_count(struct ntp_seen set)
{
	size_t n = 0;

	for (size_t i = 0; i < NTP_ROWS_MAX; i++)
		n += ntp_seen_has(&set, i);
	return n;
}

static struct ntp_seen
seen_of(const struct ntp_var_table *table, const uint8_t *object)
{
	struct ntp_seen seen;

	memcpy(&seen, object + table->seen_offset, sizeof(seen));
	return seen;
}

/* An object of exactly its size, so that a sanitizer sees a step over its end. */
static uint8_t *
new_object(const struct ntp_var_table *table, size_t size)
{
	uint8_t *object = malloc(size);

	assert_non_null(object);
	memset(object, UNTOUCHED, size);
	memset(object + table->seen_offset, 0, sizeof(struct ntp_seen));
	return object;
}

/* Another name of a row before it, for the same field in the same group. */
static void
check_alias(const struct ntp_var_table *table, const struct ntp_var *row)
{
	const struct ntp_var *first = &table->rows[row->alias - 1];

	assert_true(first < row && first->alias == 0);
	assert_int_equal(row->offset, first->offset);
	assert_int_equal(row->size, first->size);
	assert_int_equal(row->group, first->group);
	assert_true(row->is_list || row->parse == first->parse);
}

/* Where the row's presence is kept. */
static size_t
number_of(const struct ntp_var_table *table, size_t i)
{
	return table->rows[i].alias != 0 ? table->rows[i].alias - 1u : i;
}

void
rows_check_layout(const struct ntp_var_table *table, size_t object_size)
{
	uint8_t *used = calloc(object_size, 1);
	char request[M6_REQUEST_MAX];

	assert_non_null(used);
	assert_non_null(table->what);
	assert_true(table->n_rows > 0 && table->n_rows <= NTP_ROWS_MAX);
	assert_true(table->seen_offset + sizeof(struct ntp_seen) <= object_size);
	memset(used + table->seen_offset, 1, sizeof(struct ntp_seen));
	for (size_t i = 0; i < table->n_rows; i++) {
		const struct ntp_var *row = &table->rows[i];
		size_t end = (size_t)row->offset + row->size, len = 0;

		assert_non_null(row->name);
		assert_non_null(row->parse);
		assert_true(row->group < NTP_GROUP_COUNT);
		assert_int_equal(ntp_vars_find(table, row->name, strlen(row->name)), i);
		/* They are put into requests as they are. */
		assert_int_equal(row->name_len, strlen(row->name));
		assert_int_equal(
		    m6_varlist_append(row->name, request, sizeof(request), &len), 0);
		assert_true(row->size > 0 && end <= object_size);
		if (row->alias != 0) {
			check_alias(table, row);
			continue;
		}
		for (size_t at = row->offset; at < end; at++) {
			assert_int_equal(used[at], 0);
			used[at] = 1;
		}
	}
	free(used);
}

/* Every byte that is neither in the field nor in the set is untouched. */
static void
check_untouched(const struct ntp_var_table *table, const struct ntp_var *row,
    const uint8_t *object, size_t size)
{
	for (size_t at = 0; at < size; at++) {
		bool is_field = at >= row->offset && at < (size_t)row->offset + row->size;
		bool is_seen = at >= table->seen_offset &&
		    at < table->seen_offset + sizeof(struct ntp_seen);

		if (!is_field && !is_seen)
			assert_int_equal(object[at], UNTOUCHED);
	}
}

static void
check_refused(const struct ntp_var_table *table, size_t size, const char *name,
    const char *value)
{
	uint8_t *object = new_object(table, size), *before = new_object(table, size);

	assert_int_equal(apply(table, object, name, value), NTP_APPLY_MALFORMED);
	assert_memory_equal(object, before, size);
	free(object);
	free(before);
}

static void
check_taken(const struct ntp_var_table *table, size_t size, size_t i,
    const struct row_case *c)
{
	const struct ntp_var *row = &table->rows[i];
	uint8_t *object = new_object(table, size), *first = malloc(size);

	assert_non_null(first);
	assert_int_equal(apply(table, object, c->name, c->good), NTP_APPLY_OK);
	assert_true(rows_equal(seen_of(table, object), ntp_seen_of(number_of(table, i))));
	check_untouched(table, row, object, size);
	memcpy(first, object, size);
	assert_int_equal(apply(table, object, c->name, "0"), NTP_APPLY_REPEATED);
	assert_memory_equal(object, first, size);
	free(object);
	free(first);
}

void
rows_check_cases(const struct ntp_var_table *table, size_t object_size,
    const struct row_case *cases, size_t n_cases)
{
	struct ntp_seen reached = { { 0 } };

	assert_int_equal(n_cases, table->n_rows);
	for (size_t c = 0; c < n_cases; c++) {
		int i = ntp_vars_find(table, cases[c].name, strlen(cases[c].name));

		assert_true(i >= 0);
		assert_false(ntp_seen_has(&reached, (size_t)i));
		ntp_seen_add(&reached, (size_t)i);
		if (!table->rows[i].is_list)
			check_taken(table, object_size, (size_t)i, &cases[c]);
		if (cases[c].bad)
			check_refused(table, object_size, cases[c].name, cases[c].bad);
	}
}

static uint32_t
next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Characters numbers are made of half of the time, else any bytes. */
static size_t
make_garbage(uint32_t *state, char *out)
{
	static const char likely[] = "0123456789abcdefx.-+eT:Z% ";
	size_t len = next_random(state) % GARBAGE_MAX;
	bool is_likely = next_random(state) & 1;

	if (is_likely)
		len %= 24;
	for (size_t i = 0; i < len; i++) {
		uint32_t r = next_random(state) >> 8;

		out[i] = is_likely ? likely[r % (sizeof(likely) - 1)] : (char)(r & 0xff);
	}
	return len;
}

void
rows_check_garbage(const struct ntp_var_table *table, size_t object_size)
{
	uint32_t state = 0x5907;

	for (size_t round = 0; round < GARBAGE_ROUNDS * table->n_rows; round++) {
		size_t i = round % table->n_rows;
		const struct ntp_var *row = &table->rows[i];
		uint8_t *object = new_object(table, object_size);
		char garbage[GARBAGE_MAX], *exact;
		size_t len = make_garbage(&state, garbage);
		enum ntp_apply_result result;

		exact = malloc(len ? len : 1);
		assert_non_null(exact);
		memcpy(exact, garbage, len);
		result = ntp_vars_apply(table, object, row->name, strlen(row->name),
		    exact, len);
		check_untouched(table, row, object, object_size);
		assert_true(rows_equal(seen_of(table, object),
		    result == NTP_APPLY_OK ? ntp_seen_of(number_of(table, i))
					   : rows_set(NULL, 0)));
		for (size_t at = 0; result != NTP_APPLY_OK && at < row->size; at++)
			assert_int_equal(object[row->offset + at], UNTOUCHED);
		free(exact);
		free(object);
	}
}

void
rows_apply_good(const struct ntp_var_table *table, void *object,
    const struct row_case *cases, size_t n_cases)
{
	for (size_t i = 0; i < n_cases; i++)
		assert_int_equal(apply(table, object, cases[i].name, cases[i].good),
		    NTP_APPLY_OK);
}

void
rows_apply_recorded(const struct ntp_var_table *table, void *object,
    const struct recording *rec, unsigned op, unsigned assoc, const char *request)
{
	const struct recorded_exchange *ex = recording_find(rec, op, assoc, request);
	struct m6_varlist list;
	struct m6_var var;

	assert_non_null(ex);
	list = m6_varlist_start(ex->data, ex->data_len);
	while (m6_varlist_next(&list, &var)) {
		enum ntp_apply_result result = ntp_vars_apply(table, object, var.name,
		    var.name_len, var.value, var.value_len);

		/* NTPsec 1.2.2 prints filters as they lie in its memory. */
		assert_true(result != NTP_APPLY_MALFORMED ||
		    scan_is(var.name, 4 < var.name_len ? 4 : var.name_len, "filt"));
	}
}
