/* SPDX-License-Identifier: BSD-2-Clause */
/* Targets come and go as the configuration says. */
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
	struct member *
	    *members;   /* in the order of `wanted`; NULL: could not be started */
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
	m->place = take_place(c);
	link_set_pace(m->link, c->now_ns, m->place);
	c->now_ns += c->step_ns;
	link_on_record(m->link, on_record, m);
	return m;
}

void
member_free(struct member *m)
{
	whole_forget(m);
	link_free(m->link);
	watched_clear(&m->watched);
	mem_free(m);
}

static struct member *
take_equal(struct targets *ts, const struct target *wanted)
{
	for (size_t i = 0; i < ts->n_members; i++) {
		struct member *m = ts->members[i];

		if (m == NULL || !target_equal(link_target(m->link), wanted))
			continue;
		ts->members[i] = NULL;
		return m;
	}
	return NULL;
}

/* Whoever did not change moves over, with all it has. */
static void
keep(struct targets *ts, struct change *c)
{
	size_t n_new = 0;

	for (size_t i = 0; i < c->n_wanted; i++) {
		struct member *m = take_equal(ts, &c->wanted[i]);

		c->members[i] = m;
		n_new += m == NULL;
		if (m != NULL && m->place < c->n_wanted)
			c->is_taken[m->place] = true;
	}
	c->step_ns = FIRST_STEP_NS;
	if (n_new > FIRST_ALL_NS / FIRST_STEP_NS)
		c->step_ns = FIRST_ALL_NS / (int64_t)n_new;
}

/* Those that go must be gone before a new one asks for their context. */
static void
drop_the_rest(struct targets *ts)
{
	for (size_t i = 0; i < ts->n_members; i++) {
		if (ts->members[i] == NULL)
			continue;
		watched_end(&ts->members[i]->watched, targets_room(ts), clock_wall_ns());
		mib_handler_unregister(ts->members[i]->handler);
		member_free(ts->members[i]);
	}
	mem_free(ts->members);
	ts->members = NULL;
	ts->n_members = 0;
}

/* 0, or ERR_NOMEM when not all could be started. */
static int
start_new(struct targets *ts, struct change *c)
{
	int err = 0;

	ts->n_unregistered = 0;
	for (size_t i = 0; i < c->n_wanted; i++) {
		struct member *m = c->members[i];

		if (m == NULL)
			m = member_new(ts, c, &c->wanted[i]);
		if (m == NULL) {
			err = ERR_NOMEM;
			continue;
		}
		ts->n_unregistered += !m->is_registered;
		c->members[ts->n_members++] = m;
	}
	ts->members = c->members;
	return err;
}

int
targets_apply(struct targets *ts, const struct target *wanted, size_t n_wanted,
    int64_t now_ns)
{
	struct change c = { .wanted = wanted, .n_wanted = n_wanted, .now_ns = now_ns };
	int err = ERR_NOMEM;

	c.members = mem_calloc(n_wanted, sizeof(*c.members));
	c.is_taken = mem_calloc(n_wanted, sizeof(*c.is_taken));
	if (c.members != NULL && c.is_taken != NULL) {
		keep(ts, &c);
		drop_the_rest(ts);
		err = start_new(ts, &c);
		c.members = NULL;
		ts->whole.is_stale = true;
		ts->beat_ns = 0;
	}
	mem_free(c.members);
	mem_free(c.is_taken);
	return err;
}
