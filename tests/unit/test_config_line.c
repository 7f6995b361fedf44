/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments of directives: what is taken, what is refused and how that is explained. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "snmp/config_line.h"

static void
name_and_host_alone_get_every_default(void **state)
{
	struct target expected, t;
	bool has_context;
	char why[CONFIG_WHY_MAX];

	(void)state;
	target_init(&expected);
	strncpy(expected.name, "gps1", sizeof(expected.name) - 1);
	strncpy(expected.host, "ntp.example", sizeof(expected.host) - 1);
	assert_int_equal(config_line_target("gps1 ntp.example", &t, &has_context, why),
	    0);
	assert_true(target_equal(&t, &expected));
	assert_false(has_context);
	assert_int_equal(t.interval_s, 15);
	assert_int_equal(t.stale_after, 3);
	assert_int_equal(t.port, 123);
}

static void
every_option_is_taken_in_any_order(void **state)
{
	struct target t;
	bool has_context;
	char why[CONFIG_WHY_MAX];

	(void)state;
	assert_int_equal(
	    config_line_target("  a \t fe80::1%eth0 version 4 family ipv6 "
			       "stale-after 9 interval 60 context c:1 port 1123 "
			       "control-key 65535 write setvar push on",
		&t, &has_context, why),
	    0);
	assert_string_equal(t.name, "a");
	assert_string_equal(t.host, "fe80::1%eth0");
	assert_string_equal(t.context, "c:1");
	assert_int_equal(t.port, 1123);
	assert_int_equal(t.interval_s, 60);
	assert_int_equal(t.stale_after, 9);
	assert_int_equal(t.family, TARGET_IPV6_ONLY);
	assert_int_equal(t.version, 4);
	assert_int_equal(t.write, TARGET_WRITE_SETVAR);
	assert_int_equal(t.control_key, 65535);
	assert_true(t.wants_push);
	assert_true(has_context);
}

static void
either_family_can_be_asked_for(void **state)
{
	struct target t;
	bool has_context;
	char why[CONFIG_WHY_MAX];

	(void)state;
	assert_int_equal(config_line_target("a b family ipv4", &t, &has_context, why), 0);
	assert_int_equal(t.family, TARGET_IPV4_ONLY);
	assert_int_equal(config_line_target("a b", &t, &has_context, why), 0);
	assert_int_equal(t.family, TARGET_ANY);
}

static void
last_of_two_counts(void **state)
{
	struct target t;
	bool has_context;
	char why[CONFIG_WHY_MAX];

	(void)state;
	assert_int_equal(
	    config_line_target("a b push on push off", &t, &has_context, why), 0);
	assert_false(t.wants_push);
}

static void
empty_context_in_quotes_is_a_context(void **state)
{
	struct target t;
	bool has_context;
	char why[CONFIG_WHY_MAX];

	(void)state;
	assert_int_equal(
	    config_line_target("a b context \"\" port 5", &t, &has_context, why), 0);
	assert_true(has_context);
	assert_string_equal(t.context, "");
	assert_int_equal(t.port, 5);
}

#define LONG_33  "123456789012345678901234567890123"
#define LONG_64  "1234567890123456789012345678901234567890123456789012345678901234"
#define LONG_256 LONG_64 LONG_64 LONG_64 LONG_64

static const struct {
	const char *line;
	const char *what, *expected; /* parts of the explanation */
} refused[] = {
	{ "", "name missing", "NAME HOST" },
	{ "a", "host missing", "NAME HOST" },
	{ "a/b host", "name \"a/b\"", "letters" },
	{ LONG_33 " host", "name", "1 to 32" },
	{ "\"\" host", "name \"\"", "1 to 32" },
	{ "a " LONG_256, "host", "host name" },
	{ "a h;x", "host \"h;x\"", "host name" },
	{ "a b port", "port has no value", "1 to 65535" },
	{ "a b port 0", "port \"0\"", "1 to 65535" },
	{ "a b port 65536", "port \"65536\"", "1 to 65535" },
	{ "a b port -1", "port \"-1\"", "1 to 65535" },
	{ "a b port 12x", "port \"12x\"", "1 to 65535" },
	{ "a b port 99999999999999999999999", "port", "1 to 65535" },
	{ "a b context " LONG_33, "context", "32" },
	{ "a b context x/y", "context \"x/y\"", "letters" },
	{ "a b interval 0", "interval \"0\"", "1 to 3600" },
	{ "a b interval 3601", "interval \"3601\"", "1 to 3600" },
	{ "a b stale-after 0", "stale-after", "1 to 100" },
	{ "a b stale-after 101", "stale-after", "1 to 100" },
	{ "a b family ipx", "family \"ipx\"", "ipv4 or ipv6" },
	{ "a b write", "write has no value", "off, variables, setvar or configure" },
	{ "a b write yes", "write \"yes\"", "off, variables, setvar or configure" },
	{ "a b push", "push has no value", "off or on" },
	{ "a b push yes", "push \"yes\"", "off or on" },
	{ "a b push onn", "push \"onn\"", "off or on" },
	{ "a b control-key 0", "control-key \"0\"", "1 to 65535" },
	{ "a b control-key 65536", "control-key", "1 to 65535" },
	{ "a b version 5", "version \"5\"", "1 to 4" },
	{ "a b context \"gps1", "context \"\"gps1\"", "letters" },
	{ "a b context \"\"\"", "context", "letters" },
	{ "a \"b\"c", "host \"\"b\"c\"", "host name" },
	{ "a b \"port\"5", "option", "interval" },
	{ "a b colour red", "option \"colour\"", "interval" },
	{ "a b \x01\x7f 1", "option \"??\"", "interval" },
};

