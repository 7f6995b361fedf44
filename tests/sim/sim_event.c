/* SPDX-License-Identifier: BSD-2-Clause */
/* Asynchronous messages, and the requests for them. */
#include "sim/sim_event.h"

#include <string.h>

#include "base/text.h"
#include "sim/sim_ops.h"
#include "sim/sim_vars.h"

enum { COUNT_MAX = 15, CODE_MASK = 0x000f, COUNT_MASK = 0x00f0, COUNT_SHIFT = 4 };

/* False for one more of the same than can be counted. */
static bool
count_event(uint16_t *status, unsigned code)
{
	unsigned count = (unsigned)(*status & COUNT_MASK) >> COUNT_SHIFT;

	if ((unsigned)(*status & CODE_MASK) != code)
		count = 0;
	if (count == COUNT_MAX)
		return false;
	*status = (uint16_t)((*status & 0xff00U) | (count + 1) << COUNT_SHIFT | code);
	return true;
}

static void
put_clock(struct sim *s, const struct sim_assoc *assoc, struct sim_reply *reply)
{
	struct sim_scope at = { s, assoc, SIM_CLOCK };
	char item[64];
	size_t len = text_format(item, sizeof(item), "refclockstatus=0x%x",
	    (unsigned)assoc->clock_status);

	sim_reply_item(reply, item, len);
	sim_vars_put_through(&at, NULL, reply);
}

void
sim_event(struct sim *s, struct sim_reply *reply, struct sim_assoc *assoc, unsigned code)
{
	struct sim_scope at = { s, assoc, assoc ? SIM_PEER : SIM_SYSTEM };

	if (!count_event(assoc ? &assoc->status : &s->status, code) ||
	    !sim_traps_any(&s->traps))
		return;
	sim_reply_push(reply, &s->traps, &s->pushed);
	reply->head.assoc = assoc ? assoc->id : 0;
	reply->head.status = sim_status(s, assoc);
	/* Up to the list of names; of an association all but those of Autokey. */
	sim_vars_put_through(&at, assoc ? "candidate" : "sys_var_list", reply);
	if (assoc && assoc->is_clock && code == SIM_EVENT_CLOCK)
		put_clock(s, assoc, reply);
	sim_reply_end(reply);
}

void
sim_event_alone(struct sim *s, struct sim_assoc *assoc, unsigned code)
{
	struct m6_header head = { .leap = sim_leap(s) };
	struct sim_proof none = { SIM_NO_CODE, NULL };
	size_t line_len = s->wire.line_len;
	bool is_text = s->wire.is_text;
	struct sim_reply reply = sim_reply_start(&s->wire, sim_traits(s->options.dialect),
	    &head, &none, &s->pushed);

	/* The daemon goes on where its last answer ended: with a comma. */
	reply.line_len = line_len;
	reply.is_text = is_text;
	sim_event(s, &reply, assoc, code);
}

/* Both failures send an error, and an empty answer with its status behind it. */
static int
answer_trap(bool is_done, struct sim_reply *reply, enum m6_error error)
{
	if (!is_done) {
		sim_reply_error(reply, error);
		reply->head.status = (uint16_t)((unsigned)error << 8);
	}
	return SIM_ANSWERED;
}

int
sim_answer_settrap(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	return answer_trap(
	    sim_trap_set(&s->traps, rq->from, rq->head.version, false, s->now_ns), reply,
	    M6_ERROR_PERMISSION);
}

int
sim_answer_unsettrap(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	return answer_trap(sim_trap_unset(&s->traps, rq->from, false), reply,
	    M6_ERROR_BADASSOC);
}
