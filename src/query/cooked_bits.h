/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of bits by their names. Private to cooked. */
#ifndef QUERY_COOKED_BITS_H
#define QUERY_COOKED_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mode6/status.h"
#include "query/cooked.h"

/* Each writes the bits and their names to out[0..cap); false when there are bits without
 * a name. */
bool cooked_flash(enum cooked_tests tests, uint32_t bits, char *out, size_t cap);
bool cooked_autokey(enum m6_era era, uint32_t bits, char *out, size_t cap);
bool cooked_cert(enum m6_era era, uint32_t bits, char *out, size_t cap);
bool cooked_fudge(uint32_t bits, char *out, size_t cap);
/* Who wants clients to be remembered. */
bool cooked_monitor(uint32_t bits, char *out, size_t cap);
/* The kernel's clock discipline. */
bool cooked_kernel(uint32_t bits, char *out, size_t cap);
/* Restrictions, by the names of ntp.conf; empty for none. ntp.org's have "noepeer" since
 * 4.2.8p11. */
bool cooked_restrictions(bool has_noepeer, uint32_t bits, char *out, size_t cap);

/* What a kiss code says; "" for one without a meaning of its own. */
const char *cooked_kiss(const char *code, size_t len);

#endif
