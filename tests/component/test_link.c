/* SPDX-License-Identifier: BSD-2-Clause */
/* Links on a real loop, over real loopback sockets. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "client/link.h"
#include "client/transport.h"
#include "support/link_bench.h"

static void
daemon_on_loopback_is_read(void **state)
{
	struct link_bench *b = link_bench_start();
	struct target_stats stats;

	(void)state;
	link_bench_link(b, "127.0.0.1");
	assert_int_equal(link_snapshot(b->link)->state, TARGET_UNKNOWN);
	assert_string_equal(link_target(b->link)->name, "here");
	assert_int_equal(b->calls, 0);
	link_bench_run(b, 1);
	assert_int_equal(b->before, TARGET_UNKNOWN);
	assert_int_equal(b->after, TARGET_UP);
	assert_int_equal(link_snapshot(b->link)->n_peers, 5);
	link_stats(b->link, &stats);
	assert_int_equal(stats.cycles, 1);
	assert_int_equal(stats.failed_cycles, 0);
	/* List, version, system, associations, clock; a first cycle reads all there is.
	 */
	assert_in_range(stats.requests, 4 + 5, 40);
	assert_true(stats.srtt_ns > 0 && stats.last_success_ns > 0);
	assert_true(stats.last_success_wall_ns > 0);
	assert_string_equal(stats.last_error, "");
	link_bench_run(b, 2);
	/* One line, when it came up: not one per cycle. */
	assert_int_equal(b->n_lines, 1);
	assert_non_null(strstr(b->line, "answers"));
	link_free(b->link);
	link_bench_stop(b);
}

static void
closed_port_is_refused_and_comes_back(void **state)
{
	struct link_bench *b = link_bench_start();
	uint16_t port = b->server.port;
	struct target_stats stats;
	bool was_synced;

	(void)state;
	link_bench_unserve(b);
	link_bench_link(b, "127.0.0.1");
	link_bench_run(b, 1);
	assert_int_equal(b->after, TARGET_REFUSED);
	assert_non_null(strstr(b->line, "refused"));
	link_bench_serve(b, port);
	link_bench_run(b, 2);
	assert_int_equal(b->after, TARGET_UP);
	was_synced = snapshot_is_synchronised(link_snapshot(b->link));
	link_bench_unserve(b);
	link_bench_run(b, 3);
	assert_int_equal(b->after, TARGET_REFUSED);
	assert_int_equal(link_snapshot(b->link)->n_peers, 0);
	assert_int_equal(b->n_lines, 3);
	link_stats(b->link, &stats);
	assert_true(stats.unsynced_ns > 0);
	assert_int_equal(stats.synced_ns > 0, was_synced);
	assert_true(stats.failed_cycles >= 2);
	assert_string_equal(stats.last_error, err_text(ERR_REFUSED));
	link_free(b->link);
	link_bench_stop(b);
}

/* A manager need not wait for the next interval, and cannot ask more often than once a
 * second. */
static void
poll_is_had_on_demand(void **state)
{
	struct link_bench *b = link_bench_start();
	struct target t = link_bench_target(b, "127.0.0.1");
	struct target_stats stats;
	int64_t begin_ns = clock_monotonic_ns();

	(void)state;
	t.interval_s = 3600;
	b->link = link_new(&b->loop, &t, &b->log, link_bench_on_change, b);
	link_bench_run(b, 1);
	link_refresh(b->link);
	link_bench_run(b, 2);
	assert_true(clock_monotonic_ns() - begin_ns < 60 * NS_PER_S);
	for (int i = 0; i < 10; i++) {
		link_refresh(b->link);
		uv_run(&b->loop, UV_RUN_NOWAIT);
		uv_sleep(10);
	}
	link_stats(b->link, &stats);
	assert_int_equal(stats.cycles, 2);
	/* It is put off, not forgotten. */
	link_bench_run(b, 3);
	link_free(b->link);
	link_bench_stop(b);
}

/* The name has an IPv6 address too, where nobody listens. */
static void
name_is_looked_up_and_every_address_tried(void **state)
{
	struct link_bench *b = link_bench_start();

	(void)state;
	link_bench_link(b, "localhost");
	link_bench_run(b, 1);
	assert_int_equal(b->after, TARGET_UP);
	link_free(b->link);
	link_bench_stop(b);
}

