/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of configuration directives, from text. Knows nothing of Net-SNMP. */
#ifndef SNMP_CONFIG_LINE_H
#define SNMP_CONFIG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/target.h"
#include "snmp/control.h"

enum { CONFIG_WHY_MAX = 256, CONFIG_PATH_MAX = 1024 };

/* The text behind "target": NAME HOST [OPTION VALUE]... into *out, which gets every
 * default first. *has_context_out tells whether a context was named. 0, or ERR_SYNTAX or
 * ERR_RANGE with why[] saying what is wrong and what was expected; *out is then
 * unspecified. */
int config_line_target(const char *line, struct target *out, bool *has_context_out,
    char why[CONFIG_WHY_MAX]);

/* One absolute file name; in quotes when it has blanks. As above. */
int config_line_path(const char *line, char out[CONFIG_PATH_MAX],
    char why[CONFIG_WHY_MAX]);

/* A whole number in min..max. 0, ERR_SYNTAX or ERR_RANGE with why[]. */
int config_line_number(const char *line, uint32_t min, uint32_t max, uint32_t *out,
    char why[CONFIG_WHY_MAX]);

/* What config_line_store_control() wrote: NAME HEARTBEAT BITS; the rest of *out stays as
 * it is. As above; *out and name[] are then unspecified. */
int config_line_control(const char *line, char name[TARGET_NAME_MAX + 1],
    struct mib_control *out, char why[CONFIG_WHY_MAX]);
enum { CONFIG_CONTROL_MAX = TARGET_NAME_MAX + 32 };
size_t config_line_store_control(const char *name, const struct mib_control *c,
    char out[CONFIG_CONTROL_MAX]);

/* The same for what config_line_store_notices() wrote: NAME TOPICS OUTSIDE INSIDE SOURCES
 * HOLD, as struct ntp_notice_settings has them, the topics as ntpAgentxNotifySwitches. */
int config_line_notices(const char *line, char name[TARGET_NAME_MAX + 1],
    struct mib_control *out, char why[CONFIG_WHY_MAX]);
enum { CONFIG_NOTICES_MAX = TARGET_NAME_MAX + 64 };
size_t config_line_store_notices(const char *name, const struct mib_control *c,
    char out[CONFIG_NOTICES_MAX]);

/* The usage of the target directive, for help. */
extern const char config_target_usage[];

#endif
