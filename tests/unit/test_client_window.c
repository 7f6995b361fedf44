/* SPDX-License-Identifier: BSD-2-Clause */
/* How much a client has under way, how long it waits, and when it asks more slowly. */
#include "support/check.h"

#include "base/err.h"
#include "client/client.h"
#include "support/client_bench.h"

/* A random source that is stuck must not give two requests the same number. */
static uint32_t
always_seven(void *ctx)
{
	(void)ctx;
	return 7;
}

static void
sequence_numbers_under_way_are_unique(void **state)
{
	struct client_bench b;
	struct m6_port port = { .send = bench_send, .ctx = &b };

	(void)state;
	bench_setup(&b);
	m6_client_free(b.client);
	b.client = m6_client_new(2, &port, always_seven, NULL);
	for (int i = 0; i < M6_WINDOW_START; i++)
		(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	assert_int_equal(b.n_sent, M6_WINDOW_START);
	for (size_t i = 0; i < b.n_sent; i++)
		for (size_t j = i + 1; j < b.n_sent; j++)
			assert_int_not_equal(b.sent[i].sequence, b.sent[j].sequence);
	m6_client_free(b.client);
}

static void
window_bounds_what_is_under_way_and_order_is_kept(void **state)
{
	struct client_bench b;
	char text[2] = "a";

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < 12; i++, text[0]++)
		(void)bench_ask(&b, 0, text);
	m6_client_tick(b.client, 0);
	assert_int_equal(b.n_sent, M6_WINDOW_START);
	for (size_t i = 0; i < 4; i++) {
		struct m6_header head = bench_answer_head(&b, i);

		bench_feed(&b, &head, "x=1", 10);
		assert_int_equal(b.n_sent, M6_WINDOW_START + i + 1);
	}
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(b.data[i][0], 'a' + (int)i);
	m6_client_free(b.client);
}

static void
window_grows_by_one_per_window_of_answers_up_to_its_limit(void **state)
{
	struct client_bench b;
	struct m6_client_stats stats;
	unsigned window = M6_WINDOW_START, answered = 0;

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < 900; i++) {
		(void)bench_ask(&b, 0, "leap");
		m6_client_tick(b.client, i);
		struct m6_header head = bench_answer_head(&b, b.n_sent - 1);
		b.n_sent = 0;
		bench_feed(&b, &head, "leap=0", i);
		if (++answered == window && window < M6_WINDOW_MAX) {
			window++;
			answered = 0;
		}
		m6_client_stats(b.client, &stats);
		assert_int_equal(stats.window, window);
	}
	assert_int_equal(stats.window, M6_WINDOW_MAX);
	m6_client_free(b.client);
}

/* In a hurry it grows with each answer, until something is lost. */
static void
window_of_who_hurries_grows_until_a_loss(void **state)
{
	struct client_bench b;
	struct m6_client_stats stats;
	unsigned window = M6_WINDOW_START;

	(void)state;
	bench_setup(&b);
	m6_client_hurry(b.client);
	for (int i = 0; i < 200; i++) {
		(void)bench_ask(&b, 0, "leap");
		m6_client_tick(b.client, i);
		struct m6_header head = bench_answer_head(&b, b.n_sent - 1);
		b.n_sent = 0;
		bench_feed(&b, &head, "leap=0", i);
		window += window < M6_WINDOW_HASTY_MAX;
		m6_client_stats(b.client, &stats);
		assert_int_equal(stats.window, window);
	}
	/* The whole window is under way, and lost. */
	for (int i = 0; i < M6_WINDOW_HASTY_MAX + 1; i++)
		(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 200);
	assert_int_equal(b.n_sent, M6_WINDOW_HASTY_MAX);
	m6_client_tick(b.client, 200 + 1200 * NS_PER_MS);
	m6_client_stats(b.client, &stats);
	assert_int_equal(stats.window, M6_WINDOW_HASTY_MAX / 2);
	struct m6_header head = bench_answer_head(&b, b.n_sent - 1);
	bench_feed(&b, &head, "leap=0", 1300 * NS_PER_MS);
	m6_client_stats(b.client, &stats);
	assert_int_equal(stats.window, M6_WINDOW_HASTY_MAX / 2);
	m6_client_free(b.client);
}

