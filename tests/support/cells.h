/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects of NTP-AGENTX-MIB, one by one, against the text that daemons send. */
#ifndef SUPPORT_CELLS_H
#define SUPPORT_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"
#include "snmp/engine.h"

/* When the snapshots were taken: 2026-11-21 00:09:42 UTC. */
#define CELLS_WALL_NS INT64_C(1795219782000000000)
/* When they are looked at, by the clock of taken_ns. */
#define CELLS_NOW_NS INT64_C(100000000000)

/* A system that said `text`, a variable list whose malformed items are passed over; and
 * its status word, 0 for none. It has one association, 192.0.2.7. */
struct snapshot *cells_system(uint16_t status, const char *text);

/* The object `label` in the only row of a fleet of one target, with that snapshot, is
 * printed as `expected`; NULL: absent. */
void cells_check(struct snapshot *s, const char *label, const char *expected);
/* The same for the row `nth` of several. */
void cells_check_nth(struct snapshot *s, const char *label, size_t nth,
    const char *expected);

/* What an object shows of a variable list; `bad` is one with malformed values, of which
 * it shows nothing, or NULL. */
struct cell_case {
	const char *label, *good, *expected, *bad;
	uint16_t status;
};
/* Every object of the group has a case that holds. It is absent when nothing was read, or
 * the daemon is down. */
void cells_check_cases(const struct mib_group *group, const struct cell_case *cases,
    size_t n);

#endif
