/* SPDX-License-Identifier: BSD-2-Clause */
/* Look-ups in libuv's threads. */
#include "client/resolver.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"

struct resolver {
	uv_getaddrinfo_t request;
	uint16_t port;
	resolver_fn *fn; /* NULL: cancelled */
	void *ctx;
};

static bool
is_wanted(const struct addr *a, enum target_family family)
{
	switch (family) {
	case TARGET_ANY:
		break;
	case TARGET_IPV4_ONLY:
		return a->family == ADDR_IPV4;
	case TARGET_IPV6_ONLY:
		return a->family == ADDR_IPV6;
	}
	return a->family != ADDR_NONE;
}

int
resolver_numeric(const char *host, uint16_t port, enum target_family family,
    struct addr *out)
{
	struct addr a;

	if (addr_parse(host, strlen(host), &a) != 0 ||
	    addr_names_zone(host, strlen(host)))
		return 0;
	if (!is_wanted(&a, family))
		return ERR_RANGE;
	a.port = port;
	*out = a;
	return 1;
}

static size_t
collect(const struct addrinfo *list, uint16_t port, struct addr *out, size_t cap)
{
	size_t n = 0;

	for (; list && n < cap; list = list->ai_next) {
		if (addr_from_sockaddr(list->ai_addr, &out[n]) != 0)
			continue;
		out[n].port = port;
		n++;
	}
	return n;
}

static void
on_addresses(uv_getaddrinfo_t *request, int status, struct addrinfo *list)
{
	struct resolver *r = request->data;
	struct addr addrs[RESOLVER_ADDRS_MAX];
	size_t n = status == 0 ? collect(list, r->port, addrs, RESOLVER_ADDRS_MAX) : 0;
	resolver_fn *fn = r->fn;
	void *ctx = r->ctx;

	uv_freeaddrinfo(list);
	mem_free(r);
	if (fn)
		fn(ctx, addrs, n, status == 0 ? "no address" : uv_strerror(status));
}

static int
family_of(enum target_family family)
{
	switch (family) {
	case TARGET_ANY:
		break;
	case TARGET_IPV4_ONLY:
		return AF_INET;
	case TARGET_IPV6_ONLY:
		return AF_INET6;
	}
	return AF_UNSPEC;
}

struct resolver *
resolver_start(uv_loop_t *loop, const char *host, uint16_t port,
    enum target_family family, resolver_fn *fn, void *ctx)
{
	struct addrinfo hints = {
		.ai_family = family_of(family),
		.ai_socktype = SOCK_DGRAM,
	};
	struct resolver *r = mem_calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->port = port;
	r->fn = fn;
	r->ctx = ctx;
	r->request.data = r;
	if (uv_getaddrinfo(loop, &r->request, on_addresses, host, NULL, &hints) != 0) {
		mem_free(r);
		return NULL;
	}
	return r;
}

void
resolver_cancel(struct resolver *r)
{
	if (!r)
		return;
	/* A look-up that is in a thread already cannot be stopped: it ends unheard. */
	r->fn = NULL;
	(void)uv_cancel((uv_req_t *)&r->request);
}
