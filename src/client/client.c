/* SPDX-License-Identifier: BSD-2-Clause */
/* The requests to one daemon: a queue, a window of those under way, a list of those that
 * ended and whose owners are still to be told. */
#include "client/client.h"

#include "base/err.h"
#include "base/mem.h"
#include "client/pending.h"
#include "client/rtt.h"
#include "mode6/packet.h"

enum {
	SILENT_FLIGHTS = 3, /* in a row: the window is 1, a rate limit is suspected */
	ROUNDS_MAX = 64,    /* of callbacks that submit what fails at once */
};

struct m6_client {
	struct m6_port port;
	rand_fn *random;
	void *random_ctx;
	uint8_t version;

	struct m6_pending *sent[M6_WINDOW_MAX];
	size_t n_sent;
	struct m6_pending_list again; /* timed out: before all others, oldest first */
	struct m6_pending_list fresh;
	struct m6_pending_list done;
	uint64_t last_id;

	struct rtt rtt;
	unsigned window;
	unsigned n_answered;       /* since the window changed */
	unsigned n_silent_flights; /* since the last answer */
	uint64_t next_serial;
	uint64_t flight_serial; /* a loss before it belongs to a flight counted already */
	int64_t gap_ns, next_send_ns, relax_ns;
	uint64_t n_junk; /* datagrams that were no mode-6 answer at all */

	struct m6_client_stats stats;
	bool *is_gone; /* set by m6_client_free() for the loop that runs callbacks */
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
	return c;
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
	m6_pending_list_free(&c->again);
	m6_pending_list_free(&c->fresh);
	m6_pending_list_free(&c->done);
	mem_free(c);
}

int
m6_client_submit(struct m6_client *c, const struct m6_request *request, m6_reply_fn *fn,
    void *ctx, uint64_t *id_out)
{
	struct m6_pending *r;

	if (request->len > M6_REQUEST_MAX)
		return ERR_TOOBIG;
	if (c->fresh.n >= M6_QUEUE_MAX)
		return ERR_BUSY;
	r = m6_pending_new(c->last_id + 1, request, fn, ctx);
	if (!r)
		return ERR_NOMEM;
	c->last_id = r->id;
	m6_pending_list_append(&c->fresh, r);
	if (id_out)
		*id_out = r->id;
	return 0;
}

/* Takes the request at `i` out of the window. */
static struct m6_pending *
sent_take(struct m6_client *c, size_t i)
{
	struct m6_pending *r = c->sent[i];

	c->n_sent--;
	for (; i < c->n_sent; i++)
		c->sent[i] = c->sent[i + 1];
	return r;
}

void
m6_client_cancel(struct m6_client *c, uint64_t id)
{
	struct m6_pending *r;

	for (size_t i = 0; i < c->n_sent; i++) {
		if (c->sent[i]->id != id)
			continue;
		m6_pending_free(sent_take(c, i));
		return;
	}
	r = m6_pending_list_remove(&c->again, id);
	if (!r)
		r = m6_pending_list_remove(&c->fresh, id);
	if (!r)
		r = m6_pending_list_remove(&c->done, id);
	m6_pending_free(r);
}

/* The owner is told when everything else is done. */
static void
finish(struct m6_client *c, struct m6_pending *r, int err, int64_t now_ns)
{
	r->reply.err = err;
	r->reply.now_ns = now_ns;
	m6_pending_list_append(&c->done, r);
}

static void
finish_all(struct m6_client *c, int err, int64_t now_ns)
{
	struct m6_pending *r;

	while (c->n_sent > 0)
		finish(c, sent_take(c, 0), err, now_ns);
	while ((r = m6_pending_list_pop(&c->again)) != NULL)
		finish(c, r, err, now_ns);
	while ((r = m6_pending_list_pop(&c->fresh)) != NULL)
		finish(c, r, err, now_ns);
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
	r->expires_ns = now_ns + rtt_timeout_ns(&c->rtt, c->random(c->random_ctx));
	c->next_send_ns = now_ns + c->gap_ns;
}

/* 0 or ERR_REFUSED. */
static int
transmit(struct m6_client *c, struct m6_pending *r, int64_t now_ns)
{
	uint8_t bytes[M6_DATAGRAM_MAX];
	struct m6_header head = { .version = c->version, .op = r->op, .assoc = r->assoc };
	size_t len = 0;
	int rc;

	if (r->parts)
		m6_reassembly_reset(r->parts);
	r->sequence = head.sequence = draw_sequence(c, r);
	note_transmission(c, r, now_ns);
	c->sent[c->n_sent++] = r;
	rc = m6_packet_encode(&head, r->data, r->len, bytes, sizeof(bytes), &len);
	if (rc == 0)
		rc = c->port.send(c->port.ctx, bytes, len);
	return rc == ERR_REFUSED ? ERR_REFUSED : 0;
}

