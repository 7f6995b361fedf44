/* SPDX-License-Identifier: BSD-2-Clause */
/* Transactions that end at any moment: freed, lost, out of memory. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "support/write_bench.h"

#define MS NS_PER_MS

/* The allocator of this program: it counts, and fails when told to. */
static struct {
	int living;      /* pieces given and not given back */
	int left;        /* allocations before the one that fails; -1 none does */
	bool is_lasting; /* all that follow fail too */
} memory = { 0, -1, false };

static bool
fails(void)
{
	if (memory.left < 0)
		return false;
	if (memory.left == 0 && memory.is_lasting)
		return true;
	return memory.left-- == 0;
}

void *
mem_calloc(size_t count, size_t size)
{
	if (fails())
		return NULL;
	memory.living++;
	return calloc(count ? count : 1, size ? size : 1);
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	if (fails())
		return NULL;
	memory.living += old == NULL;
	return realloc(old, count * size);
}

void
mem_free(void *ptr)
{
	memory.living -= ptr != NULL;
	free(ptr);
}

/* Here so that the library's own are not linked beside those above. */
char *
mem_strndup(const char *text, size_t len)
{
	(void)text;
	(void)len;
	abort();
}

char *
mem_strdup(const char *text)
{
	(void)text;
	abort();
}

static struct write_bench *
start(size_t n)
{
	struct write_bench *b = write_bench_start(n);

	for (size_t i = 0; i < n; i++) {
		(void)write_bench_var(b, i, "a", "old");
		(void)write_bench_var(b, i, "b", "old");
	}
	return b;
}

/* Two variables and a command of daemon 0, a variable of each other one. */
static size_t
make_items(struct write_bench *b, struct transaction_item *items)
{
	size_t n = 0;

	items[n++] = write_item(b, 0, "a", "new");
	items[n++] = write_item(b, 0, "b", "new");
	items[n++] = write_command(b, 0, "reset sys");
	for (size_t i = 1; i < b->n; i++)
		items[n++] = write_item(b, i, "a", "new");
	return n;
}

static void
open_all(struct write_bench *b)
{
	struct transaction_item items[WRITE_DAEMONS_MAX + 3];

	write_bench_open(b, items, make_items(b, items));
}

/* --- freed -------------------------------------------------------------------------- */

/* Daemons answer after a millisecond: a step of half of one stops everywhere. */
static void
transaction_may_be_freed_at_any_moment(void **state)
{
	(void)state;
	for (int moment = 0; moment < 40; moment++) {
		struct write_bench *b = start(2);
		enum transaction_step step = TRANSACTION_READ;
		unsigned n_done;

		open_all(b);
		assert_int_equal(write_bench_begin(b, step), 0);
		for (int i = 0; i < moment && step <= TRANSACTION_UNDO; i++) {
			if (!write_bench_run(b, MS / 2))
				continue;
			if (++step <= TRANSACTION_UNDO)
				assert_int_equal(write_bench_begin(b, step), 0);
		}
		n_done = b->n_done;
		transaction_free(b->t);
		b->t = NULL;
		/* Answers that were under way. */
		for (size_t i = 0; i < 2; i++)
			fake_run(&b->daemons[i].d, NS_PER_S);
		assert_int_equal(b->n_done, n_done);
		write_bench_stop(b);
		assert_int_equal(memory.living, 0);
	}
	transaction_free(NULL);
}

static void
free_transaction(struct write_bench *b)
{
	transaction_free(b->t);
	b->t = NULL;
}

static void
drop_first(struct write_bench *b)
{
	write_bench_drop(b, 0);
}

static void
drop_all(struct write_bench *b)
{
	for (size_t i = 0; i < b->n; i++)
		write_bench_drop(b, i);
}

static void
end_of_a_step_may_free_everything(void **state)
{
	static void (*const ends[])(
	    struct write_bench *) = { free_transaction, drop_first, drop_all };

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		for (int step = TRANSACTION_READ; step <= TRANSACTION_UNDO; step++) {
			struct write_bench *b = start(2);

			open_all(b);
			for (int k = TRANSACTION_READ; k < step; k++)
				write_bench_step(b, (enum transaction_step)k);
			b->on_done = ends[i];
			write_bench_step(b, (enum transaction_step)step);
			assert_null(b->t);
			write_bench_stop(b);
			assert_int_equal(memory.living, 0);
		}
	}
}

static void
begin_next(struct write_bench *b)
{
	if (b->n_done <= TRANSACTION_UNDO)
		assert_int_equal(write_bench_begin(b, (enum transaction_step)b->n_done),
		    0);
}

