/* SPDX-License-Identifier: BSD-2-Clause */
/* The variables a daemon knows: one row each, and what the dialects make of a request. */
#ifndef SIM_VARS_H
#define SIM_VARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim_state.h"

enum sim_class { SIM_SYSTEM, SIM_PEER, SIM_CLOCK, SIM_N_CLASSES };

/* Whether a dialect knows a variable, and gives it when no name is asked for. */
enum sim_access { SIM_NO, SIM_ASK, SIM_LIST };

/* What makes a number grow while the daemon runs. */
enum sim_count {
	SIM_FIXED,
	SIM_SECONDS,  /* time since the start */
	SIM_POLLS,    /* time since the start, in polls */
	SIM_RECEIVED, /* requests */
	SIM_SENT,     /* datagrams of answers */
	SIM_EVENTS,   /* nothing here, but a restart clears it */
};

enum sim_shape {
	SIM_SINGLE,
	SIM_REPEATED, /* once for each time it was loaded, followers in between */
	SIM_FOLLOWER, /* never on its own */
};

/* Longest value; ntp.org's list of names needs less than a datagram. */
enum { SIM_TEXT_MAX = 1024 };
struct sim_text {
	size_t len;
	char bytes[SIM_TEXT_MAX];
};

struct sim_row;

/* Whose variables: an association's, its clock's, or (NULL) the system's. */
struct sim_scope {
	const struct sim *sim;
	const struct sim_assoc *assoc;
	enum sim_class class;
};

/* Invents a value that nobody set; false: the variable has none. */
typedef bool sim_fill_fn(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out);

struct sim_row {
	const char *name;
	enum sim_access access[SIM_N_DIALECTS];
	enum sim_count count;
	sim_fill_fn *fill; /* NULL: no value until one is set */
	const char *text;  /* for `fill` */
	enum sim_shape shape;
};

struct sim_table {
	const struct sim_row *rows;
	size_t n_rows;
	/* Order of ntp.org's default list; NTPsec's is the table's. */
	const char *const *listed;
	size_t n_listed;
};

enum { SIM_ROWS_MAX = 256 };

const struct sim_table *sim_table(enum sim_class class);
/* The row, if this dialect has it; else NULL. */
const struct sim_row *sim_row_find(enum sim_class class, enum sim_dialect dialect,
    const char *name, size_t len);
const struct sim_values *sim_scope_values(const struct sim_scope *at);
/* The value as it goes on the wire; false when there is none. */
bool sim_value_get(const struct sim_scope *at, const struct sim_row *row,
    struct sim_text *out);
bool sim_value_by_name(const struct sim_scope *at, const char *name,
    struct sim_text *out);
/* The leap bits are those of the variable, whatever set it. */
uint8_t sim_leap(const struct sim *s);
/* The status word of an association or (NULL) the system. */
uint16_t sim_status(const struct sim *s, const struct sim_assoc *assoc);
/* What to remember as the origin of a value that is set now. */
uint64_t sim_value_reading(const struct sim *s, enum sim_count count);

/* Puts what a request's data ask for into the reply: names, or the default list. 0 or
 * ERR_NOTFOUND for an unknown name, with nothing put. */
int sim_vars_answer(const struct sim_scope *at, const char *request, size_t len,
    struct sim_reply *reply);
/* Puts all variables in the table's order, up to and with the one named `last` (NULL: to
 * the end). */
void sim_vars_put_through(const struct sim_scope *at, const char *last,
    struct sim_reply *reply);
/* What NTPsec 1.2.2 answers to READSTAT of an association: a wrong choice of variables.
 */
void sim_vars_answer_garbled(const struct sim_scope *at, struct sim_reply *reply);

#endif
