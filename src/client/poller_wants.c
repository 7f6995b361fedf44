/* SPDX-License-Identifier: BSD-2-Clause */
/* Names somebody asked for that are in no table: each is asked alone until the daemon has
 * answered to it, and together with others of its object from then on. */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "client/poller_impl.h"
#include "mode6/packet.h"
#include "mode6/varlist.h"

struct want {
	uint16_t assoc;
	bool is_clock;              /* to be asked by READCLOCK */
	bool is_known;              /* the daemon has answered to it */
	unsigned n_misses;          /* cycles in a row without an answer */
	uint64_t wanted;            /* counts up: the lowest was wanted longest ago */
	bool is_fresh;              /* wanted since the last cycle looked */
	int64_t fresh_ns;           /* when one saw that last */
	char name[M6_NAME_MAX + 1]; /* without the clock's prefix */
};

/* One request that is under way; free when its id is 0. */
struct want_ask {
	struct poller *poller;
	uint64_t request;
	uint64_t set;
};

/* Sets of wants are words: bit i is items[i]. */
struct poller_wants {
	struct want items[POLLER_WANTS_MAX];
	struct want_ask asks[POLLER_WANTS_MAX];
	uint64_t used;
	uint64_t rest; /* not asked yet in this cycle */
	uint64_t n_wanted;
};

_Static_assert((int)POLLER_WANTS_MAX <= 64, "a bit per want");

static bool
has(uint64_t set, size_t i)
{
	return (set >> i & 1) != 0;
}

static uint64_t
bit(size_t i)
{
	return UINT64_C(1) << i;
}

/* --- the list ----------------------------------------------------------------------- */

static bool
is_same(const struct want *a, const struct want *b)
{
	return a->assoc == b->assoc && a->is_clock == b->is_clock &&
	    strcmp(a->name, b->name) == 0;
}

/* The want a caller means; false for a name that no request can carry. */
static bool
parse_want(uint16_t assoc, const char *name, size_t len, struct want *out)
{
	static const char prefix[] = NTP_RAW_CLOCK_PREFIX;
	const size_t prefix_len = sizeof(prefix) - 1;
	struct want w = { .assoc = assoc };
	char text[sizeof(w.name)];
	size_t text_len = 0;

	w.is_clock = len >= prefix_len && memcmp(name, prefix, prefix_len) == 0;
	if (w.is_clock) {
		name += prefix_len;
		len -= prefix_len;
	}
	if (len > M6_NAME_MAX)
		return false;
	memcpy(w.name, name, len);
	if (strlen(w.name) != len ||
	    m6_varlist_append(w.name, text, sizeof(text), &text_len) != 0)
		return false;
	*out = w;
	return true;
}

/* Of an association: never asked for, whoever wants it. */
static const char *const withheld[] = {
	/* NTPsec 1.2.2 sends memory it never wrote: the poller asks for them with care.
	 */
	"filtdelay", "filtoffset", "filtdisp", "org", /* see its row */
};

static bool
is_withheld(const struct want *w)
{
	if (w->assoc == 0 || w->is_clock)
		return false;
	for (size_t i = 0; i < sizeof(withheld) / sizeof(withheld[0]); i++)
		if (strcmp(withheld[i], w->name) == 0)
			return true;
	return false;
}

/* Is it read in any case, or known to be unknown? */
static bool
is_row(const struct poller *p, const struct want *w)
{
	enum poller_table table = w->assoc == 0 ? TABLE_SYSTEM : TABLE_PEER;
	const struct dialect *d = &p->lessons[w->is_clock ? TABLE_CLOCK : table].dialect;
	int row = ntp_vars_find(d->table, w->name, strlen(w->name));

	return row >= 0 && dialect_has(d, (size_t)row);
}

/* The place of a want in the list: its own, a free one, or that of the oldest. */
static size_t
place_of(const struct poller_wants *wants, const struct want *w)
{
	size_t best = 0;

	for (size_t i = 0; i < POLLER_WANTS_MAX; i++)
		if (has(wants->used, i) && is_same(&wants->items[i], w))
			return i;
	for (size_t i = 0; i < POLLER_WANTS_MAX; i++) {
		if (!has(wants->used, i))
			return i;
		if (wants->items[i].wanted < wants->items[best].wanted)
			best = i;
	}
	return best;
}

