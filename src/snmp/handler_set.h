/* SPDX-License-Identifier: BSD-2-Clause */
/* The phases of a SET for one module. Included by handler*.c alone: the types are
 * Net-SNMP's. */
#ifndef SNMP_HANDLER_SET_H
#define SNMP_HANDLER_SET_H

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "snmp/engine.h"
#include "snmp/session.h"

/* The type on the wire of each syntax. */
extern const u_char handler_asn_types[MIB_SYNTAX_COUNT];

/* What daemons have to do for SETs that are not over; zeroed: nothing. */
struct set_jobs {
	struct set_job *first;
};
/* The master has gone away, or there will be none any more: nobody asks for further
 * phases of what is under way. Writes come to their end, and are undone if they failed in
 * part. */
void set_jobs_orphan(struct set_jobs *jobs);
/* Gives up what is left; nothing may be running. */
void set_jobs_end(struct set_jobs *jobs);
/* A daemon is being asked. */
bool set_jobs_are_running(const struct set_jobs *jobs);

/* What the phases work with. */
struct handler_set {
	const struct mib_module *module;
	const struct mib_view *view;
	const struct write_port *writes; /* NULL: no object goes to a daemon */
	struct session *session;         /* with `writes` */
	struct set_jobs *jobs;           /* with `writes` */

	netsnmp_mib_handler *handler;
	netsnmp_handler_registration *registration;
	netsnmp_agent_request_info *info;
};

/* One phase (MODE_SET_...) for the variables of `requests`: everything is checked before
 * anything changes, and undone is exactly what was done. Never waits: what goes to
 * daemons is delegated and answered later. An error is set on the request that has it.
 * Returns whether something was delegated. */
bool handler_set(const struct handler_set *s, netsnmp_request_info *requests);

#endif
