/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells the service manager how the program is; does nothing where there is none. */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include <stdint.h>

void notify_ready(const char *status);
void notify_status(const char *status);
void notify_reloading(void);
void notify_stopping(void);
/* How often the manager wants notify_alive(), in nanoseconds; CLOCK_NEVER: not at all. */
int64_t notify_watchdog_ns(void);
void notify_alive(void);

#endif
