/* SPDX-License-Identifier: BSD-2-Clause */
/* An immutable, reference-counted picture of one daemon at one moment. */
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/peer.h"
#include "model/system.h"
#include "model/totals.h"

/* What is known of a target as a whole. */
enum target_state {
	TARGET_UNKNOWN,    /* not asked yet */
	TARGET_UP,         /* answers */
	TARGET_REFUSED,    /* nothing listens on that port */
	TARGET_SILENT,     /* no answer (dead, filtered, or restrict noquery) */
	TARGET_BADANSWERS, /* answers, but not in mode 6 that makes sense */
	TARGET_UNRESOLVED, /* its name has no address (yet) */
	TARGET_DENIED,     /* answers with an error that says it will not */
};
enum { TARGET_STATES = TARGET_DENIED + 1 };

/* A word or two for logs; never NULL. */
const char *target_state_text(enum target_state state);

enum { SNAPSHOT_PEERS_MAX = 65535 };

struct snapshot {
	/* Private to snapshot.c. */
	unsigned refs;
	struct ntp_system *own_system; /* NULL: none was given */

	enum target_state state;
	int64_t taken_ns;      /* monotonic, when its cycle began */
	int64_t taken_wall_ns; /* wall clock, the same moment */
	/* When the last cycle began that read everything, this one or one before it: no
	 * value of those that are read every time is older. */
	int64_t read_ns;
	/* All below is meaningful only in state TARGET_UP, and empty otherwise. */
	bool has_peers; /* the association list was read */
	/* Associations of the list were gone when they were read: two moments, perhaps on
	 * both sides of a restart, in one picture. Another follows at once. */
	bool is_torn;
	const struct ntp_system *system; /* never NULL */
	struct ntp_total_values totals;
	struct ntp_peer *peers; /* ascending by id, no id twice */
	size_t n_peers;
};

/* A new picture with room for n_peers zeroed peers, an empty system and one reference, to
 * be filled by its maker before anyone else sees it. The texts put into peers become its
 * own. NULL when memory is out, or n_peers is over SNAPSHOT_PEERS_MAX. */
struct snapshot *snapshot_new(enum target_state state, size_t n_peers);
/* `system`, from mem_calloc(), is the picture's from now on, its texts too. Once, and
 * while the picture is being made. */
void snapshot_give_system(struct snapshot *s, struct ntp_system *system);
/* Another reference to the same picture. */
struct snapshot *snapshot_ref(struct snapshot *s);
/* Gives a reference back; the last one frees. NULL allowed. Returns NULL. */
struct snapshot *snapshot_unref(struct snapshot *s);

/* Sorts the peers by id and drops entries whose id is 0 or repeated (first stays). */
void snapshot_sort_peers(struct snapshot *s);

/* Binary search. NULL when there is no such association. */
const struct ntp_peer *snapshot_peer(const struct snapshot *s, uint16_t id);
/* Index of the first peer with an id >= `id`; n_peers when there is none. */
size_t snapshot_peer_from(const struct snapshot *s, uint32_t id);

/* The association the daemon calls its system peer, NULL when it has none or its
 * variables were not read. */
const struct ntp_peer *snapshot_system_peer(const struct snapshot *s);

/* RFC 5907's modes, with its numbers. */
enum ntp_mode {
	NTP_MODE_NOT_RUNNING = 1,
	NTP_MODE_NOT_SYNCHRONIZED = 2,
	NTP_MODE_NONE_CONFIGURED = 3,
	NTP_MODE_SYNC_TO_LOCAL = 4,
	NTP_MODE_SYNC_TO_REFCLOCK = 5,
	NTP_MODE_SYNC_TO_REMOTE = 6,
	NTP_MODE_UNKNOWN = 99,
};

/* By leap, stratum and the kind of the system peer (127.127.1.* local clock, other
 * 127.127.* reference clock, else remote); never by the source field of the status word,
 * which NTPsec up to 1.2.3 leaves 0. Stratum 16 or 0, leap 3 or no system peer: not
 * synchronised, or none configured when no association is. TARGET_REFUSED: not running.
 * Whatever was not read: unknown. */
enum ntp_mode snapshot_mode(const struct snapshot *s);
/* True in the three modes "sync to". */
bool snapshot_is_synchronised(const struct snapshot *s);
/* Number of configured associations. */
size_t snapshot_configured_count(const struct snapshot *s);

/* A leap second announced by the daemon (leap 1 or 2). */
struct ntp_leap {
	int direction;  /* +1, -1, or 0: none announced */
	int64_t unix_s; /* when: the daemon's `leapsec` if it lies ahead, else the end of
			 * the month its clock shows */
};
/* False when the leap indicator was not read, or one is announced and no clock was
 * read. */
bool snapshot_leap(const struct snapshot *s, struct ntp_leap *out);

#endif
