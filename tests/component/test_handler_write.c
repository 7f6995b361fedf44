/* SPDX-License-Identifier: BSD-2-Clause */
/* SET of objects that daemons set, inside a running agent: which step follows which, what
 * the manager is told, and that all of it is delegated. */
#include "support/check.h"

#include <string.h>

#include "snmp/handler.h"
#include "snmp/session.h"
#include "support/agent_bench.h"

#define FAR_ROOT 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 3
enum { ORDERS_MAX = 8, NEAR = 1, FAR = 2, STEPS = 3, FORBIDDEN = 13 };

/* The daemons: what they answer, and what they were asked. */
struct far_end {
	struct session *session;
	struct mib_handler *handler;
	struct snapshot *snapshot;
	struct mib_agent agent;
	int32_t near; /* an object in memory beside those of daemons */
	unsigned n_changes;

	enum ntp_write_result checked;                    /* DONE: may be tried */
	enum ntp_write_result results[STEPS][ORDERS_MAX]; /* by step and association */
	bool has_no_room, cannot_run;

	struct write_order orders[ORDERS_MAX];
	char values[ORDERS_MAX][64];
	size_t n_orders;
	unsigned n_steps[STEPS], n_ends, n_notes;
	enum ntp_write_result noted;
	bool was_setting; /* at the end of each step */
	enum write_step step;
	void (*done)(void *ctx);
	void *done_ctx;
};

static struct far_end *
far_of(const struct mib_view *view)
{
	return (struct far_end *)(uintptr_t)view->agent->identity;
}

/* --- the module --------------------------------------------------------------------- */

static bool
get_near(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = far_of(cell->view)->near;
	return true;
}

static enum mib_set_error
check_near(const struct mib_value *value)
{
	return value->i32 == FORBIDDEN ? MIB_SET_WRONG_VALUE : MIB_SET_OK;
}

static void
set_near(const struct mib_cell *cell, const struct mib_value *value)
{
	far_of(cell->view)->near = value->i32;
}

static bool
get_far(const struct mib_cell *cell, struct mib_value *out)
{
	(void)cell;
	(void)out;
	return false;
}

static enum mib_set_error
check_far(const struct mib_value *value)
{
	return value->n_octets > 8 ? MIB_SET_WRONG_LENGTH : MIB_SET_OK;
}

static enum mib_set_error
order_far(const struct mib_view *view, const mib_subid *index, size_t index_len,
    const struct mib_value *value, struct write_order *out)
{
	(void)view;
	if (index_len != 1 || index[0] >= ORDERS_MAX)
		return MIB_SET_NO_CREATION;
	*out = (struct write_order){
		.target = "far",
		.kind = WRITE_VARIABLE,
		.assoc = (uint16_t)index[0],
		.name = "x",
		.name_len = 1,
		.value = value->octets,
		.value_len = value->n_octets,
	};
	return MIB_SET_OK;
}

static const struct mib_writer near_writer = { check_near, set_near, NULL };
static const struct mib_writer far_writer = { check_far, NULL, order_far };
static const struct mib_object objects[] = {
	{ NEAR, "near", MIB_INTEGER, get_near, &near_writer, NULL },
	{ FAR, "far", MIB_OCTETS, get_far, &far_writer, NULL },
};
static const mib_subid root[] = { FAR_ROOT };
static const mib_subid scalars[] = { FAR_ROOT, 1 };
static const struct mib_group *const groups[] = {
	&(const struct mib_group){ "far", scalars, COUNT(scalars), objects,
	    COUNT(objects), NULL },
};
static const struct mib_module far_module = { "FAR-MIB", root, COUNT(root), groups,
	COUNT(groups) };

/* --- the port ----------------------------------------------------------------------- */

static enum ntp_write_result
check_order(void *ctx, const struct write_order *order)
{
	(void)order;
	return ((struct far_end *)ctx)->checked;
}

static void
note_order(void *ctx, const struct write_order *order, enum ntp_write_result result)
{
	struct far_end *f = ctx;

	assert_int_equal(order->name_len, 1);
	f->n_notes++;
	f->noted = result;
}

