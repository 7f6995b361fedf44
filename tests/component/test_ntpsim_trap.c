/* SPDX-License-Identifier: BSD-2-Clause */
/* The simulated daemon's events, and the receivers of its asynchronous messages. */
#include "support/check.h"

#include <string.h>

#include "mode6/packet.h"
#include "sim/sim_fixture.h"

enum { FIRST_ID = 20007 }; /* of the fixture's seed */

/* The message to the receiver on this port: all of its fragments, joined. */
struct message {
	struct m6_header first;
	size_t n, len;
	char text[8192];
};

static void
start(struct sim_fixture *f)
{
	sim_start(f, SIM_NTPORG, 2);
	sim_give_keys(f);
}

static void
assert_told(struct sim_fixture *f, const char *order, const char *expected)
{
	sim_order(f, order);
	assert_string_equal(f->answer, expected);
}

/* Takes a message apart whose fragments are in order, without a code. */
static void
add_fragment(struct message *m, const struct sim_datagram *dg)
{
	struct m6_packet packet;

	assert_int_equal(m6_packet_decode(dg->bytes, dg->len, &packet), 0);
	assert_true(packet.head.is_response && !packet.head.is_error);
	assert_int_equal(packet.head.op, M6_OP_ASYNCMSG);
	assert_int_equal(dg->code_len, 0);
	assert_true(packet.trailer_len < 4);
	if (m->n++ == 0)
		m->first = packet.head;
	assert_int_equal(packet.head.sequence, m->first.sequence);
	assert_true(m->len + packet.head.count < sizeof(m->text));
	memcpy(m->text + m->len, packet.data, packet.head.count);
	m->len += packet.head.count;
}

/* The message with this sequence number to that port, of those just pushed. */
static struct message
pushed(const struct sim_fixture *f, uint16_t port, uint16_t sequence)
{
	const struct sim_replies *all = sim_pushed(f->sim);
	struct message m = { .n = 0 };

	for (size_t i = 0; i < all->n; i++) {
		const struct sim_datagram *dg = &all->items[i];

		if (dg->to.port == port && (dg->bytes[2] << 8 | dg->bytes[3]) == sequence)
			add_fragment(&m, dg);
	}
	return m;
}

static void
ask_from(struct sim_fixture *f, uint16_t port, uint8_t op)
{
	struct addr from = sim_client;
	struct m6_header head = { .version = 2, .op = op, .sequence = ++f->sequence };
	uint8_t bytes[SIM_REQUEST_CAP];
	size_t len;

	from.port = port;
	assert_int_equal(m6_packet_encode(&head, "", 0, bytes, sizeof(bytes), &len), 0);
	assert_int_equal(
	    m6_mac_append(m6_keys_find(f->keys, 1), f->align, bytes, sizeof(bytes), &len),
	    0);
	sim_request(f->sim, &from, bytes, len, f->now, &f->out);
}

static void
a_trap_needs_the_control_key(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f);
	sim_ask(&f, M6_OP_SETTRAP, 0, "");
	sim_assert_error(&f, M6_ERROR_PERMISSION);
	sim_ask_signed(&f, 2, M6_OP_SETTRAP, 0, "");
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0100);
	assert_int_equal(f.out.n, 1);
	sim_ask_signed(&f, 1, M6_OP_SETTRAP, 0, "");
	sim_assert_data(&f, "");
	assert_int_equal(sim_packet(&f, 0).head.status, 0);
	sim_assert_signed(&f, 0, 1);
	assert_told(&f, "traps", "ok 127.0.0.1:40123/1");
	sim_ask_signed(&f, 1, M6_OP_UNSETTRAP, 0, "");
	sim_assert_data(&f, "");
	assert_told(&f, "traps", "ok");
	sim_stop(&f);
}

/* An error, and then an answer as if nothing was wrong. */
static void
a_failure_is_answered_twice(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f);
	ask_from(&f, 5000, M6_OP_UNSETTRAP);
	assert_int_equal(f.out.n, 2);
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0400);
	assert_true(sim_packet(&f, 0).head.is_error);
	assert_false(sim_packet(&f, 1).head.is_error);
	assert_int_equal(sim_packet(&f, 1).head.count, 0);
	sim_assert_signed(&f, 0, 1);
	sim_assert_signed(&f, 1, 1);
	sim_order(&f, "trap 127.0.0.1:5001");
	sim_order(&f, "trap 127.0.0.1:5002");
	ask_from(&f, 5002, M6_OP_UNSETTRAP); /* is not its to remove */
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0400);
	sim_order(&f, "trap [::1]:5003");
	ask_from(&f, 5000, M6_OP_SETTRAP);
	assert_int_equal(f.out.n, 2);
	assert_int_equal(sim_packet(&f, 0).head.status, 0x0100);
	sim_order_fails(&f, "trap 127.0.0.1:5004");
	assert_told(&f, "traps", "ok [::1]:5003/1 127.0.0.1:5002/1 127.0.0.1:5001/1");
	sim_order(&f, "untrap 127.0.0.1:5002");
	sim_order_fails(&f, "untrap 127.0.0.1:5002");
	ask_from(&f, 5000, M6_OP_SETTRAP);
	assert_int_equal(f.out.n, 1);
	sim_stop(&f);
}

