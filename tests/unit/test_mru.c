/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of clients is put together from answers that overlap, and bounded whatever a
 * daemon sends. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "query/mru.h"

static const struct mru_filter everything = { .mincount = 0 };

static struct mru *
start(const struct mru_filter *filter, bool is_ntpsec, uint32_t limit_max)
{
	struct mru *m = mru_new(filter, is_ntpsec, limit_max);

	assert_non_null(m);
	assert_true(mru_needs_nonce(m, 0));
	assert_int_equal(mru_take_nonce(m, "nonce=00000064000000000a\r\n", 26, 0), 0);
	assert_false(mru_needs_nonce(m, 0));
	return m;
}

static int
take(struct mru *m, const char *text)
{
	return mru_take(m, text, strlen(text), 0);
}

static const char *
request(struct mru *m)
{
	static char text[M6_REQUEST_MAX + 1];

	text[mru_request(m, text)] = '\0';
	return text;
}

static void
an_answer_becomes_entries(void **state)
{
	struct mru *m = start(&everything, false, MRU_LIMIT_MAX);
	const struct mru_entry *e;

	(void)state;
	assert_int_equal(
	    take(m,
		"nonce=0000006500000000ff, rs.0=0x3d0, last.0=0x00000050.80000000, "
		"ct.0=5, addr.0=192.0.2.1:123,\r\nmv.0=35, first.0=0x00000010.80000000, "
		"Xy^.0=77, addr.1=[2001:db8::1]:4567, sc.1=12.345, dr.1=9, "
		"last.1=0x00000060.00000000, mv.1=27, ct.1=1, "
		"first.1=0x00000060.00000000, "
		"`[K.1=18446744073709502085, now=0x00000066.00000000, "
		"last.newest=0x00000060.00000000\r\n"),
	    MRU_COMPLETE);
	assert_int_equal(mru_count(m), 2);
	e = mru_at(m, 0);
	assert_int_equal(e->has, 63);
	assert_int_equal(e->addr.port, 123);
	assert_int_equal(e->count, 5);
	assert_int_equal(e->mode_version, 35);
	assert_int_equal(e->restrictions, 0x3d0);
	assert_int_equal(e->last.seconds, 0x50);
	e = mru_at(m, 1);
	assert_int_equal(e->has, 255 - MRU_HAS_RESTRICTIONS);
	assert_int_equal(e->addr.family, ADDR_IPV6);
	assert_int_equal(e->score_milli, 12345);
	assert_int_equal(e->drop, 9);
	assert_int_equal(mru_now(m).seconds, 0x66);
	mru_free(m);
}

/* The next request names what came last, as it came, and carries the newest nonce. */
static void
requests_go_on_where_the_answer_ended(void **state)
{
	struct mru_filter filter = { .mincount = 3,
		.resall = 0x40,
		.resany = 0x800,
		.maxlstint_s = 60,
		.minlstint_s = 5 };
	struct mru *m;

	(void)state;
	assert_int_equal(addr_parse("192.0.2.9", 9, &filter.laddr), 0);
	m = start(&filter, false, MRU_LIMIT_MAX);
	assert_string_equal(request(m),
	    "nonce=00000064000000000a, limit=32, mincount=3, resall=0x40, resany=0x800, "
	    "maxlstint=60, laddr=192.0.2.9");
	assert_int_equal(
	    take(m,
		"nonce=00000065bb, addr.0=192.0.2.1:123, last.0=0x00000050.80000000, "
		"addr.1=[fe80::1%eth9]:5, last.1=0x0000005A.00000000\r\n"),
	    0);
	assert_string_equal(request(m),
	    "nonce=00000065bb, limit=64, mincount=3, resall=0x40, resany=0x800, "
	    "maxlstint=60, laddr=192.0.2.9, addr.0=[fe80::1%eth9]:5, "
	    "last.0=0x0000005A.00000000, addr.1=192.0.2.1:123, "
	    "last.1=0x00000050.80000000");
	mru_free(m);
	m = start(&filter, true, 4);
	assert_non_null(strstr(request(m), ", limit=4, "));
	assert_non_null(strstr(request(m), ", minlstint=5, "));
	mru_free(m);
}

