/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking the current host, and saying what became of it. */
#include "query/query.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "model/status.h"

void
query_init(struct query *q, FILE *stream, FILE *errors, bool is_json)
{
	*q = (struct query){ .wants_names = true,
		.version = M6_VERSION_DEFAULT,
		.era = M6_ERA_NEW,
		.kinds = NTP_KIND_ANY,
		.has_noepeer = true };
	out_init(&q->out, stream, errors, is_json);
}

static void
forget_host(struct query *q)
{
	query_disconnect(q);
	mem_free(q->assocs);
	q->assocs = NULL;
	q->n_assocs = 0;
	q->has_assocs = false;
	q->knows_daemon = false;
	q->is_ntpsec = false;
	q->era = M6_ERA_NEW;
	q->tests = COOKED_TESTS_NEW;
	q->kinds = NTP_KIND_ANY;
	q->has_noepeer = true;
}

void
query_free(struct query *q)
{
	forget_host(q);
	keys_free(&q->keys);
	for (size_t i = 0; i < q->n_vars; i++)
		mem_free(q->vars[i].value);
	q->n_vars = 0;
}

int
query_set_host(struct query *q, const char *host)
{
	char name[TARGET_HOST_MAX + 1];
	uint16_t port = M6_PORT;

	if (strlen(host) > QUERY_HOST_MAX || talk_split(host, name, &port) != 0)
		return ERR_SYNTAX;
	forget_host(q);
	text_format(q->host, sizeof(q->host), "%s", host);
	return 0;
}

void
query_disconnect(struct query *q)
{
	talk_close(q->talk);
	q->talk = NULL;
}

int
query_error(struct query *q, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(q->error, sizeof(q->error), format, args);
	va_end(args);
	if (!q->is_quiet)
		out_error(&q->out, "%s", q->error);
	return err;
}

