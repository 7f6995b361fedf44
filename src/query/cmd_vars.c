/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading variables of the system, of associations and of clocks. */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "query/command.h"
#include "query/vars.h"

enum { LISTED = 1, CLOCKS = 2 }; /* the names of addvars; variables of a clock */

static int
take_names(struct query *q, const char *text, size_t len, struct vars_names *out)
{
	int err = vars_names(text, len, out);

	if (err == ERR_FULL)
		return query_error(q, err, "too many names for one request");
	if (err != 0)
		return query_error(q, err, "'%.*s': expected names of variables",
		    (int)len, text);
	return 0;
}

/* The list of addvars. */
static int
listed_names(struct query *q, struct vars_names *out)
{
	int err = 0;

	out->len = 0;
	for (size_t i = 0; i < q->n_vars && err == 0; i++)
		err = m6_varlist_append(q->vars[i].name, out->text, sizeof(out->text),
		    &out->len);
	return err == 0 ? 0 : query_error(q, err, "the list is too long for one request");
}

static struct talk_ask
make_ask(unsigned variant, uint16_t assoc, const struct vars_names *names)
{
	return (struct talk_ask){
		.op = (variant & CLOCKS) != 0 ? M6_OP_READCLOCK : M6_OP_READVAR,
		.assoc = assoc,
		.data = names->text,
		.len = names->len,
	};
}

/* --- one object --------------------------------------------------------------------- */

/* Each name by itself, because one that is unknown makes the daemon refuse all. */
static size_t
split_names(const struct talk_ask *ask, struct talk_ask *out, size_t cap)
{
	const char *at = ask->data, *end = at + ask->len;
	size_t n = 0;

	while (at < end && n < cap) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma ? comma : end;

		out[n] = (struct talk_ask){ .op = ask->op,
			.assoc = ask->assoc,
			.data = at,
			.len = (size_t)(stop - at) };
		n++;
		at = stop + 1;
	}
	return n;
}

/* Puts the answers that there are together in `ask`. */
static int
join_answers(struct talk_ask *ask, const struct talk_ask *parts, size_t n)
{
	size_t len = 0, used = 0;

	for (size_t i = 0; i < n; i++)
		len += parts[i].err == 0 ? parts[i].payload_len + 2 : 0;
	char *payload = mem_calloc(len + 1, 1);
	if (!payload)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		size_t part_len = parts[i].payload_len;

		if (parts[i].err != 0)
			continue;
		const char *part = scan_trim(parts[i].payload, &part_len);
		if (used > 0 && part_len > 0) {
			payload[used++] = ',';
			payload[used++] = ' ';
		}
		memcpy(payload + used, part, part_len);
		used += part_len;
		ask->status = parts[i].status;
	}
	ask->err = 0;
	ask->payload = payload;
	ask->payload_len = used;
	return 0;
}

/* One of the names is unknown: says which, and takes what the others gave. */
static int
ask_one_by_one(struct query *q, struct talk_ask *ask)
{
	struct talk_ask *parts = mem_calloc(ask->len / 2 + 1, sizeof(*parts));
	size_t n, n_good = 0;
	int err;

	if (!parts)
		return query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	n = split_names(ask, parts, ask->len / 2 + 1);
	err = n > 1 ? query_ask(q, parts, n) : query_failed(q, ask);
	for (size_t i = 0; i < n && err == 0; i++)
		n_good += parts[i].err == 0;
	for (size_t i = 0; i < n && n > 1; i++)
		if (parts[i].err != 0)
			err = parts[i].err == ERR_DAEMON
			    ? query_error(q, ERR_DAEMON, "%s: %.*s: %s", q->host,
				  (int)parts[i].len, (const char *)parts[i].data,
				  m6_error_text(parts[i].daemon_error))
			    : query_failed(q, &parts[i]);
	if (n_good > 0 && join_answers(ask, parts, n) != 0)
		err = query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	talk_forget(parts, n);
	mem_free(parts);
	return err;
}

/* Shows what was answered; what was not is an error, said. */
static int
show(struct query *q, struct talk_ask *ask)
{
	int err = 0;

	if (ask->err == ERR_DAEMON && ask->daemon_error == M6_ERROR_UNKNOWNVAR &&
	    ask->len > 0)
		err = ask_one_by_one(q, ask);
	else if (ask->err != 0)
		err = query_failed(q, ask);
	if (ask->payload)
		vars_print(q, ask);
	return err;
}

static int
read_and_show(struct query *q, struct talk_ask *ask)
{
	int err = query_ask(q, ask, 1);

	if (err == 0) {
		if (!q->is_raw)
			query_know_daemon(q);
		err = show(q, ask);
	}
	talk_forget(ask, 1);
	return err;
}

