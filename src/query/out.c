/* SPDX-License-Identifier: BSD-2-Clause */
/* Text made harmless. */
#include "query/out.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"

enum { CHARACTER_MAX = 4, ESCAPE_LEN = 4, ROWS_GUESS = 24, COLUMNS_GUESS = 80 };

void
out_init(struct out *o, FILE *stream, FILE *errors, bool is_json)
{
	*o = (struct out){ .stream = stream, .errors = errors, .is_json = is_json };
}

/* Octets of the printable character at text[0..len); 0 when there is none. */
static size_t
character(const char *text, size_t len)
{
	for (size_t n = 1; n <= CHARACTER_MAX && n <= len; n++)
		if (text_is_utf8(text, n))
			return n;
	return 0;
}

size_t
out_escape(const char *text, size_t len, char *out, size_t cap)
{
	size_t used = 0;

	/* Most text is harmless as it is. */
	if (len < cap && text_is_utf8(text, len)) {
		memcpy(out, text, len);
		out[len] = '\0';
		return len;
	}
	for (size_t i = 0; i < len;) {
		size_t n = character(text + i, len - i);
		char escaped[ESCAPE_LEN + 1];
		const char *from = text + i;

		if (n == 0) {
			text_format(escaped, sizeof(escaped), "\\x%02x",
			    (unsigned)(uint8_t)text[i]);
			from = escaped;
		}
		size_t width = n == 0 ? ESCAPE_LEN : n;
		if (width > cap - 1 - used)
			break;
		memcpy(out + used, from, width);
		used += width;
		i += n == 0 ? 1 : n;
	}
	out[used] = '\0';
	return used;
}

/* Most text is clean and goes out in one piece. */
static void
put_harmless(FILE *stream, const char *text, size_t len)
{
	char escaped[ESCAPE_LEN + 1];

	if (text_is_utf8(text, len)) {
		fwrite(text, 1, len, stream);
		return;
	}
	for (size_t i = 0; i < len;) {
		size_t n = character(text + i, len - i);

		if (n == 0)
			n = 1;
		out_escape(text + i, n, escaped, sizeof(escaped));
		fputs(escaped, stream);
		i += n;
	}
}

/* Line after line: a line end is the only control character that is wanted. */
static void
put_lines(FILE *stream, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((stop ? stop : end) - text);

		put_harmless(stream, text, n > 0 && text[n - 1] == '\r' ? n - 1 : n);
		fputc('\n', stream);
		text += n + 1;
	}
}

static void __attribute__((format(printf, 2, 0)))
put_formatted(FILE *stream, const char *format, va_list args)
{
	char line[OUT_LINE_MAX];
	int n = vsnprintf(line, sizeof(line), format, args);

	if (n < 0)
		return;
	if ((size_t)n >= sizeof(line))
		n = sizeof(line) - 1;
	if (n == 0)
		fputc('\n', stream);
	put_lines(stream, line, (size_t)n);
}

void
out_line(struct out *o, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put_formatted(o->stream, format, args);
	va_end(args);
}

void
out_text(struct out *o, const char *text, size_t len)
{
	put_lines(o->stream, text, len);
}

void
out_error(struct out *o, const char *format, ...)
{
	va_list args;

	(void)fflush(o->stream); /* in the order things happened */
	fputs("ntp-query: ", o->errors);
	va_start(args, format);
	put_formatted(o->errors, format, args);
	va_end(args);
}

void
out_piece(struct out *o, const char *text, size_t len)
{
	put_harmless(o->stream, text, len);
}

void
out_prompt(struct out *o, const char *text)
{
	out_piece(o, text, strlen(text));
	(void)fflush(o->stream);
}

/* --- a terminal --------------------------------------------------------------------- */

/* Of ECMA-48, which every terminal of today obeys; and lines do not wrap while a screen
 * is drawn, however wide its characters are. */
void
out_control(struct out *o, enum out_control what)
{
	static const char *const sequences[] = {
		[OUT_CLEAR] = "\x1b[?7l\x1b[H\x1b[2J",
		[OUT_HOME] = "\x1b[?7l\x1b[H",
		[OUT_MARK] = "\x1b[7m",
		[OUT_PLAIN] = "\x1b[m",
		[OUT_END_LINE] = "\x1b[K\n",
		[OUT_END_SCREEN] = "\x1b[J\x1b[?7h",
	};

	fputs(sequences[what], o->stream);
}

bool
out_is_screen(const struct out *o)
{
	const char *kind = getenv("TERM");

	return kind && *kind != '\0' && strcmp(kind, "dumb") != 0 &&
	    fileno(o->stream) >= 0 && isatty(fileno(o->stream));
}

void
out_screen_size(const struct out *o, size_t *rows_out, size_t *columns_out)
{
	struct winsize size = { 0 };

	(void)ioctl(fileno(o->stream), TIOCGWINSZ, &size);
	*rows_out = size.ws_row > 0 ? size.ws_row : ROWS_GUESS;
	*columns_out = size.ws_col > 0 ? size.ws_col : COLUMNS_GUESS;
}

bool
out_flush(struct out *o)
{
	bool was_failed = o->has_failed;

	if (fflush(o->stream) != 0 || ferror(o->stream))
		o->has_failed = true;
	return was_failed || !o->has_failed;
}
