/* SPDX-License-Identifier: BSD-2-Clause */
/* Life of pictures, their order, and what they say of a daemon as a whole. */
#include "support/check.h"

#include "model/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "mode6/status.h"
#include "mode6/varlist.h"
#include "support/recording.h"
#include "support/rows.h"
#include "support/system_of.h"

/* The allocator of this program: it counts, and fails when told to. */
static struct {
	int living; /* pieces given and not given back */
	int left;   /* pieces until memory is out; -1 never */
} memory = { 0, -1 };

void *
mem_calloc(size_t count, size_t size)
{
	if (memory.left == 0)
		return NULL;
	if (memory.left > 0)
		memory.left--;
	memory.living++;
	return calloc(count ? count : 1, size);
}

void
mem_free(void *ptr)
{
	memory.living -= ptr != NULL;
	free(ptr);
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	memory.living += old == NULL;
	return realloc(old, count * size);
}

/* Here so that the library's own are not linked beside those above. */

char *
mem_strndup(const char *text, size_t len)
{
	(void)text;
	(void)len;
	abort();
}

char *
mem_strdup(const char *text)
{
	(void)text;
	abort();
}

static struct snapshot *
new_picture(enum target_state state, size_t n_peers)
{
	struct snapshot *s = snapshot_new(state, n_peers);

	assert_non_null(s);
	return s;
}

