/* SPDX-License-Identifier: BSD-2-Clause */
/* Unpredictable numbers from the kernel. */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include <stddef.h>
#include <stdint.h>

/* The source of random numbers of an object, replaceable in tests. */
typedef uint32_t rand_fn(void *ctx);

/* From getrandom(2); blocks only before the kernel's pool is first filled. ctx unused. */
rand_fn rand_kernel;

enum { RAND_POOL_LEN = 64 }; /* numbers: as many octets as are never cut short */

/* Numbers of the same kind, fetched many at a time. Zeroed: empty. */
struct rand_pool {
	uint32_t numbers[RAND_POOL_LEN];
	size_t n_left;
};
/* ctx is the pool. */
rand_fn rand_pooled;

#endif
