/* SPDX-License-Identifier: BSD-2-Clause */
/* A conversation with one host: its name looked up, its addresses tried in turn, requests
 * in batches that are answered side by side. Calls wait: an event loop runs inside until
 * all of a batch has ended. */
#ifndef PROBE_TALK_H
#define PROBE_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "client/client.h"
#include "model/target.h"

enum { TALK_REASON_MAX = 160 };

struct talk;

struct talk_options {
	enum target_family family;
	uint8_t version; /* of NTP, in requests */
	/* A batch is given up when nothing was heard for so long; 0: by the client's own
	 * measure, which is the round trip to the host. */
	int64_t silence_ns;
	bool wants_interrupt; /* an interrupt ends the batch, not the program */
};

/* A request and what became of it. Zeroed but for the first part. */
struct talk_ask {
	uint8_t op; /* enum m6_op */
	uint16_t assoc;
	const void *data; /* borrowed until the batch has ended */
	size_t len;
	const struct m6_key *key; /* NULL: unsigned */
	enum m6_mac_align align;
	bool is_once;
	/* Takes the answer, borrowed, as soon as it is there: `payload` stays NULL. NULL:
	 * it is kept. */
	void (*take)(struct talk_ask *ask, const char *payload, size_t len);
	void *ctx; /* for it */

	int err; /* as in struct m6_reply; ERR_CANCELLED after an interrupt */
	uint8_t daemon_error;
	enum m6_mac_verdict mac;
	uint16_t status;
	char *payload; /* with 0: owned, terminated besides; talk_forget() releases it */
	size_t payload_len;
};

/* Splits "name", "name:port", "address" or "[address]:port". `host` is at least
 * TARGET_HOST_MAX + 1 long; *port stays as it is when none is given. 0, ERR_TOOBIG, or
 * ERR_SYNTAX. */
int talk_split(const char *text, char *host, uint16_t *port);

/* Looks the host up. 0 and *out; else a reason in words, and ERR_NOTFOUND, ERR_NOMEM or
 * ERR_CANCELLED. */
int talk_open(const struct talk_options *options, const char *host, uint16_t port,
    struct talk **out, char reason[TALK_REASON_MAX]);
void talk_close(struct talk *t); /* NULL allowed */
void talk_set_silence(struct talk *t, int64_t silence_ns);
/* While it is on, an interrupt ends the batch or the wait, or the next one when it comes
 * between two: for who asks many times in a row, and has something to show in the end. */
void talk_hold_interrupt(struct talk *t, bool is_on);

/* Waits until the monotonic clock shows `until_ns`: 0; or until an interrupt, where one
 * is held or wanted: ERR_CANCELLED; or until the terminal has another size: 1. */
int talk_wait(struct talk *t, int64_t until_ns);

/* Asks all and returns when each has ended. Until the host has answered once, a batch of
 * which nothing came goes to its next address. */
void talk_ask(struct talk *t, struct talk_ask *asks, size_t n);
/* Releases the answers. */
void talk_forget(struct talk_ask *asks, size_t n);

/* The address in use; borrowed. */
const struct addr *talk_address(const struct talk *t);
/* All of them, in the order they are tried; borrowed. */
const struct addr *talk_addresses(const struct talk *t, size_t *n_out);
/* Goes to that one now, and to no other. 0, ERR_IO when there is no way, ERR_NOMEM. */
int talk_choose(struct talk *t, size_t at);
void talk_stats(const struct talk *t, struct m6_client_stats *out);

#endif
