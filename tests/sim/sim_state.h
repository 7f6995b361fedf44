/* SPDX-License-Identifier: BSD-2-Clause */
/* What the simulated daemon is made of: values that were set, associations, counters. */
#ifndef SIM_STATE_H
#define SIM_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"
#include "sim/sim_auth.h"
#include "sim/sim_fault.h"
#include "sim/sim_gaps.h"
#include "sim/sim_reply.h"
#include "sim/sim_time.h"
#include "sim/sim_trap.h"

/* Where a variable that is not the daemon's own comes from. */
enum sim_kind_id {
	SIM_SETVAR_DEFAULT, /* "setvar ... default"; also what the command "set" makes */
	SIM_SETVAR,
	SIM_RW,         /* --var on the daemon's command line */
	SIM_RW_DEFAULT, /* --dvar */
	SIM_N_KINDS
};

struct sim_kind {
	const char *name;
	bool is_writable; /* by WRITEVAR */
	bool is_listed;   /* when no name is asked for */
};
const struct sim_kind *sim_kind(enum sim_kind_id id);
bool sim_kind_parse(const char *text, size_t len, enum sim_kind_id *out);

/* One variable that was set, as it goes on the wire behind the '='. */
struct sim_value {
	char *name;
	char *text;
	size_t len;
	bool is_absent; /* set to nothing: known, but without a value */
	enum sim_kind_id kind;
	uint64_t origin; /* reading of its counter when it was set */
};

struct sim_values {
	struct sim_value *items;
	size_t n, cap;
};

struct sim_assoc {
	uint16_t id, status, clock_status;
	bool is_clock;
	unsigned number; /* makes invented values differ between associations */
	struct sim_values vars, clock_vars;
};

/* A client the daemon has heard of. */
struct sim_client {
	struct addr addr;
	int64_t last_ns, first_ns;
	unsigned count, mode_version, score_milli;
	uint32_t restrictions;
};

struct sim_clients {
	struct sim_client *items; /* the oldest first */
	size_t n;
	uint32_t churn,
	    n_churns; /* how many are heard again after an answer, how often */
};

enum { SIM_OPS = 32 };

struct sim {
	struct sim_options options;
	int64_t start_ns, now_ns;
	bool is_silent, is_restarted;
	bool is_dead;     /* died of a write */
	bool is_down;     /* stopped by a command */
	bool is_muted;    /* says nothing to the request at hand */
	bool is_nomodify; /* "restrict ... nomodify" for everybody */
	uint16_t status;  /* system status word; its leap bits follow the variable */
	struct sim_values system;
	struct sim_assoc *assocs; /* newest first */
	size_t n_assocs;
	/* By identifier, with open addressing: place in `assocs` plus one. */
	uint16_t *slots;
	size_t n_slots;        /* a power of two, at least twice the associations */
	uint16_t syspeer_slot; /* of the system peer; 0 none */
	char *nonce;           /* a recorded one, for a frozen daemon */
	uint64_t n_written;    /* variables */
	uint64_t n_configured; /* statements */
	uint64_t n_received, n_sent, n_by_op[SIM_OPS];
	struct sim_clients clients;
	uint32_t random; /* what it drew last, of the seed */
	struct sim_wire wire;
	struct sim_auth auth;
	struct sim_traps traps;
	struct sim_replies pushed;
	struct sim_time time;
	struct sim_faults faults;
	struct sim_gaps gaps;
	struct sim_write_fault write; /* what befalls the one at hand */
};

struct sim_value *sim_values_find(const struct sim_values *values, const char *name);
struct sim_value *sim_values_find_n(const struct sim_values *values, const char *name,
    size_t len);
/* Sets or appends; NULL text means "known, without a value". Its kind stays what it was,
 * or is SIM_SETVAR_DEFAULT. 0 or ERR_NOMEM. */
int sim_values_set(struct sim_values *values, const char *name, const char *text,
    size_t len, uint64_t origin);
int sim_values_append(struct sim_values *values, const char *name, const char *text,
    size_t len, uint64_t origin);
/* Sets or appends a user's variable, of this kind from now on. 0 or ERR_NOMEM. */
int sim_values_define(struct sim_values *values, const char *name, const char *text,
    size_t len, enum sim_kind_id kind);
void sim_values_remove(struct sim_values *values, const char *name);
void sim_values_clear(struct sim_values *values);

struct sim_assoc *sim_assoc_find(const struct sim *s, unsigned id);
/* The one selected as system peer, or NULL. */
const struct sim_assoc *sim_assoc_syspeer(const struct sim *s);
/* Makes room for `n` new associations in front of the others; *out is the first of them,
 * all zero: fill in, then call sim_assoc_reindex(). 0, ERR_TOOBIG or ERR_NOMEM. */
int sim_assoc_prepend(struct sim *s, size_t n, struct sim_assoc **out);
void sim_assoc_remove(struct sim *s, struct sim_assoc *assoc);
void sim_assoc_reindex(struct sim *s);
/* Of one that is in the index: who the system peer is may change. */
void sim_assoc_set_status(struct sim *s, struct sim_assoc *assoc, unsigned status);
/* An identifier `n` after `id`: 65535 is followed by 1. */
uint16_t sim_assoc_id_after(uint16_t id, size_t n);

#endif
