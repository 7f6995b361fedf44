/* SPDX-License-Identifier: BSD-2-Clause */
/* Key files on disk. */
#ifndef CLIENT_KEYFILE_H
#define CLIENT_KEYFILE_H

#include <sys/types.h>

#include "base/log.h"
#include "mode6/auth.h"

enum { KEYFILE_PROBLEMS_MAX = 20 }; /* lines of one file that are logged one by one */

/* Reads the keys of the file at `path`, a regular file of at most M6_KEYS_TEXT_MAX
 * octets. It is refused when it belongs to neither root nor the effective user nor
 * `user`, whom the program is to become, or its group or everybody may write it, and read
 * with a warning when they may read it. Lines that are wrong are logged as "path:line:
 * what", without any part of a secret, and left out. 0 and *out, perhaps without a key;
 * ERR_NOTFOUND when there is no such file; ERR_TOOBIG; ERR_NOMEM; ERR_IO for everything
 * else. After a failure, which is logged once, *out is as it was. */
int keyfile_load(const char *path, uid_t user, const struct logger *log,
    struct m6_keys **out);

#endif
