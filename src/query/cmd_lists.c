/* SPDX-License-Identifier: BSD-2-Clause */
/* The daemon's interfaces and restrictions: lists that are told to those with a key only.
 */
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "query/command.h"
#include "query/keys.h"
#include "query/ordlist.h"
#include "query/query.h"
#include "query/table.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What a cell is made of: a value as it came to out[0..cap). */
typedef size_t cell_fn(const struct ordlist_cell *cell, char *out, size_t cap);

/* A column: the field it is made of. A field that no row has gets none. */
struct field {
	const char *tag;
	struct table_column column;
	cell_fn *put; /* NULL: as it came */
};

/* A list: what to ask for, what it is called in JSON, its fields. */
struct list {
	const char *request, *key;
	const struct field *fields;
	size_t n;
};

/* --- one list ----------------------------------------------------------------------- */

static void
put_row(struct table *t, const struct list *list, const struct ordlist *rows, size_t row)
{
	char text[TABLE_CELL_MAX];

	if (!ordlist_has_row(rows, row))
		return;
	table_format(t, "%zu", row);
	for (size_t i = 0; i < list->n; i++) {
		const struct ordlist_cell *cell = ordlist_at(rows, row, i);

		if (!ordlist_has(rows, i))
			continue;
		if (cell->text && list->fields[i].put)
			table_cell(t, text,
			    list->fields[i].put(cell, text, sizeof(text)));
		else
			table_cell(t, cell->text ? cell->text : "", cell->len);
	}
}

static int
print_rows(struct query *q, const struct list *list, const struct ordlist *rows)
{
	struct table_column columns[ORDLIST_FIELDS_MAX + 1] = {
		{ .title = "#", .key = "index", .is_right = true, .is_number = true }
	};
	size_t n = 1;
	int err = 0;

	for (size_t i = 0; i < list->n; i++)
		if (ordlist_has(rows, i))
			columns[n++] = list->fields[i].column;
	struct table *t = table_new(columns, n);
	for (size_t row = 0; t && row < rows->n_rows; row++)
		put_row(t, list, rows, row);
	if (!t || !table_is_whole(t))
		err = query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	else if (table_rows(t) == 0 && !q->out.is_json)
		query_say(q, "the list is empty");
	else
		table_print(t, &q->out, list->key);
	table_free(t);
	return err;
}

static int
print_list(struct query *q, const struct list *list, const struct talk_ask *ask)
{
	const char *tags[ORDLIST_FIELDS_MAX];
	struct ordlist rows;
	int err;

	if (q->is_raw && !q->out.is_json) {
		out_text(&q->out, ask->payload, ask->payload_len);
		return 0;
	}
	for (size_t i = 0; i < list->n; i++)
		tags[i] = list->fields[i].tag;
	err = ordlist_read(&rows, ask->payload, ask->payload_len, tags, list->n);
	if (err == 0)
		err = print_rows(q, list, &rows);
	else
		(void)query_error(q, err, "%s", err_text(err));
	ordlist_free(&rows);
	return err;
}

/* --- interfaces --------------------------------------------------------------------- */

/* Packets that come there are dropped. */
static size_t
put_drop(const struct ordlist_cell *cell, char *out, size_t cap)
{
	if (scan_is(cell->text, cell->len, "0"))
		return text_format(out, cap, "yes");
	if (scan_is(cell->text, cell->len, "1"))
		return text_format(out, cap, "no");
	return text_format(out, cap, "%.*s?", (int)cell->len, cell->text);
}

