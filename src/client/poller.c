/* SPDX-License-Identifier: BSD-2-Clause */
/* The cycle: association list and system side by side, then the associations. */
#include "client/poller_impl.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "client/phase.h"
#include "mode6/packet.h"
#include "mode6/varlist.h"

static void begin(struct poller *p, int64_t now_ns, int64_t wall_ns, bool is_quick);

static const struct ntp_var_table *const tables[TABLES] = {
	[TABLE_SYSTEM] = &ntp_system_vars,
	[TABLE_PEER] = &ntp_peer_vars,
	[TABLE_CLOCK] = &ntp_clock_vars,
};

static void
forget_dialects(struct poller *p)
{
	for (size_t i = 0; i < TABLES; i++)
		dialect_forget(&p->lessons[i].dialect);
}

static void
set_kinds(struct poller *p, unsigned kinds)
{
	for (size_t i = 0; i < TABLES; i++)
		p->lessons[i].dialect.kinds = kinds;
}

struct poller *
poller_new(struct m6_client *client, int64_t interval_ns, poller_done_fn *fn, void *ctx)
{
	struct poller *p = mem_calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->client = client;
	p->interval_ns = interval_ns;
	p->due_ns = INT64_MIN;
	p->fn = fn;
	p->ctx = ctx;
	p->wants_identity = true;
	poller_quick_reset(p);
	for (size_t i = 0; i < TABLES; i++)
		dialect_init(&p->lessons[i].dialect, tables[i]);
	return p;
}

void
poller_set_pace(struct poller *p, int64_t first_ns, int64_t phase_ns)
{
	p->due_ns = first_ns;
	p->has_phase = true;
	p->phase_ns = phase_ns;
}

/* --- the frame of a cycle ----------------------------------------------------------- */

static void
cancel(struct poller *p, uint64_t *request)
{
	if (*request != 0)
		m6_client_cancel(p->client, *request);
	*request = 0;
}

/* Stops what is under way and drops what was collected. */
static void
abandon(struct poller *p)
{
	cancel(p, &p->stat_request);
	cancel(p, &p->system_reader.request);
	poller_abandon_wants(p);
	ntp_raw_maker_clear(&p->system_reader.maker);
	if (p->system)
		ntp_raw_unref(p->system->raw);
	mem_free(p->system);
	p->system = NULL;
	for (size_t i = 0; i < p->n_readers; i++) {
		cancel(p, &p->readers[i].request);
		ntp_raw_maker_clear(&p->readers[i].maker);
	}
	mem_free(p->readers);
	p->readers = NULL;
	p->n_readers = 0;
	p->building = snapshot_unref(p->building);
	p->is_running = false;
	p->is_quick = false;
}

void
poller_free(struct poller *p)
{
	if (!p)
		return;
	abandon(p);
	snapshot_unref(p->last);
	mem_free(p->wants);
	mem_free(p);
}

static int64_t
wall_at(const struct poller *p, int64_t now_ns)
{
	return p->started_wall_ns + (now_ns - p->started_ns);
}

/* The next beat that lies ahead: beats that passed while a cycle ran are left out.
 * Without a phase they are counted from the last cycle. */
static void
schedule(struct poller *p, int64_t now_ns)
{
	int64_t phase_ns = p->has_phase ? p->phase_ns : p->started_ns;

	p->due_ns = phase_next(phase_ns, p->interval_ns, p->started_ns, now_ns);
}

void
poller_fail(struct poller *p, enum target_state state, const struct m6_reply *reply,
    int err)
{
	bool is_quick = p->is_quick;
	struct poller_result result = {
		.state = state,
		.err = err,
		.daemon_error = reply->daemon_error,
		.was_restarted = p->was_restarted,
		.now_ns = reply->now_ns,
		.wall_ns = wall_at(p, reply->now_ns),
	};

	abandon(p);
	if (is_quick && state != TARGET_REFUSED) {
		poller_quick_failed(p);
		return;
	}
	p->wants_identity = true;
	p->quick.has_failed = true;
	if (!is_quick)
		schedule(p, reply->now_ns);
	p->fn(p->ctx, &result);
}

void
poller_fail_nomem(struct poller *p, int64_t now_ns)
{
	struct m6_reply reply = { .err = ERR_NOMEM, .now_ns = now_ns };

	poller_fail(p, TARGET_UNKNOWN, &reply, ERR_NOMEM);
}

