/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of clients: nonces, and answers that go on where the one before ended. */
#include "sim/sim_mru.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "sim/sim_addr.h"
#include "sim/sim_dialect.h"
#include "sim/sim_fill.h"
#include "sim/sim_ops.h"
#include "sim/sim_vars.h"

enum { NONCE_DIGITS = 24, NONCE_SECONDS = 16, MRU_FRAGS_MAX = 128, MRU_LIMIT_MAX = 256 };
enum { PRIORS_MAX = 16, TAGS_MAX = 8, ITEM_MAX = 128 };

#define NS_PER_S INT64_C(1000000000)

void
sim_clients_free(struct sim_clients *clients)
{
	mem_free(clients->items);
	memset(clients, 0, sizeof(*clients));
}

/* Bits of restrictions: ntp.org has "noepeer" among them, which moved those behind it. */
static uint32_t
restrictions(enum sim_dialect dialect, size_t i)
{
	static const uint32_t rows[][3] = {
		{ 0x390, 0x3d0,
		    0xbd0 }, /* nopeer noquery nomodify notrap, limited, kod */
		{ 0x0c0, 0x0e0, 0x4e0 },
	};
	unsigned kind = i % 16 == 0 ? 2 : i % 4 == 0 ? 1 : 0;

	return rows[dialect == SIM_NTPORG ? 0 : 1][kind];
}

/* The oldest one is number 0; each was heard a second after the one before, the newest
 * one now. Every tenth has an IPv6 address. */
static struct sim_client
invent(const struct sim *s, size_t i, size_t n)
{
	struct sim_client c = { .count = (unsigned)(i % 50) + 1,
		.mode_version = i % 5 == 0 ? 0x1b : 0x23,
		.restrictions = restrictions(s->options.dialect, i),
		.score_milli = (unsigned)(i % 1000) };
	char text[ADDR_TEXT_MAX];
	size_t len;

	if (i % 10 == 9)
		len = text_format(text, sizeof(text), "fd00:aa::%zx:%zx", i >> 16,
		    i & 0xffff);
	else
		len = text_format(text, sizeof(text), "10.%zu.%zu.%zu", i >> 16 & 0xff,
		    i >> 8 & 0xff, i & 0xff);
	(void)addr_parse(text, len, &c.addr);
	c.addr.port = i % 3 == 0 ? 123 : (uint16_t)(1024 + i % 60000);
	c.last_ns = s->now_ns - (int64_t)(n - 1 - i) * NS_PER_S;
	c.first_ns =
	    c.last_ns - (int64_t)(c.count - 1) * (int64_t)(i % 7 + 1) * NS_PER_S / 2;
	return c;
}

int
sim_clients_invent(struct sim *s, size_t n)
{
	struct sim_client *items = mem_calloc(n, sizeof(*items));

	if (!items)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++)
		items[i] = invent(s, i, n);
	sim_clients_free(&s->clients);
	s->clients.items = items;
	s->clients.n = n;
	return 0;
}

/* The client at this place is heard again: it is the newest one now. */
static void
hear_again(struct sim *s, size_t at)
{
	struct sim_clients *list = &s->clients;
	struct sim_client c = list->items[at];

	c.last_ns = list->items[list->n - 1].last_ns + 1000;
	c.count++;
	c.addr.port ^= 1;
	memmove(&list->items[at], &list->items[at + 1],
	    (list->n - at - 1) * sizeof(list->items[0]));
	list->items[list->n - 1] = c;
}

/* What was told just now has changed when the next question comes. */
static void
churn(struct sim *s, size_t end)
{
	if (s->clients.n_churns == 0)
		return;
	s->clients.n_churns--;
	for (size_t i = 0; i < s->clients.churn && i < end; i++)
		hear_again(s, end - 1 - i);
}

/* --- nonces ------------------------------------------------------------------------- */

/* A hash of the client and a time, so that a nonce serves nobody else. */
static uint32_t
nonce_hash(const struct sim *s, const struct addr *from, uint32_t seconds,
    uint32_t fraction)
{
	uint8_t bytes[sizeof(from->bytes) + 14];
	struct buf b = buf_writer(bytes, sizeof(bytes));
	uint32_t hash = UINT32_C(2166136261);

	buf_put_bytes(&b, from->bytes, sizeof(from->bytes));
	buf_put_u16(&b, from->port);
	buf_put_u32(&b, seconds);
	buf_put_u32(&b, fraction);
	buf_put_u32(&b, s->options.seed);
	for (size_t i = 0; i < buf_pos(&b); i++)
		hash = (hash ^ bytes[i]) * UINT32_C(16777619);
	return hash;
}

