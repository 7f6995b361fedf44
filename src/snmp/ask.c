/* SPDX-License-Identifier: BSD-2-Clause */
/* A session of Net-SNMP's library on a loop that runs while somebody waits. */
#include "snmp/ask.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/library/large_fd_set.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

enum { LOOK_MS = 50 }; /* how often the library is made to look after its timeouts */

struct snmp_ask {
	uv_loop_t loop;
	uv_poll_t poll;
	uv_timer_t timer;
	uv_signal_t interrupt;
	void *session; /* of the library; NULL before it is open */
	int fd;

	/* Of the request under way. */
	bool is_waiting, is_interrupted;
	int err;
	struct snmp_ask_value *out;
	char *reason;
};

const char snmp_ask_agentx_socket[] = NETSNMP_AGENTX_SOCKET;

const struct snmp_ask_oid snmp_ask_enterprise = {
	.arcs = { ENTERPRISE_OID_ARCS },
	.n = sizeof((const uint32_t[]){ ENTERPRISE_OID_ARCS }) / sizeof(uint32_t),
};

void
snmp_ask_enterprise_text(char *out, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < snmp_ask_enterprise.n; i++)
		n += text_format(out + n, cap - n, ".%lu",
		    (unsigned long)snmp_ask_enterprise.arcs[i]);
}

/* --- values ------------------------------------------------------------------------- */

static void
take_oid(const oid *from, size_t n, struct snmp_ask_oid *out)
{
	out->n = n < SNMP_ASK_ARCS_MAX ? n : SNMP_ASK_ARCS_MAX;
	for (size_t i = 0; i < out->n; i++)
		out->arcs[i] = (uint32_t)from[i];
}

static void
take_text(const netsnmp_variable_list *var, struct snmp_ask_value *out)
{
	out->kind = SNMP_ASK_TEXT;
	out->text_len =
	    var->val_len < SNMP_ASK_TEXT_MAX ? var->val_len : SNMP_ASK_TEXT_MAX;
	memcpy(out->text, var->val.string, out->text_len);
}

static void
take_value(const netsnmp_variable_list *var, struct snmp_ask_value *out)
{
	*out = (struct snmp_ask_value){ .kind = SNMP_ASK_OTHER };
	take_oid(var->name, var->name_length, &out->name);
	switch (var->type) {
	case SNMP_NOSUCHOBJECT:
		out->kind = SNMP_ASK_NO_OBJECT;
		break;
	case SNMP_NOSUCHINSTANCE:
		out->kind = SNMP_ASK_NO_INSTANCE;
		break;
	case SNMP_ENDOFMIBVIEW:
		out->kind = SNMP_ASK_END;
		break;
	case ASN_OCTET_STR:
		take_text(var, out);
		break;
	case ASN_OBJECT_ID:
		out->kind = SNMP_ASK_OID;
		take_oid(var->val.objid, var->val_len / sizeof(oid), &out->oid);
		break;
	case ASN_INTEGER:
	case ASN_UNSIGNED: /* and a gauge */
	case ASN_COUNTER:
	case ASN_TIMETICKS:
		out->kind = SNMP_ASK_NUMBER;
		out->number = (uint64_t)*var->val.integer;
		break;
	default:
		break;
	}
}

/* --- waiting ------------------------------------------------------------------------ */

static void
end(struct snmp_ask *a, int err)
{
	a->err = err;
	a->is_waiting = false;
	uv_stop(&a->loop);
}

static void
refused(struct snmp_ask *a, const char *text)
{
	text_format(a->reason, SNMP_ASK_REASON_MAX, "%s", text);
	end(a, ERR_REFUSED);
}

/* A report is what SNMPv3 says instead of an answer: unknown user, wrong digest. */
static void
take_report(struct snmp_ask *a, netsnmp_pdu *pdu)
{
	int type = snmpv3_get_report_type(pdu);

	refused(a, type != 0 ? snmp_api_errstring(type) : "a report of no known kind");
}

static int
on_event(int operation, netsnmp_session *session, int id, netsnmp_pdu *pdu, void *ctx)
{
	struct snmp_ask *a = ctx;

	(void)session;
	(void)id;
	if (!a->is_waiting)
		return 1;
	if (operation == NETSNMP_CALLBACK_OP_TIMED_OUT)
		end(a, ERR_TIMEOUT);
	else if (pdu != NULL && pdu->command == SNMP_MSG_REPORT)
		take_report(a, pdu);
	else if (operation == NETSNMP_CALLBACK_OP_SEC_ERROR)
		refused(a, "the answer is not authentic");
	else if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE || pdu == NULL)
		return 1;
	else if (pdu->errstat != SNMP_ERR_NOERROR)
		refused(a, snmp_errstring((int)pdu->errstat));
	else if (pdu->variables == NULL)
		refused(a, "an answer without a value");
	else {
		take_value(pdu->variables, a->out);
		end(a, 0);
	}
	return 1;
}

