/* SPDX-License-Identifier: BSD-2-Clause */
/* Bisecting lists of names. */
#include "client/dialect.h"

#include "base/err.h"
#include "mode6/varlist.h"

_Static_assert(1u << (DIALECT_STACK_MAX - 2) >= NTP_ROWS_MAX, "halves fit the stack");

void
dialect_init(struct dialect *d, const struct ntp_var_table *table)
{
	*d = (struct dialect){ .table = table, .kinds = NTP_KIND_ANY };
}

bool
dialect_has(const struct dialect *d, size_t i)
{
	unsigned kinds = d->table->rows[i].kinds;

	return kinds == 0 || (kinds & d->kinds) != 0;
}

void
dialect_forget(struct dialect *d)
{
	d->known = (dialect_set){ { 0 } };
	d->unknown = (dialect_set){ { 0 } };
}

dialect_set
dialect_group(const struct dialect *d, enum ntp_var_group group)
{
	dialect_set set = { { 0 } };

	for (size_t i = 0; i < d->table->n_rows; i++)
		if (d->table->rows[i].group == group)
			ntp_seen_add(&set, i);
	return set;
}

dialect_set
dialect_wanted(const struct dialect *d, enum ntp_var_group group)
{
	return dialect_select(d, UINT32_C(1) << group);
}

uint32_t
dialect_groups_of(const struct dialect *d, const dialect_set *set)
{
	uint32_t groups = 0;

	for (size_t i = 0; i < d->table->n_rows; i++)
		if (ntp_seen_has(set, i))
			groups |= UINT32_C(1) << d->table->rows[i].group;
	return groups;
}

dialect_set
dialect_select(const struct dialect *d, uint32_t groups)
{
	dialect_set set = { { 0 } };

	for (size_t i = 0; i < d->table->n_rows; i++)
		if ((groups >> d->table->rows[i].group & 1) != 0 && dialect_has(d, i))
			ntp_seen_add(&set, i);
	return ntp_seen_minus(set, d->unknown);
}

bool
dialect_is_settled(const struct dialect *d, dialect_set set)
{
	dialect_set open = ntp_seen_minus(set, ntp_seen_or(d->known, d->unknown));

	return !ntp_seen_any(&open);
}

void
dialect_search_start(struct dialect_search *s, dialect_set set)
{
	*s = (struct dialect_search){ .set = set };
}

/* The rows of a part that are not known to be unknown. */
static dialect_set
rows_of(const struct dialect_search *s, const struct dialect *d,
    const struct dialect_part *part)
{
	dialect_set part_set = ntp_seen_between(part->from, part->to);

	return ntp_seen_minus(ntp_seen_and(s->set, part_set), d->unknown);
}

static unsigned
count_rows(const dialect_set *set, const struct dialect_part *part)
{
	unsigned n = 0;

	for (size_t i = part->from; i < part->to; i++)
		n += ntp_seen_has(set, i);
	return n;
}

/* Where the second half of a part begins; its beginning when it is a single row. */
static uint16_t
middle_of(const dialect_set *rows, const struct dialect_part *part)
{
	unsigned n = count_rows(rows, part) / 2;
	uint16_t i;

	for (i = part->from; n > 0; i++)
		n -= ntp_seen_has(rows, i);
	return i;
}

/* The first row that tells whether its group is known at all? */
static bool
is_first_of_group(const struct dialect *d, size_t row)
{
	enum ntp_var_group group = d->table->rows[row].group;

	if (group < NTP_GROUP_WHOLE)
		return false;
	for (size_t i = 0; i < row; i++)
		if (d->table->rows[i].group == group && dialect_has(d, i))
			return false;
	return true;
}

static void
set_unknown(struct dialect *d, const dialect_set *rows, size_t row)
{
	dialect_set unknown = *rows;

	while (!ntp_seen_has(rows, row))
		row++;
	if (is_first_of_group(d, row))
		unknown = dialect_group(d, d->table->rows[row].group);
	d->unknown = ntp_seen_or(d->unknown, unknown);
	d->known = ntp_seen_minus(d->known, d->unknown);
}

static void
push(struct dialect_search *s, uint16_t from, uint16_t to, bool has_sibling)
{
	s->stack[s->depth++] = (struct dialect_part){
		.from = from,
		.to = to,
		.has_sibling = has_sibling,
	};
}

/* A part that holds an unknown name: two parts, or the name itself. */
static void
divide(struct dialect_search *s, struct dialect *d, const struct dialect_part *part)
{
	dialect_set rows = rows_of(s, d, part);
	uint16_t middle = middle_of(&rows, part);

	if (middle == part->from) {
		set_unknown(d, &rows, part->from);
		return;
	}
	push(s, middle, part->to, false);
	push(s, part->from, middle, true);
}

/* Joins rows of a part, from the first on, while they fit; the part ends behind them. */
static int
join(const struct ntp_var_table *table, const dialect_set *rows,
    struct dialect_part *part, char *out, size_t cap, size_t *len_out)
{
	size_t len = 0;

	for (uint16_t i = part->from; i < part->to; i++) {
		if (!ntp_seen_has(rows, i))
			continue;
		if (m6_varlist_put(table->rows[i].name, table->rows[i].name_len, out, cap,
			&len) != 0) {
			part->to = i;
			break;
		}
	}
	*len_out = len;
	return len > 0 ? 1 : ERR_FULL;
}

/* What is asked next: from the stack, else from what is in no list yet. */
static struct dialect_part
next_part(struct dialect_search *s, struct dialect *d)
{
	struct dialect_part part;

	while (s->depth > 0) {
		dialect_set rows;

		part = s->stack[--s->depth];
		rows = rows_of(s, d, &part);
		if (!ntp_seen_any(&rows))
			continue;
		/* Did a group go that held the guilty name? */
		if (count_rows(&rows, &part) < count_rows(&s->set, &part))
			part.is_guilty = part.has_sibling = false;
		if (!part.is_guilty)
			return part;
		divide(s, d, &part);
	}
	return (struct dialect_part){
		.from = s->rest,
		.to = (uint16_t)d->table->n_rows,
	};
}

int
dialect_search_next(struct dialect_search *s, struct dialect *d, char *out, size_t cap,
    size_t *len_out, dialect_set *set_out)
{
	struct dialect_part part = next_part(s, d);
	dialect_set rows = rows_of(s, d, &part);
	int rc;

	if (!ntp_seen_any(&rows))
		return 0;
	rc = join(d->table, &rows, &part, out, cap, len_out);
	if (rc < 0)
		return rc;
	/* Parts from the stack are halves of what did fit, and lie before the rest. */
	if (part.to > s->rest)
		s->rest = part.to;
	s->asked = part;
	*set_out = rows_of(s, d, &part);
	return 1;
}

void
dialect_search_answer(struct dialect_search *s, struct dialect *d,
    enum dialect_answer answer)
{
	struct dialect_part asked = s->asked;

	s->asked = (struct dialect_part){ 0 };
	switch (answer) {
	case DIALECT_ANSWERED:
		d->known = ntp_seen_or(d->known, rows_of(s, d, &asked));
		/* Together they were refused, so it must be the other half. */
		if (asked.has_sibling && s->depth > 0)
			s->stack[s->depth - 1].is_guilty = true;
		break;
	case DIALECT_REFUSED:
		divide(s, d, &asked);
		break;
	case DIALECT_FAILED:
		break;
	}
}
