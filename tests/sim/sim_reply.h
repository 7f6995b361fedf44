/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts answers together as the daemons do: items, line ends, fragments, padding. */
#ifndef SIM_REPLY_H
#define SIM_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mode6/packet.h"
#include "sim/sim.h"
#include "sim/sim_auth.h"
#include "sim/sim_dialect.h"
#include "sim/sim_trap.h"

/* What a daemon keeps from one answer to the next and lets others see. */
struct sim_wire {
	/* Its send buffer, with room for a code: NTPsec's padding shows it. */
	uint8_t data[M6_COUNT_MAX + M6_MAC_MAX];
	/* Where the last answer ended. */
	size_t line_len;
	bool is_text;
	uint16_t offset; /* of the last fragment: error replies repeat it */
};

/* An answer in the making. Private. */
struct sim_reply {
	struct sim_wire *wire;
	const struct sim_traits *traits;
	struct sim_proof proof; /* the request's: what the answer carries */
	struct m6_header head;
	struct sim_replies *out;
	struct sim_traps *traps; /* who gets it, when not the asker */
	size_t at;               /* octets in the buffer */
	size_t line_len;         /* since the last line end */
	size_t sent;             /* octets in earlier fragments */
	bool is_text;
};

/* Starts an answer to the request with `request` as its header; borrows the rest. */
struct sim_reply sim_reply_start(struct sim_wire *wire, const struct sim_traits *traits,
    const struct m6_header *request, const struct sim_proof *proof,
    struct sim_replies *out);
/* One "name=value"; the separator and the line end in front of it are added here. */
void sim_reply_item(struct sim_reply *r, const char *item, size_t len);
/* Octets of a list that is not text. */
void sim_reply_binary(struct sim_reply *r, const void *bytes, size_t len);
/* From here on it is an asynchronous message: dropped is what was not sent yet, and the
 * rest goes into `pushed`, once for each receiver. */
void sim_reply_push(struct sim_reply *r, struct sim_traps *traps,
    struct sim_replies *pushed);
/* The last fragment. */
void sim_reply_end(struct sim_reply *r);
/* An error reply instead of everything else. */
void sim_reply_error(struct sim_reply *r, enum m6_error code);

#endif
