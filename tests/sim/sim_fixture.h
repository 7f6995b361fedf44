/* SPDX-License-Identifier: BSD-2-Clause */
/* A simulated daemon in a test: asks it and looks at what comes back. */
#ifndef SIM_FIXTURE_H
#define SIM_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "mode6/auth.h"
#include "mode6/packet.h"
#include "sim/sim.h"

#define SIM_SECOND INT64_C(1000000000)
/* 2026-11-20 23:33:15 UTC, or near it: when does not matter. */
#define SIM_START (INT64_C(1795217595) * SIM_SECOND)

/* Longest request, and longest joined answer, of these tests. */
enum { SIM_REQUEST_CAP = 700, SIM_JOINED_CAP = 65536 };

/* A daemon, the last answer of it, and the last answer to a command. */
struct sim_fixture {
	struct sim *sim;
	struct sim_replies out;
	struct m6_keys *keys;    /* of sim_give_keys() */
	enum m6_mac_align align; /* where it looks for a code */
	int64_t now;
	uint16_t sequence;
	char answer[SIM_LINE_MAX];
	char text[SIM_JOINED_CAP];
};

extern const struct addr sim_client;

void sim_start(struct sim_fixture *f, enum sim_dialect dialect, size_t n_assocs);
void sim_stop(struct sim_fixture *f);
/* Sends octets as they are. */
void sim_send(struct sim_fixture *f, const void *bytes, size_t len);
/* Sends a request as it should be. */
void sim_ask(struct sim_fixture *f, uint8_t op, unsigned assoc, const char *data);
/* Gives the daemon keys 1 to 5 and 9 of different types, all trusted but 5. Key 1 is the
 * control key. */
void sim_give_keys(struct sim_fixture *f);
/* A request with the code of this key behind it, where the dialect wants it. */
void sim_ask_signed(struct sim_fixture *f, uint32_t key, uint8_t op, unsigned assoc,
    const char *data);
/* The same with a digest that is wrong. */
void sim_ask_wrongly(struct sim_fixture *f, uint32_t key, uint8_t op, unsigned assoc,
    const char *data);
/* Datagram `i` of the answer has a valid code of this key. */
void sim_assert_signed(const struct sim_fixture *f, size_t i, uint32_t key);
/* Runs a command that must succeed, or fail. */
void sim_order(struct sim_fixture *f, const char *line);
void sim_order_fails(struct sim_fixture *f, const char *line);
/* Datagram `i` of the answer, decoded. */
struct m6_packet sim_packet(const struct sim_fixture *f, size_t i);
/* The answer is one error reply with this code and nothing behind. */
void sim_assert_error(const struct sim_fixture *f, enum m6_error code);
/* The data of an answer whose fragments are complete and in order, terminated. */
const char *sim_joined(struct sim_fixture *f, size_t *len_out);
void sim_assert_data(struct sim_fixture *f, const char *expected);
/* Asks for one variable: the text behind its '='; "" when it has no value. */
const char *sim_value(struct sim_fixture *f, unsigned assoc, const char *name);

#endif
