/* SPDX-License-Identifier: BSD-2-Clause */
/* The phases of a SET for one module: check, remember, do, undo. */
#include "snmp/handler_set.h"

#include "base/mem.h"
#include "snmp/handler_job.h"

static const int snmp_errors[MIB_SET_ERROR_COUNT] = {
	[MIB_SET_OK] = SNMP_ERR_NOERROR,
	[MIB_SET_WRONG_TYPE] = SNMP_ERR_WRONGTYPE,
	[MIB_SET_WRONG_LENGTH] = SNMP_ERR_WRONGLENGTH,
	[MIB_SET_WRONG_VALUE] = SNMP_ERR_WRONGVALUE,
	[MIB_SET_NOT_WRITABLE] = SNMP_ERR_NOTWRITABLE,
	[MIB_SET_NO_CREATION] = SNMP_ERR_NOCREATION,
};

enum mib_set_error
set_read_value(const netsnmp_variable_list *vb, enum mib_syntax syntax,
    struct mib_value *out)
{
	if (vb->type != handler_asn_types[syntax])
		return MIB_SET_WRONG_TYPE;
	out->syntax = syntax;
	switch (syntax) {
	case MIB_INTEGER:
		out->i32 = (int32_t)*vb->val.integer;
		return MIB_SET_OK;
	case MIB_UNSIGNED:
	case MIB_COUNTER32:
	case MIB_TIMETICKS:
		/* The library's AgentX decoder extends the sign of these, too. */
		out->u32 = (uint32_t)(*vb->val.integer & UINT32_MAX);
		return MIB_SET_OK;
	case MIB_COUNTER64:
		out->u64 = (uint64_t)vb->val.counter64->high << 32 |
		    (vb->val.counter64->low & UINT32_MAX);
		return MIB_SET_OK;
	case MIB_OCTETS:
	case MIB_OBJECT_ID:
		out->octets = vb->val.string;
		out->n_octets = vb->val_len;
		return MIB_SET_OK;
	case MIB_SYNTAX_COUNT:
		break;
	}
	return MIB_SET_WRONG_TYPE;
}

static bool
read_current(const struct handler_set *s, const netsnmp_request_info *r,
    struct mib_value *out)
{
	const netsnmp_variable_list *vb = r->requestvb;

	return mib_get(s->module, s->view, vb->name, vb->name_length, out) == MIB_FOUND;
}

static bool
instance_of(const struct handler_set *s, const netsnmp_request_info *r,
    struct mib_instance *out)
{
	const netsnmp_variable_list *vb = r->requestvb;

	return mib_instance_of(s->module, vb->name, vb->name_length, out) &&
	    out->object->write;
}

static bool
is_remote(const struct mib_instance *i)
{
	return i->object->write->order != NULL;
}

/* --- for one variable --------------------------------------------------------------- */

/* Why the agent's configuration, or the protocol, rules a write out. */
static int
refusal(enum ntp_write_result result)
{
	switch ((int)result) {
	case NTP_WRITE_DONE:
		return SNMP_ERR_NOERROR;
	case NTP_WRITE_NO_KEY:
		return SNMP_ERR_NOACCESS;
	case NTP_WRITE_NOT_CARRIED:
		return SNMP_ERR_WRONGVALUE;
	case NTP_WRITE_UNREACHABLE:
	case NTP_WRITE_NO_MEMORY:
		return SNMP_ERR_RESOURCEUNAVAILABLE;
	default:
		return SNMP_ERR_NOTWRITABLE;
	}
}

static int
check_remote(const struct handler_set *s, const struct mib_instance *instance,
    const struct mib_value *value)
{
	struct write_order order;
	enum ntp_write_result result = NTP_WRITE_NOT_CARRIED;
	enum mib_set_error wrong = instance->object->write->check(value);
	enum mib_set_error place = instance->object->write->order(s->view,
	    instance->index, instance->index_len, value, &order);

	if (place != MIB_SET_OK)
		return snmp_errors[wrong == MIB_SET_OK ? place : wrong];
	if (wrong == MIB_SET_OK)
		result = s->writes->check(s->writes->ctx, &order);
	if (result != NTP_WRITE_DONE)
		s->writes->note(s->writes->ctx, &order, result);
	return wrong == MIB_SET_OK ? refusal(result) : snmp_errors[wrong];
}

