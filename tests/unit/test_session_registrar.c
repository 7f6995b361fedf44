/* SPDX-License-Identifier: BSD-2-Clause */
/* Registrations on their way to a master that this test plays: it sees each PDU that is
 * sent, answers when and what it likes, and is gone at any moment. */
#include "support/check.h"

#include "support/alloc_fail.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "snmp/session_registrar.h"

enum {
	REGISTER = 3,
	UNREGISTER = 4,
	NON_DEFAULT_CONTEXT = 0x08,
	UNSUPPORTED_CONTEXT = 262,
	DUPLICATE = 263,
	DENIED = 267,
	OTHER_ERROR = 268,
	SENT_MAX = 256,
	LINES_MAX = 32,
	SESSION_ID = 77,
	TIMEOUT_US = 1000 * 1000
};

struct sent {
	netsnmp_pdu *pdu;
	netsnmp_callback callback;
	void *ctx;
	long patience_us;
};

static struct {
	struct sent sent[SENT_MAX];
	size_t n_sent;
	int64_t now_ns;
	bool is_deaf; /* nothing can be sent */
	bool has_no_pdu, has_no_name;
	char lines[LINES_MAX][LOG_LINE_MAX];
	size_t n_lines;
	netsnmp_session session;
	struct session_registrar *registrar;
} master;

/* --- in the place of the library ---------------------------------------------------- */

int __wrap_snmp_async_send(netsnmp_session *session, netsnmp_pdu *pdu,
    netsnmp_callback callback, void *ctx);
netsnmp_pdu *__wrap_snmp_pdu_create(int command);
netsnmp_pdu *__real_snmp_pdu_create(int command);
netsnmp_variable_list *__wrap_snmp_pdu_add_variable(netsnmp_pdu *pdu, const oid *name,
    size_t name_len, u_char type, const void *value, size_t len);
netsnmp_variable_list *__real_snmp_pdu_add_variable(netsnmp_pdu *pdu, const oid *name,
    size_t name_len, u_char type, const void *value, size_t len);
void __wrap_snmp_free_pdu(netsnmp_pdu *pdu);
void __real_snmp_free_pdu(netsnmp_pdu *pdu);
int64_t __wrap_clock_monotonic_ns(void);

int
__wrap_snmp_async_send(netsnmp_session *session, netsnmp_pdu *pdu,
    netsnmp_callback callback, void *ctx)
{
	if (master.is_deaf)
		return 0;
	assert_true(master.n_sent < SENT_MAX);
	master.sent[master.n_sent++] =
	    (struct sent){ pdu, callback, ctx, session->timeout };
	return (int)pdu->reqid;
}

netsnmp_pdu *
__wrap_snmp_pdu_create(int command)
{
	return master.has_no_pdu ? NULL : __real_snmp_pdu_create(command);
}

netsnmp_variable_list *
__wrap_snmp_pdu_add_variable(netsnmp_pdu *pdu, const oid *name, size_t name_len,
    u_char type, const void *value, size_t len)
{
	return master.has_no_name
	    ? NULL
	    : __real_snmp_pdu_add_variable(pdu, name, name_len, type, value, len);
}

/* The context is ours until the library frees it: for the count of blocks. */
void
__wrap_snmp_free_pdu(netsnmp_pdu *pdu)
{
	mem_free(pdu->community);
	pdu->community = NULL;
	__real_snmp_free_pdu(pdu);
}

int64_t
__wrap_clock_monotonic_ns(void)
{
	return master.now_ns;
}

/* --- the master --------------------------------------------------------------------- */

static void
keep_line(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	assert_true(master.n_lines < LINES_MAX);
	snprintf(master.lines[master.n_lines++], LOG_LINE_MAX, "%s", line);
}

static const struct logger logger = { keep_line, NULL };

static void
free_sent(void)
{
	for (size_t i = 0; i < master.n_sent; i++)
		snmp_free_pdu(master.sent[i].pdu);
	master.n_sent = 0;
}

static int
begin(void **state)
{
	(void)state;
	memset(&master, 0, sizeof(master));
	master.now_ns = 1000 * NS_PER_S;
	master.session.sessid = SESSION_ID;
	master.session.timeout = TIMEOUT_US;
	master.registrar = session_registrar_new(&logger);
	assert_non_null(master.registrar);
	session_registrar_connect(master.registrar, &master.session);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	free_sent();
	session_registrar_free(master.registrar);
	assert_int_equal(alloc_fail_outstanding(), 0);
	return 0;
}

static int64_t
pump(void)
{
	return session_registrar_pump(master.registrar, master.now_ns);
}

