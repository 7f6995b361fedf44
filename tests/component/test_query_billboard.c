/* SPDX-License-Identifier: BSD-2-Clause */
/* What the billboards show of associations of every kind, and of those of which little is
 * known. */
#include "support/check.h"

#include <string.h>

#include "mode6/packet.h"
#include "support/query_bench.h"

enum { CANDIDATE = 0x9414 };

#define NTPD \
	{ \
		.op = M6_OP_READVAR, .wants = "version", \
		.text = "version=\"ntpd 4.2.8p15\", clock=0xeeab5fc6.00000000" \
	}
#define PEER(id, words) \
	{ \
		.op = M6_OP_READVAR, .assoc = (id), .status = CANDIDATE, .text = (words) \
	}

static void
types_have_letters(void **state)
{
	static const struct query_answer answers[] = {
		{ QUERY_LIST(
		    "\0\1\x94\x14\0\2\x94\x14\0\3\x94\x14\0\4\x94\x14\0\5\x94\x14"
		    "\0\6\x94\x14\0\7\x94\x14\0\x8\x94\x14\0\x9\x94\x14\0\xa\x94\x14"
		    "\0\xb\x94\x14\0\xc\x94\x14") },
		NTPD,
		PEER(1, "srcadr=192.0.2.1, hmode=1"),
		PEER(2, "srcadr=192.0.2.2, hmode=2"),
		PEER(3, "srcadr=192.0.2.3, hmode=3"),
		PEER(4, "srcadr=224.0.1.1, hmode=3"),
		PEER(5, "srcadr=0.0.0.0, hmode=3"),
		PEER(6, "srcadr=192.0.2.255, hmode=5"),
		PEER(7, "srcadr=ff05::101, hmode=5"),
		PEER(8, "srcadr=192.0.2.8, dstadr=192.0.2.9, hmode=6"),
		PEER(9, "srcadr=192.0.2.8, dstadr=224.0.1.1, hmode=6"),
		PEER(10, "srcadr=192.0.2.8, hmode=7"),
		PEER(11, "srcadr=192.0.2.8, hmode=3, ntscookies=7"),
		PEER(12, "srcadr=127.127.20.1, hmode=3, refid=GPS"),
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_prints(&b, "peers",
	    " remote       refid st t when poll reach delay offset jitter\n"
	    "============================================================\n"
	    "+192.0.2.1    -      - s    -    -     -     -      -      -\n"
	    "+192.0.2.2    -      - S    -    -     -     -      -      -\n"
	    "+192.0.2.3    -      - u    -    -     -     -      -      -\n"
	    "+224.0.1.1    -      - a    -    -     -     -      -      -\n"
	    "+0.0.0.0      -      - p    -    -     -     -      -      -\n"
	    "+192.0.2.255  -      - B    -    -     -     -      -      -\n"
	    "+ff05::101    -      - M    -    -     -     -      -      -\n"
	    "+192.0.2.8    -      - b    -    -     -     -      -      -\n"
	    "+192.0.2.8    -      - m    -    -     -     -      -      -\n"
	    "+192.0.2.8    -      - -    -    -     -     -      -      -\n"
	    "+192.0.2.8    -      - 7    -    -     -     -      -      -\n"
	    "+127.127.20.1 .GPS.  - l    -    -     -     -      -      -\n");
	query_bench_stop(&b);
}

/* Nothing is made up: a cell without a value is empty. */
static void
what_is_not_known_is_not_shown(void **state)
{
	static const struct query_answer answers[] = {
		{ QUERY_LIST("\0\1\x94\x14") },
		NTPD,
		PEER(1, "srcadr=192.0.2.1"),
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_prints(&b, "peers",
	    " remote    refid st t when poll reach delay offset jitter\n"
	    "=========================================================\n"
	    "+192.0.2.1 -      - -    -    -     -     -      -      -\n");
	query_bench_shows(&b, "apeers",
	    "\n+192.0.2.1 -         1  - -    -    -     -     -      -      -\n");
	query_bench_shows(&b, "opeers",
	    "\n+192.0.2.1 -      - -    -    -     -     -      -    -\n");
	b.is_json = true;
	query_bench_shows(&b, "peers",
	    "\"refid\": null, \"stratum\": null, \"type\": \"-\", \"when_s\": null, "
	    "\"poll_s\": null, \"reach\": null, \"delay_ms\": null, "
	    "\"offset_ms\": null, \"jitter_ms\": null}");
	query_bench_stop(&b);
}

static void
intervals_stay_short(void **state)
{
	static const struct query_answer answers[] = {
		{ QUERY_LIST(
		    "\0\1\x94\x14\0\2\x94\x14\0\3\x94\x14\0\4\x94\x14\0\5\x94\x14"
		    "\0\6\x94\x14") },
		NTPD,
		PEER(1, "srcadr=192.0.2.1, rec=0xe907c546.00000000, hpoll=20"),
		PEER(2, "srcadr=192.0.2.2, rec=0xeeab5f00.00000000, hpoll=10, ppoll=6"),
		PEER(3,
		    "srcadr=192.0.2.3, rec=0x00000000.00000000, "
		    "reftime=0xeeaa0000.00000000, hpoll=6, ppoll=10"),
		PEER(4, "srcadr=192.0.2.4, rec=0xeeab5fd6.00000000, hpoll=17"),
		PEER(5, "srcadr=192.0.2.5, rec=0xeea00000.00000000, hpoll=12"),
		PEER(6, "srcadr=192.0.2.6, rec=0xeeab5000.00000000, hpoll=11"),
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_prints(&b, "peers",
	    " remote    refid st t when poll reach delay offset jitter\n"
	    "=========================================================\n"
	    "+192.0.2.1 -      - -   3y 2^20     -     -      -      -\n"
	    "+192.0.2.2 -      - -  198   64     -     -      -      -\n"
	    "+192.0.2.3 -      - -  25h   64     -     -      -      -\n"
	    "+192.0.2.4 -      - -    -  36h     -     -      -      -\n"
	    "+192.0.2.5 -      - -   9d  68m     -     -      -      -\n"
	    "+192.0.2.6 -      - -  67m 2048     -     -      -      -\n");
	b.is_json = true;
	query_bench_shows(&b, "peers", "\"when_s\": 94608000, \"poll_s\": \"2^20\"");
	query_bench_shows(&b, "peers", "\"when_s\": 745414, \"poll_s\": 4096");
	query_bench_stop(&b);
}

/* --- how they are read -------------------------------------------------------------- */

/* Of a daemon that does not know some name, of an association that goes meanwhile. */
static void
associations_are_read_in_other_ways(void **state)
{
	static const struct query_answer answers[] = {
		{ QUERY_LIST("\0\1\x94\x14\0\2\x94\x14\0\3\x94\x14"), .times = 1 },
		{ QUERY_LIST("\0\1\x94\x14\0\3\x94\x14") },
		NTPD,
		{ .op = M6_OP_READVAR,
		    .assoc = 1,
		    .wants = "srchost",
		    .error = M6_ERROR_UNKNOWNVAR },
		PEER(1, "srcadr=192.0.2.1, hmode=1"),
		{ .op = M6_OP_READVAR, .assoc = 2, .error = M6_ERROR_BADASSOC },
		PEER(3, "srcadr=192.0.2.3, hmode=3"),
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_prints(&b, "peers",
	    " remote    refid st t when poll reach delay offset jitter\n"
	    "=========================================================\n"
	    "+192.0.2.1 -      - s    -    -     -     -      -      -\n"
	    "+192.0.2.3 -      - u    -    -     -     -      -      -\n");
	query_bench_stop(&b);
}

/* It refuses one even without names. */
static void
what_cannot_be_read_is_an_error(void **state)
{
	static const struct query_answer answers[] = {
		{ QUERY_LIST("\0\1\x94\x14") },
		NTPD,
		{ .op = M6_OP_READVAR, .assoc = 1, .error = M6_ERROR_UNKNOWNVAR },
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_fails(&b, "peers", "the daemon says: unknown variable");
	query_bench_stop(&b);
}

/* Who does not know the uptime is asked for what it shows by itself. */
static void
old_daemons_are_watched_too(void **state)
{
	static const struct query_answer answers[] = {
		{ QUERY_LIST("\0\1\x96\x1a") },
		{ .op = M6_OP_READVAR,
		    .wants = "ss_uptime",
		    .error = M6_ERROR_UNKNOWNVAR },
		NTPD,
		PEER(1, "srcadr=192.0.2.1, hmode=3"),
		{ .op = M6_OP_READVAR,
		    .status = 0x0615,
		    .text = "version=\"ntpd 4.2.6p5\", leap=0, stratum=3, peer=1" },
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_shows(&b, "watch events 1 1",
	    ": watching: 1 associations, stratum 3, system peer 192.0.2.1\n");
	query_bench_shows(&b, "watch 1 1",
	    ": stratum 3, leap_none, system peer 192.0.2.1\n");
	query_bench_stop(&b);
}

static void
status_words_are_told(void **state)
{
	static const struct query_answer answers[] = {
		NTPD,
		PEER(1, "stratum=2"),
		{ .op = M6_OP_READVAR, .assoc = 2, .error = M6_ERROR_BADASSOC },
		{ 0 },
	};
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	query_bench_fails(&b, "pstatus 2", "the daemon says: ");
	b.is_json = true;
	query_bench_shows(&b, "pstatus 1",
	    "\"command\": \"pstatus\", \"associd\": 1, \"status\": \"9414\", "
	    "\"status_text\": \"conf, reach, sel_candidate, 1 event, reachable\"}");
	query_bench_stop(&b);
}

/* --- names -------------------------------------------------------------------------- */

static const char long_name[] =
    "a-name-that-somebody-made-as-long-as-he-liked.example.net";

static bool
begin_name(void *ctx, struct names *n, const struct addr *a, uint32_t ticket)
{
	(void)ctx;
	(void)a;
	names_answer(n, ticket, long_name);
	return true;
}

static void
wait_for_names(void *ctx, struct names *n, int64_t ns)
{
	(void)ctx;
	(void)n;
	(void)ns;
}

static bool
end_names(void *ctx)
{
	(void)ctx;
	return true;
}

/* The table keeps its shape; JSON has no columns. */
static void
long_names_are_cut(void **state)
{
	static const struct query_answer answers[] = {
		{ QUERY_LIST("\0\1\x94\x14") },
		NTPD,
		PEER(1, "srcadr=192.0.2.1, hmode=1"),
		{ 0 },
	};
	const struct names_port port = { begin_name, wait_for_names, end_names, NULL };
	struct query_bench b;

	(void)state;
	query_bench_start(&b, answers);
	b.q.names = names_new(&port);
	assert_non_null(b.q.names);
	query_bench_shows(&b, "peers",
	    "\n+a-name-that-somebody-made-as-long-as-he~ -   ");
	b.is_json = true;
	query_bench_shows(&b, "peers", long_name);
	assert_true(names_free(b.q.names));
	query_bench_stop(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_letters),
		cmocka_unit_test(what_is_not_known_is_not_shown),
		cmocka_unit_test(intervals_stay_short),
		cmocka_unit_test(associations_are_read_in_other_ways),
		cmocka_unit_test(what_cannot_be_read_is_an_error),
		cmocka_unit_test(old_daemons_are_watched_too),
		cmocka_unit_test(status_words_are_told),
		cmocka_unit_test(long_names_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
