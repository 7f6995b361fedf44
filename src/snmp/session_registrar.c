/* SPDX-License-Identifier: BSD-2-Clause */
/* Builds AgentX Register and Unregister PDUs and follows their responses. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "snmp/session_registrar.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

enum {
	/* RFC 2741, sections 6.1 and 6.2.16; only in private headers of Net-SNMP. */
	AGENTX_REGISTER = 3,
	AGENTX_UNREGISTER = 4,
	AGENTX_INSTANCE_REGISTRATION = 0x01,
	AGENTX_NON_DEFAULT_CONTEXT = 0x08,
	/* On a stream a late response is not a lost one. */
	RESPONSE_PATIENCE_US = 600 * 1000 * 1000
};
static const int64_t SEND_AGAIN_NS = 100 * NS_PER_MS; /* the library could not */

struct registration {
	struct registration *next;
	bool is_removal;
	int64_t due_ns; /* after a refusal */
	int priority, range_subid;
	u_long timeout_s; /* of the master for us; 0: its default */
	oid range_ubound;
	bool is_instance;
	char *context; /* NULL: the default one */
	size_t name_len;
	oid name[];
};

struct list {
	struct registration *first, *last;
};

/* One whose response is awaited. */
struct slot {
	struct session_registrar *owner;
	struct registration *registration; /* NULL: free */
	bool is_unwanted;                  /* by now: not to be repeated */
	long reqid;
};

struct session_registrar {
	const struct logger *log;
	netsnmp_session *session;
	struct list waiting, refused;
	bool is_refusal_told;
	struct slot slots[SESSION_REGISTRAR_WINDOW];
};

/* What to do about an error of RFC 2741, section 6.2.16. */
static const struct refusal {
	long error;
	const char *hint;
} refusals[] = {
	{ 262, "it knows no such context" },
	{ 263, "another subagent serves the same: does ntp-agentxd run twice?" },
	{ 267, "it does not allow that" }, { 0, "see its log" }, /* any other */
};

static const char *
hint_of(long error)
{
	const struct refusal *row = refusals;

	while (row->error != 0 && row->error != error)
		row++;
	return row->hint;
}

static void
append(struct list *list, struct registration *registration)
{
	registration->next = NULL;
	if (list->first == NULL)
		list->first = registration;
	else
		list->last->next = registration;
	list->last = registration;
}

static void
prepend(struct list *list, struct registration *registration)
{
	registration->next = list->first;
	if (list->first == NULL)
		list->last = registration;
	list->first = registration;
}

static struct registration *
take_first(struct list *list)
{
	struct registration *first = list->first;

	if (first != NULL)
		list->first = first->next;
	return first;
}

static void
release(struct registration *registration)
{
	if (registration == NULL)
		return;
	mem_free(registration->context);
	mem_free(registration);
}

static void
clear(struct list *list)
{
	struct registration *registration;

	while ((registration = take_first(list)) != NULL)
		release(registration);
}

struct session_registrar *
session_registrar_new(const struct logger *log)
{
	struct session_registrar *r = mem_calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->log = log;
	for (size_t i = 0; i < SESSION_REGISTRAR_WINDOW; i++)
		r->slots[i].owner = r;
	return r;
}

static void
forget_all(struct session_registrar *r)
{
	clear(&r->waiting);
	clear(&r->refused);
	r->is_refusal_told = false;
	for (size_t i = 0; i < SESSION_REGISTRAR_WINDOW; i++) {
		release(r->slots[i].registration);
		r->slots[i].registration = NULL;
	}
}

void
session_registrar_free(struct session_registrar *r)
{
	if (r == NULL)
		return;
	forget_all(r);
	mem_free(r);
}

void
session_registrar_connect(struct session_registrar *r, void *agentx_session)
{
	r->session = agentx_session;
	if (agentx_session == NULL)
		forget_all(r);
}

static struct registration *
copy_of(const struct register_parameters *parameters, bool is_removal)
{
	size_t name_size = parameters->namelen * sizeof(oid);
	struct registration *copy = mem_calloc(1, sizeof(*copy) + name_size);

	if (copy == NULL)
		return NULL;
	copy->is_removal = is_removal;
	copy->priority = parameters->priority;
	copy->timeout_s = is_removal ? 0 : (u_long)parameters->timeout;
	copy->range_subid = parameters->range_subid;
	copy->range_ubound = parameters->range_ubound;
	copy->is_instance = (parameters->flags & FULLY_QUALIFIED_INSTANCE) != 0;
	copy->name_len = parameters->namelen;
	memcpy(copy->name, parameters->name, name_size);
	if (parameters->contextName == NULL)
		return copy;
	copy->context = mem_strdup(parameters->contextName);
	if (copy->context != NULL)
		return copy;
	release(copy);
	return NULL;
}

