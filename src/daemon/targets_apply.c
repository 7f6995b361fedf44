/* SPDX-License-Identifier: BSD-2-Clause */
/* Targets come and go as the configuration says. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "daemon/targets_impl.h"
#include "snmp/persist.h"

/* From the first poll of one target to that of the next, and of all of them: few are
 * asked at once, many without a burst that nobody's buffers would hold. */
#define FIRST_STEP_NS NS_PER_MS
#define FIRST_ALL_NS  NS_PER_S

/* A set in the making. */
struct change {
	const struct target *wanted;
	size_t n_wanted;
	struct member **members; /* in the order of `wanted`; NULL: to be started */
	size_t n_members;        /* of these that are there in the end */
	struct member **by_name;
	int64_t *due_ns;
	bool *is_taken; /* places that those who stay have, below n_wanted */
	size_t place;   /* no place below is free */
	int64_t now_ns; /* of the next first poll */
	int64_t step_ns;
};

static void
on_record(void *ctx)
{
	whole_changed(ctx);
}

/* There are as many places as targets, so that one is free. */
static size_t
take_place(struct change *c)
{
	while (c->is_taken[c->place])
		c->place++;
	c->is_taken[c->place] = true;
	return c->place;
}

static struct member *
member_new(struct targets *ts, struct change *c, const struct target *target)
{
	struct member *m = mem_calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->started_ns = c->now_ns;
	m->agent.control = persist_control(target->name);
	if (m->agent.control != NULL)
		m->link = link_new(ts->uv, target, ts->log, member_changed, m);
	if (m->link == NULL ||
	    watched_init(&m->watched, ts->watch, link_target(m->link), &m->agent) != 0) {
		link_free(m->link);
		mem_free(m);
		return NULL;
	}
	m->owner = ts;
	m->state = TARGET_UNKNOWN;
	ts->n_in_state[m->state]++;
	m->place = take_place(c);
	link_set_pace(m->link, c->now_ns, m->place);
	c->now_ns += c->step_ns;
	link_on_record(m->link, on_record, m);
	return m;
}

void
member_stop(struct member *m)
{
	m->owner->n_in_state[m->state]--;
	whole_forget(m);
	m->last = snapshot_ref(link_snapshot(m->link));
	link_free(m->link);
	m->link = NULL;
	watched_clear(&m->watched);
}

void
member_free(struct member *m)
{
	snapshot_unref(m->last);
	mem_free(m);
}

/* --- by name ------------------------------------------------------------------------ */

static int
compare(const char *a, const char *b)
{
	return ntp_raw_compare(a, strlen(a), b, strlen(b));
}

static int
compare_members(const void *a, const void *b)
{
	const struct member *x = *(struct member *const *)a;
	const struct member *y = *(struct member *const *)b;

	return compare(link_target(x->link)->name, link_target(y->link)->name);
}

static int
compare_with(const void *name, const void *b)
{
	const struct member *m = *(struct member *const *)b;

	return compare(name, link_target(m->link)->name);
}

struct member *
targets_find(const struct targets *ts, const char *name)
{
	struct member **found;

	if (ts->n_members == 0)
		return NULL;
	found = bsearch(name, ts->by_name, ts->n_members, sizeof(*found), compare_with);
	return found == NULL ? NULL : *found;
}

/* --- the change --------------------------------------------------------------------- */

/* Whoever did not change moves over, with all it has. */
static void
keep(struct targets *ts, struct change *c)
{
	size_t n_new = 0;

	for (size_t i = 0; i < c->n_wanted; i++) {
		struct member *m = targets_find(ts, c->wanted[i].name);

		if (m == NULL || !target_equal(link_target(m->link), &c->wanted[i])) {
			n_new++;
			continue;
		}
		m->stays = true;
		c->members[i] = m;
		if (m->place < c->n_wanted)
			c->is_taken[m->place] = true;
	}
	c->step_ns = FIRST_STEP_NS;
	if (n_new > FIRST_ALL_NS / FIRST_STEP_NS)
		c->step_ns = FIRST_ALL_NS / (int64_t)n_new;
}

/* Their contexts go by and by: each is a message that the master has to answer. */
static void
drop_the_rest(struct targets *ts)
{
	for (size_t i = 0; i < ts->n_members; i++) {
		struct member *m = ts->members[i];

		if (m->stays)
			continue;
		watched_end(&m->watched, targets_room(ts), clock_wall_ns());
		member_stop(m);
		m->next = ts->leaving;
		ts->leaving = m;
	}
	ts->n_members = 0;
}

/* 0, or ERR_NOMEM when not all could be started. */
static int
start_new(struct targets *ts, struct change *c)
{
	size_t n = 0;
	int err = 0;

	for (size_t i = 0; i < c->n_wanted; i++) {
		struct member *m = c->members[i];

		if (m == NULL)
			m = member_new(ts, c, &c->wanted[i]);
		if (m == NULL) {
			err = ERR_NOMEM;
			continue;
		}
		m->stays = false;
		m->index = n;
		c->members[n++] = m;
	}
	c->n_members = n;
	return err;
}

/* Everybody gets a beat and a look at its context. */
static void
take_over(struct targets *ts, struct change *c)
{
	mem_free(ts->members);
	mem_free(ts->by_name);
	mem_free(ts->due_ns);
	ts->members = c->members;
	ts->by_name = c->by_name;
	ts->due_ns = c->due_ns;
	ts->n_members = c->n_members;
	for (size_t i = 0; i < ts->n_members; i++)
		ts->by_name[i] = ts->members[i];
	qsort(ts->by_name, ts->n_members, sizeof(*ts->by_name), compare_members);
	ts->whole.is_stale = true;
	ts->beat_ns = 0;
	ts->register_ns = 0;
}

static bool
make_room(struct change *c)
{
	c->members = mem_calloc(c->n_wanted, sizeof(*c->members));
	c->by_name = mem_calloc(c->n_wanted, sizeof(*c->by_name));
	c->due_ns = mem_calloc(c->n_wanted, sizeof(*c->due_ns));
	c->is_taken = mem_calloc(c->n_wanted, sizeof(*c->is_taken));
	if (c->members != NULL && c->by_name != NULL && c->due_ns != NULL &&
	    c->is_taken != NULL)
		return true;
	mem_free(c->members);
	mem_free(c->by_name);
	mem_free(c->due_ns);
	mem_free(c->is_taken);
	return false;
}

int
targets_apply(struct targets *ts, const struct target *wanted, size_t n_wanted,
    int64_t now_ns)
{
	struct change c = { .wanted = wanted, .n_wanted = n_wanted, .now_ns = now_ns };
	int err;

	if (!make_room(&c))
		return ERR_NOMEM;
	keep(ts, &c);
	drop_the_rest(ts);
	err = start_new(ts, &c);
	take_over(ts, &c);
	mem_free(c.is_taken);
	return err;
}
