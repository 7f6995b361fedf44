/* SPDX-License-Identifier: BSD-2-Clause */
/* One answer to READ_MRU, taken apart. Private to mru. */
#ifndef QUERY_MRU_ANSWER_H
#define QUERY_MRU_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "mode6/varlist.h"
#include "query/mru.h"

struct mru_answer {
	/* By their number in the answer. What an entry has, it has in good form. */
	struct mru_entry entries[MRU_LIMIT_MAX];
	struct m6_var addrs[MRU_LIMIT_MAX], lasts[MRU_LIMIT_MAX]; /* as they came */
	struct m6_var nonce; /* name NULL: there is none */
	bool is_end;         /* of the list, at `now` */
	struct ntp_stamp now;
};

/* Borrows the payload. */
void mru_answer_read(struct mru_answer *a, const char *payload, size_t len);

#endif