static void
states_have_texts(void **state)
{
	static const struct {
		enum target_state state;
		const char *text;
	} cases[] = {
		{ TARGET_UNKNOWN, "unknown" },
		{ TARGET_UP, "up" },
		{ TARGET_REFUSED, "refused" },
		{ TARGET_SILENT, "silent" },
		{ TARGET_BADANSWERS, "bad answers" },
		{ TARGET_UNRESOLVED, "unresolved" },
		{ TARGET_DENIED, "denied" },
		{ (enum target_state)99, "unknown" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(target_state_text(cases[i].state), cases[i].text);
}

static void
new_picture_is_empty_but_for_its_state(void **state)
{
	struct snapshot *s = new_picture(TARGET_SILENT, 3);
	struct ntp_peer none = { 0 };

	(void)state;
	assert_int_equal(s->state, TARGET_SILENT);
	assert_int_equal(s->n_peers, 3);
	assert_false(ntp_seen_any(&s->system->seen));
	assert_false(s->has_peers);
	assert_false(s->totals.has_in_packets);
	for (size_t i = 0; i < 3; i++)
		assert_memory_equal(&s->peers[i], &none, sizeof(none));
	snapshot_unref(s);
}

static void
last_reference_frees(void **state)
{
	int before = memory.living;
	struct snapshot *s = new_picture(TARGET_UP, 1);

	(void)state;
	assert_int_equal(memory.living, before + 2);
	assert_ptr_equal(snapshot_ref(s), s);
	assert_ptr_equal(snapshot_ref(s), s);
	assert_null(snapshot_unref(s));
	assert_null(snapshot_unref(s));
	assert_int_equal(memory.living, before + 2);
	assert_int_equal(s->state, TARGET_UP);
	assert_null(snapshot_unref(s));
	assert_int_equal(memory.living, before);
	assert_null(snapshot_unref(NULL));
}

static void
picture_without_memory_is_none(void **state)
{
	int before = memory.living;

	(void)state;
	for (int left = 0; left < 2; left++) {
		memory.left = left;
		assert_null(snapshot_new(TARGET_UP, 10));
		assert_int_equal(memory.living, before);
	}
	memory.left = -1;
	assert_null(snapshot_new(TARGET_UP, SNAPSHOT_PEERS_MAX + 1));
	assert_int_equal(memory.living, before);
}

static void
largest_picture_is_sorted(void **state)
{
	struct snapshot *s = new_picture(TARGET_UP, SNAPSHOT_PEERS_MAX);

	(void)state;
	for (size_t i = 0; i < s->n_peers; i++)
		s->peers[i].id = (uint16_t)(SNAPSHOT_PEERS_MAX - i);
	snapshot_sort_peers(s);
	assert_int_equal(s->n_peers, SNAPSHOT_PEERS_MAX);
	for (size_t i = 0; i < s->n_peers; i++)
		assert_int_equal(s->peers[i].id, i + 1);
	snapshot_unref(s);
}

enum { IDS_MAX = 8 };

/* One variable `id` with that value. */
static struct ntp_raw *
text_of(unsigned value)
{
	struct ntp_raw_maker maker = { 0 };
	char digit = (char)('0' + value);

	ntp_raw_add(&maker, "",
	    &(struct ntp_raw_item){ .name = "id",
		.name_len = 2,
		.value = &digit,
		.value_len = 1,
		.row = -1 });
	return ntp_raw_make(&maker);
}

static void
sorting_drops_what_has_no_id_of_its_own(void **state)
{
	static const struct {
		size_t n_in;
		uint16_t in[IDS_MAX];
		size_t n_out;
		uint16_t out[IDS_MAX];
		uint16_t from[IDS_MAX]; /* which entry of `in` it was */
	} cases[] = {
		{ 0, { 0 }, 0, { 0 }, { 0 } },
		{ 1, { 7 }, 1, { 7 }, { 0 } },
		{ 1, { 0 }, 0, { 0 }, { 0 } },
		{ 4, { 9, 8, 7, 6 }, 4, { 6, 7, 8, 9 }, { 3, 2, 1, 0 } },
		{ 5, { 3, 3, 1, 3, 1 }, 2, { 1, 3 }, { 2, 0 } },
		{ 6, { 0, 65535, 0, 1, 65535, 256 }, 3, { 1, 256, 65535 }, { 3, 5, 1 } },
		{ 8, { 5, 5, 5, 5, 5, 5, 5, 5 }, 1, { 5 }, { 0 } },
	};
	int before = memory.living;

	(void)state;
	for (size_t c = 0; c < COUNT(cases); c++) {
		struct snapshot *s = new_picture(TARGET_UP, cases[c].n_in);

		for (uint16_t i = 0; i < cases[c].n_in; i++) {
			s->peers[i].id = cases[c].in[i];
			s->peers[i].status = i;
			s->peers[i].raw = text_of(i);
		}
		system_of(s)->raw = text_of(9);
		snapshot_sort_peers(s);
		assert_int_equal(s->n_peers, cases[c].n_out);
		for (size_t i = 0; i < s->n_peers; i++) {
			assert_int_equal(s->peers[i].id, cases[c].out[i]);
			assert_int_equal(s->peers[i].status, cases[c].from[i]);
			assert_int_equal(ntp_raw_at(s->peers[i].raw, 0).value[0],
			    '0' + cases[c].from[i]);
		}
		snapshot_unref(s);
		assert_int_equal(memory.living, before);
	}
}

static void
peers_are_found_by_id(void **state)
{
	static const uint16_t ids[] = { 1, 5, 6, 100, 65535 };
	static const struct {
		uint32_t id;
		size_t from;
		bool is_there;
	} cases[] = {
		{ 0, 0, false },
		{ 1, 0, true },
		{ 2, 1, false },
		{ 5, 1, true },
		{ 6, 2, true },
		{ 7, 3, false },
		{ 100, 3, true },
		{ 101, 4, false },
		{ 65535, 4, true },
		{ 65536, 5, false },
		{ UINT32_MAX, 5, false },
	};
	struct snapshot *s = new_picture(TARGET_UP, COUNT(ids)), *none;

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++)
		s->peers[i].id = ids[i];
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct ntp_peer *found = NULL;

		assert_int_equal(snapshot_peer_from(s, cases[i].id), cases[i].from);
		if (cases[i].id > UINT16_MAX)
			continue;
		found = snapshot_peer(s, (uint16_t)cases[i].id);
		assert_ptr_equal(found,
		    cases[i].is_there ? &s->peers[cases[i].from] : NULL);
	}
	snapshot_unref(s);
	none = new_picture(TARGET_UP, 0);
	assert_int_equal(snapshot_peer_from(none, 0), 0);
	assert_null(snapshot_peer(none, 1));
	snapshot_unref(none);
}

