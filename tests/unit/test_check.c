/* SPDX-License-Identifier: BSD-2-Clause */
/* Every ending of every step of `check`, from facts that are made up. */
#include "support/check.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "model/vars.h"
#include "probe/check.h"

enum { CHANGES_MAX = 6 };

/* What differs from a way without an obstacle. */
struct change {
	size_t at, size;
	uint64_t value;
	const char *text; /* NULL: the value */
};

#define IS(field, what) \
	{ \
		offsetof(struct check_facts, field), \
		    sizeof(((struct check_facts *)0)->field), (uint64_t)(what), NULL \
	}
#define SAYS(field, what) \
	{ \
		offsetof(struct check_facts, field), CHECK_WORD_MAX, 0, what \
	}

#define SAYS_HOST(what) \
	{ \
		offsetof(struct check_facts, host), CHECK_HOST_MAX, 0, what \
	}

static const struct check_caller caller = {
	.program = "checker",
	.family_word = "--family chooses",
	.key_word = "--key",
	.socket_word = "--socket",
	.snmp_word = "--snmp",
	.tried = "; somebody tried",
	.user_word = "--user",
};

static struct check_facts
all_well(void)
{
	struct check_facts f = {
		.caller = &caller,
		.host = "localhost",
		.port = 123,
		.addresses = "::1, 127.0.0.1",
		.address = "::1",
		.time_trip_ns = 214 * NS_PER_US,
		.time = { .leap = 0,
		    .version = 4,
		    .stratum = 2,
		    .refid = { 192, 0, 2, 7 } },
		.control_trip_ns = 1250 * NS_PER_US,
		.version = "ntpd 4.2.8p15@1.3728-o",
		.kinds = NTP_KIND_428,
		.has_leap = true,
		.has_stratum = true,
		.stratum = 3,
		.n_assocs = 5,
		.n_reachable = 4,
		.n_usable = 3,
		.peer = "192.0.2.7",
		.has_key_file = true,
		.key_file = "/etc/ntp.keys",
		.n_keys = 3,
		.key_id = 7,
		.has_key = true,
		.key_type = "SHA256",
		.writevar = { .mac = M6_MAC_VALID },
		.configure = { .mac = M6_MAC_VALID, .text = "Config Succeeded" },
		.is_for_agent = true,
		.socket = CHECK_SOCKET_OK,
		.socket_path = "/var/agentx/master",
		.socket_what = "mode 0660 root:snmp",
		.socket_directory = "/var/agentx",
		.user = "root",
		.snmp_address = "localhost",
		.snmp_who = "community \"public\"",
		.is_community = true,
		.snmp_trip_ns = NS_PER_MS,
		.snmp_descr = "Linux host",
		.n_listed = 9,
		.is_listed = true,
		.agent_descr = "NTP-AGENTX-MIB by ntp-agentx 1",
		.shows_ntpv4 = true,
		.shows_own = true,
		.is_default_served = true,
		.enterprise = ".1.3.6.1.4.1.8072",
		.n_targets = 1,
		.target = "local",
		.target_state = 2,
	};

	return f;
}

static void
apply(struct check_facts *f, const struct change *c)
{
	char *at = (char *)f + c->at;
	uint64_t value = c->value;
	uint8_t byte = (uint8_t)value;
	uint16_t word = (uint16_t)value;
	uint32_t number = (uint32_t)value;

	if (c->text) {
		assert_true(strlen(c->text) < c->size);
		strcpy(at, c->text);
		return;
	}
	switch (c->size) {
	case sizeof(byte):
		memcpy(at, &byte, sizeof(byte));
		break;
	case sizeof(word):
		memcpy(at, &word, sizeof(word));
		break;
	case sizeof(number):
		memcpy(at, &number, sizeof(number));
		break;
	default:
		memcpy(at, &value, sizeof(value));
	}
}

