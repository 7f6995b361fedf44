/* SPDX-License-Identifier: BSD-2-Clause */
/* A small subagent on our AgentX session, for the tests of the session: it prints a line
 * for everything that happens, can be slow in each phase of a request, and can leave out
 * any of the session's remedies. Commands come on standard input. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/agent/sysORTable.h>
#include <net-snmp/library/fd_event_manager.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "snmp/session.h"

#define PROBE_OID 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 77

enum { TICK_NS = 20000000, GAP_SHOWN_MS = 400, N_SCALARS = 2, PENDING_MAX = 64 };
enum { CONTEXT_CAP = 32 };

static const struct phase {
	const char *name;
	int mode;
} phases[] = {
	{ "GET", MODE_GET },
	{ "GETNEXT", MODE_GETNEXT },
	{ "RESERVE1", MODE_SET_RESERVE1 },
	{ "RESERVE2", MODE_SET_RESERVE2 },
	{ "ACTION", MODE_SET_ACTION },
	{ "COMMIT", MODE_SET_COMMIT },
	{ "UNDO", MODE_SET_UNDO },
	{ "FREE", MODE_SET_FREE },
};
enum { N_PHASES = sizeof(phases) / sizeof(phases[0]) };

static const struct remedy {
	const char *name;
	unsigned bit;
} remedies[] = {
	{ "sync", SESSION_REMEDY_SHORT_SYNC },
	{ "connect", SESSION_REMEDY_CONNECT },
	{ "dedup", SESSION_REMEDY_DEDUP },
	{ "drain", SESSION_REMEDY_DRAIN },
	{ "window", SESSION_REMEDY_WINDOW },
	{ "alarms", SESSION_REMEDY_ALARMS },
	{ "register", SESSION_REMEDY_REGISTER },
};

struct pending {
	struct session_ticket *ticket;
	size_t phase;
	int64_t due_ns;
};

static struct {
	struct session *session;
	int64_t started_ns, last_tick_ns, worst_gap_ns;
	long delay_ms[N_PHASES];
	int failure[N_PHASES];
	long values[N_SCALARS], previous[N_SCALARS];
	struct pending pending[PENDING_MAX];
	long notified;
	char line[256];
	size_t line_len;
	long n_contexts;
	bool ends;
} probe;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static long
ms_of(int64_t ns)
{
	return (long)(ns / NS_PER_MS);
}

static void
say(const char *format, ...)
{
	va_list args;

	printf("%ld ", ms_of(clock_monotonic_ns() - probe.started_ns));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

static void
say_log(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	say("log %d %s", (int)level, line);
}

static size_t
phase_of(int mode)
{
	for (size_t i = 0; i < N_PHASES; i++)
		if (phases[i].mode == mode)
			return i;
	say("unexpected mode %d", mode);
	exit(1);
}

static size_t
scalar_of(const netsnmp_request_info *request)
{
	return request->requestvb->name[sizeof((oid[]){ PROBE_OID }) / sizeof(oid)] - 1;
}

static void
answer_one(netsnmp_agent_request_info *info, netsnmp_request_info *request, size_t phase)
{
	size_t i = scalar_of(request);

	if (probe.failure[phase] != 0) {
		netsnmp_set_request_error(info, request, probe.failure[phase]);
		return;
	}
	switch (phases[phase].mode) {
	case MODE_GET:
		snmp_set_var_typed_integer(request->requestvb, ASN_INTEGER,
		    probe.values[i]);
		break;
	case MODE_SET_ACTION:
		probe.previous[i] = probe.values[i];
		probe.values[i] = *request->requestvb->val.integer;
		break;
	case MODE_SET_UNDO:
		probe.values[i] = probe.previous[i];
		break;
	default:
		break;
	}
}

static void
answer(netsnmp_agent_request_info *info, netsnmp_request_info *requests, size_t phase)
{
	for (netsnmp_request_info *r = requests; r != NULL; r = r->next)
		answer_one(info, r, phase);
}

static void
on_lost(void *ctx)
{
	struct pending *p = ctx;

	p->ticket = NULL;
	say("lost %s", phases[p->phase].name);
}

static void
complete(struct pending *p)
{
	netsnmp_delegated_cache *cache = session_complete(p->ticket);

	p->ticket = NULL;
	if (cache == NULL) {
		say("died %s", phases[p->phase].name);
		return;
	}
	say("done %s", phases[p->phase].name);
	for (netsnmp_request_info *r = cache->requests; r != NULL; r = r->next)
		r->delegated = 0;
	answer(cache->reqinfo, cache->requests, p->phase);
	netsnmp_free_delegated_cache(cache);
}

static struct pending *
free_pending(void)
{
	for (size_t i = 0; i < PENDING_MAX; i++)
		if (probe.pending[i].ticket == NULL)
			return &probe.pending[i];
	return NULL;
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	size_t phase = phase_of(info->mode);
	struct pending *p = free_pending();
	void *cache;

	say("handle %s %zu", phases[phase].name, scalar_of(requests) + 1);
	if (probe.delay_ms[phase] == 0 || p == NULL) {
		answer(info, requests, phase);
		return SNMP_ERR_NOERROR;
	}
	cache =
	    netsnmp_create_delegated_cache(handler, registration, info, requests, NULL);
	p->phase = phase;
	p->due_ns = clock_monotonic_ns() + probe.delay_ms[phase] * NS_PER_MS;
	p->ticket = session_delegate(probe.session, cache, on_lost, p);
	if (p->ticket == NULL) {
		netsnmp_free_delegated_cache(cache);
		return SNMP_ERR_GENERR;
	}
	for (netsnmp_request_info *r = requests; r != NULL; r = r->next)
		r->delegated = 1;
	return SNMP_ERR_NOERROR;
}

static void
notify(long count)
{
	const struct mib_oid trap = { { PROBE_OID, 0, 1 }, 12 };
	struct session_varbind v = {
		.name = { { PROBE_OID, 9, 0 }, 12 },
		.value = { .syntax = MIB_INTEGER },
	};

	for (long i = 0; i < count; i++) {
		v.value.i32 = (int32_t)++probe.notified;
		if (session_notify(probe.session, "", &trap, &v, 1) != 0)
			say("notify failed");
	}
	say("notified %ld", probe.notified);
}

/* One varbind of each kind, in a context. */
static void
notify_all_kinds(void)
{
	const struct mib_oid trap = { { PROBE_OID, 0, 2 }, 12 };
	const mib_subid pointer[] = { 1, 3, 6, 1, 2, 1, 197 };
	const struct mib_value values[] = {
		{ .syntax = MIB_INTEGER, .i32 = INT32_MIN },
		{ .syntax = MIB_UNSIGNED, .u32 = UINT32_MAX },
		{ .syntax = MIB_COUNTER32, .u32 = 4000000000 },
		{ .syntax = MIB_COUNTER64, .u64 = (UINT64_C(1) << 40) + 1 },
		{ .syntax = MIB_TIMETICKS, .u32 = 4200000000 },
		{ .syntax = MIB_OCTETS, .octets = "odd", .n_octets = 3 },
		{ .syntax = MIB_OCTETS, .octets = "", .n_octets = 0 },
		{ .syntax = MIB_OBJECT_ID,
		    .octets = pointer,
		    .n_octets = sizeof(pointer) },
	};
	struct session_varbind varbinds[sizeof(values) / sizeof(values[0])];

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		varbinds[i].name = (struct mib_oid){ { PROBE_OID, 8, i + 1 }, 12 };
		varbinds[i].value = values[i];
	}
	if (session_notify(probe.session, "context-of-probe", &trap, varbinds,
		sizeof(values) / sizeof(values[0])) != 0)
		say("notify failed");
	/* The queue has its own copy. */
	memset(varbinds, 0, sizeof(varbinds));
	say("notified all kinds");
}

