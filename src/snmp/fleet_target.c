/* SPDX-License-Identifier: BSD-2-Clause */
/* One target's part: its variables, object after object, and its records of writes. */
#include <string.h>

#include "base/mem.h"
#include "snmp/fleet_impl.h"

static size_t
count_objects(const struct fleet_target *t)
{
	return t->snapshot->state == TARGET_UP ? 1 + t->snapshot->n_peers : 0;
}

static const struct ntp_raw *
raw_of(const struct fleet_target *t, size_t object)
{
	return object == 0 ? t->snapshot->system->raw
			   : t->snapshot->peers[object - 1].raw;
}

static uint16_t
assoc_of(const struct fleet_target *t, size_t object)
{
	return object == 0 ? 0 : t->snapshot->peers[object - 1].id;
}

/* That of a command stands first, under no name. */
static bool
add_records(struct fleet_target *t, const struct fleet_source *from)
{
	size_t n = from->n_records;
	const struct ntp_write_record *records = from->records;

	if (n > 0 && records[0].name_len == 0) {
		t->command = *records++;
		n--;
	}
	t->records = mem_calloc(n, sizeof(t->records[0]));
	if (!t->records)
		return false;
	if (n > 0)
		memcpy(t->records, records, n * sizeof(t->records[0]));
	t->n_records = n;
	return true;
}

static bool
add_variables(struct fleet_target *t)
{
	size_t n = count_objects(t);

	t->first_var = mem_calloc(n + 1, sizeof(t->first_var[0]));
	if (!t->first_var)
		return false;
	for (size_t i = 0; i < n; i++)
		t->first_var[i + 1] = t->first_var[i] + ntp_raw_count(raw_of(t, i));
	return true;
}

/* Whoever is not watched has none: nothing has happened to it. */
static bool
add_histories(struct fleet_target *t, const struct ntp_notices *watcher)
{
	size_t n = fleet_target_n_peers(t);

	if (!watcher || n == 0)
		return true;
	t->histories = mem_calloc(n, sizeof(t->histories[0]));
	if (!t->histories)
		return false;
	for (size_t i = 0; i < n; i++)
		(void)ntp_notices_history(watcher, t->snapshot->peers[i].id,
		    &t->histories[i]);
	return true;
}

struct fleet_target *
fleet_target_new(const struct fleet_source *from)
{
	struct fleet_target *t = mem_calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->refs = 1;
	t->about = *from->target;
	t->name_len = strlen(t->about.name);
	t->snapshot = snapshot_ref(from->snapshot);
	t->stats = from->stats;
	t->has_key = from->has_key;
	t->control = from->control;
	t->notices = from->notices;
	health_of(t->snapshot, &t->health);
	if (!add_variables(t) || !add_records(t, from) || !fleet_sort_peers(t) ||
	    !add_histories(t, from->watcher))
		return fleet_target_unref(t);
	t->n_vars = t->first_var[count_objects(t)];
	return t;
}

struct fleet_target *
fleet_target_ref(struct fleet_target *t)
{
	t->refs++;
	return t;
}

struct fleet_target *
fleet_target_unref(struct fleet_target *t)
{
	if (!t || --t->refs > 0)
		return NULL;
	snapshot_unref(t->snapshot);
	mem_free(t->first_var);
	mem_free(t->records);
	mem_free(t->histories);
	fleet_drop_peers(t);
	mem_free(t);
	return NULL;
}

struct fleet_var
fleet_target_var(const struct fleet_target *t, size_t i)
{
	size_t n = count_objects(t);
	size_t object = fleet_upper_bound(t->first_var, n + 1, i) - 1;
	struct ntp_raw_item item =
	    ntp_raw_at(raw_of(t, object), i - t->first_var[object]);

	return (struct fleet_var){ assoc_of(t, object), item.name, item.name_len,
		item.value, item.value_len };
}
