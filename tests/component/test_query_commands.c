/* SPDX-License-Identifier: BSD-2-Clause */
/* What commands say of what is wrong with them, and of answers that are seldom given. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mode6/packet.h"
#include "support/query_bench.h"

enum { LINE_CAP = 1000, SILENCE_MS = 500 };

static const struct query_answer usual[] = { { 0 } };

/* "<word> <name>00<rest>,<name>01<rest>,..." */
static const char *
line_of(const char *word, unsigned n, const char *name, const char *rest)
{
	static char line[LINE_CAP];
	size_t used = (size_t)snprintf(line, sizeof(line), "%s ", word);

	for (unsigned i = 0; i < n; i++) {
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s%02u%s",
		    i > 0 ? "," : "", name, i, rest);
		assert_true(used < sizeof(line));
	}
	return line;
}

/* --- the program -------------------------------------------------------------------- */

static void
what_is_no_command_is_told(void **state)
{
	struct query_bench b;

	(void)state;
	query_bench_start(&b, usual);
	query_bench_fails(&b, "help mread", "'mread' can be: mreadvar, mreadlist\n");
	query_bench_fails(&b, "help nothing", "'nothing': no such command\n");
	query_bench_fails(&b, "host -4", "host: expected a host behind -4\n");
	query_bench_fails(&b, "host a b", "usage: host [-4|-6] [host]\n");
	query_bench_fails(&b, "host a:b", "'a:b' is no host\n");
	query_bench_prints(&b, "host 127.0.0.1", "current host is 127.0.0.1\n");
	query_bench_stop(&b);
}

static void
settings_are_told_and_used(void **state)
{
	struct query_bench b;

	(void)state;
	query_bench_start(&b, usual);
	query_bench_prints(&b, "debug more", "debug level is 1\n");
	for (int i = 1; i < 2 * QUERY_DEBUG_MAX; i++)
		query_bench_run(&b, "debug more");
	query_bench_prints(&b, "debug", "debug level is 9\n");
	query_bench_prints(&b, "debug off", "debug level is 0\n");
	query_bench_prints(&b, "debug less", "debug level is 0\n");
	query_bench_shows(&b, "rv 0 stratum", "stratum=3");
	query_bench_prints(&b, "timeout 6000",
	    "a host is given up after 6000 ms of silence\n");
	query_bench_shows(&b, "rv 0 stratum", "stratum=3");
	query_bench_prints(&b, "timeout 0", "timeouts adapt to the host\n");
	query_bench_shows(&b, "rv 0 stratum", "stratum=3");
	query_bench_prints(&b, "keyid", "key id is 1\n");
	b.q.keys.id = 0;
	query_bench_prints(&b, "keyid", "no key id is set\n");
	query_bench_fails(&b, "keytype ''", "'': no type of a key\n");
	query_bench_fails(&b, "keytype 'MD 5'", "'MD 5': no type of a key\n");
	query_bench_prints(&b, "keytype", "secrets that are typed are of the type MD5\n");
	query_bench_stop(&b);
}

static void
the_list_of_variables_takes_names_only(void **state)
{
	struct query_bench b;

	(void)state;
	query_bench_start(&b, usual);
	query_bench_fails(&b, "addvars =1", "'' is no name of a variable\n");
	query_bench_fails(&b, "addvars a b", "'a b' is no name of a variable\n");
	query_bench_fails(&b,
	    "addvars a23456789.123456789.123456789.123456789.123456789.123456789.12345",
	    "is no name of a variable\n");
	query_bench_prints(&b, "addvars leap=1, stratum", "");
	query_bench_prints(&b, "addvars leap = 2 ", "");
	query_bench_prints(&b, "showvars", "leap = 2\nstratum\n");
	query_bench_prints(&b, "clearvars", "");
	query_bench_prints(&b, line_of("addvars", QUERY_VARS_MAX, "v", ""), "");
	query_bench_fails(&b, "addvars more", "no more than 64 variables\n");
	query_bench_prints(&b, "addvars v01=new", "");
	query_bench_stop(&b);
}

