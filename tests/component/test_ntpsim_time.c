/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon's time service, and control messages it is told not to answer. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "probe/time_packet.h"
#include "sim/sim_fixture.h"

static const uint64_t cookie = UINT64_C(0xfedcba9876543210);

static int
ask_time(struct sim_fixture *f, struct time_answer *out)
{
	uint8_t bytes[TIME_PACKET_LEN];

	time_packet_encode(cookie, bytes);
	sim_send(f, bytes, sizeof(bytes));
	if (f->out.n == 0)
		return ERR_TIMEOUT;
	assert_int_equal(f->out.n, 1);
	return time_packet_decode(f->out.items[0].bytes, f->out.items[0].len, cookie,
	    out);
}

static void
time_is_answered_as_told(void **state)
{
	static const struct {
		const char *order;
		int expected;
		enum time_kiss kiss;
	} rows[] = {
		{ "time off", ERR_TIMEOUT, TIME_KISS_NONE },
		{ "time strange", ERR_CONFLICT, TIME_KISS_NONE },
		{ "time RATE", 0, TIME_KISS_RATE },
		{ "time DENY", 0, TIME_KISS_DENY },
		{ "time on", 0, TIME_KISS_NONE },
		{ "silence on", ERR_TIMEOUT, TIME_KISS_NONE },
		{ "silence off", 0, TIME_KISS_NONE },
		{ "noquery on", 0, TIME_KISS_NONE },
		{ "set 0 stratum 16", 0, TIME_KISS_UNSYNCED },
	};
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 2);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct time_answer a = { .stratum = 1 };

		sim_order(&f, rows[i].order);
		assert_int_equal(ask_time(&f, &a), rows[i].expected);
		assert_int_equal(a.kiss, rows[i].kiss);
	}
	sim_order_fails(&f, "time");
	sim_order_fails(&f, "time KISSES");
	sim_stop(&f);
}

static void
it_says_what_the_variables_say(void **state)
{
	struct sim_fixture f;
	struct time_answer a;

	(void)state;
	sim_start(&f, SIM_NTPSEC, 2);
	sim_order(&f, "set 0 stratum 3");
	sim_order(&f, "set 0 leap 1");
	sim_order(&f, "set 0 refid 192.0.2.9");
	assert_int_equal(ask_time(&f, &a), 0);
	assert_int_equal(a.stratum, 3);
	assert_int_equal(a.leap, 1);
	assert_int_equal(a.version, 4);
	assert_memory_equal(a.refid, "\xc0\x00\x02\x09", 4);
	sim_stop(&f);
}

static void
noquery_leaves_control_messages_alone(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 2);
	sim_order(&f, "noquery on");
	sim_ask(&f, M6_OP_READSTAT, 0, "");
	assert_int_equal(f.out.n, 0);
	sim_order(&f, "noquery 2");
	for (size_t i = 0; i < 4; i++) {
		sim_ask(&f, M6_OP_READSTAT, 0, "");
		assert_int_equal(f.out.n, i < 2 ? 1 : 0);
	}
	sim_order(&f, "noquery off");
	sim_ask(&f, M6_OP_READSTAT, 0, "");
	assert_int_equal(f.out.n, 1);
	sim_order_fails(&f, "noquery maybe");
	sim_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_is_answered_as_told),
		cmocka_unit_test(it_says_what_the_variables_say),
		cmocka_unit_test(noquery_leaves_control_messages_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
