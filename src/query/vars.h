/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of variables as they are typed, and variables as they came. */
#ifndef QUERY_VARS_H
#define QUERY_VARS_H

#include <stddef.h>

#include "mode6/packet.h"
#include "query/query.h"

/* Names for a request, in the only form every daemon reads. */
struct vars_names {
	char text[M6_REQUEST_MAX];
	size_t len;
};

/* Takes "a, b c" apart. 0; ERR_SYNTAX for what is no name; ERR_FULL. */
int vars_names(const char *text, size_t len, struct vars_names *out);

/* Prints an answer: the status word, then the variables, in words or raw. In JSON as
 * members of the object that is open. */
void vars_print(struct query *q, const struct talk_ask *ask);

#endif
