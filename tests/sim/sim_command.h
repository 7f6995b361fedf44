/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files with control commands share. */
#ifndef SIM_COMMAND_H
#define SIM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/sim_state.h"

/* The rest of a line, and where the answer goes behind "ok". */
struct sim_command {
	const char *at;
	char *answer;
	size_t cap;
};

/* NULL when done, else what was wrong. */
typedef const char *sim_command_fn(struct sim *s, struct sim_command *cmd);

struct sim_command_row {
	const char *word;
	sim_command_fn *run;
};

/* The commands about keys and writes. */
const struct sim_command_row *sim_auth_commands(size_t *n_out);

extern const char sim_no_memory[];

/* " NAME=COUNT" for each opcode that was counted. */
void sim_stats_format(const uint64_t n_by_op[SIM_OPS], char *out, size_t cap);

/* The next word; false at the end of the line. */
bool sim_next_word(struct sim_command *cmd, const char **word, size_t *len);
/* Text with the escapes \xHH, \r, \n and \\ into out; false when one is broken. */
bool sim_unescape(const char *text, size_t len, char *out, size_t cap, size_t *len_out);

#endif
