/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of ntp-agentxd. */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <stdbool.h>

enum options_action {
	OPTIONS_RUN,
	OPTIONS_DUMP,
	OPTIONS_CHECK_CONFIG,
	OPTIONS_CHECK,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_DIRECTIVES,
	OPTIONS_WRONG, /* was explained on stderr */
};

/* Exit codes of the program, documented in ntp-agentxd(8). */
enum {
	EXIT_OK = 0,
	EXIT_RUNTIME = 1,
	EXIT_USAGE = 2,
	EXIT_CONFIG = 3,
	EXIT_UNANSWERED = 4,
	EXIT_CHECK = 5, /* a step of --check failed */
};

/* Strings borrow from argv. */
struct options {
	enum options_action action;
	bool foreground;
	bool only_extra_config;
	const char *extra_config;
	const char *agentx_socket;
	const char *pid_file;
	const char *user, *group;
	const char *master;
	const char *filter;           /* a word that sandbox_mode_of() knows */
	const char *snmp, *community; /* for --check */
};

/* Reads argv. Logging (-L) and debugging (-D) take effect at once, since they shape how
 * everything after them reports. */
void options_read(struct options *o, int argc, char **argv);
void options_print_help(void);
void options_print_version(void);

#endif
