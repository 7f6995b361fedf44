/* SPDX-License-Identifier: BSD-2-Clause */
/* The running program: owns every object, builds them in order, frees them in reverse. */
#include "daemon/app.h"

#include <signal.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "daemon/loop.h"
#include "daemon/notify.h"
#include "daemon/process.h"
#include "daemon/startup.h"
#include "daemon/targets.h"
#include "snmp/handler.h"
#include "snmp/runtime.h"
#include "snmp/session.h"
#include "snmp/system_mib.h"

enum { STATUS_MAX = 128 };

struct app {
	const struct options *options;
	struct logger log;
	struct agent_config config;
	struct loop *loop;
	struct targets *targets;
	struct session *session;
	uv_signal_t on_term, on_int, on_hup;
	bool ends, reloads;
	size_t shown_up; /* targets answering when the status was last shown */
	bool shown_connected;
	int64_t watchdog_ns, alive_ns; /* how often, and when last */

	/* --master: the group that no snmpd serves then. */
	struct system_identity identity;
	struct mib_agent identity_agent;
	struct snapshot *identity_snapshot;
	struct mib_handler *system_handler;
};

static void
on_signal(uv_signal_t *handle, int number)
{
	struct app *app = handle->data;

	if (number == SIGHUP)
		app->reloads = true;
	else
		app->ends = true;
}

static int
watch_signals(struct app *app)
{
	const struct {
		uv_signal_t *handle;
		int number;
	} wanted[] = {
		{ &app->on_term, SIGTERM },
		{ &app->on_int, SIGINT },
		{ &app->on_hup, SIGHUP },
	};

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (uv_signal_init(loop_uv(app->loop), wanted[i].handle) != 0)
			return ERR_IO;
		wanted[i].handle->data = app;
		if (uv_signal_start(wanted[i].handle, on_signal, wanted[i].number) != 0)
			return ERR_IO;
	}
	return 0;
}

static void
view_identity(void *ctx, struct mib_view *out)
{
	const struct app *app = ctx;

	out->snapshot = app->identity_snapshot;
	out->agent = &app->identity_agent;
}

static int
register_system_group(struct app *app)
{
	struct view_port port = { .view = view_identity, .ctx = app };
	struct utsname host;

	if (uname(&host) != 0)
		return ERR_IO;
	app->identity_snapshot = snapshot_new(TARGET_UNKNOWN, 0);
	if (app->identity_snapshot == NULL)
		return ERR_NOMEM;
	text_format(app->identity.descr, sizeof(app->identity.descr),
	    APP_NAME " " PACKAGE_VERSION " on %s %s %s", host.sysname, host.release,
	    host.machine);
	text_format(app->identity.name, sizeof(app->identity.name), "%s", host.nodename);
	app->identity.started_ns = clock_monotonic_ns();
	app->identity_agent.identity = &app->identity;
	app->system_handler = mib_handler_register(&system_mib, "", &port, &app->log);
	return app->system_handler == NULL ? ERR_NOMEM : 0;
}

/* Connects to the master agent and reads the configuration on the way. */
static int
start_session(struct app *app)
{
	struct session_config config = {
		.name = APP_NAME,
		.agentx = app->options->agentx_socket,
		.master = app->options->master,
		.reconnect_s = CONFIG_RECONNECT_DEFAULT_S,
		.log = &app->log,
	};

	app->session = session_new(&config);
	if (app->session == NULL)
		return EXIT_RUNTIME;
	config_register(APP_NAME);
	config_begin();
	if (app->options->master != NULL && register_system_group(app) != 0)
		return EXIT_RUNTIME;
	if (session_start(app->session) != 0)
		return EXIT_RUNTIME;
	if (config_take(&app->log, &app->config) != 0) {
		log_line(&app->log, LOG_LEVEL_ERROR,
		    "configuration is wrong, not starting; see ntp-agentxd.conf(5)");
		return EXIT_CONFIG;
	}
	session_set_reconnect(app->session, app->config.reconnect_s);
	return EXIT_OK;
}

static int
start_targets(struct app *app)
{
	app->targets = targets_new(loop_uv(app->loop), &app->log);
	if (app->targets == NULL)
		return EXIT_RUNTIME;
	if (targets_apply(app->targets, app->config.targets, app->config.n_targets,
		clock_monotonic_ns()) != 0)
		return EXIT_RUNTIME;
	return EXIT_OK;
}

static int
start_process(struct app *app)
{
	const struct options *o = app->options;

	if (o->pid_file != NULL && process_write_pid(o->pid_file, &app->log) != 0)
		return EXIT_RUNTIME;
	if (process_become(o->user, o->group, &app->log) != 0)
		return EXIT_RUNTIME;
	app->watchdog_ns = notify_watchdog_ns();
	return EXIT_OK;
}

