/* SPDX-License-Identifier: BSD-2-Clause */
/* The texts a cycle keeps beside the typed values. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "client/poller.h"
#include "support/poller_bench.h"

static bool
has_text(const struct ntp_raw *raw, const char *name)
{
	struct ntp_raw_item item;

	return ntp_raw_find(raw, name, strlen(name), &item);
}

static void
assert_value(const struct ntp_raw *raw, const char *name, const char *value)
{
	struct ntp_raw_item item;

	assert_true(ntp_raw_find(raw, name, strlen(name), &item));
	assert_int_equal(item.value_len, strlen(value));
	assert_memory_equal(item.value, value, item.value_len);
}

static void
everything_that_was_answered_is_there_as_text(void **state)
{
	struct poller_bench *b = bench_start(3, 1);

	(void)state;
	bench_good_cycle(b);
	const struct snapshot *s = b->snapshot;
	for (int var = 0; var < NTP_SYS_VAR_COUNT; var++)
		if (ntp_system_has(s->system, (enum ntp_system_var)var))
			assert_true(
			    has_text(s->system->raw, ntp_system_vars.rows[var].name));
	for (int var = 0; var < NTP_PEER_VAR_COUNT; var++)
		if (ntp_peer_has(&s->peers[1], (enum ntp_peer_var)var))
			assert_int_equal(
			    has_text(s->peers[1].raw, ntp_peer_vars.rows[var].name),
			    !ntp_peer_vars.rows[var].is_coarse);
	assert_value(s->system->raw, "version", b->d.version);
	assert_value(s->peers[0].raw, "srcadr", "127.127.20.0");
	assert_value(s->peers[0].raw, "srchost", "ntp100.example");
	assert_value(s->peers[0].raw, "clock.device", "clock device");
	assert_value(s->peers[1].raw, "srcadr", "10.1.0.102");
	assert_false(has_text(s->peers[1].raw, "clock.device"));
	assert_false(has_text(s->peers[0].raw, "name"));
	bench_stop(b);
}

static void
what_is_asked_rarely_is_carried_over(void **state)
{
	struct poller_bench *b = bench_start(4, 2);

	(void)state;
	bench_good_cycle(b);
	b->d.started_ns -= NS_PER_S;
	for (int i = 1; i < POLLER_RARE_CYCLES; i++) {
		bench_good_cycle(b);
		assert_value(b->snapshot->system->raw, "version", b->d.version);
		assert_value(b->snapshot->system->raw, "processor", "some processor");
		assert_value(b->snapshot->peers[1].raw, "clock.device", "clock device");
		assert_int_equal(ntp_raw_count(b->snapshot->peers[0].raw),
		    ntp_raw_count(b->snapshot->peers[1].raw));
	}
	bench_stop(b);
}

/* Another clock under the same number has other variables. */
static void
nothing_is_carried_to_another_association(void **state)
{
	struct poller_bench *b = bench_start(2, 1);

	(void)state;
	bench_good_cycle(b);
	assert_true(has_text(b->snapshot->peers[0].raw, "clock.device"));
	b->d.assocs[0].is_clock = false;
	bench_good_cycle(b);
	assert_false(has_text(b->snapshot->peers[0].raw, "clock.device"));
	bench_stop(b);
}

static bool
answer_more(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char text[] =
	    "leap=0, stratum=x\xff,, reach=0x1, leap=3, secret=1, srcadr=10.0.0.1, "
	    "clock.name=1, srchost=\"a, b\", name=2\r\n";

	if (request->head.op != M6_OP_READVAR || request->head.assoc == 0)
		return false;
	fake_send_answer(d, request, 0x9014, text, strlen(text));
	return true;
}

/* The first of two values, malformed ones as they are, and no name nobody asked for. */
static void
only_names_that_were_asked_for_are_taken(void **state)
{
	struct poller_bench *b = bench_start(1, 0);

	(void)state;
	b->d.answer = answer_more;
	bench_good_cycle(b);
	const struct ntp_peer *p = &b->snapshot->peers[0];
	assert_int_equal(ntp_raw_count(p->raw), 5);
	assert_value(p->raw, "leap", "0");
	assert_value(p->raw, "stratum", "x\xff,");
	assert_value(p->raw, "srchost", "a, b");
	assert_int_equal(p->leap, 0);
	assert_false(ntp_peer_has(p, NTP_PEER_STRATUM));
	bench_stop(b);
}

