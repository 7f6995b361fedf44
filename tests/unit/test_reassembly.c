/* SPDX-License-Identifier: BSD-2-Clause */
/* Fragments in every order, twice, overlapping, lying, or never. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "mode6/reassembly.h"
#include "support/recording.h"

/* This program brings its own allocator, so that memory can be out. */
static bool memory_is_out;

void *
mem_calloc(size_t count, size_t size)
{
	return memory_is_out ? NULL : calloc(count, size);
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	return memory_is_out ? NULL : realloc(old, count * size);
}

char *
mem_strndup(const char *text, size_t len)
{
	return memory_is_out ? NULL : strndup(text, len);
}

char *
mem_strdup(const char *text)
{
	return memory_is_out ? NULL : strdup(text);
}

void
mem_free(void *ptr)
{
	free(ptr);
}

static int
new_reassembly(void **state)
{
	memory_is_out = false;
	*state = m6_reassembly_new();
	return *state == NULL ? -1 : 0;
}

static int
free_reassembly(void **state)
{
	m6_reassembly_free(*state);
	return 0;
}

/* Octets that tell their place. */
static uint8_t
octet_at(size_t offset)
{
	return (uint8_t)(offset * 7 + offset / 251 + 1);
}

struct piece {
	unsigned offset, count;
	bool has_more;
	uint8_t flaw; /* added to the first octet */
};

static int
add_with_status(struct m6_reassembly *r, struct piece piece, uint16_t status)
{
	uint8_t *data = malloc(piece.count > 0 ? piece.count : 1);

	assert_non_null(data);
	for (size_t i = 0; i < piece.count; i++)
		data[i] = octet_at(piece.offset + i);
	if (piece.count > 0)
		data[0] = (uint8_t)(data[0] + piece.flaw);
	struct m6_packet packet = { .head = { .version = 2,
					.op = M6_OP_READVAR,
					.is_response = true,
					.has_more = piece.has_more,
					.status = status,
					.offset = (uint16_t)piece.offset,
					.count = (uint16_t)piece.count },
		.data = data };
	int rc = m6_reassembly_add(r, &packet);
	free(data);
	return rc;
}

static int
add(struct m6_reassembly *r, struct piece piece)
{
	return add_with_status(r, piece, 0);
}

static void
check_payload(const struct m6_reassembly *r, size_t expected_len)
{
	size_t len = 77777;
	const uint8_t *payload = m6_reassembly_payload(r, &len);

	assert_non_null(payload);
	assert_int_equal(len, expected_len);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(payload[i], octet_at(i));
}

static void
one_fragment_is_an_answer(void **state)
{
	struct m6_reassembly *r = *state;

	assert_true(m6_reassembly_is_empty(r));
	assert_int_equal(add_with_status(r, (struct piece){ 0, 372, false, 0 }, 0xc006),
	    M6_REASSEMBLY_DONE);
	assert_false(m6_reassembly_is_empty(r));
	check_payload(r, 372);
	assert_int_equal(m6_reassembly_status(r), 0xc006);
}

static void
an_empty_answer_is_an_answer(void **state)
{
	struct m6_reassembly *r = *state;

	assert_int_equal(add_with_status(r, (struct piece){ 0, 0, false, 0 }, 0x0615),
	    M6_REASSEMBLY_DONE);
	assert_false(m6_reassembly_is_empty(r));
	check_payload(r, 0);
	assert_int_equal(m6_reassembly_status(r), 0x0615);
	assert_int_equal(add(r, (struct piece){ 0, 0, false, 0 }),
	    M6_REASSEMBLY_REPEATED);
}

/* Calls `use` with every order of 0..n-1. */
static void
permute(size_t *order, size_t n, size_t fixed,
    void (*use)(const size_t *order, size_t n, void *ctx), void *ctx)
{
	if (fixed == n) {
		use(order, n, ctx);
		return;
	}
	for (size_t i = fixed; i < n; i++) {
		size_t kept = order[fixed];
		order[fixed] = order[i];
		order[i] = kept;
		permute(order, n, fixed + 1, use, ctx);
		order[i] = order[fixed];
		order[fixed] = kept;
	}
}

struct cut {
	size_t n_pieces;
	struct piece pieces[5];
	size_t total;
};

