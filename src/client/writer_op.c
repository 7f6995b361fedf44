/* SPDX-License-Identifier: BSD-2-Clause */
/* What all writes have in common: asking, judging answers, ending. */
#include "client/writer_impl.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/auth.h"
#include "mode6/packet.h"

/* --- belonging to a writer ---------------------------------------------------------- */

void
writer_op_attach(struct writer_op *op, struct writer *writer)
{
	op->writer = writer;
	op->next = writer->ops;
	writer->ops = op;
}

void
writer_op_lose(struct writer_op *op)
{
	struct writer_op **at;

	if (!op->writer)
		return;
	if (op->request != 0)
		m6_client_cancel(op->writer->client, op->request);
	op->request = 0;
	for (at = &op->writer->ops; *at != op; at = &(*at)->next)
		;
	*at = op->next;
	op->next = NULL;
	op->writer = NULL;
}

void
writer_op_detach(struct writer_op *op)
{
	writer_op_lose(op);
	mem_free(op->assocs);
	op->assocs = NULL;
}

/* --- ending ------------------------------------------------------------------------- */

void
op_say(struct writer_op *op, const char *text, size_t len)
{
	op->detail_len = text_ascii(text, len, op->detail, sizeof(op->detail));
}

void
op_say_text(struct writer_op *op, const char *text)
{
	op_say(op, text, strlen(text));
}

bool
op_end(struct writer_op *op, enum ntp_write_result result)
{
	struct ntp_write_record record = {
		.assoc = op->assoc,
		.name_len = (uint8_t)op->name_len,
		.result = result,
		.wall_ns = op->now_ns + op->wall_offset_ns,
		.detail_len = (uint16_t)op->detail_len,
	};

	bool was_done = op->result == NTP_WRITE_DONE;

	op->result = result;
	if (!op->writer || result == NTP_WRITE_NONE)
		return false;
	/* Why it failed says more than that it could be mended. */
	if (result == NTP_WRITE_RESTORED && !was_done)
		return false;
	if (op->name_len > 0)
		memcpy(record.name, op->name, op->name_len);
	memcpy(record.detail, op->detail, op->detail_len);
	writer_record(op->writer, &record);
	return false;
}

/* --- asking ------------------------------------------------------------------------- */

static void
on_reply(void *ctx, uint64_t id, const struct m6_reply *reply)
{
	struct writer_op *op = ctx;

	(void)id;
	op->request = 0;
	op->now_ns = reply->now_ns;
	if (!op->on_answer(op, reply))
		op->ended(op->ctx, op);
}

static bool
submit(struct writer_op *op, const struct m6_request *request, writer_op_next *on_answer)
{
	struct writer *w = op->writer;
	struct m6_reply failure = { .now_ns = op->now_ns };

	failure.err = m6_client_submit(w->client, request, on_reply, op, &op->request);
	if (failure.err != 0)
		return on_answer(op, &failure);
	op->on_answer = on_answer;
	w->port.submitted(w->port.ctx);
	return true;
}

static bool
on_called(struct writer_op *op, const struct m6_reply *reply)
{
	(void)op;
	(void)reply;
	return false;
}

int
writer_op_call(struct writer_op *op)
{
	struct writer *w = op->writer;
	int rc = m6_client_call(w->client, on_reply, op, &op->request);

	if (rc != 0)
		return rc;
	op->on_answer = on_called;
	w->port.submitted(w->port.ctx);
	return 0;
}

/* Another daemon is there now than the one this was begun with. */
static bool
end_lost(struct writer_op *op, enum ntp_write_result result)
{
	if (op->is_abandoned)
		op_say_text(op, "the target's address changed");
	return op_end(op, result);
}

static bool
on_abandoned(struct writer_op *op, const struct m6_reply *reply)
{
	(void)reply;
	return end_lost(op, op->is_undo ? NTP_WRITE_NOT_RESTORED : NTP_WRITE_UNREACHABLE);
}