static void
wrong_line_is_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct target t;
		bool has_context;
		char why[CONFIG_WHY_MAX] = "";
		int err = config_line_target(refused[i].line, &t, &has_context, why);

		if (err >= 0 || strstr(why, refused[i].what) == NULL ||
		    strstr(why, refused[i].expected) == NULL)
			fail_msg("'%s': %d '%s'", refused[i].line, err, why);
	}
}

static void
every_word_of_writing_is_known(void **state)
{
	static const struct {
		const char *line;
		enum target_write write;
	} rows[] = {
		{ "a b write off", TARGET_WRITE_OFF },
		{ "a b write variables", TARGET_WRITE_VARIABLES },
		{ "a b write setvar", TARGET_WRITE_SETVAR },
		{ "a b write configure", TARGET_WRITE_CONFIGURE },
	};
	char why[CONFIG_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct target t;
		bool has_context;

		assert_int_equal(config_line_target(rows[i].line, &t, &has_context, why),
		    0);
		assert_int_equal(t.write, rows[i].write);
	}
}

static void
path_is_absolute(void **state)
{
	static const char *const refused_lines[] = { "", "keys", "/", "./keys", "/a /b",
		"\"/a b", "/" LONG_256 LONG_256 LONG_256 LONG_256 };
	char path[CONFIG_PATH_MAX], why[CONFIG_WHY_MAX];

	(void)state;
	assert_int_equal(config_line_path(" /etc/ntp.keys ", path, why), 0);
	assert_string_equal(path, "/etc/ntp.keys");
	assert_int_equal(config_line_path("\"/etc/my keys\"", path, why), 0);
	assert_string_equal(path, "/etc/my keys");
	for (size_t i = 0; i < COUNT(refused_lines); i++) {
		why[0] = '\0';
		if (config_line_path(refused_lines[i], path, why) >= 0 ||
		    strstr(why, "expected one file name") == NULL)
			fail_msg("'%s': '%s'", refused_lines[i], why);
	}
}

