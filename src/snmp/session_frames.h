/* SPDX-License-Identifier: BSD-2-Clause */
/* Cuts the byte stream of an AgentX connection into frames and leaves out the repeated
 * ones. A reliable stream has no honest repetition of a packetID: a master that asks
 * again after its timeout would have us do things twice. Knows nothing of Net-SNMP. */
#ifndef SNMP_SESSION_FRAMES_H
#define SNMP_SESSION_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SESSION_FRAME_HEADER = 20,
	SESSION_FRAME_PAYLOAD_MAX = 1 << 20, /* a SET is limited by UDP's 64 KiB */
	SESSION_FRAMES_SEEN = 1024           /* packetIDs remembered */
};

/* One connection; all zero is a fresh one. */
struct session_frames {
	bool keep_repeats;  /* pass everything on */
	uint64_t n_repeats; /* frames left out so far */

	uint8_t header[SESSION_FRAME_HEADER];
	size_t header_len;
	uint32_t payload_left;
	bool skips_payload;
	uint32_t seen[SESSION_FRAMES_SEEN];
	size_t n_seen, next_seen;
	uint32_t highest; /* of all that were ever seen */

	bool is_awaiting; /* the response to an administrative request of ours */
	uint32_t awaited;
};

/* Passes in[0..in_len) on to out, without requests whose packetID is among those seen.
 * `out` has room for in_len + SESSION_FRAME_HEADER bytes. Frames may be split anywhere.
 * Returns 0, or ERR_TOOBIG for a frame longer than SESSION_FRAME_PAYLOAD_MAX, after which
 * the connection is of no more use. */
int session_frames_filter(struct session_frames *f, const uint8_t *in, size_t in_len,
    uint8_t *out, size_t *out_len);

/* Notes the frame out[0..out_len) that is about to be sent. Of administrative requests
 * (open, close, capabilities and the like) the library sends one at a time and waits for
 * its response, so that another one means: the response to the last never came. False
 * then: each further one would wait as long. */
bool session_frames_may_send(struct session_frames *f, const uint8_t *out,
    size_t out_len);

/* When nothing more will come: writes to `out`, SESSION_FRAMES_ANSWER octets, an empty
 * response to the administrative request that waits for one. Returns its length; 0 when
 * none waits, or in the middle of a frame. */
enum { SESSION_FRAMES_ANSWER = SESSION_FRAME_HEADER + 8 };
size_t session_frames_answer(struct session_frames *f, uint8_t *out);

#endif
