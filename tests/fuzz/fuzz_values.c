/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables of a system, two associations and a clock by their rows, as a daemon might
 * send them, and all that is served of them; and what was read is written and read again
 * to the same. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/scan.h"
#include "fuzz/walk.h"
#include "mode6/auth.h"
#include "mode6/status.h"
#include "mode6/varlist.h"
#include "model/diff.h"
#include "model/ntp_time.h"
#include "model/status.h"
#include "support/system_of.h"

/* 2026-11-21. */
#define WALL_NS (INT64_C(1795219782) * NS_PER_S)

static void
check_addr(const char *text, size_t len)
{
	char again[ADDR_TEXT_MAX];
	struct addr a, b;

	if (addr_parse(text, len, &a) != 0)
		return;
	size_t n = addr_format(&a, false, again, sizeof(again));
	FUZZ_REQUIRE(n < sizeof(again) && addr_parse(again, n, &b) == 0);
	FUZZ_REQUIRE(addr_equal(&a, &b));
	FUZZ_REQUIRE(addr_format(&a, true, again, sizeof(again)) < sizeof(again));
	(void)addr_is_refclock(&a, NULL);
}

static void
check_times(const char *text, size_t len)
{
	uint8_t date[NTP_DATE_LEN];
	struct ntp_stamp stamp;
	int64_t ns, twin_ns, unix_s;
	char again[64];

	if (ntp_ms_parse(text, len, &ns) == 0) {
		size_t n = ntp_ms_format(ns, again, sizeof(again));

		FUZZ_REQUIRE(ntp_ms_parse(again, n, &twin_ns) == 0 && ns == twin_ns);
	}
	if (ntp_stamp_parse(text, len, &stamp) == 0) {
		(void)ntp_stamp_to_unix_ns(&stamp, WALL_NS);
		(void)ntp_stamp_to_unix_ns(&stamp, INT64_MAX);
		(void)ntp_stamp_to_unix_ns(&stamp, INT64_MIN);
		ntp_date_encode(&stamp, WALL_NS, date);
	}
	if (ntp_calendar_parse(text, len, &unix_s) == 0) {
		ntp_date_encode_unix(unix_s, date);
		FUZZ_REQUIRE(ntp_next_month(unix_s) > unix_s);
	}
}

static void
check_numbers(const char *text, size_t len)
{
	uint64_t u64, hex;
	uint32_t u32;
	int64_t i64;
	int32_t i32;

	if (scan_u32(text, len, &u32) == 0)
		FUZZ_REQUIRE(scan_u64(text, len, &u64) == 0 && u64 == u32);
	if (scan_i32(text, len, &i32) == 0)
		FUZZ_REQUIRE(scan_i64(text, len, &i64) == 0 && i64 == i32);
	(void)scan_hex32(text, len, &u32);
	(void)scan_hexany(text, len, &hex);
	for (unsigned scale = 0; scale <= 12; scale++)
		if (scan_decimal(text, len, scale, &i64) == 0)
			FUZZ_REQUIRE(i64 <= INT64_C(1000000000000000000) &&
			    i64 >= -INT64_C(1000000000000000000));
}

/* By its own row, or that of the name it is another one of. */
static bool
is_there(const struct ntp_var_table *table, const void *object, size_t row)
{
	size_t alias = table->rows[row].alias;

	return ntp_vars_has(table, object, alias != 0 ? alias - 1 : row);
}

/* What was read is there. */
static void
apply(const struct ntp_var_table *table, void *object, const char *text, size_t len)
{
	struct m6_varlist list = m6_varlist_start(text, len);
	struct m6_var v;

	while (m6_varlist_next(&list, &v)) {
		int row = ntp_vars_find(table, v.name, v.name_len);
		enum ntp_apply_result result = ntp_vars_apply(table, object, v.name,
		    v.name_len, v.value, v.value_len);

		FUZZ_REQUIRE((row < 0) == (result == NTP_APPLY_UNKNOWN));
		FUZZ_REQUIRE(
		    result != NTP_APPLY_OK || is_there(table, object, (size_t)row));
		FUZZ_REQUIRE(row < 0 ||
		    ntp_vars_find_near(table, (size_t)row, v.name, v.name_len) == row);
		if (!v.value)
			continue;
		check_addr(v.value, v.value_len);
		check_times(v.value, v.value_len);
		check_numbers(v.value, v.value_len);
	}
}

