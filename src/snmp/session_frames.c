/* SPDX-License-Identifier: BSD-2-Clause */
/* AgentX frames (RFC 2741, section 6.1) in a byte stream. */
#include "snmp/session_frames.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"

/* Header: version, type, flags, reserved; then five words of which the third is the
 * packetID and the last the length of the payload. */
enum {
	AT_TYPE = 1,
	AT_FLAGS = 2,
	AT_PACKET_ID = 12,
	AT_PAYLOAD_LEN = 16,
	PROTOCOL = 1,
	FLAG_NETWORK_ORDER = 0x10,
	REGISTER = 3, /* and Unregister */
	/* Get, GetNext, GetBulk, TestSet, CommitSet, UndoSet, CleanupSet. */
	FIRST_REQUEST = 5,
	LAST_REQUEST = 11,
	NOTIFY = 12,
	RESPONSE = 18
};

static uint32_t
read_word(const uint8_t *header, size_t at)
{
	const uint8_t *p = header + at;

	if ((header[AT_FLAGS] & FLAG_NETWORK_ORDER) != 0)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
		    p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* Masters count up, so nearly every number is beyond all that were. */
static bool
was_seen(const struct session_frames *f, uint32_t id)
{
	if (f->n_seen == 0 || id > f->highest)
		return false;
	for (size_t i = 0; i < f->n_seen; i++)
		if (f->seen[i] == id)
			return true;
	return false;
}

static void
remember(struct session_frames *f, uint32_t id)
{
	if (f->n_seen == 0 || id > f->highest)
		f->highest = id;
	f->seen[f->next_seen] = id;
	f->next_seen = (f->next_seen + 1) % SESSION_FRAMES_SEEN;
	if (f->n_seen < SESSION_FRAMES_SEEN)
		f->n_seen++;
}

static bool
is_repeat(struct session_frames *f)
{
	uint8_t type = f->header[AT_TYPE];
	uint32_t id = read_word(f->header, AT_PACKET_ID);

	if (f->keep_repeats || type < FIRST_REQUEST || type > LAST_REQUEST)
		return false;
	if (was_seen(f, id))
		return true;
	remember(f, id);
	return false;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Returns how many bytes of `in` the header took. */
static size_t
take_header(struct session_frames *f, const uint8_t *in, size_t in_len)
{
	size_t n = smaller(in_len, SESSION_FRAME_HEADER - f->header_len);

	memcpy(f->header + f->header_len, in, n);
	f->header_len += n;
	return n;
}

static void
note_response(struct session_frames *f)
{
	if (f->header[AT_TYPE] == RESPONSE &&
	    read_word(f->header, AT_PACKET_ID) == f->awaited)
		f->is_awaiting = false;
}

/* The header is complete: decides about its frame. */
static int
begin_frame(struct session_frames *f, uint8_t *out, size_t *out_len)
{
	uint32_t payload_len = read_word(f->header, AT_PAYLOAD_LEN);

	if (payload_len > SESSION_FRAME_PAYLOAD_MAX)
		return ERR_TOOBIG;
	f->payload_left = payload_len;
	note_response(f);
	f->skips_payload = is_repeat(f);
	f->header_len = 0;
	if (f->skips_payload) {
		f->n_repeats++;
		return 0;
	}
	memcpy(out + *out_len, f->header, SESSION_FRAME_HEADER);
	*out_len += SESSION_FRAME_HEADER;
	return 0;
}

static size_t
take_payload(struct session_frames *f, const uint8_t *in, size_t in_len, uint8_t *out,
    size_t *out_len)
{
	size_t n = smaller(in_len, f->payload_left);

	f->payload_left -= (uint32_t)n;
	if (f->skips_payload)
		return n;
	memcpy(out + *out_len, in, n);
	*out_len += n;
	return n;
}

int
session_frames_filter(struct session_frames *f, const uint8_t *in, size_t in_len,
    uint8_t *out, size_t *out_len)
{
	size_t used = 0, written = 0;

	while (used < in_len) {
		if (f->payload_left > 0) {
			used += take_payload(f, in + used, in_len - used, out, &written);
			continue;
		}
		used += take_header(f, in + used, in_len - used);
		if (f->header_len < SESSION_FRAME_HEADER)
			break;
		if (begin_frame(f, out, &written) != 0)
			return ERR_TOOBIG;
	}
	*out_len = written;
	return 0;
}

/* Apart from these, what we send are responses, notifications and registrations. */
static bool
is_administrative(uint8_t type)
{
	return type < REGISTER || (type > NOTIFY && type < RESPONSE);
}

bool
session_frames_may_send(struct session_frames *f, const uint8_t *out, size_t out_len)
{
	uint32_t id;

	if (out_len < SESSION_FRAME_HEADER || !is_administrative(out[AT_TYPE]))
		return true;
	id = read_word(out, AT_PACKET_ID);
	if (f->is_awaiting && f->awaited != id)
		return false;
	f->is_awaiting = true;
	f->awaited = id;
	return true;
}

size_t
session_frames_answer(struct session_frames *f, uint8_t *out)
{
	const uint8_t head[] = { PROTOCOL, RESPONSE, FLAG_NETWORK_ORDER, 0 };
	struct buf b = buf_writer(out, SESSION_FRAMES_ANSWER);

	if (!f->is_awaiting || f->header_len > 0 || f->payload_left > 0)
		return 0;
	f->is_awaiting = false;
	buf_put_bytes(&b, head, sizeof(head));
	buf_put_u32(&b, 0); /* whatever session and transaction */
	buf_put_u32(&b, 0);
	buf_put_u32(&b, f->awaited);
	buf_put_u32(&b, SESSION_FRAMES_ANSWER - SESSION_FRAME_HEADER);
	buf_put_u32(&b, 0); /* time, error and index */
	buf_put_u32(&b, 0);
	return buf_pos(&b);
}
