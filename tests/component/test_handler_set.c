/* SPDX-License-Identifier: BSD-2-Clause */
/* SET inside a running agent: what is refused and how, that several variables change
 * together or not at all, and what each phase leaves behind. */
#include "support/check.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/agent/agent_callbacks.h>

#include <string.h>

#include "snmp/handler.h"
#include "support/agent_bench.h"

#define BOX_ROOT 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 2
enum { BOX_LEN = 10, TEXT_MAX = 4, FORBIDDEN = 13, VANISH = 666 };

/* The toy that is set: one object of each syntax. */
struct box {
	int32_t integer;
	uint32_t count;
	uint64_t wide;
	char text[TEXT_MAX];
	size_t text_len;
	mib_subid last_arc;
	struct mib_agent agent;
	struct snapshot *snapshot;
	struct mib_handler *handler;
	unsigned n_changes;
};

static struct box *
box_of(const struct mib_cell *cell)
{
	/* What a module about the agent itself looks at is its own. */
	return (struct box *)(uintptr_t)cell->view->agent->identity;
}

static enum mib_set_error
check_any(const struct mib_value *value)
{
	(void)value;
	return MIB_SET_OK;
}

/* Not there while the count says so: the way to let a phase fail that was allowed. */
static bool
get_integer(const struct mib_cell *cell, struct mib_value *out)
{
	out->i32 = box_of(cell)->integer;
	return box_of(cell)->count != VANISH;
}

static enum mib_set_error
check_integer(const struct mib_value *value)
{
	return value->i32 == FORBIDDEN ? MIB_SET_WRONG_VALUE : MIB_SET_OK;
}

static void
set_integer(const struct mib_cell *cell, const struct mib_value *value)
{
	box_of(cell)->integer = value->i32;
}

static bool
get_count(const struct mib_cell *cell, struct mib_value *out)
{
	out->u32 = box_of(cell)->count;
	return true;
}

static void
set_count(const struct mib_cell *cell, const struct mib_value *value)
{
	box_of(cell)->count = value->u32;
}

static bool
get_wide(const struct mib_cell *cell, struct mib_value *out)
{
	out->u64 = box_of(cell)->wide;
	return true;
}

static void
set_wide(const struct mib_cell *cell, const struct mib_value *value)
{
	box_of(cell)->wide = value->u64;
}

static bool
get_text(const struct mib_cell *cell, struct mib_value *out)
{
	memcpy(out->scratch, box_of(cell)->text, box_of(cell)->text_len);
	out->octets = out->scratch;
	out->n_octets = box_of(cell)->text_len;
	return true;
}

static enum mib_set_error
check_text(const struct mib_value *value)
{
	return value->n_octets > TEXT_MAX ? MIB_SET_WRONG_LENGTH : MIB_SET_OK;
}

static void
set_text(const struct mib_cell *cell, const struct mib_value *value)
{
	if (value->n_octets > 0)
		memcpy(box_of(cell)->text, value->octets, value->n_octets);
	box_of(cell)->text_len = value->n_octets;
}

static bool
get_last_arc(const struct mib_cell *cell, struct mib_value *out)
{
	const mib_subid id[] = { 1, 3, box_of(cell)->last_arc };

	memcpy(out->scratch, id, sizeof(id));
	out->octets = out->scratch;
	out->n_octets = sizeof(id);
	return true;
}

static void
set_last_arc(const struct mib_cell *cell, const struct mib_value *value)
{
	mib_subid id[3] = { 0, 0, 0 };

	memcpy(id, value->octets,
	    value->n_octets < sizeof(id) ? value->n_octets : sizeof(id));
	box_of(cell)->last_arc = id[2];
}

static const struct mib_writer integer_writer = { check_integer, set_integer, NULL };
static const struct mib_writer count_writer = { check_any, set_count, NULL };
static const struct mib_writer wide_writer = { check_any, set_wide, NULL };
static const struct mib_writer text_writer = { check_text, set_text, NULL };
static const struct mib_writer last_arc_writer = { check_any, set_last_arc, NULL };

