/* SPDX-License-Identifier: BSD-2-Clause */
/* Message authentication codes behind control messages: where they stand, what they say.
 */
#include "mode6/auth.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "mode6/auth_key.h"
#include "mode6/packet.h"

enum { KEY_ID_LEN = 4 };

static size_t
round_up(size_t len, size_t unit)
{
	return (len + unit - 1) / unit * unit;
}

size_t
m6_mac_filler(size_t len)
{
	const size_t block = M6_MAC_ALIGN_8, wanted = M6_MAC_ALIGN_4;

	return (block + wanted - len % block) % block;
}

int
m6_mac_append(const struct m6_key *key, enum m6_mac_align align, uint8_t *datagram,
    size_t cap, size_t *len)
{
	size_t at = round_up(*len, align);
	size_t end = at + KEY_ID_LEN + auth_key_digest_len(key);
	uint8_t digest[M6_DIGEST_MAX];

	if (end > cap)
		return ERR_FULL;
	memset(datagram + *len, 0, at - *len);
	int rc = auth_key_digest(key, datagram, at, digest);
	if (rc != 0)
		return rc;
	struct buf b = buf_writer(datagram + at, end - at);
	buf_put_u32(&b, m6_key_id(key));
	buf_put_bytes(&b, digest, auth_key_digest_len(key));
	*len = end;
	return 0;
}

/* A reply, and the two places its code may begin at. */
struct reply {
	const uint8_t *bytes;
	size_t len;
	size_t at4, at8;
	bool is_error;
};

static bool
is_place(const struct reply *r, size_t at)
{
	return at == r->at4 || at == r->at8;
}

/* ntp.org's answer to a wrong code: a key id of zero, and no digest. An answer to an
 * unknown key ends in the same four zeros when they are what fills it up to eight; then
 * nothing was said. */
static bool
is_nak(const struct reply *r)
{
	static const uint8_t zeros[KEY_ID_LEN];

	if (r->len < KEY_ID_LEN || !is_place(r, r->len - KEY_ID_LEN))
		return false;
	if (r->len == r->at8 && !r->is_error)
		return false;
	return memcmp(r->bytes + r->len - KEY_ID_LEN, zeros, KEY_ID_LEN) == 0;
}

/* Nothing but padding, whose octets NTPsec leaves as they were. A place for a key id
 * behind an error's header is more than that. */
static bool
is_bare(const struct reply *r)
{
	return r->len < (r->is_error ? r->at4 + KEY_ID_LEN : r->at8 + 1);
}

static bool
is_valid(const struct m6_key *key, const struct reply *r)
{
	size_t digest_len = auth_key_digest_len(key);
	uint8_t digest[M6_DIGEST_MAX];

	if (r->len < KEY_ID_LEN + digest_len)
		return false;
	size_t at = r->len - KEY_ID_LEN - digest_len;
	struct buf b = buf_reader(r->bytes + at, r->len - at);
	if (!is_place(r, at) || buf_get_u32(&b) != m6_key_id(key))
		return false;
	if (auth_key_digest(key, r->bytes, at, digest) != 0)
		return false;
	return auth_equal(digest, buf_get_bytes(&b, digest_len), digest_len);
}

enum m6_mac_verdict
m6_mac_verify(const struct m6_key *key, const void *datagram, size_t len)
{
	struct m6_packet packet;

	if (m6_packet_decode(datagram, len, &packet) != 0)
		return M6_MAC_INVALID;
	size_t end = len - packet.trailer_len;
	struct reply r = {
		.bytes = datagram,
		.len = len,
		.at4 = round_up(end, M6_MAC_ALIGN_4),
		.at8 = round_up(end, M6_MAC_ALIGN_8),
		.is_error = packet.head.is_response && packet.head.is_error,
	};
	if (is_nak(&r))
		return M6_MAC_NAK;
	if (is_bare(&r))
		return M6_MAC_NONE;
	return is_valid(key, &r) ? M6_MAC_VALID : M6_MAC_INVALID;
}
