/* SPDX-License-Identifier: BSD-2-Clause */
/* From a request to its answer: checks in the daemons' order, then the opcode's row. */
#include "sim/sim.h"

#include <string.h>

#include "base/buf.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "sim/sim_dialect.h"
#include "sim/sim_fill.h"
#include "sim/sim_ops.h"
#include "sim/sim_vars.h"

enum { MODE_CONTROL = 6, FLAGS_NOT_REQUEST = 0xe0, OP_MASK = 0x1f, LENGTH_UNIT = 4 };
enum { EVENTS_FORGOTTEN = 0xff0f }; /* of a status word */

enum permission { UNKNOWN_OP, OPEN, NEEDS_KEY };

static struct sim_scope
scope_of(const struct sim *s, const struct sim_assoc *assoc, enum sim_class class)
{
	struct sim_scope at = { s, assoc, class };

	return at;
}

static int
answer_status(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	const struct sim_assoc *assoc = sim_assoc_find(s, rq->head.assoc);

	if (rq->head.assoc != 0 && !assoc)
		return M6_ERROR_BADASSOC;
	reply->head.status = sim_status(s, assoc);
	return SIM_ANSWERED;
}

/* Who reads with a valid code, whichever the key, has seen the events: they are counted
 * anew. */
static void
forget_events(struct sim *s, const struct sim_asked *rq, struct sim_assoc *assoc)
{
	if (rq->proof.worth != SIM_VALID_CODE)
		return;
	if (assoc)
		assoc->status &= EVENTS_FORGOTTEN;
	else if (sim_traits(s->options.dialect)->forgets_system_events)
		s->status &= EVENTS_FORGOTTEN;
}

static void
put_assocs(const struct sim *s, struct sim_reply *reply)
{
	for (size_t i = 0; i < s->n_assocs; i++) {
		uint8_t entry[4];
		struct buf b = buf_writer(entry, sizeof(entry));

		buf_put_u16(&b, s->assocs[i].id);
		buf_put_u16(&b, s->assocs[i].status);
		sim_reply_binary(reply, entry, sizeof(entry));
	}
}

static int
answer_readstat(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	struct sim_assoc *assoc = sim_assoc_find(s, rq->head.assoc);
	struct sim_scope at = scope_of(s, assoc, SIM_PEER);
	int rc = answer_status(s, rq, reply);

	if (rc != SIM_ANSWERED)
		return rc;
	if (assoc)
		forget_events(s, rq, assoc);
	if (!assoc)
		put_assocs(s, reply);
	else if (sim_traits(s->options.dialect)->is_readstat_garbled)
		sim_vars_answer_garbled(&at, reply);
	else
		sim_vars_answer(&at, "", 0, reply);
	return SIM_ANSWERED;
}

static int
answer_variables(const struct sim_scope *at, const struct sim_asked *rq,
    struct sim_reply *reply)
{
	if (sim_vars_answer(at, rq->data, rq->head.count, reply) != 0)
		return M6_ERROR_UNKNOWNVAR;
	return SIM_ANSWERED;
}

static int
answer_readvar(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	struct sim_assoc *assoc = sim_assoc_find(s, rq->head.assoc);
	struct sim_scope at = scope_of(s, assoc, assoc ? SIM_PEER : SIM_SYSTEM);
	int rc = answer_status(s, rq, reply);

	if (rc != SIM_ANSWERED)
		return rc;
	forget_events(s, rq, assoc);
	return answer_variables(&at, rq, reply);
}

/* The clock asked for; without an association the system peer's, else the first. */
static const struct sim_assoc *
find_clock(const struct sim *s, unsigned id)
{
	const struct sim_assoc *assoc = id ? sim_assoc_find(s, id) : sim_assoc_syspeer(s);

	if (assoc && assoc->is_clock)
		return assoc;
	for (size_t i = 0; id == 0 && i < s->n_assocs; i++) {
		if (s->assocs[i].is_clock)
			return &s->assocs[i];
	}
	return NULL;
}

static int
answer_readclock(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	const struct sim_assoc *assoc = find_clock(s, rq->head.assoc);
	struct sim_scope at = scope_of(s, assoc, SIM_CLOCK);

	if (!assoc)
		return M6_ERROR_BADASSOC;
	reply->head.status = assoc->clock_status;
	return answer_variables(&at, rq, reply);
}

static int
answer_writeclock(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	(void)s;
	(void)rq;
	(void)reply;
	return M6_ERROR_PERMISSION;
}

/* What an opcode needs in each dialect; an opcode without a row is unknown. */
static const struct op_row {
	uint8_t op;
	enum permission needs[SIM_N_DIALECTS];
	sim_answer_fn *answer;
	bool is_write; /* what can be written is behind it */
} op_rows[] = {
	{ M6_OP_UNSPEC, { OPEN, OPEN, OPEN }, answer_status, false },
	{ M6_OP_READSTAT, { OPEN, OPEN, OPEN }, answer_readstat, false },
	{ M6_OP_READVAR, { OPEN, OPEN, OPEN }, answer_readvar, false },
	{ M6_OP_WRITEVAR, { NEEDS_KEY, NEEDS_KEY, UNKNOWN_OP }, sim_answer_writevar,
	    true },
	{ M6_OP_READCLOCK, { OPEN, OPEN, OPEN }, answer_readclock, false },
	{ M6_OP_WRITECLOCK, { NEEDS_KEY, OPEN, UNKNOWN_OP }, answer_writeclock, false },
	{ M6_OP_SETTRAP, { NEEDS_KEY, UNKNOWN_OP, UNKNOWN_OP }, sim_answer_settrap,
	    false },
	{ M6_OP_CONFIGURE, { NEEDS_KEY, NEEDS_KEY, NEEDS_KEY }, sim_answer_configure,
	    true },
	{ M6_OP_SAVECONFIG, { NEEDS_KEY, UNKNOWN_OP, UNKNOWN_OP }, sim_answer_saveconfig,
	    false },
	{ M6_OP_READ_MRU, { OPEN, OPEN, OPEN }, sim_answer_mru, false },
	{ M6_OP_READ_ORDLIST, { NEEDS_KEY, NEEDS_KEY, NEEDS_KEY }, sim_answer_ordlist,
	    false },
	{ M6_OP_REQ_NONCE, { OPEN, OPEN, OPEN }, sim_answer_nonce, false },
	{ M6_OP_UNSETTRAP, { NEEDS_KEY, UNKNOWN_OP, UNKNOWN_OP }, sim_answer_unsettrap,
	    false },
};

