/* SPDX-License-Identifier: BSD-2-Clause */
/* All targets at one moment, in the order of SNMP: what the tables of NTP-AGENTX-MIB, all
 * indexed by target first, are read from. Immutable and reference-counted. */
#ifndef SNMP_FLEET_H
#define SNMP_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/health.h"
#include "model/notices.h"
#include "model/raw.h"
#include "model/snapshot.h"
#include "model/target.h"
#include "model/write.h"
#include "snmp/control.h"

/* What a target's part is made from; all borrowed. */
struct fleet_source {
	const struct target *target;
	struct snapshot *snapshot;
	struct target_stats stats;
	bool has_key;                /* one to write with is there */
	struct mib_control *control; /* what is set now, also later; NULL: none */
	struct ntp_notice_counts notices;
	const struct ntp_notices *watcher;      /* knows histories; NULL: none */
	const struct ntp_write_record *records; /* ascending as in client/writer.h */
	size_t n_records;
};

/* Peers of a snapshot that a table is about, by their places in it, ascending. */
struct fleet_picks {
	uint32_t *peers;
	size_t n;
};

/* A peer by what stands for its address in reference ids. */
struct fleet_refid {
	uint32_t number, peer;
};

/* One target at one moment. */
struct fleet_target {
	/* Private to fleet.c. */
	unsigned refs;
	size_t *first_var; /* by object (0 system, i + 1 peer i): variables before it */

	struct target about;
	size_t name_len;
	struct snapshot *snapshot; /* never NULL */
	struct target_stats stats;
	struct health health;
	bool has_key;
	struct mib_control *control; /* the only part that changes; NULL: none */
	struct ntp_notice_counts notices;
	struct ntp_history *histories; /* of the peers, in their order; NULL: unknown */
	struct ntp_write_record *records; /* of variables */
	size_t n_records;
	struct ntp_write_record command; /* of the last configure command */
	size_t n_vars;
	struct fleet_picks clocks;   /* reference clocks */
	struct fleet_picks filters;  /* whose samples were read */
	struct fleet_picks autokeys; /* with variables of Autokey */
	struct fleet_refid *refids;  /* ascending by number, then by peer */
	size_t n_refids;
};

/* A copy with a reference to the snapshot. NULL when memory is out. */
struct fleet_target *fleet_target_new(const struct fleet_source *from);
struct fleet_target *fleet_target_unref(struct fleet_target *t); /* NULL; gives NULL */

/* A row of the variable table; everything is borrowed from the target. */
struct fleet_var {
	uint16_t assoc;
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
};
struct fleet_var fleet_target_var(const struct fleet_target *t, size_t i);

/* The peers; 0 while the daemon is not up. */
size_t fleet_target_n_peers(const struct fleet_target *t);
/* The peer whose address, or hash of it, a reference id is; of several the first. NULL
 * when there is none. */
const struct ntp_peer *fleet_target_refid(const struct fleet_target *t, uint32_t number);

/* The tables with a row, or several, for each target. */
enum fleet_table {
	FLEET_TARGETS,  /* one */
	FLEET_VARS,     /* fleet_target_var() */
	FLEET_RECORDS,  /* records[] */
	FLEET_CERTS,    /* snapshot->system->autokey_certs */
	FLEET_COMMANDS, /* one where configure commands are allowed */
	FLEET_PEERS,    /* snapshot->peers[] */
	FLEET_CLOCKS,   /* clocks */
	FLEET_FILTERS,  /* NTP_FILTER_SAMPLES for each of filters */
	FLEET_AUTOKEYS, /* autokeys */
	FLEET_TABLES
};

struct fleet; /* opaque */

/* targets[0..n) in any order, each taking a reference more. NULL when memory is out. */
struct fleet *fleet_new(struct fleet_target *const *targets, size_t n);
struct fleet *fleet_ref(struct fleet *f);
struct fleet *fleet_unref(struct fleet *f); /* NULL allowed; returns NULL */

/* Rows of a table; 0 for NULL. */
size_t fleet_count(const struct fleet *f, enum fleet_table table);
/* The target that row `i` belongs to, and which of its rows it is. */
const struct fleet_target *fleet_at(const struct fleet *f, enum fleet_table table,
    size_t i, size_t *nth);
/* NULL when there is none of that name. */
const struct fleet_target *fleet_find(const struct fleet *f, const char *name,
    size_t name_len);

#endif
