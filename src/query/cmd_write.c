/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing variables: one signed request, never repeated, and what the daemon holds
 * afterwards, whatever it answered. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/scan.h"
#include "mode6/packet.h"
#include "model/write.h"
#include "query/command.h"
#include "query/query.h"

enum { WRITE_ITEMS_MAX = QUERY_VARS_MAX };

/* Borrowed from the command line, or from the list of addvars. */
struct item {
	const char *name, *value;
	size_t name_len, value_len;
};

struct items {
	struct item at[WRITE_ITEMS_MAX];
	size_t n;
};

/* --- what is to be written ---------------------------------------------------------- */

static int
check(struct query *q, const struct item *item)
{
	if (!ntp_write_carries_name(item->name, item->name_len))
		return query_error(q, ERR_SYNTAX, "'%.*s' is no name of a variable",
		    (int)item->name_len, item->name);
	if (!item->value)
		return query_error(q, ERR_SYNTAX, "%.*s: expected %.*s=value",
		    (int)item->name_len, item->name, (int)item->name_len, item->name);
	if (!ntp_write_carries_value(item->value, item->value_len))
		return query_error(q, ERR_SYNTAX,
		    "%.*s: daemons take up to %d printable characters without comma and "
		    "quote as a value",
		    (int)item->name_len, item->name, NTP_WRITE_VALUE_MAX);
	return 0;
}

static struct item
split_item(const char *text, size_t len)
{
	const char *equals = memchr(text, '=', len);
	struct item item = { .name_len = equals ? (size_t)(equals - text) : len };

	item.name = scan_trim(text, &item.name_len);
	if (!equals)
		return item;
	item.value_len = (size_t)(text + len - equals - 1);
	item.value = scan_trim(equals + 1, &item.value_len);
	return item;
}

static int
add(struct query *q, struct items *items, struct item item)
{
	if (items->n == WRITE_ITEMS_MAX)
		return query_error(q, ERR_TOOBIG, "no more than %d variables",
		    WRITE_ITEMS_MAX);
	items->at[items->n++] = item;
	return check(q, &item);
}

/* "name=value,name=value". */
static int
take_items(struct query *q, const char *at, size_t len, struct items *out)
{
	const char *end = at + len;
	int err = 0;

	while (err == 0 && at <= end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma ? comma : end;

		err = add(q, out, split_item(at, (size_t)(stop - at)));
		at = stop + 1;
	}
	return err;
}

static int
take_list(struct query *q, struct items *out)
{
	int err = 0;

	for (size_t i = 0; i < q->n_vars && err == 0; i++) {
		const struct query_var *var = &q->vars[i];

		err = add(q, out,
		    (struct item){ var->name, var->value, strlen(var->name),
			var->value ? strlen(var->value) : 0 });
	}
	if (err == 0 && out->n == 0)
		return query_error(q, ERR_SYNTAX,
		    "the list is empty: addvars name=value puts something on it");
	return err;
}

/* --- what became of it -------------------------------------------------------------- */

/* Says what one variable holds. 0 when that is what was written. */
static int
show_item(struct query *q, const struct item *item, const struct talk_ask *ask)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	struct m6_var var = { 0 };
	bool is_there = false;

	while (!is_there && ask->err == 0 && m6_varlist_next(&list, &var))
		is_there = var.value && var.name_len == item->name_len &&
		    memcmp(var.name, item->name, item->name_len) == 0;
	if (!is_there)
		return query_error(q, ask->err != 0 ? ask->err : ERR_PROTOCOL,
		    "%.*s: could not be read back%s%s", (int)item->name_len, item->name,
		    ask->err == ERR_DAEMON ? ": " : "",
		    ask->err == ERR_DAEMON ? m6_error_text(ask->daemon_error) : "");
	if (q->out.is_json)
		out_member(&q->out, item->name, item->name_len, var.value, var.value_len);
	else
		out_line(&q->out, "%.*s=%.*s", (int)item->name_len, item->name,
		    (int)var.value_len, var.value);
	if (var.value_len == item->value_len &&
	    memcmp(var.value, item->value, item->value_len) == 0)
		return 0;
	return query_error(q, ERR_CONFLICT, "%.*s: it was not written",
	    (int)item->name_len, item->name);
}

