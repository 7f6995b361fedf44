/* SPDX-License-Identifier: BSD-2-Clause */
/* What is told of a daemon that is watched: one row for each story. */
#include "support/check.h"

#include "base/clock.h"
#include "support/notice_bench.h"

enum { STEPS_MAX = 9 };

#define NAMED(id, status, address, reach) \
	{ \
		(id), (status), \
		    "srcadr=" address ", srchost=x.example, hmode=3, reach=" #reach \
		    ", flash=0x0", \
		    NULL, 0 \
	}
#define PENDING(id, status, name) \
	{ \
		(id), (status), "srcadr=0.0.0.0, srchost=" name ", hmode=1, flash=0x0", \
		    NULL, 0 \
	}
#define ACTIVE_A(status) \
	{ \
		10, (status), "srcadr=192.0.2.1, hmode=1, reach=0xff, flash=0", NULL, 0 \
	}

#define COUNTS_BAD(status, n) \
	{ \
		10, (status), \
		    "srcadr=192.0.2.1, hmode=3, reach=0xff, flash=0x0, badauth=" #n, \
		    NULL, 0 \
	}
#define NEW_CLOCK(id, clock) \
	{ \
		(id), 0x9414, "srcadr=127.127.8.0, hmode=3, reach=0xff, flash=0x0", \
		    "device=\"x\"", (clock) \
	}
/* One from before 4.2.6, whose events have other numbers. */
#define OLD "version=\"ntpd 4.2.4p8@1.1612-o\", leap=0, stratum=3, peer=10, offset=0.1"

struct story {
	const char *name;
	struct step steps[STEPS_MAX]; /* at_s 0 ends them */
};

static void
live(struct notice_bench *b, const struct step *step)
{
	if (step->system || step->state != TARGET_UNKNOWN)
		notice_see(b, notice_picture(step), step);
	assert_string_equal(notice_tell(b, step->at_s, ROOM), step->told);
	/* Told once. */
	assert_string_equal(notice_tell(b, step->at_s, ROOM), "");
}