static struct write_job *
begin(void *ctx, const struct write_order *orders, size_t n)
{
	struct far_end *f = ctx;

	assert_true(n <= ORDERS_MAX);
	if (f->has_no_room)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		f->orders[i] = orders[i];
		memcpy(f->values[i], orders[i].value, orders[i].value_len);
	}
	f->n_orders = n;
	return (struct write_job *)f;
}

/* A step ends outside of the agent's own work, as it does with daemons. */
static void
turn(void *ctx)
{
	struct far_end *f = ctx;
	void (*done)(void *ctx) = f->done;

	f->done = NULL;
	if (done) {
		f->was_setting = mib_handler_is_setting(f->handler);
		done(f->done_ctx);
	}
	session_round(f->session, 0);
}

static int
run(struct write_job *job, enum write_step step, void (*done)(void *ctx), void *done_ctx)
{
	struct far_end *f = (struct far_end *)job;

	if (f->cannot_run)
		return -1;
	f->n_steps[step]++;
	f->step = step;
	f->done = done;
	f->done_ctx = done_ctx;
	return 0;
}

static enum ntp_write_result
result_of(const struct write_job *job, size_t i)
{
	const struct far_end *f = (const struct far_end *)job;

	return f->results[f->step][f->orders[i].assoc];
}

static void
end(struct write_job *job)
{
	((struct far_end *)job)->n_ends++;
}

/* --- a request ---------------------------------------------------------------------- */

static void
view_far(void *ctx, struct mib_view *out)
{
	struct far_end *f = ctx;

	*out = (struct mib_view){ f->snapshot, &f->agent, NULL };
}

static void
note_change(void *ctx)
{
	((struct far_end *)ctx)->n_changes++;
}

static struct write_port port = { check_order, note_order, begin, run, result_of, end,
	NULL };

/* Daemons that do everything they are asked. */
static void
set_up(struct far_end *f, struct session *session)
{
	static const struct logger quiet;

	*f = (struct far_end){ .session = session, .near = 1, .checked = NTP_WRITE_DONE };
	for (size_t i = 0; i < ORDERS_MAX; i++)
		f->results[WRITE_STEP_APPLY][i] = NTP_WRITE_DONE;
	f->agent.identity = f;
	f->snapshot = snapshot_new(TARGET_UP, 0);
	assert_non_null(f->snapshot);
	port.ctx = f;
	f->handler = mib_handler_register(&far_module, NULL,
	    &(struct view_port){
		.view = view_far,
		.ctx = f,
		.changed = note_change,
		.writes = &port,
		.session = session,
	    },
	    &quiet);
	assert_non_null(f->handler);
}

static void
tear_down(struct far_end *f)
{
	assert_false(mib_handler_is_setting(f->handler));
	mib_handler_unregister(f->handler);
	snapshot_unref(f->snapshot);
}

static netsnmp_pdu *
set_of(size_t n_far)
{
	netsnmp_pdu *pdu = agent_request(SNMP_MSG_SET, NULL);

	for (oid i = 0; i < n_far; i++) {
		oid name[] = { FAR_ROOT, 1, FAR, i };

		assert_non_null(snmp_pdu_add_variable(pdu, name, COUNT(name),
		    ASN_OCTET_STR, "value", 5));
	}
	return pdu;
}

static netsnmp_pdu *
with_near(netsnmp_pdu *pdu, long value)
{
	oid name[] = { FAR_ROOT, 1, NEAR, 0 };

	assert_non_null(snmp_pdu_add_variable(pdu, name, COUNT(name), ASN_INTEGER, &value,
	    sizeof(value)));
	return pdu;
}

static void
assert_answer(struct far_end *f, netsnmp_pdu *request, long error, long index)
{
	netsnmp_pdu *answer = agent_ask_turning(request, turn, f);

	if (answer->errstat != error || answer->errindex != index)
		fail_msg("error %ld at %ld, not %ld at %ld", answer->errstat,
		    answer->errindex, error, index);
	snmp_free_pdu(answer);
}