static const char *
context_of(const struct registration *registration)
{
	return registration->context != NULL ? registration->context : "";
}

static bool
is_same(const struct registration *a, const struct registration *b)
{
	return a->name_len == b->name_len && a->priority == b->priority &&
	    memcmp(a->name, b->name, a->name_len * sizeof(a->name[0])) == 0 &&
	    strcmp(context_of(a), context_of(b)) == 0;
}

/* Takes out the registration that the removal is about. */
static bool
take_out(struct list *list, const struct registration *removal)
{
	struct list rest = { NULL, NULL };
	struct registration *registration;
	bool is_found = false;

	while ((registration = take_first(list)) != NULL) {
		if (registration->is_removal || !is_same(registration, removal)) {
			append(&rest, registration);
			continue;
		}
		is_found = true;
		release(registration);
	}
	*list = rest;
	return is_found;
}

/* What is under way may be refused as well. */
static bool
is_all_taken(const struct session_registrar *r)
{
	for (size_t i = 0; i < SESSION_REGISTRAR_WINDOW; i++)
		if (r->slots[i].registration != NULL)
			return false;
	return r->refused.first == NULL && r->waiting.first == NULL;
}

/* What the master has not, it need not remove: what it refused, or was not asked yet. */
static bool
take_back(struct session_registrar *r, const struct registration *removal)
{
	if (!take_out(&r->waiting, removal) && !take_out(&r->refused, removal))
		return false;
	/* It may have been the last one that was refused. */
	if (is_all_taken(r))
		r->is_refusal_told = false;
	return true;
}

/* What is under way may still be refused. */
static void
mark_unwanted(struct session_registrar *r, const struct registration *removal)
{
	for (size_t i = 0; i < SESSION_REGISTRAR_WINDOW; i++)
		if (r->slots[i].registration != NULL &&
		    is_same(r->slots[i].registration, removal))
			r->slots[i].is_unwanted = true;
}

int
session_registrar_push(struct session_registrar *r, const void *parameters,
    bool is_removal)
{
	struct registration *copy;

	if (r->session == NULL)
		return 0;
	copy = copy_of(parameters, is_removal);
	if (copy == NULL) {
		log_line(r->log, LOG_LEVEL_ERROR,
		    "out of memory for a registration with the master agent");
		return ERR_NOMEM;
	}
	if (is_removal && take_back(r, copy)) {
		release(copy);
		return 0;
	}
	if (is_removal)
		mark_unwanted(r, copy);
	append(&r->waiting, copy);
	return 0;
}

/* The library frees it together with the PDU; it looks for the context of this kind of
 * PDU where other versions of SNMP have the community. */
static bool
add_context(netsnmp_pdu *pdu, const char *context)
{
	if (context == NULL)
		return true;
	pdu->flags |= AGENTX_NON_DEFAULT_CONTEXT;
	pdu->community = (u_char *)mem_strdup(context);
	pdu->community_len = strlen(context);
	return pdu->community != NULL;
}

/* A range is told by its upper end, in the varbind's value. */
static bool
add_name(netsnmp_pdu *pdu, const struct registration *registration)
{
	size_t size = registration->name_len * sizeof(oid);
	netsnmp_variable_list *v;

	if (registration->range_subid == 0)
		return snmp_pdu_add_variable(pdu, registration->name,
			   registration->name_len, ASN_NULL, NULL, 0) != NULL;
	v = snmp_pdu_add_variable(pdu, registration->name, registration->name_len,
	    ASN_OBJECT_ID, registration->name, size);
	if (v == NULL)
		return false;
	v->val.objid[registration->range_subid - 1] = registration->range_ubound;
	return true;
}

static netsnmp_pdu *
build(const netsnmp_session *session, const struct registration *registration)
{
	netsnmp_pdu *pdu = snmp_pdu_create(
	    registration->is_removal ? AGENTX_UNREGISTER : AGENTX_REGISTER);

	if (pdu == NULL)
		return NULL;
	pdu->version = session->version;
	pdu->sessid = session->sessid;
	pdu->reqid = snmp_get_next_reqid();
	pdu->msgid = snmp_get_next_msgid();
	pdu->time = registration->timeout_s;
	pdu->priority = registration->priority;
	pdu->range_subid = registration->range_subid;
	if (registration->is_instance)
		pdu->flags |= AGENTX_INSTANCE_REGISTRATION;
	if (add_context(pdu, registration->context) && add_name(pdu, registration))
		return pdu;
	snmp_free_pdu(pdu);
	return NULL;
}

