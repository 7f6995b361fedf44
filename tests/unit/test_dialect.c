/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding out which names a daemon knows. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "client/dialect.h"
#include "client/poller_impl.h"
#include "mode6/packet.h"
#include "model/peer.h"
#include "model/system.h"
#include "support/rows.h"

enum { SOME_ROWS = 33 };

static struct ntp_var rows[NTP_ROWS_MAX];
static char names[NTP_ROWS_MAX][M6_REQUEST_MAX];
static struct ntp_var_table table = { .what = "test", .rows = rows };

static const dialect_set none;

static void
make_table(size_t n, size_t name_len)
{
	for (size_t i = 0; i < n; i++) {
		memset(names[i], 'x', name_len);
		snprintf(names[i], sizeof(names[i]), "v%03zu", i);
		if (name_len > 4) {
			names[i][4] = 'x';
			names[i][name_len] = 0;
		}
		rows[i] = (struct ntp_var){ .name = names[i],
			.name_len = (uint8_t)strlen(names[i]),
			.group = NTP_GROUP_STATE };
	}
	table.n_rows = n;
}

/* Plays the daemon until the search ends; returns the number of lists asked. */
static unsigned
play(struct dialect *d, dialect_set set, dialect_set truly_unknown,
    dialect_set *answered_out)
{
	struct dialect_search s;
	char text[M6_REQUEST_MAX];
	dialect_set asked, answered = none, both;
	unsigned n = 0;
	size_t len;

	dialect_search_start(&s, set);
	while (dialect_search_next(&s, d, text, sizeof(text), &len, &asked) == 1) {
		assert_true(ntp_seen_any(&asked) && len > 0 && len <= M6_REQUEST_MAX);
		both = ntp_seen_and(asked, answered);
		assert_false(ntp_seen_any(&both));
		assert_true(++n < 1000);
		both = ntp_seen_and(asked, truly_unknown);
		if (ntp_seen_any(&both)) {
			dialect_search_answer(&s, d, DIALECT_REFUSED);
			continue;
		}
		answered = ntp_seen_or(answered, asked);
		dialect_search_answer(&s, d, DIALECT_ANSWERED);
	}
	*answered_out = answered;
	return n;
}

static dialect_set
all_rows(void)
{
	dialect_set all = none;

	for (size_t i = 0; i < table.n_rows; i++)
		ntp_seen_add(&all, i);
	return all;
}

static dialect_set
random_rows(uint64_t *random, unsigned n)
{
	dialect_set set = none;

	for (unsigned i = 0; i < n; i++) {
		*random = *random * 6364136223846793005u + 1442695040888963407u;
		ntp_seen_add(&set, (*random >> 33) % table.n_rows);
	}
	return set;
}

/* One to five unknown names, wherever they are: exactly they are found, everything else
 * is answered on the way, with at most 2k log2(n) requests more than the lists take. */
static void
unknown_names_are_found_exactly_and_cheaply(void **state)
{
	static const struct {
		size_t n_rows;
		unsigned n_lists, log2;
	} sizes[] = { { SOME_ROWS, 1, 6 }, { NTP_ROWS_MAX, 3, 8 } };
	uint64_t random = 88172645463325252u;

	(void)state;
	for (unsigned i = 0; i < COUNT(sizes) * 6 * 200; i++) {
		size_t s = i / 1200;
		unsigned k = i / 200 % 6;
		struct dialect d;
		dialect_set unknown, answered;

		make_table(sizes[s].n_rows, 0);
		unknown = random_rows(&random, k);
		dialect_init(&d, &table);
		unsigned n = play(&d, all_rows(), unknown, &answered);
		assert_true(rows_equal(d.unknown, unknown));
		assert_true(rows_equal(answered, ntp_seen_minus(all_rows(), unknown)));
		assert_true(rows_equal(d.known, answered));
		assert_true(n <= sizes[s].n_lists + 2 * k * sizes[s].log2);
		assert_true(dialect_is_settled(&d, all_rows()));
	}
}

static void
what_was_learned_is_not_asked_again(void **state)
{
	struct dialect d;
	dialect_set answered;

	(void)state;
	make_table(SOME_ROWS, 0);
	dialect_init(&d, &table);
	(void)play(&d, all_rows(), ROWS(3, 20), &answered);
	assert_true(rows_equal(dialect_wanted(&d, NTP_GROUP_STATE),
	    ntp_seen_minus(all_rows(), ROWS(3, 20))));
	assert_int_equal(
	    play(&d, dialect_wanted(&d, NTP_GROUP_STATE), ROWS(3), &answered), 1);
	dialect_forget(&d);
	assert_true(rows_equal(dialect_wanted(&d, NTP_GROUP_STATE), all_rows()));
	assert_false(dialect_is_settled(&d, all_rows()));
}

