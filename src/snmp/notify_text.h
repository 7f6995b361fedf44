/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that the messages of both modules' notifications have in common. */
#ifndef SNMP_NOTIFY_TEXT_H
#define SNMP_NOTIFY_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* What enum ntp_mode means; "unknown" for any other number. */
const char *notify_mode_text(int32_t mode);

enum { NOTIFY_NAME_MAX = 96, NOTIFY_PEER_MAX = NOTIFY_NAME_MAX + 16 };

/* "192.0.2.1 (4711)", "association 4711" when the name is empty, or "none" for id 0. */
void notify_print_peer(const char *name, int32_t id, char *out, size_t cap);

/* "system peer changed from ...", both as notify_print_peer() has them. */
void notify_print_system_peer(const char *from, const char *to, char *out, size_t cap);

#endif