/* A whole window lost at once is one sign of congestion, not eight. */
static void
window_halves_once_per_flight_and_falls_to_one_in_silence(void **state)
{
	struct client_bench b;
	struct m6_client_stats stats;

	(void)state;
	bench_setup(&b);
	for (int i = 0; i < M6_WINDOW_START; i++)
		(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	m6_client_tick(b.client, 1200 * NS_PER_MS);
	m6_client_stats(b.client, &stats);
	assert_int_equal(stats.window, M6_WINDOW_START / 2);
	assert_int_equal(b.n_sent, M6_WINDOW_START + M6_WINDOW_START / 2);
	m6_client_tick(b.client, 1200 * NS_PER_MS + 2400 * NS_PER_MS);
	m6_client_stats(b.client, &stats);
	assert_int_equal(stats.window, M6_WINDOW_START / 4);
	m6_client_tick(b.client, 10 * NS_PER_S);
	m6_client_stats(b.client, &stats);
	assert_int_equal(stats.window, M6_WINDOW_MIN);
	m6_client_free(b.client);
}

static void
silence_ends_after_four_transmissions(void **state)
{
	struct client_bench b;
	int64_t now_ns = 0;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "leap");
	for (m6_client_tick(b.client, 0); b.calls == 0;
	     m6_client_tick(b.client, now_ns)) {
		assert_true(m6_client_deadline(b.client) > now_ns);
		now_ns = m6_client_deadline(b.client);
	}
	assert_int_equal(b.last.err, ERR_TIMEOUT);
	assert_int_equal(b.n_sent, M6_TRIES);
	assert_in_range(now_ns, 12 * NS_PER_S, 13200 * NS_PER_MS);
	m6_client_free(b.client);
}

/* The number in the answer tells which transmission it belongs to. */
static void
repeated_request_is_measured_from_its_last_transmission(void **state)
{
	struct client_bench b;
	struct m6_client_stats stats;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	m6_client_tick(b.client, 2 * NS_PER_S);
	struct m6_header head = bench_answer_head(&b, 1);
	bench_feed(&b, &head, "leap=1", 2 * NS_PER_S + 1000);
	m6_client_stats(b.client, &stats);
	assert_int_equal(stats.srtt_ns, 1000);
	assert_int_equal(stats.retransmits, 1);
	m6_client_free(b.client);
}

/* The daemon has answered so many a moment ago. */
static void
answer_many(struct client_bench *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		(void)bench_ask(b, 0, "first");
		m6_client_tick(b->client, NS_PER_MS);
		struct m6_header head = bench_answer_head(b, b->n_sent - 1);
		bench_feed(b, &head, "first=1", NS_PER_MS);
	}
	assert_int_equal(b->calls, n);
}

typedef void arrive_fn(struct client_bench *b, int64_t now_ns);

/* Lets time go by until another request ends; `arrive` says what comes in reply to
 * each transmission. */
static void
run_to_end(struct client_bench *b, arrive_fn *arrive)
{
	int64_t now_ns = NS_PER_MS;
	size_t n_seen = b->n_sent;
	unsigned calls = b->calls;

	(void)bench_ask(b, 0, "second");
	while (b->calls == calls) {
		m6_client_tick(b->client, now_ns);
		if (b->n_sent > n_seen)
			arrive(b, now_ns);
		n_seen = b->n_sent;
		assert_true(now_ns < 200 * NS_PER_S);
		now_ns += 10 * NS_PER_MS;
	}
}

static void
nothing_arrives(struct client_bench *b, int64_t now_ns)
{
	(void)b;
	(void)now_ns;
}

static void
junk_arrives(struct client_bench *b, int64_t now_ns)
{
	static const uint8_t junk[48] = { 0x24 };

	m6_client_input(b->client, junk, sizeof(junk), now_ns);
}

static void
request_comes_back(struct client_bench *b, int64_t now_ns)
{
	struct m6_header head = bench_answer_head(b, b->n_sent - 1);

	head.is_response = false;
	bench_feed(b, &head, "second", now_ns);
}

/* Two fragments that contradict each other, once; silence after that. */
static void
contradiction_arrives(struct client_bench *b, int64_t now_ns)
{
	struct m6_header head = bench_answer_head(b, b->n_sent - 1);

	if (b->last.err == ERR_CONFLICT || b->n_sent > b->calls + 1)
		return;
	head.has_more = true;
	bench_feed(b, &head, "second=1", now_ns);
	bench_feed(b, &head, "second=2", now_ns);
}

