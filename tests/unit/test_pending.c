/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of requests keep their order and lose nothing. */
#include "support/check.h"

#include "client/pending.h"

static struct m6_pending *
make(uint64_t id)
{
	static char data[4] = "leap";
	struct m6_request request = { .op = 2, .assoc = 9, .data = data, .len = 4 };
	struct m6_pending *r = m6_pending_new(id, &request, NULL, NULL);

	assert_non_null(r);
	return r;
}

/* Empties the list and compares the ids with expected[0..n). */
static void
expect(struct m6_pending_list *list, const uint64_t *expected, size_t n)
{
	struct m6_pending *r;

	assert_int_equal(list->n, n);
	for (size_t i = 0; i < n; i++) {
		r = m6_pending_list_pop(list);
		assert_non_null(r);
		assert_true(r->id == expected[i]);
		m6_pending_free(r);
	}
	assert_null(m6_pending_list_pop(list));
	assert_null(list->head);
	assert_null(list->tail);
	assert_int_equal(list->n, 0);
}

static void
request_is_copied(void **state)
{
	struct m6_pending *r = make(5);

	(void)state;
	assert_int_equal(r->op, 2);
	assert_int_equal(r->assoc, 9);
	assert_int_equal(r->len, 4);
	assert_memory_equal(r->data, "leap", 4);
	m6_pending_free(r);
	m6_pending_free(NULL);
}

static void
appended_leave_in_their_order(void **state)
{
	struct m6_pending_list list = { 0 };

	(void)state;
	for (uint64_t id = 1; id <= 3; id++)
		m6_pending_list_append(&list, make(id));
	expect(&list, (const uint64_t[]){ 1, 2, 3 }, 3);
	m6_pending_list_append(&list, make(4));
	expect(&list, (const uint64_t[]){ 4 }, 1);
}

static void
inserted_leave_in_the_order_of_ids(void **state)
{
	static const uint64_t ids[] = { 5, 2, 9, 1, 7, 8 };
	struct m6_pending_list list = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++)
		m6_pending_list_insert(&list, make(ids[i]));
	assert_true(list.tail->id == 9);
	expect(&list, (const uint64_t[]){ 1, 2, 5, 7, 8, 9 }, COUNT(ids));
}

static void
removal_works_at_every_place(void **state)
{
	static const struct {
		uint64_t id, left[2];
	} rows[] = { { 1, { 2, 3 } }, { 2, { 1, 3 } }, { 3, { 1, 2 } } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct m6_pending_list list = { 0 };

		for (uint64_t id = 1; id <= 3; id++)
			m6_pending_list_append(&list, make(id));
		assert_null(m6_pending_list_remove(&list, 77));
		struct m6_pending *r = m6_pending_list_remove(&list, rows[i].id);
		assert_true(r->id == rows[i].id);
		m6_pending_free(r);
		expect(&list, rows[i].left, 2);
	}
}

static void
freed_list_is_empty(void **state)
{
	struct m6_pending_list list = { 0 };

	(void)state;
	m6_pending_list_append(&list, make(1));
	m6_pending_list_append(&list, make(2));
	m6_pending_list_free(&list);
	expect(&list, NULL, 0);
}

static void
overdue_ones_are_moved_and_the_next_time_is_told(void **state)
{
	static const int64_t times[] = { 30, 0, 10, 50, 20 }; /* 0: no time */
	struct m6_pending_list list = { 0 }, over = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		struct m6_request request = { .op = 2, .give_up_ns = times[i] };

		m6_pending_list_append(&list,
		    m6_pending_new(i + 1, &request, NULL, NULL));
	}
	assert_int_equal(m6_pending_list_overdue(&list, 9, &over), 10);
	assert_int_equal(over.n, 0);
	assert_int_equal(m6_pending_list_overdue(&list, 20, &over), 30);
	expect(&over, (const uint64_t[]){ 3, 5 }, 2);
	assert_int_equal(m6_pending_list_overdue(&list, 50, &over), CLOCK_NEVER);
	expect(&over, (const uint64_t[]){ 1, 4 }, 2);
	expect(&list, (const uint64_t[]){ 2 }, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_is_copied),
		cmocka_unit_test(appended_leave_in_their_order),
		cmocka_unit_test(inserted_leave_in_the_order_of_ids),
		cmocka_unit_test(removal_works_at_every_place),
		cmocka_unit_test(freed_list_is_empty),
		cmocka_unit_test(overdue_ones_are_moved_and_the_next_time_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
