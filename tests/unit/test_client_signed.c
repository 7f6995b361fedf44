/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed requests and what is believed of their answers; requests that are sent once. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "client/client.h"
#include "mode6/auth.h"
#include "support/client_bench.h"

#define MS NS_PER_MS

struct signed_bench {
	struct client_bench b;
	struct m6_keys *keys;
	const struct m6_key *key;
};

static void
setup(struct signed_bench *s)
{
	bench_setup(&s->b);
	s->keys = bench_keys();
	s->key = m6_keys_find(s->keys, 1);
}

static void
teardown(struct signed_bench *s)
{
	m6_client_free(s->b.client);
	m6_keys_free(s->keys);
}

static uint64_t
submit(struct client_bench *b, const struct m6_request *request)
{
	uint64_t id = 0;

	assert_int_equal(m6_client_submit(b->client, request, bench_on_reply, b, &id), 0);
	return id;
}

static void
ask_signed(struct signed_bench *s)
{
	const struct m6_request request = {
		.op = M6_OP_WRITEVAR,
		.data = "site=lab",
		.len = 8,
		.key = s->key,
		.is_once = true,
		.is_urgent = true,
		.give_up_ns = 300 * MS,
	};

	(void)submit(&s->b, &request);
	m6_client_tick(s->b.client, 0);
	assert_int_equal(s->b.n_sent, 1);
}

static struct m6_client_stats
stats_of(const struct client_bench *b)
{
	struct m6_client_stats stats;

	m6_client_stats(b->client, &stats);
	return stats;
}

/* --- signing ------------------------------------------------------------------------ */

static void
every_transmission_is_signed_anew(void **state)
{
	struct signed_bench s;
	struct client_bench *b = &s.b;

	(void)state;
	setup(&s);
	struct m6_request request = { .op = M6_OP_READVAR,
		.data = "site",
		.len = 4,
		.key = s.key };
	(void)submit(b, &request);
	m6_client_tick(b->client, 0);
	m6_client_tick(b->client, 2 * NS_PER_S);
	assert_int_equal(b->n_sent, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(b->data[i], "site");
		assert_int_equal(b->lens[i], 12 + 4 + 4 + 16);
		assert_int_equal(m6_mac_verify(s.key, b->bytes[i], b->lens[i]),
		    M6_MAC_VALID);
	}
	assert_int_not_equal(b->sent[0].sequence, b->sent[1].sequence);
	teardown(&s);
}

static void
code_stands_where_the_request_says(void **state)
{
	static const struct {
		enum m6_mac_align align;
		size_t len;
	} rows[] = { { 0, 44 }, { M6_MAC_ALIGN_8, 44 }, { M6_MAC_ALIGN_4, 40 } };
	struct signed_bench s;

	(void)state;
	setup(&s);
	for (size_t i = 0; i < COUNT(rows); i++) {
		/* Header and data have 20 octets, the code has 20 too. */
		struct m6_request request = {
			.op = M6_OP_READVAR,
			.data = "12345678",
			.len = 8,
			.key = s.key,
			.align = rows[i].align,
		};

		(void)submit(&s.b, &request);
		m6_client_tick(s.b.client, 0);
		assert_int_equal(s.b.lens[i], rows[i].len);
	}
	teardown(&s);
}

static void
longest_signed_request_fits(void **state)
{
	struct signed_bench s;
	char text[M6_REQUEST_MAX];

	(void)state;
	setup(&s);
	memset(text, 'a', sizeof(text));
	for (uint32_t id = 1; id <= 4; id++) {
		const struct m6_key *key = m6_keys_find(s.keys, id);
		struct m6_request request = { .op = M6_OP_CONFIGURE,
			.data = text,
			.len = sizeof(text),
			.key = key };

		(void)submit(&s.b, &request);
		m6_client_tick(s.b.client, 0);
		assert_int_equal(m6_mac_verify(key, s.b.bytes[id - 1], s.b.lens[id - 1]),
		    M6_MAC_VALID);
	}
	teardown(&s);
}

/* --- believing ---------------------------------------------------------------------- */

static void
signed_answer_is_believed(void **state)
{
	struct signed_bench s;

	(void)state;
	setup(&s);
	ask_signed(&s);
	struct m6_header head = bench_answer_head(&s.b, 0);
	bench_feed_signed(&s.b, &head, "", s.key, 1 * MS);
	assert_int_equal(s.b.calls, 1);
	assert_int_equal(s.b.last.err, 0);
	assert_int_equal(s.b.last.mac, M6_MAC_VALID);
	assert_int_equal(stats_of(&s.b).bad_macs, 0);
	teardown(&s);
}

static void
answer_to_an_unsigned_request_has_no_code(void **state)
{
	struct signed_bench s;

	(void)state;
	setup(&s);
	(void)bench_ask(&s.b, 0, "leap");
	m6_client_tick(s.b.client, 0);
	struct m6_header head = bench_answer_head(&s.b, 0);
	bench_feed_signed(&s.b, &head, "leap=0", s.key, 1);
	assert_int_equal(s.b.last.err, 0);
	assert_int_equal(s.b.last.mac, M6_MAC_NONE);
	teardown(&s);
}