/* What an error says about the daemon as a whole. */
enum target_state
poller_state_of(const struct m6_reply *reply)
{
	switch (reply->err) {
	case ERR_NOMEM:
	case ERR_BUSY:
		return TARGET_UNKNOWN;
	case ERR_REFUSED:
		return TARGET_REFUSED;
	case ERR_TIMEOUT:
		return TARGET_SILENT;
	case ERR_DAEMON:
		if (reply->daemon_error == M6_ERROR_PERMISSION ||
		    reply->daemon_error == M6_ERROR_RESTRICT)
			return TARGET_DENIED;
		return TARGET_BADANSWERS;
	default:
		return TARGET_BADANSWERS;
	}
}

void
poller_succeed(struct poller *p, int64_t now_ns)
{
	struct snapshot *s = p->building;
	bool is_newly_torn = s->is_torn && (!p->last || !p->last->is_torn);
	struct poller_result result = {
		.snapshot = s,
		.state = TARGET_UP,
		.was_restarted = p->was_restarted,
		.is_quick = p->is_quick,
		.now_ns = now_ns,
		.wall_ns = wall_at(p, now_ns),
	};

	ntp_totals_update(&p->totals, p->system, &s->totals);
	snapshot_give_system(s, p->system);
	p->system = NULL;
	snapshot_sort_peers(s);
	poller_quick_ended(p, poller_note_news(p, s));
	p->building = NULL;
	mem_free(p->readers);
	p->readers = NULL;
	p->n_readers = 0;
	p->is_running = false;
	p->is_quick = false;
	snapshot_unref(p->last);
	p->last = snapshot_ref(s);
	if (!result.is_quick) {
		p->cycle++;
		p->quick.has_failed = false;
		schedule(p, now_ns);
	}
	if (is_newly_torn)
		poller_hurry(p);
	p->fn(p->ctx, &result);
}

/* --- the system --------------------------------------------------------------------- */

/* Is one of the rows in the state of the system? */
static bool
is_in_state(const struct poller *p, dialect_set rows)
{
	const struct dialect *d = &p->lessons[TABLE_SYSTEM].dialect;
	dialect_set both = ntp_seen_and(rows, dialect_group(d, NTP_GROUP_STATE));

	return ntp_seen_any(&both);
}

static bool
has_state(const struct poller *p)
{
	return is_in_state(p, p->system->seen);
}

/* Did the daemon start anew since its uptime was last read? */
static bool
uptime_went_back(const struct poller *p)
{
	uint64_t elapsed_s = (uint64_t)(p->system_uptime_ns - p->uptime_ns) / NS_PER_S;
	uint64_t slack_s = POLLER_UPTIME_SLACK_S + elapsed_s / 16;

	if (!p->has_uptime || !ntp_system_has(p->system, NTP_SYS_SS_UPTIME))
		return false;
	return p->system->ss_uptime_s < p->uptime_s ||
	    p->system->ss_uptime_s - p->uptime_s + slack_s < elapsed_s;
}

static bool
version_changed(const struct poller *p)
{
	const struct ntp_text *before, *after = &p->system->version;

	if (!p->last || !ntp_system_has(p->last->system, NTP_SYS_VERSION) ||
	    !ntp_system_has(p->system, NTP_SYS_VERSION))
		return false;
	before = &p->last->system->version;
	return before->len != after->len ||
	    memcmp(before->bytes, after->bytes, after->len) != 0;
}

/* Forgets what belonged to the daemon before. */
static void
forget_daemon(struct poller *p)
{
	forget_dialects(p);
	set_kinds(p, NTP_KIND_ANY);
	p->has_kinds = false;
	poller_forget_wants(p);
	p->totals = (struct ntp_totals){ 0 };
	p->last = snapshot_unref(p->last);
	p->cycle = 0;
	p->wants_identity = true;
	p->has_uptime = false;
	poller_quick_reset(p);
}

/* The whole cycle again, as a full one. */
static void
begin_anew(struct poller *p, int64_t now_ns)
{
	int64_t wall_ns = wall_at(p, now_ns);

	abandon(p);
	begin(p, now_ns, wall_ns, false);
}

/* Another daemon answered than before: nothing is taken over. */
static void
begin_again(struct poller *p, int64_t now_ns)
{
	forget_daemon(p);
	begin_anew(p, now_ns);
	p->was_restarted = true;
}

