/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands of ntp-query, to a daemon in another process, with memory that runs out at
 * every allocation: what is printed is whole, or an error was said. */
#include "support/check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "query/query.h"
#include "support/alloc_fail.h"
#include "support/link_bench.h"

static uint16_t daemon_port;

/* The daemon: until it is ended, or we are. */
static pid_t
start_daemon(void)
{
	struct link_bench *b = link_bench_start();
	pid_t child;

	daemon_port = b->server.port;
	child = fork();
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		(void)uv_loop_fork(&b->loop);
		(void)uv_run(&b->loop, UV_RUN_DEFAULT);
		_exit(0);
	}
	link_bench_stop(b);
	return child;
}

/* What a run printed. */
struct printed {
	char *text, *errors;
	size_t n_lines;
	int code;
};

static size_t
lines_of(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static void
run(const char *line, struct printed *out)
{
	size_t text_len, errors_len;
	FILE *text = open_memstream(&out->text, &text_len);
	FILE *errors = open_memstream(&out->errors, &errors_len);
	char host[QUERY_HOST_MAX];
	struct query q;

	assert_true(text && errors);
	snprintf(host, sizeof(host), "127.0.0.1:%u", daemon_port);
	query_init(&q, text, errors, false);
	assert_int_equal(query_set_host(&q, host), 0);
	query_line(&q, line);
	out->code = q.code;
	query_free(&q);
	fclose(text);
	fclose(errors);
	out->n_lines = lines_of(out->text);
}

static void
forget(struct printed *p)
{
	free(p->text);
	free(p->errors);
}

static bool
command(void *ctx, const struct alloc_case *c)
{
	struct printed whole, now;
	bool has_failed;

	run(ctx, &whole);
	assert_int_equal(whole.code, QUERY_OK);
	alloc_fail_at(c->n, c->kind);
	run(ctx, &now);
	has_failed = alloc_fail_end();
	if (now.code == QUERY_OK && now.errors[0] == '\0')
		assert_int_equal(now.n_lines, whole.n_lines);
	else
		assert_true(now.errors[0] != '\0' && has_failed);
	forget(&now);
	forget(&whole);
	return has_failed;
}

static void
what_is_printed_is_whole_or_an_error_was_said(void **state)
{
	static const char *const lines[] = { "peers", "as", "rv", "lopeers" };
	pid_t child = start_daemon();

	(void)state;
	assert_true(child > 0);
	for (size_t i = 0; i < COUNT(lines); i++) {
		char line[16];

		snprintf(line, sizeof(line), "%s", lines[i]);
		assert_true(alloc_fail_each(7, command, line) > 3);
	}
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_is_whole_or_an_error_was_said),
	};

	alloc_fail_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
