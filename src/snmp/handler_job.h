/* SPDX-License-Identifier: BSD-2-Clause */
/* The part of a SET that daemons have to carry out, from phase to phase. Private to
 * handler_set.c. */
#ifndef SNMP_HANDLER_JOB_H
#define SNMP_HANDLER_JOB_H

#include "snmp/handler_set.h"

/* What a request carries from phase to phase, under this name. */
#define SET_RECORD "ntp-agentx-set"

struct set_record {
	/* Set in memory: */
	bool is_applied;
	struct mib_value before;
	/* By a daemon: */
	struct set_job *job; /* NULL: in memory */
	size_t order;        /* number of its write in the job */
};

struct set_record *set_record_of(netsnmp_request_info *request); /* NULL: none yet */
/* Attaches a zeroed record. NULL when memory is out. */
struct set_record *set_record_new(netsnmp_request_info *request);

/* Takes the writes of all requests whose objects daemons set, and asks for their present
 * values: the requests are delegated, or have an error. */
bool set_job_begin(const struct handler_set *s, netsnmp_request_info *requests);
/* The same for the job that set_job_begin() made; false when there is none. */
bool set_job_run(const struct handler_set *s, netsnmp_request_info *requests,
    enum write_step step);

/* The value as the row's syntax has it; its octets are borrowed from the request. */
enum mib_set_error set_read_value(const netsnmp_variable_list *vb, enum mib_syntax syntax,
    struct mib_value *out);

#endif
