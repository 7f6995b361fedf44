/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses fault rules and applies them to answers. */
#include "sim/sim_fault.h"

#include <string.h>

#include "base/err.h"
#include "base/scan.h"
#include "mode6/packet.h"
#include "mode6/reassembly.h"

enum {
	AT_VERSION = 0,
	AT_OP = 1,
	AT_SEQUENCE = 2,
	AT_ASSOC = 6,
	AT_OFFSET = 8,
	AT_COUNT = 10,
	KEY_ID_LEN = 4,
	BIT_ERROR = 0x40,
	BIT_MORE = 0x20,
	OVERSIZE_FRAGMENTS = 1000,
	DELAY_MAX_MS = 600000,
};

/* NTPsec's score halves in 20 s times ln 2; at this score the daemon goes silent. */
enum { SCORE_UNIT = 1000, SCORE_LIMIT = 18 * SCORE_UNIT };
#define SCORE_HALF_LIFE_NS INT64_C(13863000000)

typedef void fault_fn(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies);

static uint32_t
next_random(struct sim_faults *faults)
{
	uint64_t z = faults->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z >> 32);
}

static unsigned
get_u16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static void
set_u16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8 & 0xff);
	at[1] = (uint8_t)(value & 0xff);
}

static bool
is_error(const struct sim_datagram *dg)
{
	return (dg->bytes[AT_OP] & BIT_ERROR) != 0;
}

/* A copy of datagram `i` at the end, or NULL. */
static struct sim_datagram *
copy_to_end(struct sim_replies *replies, size_t i)
{
	struct sim_datagram *copy = sim_replies_add(replies);

	if (copy)
		*copy = replies->items[i];
	return copy;
}

static void
drop(struct sim_faults *faults, const struct sim_rule *rule, struct sim_replies *replies)
{
	size_t kept = 0;

	for (size_t i = 0; i < replies->n; i++) {
		if (next_random(faults) % 100 < rule->percent)
			continue;
		if (kept != i)
			replies->items[kept] = replies->items[i];
		kept++;
	}
	replies->n = kept;
}

static void
delay(struct sim_faults *faults, const struct sim_rule *rule, struct sim_replies *replies)
{
	(void)faults;
	for (size_t i = 0; i < replies->n; i++)
		replies->items[i].delay_ms += rule->delay_ms;
}

static void
duplicate(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	size_t n = replies->n;

	(void)faults;
	(void)rule;
	for (size_t i = 0; i < n; i++)
		copy_to_end(replies, i);
}

static void
swap(struct sim_datagram *a, struct sim_datagram *b)
{
	struct sim_datagram kept = *a;

	*a = *b;
	*b = kept;
}

static void
reorder(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)faults;
	(void)rule;
	for (size_t i = 0; i < replies->n / 2; i++)
		swap(&replies->items[i], &replies->items[replies->n - 1 - i]);
}

/* The second half of the first fragment once more, changed. It goes first, so that the
 * answer is not complete before it comes. */
static void
overlap(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	struct sim_datagram *dg;
	size_t half, count;

	if (replies->n == 0 || is_error(&replies->items[0]))
		return;
	dg = copy_to_end(replies, 0);
	if (!dg)
		return;
	count = get_u16(dg->bytes + AT_COUNT);
	if (dg->len < M6_HEADER_LEN + count || count < 8) {
		replies->n--;
		return;
	}
	half = count / 2 / 4 * 4;
	memmove(dg->bytes + M6_HEADER_LEN, dg->bytes + M6_HEADER_LEN + half,
	    dg->len - M6_HEADER_LEN - half);
	dg->len -= half;
	dg->bytes[M6_HEADER_LEN] ^= 0x01;
	set_u16(dg->bytes + AT_OFFSET, get_u16(dg->bytes + AT_OFFSET) + (unsigned)half);
	set_u16(dg->bytes + AT_COUNT, (unsigned)(count - half));
	reorder(faults, rule, replies);
}

static void
truncate_all(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)rule;
	for (size_t i = 0; i < replies->n; i++) {
		struct sim_datagram *dg = &replies->items[i];

		dg->len = dg->len > 0 ? next_random(faults) % dg->len : 0;
	}
}

