/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxPeerAutokeyTable: each object with a value, absent and malformed. */
#include "support/check.h"

#include <stdio.h>

#include "snmp/agentx_groups.h"
#include "support/peer_cells.h"

static const struct peer_case cases[] = {
	{ "ntpAgentxPeerAutokeyName", "srcadr=192.0.2.1, flags=0x1", "\"192.0.2.1\"",
	    "srcadr=192.0.2.1, flags=x", 0, NULL },
	{ "ntpAgentxPeerAutokeyFlags", "flags=0x80001", "0x8000", "flags=x", 0, NULL },
	{ "ntpAgentxPeerAutokeyFlagsRaw", "flags=0x87f21", "556833", "flags=x", 0, NULL },
	{ "ntpAgentxPeerAutokeyHost", "host=\"time.example\"", "\"time.example\"", NULL,
	    0, NULL },
	{ "ntpAgentxPeerAutokeyIdent", "ident=\"group\"", "\"group\"", NULL, 0, NULL },
	{ "ntpAgentxPeerAutokeySignature", "signature=\"md5WithRSAEncryption\"",
	    "\"md5WithRSAEncryption\"", NULL, 0, NULL },
	{ "ntpAgentxPeerAutokeyInitSequence", "initsequence=99", "99", "initsequence=x",
	    0, NULL },
	{ "ntpAgentxPeerAutokeyInitKey", "initkey=0x3c4a5b6d", "1011506029", "initkey=x",
	    0, NULL },
	{ "ntpAgentxPeerAutokeyTimestamp", "timestamp=202607010000",
	    "0x07ea0701000000002b0000", "timestamp=2026", 0, NULL },
};

static void
objects_show_their_variables(void **state)
{
	(void)state;
	peer_cells_check(&agentx_peer_autokey_table, cases, COUNT(cases));
}

static void
each_flag_with_a_meaning_has_its_bit(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < 16; bit++) {
		bool has_meaning = bit != 2 && bit != 3 && bit != 15;
		char peer[32], expected[16];

		snprintf(peer, sizeof(peer), "flags=0x%x", 0x80000 | 1u << bit);
		snprintf(expected, sizeof(expected), "0x%04x",
		    has_meaning ? 0x8000u >> bit : 0);
		peer_cells_check_one("ntpAgentxPeerAutokeyFlags", 0, NULL, peer,
		    expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_show_their_variables),
		cmocka_unit_test(each_flag_with_a_meaning_has_its_bit),
	};

	return cmocka_run_group_tests_name("autokey of peers", tests, NULL, NULL);
}
