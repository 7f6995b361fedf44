/* SPDX-License-Identifier: BSD-2-Clause */
/* Moments from rows, and notices as text. */
#include "support/check.h"

#include "support/notice_bench.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"

void
notice_bench_open(struct notice_bench *b)
{
	*b = (struct notice_bench){
		.notices = ntp_notices_new(),
		.settings = { NTP_NOTICE_ALL_TOPICS, 50000, 40000, 1, HOLD_S },
		.current = snapshot_new(TARGET_UNKNOWN, 0),
	};
	assert_non_null(b->notices);
	assert_non_null(b->current);
}

void
notice_bench_close(struct notice_bench *b)
{
	ntp_notices_free(b->notices);
	ntp_past_clear(&b->past);
	snapshot_unref(b->current);
}

static const char *const names[NTP_NOTICE_END] = {
	[NTP_NOTICE_PEER_CHANGED] = "changed",
	[NTP_NOTICE_PEER_UNREACHABLE] = "unreachable",
	[NTP_NOTICE_PEER_REACHABLE] = "reachable",
	[NTP_NOTICE_AUTH_FAILED] = "auth-failed",
	[NTP_NOTICE_AUTH_RESTORED] = "auth-restored",
	[NTP_NOTICE_TYPE_CHANGED] = "type",
	[NTP_NOTICE_SYNC_LOST] = "sync-lost",
	[NTP_NOTICE_SYNC_RESTORED] = "sync-restored",
	[NTP_NOTICE_SYSTEM_PEER_CHANGED] = "syspeer",
	[NTP_NOTICE_CLOCK_STEPPED] = "stepped",
	[NTP_NOTICE_OFFSET_OUTSIDE] = "outside",
	[NTP_NOTICE_OFFSET_INSIDE] = "inside",
	[NTP_NOTICE_SOURCES_FEW] = "few",
	[NTP_NOTICE_SOURCES_ENOUGH] = "enough",
	[NTP_NOTICE_DAEMON_UNREACHABLE] = "down",
	[NTP_NOTICE_DAEMON_REACHABLE] = "up",
	[NTP_NOTICE_DAEMON_RESTARTED] = "restarted",
	[NTP_NOTICE_CLOCK_FAULT] = "fault",
	[NTP_NOTICE_CLOCK_CLEAR] = "clear",
	[NTP_NOTICE_LEAP_ANNOUNCED] = "leap",
	[NTP_NOTICE_TEST] = "test",
};

static void
write_down(void *ctx, const struct ntp_notice *notice)
{
	static const char *const causes[] = { "", "", " counted", " standing", " gone",
		" requested" };
	struct notice_bench *b = ctx;
	size_t used = strlen(b->told);
	char id[32] = "", times[32] = "";

	assert_true(notice->kind > 0 && notice->kind < NTP_NOTICE_LOST);
	assert_true(notice->count > 0);
	if (notice->peer.id != 0)
		text_format(id, sizeof(id), " %u", notice->peer.id);
	if (notice->count > 1)
		text_format(times, sizeof(times), " x%u", notice->count);
	text_format(b->told + used, sizeof(b->told) - used, "%s%s %d>%d%s%s;",
	    names[notice->kind], id, (int)notice->was, (int)notice->is, times,
	    causes[notice->cause]);
	b->last = *notice;
}

const char *
notice_tell(struct notice_bench *b, int at_s, size_t room)
{
	b->told[0] = '\0';
	(void)ntp_notices_tell(b->notices, &b->settings, at_s * NS_PER_S, room,
	    write_down, b);
	return b->told;
}

const char *
notice_end(struct notice_bench *b, int at_s, size_t room)
{
	b->told[0] = '\0';
	ntp_notices_end(b->notices, &b->settings, (WALL_2026_S + at_s) * NS_PER_S, room,
	    write_down, b);
	return b->told;
}

struct snapshot *
notice_picture(const struct step *step)
{
	size_t n = 0;
	struct snapshot *s;

	while (n < PEERS_MAX && step->peers[n].id != 0)
		n++;
	s = snapshot_new(step->system ? TARGET_UP : step->state, step->system ? n : 0);
	assert_non_null(s);
	s->taken_ns = step->at_s * NS_PER_S;
	s->taken_wall_ns = (WALL_2026_S + step->at_s) * NS_PER_S;
	if (!step->system)
		return s;
	s->has_peers = true;
	fixture_system(s, step->system);
	system_of(s)->status = step->status;
	system_of(s)->has_status = true;
	for (size_t i = 0; i < n; i++) {
		const struct association *a = &step->peers[i];

		fixture_peer(&s->peers[i], a->id, a->status, a->text);
		if (!a->clock)
			continue;
		fixture_clock(&s->peers[i], a->clock);
		s->peers[i].clock.status = a->clock_status;
		s->peers[i].clock.has_status = true;
	}
	return s;
}

void
notice_see(struct notice_bench *b, struct snapshot *s, const struct step *step)
{
	static struct ntp_changes changes;
	struct ntp_sight sight = { s, &changes, step->restarts, step->at_s * NS_PER_S,
		(WALL_2026_S + step->at_s) * NS_PER_S };

	ntp_past_compare(&b->past, b->current, s, &changes);
	assert_int_equal(ntp_notices_see(b->notices, &sight, &b->settings), 0);
	ntp_past_learn(&b->past, s);
	snapshot_unref(b->current);
	b->current = s;
}
