/* SPDX-License-Identifier: BSD-2-Clause */
/* Text that leaves the program: made clean for its receiver, always bounded. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies text[0..len) as valid UTF-8 without control characters into out[0..cap): every
 * offending byte becomes '?'. Cuts at a character's edge. Always terminates (cap > 0).
 * Returns the length without the terminator. */
size_t text_utf8(const char *text, size_t len, char *out, size_t cap);
/* text_utf8() would change nothing. */
bool text_is_utf8(const char *text, size_t len);
/* Like text_utf8() for printable ASCII (DisplayString, terminals, logs). */
size_t text_ascii(const char *text, size_t len, char *out, size_t cap);
/* printf into out[0..cap); always terminated; returns the length that is there. */
size_t text_format(char *out, size_t cap, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A decimal of `value` units of 10^-scale with at least `min` and at most `scale`
 * decimals, trailing zeros beyond `min` left out: (-32000, 6, 3) gives "-0.032". */
size_t text_decimal(int64_t value, unsigned scale, unsigned min, char *out, size_t cap);

#endif
