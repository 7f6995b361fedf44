/* SPDX-License-Identifier: BSD-2-Clause */
/* Judges the codes of requests and signs answers. */
#include "sim/sim_auth.h"

#include <string.h>

#include "base/buf.h"
#include "mode6/packet.h"

enum {
	KEY_ID_LEN = 4,    /* also the shortest code that a daemon looks at */
	SIGNED_MAX = 1200, /* no daemon receives more */
};

void
sim_auth_fini(struct sim_auth *auth)
{
	m6_keys_free(auth->keys);
	memset(auth, 0, sizeof(*auth));
}

bool
sim_auth_trust(struct sim_auth *auth, uint32_t id, bool is_trusted)
{
	unsigned bit = 1U << id % 8;

	if (id == 0 || id > M6_KEY_ID_MAX)
		return false;
	if (is_trusted)
		auth->trusted[id / 8] |= (uint8_t)bit;
	else
		auth->trusted[id / 8] &= (uint8_t)~bit;
	return true;
}

static bool
is_trusted(const struct sim_auth *auth, uint32_t id)
{
	return id <= M6_KEY_ID_MAX && (auth->trusted[id / 8] >> id % 8 & 1) != 0;
}

/* Computed anew and compared octet by octet, key identifier included. */
static bool
is_valid(const struct m6_key *key, const uint8_t *bytes, size_t at, size_t len)
{
	uint8_t copy[SIGNED_MAX + M6_MAC_MAX];
	size_t copy_len = at;

	memcpy(copy, bytes, at);
	return m6_mac_append(key, M6_MAC_ALIGN_4, copy, sizeof(copy), &copy_len) == 0 &&
	    copy_len == len && memcmp(copy + at, bytes + at, len - at) == 0;
}

static struct sim_proof
judge(const struct sim_auth *auth, const uint8_t *bytes, size_t at, size_t len)
{
	struct buf b = buf_reader(bytes + at, len - at);
	uint32_t id = buf_get_u32(&b);
	const struct m6_key *key = m6_keys_find(auth->keys, id);
	struct sim_proof proof = { SIM_STRANGE_CODE, NULL };

	if (id == 0) {
		proof.worth = SIM_WRONG_CODE;
	} else if (key && is_trusted(auth, id)) {
		bool is_right = is_valid(key, bytes, at, len);

		proof.worth = is_right ? SIM_VALID_CODE : SIM_WRONG_CODE;
		proof.key = is_right ? key : NULL;
	}
	return proof;
}

struct sim_proof
sim_auth_judge(const struct sim_auth *auth, const struct sim_traits *traits,
    const void *bytes, size_t len, size_t count)
{
	const size_t unit = traits->align;
	size_t at = (M6_HEADER_LEN + count + unit - 1) / unit * unit;
	struct sim_proof proof = { SIM_NO_CODE, NULL };

	if (at > SIGNED_MAX || len < at + KEY_ID_LEN || len > at + M6_MAC_MAX)
		return proof;
	proof = judge(auth, bytes, at, len);
	if (traits->is_ntpsec && proof.worth != SIM_VALID_CODE)
		proof.worth = SIM_NO_CODE;
	return proof;
}

bool
sim_auth_is_control(const struct sim_auth *auth, const struct sim_proof *proof)
{
	return proof->worth == SIM_VALID_CODE &&
	    m6_key_id(proof->key) == auth->control_key;
}

bool
sim_auth_sign(const struct sim_proof *proof, uint8_t *datagram, size_t cap, size_t *len)
{
	switch (proof->worth) {
	case SIM_VALID_CODE:
		return m6_mac_append(proof->key, M6_MAC_ALIGN_4, datagram, cap, len) == 0;
	case SIM_WRONG_CODE:
		if (cap - *len < KEY_ID_LEN)
			return false;
		memset(datagram + *len, 0, KEY_ID_LEN);
		*len += KEY_ID_LEN;
		return true;
	case SIM_STRANGE_CODE:
	case SIM_NO_CODE:
		break;
	}
	return true;
}
