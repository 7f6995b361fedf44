/* SPDX-License-Identifier: BSD-2-Clause */
/* One write to one daemon: every way it can end. */
#include "support/check.h"

#include <string.h>

#include "mode6/packet.h"
#include "support/write_bench.h"

static struct write_bench *
start(void)
{
	struct write_bench *b = write_bench_start(1);

	(void)write_bench_var(b, 0, "site", "old");
	return b;
}

static void
open_site(struct write_bench *b, const char *value)
{
	struct transaction_item item = write_item(b, 0, "site", value);

	write_bench_open(b, &item, 1);
}

static enum ntp_write_result
step(struct write_bench *b, enum transaction_step step)
{
	write_bench_step(b, step);
	return transaction_result(b->t, 0);
}

/* Reads and writes; how it ended. */
static enum ntp_write_result
write_site(struct write_bench *b)
{
	open_site(b, "new");
	assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NONE);
	return step(b, TRANSACTION_APPLY);
}

/* --- the normal course -------------------------------------------------------------- */

static void
variable_is_read_written_and_read_back(void **state)
{
	struct write_bench *b = start();
	const struct ntp_write_record *r;

	(void)state;
	assert_int_equal(write_site(b), NTP_WRITE_DONE);
	assert_string_equal(write_bench_value(b, 0, "site"), "new");
	assert_int_equal(b->daemons[0].n_log, 3);
	assert_string_equal(b->daemons[0].log[0], "2 site");
	assert_string_equal(b->daemons[0].log[1], "3 site=new");
	assert_string_equal(b->daemons[0].log[2], "2 site");
	r = write_bench_record(b, 0, "site");
	assert_non_null(r);
	assert_int_equal(r->result, NTP_WRITE_DONE);
	assert_int_equal(r->wall_ns, b->daemons[0].d.wall_ns);
	assert_int_equal(r->detail_len, 0);
	assert_int_equal(b->daemons[0].n_recorded, 1);
	/* The start of each step, and each request. */
	assert_int_equal(b->daemons[0].n_submitted, 5);
	write_bench_stop(b);
}

static void
what_is_so_already_is_not_sent(void **state)
{
	static const char *const values[] = { "new", "\"new\"" };

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct write_bench *b = start();

		strcpy(b->daemons[0].vars[0].value, values[i]);
		assert_int_equal(write_site(b), NTP_WRITE_UNCHANGED);
		assert_int_equal(b->daemons[0].n_log, 1);
		assert_int_equal(write_bench_record(b, 0, "site")->result,
		    NTP_WRITE_UNCHANGED);
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
		assert_int_equal(b->daemons[0].n_log, 1);
		write_bench_stop(b);
	}
}

static void
written_variable_is_restored(void **state)
{
	static const char *const values[] = { "old", "", "\"old\"", "a b c" };

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct write_bench *b = start();

		strcpy(b->daemons[0].vars[0].value, values[i]);
		assert_int_equal(write_site(b), NTP_WRITE_DONE);
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_RESTORED);
		assert_string_equal(write_bench_value(b, 0, "site"), values[i]);
		assert_int_equal(write_bench_record(b, 0, "site")->result,
		    NTP_WRITE_RESTORED);
		/* Once is enough. */
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
		write_bench_stop(b);
	}
}

/* As long as they fit. */
static void
longest_quoted_value_is_restored_with_its_quotes(void **state)
{
	struct write_bench *b = start();
	char *value = b->daemons[0].vars[0].value;
	char old[NTP_WRITE_VALUE_MAX + 2] = "";

	(void)state;
	memset(old, 'v', NTP_WRITE_VALUE_MAX);
	old[0] = old[NTP_WRITE_VALUE_MAX - 1] = '"';
	strcpy(value, old);
	assert_int_equal(write_site(b), NTP_WRITE_DONE);
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_RESTORED);
	assert_string_equal(value, old);
	old[NTP_WRITE_VALUE_MAX - 1] = 'v';
	old[NTP_WRITE_VALUE_MAX] = '"';
	strcpy(value, old);
	b->daemons[0].n_log = 0;
	assert_int_equal(write_site(b), NTP_WRITE_NOT_CARRIED);
	assert_string_equal(write_bench_detail(b, 0, "site"),
	    "the present value could not be restored");
	assert_int_equal(b->daemons[0].n_log, 1);
	write_bench_stop(b);
}

