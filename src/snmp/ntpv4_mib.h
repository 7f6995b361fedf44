/* SPDX-License-Identifier: BSD-2-Clause */
/* NTPv4-MIB (RFC 5907) as rows: what each object is read from. */
#ifndef SNMP_NTPV4_MIB_H
#define SNMP_NTPV4_MIB_H

#include "snmp/engine.h"

extern const struct mib_module ntpv4_mib;

/* Objects of the module that have no rows, each with the reason. Ends with a NULL label.
 * The conformance test holds this list and the rows together to be the whole module. */
struct ntpv4_unserved {
	const char *label;
	const char *reason;
};
extern const struct ntpv4_unserved ntpv4_unserved[];

#endif
