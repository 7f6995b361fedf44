/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests to one daemon: a queue, a window of those under way, a list of those that
 * ended and whose owners are still to be told. */
#include "client/client_impl.h"

#include <limits.h>

#include "base/err.h"
#include "base/mem.h"
#include "mode6/packet.h"

enum {
	SILENT_FLIGHTS = 3, /* in a row: the window is 1, a rate limit is suspected */
	ROUNDS_MAX = 64,    /* of callbacks that submit what fails at once */
};

struct m6_client *
m6_client_new(uint8_t version, const struct m6_port *port, rand_fn *random,
    void *random_ctx)
{
	struct m6_client *c = mem_calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->port = *port;
	c->random = random;
	c->random_ctx = random_ctx;
	c->version = version;
	c->window = M6_WINDOW_START;
	c->window_max = M6_WINDOW_MAX;
	c->give_up_ns = CLOCK_NEVER;
	return c;
}

void
m6_client_hurry(struct m6_client *c)
{
	c->is_hasty = true;
	c->window_max = M6_WINDOW_HASTY_MAX;
}

void
m6_client_free(struct m6_client *c)
{
	if (!c)
		return;
	if (c->is_gone)
		*c->is_gone = true;
	for (size_t i = 0; i < c->n_sent; i++)
		m6_pending_free(c->sent[i]);
	m6_pending_list_free(&c->urgent);
	m6_pending_list_free(&c->again);
	m6_pending_list_free(&c->fresh);
	m6_pending_list_free(&c->done);
	mem_free(c);
}

int
m6_client_submit(struct m6_client *c, const struct m6_request *request, m6_reply_fn *fn,
    void *ctx, uint64_t *id_out)
{
	struct m6_pending_list *queue = request->is_urgent ? &c->urgent : &c->fresh;
	struct m6_pending *r;

	if (request->len > M6_REQUEST_MAX)
		return ERR_TOOBIG;
	if (queue->n >= M6_QUEUE_MAX)
		return ERR_BUSY;
	r = m6_pending_new(c->last_id + 1, request, fn, ctx);
	if (!r)
		return ERR_NOMEM;
	c->last_id = r->id;
	m6_pending_list_append(queue, r);
	if (r->give_up_ns < c->give_up_ns)
		c->give_up_ns = r->give_up_ns;
	if (id_out)
		*id_out = r->id;
	return 0;
}

int
m6_client_call(struct m6_client *c, m6_reply_fn *fn, void *ctx, uint64_t *id_out)
{
	const struct m6_request nothing = { .op = M6_OP_UNSPEC };
	struct m6_pending *r = m6_pending_new(c->last_id + 1, &nothing, fn, ctx);

	if (!r)
		return ERR_NOMEM;
	c->last_id = r->id;
	m6_pending_list_append(&c->done, r);
	if (id_out)
		*id_out = r->id;
	return 0;
}

struct m6_pending *
m6_client_take(struct m6_client *c, size_t i)
{
	struct m6_pending *r = c->sent[i];

	c->n_sent--;
	if (r->is_urgent)
		c->n_urgent--;
	for (; i < c->n_sent; i++)
		c->sent[i] = c->sent[i + 1];
	return r;
}

void
m6_client_cancel(struct m6_client *c, uint64_t id)
{
	struct m6_pending_list *const lists[] = { &c->urgent, &c->again, &c->fresh,
		&c->done };
	struct m6_pending *r = NULL;

	for (size_t i = 0; i < c->n_sent; i++) {
		if (c->sent[i]->id != id)
			continue;
		m6_pending_free(m6_client_take(c, i));
		return;
	}
	for (size_t i = 0; !r && i < sizeof(lists) / sizeof(lists[0]); i++)
		r = m6_pending_list_remove(lists[i], id);
	m6_pending_free(r);
}

void
m6_client_finish(struct m6_client *c, struct m6_pending *r, int err)
{
	r->reply.err = err;
	m6_pending_list_append(&c->done, r);
}

void
m6_client_finish_all(struct m6_client *c, int err)
{
	struct m6_pending *r;

	while (c->n_sent > 0)
		m6_client_finish(c, m6_client_take(c, 0), err);
	while ((r = m6_pending_list_pop(&c->urgent)) != NULL)
		m6_client_finish(c, r, err);
	while ((r = m6_pending_list_pop(&c->again)) != NULL)
		m6_client_finish(c, r, err);
	while ((r = m6_pending_list_pop(&c->fresh)) != NULL)
		m6_client_finish(c, r, err);
}

/* --- sending ------------------------------------------------------------------------ */

static bool
is_sequence_used(const struct m6_client *c, uint16_t sequence)
{
	for (size_t i = 0; i < c->n_sent; i++)
		if (c->sent[i]->sequence == sequence)
			return true;
	return false;
}

