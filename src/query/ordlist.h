/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of rows as daemons write them: "tag.N=value" for field `tag` of row N, in random
 * order and with other tags in between, so that no two answers are alike. */
#ifndef QUERY_ORDLIST_H
#define QUERY_ORDLIST_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ORDLIST_ROWS_MAX = 4096, /* more than an answer has room for */
	ORDLIST_FIELDS_MAX = 16,
};

struct ordlist_cell {
	const char *text; /* borrowed from the payload; NULL: there is none */
	size_t len;
};

struct ordlist {
	size_t n_fields, n_rows;
	struct ordlist_cell *cells; /* owned */
};

/* Takes the fields named from an answer; what else is in it is left out, and so are rows
 * over ORDLIST_ROWS_MAX. Of a cell that comes twice the first counts. 0 or ERR_NOMEM. */
int ordlist_read(struct ordlist *l, const char *payload, size_t len,
    const char *const *fields, size_t n_fields);
void ordlist_free(struct ordlist *l);

const struct ordlist_cell *ordlist_at(const struct ordlist *l, size_t row, size_t field);
/* Whether any row has that field. */
bool ordlist_has(const struct ordlist *l, size_t field);
/* Whether a row has any field: numbers may be left out. */
bool ordlist_has_row(const struct ordlist *l, size_t row);

#endif
