/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a simulated daemon and takes its answers apart, with cmocka's assertions. */
#include "sim/sim_fixture.h"

#include "support/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct addr sim_client = { .family = ADDR_IPV4,
	.bytes = { 127, 0, 0, 1 },
	.port = 40123 };

void
sim_start(struct sim_fixture *f, enum sim_dialect dialect, size_t n_assocs)
{
	struct sim_options options = { .dialect = dialect, .seed = 7 };

	memset(f, 0, sizeof(*f));
	f->now = SIM_START;
	f->align = dialect == SIM_NTPSEC_125 ? M6_MAC_ALIGN_4 : M6_MAC_ALIGN_8;
	f->sim = sim_new(&options, SIM_START);
	assert_non_null(f->sim);
	assert_int_equal(sim_load_synthetic(f->sim, n_assocs), 0);
}

void
sim_stop(struct sim_fixture *f)
{
	sim_replies_free(&f->out);
	m6_keys_free(f->keys);
	sim_free(f->sim);
}

void
sim_send(struct sim_fixture *f, const void *bytes, size_t len)
{
	sim_request(f->sim, &sim_client, bytes, len, f->now, &f->out);
}

static size_t
encode(struct sim_fixture *f, uint8_t op, unsigned assoc, const char *data,
    uint8_t *bytes)
{
	struct m6_header head = { .version = 2,
		.op = op,
		.assoc = (uint16_t)assoc,
		.sequence = ++f->sequence };
	size_t len;

	assert_int_equal(
	    m6_packet_encode(&head, data, strlen(data), bytes, SIM_REQUEST_CAP, &len), 0);
	return len;
}

void
sim_ask(struct sim_fixture *f, uint8_t op, unsigned assoc, const char *data)
{
	uint8_t bytes[SIM_REQUEST_CAP];
	size_t len = encode(f, op, assoc, data, bytes);

	sim_send(f, bytes, len);
}

void
sim_give_keys(struct sim_fixture *f)
{
	static const char text[] = "1 MD5 secretmd5\n"
				   "2 SHA1 0123456789abcdef0123456789abcdef01234567\n"
				   "3 SHA256 secretsha256\n"
				   "4 AES128CMAC 000102030405060708090a0b0c0d0e0f\n"
				   "5 MD5 untrusted\n"
				   "9 SHA512 secretsha512\n";
	char path[] = "/tmp/ntpsim-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	assert_int_equal(sim_load_keys(f->sim, path), 0);
	unlink(path);
	assert_int_equal(m6_keys_parse(text, strlen(text), NULL, NULL, &f->keys), 0);
	sim_order(f, "trust 1,2,3,4,9");
	sim_order(f, "controlkey 1");
}

static size_t
encode_signed(struct sim_fixture *f, uint32_t key, uint8_t op, unsigned assoc,
    const char *data, uint8_t *bytes)
{
	size_t len = M6_HEADER_LEN + strlen(data);

	encode(f, op, assoc, data, bytes);
	assert_int_equal(m6_mac_append(m6_keys_find(f->keys, key), f->align, bytes,
			     SIM_REQUEST_CAP, &len),
	    0);
	return len;
}

void
sim_ask_signed(struct sim_fixture *f, uint32_t key, uint8_t op, unsigned assoc,
    const char *data)
{
	uint8_t bytes[SIM_REQUEST_CAP];
	size_t len = encode_signed(f, key, op, assoc, data, bytes);

	sim_send(f, bytes, len);
}

void
sim_ask_wrongly(struct sim_fixture *f, uint32_t key, uint8_t op, unsigned assoc,
    const char *data)
{
	uint8_t bytes[SIM_REQUEST_CAP];
	size_t len = encode_signed(f, key, op, assoc, data, bytes);

	bytes[len - 1] ^= 0x01;
	sim_send(f, bytes, len);
}

void
sim_assert_signed(const struct sim_fixture *f, size_t i, uint32_t key)
{
	assert_true(i < f->out.n);
	assert_int_equal(m6_mac_verify(m6_keys_find(f->keys, key), f->out.items[i].bytes,
			     f->out.items[i].len),
	    M6_MAC_VALID);
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
