/* SPDX-License-Identifier: BSD-2-Clause */
/* A manager's session, for programs that measure or fetch. */
#ifndef SUPPORT_MANAGER_H
#define SUPPORT_MANAGER_H

/* By SNMPv2c with one try only when `is_once`, else as often as the library likes. For
 * snmp_sess_synch_response() and snmp_sess_close(); NULL: the library has logged why. */
void *manager_open(char *peer, char *community, long timeout_us, int is_once);

#endif