static const struct row {
	enum check_id step;
	enum check_result result;
	const char *finding; /* a part of it */
	struct change changes[CHANGES_MAX];
} rows[] = {
	/* clang-format off */
	{ CHECK_NAME, CHECK_OK, "::1, 127.0.0.1", { { 0 } } },
	{ CHECK_NAME, CHECK_FAILED, "no such host", { IS(name_err, ERR_NOTFOUND), SAYS(name_reason, "no such host") } },
	{ CHECK_NAME, CHECK_SKIPPED, "interrupted", { IS(name_err, ERR_CANCELLED) } },
	{ CHECK_TIME, CHECK_SKIPPED, "needs the step \"name\"", { IS(name_err, ERR_NOTFOUND) } },

	{ CHECK_TIME, CHECK_OK, "answered in 0.214 ms: stratum 2, reference 192.0.2.7", { { 0 } } },
	{ CHECK_TIME, CHECK_WARNING, "RATE", { IS(time.kiss, TIME_KISS_RATE) } },
	{ CHECK_TIME, CHECK_WARNING, ".DENY.", { IS(time.kiss, TIME_KISS_DENY), IS(time.stratum, 0),
	    IS(time.refid[0], 'D'), IS(time.refid[1], 'E'), IS(time.refid[2], 'N'), IS(time.refid[3], 'Y') } },
	{ CHECK_TIME, CHECK_WARNING, "not synchronised (stratum 16, ", { IS(time.stratum, 16) } },
	{ CHECK_TIME, CHECK_WARNING, "not synchronised", { IS(time.kiss, TIME_KISS_UNSYNCED) } },
	{ CHECK_TIME, CHECK_WARNING, "leap_alarm", { IS(time.leap, 3) } },
	{ CHECK_TIME, CHECK_FAILED, "nobody listens on UDP port 123", { IS(time_err, ERR_REFUSED) } },
	{ CHECK_TIME, CHECK_WARNING, "2 datagrams", { IS(time_err, ERR_TIMEOUT), IS(n_strange, 2) } },
	{ CHECK_TIME, CHECK_WARNING, "though mode 6 is answered", { IS(time_err, ERR_TIMEOUT) } },
	{ CHECK_TIME, CHECK_FAILED, "no answer from ::1", { IS(time_err, ERR_TIMEOUT), IS(control_err, ERR_TIMEOUT) } },
	{ CHECK_TIME, CHECK_SKIPPED, "interrupted", { IS(time_err, ERR_CANCELLED) } },

	{ CHECK_CONTROL, CHECK_OK, "answered in 1.25 ms, 5 associations", { { 0 } } },
	{ CHECK_CONTROL, CHECK_FAILED, "fell silent", { IS(system_err, ERR_TIMEOUT) } },
	{ CHECK_CONTROL, CHECK_WARNING, "2 requests had to be repeated", { IS(n_again, 2) } },
	{ CHECK_CONTROL, CHECK_WARNING, "0 requests", { IS(is_rate_limited, true) } },
	{ CHECK_CONTROL, CHECK_FAILED, "nobody listens on UDP port 123 of ::1", { IS(control_err, ERR_REFUSED) } },
	{ CHECK_CONTROL, CHECK_FAILED, "refused: permission", { IS(control_err, ERR_DAEMON), IS(control_code, M6_ERROR_PERMISSION) } },
	{ CHECK_CONTROL, CHECK_FAILED, "in part", { IS(control_err, ERR_TRUNCATED) } },
	{ CHECK_CONTROL, CHECK_FAILED, "limits our rate", { IS(control_err, ERR_TIMEOUT), IS(time.kiss, TIME_KISS_RATE) } },
	{ CHECK_CONTROL, CHECK_FAILED, "denied too", { IS(control_err, ERR_TIMEOUT), IS(time.kiss, TIME_KISS_DENY) } },
	{ CHECK_CONTROL, CHECK_FAILED, "though time requests are answered", { IS(control_err, ERR_TIMEOUT) } },
	{ CHECK_CONTROL, CHECK_FAILED, "no answer from ::1", { IS(control_err, ERR_TIMEOUT), IS(time_err, ERR_TIMEOUT) } },
	{ CHECK_CONTROL, CHECK_FAILED, "makes sense", { IS(control_err, ERR_PROTOCOL) } },

	{ CHECK_DAEMON, CHECK_SKIPPED, "needs the step \"mode 6\"", { IS(control_err, ERR_TIMEOUT) } },
	{ CHECK_DAEMON, CHECK_OK, "ntpd 4.2.8p15", { { 0 } } },
	{ CHECK_DAEMON, CHECK_OK, "without writevar", { IS(kinds, NTP_KIND_SEC) } },
	{ CHECK_DAEMON, CHECK_WARNING, "ntpd 4.2.8p15", { IS(kinds, NTP_KIND_SEC122) } },
	{ CHECK_DAEMON, CHECK_WARNING, "ntpd 4.2.8p15", { IS(kinds, NTP_KIND_OLD) } },
	{ CHECK_DAEMON, CHECK_WARNING, "ntpd 4.2.8p15", { IS(kinds, NTP_KIND_426 | NTP_KIND_428) } },
	{ CHECK_DAEMON, CHECK_WARNING, "neither", { IS(kinds, NTP_KIND_ANY) } },
	{ CHECK_DAEMON, CHECK_WARNING, "does not say", { SAYS(version, "") } },
	{ CHECK_DAEMON, CHECK_FAILED, "cannot be read: permission", { IS(system_err, ERR_DAEMON), IS(system_code, M6_ERROR_PERMISSION) } },
	{ CHECK_DAEMON, CHECK_FAILED, "could not be read", { IS(system_err, ERR_PROTOCOL) } },

	{ CHECK_SYNC, CHECK_OK, "stratum 3, system peer 192.0.2.7; 3 of 5", { { 0 } } },
	{ CHECK_SYNC, CHECK_OK, "without a system peer", { SAYS(peer, "") } },
	{ CHECK_SYNC, CHECK_WARNING, "does not say", { IS(has_leap, false) } },
	{ CHECK_SYNC, CHECK_WARNING, "does not say", { IS(has_stratum, false) } },
	{ CHECK_SYNC, CHECK_WARNING, "there is no association", { IS(leap, 3), IS(n_assocs, 0) } },
	{ CHECK_SYNC, CHECK_WARNING, "none of 5 associations", { IS(leap, 3), IS(n_reachable, 0) } },
	{ CHECK_SYNC, CHECK_WARNING, "none of 4 reachable", { IS(stratum, 16) } },

	{ CHECK_KEY, CHECK_OK, "key 7 (SHA256) of /etc/ntp.keys", { { 0 } } },
	{ CHECK_KEY, CHECK_OK, "as it was typed", { IS(is_typed, true) } },
	{ CHECK_KEY, CHECK_SKIPPED, "no key was given", { IS(has_key_file, false), IS(key_id, 0) } },
	{ CHECK_KEY, CHECK_FAILED, "key 7 without its secret", { IS(has_key_file, false) } },
	{ CHECK_KEY, CHECK_FAILED, "no such file", { IS(key_file_err, ERR_NOTFOUND) } },
	{ CHECK_KEY, CHECK_FAILED, "mode 0666", { IS(key_file_err, ERR_IO), SAYS(key_problem, "mode 0666") } },
	{ CHECK_KEY, CHECK_FAILED, "holds 3 keys", { IS(has_key, false), IS(key_id, 0) } },
	{ CHECK_KEY, CHECK_FAILED, "holds no key 7", { IS(has_key, false) } },
	{ CHECK_KEY, CHECK_FAILED, "no key 7 that can be used", { IS(has_key, false), SAYS(key_problem, "keys:3: no type") } },
	{ CHECK_KEY, CHECK_WARNING, "mode 0644", { SAYS(key_problem, "mode 0644") } },

	{ CHECK_MAC, CHECK_SKIPPED, "needs the step \"key\"", { IS(has_key, false) } },
	{ CHECK_MAC, CHECK_SKIPPED, "needs the step \"mode 6\"", { IS(control_err, ERR_REFUSED) } },
	{ CHECK_MAC, CHECK_SKIPPED, "interrupted", { IS(writevar.err, ERR_CANCELLED) } },
	{ CHECK_MAC, CHECK_OK, "valid signature", { { 0 } } },
	{ CHECK_MAC, CHECK_OK, "valid signature", { IS(writevar.err, ERR_DAEMON), IS(writevar.daemon_error, M6_ERROR_PERMISSION) } },
	{ CHECK_MAC, CHECK_FAILED, "crypto-NAK", { IS(writevar.err, ERR_DAEMON), IS(writevar.mac, M6_MAC_NAK) } },
	{ CHECK_MAC, CHECK_FAILED, "bad opcode, without a signature", { IS(writevar.err, ERR_DAEMON), IS(writevar.mac, M6_MAC_NONE),
	    IS(writevar.daemon_error, M6_ERROR_BADOP) } },
	{ CHECK_MAC, CHECK_FAILED, "wrong signature, or none", { IS(writevar.err, ERR_TIMEOUT), IS(writevar.is_strange, true) } },
	{ CHECK_MAC, CHECK_FAILED, "no answer", { IS(writevar.err, ERR_TIMEOUT) } },

	{ CHECK_WRITE, CHECK_SKIPPED, "needs the step \"signature\"", { IS(writevar.err, ERR_TIMEOUT) } },
	{ CHECK_WRITE, CHECK_OK, "writevar and configure", { { 0 } } },
	{ CHECK_WRITE, CHECK_OK, "no writevar", { IS(writevar.err, ERR_DAEMON), IS(writevar.daemon_error, M6_ERROR_BADOP) } },
	{ CHECK_WRITE, CHECK_FAILED, "not for writing", { IS(writevar.err, ERR_DAEMON), IS(writevar.daemon_error, M6_ERROR_PERMISSION) } },
	{ CHECK_WRITE, CHECK_FAILED, "not for writing", { IS(writevar.err, ERR_DAEMON), IS(writevar.daemon_error, M6_ERROR_BADOP),
	    IS(configure.err, ERR_DAEMON), IS(configure.daemon_error, M6_ERROR_PERMISSION) } },
	{ CHECK_WRITE, CHECK_WARNING, "configure is prohibited", { SAYS(configure.text, "prohibited by restrict ... nomodify") } },
	{ CHECK_WRITE, CHECK_FAILED, "configure is prohibited", { SAYS(configure.text, "prohibited by restrict ... nomodify"),
	    IS(writevar.err, ERR_DAEMON), IS(writevar.daemon_error, M6_ERROR_BADOP) } },
	{ CHECK_WRITE, CHECK_FAILED, "refused: bad format", { IS(configure.err, ERR_DAEMON), IS(configure.daemon_error, M6_ERROR_BADFMT) } },
	{ CHECK_WRITE, CHECK_FAILED, "column 1 syntax error", { SAYS(configure.text, "column 1 syntax error") } },
	{ CHECK_WRITE, CHECK_FAILED, "no answer to a configure", { IS(configure.err, ERR_TIMEOUT) } },
	{ CHECK_WRITE, CHECK_SKIPPED, "interrupted", { IS(configure.err, ERR_CANCELLED) } },

	{ CHECK_SOCKET, CHECK_OK, "root may connect to /var/agentx/master (mode 0660 root:snmp)", { { 0 } } },
	{ CHECK_SOCKET, CHECK_SKIPPED, "not this machine", { IS(is_for_agent, false) } },
	{ CHECK_SOCKET, CHECK_SKIPPED, "not wanted", { IS(is_unwanted, true) } },
	{ CHECK_SOCKET, CHECK_SKIPPED, "no path", { IS(socket, CHECK_SOCKET_NO_PATH) } },
	{ CHECK_SOCKET, CHECK_FAILED, "does not exist", { IS(socket, CHECK_SOCKET_MISSING) } },
	{ CHECK_SOCKET, CHECK_FAILED, "may not enter /var/agentx", { IS(socket, CHECK_SOCKET_DIRECTORY), IS(is_listed, false) } },
	{ CHECK_SOCKET, CHECK_FAILED, "may not connect", { IS(socket, CHECK_SOCKET_DENIED), IS(is_listed, false) } },
	{ CHECK_SOCKET, CHECK_WARNING, "may not connect", { IS(socket, CHECK_SOCKET_DENIED) } },
	{ CHECK_SOCKET, CHECK_WARNING, "may not connect", { IS(socket, CHECK_SOCKET_DIRECTORY) } },
	{ CHECK_SOCKET, CHECK_FAILED, "nobody listens", { IS(socket, CHECK_SOCKET_STALE) } },
	{ CHECK_SOCKET, CHECK_FAILED, "is no socket", { IS(socket, CHECK_SOCKET_NONE) } },
	{ CHECK_SOCKET, CHECK_WARNING, "takes no connection", { IS(socket, CHECK_SOCKET_BUSY) } },
	{ CHECK_SOCKET, CHECK_FAILED, "/var/agentx/master: ", { IS(socket, CHECK_SOCKET_OTHER), IS(socket_errno, 5) } },

	{ CHECK_SNMP, CHECK_OK, "localhost answered community \"public\" in 1.0 ms: Linux host", { { 0 } } },
	{ CHECK_SNMP, CHECK_SKIPPED, "not this machine", { IS(is_for_agent, false) } },
	{ CHECK_SNMP, CHECK_SKIPPED, "not wanted", { IS(is_unwanted, true) } },
	{ CHECK_SNMP, CHECK_FAILED, "does not answer", { IS(snmp_err, ERR_TIMEOUT) } },
	{ CHECK_SNMP, CHECK_FAILED, "does not answer", { IS(snmp_err, ERR_TIMEOUT), IS(is_community, false) } },
	{ CHECK_SNMP, CHECK_FAILED, "unknown host", { IS(snmp_err, ERR_SYNTAX), SAYS(snmp_reason, "unknown host") } },
	{ CHECK_SNMP, CHECK_FAILED, "refuses community", { IS(snmp_err, ERR_REFUSED) } },
	{ CHECK_SNMP, CHECK_SKIPPED, "interrupted", { IS(snmp_err, ERR_CANCELLED) } },

	{ CHECK_AGENT, CHECK_SKIPPED, "needs the step \"snmpd\"", { IS(snmp_err, ERR_TIMEOUT) } },
	{ CHECK_AGENT, CHECK_OK, "NTP-AGENTX-MIB by", { { 0 } } },
	{ CHECK_AGENT, CHECK_OK, "its objects are there", { IS(is_listed, false), IS(n_listed, 0) } },
	{ CHECK_AGENT, CHECK_WARNING, "no list of agents", { IS(is_listed, false), IS(n_listed, 0), IS(shows_own, false) } },
	{ CHECK_AGENT, CHECK_FAILED, "among the 9 entries", { IS(is_listed, false), IS(shows_own, false) } },
	{ CHECK_AGENT, CHECK_FAILED, "answers no more", { IS(is_listed, false), IS(shows_own, false), IS(list_err, ERR_TIMEOUT) } },

	{ CHECK_VIEW, CHECK_SKIPPED, "needs the step \"agent\"", { IS(is_listed, false), IS(shows_own, false) } },
	{ CHECK_VIEW, CHECK_OK, "target local of the agent is up", { { 0 } } },
	{ CHECK_VIEW, CHECK_OK, "none of the agent's 1 targets", { SAYS(target, "") } },
	{ CHECK_VIEW, CHECK_OK, "and the agent's 1 targets", { SAYS(target, ""), SAYS_HOST("") } },
	{ CHECK_VIEW, CHECK_OK, "no target has the default context", { IS(shows_ntpv4, false), IS(is_default_served, false) } },
	{ CHECK_VIEW, CHECK_WARNING, "target local of the agent is silent: no answer", { IS(target_state, 4), SAYS(target_error, "no answer") } },
	{ CHECK_VIEW, CHECK_WARNING, "no target", { IS(n_targets, 0), SAYS(target, "") } },
	{ CHECK_VIEW, CHECK_FAILED, "hides NTPv4-MIB and NTP-AGENTX-MIB", { IS(shows_ntpv4, false), IS(shows_own, false) } },
	{ CHECK_VIEW, CHECK_FAILED, "hides NTP-AGENTX-MIB", { IS(shows_own, false) } },
	{ CHECK_VIEW, CHECK_FAILED, "hides NTPv4-MIB from", { IS(shows_ntpv4, false) } },
	{ CHECK_VIEW, CHECK_FAILED, "answers no more", { IS(view_err, ERR_TIMEOUT) } },
	/* clang-format on */
};