static const struct cut cuts[] = {
	{ 2, { { 0, 468, true, 0 }, { 468, 1, false, 0 } }, 469 },
	{ 3, { { 0, 468, true, 0 }, { 468, 467, true, 0 }, { 935, 100, false, 0 } },
	    1035 },
	{ 3, { { 0, 1, true, 0 }, { 1, 1, true, 0 }, { 2, 0, false, 0 } }, 2 },
	{ 4,
	    { { 0, 480, true, 0 }, { 480, 4, true, 0 }, { 484, 480, true, 0 },
		{ 964, 480, false, 0 } },
	    1444 },
	{ 4,
	    { { 0, 465, true, 0 }, { 465, 466, true, 0 }, { 931, 467, true, 0 },
		{ 1398, 0, false, 0 } },
	    1398 },
	{ 5,
	    { { 0, 1, true, 0 }, { 1, 2, true, 0 }, { 3, 3, true, 0 }, { 6, 4, true, 0 },
		{ 10, 5, false, 0 } },
	    15 },
};

struct order_test {
	struct m6_reassembly *r;
	const struct cut *cut;
	unsigned orders;
};

static void
try_order(const size_t *order, size_t n, void *ctx)
{
	struct order_test *test = ctx;

	m6_reassembly_reset(test->r);
	for (size_t i = 0; i < n; i++) {
		/* The status word tells which fragment it came with. */
		uint16_t status = (uint16_t)(0x9600 + order[i]);
		assert_int_equal(
		    add_with_status(test->r, test->cut->pieces[order[i]], status),
		    i + 1 < n ? M6_REASSEMBLY_MORE : M6_REASSEMBLY_DONE);
		for (size_t j = 0; j <= i; j++)
			assert_int_equal(add(test->r, test->cut->pieces[order[j]]),
			    M6_REASSEMBLY_REPEATED);
	}
	check_payload(test->r, test->cut->total);
	assert_int_equal(m6_reassembly_status(test->r), 0x9600 + n - 1);
	test->orders++;
}

static void
every_order_gives_the_answer(void **state)
{
	static const unsigned factorial[] = { 1, 1, 2, 6, 24, 120 };

	for (size_t i = 0; i < COUNT(cuts); i++) {
		struct order_test test = { *state, &cuts[i], 0 };
		size_t order[] = { 0, 1, 2, 3, 4 };
		permute(order, cuts[i].n_pieces, 0, try_order, &test);
		assert_int_equal(test.orders, factorial[cuts[i].n_pieces]);
	}
}

static void
try_order_without_one(const size_t *order, size_t n, void *ctx)
{
	struct order_test *test = ctx;
	size_t len = 77;

	m6_reassembly_reset(test->r);
	for (size_t i = 0; i + 1 < n; i++)
		assert_int_equal(add(test->r, test->cut->pieces[order[i]]),
		    M6_REASSEMBLY_MORE);
	m6_reassembly_payload(test->r, &len);
	assert_int_equal(len, 0);
}

static void
a_reply_with_a_gap_is_incomplete(void **state)
{
	for (size_t i = 0; i < COUNT(cuts); i++) {
		struct order_test test = { *state, &cuts[i], 0 };
		size_t order[] = { 0, 1, 2, 3, 4 };
		permute(order, cuts[i].n_pieces, 0, try_order_without_one, &test);
	}
}

