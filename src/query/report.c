/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking for the rows of a report in ever smaller parts, and printing what came. */
#include "query/report.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/varlist.h"
#include "model/vars.h"

/* --- the search --------------------------------------------------------------------- */

/* As many rows of [from, to) as fit in a request. */
static size_t
fitting(const struct report *r, size_t from, size_t to)
{
	char names[M6_REQUEST_MAX];
	size_t len = 0, i = from;

	while (
	    i < to && m6_varlist_append(r->rows[i].name, names, sizeof(names), &len) == 0)
		i++;
	return i;
}

void
report_start(struct report_hunt *h, const struct report *report)
{
	size_t from = 0;

	memset(h, 0, sizeof(*h));
	h->report = report;
	while (from < report->n && h->n_parts < REPORT_ROWS_MAX) {
		size_t to = fitting(report, from, report->n);

		if (to == from)
			return; /* no name is so long */
		h->parts[h->n_parts++] = (struct report_part){ from, to };
		from = to;
	}
}

void
report_end(struct report_hunt *h)
{
	for (size_t i = 0; i < REPORT_ROWS_MAX; i++)
		mem_free(h->values[i]);
	memset(h, 0, sizeof(*h));
}

size_t
report_names(const struct report_hunt *h, size_t part, char out[M6_REQUEST_MAX])
{
	const struct report_part *p = &h->parts[part];
	size_t len = 0;

	for (size_t i = p->from; i < p->to; i++)
		(void)m6_varlist_append(h->report->rows[i].name, out, M6_REQUEST_MAX,
		    &len);
	return len;
}

/* The first value of each name that was asked for; what came besides is nothing to us. */
static int
take_values(struct report_hunt *h, const struct report_part *p,
    const struct talk_ask *ask)
{
	struct m6_varlist list = m6_varlist_start(ask->payload, ask->payload_len);
	struct m6_var var;

	while (m6_varlist_next(&list, &var))
		for (size_t i = p->from; i < p->to; i++) {
			const char *name = h->report->rows[i].name;

			if (h->values[i] || !var.value || var.value_len == 0 ||
			    !scan_is(var.name, var.name_len, name))
				continue;
			h->values[i] = mem_strndup(var.value, var.value_len);
			if (!h->values[i])
				return ERR_NOMEM;
			h->is_quoted[i] = var.is_quoted;
			h->n_found++;
		}
	h->status = ask->status;
	return 0;
}

static void
halve(const struct report_part *p, struct report_part *next, size_t *n)
{
	size_t middle = p->from + (p->to - p->from) / 2;

	if (p->to - p->from < 2)
		return;
	next[(*n)++] = (struct report_part){ p->from, middle };
	next[(*n)++] = (struct report_part){ middle, p->to };
}

int
report_take(struct report_hunt *h, const struct talk_ask *asks,
    const struct talk_ask **failed_out)
{
	struct report_part next[REPORT_ROWS_MAX] = { { 0, 0 } };
	size_t n_next = 0;
	int err = 0;

	for (size_t i = 0; i < h->n_parts && err == 0; i++) {
		const struct talk_ask *ask = &asks[i];

		*failed_out = ask;
		if (ask->err == 0)
			err = take_values(h, &h->parts[i], ask);
		else if (ask->err == ERR_DAEMON &&
		    ask->daemon_error == M6_ERROR_UNKNOWNVAR)
			halve(&h->parts[i], next, &n_next);
		else
			err = ask->err;
	}
	/* Halves are no more than there are rows. */
	memcpy(h->parts, next, n_next * sizeof(*next));
	h->n_parts = n_next;
	return err;
}

static int
ask_round(struct query *q, struct report_hunt *h)
{
	struct talk_ask asks[REPORT_ROWS_MAX] = { { .op = 0 } };
	char names[REPORT_ROWS_MAX][M6_REQUEST_MAX];
	const struct talk_ask *failed = asks;
	size_t n = h->n_parts;
	int err;

	for (size_t i = 0; i < n; i++)
		asks[i] = (struct talk_ask){ .op = M6_OP_READVAR,
			.data = names[i],
			.len = report_names(h, i, names[i]) };
	err = query_ask(q, asks, n);
	if (err == 0) {
		err = report_take(h, asks, &failed);
		if (err == ERR_NOMEM)
			(void)query_error(q, err, "%s", err_text(err));
		else if (err != 0)
			(void)query_failed(q, failed);
	}
	talk_forget(asks, n);
	return err;
}

/* --- printing ----------------------------------------------------------------------- */

const char *
report_unit_text(enum report_unit unit, unsigned kinds)
{
	switch (unit) {
	case REPORT_NONE:
		break;
	case REPORT_MS:
		return "ms";
	case REPORT_S:
		return "s";
	case REPORT_PPM:
		return "ppm";
	case REPORT_KB:
		return "kB";
	case REPORT_LOG2_S:
		return "log2 s";
	case REPORT_KERNEL_MS:
		if (kinds == NTP_KIND_SEC122)
			return "s";
		return (kinds & NTP_KIND_SEC122) == 0 ? "ms" : "";
	case REPORT_CALIBRATION:
		if (kinds == NTP_KIND_SEC)
			return "log2 s";
		return (kinds & NTP_KIND_SEC) == 0 ? "s" : "";
	}
	return "";
}

