/* SPDX-License-Identifier: BSD-2-Clause */
/* The second half of a cycle: every association, and its clock where it has one. */
#include "base/err.h"
#include "base/mem.h"
#include "client/peer_status.h"
#include "client/poller_impl.h"
#include "mode6/auth.h"
#include "mode6/packet.h"
#include "mode6/status.h"
#include "mode6/varlist.h"

/* Lessons in one cycle that end with all names refused, until that is believed. */
enum { POLLER_BARREN_MAX = 2 };

/* --- one object --------------------------------------------------------------------- */

struct dialect *
reader_dialect(const struct poller_reader *r)
{
	return &r->poller->lessons[r->table].dialect;
}

bool
reader_met_unknown_name(const struct m6_reply *reply)
{
	return reply->err == ERR_DAEMON && reply->daemon_error == M6_ERROR_UNKNOWNVAR;
}

int
reader_ask_next(struct poller_reader *r, m6_reply_fn *fn)
{
	struct poller *p = r->poller;
	char text[M6_REQUEST_MAX];
	struct m6_request request = {
		.op = r->table == TABLE_CLOCK ? M6_OP_READCLOCK : M6_OP_READVAR,
		.assoc = r->table == TABLE_SYSTEM ? 0 : p->building->peers[r->peer].id,
		.data = text,
	};
	int rc;

	rc = dialect_search_next(&r->search, reader_dialect(r), text, sizeof(text),
	    &request.len, &r->asked);
	if (rc <= 0)
		return rc;
	r->epoch = p->lessons[r->table].epoch;
	rc = m6_client_submit(p->client, &request, fn, r, &r->request);
	return rc == 0 ? 1 : rc;
}

/* --- the list ----------------------------------------------------------------------- */

static void
wait_in_queue(struct poller_reader *r)
{
	struct poller *p = r->poller;

	r->next = NULL;
	*p->waiting_end = r;
	p->waiting_end = &r->next;
}

/* Room for n readers. 0 or ERR_NOMEM. */
static int
make_readers(struct poller *p, size_t n)
{
	p->readers = mem_calloc(n, sizeof(*p->readers));
	if (!p->readers)
		return ERR_NOMEM;
	p->n_readers = n;
	return 0;
}

static void
queue_reader(struct poller *p, size_t i, size_t peer)
{
	struct poller_reader *r = &p->readers[i];

	r->poller = p;
	r->peer = peer;
	r->table = TABLE_PEER;
	if (p->building->peers[peer].id != 0)
		wait_in_queue(r);
}

static int
read_all(struct poller *p)
{
	size_t n = p->building->n_peers;

	if (make_readers(p, n) != 0)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++)
		queue_reader(p, i, i);
	return 0;
}

/* As it was, but for what the fresh list says. */
static void
carry_peer(const struct poller *p, struct ntp_peer *peer)
{
	const struct ntp_peer *before = snapshot_peer(p->last, peer->id);
	uint16_t word = peer->status;

	if (!before)
		return;
	*peer = *before;
	ntp_raw_ref(peer->raw);
	peer_status_take(peer, word);
}

/* All are carried on, those that are read until they have answered. */
static int
read_some(struct poller *p)
{
	size_t chosen[POLLER_QUICK_MAX];
	size_t n = poller_quick_choose(p, chosen);

	if (make_readers(p, n) != 0)
		return ERR_NOMEM;
	for (size_t i = 0; i < p->building->n_peers; i++)
		carry_peer(p, &p->building->peers[i]);
	for (size_t i = 0; i < n; i++)
		queue_reader(p, i, chosen[i]);
	return 0;
}

