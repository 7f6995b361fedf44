/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers with the list of clients, as they follow upon each other, lost and moved
 * between; and lists of rows. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "query/mru.h"
#include "query/ordlist.h"

enum { STEPS_MAX = 200, ORDERS = MRU_BY_DROP + 1 };

static void
check_request(struct mru *m)
{
	char text[M6_REQUEST_MAX];
	size_t len = mru_request(m, text);

	FUZZ_REQUIRE(len > 0 && len <= sizeof(text));
	FUZZ_REQUIRE(memchr(text, '\r', len) == NULL && memchr(text, '\n', len) == NULL);
}

static void
check_rows(const struct mru *m, const struct mru_filter *filter, enum mru_order order,
    bool is_reversed)
{
	struct mru_row *rows = NULL;
	size_t n = 0;

	FUZZ_REQUIRE(mru_rows(m, filter, order, is_reversed, &rows, &n) == 0);
	FUZZ_REQUIRE(n <= mru_count(m));
	for (size_t i = 0; i < n; i++) {
		FUZZ_REQUIRE(rows[i].lstint_ns >= 0 && rows[i].avgint_ns >= 0);
		FUZZ_REQUIRE((rows[i].entry->has & MRU_HAS_ADDR) != 0);
	}
	free(rows);
}

static int
step(struct mru *m, struct fuzz_input *in, int64_t *now_ns)
{
	uint8_t what = fuzz_u8(in);
	size_t len;
	char *text;
	int rc;

	*now_ns += (what >> 3) * (NS_PER_S / 4);
	if (what % 8 == 6)
		return mru_moved(m);
	if (what % 8 == 7)
		return mru_lost(m);
	text = (char *)fuzz_chunk(in, &len);
	rc = mru_needs_nonce(m, *now_ns) ? mru_take_nonce(m, text, len, *now_ns)
					 : mru_take(m, text, len, *now_ns);
	free(text);
	return rc;
}

static void
check_lists(const uint8_t *bytes, size_t len)
{
	static const char *const fields[] = { "addr", "mask", "hits", "flags" };
	enum { N = sizeof(fields) / sizeof(fields[0]) };
	struct ordlist l;

	FUZZ_REQUIRE(ordlist_read(&l, (const char *)bytes, len, fields, N) == 0);
	FUZZ_REQUIRE(l.n_rows <= ORDLIST_ROWS_MAX);
	for (size_t row = 0; row < l.n_rows; row++)
		for (size_t field = 0; field < N; field++) {
			const struct ordlist_cell *cell = ordlist_at(&l, row, field);

			FUZZ_REQUIRE(!cell->text || ordlist_has(&l, field));
			FUZZ_REQUIRE(!cell->text || ordlist_has_row(&l, row));
			FUZZ_REQUIRE(!cell->text ||
			    (cell->text >= (const char *)bytes &&
				cell->text + cell->len <= (const char *)bytes + len));
		}
	ordlist_free(&l);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_input in = { bytes, len };
	uint8_t flags = fuzz_u8(&in);
	const struct mru_filter filter = {
		.mincount = (flags & 2) != 0 ? fuzz_u8(&in) : 0,
		.maxlstint_s = (flags & 4) != 0 ? fuzz_u8(&in) : 0,
	};
	struct mru *m = mru_new(&filter, (flags & 1) != 0,
	    MRU_LIMIT_MIN + fuzz_below(&in, MRU_LIMIT_MAX - 1));
	int64_t now_ns = NS_PER_S;
	int rc = 0;

	FUZZ_REQUIRE(m != NULL);
	check_lists(bytes, len);
	for (int i = 0; i < STEPS_MAX && in.left > 0 && rc == 0; i++) {
		check_request(m);
		rc = step(m, &in, &now_ns);
	}
	FUZZ_REQUIRE(mru_count(m) <= MRU_ENTRIES_MAX);
	for (int order = 0; order < ORDERS; order++)
		check_rows(m, &filter, (enum mru_order)order, (flags & 8) != 0);
	mru_free(m);
	return 0;
}