static struct check_facts
facts_of(const struct row *row)
{
	struct check_facts f = all_well();

	for (size_t i = 0; i < CHANGES_MAX && row->changes[i].size > 0; i++)
		apply(&f, &row->changes[i]);
	return f;
}

static void
every_ending_is_told(void **state)
{
	struct check_step steps[CHECK_STEPS];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct check_facts f = facts_of(row);
		const struct check_step *step = &steps[row->step];

		check_judge(&f, steps);
		if (step->result != row->result || !strstr(step->finding, row->finding))
			fail_msg("row %zu, %s: %s: '%s', expected %s: '%s'", i,
			    check_step_name(row->step), check_result_name(step->result),
			    step->finding, check_result_name(row->result), row->finding);
	}
}

static void
a_way_without_obstacle_is_ok(void **state)
{
	struct check_facts f = all_well();
	struct check_step steps[CHECK_STEPS];

	(void)state;
	check_judge(&f, steps);
	for (size_t i = 0; i < CHECK_STEPS; i++)
		assert_int_equal(steps[i].result, CHECK_OK);
}

/* A row that no case comes to is one that nobody would miss. */
static void
every_row_is_needed(void **state)
{
	static const struct check_rows *const all[] = { &check_daemon_rows,
		&check_agent_rows };

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		for (size_t j = 0; j < all[i]->n; j++) {
			const struct check_row *wanted = &all[i]->rows[j];
			bool is_seen = false;

			for (size_t k = 0; k < COUNT(rows); k++) {
				struct check_facts f = facts_of(&rows[k]);

				is_seen |= check_find(&f, wanted->step) == wanted;
			}
			if (!is_seen)
				fail_msg("no case ends in '%s'", wanted->finding);
		}
	}
}

