/* SPDX-License-Identifier: BSD-2-Clause */
/* Control commands about keys and writes, a row each. */
#include <string.h>

#include "base/err.h"
#include "base/scan.h"
#include "base/text.h"
#include "sim/sim_command.h"

static const char no_such_key[] = "a key is a number of 1..65535";

static const char *
do_keys(struct sim *s, struct sim_command *cmd)
{
	int rc;

	cmd->at += strspn(cmd->at, " ");
	rc = sim_load_keys(s, cmd->at);
	if (rc == ERR_NOMEM)
		return sim_no_memory;
	return rc == 0 ? NULL : "the key file cannot be read";
}

/* Numbers separated by commas or blanks. */
static const char *
trust_all(struct sim *s, struct sim_command *cmd, bool is_trusted)
{
	static const char between[] = ", ";
	size_t len;

	for (cmd->at += strspn(cmd->at, between); *cmd->at != '\0';
	     cmd->at += len + strspn(cmd->at + len, between)) {
		uint32_t id = 0;

		len = strcspn(cmd->at, between);
		if (scan_u32(cmd->at, len, &id) != 0 ||
		    !sim_auth_trust(&s->auth, id, is_trusted))
			return no_such_key;
	}
	return NULL;
}

static const char *
do_trust(struct sim *s, struct sim_command *cmd)
{
	return trust_all(s, cmd, true);
}

static const char *
do_untrust(struct sim *s, struct sim_command *cmd)
{
	return trust_all(s, cmd, false);
}

static const char *
do_controlkey(struct sim *s, struct sim_command *cmd)
{
	const char *word;
	size_t len;
	uint32_t id;

	if (!sim_next_word(cmd, &word, &len) || scan_u32(word, len, &id) != 0 ||
	    id > M6_KEY_ID_MAX)
		return "a control key is a number of 0..65535";
	s->auth.control_key = id;
	return NULL;
}

const struct sim_command_row *
sim_auth_commands(size_t *n_out)
{
	static const struct sim_command_row rows[] = {
		{ "keys", do_keys },       /* FILE: these keys instead of those before */
		{ "trust", do_trust },     /* ID,ID...: and those before */
		{ "untrust", do_untrust }, /* ID,ID... */
		{ "controlkey", do_controlkey }, /* ID; 0: none */
	};

	*n_out = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