static void
number_respects_its_range(void **state)
{
	static const struct {
		const char *line;
		int err;
		uint32_t value;
	} rows[] = {
		{ "1", 0, 1 },
		{ " 3600 ", 0, 3600 },
		{ "3601", ERR_RANGE, 7 },
		{ "0", ERR_RANGE, 7 },
		{ "", ERR_RANGE, 7 },
		{ "5 6", ERR_RANGE, 7 },
		{ "x", ERR_RANGE, 7 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t value = 7;
		char why[CONFIG_WHY_MAX] = "";

		assert_int_equal(config_line_number(rows[i].line, 1, 3600, &value, why),
		    rows[i].err);
		assert_int_equal(value, rows[i].value);
		if (rows[i].err != 0)
			assert_non_null(strstr(why, "one number from 1 to 3600"));
	}
}

static void
control_line_reads_back_what_was_written(void **state)
{
	static const struct {
		const char *name;
		struct mib_control control;
		const char *line;
	} rows[] = {
		{ "local", { .heartbeat_s = 60, .notif_bits = { 0x7f, 0x00 } },
		    "local 60 7f00" },
		{ "a", { .heartbeat_s = 0, .notif_bits = { 0x00, 0x00 } }, "a 0 0000" },
		{ "gps-1.x", { .heartbeat_s = UINT32_MAX, .notif_bits = { 0x7f, 0x80 } },
		    "gps-1.x 4294967295 7f80" },
		{ "12345678901234567890123456789012",
		    { .heartbeat_s = UINT32_MAX, .notif_bits = { 0x01, 0x80 } },
		    "12345678901234567890123456789012 4294967295 0180" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char line[CONFIG_CONTROL_MAX], why[CONFIG_WHY_MAX];
		char name[TARGET_NAME_MAX + 1];
		struct mib_control c = { .heartbeat_s = 1, .notif_bits = { 1, 0 } };

		assert_int_equal(
		    config_line_store_control(rows[i].name, &rows[i].control, line),
		    strlen(rows[i].line));
		assert_string_equal(line, rows[i].line);
		assert_int_equal(config_line_control(line, name, &c, why), 0);
		assert_string_equal(name, rows[i].name);
		assert_int_equal(c.heartbeat_s, rows[i].control.heartbeat_s);
		assert_memory_equal(c.notif_bits, rows[i].control.notif_bits,
		    sizeof(c.notif_bits));
	}
}

static void
wrong_control_line_is_explained(void **state)
{
	static const struct {
		const char *line, *what;
	} rows[] = {
		{ "", "name \"\" is not valid" },
		{ "a/b 60 7f00", "name \"a/b\"" },
		{ LONG_33 " 60 7f00", "name" },
		{ "a", "heartbeat interval \"\"" },
		{ "a -1 7f00", "heartbeat interval \"-1\"" },
		{ "a 4294967296 7f00", "heartbeat interval" },
		{ "a 60", "bits \"\"" },
		{ "a 60 7f", "bits \"7f\"" },
		{ "a 60 7f0000", "bits \"7f0000\"" },
		{ "a 60 0x7f", "bits \"0x7f\"" },
		{ "a 60 zzzz", "bits \"zzzz\"" },
		{ "a 60 8000", "bits \"8000\"" },
		{ "a 60 7f40", "bits \"7f40\"" },
		{ "a 60 7f00 more", "word \"more\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char name[TARGET_NAME_MAX + 1], why[CONFIG_WHY_MAX] = "";
		struct mib_control c;

		if (config_line_control(rows[i].line, name, &c, why) >= 0 ||
		    strstr(why, rows[i].what) == NULL)
			fail_msg("'%s': '%s'", rows[i].line, why);
	}
}

static void
notices_line_reads_back_what_was_written(void **state)
{
	static const struct {
		const char *name;
		struct ntp_notice_settings notices;
		const char *line;
	} rows[] = {
		{ "local", { NTP_NOTICE_ALL_TOPICS, 50000, 40000, 1, 60 },
		    "local fff8 50000 40000 1 60" },
		{ "a", { 0, 0, 0, 0, 0 }, "a 0000 0 0 0 0" },
		{ "12345678901234567890123456789012",
		    { 1, UINT32_MAX, UINT32_MAX, 65535, 3600 },
		    "12345678901234567890123456789012 8000 4294967295 4294967295 65535 "
		    "3600" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mib_control written = { .notices = rows[i].notices };
		struct mib_control c = { .heartbeat_s = 9 };
		char line[CONFIG_NOTICES_MAX], why[CONFIG_WHY_MAX];
		char name[TARGET_NAME_MAX + 1];

		assert_int_equal(config_line_store_notices(rows[i].name, &written, line),
		    strlen(rows[i].line));
		assert_string_equal(line, rows[i].line);
		assert_int_equal(config_line_notices(line, name, &c, why), 0);
		assert_string_equal(name, rows[i].name);
		assert_memory_equal(&c.notices, &rows[i].notices, sizeof(c.notices));
		assert_int_equal(c.heartbeat_s, 9);
	}
}

static void
wrong_notices_line_is_explained(void **state)
{
	static const struct {
		const char *line, *what;
	} rows[] = {
		{ "", "name \"\" is not valid" },
		{ "a/b fff8 1 1 1 1", "name \"a/b\"" },
		{ "a", "switches \"\"" },
		{ "a ff 1 1 1 1", "switches \"ff\"" },
		{ "a ffff 1 1 1 1", "switches \"ffff\"" },
		{ "a fff8", "outer limit \"\"" },
		{ "a fff8 -1 1 1 1", "outer limit \"-1\"" },
		{ "a fff8 1 4294967296 1 1", "inner limit \"4294967296\"" },
		{ "a fff8 1 1 65536 1", "number of sources \"65536\"" },
		{ "a fff8 1 1 1 3601", "hold time \"3601\"" },
		{ "a fff8 1 1 1", "hold time \"\"" },
		{ "a fff8 1 1 1 1 more", "word \"more\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char name[TARGET_NAME_MAX + 1], why[CONFIG_WHY_MAX] = "";
		struct mib_control c;

		if (config_line_notices(rows[i].line, name, &c, why) >= 0 ||
		    strstr(why, rows[i].what) == NULL)
			fail_msg("'%s': '%s'", rows[i].line, why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_and_host_alone_get_every_default),
		cmocka_unit_test(every_option_is_taken_in_any_order),
		cmocka_unit_test(either_family_can_be_asked_for),
		cmocka_unit_test(last_of_two_counts),
		cmocka_unit_test(empty_context_in_quotes_is_a_context),
		cmocka_unit_test(wrong_line_is_explained),
		cmocka_unit_test(every_word_of_writing_is_known),
		cmocka_unit_test(path_is_absolute),
		cmocka_unit_test(number_respects_its_range),
		cmocka_unit_test(control_line_reads_back_what_was_written),
		cmocka_unit_test(wrong_control_line_is_explained),
		cmocka_unit_test(notices_line_reads_back_what_was_written),
		cmocka_unit_test(wrong_notices_line_is_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
