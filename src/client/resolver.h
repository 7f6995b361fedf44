/* SPDX-License-Identifier: BSD-2-Clause */
/* From a host name to its addresses, without waiting. */
#ifndef CLIENT_RESOLVER_H
#define CLIENT_RESOLVER_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/addr.h"
#include "model/target.h"

/* Addresses of one name that are taken, in the system's order of preference. */
enum { RESOLVER_ADDRS_MAX = 8 };

struct resolver;

/* The end of a look-up: `n` addresses with the port asked for, and the text of the reason
 * when n is 0. All borrowed. */
typedef void resolver_fn(void *ctx, const struct addr *addrs, size_t n,
    const char *reason);

/* An address in numbers needs no look-up: 1 and *out, 0 when `host` is a name, or has one
 * for its zone, or ERR_RANGE when it is an address of the wrong family. */
int resolver_numeric(const char *host, uint16_t port, enum target_family family,
    struct addr *out);

/* Starts a look-up, which calls `fn` once and frees itself. NULL when memory is out. */
struct resolver *resolver_start(uv_loop_t *loop, const char *host, uint16_t port,
    enum target_family family, resolver_fn *fn, void *ctx);
/* Makes a running look-up end without a call. NULL allowed. */
void resolver_cancel(struct resolver *r);

#endif
