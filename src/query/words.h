/* SPDX-License-Identifier: BSD-2-Clause */
/* A command line of ntp-query, taken apart into words. */
#ifndef QUERY_WORDS_H
#define QUERY_WORDS_H

#include <stddef.h>

enum {
	WORDS_LINE_MAX = 1024, /* octets of a line */
	WORDS_MAX = 64,        /* words of a line */
};

struct words {
	size_t n;
	const char *items[WORDS_MAX]; /* terminated; in `bytes` */
	/* Where each word begins in the line: what takes the rest of a line as it stands
	 * begins there, and ends at `end`, before a redirection or comment. */
	size_t starts[WORDS_MAX];
	size_t end;
	const char *file; /* of "> file"; NULL without */
	/* Every word is followed by its terminator. */
	char bytes[WORDS_LINE_MAX + WORDS_MAX + 1];
};

/* Splits a line at blanks. Text in "double" or 'single' quotes belongs to one word; in
 * double quotes a backslash takes the next quote or backslash literally. '#' at the start
 * of a word begins a comment; '>' there names the file the output goes to, which ends the
 * line. 0; ERR_TOOBIG over a limit above; ERR_SYNTAX, with *problem a fixed text. *out is
 * then of no use. It points into itself: not to be copied. */
int words_split(const char *line, struct words *out, const char **problem);

#endif
