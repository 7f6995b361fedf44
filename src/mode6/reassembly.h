/* SPDX-License-Identifier: BSD-2-Clause */
/* The fragments of one mode-6 answer, in any order, to one payload. */
#ifndef MODE6_REASSEMBLY_H
#define MODE6_REASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mode6/packet.h"

enum {
	/* A list of 10,000 associations has 40,000 octets in 86 fragments; ntpq stops at
	 * 32 fragments of 480 octets, which no other answer needs. */
	M6_FRAGMENTS_MAX = 96,
	M6_PAYLOAD_MAX = M6_FRAGMENTS_MAX * M6_DATA_MAX,
};

enum m6_reassembly_result {
	M6_REASSEMBLY_MORE = 0,     /* taken; the answer is not complete yet */
	M6_REASSEMBLY_DONE = 1,     /* taken; the payload is complete */
	M6_REASSEMBLY_REPEATED = 2, /* the same fragment again, same bytes: ignored */
};

struct m6_reassembly; /* opaque */

/* NULL when memory is out. */
struct m6_reassembly *m6_reassembly_new(void);
void m6_reassembly_free(struct m6_reassembly *r); /* NULL allowed */
/* Forgets everything collected, for the next transmission of a request. */
void m6_reassembly_reset(struct m6_reassembly *r);

/* Adds one fragment of a non-error reply. Returns a result above, or: ERR_TOOBIG over
 * M6_FRAGMENTS_MAX or M6_PAYLOAD_MAX; ERR_CONFLICT for an overlap that is not an exact
 * repetition, for a second, different last fragment, and for data behind the last one;
 * ERR_PROTOCOL for a fragment with more to come but no data; ERR_NOMEM. After an error
 * the answer as a whole is worthless, and every further add gives the same error: reset
 * or free. */
int m6_reassembly_add(struct m6_reassembly *r, const struct m6_packet *fragment);

bool m6_reassembly_is_empty(const struct m6_reassembly *r);
/* The payload and the status word of the fragment that came last in order; valid after
 * DONE (before it an empty payload), borrowed until the next reset, add or free. */
const uint8_t *m6_reassembly_payload(const struct m6_reassembly *r, size_t *len_out);
uint16_t m6_reassembly_status(const struct m6_reassembly *r);

#endif
