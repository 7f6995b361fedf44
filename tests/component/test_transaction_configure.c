/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes that travel as a configure command: "setvar" where writevar does not do, and
 * commands of the manager. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "mode6/packet.h"
#include "support/write_bench.h"

static struct write_bench *
start(void)
{
	struct write_bench *b = write_bench_start(1);

	(void)write_bench_var(b, 0, "site", "old");
	return b;
}

static enum ntp_write_result
step(struct write_bench *b, enum transaction_step step)
{
	write_bench_step(b, step);
	return transaction_result(b->t, 0);
}

static enum ntp_write_result
write_site(struct write_bench *b, const char *value)
{
	struct transaction_item item = write_item(b, 0, "site", value);

	write_bench_open(b, &item, 1);
	assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NONE);
	return step(b, TRANSACTION_APPLY);
}

static enum ntp_write_result
command(struct write_bench *b, const char *text)
{
	struct transaction_item item = write_command(b, 0, text);

	write_bench_open(b, &item, 1);
	assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NONE);
	return step(b, TRANSACTION_APPLY);
}

/* --- setvar ------------------------------------------------------------------------- */

/* NTPsec from 1.2.3 on refuses the opcode before it looks at the code, which stands
 * elsewhere for it: the refusal is not signed. */
static void
daemon_without_writevar_gets_setvar_and_is_remembered(void **state)
{
	struct write_bench *b = start();
	struct write_daemon *w = &b->daemons[0];

	(void)state;
	w->has_no_writevar = true;
	w->sign_error = WRITE_SIGN_NOT;
	assert_int_equal(write_site(b, "new"), NTP_WRITE_DONE);
	assert_int_equal(w->n_log, 5);
	assert_string_equal(w->log[1], "3 site=new");
	assert_string_equal(w->log[2], "2 ");
	assert_non_null(strstr(w->log[3], "setvar site = \"new\""));
	assert_null(strstr(w->log[3], "default"));
	assert_string_equal(w->log[4], "2 site");
	assert_string_equal(write_bench_detail(b, 0, "site"), "Config Succeeded");
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_RESTORED);
	assert_string_equal(write_bench_value(b, 0, "site"), "old");
	assert_int_equal(write_site(b, "newer"), NTP_WRITE_DONE);
	assert_int_equal(write_bench_count(b, 0, "3"), 1);
	writer_forget(w->writer);
	assert_int_equal(write_site(b, "newest"), NTP_WRITE_DONE);
	assert_int_equal(write_bench_count(b, 0, "3"), 2);
	write_bench_stop(b);
}

/* A variable that was made by "setvar" is written by "setvar" only. */
static void
variable_made_by_setvar_stays_in_its_list(void **state)
{
	(void)state;
	for (int is_default = 0; is_default < 2; is_default++) {
		struct write_bench *b = start();
		struct write_var *var = &b->daemons[0].vars[0];

		var->is_rw = false;
		var->is_default = is_default;
		assert_int_equal(write_site(b, "new"), NTP_WRITE_DONE);
		assert_int_equal(var->is_default, is_default);
		assert_string_equal(var->value, "new");
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_RESTORED);
		assert_int_equal(var->is_default, is_default);
		assert_string_equal(var->value, "old");
		/* The refusal may have had to do with this variable only. */
		assert_int_equal(write_site(b, "newer"), NTP_WRITE_DONE);
		assert_int_equal(write_bench_count(b, 0, "3 site=new"), 2);
		write_bench_stop(b);
	}
}

/* "setvar" could not write the quotes back. */
static void
quoted_value_is_not_changed_by_setvar(void **state)
{
	struct write_bench *b = start();
	struct write_daemon *w = &b->daemons[0];

	(void)state;
	strcpy(w->vars[0].value, "\"old\"");
	w->has_no_writevar = true;
	w->sign_error = WRITE_SIGN_NOT;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(write_site(b, "new"), NTP_WRITE_NOT_CARRIED);
		assert_string_equal(write_bench_detail(b, 0, "site"),
		    "the present value could not be restored");
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
	}
	assert_int_equal(write_bench_count(b, 0, "3"), 1);
	assert_int_equal(write_bench_count(b, 0, "8"), 0);
	assert_string_equal(write_bench_value(b, 0, "site"), "\"old\"");
	write_bench_stop(b);
}

