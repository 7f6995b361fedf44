/* SPDX-License-Identifier: BSD-2-Clause */
/* Items in any order, other ones in between, some of them missing: nothing of an answer
 * is believed before it was looked at. */
#include "query/mru_answer.h"

#include <string.h>

#include "base/scan.h"
#include "model/vars.h"

typedef bool parse_fn(struct mru_entry *e, const char *text, size_t len);

static bool
parse_addr(struct mru_entry *e, const char *text, size_t len)
{
	return len < MRU_TEXT_MAX && ntp_parse_socket(text, len, &e->addr);
}

static bool
parse_last(struct mru_entry *e, const char *text, size_t len)
{
	return ntp_stamp_parse(text, len, &e->last) == 0;
}

static bool
parse_first(struct mru_entry *e, const char *text, size_t len)
{
	return ntp_stamp_parse(text, len, &e->first) == 0;
}

static bool
parse_count(struct mru_entry *e, const char *text, size_t len)
{
	return scan_u64(text, len, &e->count) == 0 && e->count <= INT64_MAX;
}

static bool
parse_drop(struct mru_entry *e, const char *text, size_t len)
{
	return scan_u64(text, len, &e->drop) == 0 && e->drop <= INT64_MAX;
}

static bool
parse_small(const char *text, size_t len, uint32_t *out)
{
	uint64_t number;

	if (scan_hexany(text, len, &number) != 0 || number > UINT16_MAX)
		return false;
	*out = (uint32_t)number;
	return true;
}

static bool
parse_mode(struct mru_entry *e, const char *text, size_t len)
{
	return parse_small(text, len, &e->mode_version);
}

static bool
parse_restrictions(struct mru_entry *e, const char *text, size_t len)
{
	return parse_small(text, len, &e->restrictions);
}

static bool
parse_score(struct mru_entry *e, const char *text, size_t len)
{
	return scan_decimal(text, len, 3, &e->score_milli) == 0;
}

static const struct tag {
	const char *name;
	unsigned has;
	parse_fn *parse;
} tags[] = {
	{ "addr", MRU_HAS_ADDR, parse_addr },
	{ "last", MRU_HAS_LAST, parse_last },
	{ "first", MRU_HAS_FIRST, parse_first },
	{ "ct", MRU_HAS_COUNT, parse_count },
	{ "mv", MRU_HAS_MODE, parse_mode },
	{ "rs", MRU_HAS_RESTRICTIONS, parse_restrictions },
	{ "sc", MRU_HAS_SCORE, parse_score },
	{ "dr", MRU_HAS_DROP, parse_drop },
};

/* "tag.17": daemons put other tags in between, to have no two answers alike. */
static const struct tag *
find_tag(const struct m6_var *var, uint32_t *index)
{
	const char *dot = memchr(var->name, '.', var->name_len);

	if (!dot || !var->value)
		return NULL;
	size_t n = (size_t)(dot - var->name);
	if (scan_u32(dot + 1, var->name_len - n - 1, index) != 0 ||
	    *index >= MRU_LIMIT_MAX)
		return NULL;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (scan_is(var->name, n, tags[i].name))
			return &tags[i];
	return NULL;
}

static void
take_item(struct mru_answer *a, const struct m6_var *var)
{
	uint32_t i;
	const struct tag *tag = find_tag(var, &i);

	if (!tag || (a->entries[i].has & tag->has) != 0 ||
	    !tag->parse(&a->entries[i], var->value, var->value_len))
		return;
	a->entries[i].has |= tag->has;
	if (tag->has == MRU_HAS_ADDR)
		a->addrs[i] = *var;
	if (tag->has == MRU_HAS_LAST)
		a->lasts[i] = *var;
}

void
mru_answer_read(struct mru_answer *a, const char *payload, size_t len)
{
	struct m6_varlist list = m6_varlist_start_long(payload, len);
	struct m6_var var;

	memset(a, 0, sizeof(*a));
	while (m6_varlist_next(&list, &var)) {
		if (!var.value)
			continue;
		if (scan_is(var.name, var.name_len, "nonce"))
			a->nonce = var;
		else if (scan_is(var.name, var.name_len, "now"))
			a->is_end =
			    ntp_stamp_parse(var.value, var.value_len, &a->now) == 0;
		else
			take_item(a, &var);
	}
}
