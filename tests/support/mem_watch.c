/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks that know their length. */
#include "support/mem_watch.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "support/check.h"

/* In front of each block; keeps what follows aligned for anything. */
union head {
	size_t len;
	max_align_t align;
};

/* Counts down to the allocation that fails. */
struct countdown {
	unsigned left;
	bool has_failed;
};

static struct {
	struct countdown own, openssl;
	const char *secret;
	size_t secret_len;
	unsigned n_found, n_released;
} watch;

static bool
fails_now(struct countdown *c)
{
	if (c->left == 0 || --c->left > 0)
		return false;
	c->has_failed = true;
	return true;
}

static void
release(void *ptr)
{
	if (!ptr)
		return;
	union head *head = (union head *)ptr - 1;
	watch.n_released++;
	if (watch.secret && memmem(ptr, head->len, watch.secret, watch.secret_len))
		watch.n_found++;
	free(head);
}

static void *
reserve(struct countdown *c, size_t len)
{
	if (len > SIZE_MAX / 2 || fails_now(c))
		return NULL;
	union head *head = calloc(1, sizeof(*head) + len);
	if (!head)
		return NULL;
	head->len = len;
	return head + 1;
}

/* Always moves, so that what stays behind is looked at. */
static void *
resize(struct countdown *c, void *old, size_t len)
{
	void *fresh = reserve(c, len);

	if (!fresh || !old)
		return fresh;
	size_t old_len = ((union head *)old - 1)->len;
	memcpy(fresh, old, old_len < len ? old_len : len);
	release(old);
	return fresh;
}

void *__wrap_mem_calloc(size_t count, size_t size);
void *__wrap_mem_resize(void *old, size_t count, size_t size);
char *__wrap_mem_strndup(const char *text, size_t len);
char *__wrap_mem_strdup(const char *text);
void __wrap_mem_free(void *ptr);

void *
__wrap_mem_calloc(size_t count, size_t size)
{
	return reserve(&watch.own, count * size);
}

void *
__wrap_mem_resize(void *old, size_t count, size_t size)
{
	return resize(&watch.own, old, count * size);
}

char *
__wrap_mem_strndup(const char *text, size_t len)
{
	char *copy = reserve(&watch.own, len + 1);

	if (copy && len > 0)
		memcpy(copy, text, len);
	return copy;
}

char *
__wrap_mem_strdup(const char *text)
{
	return __wrap_mem_strndup(text, strlen(text));
}

void
__wrap_mem_free(void *ptr)
{
	release(ptr);
}

static void *
openssl_malloc(size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return reserve(&watch.openssl, len);
}

static void *
openssl_realloc(void *old, size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return resize(&watch.openssl, old, len);
}

static void
openssl_free(void *ptr, const char *file, int line)
{
	(void)file;
	(void)line;
	release(ptr);
}

void
mem_watch_openssl(void)
{
	assert_int_equal(
	    CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free), 1);
}

void
mem_watch_fail(unsigned n)
{
	watch.own = (struct countdown){ .left = n };
}

void
mem_watch_fail_openssl(unsigned n)
{
	watch.openssl = (struct countdown){ .left = n };
}

bool
mem_watch_failed(void)
{
	return watch.own.has_failed || watch.openssl.has_failed;
}

void
mem_watch_secret(const char *secret, size_t len)
{
	watch.secret = secret;
	watch.secret_len = len;
	watch.n_found = 0;
	watch.n_released = 0;
}

unsigned
mem_watch_found(void)
{
	return watch.n_found;
}

unsigned
mem_watch_released(void)
{
	return watch.n_released;
}
