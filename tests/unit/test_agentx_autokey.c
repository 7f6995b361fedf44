/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of Autokey: each object with a value, absent and malformed. */
#include "support/check.h"

#include <stdio.h>

#include "snmp/agentx_groups.h"
#include "support/cells.h"
#include "support/snapshot_fixture.h"

static void
each_object_shows_its_variable(void **state)
{
	static const struct cell_case cases[] = {
		{ "ntpAgentxAutokeyFlags", "flags=0x410003", "0xc0", "flags=many", 0 },
		{ "ntpAgentxAutokeyFlagsRaw", "flags=1220", "1220", "flags=4294967296",
		    0 },
		{ "ntpAgentxAutokeySchemeNid", "flags=0x410003", "65", "flags=many", 0 },
		{ "ntpAgentxAutokeyDigest", "digest=\"md5\"", "\"md5\"", NULL, 0 },
		{ "ntpAgentxAutokeySignature", "signature=\"md5\"", "\"md5\"", NULL, 0 },
		{ "ntpAgentxAutokeyHost", "host=b1241", "\"b1241\"", NULL, 0 },
		{ "ntpAgentxAutokeyIdent", "ident=b1248", "\"b1248\"", NULL, 0 },
		{ "ntpAgentxAutokeyUpdate", "update=202707010000",
		    "0x07eb0701000000002b0000", "update=x", 0 },
		{ "ntpAgentxAutokeyHostKeyTime", "hostkey=4004208569",
		    "0x07ea0b1500091d002b0000", "hostkey=x", 0 },
		{ "ntpAgentxAutokeyLeapTime", "leapseconds=3692217600",
		    "0x07e10101000000002b0000", "leapseconds=x", 0 },
	};

	(void)state;
	cells_check_cases(&agentx_autokey_table, cases, COUNT(cases));
}

static void
each_object_shows_a_certificate(void **state)
{
	static const struct cell_case cases[] = {
		{ "ntpAgentxCertSubject", "cert=\"labB labA 0x86\"", "\"labB\"",
		    "cert=\"labB labA\"", 0 },
		{ "ntpAgentxCertIssuer", "cert=\"labB labA 0x86\"", "\"labA\"",
		    "cert=\"labB labA\"", 0 },
		{ "ntpAgentxCertFlags", "cert=\"labB labA 0x86\"", "\"a\"",
		    "cert=\"labB labA x\"", 0 },
		{ "ntpAgentxCertFlagsRaw", "cert=\"labB labA 0x86\"", "134",
		    "cert=\"labB labA x\"", 0 },
		{ "ntpAgentxCertUntil", "cert=\"a b 0x1\", until=202707010000",
		    "0x07eb0701000000002b0000", "cert=\"a b 0x1\"", 0 },
		{ "ntpAgentxCertFileStamp", "cert=\"a b 0x1 4004208569\"",
		    "0x07ea0b1500091d002b0000", "cert=\"a b 0x1\"", 0 },
	};

	(void)state;
	cells_check_cases(&agentx_cert_table, cases, COUNT(cases));
}

static void
flags_of_certificates_depend_on_the_daemon(void **state)
{
	static const struct {
		const char *cert, *expected;
	} rows[] = {
		{ "a b 0x00", "0x00" },
		{ "a b 0x01", "0x80" },
		{ "a b 0x02", "\"@\"" },
		{ "a b 0x04", "\" \"" },
		{ "a b 0x08", "0x10" },
		{ "a b 0x80", "0x01" },
		{ "a b 0x170", "0x00" },
		{ "a b 0x01 4004208569", "\"@\"" },
		{ "a b 0x02 4004208569", "0x80" },
		{ "a b 0x03 4004208569", "0xc0" },
		{ "a b 0x04 4004208569", "0x10" },
		{ "a b 0x08 4004208569", "0x01" },
		{ "a b 0x80 4004208569", "0x01" },
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct snapshot *s;

		snprintf(text, sizeof(text), "cert=\"%s\"", rows[i].cert);
		s = cells_system(0, text);
		cells_check(s, "ntpAgentxCertFlags", rows[i].expected);
		snapshot_unref(s);
	}
}

static void
recorded_daemon_shows_three_certificates(void **state)
{
	struct snapshot *s = fixture_from_recording(
	    "tests/recordings/ntpd-4.2.8p15-client.txt", CELLS_WALL_NS);

	(void)state;
	cells_check(s, "ntpAgentxAutokeyHost", "\"labB\"");
	cells_check(s, "ntpAgentxAutokeyFlags", "0xc0");
	cells_check(s, "ntpAgentxAutokeySchemeNid", "65");
	cells_check_nth(s, "ntpAgentxCertSubject", 0, "\"labB\"");
	cells_check_nth(s, "ntpAgentxCertSubject", 1, "\"labA\"");
	cells_check_nth(s, "ntpAgentxCertFlags", 1, "0xa0");
	cells_check_nth(s, "ntpAgentxCertFlags", 2, "0x00");
	cells_check_nth(s, "ntpAgentxCertUntil", 2, "0x07eb0b15000300002b0000");
	snapshot_unref(s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_object_shows_its_variable),
		cmocka_unit_test(each_object_shows_a_certificate),
		cmocka_unit_test(flags_of_certificates_depend_on_the_daemon),
		cmocka_unit_test(recorded_daemon_shows_three_certificates),
	};

	return cmocka_run_group_tests_name("Autokey", tests, NULL, NULL);
}
