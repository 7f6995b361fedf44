/* SPDX-License-Identifier: BSD-2-Clause */
/* The billboards: a line for each association. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "mode6/status.h"
#include "model/assoc.h"
#include "query/command.h"
#include "query/peers.h"
#include "query/table.h"

enum {
	ALL = 1,       /* those too that are neither configured nor reachable */
	OLD_STYLE = 2, /* local address instead of reference id, dispersion at the end */
	APEERS = 4,    /* reference id in hexadecimal, and the association */
};

enum { STRATUM_NONE = 16, POLL_EXPONENT_MAX = 17, NTS_NONE = -1 };

/* Who it is: by name where names are wanted; a clock or a prototype has no address worth
 * showing. */
static void
put_remote(struct table *t, const struct query *q, const struct ntp_peer *p)
{
	char address[ADDR_TEXT_MAX];
	bool has_address = ntp_peer_has(p, NTP_PEER_SRCADR);
	bool is_named = q->wants_names || !has_address ||
	    addr_is_unspecified(&p->srcadr) || ntp_peer_is_refclock(p, NULL);

	if (is_named && ntp_peer_has(p, NTP_PEER_SRCHOST) && p->srchost.len > 0) {
		table_cell(t, p->srchost.bytes, p->srchost.len);
		return;
	}
	size_t n =
	    has_address ? addr_format(&p->srcadr, false, address, sizeof(address)) : 0;
	table_cell(t, address, n);
}

static void
put_address(struct table *t, const struct addr *a, bool is_there)
{
	char address[ADDR_TEXT_MAX];

	table_cell(t, address,
	    is_there ? addr_format(a, false, address, sizeof(address)) : 0);
}

/* Passing it back to who sent it would be a loop: shown as such, as the test tells. */
static void
put_refid(struct table *t, const struct ntp_peer *p)
{
	enum { FLASH_LOOP = 0x800 };
	char text[COOKED_REFID_MAX];

	if (ntp_peer_has(p, NTP_PEER_FLASH) && (p->flash & FLASH_LOOP) != 0)
		table_format(t, "(loop)");
	else if (!ntp_peer_has(p, NTP_PEER_REFID))
		table_cell(t, "", 0);
	else
		table_cell(t, text,
		    p->refid.len == 0
			? 0
			: cooked_refid(p->refid.bytes, p->refid.len, text, sizeof(text)));
}

/* Its four octets, of text as of an address. */
static void
put_refid_hex(struct table *t, const struct ntp_peer *p)
{
	struct ntp_refid refid;
	uint32_t number = 0;

	if (!ntp_assoc_refid(p, &refid)) {
		table_cell(t, "", 0);
		return;
	}
	if (refid.kind == NTP_REFID_KISS_CODE || refid.kind == NTP_REFID_CLOCK)
		for (size_t i = 0; i < sizeof(number); i++)
			number = number << 8 |
			    (i < p->refid.len ? (uint8_t)p->refid.bytes[i] : 0U);
	else
		number = refid.number;
	table_format(t, "%08x", number);
}

static char
type_letter(const struct ntp_peer *p)
{
	switch (ntp_assoc_type(p)) {
	case NTP_ASSOC_TYPE_LOCAL:
		return 'l';
	case NTP_ASSOC_TYPE_UNICAST:
		return 'u';
	case NTP_ASSOC_TYPE_SYMMETRIC_ACTIVE:
		return 's';
	case NTP_ASSOC_TYPE_SYMMETRIC_PASSIVE:
		return 'S';
	case NTP_ASSOC_TYPE_BROADCAST_SERVER:
		return 'B';
	case NTP_ASSOC_TYPE_MULTICAST_SERVER:
		return 'M';
	case NTP_ASSOC_TYPE_BROADCAST_CLIENT:
		return 'b';
	case NTP_ASSOC_TYPE_MULTICAST_CLIENT:
		return 'm';
	case NTP_ASSOC_TYPE_MANYCAST_CLIENT:
		return 'a';
	case NTP_ASSOC_TYPE_POOL:
		return 'p';
	case NTP_ASSOC_TYPE_UNKNOWN:
	case NTP_ASSOC_TYPE_COUNT:
		break;
	}
	return '-';
}

/* With NTS the number of cookies that are left. */
static void
put_type(struct table *t, const struct ntp_peer *p)
{
	char letter = type_letter(p);

	if (letter == 'u' && ntp_peer_has(p, NTP_PEER_NTSCOOKIES) &&
	    p->ntscookies > NTS_NONE)
		table_format(t, "%d", (int)p->ntscookies);
	else
		table_cell(t, &letter, 1);
}

