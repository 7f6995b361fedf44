/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands are rows: a name, arguments that are checked before anything is done, a line
 * and a few lines of help, and the function. */
#ifndef QUERY_COMMAND_H
#define QUERY_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "query/words.h"

struct query;

enum arg_kind {
	ARG_END = 0, /* behind the last one */
	ARG_ASSOC,   /* an association id, or "&n": the nth of the list */
	ARG_NUMBER,  /* min..max */
	ARG_CHOICE,  /* one of `choices`, or a unique beginning of one */
	ARG_WORD,
	ARG_REST, /* the rest of the line, as it stands */
};

enum { COMMAND_ARGS_MAX = 3, COMMAND_CHOICES_MAX = 4 };

struct arg {
	enum arg_kind kind;
	const char *name; /* as help shows it */
	bool is_optional;
	uint32_t min, max;
	const char *choices[COMMAND_CHOICES_MAX];
};

/* An argument that was given; borrowed from the line. */
struct value {
	bool is_set;
	uint32_t number;  /* of ARG_CHOICE its index */
	const char *text; /* of ARG_REST not terminated */
	size_t len;
};

/* A bit of `variant`: in JSON it prints objects of its own, as they come. */
enum { COMMAND_STREAMS = 0x8000 };

#define NO_ARGS \
	{ \
		{ \
			.kind = ARG_END \
		} \
	}

struct command {
	const char *name, *alias; /* alias: "" none */
	struct arg args[COMMAND_ARGS_MAX];
	const char *help;  /* one line */
	const char *usage; /* more of it; "" nothing */
	/* 0, or an error that has been said. */
	int (*run)(struct query *q, const struct command *c, const struct value *values);
	unsigned variant; /* for a function of several commands */
};

/* The groups of rows. */
struct command_group {
	const struct command *rows;
	size_t n;
};
extern const struct command_group command_internal, command_assoc, command_peers,
    command_vars, command_keys, command_write, command_config, command_reports,
    command_mru, command_lists, command_check, command_watch;

size_t command_count(void);
const struct command *command_at(size_t i);

/* By name, alias, or a unique beginning of a name. 0 and *out; ERR_NOTFOUND; ERR_CONFLICT
 * when several begin so: then `matches`, of `cap` octets, lists them. */
int command_find(const char *word, const struct command **out, char *matches, size_t cap);

/* What the tab key adds to line[0..len): the rest of the command, behind "help" too, with
 * a blank when there is only one; or what all that begin so have in common. Returns its
 * length; 0 nothing. */
size_t command_complete(const char *line, size_t len, char *out, size_t cap);

/* "readvar [assocID] [names]". */
size_t command_synopsis(const struct command *c, char *out, size_t cap);

/* Reads the words behind the command. 0, or ERR_SYNTAX with an explanation in `problem`.
 * An association "&n" stays a number with `is_index` of its place set, for the caller to
 * look up. */
int command_arguments(const struct command *c, const char *line, const struct words *w,
    struct value values[COMMAND_ARGS_MAX], bool is_index[COMMAND_ARGS_MAX], char *problem,
    size_t cap);

#endif
