/* SPDX-License-Identifier: BSD-2-Clause */
/* What every way of running the program does first: log and configuration. */
#include "daemon/startup.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "client/keyfile.h"
#include "daemon/app.h"
#include "daemon/privilege.h"
#include "snmp/ask.h"
#include "snmp/persist.h"
#include "snmp/runtime.h"

enum { VIEW_ROOT_MAX = 256 }; /* octets of the root of our own objects */

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

int
startup_config_files(const struct options *o, const struct logger *log)
{
	runtime_config_files(APP_NAME, o->extra_config, o->only_extra_config);
	return runtime_check_files(APP_NAME, log);
}

/* A key that is asked for and not there would show only with the first SET, or when the
 * daemon refuses to push. */
static int
check_keys(const struct agent_config *config, const struct m6_keys *keys,
    const struct logger *log)
{
	int err = 0;

	for (size_t i = 0; i < config->n_targets; i++) {
		const struct target *t = &config->targets[i];

		if ((t->write == TARGET_WRITE_OFF && !t->wants_push) ||
		    m6_keys_find(keys, t->control_key))
			continue;
		log_line(log, LOG_LEVEL_ERROR,
		    "target %s: its control-key %u is not in %s, or unusable there",
		    t->name, t->control_key, config->keyfile);
		err = ERR_NOTFOUND;
	}
	return err;
}

int
startup_keys(const struct options *o, const struct agent_config *config,
    const struct logger *log, struct m6_keys **out)
{
	struct m6_keys *keys = NULL;
	int err = 0;

	if (config->keyfile[0] != '\0')
		err = keyfile_load(config->keyfile, privilege_user(o->user), log, &keys);
	if (err == 0)
		err = check_keys(config, keys, log);
	if (err == 0)
		*out = keys;
	else
		m6_keys_free(keys);
	return err;
}

static int
read_offline(const struct options *o, const struct logger *log, struct agent_config *out)
{
	int err = startup_config_files(o, log);
	bool is_master = o->master != NULL || o->action == OPTIONS_DUMP;

	config_register(APP_NAME);
	persist_register(APP_NAME);
	config_begin();
	runtime_offline(APP_NAME, is_master);
	persist_freeze(); /* what is there belongs to the program that serves */
	return err != 0 ? err : config_take(log, out);
}

int
startup_offline(const struct options *o, startup_act_fn *act)
{
	struct logger log = startup_log(true);
	struct agent_config config = { 0 };
	struct m6_keys *keys = NULL;
	int code = EXIT_CONFIG;

	if (read_offline(o, &log, &config) == 0 &&
	    startup_keys(o, &config, &log, &keys) == 0)
		code = act(o, &config, keys, &log);
	m6_keys_free(keys);
	agent_config_clear(&config);
	runtime_shutdown(APP_NAME);
	persist_free();
	return code;
}

int
startup_become(const struct options *o, const struct logger *log)
{
	if (o->user == NULL && o->group == NULL)
		return 0;
	return privilege_drop(o->user, o->group, log);
}

void
startup_tell_view(const struct logger *log)
{
	char root[VIEW_ROOT_MAX];

	snmp_ask_enterprise_text(root, sizeof(root));
	log_line(log, LOG_LEVEL_INFO,
	    "managers see us where their view in snmpd.conf includes .1.3.6.1.2.1.197 "
	    "and %s;"
	    " " APP_NAME " --check looks",
	    root);
}
