/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting up, running and taking down a poller for tests. */
#include "support/check.h"

#include "support/poller_bench.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct bench_memory bench_memory = { .until_failure = -1 };

static bool
may_allocate(void)
{
	if (bench_memory.until_failure == 0)
		return false;
	if (bench_memory.until_failure > 0)
		bench_memory.until_failure--;
	return true;
}

void *
mem_calloc(size_t count, size_t size)
{
	if (!may_allocate())
		return NULL;
	bench_memory.outstanding++;
	return calloc(count ? count : 1, size ? size : 1);
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	if (!may_allocate())
		return NULL;
	if (!old)
		bench_memory.outstanding++;
	return realloc(old, count * size + 1);
}

char *
mem_strndup(const char *text, size_t len)
{
	char *copy = mem_calloc(len + 1, 1);

	if (copy)
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
	if (ptr)
		bench_memory.outstanding--;
	free(ptr);
}

void
bench_on_cycle(void *ctx, const struct poller_result *result)
{
	struct poller_bench *b = ctx;

	b->cycles += !result->is_quick;
	b->quick_cycles += result->is_quick;
	b->is_over = b->is_over || !result->is_quick;
	b->is_quick_over = true;
	b->last = *result;
	b->restarts += result->was_restarted;
	if (!result->snapshot) {
		b->failures++;
		return;
	}
	snapshot_unref(b->snapshot);
	b->snapshot = result->snapshot;
}

struct poller_bench *
bench_start(size_t n_assocs, size_t n_clocks)
{
	static struct poller_bench bench;
	struct poller_bench *b = &bench;

	bench_memory.until_failure = -1;
	bench_memory.outstanding = 0;
	memset(b, 0, sizeof(*b));
	fake_init(&b->d);
	fake_set_assocs(&b->d, n_assocs, n_clocks);
	b->poller = poller_new(fake_client(&b->d), BENCH_INTERVAL_NS, bench_on_cycle, b);
	assert_non_null(b->poller);
	b->d.poller = b->poller;
	return b;
}

void
bench_set_interval(struct poller_bench *b, int64_t interval_ns)
{
	poller_free(b->poller);
	b->poller = poller_new(b->d.client, interval_ns, bench_on_cycle, b);
	assert_non_null(b->poller);
	b->d.poller = b->poller;
}

struct poller_bench *
bench_start_steady(size_t n_assocs, size_t n_clocks)
{
	struct poller_bench *b = bench_start(n_assocs, n_clocks);

	bench_good_cycle(b);
	bench_good_cycle(b);
	assert_int_equal(b->quick_cycles, 0);
	return b;
}

struct poller_bench *
bench_start_slow(size_t n_assocs, size_t n_clocks)
{
	struct poller_bench *b = bench_start(n_assocs, n_clocks);

	bench_set_interval(b, 60 * NS_PER_S);
	bench_good_cycle(b);
	return b;
}

void
bench_stop(struct poller_bench *b)
{
	poller_free(b->poller);
	m6_client_free(b->d.client);
	fake_fini(&b->d);
	snapshot_unref(b->snapshot);
	b->snapshot = NULL;
	assert_int_equal(bench_memory.outstanding, 0);
}

size_t
bench_cycle(struct poller_bench *b)
{
	size_t before = b->d.n_requests;

	b->is_over = false;
	assert_true(fake_run_until(&b->d, &b->is_over, 300 * NS_PER_S));
	return b->d.n_requests - before;
}

size_t
bench_good_cycle(struct poller_bench *b)
{
	unsigned failures = b->failures;
	size_t n = bench_cycle(b);

	assert_int_equal(b->failures, failures);
	return n;
}

size_t
bench_quick_cycle(struct poller_bench *b)
{
	size_t before = b->d.n_requests;

	b->is_quick_over = false;
	assert_true(fake_run_until(&b->d, &b->is_quick_over, 300 * NS_PER_S));
	assert_true(b->last.is_quick);
	return b->d.n_requests - before;
}

size_t
bench_hinted_cycle(struct poller_bench *b, uint16_t assoc)
{
	poller_hint(b->poller, assoc);
	return bench_quick_cycle(b);
}

void
bench_run_s(struct poller_bench *b, int64_t seconds)
{
	fake_run(&b->d, seconds * NS_PER_S);
}

const struct ntp_peer *
bench_peer(const struct poller_bench *b, uint16_t id)
{
	const struct ntp_peer *p = snapshot_peer(b->snapshot, id);

	assert_non_null(p);
	return p;
}

size_t
bench_all_turns(struct poller_bench *b)
{
	size_t n = 0;

	for (int i = 0; i < POLLER_SLOW_CYCLES; i++)
		n += bench_good_cycle(b);
	return n;
}
