/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses with ports in options and commands. */
#ifndef SIM_ADDR_H
#define SIM_ADDR_H

#include "base/addr.h"

/* "127.0.0.1:123", "[::1]:0". 0, ERR_SYNTAX or ERR_TOOBIG. */
int sim_addr_parse(const char *text, struct addr *out);

#endif
