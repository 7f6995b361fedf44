/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of variables ("name=value, name=value") and of associations, from and to the
 * payload of a mode-6 message. */
#ifndef MODE6_VARLIST_H
#define MODE6_VARLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	M6_NAME_MAX = 64,    /* longer names are skipped */
	M6_VALUE_MAX = 3072, /* longer values are skipped; sys_var_list has 2585 octets */
	M6_ITEMS_MAX = 1024,
	M6_ITEMS_LONG_MAX =
	    8192, /* of lists: rows of items, as long as an answer can be */
};

/* One item; borrows from the payload, nothing is terminated. */
struct m6_var {
	const char *name;
	size_t name_len;
	const char *value; /* without the quotes; NULL when there was no '=' */
	size_t value_len;
	bool is_quoted;
};

/* A walk over a payload. Private. */
struct m6_varlist {
	const char *at, *end;
	unsigned items, items_max;
};

struct m6_varlist m6_varlist_start(const void *payload, size_t len);
/* The same for up to M6_ITEMS_LONG_MAX items. */
struct m6_varlist m6_varlist_start_long(const void *payload, size_t len);

/* The next item, or false at the end (or after so many). Items are separated by a
 * comma followed by white space, or by the end: a bare comma stays part of its value
 * (NTPsec lets a remote server put one into a reference id). A value in double quotes
 * ends at the next quote if that is followed by a separator and no CR or LF lies between;
 * otherwise the quote was data (user variables and reference ids can contain one).
 * Garbage never stops the walk: what is no item is skipped up to the next separator. */
bool m6_varlist_next(struct m6_varlist *list, struct m6_var *out);

/* Joins names with single commas, the only form every daemon reads (no blanks, no comma
 * at the end). 0 and *len_out, ERR_FULL, or ERR_SYNTAX for a name that is empty, too long
 * or has other characters than letters, digits, '_', '-' and '.'. */
int m6_varlist_join(const char *const *names, size_t n_names, char *out, size_t cap,
    size_t *len_out);

/* Appends one name to the `*len` octets of such a list in out[0..cap). The same results;
 * nothing of the list changes when it fails. */
int m6_varlist_append(const char *name, char *out, size_t cap, size_t *len);
/* The same for a name that is known to be one. 0 or ERR_FULL. */
int m6_varlist_put(const char *name, size_t name_len, char *out, size_t cap, size_t *len);

/* One entry of a READSTAT answer. */
struct m6_assoc {
	uint16_t id;     /* 1..65535 */
	uint16_t status; /* peer status word */
};

/* Number of entries in a READSTAT payload of `len` octets (four each), or ERR_PROTOCOL
 * when it is not a multiple of four or over 65535. */
int m6_assoc_count(size_t len);
/* Entry `i`; `payload` must hold it. */
struct m6_assoc m6_assoc_at(const void *payload, size_t i);

#endif
