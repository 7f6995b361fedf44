/* SPDX-License-Identifier: BSD-2-Clause */
#include "support/late_resolver.h"

#include <string.h>

#include "client/resolver.h"

const char *late_found[LATE_FOUND_MAX];

struct resolver {
	uv_timer_t timer;
	uint16_t port;
	resolver_fn *fn;
	void *ctx;
};
static struct resolver the_resolver;

int
resolver_numeric(const char *host, uint16_t port, enum target_family family,
    struct addr *out)
{
	(void)family;
	if (addr_parse(host, strlen(host), out) != 0)
		return 0;
	out->port = port;
	return 1;
}

static void
on_turn(uv_timer_t *timer)
{
	struct resolver *r = timer->data;
	struct addr addrs[LATE_FOUND_MAX];
	size_t n = 0;

	for (; n < LATE_FOUND_MAX && late_found[n]; n++)
		(void)resolver_numeric(late_found[n], r->port, TARGET_ANY, &addrs[n]);
	uv_close((uv_handle_t *)timer, NULL);
	r->fn(r->ctx, addrs, n, NULL);
}

struct resolver *
resolver_start(uv_loop_t *loop, const char *host, uint16_t port,
    enum target_family family, resolver_fn *fn, void *ctx)
{
	struct resolver *r = &the_resolver;

	(void)host;
	(void)family;
	r->port = port;
	r->fn = fn;
	r->ctx = ctx;
	uv_timer_init(loop, &r->timer);
	r->timer.data = r;
	uv_timer_start(&r->timer, on_turn, 0, 0);
	return r;
}

void
resolver_cancel(struct resolver *r)
{
	if (r)
		uv_close((uv_handle_t *)&r->timer, NULL);
}
