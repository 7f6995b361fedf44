/* SPDX-License-Identifier: BSD-2-Clause */
/* All targets together: the moment that NTP-AGENTX-MIB is read from, and its
 * registration.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "client/writer.h"
#include "daemon/targets_impl.h"
#include "snmp/agentx_mib.h"
#include "snmp/persist.h"
#include "snmp/pins.h"

static void
refresh(void *ctx, const char *target)
{
	const struct member *m = targets_find(ctx, target);

	if (m != NULL)
		link_refresh(m->link);
}

static void
control_set(void *ctx, const char *target)
{
	struct member *m = targets_find(ctx, target);

	if (m == NULL)
		return;
	persist_changed(m->agent.control);
	watched_reconsider(&m->watched);
	member_wake(m);
}

static void
test_notification(void *ctx, const char *target)
{
	struct member *m = targets_find(ctx, target);

	if (m == NULL)
		return;
	watched_test(&m->watched, clock_wall_ns());
	member_wake(m);
}

bool
whole_init(struct targets *ts)
{
	struct whole *w = &ts->whole;

	w->is_stale = true;
	w->about = (struct agentx_agent){
		.version = PACKAGE_VERSION,
		.started_ns = clock_monotonic_ns(),
		.started_wall_ns = clock_wall_ns(),
		.refresh = refresh,
		.control_set = control_set,
		.test = test_notification,
		.ctx = ts,
	};
	w->agent.identity = &w->about;
	w->writes = write_port_of(ts);
	w->nothing = snapshot_new(TARGET_UNKNOWN, 0);
	return w->nothing != NULL;
}

void
whole_clear(struct targets *ts)
{
	fleet_unref(ts->whole.fleet);
	snapshot_unref(ts->whole.nothing);
}

/* The moment that was told last holds a second snapshot of every target that changed
 * since: it is there for want of a new one, but not for long. */
static void
expire(struct whole *w)
{
	if (w->is_stale && clock_monotonic_ns() - w->made_ns > PINS_AGE_MAX_NS)
		w->fleet = fleet_unref(w->fleet);
}

void
whole_changed(struct member *m)
{
	m->part = fleet_target_unref(m->part);
	m->owner->whole.is_stale = true;
	expire(&m->owner->whole);
}

void
whole_forget(struct member *m)
{
	whole_changed(m);
	write_jobs_lose(m->owner, m);
}

static struct fleet_target *
make_part(const struct member *m)
{
	struct writer *writer = link_writer(m->link);
	struct fleet_source from = {
		.target = link_target(m->link),
		.snapshot = link_snapshot(m->link),
		.has_key = m->has_key,
		.control = m->agent.control,
		.watcher = m->watched.notices,
	};

	link_stats(m->link, &from.stats);
	watched_counts(&m->watched, &from.notices);
	from.records = writer_records(writer, &from.n_records);
	return fleet_target_new(&from);
}

/* All parts or nothing: a target must not vanish for want of memory. */
static struct fleet *
make_fleet(struct targets *ts)
{
	struct fleet_target **parts = mem_calloc(ts->n_members, sizeof(*parts));
	struct fleet *fleet = NULL;
	size_t n = 0;

	for (; parts && n < ts->n_members; n++) {
		struct member *m = ts->by_name[n];

		if (!m->part)
			m->part = make_part(m);
		if (!m->part)
			break;
		parts[n] = m->part;
	}
	if (parts && n == ts->n_members)
		fleet = fleet_new(parts, n);
	mem_free(parts);
	return fleet;
}

/* Made when somebody asks, not at each change. Without memory the last one stands, or
 * nothing can be told. */
static void
view_whole(void *ctx, struct mib_view *out)
{
	struct targets *ts = ctx;
	struct whole *w = &ts->whole;

	if (w->is_stale) {
		struct fleet *fresh = make_fleet(ts);

		if (fresh) {
			fleet_unref(w->fleet);
			w->fleet = fresh;
			w->is_stale = false;
			w->made_ns = clock_monotonic_ns();
		}
	}
	w->about.now_ns = clock_monotonic_ns();
	if (w->session != NULL)
		session_queue_stats(w->session, &w->about.queue);
	*out = (struct mib_view){ w->fleet == NULL ? NULL : w->nothing, &w->agent,
		w->fleet };
}

void
targets_whole(struct targets *ts, struct mib_view *out)
{
	view_whole(ts, out);
}

/* Asked for a variable that is not there: it is fetched with the next cycle. */
static void
on_missed(void *ctx, const mib_subid *name, size_t name_len)
{
	struct targets *ts = ctx;
	struct agentx_variable var;
	const struct member *m;

	if (!agentx_variable_of(name, name_len, &var))
		return;
	m = targets_find(ts, var.target);
	if (m != NULL)
		link_want(m->link, var.assoc, var.name, var.name_len);
}

void
targets_register_whole(struct targets *ts, struct session *session)
{
	struct view_port port = {
		.view = view_whole,
		.ctx = ts,
		.missed = on_missed,
		.writes = &ts->whole.writes,
		.session = session,
	};

	ts->whole.session = session;
	ts->whole.handler = mib_handler_register(&agentx_mib, "", &port, ts->log);
}

void
targets_allow_writes(struct targets *ts, const struct m6_keys *keys)
{
	for (size_t i = 0; i < ts->n_members; i++) {
		struct member *m = ts->members[i];

		const struct m6_key *key =
		    m6_keys_find(keys, link_target(m->link)->control_key);

		link_allow_writes(m->link, key);
		if (m->has_key != (key != NULL))
			whole_changed(m);
		m->has_key = key != NULL;
	}
}

void
targets_allow_push(struct targets *ts, const struct m6_keys *keys)
{
	for (size_t i = 0; i < ts->n_members; i++) {
		struct link *l = ts->members[i]->link;

		link_allow_push(l, m6_keys_find(keys, link_target(l)->control_key));
	}
}
