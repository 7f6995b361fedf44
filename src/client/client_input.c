/* SPDX-License-Identifier: BSD-2-Clause */
/* What comes in: to which request it belongs, whether it is believed, what it ends. */
#include "client/client_impl.h"

#include "base/err.h"
#include "mode6/packet.h"

enum { M6_ASYNC_UNIT = 4 }; /* asynchronous messages are padded to a multiple of it */

static bool
is_answer_to(const struct m6_header *head, const struct m6_pending *r, uint16_t sequence)
{
	return sequence == head->sequence && r->op == head->op && r->assoc == head->assoc;
}

/* Index of the request an answer belongs to, or n_sent. */
static size_t
find_sent(const struct m6_client *c, const struct m6_header *head)
{
	size_t i;

	for (i = 0; i < c->n_sent; i++)
		if (is_answer_to(head, c->sent[i], c->sent[i]->sequence))
			break;
	return i;
}

/* Whether it begins the answer to a transmission that was taken for lost already. Then it
 * is alive, and so far away. The data is not taken: it could mix with that of the answer
 * that is waited for. */
static bool
is_late(const struct m6_header *head, int64_t sent_ns, const struct m6_pending *r,
    uint16_t sequence)
{
	return sent_ns != 0 && head->offset == 0 && is_answer_to(head, r, sequence);
}

static void
note_late(struct m6_client *c, int64_t *sent_ns, int64_t now_ns)
{
	rtt_sample(&c->rtt, *sent_ns, now_ns);
	*sent_ns = 0; /* once */
	c->stats.last_reply_ns = now_ns;
	c->n_silent_flights = 0;
	/* What was suspected rests on silence, and there was none. */
	if (!c->pace.is_certain)
		pace_clear(&c->pace);
}

static void
look_for_late(struct m6_client *c, const struct m6_header *head, int64_t now_ns)
{
	for (size_t i = 0; i < c->n_sent; i++) {
		struct m6_pending *r = c->sent[i];

		if (is_late(head, r->sent_before_ns, r, r->sequence_before))
			note_late(c, &r->sent_before_ns, now_ns);
	}
	for (struct m6_pending *r = c->again.head; r; r = r->next)
		if (is_late(head, r->sent_ns, r, r->sequence))
			note_late(c, &r->sent_ns, now_ns);
}

/* Data has to be signed as the request was. A daemon that does not take our key cannot
 * sign its refusal. */
static bool
is_believed(const struct m6_pending *r, bool is_error, enum m6_mac_verdict mac)
{
	if (!r->key || mac == M6_MAC_VALID)
		return true;
	return is_error && (mac == M6_MAC_NONE || mac == M6_MAC_NAK);
}

static void
note_answer(struct m6_client *c, int64_t now_ns)
{
	c->stats.replies++;
	c->stats.last_reply_ns = now_ns;
	c->n_silent_flights = 0;
}

/* An answer is complete: the window may grow. With a number of its own each transmission
 * is known by its answer, so that repeated requests are measured as well. */
static void
note_complete(struct m6_client *c, const struct m6_pending *r, int64_t now_ns)
{
	rtt_sample(&c->rtt, r->sent_ns, now_ns);
	pace_answered(&c->pace, r->score, now_ns);
	if (!c->is_hasty && ++c->n_answered < c->window)
		return;
	c->n_answered = 0;
	if (c->window < c->window_max)
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
	(void)m6_client_take(c, i);
	if (rc == M6_REASSEMBLY_DONE) {
		note_complete(c, r, now_ns);
		m6_client_finish(c, r, 0);
	} else if (rc == ERR_NOMEM) {
		m6_client_finish(c, r, ERR_NOMEM);
	} else {
		c->stats.bad_answers++;
		r->bad_answer = rc;
		m6_client_retry(c, r);
	}
}

static void
accept_error(struct m6_client *c, size_t i, const struct m6_header *head, int64_t now_ns)
{
	struct m6_pending *r = m6_client_take(c, i);

	note_complete(c, r, now_ns);
	r->reply.daemon_error = m6_packet_error_code(head);
	r->reply.status = head->status;
	m6_client_finish(c, r, ERR_DAEMON);
}

static void
ignore_junk(struct m6_client *c)
{
	c->stats.ignored++;
	c->n_junk++;
}

/* It does not end the request: the daemon's own answer may still be on its way. */
static void
ignore_forgery(struct m6_client *c)
{
	c->stats.bad_macs++;
	c->n_junk++;
}

/* Whether it has the form that ntp.org's daemon gives to asynchronous messages: padded,
 * and no code behind. More cannot be checked. */
static bool
is_async(const struct m6_packet *packet, size_t len)
{
	return packet->head.op == M6_OP_ASYNCMSG && !packet->head.is_error &&
	    len % M6_ASYNC_UNIT == 0 && packet->trailer_len < M6_ASYNC_UNIT;
}

/* Anybody may have sent it: neither a sign of life nor one of the way to the daemon. */
static void
hand_on(struct m6_client *c, const struct m6_header *head, int64_t now_ns)
{
	const struct m6_async message = {
		.assoc = head->assoc,
		.status = head->status,
		.sequence = head->sequence,
		.is_first = head->offset == 0,
		.now_ns = now_ns,
	};

	c->stats.async++;
	c->async_fn(c->async_ctx, &message);
}

void
m6_client_on_async(struct m6_client *c, m6_async_fn *fn, void *ctx)
{
	c->async_fn = fn;
	c->async_ctx = ctx;
}

void
m6_client_input(struct m6_client *c, const void *bytes, size_t len, int64_t now_ns)
{
	enum m6_mac_verdict mac = M6_MAC_NONE;
	struct m6_packet packet;
	size_t i;

	if (c->is_gone)
		return;
	if (m6_packet_decode(bytes, len, &packet) != 0 || !packet.head.is_response ||
	    packet.head.version != c->version) {
		ignore_junk(c);
		return;
	}
	if (c->async_fn && is_async(&packet, len)) {
		hand_on(c, &packet.head, now_ns);
		return;
	}
	i = find_sent(c, &packet.head);
	if (i == c->n_sent) {
		c->stats.ignored++;
		look_for_late(c, &packet.head, now_ns);
		return;
	}
	if (c->sent[i]->key)
		mac = m6_mac_verify(c->sent[i]->key, bytes, len);
	if (!is_believed(c->sent[i], packet.head.is_error, mac)) {
		ignore_forgery(c);
		return;
	}
	c->sent[i]->reply.mac = mac;
	note_answer(c, now_ns);
	if (packet.head.is_error)
		accept_error(c, i, &packet.head, now_ns);
	else
		accept_data(c, i, &packet, now_ns);
	m6_client_run(c, now_ns);
}

void
m6_client_input_error(struct m6_client *c, int err, int64_t now_ns)
{
	if (c->is_gone || err != ERR_REFUSED || c->n_sent == 0)
		return;
	m6_client_finish_all(c, ERR_REFUSED);
	m6_client_run(c, now_ns);
}