static void
tell_refusal(struct session_registrar *r, const struct registration *registration,
    long error)
{
	if (r->is_refusal_told)
		return;
	r->is_refusal_told = true;
	log_line(r->log, LOG_LEVEL_WARNING,
	    "the master agent refuses a registration in context \"%s\" (AgentX error "
	    "%ld): %s; it is asked each %d s until it takes all",
	    context_of(registration), error, hint_of(error), SESSION_REGISTRAR_AGAIN_S);
}

static void
on_refusal(struct session_registrar *r, struct registration *registration, long error)
{
	tell_refusal(r, registration, error);
	registration->due_ns =
	    clock_monotonic_ns() + SESSION_REGISTRAR_AGAIN_S * NS_PER_S;
	append(&r->refused, registration);
}

/* All were taken: the next refusal is news again. */
static void
on_acceptance(struct session_registrar *r)
{
	if (!r->is_refusal_told || !is_all_taken(r))
		return;
	r->is_refusal_told = false;
	log_line(r->log, LOG_LEVEL_INFO, "the master agent took all registrations");
}

/* The library calls for one request exactly once, if need be when it frees the session,
 * long after a slot went to another one: the request's number tells. */
static int
on_response(int operation, netsnmp_session *session, int reqid, netsnmp_pdu *pdu,
    void *ctx)
{
	struct slot *slot = ctx;
	struct registration *registration = slot->registration;
	bool is_received = operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE;

	(void)session;
	if (registration == NULL || slot->reqid != reqid ||
	    (!is_received && operation != NETSNMP_CALLBACK_OP_TIMED_OUT))
		return 1;
	slot->registration = NULL;
	if (is_received && pdu->errstat != SNMP_ERR_NOERROR &&
	    !registration->is_removal && !slot->is_unwanted) {
		on_refusal(slot->owner, registration, pdu->errstat);
		return 1;
	}
	release(registration);
	on_acceptance(slot->owner);
	return 1;
}

static struct slot *
free_slot(struct session_registrar *r)
{
	for (size_t i = 0; i < SESSION_REGISTRAR_WINDOW; i++)
		if (r->slots[i].registration == NULL)
			return &r->slots[i];
	return NULL;
}

/* The library takes the patience for one request from the session, unless the PDU has its
 * own; in this kind of PDU that field is the master's timeout for the subtree. */
static bool
send_patiently(netsnmp_session *session, netsnmp_pdu *pdu, struct slot *slot)
{
	long timeout_us = session->timeout;
	bool is_sent;

	session->timeout = RESPONSE_PATIENCE_US;
	is_sent = snmp_async_send(session, pdu, on_response, slot) != 0;
	session->timeout = timeout_us;
	return is_sent;
}

static bool
send_in(struct session_registrar *r, struct slot *slot, struct registration *registration)
{
	netsnmp_pdu *pdu = build(r->session, registration);

	if (pdu == NULL)
		return false;
	slot->registration = registration;
	slot->is_unwanted = false;
	slot->reqid = pdu->reqid;
	if (send_patiently(r->session, pdu, slot))
		return true;
	slot->registration = NULL;
	snmp_free_pdu(pdu);
	return false;
}

/* All wait equally long, so that the first is the next. */
static void
repeat_refused(struct session_registrar *r, int64_t now_ns)
{
	while (r->refused.first != NULL && r->refused.first->due_ns <= now_ns)
		append(&r->waiting, take_first(&r->refused));
}

int64_t
session_registrar_pump(struct session_registrar *r, int64_t now_ns)
{
	struct slot *slot;

	if (r->session == NULL)
		return CLOCK_NEVER;
	repeat_refused(r, now_ns);
	while (r->waiting.first != NULL && (slot = free_slot(r)) != NULL) {
		struct registration *registration = take_first(&r->waiting);

		if (!send_in(r, slot, registration)) {
			prepend(&r->waiting, registration);
			return SEND_AGAIN_NS;
		}
	}
	return r->refused.first != NULL ? r->refused.first->due_ns - now_ns : CLOCK_NEVER;
}
