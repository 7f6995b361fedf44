/* SPDX-License-Identifier: BSD-2-Clause */
/* A request on its way through the client, and first-in-first-out lists of such. Private
 * to the client. */
#ifndef CLIENT_PENDING_H
#define CLIENT_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/client.h"
#include "mode6/reassembly.h"

struct m6_pending {
	struct m6_pending *next;
	uint64_t id;
	m6_reply_fn *fn;
	void *ctx;
	const struct m6_key *key; /* borrowed; NULL: unsigned */
	enum m6_mac_align align;
	uint8_t op;
	bool is_once, is_urgent;
	uint16_t assoc, sequence;
	unsigned tries;
	int64_t sent_before_ns; /* the transmission before; 0: none, or answered */
	uint16_t sequence_before;
	uint32_t score;       /* of the last transmission: see client/pace.h */
	unsigned n_datagrams; /* of this transmission's answer */
	uint64_t serial;      /* of the last transmission */
	int64_t sent_ns, expires_ns;
	int64_t give_up_ns;          /* CLOCK_NEVER: after so many tries */
	uint64_t junk_before;        /* client's n_junk at the first transmission */
	int bad_answer;              /* why an answer was dropped; 0 none was */
	struct m6_reassembly *parts; /* NULL until an answer has more than one fragment */
	struct m6_reply reply;
	size_t len;
	uint8_t data[];
};

struct m6_pending_list {
	struct m6_pending *head, *tail;
	size_t n;
};

/* A copy of `request` that ends in `fn`. NULL when memory is out. */
struct m6_pending *m6_pending_new(uint64_t id, const struct m6_request *request,
    m6_reply_fn *fn, void *ctx);
/* NULL allowed. Cleanses what was to be signed. */
void m6_pending_free(struct m6_pending *r);

void m6_pending_list_append(struct m6_pending_list *list, struct m6_pending *r);
/* In the order of ids; the list must be so ordered. */
void m6_pending_list_insert(struct m6_pending_list *list, struct m6_pending *r);
/* The first one, now the caller's; NULL when the list is empty. */
struct m6_pending *m6_pending_list_pop(struct m6_pending_list *list);
/* The one with that id, now the caller's, or NULL. */
struct m6_pending *m6_pending_list_remove(struct m6_pending_list *list, uint64_t id);
/* Moves those to `out` whose time to be given up has come; the earliest such time of the
 * others, or CLOCK_NEVER. */
int64_t m6_pending_list_overdue(struct m6_pending_list *list, int64_t now_ns,
    struct m6_pending_list *out);
/* Frees all that are in the list. */
void m6_pending_list_free(struct m6_pending_list *list);

#endif
