/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that runs out on command. */
#include "support/check.h"

#include "support/alloc_fail.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static struct {
	unsigned left; /* until the one that fails; 0: none */
	bool is_for_good, has_failed;
	long outstanding;
} memory;

static bool
fails(void)
{
	if (memory.has_failed && memory.is_for_good && memory.left == 0)
		return true;
	if (memory.left == 0 || --memory.left > 0)
		return false;
	memory.has_failed = true;
	return true;
}

/* --- ours --------------------------------------------------------------------------- */

void *__wrap_mem_calloc(size_t count, size_t size);
void *__wrap_mem_resize(void *old, size_t count, size_t size);
char *__wrap_mem_strndup(const char *text, size_t len);
char *__wrap_mem_strdup(const char *text);
void __wrap_mem_free(void *ptr);
void *__real_mem_calloc(size_t count, size_t size);
void *__real_mem_resize(void *old, size_t count, size_t size);
void __real_mem_free(void *ptr);

void *
__wrap_mem_calloc(size_t count, size_t size)
{
	void *ptr = fails() ? NULL : __real_mem_calloc(count, size);

	memory.outstanding += ptr != NULL;
	return ptr;
}

void *
__wrap_mem_resize(void *old, size_t count, size_t size)
{
	void *ptr = fails() ? NULL : __real_mem_resize(old, count, size);

	memory.outstanding += ptr != NULL && old == NULL;
	return ptr;
}

char *
__wrap_mem_strndup(const char *text, size_t len)
{
	char *copy = __wrap_mem_calloc(len + 1, 1);

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
	memory.outstanding -= ptr != NULL;
	__real_mem_free(ptr);
}

/* --- the libraries' ----------------------------------------------------------------- */

static void *
openssl_malloc(size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : malloc(len);
}

static void *
openssl_realloc(void *old, size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : realloc(old, len);
}

static void
openssl_free(void *ptr, const char *file, int line)
{
	(void)file;
	(void)line;
	free(ptr);
}

static void *
uv_malloc(size_t len)
{
	return fails() ? NULL : malloc(len);
}

/* Never fails: libuv enlarges its table of descriptors by it, and where that fails ends
 * the program itself. */
static void *
uv_realloc(void *old, size_t len)
{
	return realloc(old, len);
}

static void *
uv_calloc(size_t count, size_t size)
{
	return fails() ? NULL : calloc(count, size);
}

/* Net-SNMP has no hook: the functions of it that our code calls, and that say so when
 * they have no memory. */
int __wrap_snmp_set_var_typed_value(netsnmp_variable_list *v, u_char type,
    const void *value, size_t len);
int __real_snmp_set_var_typed_value(netsnmp_variable_list *v, u_char type,
    const void *value, size_t len);
int __wrap_snmp_set_var_objid(netsnmp_variable_list *v, const oid *name, size_t len);
int __real_snmp_set_var_objid(netsnmp_variable_list *v, const oid *name, size_t len);
netsnmp_variable_list *__wrap_snmp_varlist_add_variable(netsnmp_variable_list **list,
    const oid *name, size_t name_len, u_char type, const void *value, size_t len);
netsnmp_variable_list *__real_snmp_varlist_add_variable(netsnmp_variable_list **list,
    const oid *name, size_t name_len, u_char type, const void *value, size_t len);
netsnmp_delegated_cache *__wrap_netsnmp_create_delegated_cache(
    netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests, void *ctx);
netsnmp_delegated_cache *__real_netsnmp_create_delegated_cache(
    netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests, void *ctx);

int
__wrap_snmp_set_var_typed_value(netsnmp_variable_list *v, u_char type, const void *value,
    size_t len)
{
	return fails() ? 1 : __real_snmp_set_var_typed_value(v, type, value, len);
}

int
__wrap_snmp_set_var_objid(netsnmp_variable_list *v, const oid *name, size_t len)
{
	return fails() ? 1 : __real_snmp_set_var_objid(v, name, len);
}

netsnmp_variable_list *
__wrap_snmp_varlist_add_variable(netsnmp_variable_list **list, const oid *name,
    size_t name_len, u_char type, const void *value, size_t len)
{
	return fails()
	    ? NULL
	    : __real_snmp_varlist_add_variable(list, name, name_len, type, value, len);
}

netsnmp_delegated_cache *
__wrap_netsnmp_create_delegated_cache(netsnmp_mib_handler *handler,
    netsnmp_handler_registration *registration, netsnmp_agent_request_info *info,
    netsnmp_request_info *requests, void *ctx)
{
	return fails() ? NULL
		       : __real_netsnmp_create_delegated_cache(handler, registration,
			     info, requests, ctx);
}

void
alloc_fail_start(void)
{
	assert_int_equal(
	    CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free), 1);
	assert_int_equal(uv_replace_allocator(uv_malloc, uv_realloc, uv_calloc, free), 0);
}

/* --- when --------------------------------------------------------------------------- */

void
alloc_fail_at(unsigned n, enum alloc_fail_kind kind)
{
	memory.left = n;
	memory.is_for_good = kind == ALLOC_FAIL_FROM_ONE;
	memory.has_failed = false;
}

bool
alloc_fail_end(void)
{
	memory.left = 0;
	memory.is_for_good = false;
	return memory.has_failed;
}

long
alloc_fail_outstanding(void)
{
	return memory.outstanding;
}

static unsigned
step_of(unsigned otherwise)
{
	const char *text = getenv("ALLOC_STEP");
	unsigned long step = text ? strtoul(text, NULL, 10) : 0;

	return step > 0 ? (unsigned)step : otherwise;
}

unsigned
alloc_fail_each(unsigned step, alloc_fail_fn *scenario, void *ctx)
{
	unsigned n_failed = 0;

	step = step_of(step);
	for (int kind = 0; kind < ALLOC_FAIL_KINDS; kind++) {
		struct alloc_case c = { 1, (enum alloc_fail_kind)kind };

		for (;; c.n += step) {
			long before = memory.outstanding;
			bool has_failed = scenario(ctx, &c);

			if (memory.outstanding != before)
				fail_msg("allocation %u: %ld blocks were left", c.n,
				    memory.outstanding - before);
			if (!has_failed)
				break;
			n_failed++;
		}
	}
	printf("%u failures\n", n_failed);
	return n_failed;
}