static void
daemon_that_knows_nothing_ends_the_search(void **state)
{
	struct dialect d;
	dialect_set answered;

	(void)state;
	make_table(NTP_ROWS_MAX, 0);
	dialect_init(&d, &table);
	(void)play(&d, all_rows(), all_rows(), &answered);
	assert_false(ntp_seen_any(&answered));
	assert_true(rows_equal(d.unknown, all_rows()));
	/* And nothing is asked for at all: an empty list would mean "everything". */
	assert_int_equal(play(&d, all_rows(), none, &answered), 0);
}

static void
long_tables_take_as_few_lists_as_fit(void **state)
{
	struct dialect d;
	dialect_set answered;

	(void)state;
	make_table(64, 60);
	dialect_init(&d, &table);
	/* Seven names of 60 octets and their commas fit 468 octets. */
	assert_int_equal(play(&d, all_rows(), none, &answered), (64 + 6) / 7);
	assert_true(rows_equal(answered, all_rows()));
	dialect_init(&d, &table);
	(void)play(&d, all_rows(), ROWS(0, 10, 63), &answered);
	assert_true(rows_equal(d.unknown, ROWS(0, 10, 63)));
	assert_true(rows_equal(answered, ntp_seen_minus(all_rows(), d.unknown)));
}

static void
name_too_long_for_any_request_is_an_error(void **state)
{
	struct dialect d;
	struct dialect_search s;
	char text[8];
	dialect_set set;
	size_t len;

	(void)state;
	make_table(2, 20);
	dialect_init(&d, &table);
	dialect_search_start(&s, all_rows());
	assert_int_equal(dialect_search_next(&s, &d, text, sizeof(text), &len, &set),
	    ERR_FULL);
}

/* Of the groups that stand or fall as a whole, the first row is enough. */
static void
groups_that_fail_as_a_whole_cost_one_search(void **state)
{
	struct dialect d;
	dialect_set answered, unknown = none;

	(void)state;
	make_table(NTP_ROWS_MAX, 0);
	for (size_t i = 100; i < 160; i++) {
		rows[i].group = NTP_GROUP_NTS;
		ntp_seen_add(&unknown, i);
	}
	for (size_t i = 160; i < 200; i++)
		rows[i].group = NTP_GROUP_MRU;
	dialect_init(&d, &table);
	assert_in_range(play(&d, all_rows(), unknown, &answered), 1, 30);
	assert_true(rows_equal(d.unknown, unknown));
	assert_true(rows_equal(answered, ntp_seen_minus(all_rows(), unknown)));

	/* But a later one that is unknown says nothing of the others. */
	dialect_init(&d, &table);
	unknown = ROWS(101, 159, 180, 255);
	(void)play(&d, all_rows(), unknown, &answered);
	assert_true(rows_equal(d.unknown, unknown));
	assert_true(rows_equal(answered, ntp_seen_minus(all_rows(), unknown)));
}

/* Any rows unknown, in tables of any groups: what is asked at last, and what is found, is
 * what a daemon knows. */
static void
groups_mixed_at_random_are_found(void **state)
{
	uint64_t random = 5907;

	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		struct dialect d;
		dialect_set unknown, answered, whole = none;

		make_table(120, 0);
		for (size_t i = 0; i < 120; i++)
			rows[i].group = (enum ntp_var_group)(i * NTP_GROUP_COUNT / 120);
		unknown = random_rows(&random, round % 7);
		dialect_init(&d, &table);
		for (size_t i = 0; i < 120; i++) {
			bool is_first = i == 0 || rows[i].group != rows[i - 1].group;

			if (rows[i].group >= NTP_GROUP_WHOLE && is_first &&
			    ntp_seen_has(&unknown, i))
				whole =
				    ntp_seen_or(whole, dialect_group(&d, rows[i].group));
		}
		unknown = ntp_seen_or(unknown, whole);
		(void)play(&d, all_rows(), unknown, &answered);
		assert_true(rows_equal(d.unknown, unknown));
		assert_true(rows_equal(answered, ntp_seen_minus(all_rows(), unknown)));
	}
}

