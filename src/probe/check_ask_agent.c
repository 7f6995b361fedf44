/* SPDX-License-Identifier: BSD-2-Clause */
/* Tries the AgentX socket, and asks snmpd for what the agent should have registered. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "probe/check_ask.h"
#include "probe/talk.h"
#include "snmp/ask.h"

#define SNMP_TIMEOUT_NS (2 * NS_PER_S)

enum {
	SOCKET_PATH_MAX = 107, /* octets of a path that a socket can have */
	MODE_MASK = 07777,
	LISTED_MAX = 1024, /* entries of sysORTable that are looked at */
};

static void
put(char out[CHECK_WORD_MAX], const char *text)
{
	text_format(out, CHECK_WORD_MAX, "%s", text);
}

/* --- the socket --------------------------------------------------------------------- */

static void
put_user(char out[CHECK_WORD_MAX])
{
	const struct passwd *user = getpwuid(geteuid());

	if (user)
		put(out, user->pw_name);
	else
		text_format(out, CHECK_WORD_MAX, "user %lu", (unsigned long)geteuid());
}

/* "mode 0755 root:root". */
static void
put_what(const struct stat *st, char out[CHECK_WORD_MAX])
{
	const struct passwd *user = getpwuid(st->st_uid);
	const struct group *group = getgrgid(st->st_gid);
	size_t n;

	n = text_format(out, CHECK_WORD_MAX, "mode %04o ",
	    (unsigned)st->st_mode & MODE_MASK);
	n += user
	    ? text_format(out + n, CHECK_WORD_MAX - n, "%s:", user->pw_name)
	    : text_format(out + n, CHECK_WORD_MAX - n, "%lu:", (unsigned long)st->st_uid);
	if (group)
		text_format(out + n, CHECK_WORD_MAX - n, "%s", group->gr_name);
	else
		text_format(out + n, CHECK_WORD_MAX - n, "%lu",
		    (unsigned long)st->st_gid);
}

/* The first directory on the way that may not be entered. */
static bool
find_closed_directory(const char *path, struct check_facts *f)
{
	char *directory = f->socket_directory;
	struct stat st;

	for (size_t i = 1; path[i] != '\0'; i++) {
		if (path[i] != '/')
			continue;
		text_format(directory, CHECK_WORD_MAX, "%.*s", (int)i, path);
		if (stat(directory, &st) != 0)
			return false;
		if (access(directory, X_OK) == 0)
			continue;
		put_what(&st, f->socket_what);
		return true;
	}
	return false;
}

struct connecting {
	uv_pipe_t pipe;
	uv_connect_t request;
	int status;
};

static void
on_connected(uv_connect_t *request, int status)
{
	struct connecting *c = request->data;

	if (status != UV_ECANCELED)
		c->status = status;
	if (!uv_is_closing((uv_handle_t *)&c->pipe))
		uv_close((uv_handle_t *)&c->pipe, NULL);
}

/* 0, or a negative errno. Nothing is said there: the connection ends at once. */
static int
try_to_connect(const char *path)
{
	struct connecting c = { .status = UV_ENOMEM };
	uv_loop_t loop;

	if (uv_loop_init(&loop) != 0)
		return UV_ENOMEM;
	if (uv_pipe_init(&loop, &c.pipe, 0) == 0) {
		c.request.data = &c;
		uv_pipe_connect(&c.request, &c.pipe, path, on_connected);
	}
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&loop);
	return c.status;
}

static void
judge_connection(int status, struct check_facts *f)
{
	static const struct {
		int status;
		enum check_socket socket;
	} rows[] = {
		{ 0, CHECK_SOCKET_OK },
		{ UV_EACCES, CHECK_SOCKET_DENIED },
		{ UV_EPERM, CHECK_SOCKET_DENIED },
		{ UV_ECONNREFUSED, CHECK_SOCKET_STALE },
		{ UV_ENOENT, CHECK_SOCKET_MISSING },
		{ UV_EAGAIN, CHECK_SOCKET_BUSY },
	};

	f->socket = CHECK_SOCKET_OTHER;
	f->socket_errno = -status;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].status == status)
			f->socket = rows[i].socket;
}