/* The response to the n-th PDU that was sent: no error, or that one. */
static void
answer(size_t n, long error)
{
	const struct sent *s = &master.sent[n];
	netsnmp_pdu response = { .errstat = error };

	assert_int_equal(s->callback(NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE,
			     &master.session, (int)s->pdu->reqid, &response, s->ctx),
	    1);
}

static void
tell(size_t n, int operation)
{
	const struct sent *s = &master.sent[n];

	assert_int_equal(
	    s->callback(operation, &master.session, (int)s->pdu->reqid, NULL, s->ctx), 1);
}

static void
answer_all(size_t first, long error)
{
	size_t n = master.n_sent;

	for (size_t i = first; i < n; i++)
		answer(i, error);
}

static int
push(const char *context, oid last, bool is_removal)
{
	oid name[] = { 1, 3, 6, 1, 4, 1, last };
	char copy[32];
	struct register_parameters p = { .name = name, .namelen = COUNT(name) };

	p.priority = 127;
	if (context != NULL) {
		snprintf(copy, sizeof(copy), "%s", context);
		p.contextName = copy;
	}
	return session_registrar_push(master.registrar, &p, is_removal);
}

static void
want(const char *context)
{
	assert_int_equal(push(context, 9, false), 0);
}

static void
want_not(const char *context)
{
	assert_int_equal(push(context, 9, true), 0);
}

static void
assert_sent(size_t n, int command, const char *context)
{
	const netsnmp_pdu *pdu = master.sent[n].pdu;

	assert_true(n < master.n_sent);
	assert_int_equal(pdu->command, command);
	assert_int_equal((pdu->flags & NON_DEFAULT_CONTEXT) != 0, context != NULL);
	assert_int_equal(pdu->community_len, context == NULL ? 0 : strlen(context));
	if (context != NULL)
		assert_memory_equal(pdu->community, context, strlen(context));
}

static bool
line_has(size_t n, const char *text)
{
	return n < master.n_lines && strstr(master.lines[n], text) != NULL;
}

/* --- what is sent ------------------------------------------------------------------- */

static void
asks_in_order_with_all_it_was_told(void **state)
{
	oid name[] = { 1, 3, 6, 1, 4, 1, 5 };
	char context[] = "c";
	struct register_parameters p = { .name = name,
		.namelen = COUNT(name),
		.priority = 5,
		.range_subid = 7,
		.range_ubound = 12,
		.timeout = 9,
		.flags = FULLY_QUALIFIED_INSTANCE,
		.contextName = context };
	const netsnmp_pdu *pdu;

	(void)state;
	assert_int_equal(session_registrar_push(master.registrar, &p, false), 0);
	want(NULL);
	master.has_no_name = true;
	assert_in_range(pump(), 1, NS_PER_S);
	master.has_no_name = false;
	assert_true(pump() == CLOCK_NEVER);
	assert_int_equal(master.n_sent, 2);
	assert_sent(0, REGISTER, "c");
	assert_sent(1, REGISTER, NULL);
	pdu = master.sent[0].pdu;
	assert_int_equal(pdu->sessid, SESSION_ID);
	assert_int_equal(pdu->priority, 5);
	assert_int_equal(pdu->time, 9);
	assert_int_equal(pdu->range_subid, 7);
	assert_int_equal(pdu->variables->val.objid[6], 12);
	assert_true((pdu->flags & 1) != 0);
	assert_int_equal(pdu->variables->name[6], 5);
	assert_int_equal(master.sent[1].pdu->variables->name_length, 7);
	/* A late response is not a lost one; the session's own patience is as before. */
	assert_true(master.sent[0].patience_us >= 100L * TIMEOUT_US);
	assert_int_equal(master.session.timeout, TIMEOUT_US);
}

static void
sends_no_more_than_its_window(void **state)
{
	enum { N = SESSION_REGISTRAR_WINDOW + 8 };

	(void)state;
	for (oid i = 0; i < N; i++)
		assert_int_equal(push("c", i, false), 0);
	(void)pump();
	(void)pump();
	assert_int_equal(master.n_sent, SESSION_REGISTRAR_WINDOW);
	answer(3, 0);
	answer(3, 0);
	(void)pump();
	assert_int_equal(master.n_sent, SESSION_REGISTRAR_WINDOW + 1);
	answer_all(0, 0);
	(void)pump();
	assert_int_equal(master.n_sent, N);
	for (oid i = 0; i < N; i++)
		assert_int_equal(master.sent[i].pdu->variables->name[6], i);
	assert_int_equal(master.n_lines, 0);
}

/* --- taken back --------------------------------------------------------------------- */

static void
what_was_not_sent_is_taken_back_silently(void **state)
{
	(void)state;
	want("a");
	want("b");
	want("c");
	want_not("b");
	(void)pump();
	assert_int_equal(master.n_sent, 2);
	assert_sent(0, REGISTER, "a");
	assert_sent(1, REGISTER, "c");
}

