/* SPDX-License-Identifier: BSD-2-Clause */
/* Values, associations and their index. */
#include "sim/sim_state.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "mode6/status.h"
#include "sim/sim_dialect.h"
#include "sim/sim_mru.h"

enum { ID_LAST = 65535, SLOTS_MIN = 16 };

struct sim *
sim_new(const struct sim_options *options, int64_t now_ns)
{
	struct sim *s = mem_calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->options = *options;
	s->start_ns = s->now_ns = now_ns;
	s->random = options->seed;
	sim_gaps_start(&s->gaps, now_ns);
	s->status = sim_traits(options->dialect)->status;
	return s;
}

void
sim_free(struct sim *s)
{
	if (!s)
		return;
	while (s->n_assocs > 0)
		sim_assoc_remove(s, &s->assocs[s->n_assocs - 1]);
	sim_values_clear(&s->system);
	mem_free(s->assocs);
	mem_free(s->slots);
	mem_free(s->nonce);
	sim_clients_free(&s->clients);
	sim_auth_fini(&s->auth);
	sim_replies_free(&s->pushed);
	mem_free(s);
}

const struct sim_replies *
sim_pushed(const struct sim *s)
{
	return &s->pushed;
}

bool
sim_is_down(const struct sim *s)
{
	return s->is_down;
}

static const struct sim_kind kinds[SIM_N_KINDS] = {
	[SIM_SETVAR_DEFAULT] = { "setvar-default", false, true },
	[SIM_SETVAR] = { "setvar", false, false },
	[SIM_RW] = { "rw", true, false },
	[SIM_RW_DEFAULT] = { "rw-default", true, true },
};

const struct sim_kind *
sim_kind(enum sim_kind_id id)
{
	return &kinds[id];
}

bool
sim_kind_parse(const char *text, size_t len, enum sim_kind_id *out)
{
	for (unsigned i = 0; i < SIM_N_KINDS; i++) {
		if (!scan_is(text, len, kinds[i].name))
			continue;
		*out = (enum sim_kind_id)i;
		return true;
	}
	return false;
}

struct sim_value *
sim_values_find_n(const struct sim_values *values, const char *name, size_t len)
{
	for (size_t i = 0; i < values->n; i++) {
		if (scan_is(name, len, values->items[i].name))
			return &values->items[i];
	}
	return NULL;
}

struct sim_value *
sim_values_find(const struct sim_values *values, const char *name)
{
	return sim_values_find_n(values, name, strlen(name));
}

static void
value_fini(struct sim_value *value)
{
	mem_free(value->name);
	mem_free(value->text);
}

static int
value_init(struct sim_value *value, const char *name, const char *text, size_t len,
    uint64_t origin)
{
	struct sim_value fresh = {
		.len = len,
		.is_absent = text == NULL,
		.origin = origin,
		.name = mem_strdup(name),
		.text = mem_strndup(text ? text : "", text ? len : 0),
	};

	if (!fresh.name || !fresh.text) {
		value_fini(&fresh);
		return ERR_NOMEM;
	}
	*value = fresh;
	return 0;
}

int
sim_values_append(struct sim_values *values, const char *name, const char *text,
    size_t len, uint64_t origin)
{
	if (values->n == values->cap) {
		size_t cap = values->cap ? values->cap * 2 : 8;
		struct sim_value *items = mem_resize(values->items, cap, sizeof(*items));

		if (!items)
			return ERR_NOMEM;
		values->items = items;
		values->cap = cap;
	}
	int rc = value_init(&values->items[values->n], name, text, len, origin);
	if (rc == 0)
		values->n++;
	return rc;
}

int
sim_values_set(struct sim_values *values, const char *name, const char *text, size_t len,
    uint64_t origin)
{
	struct sim_value *old = sim_values_find(values, name);
	struct sim_value fresh;

	if (!old)
		return sim_values_append(values, name, text, len, origin);
	int rc = value_init(&fresh, name, text, len, origin);
	if (rc != 0)
		return rc;
	fresh.kind = old->kind;
	value_fini(old);
	*old = fresh;
	return 0;
}

int
sim_values_define(struct sim_values *values, const char *name, const char *text,
    size_t len, enum sim_kind_id kind)
{
	struct sim_value *value = sim_values_find(values, name);
	int rc = sim_values_set(values, name, text, len, 0);

	/* `name` may have been that of the old value, and is gone then. */
	if (rc == 0 && !value)
		value = &values->items[values->n - 1];
	if (rc == 0)
		value->kind = kind;
	return rc;
}