static const struct mib_object objects[] = {
	{ 1, "boxInteger", MIB_INTEGER, get_integer, &integer_writer, NULL },
	{ 2, "boxCount", MIB_UNSIGNED, get_count, &count_writer, NULL },
	{ 3, "boxWide", MIB_COUNTER64, get_wide, &wide_writer, NULL },
	{ 4, "boxText", MIB_OCTETS, get_text, &text_writer, NULL },
	{ 5, "boxObjectId", MIB_OBJECT_ID, get_last_arc, &last_arc_writer, NULL },
	{ 6, "boxCountShown", MIB_UNSIGNED, get_count, NULL, NULL },
};
static const mib_subid root[] = { BOX_ROOT };
static const mib_subid scalars[] = { BOX_ROOT, 1 };
static const struct mib_group *const groups[] = {
	&(const struct mib_group){ "box", scalars, COUNT(scalars), objects,
	    COUNT(objects), NULL },
};
static const struct mib_module box_module = { "BOX-MIB", root, COUNT(root), groups,
	COUNT(groups) };

static void
view_box(void *ctx, struct mib_view *out)
{
	struct box *b = ctx;

	out->snapshot = b->snapshot;
	out->agent = &b->agent;
}

static void
note_change(void *ctx)
{
	((struct box *)ctx)->n_changes++;
}

static void
discard_line(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	(void)line;
}

static const struct logger quiet = { discard_line, NULL };

static void
set_up(struct box *b, const char *context)
{
	*b = (struct box){ .integer = 1,
		.count = 2,
		.wide = 3,
		.text = "abcd",
		.text_len = 4,
		.last_arc = 5 };
	b->agent.identity = b;
	b->snapshot = snapshot_new(TARGET_UP, 0);
	assert_non_null(b->snapshot);
	b->handler = mib_handler_register(&box_module, context,
	    &(struct view_port){ .view = view_box, .ctx = b, .changed = note_change },
	    &quiet);
	assert_non_null(b->handler);
}

static void
tear_down(struct box *b)
{
	mib_handler_unregister(b->handler);
	snapshot_unref(b->snapshot);
}

static void
add(netsnmp_pdu *pdu, oid object, oid instance, u_char type, const void *value,
    size_t len)
{
	oid name[] = { BOX_ROOT, 1, object, instance };

	assert_non_null(snmp_pdu_add_variable(pdu, name, COUNT(name), type, value, len));
}

static void
add_number(netsnmp_pdu *pdu, oid object, u_char type, long value)
{
	add(pdu, object, 0, type, &value, sizeof(value));
}

/* Sends it; the answer's error and the variable it is about. */
static long
error_of(netsnmp_pdu *request, long *index_out)
{
	netsnmp_pdu *answer = agent_ask(request);
	long error = answer->errstat;

	*index_out = answer->errindex;
	snmp_free_pdu(answer);
	return error;
}

static void
assert_untouched(const struct box *b)
{
	assert_int_equal(b->integer, 1);
	assert_int_equal(b->count, 2);
	assert_int_equal(b->wide, 3);
	assert_int_equal(b->text_len, 4);
	assert_memory_equal(b->text, "abcd", 4);
	assert_int_equal(b->last_arc, 5);
	assert_int_equal(b->n_changes, 0);
}

static void
every_syntax_is_set_in_one_request(void **state)
{
	static const struct counter64 wide = { 0x12345678, 0x9abcdef0 };
	static const oid id[] = { 1, 3, 4294967295 };
	struct box b;
	long index;
	netsnmp_pdu *request = agent_request(SNMP_MSG_SET, NULL);

	(void)state;
	set_up(&b, NULL);
	add_number(request, 1, ASN_INTEGER, INT32_MIN);
	add_number(request, 2, ASN_UNSIGNED, UINT32_MAX);
	add(request, 3, 0, ASN_COUNTER64, &wide, sizeof(wide));
	add(request, 4, 0, ASN_OCTET_STR, "", 0);
	add(request, 5, 0, ASN_OBJECT_ID, id, sizeof(id));
	assert_int_equal(error_of(request, &index), SNMP_ERR_NOERROR);
	assert_int_equal(b.integer, INT32_MIN);
	assert_true(b.count == UINT32_MAX);
	assert_true(b.wide == UINT64_C(0x123456789abcdef0));
	assert_int_equal(b.text_len, 0);
	assert_true(b.last_arc == 4294967295);
	assert_int_equal(b.n_changes, 1);
	tear_down(&b);
}

