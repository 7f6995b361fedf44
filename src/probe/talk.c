/* SPDX-License-Identifier: BSD-2-Clause */
/* The client on a loop that runs while somebody waits. */
#include "probe/talk.h"

#include <signal.h>
#include <string.h>
#include <uv.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/scan.h"
#include "base/text.h"
#include "client/resolver.h"
#include "client/transport.h"
#include "mode6/packet.h"

enum {
	RECEIVE_MAX = 8, /* batches of datagrams, until the timers have their turn */
	SUBMIT_MAX = 2 * M6_WINDOW_HASTY_MAX, /* requests the client holds */
};

struct talk {
	struct talk_options options;
	uv_loop_t loop;
	uv_timer_t timer;
	uv_signal_t interrupt, resize;
	struct m6_client *client;
	struct transport *transport;
	struct rand_pool random;
	struct transport_batch in, out;
	struct addr addrs[RESOLVER_ADDRS_MAX];
	size_t n_addrs, at; /* addrs[at] is in use */
	bool has_answered;
	bool is_interrupted;
	bool is_resized;
	bool is_running; /* the loop */
	bool is_held;    /* interrupts are taken between batches too */

	/* Of the look-up. */
	bool is_looking;
	char *reason;

	/* Of the batch. */
	struct talk_ask *asks;
	size_t n_asks, n_submitted, n_open;
	size_t oldest; /* all before this one have ended */
	uint64_t *ids; /* of the requests; 0: ended */
	int64_t begun_ns;
};

static int
read_port(const char *text, uint16_t *port)
{
	uint32_t number;

	if (scan_u32(text, strlen(text), &number) != 0 || number == 0 ||
	    number > UINT16_MAX)
		return ERR_SYNTAX;
	*port = (uint16_t)number;
	return 0;
}

/* Where the host in *text ends, which loses its brackets; *colon is that of the port, or
 * NULL. NULL: a bracket is not closed as it should be. */
static const char *
host_end(const char **text, const char **colon)
{
	const char *bracket = strchr(*text, ']');

	*colon = strrchr(*text, ':');
	if (**text == '[') {
		if (!bracket || (bracket[1] != '\0' && bracket[1] != ':'))
			return NULL;
		*colon = bracket[1] == ':' ? bracket + 1 : NULL;
		++*text;
		return bracket;
	}
	if (*colon && strchr(*text, ':') != *colon)
		*colon = NULL; /* an IPv6 address */
	return *colon ? *colon : *text + strlen(*text);
}

int
talk_split(const char *text, char *host, uint16_t *port)
{
	const char *colon, *end = host_end(&text, &colon);

	if (!end || end == text || (colon && read_port(colon + 1, port) != 0))
		return ERR_SYNTAX;
	size_t len = (size_t)(end - text);
	if (len > TARGET_HOST_MAX)
		return ERR_TOOBIG;
	memcpy(host, text, len);
	host[len] = '\0';
	return 0;
}

/* --- one batch ---------------------------------------------------------------------- */

static void pump(struct talk *t);

/* Nobody waits any more. To a loop that does not run it would be said for its next run.
 */
static void
stop(struct talk *t)
{
	if (t->is_running)
		uv_stop(&t->loop);
}

static void
take_payload(struct talk_ask *ask, const struct m6_reply *reply)
{
	ask->payload = mem_strndup((const char *)reply->payload, reply->len);
	ask->payload_len = reply->len;
	if (!ask->payload)
		ask->err = ERR_NOMEM;
}

static void
on_reply(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct talk *t = ctx;
	size_t i;

	/* They end in about the order they were submitted in. */
	while (t->oldest < t->n_submitted && t->ids[t->oldest] == 0)
		t->oldest++;
	for (i = t->oldest; i < t->n_submitted && t->ids[i] != id;)
		i++;
	if (i == t->n_submitted)
		return;
	struct talk_ask *ask = &t->asks[i];
	ask->err = reply->err;
	ask->daemon_error = reply->daemon_error;
	ask->mac = reply->mac;
	ask->status = reply->status;
	if (reply->err == 0 && ask->take)
		ask->take(ask, (const char *)reply->payload, reply->len);
	else if (reply->err == 0)
		take_payload(ask, reply);
	if (reply->err == 0 || reply->err == ERR_DAEMON)
		t->has_answered = true;
	t->ids[i] = 0;
	t->n_open--;
}