static void
end_of_a_step_may_begin_the_next(void **state)
{
	struct write_bench *b = start(2);

	(void)state;
	open_all(b);
	b->on_done = begin_next;
	assert_int_equal(write_bench_begin(b, TRANSACTION_READ), 0);
	for (int i = 0; i < 100 && b->n_done < 3; i++)
		(void)write_bench_run(b, MS);
	assert_int_equal(b->n_done, 3);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_RESTORED);
	assert_int_equal(transaction_result(b->t, 2), NTP_WRITE_NOT_RESTORED);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_RESTORED);
	write_bench_stop(b);
}

/* --- lost --------------------------------------------------------------------------- */

static void
lose(struct write_bench *b, size_t i)
{
	transaction_lose(b->t, b->daemons[i].writer);
	writer_free(b->daemons[i].writer);
	b->daemons[i].writer = NULL;
	m6_client_free(b->daemons[i].d.client);
	b->daemons[i].d.client = NULL;
}

static void
lost_writer_fails_its_items_in_every_later_step(void **state)
{
	struct write_bench *b = start(2);

	(void)state;
	open_all(b);
	write_bench_step(b, TRANSACTION_READ);
	lose(b, 1);
	write_bench_step(b, TRANSACTION_READ);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_NONE);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_UNREACHABLE);
	write_bench_step(b, TRANSACTION_APPLY);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_DONE);
	assert_int_equal(transaction_result(b->t, 1), NTP_WRITE_ABORTED);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_UNREACHABLE);
	write_bench_step(b, TRANSACTION_UNDO);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_RESTORED);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_NONE);
	write_bench_stop(b);
}

static void
what_a_lost_writer_wrote_is_not_restored(void **state)
{
	struct write_bench *b = start(2);

	(void)state;
	open_all(b);
	write_bench_step(b, TRANSACTION_READ);
	write_bench_step(b, TRANSACTION_APPLY);
	lose(b, 0);
	write_bench_step(b, TRANSACTION_UNDO);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_NOT_RESTORED);
	assert_int_equal(transaction_result(b->t, 2), NTP_WRITE_NOT_RESTORED);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_RESTORED);
	write_bench_stop(b);
}

/* At any moment: the step ends, be it from inside the losing, and exactly once. */
static void
step_ends_when_its_writers_are_lost(void **state)
{
	(void)state;
	for (int moment = 0; moment < 24; moment++) {
		for (size_t first = 0; first < 2; first++) {
			struct write_bench *b = start(2);

			open_all(b);
			write_bench_step(b, TRANSACTION_READ);
			assert_int_equal(write_bench_begin(b, TRANSACTION_APPLY), 0);
			(void)write_bench_run(b, moment * MS / 2);
			lose(b, first);
			(void)write_bench_run(b, moment * MS / 8);
			lose(b, 1 - first);
			assert_int_equal(b->n_done, 2);
			assert_int_equal(write_bench_begin(b, TRANSACTION_UNDO),
			    ERR_CANCELLED);
			for (size_t i = 0; i < 4; i++)
				assert_true(
				    transaction_result(b->t, i) == NTP_WRITE_NONE ||
				    transaction_result(b->t, i) ==
					NTP_WRITE_NOT_RESTORED);
			assert_int_equal(b->n_done, 2);
			write_bench_stop(b);
			assert_int_equal(memory.living, 0);
		}
	}
}

static void
losing_may_free_the_transaction(void **state)
{
	struct write_bench *b = start(1);

	(void)state;
	open_all(b);
	b->on_done = free_transaction;
	assert_int_equal(write_bench_begin(b, TRANSACTION_READ), 0);
	transaction_lose(b->t, b->daemons[0].writer);
	assert_null(b->t);
	write_bench_stop(b);
	/* Nothing was begun, nothing is called. */
	b = start(2);
	open_all(b);
	lose(b, 0);
	lose(b, 1);
	assert_int_equal(b->n_done, 0);
	assert_int_equal(write_bench_begin(b, TRANSACTION_READ), ERR_CANCELLED);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_UNREACHABLE);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_UNREACHABLE);
	write_bench_stop(b);
	assert_int_equal(memory.living, 0);
}

/* The same when the writer stays, but with another daemon: a SET that comes later is
 * that one's. */
