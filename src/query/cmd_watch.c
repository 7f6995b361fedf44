/* SPDX-License-Identifier: BSD-2-Clause */
/* The command watch: reads, shows, waits, until there is an end. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/scan.h"
#include "query/command.h"
#include "query/watch.h"

enum {
	INTERVAL_MAX_S = 86400,
	COUNT_MAX = 1000000000,
};

struct watch {
	uint32_t interval_s, count; /* count 0: until an interrupt */
	bool wants_events;
	uint32_t n_rounds;
	bool was_answered, is_interrupted;
	int last_err; /* of a reading */
	struct watch_board board;
	struct watch_events events;
};

/* --- arguments ---------------------------------------------------------------------- */

/* The first number is the interval, the second one the count; the word stands anywhere.
 */
static int
read_argument(struct query *q, struct watch *w, const struct value *v, size_t *n_numbers)
{
	uint32_t *number = *n_numbers == 0 ? &w->interval_s : &w->count;
	uint32_t max = *n_numbers == 0 ? INTERVAL_MAX_S : COUNT_MAX;

	if (v->len > 0 && strncmp("billboard", v->text, v->len) == 0) {
		w->wants_events = false;
		return 0;
	}
	if (v->len > 0 && strncmp("events", v->text, v->len) == 0) {
		w->wants_events = true;
		return 0;
	}
	if (*n_numbers == 2 || scan_u32(v->text, v->len, number) != 0 || *number == 0 ||
	    *number > max)
		return query_error(q, ERR_SYNTAX,
		    "watch: '%s' is none of: seconds, 1 to %d; billboard; events; "
		    "behind the seconds, a count",
		    v->text, INTERVAL_MAX_S);
	++*n_numbers;
	return 0;
}

static int
read_arguments(struct query *q, struct watch *w, const struct value *values)
{
	size_t n_numbers = 0;
	int err = 0;

	for (size_t i = 0; err == 0 && i < COMMAND_ARGS_MAX && values[i].is_set; i++)
		err = read_argument(q, w, &values[i], &n_numbers);
	return err;
}

/* --- rounds ------------------------------------------------------------------------- */

static int
run_round(struct query *q, struct watch *w)
{
	struct watch_round r;
	int64_t wall_ns;
	int err;

	watch_read(q, &r);
	wall_ns = clock_wall_ns();
	w->is_interrupted = r.err == ERR_CANCELLED;
	if (!r.picture)
		return r.err;
	w->was_answered |= r.err == 0;
	w->last_err = r.err;
	err = w->wants_events ? watch_events_show(&w->events, q, &r, wall_ns)
			      : watch_board_show(&w->board, q, &r, wall_ns);
	watch_round_clear(&r);
	return err;
}

/* True: time for the next round. */
static bool
rest(struct query *q, struct watch *w, int64_t until_ns)
{
	int rc;

	while ((rc = talk_wait(q->talk, until_ns)) == 1) {
		if (!w->wants_events)
			watch_board_again(&w->board, q);
		(void)query_flush(q);
	}
	w->is_interrupted = rc == ERR_CANCELLED;
	return rc == 0;
}

static int
run_rounds(struct query *q, struct watch *w)
{
	int64_t next_ns = clock_monotonic_ns();
	int err;

	do {
		err = run_round(q, w);
		if (err != 0 || !query_flush(q) || ++w->n_rounds == w->count)
			break;
		next_ns += w->interval_s * NS_PER_S;
		/* What was missed is not made up for. */
		if (next_ns < clock_monotonic_ns())
			next_ns = clock_monotonic_ns();
	} while (rest(q, w, next_ns));
	return err;
}

/* An interrupt is how it ends, and no failure; a host that never answered is one. */
static int
finish(struct query *q, const struct watch *w, int err)
{
	if (w->is_interrupted) {
		q->is_over = q->is_over || !q->is_interactive;
		if (!q->out.is_json && out_is_screen(&q->out))
			out_line(&q->out, "%s", "");
		return 0;
	}
	if (err == ERR_NOMEM)
		return query_error(q, err, "%s", err_text(err));
	return w->was_answered || q->out.has_failed ? 0 : w->last_err;
}

static int
run_watch(struct query *q, const struct command *c, const struct value *values)
{
	struct watch w = { .interval_s = QUERY_WATCH_INTERVAL_S };
	int err = read_arguments(q, &w, values);

	(void)c;
	if (err == 0)
		err = query_connect(q);
	if (err != 0)
		return err;
	talk_hold_interrupt(q->talk, true);
	err = finish(q, &w, run_rounds(q, &w));
	talk_hold_interrupt(q->talk, false);
	watch_board_clear(&w.board);
	watch_events_clear(&w.events);
	return err;
}

static const struct command rows[] = {
	/* clang-format off */
	{ "watch", "", { { .kind = ARG_WORD, .name = "seconds", .is_optional = true }, { .kind = ARG_WORD, .name = "billboard|events", .is_optional = true }, { .kind = ARG_WORD, .name = "count", .is_optional = true } }, "peers, live, with what changes",
	  "Reads the associations again and again, every 5 seconds or as often as is said,\nand shows the billboard of peers: on a terminal in place, with changed cells\nstanding out; elsewhere one below the other, with '!' behind changed cells, and\nas the first character '+' for a new association, '!' for a changed tally. With\n\"events\" a line for each event instead. Ends after count readings, or by an\ninterrupt.",
	  run_watch, COMMAND_STREAMS },
	/* clang-format on */
};

const struct command_group command_watch = { rows, sizeof(rows) / sizeof(rows[0]) };
