/* SPDX-License-Identifier: BSD-2-Clause */
/* Items, fragments and padding of answers. */
#include "sim/sim_reply.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

enum {
	LINE_MAX_LEN = 72, /* an item that would reach it goes on a new line */
	ROOM_FOR_SEPARATOR = 3,
	PADDING_UNIT = 4,
	SIGNED_UNIT = 8, /* in front of a code, whatever the request's alignment was */
	KEY_ID_LEN = 4,
};

void
sim_replies_free(struct sim_replies *replies)
{
	mem_free(replies->items);
	memset(replies, 0, sizeof(*replies));
}

struct sim_datagram *
sim_replies_add(struct sim_replies *replies)
{
	if (replies->n >= SIM_REPLIES_MAX)
		return NULL;
	if (replies->n == replies->cap) {
		size_t cap = replies->cap ? replies->cap * 2 : 4;
		struct sim_datagram *items =
		    mem_resize(replies->items, cap, sizeof(*items));

		if (!items)
			return NULL;
		replies->items = items;
		replies->cap = cap;
	}
	memset(&replies->items[replies->n], 0, sizeof(replies->items[0]));
	return &replies->items[replies->n++];
}

struct sim_reply
sim_reply_start(struct sim_wire *wire, const struct sim_traits *traits,
    const struct m6_header *request, const struct sim_proof *proof,
    struct sim_replies *out)
{
	struct sim_reply r = {
		.wire = wire,
		.traits = traits,
		.proof = *proof,
		.head = *request,
		.out = out,
	};

	r.head.is_response = true;
	r.head.is_error = false;
	r.head.has_more = false;
	r.head.offset = 0;
	wire->line_len = 0;
	wire->is_text = false;
	return r;
}

/* Appends what the request's code asks for; NTPsec's send buffer keeps a copy. */
static void
sign(struct sim_reply *r, struct sim_datagram *dg)
{
	size_t at = dg->len, end = at;

	if (!sim_auth_sign(&r->proof, dg->bytes, sizeof(dg->bytes), &end))
		return;
	dg->len = end;
	dg->code_len = end - at;
	if (end <= M6_HEADER_LEN + sizeof(r->wire->data))
		memcpy(r->wire->data + at - M6_HEADER_LEN, dg->bytes + at, end - at);
}

/* NTPsec wipes behind the data, but counts the header in: the padding octets stay what an
 * earlier answer left there. Before a code, its key identifier stands there as well. */
static void
leave_residue(struct sim_reply *r, struct sim_datagram *dg, size_t len)
{
	uint8_t *data = r->wire->data;
	struct buf b = buf_writer(data + len, KEY_ID_LEN);

	if (len + M6_HEADER_LEN < sizeof(r->wire->data))
		memset(data + len + M6_HEADER_LEN, 0,
		    sizeof(r->wire->data) - len - M6_HEADER_LEN);
	if (r->proof.worth == SIM_VALID_CODE)
		buf_put_u32(&b, m6_key_id(r->proof.key));
	memcpy(dg->bytes + M6_HEADER_LEN + len, data + len,
	    dg->len - M6_HEADER_LEN - len);
}

/* A datagram with this header and `len` octets of the send buffer, or NULL. */
static struct sim_datagram *
add_datagram(struct sim_reply *r, const struct m6_header *head, size_t len)
{
	struct sim_datagram *dg = sim_replies_add(r->out);

	if (dg &&
	    m6_packet_encode(head, r->wire->data, len, dg->bytes, sizeof(dg->bytes),
		&dg->len) == 0)
		return dg;
	if (dg)
		r->out->n--;
	return NULL;
}

static void
send_to_asker(struct sim_reply *r, size_t len)
{
	struct sim_datagram *dg = add_datagram(r, &r->head, len);
	size_t unit = r->proof.worth == SIM_NO_CODE ? PADDING_UNIT : SIGNED_UNIT;

	if (!dg)
		return;
	/* The rest of the datagram is zeros. */
	dg->len = (dg->len + unit - 1) / unit * unit;
	if (r->traits->is_ntpsec)
		leave_residue(r, dg, len);
	sign(r, dg);
}

/* Never with a code, but with numbers of their own. */
static void
send_to_traps(struct sim_reply *r, size_t len)
{
	for (size_t i = 0; i < SIM_TRAPS_MAX; i++) {
		struct sim_trap *trap = &r->traps->items[i];
		struct m6_header head = r->head;
		struct sim_datagram *dg;

		if (!trap->is_used)
			continue;
		head.version = trap->version;
		head.sequence = trap->sequence;
		dg = add_datagram(r, &head, len);
		if (dg)
			dg->to = trap->to;
		if (!head.has_more)
			trap->sequence++;
	}
}

static void
flush(struct sim_reply *r, bool has_more)
{
	if (!has_more && r->is_text && r->at + 2 < M6_DATA_MAX) {
		memcpy(r->wire->data + r->at, "\r\n", 2);
		r->at += 2;
	}
	r->head.has_more = has_more;
	r->head.offset = (uint16_t)r->sent;
	r->wire->offset = r->head.offset;
	if (r->traps)
		send_to_traps(r, r->at);
	else
		send_to_asker(r, r->at);
	r->sent += r->at;
	r->at = 0;
}

/* Appends, sending what is full; `reserve` octets must stay free behind it, and when they
 * do not, the fragment is closed there. */
static void
put(struct sim_reply *r, const char *bytes, size_t len, size_t reserve)
{
	while (r->at + len + reserve > M6_DATA_MAX) {
		size_t part = M6_DATA_MAX - r->at;

		if (part > len)
			part = len;
		memcpy(r->wire->data + r->at, bytes, part);
		r->at += part;
		r->line_len += part;
		bytes += part;
		len -= part;
		flush(r, true);
	}
	memcpy(r->wire->data + r->at, bytes, len);
	r->at += len;
	r->line_len += len;
}

static void
put_separator(struct sim_reply *r, size_t next_len)
{
	bool is_new_line = r->line_len + 1 + next_len + 1 >= LINE_MAX_LEN;
	const char *text = is_new_line ? ",\r\n" : ", ";
	size_t len = strlen(text);

	memcpy(r->wire->data + r->at, text, len);
	r->at += len;
	r->line_len = is_new_line ? 0 : r->line_len + len;
}

void
sim_reply_item(struct sim_reply *r, const char *item, size_t len)
{
	if (r->is_text)
		put_separator(r, len);
	r->is_text = true;
	put(r, item, len, ROOM_FOR_SEPARATOR);
}

void
sim_reply_binary(struct sim_reply *r, const void *bytes, size_t len)
{
	put(r, bytes, len, 0);
}

void
sim_reply_end(struct sim_reply *r)
{
	flush(r, false);
	r->wire->line_len = r->line_len;
	r->wire->is_text = r->is_text;
}

void
sim_reply_push(struct sim_reply *r, struct sim_traps *traps, struct sim_replies *pushed)
{
	r->traps = traps;
	r->out = pushed;
	r->head.op = M6_OP_ASYNCMSG;
	r->at = r->sent = 0;
}

void
sim_reply_error(struct sim_reply *r, enum m6_error code)
{
	struct sim_datagram *dg = sim_replies_add(r->out);
	struct m6_header head = r->head;

	if (!dg)
		return;
	head.is_error = true;
	head.status = (uint16_t)((unsigned)code << 8);
	head.offset = r->wire->offset;
	if (m6_packet_encode(&head, "", 0, dg->bytes, sizeof(dg->bytes), &dg->len) != 0)
		r->out->n--;
	else
		sign(r, dg);
}
