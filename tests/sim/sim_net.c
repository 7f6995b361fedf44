/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands, signals, and what is told of the sockets. */
#include "sim/sim_net.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "sim/sim_udp.h"

enum { BACKLOG = 8 };

struct net {
	uv_loop_t loop;
	struct sim_many *many;
	struct sim_udp *udp;
	struct sim_clock clock;
	const struct sim_net_options *options;
	uv_signal_t signals[2];
	uv_pipe_t commands, input;
	char ignored[256]; /* what comes on standard input */
};

/* A client of the command socket. */
struct session {
	uv_pipe_t pipe;
	struct net *net;
	char line[SIM_LINE_MAX];
	size_t len;
};

struct answer {
	uv_write_t write;
	char text[SIM_LINE_MAX + 1];
};

static int
failed(const char *what, int status)
{
	fprintf(stderr, "ntpsim: %s: %s\n", what, uv_strerror(status));
	return ERR_IO;
}

static void
on_session_closed(uv_handle_t *handle)
{
	mem_free(handle->data);
}

static void
on_answered(uv_write_t *write, int status)
{
	(void)status;
	mem_free(write->data);
}

static void
run_line(struct session *session)
{
	struct answer *answer = mem_calloc(1, sizeof(*answer));
	struct net *net = session->net;
	size_t len;
	uv_buf_t buf;

	if (!answer)
		return;
	answer->write.data = answer;
	sim_many_control(net->many, session->line, sim_clock_now(&net->clock),
	    answer->text, SIM_LINE_MAX);
	if (sim_udp_follow(net->udp) != 0)
		text_format(answer->text, SIM_LINE_MAX, "error a socket is missing");
	len = strlen(answer->text);
	answer->text[len++] = '\n';
	buf = uv_buf_init(answer->text, (unsigned)len);
	if (uv_write(&answer->write, (uv_stream_t *)&session->pipe, &buf, 1,
		on_answered) != 0)
		mem_free(answer);
}

static void
on_alloc_line(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct session *session = handle->data;

	(void)suggested;
	*buf = uv_buf_init(session->line + session->len,
	    (unsigned)(sizeof(session->line) - 1 - session->len));
}

static void
on_line(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	struct session *session = stream->data;
	char *newline;

	(void)buf;
	/* No room left for a line's end arrives here as ENOBUFS. */
	if (len < 0) {
		uv_close((uv_handle_t *)stream, on_session_closed);
		return;
	}
	session->len += (size_t)len;
	session->line[session->len] = '\0';
	while ((newline = memchr(session->line, '\n', session->len)) != NULL) {
		size_t used = (size_t)(newline - session->line) + 1;

		*newline = '\0';
		run_line(session);
		session->len -= used;
		memmove(session->line, newline + 1, session->len);
	}
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct net *net = server->data;
	struct session *session;

	if (status != 0)
		return;
	session = mem_calloc(1, sizeof(*session));
	if (!session)
		return;
	session->net = net;
	uv_pipe_init(&net->loop, &session->pipe, 0);
	session->pipe.data = session;
	if (uv_accept(server, (uv_stream_t *)&session->pipe) != 0 ||
	    uv_read_start((uv_stream_t *)&session->pipe, on_alloc_line, on_line) != 0)
		uv_close((uv_handle_t *)&session->pipe, on_session_closed);
}

static int
open_commands(struct net *net)
{
	int status = uv_pipe_init(&net->loop, &net->commands, 0);

	net->commands.data = net;
	if (status == 0)
		status = uv_pipe_bind(&net->commands, net->options->control_path);
	if (status == 0)
		status = uv_listen((uv_stream_t *)&net->commands, BACKLOG, on_connection);
	return status == 0 ? 0 : failed(net->options->control_path, status);
}

static void
on_signal(uv_signal_t *handle, int number)
{
	(void)number;
	uv_stop(handle->loop);
}

static int
open_signals(struct net *net)
{
	static const int numbers[] = { SIGTERM, SIGINT };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int status = uv_signal_init(&net->loop, &net->signals[i]);

		if (status == 0)
			status = uv_signal_start(&net->signals[i], on_signal, numbers[i]);
		if (status != 0)
			return failed("signals", status);
	}
	return 0;
}

static void
on_alloc_input(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct net *net = handle->data;

	(void)suggested;
	*buf = uv_buf_init(net->ignored, sizeof(net->ignored));
}

static void
on_input(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	(void)buf;
	if (len < 0)
		uv_stop(stream->loop);
}

