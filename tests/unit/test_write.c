/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be written, and the words for what became of it. */
#include "support/check.h"

#include <string.h>

#include "mode6/packet.h"
#include "mode6/varlist.h"
#include "model/system.h"
#include "model/write.h"
#include "support/recording.h"

static void
every_result_has_words_of_its_own(void **state)
{
	(void)state;
	for (int a = 0; a < NTP_WRITE_RESULT_COUNT; a++) {
		const char *text = ntp_write_text((enum ntp_write_result)a);

		assert_true(strlen(text) > 0);
		for (int b = 0; b < a; b++)
			assert_string_not_equal(text,
			    ntp_write_text((enum ntp_write_result)b));
	}
	assert_string_equal(ntp_write_text(NTP_WRITE_RESULT_COUNT), "unknown result");
	assert_string_equal(ntp_write_text((enum ntp_write_result) - 1),
	    "unknown result");
}

static bool
carries_name(const char *name)
{
	return ntp_write_carries_name(name, strlen(name));
}

static void
names_are_letters_digits_and_three_marks(void **state)
{
	char longest[NTP_WRITE_NAME_MAX + 2];

	(void)state;
	assert_true(carries_name("site"));
	assert_true(carries_name("Site-2_b.c"));
	assert_false(carries_name(""));
	assert_false(carries_name("a b"));
	assert_false(carries_name("a,b"));
	assert_false(carries_name("a=b"));
	assert_false(carries_name("a\"b"));
	assert_false(carries_name("s\xc3\xa4"));
	assert_false(ntp_write_carries_name("a\0b", 3));
	memset(longest, 'n', sizeof(longest));
	assert_true(ntp_write_carries_name(longest, NTP_WRITE_NAME_MAX));
	assert_false(ntp_write_carries_name(longest, NTP_WRITE_NAME_MAX + 1));
}

static bool
carries_value(const char *value)
{
	return ntp_write_carries_value(value, strlen(value));
}

static void
values_are_what_comes_back_as_it_was(void **state)
{
	char longest[NTP_WRITE_VALUE_MAX + 1];

	(void)state;
	assert_true(carries_value(""));
	assert_true(carries_value("a"));
	assert_true(carries_value("room 7 = lab; ~!'\\"));
	assert_false(carries_value(" a"));
	assert_false(carries_value("a "));
	assert_false(carries_value(" "));
	assert_false(carries_value("a\tb"));
	assert_false(carries_value("a,b"));
	assert_false(carries_value("a\"b"));
	assert_false(carries_value("a\r\nb"));
	assert_false(carries_value("\xe4"));
	assert_false(carries_value("a\x7f"));
	assert_false(ntp_write_carries_value("a\0b", 3));
	memset(longest, 'v', sizeof(longest));
	assert_true(ntp_write_carries_value(longest, NTP_WRITE_VALUE_MAX));
	assert_false(ntp_write_carries_value(longest, NTP_WRITE_VALUE_MAX + 1));
	assert_true(ntp_write_carries_value(NULL, 0));
}

static bool
carries_command(const char *command)
{
	return ntp_write_carries_command(command, strlen(command));
}

static void
commands_are_one_statement_of_printable_text(void **state)
{
	char longest[NTP_WRITE_COMMAND_MAX + 1];

	(void)state;
	assert_true(carries_command("setvar site = \"lab, one\" default"));
	assert_true(carries_command("server\t10.0.0.1 iburst"));
	assert_true(carries_command("x"));
	assert_false(carries_command(""));
	assert_false(carries_command(" reset sys"));
	assert_false(carries_command("reset sys "));
	assert_false(carries_command("reset sys\t"));
	assert_false(carries_command("reset sys\nreset io"));
	assert_false(carries_command("reset\x7fsys"));
	assert_false(carries_command("fudge \xc3\xa4"));
	assert_false(ntp_write_carries_command("a\0b", 3));
	memset(longest, 'c', sizeof(longest));
	assert_true(ntp_write_carries_command(longest, NTP_WRITE_COMMAND_MAX));
	assert_false(ntp_write_carries_command(longest, NTP_WRITE_COMMAND_MAX + 1));
}

static bool
is_builtin(const char *name)
{
	return ntp_write_is_builtin(name, strlen(name));
}

static void
daemons_keep_their_own_names(void **state)
{
	static const char *const own[] = { "leap", "sys_var_list", "daemon_version",
		"settimeofday", "savedconfig", "ss_thisver", "ss_numctlreq_r",
		"nts_ke_serves_good", "mssntp_serves", "rootdispersion", "used_rbuf",
		"authkeys", "cert", "kppsstbexc" };
	static const char *const others[] = { "site", "leapx", "lea", "", "ss_", "Leap",
		"nts", "kitchen", "rwdef" };

	(void)state;
	for (size_t i = 0; i < ntp_system_vars.n_rows; i++)
		assert_true(is_builtin(ntp_system_vars.rows[i].name));
	for (size_t i = 0; i < COUNT(own); i++)
		assert_true(is_builtin(own[i]));
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(is_builtin(others[i]));
}

/* Every name in a list of comma-separated names is known. */
static void
check_names(const char *list, size_t len)
{
	for (size_t at = 0, n; at < len; at += n + 1) {
		for (n = 0; at + n < len && list[at + n] != ','; n++)
			;
		assert_true(ntp_write_is_builtin(list + at, n));
	}
}

static void
names_that_real_daemons_list_are_known(void **state)
{
	struct recording *rec =
	    recording_load("tests/recordings/ntpd-4.2.8p15-client.txt");
	const struct recorded_exchange *ex;
	struct m6_varlist list;
	struct m6_var var;

	(void)state;
	assert_non_null(rec);
	ex = recording_find(rec, M6_OP_READVAR, 0, "sys_var_list");
	assert_non_null(ex);
	list = m6_varlist_start(ex->data, ex->data_len);
	assert_true(m6_varlist_next(&list, &var));
	assert_true(var.value_len > 400);
	check_names(var.value, var.value_len);
	recording_free(rec);
}

static void
answers_to_configure_are_told_by_their_words(void **state)
{
	static const struct {
		const char *text;
		enum ntp_write_result result;
	} rows[] = {
		{ "Config Succeeded", NTP_WRITE_DONE },
		{ "\r\n Config Succeeded\r\n", NTP_WRITE_DONE },
		{ "Config Succeede", NTP_WRITE_SYNTAX },
		{ "column 0 syntax error, unexpected T_String", NTP_WRITE_SYNTAX },
		{ "runtime configuration prohibited by restrict ... nomodify",
		    NTP_WRITE_PROHIBITED },
		{ "nomodif", NTP_WRITE_SYNTAX },
		{ "", NTP_WRITE_SYNTAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(ntp_write_configured(rows[i].text, strlen(rows[i].text)),
		    rows[i].result);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_result_has_words_of_its_own),
		cmocka_unit_test(answers_to_configure_are_told_by_their_words),
		cmocka_unit_test(names_are_letters_digits_and_three_marks),
		cmocka_unit_test(values_are_what_comes_back_as_it_was),
		cmocka_unit_test(commands_are_one_statement_of_printable_text),
		cmocka_unit_test(daemons_keep_their_own_names),
		cmocka_unit_test(names_that_real_daemons_list_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
