/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding out which names a daemon knows. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "client/dialect.h"
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
		rows[i] = (struct ntp_var){ .name = names[i], .group = NTP_GROUP_STATE };
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

/* The budget of requests per cycle rests on these. */
static void
real_tables_fit_one_request_each(void **state)
{
	static const struct ntp_var_table *const tables[] = {
		&ntp_system_vars,
		&ntp_peer_vars,
		&ntp_clock_vars,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++) {
		struct dialect d;
		struct dialect_search s;
		char text[M6_REQUEST_MAX];
		dialect_set set, all = none;
		size_t len;

		dialect_init(&d, tables[i]);
		for (int group = 0; group < NTP_GROUP_COUNT; group++)
			all = ntp_seen_or(all,
			    dialect_group(&d, (enum ntp_var_group)group));
		dialect_search_start(&s, all);
		assert_int_equal(
		    dialect_search_next(&s, &d, text, sizeof(text), &len, &set), 1);
		assert_true(rows_equal(set, all));
	}
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
		cmocka_unit_test(failure_says_nothing_about_names),
		cmocka_unit_test(real_tables_fit_one_request_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
