/* SPDX-License-Identifier: BSD-2-Clause */
/* What the program needs of the Net-SNMP library besides session and handlers: logging,
 * debugging, reading configuration, the outer loop. Net-SNMP keeps all of it per process.
 */
#ifndef SNMP_RUNTIME_H
#define SNMP_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"

/* The logger whose lines go where -L sent Net-SNMP's own. */
struct logger runtime_logger(void);

/* -L: `options` as in snmpd ("e", "o", "s", "f FILE" with FILE from argv). Returns 0 or
 * ERR_SYNTAX; a problem was written to stderr. */
int runtime_log_options(char *options, int argc, char *const *argv);
void runtime_log_to_stderr(void);
void runtime_log_to_syslog(const char *name);
/* Warnings and errors to stderr as well, and no more of it. */
void runtime_log_also_to_stderr(void);
void runtime_log_no_more_to_stderr(void);
bool runtime_has_log(void);
/* -D: comma-separated debug tokens, "ALL" for every one. */
void runtime_debug(const char *tokens);

/* To be called when the agent is set up, before files are read: takes away the directives
 * of the library that execute what they are given. */
void runtime_forbid_code(void);

/* Which configuration to read, before the library is initialised: -c and -C. What the
 * library stored for `name` is read in any case. */
void runtime_config_files(const char *name, const char *extra, bool only_extra);
/* Before the library is initialised: to be a master that listens on `address`, and does
 * not log each request. */
void runtime_listen_on(const char *address);
/* Looks at the files that this lets the library read for `name`: those in its directories
 * that are there, and the one named. 0, or ERR_NOTFOUND when one cannot be read; it is
 * logged which and why. The library itself passes over such a file. */
int runtime_check_files(const char *name, const struct logger *log);
/* Initialises the library to read configuration only: nothing connects or listens. It
 * knows the directives of a subagent, or those of a master. */
void runtime_offline(const char *name, bool is_master);
/* After it: the AgentX socket that the files name, or NULL. Borrowed from the library
 * until runtime_shutdown(). */
const char *runtime_agentx_socket(void);
/* Reads again the configuration files that a start of `name` reads, for the directives
 * registered with the library. Not what the library stored: that is in use. 0, or ERR_IO
 * when one that is there could not be read: the library takes such a file for an empty
 * one. */
int runtime_reread(const char *name, bool is_master);
/* Prints every directive the library knows to stderr (-H). */
void runtime_print_directives(void);
/* Ends what runtime_offline() began; writes nothing. */
void runtime_shutdown(const char *name);

/* Calls `ready` from runtime_round() whenever fd is readable. 0 or ERR_FULL (the library
 * takes 32). */
int runtime_watch(int fd, void (*ready)(int fd, void *ctx), void *ctx);
void runtime_unwatch(int fd);
/* One round of the agent: waits for a watched fd or SNMP traffic when `may_block`. */
void runtime_round(bool may_block);

/* Divides the process. 0 in the one in the background, more in the one that was started,
 * -1 with errno. */
int runtime_daemonize(void);

/* Version of the Net-SNMP library in use. */
const char *runtime_library_version(void);

#endif
