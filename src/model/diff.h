/* SPDX-License-Identifier: BSD-2-Clause */
/* What changed between two pictures of one daemon, as far as somebody wants to be told.
 */
#ifndef MODEL_DIFF_H
#define MODEL_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"

enum ntp_change_kind {
	NTP_CHANGE_MODE,
	NTP_CHANGE_STRATUM,
	NTP_CHANGE_SYSPEER,
	NTP_CHANGE_ADDED,   /* an association */
	NTP_CHANGE_REMOVED, /* an association */
	NTP_CHANGE_CONFIG,
	NTP_CHANGE_LEAP,
	NTP_CHANGE_KINDS
};

/* Associations borrow from the pictures compared. */
struct ntp_change {
	enum ntp_change_kind kind;
	/* MODE: enum ntp_mode. STRATUM: 1..16. SYSPEER: association ids, 0 none, the same
	 * twice when it was lost and chosen again in between. LEAP: directions, 0 twice
	 * when one was announced and withdrawn in between. */
	int32_t from, to;
	/* ADDED: `peer`. REMOVED: `former`. SYSPEER: both, as far as there is one.
	 * CONFIG: a configured association that came and one that went, if any. */
	const struct ntp_peer *peer, *former;
	/* CONFIG: how many configured associations came and went. */
	uint32_t n_added, n_removed;
};

enum { NTP_CHANGES_MAX = 1000 };
struct ntp_changes {
	size_t n;
	size_t n_left_out; /* for want of room */
	struct ntp_change items[NTP_CHANGES_MAX];
};

/* A daemon in its first seconds may still look up the names in its configuration. */
enum { NTP_SETTLED_AFTER_S = 10 };
/* So many configured associations are compared one by one across a restart; of more only
 * the number. */
enum { NTP_CONFIG_COMPARED_MAX = 1000 };

/* Events with `code` that a status word shows since the word before: at least so many,
 * since a later event of another kind hides them and daemons stop counting at 15. A count
 * that went back began anew (an authenticated reader zeroes it, or it wrapped): what it
 * shows then is new. */
unsigned ntp_status_events(uint16_t before, uint16_t after, uint8_t code);

/* Was the daemon started anew in between two answers? By its version; by its uptime,
 * which went back or grew clearly less than time did; without an uptime, by not one
 * association being the same. */
bool ntp_diff_restarted(const struct snapshot *before, const struct snapshot *after);

/* The same association, as seen in two pictures? By id, and by name or address as far as
 * both are known: ids are used again. */
bool ntp_diff_same_peer(const struct ntp_peer *before, const struct ntp_peer *after);

/* Each appends to *out what it finds, in order of the kinds.
 *
 * The mode, in any states. What stood before the first answer is no mode that could
 * change. */
void ntp_diff_mode(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out);
/* Stratum, system peer, associations and leap second of one life of the daemon: both must
 * be in state TARGET_UP; nothing is found across a restart. */
void ntp_diff_state(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out);
/* The set of configured associations, by id in one life of the daemon and by name or
 * address across a restart. Both in state TARGET_UP. */
void ntp_diff_config(const struct snapshot *before, const struct snapshot *after,
    struct ntp_changes *out);

/* What the next picture of a daemon is to be compared with. Zeroed: nothing yet. Fields
 * are private. */
struct ntp_past {
	struct snapshot *seen;   /* the last one, in any state */
	struct snapshot *state;  /* the last one that told everything */
	struct snapshot *config; /* the same; after a restart the last one before it */
};

/* Is `after`, which has just replaced `before`, no picture to compare? Torn ones are
 * none, but only once in a row: associations that come and go all the time must not
 * silence the rest. */
bool ntp_past_skips(const struct snapshot *before, const struct snapshot *after);

/* Compares `after` with the past, and as long as that is empty with `before`, which it
 * has just replaced. The first picture with answers has nothing to be compared with; one
 * that lacks what the last one told waits for the next. Configured associations are not
 * compared before the daemon has settled. *out is new; associations in it are valid until
 * the past changes. */
void ntp_past_compare(const struct ntp_past *past, const struct snapshot *before,
    const struct snapshot *after, struct ntp_changes *out);
/* Makes `after` part of the past, by a reference of its own, as far as it was compared.
 */
void ntp_past_learn(struct ntp_past *past, struct snapshot *after);
void ntp_past_clear(struct ntp_past *past);

#endif