static size_t
label_width(const struct report_hunt *h)
{
	size_t width = strlen("status");

	for (size_t i = 0; i < h->report->n; i++) {
		size_t len = h->values[i] ? strlen(h->report->rows[i].label) : 0;

		if (len > width)
			width = len;
	}
	return width;
}

static void
value_text(const struct query *q, const struct cooked *c, const struct report_hunt *h,
    size_t i, char *out, size_t cap)
{
	const char *name = h->report->rows[i].name, *value = h->values[i];
	char words[COOKED_MAX];

	if (q->is_raw) {
		out_escape(value, strlen(value), out, cap);
		return;
	}
	cooked_value(c, name, strlen(name), value, strlen(value), words, NULL);
	out_escape(words, strlen(words), out, cap);
}

static void
print_text(struct query *q, const struct cooked *c, const struct report_hunt *h)
{
	char value[4 * COOKED_MAX], words[200];
	int width = (int)label_width(h);

	cooked_status(c, h->status, words, sizeof(words));
	out_line(&q->out, "%-*s  %04x %s", width + 1, "status:", h->status, words);
	for (size_t i = 0; i < h->report->n; i++) {
		const struct report_row *row = &h->report->rows[i];
		const char *unit = report_unit_text(row->unit, q->kinds);

		if (!h->values[i])
			continue;
		value_text(q, c, h, i, value, sizeof(value));
		out_line(&q->out, "%s:%*s%s%s%s", row->label,
		    width - (int)strlen(row->label) + 2, "", value,
		    *unit != '\0' ? " " : "", unit);
	}
}

static void
put_member(struct query *q, const struct report_hunt *h, size_t i)
{
	const char *name = h->report->rows[i].name, *value = h->values[i];

	(h->is_quoted[i] ? out_string : out_decimal)(&q->out, name, value, strlen(value));
}

static void
put_words(struct query *q, const struct cooked *c, const struct report_hunt *h, size_t i)
{
	const char *name = h->report->rows[i].name, *value = h->values[i];
	char words[COOKED_MAX];

	if (!cooked_has_words(c, name, strlen(name)))
		return;
	cooked_value(c, name, strlen(name), value, strlen(value), words, NULL);
	out_string_z(&q->out, name, words);
}

static void
print_json(struct query *q, const struct cooked *c, const struct report_hunt *h)
{
	char words[200], status[8];

	text_format(status, sizeof(status), "%04x", h->status);
	out_string_z(&q->out, "status", status);
	cooked_status(c, h->status, words, sizeof(words));
	out_string_z(&q->out, "status_text", words);
	out_open(&q->out, "variables", '{');
	for (size_t i = 0; i < h->report->n; i++)
		if (h->values[i])
			put_member(q, h, i);
	out_close(&q->out, '}');
	out_open(&q->out, "decoded", '{');
	for (size_t i = 0; i < h->report->n; i++)
		if (h->values[i])
			put_words(q, c, h, i);
	out_close(&q->out, '}');
	out_open(&q->out, "units", '{');
	for (size_t i = 0; i < h->report->n; i++) {
		const struct report_row *row = &h->report->rows[i];
		const char *unit = report_unit_text(row->unit, q->kinds);

		if (h->values[i] && *unit != '\0')
			out_string_z(&q->out, row->name, unit);
	}
	out_close(&q->out, '}');
}

/* Whether the stratum says that a reference id is one of a source. */
static bool
is_synced(const struct report_hunt *h)
{
	uint32_t stratum;

	for (size_t i = 0; i < h->report->n; i++)
		if (h->values[i] && strcmp(h->report->rows[i].name, "stratum") == 0)
			return scan_u32(h->values[i], strlen(h->values[i]), &stratum) ==
			    0 &&
			    stratum > 0 && stratum < 16;
	return false;
}

int
report_run(struct query *q, const struct report *report)
{
	struct report_hunt h;
	int err = 0;

	report_start(&h, report);
	for (int round = 0; err == 0 && h.n_parts > 0 && round < REPORT_ROUNDS_MAX;
	     round++)
		err = ask_round(q, &h);
	if (err == 0 && h.n_found == 0)
		err = query_error(q, ERR_DAEMON, "%s: the daemon says nothing of %s",
		    q->host, report->title);
	if (err == 0) {
		query_know_daemon(q);
		struct cooked c = query_cooked(q, COOKED_SYSTEM);
		c.is_synced = is_synced(&h);
		(q->out.is_json ? print_json : print_text)(q, &c, &h);
	}
	report_end(&h);
	return err;
}
