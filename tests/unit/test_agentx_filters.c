/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxFilterTable: eight samples of each association, or none. */
#include "support/check.h"

#include <stdio.h>

#include "snmp/agentx_groups.h"
#include "support/cells.h"
#include "support/peer_cells.h"

#define DELAY  "filtdelay= 0.13 0.11 0.12 0.14 0.16 0.15 0.10 0.17"
#define OFFSET "filtoffset= 3000.06 -0.04 0.04 0.03 0.07 0.05 0.01 0.02"
#define DISP   "filtdisp= 0.00 0.27 0.54 0.66 0.69 0.72 0.75 16000.00"

static void
samples_stand_in_their_order(void **state)
{
	static const char *const delays[] = { "130", "110", "120", "140", "160", "150",
		"100", "170" };
	static const char *const offsets[] = { "3000060", "-40", "40", "30", "70", "50",
		"10", "20" };
	static const char *const disps[] = { "0", "270", "540", "660", "690", "720",
		"750", "16000000" };
	struct snapshot *s = peer_cells_snapshot(NULL, 0,
	    "srcadr=192.0.2.1, " DELAY ", " OFFSET ", " DISP);

	(void)state;
	for (size_t i = 0; i < NTP_FILTER_SAMPLES; i++) {
		cells_check_nth(s, "ntpAgentxFilterName", i, "\"192.0.2.1\"");
		cells_check_nth(s, "ntpAgentxFilterDelayUs", i, delays[i]);
		cells_check_nth(s, "ntpAgentxFilterOffsetUs", i, offsets[i]);
		cells_check_nth(s, "ntpAgentxFilterDispersionUs", i, disps[i]);
	}
	cells_check_nth(s, "ntpAgentxFilterName", NTP_FILTER_SAMPLES, NULL);
	s->state = TARGET_SILENT;
	cells_check(s, "ntpAgentxFilterName", NULL);
	snapshot_unref(s);
}

static void
check(const char *peer, const char *delay, const char *offset, const char *disp)
{
	struct snapshot *s = peer_cells_snapshot(NULL, 0, peer);

	cells_check_nth(s, "ntpAgentxFilterDelayUs", 0, delay);
	cells_check_nth(s, "ntpAgentxFilterOffsetUs", 0, offset);
	cells_check_nth(s, "ntpAgentxFilterDispersionUs", 0, disp);
	snapshot_unref(s);
}

static void
each_filter_is_there_or_not(void **state)
{
	(void)state;
	check(DELAY, "130", NULL, NULL);
	check(OFFSET, NULL, "3000060", NULL);
	check(DISP, NULL, NULL, "0");
	check("filtdisp= -1.00 0.27 0.54 0.66 0.69 0.72 0.75 0.78", NULL, NULL, "270");
	/* what NTPsec 1.2.2 sends */
	check("filtdelay= 0.00 0.Pa 0.14 0.14 0.14 0.13 0.11 0.11 0.09 0.12", NULL, NULL,
	    NULL);
	check("srcadr=192.0.2.1", NULL, NULL, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_stand_in_their_order),
		cmocka_unit_test(each_filter_is_there_or_not),
	};

	return cmocka_run_group_tests_name("filters", tests, NULL, NULL);
}
