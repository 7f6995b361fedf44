/* SPDX-License-Identifier: BSD-2-Clause */
/* The index of a row, part by part, from and to sub-identifiers (RFC 2578, 7.7). */
#ifndef SNMP_MIB_INDEX_H
#define SNMP_MIB_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snmp/engine.h"

/* Writes behind ids[len]; both return the new length. The caller has room for
 * MIB_INDEX_MAX, and no index of ours is longer. */
size_t mib_index_put_number(mib_subid *ids, size_t len, uint32_t number);
/* A string of variable length: its length, then an octet each. */
size_t mib_index_put_text(mib_subid *ids, size_t len, const char *text, size_t text_len);

/* Reads an index from the front. Private. */
struct mib_index_reader {
	const mib_subid *ids;
	size_t left;
};
/* False when what is there is no number up to `max`, or no string of `min` to `cap`
 * octets; the text is copied to out[0..cap), not terminated. */
bool mib_index_take_number(struct mib_index_reader *r, uint32_t max, uint32_t *out);
bool mib_index_take_text(struct mib_index_reader *r, size_t min, char *out, size_t cap,
    size_t *len_out);

#endif