static void
note_uptime(struct poller *p)
{
	if (!ntp_system_has(p->system, NTP_SYS_SS_UPTIME))
		return;
	p->has_uptime = true;
	p->uptime_s = p->system->ss_uptime_s;
	p->uptime_ns = p->system_uptime_ns;
}

/* What this cycle did not ask for is what it was before. */
static void
keep_rest(struct poller *p)
{
	struct poller_reader *r = &p->system_reader;
	const struct ntp_system *before = p->last ? p->last->system : NULL;
	uint32_t rest = before ? before->groups & ~r->groups : 0;

	ntp_system_correct(p->system, reader_dialect(r)->kinds);
	if (before)
		reader_carry(r, rest, p->system, before, before->raw);
	if (before && p->is_quick)
		reader_carry_wanted(r, before->raw);
	p->system->groups = (r->groups & ~p->failed_groups) | rest;
	p->wants_identity = false;
}

static void
read_associations(struct poller *p, int64_t now_ns)
{
	if (!p->has_system || !p->building)
		return;
	keep_rest(p);
	if (poller_seal(&p->system_reader.maker, &p->system->raw) != 0) {
		poller_fail_nomem(p, now_ns);
		return;
	}
	poller_read_waiting(p, now_ns);
}

static void
end_system(struct poller *p, const struct m6_reply *reply)
{
	if (!has_state(p)) {
		/* What was learned may be why: next time everything is asked again. */
		dialect_forget(&p->lessons[TABLE_SYSTEM].dialect);
		poller_fail(p, TARGET_BADANSWERS, reply, ERR_PROTOCOL);
		return;
	}
	if (uptime_went_back(p) || version_changed(p)) {
		begin_again(p, reply->now_ns);
		return;
	}
	note_uptime(p);
	p->has_system = true;
	read_associations(p, reply->now_ns);
}

static void on_system(void *ctx, uint64_t id, const struct m6_reply *reply);

/* The system's rows that are still to be read in this cycle. */
static void
search_system(struct poller *p)
{
	struct poller_reader *r = &p->system_reader;
	dialect_set wanted = dialect_select(reader_dialect(r), r->groups);

	dialect_search_start(&r->search, ntp_seen_minus(wanted, p->system->seen));
}

static void
ask_system(struct poller *p, const struct m6_reply *reply)
{
	int rc = reader_ask_next(&p->system_reader, on_system);

	if (rc == 0 && !p->has_kinds) {
		/* The version was read alone: it tells which names are worth asking. */
		p->has_kinds = true;
		set_kinds(p, ntp_system_kinds(p->system));
		search_system(p);
		rc = reader_ask_next(&p->system_reader, on_system);
	}
	if (rc < 0)
		poller_fail_nomem(p, reply->now_ns);
	else if (rc == 0)
		end_system(p, reply);
}

/* A list that cannot be read is a failure of a full cycle only if the state is in it. */
static bool
is_fatal(const struct poller *p, const struct m6_reply *reply)
{
	if (reply->err == ERR_NOMEM || reply->err == ERR_REFUSED || !p->has_kinds ||
	    p->is_quick)
		return true;
	return is_in_state(p, p->system_reader.asked);
}

static void
on_system(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct poller_reader *r = ctx;
	struct poller *p = r->poller;
	struct dialect *d = reader_dialect(r);

	(void)id;
	r->request = 0;
	if (reply->err == 0) {
		/* Other lists may take long; it was read with this one. */
		if (!ntp_system_has(p->system, NTP_SYS_SS_UPTIME))
			p->system_uptime_ns = reply->now_ns;
		reader_take(r, p->system, reply);
		p->system->status = reply->status;
		p->system->has_status = true;
		dialect_search_answer(&r->search, d, DIALECT_ANSWERED);
	} else if (reader_met_unknown_name(reply) && !p->is_quick) {
		dialect_search_answer(&r->search, d, DIALECT_REFUSED);
	} else if (is_fatal(p, reply)) {
		poller_fail(p, poller_state_of(reply), reply, reply->err);
		return;
	} else {
		dialect_search_answer(&r->search, d, DIALECT_FAILED);
		p->failed_groups |= dialect_groups_of(d, &r->asked);
	}
	ask_system(p, reply);
}

/* --- the association list ----------------------------------------------------------- */

