/* SPDX-License-Identifier: BSD-2-Clause */
/* Unpredictable numbers from the kernel. */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include <stdint.h>

/* The source of random numbers of an object, replaceable in tests. */
typedef uint32_t rand_fn(void *ctx);

/* From getrandom(2); blocks only before the kernel's pool is first filled. ctx unused. */
rand_fn rand_kernel;

#endif
