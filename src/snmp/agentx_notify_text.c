/* SPDX-License-Identifier: BSD-2-Clause */
/* Notices in words, for people who are called at night. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "model/assoc.h"
#include "model/ntp_time.h"
#include "model/snapshot.h"
#include "snmp/agentx_notify.h"
#include "snmp/notify_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { DRAFT_MAX = 512, NUMBER_MAX = 32 };

/* A text that grows; what does not fit is left out. */
struct draft {
	char text[DRAFT_MAX];
	size_t len;
};

#define ADD(draft, ...) \
	((draft)->len += text_format((draft)->text + (draft)->len, \
	     sizeof((draft)->text) - (draft)->len, __VA_ARGS__))

static const char *
word_of(const char *const *words, size_t n, int32_t number)
{
	return number >= 0 && (size_t)number < n && words[number] ? words[number]
								  : "unknown";
}

#define WORD_OF(words, number) word_of((words), COUNT(words), (number))

static const char *const selections[] = { "rejected", "falseticker", "excess", "outlier",
	"candidate", "backup", "system peer", "system peer with PPS" };

static const char *const events[NTP_ASSOC_EVENT_COUNT] = {
	[NTP_ASSOC_EVENT_UNSPECIFIED] = "none",
	[NTP_ASSOC_EVENT_MOBILIZE] = "mobilized",
	[NTP_ASSOC_EVENT_DEMOBILIZE] = "demobilized",
	[NTP_ASSOC_EVENT_UNREACHABLE] = "unreachable",
	[NTP_ASSOC_EVENT_REACHABLE] = "reachable",
	[NTP_ASSOC_EVENT_RESTART] = "restarted",
	[NTP_ASSOC_EVENT_NO_REPLY] = "no reply",
	[NTP_ASSOC_EVENT_RATE_EXCEEDED] = "rate exceeded",
	[NTP_ASSOC_EVENT_ACCESS_DENIED] = "access denied",
	[NTP_ASSOC_EVENT_LEAP_ARMED] = "leap second armed",
	[NTP_ASSOC_EVENT_SYSTEM_PEER] = "became system peer",
	[NTP_ASSOC_EVENT_CLOCK] = "clock exception",
	[NTP_ASSOC_EVENT_BAD_AUTH] = "bad authentication",
	[NTP_ASSOC_EVENT_POPCORN] = "spike suppressed",
	[NTP_ASSOC_EVENT_INTERLEAVE_MODE] = "interleaved mode",
	[NTP_ASSOC_EVENT_INTERLEAVE_ERROR] = "interleave error",
	[NTP_ASSOC_EVENT_ADDRESS_ERROR] = "address error",
};

static const char *const auths[] = {
	[NTP_ASSOC_AUTH_NONE] = "none",
	[NTP_ASSOC_AUTH_OK] = "ok",
	[NTP_ASSOC_AUTH_BAD] = "bad",
	[NTP_ASSOC_AUTH_YES] = "yes",
};

static const char *const types[NTP_ASSOC_TYPE_COUNT] = {
	[NTP_ASSOC_TYPE_LOCAL] = "reference clock",
	[NTP_ASSOC_TYPE_UNICAST] = "unicast",
	[NTP_ASSOC_TYPE_SYMMETRIC_ACTIVE] = "symmetric active",
	[NTP_ASSOC_TYPE_SYMMETRIC_PASSIVE] = "symmetric passive",
	[NTP_ASSOC_TYPE_BROADCAST_SERVER] = "broadcast server",
	[NTP_ASSOC_TYPE_MULTICAST_SERVER] = "multicast server",
	[NTP_ASSOC_TYPE_BROADCAST_CLIENT] = "broadcast client",
	[NTP_ASSOC_TYPE_MULTICAST_CLIENT] = "multicast client",
	[NTP_ASSOC_TYPE_MANYCAST_CLIENT] = "manycast client",
	[NTP_ASSOC_TYPE_POOL] = "pool",
};

static const char *const exceptions[] = { "nominal", "no reply", "bad format", "fault",
	"bad signal", "bad date", "bad time" };

static void
add_peer(struct draft *d, const struct ntp_notice_peer *peer)
{
	char text[NOTIFY_PEER_MAX];

	notify_print_peer(peer->name, peer->id, text, sizeof(text));
	ADD(d, "%s", text);
}

/* What happened between two polls may be over already. */
static const char *
is_or_was(const struct ntp_notice *n)
{
	return n->cause == NTP_CAUSE_COUNTED ? "was" : "is";
}

/* --- associations ------------------------------------------------------------------- */

