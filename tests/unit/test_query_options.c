/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of ntp-query. */
#include "support/check.h"

#include <getopt.h>
#include <string.h>

#include "query/options.h"

enum { ARGS_MAX = QUERY_HOSTS_MAX + 4, ARG_LEN_MAX = 16 };

/* getopt wants words it may move about. */
static void
read_args(struct query_options *o, const char *const *words)
{
	static char texts[ARGS_MAX][ARG_LEN_MAX];
	static char *argv[ARGS_MAX + 1];
	int argc = 0;

	for (; words[argc]; argc++) {
		assert_true(argc < ARGS_MAX && strlen(words[argc]) < ARG_LEN_MAX);
		strcpy(texts[argc], words[argc]);
		argv[argc] = texts[argc];
	}
	argv[argc] = NULL;
	optind = 0; /* from the start */
	opterr = 0;
	query_options_read(o, argc, argv);
}

static void
nothing_is_asked_for_by_default(void **state)
{
	const char *const argv[] = { "ntp-query", NULL };
	struct query_options o;

	(void)state;
	read_args(&o, argv);
	assert_int_equal(o.action, QUERY_RUN);
	assert_int_equal(o.family, TARGET_ANY);
	assert_int_equal(o.n_commands + o.n_hosts + o.debug, 0);
	assert_false(o.is_interactive || o.is_numeric || o.is_json);
}

static void
options_are_read(void **state)
{
	const char *const argv[] = { "ntp-query", "-6ddinp", "-c", "rv 0", "--json", "a",
		"b", NULL };
	struct query_options o;

	(void)state;
	read_args(&o, argv);
	assert_int_equal(o.action, QUERY_RUN);
	assert_int_equal(o.family, TARGET_IPV6_ONLY);
	assert_int_equal(o.debug, 2);
	assert_true(o.is_interactive && o.is_numeric && o.is_json);
	assert_int_equal(o.n_commands, 2);
	assert_string_equal(o.commands[0], "peers");
	assert_string_equal(o.commands[1], "rv 0");
	assert_int_equal(o.n_hosts, 2);
	assert_string_equal(o.hosts[1].name, "b");
}

static void
a_command_may_stand_in_front(void **state)
{
	const char *const argv[] = { "ntp-query", "check", "-n", "a", "agentx=/x y", "b",
		"snmp=\"q\\", NULL };
	const char *const alone[] = { "ntp-query", "check", NULL };
	const char *const behind[] = { "ntp-query", "a", "check", NULL };
	const char *const host[] = { "ntp-query", "check.", NULL };
	struct query_options o;

	(void)state;
	read_args(&o, argv);
	assert_int_equal(o.action, QUERY_RUN);
	assert_int_equal(o.n_commands, 1);
	assert_string_equal(o.commands[0], "check \"agentx=/x y\" \"snmp=\\\"q\\\\\"");
	assert_int_equal(o.n_hosts, 2);
	assert_string_equal(o.hosts[0].name, "a");
	assert_string_equal(o.hosts[1].name, "b");
	read_args(&o, alone);
	assert_int_equal(o.n_commands, 1);
	assert_int_equal(o.n_hosts, 0);
	read_args(&o, behind);
	assert_int_equal(o.n_commands, 0);
	assert_int_equal(o.n_hosts, 2);
	read_args(&o, host);
	assert_int_equal(o.n_commands, 0);
	assert_string_equal(o.hosts[0].name, "check.");
}

static void
too_long_words_of_a_command_are_refused(void **state)
{
	static char check[] = "check", program[] = "ntp-query";
	static char word[QUERY_OPERAND_MAX];
	char *argv[] = { program, check, word, NULL };
	struct query_options o;

	(void)state;
	memset(word, '=', sizeof(word) - 1);
	optind = 0;
	query_options_read(&o, 3, argv);
	assert_int_equal(o.action, QUERY_WRONG);
	word[sizeof(word) - 10] = '\0';
	optind = 0;
	query_options_read(&o, 3, argv);
	assert_int_equal(o.action, QUERY_RUN);
	assert_int_equal(strlen(o.commands[0]), QUERY_OPERAND_MAX - 2);
}

static void
words_do_the_same(void **state)
{
	const char *const argv[] = { "ntp-query", "--ipv4", "--command=as", "--peers",
		"--numeric", "--debug", "--interactive", "--key=65535", "--keyfile=k",
		NULL };
	struct query_options o;

	(void)state;
	read_args(&o, argv);
	assert_int_equal(o.family, TARGET_IPV4_ONLY);
	assert_int_equal(o.n_commands, 2);
	assert_int_equal(o.debug, 1);
	assert_true(o.is_interactive && o.is_numeric);
	assert_int_equal(o.key_id, 65535);
	assert_string_equal(o.key_file, "k");
}

static void
actions_are_told(void **state)
{
	static const struct {
		const char *option;
		enum query_action action;
	} rows[] = {
		{ "-h", QUERY_HELP },
		{ "--help", QUERY_HELP },
		{ "-V", QUERY_VERSION },
		{ "--version", QUERY_VERSION },
		{ "-x", QUERY_WRONG },
		{ "--nothing", QUERY_WRONG },
		{ "-c", QUERY_WRONG },
		{ "-k", QUERY_WRONG },
		{ "-a1", QUERY_RUN },
		{ "-a0", QUERY_WRONG },
		{ "-a65536", QUERY_WRONG },
		{ "-ax", QUERY_WRONG },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *const argv[] = { "ntp-query", rows[i].option, NULL };
		struct query_options o;

		read_args(&o, argv);
		assert_int_equal(o.action, rows[i].action);
	}
}

