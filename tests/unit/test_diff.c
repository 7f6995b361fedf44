/* SPDX-License-Identifier: BSD-2-Clause */
/* What is told about a daemon when its picture is replaced: one row for each story. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "model/diff.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"

enum { PEERS_MAX = 4, STEPS_MAX = 5, TEXT_MAX = 256, WALL_2026_S = 1795219782 };

struct association {
	uint16_t id, status;
	const char *text;
};

/* One poll; `system` NULL: the daemon did not answer, and `state` says how. */
struct poll {
	int at_s;
	const char *system;
	struct association peers[PEERS_MAX]; /* id 0 ends them */
	enum target_state state;
	uint16_t status; /* of the system */
};

struct story {
	const char *name;
	struct poll polls[STEPS_MAX]; /* at_s 0 ends them */
	const char *told[STEPS_MAX];  /* "" nothing */
};

/* Status words: 0x96.. system peer, 0x94.. candidate; 0x16.., 0x14.. not configured. */
#define A(status) \
	{ \
		10, (status), "srcadr=192.0.2.1" \
	}
#define B(status) \
	{ \
		11, (status), "srcadr=192.0.2.2" \
	}
#define POOL \
	{ \
		12, 0x1414, "srcadr=192.0.2.3" \
	}
#define GONE \
	{ \
		12, 0, NULL \
	}
#define BY_A(up)   "leap=0, stratum=3, peer=10, ss_uptime=" #up
#define BY_B(up)   "leap=0, stratum=3, peer=11, ss_uptime=" #up
#define NOBODY(up) "leap=3, stratum=16, peer=0, ss_uptime=" #up
#define LEAP(n, up) \
	"leap=" #n ", stratum=3, peer=10, clock=0xeeab5fc6.218d7b1d, ss_uptime=" #up
#define SILENCE(at) \
	{ \
		(at), NULL, { { 0 } }, TARGET_SILENT, 0 \
	}
#define REFUSAL(at) \
	{ \
		(at), NULL, { { 0 } }, TARGET_REFUSED, 0 \
	}
#define UP TARGET_UP

