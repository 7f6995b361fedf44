/* SPDX-License-Identifier: BSD-2-Clause */
/* An allocator in place of base/mem.h's, and of OpenSSL's, which can fail and looks into
 * what it is given back. For programs linked with $(MEM_WATCH_LINK). */
#ifndef SUPPORT_MEM_WATCH_H
#define SUPPORT_MEM_WATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Puts OpenSSL's allocations under watch too; before anything else is done with it. */
void mem_watch_openssl(void);

/* From now on the n-th allocation (1...) fails, once, through base/mem.h or in OpenSSL.
 * 0: none. */
void mem_watch_fail(unsigned n);
void mem_watch_fail_openssl(unsigned n);
/* Whether that allocation has failed by now. */
bool mem_watch_failed(void);

/* Looks for secret[0..len) (borrowed; NULL ends it) in everything that is released. */
void mem_watch_secret(const char *secret, size_t len);
/* How often it was found. */
unsigned mem_watch_found(void);
/* How many blocks were released since the secret was named. */
unsigned mem_watch_released(void);

#endif