/* In the order in which RFC 3416 (4.2.5) asks. */
static int
check(const struct handler_set *s, netsnmp_request_info *r)
{
	struct mib_instance instance;
	struct mib_value value, current;
	enum mib_set_error error;

	if (!instance_of(s, r, &instance))
		return snmp_errors[MIB_SET_NOT_WRITABLE];
	error = set_read_value(r->requestvb, instance.object->syntax, &value);
	if (error == MIB_SET_OK && is_remote(&instance))
		return check_remote(s, &instance, &value);
	if (error == MIB_SET_OK)
		error = instance.object->write->check(&value);
	if (error == MIB_SET_OK && !read_current(s, r, &current))
		error = MIB_SET_NO_CREATION;
	return snmp_errors[error];
}

/* Before anything of the PDU is applied: a name that stands in it twice is undone to what
 * was there before the first. */
static int
remember(const struct handler_set *s, netsnmp_request_info *r)
{
	struct mib_instance instance;
	struct set_record *record = set_record_new(r);

	if (!record)
		return SNMP_ERR_RESOURCEUNAVAILABLE;
	if (instance_of(s, r, &instance) && is_remote(&instance))
		return SNMP_ERR_NOERROR;
	return read_current(s, r, &record->before) ? SNMP_ERR_NOERROR
						   : SNMP_ERR_NOCREATION;
}

static int
apply(const struct handler_set *s, netsnmp_request_info *r)
{
	const netsnmp_variable_list *vb = r->requestvb;
	struct set_record *record = set_record_of(r);
	struct mib_instance instance;
	struct mib_value value;

	if (record && record->job)
		return SNMP_ERR_NOERROR;
	if (!record || !instance_of(s, r, &instance) || is_remote(&instance) ||
	    set_read_value(vb, instance.object->syntax, &value) != MIB_SET_OK ||
	    !mib_set(s->module, s->view, vb->name, vb->name_length, &value))
		return SNMP_ERR_COMMITFAILED;
	record->is_applied = true;
	return SNMP_ERR_NOERROR;
}

/* Also asked for what was never done, when the master gave up waiting for a phase. */
static int
undo(const struct handler_set *s, netsnmp_request_info *r)
{
	const netsnmp_variable_list *vb = r->requestvb;
	struct set_record *record = set_record_of(r);

	if (!record || !record->is_applied)
		return SNMP_ERR_NOERROR;
	record->is_applied = false;
	return mib_set(s->module, s->view, vb->name, vb->name_length, &record->before)
	    ? SNMP_ERR_NOERROR
	    : SNMP_ERR_UNDOFAILED;
}

/* --- for all ------------------------------------------------------------------------ */

/* False when one of them has an error. */
static bool
each(const struct handler_set *s, netsnmp_request_info *requests,
    int (*step)(const struct handler_set *s, netsnmp_request_info *r))
{
	bool is_good = true;

	for (netsnmp_request_info *r = requests; r; r = r->next) {
		int error = step(s, r);

		if (error == SNMP_ERR_NOERROR)
			continue;
		netsnmp_set_request_error(s->info, r, error);
		is_good = false;
	}
	return is_good;
}

/* Daemons are asked when everything else has gone well, and restored whatever else goes
 * wrong. The library frees the records; there is nothing to do at the end. */
bool
handler_set(const struct handler_set *s, netsnmp_request_info *requests)
{
	switch (s->info->mode) {
	case MODE_SET_RESERVE1:
		(void)each(s, requests, check);
		return false;
	case MODE_SET_RESERVE2:
		return each(s, requests, remember) && set_job_begin(s, requests);
	case MODE_SET_ACTION:
		return each(s, requests, apply) &&
		    set_job_run(s, requests, WRITE_STEP_APPLY);
	case MODE_SET_UNDO:
		(void)each(s, requests, undo);
		return set_job_run(s, requests, WRITE_STEP_UNDO);
	default:
		return false;
	}
}