static int
start_loop(struct app *app)
{
	app->loop = loop_new();
	if (app->loop == NULL || loop_nest(app->loop) != 0 || watch_signals(app) != 0) {
		log_line(&app->log, LOG_LEVEL_ERROR, "cannot set up the event loop");
		return EXIT_RUNTIME;
	}
	return EXIT_OK;
}

static int
start(struct app *app)
{
	static int (*const steps[])(struct app *) = {
		start_session,
		start_loop,
		start_targets,
		start_process,
	};

	if (startup_config_files(app->options, &app->log) != 0)
		return EXIT_CONFIG;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int code = steps[i](app);

		if (code != EXIT_OK)
			return code;
	}
	log_line(&app->log, LOG_LEVEL_INFO, APP_NAME " " PACKAGE_VERSION ": %zu target%s",
	    app->config.n_targets, app->config.n_targets == 1 ? "" : "s");
	return EXIT_OK;
}

/* A bad file must cost nothing: the running configuration stays until a whole new one has
 * been read. */
static void
reload(struct app *app)
{
	struct agent_config fresh;

	notify_reloading();
	config_begin();
	if (startup_config_files(app->options, &app->log) == 0)
		runtime_reread(APP_NAME);
	else
		config_note_problem();
	if (config_take(&app->log, &fresh) != 0) {
		log_line(&app->log, LOG_LEVEL_ERROR,
		    "configuration is wrong, keeping the one in use; see"
		    " ntp-agentxd.conf(5)");
		notify_ready("running with the previous configuration");
		return;
	}
	agent_config_clear(&app->config);
	app->config = fresh;
	session_set_reconnect(app->session, fresh.reconnect_s);
	if (targets_apply(app->targets, fresh.targets, fresh.n_targets,
		clock_monotonic_ns()) != 0)
		log_line(&app->log, LOG_LEVEL_ERROR, "not every target could be started");
	log_line(&app->log, LOG_LEVEL_INFO, "configuration read again: %zu targets",
	    fresh.n_targets);
	notify_ready("configuration read again");
}

static void
show_status(struct app *app)
{
	char status[STATUS_MAX];
	size_t up = targets_up(app->targets);
	bool connected = session_state(app->session) == SESSION_UP;

	if (up == app->shown_up && connected == app->shown_connected)
		return;
	app->shown_up = up;
	app->shown_connected = connected;
	text_format(status, sizeof(status), "%s; %zu of %zu targets answer",
	    connected ? "connected to the master agent" : "no master agent", up,
	    targets_count(app->targets));
	notify_status(status);
}

static void
keep_watchdog_quiet(struct app *app, int64_t now_ns)
{
	if (app->watchdog_ns == CLOCK_NEVER || now_ns - app->alive_ns < app->watchdog_ns)
		return;
	app->alive_ns = now_ns;
	notify_alive();
}

static int64_t
shorter(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
run(struct app *app)
{
	notify_ready("started");
	while (!app->ends) {
		int64_t now_ns = clock_monotonic_ns();
		int64_t wait_ns = session_round(app->session, now_ns);

		if (app->reloads) {
			app->reloads = false;
			reload(app);
		}
		targets_register(app->targets, now_ns);
		wait_ns = shorter(wait_ns, targets_register_wait(app->targets, now_ns));
		wait_ns = shorter(wait_ns, app->watchdog_ns);
		show_status(app);
		keep_watchdog_quiet(app, now_ns);
		loop_round(app->loop, wait_ns);
	}
	notify_stopping();
	log_line(&app->log, LOG_LEVEL_INFO, "stopping");
}

/* Registrations end with the session, by one message: a master that hangs could make each
 * single one wait. */
static void
stop(struct app *app)
{
	targets_detach(app->targets);
	mib_handler_detach(app->system_handler);
	session_free(app->session);
	mib_handler_discard(app->system_handler);
	targets_free(app->targets);
	loop_free(app->loop);
	snapshot_unref(app->identity_snapshot);
	agent_config_clear(&app->config);
	if (app->options->pid_file != NULL)
		process_remove_pid(app->options->pid_file);
}

int
app_run(const struct options *o)
{
	struct app app = { .options = o, .watchdog_ns = CLOCK_NEVER };
	int code;

	app.log = startup_log(o->foreground);
	if (!o->foreground && runtime_daemonize() != 0) {
		log_line(&app.log, LOG_LEVEL_ERROR, "cannot go into the background");
		return EXIT_RUNTIME;
	}
	code = start(&app);
	if (code == EXIT_OK)
		run(&app);
	stop(&app);
	return code;
}

int
app_check_config(const struct options *o)
{
	struct logger log = startup_log(true);
	struct agent_config config = { 0 };
	int err = startup_read_offline(o, &log, &config);

	if (err == 0)
		log_line(&log, LOG_LEVEL_INFO, "configuration is right: %zu target%s",
		    config.n_targets, config.n_targets == 1 ? "" : "s");
	agent_config_clear(&config);
	runtime_shutdown(APP_NAME);
	return err == 0 ? EXIT_OK : EXIT_CONFIG;
}