static void
end_all(struct talk *t, int err)
{
	for (size_t i = 0; i < t->n_asks; i++) {
		if (i < t->n_submitted && t->ids[i] == 0)
			continue;
		if (i < t->n_submitted)
			m6_client_cancel(t->client, t->ids[i]);
		t->ids[i] = 0;
		t->asks[i].err = err;
	}
	t->n_submitted = t->n_asks;
	t->n_open = 0;
}

static void
submit_next(struct talk *t)
{
	size_t i = t->n_submitted++;
	struct talk_ask *ask = &t->asks[i];
	struct m6_request request = {
		.op = ask->op,
		.assoc = ask->assoc,
		.data = ask->data,
		.len = ask->len,
		.key = ask->key,
		.align = ask->align,
		.is_once = ask->is_once,
	};

	t->ids[i] = 0;
	ask->err = m6_client_submit(t->client, &request, on_reply, t, &t->ids[i]);
	if (ask->err == 0)
		t->n_open++;
}

/* When somebody was heard, or could have been, the last time. */
static int64_t
heard_ns(const struct talk *t)
{
	struct m6_client_stats stats;

	m6_client_stats(t->client, &stats);
	return stats.last_reply_ns > t->begun_ns ? stats.last_reply_ns : t->begun_ns;
}

static void
on_timer(uv_timer_t *timer)
{
	pump(timer->data);
}

static void
schedule(struct talk *t, int64_t now_ns)
{
	int64_t deadline_ns = m6_client_deadline(t->client);
	int64_t wait_ns;

	if (t->options.silence_ns > 0 &&
	    heard_ns(t) + t->options.silence_ns < deadline_ns)
		deadline_ns = heard_ns(t) + t->options.silence_ns;
	if (deadline_ns == CLOCK_NEVER) {
		uv_timer_stop(&t->timer);
		return;
	}
	wait_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
	uv_update_time(&t->loop);
	(void)uv_timer_start(&t->timer, on_timer,
	    (uint64_t)((wait_ns + NS_PER_MS - 1) / NS_PER_MS), 0);
}

/* What the client has sent since the last time. */
static void
send_queued(struct talk *t, int64_t now_ns)
{
	if (t->out.n > 0 && transport_send_batch(t->transport, &t->out) == ERR_REFUSED)
		m6_client_input_error(t->client, ERR_REFUSED, now_ns);
}

static void
pump(struct talk *t)
{
	int64_t now_ns = clock_monotonic_ns();

	while (t->n_submitted < t->n_asks && t->n_open < SUBMIT_MAX)
		submit_next(t);
	m6_client_tick(t->client, now_ns);
	send_queued(t, now_ns);
	if (t->options.silence_ns > 0 && t->n_open > 0 &&
	    now_ns - heard_ns(t) >= t->options.silence_ns)
		end_all(t, ERR_TIMEOUT);
	if (t->n_open == 0)
		stop(t);
	else
		schedule(t, now_ns);
}

static void
on_ready(void *ctx)
{
	struct talk *t = ctx;

	for (int i = 0; i < RECEIVE_MAX; i++) {
		int rc = transport_receive_batch(t->transport, &t->in);

		if (rc == 0)
			break;
		if (rc != 1)
			m6_client_input_error(t->client, rc, clock_monotonic_ns());
		for (size_t k = 0; rc == 1 && k < t->in.n; k++)
			m6_client_input(t->client, t->in.bytes[k], t->in.lens[k],
			    clock_monotonic_ns());
	}
	pump(t);
}

static void
on_interrupt(uv_signal_t *handle, int signum)
{
	struct talk *t = handle->data;

	(void)signum;
	t->is_interrupted = true;
	if (t->n_open > 0)
		end_all(t, ERR_CANCELLED);
	stop(t);
}

/* Runs until somebody calls uv_stop(). */
static void
run(struct talk *t)
{
	t->is_interrupted = false;
	if (t->options.wants_interrupt)
		(void)uv_signal_start(&t->interrupt, on_interrupt, SIGINT);
	t->is_running = true;
	(void)uv_run(&t->loop, UV_RUN_DEFAULT);
	t->is_running = false;
	if (!t->is_held)
		(void)uv_signal_stop(&t->interrupt);
	uv_timer_stop(&t->timer);
}

