/* SPDX-License-Identifier: BSD-2-Clause */
/* Tells the service manager how the program is; does nothing where there is none. */
#include "daemon/notify.h"

#include "base/clock.h"

#ifdef HAVE_LIBSYSTEMD

#include <systemd/sd-daemon.h>

void
notify_ready(const char *status)
{
	sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void
notify_status(const char *status)
{
	sd_notifyf(0, "STATUS=%s", status);
}

void
notify_reloading(void)
{
	sd_notify(0, "RELOADING=1");
}

void
notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

int64_t
notify_watchdog_ns(void)
{
	uint64_t timeout_us;

	if (sd_watchdog_enabled(0, &timeout_us) <= 0)
		return CLOCK_NEVER;
	return (int64_t)(timeout_us / 2) * NS_PER_US;
}

void
notify_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}

#else

void
notify_ready(const char *status)
{
	(void)status;
}

void
notify_status(const char *status)
{
	(void)status;
}

void
notify_reloading(void)
{
}

void
notify_stopping(void)
{
}

int64_t
notify_watchdog_ns(void)
{
	return CLOCK_NEVER;
}

void
notify_alive(void)
{
}

#endif