static void
files_that_cannot_be_written_are_told(void **state)
{
	struct query_bench b;

	(void)state;
	query_bench_start(&b, usual);
	query_bench_fails(&b, "rv 0 stratum > /tmp/none/such", "No such file");
	if (access("/dev/full", W_OK) == 0)
		query_bench_fails(&b, "rv 0 stratum > /dev/full",
		    "/dev/full: could not be written\n");
	query_bench_shows(&b, "rv 0 stratum", "stratum=3");
	query_bench_stop(&b);
}

/* --- variables ---------------------------------------------------------------------- */

static void
requests_have_room_for_so_many_names(void **state)
{
	struct query_bench b;

	(void)state;
	query_bench_start(&b, usual);
	query_bench_fails(&b, line_of("rv 0", 30, "a.name.of.some.length.", ""),
	    "too many names for one request\n");
	query_bench_fails(&b, line_of("mrv 100 104", 30, "a.name.of.some.length.", ""),
	    "too many names for one request\n");
	query_bench_prints(&b, line_of("addvars", 30, "a.name.of.some.length.", ""), "");
	query_bench_fails(&b, "rl", "the list is too long for one request\n");
	query_bench_fails(&b, "mrl 100 104", "the list is too long for one request\n");
	query_bench_stop(&b);
}

