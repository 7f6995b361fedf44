/* SPDX-License-Identifier: BSD-2-Clause */
/* Several writes, perhaps to several daemons: order, all or nothing, and time. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "support/write_bench.h"

#define MS NS_PER_MS

static struct write_bench *
start(size_t n)
{
	struct write_bench *b = write_bench_start(n);

	for (size_t i = 0; i < n; i++) {
		(void)write_bench_var(b, i, "a", "old");
		(void)write_bench_var(b, i, "b", "old");
		(void)write_bench_var(b, i, "c", "old");
	}
	return b;
}

static void
open_and_read(struct write_bench *b, const struct transaction_item *items, size_t n)
{
	write_bench_open(b, items, n);
	write_bench_step(b, TRANSACTION_READ);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(transaction_result(b->t, i), NTP_WRITE_NONE);
	for (size_t i = 0; i < b->n; i++)
		b->daemons[i].n_log = 0;
}

static void
expect(const struct write_bench *b, const enum ntp_write_result *results, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(transaction_result(b->t, i), results[i]);
}

/* --- order -------------------------------------------------------------------------- */

static void
one_daemon_is_written_to_in_order_and_commands_come_last(void **state)
{
	struct write_bench *b = start(1);
	const struct transaction_item items[] = {
		write_command(b, 0, "reset sys"),
		write_item(b, 0, "b", "1"),
		write_item(b, 0, "a", "2"),
	};
	static const char *const log[] = { "3 b=1", "2 b", "3 a=2", "2 a", "8  " };

	(void)state;
	open_and_read(b, items, COUNT(items));
	write_bench_step(b, TRANSACTION_APPLY);
	for (size_t i = 0; i < COUNT(items); i++)
		assert_int_equal(transaction_result(b->t, i), NTP_WRITE_DONE);
	assert_int_equal(b->daemons[0].n_log, COUNT(log));
	for (size_t i = 0; i < COUNT(log); i++)
		assert_int_equal(strncmp(b->daemons[0].log[i], log[i], strlen(log[i])),
		    0);
	write_bench_stop(b);
}

static void
restoring_goes_side_by_side(void **state)
{
	struct write_bench *b = start(1);
	const struct transaction_item items[] = {
		write_item(b, 0, "a", "1"),
		write_item(b, 0, "b", "old"),
		write_item(b, 0, "c", "3"),
	};
	static const char *const log[] = { "3 c=old", "3 a=old", "2 c", "2 a" };

	(void)state;
	open_and_read(b, items, COUNT(items));
	write_bench_step(b, TRANSACTION_APPLY);
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_DONE, NTP_WRITE_UNCHANGED,
		NTP_WRITE_DONE },
	    3);
	b->daemons[0].n_log = 0;
	write_bench_step(b, TRANSACTION_UNDO);
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_RESTORED, NTP_WRITE_NONE,
		NTP_WRITE_RESTORED },
	    3);
	assert_int_equal(b->daemons[0].n_log, COUNT(log));
	for (size_t i = 0; i < COUNT(log); i++)
		assert_string_equal(b->daemons[0].log[i], log[i]);
	write_bench_stop(b);
}

static void
variable_may_be_written_twice(void **state)
{
	struct write_bench *b = start(1);
	const struct transaction_item items[] = {
		write_item(b, 0, "a", "1"),
		write_item(b, 0, "a", "old"),
		write_item(b, 0, "a", "old"),
		write_item(b, 0, "a", "3"),
	};

	(void)state;
	open_and_read(b, items, COUNT(items));
	write_bench_step(b, TRANSACTION_APPLY);
	/* What was read at first is not what is there when it is the second one's turn.
	 */
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_DONE, NTP_WRITE_DONE,
		NTP_WRITE_UNCHANGED, NTP_WRITE_DONE },
	    4);
	assert_string_equal(write_bench_value(b, 0, "a"), "3");
	b->daemons[0].n_log = 0;
	write_bench_step(b, TRANSACTION_UNDO);
	assert_string_equal(write_bench_value(b, 0, "a"), "old");
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_RESTORED, NTP_WRITE_RESTORED,
		NTP_WRITE_NONE, NTP_WRITE_RESTORED },
	    4);
	assert_int_equal(write_bench_count(b, 0, "3"), 3);
	write_bench_stop(b);
}

/* What has time to be written one by one is restored in the time of one, though there is
 * less of it; but each variable in reverse. */
