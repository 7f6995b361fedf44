/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading inputs, and judging what is printed. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void
fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, what);
	abort();
}

/* --- inputs ------------------------------------------------------------------------- */

uint8_t
fuzz_u8(struct fuzz_input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

uint16_t
fuzz_u16(struct fuzz_input *in)
{
	unsigned high = fuzz_u8(in);

	return (uint16_t)(high << 8 | fuzz_u8(in));
}

uint32_t
fuzz_below(struct fuzz_input *in, uint32_t limit)
{
	return (limit > 256 ? fuzz_u16(in) : fuzz_u8(in)) % limit;
}

uint8_t *
fuzz_take(struct fuzz_input *in, size_t len, size_t *len_out)
{
	size_t n = len < in->left ? len : in->left;
	uint8_t *copy = malloc(n > 0 ? n : 1);

	if (!copy)
		abort();
	if (n > 0)
		memcpy(copy, in->at, n);
	in->at += n;
	in->left -= n;
	*len_out = n;
	return copy;
}

uint8_t *
fuzz_chunk(struct fuzz_input *in, size_t *len_out)
{
	size_t len = fuzz_u16(in);

	return fuzz_take(in, len, len_out);
}

char *
fuzz_line(struct fuzz_input *in)
{
	const uint8_t *end = in->left > 0 ? memchr(in->at, '\n', in->left) : NULL;
	size_t len = end ? (size_t)(end - in->at) : in->left;
	char *line = malloc(len + 1);

	if (!line)
		abort();
	for (size_t i = 0; i < len; i++)
		line[i] = in->at[i] != 0 ? (char)in->at[i] : ' ';
	line[len] = '\0';
	in->at += len;
	in->left -= len;
	(void)fuzz_u8(in);
	return line;
}

/* --- what is printed ---------------------------------------------------------------- */

void
fuzz_text_open(struct fuzz_text *t)
{
	*t = (struct fuzz_text){ .bytes = NULL };
	t->stream = open_memstream(&t->bytes, &t->len);
	if (!t->stream)
		abort();
}

void
fuzz_text_close(struct fuzz_text *t)
{
	size_t at = 0;

	if (fclose(t->stream) != 0)
		abort();
	while (at < t->len) {
		const char *end = memchr(t->bytes + at, '\n', t->len - at);
		size_t len = end ? (size_t)(end - t->bytes) - at : t->len - at;

		FUZZ_REQUIRE(text_is_utf8(t->bytes + at, len));
		at += len + 1;
	}
}

void
fuzz_text_free(struct fuzz_text *t)
{
	free(t->bytes);
	t->bytes = NULL;
}

/* --- JSON --------------------------------------------------------------------------- */

struct json {
	const char *at, *end;
	unsigned depth;
};

static bool json_value(struct json *j);

static char
json_peek(struct json *j)
{
	while (j->at < j->end && strchr(" \t\r\n", *j->at) && *j->at != '\0')
		j->at++;
	return '\0' + (j->at < j->end ? *j->at : '\0');
}

static bool
json_take(struct json *j, char c)
{
	if (json_peek(j) != c)
		return false;
	j->at++;
	return true;
}

static bool
json_escape(struct json *j)
{
	if (j->at == j->end)
		return false;
	char c = *j->at++;

	if (c != 'u')
		return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
	for (int i = 0; i < 4; i++, j->at++)
		if (j->at == j->end || *j->at == '\0' ||
		    !strchr("0123456789abcdefABCDEF", *j->at))
			return false;
	return true;
}

static bool
json_string(struct json *j)
{
	if (!json_take(j, '"'))
		return false;
	while (j->at < j->end) {
		char c = *j->at++;

		if (c == '"')
			return true;
		if ((unsigned char)c < ' ' || (c == '\\' && !json_escape(j)))
			return false;
	}
	return false;
}

static size_t
json_digits(struct json *j)
{
	const char *from = j->at;

	while (j->at < j->end && *j->at >= '0' && *j->at <= '9')
		j->at++;
	return (size_t)(j->at - from);
}

static bool
json_number(struct json *j)
{
	(void)json_take(j, '-');
	bool has_zero = j->at < j->end && *j->at == '0';
	size_t n = json_digits(j);

	if (n == 0 || (has_zero && n > 1))
		return false;
	if (j->at < j->end && *j->at == '.') {
		j->at++;
		if (json_digits(j) == 0)
			return false;
	}
	if (j->at < j->end && (*j->at == 'e' || *j->at == 'E')) {
		j->at++;
		if (j->at < j->end && (*j->at == '+' || *j->at == '-'))
			j->at++;
		return json_digits(j) > 0;
	}
	return true;
}

static bool
json_word(struct json *j)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(j->end - j->at) < len || memcmp(j->at, words[i], len) != 0)
			continue;
		j->at += len;
		return true;
	}
	return false;
}

static bool
json_items(struct json *j, char bracket)
{
	bool is_object = bracket == '}';

	if (json_take(j, bracket))
		return true;
	do {
		if (is_object && (!json_string(j) || !json_take(j, ':')))
			return false;
		if (!json_value(j))
			return false;
	} while (json_take(j, ','));
	return json_take(j, bracket);
}

static bool
json_value(struct json *j)
{
	enum { DEPTH_MAX = 64 };
	char c = json_peek(j);
	bool is_good;

	if (c == '"')
		return json_string(j);
	if (c != '{' && c != '[')
		return c == '-' || (c >= '0' && c <= '9') ? json_number(j) : json_word(j);
	if (j->depth++ == DEPTH_MAX)
		return false;
	j->at++;
	is_good = json_items(j, c == '{' ? '}' : ']');
	j->depth--;
	return is_good;
}

bool
fuzz_is_json(const char *text, size_t len)
{
	struct json j = { text, text + len, 0 };

	while (json_peek(&j) != '\0')
		if (!json_value(&j))
			return false;
	return j.at == j.end;
}
