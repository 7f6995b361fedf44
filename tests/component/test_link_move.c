/* SPDX-License-Identifier: BSD-2-Clause */
/* Links that go to another address, or fail, in the middle of a SET or with what they
 * know of the daemon. The names of this program have the addresses it gives them. */
#include "support/check.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "client/link_impl.h"
#include "client/transaction.h"
#include "mode6/packet.h"
#include "support/client_bench.h"
#include "support/late_resolver.h"
#include "support/link_bench.h"

/* The daemon has one variable, or says nothing of it and denies all else. */
static bool denies;
/* What it signs with when it takes us for a receiver of its messages; NULL: it does not.
 */
static const struct m6_key *trap_key;

static void
answer_trap(struct fake_daemon *d, const struct m6_packet *request)
{
	if (trap_key)
		fake_send_empty(d, request, 0, trap_key);
	else
		fake_send_error(d, request, M6_ERROR_BADOP);
}

static bool
answer(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char text[] = "site=old\r\n";

	if (request->head.op == M6_OP_SETTRAP || request->head.op == M6_OP_UNSETTRAP) {
		answer_trap(d, request);
		return true;
	}
	if (fake_asks_for(request, "site")) {
		if (!denies)
			fake_send_answer(d, request, 0x0615, text, strlen(text));
		return true;
	}
	if (denies)
		fake_send_error(d, request, M6_ERROR_PERMISSION);
	return denies;
}

struct move {
	struct link_bench *b;
	struct m6_keys *keys;
	struct transaction *t;
	bool is_done;
};

/* A link that is up. */
static void
setup(struct move *m, const char *host)
{
	struct target t;

	memset(m, 0, sizeof(*m));
	denies = false;
	trap_key = NULL;
	m->b = link_bench_start();
	m->keys = bench_keys();
	m->b->server.d.answer = answer;
	t = link_bench_target(m->b, host);
	t.write = TARGET_WRITE_VARIABLES;
	t.wants_push = true;
	m->b->link = link_new(&m->b->loop, &t, &m->b->log, link_bench_on_change, m->b);
	assert_non_null(m->b->link);
	link_allow_writes(m->b->link, m6_keys_find(m->keys, 1));
	link_bench_run(m->b, 1);
	assert_int_equal(m->b->after, TARGET_UP);
}

static void
teardown(struct move *m)
{
	transaction_free(m->t);
	link_free(m->b->link);
	link_bench_stop(m->b);
	m6_keys_free(m->keys);
}

static void
open_site(struct move *m)
{
	struct transaction_item item = {
		.writer = link_writer(m->b->link),
		.kind = TRANSACTION_VARIABLE,
		.name = "site",
		.name_len = 4,
		.value = "new",
		.value_len = 3,
	};

	transaction_free(m->t);
	m->t = transaction_new(&item, 1, clock_monotonic_ns());
	assert_non_null(m->t);
}

static void
on_done(void *ctx)
{
	((struct move *)ctx)->is_done = true;
}

static void
begin_step(struct move *m, enum transaction_step step)
{
	m->is_done = false;
	assert_int_equal(transaction_run(m->t, step, clock_monotonic_ns(),
			     clock_wall_ns(), on_done, m),
	    0);
}

static enum ntp_write_result
run_step(struct move *m, enum transaction_step step)
{
	begin_step(m, step);
	/* The link polls each second: there is always something to wait for. */
	while (!m->is_done)
		uv_run(&m->b->loop, UV_RUN_ONCE);
	return transaction_result(m->t, 0);
}

/* The daemon goes, and another one answers elsewhere. */
static void
move_to(struct move *m, const char *address)
{
	uint16_t port = m->b->server.port;

	link_bench_unserve(m->b);
	link_bench_serve_at(m->b, address, port);
	do
		link_bench_run(m->b, m->b->calls + 1);
	while (m->b->after != TARGET_UP);
}

