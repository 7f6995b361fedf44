/* SPDX-License-Identifier: BSD-2-Clause */
/* The clients a daemon remembers. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "query/command.h"
#include "query/cooked_bits.h"
#include "query/mru.h"
#include "query/query.h"
#include "query/table.h"

/* --- options ------------------------------------------------------------------------ */

struct options {
	struct mru_filter filter;
	bool wants_limited, wants_kod;
	uint32_t limit;
	enum mru_order order;
	bool is_reversed;
};

static bool
read_order(const char *text, size_t len, struct options *o)
{
	static const char *const orders[] = {
		[MRU_BY_LSTINT] = "lstint",
		[MRU_BY_AVGINT] = "avgint",
		[MRU_BY_ADDR] = "addr",
		[MRU_BY_COUNT] = "count",
		[MRU_BY_SCORE] = "score",
		[MRU_BY_DROP] = "drop",
	};

	o->is_reversed = len > 0 && text[0] == '-';
	if (o->is_reversed) {
		text++;
		len--;
	}
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (scan_is(text, len, orders[i])) {
			o->order = (enum mru_order)i;
			return true;
		}
	return false;
}

static bool
read_bits(const char *text, size_t len, uint32_t *out)
{
	uint64_t bits;

	if (scan_hexany(text, len, &bits) != 0 || bits == 0 || bits > UINT16_MAX)
		return false;
	*out = (uint32_t)bits;
	return true;
}

/* "name=value"; false when the name is none, or the value wrong. */
static bool
read_setting(const char *name, size_t name_len, const char *text, size_t len,
    struct options *o)
{
	if (scan_is(name, name_len, "mincount"))
		return scan_u32(text, len, &o->filter.mincount) == 0;
	if (scan_is(name, name_len, "maxlstint"))
		return scan_u32(text, len, &o->filter.maxlstint_s) == 0;
	if (scan_is(name, name_len, "minlstint"))
		return scan_u32(text, len, &o->filter.minlstint_s) == 0;
	if (scan_is(name, name_len, "laddr"))
		return !addr_names_zone(text, len) &&
		    addr_parse(text, len, &o->filter.laddr) == 0;
	if (scan_is(name, name_len, "resall"))
		return read_bits(text, len, &o->filter.resall);
	if (scan_is(name, name_len, "resany"))
		return read_bits(text, len, &o->filter.resany);
	if (scan_is(name, name_len, "sort"))
		return read_order(text, len, o);
	if (scan_is(name, name_len, "limit"))
		return scan_u32(text, len, &o->limit) == 0 && o->limit >= MRU_LIMIT_MIN &&
		    o->limit <= MRU_LIMIT_MAX;
	return false;
}

static bool
read_option(const char *text, size_t len, struct options *o)
{
	const char *equals = memchr(text, '=', len);

	if (equals)
		return read_setting(text, (size_t)(equals - text), equals + 1,
		    len - (size_t)(equals - text) - 1, o);
	if (scan_is(text, len, "limited"))
		o->wants_limited = true;
	else if (scan_is(text, len, "kod"))
		o->wants_kod = true;
	else
		return false;
	return true;
}

static int
read_options(struct query *q, const struct value *v, struct options *o)
{
	if (!v->is_set)
		return 0;
	const char *at = v->text, *end = v->text + v->len;

	while (at < end) {
		const char *word = at;

		while (at < end && *at != ' ' && *at != '\t')
			at++;
		if (at > word && !read_option(word, (size_t)(at - word), o))
			return query_error(q, ERR_SYNTAX,
			    "mrulist: '%.*s' is no option; see help mrulist",
			    (int)(at - word), word);
		at++;
	}
	return 0;
}

/* The bits moved when ntp.org got one more restriction. */
static void
name_bits(const struct query *q, uint32_t *limited, uint32_t *kod)
{
	*limited = q->has_noepeer ? 0x40 : 0x20;
	*kod = q->has_noepeer ? 0x800 : 0x400;
}

/* --- collecting --------------------------------------------------------------------- */

/* An answer that was lost, or was none to this request: there is another way to ask. */
static bool
is_loss(int err)
{
	return err == ERR_TIMEOUT || err == ERR_TRUNCATED || err == ERR_PROTOCOL ||
	    err == ERR_CONFLICT || err == ERR_TOOBIG;
}

static int
lost(struct query *q, struct mru *m, const struct talk_ask *ask)
{
	return is_loss(ask->err) && mru_lost(m) == 0 ? 0 : query_failed(q, ask);
}

static int
ask_nonce(struct query *q, struct mru *m)
{
	struct talk_ask ask = { .op = M6_OP_REQ_NONCE };
	int err = query_ask(q, &ask, 1);

	if (err == 0 && ask.err != 0)
		err = lost(q, m, &ask);
	else if (err == 0 &&
	    mru_take_nonce(m, ask.payload, ask.payload_len, clock_monotonic_ns()) != 0)
		err = query_error(q, ERR_PROTOCOL, "%s: what it sends is no nonce",
		    q->host);
	talk_forget(&ask, 1);
	return err;
}

