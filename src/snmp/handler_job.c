/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes to daemons inside a SET: begun, delegated, answered when they are done. */
#include "snmp/handler_job.h"

#include "base/mem.h"

/* Lives as long as a request that belongs to it, and as long as there is something to
 * do: when the master goes away in the middle, nobody else can undo what was done. */
struct set_job {
	struct set_job *next,
	    **link; /* in the handler's list; NULL: not in it any more */
	const struct write_port *port;
	struct write_job *writes;   /* NULL: over */
	size_t n_orders, n_records; /* requests that point here */
	enum write_step step;
	bool is_running;               /* a step: on_done() will be called */
	bool is_orphan;                /* nobody will ask for the next phase */
	struct session_ticket *ticket; /* of the request that waits; NULL: none does */
};

static void run_orphan(struct set_job *job);

static void
free_if_unused(struct set_job *job)
{
	if (job->n_records == 0 && !job->writes)
		mem_free(job);
}

/* Nothing is left to be done. The requests may go on to point here. */
static void
finish(struct set_job *job)
{
	*job->link = job->next;
	if (job->next)
		job->next->link = job->link;
	job->port->end(job->writes);
	job->writes = NULL;
	free_if_unused(job);
}

/* The master went away. Reading is of no use any more; writing comes to its end, and what
 * failed in part is undone. What was done as a whole has happened. */
static void
orphan(struct set_job *job)
{
	if (job->is_orphan)
		return;
	job->is_orphan = true;
	if (job->is_running && job->step != WRITE_STEP_READ)
		return;
	job->is_running = false;
	run_orphan(job);
}

void
set_jobs_orphan(struct set_jobs *jobs)
{
	struct set_job *next;

	for (struct set_job *job = jobs->first; job; job = next) {
		next = job->next;
		orphan(job);
	}
}

void
set_jobs_end(struct set_jobs *jobs)
{
	while (jobs->first)
		finish(jobs->first);
}

bool
set_jobs_are_running(const struct set_jobs *jobs)
{
	for (const struct set_job *job = jobs->first; job; job = job->next)
		if (job->is_running)
			return true;
	return false;
}

/* The library forgets a request: the SET is over, or its session is. */
static void
forget_record(void *data)
{
	struct set_record *record = data;
	struct set_job *job = record->job;

	mem_free(record);
	if (!job || --job->n_records > 0)
		return;
	if (job->ticket) {
		netsnmp_delegated_cache *cache = session_complete(job->ticket);

		if (cache)
			netsnmp_free_delegated_cache(cache);
		job->ticket = NULL;
	}
	if (!job->writes)
		free_if_unused(job);
	else if (job->is_running)
		orphan(job);
	else
		finish(job);
}

struct set_record *
set_record_of(netsnmp_request_info *request)
{
	return netsnmp_request_get_list_data(request, SET_RECORD);
}

struct set_record *
set_record_new(netsnmp_request_info *request)
{
	struct set_record *record = mem_calloc(1, sizeof(*record));
	netsnmp_data_list *node;

	if (!record)
		return NULL;
	node = netsnmp_create_data_list(SET_RECORD, record, forget_record);
	if (!node) {
		mem_free(record);
		return NULL;
	}
	netsnmp_request_add_list_data(request, node);
	return record;
}

/* --- from results to errors --------------------------------------------------------- */

static int
error_of_read(enum ntp_write_result result)
{
	switch ((int)result) {
	case NTP_WRITE_NONE:
		return SNMP_ERR_NOERROR;
	case NTP_WRITE_NO_VARIABLE:
	case NTP_WRITE_NO_ASSOCIATION:
		return SNMP_ERR_NOCREATION;
	default:
		return SNMP_ERR_RESOURCEUNAVAILABLE;
	}
}

static int
error_of_apply(enum ntp_write_result result)
{
	return result == NTP_WRITE_DONE || result == NTP_WRITE_UNCHANGED
	    ? SNMP_ERR_NOERROR
	    : SNMP_ERR_COMMITFAILED;
}

