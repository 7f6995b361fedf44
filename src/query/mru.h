/* SPDX-License-Identifier: BSD-2-Clause */
/* The clients a daemon has heard of: collected from many answers, each going on where the
 * one before ended, while entries move to the end of the list because their clients are
 * heard again. No socket and no clock. */
#ifndef QUERY_MRU_H
#define QUERY_MRU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "mode6/packet.h"
#include "model/ntp_time.h"

enum {
	MRU_ENTRIES_MAX = 100000, /* of about 120 octets each */
	MRU_LIMIT_MIN =
	    2, /* entries of an answer; with 1 the last one comes again for ever */
	MRU_LIMIT_START = 32,
	MRU_LIMIT_MAX = 256,  /* more is refused */
	MRU_KEPT_MAX = 64,    /* entries that a request may go on from */
	MRU_PRIORS_MAX = 16,  /* of them in one request */
	MRU_RESTARTS_MAX = 8, /* of the whole, when none of them is where it was */
	MRU_LOSSES_MAX = 5,   /* requests without an answer, one after the other */
	MRU_ANSWERS_MAX = 100000,
	MRU_STALLS_MAX = 8, /* answers that get no further, one after the other */
	MRU_TEXT_MAX = ADDR_TEXT_MAX,
};

/* A nonce is good for sixteen seconds. */
#define MRU_NONCE_AGE_MAX_NS (8 * NS_PER_S)

/* Which entries; zero: all. */
struct mru_filter {
	uint32_t mincount;
	uint32_t resall, resany; /* bits of restrictions: all, or any of them */
	uint32_t maxlstint_s, minlstint_s;
	struct addr laddr; /* heard at that address of the daemon's */
};

/* What an entry has. */
enum {
	MRU_HAS_ADDR = 1,
	MRU_HAS_LAST = 2,
	MRU_HAS_FIRST = 4,
	MRU_HAS_COUNT = 8,
	MRU_HAS_MODE = 16,
	MRU_HAS_RESTRICTIONS = 32,
	MRU_HAS_SCORE = 64, /* NTPsec */
	MRU_HAS_DROP = 128, /* NTPsec */
};

struct mru_entry {
	unsigned has;
	struct addr addr; /* with its port */
	struct ntp_stamp last, first;
	uint64_t count, drop;
	uint32_t mode_version; /* version << 3 | mode */
	uint32_t restrictions;
	int64_t score_milli;
};

struct mru;

/* The first request asks for up to `limit` entries; limit_max (MRU_LIMIT_MIN..MAX) is
 * never exceeded. NULL when memory is out. */
struct mru *mru_new(const struct mru_filter *filter, bool is_ntpsec, uint32_t limit_max);
void mru_free(struct mru *m); /* NULL allowed */

/* Whether a nonce has to be asked for first. */
bool mru_needs_nonce(const struct mru *m, int64_t now_ns);
/* Takes the answer to REQ_NONCE. 0, or ERR_PROTOCOL. */
int mru_take_nonce(struct mru *m, const char *payload, size_t len, int64_t now_ns);
/* The request for what comes next; the length. */
size_t mru_request(struct mru *m, char out[M6_REQUEST_MAX]);

/* Takes an answer. 0; MRU_COMPLETE when it was the last one; ERR_NOMEM; ERR_TOOBIG over
 * MRU_ENTRIES_MAX; ERR_PROTOCOL when answers get no further, or there is no end of them.
 */
enum { MRU_COMPLETE = 1 };
int mru_take(struct mru *m, const char *payload, size_t len, int64_t now_ns);
/* The daemon has none of the entries where they were: goes further back, or begins anew.
 * 0, or ERR_CONFLICT when that happened too often. */
int mru_moved(struct mru *m);
/* No answer: the next request is for fewer entries and has a new nonce. 0, or ERR_TIMEOUT
 * when that happened too often. */
int mru_lost(struct mru *m);

size_t mru_count(const struct mru *m);
/* What is there so far, unsorted. */
const struct mru_entry *mru_at(const struct mru *m, size_t i);
/* The daemon's time when the list ended; before that, when it last answered. */
struct ntp_stamp mru_now(const struct mru *m);
/* a - b in units of 2^-32 s, across the end of an era too. */
int64_t mru_difference(const struct ntp_stamp *a, const struct ntp_stamp *b);

/* --- showing ------------------------------------------------------------------------ */

enum mru_order {
	MRU_BY_LSTINT,
	MRU_BY_AVGINT,
	MRU_BY_ADDR,
	MRU_BY_COUNT,
	MRU_BY_SCORE,
	MRU_BY_DROP,
};

struct mru_row {
	const struct mru_entry *entry; /* borrows from the list */
	int64_t lstint_ns;             /* since it was heard last; never negative */
	int64_t avgint_ns;             /* between its packets; 0 of one packet */
	int64_t key;
};

/* Those the filter lets through, in that order, which is reversed if is_reversed. *out is
 * the caller's. 0 or ERR_NOMEM. */
int mru_rows(const struct mru *m, const struct mru_filter *filter, enum mru_order order,
    bool is_reversed, struct mru_row **out, size_t *n_out);

#endif
