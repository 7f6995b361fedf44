/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of the status words and the words for their values. */
#include "mode6/status.h"

#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PEER_CONFIGURED = 0x8000,
	PEER_AUTHENABLE = 0x4000,
	PEER_AUTHENTIC = 0x2000,
	PEER_REACHABLE = 0x1000,
	PEER_BROADCAST = 0x0800,
};

static uint8_t
field(uint16_t word, unsigned shift, unsigned mask)
{
	return (uint8_t)((unsigned)word >> shift & mask);
}

struct m6_system_status
m6_system_status(uint16_t word)
{
	return (struct m6_system_status){
		.leap = field(word, 14, 0x3),
		.source = field(word, 8, 0x3f),
		.count = field(word, 4, 0xf),
		.event = field(word, 0, 0xf),
	};
}

struct m6_peer_status
m6_peer_status(uint16_t word)
{
	return (struct m6_peer_status){
		.is_configured = (word & PEER_CONFIGURED) != 0,
		.is_authenable = (word & PEER_AUTHENABLE) != 0,
		.is_authentic = (word & PEER_AUTHENTIC) != 0,
		.is_reachable = (word & PEER_REACHABLE) != 0,
		.is_broadcast = (word & PEER_BROADCAST) != 0,
		.selection = field(word, 8, 0x7),
		.count = field(word, 4, 0xf),
		.event = field(word, 0, 0xf),
	};
}

struct m6_clock_status
m6_clock_status(uint16_t word)
{
	return (struct m6_clock_status){
		.count = field(word, 4, 0xf),
		.event = field(word, 0, 0xf),
	};
}

static const char *const leap_texts[] = {
	"leap_none",
	"leap_add_sec",
	"leap_del_sec",
	"leap_alarm",
};

static const char *const source_texts[] = {
	"sync_unspec",
	"sync_pps",
	"sync_lf_radio",
	"sync_hf_radio",
	"sync_uhf_radio",
	"sync_local",
	"sync_ntp",
	"sync_other",
	"sync_wristwatch",
	"sync_telephone",
};

static const char *const system_events_old[] = {
	"event_unspec",
	"event_restart",
	"event_fault",
	"event_sync_chg",
	"event_peer/strat_chg",
	"event_clock_reset",
	"event_bad_date",
	"event_clock_excptn",
};

static const char *const system_events_new[] = {
	"unspecified",
	"freq_not_set",
	"freq_set",
	"spike_detect",
	"freq_mode",
	"clock_sync",
	"restart",
	"panic_stop",
	"no_sys_peer",
	"leap_armed",
	"leap_disarmed",
	"leap_event",
	"clock_step",
	"kern",
	"TAI",
	"stale_leapsecond_values",
};

static const char *const peer_events_old[] = {
	"event_unspec",
	"event_ip_err",
	"event_authen",
	"event_unreach",
	"event_reach",
	"event_peer_clock",
};

static const char *const peer_events_new[] = {
	"unspecified",
	"mobilize",
	"demobilize",
	"unreachable",
	"reachable",
	"restart",
	"no_reply",
	"rate_exceeded",
	"access_denied",
	"leap_armed",
	"sys_peer",
	"clock_event",
	"bad_auth",
	"popcorn",
	"interleave_mode",
	"interleave_error",
};

static const char *const clock_events[] = {
	"clk_unspec",
	"clk_no_reply",
	"clk_bad_format",
	"clk_fault",
	"clk_bad_signal",
	"clk_bad_date",
	"clk_bad_time",
};

static const struct {
	const char *text;
	char tally;
} selections[] = {
	{ "reject", ' ' },
	{ "falsetick", 'x' },
	{ "excess", '.' },
	{ "outlier", '-' },
	{ "candidate", '+' },
	{ "backup", '#' },
	{ "sys.peer", '*' },
	{ "pps.peer", 'o' },
};
_Static_assert(COUNT_OF(selections) == M6_SELECTION_PPSPEER + 1, "one row per selection");

static const char *
look_up(const char *const *texts, size_t n_texts, uint8_t code)
{
	return code < n_texts ? texts[code] : "unknown";
}

const char *
m6_leap_text(uint8_t leap)
{
	return look_up(leap_texts, COUNT_OF(leap_texts), leap);
}

const char *
m6_source_text(uint8_t source)
{
	return look_up(source_texts, COUNT_OF(source_texts), source);
}

const char *
m6_system_event_text(enum m6_era era, uint8_t event)
{
	if (era == M6_ERA_OLD)
		return look_up(system_events_old, COUNT_OF(system_events_old), event);
	return look_up(system_events_new, COUNT_OF(system_events_new), event);
}

const char *
m6_peer_event_text(enum m6_era era, uint8_t event)
{
	if (era == M6_ERA_OLD)
		return look_up(peer_events_old, COUNT_OF(peer_events_old), event);
	return look_up(peer_events_new, COUNT_OF(peer_events_new), event);
}

const char *
m6_clock_event_text(uint8_t event)
{
	return look_up(clock_events, COUNT_OF(clock_events), event);
}

const char *
m6_selection_text(uint8_t selection)
{
	return selection < COUNT_OF(selections) ? selections[selection].text : "unknown";
}

char
m6_selection_tally(uint8_t selection)
{
	return (
	    char)(selection < COUNT_OF(selections) ? selections[selection].tally : '?');
}