static void
assert_steps(const struct far_end *f, unsigned n_read, unsigned n_apply, unsigned n_undo)
{
	assert_int_equal(f->n_steps[WRITE_STEP_READ], n_read);
	assert_int_equal(f->n_steps[WRITE_STEP_APPLY], n_apply);
	assert_int_equal(f->n_steps[WRITE_STEP_UNDO], n_undo);
}

/* --- the tests ---------------------------------------------------------------------- */

static void
set_reads_then_writes(void **state)
{
	struct far_end f;

	set_up(&f, *state);
	assert_answer(&f, with_near(set_of(3), 7), SNMP_ERR_NOERROR, 0);
	assert_int_equal(f.n_orders, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(f.orders[i].assoc, i);
		assert_int_equal(f.orders[i].value_len, 5);
		assert_memory_equal(f.values[i], "value", 5);
	}
	assert_steps(&f, 1, 1, 0);
	assert_true(f.was_setting);
	assert_int_equal(f.near, 7);
	assert_int_equal(f.n_changes, 1);
	assert_int_equal(f.n_ends, 1);
	tear_down(&f);
}

static void
unchanged_is_success(void **state)
{
	struct far_end f;

	set_up(&f, *state);
	f.results[WRITE_STEP_APPLY][0] = NTP_WRITE_UNCHANGED;
	assert_answer(&f, set_of(1), SNMP_ERR_NOERROR, 0);
	tear_down(&f);
}

static void
what_is_ruled_out_is_never_begun(void **state)
{
	static const struct {
		enum ntp_write_result checked;
		long error;
	} rows[] = {
		{ NTP_WRITE_NOT_ALLOWED, SNMP_ERR_NOTWRITABLE },
		{ NTP_WRITE_PERMISSION, SNMP_ERR_NOTWRITABLE },
		{ NTP_WRITE_NO_KEY, SNMP_ERR_NOACCESS },
		{ NTP_WRITE_NOT_CARRIED, SNMP_ERR_WRONGVALUE },
		{ NTP_WRITE_UNREACHABLE, SNMP_ERR_RESOURCEUNAVAILABLE },
		{ NTP_WRITE_NO_MEMORY, SNMP_ERR_RESOURCEUNAVAILABLE },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct far_end f;

		set_up(&f, *state);
		f.checked = rows[i].checked;
		assert_answer(&f, set_of(1), rows[i].error, 1);
		assert_steps(&f, 0, 0, 0);
		assert_int_equal(f.n_notes, 1);
		assert_int_equal(f.noted, rows[i].checked);
		tear_down(&f);
	}
}

static void
wrong_value_is_noted_and_never_begun(void **state)
{
	oid name[] = { FAR_ROOT, 1, FAR, 0 };
	netsnmp_pdu *request = agent_request(SNMP_MSG_SET, NULL);
	struct far_end f;

	set_up(&f, *state);
	snmp_pdu_add_variable(request, name, COUNT(name), ASN_OCTET_STR, "123456789", 9);
	assert_answer(&f, request, SNMP_ERR_WRONGLENGTH, 1);
	assert_steps(&f, 0, 0, 0);
	assert_int_equal(f.noted, NTP_WRITE_NOT_CARRIED);
	tear_down(&f);
}

static void
index_that_means_nothing_is_no_creation(void **state)
{
	oid name[] = { FAR_ROOT, 1, FAR, ORDERS_MAX };
	netsnmp_pdu *request = agent_request(SNMP_MSG_SET, NULL);
	struct far_end f;

	set_up(&f, *state);
	snmp_pdu_add_variable(request, name, COUNT(name), ASN_OCTET_STR, "1", 1);
	assert_answer(&f, request, SNMP_ERR_NOCREATION, 1);
	assert_int_equal(f.n_notes, 0);
	tear_down(&f);
}