static void
look_at_path(const char *path, struct check_facts *f)
{
	const char *slash = strrchr(path, '/');
	struct stat st;

	if (stat(path, &st) != 0) {
		f->socket_errno = errno;
		f->socket = CHECK_SOCKET_OTHER;
		if (errno == ENOENT)
			f->socket = CHECK_SOCKET_MISSING;
		else if (errno == EACCES && find_closed_directory(path, f))
			f->socket = CHECK_SOCKET_DIRECTORY;
		return;
	}
	text_format(f->socket_directory, CHECK_WORD_MAX, "%.*s", (int)(slash - path),
	    path);
	put_what(&st, f->socket_what);
	if (S_ISSOCK(st.st_mode))
		judge_connection(try_to_connect(path), f);
	else
		f->socket = CHECK_SOCKET_NONE;
}

/* As snmpd.conf(5) writes it: a path, or a transport and what it needs. */
static void
look_at_socket(const char *agentx, struct check_facts *f)
{
	static const char prefix[] = "unix:";
	const char *path = agentx ? agentx : snmp_ask_agentx_socket;

	if (strncmp(path, prefix, sizeof(prefix) - 1) == 0)
		path += sizeof(prefix) - 1;
	put(f->socket_path, path);
	put_user(f->user);
	f->socket_err = 0;
	f->socket = CHECK_SOCKET_NO_PATH;
	f->socket_errno = ENAMETOOLONG;
	if (path[0] == '/' && strlen(path) > SOCKET_PATH_MAX)
		f->socket = CHECK_SOCKET_OTHER;
	else if (path[0] == '/')
		look_at_path(path, f);
}

/* --- snmpd -------------------------------------------------------------------------- */

static const struct snmp_ask_oid sys_descr = { { 1, 3, 6, 1, 2, 1, 1, 1, 0 }, 9 };
static const struct snmp_ask_oid or_id = { { 1, 3, 6, 1, 2, 1, 1, 9, 1, 2 }, 10 };
static const struct snmp_ask_oid or_descr = { { 1, 3, 6, 1, 2, 1, 1, 9, 1, 3 }, 10 };
/* ntpEntSoftwareName.0 of NTPv4-MIB. */
static const struct snmp_ask_oid software = { { 1, 3, 6, 1, 2, 1, 197, 1, 1, 1, 0 }, 11 };
/* Below our own root: what is registered in sysORTable, the agent's version and number of
 * targets, and the rows of ntpAgentxTargetTable. */
static const struct snmp_ask_oid capabilities = { { 3, 2 }, 2 };
static const struct snmp_ask_oid own_version = { { 1, 1, 1, 1, 0 }, 5 };
static const struct snmp_ask_oid own_targets = { { 1, 1, 1, 4, 0 }, 5 };
static const struct snmp_ask_oid target_entry = { { 1, 1, 2, 1, 1 }, 5 };
enum { COLUMN_HOST = 2, COLUMN_PORT, COLUMN_CONTEXT, COLUMN_STATE, COLUMN_ERROR = 24 };

/* A conversation, and what is wrong with it. */
struct asking {
	struct snmp_ask *ask;
	struct snmp_ask_who who;
	struct snmp_ask_value value;
	char reason[SNMP_ASK_REASON_MAX];
};

static struct snmp_ask_oid
joined(const struct snmp_ask_oid *root, const struct snmp_ask_oid *rest)
{
	struct snmp_ask_oid oid = *root;

	for (size_t i = 0; i < rest->n && oid.n < SNMP_ASK_ARCS_MAX; i++)
		oid.arcs[oid.n++] = rest->arcs[i];
	return oid;
}

static int
get(struct asking *a, const struct snmp_ask_oid *name, struct check_facts *f)
{
	int err = snmp_ask_get(a->ask, name, &a->value, a->reason);

	if (err != 0)
		put(f->snmp_reason, err == ERR_REFUSED ? a->reason : err_text(err));
	return err;
}

