/* SPDX-License-Identifier: BSD-2-Clause */
/* What a link says, counts and tells of its target. */
#include "client/link_impl.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "client/phase.h"

static const char *const advice[] = {
	[TARGET_UNKNOWN] = "nothing known",
	[TARGET_UP] = "answers",
	[TARGET_REFUSED] = "refused: no NTP daemon listens on that port",
	[TARGET_SILENT] = ("no answer: host down, firewall, \"restrict ... noquery\", "
			   "or a daemon without mode 6 (chronyd, OpenNTPD)"),
	[TARGET_BADANSWERS] = "its answers make no sense: probably not an ntpd",
	[TARGET_UNRESOLVED] = "its name has no address: check name and resolver",
	[TARGET_DENIED] = "the daemon denies queries: check its \"restrict\" lines",
};

void
link_log_state(struct link *l, enum target_state state, const char *detail)
{
	char address[ADDR_TEXT_MAX] = "-";

	if (state == l->state)
		return;
	l->state = state;
	if (l->n_addrs > 0)
		addr_format(&l->addrs[l->addr], true, address, sizeof(address));
	log_line(l->log, LOG_LEVEL_INFO, "target %s at %s: %s%s%s%s", l->label, address,
	    advice[state], *detail ? " (" : "", detail, *detail ? ")" : "");
}

void
link_log_shortage(struct link *l, bool is_short)
{
	if (is_short && !l->is_short)
		log_line(l->log, LOG_LEVEL_ERROR,
		    "target %s: no memory or descriptors left", l->label);
	l->is_short = is_short;
}

void
link_note_progress(struct link *l)
{
	struct m6_client_stats stats;

	m6_client_stats(l->client, &stats);
	/* After a failure it may be another daemon that answers. */
	store_keep(l->store, l->has_failed ? 0 : stats.last_reply_ns);
	if (stats.is_rate_limited == l->is_rate_limited)
		return;
	l->is_rate_limited = stats.is_rate_limited;
	log_line(l->log, LOG_LEVEL_INFO, "target %s: %s", l->label,
	    l->is_rate_limited
		? "answers only part of our requests: asking more slowly "
		  "(a \"restrict\" line without \"limited\" for this host avoids it)"
		: "answers all requests again: asking at full speed");
}

void
link_account(struct link *l, int64_t now_ns)
{
	int64_t since_ns = l->accounted_ns;

	l->accounted_ns = now_ns;
	if (since_ns == 0)
		return;
	if (snapshot_is_synchronised(store_current(l->store)))
		l->stats.synced_ns += now_ns - since_ns;
	else
		l->stats.unsynced_ns += now_ns - since_ns;
}

void
link_count_cycle(struct link *l, const struct poller_result *result, const char *reason)
{
	struct target_stats *stats = &l->stats;

	if (result->is_quick) {
		stats->quick_cycles++;
		return;
	}
	stats->cycles++;
	if (result->was_restarted || (l->has_moved && result->snapshot)) {
		l->has_moved = false;
		stats->restarts++;
		stats->restarted_wall_ns = result->wall_ns;
	}
	if (result->snapshot) {
		stats->last_success_ns = result->now_ns;
		stats->last_success_wall_ns = result->wall_ns;
		return;
	}
	stats->failed_cycles++;
	text_ascii(reason, strlen(reason), stats->last_error, sizeof(stats->last_error));
}

struct writer *
link_writer(struct link *l)
{
	return l->writer;
}

void
link_allow_writes(struct link *l, const struct m6_key *key)
{
	writer_allow(l->writer, l->target.write, key);
	link_keep_key(l, key);
}

void
link_on_record(struct link *l, link_record_fn *fn, void *ctx)
{
	l->record_fn = fn;
	l->record_ctx = ctx;
}

/* More often than once a second nobody needs to ask, and a manager must not make us. */
void
link_refresh(struct link *l)
{
	int64_t now_ns = clock_monotonic_ns();
	int64_t at_ns = l->refreshed_ns + NS_PER_S;

	if (at_ns < now_ns)
		at_ns = now_ns;
	else if (l->refreshed_ns > now_ns)
		return; /* one is on its way */
	l->refreshed_ns = at_ns;
	poller_hurry_by(l->poller, at_ns);
	link_hurry(l);
}

void
link_set_pace(struct link *l, int64_t first_ns, size_t place)
{
	poller_set_pace(l->poller, first_ns,
	    phase_of(place, l->target.interval_s * NS_PER_S));
}

const struct target *
link_target(const struct link *l)
{
	return &l->target;
}

struct snapshot *
link_snapshot(const struct link *l)
{
	return store_current(l->store);
}

void
link_stats(const struct link *l, struct target_stats *out)
{
	struct m6_client_stats stats;
	struct subscriber_state push;

	m6_client_stats(l->client, &stats);
	subscriber_state(l->subscriber, &push);
	*out = l->stats;
	out->requests = stats.requests;
	out->retransmits = stats.retransmits;
	out->replies = stats.replies;
	out->ignored = stats.ignored;
	out->timeouts = stats.timeouts;
	out->bad_macs = stats.bad_macs;
	out->srtt_ns = stats.srtt_ns;
	out->is_rate_limited = stats.is_rate_limited;
	out->push = push.state;
	out->push_messages = push.n_messages;
	out->push_ignored = push.n_ignored;
}

void
link_want(struct link *l, uint16_t assoc, const char *name, size_t name_len)
{
	poller_want(l->poller, assoc, name, name_len);
}
