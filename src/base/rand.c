/* SPDX-License-Identifier: BSD-2-Clause */
/* Random numbers from getrandom(2). */
#include "base/rand.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>

uint32_t
rand_kernel(void *ctx)
{
	uint32_t value = 0;
	ssize_t n;

	(void)ctx;
	do
		n = getrandom(&value, sizeof(value), 0);
	while (n < 0 && errno == EINTR);
	/* Requests this small are never cut short, so anything else is a kernel without
	 * the call. To go on with predictable numbers would be worse than to stop. */
	if (n != (ssize_t)sizeof(value))
		abort();
	return value;
}
