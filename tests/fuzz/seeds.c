/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes inputs to begin with, DIRECTORY/TARGET-N, out of what living daemons answered
 * (tests/recordings) and a few lines that users type: seeds DIRECTORY. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "support/recording.h"

enum { SEED_MAX = 1 << 20, PATH_LEN_MAX = 4096 };
enum {
	READSTAT = 1,
	READVAR = 2,
	READCLOCK = 4,
	READ_MRU = 10,
	READ_ORDLIST = 11,
	REQ_NONCE = 12
};

/* One being made. */
struct seeds {
	const char *directory;
	unsigned n;
	uint8_t bytes[SEED_MAX];
	struct buf b;
};

static void
begin(struct seeds *s)
{
	s->b = buf_writer(s->bytes, sizeof(s->bytes));
}

static void
end(struct seeds *s, const char *target)
{
	char path[PATH_LEN_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s-%03u", s->directory, target, s->n++);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(s->bytes, 1, buf_pos(&s->b), f) != buf_pos(&s->b) ||
	    fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

static void
put_chunk(struct seeds *s, const void *bytes, size_t len)
{
	buf_put_u16(&s->b, (uint16_t)len);
	buf_put_bytes(&s->b, bytes, len);
}

/* An answer as the targets poll and query read it. */
static void
put_answer(struct seeds *s, const struct recorded_exchange *ex)
{
	buf_put_u8(&s->b, 0);
	buf_put_u16(&s->b, recording_status(ex));
	put_chunk(s, ex->data, ex->data_len);
}

static void
seed_wire(struct seeds *s, const struct recorded_exchange *ex)
{
	uint8_t datagram[1024];

	begin(s);
	for (size_t i = 0; i < ex->n_datagrams; i++) {
		buf_put_u8(&s->b, 3);
		put_chunk(s, datagram,
		    recording_datagram(ex, i, datagram, sizeof(datagram)));
	}
	end(s, "wire");
}

static void
seed_bytes(struct seeds *s, const char *target, const void *bytes, size_t len)
{
	begin(s);
	buf_put_bytes(&s->b, bytes, len);
	end(s, target);
}

static void
put_first(struct seeds *s, const struct recording *rec, unsigned op, unsigned assoc)
{
	const struct recorded_exchange *ex = recording_find(rec, op, assoc, "");

	if (ex)
		put_chunk(s, ex->data, ex->data_len);
	else
		put_chunk(s, "", 0);
}

static void
seed_values(struct seeds *s, const struct recording *rec)
{
	const struct recorded_exchange *list = recording_find(rec, READSTAT, 0, "");

	begin(s);
	for (int twice = 0; twice < 2; twice++) {
		buf_put_u16(&s->b, 0x0615);
		put_first(s, rec, READVAR, 0);
		for (unsigned i = 0; i < 2 && list && 4 * i < list->data_len; i++) {
			const uint8_t *at = list->data + 4 * (size_t)i;
			unsigned id = (unsigned)at[0] << 8 | at[1];

			buf_put_u16(&s->b, (uint16_t)(at[2] << 8 | at[3]));
			buf_put_u8(&s->b, (uint8_t)(i + 1));
			put_first(s, rec, READVAR, id);
			put_first(s, rec, READCLOCK, id);
		}
	}
	end(s, "values");
}

static void
seed_poll(struct seeds *s, const struct recording *rec)
{
	begin(s);
	buf_put_u8(&s->b, 0);
	for (size_t i = 0; i < rec->n_exchanges && i < 24; i++)
		put_answer(s, &rec->exchanges[i]);
	end(s, "poll");
}

/* A command, the answers of that kind, and in the end all others. */
static void
seed_query(struct seeds *s, const struct recording *rec, const char *line, unsigned op)
{
	for (unsigned flags = 0; flags < 8; flags++) {
		begin(s);
		buf_put_u8(&s->b, (uint8_t)flags);
		buf_put_text(&s->b, line);
		buf_put_u8(&s->b, '\n');
		for (size_t i = 0; i < rec->n_exchanges && i < 40; i++)
			if (op == 0 || rec->exchanges[i].op == op)
				put_answer(s, &rec->exchanges[i]);
		end(s, "query");
	}
}

static void
seed_mru(struct seeds *s, const struct recording *rec)
{
	begin(s);
	buf_put_u16(&s->b, 0);
	for (size_t i = 0; i < rec->n_exchanges; i++) {
		const struct recorded_exchange *ex = &rec->exchanges[i];

		if (ex->op != READ_MRU && ex->op != REQ_NONCE)
			continue;
		buf_put_u8(&s->b, 0);
		put_chunk(s, ex->data, ex->data_len);
	}
	end(s, "mru");
}

static void
seed_recording(struct seeds *s, const char *name)
{
	static const struct {
		const char *line;
		unsigned op;
	} commands[] = {
		{ "rv", READVAR },
		{ "rv &1", 0 },
		{ "peers", 0 },
		{ "lopeers", 0 },
		{ "apeers", 0 },
		{ "as", READSTAT },
		{ "pstats &1", 0 },
		{ "clockvar", READCLOCK },
		{ "sysinfo", READVAR },
		{ "kerninfo", READVAR },
		{ "mrulist", 0 },
		{ "watch 1 events", 0 },
		{ "watch 1 billboard", 0 },
		{ "check", 0 },
		{ "mreadvar &1 &2 offset,delay", 0 },
		{ "ifstats", READ_ORDLIST },
		{ "reslist", READ_ORDLIST },
	};
	char path[PATH_LEN_MAX];

	(void)snprintf(path, sizeof(path), "tests/recordings/%s.txt", name);
	struct recording *rec = recording_load(path);
	if (!rec)
		exit(1);
	for (size_t i = 0; i < rec->n_exchanges; i++) {
		const struct recorded_exchange *ex = &rec->exchanges[i];

		seed_wire(s, ex);
		seed_bytes(s, "varlist", ex->data, ex->data_len);
		seed_bytes(s, "mru", ex->data, ex->data_len);
	}
	seed_values(s, rec);
	seed_poll(s, rec);
	seed_mru(s, rec);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		seed_query(s, rec, commands[i].line, commands[i].op);
	recording_free(rec);
}

/* What people write. */
static void
seed_texts(struct seeds *s)
{
	static const struct {
		const char *target, *text;
	} texts[] = {
		{ "keys",
		    "# keys\n1 MD5 secretmd5\n2 SHA1 "
		    "0123456789abcdef0123456789abcdef01234567\n"
		    "3 SHA256 secretsha256 192.0.2.1,2001:db8::1\n"
		    "4 AES128CMAC 000102030405060708090a0b0c0d0e0f # comment\r\n"
		    "65535 M short\n65536 MD5 x\n5 AES 0\n" },
		{ "config",
		    "a 127.0.0.1\nb ntp.example.net port 1123 context \"b\" interval 30\n"
		    "c ::1 family 6 control-key 7 write configure\n/etc/ntp.keys\n30\n"
		    "\"d\" 2001:db8::1 push on control-key 1 stale-after 3\n" },
		{ "config", "a 60 7f80\na 5a 3 4 0102 60\n" },

		{ "query", "help\n" },
		{ "query", "\x30version\ntimeout\nkeyid 7\nraw\n" },
		{ "query",
		    "\x20:config server 192.0.2.1\nconfig-from-file x\nwritevar 0 "
		    "a=b\n" },
		{ "query", "\x10reslist > file\nifstats\n" },
		{ "push", "\2\1" },

	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		seed_bytes(s, texts[i].target, texts[i].text, strlen(texts[i].text));
}

static void
put_set(struct seeds *s, unsigned which, const char octets[2])
{
	enum { WRITABLE = 1, OF_ITS_TYPE = 0x40, FIVE = 5 };

	buf_put_u8(&s->b, WRITABLE);
	buf_put_u8(&s->b, (uint8_t)(which << 1 | 1));
	buf_put_u8(&s->b, OF_ITS_TYPE);
	buf_put_u16(&s->b, 0);
	buf_put_u16(&s->b, FIVE);
	buf_put_u8(&s->b, 2);
	buf_put_bytes(&s->b, octets, 2);
}

/* A SET of two objects in memory or of daemons, of which the daemon refuses the second.
 */
static void
seed_sets(struct seeds *s)
{
	enum { OBJECTS = 10, REFUSED = 8, SET = 3 };

	for (unsigned i = 0; i < OBJECTS * OBJECTS; i++) {
		begin(s);
		buf_put_u8(&s->b, 0);
		buf_put_u8(&s->b, REFUSED);
		buf_put_u8(&s->b, SET);
		buf_put_u8(&s->b, 1);
		put_set(s, i / OBJECTS, "@");
		put_set(s, i % OBJECTS, "ab");
		end(s, "snmp");
	}
}

static void
seed_binary(struct seeds *s)
{
	enum { LONGEST = 3072, NAME = 64 };
	static const char frames[] =
	    "xx\1\22\0\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\0\1\5\0\0\0\0\0"
	    "\1\0\0\0\2\0\0\0\3\0\0\0\4abcd";
	static const char requests[] =
	    "\0\0\1\1\0\0\1\0\0\2\2\3\1\0\4\3\1\1\0\4\0\5\3\2\1\1\0\7";

	char value[LONGEST + 8];

	/* At the limits of a value and a name. */
	for (int more = 0; more < 2; more++) {
		memset(value, 'v', sizeof(value));
		memcpy(value, "a=", 2);
		seed_bytes(s, "varlist", value, 2 + LONGEST + (size_t)more);
		seed_bytes(s, "varlist", value + 2, NAME + (size_t)more);
	}
	seed_bytes(s, "frames", frames, sizeof(frames));
	seed_bytes(s, "snmp", requests, sizeof(requests));
}

int
main(int argc, char **argv)
{
	static struct seeds s;

	if (argc != 2) {
		fputs("usage: seeds DIRECTORY\n", stderr);
		return 2;
	}
	s.directory = argv[1];
	seed_recording(&s, "ntpd-4.2.8p15-client");
	seed_recording(&s, "ntpd-4.2.8p15-server");
	seed_recording(&s, "ntpsec-1.2.2-client");
	seed_recording(&s, "ntpsec-1.2.2-server");
	seed_texts(&s);
	seed_binary(&s);
	seed_sets(&s);
	return 0;
}