static void
restoring_takes_no_longer_than_its_slowest_variable(void **state)
{
	struct write_bench *b = start(1);
	const struct transaction_item items[] = {
		write_item(b, 0, "a", "1"),
		write_item(b, 0, "b", "2"),
		write_item(b, 0, "a", "3"),
		write_item(b, 0, "c", "4"),
		write_command(b, 0, "reset sys"),
	};
	static const char *const log[] = { "3 c=old", "3 a=1", "3 b=old", "2 c", "2 a",
		"2 b", "3 a=old", "2 a" };
	int64_t start_ns;

	(void)state;
	b->daemons[0].d.delay_ns = 40 * MS;
	open_and_read(b, items, COUNT(items));
	write_bench_step(b, TRANSACTION_APPLY);
	b->daemons[0].n_log = 0;
	start_ns = b->now_ns;
	write_bench_step(b, TRANSACTION_UNDO);
	assert_int_equal(b->now_ns - start_ns, 4 * 40 * MS);
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_RESTORED, NTP_WRITE_RESTORED,
		NTP_WRITE_RESTORED, NTP_WRITE_RESTORED, NTP_WRITE_NOT_RESTORED },
	    COUNT(items));
	assert_int_equal(b->daemons[0].n_log, COUNT(log));
	for (size_t i = 0; i < COUNT(log); i++)
		assert_string_equal(b->daemons[0].log[i], log[i]);
	assert_string_equal(write_bench_value(b, 0, "a"), "old");
	write_bench_stop(b);
}

static void
daemons_are_written_to_side_by_side(void **state)
{
	struct write_bench *b = start(3);
	struct transaction_item items[9];
	int64_t start_ns;

	(void)state;
	for (size_t i = 0; i < COUNT(items); i++)
		items[i] = write_item(b, i % 3, i < 3 ? "a" : i < 6 ? "b" : "c", "new");
	for (size_t i = 0; i < 3; i++)
		b->daemons[i].d.delay_ns = 30 * MS;
	start_ns = b->now_ns;
	open_and_read(b, items, COUNT(items));
	assert_int_equal(b->now_ns - start_ns, 30 * MS);
	start_ns = b->now_ns;
	write_bench_step(b, TRANSACTION_APPLY);
	assert_int_equal(b->now_ns - start_ns, 3 * 60 * MS);
	for (size_t i = 0; i < COUNT(items); i++)
		assert_int_equal(transaction_result(b->t, i), NTP_WRITE_DONE);
	write_bench_stop(b);
}

static void
commands_wait_for_the_variables_of_all_daemons(void **state)
{
	struct write_bench *b = start(2);
	const struct transaction_item items[] = {
		write_command(b, 0, "reset sys"),
		write_item(b, 1, "a", "1"),
	};

	(void)state;
	b->daemons[1].d.delay_ns = 40 * MS;
	b->daemons[1].error = 6;
	open_and_read(b, items, COUNT(items));
	write_bench_step(b, TRANSACTION_APPLY);
	expect(b, (enum ntp_write_result[]){ NTP_WRITE_ABORTED, NTP_WRITE_BAD_VALUE }, 2);
	assert_int_equal(b->daemons[0].n_log, 0);
	assert_int_equal(write_bench_record(b, 0, "")->result, NTP_WRITE_ABORTED);
	write_bench_step(b, TRANSACTION_UNDO);
	expect(b, (enum ntp_write_result[]){ NTP_WRITE_NONE, NTP_WRITE_NONE }, 2);
	write_bench_stop(b);
}

/* --- all or nothing ----------------------------------------------------------------- */

static void
first_failure_stops_what_was_not_begun(void **state)
{
	struct write_bench *b = start(2);
	const struct transaction_item items[] = {
		write_item(b, 0, "a", "1"),
		write_item(b, 0, "b", "2"),
		write_item(b, 0, "c", "3"),
		write_item(b, 1, "a", "4"),
		write_item(b, 1, "b", "5"),
		write_item(b, 1, "c", "6"),
	};

	(void)state;
	/* Of the other one the first write is under way when this one fails. */
	b->daemons[0].vars[1].is_rw = false;
	writer_allow(b->daemons[0].writer, TARGET_WRITE_VARIABLES, b->daemons[0].key);
	b->daemons[1].d.delay_ns = 10 * MS;
	open_and_read(b, items, COUNT(items));
	write_bench_step(b, TRANSACTION_APPLY);
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_DONE, NTP_WRITE_PERMISSION,
		NTP_WRITE_ABORTED, NTP_WRITE_DONE, NTP_WRITE_ABORTED, NTP_WRITE_ABORTED },
	    6);
	assert_int_equal(write_bench_record(b, 1, "b")->result, NTP_WRITE_ABORTED);
	write_bench_step(b, TRANSACTION_UNDO);
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_RESTORED, NTP_WRITE_NONE, NTP_WRITE_NONE,
		NTP_WRITE_RESTORED, NTP_WRITE_NONE, NTP_WRITE_NONE },
	    6);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(write_bench_value(b, i, "a"), "old");
	/* Each item that ended was told once; those with nothing to restore were not. */
	assert_int_equal(b->daemons[0].n_recorded, 4);
	assert_int_equal(b->daemons[1].n_recorded, 4);
	write_bench_stop(b);
}