/* Each is sent alone, and behind one that is good. */
static const struct {
	oid object, instance;
	u_char type;
	const char *value;
	size_t len;
	long error;
} refused[] = {
	{ 1, 0, ASN_OCTET_STR, "5", 1, SNMP_ERR_WRONGTYPE },
	{ 1, 0, ASN_UNSIGNED, "\5\0\0\0\0\0\0", 8, SNMP_ERR_WRONGTYPE },
	{ 1, 0, ASN_INTEGER, "\x0d\0\0\0\0\0\0", 8, SNMP_ERR_WRONGVALUE },
	{ 1, 1, ASN_INTEGER, "\5\0\0\0\0\0\0", 8, SNMP_ERR_NOCREATION },
	{ 1, 1, ASN_INTEGER, "\x0d\0\0\0\0\0\0", 8, SNMP_ERR_WRONGVALUE },
	{ 1, 1, ASN_OCTET_STR, "5", 1, SNMP_ERR_WRONGTYPE },
	{ 2, 0, ASN_COUNTER, "\5\0\0\0\0\0\0", 8, SNMP_ERR_WRONGTYPE },
	{ 2, 0, ASN_INTEGER, "\5\0\0\0\0\0\0", 8, SNMP_ERR_WRONGTYPE },
	{ 3, 0, ASN_COUNTER, "\5\0\0\0\0\0\0", 8, SNMP_ERR_WRONGTYPE },
	{ 4, 0, ASN_OCTET_STR, "abcde", 5, SNMP_ERR_WRONGLENGTH },
	{ 4, 0, ASN_IPADDRESS, "\x7f\0\0\1", 4, SNMP_ERR_WRONGTYPE },
	{ 4, 7, ASN_OCTET_STR, "abcd", 4, SNMP_ERR_NOCREATION },
	{ 6, 0, ASN_UNSIGNED, "\5\0\0\0\0\0\0", 8, SNMP_ERR_NOTWRITABLE },
	{ 6, 0, ASN_OCTET_STR, "abc", 3, SNMP_ERR_NOTWRITABLE },
	{ 6, 1, ASN_UNSIGNED, "\5\0\0\0\0\0\0", 8, SNMP_ERR_NOTWRITABLE },
	{ 7, 0, ASN_UNSIGNED, "\5\0\0\0\0\0\0", 8, SNMP_ERR_NOTWRITABLE },
};

static void
refusal_says_why_and_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		for (int is_behind = 0; is_behind < 2; is_behind++) {
			netsnmp_pdu *request = agent_request(SNMP_MSG_SET, NULL);
			struct box b;
			long error, index;

			set_up(&b, NULL);
			if (is_behind)
				add(request, 4, 0, ASN_OCTET_STR, "xy", 2);
			add(request, refused[i].object, refused[i].instance,
			    refused[i].type, refused[i].value, refused[i].len);
			error = error_of(request, &index);
			if (error != refused[i].error || index != 1 + is_behind)
				fail_msg("row %zu: error %ld at %ld", i, error, index);
			assert_untouched(&b);
			tear_down(&b);
		}
	}
}

static void
failure_while_doing_undoes_what_was_done(void **state)
{
	struct box b;
	long index;
	netsnmp_pdu *request = agent_request(SNMP_MSG_SET, NULL);

	(void)state;
	set_up(&b, NULL);
	add(request, 4, 0, ASN_OCTET_STR, "xy", 2);
	add_number(request, 2, ASN_UNSIGNED, VANISH);
	add_number(request, 1, ASN_INTEGER, 9);
	assert_int_equal(error_of(request, &index), SNMP_ERR_COMMITFAILED);
	assert_int_equal(index, 3);
	assert_untouched(&b);
	tear_down(&b);
}

/* Once, with the old value in both records. */
static void
name_that_stands_twice_is_undone_to_what_was_before(void **state)
{
	struct box b;
	long index;
	netsnmp_pdu *request = agent_request(SNMP_MSG_SET, NULL);

	(void)state;
	set_up(&b, NULL);
	add(request, 4, 0, ASN_OCTET_STR, "x", 1);
	add(request, 4, 0, ASN_OCTET_STR, "yz", 2);
	add_number(request, 2, ASN_UNSIGNED, VANISH);
	add_number(request, 1, ASN_INTEGER, 9);
	assert_int_equal(error_of(request, &index), SNMP_ERR_COMMITFAILED);
	assert_untouched(&b);
	tear_down(&b);
}

