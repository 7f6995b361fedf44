/* SPDX-License-Identifier: BSD-2-Clause */
/* The system status word, and what its event codes mean: daemons up to 4.2.4 have another
 * table than those since. */
#ifndef MODEL_STATUS_H
#define MODEL_STATUS_H

#include "model/system.h"

/* The parts of the word as they stand in it. */
struct ntp_status_parts {
	uint8_t leap;        /* 0..3 */
	uint8_t source;      /* 0..63 */
	uint8_t event_count; /* 0..15 */
	uint8_t event;       /* 0..15 */
};
struct ntp_status_parts ntp_status_parts(uint16_t word);

/* Kinds of sources; what a daemon before 4.2.5 says of a PPS signal besides is left out.
 */
enum ntp_source {
	NTP_SOURCE_UNSPECIFIED,
	NTP_SOURCE_PPS,
	NTP_SOURCE_LF_RADIO,
	NTP_SOURCE_HF_RADIO,
	NTP_SOURCE_UHF_RADIO,
	NTP_SOURCE_LOCAL,
	NTP_SOURCE_NTP,
	NTP_SOURCE_OTHER,
	NTP_SOURCE_WRISTWATCH,
	NTP_SOURCE_TELEPHONE,
	NTP_SOURCE_COUNT
};

/* Events, by the codes of today; behind them those that only old daemons have. */
enum ntp_event {
	NTP_EVENT_UNSPECIFIED,
	NTP_EVENT_FREQUENCY_NOT_SET,
	NTP_EVENT_FREQUENCY_SET,
	NTP_EVENT_SPIKE,
	NTP_EVENT_FREQUENCY_MODE,
	NTP_EVENT_CLOCK_SYNC,
	NTP_EVENT_RESTART,
	NTP_EVENT_PANIC,
	NTP_EVENT_NO_SYSTEM_PEER,
	NTP_EVENT_LEAP_ARMED,
	NTP_EVENT_LEAP_DISARMED,
	NTP_EVENT_LEAP,
	NTP_EVENT_CLOCK_STEP,
	NTP_EVENT_KERNEL,
	NTP_EVENT_TAI,
	NTP_EVENT_STALE_LEAPSECONDS,
	NTP_EVENT_FAULT, /* from here on old ones */
	NTP_EVENT_SOURCE_CHANGE,
	NTP_EVENT_PEER_CHANGE, /* or stratum */
	NTP_EVENT_BAD_DATE,
	NTP_EVENT_CLOCK_EXCEPTION,
	NTP_EVENT_COUNT
};

/* Whether the daemon is one before 4.2.5, whose development changed the codes. False when
 * its version does not tell. */
bool ntp_status_is_old(const struct ntp_system *s);

/* The source and last event in the word of `s`; false when there is no word, the code is
 * unknown, or the version was not read. */
bool ntp_status_source(const struct ntp_system *s, enum ntp_source *out);
bool ntp_status_event(const struct ntp_system *s, enum ntp_event *out);

#endif