/* Seconds, minutes, hours, days: never more than four characters. In JSON seconds. */
static void
put_interval(struct table *t, const struct query *q, int64_t s)
{
	static const struct {
		int64_t most, unit;
		const char *letter;
	} rows[] = {
		{ 2048, 1, "" },
		{ 300LL * 60, 60, "m" },
		{ 96LL * 3600, 3600, "h" },
		{ 999LL * 86400, 86400, "d" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (s > rows[i].most && !q->out.is_json)
			continue;
		table_format(t, "%lld%s",
		    (long long)((s + rows[i].unit / 2) / rows[i].unit), rows[i].letter);
		return;
	}
	table_format(t, "%lldy", (long long)(s / (365LL * 86400)));
}

/* Seconds since it was heard, by the host's own clock; without any packet since its last
 * update. */
static void
put_when(struct table *t, const struct query *q, const struct ntp_peer *p,
    const struct peers *all)
{
	const struct ntp_stamp *last = NULL;
	int64_t wall_ns = clock_wall_ns(), s;

	if (ntp_peer_has(p, NTP_PEER_REC) && !ntp_stamp_is_zero(&p->rec))
		last = &p->rec;
	else if (ntp_peer_has(p, NTP_PEER_REFTIME) && !ntp_stamp_is_zero(&p->reftime))
		last = &p->reftime;
	if (!last) {
		table_cell(t, "", 0);
		return;
	}
	if (all->has_clock)
		wall_ns = ntp_stamp_to_unix_ns(&all->clock, wall_ns);
	s = (wall_ns - ntp_stamp_to_unix_ns(last, wall_ns) + NS_PER_S / 2) / NS_PER_S;
	if (s <= 0)
		table_cell(t, "", 0);
	else
		put_interval(t, q, s);
}

static void
put_poll(struct table *t, const struct query *q, const struct ntp_peer *p)
{
	unsigned exponent = p->hpoll;

	if (!ntp_peer_has(p, NTP_PEER_HPOLL)) {
		table_cell(t, "", 0);
		return;
	}
	if (ntp_peer_has(p, NTP_PEER_PPOLL) && p->ppoll < exponent)
		exponent = p->ppoll;
	if (exponent > POLL_EXPONENT_MAX)
		table_format(t, "2^%u", exponent);
	else
		put_interval(t, q, INT64_C(1) << exponent);
}

/* Milliseconds with three decimals, rounded; exact in JSON. */
static void
put_ms(struct table *t, const struct query *q, bool is_there, int64_t ns)
{
	const int64_t half = NS_PER_US / 2;
	char text[40];

	if (!is_there)
		table_cell(t, "", 0);
	else if (q->out.is_json)
		table_cell(t, text, ntp_ms_format(ns, text, sizeof(text)));
	else
		table_cell(t, text,
		    text_decimal((ns + (ns < 0 ? -half : half)) / NS_PER_US, 3, 3, text,
			sizeof(text)));
}

static void
put_number(struct table *t, bool is_there, unsigned value)
{
	if (is_there)
		table_number(t, value);
	else
		table_cell(t, "", 0);
}

/* In octal: three groups of polls that each digit shows well. */
static void
put_reach(struct table *t, const struct ntp_peer *p)
{
	if (ntp_peer_has(p, NTP_PEER_REACH))
		table_format(t, "%o", p->reach);
	else
		table_cell(t, "", 0);
}

#define TALLY \
	{ \
		.title = "", .key = "tally", .is_glued = true, .is_bare = true \
	}
#define ASSOC \
	{ \
		.key = "associd", .is_number = true \
	}
#define SELECT \
	{ \
		.key = "selection" \
	}
#define LEFT(title_, key_) \
	{ \
		.title = (title_), .key = (key_) \
	}
#define RIGHT(title_, key_) \
	{ \
		.title = (title_), .key = (key_), .is_right = true \
	}
#define NUMBER(title_, key_) \
	{ \
		.title = (title_), .key = (key_), .is_right = true, .is_number = true \
	}
#define MIDDLE \
	NUMBER("st", "stratum"), LEFT("t", "type"), NUMBER("when", "when_s"), \
	    NUMBER("poll", "poll_s"), RIGHT("reach", "reach"), \
	    NUMBER("delay", "delay_ms"), NUMBER("offset", "offset_ms")

static const struct table_column peers_columns[] = { TALLY, ASSOC, SELECT,
	LEFT("remote", "remote"), LEFT("refid", "refid"), MIDDLE,
	NUMBER("jitter", "jitter_ms") };
static const struct table_column opeers_columns[] = { TALLY, ASSOC, SELECT,
	LEFT("remote", "remote"), LEFT("local", "local"), MIDDLE,
	NUMBER("disp", "dispersion_ms") };
static const struct table_column apeers_columns[] = { TALLY,
	{ .title = NULL, .key = NULL }, SELECT, LEFT("remote", "remote"),
	LEFT("refid", "refid"), NUMBER("assid", "associd"), MIDDLE,
	NUMBER("jitter", "jitter_ms") };

static void
put_who(struct table *t, const struct query *q, const struct ntp_peer *p,
    unsigned variant)
{
	char tally = m6_selection_tally(p->selection);

	table_cell(t, &tally, 1);
	table_number(t, p->id);
	table_text(t, m6_selection_text(p->selection));
	put_remote(t, q, p);
	if ((variant & OLD_STYLE) != 0) {
		put_address(t, &p->dstadr, ntp_peer_has(p, NTP_PEER_DSTADR));
	} else if ((variant & APEERS) != 0) {
		put_refid_hex(t, p);
		table_number(t, p->id);
	} else {
		put_refid(t, p);
	}
}

static void
put_peer(struct table *t, const struct query *q, const struct ntp_peer *p,
    const struct peers *all, unsigned variant)
{
	bool has_jitter = (variant & OLD_STYLE) == 0 && ntp_peer_has(p, NTP_PEER_JITTER);

	put_who(t, q, p, variant);
	put_number(t, ntp_peer_has(p, NTP_PEER_STRATUM), p->stratum);
	put_type(t, p);
	put_when(t, q, p, all);
	put_poll(t, q, p);
	put_reach(t, p);
	put_ms(t, q, ntp_peer_has(p, NTP_PEER_DELAY), p->delay_ns);
	put_ms(t, q, ntp_peer_has(p, NTP_PEER_OFFSET), p->offset_ns);
	if (has_jitter)
		put_ms(t, q, true, p->jitter_ns);
	else
		put_ms(t, q, ntp_peer_has(p, NTP_PEER_DISPERSION), p->dispersion_ns);
}

static struct table *
new_table(unsigned variant)
{
	if ((variant & OLD_STYLE) != 0)
		return table_new(opeers_columns,
		    sizeof(opeers_columns) / sizeof(opeers_columns[0]));
	if ((variant & APEERS) != 0)
		return table_new(apeers_columns,
		    sizeof(apeers_columns) / sizeof(apeers_columns[0]));
	return table_new(peers_columns, sizeof(peers_columns) / sizeof(peers_columns[0]));
}

static int
run_peers(struct query *q, const struct command *c, const struct value *values)
{
	struct peers all;
	int err = peers_read(q, (c->variant & ALL) != 0, &all);

	(void)values;
	if (err != 0)
		return err;
	struct table *t = new_table(c->variant);
	for (size_t i = 0; t && i < all.n; i++)
		put_peer(t, q, &all.items[i], &all, c->variant);
	if (!t || !table_is_whole(t))
		err = query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	else if (table_rows(t) == 0 && !q->out.is_json)
		query_say(q, "No association IDs returned");
	else
		table_print(t, &q->out, "peers");
	table_free(t);
	peers_free(&all);
	return err;
}

static const struct command rows[] = {
	/* clang-format off */
	{ "peers", "pe", NO_ARGS, "the associations, a line for each",
	  "Associations that are configured or reachable: tally character, name or\naddress, reference id, stratum, type (u unicast, s and S symmetric, b and B\nbroadcast, m and M multicast, a manycast, p pool, l reference clock; with NTS\nthe number of cookies), time since the last packet, poll interval, the last\neight polls in octal, then delay, offset and jitter in milliseconds.",
	  run_peers, 0 },
	{ "lpeers", "", NO_ARGS, "peers, with all associations there are",
	  "Like peers, with those too that are neither configured nor reachable.", run_peers, ALL },
	{ "opeers", "", NO_ARGS, "peers, with local address and dispersion",
	  "Like peers, with the local address in place of the reference id and the\ndispersion in place of the jitter.", run_peers, OLD_STYLE },
	{ "lopeers", "", NO_ARGS, "opeers, with all associations there are",
	  "Like opeers, with those too that are neither configured nor reachable.", run_peers, ALL | OLD_STYLE },
	{ "apeers", "", NO_ARGS, "peers, with association ids",
	  "Like peers, with the reference id in hexadecimal and the association id.", run_peers, APEERS },
	/* clang-format on */
};

const struct command_group command_peers = { rows, sizeof(rows) / sizeof(rows[0]) };