/* The opcode's row in this dialect, or NULL. */
static const struct op_row *
find_row(enum sim_dialect dialect, uint8_t op)
{
	for (size_t i = 0; i < sizeof(op_rows) / sizeof(op_rows[0]); i++) {
		if (op_rows[i].op == op && op_rows[i].needs[dialect] != UNKNOWN_OP)
			return &op_rows[i];
	}
	return NULL;
}

/* A write, and what may befall it. */
static int
answer_write(struct sim *s, const struct op_row *row, const struct sim_asked *rq,
    struct sim_reply *reply)
{
	uint64_t before = s->n_written + s->n_configured;
	enum sim_fault death;
	int rc;

	s->write = sim_faults_write(&s->faults);
	if (sim_write_has(&s->write, SIM_WRITE_DROP))
		return SIM_SILENCE;
	rc = row->answer(s, rq, reply);
	death = sim_faults_die(&s->faults, s->n_written + s->n_configured - before);
	s->is_dead = death != SIM_N_FAULTS;
	s->is_muted = sim_write_has(&s->write, SIM_WRITE_MUTE) || death == SIM_WRITE_DIE;
	return rc;
}

static int
dispatch(struct sim *s, const struct sim_asked *rq, struct sim_reply *reply)
{
	const struct op_row *row = find_row(s->options.dialect, rq->head.op);

	if (rq->is_malformed)
		return M6_ERROR_BADFMT;
	if (!row)
		return M6_ERROR_BADOP;
	if (row->needs[s->options.dialect] == NEEDS_KEY &&
	    !sim_auth_is_control(&s->auth, &rq->proof))
		return M6_ERROR_PERMISSION;
	return row->is_write ? answer_write(s, row, rq, reply)
			     : row->answer(s, rq, reply);
}

/* False for what the daemons drop without a word. */
static bool
read_request(const struct sim *s, const void *bytes, size_t len, struct sim_asked *rq)
{
	struct buf b = buf_reader(bytes, len);
	unsigned first = buf_get_u8(&b), second = buf_get_u8(&b);
	const struct sim_traits *traits = sim_traits(s->options.dialect);

	rq->head.version = (uint8_t)(first >> 3 & 7);
	rq->head.op = second & OP_MASK;
	rq->head.sequence = buf_get_u16(&b);
	rq->head.status = buf_get_u16(&b);
	rq->head.assoc = buf_get_u16(&b);
	rq->head.offset = buf_get_u16(&b);
	rq->head.count = buf_get_u16(&b);
	if (buf_failed(&b) || (first & 7) != MODE_CONTROL ||
	    (second & FLAGS_NOT_REQUEST) != 0 || rq->head.offset != 0 ||
	    rq->head.version < M6_VERSION_MIN || rq->head.version > M6_VERSION_MAX)
		return false;
	rq->data = (const char *)bytes + M6_HEADER_LEN;
	rq->is_malformed = len % LENGTH_UNIT != 0 || rq->head.count > buf_left(&b) ||
	    (traits->is_ntpsec && rq->head.count > M6_REQUEST_MAX);
	if (!rq->is_malformed)
		rq->proof = sim_auth_judge(&s->auth, traits, bytes, len, rq->head.count);
	return true;
}

static void
answer(struct sim *s, const struct sim_asked *rq, struct sim_replies *out)
{
	struct m6_header head = rq->head;
	struct sim_reply reply;
	int rc;

	head.leap = sim_leap(s);
	head.status = 0;
	reply = sim_reply_start(&s->wire, sim_traits(s->options.dialect), &head,
	    &rq->proof, out);
	rc = dispatch(s, rq, &reply);
	if (rc == SIM_ANSWERED)
		sim_reply_end(&reply);
	else if (rc != SIM_SILENCE)
		sim_reply_error(&reply, (enum m6_error)rc);
}

void
sim_request(struct sim *s, const struct addr *from, const void *bytes, size_t len,
    int64_t now_ns, struct sim_replies *out)
{
	struct sim_asked rq = { .from = from };

	out->n = s->pushed.n = 0;
	s->now_ns = now_ns;
	s->n_received++;
	s->is_muted = false;
	sim_gaps_saw(&s->gaps, bytes, len, now_ns);
	if (s->is_silent || s->is_dead || s->is_down ||
	    !sim_faults_admit(&s->faults, now_ns))
		return;
	if (sim_time_request(s, bytes, len, out)) {
		if (out->n > 0)
			sim_faults_apply(&s->faults, out);
		return;
	}
	if (!read_request(s, bytes, len, &rq) || !sim_time_lets_query(&s->time))
		return;
	s->n_by_op[rq.head.op]++;
	answer(s, &rq, out);
	if (s->is_muted)
		out->n = 0;
	s->n_sent += out->n + s->pushed.n;
	sim_faults_apply(&s->faults, out);
}
