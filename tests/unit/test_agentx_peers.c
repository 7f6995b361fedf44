/* SPDX-License-Identifier: BSD-2-Clause */
/* ntpAgentxPeerTable: each object with a value, absent and malformed, and everything that
 * a status word, mode, reference id or test can say. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "mode6/auth.h"
#include "model/assoc.h"
#include "model/notice.h"
#include "snmp/agentx_groups.h"
#include "support/cells.h"
#include "support/mib_text.h"
#include "support/peer_cells.h"

#define NEW  "version=\"ntpd 4.2.8p15@1.3728-o\""
#define V422 "version=\"ntpd 4.2.2p1@1.1570-o\""
#define V424 "version=\"ntpd 4.2.4p8@1.1612-o\""
#define OLD  "version=\"ntpd 4.2.0a@1.1190-r Thu Apr 20 12:26:43 EDT 2006 (1)\""
#define SEC  "version=\"ntpd ntpsec-1.2.2\""

static const struct peer_case cases[] = {
	{ "ntpAgentxPeerName", "srcadr=10.99.0.1", "\"10.99.0.1\"", "srcadr=10.99.0", 0,
	    NULL },
	{ "ntpAgentxPeerName", "srcadr=10.99.0.1, srchost=\"ntp.example\"",
	    "\"ntp.example\"", NULL, 0, NULL },
	{ "ntpAgentxPeerAddressType", "srcadr=10.99.0.1", "1", "srcadr=10.99.0.256", 0,
	    NULL },
	{ "ntpAgentxPeerAddressType", "srcadr=fd00:99::1", "2", "srcadr=0.0.0.0", 0,
	    NULL },
	{ "ntpAgentxPeerAddressType", "srcadr=fe80::1%3", "4", "srcadr=::", 0, NULL },
	{ "ntpAgentxPeerAddress", "srcadr=10.99.0.1", "0x0a630001", "srcadr=10.99.0.256",
	    0, NULL },
	{ "ntpAgentxPeerAddress", "srcadr=fd00:99::1",
	    "0xfd000099000000000000000000000001", "srcadr=0.0.0.0", 0, NULL },
	{ "ntpAgentxPeerAddress", "srcadr=fe80::1%3",
	    "0xfe80000000000000000000000000000100000003", "srcadr=::", 0, NULL },
	{ "ntpAgentxPeerPort", "srcport=123", "123", "srcport=65536", 0, NULL },
	{ "ntpAgentxPeerPort", "srcport=65535", "65535", "srcport=0", 0, NULL },
	{ "ntpAgentxPeerHost", "srchost=\"pool.example\"", "\"pool.example\"", NULL, 0,
	    NULL },
	{ "ntpAgentxPeerLocalAddressType", "dstadr=fd00:99::2", "2", "dstadr=0.0.0.0", 0,
	    NULL },
	{ "ntpAgentxPeerLocalAddress", "dstadr=224.0.1.1", "0xe0000101", "dstadr=x", 0,
	    NULL },
	{ "ntpAgentxPeerLocalPort", "dstport=123", "123", "dstport=0", 0, NULL },
	{ "ntpAgentxPeerStatusWord", "", "38426", peer_cells_always, 0x961a, NULL },
	{ "ntpAgentxPeerFlags", "", "0x90", peer_cells_always, 0x961a, NULL },
	{ "ntpAgentxPeerSelection", "", "6", peer_cells_always, 0x961a, NULL },
	{ "ntpAgentxPeerTally", "", "\"*\"", peer_cells_always, 0x961a, NULL },
	{ "ntpAgentxPeerEventCount", "", "15", peer_cells_always, 0x96fa, NULL },
	{ "ntpAgentxPeerEvent", "", "10", NULL, 0x961a, NEW },
	{ "ntpAgentxPeerAuth", "", "1", peer_cells_always, 0x961a, NULL },
	{ "ntpAgentxPeerType", "hmode=3, srcadr=10.99.0.1", "2", "hmode=8, dstadr=x", 0,
	    NULL },
	{ "ntpAgentxPeerLeap", "leap=2", "2", "leap=4", 0, NULL },
	{ "ntpAgentxPeerStratum", "stratum=0", "0", "stratum=256", 0, NULL },
	{ "ntpAgentxPeerPrecisionLog2", "precision=-20", "-20", "precision=-129", 0,
	    NULL },
	{ "ntpAgentxPeerRootDelayUs", "rootdelay=12.3456", "12346", "rootdelay=x", 0,
	    NULL },
	{ "ntpAgentxPeerRootDelayNs", "rootdelay=-0.000135", "-135", "rootdelay=x", 0,
	    NULL },
	{ "ntpAgentxPeerRootDispUs", "rootdisp=19.989", "19989", "rootdisp=-1", 0, NULL },
	{ "ntpAgentxPeerRootDispNs", "rootdisp=19.989", "19989000", "rootdisp=-1", 0,
	    NULL },
	{ "ntpAgentxPeerRefId", "refid=GPS", "\"GPS\"", NULL, 0, NULL },
	{ "ntpAgentxPeerRefId", "refid=", "\"\"", NULL, 0, NULL },
	{ "ntpAgentxPeerRefIdKind", "refid=10.99.0.2", "4", NULL, 0, NULL },
	{ "ntpAgentxPeerRefIdPeer", "srcadr=10.99.0.1, refid=10.99.0.1", "\"10.99.0.1\"",
	    "srcadr=10.99.0.1, refid=10.99.0.2", 0, NULL },
	{ "ntpAgentxPeerLeapSmearUs", "refid=254.64.0.0", "1000000", "refid=253.64.0.0",
	    0, NULL },
	{ "ntpAgentxPeerLeapSmearNs", "refid=254.128.0.0", "-2000000000", "refid=254", 0,
	    NULL },
	{ "ntpAgentxPeerRefTime", "reftime=0xeeab5fb9.46790122",
	    "0x07ea0b1500091d022b0000", "reftime=0x00000000.00000000", 0, NULL },
	{ "ntpAgentxPeerOriginTime", "org=0xeeab5fc6.218d7b1d",
	    "0x07ea0b1500092a012b0000", "org=", 0, NULL },
	{ "ntpAgentxPeerReceiveTime", "rec=0xeeab5fc6.218d7b1d",
	    "0x07ea0b1500092a012b0000", "rec=0", 0, NULL },
	{ "ntpAgentxPeerTransmitTime", "xmt=0xeeab5fc6.218d7b1d",
	    "0x07ea0b1500092a012b0000", "xmt=0xeeab5fc6", 0, NULL },
	{ "ntpAgentxPeerReach", "reach=0xf1", "241", "reach=0x100", 0, NULL },
	{ "ntpAgentxPeerReachCount", "reach=0xf1", "5", "reach=0x100", 0, NULL },
	{ "ntpAgentxPeerReachCount", "reach=255", "8", "reach=", 0, NULL },
	{ "ntpAgentxPeerUnreachedPolls", "unreach=5", "5", "unreach=x", 0, NULL },
	{ "ntpAgentxPeerHostMode", "hmode=3", "3", "hmode=8", 0, NULL },
	{ "ntpAgentxPeerPeerMode", "pmode=0", "0", "pmode=8", 0, NULL },
	{ "ntpAgentxPeerHostPollLog2", "hpoll=10", "10", "hpoll=256", 0, NULL },
	{ "ntpAgentxPeerPeerPollLog2", "ppoll=17", "17", "ppoll=99", 0, NULL },
	{ "ntpAgentxPeerOffsetUs", "offset=-0.0325", "-33", "offset=x", 0, NULL },
	{ "ntpAgentxPeerOffsetNs", "offset=3000.06", "2147483647", "offset=x", 0, NULL },
	{ "ntpAgentxPeerDelayUs", "delay=0.133", "133", "delay=", 0, NULL },
	{ "ntpAgentxPeerDelayNs", "delay=0.137992", "137992", "delay=", 0, NULL },
	{ "ntpAgentxPeerDispersionUs", "dispersion=15937.500", "15937500",
	    "dispersion=1e20", 0, NULL },
	{ "ntpAgentxPeerDispersionNs", "dispersion=15937.500", "4294967295",
	    "dispersion=-0.1", 0, NULL },
	{ "ntpAgentxPeerJitterUs", "jitter=0.012146", "12", "jitter=nan", 0, NULL },
	{ "ntpAgentxPeerJitterNs", "jitter=0.012146", "12146", "jitter=inf", 0, NULL },
	{ "ntpAgentxPeerXleaveUs", "xleave=0.043", "43", "xleave=x", 0, NULL },
	{ "ntpAgentxPeerXleaveNs", "xleave=0.043", "43000", "xleave=x", 0, NULL },
	{ "ntpAgentxPeerBiasUs", "bias=-1.250", "-1250", "bias=x", 0, NULL },
	{ "ntpAgentxPeerBiasNs", "bias=-1.250", "-1250000", "bias=x", 0, NULL },
	{ "ntpAgentxPeerFlash", "flash=0x1620", "0x0468", "flash=1x", 0, NEW },
	{ "ntpAgentxPeerOldFlash", "flash=0x0621", "0x8460", "flash=1x", 0, OLD },
	{ "ntpAgentxPeerFlashRaw", "flash=0x1620", "5664", "flash=1x", 0, NULL },
	{ "ntpAgentxPeerHeadwaySeconds", "headway=-60", "-60", "headway=x", 0, NULL },
	{ "ntpAgentxPeerKeyId", "keyid=0x12345678", "305419896", "keyid=x", 0, NULL },
	{ "ntpAgentxPeerTtl", "ttl=-1", "-1", "ttl=x", 0, NULL },
	{ "ntpAgentxPeerMode", "mode=7", "7", "mode=x", 0, NULL },
	{ "ntpAgentxPeerTimerSeconds", "timer=16", "16", "timer=x", 0, NULL },
	{ "ntpAgentxPeerTimerSeconds", "timer=-2", "-2", "timer=x", 0, NULL },
	{ "ntpAgentxPeerReceiveAgeSeconds", "timerec=12", "12", "timerec=x", 0, NULL },
	{ "ntpAgentxPeerReachAgeSeconds", "timereach=66", "66", "timereach=x", 0, NULL },
	{ "ntpAgentxPeerReceived", "received=4294967297", "4294967297", "received=-1", 0,
	    NULL },
	{ "ntpAgentxPeerSent", "sent=9", "9", "sent=x", 0, NULL },
	{ "ntpAgentxPeerBadAuth", "badauth=3", "3", "badauth=x", 0, NULL },
	{ "ntpAgentxPeerBogusOrigins", "bogusorg=4", "4", "bogusorg=x", 0, NULL },
	{ "ntpAgentxPeerDuplicates", "oldpkt=5", "5", "oldpkt=x", 0, NULL },
	{ "ntpAgentxPeerBadHeaders", "seldisp=6", "6", "seldisp=x", 0, NULL },
	{ "ntpAgentxPeerKissCodes", "selbroken=7", "7", "selbroken=x", 0, NULL },
	{ "ntpAgentxPeerCandidate", "candidate=6", "6", "candidate=x", 0, NULL },
	{ "ntpAgentxPeerNtsCookies", "ntscookies=8", "8", "ntscookies=-1", 0, NULL },
	{ "ntpAgentxPeerInBytesPerSecond", "in=1.234", "1234", "in=x", 0, NULL },
	{ "ntpAgentxPeerOutBytesPerSecond", "out=0.001", "1", "out=x", 0, NULL },
	/* Nobody has watched these; for others see test_agentx_peer_history. */
	{ "ntpAgentxPeerLastChange", "reach=255", NULL, "", 0x961a, NULL },
	{ "ntpAgentxPeerTransitions", "reach=255", NULL, "", 0x961a, NULL },
	{ "ntpAgentxPeerReachableSeconds", "reach=255", NULL, "", 0x961a, NULL },
	{ "ntpAgentxPeerUnreachableSeconds", "reach=255", NULL, "", 0x961a, NULL },
};

