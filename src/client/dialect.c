/* SPDX-License-Identifier: BSD-2-Clause */
/* Bisecting lists of names. */
#include "client/dialect.h"

#include "base/err.h"
#include "mode6/varlist.h"

enum { ROWS_MAX = 64 };

void
dialect_init(struct dialect *d, const struct ntp_var_table *table)
{
	*d = (struct dialect){ .table = table };
}

void
dialect_forget(struct dialect *d)
{
	d->known = 0;
	d->unknown = 0;
}

dialect_set
dialect_group(const struct dialect *d, enum ntp_var_group group)
{
	dialect_set set = 0;

	for (size_t i = 0; i < d->table->n_rows; i++)
		if (d->table->rows[i].group == group)
			set |= NTP_SEEN(i);
	return set;
}

dialect_set
dialect_wanted(const struct dialect *d, enum ntp_var_group group)
{
	return dialect_group(d, group) & ~d->unknown;
}

bool
dialect_is_settled(const struct dialect *d, dialect_set set)
{
	return (set & ~(d->known | d->unknown)) == 0;
}

void
dialect_search_start(struct dialect_search *s, dialect_set set)
{
	*s = (struct dialect_search){ .rest = set };
}

static unsigned
count_rows(dialect_set set)
{
	unsigned n = 0;

	for (; set != 0; set &= set - 1)
		n++;
	return n;
}

/* The first half of the rows in `set`. */
static dialect_set
first_half(dialect_set set)
{
	unsigned n = count_rows(set) / 2;
	dialect_set half = 0;

	for (; n > 0; n--) {
		dialect_set lowest = set & (~set + 1);

		half |= lowest;
		set &= ~lowest;
	}
	return half;
}

static void
push(struct dialect_search *s, dialect_set set, bool has_sibling)
{
	s->stack[s->depth++] =
	    (struct dialect_part){ .set = set, .has_sibling = has_sibling };
}

/* A part that holds an unknown name: two parts, or the name itself. */
static void
divide(struct dialect_search *s, struct dialect *d, const struct dialect_part *part)
{
	dialect_set half = first_half(part->set);

	if (half == 0) {
		d->unknown |= part->set;
		d->known &= ~part->set;
		return;
	}
	push(s, part->set & ~half, false);
	push(s, half, true);
}

/* Joins rows of `set`, from the first on, while they fit. */
static int
join(const struct ntp_var_table *table, dialect_set set, char *out, size_t cap,
    size_t *len_out, dialect_set *taken_out)
{
	const char *names[ROWS_MAX];
	size_t n = 0, len = 0;
	dialect_set taken = 0;

	for (size_t i = 0; i < table->n_rows; i++) {
		if (!(set & NTP_SEEN(i)))
			continue;
		names[n++] = table->rows[i].name;
		if (m6_varlist_join(names, n, out, cap, &len) != 0)
			break;
		taken |= NTP_SEEN(i);
		*len_out = len;
	}
	*taken_out = taken;
	return taken != 0 ? 1 : ERR_FULL;
}

/* What is asked next: from the stack, else from what is in no list yet. */
static struct dialect_part
next_part(struct dialect_search *s, struct dialect *d)
{
	struct dialect_part part;

	while (s->depth > 0) {
		part = s->stack[--s->depth];
		if (!part.is_guilty)
			return part;
		divide(s, d, &part);
	}
	part = (struct dialect_part){ .set = s->rest & ~d->unknown };
	s->rest = 0;
	return part;
}

int
dialect_search_next(struct dialect_search *s, struct dialect *d, char *out, size_t cap,
    size_t *len_out, dialect_set *set_out)
{
	struct dialect_part part = next_part(s, d);
	dialect_set taken;
	int rc;

	if (part.set == 0)
		return 0;
	rc = join(d->table, part.set, out, cap, len_out, &taken);
	if (rc < 0)
		return rc;
	s->rest |= part.set & ~taken;
	part.set = taken;
	s->asked = part;
	*set_out = taken;
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
		d->known |= asked.set;
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