static void
names_of_other_kinds_are_not_asked(void **state)
{
	struct dialect d;

	(void)state;
	make_table(3, 0);
	rows[1].kinds = NTP_KIND_428 | NTP_KIND_426;
	rows[2].kinds = NTP_KIND_SEC;
	dialect_init(&d, &table);
	assert_true(rows_equal(dialect_wanted(&d, NTP_GROUP_STATE), ROWS(0, 1, 2)));
	d.kinds = NTP_KIND_428;
	assert_true(rows_equal(dialect_wanted(&d, NTP_GROUP_STATE), ROWS(0, 1)));
	d.kinds = NTP_KIND_SEC;
	assert_true(rows_equal(dialect_wanted(&d, NTP_GROUP_STATE), ROWS(0, 2)));
	assert_true(dialect_has(&d, 0) && !dialect_has(&d, 1) && dialect_has(&d, 2));
}

static void
failure_says_nothing_about_names(void **state)
{
	struct dialect d;
	struct dialect_search s;
	char text[M6_REQUEST_MAX];
	dialect_set set;
	size_t len;

	(void)state;
	make_table(SOME_ROWS, 0);
	dialect_init(&d, &table);
	dialect_search_start(&s, all_rows());
	assert_int_equal(dialect_search_next(&s, &d, text, sizeof(text), &len, &set), 1);
	dialect_search_answer(&s, &d, DIALECT_FAILED);
	assert_int_equal(dialect_search_next(&s, &d, text, sizeof(text), &len, &set), 0);
	assert_false(ntp_seen_any(&d.known) || ntp_seen_any(&d.unknown));
}

static unsigned
count_lists(const struct ntp_var_table *of, unsigned kinds, uint32_t groups)
{
	struct dialect d;
	dialect_set answered;

	dialect_init(&d, of);
	d.kinds = kinds;
	return play(&d, dialect_select(&d, groups), none, &answered);
}

/* The budget of requests per cycle rests on these: with the list of associations at most
 * four for the system, and one for each association, whosever turn it is. */
static void
lists_of_every_cycle_are_few(void **state)
{
	const unsigned all = POLLER_ALL_GROUPS;

	(void)state;
	for (unsigned kind = 1; kind < NTP_KIND_ANY; kind *= 2) {
		unsigned n_system = 0;

		for (uint64_t cycle = 0; cycle < POLLER_SLOW_CYCLES; cycle++) {
			uint32_t groups = poller_groups_of_system(cycle, all);
			unsigned n = count_lists(&ntp_system_vars, kind, groups);

			assert_in_range(n, 1, 3);
			n_system += n;
			groups = poller_groups_of_peer(cycle, 0, all);
			if (!poller_trusts_filters(kind))
				groups &= ~(UINT32_C(1) << NTP_GROUP_FILTERS);
			assert_int_equal(count_lists(&ntp_peer_vars, kind, groups), 1);
		}
		assert_true(n_system <= 5 * POLLER_SLOW_CYCLES / 2);
		assert_int_equal(count_lists(&ntp_clock_vars, kind, all), 1);
		/* All there is, after a restart. */
		assert_in_range(count_lists(&ntp_system_vars, kind, all), 1, 7);
		assert_in_range(count_lists(&ntp_peer_vars, kind, all), 1, 2);
	}
}

static void
every_group_has_its_turn(void **state)
{
	const uint32_t all = POLLER_ALL_GROUPS;
	uint32_t turns = 0, shifted = 0;

	(void)state;
	for (uint64_t cycle = 0; cycle < POLLER_SLOW_CYCLES; cycle++) {
		turns |= poller_groups_of_system(cycle, all);
		turns |= poller_groups_of_peer(cycle, 7, all);
		shifted |= poller_groups_of_peer(5, (uint16_t)cycle, all);
		/* What was never read, or failed, does not wait for its turn. */
		assert_int_equal(poller_groups_of_system(cycle, 0), all);
		assert_int_equal(poller_groups_of_peer(cycle, 7, 0), all);
	}
	assert_int_equal(turns, all);
	assert_int_equal(shifted & UINT32_C(1) << NTP_GROUP_FILTERS,
	    UINT32_C(1) << NTP_GROUP_FILTERS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_names_are_found_exactly_and_cheaply),
		cmocka_unit_test(what_was_learned_is_not_asked_again),
		cmocka_unit_test(daemon_that_knows_nothing_ends_the_search),
		cmocka_unit_test(long_tables_take_as_few_lists_as_fit),
		cmocka_unit_test(name_too_long_for_any_request_is_an_error),
		cmocka_unit_test(groups_that_fail_as_a_whole_cost_one_search),
		cmocka_unit_test(groups_mixed_at_random_are_found),
		cmocka_unit_test(names_of_other_kinds_are_not_asked),
		cmocka_unit_test(failure_says_nothing_about_names),
		cmocka_unit_test(lists_of_every_cycle_are_few),
		cmocka_unit_test(every_group_has_its_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
