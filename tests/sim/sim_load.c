/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a simulated daemon's contents come from: recordings, invention, a file. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "mode6/packet.h"
#include "mode6/varlist.h"
#include "sim/sim.h"
#include "sim/sim_dialect.h"
#include "sim/sim_fill.h"
#include "sim/sim_vars.h"

enum { SYNTHETIC_FIRST_ID = 20000, SYNTHETIC_SEED_SPAN = 1000 };

/* The end of the item at `at`: a comma with white space behind it, outside quotes. */
static const char *
item_end(const char *at, const char *end)
{
	bool is_quoted = false;

	for (; at < end; at++) {
		if (*at == '"')
			is_quoted = !is_quoted;
		if (*at == ',' && !is_quoted && at + 1 < end && strchr(" \r", at[1]))
			return at;
	}
	return end;
}

static bool
has_name(const char *at, const char *end, const char *name)
{
	size_t len = strlen(name);

	return (size_t)(end - at) > len && memcmp(at, name, len) == 0 && at[len] == '=';
}

/* Whether a recorded value is kept: not what the rules must give, and not what moves. */
static bool
is_kept(const struct sim *s, const struct sim_row *row)
{
	if (!row)
		return true;
	if (row->fill == sim_fill_clock)
		return s->options.is_frozen;
	return row->fill != sim_fill_names;
}

static int
load_item(const struct sim *s, enum sim_class class, struct sim_values *values,
    const char *at, const char *end)
{
	const char *equals = memchr(at, '=', (size_t)(end - at));
	const struct sim_row *row;
	char *name;
	int rc = 0;

	if (!equals)
		return ERR_SYNTAX;
	name = mem_strndup(at, (size_t)(equals - at));
	if (!name)
		return ERR_NOMEM;
	row = sim_row_find(class, s->options.dialect, name, strlen(name));
	if (row && row->shape != SIM_SINGLE)
		rc = sim_values_append(values, name, equals + 1,
		    (size_t)(end - equals) - 1, 0);
	else if (is_kept(s, row))
		rc = sim_values_set(values, name, equals + 1, (size_t)(end - equals) - 1,
		    0);
	mem_free(name);
	return rc;
}

static int
load_items(const struct sim *s, enum sim_class class, struct sim_values *values,
    const struct recorded_exchange *ex)
{
	const char *at = (const char *)ex->data, *end = at + ex->data_len;

	while (end > at && strchr("\r\n", end[-1]))
		end--;
	while (at < end) {
		const char *stop = item_end(at, end);
		int rc = load_item(s, class, values, at, stop);

		if (rc != 0)
			return rc;
		at = stop < end ? stop + 1 : end;
		while (at < end && strchr(" \r\n", *at))
			at++;
	}
	return 0;
}

static int
load_assocs(struct sim *s, const struct recorded_exchange *ex)
{
	int n = m6_assoc_count(ex->data_len);
	struct sim_assoc *assocs;

	if (n < 0)
		return ERR_SYNTAX;
	int rc = sim_assoc_prepend(s, (size_t)n, &assocs);
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < (size_t)n; i++) {
		struct m6_assoc entry = m6_assoc_at(ex->data, i);

		assocs[i].id = entry.id;
		assocs[i].status = entry.status;
		assocs[i].number = (unsigned)i;
	}
	sim_assoc_reindex(s);
	return 0;
}

static int
load_readvar(struct sim *s, const struct recorded_exchange *ex)
{
	struct sim_assoc *assoc = sim_assoc_find(s, ex->assoc);

	if (ex->assoc == 0) {
		s->status = recording_status(ex);
		return load_items(s, SIM_SYSTEM, &s->system, ex);
	}
	return assoc ? load_items(s, SIM_PEER, &assoc->vars, ex) : ERR_SYNTAX;
}

static int
load_readclock(struct sim *s, const struct recorded_exchange *ex)
{
	struct sim_assoc *assoc = sim_assoc_find(s, ex->assoc);

	if (ex->assoc == 0)
		return 0; /* the same clock comes again under its own number */
	if (!assoc)
		return ERR_SYNTAX;
	assoc->is_clock = true;
	assoc->clock_status = recording_status(ex);
	return load_items(s, SIM_CLOCK, &assoc->clock_vars, ex);
}

static int
load_nonce(struct sim *s, const struct recorded_exchange *ex)
{
	const char *at = (const char *)ex->data, *end = at + ex->data_len;

	if (!has_name(at, end, "nonce"))
		return ERR_SYNTAX;
	at += strlen("nonce=");
	mem_free(s->nonce);
	s->nonce = mem_strndup(at, strcspn(at, "\r"));
	return s->nonce ? 0 : ERR_NOMEM;
}

static bool
is_error(const struct recorded_exchange *ex)
{
	return (ex->datagrams[0].head[1] & 0x40) != 0;
}

