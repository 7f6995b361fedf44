/* SPDX-License-Identifier: BSD-2-Clause */
/* Random numbers from getrandom(2). */
#include "base/rand.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>

/* Requests this small (256 octets) are never cut short, so anything else is a kernel
 * without the call. To go on with predictable numbers would be worse than to stop. */
static void
fill(void *out, size_t len)
{
	ssize_t n;

	do
		n = getrandom(out, len, 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)len)
		abort();
}

uint32_t
rand_kernel(void *ctx)
{
	uint32_t value = 0;

	(void)ctx;
	fill(&value, sizeof(value));
	return value;
}

uint32_t
rand_pooled(void *ctx)
{
	struct rand_pool *pool = ctx;

	if (pool->n_left == 0) {
		fill(pool->numbers, sizeof(pool->numbers));
		pool->n_left = RAND_POOL_LEN;
	}
	return pool->numbers[--pool->n_left];
}
