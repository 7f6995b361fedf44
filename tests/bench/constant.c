/* SPDX-License-Identifier: BSD-2-Clause */
/* The least a subagent can do: serves from a sorted array, which never changes, what was
 * found below one object of a running agent, below another one.
 *
 *	constant AGENTX-SOCKET PEER COMMUNITY FROM TO READY-FILE
 *
 * The array is read by GETBULK from PEER; READY-FILE is made when TO is registered. Ends
 * on a signal. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/manager.h"

enum { REPETITIONS = 50, TIMEOUT_US = 10 * 1000 * 1000 };

struct item {
	oid name[MAX_OID_LEN];
	size_t name_len;
	u_char type;
	void *value;
	size_t value_len;
};

struct table {
	struct item *items;
	size_t n, cap;
	size_t last; /* the one that was found last: the next is often behind it */
	oid from[MAX_OID_LEN], to[MAX_OID_LEN];
	size_t from_len, to_len;
};

static void
fail(const char *what)
{
	fprintf(stderr, "constant: %s\n", what);
	exit(1);
}

/* --- filling it --------------------------------------------------------------------- */

/* Its name begins as TO, not as FROM. */
static void
keep(struct table *t, const netsnmp_variable_list *var)
{
	struct item *item;

	if (t->n == t->cap) {
		t->cap = 2 * t->cap + 1024;
		t->items = realloc(t->items, t->cap * sizeof(*t->items));
		if (t->items == NULL)
			fail("out of memory");
	}
	item = &t->items[t->n++];
	item->name_len = t->to_len + var->name_length - t->from_len;
	memcpy(item->name, t->to, t->to_len * sizeof(oid));
	memcpy(item->name + t->to_len, var->name + t->from_len,
	    (var->name_length - t->from_len) * sizeof(oid));
	item->type = var->type;
	item->value_len = var->val_len;
	item->value = malloc(var->val_len + 1);
	if (item->value == NULL)
		fail("out of memory");
	memcpy(item->value, var->val.string, var->val_len);
}

/* False at the end of what is below FROM; else *name is where to go on. */
static int
keep_all(struct table *t, const netsnmp_pdu *response, oid *name, size_t *name_len)
{
	const netsnmp_variable_list *var;

	for (var = response->variables; var != NULL; var = var->next_variable) {
		if (var->type == SNMP_ENDOFMIBVIEW ||
		    snmp_oidtree_compare(t->from, t->from_len, var->name,
			var->name_length) != 0 ||
		    var->name_length < t->from_len)
			return 0;
		keep(t, var);
		memcpy(name, var->name, var->name_length * sizeof(oid));
		*name_len = var->name_length;
	}
	return response->variables != NULL;
}

static void
fill(struct table *t, char *peer, char *community)
{
	void *session = manager_open(peer, community, TIMEOUT_US, 0);
	oid name[MAX_OID_LEN];
	size_t name_len = t->from_len;
	int is_more = 1;

	if (session == NULL)
		fail("no session");
	memcpy(name, t->from, name_len * sizeof(oid));
	while (is_more) {
		netsnmp_pdu *request = snmp_pdu_create(SNMP_MSG_GETBULK), *response;

		request->non_repeaters = 0;
		request->max_repetitions = REPETITIONS;
		snmp_add_null_var(request, name, name_len);
		if (snmp_sess_synch_response(session, request, &response) !=
		    STAT_SUCCESS) {
			snmp_sess_perror("constant", snmp_sess_session(session));
			exit(1);
		}
		is_more = keep_all(t, response, name, &name_len);
		snmp_free_pdu(response);
	}
	snmp_sess_close(session);
}

/* --- serving it --------------------------------------------------------------------- */

/* The first item at `name` or behind it; behind it only unless `is_inclusive`. */
static size_t
find(const struct table *t, const oid *name, size_t name_len, int is_inclusive)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct item *item = &t->items[middle];
		int order = snmp_oid_compare(item->name, item->name_len, name, name_len);

		if (order < 0 || (order == 0 && !is_inclusive))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
is_at(const struct table *t, size_t i, const netsnmp_variable_list *var)
{
	return i < t->n &&
	    snmp_oid_compare(t->items[i].name, t->items[i].name_len, var->name,
		var->name_length) == 0;
}

static void
answer_next(struct table *t, netsnmp_request_info *request)
{
	netsnmp_variable_list *var = request->requestvb;
	size_t i;

	if (!request->inclusive && is_at(t, t->last, var))
		i = t->last + 1;
	else
		i = find(t, var->name, var->name_length, request->inclusive);
	if (i == t->n)
		return;
	t->last = i;
	snmp_set_var_objid(var, t->items[i].name, t->items[i].name_len);
	snmp_set_var_typed_value(var, t->items[i].type, t->items[i].value,
	    t->items[i].value_len);
}

static void
answer(struct table *t, netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	netsnmp_variable_list *var = request->requestvb;
	size_t i;

	if (info->mode != MODE_GET) {
		answer_next(t, request);
		return;
	}
	i = find(t, var->name, var->name_length, 1);
	if (is_at(t, i, var))
		snmp_set_var_typed_value(var, t->items[i].type, t->items[i].value,
		    t->items[i].value_len);
	else
		netsnmp_set_request_error(info, request, SNMP_NOSUCHINSTANCE);
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	(void)registration;
	for (; requests != NULL; requests = requests->next)
		if (!requests->processed)
			answer(handler->myvoid, info, requests);
	return SNMP_ERR_NOERROR;
}

static void
serve(struct table *t)
{
	netsnmp_handler_registration *r = netsnmp_create_handler_registration("constant",
	    handle, t->to, t->to_len, HANDLER_CAN_RONLY);

	if (r == NULL)
		fail("out of memory");
	r->handler->myvoid = t;
	if (netsnmp_register_handler(r) != MIB_REGISTERED_OK)
		fail("not registered");
}

int
main(int argc, char **argv)
{
	static struct table t = { .from_len = MAX_OID_LEN, .to_len = MAX_OID_LEN };

	if (argc != 7) {
		fputs("usage: constant SOCKET PEER COMMUNITY FROM TO READY-FILE\n",
		    stderr);
		return 2;
	}
	setenv("MIBS", "", 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_ROLE, 1);
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET,
	    argv[1]);
	init_agent("constant");
	init_snmp("constant");
	if (read_objid(argv[4], t.from, &t.from_len) == 0 ||
	    read_objid(argv[5], t.to, &t.to_len) == 0)
		fail("no object");
	fill(&t, argv[2], argv[3]);
	serve(&t);
	FILE *ready = fopen(argv[6], "w");
	if (ready == NULL)
		fail("no ready file");
	fprintf(ready, "%zu\n", t.n);
	fclose(ready);
	for (;;)
		agent_check_and_process(1);
}
