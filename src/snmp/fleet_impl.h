/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the fleet share. */
#ifndef SNMP_FLEET_IMPL_H
#define SNMP_FLEET_IMPL_H

#include "snmp/fleet.h"

struct fleet_target *fleet_target_ref(struct fleet_target *t);

/* What is sorted out among the peers. False when memory is out. */
bool fleet_sort_peers(struct fleet_target *t);
void fleet_drop_peers(struct fleet_target *t);

/* Index of the first of first[0..n), ascending, that is greater than `i`. */
size_t fleet_upper_bound(const size_t *first, size_t n, size_t i);

#endif