static void
set_address(struct ntp_peer *p, const char *text)
{
	assert_true(ntp_parse_addr(text, strlen(text), &p->srcadr));
	ntp_seen_add(&p->seen, NTP_PEER_SRCADR);
}

static void
system_peer_is_one_that_was_read(void **state)
{
	struct snapshot *s = new_picture(TARGET_UP, 2);

	(void)state;
	s->peers[0].id = 5;
	s->peers[1].id = 6;
	system_of(s)->peer = 6;
	set_address(&s->peers[1], "192.0.2.1");
	assert_null(snapshot_system_peer(s));
	system_of(s)->seen = ROWS(NTP_SYS_PEER);
	assert_ptr_equal(snapshot_system_peer(s), &s->peers[1]);
	system_of(s)->peer = 5;
	assert_null(snapshot_system_peer(s));
	system_of(s)->peer = 7;
	assert_null(snapshot_system_peer(s));
	system_of(s)->peer = 0;
	assert_null(snapshot_system_peer(s));
	snapshot_unref(s);
}

static void
configured_associations_are_counted(void **state)
{
	struct snapshot *s = new_picture(TARGET_UP, 3);

	(void)state;
	assert_int_equal(snapshot_configured_count(s), 0);
	s->peers[0].is_configured = s->peers[2].is_configured = true;
	assert_int_equal(snapshot_configured_count(s), 2);
	snapshot_unref(s);
}

enum { LACKS_NOTHING, LACKS_LEAP, LACKS_STRATUM, LACKS_PEER };

#define UP  TARGET_UP
#define ALL LACKS_NOTHING

/* One association, id 9; address NULL: not read. */
static const struct {
	enum target_state state;
	int lacks;
	uint8_t leap, stratum;
	uint16_t peer;
	const char *address;
	bool has_peers, is_configured;
	enum ntp_mode mode;
} modes[] = {
	{ UP, ALL, 0, 2, 9, "192.0.2.1", true, true, NTP_MODE_SYNC_TO_REMOTE },
	{ UP, ALL, 1, 15, 9, "fd00::1", true, true, NTP_MODE_SYNC_TO_REMOTE },
	{ UP, ALL, 2, 1, 9, "127.127.20.0", true, true, NTP_MODE_SYNC_TO_REFCLOCK },
	{ UP, ALL, 0, 1, 9, "127.127.0.1", true, true, NTP_MODE_SYNC_TO_REFCLOCK },
	{ UP, ALL, 0, 6, 9, "127.127.1.3", true, true, NTP_MODE_SYNC_TO_LOCAL },
	{ UP, ALL, 0, 6, 9, "127.0.0.1", true, true, NTP_MODE_SYNC_TO_REMOTE },
	{ UP, ALL, 0, 2, 9, "192.0.2.1", false, false, NTP_MODE_SYNC_TO_REMOTE },
	{ UP, ALL, 0, 2, 9, NULL, true, true, NTP_MODE_UNKNOWN },
	{ UP, ALL, 0, 2, 8, "192.0.2.1", true, true, NTP_MODE_UNKNOWN },
	{ UP, ALL, 3, 2, 9, "192.0.2.1", true, true, NTP_MODE_NOT_SYNCHRONIZED },
	{ UP, ALL, 0, 0, 9, "192.0.2.1", true, true, NTP_MODE_NOT_SYNCHRONIZED },
	{ UP, ALL, 0, 16, 9, "192.0.2.1", true, true, NTP_MODE_NOT_SYNCHRONIZED },
	{ UP, ALL, 0, 255, 9, "192.0.2.1", true, true, NTP_MODE_NOT_SYNCHRONIZED },
	{ UP, ALL, 0, 2, 0, "192.0.2.1", true, true, NTP_MODE_NOT_SYNCHRONIZED },
	{ UP, ALL, 3, 16, 0, NULL, true, true, NTP_MODE_NOT_SYNCHRONIZED },
	{ UP, ALL, 3, 16, 0, NULL, true, false, NTP_MODE_NONE_CONFIGURED },
	{ UP, ALL, 0, 2, 0, "192.0.2.1", true, false, NTP_MODE_NONE_CONFIGURED },
	{ UP, ALL, 3, 16, 0, NULL, false, false, NTP_MODE_NOT_SYNCHRONIZED },
	{ UP, LACKS_LEAP, 0, 2, 9, "192.0.2.1", true, true, NTP_MODE_UNKNOWN },
	{ UP, LACKS_STRATUM, 3, 2, 9, "192.0.2.1", true, true, NTP_MODE_UNKNOWN },
	{ UP, LACKS_PEER, 3, 16, 0, "192.0.2.1", true, true, NTP_MODE_UNKNOWN },
	{ TARGET_REFUSED, ALL, 0, 2, 9, "192.0.2.1", true, true, NTP_MODE_NOT_RUNNING },
	{ TARGET_UNKNOWN, ALL, 0, 2, 9, "192.0.2.1", true, true, NTP_MODE_UNKNOWN },
	{ TARGET_SILENT, ALL, 0, 2, 9, "192.0.2.1", true, true, NTP_MODE_UNKNOWN },
	{ TARGET_BADANSWERS, ALL, 0, 2, 9, "192.0.2.1", true, true, NTP_MODE_UNKNOWN },
	{ TARGET_UNRESOLVED, ALL, 0, 2, 9, "192.0.2.1", true, true, NTP_MODE_UNKNOWN },
	{ TARGET_DENIED, ALL, 0, 2, 9, "192.0.2.1", true, true, NTP_MODE_UNKNOWN },
};

