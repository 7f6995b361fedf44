/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads recorded answers: a line-oriented text with escapes. */
#include "support/recording.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct recording *rec;
	struct recorded_exchange *now; /* the exchange lines belong to; NULL before one */
	size_t heads;                  /* datagrams of it seen so far */
};

static void *
allocate(size_t count, size_t size)
{
	void *space = calloc(count ? count : 1, size);

	if (!space) {
		fprintf(stderr, "recording: memory is out\n");
		abort();
	}
	return space;
}

static char *
copy_text(const char *text, size_t len)
{
	char *copy = allocate(len + 1, 1);

	memcpy(copy, text, len);
	return copy;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Pairs of digits up to a blank or the end; false when a digit is missing. */
static bool
read_hex(const char *text, uint8_t *out, size_t cap, size_t *len_out)
{
	size_t n = 0;

	for (; *text && *text != ' '; text += 2) {
		int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0 || n == cap)
			return false;
		out[n++] = (uint8_t)(high << 4 | low);
	}
	*len_out = n;
	return true;
}

/* "## op=N assoc=N request='...' datagrams=N" */
static bool
read_exchange(struct reader *r, const char *line)
{
	struct recording *rec = r->rec;
	struct recorded_exchange *ex;
	unsigned op, assoc;
	size_t n_datagrams;
	const char *open = strchr(line, '\''), *close = strrchr(line, '\'');

	if (sscanf(line, "## op=%u assoc=%u request=", &op, &assoc) != 2)
		return false;
	if (close == open || sscanf(close, "' datagrams=%zu", &n_datagrams) != 1)
		return false;
	if (n_datagrams == 0 || n_datagrams > 64)
		return false;
	rec->exchanges = realloc(rec->exchanges, (rec->n_exchanges + 1) * sizeof(*ex));
	if (!rec->exchanges)
		abort();
	ex = &rec->exchanges[rec->n_exchanges++];
	memset(ex, 0, sizeof(*ex));
	ex->op = op;
	ex->assoc = assoc;
	ex->request = copy_text(open + 1, (size_t)(close - open) - 1);
	ex->n_datagrams = n_datagrams;
	ex->datagrams = allocate(n_datagrams, sizeof(*ex->datagrams));
	r->now = ex;
	r->heads = 0;
	return true;
}

/* "head HEX pad HEX", with "-" for no padding. */
static bool
read_head(struct reader *r, const char *line)
{
	struct recorded_datagram *dg;
	const char *pad = strstr(line, " pad ");
	size_t len;

	if (!r->now || r->heads == r->now->n_datagrams || !pad)
		return false;
	dg = &r->now->datagrams[r->heads++];
	if (!read_hex(line + strlen("head "), dg->head, sizeof(dg->head), &len) ||
	    len != sizeof(dg->head))
		return false;
	pad += strlen(" pad ");
	if (strcmp(pad, "-") == 0)
		return true;
	dg->pad = allocate(strlen(pad), 1);
	return read_hex(pad, dg->pad, strlen(pad), &dg->pad_len);
}

/* One character or escape; the place behind it, or NULL when it is no escape of ours. */
static const char *
read_escaped(const char *at, uint8_t *out)
{
	int high, low;

	if (*at != '\\') {
		*out = (uint8_t)*at;
		return at + 1;
	}
	switch (at[1]) {
	case 'r':
		*out = '\r';
		return at + 2;
	case 'n':
		*out = '\n';
		return at + 2;
	case '\\':
		*out = '\\';
		return at + 2;
	case 'x':
		high = hex_digit(at[2]);
		low = high < 0 ? -1 : hex_digit(at[3]);
		if (low < 0)
			return NULL;
		*out = (uint8_t)(high << 4 | low);
		return at + 4;
	default:
		return NULL;
	}
}

static bool
read_data(struct reader *r, const char *line)
{
	const char *at = line + strlen("data ");

	if (!r->now || r->now->data)
		return false;
	r->now->data = allocate(strlen(at), 1);
	while (at && *at)
		at = read_escaped(at, &r->now->data[r->now->data_len++]);
	return at != NULL;
}

/* "pairs ID:STATUS ...": identifiers are decimal, status words hexadecimal. */
static bool
read_pairs(struct reader *r, const char *line)
{
	const char *at = line + strlen("pairs");
	unsigned id, status;
	int used;

	if (!r->now || r->now->data)
		return false;
	r->now->data = allocate(strlen(at), 4);
	while (sscanf(at, " %u:%x%n", &id, &status, &used) == 2) {
		uint8_t *entry = &r->now->data[r->now->data_len];

		if (id > UINT16_MAX || status > UINT16_MAX)
			return false;
		entry[0] = (uint8_t)(id >> 8);
		entry[1] = (uint8_t)(id & 0xff);
		entry[2] = (uint8_t)(status >> 8);
		entry[3] = (uint8_t)(status & 0xff);
		r->now->data_len += 4;
		at += used;
	}
	return *at == '\0';
}

