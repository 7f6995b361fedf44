/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers in lines that fit a terminal, or in JSON. */
#include "query/vars.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/varlist.h"

enum { WIDTH = 78 }; /* of a line */

int
vars_names(const char *text, size_t len, struct vars_names *out)
{
	const char *end = text + len;
	char name[M6_NAME_MAX + 1];
	int err = 0;

	out->len = 0;
	while (err == 0 && text < end) {
		const char *start = text;

		while (text < end && *text != ',' && *text != ' ' && *text != '\t')
			text++;
		if (text == start) {
			text++;
			continue;
		}
		if ((size_t)(text - start) > M6_NAME_MAX)
			return ERR_SYNTAX;
		text_format(name, sizeof(name), "%.*s", (int)(text - start), start);
		err = m6_varlist_append(name, out->text, sizeof(out->text), &out->len);
	}
	return err;
}

/* --- text --------------------------------------------------------------------------- */

/* A line in the making. */
struct folder {
	struct out *out;
	char line[OUT_LINE_MAX];
	size_t used;
};

static void
fold_end(struct folder *f)
{
	if (f->used > 0)
		out_line(f->out, "%s", f->line);
	f->used = 0;
}

/* Puts an item on the line, or on the next one when it is full. */
static void
fold(struct folder *f, const char *item, size_t len, bool is_last)
{
	if (f->used > 0 && f->used + 1 + len + 1 > WIDTH)
		fold_end(f);
	f->used += text_format(f->line + f->used, sizeof(f->line) - f->used, "%s%s%s",
	    f->used > 0 ? " " : "", item, is_last ? "" : ",");
}

/* "name=value" with the value made harmless here, because octets of a line end have no
 * business in it. */
static size_t
item_text(const struct cooked *c, const struct m6_var *var, char *out, size_t cap,
    bool *is_block)
{
	char value[COOKED_MAX], harmless[4 * COOKED_MAX], name[4 * M6_NAME_MAX + 1];

	out_escape(var->name, var->name_len, name, sizeof(name));
	*is_block = false;
	if (!var->value)
		return text_format(out, cap, "%s", name);
	cooked_value(c, var->name, var->name_len, var->value, var->value_len, value,
	    is_block);
	out_escape(value, strlen(value), harmless, sizeof(harmless));
	return text_format(out, cap, var->is_quoted ? "%s=\"%s\"" : "%s=%s", name,
	    harmless);
}

/* Filters stand below each other, so their names get one width. */
static void
print_block(struct folder *f, const char *item)
{
	const char *value = strchr(item, '=');

	fold_end(f);
	if (value)
		out_line(f->out, "%.*s=%*s%s", (int)(value - item), item,
		    (int)(value - item < 10 ? 10 - (value - item) : 0), "", value + 1);
}

static void
print_cooked(struct query *q, const struct cooked *c, const struct talk_ask *ask)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	struct folder f = { .out = &q->out };
	char item[OUT_LINE_MAX];
	struct m6_var var, next;
	bool has_next = m6_varlist_next(&list, &next), is_block;

	while (has_next) {
		var = next;
		has_next = m6_varlist_next(&list, &next);
		size_t n = item_text(c, &var, item, sizeof(item), &is_block);
		if (is_block)
			print_block(&f, item);
		else
			fold(&f, item, n, !has_next);
	}
	fold_end(&f);
}

static void
print_text(struct query *q, const struct cooked *c, const struct talk_ask *ask)
{
	char words[200];

	if (q->is_raw) {
		out_line(&q->out, "associd=%u status=0x%04x", ask->assoc, ask->status);
		out_text(&q->out, ask->payload, ask->payload_len);
		return;
	}
	cooked_status(c, ask->status, words, sizeof(words));
	out_line(&q->out, "associd=%u status=%04x %s,", ask->assoc, ask->status, words);
	print_cooked(q, c, ask);
}

/* --- JSON --------------------------------------------------------------------------- */

