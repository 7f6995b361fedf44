/* SPDX-License-Identifier: BSD-2-Clause */
/* An object and its value as a line of text, for people and for --dump. */
#ifndef SNMP_PRINT_H
#define SNMP_PRINT_H

#include "snmp/engine.h"

enum { MIB_LINE_MAX = 8192 };

/* ".1.3.6.1.2.1.197.1.2.2.0 ntpEntStatusStratum.0 = Unsigned32: 3". Text is printed in
 * quotes, octets that are not printable ASCII as hex. Always terminates; returns the
 * length. */
size_t mib_print(const struct mib_module *module, const struct mib_oid *name,
    const struct mib_value *value, char *out, size_t cap);

#endif