/* Silence after many answers looks like a daemon that limits our rate: it is asked more
 * slowly and more often. What cannot be believed does not look like that, nor does
 * silence after a few. */
static void
only_silence_after_answers_is_taken_for_a_rate_limit(void **state)
{
	static const struct {
		unsigned n_before;
		arrive_fn *arrive;
		int err;
		unsigned tries;
	} rows[] = {
		{ 5, nothing_arrives, ERR_TIMEOUT, M6_TRIES },
		{ 19, nothing_arrives, ERR_TIMEOUT, M6_TRIES_ALIVE },
		{ 12, junk_arrives, ERR_PROTOCOL, M6_TRIES },
		{ 12, request_comes_back, ERR_PROTOCOL, M6_TRIES },
		{ 12, contradiction_arrives, ERR_CONFLICT, M6_TRIES },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct client_bench b;
		struct m6_client_stats stats;

		bench_setup(&b);
		answer_many(&b, rows[i].n_before);
		run_to_end(&b, rows[i].arrive);
		assert_int_equal(b.last.err, rows[i].err);
		assert_int_equal(b.n_sent, rows[i].n_before + rows[i].tries);
		m6_client_stats(b.client, &stats);
		assert_false(stats.is_rate_limited);
		assert_int_equal(stats.gap_ns, 0);
		m6_client_free(b.client);
	}
}

static struct m6_client_stats
stats_of(const struct client_bench *b)
{
	struct m6_client_stats stats;

	m6_client_stats(b->client, &stats);
	return stats;
}

static void
answer_last(struct client_bench *b, int64_t now_ns)
{
	struct m6_header head = bench_answer_head(b, b->n_sent - 1);

	bench_feed(b, &head, "x=1", now_ns);
}

/* Asks in vain until something is suspected. */
static void
be_silent(struct client_bench *b, int64_t *now_ns)
{
	(void)bench_ask(b, 0, "x");
	while (stats_of(b).gap_ns == 0) {
		assert_true(*now_ns < 120 * NS_PER_S);
		*now_ns += NS_PER_MS;
		m6_client_tick(b->client, *now_ns);
	}
}

/* With nothing under way and something to ask it waits until the score is low enough; and
 * when nothing was asked for a while, for nothing. */
static void
suspect_is_asked_as_its_score_decays(void **state)
{
	struct client_bench b;
	int64_t now_ns = NS_PER_MS;
	size_t n_sent;

	(void)state;
	bench_setup(&b);
	answer_many(&b, 17);
	be_silent(&b, &now_ns);
	/* A test, once in two seconds. */
	assert_true(m6_client_deadline(b.client) > now_ns + NS_PER_S);
	now_ns = m6_client_deadline(b.client);
	m6_client_tick(b.client, now_ns);
	answer_last(&b, now_ns);
	assert_in_range(stats_of(&b).gap_ns, NS_PER_S, 1300 * NS_PER_MS);
	n_sent = b.n_sent;
	for (int i = 0; i < 3; i++)
		(void)bench_ask(&b, 0, "x");
	m6_client_tick(b.client, now_ns);
	assert_int_equal(b.n_sent, n_sent);
	assert_true(m6_client_deadline(b.client) > now_ns + 500 * NS_PER_MS);
	now_ns = m6_client_deadline(b.client);
	m6_client_tick(b.client, now_ns - 1);
	assert_int_equal(b.n_sent, n_sent);
	m6_client_tick(b.client, now_ns);
	assert_int_equal(b.n_sent, n_sent + 1);
	now_ns += 60 * NS_PER_S;
	m6_client_tick(b.client, now_ns);
	answer_last(&b, now_ns);
	assert_int_equal(b.n_sent, n_sent + 4);
	m6_client_free(b.client);
}

/* Answers between losses: neither a rate limit nor congestion that a few would cause. */
static void
losses_among_answers_leave_a_window_and_more_tries(void **state)
{
	struct client_bench b;
	int64_t now_ns = NS_PER_MS;
	size_t n_seen;

	(void)state;
	bench_setup(&b);
	answer_many(&b, 20);
	for (int i = 0; i < 60; i++)
		(void)bench_ask(&b, 0, "x");
	n_seen = b.n_sent;
	while (b.calls < 80) {
		m6_client_tick(b.client, now_ns);
		/* Each second arrives. */
		for (; n_seen < b.n_sent; n_seen++) {
			struct m6_header head = bench_answer_head(&b, n_seen);

			if (n_seen % 2 == 0)
				bench_feed(&b, &head, "x=1", now_ns);
		}
		assert_in_range(stats_of(&b).window, M6_WINDOW_LOSSY, M6_WINDOW_MAX);
		assert_int_equal(stats_of(&b).gap_ns, 0);
		assert_int_equal(stats_of(&b).timeouts, 0);
		now_ns += 10 * NS_PER_MS;
	}
	assert_true(now_ns < 20 * NS_PER_S);
	m6_client_free(b.client);
}

