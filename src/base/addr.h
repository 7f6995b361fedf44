/* SPDX-License-Identifier: BSD-2-Clause */
/* Internet addresses as values: parsing, printing, comparing. No name look-ups. */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum addr_family { ADDR_NONE, ADDR_IPV4, ADDR_IPV6 };

struct addr {
	enum addr_family family;
	uint8_t bytes[16]; /* network order; the first four for IPv4 */
	uint32_t scope;    /* IPv6 zone index; 0 none */
	uint16_t port;     /* host order; 0 none */
};

/* "[ffff:...%4294967295]:65535" and a terminator fit. */
enum { ADDR_TEXT_MAX = 80 };

/* A bare address ("192.0.2.1", "2001:db8::1", "fe80::1%2", "fe80::1%eth0"). A zone given
 * by a name leaves scope 0: which number it has is for the system to say. 0, ERR_SYNTAX
 * or ERR_TOOBIG; *out is written only on success and has port 0. */
int addr_parse(const char *text, size_t len, struct addr *out);
/* Whether the zone of such a text is a name. */
bool addr_names_zone(const char *text, size_t len);

/* "192.0.2.1" or "fe80::1%2"; with_port gives "192.0.2.1:123", "[fe80::1%2]:123". Always
 * terminates; returns the length. ADDR_NONE prints "-". */
size_t addr_format(const struct addr *a, bool with_port, char *out, size_t cap);

bool addr_equal(const struct addr *a, const struct addr *b); /* port and scope included */
bool addr_is_unspecified(const struct addr *a);              /* 0.0.0.0 or :: */
/* 127.127.t.u, the form the daemons give to reference clocks; *type_out, when not NULL,
 * is t. */
bool addr_is_refclock(const struct addr *a, uint8_t *type_out);

/* To and from the system's form. 0 or ERR_RANGE for a family that is not IP. */
int addr_to_sockaddr(const struct addr *a, struct sockaddr_storage *out,
    socklen_t *len_out);
int addr_from_sockaddr(const struct sockaddr *sa, struct addr *out);

#endif
