/* SPDX-License-Identifier: BSD-2-Clause */
/* What the program needs of the Net-SNMP library besides session and handlers. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/library/fd_event_manager.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "snmp/persist.h"
#include "snmp/runtime.h"

enum { RUNTIME_PATH_MAX = 4096 };

static void
write_line(void *ctx, enum log_level level, const char *line)
{
	static const int priorities[] = {
		[LOG_LEVEL_ERROR] = LOG_ERR,
		[LOG_LEVEL_WARNING] = LOG_WARNING,
		[LOG_LEVEL_INFO] = LOG_INFO,
	};

	(void)ctx;
	snmp_log(priorities[level], "%s\n", line);
}

struct logger
runtime_logger(void)
{
	return (struct logger){ .write = write_line };
}

int
runtime_log_options(char *options, int argc, char *const *argv)
{
	return snmp_log_options(options, argc, argv) < 0 ? ERR_SYNTAX : 0;
}

void
runtime_log_to_stderr(void)
{
	snmp_enable_stderrlog();
}

void
runtime_log_to_syslog(const char *name)
{
	snmp_enable_syslog_ident(name, LOG_DAEMON);
}

void
runtime_log_also_to_stderr(void)
{
	netsnmp_register_loghandler(NETSNMP_LOGHANDLER_STDERR, LOG_WARNING);
}

void
runtime_log_no_more_to_stderr(void)
{
	snmp_disable_stderrlog();
}

bool
runtime_has_log(void)
{
	return get_logh_head() != NULL;
}

void
runtime_debug(const char *tokens)
{
	debug_register_tokens(tokens);
	snmp_set_do_debugging(1);
}

/* By default the library reads what it stored; not so where SNMPCONFPATH leaves the
 * directory out, or -C everything. */
static bool
reads_stored(bool only_extra)
{
	const char *at = getenv("SNMPCONFPATH");
	const char *directory = get_persistent_directory();

	if (only_extra)
		return false;
	if (at == NULL)
		return true;
	while (*at != '\0') {
		size_t len = strcspn(at, ":");

		if (len == strlen(directory) && strncmp(at, directory, len) == 0)
			return true;
		at += len + (at[len] == ':');
	}
	return false;
}

void
runtime_config_files(const char *name, const char *extra, bool only_extra)
{
	char stored[RUNTIME_PATH_MAX] = "";
	char files[2 * RUNTIME_PATH_MAX];

	if (!reads_stored(only_extra))
		persist_files(name, stored, sizeof(stored));
	text_format(files, sizeof(files), "%s%s%s", extra == NULL ? "" : extra,
	    extra == NULL || stored[0] == '\0' ? "" : ",", stored);
	if (files[0] != '\0')
		netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID,
		    NETSNMP_DS_LIB_OPTIONALCONFIG, files);
	if (only_extra)
		netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID,
		    NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
}

/* An interpreter of Perl comes with the library, and its files may name any script. */
void
runtime_forbid_code(void)
{
	unregister_app_config_handler("perl");
	unregister_app_config_handler("perlInitFile");
	unregister_app_config_handler("disablePerl");
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_DISABLE_PERL,
	    1);
}

void
runtime_listen_on(const char *address)
{
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_PORTS, address);
	/* Else each request is a line of the log. Who is refused is said all the same. */
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID,
	    NETSNMP_DS_AGENT_DONT_LOG_TCPWRAPPERS_CONNECTS, 1);
}

/* Among the texts that the library keeps by number, one that is nobody's. */
enum { AGENTX_SOCKET_READ = NETSNMP_DS_MAX_SUBIDS - 1 };

/* A subagent connects as soon as it has read its configuration; here, to nothing. */
static int
lead_nowhere(int major, int minor, void *server_arg, void *ctx)
{
	(void)major;
	(void)minor;
	(void)server_arg;
	(void)ctx;
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, AGENTX_SOCKET_READ,
	    netsnmp_ds_get_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET));
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET,
	    "unix:/dev/null");
	return 0;
}

const char *
runtime_agentx_socket(void)
{
	return netsnmp_ds_get_string(NETSNMP_DS_APPLICATION_ID, AGENTX_SOCKET_READ);
}

void
runtime_offline(const char *name, bool is_master)
{
	setenv("MIBS", "", 1);
	if (!is_master)
		netsnmp_enable_subagent();
	init_agent(name);
	runtime_forbid_code();
	/* A master would warn that nobody may ask it. */
	netsnmp_enable_subagent();
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID,
	    NETSNMP_DS_AGENT_NO_CONNECTION_WARNINGS, 1);
	netsnmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG,
	    lead_nowhere, NULL, NETSNMP_CALLBACK_HIGHEST_PRIORITY);
	init_snmp(name);
}

