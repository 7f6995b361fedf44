/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable: read, written by one of two ways, read back, and the old value written
 * back.
 */
#include "client/writer_impl.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "mode6/auth.h"
#include "mode6/packet.h"
#include "mode6/varlist.h"

/* --- reading ------------------------------------------------------------------------ */

static bool
find(const struct writer_op *op, const struct m6_reply *reply, struct m6_var *out)
{
	struct m6_varlist list = m6_varlist_start(reply->payload, reply->len);

	while (m6_varlist_next(&list, out))
		if (out->name_len == op->name_len &&
		    memcmp(out->name, op->name, op->name_len) == 0 && out->value)
			return true;
	return false;
}

/* DONE and the value, or why there is none. */
static enum ntp_write_result
take_value(struct writer_op *op, const struct m6_reply *reply, struct m6_var *out)
{
	enum ntp_write_result result = op_result(op, reply, false);

	if (result == NTP_WRITE_DONE && !find(op, reply, out))
		return NTP_WRITE_NO_VARIABLE;
	return result;
}

static bool
on_old(struct writer_op *op, const struct m6_reply *reply)
{
	struct m6_var var;
	enum ntp_write_result result = take_value(op, reply, &var);

	if (result != NTP_WRITE_DONE)
		return op_end(op, result);
	op->has_old = true;
	op->is_old_quoted = var.is_quoted;
	op->is_old_carried = ntp_write_carries_value(var.value, var.value_len);
	op->old_len = op->is_old_carried ? var.value_len : 0;
	if (op->old_len > 0)
		memcpy(op->old, var.value, op->old_len);
	return op_end(op, NTP_WRITE_NONE);
}

bool
variable_read(struct writer_op *op)
{
	return op_ask(op, M6_OP_READVAR, op->name, op->name_len, on_old);
}

/* --- reading back ------------------------------------------------------------------- */

static bool
is_text(const struct m6_var *var, const char *text, size_t len)
{
	return var->value_len == len && (len == 0 || memcmp(var->value, text, len) == 0);
}

static bool
is_new(const struct writer_op *op, const struct m6_var *var)
{
	return is_text(var, op->text, op->text_len);
}

/* The quotes are a part of the value: without them it is another one. */
static bool
is_old(const struct writer_op *op, const struct m6_var *var)
{
	return op->is_old_carried && var->is_quoted == op->is_old_quoted &&
	    is_text(var, op->old, op->old_len);
}

static void
say_value(struct writer_op *op, const struct m6_var *var)
{
	char text[NTP_WRITE_DETAIL_MAX + 1];
	int len = var->value_len < sizeof(text) ? (int)var->value_len : (int)sizeof(text);

	op_say(op, text,
	    text_format(text, sizeof(text), "it reads \"%.*s\"", len, var->value));
}

static bool
said_an_error(const struct writer_op *op)
{
	return op->said != NTP_WRITE_DONE && op->said != NTP_WRITE_NO_REPLY;
}

/* What is there counts, whatever the answer to the write was: that may have been lost, or
 * forged. */
static bool
on_read_back(struct writer_op *op, const struct m6_reply *reply)
{
	struct m6_var var;
	enum ntp_write_result result;

	if (said_an_error(op) && reply->err != 0)
		return op_end(op, op->said);
	result = take_value(op, reply, &var);
	if (result == NTP_WRITE_NO_REPLY)
		op_say_text(op, "no answer when it was to be read back");
	if (result != NTP_WRITE_DONE)
		return op_end(op, said_an_error(op) ? op->said : result);
	if (is_new(op, &var))
		return op_end(op, NTP_WRITE_DONE);
	if (!is_old(op, &var)) {
		say_value(op, &var);
		return op_end(op, NTP_WRITE_DIFFERS);
	}
	/* Without an answer it may still be on its way. */
	op->is_written = op->said == NTP_WRITE_NO_REPLY;
	return op_end(op, op->said == NTP_WRITE_DONE ? NTP_WRITE_NOT_STORED : op->said);
}

static bool
on_restored(struct writer_op *op, const struct m6_reply *reply)
{
	struct m6_var var;
	enum ntp_write_result result = take_value(op, reply, &var);

	if (result != NTP_WRITE_DONE)
		return op_end(op, NTP_WRITE_NOT_RESTORED);
	if (!is_old(op, &var)) {
		if (!said_an_error(op))
			say_value(op, &var);
		return op_end(op, NTP_WRITE_NOT_RESTORED);
	}
	op->is_written = false;
	return op_end(op, NTP_WRITE_RESTORED);
}

static bool
read_back(struct writer_op *op)
{
	return op_ask(op, M6_OP_READVAR, op->name, op->name_len,
	    op->is_undo ? on_restored : on_read_back);
}

/* --- writing ------------------------------------------------------------------------ */

static bool find_way(struct writer_op *op);

static bool
may_use_setvar(const struct writer_op *op)
{
	return op->writer->allowed >= TARGET_WRITE_SETVAR;
}

/* NTPsec has no writevar since 1.2.3, and no daemon takes one for a variable that was
 * made by "setvar". */
