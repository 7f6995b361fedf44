/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a host for the time, at all of its addresses side by side, to see whether and
 * where there is a time service. What time it is there is of no interest. */
#ifndef PROBE_TIME_ASK_H
#define PROBE_TIME_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "client/resolver.h"
#include "probe/time_packet.h"

struct time_ask_options {
	int64_t silence_ns;   /* given up after so long; asked once more at half of it */
	bool wants_interrupt; /* an interrupt ends the waiting, not the program */
};

struct time_ask {
	/* 0; ERR_REFUSED when nobody listens at any address; ERR_TIMEOUT; ERR_CANCELLED;
	 * ERR_IO when there is no way to any; ERR_NOMEM. */
	int err;
	size_t at;             /* with 0: which address answered first */
	int64_t round_trip_ns; /* from the first transmission on */
	unsigned n_strange;    /* datagrams that were no answer to us */
	struct time_answer answer;
};

/* `n` of at most RESOLVER_ADDRS_MAX addresses. Waits: an event loop runs inside. */
void time_ask(const struct addr *addrs, size_t n, const struct time_ask_options *options,
    struct time_ask *out);

#endif
