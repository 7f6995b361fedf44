/* SPDX-License-Identifier: BSD-2-Clause */
/* What watch tells of two readings of a host: one row for each story. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "query/watch.h"
#include "support/snapshot_fixture.h"
#include "support/system_of.h"

enum { PEERS_MAX = 3, WALL_2026_S = 1795219782 };

struct association {
	uint16_t id, status;
	const char *text;
};

/* One reading; `system` NULL: the host did not answer. */
struct reading {
	const char *system;
	uint16_t status; /* of the system */
	struct association peers[PEERS_MAX];
};

/* Status words: 0x96.. system peer, 0x94.. candidate, 0x80.. rejected and unreachable. */
#define A(status) \
	{ \
		10, (status), "srcadr=192.0.2.1" \
	}
#define B(status) \
	{ \
		11, (status), "srcadr=192.0.2.2" \
	}
#define NAMED(status) \
	{ \
		12, (status), "srcadr=192.0.2.3, srchost=ntp.example" \
	}
#define BY_A(up)   "version=ntpd 4.2.8p15, leap=0, stratum=3, peer=10, ss_uptime=" #up
#define BY_B(up)   "version=ntpd 4.2.8p15, leap=0, stratum=3, peer=11, ss_uptime=" #up
#define NOBODY(up) "version=ntpd 4.2.8p15, leap=3, stratum=16, peer=0, ss_uptime=" #up

static const struct {
	const char *name;
	struct reading before, after;
	const char *told; /* after; each behind the time */
} stories[] = {
	{ "nothing", { BY_A(100), 0x0615, { A(0x961a), B(0x9414) } },
	    { BY_A(105), 0x0615, { A(0x961a), B(0x9414) } }, "" },
	{ "a peer is lost", { BY_A(100), 0x0615, { A(0x961a), B(0x9414) } },
	    { BY_A(105), 0x0615, { A(0x961a), B(0x8013) } },
	    "192.0.2.2 (11): unreachable\n"
	    "192.0.2.2 (11): selection candidate -> reject\n" },
	{ "and found, with a name", { BY_A(100), 0x0615, { A(0x961a), NAMED(0x8013) } },
	    { BY_A(105), 0x0615, { A(0x961a), NAMED(0x9414) } },
	    "ntp.example (12): reachable\n"
	    "ntp.example (12): selection reject -> candidate\n" },
	{ "it is lost and found between two readings",
	    { BY_A(100), 0x0615, { A(0x961a), B(0x9414) } },
	    { BY_A(105), 0x0615, { A(0x961a), B(0x9434) } },
	    "192.0.2.2 (11): event: reachable, 2 times, lost in between\n" },
	{ "it goes on and off", { BY_A(100), 0x0615, { A(0x961a), B(0x9414) } },
	    { BY_A(105), 0x0615, { A(0x961a), B(0x8033) } },
	    "192.0.2.2 (11): unreachable\n"
	    "192.0.2.2 (11): selection candidate -> reject\n"
	    "192.0.2.2 (11): event: unreachable, 3 times\n" },
	{ "an event that changes nothing",
	    { BY_A(100), 0x0615, { A(0x961a), B(0x9414) } },
	    { BY_A(105), 0x0615, { A(0x961a), B(0x943d) } },
	    "192.0.2.2 (11): event: popcorn, 3 times\n" },
	{ "a count that began anew", { BY_A(100), 0x0615, { A(0x961a), B(0x945d) } },
	    { BY_A(105), 0x0615, { A(0x961a), B(0x941d) } },
	    "192.0.2.2 (11): event: popcorn\n" },
	{ "another system peer", { BY_A(100), 0x0615, { A(0x961a), B(0x9414) } },
	    { BY_B(105), 0x0615, { A(0x941a), B(0x961a) } },
	    "127.0.0.1: system peer 192.0.2.1 -> 192.0.2.2\n"
	    "192.0.2.1 (10): selection sys.peer -> candidate\n"
	    "192.0.2.2 (11): selection candidate -> sys.peer\n"
	    "192.0.2.2 (11): event: sys_peer\n" },
	{ "the system peer is lost and chosen again",
	    { BY_A(100), 0x0615, { A(0x961a) } }, { BY_A(105), 0x0615, { A(0x962a) } },
	    "127.0.0.1: system peer 192.0.2.1 -> 192.0.2.1, lost in between\n"
	    "192.0.2.1 (10): event: sys_peer\n" },
	{ "no system peer", { BY_A(100), 0x0615, { A(0x961a) } },
	    { NOBODY(105), 0xc028, { A(0x8013) } },
	    "127.0.0.1: stratum 3 -> 16\n"
	    "127.0.0.1: system peer 192.0.2.1 -> -\n"
	    "127.0.0.1: leap leap_none -> leap_alarm\n"
	    "127.0.0.1: event: no_sys_peer, 2 times\n"
	    "192.0.2.1 (10): unreachable\n"
	    "192.0.2.1 (10): selection sys.peer -> reject\n" },
	{ "one comes, one goes", { BY_A(100), 0x0615, { A(0x961a), B(0x9414) } },
	    { BY_A(105), 0x0615, { A(0x961a), NAMED(0x8011) } },
	    "192.0.2.2 (11): gone\n"
	    "ntp.example (12): appeared\n" },
	{ "a leap second is announced", { BY_A(100), 0x0615, { A(0x961a) } },
	    { "version=ntpd 4.2.8p15, leap=1, stratum=3, peer=10, ss_uptime=105", 0x4615,
		{ A(0x961a) } },
	    "127.0.0.1: leap leap_none -> leap_add_sec\n" },
	{ "whose names are not known", { BY_A(100), 0x0615, { A(0x961a) } },
	    { BY_B(105), 0x0615, { A(0x961a), { 13, 0x8011, "hmode=3" } } },
	    "127.0.0.1: system peer 192.0.2.1 -> 11\n"
	    "- (13): appeared\n" },
	{ "authentication fails", { BY_A(100), 0x0615, { A(0x961a), B(0xf414) } },
	    { BY_A(105), 0x0615, { A(0x961a), B(0xd41c) } },
	    "192.0.2.2 (11): authentication ok -> bad\n"
	    "192.0.2.2 (11): event: bad_auth\n" },
	{ "restarted", { BY_A(100), 0x0615, { A(0x961a), B(0x9414) } },
	    { NOBODY(2), 0xc016, { { 20, 0x8011, "srcadr=192.0.2.1" } } },
	    "127.0.0.1: restarted\n"
	    "127.0.0.1: watching: 1 associations, stratum 16, system peer -\n" },
	{ "silent", { BY_A(100), 0x0615, { A(0x961a), B(0x9414) } }, { .system = NULL },
	    "127.0.0.1: silent: no answer\n" },
	{ "hostile", { BY_A(100), 0x0615, { A(0x961a) } },
	    { BY_A(105), 0x0615,
		{ A(0x961a), { 13, 0x8011, "srcadr=192.0.2.9, srchost=\"a\x1b[2J\"" } } },
	    "a?[2J (13): appeared\n" },
};

