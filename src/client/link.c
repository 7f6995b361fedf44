/* SPDX-License-Identifier: BSD-2-Clause */
/* Wires resolver, socket, client, poller, subscriber, writer and store of one target.
 * Every entry from the loop goes through enter() and leave(), so that the link can be
 * freed at any moment. */
#include "client/link_impl.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/text.h"
#include "mode6/packet.h"

/* A name is looked up again after failures, ever more rarely. */
#define LOOKUP_MIN_NS NS_PER_S
#define LOOKUP_MAX_NS (60 * NS_PER_S)
/* And while all is well about once an hour, each at a time of its own: it may have moved
 * while the old address still answers. */
#define RENEW_MIN_NS    (2700 * NS_PER_S)
#define RENEW_SPREAD_MS (30 * 60 * 1000)
/* Datagrams taken per wake-up, about, so that one target cannot keep the loop for itself.
 */
enum { RECEIVE_MAX = 64 };
/* Requests sent together: the daemon shall not wait until all its answers are read. */
enum { SEND_MAX = 8 };

/* --- being freed -------------------------------------------------------------------- */

static void
on_timer_closed(uv_handle_t *handle)
{
	mem_free(handle->data);
}

static void
tear_down(struct link *l)
{
	resolver_cancel(l->resolver);
	subscriber_free(l->subscriber); /* says good-bye */
	transport_close(l->transport);
	writer_free(l->writer);
	poller_free(l->poller);
	m6_client_free(l->client);
	store_free(l->store);
	uv_close((uv_handle_t *)&l->timer, on_timer_closed);
}

void
link_free(struct link *l)
{
	if (!l)
		return;
	l->is_dead = true;
	if (l->depth == 0)
		tear_down(l);
}

/* --- addresses ---------------------------------------------------------------------- */

static void on_ready(void *ctx);

/* It is another daemon from now on. */
static void
forget_daemon(struct link *l)
{
	l->has_moved = l->stats.last_success_ns != 0;
	m6_client_forget_path(l->client);
	poller_forget(l->poller);
	subscriber_forget(l->subscriber);
	writer_forget(l->writer);
	writer_abandon(l->writer);
	link_forget_key_try(l);
}

static void
close_transport(struct link *l)
{
	if (l->transport)
		subscriber_leave(l->subscriber);
	transport_close(l->transport);
	l->transport = NULL;
	/* It was meant for who was there: the client repeats it when it matters. */
	if (l->out)
		l->out->n = 0;
}

/* Opens a socket to the first address from `first` on that there is a way to. If that is
 * the one in use, and the answer to a write is awaited there, the socket stays. One that
 * goes is the one to say good-bye over. */
static void
open_from(struct link *l, size_t first)
{
	bool is_awaited = l->transport && !writer_is_idle(l->writer);
	size_t before = l->addr, addr = before;
	struct transport *opened = NULL;
	int rc = ERR_IO;

	if (!is_awaited)
		close_transport(l);
	for (size_t i = 0; i < l->n_addrs && rc == ERR_IO; i++) {
		addr = (first + i) % l->n_addrs;
		if (is_awaited && addr == before)
			return;
		rc = transport_open(l->loop, &l->addrs[addr], on_ready, l, &opened);
		if (rc == ERR_IO)
			l->n_failed++;
	}
	link_log_shortage(l, rc == ERR_NOMEM);
	close_transport(l);
	l->transport = opened;
	l->addr = addr;
	if (addr != before)
		forget_daemon(l);
}

static void
schedule_lookup(struct link *l, int64_t now_ns)
{
	if (!l->is_named || l->resolver || l->lookup_ns != CLOCK_NEVER)
		return;
	l->lookup_ns = now_ns + l->lookup_wait_ns;
	l->lookup_wait_ns *= 2;
	if (l->lookup_wait_ns > LOOKUP_MAX_NS)
		l->lookup_wait_ns = LOOKUP_MAX_NS;
}

static void
schedule_renewal(struct link *l, int64_t now_ns)
{
	l->renew_ns =
	    now_ns + RENEW_MIN_NS + rand_pooled(&l->random) % RENEW_SPREAD_MS * NS_PER_MS;
}

static void
unresolved(struct link *l, const char *reason)
{
	link_log_state(l, TARGET_UNRESOLVED, reason);
	(void)store_fail(l->store, TARGET_UNRESOLVED, clock_monotonic_ns(),
	    clock_wall_ns());
}

static bool
has_address(const struct addr *addrs, size_t n, const struct addr *wanted)
{
	for (size_t i = 0; i < n; i++)
		if (addr_equal(&addrs[i], wanted))
			return true;
	return false;
}

