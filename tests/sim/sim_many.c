/* SPDX-License-Identifier: BSD-2-Clause */
/* Many daemons: made one after the other, commanded by number. */
#include "sim/sim_many.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "sim/sim_command.h"

int
sim_many_init(struct sim_many *many, size_t n, const struct sim_options *options,
    int64_t now_ns)
{
	struct sim_options own = *options;

	many->n = 0;
	many->items = mem_calloc(n, sizeof(struct sim *));
	if (!many->items)
		return ERR_NOMEM;
	for (; many->n < n; many->n++, own.seed++, own.number++) {
		many->items[many->n] = sim_new(&own, now_ns);
		if (!many->items[many->n]) {
			sim_many_fini(many);
			return ERR_NOMEM;
		}
	}
	return 0;
}

void
sim_many_fini(struct sim_many *many)
{
	for (size_t i = 0; i < many->n; i++)
		sim_free(many->items[i]);
	mem_free(many->items);
	memset(many, 0, sizeof(*many));
}

/* A command, and whom it is for. */
struct order {
	struct sim_many *many;
	const char *line;
	size_t first, last;
	int64_t now_ns;
	char *answer;
	size_t cap;
};

/* "3" or "3-5" */
static bool
read_range(struct order *o, const char *word, size_t len)
{
	const char *dash = memchr(word, '-', len);
	size_t first_len = dash ? (size_t)(dash - word) : len;
	uint32_t first, last;

	if (scan_u32(word, first_len, &first) != 0)
		return false;
	last = first;
	if (dash && scan_u32(dash + 1, len - first_len - 1, &last) != 0)
		return false;
	o->first = first;
	o->last = last;
	return first <= last && last < o->many->n;
}

/* Takes "at FIRST-LAST" off the line; false when that is wrong. */
static bool
read_address(struct order *o)
{
	struct sim_command cmd = { .at = o->line };
	const char *word;
	size_t len;

	o->first = 0;
	o->last = o->many->n - 1;
	if (!sim_next_word(&cmd, &word, &len) || !scan_is(word, len, "at"))
		return true;
	if (!sim_next_word(&cmd, &word, &len) || !read_range(o, word, len))
		return false;
	o->line = cmd.at;
	return true;
}

static void
show_gaps(const struct order *o, struct sim_command *args)
{
	struct sim_gaps_total total = { .daemons = 0 };
	char text[SIM_LINE_MAX];
	const char *word;
	size_t len;
	bool is_reset = sim_next_word(args, &word, &len);

	if (is_reset && !scan_is(word, len, "reset")) {
		text_format(o->answer, o->cap, "error gaps are shown, or reset");
		return;
	}
	for (size_t i = o->first; i <= o->last; i++) {
		struct sim_gaps *g = &o->many->items[i]->gaps;

		sim_gaps_add(&total, g, i, o->now_ns);
		if (is_reset)
			sim_gaps_reset(g, o->now_ns);
	}
	sim_gaps_format(&total, text, sizeof(text));
	text_format(o->answer, o->cap, "ok%s", text);
}

static void
show_stats(const struct order *o, struct sim_command *args)
{
	uint64_t n_by_op[SIM_OPS] = { 0 };
	char text[SIM_LINE_MAX];

	(void)args;
	for (size_t i = o->first; i <= o->last; i++) {
		for (size_t op = 0; op < SIM_OPS; op++)
			n_by_op[op] += o->many->items[i]->n_by_op[op];
	}
	sim_stats_format(n_by_op, text, sizeof(text));
	text_format(o->answer, o->cap, "ok%s", text);
}

static void
tell_each(const struct order *o)
{
	char answer[SIM_LINE_MAX];

	for (size_t i = o->first; i <= o->last; i++) {
		sim_control(o->many->items[i], o->line, o->now_ns, answer,
		    sizeof(answer));
		if (strncmp(answer, "ok", 2) != 0 && o->first != o->last) {
			text_format(o->answer, o->cap, "error daemon %zu: %s", i,
			    answer + strlen("error "));
			return;
		}
	}
	text_format(o->answer, o->cap, "%s", o->first == o->last ? answer : "ok");
}

void
sim_many_control(struct sim_many *many, const char *line, int64_t now_ns, char *answer,
    size_t cap)
{
	static const struct {
		const char *word;
		void (*show)(const struct order *o, struct sim_command *args);
	} rows[] = {
		{ "gaps", show_gaps },
		{ "stats", show_stats },
	};
	struct order o = { many, line, 0, 0, now_ns, answer, cap };
	struct sim_command cmd;
	const char *word;
	size_t len;

	/* What was pushed before has been sent. */
	for (size_t i = 0; i < many->n; i++)
		many->items[i]->pushed.n = 0;
	if (!read_address(&o)) {
		text_format(answer, cap, "error at is followed by FIRST or FIRST-LAST");
		return;
	}
	cmd.at = o.line;
	if (!sim_next_word(&cmd, &word, &len))
		len = 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (scan_is(word, len, rows[i].word)) {
			rows[i].show(&o, &cmd);
			return;
		}
	}
	tell_each(&o);
}
