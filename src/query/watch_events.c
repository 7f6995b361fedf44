/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened between two readings, a line each. What is of the system is found by
 * model/diff. Associations are compared here, each by itself: model/notices, which does
 * that for managers, waits for whoever is on the way, and folds what flutters. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/assoc.h"
#include "query/watch.h"

enum { EVENT_UNREACHABLE = 3, EVENT_REACHABLE = 4, TEXT_MAX = 160 };

/* What is told of one. Texts are borrowed. */
struct event {
	const char *word;
	const struct ntp_peer *peer; /* NULL: it is of the host */
	const char *from, *to;       /* NULL: no such thing; `from` never alone */
	unsigned count;              /* times, 0 and 1: once */
	bool is_between;             /* it was lost meanwhile, which no reading shows */
};

struct teller {
	struct query *q;
	const struct snapshot *before, *after;
	char time[WATCH_TIME_MAX];
};

/* --- telling ------------------------------------------------------------------------ */

static void
print_json(const struct teller *t, const struct event *e, const char *name)
{
	struct out *o = &t->q->out;

	out_open(o, NULL, '{');
	out_string_z(o, "host", t->q->host);
	out_string_z(o, "command", "watch");
	out_string_z(o, "time", t->time);
	out_string_z(o, "event", e->word);
	if (e->peer) {
		out_number(o, "associd", e->peer->id);
		out_string_z(o, "remote", name);
	}
	if (e->from)
		out_string_z(o, "from", e->from);
	if (e->to)
		out_string_z(o, "to", e->to);
	out_number(o, "count", e->count > 0 ? e->count : 1);
	out_bool(o, "lost_between", e->is_between);
	out_close(o, '}');
}

static void
tell(const struct teller *t, const struct event *e)
{
	char name[PEERS_NAME_MAX] = "", who[QUERY_HOST_MAX + 1], times[32] = "";
	char what[OUT_LINE_MAX / 4] = "";

	if (e->peer && peers_name(t->q, e->peer, t->q->wants_names, name) == 0)
		text_format(name, sizeof(name), "-");
	if (t->q->out.is_json) {
		print_json(t, e, name);
		return;
	}
	if (e->peer)
		text_format(who, sizeof(who), "%s (%u)", name, e->peer->id);
	else
		text_format(who, sizeof(who), "%s", t->q->host);
	if (e->from)
		text_format(what, sizeof(what), " %s -> %s", e->from, e->to);
	else if (e->to)
		text_format(what, sizeof(what), ": %s", e->to);
	if (e->count > 1)
		text_format(times, sizeof(times), ", %u times", e->count);
	out_line(&t->q->out, "%s %s: %s%s%s%s", t->time, who, e->word, what, times,
	    e->is_between ? ", lost in between" : "");
}

/* --- associations ------------------------------------------------------------------- */

static const char *
auth_text(const struct ntp_peer *p)
{
	static const char *const texts[] = {
		[NTP_ASSOC_AUTH_NONE] = "none",
		[NTP_ASSOC_AUTH_OK] = "ok",
		[NTP_ASSOC_AUTH_BAD] = "bad",
		[NTP_ASSOC_AUTH_YES] = "yes",
	};

	return texts[ntp_assoc_auth(p)];
}

/* The event the status word shows last, as far as it is news. Being reachable or not was
 * told already, if it happened once. */
static void
tell_last_event(const struct teller *t, const struct ntp_peer *before,
    const struct ntp_peer *after)
{
	uint8_t code = m6_peer_status(after->status).event;
	unsigned n = ntp_status_events(before->status, after->status, code);
	bool is_turned = before->is_reachable != after->is_reachable;
	struct event e = {
		.word = "event",
		.peer = after,
		.to = m6_peer_event_text(t->q->era, code),
		.count = n,
	};

	if (n == 0 || code == 0 ||
	    (n == 1 && is_turned &&
		code == (after->is_reachable ? EVENT_REACHABLE : EVENT_UNREACHABLE)))
		return;
	e.is_between = code == EVENT_REACHABLE && !is_turned;
	tell(t, &e);
}

static void
tell_peer(const struct teller *t, const struct ntp_peer *before,
    const struct ntp_peer *after)
{
	struct event e = { .peer = after };

	if (before->is_reachable != after->is_reachable) {
		e.word = after->is_reachable ? "reachable" : "unreachable";
		tell(t, &e);
	}
	if (before->selection != after->selection) {
		e.word = "selection";
		e.from = m6_selection_text(before->selection);
		e.to = m6_selection_text(after->selection);
		tell(t, &e);
	}
	if (ntp_assoc_auth(before) != ntp_assoc_auth(after)) {
		e.word = "authentication";
		e.from = auth_text(before);
		e.to = auth_text(after);
		tell(t, &e);
	}
	tell_last_event(t, before, after);
}

static void
tell_peers(const struct teller *t)
{
	for (size_t i = 0; i < t->after->n_peers; i++) {
		const struct ntp_peer *after = &t->after->peers[i];
		const struct ntp_peer *before = snapshot_peer(t->before, after->id);

		if (before && ntp_diff_same_peer(before, after))
			tell_peer(t, before, after);
	}
}

/* --- the system --------------------------------------------------------------------- */

