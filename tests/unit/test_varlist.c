/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists as daemons send them and as hostile servers bend them. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "mode6/varlist.h"
#include "support/recording.h"

static const char *const recordings[] = {
	"tests/recordings/ntpd-4.2.8p15-client.txt",
	"tests/recordings/ntpd-4.2.8p15-server.txt",
	"tests/recordings/ntpsec-1.2.2-client.txt",
	"tests/recordings/ntpsec-1.2.2-server.txt",
};

enum { RENDERED_MAX = 40000 };

/* Prints the items, separated by ", ", into out; they are read from a copy that ends
 * where the payload ends. Returns the length. */
static size_t
render(const void *payload, size_t len, char *out)
{
	char *copy = malloc(len > 0 ? len : 1);
	struct m6_var var;
	size_t used = 0;

	assert_non_null(copy);
	memcpy(copy, payload, len);
	struct m6_varlist list = m6_varlist_start(copy, len);
	while (m6_varlist_next(&list, &var)) {
		int n = snprintf(out + used, RENDERED_MAX - used, "%s%.*s%s%s",
		    used > 0 ? ", " : "", (int)var.name_len, var.name,
		    var.value != NULL ? "=" : "", var.is_quoted ? "\"" : "");
		used += (size_t)n;
		assert_true(used + var.value_len + 2 < RENDERED_MAX);
		if (var.value_len > 0)
			memcpy(out + used, var.value, var.value_len);
		used += var.value_len;
		if (var.is_quoted)
			out[used++] = '"';
	}
	assert_false(m6_varlist_next(&list, &var));
	out[used] = '\0';
	free(copy);
	return used;
}

struct list_row {
	const char *payload, *items;
};

static void
check_rows(const struct list_row *rows, size_t n_rows)
{
	static char out[RENDERED_MAX];

	for (size_t i = 0; i < n_rows; i++) {
		render(rows[i].payload, strlen(rows[i].payload), out);
		assert_string_equal(out, rows[i].items);
	}
}

static void
find(const void *payload, size_t len, const char *name, struct m6_var *out)
{
	struct m6_varlist list = m6_varlist_start(payload, len);

	while (m6_varlist_next(&list, out))
		if (out->name_len == strlen(name) &&
		    memcmp(out->name, name, out->name_len) == 0)
			return;
	fail_msg("%s is not there", name);
}

