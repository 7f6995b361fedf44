/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of managers, and configuration, with memory that runs out at every allocation:
 * an answer is right or an error, a SET happens as a whole or not at all, a configuration
 * is taken as a whole or not at all. */
#include "support/check.h"

#include "support/agent_bench.h"

#include <string.h>

#include "base/err.h"
#include "snmp/config.h"
#include "snmp/handler.h"
#include "snmp/ntpv4_mib.h"
#include "support/alloc_fail.h"
#include "support/mib_walk.h"
#include "support/snapshot_fixture.h"

static struct {
	struct snapshot *snapshot;
	struct mib_control control;
	struct mib_agent agent;
	struct mib_handler *handler;
	struct mib_listing all;
	unsigned n_changes;
} bench;

static void
view(void *ctx, struct mib_view *out)
{
	(void)ctx;
	*out = (struct mib_view){ bench.snapshot, &bench.agent, NULL };
}

static void
on_changed(void *ctx)
{
	(void)ctx;
	bench.n_changes++;
}

static const struct logger quiet;

static int
start(void **state)
{
	static const struct view_port port = { .view = view, .changed = on_changed };
	struct mib_view whole;

	if (agent_bench_start(state) != 0)
		return -1;
	bench.snapshot = fixture_from_recording(
	    "tests/recordings/ntpsec-1.2.2-client.txt", INT64_C(1795219782000000000));
	mib_control_init(&bench.control);
	bench.agent.control = &bench.control;
	view(NULL, &whole);
	bench.all = mib_listing_of(&ntpv4_mib, &whole);
	bench.handler = mib_handler_register(&ntpv4_mib, NULL, &port, &quiet);
	config_register("agent_bench");
	return bench.handler ? 0 : -1;
}

static int
stop(void **state)
{
	mib_handler_unregister(bench.handler);
	mib_listing_free(&bench.all);
	snapshot_unref(bench.snapshot);
	return agent_bench_stop(state);
}

/* --- reading ------------------------------------------------------------------------ */

static void
assert_named(const netsnmp_variable_list *v, const struct mib_oid *name)
{
	assert_int_equal(mib_oid_compare(v->name, v->name_length, name->ids, name->len),
	    0);
}

/* Whether an answer to GETBULK from the beginning was the right one. */
static bool
walk_some(size_t n)
{
	netsnmp_pdu *pdu = agent_request(SNMP_MSG_GETBULK, NULL), *answer;
	const netsnmp_variable_list *v;
	bool is_good;
	size_t i = 0;

	pdu->non_repeaters = 0;
	pdu->max_repetitions = (long)n;
	snmp_pdu_add_variable(pdu, ntpv4_mib.root, ntpv4_mib.root_len, ASN_NULL, NULL, 0);
	answer = agent_ask(pdu);
	is_good = answer->errstat == SNMP_ERR_NOERROR;
	for (v = answer->variables; v && is_good && i < n; v = v->next_variable)
		assert_named(v, &bench.all.items[i++].name);
	assert_true(!is_good || i == n);
	snmp_free_pdu(answer);
	return is_good;
}

static bool
read_some(void *ctx, const struct alloc_case *c)
{
	enum { SOME = 40 };
	bool has_failed, is_good;

	(void)ctx;
	alloc_fail_at(c->n, c->kind);
	is_good = walk_some(SOME);
	has_failed = alloc_fail_end();
	assert_true(is_good || has_failed);
	assert_true(walk_some(SOME));
	mib_handler_expire(bench.handler, INT64_MAX);
	return has_failed;
}

static void
an_answer_is_right_or_an_error(void **state)
{
	(void)state;
	mib_handler_expire(bench.handler, INT64_MAX);
	assert_true(alloc_fail_each(3, read_some, NULL) > 10);
}

/* --- writing ------------------------------------------------------------------------ */

