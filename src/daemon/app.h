/* SPDX-License-Identifier: BSD-2-Clause */
/* The running program: owns every object, builds them in order, frees them in reverse. */
#ifndef DAEMON_APP_H
#define DAEMON_APP_H

#include "daemon/options.h"

/* The application's name: of its configuration files, its log lines, its persistence. */
#define APP_NAME "ntp-agentxd"

/* Runs until a signal ends it, or at once when start-up fails. The exit code; *lingers: a
 * look-up of a name is still under way in a thread, and nobody waits for it. */
int app_run(const struct options *o, bool *lingers);
/* -t: reads the configuration and says whether it is right. The exit code. */
int app_check_config(const struct options *o);
/* --check: the way from each target to an SNMP manager, step by step, with what to do
 * where it ends. The exit code. */
int app_check(const struct options *o);
/* --dump. The exit code. */
int app_dump(const struct options *o);

#endif
