/* SPDX-License-Identifier: BSD-2-Clause */
/* The associations of a host with their variables, all of one moment as near as it can be
 * had. */
#ifndef QUERY_PEERS_H
#define QUERY_PEERS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/peer.h"
#include "query/query.h"

struct peers {
	struct ntp_peer *items; /* by association id */
	size_t n;
	bool has_clock;
	struct ntp_stamp clock; /* the host's own time when it was asked */
};

/* Whether such an association is shown where not all are: it is configured, or has been
 * heard lately. */
bool peers_is_shown(uint16_t status, bool wants_all);

/* Reads the list, then each association's variables side by side, then the list again:
 * what has come or changed its part in the selection meanwhile is read once more, what is
 * gone is left out. 0; an error has been said. */
int peers_read(struct query *q, bool wants_all, struct peers *out);
void peers_free(struct peers *p);

enum { PEERS_NAME_MAX = 256 };
/* The name the daemon gave, else the one its address has as far as that was looked up, at
 * whatever length. Borrowed, not terminated; 0: none. */
size_t peers_host(const struct query *q, const struct ntp_peer *p, const char **out);
/* What a table calls it: its name, or its address if no name is wanted and the address
 * tells. Terminated; returns the length. */
size_t peers_name(const struct query *q, const struct ntp_peer *p, bool wants_name,
    char out[PEERS_NAME_MAX]);

/* Looks up the names of their addresses where names are wanted and the daemon gave none;
 * takes no longer than NAMES_BUDGET_NS. */
void peers_look_up(struct query *q, const struct peers *p);

#endif
