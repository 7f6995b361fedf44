/* SPDX-License-Identifier: BSD-2-Clause */
/* From a line to a command that has run. */
#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "query/command.h"
#include "query/query.h"

enum { PROBLEM_MAX = 480 };

static bool
is_unreached(int err)
{
	return err == ERR_NOTFOUND || err == ERR_REFUSED || err == ERR_TIMEOUT;
}

static void
note_failure(struct query *q, int code)
{
	if (q->code == QUERY_OK)
		q->code = code;
}

/* "&n" becomes the id of the nth association. */
static int
look_up_index(struct query *q, struct value *v)
{
	int err = q->has_assocs ? 0 : query_read_assocs(q);

	if (err != 0)
		return err;
	if (v->number > q->n_assocs)
		return query_error(q, ERR_RANGE, "&%u: there are %zu associations",
		    v->number, q->n_assocs);
	v->number = q->assocs[v->number - 1].id;
	return 0;
}

static int
run(struct query *q, const struct command *c, const char *line, const struct words *w)
{
	struct value values[COMMAND_ARGS_MAX];
	bool is_index[COMMAND_ARGS_MAX];
	char problem[PROBLEM_MAX];
	int err =
	    command_arguments(c, line, w, values, is_index, problem, sizeof(problem));

	if (err != 0)
		return query_error(q, err, "%s", problem);
	for (size_t i = 0; i < COMMAND_ARGS_MAX && err == 0; i++)
		if (is_index[i])
			err = look_up_index(q, &values[i]);
	return err != 0 ? err : c->run(q, c, values);
}

/* In JSON each command is an object of its own; of one that streams only the error is. */
static int
run_framed(struct query *q, const struct command *c, const char *line,
    const struct words *w)
{
	int err = 0;

	q->error[0] = '\0';
	q->has_said = false;
	if (!q->out.is_json)
		return run(q, c, line, w);
	if ((c->variant & COMMAND_STREAMS) != 0) {
		err = run(q, c, line, w);
		if (err == 0)
			return 0;
	}
	out_open(&q->out, NULL, '{');
	out_string_z(&q->out, "host", q->host);
	out_string_z(&q->out, "command", c->name);
	if ((c->variant & COMMAND_STREAMS) == 0)
		err = run(q, c, line, w);
	if (q->has_said)
		out_close(&q->out, ']');
	if (err != 0)
		out_string_z(&q->out, "error", q->error);
	out_close(&q->out, '}');
	return err;
}

/* With what it prints going to a file. */
static int
run_into(struct query *q, const struct command *c, const char *line,
    const struct words *w)
{
	FILE *old = q->out.stream;
	FILE *file = fopen(w->file, "w");
	int err;

	if (!file)
		return query_error(q, ERR_IO, "%s: %s", w->file, strerror(errno));
	q->out.stream = file;
	err = run_framed(q, c, line, w);
	q->out.stream = old;
	bool is_bad = ferror(file) != 0;
	if (fclose(file) != 0 || is_bad)
		return query_error(q, ERR_IO, "%s: could not be written", w->file);
	return err;
}

static int
find(struct query *q, const char *word, const struct command **out)
{
	char matches[PROBLEM_MAX];
	int err = command_find(word, out, matches, sizeof(matches));

	if (err == ERR_CONFLICT)
		return query_error(q, err, "'%s' can be: %s", word, matches);
	if (err != 0)
		return query_error(q, ERR_SYNTAX, "'%s': no such command", word);
	return 0;
}

bool
query_flush(struct query *q)
{
	if (!out_flush(&q->out)) {
		(void)query_error(q, ERR_IO, "the output could not be written");
		q->code = QUERY_NO_OUTPUT;
	}
	return !q->out.has_failed;
}

void
query_line(struct query *q, const char *line)
{
	const struct command *c;
	const char *problem;
	struct words w;
	int err = words_split(line, &w, &problem);

	if (err != 0)
		(void)query_error(q, err, "%s", problem);
	else if (w.n == 0)
		return;
	else
		err = find(q, w.items[0], &c);
	if (err == 0)
		err = w.file ? run_into(q, c, line, &w) : run_framed(q, c, line, &w);
	if (err != 0)
		note_failure(q, is_unreached(err) ? QUERY_UNREACHED : QUERY_FAILED);
	(void)query_flush(q);
}
