/* SPDX-License-Identifier: BSD-2-Clause */
/* List, variables, list: until they agree. */
#include "query/peers.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/peer_status.h"
#include "mode6/packet.h"

/* Names every daemon since 4.2.6 knows, so that an association fits one datagram; who
 * does not know them is asked for what it shows by itself. */
#define NAMES \
	"srcadr,srcport,srchost,dstadr,stratum,refid,reftime,rec,reach,hmode,hpoll," \
	"ppoll,flash,offset,delay,dispersion,jitter"
#define NAMES_NTPSEC NAMES ",ntscookies"
#define SYSTEM_NAMES "version,clock"

enum { ROUNDS_MAX = 3, NAME_SHOWN_MAX = 40 };
_Static_assert((int)VARS_LABEL_MAX < PEERS_NAME_MAX, "a given name fits");

bool
peers_is_shown(uint16_t status, bool wants_all)
{
	struct m6_peer_status s = m6_peer_status(status);

	return wants_all || s.is_configured || s.is_reachable;
}

/* An answer as it comes, while the host works on others. */
static void
take_peer(struct talk_ask *ask, const char *payload, size_t len)
{
	struct m6_varlist list = m6_varlist_start(payload, len);
	struct ntp_peer *p = ask->ctx; /* zeroed */
	struct m6_var var;

	p->id = ask->assoc;
	peer_status_take(p, ask->status);
	while (m6_varlist_next(&list, &var))
		(void)ntp_vars_apply(&ntp_peer_vars, p, var.name, var.name_len, var.value,
		    var.value_len);
}

/* --- the list and the host's own time ----------------------------------------------- */

static void
take_clock(struct peers *out, const struct talk_ask *ask)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	struct m6_var var;

	while (ask->err == 0 && m6_varlist_next(&list, &var))
		if (var.name_len == sizeof("clock") - 1 &&
		    memcmp(var.name, "clock", var.name_len) == 0 && var.value)
			out->has_clock =
			    ntp_stamp_parse(var.value, var.value_len, &out->clock) == 0;
}

static int
read_list(struct query *q, struct peers *out)
{
	struct talk_ask asks[] = {
		{ .op = M6_OP_READSTAT },
		{ .op = M6_OP_READVAR,
		    .data = SYSTEM_NAMES,
		    .len = sizeof(SYSTEM_NAMES) - 1 },
	};
	int err = query_ask(q, asks, 2);

	if (err == 0)
		err = asks[0].err != 0 ? query_failed(q, &asks[0])
				       : query_take_assocs(q, &asks[0]);
	if (err == 0) {
		query_take_version(q, &asks[1]);
		take_clock(out, &asks[1]);
	}
	talk_forget(asks, 2);
	return err;
}

/* --- the associations --------------------------------------------------------------- */

/* What was read of an association; NULL when nothing was. */
static struct ntp_peer *
find(const struct peers *p, uint16_t id)
{
	size_t i = ntp_peers_from(p->items, p->n, id);

	return i < p->n && p->items[i].id == id ? &p->items[i] : NULL;
}

static bool
is_wanted(const struct query *q, size_t i, bool wants_all)
{
	return peers_is_shown(q->assocs[i].status, wants_all);
}

/* Whether the list still says of it what its own answer said. */
static bool
is_current(const struct peers *p, const struct m6_assoc *a)
{
	const struct ntp_peer *peer = find(p, a->id);

	return peer && peer->selection == m6_peer_status(a->status).selection;
}

/* Whether all that the list has was read, and nothing else. */
static bool
is_complete(const struct query *q, bool wants_all, const struct peers *p)
{
	size_t n = 0;

	for (size_t i = 0; i < q->n_assocs; i++) {
		if (!is_wanted(q, i, wants_all))
			continue;
		if (!is_current(p, &q->assocs[i]))
			return false;
		n++;
	}
	return n == p->n;
}

/* What is asked for, and the answers. */
struct round {
	struct talk_ask *asks;  /* by association id */
	struct ntp_peer *fresh; /* as many; those without an answer are zeroed */
	size_t n;
};

static void
plan(const struct query *q, bool wants_all, const struct peers *old, struct round *r)
{
	const char *names = q->is_ntpsec ? NAMES_NTPSEC : NAMES;

	for (size_t i = 0; i < q->n_assocs; i++) {
		if (!is_wanted(q, i, wants_all) || is_current(old, &q->assocs[i]))
			continue;
		r->asks[r->n] = (struct talk_ask){
			.op = M6_OP_READVAR,
			.assoc = q->assocs[i].id,
			.data = names,
			.len = strlen(names),
			.take = take_peer,
			.ctx = &r->fresh[r->n],
		};
		r->n++;
	}
}

/* Those that were refused for a name, once more without names. */
static int
ask_without_names(struct query *q, struct round *r)
{
	struct talk_ask *again = mem_calloc(r->n, sizeof(*again));
	size_t n_again = 0;
	int err = 0;

	if (!again)
		return query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	for (size_t i = 0; i < r->n; i++)
		if (r->asks[i].err == ERR_DAEMON &&
		    r->asks[i].daemon_error == M6_ERROR_UNKNOWNVAR)
			again[n_again++] = (struct talk_ask){ .op = M6_OP_READVAR,
				.assoc = r->asks[i].assoc,
				.take = take_peer,
				.ctx = r->asks[i].ctx };
	if (n_again > 0)
		err = query_ask(q, again, n_again);
	for (size_t i = 0, k = 0; i < r->n && k < n_again; i++)
		if (r->asks[i].assoc == again[k].assoc)
			r->asks[i] = again[k++];
	mem_free(again);
	return err;
}

