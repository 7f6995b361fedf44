/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers and datagrams of control messages. */
#include "mode6/packet.h"

#include "base/buf.h"
#include "base/err.h"

enum { MODE_CONTROL = 6, PADDING_UNIT = 4 };
enum { BIT_RESPONSE = 0x80, BIT_ERROR = 0x40, BIT_MORE = 0x20, OP_MASK = 0x1f };

static int
decode_header(struct buf *b, struct m6_header *head)
{
	uint8_t first = buf_get_u8(b);
	uint8_t second = buf_get_u8(b);

	head->leap = first >> 6;
	head->version = first >> 3 & 7;
	head->is_response = (second & BIT_RESPONSE) != 0;
	head->is_error = (second & BIT_ERROR) != 0;
	head->has_more = (second & BIT_MORE) != 0;
	head->op = second & OP_MASK;
	head->sequence = buf_get_u16(b);
	head->status = buf_get_u16(b);
	head->assoc = buf_get_u16(b);
	head->offset = buf_get_u16(b);
	head->count = buf_get_u16(b);
	if (buf_failed(b))
		return ERR_TRUNCATED;
	if ((first & 7) != MODE_CONTROL || head->version < M6_VERSION_MIN ||
	    head->version > M6_VERSION_MAX)
		return ERR_PROTOCOL;
	if (head->is_response && head->is_error)
		head->count = 0;
	return head->count > M6_COUNT_MAX ? ERR_TOOBIG : 0;
}

int
m6_packet_decode(const void *bytes, size_t len, struct m6_packet *out)
{
	struct buf b = buf_reader(bytes, len);
	struct m6_packet packet;

	int rc = decode_header(&b, &packet.head);
	if (rc != 0)
		return rc;
	packet.data = buf_get_bytes(&b, packet.head.count);
	if (packet.data == NULL)
		return ERR_TRUNCATED;
	packet.trailer_len = buf_left(&b);
	packet.trailer = buf_get_bytes(&b, packet.trailer_len);
	*out = packet;
	return 0;
}

static void
encode_header(struct buf *b, const struct m6_header *head, uint16_t count)
{
	unsigned flags = (head->is_response ? BIT_RESPONSE : 0U) |
	    (head->is_error ? BIT_ERROR : 0U) | (head->has_more ? BIT_MORE : 0U);

	buf_put_u8(b,
	    (uint8_t)((head->leap & 3U) << 6 | (head->version & 7U) << 3 | MODE_CONTROL));
	buf_put_u8(b, (uint8_t)(flags | (head->op & OP_MASK)));
	buf_put_u16(b, head->sequence);
	buf_put_u16(b, head->status);
	buf_put_u16(b, head->assoc);
	buf_put_u16(b, head->offset);
	buf_put_u16(b, count);
}

int
m6_packet_encode(const struct m6_header *head, const void *data, size_t data_len,
    uint8_t *out, size_t cap, size_t *len_out)
{
	struct buf b = buf_writer(out, cap);

	if (data_len > M6_COUNT_MAX)
		return ERR_TOOBIG;
	encode_header(&b, head, (uint16_t)data_len);
	buf_put_bytes(&b, data, data_len);
	buf_put_padding(&b, PADDING_UNIT);
	if (buf_failed(&b))
		return ERR_FULL;
	*len_out = buf_pos(&b);
	return 0;
}

uint8_t
m6_packet_error_code(const struct m6_header *head)
{
	return (uint8_t)(head->status >> 8);
}

const char *
m6_error_text(uint8_t code)
{
	static const char *const texts[] = {
		[M6_ERROR_UNSPEC] = "unspecified error",
		[M6_ERROR_PERMISSION] = "permission",
		[M6_ERROR_BADFMT] = "bad format",
		[M6_ERROR_BADOP] = "bad opcode",
		[M6_ERROR_BADASSOC] = "unknown association",
		[M6_ERROR_UNKNOWNVAR] = "unknown variable",
		[M6_ERROR_BADVALUE] = "bad value",
		[M6_ERROR_RESTRICT] = "restricted",
	};

	if (code >= sizeof(texts) / sizeof(texts[0]))
		return "unknown error";
	return texts[code];
}

const char *
m6_op_text(uint8_t op)
{
	static const char *const texts[] = {
		[M6_OP_UNSPEC] = "unspec",
		[M6_OP_READSTAT] = "readstat",
		[M6_OP_READVAR] = "readvar",
		[M6_OP_WRITEVAR] = "writevar",
		[M6_OP_READCLOCK] = "readclock",
		[M6_OP_WRITECLOCK] = "writeclock",
		[M6_OP_SETTRAP] = "settrap",
		[M6_OP_ASYNCMSG] = "asyncmsg",
		[M6_OP_CONFIGURE] = "configure",
		[M6_OP_SAVECONFIG] = "saveconfig",
		[M6_OP_READ_MRU] = "readmru",
		[M6_OP_READ_ORDLIST] = "readordlist",
		[M6_OP_REQ_NONCE] = "reqnonce",
		[M6_OP_UNSETTRAP] = "unsettrap",
	};

	return op < sizeof(texts) / sizeof(texts[0]) ? texts[op] : NULL;
}
