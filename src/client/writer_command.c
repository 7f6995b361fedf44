/* SPDX-License-Identifier: BSD-2-Clause */
/* A configure command: nothing can be read back, and nothing restored. Where the answer
 * is missing, the list of associations may tell. */
#include "client/writer_impl.h"

#include <stdlib.h>
#include <string.h>

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

/* ntp.org sends the answer to a command that made or ended an association to a trap
 * receiver, if it has one. */
static bool
on_stat_again(struct writer_op *op, const struct m6_reply *reply)
{
	uint16_t *ids = NULL;
	size_t n = 0;
	bool is_same;

	if (take_ids(op, reply, &ids, &n) != NTP_WRITE_DONE)
		return op_end(op, NTP_WRITE_NO_REPLY);
	is_same = n == op->n_assocs &&
	    (n == 0 || memcmp(ids, op->assocs, n * sizeof(*ids)) == 0);
	mem_free(ids);
	op_say_text(op,
	    is_same ? "no reply; the association list is as before"
		    : "no reply; the association list changed");
	return op_end(op, is_same ? NTP_WRITE_NO_REPLY : NTP_WRITE_DONE);
}

static bool
on_configured(struct writer_op *op, const struct m6_reply *reply)
{
	enum ntp_write_result result = op_configured(op, reply);
	bool is_unknown = result == NTP_WRITE_NO_REPLY || result == NTP_WRITE_NO_MEMORY ||
	    result == NTP_WRITE_UNREACHABLE;

	op->is_written =
	    reply->first_sent_ns != 0 && (is_unknown || result == NTP_WRITE_DONE);
	if (op->is_written && is_unknown)
		return op_ask(op, M6_OP_READSTAT, NULL, 0, on_stat_again);
	return op_end(op, result);
}

bool
command_apply(struct writer_op *op)
{
	if (!op_has_time(op))
		return op_end(op, NTP_WRITE_NO_REPLY);
	return op_configure(op, op->text, op->text_len, on_configured);
}
