/* SPDX-License-Identifier: BSD-2-Clause */
/* A configure command: nothing can be read back, and nothing restored. Where ntp.org's
 * answer is missing, the list of associations may tell. */
#include "client/writer_impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "mode6/packet.h"
#include "mode6/varlist.h"

static int
compare(const void *a, const void *b)
{
	const uint16_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The ids in an answer, ascending, and their number; NULL when memory is out. */
static uint16_t *
sorted_ids(const struct m6_reply *reply, size_t n)
{
	uint16_t *ids = mem_calloc(n, sizeof(*ids));

	if (!ids)
		return NULL;
	for (size_t i = 0; i < n; i++)
		ids[i] = m6_assoc_at(reply->payload, i).id;
	if (n > 0)
		qsort(ids, n, sizeof(*ids), compare);
	return ids;
}

/* DONE with the ids, which are then the caller's, or why there are none. */
static enum ntp_write_result
take_ids(struct writer_op *op, const struct m6_reply *reply, uint16_t **ids_out,
    size_t *n_out)
{
	enum ntp_write_result result = op_result(op, reply, false);
	int n;

	if (result != NTP_WRITE_DONE)
		return result;
	n = m6_assoc_count(reply->len);
	if (n < 0)
		return NTP_WRITE_NO_REPLY;
	*ids_out = sorted_ids(reply, (size_t)n);
	*n_out = (size_t)n;
	return *ids_out ? NTP_WRITE_DONE : NTP_WRITE_NO_MEMORY;
}

static bool
on_stat(struct writer_op *op, const struct m6_reply *reply)
{
	uint16_t *ids = NULL;
	enum ntp_write_result result = take_ids(op, reply, &ids, &op->n_assocs);

	if (result != NTP_WRITE_DONE)
		return op_end(op, result);
	mem_free(op->assocs);
	op->assocs = ids;
	op->has_old = true;
	return op_end(op, NTP_WRITE_NONE);
}

bool
command_read(struct writer_op *op)
{
	return op_ask(op, M6_OP_READSTAT, NULL, 0, on_stat);
}

/* Whether all ids of `part` are in `whole`; both ascend. */
static bool
holds(const uint16_t *whole, size_t n_whole, const uint16_t *part, size_t n_part)
{
	size_t k = 0;

	for (size_t i = 0; i < n_whole && k < n_part; i++)
		if (whole[i] == part[k])
			k++;
	return k == n_part;
}

/* What a command that got no reply did to the associations: it makes some or ends some.
 * A daemon that was started anew, or another one, has others altogether. */
static enum ntp_write_result
judge_ids(struct writer_op *op, const uint16_t *ids, size_t n)
{
	bool has_all = holds(ids, n, op->assocs, op->n_assocs);
	bool had_all = holds(op->assocs, op->n_assocs, ids, n);

	if (has_all && had_all)
		op_say_text(op, "no reply; the association list is as before");
	else if (has_all || had_all)
		op_say_text(op, "no reply; the association list changed");
	else
		op_say_text(op, "no reply; the association list is another one");
	return has_all != had_all ? NTP_WRITE_DONE : NTP_WRITE_NO_REPLY;
}

static bool
on_stat_again(struct writer_op *op, const struct m6_reply *reply)
{
	uint16_t *ids = NULL;
	size_t n = 0;
	enum ntp_write_result result;

	if (take_ids(op, reply, &ids, &n) != NTP_WRITE_DONE)
		return op_end(op, NTP_WRITE_NO_REPLY);
	result = judge_ids(op, ids, n);
	mem_free(ids);
	return op_end(op, result);
}

/* ntp.org, and no other, sends the answer to a command that made or ended an association
 * to a trap receiver, if it has one. Any other kind of failure has nothing to do with
 * that, and a list that was empty fills by itself when a daemon has just begun. */
static bool
may_have_told_a_trap(const struct writer_op *op, const struct m6_reply *reply)
{
	return reply->err == ERR_TIMEOUT && op->writer->family == NTP_FAMILY_NTPORG &&
	    op->n_assocs > 0;
}

static bool
on_configured(struct writer_op *op, const struct m6_reply *reply)
{
	enum ntp_write_result result = op_configured(op, reply);
	bool is_unknown = result == NTP_WRITE_NO_REPLY || result == NTP_WRITE_NO_MEMORY ||
	    result == NTP_WRITE_UNREACHABLE;

	op->is_written =
	    reply->first_sent_ns != 0 && (is_unknown || result == NTP_WRITE_DONE);
	if (!op->is_written || !is_unknown)
		return op_end(op, result);
	if (may_have_told_a_trap(op, reply))
		return op_ask(op, M6_OP_READSTAT, NULL, 0, on_stat_again);
	op_say_text(op, "no reply");
	return op_end(op, NTP_WRITE_NO_REPLY);
}

bool
command_apply(struct writer_op *op)
{
	if (!op_has_time(op))
		return op_end(op, NTP_WRITE_NO_REPLY);
	op->is_written = true; /* until it is known */
	return op_configure(op, op->text, op->text_len, on_configured);
}