static void
name_without_address_is_unresolved(void **state)
{
	struct link_bench *b = link_bench_start();
	char host[81];

	(void)state;
	/* A label this long exists nowhere: no server is asked. */
	memset(host, 'x', 80);
	host[80] = 0;
	link_bench_link(b, host);
	link_bench_run(b, 1);
	assert_int_equal(b->after, TARGET_UNRESOLVED);
	assert_non_null(strstr(b->line, "no address"));
	link_free(b->link);
	link_bench_stop(b);
}

static void
address_of_the_other_family_is_unresolved(void **state)
{
	struct link_bench *b = link_bench_start();
	struct target t = link_bench_target(b, "127.0.0.1");

	(void)state;
	t.family = TARGET_IPV6_ONLY;
	b->link = link_new(&b->loop, &t, &b->log, link_bench_on_change, b);
	assert_int_equal(b->calls, 0);
	link_bench_run(b, 1);
	assert_int_equal(b->after, TARGET_UNRESOLVED);
	link_free(b->link);
	link_bench_stop(b);
}

static void
link_may_be_freed_from_its_callback(void **state)
{
	(void)state;
	for (int refused = 0; refused < 2; refused++) {
		struct link_bench *b = link_bench_start();

		if (refused)
			link_bench_unserve(b);
		b->frees = true;
		link_bench_link(b, "127.0.0.1");
		link_bench_run(b, 1);
		assert_null(b->link);
		link_bench_stop(b);
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
			struct link_bench *b = link_bench_start();
			unsigned calls;

			link_bench_link(b, hosts[i]);
			for (int n = 0; n < rounds; n++)
				uv_run(&b->loop, UV_RUN_NOWAIT);
			calls = b->calls;
			link_free(b->link);
			link_bench_stop(b);
			assert_int_equal(b->calls, calls);
		}
	}
	link_free(NULL);
}

/* Nobody needs to listen, and nobody needs to log. */
static void
callback_and_log_may_be_absent(void **state)
{
	struct link_bench *b = link_bench_start();
	struct target t = link_bench_target(b, "127.0.0.1");
	struct link *l = link_new(&b->loop, &t, NULL, NULL, NULL);

	(void)state;
	assert_non_null(l);
	for (int i = 0; i < 1000 && link_snapshot(l)->state == TARGET_UNKNOWN; i++)
		uv_run(&b->loop, UV_RUN_ONCE);
	assert_int_equal(link_snapshot(l)->state, TARGET_UP);
	link_free(l);
	link_bench_stop(b);
}

static void
descriptors_are_waited_for(void **state)
{
	struct link_bench *b = link_bench_start();
	struct target t = link_bench_target(b, "127.0.0.1");
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	b->link = link_new(&b->loop, &t, &b->log, link_bench_on_change, b);
	assert_non_null(b->link);
	assert_int_equal(b->n_lines, 1);
	for (int i = 0; i < 1000 && link_snapshot(b->link)->state == TARGET_UNKNOWN; i++)
		uv_run(&b->loop, UV_RUN_ONCE);
	assert_int_not_equal(link_snapshot(b->link)->state, TARGET_UP);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	for (int i = 0; i < 1000 && link_snapshot(b->link)->state != TARGET_UP; i++)
		uv_run(&b->loop, UV_RUN_ONCE);
	assert_int_equal(link_snapshot(b->link)->state, TARGET_UP);
	link_free(b->link);
	link_bench_stop(b);
}

/* Datagrams from elsewhere do not reach a connected socket. */
static void
stranger_is_not_heard(void **state)
{
	struct link_bench *b = link_bench_start();
	struct sockaddr_storage own = { 0 };
	struct transport *t = NULL;
	struct addr to;
	uint16_t port = 0;
	uint8_t bytes[64];
	size_t len = 0;
	int stranger = link_bench_bind("127.0.0.1", &port);
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
	link_bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(daemon_on_loopback_is_read),
		cmocka_unit_test(closed_port_is_refused_and_comes_back),
		cmocka_unit_test(poll_is_had_on_demand),
		cmocka_unit_test(name_is_looked_up_and_every_address_tried),
		cmocka_unit_test(name_without_address_is_unresolved),
		cmocka_unit_test(address_of_the_other_family_is_unresolved),
		cmocka_unit_test(link_may_be_freed_from_its_callback),
		cmocka_unit_test(link_may_be_freed_at_any_moment),
		cmocka_unit_test(callback_and_log_may_be_absent),
		cmocka_unit_test(descriptors_are_waited_for),
		cmocka_unit_test(stranger_is_not_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
