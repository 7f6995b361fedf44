/* SPDX-License-Identifier: BSD-2-Clause */
/* Notifications on their way to a master that this test plays: it looks into each PDU,
 * answers what it likes, is gone in the middle; and memory is short. */
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
#include "snmp/session_notify.h"
#include "snmp/session_queue.h"

enum { SENT_MAX = 64, WINDOW = 4, NOTIFY = 12, GENERIC_ERROR = 5, N_VARBINDS = 7 };

struct sent {
	netsnmp_pdu *pdu;
	netsnmp_callback callback;
	void *ctx;
};

static struct {
	struct sent sent[SENT_MAX];
	size_t n_sent, n_traps, n_lines;
	char trap_context[32];
	bool is_deaf, has_no_pdu;
	char line[LOG_LINE_MAX];
	netsnmp_session session;
	struct session_notifier *notifier;
} master;

int __wrap_snmp_async_send(netsnmp_session *session, netsnmp_pdu *pdu,
    netsnmp_callback callback, void *ctx);
netsnmp_pdu *__wrap_snmp_pdu_create(int command);
netsnmp_pdu *__real_snmp_pdu_create(int command);
void __wrap_snmp_free_pdu(netsnmp_pdu *pdu);
void __real_snmp_free_pdu(netsnmp_pdu *pdu);
void __wrap_send_v3trap(netsnmp_variable_list *varbinds, const char *context);

int
__wrap_snmp_async_send(netsnmp_session *session, netsnmp_pdu *pdu,
    netsnmp_callback callback, void *ctx)
{
	(void)session;
	if (master.is_deaf)
		return 0;
	assert_true(master.n_sent < SENT_MAX);
	master.sent[master.n_sent++] = (struct sent){ pdu, callback, ctx };
	return (int)pdu->reqid;
}

netsnmp_pdu *
__wrap_snmp_pdu_create(int command)
{
	return master.has_no_pdu ? NULL : __real_snmp_pdu_create(command);
}

/* The context is ours until the library frees it: for the count of blocks. */
void
__wrap_snmp_free_pdu(netsnmp_pdu *pdu)
{
	if (pdu != NULL) {
		mem_free(pdu->contextName);
		pdu->contextName = NULL;
	}
	__real_snmp_free_pdu(pdu);
}

void
__wrap_send_v3trap(netsnmp_variable_list *varbinds, const char *context)
{
	assert_non_null(varbinds);
	master.n_traps++;
	snprintf(master.trap_context, sizeof(master.trap_context), "%s",
	    context != NULL ? context : "none");
}

static void
keep_line(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	master.n_lines++;
	snprintf(master.line, sizeof(master.line), "%s", line);
}

static const struct logger logger = { keep_line, NULL };
static const struct session_queue_limits limits = { .max = 8, .window = WINDOW };

static int
begin(void **state)
{
	(void)state;
	memset(&master, 0, sizeof(master));
	master.notifier = session_notifier_new(&limits, &logger);
	assert_non_null(master.notifier);
	session_notifier_connect(master.notifier, &master.session);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	for (size_t i = 0; i < master.n_sent; i++)
		snmp_free_pdu(master.sent[i].pdu);
	session_notifier_free(master.notifier);
	assert_int_equal(alloc_fail_outstanding(), 0);
	return 0;
}

static const struct mib_oid trap = { { 1, 3, 6, 1, 9 }, 5 };

/* One with a value of each kind; its number is the last of the first one's name. */
static int
push(const char *context, mib_subid number)
{
	static const mib_subid id[] = { 1, 3, 6 };
	struct session_varbind v[N_VARBINDS] = {
		{ .value = { .syntax = MIB_INTEGER, .i32 = -5 } },
		{ .value = { .syntax = MIB_UNSIGNED, .u32 = UINT32_MAX } },
		{ .value = { .syntax = MIB_COUNTER32, .u32 = 7 } },
		{ .value = { .syntax = MIB_COUNTER64, .u64 = UINT64_C(0x100000002) } },
		{ .value = { .syntax = MIB_TIMETICKS, .u32 = 99 } },
		{ .value = { .syntax = MIB_OCTETS } },
		{ .value = { .syntax = MIB_OBJECT_ID } },
	};

	v[5].value.octets = "text";
	v[5].value.n_octets = 4;
	v[6].value.octets = (const void *)id;
	v[6].value.n_octets = sizeof(id);
	for (mib_subid i = 0; i < N_VARBINDS; i++)
		v[i].name = (struct mib_oid){ { 1, 3, i, number }, 4 };
	return session_notifier_push(master.notifier, context, &trap, v, N_VARBINDS);
}

static int64_t
pump(void)
{
	return session_notifier_pump(master.notifier, NS_PER_S);
}

