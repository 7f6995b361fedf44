/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the master agent's socket does not let us in. */
#ifndef SNMP_SESSION_ACCESS_H
#define SNMP_SESSION_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

enum { SESSION_ACCESS_MAX = 400 };

/* Whether this process, as it is now, may connect to the local socket at `path`, an
 * absolute one. If not, out[0..cap) says what is in the way, the directory or the socket,
 * whose it is, who we are, and what to write where. True as well for a socket that is not
 * there, since that is another matter. Users and groups are numbers: to look up their
 * names may take long. */
bool session_access_check(const char *path, char *out, size_t cap);

#endif