static int
error_of_undo(enum ntp_write_result result)
{
	return result == NTP_WRITE_NONE || result == NTP_WRITE_RESTORED
	    ? SNMP_ERR_NOERROR
	    : SNMP_ERR_UNDOFAILED;
}

/* What stopped short for another one's sake is no failure of its own: the error of the
 * SET points at the one that failed. */
static int
error_of(const struct set_job *job, size_t order)
{
	static int (*const by_step[])(enum ntp_write_result) = {
		[WRITE_STEP_READ] = error_of_read,
		[WRITE_STEP_APPLY] = error_of_apply,
		[WRITE_STEP_UNDO] = error_of_undo,
	};
	enum ntp_write_result result = job->port->result(job->writes, order);

	if (result == NTP_WRITE_ABORTED)
		return SNMP_ERR_NOERROR;
	return by_step[job->step](result);
}

/* --- a phase ------------------------------------------------------------------------ */

static bool
belongs_to(netsnmp_request_info *r, const struct set_job *job)
{
	const struct set_record *record = set_record_of(r);

	return record && record->job == job;
}

static void
mark(netsnmp_request_info *requests, const struct set_job *job, int delegated)
{
	for (netsnmp_request_info *r = requests; r; r = r->next)
		if (belongs_to(r, job))
			r->delegated = delegated;
}

static void
answer(struct set_job *job)
{
	netsnmp_delegated_cache *cache = session_complete(job->ticket);

	job->ticket = NULL;
	for (netsnmp_request_info *r = cache ? cache->requests : NULL; r; r = r->next) {
		int error;

		if (!belongs_to(r, job))
			continue;
		r->delegated = 0;
		error = error_of(job, set_record_of(r)->order);
		if (error != SNMP_ERR_NOERROR)
			netsnmp_set_request_error(cache->reqinfo, r, error);
	}
	if (cache)
		netsnmp_free_delegated_cache(cache);
}

/* The daemons have answered, or were given up. */
static void
on_done(void *ctx)
{
	struct set_job *job = ctx;

	job->is_running = false;
	if (job->ticket)
		answer(job);
	else
		run_orphan(job);
}

static bool
has_failed(const struct set_job *job)
{
	for (size_t i = 0; i < job->n_orders; i++)
		if (error_of_apply(job->port->result(job->writes, i)) != SNMP_ERR_NOERROR)
			return true;
	return false;
}

static void
run_orphan(struct set_job *job)
{
	if (job->step == WRITE_STEP_APPLY && has_failed(job)) {
		job->step = WRITE_STEP_UNDO;
		job->is_running =
		    job->port->run(job->writes, WRITE_STEP_UNDO, on_done, job) == 0;
	}
	if (!job->is_running)
		finish(job);
}

/* The session went down; the request has been failed by it. */
static void
on_lost(void *ctx)
{
	struct set_job *job = ctx;

	job->ticket = NULL;
	if (job->writes)
		orphan(job);
}

static void
fail(const struct handler_set *s, netsnmp_request_info *requests,
    const struct set_job *job, int error)
{
	for (netsnmp_request_info *r = requests; r; r = r->next)
		if (belongs_to(r, job))
			netsnmp_set_request_error(s->info, r, error);
}

static bool
delegate(const struct handler_set *s, netsnmp_request_info *requests, struct set_job *job)
{
	netsnmp_delegated_cache *cache = netsnmp_create_delegated_cache(s->handler,
	    s->registration, s->info, requests, job);

	if (!cache)
		return false;
	job->ticket = session_delegate(s->session, cache, on_lost, job);
	if (job->ticket) {
		mark(requests, job, 1);
		return true;
	}
	netsnmp_free_delegated_cache(cache);
	return false;
}

