/* SPDX-License-Identifier: BSD-2-Clause */
/* Fleets for tests: from a few lines of text, or random. */
#ifndef SUPPORT_FLEET_FIXTURE_H
#define SUPPORT_FLEET_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "snmp/fleet.h"

/* "NAME=VALUE" each, ended by NULL, as raw variables. */
struct ntp_raw *fixture_raw(const char *const *items);

/* A snapshot in state TARGET_UP with the system's raw variables and n peers, whose ids
 * and raw variables are given; all variables may be NULL. */
struct snapshot *fixture_raw_snapshot(const char *const *system, const uint16_t *ids,
    const char *const *const *peers, size_t n_peers);

/* A record of a write. */
struct ntp_write_record fixture_record(uint16_t assoc, const char *name,
    enum ntp_write_result result, const char *detail);

/* A part of the fleet, by its name. */
struct fleet_target *fixture_fleet_target(const char *name, struct snapshot *snapshot,
    const struct ntp_write_record *records, size_t n_records);

/* One to four targets in all states, with random variables and records; *seed moves on.
 */
struct fleet *fixture_random_fleet(uint32_t *seed);

#endif
