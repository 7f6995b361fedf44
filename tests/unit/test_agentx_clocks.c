/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxClockTable: each object with a value, absent and malformed; which associations
 * have a row. */
#include "support/check.h"

#include <stdio.h>

#include "snmp/agentx_groups.h"
#include "support/cells.h"
#include "support/peer_cells.h"

#define NEW "version=\"ntpd 4.2.8p15@1.3728-o\""
#define OLD "version=\"ntpd 4.2.0a@1.1190-r Thu Apr 20 12:26:43 EDT 2006 (1)\""
#define SEC "version=\"ntpd ntpsec-1.2.2\""

static const struct peer_case cases[] = {
	{ "ntpAgentxClockName", "name=\"SHM\"", "\"SHM\"", peer_cells_always, 0, NULL },
	{ "ntpAgentxClockTypeNumber", "", "28", peer_cells_always, 0, NULL },
	{ "ntpAgentxClockUnit", "", "2", peer_cells_always, 0, NULL },
	{ "ntpAgentxClockDriver", "name=\"SHM\"", "\"SHM\"", NULL, 0, NULL },
	{ "ntpAgentxClockDevice", "device=\"Undisciplined local clock\"",
	    "\"Undisciplined local clock\"", NULL, 0, NULL },
	{ "ntpAgentxClockTimeCode", "timecode=\"$GPRMC,1,A\"", "\"$GPRMC,1,A\"", NULL, 0,
	    NULL },
	{ "ntpAgentxClockPolls", "poll=6", "6", "poll=x", 0, NULL },
	{ "ntpAgentxClockNoReply", "noreply=1", "1", "noreply=x", 0, NULL },
	{ "ntpAgentxClockBadFormat", "badformat=2", "2", "badformat=x", 0, NULL },
	{ "ntpAgentxClockBadData", "baddata=4294967296", "4294967296", "baddata=x", 0,
	    NULL },
	{ "ntpAgentxClockFudgeTime1Us", "fudgetime1=-0.250", "-250", "fudgetime1=x", 0,
	    NULL },
	{ "ntpAgentxClockFudgeTime2Us", "fudgetime2=4.5", "4500", "fudgetime2=x", 0,
	    NULL },
	{ "ntpAgentxClockFudgeStratum", "stratum=5", "5", "stratum=x", 0, NULL },
	{ "ntpAgentxClockFudgeRefId", "refid=76.83.69.67", "\"76.83.69.67\"", NULL, 0,
	    NULL },
	{ "ntpAgentxClockFlags", "flags=9", "0x90", "flags=x", 0, NULL },
	{ "ntpAgentxClockFlagsRaw", "flags=255", "255", "flags=x", 0, NULL },
	{ "ntpAgentxClockMinJitterUs", "minjitter=1.5", "1500", "minjitter=-1", 0, NULL },
	{ "ntpAgentxClockStatusWord", "", "18", NULL, 0x12, NULL },
	{ "ntpAgentxClockEvent", "", "2", NULL, 0x12, NEW },
	{ "ntpAgentxClockEventCount", "", "1", NULL, 0x12, NEW },
};

static void
objects_show_their_variables(void **state)
{
	(void)state;
	peer_cells_check_clock(&agentx_clock_table, cases, COUNT(cases));
}

static void
check_event(const char *version, uint16_t word, const char *event, const char *count)
{
	struct snapshot *s = peer_cells_snapshot(version, 0, "srcadr=127.127.1.0");

	peer_cells_clock(s, word, "");
	cells_check(s, "ntpAgentxClockEvent", event);
	cells_check(s, "ntpAgentxClockEventCount", count);
	snapshot_unref(s);
}

/* Two halves before 4.2.5: the state, and the last event. */
static void
events_depend_on_the_version(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		char number[8];

		snprintf(number, sizeof(number), "%u", i);
		check_event(NEW, (uint16_t)(0x30u | i), i < 7 ? number : NULL, "3");
		check_event(SEC, (uint16_t)(0xf0u | i), i < 7 ? number : NULL, "15");
		check_event(OLD, (uint16_t)(0x200u | i), i < 7 ? number : NULL, NULL);
		check_event(NULL, (uint16_t)(0x30u | i), NULL, NULL);
	}
	check_event(OLD, 0x211, NULL, NULL);
}

static void
only_clocks_have_a_row(void **state)
{
	struct snapshot *s = peer_cells_snapshot(NULL, 0, "srcadr=192.0.2.1");

	(void)state;
	cells_check(s, "ntpAgentxClockName", NULL);
	peer_cells_clock(s, 0, "name=\"GPS\"");
	cells_check(s, "ntpAgentxClockName", "\"GPS\"");
	cells_check(s, "ntpAgentxClockTypeNumber", NULL);
	cells_check(s, "ntpAgentxClockUnit", NULL);
	peer_cells_clock(s, 0, "type=20");
	cells_check(s, "ntpAgentxClockTypeNumber", "20");
	snapshot_unref(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_show_their_variables),
		cmocka_unit_test(events_depend_on_the_version),
		cmocka_unit_test(only_clocks_have_a_row),
	};

	return cmocka_run_group_tests_name("clocks", tests, NULL, NULL);
}