/* A forger who knows everything but the key can neither fake a success nor end the
 * waiting for the real answer. */
static void
forged_success_is_not_believed_and_ends_nothing(void **state)
{
	struct signed_bench s;
	uint8_t bytes[M6_DATAGRAM_MAX];
	size_t len;

	(void)state;
	setup(&s);
	ask_signed(&s);
	struct m6_header head = bench_answer_head(&s.b, 0);
	bench_feed(&s.b, &head, "", 1 * MS);
	bench_feed_signed(&s.b, &head, "", m6_keys_find(s.keys, 2), 2 * MS);
	assert_int_equal(m6_packet_encode(&head, "", 0, bytes, sizeof(bytes), &len), 0);
	assert_int_equal(m6_mac_append(s.key, M6_MAC_ALIGN_8, bytes, sizeof(bytes), &len),
	    0);
	bytes[len - 1] ^= 1;
	m6_client_input(s.b.client, bytes, len, 3 * MS);
	/* Crypto-NAK: four zeros where the key id would be. */
	memset(bytes + M6_HEADER_LEN, 0, 8);
	m6_client_input(s.b.client, bytes, M6_HEADER_LEN + 8, 4 * MS);
	assert_int_equal(s.b.calls, 0);
	assert_int_equal(stats_of(&s.b).bad_macs, 4);
	assert_int_equal(stats_of(&s.b).replies, 0);
	bench_feed_signed(&s.b, &head, "", s.key, 5 * MS);
	assert_int_equal(s.b.calls, 1);
	assert_int_equal(s.b.last.err, 0);
	teardown(&s);
}

static void
every_fragment_has_to_be_signed(void **state)
{
	struct signed_bench s;

	(void)state;
	setup(&s);
	ask_signed(&s);
	struct m6_header head = bench_answer_head(&s.b, 0);
	head.has_more = true;
	bench_feed_signed(&s.b, &head, "0123", s.key, 1 * MS);
	head.has_more = false;
	head.offset = 4;
	bench_feed(&s.b, &head, "forged", 2 * MS);
	assert_int_equal(s.b.calls, 0);
	bench_feed_signed(&s.b, &head, "4567", s.key, 3 * MS);
	assert_int_equal(s.b.calls, 1);
	assert_string_equal(s.b.payload, "01234567");
	assert_int_equal(stats_of(&s.b).bad_macs, 1);
	teardown(&s);
}

enum trailer { T_VALID, T_NONE, T_NAK, T_OTHER_KEY };

static void
feed_error(struct signed_bench *s, enum trailer trailer)
{
	struct m6_header head = bench_answer_head(&s->b, 0);
	uint8_t bytes[M6_DATAGRAM_MAX] = { 0 };
	size_t len;

	head.is_error = true;
	head.status = M6_ERROR_PERMISSION << 8;
	switch (trailer) {
	case T_VALID:
		bench_feed_signed(&s->b, &head, "", s->key, 1);
		break;
	case T_NONE:
		bench_feed(&s->b, &head, "", 1);
		break;
	case T_NAK:
		assert_int_equal(
		    m6_packet_encode(&head, "", 0, bytes, sizeof(bytes), &len), 0);
		m6_client_input(s->b.client, bytes, len + 4, 1);
		break;
	case T_OTHER_KEY:
		bench_feed_signed(&s->b, &head, "", m6_keys_find(s->keys, 3), 1);
		break;
	}
}