static void
garbage(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)rule;
	for (size_t i = 0; i < replies->n; i++) {
		struct sim_datagram *dg = &replies->items[i];

		dg->len = 1 + next_random(faults) % (M6_HEADER_LEN + M6_DATA_MAX);
		for (size_t at = 0; at < dg->len; at++)
			dg->bytes[at] = (uint8_t)(next_random(faults) & 0xff);
	}
}

/* Changes a field of two octets in every datagram, never to what it was. */
static void
spoil_u16(struct sim_faults *faults, struct sim_replies *replies, size_t field)
{
	for (size_t i = 0; i < replies->n; i++) {
		uint8_t *at = replies->items[i].bytes + field;

		set_u16(at, get_u16(at) + 1 + next_random(faults) % 0xfffe);
	}
}

static void
badseq(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)rule;
	spoil_u16(faults, replies, AT_SEQUENCE);
}

static void
badassoc(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)rule;
	spoil_u16(faults, replies, AT_ASSOC);
}

static void
badop(struct sim_faults *faults, const struct sim_rule *rule, struct sim_replies *replies)
{
	(void)faults;
	(void)rule;
	for (size_t i = 0; i < replies->n; i++)
		replies->items[i].bytes[AT_OP] ^= 0x08;
}

static void
badversion(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)rule;
	for (size_t i = 0; i < replies->n; i++) {
		uint8_t *first = &replies->items[i].bytes[AT_VERSION];
		unsigned version = *first >> 3 & 7U;

		version = (version + 1 + next_random(faults) % 7) % 8;
		*first = (uint8_t)((*first & 0xc7U) | version << 3);
	}
}

static void
oversize(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)faults;
	(void)rule;
	if (replies->n == 0 || is_error(&replies->items[0]))
		return;
	replies->n = 1;
	for (unsigned i = 0; i < OVERSIZE_FRAGMENTS; i++) {
		struct sim_datagram *dg =
		    i == 0 ? &replies->items[0] : copy_to_end(replies, 0);

		if (!dg)
			return;
		dg->len = M6_HEADER_LEN + M6_DATA_MAX;
		memset(dg->bytes + M6_HEADER_LEN, 'a', M6_DATA_MAX);
		dg->bytes[AT_OP] |= BIT_MORE;
		set_u16(dg->bytes + AT_OFFSET, i * M6_DATA_MAX);
		set_u16(dg->bytes + AT_COUNT, M6_DATA_MAX);
	}
	replies->items[replies->n - 1].bytes[AT_OP] &= (uint8_t)~BIT_MORE;
}

/* Four octets behind the end, claiming to be the end. They go first. */
static void
twolast(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	struct sim_datagram *dg;
	unsigned end;

	if (replies->n == 0 || is_error(&replies->items[replies->n - 1]))
		return;
	dg = copy_to_end(replies, replies->n - 1);
	if (!dg)
		return;
	end = get_u16(dg->bytes + AT_OFFSET) + get_u16(dg->bytes + AT_COUNT);
	set_u16(dg->bytes + AT_OFFSET, end);
	set_u16(dg->bytes + AT_COUNT, 4);
	memcpy(dg->bytes + M6_HEADER_LEN, ", a=", 4);
	dg->len = M6_HEADER_LEN + 4;
	reorder(faults, rule, replies);
}

static void
stale_offset(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)rule;
	for (size_t i = 0; i < replies->n; i++) {
		if (is_error(&replies->items[i]))
			set_u16(replies->items[i].bytes + AT_OFFSET,
			    1 + next_random(faults) % 0xffff);
	}
}

static void
trailing_junk(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)rule;
	for (size_t i = 0; i < replies->n; i++) {
		struct sim_datagram *dg = &replies->items[i];
		size_t junk = 4 * (1 + next_random(faults) % 8);

		while (junk-- > 0 && dg->len < sizeof(dg->bytes))
			dg->bytes[dg->len++] = (uint8_t)(next_random(faults) & 0xff);
	}
}

static void
bad_mac(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)faults;
	(void)rule;
	for (size_t i = 0; i < replies->n; i++) {
		struct sim_datagram *dg = &replies->items[i];

		if (dg->code_len > KEY_ID_LEN)
			dg->bytes[dg->len - 1] ^= 0x01;
	}
}

static void
no_mac(struct sim_faults *faults, const struct sim_rule *rule,
    struct sim_replies *replies)
{
	(void)faults;
	(void)rule;
	for (size_t i = 0; i < replies->n; i++) {
		struct sim_datagram *dg = &replies->items[i];

		if (is_error(dg) || dg->code_len <= KEY_ID_LEN)
			continue;
		dg->len = (M6_HEADER_LEN + get_u16(dg->bytes + AT_COUNT) + 3U) / 4 * 4;
		dg->code_len = 0;
	}
}

