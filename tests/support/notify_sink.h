/* SPDX-License-Identifier: BSD-2-Clause */
/* A port for notifications that writes down what it gets, with the names that the texts
 * of the modules have (support/mib_text.h). */
#ifndef SUPPORT_NOTIFY_SINK_H
#define SUPPORT_NOTIFY_SINK_H

#include <stddef.h>

#include "snmp/notify.h"

struct notify_sink {
	unsigned calls;
	int err;         /* what send returns */
	char text[4096]; /* "CONTEXT: PARENT.N: OBJECT.0=VALUE; ...;" of the last one */
	size_t len;
};

/* Empty, and the port that leads to it. */
struct notify_port notify_sink_port(struct notify_sink *sink);

#endif
