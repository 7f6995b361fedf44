/* SPDX-License-Identifier: BSD-2-Clause */
/* Fragments go to their place at once; the list of what is there finds overlaps. */
#include "mode6/reassembly.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"

struct fragment {
	uint16_t offset, count;
	bool has_more;
};

struct m6_reassembly {
	struct fragment fragments[M6_FRAGMENTS_MAX];
	size_t n_fragments;
	uint8_t *bytes;
	size_t cap;
	size_t n_bytes; /* sum of all counts; fragments are disjoint */
	bool has_last;
	size_t total; /* end of the last fragment; set with has_last */
	uint16_t status;
	int error; /* the first one; stays until the reset */
};

struct m6_reassembly *
m6_reassembly_new(void)
{
	return mem_calloc(1, sizeof(struct m6_reassembly));
}

void
m6_reassembly_free(struct m6_reassembly *r)
{
	if (r == NULL)
		return;
	mem_free(r->bytes);
	mem_free(r);
}

void
m6_reassembly_reset(struct m6_reassembly *r)
{
	r->n_fragments = 0;
	r->n_bytes = 0;
	r->has_last = false;
	r->total = 0;
	r->status = 0;
	r->error = 0;
}

static size_t
end_of(const struct fragment *f)
{
	return (size_t)f->offset + f->count;
}

static bool
is_same(const struct m6_reassembly *r, const struct fragment *have,
    const struct fragment *f, const uint8_t *data)
{
	if (have->offset != f->offset || have->count != f->count ||
	    have->has_more != f->has_more)
		return false;
	return f->count == 0 || memcmp(r->bytes + f->offset, data, f->count) == 0;
}

/* Against what came earlier: 0, M6_REASSEMBLY_REPEATED or ERR_CONFLICT. */
static int
compare(const struct m6_reassembly *r, const struct fragment *f, const uint8_t *data)
{
	for (size_t i = 0; i < r->n_fragments; i++) {
		const struct fragment *have = &r->fragments[i];
		if (is_same(r, have, f, data))
			return M6_REASSEMBLY_REPEATED;
		if (f->offset < end_of(have) && have->offset < end_of(f))
			return ERR_CONFLICT;
		if (!f->has_more && end_of(have) > end_of(f))
			return ERR_CONFLICT;
	}
	if (r->has_last && (!f->has_more || end_of(f) > r->total))
		return ERR_CONFLICT;
	return 0;
}

/* Room for `needed` bytes, at most M6_PAYLOAD_MAX. */
static int
reserve(struct m6_reassembly *r, size_t needed)
{
	size_t cap = r->cap * 2 > needed ? r->cap * 2 : needed;

	if (needed <= r->cap)
		return 0;
	if (cap > M6_PAYLOAD_MAX)
		cap = M6_PAYLOAD_MAX;
	uint8_t *bytes = mem_resize(r->bytes, cap, 1);
	if (bytes == NULL)
		return ERR_NOMEM;
	r->bytes = bytes;
	r->cap = cap;
	return 0;
}

static int
store(struct m6_reassembly *r, const struct fragment *f, const struct m6_packet *packet)
{
	int rc = reserve(r, end_of(f));

	if (rc != 0)
		return rc;
	if (f->count > 0)
		memcpy(r->bytes + f->offset, packet->data, f->count);
	r->fragments[r->n_fragments++] = *f;
	r->n_bytes += f->count;
	if (!f->has_more) {
		r->has_last = true;
		r->total = end_of(f);
		r->status = packet->head.status;
	}
	return 0;
}

static bool
is_complete(const struct m6_reassembly *r)
{
	return r->has_last && r->n_bytes == r->total;
}

static int
add(struct m6_reassembly *r, const struct m6_packet *packet)
{
	struct fragment f = {
		.offset = packet->head.offset,
		.count = packet->head.count,
		.has_more = packet->head.has_more,
	};

	if (f.has_more && f.count == 0)
		return ERR_PROTOCOL;
	if (end_of(&f) > M6_PAYLOAD_MAX)
		return ERR_TOOBIG;
	int rc = compare(r, &f, packet->data);
	if (rc != 0)
		return rc;
	if (r->n_fragments == M6_FRAGMENTS_MAX)
		return ERR_TOOBIG;
	rc = store(r, &f, packet);
	if (rc != 0)
		return rc;
	return is_complete(r) ? M6_REASSEMBLY_DONE : M6_REASSEMBLY_MORE;
}

int
m6_reassembly_add(struct m6_reassembly *r, const struct m6_packet *fragment)
{
	if (r->error != 0)
		return r->error;
	int rc = add(r, fragment);
	if (rc < 0)
		r->error = rc;
	return rc;
}

bool
m6_reassembly_is_empty(const struct m6_reassembly *r)
{
	return r->n_fragments == 0;
}

const uint8_t *
m6_reassembly_payload(const struct m6_reassembly *r, size_t *len_out)
{
	static const uint8_t nothing[1];

	*len_out = is_complete(r) ? r->total : 0;
	return *len_out > 0 ? r->bytes : nothing;
}

uint16_t
m6_reassembly_status(const struct m6_reassembly *r)
{
	return r->status;
}