static void
one_that_cannot_be_restored_does_not_keep_the_others_from_it(void **state)
{
	struct write_bench *b = start(2);
	const struct transaction_item items[] = {
		write_item(b, 0, "a", "1"),
		write_item(b, 1, "a", "2"),
		write_item(b, 1, "b", "3"),
		write_command(b, 1, "reset sys"),
	};

	(void)state;
	open_and_read(b, items, COUNT(items));
	write_bench_step(b, TRANSACTION_APPLY);
	b->daemons[1].vars[1].is_rw = false;
	write_bench_step(b, TRANSACTION_UNDO);
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_RESTORED, NTP_WRITE_RESTORED,
		NTP_WRITE_NOT_RESTORED, NTP_WRITE_NOT_RESTORED },
	    4);
	write_bench_stop(b);
}

static void
many_items_are_written_one_too_many_is_refused(void **state)
{
	struct write_bench *b = start(1);
	struct transaction_item items[TRANSACTION_ITEMS_MAX + 1];
	static const char values[2][2] = { "1", "2" };
	size_t n = WRITE_LOG_MAX / 4;

	(void)state;
	for (size_t i = 0; i < COUNT(items); i++)
		items[i] = write_item(b, 0, "a", values[i % 2]);
	assert_null(transaction_new(items, COUNT(items), b->now_ns));
	write_bench_open(b, items, COUNT(items) - 1);
	/* More reads than may be under way at one time. */
	open_and_read(b, items, n);
	write_bench_step(b, TRANSACTION_APPLY);
	assert_int_equal(write_bench_count(b, 0, "3"), n);
	write_bench_stop(b);
}

/* --- time --------------------------------------------------------------------------- */

/* Everything is lost that can be: the manager has its answer all the same. */
static void
all_steps_end_within_their_time(void **state)
{
	struct write_bench *b = start(2);
	struct transaction_item items[] = {
		write_item(b, 0, "a", "1"),
		write_item(b, 0, "b", "2"),
		write_item(b, 1, "a", "3"),
	};
	int64_t start_ns = b->now_ns;

	(void)state;
	write_bench_open(b, items, COUNT(items));
	b->daemons[1].d.is_silent = true;
	assert_int_equal(write_bench_begin(b, TRANSACTION_READ), 0);
	assert_true(write_bench_run(b, NS_PER_S));
	assert_int_equal(b->now_ns - start_ns, TRANSACTION_READ_NS);
	b->daemons[1].d.is_silent = false;
	open_and_read(b, items, COUNT(items));
	start_ns = b->now_ns - 1 * MS; /* one round trip */
	b->daemons[0].d.is_silent = b->daemons[1].d.is_silent = true;
	assert_int_equal(write_bench_begin(b, TRANSACTION_APPLY), 0);
	assert_true(write_bench_run(b, NS_PER_S));
	assert_int_equal(b->now_ns - start_ns, TRANSACTION_APPLY_NS);
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_NO_REPLY, NTP_WRITE_ABORTED,
		NTP_WRITE_NO_REPLY },
	    3);
	assert_int_equal(write_bench_begin(b, TRANSACTION_UNDO), 0);
	assert_true(write_bench_run(b, NS_PER_S));
	assert_int_equal(b->now_ns - start_ns, TRANSACTION_UNDO_NS);
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_NOT_RESTORED, NTP_WRITE_NONE,
		NTP_WRITE_NOT_RESTORED },
	    3);
	write_bench_stop(b);
}

static void
step_that_begins_late_has_a_little_time(void **state)
{
	static const enum transaction_step steps[] = { TRANSACTION_APPLY,
		TRANSACTION_UNDO };
	struct write_bench *b = start(1);
	struct transaction_item item = write_item(b, 0, "a", "1");

	(void)state;
	open_and_read(b, &item, 1);
	(void)write_bench_begin(b, TRANSACTION_READ);
	assert_true(write_bench_run(b, NS_PER_S));
	b->daemons[0].sign = WRITE_KEEP_SILENT;
	b->daemons[0].reads_left = 0;
	for (size_t i = 0; i < COUNT(steps); i++) {
		const bool never = false;

		(void)fake_run_until(&b->daemons[0].d, &never, 2 * NS_PER_S);
		b->now_ns = b->daemons[0].d.now_ns;
		int64_t start_ns = b->now_ns;

		assert_int_equal(write_bench_begin(b, steps[i]), 0);
		assert_true(write_bench_run(b, NS_PER_S));
		assert_int_equal(b->now_ns - start_ns, TRANSACTION_LEAST_NS);
	}
	write_bench_stop(b);
}

/* The whole course on the way that loses the answer to the first write: half of the time
 * is for the write, half for reading back. */
