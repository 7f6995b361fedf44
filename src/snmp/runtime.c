/* SPDX-License-Identifier: BSD-2-Clause */
/* What the program needs of the Net-SNMP library besides session and handlers. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/library/fd_event_manager.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
		[LOG_LEVEL_DEBUG] = LOG_DEBUG,
	};

	(void)ctx;
	if (level == LOG_LEVEL_DEBUG) {
		DEBUGMSGTL(("ntp-agentxd", "%s\n", line));
		return;
	}
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

/* A subagent connects as soon as it has read its configuration; here, to nothing. */
static int
lead_nowhere(int major, int minor, void *server_arg, void *ctx)
{
	(void)major;
	(void)minor;
	(void)server_arg;
	(void)ctx;
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET,
	    "unix:/dev/null");
	return 0;
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

/* The library offers no "read the files of this type once more" that leaves the AgentX
 * session alone (update_config() restarts it), so the search is done here. */
static void
reread_directory(const char *directory, size_t directory_len, const char *name)
{
	static const char *const endings[] = { ".conf", ".local.conf" };
	char path[RUNTIME_PATH_MAX];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t len = text_format(path, sizeof(path), "%.*s/%s%s",
		    (int)directory_len, directory, name, endings[i]);

		if (!persist_holds(path, len) && access(path, R_OK) == 0)
			read_config_with_type(path, name);
	}
}

static void
reread_directories(const char *name)
{
	const char *at = get_configuration_directory();

	while (at != NULL && *at != '\0') {
		size_t len = strcspn(at, ":");

		if (len > 0)
			reread_directory(at, len, name);
		at += len + (at[len] == ':');
	}
}

static void
reread_extra(const char *name)
{
	const char *at =
	    netsnmp_ds_get_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_OPTIONALCONFIG);
	char path[RUNTIME_PATH_MAX];

	while (at != NULL && *at != '\0') {
		size_t len = strcspn(at, ",");

		text_format(path, sizeof(path), "%.*s", (int)len, at);
		if (len > 0 && len < sizeof(path) && !persist_holds(path, len))
			read_config_with_type(path, name);
		at += len + (at[len] == ',');
	}
}

void
runtime_reread(const char *name, bool is_master)
{
	/* Forgets first what was read before: who may ask is said in these files, too. */
	if (is_master) {
		update_config();
		return;
	}
	if (!netsnmp_ds_get_boolean(NETSNMP_DS_LIBRARY_ID,
		NETSNMP_DS_LIB_DONT_READ_CONFIGS))
		reread_directories(name);
	reread_extra(name);
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
	return netsnmp_daemonize(1, snmp_stderrlog_status());
}

const char *
runtime_library_version(void)
{
	return netsnmp_get_version();
}
