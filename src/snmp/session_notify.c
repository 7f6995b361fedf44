/* SPDX-License-Identifier: BSD-2-Clause */
/* Builds AgentX Notify PDUs from queued notifications and follows their responses. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "snmp/session_notify.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

enum {
	AGENTX_NOTIFY =
	    12, /* RFC 2741, section 6.1; only in a private header of Net-SNMP */
	/* On a stream a late response is not a lost one: sending again would only double
	 * the notification. Long enough for any master that comes back at all. */
	RESPONSE_PATIENCE_S = 600,
	RETRY_NS = 100 * NS_PER_MS /* after the library could not send */
};

/* One packed block per notification: queued ones may be a thousand. */
struct packed_varbind {
	const mib_subid *name;
	size_t name_len;
	enum mib_syntax syntax;
	union {
		long signed_number;
		unsigned long number;
		struct counter64 wide;
	};
	const void *octets;
	size_t n_octets;
};
struct notification {
	const char *context;
	const mib_subid *trap;
	size_t trap_len;
	size_t n_varbinds;
	struct packed_varbind varbinds[];
};

/* A Notify whose response is awaited. */
struct slot {
	struct session_notifier *owner;
	struct session_queue_item *item; /* NULL: free */
	long reqid;
};

struct session_notifier {
	const struct logger *log;
	struct session_queue *queue;
	netsnmp_session *session;
	bool is_master;
	uint32_t n_slots;
	struct slot *slots;
};

static void
release_notification(void *payload)
{
	mem_free(payload);
}

struct session_notifier *
session_notifier_new(const struct session_queue_limits *limits, const struct logger *log)
{
	struct session_notifier *n = mem_calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->log = log;
	n->n_slots = limits->window;
	n->slots = mem_calloc(limits->window, sizeof(*n->slots));
	n->queue = session_queue_new(limits, release_notification);
	if (n->slots == NULL || n->queue == NULL) {
		session_notifier_free(n);
		return NULL;
	}
	for (uint32_t i = 0; i < n->n_slots; i++)
		n->slots[i].owner = n;
	return n;
}

void
session_notifier_free(struct session_notifier *n)
{
	if (n == NULL)
		return;
	session_queue_free(n->queue);
	mem_free(n->slots);
	mem_free(n);
}

void
session_notifier_connect(struct session_notifier *n, void *agentx_session)
{
	n->session = agentx_session;
	if (agentx_session != NULL)
		return;
	for (uint32_t i = 0; i < n->n_slots; i++)
		n->slots[i].item = NULL;
	session_queue_lost(n->queue);
}

void
session_notifier_be_master(struct session_notifier *n)
{
	n->is_master = true;
}

/* How much room the variable-length parts take, each rounded up so that the arrays behind
 * it stay aligned. */
static size_t
rounded(size_t len)
{
	return (len + sizeof(mib_subid) - 1) / sizeof(mib_subid) * sizeof(mib_subid);
}

static size_t
octets_of(const struct mib_value *value)
{
	bool has_octets = value->syntax == MIB_OCTETS || value->syntax == MIB_OBJECT_ID;

	return has_octets ? value->n_octets : 0;
}

static void *
append(char **at, const void *bytes, size_t len)
{
	void *here = *at;

	if (len > 0)
		memcpy(here, bytes, len);
	*at += rounded(len);
	return here;
}

static void
pack_number(struct packed_varbind *out, const struct mib_value *value)
{
	switch (value->syntax) {
	case MIB_INTEGER:
		out->signed_number = value->i32;
		break;
	case MIB_UNSIGNED:
	case MIB_COUNTER32:
	case MIB_TIMETICKS:
		out->number = value->u32;
		break;
	case MIB_COUNTER64:
		out->wide.high = (u_long)(value->u64 >> 32);
		out->wide.low = (u_long)(value->u64 & UINT32_MAX);
		break;
	case MIB_OCTETS:
	case MIB_OBJECT_ID:
	case MIB_SYNTAX_COUNT:
		break;
	}
}

static void
pack_varbind(struct packed_varbind *out, const struct session_varbind *in, char **at)
{
	out->name = append(at, in->name.ids, in->name.len * sizeof(mib_subid));
	out->name_len = in->name.len;
	out->syntax = in->value.syntax;
	out->n_octets = octets_of(&in->value);
	out->octets = append(at, in->value.octets, out->n_octets);
	pack_number(out, &in->value);
}