static void
end_one(size_t n, int operation, long error)
{
	const struct sent *s = &master.sent[n];
	netsnmp_pdu response = { .errstat = error };

	assert_int_equal(s->callback(operation, &master.session, (int)s->pdu->reqid,
			     &response, s->ctx),
	    1);
}

static void
answer(size_t n, long error)
{
	end_one(n, NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE, error);
}

/* The number of the n-th that was sent. */
static mib_subid
number_of(size_t n)
{
	assert_true(n < master.n_sent);
	/* Behind the uptime and the notification's name. */
	return master.sent[n].pdu->variables->next_variable->next_variable->name[3];
}

static struct session_queue_stats
stats(void)
{
	struct session_queue_stats s;

	session_notifier_stats(master.notifier, &s);
	return s;
}

/* --- what is sent ------------------------------------------------------------------- */

static void
everything_is_in_the_pdu(void **state)
{
	const netsnmp_variable_list *v;
	const netsnmp_pdu *pdu;

	(void)state;
	assert_int_equal(push("ctx", 1), 0);
	(void)pump();
	assert_int_equal(master.n_sent, 1);
	pdu = master.sent[0].pdu;
	assert_int_equal(pdu->command, NOTIFY);
	assert_int_equal(pdu->contextNameLen, 3);
	assert_memory_equal(pdu->contextName, "ctx", 3);
	v = pdu->variables;
	assert_int_equal(v->type, ASN_TIMETICKS);
	v = v->next_variable;
	assert_int_equal(v->val_len, 5 * sizeof(oid));
	assert_int_equal(v->val.objid[4], 9);
	v = v->next_variable;
	assert_int_equal(v->type, ASN_INTEGER);
	assert_int_equal(*v->val.integer, -5);
	v = v->next_variable;
	assert_int_equal(v->type, ASN_UNSIGNED);
	assert_int_equal((u_long)*v->val.integer, UINT32_MAX);
	v = v->next_variable;
	assert_int_equal(v->type, ASN_COUNTER);
	v = v->next_variable;
	assert_int_equal(v->type, ASN_COUNTER64);
	assert_int_equal(v->val.counter64->high, 1);
	assert_int_equal(v->val.counter64->low, 2);
	v = v->next_variable;
	assert_int_equal(v->type, ASN_TIMETICKS);
	assert_int_equal(*v->val.integer, 99);
	v = v->next_variable;
	assert_int_equal(v->val_len, 4);
	assert_memory_equal(v->val.string, "text", 4);
	v = v->next_variable;
	assert_int_equal(v->type, ASN_OBJECT_ID);
	assert_int_equal(v->val.objid[2], 6);
	assert_null(v->next_variable);
}

static void
too_many_values_are_refused(void **state)
{
	static const struct session_varbind v[SESSION_VARBINDS_MAX + 1];

	(void)state;
	assert_int_equal(session_notifier_push(master.notifier, "", &trap, v,
			     SESSION_VARBINDS_MAX + 1),
	    ERR_TOOBIG);
	assert_int_equal(stats().queued, 0);
}

/* --- how it ends -------------------------------------------------------------------- */

static void
refused_is_sent_again_and_dropped_with_a_word(void **state)
{
	(void)state;
	assert_int_equal(push("", 1), 0);
	for (size_t i = 0; i < SESSION_REFUSALS_MAX; i++) {
		(void)pump();
		assert_int_equal(master.n_sent, i + 1);
		assert_int_equal(master.n_lines, 0);
		answer(i, GENERIC_ERROR);
	}
	(void)pump();
	assert_int_equal(master.n_sent, SESSION_REFUSALS_MAX);
	assert_int_equal(stats().dropped, 1);
	assert_int_equal(master.n_lines, 1);
	assert_non_null(strstr(master.line, "AgentX error 5"));
	assert_non_null(strstr(master.line, "dropped"));
}

static void
what_was_under_way_goes_to_the_next_master_in_order(void **state)
{
	(void)state;
	for (mib_subid i = 0; i < WINDOW + 2; i++)
		assert_int_equal(push("", i), 0);
	(void)pump();
	assert_int_equal(master.n_sent, WINDOW);
	answer(0, 0);
	session_notifier_connect(master.notifier, NULL);
	assert_true(pump() == CLOCK_NEVER);
	/* The library gives up what was under way when it frees the session: too late. */
	session_notifier_connect(master.notifier, &master.session);
	end_one(1, NETSNMP_CALLBACK_OP_DISCONNECT, 0);
	(void)pump();
	assert_int_equal(master.n_sent, 2 * WINDOW);
	end_one(2, NETSNMP_CALLBACK_OP_TIMED_OUT, 0);
	answer(3, 0);
	for (size_t i = 0; i < WINDOW; i++)
		assert_int_equal(number_of(WINDOW + i), 1 + i);
	assert_int_equal(stats().sent, 1);
	assert_int_equal(stats().unacknowledged, WINDOW);
	assert_int_equal(stats().dropped, 0);
}

