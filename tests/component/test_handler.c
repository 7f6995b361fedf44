/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler inside a running agent: requests come in by the library's own callback
 * transport, the way a subagent gets them from its AgentX session. */
#include "support/check.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/agent/agent_callbacks.h>

#include <string.h>

#include "base/clock.h"
#include "snmp/handler.h"
#include "support/agent_bench.h"
#include "support/toy_module.h"

static unsigned n_errors;

static void
count_errors(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)line;
	n_errors += level == LOG_LEVEL_ERROR || level == LOG_LEVEL_WARNING;
}

static const struct logger test_log = { count_errors, NULL };

/* One test's agent side. */
struct fixture {
	struct toy_moments moments;
	struct mib_handler *handler;
};

static void
set_up(struct fixture *f, const char *context)
{
	memset(f, 0, sizeof(*f));
	f->handler = mib_handler_register(&toy_module, context,
	    &(struct view_port){ .view = toy_next_moment, .ctx = &f->moments },
	    &test_log);
	assert_non_null(f->handler);
}

static void
tear_down(struct fixture *f)
{
	mib_handler_unregister(f->handler);
	if (f->moments.current)
		assert_int_equal(f->moments.current->refs, 1);
	snapshot_unref(f->moments.current);
}

/* Names that a GET did not find. */
struct missed {
	struct toy_moments moments; /* first: the view's context, too */
	unsigned n;
	oid last[MAX_OID_LEN];
	size_t last_len;
};

static void
note_missed(void *ctx, const mib_subid *name, size_t name_len)
{
	struct missed *m = ctx;

	m->n++;
	memcpy(m->last, name, name_len * sizeof(name[0]));
	m->last_len = name_len;
}

/* Adds a variable below the module's root. */
static void
add(netsnmp_pdu *pdu, const oid *tail, size_t tail_len, u_char type)
{
	oid name[MAX_OID_LEN] = { TOY_ROOT };

	memcpy(name + TOY_LEN, tail, tail_len * sizeof(oid));
	snmp_pdu_add_variable(pdu, name, TOY_LEN + tail_len, type, NULL, 0);
}

#define ADD(pdu, ...) \
	add((pdu), (const oid[]){ __VA_ARGS__ }, \
	    sizeof((const oid[]){ __VA_ARGS__ }) / sizeof(oid), ASN_NULL)

static netsnmp_pdu *
ask_well(netsnmp_pdu *request)
{
	netsnmp_pdu *answer = agent_ask(request);

	assert_int_equal(answer->errstat, SNMP_ERR_NOERROR);
	return answer;
}

static bool
is_named(const netsnmp_variable_list *vb, const oid *tail, size_t tail_len)
{
	static const oid root[] = { TOY_ROOT };

	return vb->name_length == TOY_LEN + tail_len &&
	    memcmp(vb->name, root, sizeof(root)) == 0 &&
	    memcmp(vb->name + TOY_LEN, tail, tail_len * sizeof(oid)) == 0;
}

#define IS_NAMED(vb, ...) \
	is_named((vb), (const oid[]){ __VA_ARGS__ }, \
	    sizeof((const oid[]){ __VA_ARGS__ }) / sizeof(oid))

static void
every_syntax_arrives_as_it_is(void **state)
{
	struct fixture f;
	netsnmp_pdu *request = agent_request(SNMP_MSG_GET, NULL), *answer;
	const netsnmp_variable_list *vb;

	(void)state;
	set_up(&f, NULL);
	for (oid i = 1; i <= 8; i++)
		ADD(request, 1, i, 0);
	answer = ask_well(request);
	vb = answer->variables;
	assert_int_equal(vb->type, ASN_INTEGER);
	assert_int_equal(*vb->val.integer, INT32_MIN);
	vb = vb->next_variable;
	assert_int_equal(vb->type, ASN_UNSIGNED);
	assert_true((*vb->val.integer & UINT32_MAX) == UINT32_MAX);
	vb = vb->next_variable;
	assert_int_equal(vb->type, ASN_COUNTER);
	assert_true((*vb->val.integer & UINT32_MAX) == UINT32_MAX);
	vb = vb->next_variable;
	assert_int_equal(vb->type, ASN_COUNTER64);
	assert_true(vb->val.counter64->high == 0x12345678);
	assert_true(vb->val.counter64->low == 0x9abcdef0);
	vb = vb->next_variable;
	assert_int_equal(vb->type, ASN_TIMETICKS);
	vb = vb->next_variable;
	assert_int_equal(vb->type, ASN_OCTET_STR);
	assert_int_equal(vb->val_len, 3);
	assert_memory_equal(vb->val.string, "a\0b", 3);
	vb = vb->next_variable;
	assert_int_equal(vb->type, ASN_OCTET_STR);
	assert_int_equal(vb->val_len, 0);
	vb = vb->next_variable;
	assert_int_equal(vb->type, ASN_OBJECT_ID);
	assert_int_equal(vb->val_len, 4 * sizeof(oid));
	assert_int_equal(vb->val.objid[3], 4294967295);
	snmp_free_pdu(answer);
	tear_down(&f);
}