void
writer_op_abandon(struct writer_op *op)
{
	struct m6_client *client = op->writer->client;
	uint64_t request = op->request;

	op->is_abandoned = true;
	/* What begins a step asks nobody: the step itself will see. */
	if (request == 0 || op->on_answer == on_called)
		return;
	op->request = 0;
	op->on_answer = on_abandoned;
	m6_client_cancel(client, request);
	if (m6_client_call(client, on_reply, op, &op->request) == 0) {
		op->writer->port.submitted(op->writer->port.ctx);
		return;
	}
	(void)on_abandoned(op, NULL);
	op->ended(op->ctx, op);
}

bool
op_ask(struct writer_op *op, uint8_t code, const void *data, size_t len,
    writer_op_next *on_answer)
{
	/* Unsigned: a signed read clears the event counters that others look at. */
	const struct m6_request request = {
		.op = code,
		.assoc = op->assoc,
		.data = data,
		.len = len,
		.is_urgent = true,
		.give_up_ns = op->deadline_ns,
	};

	return submit(op, &request, on_answer);
}

bool
op_write(struct writer_op *op, uint8_t code, const void *data, size_t len,
    writer_op_next *on_answer)
{
	const struct m6_request request = {
		.op = code,
		.assoc = op->assoc,
		.data = data,
		.len = len,
		.key = op->writer->key,
		.is_once = true,
		.is_urgent = true,
		.give_up_ns = op->now_ns + (op->deadline_ns - op->now_ns) / 2,
	};

	return submit(op, &request, on_answer);
}

/* Blanks before the statement, so that both families of daemons look for the code at the
 * same place; ntp.org refuses blanks behind it. */
bool
op_configure(struct writer_op *op, const char *text, size_t len,
    writer_op_next *on_answer)
{
	char data[M6_REQUEST_MAX];
	size_t n_blanks = m6_mac_filler(len);
	bool is_running;

	if (len + n_blanks > sizeof(data))
		return op_end(op, NTP_WRITE_NOT_CARRIED);
	memset(data, ' ', n_blanks);
	memcpy(data + n_blanks, text, len);
	is_running = op_write(op, M6_OP_CONFIGURE, data, len + n_blanks, on_answer);
	/* A command may hold a secret. */
	m6_cleanse(data, sizeof(data));
	return is_running;
}

/* --- answers ------------------------------------------------------------------------ */

static enum ntp_write_result
result_of_code(const struct m6_reply *reply, bool is_signed)
{
	switch ((enum m6_error)reply->daemon_error) {
	case M6_ERROR_PERMISSION:
		return is_signed && reply->mac != M6_MAC_VALID ? NTP_WRITE_KEY_REFUSED
							       : NTP_WRITE_PERMISSION;
	case M6_ERROR_BADFMT:
		return NTP_WRITE_BAD_FORMAT;
	case M6_ERROR_BADOP:
		return NTP_WRITE_UNSUPPORTED;
	case M6_ERROR_BADASSOC:
		return NTP_WRITE_NO_ASSOCIATION;
	case M6_ERROR_UNKNOWNVAR:
		return NTP_WRITE_NO_VARIABLE;
	case M6_ERROR_BADVALUE:
		return NTP_WRITE_BAD_VALUE;
	case M6_ERROR_RESTRICT:
		return NTP_WRITE_RESTRICTED;
	case M6_ERROR_UNSPEC:
		break;
	}
	return NTP_WRITE_UNSPECIFIED;
}

static void
say_code(struct writer_op *op, const struct m6_reply *reply, bool is_signed)
{
	const char *remark = "";
	char text[NTP_WRITE_DETAIL_MAX];

	if (is_signed && reply->mac == M6_MAC_NONE)
		remark = " (said without a code)";
	else if (is_signed && reply->mac == M6_MAC_NAK)
		remark = " (it finds our code wrong)";
	op_say(op, text,
	    text_format(text, sizeof(text), "%s%s", m6_error_text(reply->daemon_error),
		remark));
}

