/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of ntp-query. */
#ifndef QUERY_OPTIONS_H
#define QUERY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/target.h"

enum { QUERY_COMMANDS_MAX = 256, QUERY_HOSTS_MAX = 1024, QUERY_OPERAND_MAX = 1000 };

enum query_action { QUERY_RUN, QUERY_HELP, QUERY_VERSION, QUERY_WRONG };

/* A host, by the family that was asked for in front of it. */
struct query_host {
	const char *name;
	enum target_family family;
};

/* Strings borrow from argv. */
struct query_options {
	enum query_action action;
	enum target_family family; /* without a host */
	bool is_interactive, is_numeric, is_json;
	unsigned debug;
	const char *key_file;                     /* of -k; NULL: none */
	uint32_t key_id;                          /* of -a; 0: none */
	const char *commands[QUERY_COMMANDS_MAX]; /* of -c, and "peers" of -p */
	size_t n_commands;
	char operand[QUERY_OPERAND_MAX + 1]; /* a command in front of the hosts */
	/* Of watch. */
	bool wants_events;
	uint32_t interval_s, count; /* 0: not given */
	struct query_host hosts[QUERY_HOSTS_MAX];
	size_t n_hosts;
	size_t n_qualified; /* hosts there were at the last -4 or -6 */
};

/* Reads argv. What is wrong is said on stderr. */
void query_options_read(struct query_options *o, int argc, char **argv);
void query_options_help(void);
void query_options_version(void);

#endif
