/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers Net-SNMP's requests for one module in one context. */
#include "snmp/handler.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/agent/agent_callbacks.h>
#include <net-snmp/agent/agent_sysORTable.h>

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "snmp/handler_set.h"
#include "snmp/pins.h"

_Static_assert(_Generic((oid)0, mib_subid : 1, default : 0),
    "names are handed over as they are");
_Static_assert(MIB_OID_MAX <= MAX_OID_LEN, "every name of ours is one of the library's");

struct mib_handler {
	const struct mib_module *module;
	struct view_port port;
	const struct logger *log;
	char *context; /* NULL: the default one */
	struct pins pins;
	struct set_jobs jobs;
	bool is_setting;      /* the library holds a SET that leads here */
	bool has_uncommitted; /* a SET is past the point where it changes something */
};

const u_char handler_asn_types[MIB_SYNTAX_COUNT] = {
	[MIB_INTEGER] = ASN_INTEGER,
	[MIB_UNSIGNED] = ASN_UNSIGNED,
	[MIB_COUNTER32] = ASN_COUNTER,
	[MIB_COUNTER64] = ASN_COUNTER64,
	[MIB_TIMETICKS] = ASN_TIMETICKS,
	[MIB_OCTETS] = ASN_OCTET_STR,
	[MIB_OBJECT_ID] = ASN_OBJECT_ID,
};

static int
set_counter64(netsnmp_variable_list *vb, uint64_t value)
{
	struct counter64 halves = { value >> 32, value & UINT32_MAX };

	return snmp_set_var_typed_value(vb, ASN_COUNTER64, &halves, sizeof(halves));
}

/* 0 unless memory is out. */
static int
set_value(netsnmp_variable_list *vb, const struct mib_value *value)
{
	u_char type = handler_asn_types[value->syntax];

	switch (value->syntax) {
	case MIB_INTEGER:
		return snmp_set_var_typed_integer(vb, type, value->i32);
	case MIB_UNSIGNED:
	case MIB_COUNTER32:
	case MIB_TIMETICKS:
		return snmp_set_var_typed_integer(vb, type, (long)value->u32);
	case MIB_COUNTER64:
		return set_counter64(vb, value->u64);
	case MIB_OCTETS:
	case MIB_OBJECT_ID:
		return snmp_set_var_typed_value(vb, type,
		    value->octets ? value->octets : "", value->n_octets);
	case MIB_SYNTAX_COUNT:
		break;
	}
	return SNMPERR_GENERR;
}

static void
answer_get(const struct mib_handler *h, const struct mib_view *view,
    netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	netsnmp_variable_list *vb = request->requestvb;
	struct mib_value value;
	int error = SNMP_NOSUCHINSTANCE;

	switch (mib_get(h->module, view, vb->name, vb->name_length, &value)) {
	case MIB_FOUND:
		error = set_value(vb, &value) == 0 ? SNMP_ERR_NOERROR : SNMP_ERR_GENERR;
		break;
	case MIB_NO_OBJECT:
		error = SNMP_NOSUCHOBJECT;
		break;
	case MIB_NO_INSTANCE:
	case MIB_END:
		if (h->port.missed)
			h->port.missed(h->port.ctx, vb->name, vb->name_length);
		break;
	}
	if (error != SNMP_ERR_NOERROR)
		netsnmp_set_request_error(info, request, error);
}

/* A variable that is left alone sends the agent on to whatever comes behind us. */
static void
answer_next(const struct mib_handler *h, const struct mib_view *view,
    netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	netsnmp_variable_list *vb = request->requestvb;
	struct mib_oid found;
	struct mib_value value;

	if (mib_next(h->module, view, vb->name, vb->name_length, request->inclusive != 0,
		&found, &value) != MIB_FOUND)
		return;
	if (snmp_set_var_objid(vb, found.ids, found.len) != 0 ||
	    set_value(vb, &value) != 0)
		netsnmp_set_request_error(info, request, SNMP_ERR_GENERR);
}

/* The master gives all requests it makes from one SNMP message that message's transaction
 * number; without a master the library numbers the messages itself. False: there is
 * nothing to look at. */
static bool
find_view(struct mib_handler *h, const netsnmp_agent_request_info *info,
    struct mib_view *out)
{
	const netsnmp_pdu *pdu = info->asp->pdu;
	struct pin_key key = { pdu->transid, pdu->sessid };
	int64_t now_ns = clock_monotonic_ns();
	struct mib_view fresh = { .fleet = NULL };

	if (pins_find(&h->pins, &key, now_ns, out))
		return true;
	h->port.view(h->port.ctx, &fresh);
	if (!fresh.snapshot)
		return false;
	pins_add(&h->pins, &key, now_ns, &fresh, out);
	return true;
}

static void
commit(struct mib_handler *h)
{
	if (!h->has_uncommitted)
		return;
	h->has_uncommitted = false;
	if (h->port.changed)
		h->port.changed(h->port.ctx);
}

