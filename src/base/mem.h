/* SPDX-License-Identifier: BSD-2-Clause */
/* The only door to the allocator, so that tests can let any allocation fail. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* `count` zeroed objects of `size` bytes, or NULL when memory is out or the product
 * overflows. A count of zero gives a unique pointer. */
void *mem_calloc(size_t count, size_t size);

/* Like realloc for an array: `count` objects of `size`; new space is not cleared. NULL
 * leaves `old` as it was. */
void *mem_resize(void *old, size_t count, size_t size);

/* A terminated copy of `len` bytes, or NULL. */
char *mem_strndup(const char *text, size_t len);
char *mem_strdup(const char *text);

/* Releases what the functions above gave; NULL is allowed. */
void mem_free(void *ptr);

#endif