/* clang-format off */
static const struct field interface_fields[] = {
	{ "name",  { .title = "interface", .key = "name" }, NULL },
	{ "addr",  { .title = "address", .key = "address" }, NULL },
	{ "bcast", { .title = "broadcast", .key = "broadcast" }, NULL },
	{ "en",    { .title = "drop", .key = "drops" }, put_drop },
	{ "flags", { .title = "flags", .key = "flags", .is_right = true }, NULL },
	{ "tl",    { .title = "ttl", .key = "ttl", .is_right = true, .is_number = true }, NULL },
	{ "mc",    { .title = "mc", .key = "multicast_groups", .is_right = true, .is_number = true }, NULL },
	{ "rx",    { .title = "received", .key = "received", .is_right = true, .is_number = true }, NULL },
	{ "tx",    { .title = "sent", .key = "sent", .is_right = true, .is_number = true }, NULL },
	{ "txerr", { .title = "failed", .key = "send_failed", .is_right = true, .is_number = true }, NULL },
	{ "pc",    { .title = "peers", .key = "peers", .is_right = true, .is_number = true }, NULL },
	{ "up",    { .title = "uptime", .key = "uptime_s", .is_right = true, .is_number = true }, NULL },
};
/* clang-format on */

/* --- restrictions ------------------------------------------------------------------- */

/* The bits of a mask that is a prefix; false: it is none, or no mask. */
static bool
prefix_length(const struct ordlist_cell *cell, unsigned *out)
{
	enum { OCTETS_IPV4 = 4, OCTETS_IPV6 = 16, BITS = 8 };
	struct addr mask;
	bool has_ended = false;

	if (addr_parse(cell->text, cell->len, &mask) != 0)
		return false;
	size_t n = mask.family == ADDR_IPV4 ? OCTETS_IPV4 : OCTETS_IPV6;
	*out = 0;
	for (size_t i = 0; i < n * BITS; i++) {
		bool is_set = (mask.bytes[i / BITS] << i % BITS & 0x80) != 0;

		if (is_set && has_ended)
			return false;
		has_ended = !is_set;
		*out += is_set;
	}
	return true;
}

static size_t
put_mask(const struct ordlist_cell *cell, char *out, size_t cap)
{
	unsigned bits;

	if (prefix_length(cell, &bits))
		return text_format(out, cap, "/%u", bits);
	return text_format(out, cap, "%.*s", (int)cell->len, cell->text);
}

/* clang-format off */
static const struct field restriction_fields[] = {
	{ "hits",  { .title = "hits", .key = "hits", .is_right = true, .is_number = true }, NULL },
	{ "addr",  { .title = "address", .key = "address" }, NULL },
	{ "mask",  { .title = "mask", .key = "mask" }, put_mask },
	{ "flags", { .title = "restrictions", .key = "restrictions" }, NULL },
};

enum { INTERFACES, RESTRICTIONS };
static const struct list lists[] = {
	[INTERFACES] = { "ifstats", "interfaces", interface_fields, COUNT_OF(interface_fields) },
	[RESTRICTIONS] = { "addr_restrictions", "restrictions", restriction_fields, COUNT_OF(restriction_fields) },
};
/* clang-format on */

_Static_assert(COUNT_OF(interface_fields) <= ORDLIST_FIELDS_MAX, "the longest row");

/* --- commands ----------------------------------------------------------------------- */

static int
run_list(struct query *q, const struct command *c, const struct value *values)
{
	const struct list *list = &lists[c->variant];
	struct talk_ask ask = {
		.op = M6_OP_READ_ORDLIST,
		.data = list->request,
		.len = strlen(list->request),
	};
	int err = query_ask_signed(q, &ask);

	(void)values;
	if (err != 0)
		return err;
	err = print_list(q, list, &ask);
	talk_forget(&ask, 1);
	return err;
}

static const struct command rows[] = {
	/* clang-format off */
	{ "ifstats", "", NO_ARGS, "the daemon's addresses and their counters",
	  "Prints a line for each address the daemon listens on or sends from: whether it\ndrops what comes there, packets received, sent and not sent, associations that\nuse it, seconds since it began. The request is signed with the control key.", run_list, INTERFACES },
	{ "reslist", "", NO_ARGS, "the daemon's restrictions",
	  "Prints the list of restrictions: how often each was met, the addresses it is\nfor, and what it restricts. The request is signed with the control key.", run_list, RESTRICTIONS },
	/* clang-format on */
};

const struct command_group command_lists = { rows, COUNT_OF(rows) };