static void
get_tells_what_is_missing(void **state)
{
	struct fixture f;
	netsnmp_pdu *request = agent_request(SNMP_MSG_GET, NULL), *answer;
	const netsnmp_variable_list *vb;

	(void)state;
	set_up(&f, "");
	ADD(request, 1, 9, 0);
	ADD(request, 1, 10, 0);
	ADD(request, 2, 1, 1, 4);
	ADD(request, 2, 1, 1, 3);
	ADD(request, 7);
	answer = ask_well(request);
	vb = answer->variables;
	assert_int_equal(vb->type, SNMP_NOSUCHINSTANCE);
	vb = vb->next_variable;
	assert_int_equal(vb->type, SNMP_NOSUCHOBJECT);
	vb = vb->next_variable;
	assert_int_equal(vb->type, SNMP_NOSUCHINSTANCE);
	vb = vb->next_variable;
	assert_int_equal(vb->type, ASN_INTEGER);
	vb = vb->next_variable;
	assert_int_equal(vb->type, SNMP_NOSUCHOBJECT);
	snmp_free_pdu(answer);
	tear_down(&f);
}

static void
no_moment(void *ctx, struct mib_view *out)
{
	toy_next_moment(ctx, out);
	out->snapshot = NULL;
}

/* "There is no such thing" would be wrong: nobody could look. */
static void
without_a_moment_it_is_an_error(void **state)
{
	static const int kinds[] = { SNMP_MSG_GET, SNMP_MSG_GETNEXT };
	struct fixture f = { .handler = NULL };

	(void)state;
	f.handler = mib_handler_register(&toy_module, "",
	    &(struct view_port){ .view = no_moment, .ctx = &f.moments }, &test_log);
	assert_non_null(f.handler);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		netsnmp_pdu *request = agent_request(kinds[i], NULL), *answer;

		ADD(request, 2, 1, 1, 3);
		answer = agent_ask(request);
		assert_int_equal(answer->errstat, SNMP_ERR_GENERR);
		snmp_free_pdu(answer);
	}
	tear_down(&f);
}

static void
walk_goes_through_and_out_of_the_module(void **state)
{
	enum { N_INSTANCES = 8 + 2 * 3 };
	struct fixture f;
	oid at[MAX_OID_LEN] = { TOY_ROOT };
	size_t at_len = TOY_LEN, n = 0;
	u_char type;

	(void)state;
	set_up(&f, NULL);
	do {
		netsnmp_pdu *request = agent_request(SNMP_MSG_GETNEXT, NULL), *answer;
		const netsnmp_variable_list *vb;

		snmp_pdu_add_variable(request, at, at_len, ASN_NULL, NULL, 0);
		answer = ask_well(request);
		vb = answer->variables;
		type = vb->type;
		if (type != SNMP_ENDOFMIBVIEW) {
			assert_true(
			    snmp_oid_compare(at, at_len, vb->name, vb->name_length) < 0);
			at_len = vb->name_length;
			memcpy(at, vb->name, at_len * sizeof(oid));
			n++;
		}
		snmp_free_pdu(answer);
	} while (type != SNMP_ENDOFMIBVIEW && n <= N_INSTANCES);
	assert_int_equal(n, N_INSTANCES);
	tear_down(&f);
}