/* One fragment after others; the last one's result is what counts. */
static const struct {
	const char *name;
	size_t n_pieces;
	struct piece pieces[4];
	int rc;
} rows[] = {
	{ "same place, other content", 2, { { 0, 8, true, 0 }, { 0, 8, true, 1 } },
	    ERR_CONFLICT },
	{ "same place, longer", 2, { { 0, 8, true, 0 }, { 0, 9, true, 0 } },
	    ERR_CONFLICT },
	{ "same place, shorter", 2, { { 0, 8, true, 0 }, { 0, 7, true, 0 } },
	    ERR_CONFLICT },
	{ "overlap by one behind", 2, { { 0, 8, true, 0 }, { 7, 8, true, 0 } },
	    ERR_CONFLICT },
	{ "overlap by one before", 2, { { 7, 8, true, 0 }, { 0, 8, true, 0 } },
	    ERR_CONFLICT },
	{ "inside another", 2, { { 0, 8, true, 0 }, { 2, 2, true, 0 } }, ERR_CONFLICT },
	{ "around another", 2, { { 2, 2, true, 0 }, { 0, 8, true, 0 } }, ERR_CONFLICT },
	{ "touching", 2, { { 0, 8, true, 0 }, { 8, 8, true, 0 } }, M6_REASSEMBLY_MORE },
	{ "same piece, now the last", 2, { { 4, 8, true, 0 }, { 4, 8, false, 0 } },
	    ERR_CONFLICT },
	{ "same piece, no longer the last", 2, { { 4, 8, false, 0 }, { 4, 8, true, 0 } },
	    ERR_CONFLICT },
	{ "same last, other content", 2, { { 4, 8, false, 0 }, { 4, 8, false, 1 } },
	    ERR_CONFLICT },
	{ "last again", 2, { { 4, 8, false, 0 }, { 4, 8, false, 0 } },
	    M6_REASSEMBLY_REPEATED },
	{ "second last behind", 2, { { 4, 4, false, 0 }, { 8, 4, false, 0 } },
	    ERR_CONFLICT },
	{ "second last before", 2, { { 8, 4, false, 0 }, { 4, 4, false, 0 } },
	    ERR_CONFLICT },
	{ "second last, empty", 2, { { 4, 4, false, 0 }, { 8, 0, false, 0 } },
	    ERR_CONFLICT },
	{ "data behind the last", 2, { { 4, 4, false, 0 }, { 8, 4, true, 0 } },
	    ERR_CONFLICT },
	{ "last before data", 2, { { 8, 4, true, 0 }, { 4, 4, false, 0 } },
	    ERR_CONFLICT },
	{ "data behind an empty last", 2, { { 4, 0, false, 0 }, { 4, 4, true, 0 } },
	    ERR_CONFLICT },
	{ "empty last before data", 2, { { 4, 4, true, 0 }, { 4, 0, false, 0 } },
	    ERR_CONFLICT },
	{ "empty last inside data", 2, { { 0, 8, true, 0 }, { 4, 0, false, 0 } },
	    ERR_CONFLICT },
	{ "data across an empty last", 2, { { 4, 0, false, 0 }, { 0, 8, true, 0 } },
	    ERR_CONFLICT },
	{ "empty last at the end of data", 2, { { 0, 8, true, 0 }, { 8, 0, false, 0 } },
	    M6_REASSEMBLY_DONE },
	{ "empty last behind a gap", 2, { { 0, 8, true, 0 }, { 9, 0, false, 0 } },
	    M6_REASSEMBLY_MORE },
	{ "empty middle", 1, { { 8, 0, true, 0 } }, ERR_PROTOCOL },
	{ "empty first with more", 1, { { 0, 0, true, 0 } }, ERR_PROTOCOL },
	{ "empty middle in its place", 2, { { 0, 8, true, 0 }, { 8, 0, true, 0 } },
	    ERR_PROTOCOL },
	{ "overlap after completion", 3,
	    { { 0, 8, true, 0 }, { 8, 8, false, 0 }, { 4, 8, true, 0 } }, ERR_CONFLICT },
	{ "bridging a gap too far", 3,
	    { { 0, 4, true, 0 }, { 8, 4, false, 0 }, { 4, 5, true, 0 } }, ERR_CONFLICT },
	{ "up to the limit", 1, { { M6_PAYLOAD_MAX - 480, 480, false, 0 } },
	    M6_REASSEMBLY_MORE },
	{ "one over the limit", 1, { { M6_PAYLOAD_MAX - 479, 480, false, 0 } },
	    ERR_TOOBIG },
	{ "empty last at the limit", 1, { { M6_PAYLOAD_MAX, 0, false, 0 } },
	    M6_REASSEMBLY_MORE },
	{ "empty last over the limit", 1, { { M6_PAYLOAD_MAX + 1, 0, false, 0 } },
	    ERR_TOOBIG },
	{ "offset at its largest", 1, { { 0xffff, 480, true, 0 } }, ERR_TOOBIG },
};

static void
contradictions_are_refused(void **state)
{
	struct m6_reassembly *r = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		int rc = 0;
		m6_reassembly_reset(r);
		for (size_t j = 0; j < rows[i].n_pieces; j++) {
			if (rc < 0)
				fail_msg("%s: failed too early", rows[i].name);
			rc = add(r, rows[i].pieces[j]);
		}
		if (rc != rows[i].rc)
			fail_msg("%s: %d instead of %d", rows[i].name, rc, rows[i].rc);
	}
}

static void
an_error_stays_until_the_reset(void **state)
{
	struct m6_reassembly *r = *state;

	assert_int_equal(add(r, (struct piece){ 0, 8, true, 0 }), M6_REASSEMBLY_MORE);
	assert_int_equal(add(r, (struct piece){ 0, 8, true, 1 }), ERR_CONFLICT);
	assert_int_equal(add(r, (struct piece){ 8, 8, false, 0 }), ERR_CONFLICT);
	m6_reassembly_reset(r);
	assert_true(m6_reassembly_is_empty(r));
	assert_int_equal(add(r, (struct piece){ 8, 8, false, 0 }), M6_REASSEMBLY_MORE);
	assert_int_equal(add(r, (struct piece){ 0, 8, true, 0 }), M6_REASSEMBLY_DONE);
	check_payload(r, 16);
}