static void
on_readable(uv_poll_t *poll, int status, int events)
{
	struct snmp_ask *a = poll->data;
	netsnmp_large_fd_set set;

	(void)status;
	(void)events;
	netsnmp_large_fd_set_init(&set, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(&set);
	NETSNMP_LARGE_FD_SET(a->fd, &set);
	(void)snmp_sess_read2(a->session, &set);
	netsnmp_large_fd_set_cleanup(&set);
}

static void
on_look(uv_timer_t *timer)
{
	struct snmp_ask *a = timer->data;

	snmp_sess_timeout(a->session);
}

static void
on_interrupt(uv_signal_t *handle, int signum)
{
	struct snmp_ask *a = handle->data;

	(void)signum;
	a->is_interrupted = true;
	if (a->is_waiting)
		end(a, ERR_CANCELLED);
}

static void
wait_for_end(struct snmp_ask *a)
{
	(void)uv_poll_start(&a->poll, UV_READABLE, on_readable);
	(void)uv_timer_start(&a->timer, on_look, LOOK_MS, LOOK_MS);
	(void)uv_run(&a->loop, UV_RUN_DEFAULT);
	(void)uv_poll_stop(&a->poll);
	(void)uv_timer_stop(&a->timer);
}

/* --- asking ------------------------------------------------------------------------- */

static netsnmp_pdu *
make_pdu(int command, const struct snmp_ask_oid *name)
{
	netsnmp_pdu *pdu = snmp_pdu_create(command);
	oid arcs[SNMP_ASK_ARCS_MAX];

	if (pdu == NULL)
		return NULL;
	for (size_t i = 0; i < name->n; i++)
		arcs[i] = name->arcs[i];
	if (snmp_add_null_var(pdu, arcs, name->n) != NULL)
		return pdu;
	snmp_free_pdu(pdu);
	return NULL;
}

/* Of the library; releases `text`. */
static int
take_error(int error, char *text, char reason[SNMP_ASK_REASON_MAX])
{
	text_format(reason, SNMP_ASK_REASON_MAX, "%s", text != NULL ? text : "?");
	free(text); /* lint: library-owned */
	switch (error) {
	case SNMPERR_TIMEOUT:
		return ERR_TIMEOUT;
	case SNMPERR_BAD_ADDRESS:
	case SNMPERR_NO_SOCKET:
		return ERR_SYNTAX;
	default:
		return ERR_REFUSED;
	}
}

/* With SNMPv3 the library finds the engine out first, and waits in there: an interrupt is
 * noticed when that has ended. */
static int
not_sent(struct snmp_ask *a, char reason[SNMP_ASK_REASON_MAX])
{
	char *text = NULL;
	int error = 0, err;

	snmp_sess_error(a->session, NULL, &error, &text);
	err = take_error(error, text, reason);
	a->is_waiting = false;
	(void)uv_run(&a->loop, UV_RUN_NOWAIT);
	return a->is_interrupted ? ERR_CANCELLED : err;
}

static int
ask(struct snmp_ask *a, int command, const struct snmp_ask_oid *name,
    struct snmp_ask_value *out, char reason[SNMP_ASK_REASON_MAX])
{
	netsnmp_pdu *pdu = make_pdu(command, name);

	reason[0] = '\0';
	if (pdu == NULL)
		return ERR_NOMEM;
	a->reason = reason;
	a->out = out;
	a->err = ERR_TIMEOUT;
	a->is_waiting = true;
	a->is_interrupted = false;
	if (snmp_sess_async_send(a->session, pdu, on_event, a) == 0) {
		snmp_free_pdu(pdu);
		return not_sent(a, reason);
	}
	wait_for_end(a);
	return a->err;
}

int
snmp_ask_get(struct snmp_ask *a, const struct snmp_ask_oid *name,
    struct snmp_ask_value *out, char reason[SNMP_ASK_REASON_MAX])
{
	return ask(a, SNMP_MSG_GET, name, out, reason);
}

int
snmp_ask_next(struct snmp_ask *a, const struct snmp_ask_oid *name,
    struct snmp_ask_value *out, char reason[SNMP_ASK_REASON_MAX])
{
	return ask(a, SNMP_MSG_GETNEXT, name, out, reason);
}

bool
snmp_ask_is_below(const struct snmp_ask_oid *name, const struct snmp_ask_oid *root)
{
	return name->n >= root->n &&
	    memcmp(name->arcs, root->arcs, root->n * sizeof(root->arcs[0])) == 0;
}

/* --- beginning and end -------------------------------------------------------------- */

/* Once per process: further calls do nothing in the library. Its configuration is read as
 * its own tools read it. */
static void
init_library(void)
{
	netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
	/* It makes a directory for what it keeps: not there. */
	set_persistent_directory("/dev/null");
	setenv("MIBS", "", 1);
	setenv("MIBDIRS", "", 1); /* it would look into each file */
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID,
	    NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID,
	    NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, 1);
	init_snmp("snmpapp");
}