/* AgentX asks so when a search begins at the edge of a registered region. */
static void
inclusive_search_finds_the_name_itself(void **state)
{
	static const oid present[] = { 1, 3, 0 }, absent[] = { 1, 9, 0 };
	struct fixture f;
	netsnmp_pdu *request = agent_request(SNMP_MSG_GETNEXT, NULL), *answer;
	const netsnmp_variable_list *vb;

	(void)state;
	set_up(&f, NULL);
	add(request, present, COUNT(present), ASN_PRIV_INCL_RANGE);
	add(request, absent, COUNT(absent), ASN_PRIV_INCL_RANGE);
	add(request, present, COUNT(present), ASN_NULL);
	answer = ask_well(request);
	vb = answer->variables;
	assert_true(IS_NAMED(vb, 1, 3, 0));
	vb = vb->next_variable;
	assert_true(IS_NAMED(vb, 2, 1, 1, 1));
	vb = vb->next_variable;
	assert_true(IS_NAMED(vb, 1, 4, 0));
	snmp_free_pdu(answer);
	tear_down(&f);
}

static void
bulk_is_answered_from_one_moment(void **state)
{
	struct fixture f;
	netsnmp_pdu *request = agent_request(SNMP_MSG_GETBULK, NULL), *answer;
	size_t n_moments = 0, n_counts = 0;

	(void)state;
	set_up(&f, NULL);
	request->non_repeaters = 0;
	request->max_repetitions = 4;
	ADD(request, 2, 1, 1);
	ADD(request, 2, 1, 2);
	answer = ask_well(request);
	for (const netsnmp_variable_list *vb = answer->variables; vb;
	     vb = vb->next_variable) {
		if (vb->type == ASN_INTEGER) {
			assert_int_equal(*vb->val.integer, 1);
			n_moments++;
		} else if (vb->type == ASN_UNSIGNED) {
			assert_int_equal(*vb->val.integer, 101);
			n_counts++;
		}
	}
	/* Three rows of the first column and on into the second; three rows of the
	 * second. */
	assert_int_equal(n_moments, 3);
	assert_int_equal(n_counts, 4);
	assert_int_equal(f.moments.n_views, 1);
	snmp_free_pdu(answer);
	tear_down(&f);
}

/* The moment that a GET of transaction `transid` on AgentX session `sessid` shows. */
static long
moment_seen(long transid, long sessid)
{
	netsnmp_pdu *request = agent_request(SNMP_MSG_GET, NULL), *answer;
	long seen;

	ADD(request, 2, 1, 1, 1);
	request->transid = transid;
	request->sessid = sessid;
	answer = ask_well(request);
	assert_int_equal(answer->variables->type, ASN_INTEGER);
	seen = *answer->variables->val.integer;
	snmp_free_pdu(answer);
	return seen;
}

static void
requests_of_one_transaction_see_one_moment(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, NULL);
	assert_int_equal(moment_seen(500, 1), 1);
	assert_int_equal(moment_seen(501, 1), 2);
	assert_int_equal(moment_seen(500, 1), 1);
	assert_int_equal(moment_seen(500, 2), 3);
	assert_int_equal(moment_seen(501, 1), 2);
	tear_down(&f);
}

static void
next_master_begins_with_fresh_moments(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, NULL);
	assert_int_equal(moment_seen(500, 1), 1);
	snmp_call_callbacks(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP, NULL);
	assert_int_equal(moment_seen(500, 1), 2);
	tear_down(&f);
}

static void
idle_handler_can_be_made_to_let_go(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f, NULL);
	assert_int_equal(moment_seen(500, 1), 1);
	assert_int_equal(f.moments.current->refs, 2);
	mib_handler_expire(f.handler, clock_monotonic_ns());
	assert_int_equal(f.moments.current->refs, 2);
	mib_handler_expire(f.handler, clock_monotonic_ns() + 60 * NS_PER_S);
	assert_int_equal(f.moments.current->refs, 1);
	tear_down(&f);
}

static u_char
type_seen(const char *context, long *value_out)
{
	netsnmp_pdu *request = agent_request(SNMP_MSG_GET, context), *answer;
	u_char type;

	ADD(request, 2, 1, 1, 1);
	answer = ask_well(request);
	type = answer->variables->type;
	if (type == ASN_INTEGER)
		*value_out = *answer->variables->val.integer;
	snmp_free_pdu(answer);
	return type;
}