/* The comparison with the expiry is the wrong way round. */
static void
a_new_trap_throws_out_those_that_have_not_expired(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f);
	sim_order(&f, "trap 127.0.0.1:5000");
	for (uint16_t port = 5001; port <= 5005; port++)
		ask_from(&f, port, M6_OP_SETTRAP);
	assert_told(&f, "traps", "ok 127.0.0.1:5005/1 127.0.0.1:5000/1");
	ask_from(&f, 5005, M6_OP_SETTRAP); /* refreshed */
	assert_told(&f, "traps", "ok 127.0.0.1:5005/1 127.0.0.1:5000/1");
	f.now += 3600 * SIM_SECOND;
	ask_from(&f, 5006, M6_OP_SETTRAP);
	assert_told(&f, "traps", "ok 127.0.0.1:5006/1 127.0.0.1:5005/1 127.0.0.1:5000/1");
	f.now += 3600 * SIM_SECOND;
	ask_from(&f, 5007, M6_OP_SETTRAP); /* all have expired and stay */
	assert_int_equal(f.out.n, 2);
	sim_order(&f, "restart");
	assert_told(&f, "traps", "ok 127.0.0.1:5000/1");
	sim_stop(&f);
}

static void
an_event_is_counted_and_told(void **state)
{
	struct sim_fixture f;
	struct message m;

	(void)state;
	start(&f);
	sim_order(&f, "event 20008 3"); /* nobody is told */
	assert_int_equal(sim_pushed(f.sim)->n, 0);
	assert_told(&f, "list", "ok 20008:9413 20007:961a");
	sim_order(&f, "trap 127.0.0.1:5000");
	ask_from(&f, 5001, M6_OP_SETTRAP);
	sim_order(&f, "event 20008 3");
	for (uint16_t port = 5000; port <= 5001; port++) {
		m = pushed(&f, port, 1);
		assert_true(m.n > 1);
		assert_int_equal(m.first.version, port == 5000 ? 4 : 2);
		assert_int_equal(m.first.assoc, FIRST_ID + 1);
		assert_int_equal(m.first.status, 0x9423);
		assert_int_equal(m.first.offset, 0);
		assert_memory_equal(m.text, "config=1, authenable=", 21);
		assert_non_null(strstr(m.text, "peer_var_list=\""));
		assert_non_null(strstr(m.text, "candidate=4\r\n"));
		assert_null(strstr(m.text, "initsequence="));
	}
	sim_order(&f, "event 0 9");
	m = pushed(&f, 5000, 2);
	assert_int_equal(m.first.assoc, 0);
	assert_int_equal(m.first.status, 0x0619);
	assert_non_null(strstr(m.text, "leap=0, stratum=2"));
	assert_non_null(strstr(m.text, "sys_var_list=\"leap,"));
	sim_ask(&f, M6_OP_READSTAT, 0, "");
	assert_int_equal(sim_pushed(f.sim)->n, 0);
	sim_stop(&f);
}

static void
sixteen_events_of_a_kind_are_one_too_many(void **state)
{
	struct sim_fixture f;

	(void)state;
	start(&f);
	sim_order(&f, "trap 127.0.0.1:5000");
	for (unsigned i = 0; i < 15; i++) {
		sim_order(&f, "event 20007 4");
		assert_int_not_equal(sim_pushed(f.sim)->n, 0);
	}
	sim_order(&f, "event 20007 4");
	assert_int_equal(sim_pushed(f.sim)->n, 0);
	assert_told(&f, "list", "ok 20008:9414 20007:96f4");
	sim_order(&f, "event 20007 3");
	assert_told(&f, "list", "ok 20008:9414 20007:9613");
	sim_order_fails(&f, "event 9 3");
	sim_order_fails(&f, "event 0");
	sim_order_fails(&f, "event 0 16");
	sim_stop(&f);
}

/* The daemon begins with the comma that its last answer would have needed. */
static void
a_message_may_begin_with_a_separator(void **state)
{
	struct sim_fixture f;
	struct message m;

	(void)state;
	start(&f);
	sim_order(&f, "trap 127.0.0.1:5000");
	sim_ask(&f, M6_OP_READVAR, 0, "leap");
	sim_order(&f, "event 20007 3");
	m = pushed(&f, 5000, 1);
	assert_memory_equal(m.text, ", config=1", 10);
	sim_ask(&f, M6_OP_READVAR, 0, "leap,stratum,precision,rootdelay,rootdisp");
	sim_order(&f, "event 20007 3");
	m = pushed(&f, 5000, 2);
	assert_memory_equal(m.text, ",\r\nconfig=1", 11);
	sim_ask(&f, M6_OP_READVAR, 0, "nosuch");
	sim_order(&f, "event 20007 3");
	m = pushed(&f, 5000, 3);
	assert_memory_equal(m.text, "config=1", 8);
	sim_stop(&f);
}

