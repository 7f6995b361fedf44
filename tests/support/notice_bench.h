/* SPDX-License-Identifier: BSD-2-Clause */
/* Lets a watcher of notices live through moments, and writes down what it tells. */
#ifndef SUPPORT_NOTICE_BENCH_H
#define SUPPORT_NOTICE_BENCH_H

#include "model/notices.h"

enum { PEERS_MAX = 4, TOLD_MAX = 512, WALL_2026_S = 1795219782 };
enum { HOLD_S = 60, ROOM = 1000 };

struct association {
	uint16_t id, status;
	const char *text, *clock;
	uint16_t clock_status;
};

/* A moment: a poll, or (system and state both zero) only time that passes. */
struct step {
	int at_s;
	const char *system;
	struct association peers[PEERS_MAX]; /* id 0 ends them */
	const char *told;                    /* "" nothing */
	enum target_state state;             /* without an answer */
	uint16_t status;                     /* of the system */
	unsigned restarts;
};

struct notice_bench {
	struct ntp_notices *notices;
	struct ntp_notice_settings settings;
	struct ntp_past past;
	struct snapshot *current;
	struct ntp_notice last;
	char told[TOLD_MAX];
};

/* Status words: 0x96.. system peer, 0x94.. candidate, 0x80.. unreachable. */
#define V "version=\"ntpd ntpsec-1.2.2\", "
#define A(status, reach) \
	{ \
		10, (status), "srcadr=192.0.2.1, hmode=3, reach=" #reach ", flash=0x0", \
		    NULL, 0 \
	}
#define B(status, reach) \
	{ \
		11, (status), "srcadr=192.0.2.2, hmode=3, reach=" #reach ", flash=0x0", \
		    NULL, 0 \
	}
#define BY_A       V "leap=0, stratum=3, peer=10, offset=0.1"
#define BY_B       V "leap=0, stratum=3, peer=11, offset=0.1"
#define BY(id)     V "leap=0, stratum=3, peer=" #id ", offset=0.1"
#define NOBODY     V "leap=3, stratum=16, peer=0, offset=0.1"
#define OFFSET(ms) V "leap=0, stratum=3, peer=10, offset=" #ms
#define KEYED(status, flash) \
	{ \
		10, (status), "srcadr=192.0.2.1, hmode=3, reach=0xff, flash=" #flash, \
		    NULL, 0 \
	}
#define CLOCK(status, clock) \
	{ \
		12, (status), "srcadr=127.127.8.0, hmode=3, reach=0xff, flash=0x0", \
		    "device=\"x\"", (clock) \
	}
#define COUNTED(status, clock, polls, noreply) \
	{ \
		12, (status), "srcadr=127.127.8.0, hmode=3, reach=0xff, flash=0x0", \
		    "poll=" #polls ", noreply=" #noreply, (clock) \
	}
#define NEW_A(id, status) \
	{ \
		(id), (status), "srcadr=192.0.2.1, hmode=3, reach=0x1, flash=0x0", NULL, \
		    0 \
	}

/* Nothing seen, every topic on, usual limits. */
void notice_bench_open(struct notice_bench *b);
void notice_bench_close(struct notice_bench *b);
/* The picture of a step; the caller's. */
struct snapshot *notice_picture(const struct step *step);
/* A picture (taken over) is seen at that step. */
void notice_see(struct notice_bench *b, struct snapshot *s, const struct step *step);
/* What is told then: "KIND[ ID] WAS>IS[ xCOUNT][ CAUSE];" for each; valid until the next
 * call. */
const char *notice_tell(struct notice_bench *b, int at_s, size_t room);
/* The same when it ends then. */
const char *notice_end(struct notice_bench *b, int at_s, size_t room);

#endif
