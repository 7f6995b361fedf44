/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of ntp-query. */
#include "query/options.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/scan.h"
#include "base/text.h"
#include "mode6/auth.h"
#include "query/query.h"

enum { OPERAND = 1, LONG_JSON = 256, LONG_EVENTS, LONG_INTERVAL, LONG_COUNT };

/* One row per option: what it is called, and how help shows it. */
static const struct option_row {
	int code; /* letter, or above 255 for one without */
	const char *word;
	const char *argument; /* NULL: takes none */
	const char *help;
} rows[] = {
	/* clang-format off */
	{ '4', "ipv4",        NULL,      "ask hosts behind it by IPv4 only" },
	{ '6', "ipv6",        NULL,      "ask hosts behind it by IPv6 only" },
	{ 'a', "key",         "ID",      "sign with this key" },
	{ 'c', "command",     "COMMAND", "run COMMAND; may be repeated" },
	{ LONG_COUNT, "count", "N",      "watch: end after N readings" },
	{ 'd', "debug",       NULL,      "say what is sent and received; twice: say more" },
	{ LONG_EVENTS, "events", NULL,   "watch: print a line for each event" },
	{ 'h', "help",        NULL,      "print this help" },
	{ 'i', "interactive", NULL,      "read commands from the terminal" },
	{ LONG_INTERVAL, "interval", "SECONDS", "watch: read every SECONDS" },
	{ LONG_JSON, "json",  NULL,      "print JSON, an object for each command" },
	{ 'k', "keyfile",     "FILE",    "the file with the keys" },
	{ 'n', "numeric",     NULL,      "show hosts by address" },
	{ 'p', "peers",       NULL,      "the same as -c peers" },
	{ 'V', "version",     NULL,      "print the version" },
	/* clang-format on */
};

enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

/* getopt's tables, made from the rows. The dash has it tell operands in their place, as
 * an option 1. */
static void
make_tables(char letters[2 * N_ROWS + 2], struct option words[N_ROWS + 1])
{
	size_t n = 0;

	letters[n++] = '-';
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
	letters[n] = '\0';
	words[N_ROWS] = (struct option){ 0 };
}

static bool
add_command(struct query_options *o, const char *command)
{
	if (o->n_commands == QUERY_COMMANDS_MAX) {
		fprintf(stderr, "ntp-query: no more than %d commands\n",
		    QUERY_COMMANDS_MAX);
		return false;
	}
	o->commands[o->n_commands++] = command;
	return true;
}

static bool
add_host(struct query_options *o, const char *name)
{
	if (o->n_hosts == QUERY_HOSTS_MAX) {
		fprintf(stderr, "ntp-query: no more than %d hosts\n", QUERY_HOSTS_MAX);
		return false;
	}
	o->hosts[o->n_hosts++] = (struct query_host){ name, o->family };
	return true;
}

static void
qualify(struct query_options *o, enum target_family family)
{
	o->family = family;
	o->n_qualified = o->n_hosts;
}

/* A qualifier with no host behind it is one of all that have none. */
static void
qualify_rest(struct query_options *o)
{
	for (size_t i = 0; i < o->n_hosts && o->n_qualified == o->n_hosts; i++)
		if (o->hosts[i].family == TARGET_ANY)
			o->hosts[i].family = o->family;
}

/* Commands that may stand in front of the hosts, without -c. The words among the operands
 * that are the command's own have a "=" in them, as no host has. */
static const char *const operands[] = { "check", "watch" };
enum { N_OPERANDS = sizeof(operands) / sizeof(operands[0]) };

/* Behind the command, in quotes. */
static bool
append_word(struct query_options *o, size_t *used, const char *word)
{
	size_t n = *used;

	for (n += text_format(o->operand + n, sizeof(o->operand) - n, " \"");
	     *word != '\0'; word++)
		n += text_format(o->operand + n, sizeof(o->operand) - n, "%s%c",
		    *word == '"' || *word == '\\' ? "\\" : "", *word);
	n += text_format(o->operand + n, sizeof(o->operand) - n, "\"");
	*used = n;
	if (n + 1 < sizeof(o->operand))
		return true;
	fputs("ntp-query: the words of the command are too long\n", stderr);
	return false;
}

/* The command's name with the options that are its arguments. False when those belong to
 * another one. */
static bool
begin_operand(struct query_options *o, const char *word, size_t *used)
{
	bool is_watch = word && strcmp(word, "watch") == 0;
	size_t n = 0;

	if (!is_watch && (o->wants_events || o->interval_s > 0 || o->count > 0)) {
		fputs("ntp-query: --events, --interval and --count belong to watch\n",
		    stderr);
		return false;
	}
	if (word)
		n = text_format(o->operand, sizeof(o->operand), "%s", word);
	if (is_watch)
		n += text_format(o->operand + n, sizeof(o->operand) - n, " %u %s",
		    o->interval_s > 0 ? o->interval_s : (uint32_t)QUERY_WATCH_INTERVAL_S,
		    o->wants_events ? "events" : "billboard");
	if (is_watch && o->count > 0)
		n += text_format(o->operand + n, sizeof(o->operand) - n, " %u", o->count);
	*used = n;
	return true;
}

