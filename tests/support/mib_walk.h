/* SPDX-License-Identifier: BSD-2-Clause */
/* What a module shows, by plain enumeration, and checks of the engine against it. */
#ifndef SUPPORT_MIB_WALK_H
#define SUPPORT_MIB_WALK_H

#include <stddef.h>
#include <stdint.h>

#include "snmp/engine.h"

struct mib_listed {
	struct mib_oid name;
	char *line; /* as mib_print() */
};

/* Every present instance, in the order of groups, objects and rows. */
struct mib_listing {
	struct mib_listed *items;
	size_t n, room;
};

struct mib_listing mib_listing_of(const struct mib_module *module,
    const struct mib_view *view);
void mib_listing_free(struct mib_listing *l);

/* The listing ascends; GET of each name gives its value; GETNEXT leads from nothing to
 * the first, from each to the next and from the last to the end; inclusive, from each to
 * itself. Fails the running test otherwise. */
void mib_check_walk(const struct mib_module *module, const struct mib_view *view,
    const struct mib_listing *expected);
/* `rounds` names, near to existing ones and far from them: GET and GETNEXT answer what a
 * search through the listing gives. */
void mib_check_names(const struct mib_module *module, const struct mib_view *view,
    const struct mib_listing *expected, uint32_t *seed, size_t rounds);
/* The tables of a module are in order: groups, objects, no root below another, all below
 * the module's, every getter there. */
void mib_check_tables(const struct mib_module *module);

/* Reproducible numbers; the seed must not be 0. */
uint32_t mib_random(uint32_t *seed);
uint32_t mib_random_below(uint32_t *seed, uint32_t limit);

#endif
