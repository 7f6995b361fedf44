/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of commands is whole and told apart; arguments are checked before anything is
 * done; the manual page knows every command and option. */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "query/command.h"

static void
rows_are_whole(void **state)
{
	(void)state;
	assert_true(command_count() > 0);
	for (size_t i = 0; i < command_count(); i++) {
		const struct command *c = command_at(i);
		bool was_optional = false;

		assert_true(strlen(c->name) > 0 && strlen(c->name) <= 16);
		assert_non_null(c->alias);
		assert_true(strlen(c->help) > 0 && strlen(c->help) <= 55);
		assert_true(strlen(c->usage) > 0);
		assert_non_null(c->run);
		for (size_t k = 0; k < COMMAND_ARGS_MAX; k++) {
			const struct arg *a = &c->args[k];

			if (a->kind == ARG_END)
				break;
			assert_non_null(a->name);
			assert_true(a->is_optional || !was_optional);
			was_optional = a->is_optional;
			if (a->kind == ARG_REST && k + 1 < COMMAND_ARGS_MAX)
				assert_int_equal(c->args[k + 1].kind, ARG_END);
			if (a->kind == ARG_NUMBER)
				assert_true(a->min < a->max);
		}
	}
}

static void
names_and_aliases_are_told_apart(void **state)
{
	char matches[200];

	(void)state;
	for (size_t i = 0; i < command_count(); i++) {
		const struct command *c = command_at(i), *found = NULL;

		assert_int_equal(command_find(c->name, &found, matches, sizeof(matches)),
		    0);
		assert_ptr_equal(found, c);
		if (c->alias[0] == '\0')
			continue;
		assert_int_equal(command_find(c->alias, &found, matches, sizeof(matches)),
		    0);
		assert_ptr_equal(found, c);
	}
}

static void
unique_beginnings_suffice(void **state)
{
	const struct command *c;
	char matches[200];

	(void)state;
	assert_int_equal(command_find("assoc", &c, matches, sizeof(matches)), 0);
	assert_string_equal(c->name, "associations");
	assert_int_equal(command_find("mread", &c, matches, sizeof(matches)),
	    ERR_CONFLICT);
	assert_string_equal(matches, "mreadvar, mreadlist");
	assert_int_equal(command_find("nothing", &c, matches, sizeof(matches)),
	    ERR_NOTFOUND);
	assert_int_equal(command_find("", &c, matches, sizeof(matches)), ERR_NOTFOUND);
	assert_int_equal(command_find("peersx", &c, matches, sizeof(matches)),
	    ERR_NOTFOUND);
}

static void
beginnings_are_completed(void **state)
{
	static const struct {
		const char *line, *expected;
	} rows[] = {
		{ "passo", "ciations " },
		{ "mr", "" },
		{ "mre", "ad" },
		{ "mread", "" },
		{ "readv", "ar " },
		{ "peers", " " },
		{ "help showv", "ars " },
		{ "? showv", "ars " },
		{ "  qui", "t " },
		{ "rv showv", "" },
		{ "help rv showv", "" },
		{ "nothing", "" },
		{ "", "" },
		{ "help ", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[80];

		assert_int_equal(command_complete(rows[i].line, strlen(rows[i].line), out,
				     sizeof(out)),
		    strlen(rows[i].expected));
		assert_string_equal(out, rows[i].expected);
	}
}

static int
read_line(const char *line, struct value *values, bool *is_index, char *problem)
{
	static struct words w;
	const struct command *c;
	const char *what;
	char matches[200];

	assert_int_equal(words_split(line, &w, &what), 0);
	assert_int_equal(command_find(w.items[0], &c, matches, sizeof(matches)), 0);
	return command_arguments(c, line, &w, values, is_index, problem, 200);
}

static void
arguments_are_read(void **state)
{
	struct value v[COMMAND_ARGS_MAX];
	bool is_index[COMMAND_ARGS_MAX];
	char problem[200];

	(void)state;
	assert_int_equal(read_line("mrv &2 65535 a, b", v, is_index, problem), 0);
	assert_true(is_index[0] && !is_index[1]);
	assert_int_equal(v[0].number, 2);
	assert_int_equal(v[1].number, 65535);
	assert_int_equal(v[2].len, 4);
	assert_memory_equal(v[2].text, "a, b", 4);
	assert_int_equal(read_line("rv", v, is_index, problem), 0);
	assert_false(v[0].is_set || v[1].is_set);
	assert_int_equal(v[0].number, 0);
	assert_int_equal(read_line("hostnames n", v, is_index, problem), 0);
	assert_int_equal(v[0].number, 1);
}

static void
wrong_arguments_are_explained(void **state)
{
	static const char *const lines[] = { "rv x", "rv 65536", "rv -1", "rv &0", "rv &",
		"mrv 1", "mrv", "peers 1", "ntpversion 0", "ntpversion 5", "ntpversion x",
		"hostnames maybe", "timeout 600001", "quit now", "pstatus" };
	struct value v[COMMAND_ARGS_MAX];
	bool is_index[COMMAND_ARGS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		char problem[200] = "";

		assert_int_equal(read_line(lines[i], v, is_index, problem), ERR_SYNTAX);
		assert_string_not_equal(problem, "");
	}
}

static char *
manual(void)
{
	const char *srcdir = getenv("srcdir");
	char path[1024], *text = calloc(1, 1 << 18);

	text_format(path, sizeof(path), "%s/doc/ntp-query.1", srcdir ? srcdir : ".");
	FILE *f = fopen(path, "r");
	assert_non_null(text);
	assert_non_null(f);
	assert_true(fread(text, 1, (1 << 18) - 1, f) > 0);
	fclose(f);
	return text;
}

/* Each has an entry, and an example in it. */
static void
the_manual_has_every_command(void **state)
{
	char *text = manual();
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < command_count(); i++) {
		const struct command *c = command_at(i);
		char head[80];

		text_format(head, sizeof(head), "\n.It Ic %s%s%s", c->name,
		    c->alias[0] != '\0' ? " | " : "",
		    strcmp(c->alias, "?") == 0 ? "\\&?" : c->alias);
		const char *entry = strstr(text, head);
		if (!entry)
			fail_msg("no '%s'", head + 1);
		entry += strlen(head);
		assert_true(*entry == '\n' || *entry == ' ');
		const char *next = strstr(entry, "\n.It ");
		const char *example = strstr(entry, "\n.Dl ");
		if (!example || (next && example > next))
			fail_msg("no example of %s", c->name);
	}
	for (const char *at = text; (at = strstr(at, "\n.It Ic ")) != NULL; at++)
		n++;
	assert_int_equal(n, command_count());
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(names_and_aliases_are_told_apart),
		cmocka_unit_test(unique_beginnings_suffice),
		cmocka_unit_test(beginnings_are_completed),
		cmocka_unit_test(arguments_are_read),
		cmocka_unit_test(wrong_arguments_are_explained),
		cmocka_unit_test(the_manual_has_every_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