static void
whoever_is_told_of_trouble_is_told_what_to_do(void **state)
{
	static const struct check_rows *const all[] = { &check_daemon_rows,
		&check_agent_rows };
	struct check_facts f = all_well();
	char text[CHECK_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		for (size_t j = 0; j < all[i]->n; j++) {
			const struct check_row *row = &all[i]->rows[j];
			bool is_bad =
			    row->result == CHECK_WARNING || row->result == CHECK_FAILED;

			assert_int_equal(row->cause != NULL, is_bad);
			assert_int_equal(row->fix != NULL, is_bad);
			assert_true(check_expand(&f, row->finding, text, sizeof(text)));
			assert_null(strpbrk(text, "{}"));
			assert_true(!row->cause ||
			    check_expand(&f, row->cause, text, sizeof(text)));
			assert_true(
			    !row->fix || check_expand(&f, row->fix, text, sizeof(text)));
		}
	}
	assert_false(check_expand(&f, "a {nothing} b", text, sizeof(text)));
}

static void
texts_end_at_their_limit(void **state)
{
	struct check_facts f = all_well();
	char text[8];

	(void)state;
	assert_true(check_expand(&f, "{addresses} and more", text, sizeof(text)));
	assert_string_equal(text, "::1, 12");
}

/* The advice is in the words of the program that gives it. */
static void
advice_is_in_the_callers_words(void **state)
{
	static const struct {
		enum check_id step;
		struct change change;
		const char *said;
	} cases[] = {
		{ CHECK_NAME, IS(name_err, ERR_NOTFOUND), "--family chooses a family" },
		{ CHECK_SOCKET, IS(socket, CHECK_SOCKET_MISSING), "--socket" },
		{ CHECK_SOCKET, IS(socket, CHECK_SOCKET_DENIED), "nothing, or --user" },
		{ CHECK_SNMP, IS(snmp_err, ERR_TIMEOUT), "here: --snmp" },
	};
	struct check_step steps[CHECK_STEPS];
	struct check_facts f = all_well();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		f = all_well();
		apply(&f, &cases[i].change);
		check_judge(&f, steps);
		assert_non_null(strstr(steps[cases[i].step].fix, cases[i].said));
	}
	f = all_well();
	f.socket = CHECK_SOCKET_DENIED;
	f.is_listed = false;
	check_judge(&f, steps);
	assert_non_null(strstr(steps[CHECK_SOCKET].cause, "otherwise; somebody tried"));
	f = all_well();
	f.has_key_file = f.has_key = false;
	f.key_id = 0;
	check_judge(&f, steps);
	assert_string_equal(steps[CHECK_KEY].finding, "no key was given (--key)");
}