/* Fresh for every transmission, so that a late answer to an earlier one is told apart. */
static uint16_t
draw_sequence(const struct m6_client *c, const struct m6_pending *r)
{
	uint16_t sequence = (uint16_t)c->random(c->random_ctx);

	while (is_sequence_used(c, sequence) || (r->tries > 0 && sequence == r->sequence))
		sequence++;
	return sequence;
}

/* When a transmission is taken for lost. What is urgent ends soon: doubled waits would
 * leave it no second try. What is sent once waits as long as it may, or a second at
 * least: nobody asks again, and a moment's delay is no silence. */
static int64_t
expiry(const struct m6_client *c, const struct m6_pending *r, int64_t now_ns)
{
	uint32_t random = c->random(c->random_ctx);
	struct rtt rtt = c->rtt;
	int64_t wait_ns;

	if (r->is_once && r->give_up_ns != CLOCK_NEVER)
		return CLOCK_NEVER;
	if (r->is_urgent)
		rtt.backoff = 0;
	wait_ns = rtt_timeout_ns(&rtt, random);
	if (r->is_once && wait_ns < RTT_TIMEOUT_START_NS)
		wait_ns = RTT_TIMEOUT_START_NS;
	return now_ns + wait_ns;
}

static void
note_transmission(struct m6_client *c, struct m6_pending *r, int64_t now_ns)
{
	if (r->tries == 0) {
		r->reply.first_sent_ns = now_ns;
		r->junk_before = c->n_junk;
	} else {
		c->stats.retransmits++;
	}
	c->stats.requests++;
	r->tries++;
	r->n_datagrams = 0;
	r->serial = c->next_serial++;
	r->sent_ns = now_ns;
	r->expires_ns = expiry(c, r, now_ns);
	r->score = pace_sent(&c->pace, now_ns);
	c->sent[c->n_sent++] = r;
	if (r->is_urgent)
		c->n_urgent++;
}

/* The datagram, with the code if the request is to be signed. 0, or an error. */
static int
encode(const struct m6_client *c, const struct m6_pending *r, uint8_t *out, size_t cap,
    size_t *len_out)
{
	struct m6_header head = {
		.version = c->version,
		.op = r->op,
		.sequence = r->sequence,
		.assoc = r->assoc,
	};
	int rc = m6_packet_encode(&head, r->data, r->len, out, cap, len_out);

	if (rc == 0 && r->key)
		rc = m6_mac_append(r->key, r->align, out, cap, len_out);
	return rc;
}

/* What is sent once, signed or urgent is worth a system call of its own: whether it was
 * refused is known at once. */
static int
pass_on(const struct m6_client *c, const struct m6_pending *r, const void *bytes,
    size_t len)
{
	bool has_time = !r->is_once && !r->key && !r->is_urgent;

	if (c->port.post && has_time)
		return c->port.post(c->port.ctx, bytes, len);
	return c->port.send(c->port.ctx, bytes, len);
}

/* 0, or ERR_REFUSED, which concerns all requests. */
static int
transmit(struct m6_client *c, struct m6_pending *r, int64_t now_ns)
{
	uint8_t bytes[M6_DATAGRAM_MAX];
	size_t len = 0;
	int rc;

	if (r->parts)
		m6_reassembly_reset(r->parts);
	r->sequence_before = r->sequence;
	r->sent_before_ns = r->sent_ns;
	r->sequence = draw_sequence(c, r);
	rc = encode(c, r, bytes, sizeof(bytes), &len);
	if (rc != 0) {
		m6_cleanse(bytes, sizeof(bytes));
		m6_client_finish(c, r, rc);
		return 0;
	}
	note_transmission(c, r, now_ns);
	rc = pass_on(c, r, bytes, len);
	if (r->key)
		m6_cleanse(bytes, sizeof(bytes));
	return rc == ERR_REFUSED ? ERR_REFUSED : 0;
}

int
m6_client_tell(struct m6_client *c, const struct m6_request *request)
{
	uint8_t bytes[M6_DATAGRAM_MAX];
	struct m6_pending *r;
	size_t len = 0;
	int rc;

	if (request->len > M6_REQUEST_MAX)
		return ERR_TOOBIG;
	r = m6_pending_new(0, request, NULL, NULL);
	if (!r)
		return ERR_NOMEM;
	r->sequence = draw_sequence(c, r);
	rc = encode(c, r, bytes, sizeof(bytes), &len);
	if (rc == 0) {
		c->stats.requests++;
		rc = c->port.send(c->port.ctx, bytes, len);
	}
	m6_cleanse(bytes, sizeof(bytes));
	m6_pending_free(r);
	return rc;
}

