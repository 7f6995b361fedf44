/* SPDX-License-Identifier: BSD-2-Clause */
/* A small MIB module for tests of what serves modules: every syntax, and a table. */
#ifndef SUPPORT_TOY_MODULE_H
#define SUPPORT_TOY_MODULE_H

#include "snmp/engine.h"

#define TOY_ROOT 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 1
#define TOY_LEN  10

/* Scalars .1.1 to .1.8, one of each syntax, and .1.9, which is absent. The table .2.1 has
 * rows 1 to 3; column 1 shows the snapshot's taken_ns, column 2 the notifications. */
extern const struct mib_module toy_module;

/* A store that has another snapshot each time it is asked: the n-th was taken at n. */
struct toy_moments {
	struct snapshot *current;
	struct mib_agent agent; /* notifications: 100 + n */
	unsigned n_views;
};
/* For view_port; ctx is the struct toy_moments. */
void toy_next_moment(void *ctx, struct mib_view *out);

#endif