/* An entry that came again counts once, the later one; its port is no part of it. */
static void
moved_entries_count_once(void **state)
{
	struct mru *m = start(&everything, false, MRU_LIMIT_MAX);

	(void)state;
	assert_int_equal(take(m,
			     "addr.0=192.0.2.1:123, last.0=0x00000050.00000000, ct.0=1, "
			     "addr.1=192.0.2.2:123, last.1=0x00000051.00000000, ct.1=1"),
	    0);
	assert_int_equal(take(m,
			     "addr.0=192.0.2.1:999, last.0=0x00000059.00000000, ct.0=2, "
			     "addr.1=192.0.2.2:123, last.1=0x00000041.00000000, ct.1=9, "
			     "now=0x00000060.00000000"),
	    MRU_COMPLETE);
	assert_int_equal(mru_count(m), 2);
	assert_int_equal(mru_at(m, 0)->count, 2);
	assert_int_equal(mru_at(m, 0)->addr.port, 999);
	assert_int_equal(mru_at(m, 1)->count, 1);
	mru_free(m);
}

static int
take_numbers(struct mru *m, unsigned from, unsigned n)
{
	char text[32768];
	size_t used = 0;

	for (unsigned i = 0; i < n; i++)
		used += text_format(text + used, sizeof(text) - used,
		    "%saddr.%u=10.%u.%u.%u:123, last.%u=0x%08x.00000000",
		    i > 0 ? ", " : "", i, (from + i) >> 16 & 0xff, (from + i) >> 8 & 0xff,
		    (from + i) & 0xff, i, 1000 + from + i);
	return mru_take(m, text, used, 0);
}

static void
when_entries_moved_it_goes_back_then_begins_anew(void **state)
{
	struct mru *m = start(&everything, false, MRU_LIMIT_MAX);
	unsigned n = 0;

	(void)state;
	assert_int_equal(take_numbers(m, 0, 100), 0);
	assert_non_null(strstr(request(m), "addr.0=10.0.0.99:123"));
	assert_int_equal(mru_moved(m), 0);
	assert_null(strstr(request(m), "=10.0.0.99:123"));
	assert_non_null(strstr(request(m), "addr.0=10.0.0."));
	while (strstr(request(m), "addr.0=")) {
		assert_true(++n < MRU_KEPT_MAX);
		assert_int_equal(mru_moved(m), 0);
	}
	/* With an answer it goes on from its end again. */
	assert_int_equal(take_numbers(m, 0, 100), 0);
	assert_non_null(strstr(request(m), "addr.0=10.0.0.99:123"));
	assert_int_equal(mru_count(m), 100);
	mru_free(m);
}

static void
it_does_not_begin_anew_for_ever(void **state)
{
	struct mru *m = start(&everything, false, MRU_LIMIT_MAX);
	int n = 0;

	(void)state;
	while (mru_moved(m) == 0) {
		request(m);
		assert_true(++n <= MRU_RESTARTS_MAX);
	}
	assert_int_equal(n, MRU_RESTARTS_MAX);
	mru_free(m);
}

static void
losses_make_requests_smaller(void **state)
{
	struct mru *m = start(&everything, false, MRU_LIMIT_MAX);
	int n = 0;

	(void)state;
	assert_int_equal(take_numbers(m, 0, 10), 0);
	assert_int_equal(take_numbers(m, 10, 10), 0);
	assert_non_null(strstr(request(m), ", limit=128, "));
	assert_int_equal(mru_lost(m), 0);
	assert_true(mru_needs_nonce(m, 0));
	assert_non_null(strstr(request(m), ", limit=32, "));
	for (n = 1; mru_lost(m) == 0; n++)
		assert_true(n <= MRU_LOSSES_MAX);
	assert_int_equal(n, MRU_LOSSES_MAX);
	assert_non_null(strstr(request(m), ", limit=2, "));
	/* An answer ends the row of losses. */
	assert_int_equal(take_numbers(m, 20, 2), 0);
	assert_int_equal(mru_lost(m), 0);
	mru_free(m);
}

