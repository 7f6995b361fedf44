/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams, raw or with a plausible header, one after the other: what decodes is encoded
 * again to the same, and fragments make the same answer in whatever order they come. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "mode6/auth.h"
#include "mode6/packet.h"
#include "mode6/reassembly.h"
#include "probe/time_packet.h"

enum { DATAGRAMS_MAX = 128, KINDS = 4, RAW = 3 };

struct datagram {
	uint8_t *bytes;
	size_t len;
};

/* What was taken since the answer began. */
struct answer {
	struct m6_reassembly *r;
	struct datagram taken[DATAGRAMS_MAX];
	size_t n;
	uint16_t next; /* offset where the last fragment ended */
};

static void
forget(struct answer *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->taken[i].bytes);
	a->n = 0;
	a->next = 0;
	m6_reassembly_reset(a->r);
	FUZZ_REQUIRE(m6_reassembly_is_empty(a->r));
}

/* The bits of `kind` say where it lies and whether more is to come. */
static struct datagram
make_fragment(struct answer *a, struct fuzz_input *in, uint8_t kind)
{
	struct datagram d = { malloc(M6_DATAGRAM_MAX), 0 };
	struct m6_header head = {
		.version = M6_VERSION_DEFAULT,
		.op = M6_OP_READVAR,
		.is_response = true,
		.is_error = (kind & 0x80) != 0,
		.has_more = (kind & 0x40) != 0,
		.offset = (kind & 0x20) != 0 ? fuzz_u16(in) : a->next,
		.status = kind,
	};
	size_t len = (kind & 0x10) != 0 ? M6_DATA_MAX : fuzz_u8(in), n;
	uint8_t *data = fuzz_take(in, len, &n);

	if (!d.bytes)
		abort();
	FUZZ_REQUIRE(
	    m6_packet_encode(&head, data, n, d.bytes, M6_DATAGRAM_MAX, &d.len) == 0);
	a->next = (uint16_t)(head.offset + n);
	free(data);
	return d;
}

static struct datagram
next_datagram(struct answer *a, struct fuzz_input *in)
{
	uint8_t kind = fuzz_u8(in);
	struct datagram d;

	if (kind % KINDS != RAW)
		return make_fragment(a, in, kind);
	d.bytes = fuzz_chunk(in, &d.len);
	return d;
}

static void
check_packet(const struct datagram *d, const struct m6_packet *p)
{
	uint8_t again[M6_DATAGRAM_MAX];
	struct m6_packet twin;
	size_t len;

	FUZZ_REQUIRE(p->head.count <= M6_COUNT_MAX);
	FUZZ_REQUIRE(
	    p->head.version >= M6_VERSION_MIN && p->head.version <= M6_VERSION_MAX);
	FUZZ_REQUIRE(p->data >= d->bytes && p->trailer >= p->data + p->head.count);
	FUZZ_REQUIRE(p->trailer + p->trailer_len == d->bytes + d->len);
	(void)m6_packet_error_code(&p->head);
	FUZZ_REQUIRE(m6_error_text(m6_packet_error_code(&p->head)) != NULL);
	(void)m6_op_text(p->head.op);
	FUZZ_REQUIRE(m6_packet_encode(&p->head, p->data, p->head.count, again,
			 sizeof(again), &len) == 0);
	FUZZ_REQUIRE(m6_packet_decode(again, len, &twin) == 0);
	FUZZ_REQUIRE(twin.head.offset == p->head.offset &&
	    twin.head.status == p->head.status && twin.head.count == p->head.count);
	FUZZ_REQUIRE(memcmp(twin.data, p->data, p->head.count) == 0);
}

/* The fragments of a complete answer, last one first. */
static void
check_reversed(const struct answer *a)
{
	struct m6_reassembly *r = m6_reassembly_new();
	size_t len, twin_len;
	const uint8_t *payload = m6_reassembly_payload(a->r, &len), *twin;
	int rc = M6_REASSEMBLY_MORE;

	for (size_t i = a->n; i-- > 0;) {
		struct m6_packet p;

		FUZZ_REQUIRE(
		    m6_packet_decode(a->taken[i].bytes, a->taken[i].len, &p) == 0);
		rc = m6_reassembly_add(r, &p);
		FUZZ_REQUIRE(rc >= 0);
		if (rc == M6_REASSEMBLY_DONE)
			break;
	}
	FUZZ_REQUIRE(rc == M6_REASSEMBLY_DONE);
	twin = m6_reassembly_payload(r, &twin_len);
	FUZZ_REQUIRE(len == twin_len && (len == 0 || memcmp(payload, twin, len) == 0));
	FUZZ_REQUIRE(m6_reassembly_status(a->r) == m6_reassembly_status(r));
	m6_reassembly_free(r);
}

/* What was taken lies beside what was taken before. */
static void
check_apart(const struct answer *a, const struct m6_packet *p)
{
	for (size_t i = 0; i < a->n; i++) {
		struct m6_packet have;

		FUZZ_REQUIRE(
		    m6_packet_decode(a->taken[i].bytes, a->taken[i].len, &have) == 0);
		FUZZ_REQUIRE(p->head.offset >= have.head.offset + have.head.count ||
		    have.head.offset >= p->head.offset + p->head.count);
	}
}

/* An error sticks until the answer is forgotten. */
static void
check_refused(struct answer *a, const struct m6_packet *p, int err)
{
	FUZZ_REQUIRE(m6_reassembly_add(a->r, p) == err);
	forget(a);
}

static void
take(struct answer *a, struct datagram d)
{
	struct m6_packet p;
	int rc;

	if (m6_packet_decode(d.bytes, d.len, &p) == 0)
		check_packet(&d, &p);
	else
		p.head.is_error = true;
	if (p.head.is_error || a->n == DATAGRAMS_MAX) {
		free(d.bytes);
		return;
	}
	rc = m6_reassembly_add(a->r, &p);
	if (rc < 0) {
		check_refused(a, &p, rc);
		free(d.bytes);
		return;
	}
	if (rc != M6_REASSEMBLY_REPEATED)
		check_apart(a, &p);
	a->taken[a->n++] = d;
	if (rc != M6_REASSEMBLY_DONE)
		return;
	check_reversed(a);
	forget(a);
}

/* The other reader of datagrams, and the judge of codes. */
static void
check_others(const uint8_t *bytes, size_t len)
{
	static const char text[] = "1 MD5 secret\n";
	struct m6_keys *keys;
	struct time_answer answer;
	char refid[TIME_REFID_TEXT_MAX];

	if (time_packet_decode(bytes, len, 0, &answer) == 0)
		(void)time_refid_text(&answer, refid, sizeof(refid));
	FUZZ_REQUIRE(m6_keys_parse(text, sizeof(text) - 1, NULL, NULL, &keys) == 0);
	/* Nobody guesses sixteen octets. */
	FUZZ_REQUIRE(m6_mac_verify(m6_keys_only(keys), bytes, len) != M6_MAC_VALID);
	m6_keys_free(keys);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_input in = { bytes, len };
	struct answer a = { .r = m6_reassembly_new() };

	check_others(bytes, len);
	while (in.left > 0)
		take(&a, next_datagram(&a, &in));
	forget(&a);
	m6_reassembly_free(a.r);
	return 0;
}