void
query_say(struct query *q, const char *format, ...)
{
	char line[OUT_LINE_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (!q->out.is_json) {
		out_line(&q->out, "%s", line);
		return;
	}
	if (!q->has_said)
		out_open(&q->out, "text", '[');
	q->has_said = true;
	out_string_z(&q->out, NULL, line);
}

int
query_connect(struct query *q)
{
	const struct talk_options options = {
		.family = q->family,
		.version = q->version,
		.silence_ns = q->timeout_ms * NS_PER_MS,
		.wants_interrupt = q->is_interactive,
	};
	char name[TARGET_HOST_MAX + 1], reason[TALK_REASON_MAX];
	uint16_t port = M6_PORT;
	int err;

	if (q->talk)
		return 0;
	err = talk_split(q->host, name, &port);
	if (err != 0)
		return query_error(q, err, "%s: no host", q->host);
	err = talk_open(&options, name, port, &q->talk, reason);
	if (err != 0)
		return query_error(q, err, "%s: %s", q->host, reason);
	return 0;
}

/* --- asking ------------------------------------------------------------------------- */

/* What was sent and what came of it, for who wants to see it. */
static void
debug_asks(struct query *q, const struct talk_ask *asks, size_t n)
{
	struct m6_client_stats stats;
	char address[ADDR_TEXT_MAX];

	for (size_t i = 0; i < n && q->debug > 1; i++) {
		const char *op = m6_op_text(asks[i].op);

		out_error(&q->out, "%s %u '%.*s': %s, %zu octets", op ? op : "?",
		    asks[i].assoc, (int)asks[i].len,
		    asks[i].len > 0 ? (const char *)asks[i].data : "",
		    asks[i].err == 0 ? "answered" : err_text(asks[i].err),
		    asks[i].payload_len);
	}
	talk_stats(q->talk, &stats);
	addr_format(talk_address(q->talk), true, address, sizeof(address));
	out_error(&q->out,
	    "%s: %llu sent, %llu again, %llu received, %llu ignored, window %u, "
	    "round trip %lld us%s",
	    address, (unsigned long long)stats.requests,
	    (unsigned long long)stats.retransmits, (unsigned long long)stats.replies,
	    (unsigned long long)stats.ignored, stats.window,
	    (long long)(stats.srtt_ns / NS_PER_US),
	    stats.is_rate_limited ? ", rate limited" : "");
}

int
query_ask(struct query *q, struct talk_ask *asks, size_t n)
{
	int err = query_connect(q);

	if (err != 0)
		return err;
	talk_ask(q->talk, asks, n);
	if (q->debug > 0)
		debug_asks(q, asks, n);
	return 0;
}

int
query_failed(struct query *q, const struct talk_ask *ask)
{
	switch (ask->err) {
	case ERR_DAEMON:
		return query_error(q, ask->err, "%s: the daemon says: %s", q->host,
		    m6_error_text(ask->daemon_error));
	case ERR_REFUSED:
		return query_error(q, ask->err, "%s: nobody listens there", q->host);
	case ERR_TIMEOUT:
		return query_error(q, ask->err, "%s: no answer", q->host);
	case ERR_TRUNCATED:
		return query_error(q, ask->err, "%s: the answer came in part only",
		    q->host);
	case ERR_CANCELLED:
		return query_error(q, ask->err, "interrupted");
	default:
		return query_error(q, ask->err, "%s: %s", q->host, err_text(ask->err));
	}
}

static int
compare_assocs(const void *a, const void *b)
{
	const struct m6_assoc *left = a, *right = b;

	return (left->id > right->id) - (left->id < right->id);
}

int
query_take_assocs(struct query *q, const struct talk_ask *ask)
{
	int n = m6_assoc_count(ask->payload_len);
	struct m6_assoc *assocs;

	if (n < 0)
		return query_error(q, ERR_PROTOCOL, "%s: not a list of associations",
		    q->host);
	assocs = mem_calloc((size_t)n, sizeof(*assocs));
	if (!assocs)
		return query_error(q, ERR_NOMEM, "%s", err_text(ERR_NOMEM));
	for (int i = 0; i < n; i++)
		assocs[i] = m6_assoc_at(ask->payload, (size_t)i);
	qsort(assocs, (size_t)n, sizeof(*assocs), compare_assocs);
	mem_free(q->assocs);
	q->assocs = assocs;
	q->n_assocs = (size_t)n;
	q->has_assocs = true;
	return 0;
}

int
query_read_assocs(struct query *q)
{
	struct talk_ask ask = { .op = M6_OP_READSTAT };
	int err = query_ask(q, &ask, 1);

	if (err == 0)
		err = ask.err != 0 ? query_failed(q, &ask) : query_take_assocs(q, &ask);
	talk_forget(&ask, 1);
	return err;
}

/* ntp.org's, since 4.2.8p11. */
static bool
has_noepeer(const struct ntp_system *s)
{
	enum { FIRST = 11, V428 = 4002008 };
	uint32_t patch;

	if (ntp_system_family(s) == NTP_FAMILY_UNKNOWN)
		return true;
	if (ntp_system_family(s) == NTP_FAMILY_NTPSEC || ntp_system_is_before(s, V428))
		return false;
	if (ntp_system_is_before(s, V428 + 1))
		return ntp_system_patch(s, &patch) && patch >= FIRST;
	return true;
}

/* 4.2.0b, of 2005, is what became 4.2.1. */
static enum cooked_tests
tests_of(const struct ntp_system *s)
{
	enum { V420 = 4002000, V421 = 4002001 };

	if (!ntp_status_is_old(s))
		return COOKED_TESTS_NEW;
	if (ntp_system_is_before(s, V420))
		return COOKED_TESTS_41;
	if (ntp_system_is_before(s, V421) && !strstr(s->version.bytes, "4.2.0b"))
		return COOKED_TESTS_420;
	return COOKED_TESTS_424;
}

void
query_take_version(struct query *q, const struct talk_ask *ask)
{
	struct ntp_system *s;
	struct m6_varlist list;
	struct m6_var var;

	if (ask->err != 0)
		return;
	s = mem_calloc(1, sizeof(*s));
	if (!s)
		return;
	list = m6_varlist_start(ask->payload, ask->payload_len);
	while (m6_varlist_next(&list, &var))
		(void)ntp_vars_apply(&ntp_system_vars, s, var.name, var.name_len,
		    var.value, var.value_len);
	q->era = ntp_status_is_old(s) ? M6_ERA_OLD : M6_ERA_NEW;
	q->tests = tests_of(s);
	q->is_ntpsec = ntp_system_family(s) == NTP_FAMILY_NTPSEC;
	q->kinds = ntp_system_kinds(s);
	q->has_noepeer = has_noepeer(s);
	q->knows_daemon = true;
	mem_free(s);
}

void
query_know_daemon(struct query *q)
{
	struct talk_ask ask = {
		.op = M6_OP_READVAR,
		.data = "version",
		.len = sizeof("version") - 1,
	};

	if (q->knows_daemon || !q->talk)
		return;
	talk_ask(q->talk, &ask, 1);
	query_take_version(q, &ask);
	talk_forget(&ask, 1);
}

struct cooked
query_cooked(const struct query *q, enum cooked_of of)
{
	return (struct cooked){ .of = of,
		.era = q->era,
		.tests = q->tests,
		.now_ns = clock_wall_ns() };
}
