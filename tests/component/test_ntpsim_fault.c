/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon's faults: what they do to answers. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "mode6/packet.h"
#include "mode6/reassembly.h"
#include "sim/sim_fixture.h"

enum { FIRST_ID = 20007 }; /* of the fixture's seed */

/* Starts a daemon, sets a fault, asks for an answer of several fragments. */
static void
start_faulty(struct sim_fixture *f, const char *order)
{
	sim_start(f, SIM_NTPORG, 300);
	sim_order(f, order);
	sim_ask(f, M6_OP_READSTAT, 0, "");
}

/* What a client's reassembly says of all datagrams in the order they came; 0 when it
 * waits for more. */
static int
reassembled(const struct sim_fixture *f)
{
	struct m6_reassembly *r = m6_reassembly_new();
	int rc = 0, done = 0;

	assert_non_null(r);
	for (size_t i = 0; i < f->out.n && rc >= 0; i++) {
		struct m6_packet packet = sim_packet(f, i);

		rc = m6_reassembly_add(r, &packet);
		if (rc == M6_REASSEMBLY_DONE)
			done = rc;
	}
	m6_reassembly_free(r);
	return rc < 0 ? rc : done;
}

static void
no_fault_is_whole(void **state)
{
	struct sim_fixture f;

	(void)state;
	start_faulty(&f, "fault off");
	assert_int_equal(f.out.n, 3);
	assert_int_equal(reassembled(&f), M6_REASSEMBLY_DONE);
	sim_stop(&f);
}

static void
drop_loses_its_share(void **state)
{
	struct sim_fixture f;
	size_t n = 0;

	(void)state;
	start_faulty(&f, "fault drop=100");
	assert_int_equal(f.out.n, 0);
	sim_order(&f, "fault drop=30,seed=3");
	for (unsigned i = 0; i < 1000; i++) {
		sim_ask(&f, M6_OP_UNSPEC, 0, "");
		n += f.out.n;
	}
	assert_in_range(n, 650, 750);
	sim_stop(&f);
}

static void
delay_postpones_every_datagram(void **state)
{
	struct sim_fixture f;

	(void)state;
	start_faulty(&f, "fault delay=250");
	for (size_t i = 0; i < f.out.n; i++)
		assert_int_equal(f.out.items[i].delay_ms, 250);
	assert_int_equal(f.out.n, 3);
	sim_stop(&f);
}

static void
duplicate_and_reorder_leave_the_content_whole(void **state)
{
	struct sim_fixture f;

	(void)state;
	start_faulty(&f, "fault duplicate");
	assert_int_equal(f.out.n, 6);
	assert_memory_equal(f.out.items[1].bytes, f.out.items[4].bytes,
	    f.out.items[1].len);
	sim_order(&f, "fault reorder");
	sim_ask(&f, M6_OP_READSTAT, 0, "");
	assert_int_equal(f.out.n, 3);
	assert_false(sim_packet(&f, 0).head.has_more);
	assert_int_equal(sim_packet(&f, 2).head.offset, 0);
	assert_int_equal(reassembled(&f), M6_REASSEMBLY_DONE);
	sim_stop(&f);
}

static void
conflicting_fragments_conflict(void **state)
{
	static const struct {
		const char *order;
		int result;
	} rows[] = {
		{ "fault overlap", ERR_CONFLICT },
		{ "fault twolast", ERR_CONFLICT },
		{ "fault oversize", ERR_TOOBIG },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sim_fixture f;

		start_faulty(&f, rows[i].order);
		assert_int_equal(reassembled(&f), rows[i].result);
		sim_ask(&f, M6_OP_READVAR, 0, "leap,stratum");
		assert_int_equal(reassembled(&f), rows[i].result);
		sim_ask(&f, M6_OP_READVAR, 0, "nosuch");
		sim_assert_error(&f, M6_ERROR_UNKNOWNVAR);
		sim_stop(&f);
	}
}

static void
oversize_is_over_both_limits(void **state)
{
	struct sim_fixture f;

	(void)state;
	start_faulty(&f, "fault oversize");
	/* Offsets have sixteen bits: they begin anew after that. */
	assert_int_equal(f.out.n, 1000);
	assert_true(sim_packet(&f, M6_FRAGMENTS_MAX + 1).head.offset > M6_PAYLOAD_MAX);
	sim_stop(&f);
}

static void
truncate_cuts_every_datagram(void **state)
{
	struct sim_fixture f;
	struct m6_packet packet;

	(void)state;
	start_faulty(&f, "fault truncate,seed=1");
	assert_int_equal(f.out.n, 3);
	for (size_t i = 0; i < f.out.n; i++)
		assert_int_equal(
		    m6_packet_decode(f.out.items[i].bytes, f.out.items[i].len, &packet),
		    ERR_TRUNCATED);
	sim_stop(&f);
}

static void
garbage_is_reproducible(void **state)
{
	struct sim_fixture a, b;

	(void)state;
	start_faulty(&a, "fault garbage,seed=5");
	start_faulty(&b, "fault garbage,seed=5");
	assert_int_equal(a.out.n, 3);
	assert_int_equal(a.out.items[2].len, b.out.items[2].len);
	assert_memory_equal(a.out.items[2].bytes, b.out.items[2].bytes,
	    a.out.items[2].len);
	sim_order(&b, "fault garbage,seed=6");
	sim_ask(&b, M6_OP_READSTAT, 0, "");
	assert_memory_not_equal(a.out.items[0].bytes, b.out.items[0].bytes, 12);
	sim_stop(&a);
	sim_stop(&b);
}