static void
put_nonce(const struct sim *s, const struct addr *from, struct sim_reply *reply)
{
	char item[64];
	struct sim_text now;
	uint32_t seconds = 0, fraction = 0;
	size_t len;

	sim_fill_stamp(s->now_ns, &now);
	scan_hex32(now.bytes + 2, 8, &seconds);
	scan_hex32(now.bytes + 11, 8, &fraction);
	if (s->options.is_frozen && s->nonce)
		len = text_format(item, sizeof(item), "nonce=%s", s->nonce);
	else
		len = text_format(item, sizeof(item), "nonce=%08x%08x%08x", seconds,
		    fraction, nonce_hash(s, from, seconds, fraction));
	sim_reply_item(reply, item, len);
}

int
sim_answer_nonce(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	put_nonce(s, rq->from, reply);
	return SIM_ANSWERED;
}

static bool
is_valid_nonce(const struct sim *s, const struct addr *from, const char *text, size_t len)
{
	struct sim_text now;
	uint32_t seconds, fraction, hash, now_seconds;

	if (s->options.is_frozen && s->nonce)
		return scan_is(text, len, s->nonce);
	sim_fill_stamp(s->now_ns, &now);
	return len == NONCE_DIGITS && scan_hex32(text, 8, &seconds) == 0 &&
	    scan_hex32(text + 8, 8, &fraction) == 0 &&
	    scan_hex32(text + 16, 8, &hash) == 0 &&
	    scan_hex32(now.bytes + 2, 8, &now_seconds) == 0 &&
	    now_seconds - seconds <= NONCE_SECONDS &&
	    hash == nonce_hash(s, from, seconds, fraction);
}

/* The value of "name=" in "a=1, b=2", or NULL. */
static const char *
find_parameter(const struct sim_asked *rq, const char *name, size_t *len_out)
{
	const char *at = rq->data, *end = at + rq->head.count;

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *item_end = comma ? comma : end;
		size_t len = strlen(name);

		while (at < item_end && *at == ' ')
			at++;
		if ((size_t)(item_end - at) > len && memcmp(at, name, len) == 0 &&
		    at[len] == '=') {
			*len_out = (size_t)(item_end - at) - len - 1;
			return at + len + 1;
		}
		at = comma ? comma + 1 : end;
	}
	return NULL;
}

/* --- the list ----------------------------------------------------------------------- */

/* What is asked for. A value that is no number is as none at all. */
struct wanted {
	uint32_t limit, frags, mincount, resall, resany, maxlstint, minlstint;
};

static bool
read_number(const struct sim_asked *rq, const char *name, uint32_t *out)
{
	size_t len;
	const char *text = find_parameter(rq, name, &len);
	uint64_t number;

	*out = 0;
	if (!text)
		return true;
	if (scan_hexany(text, len, &number) != 0 || number == 0 || number > UINT32_MAX)
		return false;
	*out = (uint32_t)number;
	return true;
}

static bool
read_wanted(const struct sim_asked *rq, struct wanted *w)
{
	if (!read_number(rq, "limit", &w->limit) ||
	    !read_number(rq, "frags", &w->frags) ||
	    !read_number(rq, "mincount", &w->mincount) ||
	    !read_number(rq, "resall", &w->resall) ||
	    !read_number(rq, "resany", &w->resany) ||
	    !read_number(rq, "maxlstint", &w->maxlstint) ||
	    !read_number(rq, "minlstint", &w->minlstint) || w->limit > MRU_LIMIT_MAX ||
	    w->frags > MRU_FRAGS_MAX || w->limit + w->frags == 0)
		return false;
	if (w->limit == 0)
		w->limit = MRU_LIMIT_MAX;
	if (w->frags == 0)
		w->frags = MRU_FRAGS_MAX;
	return true;
}

static void
put_stamp(struct sim_reply *reply, const char *tag, int64_t ns)
{
	struct sim_text stamp;
	char item[ITEM_MAX];

	sim_fill_stamp(ns, &stamp);
	sim_reply_item(reply, item,
	    text_format(item, sizeof(item), "%s=%.*s", tag, (int)stamp.len, stamp.bytes));
}

