/* SPDX-License-Identifier: BSD-2-Clause */
/* The client on a bad network, and against daemons that misbehave. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "support/fake_daemon.h"

enum { ANSWER_LEN = 3 * M6_DATA_MAX - 100, REQUESTS_MAX = 1000 };

/* What became of the requests of a test. */
struct outcome {
	size_t n_done, n_good;
	int last_err;
	uint8_t last_daemon_error;
	bool is_all_done;
	size_t n_wanted;
	bool checks_text; /* the payload must be long_text() */
};

static uint8_t *
long_text(void)
{
	static uint8_t text[ANSWER_LEN];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)('a' + (i * 7 + i / 468) % 26);
	return text;
}

static bool
answer_long(struct fake_daemon *d, const struct m6_packet *request)
{
	fake_send_answer(d, request, 0x0615, long_text(), ANSWER_LEN);
	return true;
}

static void
on_reply(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct outcome *o = ctx;

	(void)id;
	o->n_done++;
	o->last_err = reply->err;
	o->last_daemon_error = reply->daemon_error;
	o->is_all_done = o->n_done == o->n_wanted;
	if (reply->err != 0)
		return;
	o->n_good++;
	if (!o->checks_text)
		return;
	assert_int_equal(reply->len, ANSWER_LEN);
	assert_memory_equal(reply->payload, long_text(), ANSWER_LEN);
}

static void
ask(struct fake_daemon *d, struct outcome *o, uint16_t assoc)
{
	struct m6_request request = {
		.op = M6_OP_READVAR,
		.assoc = assoc,
		.data = "leap,stratum",
		.len = 12,
	};

	o->n_wanted++;
	assert_int_equal(m6_client_submit(d->client, &request, on_reply, o, NULL), 0);
}

static void
start(struct fake_daemon *d)
{
	fake_init(d);
	(void)fake_client(d);
}

static void
stop(struct fake_daemon *d)
{
	m6_client_free(d->client);
	fake_fini(d);
}

/* Edits fragments: of the first `n_times` transmissions only. */
struct script {
	size_t index;
	unsigned n_times;
};

static bool
drop_one(struct fake_daemon *d, struct m6_header *head, size_t index, int64_t *delay_ns)
{
	struct script *s = d->script;

	(void)head;
	(void)delay_ns;
	if (index != s->index || s->n_times == 0)
		return true;
	s->n_times--;
	return false;
}

static void
loss_of_any_fragment_is_made_good(void **state)
{
	(void)state;
	for (size_t index = 0; index < 3; index++) {
		for (unsigned n_times = 1; n_times < M6_TRIES; n_times++) {
			struct fake_daemon d;
			struct script s = { index, n_times };
			struct outcome o = { .checks_text = true };

			start(&d);
			d.answer = answer_long;
			d.edit = drop_one;
			d.script = &s;
			ask(&d, &o, 0);
			assert_true(fake_run_until(&d, &o.is_all_done, 60 * NS_PER_S));
			assert_int_equal(o.last_err, 0);
			assert_int_equal(d.n_requests, n_times + 1);
			stop(&d);
		}
	}
}

static void
fragment_that_never_comes_is_told_apart_from_silence(void **state)
{
	struct fake_daemon d;
	struct script s = { 1, 1000 };
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	d.answer = answer_long;
	d.edit = drop_one;
	d.script = &s;
	ask(&d, &o, 0);
	assert_true(fake_run_until(&d, &o.is_all_done, 60 * NS_PER_S));
	assert_int_equal(o.last_err, ERR_TRUNCATED);
	stop(&d);
}

static bool
reverse_and_repeat(struct fake_daemon *d, struct m6_header *head, size_t index,
    int64_t *delay_ns)
{
	size_t at = index * M6_DATA_MAX;
	size_t len = head->has_more ? M6_DATA_MAX : ANSWER_LEN - at;

	*delay_ns = (int64_t)(10 - index) * NS_PER_MS;
	/* The whole answer, backwards, twice. */
	fake_send_fragment(d, head, long_text() + at, len, *delay_ns);
	return true;
}

