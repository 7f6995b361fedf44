/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups of variables that have their turns: what a cycle costs, and what is carried. */
#include "support/check.h"

#include <string.h>

#include "client/poller.h"
#include "support/poller_bench.h"

#define NTPD   "ntpd 4.2.8p15@1.3728-o"
#define NTPSEC "ntpd ntpsec-1.2.2"
#define LATER  "ntpd ntpsec-1.2.5"

static const char *const versions[] = { NTPD, NTPSEC, LATER };

static struct poller_bench *
start(const char *version, size_t n_assocs, size_t n_clocks)
{
	struct poller_bench *b = bench_start(n_assocs, n_clocks);

	b->d.version = version;
	return b;
}

/* Of any size, in every cycle, whosever turn it is; only clocks come on top, rarely. */
static void
no_cycle_takes_more_than_four_requests_besides_associations(void **state)
{
	static const size_t sizes[] = { 0, 1, 10, 50, 1000 };

	(void)state;
	for (size_t v = 0; v < COUNT(versions); v++)
		for (size_t s = 0; s < COUNT(sizes); s++) {
			struct poller_bench *b = start(versions[v], sizes[s], 0);

			bench_good_cycle(b);
			for (int i = 1; i < 2 * POLLER_SLOW_CYCLES + 5; i++)
				assert_in_range(bench_good_cycle(b), sizes[s],
				    sizes[s] + 4);
			bench_stop(b);
		}
}

/* A first cycle reads everything, with the lists that takes, and finds out names. */
static void
first_cycle_is_bounded(void **state)
{
	(void)state;
	for (size_t v = 0; v < COUNT(versions); v++) {
		struct poller_bench *b = start(versions[v], 10, 1);

		assert_in_range(bench_good_cycle(b), 10 + 4, 2 * 10 + 10);
		assert_int_equal(b->d.n_refused_names, 0);
		bench_stop(b);
	}
}

/* Counts requests with a name in them, and watches what stands beside it. */
struct watch {
	const char *name, *never;
	unsigned n, n_together, most, this_cycle;
};

static bool
watch_name(struct fake_daemon *d, const struct m6_packet *request)
{
	struct watch *w = d->script;

	if (!fake_asks_for(request, w->name))
		return false;
	w->n++;
	w->this_cycle++;
	w->n_together += fake_asks_for(request, w->never);
	return false;
}

static void
watched_cycles(struct poller_bench *b, struct watch *w, int n)
{
	b->d.answer = watch_name;
	b->d.script = w;
	for (int i = 0; i < n; i++) {
		w->this_cycle = 0;
		bench_good_cycle(b);
		if (w->this_cycle > w->most)
			w->most = w->this_cycle;
	}
}

static void
slow_groups_have_one_turn_each(void **state)
{
	static const char *const names[] = { "kmaxerr", "mru_depth", "authkeys",
		"total_rbuf", "version" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct poller_bench *b = start(NTPD, 2, 0);
		struct watch w = { .name = names[i], .never = "nothing" };

		bench_good_cycle(b);
		watched_cycles(b, &w, 3 * POLLER_SLOW_CYCLES);
		assert_int_equal(w.n, 3);
		bench_stop(b);
	}
}

/* Each of the associations at another time. */
static void
slow_groups_of_associations_are_spread(void **state)
{
	struct poller_bench *b = start(NTPD, 100, 0);
	struct watch w = { .name = "xleave", .never = "nothing" };

	(void)state;
	bench_good_cycle(b);
	watched_cycles(b, &w, POLLER_SLOW_CYCLES);
	assert_int_equal(w.n, 100);
	assert_int_equal(w.most, 100 / POLLER_SLOW_CYCLES);
	bench_stop(b);
}

static void
filters_ride_along_where_they_can_be_trusted(void **state)
{
	struct poller_bench *b = start(NTPD, 40, 0);
	struct watch w = { .name = "filtdelay", .never = "offset" };

	(void)state;
	bench_good_cycle(b);
	watched_cycles(b, &w, POLLER_SLOW_CYCLES);
	assert_int_equal(w.n, 40);
	assert_int_equal(w.n_together, 40);
	for (size_t i = 0; i < 40; i++) {
		assert_true(ntp_peer_has(&b->snapshot->peers[i], NTP_PEER_FILTOFFSET));
		assert_int_equal(b->snapshot->peers[i].filtdisp.us[7], 16000000);
	}
	bench_stop(b);
}