static const char *
default_text(int which)
{
	return netsnmp_ds_get_string(NETSNMP_DS_LIBRARY_ID, which);
}

/* As it is said in snmp.conf; where nothing is said, by whether a user is named there. */
static bool
is_version_3(const struct snmp_ask_options *options)
{
	int version =
	    netsnmp_ds_get_int(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_SNMPVERSION);

	if (options->community != NULL)
		return false;
	if (version != 0)
		return version == NETSNMP_DS_SNMP_VERSION_3;
	return default_text(NETSNMP_DS_LIB_SECNAME) != NULL &&
	    default_text(NETSNMP_DS_LIB_COMMUNITY) == NULL;
}

static const char *
name_of(const struct snmp_ask_options *options, bool is_community)
{
	const char *name = options->community;

	if (name == NULL)
		name = default_text(
		    is_community ? NETSNMP_DS_LIB_COMMUNITY : NETSNMP_DS_LIB_SECNAME);
	if (name == NULL)
		name = is_community ? "public" : "";
	return name;
}

/* Nobody but the session at hand tells why it could not be opened. */
static int
not_opened(netsnmp_session *want, char reason[SNMP_ASK_REASON_MAX])
{
	char *text = NULL;
	int error = 0;

	snmp_error(want, NULL, &error, &text);
	return take_error(error, text, reason);
}

static int
open_session(struct snmp_ask *a, const struct snmp_ask_options *options,
    const struct snmp_ask_who *who, const char *name, char reason[SNMP_ASK_REASON_MAX])
{
	netsnmp_session want;
	const char *address = options->address ? options->address : "localhost";

	snmp_sess_init(&want);
	want.version = who->is_community ? SNMP_VERSION_2c : SNMP_VERSION_3;
	want.peername = (char *)(uintptr_t)address;
	want.timeout = (long)(options->timeout_ns / NS_PER_US);
	want.retries = SNMP_ASK_TRIES - 1;
	if (who->is_community) {
		want.community = (u_char *)(uintptr_t)name;
		want.community_len = strlen(name);
	}
	a->session = snmp_sess_open(&want);
	if (a->session == NULL)
		return not_opened(&want, reason);
	a->fd = snmp_sess_transport(a->session)->sock;
	return uv_poll_init(&a->loop, &a->poll, a->fd) == 0 ? 0 : ERR_NOMEM;
}

int
snmp_ask_open(const struct snmp_ask_options *options, struct snmp_ask **out,
    struct snmp_ask_who *who, char reason[SNMP_ASK_REASON_MAX])
{
	struct snmp_ask *a = mem_calloc(1, sizeof(*a));
	const char *name;
	int err;

	*who = (struct snmp_ask_who){ .is_community = true };
	text_format(reason, SNMP_ASK_REASON_MAX, "%s", err_text(ERR_NOMEM));
	if (a == NULL || uv_loop_init(&a->loop) != 0) {
		mem_free(a);
		return ERR_NOMEM;
	}
	(void)uv_timer_init(&a->loop, &a->timer);
	(void)uv_signal_init(&a->loop, &a->interrupt);
	a->timer.data = a->poll.data = a->interrupt.data = a;
	init_library();
	who->is_community = !is_version_3(options);
	name = name_of(options, who->is_community);
	text_format(who->text, sizeof(who->text), "%s \"%s\"",
	    who->is_community ? "community" : "user", name);
	/* From here on, so that an interrupt does not end the program; what opening waits
	 * for ends by itself. */
	if (options->wants_interrupt)
		(void)uv_signal_start(&a->interrupt, on_interrupt, SIGINT);
	err = open_session(a, options, who, name, reason);
	(void)uv_run(&a->loop, UV_RUN_NOWAIT);
	if (a->is_interrupted)
		err = ERR_CANCELLED;
	if (err == 0)
		*out = a;
	else
		snmp_ask_close(a);
	return err;
}

void
snmp_ask_close(struct snmp_ask *a)
{
	if (a == NULL)
		return;
	uv_close((uv_handle_t *)&a->timer, NULL);
	uv_close((uv_handle_t *)&a->interrupt, NULL);
	if (a->poll.loop != NULL)
		uv_close((uv_handle_t *)&a->poll, NULL);
	while (uv_loop_close(&a->loop) == UV_EBUSY)
		(void)uv_run(&a->loop, UV_RUN_DEFAULT);
	if (a->session != NULL)
		snmp_sess_close(a->session);
	mem_free(a);
}
