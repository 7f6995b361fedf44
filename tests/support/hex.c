/* SPDX-License-Identifier: BSD-2-Clause */
/* Octets from hexadecimal digits. */
#include "support/hex.h"

#include <string.h>

#include "base/scan.h"
#include "support/check.h"

size_t
hex_bytes(const char *text, uint8_t *out, size_t cap)
{
	size_t len = strlen(text) / 2;

	assert_true(len <= cap && strlen(text) % 2 == 0);
	for (size_t i = 0; i < len; i++) {
		uint32_t value = 0;
		assert_int_equal(scan_hex32(text + 2 * i, 2, &value), 0);
		out[i] = (uint8_t)value;
	}
	return len;
}
