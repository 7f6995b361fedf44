/* SPDX-License-Identifier: BSD-2-Clause */
/* Parsing, printing and converting of addresses. */
#include "base/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"

static size_t
address_len(enum addr_family family)
{
	switch (family) {
	case ADDR_NONE:
		return 0;
	case ADDR_IPV4:
		return 4;
	case ADDR_IPV6:
		return 16;
	}
	return 0;
}

/* A zone is a number or the name of an interface. What a daemon says is of its own
 * machine, and not worth a question to this one's kernel: for a name *scope_out stays. */
static int
parse_zone(const char *zone, uint32_t *scope_out)
{
	if (*zone == '\0')
		return ERR_SYNTAX;
	int rc = scan_u32(zone, strlen(zone), scope_out);
	return rc == ERR_RANGE ? ERR_SYNTAX : 0;
}

bool
addr_names_zone(const char *text, size_t len)
{
	const char *zone = memchr(text, '%', len);
	uint32_t scope;

	if (zone == NULL)
		return false;
	int rc = scan_u32(zone + 1, len - (size_t)(zone + 1 - text), &scope);
	return rc != 0 && rc != ERR_RANGE;
}

int
addr_parse(const char *text, size_t len, struct addr *out)
{
	struct addr a = { .family = ADDR_IPV6 };
	char copy[ADDR_TEXT_MAX];

	if (len >= sizeof(copy))
		return ERR_TOOBIG;
	if (len == 0 || memchr(text, '\0', len) != NULL)
		return ERR_SYNTAX;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (inet_pton(AF_INET, copy, a.bytes) == 1) {
		a.family = ADDR_IPV4;
		*out = a;
		return 0;
	}
	char *zone = strchr(copy, '%');
	if (zone != NULL) {
		*zone = '\0';
		if (parse_zone(zone + 1, &a.scope) != 0)
			return ERR_SYNTAX;
	}
	if (inet_pton(AF_INET6, copy, a.bytes) != 1)
		return ERR_SYNTAX;
	*out = a;
	return 0;
}

/* inet_ntop() does it with printf: for tables that is most of their time. */
static void
format_ipv4(const uint8_t bytes[4], char out[INET_ADDRSTRLEN])
{
	size_t used = 0;

	for (size_t i = 0; i < 4; i++) {
		if (i > 0)
			out[used++] = '.';
		used += text_decimal(bytes[i], 0, 0, out + used, INET_ADDRSTRLEN - used);
	}
}

size_t
addr_format(const struct addr *a, bool with_port, char *out, size_t cap)
{
	char ip[INET6_ADDRSTRLEN];
	char zone[sizeof("%4294967295")] = "";

	if (a->family == ADDR_NONE)
		return text_format(out, cap, "-");
	if (a->family == ADDR_IPV4) {
		format_ipv4(a->bytes, ip);
		if (!with_port)
			return text_ascii(ip, strlen(ip), out, cap);
		return text_format(out, cap, "%s:%u", ip, (unsigned)a->port);
	}
	inet_ntop(AF_INET6, a->bytes, ip, sizeof(ip));
	if (a->scope != 0)
		text_format(zone, sizeof(zone), "%%%u", (unsigned)a->scope);
	if (!with_port)
		return text_format(out, cap, "%s%s", ip, zone);
	return text_format(out, cap, "[%s%s]:%u", ip, zone, (unsigned)a->port);
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && a->port == b->port && a->scope == b->scope &&
	    memcmp(a->bytes, b->bytes, address_len(a->family)) == 0;
}

bool
addr_is_unspecified(const struct addr *a)
{
	static const uint8_t zeros[sizeof(a->bytes)];

	return a->family != ADDR_NONE &&
	    memcmp(a->bytes, zeros, address_len(a->family)) == 0;
}

bool
addr_is_refclock(const struct addr *a, uint8_t *type_out)
{
	if (a->family != ADDR_IPV4 || a->bytes[0] != 127 || a->bytes[1] != 127)
		return false;
	if (type_out != NULL)
		*type_out = a->bytes[2];
	return true;
}

int
addr_to_sockaddr(const struct addr *a, struct sockaddr_storage *out, socklen_t *len_out)
{
	struct sockaddr_in in4 = { .sin_family = AF_INET, .sin_port = htons(a->port) };
	struct sockaddr_in6 in6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(a->port),
		.sin6_scope_id = a->scope,
	};

	if (a->family == ADDR_NONE)
		return ERR_RANGE;
	memset(out, 0, sizeof(*out));
	if (a->family == ADDR_IPV4) {
		memcpy(&in4.sin_addr, a->bytes, sizeof(in4.sin_addr));
		memcpy(out, &in4, sizeof(in4));
		*len_out = sizeof(in4);
		return 0;
	}
	memcpy(&in6.sin6_addr, a->bytes, sizeof(in6.sin6_addr));
	memcpy(out, &in6, sizeof(in6));
	*len_out = sizeof(in6);
	return 0;
}

int
addr_from_sockaddr(const struct sockaddr *sa, struct addr *out)
{
	struct addr a = { .family = ADDR_NONE };
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;

	/* Copies, because the caller's bytes need not be aligned for these types. */
	if (sa->sa_family == AF_INET) {
		memcpy(&in4, sa, sizeof(in4));
		a.family = ADDR_IPV4;
		memcpy(a.bytes, &in4.sin_addr, sizeof(in4.sin_addr));
		a.port = ntohs(in4.sin_port);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		a.family = ADDR_IPV6;
		memcpy(a.bytes, &in6.sin6_addr, sizeof(in6.sin6_addr));
		a.port = ntohs(in6.sin6_port);
		a.scope = in6.sin6_scope_id;
	} else {
		return ERR_RANGE;
	}
	*out = a;
	return 0;
}