static void
forge(struct sim_faults *faults, const struct sim_rule *rule, struct sim_replies *replies)
{
	struct sim_datagram *dg;

	(void)faults;
	(void)rule;
	if (replies->n == 0)
		return;
	dg = copy_to_end(replies, 0);
	if (!dg)
		return;
	dg->bytes[AT_OP] &= (uint8_t) ~(BIT_ERROR | BIT_MORE);
	set_u16(dg->bytes + AT_OFFSET, 0);
	set_u16(dg->bytes + AT_COUNT, 0);
	dg->len = M6_HEADER_LEN;
	dg->code_len = 0;
	for (size_t i = replies->n - 1; i > 0; i--)
		swap(&replies->items[i], &replies->items[i - 1]);
}

enum value { NO_VALUE, PERCENT, MILLISECONDS, TEXT, WRITES };

/* In the order of applying: content first, then what a network does. */
static const struct {
	const char *name;
	enum sim_fault fault;
	enum value value;
	fault_fn *apply;
} fault_rows[] = {
	{ "bad-mac", SIM_BAD_MAC, NO_VALUE, bad_mac },
	{ "no-mac", SIM_NO_MAC, NO_VALUE, no_mac },
	{ "forge", SIM_FORGE, NO_VALUE, forge },
	{ "oversize", SIM_OVERSIZE, NO_VALUE, oversize },
	{ "overlap", SIM_OVERLAP, NO_VALUE, overlap },
	{ "twolast", SIM_TWOLAST, NO_VALUE, twolast },
	{ "badseq", SIM_BADSEQ, NO_VALUE, badseq },
	{ "badassoc", SIM_BADASSOC, NO_VALUE, badassoc },
	{ "badop", SIM_BADOP, NO_VALUE, badop },
	{ "badversion", SIM_BADVERSION, NO_VALUE, badversion },
	{ "stale-offset", SIM_STALE_OFFSET, NO_VALUE, stale_offset },
	{ "trailing-junk", SIM_TRAILING_JUNK, NO_VALUE, trailing_junk },
	{ "truncate", SIM_TRUNCATE, NO_VALUE, truncate_all },
	{ "garbage", SIM_GARBAGE, NO_VALUE, garbage },
	{ "duplicate", SIM_DUPLICATE, NO_VALUE, duplicate },
	{ "reorder", SIM_REORDER, NO_VALUE, reorder },
	{ "drop", SIM_DROP, PERCENT, drop },
	{ "delay", SIM_DELAY, MILLISECONDS, delay },
	{ "limited", SIM_LIMITED, NO_VALUE, NULL },
	{ "write-drop", SIM_WRITE_DROP, NO_VALUE, NULL },
	{ "write-mute", SIM_WRITE_MUTE, NO_VALUE, NULL },
	{ "write-lie", SIM_WRITE_LIE, NO_VALUE, NULL },
	{ "write-other", SIM_WRITE_OTHER, TEXT, NULL },
	{ "write-die", SIM_WRITE_DIE, WRITES, NULL },
	{ "write-die-answered", SIM_WRITE_DIE_ANSWERED, WRITES, NULL },
};

enum { N_FAULT_ROWS = sizeof(fault_rows) / sizeof(fault_rows[0]) };
_Static_assert((int)N_FAULT_ROWS == (int)SIM_N_FAULTS, "one row per fault");

static bool
set_value(struct sim_rule *rule, enum value kind, uint32_t number, const char *text,
    size_t len)
{
	switch (kind) {
	case NO_VALUE:
		return true;
	case PERCENT:
		rule->percent = number;
		return number <= 100;
	case MILLISECONDS:
		rule->delay_ms = number;
		return number <= DELAY_MAX_MS;
	case WRITES:
		rule->lethal = number;
		return number > 0;
	case TEXT:
		if (len >= sizeof(rule->other))
			return false;
		memcpy(rule->other, text, len);
		rule->other[len] = '\0';
		return true;
	}
	return false;
}

