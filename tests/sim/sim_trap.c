/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of receivers. */
#include "sim/sim_trap.h"

#include <stddef.h>
#include <string.h>

/* An hour. */
#define LIFETIME_NS INT64_C(3600000000000)

static struct sim_trap *
find(struct sim_traps *traps, const struct addr *to)
{
	for (size_t i = 0; i < SIM_TRAPS_MAX; i++) {
		if (traps->items[i].is_used && addr_equal(&traps->items[i].to, to))
			return &traps->items[i];
	}
	return NULL;
}

/* The last free place, after everybody was thrown out who should have stayed. */
static struct sim_trap *
make_room(struct sim_traps *traps, int64_t now_ns)
{
	struct sim_trap *room = NULL;

	for (size_t i = 0; i < SIM_TRAPS_MAX; i++) {
		struct sim_trap *trap = &traps->items[i];

		if (trap->is_used && !trap->is_static &&
		    trap->set_ns + LIFETIME_NS > now_ns)
			trap->is_used = false;
		if (!trap->is_used)
			room = trap;
	}
	return room;
}

bool
sim_trap_set(struct sim_traps *traps, const struct addr *to, uint8_t version,
    bool is_static, int64_t now_ns)
{
	struct sim_trap *trap = find(traps, to);

	if (trap) {
		if (is_static)
			trap->is_static = true;
		trap->set_ns = now_ns;
		return true;
	}
	trap = make_room(traps, now_ns);
	if (!trap)
		return false;
	memset(trap, 0, sizeof(*trap));
	trap->to = *to;
	trap->set_ns = now_ns;
	trap->sequence = 1;
	trap->version = version;
	trap->is_used = true;
	trap->is_static = is_static;
	return true;
}

bool
sim_trap_unset(struct sim_traps *traps, const struct addr *to, bool may_static)
{
	struct sim_trap *trap = find(traps, to);

	if (!trap || (trap->is_static && !may_static))
		return false;
	trap->is_used = false;
	return true;
}

bool
sim_traps_any(const struct sim_traps *traps)
{
	for (size_t i = 0; i < SIM_TRAPS_MAX; i++) {
		if (traps->items[i].is_used)
			return true;
	}
	return false;
}

void
sim_traps_restart(struct sim_traps *traps)
{
	for (size_t i = 0; i < SIM_TRAPS_MAX; i++) {
		if (!traps->items[i].is_static)
			traps->items[i].is_used = false;
		traps->items[i].sequence = 1;
	}
}