static void
only_an_end_is_one(void **state)
{
	(void)state;
	assert_int_equal(push("", 1), 0);
	(void)pump();
	end_one(0, NETSNMP_CALLBACK_OP_RESEND, 0);
	end_one(0, NETSNMP_CALLBACK_OP_SEND_FAILED, 0);
	assert_int_equal(stats().unacknowledged, 1);
	answer(0, 0);
	answer(0, 0);
	assert_int_equal(stats().sent, 1);
	assert_int_equal(stats().unacknowledged, 0);
}

/* --- what cannot be sent ------------------------------------------------------------ */

static void
check_waits(bool *trouble)
{
	size_t first = master.n_sent;

	assert_int_equal(push("c", 1), 0);
	assert_int_equal(push("c", 2), 0);
	*trouble = true;
	assert_in_range(pump(), 1, NS_PER_S);
	assert_int_equal(master.n_sent, first);
	*trouble = false;
	(void)pump();
	assert_int_equal(number_of(first), 1);
	assert_int_equal(number_of(first + 1), 2);
	answer(first, 0);
	answer(first + 1, 0);
}

static void
what_cannot_be_sent_waits_in_its_place(void **state)
{
	(void)state;
	check_waits(&master.is_deaf);
	check_waits(&master.has_no_pdu);
	assert_int_equal(stats().dropped, 0);
	assert_int_equal(stats().sent, 4);
}

/* The context, and each of its parts. */
static void
without_memory_it_waits_whole(void **state)
{
	unsigned n = 0;

	(void)state;
	assert_int_equal(push("c", 1), 0);
	do {
		assert_int_equal(master.n_sent, 0);
		alloc_fail_at(++n, ALLOC_FAIL_ONCE);
		(void)pump();
	} while (alloc_fail_end());
	assert_int_equal(n, 1 + 2 + N_VARBINDS + 1);
	assert_int_equal(master.n_sent, 1);
	assert_int_equal(number_of(0), 1);
}

static void
without_memory_it_is_not_taken(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 2; n++) {
		long before = alloc_fail_outstanding();

		alloc_fail_at(n, ALLOC_FAIL_ONCE);
		assert_int_equal(push("", 1), ERR_NOMEM);
		assert_true(alloc_fail_end());
		assert_int_equal(alloc_fail_outstanding(), before);
	}
	assert_int_equal(stats().waiting, 0);
}

static void
without_memory_there_is_no_notifier(void **state)
{
	unsigned n = 0;
	struct session_notifier *made = NULL;

	(void)state;
	do {
		long before = alloc_fail_outstanding();

		assert_null(made);
		alloc_fail_at(++n, ALLOC_FAIL_ONCE);
		made = session_notifier_new(&limits, &logger);
		if (made == NULL)
			assert_int_equal(alloc_fail_outstanding(), before);
	} while (alloc_fail_end());
	assert_true(n > 3);
	assert_non_null(made);
	session_notifier_free(made);
	session_notifier_free(NULL);
}

/* --- without a master --------------------------------------------------------------- */

static void
a_master_of_its_own_hands_over(void **state)
{
	(void)state;
	session_notifier_connect(master.notifier, NULL);
	session_notifier_be_master(master.notifier);
	assert_int_equal(push("c", 1), 0);
	alloc_fail_at(3, ALLOC_FAIL_ONCE);
	assert_in_range(pump(), 1, NS_PER_S);
	assert_true(alloc_fail_end());
	assert_int_equal(master.n_traps, 0);
	(void)pump();
	assert_int_equal(master.n_traps, 1);
	assert_string_equal(master.trap_context, "c");
	assert_int_equal(push("", 2), 0);
	(void)pump();
	assert_string_equal(master.trap_context, "none");
	assert_int_equal(stats().sent, 2);
	assert_int_equal(master.n_sent, 0);
}

#define SCENARIO(function) cmocka_unit_test_setup_teardown(function, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENARIO(everything_is_in_the_pdu),
		SCENARIO(too_many_values_are_refused),
		SCENARIO(refused_is_sent_again_and_dropped_with_a_word),
		SCENARIO(what_was_under_way_goes_to_the_next_master_in_order),
		SCENARIO(only_an_end_is_one),
		SCENARIO(what_cannot_be_sent_waits_in_its_place),
		SCENARIO(without_memory_it_waits_whole),
		SCENARIO(without_memory_it_is_not_taken),
		SCENARIO(without_memory_there_is_no_notifier),
		SCENARIO(a_master_of_its_own_hands_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