/* Registers are known in octal, as ntpq shows them, and flash bits in hexadecimal. */
static void
say_changed(struct draft *d, const struct ntp_notice *n)
{
	add_peer(d, &n->peer);
	if (n->was != n->is)
		ADD(d, " changed from %s to %s", WORD_OF(selections, n->was),
		    WORD_OF(selections, n->is));
	else
		ADD(d, " changed, and is %s as before", WORD_OF(selections, n->is));
	if (n->reach_is != n->reach_was && n->reach_was != NTP_NOTICE_UNKNOWN)
		ADD(d, ", reach from %o", (unsigned)n->reach_was);
	if (n->reach_is != n->reach_was && n->reach_is != NTP_NOTICE_UNKNOWN)
		ADD(d, "%s to %o", n->reach_was == NTP_NOTICE_UNKNOWN ? ", reach" : "",
		    (unsigned)n->reach_is);
	if (n->flash_is != n->flash_was && n->flash_is != NTP_NOTICE_UNKNOWN)
		ADD(d, ", flash %x", (unsigned)n->flash_is);
	if (n->event > NTP_ASSOC_EVENT_UNSPECIFIED)
		ADD(d, ", last event: %s", WORD_OF(events, n->event));
}

static void
say_reach(struct draft *d, const struct ntp_notice *n, const char *what)
{
	add_peer(d, &n->peer);
	ADD(d, " %s %s", is_or_was(n), what);
	if (n->reach_is != NTP_NOTICE_UNKNOWN)
		ADD(d, " (reach %o)", (unsigned)n->reach_is);
}

static void
say_unreachable(struct draft *d, const struct ntp_notice *n)
{
	say_reach(d, n, "unreachable");
}

static void
say_reachable(struct draft *d, const struct ntp_notice *n)
{
	if (n->cause != NTP_CAUSE_GONE) {
		say_reach(d, n, "reachable again");
		return;
	}
	add_peer(d, &n->peer);
	ADD(d, " is no longer unreachable");
}

static void
say_auth_failed(struct draft *d, const struct ntp_notice *n)
{
	ADD(d, "authentication of ");
	add_peer(d, &n->peer);
	ADD(d, " failed (auth %s)", WORD_OF(auths, n->is));
}

static void
say_auth_restored(struct draft *d, const struct ntp_notice *n)
{
	ADD(d, "authentication of ");
	add_peer(d, &n->peer);
	ADD(d, " no longer fails");
	if (n->cause != NTP_CAUSE_GONE)
		ADD(d, " (auth %s)", WORD_OF(auths, n->is));
}

static void
say_type(struct draft *d, const struct ntp_notice *n)
{
	add_peer(d, &n->peer);
	ADD(d, " changed its type from %s to %s", WORD_OF(types, n->was),
	    WORD_OF(types, n->is));
}

/* A fault that the counters show may be none, or none any more, by the status word. */
static void
say_clock_fault(struct draft *d, const struct ntp_notice *n)
{
	ADD(d, "reference clock ");
	add_peer(d, &n->peer);
	ADD(d, " has a fault");
	if (n->is != 0)
		ADD(d, ": %s", WORD_OF(exceptions, n->is));
}

static void
say_clock_clear(struct draft *d, const struct ntp_notice *n)
{
	ADD(d, "reference clock ");
	add_peer(d, &n->peer);
	ADD(d, " no longer has a fault");
	if (n->was != 0)
		ADD(d, ": it was %s", WORD_OF(exceptions, n->was));
}

static void
say_system_peer(struct draft *d, const struct ntp_notice *n)
{
	char from[NOTIFY_PEER_MAX], to[NOTIFY_PEER_MAX];

	notify_print_peer(n->former.name, n->former.id, from, sizeof(from));
	notify_print_peer(n->peer.name, n->peer.id, to, sizeof(to));
	notify_print_system_peer(from, to, d->text + d->len, sizeof(d->text) - d->len);
	d->len += strlen(d->text + d->len);
}

/* --- the daemon --------------------------------------------------------------------- */

static void
say_sync_lost(struct draft *d, const struct ntp_notice *n)
{
	ADD(d, "synchronization lost: %s, was %s", notify_mode_text(n->is),
	    notify_mode_text(n->was));
}

static void
say_sync_restored(struct draft *d, const struct ntp_notice *n)
{
	ADD(d, "synchronization restored: %s, was %s", notify_mode_text(n->is),
	    notify_mode_text(n->was));
}

static void
say_stepped(struct draft *d, const struct ntp_notice *n)
{
	(void)n;
	ADD(d, "the clock was stepped");
}

static void
say_offset(struct draft *d, const struct ntp_notice *n, const char *what)
{
	char offset[NUMBER_MAX], limit[NUMBER_MAX];

	ntp_ms_format_unit(n->offset_ns, offset, sizeof(offset));
	ntp_ms_format_unit(n->limit_ns, limit, sizeof(limit));
	ADD(d, "offset %s is %s (limit %s)", offset, what, limit);
}

static void
say_outside(struct draft *d, const struct ntp_notice *n)
{
	say_offset(d, n, "outside its limits");
}

static void
say_inside(struct draft *d, const struct ntp_notice *n)
{
	say_offset(d, n, "inside its limits again");
}

static void
say_sources(struct draft *d, const struct ntp_notice *n, const char *what)
{
	ADD(d, "%s: %d of at least %u", what, (int)n->is, (unsigned)n->sources_min);
}

static void
say_few(struct draft *d, const struct ntp_notice *n)
{
	say_sources(d, n, "too few usable sources");
}

