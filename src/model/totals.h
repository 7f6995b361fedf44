/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters that a daemon zeroes now and then, added up to totals since it started. */
#ifndef MODEL_TOTALS_H
#define MODEL_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/system.h"

/* Running total of one counter. Zeroed: nothing seen yet. */
struct ntp_total {
	bool is_started;
	uint64_t base;          /* what earlier periods added up to */
	uint64_t last;          /* the counter when it was last seen */
	uint64_t last_age_s;    /* seconds since its reset, then */
	uint64_t last_uptime_s; /* the daemon's uptime, then; 0 unknown */
};

/* Takes a reading: `value` counted over `age_s` seconds since the counter's last reset,
 * read `uptime_s` seconds after the daemon's start (0 unknown).
 * A reset since the last reading shows as a smaller value, or as an age that did not grow
 * with time, as the uptime tells it (ntp.org zeroes ss_* hourly, seen on 4.2.8p15).
 * Returns the total. */
uint64_t ntp_total_add(struct ntp_total *t, uint64_t value, uint64_t age_s,
    uint64_t uptime_s);

/* What is counted up. */
enum ntp_total_kind {
	NTP_TOTAL_RECEIVED, /* ss_received, and so on */
	NTP_TOTAL_THISVER,
	NTP_TOTAL_OLDVER,
	NTP_TOTAL_BADFORMAT,
	NTP_TOTAL_BADAUTH,
	NTP_TOTAL_DECLINED,
	NTP_TOTAL_RESTRICTED,
	NTP_TOTAL_LIMITED,
	NTP_TOTAL_KODSENT,
	NTP_TOTAL_PROCESSED,
	NTP_TOTAL_LAMPORT,
	NTP_TOTAL_TSROUNDING,
	NTP_TOTAL_SENT, /* io_sent */
	NTP_TOTAL_COUNT
};

/* The totals of a target over one life of its daemon. */
struct ntp_totals {
	bool has_running; /* the daemon counts totals itself ("_r") */
	struct ntp_total parts[NTP_TOTAL_COUNT];
};

/* Totals as served, with presence. */
struct ntp_total_values {
	bool has_in_packets, has_out_packets, has_protocol_errors;
	uint64_t in_packets;      /* ss_received */
	uint64_t out_packets;     /* io_sent */
	uint64_t protocol_errors; /* bad format + bad authentication + declined */

	uint32_t seen; /* bit: enum ntp_total_kind */
	uint64_t counts[NTP_TOTAL_COUNT];
};
/* False when it has none. */
bool ntp_total_get(const struct ntp_total_values *v, enum ntp_total_kind kind,
    uint64_t *out);

/* Feeds one reading of the system variables. NTPsec's "_r" counters are totals already
 * and are taken as they are; otherwise ss_* and io_sent are accumulated, which takes
 * their age too. A value whose source is absent is absent; so is one of a daemon that has
 * "_r" counters when they were not read this time. */
void ntp_totals_update(struct ntp_totals *t, const struct ntp_system *s,
    struct ntp_total_values *out);

#endif
