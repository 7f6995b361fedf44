/* SPDX-License-Identifier: BSD-2-Clause */
/* The only place of ntp-query that prints. Whatever came from the network, nothing but
 * printable text and line ends leaves here: every other byte is written as \xNN. */
#ifndef QUERY_OUT_H
#define QUERY_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	OUT_LINE_MAX = 16384, /* octets of a line before it is made harmless */
	OUT_DEPTH_MAX = 16,   /* of JSON */
};

struct out {
	FILE *stream; /* where text and JSON go: standard output, or a file */
	FILE *errors;
	bool is_json;
	bool has_failed; /* something could not be written */
	/* Private: of the JSON value being written. */
	unsigned depth;
	bool has_items[OUT_DEPTH_MAX];
};

void out_init(struct out *o, FILE *stream, FILE *errors, bool is_json);

/* One line of text, formatted; it may hold line ends, and gets one more. */
void out_line(struct out *o, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* text[0..len) as one or more lines: CR LF and LF end one. */
void out_text(struct out *o, const char *text, size_t len);
/* "ntp-query: ..." to the errors. */
void out_error(struct out *o, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Harmless text, without a line's end. */
void out_piece(struct out *o, const char *text, size_t len);
/* The same, and out with it: a prompt. */
void out_prompt(struct out *o, const char *text);

/* What is done to a terminal besides writing text on it. */
enum out_control {
	OUT_CLEAR,     /* an empty screen */
	OUT_HOME,      /* to its first line */
	OUT_MARK,      /* what follows stands out, */
	OUT_PLAIN,     /* and no more */
	OUT_END_LINE,  /* to the next line; what was left of this one goes */
	OUT_END_SCREEN /* what was left below goes */
};
/* For streams of which out_is_screen() is true. */
void out_control(struct out *o, enum out_control what);
/* It is a terminal, and more than a printer. */
bool out_is_screen(const struct out *o);
/* Its size, by a guess when it does not say. */
void out_screen_size(const struct out *o, size_t *rows_out, size_t *columns_out);
/* Pushes out what waits; false, once, when something was not written. */
bool out_flush(struct out *o);

/* Copies text[0..len) made harmless; always terminates, cuts between characters. Returns
 * the length. */
size_t out_escape(const char *text, size_t len, char *out, size_t cap);

/* JSON, written as it comes. `key` is NULL in arrays and for the whole; else it must be a
 * harmless text. A value on the outermost level ends its line. */
void out_open(struct out *o, const char *key, char bracket); /* '{' or '[' */
void out_close(struct out *o, char bracket);                 /* '}' or ']' */
/* Octets that are no UTF-8 are written as U+FFFD. */
void out_string(struct out *o, const char *key, const char *text, size_t len);
void out_string_z(struct out *o, const char *key, const char *text);
void out_number(struct out *o, const char *key, int64_t value);
void out_bool(struct out *o, const char *key, bool value);
void out_null(struct out *o, const char *key);
/* The same with a key from outside. */
void out_member(struct out *o, const char *key, size_t key_len, const char *text,
    size_t len);
/* As a number when it is one by JSON's grammar, else as a string. */
void out_decimal(struct out *o, const char *key, const char *text, size_t len);
bool out_is_number(const char *text, size_t len);

#endif