/* Whether the next address of the name is the other one, or the name has a new one. */
static void
set_does_not_go_on_at_another_address(void **state)
{
	(void)state;
	for (int is_new = 0; is_new < 2; is_new++) {
		struct move m;
		struct target_stats stats;
		const struct fake_daemon *d;

		late_found[0] = "127.0.0.1";
		late_found[1] = is_new ? NULL : "127.0.0.2";
		setup(&m, "name.example");
		d = &m.b->server.d;
		open_site(&m);
		assert_int_equal(run_step(&m, TRANSACTION_READ), NTP_WRITE_NONE);
		late_found[0] = "127.0.0.2";
		late_found[1] = NULL;
		link_stats(m.b->link, &stats);
		assert_int_equal(stats.restarts, 0);
		move_to(&m, "127.0.0.2");
		/* Counters are not those of before. */
		link_stats(m.b->link, &stats);
		assert_int_equal(stats.restarts, 1);
		assert_true(stats.restarted_wall_ns > 0);
		assert_int_equal(run_step(&m, TRANSACTION_APPLY), NTP_WRITE_UNREACHABLE);
		assert_int_equal(run_step(&m, TRANSACTION_UNDO), NTP_WRITE_NONE);
		assert_int_equal(d->n_by_op[M6_OP_WRITEVAR], d->n_key_tries);
		/* The next SET is for the new one. */
		open_site(&m);
		assert_int_equal(run_step(&m, TRANSACTION_READ), NTP_WRITE_NONE);
		teardown(&m);
	}
}

static void
set_goes_on_when_the_daemon_is_back_at_its_address(void **state)
{
	struct move m;

	(void)state;
	setup(&m, "127.0.0.1");
	open_site(&m);
	assert_int_equal(run_step(&m, TRANSACTION_READ), NTP_WRITE_NONE);
	move_to(&m, "127.0.0.1");
	(void)run_step(&m, TRANSACTION_APPLY);
	assert_int_equal(m.b->server.d.n_by_op[M6_OP_WRITEVAR],
	    m.b->server.d.n_key_tries + 1);
	teardown(&m);
}

/* Another socket would not hear it. */
static void
failed_cycle_leaves_the_socket_to_a_write(void **state)
{
	struct target_stats stats;
	struct transport *before;
	struct move m;

	(void)state;
	setup(&m, "127.0.0.1");
	denies = true;
	before = m.b->link->transport;
	open_site(&m);
	begin_step(&m, TRANSACTION_READ);
	link_refresh(m.b->link);
	do {
		uv_run(&m.b->loop, UV_RUN_ONCE);
		link_stats(m.b->link, &stats);
	} while (stats.failed_cycles == 0);
	assert_false(m.is_done);
	assert_ptr_equal(m.b->link->transport, before);
	while (!m.is_done || stats.failed_cycles == 1) {
		uv_run(&m.b->loop, UV_RUN_ONCE);
		link_stats(m.b->link, &stats);
	}
	/* Nobody waits any more: a new one, as after every failure. */
	assert_ptr_not_equal(m.b->link->transport, before);
	teardown(&m);
}

static void
count_socket(uv_handle_t *handle, void *ctx)
{
	if (handle->type == UV_POLL && !uv_is_closing(handle))
		++*(unsigned *)ctx;
}

/* The daemon denies all but stays silent about the write that is under way. */
static bool
deny_but_the_site(struct fake_daemon *d, const struct m6_packet *request)
{
	return fake_asks_for(request, "site") || answer(d, request);
}

/* The good-bye goes to the daemon that pushes, over the socket that it knows, though a
 * write waits there; and that socket is gone then. */
static void
subscriber_leaves_before_the_next_address_is_asked(void **state)
{
	struct transport *before;
	struct target_stats stats;
	unsigned n_sockets = 0;
	struct move m;
	int silent;

	(void)state;
	late_found[0] = "127.0.0.1";
	late_found[1] = "127.0.0.2";
	setup(&m, "name.example");
	silent = link_bench_bind("127.0.0.2", &m.b->server.port);
	trap_key = m6_keys_find(m.keys, 1);
	link_allow_push(m.b->link, trap_key);
	do {
		uv_run(&m.b->loop, UV_RUN_ONCE);
		link_stats(m.b->link, &stats);
	} while (stats.push != TARGET_PUSH_SUBSCRIBED);
	before = m.b->link->transport;
	denies = true;
	m.b->server.d.answer = deny_but_the_site;
	open_site(&m);
	begin_step(&m, TRANSACTION_READ);
	link_refresh(m.b->link);
	while (m.b->link->transport == before)
		uv_run(&m.b->loop, UV_RUN_ONCE);
	assert_int_equal(m.b->link->addr, 1);
	uv_walk(&m.b->loop, count_socket, &n_sockets);
	assert_int_equal(n_sockets, 2); /* the daemon's and the link's */
	while (m.b->server.d.n_by_op[M6_OP_UNSETTRAP] == 0)
		uv_run(&m.b->loop, UV_RUN_ONCE);
	teardown(&m);
	close(silent);
}

