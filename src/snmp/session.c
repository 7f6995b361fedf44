/* SPDX-License-Identifier: BSD-2-Clause */
/* The AgentX session: set-up, connects and disconnects, and what each round has to do. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/agent/agent_callbacks.h>

#include "snmp/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "snmp/runtime.h"
#include "snmp/session_access.h"
#include "snmp/session_delegate.h"
#include "snmp/session_notify.h"
#include "snmp/session_registrar.h"
#include "snmp/session_transport.h"

enum {
	/* AgentX 1 as Net-SNMP numbers it next to SNMP's versions; in a private header.
	 * The library's internal session has version -1 and must keep its own timeout. */
	VERSION_AGENTX = 0xC1,
	SYNC_TIMEOUT_US = 1000000,
	PATH_SHOWN_MAX = 160
};

struct session {
	char *name, *agentx, *master;
	uint32_t reconnect_s;
	unsigned remedies;
	const struct logger *log;
	void (*on_state)(void *ctx, enum session_state state);
	void *ctx;

	netsnmp_session *library; /* NULL while not connected */
	enum session_state state, reported_state;
	uint32_t connects, reported_connects;
	bool is_opening;  /* connected, but the master has not opened the session yet */
	bool drops_pings; /* at the next round */
	unsigned reported_causes;
	char path[PATH_SHOWN_MAX];
	int64_t timeouts_at_ns;

	struct session_tickets tickets;
	struct session_notifier *notifier;
	struct session_registrar *registrar;
};

/* Why there is no connection. The bit of a row in reported_causes says that this outage
 * had its line about it. */
static const struct cause {
	int error;
	const char *hint;
} causes[] = {
	{ ENOENT, "add \"master agentx\" to snmpd.conf and restart snmpd" },
	{ EACCES, "add \"agentXPerms 0660 0755 root GROUP\" to snmpd.conf" },
	{ EPERM, "see agentXPerms in snmpd.conf(5)" },
	{ ECONNREFUSED, "snmpd is not running" },
	{ EAGAIN, "snmpd takes no connections: it hangs" },
	{ EMFILE, "raise the limit of open files" },
	{ ENAMETOOLONG, "the path of the socket is too long" },
	{ ETIMEDOUT, "snmpd took the connection but did not open a session" },
	{ ECONNRESET, "snmpd took the connection but ended it at once" },
	{ 0, "see agentXSocket in snmpd.conf(5)" }, /* any other */
};

static bool
has_remedy(const struct session *s, enum session_remedy remedy)
{
	return (s->remedies & (unsigned)remedy) != 0;
}

static size_t
cause_of(int error)
{
	size_t i = 0;

	while (causes[i].error != 0 && causes[i].error != error)
		i++;
	return i;
}

static void
show_path(struct session *s, const char *path)
{
	text_ascii(path, strlen(path), s->path, sizeof(s->path));
}

static void
report_no_connection(struct session *s, int error)
{
	char why[SESSION_ACCESS_MAX];
	size_t cause = cause_of(error);

	if ((s->reported_causes & 1U << cause) != 0)
		return;
	s->reported_causes |= 1U << cause;
	if (error == EACCES && !session_access_check(s->path, why, sizeof(why))) {
		log_line(s->log, LOG_LEVEL_WARNING,
		    "cannot connect to the master agent at %s: %s; %s", s->path,
		    strerror(error), why);
		return;
	}
	log_line(s->log, LOG_LEVEL_WARNING,
	    "cannot connect to the master agent at %s: %s; %s", s->path,
	    error != 0 ? strerror(error) : "no connection", causes[cause].hint);
}

static void
on_refused(void *ctx, const char *path, int error)
{
	struct session *s = ctx;

	show_path(s, path);
	report_no_connection(s, error);
}

static void
on_opened(void *ctx, const char *path)
{
	struct session *s = ctx;

	show_path(s, path);
	s->is_opening = true;
}

static void
on_closed(void *ctx)
{
	struct session *s = ctx;
	int error = session_transport_end_error();

	if (!s->is_opening)
		return;
	s->is_opening = false;
	report_no_connection(s, error != 0 ? error : ETIMEDOUT);
}

static int
on_session_init(int major, int minor, void *server_arg, void *ctx)
{
	netsnmp_session *session = server_arg;

	(void)major;
	(void)minor;
	(void)ctx;
	if (session->version == VERSION_AGENTX) {
		session->retries = 0;
		session->timeout = SYNC_TIMEOUT_US;
	}
	return 0;
}

