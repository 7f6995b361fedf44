/* SPDX-License-Identifier: BSD-2-Clause */
/* The clients a daemon has heard of, the oldest first. */
#ifndef SIM_MRU_H
#define SIM_MRU_H

#include <stddef.h>
#include <stdint.h>

#include "sim/sim_command.h"
#include "sim/sim_state.h"

enum { SIM_CLIENTS_MAX = 200000 };

/* Invents clients in place of those before. 0 or ERR_NOMEM. */
int sim_clients_invent(struct sim *s, size_t n);
void sim_clients_free(struct sim_clients *clients);

/* What lists have in common: items in random order, and some that mean nothing. */
uint32_t sim_random(struct sim *s, uint32_t n);
void sim_shuffle(struct sim *s, unsigned *order, size_t n);
void sim_put_noise(struct sim *s, struct sim_reply *reply, size_t i);

const struct sim_command_row *sim_mru_commands(size_t *n_out);

#endif
