/* SPDX-License-Identifier: BSD-2-Clause */
/* MIB objects as rows, and the two searches every SNMP read comes down to. Knows nothing
 * of Net-SNMP: golden walks run without it. */
#ifndef SNMP_ENGINE_H
#define SNMP_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"
#include "snmp/control.h"
#include "snmp/write_port.h"

/* The same type as Net-SNMP's oid; snmp/handler.c asserts it. */
typedef unsigned long mib_subid;

enum {
	MIB_OID_MAX = 128,    /* SMIv2's limit */
	MIB_INDEX_MAX = 112,  /* sub-identifiers of a row's index */
	MIB_SCRATCH_MAX = 512 /* a value that is composed, not pointed to */
};

struct mib_oid {
	mib_subid ids[MIB_OID_MAX];
	size_t len;
};

/* <0, 0, >0: lexicographic order of two names. */
int mib_oid_compare(const mib_subid *a, size_t a_len, const mib_subid *b, size_t b_len);

enum mib_syntax {
	MIB_INTEGER,   /* INTEGER, Integer32: i32 */
	MIB_UNSIGNED,  /* Unsigned32, Gauge32: u32 */
	MIB_COUNTER32, /* u32, modulo 2^32 */
	MIB_COUNTER64, /* u64 */
	MIB_TIMETICKS, /* u32, modulo 2^32 */
	MIB_OCTETS,    /* octets, n_octets */
	MIB_OBJECT_ID, /* octets: mib_subid array, n_octets in bytes */
	MIB_SYNTAX_COUNT
};

/* A value on its way out. `octets` borrows from the view's snapshot or from `scratch`. */
struct mib_value {
	enum mib_syntax syntax; /* set by the engine from the row */
	union {
		int32_t i32;
		uint32_t u32;
		uint64_t u64;
	};
	const void *octets;
	size_t n_octets;
	char scratch[MIB_SCRATCH_MAX];
};

/* What a getter may look at: one moment. */
struct mib_agent {
	uint32_t notifications;      /* sent for this target since the agent started */
	struct mib_control *control; /* of this target, as it is now; NULL: it has none */
	const void *identity;        /* for modules about the agent itself */
};
struct fleet;
struct mib_view {
	const struct snapshot *snapshot; /* NULL: without memory nothing can be told */
	const struct mib_agent *agent;   /* never NULL */
	const struct fleet *fleet;       /* for modules about all targets; else NULL */
};
struct mib_cell {
	const struct mib_view *view;
	const void *row; /* of a table; NULL for a scalar */
	size_t nth;      /* which of the rows that share it */
	const struct mib_object *object;
};

/* Fills *out; false: no such instance now. Never guesses: a value that was not read is
 * absent. */
typedef bool mib_get_fn(const struct mib_cell *cell, struct mib_value *out);

/* How a SET reaches what a getter shows. None of these waits for anything. */
struct mib_writer {
	/* Whether a value of the row's syntax may be set, as far as the value alone
	 * tells. */
	enum mib_set_error (*check)(const struct mib_value *value);
	/* Sets what check() allowed, or what the getter once gave. NULL: see below. */
	void (*apply)(const struct mib_cell *cell, const struct mib_value *value);
	/* For what only an NTP daemon can change: the write that setting the instance
	 * with that index means. What it points to is borrowed from the view, the index
	 * and the value. */
	enum mib_set_error (*order)(const struct mib_view *view, const mib_subid *index,
	    size_t index_len, const struct mib_value *value, struct write_order *out);
};

struct mib_source;
struct mib_object {
	uint32_t subid;    /* last arc, ascending within its group */
	const char *label; /* exactly as in the MIB module */
	enum mib_syntax syntax;
	mib_get_fn *get;
	const struct mib_writer *write; /* NULL: read-only */
	/* What a getter that serves many objects needs to know, and doc/mib-map; NULL:
	 * nothing. */
	const struct mib_source *source;
};

/* The rows of a table, ascending by encoded index. */
struct mib_rows {
	size_t (*count)(const struct mib_view *view);
	/* What cells of row `i` are read from; *nth, 0 before, when rows share it. */
	const void *(*at)(const struct mib_view *view, size_t i, size_t *nth);
	/* Writes the encoded index of row `i` to out[0..MIB_INDEX_MAX), returns its
	 * length. */
	size_t (*index)(const struct mib_view *view, size_t i, mib_subid *out);
};

/* Scalars (rows == NULL; `root` is their parent) or one table (`root` is its entry). */
struct mib_group {
	const char *name;
	const mib_subid *root;
	size_t root_len;
	const struct mib_object *objects;
	size_t n_objects;
	const struct mib_rows *rows;
};

/* A module: groups ascending by root, all below the module's root. */
struct mib_module {
	const char *name;
	const mib_subid *root;
	size_t root_len;
	const struct mib_group *const *groups;
	size_t n_groups;
};

enum mib_result {
	MIB_FOUND,
	MIB_NO_OBJECT,   /* no such object type here */
	MIB_NO_INSTANCE, /* the object exists, this instance does not (now) */
	MIB_END          /* mib_next: nothing behind that name */
};

/* The exact instance `name`. */
enum mib_result mib_get(const struct mib_module *module, const struct mib_view *view,
    const mib_subid *name, size_t name_len, struct mib_value *out);

/* The first present instance behind `name` (or at it, when `inclusive`), in strictly
 * ascending order; absent cells are passed over. O(log n) in rows, apart from holes. */
enum mib_result mib_next(const struct mib_module *module, const struct mib_view *view,
    const mib_subid *name, size_t name_len, bool inclusive, struct mib_oid *found,
    struct mib_value *out);

bool mib_is_writable(const struct mib_module *module); /* some object of it is */

/* What a name means: an object type, and the index behind it. */
struct mib_instance {
	const struct mib_group *group;
	const struct mib_object *object;
	const mib_subid *index; /* borrowed from the name */
	size_t index_len;
};
/* False: no object type here has such instances. There may be none of that index. */
bool mib_instance_of(const struct mib_module *module, const mib_subid *name,
    size_t name_len, struct mib_instance *out);

/* Sets the instance `name`, whose writer's check() allowed it. False: not there now, or
 * read-only. */
bool mib_set(const struct mib_module *module, const struct mib_view *view,
    const mib_subid *name, size_t name_len, const struct mib_value *value);

#endif