/* Whoever answered a moment ago is not waited for long, until it has been silent. */
static void
waits_are_short_as_long_as_there_are_answers(void **state)
{
	struct client_bench b;
	int64_t sent_ns = 2 * NS_PER_MS, longest_ns = 0, now_ns;
	size_t n_sent;

	(void)state;
	bench_setup(&b);
	answer_many(&b, 1);
	struct m6_request request = { .op = M6_OP_READVAR, .give_up_ns = 60 * NS_PER_S };
	assert_int_equal(m6_client_submit(b.client, &request, bench_on_reply, &b, NULL),
	    0);
	m6_client_tick(b.client, sent_ns);
	n_sent = b.n_sent;
	for (now_ns = sent_ns; now_ns < 40 * NS_PER_S; now_ns += NS_PER_MS) {
		m6_client_tick(b.client, now_ns);
		if (b.n_sent == n_sent)
			continue;
		if (now_ns - sent_ns > longest_ns)
			longest_ns = now_ns - sent_ns;
		if (now_ns < M6_LIVELY_NS)
			assert_true(longest_ns < 2 * M6_TIMEOUT_LIVELY_NS);
		sent_ns = now_ns;
		n_sent = b.n_sent;
	}
	assert_true(longest_ns >= 5 * NS_PER_S);
	m6_client_free(b.client);
}

/* What comes after its time is not taken, but tells that the daemon is there, and how far
 * away: it is waited for. */
static void
late_answer_is_a_sign_of_life_and_measures_the_way(void **state)
{
	struct client_bench b;
	int64_t now_ns = NS_PER_MS;
	size_t n_seen;

	(void)state;
	bench_setup(&b);
	answer_many(&b, 12);
	(void)bench_ask(&b, 0, "x");
	n_seen = b.n_sent;
	for (; b.calls < 13; now_ns += NS_PER_MS) {
		m6_client_tick(b.client, now_ns);
		assert_true(now_ns < 10 * NS_PER_S);
		/* Each answer needs two seconds. */
		for (size_t i = n_seen; i < b.n_sent; i++) {
			static int64_t left_ns[BENCH_SENT_MAX];
			struct m6_header head = bench_answer_head(&b, i);

			if (left_ns[i] == 0)
				left_ns[i] = now_ns;
			if (now_ns == left_ns[i] + 2 * NS_PER_S)
				bench_feed(&b, &head, "x=1", now_ns);
		}
	}
	assert_int_equal(b.last.err, 0);
	assert_in_range(b.n_sent - n_seen, M6_TRIES, M6_TRIES + 1);
	assert_true(stats_of(&b).ignored > 0);
	assert_true(stats_of(&b).srtt_ns > 200 * NS_PER_MS);
	assert_int_equal(stats_of(&b).gap_ns, 0);
	m6_client_free(b.client);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequence_numbers_under_way_are_unique),
		cmocka_unit_test(window_bounds_what_is_under_way_and_order_is_kept),
		cmocka_unit_test(
		    window_grows_by_one_per_window_of_answers_up_to_its_limit),
		cmocka_unit_test(window_of_who_hurries_grows_until_a_loss),
		cmocka_unit_test(
		    window_halves_once_per_flight_and_falls_to_one_in_silence),
		cmocka_unit_test(silence_ends_after_four_transmissions),
		cmocka_unit_test(repeated_request_is_measured_from_its_last_transmission),
		cmocka_unit_test(only_silence_after_answers_is_taken_for_a_rate_limit),
		cmocka_unit_test(suspect_is_asked_as_its_score_decays),
		cmocka_unit_test(losses_among_answers_leave_a_window_and_more_tries),
		cmocka_unit_test(waits_are_short_as_long_as_there_are_answers),
		cmocka_unit_test(late_answer_is_a_sign_of_life_and_measures_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