static size_t
packed_size(const char *context, const struct mib_oid *trap,
    const struct session_varbind *varbinds, size_t n_varbinds)
{
	size_t size = sizeof(struct notification);

	size += n_varbinds * sizeof(struct packed_varbind);
	size += rounded(trap->len * sizeof(mib_subid)) + rounded(strlen(context) + 1);
	for (size_t i = 0; i < n_varbinds; i++) {
		size += rounded(varbinds[i].name.len * sizeof(mib_subid));
		size += rounded(octets_of(&varbinds[i].value));
	}
	return size;
}

int
session_notifier_push(struct session_notifier *n, const char *context,
    const struct mib_oid *trap, const struct session_varbind *varbinds, size_t n_varbinds)
{
	struct notification *packed;
	char *at;

	if (n_varbinds > SESSION_VARBINDS_MAX)
		return ERR_TOOBIG;
	packed = mem_calloc(1, packed_size(context, trap, varbinds, n_varbinds));
	if (packed == NULL)
		return ERR_NOMEM;
	packed->n_varbinds = n_varbinds;
	at = (char *)&packed->varbinds[n_varbinds];
	packed->trap = append(&at, trap->ids, trap->len * sizeof(mib_subid));
	packed->trap_len = trap->len;
	for (size_t i = 0; i < n_varbinds; i++)
		pack_varbind(&packed->varbinds[i], &varbinds[i], &at);
	packed->context = append(&at, context, strlen(context) + 1);
	if (session_queue_push(n->queue, packed) != 0) {
		mem_free(packed);
		return ERR_NOMEM;
	}
	return 0;
}

static bool
add_varbind(netsnmp_variable_list **list, const struct packed_varbind *v)
{
	static const struct {
		u_char type;
		size_t len; /* of a number; 0: as long as its octets */
	} kinds[MIB_SYNTAX_COUNT] = {
		[MIB_INTEGER] = { ASN_INTEGER, sizeof(v->signed_number) },
		[MIB_UNSIGNED] = { ASN_UNSIGNED, sizeof(v->number) },
		[MIB_COUNTER32] = { ASN_COUNTER, sizeof(v->number) },
		[MIB_COUNTER64] = { ASN_COUNTER64, sizeof(v->wide) },
		[MIB_TIMETICKS] = { ASN_TIMETICKS, sizeof(v->number) },
		[MIB_OCTETS] = { ASN_OCTET_STR, 0 },
		[MIB_OBJECT_ID] = { ASN_OBJECT_ID, 0 },
	};
	size_t len = kinds[v->syntax].len;
	const void *bytes = len > 0 ? (const void *)&v->number : v->octets;

	return snmp_varlist_add_variable(list, v->name, v->name_len,
		   kinds[v->syntax].type, bytes, len > 0 ? len : v->n_octets) != NULL;
}

static bool
add_varbinds(netsnmp_variable_list **list, const struct notification *notification)
{
	static const oid trap_oid[] = { 1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0 };

	if (snmp_varlist_add_variable(list, trap_oid, OID_LENGTH(trap_oid), ASN_OBJECT_ID,
		notification->trap, notification->trap_len * sizeof(oid)) == NULL)
		return false;
	for (size_t i = 0; i < notification->n_varbinds; i++)
		if (!add_varbind(list, &notification->varbinds[i]))
			return false;
	return true;
}

static bool
add_uptime(netsnmp_variable_list **list)
{
	static const oid uptime_oid[] = { 1, 3, 6, 1, 2, 1, 1, 3, 0 };
	u_long uptime = netsnmp_get_agent_uptime();

	return snmp_varlist_add_variable(list, uptime_oid, OID_LENGTH(uptime_oid),
		   ASN_TIMETICKS, &uptime, sizeof(uptime)) != NULL;
}

/* The library frees it together with the PDU. */
static bool
add_context(netsnmp_pdu *pdu, const char *context)
{
	if (context[0] == '\0')
		return true;
	pdu->contextName = mem_strdup(context);
	pdu->contextNameLen = strlen(context);
	return pdu->contextName != NULL;
}

