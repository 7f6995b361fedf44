/* SPDX-License-Identifier: BSD-2-Clause */
/* A growing array of entries, found by address in a table of their places. Daemons send
 * the list from its oldest entry on; a client that is heard again moves to the end, and
 * comes again with a later time, which replaces what there was. */
#include "query/mru.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/varlist.h"
#include "query/mru_answer.h"

enum { NONCE_MAX = 64, SLOTS_MIN = 1024 };

/* An entry as the daemon wrote it, to say where to go on. */
struct kept {
	char addr[MRU_TEXT_MAX], last[24];
};

struct mru {
	struct mru_filter filter;
	bool is_ntpsec;
	uint32_t limit, limit_max;

	char nonce[NONCE_MAX + 1];
	int64_t nonce_ns; /* when it came */
	struct ntp_stamp now;
	bool is_complete;

	struct mru_entry *entries;
	size_t n, cap;
	uint32_t *slots; /* place of an entry plus one; 0: free */
	size_t n_slots;  /* a power of two, at least twice `cap` */

	struct kept
	    kept[MRU_KEPT_MAX]; /* a ring: the nth that was taken is kept[n % max] */
	size_t n_kept, n_taken;
	size_t kept_from, kept_to; /* those in the request at hand */
	unsigned n_restarts, n_losses, n_stalls, n_answers;
};

struct mru *
mru_new(const struct mru_filter *filter, bool is_ntpsec, uint32_t limit_max)
{
	struct mru *m = mem_calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->filter = *filter;
	m->is_ntpsec = is_ntpsec;
	m->limit_max = limit_max;
	m->limit = limit_max < MRU_LIMIT_START ? limit_max : MRU_LIMIT_START;
	return m;
}

void
mru_free(struct mru *m)
{
	if (!m)
		return;
	mem_free(m->entries);
	mem_free(m->slots);
	mem_free(m);
}

size_t
mru_count(const struct mru *m)
{
	return m->n;
}

const struct mru_entry *
mru_at(const struct mru *m, size_t i)
{
	return &m->entries[i];
}

struct ntp_stamp
mru_now(const struct mru *m)
{
	return m->now;
}

/* --- asking ------------------------------------------------------------------------- */

bool
mru_needs_nonce(const struct mru *m, int64_t now_ns)
{
	return m->nonce[0] == '\0' || now_ns - m->nonce_ns >= MRU_NONCE_AGE_MAX_NS;
}

/* It begins with the daemon's time. */
static bool
set_nonce(struct mru *m, const char *text, size_t len, int64_t now_ns)
{
	enum { DIGITS = 8 };
	struct ntp_stamp now;
	uint32_t digit;

	if (len == 0 || len > NONCE_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (scan_hex32(text + i, 1, &digit) != 0)
			return false;
	memcpy(m->nonce, text, len);
	m->nonce[len] = '\0';
	m->nonce_ns = now_ns;
	if (!m->is_complete && len >= (size_t)2 * DIGITS &&
	    scan_hex32(text, DIGITS, &now.seconds) == 0 &&
	    scan_hex32(text + DIGITS, DIGITS, &now.fraction) == 0)
		m->now = now;
	return true;
}

int
mru_take_nonce(struct mru *m, const char *payload, size_t len, int64_t now_ns)
{
	struct m6_varlist list = m6_varlist_start(payload, len);
	struct m6_var var;

	while (m6_varlist_next(&list, &var))
		if (scan_is(var.name, var.name_len, "nonce") && var.value)
			return set_nonce(m, var.value, var.value_len, now_ns)
			    ? 0
			    : ERR_PROTOCOL;
	return ERR_PROTOCOL;
}

/* Appends item[0..len) if all of it fits. */
static bool
put(char out[M6_REQUEST_MAX], size_t *used, const char *item, size_t len)
{
	if (*used + len > M6_REQUEST_MAX)
		return false;
	memcpy(out + *used, item, len);
	*used += len;
	return true;
}

static void
put_filter(const struct mru *m, char out[M6_REQUEST_MAX], size_t *used)
{
	const struct mru_filter *f = &m->filter;
	const struct {
		const char *name;
		uint32_t value;
		bool is_hex;
	} rows[] = {
		{ "mincount", f->mincount, false },
		{ "resall", f->resall, true },
		{ "resany", f->resany, true },
		{ "maxlstint", f->maxlstint_s, false },
		{ "minlstint", m->is_ntpsec ? f->minlstint_s : 0, false },
	};
	char item[MRU_TEXT_MAX + 16], address[MRU_TEXT_MAX];
	size_t n;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].value == 0)
			continue;
		if (rows[i].is_hex)
			n = text_format(item, sizeof(item), ", %s=0x%x", rows[i].name,
			    rows[i].value);
		else
			n = text_format(item, sizeof(item), ", %s=%u", rows[i].name,
			    rows[i].value);
		(void)put(out, used, item, n);
	}
	if (f->laddr.family == ADDR_NONE)
		return;
	addr_format(&f->laddr, false, address, sizeof(address));
	n = text_format(item, sizeof(item), ", laddr=%s", address);
	(void)put(out, used, item, n);
}