/* Nothing of the running cycle knows it any more. */
static void
drop(struct poller_wants *wants, size_t i)
{
	wants->used &= ~bit(i);
	wants->rest &= ~bit(i);
	for (size_t k = 0; k < POLLER_WANTS_MAX; k++)
		wants->asks[k].set &= ~bit(i);
}

void
poller_want(struct poller *p, uint16_t assoc, const char *name, size_t name_len)
{
	struct want w;
	size_t i;

	if (!parse_want(assoc, name, name_len, &w) || is_withheld(&w) || is_row(p, &w))
		return;
	if (!p->wants)
		p->wants = mem_calloc(1, sizeof(*p->wants));
	if (!p->wants)
		return;
	i = place_of(p->wants, &w);
	if (!has(p->wants->used, i) || !is_same(&p->wants->items[i], &w)) {
		drop(p->wants, i);
		p->wants->items[i] = w;
		p->wants->used |= bit(i);
	}
	p->wants->items[i].wanted = ++p->wants->n_wanted;
	p->wants->items[i].is_fresh = true;
}

void
poller_forget_wants(struct poller *p)
{
	for (size_t i = 0; p->wants && i < POLLER_WANTS_MAX; i++) {
		p->wants->items[i].is_known = false;
		p->wants->items[i].n_misses = 0;
	}
}

/* --- asking ------------------------------------------------------------------------- */

void
poller_abandon_wants(struct poller *p)
{
	for (size_t k = 0; p->wants && k < POLLER_WANTS_MAX; k++) {
		struct want_ask *ask = &p->wants->asks[k];

		if (ask->request != 0)
			m6_client_cancel(p->client, ask->request);
		*ask = (struct want_ask){ 0 };
	}
	if (p->wants)
		p->wants->rest = 0;
}

/* Where the text of a want's object is kept; NULL when there is no such object. */
static struct ntp_raw **
raw_of(struct poller *p, uint16_t assoc)
{
	struct snapshot *s = p->building;
	size_t i;

	if (assoc == 0)
		return &p->system->raw;
	i = snapshot_peer_from(s, assoc);
	return i < s->n_peers && s->peers[i].id == assoc ? &s->peers[i].raw : NULL;
}

static void
miss(struct poller_wants *wants, uint64_t set)
{
	for (size_t i = 0; i < POLLER_WANTS_MAX; i++)
		if (has(set, i))
			wants->items[i].n_misses++;
}

/* The wants to be asked together with items[first], and their names. */
static uint64_t
join(const struct poller_wants *wants, size_t first, char *out, size_t cap,
    size_t *len_out)
{
	const struct want *leader = &wants->items[first];
	uint64_t set = 0;

	*len_out = 0;
	for (size_t i = first; i < POLLER_WANTS_MAX; i++) {
		const struct want *w = &wants->items[i];

		if (!has(wants->rest, i) || w->assoc != leader->assoc ||
		    w->is_clock != leader->is_clock)
			continue;
		if (i != first && !(w->is_known && leader->is_known))
			continue;
		if (m6_varlist_append(w->name, out, cap, len_out) == 0)
			set |= bit(i);
	}
	return set;
}

static struct want_ask *
free_ask(struct poller_wants *wants)
{
	size_t k = 0;

	/* There are as many as wants, and each is in one of them at most. */
	while (wants->asks[k].request != 0)
		k++;
	return &wants->asks[k];
}

static void on_want(void *ctx, uint64_t id, const struct m6_reply *reply);

static void
ask_from(struct poller *p, size_t first)
{
	struct poller_wants *wants = p->wants;
	struct want_ask *ask = free_ask(wants);
	const struct want *leader = &wants->items[first];
	char text[M6_REQUEST_MAX];
	struct m6_request request = {
		.op = leader->is_clock ? M6_OP_READCLOCK : M6_OP_READVAR,
		.assoc = leader->assoc,
		.data = text,
	};

	ask->poller = p;
	ask->set = join(wants, first, text, sizeof(text), &request.len);
	wants->rest &= ~ask->set;
	if (m6_client_submit(p->client, &request, on_want, ask, &ask->request) != 0)
		*ask = (struct want_ask){ 0 };
}

static void
drop_missed(struct poller_wants *wants)
{
	for (size_t i = 0; i < POLLER_WANTS_MAX; i++)
		if (has(wants->used, i) && wants->items[i].n_misses >= POLLER_WANT_CYCLES)
			drop(wants, i);
}