static void
a_reset_forgets_everything(void **state)
{
	struct m6_reassembly *r = *state;
	size_t len = 77;

	assert_int_equal(add_with_status(r, (struct piece){ 0, 100, false, 0 }, 0xffff),
	    M6_REASSEMBLY_DONE);
	m6_reassembly_reset(r);
	assert_true(m6_reassembly_is_empty(r));
	m6_reassembly_payload(r, &len);
	assert_int_equal(len, 0);
	/* Neither the old last fragment nor the old content contradicts. */
	assert_int_equal(add(r, (struct piece){ 50, 100, true, 3 }), M6_REASSEMBLY_MORE);
	m6_reassembly_reset(r);
	assert_int_equal(add(r, (struct piece){ 0, 20, false, 0 }), M6_REASSEMBLY_DONE);
	check_payload(r, 20);
	assert_int_equal(m6_reassembly_status(r), 0);
}

static void
the_number_of_fragments_is_limited(void **state)
{
	struct m6_reassembly *r = *state;

	for (unsigned i = 0; i < M6_FRAGMENTS_MAX - 1; i++)
		assert_int_equal(add(r, (struct piece){ i, 1, true, 0 }),
		    M6_REASSEMBLY_MORE);
	assert_int_equal(add(r, (struct piece){ M6_FRAGMENTS_MAX - 1, 1, false, 0 }),
	    M6_REASSEMBLY_DONE);
	check_payload(r, M6_FRAGMENTS_MAX);
	assert_int_equal(add(r, (struct piece){ 5, 1, true, 0 }), M6_REASSEMBLY_REPEATED);

	m6_reassembly_reset(r);
	for (unsigned i = 0; i < M6_FRAGMENTS_MAX; i++)
		assert_int_equal(add(r, (struct piece){ i, 1, true, 0 }),
		    M6_REASSEMBLY_MORE);
	assert_int_equal(add(r, (struct piece){ M6_FRAGMENTS_MAX, 1, false, 0 }),
	    ERR_TOOBIG);
}

static void
the_largest_payload_fits(void **state)
{
	struct m6_reassembly *r = *state;
	unsigned last = M6_FRAGMENTS_MAX - 1;

	for (unsigned i = 0; i < last; i++)
		assert_int_equal(
		    add(r, (struct piece){ i * M6_DATA_MAX, M6_DATA_MAX, true, 0 }),
		    M6_REASSEMBLY_MORE);
	assert_int_equal(
	    add(r, (struct piece){ last * M6_DATA_MAX, M6_DATA_MAX, false, 0 }),
	    M6_REASSEMBLY_DONE);
	check_payload(r, M6_PAYLOAD_MAX);
}

static void
memory_may_be_out(void **state)
{
	struct m6_reassembly *r = *state;

	memory_is_out = true;
	assert_null(m6_reassembly_new());
	assert_int_equal(add(r, (struct piece){ 0, 8, true, 0 }), ERR_NOMEM);
	memory_is_out = false;
	m6_reassembly_reset(r);
	assert_int_equal(add(r, (struct piece){ 0, 8, true, 0 }), M6_REASSEMBLY_MORE);
	memory_is_out = true;
	assert_int_equal(add(r, (struct piece){ 8, 480, false, 0 }), ERR_NOMEM);
	memory_is_out = false;
	m6_reassembly_reset(r);
	assert_int_equal(add(r, (struct piece){ 0, 480, false, 0 }), M6_REASSEMBLY_DONE);
	check_payload(r, 480);
	m6_reassembly_free(NULL);
}

/* A slow second opinion, octet by octet: who owns it, and where the answer ends. */
enum { SPACE = 10 };

struct opinion {
	unsigned owner[SPACE + 1]; /* 0 nobody */
	struct piece taken[64];
	unsigned n_taken;
	int end; /* -1 not known */
};