static bool
has_queued(const struct m6_client *c)
{
	return c->again.head || c->fresh.head;
}

static void
relax(struct m6_client *c, int64_t now_ns)
{
	if (c->gap_ns == 0 || now_ns < c->relax_ns)
		return;
	c->relax_ns = now_ns + M6_RELAX_NS;
	c->gap_ns /= 2;
	if (c->gap_ns >= M6_GAP_MIN_NS)
		return;
	c->gap_ns = 0;
	c->stats.is_rate_limited = false;
}

static void
pump(struct m6_client *c, int64_t now_ns)
{
	relax(c, now_ns);
	while (c->n_sent < c->window && has_queued(c) && now_ns >= c->next_send_ns) {
		struct m6_pending *r = m6_pending_list_pop(&c->again);

		if (!r)
			r = m6_pending_list_pop(&c->fresh);
		if (transmit(c, r, now_ns) == ERR_REFUSED)
			finish_all(c, ERR_REFUSED, now_ns);
	}
}

/* --- callbacks, last ---------------------------------------------------------------- */

/* False when a callback freed the client. */
static bool
tell_owners(struct m6_client *c, const bool *is_gone)
{
	struct m6_pending *r;

	while ((r = m6_pending_list_pop(&c->done)) != NULL) {
		r->fn(r->ctx, r->id, &r->reply);
		m6_pending_free(r);
		if (*is_gone)
			return false;
	}
	return true;
}

static void
run(struct m6_client *c, int64_t now_ns)
{
	bool is_gone = false;

	/* Taken back below, or the client is gone: */
	/* cppcheck-suppress autoVariables */
	c->is_gone = &is_gone;
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		if (!tell_owners(c, &is_gone))
			return;
		pump(c, now_ns);
		if (!c->done.head)
			break;
	}
	c->is_gone = NULL;
}

/* --- loss --------------------------------------------------------------------------- */

/* Silence after answers, again and again: a daemon that counts how often we ask. Answers
 * that cannot be believed are not silence. */
static void
pace(struct m6_client *c, const struct m6_pending *r, int64_t now_ns)
{
	bool is_alive =
	    c->stats.last_reply_ns != 0 && now_ns - c->stats.last_reply_ns < M6_ALIVE_NS;

	if (!is_alive || r->bad_answer != 0 || c->n_junk > r->junk_before)
		return;
	if (!c->stats.is_rate_limited && c->n_silent_flights < SILENT_FLIGHTS)
		return;
	c->gap_ns = c->gap_ns == 0 ? M6_GAP_MIN_NS : c->gap_ns * 2;
	if (c->gap_ns > M6_GAP_MAX_NS)
		c->gap_ns = M6_GAP_MAX_NS;
	c->relax_ns = now_ns + M6_RELAX_NS;
}

/* Requests sent together are lost together: that is one sign, not many. */
static void
note_loss(struct m6_client *c, const struct m6_pending *r, int64_t now_ns)
{
	if (r->serial < c->flight_serial)
		return;
	c->flight_serial = c->next_serial;
	rtt_backoff(&c->rtt);
	c->n_answered = 0;
	c->n_silent_flights++;
	c->window /= 2;
	if (c->window < M6_WINDOW_MIN || c->n_silent_flights >= SILENT_FLIGHTS)
		c->window = M6_WINDOW_MIN;
	pace(c, r, now_ns);
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

static void
retry_or_give_up(struct m6_client *c, struct m6_pending *r, int64_t now_ns)
{
	unsigned tries = c->gap_ns > 0 ? M6_TRIES_PACED : M6_TRIES;

	if (r->tries < tries) {
		m6_pending_list_insert(&c->again, r);
		return;
	}
	c->stats.timeouts++;
	/* Not one answer came in spite of the pause: this is no rate limit. */
	if (!c->stats.is_rate_limited)
		c->gap_ns = 0;
	finish(c, r, reason_of_failure(c, r), now_ns);
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
		(void)sent_take(c, i);
		note_loss(c, r, now_ns);
		retry_or_give_up(c, r, now_ns);
	}
}

void
m6_client_tick(struct m6_client *c, int64_t now_ns)
{
	if (c->is_gone)
		return;
	expire(c, now_ns);
	run(c, now_ns);
}

/* --- answers ------------------------------------------------------------------------ */

/* Index of the request an answer belongs to, or n_sent. */
static size_t
find_sent(const struct m6_client *c, const struct m6_header *head)
{
	size_t i;

	for (i = 0; i < c->n_sent; i++) {
		const struct m6_pending *r = c->sent[i];

		if (r->sequence == head->sequence && r->op == head->op &&
		    r->assoc == head->assoc)
			break;
	}
	return i;
}

