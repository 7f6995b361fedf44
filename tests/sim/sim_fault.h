/* SPDX-License-Identifier: BSD-2-Clause */
/* Misbehaviour on command: what a bad network or a bad daemon does to answers. */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"

enum { SIM_RULES_MAX = 8, SIM_OTHER_MAX = 64 };

enum sim_fault {
	SIM_DROP,      /* each datagram with a probability of PERCENT */
	SIM_DELAY,     /* everything MS later */
	SIM_DUPLICATE, /* every datagram twice */
	SIM_REORDER,   /* last datagram first */
	SIM_OVERLAP,   /* one more fragment, over others, with different content */
	SIM_TRUNCATE,  /* datagrams cut short */
	SIM_GARBAGE,   /* random octets instead of each datagram */
	SIM_BADSEQ,
	SIM_BADASSOC,
	SIM_BADOP,
	SIM_BADVERSION,
	SIM_OVERSIZE,      /* a thousand fragments, far beyond 15360 octets */
	SIM_TWOLAST,       /* a second, different last fragment */
	SIM_STALE_OFFSET,  /* error replies with an offset from nowhere */
	SIM_TRAILING_JUNK, /* octets behind the padding */
	SIM_LIMITED, /* NTPsec's rate limit: some eighteen of a burst, then silence */
	SIM_BAD_MAC, /* signed answers with a wrong digest */
	SIM_NO_MAC,  /* signed answers that are no errors without their code */
	SIM_FORGE,   /* in front of an answer, an unsigned success without data */
	/* Of writes whose key was right, by WRITEVAR or CONFIGURE: */
	SIM_WRITE_DROP,  /* the request is lost */
	SIM_WRITE_MUTE,  /* done, but the answer is lost */
	SIM_WRITE_LIE,   /* not done, but the answer says so */
	SIM_WRITE_OTHER, /* another TEXT is stored */
	SIM_WRITE_DIE,   /* the daemon falls silent, having done N, before it says so */
	SIM_WRITE_DIE_ANSWERED, /* the same, after it said so */
	SIM_N_FAULTS
};

/* Faults that come together, and the answers they befall. */
struct sim_rule {
	uint32_t faults; /* bit per enum sim_fault */
	unsigned percent, delay_ms;
	uint64_t lethal, done; /* writes to die of, and those done */
	char other[SIM_OTHER_MAX];
	unsigned first, every; /* 0: all answers */
	unsigned seen;         /* answers so far; of a rule about writes, these */
};

/* Start with all zeros: no faults. */
struct sim_faults {
	struct sim_rule rules[SIM_RULES_MAX];
	size_t n_rules;
	uint64_t random;   /* state of the generator; 0 is a seed like any other */
	int64_t score;     /* of the rate limit, thousandths of a request */
	int64_t scored_ns; /* when it was brought up to date */
};

/* Replaces the rules: words separated by commas or blanks ("drop=30,delay=5,first=10"),
 * rules by ';'. Words are the names above in lower case with '-' (drop=PERCENT, delay=MS,
 * write-other=TEXT, write-die=N, write-die-answered=N), and first=K, every=K, seed=N. A
 * rule with a write-... word befalls and counts writes; other faults than those in it do
 * nothing. "" and "off" clear. 0 or ERR_SYNTAX, ERR_TOOBIG; unchanged then. */
int sim_faults_parse(struct sim_faults *faults, const char *spec);
/* Whether the daemon looks at the next request at all. */
bool sim_faults_admit(struct sim_faults *faults, int64_t now_ns);
/* Whether the rule befalls the answer or write that comes now; counts it. */
bool sim_rule_befalls(struct sim_rule *rule);
bool sim_rule_is_about_writes(const struct sim_rule *rule);

/* What befalls the write that comes now: bit per enum sim_fault, and the text to store.
 */
struct sim_write_fault {
	uint32_t faults;
	const char *other; /* borrowed until the rules change */
};
struct sim_write_fault sim_faults_write(struct sim_faults *faults);
bool sim_write_has(const struct sim_write_fault *write, enum sim_fault fault);
/* `n` more writes were done: SIM_WRITE_DIE or SIM_WRITE_DIE_ANSWERED when the daemon dies
 * of that, which it does once per rule; else SIM_N_FAULTS. */
enum sim_fault sim_faults_die(struct sim_faults *faults, uint64_t n);
/* Applies the rules to one answer. */
void sim_faults_apply(struct sim_faults *faults, struct sim_replies *replies);

#endif