static const struct story stories[] = {
	{ "nothing changes",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 },
		{ 115, BY_A(515), { A(0x961a), B(0x9414) }, UP, 0 } },
	    { "", "" } },
	{ "the first answer is no change",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414), POOL }, UP, 0 } }, { "" } },
	{ "the first failure is none either", { REFUSAL(100), REFUSAL(115) },
	    { "", "" } },
	{ "an association appears",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, BY_A(515), { A(0x961a), POOL }, UP, 0 } },
	    { "", "added 12;" } },
	{ "an association vanishes",
	    { { 100, BY_A(500), { A(0x961a), POOL }, UP, 0 },
		{ 115, BY_A(515), { A(0x961a) }, UP, 0 } },
	    { "", "removed 12;" } },
	{ "a configured one appears",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, BY_A(515), { A(0x961a), B(0x8011) }, UP, 0 } },
	    { "", "added 11; config +1 -0;" } },
	{ "a configured one vanishes",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 },
		{ 115, BY_A(515), { A(0x961a) }, UP, 0 } },
	    { "", "removed 11; config +0 -1;" } },
	{ "the only one is replaced at run time",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, NOBODY(515), { B(0x8011) }, UP, 0 } },
	    { "",
		"mode 6>2; stratum 3>16; syspeer 10>0; removed 10; added 11; "
		"config +1 -1;" } },
	{ "an association becomes configured",
	    { { 100, BY_A(500), { A(0x961a), { 12, 0x1414, "srcadr=192.0.2.3" } }, UP,
		  0 },
		{ 115, BY_A(515), { A(0x961a), { 12, 0x9414, "srcadr=192.0.2.3" } }, UP,
		    0 } },
	    { "", "config +1 -0;" } },
	{ "the mode changes while an association goes before it is read",
	    { { 100, BY_A(500), { A(0x961a), POOL }, UP, 0 },
		{ 115, NOBODY(515), { A(0x961a), GONE }, UP, 0 },
		{ 116, NOBODY(516), { A(0x8023) }, UP, 0 } },
	    { "", "", "mode 6>2; stratum 3>16; syspeer 10>0; removed 12;" } },
	{ "an id goes to another association",
	    { { 100, BY_A(500), { A(0x961a), POOL }, UP, 0 },
		{ 115, BY_A(515), { A(0x961a), { 12, 0x1011, "srcadr=192.0.2.9" } }, UP,
		    0 } },
	    { "", "removed 12; added 12;" } },
	{ "a name gets its address",
	    { { 100, BY_A(500),
		  { A(0x961a),
		      { 13, 0x8011, "srcadr=0.0.0.0, srchost=\"ntp.example\"" } },
		  UP, 0 },
		{ 115, BY_A(515),
		    { A(0x961a),
			{ 13, 0x8011, "srcadr=192.0.2.7, srchost=\"ntp.example\"" } },
		    UP, 0 },
		{ 130, BY_A(530),
		    { A(0x961a),
			{ 13, 0x8011, "srcadr=192.0.2.8, srchost=\"ntp.example\"" } },
		    UP, 0 } },
	    { "", "", "" } },
	{ "an association was not read",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 },
		{ 115, BY_A(515), { A(0x961a), { 11, 0x9414, "" } }, UP, 0 },
		{ 130, BY_A(530), { A(0x961a), B(0x9414) }, UP, 0 } },
	    { "", "", "" } },

	{ "another system peer",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 },
		{ 115, BY_B(515), { A(0x941a), B(0x961a) }, UP, 0 } },
	    { "", "syspeer 10>11;" } },
	{ "the system peer is lost and regained",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, NOBODY(515), { A(0x8013) }, UP, 0x18 },
		{ 130, BY_A(530), { A(0x961a) }, UP, 0x18 },
		{ 145, BY_A(545), { A(0x961a) }, UP, 0x18 } },
	    { "", "mode 6>2; stratum 3>16; syspeer 10>0;",
		"mode 2>6; stratum 16>3; syspeer 0>10;", "" } },
	{ "regained between two polls, told by the count",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 },
		{ 115, BY_A(515), { A(0x962a), B(0x9414) }, UP, 0 },
		{ 130, BY_A(530), { A(0x962a), B(0x9414) }, UP, 0 } },
	    { "", "syspeer 10>10;", "" } },
	{ "regained between two polls, told by the code",
	    { { 100, BY_A(500), { A(0x964d), B(0x9414) }, UP, 0 },
		{ 115, BY_A(515), { A(0x961a), B(0x9414) }, UP, 0 } },
	    { "", "syspeer 10>10;" } },
	{ "regained between two polls, told by the system",
	    { { 100, BY_A(500), { A(0x961d), B(0x9414) }, UP, 0x15 },
		{ 115, BY_A(515), { A(0x962d), B(0x9414) }, UP, 0x18 },
		{ 130, BY_A(530), { A(0x963d), B(0x9414) }, UP, 0x28 },
		{ 145, BY_A(545), { A(0x963d), B(0x9414) }, UP, 0x28 } },
	    { "", "syspeer 10>10;", "syspeer 10>10;", "" } },
	{ "two others in between, and back again",
	    { { 100, BY_A(500), { A(0x96ea), B(0x9414) }, UP, 0 },
		{ 115, BY_A(515), { A(0x961a), B(0x941a) }, UP, 0 } },
	    { "", "syspeer 10>10;" } },
	{ "the count of events stands at its end",
	    { { 100, BY_A(500), { A(0x96fa) }, UP, 0xf8 },
		{ 115, BY_A(515), { A(0x96fa) }, UP, 0xf8 } },
	    { "", "" } },
	{ "another reader clears the count of events",
	    { { 100, BY_A(500), { A(0x965a) }, UP, 0x58 },
		{ 115, BY_A(515), { A(0x960a) }, UP, 0x08 } },
	    { "", "" } },
	{ "another event of the system peer",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, BY_A(515), { A(0x961d) }, UP, 0x1c } },
	    { "", "" } },
	{ "the id of the system peer goes to another",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, BY_A(515), { { 10, 0x161a, "srcadr=192.0.2.9" }, B(0x9414) }, UP,
		    0 },
		{ 130, BY_A(530), { { 10, 0x161a, "srcadr=192.0.2.9" }, B(0x9414) }, UP,
		    0 } },
	    { "", "syspeer 10>10; removed 10; added 10; added 11; config +1 -1;", "" } },

	{ "the stratum changes",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, "leap=0, stratum=5, peer=10, ss_uptime=515", { A(0x961a) }, UP,
		    0 } },
	    { "", "stratum 3>5;" } },
	{ "stratum 0 and 16 are one",
	    { { 100, "leap=3, stratum=0, peer=0, ss_uptime=500", { A(0x8011) }, UP, 0 },
		{ 115, NOBODY(515), { A(0x8011) }, UP, 0 } },
	    { "", "" } },
	{ "two changes between two polls",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 },
		{ 115, "leap=0, stratum=2, peer=11, ss_uptime=515",
		    { A(0x941a), B(0x961a), POOL }, UP, 0 } },
	    { "", "stratum 3>2; syspeer 10>11; added 12;" } },
	{ "the mode goes from a server to the local clock",
	    { { 100, BY_A(500), { A(0x961a), { 14, 0x9014, "srcadr=127.127.1.0" } }, UP,
		  0 },
		{ 115, "leap=0, stratum=3, peer=14, ss_uptime=515",
		    { A(0x8013), { 14, 0x961a, "srcadr=127.127.1.0" } }, UP, 0 } },
	    { "", "mode 6>4; syspeer 10>14;" } },
	{ "the daemon is only just starting when it is first seen",
	    { { 100, NOBODY(3), { { 0 } }, UP, 0 },
		{ 160, BY_A(63), { A(0x961a) }, UP, 0 },
		{ 175, BY_A(78), { A(0x961a), B(0x9414) }, UP, 0 } },
	    { "", "mode 3>6; stratum 16>3; syspeer 0>10; added 10;",
		"added 11; config +1 -0;" } },
	{ "nothing is configured any more",
	    { { 100, NOBODY(500), { A(0x8011) }, UP, 0 },
		{ 115, NOBODY(515), { { 0 } }, UP, 0 } },
	    { "", "mode 2>3; removed 10; config +0 -1;" } },

	{ "a leap second is announced and withdrawn",
	    { { 100, LEAP(0, 500), { A(0x961a) }, UP, 0 },
		{ 115, LEAP(1, 515), { A(0x961a) }, UP, 0 },
		{ 130, LEAP(1, 530), { A(0x961a) }, UP, 0 },
		{ 145, LEAP(0, 545), { A(0x961a) }, UP, 0 } },
	    { "", "leap 0>1;", "", "" } },
	{ "a leap second is announced and withdrawn between two polls",
	    { { 100, LEAP(0, 500), { A(0x961a) }, UP, 0x15 },
		{ 115, LEAP(0, 515), { A(0x961a) }, UP, 0x1a },
		{ 130, LEAP(0, 530), { A(0x961a) }, UP, 0x1a },
		{ 145, LEAP(0, 545), { A(0x961a) }, UP, 0x19 } },
	    { "", "leap 0>0;", "", "leap 0>0;" } },
	{ "a leap second is announced by an answer without a clock",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, "leap=1, stratum=3, peer=10, ss_uptime=515", { A(0x961a) }, UP,
		    0 },
		{ 130, LEAP(1, 530), { A(0x961a) }, UP, 0 } },
	    { "", "leap 0>1;", "" } },
	{ "a leap second is withdrawn that was told before",
	    { { 100, LEAP(1, 500), { A(0x961a) }, UP, 0x19 },
		{ 115, LEAP(0, 515), { A(0x961a) }, UP, 0x1a },
		{ 130, LEAP(0, 530), { A(0x961a) }, UP, 0x1a } },
	    { "", "", "" } },
	{ "a second is to be left out",
	    { { 100, LEAP(0, 500), { A(0x961a) }, UP, 0 },
		{ 115, LEAP(2, 515), { A(0x961a) }, UP, 0 },
		{ 130, LEAP(1, 530), { A(0x961a) }, UP, 0 } },
	    { "", "leap 0>-1;", "leap -1>1;" } },
	{ "a leap second with the first selection",
	    { { 100, NOBODY(500), { A(0x8011) }, UP, 0 },
		{ 115, LEAP(1, 515), { A(0x961a) }, UP, 0 } },
	    { "", "mode 2>6; stratum 16>3; syspeer 0>10; leap 0>1;" } },

	{ "gone and back without a restart",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 }, SILENCE(145),
		{ 175, BY_B(575), { A(0x941a), B(0x961a), POOL }, UP, 0 },
		{ 190, BY_B(590), { A(0x941a), B(0x961a), POOL }, UP, 0 } },
	    { "", "mode 6>99;", "mode 99>6; syspeer 10>11; added 12;", "" } },
	{ "silent, then refused",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 }, SILENCE(145), REFUSAL(160),
		SILENCE(175) },
	    { "", "mode 6>99;", "mode 99>1;", "mode 1>99;" } },
	{ "frozen for a moment: the uptime stands still too",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 }, SILENCE(145),
		{ 160, BY_A(547), { A(0x961a), POOL }, UP, 0 } },
	    { "", "mode 6>99;", "mode 99>6; added 12;" } },
	{ "unseen for long, and another daemon with the ids of the first",
	    { { 100, BY_A(50), { A(0x961a) }, UP, 0 }, SILENCE(145),
		{ 700, BY_B(300), { A(0x941a), B(0x961a) }, UP, 0 } },
	    { "", "mode 6>99;", "mode 99>6; config +1 -0;" } },
	{ "stopped and started with the same servers",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 }, REFUSAL(115),
		{ 130, NOBODY(3),
		    { { 71, 0x8011, "srcadr=192.0.2.2" },
			{ 72, 0x8011, "srcadr=192.0.2.1" } },
		    UP, 0 },
		{ 145, "leap=0, stratum=3, peer=72, ss_uptime=18",
		    { { 71, 0x9414, "srcadr=192.0.2.2" },
			{ 72, 0x961a, "srcadr=192.0.2.1" } },
		    UP, 0 } },
	    { "", "mode 6>1;", "mode 1>2;", "mode 2>6; stratum 16>3; syspeer 0>72;" } },
	{ "started with another server",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 }, REFUSAL(115),
		{ 130, NOBODY(3),
		    { { 71, 0x8011, "srcadr=192.0.2.1" },
			{ 72, 0x8011, "srcadr=192.0.2.5" } },
		    UP, 0 },
		{ 145, NOBODY(18),
		    { { 71, 0x8011, "srcadr=192.0.2.1" },
			{ 72, 0x8011, "srcadr=192.0.2.5" } },
		    UP, 0 },
		{ 160, NOBODY(33),
		    { { 71, 0x8011, "srcadr=192.0.2.1" },
			{ 72, 0x8011, "srcadr=192.0.2.5" } },
		    UP, 0 } },
	    { "", "mode 6>1;", "mode 1>2;", "config +1 -1;", "" } },
	{ "names are looked up after a restart",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 },
		{ 115, NOBODY(2), { { 71, 0x8011, "srcadr=192.0.2.1" } }, UP, 0 },
		{ 130, NOBODY(17),
		    { { 71, 0x8011, "srcadr=192.0.2.1" },
			{ 72, 0x8011, "srcadr=192.0.2.2" } },
		    UP, 0 } },
	    { "", "mode 6>2;", "added 72;" } },
	{ "a server by name has another address after a restart",
	    { { 100, BY_A(500),
		  { { 10, 0x961a, "srcadr=192.0.2.1, srchost=\"ntp.example\"" } }, UP,
		  0 },
		{ 115, NOBODY(11),
		    { { 71, 0x8011, "srcadr=192.0.2.6, srchost=\"ntp.example\"" } }, UP,
		    0 } },
	    { "", "mode 6>2;" } },
	{ "a restart waits for associations that were not read",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, NOBODY(12), { { 71, 0x8011, "" } }, UP, 0 },
		{ 130, NOBODY(27), { { 71, 0x8011, "srcadr=192.0.2.1" } }, UP, 0 } },
	    { "", "mode 6>2;", "" } },
	{ "ids used again after a restart",
	    { { 100, BY_A(500), { A(0x961a), B(0x9414) }, UP, 0 },
		{ 115, "leap=0, stratum=4, peer=11, ss_uptime=12",
		    { { 10, 0x9414, "srcadr=192.0.2.2" },
			{ 11, 0x961a, "srcadr=192.0.2.1" }, POOL },
		    UP, 0 } },
	    { "", "" } },
	{ "restarted before it had run as long as it runs now",
	    { { 100, BY_A(5), { A(0x961a) }, UP, 0 },
		{ 130, BY_B(28), { { 11, 0x961a, "srcadr=192.0.2.1" } }, UP, 0 } },
	    { "", "" } },
	{ "a daemon that tells no uptime is restarted",
	    { { 100, "leap=0, stratum=3, peer=10", { A(0x961a) }, UP, 0 },
		{ 115, "leap=0, stratum=4, peer=71",
		    { { 71, 0x961a, "srcadr=192.0.2.1" } }, UP, 0 } },
	    { "", "" } },
	{ "another version is another daemon",
	    { { 100, "leap=0, stratum=3, peer=10, version=\"ntpd 1\"", { A(0x961a) }, UP,
		  0 },
		{ 115, "leap=0, stratum=4, peer=10, version=\"ntpd 2\"", { A(0x961a) },
		    UP, 0 } },
	    { "", "" } },

	{ "a poll without the stratum loses no change",
	    { { 100, BY_A(500), { A(0x961a) }, UP, 0 },
		{ 115, "leap=0, peer=10, ss_uptime=515", { A(0x961a), POOL }, UP, 0 },
		{ 130, "leap=0, stratum=4, peer=10, ss_uptime=530", { A(0x961a), POOL },
		    UP, 0 },
		{ 145, "leap=0, stratum=4, peer=10, ss_uptime=545", { A(0x961a), POOL },
		    UP, 0 } },
	    { "", "mode 6>99;", "mode 99>6; stratum 3>4; added 12;", "" } },
};