static int
send_datagram(void *ctx, const void *bytes, size_t len)
{
	struct talk *t = ctx;

	struct transport_batch *b = &t->out;

	if (len > sizeof(b->bytes[0]))
		return ERR_TOOBIG;
	memcpy(b->bytes[b->n], bytes, len);
	b->lens[b->n++] = len;
	return b->n == TRANSPORT_BATCH_MAX ? transport_send_batch(t->transport, b) : 0;
}

/* The address in use gets a socket and a client that knows nothing yet. */
static int
use_address(struct talk *t)
{
	const struct m6_port port = { .send = send_datagram, .ctx = t };
	int err;

	transport_close(t->transport);
	m6_client_free(t->client);
	t->transport = NULL;
	t->out.n = 0;
	t->client = m6_client_new(t->options.version, &port, rand_pooled, &t->random);
	if (!t->client)
		return ERR_NOMEM;
	m6_client_hurry(t->client);
	err = transport_open(&t->loop, &t->addrs[t->at], on_ready, t, &t->transport);
	if (err == 0)
		transport_make_room(t->transport);
	return err;
}

/* The first address from `at` on that there is a way to. */
static int
find_address(struct talk *t)
{
	int err = ERR_IO;

	for (; t->at < t->n_addrs; t->at++) {
		err = use_address(t);
		if (err != ERR_IO)
			break;
	}
	return err;
}

static bool
is_for_next_address(const struct talk *t)
{
	if (t->has_answered || t->is_interrupted || t->at + 1 >= t->n_addrs)
		return false;
	for (size_t i = 0; i < t->n_asks; i++) {
		const struct talk_ask *ask = &t->asks[i];

		if (ask->err != ERR_REFUSED && (ask->err != ERR_TIMEOUT || ask->is_once))
			return false;
	}
	return true;
}

static void
ask_here(struct talk *t)
{
	t->begun_ns = clock_monotonic_ns();
	t->n_submitted = t->n_open = t->oldest = 0;
	pump(t);
	if (t->n_open > 0)
		run(t);
}

static void
ask_addresses(struct talk *t)
{
	size_t first = t->at;

	ask_here(t);
	while (is_for_next_address(t)) {
		t->at++;
		if (find_address(t) != 0)
			break;
		ask_here(t);
	}
	/* None of them: the next batch begins where this one did. */
	if (!t->has_answered && t->at != first) {
		t->at = first;
		(void)find_address(t);
	}
}

void
talk_ask(struct talk *t, struct talk_ask *asks, size_t n)
{
	t->asks = asks;
	t->n_asks = n;
	t->is_interrupted = false;
	t->ids = mem_calloc(n, sizeof(*t->ids));
	if (t->ids && t->transport)
		ask_addresses(t);
	else
		for (size_t i = 0; i < n; i++)
			asks[i].err = t->ids ? ERR_IO : ERR_NOMEM;
	mem_free(t->ids);
	t->ids = NULL;
	t->asks = NULL;
	t->n_asks = 0;
}

void
talk_forget(struct talk_ask *asks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		mem_free(asks[i].payload);
		asks[i].payload = NULL;
	}
}

/* --- waiting ------------------------------------------------------------------------ */

static void
on_time(uv_timer_t *timer)
{
	stop(timer->data);
}

static void
on_resize(uv_signal_t *handle, int signum)
{
	struct talk *t = handle->data;

	(void)signum;
	t->is_resized = true;
	stop(t);
}

/* A datagram that nobody waits for any more stops the loop, too. */
int
talk_wait(struct talk *t, int64_t until_ns)
{
	int64_t wait_ns;

	t->is_resized = false;
	(void)uv_signal_start(&t->resize, on_resize, SIGWINCH);
	do {
		wait_ns = until_ns - clock_monotonic_ns();
		if (wait_ns < 0)
			wait_ns = 0;
		uv_update_time(&t->loop);
		(void)uv_timer_start(&t->timer, on_time,
		    (uint64_t)(wait_ns / NS_PER_MS + 1), 0);
		run(t);
	} while (!t->is_interrupted && !t->is_resized && clock_monotonic_ns() < until_ns);
	(void)uv_signal_stop(&t->resize);
	if (t->is_interrupted)
		return ERR_CANCELLED;
	return t->is_resized;
}

