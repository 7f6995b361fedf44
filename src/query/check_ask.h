/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds out the facts that `check` judges. Waits, always for a bounded time. */
#ifndef QUERY_CHECK_ASK_H
#define QUERY_CHECK_ASK_H

#include <stdbool.h>

#include "query/check.h"

struct query;

/* What the command was told; NULL: nothing. Borrowed. */
struct check_options {
	const char *host; /* NULL: the current one */
	const char *agentx, *snmp, *community;
	bool wants_no_agent;
};

/* Zeroed facts but for what was told: nothing has been asked yet. */
void check_ask_nothing(const struct query *q, const struct check_options *options,
    struct check_facts *out);
/* The steps up to CHECK_WRITE. */
void check_ask_daemon(struct query *q, struct check_facts *f);
/* The others. */
void check_ask_agent(struct query *q, const struct check_options *options,
    struct check_facts *f);

/* An interrupt: all that was not asked yet never will be. */
void check_ask_cut_off(struct check_facts *f);

#endif