/* The next one of a column: 1; 0 behind the last; else an error. */
static int
next(struct asking *a, const struct snmp_ask_oid *column, struct snmp_ask_oid *at,
    struct check_facts *f)
{
	int err = snmp_ask_next(a->ask, at, &a->value, a->reason);

	if (err != 0) {
		put(f->snmp_reason, err == ERR_REFUSED ? a->reason : err_text(err));
		return err;
	}
	*at = a->value.name;
	return a->value.kind != SNMP_ASK_END && snmp_ask_is_below(at, column);
}

static void
take_text(const struct snmp_ask_value *v, char out[CHECK_WORD_MAX])
{
	text_format(out, CHECK_WORD_MAX, "%.*s",
	    (int)(v->kind == SNMP_ASK_TEXT ? v->text_len : 0), v->text);
}

static void
open_agent(const struct check_options *options, struct asking *a, struct check_facts *f)
{
	const struct snmp_ask_options how = {
		.address = options->snmp,
		.community = options->community,
		.timeout_ns = SNMP_TIMEOUT_NS,
		.wants_interrupt = options->wants_interrupt,
	};

	put(f->snmp_address, options->snmp ? options->snmp : "localhost");
	f->snmp_err = snmp_ask_open(&how, &a->ask, &a->who, a->reason);
	put(f->snmp_reason, a->reason);
	put(f->snmp_who, a->who.text);
	f->is_community = a->who.is_community;
}

/* Any answer will do: a view may hide even that. */
static void
ask_for_snmpd(struct asking *a, struct check_facts *f)
{
	int64_t start_ns = clock_monotonic_ns();

	f->snmp_err = get(a, &sys_descr, f);
	f->snmp_trip_ns = clock_monotonic_ns() - start_ns;
	take_text(&a->value, f->snmp_descr);
}

static int
take_listed(struct asking *a, const struct snmp_ask_oid *at, struct check_facts *f)
{
	struct snmp_ask_oid name = or_descr;
	int err;

	f->is_listed = true;
	name.arcs[name.n++] = at->arcs[at->n - 1];
	err = get(a, &name, f);
	if (err == 0)
		take_text(&a->value, f->agent_descr);
	return err;
}

static void
ask_for_list(struct asking *a, struct check_facts *f)
{
	const struct snmp_ask_oid wanted = joined(&snmp_ask_enterprise, &capabilities);
	struct snmp_ask_oid at = or_id;
	int rc = 1;

	while (f->n_listed < LISTED_MAX && !f->is_listed &&
	    (rc = next(a, &or_id, &at, f)) == 1) {
		f->n_listed++;
		if (a->value.kind == SNMP_ASK_OID && a->value.oid.n == wanted.n &&
		    snmp_ask_is_below(&a->value.oid, &wanted))
			rc = take_listed(a, &at, f);
	}
	f->list_err = rc < 0 ? rc : 0;
}

/* --- what is shown ------------------------------------------------------------------ */

/* A cell of the row of which `at` is one in the column of hosts. */
static int
get_cell(struct asking *a, struct snmp_ask_oid at, uint32_t column, struct check_facts *f)
{
	at.arcs[snmp_ask_enterprise.n + target_entry.n] = column;
	return get(a, &at, f);
}

static bool
is_text(const struct check_facts *f, const char *host, const char *text)
{
	const char *at = f->addresses;
	size_t len = strlen(text);

	if (strcmp(host, text) == 0)
		return true;
	/* One of the addresses, as they stand there. */
	while (len > 0 && (at = strstr(at, text)) != NULL) {
		if ((at == f->addresses || at[-1] == ' ') &&
		    (at[len] == '\0' || at[len] == ','))
			return true;
		at += len;
	}
	return false;
}

/* The row's index is its name: the length, then the octets. */
static void
take_name(const struct snmp_ask_oid *at, char out[CHECK_WORD_MAX])
{
	size_t first = snmp_ask_enterprise.n + target_entry.n + 2, n = 0;

	for (size_t i = first; i < at->n && n + 1 < CHECK_WORD_MAX; i++)
		out[n++] = (char)at->arcs[i];
	out[n] = '\0';
}