/* Works on what is, not on the moment that its transaction may have begun with. */
static void
do_set(struct mib_handler *h, netsnmp_mib_handler *handler,
    netsnmp_handler_registration *registration, netsnmp_agent_request_info *info,
    netsnmp_request_info *requests)
{
	struct mib_view view = { .fleet = NULL };
	const struct handler_set set = {
		.module = h->module,
		.view = &view,
		.writes = h->port.writes,
		.session = h->port.session,
		.jobs = &h->jobs,
		.handler = handler,
		.registration = registration,
		.info = info,
	};
	h->port.view(h->port.ctx, &view);
	if (info->mode == MODE_SET_ACTION)
		h->has_uncommitted = true;
	(void)handler_set(&set, requests);
	h->is_setting = info->mode == MODE_SET_RESERVE1 ||
	    info->mode == MODE_SET_RESERVE2 || info->mode == MODE_SET_ACTION;
	if (info->mode == MODE_SET_UNDO)
		h->has_uncommitted = false;
	if (info->mode == MODE_SET_COMMIT)
		commit(h);
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *reginfo,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	struct mib_handler *h = reginfo->my_reg_void;
	struct mib_view view;

	if (info->mode != MODE_GET && info->mode != MODE_GETNEXT) {
		do_set(h, handler, reginfo, info, requests);
		return SNMP_ERR_NOERROR;
	}
	if (!find_view(h, info, &view)) {
		netsnmp_request_set_error_all(requests, SNMP_ERR_GENERR);
		return SNMP_ERR_NOERROR;
	}
	for (netsnmp_request_info *r = requests; r; r = r->next) {
		if (r->processed)
			continue;
		if (info->mode == MODE_GET)
			answer_get(h, &view, info, r);
		else
			answer_next(h, &view, info, r);
	}
	return SNMP_ERR_NOERROR;
}

/* A master counts its transactions and sessions from one: those of the next master look
 * like those of the last. A SET that it began and nobody can undo any more has happened.
 */
static int
forget_transactions(int major, int minor, void *serverarg, void *clientarg)
{
	struct mib_handler *h = clientarg;

	(void)major;
	(void)minor;
	(void)serverarg;
	pins_clear(&h->pins);
	set_jobs_orphan(&h->jobs);
	h->is_setting = false;
	commit(h);
	return SNMPERR_SUCCESS;
}

/* A registration owns its strings and frees them with free(), as mem_free() does. */
static netsnmp_handler_registration *
new_registration(struct mib_handler *h)
{
	netsnmp_handler_registration *reg = netsnmp_create_handler_registration(
	    h->module->name, handle, h->module->root, h->module->root_len,
	    mib_is_writable(h->module) ? HANDLER_CAN_RWRITE : HANDLER_CAN_RONLY);

	if (!reg)
		return NULL;
	reg->my_reg_void = h;
	if (!h->context)
		return reg;
	reg->contextName = mem_strdup(h->context);
	if (reg->contextName)
		return reg;
	netsnmp_handler_registration_free(reg);
	return NULL;
}

static void
handler_free(struct mib_handler *h)
{
	set_jobs_end(&h->jobs);
	pins_clear(&h->pins);
	mem_free(h->context);
	mem_free(h);
}

static bool
register_with_agent(struct mib_handler *h)
{
	netsnmp_handler_registration *reg = new_registration(h);

	/* The library frees a registration that it refuses. */
	return reg && netsnmp_register_handler(reg) == MIB_REGISTERED_OK;
}

struct mib_handler *
mib_handler_register(const struct mib_module *module, const char *context,
    const struct view_port *port, const struct logger *log)
{
	struct mib_handler *h = mem_calloc(1, sizeof(*h));
	const char *where = context ? context : "";

	if (!h)
		goto out_of_memory;
	h->module = module;
	h->port = *port;
	h->log = log;
	if (where[0] != '\0') {
		h->context = mem_strdup(where);
		if (!h->context)
			goto out_of_memory;
	}
	if (!register_with_agent(h)) {
		log_line(log, LOG_LEVEL_ERROR, "cannot register %s in context \"%s\"",
		    module->name, where);
		handler_free(h);
		return NULL;
	}
	snmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP,
	    forget_transactions, h);
	return h;

out_of_memory:
	log_line(log, LOG_LEVEL_ERROR, "out of memory for %s in context \"%s\"",
	    module->name, where);
	if (h)
		handler_free(h);
	return NULL;
}

void
mib_handler_announce(const struct mib_module *module, const char *description)
{
	oid root[MIB_OID_MAX];

	memcpy(root, module->root, module->root_len * sizeof(root[0]));
	register_sysORTable(root, module->root_len, description);
}

void
mib_handler_expire(struct mib_handler *h, int64_t now_ns)
{
	pins_expire(&h->pins, now_ns);
}

bool
mib_handler_is_setting(const struct mib_handler *h)
{
	return h && (h->is_setting || set_jobs_are_running(&h->jobs));
}

void
mib_handler_detach(struct mib_handler *h)
{
	if (!h)
		return;
	/* As at a disconnect: nobody can undo it any more. */
	commit(h);
	snmp_unregister_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP,
	    forget_transactions, h, 1);
}

void
mib_handler_discard(struct mib_handler *h)
{
	if (h)
		handler_free(h);
}

void
mib_handler_unregister(struct mib_handler *h)
{
	oid root[MIB_OID_MAX];

	if (!h)
		return;
	mib_handler_detach(h);
	/* By copies of name and context: the library still reads both after it freed the
	 * registration they would come from. */
	memcpy(root, h->module->root, h->module->root_len * sizeof(root[0]));
	if (unregister_mib_context(root, h->module->root_len, DEFAULT_MIB_PRIORITY, 0, 0,
		h->context) != MIB_UNREGISTERED_OK)
		log_line(h->log, LOG_LEVEL_WARNING,
		    "%s was not registered in context \"%s\"", h->module->name,
		    h->context ? h->context : "");
	handler_free(h);
}
