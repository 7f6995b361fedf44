/* SPDX-License-Identifier: BSD-2-Clause */
/* SETs that reach NTP daemons: the port between the SNMP side and the writers. */
#include "base/clock.h"
#include "base/mem.h"
#include "client/transaction.h"
#include "client/writer.h"
#include "daemon/targets_impl.h"

struct write_job {
	struct write_job *next, **link; /* in the list of those not ended */
	struct transaction *transaction;
};

static enum ntp_write_result
check(void *ctx, const struct write_order *order)
{
	const struct member *m = targets_find(ctx, order->target);

	if (m == NULL)
		return NTP_WRITE_UNREACHABLE;
	return writer_check(link_writer(m->link), order->assoc, order->name,
	    order->name_len);
}

static void
note(void *ctx, const struct write_order *order, enum ntp_write_result result)
{
	struct member *m = targets_find(ctx, order->target);

	if (m != NULL)
		writer_note(link_writer(m->link), order->assoc, order->name,
		    order->name_len, result, clock_wall_ns());
}

static bool
fill_item(const struct targets *ts, const struct write_order *order,
    struct transaction_item *out)
{
	const struct member *m = targets_find(ts, order->target);

	if (m == NULL)
		return false;
	*out = (struct transaction_item){
		.writer = link_writer(m->link),
		.kind = order->kind == WRITE_COMMAND ? TRANSACTION_COMMAND
						     : TRANSACTION_VARIABLE,
		.assoc = order->assoc,
		.name = order->name,
		.name_len = order->name_len,
		.value = order->value,
		.value_len = order->value_len,
	};
	return true;
}

static struct transaction *
make_transaction(const struct targets *ts, const struct write_order *orders, size_t n)
{
	struct transaction_item *items = mem_calloc(n, sizeof(*items));
	struct transaction *t = NULL;
	size_t filled = 0;

	while (
	    items != NULL && filled < n && fill_item(ts, &orders[filled], &items[filled]))
		filled++;
	if (items != NULL && filled == n)
		t = transaction_new(items, n, clock_monotonic_ns());
	mem_free(items);
	return t;
}

static struct write_job *
begin(void *ctx, const struct write_order *orders, size_t n)
{
	struct targets *ts = ctx;
	struct write_job *job = mem_calloc(1, sizeof(*job));

	if (job == NULL)
		return NULL;
	job->transaction = make_transaction(ts, orders, n);
	if (job->transaction == NULL) {
		mem_free(job);
		return NULL;
	}
	job->next = ts->whole.jobs;
	job->link = &ts->whole.jobs;
	if (job->next != NULL)
		job->next->link = &job->next;
	ts->whole.jobs = job;
	return job;
}

static int
run(struct write_job *job, enum write_step step, void (*done)(void *ctx), void *done_ctx)
{
	static const enum transaction_step steps[] = {
		[WRITE_STEP_READ] = TRANSACTION_READ,
		[WRITE_STEP_APPLY] = TRANSACTION_APPLY,
		[WRITE_STEP_UNDO] = TRANSACTION_UNDO,
	};

	return transaction_run(job->transaction, steps[step], clock_monotonic_ns(),
	    clock_wall_ns(), done, done_ctx);
}

static enum ntp_write_result
result(const struct write_job *job, size_t i)
{
	return transaction_result(job->transaction, i);
}

static void
end(struct write_job *job)
{
	*job->link = job->next;
	if (job->next != NULL)
		job->next->link = job->link;
	transaction_free(job->transaction);
	mem_free(job);
}

struct write_port
write_port_of(struct targets *ts)
{
	return (struct write_port){
		.check = check,
		.note = note,
		.begin = begin,
		.run = run,
		.result = result,
		.end = end,
		.ctx = ts,
	};
}

bool
targets_are_writing(const struct targets *ts)
{
	return ts->whole.jobs != NULL;
}

void
write_jobs_lose(struct targets *ts, const struct member *m)
{
	struct write_job *next;

	/* Losing its last writer may end a job. */
	for (struct write_job *job = ts->whole.jobs; job != NULL; job = next) {
		next = job->next;
		transaction_lose(job->transaction, link_writer(m->link));
	}
}
