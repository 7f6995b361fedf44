/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a simulated daemon and takes its answers apart, with cmocka's assertions. */
#include "sim/sim_fixture.h"

#include "support/check.h"

#include <string.h>

const struct addr sim_client = { .family = ADDR_IPV4,
	.bytes = { 127, 0, 0, 1 },
	.port = 40123 };

void
sim_start(struct sim_fixture *f, enum sim_dialect dialect, size_t n_assocs)
{
	struct sim_options options = { .dialect = dialect, .seed = 7 };

	memset(f, 0, sizeof(*f));
	f->now = SIM_START;
	f->sim = sim_new(&options, SIM_START);
	assert_non_null(f->sim);
	assert_int_equal(sim_load_synthetic(f->sim, n_assocs), 0);
}

void
sim_stop(struct sim_fixture *f)
{
	sim_replies_free(&f->out);
	sim_free(f->sim);
}

void
sim_send(struct sim_fixture *f, const void *bytes, size_t len)
{
	sim_request(f->sim, &sim_client, bytes, len, f->now, &f->out);
}

void
sim_ask(struct sim_fixture *f, uint8_t op, unsigned assoc, const char *data)
{
	struct m6_header head = { .version = 2,
		.op = op,
		.assoc = (uint16_t)assoc,
		.sequence = ++f->sequence };
	uint8_t bytes[SIM_REQUEST_CAP];
	size_t len;

	assert_int_equal(
	    m6_packet_encode(&head, data, strlen(data), bytes, sizeof(bytes), &len), 0);
	sim_send(f, bytes, len);
}

static bool
is_ok(struct sim_fixture *f, const char *line)
{
	sim_control(f->sim, line, f->now, f->answer, sizeof(f->answer));
	return strncmp(f->answer, "ok", 2) == 0;
}

void
sim_order(struct sim_fixture *f, const char *line)
{
	if (!is_ok(f, line))
		fail_msg("%s: %s", line, f->answer);
}

void
sim_order_fails(struct sim_fixture *f, const char *line)
{
	if (is_ok(f, line) || strncmp(f->answer, "error ", 6) != 0)
		fail_msg("%s: %s", line, f->answer);
}

struct m6_packet
sim_packet(const struct sim_fixture *f, size_t i)
{
	struct m6_packet packet;

	assert_true(i < f->out.n);
	assert_int_equal(
	    m6_packet_decode(f->out.items[i].bytes, f->out.items[i].len, &packet), 0);
	return packet;
}

void
sim_assert_error(const struct sim_fixture *f, enum m6_error code)
{
	struct m6_packet packet;

	assert_int_equal(f->out.n, 1);
	packet = sim_packet(f, 0);
	assert_true(packet.head.is_response && packet.head.is_error);
	assert_int_equal(packet.head.status, (unsigned)code << 8);
	assert_int_equal(f->out.items[0].len, M6_HEADER_LEN);
}

const char *
sim_joined(struct sim_fixture *f, size_t *len_out)
{
	size_t at = 0;

	assert_true(f->out.n > 0);
	for (size_t i = 0; i < f->out.n; i++) {
		struct m6_packet packet = sim_packet(f, i);

		assert_true(packet.head.is_response && !packet.head.is_error);
		assert_int_equal(packet.head.offset, at);
		assert_int_equal(packet.head.has_more, i + 1 < f->out.n);
		assert_true(at + packet.head.count < sizeof(f->text));
		memcpy(f->text + at, packet.data, packet.head.count);
		at += packet.head.count;
	}
	f->text[at] = '\0';
	if (len_out)
		*len_out = at;
	return f->text;
}

void
sim_assert_data(struct sim_fixture *f, const char *expected)
{
	assert_string_equal(sim_joined(f, NULL), expected);
}

const char *
sim_value(struct sim_fixture *f, unsigned assoc, const char *name)
{
	size_t len, name_len = strlen(name);

	sim_ask(f, M6_OP_READVAR, assoc, name);
	sim_joined(f, &len);
	if (len == 0)
		return "";
	assert_true(len > name_len + 2 && memcmp(f->text, name, name_len) == 0);
	assert_int_equal(f->text[name_len], '=');
	assert_string_equal(f->text + len - 2, "\r\n");
	f->text[len - 2] = '\0';
	return f->text + name_len + 1;
}