static void
abandoned_items_fail_in_every_later_step(void **state)
{
	struct write_bench *b = start(2);
	size_t n_log;

	(void)state;
	open_all(b);
	write_bench_step(b, TRANSACTION_READ);
	n_log = b->daemons[1].n_log;
	writer_abandon(b->daemons[1].writer);
	write_bench_step(b, TRANSACTION_READ);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_NONE);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_UNREACHABLE);
	write_bench_step(b, TRANSACTION_APPLY);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_DONE);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_UNREACHABLE);
	assert_string_equal(write_bench_detail(b, 1, "a"),
	    "the target's address changed");
	write_bench_step(b, TRANSACTION_UNDO);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_RESTORED);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_NONE);
	assert_int_equal(b->daemons[1].n_log, n_log);
	open_all(b);
	write_bench_step(b, TRANSACTION_READ);
	write_bench_step(b, TRANSACTION_APPLY);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_DONE);
	write_bench_stop(b);
	assert_int_equal(memory.living, 0);
}

static void
what_was_written_before_is_not_restored_elsewhere(void **state)
{
	struct write_bench *b = start(2);
	size_t n_log;

	(void)state;
	open_all(b);
	write_bench_step(b, TRANSACTION_READ);
	write_bench_step(b, TRANSACTION_APPLY);
	writer_abandon(b->daemons[0].writer);
	n_log = b->daemons[0].n_log;
	write_bench_step(b, TRANSACTION_UNDO);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(transaction_result(b->t, i), NTP_WRITE_NOT_RESTORED);
	assert_int_equal(transaction_result(b->t, 3), NTP_WRITE_RESTORED);
	assert_int_equal(b->daemons[0].n_log, n_log);
	assert_int_equal(write_bench_record(b, 0, "a")->result, NTP_WRITE_NOT_RESTORED);
	write_bench_stop(b);
}

static enum ntp_write_result
left_if_sent(const struct write_bench *b, const char *text)
{
	return write_bench_count(b, 0, text) > 0 ? NTP_WRITE_NOT_RESTORED
						 : NTP_WRITE_NONE;
}

/* Before the step's first turn, or so many half milliseconds later. False when the step
 * was over. */
static bool
abandon_at(int moment, bool has_memory)
{
	struct write_bench *b = start(1);
	struct write_daemon *w = &b->daemons[0];
	bool is_over;
	size_t n_log;

	open_all(b);
	write_bench_step(b, TRANSACTION_READ);
	assert_int_equal(write_bench_begin(b, TRANSACTION_APPLY), 0);
	is_over = moment >= 0 && write_bench_run(b, moment * MS / 2);
	n_log = w->n_log;
	memory.left = has_memory ? -1 : 0;
	writer_abandon(w->writer);
	memory.left = -1;
	assert_true(b->is_done || write_bench_run(b, 0));
	assert_int_equal(b->n_done, 2);
	write_bench_step(b, TRANSACTION_UNDO);
	assert_int_equal(w->n_log, n_log);
	assert_int_equal(transaction_result(b->t, 0), left_if_sent(b, "3 a"));
	assert_int_equal(transaction_result(b->t, 1), left_if_sent(b, "3 b"));
	assert_int_equal(transaction_result(b->t, 2), left_if_sent(b, "8"));
	write_bench_stop(b);
	assert_int_equal(memory.living, 0);
	return !is_over;
}

static void
step_ends_when_its_writer_is_abandoned(void **state)
{
	(void)state;
	for (int has_memory = 0; has_memory < 2; has_memory++) {
		int moment = -1;

		while (abandon_at(moment, has_memory))
			assert_true(++moment < 30);
		assert_true(moment > 8);
	}
}

/* A writer may go without a word; its transaction then does not call any more. */
static void
freed_writer_is_no_longer_used(void **state)
{
	struct write_bench *b = start(1);
	unsigned n_done;

	(void)state;
	open_all(b);
	write_bench_step(b, TRANSACTION_READ);
	assert_int_equal(write_bench_begin(b, TRANSACTION_APPLY), 0);
	(void)write_bench_run(b, MS / 2);
	n_done = b->n_done;
	writer_free(b->daemons[0].writer);
	b->daemons[0].writer = NULL;
	fake_run(&b->daemons[0].d, NS_PER_S);
	assert_int_equal(b->n_done, n_done);
	write_bench_stop(b);
	assert_int_equal(memory.living, 0);
}

/* --- out of memory ------------------------------------------------------------------ */

/* False when there was no memory to begin. */
static bool
run_step(struct write_bench *b, enum transaction_step step)
{
	int rc = write_bench_begin(b, step);

	if (rc == 0) {
		assert_true(write_bench_run(b, NS_PER_S));
		return true;
	}
	assert_int_equal(rc, ERR_NOMEM);
	return false;
}

