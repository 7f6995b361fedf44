/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the configuration and of the persistent file, by the directives they belong
 * to: what was read is within its limits, and what was stored is read to the same. */
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "snmp/config.h"
#include "snmp/config_line.h"

static void
check_target(const char *line)
{
	char why[CONFIG_WHY_MAX] = "";
	struct target t;
	bool has_context;

	if (config_line_target(line, &t, &has_context, why) != 0) {
		FUZZ_REQUIRE(why[0] != '\0' && memchr(why, '\0', sizeof(why)) != NULL);
		return;
	}
	FUZZ_REQUIRE(t.name[0] != '\0' && memchr(t.name, '\0', sizeof(t.name)) != NULL);
	FUZZ_REQUIRE(t.host[0] != '\0' && memchr(t.host, '\0', sizeof(t.host)) != NULL);
	FUZZ_REQUIRE(memchr(t.context, '\0', sizeof(t.context)) != NULL);
	FUZZ_REQUIRE(t.port != 0);
	FUZZ_REQUIRE(target_equal(&t, &t));
}

static void
check_control(const char *line)
{
	char name[TARGET_NAME_MAX + 1], twin_name[TARGET_NAME_MAX + 1],
	    why[CONFIG_WHY_MAX], stored[CONFIG_CONTROL_MAX];
	struct mib_control c, twin;

	mib_control_init(&c);
	if (config_line_control(line, name, &c, why) != 0)
		return;
	(void)config_line_store_control(name, &c, stored);
	mib_control_init(&twin);
	FUZZ_REQUIRE(config_line_control(stored, twin_name, &twin, why) == 0);
	FUZZ_REQUIRE(strcmp(name, twin_name) == 0 && c.heartbeat_s == twin.heartbeat_s);
	FUZZ_REQUIRE(memcmp(c.notif_bits, twin.notif_bits, sizeof(c.notif_bits)) == 0);
}

static void
check_notices(const char *line)
{
	char name[TARGET_NAME_MAX + 1], twin_name[TARGET_NAME_MAX + 1],
	    why[CONFIG_WHY_MAX], stored[CONFIG_NOTICES_MAX], again[CONFIG_NOTICES_MAX];
	struct mib_control c, twin;

	mib_control_init(&c);
	if (config_line_notices(line, name, &c, why) != 0)
		return;
	(void)config_line_store_notices(name, &c, stored);
	mib_control_init(&twin);
	FUZZ_REQUIRE(config_line_notices(stored, twin_name, &twin, why) == 0);
	(void)config_line_store_notices(twin_name, &twin, again);
	FUZZ_REQUIRE(strcmp(stored, again) == 0);
}

static void
check_others(const char *line)
{
	char path[CONFIG_PATH_MAX], why[CONFIG_WHY_MAX];
	uint32_t number;

	if (config_line_path(line, path, why) == 0)
		FUZZ_REQUIRE(path[0] == '/' && memchr(path, '\0', sizeof(path)) != NULL);
	if (config_line_number(line, 1, CONFIG_RECONNECT_MAX_S, &number, why) == 0)
		FUZZ_REQUIRE(number >= 1 && number <= CONFIG_RECONNECT_MAX_S);
}

/* As one of our directives, the way the library hands it over; not by it, which would
 * keep a copy of each. */
static void
hand_over(const char *line)
{
	static const char *const tokens[] = { "target", "keyfile", "reconnectInterval" };
	size_t which = (unsigned char)line[0] % 8;
	const char *token = tokens[which < 6 ? 0 : which - 5];
	const struct config_line *row = read_config_get_handlers("fuzz");
	char *copy = strdup(line);

	if (!copy)
		abort();
	while (row && strcmp(row->config_token, token) != 0)
		row = row->next;
	FUZZ_REQUIRE(row != NULL);
	row->parse_line(token, copy);
	free(copy);
}

static void
on_log(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	FUZZ_REQUIRE(strlen(line) < LOG_LINE_MAX);
}

/* What all lines make together. */
static void
take_all(void)
{
	static const struct logger log = { on_log, NULL };
	struct agent_config config = { 0 };

	if (config_take(&log, &config) != 0)
		return;
	FUZZ_REQUIRE(config.n_targets >= 1 && config.n_targets <= TARGETS_MAX);
	for (size_t i = 1; i < config.n_targets; i++) {
		FUZZ_REQUIRE(strcmp(config.targets[0].name, config.targets[i].name) != 0);
		FUZZ_REQUIRE(
		    strcmp(config.targets[0].context, config.targets[i].context) != 0);
	}
	agent_config_clear(&config);
}

static void
start(void)
{
	static bool is_started;

	if (is_started)
		return;
	is_started = true;
	netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
	config_register("fuzz");
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_input in = { bytes, len };

	start();
	config_begin();
	while (in.left > 0) {
		char *line = fuzz_line(&in);

		check_target(line);
		check_control(line);
		check_notices(line);
		check_others(line);
		hand_over(line);
		free(line);
	}
	take_all();
	return 0;
}
