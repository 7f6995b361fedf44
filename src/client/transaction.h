/* SPDX-License-Identifier: BSD-2-Clause */
/* The writes of one SNMP SET: several variables, perhaps of several daemons, all or
 * nothing. Read what is there, write it and read it back, and if one fails restore the
 * others; each step with a deadline of its own, and all of them within 800 ms. */
#ifndef CLIENT_TRANSACTION_H
#define CLIENT_TRANSACTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "client/writer.h"

/* A manager repeats a SET after a second, and while one is open snmpd answers nobody.
 * Each is counted from the transaction's start; a step that was begun late has at least
 * the last. */
#define TRANSACTION_READ_NS  (250 * NS_PER_MS)
#define TRANSACTION_APPLY_NS (550 * NS_PER_MS)
#define TRANSACTION_UNDO_NS  (780 * NS_PER_MS)
#define TRANSACTION_LEAST_NS (150 * NS_PER_MS)

enum { TRANSACTION_ITEMS_MAX = 128 };

enum transaction_kind { TRANSACTION_VARIABLE, TRANSACTION_COMMAND };

struct transaction_item {
	struct writer *writer; /* borrowed */
	enum transaction_kind kind;
	uint16_t assoc;
	const char *name; /* of a variable */
	size_t name_len;
	const char *value; /* or a configure command */
	size_t value_len;
};

enum transaction_step { TRANSACTION_READ, TRANSACTION_APPLY, TRANSACTION_UNDO };

struct transaction;

/* Copies the items, which writer_check() allowed. NULL when memory is out or there are
 * more than TRANSACTION_ITEMS_MAX. */
struct transaction *transaction_new(const struct transaction_item *items, size_t n,
    int64_t now_ns);
/* Gives up what is under way without a call: what was sent may still take effect. A
 * transaction that was applied and not undone stands. NULL allowed; allowed in `done`. */
void transaction_free(struct transaction *t);

/* The last thing that happens in a step. It may run the next one or free the transaction;
 * not feed a client. */
typedef void transaction_done_fn(void *ctx);

/* Runs a step; no other may be running. `fn` is called from the clients' callbacks, never
 * from inside this function. 0, or ERR_NOMEM when nothing was begun; ERR_CANCELLED when
 * all writers were lost: there will be no call, and the results are as after the step.
 *   READ   asks for each variable's value now.
 *   APPLY  writes what is not so already, in order for each daemon, daemons side by side,
 *          commands after variables, until one fails; each is read back.
 *   UNDO   restores what APPLY wrote or may have written, and reads it back: all side by
 *          side, only what was written to one variable in reverse order. Nothing to do
 *          for items APPLY never came to. */
int transaction_run(struct transaction *t, enum transaction_step step, int64_t now_ns,
    int64_t wall_ns, transaction_done_fn *fn, void *ctx);

/* How item `i` stands after the last step. READ: NTP_WRITE_NONE when it was read, else
 * why not. APPLY: DONE or UNCHANGED, ABORTED for those that another one stopped, else why
 * it failed. UNDO: RESTORED, NONE when there was nothing to restore, or NOT_RESTORED. */
enum ntp_write_result transaction_result(const struct transaction *t, size_t i);

/* The writer is about to be freed: its items fail with UNREACHABLE in this and every
 * later step. Calls `fn` when only those were left to be waited for. */
void transaction_lose(struct transaction *t, const struct writer *writer);

#endif
