/* SPDX-License-Identifier: BSD-2-Clause */
/* ntp-query: commands from the command line, or line by line from the standard input. */
#include <stdio.h>
#include <unistd.h>

#include "mode6/auth.h"
#include "query/edit.h"
#include "query/options.h"
#include "query/query.h"

static const char default_host[] = "localhost";

static void
run_input(struct query *q)
{
	struct edit *edit = edit_new(&q->out, q->is_interactive);
	const char *line;

	while (edit && !q->is_over && (line = edit_line(edit)) != NULL)
		query_line(q, line);
	edit_free(edit);
}

/* The commands of the command line, for one host. */
static void
run_commands(struct query *q, const struct query_options *o,
    const struct query_host *host, bool has_others)
{
	q->family = host->family;
	if (query_set_host(q, host->name) != 0) {
		(void)query_error(q, -1, "'%s' is no host", host->name);
		q->code = QUERY_USAGE;
		return;
	}
	if (has_others && !q->out.is_json)
		query_say(q, "server=%s", q->host);
	for (size_t i = 0; i < o->n_commands && !q->is_over; i++)
		query_line(q, o->commands[i]);
}

static int
run(const struct query_options *o, struct names *names)
{
	const struct query_host here = { default_host, o->family };
	const struct query_host *hosts = o->n_hosts > 0 ? o->hosts : &here;
	size_t n_hosts = o->n_hosts > 0 ? o->n_hosts : 1;
	struct query q;

	query_init(&q, stdout, stderr, o->is_json);
	q.wants_names = !o->is_numeric;
	q.names = names;
	q.debug = o->debug;
	q.keys.path = o->key_file;
	q.keys.id = o->key_id;
	if (o->n_commands == 0 || o->is_interactive)
		n_hosts = 1;
	for (size_t i = 0; i < n_hosts; i++)
		run_commands(&q, o, &hosts[i], n_hosts > 1);
	if ((o->n_commands == 0 || o->is_interactive) && !q.is_over) {
		q.is_interactive = o->is_interactive || isatty(STDIN_FILENO);
		query_disconnect(&q);
		run_input(&q);
	}
	query_free(&q);
	return q.code;
}

/* A name that nobody waits for any more must not hold up the end. */
static int
run_and_end(const struct query_options *o)
{
	struct names *names = names_of_system();
	int code = run(o, names);

	if (!names_free(names)) {
		(void)fflush(NULL);
		_exit(code);
	}
	return code;
}

int
main(int argc, char **argv)
{
	struct query_options options;

	m6_secrets_guard();
	query_options_read(&options, argc, argv);
	switch (options.action) {
	case QUERY_RUN:
		return run_and_end(&options);
	case QUERY_HELP:
		query_options_help();
		return QUERY_OK;
	case QUERY_VERSION:
		query_options_version();
		return QUERY_OK;
	case QUERY_WRONG:
		break;
	}
	return QUERY_USAGE;
}
