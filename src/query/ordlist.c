/* SPDX-License-Identifier: BSD-2-Clause */
/* Read twice: for the number of rows, then for their cells. */
#include "query/ordlist.h"

#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "mode6/varlist.h"

/* Whether an item is one of the fields; which, and of which row. */
static bool
find(const struct m6_var *var, const char *const *fields, size_t n_fields, size_t *field,
    uint32_t *row)
{
	const char *dot = memchr(var->name, '.', var->name_len);

	if (!dot || !var->value)
		return false;
	size_t n = (size_t)(dot - var->name);
	if (scan_u32(dot + 1, var->name_len - n - 1, row) != 0 ||
	    *row >= ORDLIST_ROWS_MAX)
		return false;
	for (size_t i = 0; i < n_fields; i++)
		if (scan_is(var->name, n, fields[i])) {
			*field = i;
			return true;
		}
	return false;
}

int
ordlist_read(struct ordlist *l, const char *payload, size_t len,
    const char *const *fields, size_t n_fields)
{
	struct m6_varlist list = m6_varlist_start_long(payload, len);
	struct m6_var var;
	size_t field;
	uint32_t row;

	*l = (struct ordlist){ .n_fields = n_fields };
	while (m6_varlist_next(&list, &var))
		if (find(&var, fields, n_fields, &field, &row) && row >= l->n_rows)
			l->n_rows = row + 1;
	l->cells = mem_calloc(l->n_rows * n_fields, sizeof(*l->cells));
	if (!l->cells)
		return ERR_NOMEM;
	list = m6_varlist_start_long(payload, len);
	while (m6_varlist_next(&list, &var)) {
		if (!find(&var, fields, n_fields, &field, &row))
			continue;
		struct ordlist_cell *cell = &l->cells[row * n_fields + field];
		if (!cell->text)
			*cell = (struct ordlist_cell){ var.value, var.value_len };
	}
	return 0;
}

void
ordlist_free(struct ordlist *l)
{
	mem_free(l->cells);
	*l = (struct ordlist){ .n_rows = 0 };
}

const struct ordlist_cell *
ordlist_at(const struct ordlist *l, size_t row, size_t field)
{
	return &l->cells[row * l->n_fields + field];
}

bool
ordlist_has(const struct ordlist *l, size_t field)
{
	for (size_t row = 0; row < l->n_rows; row++)
		if (ordlist_at(l, row, field)->text)
			return true;
	return false;
}

bool
ordlist_has_row(const struct ordlist *l, size_t row)
{
	for (size_t field = 0; field < l->n_fields; field++)
		if (ordlist_at(l, row, field)->text)
			return true;
	return false;
}
