/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets, delayed datagrams. */
#include "sim/sim_udp.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

enum {
	RECEIVE_CAP = 1200,      /* what ntp.org's daemon reads */
	SOCKET_BUFFER = 1 << 20, /* bursts of a thousand requests are not its fault */
	PENDING_MAX = 8192,      /* delayed datagrams */
	FILES_BESIDE = 64,       /* that are no sockets of daemons */
	PORT_TRIES = 16,         /* to find one that is free on all addresses */
};

struct listener {
	uv_udp_t *udp; /* NULL while its daemon is down */
	struct sim_udp *all;
	struct sim *sim;
	struct addr addr; /* as bound */
};

struct sim_udp {
	uv_loop_t *loop;
	struct sim_many *many;
	const struct sim_clock *clock;
	struct listener *listeners;
	size_t n;
	struct sim_replies replies;
	size_t n_pending;
	char received[RECEIVE_CAP];
};

/* A datagram that waits for its time. */
struct pending {
	uv_timer_t timer;
	struct listener *from;
	struct sockaddr_storage to;
	size_t len;
	uint8_t bytes[];
};

int64_t
sim_clock_now(const struct sim_clock *clock)
{
	return clock->start_ns + clock_monotonic_ns() - clock->monotonic_ns;
}

static int
failed(const struct addr *addr, int status)
{
	char text[ADDR_TEXT_MAX];

	addr_format(addr, true, text, sizeof(text));
	fprintf(stderr, "ntpsim: %s: %s\n", text, uv_strerror(status));
	return ERR_IO;
}

/* A lost datagram is nothing a caller of UDP could complain about, nor is one of a daemon
 * that has gone down since. */
static void
send_now(struct listener *from, const struct sockaddr *to, uint8_t *bytes, size_t len)
{
	uv_buf_t buf = uv_buf_init((char *)bytes, (unsigned)len);

	if (from->udp)
		(void)uv_udp_try_send(from->udp, &buf, 1, to);
}

/* What is closed is memory of ours: a pending datagram, or a socket. */
static void
on_closed(uv_handle_t *handle)
{
	mem_free(handle->type == UV_TIMER ? handle->data : handle);
}

static void
on_due(uv_timer_t *timer)
{
	struct pending *p = timer->data;

	send_now(p->from, (const struct sockaddr *)&p->to, p->bytes, p->len);
	p->from->all->n_pending--;
	uv_close((uv_handle_t *)timer, on_closed);
}

static void
send_later(struct listener *from, const struct sockaddr *to,
    const struct sim_datagram *dg)
{
	struct sim_udp *u = from->all;
	struct pending *p;

	if (u->n_pending >= PENDING_MAX)
		return;
	p = mem_calloc(1, sizeof(*p) + dg->len);
	if (!p)
		return;
	p->from = from;
	p->len = dg->len;
	memcpy(p->bytes, dg->bytes, dg->len);
	memcpy(&p->to, to,
	    to->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
				      : sizeof(struct sockaddr_in));
	uv_timer_init(u->loop, &p->timer);
	p->timer.data = p;
	u->n_pending++;
	uv_timer_start(&p->timer, on_due, dg->delay_ms, 0);
}

/* The one asked, or the daemon's first that can reach such an address; NULL when none
 * can. */
static struct listener *
sender_to(struct sim_udp *u, struct listener *asked, const struct addr *to)
{
	if (asked->addr.family == to->family)
		return asked;
	for (size_t i = 0; i < u->n; i++) {
		if (u->listeners[i].sim == asked->sim &&
		    u->listeners[i].addr.family == to->family)
			return &u->listeners[i];
	}
	return NULL;
}

/* Sends what a request or command caused for the receivers of traps. */
static void
push(struct sim_udp *u, struct listener *asked)
{
	const struct sim_replies *pushed = sim_pushed(asked->sim);

	for (size_t i = 0; i < pushed->n; i++) {
		struct sim_datagram *dg = &pushed->items[i];
		struct listener *from = sender_to(u, asked, &dg->to);
		struct sockaddr_storage to;
		socklen_t to_len;

		if (from && addr_to_sockaddr(&dg->to, &to, &to_len) == 0)
			send_now(from, (const struct sockaddr *)&to, dg->bytes, dg->len);
	}
}

static void
on_alloc_datagram(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct listener *at = handle->data;

	(void)suggested;
	*buf = uv_buf_init(at->all->received, sizeof(at->all->received));
}

static void
on_datagram(uv_udp_t *udp, ssize_t len, const uv_buf_t *buf, const struct sockaddr *from,
    unsigned flags)
{
	struct listener *at = udp->data;
	struct sim_udp *u = at->all;
	struct addr client;

	if (len < 0 || !from || (flags & UV_UDP_PARTIAL) ||
	    addr_from_sockaddr(from, &client) != 0)
		return;
	sim_request(at->sim, &client, buf->base, (size_t)len, sim_clock_now(u->clock),
	    &u->replies);
	for (size_t i = 0; i < u->replies.n; i++) {
		struct sim_datagram *dg = &u->replies.items[i];

		if (dg->delay_ms > 0)
			send_later(at, from, dg);
		else
			send_now(at, from, dg->bytes, dg->len);
	}
	push(u, at);
}

/* --- opening and closing --------------------------------------------------------------
 */

static void
close_listener(struct listener *at)
{
	if (at->udp)
		uv_close((uv_handle_t *)at->udp, on_closed);
	at->udp = NULL;
}