static const struct story stories[] = {
	{ "nothing changes",
	    { { 100, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0, 0 },
		{ 115, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0, 0 } } },
	{ "a server stops and comes back, later than the hold-down",
	    { { 100, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0, 0 },
		{ 115, BY_B, { A(0x8043, 0), B(0x961a, 255) },
		    "syspeer 11 0>0;unreachable 10 0>0;changed 10 6>0;changed 11 4>6;", 0,
		    0, 0 },
		{ 200, BY_B, { A(0x9044, 1), B(0x961a, 255) },
		    "reachable 10 0>0;changed 10 0>0;", 0, 0, 0 } } },
	{ "it comes back within: told when that is over, with what holds then",
	    { { 100, BY_A, { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, NOBODY, { A(0x8043, 0) },
		    "syspeer 0>0;sync-lost 6>2;few 1>0;unreachable 10 0>0;changed 10 "
		    "6>0;",
		    0, 0, 0 },
		{ 130, BY_A, { A(0x965a, 1) }, "", 0, 0, 0 },
		{ 174, NULL, { { 0 } }, "", 0, 0, 0 },
		{ 175, NULL, { { 0 } },
		    "syspeer 10 0>0;sync-restored 2>6;enough 0>1;reachable 10 "
		    "0>0;changed "
		    "10 0>6;",
		    0, 0, 0 } } },
	{ "what is back as it was told when the hold-down ends is not told",
	    { { 100, BY_A, { A(0x961a, 255), B(0x9014, 255) }, "", 0, 0, 0 },
		{ 115, BY_A, { A(0x961a, 255), B(0x8023, 0) },
		    "unreachable 11 0>0;changed 11 0>0;", 0, 0, 0 },
		{ 130, BY_A, { A(0x961a, 255), B(0x9034, 1) }, "", 0, 0, 0 },
		{ 145, BY_A, { A(0x961a, 255), B(0x8043, 0) }, "", 0, 0, 0 },
		{ 175, NULL, { { 0 } }, "changed 11 0>0 x2;", 0, 0, 0 },
		{ 240, BY_A, { A(0x961a, 255), B(0x9054, 1) },
		    "reachable 11 0>0 x3;changed 11 0>0;", 0, 0, 0 } } },
	{ "what happened between two polls was counted by the daemon",
	    { { 100, BY_A, { A(0x9614, 255) }, "", 0, 0, 0 },
		{ 115, BY_A, { A(0x9634, 255) },
		    "unreachable 10 0>0 x2 counted;changed 10 6>6 counted;", 0, 0, 0 },
		{ 175, NULL, { { 0 } }, "reachable 10 0>0 counted;", 0, 0, 0 },
		{ 300, BY_A, { A(0x9634, 255) }, "", 0, 0, 0 } } },
	{ "synchronisation lost and found between two polls",
	    { { 100, BY_A, { A(0x961a, 255) }, "", 0, 0x0618, 0 },
		{ 115, BY_A, { A(0x961a, 255) },
		    "syspeer 10 0>0 counted;sync-lost 6>6 x2 counted;", 0, 0x0628, 0 },
		{ 200, BY_A, { A(0x961a, 255) }, "sync-restored 6>6 counted;", 0, 0x0628,
		    0 } } },
	{ "who never was reachable has time to become so",
	    { { 100, BY_A, { A(0x961a, 255), B(0x8011, 0) }, "", 0, 0, 0 },
		{ 900, BY_A, { A(0x961a, 255), B(0x8011, 0) }, "", 0, 0, 0 },
		{ 1120, NULL, { { 0 } }, "unreachable 11 0>0 standing;", 0, 0, 0 },
		{ 1200, BY_A, { A(0x961a, 255), B(0x9014, 1) },
		    "reachable 11 0>0;changed 11 0>0;", 0, 0, 0 } } },
	{ "a server is removed while it is unreachable",
	    { { 100, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0, 0 },
		{ 115, BY_A, { A(0x961a, 255), B(0x8023, 0) },
		    "unreachable 11 0>0;changed 11 4>0;", 0, 0, 0 },
		{ 130, BY_A, { A(0x961a, 255) }, "reachable 11 0>0 gone;", 0, 0, 0 } } },
	{ "a restart is no storm",
	    { { 100, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0, 0 },
		{ 115, NULL, { { 0 } }, "down 1>2;", TARGET_REFUSED, 0, 0 },
		{ 180, NOBODY, { NEW_A(20, 0x8011) }, "up 2>1;restarted 0>0;", 0, 0, 1 },
		{ 195, NOBODY, { NEW_A(20, 0x9014) }, "", 0, 0, 1 },
		{ 210, BY(20), { NEW_A(20, 0x961a) }, "", 0, 0, 1 },
		/* The way up did not count. */
		{ 300, NOBODY, { NEW_A(20, 0x8023) },
		    "syspeer 0>0;sync-lost 6>2;few 1>0;unreachable 20 0>0;changed 20 "
		    "6>0;",
		    0, 0, 1 } } },
	{ "a daemon that was young at the first look is on its way, too",
	    { { 100, V "leap=3, stratum=16, peer=0, ss_uptime=3", { A(0x8011, 0) }, "", 0,
		  0, 0 },
		{ 115, V "leap=0, stratum=3, peer=10, ss_uptime=18", { A(0x961a, 15) },
		    "", 0, 0, 0 },
		{ 130, V "leap=0, stratum=3, peer=10, ss_uptime=33", { A(0x941a, 31) },
		    "changed 10 6>4;", 0, 0, 0 } } },
	{ "whoever is not used for long has settled without being used",
	    { { 100, BY_A, { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, BY_A, { A(0x961a, 255), B(0x901a, 1) }, "", 0, 0, 0 },
		{ 130, BY_A, { A(0x961a, 255), B(0x901a, 1) }, "", 0, 0, 0 },
		{ 1135, BY_A, { A(0x961a, 255), B(0x901a, 1) }, "", 0, 0, 0 },
		{ 1200, BY_A, { A(0x961a, 255), B(0x941a, 1) }, "changed 11 0>4;", 0, 0,
		    0 } } },
	{ "a problem outlives a restart and ends under another id",
	    { { 100, BY_B, { A(0x9414, 255), B(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, BY_B, { A(0x8023, 0), B(0x961a, 255) },
		    "unreachable 10 0>0;changed 10 4>0;", 0, 0, 0 },
		{ 130, NOBODY, { B(0x8011, 0) }, "restarted 0>0;", 0, 0, 1 },
		{ 145, BY_B, { B(0x961a, 1), NEW_A(30, 0x8011) }, "", 0, 0, 1 },
		{ 300, BY_B, { B(0x961a, 1), NEW_A(30, 0x9414) }, "reachable 30 0>0;", 0,
		    0, 1 } } },
	{ "a problem ends when its server is no more after a restart",
	    { { 100, BY_B, { A(0x9414, 255), B(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, BY_B, { A(0x8023, 0), B(0x961a, 255) },
		    "unreachable 10 0>0;changed 10 4>0;", 0, 0, 0 },
		{ 130, BY_B, { B(0x961a, 255) }, "restarted 0>0;", 0, 0, 1 },
		{ 189, BY_B, { B(0x961a, 255) }, "", 0, 0, 1 },
		{ 190, NULL, { { 0 } }, "reachable 10 0>0 gone;", 0, 0, 0 } } },
	{ "a problem with a key ends when the server has none after a restart",
	    { { 100, BY_B, { KEYED(0xf414, 0), B(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, BY_B, { KEYED(0xd414, 0x10), B(0x961a, 255) },
		    "auth-failed 10 2>3;", 0, 0, 0 },
		{ 130, BY_B, { B(0x961a, 255), NEW_A(30, 0x8011) }, "restarted 0>0;", 0,
		    0, 1 },
		{ 189, BY_B, { B(0x961a, 255), NEW_A(30, 0x9414) }, "", 0, 0, 1 },
		{ 190, NULL, { { 0 } }, "auth-restored 10 3>3 gone;", 0, 0, 0 } } },
	{ "or when the association has none any more",
	    { { 100, BY_B, { KEYED(0xf414, 0), B(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, BY_B, { KEYED(0xd414, 0x10), B(0x961a, 255) },
		    "auth-failed 10 2>3;", 0, 0, 0 },
		{ 200, BY_B, { KEYED(0x9414, 0), B(0x961a, 255) },
		    "auth-restored 10 3>1;", 0, 0, 0 } } },
	{ "a server becomes the name of a pool, which nobody can reach",
	    { { 100, BY_B, { NAMED(10, 0x9414, "192.0.2.1", 0), B(0x961a, 255) }, "", 0,
		  0, 0 },
		{ 115, BY_B, { NAMED(10, 0x8023, "192.0.2.1", 0), B(0x961a, 255) },
		    "unreachable 10 0>0;changed 10 4>0;", 0, 0, 0 },
		{ 130, BY_B, { B(0x961a, 255), NAMED(30, 0x8811, "0.0.0.0", 0) },
		    "restarted 0>0;", 0, 0, 1 },
		{ 190, NULL, { { 0 } }, "reachable 10 0>0 gone;", 0, 0, 0 } } },
	{ "names that are still looked up have no address in common",
	    { { 100, BY_B, { PENDING(10, 0xf014, "a"), B(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, BY_B, { PENDING(10, 0xc023, "a"), B(0x961a, 255) },
		    "unreachable 10 0>0;changed 10 0>0;", 0, 0, 0 },
		{ 130, BY_B, { B(0x961a, 255), PENDING(30, 0x9014, "b") },
		    "restarted 0>0;", 0, 0, 1 },
		{ 190, NULL, { { 0 } }, "reachable 10 0>0 gone;", 0, 0, 0 } } },
	{ "of two servers with one name, it is the one with the address",
	    { { 100, BY_B,
		  { NAMED(9, 0x9414, "192.0.2.9", 1), NAMED(10, 0x9414, "192.0.2.1", 1),
		      B(0x961a, 255) },
		  "", 0, 0, 0 },
		{ 115, BY_B,
		    { NAMED(9, 0x9414, "192.0.2.9", 1), NAMED(10, 0x8023, "192.0.2.1", 0),
			B(0x961a, 255) },
		    "unreachable 10 0>0;changed 10 4>0;", 0, 0, 0 },
		{ 130, BY_B,
		    { B(0x961a, 255), NAMED(30, 0x9414, "192.0.2.9", 1),
			NAMED(31, 0x8011, "192.0.2.1", 0) },
		    "restarted 0>0;", 0, 0, 1 },
		{ 300, BY_B,
		    { B(0x961a, 255), NAMED(30, 0x9414, "192.0.2.9", 1),
			NAMED(31, 0x9414, "192.0.2.1", 1) },
		    "reachable 31 0>0;", 0, 0, 1 } } },
	{ "the daemon goes: what it cannot say is not told",
	    { { 100, BY_A, { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, NULL, { { 0 } }, "down 1>3;", TARGET_SILENT, 0, 0 },
		{ 130, NULL, { { 0 } }, "", TARGET_REFUSED, 0, 0 },
		{ 2000, NULL, { { 0 } }, "", TARGET_REFUSED, 0, 0 },
		{ 2015, BY_A, { A(0x961a, 255) }, "up 3>1;", 0, 0, 0 } } },
	{ "a daemon that never answers",
	    { { 100, NULL, { { 0 } }, "", TARGET_SILENT, 0, 0 },
		{ 159, NULL, { { 0 } }, "", 0, 0, 0 },
		{ 160, NULL, { { 0 } }, "down 3>3 standing;", 0, 0, 0 },
		{ 300, BY_A, { A(0x961a, 255) }, "up 3>1;", 0, 0, 0 } } },
	{ "the offset, with a gap between outside and inside",
	    { { 100, OFFSET(1), { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 200, OFFSET(-50), { A(0x961a, 255) }, "outside 0>0;", 0, 0, 0 },
		{ 300, OFFSET(45), { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 400, OFFSET(60), { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 500, OFFSET(40), { A(0x961a, 255) }, "inside 0>0;", 0, 0, 0 },
		{ 600, OFFSET(49.999), { A(0x961a, 255) }, "", 0, 0, 0 } } },
	{ "a clock step, and another",
	    { { 100, BY_A, { A(0x961a, 255) }, "", 0, 0x061c, 0 },
		{ 115, BY_A, { A(0x961a, 255) }, "", 0, 0x061c, 0 },
		{ 130, BY_A, { A(0x961a, 255) }, "stepped 0>0;", 0, 0x062c, 0 },
		{ 145, BY_A, { A(0x961a, 255) }, "", 0, 0x064c, 0 },
		{ 190, NULL, { { 0 } }, "stepped 0>0 x2;", 0, 0, 0 } } },
	{ "a key that no longer fits, and fits again",
	    { { 100, BY_A, { KEYED(0xf61a, 0) }, "", 0, 0, 0 },
		{ 200, BY_A, { KEYED(0xd61a, 0x10) }, "auth-failed 10 2>3;", 0, 0, 0 },
		{ 300, BY_A, { KEYED(0xd61a, 0) }, "", 0, 0, 0 },
		{ 400, BY_A, { KEYED(0xf61a, 0) }, "auth-restored 10 3>2;", 0, 0, 0 } } },
	{ "a keyed server that is silent fails in nothing but silence",
	    { { 100, BY_B, { KEYED(0xf414, 0), B(0x961a, 255) }, "", 0, 0, 0 },
		{ 200, BY_B, { KEYED(0xc023, 0), B(0x961a, 255) },
		    "unreachable 10 0>0;changed 10 4>0;", 0, 0, 0 } } },
	{ "a reference clock fails and recovers, by its counters",
	    { { 100, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x00, 50, 0) }, "", 0, 0,
		  0 },
		/* One of many that failed is none. */
		{ 200, BY_A, { A(0x961a, 255), COUNTED(0x941b, 0x11, 90, 1) },
		    "changed 12 4>4 counted;", 0, 0, 0 },
		/* Carried over from the reading before. */
		{ 215, BY_A, { A(0x961a, 255), COUNTED(0x941b, 0x11, 90, 1) }, "", 0, 0,
		    0 },
		{ 230, BY_A, { A(0x961a, 255), COUNTED(0x941b, 0x31, 92, 3) },
		    "fault 12 0>1;", 0, 0, 0 },
		{ 245, BY_A, { A(0x961a, 255), COUNTED(0x941b, 0xf1, 99, 10) }, "", 0, 0,
		    0 },
		/* The status word does not tell. */
		{ 300, BY_A, { A(0x961a, 255), COUNTED(0x941b, 0xf1, 120, 12) },
		    "clear 12 1>0;", 0, 0, 0 } } },
	{ "an exception nobody knows",
	    { { 100, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x00, 50, 0) }, "", 0, 0,
		  0 },
		{ 115, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x1f, 52, 2) },
		    "fault 12 0>0;", 0, 0, 0 } } },
	{ "a reference clock that is read between a poll and what comes of it",
	    { { 100, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 50, 0) }, "", 0, 0,
		  0 },
		{ 101, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 51, 0) }, "", 0, 0,
		    0 },
		{ 102, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 51, 1) }, "", 0, 0,
		    0 },
		{ 103, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 52, 1) },
		    "fault 12 0>1;", 0, 0, 0 },
		{ 104, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 52, 2) }, "", 0, 0,
		    0 },
		{ 200, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 53, 2) }, "", 0, 0,
		    0 },
		{ 201, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 54, 2) },
		    "clear 12 1>0;", 0, 0, 0 } } },
	{ "a reference clock without counters, by its status word",
	    { { 100, BY_A, { A(0x961a, 255), CLOCK(0x9414, 0x00) }, "", 0, 0, 0 },
		{ 200, BY_A, { A(0x961a, 255), CLOCK(0x941b, 0x12) },
		    "fault 12 0>2;changed 12 4>4 counted;", 0, 0, 0 },
		{ 300, BY_A, { A(0x961a, 255), CLOCK(0x941b, 0x10) }, "clear 12 2>0;", 0,
		    0, 0 } } },
	{ "a leap second is announced",
	    { { 100, BY_A, { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, V "leap=1, stratum=3, peer=10", { A(0x961a, 255) }, "leap 0>1;", 0,
		    0, 0 },
		{ 130, V "leap=1, stratum=3, peer=10", { A(0x961a, 255) }, "", 0, 0,
		    0 } } },
	{ "an association changes its type",
	    { { 100, BY_A, { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, BY_A,
		    { { 10, 0x961a, "srcadr=192.0.2.1, hmode=1, reach=0xff, flash=0",
			NULL, 0 } },
		    "type 10 2>3;", 0, 0, 0 } } },
	{ "it does so twice, and something else happens meanwhile",
	    { { 100, BY_A, { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 115, BY_A, { ACTIVE_A(0x961a) }, "type 10 2>3;", 0, 0, 0 },
		{ 130, BY_A, { A(0x961a, 255) }, "", 0, 0, 0 },
		{ 145, BY_A, { A(0x941a, 255) }, "changed 10 6>4;", 0, 0, 0 },
		{ 175, NULL, { { 0 } }, "type 10 3>2;", 0, 0, 0 } } },
	{ "somebody with a key has the daemon count from zero",
	    { { 100, BY_A, { A(0x961a, 255), B(0x9434, 255) }, "", 0, 0, 0 },
		{ 115, BY_A, { A(0x961a, 255), B(0x9404, 255) }, "", 0, 0, 0 },
		{ 130, BY_A, { A(0x961a, 255), B(0x9414, 255) },
		    "unreachable 11 0>0 x2 counted;changed 11 4>4 counted;", 0, 0,
		    0 } } },
	{ "a flag of the association's flash, not of its packets",
	    { { 100, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0, 0 },
		{ 115, BY_A,
		    { A(0x961a, 255),
			{ 11, 0x9414, "srcadr=192.0.2.2, hmode=3, reach=0xff, flash=0x2",
			    NULL, 0 } },
		    "", 0, 0, 0 },
		{ 130, BY_A,
		    { A(0x961a, 255),
			{ 11, 0x9414,
			    "srcadr=192.0.2.2, hmode=3, reach=0xff, flash=0x400", NULL,
			    0 } },
		    "changed 11 4>4;", 0, 0, 0 } } },
	{ "values that are missing once change nothing",
	    { { 100, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0, 0 },
		{ 115, V "stratum=3", { A(0x961a, 255), { 11, 0x9414, "", NULL, 0 } }, "",
		    0, 0, 0 },
		{ 130, BY_A, { A(0x961a, 255), B(0x9414, 255) }, "", 0, 0, 0 } } },
	{ "a counter tells of packets that were not authentic",
	    { { 100, BY_A, { COUNTS_BAD(0xf61a, 3) }, "", 0, 0, 0 },
		{ 200, BY_A, { COUNTS_BAD(0xd61a, 3) }, "", 0, 0, 0 },
		{ 300, BY_A, { COUNTS_BAD(0xd61a, 4) }, "auth-failed 10 2>3;", 0, 0, 0 },
		{ 400, BY_A, { COUNTS_BAD(0xf61a, 4) }, "auth-restored 10 3>2;", 0, 0,
		    0 } } },
	{ "a reference clock whose counters begin anew",
	    { { 100, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 50, 0) }, "", 0, 0,
		  0 },
		{ 115, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 3, 3) }, "", 0, 0,
		    0 },
		{ 130, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 5, 5) },
		    "fault 12 0>1;", 0, 0, 0 },
		{ 145, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 9, 0) }, "", 0, 0,
		    0 },
		{ 200, BY_A, { A(0x961a, 255), COUNTED(0x9414, 0x01, 20, 1) },
		    "clear 12 1>0;", 0, 0, 0 } } },
	{ "a fault of a clock outlives a restart and ends under another id",
	    { { 100, BY_A, { A(0x961a, 255), CLOCK(0x9414, 0x00) }, "", 0, 0, 0 },
		{ 200, BY_A, { A(0x961a, 255), CLOCK(0x9414, 0x02) }, "fault 12 0>2;", 0,
		    0, 0 },
		{ 215, BY_A, { A(0x961a, 255), NEW_CLOCK(40, 0x02) }, "restarted 0>0;", 0,
		    0, 1 },
		{ 300, BY_A, { A(0x961a, 255), NEW_CLOCK(40, 0x00) }, "clear 40 2>0;", 0,
		    0, 1 } } },
	{ "a clock step, by the numbers of an old daemon",
	    { { 100, OLD, { A(0x9614, 255) }, "", 0, 0x0610, 0 },
		{ 115, OLD, { A(0x9614, 255) }, "stepped 0>0;", 0, 0x0615, 0 },
		{ 300, OLD, { A(0x9614, 255) }, "", 0, 0x063c, 0 } } },
	{ "it comes back within, and goes once more between two polls",
	    { { 100, BY_A, { A(0x961a, 255), B(0x9014, 255) }, "", 0, 0, 0 },
		{ 115, BY_A, { A(0x961a, 255), B(0x8023, 0) },
		    "unreachable 11 0>0;changed 11 0>0;", 0, 0, 0 },
		{ 130, BY_A, { A(0x961a, 255), B(0x9034, 1) }, "", 0, 0, 0 },
		{ 145, BY_A, { A(0x961a, 255), B(0x9054, 1) }, "", 0, 0, 0 },
		{ 175, NULL, { { 0 } }, "reachable 11 0>0 x3;changed 11 0>0 x2 counted;",
		    0, 0, 0 } } },
};

static void
every_story_is_told_as_it_happened(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stories); i++) {
		struct notice_bench b;

		print_message("          %s\n", stories[i].name);
		notice_bench_open(&b);
		for (size_t k = 0; k < STEPS_MAX && stories[i].steps[k].at_s != 0; k++)
			live(&b, &stories[i].steps[k]);
		notice_bench_close(&b);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_story_is_told_as_it_happened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