/* What the caller was told wins over what the library read from its files; the connection
 * is made right after this. */
static int
on_config_read(int major, int minor, void *server_arg, void *ctx)
{
	struct session *s = ctx;
	const char *configured;

	(void)major;
	(void)minor;
	(void)server_arg;
	session_set_reconnect(s, s->reconnect_s);
	configured =
	    netsnmp_ds_get_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET);
	if (configured != NULL)
		show_path(s, configured);
	return 0;
}

static int
on_connect(int major, int minor, void *server_arg, void *ctx)
{
	struct session *s = ctx;

	(void)major;
	(void)minor;
	s->library = server_arg;
	s->state = SESSION_UP;
	s->connects++;
	s->is_opening = false;
	s->reported_causes = 0;
	if (has_remedy(s, SESSION_REMEDY_ALARMS)) {
		/* Of two reopen alarms the library forgets one, which then complains for
		 * ever. Nobody else in this process uses alarms. */
		snmp_alarm_unregister_all();
		/* A ping tells only that a local master hangs, and the library's answer,
		 * to register again, does not help it. The alarm is set after this
		 * callback. */
		s->drops_pings = session_transport_is_open();
	}
	session_notifier_connect(s->notifier, s->library);
	session_registrar_connect(s->registrar, s->library);
	log_line(s->log, LOG_LEVEL_INFO, "connected to the master agent at %s", s->path);
	return 0;
}

static const char *
reason_of_end(void)
{
	int error = session_transport_end_error();

	if (error == 0)
		return "no sign of life";
	return error == ECONNRESET ? "it closed the connection" : strerror(error);
}

static int
on_disconnect(int major, int minor, void *server_arg, void *ctx)
{
	struct session *s = ctx;

	(void)major;
	(void)minor;
	if (s->state == SESSION_DOWN)
		return 0;
	s->state = SESSION_DOWN;
	s->library = NULL;
	s->drops_pings = false;
	session_notifier_connect(s->notifier, NULL);
	session_registrar_connect(s->registrar, NULL);
	log_line(s->log, LOG_LEVEL_WARNING,
	    "disconnected from the master agent at %s: %s", s->path, reason_of_end());
	if (has_remedy(s, SESSION_REMEDY_DRAIN))
		session_tickets_fail(&s->tickets, server_arg);
	return 0;
}

/* What is no AgentX session the library does not ask. */
static void
hide_from_library(struct session *s)
{
	if (s->library != NULL)
		s->library->version = SNMP_DEFAULT_VERSION;
}

/* To make a context, the library registers the three roots of the tree in it. They are
 * the master's own: it refuses each, which costs a round trip and a line in the log. */
static int
on_register(int major, int minor, void *server_arg, void *ctx)
{
	const struct register_parameters *registration = server_arg;
	struct session *s = ctx;
	bool is_root = registration->namelen == 1;

	(void)major;
	if (!is_root && !has_remedy(s, SESSION_REMEDY_REGISTER))
		return 0;
	hide_from_library(s);
	if (!is_root)
		session_registrar_push(s->registrar, registration,
		    minor == SNMPD_CALLBACK_UNREGISTER_OID);
	return 0;
}

static int
on_registered(int major, int minor, void *server_arg, void *ctx)
{
	struct session *s = ctx;

	(void)major;
	(void)minor;
	(void)server_arg;
	if (s->library != NULL)
		s->library->version = VERSION_AGENTX;
	return 0;
}

static const struct hook {
	int major, minor, priority;
	SNMPCallback *callback;
	unsigned remedy; /* that it belongs to; 0: always */
} hooks[] = {
	{ SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_SESSION_INIT,
	    NETSNMP_CALLBACK_DEFAULT_PRIORITY, on_session_init,
	    SESSION_REMEDY_SHORT_SYNC },
	{ SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG,
	    NETSNMP_CALLBACK_HIGHEST_PRIORITY, on_config_read, 0 },
	{ SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_START,
	    NETSNMP_CALLBACK_DEFAULT_PRIORITY, on_connect, 0 },
	{ SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP,
	    NETSNMP_CALLBACK_DEFAULT_PRIORITY, on_disconnect, 0 },
	{ SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_REGISTER_OID,
	    NETSNMP_CALLBACK_HIGHEST_PRIORITY, on_register, 0 },
	{ SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_REGISTER_OID,
	    NETSNMP_CALLBACK_LOWEST_PRIORITY, on_registered, 0 },
	{ SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_UNREGISTER_OID,
	    NETSNMP_CALLBACK_HIGHEST_PRIORITY, on_register, 0 },
	{ SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_UNREGISTER_OID,
	    NETSNMP_CALLBACK_LOWEST_PRIORITY, on_registered, 0 },
};
enum { N_HOOKS = sizeof(hooks) / sizeof(hooks[0]) };