static struct snapshot *
picture_of(const struct poll *poll)
{
	size_t n = 0;
	struct snapshot *s;

	while (n < PEERS_MAX && poll->peers[n].id != 0)
		n++;
	s = snapshot_new(poll->state, n);
	assert_non_null(s);
	s->taken_ns = poll->at_s * NS_PER_S;
	s->taken_wall_ns = (WALL_2026_S + poll->at_s) * NS_PER_S;
	if (!poll->system)
		return s;
	s->has_peers = true;
	system_of(s)->has_status = true;
	system_of(s)->status = poll->status;
	fixture_system(s, poll->system);
	for (size_t i = 0; i < n; i++)
		if (poll->peers[i].text)
			fixture_peer(&s->peers[i], poll->peers[i].id,
			    poll->peers[i].status, poll->peers[i].text);
		else
			s->is_torn = true;
	snapshot_sort_peers(s);
	return s;
}

static size_t
print_change(const struct ntp_change *c, char *out, size_t cap)
{
	switch (c->kind) {
	case NTP_CHANGE_MODE:
		return text_format(out, cap, "mode %d>%d; ", c->from, c->to);
	case NTP_CHANGE_STRATUM:
		return text_format(out, cap, "stratum %d>%d; ", c->from, c->to);
	case NTP_CHANGE_SYSPEER:
		assert_int_equal(c->former ? c->former->id : 0, c->from);
		assert_int_equal(c->peer ? c->peer->id : 0, c->to);
		return text_format(out, cap, "syspeer %d>%d; ", c->from, c->to);
	case NTP_CHANGE_ADDED:
		assert_null(c->former);
		return text_format(out, cap, "added %u; ", c->peer->id);
	case NTP_CHANGE_REMOVED:
		assert_null(c->peer);
		return text_format(out, cap, "removed %u; ", c->former->id);
	case NTP_CHANGE_CONFIG:
		assert_int_equal(c->peer != NULL, c->n_added > 0);
		assert_int_equal(c->former != NULL, c->n_removed > 0);
		return text_format(out, cap, "config +%u -%u; ", c->n_added,
		    c->n_removed);
	case NTP_CHANGE_LEAP:
		return text_format(out, cap, "leap %d>%d; ", c->from, c->to);
	case NTP_CHANGE_KINDS:
		break;
	}
	fail_msg("a change of no kind");
	return 0;
}

