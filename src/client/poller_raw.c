/* SPDX-License-Identifier: BSD-2-Clause */
/* What a daemon sent, as text beside the typed values. */
#include <string.h>

#include "base/err.h"
#include "client/poller_impl.h"
#include "mode6/varlist.h"

static const char *
prefix_of(const struct poller_reader *r)
{
	return r->table == TABLE_CLOCK ? NTP_RAW_CLOCK_PREFIX : "";
}

static const struct ntp_var_table *
table_of(const struct poller_reader *r)
{
	const struct dialect *d = reader_dialect(r);

	return d->table;
}

static void
add_text(struct poller_reader *r, const struct m6_var *var, int row)
{
	const struct ntp_raw_item item = {
		.name = var->name,
		.name_len = var->name_len,
		.value = var->value,
		.value_len = var->value_len,
		.row = row,
	};

	ntp_raw_add(&r->maker, prefix_of(r), &item);
}

/* The row of a variable, or -1. A daemon answers in an order of its own, which is the
 * same for all objects: *at, 0 at first, tells where in it we are. */
static int
next_row(struct poller_lesson *lesson, const struct m6_var *var, size_t *at)
{
	bool is_noted = *at <= POLLER_ORDER_MAX;
	int row = ntp_vars_find_near(lesson->dialect.table,
	    is_noted ? lesson->next[*at] : *at, var->name, var->name_len);

	if (row < 0)
		return row;
	if (is_noted)
		lesson->next[*at] = (uint8_t)row;
	*at = (size_t)row + 1;
	return row;
}

void
reader_take(struct poller_reader *r, void *object, const struct m6_reply *reply)
{
	const struct ntp_var_table *table = table_of(r);
	struct m6_varlist list = m6_varlist_start(reply->payload, reply->len);
	struct m6_var var;
	size_t at = 0;

	while (m6_varlist_next(&list, &var)) {
		int row = next_row(&r->poller->lessons[r->table], &var, &at);

		/* A remote server can put a list into its reference id. */
		if (row < 0 || !ntp_seen_has(&r->asked, (size_t)row))
			continue;
		(void)ntp_vars_apply_row(table, (size_t)row, object, var.value,
		    var.value_len);
		if (!table->rows[row].is_coarse)
			add_text(r, &var, row);
	}
}

enum { CLOCK_PREFIX_LEN = sizeof(NTP_RAW_CLOCK_PREFIX) - 1 };

/* Items of an association and of its clock lie side by side. */
static bool
is_of_clock(const struct ntp_raw_item *item)
{
	return item->name_len > CLOCK_PREFIX_LEN &&
	    memcmp(item->name, NTP_RAW_CLOCK_PREFIX, CLOCK_PREFIX_LEN) == 0;
}

/* The row an item of text belongs to; -1 for one that is of no row of this table. What
 * was noted with it is of the table that its name says. */
static int
find_row(const struct ntp_raw_item *item, bool is_clock,
    const struct ntp_var_table *table)
{
	size_t prefix_len = is_clock ? CLOCK_PREFIX_LEN : 0;

	if (is_of_clock(item) != is_clock)
		return -1;
	if (item->row >= 0)
		return item->row;
	return ntp_vars_find(table, item->name + prefix_len, item->name_len - prefix_len);
}

void
reader_carry(struct poller_reader *r, uint32_t groups, void *object, const void *before,
    const struct ntp_raw *raw_before)
{
	const struct ntp_var_table *table = table_of(r);

	ntp_vars_carry(table, groups, before, object);
	for (size_t i = 0; i < ntp_raw_count(raw_before); i++) {
		struct ntp_raw_item item = ntp_raw_at(raw_before, i);
		int row = find_row(&item, r->table == TABLE_CLOCK, table);

		if (row >= 0 && (groups >> table->rows[row].group & 1) != 0)
			ntp_raw_add(&r->maker, "", &item);
	}
}

/* Is the item of a row that this daemon is asked for in any case? */
static bool
is_of_row(const struct poller_reader *r, const struct ntp_raw_item *item)
{
	bool is_clock = r->table == TABLE_PEER && is_of_clock(item);
	const struct dialect *d =
	    is_clock ? &r->poller->lessons[TABLE_CLOCK].dialect : reader_dialect(r);
	int row = find_row(item, is_clock, d->table);

	return row >= 0 && dialect_has(d, (size_t)row);
}

void
reader_carry_wanted(struct poller_reader *r, const struct ntp_raw *raw_before)
{
	for (size_t i = 0; i < ntp_raw_count(raw_before); i++) {
		struct ntp_raw_item item = ntp_raw_at(raw_before, i);

		if (!is_of_row(r, &item))
			ntp_raw_add(&r->maker, "", &item);
	}
}

int
poller_seal(struct ntp_raw_maker *maker, struct ntp_raw **raw)
{
	struct ntp_raw *sealed;

	if (maker->n_slots == 0 && !maker->is_nomem)
		return 0;
	for (size_t i = 0; i < ntp_raw_count(*raw); i++) {
		struct ntp_raw_item item = ntp_raw_at(*raw, i);

		ntp_raw_add(maker, "", &item);
	}
	sealed = ntp_raw_make(maker);
	if (!sealed)
		return ERR_NOMEM;
	ntp_raw_unref(*raw);
	*raw = sealed;
	return 0;
}