/* --- beginning and end -------------------------------------------------------------- */

static void
on_addresses(void *ctx, const struct addr *addrs, size_t n, const char *reason)
{
	struct talk *t = ctx;

	t->is_looking = false;
	if (n > 0)
		memcpy(t->addrs, addrs, n * sizeof(*addrs));
	else
		text_format(t->reason, TALK_REASON_MAX, "%s", reason);
	t->n_addrs = n;
	stop(t);
}

static int
look_up(struct talk *t, const char *host, uint16_t port)
{
	struct resolver *resolver =
	    resolver_start(&t->loop, host, port, t->options.family, on_addresses, t);

	if (!resolver) {
		text_format(t->reason, TALK_REASON_MAX, "%s", err_text(ERR_NOMEM));
		return ERR_NOMEM;
	}
	t->is_looking = true;
	run(t);
	if (t->is_looking) {
		resolver_cancel(resolver);
		text_format(t->reason, TALK_REASON_MAX, "interrupted");
		return ERR_CANCELLED;
	}
	return t->n_addrs > 0 ? 0 : ERR_NOTFOUND;
}

static int
find_host(struct talk *t, const char *host, uint16_t port)
{
	int rc = resolver_numeric(host, port, t->options.family, &t->addrs[0]);

	if (rc < 0) {
		text_format(t->reason, TALK_REASON_MAX,
		    "an address of the family that was not asked for");
		return ERR_NOTFOUND;
	}
	if (rc == 0) {
		rc = look_up(t, host, port);
		if (rc != 0)
			return rc;
	} else {
		t->n_addrs = 1;
	}
	rc = find_address(t);
	if (rc != 0)
		text_format(t->reason, TALK_REASON_MAX, "%s",
		    rc == ERR_IO ? "no way to that address" : err_text(rc));
	return rc == ERR_IO ? ERR_NOTFOUND : rc;
}

int
talk_open(const struct talk_options *options, const char *host, uint16_t port,
    struct talk **out, char reason[TALK_REASON_MAX])
{
	struct talk *t = mem_calloc(1, sizeof(*t));
	int err;

	if (!t || uv_loop_init(&t->loop) != 0) {
		mem_free(t);
		text_format(reason, TALK_REASON_MAX, "%s", err_text(ERR_NOMEM));
		return ERR_NOMEM;
	}
	t->options = *options;
	t->reason = reason;
	(void)uv_timer_init(&t->loop, &t->timer);
	(void)uv_signal_init(&t->loop, &t->interrupt);
	(void)uv_signal_init(&t->loop, &t->resize);
	t->timer.data = t;
	t->interrupt.data = t;
	t->resize.data = t;
	err = find_host(t, host, port);
	t->reason = NULL;
	if (err == 0)
		*out = t;
	else
		talk_close(t);
	return err;
}

void
talk_close(struct talk *t)
{
	if (!t)
		return;
	transport_close(t->transport);
	m6_client_free(t->client);
	uv_close((uv_handle_t *)&t->timer, NULL);
	uv_close((uv_handle_t *)&t->interrupt, NULL);
	uv_close((uv_handle_t *)&t->resize, NULL);
	/* Handles close in the loop; a look-up given up ends there too. */
	(void)uv_run(&t->loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&t->loop);
	mem_free(t);
}

void
talk_set_silence(struct talk *t, int64_t silence_ns)
{
	t->options.silence_ns = silence_ns;
}

void
talk_hold_interrupt(struct talk *t, bool is_on)
{
	t->is_held = is_on;
	if (is_on)
		(void)uv_signal_start(&t->interrupt, on_interrupt, SIGINT);
	else
		(void)uv_signal_stop(&t->interrupt);
}

const struct addr *
talk_address(const struct talk *t)
{
	return &t->addrs[t->at < t->n_addrs ? t->at : 0];
}

const struct addr *
talk_addresses(const struct talk *t, size_t *n_out)
{
	*n_out = t->n_addrs;
	return t->addrs;
}

int
talk_choose(struct talk *t, size_t at)
{
	t->addrs[0] = t->addrs[at];
	t->n_addrs = 1;
	t->at = 0;
	return use_address(t);
}

void
talk_stats(const struct talk *t, struct m6_client_stats *out)
{
	m6_client_stats(t->client, out);
}
