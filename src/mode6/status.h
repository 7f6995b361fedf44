/* SPDX-License-Identifier: BSD-2-Clause */
/* The three status words, taken apart and in words. Event tables are those of ntp.org
 * from 4.2.6 on and NTPsec; the older set is kept for daemons up to 4.2.4. */
#ifndef MODE6_STATUS_H
#define MODE6_STATUS_H

#include <stdbool.h>
#include <stdint.h>

struct m6_system_status {
	uint8_t leap;   /* 0..3 */
	uint8_t source; /* 0..63; derive no mode from it: 0 in NTPsec up to 1.2.3 */
	uint8_t count;  /* events of the last kind, stops at 15 */
	uint8_t event;  /* 0..15 */
};

struct m6_peer_status {
	bool is_configured, is_authenable, is_authentic, is_reachable, is_broadcast;
	uint8_t selection; /* 0..7: reject .. pps.peer */
	uint8_t count;
	uint8_t event;
};

struct m6_clock_status {
	uint8_t count;
	uint8_t event;
};

enum { M6_SELECTION_SYSPEER = 6, M6_SELECTION_PPSPEER = 7 };

struct m6_system_status m6_system_status(uint16_t word);
struct m6_peer_status m6_peer_status(uint16_t word);
struct m6_clock_status m6_clock_status(uint16_t word);

enum m6_era { M6_ERA_OLD, M6_ERA_NEW }; /* up to 4.2.4; since 4.2.6 */

/* Words for the codes, as today's ntpq prints them; never NULL, "unknown" for codes
 * outside the table. */
const char *m6_leap_text(uint8_t leap);
const char *m6_source_text(uint8_t source);
const char *m6_system_event_text(enum m6_era era, uint8_t event);
const char *m6_peer_event_text(enum m6_era era, uint8_t event);
const char *m6_clock_event_text(uint8_t event);
const char *m6_selection_text(uint8_t selection);
char m6_selection_tally(uint8_t selection);

#endif
