/* SPDX-License-Identifier: BSD-2-Clause */
/* A request on its way to the function of its opcode. */
#ifndef SIM_OPS_H
#define SIM_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "mode6/packet.h"
#include "sim/sim_auth.h"
#include "sim/sim_reply.h"
#include "sim/sim_state.h"

/* A request that passed the silent checks. */
struct sim_asked {
	struct m6_header head;
	const struct addr *from;
	const char *data;
	bool is_malformed; /* length or count not as they must be */
	struct sim_proof proof;
};

/* Answers, or returns the error to answer with; SIM_SILENCE sends nothing. */
typedef int sim_answer_fn(struct sim *s, const struct sim_asked *rq,
    struct sim_reply *reply);
enum { SIM_SILENCE = -1, SIM_ANSWERED = -2 };

/* Stores what a write gives to a user's variable, or what befalls it. 0 or ERR_NOMEM. */
int sim_store(struct sim *s, const char *name, const char *text, size_t len,
    enum sim_kind_id kind);
/* Whether the write at hand is only said to be done. */
bool sim_is_lying(const struct sim *s);

sim_answer_fn sim_answer_configure;
sim_answer_fn sim_answer_mru;
sim_answer_fn sim_answer_nonce;
sim_answer_fn sim_answer_ordlist;
sim_answer_fn sim_answer_saveconfig;
sim_answer_fn sim_answer_settrap;
sim_answer_fn sim_answer_unsettrap;
sim_answer_fn sim_answer_writevar;

#endif
