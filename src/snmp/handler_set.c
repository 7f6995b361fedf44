/* SPDX-License-Identifier: BSD-2-Clause */
/* The phases of a SET for one module: check, remember, do, undo. */
#include "snmp/handler_set.h"

#include "base/mem.h"

/* What a request carries from phase to phase, under this name. */
#define RECORD "ntp-agentx-set"

struct set_record {
	bool is_applied;
	struct mib_value before;
};

static const int snmp_errors[MIB_SET_ERROR_COUNT] = {
	[MIB_SET_OK] = SNMP_ERR_NOERROR,
	[MIB_SET_WRONG_TYPE] = SNMP_ERR_WRONGTYPE,
	[MIB_SET_WRONG_LENGTH] = SNMP_ERR_WRONGLENGTH,
	[MIB_SET_WRONG_VALUE] = SNMP_ERR_WRONGVALUE,
	[MIB_SET_NOT_WRITABLE] = SNMP_ERR_NOTWRITABLE,
	[MIB_SET_NO_CREATION] = SNMP_ERR_NOCREATION,
};

/* One variable of a SET, in one of its phases. */
struct set_step {
	const struct mib_module *module;
	const struct mib_view *view;
	netsnmp_request_info *request;
};

static const netsnmp_variable_list *
variable_of(const struct set_step *s)
{
	return s->request->requestvb;
}

/* The value as the row's syntax has it; its octets are borrowed from the request. */
static enum mib_set_error
read_value(const netsnmp_variable_list *vb, enum mib_syntax syntax, struct mib_value *out)
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
read_current(const struct set_step *s, struct mib_value *out)
{
	const netsnmp_variable_list *vb = variable_of(s);

	return mib_get(s->module, s->view, vb->name, vb->name_length, out) == MIB_FOUND;
}

/* In the order in which RFC 3416 (4.2.5) asks. */
static int
check(const struct set_step *s)
{
	const netsnmp_variable_list *vb = variable_of(s);
	const struct mib_object *object =
	    mib_object_of(s->module, vb->name, vb->name_length);
	struct mib_value value, current;
	enum mib_set_error error;

	if (!object || !object->write)
		return snmp_errors[MIB_SET_NOT_WRITABLE];
	error = read_value(vb, object->syntax, &value);
	if (error == MIB_SET_OK)
		error = object->write->check(&value);
	if (error == MIB_SET_OK && !read_current(s, &current))
		error = MIB_SET_NO_CREATION;
	return snmp_errors[error];
}

/* Before anything of the PDU is applied: a name that stands in it twice is undone to what
 * was there before the first. */
static int
remember(const struct set_step *s)
{
	struct set_record *record = mem_calloc(1, sizeof(*record));
	netsnmp_data_list *node;

	if (!record)
		return SNMP_ERR_RESOURCEUNAVAILABLE;
	if (!read_current(s, &record->before)) {
		mem_free(record);
		return SNMP_ERR_NOCREATION;
	}
	node = netsnmp_create_data_list(RECORD, record, mem_free);
	if (!node) {
		mem_free(record);
		return SNMP_ERR_RESOURCEUNAVAILABLE;
	}
	netsnmp_request_add_list_data(s->request, node);
	return SNMP_ERR_NOERROR;
}

static int
apply(const struct set_step *s)
{
	const netsnmp_variable_list *vb = variable_of(s);
	struct set_record *record = netsnmp_request_get_list_data(s->request, RECORD);
	const struct mib_object *object =
	    mib_object_of(s->module, vb->name, vb->name_length);
	struct mib_value value;

	if (!record || !object || read_value(vb, object->syntax, &value) != MIB_SET_OK ||
	    !mib_set(s->module, s->view, vb->name, vb->name_length, &value))
		return SNMP_ERR_COMMITFAILED;
	record->is_applied = true;
	return SNMP_ERR_NOERROR;
}

/* Also asked for what was never done, when the master gave up waiting for a phase. */
static int
undo(const struct set_step *s)
{
	const netsnmp_variable_list *vb = variable_of(s);
	struct set_record *record = netsnmp_request_get_list_data(s->request, RECORD);

	if (!record || !record->is_applied)
		return SNMP_ERR_NOERROR;
	record->is_applied = false;
	return mib_set(s->module, s->view, vb->name, vb->name_length, &record->before)
	    ? SNMP_ERR_NOERROR
	    : SNMP_ERR_UNDOFAILED;
}

void
handler_set(const struct mib_module *module, const struct mib_view *view,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	static const struct {
		int mode;
		int (*step)(const struct set_step *s);
	} phases[] = {
		{ MODE_SET_RESERVE1, check },
		{ MODE_SET_RESERVE2, remember },
		{ MODE_SET_ACTION, apply },
		{ MODE_SET_UNDO, undo },
	};
	struct set_step s = { module, view, NULL };
	size_t phase = 0;

	/* The library frees the records; there is nothing else to do at the end. */
	while (phases[phase].mode != info->mode)
		if (++phase == sizeof(phases) / sizeof(phases[0]))
			return;
	for (s.request = requests; s.request; s.request = s.request->next) {
		int error = phases[phase].step(&s);

		if (error != SNMP_ERR_NOERROR)
			netsnmp_set_request_error(info, s.request, error);
	}
}
