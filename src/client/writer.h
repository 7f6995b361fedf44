/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes to one daemon: one authenticated request, never repeated, and the value read
 * back. Remembers how the last write of each variable ended. No I/O and no clock of its
 * own. */
#ifndef CLIENT_WRITER_H
#define CLIENT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/client.h"
#include "mode6/auth.h"
#include "model/system.h"
#include "model/write.h"

enum { WRITER_RECORDS_MAX = 64 }; /* the oldest makes room */

struct writer;

/* Something was submitted to the client, or a record changed: the owner lets the client
 * work soon, and tells those who show records. Never calls back into the writer. */
struct writer_port {
	void (*submitted)(void *ctx);
	void (*recorded)(void *ctx);
	void *ctx;
};

/* `client` is borrowed and outlives the writer. NULL when memory is out. */
struct writer *writer_new(struct m6_client *client, const struct writer_port *port);
/* Ends what is under way without a call. NULL allowed. */
void writer_free(struct writer *w);

/* What is allowed, and the key to sign with; NULL: there is none. The key is borrowed
 * until the next call; nothing may be under way. */
void writer_allow(struct writer *w, enum target_write allowed, const struct m6_key *key);
/* The daemon is another one, or was restarted: what was learned of it is forgotten. */
void writer_forget(struct writer *w);
/* It is another daemon from now on that requests go to: what was begun fails with
 * UNREACHABLE, in this and in every later step, and what was written is not restored.
 * Ends steps from the client's next turn, or at once when memory is out: such an end must
 * not free the writer. */
void writer_abandon(struct writer *w);
/* Whether no request is under way. */
bool writer_is_idle(const struct writer *w);
/* Whose daemon it is, as it was read last; unknown until then, and after
 * writer_forget(). */
void writer_know_family(struct writer *w, enum ntp_family family);

/* Whether a write of that variable would be sent at all: NTP_WRITE_DONE, or why not, one
 * of NOT_ALLOWED, NO_KEY, NOT_CARRIED, PERMISSION (an association's variable, or one of
 * the daemon itself: no daemon has ever let them be written). What a daemon refused is
 * not remembered: the reason may have been the key, and may be gone. Association 0 and an
 * empty name: a configure command. */
enum ntp_write_result writer_check(const struct writer *w, uint16_t assoc,
    const char *name, size_t name_len);
/* Writes down how a write ended that never came to the daemon. */
void writer_note(struct writer *w, uint16_t assoc, const char *name, size_t name_len,
    enum ntp_write_result result, int64_t wall_ns);

/* The records, ascending by association, then in the order of ntp_raw_compare(). Borrowed
 * until the next change. */
const struct ntp_write_record *writer_records(const struct writer *w, size_t *n_out);

#endif
