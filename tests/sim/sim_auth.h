/* SPDX-License-Identifier: BSD-2-Clause */
/* The daemon's keys: which of them signed a request, and the code of an answer. */
#ifndef SIM_AUTH_H
#define SIM_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mode6/auth.h"
#include "sim/sim_dialect.h"

/* Start with all zeros: no keys, none trusted, and no control key. */
struct sim_auth {
	struct m6_keys *keys;
	uint8_t trusted[(M6_KEY_ID_MAX + 1) / 8]; /* a bit per identifier */
	uint32_t control_key;
};

/* What a request's code is worth, as far as an answer can show it. */
enum sim_worth {
	SIM_NO_CODE,      /* none; for NTPsec also: any but a valid one */
	SIM_STRANGE_CODE, /* of a key that is unknown or not trusted */
	SIM_WRONG_CODE,   /* of a trusted key, but wrong; or of key 0 */
	SIM_VALID_CODE,
};

struct sim_proof {
	enum sim_worth worth;
	const struct m6_key *key; /* of a valid code */
};

void sim_auth_fini(struct sim_auth *auth);
/* False for an identifier that no key can have. */
bool sim_auth_trust(struct sim_auth *auth, uint32_t id, bool is_trusted);
/* Judges what stands behind the `count` data octets of a request that is long enough for
 * them, at the place where this dialect looks for it. */
struct sim_proof sim_auth_judge(const struct sim_auth *auth,
    const struct sim_traits *traits, const void *bytes, size_t len, size_t count);
/* Whether it was signed with the control key. */
bool sim_auth_is_control(const struct sim_auth *auth, const struct sim_proof *proof);

/* Appends what an answer to such a request carries behind datagram[0..*len): a code, four
 * zeros, or nothing. False when that is impossible. */
bool sim_auth_sign(const struct sim_proof *proof, uint8_t *datagram, size_t cap,
    size_t *len);

#endif
