/* SPDX-License-Identifier: BSD-2-Clause */
/* A tokenizer that takes whatever a daemon, or a server behind it, can put in a list. */
#include "mode6/varlist.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/scan.h"

enum { ASSOC_LEN = 4 };

static struct m6_varlist
start(const void *payload, size_t len, unsigned items_max)
{
	const char *at = payload != NULL ? payload : "";

	return (struct m6_varlist){
		.at = at,
		.end = payload != NULL ? at + len : at,
		.items_max = items_max,
	};
}

struct m6_varlist
m6_varlist_start(const void *payload, size_t len)
{
	return start(payload, len, M6_ITEMS_MAX);
}

struct m6_varlist
m6_varlist_start_long(const void *payload, size_t len)
{
	return start(payload, len, M6_ITEMS_LONG_MAX);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *
skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* A separator is a comma with white space or nothing behind it. */
static bool
is_separator(const char *at, const char *end)
{
	return *at == ',' && (at + 1 == end || is_blank(at[1]));
}

static const char *
find_separator(const char *at, const char *end)
{
	while (at < end) {
		at = memchr(at, ',', (size_t)(end - at));
		if (!at || is_separator(at, end))
			break;
		at++;
	}
	return at ? at : end;
}

/* Whether an item may end at `at`. */
static bool
is_item_end(const char *at, const char *end)
{
	if (at < end && *at == ',')
		return is_separator(at, end);
	return skip_blanks(at, end) == end;
}

/* The quote that closes the value, or NULL when the opening one was data. */
static const char *
find_closing_quote(const char *at, const char *end)
{
	while (at < end && *at != '"' && *at != '\r' && *at != '\n')
		at++;
	if (at == end || *at != '"' || !is_item_end(at + 1, end))
		return NULL;
	return at;
}

/* The value that starts at `at`; returns where it ends. */
static const char *
take_value(const char *at, const char *end, struct m6_var *var)
{
	at = skip_blanks(at, end);
	if (at < end && *at == '"') {
		const char *quote = find_closing_quote(at + 1, end);
		if (quote != NULL) {
			var->is_quoted = true;
			var->value = at + 1;
			var->value_len = (size_t)(quote - var->value);
			return quote + 1;
		}
	}
	const char *stop = find_separator(at, end);
	var->value_len = (size_t)(stop - at);
	var->value = scan_trim(at, &var->value_len);
	return stop;
}

/* Behind what nearly every name consists of: nothing that ends or spoils one. */
static const char *
skip_plain(const char *at, const char *end)
{
	while (at < end && ((*at >= 'a' && *at <= 'z') || *at == '_'))
		at++;
	return at;
}

/* More than a request may contain: a variable named in a configuration file can look
 * like anything. */
static bool
is_name(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (name[i] <= ' ' || name[i] > '~' || name[i] == '"' || name[i] == ',')
			return false;
	return len > 0 && len <= M6_NAME_MAX;
}

/* The name that starts at `at`, whatever follows; returns where it ends, or what stands
 * there instead of a name, of which the length is 0 then. */
static const char *
take_name(const char *at, const char *end, struct m6_var *var)
{
	const char *stop = skip_plain(at, end);
	bool is_plain = stop < end && *stop == '=';

	var->name = at;
	while (stop < end && *stop != '=' && !is_separator(stop, end))
		stop++;
	var->name_len = (size_t)(stop - at);
	if (is_plain && var->name_len <= M6_NAME_MAX)
		return stop;
	var->name = scan_trim(at, &var->name_len);
	if (!is_name(var->name, var->name_len))
		var->name_len = 0;
	return stop;
}

/* The item that starts at list->at, whatever it is worth. */
static struct m6_var
take_item(struct m6_varlist *list)
{
	struct m6_var var = { .name_len = 0 };
	const char *at = take_name(list->at, list->end, &var);

	if (at < list->end && *at == '=')
		at = take_value(at + 1, list->end, &var);
	list->at = at;
	return var;
}

/* Empty items are all over: trap messages start with a separator, lists end with one. */
static bool
skip_to_item(struct m6_varlist *list)
{
	while (list->at < list->end && (is_blank(*list->at) || *list->at == ','))
		list->at++;
	return list->at < list->end;
}

bool
m6_varlist_next(struct m6_varlist *list, struct m6_var *out)
{
	while (list->items < list->items_max && skip_to_item(list)) {
		struct m6_var var = take_item(list);
		if (var.name_len == 0 || var.value_len > M6_VALUE_MAX)
			continue;
		list->items++;
		*out = var;
		return true;
	}
	return false;
}

static bool
is_request_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

static bool
is_request_name(const char *name)
{
	size_t len = strnlen(name, M6_NAME_MAX + 1);

	for (size_t i = 0; i < len; i++)
		if (!is_request_char(name[i]))
			return false;
	return len > 0 && len <= M6_NAME_MAX;
}

int
m6_varlist_append(const char *name, char *out, size_t cap, size_t *len)
{
	if (!is_request_name(name))
		return ERR_SYNTAX;
	return m6_varlist_put(name, strlen(name), out, cap, len);
}

int
m6_varlist_put(const char *name, size_t name_len, char *out, size_t cap, size_t *len)
{
	size_t comma_len = *len > 0;

	if (comma_len > cap - *len || name_len > cap - *len - comma_len)
		return ERR_FULL;
	if (comma_len > 0)
		out[(*len)++] = ',';
	memcpy(out + *len, name, name_len);
	*len += name_len;
	return 0;
}

int
m6_varlist_join(const char *const *names, size_t n_names, char *out, size_t cap,
    size_t *len_out)
{
	size_t len = 0;

	for (size_t i = 0; i < n_names; i++) {
		int rc = m6_varlist_append(names[i], out, cap, &len);

		if (rc != 0)
			return rc;
	}
	*len_out = len;
	return 0;
}

int
m6_assoc_count(size_t len)
{
	/* No payload comes near; it keeps the result an int whatever is asked. */
	if (len % ASSOC_LEN != 0 || len > UINT16_MAX)
		return ERR_PROTOCOL;
	return (int)(len / ASSOC_LEN);
}

struct m6_assoc
m6_assoc_at(const void *payload, size_t i)
{
	struct buf b = buf_reader((const uint8_t *)payload + i * ASSOC_LEN, ASSOC_LEN);
	struct m6_assoc assoc;

	assoc.id = buf_get_u16(&b);
	assoc.status = buf_get_u16(&b);
	return assoc;
}