/* Whether a request that is not urgent may be sent, once the pause is over. */
static bool
has_room(const struct m6_client *c)
{
	return c->n_sent - c->n_urgent < c->window && (c->again.head || c->fresh.head);
}

static bool
has_urgent(const struct m6_client *c)
{
	return c->n_urgent < M6_URGENT_MAX && c->urgent.head;
}

static int64_t
next_send_ns(const struct m6_client *c)
{
	if (!pace_is_on(&c->pace))
		return 0;
	return pace_next_ns(&c->pace, rtt_timeout_ns(&c->rtt, 0));
}

static struct m6_pending *
next_to_send(struct m6_client *c, int64_t now_ns)
{
	struct m6_pending *r;

	if (has_urgent(c))
		return m6_pending_list_pop(&c->urgent);
	if (!has_room(c) || now_ns < next_send_ns(c))
		return NULL;
	r = m6_pending_list_pop(&c->again);
	return r ? r : m6_pending_list_pop(&c->fresh);
}

static void
pump(struct m6_client *c, int64_t now_ns)
{
	struct m6_pending *r;

	pace_tick(&c->pace, now_ns);
	while ((r = next_to_send(c, now_ns)) != NULL)
		if (transmit(c, r, now_ns) == ERR_REFUSED)
			m6_client_finish_all(c, ERR_REFUSED);
}

/* --- callbacks, last ---------------------------------------------------------------- */

/* False when a callback freed the client. */
static bool
tell_owners(struct m6_client *c, int64_t now_ns, const bool *is_gone)
{
	struct m6_pending *r;

	while ((r = m6_pending_list_pop(&c->done)) != NULL) {
		r->reply.now_ns = now_ns;
		r->fn(r->ctx, r->id, &r->reply);
		m6_pending_free(r);
		if (*is_gone)
			return false;
	}
	return true;
}

void
m6_client_run(struct m6_client *c, int64_t now_ns)
{
	bool is_gone = false;

	/* Taken back below, or the client is gone: */
	/* cppcheck-suppress autoVariables */
	c->is_gone = &is_gone;
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		if (!tell_owners(c, now_ns, &is_gone))
			return;
		pump(c, now_ns);
		if (!c->done.head)
			break;
	}
	c->is_gone = NULL;
}

/* --- loss --------------------------------------------------------------------------- */

/* Silence after answers may be a daemon that counts how often we ask. Answers that cannot
 * be believed are not silence, nor is a part of one. */
static void
note_silence(struct m6_client *c, const struct m6_pending *r, int64_t now_ns)
{
	bool is_alive =
	    c->stats.last_reply_ns != 0 && now_ns - c->stats.last_reply_ns < M6_ALIVE_NS;

	if (!is_alive || r->bad_answer != 0 || c->n_junk > r->junk_before ||
	    (r->parts && !m6_reassembly_is_empty(r->parts)))
		return;
	pace_lost(&c->pace, r->score, c->n_silent_flights >= SILENT_FLIGHTS, now_ns);
}

/* Losses among answers are no congestion that a few requests could be to blame for; but
 * those of more than the daemon has ever answered may be a limit. */
static void
narrow_window(struct m6_client *c, const struct m6_pending *r, int64_t now_ns)
{
	bool is_news = pace_is_news(&c->pace, r->score, now_ns);
	unsigned n_signs = c->n_silent_flights + (is_news ? 1 : 0);
	unsigned least = n_signs < SILENT_FLIGHTS
	    ? (unsigned)M6_WINDOW_LOSSY >> (n_signs - 1)
	    : M6_WINDOW_MIN;
	unsigned half = c->window / 2;

	if (c->n_silent_flights >= SILENT_FLIGHTS)
		c->window = M6_WINDOW_MIN;
	else if (c->window > least)
		c->window = half > least && !is_news ? half : least;
}

static bool
is_lively(const struct m6_client *c, int64_t now_ns)
{
	return c->stats.last_reply_ns != 0 && !pace_is_on(&c->pace) &&
	    now_ns - c->stats.last_reply_ns < M6_LIVELY_NS;
}

/* Requests sent together are lost together: that is one sign, not many. */
static void
note_loss(struct m6_client *c, const struct m6_pending *r, int64_t now_ns)
{
	if (r->serial < c->flight_serial)
		return;
	c->flight_serial = c->next_serial;
	if (!is_lively(c, now_ns) || rtt_timeout_ns(&c->rtt, 0) < M6_TIMEOUT_LIVELY_NS)
		rtt_backoff(&c->rtt);
	c->n_answered = 0;
	c->n_silent_flights++;
	c->is_hasty = false;
	narrow_window(c, r, now_ns);
	note_silence(c, r, now_ns);
}