static void
check_told(const struct story *story, size_t step, const struct ntp_changes *changes)
{
	char told[TEXT_MAX] = "";
	size_t len = 0;

	for (size_t i = 0; i < changes->n; i++)
		len += print_change(&changes->items[i], told + len, sizeof(told) - len);
	if (len > 0)
		told[len - 1] = '\0';
	if (strcmp(told, story->told[step]) != 0)
		fail_msg("%s, poll %zu: told \"%s\", expected \"%s\"", story->name,
		    step + 1, told, story->told[step]);
}

static struct ntp_changes changes;

static void
every_story_is_told_as_it_happened(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stories); i++) {
		struct ntp_past past = { 0 };
		struct snapshot *before = snapshot_new(TARGET_UNKNOWN, 0), *after;

		for (size_t k = 0; k < STEPS_MAX && stories[i].polls[k].at_s != 0; k++) {
			bool is_compared;

			after = picture_of(&stories[i].polls[k]);
			is_compared = !ntp_past_skips(before, after);
			changes.n = 0;
			if (is_compared)
				ntp_past_compare(&past, before, after, &changes);
			check_told(&stories[i], k, &changes);
			if (is_compared)
				ntp_past_learn(&past, after);
			snapshot_unref(before);
			before = after;
		}
		snapshot_unref(before);
		ntp_past_clear(&past);
	}
}