/* A scalar in each of the contexts c1, c2, and so on. */
static void
register_contexts(long count)
{
	oid name[] = { PROBE_OID, 1 };
	char context[CONTEXT_CAP];

	for (; probe.n_contexts < count; probe.n_contexts++) {
		netsnmp_handler_registration *registration =
		    netsnmp_create_handler_registration("axprobe", handle, name,
			OID_LENGTH(name), HANDLER_CAN_RONLY);

		snprintf(context, sizeof(context), "c%ld", probe.n_contexts + 1);
		registration->contextName = strdup(context);
		netsnmp_register_scalar(registration);
	}
	say("registered %ld", probe.n_contexts);
}

static void
unregister_contexts(void)
{
	oid name[] = { PROBE_OID, 1 };
	char context[CONTEXT_CAP];

	for (; probe.n_contexts > 0; probe.n_contexts--) {
		snprintf(context, sizeof(context), "c%ld", probe.n_contexts);
		unregister_mib_context(name, OID_LENGTH(name), DEFAULT_MIB_PRIORITY, 0, 0,
		    context);
	}
	say("unregistered all");
}

static void
show_stats(void)
{
	struct session_queue_stats stats;

	session_queue_stats(probe.session, &stats);
	say("stats queued=%" PRIu64 " sent=%" PRIu64 " dropped=%" PRIu64
	    " resent=%" PRIu64 " waiting=%" PRIu32 " unacknowledged=%" PRIu32 " end",
	    stats.queued, stats.sent, stats.dropped, stats.resent, stats.waiting,
	    stats.unacknowledged);
}