/* Whether the row asks the daemon that we asked: by the name of either, and the port. */
static int
look_at_target(struct asking *a, const struct snmp_ask_oid *at, const char *host,
    struct check_facts *f)
{
	char name[CHECK_WORD_MAX], target_host[CHECK_WORD_MAX];
	int err;

	take_name(at, name);
	take_text(&a->value, target_host);
	if (!is_text(f, host, target_host) && strcmp(host, name) != 0)
		return 0;
	err = get_cell(a, *at, COLUMN_PORT, f);
	if (err != 0 || a->value.number != f->port)
		return err;
	err = get_cell(a, *at, COLUMN_STATE, f);
	f->target_state = (unsigned)a->value.number;
	if (err == 0)
		err = get_cell(a, *at, COLUMN_ERROR, f);
	if (err == 0) {
		take_text(&a->value, f->target_error);
		if (f->target_error[0] == '\0')
			put(f->target_error, "a poll goes on");
		put(f->target, name);
	}
	return err;
}

static int
look_at_targets(struct asking *a, struct check_facts *f)
{
	const struct snmp_ask_oid entry = joined(&snmp_ask_enterprise, &target_entry);
	struct snmp_ask_oid column = entry, at;
	char host[TARGET_HOST_MAX + 1];
	uint16_t port = 0;
	int rc = 1;

	if (talk_split(f->host, host, &port) != 0)
		return 0;
	column.arcs[column.n++] = COLUMN_HOST;
	at = column;
	for (int n = 0; n < TARGETS_MAX && f->target[0] == '\0' &&
	     (rc = next(a, &column, &at, f)) == 1;
	     n++) {
		rc = look_at_target(a, &at, host, f);
		if (rc != 0)
			break;
	}
	return rc < 0 ? rc : 0;
}

/* Whether NTPv4-MIB should be there at all in the default context. */
static int
look_at_contexts(struct asking *a, struct check_facts *f)
{
	struct snmp_ask_oid column = joined(&snmp_ask_enterprise, &target_entry), at;
	int rc = 1;

	column.arcs[column.n++] = COLUMN_CONTEXT;
	at = column;
	for (int n = 0; n < TARGETS_MAX && !f->is_default_served &&
	     (rc = next(a, &column, &at, f)) == 1;
	     n++)
		f->is_default_served = a->value.text_len == 0;
	return rc < 0 ? rc : 0;
}

static bool
is_shown(const struct snmp_ask_value *v)
{
	return v->kind != SNMP_ASK_NO_OBJECT && v->kind != SNMP_ASK_END;
}

static int
look_at_view(struct asking *a, struct check_facts *f)
{
	const struct snmp_ask_oid version = joined(&snmp_ask_enterprise, &own_version);
	const struct snmp_ask_oid targets = joined(&snmp_ask_enterprise, &own_targets);
	int err = get(a, &software, f);

	if (err != 0)
		return err;
	f->shows_ntpv4 = is_shown(&a->value);
	err = get(a, &version, f);
	if (err != 0)
		return err;
	f->shows_own = is_shown(&a->value);
	if (!f->shows_own)
		return 0;
	err = get(a, &targets, f);
	f->n_targets = err == 0 ? (unsigned)a->value.number : 0;
	if (err == 0 && !f->shows_ntpv4)
		err = look_at_contexts(a, f);
	return err != 0 ? err : look_at_targets(a, f);
}

void
check_ask_agent(const struct check_options *options, struct check_facts *f)
{
	struct asking a = { .ask = NULL };

	if (!f->is_for_agent || f->is_unwanted || f->view_err == ERR_CANCELLED)
		return;
	snmp_ask_enterprise_text(f->enterprise, CHECK_WORD_MAX);
	look_at_socket(options->agentx, f);
	open_agent(options, &a, f);
	if (f->snmp_err == 0)
		ask_for_snmpd(&a, f);
	if (f->snmp_err == 0)
		ask_for_list(&a, f);
	if (f->list_err == 0)
		f->view_err = look_at_view(&a, f);
	if (f->snmp_err == ERR_CANCELLED || f->list_err == ERR_CANCELLED)
		check_ask_cut_off(f);
	snmp_ask_close(a.ask);
}
