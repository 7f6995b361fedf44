/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of a module against its text, as Net-SNMP's own parser reads it. */
#ifndef SUPPORT_MIB_TEXT_H
#define SUPPORT_MIB_TEXT_H

#include <stddef.h>

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include "snmp/engine.h"

/* For a group of tests: reads the texts of our modules, those of the source tree and
 * those that configure made, and forgets them. 0, or -1 when the parser does not like
 * one. */
int mib_text_set_up(void **state);
int mib_text_tear_down(void **state);

/* The node at exactly that place; NULL when no text that was read has one. */
struct tree *mib_text_node(const mib_subid *ids, size_t len);

/* The node of that name; fails the test when there is none. */
struct tree *mib_text_named(const char *label);

/* Each row has the name, type and access that the text says; groups have the names of
 * their tables or nodes. */
void mib_text_check_rows(const struct mib_module *module);
/* Each object of the text with a value has exactly one row, or one excuse. Returns how
 * many there are. */
size_t mib_text_check_homes(const struct mib_module *module,
    size_t (*excuses)(const char *label));
/* The table with that group is indexed by exactly labels[0..n). */
void mib_text_check_index(const struct mib_group *group, const char *const *labels,
    size_t n);

/* The notification is number `subid` below that parent, and carries exactly the objects
 * labels[0..n) in that order. */
void mib_text_check_notification(const char *parent, mib_subid subid, const char *label,
    const char *const *labels, size_t n);

struct mib_text_value {
	const char *label;
	int value;
};
/* The values an object may have by its text are exactly these. */
void mib_text_check_enumeration(const mib_subid *name, size_t len,
    const struct mib_text_value *expected, size_t n);

/* Walks the module: each value is one that its syntax allows. Returns how many there are.
 */
size_t mib_text_check_values(const struct mib_module *module,
    const struct mib_view *view);

#endif
