/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of the writes of one SET, and their ends. Every step begins inside a client's
 * turn, so that it never ends inside of the function that began it. */
#include "client/transaction.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "client/writer_impl.h"
#include "mode6/auth.h"

enum item_state { ITEM_WAITS, ITEM_RUNS, ITEM_ENDED };

struct item {
	struct writer_op op;
	enum item_state state;
};

struct transaction {
	int64_t started_ns;

	/* The running step. */
	enum transaction_step step;
	struct writer_moment at;
	transaction_done_fn *fn; /* NULL: none is running */
	void *ctx;
	struct writer_op
	    *starter; /* in whose client's turn it begins; NULL: it has begun */
	bool has_failed;

	char *texts; /* names and values of the items */
	size_t texts_len;
	size_t *place; /* of the caller's items among ours */
	size_t n;
	struct item items[]; /* variables, then commands */
};

static writer_op_ended on_ended;

/* --- making and freeing ------------------------------------------------------------- */

static size_t
name_len_of(const struct transaction_item *from)
{
	return from->kind == TRANSACTION_COMMAND ? 0 : from->name_len;
}

static void
copy_text(char **at, const char *text, size_t len)
{
	if (len > 0)
		memcpy(*at, text, len);
	*at += len;
}

/* `texts` is where the next text goes. */
static void
fill_item(struct transaction *t, struct item *item, const struct transaction_item *from,
    char **texts)
{
	struct writer_op *op = &item->op;

	op->ended = on_ended;
	op->ctx = t;
	op->is_command = from->kind == TRANSACTION_COMMAND;
	op->assoc = op->is_command ? 0 : from->assoc;
	op->name = *texts;
	op->name_len = name_len_of(from);
	copy_text(texts, from->name, op->name_len);
	op->text = *texts;
	op->text_len = from->value_len;
	copy_text(texts, from->value, op->text_len);
	item->state = ITEM_ENDED;
	writer_op_attach(op, from->writer);
}

static void
fill(struct transaction *t, const struct transaction_item *items, size_t n)
{
	static const enum transaction_kind order[] = { TRANSACTION_VARIABLE,
		TRANSACTION_COMMAND };
	char *texts = t->texts;

	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++) {
		for (size_t i = 0; i < n; i++) {
			if (items[i].kind != order[k])
				continue;
			t->place[i] = t->n;
			fill_item(t, &t->items[t->n++], &items[i], &texts);
		}
	}
}

struct transaction *
transaction_new(const struct transaction_item *items, size_t n, int64_t now_ns)
{
	struct transaction *t;
	size_t len = 0;

	if (n > TRANSACTION_ITEMS_MAX)
		return NULL;
	t = mem_calloc(1, sizeof(*t) + n * sizeof(t->items[0]));
	if (!t)
		return NULL;
	for (size_t i = 0; i < n; i++)
		len += name_len_of(&items[i]) + items[i].value_len;
	t->started_ns = now_ns;
	t->texts_len = len;
	t->texts = mem_calloc(len, 1);
	t->place = mem_calloc(n, sizeof(t->place[0]));
	if (!t->texts || !t->place) {
		transaction_free(t);
		return NULL;
	}
	fill(t, items, n);
	return t;
}

void
transaction_free(struct transaction *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		writer_op_detach(&t->items[i].op);
	mem_free(t->place);
	/* A command may hold a secret. */
	if (t->texts)
		m6_cleanse(t->texts, t->texts_len);
	mem_free(t->texts);
	mem_free(t);
}

/* --- a step ------------------------------------------------------------------------- */

static bool
has_running(const struct transaction *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->items[i].state == ITEM_RUNS)
			return true;
	return false;
}

static bool
is_same_variable(const struct writer_op *a, const struct writer_op *b)
{
	return a->writer == b->writer && a->assoc == b->assoc && !a->is_command &&
	    !b->is_command && a->name_len == b->name_len &&
	    memcmp(a->name, b->name, a->name_len) == 0;
}

/* Whether `item` has to wait for `other` to end: writing goes one by one for each daemon,
 * and commands, which cannot be undone, when all variables of all daemons are written. */
static bool
is_applied_before(const struct item *other, const struct item *item)
{
	if (other->state == ITEM_RUNS && other->op.writer == item->op.writer)
		return true;
	return item->op.is_command && !other->op.is_command && other->state != ITEM_ENDED;
}

/* The same for restoring, which has less time: of each variable in reverse. Nothing else
 * of a daemon matters to the old value, and commands have none. */
static bool
is_undone_before(const struct item *other, const struct item *item)
{
	return other > item && other->state != ITEM_ENDED &&
	    is_same_variable(&other->op, &item->op);
}

/* Reading goes side by side, and so does what was lost. */
static bool
may_begin(const struct transaction *t, const struct item *item)
{
	if (item->state != ITEM_WAITS)
		return false;
	if (t->step == TRANSACTION_READ || !item->op.writer)
		return true;
	for (size_t i = 0; i < t->n; i++)
		if (t->step == TRANSACTION_APPLY ? is_applied_before(&t->items[i], item)
						 : is_undone_before(&t->items[i], item))
			return false;
	return true;
}

