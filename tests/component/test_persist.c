/* SPDX-License-Identifier: BSD-2-Clause */
/* What managers set, out to Net-SNMP's persistent file and back. */
#include "support/check.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "snmp/persist.h"
#include "snmp/persist_check.h"
#include "support/agent_bench.h"

#define APP "persist-test"

enum { TEXT_MAX = 4096 };

static char directory[] = "/tmp/test_persist.XXXXXX";
static char path[128];
static unsigned n_errors;
static char last_error[256];

/* The library logs what it reads wrongly; the line is kept for a look at it. */
static int
note_error(int major, int minor, void *message, void *ctx)
{
	const struct snmp_log_message *m = message;

	(void)major;
	(void)minor;
	(void)ctx;
	if (m->priority > LOG_ERR)
		return 0;
	n_errors++;
	snprintf(last_error, sizeof(last_error), "%s", m->msg);
	return 0;
}

static void
put_file(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
get_file(char text[TEXT_MAX])
{
	FILE *f = fopen(path, "r");
	size_t len;

	assert_non_null(f);
	len = fread(text, 1, TEXT_MAX - 1, f);
	text[len] = '\0';
	fclose(f);
}

static void
load(const char *text)
{
	persist_free();
	n_errors = 0;
	put_file(text);
	read_config_with_type(path, APP);
}

static void
assert_values(const char *target, uint32_t heartbeat_s, uint8_t first, uint8_t second)
{
	const struct mib_control *c = persist_control(target);

	assert_non_null(c);
	assert_int_equal(c->heartbeat_s, heartbeat_s);
	assert_int_equal(c->notif_bits[0], first);
	assert_int_equal(c->notif_bits[1], second);
}

static void
target_without_a_line_has_the_defaults(void **state)
{
	(void)state;
	load("");
	assert_values("a", 60, 0x7f, 0x00);
	assert_ptr_equal(persist_control("a"), persist_control("a"));
	assert_ptr_not_equal(persist_control("a"), persist_control("b"));
}

static void
later_line_wins(void **state)
{
	(void)state;
	load("ntpTargetControl a 5 0180\nntpTargetControl b 0 0000\n"
	     "ntpTargetControl a 4294967295 7f80\n");
	assert_int_equal(n_errors, 0);
	assert_values("a", 4294967295, 0x7f, 0x80);
	assert_values("b", 0, 0x00, 0x00);
}

static void
broken_line_loses_only_itself(void **state)
{
	(void)state;
	load("ntpTargetControl a 5 0180\nntpTargetControl b 5x 0180\n"
	     "ntpTargetControl c 6 0080\n");
	assert_int_equal(n_errors, 1);
	assert_non_null(strstr(last_error, path));
	assert_non_null(strstr(last_error, "line 2: Error: heartbeat interval \"5x\""));
	assert_values("a", 5, 0x01, 0x80);
	assert_values("b", 60, 0x7f, 0x00);
	assert_values("c", 6, 0x00, 0x80);
}

static void
values_in_use_are_newer_than_the_file(void **state)
{
	struct mib_control *c;

	(void)state;
	load("ntpTargetControl a 5 0180\n");
	c = persist_control("a");
	c->heartbeat_s = 6;
	read_config_with_type(path, APP);
	assert_values("a", 6, 0x01, 0x80);
}

static void
store_keeps_what_was_set_for_whomever(void **state)
{
	struct mib_control *a, *b;
	char text[TEXT_MAX];

	(void)state;
	load("ntpTargetControl gone 5 0180\n");
	a = persist_control("a");
	b = persist_control("b");
	assert_non_null(b);
	a->heartbeat_s = 7;
	a->notif_bits[1] = 0x80;
	persist_changed(a);
	snmp_store_if_needed();
	get_file(text);
	assert_non_null(strstr(text, "\nntpTargetControl a 7 7f80\n"));
	assert_non_null(strstr(text, "\nntpTargetControl gone 5 0180\n"));
	assert_null(strstr(text, "ntpTargetControl b"));

	persist_free();
	read_config_with_type(path, APP);
	assert_values("a", 7, 0x7f, 0x80);
	assert_values("gone", 5, 0x01, 0x80);
	assert_values("b", 60, 0x7f, 0x00);
}

static void
assert_notices(const char *target, uint32_t topics, uint32_t outside_us, uint32_t hold_s)
{
	const struct mib_control *c = persist_control(target);

	assert_non_null(c);
	assert_int_equal(c->notices.topics, topics);
	assert_int_equal(c->notices.offset_outside_us, outside_us);
	assert_int_equal(c->notices.hold_s, hold_s);
}

/* In either order, and a file of a version that knew only one of them. */
static void
lines_of_both_kinds_make_one_target(void **state)
{
	(void)state;
	load("ntpTargetControl a 5 0180\nntpTargetNotices a 8000 7 6 2 30\n"
	     "ntpTargetNotices b 0008 9 6 2 31\nntpTargetControl b 6 0080\n"
	     "ntpTargetControl c 7 0100\nntpTargetNotices d 4000 1 1 1 32\n");
	assert_int_equal(n_errors, 0);
	assert_values("a", 5, 0x01, 0x80);
	assert_notices("a", 0x0001, 7, 30);
	assert_values("b", 6, 0x00, 0x80);
	assert_notices("b", 0x1000, 9, 31);
	assert_values("c", 7, 0x01, 0x00);
	assert_notices("c", 0x1fff, 50000, 60);
	assert_values("d", 60, 0x7f, 0x00);
	assert_notices("d", 0x0002, 1, 32);
}

/* Also of what is right in it nothing is taken. */
static void
broken_notices_are_named(void **state)
{
	(void)state;
	load("ntpTargetControl a 5 0180\nntpTargetNotices a 8000 7 6 2 3601\n");
	assert_int_equal(n_errors, 1);
	assert_non_null(strstr(last_error, "line 2: Error: hold time \"3601\""));
	assert_values("a", 5, 0x01, 0x80);
	assert_notices("a", 0x1fff, 50000, 60);
}

static void
notices_are_stored_and_read_back(void **state)
{
	struct mib_control *a;
	char text[TEXT_MAX];

	(void)state;
	load("");
	a = persist_control("a");
	a->notices = (struct ntp_notice_settings){ 3, 100, 90, 4, 0 };
	persist_changed(a);
	snmp_store(APP);
	get_file(text);
	assert_non_null(strstr(text, "\nntpTargetNotices a c000 100 90 4 0\n"));
	persist_free();
	read_config_with_type(path, APP);
	assert_int_equal(n_errors, 0);
	assert_notices("a", 3, 100, 0);
	assert_int_equal(persist_control("a")->notices.offset_inside_us, 90);
	assert_int_equal(persist_control("a")->notices.sources_min, 4);
}

static void
many_targets_are_stored_in_pieces(void **state)
{
	enum { N = 1000 };
	char name[TARGET_NAME_MAX + 1];

	(void)state;
	load("");
	for (unsigned i = 0; i < N; i++) {
		struct mib_control *c;

		snprintf(name, sizeof(name), "target-with-a-long-name-%u", i);
		c = persist_control(name);
		assert_non_null(c);
		c->heartbeat_s = i;
		persist_changed(c);
	}
	snmp_store(APP);
	persist_free();
	read_config_with_type(path, APP);
	assert_int_equal(n_errors, 0);
	for (unsigned i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "target-with-a-long-name-%u", i);
		assert_values(name, i, 0x7f, 0x00);
	}
}