static void
events_are_counted_by_code_and_count(void **state)
{
	static const struct {
		uint16_t before, after;
		uint8_t code;
		unsigned n;
	} cases[] = {
		{ 0x961a, 0x961a, 10, 0 }, /* nothing new */
		{ 0x961a, 0x962a, 10, 1 },
		{ 0x961a, 0x96fa, 10, 14 },
		{ 0x9614, 0x961a, 10, 1 }, /* another code before: all are new */
		{ 0x96f4, 0x963a, 10, 3 },
		{ 0x9614, 0x960a, 10, 1 }, /* cleared since, and still one */
		{ 0x961a, 0x9614, 10, 0 }, /* hidden by a later one */
		{ 0x961a, 0x96f4, 4, 15 },
		{ 0x96fa, 0x96fa, 10, 0 }, /* no more are counted */
		{ 0x96ea, 0x962a, 10, 2 }, /* began anew */
		{ 0x96fa, 0x961a, 10, 1 },
		{ 0x965a, 0x960a, 10, 0 }, /* cleared */
		{ 0x0018, 0x0028, 8, 1 },
		{ 0xc015, 0x0018, 8, 1 },
		{ 0x0000, 0x0000, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    ntp_status_events(cases[i].before, cases[i].after, cases[i].code),
		    cases[i].n);
}

static struct snapshot *
crowd(size_t n, uint16_t first, uint64_t uptime_s, bool is_configured)
{
	struct snapshot *s = snapshot_new(TARGET_UP, n);
	char text[64];

	assert_non_null(s);
	s->has_peers = true;
	snprintf(text, sizeof(text), "leap=0, stratum=3, peer=0, ss_uptime=%llu",
	    (unsigned long long)uptime_s);
	fixture_system(s, text);
	for (size_t i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "srcadr=10.1.%zu.%zu", i / 256, i % 256);
		fixture_peer(&s->peers[i], (uint16_t)(first + i),
		    is_configured ? 0x9414 : 0x1414, text);
	}
	return s;
}

