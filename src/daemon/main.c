/* SPDX-License-Identifier: BSD-2-Clause */
/* ntp-agentxd: the command line decides what to do. */
#include <stdlib.h>
#include <unistd.h>

#include "daemon/app.h"
#include "daemon/options.h"
#include "daemon/privilege.h"
#include "daemon/startup.h"
#include "mode6/auth.h"
#include "snmp/config.h"
#include "snmp/runtime.h"

static int
print_directives(void)
{
	startup_log(true);
	config_register(APP_NAME);
	runtime_offline(APP_NAME, true);
	runtime_print_directives();
	runtime_shutdown(APP_NAME);
	return EXIT_OK;
}

static int
act(const struct options *o, bool *lingers)
{
	switch (o->action) {
	case OPTIONS_RUN:
		return app_run(o, lingers);
	case OPTIONS_DUMP:
		return app_dump(o);
	case OPTIONS_CHECK_CONFIG:
		return app_check_config(o);
	case OPTIONS_CHECK:
		return app_check(o);
	case OPTIONS_HELP:
		options_print_help();
		return EXIT_OK;
	case OPTIONS_VERSION:
		options_print_version();
		return EXIT_OK;
	case OPTIONS_DIRECTIVES:
		return print_directives();
	case OPTIONS_WRONG:
		break;
	}
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct options options;
	bool lingers = false;
	int code;

	privilege_hide();
	m6_secrets_guard();
	options_read(&options, argc, argv);
	code = act(&options, &lingers);
	/* exit() would wait for libuv's threads, or end what goes on elsewhere. */
	if (lingers)
		_exit(code);
	exit(code);
}