static void
filters_are_asked_alone_where_anything_may_stand_in_them(void **state)
{
	static const char *const doubtful[] = { NTPSEC, "ntpd ntpsec-1.2.2+7", "x" };

	(void)state;
	for (size_t i = 0; i < COUNT(doubtful); i++) {
		struct poller_bench *b = start(doubtful[i], 40, 0);
		struct watch w = { .name = "filtdelay", .never = "offset" };

		watched_cycles(b, &w, 1);
		/* Once while the names were learned of a daemon of no known kind. */
		assert_in_range(w.n, 40, 40 + 4);
		assert_int_equal(w.n_together, 0);
		w.most = 0;
		watched_cycles(b, &w, 2 * POLLER_SLOW_CYCLES);
		assert_int_equal(w.n_together, 0);
		assert_int_equal(w.most, POLLER_FILTER_TURNS);
		bench_stop(b);
	}
}

/* Samples that could not be read in their turn are not shown any longer. */
static void
filters_without_a_turn_do_not_grow_old(void **state)
{
	struct poller_bench *b = start(NTPSEC, 40, 0);
	size_t n = 0;

	(void)state;
	for (int i = 0; i <= POLLER_SLOW_CYCLES; i++)
		bench_good_cycle(b);
	for (size_t i = 0; i < 40; i++)
		n += ntp_peer_has(&b->snapshot->peers[i], NTP_PEER_FILTDELAY);
	assert_int_equal(n, POLLER_SLOW_CYCLES);
	bench_stop(b);
}

static void
values_are_carried_between_turns(void **state)
{
	struct poller_bench *b = start(NTPD, 3, 1);

	(void)state;
	bench_good_cycle(b);
	for (int i = 0; i < 2 * POLLER_SLOW_CYCLES; i++) {
		const struct ntp_system *s = b->snapshot->system;
		const struct ntp_peer *p = &b->snapshot->peers[1];
		struct ntp_raw_item item;

		assert_true(ntp_system_has(s, NTP_SYS_KMAXERR));
		assert_int_equal(s->kmaxerr_ns, 3000000);
		assert_int_equal(s->autokey_certs.n, 1);
		assert_true(ntp_raw_find(s->raw, "mru_depth", 9, &item));
		assert_true(ntp_peer_has(p, NTP_PEER_XLEAVE));
		assert_true(ntp_raw_find(p->raw, "filtdelay", 9, &item));
		assert_true(ntp_peer_has(p, NTP_PEER_FLAGS));
		assert_int_equal(b->snapshot->peers[0].clock.poll, 3);
		assert_true(b->snapshot->peers[0].clock.has_status);
		bench_good_cycle(b);
	}
	bench_stop(b);
}

/* What is put right when it is read stays as it is when it is carried. */
static void
corrected_values_are_corrected_once(void **state)
{
	struct poller_bench *b = start(NTPSEC, 1, 0);

	(void)state;
	for (int i = 0; i < 2 * POLLER_SLOW_CYCLES; i++) {
		bench_good_cycle(b);
		assert_int_equal(b->snapshot->system->kmaxerr_ns, 3000000000);
		assert_int_equal(b->snapshot->peers[0].bias_ns, 3000000000);
	}
	bench_stop(b);
}

/* Another server under the number of one that went: nothing of the old one stays, and the
 * rest is read with the next cycle. */