/* New addresses of the name. The one in use is kept when it is still among them. */
static void
take_addresses(struct link *l, const struct addr *addrs, size_t n)
{
	struct addr used = l->addrs[l->addr];
	bool is_known = l->n_addrs > 0;
	bool is_kept = is_known && has_address(addrs, n, &used);

	for (size_t i = 0; i < n; i++) {
		l->addrs[i] = addrs[i];
		if (is_kept && addr_equal(&addrs[i], &used))
			l->addr = i;
	}
	l->n_addrs = n;
	if (is_kept && l->transport)
		return;
	l->n_failed = 0;
	l->worst = TARGET_REFUSED;
	l->addr = 0;
	close_transport(l);
	open_from(l, 0);
	if (is_known && addr_equal(&l->addrs[l->addr], &used))
		return;
	forget_daemon(l);
	if (is_known)
		poller_hurry(l->poller);
}

/* --- the end of a cycle ------------------------------------------------------------- */

static void
cycle_succeeded(struct link *l, const struct poller_result *result)
{
	l->has_failed = false;
	l->n_failed = 0;
	l->worst = TARGET_REFUSED;
	l->lookup_wait_ns = LOOKUP_MIN_NS;
	link_log_state(l, TARGET_UP, "");
	writer_know_family(l->writer, ntp_system_family(result->snapshot->system));
	subscriber_start(l->subscriber, result->now_ns);
	link_try_key(l);
	store_publish(l->store, result->snapshot, result->now_ns);
}

static const char *
detail_of(const struct poller_result *result)
{
	if (result->err == ERR_DAEMON)
		return m6_error_text(result->daemon_error);
	return err_text(result->err);
}

/* The next address gets its chance at once; only when all refuse is it believed. */
static void
cycle_failed(struct link *l, const struct poller_result *result)
{
	bool has_more;

	l->has_failed = true;
	if (result->state == TARGET_UNKNOWN) {
		log_line(l->log, LOG_LEVEL_ERROR, "target %s: cycle given up: %s",
		    l->label, err_text(result->err));
		return;
	}
	if (result->state != TARGET_REFUSED)
		l->worst = result->state;
	has_more = ++l->n_failed < l->n_addrs;
	if (!has_more || result->state != TARGET_REFUSED) {
		link_log_state(l, l->worst, detail_of(result));
		(void)store_fail(l->store, l->worst, result->now_ns, result->wall_ns);
	}
	if (l->is_dead)
		return;
	/* A new socket also for the same address: ours may have changed meanwhile. */
	open_from(l, (l->addr + 1) % l->n_addrs);
	if (has_more) {
		poller_hurry(l->poller);
		return;
	}
	l->n_failed = 0;
	l->worst = TARGET_REFUSED;
	schedule_lookup(l, result->now_ns);
}

static void
on_cycle(void *ctx, const struct poller_result *result)
{
	struct link *l = ctx;

	link_account(l, result->now_ns);
	link_count_cycle(l, result, result->snapshot ? "" : detail_of(result));
	l->has_new_records = true;
	if (result->was_restarted) {
		writer_forget(l->writer);
		log_line(l->log, LOG_LEVEL_INFO, "target %s: the daemon was restarted",
		    l->label);
		subscriber_renew(l->subscriber, result->now_ns);
		link_forget_key_try(l);
	}
	if (result->snapshot)
		cycle_succeeded(l, result);
	else
		cycle_failed(l, result);
}

static void
on_change(void *ctx, const struct snapshot *before, const struct snapshot *after)
{
	struct link *l = ctx;

	if (l->fn && !l->is_dead)
		l->fn(l->ctx, before, after);
}

/* --- entries from the loop ---------------------------------------------------------- */

static void
enter(struct link *l)
{
	l->depth++;
}