/* Nobody has asked for them for a long time. */
static void
drop_stale(struct poller_wants *wants, int64_t now_ns)
{
	for (size_t i = 0; i < POLLER_WANTS_MAX; i++) {
		struct want *w = &wants->items[i];

		if (w->is_fresh)
			w->fresh_ns = now_ns;
		w->is_fresh = false;
		if (has(wants->used, i) && now_ns - w->fresh_ns >= POLLER_WANT_KEEP_NS)
			drop(wants, i);
	}
}

static bool
is_asking(const struct poller_wants *wants)
{
	for (size_t k = 0; k < POLLER_WANTS_MAX; k++)
		if (wants->asks[k].request != 0)
			return true;
	return false;
}

static void
go_on(struct poller *p, int64_t now_ns)
{
	struct poller_wants *wants = p->wants;

	for (size_t i = 0; i < POLLER_WANTS_MAX; i++) {
		if (!has(wants->rest, i))
			continue;
		if (raw_of(p, wants->items[i].assoc)) {
			ask_from(p, i);
			continue;
		}
		miss(wants, bit(i));
		wants->rest &= ~bit(i);
	}
	if (is_asking(wants))
		return;
	drop_missed(wants);
	poller_succeed(p, now_ns);
}

void
poller_read_wants(struct poller *p, int64_t now_ns)
{
	if (p->wants)
		drop_stale(p->wants, now_ns);
	if (!p->wants || p->wants->used == 0) {
		poller_succeed(p, now_ns);
		return;
	}
	/* All readers have ended: nobody has a place among the peers any more. */
	snapshot_sort_peers(p->building);
	p->wants->rest = p->wants->used;
	go_on(p, now_ns);
}

/* --- answers ------------------------------------------------------------------------ */

/* The want of that name in `set`; NULL when none was asked so. */
static const struct want *
find_want(const struct poller_wants *wants, uint64_t set, const struct m6_var *var)
{
	for (size_t i = 0; i < POLLER_WANTS_MAX; i++) {
		const struct want *w = &wants->items[i];

		if (has(set, i) && strlen(w->name) == var->name_len &&
		    memcmp(w->name, var->name, var->name_len) == 0)
			return w;
	}
	return NULL;
}

static void
take_values(struct poller *p, uint64_t set, const struct m6_reply *reply)
{
	struct m6_varlist list = m6_varlist_start(reply->payload, reply->len);
	struct ntp_raw_maker maker = { 0 };
	const struct want *w = NULL;
	uint16_t assoc = 0;
	struct m6_var var;

	while (m6_varlist_next(&list, &var)) {
		w = find_want(p->wants, set, &var);
		if (!w)
			continue;
		assoc = w->assoc;
		ntp_raw_add(&maker, w->is_clock ? NTP_RAW_CLOCK_PREFIX : "",
		    &(struct ntp_raw_item){ var.name, var.value, var.name_len,
			var.value_len, -1 });
	}
	/* Without memory the object stays as it is. */
	(void)poller_seal(&maker, raw_of(p, assoc));
}

static void
set_known(struct poller_wants *wants, uint64_t set, bool is_known)
{
	for (size_t i = 0; i < POLLER_WANTS_MAX; i++) {
		if (!has(set, i))
			continue;
		wants->items[i].is_known = is_known;
		if (is_known)
			wants->items[i].n_misses = 0;
	}
}

static void
take_answer(struct poller *p, uint64_t set, const struct m6_reply *reply)
{
	bool is_joined = (set & (set - 1)) != 0;

	if (reply->err == 0) {
		set_known(p->wants, set, true);
		take_values(p, set, reply);
	} else if (is_joined && reader_met_unknown_name(reply)) {
		/* One of them is not known any more: each for itself again. */
		set_known(p->wants, set, false);
		p->wants->rest |= set;
	} else {
		miss(p->wants, set);
	}
}

static void
on_want(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct want_ask *ask = ctx;
	struct poller *p = ask->poller;
	uint64_t set = ask->set;

	(void)id;
	*ask = (struct want_ask){ 0 };
	/* A daemon that fell silent is the business of the next cycle. */
	if (reply->err == ERR_REFUSED || poller_is_silent(p, reply))
		poller_abandon_wants(p);
	else if (set != 0)
		take_answer(p, set, reply);
	go_on(p, reply->now_ns);
}