static void
a_nonce_is_not_used_when_old(void **state)
{
	struct mru *m = start(&everything, false, MRU_LIMIT_MAX);

	(void)state;
	assert_false(mru_needs_nonce(m, MRU_NONCE_AGE_MAX_NS - 1));
	assert_true(mru_needs_nonce(m, MRU_NONCE_AGE_MAX_NS));
	assert_int_equal(mru_take(m, "nonce=12", 8, 5 * NS_PER_S), 0);
	assert_false(mru_needs_nonce(m, MRU_NONCE_AGE_MAX_NS));
	assert_int_equal(mru_take_nonce(m, "nonce=xyz", 9, 0), ERR_PROTOCOL);
	assert_int_equal(mru_take_nonce(m, "nonce=", 6, 0), ERR_PROTOCOL);
	assert_int_equal(mru_take_nonce(m, "", 0, 0), ERR_PROTOCOL);
	mru_free(m);
}

/* Numbers out of range, tags that are missing, twice or unknown, values that are none. */
static void
hostile_answers_leave_nothing(void **state)
{
	static const char *const texts[] = {
		"",
		",,,",
		"addr.256=192.0.2.1:1, last.256=0x00000001.00000000",
		"addr.4294967295=192.0.2.1:1, last.4294967295=0x00000001.00000000",
		"addr.99999999999=192.0.2.1:1, last.99999999999=0x00000001.00000000",
		"addr.-1=192.0.2.1:1, last.-1=0x00000001.00000000",
		"addr.=192.0.2.1:1, last.=0x00000001.00000000",
		"addr.0=192.0.2.1:1",
		"last.0=0x00000001.00000000, ct.0=5",
		"addr.0=, last.0=0x00000001.00000000",
		"addr.0, last.0=0x00000001.00000000",
		"addr.0=192.0.2.1, last.0=0x00000001.00000000",
		"addr.0=192.0.2.1:99999, last.0=0x00000001.00000000",
		"addr.0=192.0.2.1:1, last.0=1",
		"addr.0=x\x1b[2J:1, last.0=0x00000001.00000000",
		"addr.0=192.0.2.1:1, last.1=0x00000001.00000000",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct mru *m = start(&everything, false, MRU_LIMIT_MAX);

		assert_int_equal(take(m, texts[i]), 0);
		assert_int_equal(mru_count(m), 0);
		assert_null(strstr(request(m), "addr."));
		mru_free(m);
	}
}

static void
of_an_item_twice_the_first_counts_and_bad_ones_are_absent(void **state)
{
	struct mru *m = start(&everything, true, MRU_LIMIT_MAX);

	(void)state;
	assert_int_equal(
	    take(m,
		"addr.0=192.0.2.1:1, addr.0=192.0.2.2:1, last.0=0x00000001.00000000, "
		"ct.0=18446744073709551615, mv.0=0x10000, rs.0=many, sc.0=1e99, "
		"dr.0=-1, first.0=never"),
	    0);
	assert_int_equal(mru_count(m), 1);
	assert_int_equal(mru_at(m, 0)->addr.bytes[3], 1);
	assert_int_equal(mru_at(m, 0)->has, MRU_HAS_ADDR | MRU_HAS_LAST);
	mru_free(m);
}

static void
a_daemon_that_gets_no_further_is_left(void **state)
{
	static const char *const same[] = { "",
		"addr.0=192.0.2.1:1, last.0=0x00000001.00000000" };

	(void)state;
	for (size_t i = 0; i < COUNT(same); i++) {
		struct mru *m = start(&everything, false, MRU_LIMIT_MAX);
		int n = 0;

		while (take(m, same[i]) == 0)
			assert_true(++n <= MRU_STALLS_MAX + 1);
		mru_free(m);
	}
}

