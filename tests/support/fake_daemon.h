/* SPDX-License-Identifier: BSD-2-Clause */
/* A scripted mode-6 daemon in memory, behind the client's port, with a clock of its own:
 * hours of loss, reordering and restarts pass in microseconds. */
#ifndef SUPPORT_FAKE_DAEMON_H
#define SUPPORT_FAKE_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/client.h"
#include "client/poller.h"
#include "mode6/packet.h"
#include "model/vars.h"

enum { FAKE_ASSOCS_MAX = 1100, FAKE_NAMES_MAX = 8, FAKE_ROWS_MAX = 64 };

struct fake_assoc {
	uint16_t id, status;
	uint16_t clock_status;
	unsigned reach;
	bool is_clock;
	bool is_six;  /* has the address 2607:f248::45 */
	bool is_gone; /* still in the list, but reading it says "unknown association" */
	bool is_mute; /* reading it gets no answer */
};

struct fake_datagram {
	struct fake_datagram *next;
	int64_t at_ns;
	size_t len;
	uint8_t bytes[M6_DATAGRAM_MAX + 64];
};

struct fake_daemon;
/* Answers one request its own way; false leaves it to the daemon. */
typedef bool fake_answer_fn(struct fake_daemon *d, const struct m6_packet *request);
/* Looks at each datagram of an answer before it leaves: false drops it. `index` counts
 * the fragments of the answer from 0; *delay_ns may be changed. */
typedef bool fake_edit_fn(struct fake_daemon *d, struct m6_header *head, size_t index,
    int64_t *delay_ns);

struct fake_daemon {
	int64_t now_ns, wall_ns;
	struct m6_client *client; /* who is served; set by the test */
	struct poller *poller;    /* may be NULL */

	/* How it behaves. */
	int64_t delay_ns;      /* from request to answer */
	unsigned loss_percent; /* of the datagrams, either way */
	bool is_silent, is_refused;
	bool is_limited; /* answers about one request a second, and bursts of twenty */
	double score;
	int64_t score_ns;
	fake_answer_fn *answer;
	fake_edit_fn *edit;
	void *script; /* for the two above */

	/* What it is. */
	int64_t started_ns;
	const char *version;
	uint16_t status;
	struct fake_assoc assocs[FAKE_ASSOCS_MAX];
	size_t n_assocs;
	const char *unknown[FAKE_NAMES_MAX]; /* names it refuses, in every table */
	size_t n_unknown;
	uint64_t ss_received;

	/* What happened. */
	size_t n_requests, n_by_op[32];
	size_t n_key_tries;     /* of these, signed writes of nothing */
	size_t n_refused_names; /* requests refused for an unknown name */
	struct m6_packet last;  /* the request that came last; its data lies below */
	uint8_t last_data[M6_DATAGRAM_MAX];
	uint8_t last_bytes[M6_DATAGRAM_MAX]; /* the whole of it */
	size_t last_len;

	uint64_t random;
	struct fake_datagram *queue; /* by time */
};

void fake_init(struct fake_daemon *d);
void fake_fini(struct fake_daemon *d);
/* Sets n associations with ids 100, 101, ...; the first n_clocks are reference clocks. */
void fake_set_assocs(struct fake_daemon *d, size_t n, size_t n_clocks);
/* A new life: uptime and counters start anew. */
void fake_restart(struct fake_daemon *d);

/* A client of this daemon, which is also set as d->client. */
struct m6_client *fake_client(struct fake_daemon *d);
rand_fn fake_random; /* ctx is the daemon */

/* Lets time go by, serving deadlines and datagrams in their order. */
void fake_run(struct fake_daemon *d, int64_t duration_ns);
/* The same until *is_done or until the time is over; false in the second case. */
bool fake_run_until(struct fake_daemon *d, const bool *is_done, int64_t duration_ns);

/* For a daemon behind a real socket: takes a request, and gives what it wants to send, to
 * be released with free(); NULL when that is all. 0 or ERR_REFUSED. */
int fake_input(struct fake_daemon *d, const void *bytes, size_t len);
struct fake_datagram *fake_output(struct fake_daemon *d);

/* For scripts: a whole answer in fragments of 468, an empty one (`key` NULL: unsigned),
 * an error, any bytes. */
void fake_send_answer(struct fake_daemon *d, const struct m6_packet *request,
    uint16_t status, const void *payload, size_t len);
void fake_send_empty(struct fake_daemon *d, const struct m6_packet *request,
    uint16_t status, const struct m6_key *key);
void fake_send_error(struct fake_daemon *d, const struct m6_packet *request,
    uint8_t code);
void fake_send_fragment(struct fake_daemon *d, const struct m6_header *head,
    const void *data, size_t len, int64_t delay_ns);
void fake_send_bytes(struct fake_daemon *d, const void *bytes, size_t len,
    int64_t delay_ns);

/* Whether the request's list contains that name. */
bool fake_asks_for(const struct m6_packet *request, const char *name);

#endif
