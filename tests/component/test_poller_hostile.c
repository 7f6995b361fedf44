/* SPDX-License-Identifier: BSD-2-Clause */
/* Cycles against a daemon that does whatever it likes: each cycle ends, in bounded time
 * and with a bounded number of requests, and its picture keeps its promises. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "mode6/reassembly.h"
#include "support/poller_bench.h"

enum { SEEDS = 24, CYCLES = 25, ASSOCS = 12, PAYLOAD_MAX = 3000 };

/* Finding out which names are known, with everything refused, and the associations. */
enum { REQUESTS_PER_CYCLE_MAX = 500 };

static uint32_t
draw(struct fake_daemon *d, uint32_t n)
{
	return fake_random(d) % n;
}

/* Names that are in the tables, and values of all kinds. */
static const char *const names[] = {
	"leap",
	"stratum",
	"refid",
	"offset",
	"peer",
	"ss_uptime",
	"ss_reset",
	"ss_received",
	"version",
	"reftime",
	"srcadr",
	"srchost",
	"reach",
	"sent",
	"name",
	"leapsec",
	"clock",
	"",
	"nobody",
};

static const char *const values[] = {
	"0",
	"1",
	"-1",
	"18446744073709551615",
	"18446744073709551616",
	"99999999999999999999999999999999",
	"-0.000000000000000000000000000000000001",
	"1e308",
	"nan",
	"0x",
	"0xffffffff.ffffffff",
	"0x00000000.00000000",
	"000000000000",
	"999912312359",
	"127.127.1.0",
	"127.127.20.0",
	"fe80::1%eth0",
	"\"",
	"\"\"",
	"\"a, leap=1\"",
	"\"a\", b\"",
	",,",
	"a,b",
	"\xff\xfe\x80",
	"",
};

static size_t
write_list(struct fake_daemon *d, char *out, size_t cap)
{
	size_t len = 0;

	while (len + 600 < cap && draw(d, 40) != 0) {
		len += (size_t)snprintf(out + len, cap - len, "%s=%s, ",
		    names[draw(d, COUNT(names))], values[draw(d, COUNT(values))]);
		if (draw(d, 60) != 0)
			continue;
		len += (size_t)snprintf(out + len, cap - len, "srchost=\"");
		memset(out + len, 'h', 255);
		len += 255;
		len += (size_t)snprintf(out + len, cap - len, "\", ");
	}
	return len;
}

/* Lists with ids twice, ids 0, odd lengths. */
static void
send_list(struct fake_daemon *d, const struct m6_packet *request)
{
	uint8_t list[4 * ASSOCS + 3];
	size_t len = draw(d, 3) == 0 ? draw(d, sizeof(list)) : draw(d, ASSOCS) * 4;

	for (size_t i = 0; i < sizeof(list); i++)
		list[i] = (uint8_t)draw(d, i % 4 == 1 ? ASSOCS : i % 4 == 0 ? 1 : 256);
	fake_send_answer(d, request, (uint16_t)draw(d, 65536), list, len);
}

static void
send_fragments(struct fake_daemon *d, const struct m6_packet *request)
{
	static const uint8_t text[M6_COUNT_MAX] = "leap=0, ";
	struct m6_header head = request->head;

	head.is_response = true;
	for (uint32_t n = draw(d, 6); n > 0; n--) {
		head.offset = (uint16_t)(draw(d, 3) * M6_DATA_MAX + draw(d, 2) * 65000);
		head.has_more = draw(d, 2) == 0;
		head.status = (uint16_t)draw(d, 65536);
		head.assoc = draw(d, 8) == 0 ? 7 : request->head.assoc;
		head.is_error = draw(d, 16) == 0;
		fake_send_fragment(d, &head, text, draw(d, 2) * M6_DATA_MAX,
		    (int64_t)draw(d, 9000) * NS_PER_MS);
	}
}

static void
send_noise(struct fake_daemon *d)
{
	uint8_t noise[64];

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)draw(d, 256);
	noise[0] = draw(d, 2) == 0 ? 0x16 : noise[0];
	fake_send_bytes(d, noise, draw(d, sizeof(noise)), d->delay_ns);
}

static bool
answer_anything(struct fake_daemon *d, const struct m6_packet *request)
{
	char text[PAYLOAD_MAX];
	uint32_t mood = *(const uint32_t *)d->script;

	/* Most moods are mostly sensible, or nothing would be reached behind the list. */
	if (draw(d, 100) < mood)
		return false;
	switch (draw(d, 7)) {
	case 0:
		fake_send_error(d, request, (uint8_t)draw(d, 9));
		return true;
	case 1:
		fake_send_error(d, request, M6_ERROR_UNKNOWNVAR);
		return true;
	case 2:
		send_fragments(d, request);
		return true;
	case 3:
		send_noise(d);
		return true;
	case 4:
		fake_restart(d);
		d->version = draw(d, 2) == 0 ? "ntpd 4.2.8p15" : "ntpd ntpsec-1.2.2";
		return false;
	case 5:
		d->assocs[draw(d, ASSOCS)].id = (uint16_t)draw(d, 20);
		return false;
	default:
		break;
	}
	if (request->head.op == M6_OP_READSTAT)
		send_list(d, request);
	else
		fake_send_answer(d, request, 0x0615, text,
		    write_list(d, text, sizeof(text)));
	return true;
}

