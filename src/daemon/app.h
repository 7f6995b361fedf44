/* SPDX-License-Identifier: BSD-2-Clause */
/* The running program: owns every object, builds them in order, frees them in reverse. */
#ifndef DAEMON_APP_H
#define DAEMON_APP_H

#include "daemon/options.h"

/* The application's name: of its configuration files, its log lines, its persistence. */
#define APP_NAME "ntp-agentxd"

/* Runs until a signal ends it, or at once when start-up fails. The exit code; *lingers:
 * nothing is to be waited for or freed any more, because a look-up of a name is under way
 * in a thread, or the program goes on in the background. */
int app_run(const struct options *o, bool *lingers);
/* -t: reads the configuration and says whether it is right. The exit code. */
int app_check_config(const struct options *o);
/* --check: the way from each target to an SNMP manager, step by step, with what to do
 * where it ends. The exit code. */
int app_check(const struct options *o);
/* --dump. The exit code. */
int app_dump(const struct options *o);

#endif