static int
reason_of_failure(const struct m6_client *c, const struct m6_pending *r)
{
	if (r->bad_answer != 0)
		return r->bad_answer;
	if (r->parts && !m6_reassembly_is_empty(r->parts))
		return ERR_TRUNCATED;
	return c->n_junk > r->junk_before ? ERR_PROTOCOL : ERR_TIMEOUT;
}

static unsigned
tries_allowed(const struct m6_client *c, const struct m6_pending *r)
{
	if (r->is_once)
		return 1;
	/* Of those that end at a time only what comes in drives up the number. */
	if (r->give_up_ns != CLOCK_NEVER && r->bad_answer == 0)
		return UINT_MAX;
	if (r->bad_answer != 0 || c->n_junk > r->junk_before)
		return M6_TRIES;
	if (pace_is_on(&c->pace) || c->stats.last_reply_ns > r->reply.first_sent_ns)
		return M6_TRIES_ALIVE;
	return M6_TRIES;
}

void
m6_client_retry(struct m6_client *c, struct m6_pending *r)
{
	if (r->tries < tries_allowed(c, r)) {
		m6_pending_list_insert(r->is_urgent ? &c->urgent : &c->again, r);
		return;
	}
	c->stats.timeouts++;
	/* Not one answer came in spite of the pause: this is no rate limit. */
	if (!c->pace.is_certain && !r->is_once)
		pace_clear(&c->pace);
	m6_client_finish(c, r, reason_of_failure(c, r));
}

static void
expire(struct m6_client *c, int64_t now_ns)
{
	size_t i = 0;

	while (i < c->n_sent) {
		struct m6_pending *r = c->sent[i];

		if (r->expires_ns > now_ns) {
			i++;
			continue;
		}
		(void)m6_client_take(c, i);
		/* A daemon may have reasons of its own to keep silent about a write. */
		if (!r->is_once)
			note_loss(c, r, now_ns);
		m6_client_retry(c, r);
	}
}

/* Moves those under way whose time is over to `out`, and tells when that of the next one
 * will be. */
static int64_t
take_overdue(struct m6_client *c, int64_t now_ns, struct m6_pending_list *out)
{
	int64_t next_ns = CLOCK_NEVER;
	size_t i = 0;

	while (i < c->n_sent) {
		int64_t give_up_ns = c->sent[i]->give_up_ns;

		if (give_up_ns <= now_ns) {
			m6_pending_list_append(out, m6_client_take(c, i));
			continue;
		}
		if (give_up_ns < next_ns)
			next_ns = give_up_ns;
		i++;
	}
	return next_ns;
}

/* Ends the requests whose time is over, wherever they are. That one was sent too late to
 * be answered says nothing of the way. */
static void
give_up(struct m6_client *c, int64_t now_ns)
{
	struct m6_pending_list *const lists[] = { &c->urgent, &c->again, &c->fresh };
	struct m6_pending_list over = { 0 };
	struct m6_pending *r;

	if (now_ns < c->give_up_ns)
		return;
	c->give_up_ns = take_overdue(c, now_ns, &over);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		int64_t next_ns = m6_pending_list_overdue(lists[i], now_ns, &over);

		if (next_ns < c->give_up_ns)
			c->give_up_ns = next_ns;
	}
	while ((r = m6_pending_list_pop(&over)) != NULL) {
		c->stats.timeouts++;
		m6_client_finish(c, r, ERR_TIMEOUT);
	}
}

void
m6_client_tick(struct m6_client *c, int64_t now_ns)
{
	if (c->is_gone)
		return;
	give_up(c, now_ns);
	expire(c, now_ns);
	m6_client_run(c, now_ns);
}

/* --- asking ------------------------------------------------------------------------- */

int64_t
m6_client_deadline(const struct m6_client *c)
{
	int64_t deadline_ns = c->give_up_ns;

	if (c->done.head || has_urgent(c))
		return 0;
	if (has_room(c) && next_send_ns(c) < deadline_ns)
		deadline_ns = next_send_ns(c);
	for (size_t i = 0; i < c->n_sent; i++)
		if (c->sent[i]->expires_ns < deadline_ns)
			deadline_ns = c->sent[i]->expires_ns;
	return deadline_ns;
}

void
m6_client_forget_path(struct m6_client *c)
{
	c->rtt = (struct rtt){ 0 };
	c->window = M6_WINDOW_START;
	c->n_answered = 0;
	c->n_silent_flights = 0;
	c->pace = (struct pace){ 0 };
	c->stats.last_reply_ns = 0;
}

void
m6_client_stats(const struct m6_client *c, struct m6_client_stats *out)
{
	*out = c->stats;
	out->srtt_ns = c->rtt.srtt_ns;
	out->gap_ns = pace_gap_ns(&c->pace);
	out->is_rate_limited = c->pace.is_certain;
	out->window = c->window;
}
