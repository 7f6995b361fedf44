/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets, delayed datagrams, commands, signals. */
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

enum {
	RECEIVE_CAP = 1200,      /* what ntp.org's daemon reads */
	SOCKET_BUFFER = 1 << 20, /* bursts of a thousand requests are not its fault */
	PENDING_MAX = 8192,      /* delayed datagrams */
	BACKLOG = 8,
};

struct net;

struct listener {
	uv_udp_t udp;
	struct net *net;
};

struct net {
	uv_loop_t loop;
	struct sim *sim;
	const struct sim_net_options *options;
	struct listener listeners[SIM_LISTEN_MAX];
	uv_signal_t signals[2];
	uv_pipe_t commands, input;
	struct sim_replies replies;
	int64_t start_ns, start_monotonic_ns;
	size_t n_pending;
	char received[RECEIVE_CAP];
	char ignored[256]; /* what comes on standard input */
};

/* A datagram that waits for its time. */
struct pending {
	uv_timer_t timer;
	struct listener *from;
	struct sockaddr_storage to;
	size_t len;
	uint8_t bytes[];
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

static int64_t
now_ns(const struct net *net)
{
	return net->start_ns + clock_monotonic_ns() - net->start_monotonic_ns;
}

static int
failed(const char *what, int status)
{
	fprintf(stderr, "ntpsim: %s: %s\n", what, uv_strerror(status));
	return ERR_IO;
}

/* A lost datagram is nothing a caller of UDP could complain about. */
static void
send_now(struct listener *from, const struct sockaddr *to, uint8_t *bytes, size_t len)
{
	uv_buf_t buf = uv_buf_init((char *)bytes, (unsigned)len);

	(void)uv_udp_try_send(&from->udp, &buf, 1, to);
}

static void
on_pending_closed(uv_handle_t *handle)
{
	mem_free(handle->data);
}

static void
on_due(uv_timer_t *timer)
{
	struct pending *p = timer->data;

	send_now(p->from, (const struct sockaddr *)&p->to, p->bytes, p->len);
	p->from->net->n_pending--;
	uv_close((uv_handle_t *)timer, on_pending_closed);
}

static void
send_later(struct listener *from, const struct sockaddr *to,
    const struct sim_datagram *dg)
{
	struct pending *p;

	if (from->net->n_pending >= PENDING_MAX)
		return;
	p = mem_calloc(1, sizeof(*p) + dg->len);
	if (!p)
		return;
	p->from = from;
	p->len = dg->len;
	memcpy(p->bytes, dg->bytes, dg->len);
	memcpy(&p->to, to,
	    to->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
				      : sizeof(struct sockaddr_in));
	uv_timer_init(&from->net->loop, &p->timer);
	p->timer.data = p;
	from->net->n_pending++;
	uv_timer_start(&p->timer, on_due, dg->delay_ms, 0);
}

/* The one asked, or the first that can reach such an address; NULL when none can. */
static struct listener *
sender_to(struct net *net, struct listener *asked, const struct addr *to)
{
	const struct addr *addrs = net->options->listen;

	if (asked && addrs[asked - net->listeners].family == to->family)
		return asked;
	for (size_t i = 0; i < net->options->n_listen; i++) {
		if (addrs[i].family == to->family)
			return &net->listeners[i];
	}
	return NULL;
}

/* Sends what a request or command caused for the receivers of traps. */
static void
push(struct net *net, struct listener *asked)
{
	const struct sim_replies *pushed = sim_pushed(net->sim);

	for (size_t i = 0; i < pushed->n; i++) {
		struct sim_datagram *dg = &pushed->items[i];
		struct listener *from = sender_to(net, asked, &dg->to);
		struct sockaddr_storage to;
		socklen_t to_len;

		if (from && addr_to_sockaddr(&dg->to, &to, &to_len) == 0)
			send_now(from, (const struct sockaddr *)&to, dg->bytes, dg->len);
	}
}

static void
on_alloc_datagram(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct listener *at = handle->data;

	(void)suggested;
	*buf = uv_buf_init(at->net->received, sizeof(at->net->received));
}

static void
on_datagram(uv_udp_t *udp, ssize_t len, const uv_buf_t *buf, const struct sockaddr *from,
    unsigned flags)
{
	struct listener *at = udp->data;
	struct net *net = at->net;
	struct addr client;

	if (len < 0 || !from || (flags & UV_UDP_PARTIAL) ||
	    addr_from_sockaddr(from, &client) != 0)
		return;
	sim_request(net->sim, &client, buf->base, (size_t)len, now_ns(net),
	    &net->replies);
	for (size_t i = 0; i < net->replies.n; i++) {
		struct sim_datagram *dg = &net->replies.items[i];

		if (dg->delay_ms > 0)
			send_later(at, from, dg);
		else
			send_now(at, from, dg->bytes, dg->len);
	}
	push(net, at);
}

static int
open_listener(struct net *net, struct listener *at, const struct addr *addr)
{
	struct sockaddr_storage sa;
	socklen_t sa_len;
	int size = SOCKET_BUFFER, status;

	at->net = net;
	if (addr_to_sockaddr(addr, &sa, &sa_len) != 0)
		return ERR_SYNTAX;
	status = uv_udp_init(&net->loop, &at->udp);
	if (status != 0)
		return failed("socket", status);
	at->udp.data = at;
	status = uv_udp_bind(&at->udp, (const struct sockaddr *)&sa, 0);
	if (status == 0)
		status = uv_udp_recv_start(&at->udp, on_alloc_datagram, on_datagram);
	if (status != 0)
		return failed("bind", status);
	/* As much as the system allows. */
	(void)uv_recv_buffer_size((uv_handle_t *)&at->udp, &size);
	return 0;
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
	size_t len;
	uv_buf_t buf;

	if (!answer)
		return;
	answer->write.data = answer;
	sim_control(session->net->sim, session->line, now_ns(session->net), answer->text,
	    SIM_LINE_MAX);
	push(session->net, NULL);
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

/* The addresses as bound, one by one: to `ports` the port only. */
static int
announce(struct net *net, FILE *ports)
{
	for (size_t i = 0; i < net->options->n_listen; i++) {
		struct sockaddr_storage sa = { .ss_family = AF_UNSPEC };
		int len = (int)sizeof(sa);
		struct addr addr;
		char text[ADDR_TEXT_MAX];

		if (uv_udp_getsockname(&net->listeners[i].udp, (struct sockaddr *)&sa,
			&len) != 0 ||
		    addr_from_sockaddr((const struct sockaddr *)&sa, &addr) != 0)
			return ERR_IO;
		addr_format(&addr, true, text, sizeof(text));
		if (ports)
			fprintf(ports, "%u\n", (unsigned)addr.port);
		else
			printf("ntpsim: listening on %s\n", text);
	}
	return 0;
}

/* Under its name only when complete, so that a reader never sees half of it. */
static int
write_port_file(struct net *net)
{
	char temporary[4096];
	FILE *file;
	int rc;

	text_format(temporary, sizeof(temporary), "%s.new", net->options->port_file);
	file = fopen(temporary, "w");
	if (!file) {
		fprintf(stderr, "ntpsim: %s cannot be written\n", temporary);
		return ERR_IO;
	}
	rc = announce(net, file);
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

	for (size_t i = 0; rc == 0 && i < net->options->n_listen; i++)
		rc = open_listener(net, &net->listeners[i], &net->options->listen[i]);
	if (rc == 0 && net->options->control_path)
		rc = open_commands(net);
	if (rc == 0 && net->options->is_until_eof)
		rc = open_input(net);
	if (rc == 0 && !net->options->is_quiet) {
		rc = announce(net, NULL);
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
	if (handle->type == UV_TIMER)
		on_closed = on_pending_closed;
	else if (handle->type == UV_NAMED_PIPE &&
	    handle != (uv_handle_t *)&net->commands &&
	    handle != (uv_handle_t *)&net->input)
		on_closed = on_session_closed;
	uv_close(handle, on_closed);
}

int
sim_net_run(struct sim *s, const struct sim_net_options *options, int64_t start_ns)
{
	struct net *net = mem_calloc(1, sizeof(*net));
	int rc;

	if (!net)
		return ERR_NOMEM;
	net->sim = s;
	net->options = options;
	net->start_ns = start_ns;
	net->start_monotonic_ns = clock_monotonic_ns();
	if (uv_loop_init(&net->loop) != 0) {
		mem_free(net);
		return ERR_IO;
	}
	rc = open_all(net);
	if (rc == 0)
		uv_run(&net->loop, UV_RUN_DEFAULT);
	uv_walk(&net->loop, close_handle, net);
	uv_run(&net->loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&net->loop);
	sim_replies_free(&net->replies);
	mem_free(net);
	return rc;
}