static int
run_read(struct query *q, const struct command *c, const struct value *values)
{
	struct vars_names names = { .len = 0 };
	uint16_t assoc = (uint16_t)values[0].number;
	int err = 0;

	if ((c->variant & LISTED) != 0)
		err = listed_names(q, &names);
	else if (values[1].is_set)
		err = take_names(q, values[1].text, values[1].len, &names);
	if (err != 0)
		return err;
	struct talk_ask ask = make_ask(c->variant, assoc, &names);
	return read_and_show(q, &ask);
}

/* --- several associations ----------------------------------------------------------- */

/* The asks for all from `first` to `last` that there are, in the order of the list. */
static int
range_of(struct query *q, uint32_t first, uint32_t last, size_t *from, size_t *to)
{
	int err = q->has_assocs ? 0 : query_read_assocs(q);

	if (err != 0)
		return err;
	for (*from = 0; *from < q->n_assocs && q->assocs[*from].id < first;)
		(*from)++;
	for (*to = *from; *to < q->n_assocs && q->assocs[*to].id <= last;)
		(*to)++;
	if (*from == *to)
		return query_error(q, ERR_RANGE, "no association from %u to %u", first,
		    last);
	return 0;
}

static int
show_all(struct query *q, struct talk_ask *asks, size_t n)
{
	int err = query_ask(q, asks, n);

	if (err != 0)
		return err;
	if (!q->is_raw)
		query_know_daemon(q);
	if (q->out.is_json)
		out_open(&q->out, "associations", '[');
	for (size_t i = 0; i < n; i++) {
		if (q->out.is_json)
			out_open(&q->out, NULL, '{');
		else if (i > 0)
			out_line(&q->out, "%s", "");
		int one = show(q, &asks[i]);
		if (err == 0)
			err = one;
		if (q->out.is_json)
			out_close(&q->out, '}');
	}
	if (q->out.is_json)
		out_close(&q->out, ']');
	return err;
}

static int
run_read_many(struct query *q, const struct command *c, const struct value *values)
{
	struct vars_names names = { .len = 0 };
	size_t from, to;
	int err = 0;

	if ((c->variant & LISTED) != 0)
		err = listed_names(q, &names);
	else if (values[2].is_set)
		err = take_names(q, values[2].text, values[2].len, &names);
	if (err == 0)
		err = range_of(q, values[0].number, values[1].number, &from, &to);
	if (err != 0)
		return err;
	struct talk_ask *asks = mem_calloc(to - from, sizeof(*asks));
	if (!asks)
		return query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	for (size_t i = from; i < to; i++)
		asks[i - from] = make_ask(c->variant, q->assocs[i].id, &names);
	err = show_all(q, asks, to - from);
	talk_forget(asks, to - from);
	mem_free(asks);
	return err;
}

/* --- the rows ----------------------------------------------------------------------- */

#define ASSOC_OPTIONAL \
	{ \
		.kind = ARG_ASSOC, .name = "assocID", .is_optional = true \
	}
#define ASSOC \
	{ \
		.kind = ARG_ASSOC, .name = "assocID" \
	}
#define NAMES \
	{ \
		.kind = ARG_REST, .name = "names", .is_optional = true \
	}

static const struct command rows[] = {
	/* clang-format off */
	{ "readvar", "rv", { ASSOC_OPTIONAL, NAMES }, "variables of an association, or of the system",
	  "Reads the variables named, with commas or blanks between, of one association;\nthose the daemon shows by itself when none is named. Association 0, the\ndefault, is the system. A name the daemon does not know is said, the others\nare shown.", run_read, 0 },
	{ "readlist", "rl", { ASSOC_OPTIONAL }, "readvar, with the names of addvars",
	  "Like readvar, with the names that addvars has collected.", run_read, LISTED },
	{ "mreadvar", "mrv", { ASSOC, ASSOC, NAMES }, "readvar, for a range of associations",
	  "Like readvar, for each association from the first to the last one given.", run_read_many, 0 },
	{ "mreadlist", "mrl", { ASSOC, ASSOC }, "readlist, for a range of associations",
	  "Like readlist, for each association from the first to the last one given.", run_read_many, LISTED },
	{ "clockvar", "cv", { ASSOC_OPTIONAL, NAMES }, "variables of a reference clock",
	  "Like readvar, for the reference clock of an association; with 0, the default,\nof the system peer if that is one, else of the first there is.", run_read, CLOCKS },
	{ "clocklist", "cl", { ASSOC_OPTIONAL }, "clockvar, with the names of addvars",
	  "Like clockvar, with the names that addvars has collected.", run_read, CLOCKS | LISTED },
	/* clang-format on */
};

const struct command_group command_vars = { rows, sizeof(rows) / sizeof(rows[0]) };