static bool
is_wanted(const struct session *s, const struct hook *hook)
{
	return hook->remedy == 0 || (s->remedies & hook->remedy) != 0;
}

static int
set_hooks(struct session *s)
{
	for (size_t i = 0; i < N_HOOKS; i++)
		if (is_wanted(s, &hooks[i]) &&
		    netsnmp_register_callback(hooks[i].major, hooks[i].minor,
			hooks[i].callback, s, hooks[i].priority) != SNMPERR_SUCCESS)
			return ERR_NOMEM;
	return 0;
}

/* The library would free() their argument when it shuts down. */
static void
clear_hooks(struct session *s)
{
	for (size_t i = 0; i < N_HOOKS; i++)
		if (is_wanted(s, &hooks[i]))
			snmp_unregister_callback(hooks[i].major, hooks[i].minor,
			    hooks[i].callback, s, 1);
}

static int
prepare_subagent(struct session *s)
{
	const struct session_transport_config transport = {
		.blocks = !has_remedy(s, SESSION_REMEDY_CONNECT),
		.keep_repeats = !has_remedy(s, SESSION_REMEDY_DEDUP),
		.refused = on_refused,
		.opened = on_opened,
		.closed = on_closed,
		.ctx = s,
	};

	netsnmp_enable_subagent();
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID,
	    NETSNMP_DS_AGENT_NO_CONNECTION_WARNINGS, 1);
	if (session_transport_install(&transport) != 0)
		return ERR_NOMEM;
	return 0;
}

static int
prepare_master(struct session *s)
{
	runtime_listen_on(s->master);
	session_notifier_be_master(s->notifier);
	return 0;
}

static int
prepare(struct session *s)
{
	int err;

	/* No MIB module is needed by name: parsing them takes a second. */
	setenv("MIBS", "", 1);
	setenv("MIBDIRS", "", 1);
	err = s->master != NULL ? prepare_master(s) : prepare_subagent(s);
	if (err != 0)
		return err;
	if (init_agent(s->name) != 0)
		return ERR_IO;
	runtime_forbid_code();
	return s->master != NULL ? 0 : set_hooks(s);
}

static char *
copy_or_null(const char *text)
{
	return text == NULL ? NULL : mem_strdup(text);
}

static int
copy_config(struct session *s, const struct session_config *config)
{
	static const struct session_queue_limits careful = {
		.max = SESSION_QUEUE_MAX,
		.window = SESSION_WINDOW,
		.rate_per_s = SESSION_RATE,
		.burst = SESSION_BURST,
	}, careless = { .max = SESSION_QUEUE_MAX, .window = SESSION_QUEUE_MAX };

	s->reconnect_s = config->reconnect_s;
	s->remedies = ~config->omit;
	s->log = config->log;
	s->on_state = config->on_state;
	s->ctx = config->ctx;
	s->name = mem_strdup(config->name);
	s->agentx = copy_or_null(config->agentx);
	s->master = copy_or_null(config->master);
	s->notifier = session_notifier_new(
	    has_remedy(s, SESSION_REMEDY_WINDOW) ? &careful : &careless, s->log);
	s->registrar = session_registrar_new(s->log);
	if (s->name == NULL || s->notifier == NULL || s->registrar == NULL ||
	    (s->agentx == NULL) != (config->agentx == NULL) ||
	    (s->master == NULL) != (config->master == NULL))
		return ERR_NOMEM;
	show_path(s, "the default socket");
	return 0;
}

static void
release(struct session *s)
{
	session_notifier_free(s->notifier);
	session_registrar_free(s->registrar);
	mem_free(s->name);
	mem_free(s->agentx);
	mem_free(s->master);
	mem_free(s);
}

struct session *
session_new(const struct session_config *config)
{
	struct session *s = mem_calloc(1, sizeof(*s));
	int err;

	if (s == NULL)
		return NULL;
	err = copy_config(s, config);
	if (err == 0)
		err = prepare(s);
	if (err == 0)
		return s;
	log_line(config->log, LOG_LEVEL_ERROR, "cannot set up the SNMP agent: %s",
	    err_text(err));
	session_transport_mute();
	clear_hooks(s);
	release(s);
	return NULL;
}

