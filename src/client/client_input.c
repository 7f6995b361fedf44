/* SPDX-License-Identifier: BSD-2-Clause */
/* What comes in: to which request it belongs, whether it is believed, what it ends. */
#include "client/client_impl.h"

#include "base/err.h"
#include "mode6/packet.h"

enum { M6_ASYNC_UNIT = 4 }; /* asynchronous messages are padded to a multiple of it */

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
	if (c->gap_ns > 0 && c->cleared_ns != 0 && now_ns - c->cleared_ns < M6_CLEARED_NS)
		c->stats.is_rate_limited = true;
}

/* A daemon that counts how often we ask loses requests again when they come faster; one
 * that was away does not. */
static void
weigh(struct m6_client *c, int64_t now_ns)
{
	if (c->gap_ns == 0 || c->stats.is_rate_limited)
		return;
	c->is_doubted = true;
	if (++c->n_spaced < M6_SPACED_MAX)
		return;
	c->n_spaced = 0;
	m6_client_halve_pause(c);
	if (c->gap_ns == 0)
		c->cleared_ns = now_ns;
	if (c->next_send_ns > now_ns + c->gap_ns)
		c->next_send_ns = now_ns + c->gap_ns;
}

/* An answer is complete: the window may grow, but not towards a daemon that limits us. */
static void
note_complete(struct m6_client *c, const struct m6_pending *r, int64_t now_ns)
{
	if (r->tries == 1)
		rtt_sample(&c->rtt, r->sent_ns, now_ns);
	weigh(c, now_ns);
	if (c->gap_ns > 0 || (!c->is_hasty && ++c->n_answered < c->window))
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