/* What a vanished association answers is no error; any other failure is. */
static int
first_failure(struct query *q, const struct round *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->asks[i].err != 0 &&
		    (r->asks[i].err != ERR_DAEMON ||
			r->asks[i].daemon_error != M6_ERROR_BADASSOC))
			return query_failed(q, &r->asks[i]);
	return 0;
}

/* The first round is all there is: nothing is copied but what closes a gap. */
static void
adopt(struct peers *p, struct round *r)
{
	mem_free(p->items);
	p->n = 0;
	for (size_t i = 0; i < r->n; i++) {
		if (r->asks[i].err != 0)
			continue;
		if (p->n != i)
			r->fresh[p->n] = r->fresh[i];
		p->n++;
	}
	p->items = r->fresh;
	r->fresh = NULL;
}

/* The associations that are there now: those just asked, and those of before. */
static int
merge(struct query *q, bool wants_all, struct peers *p, const struct round *r)
{
	struct ntp_peer *items = mem_calloc(q->n_assocs, sizeof(*items));
	size_t n_items = 0, k = 0;

	if (!items)
		return query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	for (size_t i = 0; i < q->n_assocs; i++) {
		const struct ntp_peer *old = find(p, q->assocs[i].id);
		bool is_fresh = k < r->n && r->asks[k].assoc == q->assocs[i].id;

		if (is_fresh && r->asks[k].err == 0)
			items[n_items++] = r->fresh[k];
		else if (!is_fresh && old && is_wanted(q, i, wants_all))
			items[n_items++] = *old;
		k += is_fresh;
	}
	mem_free(p->items);
	p->items = items;
	p->n = n_items;
	return 0;
}

static int
ask_round(struct query *q, bool wants_all, struct peers *p, struct round *r)
{
	int err = 0;

	plan(q, wants_all, p, r);
	if (r->n > 0)
		err = query_ask(q, r->asks, r->n);
	if (err == 0)
		err = ask_without_names(q, r);
	if (err == 0)
		err = first_failure(q, r);
	if (err == 0 && p->n == 0)
		adopt(p, r);
	else if (err == 0)
		err = merge(q, wants_all, p, r);
	return err;
}

/* Asks for what is not current; *n_out is how many that were. */
static int
read_round(struct query *q, bool wants_all, struct peers *p, size_t *n_out)
{
	struct round r = { .asks = mem_calloc(q->n_assocs, sizeof(*r.asks)),
		.fresh = mem_calloc(q->n_assocs, sizeof(*r.fresh)) };
	int err;

	if (r.asks && r.fresh)
		err = ask_round(q, wants_all, p, &r);
	else
		err = query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	mem_free(r.asks);
	mem_free(r.fresh);
	*n_out = r.n;
	return err;
}

int
peers_read(struct query *q, bool wants_all, struct peers *out)
{
	struct peers p = { .items = NULL };
	size_t n = 1;
	int err = read_list(q, &p);

	for (int round = 0; err == 0 && n > 0 && round < ROUNDS_MAX; round++) {
		if (is_complete(q, wants_all, &p))
			break;
		err = read_round(q, wants_all, &p, &n);
		if (err == 0 && n > 0)
			err = query_read_assocs(q);
	}
	if (err == 0)
		*out = p;
	else
		peers_free(&p);
	return err;
}

/* --- names -------------------------------------------------------------------------- */

/* Whether its address says who it is: those of clocks and prototypes do not. */
static bool
has_address(const struct ntp_peer *p)
{
	return ntp_peer_has(p, NTP_PEER_SRCADR) && !addr_is_unspecified(&p->srcadr) &&
	    !ntp_peer_is_refclock(p, NULL);
}

static bool
has_given_name(const struct ntp_peer *p)
{
	return ntp_peer_has(p, NTP_PEER_SRCHOST) && p->srchost.len > 0;
}

size_t
peers_host(const struct query *q, const struct ntp_peer *p, const char **out)
{
	const char *name;

	if (has_given_name(p)) {
		*out = p->srchost.bytes;
		return p->srchost.len;
	}
	name = has_address(p) ? names_find(q->names, &p->srcadr) : NULL;
	if (!name)
		return 0;
	*out = name;
	return strlen(name);
}

/* A name from the DNS, which somebody made as long as he liked, must not push the columns
 * of a table away. */
size_t
peers_name(const struct query *q, const struct ntp_peer *p, bool wants_name,
    char out[PEERS_NAME_MAX])
{
	const char *name = "";
	size_t len = wants_name || !has_address(p) ? peers_host(q, p, &name) : 0;
	bool is_cut = len > NAME_SHOWN_MAX && !has_given_name(p);

	if (len == 0 && ntp_peer_has(p, NTP_PEER_SRCADR))
		return addr_format(&p->srcadr, false, out, PEERS_NAME_MAX);
	if (is_cut)
		len = NAME_SHOWN_MAX - 1;
	memcpy(out, name, len);
	if (is_cut)
		out[len++] = '~';
	out[len] = '\0';
	return len;
}

void
peers_look_up(struct query *q, const struct peers *p)
{
	struct addr *addrs;
	size_t n = 0;

	if (!q->names || !q->wants_names || p->n == 0)
		return;
	addrs = mem_calloc(p->n, sizeof(*addrs));
	for (size_t i = 0; addrs && i < p->n; i++)
		if (has_address(&p->items[i]) && !has_given_name(&p->items[i]))
			addrs[n++] = p->items[i].srcadr;
	if (n > 0)
		names_look_up(q->names, addrs, n);
	mem_free(addrs);
}

void
peers_free(struct peers *p)
{
	mem_free(p->items);
	p->items = NULL;
	p->n = 0;
}