static void
only_the_same_is_taken_back(void **state)
{
	(void)state;
	want("a");
	assert_int_equal(push("a", 8, true), 0);
	want_not(NULL);
	want_not("ab");
	(void)pump();
	assert_int_equal(master.n_sent, 4);
	assert_sent(0, REGISTER, "a");
	for (size_t i = 1; i < 4; i++)
		assert_int_equal(master.sent[i].pdu->command, UNREGISTER);
	assert_int_equal(master.sent[1].pdu->time, 0);
}

static void
what_is_under_way_is_removed_behind_it(void **state)
{
	(void)state;
	want("a");
	(void)pump();
	want_not("a");
	(void)pump();
	assert_sent(1, UNREGISTER, "a");
	/* Refused, it is not asked for again, nor is it news; nor is what is not there.
	 */
	answer(0, DUPLICATE);
	answer(1, OTHER_ERROR);
	assert_true(pump() == CLOCK_NEVER);
	master.now_ns += 100 * NS_PER_S;
	(void)pump();
	assert_int_equal(master.n_sent, 2);
	assert_int_equal(master.n_lines, 0);
}

static void
what_was_refused_is_taken_back_unsent(void **state)
{
	(void)state;
	want("a");
	want("b");
	(void)pump();
	answer_all(0, UNSUPPORTED_CONTEXT);
	want_not("a");
	assert_true(pump() == SESSION_REGISTRAR_AGAIN_S * NS_PER_S);
	assert_int_equal(master.n_sent, 2);
	master.now_ns += SESSION_REGISTRAR_AGAIN_S * NS_PER_S;
	(void)pump();
	assert_int_equal(master.n_sent, 3);
	assert_sent(2, REGISTER, "b");
	answer(2, 0);
	assert_true(line_has(1, "took all"));
	assert_int_equal(master.n_lines, 2);
	/* It can be had again. */
	want("a");
	(void)pump();
	assert_sent(3, REGISTER, "a");
}

static void
what_waits_after_a_refusal_is_taken_back_as_well(void **state)
{
	(void)state;
	want("a");
	(void)pump();
	answer(0, DENIED);
	master.now_ns += SESSION_REGISTRAR_AGAIN_S * NS_PER_S;
	master.is_deaf = true;
	(void)pump();
	want_not("a");
	master.is_deaf = false;
	assert_true(pump() == CLOCK_NEVER);
	assert_int_equal(master.n_sent, 1);
}

/* --- refused ------------------------------------------------------------------------ */

