/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the writer share with the transaction: its state, and one write from
 * reading what is there to restoring it. */
#ifndef CLIENT_WRITER_IMPL_H
#define CLIENT_WRITER_IMPL_H

#include "client/writer.h"

/* With less time left, a write is not begun: its answer would come too late. */
#define WRITER_LEAST_NS (20 * NS_PER_MS)

struct writer {
	struct m6_client *client;
	struct writer_port port;
	enum target_write allowed;
	const struct m6_key *key;
	bool has_no_writevar;   /* the daemon has said so: "setvar" does it */
	enum ntp_family family; /* of the daemon */
	struct writer_op *ops;  /* attached to this writer */

	struct ntp_write_record *records; /* sorted */
	size_t n_records, cap_records;
};

enum writer_way {
	WRITER_BY_WRITEVAR,
	WRITER_BY_SETVAR,
	WRITER_BY_SETVAR_DEFAULT, /* the variable is in the list that is read by default
				   */
};

/* Goes on with an answer; false when the step has ended. */
typedef bool writer_op_next(struct writer_op *op, const struct m6_reply *reply);
/* The end of a step that did not end where it was begun. It may free the op, and the
 * client. */
typedef void writer_op_ended(void *ctx, struct writer_op *op);

/* One write. At most one request of it is under way. */
struct writer_op {
	struct writer *writer;  /* NULL: lost */
	bool is_abandoned;      /* the writer has another daemon now */
	struct writer_op *next; /* in the writer's list */
	writer_op_ended *ended;
	void *ctx;

	/* What is wanted, borrowed: a variable, or a command (name_len 0). */
	bool is_command;
	uint16_t assoc;
	const char *name, *text;
	size_t name_len, text_len;

	/* What was there before. */
	bool has_old;
	bool is_old_carried; /* the protocol can carry it back */
	bool is_old_quoted;
	char old[NTP_WRITE_VALUE_MAX]; /* if is_old_carried */
	size_t old_len;
	uint16_t *assocs; /* for a command: ids, ascending */
	size_t n_assocs;

	/* What became of it. */
	enum ntp_write_result result; /* of the last step */
	bool is_written;              /* or may be */
	enum writer_way way;

	/* The running step. */
	int64_t now_ns, deadline_ns;
	int64_t wall_offset_ns; /* from the monotonic clock */
	bool is_undo;
	uint64_t request; /* 0: none under way */
	writer_op_next *on_answer;
	enum ntp_write_result said; /* by the answer to the write */
	char detail[NTP_WRITE_DETAIL_MAX + 1];
	size_t detail_len;
};

/* --- for the transaction ------------------------------------------------------------ */

/* Lets the writer know of an op whose fields above "what was there" are set. */
void writer_op_attach(struct writer_op *op, struct writer *writer);
/* Stops it without a call and lets the writer forget it; frees what it holds. */
void writer_op_detach(struct writer_op *op);
/* The same because the writer goes away: what the op has learned stays. */
void writer_op_lose(struct writer_op *op);

/* Has what is running end as lost, and all that follows; the writer still tells. Calls
 * `ended` from the client's next turn, or at once when memory is out. */
void writer_op_abandon(struct writer_op *op);

/* Calls `ended` from the client's next turn; no step may be running. 0 or ERR_NOMEM. */
int writer_op_call(struct writer_op *op);

struct writer_moment {
	int64_t now_ns, wall_offset_ns, deadline_ns;
};
/* The steps of transaction.h. True: under way, `ended` will be called. False: it has
 * ended already, and result tells how. */
bool writer_op_read(struct writer_op *op, const struct writer_moment *at);
bool writer_op_apply(struct writer_op *op, const struct writer_moment *at);
bool writer_op_undo(struct writer_op *op, const struct writer_moment *at);
/* It never comes to that step. */
void writer_op_skip(struct writer_op *op, const struct writer_moment *at,
    enum ntp_write_result result);
/* `earlier` has written the same variable: that is what is there now. */
void writer_op_follow(struct writer_op *op, const struct writer_op *earlier);

/* --- within the writer -------------------------------------------------------------- */

/* Writes down how an op stands, and tells. */
void writer_record(struct writer *w, const struct ntp_write_record *record);

/* Ends the step: writes it down, unless there is nothing to tell. Always false. */
bool op_end(struct writer_op *op, enum ntp_write_result result);
/* A clean copy of the text replaces op->detail. */
void op_say(struct writer_op *op, const char *text, size_t len);
void op_say_text(struct writer_op *op, const char *text);
/* Whether there is time for a write; else op->detail says so. */
bool op_has_time(struct writer_op *op);
/* Asks; `on_answer` is called at once when that fails. True: under way. */
bool op_ask(struct writer_op *op, uint8_t code, const void *data, size_t len,
    writer_op_next *on_answer);
/* The same signed, once, and only half of the time left is waited for the answer. */
bool op_write(struct writer_op *op, uint8_t code, const void *data, size_t len,
    writer_op_next *on_answer);
/* One statement of a configuration file, by op_write(). */
bool op_configure(struct writer_op *op, const char *text, size_t len,
    writer_op_next *on_answer);
/* What an answer says; DONE when it is no error. What an error says is put into
 * op->detail. `is_write`: it is the answer to op_write(). */
enum ntp_write_result op_result(struct writer_op *op, const struct m6_reply *reply,
    bool is_write);
/* The same for the answer to op_configure(). */
enum ntp_write_result op_configured(struct writer_op *op, const struct m6_reply *reply);

bool variable_read(struct writer_op *op);
bool variable_apply(struct writer_op *op);
bool variable_undo(struct writer_op *op);
bool command_read(struct writer_op *op);
bool command_apply(struct writer_op *op);

#endif