static struct watch_round
take(const struct reading *r, int64_t now_ns)
{
	size_t n = 0;
	struct watch_round round = { .err = 0 };

	while (r->system && n < PEERS_MAX && r->peers[n].id != 0)
		n++;
	round.picture = snapshot_new(r->system ? TARGET_UP : TARGET_SILENT, n);
	assert_non_null(round.picture);
	round.picture->taken_ns = round.picture->read_ns = now_ns;
	if (!r->system)
		return round;
	fixture_system(round.picture, r->system);
	system_of(round.picture)->status = r->status;
	system_of(round.picture)->has_status = true;
	round.picture->has_peers = true;
	for (size_t i = 0; i < n; i++)
		fixture_peer(&round.picture->peers[i], r->peers[i].id, r->peers[i].status,
		    r->peers[i].text);
	return round;
}

struct bench {
	struct query q;
	struct watch_events events;
	FILE *stream;
	char *text;
	size_t len;
	int64_t now_ns;
};

static void
begin(struct bench *b, bool is_json)
{
	memset(b, 0, sizeof(*b));
	b->stream = open_memstream(&b->text, &b->len);
	assert_non_null(b->stream);
	query_init(&b->q, b->stream, stderr, is_json);
	assert_int_equal(query_set_host(&b->q, "127.0.0.1"), 0);
	text_format(b->q.error, sizeof(b->q.error), "127.0.0.1: no answer");
	b->now_ns = NS_PER_S;
}