/* The newest but `i` of those that are kept. */
static const struct kept *
kept_at(const struct mru *m, size_t i)
{
	return &m->kept[(m->n_taken - 1 - i) % MRU_KEPT_MAX];
}

/* The entries to go on from, the newest first: the daemon takes the first that still is
 * where it was. */
size_t
mru_request(struct mru *m, char out[M6_REQUEST_MAX])
{
	char item[2 * MRU_TEXT_MAX + 64];
	size_t used = 0, n;

	n = text_format(item, sizeof(item), "nonce=%s, limit=%u", m->nonce, m->limit);
	(void)put(out, &used, item, n);
	put_filter(m, out, &used);
	m->kept_to = m->kept_from;
	for (unsigned i = 0; i < MRU_PRIORS_MAX && m->kept_to < m->n_kept; i++) {
		const struct kept *k = kept_at(m, m->kept_to);

		n = text_format(item, sizeof(item), ", addr.%u=%s, last.%u=%s", i,
		    k->addr, i, k->last);
		if (!put(out, &used, item, n))
			break;
		m->kept_to++;
	}
	return used;
}

int
mru_moved(struct mru *m)
{
	m->kept_from = m->kept_to;
	if (m->kept_from < m->n_kept)
		return 0;
	m->kept_from = m->kept_to = m->n_kept = 0;
	return ++m->n_restarts > MRU_RESTARTS_MAX ? ERR_CONFLICT : 0;
}

int
mru_lost(struct mru *m)
{
	m->nonce[0] = '\0';
	m->limit /= 4;
	if (m->limit < MRU_LIMIT_MIN)
		m->limit = MRU_LIMIT_MIN;
	return ++m->n_losses > MRU_LOSSES_MAX ? ERR_TIMEOUT : 0;
}

/* --- the table ---------------------------------------------------------------------- */

