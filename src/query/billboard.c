/* SPDX-License-Identifier: BSD-2-Clause */
/* Cells of the billboards. */
#include "query/billboard.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "mode6/status.h"
#include "model/assoc.h"

enum { POLL_EXPONENT_MAX = 17, NTS_NONE = -1 };

/* JSON has the address here, and the name beside it. */
static void
put_remote(struct table *t, const struct query *q, const struct ntp_peer *p)
{
	char name[PEERS_NAME_MAX];

	table_cell(t, name, peers_name(q, p, q->wants_names && !q->out.is_json, name));
}

static void
put_host(struct table *t, const struct query *q, const struct ntp_peer *p)
{
	const char *name = "";
	size_t len = q->wants_names ? peers_host(q, p, &name) : 0;

	table_cell(t, name, len);
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
#define REMOTE \
	LEFT("remote", "remote"), \
	{ \
		.key = "host" \
	}
#define WHEN \
	{ \
		.title = "when", .key = "when_s", .is_right = true, .is_number = true, \
		.is_restless = true \
	}
#define MIDDLE \
	NUMBER("st", "stratum"), LEFT("t", "type"), WHEN, NUMBER("poll", "poll_s"), \
	    RIGHT("reach", "reach"), NUMBER("delay", "delay_ms"), \
	    NUMBER("offset", "offset_ms")

static const struct table_column peers_columns[] = { TALLY, ASSOC, SELECT, REMOTE,
	LEFT("refid", "refid"), MIDDLE, NUMBER("jitter", "jitter_ms") };
static const struct table_column opeers_columns[] = { TALLY, ASSOC, SELECT, REMOTE,
	LEFT("local", "local"), MIDDLE, NUMBER("disp", "dispersion_ms") };
static const struct table_column apeers_columns[] = { TALLY,
	{ .title = NULL, .key = NULL }, SELECT, REMOTE, LEFT("refid", "refid"),
	NUMBER("assid", "associd"), MIDDLE, NUMBER("jitter", "jitter_ms") };

static void
put_who(struct table *t, const struct query *q, const struct ntp_peer *p,
    unsigned variant)
{
	char tally = m6_selection_tally(p->selection);

	table_cell(t, &tally, 1);
	table_number(t, p->id);
	table_text(t, m6_selection_text(p->selection));
	put_remote(t, q, p);
	put_host(t, q, p);
	if ((variant & BILLBOARD_OLD_STYLE) != 0) {
		put_address(t, &p->dstadr, ntp_peer_has(p, NTP_PEER_DSTADR));
	} else if ((variant & BILLBOARD_APEERS) != 0) {
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
	bool has_jitter =
	    (variant & BILLBOARD_OLD_STYLE) == 0 && ntp_peer_has(p, NTP_PEER_JITTER);

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
	if ((variant & BILLBOARD_OLD_STYLE) != 0)
		return table_new(opeers_columns,
		    sizeof(opeers_columns) / sizeof(opeers_columns[0]));
	if ((variant & BILLBOARD_APEERS) != 0)
		return table_new(apeers_columns,
		    sizeof(apeers_columns) / sizeof(apeers_columns[0]));
	return table_new(peers_columns, sizeof(peers_columns) / sizeof(peers_columns[0]));
}

struct table *
billboard_new(const struct query *q, const struct peers *all, unsigned variant)
{
	struct table *t = new_table(variant);

	for (size_t i = 0; t && i < all->n; i++)
		if (peers_is_shown(all->items[i].status, (variant & BILLBOARD_ALL) != 0))
			put_peer(t, q, &all->items[i], all, variant);
	if (t && table_is_whole(t))
		return t;
	table_free(t);
	return NULL;
}
