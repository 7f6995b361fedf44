/* SPDX-License-Identifier: BSD-2-Clause */
/* The error codes of every layer, and their texts. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* Functions return 0, or one of these. A positive value is a documented, expected
 * condition of that one function. */
enum err {
	ERR_NOMEM = -1,      /* out of memory */
	ERR_TRUNCATED = -2,  /* input ends before what it announces */
	ERR_SYNTAX = -3,     /* input is not what its grammar allows */
	ERR_RANGE = -4,      /* a number outside its range */
	ERR_TOOBIG = -5,     /* more than a named limit allows */
	ERR_PROTOCOL = -6,   /* a peer broke the protocol */
	ERR_CONFLICT = -7,   /* two pieces of input contradict each other */
	ERR_REFUSED = -8,    /* nobody listens there (ICMP port unreachable) */
	ERR_TIMEOUT = -9,    /* no answer within the time allowed */
	ERR_CANCELLED = -10, /* given up by the caller */
	ERR_NOTFOUND = -11,  /* no such thing */
	ERR_DAEMON = -12,    /* the NTP daemon answered with an error code */
	ERR_IO = -13,        /* the operating system refused; errno was logged */
	ERR_BUSY = -14,      /* no room now, later there may be */
	ERR_FULL = -15,      /* output does not fit the caller's buffer */
};

/* A short lower-case text for `code`; never NULL, also for unknown codes. */
const char *err_text(int code);

#endif
