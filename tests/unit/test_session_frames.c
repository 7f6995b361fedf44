/* SPDX-License-Identifier: BSD-2-Clause */
/* The AgentX frame filter: what it passes on, what it leaves out, however the stream is
 * cut. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "snmp/session_frames.h"

enum {
	OPEN = 1,
	CLOSE,
	REGISTER,
	UNREGISTER,
	GET,
	CLEANUP = 11,
	NOTIFY,
	RESPONSE = 18,
	STREAM_MAX = 65536
};

struct stream {
	uint8_t bytes[STREAM_MAX];
	size_t len;
};

static void
put_word(struct stream *s, uint32_t word, int network_order)
{
	for (int i = 0; i < 4; i++) {
		int shift = network_order ? 24 - 8 * i : 8 * i;

		s->bytes[s->len++] = (uint8_t)(word >> shift);
	}
}

static void
put_frame_in(struct stream *s, uint8_t type, uint32_t id, uint32_t payload_len,
    int network_order)
{
	const uint8_t head[] = { 1, type, network_order ? 0x10 : 0x00, 0 };

	memcpy(s->bytes + s->len, head, sizeof(head));
	s->len += sizeof(head);
	put_word(s, 7, network_order);    /* session */
	put_word(s, 1000, network_order); /* transaction */
	put_word(s, id, network_order);
	put_word(s, payload_len, network_order);
	for (uint32_t i = 0; i < payload_len; i++)
		s->bytes[s->len++] = (uint8_t)(id + i);
}

static void
put_frame(struct stream *s, uint8_t type, uint32_t id, uint32_t payload_len)
{
	put_frame_in(s, type, id, payload_len, 0);
}

/* Feeds the stream in pieces of `step` bytes and appends what comes out to *out. */
static int
filter(struct session_frames *f, const struct stream *in, size_t step, struct stream *out)
{
	for (size_t at = 0; at < in->len; at += step) {
		size_t n = in->len - at < step ? in->len - at : step, got = 12345;
		uint8_t *room = malloc(n + SESSION_FRAME_HEADER);
		int err;

		assert_non_null(room);
		err = session_frames_filter(f, in->bytes + at, n, room, &got);
		if (err == 0) {
			assert_true(got <= n + SESSION_FRAME_HEADER);
			memcpy(out->bytes + out->len, room, got);
			out->len += got;
		}
		free(room);
		if (err != 0)
			return err;
	}
	return 0;
}

static void
assert_same(const struct stream *a, const struct stream *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->bytes, b->bytes, a->len);
}

static struct stream in, out, expected;
static struct session_frames frames;

static int
fresh(void **state)
{
	(void)state;
	memset(&in, 0, sizeof(in));
	memset(&out, 0, sizeof(out));
	memset(&expected, 0, sizeof(expected));
	memset(&frames, 0, sizeof(frames));
	return 0;
}

static void
distinct_frames_pass_unchanged(void **state)
{
	(void)state;
	for (uint8_t type = 1; type <= RESPONSE; type++)
		put_frame(&in, type, 100U + type, type * 4U);
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &in);
	assert_int_equal(frames.n_repeats, 0);
}

static void
repeats_of_requests_are_left_out(void **state)
{
	(void)state;
	for (uint8_t type = GET; type <= CLEANUP; type++) {
		put_frame(&in, type, type, 12);
		put_frame(&expected, type, type, 12);
		put_frame(&in, type, type, 12);
	}
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &expected);
	assert_int_equal(frames.n_repeats, CLEANUP - GET + 1);
}

static void
repeats_of_other_frames_pass(void **state)
{
	static const uint8_t types[] = { OPEN, CLOSE, REGISTER, UNREGISTER, NOTIFY, 13,
		RESPONSE, 0, 255 };

	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		put_frame(&in, types[i], 9, 8);
		put_frame(&in, types[i], 9, 8);
	}
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &in);
}

/* A response carries the number of our request: it says nothing about the master's. */
static void
a_response_does_not_use_up_a_number(void **state)
{
	(void)state;
	put_frame(&in, RESPONSE, 5, 8);
	put_frame(&in, GET, 5, 8);
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &in);
}