static void on_timer(uv_timer_t *timer);

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
arm(struct link *l, int64_t now_ns)
{
	int64_t deadline_ns =
	    earlier(m6_client_deadline(l->client), store_deadline(l->store));
	uint64_t wait_ms = 0;

	deadline_ns = earlier(deadline_ns, subscriber_deadline(l->subscriber));
	if (!l->resolver)
		deadline_ns = earlier(deadline_ns, earlier(l->lookup_ns, l->renew_ns));
	if (l->n_addrs > 0)
		deadline_ns = earlier(deadline_ns, poller_deadline(l->poller));
	if (deadline_ns == CLOCK_NEVER) {
		uv_timer_stop(&l->timer);
		return;
	}
	if (deadline_ns > now_ns)
		wait_ms = (uint64_t)((deadline_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS);
	/* libuv counts from the time it noted last, which may be long ago. */
	uv_update_time(l->loop);
	uv_timer_start(&l->timer, on_timer, wait_ms, 0);
}

static void on_addresses(void *ctx, const struct addr *addrs, size_t n,
    const char *reason);

static void
look_up(struct link *l, int64_t now_ns)
{
	const struct target *t = &l->target;

	if (now_ns < earlier(l->lookup_ns, l->renew_ns) || l->resolver)
		return;
	l->lookup_ns = CLOCK_NEVER;
	l->renew_ns = CLOCK_NEVER;
	if (!l->is_named) {
		unresolved(l, "an address of the other family");
		return;
	}
	l->resolver =
	    resolver_start(l->loop, t->host, t->port, t->family, on_addresses, l);
	schedule_renewal(l, now_ns);
	if (!l->resolver)
		schedule_lookup(l, now_ns);
}

static void
tell_records(struct link *l)
{
	if (!l->has_new_records)
		return;
	l->has_new_records = false;
	if (l->record_fn)
		l->record_fn(l->record_ctx);
}

/* Does what is due and sleeps until the next deadline; frees a link that was given up. */
static void
leave(struct link *l)
{
	int64_t now_ns = clock_monotonic_ns();
	int64_t wall_ns = clock_wall_ns();

	if (!l->is_dead && l->n_addrs > 0)
		poller_tick(l->poller, now_ns, wall_ns);
	if (!l->is_dead)
		subscriber_tick(l->subscriber, now_ns);
	if (!l->is_dead)
		m6_client_tick(l->client, now_ns);
	if (!l->is_dead)
		link_note_progress(l);
	if (!l->is_dead)
		store_tick(l->store, now_ns, wall_ns);
	if (!l->is_dead)
		look_up(l, now_ns);
	if (!l->is_dead)
		tell_records(l);
	l->depth--;
	if (l->is_dead)
		tear_down(l);
	else
		arm(l, now_ns);
}

static void
on_timer(uv_timer_t *timer)
{
	struct link *l = timer->data;

	enter(l);
	leave(l);
}

static void
send_posted(struct link *l)
{
	/* Without a socket nothing was kept. */
	if (l->out->n > 0 && transport_send_batch(l->transport, l->out) == ERR_REFUSED)
		m6_client_input_error(l->client, ERR_REFUSED, clock_monotonic_ns());
}

/* Is there still somebody to read for, on that socket? */
static bool
listens_to(const struct link *l, const struct transport *t)
{
	return !l->is_dead && l->transport == t;
}

/* Several refusals may wait, one per datagram sent: they come one by one. How many were
 * taken; 0 when there is hardly any more to be had. While several were read others may
 * have come, which are to be read before it is asked what is overdue. */
static size_t
receive(struct link *l, struct transport *t)
{
	struct transport_batch in;
	int rc = transport_receive_batch(t, &in);

	if (rc < 0)
		m6_client_input_error(l->client, rc, clock_monotonic_ns());
	for (size_t i = 0; i < in.n && listens_to(l, t); i++)
		m6_client_input(l->client, in.bytes[i], in.lens[i], clock_monotonic_ns());
	if (rc < 0)
		return 1;
	return in.n > 1 ? in.n : 0;
}

/* What the answers make us ask is sent together. The batches are on the stack: there are
 * many links, and only one of them is at work. */
static void
on_ready(void *ctx)
{
	struct link *l = ctx;
	struct transport *t = l->transport;
	struct transport_batch out;
	size_t n = 0, n_taken = 1;

	enter(l);
	out.n = 0;
	l->out = &out;
	while (n < RECEIVE_MAX && n_taken > 0 && listens_to(l, t)) {
		n_taken = receive(l, t);
		n += n_taken;
		if (!l->is_dead)
			send_posted(l);
	}
	l->out = NULL;
	leave(l);
}

/* Nobody but a name server is to blame for what happens now. */
static bool
is_well(const struct link *l)
{
	return l->n_addrs > 0 && !l->has_failed;
}

/* Whoever answers well is not left in the middle of a write: ask again soon. */
static bool
is_too_early(const struct link *l, const struct addr *addrs, size_t n)
{
	return is_well(l) && !writer_is_idle(l->writer) &&
	    !has_address(addrs, n, &l->addrs[l->addr]);
}

static void
on_addresses(void *ctx, const struct addr *addrs, size_t n, const char *reason)
{
	struct link *l = ctx;
	int64_t now_ns = clock_monotonic_ns();

	enter(l);
	l->resolver = NULL;
	if (n > 0 && is_too_early(l, addrs, n))
		l->renew_ns = now_ns + LOOKUP_MIN_NS;
	else if (n > 0)
		take_addresses(l, addrs, n);
	else if (!is_well(l))
		schedule_lookup(l, now_ns);
	if (l->n_addrs == 0)
		unresolved(l, reason);
	leave(l);
}

static int
send_datagram(void *ctx, const void *bytes, size_t len)
{
	struct link *l = ctx;

	/* What was short when the last cycle ended may be there again. */
	if (!l->transport && l->n_addrs > 0)
		(void)transport_open(l->loop, &l->addrs[l->addr], on_ready, l,
		    &l->transport);
	if (l->transport)
		return transport_send(l->transport, bytes, len);
	/* Only a write is sent before there is an address: nobody is there. */
	return l->n_addrs == 0 ? ERR_REFUSED : ERR_IO;
}

/* What is asked while answers are read is kept until they are, or until it is enough. */
static int
post_datagram(void *ctx, const void *bytes, size_t len)
{
	struct link *l = ctx;
	struct transport_batch *b = l->out;

	if (!b || !l->transport || len > sizeof(b->bytes[0]))
		return send_datagram(l, bytes, len);
	memcpy(b->bytes[b->n], bytes, len);
	b->lens[b->n++] = len;
	return b->n == SEND_MAX ? transport_send_batch(l->transport, b) : 0;
}

/* --- writes ------------------------------------------------------------------------- */

/* A turn soon: within an entry its end sees to it. */
void
link_hurry(struct link *l)
{
	if (l->depth == 0 && !l->is_dead)
		uv_timer_start(&l->timer, on_timer, 0, 0);
}

static void
on_recorded(void *ctx)
{
	struct link *l = ctx;

	/* What was written is to be seen soon; what was refused before it came to the
	 * daemon changed nothing. */
	if (l->has_asked)
		link_refresh(l);
	l->has_asked = false;
	l->has_new_records = true;
	link_hurry(l);
}

static void
on_submitted(void *ctx)
{
	struct link *l = ctx;

	l->has_asked = true;
	link_hurry(l);
}

/* --- the outside -------------------------------------------------------------------- */

static bool
make_parts(struct link *l)
{
	struct m6_port port = { .send = send_datagram, .post = post_datagram, .ctx = l };
	struct writer_port writes = { on_submitted, on_recorded, l };
	int64_t interval_ns = l->target.interval_s * NS_PER_S;

	l->store = store_new(interval_ns * l->target.stale_after, on_change, l);
	l->client = m6_client_new(l->target.version, &port, rand_pooled, &l->random);
	if (!l->store || !l->client)
		return false;
	l->poller = poller_new(l->client, interval_ns, on_cycle, l);
	l->subscriber = link_make_subscriber(l);
	l->writer = writer_new(l->client, &writes);
	return l->poller && l->subscriber && l->writer;
}

/* An address is used as it is, a name is looked up by the first turn of the timer. Where
 * there is no descriptor for the socket now, the first cycle fails and opens it. */
static void
find_host(struct link *l)
{
	int rc =
	    resolver_numeric(l->target.host, l->target.port, l->target.family, l->addrs);

	l->is_named = rc == 0;
	l->lookup_ns = rc == 1 ? CLOCK_NEVER : 0;
	if (rc != 1)
		return;
	l->n_addrs = 1;
	open_from(l, 0);
}

struct link *
link_new(uv_loop_t *loop, const struct target *target, const struct logger *log,
    store_change_fn *fn, void *ctx)
{
	struct link *l = mem_calloc(1, sizeof(*l));
	char text[sizeof(l->label)];

	if (!l) {
		log_line(log, LOG_LEVEL_ERROR, "no memory for a target");
		return NULL;
	}
	l->loop = loop;
	l->target = *target;
	l->log = log;
	l->fn = fn;
	l->ctx = ctx;
	l->worst = TARGET_REFUSED;
	l->lookup_wait_ns = LOOKUP_MIN_NS;
	l->renew_ns = CLOCK_NEVER;
	text_format(text, sizeof(text), "%s (%s)", target->name, target->host);
	text_ascii(text, strlen(text), l->label, sizeof(l->label));
	uv_timer_init(loop, &l->timer);
	l->timer.data = l;
	if (!make_parts(l)) {
		log_line(log, LOG_LEVEL_ERROR, "target %s: no memory", l->label);
		link_free(l);
		return NULL;
	}
	find_host(l);
	uv_timer_start(&l->timer, on_timer, 0, 0);
	return l;
}
