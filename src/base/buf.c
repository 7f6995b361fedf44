/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounded reading and writing of big-endian fields. */
#include "base/buf.h"

#include <string.h>

/* Stands in for NULL, to which not even zero may be added. */
static const uint8_t no_bytes[1];

struct buf
buf_reader(const void *bytes, size_t len)
{
	return (struct buf){
		.in = bytes != NULL ? bytes : no_bytes,
		.len = bytes != NULL ? len : 0,
	};
}

struct buf
buf_writer(void *bytes, size_t cap)
{
	return (struct buf){ .out = bytes, .len = bytes != NULL ? cap : 0 };
}

/* Moves on by `len` and tells whether that was possible; `is_allowed` is false for
 * reading what is for writing, and the other way round. */
static bool
advance(struct buf *b, bool is_allowed, size_t len)
{
	if (!is_allowed || len > b->len - b->pos)
		b->failed = true;
	if (b->failed)
		return false;
	b->pos += len;
	return true;
}

const uint8_t *
buf_get_bytes(struct buf *b, size_t len)
{
	if (!advance(b, b->in != NULL, len))
		return NULL;
	return b->in + (b->pos - len);
}

static uint32_t
get_number(struct buf *b, size_t len)
{
	const uint8_t *bytes = buf_get_bytes(b, len);
	uint32_t value = 0;

	for (size_t i = 0; bytes != NULL && i < len; i++)
		value = value << 8 | bytes[i];
	return value;
}

uint8_t
buf_get_u8(struct buf *b)
{
	return (uint8_t)get_number(b, 1);
}

uint16_t
buf_get_u16(struct buf *b)
{
	return (uint16_t)get_number(b, 2);
}

uint32_t
buf_get_u32(struct buf *b)
{
	return get_number(b, 4);
}

void
buf_put_bytes(struct buf *b, const void *bytes, size_t len)
{
	if (!advance(b, b->in == NULL, len) || len == 0)
		return;
	memcpy(b->out + (b->pos - len), bytes, len);
}

static void
put_number(struct buf *b, uint32_t value, size_t len)
{
	uint8_t bytes[4];

	for (size_t i = len; i > 0; i--) {
		bytes[i - 1] = (uint8_t)(value & 0xff);
		value >>= 8;
	}
	buf_put_bytes(b, bytes, len);
}

void
buf_put_u8(struct buf *b, uint8_t value)
{
	put_number(b, value, 1);
}

void
buf_put_u16(struct buf *b, uint16_t value)
{
	put_number(b, value, 2);
}

void
buf_put_u32(struct buf *b, uint32_t value)
{
	put_number(b, value, 4);
}

void
buf_put_text(struct buf *b, const char *text)
{
	buf_put_bytes(b, text, strlen(text));
}

void
buf_put_padding(struct buf *b, size_t unit)
{
	while (!b->failed && (b->pos & (unit - 1)) != 0)
		buf_put_u8(b, 0);
}

size_t
buf_pos(const struct buf *b)
{
	return b->pos;
}

size_t
buf_left(const struct buf *b)
{
	/* Zero after an overrun, so that "while something is left" ends. */
	return b->failed ? 0 : b->len - b->pos;
}

bool
buf_failed(const struct buf *b)
{
	return b->failed;
}