static int
start_master(struct session *s)
{
	if (init_master_agent() != 0) {
		log_line(s->log, LOG_LEVEL_ERROR, "cannot listen on %s", s->master);
		return ERR_IO;
	}
	s->state = SESSION_UP;
	s->connects = 1;
	return 0;
}

int
session_start(struct session *s)
{
	init_snmp(s->name);
	if (s->master != NULL)
		return start_master(s);
	/* The library's own transports tell nobody why. */
	if (s->state == SESSION_DOWN && s->reported_causes == 0)
		report_no_connection(s, 0);
	return 0;
}

void
session_free(struct session *s)
{
	if (s == NULL)
		return;
	session_tickets_close(&s->tickets, s->library);
	clear_hooks(s);
	session_transport_mute();
	snmp_shutdown(s->name);
	release(s);
}

void
session_check_return(const struct session *s)
{
	char why[SESSION_ACCESS_MAX];

	if (s->state == SESSION_UP && session_transport_is_open() &&
	    !session_access_check(s->path, why, sizeof(why)))
		log_line(s->log, LOG_LEVEL_WARNING,
		    "after a restart of snmpd we cannot connect again: %s", why);
}

enum session_state
session_state(const struct session *s)
{
	return s->state;
}

uint32_t
session_connects(const struct session *s)
{
	return s->connects;
}

/* The library's reopen alarm takes its period from there when the connection breaks. */
void
session_set_reconnect(struct session *s, uint32_t reconnect_s)
{
	s->reconnect_s = reconnect_s;
	if (s->agentx != NULL)
		netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID,
		    NETSNMP_DS_AGENT_X_SOCKET, s->agentx);
	netsnmp_ds_set_int(NETSNMP_DS_APPLICATION_ID,
	    NETSNMP_DS_AGENT_AGENTX_PING_INTERVAL, (int)reconnect_s);
}

static void
tell_state(struct session *s, enum session_state state)
{
	s->reported_state = state;
	if (s->on_state != NULL)
		s->on_state(s->ctx, state);
}

/* A reconnect within one round is two changes. */
static void
report_state(struct session *s)
{
	if (s->reported_state == SESSION_UP && s->reported_connects != s->connects)
		tell_state(s, SESSION_DOWN);
	s->reported_connects = s->connects;
	if (s->reported_state != s->state)
		tell_state(s, s->state);
}

/* The library looks after timeouts only when nothing arrives: under constant traffic, not
 * at all. */
static void
check_timeouts(struct session *s, int64_t now_ns)
{
	if (now_ns - s->timeouts_at_ns < NS_PER_S)
		return;
	s->timeouts_at_ns = now_ns;
	snmp_timeout();
}

int64_t
session_round(struct session *s, int64_t now_ns)
{
	int64_t registrar_ns, notifier_ns;

	if (s->drops_pings) {
		s->drops_pings = false;
		snmp_alarm_unregister_all();
	}
	report_state(s);
	check_timeouts(s, now_ns);
	/* Answers of delegated requests from outside the library's own round. */
	netsnmp_check_outstanding_agent_requests();
	registrar_ns = session_registrar_pump(s->registrar, now_ns);
	notifier_ns = session_notifier_pump(s->notifier, now_ns);
	return registrar_ns < notifier_ns ? registrar_ns : notifier_ns;
}

struct session_ticket *
session_delegate(struct session *s, void *delegated_cache, void (*lost)(void *ctx),
    void *ctx)
{
	return session_tickets_add(&s->tickets, delegated_cache, lost, ctx);
}

void *
session_complete(struct session_ticket *ticket)
{
	return session_tickets_take(ticket);
}

int
session_notify(struct session *s, const char *context, const struct mib_oid *trap,
    const struct session_varbind *varbinds, size_t n_varbinds)
{
	return session_notifier_push(s->notifier, context, trap, varbinds, n_varbinds);
}

void
session_queue_stats(const struct session *s, struct session_queue_stats *out)
{
	session_notifier_stats(s->notifier, out);
}

size_t
session_notify_room(const struct session *s)
{
	struct session_queue_stats queue;

	session_queue_stats(s, &queue);
	return queue.waiting < SESSION_QUEUE_MAX / 2
	    ? SESSION_QUEUE_MAX / 2 - queue.waiting
	    : 0;
}
