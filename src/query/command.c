/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding a row, and reading its arguments. */
#include "query/command.h"

#include <string.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"

static const struct command_group *const groups[] = { &command_internal, &command_assoc,
	&command_peers, &command_vars, &command_keys, &command_write, &command_config,
	&command_reports, &command_mru, &command_lists, &command_check, &command_watch };

enum { N_GROUPS = sizeof(groups) / sizeof(groups[0]), ASSOC_MAX = 65535 };

size_t
command_count(void)
{
	size_t n = 0;

	for (size_t i = 0; i < N_GROUPS; i++)
		n += groups[i]->n;
	return n;
}

const struct command *
command_at(size_t i)
{
	size_t group = 0;

	while (i >= groups[group]->n)
		i -= groups[group++]->n;
	return &groups[group]->rows[i];
}

int
command_find(const char *word, const struct command **out, char *matches, size_t cap)
{
	const struct command *found = NULL;
	size_t len = strlen(word), n_found = 0, used = 0;

	matches[0] = '\0';
	for (size_t i = 0; i < command_count(); i++) {
		const struct command *c = command_at(i);

		if (strcmp(c->name, word) == 0 ||
		    (len > 0 && strcmp(c->alias, word) == 0)) {
			*out = c;
			return 0;
		}
		if (strncmp(c->name, word, len) != 0)
			continue;
		used += text_format(matches + used, cap - used, "%s%s",
		    n_found > 0 ? ", " : "", c->name);
		found = c;
		n_found++;
	}
	if (n_found == 0 || len == 0)
		return ERR_NOTFOUND;
	if (n_found > 1)
		return ERR_CONFLICT;
	*out = found;
	return 0;
}

/* Where the word begins that is to be completed; `len` when it is none of a command. */
static size_t
completed_word(const char *line, size_t len)
{
	size_t start = len;

	while (start > 0 && line[start - 1] != ' ')
		start--;
	size_t before = start;
	const char *first = scan_trim(line, &before);
	if (before == 0 || scan_is(first, before, "help") || scan_is(first, before, "?"))
		return start;
	return len;
}

size_t
command_complete(const char *line, size_t len, char *out, size_t cap)
{
	size_t start = completed_word(line, len), n = len - start, n_found = 0;
	size_t common = 0;
	const char *found = "";

	out[0] = '\0';
	if (n == 0)
		return 0;
	for (size_t i = 0; i < command_count(); i++) {
		const char *name = command_at(i)->name;

		if (strncmp(name, line + start, n) != 0)
			continue;
		if (n_found++ == 0) {
			found = name;
			common = strlen(name);
		}
		while (strncmp(found, name, common) != 0)
			common--;
	}
	if (n_found == 0)
		return 0;
	return text_format(out, cap, "%.*s%s", (int)(common - n), found + n,
	    n_found == 1 ? " " : "");
}

static size_t
argument_text(const struct arg *a, char *out, size_t cap)
{
	size_t n = 0;

	if (a->kind != ARG_CHOICE)
		return text_format(out, cap, "%s", a->name);
	for (size_t i = 0; i < COMMAND_CHOICES_MAX && a->choices[i]; i++)
		n += text_format(out + n, cap - n, "%s%s", i > 0 ? "|" : "",
		    a->choices[i]);
	return n;
}

size_t
command_synopsis(const struct command *c, char *out, size_t cap)
{
	size_t n = text_format(out, cap, "%s", c->name);

	for (size_t i = 0; i < COMMAND_ARGS_MAX && c->args[i].kind != ARG_END; i++) {
		const struct arg *a = &c->args[i];

		n += text_format(out + n, cap - n, a->is_optional ? " [" : " ");
		n += argument_text(a, out + n, cap - n);
		n += text_format(out + n, cap - n, a->is_optional ? "]" : "");
	}
	return n;
}

/* --- arguments ---------------------------------------------------------------------- */

static bool
read_assoc(const char *text, struct value *v, bool *is_index)
{
	*is_index = text[0] == '&';
	if (*is_index)
		text++;
	return scan_u32(text, strlen(text), &v->number) == 0 && v->number <= ASSOC_MAX &&
	    (!*is_index || v->number > 0);
}

static bool
read_choice(const struct arg *a, const char *text, struct value *v)
{
	size_t n_found = 0;

	for (uint32_t i = 0; i < COMMAND_CHOICES_MAX && a->choices[i]; i++) {
		if (strncmp(a->choices[i], text, strlen(text)) != 0)
			continue;
		v->number = i;
		n_found++;
		if (strcmp(a->choices[i], text) == 0)
			return true;
	}
	return n_found == 1;
}

static bool
read_value(const struct arg *a, const char *text, struct value *v, bool *is_index)
{
	v->is_set = true;
	v->text = text;
	v->len = strlen(text);
	switch (a->kind) {
	case ARG_ASSOC:
		return read_assoc(text, v, is_index);
	case ARG_NUMBER:
		return scan_u32(text, v->len, &v->number) == 0 && v->number >= a->min &&
		    v->number <= a->max;
	case ARG_CHOICE:
		return read_choice(a, text, v);
	case ARG_WORD:
	case ARG_REST:
	case ARG_END:
		break;
	}
	return true;
}

static int
explain(const struct command *c, const struct arg *a, const char *text, char *problem,
    size_t cap)
{
	char wanted[80];

	argument_text(a, wanted, sizeof(wanted));
	if (a->kind == ARG_NUMBER)
		text_format(problem, cap, "%s: '%s' is no %s: expected %u to %u", c->name,
		    text, wanted, a->min, a->max);
	else
		text_format(problem, cap, "%s: '%s' is no %s", c->name, text, wanted);
	return ERR_SYNTAX;
}

int
command_arguments(const struct command *c, const char *line, const struct words *w,
    struct value values[COMMAND_ARGS_MAX], bool is_index[COMMAND_ARGS_MAX], char *problem,
    size_t cap)
{
	char synopsis[160];
	size_t i;

	memset(values, 0, COMMAND_ARGS_MAX * sizeof(*values));
	memset(is_index, 0, COMMAND_ARGS_MAX * sizeof(*is_index));
	command_synopsis(c, synopsis, sizeof(synopsis));
	for (i = 0; i < COMMAND_ARGS_MAX && c->args[i].kind != ARG_END; i++) {
		const struct arg *a = &c->args[i];

		if (i + 1 >= w->n) {
			if (a->is_optional)
				return 0;
			text_format(problem, cap, "usage: %s", synopsis);
			return ERR_SYNTAX;
		}
		if (!read_value(a, w->items[i + 1], &values[i], &is_index[i]))
			return explain(c, a, w->items[i + 1], problem, cap);
		if (a->kind != ARG_REST)
			continue;
		values[i].text = line + w->starts[i + 1];
		values[i].len = w->end - w->starts[i + 1];
		return 0;
	}
	if (w->n <= i + 1)
		return 0;
	text_format(problem, cap, "usage: %s", synopsis);
	return ERR_SYNTAX;
}