static void
objects_show_their_variables(void **state)
{
	(void)state;
	peer_cells_check(&agentx_peer_table, cases, COUNT(cases));
}

/* --- status word -------------------------------------------------------------------- */

static void
flags_are_the_upper_five_bits(void **state)
{
	static const char *const expected[] = { "0x80", "\"@\"", "\" \"", "0x10",
		"0x08" };

	(void)state;
	for (unsigned i = 0; i < COUNT(expected); i++)
		peer_cells_check_one("ntpAgentxPeerFlags",
		    (uint16_t)(0x8000u >> i | 0x7ff), NULL, "", expected[i]);
}

static void
selection_has_the_daemons_number_and_character(void **state)
{
	static const char *const tallies[] = { "\" \"", "\"x\"", "\".\"", "\"-\"",
		"\"+\"", "\"#\"", "\"*\"", "\"o\"" };

	(void)state;
	for (unsigned i = 0; i < COUNT(tallies); i++) {
		uint16_t word = (uint16_t)(0x9000u | i << 8);
		char number[8];

		snprintf(number, sizeof(number), "%u", i);
		peer_cells_check_one("ntpAgentxPeerSelection", word, NULL, "", number);
		peer_cells_check_one("ntpAgentxPeerTally", word, NULL, "", tallies[i]);
	}
}