/* "addr" or "last" of an entry, as it is written. */
static size_t
entry_text(const struct sim_client *c, bool is_addr, char *out, size_t cap)
{
	struct sim_text stamp;

	if (is_addr)
		return addr_format(&c->addr, true, out, cap);
	sim_fill_stamp(c->last_ns, &stamp);
	return text_format(out, cap, "%.*s", (int)stamp.len, stamp.bytes);
}

/* The place of the entry a request names as its `i`th; SIZE_MAX when it is not, or no
 * more, where it was. False when it names none. */
static bool
find_named(const struct sim *s, const struct sim_asked *rq, unsigned i, size_t *at)
{
	char name[16], text[ADDR_TEXT_MAX];
	struct addr addr;
	size_t len;

	*at = SIZE_MAX;
	text_format(name, sizeof(name), "addr.%u", i);
	const char *given = find_parameter(rq, name, &len);
	if (!given || len >= sizeof(text))
		return false;
	text_format(text, sizeof(text), "%.*s", (int)len, given);
	if (sim_addr_parse(text, &addr) != 0)
		return false;
	text_format(name, sizeof(name), "last.%u", i);
	given = find_parameter(rq, name, &len);
	for (size_t j = s->clients.n; given && j-- > 0;) {
		if (!addr_equal(&addr, &s->clients.items[j].addr))
			continue;
		entry_text(&s->clients.items[j], false, text, sizeof(text));
		if (scan_is(given, len, text))
			*at = j;
		break;
	}
	return given != NULL;
}

/* The first of the entries named that is where it was. False when none of them is; *at is
 * SIZE_MAX when none was named. */
static bool
find_prior(const struct sim *s, const struct sim_asked *rq, size_t *at)
{
	unsigned i = 0;

	while (i < PRIORS_MAX && find_named(s, rq, i, at) && *at == SIZE_MAX)
		i++;
	return i == 0 || *at != SIZE_MAX;
}

uint32_t
sim_random(struct sim *s, uint32_t n)
{
	s->random = s->random * UINT32_C(1664525) + UINT32_C(1013904223);
	return (s->random >> 8) % n;
}

/* Three letters that mean nothing, so that no two answers are alike. */
void
sim_put_noise(struct sim *s, struct sim_reply *reply, size_t i)
{
	char item[ITEM_MAX], tag[4];

	for (size_t j = 0; j < 3; j++)
		tag[j] = (char)('H' + sim_random(s, 'z' - 'H' + 1));
	tag[3] = '\0';
	sim_reply_item(reply, item,
	    text_format(item, sizeof(item), "%s.%zu=%u", tag, i,
		sim_random(s, 1U << 23)));
}

void
sim_shuffle(struct sim *s, unsigned *order, size_t n)
{
	for (size_t i = 0; i < n; i++)
		order[i] = (unsigned)i;
	for (size_t i = n; i > 1; i--) {
		size_t j = sim_random(s, (uint32_t)i);
		unsigned other = order[i - 1];

		order[i - 1] = order[j];
		order[j] = other;
	}
}

static void
put_tag(struct sim_reply *reply, const struct sim_client *c, unsigned tag, size_t i)
{
	char item[ITEM_MAX], text[ADDR_TEXT_MAX];
	size_t n = 0;

	switch (tag) {
	case 0:
		entry_text(c, true, text, sizeof(text));
		n = text_format(item, sizeof(item), "addr.%zu=%s", i, text);
		break;
	case 1:
		text_format(item, sizeof(item), "last.%zu", i);
		put_stamp(reply, item, c->last_ns);
		return;
	case 2:
		text_format(item, sizeof(item), "first.%zu", i);
		put_stamp(reply, item, c->first_ns);
		return;
	case 3:
		n = text_format(item, sizeof(item), "ct.%zu=%u", i, c->count);
		break;
	case 4:
		n = text_format(item, sizeof(item), "mv.%zu=%u", i, c->mode_version);
		break;
	case 5:
		n = text_format(item, sizeof(item), "rs.%zu=0x%x", i, c->restrictions);
		break;
	case 6:
		n = text_format(item, sizeof(item), "sc.%zu=%u.%03u", i,
		    c->score_milli / 1000, c->score_milli % 1000);
		break;
	default:
		n = text_format(item, sizeof(item), "dr.%zu=0", i);
		break;
	}
	sim_reply_item(reply, item, n);
}