static void
value_that_lost_its_quotes_is_not_restored(void **state)
{
	struct write_bench *b = start();

	(void)state;
	strcpy(b->daemons[0].vars[0].value, "\"old\"");
	assert_int_equal(write_site(b), NTP_WRITE_DONE);
	b->daemons[0].stores = "old";
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	assert_string_equal(write_bench_detail(b, 0, "site"), "it reads \"old\"");
	write_bench_stop(b);
}

/* The first one leaves it as it is, quotes and all. */
static void
quotes_are_kept_for_a_variable_that_is_set_twice(void **state)
{
	struct write_bench *b = start();
	const struct transaction_item items[] = {
		write_item(b, 0, "site", "old"),
		write_item(b, 0, "site", "new"),
	};

	(void)state;
	strcpy(b->daemons[0].vars[0].value, "\"old\"");
	write_bench_open(b, items, COUNT(items));
	assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NONE);
	assert_int_equal(step(b, TRANSACTION_APPLY), NTP_WRITE_UNCHANGED);
	assert_int_equal(transaction_result(b->t, 1), NTP_WRITE_DONE);
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
	assert_int_equal(transaction_result(b->t, 1), NTP_WRITE_RESTORED);
	assert_string_equal(write_bench_value(b, 0, "site"), "\"old\"");
	write_bench_stop(b);
}

static void
undo_of_what_was_never_applied_sends_nothing(void **state)
{
	struct write_bench *b = start();

	(void)state;
	open_site(b, "new");
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
	assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NONE);
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
	assert_int_equal(b->daemons[0].n_log, 1);
	assert_null(write_bench_record(b, 0, "site"));
	write_bench_stop(b);
}

static void
longest_name_and_value_arrive(void **state)
{
	struct write_bench *b = start();
	char name[NTP_WRITE_NAME_MAX + 1], value[NTP_WRITE_VALUE_MAX + 1];
	struct transaction_item item;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	memset(value, 'v', sizeof(value) - 1);
	name[sizeof(name) - 1] = value[sizeof(value) - 1] = 0;
	(void)write_bench_var(b, 0, name, "old");
	for (int by_setvar = 0; by_setvar < 2; by_setvar++) {
		value[0] = (char)('0' + by_setvar);
		b->daemons[0].has_no_writevar = by_setvar;
		item = write_item(b, 0, name, value);
		write_bench_open(b, &item, 1);
		assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NONE);
		assert_int_equal(step(b, TRANSACTION_APPLY), NTP_WRITE_DONE);
		assert_string_equal(write_bench_value(b, 0, name), value);
	}
	write_bench_stop(b);
}

/* --- reading ------------------------------------------------------------------------ */

static void
what_cannot_be_read_is_not_written(void **state)
{
	static const struct {
		const char *name;
		bool is_bare, is_mute, is_refused;
		enum ntp_write_result result;
	} rows[] = {
		{ "nosuch", false, false, false, NTP_WRITE_NO_VARIABLE },
		{ "site", true, false, false, NTP_WRITE_NO_VARIABLE },
		{ "site", false, true, false, NTP_WRITE_NO_REPLY },
		{ "site", false, false, true, NTP_WRITE_UNREACHABLE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct write_bench *b = start();
		struct write_daemon *w = &b->daemons[0];
		struct transaction_item item = write_item(b, 0, rows[i].name, "new");

		w->vars[0].is_bare = rows[i].is_bare;
		if (rows[i].is_bare)
			w->vars[0].value[0] = 0;
		w->is_mute_to_reads = rows[i].is_mute;
		w->d.is_refused = rows[i].is_refused;
		write_bench_open(b, &item, 1);
		assert_int_equal(step(b, TRANSACTION_READ), rows[i].result);
		assert_int_equal(write_bench_record(b, 0, rows[i].name)->result,
		    rows[i].result);
		assert_int_equal(step(b, TRANSACTION_APPLY), rows[i].result);
		assert_int_equal(write_bench_count(b, 0, "3"), 0);
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
		write_bench_stop(b);
	}
}

static bool
answer_error(struct fake_daemon *d, const struct m6_packet *request)
{
	fake_send_error(d, request, M6_ERROR_BADASSOC);
	return true;
}

static bool
answer_nothing(struct fake_daemon *d, const struct m6_packet *request)
{
	fake_send_answer(d, request, 0, "", 0);
	return true;
}

static void
other_answers_to_reading_are_told_apart(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].d.answer = answer_error;
	open_site(b, "new");
	assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NO_ASSOCIATION);
	b->daemons[0].d.answer = answer_nothing;
	assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NO_VARIABLE);
	write_bench_stop(b);
}