/* A list put into the answer to another one is not believed. */
static bool
answer_early(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char text[] = "leap=0, version=\"ntpd forged\"\r\n";

	if (request->head.op != M6_OP_READVAR || request->head.assoc != 0 ||
	    fake_asks_for(request, "version"))
		return false;
	fake_send_answer(d, request, 0x0615, text, strlen(text));
	return true;
}

static void
rows_that_were_not_asked_for_are_not_filled(void **state)
{
	struct poller_bench *b = bench_start(0, 0);

	(void)state;
	bench_good_cycle(b);
	b->d.answer = answer_early;
	bench_good_cycle(b);
	assert_value(b->snapshot->system->raw, "version", b->d.version);
	assert_int_equal(b->snapshot->system->version.len, strlen(b->d.version));
	bench_stop(b);
}

static void
mute_association_has_no_text(void **state)
{
	struct poller_bench *b = bench_start(3, 0);

	(void)state;
	bench_good_cycle(b);
	b->d.assocs[1].is_mute = true;
	bench_good_cycle(b);
	assert_int_equal(ntp_raw_count(b->snapshot->peers[1].raw), 0);
	assert_int_not_equal(ntp_raw_count(b->snapshot->peers[2].raw), 0);
	bench_stop(b);
}

/* Ids twice: the texts of the second go with it. */
static void
repeated_associations_leak_no_text(void **state)
{
	struct poller_bench *b = bench_start(6, 2);

	(void)state;
	b->d.assocs[5].id = b->d.assocs[4].id = b->d.assocs[1].id;
	for (int i = 0; i < 3; i++) {
		bench_good_cycle(b);
		assert_int_equal(b->snapshot->n_peers, 4);
		for (size_t j = 0; j < 4; j++)
			assert_int_not_equal(ntp_raw_count(b->snapshot->peers[j].raw), 0);
	}
	bench_stop(b);
}

/* The typed value shows tenths of a second. */
static void
origin_timestamp_is_kept_in_no_text(void **state)
{
	struct poller_bench *b = bench_start(2, 0);

	(void)state;
	(void)bench_all_turns(b);
	assert_true(ntp_peer_has(&b->snapshot->peers[0], NTP_PEER_ORG));
	assert_true(has_text(b->snapshot->peers[0].raw, "rec"));
	assert_false(has_text(b->snapshot->peers[0].raw, "org"));
	bench_stop(b);
}

/* The same variables, beginning with another one each time. */
static bool
answer_in_any_order(struct fake_daemon *d, const struct m6_packet *request)
{
	static const char *const items[] = { "stratum=3", "srcadr=10.1.0.7", "offset=1.5",
		"reach=17", "received=99", "leap=1", "nobody-asks=1", "sent=4" };
	char text[200] = "";

	if (request->head.op != M6_OP_READVAR || request->head.assoc == 0)
		return false;
	for (size_t i = 0; i < COUNT(items); i++) {
		strcat(text, items[(i + d->n_requests) % COUNT(items)]);
		strcat(text, i + 1 < COUNT(items) ? ", " : "");
	}
	fake_send_answer(d, request, d->status, text, strlen(text));
	return true;
}

/* Which one came behind which is no more than a guess. */
static void
order_of_answers_is_of_no_importance(void **state)
{
	struct poller_bench *b = bench_start(9, 0);

	(void)state;
	b->d.answer = answer_in_any_order;
	for (int cycle = 0; cycle < 4; cycle++) {
		bench_good_cycle(b);
		for (size_t i = 0; i < 9; i++) {
			const struct ntp_peer *p = &b->snapshot->peers[i];

			assert_int_equal(p->stratum, 3);
			assert_int_equal(p->offset_ns, 1500000);
			assert_int_equal(p->reach, 17);
			assert_int_equal(p->received, 99);
			assert_int_equal(p->leap, 1);
			assert_int_equal(p->sent, 4);
			assert_int_equal(ntp_raw_count(p->raw), 7);
			assert_value(p->raw, "srcadr", "10.1.0.7");
			assert_value(p->raw, "sent", "4");
		}
	}
	bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_that_was_answered_is_there_as_text),
		cmocka_unit_test(what_is_asked_rarely_is_carried_over),
		cmocka_unit_test(nothing_is_carried_to_another_association),
		cmocka_unit_test(only_names_that_were_asked_for_are_taken),
		cmocka_unit_test(rows_that_were_not_asked_for_are_not_filled),
		cmocka_unit_test(mute_association_has_no_text),
		cmocka_unit_test(repeated_associations_leak_no_text),
		cmocka_unit_test(origin_timestamp_is_kept_in_no_text),
		cmocka_unit_test(order_of_answers_is_of_no_importance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