/* Those who refuse our key cannot sign; those who sign have to do it right. */
static void
error_is_believed_unless_its_code_is_wrong(void **state)
{
	static const struct {
		enum trailer trailer;
		unsigned calls;
		enum m6_mac_verdict mac;
	} rows[] = {
		{ T_VALID, 1, M6_MAC_VALID },
		{ T_NONE, 1, M6_MAC_NONE },
		{ T_NAK, 1, M6_MAC_NAK },
		{ T_OTHER_KEY, 0, M6_MAC_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct signed_bench s;

		setup(&s);
		ask_signed(&s);
		feed_error(&s, rows[i].trailer);
		assert_int_equal(s.b.calls, rows[i].calls);
		assert_int_equal(stats_of(&s.b).bad_macs, 1 - rows[i].calls);
		if (rows[i].calls > 0) {
			assert_int_equal(s.b.last.err, ERR_DAEMON);
			assert_int_equal(s.b.last.daemon_error, M6_ERROR_PERMISSION);
			assert_int_equal(s.b.last.mac, rows[i].mac);
		}
		teardown(&s);
	}
}

/* --- once --------------------------------------------------------------------------- */

static void
once_is_never_repeated_and_waits_until_given_up(void **state)
{
	struct signed_bench s;

	(void)state;
	setup(&s);
	ask_signed(&s);
	for (int64_t now_ns = 0; now_ns < 300 * MS; now_ns += 10 * MS) {
		m6_client_tick(s.b.client, now_ns);
		assert_int_equal(m6_client_deadline(s.b.client), 300 * MS);
	}
	assert_int_equal(s.b.calls, 0);
	m6_client_tick(s.b.client, 300 * MS);
	assert_int_equal(s.b.calls, 1);
	assert_int_equal(s.b.last.err, ERR_TIMEOUT);
	assert_int_equal(s.b.n_sent, 1);
	/* The answer comes too late, and concerns nobody. */
	struct m6_header head = bench_answer_head(&s.b, 0);
	bench_feed_signed(&s.b, &head, "", s.key, 301 * MS);
	assert_int_equal(s.b.calls, 1);
	assert_true(m6_client_deadline(s.b.client) == CLOCK_NEVER);
	teardown(&s);
}

static void
once_without_a_time_ends_with_the_retransmission_timer(void **state)
{
	struct client_bench b;
	struct m6_request request = { .op = M6_OP_CONFIGURE, .is_once = true };

	(void)state;
	bench_setup(&b);
	(void)submit(&b, &request);
	m6_client_tick(b.client, 0);
	m6_client_tick(b.client, 1100 * MS);
	assert_int_equal(b.calls, 1);
	assert_int_equal(b.last.err, ERR_TIMEOUT);
	assert_int_equal(b.n_sent, 1);
	m6_client_free(b.client);
}

/* Round trips of a millisecond make others be repeated after 200 ms. */
static void
once_waits_a_second_however_near_the_daemon_is(void **state)
{
	struct client_bench b;
	struct m6_request request = { .op = M6_OP_CONFIGURE, .is_once = true };
	struct m6_header head;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	head = bench_answer_head(&b, 0);
	bench_feed(&b, &head, "leap=0", 1 * MS);
	(void)submit(&b, &request);
	m6_client_tick(b.client, 10 * NS_PER_S);
	m6_client_tick(b.client, 11 * NS_PER_S - 1);
	assert_int_equal(b.calls, 1);
	m6_client_tick(b.client, 11 * NS_PER_S + 100 * MS);
	assert_int_equal(b.calls, 2);
	assert_int_equal(b.last.err, ERR_TIMEOUT);
	assert_int_equal(b.n_sent, 2);
	m6_client_free(b.client);
}

static void
once_is_not_repeated_for_a_contradictory_answer(void **state)
{
	struct signed_bench s;

	(void)state;
	setup(&s);
	ask_signed(&s);
	struct m6_header head = bench_answer_head(&s.b, 0);
	head.has_more = true;
	bench_feed_signed(&s.b, &head, "0123", s.key, 1 * MS);
	bench_feed_signed(&s.b, &head, "other", s.key, 2 * MS);
	assert_int_equal(s.b.calls, 1);
	assert_int_equal(s.b.last.err, ERR_CONFLICT);
	assert_int_equal(s.b.n_sent, 1);
	teardown(&s);
}

/* ntp.org's answer may go to somebody else: the poller must not be slowed down by it. */
static void
silence_about_writes_says_nothing_of_the_way(void **state)
{
	struct client_bench b;

	(void)state;
	bench_setup(&b);
	(void)bench_ask(&b, 0, "leap");
	m6_client_tick(b.client, 0);
	struct m6_header head = bench_answer_head(&b, 0);
	bench_feed(&b, &head, "leap=0", 1 * MS);
	for (int i = 0; i < 10; i++) {
		int64_t now_ns = (2 + i) * NS_PER_S;
		struct m6_request request = { .op = M6_OP_CONFIGURE, .is_once = true };

		request.give_up_ns = i % 2 ? now_ns + 300 * MS : 0;
		(void)submit(&b, &request);
		m6_client_tick(b.client, now_ns);
		m6_client_tick(b.client, now_ns + 500 * MS);
	}
	assert_int_equal(b.calls, 11);
	assert_int_equal(stats_of(&b).window, M6_WINDOW_START);
	assert_int_equal(stats_of(&b).gap_ns, 0);
	assert_int_equal(stats_of(&b).timeouts, 10);
	m6_client_free(b.client);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_transmission_is_signed_anew),
		cmocka_unit_test(code_stands_where_the_request_says),
		cmocka_unit_test(longest_signed_request_fits),
		cmocka_unit_test(signed_answer_is_believed),
		cmocka_unit_test(answer_to_an_unsigned_request_has_no_code),
		cmocka_unit_test(forged_success_is_not_believed_and_ends_nothing),
		cmocka_unit_test(every_fragment_has_to_be_signed),
		cmocka_unit_test(error_is_believed_unless_its_code_is_wrong),
		cmocka_unit_test(once_is_never_repeated_and_waits_until_given_up),
		cmocka_unit_test(once_without_a_time_ends_with_the_retransmission_timer),
		cmocka_unit_test(once_waits_a_second_however_near_the_daemon_is),
		cmocka_unit_test(once_is_not_repeated_for_a_contradictory_answer),
		cmocka_unit_test(silence_about_writes_says_nothing_of_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