void
sim_values_remove(struct sim_values *values, const char *name)
{
	struct sim_value *value = sim_values_find(values, name);

	if (!value)
		return;
	value_fini(value);
	values->n--;
	memmove(value, value + 1,
	    (size_t)(&values->items[values->n] - value) * sizeof(*value));
}

void
sim_values_clear(struct sim_values *values)
{
	while (values->n > 0)
		value_fini(&values->items[--values->n]);
	mem_free(values->items);
	memset(values, 0, sizeof(*values));
}

/* Where in the index it is, or would be: there is always a free place. */
static size_t
find_slot(const struct sim *s, unsigned id)
{
	size_t at = id & (s->n_slots - 1);

	while (s->slots[at] != 0 && s->assocs[s->slots[at] - 1].id != id)
		at = (at + 1) & (s->n_slots - 1);
	return at;
}

/* An empty index for `n` associations. */
static int
make_slots(struct sim *s, size_t n)
{
	size_t n_slots = SLOTS_MIN;
	uint16_t *slots;

	while (n_slots < 2 * n)
		n_slots *= 2;
	if (n_slots <= s->n_slots)
		return 0;
	slots = mem_calloc(n_slots, sizeof(*slots));
	if (!slots)
		return ERR_NOMEM;
	mem_free(s->slots);
	s->slots = slots;
	s->n_slots = n_slots;
	return 0;
}

struct sim_assoc *
sim_assoc_find(const struct sim *s, unsigned id)
{
	size_t slot = s->n_slots > 0 ? s->slots[find_slot(s, id)] : 0;

	return slot ? &s->assocs[slot - 1] : NULL;
}

const struct sim_assoc *
sim_assoc_syspeer(const struct sim *s)
{
	return s->syspeer_slot ? &s->assocs[s->syspeer_slot - 1] : NULL;
}

/* Each answer carries the leap bits, and they depend on whether there is one: a search in
 * each would make the cost of reading all associations grow with their square. */
static void
find_syspeer(struct sim *s)
{
	s->syspeer_slot = 0;
	for (size_t i = 0; i < s->n_assocs && s->syspeer_slot == 0; i++) {
		if (m6_peer_status(s->assocs[i].status).selection >= M6_SELECTION_SYSPEER)
			s->syspeer_slot = (uint16_t)(i + 1);
	}
}

void
sim_assoc_reindex(struct sim *s)
{
	if (s->n_slots > 0)
		memset(s->slots, 0, s->n_slots * sizeof(*s->slots));
	for (size_t i = 0; i < s->n_assocs; i++)
		s->slots[find_slot(s, s->assocs[i].id)] = (uint16_t)(i + 1);
	find_syspeer(s);
}

void
sim_assoc_set_status(struct sim *s, struct sim_assoc *assoc, unsigned status)
{
	assoc->status = (uint16_t)status;
	find_syspeer(s);
}

int
sim_assoc_prepend(struct sim *s, size_t n, struct sim_assoc **out)
{
	struct sim_assoc *assocs;

	if (n > SIM_ASSOCS_MAX || s->n_assocs + n > SIM_ASSOCS_MAX)
		return ERR_TOOBIG;
	assocs = mem_resize(s->assocs, s->n_assocs + n + 1, sizeof(*assocs));
	if (!assocs)
		return ERR_NOMEM;
	s->assocs = assocs;
	if (make_slots(s, s->n_assocs + n) != 0)
		return ERR_NOMEM;
	memmove(assocs + n, assocs, s->n_assocs * sizeof(*assocs));
	memset(assocs, 0, n * sizeof(*assocs));
	s->n_assocs += n;
	*out = assocs;
	return 0;
}

void
sim_assoc_remove(struct sim *s, struct sim_assoc *assoc)
{
	size_t place = (size_t)(assoc - s->assocs);

	sim_values_clear(&assoc->vars);
	sim_values_clear(&assoc->clock_vars);
	s->n_assocs--;
	memmove(assoc, assoc + 1, (s->n_assocs - place) * sizeof(*assoc));
}

uint16_t
sim_assoc_id_after(uint16_t id, size_t n)
{
	return (uint16_t)(((size_t)id - 1 + n) % ID_LAST + 1);
}