static void
say_enough(struct draft *d, const struct ntp_notice *n)
{
	say_sources(d, n, "enough usable sources again");
}

static void
say_silent(struct draft *d, const struct ntp_notice *n)
{
	ADD(d, "the daemon does not answer: %s",
	    target_state_text((enum target_state)n->is));
}

static void
say_answers(struct draft *d, const struct ntp_notice *n)
{
	ADD(d, "the daemon answers again, was: %s",
	    target_state_text((enum target_state)n->was));
}

static void
say_restarted(struct draft *d, const struct ntp_notice *n)
{
	(void)n;
	ADD(d, "the daemon was restarted");
}

static void
say_leap(struct draft *d, const struct ntp_notice *n)
{
	if (n->is == 0)
		ADD(d, "a leap second was announced, and withdrawn again");
	else
		ADD(d, "leap second announced: a second will be %s",
		    n->is == 1 ? "inserted" : "left out");
}

/* --- the agent ---------------------------------------------------------------------- */

static void
say_test(struct draft *d, const struct ntp_notice *n)
{
	(void)n;
	ADD(d, "this is a test");
}

static void
say_lost(struct draft *d, const struct ntp_notice *n)
{
	ADD(d, "%llu notification%s lost before the master agent took %s",
	    (unsigned long long)n->lost, n->lost == 1 ? " was" : "s were",
	    n->lost == 1 ? "it" : "them");
}

static void (*const sayings[NTP_NOTICE_END])(struct draft *d,
    const struct ntp_notice *n) = {
	[NTP_NOTICE_PEER_CHANGED] = say_changed,
	[NTP_NOTICE_PEER_UNREACHABLE] = say_unreachable,
	[NTP_NOTICE_PEER_REACHABLE] = say_reachable,
	[NTP_NOTICE_AUTH_FAILED] = say_auth_failed,
	[NTP_NOTICE_AUTH_RESTORED] = say_auth_restored,
	[NTP_NOTICE_TYPE_CHANGED] = say_type,
	[NTP_NOTICE_SYNC_LOST] = say_sync_lost,
	[NTP_NOTICE_SYNC_RESTORED] = say_sync_restored,
	[NTP_NOTICE_SYSTEM_PEER_CHANGED] = say_system_peer,
	[NTP_NOTICE_CLOCK_STEPPED] = say_stepped,
	[NTP_NOTICE_OFFSET_OUTSIDE] = say_outside,
	[NTP_NOTICE_OFFSET_INSIDE] = say_inside,
	[NTP_NOTICE_SOURCES_FEW] = say_few,
	[NTP_NOTICE_SOURCES_ENOUGH] = say_enough,
	[NTP_NOTICE_DAEMON_UNREACHABLE] = say_silent,
	[NTP_NOTICE_DAEMON_REACHABLE] = say_answers,
	[NTP_NOTICE_DAEMON_RESTARTED] = say_restarted,
	[NTP_NOTICE_CLOCK_FAULT] = say_clock_fault,
	[NTP_NOTICE_CLOCK_CLEAR] = say_clock_clear,
	[NTP_NOTICE_LEAP_ANNOUNCED] = say_leap,
	[NTP_NOTICE_TEST] = say_test,
	[NTP_NOTICE_LOST] = say_lost,
};

/* What of a daemon nobody sees any more. */
static const char *const unwatched[NTP_NOTICE_END] = {
	[NTP_NOTICE_SYNC_RESTORED] = "synchronization",
	[NTP_NOTICE_OFFSET_INSIDE] = "the offset",
	[NTP_NOTICE_SOURCES_ENOUGH] = "the number of usable sources",
	[NTP_NOTICE_DAEMON_REACHABLE] = "the daemon",
};

static bool
has_lost_target(const struct ntp_notice *n)
{
	return n->cause == NTP_CAUSE_GONE && unwatched[n->kind];
}

/* Only where it says something. */
static const char *
cause_text(const struct ntp_notice *n)
{
	switch (n->cause) {
	case NTP_CAUSE_COUNTED:
		return " (between two polls)";
	case NTP_CAUSE_STANDING:
		return " (so since the first look)";
	case NTP_CAUSE_GONE:
		return has_lost_target(n) ? " (target removed)"
					  : " (association removed)";
	case NTP_CAUSE_OBSERVED:
	case NTP_CAUSE_REQUESTED:
		break;
	}
	return "";
}

size_t
agentx_notice_text(const char *target, const struct ntp_notice *notice, char *out,
    size_t cap)
{
	struct draft d = { "", 0 };

	if (target[0] != '\0')
		ADD(&d, "%s: ", target);
	if (has_lost_target(notice))
		ADD(&d, "%s is no longer watched", unwatched[notice->kind]);
	else
		sayings[notice->kind](&d, notice);
	if (notice->count > 1)
		ADD(&d, " (%u changes)", (unsigned)notice->count);
	ADD(&d, "%s", cause_text(notice));
	return text_utf8(d.text, d.len, out, cap);
}
