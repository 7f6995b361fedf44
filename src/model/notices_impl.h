/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the watcher share. */
#ifndef MODEL_NOTICES_IMPL_H
#define MODEL_NOTICES_IMPL_H

#include "model/notices.h"

struct moment {
	int64_t ns, wall_ns;
};

/* Something that is all right or not. Zeroed: nothing was seen. */
enum condition_state { CONDITION_UNKNOWN, CONDITION_WELL, CONDITION_ILL };
struct condition {
	uint8_t state;
	bool was_well;      /* in this life of the daemon */
	bool is_told;       /* a problem was, its end was not */
	bool is_missed;     /* a problem came and went between two pictures */
	uint8_t told_cause; /* of the problem */
	uint32_t flips;     /* since something was told */
	int32_t was, is;    /* a number that goes with it: when told last, and now */
	struct moment since;
	int64_t held_ns; /* nothing is told before */
};
/* At most one of these is done for each picture. */
void condition_see(struct condition *c, bool is_ill, int32_t value,
    const struct moment *at);
/* It was ill in between, and is well again. */
void condition_miss(struct condition *c, int32_t value, const struct moment *at);
/* Another life begins: what was told stays told. */
void condition_restart(struct condition *c);

/* Something that happens. */
struct edge {
	uint32_t changes; /* since it was told */
	bool is_counted;  /* the last one between two pictures */
	int64_t wall_ns;  /* of the last one */
	int64_t held_ns;
};
void edge_see(struct edge *e, uint32_t changes, int64_t wall_ns);

enum system_condition { WATCH_DAEMON, WATCH_SYNC, WATCH_OFFSET, WATCH_SOURCES };
enum { SYSTEM_CONDITIONS = WATCH_SOURCES + 1 };
enum system_edge { WATCH_TEST, WATCH_RESTART, WATCH_STEP, WATCH_SYSTEM_PEER, WATCH_LEAP };
enum { SYSTEM_EDGES = WATCH_LEAP + 1 };
enum peer_condition { WATCH_REACH, WATCH_AUTH, WATCH_CLOCK };
enum { PEER_CONDITIONS = WATCH_CLOCK + 1 };
enum peer_edge { WATCH_PEER, WATCH_TYPE };
enum { PEER_EDGES = WATCH_TYPE + 1 };

/* What is told of an association's state. */
struct peer_state {
	uint8_t selection;
	bool is_reachable;
	uint8_t type; /* enum ntp_assoc_type */
	int32_t event;
	int32_t reach, flash; /* NTP_NOTICE_UNKNOWN: never read */
};

struct peer_watch {
	uint16_t id, status;
	bool is_settled;  /* it was once in use; until then it is on its way there */
	int64_t first_ns; /* when it was first seen */
	uint64_t badauth;
	uint64_t clock_polls, clock_faults;
	bool has_badauth, has_clock;
	struct peer_state told, now;
	uint8_t told_type; /* which is told apart from the rest */
	struct condition conditions[PEER_CONDITIONS];
	struct edge edges[PEER_EDGES];
	struct ntp_history history;
};

/* A problem that was told and whose association is not there. */
struct orphan {
	struct ntp_notice_peer who;
	enum peer_condition what;
	struct condition condition;
	int64_t until_ns; /* then it has ended */
	int64_t wall_ns;
};

struct ntp_notices {
	struct snapshot *last; /* the last one in state TARGET_UP; NULL: none */
	bool is_up;
	uint64_t restarts; /* counted when `last` was seen */
	int64_t seen_ns;   /* when the daemon was last seen up */

	struct condition conditions[SYSTEM_CONDITIONS];
	struct edge edges[SYSTEM_EDGES];
	struct ntp_notice_peer former, peer; /* system peers: as told, and now */
	int32_t leap_was, leap_is;

	struct peer_watch *peers; /* ascending by id */
	size_t n_peers;
	size_t turn; /* whose it is to be told of first */
	struct orphan *orphans;
	size_t n_orphans;

	int64_t due_ns; /* when something is to be told */
	struct ntp_notice_counts counts;
};

/* Takes note of the associations of a picture. 0 or ERR_NOMEM, which changes nothing. */
int notices_see_peers(struct ntp_notices *n, const struct snapshot *s, bool is_restarted,
    const struct moment *at);

/* NULL: nobody. `id` when he is not in the picture. */
void notices_name_peer(const struct ntp_peer *p, uint16_t id,
    struct ntp_notice_peer *out);

#endif
