/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers that were recorded from living daemons (tests/recordings/), for tests. */
#ifndef SUPPORT_RECORDING_H
#define SUPPORT_RECORDING_H

#include <stddef.h>
#include <stdint.h>

enum { RECORDED_HEAD_LEN = 12 };

/* One datagram of an answer: its header as received and what followed its data. */
struct recorded_datagram {
	uint8_t head[RECORDED_HEAD_LEN];
	uint8_t *pad;
	size_t pad_len;
};

/* One request and the whole answer to it. */
struct recorded_exchange {
	unsigned op, assoc;
	char *request; /* data of the request; "" for none */
	size_t n_datagrams;
	struct recorded_datagram *datagrams; /* in the order of their offsets */
	uint8_t *data; /* reassembled; READSTAT: four octets per association */
	size_t data_len;
};

struct recording {
	char *title;
	struct recorded_exchange *exchanges; /* in the file's order */
	size_t n_exchanges;
};

/* Reads a file of the recordings' format. NULL, and a line on stderr that says why, when
 * it cannot be read or is not what the format allows. A path that starts with "tests/" is
 * looked for in $srcdir, where that is set. */
struct recording *recording_load(const char *path);
void recording_free(struct recording *rec); /* NULL allowed */

/* The first exchange of that opcode, association and request data; NULL when none is. */
const struct recorded_exchange *recording_find(const struct recording *rec, unsigned op,
    unsigned assoc, const char *request);

/* Puts datagram `i` together as it was on the wire: header, its share of the data, what
 * followed. Returns its length; 0 when it does not fit `cap` or there is no such one. */
size_t recording_datagram(const struct recorded_exchange *ex, size_t i, uint8_t *out,
    size_t cap);
/* The status word of the last datagram. */
uint16_t recording_status(const struct recorded_exchange *ex);

#endif
