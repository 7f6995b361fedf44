/* SPDX-License-Identifier: BSD-2-Clause */
/* The running program: owns every object, builds them in order, frees them in reverse. */
#include "daemon/app.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "daemon/loop.h"
#include "daemon/notify.h"
#include "daemon/privilege.h"
#include "daemon/process.h"
#include "daemon/sandbox.h"
#include "daemon/startup.h"
#include "daemon/targets.h"
#include "snmp/agentx_mib.h"
#include "snmp/capabilities.h"
#include "snmp/handler.h"
#include "snmp/ntpv4_mib.h"
#include "snmp/persist.h"
#include "snmp/runtime.h"
#include "snmp/session.h"
#include "snmp/system_mib.h"

enum { STATUS_MAX = 128 };

/* Of a step of the start, beside exit codes. */
enum { GOES_ON_ELSEWHERE = -1 };

/* A SET that is open has so long to end before the program does. */
#define ENDING_NS      NS_PER_S
#define ENDING_TURN_NS (20 * NS_PER_MS)

struct app {
	const struct options *options;
	struct logger log;
	bool warns_on_stderr; /* until it goes to the background */
	struct process_start start;
	struct agent_config config;
	struct m6_keys *keys; /* NULL: none */
	struct loop *loop;
	struct targets *targets;
	struct session *session;
	uv_signal_t on_term, on_int, on_hup;
	bool ends, reloads;
	int64_t ends_ns; /* since when it ends; 0 not yet */
	size_t shown_up; /* targets answering when last shown; SIZE_MAX: not shown */
	bool shown_connected, has_told_view;
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

/* A request to read the configuration again must not end a program that is only just
 * starting: blocked, it waits until somebody listens. */
static void
mask_hangups(int how)
{
	sigset_t hangup;

	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	sigprocmask(how, &hangup, NULL);
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
	mask_hangups(SIG_UNBLOCK);
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
	persist_register(APP_NAME);
	capabilities_register();
	config_begin();
	mib_handler_announce(&ntpv4_mib, "The MIB module for NTP entities (RFC 5907)");
	mib_handler_announce(&agentx_mib, "The MIB module of ntp-agentx");
	if (app->options->master != NULL && register_system_group(app) != 0)
		return EXIT_RUNTIME;
	if (session_start(app->session) != 0)
		return EXIT_RUNTIME;
	if (config_take(&app->log, &app->config) != 0 ||
	    startup_keys(app->options, &app->config, &app->log, &app->keys) != 0) {
		log_line(&app->log, LOG_LEVEL_ERROR,
		    "configuration is wrong, not starting; see ntp-agentxd.conf(5)");
		return EXIT_CONFIG;
	}
	session_set_reconnect(app->session, app->config.reconnect_s);
	return EXIT_OK;
}

/* Not after the loop was made, which does not outlive the process. Whoever starts us
 * learns all the same how that went. */
static int
go_to_background(struct app *app)
{
	int rc;

	if (app->options->foreground)
		return EXIT_OK;
	if (app->warns_on_stderr)
		runtime_log_no_more_to_stderr();
	if (process_start_begin(&app->start, &app->log) != 0)
		return EXIT_RUNTIME;
	rc = runtime_daemonize();
	if (rc >= 0)
		return rc == 0 ? EXIT_OK : GOES_ON_ELSEWHERE;
	log_line(&app->log, LOG_LEVEL_ERROR, "cannot go into the background");
	return EXIT_RUNTIME;
}

static int
send_notification(void *ctx, const char *context, const struct mib_oid *trap,
    const struct session_varbind *varbinds, size_t n_varbinds)
{
	struct app *app = ctx;

	return session_notify(app->session, context, trap, varbinds, n_varbinds);
}

static int
start_targets(struct app *app)
{
	struct notify_port port = { .send = send_notification, .ctx = app };

	app->targets = targets_new(loop_uv(app->loop), &app->log);
	if (app->targets == NULL || targets_notify(app->targets, &port) != 0)
		return EXIT_RUNTIME;
	process_allow_targets(app->config.n_targets, &app->log);
	if (targets_apply(app->targets, app->config.targets, app->config.n_targets,
		clock_monotonic_ns()) != 0)
		return EXIT_RUNTIME;
	targets_allow_writes(app->targets, app->keys);
	targets_allow_push(app->targets, app->keys);
	targets_register_whole(app->targets, app->session);
	return EXIT_OK;
}

/* Before there is a thread, since capabilities belong to threads; after the session, so
 * that --master has its port. */
static int
start_process(struct app *app)
{
	const struct options *o = app->options;

	if (o->pid_file != NULL && process_write_pid(o->pid_file, &app->log) != 0)
		return EXIT_RUNTIME;
	if (privilege_drop(o->user, o->group, &app->log) != 0)
		return EXIT_RUNTIME;
	session_check_return(app->session);
	app->watchdog_ns = notify_watchdog_ns();
	return EXIT_OK;
}

/* Before anything is heard from the network. */
static int
start_sandbox(struct app *app)
{
	enum sandbox_mode mode = SANDBOX_OFF;

	(void)sandbox_mode_of(app->options->filter, &mode);
	return sandbox_enter(mode, &app->log) == 0 ? EXIT_OK : EXIT_RUNTIME;
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
		go_to_background,
		start_process,
		start_loop,
		start_sandbox,
		start_targets,
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

static void
say_ready(struct app *app, const char *status)
{
	notify_ready(status);
	app->shown_up = SIZE_MAX;
}

static int
read_again(struct app *app, struct agent_config *out, struct m6_keys **keys_out)
{
	int err;

	config_begin();
	if (startup_config_files(app->options, &app->log) != 0 ||
	    runtime_reread(APP_NAME, app->options->master != NULL) != 0)
		config_note_problem();
	err = config_take(&app->log, out);
	if (err != 0)
		return err;
	err = startup_keys(app->options, out, &app->log, keys_out);
	if (err != 0)
		agent_config_clear(out);
	return err;
}

/* The keys in use until now are let go when nobody signs with them any more. */
static void
use_keys(struct app *app, struct m6_keys *keys)
{
	targets_allow_writes(app->targets, keys);
	targets_allow_push(app->targets, keys);
	m6_keys_free(app->keys);
	app->keys = keys;
}

/* A bad file must cost nothing: the running configuration stays until a whole new one has
 * been read. */
static void
reload(struct app *app)
{
	struct agent_config fresh;
	struct m6_keys *keys = NULL;
	int err;

	notify_reloading();
	err = read_again(app, &fresh, &keys);
	if (err == 0) {
		agent_config_clear(&app->config);
		app->config = fresh;
	}
	session_set_reconnect(app->session, app->config.reconnect_s);
	if (err != 0) {
		log_line(&app->log, LOG_LEVEL_ERROR,
		    "configuration is wrong, keeping the one in use; see"
		    " ntp-agentxd.conf(5)");
		say_ready(app, "running with the previous configuration");
		return;
	}
	process_allow_targets(fresh.n_targets, &app->log);
	if (targets_apply(app->targets, fresh.targets, fresh.n_targets,
		clock_monotonic_ns()) != 0)
		log_line(&app->log, LOG_LEVEL_ERROR, "not every target could be started");
	use_keys(app, keys);
	log_line(&app->log, LOG_LEVEL_INFO, "configuration read again: %zu targets",
	    fresh.n_targets);
	say_ready(app, "configuration read again");
}

static void
show_status(struct app *app)
{
	char status[STATUS_MAX];
	size_t up = targets_up(app->targets);
	bool connected = session_state(app->session) == SESSION_UP;

	if (up == app->shown_up && connected == app->shown_connected)
		return;
	if (connected && !app->has_told_view && app->options->master == NULL)
		startup_tell_view(&app->log);
	app->has_told_view |= connected;
	app->shown_up = up;
	app->shown_connected = connected;
	text_format(status, sizeof(status), "%s; %zu of %zu targets answer",
	    connected ? "connected to the master agent" : "no master agent", up,
	    targets_count(app->targets));
	notify_status(status);
}

/* Returns how long until it has to be called again. */
static int64_t
keep_watchdog_quiet(struct app *app, int64_t now_ns)
{
	if (app->watchdog_ns == CLOCK_NEVER)
		return CLOCK_NEVER;
	if (now_ns - app->alive_ns >= app->watchdog_ns) {
		app->alive_ns = now_ns;
		notify_alive();
	}
	return app->alive_ns + app->watchdog_ns - now_ns;
}

static int64_t
shorter(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Everything but libuv's part and the agent's. Returns how long they may wait. */
static int64_t
look_after(struct app *app, int64_t now_ns)
{
	int64_t wait_ns = targets_beat(app->targets, now_ns);

	/* Also sends what the line above may have queued. */
	wait_ns = shorter(wait_ns, session_round(app->session, now_ns));
	wait_ns = shorter(wait_ns, persist_round(now_ns));
	targets_register(app->targets, now_ns);
	wait_ns = shorter(wait_ns, targets_register_wait(app->targets, now_ns));
	show_status(app);
	return shorter(wait_ns, keep_watchdog_quiet(app, now_ns));
}

/* Nobody could undo what a SET left half done, and what a manager was told is done is to
 * be stored. */
static bool
may_end(struct app *app, int64_t now_ns)
{
	if (app->ends_ns == 0)
		app->ends_ns = now_ns;
	if (now_ns - app->ends_ns > ENDING_NS)
		return true;
	return !targets_are_writing(app->targets) && !targets_are_setting(app->targets);
}

static void
run(struct app *app)
{
	say_ready(app, "started");
	for (;;) {
		int64_t wait_ns;

		loop_turn(app->loop);
		if (app->ends && may_end(app, clock_monotonic_ns()))
			break;
		/* Put off while a SET is open; its end is another turn of the loop. */
		if (app->reloads && !targets_are_setting(app->targets)) {
			app->reloads = false;
			reload(app);
			continue;
		}
		wait_ns = look_after(app, clock_monotonic_ns());
		loop_wait(app->loop,
		    app->ends ? shorter(wait_ns, ENDING_TURN_NS) : wait_ns);
	}
	notify_stopping();
	log_line(&app->log, LOG_LEVEL_INFO, "stopping");
}

/* Registrations end with the session, by one message: a master that hangs could make each
 * single one wait. Returns whether a look-up goes on. */
static bool
stop(struct app *app)
{
	bool lingers;

	targets_detach(app->targets);
	mib_handler_detach(app->system_handler);
	/* Nothing set, nothing to write: not everybody may write there. */
	if (app->options->master == NULL && !persist_has_values())
		persist_freeze();
	session_free(app->session);
	mib_handler_discard(app->system_handler);
	targets_free(app->targets);
	lingers = !loop_free(app->loop);
	snapshot_unref(app->identity_snapshot);
	persist_free();
	m6_keys_free(app->keys);
	agent_config_clear(&app->config);
	if (app->options->pid_file != NULL)
		process_remove_pid(app->options->pid_file);
	return lingers;
}

/* In the process that was started, when another one goes on. */
static int
wait_for_start(struct app *app)
{
	int code = process_start_wait(&app->start, EXIT_RUNTIME);

	if (code != EXIT_OK)
		fputs(APP_NAME ": it did not start, its log says why\n", stderr);
	return code;
}

static int
run_with(const struct options *o, bool *lingers)
{
	struct app app = {
		.options = o,
		.watchdog_ns = CLOCK_NEVER,
		.start = { .hears_fd = -1, .tells_fd = -1 },
	};
	int code;

	app.warns_on_stderr = !o->foreground && !runtime_has_log();
	app.log = startup_log(o->foreground);
	if (app.warns_on_stderr)
		runtime_log_also_to_stderr();
	mask_hangups(SIG_BLOCK);
	code = start(&app);
	if (code == GOES_ON_ELSEWHERE) {
		/* All there is, the session above all, is the other one's now. */
		*lingers = true;
		return wait_for_start(&app);
	}
	process_start_tell(&app.start, code);
	if (code == EXIT_OK)
		run(&app);
	else
		persist_freeze(); /* perhaps it was not even read */
	*lingers = stop(&app);
	return code;
}

int
app_run(const struct options *o, bool *lingers)
{
	struct options anchored = *o;
	char config[PATH_MAX], pid_file[PATH_MAX];

	/* In the background, the working directory will be another one. */
	if (!o->foreground) {
		anchored.extra_config =
		    process_anchor(o->extra_config, config, sizeof(config));
		anchored.pid_file =
		    process_anchor(o->pid_file, pid_file, sizeof(pid_file));
	}
	return run_with(&anchored, lingers);
}

static int
say_right(const struct options *o, const struct agent_config *config,
    const struct m6_keys *keys, const struct logger *log)
{
	(void)o;
	(void)keys;
	log_line(log, LOG_LEVEL_INFO, "configuration is right: %zu target%s",
	    config->n_targets, config->n_targets == 1 ? "" : "s");
	return EXIT_OK;
}

int
app_check_config(const struct options *o)
{
	return startup_offline(o, say_right);
}
