/* SPDX-License-Identifier: BSD-2-Clause */
/* Daemons with keys and variables, and the running of transactions. */
#include "support/check.h"

#include "support/write_bench.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "mode6/auth.h"
#include "support/client_bench.h"

/* --- answers ------------------------------------------------------------------------ */

static struct write_var *
find_var(struct write_daemon *w, const char *name, size_t len)
{
	for (size_t i = 0; i < w->n_vars; i++)
		if (strlen(w->vars[i].name) == len &&
		    memcmp(w->vars[i].name, name, len) == 0)
			return &w->vars[i];
	return NULL;
}

static void
send_signed(struct write_daemon *w, const struct m6_header *head, const char *text,
    enum write_sign sign)
{
	enum m6_mac_align align = head->is_error ? M6_MAC_ALIGN_4 : M6_MAC_ALIGN_8;
	const struct write_bench *b = w->d.script;
	uint8_t bytes[M6_DATAGRAM_MAX] = { 0 };
	size_t len = 0;

	assert_int_equal(
	    m6_packet_encode(head, text, strlen(text), bytes, sizeof(bytes), &len), 0);
	switch (sign) {
	case WRITE_SIGN:
		(void)m6_mac_append(w->key, align, bytes, sizeof(bytes), &len);
		break;
	case WRITE_SIGN_WRONG:
		(void)m6_mac_append(m6_keys_find(b->keys, 3), align, bytes, sizeof(bytes),
		    &len);
		break;
	case WRITE_SIGN_NAK:
		len = (len + align - 1) / align * align + 4;
		break;
	case WRITE_SIGN_NOT:
		break;
	case WRITE_KEEP_SILENT:
		return;
	}
	fake_send_bytes(&w->d, bytes, len, w->d.delay_ns);
}

static struct m6_header
head_of(const struct m6_packet *request)
{
	struct m6_header head = request->head;

	head.is_response = true;
	return head;
}

static void
refuse(struct write_daemon *w, const struct m6_packet *request, uint8_t code,
    enum write_sign sign)
{
	struct m6_header head = head_of(request);

	head.is_error = true;
	head.status = (uint16_t)(code << 8);
	send_signed(w, &head, "", sign);
}

static void
forge(struct write_daemon *w, const struct m6_packet *request, const char *text)
{
	struct m6_header head = head_of(request);

	send_signed(w, &head, text, WRITE_SIGN_NOT);
	send_signed(w, &head, text, WRITE_SIGN_WRONG);
}

static void
confirm(struct write_daemon *w, const struct m6_packet *request, const char *text)
{
	struct m6_header head = head_of(request);

	send_signed(w, &head, text, w->sign);
}

/* --- what is done ------------------------------------------------------------------- */

static void
store(struct write_daemon *w, struct write_var *var, const char *value, size_t len)
{
	assert_true(len < sizeof(var->value));
	if (w->stores_nothing)
		return;
	if (w->stores) {
		value = w->stores;
		len = strlen(value);
	}
	memcpy(var->value, value, len);
	var->value[len] = 0;
}

static void
write_variable(struct write_daemon *w, const struct m6_packet *request)
{
	const char *text = (const char *)request->data;
	const char *equals = memchr(text, '=', request->head.count);
	struct write_var *var;

	assert_non_null(equals);
	var = find_var(w, text, (size_t)(equals - text));
	if (!var) {
		refuse(w, request, M6_ERROR_UNKNOWNVAR, w->sign_error);
	} else if (!var->is_rw) {
		refuse(w, request, M6_ERROR_PERMISSION, w->sign_error);
	} else {
		store(w, var, equals + 1,
		    request->head.count - (size_t)(equals + 1 - text));
		confirm(w, request, "");
	}
}

/* setvar NAME = "VALUE" [default] */
static void
set_variable(struct write_daemon *w, const char *text)
{
	const char *name = text + strlen("setvar ");
	const char *value = strchr(text, '"') + 1;
	const char *end = strchr(value, '"');
	struct write_var *var = find_var(w, name, (size_t)(strchr(name, ' ') - name));

	assert_non_null(var);
	assert_true(strcmp(end, "\"") == 0 || strcmp(end, "\" default") == 0);
	store(w, var, value, (size_t)(end - value));
	var->is_rw = false;
	var->is_default = end[1] != 0;
}

static void
configure(struct write_daemon *w, const struct m6_packet *request)
{
	char text[M6_REQUEST_MAX + 1];
	size_t n_blanks = 0;

	assert_int_equal(request->head.count % 8, 4);
	memcpy(text, request->data, request->head.count);
	text[request->head.count] = 0;
	while (text[n_blanks] == ' ')
		n_blanks++;
	assert_true(n_blanks < 8);
	if (w->adds_association) {
		w->d.n_assocs++;
		w->d.assocs[w->d.n_assocs - 1].id = 999;
	}
	if (!w->configures && strncmp(text + n_blanks, "setvar ", 7) == 0)
		set_variable(w, text + n_blanks);
	confirm(w, request, w->configures ? w->configures : "Config Succeeded\r\n");
}