int
sim_load_recording(struct sim *s, const struct recording *rec)
{
	static const struct {
		unsigned op;
		int (*load)(struct sim *s, const struct recorded_exchange *ex);
	} passes[] = {
		{ M6_OP_READSTAT, load_assocs },
		{ M6_OP_READVAR, load_readvar },
		{ M6_OP_READCLOCK, load_readclock },
		{ M6_OP_REQ_NONCE, load_nonce },
	};

	for (size_t pass = 0; pass < sizeof(passes) / sizeof(passes[0]); pass++) {
		for (size_t i = 0; i < rec->n_exchanges; i++) {
			const struct recorded_exchange *ex = &rec->exchanges[i];

			if (ex->op != passes[pass].op || is_error(ex))
				continue;
			int rc = passes[pass].load(s, ex);
			if (rc != 0)
				return rc;
		}
	}
	return 0;
}

/* What ten associations in a row look like; the first of all is the system peer. */
static uint16_t
synthetic_status(size_t i, bool has_syspeer, enum sim_dialect dialect)
{
	/* clang-format off */
	static const uint16_t pattern[10] = {
		/* candidates, backup, outliers, falseticker, rejected, unreachable */
		0x9414, 0x9414, 0x9414, 0x9414, 0x9514,
		0x9314, 0x9314, 0x9114, 0x9014, 0x8011,
	};
	/* clang-format on */
	uint16_t status = i == 0 && !has_syspeer ? 0x961a : pattern[i % 10];

	/* NTPsec says "authentic" of every server that ever answered. */
	return sim_traits(dialect)->is_ntpsec && status != 0x8011 ? status | 0x2000U
								  : status;
}

static uint16_t
first_free_id(const struct sim *s, size_t n)
{
	uint16_t first =
	    sim_assoc_id_after(SYNTHETIC_FIRST_ID, s->options.seed % SYNTHETIC_SEED_SPAN);

	for (size_t i = 0; i < n; i++) {
		uint16_t id = sim_assoc_id_after(first, i);

		if (sim_assoc_find(s, id)) {
			first = sim_assoc_id_after(id, 1);
			i = (size_t)-1;
		}
	}
	return first;
}

int
sim_load_synthetic(struct sim *s, size_t n)
{
	bool has_syspeer = sim_assoc_syspeer(s) != NULL;
	struct sim_assoc *assocs;
	uint16_t first;

	if (n > SIM_ASSOCS_MAX)
		return ERR_TOOBIG;
	first = first_free_id(s, n);
	int rc = sim_assoc_prepend(s, n, &assocs);
	if (rc != 0)
		return rc;
	/* The newest comes first in the list, but the oldest has the lowest number. */
	for (size_t i = 0; i < n; i++) {
		struct sim_assoc *assoc = &assocs[n - 1 - i];

		assoc->id = sim_assoc_id_after(first, i);
		assoc->status = synthetic_status(i, has_syspeer, s->options.dialect);
		assoc->number = (unsigned)(s->options.number * n + i);
	}
	sim_assoc_reindex(s);
	return 0;
}

static void
key_problem(void *ctx, unsigned line, const char *what)
{
	const char *const *path = ctx;

	fprintf(stderr, "%s:%u: %s\n", *path, line, what);
}

static int
read_keys(FILE *file, const char *path, struct m6_keys **out)
{
	char *text = mem_calloc(1, M6_KEYS_TEXT_MAX + 1);
	size_t len;
	int rc;

	if (!text)
		return ERR_NOMEM;
	len = fread(text, 1, M6_KEYS_TEXT_MAX + 1, file);
	rc = ferror(file) ? ERR_IO : m6_keys_parse(text, len, key_problem, &path, out);
	mem_free(text);
	return rc;
}

int
sim_load_keys(struct sim *s, const char *path)
{
	FILE *file = fopen(path, "r");
	struct m6_keys *keys = NULL;
	int rc;

	if (!file)
		return ERR_IO;
	rc = read_keys(file, path, &keys);
	fclose(file);
	if (rc != 0)
		return rc;
	m6_keys_free(s->auth.keys);
	s->auth.keys = keys;
	return 0;
}

int
sim_load_state(struct sim *s, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[SIM_LINE_MAX], answer[SIM_LINE_MAX];
	unsigned number = 0;
	int rc = 0;

	if (!file)
		return ERR_IO;
	while (rc == 0 && fgets(line, sizeof(line), file)) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		sim_control(s, line, s->now_ns, answer, sizeof(answer));
		if (strncmp(answer, "ok", 2) != 0) {
			fprintf(stderr, "%s:%u: %s\n", path, number, answer);
			rc = ERR_SYNTAX;
		}
	}
	fclose(file);
	return rc;
}
