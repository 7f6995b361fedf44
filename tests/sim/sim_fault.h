/* SPDX-License-Identifier: BSD-2-Clause */
/* Misbehaviour on command: what a bad network or a bad daemon does to answers. */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"

enum { SIM_RULES_MAX = 8 };

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
	SIM_OVERSIZE,      /* more than 64 fragments, far beyond 15360 octets */
	SIM_TWOLAST,       /* a second, different last fragment */
	SIM_STALE_OFFSET,  /* error replies with an offset from nowhere */
	SIM_TRAILING_JUNK, /* octets behind the padding */
	SIM_LIMITED, /* NTPsec's rate limit: some eighteen of a burst, then silence */
	SIM_N_FAULTS
};

/* Faults that come together, and the answers they befall. */
struct sim_rule {
	uint32_t faults; /* bit per enum sim_fault */
	unsigned percent, delay_ms;
	unsigned first, every; /* 0: all answers */
	unsigned seen;         /* answers so far */
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
 * rules by ';'. Words are the names above in lower case with '-', and first=K, every=K,
 * seed=N. "" and "off" clear. 0 or ERR_SYNTAX, ERR_TOOBIG; unchanged then. */
int sim_faults_parse(struct sim_faults *faults, const char *spec);
/* Whether the daemon looks at the next request at all. */
bool sim_faults_admit(struct sim_faults *faults, int64_t now_ns);
/* Applies the rules to one answer. */
void sim_faults_apply(struct sim_faults *faults, struct sim_replies *replies);

#endif