static void
refusals_are_told_once_with_what_to_do(void **state)
{
	static const struct {
		long error;
		const char *hint;
	} cases[] = {
		{ UNSUPPORTED_CONTEXT, "no such context" },
		{ DUPLICATE, "run twice" },
		{ DENIED, "does not allow" },
		{ OTHER_ERROR, "its log" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t first = master.n_sent;

		want("a");
		want(NULL);
		(void)pump();
		answer_all(first, cases[i].error);
		assert_int_equal(master.n_lines, 2 * i + 1);
		assert_true(line_has(2 * i, cases[i].hint));
		assert_true(line_has(2 * i, "context \"a\""));
		master.now_ns += SESSION_REGISTRAR_AGAIN_S * NS_PER_S - 1;
		assert_true(pump() == 1);
		assert_int_equal(master.n_sent, first + 2);
		master.now_ns++;
		(void)pump();
		assert_int_equal(master.n_sent, first + 4);
		answer(first + 2, 0);
		assert_int_equal(master.n_lines, 2 * i + 1);
		answer(first + 3, 0);
		assert_true(line_has(2 * i + 1, "took all"));
	}
}

/* When nothing is refused any more since nobody wants it, the next refusal is news. */
static void
refusal_after_one_that_was_taken_back_is_told(void **state)
{
	(void)state;
	want("a");
	(void)pump();
	answer(0, DUPLICATE);
	want_not("a");
	want("b");
	(void)pump();
	answer(1, DENIED);
	assert_int_equal(master.n_lines, 2);
	assert_true(line_has(1, "context \"b\""));
}

/* --- the master goes away ----------------------------------------------------------- */

static void
all_is_forgotten_without_a_master(void **state)
{
	(void)state;
	want("refused");
	(void)pump();
	answer(0, DUPLICATE);
	want("under way");
	(void)pump();
	want("waiting");
	session_registrar_connect(master.registrar, NULL);
	want("nobody");
	assert_true(pump() == CLOCK_NEVER);
	/* The library gives up what was under way, long afterwards. */
	session_registrar_connect(master.registrar, &master.session);
	want("next");
	(void)pump();
	assert_int_equal(master.n_sent, 3);
	assert_sent(2, REGISTER, "next");
	tell(1, NETSNMP_CALLBACK_OP_TIMED_OUT);
	answer(1, DUPLICATE);
	master.now_ns += 100 * NS_PER_S;
	assert_true(pump() == CLOCK_NEVER);
	assert_int_equal(master.n_sent, 3);
	/* And what the next one refuses is news again. */
	answer(2, DUPLICATE);
	assert_int_equal(master.n_lines, 2);
}

static void
silence_frees_the_place(void **state)
{
	(void)state;
	for (oid i = 0; i < SESSION_REGISTRAR_WINDOW + 1; i++)
		assert_int_equal(push(NULL, i, false), 0);
	(void)pump();
	/* Neither is an answer. */
	tell(0, NETSNMP_CALLBACK_OP_SEND_FAILED);
	tell(0, NETSNMP_CALLBACK_OP_DISCONNECT);
	(void)pump();
	assert_int_equal(master.n_sent, SESSION_REGISTRAR_WINDOW);
	tell(0, NETSNMP_CALLBACK_OP_TIMED_OUT);
	(void)pump();
	assert_int_equal(master.n_sent, SESSION_REGISTRAR_WINDOW + 1);
}

/* --- what cannot be sent, and memory ------------------------------------------------ */

/* Sends nothing while that is true, and loses nothing by it. */
static void
check_sent_when_it_can_be(bool *trouble)
{
	size_t first = master.n_sent;
	int64_t again_ns;

	want("a");
	want("b");
	*trouble = true;
	again_ns = pump();
	assert_in_range(again_ns, 1, NS_PER_S);
	assert_int_equal(master.n_sent, first);
	*trouble = false;
	assert_true(pump() == CLOCK_NEVER);
	assert_sent(first, REGISTER, "a");
	assert_sent(first + 1, REGISTER, "b");
	answer_all(first, 0);
}

static void
what_cannot_be_sent_waits_in_its_place(void **state)
{
	(void)state;
	check_sent_when_it_can_be(&master.is_deaf);
	check_sent_when_it_can_be(&master.has_no_pdu);
	check_sent_when_it_can_be(&master.has_no_name);
	assert_int_equal(master.session.timeout, TIMEOUT_US);
}

/* Said, and no half of it is kept. */
static void
without_memory_a_registration_is_an_error(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 2; n++) {
		long before = alloc_fail_outstanding();

		alloc_fail_at(n, ALLOC_FAIL_ONCE);
		assert_int_equal(push("a", 9, false), ERR_NOMEM);
		assert_true(alloc_fail_end());
		assert_int_equal(alloc_fail_outstanding(), before);
		assert_int_equal(master.n_lines, n);
		assert_true(line_has(n - 1, "out of memory"));
	}
	(void)pump();
	assert_int_equal(master.n_sent, 0);
}

/* The context of the PDU. */
static void
without_memory_for_the_pdu_it_waits(void **state)
{
	(void)state;
	want("a");
	alloc_fail_at(1, ALLOC_FAIL_ONCE);
	assert_true(pump() < NS_PER_S);
	assert_true(alloc_fail_end());
	assert_int_equal(master.n_sent, 0);
	(void)pump();
	assert_sent(0, REGISTER, "a");
}

static void
without_memory_there_is_no_registrar(void **state)
{
	(void)state;
	alloc_fail_at(1, ALLOC_FAIL_ONCE);
	assert_null(session_registrar_new(&logger));
	assert_true(alloc_fail_end());
	session_registrar_free(NULL);
}

#define SCENARIO(function) cmocka_unit_test_setup_teardown(function, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENARIO(asks_in_order_with_all_it_was_told),
		SCENARIO(sends_no_more_than_its_window),
		SCENARIO(what_was_not_sent_is_taken_back_silently),
		SCENARIO(only_the_same_is_taken_back),
		SCENARIO(what_is_under_way_is_removed_behind_it),
		SCENARIO(what_was_refused_is_taken_back_unsent),
		SCENARIO(what_waits_after_a_refusal_is_taken_back_as_well),
		SCENARIO(refusals_are_told_once_with_what_to_do),
		SCENARIO(refusal_after_one_that_was_taken_back_is_told),
		SCENARIO(all_is_forgotten_without_a_master),
		SCENARIO(silence_frees_the_place),
		SCENARIO(what_cannot_be_sent_waits_in_its_place),
		SCENARIO(without_memory_a_registration_is_an_error),
		SCENARIO(without_memory_for_the_pdu_it_waits),
		SCENARIO(without_memory_there_is_no_registrar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
