/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of variables in words: status words, tests, dates, reference ids. Text in, text
 * out; what comes out may still hold any octet that came in (see query/out.h). */
#ifndef QUERY_COOKED_H
#define QUERY_COOKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mode6/status.h"

/* Whose variables: the same name can mean different things. */
enum cooked_of { COOKED_SYSTEM, COOKED_PEER, COOKED_CLOCK };

enum {
	COOKED_MAX = 4096, /* octets of a value in words */
	COOKED_REFID_MAX = 80,
};

/* What the bits of "flash" mean changed more often than the events did: eleven tests up
 * to 4.1, twelve in 4.2.0, thirteen since, with other names for some from 4.2.5 on. */
enum cooked_tests {
	COOKED_TESTS_NEW,
	COOKED_TESTS_424,
	COOKED_TESTS_420,
	COOKED_TESTS_41,
	COOKED_N_TESTS
};

struct cooked {
	enum cooked_of of;
	enum m6_era era; /* of the daemon */
	enum cooked_tests tests;
	int64_t now_ns; /* wall clock, to tell eras of NTP apart */
	bool is_synced; /* whose refid it is has a stratum of 1 to 15 */
};

/* Decodes one value. Always terminates out[0..COOKED_MAX); returns the length. What
 * should have been a number, a date, an address... and is not ends in '?'. A variable
 * nobody knows comes back as it is. *is_block_out, when not NULL: it is one for a line of
 * its own. */
size_t cooked_value(const struct cooked *c, const char *name, size_t name_len,
    const char *value, size_t len, char out[COOKED_MAX], bool *is_block_out);
/* Whether decoding says more than the value itself. */
bool cooked_has_words(const struct cooked *c, const char *name, size_t name_len);
/* The value is a number or a list of such: it belongs without quotes into JSON. */
bool cooked_is_number(const struct cooked *c, const char *name, size_t name_len);

/* A status word in words: "leap_none, sync_ntp, 1 event, clock_sync". */
size_t cooked_status(const struct cooked *c, uint16_t word, char *out, size_t cap);

/* A reference id for a table: ".GPS.", "192.0.2.1", "-" for none. */
size_t cooked_refid(const char *value, size_t len, char *out, size_t cap);

/* Seconds of Unix time as "2026-11-21T03:37:00Z". */
size_t cooked_date(int64_t unix_s, char *out, size_t cap);

#endif
