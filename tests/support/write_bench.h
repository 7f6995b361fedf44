/* SPDX-License-Identifier: BSD-2-Clause */
/* Daemons that can be written to, each with a client and a writer, and a transaction
 * among them; all with one clock. */
#ifndef SUPPORT_WRITE_BENCH_H
#define SUPPORT_WRITE_BENCH_H

#include "client/transaction.h"
#include "support/fake_daemon.h"

enum { WRITE_DAEMONS_MAX = 3, WRITE_VARS_MAX = 8, WRITE_LOG_MAX = 64 };

struct write_var {
	char name[NTP_WRITE_NAME_MAX + 1];
	char value[512]; /* as it stands behind the '=' */
	bool is_bare;    /* the name is told without a value */
	bool is_rw;      /* writevar is allowed */
	bool is_default;
};

/* What a daemon does with the answer to a signed request. */
enum write_sign {
	WRITE_SIGN,
	WRITE_SIGN_NOT,
	WRITE_SIGN_WRONG, /* with another key */
	WRITE_SIGN_NAK,
	WRITE_KEEP_SILENT,
};

struct write_daemon {
	struct fake_daemon d;
	struct writer *writer;
	const struct m6_key *key; /* that it takes */
	struct write_var vars[WRITE_VARS_MAX];
	size_t n_vars;

	/* How it misbehaves. */
	enum write_sign sign;       /* what it carried out */
	enum write_sign sign_error; /* refusals; WRITE_SIGN unless the key was wrong */
	bool loses_writes;          /* nothing happens, nothing is said */
	bool stores_nothing;        /* and says that it did */
	const char *stores;         /* this instead */
	int error;                  /* code it answers writes with; -1 none */
	bool has_no_writevar;
	const char *configures; /* answer to a configure, which is then not carried out */
	bool adds_association;  /* by any configure */
	bool is_mute_to_reads;
	int reads_left;  /* reads after which it falls silent; -1 never */
	int writes_left; /* writes after which it is gone; -1 never */
	bool forges;     /* somebody sends an unsigned success before its answers */

	/* What it was asked. */
	char log[WRITE_LOG_MAX][M6_REQUEST_MAX + 16]; /* "3 site=lab" */
	size_t n_log;
	unsigned n_submitted, n_recorded; /* calls of the writer's port */
};

struct write_bench {
	struct m6_keys *keys;
	struct write_daemon daemons[WRITE_DAEMONS_MAX];
	size_t n;
	int64_t now_ns;
	struct transaction *t;
	bool is_done;
	unsigned n_done;
	void (*on_done)(struct write_bench *b); /* NULL: nothing more */
};

/* Daemons that take key 1 (MD5), which the writers have; all is allowed. */
struct write_bench *write_bench_start(size_t n);
void write_bench_stop(struct write_bench *b);
/* Ends the transaction, the writer and the client of daemon `i`. */
void write_bench_drop(struct write_bench *b, size_t i);

/* A variable that writevar may change. */
struct write_var *write_bench_var(struct write_bench *b, size_t i, const char *name,
    const char *value);
/* What daemon `i` has under that name; "" nothing. */
const char *write_bench_value(const struct write_bench *b, size_t i, const char *name);
/* How many requests to daemon `i` began with that text. */
size_t write_bench_count(const struct write_bench *b, size_t i, const char *text);

struct transaction_item write_item(struct write_bench *b, size_t i, const char *name,
    const char *value);
struct transaction_item write_command(struct write_bench *b, size_t i, const char *text);
void write_bench_open(struct write_bench *b, const struct transaction_item *items,
    size_t n);
/* Runs a step to its end, which comes within the time it has. */
void write_bench_step(struct write_bench *b, enum transaction_step step);
/* Begins a step; its end is told to the bench. */
int write_bench_begin(struct write_bench *b, enum transaction_step step);
/* Lets time go by until the step is done. False when it is over before. */
bool write_bench_run(struct write_bench *b, int64_t duration_ns);

/* The record of a variable (or "") of daemon `i`; NULL when there is none. */
const struct ntp_write_record *write_bench_record(const struct write_bench *b, size_t i,
    const char *name);
/* The record's detail, terminated. */
const char *write_bench_detail(const struct write_bench *b, size_t i, const char *name);

#endif
