/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON, written as it comes: no tree of it is ever held. */
#include "query/out.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"

enum { CHARACTER_MAX = 4 };

/* Clean characters but for quote and backslash; every octet that belongs to none is
 * U+FFFD, but for control characters, which JSON can say. */
static void
put_string(FILE *f, const char *text, size_t len)
{
	fputc('"', f);
	for (size_t i = 0; i < len;) {
		uint8_t byte = (uint8_t)text[i];
		size_t n = 1;

		while (n < CHARACTER_MAX && n < len - i && !text_is_utf8(text + i, n))
			n++;
		if (!text_is_utf8(text + i, n)) {
			if (byte < 0x20 || byte == 0x7f)
				fprintf(f, "\\u%04x", (unsigned)byte);
			else
				fputs("\\ufffd", f);
			i++;
			continue;
		}
		if (byte == '"' || byte == '\\')
			fputc('\\', f);
		fwrite(text + i, 1, n, f);
		i += n;
	}
	fputc('"', f);
}

/* What stands before a value. */
static void
begin(struct out *o, const char *key, size_t key_len)
{
	if (o->depth == 0)
		return;
	if (o->has_items[o->depth - 1])
		fputs(", ", o->stream);
	o->has_items[o->depth - 1] = true;
	if (!key)
		return;
	put_string(o->stream, key, key_len);
	fputs(": ", o->stream);
}

static void
begin_z(struct out *o, const char *key)
{
	begin(o, key, key ? strlen(key) : 0);
}

static void
end(struct out *o)
{
	if (o->depth == 0)
		fputc('\n', o->stream);
}

void
out_open(struct out *o, const char *key, char bracket)
{
	assert(o->depth < OUT_DEPTH_MAX);
	begin_z(o, key);
	fputc(bracket, o->stream);
	o->has_items[o->depth++] = false;
}

void
out_close(struct out *o, char bracket)
{
	assert(o->depth > 0);
	o->depth--;
	fputc(bracket, o->stream);
	end(o);
}

void
out_member(struct out *o, const char *key, size_t key_len, const char *text, size_t len)
{
	begin(o, key, key_len);
	put_string(o->stream, text, len);
	end(o);
}

void
out_string(struct out *o, const char *key, const char *text, size_t len)
{
	out_member(o, key, key ? strlen(key) : 0, text, len);
}

void
out_string_z(struct out *o, const char *key, const char *text)
{
	out_string(o, key, text, strlen(text));
}

void
out_number(struct out *o, const char *key, int64_t value)
{
	begin_z(o, key);
	fprintf(o->stream, "%" PRId64, value);
	end(o);
}

void
out_bool(struct out *o, const char *key, bool value)
{
	begin_z(o, key);
	fputs(value ? "true" : "false", o->stream);
	end(o);
}

void
out_null(struct out *o, const char *key)
{
	begin_z(o, key);
	fputs("null", o->stream);
	end(o);
}

static size_t
digits(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

/* Behind the digits of a number: e, a sign or none, digits. */
static bool
is_exponent(const char *text, size_t len)
{
	size_t sign;

	if (len == 0 || (text[0] != 'e' && text[0] != 'E'))
		return false;
	sign = len > 1 && (text[1] == '-' || text[1] == '+') ? 1 : 0;
	return len > 1 + sign &&
	    digits(text + 1 + sign, len - 1 - sign) == len - 1 - sign;
}

/* [-] 0 | 1-9... [.digits] [exponent]: what daemons print, and JSON allows. */
bool
out_is_number(const char *text, size_t len)
{
	size_t n;

	if (len > 0 && text[0] == '-') {
		text++;
		len--;
	}
	n = digits(text, len);
	if (n == 0 || (n > 1 && text[0] == '0'))
		return false;
	if (n < len && text[n] == '.') {
		size_t decimals = digits(text + n + 1, len - n - 1);

		if (decimals == 0)
			return false;
		n += 1 + decimals;
	}
	return n == len || is_exponent(text + n, len - n);
}

void
out_decimal(struct out *o, const char *key, const char *text, size_t len)
{
	if (!out_is_number(text, len)) {
		out_string(o, key, text, len);
		return;
	}
	begin_z(o, key);
	fwrite(text, 1, len, o->stream);
	end(o);
}
