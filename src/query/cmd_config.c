/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of a configuration for a daemon that runs. Each is sent once: where no answer
 * comes, the list of associations may tell whether it was taken. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "mode6/packet.h"
#include "model/write.h"
#include "query/command.h"
#include "query/query.h"

enum { CONFIG_LINES_MAX = 10000 };

/* --- one line ----------------------------------------------------------------------- */

/* 4.2.8 with a trap receiver sends the answer there, and not to who asked, when the line
 * made or ended an association. */
static int
judge_silence(struct query *q, const struct m6_assoc *before, size_t n_before)
{
	if (query_read_assocs(q) != 0)
		return ERR_TIMEOUT;
	bool is_same = q->n_assocs == n_before;

	for (size_t i = 0; i < n_before && is_same; i++)
		is_same = q->assocs[i].id == before[i].id;
	query_say(q,
	    is_same ? "the associations are the same as before: it may not have "
		      "been taken"
		    : "the associations are others now: it was taken");
	return is_same ? ERR_TIMEOUT : 0;
}

/* Blanks in front are counted by the daemon in the columns it complains of. */
static int
show_answer(struct query *q, const struct talk_ask *ask, size_t n_blanks)
{
	size_t len = ask->payload_len;
	const char *text = scan_trim(ask->payload, &len);

	if (ntp_write_configured(text, len) == NTP_WRITE_DONE) {
		query_say(q, "%.*s", (int)len, text);
		return 0;
	}
	if (n_blanks > 0 && len > sizeof("column") && memcmp(text, "column", 6) == 0)
		return query_error(q, ERR_DAEMON,
		    "%s: the daemon says: %.*s (it counts %zu blanks before the line)",
		    q->host, (int)len, text, n_blanks);
	return query_error(q, ERR_DAEMON, "%s: the daemon says: %.*s", q->host, (int)len,
	    text);
}

/* Both families of daemons look for the code at the same place behind a text of such a
 * length; ntp.org refuses blanks behind it. */
static int
send_line(struct query *q, const char *text, size_t len)
{
	char data[M6_REQUEST_MAX];
	struct talk_ask ask = { .op = M6_OP_CONFIGURE, .is_once = true };
	size_t n_blanks = m6_mac_filler(len);
	int err;

	if (!ntp_write_carries_command(text, len))
		return query_error(q, ERR_SYNTAX,
		    "daemons take a line of up to %d printable characters",
		    NTP_WRITE_COMMAND_MAX);
	memset(data, ' ', n_blanks);
	memcpy(data + n_blanks, text, len);
	ask.data = data;
	ask.len = n_blanks + len;
	err = query_ask_signed(q, &ask);
	if (err == 0)
		err = show_answer(q, &ask, n_blanks);
	talk_forget(&ask, 1);
	/* A line may hold a secret. */
	m6_cleanse(data, sizeof(data));
	return err;
}

/* The list as it is, which becomes the caller's. */
static int
take_assocs(struct query *q, struct m6_assoc **out, size_t *n_out)
{
	int err = query_read_assocs(q);

	if (err != 0)
		return err;
	*out = q->assocs;
	*n_out = q->n_assocs;
	q->assocs = NULL;
	q->n_assocs = 0;
	q->has_assocs = false;
	return 0;
}

static int
configure(struct query *q, const char *text, size_t len)
{
	const struct m6_key *key;
	struct m6_assoc *before;
	size_t n_before;
	int err = keys_need(q, &key);

	if (err == 0)
		err = take_assocs(q, &before, &n_before);
	if (err != 0)
		return err;
	err = send_line(q, text, len);
	if (err == ERR_TIMEOUT)
		err = judge_silence(q, before, n_before);
	mem_free(before);
	return err;
}

static int
run_config(struct query *q, const struct command *c, const struct value *values)
{
	(void)c;
	return configure(q, values[0].text, values[0].len);
}

/* --- a file ------------------------------------------------------------------------- */

/* One line of it. Comments are for those who read the file. */
static int
take_line(struct query *q, const char *path, size_t number, char *line)
{
	size_t len = strlen(line);
	bool is_whole = len > 0 && line[len - 1] == '\n';
	const char *text = scan_trim(line, &len);
	int err = 0;

	if (!is_whole && len > NTP_WRITE_COMMAND_MAX)
		err = query_error(q, ERR_TOOBIG, "a line of more than %d characters",
		    NTP_WRITE_COMMAND_MAX);
	else if (len > 0 && text[0] != '#')
		err = configure(q, text, len);
	if (err != 0)
		out_error(&q->out, "%s:%zu: not taken; what follows it was not sent",
		    path, number);
	return err;
}

static int
take_file(struct query *q, const char *path, FILE *file)
{
	char line[NTP_WRITE_COMMAND_MAX + 64];
	int err = 0;

	for (size_t number = 1; err == 0 && fgets(line, sizeof(line), file); number++) {
		if (number > CONFIG_LINES_MAX)
			return query_error(q, ERR_TOOBIG, "%s: more than %d lines", path,
			    CONFIG_LINES_MAX);
		err = take_line(q, path, number, line);
	}
	m6_cleanse(line, sizeof(line));
	if (err == 0 && ferror(file))
		return query_error(q, ERR_IO, "%s: could not be read", path);
	return err;
}

static int
run_config_file(struct query *q, const struct command *c, const struct value *values)
{
	FILE *file = fopen(values[0].text, "r");
	int err;

	(void)c;
	if (!file)
		return query_error(q, ERR_IO, "%s: %s", values[0].text, strerror(errno));
	err = take_file(q, values[0].text, file);
	(void)fclose(file);
	return err;
}

/* --- the other way ------------------------------------------------------------------ */

/* What came of it is told in words, for better or worse. */
static int
run_save(struct query *q, const struct command *c, const struct value *values)
{
	static const char success[] = "Configuration saved";
	struct talk_ask ask = { .op = M6_OP_SAVECONFIG,
		.data = values[0].text,
		.len = values[0].len,
		.is_once = true };
	int err = query_ask_signed(q, &ask);

	(void)c;
	if (err == 0) {
		size_t len = ask.payload_len;
		const char *text = scan_trim(ask.payload, &len);

		if (len >= sizeof(success) - 1 &&
		    memcmp(text, success, sizeof(success) - 1) == 0)
			query_say(q, "%.*s", (int)len, text);
		else
			err = query_error(q, ERR_DAEMON, "%s: the daemon says: %.*s",
			    q->host, (int)len, text);
	}
	talk_forget(&ask, 1);
	return err;
}

static const struct command rows[] = {
	/* clang-format off */
	{ "config", ":config", { { .kind = ARG_REST, .name = "text" } }, "a line of configuration for the daemon",
	  "Sends one line of a configuration, as it would stand in the daemon's file, by a\nsigned request. The daemon says only whether it understood the line. It writes\nthe line into its log.", run_config, 0 },
	{ "config-from-file", "", { { .kind = ARG_WORD, .name = "file" } }, "a file of configuration for the daemon",
	  "Sends the lines of a file as config does, one by one, without comments and\nempty ones, and ends at the first that is not taken.", run_config_file, 0 },
	{ "saveconfig", "", { { .kind = ARG_WORD, .name = "file" } }, "have the daemon save its configuration",
	  "Has a daemon of ntp.org write its configuration, as it is now, into a file of\nthat name in its saveconfigdir.", run_save, 0 },
	/* clang-format on */
};

const struct command_group command_config = { rows, sizeof(rows) / sizeof(rows[0]) };