/* ntpEntHeartbeatInterval and ntpEntNotifBits. */
static const oid heartbeat[] = { 1, 3, 6, 1, 2, 1, 197, 1, 4, 1, 0 };
static const oid notif_bits[] = { 1, 3, 6, 1, 2, 1, 197, 1, 4, 2, 0 };

static bool
set_both(long seconds, u_char bits)
{
	netsnmp_pdu *pdu = agent_request(SNMP_MSG_SET, NULL), *answer;
	bool is_good;

	snmp_pdu_add_variable(pdu, heartbeat, COUNT(heartbeat), ASN_UNSIGNED, &seconds,
	    sizeof(seconds));
	snmp_pdu_add_variable(pdu, notif_bits, COUNT(notif_bits), ASN_OCTET_STR, &bits,
	    1);
	answer = agent_ask(pdu);
	is_good = answer->errstat == SNMP_ERR_NOERROR;
	snmp_free_pdu(answer);
	return is_good;
}

static void
assert_both(uint32_t seconds, uint8_t bits)
{
	assert_int_equal(bench.control.heartbeat_s, seconds);
	assert_int_equal(bench.control.notif_bits[0], bits);
}

static bool
write_both(void *ctx, const struct alloc_case *c)
{
	bool has_failed, is_good;

	(void)ctx;
	assert_true(set_both(100, 0x40));
	assert_both(100, 0x40);
	bench.n_changes = 0;
	alloc_fail_at(c->n, c->kind);
	is_good = set_both(200, 0x20);
	has_failed = alloc_fail_end();
	assert_int_equal(bench.n_changes, is_good);
	if (is_good)
		assert_both(200, 0x20);
	else
		assert_both(100, 0x40);
	assert_true(is_good || has_failed);
	assert_false(mib_handler_is_setting(bench.handler));
	mib_handler_expire(bench.handler, INT64_MAX);
	return has_failed;
}

static void
a_set_happens_as_a_whole_or_not_at_all(void **state)
{
	(void)state;
	mib_handler_expire(bench.handler, INT64_MAX);
	assert_true(alloc_fail_each(1, write_both, NULL) > 3);
}

/* --- configuration ------------------------------------------------------------------ */

static void
read_line(const char *token, const char *text)
{
	const struct config_line *row = read_config_get_handlers("agent_bench");
	char line[128];

	while (row && strcmp(row->config_token, token) != 0)
		row = row->next;
	assert_non_null(row);
	assert_true(strlen(text) < sizeof(line));
	strcpy(line, text);
	if (row)
		row->parse_line(token, line);
}

static int
read_all(struct agent_config *out)
{
	config_begin();
	read_line("target", "a 127.0.0.1");
	read_line("target", "b ::1 port 1123 interval 30");
	read_line("target", "c ntp.example.net control-key 7 write configure");
	read_line("keyfile", "/etc/ntp.keys");
	return config_take(&quiet, out);
}

static bool
configure(void *ctx, const struct alloc_case *c)
{
	struct agent_config config = { 0 };
	bool has_failed;
	int err;

	(void)ctx;
	alloc_fail_at(c->n, c->kind);
	err = read_all(&config);
	has_failed = alloc_fail_end();
	assert_int_equal(config.n_targets, err == 0 ? 3 : 0);
	assert_true(err == 0 || has_failed);
	agent_config_clear(&config);
	assert_int_equal(read_all(&config), 0);
	assert_int_equal(config.n_targets, 3);
	agent_config_clear(&config);
	return has_failed;
}

static void
a_configuration_is_taken_as_a_whole_or_not_at_all(void **state)
{
	(void)state;
	assert_true(alloc_fail_each(1, configure, NULL) > 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_right_or_an_error),
		cmocka_unit_test(a_set_happens_as_a_whole_or_not_at_all),
		cmocka_unit_test(a_configuration_is_taken_as_a_whole_or_not_at_all),
	};

	alloc_fail_start();
	return cmocka_run_group_tests(tests, start, stop);
}