/* None that is not there anyway for ALL. */
static const unsigned lacking[] = {
	[LACKS_NOTHING] = NTP_ROWS_MAX - 1,
	[LACKS_LEAP] = NTP_SYS_LEAP,
	[LACKS_STRATUM] = NTP_SYS_STRATUM,
	[LACKS_PEER] = NTP_SYS_PEER,
};

static struct ntp_seen
all_but(unsigned row)
{
	struct ntp_seen set;

	memset(&set, 0xff, sizeof(set));
	ntp_seen_drop(&set, row);
	return set;
}

static void
mode_is_told_by_leap_stratum_and_system_peer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		struct snapshot *s = new_picture(modes[i].state, 1);
		enum ntp_mode mode = modes[i].mode;

		s->has_peers = modes[i].has_peers;
		s->peers[0].id = 9;
		s->peers[0].is_configured = modes[i].is_configured;
		if (modes[i].address)
			set_address(&s->peers[0], modes[i].address);
		system_of(s)->leap = modes[i].leap;
		system_of(s)->stratum = modes[i].stratum;
		system_of(s)->peer = modes[i].peer;
		system_of(s)->seen = all_but(lacking[modes[i].lacks]);
		assert_int_equal(snapshot_mode(s), mode);
		assert_int_equal(snapshot_is_synchronised(s),
		    mode >= NTP_MODE_SYNC_TO_LOCAL && mode <= NTP_MODE_SYNC_TO_REMOTE);
		snapshot_unref(s);
	}
}

static void
system_peer_without_an_address_leaves_the_mode_unknown(void **state)
{
	struct snapshot *s = new_picture(TARGET_UP, 1);

	(void)state;
	s->has_peers = true;
	s->peers[0].id = 9;
	s->peers[0].seen = ROWS(NTP_PEER_OFFSET);
	system_of(s)->seen = all_but(NTP_ROWS_MAX - 1);
	system_of(s)->stratum = 2;
	system_of(s)->peer = 9;
	assert_ptr_equal(snapshot_system_peer(s), &s->peers[0]);
	assert_int_equal(snapshot_mode(s), NTP_MODE_UNKNOWN);
	assert_false(snapshot_is_synchronised(s));
	snapshot_unref(s);
}