static bool
has_results(const struct write_bench *b, size_t n, enum ntp_write_result one,
    enum ntp_write_result other)
{
	for (size_t i = 0; i < n; i++)
		if (transaction_result(b->t, i) != one &&
		    transaction_result(b->t, i) != other)
			return false;
	return true;
}

/* Whatever fails, the results tell what is there. */
static void
check_values(const struct write_bench *b)
{
	static const char *const names[] = { "a", "b" };

	for (size_t i = 0; i < 2; i++) {
		enum ntp_write_result result = transaction_result(b->t, i);
		const char *value = write_bench_value(b, 0, names[i]);

		if (result == NTP_WRITE_DONE)
			assert_string_equal(value, "new");
		else if (result == NTP_WRITE_RESTORED || result == NTP_WRITE_ABORTED)
			assert_string_equal(value, "old");
	}
}

/* The course of a SET as the agent runs it. */
static void
run_set(struct write_bench *b, size_t n)
{
	if (!run_step(b, TRANSACTION_READ) ||
	    !has_results(b, n, NTP_WRITE_NONE, NTP_WRITE_NONE))
		return;
	if (run_step(b, TRANSACTION_APPLY)) {
		check_values(b);
		if (has_results(b, n, NTP_WRITE_DONE, NTP_WRITE_UNCHANGED))
			return;
	}
	if (run_step(b, TRANSACTION_UNDO))
		check_values(b);
}

/* One SET in which the n-th allocation fails; false when there were not so many. */
static bool
run_set_without(int n, bool by_setvar)
{
	struct write_bench *b = start(2);
	struct transaction_item items[WRITE_DAEMONS_MAX + 3];
	size_t n_items = make_items(b, items);
	bool has_failed;

	/* An answer of several pieces, and a failure that makes all be restored. */
	b->daemons[0].has_no_writevar = by_setvar;
	if (by_setvar) {
		b->daemons[1].error = 6;
		fake_set_assocs(&b->daemons[0].d, 300, 1);
	}
	memory.left = n;
	b->t = transaction_new(items, n_items, b->now_ns);
	if (b->t)
		run_set(b, n_items);
	has_failed = memory.left < 0 || (memory.left == 0 && memory.is_lasting);
	memory.left = -1;
	write_bench_stop(b);
	assert_int_equal(memory.living, 0);
	return has_failed;
}

static void
every_allocation_may_fail(void **state)
{
	(void)state;
	for (int variant = 0; variant < 4; variant++) {
		int n = 0;

		memory.is_lasting = variant & 2;
		while (run_set_without(n, variant & 1))
			assert_true(++n < 500);
		assert_true(n > 15);
	}
	memory.is_lasting = false;
}

/* What could not even be submitted has no effect that could be unknown. */
static void
write_that_was_never_sent_needs_no_restoring(void **state)
{
	(void)state;
	for (int is_command = 0; is_command < 2; is_command++) {
		struct write_bench *b = start(1);
		struct transaction_item item = is_command
		    ? write_command(b, 0, "reset sys")
		    : write_item(b, 0, "a", "new");

		write_bench_open(b, &item, 1);
		write_bench_step(b, TRANSACTION_READ);
		memory.left = 1; /* after the beginning of the step */
		write_bench_step(b, TRANSACTION_APPLY);
		assert_int_equal(memory.left, -1);
		assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_NO_MEMORY);
		write_bench_step(b, TRANSACTION_UNDO);
		assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_NONE);
		assert_int_equal(b->daemons[0].n_log, 1);
		write_bench_stop(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transaction_may_be_freed_at_any_moment),
		cmocka_unit_test(end_of_a_step_may_free_everything),
		cmocka_unit_test(end_of_a_step_may_begin_the_next),
		cmocka_unit_test(lost_writer_fails_its_items_in_every_later_step),
		cmocka_unit_test(what_a_lost_writer_wrote_is_not_restored),
		cmocka_unit_test(step_ends_when_its_writers_are_lost),
		cmocka_unit_test(losing_may_free_the_transaction),
		cmocka_unit_test(abandoned_items_fail_in_every_later_step),
		cmocka_unit_test(what_was_written_before_is_not_restored_elsewhere),
		cmocka_unit_test(step_ends_when_its_writer_is_abandoned),
		cmocka_unit_test(freed_writer_is_no_longer_used),
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(write_that_was_never_sent_needs_no_restoring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