static bool
change(struct write_daemon *w, const struct m6_packet *request)
{
	enum m6_mac_verdict mac = m6_mac_verify(w->key, w->d.last_bytes, w->d.last_len);

	if (w->writes_left > 0 && --w->writes_left == 0)
		w->d.is_refused = true;
	if (w->forges)
		forge(w, request,
		    request->head.op == M6_OP_WRITEVAR ? "" : "Config Succeeded\r\n");
	if (w->loses_writes)
		return true;
	if (w->error >= 0)
		refuse(w, request, (uint8_t)w->error, w->sign_error);
	else if (w->has_no_writevar && request->head.op == M6_OP_WRITEVAR)
		refuse(w, request, M6_ERROR_BADOP, w->sign_error);
	else if (mac != M6_MAC_VALID)
		refuse(w, request, M6_ERROR_PERMISSION, w->sign_error);
	else if (request->head.op == M6_OP_WRITEVAR)
		write_variable(w, request);
	else
		configure(w, request);
	return true;
}

static bool
read_variables(struct write_daemon *w, const struct m6_packet *request)
{
	const char *name = (const char *)request->data;
	bool is_list = request->head.count == 0;
	char text[4096] = "leap=0, version=\"ntpd 4.2.8p15\"";
	const struct write_var *var = find_var(w, name, request->head.count);

	if (!is_list && !var) {
		fake_send_error(&w->d, request, M6_ERROR_UNKNOWNVAR);
		return true;
	}
	if (var)
		snprintf(text, sizeof(text), "%s%s%s", var->name, var->is_bare ? "" : "=",
		    var->value);
	for (size_t i = 0; is_list && i < w->n_vars; i++) {
		size_t len = strlen(text);

		if (w->vars[i].is_default)
			snprintf(text + len, sizeof(text) - len, ",\r\n%s=%s",
			    w->vars[i].name, w->vars[i].value);
	}
	strcat(text, "\r\n");
	fake_send_answer(&w->d, request, 0x0615, text, strlen(text));
	return true;
}

static bool
answer(struct fake_daemon *d, const struct m6_packet *request)
{
	struct write_daemon *w = (struct write_daemon *)d;
	uint8_t op = request->head.op;

	assert_true(w->n_log < WRITE_LOG_MAX);
	snprintf(w->log[w->n_log++], sizeof(w->log[0]), "%u %.*s", op,
	    (int)request->head.count, (const char *)request->data);
	if (op == M6_OP_WRITEVAR || op == M6_OP_CONFIGURE)
		return change(w, request);
	/* Reads are never signed. */
	assert_int_equal(d->last_len, (request->head.count + 12u + 3u) / 4u * 4u);
	if (w->is_mute_to_reads || w->reads_left == 0)
		return true;
	if (w->reads_left > 0)
		w->reads_left--;
	return op == M6_OP_READVAR ? read_variables(w, request) : false;
}

/* --- the bench ---------------------------------------------------------------------- */

static void
count_submitted(void *ctx)
{
	((struct write_daemon *)ctx)->n_submitted++;
}

static void
count_recorded(void *ctx)
{
	((struct write_daemon *)ctx)->n_recorded++;
}

static void
start_daemon(struct write_bench *b, struct write_daemon *w)
{
	struct writer_port port = { count_submitted, count_recorded, w };

	fake_init(&w->d);
	fake_set_assocs(&w->d, 3, 1);
	w->d.answer = answer;
	w->d.script = b;
	w->error = w->reads_left = w->writes_left = -1;
	w->key = m6_keys_find(b->keys, 1);
	w->writer = writer_new(fake_client(&w->d), &port);
	assert_non_null(w->writer);
	writer_allow(w->writer, TARGET_WRITE_CONFIGURE, w->key);
}

struct write_bench *
write_bench_start(size_t n)
{
	static struct write_bench bench;
	struct write_bench *b = &bench;

	assert_true(n <= WRITE_DAEMONS_MAX);
	memset(b, 0, sizeof(*b));
	b->keys = bench_keys();
	for (b->n = 0; b->n < n; b->n++)
		start_daemon(b, &b->daemons[b->n]);
	b->now_ns = b->daemons[0].d.now_ns;
	return b;
}

void
write_bench_drop(struct write_bench *b, size_t i)
{
	struct write_daemon *w = &b->daemons[i];

	transaction_free(b->t);
	b->t = NULL;
	writer_free(w->writer);
	w->writer = NULL;
	m6_client_free(w->d.client);
	w->d.client = NULL;
}

void
write_bench_stop(struct write_bench *b)
{
	for (size_t i = 0; i < b->n; i++) {
		write_bench_drop(b, i);
		fake_fini(&b->daemons[i].d);
	}
	m6_keys_free(b->keys);
}

