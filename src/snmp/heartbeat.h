/* SPDX-License-Identifier: BSD-2-Clause */
/* When a heartbeat is due. No clock of its own. */
#ifndef SNMP_HEARTBEAT_H
#define SNMP_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "snmp/control.h"

/* Zeroed: none was sent yet. Fields are private. */
struct heartbeat {
	bool is_on;          /* the bit, when it was last looked at */
	uint32_t interval_s; /* likewise */
	int64_t sent_ns;     /* the last one since the bit was set */
};

/* When the next one is to be sent: at once after the bit was set, or an interval of 0;
 * then an interval after the last one, which with 0 is never. What is not alive has none.
 * CLOCK_NEVER: none. */
int64_t heartbeat_deadline(const struct heartbeat *h, const struct mib_control *control,
    bool is_alive, int64_t now_ns);
/* True when one is to be sent now, and it is counted as sent. To be called whenever the
 * deadline has passed or the control block may have changed. */
bool heartbeat_take(struct heartbeat *h, const struct mib_control *control, bool is_alive,
    int64_t now_ns);

#endif
