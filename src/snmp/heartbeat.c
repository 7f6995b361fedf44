/* SPDX-License-Identifier: BSD-2-Clause */
/* When a heartbeat is due. */
#include "snmp/heartbeat.h"

#include "base/clock.h"

int64_t
heartbeat_deadline(const struct heartbeat *h, const struct mib_control *control,
    bool is_alive, int64_t now_ns)
{
	if (!is_alive || !mib_control_enables(control, MIB_NOTIF_HEARTBEAT))
		return CLOCK_NEVER;
	if (!h->is_on || (control->heartbeat_s == 0 && h->interval_s != 0))
		return now_ns;
	if (control->heartbeat_s == 0)
		return CLOCK_NEVER;
	return h->sent_ns + control->heartbeat_s * NS_PER_S;
}

bool
heartbeat_take(struct heartbeat *h, const struct mib_control *control, bool is_alive,
    int64_t now_ns)
{
	bool is_due = heartbeat_deadline(h, control, is_alive, now_ns) <= now_ns;

	if (is_due) {
		h->is_on = true;
		h->interval_s = control->heartbeat_s;
		h->sent_ns = now_ns;
	} else if (!mib_control_enables(control, MIB_NOTIF_HEARTBEAT)) {
		h->is_on = false;
	} else if (control->heartbeat_s != 0) {
		h->interval_s = control->heartbeat_s;
	}
	return is_due;
}
