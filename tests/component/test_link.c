/* SPDX-License-Identifier: BSD-2-Clause */
/* Links on a real loop, over real loopback sockets. */
#include "support/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/link.h"
#include "client/transport.h"
#include "support/fake_daemon.h"

#define PATIENCE_MS 8000

/* The fake daemon behind a socket. */
struct server {
	struct fake_daemon d;
	uv_poll_t poll;
	int fd;
	uint16_t port;
};

struct bench {
	uv_loop_t loop;
	struct server server;
	struct link *link;
	struct logger log;
	unsigned n_lines;
	char line[LOG_LINE_MAX];
	unsigned calls;
	enum target_state before, after;
	bool frees;
};

static void
note_line(void *ctx, enum log_level level, const char *line)
{
	struct bench *b = ctx;

	(void)level;
	b->n_lines++;
	strncpy(b->line, line, sizeof(b->line) - 1);
}

static int
bind_loopback(uint16_t *port)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(*port),
	};
	socklen_t len = sizeof(name);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &len), 0);
	*port = ntohs(name.sin_port);
	return fd;
}

static void
on_request(uv_poll_t *poll, int status, int events)
{
	struct server *s = poll->data;
	uint8_t bytes[M6_DATAGRAM_MAX];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	struct fake_datagram *g;
	ssize_t n;

	(void)status;
	(void)events;
	n = recvfrom(s->fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);
	if (n <= 0)
		return;
	(void)fake_input(&s->d, bytes, (size_t)n);
	while ((g = fake_output(&s->d)) != NULL) {
		(void)sendto(s->fd, g->bytes, g->len, 0, (struct sockaddr *)&from,
		    from_len);
		free(g);
	}
}

static void
server_start(struct bench *b, uint16_t port)
{
	struct server *s = &b->server;

	s->port = port;
	s->fd = bind_loopback(&s->port);
	assert_int_equal(uv_poll_init(&b->loop, &s->poll, s->fd), 0);
	s->poll.data = s;
	assert_int_equal(uv_poll_start(&s->poll, UV_READABLE, on_request), 0);
}

static void
server_stop(struct bench *b)
{
	if (b->server.fd < 0)
		return;
	uv_close((uv_handle_t *)&b->server.poll, NULL);
	close(b->server.fd);
	b->server.fd = -1;
	/* The handle is used again: let it go first. */
	uv_run(&b->loop, UV_RUN_NOWAIT);
}

static struct bench *
setup(void)
{
	static struct bench bench;
	struct bench *b = &bench;

	memset(b, 0, sizeof(*b));
	assert_int_equal(uv_loop_init(&b->loop), 0);
	b->log = (struct logger){ note_line, b };
	fake_init(&b->server.d);
	fake_set_assocs(&b->server.d, 5, 1);
	server_start(b, 0);
	return b;
}

/* The loop must end by itself: nothing of the link is left in it. */
static void
teardown(struct bench *b)
{
	server_stop(b);
	assert_int_equal(uv_run(&b->loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&b->loop), 0);
	fake_fini(&b->server.d);
}