static int
take(struct query *q, struct mru *m, const struct talk_ask *ask)
{
	int err;

	if (ask->err == ERR_DAEMON && ask->daemon_error == M6_ERROR_UNKNOWNVAR) {
		err = mru_moved(m);
		return err == 0
		    ? 0
		    : query_error(q, err, "%s: the list changes faster than it is read",
			  q->host);
	}
	if (ask->err != 0)
		return lost(q, m, ask);
	err = mru_take(m, ask->payload, ask->payload_len, clock_monotonic_ns());
	if (err == ERR_TOOBIG)
		return query_error(q, err,
		    "%s: more than %d clients: the rest is left out", q->host,
		    MRU_ENTRIES_MAX);
	if (err == ERR_PROTOCOL)
		return query_error(q, err, "%s: the list has no end", q->host);
	return err >= 0 ? err : query_error(q, err, "%s", err_text(err));
}

static int
step(struct query *q, struct mru *m)
{
	char request[M6_REQUEST_MAX];
	int err = 0;

	if (mru_needs_nonce(m, clock_monotonic_ns())) {
		err = ask_nonce(q, m);
		if (err != 0 || mru_needs_nonce(m, clock_monotonic_ns()))
			return err;
	}
	struct talk_ask ask = { .op = M6_OP_READ_MRU, .data = request };
	ask.len = mru_request(m, request);
	err = query_ask(q, &ask, 1);
	if (err == 0)
		err = take(q, m, &ask);
	talk_forget(&ask, 1);
	return err;
}

static int
collect(struct query *q, struct mru *m)
{
	int err = 0;

	talk_hold_interrupt(q->talk, true);
	while (err == 0)
		err = step(q, m);
	talk_hold_interrupt(q->talk, false);
	if (err == ERR_CANCELLED && !q->is_interactive)
		q->is_over = true;
	return err;
}

/* --- showing ------------------------------------------------------------------------ */

/* Those of NTPsec come last but for the address: others leave them out. */
static const struct table_column columns[] = {
	{ .title = "lstint", .key = "lstint_s", .is_right = true, .is_number = true },
	{ .title = "avgint", .key = "avgint_s", .is_right = true, .is_number = true },
	{ .title = "rstr", .key = "restrictions", .is_right = true },
	{ .title = "r" },
	{ .title = "m", .key = "mode", .is_right = true, .is_number = true },
	{ .title = "v", .key = "version", .is_right = true, .is_number = true },
	{ .title = "count", .key = "count", .is_right = true, .is_number = true },
	{ .title = "score", .key = "score", .is_right = true, .is_number = true },
	{ .title = "drop", .key = "drop", .is_right = true, .is_number = true },
	{ .title = "rport", .key = "port", .is_right = true, .is_number = true },
	{ .title = "remote address", .key = "address" },
	{ .key = "restrictions_text" },
	{ .key = "first" },
	{ .key = "last" },
};
enum { N_COLUMNS = sizeof(columns) / sizeof(columns[0]), SCORE_COLUMN = 7, N_SCORES = 2 };

/* Seconds; with decimals where they matter. */
static void
put_interval(struct table *t, const struct query *q, int64_t ns, int64_t whole_from_ns)
{
	enum { MS_PER_S = 1000 };
	int64_t ms = ns / NS_PER_MS;

	if (q->out.is_json || ns < whole_from_ns)
		table_format(t, "%lld.%03d", (long long)(ms / MS_PER_S),
		    (int)(ms % MS_PER_S));
	else
		table_format(t, "%lld", (long long)((ms + MS_PER_S / 2) / MS_PER_S));
}

static char
action(const struct query *q, uint32_t restrictions)
{
	uint32_t limited, kod;

	name_bits(q, &limited, &kod);
	if ((restrictions & kod) != 0)
		return 'K';
	return (restrictions & limited) != 0 ? 'L' : '.';
}

static void
put_restrictions(struct table *t, const struct query *q, const struct mru_entry *e)
{
	bool is_there = (e->has & MRU_HAS_RESTRICTIONS) != 0;

	if (is_there)
		table_format(t, q->out.is_json ? "0x%x" : "%x", e->restrictions);
	else
		table_cell(t, "", 0);
	table_format(t, "%c", is_there ? action(q, e->restrictions) : '-');
}

static void
put_mode(struct table *t, const struct mru_entry *e)
{
	enum { MODE = 7, VERSION_SHIFT = 3 };

	if ((e->has & MRU_HAS_MODE) == 0) {
		table_cell(t, "", 0);
		table_cell(t, "", 0);
		return;
	}
	table_format(t, "%u", e->mode_version & MODE);
	table_format(t, "%u", e->mode_version >> VERSION_SHIFT & MODE);
}

static void
put_count(struct table *t, bool is_there, uint64_t count)
{
	if (is_there)
		table_format(t, "%llu", (unsigned long long)count);
	else
		table_cell(t, "", 0);
}

static void
put_scores(struct table *t, const struct mru_entry *e)
{
	char score[40];
	size_t n = 0;

	if ((e->has & MRU_HAS_SCORE) != 0)
		n = text_decimal(e->score_milli, 3, 3, score, sizeof(score));
	table_cell(t, score, n);
	put_count(t, (e->has & MRU_HAS_DROP) != 0, e->drop);
}

