/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of ntp-agentxd. */
#include "daemon/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "daemon/sandbox.h"
#include "snmp/runtime.h"

enum { LONG_MASTER = 256, LONG_DUMP, LONG_FILTER, LONG_CHECK, LONG_SNMP, LONG_COMMUNITY };

enum kind { KIND_FLAG, KIND_TEXT, KIND_ACTION };

static void
set_flag(struct options *o, int letter)
{
	if (letter == 'f')
		o->foreground = true;
	else
		o->only_extra_config = true;
}

/* One row per option: what it is called, what it does, how help shows it. */
static const struct option_row {
	int code; /* letter, or above 255 for one without */
	const char *word;
	enum kind kind;
	enum options_action action; /* KIND_ACTION */
	size_t text_offset;         /* KIND_TEXT: a const char * in struct options */
	const char *argument;       /* NULL: takes none */
	const char *help;
} rows[] = {
	/* clang-format off */
	{ 'f', "foreground",   KIND_FLAG,   OPTIONS_RUN, 0, NULL, "stay in the foreground" },
	{ 'c', "config",       KIND_TEXT,   OPTIONS_RUN, offsetof(struct options, extra_config), "FILE", "read FILE too" },
	{ 'C', "only-config",  KIND_FLAG,   OPTIONS_RUN, 0, NULL, "read no configuration files but those of -c" },
	{ 'x', "agentx",       KIND_TEXT,   OPTIONS_RUN, offsetof(struct options, agentx_socket), "SOCKET", "AgentX socket of the master agent" },
	{ 'p', "pid-file",     KIND_TEXT,   OPTIONS_RUN, offsetof(struct options, pid_file), "FILE", "write the process id to FILE" },
	{ 'u', "user",         KIND_TEXT,   OPTIONS_RUN, offsetof(struct options, user), "USER", "run as USER" },
	{ 'g', "group",        KIND_TEXT,   OPTIONS_RUN, offsetof(struct options, group), "GROUP", "run with GROUP" },
	{ 't', "check-config", KIND_ACTION, OPTIONS_CHECK_CONFIG, 0, NULL, "check the configuration and end" },
	{ LONG_CHECK, "check", KIND_ACTION, OPTIONS_CHECK, 0, NULL, "check the way from each daemon to a manager, end" },
	{ LONG_SNMP, "snmp",   KIND_TEXT,   OPTIONS_RUN, offsetof(struct options, snmp), "ADDR", "with --check: where snmpd answers" },
	{ LONG_COMMUNITY, "community", KIND_TEXT, OPTIONS_RUN, offsetof(struct options, community), "NAME", "with --check: whom it knows" },
	{ LONG_DUMP, "dump",   KIND_ACTION, OPTIONS_DUMP, 0, NULL, "ask every target once, print all objects, end" },
	{ LONG_MASTER, "master", KIND_TEXT, OPTIONS_RUN, offsetof(struct options, master), "ADDR", "be the SNMP agent itself, listening on ADDR" },
	{ LONG_FILTER, "filter", KIND_TEXT, OPTIONS_RUN, offsetof(struct options, filter), "MODE", "system calls not needed: on, off, strict" },
	{ 'H', "directives",   KIND_ACTION, OPTIONS_DIRECTIVES, 0, NULL, "list the configuration directives" },
	{ 'h', "help",         KIND_ACTION, OPTIONS_HELP, 0, NULL, "print this help" },
	{ 'v', "version",      KIND_ACTION, OPTIONS_VERSION, 0, NULL, "print the version" },
	/* clang-format on */
};

enum { N_ROWS = sizeof(rows) / sizeof(rows[0]), EXTRA_LETTERS = 5 };

static const struct option_row *
row_of(int code)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].code == code)
			return &rows[i];
	}
	return NULL;
}

/* getopt's tables, made from the rows; -L and -D, whose arguments are Net-SNMP's, added.
 */
static void
make_tables(char letters[2 * N_ROWS + EXTRA_LETTERS], struct option words[N_ROWS + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < N_ROWS; i++) {
		bool has_argument = rows[i].argument != NULL;

		words[i] = (struct option){ rows[i].word,
			has_argument ? required_argument : no_argument, NULL,
			rows[i].code };
		if (rows[i].code > UINT8_MAX)
			continue;
		letters[n++] = (char)rows[i].code;
		if (has_argument)
			letters[n++] = ':';
	}
	words[N_ROWS] = (struct option){ 0 };
	memcpy(letters + n, "L:D:", EXTRA_LETTERS);
}

static void
apply(struct options *o, const struct option_row *row, const char *argument)
{
	switch (row->kind) {
	case KIND_FLAG:
		set_flag(o, row->code);
		break;
	case KIND_TEXT:
		memcpy((char *)o + row->text_offset, &argument, sizeof(argument));
		break;
	case KIND_ACTION:
		o->action = row->action;
		break;
	}
}

/* False when the option is wrong. */
static bool
read_one(struct options *o, int code, int argc, char **argv)
{
	const struct option_row *row = row_of(code);

	if (row != NULL) {
		apply(o, row, optarg);
		return true;
	}
	if (code == 'D') {
		runtime_debug(optarg);
		return true;
	}
	return code == 'L' && runtime_log_options(optarg, argc, argv) == 0;
}

void
options_read(struct options *o, int argc, char **argv)
{
	char letters[2 * N_ROWS + EXTRA_LETTERS];
	struct option words[N_ROWS + 1];
	enum sandbox_mode mode;
	int code;

	*o = (struct options){ .action = OPTIONS_RUN };
	make_tables(letters, words);
	while ((code = getopt_long(argc, argv, letters, words, NULL)) != -1) {
		if (!read_one(o, code, argc, argv)) {
			o->action = OPTIONS_WRONG;
			break;
		}
	}
	if (o->action != OPTIONS_WRONG && optind < argc) {
		fprintf(stderr, "%s: unexpected argument '%s'\n", argv[0], argv[optind]);
		o->action = OPTIONS_WRONG;
	}
	if (o->action != OPTIONS_WRONG && !sandbox_mode_of(o->filter, &mode)) {
		fprintf(stderr, "%s: --filter is on, off or strict\n", argv[0]);
		o->action = OPTIONS_WRONG;
	}
	if (o->action == OPTIONS_WRONG)
		fprintf(stderr, "Try '%s --help'.\n", argv[0]);
}

void
options_print_help(void)
{
	puts("Usage: ntp-agentxd [OPTION]...\n"
	     "Serves the state of NTP daemons over SNMP, as a subagent of snmpd.\n");
	for (size_t i = 0; i < N_ROWS; i++) {
		const char *argument = rows[i].argument == NULL ? "" : rows[i].argument;
		int width = 28 - (int)strlen(rows[i].word);

		if (rows[i].code <= UINT8_MAX)
			printf("  -%c, --%s %-*s %s\n", rows[i].code, rows[i].word, width,
			    argument, rows[i].help);
		else
			printf("      --%s %-*s %s\n", rows[i].word, width, argument,
			    rows[i].help);
	}
	puts(
	    "  -D TOKENS                          what the library logs, as in snmpd(8)\n"
	    "  -L OPTIONS                         where to log to, as in snmpd(8)\n\n"
	    "Configuration: ntp-agentxd.conf(5). Manual: ntp-agentxd(8).");
}

void
options_print_version(void)
{
	printf("ntp-agentxd %s (Net-SNMP %s)\n", PACKAGE_VERSION,
	    runtime_library_version());
}