enum ntp_write_result
op_result(struct writer_op *op, const struct m6_reply *reply, bool is_write)
{
	switch (reply->err) {
	case 0:
		return NTP_WRITE_DONE;
	case ERR_DAEMON:
		say_code(op, reply, is_write);
		return result_of_code(reply, is_write);
	case ERR_REFUSED:
		return NTP_WRITE_UNREACHABLE;
	case ERR_NOMEM:
	case ERR_BUSY:
		return NTP_WRITE_NO_MEMORY;
	default:
		return NTP_WRITE_NO_REPLY;
	}
}

enum ntp_write_result
op_configured(struct writer_op *op, const struct m6_reply *reply)
{
	const char *text = (const char *)reply->payload;
	size_t len = reply->len;

	if (reply->err != 0)
		return op_result(op, reply, true);
	text = scan_trim(text, &len);
	op_say(op, text, len);
	return ntp_write_configured(text, len);
}

/* --- steps -------------------------------------------------------------------------- */

static void
begin(struct writer_op *op, const struct writer_moment *at, bool is_undo)
{
	op->now_ns = at->now_ns;
	op->wall_offset_ns = at->wall_offset_ns;
	op->deadline_ns = at->deadline_ns;
	op->is_undo = is_undo;
	op->said = NTP_WRITE_NONE;
	op->detail_len = 0;
}

static bool
is_lost(const struct writer_op *op)
{
	return !op->writer || op->is_abandoned;
}

bool
writer_op_read(struct writer_op *op, const struct writer_moment *at)
{
	begin(op, at, false);
	op->has_old = false;
	if (is_lost(op))
		return end_lost(op, NTP_WRITE_UNREACHABLE);
	return op->is_command ? command_read(op) : variable_read(op);
}

/* What was allowed when the transaction was made may have changed. DONE: nothing. */
static enum ntp_write_result
refusal(const struct writer_op *op)
{
	bool is_carried = op->is_command
	    ? ntp_write_carries_command(op->text, op->text_len)
	    : ntp_write_carries_value(op->text, op->text_len);

	if (!is_carried)
		return NTP_WRITE_NOT_CARRIED;
	return writer_check(op->writer, op->assoc, op->name, op->name_len);
}

bool
op_has_time(struct writer_op *op)
{
	if (op->deadline_ns - op->now_ns >= WRITER_LEAST_NS)
		return true;
	op_say_text(op, "no time was left: nothing was sent");
	return false;
}

bool
writer_op_apply(struct writer_op *op, const struct writer_moment *at)
{
	enum ntp_write_result why;

	begin(op, at, false);
	if (is_lost(op))
		return end_lost(op, NTP_WRITE_UNREACHABLE);
	why = refusal(op);
	if (why != NTP_WRITE_DONE)
		return op_end(op, why);
	if (!op->has_old)
		return op_end(op, op->result ? op->result : NTP_WRITE_NO_REPLY);
	return op->is_command ? command_apply(op) : variable_apply(op);
}

bool
writer_op_undo(struct writer_op *op, const struct writer_moment *at)
{
	begin(op, at, true);
	if (!op->is_written)
		return op_end(op, NTP_WRITE_NONE);
	if (is_lost(op))
		return end_lost(op, NTP_WRITE_NOT_RESTORED);
	if (op->is_command || !op->writer->key || !op_has_time(op))
		return op_end(op, NTP_WRITE_NOT_RESTORED);
	return variable_undo(op);
}

void
writer_op_skip(struct writer_op *op, const struct writer_moment *at,
    enum ntp_write_result result)
{
	begin(op, at, op->is_undo);
	(void)op_end(op, result);
}

void
writer_op_follow(struct writer_op *op, const struct writer_op *earlier)
{
	op->has_old = true;
	op->is_old_carried = true;
	/* What is written has no quotes; what was left alone may have. */
	op->is_old_quoted =
	    earlier->result == NTP_WRITE_UNCHANGED && earlier->is_old_quoted;
	op->old_len = earlier->text_len;
	if (op->old_len > 0)
		memcpy(op->old, earlier->text, op->old_len);
}