static void
add_line(void *ctx, const char *text)
{
	char *all = ctx;
	size_t len = strlen(all);

	text_format(all + len, CHECK_LINE_MAX - len, "%s\n", text);
}

static void
a_step_is_shown_line_by_line(void **state)
{
	static const struct check_step step = { .result = CHECK_FAILED,
		.finding = "found",
		.cause = "one",
		.fix = "two\nthree" };
	static const struct check_step quiet = { .result = CHECK_OK, .finding = "well" };
	char all[CHECK_LINE_MAX] = "";

	(void)state;
	check_show(CHECK_VIEW, &step, add_line, all);
	check_show(CHECK_NAME, &quiet, add_line, all);
	assert_string_equal(all,
	    "  failed   view          found\n"
	    "           cause: one\n"
	    "           fix:   two\n"
	    "                  three\n"
	    "  ok       name          well\n");
}

static void
a_host_that_is_not_there_is_told_apart(void **state)
{
	static const struct {
		int name_err, time_err, control_err;
		bool expected;
	} cases[] = {
		{ 0, 0, 0, false },
		{ 0, 0, ERR_TIMEOUT, false },
		{ 0, ERR_TIMEOUT, 0, false },
		{ 0, ERR_TIMEOUT, ERR_TIMEOUT, true },
		{ 0, ERR_REFUSED, ERR_REFUSED, true },
		{ 0, ERR_TIMEOUT, ERR_PROTOCOL, false },
		{ ERR_NOTFOUND, CHECK_NOT_ASKED, CHECK_NOT_ASKED, true },
		{ ERR_CANCELLED, ERR_CANCELLED, ERR_CANCELLED, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct check_facts f = all_well();

		f.name_err = cases[i].name_err;
		f.time_err = cases[i].time_err;
		f.control_err = cases[i].control_err;
		assert_int_equal(check_is_unreached(&f), cases[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_ending_is_told),
		cmocka_unit_test(a_way_without_obstacle_is_ok),
		cmocka_unit_test(every_row_is_needed),
		cmocka_unit_test(whoever_is_told_of_trouble_is_told_what_to_do),
		cmocka_unit_test(texts_end_at_their_limit),
		cmocka_unit_test(advice_is_in_the_callers_words),
		cmocka_unit_test(a_step_is_shown_line_by_line),
		cmocka_unit_test(a_host_that_is_not_there_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
