/* SPDX-License-Identifier: BSD-2-Clause */
/* The byte stream of an AgentX master: whatever way it is cut, the same comes out, and
 * never more than went in. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "snmp/session_frames.h"

enum { FRAME_SENT_MAX = 64 };

struct sink {
	uint8_t *bytes;
	size_t len;
	int err;
};

static void
feed(struct session_frames *f, struct sink *out, const uint8_t *bytes, size_t len)
{
	size_t n = 0;
	uint8_t *copy, *room = malloc(len + SESSION_FRAME_HEADER);
	struct fuzz_input all = { bytes, len };

	if (!room)
		abort();
	copy = fuzz_take(&all, len, &len);
	out->err = session_frames_filter(f, copy, len, room, &n);
	if (out->err == 0) {
		FUZZ_REQUIRE(n <= len + SESSION_FRAME_HEADER);
		memcpy(out->bytes + out->len, room, n);
		out->len += n;
	}
	free(copy);
	free(room);
}

/* How often the frame that the input begins with may be sent, of two times. */
static unsigned
send_twice(struct session_frames *f, const uint8_t *bytes, size_t len)
{
	struct fuzz_input all = { bytes, len };
	size_t frame_len;
	uint8_t *frame =
	    fuzz_take(&all, len < FRAME_SENT_MAX ? len : FRAME_SENT_MAX, &frame_len);
	unsigned may = session_frames_may_send(f, frame, frame_len);

	may += session_frames_may_send(f, frame, frame_len);
	free(frame);
	return may;
}

/* There is one answer at most, and none once it was given. */
static size_t
answer(struct session_frames *f)
{
	uint8_t *out = malloc(SESSION_FRAMES_ANSWER);
	size_t n;

	if (!out)
		abort();
	n = session_frames_answer(f, out);
	FUZZ_REQUIRE(n == 0 || n == SESSION_FRAMES_ANSWER);
	FUZZ_REQUIRE(session_frames_answer(f, out) == 0);
	free(out);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct session_frames *whole = calloc(1, sizeof(*whole));
	struct session_frames *cut = calloc(1, sizeof(*cut));
	struct sink a = { calloc(1, len + 1), 0, 0 }, b = { calloc(1, len + 1), 0, 0 };
	size_t step = len > 0 ? 1 + bytes[0] % 64u : 1;

	if (!whole || !cut || !a.bytes || !b.bytes)
		abort();
	whole->keep_repeats = cut->keep_repeats = len > 1 && bytes[1] % 8 == 7;
	FUZZ_REQUIRE(send_twice(whole, bytes, len) == send_twice(cut, bytes, len));
	feed(whole, &a, bytes, len);
	for (size_t at = 0; at < len && b.err == 0; at += step)
		feed(cut, &b, bytes + at, len - at < step ? len - at : step);
	FUZZ_REQUIRE(a.err == b.err);
	if (a.err == 0) {
		FUZZ_REQUIRE(a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0);
		FUZZ_REQUIRE(a.len <= len && whole->n_repeats == cut->n_repeats);
		FUZZ_REQUIRE(answer(whole) == answer(cut));
	}
	free(whole);
	free(cut);
	free(a.bytes);
	free(b.bytes);
	return 0;
}
