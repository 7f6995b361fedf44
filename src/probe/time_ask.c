/* SPDX-License-Identifier: BSD-2-Clause */
/* A time request to each address, and the first good answer. */
#include "probe/time_ask.h"

#include <signal.h>
#include <string.h>
#include <uv.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/rand.h"
#include "client/transport.h"

enum { ASKED_MAX = 2 };

struct asking;

struct way {
	struct asking *asking;
	struct transport *transport; /* NULL: there is none, or nobody listens there */
	uint64_t cookie;
	int64_t sent_ns;
};

struct asking {
	uv_loop_t loop;
	uv_timer_t timer;
	uv_signal_t interrupt;
	struct way ways[RESOLVER_ADDRS_MAX];
	size_t n, n_open;
	unsigned n_asked;
	struct time_ask *out;
};

static void
end(struct asking *a, int err)
{
	a->out->err = err;
	uv_stop(&a->loop);
}

/* Nobody listens there; when there is no way left, nobody anywhere. */
static void
give_up(struct way *w, int err)
{
	struct asking *a = w->asking;

	transport_close(w->transport);
	w->transport = NULL;
	if (a->out->err != ERR_REFUSED)
		a->out->err = err;
	if (--a->n_open == 0)
		uv_stop(&a->loop);
}

/* Repeated with the same cookie: the answer to the first one may still be on its way. */
static void
send_request(struct way *w)
{
	uint8_t bytes[TIME_PACKET_LEN];
	int err;

	if (w->sent_ns == 0)
		w->sent_ns = clock_monotonic_ns();
	time_packet_encode(w->cookie, bytes);
	err = transport_send(w->transport, bytes, sizeof(bytes));
	if (err == ERR_REFUSED)
		give_up(w, err);
}

static void
take(struct way *w, const uint8_t *bytes, size_t len)
{
	struct asking *a = w->asking;

	if (time_packet_decode(bytes, len, w->cookie, &a->out->answer) != 0) {
		a->out->n_strange++;
		return;
	}
	a->out->at = (size_t)(w - a->ways);
	a->out->round_trip_ns = clock_monotonic_ns() - w->sent_ns;
	end(a, 0);
}

static void
on_ready(void *ctx)
{
	enum { RECEIVE_MAX = 16 };
	struct way *w = ctx;
	uint8_t bytes[TIME_PACKET_MAX];
	size_t len;

	for (int i = 0; i < RECEIVE_MAX && w->transport; i++) {
		int rc = transport_receive(w->transport, bytes, sizeof(bytes), &len);

		if (rc == 0)
			return;
		if (rc == ERR_REFUSED)
			give_up(w, rc);
		else if (rc == 1)
			take(w, bytes, len);
	}
}

static void
ask_all(struct asking *a)
{
	a->n_asked++;
	for (size_t i = 0; i < a->n; i++)
		if (a->ways[i].transport)
			send_request(&a->ways[i]);
}

static void
on_timer(uv_timer_t *timer)
{
	struct asking *a = timer->data;

	if (a->n_asked == ASKED_MAX)
		end(a, ERR_TIMEOUT);
	else
		ask_all(a);
}

static void
on_interrupt(uv_signal_t *handle, int signum)
{
	(void)signum;
	end(handle->data, ERR_CANCELLED);
}

static void
open_ways(struct asking *a, const struct addr *addrs, size_t n)
{
	a->n = n;
	for (size_t i = 0; i < n; i++) {
		struct way *w = &a->ways[i];

		w->asking = a;
		w->cookie = (uint64_t)rand_kernel(NULL) << 32 | rand_kernel(NULL);
		if (transport_open(&a->loop, &addrs[i], on_ready, w, &w->transport) == 0)
			a->n_open++;
	}
}

static void
run(struct asking *a, const struct time_ask_options *options)
{
	uint64_t turn_ms = (uint64_t)(options->silence_ns / NS_PER_MS / ASKED_MAX);

	if (options->wants_interrupt)
		(void)uv_signal_start(&a->interrupt, on_interrupt, SIGINT);
	ask_all(a);
	if (a->n_open > 0) {
		(void)uv_timer_start(&a->timer, on_timer, turn_ms, turn_ms);
		(void)uv_run(&a->loop, UV_RUN_DEFAULT);
	}
}

void
time_ask(const struct addr *addrs, size_t n, const struct time_ask_options *options,
    struct time_ask *out)
{
	struct asking a = { .out = out };

	*out = (struct time_ask){ .err = ERR_NOMEM };
	if (uv_loop_init(&a.loop) != 0)
		return;
	(void)uv_timer_init(&a.loop, &a.timer);
	(void)uv_signal_init(&a.loop, &a.interrupt);
	a.timer.data = &a;
	a.interrupt.data = &a;
	open_ways(&a, addrs, n);
	out->err = ERR_IO;
	run(&a, options);
	for (size_t i = 0; i < a.n; i++)
		transport_close(a.ways[i].transport);
	uv_close((uv_handle_t *)&a.timer, NULL);
	uv_close((uv_handle_t *)&a.interrupt, NULL);
	/* A stop that came before the loop ran is still to be obeyed, and ends it early.
	 */
	while (uv_loop_close(&a.loop) == UV_EBUSY)
		(void)uv_run(&a.loop, UV_RUN_DEFAULT);
}