/* No socket can be connected to everybody: the next address has its turn at once. */
static void
address_without_a_way_to_it_is_passed_over(void **state)
{
	int64_t begin_ns = clock_monotonic_ns();
	struct target_stats stats;
	struct move m;

	(void)state;
	late_found[0] = "255.255.255.255";
	late_found[1] = "127.0.0.1";
	setup(&m, "name.example");
	link_stats(m.b->link, &stats);
	assert_int_equal(stats.failed_cycles, 0);
	assert_true(clock_monotonic_ns() - begin_ns < 5 * NS_PER_S);
	/* When the other one fails as well there is nothing left but to ask again. */
	link_bench_unserve(m.b);
	do
		link_bench_run(m.b, m.b->calls + 1);
	while (m.b->after != TARGET_REFUSED);
	link_bench_serve_at(m.b, "127.0.0.1", m.b->server.port);
	do
		link_bench_run(m.b, m.b->calls + 1);
	while (m.b->after != TARGET_UP);
	teardown(&m);
}

/* One that did not know how to push is no reason not to ask the next one. */
static void
other_daemon_is_asked_to_push(void **state)
{
	struct target_stats stats;
	const size_t *n_asked;
	struct move m;

	(void)state;
	late_found[0] = "127.0.0.1";
	late_found[1] = NULL;
	setup(&m, "name.example");
	n_asked = &m.b->server.d.n_by_op[M6_OP_SETTRAP];
	link_allow_push(m.b->link, m6_keys_find(m.keys, 1));
	link_bench_run(m.b, 3);
	assert_int_equal(*n_asked, 1);
	move_to(&m, "127.0.0.1");
	link_bench_run(m.b, m.b->calls + 2);
	assert_int_equal(*n_asked, 1);
	late_found[0] = "127.0.0.2";
	move_to(&m, "127.0.0.2");
	link_bench_run(m.b, m.b->calls + 2);
	assert_int_equal(*n_asked, 2);
	link_stats(m.b->link, &stats);
	assert_int_equal(stats.push, TARGET_PUSH_REFUSED);
	teardown(&m);
}

/* --- looked up again while all is well ---------------------------------------------- */

/* The regular look-up is due, and has ended afterwards. */
static void
renew(struct move *m)
{
	struct link *l = m->b->link;

	l->renew_ns = 0;
	link_hurry(l);
	while (l->renew_ns == 0 || l->resolver)
		uv_run(&m->b->loop, UV_RUN_ONCE);
}

static void
start_named(struct move *m)
{
	late_found[0] = "127.0.0.1";
	late_found[1] = NULL;
	setup(m, "name.example");
}

static void
name_is_looked_up_about_once_an_hour(void **state)
{
	int64_t least_ns = 4000 * NS_PER_S, most_ns = 0, now_ns;
	struct move m;

	(void)state;
	start_named(&m);
	for (int i = 0; i < 50; i++) {
		int64_t wait_ns;

		renew(&m);
		wait_ns = m.b->link->renew_ns - clock_monotonic_ns();
		least_ns = wait_ns < least_ns ? wait_ns : least_ns;
		most_ns = wait_ns > most_ns ? wait_ns : most_ns;
	}
	assert_in_range(least_ns, 44 * 60 * NS_PER_S, 55 * 60 * NS_PER_S);
	assert_in_range(most_ns, 65 * 60 * NS_PER_S, 75 * 60 * NS_PER_S);
	/* The loop wakes for it when nothing else is to be done. */
	now_ns = clock_monotonic_ns();
	m.b->link->renew_ns = now_ns + 100 * NS_PER_MS;
	link_hurry(m.b->link);
	do
		uv_run(&m.b->loop, UV_RUN_ONCE);
	while (m.b->link->renew_ns < now_ns + NS_PER_S);
	assert_true(clock_monotonic_ns() - now_ns < 400 * NS_PER_MS);
	teardown(&m);
}