/* A file can have no more than so many octets: as on a full disk. */
static void
limit_files(rlim_t octets)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = octets < limit.rlim_max ? octets : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
set_heartbeats(uint32_t heartbeat_s)
{
	static const char *const names[] = { "a", "b", "c", "d" };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct mib_control *c = persist_control(names[i]);

		assert_non_null(c);
		c->heartbeat_s = heartbeat_s + (uint32_t)i;
		persist_changed(c);
	}
	snmp_store_if_needed();
}

static void
assert_stored(uint32_t heartbeat_s)
{
	persist_free();
	read_config_with_type(path, APP);
	assert_values("a", heartbeat_s, 0x7f, 0x00);
	assert_values("d", heartbeat_s + 3, 0x7f, 0x00);
}

/* Nothing at all, some of the comment, some of our lines, and all but the last number
 * fit. */
static void
full_disk_loses_nothing(void **state)
{
	static const rlim_t limits[] = { 0, 100, 700, 0 };
	struct stat whole;

	(void)state;
	load("");
	set_heartbeats(10);
	assert_int_equal(stat(path, &whole), 0);
	for (size_t i = 0; i < COUNT(limits); i++) {
		rlim_t limit =
		    i + 1 < COUNT(limits) ? limits[i] : (rlim_t)whole.st_size - 4;

		n_errors = 0;
		limit_files(limit);
		set_heartbeats(20);
		limit_files(RLIM_INFINITY);
		assert_int_equal(n_errors, 1);
		assert_non_null(strstr(last_error, path));
		assert_non_null(strstr(last_error, "cannot be stored whole"));
		assert_stored(10);
	}
}

static void
what_was_not_stored_is_tried_again(void **state)
{
	int64_t now_ns = clock_monotonic_ns(), wait_ns;

	(void)state;
	load("");
	set_heartbeats(10);
	assert_true(persist_round(now_ns) == CLOCK_NEVER);
	limit_files(100);
	set_heartbeats(20);
	limit_files(RLIM_INFINITY);
	wait_ns = persist_round(now_ns);
	assert_true(wait_ns > 0 && wait_ns <= 60 * NS_PER_S);
	snmp_store_if_needed();
	assert_true(persist_round(now_ns) != CLOCK_NEVER); /* not before its time */
	assert_true(persist_round(now_ns + 61 * NS_PER_S) == 0);
	snmp_store_if_needed();
	assert_true(persist_round(now_ns) == CLOCK_NEVER);
	assert_stored(20);
}

