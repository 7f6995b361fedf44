/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing through a link, on a real loop and over real sockets. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "client/transaction.h"
#include "client/writer_impl.h"
#include "mode6/auth.h"
#include "support/client_bench.h"
#include "support/link_bench.h"

/* A daemon without writevar, which has one variable made by "setvar". */
struct site {
	const struct m6_key *key;
	char value[64];
};

static void
take_setvar(struct site *s, const char *text, size_t len)
{
	const char *value = memchr(text, '"', len);
	const char *end = value ? strchr(value + 1, '"') : NULL;

	assert_non_null(end);
	memcpy(s->value, value + 1, (size_t)(end - value - 1));
	s->value[end - value - 1] = 0;
}

static void
confirm(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char text[] = "Config Succeeded\r\n";
	struct site *s = d->script;
	struct m6_header head = request->head;
	uint8_t bytes[M6_DATAGRAM_MAX];
	size_t len = 0;

	head.is_response = true;
	assert_int_equal(
	    m6_packet_encode(&head, text, sizeof(text) - 1, bytes, sizeof(bytes), &len),
	    0);
	assert_int_equal(
	    m6_mac_append(s->key, M6_MAC_ALIGN_8, bytes, sizeof(bytes), &len), 0);
	fake_send_bytes(d, bytes, len, 0);
}

static bool
answer(struct fake_daemon *d, const struct m6_packet *request)
{
	struct site *s = d->script;
	char text[128];

	if (request->head.op == M6_OP_WRITEVAR) {
		fake_send_error(d, request, M6_ERROR_BADOP);
		return true;
	}
	if (request->head.op == M6_OP_CONFIGURE) {
		assert_int_equal(m6_mac_verify(s->key, d->last_bytes, d->last_len),
		    M6_MAC_VALID);
		take_setvar(s, (const char *)request->data, request->head.count);
		confirm(d, request);
		return true;
	}
	if (request->head.op != M6_OP_READVAR || request->head.assoc != 0 ||
	    (request->head.count > 0 && !fake_asks_for(request, "site")))
		return false;
	strcpy(text, "site=");
	strcat(text, s->value);
	fake_send_answer(d, request, 0x0615, text, strlen(text));
	return true;
}

struct write_link {
	struct link_bench *b;
	struct m6_keys *keys;
	struct site site;
	struct transaction *t;
	bool is_done;
	unsigned n_told;
	bool frees;
};

static void
on_record(void *ctx)
{
	struct write_link *w = ctx;

	w->n_told++;
	if (!w->frees)
		return;
	transaction_free(w->t);
	w->t = NULL;
	link_free(w->b->link);
	w->b->link = NULL;
}

static void
setup(struct write_link *w)
{
	struct target t;

	memset(w, 0, sizeof(*w));
	w->b = link_bench_start();
	w->keys = bench_keys();
	w->site.key = m6_keys_find(w->keys, 1);
	strcpy(w->site.value, "old");
	w->b->server.d.answer = answer;
	w->b->server.d.script = &w->site;
	t = link_bench_target(w->b, "127.0.0.1");
	t.write = TARGET_WRITE_SETVAR;
	w->b->link = link_new(&w->b->loop, &t, &w->b->log, link_bench_on_change, w->b);
	assert_non_null(w->b->link);
	link_bench_run(w->b, 1);
	link_on_record(w->b->link, on_record, w);
}

static void
teardown(struct write_link *w)
{
	transaction_free(w->t);
	link_free(w->b->link);
	link_bench_stop(w->b);
	m6_keys_free(w->keys);
}

static void
on_done(void *ctx)
{
	struct write_link *w = ctx;

	w->is_done = true;
}