static void
the_list_is_bounded(void **state)
{
	struct mru *m = start(&everything, false, MRU_LIMIT_MAX);
	unsigned n = 0;
	int err = 0;

	(void)state;
	for (; err == 0 && n < 2 * MRU_ENTRIES_MAX; n += 250)
		err = take_numbers(m, n, 250);
	assert_int_equal(err, ERR_TOOBIG);
	assert_int_equal(mru_count(m), MRU_ENTRIES_MAX);
	mru_free(m);
	/* As are answers that always say something new of the same client. */
	m = start(&everything, false, MRU_LIMIT_MAX);
	for (n = 0, err = 0; err == 0 && n < 2 * MRU_ANSWERS_MAX; n++) {
		char text[80];

		text_format(text, sizeof(text),
		    "addr.0=192.0.2.1:1, last.0=0x%08x.00000000", n);
		err = take(m, text);
	}
	assert_int_equal(err, ERR_PROTOCOL);
	assert_int_equal(mru_count(m), 1);
	mru_free(m);
}

/* --- rows --------------------------------------------------------------------------- */

static struct mru *
five(void)
{
	struct mru *m = start(&everything, true, MRU_LIMIT_MAX);

	assert_int_equal(
	    take(m,
		"addr.0=192.0.2.3:1, last.0=0x00000050.00000000, "
		"first.0=0x00000040.00000000, "
		"ct.0=9, rs.0=0x40, sc.0=5.000, dr.0=0, "
		"addr.1=[2001:db8::1]:1, last.1=0x00000052.00000000, "
		"first.1=0x00000042.00000000, ct.1=2, rs.1=0x840, sc.1=1.000, dr.1=7, "
		"addr.2=192.0.2.1:1, last.2=0x00000054.00000000, "
		"first.2=0x00000054.00000000, "
		"ct.2=1, rs.2=0x0, sc.2=0.050, dr.2=1, "
		"addr.3=192.0.2.2:1, last.3=0x00000058.00000000, ct.3=4, "
		"addr.4=10.0.0.1:1, last.4=0xfffffff0.00000000, "
		"first.4=0xffffff00.00000000, "
		"ct.4=30, rs.4=0x800, sc.4=2.000, dr.4=3, now=0x00000060.00000000"),
	    MRU_COMPLETE);
	return m;
}

/* The last octet of each, in order. */
static const char *
octets(const struct mru_row *rows, size_t n)
{
	static char text[64];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const struct addr *a = &rows[i].entry->addr;

		used += text_format(text + used, sizeof(text) - used, "%s%u.%u",
		    i > 0 ? " " : "", a->bytes[0], a->bytes[3]);
	}
	return text;
}

static void
rows_are_sorted(void **state)
{
	static const struct {
		enum mru_order order;
		bool is_reversed;
		const char *expected;
	} cases[] = {
		{ MRU_BY_LSTINT, false, "192.2 192.1 32.184 192.3 10.1" },
		{ MRU_BY_LSTINT, true, "10.1 192.3 32.184 192.1 192.2" },
		{ MRU_BY_ADDR, false, "10.1 192.1 192.2 192.3 32.184" },
		{ MRU_BY_ADDR, true, "32.184 192.3 192.2 192.1 10.1" },
		{ MRU_BY_COUNT, false, "192.1 32.184 192.2 192.3 10.1" },
		{ MRU_BY_COUNT, true, "10.1 192.3 192.2 32.184 192.1" },
		{ MRU_BY_AVGINT, false, "192.1 192.2 192.3 10.1 32.184" },
		{ MRU_BY_SCORE, true, "192.3 10.1 32.184 192.1 192.2" },
		{ MRU_BY_DROP, false, "192.2 192.3 192.1 10.1 32.184" },
	};
	struct mru *m = five();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mru_row *rows;
		size_t n;

		assert_int_equal(mru_rows(m, &everything, cases[i].order,
				     cases[i].is_reversed, &rows, &n),
		    0);
		assert_string_equal(octets(rows, n), cases[i].expected);
		mem_free(rows);
	}
	mru_free(m);
}

