/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes the place of the resolver in programs that test links: a look-up ends in the next
 * round of the loop, with the addresses the test chose. One at a time. */
#ifndef SUPPORT_LATE_RESOLVER_H
#define SUPPORT_LATE_RESOLVER_H

enum { LATE_FOUND_MAX = 2 };

/* What every look-up finds, up to the first NULL. */
extern const char *late_found[LATE_FOUND_MAX];

#endif