static void
check_picture(const struct snapshot *s)
{
	uint16_t before = 0;

	for (size_t i = 0; i < s->n_peers; i++) {
		const struct ntp_peer *p = &s->peers[i];

		assert_true(p->id > before);
		before = p->id;
		assert_true(p->srchost.len <= VARS_LABEL_MAX);
		assert_true(!ntp_peer_has(p, NTP_PEER_LEAP) || p->leap <= 3);
		assert_true(!ntp_peer_has(p, NTP_PEER_REACH) || p->reach <= 0xff);
		assert_true(
		    !ntp_seen_any(&p->clock.seen) || ntp_peer_is_refclock(p, NULL));
	}
}

/* Nobody can be made to ask without end, to keep memory, or to show nonsense. */
static void
daemon_that_does_what_it_likes_costs_bounded_time_and_memory(void **state)
{
	static const uint32_t moods[] = { 0, 50, 90, 98 };
	unsigned n_good = 0;

	(void)state;
	for (unsigned seed = 1; seed <= SEEDS; seed++) {
		struct poller_bench *b = bench_start(ASSOCS, 3);
		uint32_t mood = moods[seed % COUNT(moods)];

		b->d.random += seed * 7919;
		b->d.answer = answer_anything;
		b->d.script = &mood;
		for (int i = 0; i < CYCLES; i++) {
			size_t n;

			b->is_over = false;
			n = b->d.n_requests;
			assert_true(fake_run_until(&b->d, &b->is_over, 3600 * NS_PER_S));
			/* A torn picture has the next cycle begin before we look. */
			assert_in_range(b->d.n_requests - n, 0, REQUESTS_PER_CYCLE_MAX);
			if (b->last.snapshot)
				check_picture(b->snapshot);
			n_good += b->last.snapshot != NULL;
			assert_true(b->last.state != TARGET_UNKNOWN);
		}
		/* And it is forgotten when the daemon comes to its senses. */
		b->d.answer = NULL;
		fake_set_assocs(&b->d, ASSOCS, 3);
		fake_run(&b->d, POLLER_RELEARN_CYCLES * BENCH_INTERVAL_NS);
		bench_good_cycle(b);
		assert_int_equal(b->snapshot->n_peers, ASSOCS);
		assert_true(ntp_system_has(b->snapshot->system, NTP_SYS_OFFSET));
		for (size_t i = 0; i < ASSOCS; i++)
			assert_true(
			    ntp_peer_has(&b->snapshot->peers[i], NTP_PEER_OFFSET));
		bench_stop(b);
	}
	assert_true(n_good > SEEDS);
}

/* The longest list an answer can carry, with every id many times over. */
static bool
answer_longest_list(struct fake_daemon *d, const struct m6_packet *request)
{
	static uint8_t list[M6_PAYLOAD_MAX];

	if (request->head.op != M6_OP_READSTAT)
		return false;
	for (size_t i = 0; i < sizeof(list); i += 4)
		list[i + 1] = (uint8_t)(i / 4 % 3 == 0 ? 0 : 100 + i / 4 % 3);
	fake_send_answer(d, request, 0x0615, list, sizeof(list));
	return true;
}

static void
longest_list_of_the_same_associations_is_read(void **state)
{
	struct poller_bench *b = bench_start(5, 0);

	(void)state;
	b->d.answer = answer_longest_list;
	bench_good_cycle(b);
	assert_int_equal(b->snapshot->n_peers, 2);
	assert_int_equal(b->snapshot->peers[0].id, 101);
	assert_true(ntp_peer_has(&b->snapshot->peers[1], NTP_PEER_OFFSET));
	bench_stop(b);
}

/* The version text is another one in each answer, and uptime never grows. */
static bool
be_another_one(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char *const versions[] = { "ntpd 4.2.8p15", "ntpd 4.2.8p16" };

	(void)request;
	d->version = versions[d->n_requests % 2];
	d->started_ns = d->now_ns - NS_PER_S;
	return false;
}

static void
daemon_that_is_never_the_same_is_read_at_most_twice_per_cycle(void **state)
{
	struct poller_bench *b = bench_start(5, 0);

	(void)state;
	bench_good_cycle(b);
	b->d.answer = be_another_one;
	for (int i = 0; i < 50; i++)
		assert_in_range(bench_good_cycle(b), 1, 2 * (5 + 4));
	bench_stop(b);
}

static bool
know_no_name(struct fake_daemon *d, const struct m6_packet *request)
{
	if (request->head.op != M6_OP_READVAR || request->head.assoc == 0)
		return false;
	fake_send_error(d, request, M6_ERROR_UNKNOWNVAR);
	return true;
}

static void
daemon_that_refuses_every_name_is_not_asked_in_circles(void **state)
{
	struct poller_bench *b = bench_start(1000, 0);

	(void)state;
	b->d.answer = know_no_name;
	assert_in_range(bench_good_cycle(b), 1, 3 * 2 * NTP_PEER_VAR_COUNT + 4);
	assert_in_range(bench_good_cycle(b), 1, 4);
	assert_int_equal(b->snapshot->n_peers, 1000);
	assert_false(ntp_seen_any(&b->snapshot->peers[0].seen));
	bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    daemon_that_does_what_it_likes_costs_bounded_time_and_memory),
		cmocka_unit_test(longest_list_of_the_same_associations_is_read),
		cmocka_unit_test(
		    daemon_that_is_never_the_same_is_read_at_most_twice_per_cycle),
		cmocka_unit_test(daemon_that_refuses_every_name_is_not_asked_in_circles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
