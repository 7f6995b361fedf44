/* SPDX-License-Identifier: BSD-2-Clause */
/* Heartbeats with a clock of our own. */
#include "support/check.h"

#include "base/clock.h"
#include "snmp/heartbeat.h"

enum { STEPS_MAX = 8, ON = 1, OFF = 0, DEAD = 2 };

struct step {
	int at_s;
	int bit; /* ON, OFF or DEAD: set, but the daemon does not answer */
	uint32_t interval_s;
	bool is_sent;
	int next_s; /* -1 never */
};

static const struct {
	const char *name;
	struct step steps[STEPS_MAX];
} cases[] = {
	{ "nothing while the bit is not set",
	    { { 100, OFF, 60, false, -1 }, { 200, OFF, 0, false, -1 } } },
	{ "at once, and then every interval",
	    { { 100, ON, 60, true, 160 }, { 159, ON, 60, false, 160 },
		{ 160, ON, 60, true, 220 }, { 220, ON, 60, true, 280 } } },
	{ "once with an interval of 0",
	    { { 100, ON, 0, true, -1 }, { 101, ON, 0, false, -1 },
		{ 100000, ON, 0, false, -1 } } },
	{ "once more each time the bit is set",
	    { { 100, ON, 0, true, -1 }, { 110, OFF, 0, false, -1 },
		{ 120, ON, 0, true, -1 }, { 130, ON, 0, false, -1 } } },
	{ "a bit set anew does not wait for the interval",
	    { { 100, ON, 60, true, 160 }, { 110, OFF, 60, false, -1 },
		{ 120, ON, 60, true, 180 } } },
	{ "a shorter interval counts from the last one",
	    { { 100, ON, 60, true, 160 }, { 110, ON, 20, false, 120 },
		{ 120, ON, 20, true, 140 } } },
	{ "a shorter interval that is over already",
	    { { 100, ON, 60, true, 160 }, { 150, ON, 20, true, 170 } } },
	{ "the interval becomes 0",
	    { { 100, ON, 60, true, 160 }, { 110, ON, 0, true, -1 },
		{ 120, ON, 0, false, -1 }, { 130, ON, 60, false, 170 },
		{ 170, ON, 60, true, 230 }, { 180, ON, 0, true, -1 } } },
	{ "what was missed is not made up for",
	    { { 100, ON, 10, true, 110 }, { 155, ON, 10, true, 165 },
		{ 156, ON, 10, false, 165 } } },
	{ "the longest interval",
	    { { 100, ON, UINT32_MAX, true, -2 }, { 200, ON, UINT32_MAX, false, -2 } } },
	{ "none from a daemon that does not answer",
	    { { 100, DEAD, 60, false, -1 }, { 110, ON, 60, true, 170 },
		{ 170, DEAD, 60, false, -1 }, { 230, DEAD, 60, false, -1 },
		{ 240, ON, 60, true, 300 } } },
	{ "the single one waits for the daemon, too",
	    { { 100, DEAD, 0, false, -1 }, { 110, ON, 0, true, -1 },
		{ 120, DEAD, 0, false, -1 }, { 130, ON, 0, false, -1 } } },
	{ "an interval that becomes 0 meanwhile",
	    { { 100, ON, 60, true, 160 }, { 110, DEAD, 0, false, -1 },
		{ 120, ON, 0, true, -1 } } },
};

static int64_t
expected_deadline(const struct step *step)
{
	if (step->next_s == -1)
		return CLOCK_NEVER;
	if (step->next_s == -2)
		return (100 + (int64_t)UINT32_MAX) * NS_PER_S;
	return step->next_s * NS_PER_S;
}

static void
check_step(const char *name, struct heartbeat *h, const struct step *step)
{
	const struct mib_control control = {
		.heartbeat_s = step->interval_s,
		.notif_bits = { 0, step->bit == OFF ? 0 : 0x80 },
	};
	bool is_alive = step->bit != DEAD;
	int64_t now_ns = step->at_s * NS_PER_S;

	if (heartbeat_take(h, &control, is_alive, now_ns) != step->is_sent)
		fail_msg("%s, at %d: sent or not", name, step->at_s);
	if (heartbeat_deadline(h, &control, is_alive, now_ns) != expected_deadline(step))
		fail_msg("%s, at %d: another deadline", name, step->at_s);
}

static void
heartbeats_come_when_they_are_due(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct heartbeat h = { 0 };

		for (size_t k = 0; k < STEPS_MAX && cases[i].steps[k].at_s != 0; k++)
			check_step(cases[i].name, &h, &cases[i].steps[k]);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(heartbeats_come_when_they_are_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