static int
read_back(struct query *q, uint16_t assoc, const struct items *items)
{
	struct talk_ask asks[WRITE_ITEMS_MAX] = { 0 };
	int err;

	for (size_t i = 0; i < items->n; i++)
		asks[i] = (struct talk_ask){ .op = M6_OP_READVAR,
			.assoc = assoc,
			.data = items->at[i].name,
			.len = items->at[i].name_len };
	err = query_ask(q, asks, items->n);
	if (err != 0)
		return err;
	if (q->out.is_json)
		out_open(&q->out, "variables", '{');
	for (size_t i = 0; i < items->n; i++) {
		int one = show_item(q, &items->at[i], &asks[i]);

		if (err == 0)
			err = one;
	}
	if (q->out.is_json)
		out_close(&q->out, '}');
	talk_forget(asks, items->n);
	return err;
}

/* Whether something may have been written for all the daemon said: of several some, or
 * there was no answer. With `err` and none of the request itself, it was not sent. */
static bool
is_open(int err, const struct talk_ask *ask, size_t n)
{
	switch (ask->err) {
	case 0:
		return err == 0;
	case ERR_TIMEOUT:
	case ERR_TRUNCATED:
	case ERR_PROTOCOL:
	case ERR_CONFLICT:
		return true;
	case ERR_DAEMON:
		return n > 1 && ask->daemon_error != M6_ERROR_BADOP;
	default:
		return false;
	}
}

static int
write_items(struct query *q, uint16_t assoc, const struct items *items)
{
	char data[M6_REQUEST_MAX];
	struct buf b = buf_writer(data, sizeof(data));
	struct talk_ask ask = { .op = M6_OP_WRITEVAR, .assoc = assoc, .is_once = true };
	int err;

	for (size_t i = 0; i < items->n; i++) {
		buf_put_text(&b, i > 0 ? "," : "");
		buf_put_bytes(&b, items->at[i].name, items->at[i].name_len);
		buf_put_text(&b, "=");
		buf_put_bytes(&b, items->at[i].value, items->at[i].value_len);
	}
	if (buf_failed(&b))
		return query_error(q, ERR_TOOBIG, "too much for one request");
	ask.data = data;
	ask.len = buf_pos(&b);
	err = query_ask_signed(q, &ask);
	if (ask.err == ERR_DAEMON && ask.daemon_error == M6_ERROR_BADOP)
		out_error(&q->out,
		    "this daemon has no writevar; "
		    "\"config setvar name = value\" makes a variable");
	/* What it holds counts, not whether the answer came. */
	if (is_open(err, &ask, items->n)) {
		int stored = read_back(q, assoc, items);

		if (err != ERR_DAEMON)
			err = stored;
	}
	talk_forget(&ask, 1);
	return err;
}

enum { FROM_LINE, FROM_LIST };

static int
run_write(struct query *q, const struct command *c, const struct value *values)
{
	struct items items = { .n = 0 };
	int err = c->variant == FROM_LIST
	    ? take_list(q, &items)
	    : take_items(q, values[1].text, values[1].len, &items);

	return err != 0 ? err : write_items(q, (uint16_t)values[0].number, &items);
}

static const struct command rows[] = {
	/* clang-format off */
	{ "writevar", "", { { .kind = ARG_ASSOC, .name = "assocID" }, { .kind = ARG_REST, .name = "name=value,..." } }, "write variables",
	  "Writes variables of an association, or of the system (0), by a signed request\nthat is sent once, and shows what the daemon holds afterwards. Daemons let only\nthose be written that their command line made: --var, --dvar.", run_write, FROM_LINE },
	{ "writelist", "", { { .kind = ARG_ASSOC, .name = "assocID" } }, "writevar, with the list of addvars",
	  "Like writevar, with the names and values that addvars has collected.", run_write, FROM_LIST },
	/* clang-format on */
};

const struct command_group command_write = { rows, sizeof(rows) / sizeof(rows[0]) };