static void
several_need_a_list(void **state)
{
	static const struct query_answer answers[] = {
		{ .op = M6_OP_READSTAT, .times = 1, .error = M6_ERROR_PERMISSION },
		{ .op = M6_OP_READSTAT, .times = 1, .text = "odd" },
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_fails(&b, "mrv 100 104 stratum", "the daemon says: permission");
	query_bench_fails(&b, "mrv 100 104 stratum", "not a list of associations\n");
	query_bench_shows(&b, "mrv 100 104 stratum", "associd=104 ");
	query_bench_stop(&b);
}

/* The list is remembered, the conversation is not: as if its name were gone. */
static void
hosts_without_an_address_are_told(void **state)
{
	struct query_bench b;

	(void)state;
	query_bench_start(&b, usual);
	query_bench_shows(&b, "as", " 104 ");
	query_disconnect(&b.q);
	b.q.family = TARGET_IPV6_ONLY;
	query_bench_fails(&b, "mrv 100 104 stratum", "127.0.0.1:");
	assert_int_equal(b.q.code, QUERY_UNREACHED);
	query_bench_fails(&b, "saveconfig a.conf", "127.0.0.1:");
	assert_int_equal(b.q.code, QUERY_UNREACHED);
	query_bench_fails(&b, "writevar 0 a=1", "127.0.0.1:");
	assert_int_equal(b.q.code, QUERY_UNREACHED);
	assert_null(strchr(strchr(b.errors, '\n') + 1, '\n')); /* said once */
	query_bench_stop(&b);
}

/* --- writing ------------------------------------------------------------------------ */

static void
requests_have_room_for_so_many_values(void **state)
{
	static const char value[] = "=0123456789012345678901234567890123456789";
	struct query_bench b;

	(void)state;
	query_bench_start(&b, usual);
	query_bench_fails(&b, line_of("writevar 0", 65, "v", "=1"),
	    "no more than 64 variables\n");
	query_bench_fails(&b, line_of("writevar 0", 12, "v", value),
	    "too much for one request\n");
	query_bench_stop(&b);
}

/* Nothing can have been written where nobody listens: nothing is read back. */
static void
nobody_writes(void **state)
{
	struct query_bench b;

	(void)state;
	query_bench_start(&b, usual);
	query_bench_end_daemon(&b);
	query_bench_fails(&b, "writevar 0 a=1", "nobody listens there\n");
	assert_null(strstr(b.errors, "read back"));
	query_bench_stop(&b);
}

/* --- configuration ------------------------------------------------------------------ */

static void
a_saved_configuration_is_told(void **state)
{
	static const struct query_answer answers[] = {
		{ .op = M6_OP_SAVECONFIG,
		    .wants = "good.conf",
		    .text = "Configuration saved to 'good.conf'\r\n" },
		{ .op = M6_OP_SAVECONFIG,
		    .wants = "bad.conf",
		    .text = "saveconfig prohibited by restrict ... nomodify\r\n" },
		{ .op = M6_OP_SAVECONFIG, .text = "Conf" },
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_prints(&b, "saveconfig good.conf",
	    "Configuration saved to 'good.conf'\n");
	query_bench_fails(&b, "saveconfig bad.conf",
	    "the daemon says: saveconfig prohibited by restrict ... nomodify\n");
	query_bench_fails(&b, "saveconfig other", "the daemon says: Conf\n");
	query_bench_stop(&b);
}

/* Without an answer the list of associations tells, if it can be had. */
static void
silence_is_judged(void **state)
{
	static const struct query_answer same[] = {
		{ .op = M6_OP_CONFIGURE, .is_silent = true },
		{ 0 },
	};
	static const struct query_answer others[] = {
		{ .op = M6_OP_CONFIGURE, .is_silent = true },
		{ QUERY_LIST("\0\1\x94\x14"), .times = 1 },
		{ QUERY_LIST("\0\2\x94\x14") },
		{ 0 },
	};
	static const struct query_answer none[] = {
		{ .op = M6_OP_CONFIGURE, .is_silent = true },
		{ QUERY_LIST("\0\1\x94\x14"), .times = 1 },
		{ .op = M6_OP_READSTAT, .is_silent = true },
		{ 0 },
	};
	static const struct {
		const struct query_answer *answers;
		int code;
		const char *text;
	} cases[] = {
		{ same, QUERY_UNREACHED,
		    "the associations are the same as before: it may not have been "
		    "taken\n" },
		{ others, QUERY_OK, "the associations are others now: it was taken\n" },
		{ none, QUERY_UNREACHED, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct query_bench b;

		query_bench_start(&b, cases[i].answers);
		b.q.timeout_ms = SILENCE_MS;
		assert_int_equal(query_bench_run(&b, "config server 192.0.2.1"),
		    cases[i].code);
		assert_string_equal(b.text, cases[i].text);
		assert_non_null(strstr(b.errors, "no answer\n"));
		query_bench_stop(&b);
	}
}

/* What may have happened could not be told afterwards: the line is not sent. */
static void
without_a_list_nothing_is_configured(void **state)
{
	static const struct query_answer answers[] = {
		{ .op = M6_OP_READSTAT, .error = M6_ERROR_PERMISSION },
		{ .op = M6_OP_CONFIGURE, .text = "Config Succeeded" },
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_fails(&b, "config server 192.0.2.1", "the daemon says: permission");
	assert_null(strstr(b.text, "Succeeded"));
	query_bench_stop(&b);
}

/* --- a file of it ------------------------------------------------------------------- */

static char path[] = "/tmp/test_query_commands.XXXXXX";

/* `n` times the line, then the last one, into the file. */
static const char *
file_of(unsigned n, const char *line, const char *last)
{
	static char command[sizeof(path) + 32];
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	for (unsigned i = 0; i < n; i++)
		fputs(line, file);
	fputs(last, file);
	assert_int_equal(fclose(file), 0);
	snprintf(command, sizeof(command), "config-from-file %s", path);
	return command;
}

static void
files_are_read_to_their_first_fault(void **state)
{
	static const struct query_answer answers[] = {
		{ .op = M6_OP_CONFIGURE,
		    .wants = "wrong",
		    .text = "column 4 syntax error, unexpected T_String" },
		{ .op = M6_OP_CONFIGURE, .text = "Config Succeeded\r\n" },
		{ 0 },
	};
	struct query_bench b;
	char line[600];

	(void)state;
	assert_int_equal(close(mkstemp(path)), 0);
	query_bench_start(&b, answers);
	query_bench_prints(&b, file_of(2, "# none\n\n  tos minsane 2 \n", ""),
	    "Config Succeeded\nConfig Succeeded\n");
	query_bench_fails(&b, file_of(1, "tos minsane 2\n", "wrong\nnever\n"),
	    ":2: not taken; what follows it was not sent\n");
	assert_string_equal(b.text, "Config Succeeded\n");
	assert_non_null(strstr(b.errors, "column 4 syntax error, unexpected T_String"));
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	query_bench_fails(&b, file_of(1, line, "\n"),
	    "a line of more than 440 characters\n");
	query_bench_prints(&b, file_of(10000, "#\n", ""), "");
	query_bench_fails(&b, file_of(10001, "#\n", ""), ": more than 10000 lines\n");
	query_bench_fails(&b, "config-from-file /tmp", "/tmp: could not be read\n");
	query_bench_fails(&b, "config-from-file /tmp/none/such", "No such file");
	query_bench_stop(&b);
	unlink(path);
}

/* --- lists -------------------------------------------------------------------------- */

#define NONCE \
	{ \
		.op = M6_OP_REQ_NONCE, .text = "nonce=00000064000000000a\r\n" \
	}

static void
clients_of_whom_little_is_told(void **state)
{
	static const struct query_answer answers[] = {
		NONCE,
		{ .op = M6_OP_READ_MRU,
		    .text = "addr.0=192.0.2.1:123, last.0=0x00000060.00000000, "
			    "now=0x00000064.00000000, last.newest=0x00000060.00000000" },
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_prints(&b, "mrulist",
	    "lstint avgint rstr r m v count rport remote address\n"
	    "===================================================\n"
	    "     4      0    - - - -     -   123 192.0.2.1\n");
	query_bench_prints(&b, "mrulist resall=0x40", "no clients\n");
	b.is_json = true;
	query_bench_shows(&b, "mrulist",
	    "\"restrictions\": null, \"mode\": null, \"version\": null, \"count\": null, "
	    "\"port\": 123, \"address\": \"192.0.2.1\", \"restrictions_text\": null, "
	    "\"first\": null, \"last\": \"0x00000060.00000000\"}");
	query_bench_stop(&b);
}

static void
lists_without_an_end_end(void **state)
{
	static const struct query_answer answers[] = {
		NONCE,
		{ .op = M6_OP_READ_MRU,
		    .text = "addr.0=192.0.2.1:123, last.0=0x00000060.00000000" },
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_fails(&b, "mrulist", "the list has no end\n");
	assert_non_null(strstr(b.text, " 192.0.2.1\n"));
	query_bench_fails(&b, "mrulist other=1", "'other=1' is no option");
	query_bench_fails(&b, "mrulist limit=1", "'limit=1' is no option");
	query_bench_stop(&b);
}

static void
rows_and_words_that_are_none(void **state)
{
	static const struct query_answer answers[] = {
		{ .op = M6_OP_READ_ORDLIST, .times = 1, .text = "\r\n" },
		{ .op = M6_OP_READ_ORDLIST,
		    .wants = "ifstats",
		    .text = "name.0=\"lo\", en.0=0, name.2=\"eth0\", en.2=1, "
			    "name.3=\"eth1\", en.3=5" },
		{ .op = M6_OP_READ_ORDLIST,
		    .text = "addr.0=192.0.2.0, mask.0=255.255.255.0, addr.1=10.0.0.0, "
			    "mask.1=255.0.255.0, addr.2=::, mask.2=none" },
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_prints(&b, "ifstats", "the list is empty\n");
	query_bench_prints(&b, "ifstats",
	    "# interface drop\n"
	    "================\n"
	    "0 lo        yes\n"
	    "2 eth0      no\n"
	    "3 eth1      5?\n");
	query_bench_prints(&b, "reslist",
	    "# address   mask\n"
	    "=======================\n"
	    "0 192.0.2.0 /24\n"
	    "1 10.0.0.0  255.0.255.0\n"
	    "2 ::        none\n");
	query_bench_stop(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_command_is_told),
		cmocka_unit_test(settings_are_told_and_used),
		cmocka_unit_test(the_list_of_variables_takes_names_only),
		cmocka_unit_test(files_that_cannot_be_written_are_told),
		cmocka_unit_test(requests_have_room_for_so_many_names),
		cmocka_unit_test(several_need_a_list),
		cmocka_unit_test(hosts_without_an_address_are_told),
		cmocka_unit_test(requests_have_room_for_so_many_values),
		cmocka_unit_test(nobody_writes),
		cmocka_unit_test(a_saved_configuration_is_told),
		cmocka_unit_test(silence_is_judged),
		cmocka_unit_test(without_a_list_nothing_is_configured),
		cmocka_unit_test(files_are_read_to_their_first_fault),
		cmocka_unit_test(clients_of_whom_little_is_told),
		cmocka_unit_test(lists_without_an_end_end),
		cmocka_unit_test(rows_and_words_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
