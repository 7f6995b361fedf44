/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking an agent that is not there, or cannot be. Asking a real one is tested with
 * snmpd, in tests/e2e/query_check.sh. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "snmp/ask.h"

static const struct snmp_ask_oid uptime = { { 1, 3, 6, 1, 2, 1, 1, 3, 0 }, 9 };

static void
silence_ends_in_time(void **state)
{
	const struct snmp_ask_options options = {
		.address = "udp:127.0.0.1:9",
		.community = "someone",
		.timeout_ns = 200 * NS_PER_MS,
	};
	char reason[SNMP_ASK_REASON_MAX];
	struct snmp_ask_value value;
	struct snmp_ask_who who;
	struct snmp_ask *a;

	(void)state;
	assert_int_equal(snmp_ask_open(&options, &a, &who, reason), 0);
	assert_string_equal(who.text, "community \"someone\"");
	assert_true(who.is_community);
	for (int i = 0; i < 2; i++) {
		int64_t start_ns = clock_monotonic_ns(), took_ns;
		int err = i == 0 ? snmp_ask_get(a, &uptime, &value, reason)
				 : snmp_ask_next(a, &uptime, &value, reason);

		took_ns = clock_monotonic_ns() - start_ns;
		assert_int_equal(err, ERR_TIMEOUT);
		assert_true(took_ns >= SNMP_ASK_TRIES * options.timeout_ns);
		assert_true(took_ns < 20 * options.timeout_ns);
	}
	snmp_ask_close(a);
	snmp_ask_close(NULL);
}

static void
an_address_that_is_none_is_told(void **state)
{
	const struct snmp_ask_options options = {
		.address = "udp:name.invalid:161",
		.community = "x",
		.timeout_ns = NS_PER_MS,
	};
	char reason[SNMP_ASK_REASON_MAX] = "";
	struct snmp_ask_who who;
	struct snmp_ask *a = NULL;

	(void)state;
	assert_int_equal(snmp_ask_open(&options, &a, &who, reason), ERR_SYNTAX);
	assert_null(a);
	assert_string_not_equal(reason, "");
}

static void
trees_are_told_apart(void **state)
{
	static const struct snmp_ask_oid system = { { 1, 3, 6, 1, 2, 1, 1 }, 7 };

	(void)state;
	assert_true(snmp_ask_is_below(&uptime, &system));
	assert_true(snmp_ask_is_below(&system, &system));
	assert_false(snmp_ask_is_below(&system, &uptime));
	assert_false(snmp_ask_is_below(&uptime, &snmp_ask_enterprise));
	assert_true(snmp_ask_enterprise.n > 6);
	assert_int_equal(snmp_ask_enterprise.arcs[4], 4);
}

/* Nobody's own configuration gets into the test. */
static int
without_configuration(void **state)
{
	(void)state;
	return setenv("SNMPCONFPATH", "/nonexistent", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_ends_in_time),
		cmocka_unit_test(an_address_that_is_none_is_told),
		cmocka_unit_test(trees_are_told_apart),
	};

	return cmocka_run_group_tests(tests, without_configuration, NULL);
}
