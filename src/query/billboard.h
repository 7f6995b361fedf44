/* SPDX-License-Identifier: BSD-2-Clause */
/* The billboards: a row for each association. */
#ifndef QUERY_BILLBOARD_H
#define QUERY_BILLBOARD_H

#include "query/peers.h"
#include "query/table.h"

enum {
	BILLBOARD_ALL = 1, /* those too that are neither configured nor reachable */
	BILLBOARD_OLD_STYLE =
	    2,                /* local address, no reference id; dispersion at the end */
	BILLBOARD_APEERS = 4, /* reference id in hexadecimal, and the association */
};

/* The column with association ids of a billboard of neither style. */
enum { BILLBOARD_KEY = 1 };

/* Their rows; NULL when memory is out. Names that are to be shown must have been looked
 * up. */
struct table *billboard_new(const struct query *q, const struct peers *all,
    unsigned variant);

#endif
