/* SPDX-License-Identifier: BSD-2-Clause */
/* What managers set, by target, kept over restarts in the file that Net-SNMP keeps for
 * the program in its persistent directory. The library has one such file per process. */
#ifndef SNMP_PERSIST_H
#define SNMP_PERSIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/target.h"
#include "snmp/control.h"

/* Lines that are read; the file may name targets that are not configured now. */
enum { PERSIST_MAX = 2 * TARGETS_MAX };

/* Tells the library our lines in the files of type `name`; once, after init_agent(). A
 * line that is broken is logged with file and line, and ignored. */
void persist_register(const char *name);

/* The values of the target called that: as stored, or the defaults. Stays valid until
 * persist_free(), whether the target stays configured or not. NULL when memory is out. */
struct mib_control *persist_control(const char *target);

/* The values were changed by a manager: they are stored, with all the others, when the
 * current round of the main loop ends. */
void persist_changed(const struct mib_control *control);

/* To be called in each round of the main loop. What could not be stored, because the disk
 * is full or the directory cannot be written to, is tried again; the file of before is
 * kept until then. Returns how long the loop may block at most for that, in nanoseconds;
 * CLOCK_NEVER when nothing is left to store. */
int64_t persist_round(int64_t now_ns);

/* Whether there is anything to store. */
bool persist_has_values(void);

/* Nothing is stored any more, also not at the end: for a run that must leave no trace. */
void persist_freeze(void);

/* Forgets everything; after the library was shut down. */
void persist_free(void);

/* The files that the library stored for `name`, oldest first, into out[0..cap) with
 * commas between; returns the length. */
size_t persist_files(const char *name, char *out, size_t cap);
/* Whether path[0..len) is a file the library stores for the program. */
bool persist_holds(const char *path, size_t len);

#endif
