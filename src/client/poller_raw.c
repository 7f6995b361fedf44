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

void
reader_take(struct poller_reader *r, void *object, const struct m6_reply *reply)
{
	const struct ntp_var_table *table = reader_dialect(r)->table;
	struct m6_varlist list = m6_varlist_start(reply->payload, reply->len);
	struct m6_var var;
	size_t next = 0;

	while (m6_varlist_next(&list, &var)) {
		int row = ntp_vars_find_near(table, next, var.name, var.name_len);

		/* A remote server can put a list into its reference id. */
		if (row < 0 || !ntp_seen_has(&r->asked, (size_t)row))
			continue;
		next = (size_t)row + 1;
		(void)ntp_vars_apply_row(table, (size_t)row, object, var.value,
		    var.value_len);
		if (!table->rows[row].is_coarse)
			add_text(r, &var, row);
	}
}

/* Is the row that was noted with the item one of this table? Those of an association and
 * of its clock lie side by side. */
static bool
has_noted(const struct ntp_var_table *table, const struct ntp_raw_item *item,
    size_t prefix_len)
{
	const struct ntp_var *row;

	if (item->row < 0 || (size_t)item->row >= table->n_rows)
		return false;
	row = &table->rows[item->row];
	return row->name_len == item->name_len - prefix_len &&
	    memcmp(row->name, item->name + prefix_len, row->name_len) == 0;
}

/* The row an item of text belongs to; -1 for one that is of no row of this table. */
static int
find_row(const struct ntp_raw_item *item, const char *prefix,
    const struct ntp_var_table *table)
{
	size_t prefix_len = strlen(prefix);

	if (item->name_len < prefix_len || memcmp(item->name, prefix, prefix_len) != 0)
		return -1;
	if (has_noted(table, item, prefix_len))
		return item->row;
	return ntp_vars_find(table, item->name + prefix_len, item->name_len - prefix_len);
}

void
reader_carry(struct poller_reader *r, uint32_t groups, void *object, const void *before,
    const struct ntp_raw *raw_before)
{
	const struct ntp_var_table *table = reader_dialect(r)->table;

	ntp_vars_carry(table, groups, before, object);
	for (size_t i = 0; i < ntp_raw_count(raw_before); i++) {
		struct ntp_raw_item item = ntp_raw_at(raw_before, i);
		int row = find_row(&item, prefix_of(r), table);

		if (row >= 0 && (groups >> table->rows[row].group & 1) != 0)
			ntp_raw_add(&r->maker, "", &item);
	}
}

/* Is the item of a row that this daemon is asked for in any case? */
static bool
is_of_row(const struct poller_reader *r, const struct ntp_raw_item *item)
{
	static const char clock[] = NTP_RAW_CLOCK_PREFIX;
	const size_t clock_len = sizeof(clock) - 1;
	bool is_clock = r->table == TABLE_PEER && item->name_len > clock_len &&
	    memcmp(item->name, clock, clock_len) == 0;
	const struct dialect *d =
	    is_clock ? &r->poller->lessons[TABLE_CLOCK].dialect : reader_dialect(r);
	int row = find_row(item, is_clock ? clock : "", d->table);

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
