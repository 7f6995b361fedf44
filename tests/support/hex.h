/* SPDX-License-Identifier: BSD-2-Clause */
/* Octets written in hexadecimal, for vectors in tests. */
#ifndef SUPPORT_HEX_H
#define SUPPORT_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Fills out[0..cap) from pairs of digits and returns how many octets they are; a test
 * whose text is no hexadecimal, or too long, fails. */
size_t hex_bytes(const char *text, uint8_t *out, size_t cap);

#endif