static const char *
find_operand(const struct query_options *o)
{
	for (size_t i = 0; i < N_OPERANDS; i++)
		if (o->n_hosts > 0 && strcmp(o->hosts[0].name, operands[i]) == 0)
			return operands[i];
	return NULL;
}

/* The first operand, if it is a command, and its words. False when something is wrong. */
static bool
take_operand(struct query_options *o)
{
	const char *word = find_operand(o);
	size_t n_hosts = 0, used;

	if (!begin_operand(o, word, &used))
		return false;
	if (!word)
		return true;
	for (size_t i = 1; i < o->n_hosts; i++) {
		if (!strchr(o->hosts[i].name, '='))
			o->hosts[n_hosts++] = o->hosts[i];
		else if (!append_word(o, &used, o->hosts[i].name))
			return false;
	}
	o->n_hosts = n_hosts;
	if (strcmp(word, "watch") == 0 && o->count == 0 && n_hosts > 1) {
		fputs("ntp-query: watch takes one host, or --count\n", stderr);
		return false;
	}
	return add_command(o, o->operand);
}

static bool
read_key_id(struct query_options *o, const char *text)
{
	if (scan_u32(text, strlen(text), &o->key_id) == 0 && o->key_id > 0 &&
	    o->key_id <= M6_KEY_ID_MAX)
		return true;
	fprintf(stderr, "ntp-query: '%s' is no key id: expected 1 to %d\n", text,
	    M6_KEY_ID_MAX);
	return false;
}

static bool
read_number(const char *option, const char *text, uint32_t *out)
{
	if (scan_u32(text, strlen(text), out) == 0 && *out > 0)
		return true;
	fprintf(stderr, "ntp-query: --%s: '%s' is no number from 1 on\n", option, text);
	return false;
}

/* False when the option is wrong. */
static bool
apply(struct query_options *o, int code, const char *argument)
{
	switch (code) {
	case OPERAND:
		return add_host(o, argument);
	case '4':
		qualify(o, TARGET_IPV4_ONLY);
		return true;
	case '6':
		qualify(o, TARGET_IPV6_ONLY);
		return true;
	case 'a':
		return read_key_id(o, argument);
	case 'c':
		return add_command(o, argument);
	case LONG_COUNT:
		return read_number("count", argument, &o->count);
	case 'd':
		o->debug++;
		return true;
	case LONG_EVENTS:
		o->wants_events = true;
		return true;
	case 'h':
		o->action = QUERY_HELP;
		return true;
	case 'i':
		o->is_interactive = true;
		return true;
	case LONG_INTERVAL:
		return read_number("interval", argument, &o->interval_s);
	case LONG_JSON:
		o->is_json = true;
		return true;
	case 'k':
		o->key_file = argument;
		return true;
	case 'n':
		o->is_numeric = true;
		return true;
	case 'p':
		return add_command(o, "peers");
	case 'V':
		o->action = QUERY_VERSION;
		return true;
	default:
		return false;
	}
}

static void
refuse(struct query_options *o)
{
	o->action = QUERY_WRONG;
	fputs("Try 'ntp-query --help'.\n", stderr);
}

void
query_options_read(struct query_options *o, int argc, char **argv)
{
	char letters[2 * N_ROWS + 2];
	struct option words[N_ROWS + 1];
	int code;

	*o = (struct query_options){ .action = QUERY_RUN };
	make_tables(letters, words);
	while ((code = getopt_long(argc, argv, letters, words, NULL)) != -1) {
		if (apply(o, code, optarg))
			continue;
		refuse(o);
		return;
	}
	/* Behind "--". */
	for (; optind < argc; optind++)
		if (!add_host(o, argv[optind])) {
			refuse(o);
			return;
		}
	qualify_rest(o);
	if (!take_operand(o))
		refuse(o);
}

void
query_options_help(void)
{
	fputs("Usage: ntp-query [OPTION]... [", stdout);
	for (size_t i = 0; i < N_OPERANDS; i++)
		printf("%s%s", i > 0 ? "|" : "", operands[i]);
	puts("] [HOST]...\n"
	     "Asks NTP daemons for their state, localhost by default.\n");
	for (size_t i = 0; i < N_ROWS; i++) {
		const char *argument = rows[i].argument == NULL ? "" : rows[i].argument;
		int width = 22 - (int)strlen(rows[i].word);

		if (rows[i].code <= UINT8_MAX)
			printf("  -%c, --%s %-*s %s\n", rows[i].code, rows[i].word, width,
			    argument, rows[i].help);
		else
			printf("      --%s %-*s %s\n", rows[i].word, width, argument,
			    rows[i].help);
	}
	puts("\nHOST is a name or an address, with a port as in host:123 or "
	     "[2001:db8::1]:123.\n"
	     "Without -c and -p commands are read from the standard input.\n"
	     "Commands: ntp-query -c help. Manual: ntp-query(1).");
}

void
query_options_version(void)
{
	printf("ntp-query %s\n", PACKAGE_VERSION);
}