static void
setvar_has_to_be_allowed(void **state)
{
	struct write_bench *b = start();
	struct write_daemon *w = &b->daemons[0];

	(void)state;
	writer_allow(w->writer, TARGET_WRITE_VARIABLES, w->key);
	w->vars[0].is_rw = false;
	assert_int_equal(write_site(b, "new"), NTP_WRITE_PERMISSION);
	w->has_no_writevar = true;
	assert_int_equal(write_site(b, "new"), NTP_WRITE_UNSUPPORTED);
	assert_int_equal(write_site(b, "new"), NTP_WRITE_UNSUPPORTED);
	assert_int_equal(write_bench_count(b, 0, "3"), 3);
	assert_int_equal(write_bench_count(b, 0, "8"), 0);
	write_bench_stop(b);
}

/* That a key is refused is no reason to try it another way. */
static void
refused_key_does_not_lead_to_setvar(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].key = m6_keys_find(b->keys, 2);
	b->daemons[0].sign_error = WRITE_SIGN_NOT;
	assert_int_equal(write_site(b, "new"), NTP_WRITE_KEY_REFUSED);
	assert_int_equal(write_bench_count(b, 0, "8"), 0);
	write_bench_stop(b);
}

static void
setvar_that_fails_tells_why(void **state)
{
	static const struct {
		const char *text;
		enum ntp_write_result result;
	} rows[] = {
		{ "runtime configuration prohibited by restrict ... nomodify\r\n",
		    NTP_WRITE_PROHIBITED },
		{ "column 7 syntax error, unexpected T_String\r\n", NTP_WRITE_SYNTAX },
		{ "runtime configuration failed: request too long", NTP_WRITE_SYNTAX },
		{ "", NTP_WRITE_SYNTAX },
		{ "Config Succeeded\r\n", NTP_WRITE_NOT_STORED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct write_bench *b = start();

		b->daemons[0].has_no_writevar = true;
		b->daemons[0].configures = rows[i].text;
		assert_int_equal(write_site(b, "new"), rows[i].result);
		assert_int_equal(strncmp(write_bench_detail(b, 0, "site"), rows[i].text,
				     strcspn(rows[i].text, "\r")),
		    0);
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
		write_bench_stop(b);
	}
}

static void
list_of_defaults_that_cannot_be_read_stops_setvar(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].vars[0].is_rw = false;
	b->daemons[0].reads_left = 1;
	assert_int_equal(write_site(b, "new"), NTP_WRITE_NO_REPLY);
	assert_int_equal(write_bench_count(b, 0, "8"), 0);
	/* The refusal of the writevar was signed: nothing is to be restored. */
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
	write_bench_stop(b);
}

static void
lost_answer_to_setvar_is_read_back(void **state)
{
	struct write_bench *b = start();

	(void)state;
	b->daemons[0].vars[0].is_rw = false;
	b->daemons[0].sign = WRITE_SIGN_WRONG;
	assert_int_equal(write_site(b, "new"), NTP_WRITE_DONE);
	assert_int_equal(write_bench_count(b, 0, "8"), 1);
	write_bench_stop(b);
}

/* --- commands ----------------------------------------------------------------------- */

static void
command_is_carried_out_and_told_in_the_daemons_words(void **state)
{
	struct write_bench *b = start();

	(void)state;
	assert_int_equal(command(b, "fudge 127.127.1.0 stratum 7"), NTP_WRITE_DONE);
	assert_int_equal(b->daemons[0].n_log, 2);
	assert_string_equal(b->daemons[0].log[0], "1 ");
	assert_non_null(strstr(b->daemons[0].log[1], " fudge 127.127.1.0 stratum 7"));
	assert_string_equal(write_bench_detail(b, 0, ""), "Config Succeeded");
	/* What was done is not undone by anything we know. */
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	assert_int_equal(b->daemons[0].n_log, 2);
	write_bench_stop(b);
}

static void
command_of_any_length_is_padded_in_front(void **state)
{
	char text[NTP_WRITE_COMMAND_MAX + 1] = "";

	(void)state;
	for (size_t len = 1; len <= NTP_WRITE_COMMAND_MAX; len += len < 20 ? 1 : 70) {
		struct write_bench *b = start();

		memset(text, 'c', len);
		assert_int_equal(command(b, text), NTP_WRITE_DONE);
		write_bench_stop(b);
	}
}

