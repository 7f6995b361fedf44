/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the targets share. */
#ifndef DAEMON_TARGETS_IMPL_H
#define DAEMON_TARGETS_IMPL_H

#include "client/link.h"
#include "daemon/targets.h"
#include "daemon/watch.h"
#include "snmp/agentx_agent.h"
#include "snmp/fleet.h"
#include "snmp/handler.h"

struct member {
	struct targets *owner;
	struct link *link;     /* NULL: it goes, and waits for its context to be gone */
	struct member *next;   /* of those that go */
	struct snapshot *last; /* the last moment of one that goes */
	struct watched watched;
	struct mib_agent agent;
	struct mib_handler *handler;
	int64_t started_ns;
	size_t place;              /* within the interval; no other member has it */
	size_t index;              /* in members[] and due_ns[] */
	enum target_state state;   /* as counted in n_in_state[] */
	bool stays;                /* while the set changes */
	bool has_key;              /* one to write with */
	bool is_registered;        /* or the library refused, which was logged */
	struct fleet_target *part; /* of the fleet; NULL: to be made anew */
};

/* The module about all targets. */
struct whole {
	struct fleet *fleet; /* NULL: none was asked for, or it is too old */
	bool is_stale;
	int64_t made_ns;
	struct snapshot *nothing; /* what a view shows of a single target */
	struct mib_agent agent;
	struct agentx_agent about;
	struct session *session; /* NULL: none */
	struct mib_handler *handler;
	struct write_port writes;
	struct write_job *jobs; /* not ended yet */
};

struct targets {
	uv_loop_t *uv;
	const struct logger *log;
	struct watch *watch; /* NULL: no notifications */
	int64_t beat_ns; /* when something may be due to be sent, the least of due_ns[] */
	size_t turn;     /* whose it is to send first */
	uint64_t n_lost; /* notifications that were told to be */
	int64_t register_ns; /* when a context may have to be registered; CLOCK_NEVER */
	struct member *leaving;  /* their contexts are still registered */
	struct member **members; /* as configured */
	struct member **by_name; /* the same, in the order of SNMP */
	int64_t *due_ns;         /* when each one's beat is due */
	size_t n_members;
	size_t n_in_state[TARGET_STATES];
	struct whole whole;
};

/* NULL when there is none of that name. */
struct member *targets_find(const struct targets *ts, const char *name);
/* Something of the member may be due to be sent. */
void member_wake(struct member *m);
/* Counts the member under this state from now on. */
void member_count(struct member *m, enum target_state state);
/* A new snapshot is there; ctx is the member. */
store_change_fn member_changed;
/* It is no target any more. */
void member_stop(struct member *m);
/* After that, when its registration is gone. */
void member_free(struct member *m);
/* How many notifications there is room for. */
size_t targets_room(const struct targets *ts);

/* A target changed: its part is made anew when it is next looked at. */
void whole_changed(struct member *m);
/* A target goes. */
void whole_forget(struct member *m);
/* False when memory is out. */
bool whole_init(struct targets *ts);
void whole_clear(struct targets *ts);

/* What SETs do with daemons. */
struct write_port write_port_of(struct targets *ts);
/* Jobs that write to the member's daemon cannot go on. */
void write_jobs_lose(struct targets *ts, const struct member *m);

#endif