static void
on_patience_over(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

/* Runs a step from outside of the loop, as an SNMP request does. */
static void
run_step(struct write_link *w, enum transaction_step step)
{
	bool is_over = false;
	uv_timer_t timer;

	w->is_done = false;
	assert_int_equal(transaction_run(w->t, step, clock_monotonic_ns(),
			     clock_wall_ns(), on_done, w),
	    0);
	uv_timer_init(&w->b->loop, &timer);
	timer.data = &is_over;
	uv_update_time(&w->b->loop);
	uv_timer_start(&timer, on_patience_over, 900, 0);
	while (!is_over && !w->is_done && w->b->link)
		uv_run(&w->b->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&w->b->loop, UV_RUN_NOWAIT);
	assert_false(is_over);
}

static void
write_site(struct write_link *w, const char *value)
{
	struct transaction_item item = {
		.writer = link_writer(w->b->link),
		.kind = TRANSACTION_VARIABLE,
		.name = "site",
		.name_len = 4,
		.value = value,
		.value_len = strlen(value),
	};

	transaction_free(w->t);
	w->t = transaction_new(&item, 1, clock_monotonic_ns());
	assert_non_null(w->t);
	run_step(w, TRANSACTION_READ);
	run_step(w, TRANSACTION_APPLY);
}

static void
nothing_is_allowed_before_it_is_said(void **state)
{
	struct write_link w;

	(void)state;
	setup(&w);
	assert_int_equal(writer_check(link_writer(w.b->link), 0, "site", 4),
	    NTP_WRITE_NOT_ALLOWED);
	link_allow_writes(w.b->link, NULL);
	assert_int_equal(writer_check(link_writer(w.b->link), 0, "site", 4),
	    NTP_WRITE_NO_KEY);
	link_allow_writes(w.b->link, w.site.key);
	assert_int_equal(writer_check(link_writer(w.b->link), 0, "site", 4),
	    NTP_WRITE_DONE);
	assert_int_equal(writer_check(link_writer(w.b->link), 0, "", 0),
	    NTP_WRITE_NOT_ALLOWED);
	teardown(&w);
}

/* The first good cycle has told it. */
static void
writer_knows_whose_daemon_it_is(void **state)
{
	struct write_link w;

	(void)state;
	setup(&w);
	assert_int_equal(link_writer(w.b->link)->family, NTP_FAMILY_NTPORG);
	teardown(&w);
}

static void
variable_is_written_and_the_record_told(void **state)
{
	struct write_link w;
	struct target_stats stats;

	(void)state;
	setup(&w);
	link_allow_writes(w.b->link, w.site.key);
	write_site(&w, "new");
	assert_int_equal(transaction_result(w.t, 0), NTP_WRITE_DONE);
	assert_string_equal(w.site.value, "new");
	assert_true(w.n_told >= 1);
	w.n_told = 0;
	run_step(&w, TRANSACTION_UNDO);
	assert_int_equal(transaction_result(w.t, 0), NTP_WRITE_RESTORED);
	assert_string_equal(w.site.value, "old");
	assert_true(w.n_told >= 1);
	link_stats(w.b->link, &stats);
	assert_int_equal(stats.bad_macs, 0);
	assert_int_equal(stats.timeouts, 0);
	teardown(&w);
}

/* It is told from the loop, not from inside of the one who notes it. */
static void
noted_record_is_told_soon(void **state)
{
	struct write_link w;

	(void)state;
	setup(&w);
	writer_note(link_writer(w.b->link), 0, "site", 4, NTP_WRITE_NOT_ALLOWED, 1);
	assert_int_equal(w.n_told, 0);
	for (int i = 0; i < 10 && w.n_told == 0; i++)
		uv_run(&w.b->loop, UV_RUN_NOWAIT);
	assert_int_equal(w.n_told, 1);
	/* Nobody has to listen. */
	link_on_record(w.b->link, NULL, NULL);
	writer_note(link_writer(w.b->link), 0, "site", 4, NTP_WRITE_NO_KEY, 2);
	for (int i = 0; i < 10; i++)
		uv_run(&w.b->loop, UV_RUN_NOWAIT);
	assert_int_equal(w.n_told, 1);
	teardown(&w);
}

static void
listener_may_free_the_link(void **state)
{
	struct write_link w;

	(void)state;
	setup(&w);
	link_allow_writes(w.b->link, w.site.key);
	w.frees = true;
	write_site(&w, "new");
	assert_null(w.b->link);
	teardown(&w);
	setup(&w);
	w.frees = true;
	writer_note(link_writer(w.b->link), 0, "site", 4, NTP_WRITE_NOT_ALLOWED, 1);
	for (int i = 0; i < 10 && w.b->link; i++)
		uv_run(&w.b->loop, UV_RUN_NOWAIT);
	assert_null(w.b->link);
	teardown(&w);
}

/* What another daemon had not, this one may have. */
static void
restarted_daemon_is_asked_for_writevar_again(void **state)
{
	struct write_link w;
	const struct fake_daemon *d;

	(void)state;
	setup(&w);
	d = &w.b->server.d;
	link_allow_writes(w.b->link, w.site.key);
	write_site(&w, "1");
	write_site(&w, "2");
	assert_int_equal(d->n_by_op[M6_OP_WRITEVAR] - d->n_key_tries, 1);
	fake_restart(&w.b->server.d);
	link_bench_run(w.b, w.b->calls + 2);
	write_site(&w, "3");
	assert_int_equal(transaction_result(w.t, 0), NTP_WRITE_DONE);
	assert_int_equal(d->n_by_op[M6_OP_WRITEVAR] - d->n_key_tries, 2);
	teardown(&w);
}

static void
link_may_be_lost_in_the_middle(void **state)
{
	struct write_link w;
	struct transaction_item item;

	(void)state;
	setup(&w);
	link_allow_writes(w.b->link, w.site.key);
	item = (struct transaction_item){
		.writer = link_writer(w.b->link),
		.kind = TRANSACTION_VARIABLE,
		.name = "site",
		.name_len = 4,
	};
	w.t = transaction_new(&item, 1, clock_monotonic_ns());
	assert_int_equal(transaction_run(w.t, TRANSACTION_READ, clock_monotonic_ns(),
			     clock_wall_ns(), on_done, &w),
	    0);
	uv_run(&w.b->loop, UV_RUN_NOWAIT);
	assert_false(w.is_done);
	transaction_lose(w.t, link_writer(w.b->link));
	assert_true(w.is_done);
	assert_int_equal(transaction_result(w.t, 0), NTP_WRITE_UNREACHABLE);
	teardown(&w);
}

static void
target_without_address_is_unreachable_at_once(void **state)
{
	struct write_link w;
	struct target t;
	struct transaction_item item = {
		.kind = TRANSACTION_VARIABLE,
		.name = "site",
		.name_len = 4,
	};

	(void)state;
	setup(&w);
	link_free(w.b->link);
	t = link_bench_target(w.b, "127.0.0.1");
	t.family = TARGET_IPV6_ONLY;
	t.write = TARGET_WRITE_SETVAR;
	w.b->link = link_new(&w.b->loop, &t, &w.b->log, link_bench_on_change, w.b);
	link_allow_writes(w.b->link, w.site.key);
	item.writer = link_writer(w.b->link);
	w.t = transaction_new(&item, 1, clock_monotonic_ns());
	run_step(&w, TRANSACTION_READ);
	assert_int_equal(transaction_result(w.t, 0), NTP_WRITE_UNREACHABLE);
	teardown(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_allowed_before_it_is_said),
		cmocka_unit_test(writer_knows_whose_daemon_it_is),
		cmocka_unit_test(variable_is_written_and_the_record_told),
		cmocka_unit_test(noted_record_is_told_soon),
		cmocka_unit_test(listener_may_free_the_link),
		cmocka_unit_test(restarted_daemon_is_asked_for_writevar_again),
		cmocka_unit_test(link_may_be_lost_in_the_middle),
		cmocka_unit_test(target_without_address_is_unreachable_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
