/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon, loaded with recordings of real ones, against those recordings. */
#include "support/check.h"

#include <stdio.h>
#include <string.h>

#include "mode6/packet.h"
#include "mode6/varlist.h"
#include "sim/sim.h"
#include "sim/sim_fixture.h"
#include "support/recording.h"

/* What is compared, and how many differences there were. */
struct differ {
	const char *file;
	const struct recorded_exchange *ex;
	unsigned n;
};

static void
differs(struct differ *d, size_t datagram, const char *what, unsigned long got,
    unsigned long recorded)
{
	d->n++;
	fprintf(stderr,
	    "%s: op=%u assoc=%u '%.40s' datagram %zu: %s is %#lx, recorded %#lx\n",
	    d->file, d->ex->op, d->ex->assoc, d->ex->request, datagram, what, got,
	    recorded);
}

static void
compare_field(struct differ *d, size_t i, const char *what, unsigned long got,
    unsigned long recorded)
{
	if (got != recorded)
		differs(d, i, what, got, recorded);
}

static void
compare_heads(struct differ *d, size_t i, const uint8_t *got, const uint8_t *recorded)
{
	static const struct {
		const char *name;
		size_t at, len;
	} fields[] = {
		{ "leap, version, mode", 0, 1 },
		{ "flags and opcode", 1, 1 },
		{ "sequence", 2, 2 },
		{ "status", 4, 2 },
		{ "association", 6, 2 },
		{ "offset", 8, 2 },
		{ "count", 10, 2 },
	};

	for (size_t j = 0; j < COUNT(fields); j++) {
		const uint8_t *a = got + fields[j].at, *b = recorded + fields[j].at;

		compare_field(d, i, fields[j].name,
		    fields[j].len == 1 ? a[0] : (unsigned)a[0] << 8 | a[1],
		    fields[j].len == 1 ? b[0] : (unsigned)b[0] << 8 | b[1]);
	}
}

static void
compare_padding(struct differ *d, size_t i, const struct sim_datagram *got, size_t count)
{
	const struct recorded_datagram *recorded = &d->ex->datagrams[i];
	size_t len = got->len - M6_HEADER_LEN - count;

	compare_field(d, i, "padding length", len, recorded->pad_len);
	for (size_t j = 0; j < len && j < recorded->pad_len; j++)
		compare_field(d, i, "padding octet",
		    got->bytes[M6_HEADER_LEN + count + j], recorded->pad[j]);
}

static void
compare_datagram(struct differ *d, size_t i, const struct sim_datagram *got)
{
	size_t count;

	if (got->len < M6_HEADER_LEN) {
		differs(d, i, "length", got->len, M6_HEADER_LEN);
		return;
	}
	compare_heads(d, i, got->bytes, d->ex->datagrams[i].head);
	count = (size_t)got->bytes[10] << 8 | got->bytes[11];
	if (M6_HEADER_LEN + count > got->len) {
		differs(d, i, "length", got->len, M6_HEADER_LEN + count);
		return;
	}
	compare_padding(d, i, got, count);
}

static bool
is_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

/* Name by name, then octet by octet: the second finds what is wrong between the items. */
static void
compare_data(struct differ *d, const char *got, size_t len)
{
	struct m6_varlist ours = m6_varlist_start(got, len);
	struct m6_varlist theirs = m6_varlist_start(d->ex->data, d->ex->data_len);
	struct m6_var a, b;

	while (d->ex->op != M6_OP_READSTAT && m6_varlist_next(&theirs, &b)) {
		if (!m6_varlist_next(&ours, &a)) {
			d->n++;
			fprintf(stderr, "%s: op=%u assoc=%u '%.40s': %.*s is missing\n",
			    d->file, d->ex->op, d->ex->assoc, d->ex->request,
			    (int)b.name_len, b.name);
			return;
		}
		if (is_same(a.name, a.name_len, b.name, b.name_len) &&
		    is_same(a.value, a.value_len, b.value, b.value_len) &&
		    a.is_quoted == b.is_quoted)
			continue;
		d->n++;
		fprintf(stderr,
		    "%s: op=%u assoc=%u '%.40s': %.*s=%.*s, recorded %.*s=%.*s\n",
		    d->file, d->ex->op, d->ex->assoc, d->ex->request, (int)a.name_len,
		    a.name, (int)a.value_len, a.value, (int)b.name_len, b.name,
		    (int)b.value_len, b.value);
	}
	for (size_t i = 0; i < len && i < d->ex->data_len; i++) {
		if ((uint8_t)got[i] != d->ex->data[i]) {
			differs(d, i, "octet of the data", (uint8_t)got[i],
			    d->ex->data[i]);
			return;
		}
	}
	compare_field(d, 0, "length of the data", len, d->ex->data_len);
}

