/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of associations and what their status words say. */
#include "base/err.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "mode6/status.h"
#include "query/command.h"
#include "query/peers.h"
#include "query/table.h"

enum {
	ALL = 1,    /* those too that are neither configured nor reachable */
	CACHED = 2, /* the list as it was read last */
};

static const struct table_column columns[] = {
	{ .title = "ind", .key = "index", .is_right = true, .is_number = true },
	{ .title = "assid", .key = "associd", .is_right = true, .is_number = true },
	{ .title = "status", .key = "status" },
	{ .title = "conf", .key = "configured" },
	{ .title = "reach", .key = "reachable" },
	{ .title = "auth", .key = "auth" },
	{ .title = "condition", .key = "condition" },
	{ .title = "last_event", .key = "last_event" },
	{ .title = "cnt", .key = "count", .is_right = true, .is_number = true },
};

/* Of a prototype or a broadcast server nobody is heard. */
static const char *
auth_text(const struct m6_peer_status *s)
{
	if (!s->is_authenable)
		return "none";
	if (s->is_broadcast)
		return "yes";
	return s->is_authentic ? "ok" : "bad";
}

static const char *
reach_text(const struct m6_peer_status *s)
{
	if (s->is_broadcast)
		return "none";
	return s->is_reachable ? "yes" : "no";
}

static void
put_assoc(struct table *t, const struct query *q, size_t i)
{
	const struct m6_assoc *a = &q->assocs[i];
	struct m6_peer_status s = m6_peer_status(a->status);

	table_number(t, (int64_t)i + 1);
	table_number(t, a->id);
	table_format(t, "%04x", a->status);
	table_text(t, s.is_configured ? "yes" : "no");
	table_text(t, reach_text(&s));
	table_text(t, auth_text(&s));
	table_text(t, m6_selection_text(s.selection));
	table_text(t, m6_peer_event_text(q->era, s.event));
	table_number(t, s.count);
}

static int
print_list(struct query *q, bool wants_all)
{
	struct table *t = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	int err = 0;

	for (size_t i = 0; t && i < q->n_assocs; i++)
		if (peers_is_shown(q->assocs[i].status, wants_all))
			put_assoc(t, q, i);
	if (!t || !table_is_whole(t))
		err = query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	else if (table_rows(t) == 0 && !q->out.is_json)
		query_say(q, "No association IDs returned");
	else
		table_print(t, &q->out, "associations");
	table_free(t);
	return err;
}

/* The index stays that of the whole list, which "&n" counts in. */
static int
run_associations(struct query *q, const struct command *c, const struct value *values)
{
	bool is_cached = (c->variant & CACHED) != 0 && q->has_assocs;
	int err = is_cached ? 0 : query_read_assocs(q);

	(void)values;
	if (err != 0)
		return err;
	query_know_daemon(q);
	return print_list(q, (c->variant & ALL) != 0);
}

static void
print_status(struct query *q, const struct talk_ask *ask)
{
	struct cooked c = query_cooked(q, ask->assoc == 0 ? COOKED_SYSTEM : COOKED_PEER);
	char words[200];

	cooked_status(&c, ask->status, words, sizeof(words));
	if (!q->out.is_json) {
		out_line(&q->out, "associd=%u status=%04x %s", ask->assoc, ask->status,
		    words);
		return;
	}
	char word[8];
	text_format(word, sizeof(word), "%04x", ask->status);
	out_number(&q->out, "associd", ask->assoc);
	out_string_z(&q->out, "status", word);
	out_string_z(&q->out, "status_text", words);
}

/* By READVAR of one variable: what daemons answer to a READSTAT of an association is not
 * to be relied on, but the status word is in every answer. */
static int
run_pstatus(struct query *q, const struct command *c, const struct value *values)
{
	struct talk_ask ask = {
		.op = M6_OP_READVAR,
		.assoc = (uint16_t)values[0].number,
		.data = "stratum",
		.len = sizeof("stratum") - 1,
	};
	int err = query_ask(q, &ask, 1);

	(void)c;
	if (err == 0 && ask.err != 0)
		err = query_failed(q, &ask);
	if (err == 0) {
		query_know_daemon(q);
		print_status(q, &ask);
	}
	talk_forget(&ask, 1);
	return err;
}

static const struct command rows[] = {
	/* clang-format off */
	{ "associations", "as", NO_ARGS, "the list of associations and their status",
	  "Reads the list of associations and prints those that are configured or\nreachable: index for \"&n\", association id, status word, then what the word\nsays. The list is remembered for \"&n\" and passociations.", run_associations, 0 },
	{ "lassociations", "", NO_ARGS, "associations, with all there are",
	  "Like associations, with those too that are neither configured nor reachable.", run_associations, ALL },
	{ "passociations", "", NO_ARGS, "the list as it was read last",
	  "Like associations, from the list that was read last; without one it is read.", run_associations, CACHED },
	{ "lpassociations", "", NO_ARGS, "the whole list as it was read last",
	  "Like lassociations, from the list that was read last; without one it is read.", run_associations, ALL | CACHED },
	{ "pstatus", "", { { .kind = ARG_ASSOC, .name = "assocID" } }, "the status word of an association",
	  "Reads the status word of one association (0: of the system) and says what\nit means.", run_pstatus, 0 },
	/* clang-format on */
};

const struct command_group command_assoc = { rows, sizeof(rows) / sizeof(rows[0]) };