static void
reordered_and_repeated_fragments_make_one_answer(void **state)
{
	struct fake_daemon d;
	struct outcome o = { .checks_text = true };

	(void)state;
	start(&d);
	d.answer = answer_long;
	d.edit = reverse_and_repeat;
	ask(&d, &o, 0);
	assert_true(fake_run_until(&d, &o.is_all_done, NS_PER_S));
	fake_run(&d, NS_PER_S);
	assert_int_equal(o.n_done, 1);
	assert_int_equal(d.n_requests, 1);
	stop(&d);
}

/* The same place twice with other bytes: an attacker, or a broken daemon. */
static bool
answer_contradicting(struct fake_daemon *d, const struct m6_packet *request)
{
	struct m6_header head = request->head;

	head.is_response = true;
	head.has_more = true;
	fake_send_fragment(d, &head, "leap=0, str", 11, NS_PER_MS);
	fake_send_fragment(d, &head, "leap=1, str", 11, NS_PER_MS);
	head.has_more = false;
	head.offset = 11;
	fake_send_fragment(d, &head, "atum=2", 6, NS_PER_MS);
	return true;
}

static void
contradicting_fragments_are_dropped_and_asked_again(void **state)
{
	struct fake_daemon d;
	struct m6_client_stats stats;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	d.answer = answer_contradicting;
	ask(&d, &o, 0);
	fake_run(&d, 1500 * NS_PER_US);
	m6_client_stats(d.client, &stats);
	assert_int_equal(stats.bad_answers, 1);
	assert_int_equal(o.n_done, 0);
	d.answer = NULL;
	assert_true(fake_run_until(&d, &o.is_all_done, NS_PER_S));
	assert_int_equal(o.n_good, 1);
	d.answer = answer_contradicting;
	ask(&d, &o, 0);
	o.is_all_done = false;
	assert_true(fake_run_until(&d, &o.is_all_done, NS_PER_S));
	assert_int_equal(o.last_err, ERR_CONFLICT);
	stop(&d);
}

static bool
answer_endless(struct fake_daemon *d, const struct m6_packet *request)
{
	struct m6_header head = request->head;
	static const uint8_t data[400];

	head.is_response = true;
	head.has_more = true;
	for (unsigned i = 0; i < 100; i++) {
		head.offset = (uint16_t)(i * sizeof(data));
		fake_send_fragment(d, &head, data, sizeof(data), NS_PER_MS);
	}
	return true;
}

static void
answer_without_end_is_too_big(void **state)
{
	struct fake_daemon d;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	d.answer = answer_endless;
	ask(&d, &o, 0);
	assert_true(fake_run_until(&d, &o.is_all_done, 60 * NS_PER_S));
	assert_int_equal(o.last_err, ERR_TOOBIG);
	stop(&d);
}

/* NTPsec from 1.2.3: the list is read while it is answered. */
static bool
answer_then_error(struct fake_daemon *d, const struct m6_packet *request)
{
	struct m6_header head = request->head;

	head.is_response = true;
	head.has_more = true;
	fake_send_fragment(d, &head, long_text(), M6_DATA_MAX, NS_PER_MS);
	head.offset = M6_DATA_MAX;
	fake_send_fragment(d, &head, long_text(), M6_DATA_MAX, NS_PER_MS);
	fake_send_error(d, request, M6_ERROR_UNKNOWNVAR);
	return true;
}

static void
error_after_fragments_counts_and_discards_them(void **state)
{
	struct fake_daemon d;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	d.answer = answer_then_error;
	ask(&d, &o, 0);
	assert_true(fake_run_until(&d, &o.is_all_done, NS_PER_S));
	assert_int_equal(o.last_err, ERR_DAEMON);
	assert_int_equal(o.last_daemon_error, M6_ERROR_UNKNOWNVAR);
	stop(&d);
}

/* Every 100 ms one more octet that fits: the answer never ends. */
static bool
answer_in_a_trickle(struct fake_daemon *d, const struct m6_packet *request)
{
	struct m6_header head = request->head;

	head.is_response = true;
	head.has_more = true;
	for (unsigned i = 0; i < 600; i++) {
		head.offset = (uint16_t)i;
		fake_send_fragment(d, &head, "x", 1, (int64_t)(i + 1) * 100 * NS_PER_MS);
	}
	return true;
}

