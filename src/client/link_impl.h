/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the link share. */
#ifndef CLIENT_LINK_IMPL_H
#define CLIENT_LINK_IMPL_H

#include "base/addr.h"
#include "base/rand.h"
#include "client/client.h"
#include "client/link.h"
#include "client/poller.h"
#include "client/resolver.h"
#include "client/subscriber.h"
#include "client/transport.h"

struct link {
	uv_loop_t *loop;
	struct target target;
	char label[TARGET_NAME_MAX + TARGET_HOST_MAX + 8]; /* for logs */
	const struct logger *log;
	store_change_fn *fn;
	void *ctx;
	link_record_fn *record_fn; /* NULL: nobody wants to know */
	void *record_ctx;

	uv_timer_t timer;
	struct rand_pool random;
	struct store *store;
	struct m6_client *client;
	struct poller *poller;
	struct subscriber *subscriber;
	struct writer *writer;
	const struct m6_key *write_key; /* NULL: none, or no writing */
	uint64_t key_request;           /* that tries it; 0: none under way */
	unsigned key_tries;             /* that are left; each when the daemon answers */
	struct transport *transport;    /* NULL: no way to the address for now */
	struct transport_batch
	    *out;                  /* what waits to be sent; NULL: all is sent at once */
	struct resolver *resolver; /* NULL: no look-up is running */

	bool is_named; /* the host is a name, not an address */
	struct addr addrs[RESOLVER_ADDRS_MAX];
	size_t n_addrs, addr;    /* and which of them is in use */
	size_t n_failed;         /* addresses in a row that failed */
	bool has_failed;         /* a cycle, since the last good one */
	enum target_state worst; /* what they failed with, if not refused */
	int64_t lookup_ns;       /* when to look up next; CLOCK_NEVER */
	int64_t lookup_wait_ns;
	int64_t renew_ns; /* the same while all is well */

	enum target_state state;   /* as logged last */
	enum target_push push;     /* the same */
	bool is_rate_limited;      /* as logged last */
	bool is_short;             /* of memory or descriptors for its socket, the same */
	struct target_stats stats; /* but what the client counts */
	bool has_moved;            /* to another daemon than the last that answered */
	int64_t accounted_ns;      /* until when its times are counted; 0 not yet */

	int64_t refreshed_ns; /* for a manager, last */
	bool has_asked;       /* the writer, since its last record */
	bool has_new_records; /* to be told at the end of the outermost entry */
	unsigned depth;       /* of entries from the loop */
	bool is_dead;         /* to be torn down at the end of the outermost one */
};

/* Logs the state of the target when it is another one than before. */
void link_log_state(struct link *l, enum target_state state, const char *detail);
/* The same for what the socket could not be opened without. */
void link_log_shortage(struct link *l, bool is_short);
/* Takes note of what the client has seen of the daemon while a cycle goes on. */
void link_note_progress(struct link *l);
/* Adds the time since the last call to the condition that held meanwhile. */
void link_account(struct link *l, int64_t now_ns);
/* A cycle ended: counts it, and keeps the reason when it failed. */
void link_count_cycle(struct link *l, const struct poller_result *result,
    const char *reason);
/* A subscriber for the link's client; NULL when memory is out. */
struct subscriber *link_make_subscriber(struct link *l);
/* The key to write with, from now on; it is tried when the daemon answers next. */
void link_keep_key(struct link *l, const struct m6_key *key);
/* It may be another daemon, or its key another one. */
void link_forget_key_try(struct link *l);
/* The daemon answers: has it tried, unless that was done. */
void link_try_key(struct link *l);
/* Has the loop call soon what there is to do; no need inside an entry from it. */
void link_hurry(struct link *l);

#endif