static void
obey(char *line)
{
	long number;

	if (sscanf(line, "notify %ld", &number) == 1)
		notify(number);
	else if (sscanf(line, "contexts %ld", &number) == 1)
		register_contexts(number);
	else if (strcmp(line, "no contexts") == 0)
		unregister_contexts();
	else if (strcmp(line, "kinds") == 0)
		notify_all_kinds();
	else if (strcmp(line, "stats") == 0)
		show_stats();
	else if (strcmp(line, "gap") == 0)
		say("gap %ld worst", ms_of(probe.worst_gap_ns));
	else if (strcmp(line, "quit") == 0)
		probe.ends = true;
	else
		say("unknown command");
}

static void
on_input(int fd, void *ctx)
{
	char c;

	(void)ctx;
	while (read(fd, &c, 1) == 1) {
		if (c != '\n' && probe.line_len < sizeof(probe.line) - 1) {
			probe.line[probe.line_len++] = c;
			continue;
		}
		probe.line[probe.line_len] = '\0';
		probe.line_len = 0;
		obey(probe.line);
	}
}

static void
measure_gap(int64_t now_ns)
{
	int64_t gap_ns = now_ns - probe.last_tick_ns;

	probe.last_tick_ns = now_ns;
	if (gap_ns > probe.worst_gap_ns)
		probe.worst_gap_ns = gap_ns;
	if (gap_ns > GAP_SHOWN_MS * NS_PER_MS)
		say("gap %ld", ms_of(gap_ns));
}

static void
on_tick(int fd, void *ctx)
{
	int64_t now_ns = clock_monotonic_ns();
	uint64_t expirations;

	(void)ctx;
	if (read(fd, &expirations, sizeof(expirations)) < 0)
		return;
	measure_gap(now_ns);
	for (size_t i = 0; i < PENDING_MAX; i++)
		if (probe.pending[i].ticket != NULL && probe.pending[i].due_ns <= now_ns)
			complete(&probe.pending[i]);
}

static void
on_state(void *ctx, enum session_state state)
{
	(void)ctx;
	say("state %s %" PRIu32, state == SESSION_UP ? "up" : "down",
	    session_connects(probe.session));
}

static void
register_scalars(void)
{
	for (oid i = 1; i <= N_SCALARS; i++) {
		oid name[] = { PROBE_OID, i };

		netsnmp_register_scalar(netsnmp_create_handler_registration("axprobe",
		    handle, name, OID_LENGTH(name), HANDLER_CAN_RWRITE));
	}
}