static void
events_depend_on_the_version(void **state)
{
	static const char *const old[] = { "0", "16", "12", "3", "4", "11" };

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		uint16_t word = (uint16_t)(0x9010u | i);
		const char *expected = i < COUNT(old) ? old[i] : NULL;
		char number[8];

		snprintf(number, sizeof(number), "%u", i);
		peer_cells_check_one("ntpAgentxPeerEvent", word, NEW, "", number);
		peer_cells_check_one("ntpAgentxPeerEvent", word, SEC, "", number);
		peer_cells_check_one("ntpAgentxPeerEvent", word, OLD, "", expected);
		peer_cells_check_one("ntpAgentxPeerEvent", word, V424, "", expected);
		peer_cells_check_one("ntpAgentxPeerEvent", word, NULL, "", NULL);
	}
}

/* NTPsec sets "authentic" without a key. */
static void
authentication_is_that_of_the_billboard(void **state)
{
	static const struct {
		uint16_t status;
		const char *expected;
	} rows[] = {
		{ 0x9614, "1" },
		{ 0xb614, "1" },
		{ 0x9814, "1" },
		{ 0xf614, "2" },
		{ 0xd614, "3" },
		{ 0xc014, "3" },
		{ 0xc814, "4" },
		{ 0xe814, "4" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		peer_cells_check_one("ntpAgentxPeerAuth", rows[i].status, NULL, "",
		    rows[i].expected);
}

/* --- type --------------------------------------------------------------------------- */

static void
type_follows_modes_and_addresses(void **state)
{
	static const struct {
		const char *peer;
		enum ntp_assoc_type type;
	} rows[] = {
		{ "hmode=3, srcadr=127.127.1.0", NTP_ASSOC_TYPE_LOCAL },
		{ "srcadr=127.127.20.1", NTP_ASSOC_TYPE_LOCAL },
		{ "hmode=3, srcadr=192.0.2.1", NTP_ASSOC_TYPE_UNICAST },
		{ "hmode=3, srcadr=2001:db8::1", NTP_ASSOC_TYPE_UNICAST },
		{ "hmode=1, srcadr=192.0.2.1", NTP_ASSOC_TYPE_SYMMETRIC_ACTIVE },
		{ "hmode=2, srcadr=192.0.2.1", NTP_ASSOC_TYPE_SYMMETRIC_PASSIVE },
		{ "hmode=5, srcadr=192.0.2.255", NTP_ASSOC_TYPE_BROADCAST_SERVER },
		{ "hmode=5, srcadr=224.0.1.1", NTP_ASSOC_TYPE_MULTICAST_SERVER },
		{ "hmode=5, srcadr=ff05::101", NTP_ASSOC_TYPE_MULTICAST_SERVER },
		{ "hmode=6, srcadr=192.0.2.1, dstadr=192.0.2.255",
		    NTP_ASSOC_TYPE_BROADCAST_CLIENT },
		{ "hmode=6, srcadr=192.0.2.1", NTP_ASSOC_TYPE_BROADCAST_CLIENT },
		{ "hmode=6, srcadr=192.0.2.1, dstadr=224.0.1.1",
		    NTP_ASSOC_TYPE_MULTICAST_CLIENT },
		{ "hmode=6, dstadr=ff02::101", NTP_ASSOC_TYPE_MULTICAST_CLIENT },
		{ "hmode=3, srcadr=239.1.2.3", NTP_ASSOC_TYPE_MANYCAST_CLIENT },
		{ "hmode=3, srcadr=0.0.0.0", NTP_ASSOC_TYPE_POOL },
		{ "hmode=3, srcadr=::", NTP_ASSOC_TYPE_POOL },
		{ "hmode=3, srcadr=192.0.2.1, refid=POOL", NTP_ASSOC_TYPE_POOL },
		{ "hmode=3", NTP_ASSOC_TYPE_UNKNOWN },
		{ "hmode=5", NTP_ASSOC_TYPE_UNKNOWN },
		{ "hmode=0, srcadr=192.0.2.1", NTP_ASSOC_TYPE_UNKNOWN },
		{ "hmode=4, srcadr=192.0.2.1", NTP_ASSOC_TYPE_UNKNOWN },
		{ "hmode=7, srcadr=192.0.2.1", NTP_ASSOC_TYPE_UNKNOWN },
		/* as in 2005 */
		{ "srcadr=192.0.2.1, dstadr=224.0.1.1", NTP_ASSOC_TYPE_MULTICAST_CLIENT },
		{ "srcadr=192.0.2.1, dstadr=ff05::101", NTP_ASSOC_TYPE_MULTICAST_CLIENT },
		{ "srcadr=192.0.2.1, dstadr=192.0.2.255",
		    NTP_ASSOC_TYPE_BROADCAST_CLIENT },
		{ "srcadr=192.0.2.1, dstadr=127.0.0.1", NTP_ASSOC_TYPE_LOCAL },
		{ "srcadr=192.0.2.1, dstadr=0.0.0.31", NTP_ASSOC_TYPE_UNKNOWN },
		{ "srcadr=192.0.2.1, dstadr=0.0.0.32", NTP_ASSOC_TYPE_UNICAST },
		{ "srcadr=192.0.2.1, dstadr=192.0.2.7", NTP_ASSOC_TYPE_UNICAST },
		{ "srcadr=2001:db8::1, dstadr=2001:db8::2", NTP_ASSOC_TYPE_UNICAST },
		{ "srcadr=192.0.2.1", NTP_ASSOC_TYPE_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char number[8];

		snprintf(number, sizeof(number), "%u", (unsigned)rows[i].type);
		peer_cells_check_one("ntpAgentxPeerType", 0, NULL, rows[i].peer,
		    rows[i].type != NTP_ASSOC_TYPE_UNKNOWN ? number : NULL);
	}
}

/* --- reference id ------------------------------------------------------------------- */

static void
refid_is_of_one_of_seven_kinds(void **state)
{
	static const struct {
		const char *peer;
		enum ntp_refid_kind kind;
	} rows[] = {
		{ "stratum=16, refid=", NTP_REFID_NONE },
		{ "stratum=2, refid=0.0.0.0", NTP_REFID_NONE },
		{ "stratum=16, refid=INIT", NTP_REFID_KISS_CODE },
		{ "stratum=16, refid=NTSN", NTP_REFID_KISS_CODE },
		{ "stratum=0, refid=RATE", NTP_REFID_KISS_CODE },
		{ "refid=STEP", NTP_REFID_KISS_CODE },
		{ "stratum=1, refid=STEP", NTP_REFID_CLOCK },
		{ "stratum=1, refid=GPS", NTP_REFID_CLOCK },
		{ "stratum=0, refid=GPS", NTP_REFID_CLOCK },
		{ "stratum=16, refid=INITX", NTP_REFID_CLOCK },
		{ "stratum=10, refid=LOCL", NTP_REFID_CLOCK },
		{ "stratum=1, refid=....", NTP_REFID_CLOCK },
		{ "stratum=2, refid=192.0.2.1", NTP_REFID_ADDRESS },
		{ "stratum=2, refid=145.145.221.252", NTP_REFID_ADDRESS },
		{ "stratum=6, refid=127.127.1.0", NTP_REFID_CLOCK_ADDRESS },
		{ "stratum=2, refid=127.128.1.0", NTP_REFID_ADDRESS },
		{ "stratum=2, refid=254.1.2.3", NTP_REFID_LEAP_SMEAR },
		{ "stratum=2, refid=255.1.2.3", NTP_REFID_ADDRESS },
		{ "stratum=2, refid=fd00::1", NTP_REFID_CLOCK },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char number[8];

		snprintf(number, sizeof(number), "%u", (unsigned)rows[i].kind);
		peer_cells_check_one("ntpAgentxPeerRefIdKind", 0, NULL, rows[i].peer,
		    number);
	}
}

/* The values of ntp.org's own test of the format, to the nanosecond. */
static void
smear_is_what_the_server_put_in(void **state)
{
	static const struct {
		const char *peer, *us, *ns;
	} rows[] = {
		{ "refid=254.0.0.0", "0", "0" },
		{ "refid=254.0.0.1", "0", "238" },
		{ "refid=254.255.255.255", "0", "-238" },
		{ "refid=254.112.0.0", "1750000", "1750000000" },
		{ "refid=254.127.255.255", "2000000", "1999999761" },
		{ "refid=254.128.0.0", "-2000000", "-2000000000" },
		{ "refid=254.128.0.1", "-2000000", "-1999999761" },
		{ "refid=254.240.0.0", "-250000", "-250000000" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		peer_cells_check_one("ntpAgentxPeerLeapSmearUs", 0, NULL, rows[i].peer,
		    rows[i].us);
		peer_cells_check_one("ntpAgentxPeerLeapSmearNs", 0, NULL, rows[i].peer,
		    rows[i].ns);
	}
}

/* 145.145.221.252 is 2607:f248::45. */
static struct snapshot *
snapshot_with_hash(bool has_hash)
{
	struct snapshot *s =
	    peer_cells_snapshot(NULL, 0, "srcadr=2607:f248::45, srchost=\"six\"");
	struct snapshot *both = snapshot_new(TARGET_UP, 3);

	assert_non_null(both);
	both->has_peers = true;
	both->peers[0] = s->peers[0];
	both->peers[0].has_address_hash = has_hash &&
	    m6_address_hash(s->peers[0].srcadr.bytes, both->peers[0].address_hash);
	snapshot_unref(s);
	s = peer_cells_snapshot(NULL, 0,
	    "srcadr=192.0.2.1, refid=145.145.221.252, stratum=2");
	both->peers[1] = s->peers[0];
	both->peers[1].id = 4712;
	snapshot_unref(s);
	s = peer_cells_snapshot(NULL, 0, "srcadr=192.0.2.2, refid=192.0.2.1, stratum=3");
	both->peers[2] = s->peers[0];
	both->peers[2].id = 4713;
	snapshot_unref(s);
	return both;
}

static void
hash_of_a_known_address_names_its_association(void **state)
{
	struct snapshot *s = snapshot_with_hash(true);

	(void)state;
	cells_check_nth(s, "ntpAgentxPeerRefIdKind", 0, "5");
	cells_check_nth(s, "ntpAgentxPeerRefIdKind", 1, "4");
	cells_check_nth(s, "ntpAgentxPeerRefIdPeer", 0, "\"six\"");
	cells_check_nth(s, "ntpAgentxPeerRefIdPeer", 1, "\"192.0.2.1\"");
	snapshot_unref(s);
	s = snapshot_with_hash(false);
	cells_check_nth(s, "ntpAgentxPeerRefIdKind", 0, "4");
	cells_check_nth(s, "ntpAgentxPeerRefIdPeer", 0, "\"192.0.2.1\"");
	snapshot_unref(s);
}

/* A hash may look like a smear. */
static void
known_hash_is_no_smear(void **state)
{
	static const uint8_t hash[4] = { 254, 1, 2, 3 };
	struct snapshot *s =
	    peer_cells_snapshot(NULL, 0, "srcadr=fd00::1, stratum=2, refid=254.1.2.3");

	(void)state;
	cells_check(s, "ntpAgentxPeerRefIdKind", "7");
	memcpy(s->peers[0].address_hash, hash, sizeof(hash));
	s->peers[0].has_address_hash = true;
	cells_check(s, "ntpAgentxPeerRefIdKind", "5");
	cells_check(s, "ntpAgentxPeerLeapSmearUs", NULL);
	snapshot_unref(s);
}

/* --- tests -------------------------------------------------------------------------- */

/* As it is printed; two octets are never both printable. */
static void
print_bit(unsigned bit, bool is_there, char out[16])
{
	snprintf(out, 16, "0x%04x", is_there ? 0x8000u >> bit : 0);
}

static void
each_test_has_a_bit_of_its_version(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < 16; bit++) {
		char peer[32], now[16], old[16];

		snprintf(peer, sizeof(peer), "flash=0x%x", 1u << bit);
		print_bit(bit, bit < 14, now);
		print_bit(bit, bit < 12, old);
		peer_cells_check_one("ntpAgentxPeerFlash", 0, NEW, peer, now);
		peer_cells_check_one("ntpAgentxPeerFlash", 0, V424, peer, now);
		peer_cells_check_one("ntpAgentxPeerFlash", 0, V422, peer, NULL);
		peer_cells_check_one("ntpAgentxPeerOldFlash", 0, V422, peer, NULL);
		peer_cells_check_one("ntpAgentxPeerFlash", 0, SEC, peer, now);
		peer_cells_check_one("ntpAgentxPeerFlash", 0, OLD, peer, NULL);
		peer_cells_check_one("ntpAgentxPeerFlash", 0, NULL, peer, NULL);
		peer_cells_check_one("ntpAgentxPeerOldFlash", 0, OLD, peer, old);
		peer_cells_check_one("ntpAgentxPeerOldFlash", 0, NEW, peer, NULL);
		peer_cells_check_one("ntpAgentxPeerOldFlash", 0, V424, peer, NULL);
		peer_cells_check_one("ntpAgentxPeerOldFlash", 0, SEC, peer, NULL);
		peer_cells_check_one("ntpAgentxPeerOldFlash", 0, NULL, peer, NULL);
	}
}

/* --- the text ----------------------------------------------------------------------- */

static void
check_labels(mib_subid column, const struct mib_text_value *expected, size_t n)
{
	mib_subid name[MIB_OID_MAX];
	size_t len = agentx_peer_table.root_len;

	memcpy(name, agentx_peer_table.root, len * sizeof(name[0]));
	name[len] = column;
	mib_text_check_enumeration(name, len + 1, expected, n);
}

static void
enumerations_are_those_of_the_code(void **state)
{
	static const struct mib_text_value events[] = {
		{ "unknown", NTP_NOTICE_UNKNOWN },
		{ "unspecified", NTP_ASSOC_EVENT_UNSPECIFIED },
		{ "mobilize", NTP_ASSOC_EVENT_MOBILIZE },
		{ "demobilize", NTP_ASSOC_EVENT_DEMOBILIZE },
		{ "unreachable", NTP_ASSOC_EVENT_UNREACHABLE },
		{ "reachable", NTP_ASSOC_EVENT_REACHABLE },
		{ "restart", NTP_ASSOC_EVENT_RESTART },
		{ "noReply", NTP_ASSOC_EVENT_NO_REPLY },
		{ "rateExceeded", NTP_ASSOC_EVENT_RATE_EXCEEDED },
		{ "accessDenied", NTP_ASSOC_EVENT_ACCESS_DENIED },
		{ "leapArmed", NTP_ASSOC_EVENT_LEAP_ARMED },
		{ "sysPeer", NTP_ASSOC_EVENT_SYSTEM_PEER },
		{ "clockEvent", NTP_ASSOC_EVENT_CLOCK },
		{ "badAuth", NTP_ASSOC_EVENT_BAD_AUTH },
		{ "popcorn", NTP_ASSOC_EVENT_POPCORN },
		{ "interleaveMode", NTP_ASSOC_EVENT_INTERLEAVE_MODE },
		{ "interleaveError", NTP_ASSOC_EVENT_INTERLEAVE_ERROR },
		{ "addressError", NTP_ASSOC_EVENT_ADDRESS_ERROR },
	};
	static const struct mib_text_value auths[] = {
		{ "none", NTP_ASSOC_AUTH_NONE },
		{ "ok", NTP_ASSOC_AUTH_OK },
		{ "bad", NTP_ASSOC_AUTH_BAD },
		{ "yes", NTP_ASSOC_AUTH_YES },
	};
	static const struct mib_text_value types[] = {
		{ "unknown", NTP_ASSOC_TYPE_UNKNOWN },
		{ "local", NTP_ASSOC_TYPE_LOCAL },
		{ "unicast", NTP_ASSOC_TYPE_UNICAST },
		{ "symmetricActive", NTP_ASSOC_TYPE_SYMMETRIC_ACTIVE },
		{ "symmetricPassive", NTP_ASSOC_TYPE_SYMMETRIC_PASSIVE },
		{ "broadcastServer", NTP_ASSOC_TYPE_BROADCAST_SERVER },
		{ "multicastServer", NTP_ASSOC_TYPE_MULTICAST_SERVER },
		{ "broadcastClient", NTP_ASSOC_TYPE_BROADCAST_CLIENT },
		{ "multicastClient", NTP_ASSOC_TYPE_MULTICAST_CLIENT },
		{ "manycastClient", NTP_ASSOC_TYPE_MANYCAST_CLIENT },
		{ "pool", NTP_ASSOC_TYPE_POOL },
	};
	static const struct mib_text_value kinds[] = {
		{ "none", NTP_REFID_NONE },
		{ "kissCode", NTP_REFID_KISS_CODE },
		{ "clock", NTP_REFID_CLOCK },
		{ "address", NTP_REFID_ADDRESS },
		{ "addressHash", NTP_REFID_ADDRESS_HASH },
		{ "clockAddress", NTP_REFID_CLOCK_ADDRESS },
		{ "leapSmear", NTP_REFID_LEAP_SMEAR },
	};

	(void)state;
	assert_int_equal(COUNT(events), NTP_ASSOC_EVENT_COUNT + 1);
	assert_int_equal(COUNT(types), NTP_ASSOC_TYPE_COUNT);
	check_labels(15, events, COUNT(events));
	check_labels(16, auths, COUNT(auths));
	check_labels(17, types, COUNT(types));
	check_labels(26, kinds, COUNT(kinds));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_show_their_variables),
		cmocka_unit_test(flags_are_the_upper_five_bits),
		cmocka_unit_test(selection_has_the_daemons_number_and_character),
		cmocka_unit_test(events_depend_on_the_version),
		cmocka_unit_test(authentication_is_that_of_the_billboard),
		cmocka_unit_test(type_follows_modes_and_addresses),
		cmocka_unit_test(refid_is_of_one_of_seven_kinds),
		cmocka_unit_test(smear_is_what_the_server_put_in),
		cmocka_unit_test(hash_of_a_known_address_names_its_association),
		cmocka_unit_test(known_hash_is_no_smear),
		cmocka_unit_test(each_test_has_a_bit_of_its_version),
		cmocka_unit_test(enumerations_are_those_of_the_code),
	};

	return cmocka_run_group_tests_name("peers", tests, mib_text_set_up,
	    mib_text_tear_down);
}