static int
open_input(struct net *net)
{
	int status = UV_EINVAL;

	if (uv_guess_handle(STDIN_FILENO) == UV_NAMED_PIPE)
		status = uv_pipe_init(&net->loop, &net->input, 0);
	net->input.data = net;
	if (status == 0)
		status = uv_pipe_open(&net->input, STDIN_FILENO);
	if (status == 0)
		status =
		    uv_read_start((uv_stream_t *)&net->input, on_alloc_input, on_input);
	return status == 0 ? 0 : failed("standard input must be a pipe", status);
}

/* The addresses as bound, one by one; of many daemons, which have one port, the first and
 * the last. To `ports` the port only. */
static void
announce(struct net *net, FILE *ports)
{
	size_t n = sim_udp_count(net->udp);
	bool is_many = net->many->n > 1;
	char text[ADDR_TEXT_MAX], last[ADDR_TEXT_MAX];

	addr_format(sim_udp_address(net->udp, n - 1), true, last, sizeof(last));
	for (size_t i = 0; i < (is_many ? 1 : n); i++) {
		const struct addr *addr = sim_udp_address(net->udp, i);

		addr_format(addr, true, text, sizeof(text));
		if (ports)
			fprintf(ports, "%u\n", (unsigned)addr->port);
		else if (is_many)
			printf("ntpsim: listening on %s to %s\n", text, last);
		else
			printf("ntpsim: listening on %s\n", text);
	}
}

/* Under its name only when complete, so that a reader never sees half of it. */
static int
write_port_file(struct net *net)
{
	char temporary[4096];
	FILE *file;
	int rc = 0;

	text_format(temporary, sizeof(temporary), "%s.new", net->options->port_file);
	file = fopen(temporary, "w");
	if (!file) {
		fprintf(stderr, "ntpsim: %s cannot be written\n", temporary);
		return ERR_IO;
	}
	announce(net, file);
	if (ferror(file))
		rc = ERR_IO;
	if (fclose(file) != 0)
		rc = ERR_IO;
	if (rc == 0 && rename(temporary, net->options->port_file) != 0)
		rc = ERR_IO;
	if (rc != 0)
		fprintf(stderr, "ntpsim: %s cannot be written\n",
		    net->options->port_file);
	return rc;
}

static int
open_all(struct net *net)
{
	int rc = open_signals(net);

	if (rc == 0)
		rc = sim_udp_open(net->udp, net->options->listen, net->options->n_listen);
	if (rc == 0 && net->options->control_path)
		rc = open_commands(net);
	if (rc == 0 && net->options->is_until_eof)
		rc = open_input(net);
	if (rc == 0 && !net->options->is_quiet) {
		announce(net, NULL);
		fflush(stdout);
	}
	if (rc == 0 && net->options->port_file)
		rc = write_port_file(net);
	return rc;
}

static void
close_handle(uv_handle_t *handle, void *ctx)
{
	struct net *net = ctx;
	uv_close_cb on_closed = NULL;

	if (uv_is_closing(handle))
		return;
	if (handle->type == UV_NAMED_PIPE && handle != (uv_handle_t *)&net->commands &&
	    handle != (uv_handle_t *)&net->input)
		on_closed = on_session_closed;
	uv_close(handle, on_closed);
}

/* With its loop and its sockets; NULL when they cannot be had. */
static struct net *
net_new(struct sim_many *many, const struct sim_net_options *options, int64_t start_ns)
{
	struct net *net = mem_calloc(1, sizeof(*net));

	if (!net)
		return NULL;
	net->many = many;
	net->options = options;
	net->clock.start_ns = start_ns;
	net->clock.monotonic_ns = clock_monotonic_ns();
	if (uv_loop_init(&net->loop) != 0) {
		mem_free(net);
		return NULL;
	}
	net->udp = sim_udp_new(&net->loop, many, &net->clock);
	if (!net->udp) {
		(void)uv_loop_close(&net->loop);
		mem_free(net);
		return NULL;
	}
	return net;
}

int
sim_net_run(struct sim_many *many, const struct sim_net_options *options,
    int64_t start_ns)
{
	struct net *net = net_new(many, options, start_ns);
	int rc;

	if (!net)
		return ERR_NOMEM;
	rc = open_all(net);
	if (rc == 0)
		uv_run(&net->loop, UV_RUN_DEFAULT);
	sim_udp_close(net->udp);
	uv_walk(&net->loop, close_handle, net);
	uv_run(&net->loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&net->loop);
	sim_udp_free(net->udp);
	mem_free(net);
	return rc;
}