/* Not every daemon knows each filter. */
static void
rows_are_filtered_here_too(void **state)
{
	static const struct {
		struct mru_filter filter;
		const char *expected;
	} cases[] = {
		{ { .mincount = 4 }, "10.1 192.2 192.3" },
		{ { .resall = 0x840 }, "32.184" },
		{ { .resany = 0x840 }, "10.1 192.3 32.184" },
		{ { .maxlstint_s = 12 }, "192.1 192.2" },
		{ { .minlstint_s = 14 }, "10.1 192.3 32.184" },
		{ { .minlstint_s = 12, .maxlstint_s = 14 }, "192.1 32.184" },
	};
	struct mru *m = five();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mru_row *rows;
		size_t n;

		assert_int_equal(
		    mru_rows(m, &cases[i].filter, MRU_BY_ADDR, false, &rows, &n), 0);
		assert_string_equal(octets(rows, n), cases[i].expected);
		mem_free(rows);
	}
	mru_free(m);
}

/* Across the end of an era; never negative when the clock was stepped back. */
static void
intervals_are_those_of_the_daemon(void **state)
{
	struct mru *m = five();
	struct mru_row *rows;
	size_t n;

	(void)state;
	assert_int_equal(mru_rows(m, &everything, MRU_BY_ADDR, false, &rows, &n), 0);
	assert_int_equal(rows[0].lstint_ns, 0x70 * NS_PER_S);
	assert_int_equal(rows[3].lstint_ns, 16 * NS_PER_S);
	assert_int_equal(rows[3].avgint_ns, 2 * NS_PER_S);
	assert_int_equal(rows[1].avgint_ns, 0);
	mem_free(rows);
	mru_free(m);
	m = start(&everything, false, MRU_LIMIT_MAX);
	assert_int_equal(
	    take(m,
		"addr.0=192.0.2.3:1, last.0=0x00000050.80000000, "
		"first.0=0x00000060.00000000, ct.0=2, now=0x00000040.00000000"),
	    MRU_COMPLETE);
	assert_int_equal(mru_rows(m, &everything, MRU_BY_ADDR, false, &rows, &n), 0);
	assert_int_equal(rows[0].lstint_ns, 0);
	assert_int_equal(rows[0].avgint_ns, 0);
	mem_free(rows);
	mru_free(m);
}

/* Without an end the time of the last answer, which is in its nonce. */
static void
an_unfinished_list_has_a_time_too(void **state)
{
	struct mru *m = start(&everything, false, MRU_LIMIT_MAX);

	(void)state;
	assert_int_equal(mru_now(m).seconds, 0x64);
	assert_int_equal(take(m, "nonce=00000070800000000a"), 0);
	assert_int_equal(mru_now(m).seconds, 0x70);
	assert_int_equal(mru_now(m).fraction, 0x80000000);
	mru_free(m);
	mru_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_becomes_entries),
		cmocka_unit_test(requests_go_on_where_the_answer_ended),
		cmocka_unit_test(moved_entries_count_once),
		cmocka_unit_test(when_entries_moved_it_goes_back_then_begins_anew),
		cmocka_unit_test(it_does_not_begin_anew_for_ever),
		cmocka_unit_test(losses_make_requests_smaller),
		cmocka_unit_test(a_nonce_is_not_used_when_old),
		cmocka_unit_test(hostile_answers_leave_nothing),
		cmocka_unit_test(
		    of_an_item_twice_the_first_counts_and_bad_ones_are_absent),
		cmocka_unit_test(a_daemon_that_gets_no_further_is_left),
		cmocka_unit_test(the_list_is_bounded),
		cmocka_unit_test(rows_are_sorted),
		cmocka_unit_test(rows_are_filtered_here_too),
		cmocka_unit_test(intervals_are_those_of_the_daemon),
		cmocka_unit_test(an_unfinished_list_has_a_time_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