static void
member(struct query *q, const struct cooked *c, const struct m6_var *var, const char *key)
{
	if (!var->value)
		out_null(&q->out, key);
	else if (!var->is_quoted && cooked_is_number(c, var->name, var->name_len))
		out_decimal(&q->out, key, var->value, var->value_len);
	else
		out_string(&q->out, key, var->value, var->value_len);
}

static bool
is_same(const struct m6_var *a, const struct m6_var *b)
{
	return a->name_len == b->name_len && memcmp(a->name, b->name, a->name_len) == 0;
}

/* How often the name of `var` comes in all, and whether it came before it. */
static unsigned
occurrences(const struct talk_ask *ask, const struct m6_var *var, bool *is_later)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	struct m6_var other;
	unsigned n = 0;

	*is_later = false;
	while (m6_varlist_next(&list, &other)) {
		if (!is_same(&other, var))
			continue;
		if (n++ == 0)
			*is_later = other.name != var->name;
	}
	return n;
}

/* A name that comes more than once, as one of certificates does, is an array. */
static void
array(struct query *q, const struct cooked *c, const struct talk_ask *ask,
    const struct m6_var *var, const char *key)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	struct m6_var other;

	out_open(&q->out, key, '[');
	while (m6_varlist_next(&list, &other))
		if (is_same(&other, var))
			member(q, c, &other, NULL);
	out_close(&q->out, ']');
}

static void
print_members(struct query *q, const struct cooked *c, const struct talk_ask *ask)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	char key[M6_NAME_MAX + 1];
	struct m6_var var;
	bool is_later;

	out_open(&q->out, "variables", '{');
	while (m6_varlist_next(&list, &var)) {
		unsigned n = occurrences(ask, &var, &is_later);

		text_utf8(var.name, var.name_len, key, sizeof(key));
		if (n == 1)
			member(q, c, &var, key);
		else if (!is_later)
			array(q, c, ask, &var, key);
	}
	out_close(&q->out, '}');
}

/* In words, what a number or name does not say by itself. */
static void
print_words(struct query *q, const struct cooked *c, const struct talk_ask *ask)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	char value[COOKED_MAX], key[M6_NAME_MAX + 1];
	struct m6_var var;
	bool is_later;

	out_open(&q->out, "decoded", '{');
	while (m6_varlist_next(&list, &var)) {
		if (!var.value || !cooked_has_words(c, var.name, var.name_len) ||
		    occurrences(ask, &var, &is_later) != 1)
			continue;
		text_utf8(var.name, var.name_len, key, sizeof(key));
		cooked_value(c, var.name, var.name_len, var.value, var.value_len, value,
		    NULL);
		out_string_z(&q->out, key, value);
	}
	out_close(&q->out, '}');
}

static void
print_json(struct query *q, const struct cooked *c, const struct talk_ask *ask)
{
	char text[200];

	out_number(&q->out, "associd", ask->assoc);
	text_format(text, sizeof(text), "%04x", ask->status);
	out_string_z(&q->out, "status", text);
	if (!q->is_raw) {
		cooked_status(c, ask->status, text, sizeof(text));
		out_string_z(&q->out, "status_text", text);
	}
	print_members(q, c, ask);
	if (!q->is_raw)
		print_words(q, c, ask);
}

/* --- either ------------------------------------------------------------------------- */

/* Whether the stratum beside it says that a reference id is one of a source. */
static bool
is_synced(const struct talk_ask *ask)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	struct m6_var var;
	uint32_t stratum;

	while (m6_varlist_next(&list, &var))
		if (scan_is(var.name, var.name_len, "stratum") && var.value)
			return scan_u32(var.value, var.value_len, &stratum) == 0 &&
			    stratum > 0 && stratum < 16;
	return false;
}

void
vars_print(struct query *q, const struct talk_ask *ask)
{
	enum cooked_of of = ask->assoc == 0 ? COOKED_SYSTEM : COOKED_PEER;
	struct cooked c = query_cooked(q, ask->op == M6_OP_READCLOCK ? COOKED_CLOCK : of);

	c.is_synced = is_synced(ask);
	if (q->out.is_json)
		print_json(q, &c, ask);
	else
		print_text(q, &c, ask);
}
