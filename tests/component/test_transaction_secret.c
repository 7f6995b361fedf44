/* SPDX-License-Identifier: BSD-2-Clause */
/* What is written to a daemon is in no memory that was given back: it may be a secret. */
#include "support/check.h"

#include <string.h>

#include "support/mem_watch.h"
#include "support/write_bench.h"

static const char secret[] = "Open-Sesame-39";

static struct write_bench *
start(void)
{
	struct write_bench *b = write_bench_start(1);

	(void)write_bench_var(b, 0, "site", "old");
	mem_watch_secret(secret, strlen(secret));
	return b;
}

/* Ends all that may hold the secret, and looks. */
static void
stop(struct write_bench *b)
{
	write_bench_drop(b, 0);
	assert_true(mem_watch_released() > 0);
	assert_int_equal(mem_watch_found(), 0);
	mem_watch_secret(NULL, 0);
	write_bench_stop(b);
}

static void
open_secret(struct write_bench *b, bool is_command)
{
	struct transaction_item item = is_command
	    ? write_command(b, 0, "crypto pw Open-Sesame-39")
	    : write_item(b, 0, "site", secret);

	write_bench_open(b, &item, 1);
	write_bench_step(b, TRANSACTION_READ);
}

static void
command_that_was_carried_out_is_cleansed(void **state)
{
	struct write_bench *b = start();

	(void)state;
	open_secret(b, true);
	write_bench_step(b, TRANSACTION_APPLY);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_DONE);
	stop(b);
}

static void
command_that_is_given_up_under_way_is_cleansed(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].sign = WRITE_KEEP_SILENT;
	open_secret(b, true);
	assert_int_equal(write_bench_begin(b, TRANSACTION_APPLY), 0);
	assert_false(write_bench_run(b, 5 * NS_PER_MS));
	assert_int_equal(write_bench_count(b, 0, "8"), 1);
	stop(b);
}

static void
setvar_is_cleansed(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].has_no_writevar = true;
	open_secret(b, false);
	write_bench_step(b, TRANSACTION_APPLY);
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_DONE);
	stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_that_was_carried_out_is_cleansed),
		cmocka_unit_test(command_that_is_given_up_under_way_is_cleansed),
		cmocka_unit_test(setvar_is_cleansed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
