/* SPDX-License-Identifier: BSD-2-Clause */
/* The current picture, and one empty picture in reserve so that values can be withdrawn
 * also when memory is out. */
#include "client/store.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

/* Withdrawing is tried again when there was no memory for it. */
#define RETRY_NS NS_PER_S

struct store {
	struct snapshot *current;
	struct snapshot *spare; /* empty; NULL when memory was out */
	int64_t stale_after_ns;
	int64_t published_ns;      /* of the current snapshot */
	int64_t heard_ns;          /* of the last answer */
	int64_t not_before_ns;     /* of the next try to withdraw */
	enum target_state failure; /* since the current snapshot; TARGET_UP none */
	store_change_fn *fn;
	void *ctx;
};

struct store *
store_new(int64_t stale_after_ns, store_change_fn *fn, void *ctx)
{
	struct store *s = mem_calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->current = snapshot_new(TARGET_UNKNOWN, 0);
	if (!s->current) {
		mem_free(s);
		return NULL;
	}
	s->stale_after_ns = stale_after_ns;
	s->failure = TARGET_UP;
	s->fn = fn;
	s->ctx = ctx;
	return s;
}

void
store_free(struct store *s)
{
	if (!s)
		return;
	snapshot_unref(s->current);
	snapshot_unref(s->spare);
	mem_free(s);
}

void
store_set_stale_after(struct store *s, int64_t stale_after_ns)
{
	s->stale_after_ns = stale_after_ns;
}

struct snapshot *
store_current(const struct store *s)
{
	return s->current;
}

static void
replace(struct store *s, struct snapshot *fresh, int64_t now_ns)
{
	struct snapshot *before = s->current;
	struct snapshot *after = snapshot_ref(fresh);

	s->current = fresh;
	s->published_ns = now_ns;
	s->not_before_ns = now_ns;
	s->failure = TARGET_UP;
	if (!s->spare)
		s->spare = snapshot_new(TARGET_UNKNOWN, 0);
	/* What is called may replace the current snapshot again: hold on to both. */
	if (s->fn)
		s->fn(s->ctx, before, after);
	snapshot_unref(before);
	snapshot_unref(after);
}

void
store_publish(struct store *s, struct snapshot *fresh, int64_t now_ns)
{
	replace(s, fresh, now_ns);
}

/* The values go; the state is what is left to say. */
static int
withdraw(struct store *s, enum target_state state, int64_t now_ns, int64_t wall_ns)
{
	struct snapshot *empty = s->spare ? s->spare : snapshot_new(state, 0);

	s->spare = NULL;
	if (!empty)
		return ERR_NOMEM;
	empty->state = state;
	empty->taken_ns = now_ns;
	empty->taken_wall_ns = wall_ns;
	empty->read_ns = now_ns;
	replace(s, empty, now_ns);
	return 0;
}

void
store_keep(struct store *s, int64_t heard_ns)
{
	s->heard_ns = heard_ns;
}

static int64_t
stale_at(const struct store *s)
{
	int64_t limit_ns = s->published_ns + STORE_KEEP_FACTOR * s->stale_after_ns;
	int64_t since_ns = s->published_ns;

	if (s->failure == TARGET_UP && s->heard_ns > since_ns)
		since_ns = s->heard_ns;
	since_ns += s->stale_after_ns;
	return since_ns < limit_ns ? since_ns : limit_ns;
}

static bool
is_stale(const struct store *s, int64_t now_ns)
{
	return now_ns >= stale_at(s);
}

int
store_fail(struct store *s, enum target_state state, int64_t now_ns, int64_t wall_ns)
{
	if (s->current->state == state)
		return 0;
	if (s->current->state == TARGET_UP && state != TARGET_REFUSED) {
		s->failure = state;
		if (!is_stale(s, now_ns))
			return 0;
	}
	return withdraw(s, state, now_ns, wall_ns);
}

int64_t
store_deadline(const struct store *s)
{
	int64_t stale_ns = stale_at(s);

	if (s->current->state != TARGET_UP)
		return CLOCK_NEVER;
	return stale_ns > s->not_before_ns ? stale_ns : s->not_before_ns;
}

void
store_tick(struct store *s, int64_t now_ns, int64_t wall_ns)
{
	enum target_state state = s->failure == TARGET_UP ? TARGET_SILENT : s->failure;

	if (now_ns < store_deadline(s))
		return;
	if (withdraw(s, state, now_ns, wall_ns) != 0)
		s->not_before_ns = now_ns + RETRY_NS;
}