static void
contexts_are_served_and_withdrawn_apart(void **state)
{
	struct fixture here, north, south;
	long value = 0;

	(void)state;
	set_up(&here, NULL);
	set_up(&north, "north");
	set_up(&south, "south");
	north.moments.n_views = 10;
	south.moments.n_views = 20;
	assert_int_equal(type_seen(NULL, &value), ASN_INTEGER);
	assert_int_equal(value, 1);
	assert_int_equal(type_seen("north", &value), ASN_INTEGER);
	assert_int_equal(value, 11);
	assert_int_equal(type_seen("south", &value), ASN_INTEGER);
	assert_int_equal(value, 21);

	tear_down(&north);
	assert_int_equal(type_seen("north", &value), SNMP_NOSUCHOBJECT);
	assert_int_equal(type_seen("south", &value), ASN_INTEGER);
	assert_int_equal(type_seen(NULL, &value), ASN_INTEGER);
	set_up(&north, "north");
	assert_int_equal(type_seen("north", &value), ASN_INTEGER);
	assert_int_equal(value, 1);

	tear_down(&here);
	assert_int_equal(type_seen(NULL, &value), SNMP_NOSUCHOBJECT);
	assert_int_equal(type_seen("north", &value), ASN_INTEGER);
	tear_down(&north);
	tear_down(&south);
	assert_int_equal(type_seen("south", &value), SNMP_NOSUCHOBJECT);
}

static void
second_registration_of_a_context_is_refused(void **state)
{
	struct fixture f;
	long value = 0;

	(void)state;
	set_up(&f, "north");
	n_errors = 0;
	assert_null(mib_handler_register(&toy_module, "north",
	    &(struct view_port){ .view = toy_next_moment, .ctx = &f.moments },
	    &test_log));
	assert_int_equal(n_errors, 1);
	assert_int_equal(type_seen("north", &value), ASN_INTEGER);
	tear_down(&f);
}

static void
nothing_can_be_set(void **state)
{
	struct fixture f;
	netsnmp_pdu *request = agent_request(SNMP_MSG_SET, NULL), *answer;
	oid name[MAX_OID_LEN] = { TOY_ROOT, 1, 1, 0 };
	long value = 4;

	(void)state;
	set_up(&f, NULL);
	snmp_pdu_add_variable(request, name, TOY_LEN + 3, ASN_INTEGER, &value,
	    sizeof(value));
	answer = agent_ask(request);
	assert_int_equal(answer->errstat, SNMP_ERR_NOTWRITABLE);
	snmp_free_pdu(answer);
	tear_down(&f);
}

static void
no_handler_is_nothing_to_unregister(void **state)
{
	(void)state;
	n_errors = 0;
	mib_handler_unregister(NULL);
	assert_int_equal(n_errors, 0);
}

static void
missed_instance_is_told(void **state)
{
	struct missed m = { .n = 0 };
	struct mib_handler *handler = mib_handler_register(&toy_module, NULL,
	    &(struct view_port){ .view = toy_next_moment,
		.ctx = &m,
		.missed = note_missed },
	    &test_log);
	netsnmp_pdu *request = agent_request(SNMP_MSG_GET, NULL);
	const oid tail[] = { 2, 1, 1, 77 };

	(void)state;
	assert_non_null(handler);
	ADD(request, 1, 1, 0);
	ADD(request, 2, 1, 1, 77);
	ADD(request, 2, 1, 9, 1);
	snmp_free_pdu(ask_well(request));
	assert_int_equal(m.n, 1);
	assert_int_equal(m.last_len, TOY_LEN + COUNT(tail));
	assert_memory_equal(m.last + TOY_LEN, tail, sizeof(tail));
	request = agent_request(SNMP_MSG_GETNEXT, NULL);
	ADD(request, 2, 1, 1, 77);
	snmp_free_pdu(ask_well(request));
	assert_int_equal(m.n, 1);
	mib_handler_unregister(handler);
	snapshot_unref(m.moments.current);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_syntax_arrives_as_it_is),
		cmocka_unit_test(get_tells_what_is_missing),
		cmocka_unit_test(without_a_moment_it_is_an_error),
		cmocka_unit_test(walk_goes_through_and_out_of_the_module),
		cmocka_unit_test(inclusive_search_finds_the_name_itself),
		cmocka_unit_test(bulk_is_answered_from_one_moment),
		cmocka_unit_test(requests_of_one_transaction_see_one_moment),
		cmocka_unit_test(next_master_begins_with_fresh_moments),
		cmocka_unit_test(idle_handler_can_be_made_to_let_go),
		cmocka_unit_test(contexts_are_served_and_withdrawn_apart),
		cmocka_unit_test(second_registration_of_a_context_is_refused),
		cmocka_unit_test(nothing_can_be_set),
		cmocka_unit_test(no_handler_is_nothing_to_unregister),
		cmocka_unit_test(missed_instance_is_told),
	};

	return cmocka_run_group_tests_name("handler", tests, agent_bench_start,
	    agent_bench_stop);
}