static int
bound_address(const struct listener *at, struct addr *out)
{
	struct sockaddr_storage sa = { .ss_family = AF_UNSPEC };
	int len = (int)sizeof(sa);
	int status = uv_udp_getsockname(at->udp, (struct sockaddr *)&sa, &len);

	if (status == 0 && addr_from_sockaddr((const struct sockaddr *)&sa, out) != 0)
		status = UV_EINVAL;
	return status;
}

static int
bind_socket(struct listener *at)
{
	struct sockaddr_storage sa;
	socklen_t sa_len;
	int size = SOCKET_BUFFER, status;

	if (addr_to_sockaddr(&at->addr, &sa, &sa_len) != 0)
		return UV_EINVAL;
	status = uv_udp_bind(at->udp, (const struct sockaddr *)&sa, 0);
	if (status == 0)
		status = uv_udp_recv_start(at->udp, on_alloc_datagram, on_datagram);
	if (status == 0)
		status = bound_address(at, &at->addr);
	/* As much as the system allows. */
	(void)uv_recv_buffer_size((uv_handle_t *)at->udp, &size);
	return status;
}

/* A status of libuv; nothing is open when it is not 0. */
static int
open_listener(struct listener *at)
{
	int status;

	at->udp = mem_calloc(1, sizeof(*at->udp));
	if (!at->udp)
		return UV_ENOMEM;
	status = uv_udp_init(at->all->loop, at->udp);
	if (status != 0) {
		mem_free(at->udp);
		at->udp = NULL;
		return status;
	}
	at->udp->data = at;
	status = bind_socket(at);
	if (status != 0)
		close_listener(at);
	return status;
}

/* The address `i` behind it; false where there is none. */
static bool
next_address(struct addr *a, size_t i)
{
	for (size_t at = a->family == ADDR_IPV4 ? 4 : 16; at-- > 0;) {
		i += a->bytes[at];
		a->bytes[at] = (uint8_t)(i & 0xff);
		i >>= 8;
	}
	return i == 0;
}

/* A file each; the soft limit of old programs' sake is often 1024. */
static void
raise_files(size_t n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= n + FILES_BESIDE)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int
open_each(struct sim_udp *u, size_t *failed_at)
{
	for (size_t i = 0; i < u->n; i++) {
		int status = open_listener(&u->listeners[i]);

		*failed_at = i;
		if (status != 0)
			return status;
		/* Which port was free for the first one is to be everybody's. */
		if (i == 0 && u->many->n > 1) {
			for (size_t j = 1; j < u->n; j++)
				u->listeners[j].addr.port = u->listeners[0].addr.port;
		}
	}
	return 0;
}

/* Addresses that follow each other for many daemons, those given for one. */
static int
place(struct sim_udp *u, const struct addr *listen, size_t n)
{
	bool is_many = u->many->n > 1;

	u->n = is_many ? u->many->n : n;
	u->listeners = mem_calloc(u->n, sizeof(*u->listeners));
	if (!u->listeners)
		return ERR_NOMEM;
	for (size_t i = 0; i < u->n; i++) {
		struct listener *at = &u->listeners[i];

		at->all = u;
		at->sim = u->many->items[is_many ? i : 0];
		at->addr = listen[is_many ? 0 : i];
		if (is_many && !next_address(&at->addr, i))
			return ERR_RANGE;
	}
	return 0;
}

int
sim_udp_open(struct sim_udp *u, const struct addr *listen, size_t n)
{
	bool is_any_port = listen[0].port == 0;
	int rc = place(u, listen, n), status = 0;
	size_t failed_at = 0;

	if (rc != 0)
		return rc;
	raise_files(u->n);
	for (unsigned try = 0; try < PORT_TRIES; try++) {
		status = open_each(u, &failed_at);
		/* Somebody has this port on another of the addresses. */
		if (status != UV_EADDRINUSE || !is_any_port || u->many->n == 1)
			break;
		for (size_t i = 0; i < u->n; i++)
			close_listener(&u->listeners[i]);
		u->listeners[0].addr.port = 0;
	}
	return status == 0 ? 0 : failed(&u->listeners[failed_at].addr, status);
}

int
sim_udp_follow(struct sim_udp *u)
{
	int rc = 0;

	for (size_t i = 0; i < u->n; i++) {
		struct listener *at = &u->listeners[i];
		int status = 0;

		if (sim_is_down(at->sim))
			close_listener(at);
		else if (!at->udp)
			status = open_listener(at);
		if (status != 0)
			rc = failed(&at->addr, status);
		/* Once for each daemon. */
		if (i == 0 || at->sim != u->listeners[i - 1].sim)
			push(u, at);
	}
	return rc;
}

struct sim_udp *
sim_udp_new(uv_loop_t *loop, struct sim_many *many, const struct sim_clock *clock)
{
	struct sim_udp *u = mem_calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->loop = loop;
	u->many = many;
	u->clock = clock;
	return u;
}

static void
close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (handle->type == UV_TIMER && !uv_is_closing(handle))
		uv_close(handle, on_closed);
}

void
sim_udp_close(struct sim_udp *u)
{
	for (size_t i = 0; i < u->n; i++)
		close_listener(&u->listeners[i]);
	uv_walk(u->loop, close_handle, NULL);
}

void
sim_udp_free(struct sim_udp *u)
{
	if (!u)
		return;
	sim_replies_free(&u->replies);
	mem_free(u->listeners);
	mem_free(u);
}

size_t
sim_udp_count(const struct sim_udp *u)
{
	return u->n;
}

const struct addr *
sim_udp_address(const struct sim_udp *u, size_t i)
{
	return &u->listeners[i].addr;
}