static void
tell_stratum(const struct teller *t, const struct ntp_change *change)
{
	char from[16], to[16];
	struct event e = { .word = "stratum", .from = from, .to = to };

	text_format(from, sizeof(from), "%d", (int)change->from);
	text_format(to, sizeof(to), "%d", (int)change->to);
	tell(t, &e);
}

/* Lost and chosen again in between, it is the same one twice. */
static void
tell_system_peer(const struct teller *t, const struct ntp_change *change)
{
	char from[PEERS_NAME_MAX], to[PEERS_NAME_MAX];
	struct event e = { .word = "system peer",
		.from = from,
		.to = to,
		.is_between = change->from == change->to };

	watch_name(t->q, t->before, (uint16_t)change->from, from);
	watch_name(t->q, t->after, (uint16_t)change->to, to);
	tell(t, &e);
}

static void
tell_change(const struct teller *t, const struct ntp_change *change)
{
	struct event e = { .word = "appeared", .peer = change->peer };

	switch (change->kind) {
	case NTP_CHANGE_STRATUM:
		tell_stratum(t, change);
		break;
	case NTP_CHANGE_SYSPEER:
		tell_system_peer(t, change);
		break;
	case NTP_CHANGE_ADDED:
		tell(t, &e);
		break;
	case NTP_CHANGE_REMOVED:
		e.word = "gone";
		e.peer = change->former;
		tell(t, &e);
		break;
	case NTP_CHANGE_LEAP: /* told by the indicator, which has four values */
	case NTP_CHANGE_MODE: /* follows from stratum, leap and source */
	case NTP_CHANGE_CONFIG:
	case NTP_CHANGE_KINDS:
		break;
	}
}

static void
tell_system(const struct teller *t)
{
	const struct ntp_system *before = t->before->system, *after = t->after->system;
	uint8_t code = m6_system_status(after->status).event;
	unsigned n = ntp_status_events(before->status, after->status, code);
	struct event leap = { .word = "leap",
		.from = m6_leap_text(before->leap),
		.to = m6_leap_text(after->leap) };
	struct event last = { .word = "event",
		.to = m6_system_event_text(t->q->era, code),
		.count = n };

	if (ntp_system_has(before, NTP_SYS_LEAP) && ntp_system_has(after, NTP_SYS_LEAP) &&
	    before->leap != after->leap)
		tell(t, &leap);
	if (n > 0 && code != 0)
		tell(t, &last);
}

/* --- a reading ---------------------------------------------------------------------- */

static void
tell_beginning(const struct teller *t)
{
	char text[TEXT_MAX], peer[PEERS_NAME_MAX];
	struct event e = { .word = "watching", .to = text };

	watch_name(t->q, t->after, t->after->system->peer, peer);
	text_format(text, sizeof(text), "%zu associations, stratum %u, system peer %s",
	    t->after->n_peers, t->after->system->stratum, peer);
	tell(t, &e);
}

/* An answer, after none. */
static void
tell_back(const struct teller *t, int64_t silent_ns)
{
	char text[TEXT_MAX];
	struct event e = { .word = "answers", .to = text };

	text_format(text, sizeof(text), "again after %lld s",
	    (long long)(silent_ns / NS_PER_S));
	tell(t, &e);
}

static void
tell_silence(const struct teller *t)
{
	const char *reason = t->q->error;
	size_t len = strlen(t->q->host);
	struct event e = { .word = "silent" };

	if (strncmp(reason, t->q->host, len) == 0 && strncmp(reason + len, ": ", 2) == 0)
		reason += len + 2;
	e.to = reason;
	tell(t, &e);
}

static void
tell_answer(const struct watch_events *e, const struct teller *t)
{
	static const struct event restarted = { .word = "restarted" };

	if (!t->before) {
		tell_beginning(t);
		return;
	}
	if (ntp_diff_restarted(t->before, t->after)) {
		tell(t, &restarted);
		tell_beginning(t);
		return;
	}
	e->changes->n = e->changes->n_left_out = 0;
	ntp_diff_state(t->before, t->after, e->changes);
	for (size_t i = 0; i < e->changes->n; i++)
		tell_change(t, &e->changes->items[i]);
	if (e->changes->n_left_out > 0)
		out_error(&t->q->out, "%zu more came and went", e->changes->n_left_out);
	tell_system(t);
	tell_peers(t);
}

int
watch_events_show(struct watch_events *e, struct query *q, const struct watch_round *r,
    int64_t wall_ns)
{
	struct teller t = { .q = q, .before = e->last, .after = r->picture };
	bool was_silent = e->is_silent;

	if (!e->changes)
		e->changes = mem_calloc(1, sizeof(*e->changes));
	if (!e->changes)
		return ERR_NOMEM;
	watch_time(wall_ns, t.time);
	e->is_silent = r->picture->state != TARGET_UP;
	if (e->heard_ns == 0)
		e->heard_ns = wall_ns;
	if (e->is_silent) {
		if (!was_silent)
			tell_silence(&t);
		return 0;
	}
	if (was_silent)
		tell_back(&t, wall_ns - e->heard_ns);
	tell_answer(e, &t);
	e->heard_ns = wall_ns;
	snapshot_ref(r->picture);
	snapshot_unref(e->last);
	e->last = r->picture;
	return 0;
}

void
watch_events_clear(struct watch_events *e)
{
	snapshot_unref(e->last);
	mem_free(e->changes);
	*e = (struct watch_events){ .changes = NULL };
}