/* Collects the data without trusting the headers. */
static size_t
collect(const struct sim_replies *out, char *text, size_t cap)
{
	size_t at = 0;

	for (size_t i = 0; i < out->n; i++) {
		size_t count =
		    (size_t)out->items[i].bytes[10] << 8 | out->items[i].bytes[11];

		if (M6_HEADER_LEN + count > out->items[i].len || at + count > cap)
			break;
		memcpy(text + at, out->items[i].bytes + M6_HEADER_LEN, count);
		at += count;
	}
	return at;
}

static size_t
request_of(const struct recorded_exchange *ex, uint8_t *out, size_t cap)
{
	const uint8_t *head = ex->datagrams[0].head;
	struct m6_header rq = { .version = head[0] >> 3 & 7,
		.op = (uint8_t)ex->op,
		.sequence = (uint16_t)(head[2] << 8 | head[3]),
		.assoc = (uint16_t)ex->assoc };
	size_t len;

	assert_int_equal(
	    m6_packet_encode(&rq, ex->request, strlen(ex->request), out, cap, &len), 0);
	return len;
}

/* Every recorded request again, to a daemon that was loaded with the answers. */
static void
replay(const char *file, enum sim_dialect dialect)
{
	struct sim_options options = { .dialect = dialect, .is_frozen = true };
	struct recording *rec = recording_load(file);
	struct sim *sim = sim_new(&options, SIM_START);
	struct sim_replies out = { .n = 0 };
	struct differ d = { .file = file };

	assert_non_null(rec);
	assert_non_null(sim);
	assert_true(rec->n_exchanges >= 19);
	assert_int_equal(sim_load_recording(sim, rec), 0);
	for (size_t i = 0; i < rec->n_exchanges; i++) {
		uint8_t request[SIM_REQUEST_CAP];
		char text[8192];
		size_t len;

		d.ex = &rec->exchanges[i];
		len = request_of(d.ex, request, sizeof(request));
		sim_request(sim, &sim_client, request, len,
		    SIM_START + (int64_t)i * SIM_SECOND, &out);
		compare_field(&d, 0, "number of datagrams", out.n, d.ex->n_datagrams);
		for (size_t j = 0; j < out.n && j < d.ex->n_datagrams; j++)
			compare_datagram(&d, j, &out.items[j]);
		len = collect(&out, text, sizeof(text));
		compare_data(&d, text, len);
	}
	sim_replies_free(&out);
	sim_free(sim);
	recording_free(rec);
	assert_int_equal(d.n, 0);
}

static void
ntporg_client_answers_as_recorded(void **state)
{
	(void)state;
	replay("tests/recordings/ntpd-4.2.8p15-client.txt", SIM_NTPORG);
}

static void
ntporg_server_answers_as_recorded(void **state)
{
	(void)state;
	replay("tests/recordings/ntpd-4.2.8p15-server.txt", SIM_NTPORG);
}

static void
ntpsec_client_answers_as_recorded(void **state)
{
	(void)state;
	replay("tests/recordings/ntpsec-1.2.2-client.txt", SIM_NTPSEC);
}

static void
ntpsec_server_answers_as_recorded(void **state)
{
	(void)state;
	replay("tests/recordings/ntpsec-1.2.2-server.txt", SIM_NTPSEC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ntporg_client_answers_as_recorded),
		cmocka_unit_test(ntporg_server_answers_as_recorded),
		cmocka_unit_test(ntpsec_client_answers_as_recorded),
		cmocka_unit_test(ntpsec_server_answers_as_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