static void
wrong_heads_are_wrong_in_one_field(void **state)
{
	static const struct {
		const char *order;
		bool seq, assoc, op, version;
	} rows[] = {
		{ "fault badseq", true, false, false, false },
		{ "fault badassoc", false, true, false, false },
		{ "fault badop", false, false, true, false },
		{ "fault badversion", false, false, false, true },
		{ "fault badseq badassoc", true, true, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sim_fixture f;

		sim_start(&f, SIM_NTPORG, 1);
		sim_order(&f, rows[i].order);
		for (unsigned j = 0; j < 200; j++) {
			const uint8_t *head;

			sim_ask(&f, M6_OP_READVAR, FIRST_ID, "stratum");
			assert_int_equal(f.out.n, 1);
			head = f.out.items[0].bytes;
			assert_int_equal((head[2] << 8 | head[3]) != f.sequence,
			    rows[i].seq);
			assert_int_equal((head[6] << 8 | head[7]) != FIRST_ID,
			    rows[i].assoc);
			assert_int_equal((head[1] & 0x1f) != M6_OP_READVAR, rows[i].op);
			assert_int_equal((head[0] >> 3 & 7) != 2, rows[i].version);
		}
		sim_stop(&f);
	}
}

static void
stale_offset_spoils_error_replies_only(void **state)
{
	struct sim_fixture f;

	(void)state;
	start_faulty(&f, "fault stale-offset");
	assert_int_equal(reassembled(&f), M6_REASSEMBLY_DONE);
	sim_ask(&f, M6_OP_READVAR, 0, "leap");
	assert_int_equal(sim_packet(&f, 0).head.offset, 0);
	sim_ask(&f, M6_OP_READVAR, 0, "nosuch");
	assert_int_not_equal(sim_packet(&f, 0).head.offset, 0);
	sim_assert_error(&f, M6_ERROR_UNKNOWNVAR);
	sim_stop(&f);
}

static void
trailing_junk_stands_behind_the_padding(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPORG, 1);
	sim_order(&f, "fault trailing-junk");
	sim_ask(&f, M6_OP_READVAR, 0, "leap");
	sim_assert_data(&f, "leap=0\r\n");
	assert_in_range(sim_packet(&f, 0).trailer_len, 4, 32);
	sim_stop(&f);
}

static void
rules_are_limited_by_number(void **state)
{
	static const struct {
		const char *order, *answers;
	} rows[] = {
		{ "fault drop=100,first=3", "000111111" },
		{ "fault drop=100,every=3", "110110110" },
		{ "fault drop=100,every=2,first=4", "101011111" },
		{ "fault duplicate,first=1;drop=100,every=4", "211011101" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sim_fixture f;
		char got[10] = "";

		sim_start(&f, SIM_NTPORG, 1);
		sim_order(&f, rows[i].order);
		for (size_t j = 0; j < 9; j++) {
			sim_ask(&f, M6_OP_UNSPEC, 0, "");
			got[j] = (char)('0' + f.out.n);
		}
		assert_string_equal(got, rows[i].answers);
		sim_stop(&f);
	}
}

static size_t
answers_of_burst(struct sim_fixture *f, unsigned n)
{
	size_t answered = 0;

	for (unsigned i = 0; i < n; i++) {
		sim_ask(f, M6_OP_UNSPEC, 0, "");
		answered += f->out.n;
	}
	return answered;
}

static void
a_limited_daemon_answers_eighteen_of_a_burst(void **state)
{
	struct sim_fixture f;

	(void)state;
	sim_start(&f, SIM_NTPSEC, 1);
	sim_order(&f, "fault limited");
	assert_int_equal(answers_of_burst(&f, 60), 18);
	f.now += 5 * SIM_SECOND;
	assert_int_equal(answers_of_burst(&f, 1), 0);
	f.now += 40 * SIM_SECOND;
	assert_in_range(answers_of_burst(&f, 20), 5, 15);
	f.now += 600 * SIM_SECOND;
	assert_int_equal(answers_of_burst(&f, 60), 18);
	sim_order(&f, "fault");
	assert_int_equal(answers_of_burst(&f, 60), 60);
	sim_stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_fault_is_whole),
		cmocka_unit_test(drop_loses_its_share),
		cmocka_unit_test(delay_postpones_every_datagram),
		cmocka_unit_test(duplicate_and_reorder_leave_the_content_whole),
		cmocka_unit_test(conflicting_fragments_conflict),
		cmocka_unit_test(oversize_is_over_both_limits),
		cmocka_unit_test(truncate_cuts_every_datagram),
		cmocka_unit_test(garbage_is_reproducible),
		cmocka_unit_test(wrong_heads_are_wrong_in_one_field),
		cmocka_unit_test(stale_offset_spoils_error_replies_only),
		cmocka_unit_test(trailing_junk_stands_behind_the_padding),
		cmocka_unit_test(rules_are_limited_by_number),
		cmocka_unit_test(a_limited_daemon_answers_eighteen_of_a_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