static void
any_cut_of_the_stream_gives_the_same(void **state)
{
	(void)state;
	put_frame(&in, GET, 1, 0);
	put_frame(&in, 6, 2, 33);
	put_frame(&in, 6, 2, 33);
	put_frame(&in, RESPONSE, 3, 1);
	put_frame(&in, GET, 1, 0);
	put_frame(&in, 8, 4, 64);
	put_frame(&expected, GET, 1, 0);
	put_frame(&expected, 6, 2, 33);
	put_frame(&expected, RESPONSE, 3, 1);
	put_frame(&expected, 8, 4, 64);
	for (size_t step = 1; step <= in.len; step++) {
		memset(&frames, 0, sizeof(frames));
		out.len = 0;
		assert_int_equal(filter(&frames, &in, step, &out), 0);
		assert_same(&out, &expected);
		assert_int_equal(frames.n_repeats, 2);
	}
}

static void
a_split_header_is_held_back(void **state)
{
	size_t got;

	(void)state;
	put_frame(&in, GET, 1, 4);
	assert_int_equal(session_frames_filter(&frames, in.bytes,
			     SESSION_FRAME_HEADER - 1, out.bytes, &got),
	    0);
	assert_int_equal(got, 0);
	assert_int_equal(session_frames_filter(&frames,
			     in.bytes + SESSION_FRAME_HEADER - 1, 1, out.bytes, &got),
	    0);
	assert_int_equal(got, SESSION_FRAME_HEADER);
	assert_memory_equal(out.bytes, in.bytes, SESSION_FRAME_HEADER);
}

static void
both_byte_orders_are_read(void **state)
{
	(void)state;
	put_frame_in(&in, GET, 0x01020304, 8, 1);
	put_frame_in(&in, GET, 0x01020304, 8, 0);
	put_frame_in(&in, GET, 0x04030201, 8, 1);
	put_frame_in(&expected, GET, 0x01020304, 8, 1);
	put_frame_in(&expected, GET, 0x04030201, 8, 1);
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &expected);
}

static void
a_number_is_remembered_for_a_while(void **state)
{
	(void)state;
	for (uint32_t id = 0; id < SESSION_FRAMES_SEEN; id++)
		put_frame(&in, GET, id, 0);
	expected = in;
	put_frame(&in, GET, 0, 0);
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &expected);
}

/* Numbers wrap; the memory must not keep them for ever. */
static void
and_then_forgotten(void **state)
{
	(void)state;
	for (uint32_t id = 0; id <= SESSION_FRAMES_SEEN; id++)
		put_frame(&in, GET, id, 0);
	put_frame(&in, GET, 0, 0);
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &in);
}

/* Masters of other makes may number as they like, and all begin anew some day. */
static void
numbers_need_not_ascend(void **state)
{
	static const uint32_t ids[] = { 7, 3, UINT32_MAX, 5, 0, UINT32_MAX - 1, 4 };

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		put_frame(&in, GET, ids[i], 4);
		put_frame(&expected, GET, ids[i], 4);
		for (size_t k = 0; k <= i; k++)
			put_frame(&in, GET, ids[k], 4);
	}
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &expected);
}

static void
the_first_number_may_be_zero(void **state)
{
	(void)state;
	put_frame(&in, GET, 0, 4);
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &in);
}

static void
repeats_can_be_kept(void **state)
{
	(void)state;
	frames.keep_repeats = true;
	put_frame(&in, GET, 1, 4);
	put_frame(&in, GET, 1, 4);
	assert_int_equal(filter(&frames, &in, in.len, &out), 0);
	assert_same(&out, &in);
}

static void
an_overlong_frame_is_an_error(void **state)
{
	static const struct {
		uint32_t payload_len;
		int err;
	} cases[] = {
		{ SESSION_FRAME_PAYLOAD_MAX, 0 },
		{ SESSION_FRAME_PAYLOAD_MAX + 1, ERR_TOOBIG },
		{ UINT32_MAX, ERR_TOOBIG },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		memset(&frames, 0, sizeof(frames));
		in.len = out.len = 0;
		put_frame(&in, GET, 1, 0);
		in.len -= 4;
		put_word(&in, cases[i].payload_len, 0);
		assert_int_equal(filter(&frames, &in, in.len, &out), cases[i].err);
	}
}

static bool
may_send(uint8_t type, uint32_t id, int network_order)
{
	static struct stream frame;

	frame.len = 0;
	put_frame_in(&frame, type, id, 8, network_order);
	return session_frames_may_send(&frames, frame.bytes, frame.len);
}

