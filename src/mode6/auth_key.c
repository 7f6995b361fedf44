/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests and CMACs, all through OpenSSL's EVP interface. */
#include "mode6/auth_key.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

enum { NAME_MAX_LEN = 40 };

/* The text of the largest key file in a block of a power of two, and its keys beside the
 * ones that they replace. It costs nothing until it is used. */
enum { GUARDED = 4 << 20, GUARDED_LEAST = AUTH_SECRET_MAX };
static const char mode_of_cmac[] = "-CBC";

struct m6_key {
	uint32_t id;
	EVP_MD *md;                  /* over secret and packet; NULL for a CMAC */
	EVP_MAC *mac;                /* CMAC; NULL for a digest */
	char cipher[NAME_MAX_LEN];   /* of the CMAC */
	char type[NAME_MAX_LEN + 8]; /* for people */
	size_t digest_len;
	size_t secret_len;
	uint8_t *secret; /* AUTH_SECRET_MAX octets of guarded memory */
};

/* Names that OpenSSL does not have. AES is NTPsec's, AES128CMAC ntp.org's and NTPsec's;
 * the others are what people write, and neither daemon (4.2.8, 1.2.2) takes them. */
static const struct {
	const char *alias, *name;
} aliases[] = {
	{ "AES", "AES-128" },
	{ "AES128CMAC", "AES-128" },
	{ "AES-128-CMAC", "AES-128" },
	{ "SHA", "SHA1" },
};

/* The name in capitals, aliases replaced; false when it is too long for a name. */
static bool
take_name(const char *text, size_t len, char name[NAME_MAX_LEN])
{
	if (len > NAME_MAX_LEN - sizeof(mode_of_cmac))
		return false;
	for (size_t i = 0; i < len; i++) {
		name[i] = text[i];
		if (name[i] >= 'a' && name[i] <= 'z')
			name[i] = (char)(name[i] - 'a' + 'A');
	}
	name[len] = '\0';
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (strcmp(name, aliases[i].alias) == 0)
			text_format(name, NAME_MAX_LEN, "%s", aliases[i].name);
	}
	return true;
}

/* A cipher's CMAC, as NTPsec finds it: the name with "-CBC" behind it. *len_out is the
 * length of its secrets. */
static int
choose_cmac(struct m6_key *key, const char *name, size_t *len_out)
{
	text_format(key->cipher, sizeof(key->cipher), "%s%s", name, mode_of_cmac);
	text_format(key->type, sizeof(key->type), "%s-CMAC", name);
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, key->cipher, NULL);
	if (cipher == NULL)
		return EVP_get_cipherbyname(key->cipher) ? ERR_REFUSED : ERR_NOTFOUND;
	*len_out = (size_t)EVP_CIPHER_get_key_length(cipher);
	EVP_CIPHER_free(cipher);
	key->mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_CMAC, NULL);
	return key->mac ? 0 : ERR_REFUSED;
}

/* The short name ("SHA256"); providers have others ("SHA2-256"). */
static void
name_digest(struct m6_key *key, const EVP_MD *md)
{
	int nid = EVP_MD_get_type(md);
	const char *name = nid != NID_undef ? OBJ_nid2sn(nid) : EVP_MD_get0_name(md);

	text_format(key->type, sizeof(key->type), "%s", name ? name : "?");
}

/* A digest by any of its names. Both daemons take an unknown name with an M for MD5. */
static int
choose_digest(struct m6_key *key, const char *name)
{
	/* Knows names also of digests that no loaded provider has. */
	const EVP_MD *known = EVP_get_digestbyname(name);

	key->md = EVP_MD_fetch(NULL, name, NULL);
	if (key->md == NULL && known == NULL && name[0] == 'M') {
		known = EVP_get_digestbyname("MD5");
		key->md = EVP_MD_fetch(NULL, "MD5", NULL);
	}
	if (key->md == NULL && known == NULL)
		return ERR_NOTFOUND;
	name_digest(key, key->md ? key->md : known);
	if (key->md == NULL) /* known by a name that providers do not have: RSA-SHA256 */
		key->md = EVP_MD_fetch(NULL, key->type, NULL);
	return key->md ? 0 : ERR_REFUSED;
}

/* Each run gives 0, ERR_NOMEM, or ERR_REFUSED when OpenSSL does not say why it fails. */
static int
run_digest(const struct m6_key *key, const void *bytes, size_t len, uint8_t *out,
    size_t *len_out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned n = 0;

	if (!ctx)
		return ERR_NOMEM;
	bool is_done = EVP_DigestInit_ex2(ctx, key->md, NULL) == 1 &&
	    EVP_DigestUpdate(ctx, key->secret, key->secret_len) == 1 &&
	    EVP_DigestUpdate(ctx, bytes, len) == 1 &&
	    EVP_DigestFinal_ex(ctx, out, &n) == 1;
	EVP_MD_CTX_free(ctx);
	*len_out = n;
	return is_done ? 0 : ERR_REFUSED;
}

