/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that runs out on command: ours (base/mem.h), OpenSSL's and libuv's by their own
 * hooks, and what the Net-SNMP functions of ALLOC_FAIL_LINK allocate, counted together.
 * For programs linked with $(ALLOC_FAIL_LINK). */
#ifndef SUPPORT_ALLOC_FAIL_H
#define SUPPORT_ALLOC_FAIL_H

#include <stdbool.h>

enum alloc_fail_kind {
	ALLOC_FAIL_ONCE,     /* one allocation */
	ALLOC_FAIL_FROM_ONE, /* it, and all behind it */
	ALLOC_FAIL_KINDS
};

/* Before anything else is done with OpenSSL or libuv. */
void alloc_fail_start(void);

/* From now on the n-th allocation (1...) fails. */
void alloc_fail_at(unsigned n, enum alloc_fail_kind kind);
/* Memory is there again. Whether it was missing since. */
bool alloc_fail_end(void);
/* Blocks of ours that were not given back. */
long alloc_fail_outstanding(void);

/* Calls `scenario` with each kind, for n = 1, 1 + step, ... until nothing fails any more;
 * step is the one given, or what the environment has in ALLOC_STEP. The scenario calls
 * alloc_fail_at() with what it is given, when it is ready, and ends with
 * alloc_fail_end(), whose result it returns. Demands that it leaves as many blocks as it
 * found. Returns how often something failed. */
struct alloc_case {
	unsigned n;
	enum alloc_fail_kind kind;
};
typedef bool alloc_fail_fn(void *ctx, const struct alloc_case *c);
unsigned alloc_fail_each(unsigned step, alloc_fail_fn *scenario, void *ctx);

#endif
