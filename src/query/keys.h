/* SPDX-License-Identifier: BSD-2-Clause */
/* The key that requests are signed with: from a key file, or typed; asked for when it is
 * needed and missing. */
#ifndef QUERY_KEYS_H
#define QUERY_KEYS_H

#include <stdint.h>

#include "mode6/auth.h"

struct query;
struct talk_ask;

enum {
	KEYS_TYPE_MAX = 32,    /* octets of "SHA256", "AES128CMAC" */
	KEYS_SECRET_MAX = 128, /* octets of a secret as it is typed */
};

/* Zeroed: no key is known. */
struct query_keys {
	const char *path;             /* of the key file, borrowed; NULL: none */
	struct m6_keys *file;         /* NULL: not read yet */
	struct m6_keys *typed;        /* one key, for the id that was in use; or NULL */
	uint32_t id;                  /* 0: not said */
	char type[KEYS_TYPE_MAX + 1]; /* of what is typed; "": MD5 */
};

void keys_free(struct query_keys *k);

/* Sets the id. A secret that was typed for another one is forgotten. */
void keys_set_id(struct query_keys *k, uint32_t id);
/* Sets the type of what is typed, and forgets what was. 0, or ERR_NOTFOUND when there is
 * no such digest or cipher here, with a reason. */
int keys_set_type(struct query_keys *k, const char *type,
    char problem[M6_KEYS_PROBLEM_MAX]);
const char *keys_type(const struct query_keys *k);

/* Asks for the secret of the key, and for its id when that is not known. 0; an error has
 * been said. */
int keys_ask_secret(struct query *q);

/* The key, borrowed until another is chosen: the one of that id in the key file unless a
 * secret was typed, the only one of the file when no id was said; else who sits at the
 * terminal is asked. 0 and *out; an error has been said. */
int keys_need(struct query *q, const struct m6_key **out);

/* Asks with a signed request, which finds its key by keys_need(), and the alignment of
 * the code that this daemon looks for. 0, and ask->payload is to be forgotten by the
 * caller; else the error, which has been said. `is_once` is heeded but for a daemon that
 * did not see the code, and so did nothing. */
int query_ask_signed(struct query *q, struct talk_ask *ask);

#endif