static void
note_answer(struct m6_client *c, int64_t now_ns)
{
	c->stats.replies++;
	c->stats.last_reply_ns = now_ns;
	c->n_silent_flights = 0;
	if (c->gap_ns > 0)
		c->stats.is_rate_limited = true;
}

/* An answer is complete: the window may grow, but not towards a daemon that limits us. */
static void
note_complete(struct m6_client *c, const struct m6_pending *r, int64_t now_ns)
{
	if (r->tries == 1)
		rtt_sample(&c->rtt, r->sent_ns, now_ns);
	if (c->gap_ns > 0 || ++c->n_answered < c->window)
		return;
	c->n_answered = 0;
	if (c->window < M6_WINDOW_MAX)
		c->window++;
}

static int
take_fragment(struct m6_pending *r, const struct m6_packet *packet)
{
	const struct m6_header *head = &packet->head;

	if (++r->n_datagrams > M6_ANSWER_DATAGRAMS_MAX)
		return ERR_TOOBIG;
	if (!head->has_more && head->offset == 0 &&
	    (!r->parts || m6_reassembly_is_empty(r->parts))) {
		r->reply.payload = packet->data;
		r->reply.len = head->count;
		r->reply.status = head->status;
		return M6_REASSEMBLY_DONE;
	}
	if (!r->parts)
		r->parts = m6_reassembly_new();
	if (!r->parts)
		return ERR_NOMEM;
	int rc = m6_reassembly_add(r->parts, packet);
	if (rc == M6_REASSEMBLY_DONE) {
		r->reply.payload = m6_reassembly_payload(r->parts, &r->reply.len);
		r->reply.status = m6_reassembly_status(r->parts);
	}
	return rc;
}

static void
accept_data(struct m6_client *c, size_t i, const struct m6_packet *packet, int64_t now_ns)
{
	struct m6_pending *r = c->sent[i];
	int rc = take_fragment(r, packet);

	if (rc == M6_REASSEMBLY_MORE || rc == M6_REASSEMBLY_REPEATED)
		return;
	(void)sent_take(c, i);
	if (rc == M6_REASSEMBLY_DONE) {
		note_complete(c, r, now_ns);
		finish(c, r, 0, now_ns);
	} else if (rc == ERR_NOMEM) {
		finish(c, r, ERR_NOMEM, now_ns);
	} else {
		c->stats.bad_answers++;
		r->bad_answer = rc;
		retry_or_give_up(c, r, now_ns);
	}
}

static void
accept_error(struct m6_client *c, size_t i, const struct m6_header *head, int64_t now_ns)
{
	struct m6_pending *r = sent_take(c, i);

	note_complete(c, r, now_ns);
	r->reply.daemon_error = m6_packet_error_code(head);
	r->reply.status = head->status;
	finish(c, r, ERR_DAEMON, now_ns);
}

void
m6_client_input(struct m6_client *c, const void *bytes, size_t len, int64_t now_ns)
{
	struct m6_packet packet;
	size_t i;

	if (c->is_gone)
		return;
	if (m6_packet_decode(bytes, len, &packet) != 0 || !packet.head.is_response ||
	    packet.head.version != c->version) {
		c->stats.ignored++;
		c->n_junk++;
		return;
	}
	i = find_sent(c, &packet.head);
	if (i == c->n_sent) {
		c->stats.ignored++;
		return;
	}
	note_answer(c, now_ns);
	if (packet.head.is_error)
		accept_error(c, i, &packet.head, now_ns);
	else
		accept_data(c, i, &packet, now_ns);
	run(c, now_ns);
}

void
m6_client_input_error(struct m6_client *c, int err, int64_t now_ns)
{
	if (c->is_gone || err != ERR_REFUSED || c->n_sent == 0)
		return;
	finish_all(c, ERR_REFUSED, now_ns);
	run(c, now_ns);
}

/* --- asking ------------------------------------------------------------------------- */

int64_t
m6_client_deadline(const struct m6_client *c)
{
	int64_t deadline_ns = CLOCK_NEVER;

	if (c->done.head)
		return 0;
	if (c->n_sent < c->window && has_queued(c))
		deadline_ns = c->next_send_ns;
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
	c->gap_ns = 0;
	c->next_send_ns = 0;
	c->stats.is_rate_limited = false;
	c->stats.last_reply_ns = 0;
}

void
m6_client_stats(const struct m6_client *c, struct m6_client_stats *out)
{
	*out = c->stats;
	out->srtt_ns = c->rtt.srtt_ns;
	out->gap_ns = c->gap_ns;
	out->window = c->window;
}
