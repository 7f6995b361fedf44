/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers to time requests, and the commands about them. */
#include "sim/sim_time.h"

#include <string.h>

#include "base/buf.h"
#include "base/scan.h"
#include "base/text.h"
#include "sim/sim_command.h"
#include "sim/sim_state.h"
#include "sim/sim_vars.h"

enum {
	PACKET_LEN = 48,
	MODE_CLIENT = 3,
	MODE_SERVER = 4,
	LEAP_ALARM = 3,
	STRATUM_UNSYNCED = 16,
	TRANSMIT_AT = 40, /* where a request says when it was sent */
	STAMP_LEN = 8,
};

static uint8_t
stratum_of(const struct sim *s)
{
	struct sim_scope at = { s, NULL, SIM_SYSTEM };
	struct sim_text text;
	uint32_t stratum;

	if (!sim_value_by_name(&at, "stratum", &text) ||
	    scan_u32(text.bytes, text.len, &stratum) != 0 || stratum >= STRATUM_UNSYNCED)
		return 0;
	return (uint8_t)stratum;
}

/* What is no four letters is an address, or taken for one. */
static void
put_refid(const struct sim *s, struct buf *b)
{
	struct sim_scope at = { s, NULL, SIM_SYSTEM };
	struct sim_text text = { .len = 0 };
	struct addr addr;

	if (s->time.manner == SIM_TIME_KISS)
		buf_put_bytes(b, s->time.kiss, SIM_KISS_LEN);
	else if (sim_value_by_name(&at, "refid", &text) && text.len == SIM_KISS_LEN)
		buf_put_bytes(b, text.bytes, SIM_KISS_LEN);
	else if (addr_parse(text.bytes, text.len, &addr) == 0)
		buf_put_bytes(b, addr.bytes, SIM_KISS_LEN);
	else
		buf_put_bytes(b, "INIT", SIM_KISS_LEN);
}

static void
answer(const struct sim *s, const uint8_t *request, struct sim_datagram *dg)
{
	static const uint8_t nothing[STAMP_LEN];
	struct buf b = buf_writer(dg->bytes, PACKET_LEN);
	bool is_kiss = s->time.manner == SIM_TIME_KISS;
	unsigned leap = is_kiss ? LEAP_ALARM : sim_leap(s);

	buf_put_u8(&b, (uint8_t)(leap << 6 | (request[0] & 0x38U) | MODE_SERVER));
	buf_put_u8(&b, is_kiss ? 0 : stratum_of(s));
	buf_put_u16(&b, 0x06e9);               /* poll, precision */
	buf_put_bytes(&b, nothing, STAMP_LEN); /* of the root */
	put_refid(s, &b);
	buf_put_bytes(&b, nothing, STAMP_LEN);
	buf_put_bytes(&b,
	    request + (s->time.manner == SIM_TIME_STRANGE ? 0 : TRANSMIT_AT), STAMP_LEN);
	buf_put_bytes(&b, nothing, STAMP_LEN);
	buf_put_bytes(&b, nothing, STAMP_LEN);
	dg->len = buf_pos(&b);
}

bool
sim_time_request(struct sim *s, const void *bytes, size_t len, struct sim_replies *out)
{
	const uint8_t *request = bytes;
	struct sim_datagram *dg;

	if (len < PACKET_LEN || (request[0] & 7) != MODE_CLIENT)
		return false;
	dg = s->time.manner == SIM_TIME_OFF ? NULL : sim_replies_add(out);
	if (dg)
		answer(s, request, dg);
	return true;
}

bool
sim_time_lets_query(struct sim_time *t)
{
	if (!t->is_noquery)
		return true;
	if (t->n_left == 0)
		return false;
	t->n_left--;
	return true;
}

static const char *
do_time(struct sim *s, struct sim_command *cmd)
{
	static const struct {
		const char *word;
		enum sim_time_manner manner;
	} rows[] = {
		{ "on", SIM_TIME_ON },
		{ "off", SIM_TIME_OFF },
		{ "strange", SIM_TIME_STRANGE },
	};
	const char *word;
	size_t len;

	sim_next_word(cmd, &word, &len);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!scan_is(word, len, rows[i].word))
			continue;
		s->time.manner = rows[i].manner;
		return NULL;
	}
	if (len != SIM_KISS_LEN)
		return "time is on, off, strange, or a code of four letters";
	s->time.manner = SIM_TIME_KISS;
	memcpy(s->time.kiss, word, len);
	return NULL;
}

static const char *
do_noquery(struct sim *s, struct sim_command *cmd)
{
	const char *word;
	size_t len;

	sim_next_word(cmd, &word, &len);
	s->time.n_left = 0;
	if (scan_is(word, len, "off")) {
		s->time.is_noquery = false;
		return NULL;
	}
	if (!scan_is(word, len, "on") && scan_u32(word, len, &s->time.n_left) != 0)
		return "noquery is on, off, or how many are answered before";
	s->time.is_noquery = true;
	return NULL;
}

const struct sim_command_row *
sim_time_commands(size_t *n_out)
{
	static const struct sim_command_row rows[] = {
		{ "time", do_time },       /* on|off|strange|CODE */
		{ "noquery", do_noquery }, /* on|off|N: of "restrict"; after N more */
	};

	*n_out = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