static void
on_change(void *ctx, const struct snapshot *before, const struct snapshot *after)
{
	struct bench *b = ctx;

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

static struct target
target_of(const struct bench *b, const char *host)
{
	struct target t;

	target_init(&t);
	memcpy(t.name, "here", 5);
	strncpy(t.host, host, sizeof(t.host) - 1);
	t.port = b->server.port;
	t.interval_s = 1;
	return t;
}

static void
start_link(struct bench *b, const char *host)
{
	struct target t = target_of(b, host);

	b->link = link_new(&b->loop, &t, &b->log, on_change, b);
	assert_non_null(b->link);
}

static void
on_patience_over(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

/* Runs the loop until the link calls for the n-th time. */
static void
run_until_call(struct bench *b, unsigned n)
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

static void
daemon_on_loopback_is_read(void **state)
{
	struct bench *b = setup();
	struct link_stats stats;

	(void)state;
	start_link(b, "127.0.0.1");
	assert_int_equal(link_snapshot(b->link)->state, TARGET_UNKNOWN);
	assert_string_equal(link_target(b->link)->name, "here");
	assert_int_equal(b->calls, 0);
	run_until_call(b, 1);
	assert_int_equal(b->before, TARGET_UNKNOWN);
	assert_int_equal(b->after, TARGET_UP);
	assert_int_equal(link_snapshot(b->link)->n_peers, 5);
	link_stats(b->link, &stats);
	assert_int_equal(stats.cycles, 1);
	assert_int_equal(stats.failed_cycles, 0);
	assert_int_equal(stats.requests, 8);
	assert_true(stats.srtt_ns > 0 && stats.last_success_ns > 0);
	run_until_call(b, 2);
	/* One line, when it came up: not one per cycle. */
	assert_int_equal(b->n_lines, 1);
	assert_non_null(strstr(b->line, "answers"));
	link_free(b->link);
	teardown(b);
}

static void
closed_port_is_refused_and_comes_back(void **state)
{
	struct bench *b = setup();
	uint16_t port = b->server.port;

	(void)state;
	server_stop(b);
	start_link(b, "127.0.0.1");
	run_until_call(b, 1);
	assert_int_equal(b->after, TARGET_REFUSED);
	assert_non_null(strstr(b->line, "refused"));
	server_start(b, port);
	run_until_call(b, 2);
	assert_int_equal(b->after, TARGET_UP);
	server_stop(b);
	run_until_call(b, 3);
	assert_int_equal(b->after, TARGET_REFUSED);
	assert_int_equal(link_snapshot(b->link)->n_peers, 0);
	assert_int_equal(b->n_lines, 3);
	link_free(b->link);
	teardown(b);
}

/* The name has an IPv6 address too, where nobody listens. */
static void
name_is_looked_up_and_every_address_tried(void **state)
{
	struct bench *b = setup();

	(void)state;
	start_link(b, "localhost");
	run_until_call(b, 1);
	assert_int_equal(b->after, TARGET_UP);
	link_free(b->link);
	teardown(b);
}

static void
name_without_address_is_unresolved(void **state)
{
	struct bench *b = setup();
	char host[81];

	(void)state;
	/* A label this long exists nowhere: no server is asked. */
	memset(host, 'x', 80);
	host[80] = 0;
	start_link(b, host);
	run_until_call(b, 1);
	assert_int_equal(b->after, TARGET_UNRESOLVED);
	assert_non_null(strstr(b->line, "no address"));
	link_free(b->link);
	teardown(b);
}

static void
address_of_the_other_family_is_unresolved(void **state)
{
	struct bench *b = setup();
	struct target t = target_of(b, "127.0.0.1");

	(void)state;
	t.family = TARGET_IPV6_ONLY;
	b->link = link_new(&b->loop, &t, &b->log, on_change, b);
	assert_int_equal(b->calls, 0);
	run_until_call(b, 1);
	assert_int_equal(b->after, TARGET_UNRESOLVED);
	link_free(b->link);
	teardown(b);
}

static void
link_may_be_freed_from_its_callback(void **state)
{
	(void)state;
	for (int refused = 0; refused < 2; refused++) {
		struct bench *b = setup();

		if (refused)
			server_stop(b);
		b->frees = true;
		start_link(b, "127.0.0.1");
		run_until_call(b, 1);
		assert_null(b->link);
		teardown(b);
		assert_int_equal(b->calls, 1);
	}
}

static void
link_may_be_freed_at_any_moment(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost", "127.0.0.2" };

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++) {
		for (int rounds = 0; rounds < 12; rounds++) {
			struct bench *b = setup();
			unsigned calls;

			start_link(b, hosts[i]);
			for (int n = 0; n < rounds; n++)
				uv_run(&b->loop, UV_RUN_NOWAIT);
			calls = b->calls;
			link_free(b->link);
			teardown(b);
			assert_int_equal(b->calls, calls);
		}
	}
	link_free(NULL);
}

/* Nobody needs to listen, and nobody needs to log. */
static void
callback_and_log_may_be_absent(void **state)
{
	struct bench *b = setup();
	struct target t = target_of(b, "127.0.0.1");
	struct link *l = link_new(&b->loop, &t, NULL, NULL, NULL);

	(void)state;
	assert_non_null(l);
	for (int i = 0; i < 1000 && link_snapshot(l)->state == TARGET_UNKNOWN; i++)
		uv_run(&b->loop, UV_RUN_ONCE);
	assert_int_equal(link_snapshot(l)->state, TARGET_UP);
	link_free(l);
	teardown(b);
}

static void
lack_of_descriptors_is_logged_and_null(void **state)
{
	struct bench *b = setup();
	struct target t = target_of(b, "127.0.0.1");
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	b->link = link_new(&b->loop, &t, &b->log, on_change, b);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_null(b->link);
	assert_int_equal(b->n_lines, 1);
	teardown(b);
}

/* Datagrams from elsewhere do not reach a connected socket. */
static void
stranger_is_not_heard(void **state)
{
	struct bench *b = setup();
	struct sockaddr_storage own = { 0 };
	struct transport *t = NULL;
	struct addr to;
	uint16_t port = 0;
	uint8_t bytes[64];
	size_t len = 0;
	int stranger = bind_loopback(&port);
	bool is_ready = false;
	int fd;

	(void)state;
	assert_int_equal(addr_parse("127.0.0.1", 9, &to), 0);
	to.port = b->server.port;
	assert_int_equal(
	    transport_open(&b->loop, &to, (transport_ready_fn *)NULL, &is_ready, &t), 0);
	/* The server learns the port from a datagram, and the stranger from the server.
	 */
	assert_int_equal(transport_send(t, "\x16\x01\0\0\0\0\0\0\0\0\0\0", 12), 0);
	fd = b->server.fd;
	socklen_t own_len = sizeof(own);
	assert_int_equal(
	    recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&own, &own_len), 12);
	assert_int_equal(
	    sendto(stranger, "stranger", 8, 0, (struct sockaddr *)&own, own_len), 8);
	assert_int_equal(transport_receive(t, bytes, sizeof(bytes), &len), 0);
	assert_int_equal(sendto(fd, "server", 6, 0, (struct sockaddr *)&own, own_len), 6);
	assert_int_equal(transport_receive(t, bytes, sizeof(bytes), &len), 1);
	assert_memory_equal(bytes, "server", 6);
	transport_close(t);
	close(stranger);
	teardown(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(daemon_on_loopback_is_read),
		cmocka_unit_test(closed_port_is_refused_and_comes_back),
		cmocka_unit_test(name_is_looked_up_and_every_address_tried),
		cmocka_unit_test(name_without_address_is_unresolved),
		cmocka_unit_test(address_of_the_other_family_is_unresolved),
		cmocka_unit_test(link_may_be_freed_from_its_callback),
		cmocka_unit_test(link_may_be_freed_at_any_moment),
		cmocka_unit_test(callback_and_log_may_be_absent),
		cmocka_unit_test(lack_of_descriptors_is_logged_and_null),
		cmocka_unit_test(stranger_is_not_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