static void
put_stamp(struct table *t, bool is_there, const struct ntp_stamp *s)
{
	if (is_there)
		table_format(t, "0x%08x.%08x", s->seconds, s->fraction);
	else
		table_cell(t, "", 0);
}

static void
put_row(struct table *t, const struct query *q, const struct mru_row *row,
    bool has_scores)
{
	enum { AVERAGE_WHOLE_S = 5 };
	const struct mru_entry *e = row->entry;
	char text[200];

	put_interval(t, q, row->lstint_ns, 0);
	put_interval(t, q, row->avgint_ns, e->count > 1 ? AVERAGE_WHOLE_S * NS_PER_S : 0);
	put_restrictions(t, q, e);
	put_mode(t, e);
	put_count(t, (e->has & MRU_HAS_COUNT) != 0, e->count);
	if (has_scores)
		put_scores(t, e);
	table_format(t, "%u", e->addr.port);
	size_t n = addr_format(&e->addr, false, text, sizeof(text));
	table_cell(t, text, n);
	cooked_restrictions(q->has_noepeer, e->restrictions, text, sizeof(text));
	table_cell(t, text, (e->has & MRU_HAS_RESTRICTIONS) != 0 ? strlen(text) : 0);
	put_stamp(t, (e->has & MRU_HAS_FIRST) != 0, &e->first);
	put_stamp(t, true, &e->last);
}

static int
print_rows(struct query *q, const struct mru_row *rows, size_t n, bool has_scores)
{
	struct table_column shown[N_COLUMNS];
	size_t skipped = has_scores ? 0 : N_SCORES;
	int err = 0;

	memcpy(shown, columns, SCORE_COLUMN * sizeof(shown[0]));
	memcpy(shown + SCORE_COLUMN, columns + SCORE_COLUMN + skipped,
	    (N_COLUMNS - SCORE_COLUMN - skipped) * sizeof(shown[0]));
	struct table *t = table_new(shown, N_COLUMNS - skipped);
	for (size_t i = 0; t && i < n; i++)
		put_row(t, q, &rows[i], has_scores);
	if (!t || !table_is_whole(t))
		err = query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	else
		table_print(t, &q->out, "clients");
	table_free(t);
	return err;
}

static int
print_list(struct query *q, const struct mru *m, const struct options *o)
{
	bool has_scores = false;
	struct mru_row *rows;
	size_t n;
	int err = mru_rows(m, &o->filter, o->order, o->is_reversed, &rows, &n);

	if (err != 0)
		return query_error(q, err, "%s", err_text(err));
	for (size_t i = 0; i < n && !has_scores; i++)
		has_scores = (rows[i].entry->has & MRU_HAS_SCORE) != 0;
	if (n == 0 && !q->out.is_json)
		query_say(q, "no clients");
	else
		err = print_rows(q, rows, n, has_scores);
	mem_free(rows);
	return err;
}

static int
run_mrulist(struct query *q, const struct command *c, const struct value *values)
{
	struct options o = { .limit = MRU_LIMIT_MAX };
	uint32_t limited, kod;
	int err = read_options(q, &values[0], &o);

	(void)c;
	if (err == 0)
		err = query_connect(q);
	if (err != 0)
		return err;
	query_know_daemon(q);
	name_bits(q, &limited, &kod);
	o.filter.resany |= (o.wants_limited ? limited : 0) | (o.wants_kod ? kod : 0);
	struct mru *m = mru_new(&o.filter, q->is_ntpsec, o.limit);
	if (!m)
		return query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	err = collect(q, m);
	bool is_complete = err == MRU_COMPLETE;
	if (q->out.is_json)
		out_bool(&q->out, "is_complete", is_complete);
	/* What there is so far is worth showing, whatever ended it. */
	int print_err = is_complete || mru_count(m) > 0 ? print_list(q, m, &o) : 0;
	mru_free(m);
	return is_complete ? print_err : err;
}

static const struct command rows[] = {
	/* clang-format off */
	{ "mrulist", "", { { .kind = ARG_REST, .name = "options", .is_optional = true } }, "the clients the daemon has heard of",
	  "Prints the addresses the daemon has heard, the latest first: seconds since it\nheard them and between their packets, restrictions, L for limited rate and K\nfor a kiss of death besides, mode, version, packets, port, address. Options:\n"
	  "  limited, kod          such as their rate is limited of, or get a kiss of death\n"
	  "  mincount=N            heard at least so often\n"
	  "  maxlstint=N minlstint=N  heard at most, or at least, so many seconds ago\n"
	  "  resall=HEX resany=HEX with all, or any, of these restrictions\n"
	  "  laddr=ADDRESS         heard at this address of the daemon's\n"
	  "  sort=ORDER            lstint, avgint, addr, count, score or drop; -ORDER is reversed\n"
	  "  limit=N               ask for at most so many at once, 2 to 256\n"
	  "An interrupt shows what there is so far.", run_mrulist, 0 },
	/* clang-format on */
};

const struct command_group command_mru = { rows, sizeof(rows) / sizeof(rows[0]) };
