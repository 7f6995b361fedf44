/* SPDX-License-Identifier: BSD-2-Clause */
/* libedit on a terminal, plain lines elsewhere. */
#include "query/edit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_LIBEDIT
#include <histedit.h>
#endif

#include "base/mem.h"
#include "query/command.h"
#include "query/words.h"

static const char prompt_text[] = "ntp-query> ";

struct edit {
	struct out *out;
	bool has_prompt;
	/* A line that is too long comes in one piece that is too long, and is refused as
	 * such. */
	char line[WORDS_LINE_MAX + 3];
#ifdef HAVE_LIBEDIT
	EditLine *el; /* NULL: no terminal */
	History *history;
#endif
};

#ifdef HAVE_LIBEDIT

enum { HISTORY_LINES = 500 };

static const char *
prompt(EditLine *el)
{
	(void)el;
	return prompt_text;
}

/* The tab key. */
static unsigned char
complete(EditLine *el, int key)
{
	const LineInfo *line = el_line(el);
	char rest[WORDS_LINE_MAX];

	(void)key;
	if (command_complete(line->buffer, (size_t)(line->cursor - line->buffer), rest,
		sizeof(rest)) == 0 ||
	    el_insertstr(el, rest) != 0)
		return CC_ERROR;
	return CC_REFRESH;
}

static void
begin_editing(struct edit *e)
{
	HistEvent event;

	if (!e->has_prompt || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return;
	e->el = el_init("ntp-query", stdin, stdout, stderr);
	e->history = history_init();
	if (!e->el || !e->history)
		return;
	(void)history(e->history, &event, H_SETSIZE, HISTORY_LINES);
	(void)history(e->history, &event, H_SETUNIQUE, 1);
	(void)el_set(e->el, EL_PROMPT, prompt);
	(void)el_set(e->el, EL_EDITOR, "emacs");
	(void)el_set(e->el, EL_SIGNAL, 1);
	(void)el_set(e->el, EL_HIST, history, e->history);
	(void)el_set(e->el, EL_ADDFN, "ntp-complete", "Complete a command", complete);
	(void)el_set(e->el, EL_BIND, "^I", "ntp-complete", NULL);
	(void)el_source(e->el, NULL); /* ~/.editrc */
}

static void
end_editing(struct edit *e)
{
	if (e->history)
		history_end(e->history);
	if (e->el)
		el_end(e->el);
}

static void
on_interrupt(int signum)
{
	(void)signum;
}

/* An interrupt ends the line, not the program. The event loop of a request puts the
 * system's own way back, so ours is set for each line. */
static const char *
edited_line(struct edit *e)
{
	struct sigaction ours = { .sa_handler = on_interrupt }, before;
	HistEvent event;
	int len = 0;

	(void)sigemptyset(&ours.sa_mask);
	(void)sigaction(SIGINT, &ours, &before);
	const char *line = el_gets(e->el, &len);
	bool is_interrupted = !line && len < 0 && errno == EINTR;
	(void)sigaction(SIGINT, &before, NULL);
	if (is_interrupted) {
		el_reset(e->el);
		out_line(e->out, "%s", "");
		return "";
	}
	if (!line || len <= 0)
		return NULL;
	if (len > 1)
		(void)history(e->history, &event, H_ENTER, line);
	size_t n = strcspn(line, "\n");
	if (n >= sizeof(e->line))
		n = sizeof(e->line) - 1;
	memcpy(e->line, line, n);
	e->line[n] = '\0';
	return e->line;
}

#endif

static const char *
plain_line(struct edit *e)
{
	size_t len;
	int c;

	if (e->has_prompt)
		out_prompt(e->out, prompt_text);
	if (!fgets(e->line, sizeof(e->line), stdin))
		return NULL;
	len = strlen(e->line);
	if (len > 0 && e->line[len - 1] == '\n')
		e->line[len - 1] = '\0';
	else
		while ((c = getchar()) != EOF && c != '\n')
			;
	return e->line;
}

struct edit *
edit_new(struct out *out, bool has_prompt)
{
	struct edit *e = mem_calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->out = out;
	e->has_prompt = has_prompt;
#ifdef HAVE_LIBEDIT
	begin_editing(e);
#endif
	return e;
}

void
edit_free(struct edit *e)
{
	if (!e)
		return;
#ifdef HAVE_LIBEDIT
	end_editing(e);
#endif
	mem_free(e);
}

const char *
edit_line(struct edit *e)
{
#ifdef HAVE_LIBEDIT
	if (e->el && e->history)
		return edited_line(e);
#endif
	return plain_line(e);
}
