/* SPDX-License-Identifier: BSD-2-Clause */
/* The daemon, and the streams of a line. */
#include "support/check.h"

#include "support/query_bench.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/link_bench.h"

/* --- the daemon --------------------------------------------------------------------- */

struct script {
	const struct query_answer *answers;
	const struct m6_key *key;
	unsigned n_given[QUERY_ANSWERS_MAX];
};

static bool
contains(const struct m6_packet *request, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= request->head.count; i++)
		if (memcmp(request->data + i, part, n) == 0)
			return true;
	return false;
}

static bool
fits(const struct query_answer *a, unsigned n_given, const struct m6_packet *request)
{
	return a->op == request->head.op && a->assoc == request->head.assoc &&
	    (a->times == 0 || n_given < a->times) &&
	    (!a->wants || contains(request, a->wants));
}

/* More than the zeros that fill the last word. */
static bool
is_signed(const struct m6_packet *request)
{
	return request->trailer_len > sizeof(uint64_t);
}

static void
send_signed(struct fake_daemon *d, const struct m6_packet *request, uint16_t status,
    const char *text, size_t len)
{
	const struct script *s = d->script;
	struct m6_header head = request->head;
	uint8_t bytes[M6_DATAGRAM_MAX];
	size_t n;

	head.is_response = true;
	head.status = status;
	assert_int_equal(m6_packet_encode(&head, text, len, bytes, sizeof(bytes), &n), 0);
	assert_int_equal(m6_mac_append(s->key, M6_MAC_ALIGN_8, bytes, sizeof(bytes), &n),
	    0);
	fake_send_bytes(d, bytes, n, d->delay_ns);
}

static void
give(struct fake_daemon *d, const struct m6_packet *request, const struct query_answer *a)
{
	size_t len = a->text && a->len == 0 ? strlen(a->text) : a->len;

	if (a->is_silent)
		return;
	if (a->error != 0)
		fake_send_error(d, request, (uint8_t)a->error);
	else if (is_signed(request))
		send_signed(d, request, a->status, a->text, len);
	else
		fake_send_answer(d, request, a->status, a->text, len);
}

static bool
answer(struct fake_daemon *d, const struct m6_packet *request)
{
	struct script *s = d->script;

	for (size_t i = 0; s->answers[i].op != 0; i++) {
		const struct query_answer *a = &s->answers[i];

		if (!fits(a, s->n_given[i], request))
			continue;
		s->n_given[i]++;
		give(d, request, a);
		return true;
	}
	return false;
}

/* Until it is ended, or we are. */
static pid_t
start_daemon(const struct query_answer *answers, const struct m6_key *key, uint16_t *port)
{
	struct script script = { .answers = answers, .key = key };
	struct link_bench *b = link_bench_start();
	pid_t child;

	b->server.d.answer = answer;
	b->server.d.script = &script;
	*port = b->server.port;
	child = fork();
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		(void)uv_loop_fork(&b->loop);
		(void)uv_run(&b->loop, UV_RUN_DEFAULT);
		_exit(0);
	}
	assert_true(child > 0);
	link_bench_stop(b);
	return child;
}

/* --- the program -------------------------------------------------------------------- */

void
query_bench_start(struct query_bench *b, const struct query_answer *answers)
{
	static const char key[] = "1 MD5 secret\n";
	char host[QUERY_HOST_MAX];
	uint16_t port;

	memset(b, 0, sizeof(*b));
	query_init(&b->q, stdout, stderr, false);
	b->q.keys.id = 1;
	assert_int_equal(m6_keys_parse(key, strlen(key), NULL, NULL, &b->q.keys.typed),
	    0);
	b->daemon = start_daemon(answers, m6_keys_only(b->q.keys.typed), &port);
	snprintf(host, sizeof(host), "127.0.0.1:%u", port);
	assert_int_equal(query_set_host(&b->q, host), 0);
	b->q.timeout_ms = QUERY_BENCH_TIMEOUT_MS;
}

void
query_bench_end_daemon(struct query_bench *b)
{
	if (b->daemon == 0)
		return;
	kill(b->daemon, SIGKILL);
	waitpid(b->daemon, NULL, 0);
	b->daemon = 0;
}

void
query_bench_stop(struct query_bench *b)
{
	query_free(&b->q);
	free(b->text);
	free(b->errors);
	query_bench_end_daemon(b);
}

int
query_bench_run(struct query_bench *b, const char *line)
{
	size_t text_len, errors_len;

	free(b->text);
	free(b->errors);
	FILE *text = open_memstream(&b->text, &text_len);
	FILE *errors = open_memstream(&b->errors, &errors_len);
	assert_true(text && errors);
	out_init(&b->q.out, text, errors, b->is_json);
	b->q.code = QUERY_OK;
	query_line(&b->q, line);
	fclose(text);
	fclose(errors);
	return b->q.code;
}

static void
succeeds(struct query_bench *b, const char *line)
{
	if (query_bench_run(b, line) != QUERY_OK || b->errors[0] != '\0')
		fail_msg("%s: %s", line, b->errors);
}

void
query_bench_prints(struct query_bench *b, const char *line, const char *text)
{
	succeeds(b, line);
	assert_string_equal(b->text, text);
}

void
query_bench_shows(struct query_bench *b, const char *line, const char *part)
{
	succeeds(b, line);
	if (!strstr(b->text, part))
		fail_msg("%s: no '%s' in:\n%s", line, part, b->text);
}

void
query_bench_fails(struct query_bench *b, const char *line, const char *part)
{
	assert_int_not_equal(query_bench_run(b, line), QUERY_OK);
	if (!strstr(b->errors, part))
		fail_msg("%s: no '%s' in:\n%s", line, part, b->errors);
}
