/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that print a billboard. */
#include "base/err.h"
#include "query/billboard.h"
#include "query/command.h"

enum {
	ALL = BILLBOARD_ALL,
	OLD_STYLE = BILLBOARD_OLD_STYLE,
	APEERS = BILLBOARD_APEERS,
};

static int
run_peers(struct query *q, const struct command *c, const struct value *values)
{
	struct peers all;
	int err = peers_read(q, (c->variant & ALL) != 0, &all);

	(void)values;
	if (err != 0)
		return err;
	peers_look_up(q, &all);
	struct table *t = billboard_new(q, &all, c->variant);
	if (!t)
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