static void
value_that_could_not_be_restored_is_left_alone(void **state)
{
	static const char *const values[] = { "a,b", "\"a", "\" a\"", "long" };

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct write_bench *b = start();
		char *value = b->daemons[0].vars[0].value;

		strcpy(value, values[i]);
		if (strcmp(value, "long") == 0) {
			memset(value, 'v', NTP_WRITE_VALUE_MAX + 1);
			value[NTP_WRITE_VALUE_MAX + 1] = 0;
		}
		assert_int_equal(write_site(b), NTP_WRITE_NOT_CARRIED);
		assert_string_equal(write_bench_detail(b, 0, "site"),
		    "the present value could not be restored");
		assert_int_equal(b->daemons[0].n_log, 1);
		write_bench_stop(b);
	}
}

static void
what_is_no_longer_allowed_is_not_sent(void **state)
{
	struct write_bench *b = start();

	(void)state;
	open_site(b, "new");
	(void)step(b, TRANSACTION_READ);
	writer_allow(b->daemons[0].writer, TARGET_WRITE_OFF, b->daemons[0].key);
	assert_int_equal(step(b, TRANSACTION_APPLY), NTP_WRITE_NOT_ALLOWED);
	writer_allow(b->daemons[0].writer, TARGET_WRITE_VARIABLES, NULL);
	assert_int_equal(step(b, TRANSACTION_APPLY), NTP_WRITE_NO_KEY);
	assert_int_equal(b->daemons[0].n_log, 1);
	writer_allow(b->daemons[0].writer, TARGET_WRITE_VARIABLES, b->daemons[0].key);
	open_site(b, "a,b");
	(void)step(b, TRANSACTION_READ);
	assert_int_equal(step(b, TRANSACTION_APPLY), NTP_WRITE_NOT_CARRIED);
	assert_int_equal(write_bench_count(b, 0, "3"), 0);
	/* The key went between writing and restoring. */
	assert_int_equal(write_site(b), NTP_WRITE_DONE);
	writer_allow(b->daemons[0].writer, TARGET_WRITE_OFF, NULL);
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	write_bench_stop(b);
}

/* --- answers to the write ----------------------------------------------------------- */