static void
show(struct bench *b, const struct reading *r)
{
	struct watch_round round = take(r, b->now_ns);

	assert_int_equal(watch_events_show(&b->events, &b->q, &round,
			     WALL_2026_S * NS_PER_S + b->now_ns),
	    0);
	watch_round_clear(&round);
	fflush(b->stream);
	b->now_ns += 5 * NS_PER_S;
}

static void
end(struct bench *b)
{
	watch_events_clear(&b->events);
	query_free(&b->q);
	fclose(b->stream);
	free(b->text);
}

/* Lines without the time before each. */
static void
strip_times(char *text)
{
	char *to = text;

	while (*text != '\0') {
		const size_t time_len = sizeof("2026-11-21T00:09:43Z");
		size_t len;

		assert_true(strlen(text) > time_len && text[time_len - 1] == ' ');
		text += time_len;
		len = strcspn(text, "\n") + 1;
		memmove(to, text, len);
		to += len;
		text += len;
	}
	*to = '\0';
}

static void
stories_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stories); i++) {
		struct bench b;
		size_t before;

		begin(&b, false);
		show(&b, &stories[i].before);
		before = b.len;
		show(&b, &stories[i].after);
		strip_times(b.text + before);
		if (strcmp(b.text + before, stories[i].told) != 0)
			fail_msg("%s:\n%sinstead of\n%s", stories[i].name,
			    b.text + before, stories[i].told);
		end(&b);
	}
}

static void
silence_is_told_once_and_ends(void **state)
{
	static const struct reading up = { BY_A(100), 0x0615, { A(0x961a) } },
				    later = { BY_A(115), 0x0615, { A(0x961a) } },
				    none = { .system = NULL };
	struct bench b;

	(void)state;
	begin(&b, false);
	show(&b, &up);
	show(&b, &none);
	show(&b, &none);
	show(&b, &later);
	strip_times(b.text);
	assert_string_equal(b.text,
	    "127.0.0.1: watching: 1 associations, stratum 3, system peer 192.0.2.1\n"
	    "127.0.0.1: silent: no answer\n"
	    "127.0.0.1: answers: again after 15 s\n");
	end(&b);
}

/* More than there is room for: how many is said, once. */
static void
what_is_too_much_is_counted(void **state)
{
	static const struct reading up = { BY_A(100), 0x0615, { A(0x961a) } };
	enum { N = NTP_CHANGES_MAX + 7 };
	struct watch_round round;
	char *errors = NULL, expected[64];
	size_t errors_len, n = 0;
	struct bench b;

	(void)state;
	begin(&b, false);
	b.q.out.errors = open_memstream(&errors, &errors_len);
	assert_non_null(b.q.out.errors);
	show(&b, &up);
	round.picture = snapshot_new(TARGET_UP, N + 1);
	assert_non_null(round.picture);
	fixture_system(round.picture, BY_A(105));
	round.picture->has_peers = true;
	for (size_t i = 0; i <= N; i++)
		fixture_peer(&round.picture->peers[i], (uint16_t)(10 + i), 0x961a,
		    "srcadr=192.0.2.1");
	assert_int_equal(watch_events_show(&b.events, &b.q, &round, 0), 0);
	watch_round_clear(&round);
	fclose(b.q.out.errors);
	fflush(b.stream);
	for (const char *at = b.text; (at = strstr(at, "): appeared\n")); at++)
		n++;
	text_format(expected, sizeof(expected), "ntp-query: %zu more came and went\n",
	    N - n);
	assert_true(n > NTP_CHANGES_MAX - 5 && n < N);
	assert_string_equal(errors, expected);
	free(errors);
	end(&b);
}

static void
json_has_a_line_for_each(void **state)
{
	struct bench b;

	(void)state;
	begin(&b, true);
	show(&b, &stories[1].before);
	show(&b, &stories[1].after);
	assert_non_null(strstr(b.text,
	    "\n{\"host\": \"127.0.0.1\", \"command\": \"watch\", \"time\": "
	    "\"2026-11-21T00:09:48Z\", \"event\": \"selection\", \"associd\": 11, "
	    "\"remote\": \"192.0.2.2\", \"from\": \"candidate\", \"to\": \"reject\", "
	    "\"count\": 1, \"lost_between\": false}\n"));
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories_are_told),
		cmocka_unit_test(silence_is_told_once_and_ends),
		cmocka_unit_test(what_is_too_much_is_counted),
		cmocka_unit_test(json_has_a_line_for_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