struct write_var *
write_bench_var(struct write_bench *b, size_t i, const char *name, const char *value)
{
	struct write_daemon *w = &b->daemons[i];
	struct write_var *var = &w->vars[w->n_vars++];

	assert_true(w->n_vars <= WRITE_VARS_MAX);
	snprintf(var->name, sizeof(var->name), "%s", name);
	snprintf(var->value, sizeof(var->value), "%s", value);
	var->is_rw = true;
	return var;
}

const char *
write_bench_value(const struct write_bench *b, size_t i, const char *name)
{
	for (size_t k = 0; k < b->daemons[i].n_vars; k++)
		if (strcmp(b->daemons[i].vars[k].name, name) == 0)
			return b->daemons[i].vars[k].value;
	return "";
}

size_t
write_bench_count(const struct write_bench *b, size_t i, const char *text)
{
	const struct write_daemon *w = &b->daemons[i];
	size_t n = 0;

	for (size_t k = 0; k < w->n_log; k++)
		n += strncmp(w->log[k], text, strlen(text)) == 0;
	return n;
}

struct transaction_item
write_item(struct write_bench *b, size_t i, const char *name, const char *value)
{
	return (struct transaction_item){
		.writer = b->daemons[i].writer,
		.kind = TRANSACTION_VARIABLE,
		.name = name,
		.name_len = strlen(name),
		.value = value,
		.value_len = strlen(value),
	};
}

struct transaction_item
write_command(struct write_bench *b, size_t i, const char *text)
{
	return (struct transaction_item){
		.writer = b->daemons[i].writer,
		.kind = TRANSACTION_COMMAND,
		.value = text,
		.value_len = strlen(text),
	};
}

void
write_bench_open(struct write_bench *b, const struct transaction_item *items, size_t n)
{
	transaction_free(b->t);
	b->t = transaction_new(items, n, b->now_ns);
	assert_non_null(b->t);
}

static void
on_done(void *ctx)
{
	struct write_bench *b = ctx;

	b->is_done = true;
	b->n_done++;
	if (b->on_done)
		b->on_done(b);
}

int
write_bench_begin(struct write_bench *b, enum transaction_step step)
{
	unsigned n_done = b->n_done;
	int rc;

	b->is_done = false;
	rc = transaction_run(b->t, step, b->now_ns, b->daemons[0].d.wall_ns, on_done, b);
	assert_int_equal(b->n_done, n_done);
	return rc;
}

static int64_t
next_event(const struct write_bench *b)
{
	int64_t next_ns = CLOCK_NEVER;

	for (size_t i = 0; i < b->n; i++) {
		const struct fake_daemon *d = &b->daemons[i].d;

		if (d->client && m6_client_deadline(d->client) < next_ns)
			next_ns = m6_client_deadline(d->client);
		if (d->client && d->queue && d->queue->at_ns < next_ns)
			next_ns = d->queue->at_ns;
	}
	return next_ns > b->now_ns ? next_ns : b->now_ns;
}

bool
write_bench_run(struct write_bench *b, int64_t duration_ns)
{
	int64_t end_ns = b->now_ns + duration_ns;

	while (!b->is_done && b->now_ns <= end_ns) {
		int64_t next_ns = next_event(b);

		if (next_ns > end_ns)
			break;
		b->now_ns = next_ns;
		for (size_t i = 0; i < b->n; i++) {
			struct fake_daemon *d = &b->daemons[i].d;

			fake_run(d, b->now_ns - d->now_ns);
		}
	}
	if (!b->is_done)
		b->now_ns = end_ns;
	return b->is_done;
}

void
write_bench_step(struct write_bench *b, enum transaction_step step)
{
	static const int64_t ends_ns[] = {
		[TRANSACTION_READ] = TRANSACTION_READ_NS,
		[TRANSACTION_APPLY] = TRANSACTION_APPLY_NS,
		[TRANSACTION_UNDO] = TRANSACTION_UNDO_NS,
	};

	assert_int_equal(write_bench_begin(b, step), 0);
	assert_true(write_bench_run(b, ends_ns[step]));
}

const struct ntp_write_record *
write_bench_record(const struct write_bench *b, size_t i, const char *name)
{
	size_t n;
	const struct ntp_write_record *records = writer_records(b->daemons[i].writer, &n);

	for (size_t k = 0; k < n; k++)
		if (records[k].name_len == strlen(name) &&
		    memcmp(records[k].name, name, records[k].name_len) == 0)
			return &records[k];
	return NULL;
}

const char *
write_bench_detail(const struct write_bench *b, size_t i, const char *name)
{
	static char text[NTP_WRITE_DETAIL_MAX + 1];
	const struct ntp_write_record *r = write_bench_record(b, i, name);

	assert_non_null(r);
	memcpy(text, r->detail, r->detail_len);
	text[r->detail_len] = 0;
	return text;
}
