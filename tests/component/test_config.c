/* SPDX-License-Identifier: BSD-2-Clause */
/* Mistakes that the library itself complains of count when they are in a file of ours,
 * and there only. */
#include "support/check.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "snmp/config.h"
#include "support/agent_bench.h"

#define APP "config-test"

enum { PATH_CAP = 128 };

static char directory[] = "/tmp/test_config.XXXXXX";

static void
note_line(void *ctx, enum log_level level, const char *line)
{
	(void)ctx;
	(void)level;
	(void)line;
}

/* What a file of that name with these lines is worth, read as one of the program's. */
static int
verdict(const char *name, const char *line, unsigned n)
{
	static const struct logger log = { note_line, NULL };
	struct agent_config config;
	char path[PATH_CAP];
	FILE *f;
	int err;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "w");
	assert_non_null(f);
	for (unsigned i = 0; i < n; i++)
		fprintf(f, "target t%u host%u\n", i, i);
	fputs(line, f);
	assert_int_equal(fclose(f), 0);
	config_begin();
	read_config_with_type(path, APP);
	err = config_take(&log, &config);
	if (err == 0) {
		assert_int_equal(config.n_targets, n > 0 ? n : 1);
		agent_config_clear(&config);
	}
	return err;
}

static void
mistakes_in_our_files_count(void **state)
{
	(void)state;
	assert_int_equal(verdict(APP ".conf", "", 1), 0);
	assert_int_equal(verdict(APP ".conf", "targets a host\n", 1), ERR_SYNTAX);
	assert_int_equal(verdict(APP ".local.conf", "targets a host\n", 1), ERR_SYNTAX);
	assert_int_equal(verdict(APP ".conf", "keyfile\n", 1), ERR_SYNTAX);
	assert_int_equal(verdict("snmp.conf", "", 1), 0);
	assert_int_equal(verdict("snmp.conf", "targets a host\n", 1), 0);
}

/* Any of those that -c gave, by its whole name. */
static void
files_that_were_given_are_ours(void **state)
{
	char given[3 * PATH_CAP];

	(void)state;
	snprintf(given, sizeof(given), "%s/a.conf,%s/b.conf", directory, directory);
	netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_OPTIONALCONFIG,
	    given);
	assert_int_equal(verdict("a.conf", "targets a host\n", 0), ERR_SYNTAX);
	assert_int_equal(verdict("b.conf", "targets a host\n", 0), ERR_SYNTAX);
	assert_int_equal(verdict("b.con", "targets a host\n", 0), 0);
	assert_int_equal(verdict("c.conf", "targets a host\n", 0), 0);
	netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_OPTIONALCONFIG, NULL);
}

/* What the library logs of something else is none. */
static void
other_complaints_do_not_count(void **state)
{
	static const struct logger log = { note_line, NULL };
	struct agent_config config;

	(void)state;
	config_begin();
	snmp_log(LOG_ERR, "%s/" APP ".conf: Unknown token: x\n", directory);
	snmp_log(LOG_ERR, "%s/" APP ".conf: line 1: something\n", directory);
	assert_int_equal(config_take(&log, &config), 0);
	agent_config_clear(&config);
	config_begin();
	snmp_log(LOG_ERR, "%s/" APP ".conf: line 1: Error: x\n", directory);
	assert_int_equal(config_take(&log, &config), ERR_SYNTAX);
}

static int
start(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	setenv("SNMPCONFPATH", "/nonexistent", 1);
	setenv("SNMP_PERSISTENT_DIR", directory, 1);
	setenv("MIBS", "", 1);
	snmp_disable_stderrlog();
	config_register(APP);
	init_snmp(APP);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	config_begin();
	snmp_shutdown(APP);
	return agent_bench_remove(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes_in_our_files_count),
		cmocka_unit_test(files_that_were_given_are_ours),
		cmocka_unit_test(other_complaints_do_not_count),
	};

	return cmocka_run_group_tests_name("config", tests, start, stop);
}