static void
address_is_never_looked_up(void **state)
{
	struct move m;

	(void)state;
	setup(&m, "127.0.0.1");
	assert_true(m.b->link->renew_ns == CLOCK_NEVER);
	assert_true(m.b->link->lookup_ns == CLOCK_NEVER);
	teardown(&m);
}

/* Its place among the addresses may be another one; or the name server is away. */
static void
address_in_use_is_kept_while_it_is_one_of_the_name(void **state)
{
	static const char *const found[][LATE_FOUND_MAX] = {
		{ "127.0.0.1", NULL },
		{ "127.0.0.2", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.2" },
		{ NULL, NULL },
	};
	struct target_stats stats;
	struct transport *socket;
	struct move m;

	(void)state;
	start_named(&m);
	socket = m.b->link->transport;
	for (size_t i = 0; i < COUNT(found); i++) {
		memcpy(late_found, found[i], sizeof(late_found));
		renew(&m);
		assert_ptr_equal(m.b->link->transport, socket);
		assert_true(m.b->link->lookup_ns == CLOCK_NEVER);
		assert_int_equal(link_snapshot(m.b->link)->state, TARGET_UP);
	}
	link_bench_run(m.b, m.b->calls + 1);
	assert_int_equal(m.b->after, TARGET_UP);
	link_stats(m.b->link, &stats);
	assert_int_equal(stats.failed_cycles, 0);
	assert_int_equal(stats.restarts, 0);
	teardown(&m);
}

static void
name_that_moved_is_followed_before_anything_fails(void **state)
{
	struct target_stats stats;
	struct move m;
	uint16_t port;

	(void)state;
	start_named(&m);
	port = m.b->server.port;
	late_found[0] = "127.0.0.2";
	link_bench_unserve(m.b);
	link_bench_serve_at(m.b, "127.0.0.2", port);
	renew(&m);
	link_bench_run(m.b, m.b->calls + 1);
	assert_int_equal(m.b->after, TARGET_UP);
	link_stats(m.b->link, &stats);
	assert_int_equal(stats.failed_cycles, 0);
	assert_int_equal(stats.restarts, 1);
	teardown(&m);
}

static bool
leave_site_unanswered(struct fake_daemon *d, const struct m6_packet *request)
{
	(void)d;
	return fake_asks_for(request, "site");
}

static void
write_under_way_ends_before_the_name_is_followed(void **state)
{
	struct transport *socket;
	struct move m;

	(void)state;
	start_named(&m);
	m.b->server.d.answer = leave_site_unanswered;
	socket = m.b->link->transport;
	late_found[0] = "127.0.0.2";
	open_site(&m);
	begin_step(&m, TRANSACTION_READ);
	renew(&m);
	assert_false(m.is_done);
	assert_ptr_equal(m.b->link->transport, socket);
	assert_true(m.b->link->renew_ns < clock_monotonic_ns() + 2 * NS_PER_S);
	while (m.b->link->transport == socket || m.b->link->n_failed > 0)
		uv_run(&m.b->loop, UV_RUN_ONCE);
	assert_true(m.is_done);
	teardown(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_does_not_go_on_at_another_address),
		cmocka_unit_test(set_goes_on_when_the_daemon_is_back_at_its_address),
		cmocka_unit_test(failed_cycle_leaves_the_socket_to_a_write),
		cmocka_unit_test(subscriber_leaves_before_the_next_address_is_asked),
		cmocka_unit_test(address_without_a_way_to_it_is_passed_over),
		cmocka_unit_test(other_daemon_is_asked_to_push),
		cmocka_unit_test(name_is_looked_up_about_once_an_hour),
		cmocka_unit_test(address_is_never_looked_up),
		cmocka_unit_test(address_in_use_is_kept_while_it_is_one_of_the_name),
		cmocka_unit_test(name_that_moved_is_followed_before_anything_fails),
		cmocka_unit_test(write_under_way_ends_before_the_name_is_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
