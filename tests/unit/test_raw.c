/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables as text: their order, what is left out, and who frees them. */
#include "support/check.h"

#include "model/raw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The program's allocator: fails from the n-th call on, and counts. */
static long until_failure = -1;
static long outstanding;

static bool
may_allocate(void)
{
	if (until_failure == 0)
		return false;
	if (until_failure > 0)
		until_failure--;
	return true;
}

void *
mem_calloc(size_t count, size_t size)
{
	if (!may_allocate())
		return NULL;
	outstanding++;
	return calloc(count ? count : 1, size ? size : 1);
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	if (!may_allocate())
		return NULL;
	if (!old)
		outstanding++;
	return realloc(old, count * size);
}

void
mem_free(void *ptr)
{
	if (ptr)
		outstanding--;
	free(ptr);
}

static void
add_octets(struct ntp_raw_maker *m, const char *prefix, const char *name, size_t name_len,
    const char *value, size_t value_len)
{
	const struct ntp_raw_item item = { name, value, name_len, value_len, -1 };

	ntp_raw_add(m, prefix, &item);
}

static void
add(struct ntp_raw_maker *m, const char *prefix, const char *name, const char *value)
{
	add_octets(m, prefix, name, strlen(name), value, strlen(value));
}

static void
assert_item(const struct ntp_raw *raw, size_t i, const char *name, const char *value)
{
	struct ntp_raw_item item = ntp_raw_at(raw, i);

	assert_int_equal(item.name_len, strlen(name));
	assert_memory_equal(item.name, name, item.name_len);
	assert_int_equal(item.value_len, strlen(value));
	assert_memory_equal(item.value, value, item.value_len);
}

static void
items_stand_in_the_order_of_snmp(void **state)
{
	static const char *const names[] = { "offset", "tc", "leap", "peer", "clock",
		"zz", "a", "rootdelay", "jitter" };
	static const char *const sorted[] = { "a", "tc", "zz", "leap", "peer", "clock",
		"jitter", "offset", "rootdelay" };
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		add(&m, "", names[i], names[COUNT(names) - 1 - i]);
	raw = ntp_raw_make(&m);
	assert_int_equal(ntp_raw_count(raw), COUNT(sorted));
	for (size_t i = 0; i < COUNT(sorted); i++) {
		struct ntp_raw_item item;

		assert_int_equal(ntp_raw_from(raw, sorted[i], strlen(sorted[i])), i);
		assert_true(ntp_raw_find(raw, sorted[i], strlen(sorted[i]), &item));
		assert_memory_equal(item.name, sorted[i], item.name_len);
	}
	assert_item(raw, 0, "a", "leap");
	assert_item(raw, 8, "rootdelay", "tc");
	assert_null(ntp_raw_unref(raw));
}

/* Names that have as many octets in common as the maker compares at once, or one more, or
 * one less; the first value of each is kept. */
static void
long_beginnings_in_common_do_not_confuse(void **state)
{
	enum { ENDS = 7, N = 5 * ENDS };
	static const char ends[ENDS + 1] = "bca\xff_z0";
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw;

	(void)state;
	for (size_t i = 0; i < 2 * N; i++) {
		/* 12 and 35 have no common divisor: each one comes, and then again. */
		size_t k = i * 12 % N;
		char name[] = "abcdefghi";
		size_t len = 5 + k % 5;

		name[len - 1] = ends[k / 5];
		add_octets(&m, "", name, len, i < N ? "1" : "2", 1);
	}
	raw = ntp_raw_make(&m);
	assert_int_equal(ntp_raw_count(raw), N);
	for (size_t i = 0; i < N; i++) {
		struct ntp_raw_item item = ntp_raw_at(raw, i), next;

		assert_memory_equal(item.value, "1", 1);
		assert_int_equal(ntp_raw_from(raw, item.name, item.name_len), i);
		if (i + 1 == N)
			break;
		next = ntp_raw_at(raw, i + 1);
		assert_true(ntp_raw_compare(item.name, item.name_len, next.name,
				next.name_len) < 0);
	}
	assert_null(ntp_raw_unref(raw));
}