static void
a_clock_event_tells_of_the_clock(void **state)
{
	struct sim_fixture f;
	struct message m;

	(void)state;
	start(&f);
	sim_order(&f, "setclock 20008 badformat 3");
	sim_order(&f, "trap 127.0.0.1:5000");
	sim_order(&f, "event 20008 11");
	m = pushed(&f, 5000, 1);
	assert_int_equal(m.first.status, 0x941b);
	assert_non_null(strstr(m.text, "refclockstatus=0x0"));
	assert_non_null(strstr(m.text, "badformat=3"));
	sim_stop(&f);
}

/* What follows the message about the association goes where that went. */
static void
a_trap_swallows_answers_to_changes_of_associations(void **state)
{
	static const struct {
		const char *statement;
		unsigned assoc, status;
	} rows[] = {
		{ "server 198.18.7.7", FIRST_ID + 2, 0x8011 },
		{ "unpeer 198.18.7.7", FIRST_ID + 2, 0x8012 },
		{ "unpeer 198.18.0.2", FIRST_ID + 1, 0x9412 },
	};
	struct sim_fixture f;

	(void)state;
	start(&f);
	sim_order(&f, "trap 127.0.0.1:5000");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct message event, answer;
		uint16_t sequence = (uint16_t)(1 + 2 * i);

		sim_ask_signed(&f, 1, M6_OP_CONFIGURE, 0, rows[i].statement);
		assert_int_equal(f.out.n, 0);
		event = pushed(&f, 5000, sequence);
		assert_int_equal(event.first.assoc, rows[i].assoc);
		assert_int_equal(event.first.status, rows[i].status);
		assert_non_null(strstr(event.text, "srcadr=198.18."));
		answer = pushed(&f, 5000, (uint16_t)(sequence + 1));
		assert_int_equal(answer.n, 1);
		assert_int_equal(answer.first.assoc, rows[i].assoc);
		assert_int_equal(answer.first.offset, event.len);
		assert_string_equal(answer.text[1] == ' ' ? answer.text + 2
							  : answer.text + 3,
		    "Config Succeeded\r\n");
		assert_int_equal(answer.text[0], ',');
	}
	assert_told(&f, "list", "ok 20007:961a");
	assert_told(&f, "writes", "ok writevar=0 configure=3");
	/* Everything else is answered. */
	sim_ask_signed(&f, 1, M6_OP_CONFIGURE, 0, "unpeer 198.18.7.7");
	sim_assert_data(&f, "Config Succeeded\r\n");
	sim_ask_signed(&f, 1, M6_OP_CONFIGURE, 0, "setvar a = 1");
	sim_assert_data(&f, "Config Succeeded\r\n");
	assert_int_equal(sim_pushed(f.sim)->n, 0);
	sim_order(&f, "untrap 127.0.0.1:5000");
	sim_ask_signed(&f, 1, M6_OP_CONFIGURE, 0, "server 198.18.7.7");
	sim_assert_data(&f, "Config Succeeded\r\n");
	sim_stop(&f);
}

static void
ntpsec_has_no_traps(void **state)
{
	static const enum sim_dialect dialects[] = { SIM_NTPSEC, SIM_NTPSEC_125 };

	(void)state;
	for (size_t i = 0; i < COUNT(dialects); i++) {
		struct sim_fixture f;

		sim_start(&f, dialects[i], 1);
		sim_give_keys(&f);
		sim_ask_signed(&f, 1, M6_OP_SETTRAP, 0, "");
		assert_int_equal(sim_packet(&f, 0).head.status, 0x0300);
		sim_order_fails(&f, "trap 127.0.0.1:5000");
		sim_order(&f, "event 20007 3");
		assert_told(&f, "list", "ok 20007:b613");
		sim_stop(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trap_needs_the_control_key),
		cmocka_unit_test(a_failure_is_answered_twice),
		cmocka_unit_test(a_new_trap_throws_out_those_that_have_not_expired),
		cmocka_unit_test(an_event_is_counted_and_told),
		cmocka_unit_test(sixteen_events_of_a_kind_are_one_too_many),
		cmocka_unit_test(a_message_may_begin_with_a_separator),
		cmocka_unit_test(a_clock_event_tells_of_the_clock),
		cmocka_unit_test(a_trap_swallows_answers_to_changes_of_associations),
		cmocka_unit_test(ntpsec_has_no_traps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
