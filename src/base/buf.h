/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded cursor over bytes with a sticky error: read or write a whole header in
 * straight lines, ask once at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* After the first overrun every read gives zero, every write does nothing, and
 * buf_failed() stays true. Fields are private. */
struct buf {
	const uint8_t *in; /* read cursor */
	uint8_t *out;      /* write cursor; NULL for a read-only buf */
	size_t pos, len;
	bool failed;
};

/* Borrows `len` bytes for reading. */
struct buf buf_reader(const void *bytes, size_t len);
/* Borrows `cap` bytes for writing; buf_pos() tells how much is written. */
struct buf buf_writer(void *bytes, size_t cap);

uint8_t buf_get_u8(struct buf *b);
uint16_t buf_get_u16(struct buf *b); /* big-endian */
uint32_t buf_get_u32(struct buf *b);
/* Borrows the next `len` bytes; NULL when there are not so many (sticky). */
const uint8_t *buf_get_bytes(struct buf *b, size_t len);

void buf_put_u8(struct buf *b, uint8_t value);
void buf_put_u16(struct buf *b, uint16_t value);
void buf_put_u32(struct buf *b, uint32_t value);
void buf_put_bytes(struct buf *b, const void *bytes, size_t len);
void buf_put_text(struct buf *b, const char *text); /* without the terminator */
/* Zeros up to the next multiple of `unit` (a power of two) of the position. */
void buf_put_padding(struct buf *b, size_t unit);

size_t buf_pos(const struct buf *b);
size_t buf_left(const struct buf *b);
bool buf_failed(const struct buf *b);

#endif