static int
set_fault(struct sim_rule *rule, size_t row, const char *value, size_t len)
{
	uint32_t number = 0;
	bool is_wanted = fault_rows[row].value != NO_VALUE;

	if ((value != NULL) != is_wanted)
		return ERR_SYNTAX;
	if (value && fault_rows[row].value != TEXT && scan_u32(value, len, &number) != 0)
		return ERR_SYNTAX;
	if (!set_value(rule, fault_rows[row].value, number, value, len))
		return ERR_SYNTAX;
	rule->faults |= UINT32_C(1) << fault_rows[row].fault;
	return 0;
}

static bool
word_is(const char *word, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(word, name, len) == 0;
}

/* One word of a rule, "name" or "name=value". */
static int
parse_word(struct sim_faults *faults, struct sim_rule *rule, const char *word, size_t len)
{
	const char *equals = memchr(word, '=', len);
	const char *value = equals ? equals + 1 : NULL;
	size_t name_len = equals ? (size_t)(equals - word) : len;
	size_t value_len = value ? len - name_len - 1 : 0;
	uint32_t number;

	for (size_t i = 0; i < N_FAULT_ROWS; i++) {
		if (word_is(word, name_len, fault_rows[i].name))
			return set_fault(rule, i, value, value_len);
	}
	if (!value || scan_u32(value, value_len, &number) != 0)
		return ERR_SYNTAX;
	if (word_is(word, name_len, "first"))
		rule->first = number;
	else if (word_is(word, name_len, "every"))
		rule->every = number;
	else if (word_is(word, name_len, "seed"))
		faults->random = number;
	else
		return ERR_SYNTAX;
	return 0;
}

int
sim_faults_parse(struct sim_faults *faults, const char *spec)
{
	static const char between_words[] = ", \t", ends_word[] = ", \t;";
	struct sim_faults fresh = { .random = faults->random };
	const char *at = spec;

	if (strcmp(spec, "off") == 0)
		at = "";
	while (*at) {
		struct sim_rule rule = { .faults = 0 };

		while (*at && *at != ';') {
			size_t len = strcspn(at, ends_word);
			int rc = len > 0 ? parse_word(&fresh, &rule, at, len) : 0;

			if (rc != 0)
				return rc;
			at += len;
			at += strspn(at, between_words);
		}
		at += *at == ';' ? 1 : 0;
		if (rule.faults == 0)
			continue;
		if (fresh.n_rules == SIM_RULES_MAX)
			return ERR_TOOBIG;
		fresh.rules[fresh.n_rules++] = rule;
	}
	*faults = fresh;
	return 0;
}

static bool
has_limit(const struct sim_faults *faults)
{
	for (size_t i = 0; i < faults->n_rules; i++) {
		if (faults->rules[i].faults & UINT32_C(1) << SIM_LIMITED)
			return true;
	}
	return false;
}

/* Halves per half-life, with a straight line between. */
static void
decay_score(struct sim_faults *faults, int64_t now_ns)
{
	int64_t age = now_ns > faults->scored_ns ? now_ns - faults->scored_ns : 0;

	faults->scored_ns = now_ns;
	while (age >= SCORE_HALF_LIFE_NS && faults->score > 0) {
		faults->score /= 2;
		age -= SCORE_HALF_LIFE_NS;
	}
	if (faults->score > 0)
		faults->score -=
		    faults->score * (age / 2000000) / (SCORE_HALF_LIFE_NS / 1000000);
}

bool
sim_faults_admit(struct sim_faults *faults, int64_t now_ns)
{
	if (!has_limit(faults))
		return true;
	decay_score(faults, now_ns);
	/* What is refused counts as well: hammering keeps the daemon silent. */
	faults->score += SCORE_UNIT;
	return faults->score <= SCORE_LIMIT;
}

bool
sim_rule_befalls(struct sim_rule *rule)
{
	rule->seen++;
	if (rule->first != 0 && rule->seen > rule->first)
		return false;
	return rule->every == 0 || rule->seen % rule->every == 0;
}

void
sim_faults_apply(struct sim_faults *faults, struct sim_replies *replies)
{
	for (size_t i = 0; i < faults->n_rules; i++) {
		struct sim_rule *rule = &faults->rules[i];

		if (sim_rule_is_about_writes(rule) || !sim_rule_befalls(rule))
			continue;
		for (size_t j = 0; j < N_FAULT_ROWS; j++) {
			if (fault_rows[j].apply &&
			    rule->faults & UINT32_C(1) << fault_rows[j].fault)
				fault_rows[j].apply(faults, rule, replies);
		}
	}
}