static void
command_that_is_refused_tells_why(void **state)
{
	static const struct {
		const char *text;
		int error;
		enum write_sign sign;
		enum ntp_write_result result;
	} rows[] = {
		{ "column 7 syntax error", -1, WRITE_SIGN, NTP_WRITE_SYNTAX },
		{ "prohibited by restrict ... nomodify", -1, WRITE_SIGN,
		    NTP_WRITE_PROHIBITED },
		{ "something new", -1, WRITE_SIGN, NTP_WRITE_SYNTAX },
		{ NULL, M6_ERROR_PERMISSION, WRITE_SIGN, NTP_WRITE_PERMISSION },
		{ NULL, M6_ERROR_PERMISSION, WRITE_SIGN_NOT, NTP_WRITE_KEY_REFUSED },
		{ NULL, M6_ERROR_PERMISSION, WRITE_SIGN_NAK, NTP_WRITE_KEY_REFUSED },
		{ NULL, M6_ERROR_BADOP, WRITE_SIGN_NOT, NTP_WRITE_UNSUPPORTED },
		{ NULL, M6_ERROR_BADVALUE, WRITE_SIGN, NTP_WRITE_BAD_VALUE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct write_bench *b = start();

		b->daemons[0].configures = rows[i].text;
		b->daemons[0].error = rows[i].error;
		b->daemons[0].sign_error = rows[i].sign;
		assert_int_equal(command(b, "tos minsane 2"), rows[i].result);
		if (rows[i].text)
			assert_string_equal(write_bench_detail(b, 0, ""), rows[i].text);
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NONE);
		write_bench_stop(b);
	}
}

/* With a trap receiver ntp.org tells that one, not us. */
static void
silence_is_judged_by_the_associations(void **state)
{
	static const struct {
		bool adds_association;
		size_t gone, others; /* associations */
		enum ntp_write_result result;
		const char *detail;
	} rows[] = {
		{ true, 0, 0, NTP_WRITE_DONE, "no reply; the association list changed" },
		{ false, 1, 0, NTP_WRITE_DONE, "no reply; the association list changed" },
		{ false, 3, 0, NTP_WRITE_DONE, "no reply; the association list changed" },
		{ false, 0, 0, NTP_WRITE_NO_REPLY,
		    "no reply; the association list is as before" },
		/* It was started anew, or something else happened as well. */
		{ false, 0, 1, NTP_WRITE_NO_REPLY,
		    "no reply; the association list is another one" },
		{ true, 0, 3, NTP_WRITE_NO_REPLY,
		    "no reply; the association list is another one" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct write_bench *b = start();
		struct write_daemon *w = &b->daemons[0];
		struct transaction_item item = write_command(b, 0, "server 10.0.0.9");

		writer_know_family(w->writer, NTP_FAMILY_NTPORG);
		w->sign = WRITE_KEEP_SILENT;
		w->adds_association = rows[i].adds_association;
		write_bench_open(b, &item, 1);
		assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NONE);
		w->d.n_assocs -= rows[i].gone;
		for (size_t k = 0; k < rows[i].others; k++)
			w->d.assocs[k].id = (uint16_t)(5000 + k);
		assert_int_equal(step(b, TRANSACTION_APPLY), rows[i].result);
		assert_string_equal(write_bench_detail(b, 0, ""), rows[i].detail);
		assert_int_equal(write_bench_count(b, 0, "8"), 1);
		assert_int_equal(write_bench_count(b, 0, "1"), 2);
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
		write_bench_stop(b);
	}
}

/* No other daemon has traps. */
static void
list_that_changes_is_no_proof_by_itself(void **state)
{
	static const enum ntp_family families[] = { NTP_FAMILY_UNKNOWN,
		NTP_FAMILY_NTPSEC };

	(void)state;
	for (size_t i = 0; i < COUNT(families); i++) {
		struct write_bench *b = start();

		writer_know_family(b->daemons[0].writer, families[i]);
		b->daemons[0].sign = WRITE_KEEP_SILENT;
		b->daemons[0].adds_association = true;
		assert_int_equal(command(b, "server 10.0.0.9"), NTP_WRITE_NO_REPLY);
		assert_string_equal(write_bench_detail(b, 0, ""), "no reply");
		assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
		write_bench_stop(b);
	}
}

/* A daemon that goes away told no trap, though its next life may have more in its list.
 */
static void
refusal_after_a_command_is_no_silence(void **state)
{
	struct write_bench *b = start();
	struct transaction_item item = write_command(b, 0, "server 10.0.0.9");

	(void)state;
	writer_know_family(b->daemons[0].writer, NTP_FAMILY_NTPORG);
	b->daemons[0].sign = WRITE_KEEP_SILENT;
	b->daemons[0].adds_association = true;
	write_bench_open(b, &item, 1);
	assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NONE);
	assert_int_equal(write_bench_begin(b, TRANSACTION_APPLY), 0);
	assert_false(write_bench_run(b, 5 * NS_PER_MS));
	m6_client_input_error(b->daemons[0].d.client, ERR_REFUSED, b->now_ns);
	assert_true(b->is_done || write_bench_run(b, NS_PER_S));
	assert_int_equal(transaction_result(b->t, 0), NTP_WRITE_NO_REPLY);
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	write_bench_stop(b);
}