static bool
answer_with_junk(struct fake_daemon *d, const struct m6_packet *request)
{
	static const uint8_t junk[48] = { 0x24 };

	(void)request;
	for (int i = 1; i <= 600; i++)
		fake_send_bytes(d, junk, sizeof(junk), i * 50 * NS_PER_MS);
	return true;
}

static void
trickle_does_not_move_the_deadline(void **state)
{
	static const struct {
		fake_answer_fn *answer;
		int err;
	} rows[] = {
		{ answer_in_a_trickle, ERR_TRUNCATED },
		{ answer_with_junk, ERR_PROTOCOL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake_daemon d;
		struct outcome o = { 0 };

		start(&d);
		d.answer = rows[i].answer;
		ask(&d, &o, 0);
		assert_true(fake_run_until(&d, &o.is_all_done, 14 * NS_PER_S));
		assert_int_equal(o.last_err, rows[i].err);
		stop(&d);
	}
}

/* The same fragment over and over costs nobody more than the budget. */
static bool
answer_with_repetitions(struct fake_daemon *d, const struct m6_packet *request)
{
	struct m6_header head = request->head;

	head.is_response = true;
	head.has_more = true;
	for (unsigned i = 0; i < 500; i++)
		fake_send_fragment(d, &head, "leap=0, ", 8, NS_PER_MS);
	return true;
}

static void
repetitions_have_a_budget(void **state)
{
	struct fake_daemon d;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	d.answer = answer_with_repetitions;
	ask(&d, &o, 0);
	assert_true(fake_run_until(&d, &o.is_all_done, NS_PER_S));
	assert_int_equal(o.last_err, ERR_TOOBIG);
	stop(&d);
}

static void
silence_and_refusal_are_told_apart(void **state)
{
	struct fake_daemon d;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	d.is_silent = true;
	ask(&d, &o, 0);
	assert_true(fake_run_until(&d, &o.is_all_done, 20 * NS_PER_S));
	assert_int_equal(o.last_err, ERR_TIMEOUT);
	d.is_refused = true;
	ask(&d, &o, 0);
	o.is_all_done = false;
	assert_true(fake_run_until(&d, &o.is_all_done, 1));
	assert_int_equal(o.last_err, ERR_REFUSED);
	stop(&d);
}

static void
thousand_requests_complete_with_five_percent_loss(void **state)
{
	static struct fake_daemon d;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	fake_set_assocs(&d, REQUESTS_MAX, 0);
	d.loss_percent = 5;
	for (size_t i = 0; i < REQUESTS_MAX; i++)
		ask(&d, &o, d.assocs[i].id);
	assert_true(fake_run_until(&d, &o.is_all_done, 120 * NS_PER_S));
	/* Four losses in a row: about one request in ten thousand. */
	assert_true(o.n_good >= REQUESTS_MAX - 2);
	assert_true(d.n_requests < REQUESTS_MAX * 13 / 10);
	stop(&d);
}

static void
thirty_percent_loss_is_survived_too(void **state)
{
	static struct fake_daemon d;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	fake_set_assocs(&d, 50, 0);
	d.loss_percent = 15; /* of the datagrams, so of the exchanges nearly thirty */
	for (size_t i = 0; i < 50; i++)
		ask(&d, &o, d.assocs[i].id);
	assert_true(fake_run_until(&d, &o.is_all_done, 120 * NS_PER_S));
	assert_true(o.n_good >= 48);
	stop(&d);
}

static void
undisturbed_daemon_is_not_paced(void **state)
{
	static struct fake_daemon d;
	struct m6_client_stats stats;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	fake_set_assocs(&d, REQUESTS_MAX, 0);
	for (size_t i = 0; i < REQUESTS_MAX; i++)
		ask(&d, &o, d.assocs[i].id);
	assert_true(fake_run_until(&d, &o.is_all_done, NS_PER_S));
	m6_client_stats(d.client, &stats);
	assert_false(stats.is_rate_limited);
	assert_int_equal(stats.retransmits, 0);
	assert_int_equal(stats.window, M6_WINDOW_MAX);
	stop(&d);
}

/* About eighteen of sixty are answered, then nothing for a while. */
static void
rate_limited_daemon_is_noticed_and_paced_and_gives_all_answers(void **state)
{
	static struct fake_daemon d;
	struct m6_client_stats stats;
	struct outcome o = { 0 };
	int64_t began_ns;

	(void)state;
	start(&d);
	fake_set_assocs(&d, 60, 0);
	d.is_limited = true;
	began_ns = d.now_ns;
	for (size_t i = 0; i < 60; i++)
		ask(&d, &o, d.assocs[i].id);
	assert_true(fake_run_until(&d, &o.is_all_done, 600 * NS_PER_S));
	assert_int_equal(o.n_good, 60);
	m6_client_stats(d.client, &stats);
	assert_true(stats.is_rate_limited);
	assert_in_range(stats.gap_ns, NS_PER_S, 2 * NS_PER_S);
	/* Twenty at once, the others no faster than they may come. */
	assert_in_range(d.now_ns - began_ns, 40 * NS_PER_S, 65 * NS_PER_S);
	assert_in_range(d.n_requests, 60, 60 + 20);
	/* The limit is lifted: slowly back to full speed. */
	d.is_limited = false;
	for (int i = 0; i < 10 && stats.is_rate_limited; i++) {
		o.is_all_done = false;
		ask(&d, &o, 100);
		assert_true(fake_run_until(&d, &o.is_all_done, 10 * NS_PER_S));
		fake_run(&d, 20 * NS_PER_S);
		m6_client_stats(d.client, &stats);
	}
	assert_false(stats.is_rate_limited);
	assert_int_equal(stats.gap_ns, 0);
	stop(&d);
}

/* A daemon that dies in the middle is not taken for one that limits us. */
static void
daemon_that_dies_is_not_called_rate_limited(void **state)
{
	struct fake_daemon d;
	struct m6_client_stats stats;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	ask(&d, &o, 0);
	assert_true(fake_run_until(&d, &o.is_all_done, NS_PER_S));
	d.is_silent = true;
	o.is_all_done = false;
	ask(&d, &o, 0);
	assert_true(fake_run_until(&d, &o.is_all_done, 60 * NS_PER_S));
	assert_int_equal(o.last_err, ERR_TIMEOUT);
	m6_client_stats(d.client, &stats);
	assert_false(stats.is_rate_limited);
	assert_int_equal(stats.gap_ns, 0);
	stop(&d);
}

static void
forgotten_path_starts_afresh(void **state)
{
	struct fake_daemon d;
	struct m6_client_stats stats;
	struct outcome o = { 0 };

	(void)state;
	start(&d);
	ask(&d, &o, 0);
	assert_true(fake_run_until(&d, &o.is_all_done, NS_PER_S));
	m6_client_forget_path(d.client);
	m6_client_stats(d.client, &stats);
	assert_int_equal(stats.srtt_ns, 0);
	assert_int_equal(stats.window, M6_WINDOW_START);
	assert_int_equal(stats.requests, 1);
	stop(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loss_of_any_fragment_is_made_good),
		cmocka_unit_test(fragment_that_never_comes_is_told_apart_from_silence),
		cmocka_unit_test(reordered_and_repeated_fragments_make_one_answer),
		cmocka_unit_test(contradicting_fragments_are_dropped_and_asked_again),
		cmocka_unit_test(answer_without_end_is_too_big),
		cmocka_unit_test(error_after_fragments_counts_and_discards_them),
		cmocka_unit_test(trickle_does_not_move_the_deadline),
		cmocka_unit_test(repetitions_have_a_budget),
		cmocka_unit_test(silence_and_refusal_are_told_apart),
		cmocka_unit_test(thousand_requests_complete_with_five_percent_loss),
		cmocka_unit_test(thirty_percent_loss_is_survived_too),
		cmocka_unit_test(undisturbed_daemon_is_not_paced),
		cmocka_unit_test(
		    rate_limited_daemon_is_noticed_and_paced_and_gives_all_answers),
		cmocka_unit_test(daemon_that_dies_is_not_called_rate_limited),
		cmocka_unit_test(forgotten_path_starts_afresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
