/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of cells: columns as wide as their widest cell, or an array of objects in JSON. */
#ifndef QUERY_TABLE_H
#define QUERY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "query/out.h"

enum { TABLE_COLUMNS_MAX = 24, TABLE_CELL_MAX = 1024 };

struct table_column {
	const char *title; /* NULL: shown in JSON only */
	const char *key;   /* NULL: not in JSON */
	bool is_right;     /* aligned to the right */
	bool is_number;    /* in JSON, where it reads like one */
	bool is_glued;     /* no blank before the next column */
	bool is_bare;      /* an empty cell stays empty: no "-" */
	bool is_restless;  /* changes all the time: that is not marked */
};

struct table;

/* Borrows the columns. NULL when memory is out. */
struct table *table_new(const struct table_column *columns, size_t n_columns);
void table_free(struct table *t); /* NULL allowed */

/* The next cell, copied; a row begins behind the last column. Empty: there is no value.
 * What is cut, at TABLE_CELL_MAX, is so by far. */
void table_cell(struct table *t, const char *text, size_t len);
void table_format(struct table *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void table_text(struct table *t, const char *text); /* terminated */
void table_number(struct table *t, int64_t value);
/* False when memory was out for a cell: the table is of no use. */
bool table_is_whole(const struct table *t);
size_t table_rows(const struct table *t);

/* Marks what is different from `before`: cells, and rows that are new. In both tables the
 * numbers in column `key` tell the rows apart, and ascend. Compared with
 * itself a table has no marks. False when memory is out. */
bool table_compare(struct table *t, const struct table *before, size_t key);

/* A part of a screen, of a terminal; zeroed: no terminal. */
struct table_screen {
	size_t rows, columns;
};
/* Draws all with its marks: on a screen marked cells stand out, what does not fit is left
 * out, and how many rows that were is returned. Elsewhere '!' follows a marked cell; the
 * first character of a row is '+' when it is new, '!' when its tally is another one. */
size_t table_draw(const struct table *t, struct out *o,
    const struct table_screen *screen);

/* Prints all; in JSON as a member `key`, of compared tables with what is marked. */
void table_print(const struct table *t, struct out *o, const char *key);

#endif