/* An entry is of an address: its port is the last one. */
static bool
is_same_host(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && a->scope == b->scope &&
	    memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static uint32_t
hash(const struct addr *a)
{
	uint32_t h = UINT32_C(2166136261) ^ (uint32_t)a->family ^ a->scope;

	for (size_t i = 0; i < sizeof(a->bytes); i++)
		h = (h ^ a->bytes[i]) * UINT32_C(16777619);
	return h;
}

/* Where the address is, or the free slot where it belongs. */
static uint32_t *
find_slot(const struct mru *m, const struct addr *a)
{
	size_t i = hash(a) & (m->n_slots - 1);

	while (m->slots[i] != 0 && !is_same_host(&m->entries[m->slots[i] - 1].addr, a))
		i = (i + 1) & (m->n_slots - 1);
	return &m->slots[i];
}

static int
grow(struct mru *m)
{
	size_t n_slots = m->n_slots ? 2 * m->n_slots : SLOTS_MIN, cap = n_slots / 2;
	uint32_t *slots = mem_calloc(n_slots, sizeof(*slots));
	struct mru_entry *entries =
	    slots ? mem_resize(m->entries, cap, sizeof(*entries)) : NULL;

	if (!entries) {
		mem_free(slots);
		return ERR_NOMEM;
	}
	mem_free(m->slots);
	m->slots = slots;
	m->n_slots = n_slots;
	m->entries = entries;
	m->cap = cap;
	for (size_t i = 0; i < m->n; i++)
		*find_slot(m, &entries[i].addr) = (uint32_t)(i + 1);
	return 0;
}

/* a - b in units of 2^-32 s, across the end of an era too. */
int64_t
mru_difference(const struct ntp_stamp *a, const struct ntp_stamp *b)
{
	uint64_t left = (uint64_t)a->seconds << 32 | a->fraction;
	uint64_t right = (uint64_t)b->seconds << 32 | b->fraction;

	return (int64_t)(left - right);
}

static int
merge(struct mru *m, const struct mru_entry *e)
{
	if (m->n == m->cap && grow(m) != 0)
		return ERR_NOMEM;
	uint32_t *slot = find_slot(m, &e->addr);
	if (*slot != 0) {
		struct mru_entry *old = &m->entries[*slot - 1];

		if (mru_difference(&e->last, &old->last) > 0)
			*old = *e;
		return 0;
	}
	if (m->n == MRU_ENTRIES_MAX)
		return ERR_TOOBIG;
	m->entries[m->n++] = *e;
	*slot = (uint32_t)m->n;
	return 0;
}

/* --- answers ------------------------------------------------------------------------ */

static void
keep(struct mru *m, const struct m6_var *addr, const struct m6_var *last)
{
	struct kept *k = &m->kept[m->n_taken++ % MRU_KEPT_MAX];

	if (m->n_kept < MRU_KEPT_MAX)
		m->n_kept++;
	text_format(k->addr, sizeof(k->addr), "%.*s", (int)addr->value_len, addr->value);
	text_format(k->last, sizeof(k->last), "%.*s", (int)last->value_len, last->value);
}

static int
take_entries(struct mru *m, const struct mru_answer *a)
{
	enum { NEEDED = MRU_HAS_ADDR | MRU_HAS_LAST };
	int err = 0;

	for (size_t i = 0; i < MRU_LIMIT_MAX && err == 0; i++) {
		if ((a->entries[i].has & NEEDED) != NEEDED)
			continue;
		err = merge(m, &a->entries[i]);
		keep(m, &a->addrs[i], &a->lasts[i]);
	}
	return err;
}

/* Whether the next request is the same as the last one. */
static bool
is_stalled(const struct mru *m, const struct kept *before)
{
	const struct kept *after = m->n_kept > 0 ? kept_at(m, 0) : NULL;

	return !after ||
	    (strcmp(after->addr, before->addr) == 0 &&
		strcmp(after->last, before->last) == 0);
}

static int
take(struct mru *m, const struct mru_answer *a, int64_t now_ns)
{
	struct kept before = { .addr = "" };
	int err;

	if (m->n_kept > 0)
		before = *kept_at(m, 0);
	if (a->nonce.name)
		(void)set_nonce(m, a->nonce.value, a->nonce.value_len, now_ns);
	err = take_entries(m, a);
	m->kept_from = 0;
	m->n_losses = 0;
	m->limit = 2 * m->limit < m->limit_max ? 2 * m->limit : m->limit_max;
	if (err != 0)
		return err;
	if (a->is_end) {
		m->is_complete = true;
		m->now = a->now;
		return MRU_COMPLETE;
	}
	m->n_stalls = is_stalled(m, &before) ? m->n_stalls + 1 : 0;
	return m->n_stalls > MRU_STALLS_MAX || ++m->n_answers > MRU_ANSWERS_MAX
	    ? ERR_PROTOCOL
	    : 0;
}

int
mru_take(struct mru *m, const char *payload, size_t len, int64_t now_ns)
{
	struct mru_answer *a = mem_calloc(1, sizeof(*a));
	int err;

	if (!a)
		return ERR_NOMEM;
	mru_answer_read(a, payload, len);
	err = take(m, a, now_ns);
	mem_free(a);
	return err;
}
