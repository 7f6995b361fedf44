/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers from text that is not trusted: locale-free, length-bounded, exact. */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No number on the wire or in a configuration is longer. */
enum { SCAN_NUMBER_MAX = 64 };

/* Each takes the whole of text[0..len): no blanks around it, nothing behind it. *out is
 * written only on success. 0, ERR_SYNTAX, ERR_RANGE, or ERR_TOOBIG over
 * SCAN_NUMBER_MAX. */
int scan_u64(const char *text, size_t len, uint64_t *out); /* 123 */
int scan_u32(const char *text, size_t len, uint32_t *out);
int scan_i64(const char *text, size_t len, int64_t *out); /* [+-]123 */
int scan_i32(const char *text, size_t len, int32_t *out);
int scan_hex32(const char *text, size_t len, uint32_t *out);  /* 1f, without 0x */
int scan_hexany(const char *text, size_t len, uint64_t *out); /* 0x1f or 31 */
/* A decimal with optional sign, fraction and exponent ("-12.345", "1e-06") times
 * 10^scale as an exact integer. Digits beyond the scale are rounded half away from zero;
 * more than 10^18 units is ERR_RANGE. A point needs a digit behind it, not before it
 * (".5"). scale is 0..12. */
int scan_decimal(const char *text, size_t len, unsigned scale, int64_t *out);

/* Without the blanks (space, tab, CR, LF) at both ends; *len is updated. */
const char *scan_trim(const char *text, size_t *len);
/* Whole text equals the literal `word`. */
bool scan_is(const char *text, size_t len, const char *word);

#endif