static void
check_words(uint16_t word)
{
	struct m6_system_status system = m6_system_status(word);
	struct m6_peer_status peer = m6_peer_status(word);
	struct m6_clock_status clock = m6_clock_status(word);

	for (int era = M6_ERA_OLD; era <= M6_ERA_NEW; era++) {
		FUZZ_REQUIRE(
		    m6_system_event_text((enum m6_era)era, system.event) != NULL);
		FUZZ_REQUIRE(m6_peer_event_text((enum m6_era)era, peer.event) != NULL);
	}
	FUZZ_REQUIRE(m6_leap_text(system.leap) && m6_source_text(system.source));
	FUZZ_REQUIRE(
	    m6_clock_event_text(clock.event) && m6_selection_text(peer.selection));
	(void)m6_selection_tally(peer.selection);
}

static void
fill_peer(struct ntp_peer *p, const struct ntp_system *system, struct fuzz_input *in)
{
	uint16_t word = fuzz_u16(in);
	struct m6_peer_status status = m6_peer_status(word);
	char *text = NULL;
	size_t len;

	check_words(word);
	p->id = fuzz_u8(in);
	p->status = word;
	p->is_configured = status.is_configured;
	p->is_reachable = status.is_reachable;
	p->selection = status.selection;
	text = (char *)fuzz_chunk(in, &len);
	apply(&ntp_peer_vars, p, text, len);
	free(text);
	text = (char *)fuzz_chunk(in, &len);
	apply(&ntp_clock_vars, &p->clock, text, len);
	free(text);
	ntp_peer_correct(p, ntp_system_kinds(system));
	p->has_address_hash = p->srcadr.family == ADDR_IPV6 &&
	    m6_address_hash(p->srcadr.bytes, p->address_hash);
}

static struct snapshot *
make_snapshot(struct fuzz_input *in)
{
	struct snapshot *s = snapshot_new(TARGET_UP, 2);
	struct ntp_totals totals = { 0 };
	char *text;
	size_t len;

	FUZZ_REQUIRE(s != NULL);
	s->has_peers = true;
	s->taken_wall_ns = WALL_NS;
	struct ntp_system *system = system_of(s);
	system->status = fuzz_u16(in);
	system->has_status = true;
	check_words(system->status);
	text = (char *)fuzz_chunk(in, &len);
	apply(&ntp_system_vars, system, text, len);
	free(text);
	ntp_system_correct(system, ntp_system_kinds(system));
	ntp_totals_update(&totals, system, &s->totals);
	fill_peer(&s->peers[0], system, in);
	fill_peer(&s->peers[1], system, in);
	snapshot_sort_peers(s);
	return s;
}

static void
compare(const struct snapshot *before, const struct snapshot *after)
{
	struct ntp_changes *changes = calloc(1, sizeof(*changes));

	if (!changes)
		abort();
	ntp_diff_mode(before, after, changes);
	ntp_diff_state(before, after, changes);
	ntp_diff_config(before, after, changes);
	FUZZ_REQUIRE(changes->n <= NTP_CHANGES_MAX);
	free(changes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_input in = { bytes, len };
	struct snapshot *before = make_snapshot(&in), *after;
	struct ntp_leap leap;

	fuzz_walk(before, true);
	(void)snapshot_mode(before);
	(void)snapshot_leap(before, &leap);
	if (in.left > 0) {
		after = make_snapshot(&in);
		compare(before, after);
		snapshot_unref(after);
	}
	snapshot_unref(before);
	return 0;
}
