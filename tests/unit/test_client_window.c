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

/* Karn's rule: the round trip of a request that was repeated is not measured. */
static void
repeated_request_gives_no_round_trip(void **state)
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
	assert_int_equal(stats.srtt_ns, 0);
	assert_int_equal(stats.retransmits, 1);
	m6_client_free(b.client);
}

/* The daemon has answered a moment ago. */
static void
answer_once(struct client_bench *b)
{
	(void)bench_ask(b, 0, "first");
	m6_client_tick(b->client, 0);
	struct m6_header head = bench_answer_head(b, 0);
	bench_feed(b, &head, "first=1", NS_PER_MS);
	assert_int_equal(b->calls, 1);
}

typedef void arrive_fn(struct client_bench *b, int64_t now_ns);

/* Lets time go by until the second request ends; `arrive` says what comes in reply to
 * each transmission. */
static void
run_to_end(struct client_bench *b, arrive_fn *arrive)
{
	int64_t now_ns = NS_PER_MS;
	size_t n_seen = b->n_sent;

	(void)bench_ask(b, 0, "second");
	while (b->calls < 2) {
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

	if (b->n_sent > 2)
		return;
	head.has_more = true;
	bench_feed(b, &head, "second=1", now_ns);
	bench_feed(b, &head, "second=2", now_ns);
}

/* Silence after answers looks like a daemon that limits our rate: it is asked more slowly
 * and more often. What cannot be believed does not look like that. */
static void
only_silence_after_answers_is_taken_for_a_rate_limit(void **state)
{
	static const struct {
		arrive_fn *arrive;
		int err;
		unsigned tries;
	} rows[] = {
		{ nothing_arrives, ERR_TIMEOUT, M6_TRIES_PACED },
		{ junk_arrives, ERR_PROTOCOL, M6_TRIES },
		{ request_comes_back, ERR_PROTOCOL, M6_TRIES },
		{ contradiction_arrives, ERR_CONFLICT, M6_TRIES },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct client_bench b;
		struct m6_client_stats stats;

		bench_setup(&b);
		answer_once(&b);
		run_to_end(&b, rows[i].arrive);
		assert_int_equal(b.last.err, rows[i].err);
		assert_int_equal(b.n_sent, 1 + rows[i].tries);
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

/* Asks in vain until the pause is that long. */
static void
be_silent_until(struct client_bench *b, int64_t gap_ns, int64_t *now_ns)
{
	(void)bench_ask(b, 0, "x");
	while (stats_of(b).gap_ns < gap_ns) {
		assert_true(*now_ns < 120 * NS_PER_S);
		*now_ns += NS_PER_MS;
		m6_client_tick(b->client, *now_ns);
	}
}

/* The third silent flight brings the pause. A loss after the answer that ended the
 * silence shows that it is needed; it is gone after so long without another one. */
static void
pause_lasts_twenty_seconds_after_the_last_loss(void **state)
{
	struct client_bench b;
	int64_t now_ns = NS_PER_MS;

	(void)state;
	bench_setup(&b);
	answer_once(&b);
	be_silent_until(&b, M6_GAP_MIN_NS, &now_ns);
	assert_int_equal(stats_of(&b).gap_ns, M6_GAP_MIN_NS);
	answer_last(&b, now_ns);
	assert_false(stats_of(&b).is_rate_limited);
	be_silent_until(&b, 2 * M6_GAP_MIN_NS, &now_ns);
	assert_true(stats_of(&b).is_rate_limited);
	answer_last(&b, now_ns);
	m6_client_tick(b.client, now_ns + M6_RELAX_NS - 1);
	assert_int_equal(stats_of(&b).gap_ns, 2 * M6_GAP_MIN_NS);
	m6_client_tick(b.client, now_ns + M6_RELAX_NS);
	assert_int_equal(stats_of(&b).gap_ns, M6_GAP_MIN_NS);
	assert_true(stats_of(&b).is_rate_limited);
	m6_client_tick(b.client, now_ns + 2 * M6_RELAX_NS);
	assert_true(!stats_of(&b).is_rate_limited && stats_of(&b).gap_ns == 0);
	m6_client_free(b.client);
}

/* A daemon that was away answers whatever the pause; at once when it was so before, it is
 * no chance any more. */
static void
pause_is_gone_soon_when_nothing_is_lost(void **state)
{
	struct client_bench b;
	int64_t now_ns = NS_PER_MS;
	unsigned n_answers = 0;

	(void)state;
	bench_setup(&b);
	answer_once(&b);
	be_silent_until(&b, M6_GAP_SUSPECTED_NS, &now_ns);
	answer_last(&b, now_ns);
	for (n_answers = 1; stats_of(&b).gap_ns > 0; n_answers++) {
		size_t n_sent = b.n_sent;

		assert_false(stats_of(&b).is_rate_limited);
		(void)bench_ask(&b, 0, "x");
		now_ns += stats_of(&b).gap_ns;
		m6_client_tick(b.client, now_ns);
		assert_int_equal(b.n_sent, n_sent + 1);
		answer_last(&b, now_ns);
	}
	/* From a second by halves below 250 ms. */
	assert_int_equal(n_answers, 3 * M6_SPACED_MAX);
	be_silent_until(&b, M6_GAP_MIN_NS, &now_ns);
	answer_last(&b, now_ns);
	assert_true(stats_of(&b).is_rate_limited);
	m6_client_free(b.client);
}

/* One loss, long after the pause went by itself, is one loss. */
static void
doubt_ends_with_the_pause(void **state)
{
	struct client_bench b;
	int64_t now_ns = NS_PER_MS;

	(void)state;
	bench_setup(&b);
	answer_once(&b);
	be_silent_until(&b, M6_GAP_MIN_NS, &now_ns);
	answer_last(&b, now_ns);
	now_ns += M6_RELAX_NS;
	m6_client_tick(b.client, now_ns);
	assert_int_equal(stats_of(&b).gap_ns, 0);
	(void)bench_ask(&b, 0, "x");
	m6_client_tick(b.client, now_ns);
	uint64_t sent = stats_of(&b).retransmits;
	while (stats_of(&b).retransmits == sent) {
		now_ns += NS_PER_MS;
		m6_client_tick(b.client, now_ns);
	}
	assert_int_equal(stats_of(&b).gap_ns, 0);
	assert_false(stats_of(&b).is_rate_limited);
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
		cmocka_unit_test(repeated_request_gives_no_round_trip),
		cmocka_unit_test(only_silence_after_answers_is_taken_for_a_rate_limit),
		cmocka_unit_test(pause_lasts_twenty_seconds_after_the_last_loss),
		cmocka_unit_test(pause_is_gone_soon_when_nothing_is_lost),
		cmocka_unit_test(doubt_ends_with_the_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