/* What is done with a file of ours. `is_named`: by -c, so it has to be there. */
struct file_visit {
	const char *name;
	const struct logger *log;
	int (*visit)(const struct file_visit *v, const char *path, bool is_named);
	int err; /* of the last file that had one */
};

static void
visit_file(struct file_visit *v, const char *path, size_t len, bool is_named)
{
	int err = persist_holds(path, len) ? 0 : v->visit(v, path, is_named);

	if (err != 0)
		v->err = err;
}

static void
visit_directory(struct file_visit *v, const char *directory, size_t directory_len)
{
	static const char *const endings[] = { ".conf", ".local.conf" };
	char path[RUNTIME_PATH_MAX];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t len = text_format(path, sizeof(path), "%.*s/%s%s",
		    (int)directory_len, directory, v->name, endings[i]);

		visit_file(v, path, len, false);
	}
}

static void
visit_directories(struct file_visit *v)
{
	const char *at = getenv("SNMPCONFPATH");

	if (at == NULL)
		at = get_configuration_directory();
	while (at != NULL && *at != '\0') {
		size_t len = strcspn(at, ":");

		if (len > 0)
			visit_directory(v, at, len);
		at += len + (at[len] == ':');
	}
}

static void
visit_extra(struct file_visit *v)
{
	const char *at =
	    netsnmp_ds_get_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_OPTIONALCONFIG);
	char path[RUNTIME_PATH_MAX];

	while (at != NULL && *at != '\0') {
		size_t len = strcspn(at, ",");

		text_format(path, sizeof(path), "%.*s", (int)len, at);
		if (len > 0 && len < sizeof(path))
			visit_file(v, path, len, true);
		at += len + (at[len] == ',');
	}
}

/* In the library's own order. */
static int
visit_files(struct file_visit *v)
{
	if (!netsnmp_ds_get_boolean(NETSNMP_DS_LIBRARY_ID,
		NETSNMP_DS_LIB_DONT_READ_CONFIGS))
		visit_directories(v);
	visit_extra(v);
	return v->err;
}

/* 0, or an errno. access() alone does not see that no descriptor is left. */
static int
open_error(const char *path, const struct stat *about)
{
	int fd;

	if (S_ISDIR(about->st_mode))
		return EISDIR;
	if (!S_ISREG(about->st_mode))
		return access(path, R_OK) == 0 ? 0 : errno;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int
check_file(const struct file_visit *v, const char *path, bool is_named)
{
	struct stat about;
	int error;

	if (stat(path, &about) == 0)
		error = open_error(path, &about);
	else
		error = is_named ? errno : 0;
	if (error == 0)
		return 0;
	log_line(v->log, LOG_LEVEL_ERROR, "%s: %s: expected a configuration file", path,
	    strerror(error));
	return ERR_NOTFOUND;
}

int
runtime_check_files(const char *name, const struct logger *log)
{
	struct file_visit v = { .name = name, .log = log, .visit = check_file };

	return visit_files(&v);
}

static int
reread_file(const struct file_visit *v, const char *path, bool is_named)
{
	struct stat about;

	if (!is_named && stat(path, &about) != 0)
		return 0;
	return read_config_with_type(path, v->name) == SNMPERR_SUCCESS ? 0 : ERR_IO;
}

/* The library offers no "read the files of this type once more" that leaves the AgentX
 * session alone (update_config() restarts it), so the search is done here. */
int
runtime_reread(const char *name, bool is_master)
{
	struct file_visit v = { .name = name, .visit = reread_file };

	/* Forgets first what was read before: who may ask is said in these files, too. */
	if (is_master) {
		update_config();
		return 0;
	}
	return visit_files(&v);
}

void
runtime_print_directives(void)
{
	read_config_print_usage("  ");
}

void
runtime_shutdown(const char *name)
{
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE,
	    1);
	snmp_shutdown(name);
}

int
runtime_watch(int fd, void (*ready)(int fd, void *ctx), void *ctx)
{
	return register_readfd(fd, ready, ctx) == FD_REGISTERED_OK ? 0 : ERR_FULL;
}

void
runtime_unwatch(int fd)
{
	unregister_readfd(fd);
}

void
runtime_round(bool may_block)
{
	agent_check_and_process(may_block ? 1 : 0);
}

int
runtime_daemonize(void)
{
	return netsnmp_daemonize(0, snmp_stderrlog_status());
}

const char *
runtime_library_version(void)
{
	return netsnmp_get_version();
}