static void
contexts_are_set_apart(void **state)
{
	struct box here, there;
	long index;
	netsnmp_pdu *request = agent_request(SNMP_MSG_SET, "there");

	(void)state;
	set_up(&here, NULL);
	set_up(&there, "there");
	add_number(request, 1, ASN_INTEGER, 9);
	assert_int_equal(error_of(request, &index), SNMP_ERR_NOERROR);
	assert_untouched(&here);
	assert_int_equal(there.integer, 9);
	assert_int_equal(there.n_changes, 1);
	tear_down(&here);
	tear_down(&there);
}

/* One phase of transaction `transid`, as the AgentX half of the library asks for it. */
static long
phase(int command, long transid, long integer)
{
	netsnmp_pdu *request = agent_request(command, NULL);
	long index;

	request->transid = transid;
	add_number(request, 1, ASN_INTEGER, integer);
	return error_of(request, &index);
}

#define PHASE(name, transid, integer) \
	assert_int_equal(phase(SNMP_MSG_INTERNAL_SET_##name, (transid), (integer)), \
	    SNMP_ERR_NOERROR)

static void
phases_of_a_set_that_succeeds(void **state)
{
	struct box b;

	(void)state;
	set_up(&b, NULL);
	PHASE(RESERVE1, 7001, 9);
	PHASE(RESERVE2, 7001, 9);
	assert_untouched(&b);
	PHASE(ACTION, 7001, 9);
	assert_int_equal(b.integer, 9);
	assert_int_equal(b.n_changes, 0);
	PHASE(COMMIT, 7001, 9);
	assert_int_equal(b.integer, 9);
	assert_int_equal(b.n_changes, 1);
	tear_down(&b);
}

static void
phases_of_a_set_that_is_given_up_after_the_test(void **state)
{
	struct box b;

	(void)state;
	set_up(&b, NULL);
	PHASE(RESERVE1, 7002, 9);
	PHASE(RESERVE2, 7002, 9);
	PHASE(FREE, 7002, 9);
	assert_untouched(&b);
	tear_down(&b);
}

static void
phases_of_a_set_that_is_undone(void **state)
{
	struct box b;

	(void)state;
	set_up(&b, NULL);
	PHASE(RESERVE1, 7003, 9);
	PHASE(RESERVE2, 7003, 9);
	PHASE(ACTION, 7003, 9);
	PHASE(UNDO, 7003, 9);
	assert_untouched(&b);
	tear_down(&b);
}

static void
undo_of_what_was_never_done_changes_nothing(void **state)
{
	struct box b;

	(void)state;
	set_up(&b, NULL);
	PHASE(RESERVE1, 7004, 9);
	PHASE(RESERVE2, 7004, 9);
	b.integer = 77;
	PHASE(UNDO, 7004, 9);
	assert_int_equal(b.integer, 77);
	assert_int_equal(b.n_changes, 0);
	tear_down(&b);
}

/* The manager was told nothing; what is in use has to be what is kept. */
static void
set_that_outlives_its_master_counts_as_done(void **state)
{
	struct box b;

	(void)state;
	set_up(&b, NULL);
	PHASE(RESERVE1, 7005, 9);
	PHASE(RESERVE2, 7005, 9);
	PHASE(ACTION, 7005, 9);
	snmp_call_callbacks(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP, NULL);
	assert_int_equal(b.integer, 9);
	assert_int_equal(b.n_changes, 1);
	PHASE(COMMIT, 7005, 9);
	assert_int_equal(b.n_changes, 1);
	tear_down(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_syntax_is_set_in_one_request),
		cmocka_unit_test(refusal_says_why_and_changes_nothing),
		cmocka_unit_test(failure_while_doing_undoes_what_was_done),
		cmocka_unit_test(name_that_stands_twice_is_undone_to_what_was_before),
		cmocka_unit_test(contexts_are_set_apart),
		cmocka_unit_test(phases_of_a_set_that_succeeds),
		cmocka_unit_test(phases_of_a_set_that_is_given_up_after_the_test),
		cmocka_unit_test(phases_of_a_set_that_is_undone),
		cmocka_unit_test(undo_of_what_was_never_done_changes_nothing),
		cmocka_unit_test(set_that_outlives_its_master_counts_as_done),
	};

	return cmocka_run_group_tests_name("handler_set", tests, agent_bench_start,
	    agent_bench_stop);
}