static void
more_changes_than_fit_are_counted(void **state)
{
	struct snapshot *few = crowd(0, 1, 100, false);
	struct snapshot *many = crowd(NTP_CHANGES_MAX + 500, 1, 100, false);

	(void)state;
	changes = (struct ntp_changes){ 0 };
	ntp_diff_state(few, many, &changes);
	/* Two places are kept for what is told after the associations. */
	assert_int_equal(changes.n, NTP_CHANGES_MAX - 2);
	assert_int_equal(changes.n_left_out, 502);
	assert_int_equal(changes.items[NTP_CHANGES_MAX - 3].peer->id,
	    NTP_CHANGES_MAX - 2);
	snapshot_unref(few);
	snapshot_unref(many);
}

/* The order does not count; a number that is too large for pairs does. */
static void
large_configurations_are_compared_after_a_restart(void **state)
{
	static const struct {
		size_t before, after;
		uint32_t added, removed;
	} cases[] = {
		{ NTP_CONFIG_COMPARED_MAX, NTP_CONFIG_COMPARED_MAX, 0, 0 },
		{ NTP_CONFIG_COMPARED_MAX, NTP_CONFIG_COMPARED_MAX - 7, 0, 7 },
		{ NTP_CONFIG_COMPARED_MAX + 1, NTP_CONFIG_COMPARED_MAX + 9, 8, 0 },
		{ 60000, 60000, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct snapshot *before = crowd(cases[i].before, 1, 1000, true);
		struct snapshot *after = crowd(cases[i].after, 5000, 20, true);

		changes = (struct ntp_changes){ 0 };
		ntp_diff_config(before, after, &changes);
		assert_int_equal(changes.n, cases[i].added > 0 || cases[i].removed > 0);
		if (changes.n > 0) {
			assert_int_equal(changes.items[0].n_added, cases[i].added);
			assert_int_equal(changes.items[0].n_removed, cases[i].removed);
		}
		snapshot_unref(before);
		snapshot_unref(after);
	}
}

static void
any_two_pictures_can_be_compared(void **state)
{
	struct ntp_past past = { 0 };
	struct snapshot *before = snapshot_new(TARGET_UNKNOWN, 0);
	uint32_t seed = 5907;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		struct snapshot *after = fixture_random(&seed);

		ntp_past_compare(&past, before, after, &changes);
		n += changes.n;
		for (size_t k = 0; k < changes.n; k++)
			assert_true(changes.items[k].kind < NTP_CHANGE_KINDS);
		ntp_past_learn(&past, after);
		snapshot_unref(before);
		before = after;
		/* Nothing differs from itself. */
		changes = (struct ntp_changes){ 0 };
		ntp_diff_mode(after, after, &changes);
		ntp_diff_state(after, after, &changes);
		ntp_diff_config(after, after, &changes);
		assert_int_equal(changes.n, 0);
	}
	assert_true(n > 500);
	snapshot_unref(before);
	ntp_past_clear(&past);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_story_is_told_as_it_happened),
		cmocka_unit_test(events_are_counted_by_code_and_count),
		cmocka_unit_test(more_changes_than_fit_are_counted),
		cmocka_unit_test(large_configurations_are_compared_after_a_restart),
		cmocka_unit_test(any_two_pictures_can_be_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