static int
second_opinion(struct opinion *o, struct piece p)
{
	unsigned owned = 0;

	if (p.has_more && p.count == 0)
		return ERR_PROTOCOL;
	for (unsigned i = 0; i < o->n_taken; i++)
		if (memcmp(&o->taken[i], &p, sizeof(p)) == 0)
			return M6_REASSEMBLY_REPEATED;
	for (unsigned i = 0; i < p.count; i++)
		if (o->owner[p.offset + i] != 0)
			return ERR_CONFLICT;
	if (o->end >= 0 && (!p.has_more || (int)(p.offset + p.count) > o->end))
		return ERR_CONFLICT;
	for (unsigned i = p.offset + p.count; !p.has_more && i < SPACE; i++)
		if (o->owner[i] != 0)
			return ERR_CONFLICT;
	o->taken[o->n_taken++] = p;
	for (unsigned i = 0; i < p.count; i++)
		o->owner[p.offset + i] = o->n_taken;
	if (!p.has_more)
		o->end = (int)(p.offset + p.count);
	for (unsigned i = 0; i < SPACE; i++)
		owned += o->owner[i] != 0;
	return (int)owned == o->end ? M6_REASSEMBLY_DONE : M6_REASSEMBLY_MORE;
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void
random_fragments_meet_a_second_opinion(void **state)
{
	struct m6_reassembly *r = *state;
	uint32_t seed = 20061231;
	unsigned seen[3] = { 0 };

	for (unsigned round = 0; round < 200000; round++) {
		struct opinion o = { .end = -1 };
		int rc = 0;
		m6_reassembly_reset(r);
		for (unsigned i = 0; i < 20 && rc >= 0; i++) {
			struct piece p;
			memset(&p, 0, sizeof(p));
			p.offset = next_random(&seed) % SPACE;
			p.count = next_random(&seed) % (SPACE - p.offset + 1);
			p.count = p.count > 4 ? 4 : p.count;
			p.has_more = next_random(&seed) % 4 != 0;
			rc = add(r, p);
			int expected = second_opinion(&o, p);
			if (expected == M6_REASSEMBLY_DONE)
				check_payload(r, (size_t)o.end);
			assert_int_equal(rc, expected);
			if (rc >= 0)
				seen[rc]++;
		}
	}
	for (size_t i = 0; i < COUNT(seen); i++)
		assert_true(seen[i] > 1000);
}

static void
recorded_answers_come_out_whole(void **state)
{
	struct m6_reassembly *r = *state;
	struct recording *rec =
	    recording_load("tests/recordings/ntpsec-1.2.2-client.txt");
	unsigned fragmented = 0;

	assert_non_null(rec);
	for (size_t e = 0; e < rec->n_exchanges; e++) {
		const struct recorded_exchange *ex = &rec->exchanges[e];
		m6_reassembly_reset(r);
		for (size_t d = ex->n_datagrams; d > 0; d--) {
			uint8_t bytes[M6_DATAGRAM_MAX];
			struct m6_packet packet;
			size_t len = recording_datagram(ex, d - 1, bytes, sizeof(bytes));
			assert_int_equal(m6_packet_decode(bytes, len, &packet), 0);
			if (packet.head.is_error)
				break;
			assert_int_equal(m6_reassembly_add(r, &packet),
			    d == 1 ? M6_REASSEMBLY_DONE : M6_REASSEMBLY_MORE);
		}
		if (m6_reassembly_is_empty(r))
			continue;
		size_t len;
		const uint8_t *payload = m6_reassembly_payload(r, &len);
		assert_int_equal(len, ex->data_len);
		if (len > 0)
			assert_memory_equal(payload, ex->data, len);
		assert_int_equal(m6_reassembly_status(r), recording_status(ex));
		fragmented += ex->n_datagrams > 1;
	}
	recording_free(rec);
	assert_true(fragmented > 2);
}

#define REASSEMBLY_TEST(f) \
	cmocka_unit_test_setup_teardown(f, new_reassembly, free_reassembly)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		REASSEMBLY_TEST(one_fragment_is_an_answer),
		REASSEMBLY_TEST(an_empty_answer_is_an_answer),
		REASSEMBLY_TEST(every_order_gives_the_answer),
		REASSEMBLY_TEST(a_reply_with_a_gap_is_incomplete),
		REASSEMBLY_TEST(contradictions_are_refused),
		REASSEMBLY_TEST(an_error_stays_until_the_reset),
		REASSEMBLY_TEST(a_reset_forgets_everything),
		REASSEMBLY_TEST(the_number_of_fragments_is_limited),
		REASSEMBLY_TEST(the_largest_payload_fits),
		REASSEMBLY_TEST(memory_may_be_out),
		REASSEMBLY_TEST(random_fragments_meet_a_second_opinion),
		REASSEMBLY_TEST(recorded_answers_come_out_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
