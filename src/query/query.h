/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of the program: which host, how to ask it, how to show what it says. */
#ifndef QUERY_QUERY_H
#define QUERY_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mode6/status.h"
#include "mode6/varlist.h"
#include "probe/talk.h"
#include "query/cooked.h"
#include "query/keys.h"
#include "query/names.h"
#include "query/out.h"

enum {
	QUERY_HOST_MAX = TARGET_HOST_MAX + 16, /* octets, with brackets and port */
	QUERY_VARS_MAX = 64,                   /* names that addvars keeps */
	QUERY_TIMEOUT_MAX_MS = 600000,
	QUERY_DEBUG_MAX = 9,
	QUERY_WATCH_INTERVAL_S = 5, /* where none is given */
};

/* How it ends; documented in ntp-query(1). */
enum {
	QUERY_OK = 0,
	QUERY_FAILED = 1,    /* a command was wrong, or the daemon refused it */
	QUERY_USAGE = 2,     /* the command line was wrong */
	QUERY_UNREACHED = 3, /* a host has no address, or does not answer */
	QUERY_NO_OUTPUT = 4, /* what was to be printed could not be written */
};

/* A variable of the list that addvars makes. */
struct query_var {
	char name[M6_NAME_MAX + 1];
	char *value; /* NULL: none */
};

struct query {
	struct out out;

	/* Settings. */
	bool is_raw, wants_names, is_interactive;
	uint32_t debug, timeout_ms; /* timeout 0: by the round trip */
	uint32_t delay_ms;
	uint8_t version;
	enum target_family family;
	struct query_keys keys;
	struct query_var vars[QUERY_VARS_MAX];
	size_t n_vars;
	struct names *names; /* borrowed; NULL: none are looked up */

	/* The host, and what is known of it. */
	char host[QUERY_HOST_MAX + 1]; /* as it was given */
	struct talk *talk;             /* NULL: nobody has asked it yet */
	bool knows_daemon;
	bool is_ntpsec;
	enum m6_era era;
	enum cooked_tests tests;
	unsigned kinds;          /* enum ntp_kind: which ones it may be */
	bool has_noepeer;        /* among its restrictions, which moved those behind it */
	struct m6_assoc *assocs; /* the list of associations, sorted */
	size_t n_assocs;
	bool has_assocs;

	/* Of the command that runs. */
	bool has_said; /* in JSON: the member "text" is open */
	bool is_quiet; /* errors are remembered, but not said */
	char error[TALK_REASON_MAX + QUERY_HOST_MAX];

	bool is_over; /* quit */
	int code;     /* QUERY_OK, or of the first failure */
};

void query_init(struct query *q, FILE *stream, FILE *errors, bool is_json);
void query_free(struct query *q);

/* The host to ask from now on: it is looked up with the first command that asks it. 0, or
 * ERR_SYNTAX. */
int query_set_host(struct query *q, const char *host);
/* Forgets the conversation: settings that shape it were changed. */
void query_disconnect(struct query *q);
/* Looks the host up, unless that was done. An error has been said. */
int query_connect(struct query *q);

/* Connects and asks all. 0 when each has ended in some way; an error has been said. */
int query_ask(struct query *q, struct talk_ask *asks, size_t n);
/* Says what became of a request that failed; returns its error. */
int query_failed(struct query *q, const struct talk_ask *ask);
/* An error, said unless `is_quiet`, and remembered; returns `err`. */
int query_error(struct query *q, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A line of text; in JSON one of the member "text". */
void query_say(struct query *q, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Reads the list of associations anew. */
int query_read_assocs(struct query *q);
/* Takes a list as it came; 0, ERR_PROTOCOL or ERR_NOMEM. */
int query_take_assocs(struct query *q, const struct talk_ask *ask);
/* Finds out which daemon it is, unless that is known. Never fails: a daemon that does not
 * say it is one of today. */
void query_know_daemon(struct query *q);
/* What the daemon says when asked for "version,...". */
void query_take_version(struct query *q, const struct talk_ask *ask);
struct cooked query_cooked(const struct query *q, enum cooked_of of);

/* Runs a line. Sets `code` when it fails. */
void query_line(struct query *q, const char *line);
/* Pushes out what was printed. False when it could not be written, which has been said.
 */
bool query_flush(struct query *q);

#endif
