/* SPDX-License-Identifier: BSD-2-Clause */
/* All targets, and where each one's rows begin in each table. */
#include "snmp/fleet.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "snmp/fleet_impl.h"

struct fleet {
	unsigned refs;
	size_t n;
	struct fleet_target *
	    *targets; /* shorter names first, equally long ones by octets */
	size_t *first[FLEET_TABLES]; /* by target, and one more: rows before it */
};

static size_t
count_one(const struct fleet_target *t)
{
	(void)t;
	return 1;
}

static size_t
count_vars(const struct fleet_target *t)
{
	return t->n_vars;
}

static size_t
count_records(const struct fleet_target *t)
{
	return t->n_records;
}

static size_t
count_certs(const struct fleet_target *t)
{
	return t->snapshot->state == TARGET_UP ? t->snapshot->system->autokey_certs.n : 0;
}

static size_t
count_commands(const struct fleet_target *t)
{
	return t->about.write == TARGET_WRITE_CONFIGURE;
}

static size_t
count_clocks(const struct fleet_target *t)
{
	return t->clocks.n;
}

static size_t
count_samples(const struct fleet_target *t)
{
	return t->filters.n * NTP_FILTER_SAMPLES;
}

static size_t
count_autokeys(const struct fleet_target *t)
{
	return t->autokeys.n;
}

static size_t (*const counts[FLEET_TABLES])(const struct fleet_target *) = {
	[FLEET_TARGETS] = count_one,
	[FLEET_VARS] = count_vars,
	[FLEET_RECORDS] = count_records,
	[FLEET_CERTS] = count_certs,
	[FLEET_COMMANDS] = count_commands,
	[FLEET_PEERS] = fleet_target_n_peers,
	[FLEET_CLOCKS] = count_clocks,
	[FLEET_FILTERS] = count_samples,
	[FLEET_AUTOKEYS] = count_autokeys,
};

static int
compare_names(const void *a, const void *b)
{
	const struct fleet_target *x = *(struct fleet_target *const *)a;
	const struct fleet_target *y = *(struct fleet_target *const *)b;

	return ntp_raw_compare(x->about.name, x->name_len, y->about.name, y->name_len);
}

/* They mostly come in order: then finding that out is all it takes. */
static void
sort(struct fleet *f)
{
	for (size_t i = 1; i < f->n; i++) {
		if (compare_names(&f->targets[i - 1], &f->targets[i]) <= 0)
			continue;
		qsort(f->targets, f->n, sizeof(f->targets[0]), compare_names);
		return;
	}
}

static void
add_up(struct fleet *f, enum fleet_table table)
{
	size_t *first = f->first[table];

	for (size_t i = 0; i < f->n; i++)
		first[i + 1] = first[i] + counts[table](f->targets[i]);
}

struct fleet *
fleet_new(struct fleet_target *const *targets, size_t n)
{
	struct fleet *f = mem_calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->refs = 1;
	f->targets = mem_calloc(n, sizeof(f->targets[0]));
	if (!f->targets)
		return fleet_unref(f);
	for (; f->n < n; f->n++)
		f->targets[f->n] = fleet_target_ref(targets[f->n]);
	sort(f);
	for (enum fleet_table i = 0; i < FLEET_TABLES; i++) {
		f->first[i] = mem_calloc(n + 1, sizeof(f->first[i][0]));
		if (!f->first[i])
			return fleet_unref(f);
		add_up(f, i);
	}
	return f;
}

struct fleet *
fleet_ref(struct fleet *f)
{
	f->refs++;
	return f;
}

struct fleet *
fleet_unref(struct fleet *f)
{
	if (!f || --f->refs > 0)
		return NULL;
	for (size_t i = 0; f->targets && i < f->n; i++)
		fleet_target_unref(f->targets[i]);
	for (size_t i = 0; i < FLEET_TABLES; i++)
		mem_free(f->first[i]);
	mem_free(f->targets);
	mem_free(f);
	return NULL;
}

size_t
fleet_count(const struct fleet *f, enum fleet_table table)
{
	return f ? f->first[table][f->n] : 0;
}

size_t
fleet_upper_bound(const size_t *first, size_t n, size_t i)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (first[mid] <= i)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct fleet_target *
fleet_at(const struct fleet *f, enum fleet_table table, size_t i, size_t *nth)
{
	const size_t *first = f->first[table];
	size_t at = fleet_upper_bound(first, f->n + 1, i) - 1;

	*nth = i - first[at];
	return f->targets[at];
}

const struct fleet_target *
fleet_find(const struct fleet *f, const char *name, size_t name_len)
{
	size_t low = 0, high = f ? f->n : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct fleet_target *t = f->targets[mid];
		int order = ntp_raw_compare(t->about.name, t->name_len, name, name_len);

		if (order == 0)
			return t;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}
