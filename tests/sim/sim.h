/* SPDX-License-Identifier: BSD-2-Clause */
/* A simulated NTP daemon: mode-6 requests in, the datagrams of the answer out. It does no
 * I/O and reads no clock. */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "support/recording.h"

/* 4.2.8p15; 1.2.2; what 1.2.5 has in common with all from 1.2.3 on */
enum sim_dialect { SIM_NTPORG, SIM_NTPSEC, SIM_NTPSEC_125, SIM_N_DIALECTS };

enum {
	SIM_ASSOCS_MAX = 10000,
	SIM_DATAGRAM_MAX = 640,
	SIM_REPLIES_MAX = 1024, /* datagrams of one answer, faults included */
	SIM_LINE_MAX = 2048,    /* a control command or its answer */
};

/* A datagram to be sent `delay_ms` after the request came in. */
struct sim_datagram {
	uint8_t bytes[SIM_DATAGRAM_MAX];
	size_t len;
	size_t code_len; /* octets at the end that are an authentication code */
	unsigned delay_ms;
	struct addr to; /* of a pushed one: its receiver */
};

/* The answer, in the order of sending. Start with all zeros. */
struct sim_replies {
	struct sim_datagram *items;
	size_t n, cap;
};
void sim_replies_free(struct sim_replies *replies);
/* A zeroed datagram at the end; NULL at SIM_REPLIES_MAX or when memory is out. */
struct sim_datagram *sim_replies_add(struct sim_replies *replies);

struct sim_options {
	enum sim_dialect dialect;
	bool is_frozen;  /* values stay as loaded; otherwise clocks and counters run */
	uint32_t seed;   /* of association identifiers and nonces */
	unsigned number; /* of many: with it what is invented differs */
};

struct sim; /* opaque */

/* A daemon without associations, started at `now_ns` (since 1970).
 * NULL: memory is out. */
struct sim *sim_new(const struct sim_options *options, int64_t now_ns);
void sim_free(struct sim *s); /* NULL allowed */

/* Takes over associations, status words and variables of a recorded daemon. 0 or
 * ERR_NOMEM, ERR_SYNTAX, ERR_TOOBIG. */
int sim_load_recording(struct sim *s, const struct recording *rec);
/* Puts `n` invented associations in front of what is there. 0, ERR_NOMEM or
 * ERR_TOOBIG. */
int sim_load_synthetic(struct sim *s, size_t n);
/* Runs each line of the file as a control command; empty lines and lines that start with
 * '#' are skipped. 0, ERR_IO, or ERR_SYNTAX after saying on stderr which line. */
int sim_load_state(struct sim *s, const char *path);

/* Takes the keys of a key file instead of those before; what is wrong with a line is said
 * on stderr. 0, ERR_IO, ERR_NOMEM or ERR_TOOBIG. */
int sim_load_keys(struct sim *s, const char *path);

/* Its socket is to be closed: nobody listens there. */
bool sim_is_down(const struct sim *s);

/* Handles one datagram from `from`; out->n is 0 when the daemon stays silent. */
void sim_request(struct sim *s, const struct addr *from, const void *bytes, size_t len,
    int64_t now_ns, struct sim_replies *out);

/* What the last request or command made the daemon send to receivers of traps: theirs to
 * get, the caller's to send. Valid until the next one. */
const struct sim_replies *sim_pushed(const struct sim *s);

/* Runs one control command ("set 0 leap 3"; the words are listed in sim_control.c,
 * sim_control_auth.c and sim_time.c; see sim_many.h for those about many). The answer is
 * "ok", "ok ..." or "error ...". */
void sim_control(struct sim *s, const char *line, int64_t now_ns, char *answer,
    size_t cap);

/* Name of a dialect on the command line and back; false when there is none such. */
bool sim_dialect_parse(const char *text, enum sim_dialect *out);

#endif