static void
error_of_the_daemon_is_told_one_to_one(void **state)
{
	static const struct {
		int code;
		enum ntp_write_result result;
	} rows[] = {
		{ M6_ERROR_UNSPEC, NTP_WRITE_UNSPECIFIED },
		{ M6_ERROR_PERMISSION, NTP_WRITE_PERMISSION },
		{ M6_ERROR_BADFMT, NTP_WRITE_BAD_FORMAT },
		{ M6_ERROR_BADOP, NTP_WRITE_UNSUPPORTED },
		{ M6_ERROR_BADASSOC, NTP_WRITE_NO_ASSOCIATION },
		{ M6_ERROR_UNKNOWNVAR, NTP_WRITE_NO_VARIABLE },
		{ M6_ERROR_BADVALUE, NTP_WRITE_BAD_VALUE },
		{ M6_ERROR_RESTRICT, NTP_WRITE_RESTRICTED },
		{ 200, NTP_WRITE_UNSPECIFIED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct write_bench *b = start();

		writer_allow(b->daemons[0].writer, TARGET_WRITE_VARIABLES,
		    b->daemons[0].key);
		b->daemons[0].error = rows[i].code;
		assert_int_equal(write_site(b), rows[i].result);
		assert_string_equal(write_bench_detail(b, 0, "site"),
		    m6_error_text((uint8_t)rows[i].code));
		/* It signed that: there is nothing to read back, and nothing to restore.
		 */
		assert_int_equal(b->daemons[0].n_log, 2);
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
		assert_int_equal(b->daemons[0].n_log, 2);
		write_bench_stop(b);
	}
}

/* Wrong, unknown or untrusted: the daemon cannot sign that it refuses the key. */
static void
refused_key_is_told_apart_from_permission(void **state)
{
	static const enum write_sign signs[] = { WRITE_SIGN_NOT, WRITE_SIGN_NAK };

	(void)state;
	for (size_t i = 0; i < COUNT(signs); i++) {
		struct write_bench *b = start();

		b->daemons[0].key = m6_keys_find(b->keys, 2);
		b->daemons[0].sign_error = signs[i];
		assert_int_equal(write_site(b), NTP_WRITE_KEY_REFUSED);
		assert_non_null(strstr(write_bench_detail(b, 0, "site"), "permission ("));
		assert_string_equal(write_bench_value(b, 0, "site"), "old");
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
		write_bench_stop(b);
	}
}

/* Anybody can send an error without a code: what is there counts. */
static void
forged_error_does_not_hide_that_it_was_written(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].error = M6_ERROR_PERMISSION;
	b->daemons[0].sign_error = WRITE_SIGN_NOT;
	open_site(b, "new");
	(void)step(b, TRANSACTION_READ);
	strcpy(b->daemons[0].vars[0].value, "new");
	assert_int_equal(step(b, TRANSACTION_APPLY), NTP_WRITE_DONE);
	b->daemons[0].error = -1;
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_RESTORED);
	assert_string_equal(write_bench_value(b, 0, "site"), "old");
	write_bench_stop(b);
}

static void
unsigned_error_and_nothing_to_read_leave_all_open(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].error = M6_ERROR_PERMISSION;
	b->daemons[0].sign_error = WRITE_SIGN_NOT;
	b->daemons[0].reads_left = 1;
	assert_int_equal(write_site(b), NTP_WRITE_KEY_REFUSED);
	assert_string_equal(write_bench_detail(b, 0, "site"),
	    "permission (said without a code)");
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	write_bench_stop(b);
}

static void
forged_success_is_not_believed(void **state)
{
	struct m6_client_stats stats;
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].forges = true;
	b->daemons[0].error = M6_ERROR_BADVALUE;
	assert_int_equal(write_site(b), NTP_WRITE_BAD_VALUE);
	m6_client_stats(b->daemons[0].d.client, &stats);
	assert_int_equal(stats.bad_macs, 2);
	write_bench_stop(b);
	/* Nor when nothing else comes. */
	b = start();
	b->daemons[0].forges = true;
	b->daemons[0].loses_writes = true;
	assert_int_equal(write_site(b), NTP_WRITE_NO_REPLY);
	write_bench_stop(b);
}

static void
wrongly_signed_answer_is_silence_but_the_value_counts(void **state)
{
	static const enum write_sign signs[] = { WRITE_SIGN_NOT, WRITE_SIGN_WRONG,
		WRITE_SIGN_NAK, WRITE_KEEP_SILENT };

	(void)state;
	for (size_t i = 0; i < COUNT(signs); i++) {
		struct write_bench *b = start();

		b->daemons[0].sign = signs[i];
		assert_int_equal(write_site(b), NTP_WRITE_DONE);
		assert_string_equal(write_bench_detail(b, 0, "site"),
		    "no answer to the write");
		assert_int_equal(write_bench_count(b, 0, "3"), 1);
		b->daemons[0].sign = WRITE_SIGN;
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_RESTORED);
		write_bench_stop(b);
	}
}

static void
silence_without_effect_is_no_reply_and_made_sure_of(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].loses_writes = true;
	assert_int_equal(write_site(b), NTP_WRITE_NO_REPLY);
	assert_int_equal(write_bench_count(b, 0, "3"), 1);
	assert_string_equal(write_bench_detail(b, 0, "site"), "no answer to the write");
	/* It may come yet: the old value is written over it. */
	b->daemons[0].loses_writes = false;
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_RESTORED);
	assert_int_equal(write_bench_count(b, 0, "3 site=old"), 1);
	write_bench_stop(b);
}