static void
names_compare_by_length_then_octets(void **state)
{
	static const struct {
		const char *a, *b;
		int sign;
	} cases[] = {
		{ "", "", 0 },
		{ "", "a", -1 },
		{ "b", "aa", -1 },
		{ "ab", "aa", 1 },
		{ "aa", "aa", 0 },
		{ "a\xff", "az", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t a = strlen(cases[i].a), b = strlen(cases[i].b);
		int there = ntp_raw_compare(cases[i].a, a, cases[i].b, b);
		int back = ntp_raw_compare(cases[i].b, b, cases[i].a, a);

		assert_int_equal((there > 0) - (there < 0), cases[i].sign);
		assert_int_equal((back > 0) - (back < 0), -cases[i].sign);
	}
}

static void
search_starts_between_names_too(void **state)
{
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw;
	struct ntp_raw_item item;

	(void)state;
	add(&m, "", "bb", "1");
	add(&m, "", "dd", "2");
	add(&m, "", "aaa", "3");
	raw = ntp_raw_make(&m);
	assert_int_equal(ntp_raw_from(raw, "", 0), 0);
	assert_int_equal(ntp_raw_from(raw, "z", 1), 0);
	assert_int_equal(ntp_raw_from(raw, "bc", 2), 1);
	assert_int_equal(ntp_raw_from(raw, "zz", 2), 2);
	assert_int_equal(ntp_raw_from(raw, "aab", 3), 3);
	assert_false(ntp_raw_find(raw, "bc", 2, &item));
	assert_false(ntp_raw_find(raw, "b", 1, &item));
	assert_false(ntp_raw_find(raw, "aaaa", 4, &item));
	ntp_raw_unref(raw);
}

static void
first_of_two_values_stays(void **state)
{
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw;

	(void)state;
	add(&m, "", "leap", "0");
	add(&m, "", "leap", "3");
	add(&m, NTP_RAW_CLOCK_PREFIX, "leap", "clock's");
	add(&m, "", "clock.leap", "again");
	raw = ntp_raw_make(&m);
	assert_int_equal(ntp_raw_count(raw), 2);
	assert_item(raw, 0, "leap", "0");
	assert_item(raw, 1, "clock.leap", "clock's");
	ntp_raw_unref(raw);
}

/* Values are octets: nothing in them ends them. */
static void
any_octets_are_kept_and_empty_values_too(void **state)
{
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw;
	struct ntp_raw_item item;

	(void)state;
	add_octets(&m, "", "v", 1, "a\0\xff\r\n", 5);
	add_octets(&m, "", "w", 1, "", 0);
	add_octets(&m, "", "x", 1, NULL, 0);
	raw = ntp_raw_make(&m);
	assert_true(ntp_raw_find(raw, "v", 1, &item));
	assert_int_equal(item.value_len, 5);
	assert_memory_equal(item.value, "a\0\xff\r\n", 5);
	assert_true(ntp_raw_find(raw, "w", 1, &item));
	assert_int_equal(item.value_len, 0);
	assert_true(ntp_raw_find(raw, "x", 1, &item));
	assert_int_equal(item.value_len, 0);
	ntp_raw_unref(raw);
}

static void
what_is_empty_or_too_long_is_left_out(void **state)
{
	static char name[NTP_RAW_NAME_MAX + 2], value[NTP_RAW_VALUE_MAX + 1];
	const size_t prefix_len = strlen(NTP_RAW_CLOCK_PREFIX);
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	memset(value, 'v', sizeof(value));
	add_octets(&m, "", "", 0, "1", 1);
	add_octets(&m, NTP_RAW_CLOCK_PREFIX, "", 0, "1", 1);
	add_octets(&m, "", name, NTP_RAW_NAME_MAX + 1, "1", 1);
	add_octets(&m, NTP_RAW_CLOCK_PREFIX, name, NTP_RAW_NAME_MAX - prefix_len + 1, "1",
	    1);
	add_octets(&m, name, "n", 1, "1", 1);
	add_octets(&m, "", "long", 4, value, sizeof(value));
	add_octets(&m, "", name, NTP_RAW_NAME_MAX, value, NTP_RAW_VALUE_MAX);
	add_octets(&m, NTP_RAW_CLOCK_PREFIX, name, NTP_RAW_NAME_MAX - prefix_len, "1", 1);
	raw = ntp_raw_make(&m);
	assert_int_equal(ntp_raw_count(raw), 2);
	assert_int_equal(ntp_raw_at(raw, 1).name_len, NTP_RAW_NAME_MAX);
	assert_int_equal(ntp_raw_at(raw, 1).value_len, NTP_RAW_VALUE_MAX);
	ntp_raw_unref(raw);
}

static void
more_than_the_most_items_are_left_out(void **state)
{
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw;
	char name[16];

	(void)state;
	for (int i = 2 * NTP_RAW_ITEMS_MAX; i > 0; i--) {
		snprintf(name, sizeof(name), "v%d", i);
		add(&m, "", name, name);
	}
	raw = ntp_raw_make(&m);
	assert_int_equal(ntp_raw_count(raw), NTP_RAW_ITEMS_MAX);
	for (size_t i = 0; i < NTP_RAW_ITEMS_MAX; i++) {
		struct ntp_raw_item item = ntp_raw_at(raw, i);

		assert_int_equal(item.name_len, item.value_len);
		assert_memory_equal(item.name, item.value, item.name_len);
	}
	ntp_raw_unref(raw);
}

static void
nothing_is_an_empty_one(void **state)
{
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw = ntp_raw_make(&m);
	struct ntp_raw_item item;

	(void)state;
	assert_non_null(raw);
	assert_int_equal(ntp_raw_count(raw), 0);
	assert_int_equal(ntp_raw_from(raw, "a", 1), 0);
	assert_false(ntp_raw_find(raw, "a", 1, &item));
	ntp_raw_unref(raw);

	assert_int_equal(ntp_raw_count(NULL), 0);
	assert_int_equal(ntp_raw_from(NULL, "a", 1), 0);
	assert_false(ntp_raw_find(NULL, "a", 1, &item));
	assert_null(ntp_raw_ref(NULL));
	assert_null(ntp_raw_unref(NULL));
}

static void
last_reference_frees(void **state)
{
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw;

	(void)state;
	outstanding = 0;
	add(&m, "", "leap", "0");
	raw = ntp_raw_make(&m);
	assert_int_equal(outstanding, 1);
	assert_ptr_equal(ntp_raw_ref(raw), raw);
	assert_null(ntp_raw_unref(raw));
	assert_int_equal(outstanding, 1);
	assert_item(raw, 0, "leap", "0");
	assert_null(ntp_raw_unref(raw));
	assert_int_equal(outstanding, 0);
}

static void
maker_is_empty_again_after_either_end(void **state)
{
	struct ntp_raw_maker m = { 0 };
	struct ntp_raw *raw;

	(void)state;
	outstanding = 0;
	add(&m, "", "leap", "0");
	ntp_raw_maker_clear(&m);
	assert_int_equal(outstanding, 0);
	raw = ntp_raw_make(&m);
	assert_int_equal(ntp_raw_count(raw), 0);
	ntp_raw_unref(raw);
	add(&m, "", "tc", "6");
	raw = ntp_raw_make(&m);
	assert_int_equal(ntp_raw_count(raw), 1);
	ntp_raw_unref(raw);
	assert_int_equal(outstanding, 0);
}

/* Whichever allocation fails: all items or none, and nothing leaks. */
static void
lack_of_memory_gives_nothing(void **state)
{
	unsigned n_failed = 0;

	(void)state;
	for (long n = 0; n < 12; n++) {
		struct ntp_raw_maker m = { 0 };
		struct ntp_raw *raw;
		char name[16];

		outstanding = 0;
		until_failure = n;
		for (int i = 0; i < 200; i++) {
			snprintf(name, sizeof(name), "v%d", i);
			add(&m, "", name, "some value");
		}
		raw = ntp_raw_make(&m);
		until_failure = -1;
		n_failed += raw == NULL;
		if (raw)
			assert_int_equal(ntp_raw_count(raw), 200);
		ntp_raw_unref(raw);
		assert_int_equal(outstanding, 0);
	}
	assert_in_range(n_failed, 5, 11);
}

/* What was noted once need not be looked up again, also in a copy of the item. */
static void
the_row_of_an_item_is_kept(void **state)
{
	static const int rows[] = { -1, 0, 7, UINT8_MAX - 1, UINT8_MAX, UINT8_MAX + 1 };
	struct ntp_raw_maker m = { 0 }, copies = { 0 };
	struct ntp_raw *raw, *copied;
	char name[] = "a";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++, name[0]++) {
		struct ntp_raw_item item = { name, "1", 1, 1, rows[i] };

		ntp_raw_add(&m, "", &item);
	}
	raw = ntp_raw_make(&m);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ntp_raw_item item = ntp_raw_at(raw, i);

		assert_int_equal(item.row, rows[i] < UINT8_MAX ? rows[i] : -1);
		ntp_raw_add(&copies, NTP_RAW_CLOCK_PREFIX, &item);
	}
	copied = ntp_raw_make(&copies);
	for (size_t i = 0; i < ntp_raw_count(raw); i++)
		assert_int_equal(ntp_raw_at(copied, i).row, ntp_raw_at(raw, i).row);
	ntp_raw_unref(raw);
	ntp_raw_unref(copied);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_stand_in_the_order_of_snmp),
		cmocka_unit_test(long_beginnings_in_common_do_not_confuse),
		cmocka_unit_test(names_compare_by_length_then_octets),
		cmocka_unit_test(search_starts_between_names_too),
		cmocka_unit_test(first_of_two_values_stays),
		cmocka_unit_test(any_octets_are_kept_and_empty_values_too),
		cmocka_unit_test(what_is_empty_or_too_long_is_left_out),
		cmocka_unit_test(more_than_the_most_items_are_left_out),
		cmocka_unit_test(nothing_is_an_empty_one),
		cmocka_unit_test(last_reference_frees),
		cmocka_unit_test(maker_is_empty_again_after_either_end),
		cmocka_unit_test(lack_of_memory_gives_nothing),
		cmocka_unit_test(the_row_of_an_item_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
