/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's directives in Net-SNMP's configuration files. */
#ifndef SNMP_CONFIG_H
#define SNMP_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "model/target.h"
#include "snmp/config_line.h"

enum { CONFIG_RECONNECT_DEFAULT_S = 5, CONFIG_RECONNECT_MAX_S = 3600 };

struct agent_config {
	struct target *targets; /* at least one after config_take() */
	size_t n_targets;
	uint32_t reconnect_s;
	char keyfile[CONFIG_PATH_MAX]; /* ntpd's keys to sign with; "" none */
};

void agent_config_clear(struct agent_config *c); /* frees what it holds */

/* Tells the library our directives for files of type `name`; once, after init_agent(). */
void config_register(const char *name);

/* Forgets what was read and starts anew. */
void config_begin(void);

/* Counts a problem that was found, and logged, outside the files' own text. */
void config_note_problem(void);

/* Ends a reading: checks what only the whole can show (two targets of one name or in one
 * context, writing or push without a key, both where they exclude each other), fills in
 * the default target and moves the result to *out. Every problem has been logged with
 * file and line. 0; ERR_SYNTAX when there was any problem (*out untouched) or ERR_NOMEM.
 */
int config_take(const struct logger *log, struct agent_config *out);

#endif