static int
run_cmac(const struct m6_key *key, const void *bytes, size_t len, uint8_t *out,
    size_t *len_out)
{
	char cipher[NAME_MAX_LEN];
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(key->mac);

	if (!ctx)
		return ERR_NOMEM;
	memcpy(cipher, key->cipher, sizeof(cipher));
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0),
		OSSL_PARAM_construct_end(),
	};
	bool is_done = EVP_MAC_init(ctx, key->secret, key->secret_len, params) == 1 &&
	    EVP_MAC_update(ctx, bytes, len) == 1 &&
	    EVP_MAC_final(ctx, out, len_out, EVP_MAX_MD_SIZE) == 1;
	EVP_MAC_CTX_free(ctx);
	return is_done ? 0 : ERR_REFUSED;
}

/* Cut to what fits a packet. */
static int
run(const struct m6_key *key, const void *bytes, size_t len, uint8_t out[M6_DIGEST_MAX],
    size_t *len_out)
{
	uint8_t full[EVP_MAX_MD_SIZE];
	size_t n = 0;

	int rc = key->md ? run_digest(key, bytes, len, full, &n)
			 : run_cmac(key, bytes, len, full, &n);
	if (rc == 0) {
		*len_out = n < M6_DIGEST_MAX ? n : M6_DIGEST_MAX;
		memcpy(out, full, *len_out);
	}
	OPENSSL_cleanse(full, sizeof(full));
	return rc;
}

/* Finds the algorithm and tries it once, since some refusals show only then. */
static int
set_up(struct m6_key *key, const char *name, char what[M6_KEYS_PROBLEM_MAX])
{
	uint8_t digest[M6_DIGEST_MAX];
	size_t expected = key->secret_len;

	int rc = choose_cmac(key, name, &expected);
	if (rc == ERR_NOTFOUND)
		rc = choose_digest(key, name);
	if (rc == 0 && expected != key->secret_len) {
		text_format(what, M6_KEYS_PROBLEM_MAX,
		    "%s takes a secret of %zu octets, this one has %zu", key->type,
		    expected, key->secret_len);
		return ERR_RANGE;
	}
	if (rc == 0)
		rc = run(key, "", 0, digest, &key->digest_len);
	if (rc == 0 && key->digest_len == 0)
		rc = ERR_NOTFOUND;
	if (rc == ERR_REFUSED)
		text_format(what, M6_KEYS_PROBLEM_MAX,
		    "this OpenSSL refuses %s (FIPS, or a provider that is not loaded)",
		    key->type);
	return rc;
}

int
auth_key_new(uint32_t id, const char *type, size_t type_len, const uint8_t *secret,
    size_t secret_len, char what[M6_KEYS_PROBLEM_MAX], struct m6_key **out)
{
	char name[NAME_MAX_LEN];

	if (secret_len > AUTH_SECRET_MAX)
		return ERR_TOOBIG;
	if (!take_name(type, type_len, name))
		return ERR_NOTFOUND;
	struct m6_key *key = mem_calloc(1, sizeof(*key));
	if (!key)
		return ERR_NOMEM;
	key->secret = m6_secret_alloc(AUTH_SECRET_MAX);
	if (!key->secret) {
		auth_key_free(key);
		return ERR_NOMEM;
	}
	key->id = id;
	key->secret_len = secret_len;
	memcpy(key->secret, secret, secret_len);
	ERR_clear_error();
	int rc = set_up(key, name, what);
	ERR_clear_error(); /* nobody else shall find what was ours */
	if (rc != 0) {
		auth_key_free(key);
		return rc;
	}
	*out = key;
	return 0;
}

void
auth_key_free(struct m6_key *key)
{
	if (!key)
		return;
	EVP_MD_free(key->md);
	EVP_MAC_free(key->mac);
	m6_secret_free(key->secret, AUTH_SECRET_MAX);
	OPENSSL_cleanse(key, sizeof(*key));
	mem_free(key);
}

size_t
auth_key_digest_len(const struct m6_key *key)
{
	return key->digest_len;
}

int
auth_key_digest(const struct m6_key *key, const void *bytes, size_t len,
    uint8_t out[M6_DIGEST_MAX])
{
	size_t n;

	if (run(key, bytes, len, out, &n) == 0)
		return 0;
	ERR_clear_error();
	return ERR_NOMEM;
}

bool
m6_address_hash(const uint8_t address[16], uint8_t out[M6_ADDRESS_HASH_LEN])
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	EVP_MD *md = EVP_MD_fetch(NULL, "MD5", NULL);
	bool is_done = md && EVP_Digest(address, 16, digest, NULL, md, NULL) == 1;

	EVP_MD_free(md);
	ERR_clear_error();
	if (is_done)
		memcpy(out, digest, M6_ADDRESS_HASH_LEN);
	return is_done;
}

bool
auth_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

uint32_t
m6_key_id(const struct m6_key *key)
{
	return key->id;
}

const char *
m6_key_type(const struct m6_key *key)
{
	return key->type;
}

void
m6_cleanse(void *bytes, size_t len)
{
	OPENSSL_cleanse(bytes, len);
}

void
m6_secrets_guard(void)
{
	(void)CRYPTO_secure_malloc_init(GUARDED, GUARDED_LEAST);
}

void *
m6_secret_alloc(size_t len)
{
	return OPENSSL_secure_malloc(len);
}

void
m6_secret_free(void *secret, size_t len)
{
	OPENSSL_secure_clear_free(secret, len);
}
