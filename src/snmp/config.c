/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's directives in Net-SNMP's configuration files. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "snmp/config.h"
#include "snmp/config_line.h"
#include "snmp/persist.h"

/* What is being read. Net-SNMP calls a directive's handler with nothing but the text, so
 * the place it goes to has to be here; config_take() empties it. */
static struct {
	struct target *targets;
	bool *has_context;
	size_t n_targets;
	uint32_t reconnect_s;
	char keyfile[CONFIG_PATH_MAX];
	unsigned problems;
	bool is_reporting; /* a complaint of ours is being logged */
	const char *app_name;
} reading = { .reconnect_s = CONFIG_RECONNECT_DEFAULT_S };

static void
problem(const char *why)
{
	reading.problems++;
	reading.is_reporting = true;
	netsnmp_config_error("%s", why);
	reading.is_reporting = false;
}

static int
make_room(void)
{
	struct target *targets;
	bool *has_context;
	size_t count = reading.n_targets + 1;

	targets = mem_resize(reading.targets, count, sizeof(*targets));
	if (targets == NULL)
		return ERR_NOMEM;
	reading.targets = targets;
	has_context = mem_resize(reading.has_context, count, sizeof(*has_context));
	if (has_context == NULL)
		return ERR_NOMEM;
	reading.has_context = has_context;
	return 0;
}

static void
read_target(const char *token, char *line)
{
	struct target target;
	bool has_context;
	char why[CONFIG_WHY_MAX];

	(void)token;
	if (reading.n_targets >= TARGETS_MAX) {
		problem("too many targets");
		return;
	}
	if (config_line_target(line, &target, &has_context, why) != 0) {
		problem(why);
		return;
	}
	if (make_room() != 0) {
		problem(err_text(ERR_NOMEM));
		return;
	}
	reading.targets[reading.n_targets] = target;
	reading.has_context[reading.n_targets] = has_context;
	reading.n_targets++;
}

static void
read_reconnect(const char *token, char *line)
{
	char why[CONFIG_WHY_MAX];

	(void)token;
	if (config_line_number(line, 1, CONFIG_RECONNECT_MAX_S, &reading.reconnect_s,
		why) != 0)
		problem(why);
}

static void
read_keyfile(const char *token, char *line)
{
	char why[CONFIG_WHY_MAX];

	(void)token;
	if (config_line_path(line, reading.keyfile, why) != 0)
		problem(why);
}

static const struct {
	const char *token;
	void (*read)(const char *token, char *line);
	const char *usage;
} directives[] = {
	{ "target", read_target, config_target_usage },
	{ "keyfile", read_keyfile, "FILE (with ntpd's keys; to write and for push)" },
	{ "reconnectInterval", read_reconnect, "SECONDS (1..3600)" },
};

/* Whether a message of the library about configuration, "FILE: line N: ...", is about a
 * file of ours: one of the program's name, or one that -c gave. */
static bool
is_our_file(const char *path, size_t path_len)
{
	const char *extra =
	    netsnmp_ds_get_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_OPTIONALCONFIG);
	size_t name_len = strlen(reading.app_name);
	size_t base = path_len;

	/* A damaged line there costs only itself. */
	if (persist_holds(path, path_len))
		return false;
	while (base > 0 && path[base - 1] != '/')
		base--;
	if (path_len - base >= name_len &&
	    strncmp(path + base, reading.app_name, name_len) == 0)
		return true;
	while (extra != NULL && *extra != '\0') {
		size_t len = strcspn(extra, ",");

		if (len == path_len && strncmp(extra, path, len) == 0)
			return true;
		extra += len + (extra[len] == ',');
	}
	return false;
}

/* The library only logs what it does not like by itself (a directive it does not know,
 * one without arguments) and tells nobody; in our own files that is a mistake like any
 * other, so such lines are counted as they pass. */
static int
count_complaint(int major, int minor, void *message, void *ctx)
{
	const struct snmp_log_message *m = message;
	const char *line = m->msg == NULL ? NULL : strstr(m->msg, ": line ");

	(void)major;
	(void)minor;
	(void)ctx;
	if (reading.is_reporting || line == NULL)
		return 0;
	if (strstr(line, ": Error: ") == NULL && strstr(line, ": Unknown token") == NULL)
		return 0;
	if (is_our_file(m->msg, (size_t)(line - m->msg)))
		reading.problems++;
	return 0;
}

void
config_register(const char *name)
{
	reading.app_name = name;
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
		register_config_handler(name, directives[i].token, directives[i].read,
		    NULL, directives[i].usage);
	snmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING,
	    count_complaint, NULL);
	snmp_enable_calllog();
}

void
config_begin(void)
{
	mem_free(reading.targets);
	mem_free(reading.has_context);
	reading.targets = NULL;
	reading.has_context = NULL;
	reading.n_targets = 0;
	reading.problems = 0;
	reading.keyfile[0] = '\0';
	reading.reconnect_s = CONFIG_RECONNECT_DEFAULT_S;
}