int
poller_prepare_associations(struct poller *p, const struct m6_reply *reply, size_t n)
{
	struct snapshot *s = snapshot_new(TARGET_UP, n);

	if (!s)
		return ERR_NOMEM;
	p->building = s;
	s->taken_ns = p->started_ns;
	s->taken_wall_ns = p->started_wall_ns;
	s->read_ns = p->is_quick ? p->last->read_ns : p->started_ns;
	s->has_peers = true;
	for (size_t i = 0; i < n; i++) {
		struct m6_assoc assoc = m6_assoc_at(reply->payload, i);

		s->peers[i].id = assoc.id;
		peer_status_take(&s->peers[i], assoc.status);
	}
	return p->is_quick ? read_some(p) : read_all(p);
}

/* --- associations and clocks -------------------------------------------------------- */

static struct ntp_peer *
peer_of(const struct poller_reader *r)
{
	return &r->poller->building->peers[r->peer];
}

/* The same association in the cycle before; NULL when there was none. */
static const struct ntp_peer *
peer_before(const struct poller *p, const struct ntp_peer *peer)
{
	const struct ntp_peer *before = p->last ? snapshot_peer(p->last, peer->id) : NULL;

	if (!before || !ntp_peer_has(before, NTP_PEER_SRCADR) ||
	    !addr_equal(&before->srcadr, &peer->srcadr))
		return NULL;
	return before;
}

/* A quick cycle asks for no names it has yet to find out. */
static bool
may_read_clock(const struct poller *p)
{
	const struct dialect *d = &p->lessons[TABLE_CLOCK].dialect;

	return !p->is_quick ||
	    dialect_is_settled(d, dialect_select(d, POLLER_ALL_GROUPS));
}

/* Decides by what was known before whether an association's clock is to be read. */
static bool
wants_clock(struct poller *p, const struct ntp_peer *before, const struct ntp_peer *peer)
{
	if (!may_read_clock(p))
		return false;
	if (!before || poller_clock_has_news(p->system, before, peer))
		return true;
	if (p->is_quick)
		return false;
	if (p->cycle % POLLER_RARE_CYCLES == 0 || poller_clock_is_watched(p, before))
		return true;
	if (ntp_seen_any(&before->clock.seen) || p->clock_retries == 0)
		return false;
	p->clock_retries--;
	return true;
}

/* What was not asked for is what it was before, if it is the same association. Of one
 * that answered nothing, nothing is known. */
static void
keep_rest(struct poller_reader *r)
{
	struct ntp_peer *peer = peer_of(r);
	const struct ntp_peer *before = peer_before(r->poller, peer);

	if (!r->has_answer)
		return;
	ntp_peer_correct(peer, reader_dialect(r)->kinds);
	peer->groups = r->groups;
	if (!before)
		return;
	reader_carry(r, before->groups & ~r->groups, peer, before, before->raw);
	peer->groups |= before->groups;
	if (r->poller->is_quick)
		reader_carry_wanted(r, before->raw);
}

static void
keep_clock(struct poller_reader *r, const struct ntp_peer *before)
{
	if (!before)
		return;
	r->table = TABLE_CLOCK;
	peer_of(r)->clock = before->clock;
	reader_carry(r, POLLER_ALL_GROUPS, &peer_of(r)->clock, &before->clock,
	    before->raw);
}

/* After the association its clock, or what was known of it before. */
static void
go_on_with_clock(struct poller_reader *r)
{
	struct ntp_peer *peer = peer_of(r);
	const struct ntp_peer *before = peer_before(r->poller, peer);

	if (!ntp_peer_is_refclock(peer, NULL))
		return;
	if (!wants_clock(r->poller, before, peer)) {
		keep_clock(r, before);
		return;
	}
	r->table = TABLE_CLOCK;
	wait_in_queue(r);
}

/* The association, or its clock, is done. In a quick cycle silence takes nothing away. */
static void
end_table(struct poller_reader *r)
{
	bool is_kept = r->poller->is_quick && !r->has_answer;

	if (r->table == TABLE_PEER) {
		keep_rest(r);
		if (!is_kept)
			go_on_with_clock(r);
	} else if (is_kept) {
		keep_clock(r, peer_before(r->poller, peer_of(r)));
	}
}

/* An object that refused every name says more about itself than about the names: another
 * one shall teach us, unless it goes on like that. */