static void
family_of_another_daemon_is_forgotten(void **state)
{
	struct write_bench *b = start();

	(void)state;
	writer_know_family(b->daemons[0].writer, NTP_FAMILY_NTPORG);
	writer_forget(b->daemons[0].writer);
	b->daemons[0].sign = WRITE_KEEP_SILENT;
	b->daemons[0].adds_association = true;
	assert_int_equal(command(b, "server 10.0.0.9"), NTP_WRITE_NO_REPLY);
	write_bench_stop(b);
}

static void
silence_all_over_is_no_reply(void **state)
{
	struct write_bench *b = start();

	(void)state;
	writer_know_family(b->daemons[0].writer, NTP_FAMILY_NTPORG);
	b->daemons[0].sign = WRITE_KEEP_SILENT;
	b->daemons[0].reads_left = 1;
	assert_int_equal(command(b, "server 10.0.0.9"), NTP_WRITE_NO_REPLY);
	assert_int_equal(step(b, TRANSACTION_UNDO), NTP_WRITE_NOT_RESTORED);
	write_bench_stop(b);
}

static void
daemon_without_associations_takes_commands(void **state)
{
	struct write_bench *b = start();

	(void)state;
	writer_know_family(b->daemons[0].writer, NTP_FAMILY_NTPORG);
	b->daemons[0].d.n_assocs = 0;
	b->daemons[0].sign = WRITE_KEEP_SILENT;
	assert_int_equal(command(b, "disable monitor"), NTP_WRITE_NO_REPLY);
	/* Its list may have filled by itself. */
	b->daemons[0].adds_association = true;
	assert_int_equal(command(b, "server 10.0.0.9"), NTP_WRITE_NO_REPLY);
	write_bench_stop(b);
}

static void
command_to_a_dead_daemon_is_not_sent(void **state)
{
	struct write_bench *b = start();
	struct transaction_item item = write_command(b, 0, "reset sys");

	(void)state;
	b->daemons[0].d.is_silent = true;
	write_bench_open(b, &item, 1);
	assert_int_equal(step(b, TRANSACTION_READ), NTP_WRITE_NO_REPLY);
	assert_int_equal(step(b, TRANSACTION_APPLY), NTP_WRITE_NO_REPLY);
	assert_int_equal(b->daemons[0].d.n_by_op[M6_OP_CONFIGURE], 0);
	write_bench_stop(b);
}

static void
command_has_to_be_allowed_and_carried(void **state)
{
	struct write_bench *b = start();

	(void)state;
	assert_int_equal(command(b, "reset sys\n"), NTP_WRITE_NOT_CARRIED);
	writer_allow(b->daemons[0].writer, TARGET_WRITE_SETVAR, b->daemons[0].key);
	assert_int_equal(command(b, "reset sys"), NTP_WRITE_NOT_ALLOWED);
	assert_int_equal(write_bench_count(b, 0, "8"), 0);
	write_bench_stop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(daemon_without_writevar_gets_setvar_and_is_remembered),
		cmocka_unit_test(variable_made_by_setvar_stays_in_its_list),
		cmocka_unit_test(quoted_value_is_not_changed_by_setvar),
		cmocka_unit_test(setvar_has_to_be_allowed),
		cmocka_unit_test(refused_key_does_not_lead_to_setvar),
		cmocka_unit_test(setvar_that_fails_tells_why),
		cmocka_unit_test(list_of_defaults_that_cannot_be_read_stops_setvar),
		cmocka_unit_test(lost_answer_to_setvar_is_read_back),
		cmocka_unit_test(command_is_carried_out_and_told_in_the_daemons_words),
		cmocka_unit_test(command_of_any_length_is_padded_in_front),
		cmocka_unit_test(command_that_is_refused_tells_why),
		cmocka_unit_test(silence_is_judged_by_the_associations),
		cmocka_unit_test(list_that_changes_is_no_proof_by_itself),
		cmocka_unit_test(refusal_after_a_command_is_no_silence),
		cmocka_unit_test(family_of_another_daemon_is_forgotten),
		cmocka_unit_test(silence_all_over_is_no_reply),
		cmocka_unit_test(daemon_without_associations_takes_commands),
		cmocka_unit_test(command_to_a_dead_daemon_is_not_sent),
		cmocka_unit_test(command_has_to_be_allowed_and_carried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
