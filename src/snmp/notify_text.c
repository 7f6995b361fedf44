/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that the messages of both modules' notifications have in common. */
#include "snmp/notify_text.h"

#include <string.h>

#include "base/text.h"
#include "model/snapshot.h"

const char *
notify_mode_text(int32_t mode)
{
	switch ((enum ntp_mode)mode) {
	case NTP_MODE_NOT_RUNNING:
		return "not running";
	case NTP_MODE_NOT_SYNCHRONIZED:
		return "not synchronized";
	case NTP_MODE_NONE_CONFIGURED:
		return "not synchronized, nothing configured";
	case NTP_MODE_SYNC_TO_LOCAL:
		return "synchronized to the local clock";
	case NTP_MODE_SYNC_TO_REFCLOCK:
		return "synchronized to a reference clock";
	case NTP_MODE_SYNC_TO_REMOTE:
		return "synchronized to a remote server";
	case NTP_MODE_UNKNOWN:
		break;
	}
	return "unknown";
}

void
notify_print_peer(const char *name, int32_t id, char *out, size_t cap)
{
	if (id == 0)
		text_format(out, cap, "none");
	else if (name[0] == '\0')
		text_format(out, cap, "association %d", (int)id);
	else
		text_format(out, cap, "%s (%d)", name, (int)id);
}

void
notify_print_system_peer(const char *from, const char *to, char *out, size_t cap)
{
	if (strcmp(from, to) == 0)
		text_format(out, cap, "system peer %s was lost and selected again", to);
	else
		text_format(out, cap, "system peer changed from %s to %s", from, to);
}