static void
watch_may_stand_before_the_hosts(void **state)
{
	static const struct {
		const char *argv[8];
		enum query_action action;
		const char *command; /* NULL: none */
		size_t n_hosts;
	} rows[] = {
		{ { "ntp-query", "watch" }, QUERY_RUN, "watch 5 billboard", 0 },
		{ { "ntp-query", "watch", "h" }, QUERY_RUN, "watch 5 billboard", 1 },
		{ { "ntp-query", "watch", "--events", "h" }, QUERY_RUN, "watch 5 events",
		    1 },
		{ { "ntp-query", "--interval=2", "watch", "h", "--count=3" }, QUERY_RUN,
		    "watch 2 billboard 3", 1 },
		{ { "ntp-query", "watch", "--count=1", "h", "i" }, QUERY_RUN,
		    "watch 5 billboard 1", 2 },
		{ { "ntp-query", "watch", "h", "i" }, QUERY_WRONG, NULL, 0 },
		{ { "ntp-query", "h", "watch" }, QUERY_RUN, NULL, 2 },
		{ { "ntp-query", "watch:123" }, QUERY_RUN, NULL, 1 },
		{ { "ntp-query", "--events", "h" }, QUERY_WRONG, NULL, 0 },
		{ { "ntp-query", "--count=1" }, QUERY_WRONG, NULL, 0 },
		{ { "ntp-query", "watch", "--count=0" }, QUERY_WRONG, NULL, 0 },
		{ { "ntp-query", "watch", "--interval=x" }, QUERY_WRONG, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct query_options o;

		read_args(&o, rows[i].argv);
		assert_int_equal(o.action, rows[i].action);
		if (o.action != QUERY_RUN)
			continue;
		assert_int_equal(o.n_hosts, rows[i].n_hosts);
		assert_int_equal(o.n_commands, rows[i].command ? 1 : 0);
		if (rows[i].command)
			assert_string_equal(o.commands[0], rows[i].command);
	}
}

/* Each host by the family in front of it; one behind all hosts is for those without. */
static void
families_are_of_the_hosts_behind_them(void **state)
{
	static const struct {
		const char *argv[8];
		enum target_family families[3];
	} rows[] = {
		{ { "ntp-query", "a", "-4", "b", "-6", "c" },
		    { TARGET_ANY, TARGET_IPV4_ONLY, TARGET_IPV6_ONLY } },
		{ { "ntp-query", "-6", "a", "b", "-p", "c" },
		    { TARGET_IPV6_ONLY, TARGET_IPV6_ONLY, TARGET_IPV6_ONLY } },
		{ { "ntp-query", "a", "b", "c", "-4" },
		    { TARGET_IPV4_ONLY, TARGET_IPV4_ONLY, TARGET_IPV4_ONLY } },
		{ { "ntp-query", "-4", "a", "-6", "--", "b", "c" },
		    { TARGET_IPV4_ONLY, TARGET_IPV6_ONLY, TARGET_IPV6_ONLY } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct query_options o;

		read_args(&o, rows[i].argv);
		assert_int_equal(o.action, QUERY_RUN);
		assert_int_equal(o.n_hosts, 3);
		for (size_t k = 0; k < 3; k++) {
			assert_int_equal(o.hosts[k].name[0], 'a' + (int)k);
			assert_int_equal(o.hosts[k].family, rows[i].families[k]);
		}
	}
}

static void
too_many_commands_are_refused(void **state)
{
	static const char *argv[QUERY_COMMANDS_MAX + 3];
	struct query_options o;

	(void)state;
	argv[0] = "ntp-query";
	for (size_t i = 1; i <= QUERY_COMMANDS_MAX; i++)
		argv[i] = "-p";
	read_args(&o, argv);
	assert_int_equal(o.action, QUERY_RUN);
	argv[QUERY_COMMANDS_MAX + 1] = "-p";
	read_args(&o, argv);
	assert_int_equal(o.action, QUERY_WRONG);
}

/* Behind "--" as before it. */
static void
too_many_hosts_are_refused(void **state)
{
	static const char *argv[QUERY_HOSTS_MAX + 4];
	struct query_options o;

	(void)state;
	argv[0] = "ntp-query";
	for (size_t i = 1; i <= QUERY_HOSTS_MAX; i++)
		argv[i] = "a";
	read_args(&o, argv);
	assert_int_equal(o.action, QUERY_RUN);
	assert_int_equal(o.n_hosts, QUERY_HOSTS_MAX);
	argv[QUERY_HOSTS_MAX + 1] = "a";
	read_args(&o, argv);
	assert_int_equal(o.action, QUERY_WRONG);
	argv[1] = "--";
	read_args(&o, argv);
	assert_int_equal(o.action, QUERY_RUN);
	argv[QUERY_HOSTS_MAX + 2] = "a";
	read_args(&o, argv);
	assert_int_equal(o.action, QUERY_WRONG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_asked_for_by_default),
		cmocka_unit_test(options_are_read),
		cmocka_unit_test(a_command_may_stand_in_front),
		cmocka_unit_test(too_long_words_of_a_command_are_refused),
		cmocka_unit_test(words_do_the_same),
		cmocka_unit_test(actions_are_told),
		cmocka_unit_test(watch_may_stand_before_the_hosts),
		cmocka_unit_test(families_are_of_the_hosts_behind_them),
		cmocka_unit_test(too_many_commands_are_refused),
		cmocka_unit_test(too_many_hosts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
