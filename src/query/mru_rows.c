/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries as they are shown: filtered here too, because not every daemon knows each
 * filter. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "query/mru.h"

/* Never negative: clocks are stepped. */
static int64_t
interval_ns(const struct ntp_stamp *from, const struct ntp_stamp *to)
{
	int64_t units = mru_difference(to, from);

	if (units < 0)
		return 0;
	return (units >> 32) * NS_PER_S + ((units & UINT32_MAX) * NS_PER_S >> 32);
}

static bool
is_wanted(const struct mru_filter *f, const struct mru_row *row)
{
	const struct mru_entry *e = row->entry;
	int64_t lstint_s = row->lstint_ns / NS_PER_S;

	return (f->mincount == 0 || e->count >= f->mincount) &&
	    (f->resall & ~e->restrictions) == 0 &&
	    (f->resany == 0 || (f->resany & e->restrictions) != 0) &&
	    (f->maxlstint_s == 0 || lstint_s <= (int64_t)f->maxlstint_s) &&
	    lstint_s >= (int64_t)f->minlstint_s;
}

static int64_t
key_of(const struct mru_row *row, enum mru_order order)
{
	switch (order) {
	case MRU_BY_LSTINT:
		return row->lstint_ns;
	case MRU_BY_AVGINT:
		return row->avgint_ns;
	case MRU_BY_ADDR:
		break; /* what remains when keys are equal */
	case MRU_BY_COUNT:
		return row->entry->count > INT64_MAX ? INT64_MAX
						     : (int64_t)row->entry->count;
	case MRU_BY_SCORE:
		return row->entry->score_milli;
	case MRU_BY_DROP:
		return row->entry->drop > INT64_MAX ? INT64_MAX
						    : (int64_t)row->entry->drop;
	}
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct mru_row *left = a, *right = b;
	const struct addr *l = &left->entry->addr, *r = &right->entry->addr;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	if (l->family != r->family)
		return l->family < r->family ? -1 : 1;
	int order = memcmp(l->bytes, r->bytes, sizeof(l->bytes));
	return order != 0 ? order : (l->scope > r->scope) - (l->scope < r->scope);
}

static void
reverse(struct mru_row *rows, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct mru_row other = rows[i];

		rows[i] = rows[n - 1 - i];
		rows[n - 1 - i] = other;
	}
}

int
mru_rows(const struct mru *m, const struct mru_filter *filter, enum mru_order order,
    bool is_reversed, struct mru_row **out, size_t *n_out)
{
	struct mru_row *rows = mem_calloc(mru_count(m), sizeof(*rows));
	struct ntp_stamp now = mru_now(m);
	size_t n = 0;

	if (!rows)
		return ERR_NOMEM;
	for (size_t i = 0; i < mru_count(m); i++) {
		const struct mru_entry *e = mru_at(m, i);
		struct mru_row *row = &rows[n];

		row->entry = e;
		row->lstint_ns = interval_ns(&e->last, &now);
		row->avgint_ns = e->count > 1 && (e->has & MRU_HAS_FIRST) != 0
		    ? interval_ns(&e->first, &e->last) / (int64_t)(e->count - 1)
		    : 0;
		row->key = key_of(row, order);
		n += is_wanted(filter, row);
	}
	qsort(rows, n, sizeof(*rows), compare);
	if (is_reversed)
		reverse(rows, n);
	*out = rows;
	*n_out = n;
	return 0;
}