void
config_note_problem(void)
{
	reading.problems++;
}

/* The first target without a context of its own is the default context's, every further
 * one gets its name. */
static void
fill_contexts(void)
{
	bool default_taken = false;

	for (size_t i = 0; i < reading.n_targets; i++)
		default_taken |=
		    reading.has_context[i] && reading.targets[i].context[0] == '\0';
	for (size_t i = 0; i < reading.n_targets; i++) {
		struct target *t = &reading.targets[i];

		if (reading.has_context[i])
			continue;
		if (default_taken)
			memcpy(t->context, t->name, sizeof(t->name));
		default_taken = true;
	}
}

_Static_assert(TARGET_NAME_MAX <= TARGET_CONTEXT_MAX, "a name serves as context");

static int
by_name(const void *a, const void *b)
{
	return strcmp((*(struct target *const *)a)->name,
	    (*(struct target *const *)b)->name);
}

static int
by_context(const void *a, const void *b)
{
	return strcmp((*(struct target *const *)a)->context,
	    (*(struct target *const *)b)->context);
}

static void
report_twins(const struct logger *log, struct target **sorted,
    int (*compare)(const void *, const void *), const char *what)
{
	qsort(sorted, reading.n_targets, sizeof(struct target *), compare);
	for (size_t i = 1; i < reading.n_targets; i++) {
		if (compare(&sorted[i - 1], &sorted[i]) != 0)
			continue;
		reading.problems++;
		log_line(log, LOG_LEVEL_ERROR,
		    "configuration: targets \"%s\" and \"%s\" have the same %s: expected "
		    "a"
		    " %s of its own for each",
		    sorted[i - 1]->name, sorted[i]->name, what, what);
	}
}

/* What wants a key wants three things said: itself, which key, and where that is. */
static void
report_keyless(const struct logger *log, const struct target *t)
{
	bool has_id = t->control_key != 0;
	bool is_written = t->write != TARGET_WRITE_OFF;

	if ((!is_written && !t->wants_push) || (has_id && reading.keyfile[0] != '\0'))
		return;
	reading.problems++;
	log_line(log, LOG_LEVEL_ERROR,
	    "configuration: target \"%s\" is to %s without a key: expected %s", t->name,
	    is_written ? "be written to" : "push",
	    has_id ? "a keyfile directive" : "its option control-key");
}

/* As long as anybody is told of events, ntp.org's daemon (4.2.8p15) sends him, too, what
 * it answers to a command that adds an association or takes one away, and whoever gave
 * the command hears nothing. */
static void
report_exclusion(const struct logger *log, const struct target *t)
{
	if (!t->wants_push || t->write < TARGET_WRITE_CONFIGURE)
		return;
	reading.problems++;
	log_line(log, LOG_LEVEL_ERROR,
	    "configuration: target \"%s\" has both \"push on\" and \"write configure\":"
	    " a daemon that pushes does not answer commands that add or remove an"
	    " association; expected one of the two",
	    t->name);
}

static int
check_whole(const struct logger *log)
{
	struct target **sorted = mem_calloc(reading.n_targets, sizeof(*sorted));

	if (sorted == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < reading.n_targets; i++)
		sorted[i] = &reading.targets[i];
	report_twins(log, sorted, by_name, "name");
	report_twins(log, sorted, by_context, "context");
	for (size_t i = 0; i < reading.n_targets; i++) {
		report_keyless(log, &reading.targets[i]);
		report_exclusion(log, &reading.targets[i]);
	}
	mem_free(sorted);
	return 0;
}

static int
add_default_target(void)
{
	if (make_room() != 0)
		return ERR_NOMEM;
	target_init(&reading.targets[0]);
	text_format(reading.targets[0].name, sizeof(reading.targets[0].name), "local");
	text_format(reading.targets[0].host, sizeof(reading.targets[0].host),
	    "127.0.0.1");
	reading.has_context[0] = false;
	reading.n_targets = 1;
	return 0;
}

int
config_take(const struct logger *log, struct agent_config *out)
{
	int err = 0;

	if (reading.n_targets == 0 && reading.problems == 0)
		err = add_default_target();
	fill_contexts();
	if (err == 0)
		err = check_whole(log);
	if (err == 0 && reading.problems > 0)
		err = ERR_SYNTAX;
	if (err == 0) {
		*out = (struct agent_config){ .targets = reading.targets,
			.n_targets = reading.n_targets,
			.reconnect_s = reading.reconnect_s };
		memcpy(out->keyfile, reading.keyfile, sizeof(out->keyfile));
		reading.targets = NULL;
	}
	config_begin();
	return err;
}

void
agent_config_clear(struct agent_config *c)
{
	mem_free(c->targets);
	*c = (struct agent_config){ 0 };
}