static void
end_lesson(struct poller_lesson *lesson, bool has_answer)
{
	lesson->is_learning = false;
	if (has_answer || lesson->n_barren >= POLLER_BARREN_MAX)
		return;
	lesson->n_barren++;
	dialect_forget(&lesson->dialect);
}

/* 0 or ERR_NOMEM. */
static int
end_reader(struct poller_reader *r)
{
	struct poller *p = r->poller;

	if (r->is_learning)
		end_lesson(&p->lessons[r->table], r->has_answer);
	r->is_learning = false;
	p->n_active--;
	end_table(r);
	return poller_seal(&r->maker, &peer_of(r)->raw);
}

/* A name is unknown all of a sudden, though the dialect was settled. False when that was
 * so before in this cycle: then this object is left as it is. */
static bool
relearn(struct poller_reader *r)
{
	struct poller *p = r->poller;
	struct poller_lesson *lesson = &p->lessons[r->table];

	if (r->epoch == lesson->epoch) {
		if (lesson->epoch > 0)
			return false;
		lesson->epoch++;
		dialect_forget(&lesson->dialect);
	}
	p->n_active--;
	wait_in_queue(r);
	return true;
}

static void on_peer(void *ctx, uint64_t id, const struct m6_reply *reply);

/* Goes on with the reader's next list. 0 or ERR_NOMEM. */
static int
continue_reader(struct poller_reader *r)
{
	int rc = reader_ask_next(r, on_peer);

	if (rc == 0 && r->has_later) {
		r->has_later = false;
		dialect_search_start(&r->search,
		    dialect_wanted(reader_dialect(r), NTP_GROUP_FILTERS));
		rc = reader_ask_next(r, on_peer);
	}
	if (rc < 0)
		return rc;
	return rc == 0 ? end_reader(r) : 0;
}

/* What was carried on gives way to what is read. */
static void
make_room(struct poller_reader *r)
{
	struct ntp_peer *peer = peer_of(r);

	ntp_raw_unref(peer->raw);
	*peer = (struct ntp_peer){ .id = peer->id };
}

static void
take_values(struct poller_reader *r, const struct m6_reply *reply)
{
	struct ntp_peer *peer = peer_of(r);

	if (r->table == TABLE_PEER && r->poller->is_quick && !r->has_answer)
		make_room(r);
	if (r->table == TABLE_CLOCK) {
		peer->clock.status = reply->status;
		peer->clock.has_status = true;
		reader_take(r, &peer->clock, reply);
		return;
	}
	peer_status_take(peer, reply->status);
	reader_take(r, peer, reply);
	if (ntp_peer_has(peer, NTP_PEER_SRCADR) && peer->srcadr.family == ADDR_IPV6)
		peer->has_address_hash =
		    m6_address_hash(peer->srcadr.bytes, peer->address_hash);
}

static void
forget_peer(struct poller_reader *r)
{
	struct ntp_peer *peer = peer_of(r);

	ntp_raw_unref(peer->raw);
	*peer = (struct ntp_peer){ 0 };
	ntp_raw_maker_clear(&r->maker);
	r->poller->building->is_torn = true;
}

/* 0 or ERR_NOMEM. */
static int
take_answer(struct poller_reader *r, const struct m6_reply *reply)
{
	if (reply->err == 0) {
		take_values(r, reply);
		r->has_answer = true;
		dialect_search_answer(&r->search, reader_dialect(r), DIALECT_ANSWERED);
		return continue_reader(r);
	}
	/* A quick cycle leaves it to the full one to find out what is known now. */
	if (reader_met_unknown_name(reply) && !r->poller->is_quick) {
		if (!r->is_learning && relearn(r))
			return 0;
		if (r->is_learning) {
			dialect_search_answer(&r->search, reader_dialect(r),
			    DIALECT_REFUSED);
			return continue_reader(r);
		}
	}
	/* It is gone since the list was made; no entry of id 0 survives sorting. */
	if (r->table == TABLE_PEER && reply->err == ERR_DAEMON &&
	    reply->daemon_error == M6_ERROR_BADASSOC)
		forget_peer(r);
	return end_reader(r);
}