static void
orderly_lists_come_apart(void **state)
{
	static const struct list_row rows[] = {
		{ "", "" },
		{ "\r\n", "" },
		{ "tc=4", "tc=4" },
		{ "tc=4\r\n", "tc=4" },
		{ "leap=0, stratum=2,\r\nprecision=-23\r\n",
		    "leap=0, stratum=2, precision=-23" },
		{ "leap=0,\tstratum=2,\nprecision=-23,\r\n",
		    "leap=0, stratum=2, precision=-23" },
		{ "  leap  =  0  , stratum=2", "leap=0, stratum=2" },
		{ "version=\"ntpd 4.2.8p15 (1)\",\r\nprocessor=\"x86_64\"\r\n",
		    "version=\"ntpd 4.2.8p15 (1)\", processor=\"x86_64\"" },
		{ "filtdelay= 0.13 0.11,\r\nfiltdisp= 0.00 0.27\r\n",
		    "filtdelay=0.13 0.11, filtdisp=0.00 0.27" },
		{ "reftime=0xeeab5fb9.46790122, refid=GPS",
		    "reftime=0xeeab5fb9.46790122, refid=GPS" },
		{ "x==5", "x==5" },
		{ "addr.0=[::]:123, flags.0=0x81", "addr.0=[::]:123, flags.0=0x81" },
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

static void
quotes_protect_separators(void **state)
{
	static const struct list_row rows[] = {
		{ "a=\"x, y\", b=1", "a=\"x, y\", b=1" },
		{ "a=\"x=1, y=2\"\r\n", "a=\"x=1, y=2\"" },
		{ "sys_var_list=\"leap,stratum,tc\"\r\n",
		    "sys_var_list=\"leap,stratum,tc\"" },
		{ "a=\"\", b=\"\"", "a=\"\", b=\"\"" },
		{ "a=\" x \", b=1", "a=\" x \", b=1" },
		{ "a=\"x\"", "a=\"x\"" },
		{ "a=\"x\",", "a=\"x\"" },
		{ "a=\"x\" \t\r\n", "a=\"x\"" },
		{ "a= \"x\", b=1", "a=\"x\", b=1" },
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

static void
unbalanced_quotes_are_data(void **state)
{
	static const struct list_row rows[] = {
		{ "rwdef=\"a, site=lab, one, m5=a,b c\r\n",
		    "rwdef=\"a, site=lab, one, m5=a,b c" },
		{ "rwdef=\"a, version=\"ntpd 4\", tc=4\r\n",
		    "rwdef=\"a, version=\"ntpd 4\", tc=4" },
		{ "rwdef=\"a, timecode=\"\", tc=4", "rwdef=\"a, timecode=\"\", tc=4" },
		{ "rwdef=\"a,\r\nhost=\"b\", tc=4", "rwdef=\"a, host=\"b\", tc=4" },
		{ "refid=\"ab, reach=0x1, srchost=\"LOCAL(0)\", x=1",
		    "refid=\"ab, reach=0x1, srchost=\"LOCAL(0)\", x=1" },
		{ "a=\"x\r\ny\", b=1", "a=\"x\r\ny\", b=1" },
		{ "a=\"x\"y, b=1", "a=\"x\"y, b=1" },
		{ "a=\"x\",y, b=1", "a=\"x\",y, b=1" },
		{ "a=\"x\"\"y\", b=1", "a=\"x\"\"y\", b=1" },
		{ "a=x\"y, b=z\", c=1", "a=x\"y, b=z\", c=1" },
		{ "a=\"", "a=\"" },
		{ "a=\"\r\n", "a=\"" },
		{ "a=\",", "a=\"" },
		{ "a=\", b=1", "a=\", b=1" },
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

/* The same text may come of a quoted and an unquoted value: here the kind counts. */
static void
only_balanced_quotes_are_taken_off(void **state)
{
	static const struct {
		const char *payload, *value;
		bool is_quoted;
	} rows[] = {
		{ "a=\"x\", b", "x", true },
		{ "a=\"x, b", "\"x", false },
		{ "a=\"x\"y, b", "\"x\"y", false },
		{ "a=\"x\ny\", b", "\"x\ny\"", false },
		{ "a=\"x\ry\", b", "\"x\ry\"", false },
		{ "a=\"\", b", "", true },
		{ "a=, b", "", false },
		{ "a=\"x\" , b", "\"x\"", false },
		{ "a= \t\"x\", b", "x", true },
		{ "b, a=\"x\"", "x", true },
		{ "b, a=\"x\",", "x", true },
		{ "b, a=\"x\" \t\r\n", "x", true },
		{ "b, a=\"x\",\r\n", "x", true },
		{ "b, a=\"x\"\r\ny", "\"x\"\r\ny", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct m6_var var = { 0 };
		find(rows[i].payload, strlen(rows[i].payload), "b", &var);
		find(rows[i].payload, strlen(rows[i].payload), "a", &var);
		assert_int_equal(var.is_quoted, rows[i].is_quoted);
		assert_int_equal(var.value_len, strlen(rows[i].value));
		assert_memory_equal(var.value, rows[i].value, var.value_len);
	}
}

static void
hostile_reference_ids_stay_values(void **state)
{
	static const struct list_row rows[] = {
		{ "refid=,x=1, tc=4", "refid=,x=1, tc=4" },
		{ "refid=A,B, tc=4", "refid=A,B, tc=4" },
		{ "refid=ABC,, tc=4", "refid=ABC,, tc=4" },
		{ "refid=,,,,, tc=4", "refid=,,,,, tc=4" },
		{ "refid=\"ab, tc=4", "refid=\"ab, tc=4" },
		{ "refid=\"\"\"\", tc=4", "refid=\"\"\"\", tc=4" },
		{ "refid=a\"b=, tc=4", "refid=a\"b=, tc=4" },
		{ "refid====, tc=4", "refid====, tc=4" },
		{ "refid=.\xff.\x80, tc=4", "refid=.\xff.\x80, tc=4" },
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

static void
tags_and_empty_values_are_kept_apart(void **state)
{
	static const struct list_row rows[] = {
		{ "tag, tc=4", "tag, tc=4" },
		{ "tag", "tag" },
		{ "tag\r\n", "tag" },
		{ "tag ,\r\ntc=4", "tag, tc=4" },
		{ "tag=, tc=4", "tag=, tc=4" },
		{ "tag= , tc=4", "tag=, tc=4" },
		{ "tag=", "tag=" },
		{ "tag=\r\n", "tag=" },
		{ "tag=,", "tag=" },
		{ "tag=\"\", tc=4", "tag=\"\", tc=4" },
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

static void
stray_separators_are_stepped_over(void **state)
{
	static const struct list_row rows[] = {
		{ ", srcadr=1.2.3.4, srcport=123", "srcadr=1.2.3.4, srcport=123" },
		{ ",\r\nsrcadr=1.2.3.4", "srcadr=1.2.3.4" },
		{ ", Config Succeeded", "" },
		{ ", , ,\r\n,a=1, , b=2, ,", "a=1, b=2" },
		{ ",", "" },
		{ ",,,,", "" },
		{ " , ", "" },
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

static void
what_is_no_item_is_skipped(void **state)
{
	static const struct list_row rows[] = {
		{ "a=1, two words, b=2", "a=1, b=2" },
		{ "a=1, two words=3, b=2", "a=1, b=2" },
		{ "a=1, bad name=\"x, y=3\", b=2", "a=1, b=2" },
		{ "a=1, =5, b=2", "a=1, b=2" },
		{ "=, =\"\", b=2", "b=2" },
		{ "a=1, \"q\"=5, b=2", "a=1, b=2" },
		{ "a=1, x\x01y=5, b=2", "a=1, b=2" },
		{ "a=1, x\xc3\xbcy=5, b=2", "a=1, b=2" },
		{ "a=1, x,y=5, b=2", "a=1, b=2" },
		{ "a=1, x\r\ny=5, b=2", "a=1, b=2" },
		{ "Config Succeeded\r\n", "" },
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

static void
repeated_names_come_every_time(void **state)
{
	static const struct list_row rows[] = {
		{ "cert=\"labB labA 0x4\", until=202711210007,\r\n"
		  "cert=\"labA labA 0x5\",\r\n"
		  "until=202711210003\r\n",
		    "cert=\"labB labA 0x4\", until=202711210007, cert=\"labA labA 0x5\", "
		    "until=202711210003" },
		{ "tc=1, tc=1, tc=2", "tc=1, tc=1, tc=2" },
	};

	(void)state;
	check_rows(rows, COUNT(rows));
}

static void
zero_bytes_are_like_any_other(void **state)
{
	static const char payload[] = "a=1\0002, b\0=3, c=\"x\0y\", d=4\0";
	static const char expected[] = "a=1\0002, c=\"x\0y\", d=4\0";
	static char out[RENDERED_MAX];

	(void)state;
	assert_int_equal(render(payload, sizeof(payload) - 1, out), sizeof(expected) - 1);
	assert_memory_equal(out, expected, sizeof(expected) - 1);
}

static void
no_payload_has_no_items(void **state)
{
	struct m6_varlist list = m6_varlist_start(NULL, 0);
	struct m6_var var = { .value_len = 77 };

	(void)state;
	assert_false(m6_varlist_next(&list, &var));
	assert_false(m6_varlist_next(&list, &var));
	assert_int_equal(var.value_len, 77);
}

/* "a=1, <n times c><tail>, b=2" */
static size_t
render_long(const char *head, size_t n, const char *tail, char *out)
{
	static char payload[RENDERED_MAX];
	size_t used = (size_t)snprintf(payload, sizeof(payload), "a=1, %s", head);

	memset(payload + used, 'n', n);
	used += n;
	used += (size_t)snprintf(payload + used, sizeof(payload) - used, "%s, b=2", tail);
	return render(payload, used, out);
}

static void
names_and_values_end_at_their_limits(void **state)
{
	static const struct {
		const char *head;
		size_t n;
		const char *tail;
		bool is_taken;
	} rows[] = {
		{ "", M6_NAME_MAX, "", true },
		{ "", M6_NAME_MAX + 1, "", false },
		{ "", M6_NAME_MAX, "=1", true },
		{ "", M6_NAME_MAX + 1, "=1", false },
		{ "x=", M6_VALUE_MAX, "", true },
		{ "x=", M6_VALUE_MAX + 1, "", false },
		{ "x=\"", M6_VALUE_MAX, "\"", true },
		{ "x=\"", M6_VALUE_MAX + 1, "\"", false },
		{ "x=\"", M6_VALUE_MAX - 1, "", true },
		{ "x=\"", M6_VALUE_MAX, "", false },
	};
	static char out[RENDERED_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t taken = strlen("a=1, , b=2") + strlen(rows[i].head) + rows[i].n +
		    strlen(rows[i].tail);
		size_t len = render_long(rows[i].head, rows[i].n, rows[i].tail, out);
		assert_int_equal(len, rows[i].is_taken ? taken : strlen("a=1, b=2"));
		assert_string_equal(out + len - 3, "b=2");
	}
}

static void
the_number_of_items_is_limited(void **state)
{
	static char payload[(M6_ITEMS_MAX + 10) * 3];
	struct m6_var var;
	unsigned n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(payload); i += 3)
		memcpy(payload + i, "x, ", 3);
	struct m6_varlist list = m6_varlist_start(payload, sizeof(payload));
	while (m6_varlist_next(&list, &var))
		n++;
	assert_int_equal(n, M6_ITEMS_MAX);
	assert_false(m6_varlist_next(&list, &var));
	/* What is skipped does not count. */
	for (size_t i = 0; i + 3 < sizeof(payload); i += 3)
		memcpy(payload + i, "=, ", 3);
	list = m6_varlist_start(payload, sizeof(payload));
	assert_true(m6_varlist_next(&list, &var));
	assert_ptr_equal(var.name, payload + sizeof(payload) - 3);
}

/* The recorded text as render() prints its items: one blank behind separators, none
 * behind '=' and at the end. */
static size_t
normalize(const char *text, size_t len, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r')
			continue;
		if (text[i] == '\n' && i + 1 == len)
			continue;
		if (text[i] == ' ' && used > 0 && out[used - 1] == '=')
			continue;
		out[used++] = text[i] == '\n' ? ' ' : text[i];
	}
	out[used] = '\0';
	return used;
}

static void
recorded_lists_come_apart_without_loss(void **state)
{
	static char out[RENDERED_MAX], expected[RENDERED_MAX];
	unsigned lists = 0;

	(void)state;
	for (size_t f = 0; f < COUNT(recordings); f++) {
		struct recording *rec = recording_load(recordings[f]);
		assert_non_null(rec);
		for (size_t e = 0; e < rec->n_exchanges; e++) {
			const struct recorded_exchange *ex = &rec->exchanges[e];
			if ((ex->op != 2 && ex->op != 4) || ex->data_len == 0)
				continue;
			size_t len = render(ex->data, ex->data_len, out);
			size_t expected_len =
			    normalize((const char *)ex->data, ex->data_len, expected);
			assert_string_equal(out, expected);
			assert_int_equal(len, expected_len);
			lists++;
		}
		recording_free(rec);
	}
	assert_true(lists > 30);
}

static void
what_follows_garbage_is_found(void **state)
{
	static const struct list_row rows[] = {
		{ "filtdelay",
		    "O 0.00 0\xc6_\xab\xee 0.07 0.06 0.06 0.06 0.06 0.07 0.06 0.06" },
		{ "pmode", "4" },
		{ "filtdisp",
		    "O 0.00 0\xc6_\xab\xee 0.07 0.06 0\x04 0.00 0.03 0.06 0.09 0.12 0.15 "
		    "0.18 0.21" },
		{ "flash", "0x0" },
		{ "headway", "18446744073709551588" },
		{ "ntscookies", "-1" },
	};
	struct recording *rec =
	    recording_load("tests/recordings/ntpsec-1.2.2-client.txt");

	(void)state;
	assert_non_null(rec);
	const struct recorded_exchange *ex = recording_find(rec, 2, 17768, "");
	assert_non_null(ex);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct m6_var var = { 0 };
		find(ex->data, ex->data_len, rows[i].payload, &var);
		assert_int_equal(var.value_len, strlen(rows[i].items));
		assert_memory_equal(var.value, rows[i].items, var.value_len);
	}
	recording_free(rec);
}

static void
names_are_joined_by_single_commas(void **state)
{
	static const char *const names[] = { "leap", "ss_uptime", "addr.0", "x-Y" };
	char out[32];
	size_t len = 77;

	(void)state;
	assert_int_equal(m6_varlist_join(names, 4, out, sizeof(out), &len), 0);
	assert_int_equal(len, strlen("leap,ss_uptime,addr.0,x-Y"));
	assert_memory_equal(out, "leap,ss_uptime,addr.0,x-Y", len);
	assert_int_equal(m6_varlist_join(names, 1, out, sizeof(out), &len), 0);
	assert_int_equal(len, 4);
	assert_int_equal(m6_varlist_join(names, 0, out, sizeof(out), &len), 0);
	assert_int_equal(len, 0);
}

static void
name_that_does_not_fit_leaves_the_list(void **state)
{
	char out[8] = "########";
	size_t len = 0;

	(void)state;
	assert_int_equal(m6_varlist_append("leap", out, sizeof(out), &len), 0);
	assert_int_equal(m6_varlist_append("peer", out, sizeof(out), &len), ERR_FULL);
	assert_int_equal(m6_varlist_append("a b", out, sizeof(out), &len), ERR_SYNTAX);
	assert_int_equal(m6_varlist_append("tc", out, sizeof(out), &len), 0);
	assert_int_equal(len, 7);
	assert_memory_equal(out, "leap,tc#", 8);
}

static void
joining_needs_room(void **state)
{
	static const char *const names[] = { "leap", "tc" };
	char out[8];
	size_t len = 77;

	(void)state;
	for (size_t cap = 0; cap < 7; cap++) {
		memset(out, 'x', sizeof(out));
		assert_int_equal(m6_varlist_join(names, 2, out, cap, &len), ERR_FULL);
		assert_int_equal(out[cap], 'x');
	}
	assert_int_equal(len, 77);
	assert_int_equal(m6_varlist_join(names, 2, out, 7, &len), 0);
	assert_int_equal(len, 7);
	assert_int_equal(out[7], 'x');
}

static void
names_no_daemon_takes_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"a ",
		" a",
		"a b",
		"a,b",
		"a=1",
		"a\"",
		"a\r",
		"a\n",
		"\xc3\xbc",
		"12345678901234567890123456789012345678901234567890123456789012345",
	};
	static const char longest[] =
	    "1234567890123456789012345678901234567890123456789012345678901234";
	char out[100];
	size_t len = 77;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *names[] = { "leap", bad[i], "tc" };
		assert_int_equal(m6_varlist_join(names, 3, out, sizeof(out), &len),
		    ERR_SYNTAX);
	}
	assert_int_equal(len, 77);
	const char *names[] = { longest };
	assert_int_equal(strlen(longest), M6_NAME_MAX);
	assert_int_equal(m6_varlist_join(names, 1, out, sizeof(out), &len), 0);
	assert_int_equal(len, M6_NAME_MAX);
}

static void
associations_are_counted_and_read(void **state)
{
	static const uint8_t payload[] = { 0xcd, 0xb3, 0x80, 0x11, 0x00, 0x01, 0x96,
		0x1a };

	(void)state;
	assert_int_equal(m6_assoc_count(0), 0);
	assert_int_equal(m6_assoc_count(sizeof(payload)), 2);
	assert_int_equal(m6_assoc_count(468), 117);
	assert_int_equal(m6_assoc_count(1), ERR_PROTOCOL);
	assert_int_equal(m6_assoc_count(7), ERR_PROTOCOL);
	assert_int_equal(m6_assoc_count(SIZE_MAX - 3), ERR_PROTOCOL);
	assert_int_equal(m6_assoc_at(payload, 0).id, 0xcdb3);
	assert_int_equal(m6_assoc_at(payload, 0).status, 0x8011);
	assert_int_equal(m6_assoc_at(payload, 1).id, 1);
	assert_int_equal(m6_assoc_at(payload, 1).status, 0x961a);
}

static void
recorded_associations_are_read(void **state)
{
	struct recording *rec =
	    recording_load("tests/recordings/ntpsec-1.2.2-client.txt");

	(void)state;
	assert_non_null(rec);
	const struct recorded_exchange *ex = recording_find(rec, 1, 0, "");
	assert_non_null(ex);
	assert_int_equal(m6_assoc_count(ex->data_len), 4);
	assert_int_equal(m6_assoc_at(ex->data, 2).id, 17768);
	assert_int_equal(m6_assoc_at(ex->data, 2).status, 0xf61a);
	recording_free(rec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orderly_lists_come_apart),
		cmocka_unit_test(quotes_protect_separators),
		cmocka_unit_test(unbalanced_quotes_are_data),
		cmocka_unit_test(only_balanced_quotes_are_taken_off),
		cmocka_unit_test(hostile_reference_ids_stay_values),
		cmocka_unit_test(tags_and_empty_values_are_kept_apart),
		cmocka_unit_test(stray_separators_are_stepped_over),
		cmocka_unit_test(what_is_no_item_is_skipped),
		cmocka_unit_test(repeated_names_come_every_time),
		cmocka_unit_test(zero_bytes_are_like_any_other),
		cmocka_unit_test(no_payload_has_no_items),
		cmocka_unit_test(names_and_values_end_at_their_limits),
		cmocka_unit_test(the_number_of_items_is_limited),
		cmocka_unit_test(recorded_lists_come_apart_without_loss),
		cmocka_unit_test(what_follows_garbage_is_found),
		cmocka_unit_test(names_are_joined_by_single_commas),
		cmocka_unit_test(name_that_does_not_fit_leaves_the_list),
		cmocka_unit_test(joining_needs_room),
		cmocka_unit_test(names_no_daemon_takes_are_refused),
		cmocka_unit_test(associations_are_counted_and_read),
		cmocka_unit_test(recorded_associations_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
