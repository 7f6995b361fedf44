/* SPDX-License-Identifier: BSD-2-Clause */
/* What every way of running the program does first: log and configuration. */
#ifndef DAEMON_STARTUP_H
#define DAEMON_STARTUP_H

#include "base/log.h"
#include "daemon/options.h"
#include "mode6/auth.h"
#include "snmp/config.h"

/* Sends the log to stderr or, in the background, to syslog, unless -L said where. */
struct logger startup_log(bool foreground);

/* Tells the library which files to read. 0, or ERR_NOTFOUND when one cannot be read
 * (logged). */
int startup_config_files(const struct options *o, const struct logger *log);

/* Reads the key file and looks for each target's key. 0 and *out, NULL without a key
 * file; otherwise what is wrong was logged. */
int startup_keys(const struct options *o, const struct agent_config *config,
    const struct logger *log, struct m6_keys **out);

/* What is done with a configuration that is right: the exit code. All borrowed; NULL keys
 * without a key file. */
typedef int startup_act_fn(const struct options *o, const struct agent_config *config,
    const struct m6_keys *keys, const struct logger *log);

/* Reads the configuration and its keys without connecting anything, for -t, --check and
 * --dump; the last one lets pass what only --master understands. Logs to stderr, acts,
 * and releases everything. The exit code of `act`, or EXIT_CONFIG, which was explained.
 */
int startup_offline(const struct options *o, startup_act_fn *act);

/* For what runs in front of a person: becomes the user and takes the group of -u and -g,
 * or remains who runs it when neither was said. 0, or what privilege_drop() returns. */
int startup_become(const struct options *o, const struct logger *log);

/* What else it takes until a manager sees our objects: the master agent's view, of which
 * we are not told. */
void startup_tell_view(const struct logger *log);

#endif