static void
put_entry(struct sim *s, struct sim_reply *reply, const struct sim_client *c, size_t i)
{
	size_t n = sim_traits(s->options.dialect)->is_ntpsec ? TAGS_MAX : TAGS_MAX - 2;
	unsigned order[TAGS_MAX];

	sim_shuffle(s, order, n);
	for (size_t j = 0; j < n; j++)
		put_tag(reply, c, order[j], i);
}

static bool
is_wanted(const struct sim *s, const struct sim_client *c, const struct wanted *w)
{
	int64_t age = (s->now_ns - c->last_ns) / NS_PER_S;

	return c->count >= w->mincount && (w->resall & ~c->restrictions) == 0 &&
	    (w->resany == 0 || (w->resany & c->restrictions) != 0) &&
	    (w->maxlstint == 0 || age <= (int64_t)w->maxlstint) &&
	    (w->minlstint == 0 || age >= (int64_t)w->minlstint);
}

/* From the oldest to the newest. */
static void
put_list(struct sim *s, struct sim_reply *reply, size_t at, const struct wanted *w)
{
	const struct sim_client *last = NULL;
	size_t n = 0;

	for (; at < s->clients.n && n < w->limit && reply->out->n < w->frags; at++) {
		const struct sim_client *c = &s->clients.items[at];

		if (!is_wanted(s, c, w))
			continue;
		put_entry(s, reply, c, n);
		if (n++ == 0)
			sim_put_noise(s, reply, 0);
		last = c;
	}
	if (at == s->clients.n) {
		if (n > 1)
			sim_put_noise(s, reply, n - 1);
		put_stamp(reply, "now", s->now_ns);
		if (last)
			put_stamp(reply, "last.newest", last->last_ns);
	}
	churn(s, at);
}

int
sim_answer_mru(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	size_t len = 0, at = SIZE_MAX;
	const char *nonce = find_parameter(rq, "nonce", &len);
	char item[ITEM_MAX], text[ADDR_TEXT_MAX];
	struct wanted w;

	if (!nonce || !is_valid_nonce(s, rq->from, nonce, len))
		return SIM_SILENCE;
	if (!read_wanted(rq, &w))
		return M6_ERROR_BADVALUE;
	if (!find_prior(s, rq, &at))
		return M6_ERROR_UNKNOWNVAR;
	if (at != SIZE_MAX) {
		const struct sim_client *prior = &s->clients.items[at];

		put_stamp(reply, "last.older", prior->last_ns);
		entry_text(prior, true, text, sizeof(text));
		sim_reply_item(reply, item,
		    text_format(item, sizeof(item), "addr.older=%s", text));
	}
	put_nonce(s, rq->from, reply);
	/* With a limit of one it is the same entry again. */
	put_list(s, reply, at == SIZE_MAX ? 0 : w.limit > 1 ? at + 1 : at, &w);
	return SIM_ANSWERED;
}

/* --- commands ----------------------------------------------------------------------- */

static const char *
do_clients(struct sim *s, struct sim_command *cmd)
{
	const char *word;
	size_t len;
	uint32_t n;

	if (!sim_next_word(cmd, &word, &len) || scan_u32(word, len, &n) != 0 ||
	    n > SIM_CLIENTS_MAX)
		return "the number of clients is wrong";
	return sim_clients_invent(s, n) == 0 ? NULL : sim_no_memory;
}

static const char *
do_churn(struct sim *s, struct sim_command *cmd)
{
	const char *word;
	size_t len;
	uint32_t n, times;

	if (!sim_next_word(cmd, &word, &len) || scan_u32(word, len, &n) != 0 ||
	    !sim_next_word(cmd, &word, &len) || scan_u32(word, len, &times) != 0)
		return "how many clients, and how often";
	s->clients.churn = n;
	s->clients.n_churns = times;
	return NULL;
}

const struct sim_command_row *
sim_mru_commands(size_t *n_out)
{
	static const struct sim_command_row rows[] = {
		{ "clients", do_clients }, /* N: invents so many */
		/* N TIMES: after each answer the last N of it are heard again */
		{ "clients-churn", do_churn },
	};

	*n_out = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
