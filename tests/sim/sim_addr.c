/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads an address with its port. */
#include "sim/sim_addr.h"

#include <string.h>

#include "base/err.h"
#include "base/scan.h"

int
sim_addr_parse(const char *text, struct addr *out)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	uint32_t port;
	struct addr addr;

	if (!colon || scan_u32(colon + 1, strlen(colon + 1), &port) != 0 ||
	    port > UINT16_MAX)
		return ERR_SYNTAX;
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	int rc = addr_parse(text, len, &addr);
	if (rc != 0)
		return rc;
	addr.port = (uint16_t)port;
	*out = addr;
	return 0;
}
