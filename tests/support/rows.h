/* SPDX-License-Identifier: BSD-2-Clause */
/* What every table of variables must hold, checked row by row. */
#ifndef SUPPORT_ROWS_H
#define SUPPORT_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "model/vars.h"
#include "support/recording.h"

/* A value a row takes and one it refuses; NULL for a row that refuses nothing. */
struct row_case {
	const char *name, *good, *bad;
};

/* Names differ, fields lie inside the object and, aliases apart, overlap neither each
 * other nor the presence word. */
void rows_check_layout(const struct ntp_var_table *table, size_t object_size);
/* Every row has exactly one case, takes the good value and sets its own bit alone,
 * refuses the bad one without a trace, and keeps the first of two values. */
void rows_check_cases(const struct ntp_var_table *table, size_t object_size,
    const struct row_case *cases, size_t n_cases);
/* Values at random: nothing but the field and its bit ever changes. */
void rows_check_garbage(const struct ntp_var_table *table, size_t object_size);

/* The set of n rows. */
struct ntp_seen rows_set(const unsigned *rows, size_t n);
#define ROWS(...) \
	rows_set((const unsigned[]){ __VA_ARGS__ }, \
	    sizeof((const unsigned[]){ __VA_ARGS__ }) / sizeof(unsigned))
bool rows_equal(struct ntp_seen a, struct ntp_seen b);
size_t rows_count(struct ntp_seen set);

/* Applies the good value of every case. */
void rows_apply_good(const struct ntp_var_table *table, void *object,
    const struct row_case *cases, size_t n_cases);
/* Applies a recorded answer, which must exist and hold nothing malformed. */
void rows_apply_recorded(const struct ntp_var_table *table, void *object,
    const struct recording *rec, unsigned op, unsigned assoc, const char *request);

#endif
