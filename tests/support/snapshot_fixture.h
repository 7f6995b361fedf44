/* SPDX-License-Identifier: BSD-2-Clause */
/* Snapshots for tests: from text as daemons send it, from recordings, and at random. */
#ifndef SUPPORT_SNAPSHOT_FIXTURE_H
#define SUPPORT_SNAPSHOT_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

/* Give a variable list ("leap=0, stratum=2") to its object, by way of the decoder and the
 * rows. Names without a row are passed over; a malformed value fails the running test. */
void fixture_system(struct snapshot *s, const char *text);
void fixture_peer(struct ntp_peer *p, uint16_t id, uint16_t status, const char *text);
void fixture_clock(struct ntp_peer *p, const char *text);

/* What the daemon of that recording said, taken at `wall_ns`. Fails the running test when
 * there is no such recording. */
struct snapshot *fixture_from_recording(const char *path, int64_t wall_ns);

/* Any state, any ids, any presence bits, any values that parsers let through. */
struct snapshot *fixture_random(uint32_t *seed);

#endif