static void
other_association_with_the_same_number_is_read_anew(void **state)
{
	struct poller_bench *b = start(NTPD, 2, 0);

	(void)state;
	bench_good_cycle(b);
	bench_good_cycle(b);
	b->d.assocs[1].is_clock = true;
	bench_good_cycle(b);
	assert_false(ntp_peer_has(&b->snapshot->peers[1], NTP_PEER_XLEAVE));
	assert_false(ntp_peer_has(&b->snapshot->peers[1], NTP_PEER_FILTDELAY));
	assert_true(ntp_peer_has(&b->snapshot->peers[1], NTP_PEER_OFFSET));
	bench_good_cycle(b);
	assert_true(ntp_peer_has(&b->snapshot->peers[1], NTP_PEER_XLEAVE));
	assert_true(ntp_peer_has(&b->snapshot->peers[1], NTP_PEER_FILTDELAY));
	bench_stop(b);
}

static bool
lose_kernel(struct fake_daemon *d, const struct m6_packet *request)
{
	(void)d;
	return fake_asks_for(request, "kppsstbexc") && !fake_asks_for(request, "leap");
}

/* A list that was not answered is asked again in the next cycle, not in the next turn. */
static void
group_that_failed_is_asked_again(void **state)
{
	struct poller_bench *b = start(NTPD, 1, 0);

	(void)state;
	b->d.answer = lose_kernel;
	bench_good_cycle(b);
	assert_false(ntp_system_has(b->snapshot->system, NTP_SYS_KPPSSTBEXC));
	assert_true(ntp_system_has(b->snapshot->system, NTP_SYS_LEAP));
	b->d.answer = NULL;
	bench_good_cycle(b);
	assert_true(ntp_system_has(b->snapshot->system, NTP_SYS_KPPSSTBEXC));
	assert_true(ntp_system_has(b->snapshot->system, NTP_SYS_KMAXERR));
	bench_stop(b);
}

static void
mute_association_keeps_no_slow_values(void **state)
{
	struct poller_bench *b = start(NTPD, 2, 0);

	(void)state;
	bench_good_cycle(b);
	b->d.assocs[0].is_mute = true;
	bench_good_cycle(b);
	assert_false(ntp_seen_any(&b->snapshot->peers[0].seen));
	b->d.assocs[0].is_mute = false;
	bench_good_cycle(b);
	assert_true(ntp_peer_has(&b->snapshot->peers[0], NTP_PEER_XLEAVE));
	bench_stop(b);
}

/* The kind is told by the version before anything else is asked. */
static void
names_of_other_daemons_are_not_asked(void **state)
{
	static const struct {
		const char *version, *name;
		bool is_asked;
	} cases[] = {
		{ NTPD, "ss_received_r", false },
		{ NTPD, "rootdispersion", false },
		{ NTPD, "cert", true },
		{ NTPSEC, "ss_received_r", true },
		{ NTPSEC, "cert", false },
		{ NTPSEC, "release", false },
		{ LATER, "release", true },
		{ "ntpd 4.2.0b@1.1396-r", "rootdispersion", true },
		{ "ntpd 4.2.0b@1.1396-r", "rootdisp", false },
		{ "ntpd 4.2.0b@1.1396-r", "ss_received", false },
		{ "who knows", "rootdispersion", true },
		{ "who knows", "release", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct poller_bench *b = start(cases[i].version, 1, 0);
		struct watch w = { .name = cases[i].name, .never = "nothing" };

		watched_cycles(b, &w, 1);
		assert_int_equal(w.n > 0, cases[i].is_asked);
		bench_stop(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    no_cycle_takes_more_than_four_requests_besides_associations),
		cmocka_unit_test(first_cycle_is_bounded),
		cmocka_unit_test(slow_groups_have_one_turn_each),
		cmocka_unit_test(slow_groups_of_associations_are_spread),
		cmocka_unit_test(filters_ride_along_where_they_can_be_trusted),
		cmocka_unit_test(
		    filters_are_asked_alone_where_anything_may_stand_in_them),
		cmocka_unit_test(filters_without_a_turn_do_not_grow_old),
		cmocka_unit_test(values_are_carried_between_turns),
		cmocka_unit_test(corrected_values_are_corrected_once),
		cmocka_unit_test(other_association_with_the_same_number_is_read_anew),
		cmocka_unit_test(group_that_failed_is_asked_again),
		cmocka_unit_test(mute_association_keeps_no_slow_values),
		cmocka_unit_test(names_of_other_daemons_are_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
