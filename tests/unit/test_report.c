/* SPDX-License-Identifier: BSD-2-Clause */
/* What a daemon has of a report is found whatever names it does not know. */
#include "support/check.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "mode6/varlist.h"
#include "model/vars.h"
#include "query/report.h"

static const struct report_row rows[] = {
	{ "alpha", "first", REPORT_MS },
	{ "beta", "second", REPORT_NONE },
	{ "gamma", "third", REPORT_NONE },
	{ "delta", "fourth", REPORT_S },
	{ "epsilon", "fifth", REPORT_NONE },
};
static const struct report report = { "letters", rows, COUNT(rows) };

/* A daemon that knows these names, with the length of each as its value. */
static void
answer(const char *const *known, struct talk_ask *ask, const char *names, size_t len)
{
	char *text = mem_calloc(1, 2048);
	const char *at = names, *end = names + len;
	size_t used = 0;

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		size_t n = (size_t)((comma ? comma : end) - at);
		bool is_known = false;

		for (size_t i = 0; known[i]; i++)
			is_known |= strlen(known[i]) == n && memcmp(known[i], at, n) == 0;
		if (!is_known) {
			mem_free(text);
			ask->err = ERR_DAEMON;
			ask->daemon_error = M6_ERROR_UNKNOWNVAR;
			return;
		}
		used += text_format(text + used, 2048 - used, "%s%.*s=%zu",
		    used > 0 ? ", " : "", (int)n, at, n);
		at += n + 1;
	}
	ask->payload = text;
	ask->payload_len = used;
	ask->status = 0x0615;
}

static unsigned
hunt(struct report_hunt *h, const struct report *r, const char *const *known)
{
	unsigned n_requests = 0;

	report_start(h, r);
	for (int round = 0; h->n_parts > 0; round++) {
		struct talk_ask asks[REPORT_ROWS_MAX] = { { .op = 0 } };
		const struct talk_ask *failed = NULL;
		char names[M6_REQUEST_MAX];
		size_t n = h->n_parts;

		assert_true(round < REPORT_ROUNDS_MAX);
		for (size_t i = 0; i < n; i++, n_requests++)
			answer(known, &asks[i], names, report_names(h, i, names));
		assert_int_equal(report_take(h, asks, &failed), 0);
		talk_forget(asks, n);
	}
	return n_requests;
}

static void
one_request_when_all_is_known(void **state)
{
	static const char *const known[] = { "alpha", "beta", "gamma", "delta", "epsilon",
		NULL };
	struct report_hunt h;

	(void)state;
	assert_int_equal(hunt(&h, &report, known), 1);
	assert_int_equal(h.n_found, 5);
	assert_string_equal(h.values[4], "7");
	assert_int_equal(h.status, 0x0615);
	report_end(&h);
}

static void
a_name_nobody_knows_costs_its_row_only(void **state)
{
	struct report_hunt h;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *known[COUNT(rows) + 1] = { NULL };
		size_t n = 0;

		for (size_t j = 0; j < COUNT(rows); j++)
			if (j != i)
				known[n++] = rows[j].name;
		hunt(&h, &report, known);
		assert_int_equal(h.n_found, COUNT(rows) - 1);
		for (size_t j = 0; j < COUNT(rows); j++)
			assert_int_equal(h.values[j] != NULL, j != i);
		report_end(&h);
	}
}

static void
nothing_is_known(void **state)
{
	static const char *const known[] = { NULL };
	struct report_hunt h;

	(void)state;
	hunt(&h, &report, known);
	assert_int_equal(h.n_found, 0);
	report_end(&h);
}

/* The longest report there can be, of names that fill several requests. */
static void
long_reports_take_several_requests(void **state)
{
	static char names[REPORT_ROWS_MAX][M6_NAME_MAX + 1];
	struct report_row many[REPORT_ROWS_MAX];
	const char *known[REPORT_ROWS_MAX + 1] = { NULL };
	const struct report r = { "many", many, COUNT(many) };
	struct report_hunt h;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++) {
		memset(names[i], 'x', M6_NAME_MAX);
		text_format(names[i] + M6_NAME_MAX - 2, 3, "%02zu", i);
		many[i] = (struct report_row){ names[i], "x", REPORT_NONE };
		if (i % 2 == 0)
			known[n++] = names[i];
	}
	hunt(&h, &r, known);
	assert_int_equal(h.n_found, COUNT(many) / 2);
	report_end(&h);
}

static void
take_one(struct report_hunt *h, const char *payload)
{
	struct talk_ask ask = { .payload = mem_strndup(payload, strlen(payload)),
		.payload_len = strlen(payload) };
	const struct talk_ask *failed = NULL;

	report_start(h, &report);
	assert_int_equal(report_take(h, &ask, &failed), 0);
	assert_int_equal(h->n_parts, 0);
	talk_forget(&ask, 1);
}

static void
only_what_was_asked_for_is_taken_and_once(void **state)
{
	struct report_hunt h;

	(void)state;
	take_one(&h,
	    "beta=1, omega=2, beta=3, alpha=, gamma, delta=\"a b\", epsilon=4\r\n");
	assert_int_equal(h.n_found, 3);
	assert_null(h.values[0]);
	assert_string_equal(h.values[1], "1");
	assert_null(h.values[2]);
	assert_string_equal(h.values[3], "a b");
	assert_true(h.is_quoted[3]);
	assert_string_equal(h.values[4], "4");
	assert_false(h.is_quoted[4]);
	report_end(&h);
}

static void
what_is_no_fault_of_a_name_ends_it(void **state)
{
	static const struct talk_ask bad[] = {
		{ .err = ERR_TIMEOUT },
		{ .err = ERR_DAEMON, .daemon_error = M6_ERROR_PERMISSION },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		const struct talk_ask *failed = NULL;
		struct report_hunt h;

		report_start(&h, &report);
		assert_int_equal(report_take(&h, &bad[i], &failed), bad[i].err);
		assert_ptr_equal(failed, &bad[i]);
		report_end(&h);
	}
}

/* What NTPsec up to 1.2.2 says to be milliseconds of the kernel are seconds. */
static void
units_follow_the_kind_of_daemon(void **state)
{
	(void)state;
	assert_string_equal(report_unit_text(REPORT_MS, NTP_KIND_SEC122), "ms");
	assert_string_equal(report_unit_text(REPORT_KERNEL_MS, NTP_KIND_SEC122), "s");
	assert_string_equal(report_unit_text(REPORT_KERNEL_MS, NTP_KIND_SEC), "ms");
	assert_string_equal(report_unit_text(REPORT_KERNEL_MS, NTP_KIND_428), "ms");
	assert_string_equal(report_unit_text(REPORT_KERNEL_MS, NTP_KIND_ANY), "");
	assert_string_equal(report_unit_text(REPORT_CALIBRATION, NTP_KIND_SEC), "log2 s");
	assert_string_equal(report_unit_text(REPORT_CALIBRATION, NTP_KIND_428), "s");
	assert_string_equal(report_unit_text(REPORT_CALIBRATION, NTP_KIND_ANY), "");
	assert_string_equal(report_unit_text(REPORT_NONE, NTP_KIND_ANY), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_request_when_all_is_known),
		cmocka_unit_test(a_name_nobody_knows_costs_its_row_only),
		cmocka_unit_test(nothing_is_known),
		cmocka_unit_test(long_reports_take_several_requests),
		cmocka_unit_test(only_what_was_asked_for_is_taken_and_once),
		cmocka_unit_test(what_is_no_fault_of_a_name_ends_it),
		cmocka_unit_test(units_follow_the_kind_of_daemon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
