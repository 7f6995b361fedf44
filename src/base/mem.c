/* SPDX-License-Identifier: BSD-2-Clause */
/* The allocator behind one door. */
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool
overflows(size_t count, size_t size)
{
	return size != 0 && count > SIZE_MAX / size;
}

void *
mem_calloc(size_t count, size_t size)
{
	if (overflows(count, size))
		return NULL;
	/* What the C library does with zero bytes is its own choice; NULL means failure
	 * here, so there is always one byte at least. */
	if (count == 0 || size == 0)
		return calloc(1, 1);
	return calloc(count, size);
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	if (overflows(count, size))
		return NULL;
	/* realloc to zero bytes would release `old` and look like a failure. */
	size_t len = count * size;
	return realloc(old, len != 0 ? len : 1);
}

char *
mem_strndup(const char *text, size_t len)
{
	if (len == SIZE_MAX)
		return NULL;
	char *copy = mem_calloc(len + 1, 1);
	if (copy != NULL && len > 0)
		memcpy(copy, text, len);
	return copy;
}

char *
mem_strdup(const char *text)
{
	return mem_strndup(text, strlen(text));
}

void
mem_free(void *ptr)
{
	free(ptr);
}
