/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines from a person or a pipe: with editing, history and completion of commands on a
 * terminal, where libedit is there. */
#ifndef QUERY_EDIT_H
#define QUERY_EDIT_H

#include <stdbool.h>

#include "query/out.h"

struct edit;

/* `has_prompt`: somebody is there. NULL when memory is out. */
struct edit *edit_new(struct out *out, bool has_prompt);
void edit_free(struct edit *e); /* NULL allowed */

/* The next line, without its end, borrowed until the next call; NULL at the end of the
 * input. An interrupt gives an empty line. */
const char *edit_line(struct edit *e);

#endif
