/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and message authentication codes of control messages, as ntp.org 4.2.8 and NTPsec
 * read and compute them. The only place that knows OpenSSL. No I/O: text and bytes come
 * in as arguments. */
#ifndef MODE6_AUTH_H
#define MODE6_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	M6_KEY_ID_MAX = 65535,
	M6_DIGEST_MAX = 20,     /* longer digests are cut to it on the wire */
	M6_KEYS_MAX = 4096,     /* keys of one file */
	M6_KEYS_LINE_MAX = 512, /* octets of a line with its end, as for the daemons */
	M6_KEYS_TEXT_MAX = 1 << 20, /* octets of a file */
	M6_KEYS_PROBLEM_MAX = 160,  /* octets of a message about a line */
};

/* Sets memory aside for secrets, once, before any is read: it is left out of core dumps,
 * kept out of the swap as far as limits allow, and has closed pages around it. Without,
 * or when the system refuses, secrets are kept like anything else. */
void m6_secrets_guard(void);
/* len octets in that memory, not cleared, or NULL; what is freed is overwritten. */
void *m6_secret_alloc(size_t len);
void m6_secret_free(void *secret, size_t len); /* NULL allowed */

struct m6_keys; /* what a key file holds */
struct m6_key;  /* one key; lives as long as its file's keys */

/* Something is wrong with a line (1...): `what` says what it is and what was expected,
 * and never holds a part of a secret. */
typedef void m6_keys_problem_fn(void *ctx, unsigned line, const char *what);

/* Reads text[0..len), the content of a key file. A line that is wrong, or whose digest or
 * cipher this OpenSSL refuses (FIPS), is told to `problem` (NULL: to nobody) and left
 * out; the others are taken. Of two with the same id the last is taken, as by NTPsec, and
 * told, because ntp.org takes the first. A CR at a line's end is left out, and told where
 * the daemons would take it for a part of the secret. 0 and *out; ERR_TOOBIG over a limit
 * above; ERR_NOMEM. `text` is the caller's to cleanse. */
int m6_keys_parse(const char *text, size_t len, m6_keys_problem_fn *problem, void *ctx,
    struct m6_keys **out);
void m6_keys_free(struct m6_keys *keys);  /* cleanses every secret; NULL allowed */
void m6_cleanse(void *bytes, size_t len); /* overwrites what held secrets */
size_t m6_keys_count(const struct m6_keys *keys);
/* The key with that id; NULL when there is none, or for NULL keys. */
const struct m6_key *m6_keys_find(const struct m6_keys *keys, uint32_t id);
/* The only key there is; NULL when there are none or several, or for NULL keys. */
const struct m6_key *m6_keys_only(const struct m6_keys *keys);

uint32_t m6_key_id(const struct m6_key *key);
/* "MD5", "SHA256", "AES-128-CMAC": a fixed text that is no secret. */
const char *m6_key_type(const struct m6_key *key);

/* Where the code stands behind the data: daemons of ntp.org and NTPsec up to 1.2.2 expect
 * it at a multiple of 8 octets, NTPsec from 1.2.3 on at one of 4. The two agree when the
 * number of data octets modulo 8 is 1, 2, 3 or 4. */
enum m6_mac_align { M6_MAC_ALIGN_8 = 8, M6_MAC_ALIGN_4 = 4 };
/* How many octets more make that number 4 modulo 8. */
size_t m6_mac_filler(size_t len);

/* Appends zeros, key id and digest to the header and data in datagram[0..*len). 0 and the
 * new *len; ERR_FULL when `cap` does not suffice; ERR_NOMEM when OpenSSL fails. */
int m6_mac_append(const struct m6_key *key, enum m6_mac_align align, uint8_t *datagram,
    size_t cap, size_t *len);

enum m6_mac_verdict {
	M6_MAC_NONE,    /* the reply carries no code */
	M6_MAC_VALID,   /* of this key, over these octets */
	M6_MAC_INVALID, /* something that is no code of this key */
	M6_MAC_NAK,     /* the daemon says that ours was wrong (crypto-NAK: key id 0) */
};

/* Judges the trailer of a reply, in either alignment; error replies carry it right behind
 * the header. Takes the same time for every wrong digest. A datagram that does not decode
 * is M6_MAC_INVALID. */
enum m6_mac_verdict m6_mac_verify(const struct m6_key *key, const void *datagram,
    size_t len);

/* What daemons put in place of an IPv6 address where there is room for an IPv4 one, as in
 * the reference id: the first octets of the MD5 digest over the address. False when
 * OpenSSL does not compute MD5 (FIPS). */
enum { M6_ADDRESS_HASH_LEN = 4 };
bool m6_address_hash(const uint8_t address[16], uint8_t out[M6_ADDRESS_HASH_LEN]);

#endif
