/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks an SNMP agent for a few objects, as a manager. The only header of this directory
 * that src/probe includes: it shows nothing of Net-SNMP, nor of the agent of this
 * program. Nothing is printed, no MIB is loaded, no persistent file is read or written;
 * but the library has one state per process, so a program must not while it is an agent
 * itself. */
#ifndef SNMP_ASK_H
#define SNMP_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SNMP_ASK_ARCS_MAX = 64,
	SNMP_ASK_TEXT_MAX = 255,
	SNMP_ASK_REASON_MAX = 160,
	SNMP_ASK_TRIES = 2,
};

struct snmp_ask_oid {
	uint32_t arcs[SNMP_ASK_ARCS_MAX];
	size_t n;
};

enum snmp_ask_kind {
	SNMP_ASK_NO_OBJECT,   /* nothing there that the agent would show us */
	SNMP_ASK_NO_INSTANCE, /* the object is there, without a value */
	SNMP_ASK_END,         /* nothing behind it */
	SNMP_ASK_TEXT,
	SNMP_ASK_NUMBER, /* of any kind, also time ticks */
	SNMP_ASK_OID,
	SNMP_ASK_OTHER,
};

struct snmp_ask_value {
	enum snmp_ask_kind kind;
	struct snmp_ask_oid name; /* whose value it is */
	struct snmp_ask_oid oid;
	uint64_t number;
	char text[SNMP_ASK_TEXT_MAX +
	    1]; /* octets as they came, cut, terminated besides */
	size_t text_len;
};

struct snmp_ask_options {
	const char *address; /* "localhost", "udp:192.0.2.1:1161"; NULL: localhost */
	/* Asked with SNMPv2c and this community; NULL: with version, user and keys, or
	 * community, of the user's snmp.conf; without those, with "public". */
	const char *community;
	int64_t timeout_ns;   /* of each of SNMP_ASK_TRIES */
	bool wants_interrupt; /* an interrupt ends the waiting, not the program */
};

struct snmp_ask;

/* Who we are to the agent: "community \"public\"", "user \"lab\"". */
struct snmp_ask_who {
	bool is_community;
	char text[SNMP_ASK_REASON_MAX];
};

/* 0 and *out; else ERR_NOMEM, ERR_SYNTAX for an address that is none, ERR_TIMEOUT or
 * ERR_REFUSED as below, ERR_CANCELLED; and `reason` in words. *who in any case. */
int snmp_ask_open(const struct snmp_ask_options *options, struct snmp_ask **out,
    struct snmp_ask_who *who, char reason[SNMP_ASK_REASON_MAX]);
void snmp_ask_close(struct snmp_ask *a); /* NULL allowed */

/* GET, or GETNEXT, of one object. 0 and *out; ERR_TIMEOUT; ERR_CANCELLED; ERR_REFUSED
 * when the agent answered with an error, which `reason` names; ERR_NOMEM. The first one
 * with SNMPv3 may take twice the time, of which an interrupt ends the second half. */
int snmp_ask_get(struct snmp_ask *a, const struct snmp_ask_oid *name,
    struct snmp_ask_value *out, char reason[SNMP_ASK_REASON_MAX]);
int snmp_ask_next(struct snmp_ask *a, const struct snmp_ask_oid *name,
    struct snmp_ask_value *out, char reason[SNMP_ASK_REASON_MAX]);

/* `name` begins with the arcs of `root`. */
bool snmp_ask_is_below(const struct snmp_ask_oid *name, const struct snmp_ask_oid *root);

/* Where the library connects to a master agent unless it is told otherwise. */
extern const char snmp_ask_agentx_socket[];

/* Root of our own objects, as configured when this was built. */
extern const struct snmp_ask_oid snmp_ask_enterprise;
/* The same as ".1.3.6...", in out[0..cap), cut when it does not fit. */
void snmp_ask_enterprise_text(char *out, size_t cap);

#endif