bool
poller_is_silent(const struct poller *p, const struct m6_reply *reply)
{
	struct m6_client_stats stats;

	if (reply->err == 0 || reply->err == ERR_DAEMON)
		return false;
	m6_client_stats(p->client, &stats);
	return stats.last_reply_ns <= reply->first_sent_ns;
}

/* A quick cycle, which may read one association only, has the fresh list to tell of in
 * any case; silence is for the full one to judge. */
static bool
gives_up(const struct poller *p, const struct m6_reply *reply)
{
	return reply->err == ERR_NOMEM || reply->err == ERR_REFUSED ||
	    (!p->is_quick && poller_is_silent(p, reply));
}

static void
on_peer(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct poller_reader *r = ctx;
	struct poller *p = r->poller;

	(void)id;
	r->request = 0;
	if (gives_up(p, reply)) {
		poller_fail(p, poller_state_of(reply), reply, reply->err);
		return;
	}
	if (take_answer(r, reply) != 0)
		poller_fail_nomem(p, reply->now_ns);
	else
		poller_read_waiting(p, reply->now_ns);
}

/* May the reader start? While one learns which names are known the others wait. */
static bool
may_start(struct poller *p, struct poller_reader *r, dialect_set wanted)
{
	struct poller_lesson *lesson = &p->lessons[r->table];

	if (dialect_is_settled(&lesson->dialect, wanted))
		return true;
	if (lesson->is_learning)
		return false;
	lesson->is_learning = true;
	r->is_learning = true;
	return true;
}

/* Chooses what is read of the object, and tells the rows. */
static dialect_set
plan_reader(struct poller_reader *r)
{
	struct poller *p = r->poller;
	const struct dialect *d = reader_dialect(r);
	uint16_t id = peer_of(r)->id;
	const struct ntp_peer *before = p->last ? snapshot_peer(p->last, id) : NULL;
	dialect_set wanted, filters;

	r->groups = POLLER_ALL_GROUPS;
	if (r->table == TABLE_PEER && p->is_quick)
		r->groups = POLLER_EVERY_CYCLE;
	else if (r->table == TABLE_PEER && before)
		r->groups = poller_groups_of_peer(p->cycle, id, before->groups);
	wanted = dialect_select(d, r->groups);
	filters = ntp_seen_and(wanted, dialect_group(d, NTP_GROUP_FILTERS));
	r->has_later = false;
	if (!ntp_seen_any(&filters) || poller_trusts_filters(d->kinds))
		return wanted;
	r->has_later = p->cycle == 0 || p->filter_turns > 0;
	return r->has_later ? wanted : ntp_seen_minus(wanted, filters);
}

static void
start_reader(struct poller_reader *r, dialect_set wanted)
{
	struct poller *p = r->poller;

	if (r->has_later) {
		wanted = ntp_seen_minus(wanted,
		    dialect_group(reader_dialect(r), NTP_GROUP_FILTERS));
		p->filter_turns -= p->filter_turns > 0;
	}
	p->n_active++;
	r->has_answer = false;
	dialect_search_start(&r->search, wanted);
}

void
poller_read_waiting(struct poller *p, int64_t now_ns)
{
	while (p->waiting && p->n_active < POLLER_ACTIVE_MAX) {
		struct poller_reader *r = p->waiting;
		dialect_set wanted = plan_reader(r);

		if (!may_start(p, r, wanted))
			break;
		p->waiting = r->next;
		if (!p->waiting)
			p->waiting_end = &p->waiting;
		start_reader(r, wanted);
		if (continue_reader(r) != 0) {
			poller_fail_nomem(p, now_ns);
			return;
		}
	}
	if (p->n_active > 0 || p->waiting)
		return;
	if (p->is_quick)
		poller_succeed(p, now_ns);
	else
		poller_read_wants(p, now_ns);
}