static bool
wants_setvar(const struct writer_op *op)
{
	return op->way == WRITER_BY_WRITEVAR && may_use_setvar(op) &&
	    (op->said == NTP_WRITE_UNSUPPORTED || op->said == NTP_WRITE_PERMISSION);
}

/* Whether the old value could be written back: "setvar" drops quotes. */
static bool
can_restore(const struct writer_op *op, bool by_setvar)
{
	if (!op->is_old_carried || !op->is_old_quoted)
		return op->is_old_carried;
	return !by_setvar && op->old_len + 2 <= NTP_WRITE_VALUE_MAX;
}

static enum ntp_write_result
could_not_restore(struct writer_op *op)
{
	op_say_text(op, "the present value could not be restored");
	return NTP_WRITE_NOT_CARRIED;
}

static bool
on_written(struct writer_op *op, const struct m6_reply *reply)
{
	bool is_sure = reply->err == ERR_DAEMON && reply->mac == M6_MAC_VALID;

	op->said = op->way == WRITER_BY_WRITEVAR ? op_result(op, reply, true)
						 : op_configured(op, reply);
	if (op->said == NTP_WRITE_NO_REPLY)
		op_say_text(op, "no answer to the write");
	if (op->way == WRITER_BY_WRITEVAR && op->said == NTP_WRITE_UNSUPPORTED)
		op->writer->has_no_writevar = true;
	if (op->is_undo)
		return read_back(op);
	if (is_sure || reply->first_sent_ns == 0)
		op->is_written = false;
	if (wants_setvar(op) && can_restore(op, true))
		return find_way(op);
	if (wants_setvar(op))
		op->said = could_not_restore(op);
	return op->is_written ? read_back(op) : op_end(op, op->said);
}

struct value {
	const char *text;
	size_t len;
	bool is_quoted;
};

static struct value
value_to_write(const struct writer_op *op)
{
	if (!op->is_undo)
		return (struct value){ op->text, op->text_len, false };
	return (struct value){ op->old, op->old_len, op->is_old_quoted };
}

/* writevar stores quotes as a part of the value: they are written where they were. */
static bool
write_by_writevar(struct writer_op *op)
{
	struct value v = value_to_write(op);
	char data[NTP_WRITE_NAME_MAX + NTP_WRITE_VALUE_MAX + 4];
	struct buf b = buf_writer(data, sizeof(data));

	buf_put_bytes(&b, op->name, op->name_len);
	buf_put_text(&b, v.is_quoted ? "=\"" : "=");
	buf_put_bytes(&b, v.text, v.len);
	buf_put_text(&b, v.is_quoted ? "\"" : "");
	return op_write(op, M6_OP_WRITEVAR, data, buf_pos(&b), on_written);
}

static bool
write_by_setvar(struct writer_op *op)
{
	struct value v = value_to_write(op);
	char text[NTP_WRITE_NAME_MAX + NTP_WRITE_VALUE_MAX + 32];
	struct buf b = buf_writer(text, sizeof(text));
	bool is_running;

	buf_put_text(&b, "setvar ");
	buf_put_bytes(&b, op->name, op->name_len);
	buf_put_text(&b, " = \"");
	buf_put_bytes(&b, v.text, v.len);
	buf_put_text(&b, op->way == WRITER_BY_SETVAR_DEFAULT ? "\" default" : "\"");
	is_running = op_configure(op, text, buf_pos(&b), on_written);
	m6_cleanse(text, sizeof(text));
	return is_running;
}

static bool
write_value(struct writer_op *op)
{
	op->is_written = true;
	return op->way == WRITER_BY_WRITEVAR ? write_by_writevar(op)
					     : write_by_setvar(op);
}

/* "setvar" makes the variable anew: in the list of defaults, or not, as it was. */
static bool
on_defaults(struct writer_op *op, const struct m6_reply *reply)
{
	enum ntp_write_result result = op_result(op, reply, false);
	struct m6_var var;

	if (result != NTP_WRITE_DONE)
		return op_end(op, result);
	op->way = find(op, reply, &var) ? WRITER_BY_SETVAR_DEFAULT : WRITER_BY_SETVAR;
	return write_value(op);
}

static bool
find_way(struct writer_op *op)
{
	return op_ask(op, M6_OP_READVAR, NULL, 0, on_defaults);
}

/* --- steps -------------------------------------------------------------------------- */

bool
variable_apply(struct writer_op *op)
{
	bool by_setvar = op->writer->has_no_writevar && may_use_setvar(op);

	if (op->is_old_carried && op->old_len == op->text_len &&
	    (op->old_len == 0 || memcmp(op->old, op->text, op->old_len) == 0))
		return op_end(op, NTP_WRITE_UNCHANGED);
	if (!can_restore(op, by_setvar))
		return op_end(op, could_not_restore(op));
	if (!op_has_time(op))
		return op_end(op, NTP_WRITE_NO_REPLY);
	op->way = WRITER_BY_WRITEVAR;
	return by_setvar ? find_way(op) : write_value(op);
}

bool
variable_undo(struct writer_op *op)
{
	return write_value(op);
}
