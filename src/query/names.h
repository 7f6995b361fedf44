/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of addresses, asked for side by side, waited for a bounded time, and remembered.
 */
#ifndef QUERY_NAMES_H
#define QUERY_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"

enum {
	NAMES_MAX = 4096,    /* addresses that are remembered */
	NAMES_LEN_MAX = 253, /* octets of a host name */
};

/* So long names are waited for, however many; what comes later is there the next time. */
#define NAMES_BUDGET_NS (2 * NS_PER_S)

struct names;

/* Who looks them up. */
struct names_port {
	/* Begins to look one up, of which the end is names_answer(). False: it cannot. */
	bool (*start)(void *ctx, struct names *n, const struct addr *a, uint32_t ticket);
	/* Lets answers come until names_is_waiting() is false, or for `ns`; what has not
	 * been begun by then is given up. */
	void (*wait)(void *ctx, struct names *n, int64_t ns);
	/* The end. False: there are look-ups nobody can end; they call no more. */
	bool (*close)(void *ctx);
	void *ctx;
};

/* NULL when memory is out: then `port` is the caller's still. */
struct names *names_new(const struct names_port *port);
/* Names by the system's way to look them up. NULL when memory is out. */
struct names *names_of_system(void);
/* NULL allowed. False: the system is still at some look-up, and would hold up the end of
 * the program if that waited for its threads. */
bool names_free(struct names *n);

/* Looks up those of addrs[0..count) that are not known, ports aside. When there is no
 * room, all that was known is forgotten; what is over NAMES_MAX has no name. */
void names_look_up(struct names *n, const struct addr *addrs, size_t count);
/* Borrowed until the next look-up. NULL: none, or none yet. `n` may be NULL. */
const char *names_find(const struct names *n, const struct addr *a);

/* For the port. `name` NULL: it has none. A name that cannot be one of a host is none:
 * whoever has an address may give it any name. */
void names_answer(struct names *n, uint32_t ticket, const char *name);
bool names_is_waiting(const struct names *n);

/* Letters, digits, '-' and '_' in parts of at most 63; the last one is no number, so that
 * no name looks like an address. */
bool names_is_valid(const char *name);

#endif