static size_t
count_of(const struct recorded_datagram *dg)
{
	return (size_t)(dg->head[10] << 8 | dg->head[11]);
}

/* What the headers announce is what the data line holds. */
static bool
is_complete(const struct reader *r)
{
	size_t sum = 0;

	if (!r->now)
		return true;
	for (size_t i = 0; i < r->now->n_datagrams; i++)
		sum += count_of(&r->now->datagrams[i]);
	return r->heads == r->now->n_datagrams && sum == r->now->data_len;
}

static bool
starts_with(const char *line, const char *prefix)
{
	return strncmp(line, prefix, strlen(prefix)) == 0;
}

static bool
read_line(struct reader *r, const char *line)
{
	if (*line == '\0')
		return true;
	if (starts_with(line, "## "))
		return is_complete(r) && read_exchange(r, line);
	if (starts_with(line, "# ")) {
		free(r->rec->title);
		r->rec->title = copy_text(line + 2, strlen(line + 2));
		return true;
	}
	if (starts_with(line, "head "))
		return read_head(r, line);
	if (starts_with(line, "data "))
		return read_data(r, line);
	if (starts_with(line, "pairs "))
		return read_pairs(r, line);
	return false;
}

static FILE *
open_source(const char *path)
{
	const char *srcdir = getenv("srcdir");
	char full[4096];

	if (!srcdir || !starts_with(path, "tests/"))
		return fopen(path, "r");
	snprintf(full, sizeof(full), "%s/%s", srcdir, path);
	return fopen(full, "r");
}

struct recording *
recording_load(const char *path)
{
	struct reader r = { 0 };
	FILE *file = open_source(path);
	char *line = NULL;
	size_t cap = 0, number = 0;
	ssize_t len;
	bool ok = true;

	if (!file) {
		fprintf(stderr, "recording: %s cannot be opened\n", path);
		return NULL;
	}
	r.rec = allocate(1, sizeof(*r.rec));
	while (ok && (len = getline(&line, &cap, file)) >= 0) {
		number++;
		if (len > 0 && line[len - 1] == '\n')
			line[len - 1] = '\0';
		ok = read_line(&r, line);
	}
	free(line);
	fclose(file);
	if (ok && is_complete(&r) && r.rec->n_exchanges > 0)
		return r.rec;
	fprintf(stderr, "recording: %s: unusable at or before line %zu\n", path, number);
	recording_free(r.rec);
	return NULL;
}

void
recording_free(struct recording *rec)
{
	if (!rec)
		return;
	for (size_t i = 0; i < rec->n_exchanges; i++) {
		struct recorded_exchange *ex = &rec->exchanges[i];

		for (size_t j = 0; j < ex->n_datagrams; j++)
			free(ex->datagrams[j].pad);
		free(ex->datagrams);
		free(ex->request);
		free(ex->data);
	}
	free(rec->exchanges);
	free(rec->title);
	free(rec);
}

const struct recorded_exchange *
recording_find(const struct recording *rec, unsigned op, unsigned assoc,
    const char *request)
{
	for (size_t i = 0; i < rec->n_exchanges; i++) {
		const struct recorded_exchange *ex = &rec->exchanges[i];

		if (ex->op == op && ex->assoc == assoc &&
		    strcmp(ex->request, request) == 0)
			return ex;
	}
	return NULL;
}

size_t
recording_datagram(const struct recorded_exchange *ex, size_t i, uint8_t *out, size_t cap)
{
	const struct recorded_datagram *dg;
	size_t start = 0, count;

	if (i >= ex->n_datagrams)
		return 0;
	for (size_t j = 0; j < i; j++)
		start += count_of(&ex->datagrams[j]);
	dg = &ex->datagrams[i];
	count = count_of(dg);
	if (RECORDED_HEAD_LEN + count + dg->pad_len > cap)
		return 0;
	memcpy(out, dg->head, RECORDED_HEAD_LEN);
	if (count > 0)
		memcpy(out + RECORDED_HEAD_LEN, ex->data + start, count);
	if (dg->pad_len > 0)
		memcpy(out + RECORDED_HEAD_LEN + count, dg->pad, dg->pad_len);
	return RECORDED_HEAD_LEN + count + dg->pad_len;
}

uint16_t
recording_status(const struct recorded_exchange *ex)
{
	const uint8_t *head = ex->datagrams[ex->n_datagrams - 1].head;

	return (uint16_t)(head[4] << 8 | head[5]);
}