static void
what_cannot_be_read_is_not_written(void **state)
{
	static const struct {
		enum ntp_write_result result;
		long error;
	} rows[] = {
		{ NTP_WRITE_NO_VARIABLE, SNMP_ERR_NOCREATION },
		{ NTP_WRITE_NO_ASSOCIATION, SNMP_ERR_NOCREATION },
		{ NTP_WRITE_NO_REPLY, SNMP_ERR_RESOURCEUNAVAILABLE },
		{ NTP_WRITE_UNREACHABLE, SNMP_ERR_RESOURCEUNAVAILABLE },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct far_end f;

		set_up(&f, *state);
		f.results[WRITE_STEP_READ][1] = rows[i].result;
		assert_answer(&f, with_near(set_of(2), 7), rows[i].error, 2);
		assert_steps(&f, 1, 0, 0);
		assert_int_equal(f.near, 1);
		assert_int_equal(f.n_ends, 1);
		tear_down(&f);
	}
}

static void
failed_write_undoes_all(void **state)
{
	struct far_end f;

	set_up(&f, *state);
	f.results[WRITE_STEP_APPLY][1] = NTP_WRITE_PERMISSION;
	f.results[WRITE_STEP_APPLY][2] = NTP_WRITE_ABORTED;
	f.results[WRITE_STEP_UNDO][0] = NTP_WRITE_RESTORED;
	assert_answer(&f, with_near(set_of(3), 7), SNMP_ERR_COMMITFAILED, 2);
	assert_steps(&f, 1, 1, 1);
	assert_true(f.was_setting);
	assert_int_equal(f.near, 1);
	assert_int_equal(f.n_changes, 0);
	assert_int_equal(f.n_ends, 1);
	tear_down(&f);
}

static void
failed_restoration_is_said(void **state)
{
	struct far_end f;

	set_up(&f, *state);
	f.results[WRITE_STEP_APPLY][1] = NTP_WRITE_NO_REPLY;
	f.results[WRITE_STEP_UNDO][0] = NTP_WRITE_NOT_RESTORED;
	assert_answer(&f, set_of(2), SNMP_ERR_UNDOFAILED, 1);
	assert_steps(&f, 1, 1, 1);
	tear_down(&f);
}

static void
daemons_are_left_alone_when_something_near_is_wrong(void **state)
{
	struct far_end f;

	set_up(&f, *state);
	assert_answer(&f, with_near(set_of(2), FORBIDDEN), SNMP_ERR_WRONGVALUE, 3);
	assert_steps(&f, 0, 0, 0);
	tear_down(&f);
}

static void
no_room_is_resource_unavailable(void **state)
{
	struct far_end f;

	set_up(&f, *state);
	f.has_no_room = true;
	assert_answer(&f, with_near(set_of(2), 7), SNMP_ERR_RESOURCEUNAVAILABLE, 1);
	assert_int_equal(f.near, 1);
	tear_down(&f);
}

static void
step_that_cannot_begin_is_answered_at_once(void **state)
{
	struct far_end f;

	set_up(&f, *state);
	f.cannot_run = true;
	assert_answer(&f, set_of(1), SNMP_ERR_GENERR, 1);
	assert_int_equal(f.n_ends, 1);
	tear_down(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_reads_then_writes),
		cmocka_unit_test(unchanged_is_success),
		cmocka_unit_test(what_is_ruled_out_is_never_begun),
		cmocka_unit_test(wrong_value_is_noted_and_never_begun),
		cmocka_unit_test(index_that_means_nothing_is_no_creation),
		cmocka_unit_test(what_cannot_be_read_is_not_written),
		cmocka_unit_test(failed_write_undoes_all),
		cmocka_unit_test(failed_restoration_is_said),
		cmocka_unit_test(daemons_are_left_alone_when_something_near_is_wrong),
		cmocka_unit_test(no_room_is_resource_unavailable),
		cmocka_unit_test(step_that_cannot_begin_is_answered_at_once),
	};

	return cmocka_run_group_tests_name("SET by daemons", tests,
	    agent_bench_start_session, agent_bench_stop_session);
}
