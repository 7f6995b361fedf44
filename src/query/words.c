/* SPDX-License-Identifier: BSD-2-Clause */
/* Words, quotes, a comment, a redirection. */
#include "query/words.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"

struct splitter {
	const char *line;
	size_t at, used;
	struct words *out;
	const char *problem;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_blanks(struct splitter *s)
{
	while (is_blank(s->line[s->at]))
		s->at++;
}

/* The text between two quotes; the line is shorter than `bytes`, so all of it fits. */
static bool
take_quoted(struct splitter *s)
{
	char quote = s->line[s->at++];

	for (; s->line[s->at] != quote; s->at++) {
		if (quote == '"' && s->line[s->at] == '\\' &&
		    (s->line[s->at + 1] == '"' || s->line[s->at + 1] == '\\'))
			s->at++;
		if (s->line[s->at] == '\0') {
			s->problem = "a quote is not closed";
			return false;
		}
		s->out->bytes[s->used++] = s->line[s->at];
	}
	s->at++;
	return true;
}

/* The word that begins here; NULL when it is wrong. */
static const char *
take_word(struct splitter *s)
{
	const char *word = s->out->bytes + s->used;

	while (s->line[s->at] != '\0' && !is_blank(s->line[s->at])) {
		char c = s->line[s->at];

		if (c != '"' && c != '\'') {
			s->out->bytes[s->used++] = c;
			s->at++;
		} else if (!take_quoted(s)) {
			return NULL;
		}
	}
	s->out->bytes[s->used++] = '\0';
	return word;
}

/* Behind '>'. */
static int
take_file(struct splitter *s)
{
	s->at++;
	skip_blanks(s);
	if (s->line[s->at] == '\0' || s->line[s->at] == '#') {
		s->problem = "expected a file behind '>'";
		return ERR_SYNTAX;
	}
	s->out->file = take_word(s);
	if (!s->out->file)
		return ERR_SYNTAX;
	if (*s->out->file == '\0' || *s->out->file == '>') {
		s->problem = "expected a file behind '>'";
		return ERR_SYNTAX;
	}
	skip_blanks(s);
	if (s->line[s->at] != '\0' && s->line[s->at] != '#') {
		s->problem = "nothing may follow the file behind '>'";
		return ERR_SYNTAX;
	}
	return 0;
}

static int
take_words(struct splitter *s)
{
	struct words *w = s->out;

	for (;;) {
		w->end = s->at;
		skip_blanks(s);
		if (s->line[s->at] == '\0' || s->line[s->at] == '#')
			return 0;
		if (s->line[s->at] == '>')
			return take_file(s);
		if (w->n == WORDS_MAX) {
			s->problem = "too many words";
			return ERR_TOOBIG;
		}
		w->starts[w->n] = s->at;
		w->items[w->n] = take_word(s);
		if (!w->items[w->n])
			return ERR_SYNTAX;
		w->n++;
	}
}

int
words_split(const char *line, struct words *out, const char **problem)
{
	struct splitter s = { .line = line, .out = out };
	int err;

	out->n = 0;
	out->end = 0;
	out->file = NULL;
	if (strlen(line) > WORDS_LINE_MAX) {
		*problem = "the line is too long";
		return ERR_TOOBIG;
	}
	err = take_words(&s);
	*problem = s.problem;
	return err;
}
