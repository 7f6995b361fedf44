/* SPDX-License-Identifier: BSD-2-Clause */
/* The packet of NTP's time service (RFC 5905, modes 3 and 4), as far as it takes to see
 * whether there is one. No socket and no clock. */
#ifndef PROBE_TIME_PACKET_H
#define PROBE_TIME_PACKET_H

#include <stddef.h>
#include <stdint.h>

enum {
	TIME_PACKET_LEN = 48,
	TIME_PACKET_MAX =
	    1024, /* with extension fields and a code; the rest is cut off */
	TIME_REFID_TEXT_MAX = 16,
};

/* What a server with stratum 0 says in place of a reference. */
enum time_kiss {
	TIME_KISS_NONE,     /* its stratum is not 0 */
	TIME_KISS_RATE,     /* asked too often */
	TIME_KISS_DENY,     /* or RSTR: we may not ask */
	TIME_KISS_UNSYNCED, /* everything else: it has no time to give yet */
};

struct time_answer {
	uint8_t leap; /* 0..3 */
	uint8_t version;
	uint8_t stratum;
	uint8_t refid[4];
	enum time_kiss kiss;
};

/* A request of version 4. It says nothing of this machine but `cookie`, a random number
 * in place of the time of sending, which the answer has to repeat. */
void time_packet_encode(uint64_t cookie, uint8_t out[TIME_PACKET_LEN]);

/* Judges what came. 0 and *out; ERR_TRUNCATED when it is too short; ERR_PROTOCOL when it
 * is no answer of a server; ERR_CONFLICT when it answers another request than the one
 * with `cookie`. *out is written only with 0. */
int time_packet_decode(const void *bytes, size_t len, uint64_t cookie,
    struct time_answer *out);

/* ".GPS.", "RATE" in dots too, or what looks like an IPv4 address, by stratum. */
size_t time_refid_text(const struct time_answer *a, char *out, size_t cap);

#endif
