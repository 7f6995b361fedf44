/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything the agent would serve of a snapshot, looked at once. */
#ifndef FUZZ_WALK_H
#define FUZZ_WALK_H

#include <stdbool.h>

#include "model/snapshot.h"

/* Walks both modules over the picture: names ascend, GET, of some, gives what GETNEXT
 * gave, in the syntax of its row. */
void fuzz_walk(struct snapshot *s, bool prints);

#endif
