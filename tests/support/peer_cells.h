/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects about associations in NTP-AGENTX-MIB, one by one, against what daemons send. */
#ifndef SUPPORT_PEER_CELLS_H
#define SUPPORT_PEER_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"
#include "snmp/engine.h"

/* One association, number 4711, of a daemon; malformed items of the variable lists are
 * passed over. */
struct snapshot *peer_cells_snapshot(const char *system, uint16_t status,
    const char *peer);
/* The clock of that association. */
void peer_cells_clock(struct snapshot *s, uint16_t status, const char *clock);

/* What an object shows of a variable list; `bad` is one with malformed values, of which
 * it shows nothing. */
struct peer_case {
	const char *label, *good, *expected, *bad;
	uint16_t status;
	const char *system;
};
/* For an object that is there with every association. */
extern const char peer_cells_always[];

/* Every object of the group has a case that holds. It is absent when nothing was read, or
 * the daemon is down. */
void peer_cells_check(const struct mib_group *group, const struct peer_case *cases,
    size_t n);
/* The same for lists of variables of a clock, and its status words. */
void peer_cells_check_clock(const struct mib_group *group, const struct peer_case *cases,
    size_t n);

/* The single case of a variable list. */
void peer_cells_check_one(const char *label, uint16_t status, const char *system,
    const char *peer, const char *expected);

#endif