static void
success_without_effect_is_not_stored(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].stores_nothing = true;
	assert_int_equal(write_site(b), NTP_WRITE_NOT_STORED);
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
	write_bench_stop(b);
}

static void
something_else_that_is_read_back_differs(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].stores = "newer";
	assert_int_equal(write_site(b), NTP_WRITE_DIFFERS);
	assert_string_equal(write_bench_detail(b, 0, "site"), "it reads \"newer\"");
	b->daemons[0].stores = NULL;
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_RESTORED);
	/* Why it failed is what its row goes on to say. */
	assert_int_equal(write_bench_record(b, 0, "site")->result, NTP_WRITE_DIFFERS);
	assert_string_equal(write_bench_detail(b, 0, "site"), "it reads \"newer\"");
	write_bench_stop(b);
}

static void
nothing_that_can_be_read_back_is_no_reply(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].reads_left = 1;
	assert_int_equal(write_site(b), NTP_WRITE_NO_REPLY);
	assert_string_equal(write_bench_detail(b, 0, "site"),
	    "no answer when it was to be read back");
	/* Restored, but who knows. */
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	write_bench_stop(b);
}

static void
daemon_that_dies_is_unreachable_and_not_restored(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].writes_left = 1;
	assert_int_equal(write_site(b), NTP_WRITE_UNREACHABLE);
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	write_bench_stop(b);
	/* Between the steps. */
	b = start();
	assert_int_equal(write_site(b), NTP_WRITE_DONE);
	b->daemons[0].d.is_silent = true;
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	assert_int_equal(write_bench_record(b, 0, "site")->result,
	    NTP_WRITE_NOT_RESTORED);
	write_bench_stop(b);
}

static void
restoring_that_fails_is_said(void **state)
{
	struct write_bench *b = start();

	(void)state;
	assert_int_equal(write_site(b), NTP_WRITE_DONE);
	b->daemons[0].stores_nothing = true;
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	assert_string_equal(write_bench_detail(b, 0, "site"), "it reads \"new\"");
	b->daemons[0].error = M6_ERROR_RESTRICT;
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	assert_string_equal(write_bench_detail(b, 0, "site"), "restricted");
	/* It may be tried again. */
	b->daemons[0].error = -1;
	b->daemons[0].stores_nothing = false;
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_RESTORED);
	write_bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variable_is_read_written_and_read_back),
		cmocka_unit_test(what_is_so_already_is_not_sent),
		cmocka_unit_test(written_variable_is_restored),
		cmocka_unit_test(longest_quoted_value_is_restored_with_its_quotes),
		cmocka_unit_test(value_that_lost_its_quotes_is_not_restored),
		cmocka_unit_test(quotes_are_kept_for_a_variable_that_is_set_twice),
		cmocka_unit_test(undo_of_what_was_never_applied_sends_nothing),
		cmocka_unit_test(longest_name_and_value_arrive),
		cmocka_unit_test(what_cannot_be_read_is_not_written),
		cmocka_unit_test(other_answers_to_reading_are_told_apart),
		cmocka_unit_test(value_that_could_not_be_restored_is_left_alone),
		cmocka_unit_test(what_is_no_longer_allowed_is_not_sent),
		cmocka_unit_test(error_of_the_daemon_is_told_one_to_one),
		cmocka_unit_test(refused_key_is_told_apart_from_permission),
		cmocka_unit_test(forged_error_does_not_hide_that_it_was_written),
		cmocka_unit_test(unsigned_error_and_nothing_to_read_leave_all_open),
		cmocka_unit_test(forged_success_is_not_believed),
		cmocka_unit_test(wrongly_signed_answer_is_silence_but_the_value_counts),
		cmocka_unit_test(silence_without_effect_is_no_reply_and_made_sure_of),
		cmocka_unit_test(success_without_effect_is_not_stored),
		cmocka_unit_test(something_else_that_is_read_back_differs),
		cmocka_unit_test(nothing_that_can_be_read_back_is_no_reply),
		cmocka_unit_test(daemon_that_dies_is_unreachable_and_not_restored),
		cmocka_unit_test(restoring_that_fails_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
