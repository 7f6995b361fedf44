/* SPDX-License-Identifier: BSD-2-Clause */
/* Names from the system's resolver, which makes a thread wait for each: on a loop of its
 * own, so that whoever closes the loop of a conversation does not wait for them. */
#include "query/names.h"

#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <uv.h>

#include "base/mem.h"

/* Of libuv's threads no more than half look something up at one time. */
#define THREADS "32"

struct request {
	uv_getnameinfo_t uv;
	struct lookups *owner; /* NULL: nobody waits for it any more */
	uint32_t ticket;
	struct request *next, **link;
};

struct lookups {
	uv_loop_t loop;
	uv_timer_t timer;
	uv_signal_t interrupt;
	bool is_open; /* the loop */
	struct names *names;
	struct request *requests;
};

static bool
open_loop(struct lookups *l)
{
	if (l->is_open)
		return true;
	if (uv_loop_init(&l->loop) != 0)
		return false;
	(void)uv_timer_init(&l->loop, &l->timer);
	(void)uv_signal_init(&l->loop, &l->interrupt);
	l->is_open = true;
	return true;
}

static void
unlink_request(struct request *r)
{
	*r->link = r->next;
	if (r->next)
		r->next->link = r->link;
}

static void
on_name(uv_getnameinfo_t *uv, int status, const char *name, const char *service)
{
	struct request *r = uv->data;
	struct lookups *l = r->owner;

	(void)service;
	unlink_request(r);
	names_answer(l->names, r->ticket, status == 0 ? name : NULL);
	mem_free(r);
	if (!names_is_waiting(l->names))
		uv_stop(&l->loop);
}

static bool
start(void *ctx, struct names *n, const struct addr *a, uint32_t ticket)
{
	struct lookups *l = ctx;
	struct sockaddr_storage address;
	socklen_t len;
	struct request *r;

	l->names = n;
	if (!open_loop(l) || addr_to_sockaddr(a, &address, &len) != 0)
		return false;
	r = mem_calloc(1, sizeof(*r));
	if (!r)
		return false;
	*r = (struct request){ .owner = l, .ticket = ticket };
	r->uv.data = r;
	if (uv_getnameinfo(&l->loop, &r->uv, on_name, (const struct sockaddr *)&address,
		NI_NAMEREQD) != 0) {
		mem_free(r);
		return false;
	}
	r->next = l->requests;
	r->link = &l->requests;
	if (r->next)
		r->next->link = &r->next;
	l->requests = r;
	return true;
}

static void
on_time(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

static void
on_interrupt(uv_signal_t *handle, int signum)
{
	(void)signum;
	uv_stop(handle->loop);
}

/* Those that no thread has begun with: else the look-up of the next host would wait for
 * its turn behind them. */
static void
cancel(struct lookups *l)
{
	for (struct request *r = l->requests; r; r = r->next)
		(void)uv_cancel((uv_req_t *)&r->uv);
}

static void
wait_for_names(void *ctx, struct names *n, int64_t ns)
{
	struct lookups *l = ctx;

	if (!l->is_open)
		return;
	if (ns > 0 && names_is_waiting(n)) {
		uv_update_time(&l->loop);
		(void)uv_signal_start(&l->interrupt, on_interrupt, SIGINT);
		(void)uv_timer_start(&l->timer, on_time, (uint64_t)(ns / NS_PER_MS), 0);
		(void)uv_run(&l->loop, UV_RUN_DEFAULT);
		(void)uv_timer_stop(&l->timer);
		(void)uv_signal_stop(&l->interrupt);
	}
	if (names_is_waiting(n))
		cancel(l);
	(void)uv_run(&l->loop, UV_RUN_NOWAIT);
}

/* Whatever a thread is still at must stay where it is. */
static bool
close_loop(void *ctx)
{
	struct lookups *l = ctx;

	if (l->is_open) {
		cancel(l);
		(void)uv_run(&l->loop, UV_RUN_NOWAIT);
		if (l->requests)
			return false;
		uv_close((uv_handle_t *)&l->timer, NULL);
		uv_close((uv_handle_t *)&l->interrupt, NULL);
		(void)uv_run(&l->loop, UV_RUN_DEFAULT);
		(void)uv_loop_close(&l->loop);
	}
	mem_free(l);
	return true;
}

struct names *
names_of_system(void)
{
	struct lookups *l = mem_calloc(1, sizeof(*l));
	struct names_port port = { .start = start,
		.wait = wait_for_names,
		.close = close_loop,
		.ctx = l };
	struct names *n = l ? names_new(&port) : NULL;

	if (!n)
		mem_free(l);
	else
		(void)setenv("UV_THREADPOOL_SIZE", THREADS, 0);
	return n;
}