static void
silence_takes_half_of_the_time_that_is_left(void **state)
{
	struct write_bench *b = start(1);
	struct transaction_item item = write_item(b, 0, "a", "1");
	int64_t start_ns = b->now_ns;

	(void)state;
	b->daemons[0].sign = WRITE_KEEP_SILENT;
	open_and_read(b, &item, 1);
	write_bench_step(b, TRANSACTION_APPLY);
	expect(b, (enum ntp_write_result[]){ NTP_WRITE_DONE }, 1);
	/* Read after 1 ms, written until 1 + 549 / 2, read back 1 ms later. */
	assert_in_range(b->now_ns - start_ns, 276 * MS, 277 * MS);
	write_bench_stop(b);
}

/* What is begun when nearly no time is left could only end in not knowing. */
static void
write_without_time_for_its_answer_is_not_begun(void **state)
{
	struct write_bench *b = start(1);
	const struct transaction_item items[] = {
		write_item(b, 0, "a", "1"),
		write_item(b, 0, "b", "2"),
		write_item(b, 0, "c", "3"),
	};

	(void)state;
	b->daemons[0].d.delay_ns = 130 * MS;
	open_and_read(b, items, COUNT(items));
	/* 130 ms for reading, and 2 * 203 for the first write: 14 are left. */
	b->daemons[0].d.delay_ns = 203 * MS;
	write_bench_step(b, TRANSACTION_APPLY);
	expect(b,
	    (enum ntp_write_result[]){ NTP_WRITE_DONE, NTP_WRITE_NO_REPLY,
		NTP_WRITE_ABORTED },
	    3);
	assert_string_equal(write_bench_detail(b, 0, "b"),
	    "no time was left: nothing was sent");
	assert_int_equal(write_bench_count(b, 0, "3 b"), 0);
	write_bench_stop(b);
}

/* Answers that come after their requests were given up concern nobody. */
static void
late_answers_change_nothing(void **state)
{
	struct write_bench *b = start(1);
	struct transaction_item item = write_item(b, 0, "a", "1");

	(void)state;
	open_and_read(b, &item, 1);
	b->daemons[0].d.delay_ns = 900 * MS;
	write_bench_step(b, TRANSACTION_APPLY);
	expect(b, (enum ntp_write_result[]){ NTP_WRITE_NO_REPLY }, 1);
	write_bench_step(b, TRANSACTION_UNDO);
	expect(b, (enum ntp_write_result[]){ NTP_WRITE_NOT_RESTORED }, 1);
	fake_run(&b->daemons[0].d, 5 * NS_PER_S);
	expect(b, (enum ntp_write_result[]){ NTP_WRITE_NOT_RESTORED }, 1);
	assert_int_equal(b->n_done, 3);
	/* It was written and restored all the same. */
	assert_string_equal(write_bench_value(b, 0, "a"), "old");
	write_bench_stop(b);
}

static bool
drop_third(struct fake_daemon *d, struct m6_header *head, size_t index, int64_t *delay_ns)
{
	(void)head;
	(void)index;
	(void)delay_ns;
	return d->n_requests != 3;
}

/* Reading is repeated, in time for the step's end. */
static void
lost_reading_back_is_repeated(void **state)
{
	struct write_bench *b = start(1);
	struct transaction_item item = write_item(b, 0, "a", "1");

	(void)state;
	b->daemons[0].d.edit = drop_third;
	open_and_read(b, &item, 1);
	write_bench_step(b, TRANSACTION_APPLY);
	expect(b, (enum ntp_write_result[]){ NTP_WRITE_DONE }, 1);
	assert_int_equal(b->daemons[0].d.n_requests, 4);
	write_bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    one_daemon_is_written_to_in_order_and_commands_come_last),
		cmocka_unit_test(restoring_goes_side_by_side),
		cmocka_unit_test(variable_may_be_written_twice),
		cmocka_unit_test(restoring_takes_no_longer_than_its_slowest_variable),
		cmocka_unit_test(daemons_are_written_to_side_by_side),
		cmocka_unit_test(commands_wait_for_the_variables_of_all_daemons),
		cmocka_unit_test(first_failure_stops_what_was_not_begun),
		cmocka_unit_test(
		    one_that_cannot_be_restored_does_not_keep_the_others_from_it),
		cmocka_unit_test(many_items_are_written_one_too_many_is_refused),
		cmocka_unit_test(all_steps_end_within_their_time),
		cmocka_unit_test(step_that_begins_late_has_a_little_time),
		cmocka_unit_test(silence_takes_half_of_the_time_that_is_left),
		cmocka_unit_test(write_without_time_for_its_answer_is_not_begun),
		cmocka_unit_test(late_answers_change_nothing),
		cmocka_unit_test(lost_reading_back_is_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