/* What the library keeps in the same file counts as well. */
static void
lines_of_others_are_not_lost_either(void **state)
{
	struct persist_sum sum = { 0 };
	static const char *const none[] = { NULL };
	char backup[160];

	(void)state;
	snprintf(backup, sizeof(backup), "%s/" APP ".0.conf", directory);
	put_file("engineBoots 7\n" PERSIST_END "\n\n");
	assert_int_equal(persist_check(directory, APP, none, &sum), 0);
	assert_int_equal(rename(path, backup), 0);
	put_file("engineBoots 8\noldEngineID 0x8");
	assert_int_equal(persist_check(directory, APP, none, &sum), ERR_IO);
	assert_int_not_equal(access(backup, F_OK), 0);
	assert_int_equal(persist_sum_file(&sum, none, path), 0);
	assert_true(sum.has_end);
	assert_int_equal(persist_sum_file(&sum, none, backup), ERR_IO);
}

static void
files_of_an_interrupted_store_are_read_too(void **state)
{
	char files[512], wanted[512], backup[160];

	(void)state;
	load("");
	snprintf(backup, sizeof(backup), "%s/" APP ".0.conf", directory);
	assert_int_equal(persist_files(APP, files, sizeof(files)), strlen(path));
	assert_string_equal(files, path);
	assert_int_equal(rename(path, backup), 0);
	put_file("");
	snprintf(wanted, sizeof(wanted), "%s,%s", backup, path);
	persist_files(APP, files, sizeof(files));
	assert_string_equal(files, wanted);
	assert_int_equal(unlink(backup), 0);
	assert_int_equal(persist_files("nobody", files, sizeof(files)), 0);
}

static void
stored_files_are_known_by_their_directory(void **state)
{
	static const struct {
		const char *name;
		bool is_held;
	} rows[] = {
		{ "/" APP ".conf", true },
		{ "//" APP ".conf", true },
		{ "/" APP ".0.conf", true },
		{ "/" APP ".10.conf", true },
		{ "/" APP ".x.conf", false },
		{ "/" APP ".1x.conf", false },
		{ "/" APP ".1", false },
		{ "/" APP ".conf.1", false },
		{ "/deeper/" APP ".conf", false },
		{ "x/" APP ".conf", false },
		{ "", false },
	};
	char name[160];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(name, sizeof(name), "%s%s", directory, rows[i].name);
		assert_int_equal(persist_holds(name, strlen(name)), rows[i].is_held);
	}
	assert_false(persist_holds("x.conf", 6));
	/* However the directory's own name was given. */
	snprintf(name, sizeof(name), "%s//", directory);
	set_persistent_directory(name);
	snprintf(name, sizeof(name), "%s/" APP ".conf", directory);
	assert_true(persist_holds(name, strlen(name)));
	set_persistent_directory(directory);
	assert_true(persist_holds(name, strlen(name)));
}

/* The last one: it cannot be taken back. */
static void
frozen_file_is_left_alone(void **state)
{
	char text[TEXT_MAX];

	(void)state;
	load("ntpTargetControl a 5 0180\n");
	persist_free();
	persist_freeze();
	snmp_store(APP);
	get_file(text);
	assert_string_equal(text, "ntpTargetControl a 5 0180\n");
}

static int
start(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/" APP ".conf", directory);
	setenv("SNMPCONFPATH", directory, 1);
	setenv("SNMP_PERSISTENT_DIR", directory, 1);
	setenv("MIBS", "", 1);
	netsnmp_enable_subagent();
	snmp_disable_stderrlog();
	snmp_enable_calllog();
	snmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, note_error,
	    NULL);
	init_snmp(APP);
	persist_register(APP);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	persist_free();
	snmp_shutdown(APP);
	return agent_bench_remove(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(target_without_a_line_has_the_defaults),
		cmocka_unit_test(later_line_wins),
		cmocka_unit_test(broken_line_loses_only_itself),
		cmocka_unit_test(values_in_use_are_newer_than_the_file),
		cmocka_unit_test(store_keeps_what_was_set_for_whomever),
		cmocka_unit_test(lines_of_both_kinds_make_one_target),
		cmocka_unit_test(broken_notices_are_named),
		cmocka_unit_test(notices_are_stored_and_read_back),
		cmocka_unit_test(many_targets_are_stored_in_pieces),
		cmocka_unit_test(full_disk_loses_nothing),
		cmocka_unit_test(what_was_not_stored_is_tried_again),
		cmocka_unit_test(lines_of_others_are_not_lost_either),
		cmocka_unit_test(files_of_an_interrupted_store_are_read_too),
		cmocka_unit_test(stored_files_are_known_by_their_directory),
		cmocka_unit_test(frozen_file_is_left_alone),
	};

	return cmocka_run_group_tests_name("persist", tests, start, stop);
}