static void
on_stat(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct poller *p = ctx;
	int n;

	(void)id;
	p->stat_request = 0;
	if (reply->err != 0) {
		poller_fail(p, poller_state_of(reply), reply, reply->err);
		return;
	}
	n = m6_assoc_count(reply->len);
	if (n < 0) {
		poller_fail(p, TARGET_BADANSWERS, reply, n);
		return;
	}
	if (poller_prepare_associations(p, reply, (size_t)n) != 0) {
		poller_fail_nomem(p, reply->now_ns);
		return;
	}
	if (p->is_quick && p->n_readers > 0 && !poller_quick_can_read(p)) {
		/* The first association there ever was: its names are still unknown. */
		begin_anew(p, reply->now_ns);
		return;
	}
	read_associations(p, reply->now_ns);
}

/* --- the beat ----------------------------------------------------------------------- */

static int
ask_stat(struct poller *p)
{
	struct m6_request request = { .op = M6_OP_READSTAT };

	return m6_client_submit(p->client, &request, on_stat, p, &p->stat_request);
}

static void
plan_system(struct poller *p)
{
	struct poller_reader *r = &p->system_reader;
	struct dialect *d = &p->lessons[TABLE_SYSTEM].dialect;
	uint32_t had = p->last ? p->last->system->groups : 0;
	dialect_set wanted;

	if (p->wants_identity)
		had &= ~(UINT32_C(1) << NTP_GROUP_IDENTITY);
	*r = (struct poller_reader){ .poller = p, .table = TABLE_SYSTEM };
	r->groups =
	    p->is_quick ? POLLER_EVERY_CYCLE : poller_groups_of_system(p->cycle, had);
	wanted = dialect_select(d, r->groups);
	if (!ntp_seen_any(&wanted))
		/* It refused all names, and answered to others than it was asked for. */
		dialect_forget(d);
	if (p->has_kinds || ntp_seen_has(&d->unknown, NTP_SYS_VERSION))
		search_system(p);
	else
		dialect_search_start(&r->search, ntp_seen_of(NTP_SYS_VERSION));
}

static void
begin(struct poller *p, int64_t now_ns, int64_t wall_ns, bool is_quick)
{
	p->is_running = true;
	p->is_quick = is_quick;
	p->was_restarted = false;
	p->started_ns = now_ns;
	p->started_wall_ns = wall_ns;
	p->has_system = false;
	p->system = mem_calloc(1, sizeof(*p->system));
	p->waiting = NULL;
	p->waiting_end = &p->waiting;
	p->n_active = 0;
	p->clock_retries = POLLER_CLOCK_RETRIES;
	p->filter_turns = POLLER_FILTER_TURNS;
	p->failed_groups = 0;
	for (size_t i = 0; i < TABLES; i++) {
		p->lessons[i].epoch = 0;
		p->lessons[i].is_learning = false;
		p->lessons[i].n_barren = 0;
	}
	poller_quick_take_hints(p);
	if (!is_quick && p->cycle % POLLER_RELEARN_CYCLES == 0)
		forget_dialects(p);
	if (!p->system) {
		poller_fail_nomem(p, now_ns);
		return;
	}
	plan_system(p);
	if (ask_stat(p) != 0 || reader_ask_next(&p->system_reader, on_system) <= 0)
		poller_fail_nomem(p, now_ns);
}

void
poller_tick(struct poller *p, int64_t now_ns, int64_t wall_ns)
{
	if (p->is_running && !p->is_quick)
		return;
	if (now_ns >= p->due_ns) {
		abandon(p);
		p->quick.is_spent = false;
		begin(p, now_ns, wall_ns, false);
	} else if (!p->is_running && now_ns >= poller_quick_due(p)) {
		poller_quick_spend(p, now_ns);
		begin(p, now_ns, wall_ns, poller_quick_is_ready(p));
	}
}

int64_t
poller_deadline(const struct poller *p)
{
	int64_t quick_ns;

	if (p->is_running)
		return p->is_quick ? p->due_ns : CLOCK_NEVER;
	quick_ns = poller_quick_due(p);
	return quick_ns < p->due_ns ? quick_ns : p->due_ns;
}

void
poller_hurry(struct poller *p)
{
	p->due_ns = INT64_MIN;
}

void
poller_hurry_by(struct poller *p, int64_t at_ns)
{
	if (at_ns < p->due_ns)
		p->due_ns = at_ns;
}

void
poller_forget(struct poller *p)
{
	abandon(p);
	forget_daemon(p);
}
