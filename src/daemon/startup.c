/* SPDX-License-Identifier: BSD-2-Clause */
/* What every way of running the program does first: log and configuration. */
#include "daemon/startup.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "daemon/app.h"
#include "snmp/persist.h"
#include "snmp/runtime.h"

struct logger
startup_log(bool foreground)
{
	if (!runtime_has_log()) {
		if (foreground)
			runtime_log_to_stderr();
		else
			runtime_log_to_syslog(APP_NAME);
	}
	return runtime_logger();
}

/* 0, or an errno. */
static int
check_readable(const char *path)
{
	struct stat about;

	if (access(path, R_OK) != 0 || stat(path, &about) != 0)
		return errno;
	return S_ISDIR(about.st_mode) ? EISDIR : 0;
}

int
startup_config_files(const struct options *o, const struct logger *log)
{
	int error;

	runtime_config_files(APP_NAME, o->extra_config, o->only_extra_config);
	error = o->extra_config == NULL ? 0 : check_readable(o->extra_config);
	if (error == 0)
		return 0;
	log_line(log, LOG_LEVEL_ERROR, "%s: %s: expected a configuration file",
	    o->extra_config, strerror(error));
	return ERR_NOTFOUND;
}

int
startup_read_offline(const struct options *o, const struct logger *log,
    struct agent_config *out)
{
	int err = startup_config_files(o, log);
	bool is_master = o->master != NULL || o->action != OPTIONS_CHECK_CONFIG;

	config_register(APP_NAME);
	persist_register(APP_NAME);
	config_begin();
	runtime_offline(APP_NAME, is_master);
	persist_freeze(); /* what is there belongs to the program that serves */
	return err != 0 ? err : config_take(log, out);
}
