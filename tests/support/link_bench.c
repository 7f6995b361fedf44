/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting up, running and taking down a link for tests. */
#include "support/check.h"

#include "support/link_bench.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"

#define PATIENCE_MS 8000

static void
note_line(void *ctx, enum log_level level, const char *line)
{
	struct link_bench *b = ctx;

	(void)level;
	b->n_lines++;
	strncpy(b->line, line, sizeof(b->line) - 1);
}

int
link_bench_bind(const char *text, uint16_t *port)
{
	struct sockaddr_storage name;
	socklen_t len;
	struct addr a;

	assert_int_equal(addr_parse(text, strlen(text), &a), 0);
	a.port = *port;
	assert_int_equal(addr_to_sockaddr(&a, &name, &len), 0);
	int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&name, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
	assert_int_equal(addr_from_sockaddr((const struct sockaddr *)&name, &a), 0);
	*port = a.port;
	return fd;
}

/* False when no request waits. */
static bool
answer_one(struct link_server *s)
{
	uint8_t bytes[M6_DATAGRAM_MAX];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	struct fake_datagram *g;
	ssize_t n;

	n = recvfrom(s->fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);
	if (n <= 0)
		return false;
	(void)fake_input(&s->d, bytes, (size_t)n);
	while ((g = fake_output(&s->d)) != NULL) {
		(void)sendto(s->fd, g->bytes, g->len, 0, (struct sockaddr *)&from,
		    from_len);
		free(g);
	}
	return true;
}

static void
on_request(uv_poll_t *poll, int status, int events)
{
	struct link_server *s = poll->data;

	(void)status;
	(void)events;
	while (answer_one(s) && s->takes_all)
		;
}

void
link_bench_serve_at(struct link_bench *b, const char *address, uint16_t port)
{
	struct link_server *s = &b->server;

	s->port = port;
	s->fd = link_bench_bind(address, &s->port);
	assert_int_equal(uv_poll_init(&b->loop, &s->poll, s->fd), 0);
	s->poll.data = s;
	assert_int_equal(uv_poll_start(&s->poll, UV_READABLE, on_request), 0);
}

void
link_bench_serve(struct link_bench *b, uint16_t port)
{
	link_bench_serve_at(b, "127.0.0.1", port);
}

void
link_bench_unserve(struct link_bench *b)
{
	if (b->server.fd < 0)
		return;
	uv_close((uv_handle_t *)&b->server.poll, NULL);
	close(b->server.fd);
	b->server.fd = -1;
	/* The handle is used again: let it go first. */
	uv_run(&b->loop, UV_RUN_NOWAIT);
}

struct link_bench *
link_bench_start(void)
{
	static struct link_bench bench;
	struct link_bench *b = &bench;

	memset(b, 0, sizeof(*b));
	assert_int_equal(uv_loop_init(&b->loop), 0);
	b->log = (struct logger){ note_line, b };
	fake_init(&b->server.d);
	fake_set_assocs(&b->server.d, 5, 1);
	link_bench_serve(b, 0);
	return b;
}

void
link_bench_stop(struct link_bench *b)
{
	link_bench_unserve(b);
	assert_int_equal(uv_run(&b->loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&b->loop), 0);
	fake_fini(&b->server.d);
}

void
link_bench_on_change(void *ctx, const struct snapshot *before,
    const struct snapshot *after)
{
	struct link_bench *b = ctx;

	b->calls++;
	b->before = before->state;
	b->after = after->state;
	/* Else the loop would go on to sleep before it looks at the number of calls. */
	uv_stop(&b->loop);
	if (!b->frees)
		return;
	link_free(b->link);
	b->link = NULL;
}

struct target
link_bench_target(const struct link_bench *b, const char *host)
{
	struct target t;

	target_init(&t);
	memcpy(t.name, "here", 5);
	strncpy(t.host, host, sizeof(t.host) - 1);
	t.port = b->server.port;
	t.interval_s = 1;
	return t;
}

void
link_bench_link(struct link_bench *b, const char *host)
{
	struct target t = link_bench_target(b, host);

	b->link = link_new(&b->loop, &t, &b->log, link_bench_on_change, b);
	assert_non_null(b->link);
}

static void
on_patience_over(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

void
link_bench_run(struct link_bench *b, unsigned n)
{
	uv_timer_t timer;
	bool is_over = false;

	uv_timer_init(&b->loop, &timer);
	timer.data = &is_over;
	uv_timer_start(&timer, on_patience_over, PATIENCE_MS, 0);
	while (!is_over && b->calls < n)
		uv_run(&b->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&b->loop, UV_RUN_NOWAIT);
	assert_false(is_over);
}