enum { SYS_LEAP = 1, SYS_CLOCK = 2, SYS_LEAPSEC = 4 };

static struct ntp_seen
seen_of(unsigned which)
{
	struct ntp_seen seen = { { 0 } };

	if (which & SYS_LEAP)
		ntp_seen_add(&seen, NTP_SYS_LEAP);
	if (which & SYS_CLOCK)
		ntp_seen_add(&seen, NTP_SYS_CLOCK);
	if (which & SYS_LEAPSEC)
		ntp_seen_add(&seen, NTP_SYS_LEAPSEC);
	return seen;
}

static void
announced_leap_second_has_a_direction_and_a_date(void **state)
{
	/* The clock shows 2026-11-21 00:09:42. */
	const int64_t now_s = 1795219782, december = 1796083200, july = 1814400000;
	const struct ntp_stamp clock = { 0xeeab5fc6, 0x218d7b1d };
	const struct {
		unsigned seen;
		uint8_t leap;
		int64_t leapsec_s;
		bool is_known;
		int direction;
		int64_t unix_s;
	} cases[] = {
		{ SYS_LEAP | SYS_CLOCK, 0, 0, true, 0, 0 },
		{ SYS_LEAP | SYS_CLOCK, 3, 0, true, 0, 0 },
		{ SYS_LEAP, 0, 0, true, 0, 0 },
		{ SYS_LEAP | SYS_CLOCK | SYS_LEAPSEC, 0, july, true, 0, 0 },
		{ SYS_LEAP | SYS_CLOCK, 1, 0, true, 1, december },
		{ SYS_LEAP | SYS_CLOCK, 2, 0, true, -1, december },
		{ SYS_LEAP | SYS_CLOCK | SYS_LEAPSEC, 1, july, true, 1, july },
		{ SYS_LEAP | SYS_CLOCK | SYS_LEAPSEC, 2, july, true, -1, july },
		{ SYS_LEAP | SYS_CLOCK | SYS_LEAPSEC, 1, 0, true, 1, december },
		{ SYS_LEAP | SYS_CLOCK | SYS_LEAPSEC, 1, now_s, true, 1, december },
		{ SYS_LEAP | SYS_CLOCK | SYS_LEAPSEC, 1, now_s + 1, true, 1, now_s + 1 },
		{ SYS_LEAP | SYS_CLOCK, 1, july, true, 1, december },
		{ SYS_LEAP, 1, 0, false, 0, 0 },
		{ SYS_LEAP | SYS_LEAPSEC, 1, july, false, 0, 0 },
		{ SYS_CLOCK | SYS_LEAPSEC, 1, july, false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct snapshot *s = new_picture(TARGET_UP, 0);
		struct ntp_leap leap = { 77, 77 };

		s->taken_wall_ns = (now_s + 3) * NS_PER_S;
		system_of(s)->seen = seen_of(cases[i].seen);
		system_of(s)->leap = cases[i].leap;
		system_of(s)->leapsec_s = cases[i].leapsec_s;
		system_of(s)->clock = clock;
		assert_int_equal(snapshot_leap(s, &leap), cases[i].is_known);
		assert_int_equal(leap.direction,
		    cases[i].is_known ? cases[i].direction : 77);
		assert_int_equal(leap.unix_s, cases[i].is_known ? cases[i].unix_s : 77);
		snapshot_unref(s);
	}
}

static void
leap_second_after_2036_lies_in_the_next_era(void **state)
{
	/* 2036-06-15, 129 days into era 1. */
	const int64_t now_s = 2085978496 + 129 * 86400;
	struct snapshot *s = new_picture(TARGET_UP, 0);
	struct ntp_leap leap;

	(void)state;
	s->taken_wall_ns = now_s * NS_PER_S;
	system_of(s)->seen = seen_of(SYS_LEAP | SYS_CLOCK);
	system_of(s)->leap = 1;
	system_of(s)->clock.seconds = 129 * 86400;
	assert_true(snapshot_leap(s, &leap));
	assert_int_equal(leap.unix_s, 2098483200); /* 2036-07-01 */
	snapshot_unref(s);
}

static void
clock_that_never_ran_dates_no_leap_second(void **state)
{
	struct snapshot *s = new_picture(TARGET_UP, 0);
	struct ntp_leap leap;

	(void)state;
	system_of(s)->seen = seen_of(SYS_LEAP | SYS_CLOCK);
	system_of(s)->leap = 1;
	assert_false(snapshot_leap(s, &leap));
	snapshot_unref(s);
}

static struct snapshot *
picture_of_recording(const char *path)
{
	struct recording *rec = recording_load(path);
	const struct recorded_exchange *list;
	struct snapshot *s;

	assert_non_null(rec);
	list = recording_find(rec, 1, 0, "");
	assert_non_null(list);
	s = new_picture(TARGET_UP, (size_t)m6_assoc_count(list->data_len));
	s->has_peers = true;
	rows_apply_recorded(&ntp_system_vars, system_of(s), rec, 2, 0, "");
	for (size_t i = 0; i < s->n_peers; i++) {
		struct m6_assoc assoc = m6_assoc_at(list->data, i);

		s->peers[i].id = assoc.id;
		s->peers[i].is_configured = m6_peer_status(assoc.status).is_configured;
		rows_apply_recorded(&ntp_peer_vars, &s->peers[i], rec, 2, assoc.id, "");
	}
	snapshot_sort_peers(s);
	recording_free(rec);
	return s;
}

static void
recorded_daemons_are_in_the_mode_they_were_in(void **state)
{
	static const struct {
		const char *path;
		size_t n_peers, n_configured;
		uint16_t system_peer;
		enum ntp_mode mode;
	} cases[] = {
		{ "tests/recordings/ntpd-4.2.8p15-client.txt", 5, 5, 45113,
		    NTP_MODE_SYNC_TO_REMOTE },
		{ "tests/recordings/ntpd-4.2.8p15-server.txt", 4, 3, 6854,
		    NTP_MODE_SYNC_TO_LOCAL },
		{ "tests/recordings/ntpsec-1.2.2-client.txt", 4, 4, 17768,
		    NTP_MODE_SYNC_TO_REMOTE },
		{ "tests/recordings/ntpsec-1.2.2-server.txt", 1, 1, 17767,
		    NTP_MODE_SYNC_TO_LOCAL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct snapshot *s = picture_of_recording(cases[i].path);

		assert_int_equal(s->n_peers, cases[i].n_peers);
		assert_int_equal(snapshot_configured_count(s), cases[i].n_configured);
		assert_non_null(snapshot_system_peer(s));
		assert_int_equal(snapshot_system_peer(s)->id, cases[i].system_peer);
		assert_int_equal(snapshot_mode(s), cases[i].mode);
		snapshot_unref(s);
	}
}

static int
check_memory(void **state)
{
	(void)state;
	return memory.living == 0 ? 0 : -1;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_have_texts),
		cmocka_unit_test(new_picture_is_empty_but_for_its_state),
		cmocka_unit_test(last_reference_frees),
		cmocka_unit_test(picture_without_memory_is_none),
		cmocka_unit_test(largest_picture_is_sorted),
		cmocka_unit_test(sorting_drops_what_has_no_id_of_its_own),
		cmocka_unit_test(peers_are_found_by_id),
		cmocka_unit_test(system_peer_is_one_that_was_read),
		cmocka_unit_test(configured_associations_are_counted),
		cmocka_unit_test(mode_is_told_by_leap_stratum_and_system_peer),
		cmocka_unit_test(system_peer_without_an_address_leaves_the_mode_unknown),
		cmocka_unit_test(announced_leap_second_has_a_direction_and_a_date),
		cmocka_unit_test(leap_second_after_2036_lies_in_the_next_era),
		cmocka_unit_test(clock_that_never_ran_dates_no_leap_second),
		cmocka_unit_test(recorded_daemons_are_in_the_mode_they_were_in),
	};

	return cmocka_run_group_tests(tests, NULL, check_memory);
}