/* The value of a variable that is written twice is what was written first. */
static void
follow_earlier(const struct transaction *t, struct item *item)
{
	for (size_t i = (size_t)(item - t->items); i-- > 0;) {
		if (!is_same_variable(&t->items[i].op, &item->op))
			continue;
		writer_op_follow(&item->op, &t->items[i].op);
		return;
	}
}

static bool
apply(struct transaction *t, struct item *item)
{
	if (t->has_failed) {
		writer_op_skip(&item->op, &t->at, NTP_WRITE_ABORTED);
		return false;
	}
	follow_earlier(t, item);
	return writer_op_apply(&item->op, &t->at);
}

static bool
begin_item(struct transaction *t, struct item *item)
{
	switch (t->step) {
	case TRANSACTION_READ:
		return writer_op_read(&item->op, &t->at);
	case TRANSACTION_APPLY:
		return apply(t, item);
	case TRANSACTION_UNDO:
		break;
	}
	return writer_op_undo(&item->op, &t->at);
}

static void
end_item(struct transaction *t, struct item *item)
{
	enum ntp_write_result result = item->op.result;

	item->state = ITEM_ENDED;
	if (t->step == TRANSACTION_APPLY && result != NTP_WRITE_DONE &&
	    result != NTP_WRITE_UNCHANGED)
		t->has_failed = true;
}

/* Begins whatever may begin, in order; what is undone, in reverse. */
static void
begin_items(struct transaction *t)
{
	for (size_t k = 0; k < t->n; k++) {
		size_t i = t->step == TRANSACTION_UNDO ? t->n - 1 - k : k;
		struct item *item = &t->items[i];

		if (!may_begin(t, item))
			continue;
		item->state = ITEM_RUNS;
		if (!begin_item(t, item))
			end_item(t, item);
	}
}

/* Last thing: the caller may free the transaction. */
static void
go_on(struct transaction *t, int64_t now_ns)
{
	transaction_done_fn *fn = t->fn;

	t->at.now_ns = now_ns;
	begin_items(t);
	if (has_running(t))
		return;
	t->fn = NULL;
	fn(t->ctx);
}

static void
on_ended(void *ctx, struct writer_op *op)
{
	struct transaction *t = ctx;

	if (t->starter == op)
		t->starter = NULL;
	else
		for (size_t i = 0; i < t->n; i++)
			if (&t->items[i].op == op)
				end_item(t, &t->items[i]);
	go_on(t, op->now_ns);
}

/* --- the outside -------------------------------------------------------------------- */

static struct writer_op *
any_op(struct transaction *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->items[i].op.writer)
			return &t->items[i].op;
	return NULL;
}

static int64_t
deadline(const struct transaction *t, enum transaction_step step, int64_t now_ns)
{
	static const int64_t ends_ns[] = {
		[TRANSACTION_READ] = TRANSACTION_READ_NS,
		[TRANSACTION_APPLY] = TRANSACTION_APPLY_NS,
		[TRANSACTION_UNDO] = TRANSACTION_UNDO_NS,
	};
	int64_t end_ns = t->started_ns + ends_ns[step];
	int64_t least_ns = now_ns + TRANSACTION_LEAST_NS;

	return end_ns > least_ns ? end_ns : least_ns;
}

int
transaction_run(struct transaction *t, enum transaction_step step, int64_t now_ns,
    int64_t wall_ns, transaction_done_fn *fn, void *ctx)
{
	struct writer_op *starter = any_op(t);

	if (starter && writer_op_call(starter) != 0)
		return ERR_NOMEM;
	t->step = step;
	t->at.now_ns = now_ns;
	t->at.wall_offset_ns = wall_ns - now_ns;
	t->at.deadline_ns = deadline(t, step, now_ns);
	t->has_failed = false;
	for (size_t i = 0; i < t->n; i++)
		t->items[i].state = ITEM_WAITS;
	if (!starter) {
		begin_items(t);
		return ERR_CANCELLED;
	}
	t->starter = starter;
	t->fn = fn;
	t->ctx = ctx;
	return 0;
}

enum ntp_write_result
transaction_result(const struct transaction *t, size_t i)
{
	return t->items[t->place[i]].op.result;
}

void
transaction_lose(struct transaction *t, const struct writer *writer)
{
	for (size_t i = 0; i < t->n; i++) {
		struct item *item = &t->items[i];

		if (item->op.writer == writer)
			writer_op_lose(&item->op);
		if (item->op.writer || item->state != ITEM_RUNS)
			continue;
		writer_op_skip(&item->op, &t->at,
		    t->step == TRANSACTION_UNDO ? NTP_WRITE_NOT_RESTORED
						: NTP_WRITE_UNREACHABLE);
		end_item(t, item);
	}
	if (t->starter && !t->starter->writer)
		t->starter = NULL;
	/* Nobody else's turn may come. */
	if (t->fn && !t->starter)
		go_on(t, t->at.now_ns);
}
