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

enum { ROWS = 33 };

static struct ntp_var rows[64];
static char names[64][M6_REQUEST_MAX];
static struct ntp_var_table table = { .what = "test", .rows = rows, .n_rows = ROWS };

static void
make_table(size_t n, size_t name_len)
{
	for (size_t i = 0; i < n; i++) {
		memset(names[i], 'x', name_len);
		snprintf(names[i], sizeof(names[i]), "v%02zu", i);
		if (name_len > 3) {
			names[i][3] = 'x';
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
	dialect_set asked, answered = 0;
	unsigned n = 0;
	size_t len;

	dialect_search_start(&s, set);
	while (dialect_search_next(&s, d, text, sizeof(text), &len, &asked) == 1) {
		assert_true(asked != 0 && len > 0 && len <= M6_REQUEST_MAX);
		assert_int_equal(asked & answered, 0);
		assert_true(++n < 500);
		if (asked & truly_unknown) {
			dialect_search_answer(&s, d, DIALECT_REFUSED);
			continue;
		}
		answered |= asked;
		dialect_search_answer(&s, d, DIALECT_ANSWERED);
	}
	*answered_out = answered;
	return n;
}

static dialect_set
all_rows(void)
{
	return table.n_rows == 64 ? ~UINT64_C(0) : NTP_SEEN(table.n_rows) - 1;
}

/* One to five unknown names of 33, wherever they are: exactly they are found, everything
 * else is answered on the way, with at most 2k log2(n) + 1 requests. */
static void
unknown_names_are_found_exactly_and_cheaply(void **state)
{
	uint64_t random = 88172645463325252u;

	(void)state;
	make_table(ROWS, 0);
	for (unsigned k = 0; k <= 5; k++) {
		for (unsigned round = 0; round < 200; round++) {
			struct dialect d;
			dialect_set unknown = 0, answered;

			for (unsigned i = 0; i < k; i++) {
				random =
				    random * 6364136223846793005u + 1442695040888963407u;
				unknown |= NTP_SEEN((random >> 33) % ROWS);
			}
			dialect_init(&d, &table);
			unsigned n = play(&d, all_rows(), unknown, &answered);
			assert_int_equal(d.unknown, unknown);
			assert_int_equal(answered, all_rows() & ~unknown);
			assert_true(n <= 1 + 2 * k * 6);
			assert_true(dialect_is_settled(&d, all_rows()));
		}
	}
}

static void
what_was_learned_is_not_asked_again(void **state)
{
	struct dialect d;
	dialect_set answered;

	(void)state;
	make_table(ROWS, 0);
	dialect_init(&d, &table);
	(void)play(&d, all_rows(), NTP_SEEN(3) | NTP_SEEN(20), &answered);
	assert_int_equal(dialect_wanted(&d, NTP_GROUP_STATE),
	    all_rows() & ~NTP_SEEN(3) & ~NTP_SEEN(20));
	assert_int_equal(
	    play(&d, dialect_wanted(&d, NTP_GROUP_STATE), NTP_SEEN(3), &answered), 1);
	dialect_forget(&d);
	assert_int_equal(dialect_wanted(&d, NTP_GROUP_STATE), all_rows());
	assert_false(dialect_is_settled(&d, all_rows()));
}

static void
daemon_that_knows_nothing_ends_the_search(void **state)
{
	struct dialect d;
	dialect_set answered;

	(void)state;
	make_table(64, 0);
	dialect_init(&d, &table);
	(void)play(&d, all_rows(), all_rows(), &answered);
	assert_int_equal(answered, 0);
	assert_int_equal(d.unknown, all_rows());
	/* And nothing is asked for at all: an empty list would mean "everything". */
	assert_int_equal(play(&d, all_rows(), 0, &answered), 0);
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
	assert_int_equal(play(&d, all_rows(), 0, &answered), (64 + 6) / 7);
	assert_int_equal(answered, all_rows());
	dialect_init(&d, &table);
	(void)play(&d, all_rows(), NTP_SEEN(0) | NTP_SEEN(10) | NTP_SEEN(63), &answered);
	assert_int_equal(d.unknown, NTP_SEEN(0) | NTP_SEEN(10) | NTP_SEEN(63));
	assert_int_equal(answered, all_rows() & ~d.unknown);
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
	make_table(ROWS, 0);
	dialect_init(&d, &table);
	dialect_search_start(&s, all_rows());
	assert_int_equal(dialect_search_next(&s, &d, text, sizeof(text), &len, &set), 1);
	dialect_search_answer(&s, &d, DIALECT_FAILED);
	assert_int_equal(dialect_search_next(&s, &d, text, sizeof(text), &len, &set), 0);
	assert_int_equal(d.known | d.unknown, 0);
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
		dialect_set set, all = 0;
		size_t len;

		dialect_init(&d, tables[i]);
		for (int group = 0; group < NTP_GROUP_COUNT; group++)
			all |= dialect_group(&d, (enum ntp_var_group)group);
		dialect_search_start(&s, all);
		assert_int_equal(
		    dialect_search_next(&s, &d, text, sizeof(text), &len, &set), 1);
		assert_true(set == all);
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
