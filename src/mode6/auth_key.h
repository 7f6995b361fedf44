/* SPDX-License-Identifier: BSD-2-Clause */
/* One key: a secret and what OpenSSL does with it. Private to keys.c and auth.c. */
#ifndef MODE6_AUTH_KEY_H
#define MODE6_AUTH_KEY_H

#include <stdbool.h>

#include "mode6/auth.h"

enum { AUTH_SECRET_MAX = 32 };

/* Makes a key from the words of a line. 0 and *out; ERR_NOTFOUND when no digest or cipher
 * is called `type`; ERR_REFUSED when OpenSSL knows it and refuses it; ERR_RANGE when the
 * cipher takes a secret of another length; ERR_TOOBIG over AUTH_SECRET_MAX octets;
 * ERR_NOMEM, which OpenSSL does not always tell from a refusal. For ERR_REFUSED and
 * ERR_RANGE `what` says it, and names digest or cipher. */
int auth_key_new(uint32_t id, const char *type, size_t type_len, const uint8_t *secret,
    size_t secret_len, char what[M6_KEYS_PROBLEM_MAX], struct m6_key **out);
void auth_key_free(struct m6_key *key); /* cleanses the secret; NULL allowed */

size_t auth_key_digest_len(const struct m6_key *key); /* 1..M6_DIGEST_MAX */
/* The digest over bytes[0..len) as it goes on the wire. 0, or ERR_NOMEM when OpenSSL
 * fails. */
int auth_key_digest(const struct m6_key *key, const void *bytes, size_t len,
    uint8_t out[M6_DIGEST_MAX]);

/* Equal octets; takes the same time wherever they differ. */
bool auth_equal(const uint8_t *a, const uint8_t *b, size_t len);

#endif