/* Answers at once when the daemons cannot even be asked. */
static bool
start(const struct handler_set *s, netsnmp_request_info *requests, struct set_job *job,
    enum write_step step)
{
	netsnmp_delegated_cache *cache;

	if (!delegate(s, requests, job)) {
		fail(s, requests, job, SNMP_ERR_GENERR);
		return false;
	}
	job->step = step;
	job->is_running = job->port->run(job->writes, step, on_done, job) == 0;
	if (job->is_running)
		return true;
	cache = session_complete(job->ticket);
	job->ticket = NULL;
	if (cache)
		netsnmp_free_delegated_cache(cache);
	mark(requests, job, 0);
	fail(s, requests, job, SNMP_ERR_GENERR);
	return false;
}

/* --- all writes of a SET ------------------------------------------------------------ */

/* Whether the request is for a daemon, and which write it means. */
static bool
take_order(const struct handler_set *s, netsnmp_request_info *r, struct write_order *out)
{
	const netsnmp_variable_list *vb = r->requestvb;
	struct mib_instance instance;
	struct mib_value value;

	return mib_instance_of(s->module, vb->name, vb->name_length, &instance) &&
	    instance.object->write && instance.object->write->order &&
	    set_read_value(vb, instance.object->syntax, &value) == MIB_SET_OK &&
	    instance.object->write->order(s->view, instance.index, instance.index_len,
		&value, out) == MIB_SET_OK;
}

static size_t
count_requests(const netsnmp_request_info *requests)
{
	size_t n = 0;

	for (; requests; requests = requests->next)
		n++;
	return n;
}

static struct set_job *
new_job(const struct handler_set *s, const struct write_order *orders, size_t n)
{
	struct set_job *job = mem_calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->port = s->writes;
	job->n_orders = n;
	job->writes = job->port->begin(job->port->ctx, orders, n);
	if (!job->writes) {
		mem_free(job);
		return NULL;
	}
	job->next = s->jobs->first;
	job->link = &s->jobs->first;
	if (job->next)
		job->next->link = &job->next;
	s->jobs->first = job;
	return job;
}

/* Each request gets the number of its order. */
static void
assign(netsnmp_request_info **owners, size_t n, struct set_job *job)
{
	for (size_t i = 0; i < n; i++) {
		struct set_record *record = set_record_of(owners[i]);

		record->job = job;
		record->order = i;
		job->n_records++;
	}
}

bool
set_job_begin(const struct handler_set *s, netsnmp_request_info *requests)
{
	size_t n_requests = count_requests(requests), n = 0;
	struct write_order *orders = mem_calloc(n_requests, sizeof(*orders));
	netsnmp_request_info **owners = mem_calloc(n_requests, sizeof(*owners));
	struct set_job *job = NULL;

	if (orders && owners)
		for (netsnmp_request_info *r = requests; r; r = r->next)
			if (take_order(s, r, &orders[n]))
				owners[n++] = r;
	if (n > 0)
		job = new_job(s, orders, n);
	if (job)
		assign(owners, n, job);
	else if (n > 0 || !orders || !owners)
		netsnmp_set_request_error(s->info, n > 0 ? owners[0] : requests,
		    SNMP_ERR_RESOURCEUNAVAILABLE);
	mem_free(orders);
	mem_free(owners);
	return job && start(s, requests, job, WRITE_STEP_READ);
}

static struct set_job *
job_of(netsnmp_request_info *requests)
{
	for (netsnmp_request_info *r = requests; r; r = r->next) {
		const struct set_record *record = set_record_of(r);

		if (record && record->job)
			return record->job;
	}
	return NULL;
}

bool
set_job_run(const struct handler_set *s, netsnmp_request_info *requests,
    enum write_step step)
{
	struct set_job *job = job_of(requests);

	if (!job)
		return false;
	/* A master that comes back to a SET it had given up. */
	if (job->is_orphan) {
		fail(s, requests, job, SNMP_ERR_GENERR);
		return false;
	}
	return start(s, requests, job, step);
}