static netsnmp_pdu *
build_notify(const netsnmp_session *session, const struct notification *notification)
{
	netsnmp_pdu *pdu = snmp_pdu_create(AGENTX_NOTIFY);

	if (pdu == NULL)
		return NULL;
	pdu->version = session->version;
	pdu->sessid = session->sessid;
	pdu->reqid = snmp_get_next_reqid();
	pdu->msgid = snmp_get_next_msgid();
	pdu->flags |= UCD_MSG_FLAG_PDU_TIMEOUT;
	pdu->time = RESPONSE_PATIENCE_S;
	if (add_context(pdu, notification->context) && add_uptime(&pdu->variables) &&
	    add_varbinds(&pdu->variables, notification))
		return pdu;
	snmp_free_pdu(pdu);
	return NULL;
}

static void
on_refusal(struct session_notifier *n, struct session_queue_item *item, long error)
{
	struct session_queue_counts before, after;

	session_queue_counts(n->queue, &before);
	session_queue_refused(n->queue, item);
	session_queue_counts(n->queue, &after);
	if (after.dropped > before.dropped)
		log_line(n->log, LOG_LEVEL_WARNING,
		    "the master agent refuses a notification (AgentX error %ld): dropped",
		    error);
}

/* The library calls for one request exactly once, if need be when it frees the session,
 * long after a slot went to another one: the request's number tells. */
static int
on_response(int operation, netsnmp_session *session, int reqid, netsnmp_pdu *pdu,
    void *ctx)
{
	struct slot *slot = ctx;
	struct session_queue_item *item = slot->item;

	(void)session;
	if (item == NULL || slot->reqid != reqid ||
	    operation == NETSNMP_CALLBACK_OP_RESEND ||
	    operation == NETSNMP_CALLBACK_OP_SEND_FAILED)
		return 1;
	slot->item = NULL;
	if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE)
		session_queue_unanswered(slot->owner->queue, item);
	else if (pdu->errstat == SNMP_ERR_NOERROR)
		session_queue_acknowledged(slot->owner->queue, item);
	else
		on_refusal(slot->owner, item, pdu->errstat);
	return 1;
}

static struct slot *
free_slot(struct session_notifier *n)
{
	for (uint32_t i = 0; i < n->n_slots; i++)
		if (n->slots[i].item == NULL)
			return &n->slots[i];
	return NULL;
}

static bool
send_to_master(struct session_notifier *n, struct session_queue_item *item)
{
	struct slot *slot = free_slot(n);
	netsnmp_pdu *pdu = build_notify(n->session, session_queue_payload(item));

	if (slot == NULL || pdu == NULL) {
		snmp_free_pdu(pdu);
		return false;
	}
	slot->item = item;
	slot->reqid = pdu->reqid;
	if (snmp_async_send(n->session, pdu, on_response, slot) != 0)
		return true;
	slot->item = NULL;
	snmp_free_pdu(pdu);
	return false;
}

static bool
hand_over(struct session_notifier *n, struct session_queue_item *item)
{
	const struct notification *notification = session_queue_payload(item);
	netsnmp_variable_list *varbinds = NULL;

	if (!add_varbinds(&varbinds, notification)) {
		snmp_free_varbind(varbinds);
		return false;
	}
	send_v3trap(varbinds,
	    notification->context[0] != '\0' ? notification->context : NULL);
	snmp_free_varbind(varbinds);
	session_queue_acknowledged(n->queue, item);
	return true;
}

int64_t
session_notifier_pump(struct session_notifier *n, int64_t now_ns)
{
	bool (*send)(struct session_notifier *, struct session_queue_item *) =
	    n->is_master ? hand_over : send_to_master;
	struct session_queue_item *item;

	if (n->session == NULL && !n->is_master)
		return CLOCK_NEVER;
	while ((item = session_queue_send(n->queue, now_ns)) != NULL)
		if (!send(n, item)) {
			session_queue_not_sent(n->queue, item);
			return RETRY_NS;
		}
	return session_queue_wait(n->queue, now_ns);
}

void
session_notifier_stats(const struct session_notifier *n, struct session_queue_stats *out)
{
	struct session_queue_counts counts;

	session_queue_counts(n->queue, &counts);
	*out = (struct session_queue_stats){
		.queued = counts.queued,
		.sent = counts.acknowledged,
		.dropped = counts.dropped,
		.resent = counts.resent,
		.waiting = counts.waiting,
		.unacknowledged = counts.under_way,
	};
}
