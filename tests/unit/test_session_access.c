/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in the way to a socket. With snmpd's own: tests/e2e/access.sh. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snmp/session_access.h"

enum { NOBODY = 65534 };

static char directory[] = "/tmp/test_session_access.XXXXXX";

/* Nothing is looked for on the way to another kind of address. */
static void
nothing_is_in_the_way(void **state)
{
	static const char *const paths[] = { "", "tcp:192.0.2.1:705", "agentx", "/tmp/",
		"/nonexistent/agentx/master" };
	char why[SESSION_ACCESS_MAX] = "nothing";

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++)
		assert_true(session_access_check(paths[i], why, sizeof(why)));
	assert_string_equal(why, "nothing");
}

static void
the_first_that_is_in_the_way_is_told(void **state)
{
	char path[sizeof(directory) + 16], why[SESSION_ACCESS_MAX], expected[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/master", directory);
	fclose(fopen(path, "w"));
	assert_true(session_access_check(path, why, sizeof(why)));
	chmod(path, 0400);
	assert_false(session_access_check(path, why, sizeof(why)));
	snprintf(expected, sizeof(expected), "the socket %s has mode 0400 ", path);
	assert_int_equal(strncmp(why, expected, strlen(expected)), 0);
	chmod(directory, 0600);
	assert_false(session_access_check(path, why, sizeof(why)));
	snprintf(expected, sizeof(expected), "the directory %s has mode 0600 ",
	    directory);
	assert_int_equal(strncmp(why, expected, strlen(expected)), 0);
	chmod(directory, 0700);
	unlink(path);
}

static int
start(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_in_the_way),
		cmocka_unit_test(the_first_that_is_in_the_way_is_told),
	};

	/* For root nothing is in the way. */
	if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		return 1;
	return cmocka_run_group_tests(tests, start, stop);
}