static void
get_response(uint32_t id)
{
	in.len = out.len = 0;
	put_frame(&in, RESPONSE, id, 8);
	assert_int_equal(filter(&frames, &in, 7, &out), 0);
}

static void
answered_administration_may_go_on(void **state)
{
	static const uint8_t types[] = { OPEN, 13, 14, 15, 16, 17, CLOSE };

	(void)state;
	for (uint32_t i = 0; i < COUNT(types); i++) {
		assert_true(may_send(types[i], i, i % 2 != 0));
		get_response(i);
	}
}

static void
unanswered_administration_may_not(void **state)
{
	(void)state;
	assert_true(may_send(OPEN, 7, 1));
	get_response(6);
	assert_false(may_send(OPEN, 8, 1));
	assert_false(may_send(CLOSE, 9, 1));
	assert_true(may_send(OPEN, 7, 1)); /* the same once more */
	get_response(7);
	assert_true(may_send(OPEN, 8, 1));
}

static void
others_may_go_always(void **state)
{
	(void)state;
	assert_true(may_send(OPEN, 7, 1));
	assert_true(may_send(RESPONSE, 8, 1));
	assert_true(may_send(NOTIFY, 9, 1));
	assert_true(may_send(NOTIFY, 10, 1));
	for (uint8_t type = REGISTER; type <= UNREGISTER; type++) {
		assert_true(may_send(type, 11, 1));
		assert_true(may_send(type, 12, 1));
	}
	assert_false(may_send(OPEN, 13, 1));
	assert_true(session_frames_may_send(&frames, in.bytes, 0));
}

static void
end_answers_what_waits(void **state)
{
	uint8_t answer[SESSION_FRAMES_ANSWER];

	(void)state;
	assert_int_equal(session_frames_answer(&frames, answer), 0);
	assert_true(may_send(CLOSE, 0x01020304, 0));
	assert_int_equal(session_frames_answer(&frames, answer), sizeof(answer));
	in.len = out.len = 0;
	put_frame_in(&in, RESPONSE, 0x01020304, 8, 1);
	/* Version, type and flags; packetID and length. */
	assert_memory_equal(answer, in.bytes, 3);
	assert_memory_equal(answer + 12, in.bytes + 12, 8);
	/* Once. */
	assert_int_equal(session_frames_answer(&frames, answer), 0);
	assert_true(may_send(OPEN, 7, 1));
}

static void
end_in_a_frame_answers_nothing(void **state)
{
	uint8_t answer[SESSION_FRAMES_ANSWER];

	(void)state;
	for (size_t cut = 1; cut < SESSION_FRAME_HEADER + 8; cut++) {
		frames = (struct session_frames){ .is_awaiting = true };
		in.len = out.len = 0;
		put_frame(&in, NOTIFY, 5, 8);
		in.len = cut;
		assert_int_equal(filter(&frames, &in, cut, &out), 0);
		assert_int_equal(session_frames_answer(&frames, answer), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(distinct_frames_pass_unchanged, fresh),
		cmocka_unit_test_setup(repeats_of_requests_are_left_out, fresh),
		cmocka_unit_test_setup(repeats_of_other_frames_pass, fresh),
		cmocka_unit_test_setup(a_response_does_not_use_up_a_number, fresh),
		cmocka_unit_test_setup(any_cut_of_the_stream_gives_the_same, fresh),
		cmocka_unit_test_setup(a_split_header_is_held_back, fresh),
		cmocka_unit_test_setup(both_byte_orders_are_read, fresh),
		cmocka_unit_test_setup(a_number_is_remembered_for_a_while, fresh),
		cmocka_unit_test_setup(and_then_forgotten, fresh),
		cmocka_unit_test_setup(numbers_need_not_ascend, fresh),
		cmocka_unit_test_setup(the_first_number_may_be_zero, fresh),
		cmocka_unit_test_setup(repeats_can_be_kept, fresh),
		cmocka_unit_test_setup(an_overlong_frame_is_an_error, fresh),
		cmocka_unit_test_setup(end_answers_what_waits, fresh),
		cmocka_unit_test_setup(end_in_a_frame_answers_nothing, fresh),
		cmocka_unit_test_setup(answered_administration_may_go_on, fresh),
		cmocka_unit_test_setup(unanswered_administration_may_not, fresh),
		cmocka_unit_test_setup(others_may_go_always, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