static void
run(void)
{
	const struct itimerspec every = { { 0, TICK_NS }, { 0, TICK_NS } };
	int ticks = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	timerfd_settime(ticks, 0, &every, NULL);
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	register_readfd(ticks, on_tick, NULL);
	register_readfd(STDIN_FILENO, on_input, NULL);
	probe.last_tick_ns = clock_monotonic_ns();
	say("ready");
	while (!probe.ends) {
		session_round(probe.session, clock_monotonic_ns());
		agent_check_and_process(1);
	}
	close(ticks);
}

static int
probe_main(struct session_config *config)
{
	static oid capability[] = { PROBE_OID };
	const struct logger log = { .write = say_log };
	int64_t before_ns = clock_monotonic_ns();

	probe.started_ns = before_ns;
	signal(SIGPIPE, SIG_IGN);
	snmp_enable_stderrlog();
	config->name = "axprobe";
	config->log = &log;
	config->on_state = on_state;
	probe.session = session_new(config);
	if (probe.session == NULL)
		return 1;
	register_scalars();
	REGISTER_SYSOR_ENTRY(capability, "axprobe capability");
	if (session_start(probe.session) != 0)
		return 1;
	say("started in %ld ms", ms_of(clock_monotonic_ns() - before_ns));
	run();
	session_free(probe.session);
	say("ended");
	return 0;
}

/* Fills the queue of connections of the listener at `path` and holds it full. */
static int
hog_main(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int n = 0;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	for (;;) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
			break;
		n++;
	}
	if (errno != EAGAIN) {
		perror(path);
		return 1;
	}
	printf("full with %d\n", n);
	fflush(stdout);
	pause();
	return 0;
}

static int
port_main(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&address, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		perror("bind");
		return 1;
	}
	printf("%u\n", (unsigned)ntohs(address.sin_port));
	return 0;
}

static unsigned
remedy_bit(const char *name)
{
	for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++)
		if (strcmp(remedies[i].name, name) == 0)
			return remedies[i].bit;
	fprintf(stderr, "no remedy \"%s\"\n", name);
	exit(2);
}

/* "PHASE=NUMBER" */
static long
phase_number(const char *text, size_t *phase_out)
{
	size_t name_len = strcspn(text, "=");

	for (size_t i = 0; i < N_PHASES; i++)
		if (strlen(phases[i].name) == name_len &&
		    strncmp(phases[i].name, text, name_len) == 0 &&
		    text[name_len] == '=') {
			*phase_out = i;
			return strtol(text + name_len + 1, NULL, 10);
		}
	fprintf(stderr, "no phase in \"%s\"\n", text);
	exit(2);
}

static int
usage(void)
{
	fputs("usage: axprobe [-s SOCKET] [-m ADDRESS] [-r SECONDS] [-o REMEDY]...\n"
	      "               [-d PHASE=MILLISECONDS]... [-f PHASE=ERROR]...\n"
	      "       axprobe -H SOCKET   fill the queue of connections of SOCKET\n"
	      "       axprobe -P          print a free UDP port\n",
	    stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	struct session_config config = { .reconnect_s = 2 };
	size_t phase;
	long number;
	int option;

	while ((option = getopt(argc, argv, "s:m:r:o:d:f:H:P")) != -1)
		switch (option) {
		case 's':
			config.agentx = optarg;
			break;
		case 'm':
			config.master = optarg;
			break;
		case 'r':
			config.reconnect_s = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'o':
			config.omit |= remedy_bit(optarg);
			break;
		case 'd':
			number = phase_number(optarg, &phase);
			probe.delay_ms[phase] = number;
			break;
		case 'f':
			number = phase_number(optarg, &phase);
			probe.failure[phase] = (int)number;
			break;
		case 'H':
			return hog_main(optarg);
		case 'P':
			return port_main();
		default:
			return usage();
		}
	return probe_main(&config);
}
